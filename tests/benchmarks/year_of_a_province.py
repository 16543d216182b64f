"""A year of a province: whether its database stops growing, and whether every quarter's backup can be restored.

    python tests/benchmarks/year_of_a_province.py [--units 1000] [--quarters 4]

A thousand units report, ask, are reminded, sent notices and handed their shares for a year of simulated time, on
SQLite: each month's and quarter's report by a draft, some corrected, some late or never; two questions a person and
month; the reminders and digests that the bot itself decides, every morning; two notices a month to everybody; shares
in January, changed for some in July; photos, wishes for more time, charts, questions passed on, invitations. What came
in and went out goes through inbox and outbox, claimed and marked as it is by the running bot, and the bot's own purge
runs every night (there: every hour). Telegram, the words of answers and the processes are left out: rows are measured.

After each quarter: the size of the file and its free pages, what of it lies in tables that are kept for a time and in
those that stay, and how long a backup and its restoration take; the restored copy has to hold as many rows in each
table.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Final

import click
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot import app
from bot.features.reminders import sweep
from bot.rules import Rules
from bot.settings import load_settings
from knowledge.calendar.working_days import VIETNAM
from knowledge.forms import get_form
from knowledge.model.broadcasts import BroadcastAudience
from knowledge.model.forms import Form, due_on, opens_on
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from storage import (
    broadcasts,
    chats,
    conversations,
    copying,
    drafts,
    errands,
    feedback,
    inbox,
    invites,
    messages,
    people,
    proofs,
    relays,
    requests,
    schema,
    shares,
    submissions,
    units,
)
from storage.engine import Database
from storage.inbox import Received
from storage.mail import MessageKind, NewMessage
from storage.messages import Claim, MessageState, Outcome
from storage.people import RoleName
from storage.proofs import ProofKind
from storage.purge import Stale, purge
from storage.requests import RequestKind
from storage.units import Unit
from tests.benchmarks.common import temporary_folder

YEAR: Final = 2027
BOT: Final = 7100000001
FIRST_CHAT: Final = 100_000
PER_UPPER: Final = 50  # units below each upper union
HOURS: Final = (8, 10, 14, 17)  # at which things happen, in Vietnam
FORMS: Final = ("doan-vien-thang", "hoat-dong-quy")
NEVER, LATE, CORRECTED, LEFT, WITH_PHOTO, ASKED_FOR_TIME = 0.02, 0.08, 0.05, 0.10, 0.05, 0.01  # shares of reports
QUESTIONS_A_MONTH: Final = 2.0
UNANSWERED, VOTED = 0.1, 0.05  # shares of questions
IN_DOUBT, REFUSED = 0.002, 0.004  # shares of messages
PICTURE: Final = 60_000  # bytes of a chart

#: What Telegram sends around the words of a message; what the bot writes around its own.
UPDATE: Final = json.dumps(
    {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "from": {"id": 1, "is_bot": False, "first_name": "Nguyễn Thị Hòa", "language_code": "vi"},
            "chat": {"id": 1, "first_name": "Nguyễn Thị Hòa", "type": "private"},
            "date": 1793671200,
            "text": "",
        },
    },
    ensure_ascii=False,
)
BODY: Final = json.dumps(
    {"text": "", "buttons": [[{"text": "Sửa", "callback_data": "x" * 24}, {"text": "Hủy", "callback_data": "x" * 24}]]},
    ensure_ascii=False,
)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who serves a unit: the person, their chat, the unit."""

    person: int
    chat: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Planned:
    """A report that will be sent: by whom, of which form and period, and in which year's hour."""

    officer: Officer
    form: Form
    period: Period


@dataclass
class Province:
    """The database under test, who is in it, and what is still to come."""

    database: Database
    rules: Rules
    stale: list[Stale] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    uppers: list[Officer] = field(default_factory=list)
    top: Officer | None = None
    planned: dict[tuple[date, int], list[Planned]] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(2027))
    looked: sweep.Sweep = field(default_factory=sweep.Sweep)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))

    @property
    def head(self) -> Officer:
        """Who leads the province."""
        assert self.top is not None
        return self.top


# --- What happens ----------------------------------------------------------------------------------------------------


