"""Reminders in the chat: /han, /nhac, the buttons under a reminder or digest, and the words made as they leave."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Message

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.broadcasts import commands as broadcast
from bot.features.broadcasts import service as broadcasts
from bot.features.deadlines import commands as deadlines
from bot.features.deadlines import words as deadline_views
from bot.features.reminders import service as reminding
from bot.features.reminders import words as views
from bot.features.reminders.service import DigestNow, ReminderNow, Rules, Wait
from bot.features.submissions import commands as reporting
from bot.hands.feature import Command, Feature, Meant, RawTap, Viewer, without_words
from bot.road.reply import Button, Reply
from bot.road.turn import BeforeSend, Later, Surroundings, Turn, post
from knowledge.answer import Adviser
from knowledge.calendar.duties import find_occurrences
from knowledge.calendar.ics import calendar_file
from knowledge.calendar.times import parse_time
from knowledge.meanings import Meaning
from knowledge.model.obligations import Obligation, ObligationKind, Snooze, Step
from knowledge.number_words import is_number_word
from knowledge.reminders import SnoozeChoice, snooze_times
from knowledge.text import fold
from storage import deadlines as deadline_rows
from storage import people, reminder_recipients, reminders
from storage.engine import Database
from storage.mail import Kind
from storage.messages import Outgoing
from storage.reminders import DecidedStep, Preferences

PURGE_EVERY = timedelta(hours=6)
PLANS_AHEAD = timedelta(days=400)
SHOWN_OF_PLANS = 12
LONGEST_MUTE = 60  # days
_PAUSING = frozenset({"tat", "ngung"})
_DAYS_OF = {"ngay": 1, "hom": 1, "tuan": 7}


# Joining the road ----------------------------------------------------------------------------------------------------


def join(around: Surroundings) -> None:
    """Let reminders and broadcasts join the road: their ticks, and a last look at each reminder as it leaves."""
    hooks = around.hooks
    rules = Rules.of(around.settings, hooks.resource(Adviser).plans)
    hooks.provide(rules)
    sweep = reminding.Sweep()

    async def tick(database: Database, now: datetime) -> None:
        await reminding.tick(database, rules, now, sweep)

    hooks.before_send[Kind.REMINDER] = make_words(rules)
    hooks.every(reminding.EVERY, tick, name="reminders")
    hooks.every(broadcasts.EVERY, broadcast.make_tick(rules), name="broadcasts")
    hooks.every(PURGE_EVERY, _purge, name="reminders purge")
    hooks.on_unreachable.append(make_lost(rules))


async def _purge(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await reminders.purge(db, now)


def make_words(rules: Rules) -> BeforeSend:
    """What a reminder says, made in the moment it leaves, from what is owed then."""
    leaving = reminding.Leaving(rules)

    async def look_again(db: AsyncConnection, outgoing: Outgoing, now: datetime) -> Reply | Later | None:
        fields = json.loads(outgoing.body) if outgoing.body else {}
        if "person" not in fields:
            return _as_written(fields)
        found = await leaving.look(db, outgoing, now)
        match found:
            case Wait():
                return Later(found.at)
            case ReminderNow():
                lines = [
                    views.Line(each.item, each.number, each.has_draft, each.can_say_no_change, each.asked_by)
                    for each in found.items
                ]
                return views.reminder(lines, is_late=found.is_late)
            case DigestNow():
                return _digest(found)
        return None

    return look_again


def _as_written(fields: dict[str, Any]) -> Reply | None:
    """A message of this kind whose words were made when it was written."""
    if not fields.get("text"):
        return None
    rows = tuple(
        tuple(Button(button["text"], data=button["callback_data"]) for button in row if "callback_data" in button)
        for row in fields.get("buttons", ())
    )
    return Reply(fields["text"], rows, kind=Kind.REMINDER)


def _digest(found: DigestNow) -> Reply:
    missing = [
        views.Missing(
            each.obligation.unit_name,
            each.obligation.falls_on,
            each.officers,
            each.muted,
            each.unreachable,
            each.obligation.extended_to is not None,
            None if each.is_asked else each.obligation.dissolved_on,
        )
        for each in found.missing
    ]
    return views.digest(
        views.title(found.missing[0].obligation),
        missing,
        found.expected,
        number=found.number,
        overdue_days=found.overdue_for.days,
    )


def make_lost(rules: Rules) -> Callable[[AsyncConnection, int, str, datetime], Awaitable[None]]:
    """Tells the supervisors of somebody who cannot be reached any more."""

    async def on_lost(db: AsyncConnection, chat_id: int, _why: str, now: datetime) -> None:
        await tell_of_lost(db, rules, chat_id, now)

    return on_lost


async def tell_of_lost(db: AsyncConnection, rules: Rules, chat_id: int, now: datetime) -> None:
    """Tell the supervisors, once a day at most."""
    lost = await reminding.read_lost(db, rules, chat_id, now)
    if lost is None:
        return
    for person_id, chat in lost.tell:
        key = f"lost:{lost.person_id}:{rules.today(now):%Y%m%d}:{person_id}"
        said = views.person_lost(lost.name, lost.unit_names)
        await post(db, chat, replace(said, key=key, not_before=lost.not_before), now)


# /han ----------------------------------------------------------------------------------------------------------------


async def on_ahead(turn: Turn) -> None:
    """What is due: for the asker's units, below them, and by the plans for whoever has no unit."""
    rules, asker = turn.resource(Rules), await _asker(turn)
    today = rules.today(turn.now)
    own = await reminding.list_ahead(turn.db, rules, asker.id, turn.now) if asker.id is not None else []
    tops = await access.list_tops(turn.db, asker, Right.SUPERVISE) if asker.may_anywhere(Right.SUPERVISE) else []
    below = await reminding.list_below(turn.db, rules, [top.path for top in tops], turn.now) if tops else []
    shown = {(each.title, each.falls_on) for each in own}
    has_unit = bool(asker.held)
    turn.say(
        deadline_views.ahead(
            own,
            [
                deadline_views.Ahead(views.title(duty), duty.due_on, duty.due_time)
                for duty in below
                if (duty.title, duty.due_on) not in shown
            ],
            [] if has_unit else _of_plans(turn, rules),
            today=today,
            has_unit=any(held.role.value == "officer" for held in asker.held),
        )
    )


