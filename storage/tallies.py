"""What is counted for the operator as it is committed: how often, and how long the database took. Kept in memory.

Labels are words of the program (a meaning, an outcome, a form), never anything that a person wrote or is called.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection

_TALLIED: Final = "tallied"
_BEGUN: Final = "statement_begun"
BOUNDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Seconds: the upper bounds of the classes in which durations are counted."""


class Tally(StrEnum):
    """What is counted, with the labels that go along."""

    ANSWER = "answer"  # what a message meant, whether it was understood
    SILENT = "silent"
    SUBMISSION = "submission"  # form, whether in time
    DELIVERY = "delivery"  # outcome
    RETRY = "retry"


class DatabaseWork(StrEnum):
    """What of the database takes time."""

    CONNECTION = "connection"  # waiting for one, on SQLite for the one writer
    STATEMENT = "statement"
    COMMIT = "commit"


class Durations:
    """Durations by class: `counts` has one more than `BOUNDS`, for what took longer than the last of them."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


class Tallies:
    """The tallies of one open database, since it was opened.

    Attributes:
        counts: how often, by what and its labels.
        durations: how long the database took.
    """

    def __init__(self, *engines: Engine) -> None:
        """Time the statements on these engines."""
        self.counts: Counter[tuple[Tally, tuple[str, ...]]] = Counter()
        self.durations = {work: Durations() for work in DatabaseWork}
        statements = self.durations[DatabaseWork.STATEMENT]

        def before(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
            setattr(context, _BEGUN, time.perf_counter())

        def after(_connection: Any, _cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
            statements.add(time.perf_counter() - getattr(context, _BEGUN))

        for engine in engines:
            event.listen(engine, "before_cursor_execute", before)
            event.listen(engine, "after_cursor_execute", after)

    def begin(self, db: AsyncConnection) -> None:
        """Forget what a transaction that failed had counted on this connection."""
        _info(db).pop(_TALLIED, None)

    def take(self, db: AsyncConnection) -> None:
        """Count what this transaction tallied, now that it is committed."""
        self.counts.update(_info(db).pop(_TALLIED, ()))


def tally(db: AsyncConnection, what: Tally, *labels: str, times: int = 1) -> None:
    """Count something, once this transaction is committed."""
    if times:
        counted: Counter[tuple[Tally, tuple[str, ...]]] = _info(db).setdefault(_TALLIED, Counter())
        counted[what, labels] += times


def _info(db: AsyncConnection) -> dict[Any, Any]:
    assert db.sync_connection is not None
    return db.sync_connection.info
