"""The clock's type: a clock is passed in everywhere, so that tests hold it still and the demo moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: Returns the present as an aware instant in UTC.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time (aware, UTC)."""
    return datetime.now(UTC)
