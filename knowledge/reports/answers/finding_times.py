"""The times that a message names, and numbers that are no figures: dates, documents, numbering. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from knowledge.calendar.periods import FoundPeriod, locate_periods
from knowledge.model.periods import Period, PeriodKind
from knowledge.number_words import DIGITS, is_number_word
from knowledge.numbers import Parsed, parse_count
from knowledge.reports.answers.cutting import plain
from knowledge.reports.answers.scanned import SaidTime, ScannedReport
from knowledge.reports.answers.words import UNITS, folded, units_folded
from knowledge.reports.words import DATES, DOCUMENT, PERIOD_NUMERIC
from knowledge.text import fold
from knowledge.tokens import TokenSort

_DAY: Final = re.compile(
    r"(?<![\d.,/-])(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?:[/-](?P<year>(?:20)?\d\d))?(?![\d/]|[.,]\d)"
)
_YEAR: Final = re.compile(r"20[1-5]\d")
_OF_A_YEAR: Final = re.compile(r"(?<![\w.,/])(?:\d{3,}|\d{1,2}(?=/\d{4}/))/20\d\d(?:/[a-z]+(?:-[a-z]+)*)?(?!\d)")
"""A document by its number and year."""
_NUMBERING: Final = re.compile(
    r"^[ \t]*(?:[-+*•]\s*)?(?P<no>\d{1,2}(?:\.\d{1,2})?)(?:[.)\]:/-]|\s*[-–)])\s*(?=[^\W\d])", re.MULTILINE
)
_YEARS: Final = range(2010, 2060)
_LONGEST_YEAR: Final = 7
_DIGITS_OF_A_YEAR: Final = 4
_MOST_MONTH: Final = 12
_MOST_DAY: Final = 31
_FEBRUARY: Final = 2
_SHORTEST: Final = 28
_COUNTED: Final = ("meetings", "cases", "turns")


@dataclass
class TimeFinder:
    """Finds the times of one message."""

    found: ScannedReport

    @cached_property
    def _plain(self) -> str:
        return plain(self.found.text)

    def find(self) -> None:
        """Claim numbering first, then everything that tells a time."""
        self._take_numbering()
        self._take_times()

    def _claim_letters(self, start: int, end: int) -> tuple[int, int] | None:
        """Claim the tokens of a stretch of letters; None where one of them is claimed already."""
        spots = [at for at, each in enumerate(self.found.tokens) if each.start < end and each.end > start]
        if not spots or any(self.found.taken[at] for at in spots):
            return None
        self.found.taken[spots[0] : spots[-1] + 1] = [True] * len(spots)
        return spots[0], spots[-1] + 1

    def _take_numbering(self) -> None:
        found = list(_NUMBERING.finditer(self._plain))
        if len(found) > 1:
            for match in found:
                self._claim_letters(match.start("no"), match.end("no"))

    def _take_times(self) -> None:
        for match in _OF_A_YEAR.finditer(self._plain):
            self._claim_letters(*match.span())
        for match in DOCUMENT.finditer(self._plain):
            if not self._is_counted_behind(match.end()):
                self._claim_letters(*match.span())
        for match in _DAY.finditer(self._plain):
            self._take_day(match)
        for each in self._periods():
            self._take_period(each)
        for pattern in (PERIOD_NUMERIC, *DATES):
            for match in pattern.finditer(self._plain):
                self._claim_letters(*match.span())
        for at, token in enumerate(self.found.tokens):
            if token.sort is TokenSort.NUMBER and not self.found.taken[at]:
                self._take_spans_of_time(at)
            elif token.folded in folded("year_begins") and not self.found.taken[at]:
                self._take_spoken_year(at)

    def _take_spoken_year(self, at: int) -> None:
        """Claim a year in words: "hai nghìn không trăm hai tám", "hai không hai tám"."""
        found, end = self.found, at
        while end < len(found.tokens) and end - at < _LONGEST_YEAR and is_number_word(found.tokens[end].keyed):
            end += 1
        words = [found.tokens[spot].folded for spot in range(at, end)]
        said = parse_count(found.said(at, end)) if words else None
        year = int(said.value) if isinstance(said, Parsed) else 0
        if len(words) == _DIGITS_OF_A_YEAR and all(word in DIGITS for word in words):
            year = int("".join(str(DIGITS[word]) for word in words))
        if year in _YEARS and found.phrases.at(end, *(UNITS - {"time", "parts"})) is None:
            found.taken[at:end] = [True] * (end - at)
            found.whens.append(SaidTime(at, end, Period(PeriodKind.YEAR, year, 0)))

    def _is_counted_behind(self, letter: int) -> bool:
        at = next((at for at, each in enumerate(self.found.tokens) if each.start >= letter), len(self.found.tokens))
        return self.found.phrases.at(at, *(UNITS - {"time", "parts"})) is not None

    def _take_day(self, match: re.Match[str]) -> None:
        day, month = int(match["day"]), int(match["month"])
        if not (1 <= day <= _MOST_DAY and 1 <= month <= _MOST_MONTH) or self._is_counted_behind(match.end()):
            return
        span = self._claim_letters(*match.span())
        if span is None:
            return
        year = int(match["year"]) if match["year"] else self.found.today.year
        year = year + 2000 if year < 100 else year
        try:
            found = date(year, month, day)
        except ValueError:
            return
        if not match["year"] and found > self.found.today:
            found = found.replace(year=year - 1, day=found.day if month != _FEBRUARY else min(found.day, _SHORTEST))
        self.found.whens.append(SaidTime(*span, day=found))

    def _periods(self) -> Iterator[FoundPeriod]:
        for each in locate_periods(self.found.text, self.found.today, ahead=timedelta()):
            if each.start < each.end:
                yield each

    def _take_period(self, each: FoundPeriod) -> None:
        spots = [at for at, token in enumerate(self.found.tokens) if token.start < each.end and token.end > each.start]
        if not spots or any(self.found.taken[at] for at in spots) or self._begins_row(spots[-1]):
            return
        if any(
            span.start <= spots[-1] and span.end > spots[0] and span.end - span.start > len(spots)
            for span in self.found.phrases.of("of_year")
        ):
            return
        end = spots[-1] + 1
        if each.period.kind is PeriodKind.QUARTER and self._counts_behind(end):
            return
        if (
            end < len(self.found.tokens)
            and self.found.tokens[end].sort is TokenSort.NUMBER
            and self.found.phrases.at(spots[-1], "times")
        ):
            return
        if spots[0] > 0 and self.found.tokens[spots[0] - 1].sort is TokenSort.NUMBER and self._is_time(spots[0]):
            return
        numbers = [at for at in spots if self.found.tokens[at].sort is TokenSort.NUMBER]
        if numbers and any(
            self.found.tokens[at].sort is TokenSort.WORD and at in self.found.light
            for at in range(spots[0] + 1, numbers[0])
        ):
            return
        has_number = any(self.found.tokens[at].sort is TokenSort.NUMBER for at in spots)
        self.found.taken[spots[0] : spots[-1] + 1] = [True] * len(spots)
        self.found.whens.append(SaidTime(spots[0], spots[-1] + 1, each.period, is_relative=not has_number))

    def _begins_row(self, at: int) -> bool:
        """Whether a name of two words or more begins there: "trong quý" and then "tư vấn"."""
        tokens, names = self.found.tokens, self.found.names.by_first.get(self.found.tokens[at].folded, ())
        behind = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        return any(len(each.words) > 1 and fold(each.words[1]) == behind for each in names)

    def _take_spans_of_time(self, at: int) -> None:
        """Claim "3 năm", "2028" and numbers of laws, articles, rooms."""
        found, token = self.found, self.found.tokens[at]
        behind = found.phrases.at(at + 1, "time", "parts")
        counted = found.phrases.at(at + 1, *(UNITS - {"time", "parts"}))
        if behind is not None and (counted is None or counted.end < behind.end):
            found.taken[at : behind.end] = [True] * (behind.end - at)
            if _YEAR.fullmatch(token.text):
                found.whens.append(SaidTime(at, at + 1, Period(PeriodKind.YEAR, int(token.text), 0)))
        elif self._is_time(at + 1) and counted is None:
            found.taken[at : at + 2] = [True] * 2
        elif self._is_dated(at) and counted is None and token.text.isdecimal():
            found.taken[at] = True
            if int(token.text) in range(1, _MOST_MONTH + 1) and found.phrases.before(at, "month_of") is not None:
                month = Period.month(self.found.today.year, int(token.text))
                found.whens.append(
                    SaidTime(at, at + 1, month if month.start <= self.found.today else month.shifted(-_MOST_MONTH))
                )
        elif _YEAR.fullmatch(token.text) and counted is None:
            found.taken[at] = True
            found.whens.append(SaidTime(at, at + 1, Period(PeriodKind.YEAR, int(token.text), 0)))
        elif found.sign(at + 1) == "/" and at + 2 < len(found.tokens) and counted is None:
            after = found.tokens[at + 2]
            if after.sort is TokenSort.NUMBER and _YEAR.fullmatch(after.text):
                found.taken[at : at + 3] = [True] * 3

    def _is_dated(self, at: int) -> bool:
        """Whether a word before a number makes it a day, month or year; without marks "nam 10" may be men."""
        if self.found.phrases.before(at, "times") is None:
            return False
        former, number = self.found.tokens[at - 1], self.found.tokens[at]
        is_bare = former.text.isascii() and former.folded in folded("year_word")
        return not is_bare or _YEAR.fullmatch(number.text) is not None

    def _counts_behind(self, at: int) -> bool:
        """Whether the number before is one that counts what comes next: "trong quý 2 cuộc"."""
        last = self.found.tokens[at - 1]
        counted = self.found.phrases.at(at, *_COUNTED) is not None
        return last.sort is TokenSort.NUMBER and _YEAR.fullmatch(last.text) is None and counted

    def _is_time(self, at: int) -> bool:
        """Whether a word for a span of time stands there, if only as a part of others: "1 năm rồi"."""
        return at < len(self.found.tokens) and self.found.tokens[at].folded in units_folded("time")
