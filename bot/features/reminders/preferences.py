"""When somebody is reminded, and until when not at all: shown, asked for in words, set."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Right
from bot.features.reminders.looking_ahead import list_own
from bot.features.reminders.preference_words import DAYS_IN, HOUR, OFF, ON, PAUSE, WEEK
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.calendar.times import parse_time
from knowledge.model.obligations import Obligation
from knowledge.number_words import is_number_word
from knowledge.reminders import find_next
from knowledge.text import fold
from storage import people, reminder_recipients, reminders
from storage.reminders import Preferences

LONGEST_MUTE: Final = 60
"""Days."""
USUAL_MUTE: Final = 7
"""Days, where none are named."""


@dataclass(frozen=True, slots=True)
class MutedOfficer:
    """Somebody below a supervisor who hears no reminders, and until when."""

    name: str
    unit_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """Somebody's hour and pause, and who below them hears nothing.

    Attributes:
        muted_until: the end of a pause that is on; None where there is none.
        quiet: the hours in which nobody is reminded; None where there are none.
        moved_to: the hour really kept where the wanted one lies in the quiet hours; None otherwise.
        due_meanwhile: what they owe that falls due before that pause ends.
        days_muted: in how many days from today that pause ends; 0 where there is none.
        unreachable: officers below whom Telegram does not let us reach, each with their unit.
        coming: when they are reminded next, and of what; None where they owe nothing that is near.
    """

    hour: time
    muted_until: datetime | None
    quiet: tuple[time, time] | None
    moved_to: time | None
    muted: tuple[MutedOfficer, ...]
    unreachable: tuple[tuple[str, str], ...]
    zone: ZoneInfo
    due_meanwhile: tuple[Obligation, ...] = ()
    days_muted: int = 0
    coming: tuple[datetime, Obligation] | None = None


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """What plain words ask of the settings: another hour, or days without reminders."""

    hour: time | None = None
    days: int = 0


def may_be_reminded(asking: Asking) -> bool:
    """Whether somebody serves a unit, so that there is anything to remind them of."""
    return asking.person_id is not None and (bool(asking.asker.held) or asking.asker.is_admin)


async def read_settings(asking: Asking, rules: Rules) -> ReminderSettings:
    """Somebody's settings as they stand now."""
    kept = await reminders.get_preferences(asking.db, asking.person_id or 0)
    paths = [unit.path for unit in await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)]
    muted = await reminder_recipients.list_muted_below(asking.db, paths, asking.now)
    allowed = rules.quiet.hour(kept.remind_at)
    silent_until = max(asking.now, kept.muted_until or asking.now)
    is_muted = silent_until > asking.now
    own = await list_own(asking, rules)
    ends_on = rules.today(silent_until)
    return ReminderSettings(
        kept.remind_at,
        silent_until if is_muted else None,
        None if rules.quiet.start == rules.quiet.end else (rules.quiet.start, rules.quiet.end),
        allowed if allowed != kept.remind_at else None,
        tuple(
            MutedOfficer(name, post.unit.name, until)
            for post, name, until in muted
            if post.person_id != asking.person_id
        ),
        tuple(await reminder_recipients.list_unreachable_below(asking.db, paths)),
        rules.zone,
        tuple(each for each in own if is_muted and asking.today <= each.falls_on <= ends_on and not each.submitted_at),
        (ends_on - asking.today).days if is_muted else 0,
        find_next(
            own, kept.remind_at, after=silent_until, working_days=rules.working_days, quiet=rules.quiet, zone=rules.zone
        ),
    )


async def set_hour(asking: Asking, hour: time) -> None:
    """Remind somebody at this hour from now on."""
    await _keep(asking, replace(await _get(asking), remind_at=hour))


async def mute(asking: Asking, days: int) -> None:
    """Do not remind somebody for so many days, `LONGEST_MUTE` at most; 0 to remind them again."""
    until = asking.now + timedelta(days=min(days, LONGEST_MUTE)) if days else None
    await _keep(asking, replace(await _get(asking), muted_until=until))


async def obey(asking: Asking, said: str) -> bool:
    """Set what words behind the command ask for, an hour or a pause; False where they are not understood."""
    words = fold(said).split()
    if words and (words[0] == OFF or words[0] in ON):
        days = next((int(word) for word in words if _is_number(word)), USUAL_MUTE)
        await mute(asking, (days * DAYS_IN[WEEK] if WEEK in words else days) if words[0] == OFF else 0)
        return True
    found = parse_time(said)
    names_hour = HOUR in words or any(letter.isdecimal() for letter in said)  # "sáng sớm" alone is no hour
    if found is None or not names_hour:
        return False
    await set_hour(asking, found.replace(second=0))
    return True


def read_request(text: str) -> SettingsRequest | None:
    """The hour or the pause that a sentence names; None where it names neither for sure."""
    words = fold(text).split()
    numbers = {int(number) for number in re.findall(r"[0-9]{1,3}", text)}
    if PAUSE.intersection(words):
        days = sum(
            int(number) * DAYS_IN[unit]
            for number, unit in itertools.pairwise(words)
            if _is_number(number) and unit in DAYS_IN
        )
        return SettingsRequest(days=days) if 0 < days <= LONGEST_MUTE else None
    found = parse_time(text)
    spoken = any(is_number_word(number) and unit == HOUR for number, unit in itertools.pairwise(words))
    if found is None or not ({found.hour, found.hour % 12} & numbers or spoken):
        return None
    return SettingsRequest(hour=found.replace(second=0))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 4


async def _get(asking: Asking) -> Preferences:
    return await reminders.get_preferences(asking.db, asking.person_id or 0)


async def _keep(asking: Asking, kept: Preferences) -> None:
    if asking.person_id is not None:
        await reminders.keep_preferences(asking.db, asking.person_id, kept, asking.now)


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove somebody's hour, pause and wishes; to be called while their account is still known."""
    person = await people.find_by_telegram(db, telegram_id)
    if person is not None:
        await reminders.forget_person(db, person.id)
