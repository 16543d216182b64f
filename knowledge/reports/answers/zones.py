"""The stretches of a message that speak of one thing answered by yes or no: named there, or a moment before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.reports.answers.scanned import RowMention, ScannedReport
from knowledge.reports.answers.words import folded
from knowledge.text import fold

_ANSWERS: Final = ("yes", "no", "nothing", "ticks", "crosses", "ended", "holding")
_DENYING: Final = ("no", "nothing")
_LEADING: Final = ("yes", "no", "nothing", "due", "done_verb", "ticks", "crosses")


@dataclass(frozen=True, slots=True)
class SpokenZone:
    """A stretch of a message that speaks of one family of rows; `is_open` where it may speak of its neighbour."""

    start: int
    end: int
    mention: RowMention | None
    family: tuple[str, ...]
    is_open: bool = False


@dataclass
class Zones:
    """Parts one message."""

    scanned: ScannedReport

    def _family(self, mention: RowMention) -> tuple[str, ...]:
        return self.scanned.names.families.get(mention.keys[0], ())

    def find_all(self) -> Iterator[SpokenZone]:
        """The message in stretches: of a row that is named, and those after it that name none."""
        scanned, counted = self.scanned, False
        current: tuple[str, ...] = ()
        at, count = 0, len(scanned.tokens)
        while at < count:
            begin, end = scanned.clause(at)
            inside = [each for each in scanned.mentions if begin <= each.start < end]
            runs = _runs(inside, self._family)
            if not runs:
                if not counted or scanned.holds(begin, end, "due", "both"):
                    yield SpokenZone(begin, end, None, current)
                if counted and scanned.holds(begin, end, "due"):
                    current, counted = (), False  # what comes next is about what is due
            else:
                edges = self._edges(begin, end, runs)
                is_open = self._is_open(begin, end, runs)
                for (first, last), (mention, family) in zip(edges, runs, strict=True):
                    if family:
                        yield SpokenZone(first, last, mention, family, is_open)
                        current, counted = family, False
                    else:
                        counted = True
            at = end

    def _edges(self, begin: int, end: int, runs: Sequence[tuple[RowMention, tuple[str, ...]]]) -> list[tuple[int, int]]:
        """Where the stretches of a clause that names several rows begin and end."""
        starts = [begin]
        led = self.scanned.holds(begin, runs[0][0].start, *_LEADING)
        for (former, _), (latter, family) in pairwise(runs):
            names = _LEADING if led else () if family else _DENYING
            border = self._begin_of_lead(former.end, latter.start, names)
            while border > former.end and self.leads(border - 1):
                border -= 1
            starts.append(border)
        return list(zip(starts, [*starts[1:], end], strict=True))

    def _is_open(self, begin: int, end: int, runs: Sequence[tuple[RowMention, tuple[str, ...]]]) -> bool:
        """Whether answers stand before the first and behind the last of rows that no sign parts."""
        led = self.scanned.holds(begin, runs[0][0].start, *_ANSWERS)
        between = [self.scanned.holds(one.end, other.start, *_ANSWERS) for (one, _), (other, _) in pairwise(runs)]
        return led and self.scanned.holds(runs[-1][0].end, end, *_ANSWERS) and any(between)

    def _begin_of_lead(self, start: int, end: int, names: tuple[str, ...]) -> int:
        """Where the words begin that say something right before a row, after one that was led in so."""
        for each in reversed(self.scanned.spans(start, end, *names)):
            ends = each.name == "yes" and fold(self.scanned.said(each.start, each.end)) not in folded("beginning_yes")
            if ends or not all(self.scanned.is_light(at) for at in range(each.end, end)):
                break
            end = each.start
        return end

    def leads(self, at: int) -> bool:
        """Whether a word joins what comes to what went before."""
        return any(each.start <= at < each.end for each in self.scanned.phrases.of("mark_more"))


def _runs(
    mentions: Sequence[RowMention], family_of: Callable[[RowMention], tuple[str, ...]]
) -> list[tuple[RowMention, tuple[str, ...]]]:
    """Mentions without those that go on about the family right before them."""
    out: list[tuple[RowMention, tuple[str, ...]]] = []
    for each in mentions:
        family = family_of(each)
        if not out or not family or family != out[-1][1]:
            out.append((each, family))
    return out
