"""The signed paper of a report: a photo or file that comes with it, or is sent after it; and forwarded reports."""

from __future__ import annotations

from typing import Final

from telegram import Message

from bot.access import Right
from bot.features.submissions import dialogs, hearing, history, printing, receiving, sending, taps
from bot.features.submissions.dialogs import Choosing, Filling, Sent
from bot.features.submissions.whole import read_whole
from bot.features.submissions.words import papers as words
from bot.hands import meaning, reach
from bot.hands.asking import Asking, acting, open_acting
from bot.hands.carried import CarriedFile, find_carried, words_of
from bot.hands.taps import or_gone
from bot.road.turn import Surroundings, Turn
from bot.services import proofs
from bot.services.drafts import find_opened
from bot.services.proofs import Proof
from bot.services.reports import ReportAtUnit, find_report
from bot.words import reports as report_words
from knowledge.meanings import Meaning

MOST_OFFERED: Final = 5
MOST_UNITS: Final = 3


def join(around: Surroundings) -> None:
    """Let what belongs to no report be removed after a while."""
    around.hooks.stale.append(proofs.stale)


async def hear(turn: Turn) -> bool:
    """Take what is typed, forwarded, or written below a photo; a photo or file is kept as proof of its report.

    A table with figures is one report or several.
    """
    message = turn.message
    if message is None or not turn.is_private:
        return False
    if await receiving.hear(turn):
        return True
    if message.forward_origin is not None and words_of(message):
        return await _hear_forwarded(turn, message)
    if message.text is not None:
        return await printing.hear_key(turn) or await hearing.hear(turn)
    carried = find_carried(message)
    if carried is None or (turn.in_dialog is not None and turn.in_dialog.feature != dialogs.DIALOG_NAME):
        return False
    if message.caption:
        return await _hear_caption(turn, carried)
    return carried.is_paper and await _hear_paper(turn, carried)


async def _hear_forwarded(turn: Turn, message: Message) -> bool:
    """A report that was written elsewhere; nothing else that is forwarded answers what a report asks."""
    asking = await open_acting(turn)
    if not asking.asker.may_anywhere(Right.SUBMIT) or read_whole(asking, words_of(message)) is None:
        return False
    meant = await meaning.read(turn, words_of(message))
    if meant.means not in {Meaning.REPORT, Meaning.ANSWER} or meant.choices:
        return False
    turn.meant = meant
    carried = find_carried(message)
    if await (hearing.hear(turn) if carried is None else _hear_caption(turn, carried)):
        return True
    turn.meant = None
    return False


async def _hear_caption(turn: Turn, carried: CarriedFile) -> bool:
    """Words below a photo or file, taken as if they were typed; where they are, it is kept with the report."""
    asking = await open_acting(turn)
    if not asking.asker.may_anywhere(Right.SUBMIT):
        return await hearing.hear(turn)
    proof = await proofs.keep(asking, carried)
    if not await hearing.hear(turn):
        await proofs.drop(asking, proof)
        return False
    state = await dialogs.find(asking.db, asking.chat_id)
    about = await _find_open(asking, state)
    if about is not None:
        await proofs.place(asking, proof, *about)
    if about is not None or isinstance(state, Choosing):
        turn.say(words.kept(proof))
    else:
        await _offer(turn, asking, proof)
    return True


async def _hear_paper(turn: Turn, carried: CarriedFile) -> bool:
    """A photo or file without words: of the report that is open or was just sent, else the officer is asked."""
    state = dialogs.read(turn.in_dialog)
    asking = await open_acting(turn)
    if not asking.asker.may_anywhere(Right.SUBMIT):
        return False
    about = await _find_open(asking, state)
    if about is not None:
        proof = await proofs.keep(asking, carried)
        await proofs.place(asking, proof, *about)
        turn.say(words.kept(proof))
    elif isinstance(state, Choosing) and state.text:
        proof = await proofs.keep(asking, carried)
        waiting = Choosing(
            purpose=state.purpose, text=state.text, heard=dialogs.with_heard(state.heard, carried.message_id)
        )
        await dialogs.keep(asking, waiting)
        turn.say(words.kept(proof))
    else:
        return await _offer(turn, asking, await proofs.keep(asking, carried))
    return True


async def _find_open(asking: Asking, state: dialogs.Reporting | None) -> tuple[int, str] | None:
    """The unit and report that the chat is in the middle of, or has just sent."""
    if isinstance(state, Filling):
        opened = await find_opened(asking, state.draft_id)
        return (opened.unit.id, proofs.about_report(opened.form.id, opened.period)) if opened is not None else None
    if isinstance(state, Sent):
        found = await sending.find_delivered(asking, state.unit_id, state.form, state.period)
        if found is not None:
            return found.unit.id, proofs.about_report(found.form.id, found.submission.period)
    return None


async def _offer(turn: Turn, asking: Asking, proof: Proof) -> bool:
    """Ask of which report it is; False, and it is not kept, where none was sent."""
    offered: list[ReportAtUnit] = []
    for unit in reach.list_own(asking)[:MOST_UNITS]:
        offered += (await history.list_history(asking, unit, most=MOST_OFFERED)).sent
    offered.sort(key=lambda each: each.submission.sent_at, reverse=True)
    if not offered:
        await proofs.drop(asking, proof)
        return False
    turn.say(words.which_report(proof, offered[:MOST_OFFERED]))
    return True


@acting
async def on_attach(turn: Turn, asking: Asking, tap: taps.AttachPaper) -> None:
    """It is of that report."""
    proof = or_gone(await proofs.find_own(asking, tap.proof), words.gone())
    found = or_gone(await find_report(asking, Right.SUBMIT, tap.submission), report_words.button_over())
    about = proofs.about_report(found.form.id, found.period)
    await proofs.place(asking, proof, found.unit.id, about)
    turn.say(words.attached(proof, found, edits=turn.tapped))


@acting
async def on_drop(turn: Turn, asking: Asking, tap: taps.DropPaper) -> None:
    """It is not wanted; only whoever sent it may say so, while they serve the unit it is of."""
    await proofs.drop(asking, or_gone(await proofs.find_own(asking, tap.proof), words.gone()))
    turn.say(words.dropped(turn.tapped))


@acting
async def on_show(turn: Turn, asking: Asking, tap: taps.ShowPapers) -> None:
    """**Ảnh bản ký**, for everyone who may see the report."""
    found = or_gone(await find_report(asking, Right.SEE, tap.submission), report_words.button_over())
    kept = await proofs.list_about(asking, found.unit.id, proofs.about_report(found.form.id, found.period))
    for reply in words.papers(found, kept):
        turn.say(reply)
