"""Of what time the figures of a message are: the period's, the year's so far, or another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from knowledge.model.forms import Form, Indicator
from knowledge.model.periods import Period, PeriodKind
from knowledge.reports.answers.scanned import SaidFigure, ScannedReport
from knowledge.reports.answers.told import Time
from knowledge.reports.answers.words import load
from knowledge.text import fold

_BESIDE: Final = 2


@dataclass
class FigureTimes:
    """Tells the times of one message, seen from the period that is reported."""

    scanned: ScannedReport
    form: Form
    period: Period | None

    def of_figure(self, figure: SaidFigure) -> Time:
        """The time of a figure: told in its clause; of several there, beside it."""
        begin, end = self.scanned.clause(figure.start)
        same = [each for each in self.scanned.figures if begin <= each.start < end]
        if len(same) > 1:
            before = max([begin, *(each.end for each in same if each.end <= figure.start)])
            after = min([end, *(each.start for each in same if each.start >= figure.end)])
            led = self.between(before, figure.start, figure.start)
            if led is not Time.UNSAID:
                return led
            return self.between(figure.end, after, figure.start)
        time = self.between(begin, end, figure.start)
        return self._in_brackets(figure) if time is Time.UNSAID else time

    def is_of_month(self, figure: SaidFigure) -> bool:
        """Whether a month that is a part of the period stands before a figure in its clause: "tháng 10 được 5"."""
        begin, _ = self.scanned.clause(figure.start)
        others = [each.end for each in self.scanned.figures if begin <= each.start < figure.start]
        begin = max([begin, *others])
        return any(
            begin <= each.start < figure.start and each.period is not None and self._is_within(each.period)
            for each in self.scanned.whens
        )

    def _is_within(self, period: Period) -> bool:
        return self.form.period is not PeriodKind.MONTH and period.kind is PeriodKind.MONTH

    def _in_brackets(self, figure: SaidFigure) -> Time:
        """The time in brackets right behind a figure, where they hold no other: "1 cuộc (quý 4)"."""
        if self.scanned.sign(figure.end) != "(" or figure.end + 1 >= len(self.scanned.tokens):
            return Time.UNSAID
        begin, end = self.scanned.clause(figure.end + 1)
        held = any(begin <= each.start < end for each in self.scanned.figures)
        return Time.UNSAID if held else self.between(begin, end, begin)

    def between(self, begin: int, end: int, at: int) -> Time:
        """The time that is named between two tokens, the nearest to a place; else that of a heading above it."""
        found = self._times(begin, end)
        if found:
            return min(found, key=lambda each: abs(each[0] - at))[1]
        start, _ = self.scanned.sentence(at)
        heads = [
            time
            for spot, time in self._times(start, begin)
            if any(
                self.scanned.sign(mark) in (":", "=") and all(self.scanned.is_light(x) for x in range(spot + 1, mark))
                for mark in range(spot, begin)
            )
        ]
        return heads[-1] if heads else Time.UNSAID

    def _times(self, begin: int, end: int) -> list[tuple[int, Time]]:
        scanned = self.scanned
        found = [
            (each.start, Time.YEAR) for each in scanned.phrases.of("of_year") if begin <= each.start and each.end <= end
        ]
        found += [
            (each.start, Time.OWN)
            for each in scanned.phrases.of("of_period")
            if begin <= each.start and each.end <= end
        ]
        found += [
            (each.start, Time.OTHER)
            for each in scanned.phrases.of("of_past")
            if begin <= each.start and each.end <= end and not self._is_own(each.start)
        ]
        for when in scanned.whens:
            compared = scanned.holds(max(when.start - _BESIDE, begin), when.start, "comparing")
            if begin <= when.start and when.end <= end and when.period is not None and not compared:
                time = self._time_of(when.period, is_relative=when.is_relative)
                if time is not None:
                    found.append((when.start, time))
        told = [each for each in found if each[1] is not Time.OWN or each[0] >= self._head or self._is_only(each[0])]
        return sorted(told, key=lambda each: each[0])

    def _is_only(self, at: int) -> bool:
        """Whether a period is told to be the only one that a figure is of: "riêng quý 4"."""
        led = self.scanned.phrases.before(at, "only") is not None
        return led or self.scanned.phrases.at(at, "only") is not None

    @cached_property
    def _head(self) -> int:
        """Before this, a period heads the message rather than telling the time of a figure."""
        said = [*(each.start for each in self.scanned.mentions), *(each.start for each in self.scanned.figures)]
        return min(said, default=0)

    def _is_own(self, at: int) -> bool:
        """Whether "quý trước" is the period reported: it has ended, and no other is named."""
        when = next((each for each in self.scanned.whens if each.start <= at < each.end), None)
        others = [
            each
            for each in self.scanned.whens
            if each is not when and each.period is not None and each.period.kind is self.form.period
        ]
        return (
            when is not None
            and when.period == self.period
            and not others
            and not self.scanned.holds(0, len(self.scanned.tokens), "of_period")
        )

    def _time_of(self, period: Period, *, is_relative: bool) -> Time | None:
        if self.period is None:
            return None
        if period.kind is self.form.period:
            if is_relative:
                return Time.OWN if period >= self.period else None
            return Time.OWN if period == self.period else Time.OTHER
        if period.kind is PeriodKind.YEAR:
            return Time.YEAR if period.year == self.period.year or is_relative else Time.OTHER
        return None

    @cached_property
    def is_first(self) -> bool:
        """Whether the period reported is the first of its year: its figures are those of the year so far."""
        return self.period is not None and self.period.start == date(self.period.year, 1, 1)

    def wanted(self, row: Indicator) -> Time:
        """The time that a row is of, by what it is called: of the year so far, or of the period."""
        said = [row.short, *row.aliases] if row.aliases else [row.name, row.short]
        names = [f" {fold(name)} " for name in said]
        years = load().lists["of_year"]
        return Time.YEAR if any(f" {fold(each)} " in name for name in names for each in years) else Time.OWN

    def is_of_year(self, row: Indicator) -> bool:
        """Whether the name of a row, or of the one it is a part of, says that it counts from the year's beginning."""
        whole = self.scanned.names.within.get(row.key)
        if whole is not None and self.is_of_year(self.scanned.names.rows[whole]):
            return True
        return any(f" {fold(each)} " in f" {fold(row.name)} " for each in load().lists["of_year"])
