"""When the figures of a message are from: the months and spans it names, and which of its figures each governs."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from knowledge.model.periods import Period
from knowledge.reports.phrases import folded

_NEAR = 20
"""As many letters, spaces at most, may stand between a figure and its bracket."""

_MOST = 60
"""Spans of time, and figures, around a figure that are looked at: more than any report holds."""


class SpanKind(Enum):
    """What a span of time means for the figures it governs."""

    MONTH = auto()
    THIS = auto()
    NOW = auto()
    COMPARED = auto()
    OTHER = auto()
    FUTURE = auto()


Mark = TypeVar("Mark", "When", "Spot")


@dataclass(frozen=True)
class When:
    """A span of time named; `months` are the month meant, or several: unclear which, or `summed`.

    `yearless` says that its year was worked out and may be another. `running` spans reach up to now ("từ đầu năm"), so
    that only who came or went is of them; `part` and `whole` are no time but a part of the unit, and all of it.
    """

    start: int
    end: int
    kind: SpanKind
    months: tuple[Period, ...] = ()
    declared: bool = False
    summed: bool = False
    yearless: bool = False
    running: bool = False
    part: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Spot:
    """Where a figure stands: its name and number together from `start` to `end`, the number from `at`.

    `is_total` says that its row counts all there are, rather than who came or went.
    """

    start: int
    end: int
    at: int
    number_end: int
    keys: tuple[str, ...] = ("?",)
    is_total: bool = False

    @property
    def keyed(self) -> bool:
        """Whether the figure has the name of a row."""
        return bool(self.keys)


class Layout:
    """A message cut into clauses and sentences."""

    _CLAUSE = re.compile(r"[,;()|\n]| / |\.(?!\d)|…|[?!]| - (?! *\d)")
    _SENTENCE = re.compile(r"\n|\.(?=\s|$)|(?<![\d(])\?|[!;]")

    def __init__(self, norm: str) -> None:
        self.norm = norm
        self._clauses = [0, *(m.end() for m in self._CLAUSE.finditer(norm)), len(norm) + 1]
        self._sentences = [0, *(m.end() for m in self._SENTENCE.finditer(norm)), len(norm) + 1]

    def clause(self, at: int) -> tuple[int, int]:
        """The clause that holds a place."""
        return _piece(self._clauses, at)

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that holds a place."""
        return _piece(self._sentences, at)


def _piece(ends: list[int], at: int) -> tuple[int, int]:
    """The neighbours among `ends` that a place lies between."""
    after = min(max(bisect_right(ends, at), 1), len(ends) - 1)
    return ends[after - 1], ends[after]


def governing(whens: list[When], spot: Spot, spots: list[Spot], layout: Layout) -> When | None:
    """The span of time that a figure belongs to, as far as the message says.

    Of more spans and figures than any report holds only the nearest are looked at.
    """
    whens, spots = _nearest(whens, spot.start), _nearest(spots, spot.start)
    whens = [when for when in whens if not _is_over(whens, when, spot)]
    start, end = layout.clause(spot.at)
    here = [when for when in whens if start <= when.start < end or spot.start < when.start < spot.at]
    own = [
        when
        for when in whens
        if not turns_over(layout, when)
        and any(
            other.start < when.start < other.at and layout.clause(other.start) == layout.clause(other.at)
            for other in spots
        )
    ]
    bracketed = [when for when in whens if any(_bracketed(layout, other, when) for other in spots)]
    before = [when for when in here if when.start < spot.at]
    before = [
        when for when in before if when.kind is not SpanKind.FUTURE or ":" not in layout.norm[when.end + 2 : spot.at]
    ]
    ahead = [when for when in before if not any(when.end <= other.at < spot.at for other in spots)] or before
    beside = [
        when
        for when in bracketed
        if _bracketed(layout, spot, when) and not _has_own(layout, when) and not _names_own(layout, when, spots)
    ]
    if beside or ahead:
        return (beside or ahead)[-1]
    tail = next((other.start for other in spots if other.start >= spot.end), len(layout.norm))
    after = [when for when in whens if spot.end <= when.start < min(tail, _behind(layout, spot))]
    for when in after:
        if _has_own(layout, when) or (_bracketed(layout, spot, when) and _names_own(layout, when, spots)):
            continue
        far = len(layout.norm[spot.end : when.start].split()) + 2 * (when.start >= end)
        if when.kind in {SpanKind.OTHER, SpanKind.FUTURE, SpanKind.COMPARED} or far <= 1:
            return when
    bracket = layout.norm.rfind("(", 0, spot.at)
    inside = [when for when in whens if bracket < when.start < spot.at] if bracket >= 0 else []
    if inside and ")" not in layout.norm[bracket : spot.at] and not (spot.start < bracket):
        return inside[-1]
    begin, _ = layout.sentence(spot.at)
    whens = [when for when in whens if when not in own and when not in bracketed]
    turns = [when for when in whens if begin <= when.start < spot.at and turns_over(layout, when)]
    if turns:
        return turns[-1]
    first = min((other.start for other in spots if other.at >= begin), default=spot.start)
    lead = [
        when for when in whens if begin <= when.start < first and when.kind not in {SpanKind.FUTURE, SpanKind.COMPARED}
    ]
    if lead:
        return lead[-1]
    heads = [when for when in whens if when.end <= spot.start and _heads(layout, when)]
    return heads[-1] if heads else None


