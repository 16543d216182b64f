"""Notes for `troly doctor`: the newest of a key stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert

from storage import notes, schema
from storage.engine import Database
from storage.notes import Note, NoteKey


async def test_the_newest_of_a_key_stands_until_it_is_dropped(database: Database, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    async with database.write() as db:
        await notes.put(db, NoteKey.STORAGE, "was full", now, is_open=True)
        await notes.put(db, NoteKey.CLOCK, "went ahead", now)
        await notes.put(db, NoteKey.CLOCK, "was set back", later)
    async with database.read() as db:
        assert await notes.list_all(db) == [
            Note(NoteKey.CLOCK, "was set back", False, later),
            Note(NoteKey.STORAGE, "was full", True, now),
        ]
    async with database.write() as db:
        await notes.drop(db, NoteKey.CLOCK)
        assert [note.key for note in await notes.list_all(db)] == [NoteKey.STORAGE]


async def test_what_a_later_version_notes_is_left_out(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await db.execute(
            insert(schema.notes), {"key": "from the future", "words": "x", "is_open": False, "noted_at": now}
        )
        assert await notes.list_all(db) == []