def _of_plans(turn: Turn, rules: Rules) -> list[deadline_views.Ahead]:
    today = rules.today(turn.now)
    found = []
    for plan in turn.resource(Adviser).plans.values():
        for deadline in plan.deadlines:
            following = next(find_occurrences(deadline, today, today + PLANS_AHEAD), None)
            if following is not None:
                note = f"{plan.short}; {deadline.when}"
                found.append(deadline_views.Ahead(deadline.what, following.on, note=note))
    return sorted(found, key=lambda each: (each.due_on, each.title))[:SHOWN_OF_PLANS]


# /nhac ---------------------------------------------------------------------------------------------------------------


async def on_mine(turn: Turn) -> None:
    """Hour and mute; words behind the command set them."""
    asker = await _asker(turn)
    if asker.id is None or not (asker.held or asker.is_admin):
        turn.say(views.nothing_to_remind())
        return
    said = " ".join(turn.args or [])
    if said:
        kept = await reminders.get_preferences(turn.db, asker.id)
        wanted = _read_wish(said, kept, turn.now)
        if wanted is None:
            turn.say(views.hour_unclear(said))
            return
        await reminders.keep_preferences(turn.db, asker.id, wanted, turn.now)
    turn.say(await _mine(turn, asker, asker.id))


async def on_words(turn: Turn, text: str) -> None:
    """The settings for plain words; an hour or a pause named in them waits under a button to be confirmed."""
    asker = await _asker(turn)
    if asker.id is None or not (asker.held or asker.is_admin):
        turn.say(views.nothing_to_remind())
        return
    turn.say(await _mine(turn, asker, asker.id, wished=_read_words(text)))


