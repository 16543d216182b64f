"""/thongbao: words, preview, confirmation; and the tick that carries broadcasts out and tells how far they are."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from telegram import Message

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.broadcasts import service
from bot.features.broadcasts import words as views
from bot.features.deadlines import words as deadline_views
from bot.features.reminders.service import Rules
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer
from bot.road.turn import Turn, post
from bot.words import commands as command_views
from knowledge.meanings import Meaning
from storage import audit, broadcasts, dialogs, messages, units
from storage.broadcasts import Readers
from storage.engine import Database
from storage.units import Unit

DIALOG_NAME = "broadcast"
GIVEN_UP_AFTER = timedelta(hours=12)
SHOWN_UNITS = 8


async def on_broadcast(turn: Turn) -> None:
    """Begin; words behind the command are taken at once."""
    message = turn.incoming.effective_message
    said = (message.text or "") if message is not None else ""
    await begin(
        turn, said.split(maxsplit=1)[1].strip() if said.startswith("/") and len(said.split(maxsplit=1)) > 1 else ""
    )


async def begin(turn: Turn, words: str) -> None:
    """Begin, with the words to be sent where they are known; nothing is sent before they are confirmed."""
    asker = await _supervisor(turn)
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE)
    if not tops:
        raise AccessDeniedError(Right.SUPERVISE)
    state = {"unit": tops[0].id, "to": Readers.OFFICERS.value, "words": "", "token": secrets.token_urlsafe(9)}
    await _keep(turn, state)
    if words:
        await _take_words(turn, asker, state, words)
    else:
        turn.say(views.ask_words())


async def hear(turn: Turn) -> bool:
    """The words of an open broadcast, or a unit's name while its scope is chosen."""
    state = await _find(turn)
    message = turn.message
    if state is None or message is None or not message.text:
        return False
    if state.get("choosing"):
        return await _take_unit_name(turn, state, message.text)
    if state["words"]:
        return False
    await _take_words(turn, await _supervisor(turn), state, message.text.strip())
    return True


async def leave(turn: Turn) -> bool:
    """Give an open broadcast up."""
    assert turn.chat_id is not None
    left = await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    if left:
        turn.say(views.left_dialog())
    return left


async def resume(turn: Turn) -> None:
    """Say that a broadcast still waits."""
    state = await _find(turn)
    if state is not None:
        turn.say(views.resume() if state["words"] else views.ask_words())


async def on_tap(turn: Turn, rest: str) -> None:
    """The buttons of the preview: audience, scope, send, change, leave."""
    state = await _find(turn)
    verb, _, more = rest.partition(":")
    token, _, value = more.partition(":")
    edits = turn.tapped
    if verb == "x":
        assert turn.chat_id is not None
        await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
        turn.say(views.left_dialog(edits))
        return
    if state is None or (verb in {"a", "u", "c", "ok"} and token != state["token"]):
        known = await broadcasts.find_by_token(turn.db, token) if verb == "ok" else None
        turn.answer_tap(views.already_confirmed() if known else views.nothing_pending(), alert=True)
        return
    asker = await _supervisor(turn)
    match verb:
        case "e":
            await _keep(turn, state | {"words": "", "choosing": False})
            turn.say(views.ask_words())
        case "a" if value in set(Readers):
            await _keep(turn, state | {"to": value})
            await _preview(turn, asker, state | {"to": value}, edits)
        case "u":
            await _keep(turn, state | {"choosing": True})
            await _offer_units(turn, asker, state, edits)
        case "c":
            await _choose_unit(turn, asker, state, value, edits)
        case "ok" if state["words"]:
            await _confirm(turn, asker, state)
        case _:
            turn.answer_tap(command_views.button_gone(), alert=True)


async def _supervisor(turn: Turn) -> Asker:
    if turn.person is None:
        raise AccessDeniedError(Right.SUPERVISE)
    asker = await access.find_asker(turn.db, turn.person)
    if not asker.may_anywhere(Right.SUPERVISE):
        raise AccessDeniedError(Right.SUPERVISE)
    return asker


async def _find(turn: Turn) -> dict[str, Any] | None:
    if turn.chat_id is None:
        return None
    found = await dialogs.find_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    if found is not None and turn.now - found.changed_at > GIVEN_UP_AFTER:
        await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
        return None
    return found.state if found else None


async def _keep(turn: Turn, state: dict[str, Any]) -> None:
    assert turn.chat_id is not None
    await dialogs.open_dialog(turn.db, turn.chat_id, DIALOG_NAME, state, turn.now)


def _message_id(turn: Turn) -> int | None:
    message = turn.incoming.effective_message
    return message.message_id if isinstance(message, Message) and turn.incoming.callback_query is not None else None


async def _take_words(turn: Turn, asker: Asker, state: dict[str, Any], words: str) -> None:
    if len(words) > views.LONGEST:
        turn.say(views.too_long(len(words)))
        return
    state = state | {"words": words}
    await _keep(turn, state)
    await _preview(turn, asker, state, None)


async def _preview(turn: Turn, asker: Asker, state: dict[str, Any], edits: int | None) -> None:
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
    turn.say(views.preview(await _draft(turn, asker, unit, state), edits))


