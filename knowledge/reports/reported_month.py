"""The month that a message reports, and which of its figures are of another time."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.model.periods import Period
from knowledge.reports.times import SpanKind, When, settle
from knowledge.reports.unexplained import Unexplained

WORDS_BEHIND_A_MONTH = 3
"""Courtesies that may follow the month which a message closes with."""


@dataclass
class ReportedMonth(Unexplained):
    """The months reported, from the spans of time that govern the figures."""

    periods: tuple[Period, ...] = ()

    def settle_period(self, whens: list[When | None]) -> None:
        """The month of the report, from the spans of time that govern its figures."""
        named = [when for when in self.scan.whens if when.kind is SpanKind.MONTH]
        self.periods = settle(self.scan.whens, whens, self.reader.last)
        months = {month for when in named for month in when.months}
        closing = len(months) == 1 and self._closes(named[-1])
        if not self.periods and (closing or not any(when in named for when in whens)):
            ahead = any(named[0].start < item.start for item in self.scan.items[:1]) if named else False
            told = not whens or (bool(named) and (named[0].declared or ahead or closing))
            self.periods = tuple(months) if len(months) == 1 and told else ()
        this = any(when.kind is SpanKind.THIS for when in self.scan.whens)
        if not self.periods and this and self.reader.last is not None:
            self.periods = (self.reader.last,)

    def declares_another(self, when: When) -> bool:
        """Whether the message says that it is for another span than a month: "báo cáo quý 3", "… cho quý 3 nha"."""
        return when.kind is SpanKind.OTHER and (when.declared or self._closes(when))

    def _closes(self, when: When) -> bool:
        """Whether a month stands at the end of the message, behind every figure: "…, giảm 3, tháng 9/2026"."""
        behind = self.reader.norm[when.end :]
        words = behind.split()
        return (
            len(words) <= WORDS_BEHIND_A_MONTH
            and not self.reader.norm[: when.start].rstrip().endswith("(")
            and not any(letter.isdigit() for letter in behind)
            and all(item.end <= when.start for item in self.scan.items)
        )

    def _is_of_another_time(self, when: When | None) -> bool:
        if when is None or when.kind in {SpanKind.THIS, SpanKind.NOW, SpanKind.COMPARED}:
            return False
        if when.kind is SpanKind.MONTH:
            asked = self.periods or ((self.reader.last,) if self.reader.last is not None else ())
            return not set(when.months) & set(asked)
        return not when.declared