def _read_words(text: str) -> views.Wished | None:
    """The hour or the pause that a sentence names; None where it names neither for sure."""
    words = fold(text).split()
    numbers = {int(number) for number in re.findall(r"[0-9]{1,3}", text)}
    if _PAUSING.intersection(words):
        days = sum(
            int(number) * _DAYS_OF[unit]
            for number, unit in itertools.pairwise(words)
            if number.isascii() and number.isdecimal() and len(number) < 4 and unit in _DAYS_OF
        )
        return views.Wished(days=days) if 0 < days <= LONGEST_MUTE else None
    found = parse_time(text)
    spoken = any(is_number_word(number) and unit == "gio" for number, unit in itertools.pairwise(words))
    if found is None or not ({found.hour, found.hour % 12} & numbers or spoken):
        return None
    return views.Wished(hour=found.replace(second=0))


def _read_wish(said: str, kept: Preferences, now: datetime) -> Preferences | None:
    """What words behind /nhac ask for: an hour, or to be left alone for some days."""
    words = fold(said).split()
    if words and words[0] in {"tat", "mo", "bat"}:
        days = next((int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 4), 7)
        days *= 7 if "tuan" in words else 1
        until = now + timedelta(days=min(days, LONGEST_MUTE)) if words[0] == "tat" else None
        return replace(kept, muted_until=until)
    found = parse_time(said)
    names_hour = "gio" in words or any(letter.isdecimal() for letter in said)  # "sáng sớm" alone is no hour
    if found is None or not names_hour:
        return None
    return replace(kept, remind_at=found.replace(second=0))


async def _mine(
    turn: Turn, asker: Asker, person_id: int, edits: int | None = None, *, wished: views.Wished | None = None
) -> Reply:
    rules = turn.resource(Rules)
    kept = await reminders.get_preferences(turn.db, person_id)
    paths = [unit.path for unit in await access.list_tops(turn.db, asker, Right.SUPERVISE)]
    muted = await reminder_recipients.list_muted_below(turn.db, paths, turn.now)
    lost = await reminder_recipients.list_unreachable_below(turn.db, paths)
    allowed = rules.quiet.hour(kept.remind_at)
    quiet = None if rules.quiet.start == rules.quiet.end else (rules.quiet.start, rules.quiet.end)
    until = kept.muted_until
    return views.my_reminders(
        kept.remind_at,
        until.astimezone(rules.zone) if until is not None and until > turn.now else None,
        quiet=quiet,
        moved_to=allowed if allowed != kept.remind_at else None,
        below=[
            views.MutedPerson(name, post.unit.name, until.astimezone(rules.zone))
            for post, name, until in muted
            if post.person_id != person_id
        ],
        unreachable=[f"{name} ({unit})" for name, unit in lost],
        wished=wished,
        edits=edits,
    )


# Buttons -------------------------------------------------------------------------------------------------------------


async def on_tap(turn: Turn, rest: str) -> None:
    """Every button of reminders, deadlines and broadcasts: `m:` and a verb; what follows is the sender's word."""
    verb, _, more = rest.partition(":")
    others = {
        "dl": deadlines.on_dialog_tap,
        "de": deadlines.on_end,
        "dn": deadlines.on_announce,
        "bc": broadcast.on_tap,
        "hour": _on_hour,
        "mute": _on_mute,
        "undo": _on_undo,
    }
    if not turn.is_private:
        _gone(turn)
    elif verb in others:
        await others[verb](turn, more)
    elif (verb, more) == ("ics", "all"):
        await _say_calendar(turn, await reminding.list_ahead(turn.db, turn.resource(Rules), await _id(turn), turn.now))
    else:
        await _on_step(turn, verb, more)


