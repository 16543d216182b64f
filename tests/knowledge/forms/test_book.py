"""The book of forms: which version holds for a period, what is asked for on a day, what became of a withdrawn form."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import MONTHLY_FORM, TERM_FORM, get_form, load_book, load_forms, make_book
from knowledge.model.forms import Form, find_opened, is_open
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from tests.examples import examples

MONTHLY, TERM = get_form(MONTHLY_FORM), get_form(TERM_FORM)
OCTOBER = Period.month(2026, 10)


def version(since: str | None, *, form_id: str = "nu-cong", short: str = "Nữ công", **other: object) -> Form:
    return msgspec.structs.replace(MONTHLY, id=form_id, short=short, since=since, **other)


def test_the_book_of_what_ships_holds_each_form_as_it_ships() -> None:
    book = load_book()
    assert book.latest == load_forms()
    assert book.get(MONTHLY_FORM, OCTOBER) == MONTHLY
    assert book.find("khac") is None
    with pytest.raises(KeyError):
        book.get("khac", OCTOBER)


def test_a_version_holds_from_its_first_period_until_the_next() -> None:
    first, second = version("2026-03", short="Cũ"), version("2026-11", short="Mới")
    book = make_book(load_forms(), [first, second])
    assert [book.get("nu-cong", Period.month(2026, month)).short for month in (3, 10, 11, 12)] == [
        "Cũ",
        "Cũ",
        "Mới",
        "Mới",
    ]
    assert book.get("nu-cong").short == "Mới"
    assert [(form.since, form.until) for form in book.asked if form.id == "nu-cong"] == [
        ("2026-03", "2026-11"),
        ("2026-11", None),
    ]


def test_a_period_before_the_first_version_is_read_by_it_and_owed_by_nobody() -> None:
    book = make_book((), [version("2026-03")])
    form = book.get("nu-cong", Period.month(2026, 2))
    assert form.since == "2026-03"
    assert AskedUnits.of_period(form, Period.month(2026, 2)).kinds == frozenset()
    assert AskedUnits.of_period(form, Period.month(2026, 3)).kinds == form.owed_by


def test_what_is_approved_last_holds_alone_from_its_first_period_on() -> None:
    versions = [version("2026-03", short="A"), version("2027-01", short="B"), version("2026-11", short="C")]
    book = make_book((), versions)
    assert [form.short for form in book.asked] == ["A", "C"]
    assert book.get("nu-cong", Period.month(2027, 1)).short == "C"


def test_a_stored_version_stands_after_the_shipped_one() -> None:
    book = make_book(load_forms(), [version("2027-01", form_id=MONTHLY_FORM, short="Mới")])
    assert book.get(MONTHLY_FORM, Period.month(2026, 12)).short == MONTHLY.short
    assert book.get(MONTHLY_FORM, Period.month(2027, 1)).short == "Mới"


def test_until_the_new_version_opens_the_old_one_is_the_latest_opened() -> None:
    book = make_book((), [version("2026-03", short="Cũ"), version("2026-11", short="Mới")])
    assert [(form.short, period) for form, period in book.list_opened(date(2026, 11, 24))] == [("Cũ", OCTOBER)]
    assert [(form.short, period) for form, period in book.list_opened(date(2026, 11, 25))] == [
        ("Mới", OCTOBER.shifted(1))
    ]
    assert book.list_opened(date(2026, 3, 1)) == []


def test_a_withdrawn_form_is_read_and_asks_for_nothing_more() -> None:
    book = make_book((), [version("2026-03", withdrawn_on=date(2026, 11, 2))])
    form = book.get("nu-cong", OCTOBER)
    assert book.asked == ()
    assert book.list_opened(date(2026, 11, 2)) == []
    assert not is_open(form, OCTOBER, date(2026, 11, 2))
    assert find_opened(form, date(2026, 11, 2)) is None
    # What was due before stays owed as it was; October was due on 5 November.
    assert AskedUnits.of_period(form, OCTOBER.shifted(-1)).kinds == form.owed_by
    assert AskedUnits.of_period(form, OCTOBER).kinds == frozenset()


def test_a_campaign_form_that_has_a_successor_or_is_withdrawn_is_offered_no_more() -> None:
    later = msgspec.structs.replace(TERM, id="so-ket-nhiem-ky-2")
    book = make_book([TERM], [later], outdated=[TERM_FORM])
    assert book.for_campaigns == (later,)
    assert book.find(TERM_FORM) == TERM
    assert make_book([TERM], [later], withdrawn={TERM_FORM: date(2026, 11, 2)}).for_campaigns == (later,)
    assert book.get(TERM_FORM, Period.parse("campaign:2026:Đợt 1")) == TERM


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=5),
    st.integers(-3, 33),
)
def test_every_period_has_one_version_and_only_that_one_covers_it(firsts: list[int], step: int) -> None:
    start = Period.month(2026, 1)
    book = make_book((), [version(start.shifted(first).code, short=str(i)) for i, first in enumerate(firsts)])
    period = start.shifted(step)
    covering = [form for form in book.asked if form.covers(period)]
    assert len(covering) == (step >= min(firsts))
    if covering:
        last = max(i for i, first in enumerate(firsts) if first <= step)
        assert book.get("nu-cong", period) is covering[0]
        assert covering[0].short == str(last)
