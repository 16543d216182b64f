"""What waits, and that looking for it does not read what is done."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, insert, text

from storage import inbox, messages
from storage.backlog import find_backlog
from storage.engine import Database
from storage.inbox import Received
from storage.mail import MessageKind, NewMessage
from storage.messages import MessageState
from storage.schema import outbox

REMINDER_DUE = (MessageKind.REMINDER, MessageState.DUE)
REPLY_DUE = (MessageKind.REPLY, MessageState.DUE)


async def test_what_waits_and_since_when(database: Database, now: datetime) -> None:
    earlier, much_earlier = now - timedelta(minutes=2), now - timedelta(hours=2)
    async with database.write() as db:
        empty = await find_backlog(db, now)
        assert (empty.updates, empty.messages_in_all, empty.unanswered_since) == (0, 0, None)
        await messages.enqueue(db, [NewMessage(1, "{}", MessageKind.REMINDER)], much_earlier)
        await messages.enqueue(db, [NewMessage(2, "{}", not_before=now + timedelta(hours=1))], now)
        found = await find_backlog(db, now)
        assert found.messages == {REMINDER_DUE: 1}
        assert found.unanswered_since is None
        await messages.enqueue(db, [NewMessage(3, "{}")], earlier)
        assert (await find_backlog(db, now)).unanswered_since == earlier
        await inbox.store(db, 42, [Received(1, "1", "{}"), Received(2, "2", "{}")], much_earlier)
        found = await find_backlog(db, now)
        assert (found.updates, found.messages, found.unanswered_since) == (
            2,
            {REMINDER_DUE: 1, REPLY_DUE: 1},
            much_earlier,
        )


async def test_it_is_found_without_reading_what_is_done(database: Database, now: datetime) -> None:
    """Two thousand done rows, which either engine would rather scan than look up one by one, are not read."""
    done = {"chat_id": 1, "kind": "reply", "priority": 0, "body": "", "state": "sent", "not_before": now}
    async with database.write() as db:
        await db.execute(insert(outbox), [done | {"created_at": now, "done_at": now}] * 2000)
        await inbox.store(db, 42, [Received(number, "1", "{}") for number in range(2000)], now)
        await db.execute(text("UPDATE inbox SET state = 'done'"))
        await messages.enqueue(db, [NewMessage(3, "{}")], now)
        await db.execute(text("ANALYZE"))
        asked: list[tuple[str, Any]] = []
        assert db.sync_connection is not None

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        event.listen(db.sync_connection, "before_cursor_execute", note)
        await find_backlog(db, now)
        event.remove(db.sync_connection, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        for statement, parameters in asked:
            plan = str((await db.exec_driver_sql(explain + statement, parameters)).all())
            assert "ix_" in plan, plan
            assert "Seq Scan" not in plan
            assert not re.search(r"SCAN (inbox|outbox)(?! USING)", plan), plan
