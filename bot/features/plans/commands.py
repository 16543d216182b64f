"""The plans that are known: /kehoach and its buttons."""

from __future__ import annotations

from bot.features.plans import words
from bot.features.plans.taps import FetchPlan, ShowPlan
from bot.hands.feature import Command, Feature, Meant
from bot.hands.taps import On, or_gone
from bot.road.turn import Turn
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.plans import find_original

MOST_FILES = 3


async def on_plans(turn: Turn) -> None:
    """The list."""
    turn.say(turn.addressed(words.plan_list(list(turn.resource(Adviser).plans.values()))))


async def on_plan(turn: Turn, tap: ShowPlan) -> None:
    plan = or_gone(turn.resource(Adviser).plans.get(tap.plan))
    turn.say(words.plan(plan, has_file=find_original(plan.id) is not None))


async def on_file(turn: Turn, tap: FetchPlan) -> None:
    plan = or_gone(turn.resource(Adviser).plans.get(tap.plan))
    turn.say(words.original(plan, find_original(plan.id)))


async def answer_words(turn: Turn, text: str) -> None:
    """The list; where files of plans are asked for by name, these."""
    adviser = turn.resource(Adviser)
    asks = load_words().asks_for_file(text)
    named = [adviser.plans[plan] for plan in adviser.understanding.read(text).plans] if asks else []
    if not named:
        await on_plans(turn)
    for plan in named[:MOST_FILES]:
        turn.say(turn.addressed(words.original(plan, find_original(plan.id))))


FEATURE = Feature(
    "plans",
    commands=(Command("kehoach", on_plans, in_groups=True, place=30),),
    taps=(On(ShowPlan, on_plan), On(FetchPlan, on_file)),
    meanings={Meaning.PLANS: Meant(answer_words, in_groups=True, shows=True, for_guests=True)},
)
