"""Evidence in a chat: asked for after **Đã xong**, taken, and shown to whoever set the deadline."""

from __future__ import annotations

from bot.access import Right
from bot.features.reminders import evidence, taps, words
from bot.features.reminders import evidence_words as told
from bot.features.reminders.evidence import KEEPER, DoneWork
from bot.hands.asking import Asking, open_acting, privately
from bot.hands.carried import find_carried
from bot.hands.feature import Dialog
from bot.hands.taps import On, or_gone
from bot.road.turn import Turn
from bot.rules import Rules
from bot.services import proofs
from knowledge.meanings import Meaning
from knowledge.model.obligations import Obligation


async def offer(turn: Turn, asking: Asking, owed: Obligation) -> None:
    """Say that work is noted as done; the next photo or file shows it, unless the chat is busy with something else."""
    work = DoneWork(owed.unit_id, owed.group, words.title(owed))
    waits = await evidence.wait_for(asking, work, asked=False)
    turn.say(words.marked_done(owed, waits=waits))


@privately
async def on_add(turn: Turn, asking: Asking, tap: taps.AddEvidence) -> None:
    """**Gửi ảnh minh chứng**."""
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    await evidence.wait_for(asking, DoneWork(unit.id, tap.group, ""), asked=True)
    turn.say(told.ask())


@privately
async def on_show(turn: Turn, asking: Asking, tap: taps.ShowEvidence) -> None:
    """**Xem minh chứng**: what the units below sent."""
    found = or_gone(await evidence.list_shown(asking, turn.resource(Rules), tap.step), words.button_gone())
    for reply in told.evidence(found, asking.zone):
        turn.say(reply)


async def hear(turn: Turn) -> bool:
    """A photo or file is the evidence; words are something else, and the chat goes on waiting."""
    work, message = KEEPER.read(turn.in_dialog), turn.message
    carried = find_carried(message) if message is not None else None
    if work is None or carried is None or not turn.is_private:
        return False
    asking = await open_acting(turn)
    if turn.meant is not None and turn.meant.means is Meaning.REPORT:
        # A report below a photo: it goes the way of reports, and the photo is kept for it.
        await KEEPER.close(asking.db, asking.chat_id)
        await proofs.keep(asking, carried)
        turn.in_dialog = None
        return False
    taken = await evidence.take(asking, work, carried, turn.settings.admin_ids)
    turn.say(told.kept(taken))
    if taken.shown_to is not None:
        turn.say_to(taken.shown_to, told.shown(taken, by=asking.asker.name))
    return True


DIALOG = Dialog(hear, KEEPER.leaving(told.left), feature=KEEPER.feature, takes_forwarded=True)
TAPS = (On(taps.AddEvidence, on_add), On(taps.ShowEvidence, on_show))
