"""The reason that a message gives for what it hands down, with the numbers that belong to it. Pure."""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import Final

from knowledge.shares.found import RECEIVERS, SPREADS, ScannedShares
from knowledge.shares.matching import Fit, NamesBelow
from knowledge.shares.mentions import Mention, Mentions
from knowledge.tokens import Span

_FEWEST: Final = 2
_EDGES: Final = " \t\n,;:.=()–—-"
_ENDS: Final = (".", ",", ";", "\n")
_OPEN: Final = ("questions", "remarks", "doubting", "at_least", "granted", "moving")
"""Lists of words that stand in no reason that nothing leads to."""


class Reasons:
    """Finds the reason in one message."""

    def __init__(self, found: ScannedShares, below: NamesBelow) -> None:
        """`found`: where it is kept; nothing has to be explained before."""
        self._found, self._below = found, below
        self._tokens, self._phrases = found.tokens, found.phrases

    def read(self) -> None:
        """Explain the reason: behind "do", "vì", or a change and a comma where it tells what happened."""
        for because in sorted(self._phrases.of("because"), key=lambda each: each.start):
            if self._read_behind(because):
                return
        self._read_unmarked()

    def _read_behind(self, because: Span) -> bool:
        start, end = because.start, because.end
        if any(self._found.taken[start:end]):
            return False
        sign = self._found.sign(start - 1)
        if not sign and self._is_doubtful(because):
            return False
        if start == 0:
            until = next((each.start for each in self._phrases.of("therefore")), 0)
            if not until:
                until = self._comma(end)
                while until and (further := self._comma(until + 1)) and self._counts_only_else(until, further):
                    until = further
        elif sign or self._has_amount_before(start):
            until = self._end(end, in_brackets=sign == "(")
        else:
            return False
        while end < until and (self._found.sign(end) == ":" or self._phrases.at(end, "because")):
            more = self._phrases.at(end, "because")
            end = more.end if more is not None else end + 1
        return self._keep(start, end, until)

    def _keep(self, start: int, end: int, until: int) -> bool:
        if until <= end or not self._found.claim(start, until):
            return False
        self._found.reason = self._found.said(end, until).strip(_EDGES)
        return True

    def _read_unmarked(self) -> None:
        """What happened, told last behind a change: "X hạ còn 78%, mấy công ty bên đó toàn siêu nhỏ"."""
        last = max((each.start for each in self._phrases.of("happened")), default=0)
        begin = next((at for at in range(last - 1, 0, -1) if self._found.sign(at) in (*_ENDS, "(")), 0)
        if not begin or not self._changes_before(begin):
            return
        in_brackets = self._found.sign(begin) == "("
        until = self._end(begin + 1, in_brackets=in_brackets)
        ends = until >= len(self._tokens) - in_brackets
        is_free = not self._phrases.holds(begin, until, *RECEIVERS, *SPREADS, *_OPEN)
        goals = [each for each in self._phrases.of("goal_words") if each.end - each.start > 1]
        is_free &= bool(goals and goals[0].start < begin) or not any(begin < each.start < until for each in goals)
        numbers = [at for at in range(begin, until) if self._found.is_number(at)]
        if ends and is_free and not self._names(begin, until) and all(map(self._counts_else, numbers)):
            self._keep(begin + 1, begin + 1, until)

    def _changes_before(self, end: int) -> bool:
        if self._phrases.holds(0, end, "taking_back"):
            return True
        numbers = any(self._found.is_number(at) for at in range(end))
        return numbers and self._phrases.holds(0, end, "becoming") and self._phrases.holds(0, end, "giving")

    def _is_doubtful(self, because: Span) -> bool:
        """Whether a word for a reason is likelier part of something else: "đơn vị", "vận tải" without marks."""
        if any(
            each.name != "because" and each.start <= because.start < each.end and each.end - each.start > 1
            for each in self._phrases.every()
        ):
            return True
        if not self._phrases.holds(because.start, because.end, "courtesy"):
            return False
        behind = list(itertools.takewhile(lambda at: not self._found.sign(at), range(because.end, len(self._tokens))))
        said = sum(not self._phrases.at(at, "courtesy") for at in behind)
        return said < _FEWEST or any(self._found.is_number(at) for at in behind)

    def _has_amount_before(self, end: int) -> bool:
        numbers = any(self._found.is_number(at) for at in range(end))
        return numbers or self._phrases.holds(0, end, "taking_back", "unchanged")

    def _end(self, start: int, *, in_brackets: bool) -> int:
        for at in range(start, len(self._tokens)):
            sign = self._found.sign(at)
            if sign == ")" and in_brackets:
                return at
            if sign in _ENDS:
                until = next(
                    (k for k in range(at + 1, len(self._tokens)) if self._found.sign(k) in _ENDS), len(self._tokens)
                )
                has_number = any(self._found.is_number(k) for k in range(at, until)) and not self._goes_on(at, until)
                goal = self._phrases.at(at + 1, "goal_words")
                names_goal = goal is not None and not self._phrases.holds(0, start, "goal_words")
                if has_number or names_goal or self._phrases.holds(at, until, *RECEIVERS, *SPREADS):
                    return at
        return len(self._tokens)

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether numbers go on with a reason: each counts what no share is counted in, and no unit is named."""
        has_amount = any(self._found.is_number(at) for at in range(start)) or self._phrases.holds(
            0, start, "taking_back"
        )
        return has_amount and self._counts_only_else(start, end)

    def _counts_only_else(self, start: int, end: int) -> bool:
        numbers = [at for at in range(start, end) if self._found.is_number(at)]
        return bool(numbers) and all(map(self._counts_else, numbers)) and not self._names(start, end)

    def _comma(self, start: int) -> int:
        return next((at for at in range(start, len(self._tokens)) if self._found.sign(at) == ","), 0)

    def _counts_else(self, at: int) -> bool:
        """Whether a number counts workers, machines, firms, or is that of a month."""
        if self._phrases.at(at + 1, "counted_else") is not None:
            return True
        return self._phrases.before(at, "times", "documents") is not None

    def _names(self, start: int, end: int) -> bool:
        """Whether a unit below is named in a stretch, other than by words that are only near its name."""
        return any(each.match.fit > Fit.ALIKE and each.start < end and start < each.end for each in self._mentions)

    @cached_property
    def _mentions(self) -> list[Mention]:
        found = self._found
        return Mentions(found.text, self._tokens, self._phrases, self._below).find([False] * len(self._tokens))
