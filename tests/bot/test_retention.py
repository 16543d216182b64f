"""What bounds each table's growth: a rule of the purge, or a reason to stay that operators can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Table, func, select

from bot import app
from bot.settings import load_settings
from knowledge.model.broadcasts import BroadcastAudience
from knowledge.model.periods import Period
from storage import broadcasts, chats, dialogs, drafts, invites, plans, schema
from storage.engine import Database
from storage.people import RoleName
from storage.purge import Stale, purge
from tests.storage.places import plant

GUIDE: Final = Path(__file__).parents[2] / "docs" / "operating.md"
DAY: Final = timedelta(days=1)
EMPTIED: Final = {"outbox"}  # also purged, row and all
PARTLY: Final = {"proofs", "plan_files", "plan_file_pages"}  # some rows go, others stay


def read_guide() -> tuple[set[str], set[str]]:
    """The tables that the guide says go after a time, and those that stay."""
    [section] = re.findall(r"^## What is kept.*?(?=^## )", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    going, staying = section.split("| table | stays |")

    def names(text: str) -> Iterator[str]:
        for row in re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE):
            yield from re.findall(r"`(\w+)`", row)

    return set(names(going)), set(names(staying))


async def list_rules(database: Database, now: datetime) -> list[Stale]:
    """What the whole bot purges."""
    bot = app.build(load_settings(telegram_bot_token="7100000001:none-of-a-real-bot"), database, clock=lambda: now)
    await bot.carrier.close()
    return [each for find in bot.hooks.stale for each in find(now)]


async def test_every_table_has_a_rule_or_a_reason(sqlite_database: Database, now: datetime) -> None:
    rules = await list_rules(sqlite_database, now)
    removed = {each.table.name for each in rules if each.emptied is None}
    going, staying = read_guide()
    assert {each.table.name for each in rules if each.emptied is not None} == EMPTIED <= removed
    assert removed == going
    assert going | staying == set(schema.metadata.tables)
    assert going & staying == PARTLY


async def count(database: Database, table: Table) -> int:
    async with database.read() as db:
        return await db.scalar(select(func.count()).select_from(table)) or 0


async def test_what_is_left_behind_goes_and_what_is_in_use_stays(database: Database, now: datetime) -> None:
    period = Period.month(2026, 10)
    async with database.write() as db:
        found = await plant(db)
        unit = found["CS1"].id
        await drafts.begin(db, unit, "doan-vien-thang", period, {}, by=None, now=now)
        await drafts.begin(db, found["CS2"].id, "doan-vien-thang", period, {}, by=None, now=now + 300 * DAY)
        await dialogs.open_dialog(db, 7, "report", {}, now)
        await dialogs.open_dialog(db, 8, "report", {}, now + 395 * DAY)
        for number, at in enumerate((now, now + 380 * DAY)):
            await invites.create(db, unit, RoleName.OFFICER, at, created_by=None)
            await invites.redeem(db, "no such code", 70 + number, at)
            await chats.note_heard(db, [70 + number], at)
        await chats.note_unreachable(db, 72, "blocked", now)
        await chats.note_heard(db, [73], now)
        await chats.note_unreachable(db, 73, "blocked", now + 380 * DAY)
        await plans.keep_file(db, ("a.pdf", b"left"), now)
        await plans.keep_file(db, ("b.pdf", b"just sent"), now + 395 * DAY)
    await purge(database, await list_rules(database, now + 401 * DAY))
    left = {
        table.name: await count(database, table)
        for table in (
            schema.drafts,
            schema.dialogs,
            schema.invites,
            schema.invite_tries,
            schema.chats,
            schema.plan_files,
        )
    }
    assert left == {"drafts": 1, "dialogs": 1, "invites": 1, "invite_tries": 0, "chats": 2, "plan_files": 1}
    async with database.read() as db:
        assert await dialogs.find_dialog(db, 8) is not None
        assert sorted(await chats.find_chats(db, [70, 71, 72, 73])) == [71, 73]


@pytest.mark.parametrize(("age", "recipients"), [(189, 1), (191, 0)])
async def test_a_broadcast_stays_and_to_whom_it_went_for_half_a_year(
    database: Database, now: datetime, age: int, recipients: int
) -> None:
    async with database.write() as db:
        found = await plant(db)
        made, _ = await broadcasts.confirm(
            db,
            unit_id=found["HCM"].id,
            to=BroadcastAudience.ALL,
            words="Họp giao ban",
            made_by=1,
            chat_id=7,
            token="t",
            expected=1,
            now=now,
        )
        await db.execute(schema.broadcast_messages.insert().values(broadcast_id=made.id, person_id=5, message_key="k"))
        await broadcasts.note_told(db, made.id, "", done_at=now)
    await purge(database, await list_rules(database, now + age * DAY))
    assert (await count(database, schema.broadcasts), await count(database, schema.broadcast_messages)) == (
        1,
        recipients,
    )