async def _draft(turn: Turn, asker: Asker, unit: Unit, state: dict[str, Any]) -> views.Draft:
    return views.Draft(
        state["words"],
        unit.name,
        Readers(state["to"]),
        await service.count_all(turn.db, unit, without=asker.id or 0),
        state["token"],
        await may_narrow(turn, asker, unit),
        service.leaves_at(turn.resource(Rules), turn.now),
    )


async def may_narrow(turn: Turn, asker: Asker, unit: Unit) -> bool:
    """Whether there is another part of the tree to choose."""
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE)
    if len(tops) > 1 or all(unit.id != top.id for top in tops):
        return True
    return await units.count_children(turn.db, unit.id, active_on=turn.resource(Rules).today(turn.now)) > 0


async def offered_units(turn: Turn, asker: Asker, unit: Unit) -> tuple[list[tuple[int, str]], bool]:
    """The units right below, or the topmost ones; and whether one may go up from here."""
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE)
    today = turn.resource(Rules).today(turn.now)
    below = await units.list_children(turn.db, unit.id, active_on=today, most=SHOWN_UNITS)
    others = [top for top in tops if top.id != unit.id]
    is_top = all(unit.id != top.id for top in tops)
    shown = [*([] if is_top else others[:SHOWN_UNITS]), *below]
    return [(each.id, each.name) for each in shown[:SHOWN_UNITS]], is_top


async def _offer_units(turn: Turn, asker: Asker, state: dict[str, Any], edits: int | None) -> None:
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
    offered, up = await offered_units(turn, asker, unit)
    turn.say(deadline_views.choose_unit("m:bc:c", state["token"], offered, up=up, edits=edits))


async def _choose_unit(turn: Turn, asker: Asker, state: dict[str, Any], value: str, edits: int | None) -> None:
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
    if value == "up" and unit.parent_id is not None:
        unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, unit.parent_id)
    elif value not in {"up", "back"}:
        unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, value)
    state = state | {"unit": unit.id, "choosing": False}
    await _keep(turn, state)
    await _preview(turn, asker, state, edits)


async def _take_unit_name(turn: Turn, state: dict[str, Any], text: str) -> bool:
    asker = await _supervisor(turn)
    found = await find_units(turn, asker, text)
    if not found:
        return False
    turn.say(deadline_views.choose_unit("m:bc:c", state["token"], [(each.id, each.name) for each in found], up=False))
    return True


async def find_units(turn: Turn, asker: Asker, text: str) -> list[Unit]:
    """Units by a part of their name, among those the asker supervises."""
    today = turn.resource(Rules).today(turn.now)
    found: list[Unit] = []
    for top in await access.list_tops(turn.db, asker, Right.SUPERVISE):
        found += await units.search(turn.db, text, top, active_on=today, most=SHOWN_UNITS)
    return found[:SHOWN_UNITS]


async def _confirm(turn: Turn, asker: Asker, state: dict[str, Any]) -> None:
    assert turn.chat_id is not None
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
    made_by = await access.get_acting_id(turn.db, asker, turn.now)
    to = Readers(state["to"])
    expected = await broadcasts.count_readers(turn.db, unit.path, to, without=made_by)
    broadcast, is_new = await broadcasts.confirm(
        turn.db,
        unit_id=unit.id,
        to=to,
        words=state["words"],
        made_by=made_by,
        chat_id=turn.chat_id,
        token=state["token"],
        expected=expected,
        now=turn.now,
    )
    await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    if not is_new:
        turn.answer_tap(views.already_confirmed(), alert=True)
        return
    await audit.note(
        turn.db,
        "broadcast.confirmed",
        turn.now,
        by=made_by,
        unit_id=unit.id,
        subject=str(broadcast.id),
        details={"to": to.value, "expected": expected},
    )
    at = service.leaves_at(turn.resource(Rules), turn.now)
    turn.say(views.confirmed(expected, broadcast.progress_key, at))


def make_tick(rules: Rules) -> Callable[[Database, datetime], Awaitable[None]]:
    """Carries out what was confirmed, and tells how far it has come."""

    async def tick(database: Database, now: datetime) -> None:
        async with database.read() as db:
            if not await broadcasts.has_open(db):
                return
        going = True
        while going:
            going = False
            async with database.write() as db:
                for broadcast in await broadcasts.list_open(db):
                    if broadcast.stage is broadcasts.Stage.CONFIRMED:
                        said = views.message(broadcast.words, broadcast.unit_name)
                        going = await service.spread(db, rules, broadcast, said, now) or going
        async with database.write() as db:
            for broadcast in await broadcasts.list_open(db):
                news = await service.find_news(db, broadcast, now)
                if news is None:
                    continue
                if not news.is_done or await messages.find_message_id(db, broadcast.progress_key) is not None:
                    counted = views.progress(news.counts, broadcast.expected, broadcast.progress_key)
                    await post(db, broadcast.chat_id, counted, now)
                if news.is_done:
                    await post(db, broadcast.chat_id, views.finished(news.counts, broadcast.unit_name), now)

    return tick


async def on_words(turn: Turn, text: str) -> None:
    """A notice in words: what stands behind the first colon is its text."""
    await begin(turn, text.partition(":")[2].strip())


FEATURE = Feature(
    "broadcasts",
    commands=(Command("thongbao", on_broadcast, views.SEND, frozenset({Viewer.SUPERVISOR, Viewer.ADMIN})),),
    dialogs=(Dialog(hear, leave, resume, feature=DIALOG_NAME),),
    meanings={Meaning.BROADCAST: Meant(on_words)},
)
