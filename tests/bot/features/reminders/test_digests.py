"""Who is missing, and reminding them at a supervisor's wish."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.features.reminders.digests import read_digest
from bot.road.reply import Reply
from bot.services.duties import list_duties
from bot.services.nudging import ASK_AGAIN_AFTER, nudge
from bot.words.nudging import nudged_all
from storage import reminders, units
from storage.reminders import Preferences
from tests.bot.features.reminders.world import World
from tests.e2e.reminders_tree import BINH, FORM, HOA, HUNG, LAN, OCTOBER, at, submit


@pytest.mark.both_engines
async def test_a_unit_dissolved_after_the_due_day_is_named_in_the_digest_and_not_nudged(world: World) -> None:
    async with world.database.write() as db:
        await units.dissolve(db, world.tree.may.id, date(2026, 11, 6))
    words = await world.morning(at("06/11"))
    assert set(words) == {BINH, LAN, HUNG}
    assert "Còn thiếu 3/3 đơn vị" in words[HUNG]
    assert "CĐCS May Sông Xanh (đã giải thể 06/11/2026)" in words[HUNG]
    now = at("06/11", "09:00")
    async with world.database.write() as db:
        duties = await list_duties(db, world.rules, world.rules.today(now))
        [duty] = [each for each in duties if each.period == OCTOBER and each.key.form == FORM]
        found = await read_digest(db, world.rules, duty, world.tree.person[HUNG], now, number=1)
        assert found is not None
        obligations = [each.obligation for each in found.missing]
        nudged = await nudge(db, world.rules, obligations, now, by=world.tree.person[HUNG])
        assert (nudged.reminded, nudged.without_officer) == (2, 0)
        away = Preferences(muted_until=now + timedelta(days=9))
        await reminders.keep_preferences(db, world.tree.person[BINH], away, now)
        muted = await nudge(db, world.rules, obligations, now + 2 * ASK_AGAIN_AFTER, by=world.tree.person[HUNG])
        assert [(each.name, each.unit_name) for each in muted.muted] == [("Phạm Quốc Bình", "CĐCS Cơ khí Tân Phong")]
        said = nudged_all(muted, "báo cáo").text
        assert "1 người đang tắt nhắc. Đang tắt nhắc: Phạm Quốc Bình (CĐCS Cơ khí Tân Phong)." in said
        for unit in (world.tree.co_khi, world.tree.truong):
            await submit(db, unit, now)
        assert await read_digest(db, world.rules, duty, world.tree.person[HUNG], now, number=1) is None
    assert HUNG not in await world.morning(at("09/11"))


@pytest.mark.both_engines
async def test_remind_all_passes_a_supervisors_wish_on_once(world: World) -> None:
    await world.morning(at("06/11"))
    async with world.database.write() as db:
        duties = await list_duties(db, world.rules, date(2026, 11, 6))
        [duty] = [each for each in duties if each.period == OCTOBER]
        hung = world.tree.person[HUNG]
        found = await read_digest(db, world.rules, duty, hung, at("06/11", "09:00"), number=1)
        assert found is not None
        missing = [each.obligation for each in found.missing]
        first = await nudge(db, world.rules, missing, at("06/11", "09:00"), by=hung)
        second = await nudge(db, world.rules, missing, at("06/11", "10:00"), by=hung)
    assert (first.reminded, second.reminded, second.again) == (3, 0, 3)
    words = {chat: said for chat, said in await world.leaving(at("06/11", "09:00")) if isinstance(said, Reply)}
    assert set(words) == {HOA, BINH, LAN}
    assert "Lê Văn Hùng nhờ nhắc" in words[HOA].text
