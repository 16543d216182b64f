"""The one line of a share that others tell costs two statements where units hold none, and few where many do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.rules import Rules
from bot.services.progress import read_first
from knowledge.model.periods import Period
from storage import shares, submissions
from storage.engine import Database
from tests.monthly import monthly_figures
from tests.storage.places import plant

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements run meanwhile."""
    said: list[str] = []

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", on_statement)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", on_statement)


@pytest.mark.both_engines
async def test_few_statements(database: Database) -> None:
    async with database.write() as db:
        tree = await plant(db)
        grassroots = [tree[code] for code in ("CS1", "CS2", "CS3", "CS4")]
        ids = [unit.id for unit in grassroots]
        with counted() as said:
            assert await read_first(db, Rules(), ids, TODAY) == {}
            assert await read_first(db, Rules(), [], TODAY) == {}
        assert len(said) == 2
        top = tree["TLD"]
        names = (("Hội thao", "cuộc", None), ("Kết nạp mới", "đoàn viên", "new_members"))
        for name, measured_in, indicator in names:
            goal = await shares.add_goal(
                db, top, year=2026, name=name, measured_in=measured_in, indicator=indicator, by=None, now=NOW
            )
            await shares.set_shares(db, goal, top, dict.fromkeys(ids, Decimal(40)), by=None, now=NOW)
        await submissions.record(
            db,
            unit_id=ids[0],
            form="doan-vien-thang",
            period=Period.month(2026, 10),
            figures=monthly_figures(100, 90, 12),
            sent_at=NOW,
            sent_by=None,
            on_time=True,
            reasons={},
        )
        with counted() as said:
            found = await read_first(db, Rules(), ids, TODAY)
        with counted() as asked:
            above = await read_first(db, Rules(), [top.id], TODAY)
    assert len(said) == 4
    assert len(asked) == 4
    assert {unit_id: each.value for unit_id, each in found.items()} == dict.fromkeys(ids, None) | {ids[0]: 12}
    assert {each.goal.name for each in found.values()} == {"Kết nạp mới"}
    assert (above[top.id].amount, above[top.id].value) == (Decimal(160), Decimal(12))
