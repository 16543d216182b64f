"""Signs of a message's meaning from other readers: a report in it, a number of people, a year, a plan named.

Each is one function of a few lines, so that a reader of another room can take its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.forms import MONTHLY_FORM, CalledFor, find_called, get_form, load_forms
from knowledge.number_words import AROUND_NUMBERS
from knowledge.numbers import Refused, parse_count
from knowledge.question import Understanding
from knowledge.text import fold
from knowledge.wordlists import WordLists

_YEAR = re.compile(r"(?<![\d.,])20[1-5]\d(?![\d.,]?\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_COUNTED_YEAR = WordLists.of(AROUND_NUMBERS).composed(r"20[1-5]\d\s+%counted%\b")


def count_numbers(text: str) -> int:
    """How many numbers stand in it."""
    return len(_NUMBER.findall(text))


def is_a_count(text: str) -> bool:
    """Whether it is a number of people, in figures or words."""
    return not isinstance(parse_count(text), Refused)


def names_far_year(text: str, today: date) -> bool:
    """Whether it names a year that no report of now is about."""
    return any(abs(int(year) - today.year) > 1 for year in _YEAR.findall(text))


def gives_only_a_year(text: str) -> bool:
    """Whether the only number in it is a year that counts nothing.

    Example: "kết nạp đoàn viên 2027", not "kết nạp 2027 đoàn viên".
    """
    return count_numbers(text) == 1 and bool(_YEAR.search(text)) and _COUNTED_YEAR.search(fold(text)) is None


@dataclass(frozen=True, slots=True)
class ReportSigns:
    """What the reader of reports makes of a message: whether it hands one in, and how many rows it gives.

    `names_form` where it gives rows of another form than the monthly one, as many as make a report of it, or rows of
    several forms: their names are those of subjects that plans set targets on.
    """

    hands_in: bool
    rows: int
    names_form: bool = False


def find_report(text: str, today: date) -> ReportSigns:
    """Whether a message hands a report in, and how many rows of its form it gives: of the monthly one, if of none.

    Example: "Tháng 10: kết nạp 12, giảm 3" → handed in, two rows.
    """
    from knowledge.reports import parse_report  # noqa: PLC0415 - its many patterns are made when a report may be there
    from knowledge.reports.choosing import find_reports  # noqa: PLC0415

    found = find_reports(text, load_forms(), today)
    reading = found[0].reading if found else parse_report(text, get_form(MONTHLY_FORM), today=today)
    form_id = found[0].form.id if found else MONTHLY_FORM
    keys = {*reading.values, *reading.kept, *(each.readings[0].key for each in reading.ambiguous if each.readings)}
    names_form = len(found) > 1 or (form_id != MONTHLY_FORM and (not reading.refused or len(reading.values) > 1))
    return ReportSigns(reading.is_report, len(keys), names_form)


def find_answers(text: str, today: date) -> ReportSigns | None:
    """A report of a form other than the monthly one in a message of few figures; None where it hands in none.

    Example: "hội nghị NLĐ làm rồi, thỏa ước chưa ký" → handed in, two rows.
    """
    from knowledge.reports.choosing import find_reports  # noqa: PLC0415 - as above

    for each in find_reports(text, (form for form in load_forms() if form.movement is None), today):
        if not each.reading.refused or len(each.reading.values) > 1:
            return ReportSigns(hands_in=True, rows=len(each.reading.values), names_form=True)
    return None


def find_other_form(text: str, today: date) -> CalledFor | None:
    """The form other than the monthly one that a message names by its name or period; None where it names none.

    Example: "tổng hợp quý 4" → the quarterly form, and "tổng hợp" beside it.
    """
    called = find_called(text, load_forms(), today)
    return called if called.form is not None and called.form.id != MONTHLY_FORM else None


PLANS_ALONE: Final = 5
"""The rank from which a subject stands in plans only: members are in every message, agreements are not."""


@dataclass(frozen=True, slots=True)
class PlanSigns:
    """Whether a message names a known plan, and a subject that only plans speak of; the words that nothing explains.

    `place`: whether it names a place or body that plans are made for, known or not.
    """

    plan: bool
    subject: bool
    not_understood: tuple[str, ...]
    place: bool = False


def find_plan(text: str, understanding: Understanding) -> PlanSigns:
    """What of a message points to the plans that are known: see `PlanSigns`.

    Example: "chỉ tiêu thỏa ước của Quảng Trị" → a plan and a subject of plans.
    """
    question = understanding.read(text)
    ranks = [understanding.glossary.subject(subject).rank for subject in question.subjects]
    subject = max(ranks, default=0) >= PLANS_ALONE
    place = bool(question.plans or question.elsewhere)
    return PlanSigns(bool(question.plans), subject, question.strange or question.leftover, place)
