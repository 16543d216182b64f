"""Time: clocks that jump, hours and days without the bot, zones, dates that move, and many things due at once.

Rows 12, 29, 32 to 37 and 60. The program runs on a clock of its own that is set from outside, beside people whose
messages carry the date of that clock.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import FaultKind, Limits, Player
from knowledge.calendar.rules import Frequency, Rule
from knowledge.model.owing import Audience
from storage import deadlines
from storage.units import Unit
from tests.e2e.reminders_tree import BINH, HOA, HUNG, LAN, Tree, at, plant, submit
from tests.faults.clocks import LIBRARIES
from tests.faults.earlier import make_earlier
from tests.faults.invariants import check
from tests.faults.office import asks, broken_table, count_of, more, open_office
from tests.faults.programs import problems
from tests.faults.reminders import Reminders
from tests.faults.rig import Engine, Intake, Rig, now

needs_shifted_clock = pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not installed (Debian package faketime)")

TICK = 5.0  # seconds between two looks at what is due
LATE = 30.0  # how late a reminder may be: a tick, a start, and a busy machine
TWO_TICKS = 2 * TICK + 1.0  # after which what did not come does not come


def be(rig: Rig, moment: datetime) -> None:
    """Let it be that moment for the program and for whoever writes to it."""
    rig.be(moment)
    rig.sandbox.clock.move_to(moment)


async def plant_tree(rig: Rig) -> Tree:
    """The small tree whose grassroots unions owe October's report by 5 November 2026; its people have started."""
    async with rig.database() as database, database.write() as db:
        tree = await plant(db)
    for telegram_id, first, last in (
        (HUNG, "Lê Văn", "Hùng"),
        (HOA, "Nguyễn Thị", "Hoa"),
        (BINH, "Phạm Quốc", "Bình"),
        (LAN, "Hồ Ngọc", "Lan"),
    ):
        rig.sandbox.add_person(Player(telegram_id, first, last), started=True)
    return tree


def heard(rig: Rig, telegram_id: int) -> list[str]:
    """Everything the bot has said to somebody."""
    return [message.text for message in rig.sandbox.chats[telegram_id].shown if message.by_bot]


# Away for long -------------------------------------------------------------------------------------------------------


@needs_shifted_clock
@pytest.mark.row(12)
async def test_a_day_and_an_hour_without_the_bot(rig: Rig) -> None:
    """What was written meanwhile is gone at Telegram; draft and reminders are there, and the admins hear of the gap."""
    await plant_tree(rig)
    hoa, binh = rig.chat.seat(HOA), rig.chat.seat(BINH)
    be(rig, at("28/10", "09:00"))
    program = await rig.start()
    await hoa.says("báo cáo tháng 10/2026: cnvclđ 1320, mới 12, giảm 3")
    await hoa.hears("2/4")
    await rig.stop(program)
    await binh.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    be(rig, at("29/10", "10:00"))
    assert not rig.sandbox.pending_updates(), "Telegram keeps nothing for longer than a day"
    await rig.start()
    await binh.hears("Còn 7 ngày đến hạn")
    await rig.until(lambda: bool(heard(rig, rig.admin.id)), "no admin hears that messages may be gone", LATE)
    await hoa.says("/baocao")
    await hoa.sees("Bản nháp vẫn còn")
    await hoa.says("1250")
    await hoa.sees("CNVCLĐ: 1.320")
    await rig.pass_time(TWO_TICKS)
    assert len(heard(rig, BINH)) == 1, heard(rig, BINH)


GAPS = {
    "a minute": ("29/10", "08:31", "Còn 7 ngày"),
    "three hours": ("29/10", "11:30", "Còn 7 ngày"),
    "three days": ("01/11", "08:31", "Còn 4 ngày"),
    "past the deadline": ("06/11", "10:00", "Đã quá hạn"),
}


@needs_shifted_clock
@pytest.mark.row(32, wide=True)
@pytest.mark.parametrize("gap", ["past the deadline", *more("a minute", "three hours", "three days")])
async def test_away_when_reminders_were_due(rig: Rig, gap: str) -> None:
    """Each is sent once, worded for the day on which it comes; nothing of what was due before follows."""
    await plant_tree(rig)
    be(rig, at("29/10", "08:28"))
    await rig.kill(await rig.start())
    day, hour, says = GAPS[gap]
    be(rig, at(day, hour))
    program = await rig.start()
    everyone = (HOA, BINH, LAN)
    await rig.until(lambda: all(heard(rig, person) for person in everyone), "no reminder after the gap", LATE)
    await rig.kill(program)
    await rig.start()
    await rig.pass_time(TWO_TICKS)
    for person in everyone:
        [said] = heard(rig, person)
        assert says in said


# A clock that jumps --------------------------------------------------------------------------------------------------


