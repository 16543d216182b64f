"""What stands where in a message: rows, figures, times, and the clauses that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from knowledge.model.periods import Period
from knowledge.reports.answers.names import NamesOfRows, RowName
from knowledge.tokens import ScannedText, Span, TokenSort

ENDS_SENTENCE: Final = frozenset(";.!?\n")
ENDS_CLAUSE: Final = frozenset(",;.!?\n()|")


@dataclass(frozen=True, slots=True)
class RowMention:
    """Where rows are meant: the tokens of their name (`words`, without those between them), from `start` to `end`."""

    start: int
    end: int
    name: RowName
    words: tuple[int, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The rows that it may mean."""
        return self.name.keys


@dataclass(frozen=True, slots=True)
class SaidFigure:
    """A number where it stands: its words, those with what it counts, the groups of units that this is of.

    `others` are the words of further numbers of which one is meant ("3 hay 4"); `is_part` for a percentage.
    """

    start: int
    end: int
    said: str
    counted: str = ""
    groups: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A time that is named: a period, or a day (`day` alone)."""

    start: int
    end: int
    period: Period | None = None
    day: date | None = None
    is_relative: bool = False

    @property
    def year(self) -> int:
        """The year that it lies in."""
        if self.day is not None:
            return self.day.year
        return self.period.year if self.period is not None else 0


@dataclass
class ScannedReport(ScannedText):
    """What stands where in a message; `reasons` are the tokens that only say why."""

    today: date
    names: NamesOfRows
    clauses: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    mentions: list[RowMention] = field(default_factory=list)
    figures: list[SaidFigure] = field(default_factory=list)
    whens: list[SaidTime] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    reasons: frozenset[int] = frozenset()
    light: frozenset[int] = frozenset()

    def ends_sentence(self, at: int) -> bool:
        """Whether a sign that ends a sentence stands at a token."""
        return self.sign(at) in ENDS_SENTENCE

    def clause(self, at: int) -> tuple[int, int]:
        """The first token of the clause of a token, and the one behind it."""
        return self._clause_bounds[self.clauses[at]]

    def sentence(self, at: int) -> tuple[int, int]:
        """The first token of the sentence of a token, and the one behind it."""
        return self._sentence_bounds[self.sentences[at]]

    def reach(self, at: int) -> int:
        """Behind the sentence of a token, and the lines behind it that name no row: they may still speak of it."""
        _, close = self.sentence(at)
        while close < len(self.tokens) and self.sign(close) == "\n":
            _, end = self.sentence(close)
            if any(close <= each.start < end for each in self.mentions):
                break
            close = end
        return close

    @cached_property
    def _clause_bounds(self) -> dict[int, tuple[int, int]]:
        return _bounds(self.clauses)

    @cached_property
    def _sentence_bounds(self) -> dict[int, tuple[int, int]]:
        return _bounds(self.sentences)

    def spans(self, start: int, end: int, *names: str) -> list[Span]:
        """Phrases of the lists between two tokens, in order; of those within one another, the longest."""
        found = [each for each in self.phrases.of(*names) if start <= each.start and each.end <= end]
        found.sort(key=lambda each: (each.start, -each.end))
        out: list[Span] = []
        for each in found:
            if not out or each.start >= out[-1].end:
                out.append(each)
        return out

    def holds(self, start: int, end: int, *names: str) -> bool:
        """Whether a phrase of the lists stands between two tokens."""
        return self.phrases.holds(start, end, *names)

    def is_light(self, at: int) -> bool:
        """Whether a token says nothing: a word of no weight, one that is explained, or a sign."""
        return self.taken[at] or self.tokens[at].sort is TokenSort.SIGN or at in self.light


def _bounds(numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Where each number begins, and where it ends, in a list in which the same ones stand together."""
    found: dict[int, tuple[int, int]] = {}
    for at, number in enumerate(numbers):
        start, _ = found.get(number, (at, at))
        found[number] = (start, at + 1)
    return found
