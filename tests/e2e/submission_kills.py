"""The kill test of submissions: officers send month after month while the program is killed, and everything is counted.

Used by a small round in the suite and by the full one in `tests/benchmarks/kills_submissions.py`.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.sandbox import NO_LIMITS, Player, Sandbox, SandboxServer
from bot.sandbox.model import Chat, Message
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import last_opened
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import drafts, inbox, people, submissions, units
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.killing import start_program

FIRST_ID = 8001
WORKERS, MEMBERS = 1320, 1250


@dataclass(frozen=True, slots=True)
class Count:
    """What came of it. `lost`: receipts without what they say stored; `doubled`: reports stored more than once."""

    submissions: int
    kills: int
    receipts: int
    lost: int
    doubled: int
    wrong: int
    unanswered: int
    drafts_lost: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether everything that was promised was kept."""
        return self.receipts == self.submissions and not (
            self.lost or self.doubled or self.wrong or self.unanswered or self.drafts_lost
        )

    @property
    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.kills} kills, {self.submissions} submissions: {self.receipts} receipts shown, {self.lost} lost, "
            f"{self.doubled} doubled, {self.wrong} with other figures, {self.unanswered} messages unanswered, "
            f"{self.drafts_lost} drafts lost, {self.seconds:.1f} s"
        )


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
        return next(move for move in self.moves if _name(move[0]) not in self.receipts)

    def begin(self) -> str:
        """The first word for the next report."""
        return "/baocao" if self.guided else self.report(self.moves.index(self._next))

    def report(self, number: int) -> str:
        """The whole report of one of the months in one message."""
        period, moved = self.moves[number]
        return f"báo cáo {_name(period)}: cnvclđ {WORKERS}, đoàn viên {MEMBERS}, mới {moved}, giảm {moved}"

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
            step = re.search(r"([1-4]/4) · " + _name(period), said, re.IGNORECASE)
            answer = str(figures[step[1]]) if step else None
        if answer is None or (_name(period), said) in self.answered:
            return None
        self.answered.add((_name(period), said))
        return answer


def _name(period: Period) -> str:
    return f"tháng {period.number:02}/{period.year}"


class Officers:
    """All of them, at the sandbox; they speak as soon as they hear."""

    def __init__(self, sandbox: Sandbox, officers: list[Officer]) -> None:
        self._sandbox = sandbox
        self._by_id = {officer.id: officer for officer in officers}
        sandbox.on_bot_message.append(self._on_bot_message)

    def say(self, officer: Officer, words: str) -> None:
        """Have somebody say something."""
        officer.said += 1
        self._sandbox.say(officer.id, words)

    def _on_bot_message(self, chat: Chat, message: Message) -> None:
        officer = self._by_id.get(chat.id)
        answer = officer.hears(message.text) if officer is not None else None
        if officer is not None and answer is not None:
            asyncio.get_running_loop().call_soon(self.say, officer, answer)

    @property
    def receipts(self) -> int:
        """How many reports were confirmed so far."""
        return sum(len(officer.receipts) for officer in self._by_id.values())

    def nudge(self) -> None:
        """Whoever waits for a message that was in doubt asks again, as people do."""
        for officer in self._by_id.values():
            if not officer.is_done:
                officer.answered.clear()
                self.say(officer, officer.begin())


async def prepare(url: str, officers: int, months: int) -> list[Officer]:
    """A database with that many units, each with one officer who owes that many months, the oldest first."""
    now = datetime.now(UTC)
    latest = last_opened(get_form(MONTHLY_FORM), now.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date())
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
            person = await people.add(db, f"Cán bộ {number}", now, telegram_id=FIRST_ID + number)
            await people.grant(db, person.id, unit.id, RoleName.OFFICER, now)
            moves = [(first.shifted(month), 1 + number % 7 + month) for month in range(months)]
            found.append(Officer(FIRST_ID + number, unit.id, moves, number % 2 == 1, first.shifted(-1)))
    await database.close()
    return found


async def expire_leases(url: str) -> None:
    """On PostgreSQL: let the minute pass after which it is clear that a process died."""
    database = await Database.open(url)
    async with database.write() as db:
        await db.execute(text("UPDATE outbox SET lease_until = '2020-01-01 00:00:00' WHERE lease_until IS NOT NULL"))
    await database.close()