@needs_shifted_clock
@pytest.mark.thorough
@pytest.mark.row(33, wide=True)
async def test_a_clock_that_jumps_ahead_and_back_across_what_is_due(rig: Rig) -> None:
    """Nothing comes twice, nothing is left out, nothing comes later than one look at what is due."""
    tree = await plant_tree(rig)
    be(rig, at("29/10", "08:00"))
    await rig.start()
    be(rig, at("29/10", "10:00"))
    await rig.until(lambda: len(heard(rig, HOA)) == 1, "the jump ahead leaves a reminder out", LATE)
    await rig.pass_time(TICK)
    be(rig, at("29/10", "08:05"))
    await rig.pass_time(TWO_TICKS)
    be(rig, at("29/10", "08:29"))
    await rig.pass_time(TICK)
    assert len(heard(rig, HOA)) == len(heard(rig, BINH)) == 1, "the jump back repeats a reminder"
    await set_deadline(rig, tree.upper, "Nộp danh sách", "05/11/2026")
    be(rig, at("29/10", "08:30"))
    await rig.until(lambda: count_of(rig.chat.seat(HOA), "Nộp danh sách") == 1, "after the jump back", LATE)
    be(rig, at("02/11", "08:30"))
    await rig.until(lambda: any("Còn 3 ngày" in said for said in heard(rig, BINH)), "a later step is left out", LATE)


@needs_shifted_clock
@pytest.mark.row(33)
async def test_two_hours_back_while_nothing_is_due_stops_no_clockwork(rig: Rig) -> None:
    """What falls due minutes after the clock was set right comes in time: ticks go by time that passes."""
    tree = await plant_tree(rig)
    be(rig, at("28/10", "10:20"))
    await rig.start()
    await rig.pass_time(TICK + 1)
    be(rig, at("28/10", "08:29"))
    await set_deadline(rig, tree.upper, "Nộp danh sách", "04/11/2026")
    be(rig, at("28/10", "08:30"))
    await rig.until(lambda: count_of(rig.chat.seat(HOA), "Nộp danh sách") == 1, "the ticks stand still", LATE)


async def set_deadline(rig: Rig, unit: Unit, what: str, day: str, *, rule: Rule | None = None) -> int:
    """A deadline for a unit and all below, as if it had been set long ago."""
    due = date(*reversed([int(part) for part in day.split("/")]))
    async with rig.database() as database, database.write() as db:
        made = await deadlines.add(
            db,
            unit_id=unit.id,
            what=what,
            rule=(rule or Rule(Frequency.ONCE, dates=(due,))).code,
            wording="",
            audience=Audience.ALL,
            set_by=None,
            now=at("05/01/2026"),
        )
    return made.id


# Zones ---------------------------------------------------------------------------------------------------------------


@needs_shifted_clock
@pytest.mark.thorough
@pytest.mark.row(34)
async def test_the_machines_own_zone_changes_nothing(rig: Rig) -> None:
    await plant_tree(rig)
    for zone in ("America/New_York", "Pacific/Kiritimati"):
        be(rig, at("29/10" if zone.startswith("A") else "02/11", "08:29"))
        before = len(heard(rig, HOA))
        program = await rig.start(TZ=zone)
        await rig.pass_time(TICK + 2)
        assert len(heard(rig, HOA)) == before, f"too early in {zone}"
        be(rig, rig.sandbox.clock() + timedelta(minutes=1))
        await rig.until(lambda before=before: len(heard(rig, HOA)) == before + 1, f"too late in {zone}", LATE)  # type: ignore[misc]
        await rig.stop(program)


