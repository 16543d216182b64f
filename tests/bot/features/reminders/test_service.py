"""What is owed is read afresh at every tick and again when a message leaves: on both engines."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.features.reminders import service as reminding
from bot.features.reminders.commands import make_words, tell_of_lost
from bot.features.reminders.service import Rules, Sweep, Ticked
from bot.road.reply import Reply, to_plain
from bot.road.turn import Later
from knowledge.answer import load_adviser
from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Rule
from knowledge.model.owing import Audience
from knowledge.model.periods import Period, PeriodKind
from storage import (
    campaigns,
    chats,
    deadlines,
    drafts,
    messages,
    people,
    reminder_recipients,
    reminders,
    requests,
    submissions,
    units,
)
from storage.engine import Database
from storage.mail import Kind
from storage.messages import Outcome, Outgoing, State
from storage.people import RoleName
from storage.reminders import Preferences
from storage.requests import RequestKind
from storage.schema import outbox, reminder_steps, roles
from tests.e2e.reminders_tree import BINH, FORM, HOA, HUNG, LAN, OCTOBER, Tree, at, plant, submit

MOST = 500


@dataclass
class World:
    """A tree in a database, and an outbox that a test empties by hand."""

    database: Database
    rules: Rules
    tree: Tree

    def __post_init__(self) -> None:
        self.look_again = make_words(self.rules)
        self.sweep = Sweep()

    async def tick(self, now: datetime) -> Ticked:
        return await reminding.tick(self.database, self.rules, now, self.sweep)

    async def leaving(self, now: datetime) -> list[tuple[int, Reply | Later | None]]:
        """What becomes of everything due: sent, put off or dropped; as the dispatcher does it."""
        found: list[tuple[int, Reply | Later | None]] = []
        async with self.database.write() as db:
            for epoch in range(10):
                claimed = await messages.claim(
                    db, now, most=MOST, lease=timedelta(minutes=1), bulk=True, epoch=1e9 + 100 * epoch
                )
                found += [(outgoing.chat_id, await self._settle(db, outgoing, now)) for outgoing in claimed]
        return found

    async def _settle(self, db: object, outgoing: Outgoing, now: datetime) -> Reply | Later | None:
        said = await self.look_again(db, outgoing, now)  # type: ignore[arg-type]
        state = State.SENT if isinstance(said, Reply) else State.DUE if isinstance(said, Later) else State.DROPPED
        again = said.at if isinstance(said, Later) else None
        outcome = Outcome(outgoing.id, outgoing.generation, state, message_id=1, again_at=again)
        await messages.finish(db, [outcome], now)  # type: ignore[arg-type]
        return said

    async def morning(self, now: datetime) -> dict[int, str]:
        """Tick, and send: the words by chat."""
        await self.tick(now)
        return {chat: to_plain(said.text) for chat, said in await self.leaving(now) if isinstance(said, Reply)}


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with database.write() as db:
        tree = await plant(db)
    yield World(database, Rules(plans=load_adviser().plans), tree)


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
    assert "quá 1 ngày" in words[BINH]
    assert "Còn thiếu 2/3 đơn vị" in words[HUNG]
    assert "CĐCS Cơ khí Tân Phong" in words[HUNG]
    assert "May Sông Xanh" not in words[HUNG]


async def test_asked_again_a_tick_says_nothing_new(world: World) -> None:
    assert (await world.tick(at("29/10"))).reminders == 3
    assert await world.tick(at("29/10", "08:31")) == Ticked()
    world.sweep = Sweep()
    assert await world.tick(at("29/10", "12:00")) == Ticked()


async def test_nothing_is_written_before_its_hour_or_in_quiet_hours(world: World) -> None:
    assert await world.tick(at("29/10", "08:29")) == Ticked()
    assert await world.tick(at("29/10", "22:00")) == Ticked()
    assert (await world.tick(at("30/10", "07:00"))) == Ticked()
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


async def test_a_report_sent_back_is_owed_again(world: World) -> None:
    async with world.database.write() as db:
        await submit(db, world.tree.may, at("28/10"))
        found = await submissions.find_current(db, world.tree.may.id, FORM, OCTOBER)
        assert found is not None
        await submissions.send_back(db, found.id, remark="Sai tổng", returned_by=None, now=at("30/10"))
    assert HOA in await world.morning(at("02/11"))


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
    assert "quá 5 ngày" in words[HOA]
    assert await world.tick(at("10/11", "09:30")) == Ticked()


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


async def test_a_reader_who_is_writing_is_let_finish_for_an_hour_at_most(world: World) -> None:
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "08:29"))
    assert set(await world.morning(at("29/10"))) == {BINH, LAN}
    await world.tick(at("29/10", "08:39"))
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "08:39"))
    [(chat, said)] = await world.leaving(at("29/10", "08:39")) or [(0, None)]
    assert (chat, said) == (0, None) or isinstance(said, Later)
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "09:29"))
    assert set(await world.morning(at("29/10", "09:30"))) == {HOA}


async def test_a_message_that_waits_while_its_reader_writes_goes_out_within_the_hour(world: World) -> None:
    await world.tick(at("29/10"))
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "08:30"))
    said = dict(await world.leaving(at("29/10", "08:31")))
    assert said[HOA] == Later(at("29/10", "08:40"))
    async with world.database.write() as db:
        await chats.note_heard(db, [HOA], at("29/10", "09:25"))
    assert dict(await world.leaving(at("29/10", "09:26")))[HOA] == Later(at("29/10", "09:30"))
    assert isinstance(dict(await world.leaving(at("29/10", "09:30")))[HOA], Reply)


async def test_an_unfinished_draft_is_named(world: World) -> None:
    async with world.database.write() as db:
        await drafts.begin(db, world.tree.may.id, FORM, OCTOBER, {}, by=None, now=at("28/10"))
    await world.tick(at("29/10"))
    said = dict(await world.leaving(at("29/10")))
    reply = said[HOA]
    assert isinstance(reply, Reply)
    assert "đang nhập dở" in reply.text
    assert reply.buttons[0][0].label == "Tiếp tục"
    other = said[BINH]
    assert isinstance(other, Reply)
    assert [button.label for row in other.buttons for button in row] == [
        "Nộp ngay",
        "Không có biến động",
        "Nhắc lại sau",
        "Xin gia hạn",
        "Đưa vào lịch (.ics)",
    ]


async def test_one_message_for_everything_due_to_one_person(world: World) -> None:
    async with world.database.write() as db:
        await people.grant(db, world.tree.person[HOA], world.tree.truong.id, RoleName.OFFICER, at("01/10"))
        rule = parse_rule("ngày 5 hằng tháng", date(2026, 10, 1))
        assert isinstance(rule, Rule)
        await _set(db, world, "Nộp danh sách khen thưởng", rule)
    words = await world.morning(at("04/11"))
    assert words[HOA].count("Đơn vị:") == 4
    assert "Nộp danh sách khen thưởng" in words[HOA]


async def _set(db: object, world: World, what: str, rule: Rule, audience: Audience = Audience.GRASSROOTS) -> int:
    deadline = await deadlines.add(
        db,  # type: ignore[arg-type]
        unit_id=world.tree.upper.id,
        what=what,
        rule=rule.code,
        wording="",
        audience=audience,
        set_by=world.tree.person[HUNG],
        now=at("01/10"),
    )
    return deadline.id


async def test_a_set_deadline_is_reminded_of_until_it_is_done_or_ended(world: World) -> None:
    async with world.database.write() as db:
        rule = parse_rule("17h ngày 20/11", date(2026, 10, 1))
        assert isinstance(rule, Rule)
        deadline_id = await _set(db, world, "Nộp danh sách khen thưởng", rule)
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


async def test_a_campaign_is_owed_by_the_part_of_the_tree_it_was_opened_for(world: World) -> None:
    async with world.database.write() as db:
        for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
            await submit(db, unit, at("28/10"))
        await campaigns.open_campaign(
            db,
            form="so-ket-nhiem-ky",
            period=Period(PeriodKind.CAMPAIGN, 2026, name="so-ket"),
            unit_id=world.tree.may.id,
            opens_on=date(2026, 11, 1),
            due_on=date(2026, 11, 20),
            locks_on=date(2026, 11, 30),
            opened_by=None,
            now=at("01/11"),
        )
    words = await world.morning(at("13/11"))
    assert set(words) == {HOA}
    assert "Biểu số liệu sơ kết giữa nhiệm kỳ, đợt so-ket" in words[HOA]
    assert "Còn thiếu 1/1" in (await world.morning(at("23/11")))[HUNG]


async def test_a_weekly_deadline_does_not_speak_of_the_week_after(world: World) -> None:
    async with world.database.write() as db:
        rule = parse_rule("thứ sáu hằng tuần", date(2026, 10, 1))
        assert isinstance(rule, Rule)
        await _set(db, world, "Báo cáo nhanh", rule)
        for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
            await submit(db, unit, at("28/10"))
    async with world.database.read() as db:
        duties = await reminding.list_duties(db, world.rules, date(2026, 11, 2))
    weekly = [duty for duty in duties if duty.title == "Báo cáo nhanh"]
    assert weekly
    assert {duty.steps for duty in weekly} == {(-3, -1, 0, 1, 3)}


async def test_a_plans_dated_deadline_binds_those_it_names(world: World) -> None:
    async with world.database.write() as db:
        for month in (11, 12):
            for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
                await submit(db, unit, at(f"28/{month}/2020"), Period.month(2020, month))
        await db.execute(update(roles).values(granted_at=at("01/10/2020")))
    words = await world.morning(at("11/01/2021"))
    assert set(words) == {HOA, BINH, LAN}
    assert "Báo cáo sơ kết giữa nhiệm kỳ" in words[HOA]
    assert "thứ Năm, 14/01/2021" in words[HOA]


async def test_a_plans_yearly_task_is_mentioned_gently_and_not_counted(world: World) -> None:
    async with world.database.read() as db:
        duties = await reminding.list_duties(db, world.rules, date(2026, 12, 20))
    [yearly] = [duty for duty in duties if duty.group.startswith("plan:")]
    assert yearly.due_on == date(2026, 12, 31)
    assert yearly.steps == (-7, -1)


async def test_units_of_another_issuers_plan_do_not_owe_what_this_one_asks(world: World) -> None:
    async with world.database.write() as db:
        await units.change(db, world.tree.truong.id, plan="hcm-nq02-2022")
    async with world.database.read() as db:
        duties = await reminding.list_duties(db, world.rules, date(2026, 12, 20))
        [yearly] = [duty for duty in duties if duty.group.startswith("plan:vuit")]
        posts = await reminder_recipients.list_posts(db, [world.tree.person[HOA], world.tree.person[LAN]])
    assert [yearly.asked.includes(post.unit) for post in posts] == [True, False]


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


async def test_a_unit_dissolved_after_the_due_day_is_named_in_the_digest_and_not_nudged(world: World) -> None:
    async with world.database.write() as db:
        await units.dissolve(db, world.tree.may.id, date(2026, 11, 6))
    words = await world.morning(at("06/11"))
    assert set(words) == {BINH, LAN, HUNG}
    assert "Còn thiếu 3/3 đơn vị" in words[HUNG]
    assert "CĐCS May Sông Xanh (đã giải thể 06/11/2026)" in words[HUNG]
    now = at("06/11", "09:00")
    async with world.database.write() as db:
        duties = await reminding.list_duties(db, world.rules, world.rules.today(now))
        [duty] = [each for each in duties if each.period == OCTOBER and each.key.form == FORM]
        found = await reminding.read_digest(db, world.rules, duty, world.tree.person[HUNG], now, number=1)
        assert found is not None
        obligations = [each.obligation for each in found.missing]
        nudged = await reminding.nudge(db, world.rules, obligations, now, by=world.tree.person[HUNG])
        assert (nudged.reminded, nudged.without_officer) == (2, 0)
        for unit in (world.tree.co_khi, world.tree.truong):
            await submit(db, unit, now)
        assert await reminding.read_digest(db, world.rules, duty, world.tree.person[HUNG], now, number=1) is None
    assert HUNG not in await world.morning(at("09/11"))


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


async def test_two_processes_that_decide_at_once_say_it_once(world: World) -> None:
    now = at("29/10")
    async with world.database.read() as db:
        duties = await reminding.list_duties(db, world.rules, world.rules.today(now))
        person_ids = list(world.tree.person.values())
        standing = await reminding.read_standing(db, world.rules, duties, person_ids, now)
    async with world.database.write() as db:
        first = await reminding.write_reminders(db, world.rules, standing, now)
    async with world.database.write() as db:
        second = await reminding.write_reminders(db, world.rules, standing, now)
    assert (first.reminders, second.reminders) == (3, 0)
    async with world.database.read() as db:
        assert await db.scalar(select(func.count()).select_from(outbox)) == 3
        assert await db.scalar(select(func.count()).select_from(reminder_steps)) == 3


async def test_the_blocked_are_skipped_and_their_supervisor_is_told(world: World) -> None:
    async with world.database.write() as db:
        await chats.note_unreachable(db, HOA, "blocked", at("28/10"))
        await tell_of_lost(db, world.rules, HOA, at("28/10", "22:30"))
    assert await world.leaving(at("28/10", "22:31")) == []
    words = await world.morning(at("29/10"))
    assert set(words) == {BINH, LAN, HUNG}
    assert "Nguyễn Thị Hoa" in words[HUNG]
    assert "không gửi tin được" in words[HUNG]
    words = await world.morning(at("06/11"))
    assert "CĐCS May Sông Xanh (không gửi tin được" in words[HUNG]


async def test_remind_all_passes_a_supervisors_wish_on_once(world: World) -> None:
    await world.morning(at("06/11"))
    async with world.database.write() as db:
        duties = await reminding.list_duties(db, world.rules, date(2026, 11, 6))
        [duty] = [each for each in duties if each.period == OCTOBER]
        hung = world.tree.person[HUNG]
        found = await reminding.read_digest(db, world.rules, duty, hung, at("06/11", "09:00"), number=1)
        assert found is not None
        missing = [each.obligation for each in found.missing]
        first = await reminding.nudge(db, world.rules, missing, at("06/11", "09:00"), by=hung)
        second = await reminding.nudge(db, world.rules, missing, at("06/11", "10:00"), by=hung)
    assert (first.reminded, second.reminded, second.again) == (3, 0, 3)
    words = {chat: said for chat, said in await world.leaving(at("06/11", "09:00")) if isinstance(said, Reply)}
    assert set(words) == {HOA, BINH, LAN}
    assert "Lê Văn Hùng nhờ nhắc" in words[HOA].text


async def test_a_digest_is_dropped_where_all_have_come_meanwhile(world: World) -> None:
    await world.tick(at("06/11"))
    async with world.database.write() as db:
        for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
            await submit(db, unit, at("06/11", "08:30"))
    assert {said for _, said in await world.leaving(at("06/11", "08:31"))} == {None}


async def test_a_stored_body_carries_no_words_and_no_names(world: World) -> None:
    await world.tick(at("29/10"))
    async with world.database.read() as db:
        bodies = list((await db.execute(select(outbox.c.body).where(outbox.c.kind == Kind.REMINDER.value))).scalars())
    assert len(bodies) == 3
    assert all(set(json.loads(body)) == {"person", "steps", "at", "until"} for body in bodies)
