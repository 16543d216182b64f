"""Whether the month that a report is taken to be of is sure, or has to be asked about."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from knowledge.model.periods import Period, PeriodKind
from knowledge.reports.scanning import Scan, Scanner
from knowledge.reports.times import SpanKind

_NEAR: Final = 3
"""Months behind the one due up to which a month without a year is that of the same year."""
_YEAR: Final = 12


def is_sure_of(scanner: Scanner, scan: Scan, periods: Collection[Period], last: Period | None) -> bool:
    """Whether `periods`, what the message was taken to be of, may stand without a question.

    `last` is the latest period opened. One still to come is not sure, nor is one long past, one said to be a guess, and
    "this month" while no report of it is open: whoever says so early in a month may mean the report now due.
    """
    if last is not None and len(periods) == 1:
        (period,) = periods
        if period > last or _is_long_ago(scanner, period, last) or _lacks_year(scan, period, last):
            return False
    if not periods and is_forgotten(scanner):
        return False
    return not (_is_guessed(scanner, scan, periods) or _is_month_unopened(scanner, scan, last))


def is_forgotten(scanner: Scanner) -> bool:
    """Whether the message says that nobody knows of which month it is: "không nhớ của tháng nào"."""
    for start, _ in scanner.spans("which_month"):
        said = [end for _, end in scanner.spans("forgotten", scanner.layout.clause(start)[0], start)]
        if said and not any(letter.isdigit() for letter in scanner.norm[said[-1] : start]):
            return True
    return False


def _is_long_ago(scanner: Scanner, period: Period, last: Period) -> bool:
    """Whether a year in digits is likelier a slip: the month lies a year or more behind the one due."""
    return _months_behind(period, last) >= _YEAR and str(period.year) in scanner.norm


def _lacks_year(scan: Scan, period: Period, last: Period) -> bool:
    """Whether a month without a year lies so far behind that a slip, or another year, is as likely."""
    named = [when for when in scan.whens if period in when.months]
    return bool(named) and all(when.yearless for when in named) and _months_behind(period, last) > _NEAR


def _months_behind(period: Period, last: Period) -> int:
    return (last.year - period.year) * _YEAR + last.number - period.number


def _is_guessed(scanner: Scanner, scan: Scan, periods: Collection[Period]) -> bool:
    """Whether the month reported is said to be a guess: "chắc tháng 10"."""
    said = [*scanner.spans("maybe"), *scanner.spans("guessed")]
    guessed = [when for when in scan.whens if any(0 <= when.start - end <= 1 for _, end in said)]
    return any(not {*periods}.isdisjoint(when.months) or (when.months and not periods) for when in guessed)


def _is_month_unopened(scanner: Scanner, scan: Scan, last: Period | None) -> bool:
    """Whether "this month" stands over the figures, in a month whose report is not open yet, and no month is named.

    Behind a figure it only tells who came or went in the month reported: "lđ 88, đv 85, tháng này vào 1".
    """
    if scanner.form.period is not PeriodKind.MONTH or any(
        when.kind is SpanKind.MONTH and when.months for when in scan.whens
    ):
        return False
    first = min((item.start for item in scan.items if not item.is_label), default=len(scanner.norm))
    now = Period.month(scanner.today.year, scanner.today.month)
    return last is not None and now > last and any(start < first for start, _ in scanner.spans("calendar_month"))
