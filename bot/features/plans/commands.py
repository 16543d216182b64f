"""The plans that are known: /kehoach and its buttons."""

from __future__ import annotations

from bot.features.plans import words as views
from bot.hands.feature import Command, Feature, Meant, RawTap
from bot.road.turn import Turn
from bot.words import commands as command_views
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.plans import find_original

MOST_FILES = 3


async def on_plans(turn: Turn) -> None:
    """The list."""
    turn.say(turn.addressed(views.plan_list(list(turn.resource(Adviser).plans.values()))))


async def on_plan(turn: Turn, rest: str) -> None:
    """One plan: who issued it, and what it sets."""
    plan = turn.resource(Adviser).plans.get(rest)
    if plan is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.say(views.plan(plan, has_file=find_original(plan.id) is not None))


async def on_file(turn: Turn, rest: str) -> None:
    """The text of one plan, as it was received."""
    plan = turn.resource(Adviser).plans.get(rest)
    if plan is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.say(views.original(plan, find_original(plan.id)))


async def answer_words(turn: Turn, text: str) -> None:
    """The list; where files of plans are asked for by name, these."""
    adviser = turn.resource(Adviser)
    asks = load_words().asks_for_file(text)
    named = [adviser.plans[plan] for plan in adviser.understanding.read(text).plans] if asks else []
    if not named:
        await on_plans(turn)
    for plan in named[:MOST_FILES]:
        turn.say(turn.addressed(views.original(plan, find_original(plan.id))))


FEATURE = Feature(
    "plans",
    commands=(Command("kehoach", on_plans, command_views.PLANS, in_groups=True, place=30),),
    taps=(RawTap("plan", on_plan), RawTap("planfile", on_file)),
    meanings={Meaning.PLANS: Meant(answer_words, in_groups=True, shows=True, for_guests=True)},
)
