"""What is worked out aside: progress of large trees, and pictures; looked up anew, as the asker may see it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import msgspec

from bot.access import Right
from bot.features.targets import following, following_words, words
from bot.features.targets.charts import MOST_BARS, SharePicture, draw_shares
from bot.features.targets.following import UnitsOfGoal
from bot.hands.asking import Asking
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import Reply
from bot.rules import Rules
from bot.services.plan_targets import FiguresOf, find_month, list_target_years, read_targets
from bot.words.dates import day
from bot.words.targets import targets_text
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.periods import Period
from knowledge.model.shares import Goal
from knowledge.progress import Standing
from knowledge.share_progress import ShareProgress
from knowledge.share_question import ShareQuestion, read_share_question
from storage.units import Unit

KIND: Final = "progress"
OWN: Final = "shares"
UNITS: Final = "share-units"
UNIT: Final = "share-unit"
PICTURE: Final = "share-picture"


class ProgressErrand(msgspec.Struct, frozen=True):
    """Whose progress is worked out: up to the month `month` ("": the latest), by the targets of `year` (0: any).

    `said` is what was asked.
    """

    unit: int
    month: str = ""
    year: int = 0
    said: str = ""


class SharesErrand(msgspec.Struct, frozen=True):
    """What a unit is to reach in a year."""

    unit: int
    year: int


class GoalErrand(msgspec.Struct, frozen=True):
    """A unit in a goal: itself, a page of the units below it, or a picture of them."""

    goal: int
    unit: int
    page: int = 0


async def progress_reply(asking: Asking, about: FiguresOf, year: int | None, question: ShareQuestion) -> Reply | None:
    """How far a unit is: in its own shares first, then in what its plan sets; None where there is neither.

    Where the units below are asked for one by one, they are listed for the goal that is meant.
    """
    found = await following.read_shares(asking, about.rules, about.unit, year, question)
    if found.shares and question.ranks and found.children:
        goal = found.shares[0].held.goal
        return following_words.units_of_goal(await following.read_units(asking, about.rules, goal, about.unit))
    targets = await read_targets(about, year)
    if found.shares:
        more = targets_text(replace(targets, beyond=()), about.unit) if targets is not None and targets.progress else ""
        return following_words.shares_answer(found, asking.zone, more=more)
    if targets is not None:
        return words.progress_answer(targets, about.unit)
    years = await list_target_years(about)
    return words.no_target(about.unit, year, years) if years is not None else None


async def _make(place: Workplace, errand: ProgressErrand) -> Made:
    rules = place.resource(Rules)
    async with place.reading() as asking:
        unit = await asking.get_unit(Right.SEE, errand.unit)
        month = find_month(Period.parse(errand.month) if errand.month else None, asking.today)
        if month is None:
            return Made([words.failed()])
        about = FiguresOf(asking.db, rules, unit, get_form(MONTHLY_FORM), month, asking.today)
        found = await progress_reply(asking, about, errand.year or None, read_share_question(errand.said))
        return Made([found if found is not None else words.no_plan(unit)])


# One unit, and the units below ---------------------------------------------------------------------------------------


async def shares_reply(
    asking: Asking, rules: Rules, unit: Unit, year: int, *, edits: int | None = None
) -> Reply | None:
    """What a unit is to reach in a year; None where nothing of it stands any more."""
    found = await following.read_shares(asking, rules, unit, year)
    return following_words.shares_answer(found, asking.zone, edits=edits) if found.shares else None


async def unit_reply(
    asking: Asking, rules: Rules, goal: Goal, unit: Unit, page: int, *, edits: int | None = None
) -> Reply:
    """How far one unit is in a goal, to be reminded by whoever supervises the unit above it."""
    found = await following.read_one(asking, rules, goal, unit)
    above = await following.find_parent(asking, unit)
    may_nudge = above is not None and asking.asker.may(Right.SUPERVISE, above)
    return following_words.unit_of_goal(
        found, goal, asking.zone, above=above, may_nudge=may_nudge, page=page, edits=edits
    )


async def _make_own(place: Workplace, errand: SharesErrand) -> Made:
    async with place.reading() as asking:
        unit = await asking.get_unit(Right.SEE, errand.unit)
        reply = await shares_reply(asking, place.resource(Rules), unit, errand.year)
    return Made([reply if reply is not None else words.no_share()])


async def _make_unit(place: Workplace, errand: GoalErrand) -> Made:
    async with place.reading() as asking:
        unit = await asking.get_unit(Right.SEE, errand.unit)
        goal = await following.find_goal(asking, errand.goal, unit)
        if goal is None:
            return Made([words.no_share()])
        return Made([await unit_reply(asking, place.resource(Rules), goal, unit, errand.page)])


async def _find(place: Workplace, asking: Asking, errand: GoalErrand) -> UnitsOfGoal | None:
    unit = await asking.get_unit(Right.SEE, errand.unit)
    goal = await following.find_goal(asking, errand.goal, unit)
    if goal is None:
        return None
    return await following.read_units(asking, place.resource(Rules), goal, unit, errand.page)


async def _make_units(place: Workplace, errand: GoalErrand) -> Made:
    async with place.reading() as asking:
        found = await _find(place, asking, errand)
    return Made([following_words.units_of_goal(found) if found is not None else words.failed()])


async def _make_picture(place: Workplace, errand: GoalErrand) -> Made:
    async with place.reading() as asking:
        found = await _find(place, asking, errand)
        today = asking.today
    if found is None:
        return Made([following_words.not_drawn()])
    bars = [(each.unit.name, each.progress) for each in found.below if each.progress is not None][:MOST_BARS]
    if not bars:
        return Made([following_words.nothing_to_draw()])
    picture = SharePicture(
        following_words.picture_title(found),
        following_words.picture_subtitle(found, day(today), len(bars)),
        tuple(name for name, _ in bars),
        tuple(float(each.part) for _, each in bars),
        tuple(following_words.bar_label(each) for _, each in bars),
        tuple(_state(each) for _, each in bars),
        following_words.PICTURE_NAMES,
    )
    return Made(partial(_draw, found, picture))


def _draw(found: UnitsOfGoal, picture: SharePicture) -> list[Reply]:
    return [following_words.picture(found, draw_shares(picture))]


def _state(each: ShareProgress) -> int:
    if each.standing is Standing.REACHED:
        return 0
    return 1 if each.behind <= 0 else 2


MAKERS: Final[Mapping[str, Maker[Any]]] = {
    KIND: Maker(ProgressErrand, _make, failed=words.failed()),
    OWN: Maker(SharesErrand, _make_own, failed=words.failed()),
    UNIT: Maker(GoalErrand, _make_unit, failed=words.failed()),
    UNITS: Maker(GoalErrand, _make_units, failed=words.failed()),
    PICTURE: Maker(GoalErrand, _make_picture, failed=following_words.not_drawn()),
}
