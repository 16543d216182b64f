"""Limits of the second reader: how often it is asked at most, and for how long not at all after failures."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

PER_MINUTE: Final = 30
PER_DAY: Final = 2000
AT_ONCE: Final = 3
FAILURES: Final = 3
"""Failures in a row after which it is left alone."""
REST: Final = 60.0
LONGEST_REST: Final = 900.0
"""Seconds for which it is left alone: `REST` at first, twice as long each time its trial fails, at most the longest."""

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0


class Bounds:
    """The counts of one process's requests, in memory: a restart begins anew.

    Attributes:
        asked: requests since the start.
        failed: those of them that brought nothing.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives seconds that only grow."""
        self._now = now
        self._lately: deque[float] = deque()
        self._day_began = -_DAY
        self._today = 0
        self._under_way = 0
        self._failures = 0
        self._rests_until = 0.0
        self._rest = REST
        self.asked = 0
        self.failed = 0

    def is_free(self) -> bool:
        """Whether a request may be made now."""
        now = self._now()
        while self._lately and self._lately[0] <= now - _MINUTE:
            self._lately.popleft()
        today = self._today if now - self._day_began < _DAY else 0
        at_once = 1 if self._failures >= FAILURES else AT_ONCE
        return (
            now >= self._rests_until
            and self._under_way < at_once
            and len(self._lately) < PER_MINUTE
            and today < PER_DAY
        )

    def begin(self) -> None:
        """Count a request; `succeed` or `fail` follows."""
        now = self._now()
        if now - self._day_began >= _DAY:
            self._day_began, self._today = now, 0
        self._lately.append(now)
        self._today += 1
        self._under_way += 1
        self.asked += 1

    def succeed(self) -> None:
        """Count the request as answered."""
        self._under_way -= 1
        self._failures, self._rest = 0, REST

    def fail(self) -> None:
        """Count the request as failed, or answered with garbage."""
        self._under_way -= 1
        self._failures += 1
        self.failed += 1
        if self._failures >= FAILURES and self._now() >= self._rests_until:
            self._rests_until = self._now() + self._rest
            self._rest = min(self._rest * 2, LONGEST_REST)
