"""A whole report in one message: which figures of a form it gives, for which period, and what in it stays unclear.

The message is brought to one folded text, in which phrases are claimed from the surest to the least sure: dates,
periods, list numbers, "no change", labels and numbers. Labels and numbers are then paired by the cheapest pairing of
neighbours; where another pairing is about as cheap, nothing is chosen and both readings are handed back.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from knowledge.calendar.words import composed
from knowledge.forms import MONTHLY_FORM, check_report, get_form
from knowledge.model.forms import Figures, Form, last_opened
from knowledge.model.periods import Period
from knowledge.numbers import Reason
from knowledge.reports.answers.reading import read_answers
from knowledge.reports.figures import MOST_SAID
from knowledge.reports.model import ReportText, ReportUnderstood, UntakenPiece
from knowledge.reports.outcome import PairingOutcome
from knowledge.reports.scanning import Scanner
from knowledge.reports.sure_months import is_forgotten, is_sure_of
from knowledge.reports.words import (
    ASKS,
    ASKS_HOW_MANY,
    BLANK,
    ENDS_ASKING,
    HOW_FEW,
    PLANS,
    REPORT_WORD,
    SPELLED,
    STARTS_REPORT,
)

LONGEST_TEXT: Final = 4096


def parse_report(text: str, form: Form, *, today: date, last_opened_period: Period | None = None) -> ReportText:
    """What `text` reports on `form`; any text is taken, and what is not understood is handed back as unmatched.

    `last_opened_period` gives a month without a year its year (the latest one opened); without it the form's own
    calendar on the local day `today` does.

    Example: "Tháng 10: kết nạp 12, giảm 3" by the monthly form → October, `admitted` 12, `lost` 3; the rest missing.
    """
    if last_opened_period is None and form.calendar is not None:
        last_opened_period = last_opened(form, today)
    return _parse(text[:LONGEST_TEXT], form, today, last_opened_period)


@lru_cache(maxsize=64)
def _parse(text: str, form: Form, today: date, last_opened_period: Period | None) -> ReportText:
    """The same, remembered: several look at one message while it is heard (its meaning, its form, its figures)."""
    if form.movement is None and not form.parts:
        return read_answers(text, form, today, last_opened_period)
    scanner = Scanner(composed(text), form, today, last_opened_period)
    scan = scanner.scan()
    outcome = PairingOutcome(scanner, scan)
    positional = outcome.take_positional(scan.items)
    if positional:
        outcome.settle_period([])
    else:
        outcome.take(scan.items)
    still = scan.moved_not or (outcome.whole_as_before and not outcome.values and not outcome.ambiguous)
    no_change = outcome.take_no_change() if still or outcome.denies_movement() else False
    values, too_many = _as_told(form, outcome.values)
    periods = tuple(dict.fromkeys([*scan.table_periods, *outcome.periods]))
    other = [scanner.piece(when.start, when.end) for when in scan.whens if outcome.declares_another(when)]
    kept = tuple(key for key in outcome.kept if key not in values)
    reading = ReportText(
        period=periods[0] if len(periods) == 1 else None,
        period_choices=periods if len(periods) > 1 else (),
        period_is_sure=is_sure_of(scanner, scan, periods, last_opened_period),
        assumed_period=None if periods or other or is_forgotten(scanner) else last_opened_period,
        unit_hint=scan.unit,
        values={row.key: values[row.key] for row in form.indicators if row.key in values},
        ambiguous=tuple(outcome.ambiguous),
        refused=(*outcome.refused, *too_many),
        unmatched=tuple(dict.fromkeys([*other, *outcome.unmatched])),
        missing=tuple(key for key in form.missing(values) if key not in kept),
        kept=kept,
        as_before=tuple(outcome.as_before),
        no_change=no_change,
        positional=positional,
    )
    hands_in = _hands_in(scanner, reading, has_period=bool(periods), asks_at_end=outcome.asks_at_end)
    return msgspec.structs.replace(reading, is_report=hands_in)


def _as_told(form: Form, given: Figures) -> tuple[dict[str, Decimal], list[UntakenPiece]]:
    """The figures, and those that no yes-or-no row can hold."""
    rows = {row.key: row for row in form.indicators if row.yes_no and row.key in given}
    large = [key for key in rows if given[key] > MOST_SAID]
    values = {key: value for key, value in given.items() if key not in large}
    return values, [UntakenPiece(f"{given[key]:f}", key, Reason.TOO_LARGE) for key in large]


def is_report(text: str, form: Form | None = None) -> bool:
    """Whether `text` hands in figures (or says that nothing changed), rather than asks something."""
    reading = parse_report(text, form or get_form(MONTHLY_FORM), today=date(2026, 1, 1))
    return reading.is_report


def _hands_in(scanner: Scanner, reading: ReportText, *, has_period: bool, asks_at_end: bool) -> bool:
    """Whether the message reports rather than asks."""
    keys = (
        set(reading.values) | {r.key for u in reading.ambiguous for r in u.readings} | {n.key for n in reading.refused}
    )
    given = len(keys) if not reading.no_change else len(keys - set(scanner.form.no_change))
    whole = not scanner.form.missing(reading.values)
    asks = (
        (bool(ASKS.search(scanner.norm)) and not is_forgotten(scanner))
        or HOW_FEW.search(scanner.original.lower()) is not None
        or asks_at_end
        or bool(ENDS_ASKING.search(scanner.norm))
    )
    if whole and given >= len(scanner.form.asked) and len(scanner.form.asked) > 1:
        return not ASKS_HOW_MANY.search(scanner.norm)
    if given >= 3 and not ASKS_HOW_MANY.search(scanner.norm):
        return _numbers_told(scanner) > 1
    if asks or (PLANS.search(scanner.norm) and given < 3):
        return False
    if reading.no_change or reading.positional:
        return True
    report = bool(REPORT_WORD.search(scanner.norm))
    starts = bool(STARTS_REPORT.match(scanner.norm))
    readings = [*reading.values.values(), *(r.value for unsure in reading.ambiguous for r in unsure.readings)]
    yearly = sum(2015 <= value <= 2050 for value in readings)
    if reading.kept:
        return True
    # Numbers in words alone, and years, are more often part of a question.
    pieces = len(reading.values) + len(reading.ambiguous) + len(reading.refused)
    in_digits = bool(re.search(r"\d", scanner.norm))
    if given >= 2 and pieces > 1:
        return starts or ((in_digits or not scanner.plain or pieces > 2) and pieces - yearly > 1)
    if given >= 1:
        return (report or has_period) and in_digits and not (yearly and not (starts and has_period))
    bare = [piece for piece in reading.unmatched if re.fullmatch(r"[\d.,/ +-]+", piece)]
    return starts and len(bare) >= 2


def _numbers_told(scanner: Scanner) -> int:
    """How many numbers stand in sentences that ask nothing."""
    told, start = 0, 0
    while start < len(scanner.norm):
        begin, end = scanner.layout.sentence(start)
        said = scanner.norm[begin:end]
        if (not said.endswith("?") or BLANK.search(said)) and not ASKS.search(said):
            told += len(re.findall(r"\d+", said)) or len(SPELLED.findall(said))
        start = end
    return told


def understood_report(reading: ReportText, form: Form | None = None) -> ReportUnderstood:
    """What of a report would be taken without a question, and what would be asked about.

    Figures without names, figures "as before" of a unit that has sent nothing and whatever has two readings are asked
    about. Without a month in the message the report is for the latest one opened.

    Args:
        form: the one it was read for; the monthly one where none is given.
    """
    doubtful = {r.key for unsure in reading.ambiguous for r in unsure.readings} | {n.key for n in reading.refused}
    form = form or get_form(MONTHLY_FORM)
    keys = [row.key for row in form.asked]
    sure = {} if reading.positional else {k: v for k, v in reading.values.items() if k in keys and k not in doubtful}
    # What breaks a bound has to be confirmed with a reason.
    broken = {key for verdict in check_report(form, sure, None) for key in verdict.figures}
    sure = {key: value for key, value in sure.items() if key not in broken}
    # A figure that nobody could place may be of a row said to be as before.
    left = any(re.search(r"\d", piece) for piece in reading.unmatched)
    unmoved = reading.no_change and not reading.as_before and not left
    kept = [key for key in reading.kept if unmoved and key not in doubtful]
    period = (reading.period if reading.period_is_sure else None) or reading.assumed_period
    ask = [key for key in keys if key not in sure and key not in kept]
    return ReportUnderstood(
        period=period.code if period else None,
        figures={key: int(value) for key, value in sure.items()},
        kept=kept,
        ask=ask if period else [*ask, "period"],
    )
