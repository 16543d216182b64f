"""Where on a scanned page each thing stands that was understood of it, and why it is doubted then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from knowledge.importing.document import Differing, PageSpot
from knowledge.importing.lines import Line, TableLine
from knowledge.importing.model import LeftOver, PlanReading, ReadDeadline, ReadFact, ReadTarget, WhyDoubted
from knowledge.importing.shadow import shadow

_BEGINNING = 24  # letters by which a quote is found that was shortened

Fact = TypeVar("Fact", ReadTarget, ReadDeadline)
Placed = TypeVar("Placed", ReadTarget, ReadDeadline, LeftOver)


def with_places(reading: PlanReading, lines: Sequence[Line | TableLine]) -> PlanReading:
    """The reading of a file with scanned pages: each figure that stands on one has its place and is doubtful."""
    scanned = _ScannedText(lines)
    if not scanned.is_scanned:
        return reading
    return msgspec.structs.replace(
        reading,
        targets=tuple(map(_doubted, map(scanned.place, reading.targets))),
        deadlines=tuple(map(_doubted, map(scanned.place, reading.deadlines))),
        left_over=tuple(map(scanned.place, reading.left_over)),
        is_scanned=True,
        term_spot=scanned.find_years(reading.plan.covers_from, reading.plan.covers_to),
    )


def _doubted(fact: Fact) -> Fact:
    """A fact whose figure was read from a picture is doubted, unless it is for a stronger reason already."""
    if fact.spot is None or fact.doubt is not None or not any(map(str.isdigit, fact.quote)):
        return fact
    return msgspec.structs.replace(fact, doubt=WhyDoubted.PASSES_DIFFER if fact.differing else WhyDoubted.SCANNED)


class _ScannedText:
    """The letters and figures of a document one behind the other, and the line in which each of them stands."""

    def __init__(self, lines: Sequence[Line | TableLine]) -> None:
        self._lines = [each for line in lines for each in _single(line)]
        self.is_scanned = any(line.scanned is not None for line in self._lines)
        self._begins: list[int] = []
        parts: list[str] = []
        length = 0
        for line in self._lines if self.is_scanned else ():
            self._begins.append(length)
            parts.append(_letters(line.text))
            length += len(parts[-1])
        self._text = "".join(parts)
        self._last = 0

    def place(self, fact: Placed) -> Placed:
        """The fact with the place of the lines of its quote in which its figure stands, where they were scanned."""
        lines = [line for line in self._find(fact) if line.scanned is not None]
        with_figures = [line for line in lines if any(map(str.isdigit, line.text))] or lines
        figure = _figure(fact)
        with_figures = [line for line in with_figures if figure in _letters(line.text)] or with_figures
        spot = _spot(with_figures)
        if spot is None:
            return fact
        differing = _differing(with_figures, fact.quote)
        return msgspec.structs.replace(fact, spot=spot, differing=differing)

    def find_years(self, first: int | None, last: int | None) -> PageSpot | None:
        """The first line in which both years stand."""
        if first is None or last is None:
            return None
        return _spot([line for line in self._lines if str(first) in line.text and str(last) in line.text][:1])

    def _find(self, fact: ReadFact | LeftOver) -> list[Line]:
        quote = _letters(fact.quote)
        begin = self._last
        if isinstance(fact, ReadFact) and fact.lines is not None:
            first = next((at for at, line in enumerate(self._lines) if line.number >= fact.lines[0]), 0)
            begin = self._begins[first] if self._begins else 0
        at = self._text.find(quote, begin)
        if at < 0:
            quote = quote[:_BEGINNING]
            at = max(self._text.find(quote, begin), self._text.find(quote))
        if at >= 0 and quote:
            if isinstance(fact, LeftOver):  # they come in the order of the text
                self._last = at
            return self._lines[self._line_at(at) : self._line_at(at + len(quote) - 1) + 1]
        if isinstance(fact, ReadFact) and fact.lines is not None:
            return [line for line in self._lines if fact.lines[0] <= line.number <= fact.lines[1]]
        return []

    def _line_at(self, place: int) -> int:
        return max(0, bisect_right(self._begins, place) - 1)


def _single(line: Line | TableLine) -> Iterable[Line]:
    """A line as it is; of a scanned table its rows."""
    if isinstance(line, Line):
        return [line]
    return [
        Line(" ".join(row), line.number, line.page, scanned=scanned)
        for row, scanned in zip(line.rows, line.scanned, strict=False)
    ]


def _figure(fact: ReadTarget | ReadDeadline | LeftOver) -> str:
    """The figure of a fact as letters of the text; "" where it is one of days or none at all."""
    if isinstance(fact, LeftOver):
        return _letters(fact.number)
    return _letters(str(fact.value)) if isinstance(fact, ReadTarget) and fact.value is not None else ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, shadow(text)))


def _spot(lines: Sequence[Line]) -> PageSpot | None:
    """The place of lines, as far as they stand on the page of the first."""
    spots = [line.scanned.spot for line in lines if line.scanned is not None]
    same = [spot for spot in spots if spot.page == spots[0].page]
    if not same:
        return None
    return PageSpot(same[0].page, min(spot.top for spot in same), max(spot.bottom for spot in same))


def _differing(lines: Iterable[Line], quote: str) -> tuple[Differing, ...]:
    """What of the figures in a quote was read differently."""
    said = _letters(quote)
    found = (each for line in lines if line.scanned is not None for each in line.scanned.differing)
    return tuple(dict.fromkeys(each for each in found if _letters(each.first) in said))
