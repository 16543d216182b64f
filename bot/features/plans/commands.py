"""The plans that are known: /kehoach and its buttons."""

from __future__ import annotations

from bot.features.plans import managing, news, receiving, review_words, reviews, service, taps, words
from bot.features.plans.service import KnownPlan
from bot.hands.feature import Command, Feature, Meant
from bot.hands.registry import Registry
from bot.hands.taps import On, or_gone
from bot.road.turn import Surroundings, Turn
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words

MOST_FILES = 3


def _manages(turn: Turn) -> bool:
    """Whether the plans are shown with what ADMIN_IDS do with them: to them, where nobody else reads it."""
    return turn.is_private and turn.person is not None and turn.person.is_admin


async def on_plans(turn: Turn) -> None:
    """The list."""
    await _show_list(turn, 0)


async def on_page(turn: Turn, tap: taps.ListPlans) -> None:
    await _show_list(turn, tap.page)


async def _show_list(turn: Turn, page: int) -> None:
    known = await service.list_known(turn.db, turn.resource(Adviser).plans, for_admin=_manages(turn))
    listed = words.plan_list(service.make_page(known, page), edits=turn.tapped)
    files = await reviews.list_open(turn.db) if _manages(turn) else []
    turn.say(turn.addressed(review_words.with_files(listed, files)))


async def _find(turn: Turn, named: str) -> KnownPlan:
    answered = turn.resource(Adviser).plans
    return or_gone(await service.find(turn.db, answered, named, for_admin=_manages(turn)))


async def on_plan(turn: Turn, tap: taps.ShowPlan) -> None:
    known = await _find(turn, tap.plan)
    if _manages(turn):
        await managing.show(turn, known)
    else:
        turn.say(words.plan(known, has_file=await service.find_original(turn.db, known.plan.id) is not None))


async def on_file(turn: Turn, tap: taps.FetchPlan) -> None:
    plan = (await _find(turn, tap.plan)).plan
    turn.say(words.original(plan, await service.find_original(turn.db, plan.id)))


async def answer_words(turn: Turn, text: str) -> None:
    """The list; where files of plans are asked for by name, these; what became of plans is a question on them."""
    adviser = turn.resource(Adviser)
    question = adviser.resolve(adviser.understanding.read(text), None)
    asks = load_words().asks_for_file(text)
    if question.asks("standing") and not asks:
        await turn.resource(Registry).get_meant(Meaning.PLAN_QUESTION).act(turn, text)
        return
    named = [adviser.plans[plan] for plan in question.plans] if asks else []
    if not named:
        await on_plans(turn)
    for plan in named[:MOST_FILES]:
        turn.say(turn.addressed(words.original(plan, await service.find_original(turn.db, plan.id))))


def join(around: Surroundings) -> None:
    """Tell of what comes into force, and fetch the files of plans."""
    news.join(around)
    receiving.join(around)


FEATURE = Feature(
    "plans",
    commands=(Command("kehoach", on_plans, in_groups=True, place=30),),
    taps=(
        On(taps.ListPlans, on_page),
        On(taps.ShowPlan, on_plan),
        On(taps.FetchPlan, on_file),
        *managing.TAPS,
        *receiving.TAPS,
    ),
    dialogs=(managing.UNITS_DIALOG, *receiving.DIALOGS),
    errands=receiving.MAKERS,
    join=join,
    meanings={Meaning.PLANS: Meant(answer_words, in_groups=True, aside=True, shows=True, for_guests=True)},
)
