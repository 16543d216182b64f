"""Showing a report: at commands and buttons, and at questions in words about figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.access import Right
from bot.features.summaries import missing, reports, service
from bot.features.summaries.errands import SUMS, ReportErrand
from bot.features.summaries.reports import AskedReport, Thing, UnitReport
from bot.features.summaries.words import files as file_words
from bot.features.summaries.words import missing as missing_words
from bot.hands import errands
from bot.hands.asking import Asking, open_asking
from bot.hands.feature import Act
from bot.hands.registry import Registry
from bot.labels import load_labels
from bot.road.turn import Turn
from bot.rules import Rules
from bot.services import places
from bot.services.nudging import Nudged
from bot.words import figures as figure_words
from knowledge.figures_question import FiguresQuestion, Wanted, read_figures
from knowledge.forms import CalledFor, find_called
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words

_CHAT_ACTIONS: Final = {
    Thing.CHARTS: "upload_photo",
    Thing.WORKBOOK: "upload_document",
    Thing.CSV: "upload_document",
    Thing.YEAR: "upload_document",
    Thing.PRINTED: "upload_document",
}


async def show_summary(turn: Turn, report: UnitReport) -> None:
    """The totals, short, in a new message."""
    await show_sums(turn, report, Thing.SUMMARY, anew=True)


async def show_sums(turn: Turn, report: UnitReport, thing: Thing, page: int = 0, *, anew: bool = False) -> None:
    """Totals at once or, of a large tree, when they are summed up; `anew` leaves the message tapped as it is."""
    if await places.is_large(report.db, report.unit):
        await make_aside(turn, report, thing, page)
    else:
        turn.say(await SUMS[thing](report, page, edits=None if anew else turn.tapped))


async def show_missing(
    turn: Turn, report: UnitReport, *, page: int = 0, anew: bool = True, told: Nudged | None = None
) -> None:
    """Who is missing; another page of them changes the message, as does the first where it is not `anew`.

    `told` is what came of reminding all of them a moment ago.
    """
    found = await missing.read_missing(report, page=page)
    edits = turn.tapped if page > 0 or not anew else None
    turn.say(missing_words.missing(found, zone=report.asking.zone, edits=edits, told=told))


async def make_aside(
    turn: Turn, report: UnitReport, thing: Thing, number: int = 0, *, message: int | None = None
) -> None:
    """Have something made of a report and say so; `number` is a page of the units below.

    `message` is the one that is changed when it is done, instead of sending a new one.
    """
    await errands.ask(turn, report.asking, thing, ReportErrand.of(report, number, message))
    say_working(turn, thing)
    turn.call_later("sendChatAction", chat_id=turn.chat_id, action=_CHAT_ACTIONS.get(thing, "typing"))


def say_working(turn: Turn, thing: Thing) -> None:
    """Say that something slow is being made: on the button that asked for it, or to the words that did."""
    if turn.incoming.callback_query is not None:
        turn.answer_tap(file_words.working_toast(thing))
    else:
        turn.say(file_words.working(thing))


def answer(wanted: Wanted, *, label: Callable[[Turn], Awaitable[None]] | None = None) -> Act:
    """What answers a question about figures, of the unit and period it names; `label` does it for a bare label."""

    async def run(turn: Turn, text: str) -> None:
        if label is not None and load_labels().find(text) is not None:
            turn.args = []
            await label(turn)
            return
        if wanted is Wanted.TOTALS and load_words().asks_progress(text):
            await turn.resource(Registry).get_meant(Meaning.SHARE).act(turn, text)
        else:
            await _answer_words(turn, await open_asking(turn), wanted, text)

    return run


async def _answer_words(turn: Turn, asking: Asking, wanted: Wanted, text: str) -> None:
    """Answer of the unit and period that the words name."""
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(figure_words.not_a_member())
        return
    asked, question = _read_question(asking, wanted, text)
    if asked is None:
        turn.say(figure_words.period_not_open())
        return
    rules = turn.resource(Rules)
    unit = await places.find_meant(asking, rules, question)
    if unit is None:
        turn.say(figure_words.no_unit(question.place))
        return
    await _answer(turn, UnitReport(asking, rules, unit, asked), question)


def _read_question(asking: Asking, wanted: Wanted, text: str) -> tuple[AskedReport | None, FiguresQuestion]:
    """The report that a question is about, and what else it names; a year names no report."""
    called = find_called(text, asking.forms.asked, asking.today)
    meant = called if called.form is not None else CalledFor(None, None, called.rest)
    question = read_figures(wanted, called.rest, asking.today, load_words().around)
    return reports.find_called(asking, meant), question


async def _answer(turn: Turn, report: UnitReport, question: FiguresQuestion) -> None:
    is_about_one = bool(question.place) and report.unit.kind.is_grassroots
    match question.wanted:
        case Wanted.TOTALS:
            await show_summary(turn, report)
        case Wanted.SUBMITTED if report.unit.kind.is_grassroots:
            turn.say(missing_words.submitted_answer(report, await service.find_own(report)))
        case Wanted.MISSING if is_about_one:
            turn.say(missing_words.submitted_answer(report, await service.find_own(report)))
        case Wanted.SUBMITTED | Wanted.MISSING:
            await show_missing(turn, report)
