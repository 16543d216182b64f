"""The workbook that a report is filled in by, asked for in words: of the one that is owed, else of one to be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.access import Right
from bot.features.submissions import service, taps
from bot.features.submissions.filling import present
from bot.features.submissions.opening import open_unit
from bot.features.submissions.service import Due, Unit
from bot.features.submissions.words import around as words
from bot.hands import reach
from bot.hands.asking import Asking, acting, open_acting
from bot.hands.registry import Registry
from bot.hands.taps import On, or_gone
from bot.road.turn import Turn
from bot.services.drafts import OpenDraft, open_draft
from bot.taps import FillWorkbook
from bot.words import reports as report_words
from knowledge.forms import MONTHLY_FORM, CalledFor, find_called
from knowledge.meanings import Meaning, Understood
from knowledge.meanings.wishes import read_workbook_wish
from knowledge.model.forms import Form
from knowledge.model.periods import Period

MOST_OFFERED: Final = 8
MOST_TOPS: Final = 3


async def act_first(turn: Turn, found: Understood, text: str) -> bool:
    """Take words that ask for a form to be filled in: "xin biểu mẫu excel"; False for whoever may report nothing."""
    wish = read_workbook_wish(text) if turn.is_private and found.means is Meaning.BEGIN_REPORT else None
    if wish is None:
        return False
    asking = await open_acting(turn)
    if not asking.asker.may_anywhere(Right.SUBMIT):
        return False
    called = find_called(text, asking.forms.asked, asking.today)
    if wish.month is not None and called.period is None:
        called = _of_month(asking, wish.month)
    own = reach.list_own(asking)
    offers = [(unit, due) for unit in own for due in _choose(await service.list_due(asking, unit), called)]
    tops = await reach.list_tops(asking, Right.SEE) if reach.reaches_below(asking) else []
    if len(offers) == 1 and not tops:
        unit, due = offers[0]
        await _fetch(turn, asking, unit, due.form, due.period)
    elif offers or tops:
        turn.say(words.choose_workbook(offers[:MOST_OFFERED], tops[:MOST_TOPS], more=len(offers) > MOST_OFFERED))
    elif own:
        await open_unit(turn, asking, own[0])
    else:
        return False
    return True


def _of_month(asking: Asking, month: int) -> CalledFor:
    """The monthly form of the latest month of that number that has begun."""
    year = asking.today.year - (month > asking.today.month)
    period = Period.month(year, month)
    return CalledFor(asking.forms.find(MONTHLY_FORM, period), period, "")


def _choose(dues: Sequence[Due], called: CalledFor) -> list[Due]:
    """What of a unit's reports is meant: what the words call for, else of what is missing the latest of each form."""
    if called.form is not None:
        dues = [due for due in dues if due.form.id == called.form.id]
        if called.period is not None:
            return [due for due in dues if due.period == called.period]
    latest: dict[tuple[str, int | None], Due] = {}
    for due in dues:
        if due.is_missing:
            latest[due.form.id, due.campaign_id] = due
    return list(latest.values())


async def _fetch(turn: Turn, asking: Asking, unit: Unit, form: Form, period: Period) -> None:
    opened = await open_draft(asking, unit, form, period)
    if isinstance(opened, OpenDraft):
        await turn.resource(Registry).hand_over(turn, FillWorkbook(opened.draft.id))
    else:
        await present(turn, asking, opened)


@acting
async def on_fetch(turn: Turn, asking: Asking, tap: taps.FetchWorkbook) -> None:
    form = or_gone(asking.forms.find(tap.form, tap.period), report_words.button_over())
    or_gone(form if tap.period.kind is form.period else None, report_words.button_over())
    await _fetch(turn, asking, await asking.get_unit(Right.SUBMIT, tap.unit), form, tap.period)


@acting
async def on_fetch_campaign(turn: Turn, asking: Asking, tap: taps.FetchCampaignWorkbook) -> None:
    found = or_gone(await service.find_campaign_report(asking, tap.campaign), report_words.button_over())
    await _fetch(turn, asking, await asking.get_unit(Right.SUBMIT, tap.unit), *found)


TAPS: Final = (On(taps.FetchWorkbook, on_fetch), On(taps.FetchCampaignWorkbook, on_fetch_campaign))
