"""What a new version does with what the version before was in the middle of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from storage import dialogs, schema, units
from storage.engine import Database
from storage.migrating import upgrade

MOVED: tuple[tuple[dict[str, Any], str, dict[str, Any]], ...] = (
    (
        {"type": "Choosing", "purpose": "report", "text": "cnvclđ 1320", "form": "", "heard": [7]},
        "report",
        {"type": "Choosing", "purpose": "r", "text": "cnvclđ 1320", "form": "", "heard": [7]},
    ),
    (
        {"type": "Choosing", "purpose": "history", "text": "", "form": "", "heard": []},
        "report",
        {"type": "Choosing", "purpose": "h", "text": "", "form": "", "heard": []},
    ),
    (
        {"type": "Choosing", "purpose": "campaign", "text": "", "form": "nhiem-ky", "heard": []},
        "campaign",
        {"type": "ChoosingCampaignUnit", "form": "nhiem-ky"},
    ),
    (
        {"type": "Naming", "form": "nhiem-ky", "unit_id": 1, "kinds": "g", "name": "Đại hội", "due_on": "2026-12-20"},
        "campaign",
        {
            "type": "NamingCampaign",
            "form": "nhiem-ky",
            "unit_id": 1,
            "kinds": "g",
            "name": "Đại hội",
            "due_on": "2026-12-20",
        },
    ),
    (
        {"type": "Explaining", "kind": "extension", "unit_id": 2, "form": "doan-vien-thang", "period": "2026-10"},
        "request",
        {"type": "Explaining", "kind": "extension", "unit_id": 2, "form": "doan-vien-thang", "period": "2026-10"},
    ),
    ({"type": "Remarking", "submission_id": 5}, "request", {"type": "Remarking", "submission_id": 5}),
    (
        {"type": "Sent", "unit_id": 2, "form": "doan-vien-thang", "period": "2026-10", "heard": []},
        "report",
        {"type": "Sent", "unit_id": 2, "form": "doan-vien-thang", "period": "2026-10", "heard": []},
    ),
)


def begin_anew_at(connection: Connection, revision: str) -> None:
    """Make the database as a version before left it, empty."""
    schema.metadata.drop_all(connection)
    connection.execute(text("DELETE FROM alembic_version"))
    upgrade(connection, revision)


@pytest.mark.parametrize(("kept", "feature", "state"), MOVED)
async def test_a_dialog_under_way_is_found_by_whoever_hears_it_now(
    database: Database, now: datetime, kept: dict[str, Any], feature: str, state: dict[str, Any]
) -> None:
    async with database.write() as db:
        await db.run_sync(begin_anew_at, "0004")
        await dialogs.open_dialog(db, 7, "report", kept, now)
        await dialogs.open_dialog(db, 8, "deadline", {"step": "what"}, now)
    again = await Database.open(database.url.render_as_string(hide_password=False))
    try:
        async with again.read() as db:
            found, other = await dialogs.find_dialog(db, 7), await dialogs.find_dialog(db, 8)
    finally:
        await again.close()
    assert found is not None
    assert (found.feature, found.state, found.changed_at) == (feature, state, now)
    assert other is not None
    assert (other.feature, other.state) == ("deadline", {"step": "what"})


async def test_units_that_were_there_before_stand_in_their_order(database: Database) -> None:
    names = ("CĐCS Đá", "CĐCS Dung", "Công ty 10", "Công ty 2")
    async with database.write() as db:
        await db.run_sync(begin_anew_at, "0013")
        for number, name in enumerate(names, start=1):
            await db.execute(
                text(
                    "INSERT INTO units (id, code, code_key, name, folded, kind, path, registered_on) "
                    "VALUES (:id, :code, :code, :name, '', 'hcsn', :path, '2026-01-01')"
                ),
                {"id": number, "code": f"U{number}", "name": name, "path": f"/{number}/"},
            )
    again = await Database.open(database.url.render_as_string(hide_password=False))
    try:
        async with again.read() as db:
            found = await units.list_children(db, None)
    finally:
        await again.close()
    assert [unit.name for unit in found] == ["CĐCS Dung", "CĐCS Đá", "Công ty 2", "Công ty 10"]
