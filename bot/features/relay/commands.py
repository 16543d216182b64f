"""**Hỏi cấp trên**: a question that the plans do not answer goes up to a supervisor, and the reply comes back.

The reply is a person's word to a person: it is passed on and kept nowhere, so it can never become an answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot import access
from bot.access import Asker, Right
from bot.features.people.commands import get_asker
from bot.features.relay import forgetting
from bot.features.relay import words as views
from bot.hands.feature import Dialog, Feature, RawTap
from bot.road.reply import Button
from bot.road.turn import Turn
from bot.words import commands as command_views
from bot.words.commands import Content
from storage import audit, conversations, dialogs, people, relays, units
from storage.relays import Relay, RelayState
from storage.units import Unit

DIALOG_NAME: Final = "relay"
A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 20
LONGEST: Final = 1500


async def offer(turn: Turn, text: str) -> tuple[tuple[Button, ...], ...]:
    """The button under a question that nothing answers; none for whoever has nobody above."""
    if turn.person is None or not turn.is_private or not text.strip():
        return ()
    asker = await get_asker(turn)
    if not asker.held:
        return ()
    payload = {"relay": text.strip()[:LONGEST]}
    token = await conversations.keep_button(turn.db, payload, turn.now, person_id=turn.person.telegram_id)
    return views.ask_button(token)


async def on_tap(turn: Turn, rest: str) -> None:
    """**Hỏi cấp trên** or **Trả lời**."""
    action, _, what = rest.partition(":")
    if turn.person is None or not turn.is_private:
        turn.answer_tap(command_views.button_gone(), alert=True)
    elif action == "a":
        await _ask(turn, what)
    elif action == "r" and what.isascii() and what.isdecimal() and len(what) < 19:
        await _begin_answer(turn, int(what))
    else:
        turn.answer_tap(command_views.button_gone(), alert=True)


async def _ask(turn: Turn, token: str) -> None:
    asker = await get_asker(turn)
    kept = await conversations.find_button(turn.db, token, person_id=asker.telegram_id)
    question = str(kept.get("relay", "")) if kept else ""
    if not question:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    if not asker.held or asker.id is None:
        turn.answer_tap(views.no_unit(), alert=True)
        return
    if await relays.count_since(turn.db, asker.id, turn.now - A_DAY) >= MOST_A_DAY:
        turn.answer_tap(views.too_many(), alert=True)
        return
    unit = asker.held[0].unit
    chats = await _above(turn, asker, unit)
    if not chats:
        turn.answer_tap(views.nobody_above(), alert=True)
        return
    assert turn.chat_id is not None
    relay, is_new = await relays.add(
        turn.db, asked_by=asker.id, chat_id=turn.chat_id, unit_id=unit.id, question=question, now=turn.now
    )
    if not is_new:
        turn.answer_tap(views.asked_already(), alert=True)
        return
    for chat in chats:
        turn.say_to(chat, views.to_supervisor(asker.name, unit.name, question, relay.id))
    turn.say(views.asked(len(chats)))
    await audit.note(turn.db, "relay.asked", turn.now, by=asker.id, unit_id=unit.id, subject=f"relay:{relay.id}")


async def _above(turn: Turn, asker: Asker, unit: Unit) -> list[int]:
    """The chats of the nearest supervisors above the asker; of the admins by the settings where there are none."""
    place: Unit | None = unit
    while place is not None:
        found = await people.list_supervisors(turn.db, place.id)
        joined = [each.telegram_id for each in found if each.telegram_id is not None and each.id != asker.id]
        if joined:
            return joined
        place = await units.find_unit_by_id(turn.db, place.parent_id) if place.parent_id is not None else None
    return sorted(turn.settings.admin_ids - {asker.telegram_id})


async def _may_answer(turn: Turn, asker: Asker, relay: Relay) -> Unit | None:
    """The asker's unit, for whoever supervises it; nobody answers their own question."""
    unit = await units.find_unit_by_id(turn.db, relay.unit_id)
    allowed = unit is not None and asker.may(Right.SUPERVISE, unit) and asker.id != relay.asked_by
    return unit if allowed else None


async def _begin_answer(turn: Turn, relay_id: int) -> None:
    asker = await get_asker(turn)
    relay = await relays.find(turn.db, relay_id)
    if relay is None or await _may_answer(turn, asker, relay) is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    if relay.state is RelayState.ANSWERED:
        turn.answer_tap(views.answered_already(), alert=True)
        return
    assert turn.chat_id is not None
    await dialogs.open_dialog(turn.db, turn.chat_id, DIALOG_NAME, {"relay": relay.id}, turn.now)
    turn.say(views.write_answer(await _name(turn, relay.asked_by), relay.question))


async def _name(turn: Turn, person_id: int) -> str:
    found = await people.find_person(turn.db, person_id)
    return found.name if found is not None else ""


async def hear(turn: Turn) -> bool:
    """Take the next message as the answer, where one is being written."""
    message = turn.message
    if message is None or turn.chat_id is None or turn.person is None:
        return False
    dialog = await dialogs.find_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    if dialog is None:
        return False
    if not message.text:
        turn.say(views.only_words(Content.VOICE if message.voice or message.audio else None))
        return True
    asker = await get_asker(turn)
    relay = await relays.find(turn.db, int(dialog.state.get("relay", 0)))
    await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    unit = await _may_answer(turn, asker, relay) if relay is not None else None
    if relay is None or unit is None:
        return False
    by = await access.get_acting_id(turn.db, asker, turn.now)
    if not await relays.answer(turn.db, relay.id, by=by, now=turn.now):
        turn.say(views.late_answer())
        return True
    place = next((held.unit.name for held in asker.held if unit.lies_in(held.unit)), views.admin_name())
    turn.say_to(relay.chat_id, views.answer_of(asker.name, place, relay.question, message.text.strip()))
    turn.say(views.delivered(await _name(turn, relay.asked_by)))
    await audit.note(turn.db, "relay.answered", turn.now, by=by, unit_id=unit.id, subject=f"relay:{relay.id}")
    return True


async def leave(turn: Turn) -> bool:
    """/huy: answer nothing for now."""
    if turn.chat_id is None or not await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME):
        return False
    turn.say(views.left())
    return True


async def _nothing(_turn: Turn) -> None:
    """Every message is the answer, so nothing comes between."""


FEATURE = Feature(
    "relay",
    taps=(RawTap("up", on_tap),),
    dialogs=(Dialog(hear=hear, leave=leave, resume=_nothing, feature=DIALOG_NAME),),
    forget=(forgetting.forget,),
    below_silence=offer,
    join=forgetting.join,
)
