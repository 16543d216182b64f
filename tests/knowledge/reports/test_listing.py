"""Several rows of a larger form answered in one message."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.forms import TERM_FORM, get_form
from knowledge.numbers import Reason
from knowledge.reports import filling
from knowledge.reports.listing import find_labelled, label_of, take_listed
from knowledge.reports.sheet import ReportSheet, SheetAction, SheetEvent, begin

FORM = get_form(TERM_FORM)
LABELS = [label_of(FORM, row) for row in FORM.asked]


def in_part(number: int = 0) -> ReportSheet:
    return filling.decide(FORM, begin(FORM), None, SheetAction.PART, str(number)).sheet


def test_every_row_has_a_label_of_its_own_that_finds_it() -> None:
    assert len(set(LABELS)) == len(LABELS)
    assert [find_labelled(FORM, label) for label in LABELS] == list(FORM.asked)


def test_numbers_one_after_the_other_fill_the_rows_from_the_one_asked_on() -> None:
    outcome = take_listed(FORM, in_part(), "12 5 0 3")
    assert outcome is not None
    keys = [row.key for row in FORM.asked[:4]]
    assert outcome.sheet.figures == dict(zip(keys, map(Decimal, (12, 5, 0, 3)), strict=True))
    assert outcome.sheet.key == FORM.asked[4].key


def test_named_rows_are_filled_wherever_they_stand_and_what_is_wrong_is_told_beside() -> None:
    outcome = take_listed(FORM, begin(FORM), "26: 1.200; 26.1: 5,5\n36: nhiều; 99: 4")
    assert outcome is not None
    assert outcome.sheet.figures == {"i26": 1200, "i26_tien": Decimal("5.5")}
    assert [(piece.piece, piece.reason) for piece in outcome.not_taken] == [
        ("36: nhiều", Reason.NOT_A_NUMBER),
        ("99: 4", Reason.NOT_A_NUMBER),
    ]


@pytest.mark.parametrize("text", ["12 500", "1 250 300", "12", "đoàn viên 12 5", "mục 26: 5"])
def test_what_may_be_one_number_or_is_words_is_no_list(text: str) -> None:
    assert take_listed(FORM, in_part(), text) is None


def test_more_numbers_than_rows_change_nothing() -> None:
    sheet = in_part(2)
    outcome = take_listed(FORM, sheet, "1 2 3 4 5 6 7 8 9")
    assert outcome is not None
    assert (outcome.event, outcome.sheet) == (SheetEvent.REFUSED, sheet)


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.integers(0, 999)), min_size=1, max_size=20))
def test_any_list_by_labels_puts_exactly_these_figures(given_rows: list[tuple[str, int]]) -> None:
    text = "; ".join(f"{label}: {value}" for label, value in given_rows)
    outcome = take_listed(FORM, begin(FORM), text)
    assert outcome is not None
    expected = {row.key: value for label, value in given_rows if (row := find_labelled(FORM, label)) is not None}
    assert outcome.sheet.figures == expected
    assert outcome.not_taken == ()