async def plant(province: Province, count: int) -> None:
    """The province, its upper unions, `count` units below them, somebody for each."""
    long_ago = at(date(YEAR, 1, 1), 8)
    since = date(YEAR - 1, 1, 1)
    async with province.database.write() as db:
        top = await units.add(db, code="T", name="LĐLĐ tỉnh", kind=UnitKind.PROVINCE, registered_on=since)
        province.top = await _serve(db, province, top, RoleName.SUPERVISOR, long_ago)
        for place in range(count):
            if place % PER_UPPER == 0:
                name = f"Công đoàn cấp trên số {place // PER_UPPER + 1}"
                upper = await units.add(
                    db, code=f"C{place}", name=name, kind=UnitKind.UPPER, parent_id=top.id, registered_on=since
                )
                province.uppers.append(await _serve(db, province, upper, RoleName.SUPERVISOR, long_ago))
            kind = (UnitKind.PRIVATE, UnitKind.FOREIGN, UnitKind.PUBLIC)[place % 3]
            unit = await units.add(
                db, code=f"U{place}", name=f"CĐCS số {place}", kind=kind, parent_id=upper.id, registered_on=since
            )
            province.officers.append(await _serve(db, province, unit, RoleName.OFFICER, long_ago))


async def _serve(db: AsyncConnection, province: Province, unit: Unit, role: RoleName, now: datetime) -> Officer:
    chat = FIRST_CHAT + next(province.numbers)
    person = await people.add(db, f"Cán bộ {chat}", now, telegram_id=chat, phone=f"+849{chat:08d}")
    await people.grant(db, person.id, unit.id, role, now)
    await chats.note_heard(db, [chat], now)
    return Officer(person.id, chat, unit)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in Vietnam."""
    return datetime.combine(day, clock_time(hour, minute), VIETNAM)


def plan_reports(province: Province, day: date) -> None:
    """On the day on which a period opens: who will report when."""
    for form in map(get_form, FORMS):
        kind = PeriodKind.MONTH if form.id == FORMS[0] else PeriodKind.QUARTER
        period = Period.containing(day, kind)
        for each in (period.shifted(-1), period):
            if opens_on(form, each) != day or not form.covers(each):
                continue
            last = due_on(form, each)
            for officer in province.officers:
                drawn = province.chance.random()
                if drawn < NEVER:
                    continue
                if drawn < NEVER + LATE:
                    when = last + timedelta(days=province.chance.randint(1, 4))
                else:  # most in the last days
                    early = int((last - day).days * province.chance.random() ** 2)
                    when = last - timedelta(days=early)
                hour = province.chance.choice(HOURS)
                province.planned.setdefault((when, hour), []).append(Planned(officer, form, each))


@dataclass(frozen=True, slots=True)
class Exchange:
    """What somebody wrote, and how they were answered; `receipt`: the last answer is one."""

    officer: Officer
    words: Sequence[str]
    answers: Sequence[str]
    receipt: bool = False


async def hear(province: Province, db: AsyncConnection, heard: Sequence[Exchange], now: datetime) -> None:
    """Messages of an hour: stored, handled and answered."""
    received, new = [], []
    for each in heard:
        chat = each.officer.chat
        numbers = [next(province.numbers) for _ in each.words]
        received += [
            Received(number, f"chat:{chat}", UPDATE + said, f"m:{chat}:{number}")
            for number, said in zip(numbers, each.words, strict=True)
        ]
        kinds = [MessageKind.REPLY] * len(each.answers)
        if each.receipt:
            kinds[-1] = MessageKind.RECEIPT
        new += [
            NewMessage(chat, BODY + said, kind, key=f"a:{numbers[-1]}:{place}")
            for place, (said, kind) in enumerate(zip(each.answers, kinds, strict=True))
        ]
    await inbox.store(db, BOT, received, now)
    while taken := await inbox.take(db, now, most=1000):
        await inbox.mark_done(db, [each.id for each in taken], now)
    await chats.note_heard(db, [each.officer.chat for each in heard], now)
    await messages.enqueue(db, new, now)


async def report(province: Province, db: AsyncConnection, planned: Planned, now: datetime) -> Exchange:
    """A report: a draft in some steps, sent, with its receipt; sometimes begun and left, corrected, with a photo."""
    officer, chance = planned.officer, province.chance
    asked = planned.form.asked_of(officer.unit.kind)
    figures = {row.key: Decimal(1 if row.yes_no else chance.randint(5, 500)) for row in asked.indicators if row.asked}
    steps = ["báo cáo", *(str(value) for value in list(figures.values())[:4])]
    state = {"sheet": {key: str(value) for key, value in figures.items()}, "born": f"{officer.chat}", "corrects": None}
    draft = await drafts.begin(db, officer.unit.id, planned.form.id, planned.period, state, by=officer.person, now=now)
    for _ in steps[1:]:
        draft = await drafts.save(db, draft, state, by=officer.person, now=now) or draft
    if chance.random() < ASKED_FOR_TIME:
        wanted, _ = await requests.ask(
            db, unit_id=officer.unit.id, form=planned.form.id, period=planned.period, kind=RequestKind.EXTENSION,
            reason="Đơn vị đang kiểm kê", asked_by=officer.person, now=now,
            wanted_on=now.date() + timedelta(days=5),
        )  # fmt: skip
        await requests.decide(
            db, wanted.id, approved=True, by=province.head.person, now=now, zone=VIETNAM,
            new_due_on=now.date() + timedelta(days=5),
        )  # fmt: skip
    if chance.random() < LEFT:
        return Exchange(officer, steps, ["Số lao động?"] * len(steps))
    on_time = now.date() <= due_on(planned.form, planned.period)
    versions = 2 if chance.random() < CORRECTED else 1
    for version in range(versions):
        await submissions.record(
            db,
            unit_id=officer.unit.id,
            form=planned.form.id,
            period=planned.period,
            figures=figures | {next(iter(figures)): Decimal(501 + version)},
            sent_at=now,
            sent_by=officer.person,
            on_time=on_time,
            carrier=(officer.chat, next(province.numbers)),
        )
    await drafts.drop(db, draft.id)
    if chance.random() < WITH_PHOTO:
        kept = await proofs.add(
            db, kind=ProofKind.PHOTO, file_id="A" * 80, chat_id=officer.chat, message_id=next(province.numbers),
            album=None, now=now,
        )  # fmt: skip
        await proofs.place(db, kept, officer.unit.id, f"{planned.form.id}:{planned.period.code}")
    return Exchange(officer, [*steps, "Gửi"], ["Số lao động?"] * len(steps) + ["Đã nhận"], receipt=True)


async def ask(province: Province, db: AsyncConnection, officer: Officer, now: datetime) -> Exchange:
    """A question, its answer with two buttons, sometimes without one, sometimes voted on or passed on."""
    number = next(province.numbers)
    question = f"chỉ tiêu số {number % 900} năm {YEAR} là bao nhiêu"
    await conversations.keep_context(db, officer.chat, officer.person, {"question": question}, now)
    for label in ("đúng", "khác"):
        await conversations.keep_button(db, {"question": question, "label": label}, now, person_id=officer.person)
    drawn = province.chance.random()
    if drawn < UNANSWERED:
        await feedback.record_missed(db, question, now.date())
        if drawn < UNANSWERED / 10:
            await relays.add(
                db, asked_by=officer.person, chat_id=officer.chat, unit_id=officer.unit.id, question=question, now=now
            )
    elif drawn < UNANSWERED + VOTED:
        await feedback.record_vote(db, question, good=True, ballot=f"{number}", on=now.date())
    return Exchange(officer, [question], ["80 % trở lên, mục II.2 " * 12])


async def announce(province: Province, now: datetime) -> None:
    """A notice to everybody."""
    head = province.head
    async with province.database.write() as db:
        found, _ = await broadcasts.confirm(
            db, unit_id=head.unit.id, to=BroadcastAudience.ALL, words="Mời các đơn vị dự họp giao ban. " * 8,
            made_by=head.person, chat_id=head.chat, token=f"notice{next(province.numbers)}",
            expected=len(province.officers), now=now,
        )  # fmt: skip
        while True:
            [open_one] = [each for each in await broadcasts.list_open(db) if each.id == found.id]
            some = await broadcasts.take_next(db, open_one, 200)
            if not some:
                break
            new = [NewMessage(chat, BODY + found.words, MessageKind.BROADCAST, key=key) for _, chat, key in some]
            await messages.enqueue(db, new, now)
    await send_all(province, now)
    async with province.database.write() as db:
        await broadcasts.note_told(db, found.id, "1", done_at=now)


async def hand_down(province: Province, now: datetime, *, again: bool = False) -> None:
    """Shares of the year's new members: the province's among its upper unions, theirs among their units."""
    head = province.head
    async with province.database.write() as db:
        if again:
            goal = (await shares.list_goals(db, head.unit.id, YEAR))[0]
        else:
            goal = await shares.add_goal(
                db, head.unit, year=YEAR, name="Kết nạp đoàn viên", measured_in="đoàn viên", indicator=None,
                by=head.person, now=now,
            )  # fmt: skip
            await shares.set_shares(db, goal, None, {head.unit.id: Decimal(9000)}, by=head.person, now=now)
        among = {upper.unit.id: Decimal(400 + 20 * again) for upper in province.uppers}
        await shares.set_shares(db, goal, head.unit, among, by=head.person, now=now)
        for upper in province.uppers:
            below = [each for each in province.officers if each.unit.parent_id == upper.unit.id]
            values = {each.unit.id: Decimal(8 + again * (place % 10 == 0)) for place, each in enumerate(below)}
            await shares.set_shares(db, goal, upper.unit, values, by=upper.person, now=now)


async def do_monthly_work(province: Province, now: datetime) -> None:
    """What supervisors do once a month: charts, and invitations, of which some are used and some mistyped."""
    async with province.database.write() as db:
        for upper in province.uppers:
            await errands.add(db, "chart", upper.chat, {"month": now.month}, now, key=f"c:{upper.chat}:{now:%Y%m}")
            picture = province.chance.randbytes(PICTURE)
            await messages.keep_file(db, f"{upper.chat}:{now:%Y%m}".rjust(64, "0"), picture, now)
            code = await invites.create(db, upper.unit.id, RoleName.OFFICER, now, created_by=upper.person)
            await invites.redeem(db, code[:-1], 9_000_000 + upper.chat, now)
            if province.chance.random() < 0.5:
                await invites.redeem(db, code, upper.chat, now)
        while some := await errands.claim(db, now, most=50):
            for errand in some:
                await errands.finish(db, errand.id, now)


async def send_all(province: Province, now: datetime) -> None:
    """Let everything that is due leave: nearly all arrives, some is refused, some is in doubt."""
    epoch = now.timestamp()
    for bulk in (False, True):  # replies and receipts, then what nobody waits for, a message a chat and second
        while True:
            epoch += 2
            async with province.database.write() as db:
                claim = Claim(None, timedelta(minutes=1), epoch)
                taken = await messages.claim(db, now, claim, most=500, bulk=bulk)
                if not taken:
                    break
                await messages.finish(db, [_outcome(province, each.id, each.generation) for each in taken], now)


def _outcome(province: Province, row: int, generation: int) -> Outcome:
    drawn = province.chance.random()
    if drawn < IN_DOUBT:
        return Outcome(row, generation, MessageState.DOUBT, error="ReadTimeout", doubted=True)
    if drawn < IN_DOUBT + REFUSED:
        return Outcome(row, generation, MessageState.DEAD, error="403 blocked")
    return Outcome(row, generation, MessageState.SENT, message_id=next(province.numbers))


async def live(province: Province, day: date, bot: app.Bot) -> None:
    """One day."""
    plan_reports(province, day)
    asking = len(province.officers) * QUESTIONS_A_MONTH / 30 / len(HOURS)
    for hour in HOURS:
        now = at(day, hour, 30)
        async with province.database.write() as db:
            heard = [await report(province, db, each, now) for each in province.planned.pop((day, hour), ())]
            askers = province.chance.sample(province.officers, round(asking))
            heard += [await ask(province, db, each, now) for each in askers]
            await hear(province, db, heard, now)
        if hour == HOURS[0]:  # the hour at which people are reminded; what has come since is decided with it
            await sweep.tick(province.database, province.rules, now, province.looked)
        await send_all(province, now)
    noon = at(day, 12)
    if day.day in (3, 18):
        await announce(province, noon)
    if day.day == 6:
        await do_monthly_work(province, noon)
    if (day.month, day.day) in ((1, 15), (7, 15)):
        await hand_down(province, noon, again=day.month > 1)
    night = at(day + timedelta(days=1), 2)
    await purge(province.database, [each for find in bot.hooks.stale for each in find(night)])


# --- What is measured ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Size:
    """Megabytes: of the file, of its free pages, of tables that are kept for a time, and of those that stay."""

    file: float
    free: float
    going: float
    staying: float


async def measure(database: Database, going: set[str]) -> Size:
    """The size of the database; indexes count with their tables."""
    async with database.read() as db:
        pages = await db.scalar(text("PRAGMA page_count")) or 0
        free = await db.scalar(text("PRAGMA freelist_count")) or 0
        page = await db.scalar(text("PRAGMA page_size")) or 0
        rows = await db.execute(
            text(
                "SELECT m.tbl_name AS name, sum(s.pgsize) AS size FROM dbstat s"
                " JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name"
            )
        )
        sizes = {row.name: row.size for row in rows}
    of_going = sum(size for name, size in sizes.items() if name in going)
    mega = 1_000_000
    return Size(pages * page / mega, free * page / mega, of_going / mega, (sum(sizes.values()) - of_going) / mega)


async def count_rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.read() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in schema.metadata.sorted_tables
        }


async def drill(database: Database, folder: Path, name: str, now: datetime) -> tuple[float, float]:
    """Back up, restore elsewhere, hold the rows of both against each other; seconds of both."""
    began = time.perf_counter()
    await copying.back_up(database, folder / f"{name}.db")
    backed_up = time.perf_counter()
    address = f"sqlite:///{folder / 'restored.db'}"
    await copying.restore(address, folder / f"{name}.db", now)
    restored = time.perf_counter()
    again = await Database.open(address, create=False)
    try:
        ours, theirs = await count_rows(database), await count_rows(again)
    finally:
        await again.close()
    async with database.read() as db:
        waiting = await messages.count_open(db, now)
    if waiting:
        raise click.ClickException(f"{waiting} messages of {name} have not left")
    if ours != theirs:
        raise click.ClickException(f"the copy of {name} holds other rows: {ours} and {theirs}")
    return backed_up - began, restored - backed_up


async def run(count: int, quarters: int, folder: Path) -> None:
    """Play it and print what each quarter came to."""
    settings = load_settings(
        telegram_bot_token=f"{BOT}:none-of-a-real-bot", database_url=f"sqlite:///{folder / 'troly.db'}"
    )
    database = await Database.open(settings.database_address)
    bot = app.build(settings, database)
    moment = at(date(YEAR, 1, 1), 0)
    rules = [each for find in bot.hooks.stale for each in find(moment)]
    # photos and plans' files are kept for a time only where they belong nowhere
    going = {each.table.name for each in rules} - {"proofs", "plan_files", "plan_file_pages"}
    province = Province(database, Rules.of(settings))
    try:
        await plant(province, count)
        click.echo(f"{count} units, {YEAR}; sizes in MB")
        click.echo("quarter   file   free   kept for a time   stays   reports   messages   backup   restored   took")
        day = date(YEAR, 1, 1)
        for quarter in range(1, quarters + 1):
            began = time.perf_counter()
            last = Period.containing(day, PeriodKind.QUARTER).end
            while day <= last:
                await live(province, day, bot)
                day += timedelta(days=1)
            took = time.perf_counter() - began
            size = await measure(database, going)
            rows = await count_rows(database)
            seconds = await drill(database, folder, f"quarter{quarter}", at(day, 3))
            drilled = f"{seconds[0]:>6.1f} s {seconds[1]:>8.1f} s"
            click.echo(
                f"{quarter:>7} {size.file:>6.1f} {size.free:>6.1f} {size.going:>17.1f} {size.staying:>7.1f}"
                f" {rows['submissions']:>9,} {rows['outbox']:>10,} {drilled} {took:>4.0f} s"
            )
    finally:
        await bot.carrier.close()
        await database.close()


@click.command()
@click.option("--units", "count", default=1000, show_default=True, help="Units that report.")
@click.option("--quarters", default=4, show_default=True, help="How long.")
def main(count: int, quarters: int) -> None:
    """A year of a province."""
    with temporary_folder() as folder:
        asyncio.run(run(count, quarters, Path(folder)))


if __name__ == "__main__":
    main()
