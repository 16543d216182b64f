"""/tonghop, /chuanop and the buttons under them: totals, the missing, reminding, files, pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.access import Right
from bot.features.summaries import (
    digests,
    errands,
    missing,
    places,
    receiving,
    reports,
    service,
    showing,
    taps,
    templates,
    year_end,
)
from bot.features.summaries.reports import Thing, UnitReport, find_report, list_asked
from bot.features.summaries.showing import make_aside, show_missing, show_summary, show_sums
from bot.features.summaries.words import files as aside_words
from bot.features.summaries.words import missing as missing_words
from bot.features.summaries.words import totals as words
from bot.hands.asking import Asking, acting, privately
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.turn import Surroundings, Turn
from bot.rules import Rules
from bot.services import nudging
from bot.taps import FetchEarlier, FillWorkbook, NudgeBelow, OpenMissing, OpenTotals
from bot.words import figures as figure_words
from bot.words.nudging import nudged, nudged_counts
from knowledge.figures_question import Wanted, plain_words
from knowledge.forms import MONTHLY_FORM, find_called
from knowledge.meanings import Meaning

Show = Callable[[Turn, UnitReport], Awaitable[None]]
TapHandler = Callable[[Turn, taps.ReportTap], Awaitable[None]]


def join(around: Surroundings) -> None:
    """Let files be read before their turn, digests be made in the morning, and the year told in January."""
    receiving.join(around)
    digests.join(around)
    year_end.join(around)


# Commands ------------------------------------------------------------------------------------------------------------


@privately
async def on_summary(turn: Turn, asking: Asking) -> None:
    """/tonghop, perhaps with a period and the name of a unit."""
    await _begin(turn, asking, taps.ShowSummary, show_summary)


@privately
async def on_missing(turn: Turn, asking: Asking) -> None:
    """/chuanop, perhaps with a period and the name of a unit."""
    await _begin(turn, asking, taps.ShowMissing, show_missing)


async def _begin(turn: Turn, asking: Asking, button: type[taps.ReportTap], show: Show) -> None:
    called = find_called(" ".join(turn.args or []), asking.forms.asked, asking.today)
    asked = reports.find_called(asking, called)
    if asked is None:
        turn.say(figure_words.period_not_open())
        return
    named = plain_words(called.rest)
    found = await places.list_meant(asking, named)
    match found.meant:
        case ():
            knows = named and asking.asker.may_anywhere(Right.SEE)
            turn.say(figure_words.no_unit(named) if knows else figure_words.not_a_member())
        case (unit,):
            await show(turn, UnitReport(asking, turn.resource(Rules), unit, asked))
        case _:
            turn.say(words.choose_unit(button, asked, found))


# Buttons -------------------------------------------------------------------------------------------------------------


async def _find(turn: Turn, asking: Asking, tap: taps.ReportTap, right: Right = Right.SEE) -> UnitReport:
    """The report of a button: what it carries is the sender's word. Raises TapRefusedError."""
    found = await find_report(asking, turn.resource(Rules), tap.unit, tap.report, right=right)
    return or_gone(found, aside_words.not_open())


def show_thing(thing: Thing) -> TapHandler:
    """What shows totals in the place of the message tapped."""

    @privately
    async def on_show(turn: Turn, asking: Asking, tap: taps.ReportTap) -> None:
        await show_sums(turn, await _find(turn, asking, tap), thing, tap.page)

    return on_show


async def _find_latest(turn: Turn, asking: Asking, tap: OpenTotals | OpenMissing) -> UnitReport:
    form_id = tap.form or MONTHLY_FORM
    period = or_gone(reports.find_latest(asking, form_id), aside_words.not_open())
    found = await find_report(asking, turn.resource(Rules), tap.unit, taps.ReportRef(form_id, period))
    return or_gone(found, aside_words.not_open())


@privately
async def on_open_totals(turn: Turn, asking: Asking, tap: OpenTotals) -> None:
    await show_summary(turn, await _find_latest(turn, asking, tap))


@privately
async def on_open_missing(turn: Turn, asking: Asking, tap: OpenMissing) -> None:
    await show_missing(turn, await _find_latest(turn, asking, tap))


@privately
async def on_show_missing(turn: Turn, asking: Asking, tap: taps.ShowMissing) -> None:
    await show_missing(turn, await _find(turn, asking, tap), page=tap.page)


@privately
async def on_show_explanations(turn: Turn, asking: Asking, tap: taps.ShowExplanations) -> None:
    report = await _find(turn, asking, tap)
    found = await service.read_explained(report, page=tap.page)
    turn.say(words.explanations(found, edits=turn.tapped if found.page > 0 else None))


@privately
async def on_choose_report(turn: Turn, asking: Asking, tap: taps.ChooseReport) -> None:
    report = await _find(turn, asking, tap)
    reports = await list_asked(asking, report.unit)
    turn.say(words.choose_form(report.unit, reports, edits=turn.tapped))


def make_thing(thing: Thing) -> TapHandler:
    """What makes a file or picture aside."""

    @privately
    async def on_make(turn: Turn, asking: Asking, tap: taps.ReportTap) -> None:
        await make_aside(turn, await _find(turn, asking, tap), thing)

    return on_make