async def _on_step(turn: Turn, verb: str, more: str) -> None:
    """A button that carries the number of a step: only for whoever it was sent to."""
    number, _, value = more.partition(":")
    person_id = await _id(turn)
    step = await reminders.find_step(turn.db, int(number)) if number.isdecimal() and number.isascii() else None
    if step is None or step.recipient != person_id or person_id == 0:
        _gone(turn)
        return
    if verb == "all":
        await _remind_all(turn, step, person_id)
        return
    about = await reminding.list_message(turn.db, turn.resource(Rules), step, turn.now)
    own = next((owed for each, owed in about if (each.group, each.unit_id) == (step.group, step.unit_id)), None)
    if own is None:
        _gone(turn)
        return
    match verb:
        case "go" | "same" | "done" | "extend1" if own.submitted_at is not None:
            turn.say(views.already_done(own))
        case "go" if own.period is not None:
            await reporting.open_report(turn, own.unit_id, own.form, own.period)
        case "same" if own.period is not None:
            await reporting.send_no_change(turn, own.unit_id, own.form, own.period)
        case "done" if own.period is None:
            await _mark_done(turn, own, person_id)
        case "extend" | "extend1":
            await _extend(turn, own, about, chosen=verb == "extend1")
        case "ics":
            await _say_calendar(turn, [owed for _, owed in about])
        case "later":
            await _offer_later(turn, person_id, step)
        case "z" if value in set(SnoozeChoice):
            await _put_off(turn, person_id, SnoozeChoice(value), [owed for _, owed in about])
        case _:
            _gone(turn)


async def _remind_all(turn: Turn, step: DecidedStep, person_id: int) -> None:
    """**Nhắc tất cả**: under a digest, by whoever it was sent to."""
    rules = turn.resource(Rules)
    if not (await _asker(turn)).may_anywhere(Right.SUPERVISE):
        raise AccessDeniedError(Right.SUPERVISE)
    group = step.group.removeprefix(reminders.DIGEST)
    duty = (await reminding.find_duties(turn.db, rules, {group}, turn.now)).get(group)
    if duty is None:
        _gone(turn)
        return
    found = await reminding.read_digest(turn.db, rules, duty, person_id, turn.now, number=step.id)
    if found is None:
        turn.say(views.all_done(views.title(duty)))
        return
    nudged = await reminding.nudge(
        turn.db, rules, [each.obligation for each in found.missing], turn.now, by=person_id, duties=[duty]
    )
    turn.say(
        views.nudged(
            nudged.reminded,
            muted=nudged.muted,
            unreachable=nudged.unreachable,
            without_officer=nudged.without_officer,
            again=nudged.again,
        )
    )


async def _mark_done(turn: Turn, owed: Obligation, person_id: int) -> None:
    await access.get_unit(turn.db, await _asker(turn), Right.SUBMIT, owed.unit_id)
    await deadline_rows.mark_done(turn.db, owed.group, owed.unit_id, turn.now, by=person_id)
    turn.say(views.marked_done(owed))


async def _on_undo(turn: Turn, rest: str) -> None:
    unit_id, _, group = rest.partition(":")
    unit = await access.get_unit(turn.db, await _asker(turn), Right.SUBMIT, unit_id)
    rules = turn.resource(Rules)
    duty = (await reminding.find_duties(turn.db, rules, {group}, turn.now)).get(group)
    if duty is None or duty.kind is ObligationKind.FORM:
        _gone(turn)
        return
    await deadline_rows.mark_undone(turn.db, group, unit.id)
    turn.say(views.marked_undone(duty.obligation(unit.id, unit.name)))


async def _extend(turn: Turn, own: Obligation, about: list[tuple[DecidedStep, Obligation]], *, chosen: bool) -> None:
    choices = [(each.id, owed) for each, owed in about if owed.period is not None and owed.submitted_at is None]
    if not chosen and len(choices) > 1:
        turn.say(views.choose_unit_to_extend(choices))
        return
    owed = own if chosen or not choices else choices[0][1]
    if owed.period is None or owed.submitted_at is not None:
        turn.say(views.already_done(owed))
        return
    await reporting.ask_extension(turn, owed.unit_id, owed.form, owed.period)


