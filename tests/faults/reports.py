"""Officers who report month after month: a receipt that was shown is of one stored version with the same figures."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.sandbox import Player
from bot.sandbox.model import Chat, Message
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import last_opened
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import drafts, people, submissions, units
from storage.engine import Database
from storage.people import RoleName
from storage.submissions import Submission
from tests.e2e.chat import Seat
from tests.faults.loads import Load
from tests.faults.rig import Rig, now

FIRST_ID = 8001
WORKERS, MEMBERS = 1320, 1250


@dataclass
class Officer:
    """Somebody who reports month after month, as a person would: the next word after hearing what it answers.

    `guided` officers answer question by question, the others send whole reports. A message heard twice is answered
    once.
    """

    id: int
    unit_id: int
    moves: list[tuple[Period, int]]
    guided: bool
    aside: Period
    receipts: dict[str, int] = field(default_factory=dict)
    answered: set[tuple[str, str]] = field(default_factory=set)
    said: int = 0

    @property
    def is_done(self) -> bool:
        """Whether every receipt was seen."""
        return len(self.receipts) == len(self.moves)

    @property
    def _next(self) -> tuple[Period, int]:
        return next(move for move in self.moves if name_of(move[0]) not in self.receipts)

    def begin(self) -> str:
        """The first word for the next report."""
        return f"/baocao {name_of(self._next[0])}" if self.guided else self.report(self.moves.index(self._next))

    def report(self, number: int) -> str:
        """The whole report of one of the months in one message."""
        period, moved = self.moves[number]
        return f"báo cáo {name_of(period)}: cnvclđ {WORKERS}, đoàn viên {MEMBERS}, mới {moved}, giảm {moved}"

    def hears(self, said: str) -> str | None:
        """What to say to a message of the bot."""
        if "Đã nhận" in said:
            found = re.search(r"tháng \d\d/\d{4}", said)
            assert found is not None, said
            is_news = found[0] not in self.receipts
            admitted = re.search(r"Kết nạp mới: ([\d.]+)", said)
            self.receipts[found[0]] = int(admitted[1]) if admitted else -1
            return self.begin() if is_news and not self.is_done else None
        if self.is_done:
            return None
        period, moved = self._next
        answer = None
        if "bấm Gửi" in said:
            answer = "Gửi"
        else:
            figures = {"1/4": WORKERS, "2/4": MEMBERS, "3/4": moved, "4/4": moved}
            step = re.search(r"([1-4]/4) · " + name_of(period), said, re.IGNORECASE)
            answer = str(figures[step[1]]) if step else None
        if answer is None or (name_of(period), said) in self.answered:
            return None
        self.answered.add((name_of(period), said))
        return answer


def name_of(period: Period) -> str:
    """As receipts name it: tháng 10/2026."""
    return f"tháng {period.number:02}/{period.year}"


async def prepare(url: str, officers: int, months: int) -> list[Officer]:
    """A database with that many units, each with one officer who owes that many months, the oldest first."""
    latest = last_opened(get_form(MONTHLY_FORM), now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date())
    first = latest.shifted(1 - months)
    found = []
    database = await Database.open(url)
    async with database.write() as db:
        top = await units.add(db, code="T", name="LĐLĐ tỉnh", kind=UnitKind.PROVINCE, registered_on=date(2020, 1, 1))
        for number in range(officers):
            unit = await units.add(
                db,
                code=f"U{number}",
                name=f"CĐCS số {number}",
                kind=UnitKind.PRIVATE,
                registered_on=first.start,
                parent_id=top.id,
            )
            person = await people.add(db, f"Cán bộ {number}", now(), telegram_id=FIRST_ID + number)
            await people.grant(db, person.id, unit.id, RoleName.OFFICER, now())
            moves = [(first.shifted(month), 1 + number % 7 + month) for month in range(months)]
            found.append(Officer(FIRST_ID + number, unit.id, moves, number % 2 == 1, first.shifted(-1)))
    await database.close()
    return found


async def seated(rig: Rig, officers: int = 1, months: int = 1) -> list[tuple[Officer, Seat]]:
    """Officers for a case that speaks for them itself."""
    found = await prepare(rig.url, officers, months)
    for officer in found:
        rig.sandbox.add_person(Player(officer.id, f"Cán bộ {officer.id}"), started=True)
    return [(officer, rig.chat.seat(officer.id)) for officer in found]


async def versions_of(rig: Rig, officer: Officer, month: int = 0) -> list[Submission]:
    """What is stored for one of an officer's months, every version of it."""
    async with rig.database() as database, database.read() as db:
        return await submissions.list_versions(db, officer.unit_id, MONTHLY_FORM, officer.moves[month][0])


