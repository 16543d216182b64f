"""What campaigns, deadlines and plans ask of whom."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import msgspec
import pytest
from sqlalchemy import update

from bot.services.duties import list_duties
from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Rule
from knowledge.model.obligations import DEFAULT_STEPS
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Deadline
from knowledge.model.units import UnitKind
from storage import (
    campaigns,
    reminder_recipients,
    units,
)
from storage.schema import roles
from tests.bot.features.reminders.world import World, set_deadline
from tests.e2e.reminders_tree import BINH, HOA, HUNG, LAN, at, submit


@pytest.mark.both_engines
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
    assert "Số liệu sơ kết, đợt so-ket" in words[HOA]
    assert "Còn thiếu 1/1" in (await world.morning(at("23/11")))[HUNG]


async def test_a_weekly_deadline_does_not_speak_of_the_week_after(world: World) -> None:
    async with world.database.write() as db:
        rule = parse_rule("thứ sáu hằng tuần", date(2026, 10, 1))
        assert isinstance(rule, Rule)
        await set_deadline(db, world, "Báo cáo nhanh", rule)
        for unit in (world.tree.may, world.tree.co_khi, world.tree.truong):
            await submit(db, unit, at("28/10"))
    async with world.database.read() as db:
        duties = await list_duties(db, world.rules, date(2026, 11, 2))
    weekly = [duty for duty in duties if duty.title == "Báo cáo nhanh"]
    assert weekly
    assert {duty.steps for duty in weekly} == {(-3, -1, 0, 1, 3)}


@pytest.mark.both_engines
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
        duties = await list_duties(db, world.rules, date(2026, 12, 20))
    [yearly] = [duty for duty in duties if duty.group.startswith("plan:")]
    assert yearly.due_on == date(2026, 12, 31)
    assert yearly.steps == (-7, -1)


async def test_a_plans_duty_falls_on_the_days_that_it_names(world: World) -> None:
    vuit = world.rules.plans["vuit-nq02-2021"]
    said = {
        "nam": ("trước ngày 30/11 hằng năm", "yearly", "month/12:10.d30-1"),
        "thang": ("ngày 25 hằng tháng", "monthly", None),
        "tuan": ("thứ sáu hằng tuần", "regular", "week:4"),
        "quy": ("định kỳ 03 tháng", "every 3 months", None),
    }
    made = [
        Deadline(name, name, when, "x", "IV", recurrence=recurrence, rule=rule, owed_by=(UnitKind.PRIVATE,))
        for name, (when, recurrence, rule) in said.items()
    ]
    plan = msgspec.structs.replace(vuit, deadlines=tuple(made))
    rules = dataclasses.replace(world.rules, plans={plan.id: plan})
    async with world.database.read() as db:
        duties = await list_duties(db, rules, date(2026, 11, 20), behind=timedelta(0), ahead=timedelta(days=60))
    found: dict[str, list[tuple[date, tuple[int, ...]]]] = {name: [] for name in said}
    for duty in duties:
        if duty.group.startswith("plan:"):
            found[duty.title].append((duty.due_on, duty.steps))
    assert found["nam"] == [(date(2026, 11, 29), DEFAULT_STEPS)]
    assert found["thang"] == [(date(2026, 11, 25), DEFAULT_STEPS), (date(2026, 12, 25), DEFAULT_STEPS)]
    assert found["quy"] == [(date(2026, 12, 31), (-7, -1))]
    assert found["tuan"][0] == (date(2026, 11, 20), (-3, -1, 0, 1, 3))
    assert {steps for _, steps in found["tuan"]} == {(-3, -1, 0, 1, 3)}


async def test_units_of_another_issuers_plan_do_not_owe_what_this_one_asks(world: World) -> None:
    async with world.database.write() as db:
        await units.change(db, world.tree.truong.id, plan="hcm-nq02-2022")
    async with world.database.read() as db:
        duties = await list_duties(db, world.rules, date(2026, 12, 20))
        [yearly] = [duty for duty in duties if duty.group.startswith("plan:vuit")]
        posts = await reminder_recipients.list_posts(db, [world.tree.person[HOA], world.tree.person[LAN]])
    assert [yearly.asked.includes(post.unit) for post in posts] == [True, False]
