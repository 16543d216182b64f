"""What summaries have made aside: sums of large trees, files, pictures, many reminders at once.

Everything is looked up anew when it is made, for whoever asked and as they may see it then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import msgspec

from bot.access import Right
from bot.features.summaries import charts, missing, service
from bot.features.summaries.reports import Thing, UnitReport, find_report
from bot.features.summaries.service import SummaryTable
from bot.features.summaries.taps import ReportRef
from bot.features.summaries.words import files as file_words
from bot.features.summaries.words import files as words
from bot.features.summaries.words import missing as missing_words
from bot.features.summaries.words import pictures
from bot.features.summaries.words import totals as total_words
from bot.features.summaries.workbook import words as sheets
from bot.features.summaries.workbook.writing import make_csv, make_workbook
from bot.hands.asking import Asking
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import Reply
from bot.rules import Rules
from bot.services import nudging
from bot.services.nudging import Nudged
from bot.services.plan_targets import read_targets
from bot.words.letters import write_letter
from knowledge.model.periods import PeriodKind


class ReportErrand(msgspec.Struct, frozen=True):
    """What slow work is about: a report over a unit.

    `number` is the page of the units below; `message` the one that is changed when it is done, 0 where a new one is
    sent.
    """

    unit: int
    report: str
    number: int = 0
    message: int = 0

    @classmethod
    def of(cls, report: UnitReport, number: int = 0, message: int | None = None) -> ReportErrand:
        """Work about that report."""
        return cls(report.unit.id, str(report.asked.ref), number, message or 0)


Make = Callable[[UnitReport, int], Awaitable[Made]]


async def find_subject(
    asking: Asking, rules: Rules, errand: ReportErrand, *, right: Right = Right.SEE
) -> UnitReport | None:
    """The report that an errand is about; None where it is gone. Raises AccessDeniedError."""
    try:
        ref = ReportRef.parse(errand.report)
    except ValueError:
        return None
    return await find_report(asking, rules, errand.unit, ref, right=right)


def _maker(make: Make, thing: Thing) -> Maker[ReportErrand]:
    async def run(place: Workplace, errand: ReportErrand) -> Made:
        async with place.reading() as asking:
            report = await find_subject(asking, place.resource(Rules), errand)
            return await make(report, errand.number) if report is not None else Made([Reply(words.not_open())])

    return Maker(ReportErrand, run, failed=words.failed(thing))


# Sums ----------------------------------------------------------------------------------------------------------------


async def summary_reply(report: UnitReport, _page: int = 0, *, edits: int | None = None) -> Reply:
    """/tonghop of a unit, short."""
    return total_words.summary(await service.read_summary(report), edits=edits)


async def details_reply(report: UnitReport, _page: int = 0, *, edits: int | None = None) -> Reply:
    """The same at length."""
    return total_words.details(await service.read_summary(report), edits=edits)


async def units_reply(report: UnitReport, page: int, *, edits: int | None = None) -> Reply:
    """What has come in from the units right below, a page of them."""
    return total_words.units_below(await service.read_units(report, page=page), edits=edits)


SUMS: Final[dict[Thing, Callable[..., Awaitable[Reply]]]] = {
    Thing.SUMMARY: summary_reply,
    Thing.DETAILS: details_reply,
    Thing.UNITS: units_reply,
}
"""What is said of sums, by what was asked for: of a report, a page, and the message that is changed by it."""


def _make_sums(thing: Thing) -> Make:
    async def make(report: UnitReport, page: int) -> Made:
        return Made([await SUMS[thing](report, page)])

    return make


# Files and pictures --------------------------------------------------------------------------------------------------


def workbook_file(report: UnitReport, table: SummaryTable) -> Reply:
    """The official summary as an Excel workbook; takes a while."""
    content = make_workbook(sheets.table_book(table, today=report.today, zone=report.asking.zone))
    return file_words.workbook(table, content)


async def _make_workbook(report: UnitReport, _number: int) -> Made:
    table = await service.read_table(report)
    return Made(lambda: [workbook_file(report, table)], partial(service.note_export, report=report))


async def _make_printed(report: UnitReport, _number: int) -> Made:
    found = await service.read_printed(report)
    letter = file_words.letter(found, report.asking.now.astimezone(report.asking.zone))
    return Made(
        lambda: [file_words.printed_sum(found, write_letter(letter))], partial(service.note_export, report=report)
    )


async def _make_csv(report: UnitReport, _number: int) -> Made:
    table = await service.read_table(report)

    def make() -> Sequence[Reply]:
        content = make_csv(sheets.table_book(table, today=report.today, zone=report.asking.zone))
        return [file_words.csv_table(table.unit, table.asked, content)]

    return Made(make, partial(service.note_export, report=report))


async def _make_year(report: UnitReport, _number: int) -> Made:
    series = await service.read_series(report)

    def make() -> Sequence[Reply]:
        content = make_workbook(sheets.year_book(series, today=report.today))
        return [file_words.year_workbook(series.unit, series.asked, content)]

    return Made(make, partial(service.note_export, report=report))


async def _make_charts(report: UnitReport, _number: int) -> Made:
    drawings = await _list_drawings(report)
    if not drawings:
        return Made([file_words.nothing_to_draw()])
    return Made(lambda: [file_words.picture(report.unit, report.asked, draw()) for draw in drawings])


async def _list_drawings(report: UnitReport) -> list[Callable[[], bytes]]:
    found: list[Callable[[], bytes]] = []
    rows = report.asked.form.movement
    if report.asked.form.period is PeriodKind.MONTH and rows is not None:
        series = await service.read_series(report)
        if series.has_any:
            targets = await read_targets(report.figures)
            if targets is not None and targets.level is not None:
                way = pictures.progress_picture(series, targets.level)
                found.append(partial(charts.draw_progress, way))
            movement = pictures.movement_picture(series, rows, await service.read_level(report))
            found.append(partial(charts.draw_movement, movement))
    draw = await find_completeness_drawing(report)
    return [*found, draw] if draw is not None else found


async def find_completeness_drawing(report: UnitReport) -> Callable[[], bytes] | None:
    """What draws how complete each unit right below is; None where none lie below."""
    children, count = await service.read_children(report, most=charts.MOST_BARS)
    if not children:
        return None
    received = await service.read_completeness(report)
    picture = pictures.completeness_picture(report.unit, report.asked.period, received, children, all_children=count)
    return partial(charts.draw_completeness, picture)


# Reminding many ------------------------------------------------------------------------------------------------------


async def _nudge(place: Workplace, errand: ReportErrand) -> Made:
    """Remind many, some in each transaction, so that nobody else waits for long."""
    looked_at = 0
    told: Nudged | None = None
    while True:
        async with place.writing() as asking:
            acting = await asking.as_actor()
            report = await find_subject(acting, place.resource(Rules), errand, right=Right.SUPERVISE)
            if report is None:
                return Made([Reply(words.not_open())])
            found = await missing.nudge_missing(report, skip=looked_at)
        if found is None:
            break
        some, count = found
        looked_at += count
        told = some if told is None else missing.add_nudged(told, some)
        if count < nudging.NUDGED_AT_ONCE:
            break
    if not errand.message:
        return Made([missing_words.nudged(told, report.asked)])
    async with place.reading() as asking:
        listed = await find_subject(asking, place.resource(Rules), errand)
        if listed is None:
            return Made([Reply(words.not_open())])
        shown = await missing.read_missing(listed, page=errand.number)
        return Made([missing_words.missing(shown, zone=asking.zone, edits=errand.message, told=told)])


MAKERS: Final[dict[str, Maker[ReportErrand]]] = {
    **{thing: _maker(_make_sums(thing), thing) for thing in SUMS},
    Thing.WORKBOOK: _maker(_make_workbook, Thing.WORKBOOK),
    Thing.CSV: _maker(_make_csv, Thing.CSV),
    Thing.YEAR: _maker(_make_year, Thing.YEAR),
    Thing.PRINTED: _maker(_make_printed, Thing.PRINTED),
    Thing.CHARTS: _maker(_make_charts, Thing.CHARTS),
    Thing.NUDGE: Maker(ReportErrand, _nudge, failed=words.failed(Thing.NUDGE)),
}
