"""A report that was sent, as a document to be printed, signed and stamped; made aside."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.access import Right
from bot.features.submissions import dialogs, history, sending, service, taps
from bot.features.submissions.dialogs import Sent
from bot.features.submissions.words import papers as words
from bot.hands import errands, reach
from bot.hands.asking import Asking, acting, open_acting
from bot.hands.errands import Made, Maker, Workplace
from bot.hands.registry import Registry
from bot.hands.taps import or_gone
from bot.road.turn import Turn
from bot.services.reports import ReportAtUnit, find_report
from bot.taps import AskReopening
from bot.words import printed
from bot.words import reports as report_words
from bot.words.letters import write_letter

PRINTING: Final = "reports.print"
"""An errand."""


class PrintErrand(msgspec.Struct, frozen=True):
    """A report to be printed: any version of it."""

    submission: int


@acting
async def on_print(turn: Turn, asking: Asking, tap: taps.PrintReport) -> None:
    """**Bản in để ký** below a report."""
    or_gone(await find_report(asking, Right.SEE, tap.submission), report_words.button_over())
    await errands.ask(turn, asking, PRINTING, PrintErrand(tap.submission))
    turn.answer_tap(printed.working())


async def hear_key(turn: Turn) -> bool:
    """What stands below a receipt, typed: the report that was just sent is printed, or is to be opened again."""
    text = turn.message.text if turn.message is not None else None
    said = (text or "").strip().casefold()
    if said not in {words.PRINT.casefold(), words.REOPEN.casefold()}:
        return False
    asking, state = await open_acting(turn), dialogs.read(turn.in_dialog)
    submission_id = await _find_meant(asking, state)
    if said == words.PRINT.casefold():
        await _print(turn, asking, submission_id)
        return True
    if not isinstance(state, Sent) or submission_id is None:
        return False
    await turn.resource(Registry).hand_over(turn, AskReopening(submission_id))
    return True


async def _print(turn: Turn, asking: Asking, submission_id: int | None) -> None:
    if submission_id is None:
        turn.say(words.nothing_to_print())
        return
    await errands.ask(turn, asking, PRINTING, PrintErrand(submission_id))
    turn.say(words.printing())
    turn.call_later("sendChatAction", chat_id=turn.chat_id, action="upload_document")


async def _find_meant(asking: Asking, state: dialogs.Reporting | None) -> int | None:
    """The report that was just sent, else the one of the asker's own units that was sent last."""
    if isinstance(state, Sent):
        delivered = await sending.find_delivered(asking, state.unit_id, state.form, state.period)
        if delivered is not None:
            return delivered.submission.id
    found: list[ReportAtUnit] = []
    for unit in reach.list_own(asking):
        found += (await history.list_history(asking, unit)).sent
    last = max((each.submission for each in found), key=lambda each: each.sent_at, default=None)
    return last.id if last is not None else None


async def _make(place: Workplace, errand: PrintErrand) -> Made:
    async with place.reading() as asking:
        found = await find_report(asking, Right.SEE, errand.submission)
        if found is None:
            return Made([words.nothing_to_print()])
        sent = await history.show(asking, found)
        issuer = printed.Issuer(sent.unit.name, sent.unit.kind, await service.find_above(asking, sent.unit))
        letter = printed.own_report(
            issuer,
            sent.form,
            sent.period,
            sent.submission.figures,
            reasons=sent.reasons,
            no_change=sent.submission.no_change,
            now=asking.now.astimezone(asking.zone),
        )
    return Made(lambda: [words.printed_report(sent, write_letter(letter))])


MAKERS: Final = {PRINTING: Maker(PrintErrand, _make, failed=words.not_printed())}