def _nearest(marks: list[Mark], at: int) -> list[Mark]:
    """The nearest to a place, in their order; all, where they are not too many."""
    if len(marks) <= _MOST:
        return marks
    return sorted(sorted(marks, key=lambda mark: abs(mark.start - at))[:_MOST], key=lambda mark: mark.start)


def _is_over(whens: list[When], when: When, spot: Spot) -> bool:
    """Whether a span says nothing of a figure: a total is of now, a part of the unit ends where all of it is named."""
    ended = when.part and any(when.start < other.start < spot.at for other in whens if other.whole)
    return ended or (when.running and spot.is_total)


def _bracketed(layout: Layout, spot: Spot, when: When) -> bool:
    """Whether a span of time stands in a bracket right behind a figure."""
    if when.start <= spot.end or "(" not in layout.norm[spot.end : min(when.start, spot.end + _NEAR)]:
        return False
    return re.fullmatch(r"\s*\(\s*(?:\w+ ){0,3}", layout.norm[spot.end : when.start]) is not None


def _has_own(layout: Layout, when: When) -> bool:
    """Whether a span has a figure of its own, as in "kn 2 (lũy kế 15)"."""
    return re.match(r"[^\d,;()]{0,8}\d", layout.norm[when.end :]) is not None


def _names_own(layout: Layout, when: When, spots: list[Spot]) -> bool:
    """Whether a span in a bracket has a figure with its name there, as in "kn 2 (từ đầu năm kết nạp 15)"."""
    return any(
        spot.keyed and spot.start >= when.end and not re.search(r"[,;()\n]", layout.norm[when.end : spot.at])
        for spot in spots
    )


def _behind(layout: Layout, spot: Spot) -> int:
    """The end of the clause of a figure, a bracket right behind it included."""
    _, end = layout.clause(spot.end - 1)
    if layout.norm[end - 1 : end] == "(":
        return layout.clause(end)[1]
    return end


def turns_over(layout: Layout, when: When) -> bool:
    """Whether a month stands first in a clause and so governs what follows: "tháng 9 …, tháng 10 thì …"."""
    start, _ = layout.clause(when.start)
    if when.kind not in {SpanKind.MONTH, SpanKind.THIS, SpanKind.NOW} or layout.norm.endswith("(", 0, start):
        return False
    turning = folded("turning")
    lead = layout.norm[start : when.start].split()
    contrasts = when.kind is SpanKind.MONTH and bool(folded("contrasting") & {*lead[-1:]})
    return contrasts or len([word for word in lead if word not in turning]) <= 1


def _heads(layout: Layout, when: When) -> bool:
    """Whether a month stands over what follows, as in "Tháng 9:" on a line of its own."""
    start, _ = layout.sentence(when.start)
    return (
        when.kind is SpanKind.MONTH
        and re.match(r"\s*(?:\([^()\n]*\)\s*)?(?::|\n)", layout.norm[when.end :]) is not None
        and (len(layout.norm[start : when.start].split()) <= 6)
    )


def settle(whens: list[When], governs: list[When | None], due: Period | None) -> tuple[Period, ...]:
    """The month reported: one, several where the message leaves it open, none where it names none."""
    declared = [when for when in whens if when.declared and when.months]
    if declared:
        return tuple(dict.fromkeys(month for when in declared for month in when.months))
    counts: dict[Period, int] = {}
    for when in governs:
        if when is not None and when.kind is SpanKind.MONTH:
            for month in when.months:
                counts[month] = counts.get(month, 0) + 1
    if not counts:
        return ()
    whole = [month for month, count in counts.items() if count >= 3]
    if len(whole) > 1:
        return tuple(counts)
    if due in counts:
        return (due,)
    best = max(counts, key=lambda month: counts[month])
    return (best,) if counts[best] * 2 >= len(governs) or len(governs) == 0 else ()
