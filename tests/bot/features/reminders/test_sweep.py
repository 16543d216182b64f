"""What is owed is read afresh at every tick: on both engines."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from sqlalchemy import func, select

from bot.features.reminders.sweep import Sweep
from bot.services.duties import list_duties
from bot.services.officer_records import read_officer_records
from bot.services.reminding import WrittenCounts, write_reminders
from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Rule
from storage import (
    deadlines,
    people,
    reminders,
    requests,
    submissions,
    units,
)
from storage.mail import MessageKind
from storage.people import RoleName
from storage.reminders import Preferences
from storage.requests import RequestKind
from storage.schema import outbox, reminder_steps
from tests.bot.features.reminders.world import World, set_deadline
from tests.e2e.reminders_tree import BINH, FORM, HOA, HUNG, LAN, OCTOBER, at, submit


@pytest.mark.both_engines
async def test_a_month_of_steps_goes_to_whoever_still_owes(world: World) -> None:
    assert set(await world.morning(at("29/10"))) == {HOA, BINH, LAN}
    async with world.database.write() as db:
        await submit(db, world.tree.may, at("30/10"))
    words = await world.morning(at("02/11"))
    assert set(words) == {BINH, LAN}
    assert "Còn 3 ngày đến hạn" in words[LAN]
    assert "Biến động đoàn viên, tháng 10/2026" in words[LAN]
    assert "CĐCS Trường Nguyễn Du" in words[LAN]
    assert "thứ Năm, 05/11/2026" in words[LAN]
    assert "Ngày mai đến hạn" in (await world.morning(at("04/11")))[BINH]
    assert "Hôm nay là hạn cuối" in (await world.morning(at("05/11")))[BINH]
    words = await world.morning(at("06/11"))
    assert set(words) == {BINH, LAN, HUNG}
    assert "quá hạn 1 ngày" in words[BINH]
    assert "Còn thiếu 2/3 đơn vị" in words[HUNG]
    assert "CĐCS Cơ khí Tân Phong" in words[HUNG]
    assert "May Sông Xanh" not in words[HUNG]


async def test_asked_again_a_tick_says_nothing_new(world: World) -> None:
    assert (await world.tick(at("29/10"))).reminders == 3
    assert await world.tick(at("29/10", "08:31")) == WrittenCounts()
    world.sweep = Sweep()
    assert await world.tick(at("29/10", "12:00")) == WrittenCounts()


async def test_nothing_is_written_before_its_hour_or_in_quiet_hours(world: World) -> None:
    assert await world.tick(at("29/10", "08:29")) == WrittenCounts()
    assert await world.tick(at("29/10", "22:00")) == WrittenCounts()
    assert (await world.tick(at("30/10", "07:00"))) == WrittenCounts()
    assert (await world.tick(at("30/10", "08:30"))).reminders == 3


async def test_submitting_late_in_the_evening_before_stops_it(world: World) -> None:
    await world.tick(at("04/11"))
    async with world.database.write() as db:
        await submit(db, world.tree.truong, at("04/11", "08:30"))
    sent = await world.leaving(at("04/11", "08:31"))
    assert {chat for chat, said in sent if said is None} == {LAN}
    async with world.database.write() as db:
        await submit(db, world.tree.co_khi, at("04/11", "23:50"))
    assert set(await world.morning(at("05/11"))) == {HOA}


@pytest.mark.both_engines
async def test_a_report_sent_back_is_owed_again(world: World) -> None:
    async with world.database.write() as db:
        await submit(db, world.tree.may, at("28/10"))
        found = await submissions.find_current(db, world.tree.may.id, FORM, OCTOBER)
        assert found is not None
        await submissions.send_back(db, found.id, remark="Sai tổng", returned_by=None, now=at("30/10"))
    assert HOA in await world.morning(at("02/11"))


@pytest.mark.both_engines
async def test_an_extension_moves_every_step(world: World) -> None:
    async with world.database.write() as db:
        asked, _ = await requests.ask(
            db,
            unit_id=world.tree.may.id,
            form=FORM,
            period=OCTOBER,
            kind=RequestKind.EXTENSION,
            reason="Kiểm kê",
            asked_by=None,
            now=at("02/11", "09:00"),
        )
        await requests.decide(
            db,
            asked.id,
            approved=True,
            by=None,
            now=at("02/11", "10:00"),
            zone=world.rules.zone,
            new_due_on=date(2026, 11, 10),
        )
    assert set(await world.morning(at("03/11"))) == {HOA, BINH, LAN}  # seven days before; three days before, a day late
    assert set(await world.morning(at("04/11"))) == {BINH, LAN}
    assert set(await world.morning(at("05/11"))) == {BINH, LAN}
    words = await world.morning(at("06/11"))
    assert "đã gia hạn" in words[HOA]
    assert "Còn 4 ngày đến hạn" in words[HOA]  # three days before is a Saturday
    assert "Còn thiếu 2/3" in words[HUNG]
    assert "Hôm nay là hạn cuối" in (await world.morning(at("10/11")))[HOA]
    assert "Còn thiếu 3/3" in (await world.morning(at("11/11")))[HUNG]


async def test_after_a_week_of_silence_only_the_latest_step_is_sent(world: World) -> None:
    await world.morning(at("29/10"))
    words = await world.morning(at("10/11", "09:00"))
    assert set(words) == {HOA, BINH, LAN, HUNG}
    assert "quá hạn 5 ngày" in words[HOA]
    assert await world.tick(at("10/11", "09:30")) == WrittenCounts()


@pytest.mark.both_engines
async def test_each_has_their_own_hour_and_may_be_left_alone(world: World) -> None:
    async with world.database.write() as db:
        hoa, lan = world.tree.person[HOA], world.tree.person[LAN]
        await reminders.keep_preferences(db, hoa, Preferences(time(14)), at("01/10"))
        muted = Preferences(muted_until=at("03/11", "00:00"))
        await reminders.keep_preferences(db, lan, muted, at("01/10"))
    assert set(await world.morning(at("02/11"))) == {BINH}
    async with world.database.read() as db:
        here = reminder_steps.c.unit_id == world.tree.truong.id
        skipped = await db.scalars(select(reminder_steps.c.skipped).where(here, reminder_steps.c.skipped.is_not(None)))
        assert list(skipped) == ["muted"]
    assert set(await world.morning(at("02/11", "14:00"))) == {HOA}
    assert LAN in await world.morning(at("04/11"))


@pytest.mark.both_engines
async def test_a_set_deadline_is_reminded_of_until_it_is_done_or_ended(world: World) -> None:
    async with world.database.write() as db:
        rule = parse_rule("17h ngày 20/11", date(2026, 10, 1))
        assert isinstance(rule, Rule)
        deadline_id = await set_deadline(db, world, "Nộp danh sách khen thưởng", rule)
        for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
            await submit(db, unit, at("28/10"))
    words = await world.morning(at("13/11"))
    assert set(words) == {HOA, BINH, LAN}
    assert "17:00 thứ Sáu, 20/11/2026" in words[HOA]
    async with world.database.write() as db:
        await deadlines.mark_done(
            db, f"deadline:{deadline_id}:2026-11-20", world.tree.may.id, at("14/11"), by=world.tree.person[HOA]
        )
    assert set(await world.morning(at("17/11"))) == {BINH, LAN}
    words = await world.morning(at("23/11"))  # one day after is a Saturday
    assert "Còn thiếu 2/3" in words[HUNG]
    async with world.database.write() as db:
        await deadlines.end(db, deadline_id, at("23/11", "10:00"), by=None)
    assert "khen thưởng" not in "".join((await world.morning(at("27/11"))).values())


@pytest.mark.both_engines
async def test_a_dissolved_and_a_new_unit_owe_nothing_of_the_past(world: World) -> None:
    async with world.database.write() as db:
        await units.dissolve(db, world.tree.may.id, date(2026, 11, 1))
        new = await units.add(
            db,
            code="NEW",
            name="CĐCS mới",
            kind=world.tree.may.kind,
            registered_on=date(2026, 11, 2),
            parent_id=world.tree.upper.id,
        )
        person = await people.add(db, "Người Mới", at("02/11"), telegram_id=777)
        await people.grant(db, person.id, new.id, RoleName.OFFICER, at("02/11"))
    assert set(await world.morning(at("04/11"))) == {BINH, LAN}
    assert 777 in await world.morning(at("02/12"))


async def test_a_new_officer_is_not_reminded_of_the_step_of_the_morning_before(world: World) -> None:
    async with world.database.write() as db:
        person = await people.add(db, "Người Mới", at("02/11"), telegram_id=777)
        await people.grant(db, person.id, world.tree.may.id, RoleName.OFFICER, at("02/11", "10:00"))
    assert 777 not in await world.morning(at("02/11", "10:05"))
    assert 777 in await world.morning(at("04/11"))


async def test_the_last_before_the_deadline_is_the_last_call(world: World) -> None:
    await world.morning(at("04/11"))
    await world.tick(at("05/11"))
    async with world.database.read() as db:
        rows = (await db.execute(select(outbox.c.last_call, outbox.c.state))).all()
    assert sorted((row.state, row.last_call) for row in rows) == [("due", True)] * 3 + [("sent", False)] * 3


@pytest.mark.both_engines
async def test_two_processes_that_decide_at_once_say_it_once(world: World) -> None:
    now = at("29/10")
    async with world.database.read() as db:
        duties = await list_duties(db, world.rules, world.rules.today(now))
        person_ids = list(world.tree.person.values())
        records = await read_officer_records(db, world.rules, duties, person_ids, now)
    async with world.database.write() as db:
        first = await write_reminders(db, world.rules, records, now)
    async with world.database.write() as db:
        second = await write_reminders(db, world.rules, records, now)
    assert (first.reminders, second.reminders) == (3, 0)
    async with world.database.read() as db:
        assert await db.scalar(select(func.count()).select_from(outbox)) == 3
        assert await db.scalar(select(func.count()).select_from(reminder_steps)) == 3


async def test_a_stored_body_carries_no_words_and_no_names(world: World) -> None:
    await world.tick(at("29/10"))
    async with world.database.read() as db:
        bodies = list(
            (await db.execute(select(outbox.c.body).where(outbox.c.kind == MessageKind.REMINDER.value))).scalars()
        )
    assert len(bodies) == 3
    assert all(set(json.loads(body)) == {"person", "steps", "at", "until"} for body in bodies)