class Reports(Load):
    """Officers who send the reports of some months each; they speak as soon as they hear.

    Beforehand everyone begins a report of an earlier month and leaves it: that draft must be there in the end.
    """

    @classmethod
    async def prepared(cls, rig: Rig, officers: int, months: int) -> Reports:
        """In the rig's database, which is empty."""
        return cls(rig, await prepare(rig.url, officers, months))

    def __init__(self, rig: Rig, officers: list[Officer]) -> None:
        self._rig = rig
        self._sandbox = rig.sandbox
        self._by_id = {officer.id: officer for officer in officers}
        self._waiting = list(officers)
        self.expected = sum(len(officer.moves) for officer in officers)
        for officer in officers:
            rig.sandbox.add_person(Player(officer.id, f"Cán bộ {officer.id}"), started=True)
        rig.sandbox.on_bot_message.append(self._on_bot_message)

    def feed(self, share: float) -> None:
        for _ in range(round(len(self._waiting) * share)):
            officer = self._waiting.pop(0)
            self._say(officer, f"báo cáo {name_of(officer.aside)}: cnvclđ 77, mới 1, giảm 1")
            self._say(officer, "/huy")
            self._say(officer, officer.begin())

    @property
    def done(self) -> int:
        return sum(len(officer.receipts) for officer in self._by_id.values())

    def nudge(self) -> None:
        """Whoever waits for a message that was in doubt asks again, as people do."""
        for officer in self._by_id.values():
            if not officer.is_done:
                officer.answered.clear()
                self._say(officer, officer.begin())

    def _say(self, officer: Officer, words: str) -> None:
        officer.said += 1
        self._sandbox.say(officer.id, words)

    def _on_bot_message(self, chat: Chat, message: Message) -> None:
        officer = self._by_id.get(chat.id)
        answer = officer.hears(message.text) if officer is not None else None
        if officer is not None and answer is not None:
            asyncio.get_running_loop().call_soon(self._say, officer, answer)

    async def count(self, rig: Rig, doubts: Counter[int]) -> list[str]:
        lost = doubled = wrong = drafts_lost = 0
        async with rig.database() as database, database.read() as db:
            for officer in self._by_id.values():
                for period, moved in officer.moves:
                    versions = await submissions.list_versions(db, officer.unit_id, MONTHLY_FORM, period)
                    current = [version for version in versions if version.is_current]
                    shown = officer.receipts.get(name_of(period))
                    lost += shown is not None and len(current) != 1
                    doubled += len(versions) > 1
                    right = {"workers": WORKERS, "members": MEMBERS, "admitted": moved, "lost": moved, "net": 0}
                    wrong += bool(current) and (
                        current[0].figures != {key: Decimal(value) for key, value in right.items()} or shown != moved
                    )
                draft = await drafts.find_draft(db, officer.unit_id, MONTHLY_FORM, officer.aside)
                kept = draft.state["sheet"].get("figures") if draft is not None else None
                drafts_lost += kept != {"workers": "77", "admitted": "1", "lost": "1"}
        silent = self._silent()
        rig.figures.messages += sum(officer.said for officer in self._by_id.values())
        rig.figures.reports += self.expected
        rig.figures.lost += lost + silent + drafts_lost
        rig.figures.doubled += doubled
        found = {
            "receipts are missing": self.expected - self.done,
            "receipts of nothing stored": lost,
            "reports stored twice": doubled,
            "reports stored with other figures": wrong,
            "drafts lost": drafts_lost,
            "officers left without an answer": silent,
        }
        waiting = [officer for officer in self._by_id.values() if not officer.is_done]
        stories = [rig.chat.seat(officer.id).transcript()[-1500:] for officer in waiting[:1]]
        return [f"{count} {what}" for what, count in found.items() if count] + stories

    def _silent(self) -> int:
        """How many officers had the last word."""
        shown = [self._sandbox.chats[officer].shown for officer in self._by_id]
        return sum(not (messages and messages[-1].by_bot) for messages in shown)

    def speakers(self) -> list[Seat]:
        return [self._rig.chat.seat(officer) for officer in self._by_id]