async def kill_round(
    folder: Path, url: str, *, officers: int, months: int, kills: int, seed: int, latency: float = 0.01
) -> Count:
    """Have `officers` send `months` reports each while `troly run` is killed `kills` times, and count.

    Beforehand everyone begins a report of an earlier month and leaves it: that draft must be there in the end.
    """
    chance = random.Random(seed)
    everyone = await prepare(url, officers, months)
    expected = officers * months
    begun = time.monotonic()
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        sandbox.latency = latency
        for officer in everyone:
            sandbox.add_person(Player(officer.id, f"Cán bộ {officer.id}"), started=True)
        crowd = Officers(sandbox, everyone)
        for officer in everyone:
            crowd.say(officer, f"báo cáo {_name(officer.aside)}: cnvclđ 77, mới 1, giảm 1")
            crowd.say(officer, "/huy")
            crowd.say(officer, officer.begin())
        settings = {
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "DATABASE_URL": url,
            "SEND_RATE": "0",
            "LOG_LEVEL": "WARNING",
        }
        for number in range(kills):
            program = await start_program(folder, "run", settings=settings, quiet=True)
            left = expected - crowd.receipts
            target = crowd.receipts + chance.randint(0, max(1, 2 * left // (kills - number + 2)))
            await _until_shown(sandbox, crowd, min(target, expected - 1))
            await asyncio.sleep(chance.random() * 0.05)
            program.kill()
            await program.wait()
            if not url.startswith("sqlite"):
                await expire_leases(url)
        program = await start_program(folder, "run", settings=settings, quiet=True)
        try:
            for _ in range(6):
                if await sandbox.wait_until(lambda: crowd.receipts >= expected, 20):
                    break
                crowd.nudge()
            await sandbox.wait_until(lambda: not sandbox.pending_updates(), 10)
            await _until_said(url, folder)
        finally:
            program.terminate()
            await program.wait()
        unanswered = sum(1 for officer in everyone if not _ends_with_bot(sandbox, officer.id))
    return await _count(url, everyone, unanswered, kills, time.monotonic() - begun)


async def _until_shown(sandbox: Sandbox, crowd: Officers, receipts: int) -> None:
    await sandbox.wait_until(lambda: crowd.receipts >= receipts, 30)


def _ends_with_bot(sandbox: Sandbox, chat_id: int) -> bool:
    shown = list(sandbox.chats[chat_id].shown)
    return bool(shown) and shown[-1].by_bot


async def _until_said(url: str, folder: Path) -> None:
    """Wait until everything taken in is handled and everything to be said has gone."""
    del folder
    database = await Database.open(url)
    try:
        for _ in range(200):
            async with database.read() as db:
                left = await db.scalar(text("SELECT count(*) FROM outbox WHERE done_at IS NULL"))
                waiting = await db.scalar(text("SELECT count(*) FROM inbox WHERE state = 'new'"))
            if not left and not waiting:
                return
            await asyncio.sleep(0.05)
    finally:
        await database.close()


async def _count(url: str, everyone: list[Officer], unanswered: int, kills: int, seconds: float) -> Count:
    lost = doubled = wrong = drafts_lost = 0
    database = await Database.open(url)
    async with database.read() as db:
        states = await inbox.count_by_state(db)
        for officer in everyone:
            for period, moved in officer.moves:
                versions = await submissions.list_versions(db, officer.unit_id, MONTHLY_FORM, period)
                current = [version for version in versions if version.is_current]
                shown = officer.receipts.get(_name(period))
                lost += shown is not None and len(current) != 1
                doubled += len(versions) > 1
                right = {"workers": WORKERS, "members": MEMBERS, "admitted": moved, "lost": moved, "net": 0}
                wrong += bool(current) and (
                    current[0].figures != {key: Decimal(value) for key, value in right.items()} or shown != moved
                )
            draft = await drafts.find_draft(db, officer.unit_id, MONTHLY_FORM, officer.aside)
            kept = draft.state["sheet"].get("figures") if draft is not None else None
            drafts_lost += kept != {"workers": "77", "admitted": "1", "lost": "1"}
    await database.close()
    unanswered += sum(count for state, count in states.items() if state != "done")
    return Count(
        submissions=sum(len(officer.moves) for officer in everyone),
        kills=kills,
        receipts=sum(len(officer.receipts) for officer in everyone),
        lost=lost,
        doubled=doubled,
        wrong=wrong,
        unanswered=unanswered,
        drafts_lost=drafts_lost,
        seconds=seconds,
    )


__all__ = ["Count", "kill_round", "prepare"]
