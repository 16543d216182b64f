"""Showing a report: what commands, buttons and questions in words have in common."""

from __future__ import annotations

from typing import Final

from bot.features.summaries import missing, service
from bot.features.summaries.errands import ReportErrand, summary_reply
from bot.features.summaries.reports import Thing, UnitReport
from bot.features.summaries.words import aside as words
from bot.features.summaries.words import missing as missing_words
from bot.hands import errands
from bot.road.turn import Turn

_CHAT_ACTIONS: Final = {
    Thing.CHARTS: "upload_photo",
    Thing.WORKBOOK: "upload_document",
    Thing.CSV: "upload_document",
    Thing.YEAR: "upload_document",
}


async def show_summary(turn: Turn, report: UnitReport, *, page: int = 0) -> None:
    """The totals, at once or, of a large tree, when they are summed up."""
    if await service.is_large(report):
        await make_aside(turn, report, Thing.SUMMARY, page)
    else:
        turn.say(await summary_reply(report, page=page, edits=turn.tapped))


async def show_missing(turn: Turn, report: UnitReport, *, page: int = 0) -> None:
    """Who is missing; another page of them changes the message."""
    found = await missing.read_missing(report, page=page)
    turn.say(missing_words.missing(found, zone=report.asking.zone, edits=turn.tapped if page > 0 else None))


async def make_aside(turn: Turn, report: UnitReport, thing: Thing, number: int = 0) -> None:
    """Have something made of a report and say so; `number` is a page of the summary or the year of a target."""
    await errands.ask(turn, report.asking, thing, ReportErrand.of(report, number))
    if turn.incoming.callback_query is not None:
        turn.answer_tap(words.working_toast(thing))
    else:
        turn.say(words.working(thing))
    turn.call_later("sendChatAction", chat_id=turn.chat_id, action=_CHAT_ACTIONS.get(thing, "typing"))