@acting
async def on_nudge_unit(turn: Turn, asking: Asking, tap: taps.NudgeUnit) -> None:
    report = await _find(turn, asking, tap, Right.SUPERVISE)
    found = or_gone(await missing.nudge_one(report), missing_words.nothing_to_nudge())
    await missing.note_nudged(report)
    turn.answer_tap(nudged(found, report.unit.name), alert=True)
    if tap.top and turn.tapped is not None:
        listed = UnitReport(asking, report.rules, await asking.get_unit(Right.SUPERVISE, tap.top), report.asked)
        await show_missing(turn, listed, page=tap.page, anew=False)


@acting
async def on_nudge_missing(turn: Turn, asking: Asking, tap: taps.NudgeMissing) -> None:
    """**Nhắc tất cả**, under the list: it then shows what was done; aside where they are many."""
    report = await _find(turn, asking, tap, Right.SUPERVISE)
    count = await service.read_completeness(report)
    if count.missing > nudging.NUDGED_AT_ONCE:
        await missing.note_nudged(report)
        await make_aside(turn, report, Thing.NUDGE, tap.page, message=turn.tapped)
        return
    found = await missing.nudge_missing(report) if count.missing else None
    if found is None:
        turn.answer_tap(missing_words.nothing_to_nudge(), alert=True)
        await show_missing(turn, report, page=tap.page, anew=False)
        return
    told, _ = found
    if told.reminded:
        await missing.note_nudged(report)
    turn.answer_tap(nudged_counts(told), alert=not told.reminded)
    await show_missing(turn, report, page=tap.page, anew=False, told=told)


@acting
async def on_nudge_below(turn: Turn, asking: Asking, tap: NudgeBelow) -> None:
    """**Nhắc N đơn vị** on a card: the same, of the period it was shown for. The card tells what was done as soon as
    it is looked at; of many units it would grow too long, so a message tells it.
    """
    ref = taps.ReportRef(tap.form or MONTHLY_FORM, tap.period)
    found = await find_report(asking, turn.resource(Rules), tap.unit, ref, right=Right.SUPERVISE)
    report = or_gone(found)
    count = await service.read_completeness(report)
    if not count.missing:
        raise TapRefusedError(missing_words.nothing_to_nudge())
    await missing.note_nudged(report)
    if count.missing > nudging.NUDGED_AT_ONCE:
        await make_aside(turn, report, Thing.NUDGE)
        return
    told, _ = or_gone(await missing.nudge_missing(report), missing_words.nothing_to_nudge())
    turn.answer_tap(nudged_counts(told), alert=not told.reminded)


# The feature ---------------------------------------------------------------------------------------------------------


async def _never(_turn: Turn) -> bool:
    return False


async def _nothing(_turn: Turn) -> None:
    """A file is taken at once; there is nothing to go on with."""


_SUPERVISORS: Final = frozenset({Viewer.SUPERVISOR, Viewer.ADMIN})
_totals = showing.answer(Wanted.TOTALS, label=on_summary)
_missing = showing.answer(Wanted.MISSING, label=on_missing)

FEATURE = Feature(
    "summaries",
    join=join,
    commands=(
        Command("tonghop", on_summary, audience=_SUPERVISORS),
        Command("chuanop", on_missing, audience=_SUPERVISORS),
    ),
    taps=(
        On(OpenTotals, on_open_totals),
        On(OpenMissing, on_open_missing),
        On(NudgeBelow, on_nudge_below),
        On(taps.ShowSummary, show_thing(Thing.SUMMARY)),
        On(taps.ShowDetails, show_thing(Thing.DETAILS)),
        On(taps.ShowUnits, show_thing(Thing.UNITS)),
        On(taps.ShowMissing, on_show_missing),
        On(taps.ShowExplanations, on_show_explanations),
        On(taps.ChooseReport, on_choose_report),
        On(taps.MakeWorkbook, make_thing(Thing.WORKBOOK)),
        On(taps.MakeCsv, make_thing(Thing.CSV)),
        On(taps.MakePrinted, make_thing(Thing.PRINTED)),
        On(taps.MakeYear, make_thing(Thing.YEAR)),
        On(taps.DrawCharts, make_thing(Thing.CHARTS)),
        On(taps.NudgeUnit, on_nudge_unit),
        On(taps.NudgeMissing, on_nudge_missing),
        On(FillWorkbook, templates.on_fill_workbook),
        On(taps.OpenFilled, receiving.on_open_filled),
        On(FetchEarlier, receiving.on_fetch_earlier),
    ),
    dialogs=(Dialog(hear=receiving.hear, leave=_never, resume=_nothing, takes_forwarded=True),),
    meanings={
        Meaning.OWN_STATUS: Meant(showing.answer(Wanted.SUBMITTED), aside=True, shows=True),
        Meaning.OWN_FIGURES: Meant(_totals, aside=True, shows=True),
        Meaning.SUMMARY: Meant(_totals, aside=True, shows=True),
        Meaning.MISSING: Meant(_missing, aside=True, shows=True),
    },
    errands={
        **errands.MAKERS,
        Thing.TO_FILL: templates.TEMPLATE,
        Thing.DIGEST: digests.DIGEST,
        Thing.YEAR_END: year_end.YEAR_END,
    },
)
