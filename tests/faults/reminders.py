"""Reminders that are due at once: each arrives once, or is listed as in doubt.

Half are early steps, which are left to the next one where they are in doubt; half are the last before a deadline, which
may come again and then say so.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders.sweep import tick
from bot.rules import Rules
from bot.sandbox import Player
from knowledge.calendar.rules import Frequency, Rule
from knowledge.calendar.working_days import VIETNAM
from knowledge.forms import FormBook
from knowledge.model.obligations import QuietHours, Snooze, Step
from knowledge.model.owing import Audience
from knowledge.model.units import UnitKind
from storage import deadlines, people, reminders, units
from storage.engine import Database
from storage.people import RoleName
from storage.reminders import Preferences
from storage.units import Unit
from tests.e2e.chat import Seat
from tests.faults.loads import Load
from tests.faults.rig import Rig, now

FIRST = 7001
LAST_SAYS_SO = "Tin này có thể đã được gửi trước đó."
SETTINGS = {"LOG_LEVEL": "WARNING", "QUIET_HOURS": "00:00-00:00"}


async def plant_many(
    database: Database, count: int, now: datetime, *, first: int = FIRST, only_early: bool = False
) -> dict[int, bool]:
    """Units with one officer each to whom a reminder is due now; by Telegram id, whether it is the last one.

    Half of them are, in turns, unless `only_early`.
    """
    long_ago = now - timedelta(days=13)
    today = now.astimezone(VIETNAM).date()
    async with database.write() as db:
        tops = {}
        for is_last, name in ((False, "Nhánh sớm"), (True, "Nhánh cuối")):
            tops[is_last] = await units.add(
                db, code=name, name=name, kind=UnitKind.UPPER, registered_on=date(2020, 1, 1)
            )
        ids = await units.take_ids(db, count)
        below = {unit_id: tops[_is_last(place, only_early)] for place, unit_id in enumerate(ids)}
        await units.insert_all(
            db,
            (
                Unit(
                    unit_id,
                    f"U{unit_id}",
                    f"Công đoàn xã số {unit_id}",
                    UnitKind.COMMUNE,  # owes no form: nothing but what is planted here is due
                    top.id,
                    None,
                    f"{top.path}{unit_id}/",
                    date(2020, 1, 1),
                )
                for unit_id, top in below.items()
            ),
        )
        kinds: dict[int, bool] = {}
        early = await _set(db, tops[False], today + timedelta(days=10), long_ago)
        await _set(db, tops[True], today, long_ago)
        wishes = []
        for place, unit_id in enumerate(ids):
            person = await people.add(db, f"Cán bộ {place}", long_ago, telegram_id=first + place)
            await people.grant(db, person.id, unit_id, RoleName.OFFICER, long_ago)
            await reminders.keep_preferences(db, person.id, Preferences(time(0)), long_ago)
            kinds[first + place] = _is_last(place, only_early)
            if not kinds[first + place]:
                due_on = today + timedelta(days=10)
                wish = Snooze(f"deadline:{early}:{due_on}:{unit_id}", due_on, person.id, now.replace(microsecond=0))
                wishes.append((wish, Step(0, wish.at).code))
        await reminders.add_wishes(db, wishes, now)
    return kinds


def _is_last(place: int, only_early: bool) -> bool:
    return place % 2 == 1 and not only_early


async def _set(db: AsyncConnection, top: Unit, day: date, set_at: datetime) -> int:
    deadline = await deadlines.add(
        db,
        unit_id=top.id,
        what=f"Việc của {top.name}",
        rule=Rule(Frequency.ONCE, dates=(day,)).code,
        wording="",
        audience=Audience.ALL,
        set_by=None,
        now=set_at,
    )
    return deadline.id


def make_rules() -> Rules:
    """No quiet hours and no forms: nothing but what was planted is due."""
    return Rules(quiet=QuietHours(time(0), time(0)), forms=FormBook({}))


async def add_supervisor(rig: Rig, code: str, name: str, telegram_id: int) -> Seat:
    """A supervisor of the unit of that code."""
    async with rig.database() as database, database.write() as db:
        unit = await units.find_unit(db, code)
        assert unit is not None
        person = await people.add(db, name, now(), telegram_id=telegram_id)
        await people.grant(db, person.id, unit.id, RoleName.SUPERVISOR, now())
    rig.sandbox.add_person(Player(telegram_id, name), started=True)
    return rig.chat.seat(telegram_id)


class Reminders(Load):
    """Reminders that stand in the outbox, due."""

    @classmethod
    async def planted(cls, rig: Rig, count: int, *, only_early: bool = False) -> Reminders:
        """That many, decided and due now, in the rig's database."""
        async with rig.database() as database:
            kinds = await plant_many(database, count, now(), only_early=only_early)
            await tick(database, make_rules(), now())
        return cls(rig, kinds)

    def __init__(self, rig: Rig, kinds: dict[int, bool]) -> None:
        self._rig = rig
        self._kinds = kinds
        self.expected = len(kinds)
        for telegram_id in kinds:
            rig.sandbox.add_person(Player(telegram_id, f"Cán bộ {telegram_id}"), started=True)

    def feed(self, share: float) -> None:
        """They are all there from the beginning."""

    @property
    def done(self) -> int:
        return sum(bool(self.texts(telegram_id)) for telegram_id in self._kinds)

    @property
    def chats(self) -> list[int]:
        """The Telegram ids of everyone who is to be reminded."""
        return list(self._kinds)

    def texts(self, telegram_id: int) -> list[str]:
        """The reminders that this person has seen."""
        shown = [message.text for message in self._rig.sandbox.chats[telegram_id].shown if message.by_bot]
        return [text for text in shown if "Việc của Nhánh" in text]

    async def finish(self, rig: Rig) -> None:
        """Those in doubt never come: when nothing waits any more, it is over."""

    async def count(self, rig: Rig, doubts: Counter[int]) -> list[str]:
        lost, doubled = [], []
        for telegram_id, is_last in self._kinds.items():
            texts = self.texts(telegram_id)
            says_so = [text.startswith(LAST_SAYS_SO) for text in texts]
            if not texts and doubts[telegram_id] < (2 if is_last else 1):
                lost.append(telegram_id)
            if (sum(1 for said in says_so[1:] if not said) if is_last else len(texts) - 1) > 0:
                doubled.append(telegram_id)
        rig.figures.reminders += len(self._kinds)
        rig.figures.lost += len(lost)
        rig.figures.doubled += len(doubled)
        rig.figures.unsent += sum(bool(doubts[chat]) and not self.texts(chat) for chat in self._kinds)
        return [f"reminders that never came and are in no doubt: {lost[:5]}"] * bool(lost) + [
            f"reminders that came twice and do not say so: {doubled[:5]}"
        ] * bool(doubled)

    def speakers(self) -> list[Seat]:
        return [self._rig.chat.seat(telegram_id) for telegram_id in self._kinds]
