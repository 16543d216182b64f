"""When a second reader is asked: for which messages, how often at most, and not again what is remembered."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import date
from typing import Final

from bot.labels import load_labels
from bot.reader.frame import Frame
from knowledge.answer import Adviser
from knowledge.meanings import AskerRole, Meaning, Situation, Understood, understand
from knowledge.meanings.signs import find_report
from knowledge.meanings.understand import SURE_ENOUGH
from knowledge.text import fold, tidy

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


_QUESTIONS: Final = frozenset({Meaning.PLAN_QUESTION, Meaning.UNKNOWN})
_KEPT: Final = frozenset({Meaning.REPORT, Meaning.ANSWER, Meaning.CANCEL})
"""What stays in the house however unsure it is: figures of a report, and words of a dialog."""


def may_be_read_otherwise(found: Understood) -> bool:
    """Whether what a message means is open, or hangs on how well the plans answer it."""
    return found.means not in _KEPT and (found.means in _QUESTIONS or bool(found.choices) or found.sure < SURE_ENOUGH)


def is_doubted(text: str, adviser: Adviser, today: date) -> bool:
    """Whether the own reading of a message by itself leaves a doubt, whoever may say it. Pure.

    Where it is known who says it, `may_be_read_otherwise` decides.
    """
    found = [
        understand(text, Situation(role, today), load_labels(), plans=adviser.understanding)
        for role in (AskerRole.OFFICER, AskerRole.SUPERVISOR)
    ]
    open_ = [each for each in found if may_be_read_otherwise(each)]
    if not open_ or find_report(text, today).hands_in:
        return False
    if any(each.means not in _QUESTIONS or each.choices for each in open_):
        return True
    return adviser.is_unsure(adviser.ask(text))


MOST: Final = 2000
"""Messages remembered; the one that was longest not met goes first."""


class Memory:
    """Frames by digests of what was said: case, marks, signs and blanks at the ends say nothing.

    The digests are keyed anew at each start, so that what was said cannot be found out by trying.
    """

    def __init__(self, most: int = MOST) -> None:
        """Remember `most` messages."""
        self._most = most
        self._key = secrets.token_bytes(32)
        self._frames: OrderedDict[bytes, Frame] = OrderedDict()

    def find(self, text: str) -> Frame | None:
        """What was made of it; None where it was not met, or too long ago."""
        key = self._digest(text)
        frame = self._frames.get(key)
        if frame is not None:
            self._frames.move_to_end(key)
        return frame

    def keep(self, text: str, frame: Frame) -> None:
        """Remember it."""
        key = self._digest(text)
        self._frames[key] = frame
        self._frames.move_to_end(key)
        while len(self._frames) > self._most:
            self._frames.popitem(last=False)

    def _digest(self, text: str) -> bytes:
        folded = fold(tidy(text)).strip(" .,;:!?…")
        return hashlib.blake2b(folded.encode(), key=self._key, digest_size=16).digest()