async def _offer_later(turn: Turn, person_id: int, step: DecidedStep) -> None:
    rules = turn.resource(Rules)
    reader = (await reminder_recipients.list_readers(turn.db, [person_id])).get(person_id)
    if reader is None:
        _gone(turn)
        return
    turn.say(views.choose_later(snooze_times(turn.now, reader.recipient, rules.quiet, rules.zone), step.id))


async def _put_off(turn: Turn, person_id: int, choice: SnoozeChoice, about: list[Obligation]) -> None:
    rules = turn.resource(Rules)
    reader = (await reminder_recipients.list_readers(turn.db, [person_id])).get(person_id)
    at = snooze_times(turn.now, reader.recipient, rules.quiet, rules.zone).get(choice) if reader is not None else None
    if at is None:
        _gone(turn)
        return
    wishes = [
        (Snooze(owed.key, owed.falls_on, person_id, at), Step(0, at).code)
        for owed in about
        if owed.is_asked(rules.today(turn.now))
    ]
    await reminders.add_wishes(turn.db, wishes, turn.now)
    message = turn.incoming.effective_message
    turn.say(views.will_remind(at, message.message_id if isinstance(message, Message) else None))


async def _say_calendar(turn: Turn, about: list[Obligation]) -> None:
    rules = turn.resource(Rules)
    owed = [each for each in about if each.is_asked(rules.today(turn.now))]
    if not owed:
        _gone(turn)
        return
    turn.say(views.calendar_file(calendar_file(owed, now=turn.now, zone=rules.zone), owed))


async def _on_hour(turn: Turn, rest: str) -> None:
    if len(rest) != 4 or not (rest.isdecimal() and rest.isascii()) or int(rest[:2]) > 23 or int(rest[2:]) > 59:
        _gone(turn)
        return
    await _change(turn, lambda kept: replace(kept, remind_at=time(int(rest[:2]), int(rest[2:]))))


async def _on_mute(turn: Turn, rest: str) -> None:
    if not (rest.isdecimal() and rest.isascii() and len(rest) < 4 and int(rest) <= LONGEST_MUTE):
        _gone(turn)
        return
    until = turn.now + timedelta(days=int(rest)) if int(rest) else None
    await _change(turn, lambda kept: replace(kept, muted_until=until))


async def _change(turn: Turn, change: Callable[[Preferences], Preferences]) -> None:
    asker = await _asker(turn)
    if asker.id is None:
        _gone(turn)
        return
    kept = await reminders.get_preferences(turn.db, asker.id)
    await reminders.keep_preferences(turn.db, asker.id, change(kept), turn.now)
    message = turn.incoming.effective_message
    edits = message.message_id if isinstance(message, Message) else None
    turn.say(await _mine(turn, asker, asker.id, edits))


async def _asker(turn: Turn) -> Asker:
    if turn.person is None:
        raise AccessDeniedError(Right.SEE)
    return await access.find_asker(turn.db, turn.person)


async def _id(turn: Turn) -> int:
    """The asker's row; 0 for nobody known."""
    return (await _asker(turn)).id or 0


def _gone(turn: Turn) -> None:
    turn.answer_tap(views.button_gone(), alert=True)


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove somebody's hour, mute and wishes; to be called while their account is still known."""
    person = await people.find_by_telegram(db, telegram_id)
    if person is not None:
        await reminders.forget_person(db, person.id)


FEATURE = Feature(
    "reminders",
    join=join,
    commands=(
        Command("han", on_ahead, views.AHEAD),
        Command("nhac", on_mine, views.MINE, frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})),
    ),
    taps=(RawTap("m", on_tap),),
    meanings={
        Meaning.DUE: Meant(without_words(on_ahead), aside=True, shows=True, for_guests=True),
        Meaning.REMINDER_SETTINGS: Meant(on_words, shows=True),
    },
    forget=(forget,),
)
