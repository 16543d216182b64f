"""What time it is: passed in everywhere, so that tests hold it still and the demo moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Returns the present as an aware instant in UTC.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)


class MovableClock:
    """The machine's time plus an offset that can be moved forward; a `Clock` when called."""

    def __init__(self, start: datetime | None = None, *, clock: Clock = system_clock) -> None:
        """Begin at `start` (now by default) and run on from there."""
        self._clock = clock
        self.offset = start - clock() if start else timedelta(0)

    def __call__(self) -> datetime:
        """The present, as moved."""
        return self._clock() + self.offset

    def advance(self, span: timedelta) -> None:
        """Let `span` pass at once."""
        self.offset += span

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` (aware) now."""
        self.offset = moment - self._clock()