#: A working day after each change of the clocks in Finland, and half past eight there in UTC.
CHANGES = {"spring": ("06/04/2026", datetime(2026, 3, 30, 5, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
           "autumn": ("02/11/2026", datetime(2026, 10, 26, 6, 30, tzinfo=UTC),
                      datetime(2026, 10, 25, 1, 0, tzinfo=UTC))}  # fmt: skip


@needs_shifted_clock
@pytest.mark.thorough
@pytest.mark.row(34)
@pytest.mark.parametrize("season", CHANGES)
async def test_a_zone_whose_clocks_change(rig: Rig, season: str) -> None:
    """The program runs through the change; the reminder comes at half past eight of the new time."""
    due, moment, change = CHANGES[season]
    rig.settings["TIMEZONE"] = "Europe/Helsinki"
    tree = await plant_tree(rig)
    be(rig, change - timedelta(seconds=3))
    await rig.start()
    await set_deadline(rig, tree.upper, "Nộp danh sách", due)
    hoa = rig.chat.seat(HOA)
    await rig.pass_time(TICK)
    be(rig, moment - timedelta(hours=1, seconds=-1))  # half past eight, were the clocks never changed
    await rig.pass_time(TICK + 1)
    be(rig, moment - timedelta(seconds=40))
    await rig.pass_time(TICK + 1)
    assert count_of(hoa, "Nộp danh sách") == 0, "an hour too early"
    be(rig, moment + timedelta(seconds=1))
    await rig.until(lambda: count_of(hoa, "Nộp danh sách") == 1, "an hour too late", LATE)


@pytest.mark.row(34)
async def test_without_data_of_zones_it_says_so_and_does_not_start(rig: Rig) -> None:
    shadow = rig.folder / "shadow"
    (shadow / "tzdata").mkdir(parents=True)
    (shadow / "tzdata" / "__init__.py").touch()
    path = f"{shadow}:{Path(__file__).parents[2]}"
    program = await rig.start(ready=False, PYTHONTZPATH="", PYTHONPATH=path)
    assert await program.wait() != 0
    assert len(problems(program.said)) == 1, program.said
    assert "tzdata" in program.said or "time zone" in program.said.lower()


# Dates ---------------------------------------------------------------------------------------------------------------


@needs_shifted_clock
@pytest.mark.thorough
@pytest.mark.row(35)
async def test_a_leap_day_and_the_end_of_a_month(rig: Rig) -> None:
    """“Ngày cuối tháng” is 29 February in 2028 and 31 March after it; each is reminded of by its own date."""
    tree = await plant_tree(rig)
    await set_deadline(rig, tree.upper, "Chốt sổ", "29/02/2028", rule=Rule.parse("month:0.last"))
    hoa = rig.chat.seat(HOA)

    def says(*pieces: str) -> bool:
        return any("Chốt sổ" in said and all(piece in said for piece in pieces) for said in heard(rig, HOA))

    be(rig, at("22/02/2028", "08:31"))
    program = await rig.start()
    await rig.until(lambda: says("29/02/2028"), "the leap day is not reminded of", LATE)
    be(rig, at("24/03/2028", "08:31"))
    await rig.until(lambda: says("31/03/2028"), "the end of March is not reminded of", LATE)
    await rig.pass_time(TWO_TICKS)
    assert not says("30/03/2028")
    assert count_of(hoa, "29/02/2028") == 1
    await rig.stop(program)


@needs_shifted_clock
@pytest.mark.thorough
@pytest.mark.row(35)
async def test_a_deadline_moved_after_its_first_reminder(rig: Rig) -> None:
    """The new date holds from then on, and neither is reminded of twice."""
    tree = await plant_tree(rig)
    hoa = rig.chat.seat(HOA)
    first = await set_deadline(rig, tree.upper, "Nộp danh sách", "12/11/2026")
    async with rig.database() as database, database.write() as db:
        for unit in (tree.may, tree.co_khi, tree.truong):
            await submit(db, unit, at("30/10"))
    be(rig, at("05/11", "08:30"))
    await rig.start()
    await rig.until(lambda: count_of(hoa, "12/11/2026") == 1, "the first date is not reminded of", LATE)
    async with rig.database() as database, database.write() as db:
        await deadlines.end(db, first, at("05/11", "09:00"), by=None)
    await set_deadline(rig, tree.upper, "Nộp danh sách", "20/11/2026")
    be(rig, at("09/11", "08:31"))
    await rig.pass_time(TWO_TICKS)
    be(rig, at("13/11", "08:31"))
    await rig.until(lambda: count_of(hoa, "20/11/2026") == 1, "the new date is not reminded of", LATE)
    await rig.pass_time(TWO_TICKS)
    assert (count_of(hoa, "12/11/2026"), count_of(hoa, "20/11/2026")) == (1, 1)


# Many at once, and at the last moment --------------------------------------------------------------------------------


@needs_shifted_clock
@pytest.mark.thorough
@pytest.mark.row(36, seeded=True)
async def test_officers_who_report_in_the_second_in_which_reminders_leave(rig: Rig) -> None:
    """At most the one that was leaving, and none once the receipt was seen."""
    today = at("29/10", "08:29")
    be(rig, today)
    rig.sandbox.latency = 0.02
    rig.settings["SEND_RATE"] = "30"
    office = await open_office(rig, 25, at=today, reminded=True)
    await rig.start()
    be(rig, at("29/10", "08:29") + timedelta(seconds=58))

    async def report(number: int) -> None:
        officer = office.officers[number]
        await asyncio.sleep(rig.chance.random() * (TICK + 3))
        await officer.says(office.report())
        await officer.sees("bấm Gửi")
        await officer.taps("Gửi")
        await officer.sees("Đã nhận")

    await asyncio.gather(*(report(number) for number in range(len(office.officers))))
    await rig.pass_time(TWO_TICKS)
    rig.figures.reports += len(office.officers)
    reminded = 0
    for officer in office.officers:
        shown = [message for message in officer.room.shown if message.by_bot]
        receipt = next(message for message in shown if "Đã nhận" in message.text)
        reminders = [message for message in shown if "đến hạn" in message.text and message is not receipt]
        reminded += len(reminders)
        assert len(reminders) <= 1, officer.transcript()
        assert all(message.sent_at < receipt.sent_at + 0.5 for message in reminders), officer.transcript()
    rig.figures.reminders += reminded


@pytest.mark.thorough
@pytest.mark.row(29, engine=Engine.POSTGRESQL, intake=Intake.WEBHOOK, short=(Engine.SQLITE, Intake.POLLING))
async def test_a_thousand_reminders_in_one_minute_stay_below_the_limits(rig: Rig) -> None:
    """Counted where they arrive, as Telegram counts: none is refused, over all or to one chat, and each comes once."""
    replicas, count = (1, 75) if rig.is_sqlite else (3, 1000)
    due = await Reminders.planted(rig, count, only_early=True)
    rig.settings["SEND_RATE"] = "30"
    rig.sandbox.limiter.limits = Limits()
    began = time.monotonic()
    for _ in range(replicas):
        await rig.start()
    await rig.until(lambda: due.done >= count, "reminders are missing", count / 30 + 30)
    took = time.monotonic() - began
    assert rig.sandbox.limiter.refused == 0, f"{rig.sandbox.limiter.refused} refused"
    assert took < count / 30 / 0.8 + 15, f"{took:.0f} s for {count}"
    await check(rig, due)


@pytest.mark.row(37, wide=True)
async def test_fifty_reminders_of_an_earlier_version_leave_after_the_upgrade(rig: Rig) -> None:
    """Rows as an earlier version wrote them, some due and some claimed: nothing in them names a function."""
    due = await Reminders.planted(rig, 50, only_early=True)
    await asyncio.to_thread(make_earlier, rig.url, "0005")
    await rig.start()
    await rig.until(lambda: due.done >= 50, "reminders of the earlier version do not leave")
    await check(rig, due)


# Put off while the clock was wrong -----------------------------------------------------------------------------------

JUMPS = {"2h": timedelta(hours=2), "7h": timedelta(hours=7), "30s": timedelta(seconds=30)}
PUT_OFF = ("502", "429", "handler")
SHORT_JUMPS = (("502", "7h", False), ("429", "7h", True))
LONGEST_WAIT = 15.0  # seconds: a back-off of two, a restart, and a busy machine


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "jump" in metafunc.fixturenames:
        every = [(what, ahead, again) for what in PUT_OFF for ahead in JUMPS for again in (False, True)]
        some = every if metafunc.config.getoption("full", False) else SHORT_JUMPS
        ids = [f"{what}-{ahead}-{'restart' if again else 'stays'}" for what, ahead, again in some]
        metafunc.parametrize("jump", some, ids=ids)


@needs_shifted_clock
@pytest.mark.row(60, wide=True)
async def test_what_is_put_off_while_the_clock_is_ahead_is_not_put_off_for_hours(
    rig: Rig, jump: tuple[str, str, bool]
) -> None:
    """Once the clock is right again, no chat is silent for longer than the longest wait that was meant."""
    what, ahead, again = jump
    hoa, binh = rig.chat.person("Nguyễn Thị Hoa"), rig.chat.person("Phạm Quốc Bình")
    be(rig, now() + JUMPS[ahead])
    program = await rig.start()
    await asks(hoa, 0)
    await asks(binh, 0)
    if what == "handler":
        async with broken_table(rig, "missed_questions"):
            await hoa.says("chỉ tiêu trồng cây xanh 2025")
            await rig.until(lambda: program.said.count("update failed") >= 2, "the handler does not fail")
            await rig.pass_time(0.15)
    else:
        if what == "502":
            rig.fault(FaultKind.BAD_GATEWAY, "sendMessage")
        else:
            rig.fault(FaultKind.RETRY_AFTER, "sendMessage", retry_after=3)
        await hoa.says("chỉ tiêu trồng cây xanh 2025")
        await rig.until(lambda: not rig.sandbox.faults.waiting, "nothing is sent")
        await rig.pass_time(0.3)
    if again:
        await rig.kill(program)
    be(rig, now())
    if again:
        await rig.start()
    began = time.monotonic()
    await binh.says("đoàn viên 2030 TP.HCM")
    await rig.until(
        lambda: count_of(hoa, "không có trong các kế hoạch") == 1 and count_of(binh, "1.780.000") == 1,
        f"silence after {what} with the clock {ahead} ahead",
        LONGEST_WAIT,
    )
    assert time.monotonic() - began < LONGEST_WAIT
    await check(rig, seats=(hoa, binh), doubts=int(what == "502"))
