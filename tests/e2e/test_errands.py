"""Slow work that comes to nothing: whoever waits for it hears so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from knowledge.forms import MONTHLY_FORM
from storage import errands
from storage.engine import Database
from tests.e2e.region import Region, region_on

REPORT = f"n.{MONTHLY_FORM}.2026-10"


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        yield region


async def test_work_that_a_process_died_over_each_time_is_given_up(region: Region) -> None:
    boss = await region.supervisor(region.north)
    details = {"person": boss.id, "unit": region.north.id, "report": REPORT, "page": 0}
    now = region.clock()
    async with region.database.write() as db:
        await errands.add(db, "workbook", boss.id, details, now, key="test")
        for died in range(errands.TRIES):
            assert await errands.claim(db, now + died * 2 * errands.LEASE)
        await errands.again(db, 1, now - timedelta(seconds=1))
    await region.wait_for_errands()
    await boss.hears("chưa làm được tệp Excel")
    assert "[document]" not in boss.transcript()


@pytest.mark.parametrize("kind", ["workbook", "nudge"])
async def test_a_report_that_is_gone_meanwhile_is_said_to_be(region: Region, kind: str) -> None:
    boss = await region.supervisor(region.north)
    details = {"person": boss.id, "unit": region.north.id, "report": "c.77", "page": 0}
    async with region.database.write() as db:
        await errands.add(db, kind, boss.id, details, region.clock(), key="test")
    await region.wait_for_errands()
    await boss.hears("không còn nữa")
