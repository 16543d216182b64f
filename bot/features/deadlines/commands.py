"""/dathan: a deadline for the units below, in one message or step by step, shown back before it is kept."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from telegram import Message

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.broadcasts.commands import find_units, may_narrow, offered_units
from bot.features.deadlines import words as views
from bot.features.reminders import service as reminding
from bot.features.reminders.service import Rules
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer
from bot.road.turn import Turn
from bot.words import commands as command_views
from knowledge.calendar.deadlines import ParsedDeadline, names_time, parse_deadline, parse_rule, title_of
from knowledge.calendar.descriptions import Description, describe
from knowledge.calendar.outcomes import Unclear
from knowledge.calendar.rules import Rule
from knowledge.meanings import Meaning, Place
from knowledge.model.owing import AskedUnits, Audience
from storage import audit, deadlines, dialogs, owing
from storage.deadlines import SetDeadline
from storage.units import Unit

DIALOG_NAME = "deadline"
GIVEN_UP_AFTER = timedelta(hours=12)
LONGEST_WHAT = 300
SHOWN_DATES = 3


async def begin_from_words(turn: Turn, text: str) -> None:
    """Begin from plain words: a deadline in them is shown back at once, like one behind the command."""
    read = parse_deadline(text, _today(turn))
    await _begin(turn, text if isinstance(read, ParsedDeadline) and read.what else "")


async def on_set(turn: Turn) -> None:
    """Begin; a deadline behind the command is taken at once."""
    message = turn.incoming.effective_message
    said = (message.text or "").split(maxsplit=1) if message is not None else []
    await _begin(turn, said[1].strip() if len(said) > 1 and said[0].startswith("/") else "")


async def _begin(turn: Turn, text: str) -> None:
    asker = await _supervisor(turn)
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE)
    if not tops:
        raise AccessDeniedError(Right.SUPERVISE)
    state = {
        "step": "what",
        "what": "",
        "rule": "",
        "wording": "",
        "unit": tops[0].id,
        "audience": _first_audience(tops[0]).value,
        "token": secrets.token_urlsafe(9),
    }
    await _keep(turn, state)
    if text:
        await _take_all(turn, asker, state, text)
        return
    shown = await _list_set(turn, asker)
    if shown:
        turn.say(views.set_deadlines(shown))
    turn.say(views.ask_what())


def _first_audience(unit: Unit) -> Audience:
    return Audience.GRASSROOTS if unit.kind.is_grassroots or unit.parent_id is not None else Audience.ALL


async def hear(turn: Turn) -> bool:
    """The answer to what was asked: what, when, or another part of the tree."""
    state = await _find(turn)
    message = turn.message
    if state is None or message is None or not message.text or turn.person is None:
        return False
    text = message.text.strip()
    if turn.meant is not None and turn.meant.means is not Meaning.ANSWER:
        return False
    asker = await access.find_asker(turn.db, turn.person)
    if not asker.may_anywhere(Right.SUPERVISE):
        assert turn.chat_id is not None
        await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
        return False
    match state["step"]:
        case "what" if state["rule"]:
            await _propose(turn, asker, state | {"what": text[:LONGEST_WHAT]})
        case "what":
            await _take_all(turn, asker, state, text)
        case "when":
            await _take_when(turn, asker, state, text)
        case "unit":
            found = await find_units(turn, asker, text)
            if not found:
                return False
            offered = [(each.id, each.name) for each in found]
            turn.say(views.choose_unit("m:dl:c", state["token"], offered, up=False))
        case _:
            read = parse_rule(text, _today(turn))
            if isinstance(read, Unclear):
                return False
            await _take_when(turn, asker, state, text)
    return True


async def leave(turn: Turn) -> bool:
    """Give an unfinished deadline up."""
    assert turn.chat_id is not None
    left = await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    if left:
        turn.say(views.left_dialog())
    return left


async def resume(turn: Turn) -> None:
    """Say again what was asked."""
    state = await _find(turn)
    if state is not None:
        turn.say(views.resume(state["step"], state["what"]))


async def on_dialog_tap(turn: Turn, rest: str) -> None:
    """The buttons while a deadline is being set."""
    state = await _find(turn)
    verb, _, more = rest.partition(":")
    token, _, value = more.partition(":")
    edits = turn.tapped
    assert turn.chat_id is not None
    if verb == "x":
        await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
        turn.say(views.left_dialog(edits))
        return
    if state is None or (verb in {"a", "u", "c", "ok"} and token != state["token"]):
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    asker = await _supervisor(turn)
    match verb:
        case "b":
            await _keep(turn, state | {"step": "what", "what": "", "rule": ""})
            turn.say(views.ask_what())
        case "e":
            await _keep(turn, state | {"step": "when"})
            turn.say(views.ask_when(state["what"]))
        case "a" if value in set(Audience):
            await _propose(turn, asker, state | {"audience": value}, edits)
        case "u":
            await _keep(turn, state | {"step": "unit"})
            unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
            offered, up = await offered_units(turn, asker, unit)
            turn.say(views.choose_unit("m:dl:c", state["token"], offered, up=up, edits=edits))
        case "c":
            unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
            if value == "up" and unit.parent_id is not None:
                unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, unit.parent_id)
            elif value not in {"up", "back"}:
                unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, value)
            await _propose(turn, asker, state | {"unit": unit.id}, edits)
        case "ok" if state["what"] and state["rule"]:
            await _set(turn, asker, state, edits)
        case _:
            turn.answer_tap(command_views.button_gone(), alert=True)


async def on_end(turn: Turn, rest: str) -> None:
    """**Bỏ hạn này**: by whoever supervises the unit it was set at."""
    asker = await _supervisor(turn)
    deadline = await _get(turn, asker, rest)
    if deadline is None or not await deadlines.end(turn.db, deadline.id, turn.now, by=asker.id):
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    await audit.note(
        turn.db, "deadline.ended", turn.now, by=asker.id, unit_id=deadline.unit_id, subject=str(deadline.id)
    )
    turn.say(views.ended(deadline, turn.tapped))


async def on_announce(turn: Turn, rest: str) -> None:
    """**Báo ngay**: everyone who owes it hears of it now, instead of at the first step."""
    asker = await _supervisor(turn)
    deadline = await _get(turn, asker, rest)
    if deadline is None or deadline.ended_at is not None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    nudged = await reminding.announce(turn.db, turn.resource(Rules), deadline, turn.now, by=asker.id)
    turn.say(views.announced(nudged.reminded + nudged.again, nudged.without_officer))


async def _supervisor(turn: Turn) -> Asker:
    if turn.person is None:
        raise AccessDeniedError(Right.SUPERVISE)
    asker = await access.find_asker(turn.db, turn.person)
    if not asker.may_anywhere(Right.SUPERVISE):
        raise AccessDeniedError(Right.SUPERVISE)
    return asker


async def _get(turn: Turn, asker: Asker, rest: str) -> SetDeadline | None:
    found = await deadlines.find(turn.db, int(rest)) if rest.isascii() and rest.isdecimal() and len(rest) < 19 else None
    if found is not None:
        await access.get_unit(turn.db, asker, Right.SUPERVISE, found.unit_id)
    return found


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


def _today(turn: Turn) -> date:
    return turn.resource(Rules).today(turn.now)


async def _take_all(turn: Turn, asker: Asker, state: dict[str, Any], text: str) -> None:
    """What and when in one message; only what, or only when, where the other is not there."""
    read = parse_deadline(text, _today(turn))
    if isinstance(read, ParsedDeadline):
        state = state | {"rule": read.rule.code, "wording": read.when}
        if read.what:
            await _propose(turn, asker, state | {"what": read.what[:LONGEST_WHAT]})
            return
        await _keep(turn, state | {"step": "what"})
        turn.say(views.ask_what_for(describe(read.rule)))
        return
    if names_time(text):
        state = state | {"step": "when", "what": title_of(text)[:LONGEST_WHAT]}
        await _keep(turn, state)
        turn.say(views.unclear(read, what=state["what"]))
        return
    state = state | {"step": "when", "what": text[:LONGEST_WHAT]}
    await _keep(turn, state)
    turn.say(views.ask_when(state["what"]))


async def _take_when(turn: Turn, asker: Asker, state: dict[str, Any], text: str) -> None:
    read = parse_rule(text, _today(turn))
    if isinstance(read, Unclear):
        turn.say(views.unclear(read, what=state["what"]))
        return
    await _propose(turn, asker, state | {"rule": read.code, "wording": text[:LONGEST_WHAT]})


async def _propose(turn: Turn, asker: Asker, state: dict[str, Any], edits: int | None = None) -> None:
    shown = await _proposal(turn, asker, state)
    if not shown.upcoming:
        await _keep(turn, state | {"step": "when", "rule": ""})
        turn.say(views.already_past())
        return
    await _keep(turn, state | {"step": "confirm", "audience": shown.audience.value})
    turn.say(views.proposal(shown, edits))


async def _proposal(turn: Turn, asker: Asker, state: dict[str, Any]) -> views.Proposal:
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, state["unit"])
    rule = Rule.parse(state["rule"])
    today = _today(turn)
    counts = {each: await _count(turn, unit, each) for each in Audience}
    audience = Audience(state["audience"])
    if not counts[audience]:
        audience = next((each for each in Audience if counts[each]), audience)
    return views.Proposal(
        state["what"],
        describe(_with_wording(rule, state["wording"], today)),
        tuple(rule.upcoming(today, SHOWN_DATES, turn.resource(Rules).working_days)),
        unit.id,
        unit.name,
        audience,
        counts,
        state["token"],
        await may_narrow(turn, asker, unit),
    )


def _with_wording(rule: Rule, wording: str, today: date) -> Rule:
    """The rule as it was read, with what was assumed; as it is kept where the words read otherwise by now."""
    read = parse_rule(wording, today)
    return read if isinstance(read, Rule) and read == rule else rule


async def _count(turn: Turn, unit: Unit, audience: Audience) -> int:
    of_today = AskedUnits.of_deadline(audience, unit.id, unit.path, _today(turn), is_grassroots=unit.kind.is_grassroots)
    return await owing.count_owing(turn.db, of_today)


async def _set(turn: Turn, asker: Asker, state: dict[str, Any], edits: int | None) -> None:
    assert turn.chat_id is not None
    shown = await _proposal(turn, asker, state)
    if not shown.upcoming:
        await _propose(turn, asker, state)
        return
    set_by = await access.get_acting_id(turn.db, asker, turn.now)
    deadline = await deadlines.add(
        turn.db,
        unit_id=shown.unit_id,
        what=state["what"],
        rule=state["rule"],
        wording=state["wording"],
        audience=shown.audience,
        set_by=set_by,
        now=turn.now,
    )
    await audit.note(
        turn.db,
        "deadline.set",
        turn.now,
        by=set_by,
        unit_id=shown.unit_id,
        subject=str(deadline.id),
        details={"rule": state["rule"], "audience": shown.audience.value},
    )
    await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    turn.say(views.kept(shown, deadline.id, edits))


async def _list_set(turn: Turn, asker: Asker) -> list[tuple[SetDeadline, Description, date | None]]:
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE)
    found = []
    for deadline in await deadlines.list_set_within(turn.db, [top.path for top in tops]):
        rule = Rule.parse(deadline.rule)
        upcoming = rule.upcoming(_today(turn), 1, turn.resource(Rules).working_days)
        found.append((deadline, describe(rule), upcoming[0] if upcoming else None))
    return found


FEATURE = Feature(
    "deadlines",
    commands=(Command("dathan", on_set, views.SET, frozenset({Viewer.SUPERVISOR, Viewer.ADMIN})),),
    dialogs=(
        Dialog(hear, leave, resume, feature=DIALOG_NAME, place=lambda _open: Place.DEADLINE, leaves_when_sure=True),
    ),
    meanings={Meaning.SET_DEADLINE: Meant(begin_from_words)},
)
