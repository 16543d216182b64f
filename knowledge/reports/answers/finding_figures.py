"""The figures of a message: digits and numbers in words, with what they count. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from knowledge.number_words import SCALES, is_marked_number, is_number_word
from knowledge.numbers import Refused, parse_count
from knowledge.reports.answers.scanned import ENDS_CLAUSE, SaidFigure, ScannedReport
from knowledge.reports.answers.words import UNITS, groups_of, load
from knowledge.tokens import Span, TokenSort, is_spelled

_LONGEST_RUN: Final = 9


@dataclass
class FigureFinder:
    """Finds the figures of one message that no time or name has claimed."""

    found: ScannedReport

    def find(self) -> None:
        """Mark every figure."""
        at = 0
        while at < len(self.found.tokens):
            figure = self._figure_at(at)
            if figure is None:
                at += 1
                continue
            self.found.figures.append(figure)
            self.found.taken[figure.start : figure.end] = [True] * (figure.end - figure.start)
            at = figure.end

    def _figure_at(self, at: int) -> SaidFigure | None:
        run = self._run_at(at)
        if not run:
            return None
        said, others = self.found.said(at, run), list[str]()
        end = run
        while (other := self._other_at(end)) is not None:
            others.append(self.found.said(other, self._run_at(other)))
            end = self._run_at(other)
        counted, groups = said, frozenset[str]()
        unit = self._unit_at(end) or (self._unit_at(run) if others else None)
        if unit is not None:
            counted = self.found.said(at, unit.end)
            size = unit.end - unit.start
            words = self.found.said(unit.start, unit.end)
            groups = frozenset(
                each.name
                for each in self.found.phrases.of(*UNITS)
                if each.start == unit.start and each.end - each.start == size
            ) | groups_of(words)
            end = max(end, unit.end)
        return SaidFigure(at, max(end, run), said, counted, groups, tuple(others))

    def _unit_at(self, at: int) -> Span | None:
        """What is counted, where it is said there and is no row's name."""
        unit = self.found.phrases.at(at, *UNITS)
        return unit if unit is not None and not any(self.found.taken[unit.start : unit.end]) else None

    def _run_at(self, at: int) -> int:
        """Behind the number that begins at a token; 0 where none does."""
        tokens, found = self.found.tokens, self.found
        if at >= len(tokens) or found.taken[at]:
            return 0
        token = tokens[at]
        if token.sort is TokenSort.NUMBER:
            end = at + 1
            numbered = found.phrases.before(at, "numbered")
            if numbered is not None and not found.taken[numbered.start] and self._unit_at(end) is None:
                return 0
            while end < len(tokens) and not found.taken[end] and tokens[end].folded in SCALES and self._is_word(end):
                end += 1
            return end
        inside = at > 0 and not found.taken[at - 1] and self._is_word(at - 1)
        if token.sort is not TokenSort.WORD or inside or not self._is_word(at):
            return 0
        end = at
        while end < len(tokens) and not found.taken[end] and end - at < _LONGEST_RUN and self._is_word(end):
            end += 1
        is_one = not isinstance(parse_count(found.said(at, end)), Refused)
        return end if is_one and self._is_meant(at, end) else 0

    def _is_word(self, at: int) -> bool:
        token = self.found.tokens[at]
        if token.sort is not TokenSort.WORD or not is_number_word(token.keyed):
            return False
        longer = [
            each for each in self.found.phrases.every() if each.start <= at < each.end and each.end - each.start > 1
        ]
        return not longer and self.found.phrases.at(at, "no", "yes") is None

    def _is_meant(self, start: int, end: int) -> bool:
        """Whether words spell a number there, rather than being a part of others: "một", "ba", "năm"."""
        found = self.found
        if found.sign(start - 1) == "/":
            return False
        if found.phrases.at(end, *(UNITS - {"time", "parts"})) is not None:
            return True
        first = found.tokens[start]
        if end - start == 1 and any(is_spelled(first, word, bare=True) for word in load().lists["never_alone"]):
            return False
        last = end
        while last < len(found.tokens) and last in found.light:
            last += 1
        behind = last >= len(found.tokens) or found.sign(last) in ENDS_CLAUSE or self._begins_name(last)
        led = start > 0 and (found.sign(start - 1) in (":", "=") or found.taken[start - 1] or found.is_light(start - 1))
        return (
            (end - start > 1 or is_marked_number(found.tokens[start].keyed) or not self.found.phrases.is_marked)
            and behind
            and led
        )

    def _begins_name(self, at: int) -> bool:
        return any(each.start == at for each in self.found.mentions)

    def _other_at(self, at: int) -> int | None:
        """Where the other number begins of which one is meant: "3 hay 4", "3-4"; None where none does."""
        link = self.found.phrases.at(at, "or_else")
        after = link.end if link is not None else at + 1 if self.found.sign(at) in ("-", "–", "~", "/") else None
        unit = self.found.phrases.at(at, *UNITS)
        if after is None and unit is not None and (link := self.found.phrases.at(unit.end, "or_else")) is not None:
            after = link.end
        if after is not None and after < len(self.found.tokens):
            first = self.found.tokens[after]
            maybe = self.found.phrases.at(after, "before", "maybe")
            after = maybe.end if maybe is not None and first.sort is TokenSort.WORD else after
        return after if after is not None and self._run_at(after) else None
