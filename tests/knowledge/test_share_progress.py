"""How far a unit is in its share: what is reached and missing, the pace, and who is furthest behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from knowledge.forms import MONTHLY_FORM, get_form, load_forms
from knowledge.model.forms import Measure, MeasureKind
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Comparator, Target
from knowledge.model.reached import Followed, Reached
from knowledge.model.shares import Goal
from knowledge.plans import load_plans
from knowledge.progress import Standing
from knowledge.share_progress import ShareProgress, find_followed, measure_share, rank

TODAY = date(2026, 11, 20)
ADMITTED = Goal(1, 1, 2026, "Kết nạp mới", "đoàn viên", "new_members")
MEMBERS = Goal(2, 1, 2026, "Tổng số đoàn viên", "đoàn viên", "members_total")
MONTHLY = get_form(MONTHLY_FORM)
MONTHS = tuple(Period.month(2026, number) for number in range(1, 13))
SHARED = Measure(
    indicator="agreements", kind=MeasureKind.SHARE, name="Có TƯLĐTT", units=("%",), keys=("members",), whole="workers"
)
QUARTERLY = replace(MONTHLY, id="theo-quy", period=PeriodKind.QUARTER)


def way(goal: Goal = ADMITTED, today: date = TODAY) -> Followed:
    found = find_followed(goal, load_forms(), today)
    assert found is not None
    return found


def measured(
    amount: int, *, today: date = TODAY, goal: Goal = ADMITTED, months: int = 10, missing: int = 0, **sums: int
) -> ShareProgress:
    kept = Reached({key: Decimal(each) for key, each in sums.items()}, frozenset(MONTHS[:months]), 9, 10, missing)
    return measure_share(goal, Decimal(amount), way(goal, today), kept, today)


def test_what_comes_together_counts_over_the_year_and_what_stands_as_it_was_last_told() -> None:
    assert way().counted == MONTHS[:10]
    assert way().due == MONTHS[:10]
    assert way(today=date(2026, 11, 3)).due == MONTHS[:9]
    standing = way(MEMBERS)
    assert (standing.counted[0], standing.counted[-1]) == (Period.month(2025, 11), MONTHS[9])
    assert standing.due == MONTHS[9:10]
    after = way(today=date(2027, 3, 9))
    assert after.counted == after.due == MONTHS


def test_before_the_year_has_begun_nothing_counts() -> None:
    early = way(today=date(2025, 12, 10))
    assert (early.counted, early.due) == ((), ())
    found = measure_share(ADMITTED, Decimal(50), early, Reached(), date(2025, 12, 10))
    assert [found.value, found.missing, found.months_left, found.standing] == [None, 50, 12, Standing.UNKNOWN]
    assert found.behind == 0


def test_reached_missing_and_the_pace_that_is_needed() -> None:
    found = measured(50, admitted=32)
    assert [found.value, found.missing, found.part] == [32, 18, Decimal("0.64")]
    assert [found.months_left, found.needed, found.pace] == [2, 9, Decimal("3.2")]
    assert [found.standing, found.by, found.as_of] == [Standing.BEHIND, date(2026, 12, 31), MONTHS[9]]
    assert found.behind == Decimal(10) / 12 - Decimal("0.64")
    assert measured(36, admitted=32).standing is Standing.ON_PACE
    assert measured(32, admitted=32).standing is Standing.REACHED
    assert measured(50, admitted=32, today=date(2027, 2, 1), months=12).standing is Standing.TOO_LATE


def test_a_standing_count_moves_by_its_own_row() -> None:
    found = measured(1_000, goal=MEMBERS, members=940, net=24)
    assert [found.value, found.missing, found.needed, found.pace] == [940, 60, 30, Decimal("2.4")]
    assert found.behind == Decimal("0.06")


def test_a_percentage_is_worked_out_of_the_sums_and_has_no_steps() -> None:
    goal = Goal(3, 1, 2026, "Có thỏa ước", "%", "agreements")
    how = Followed(QUARTERLY, SHARED, (Period(PeriodKind.QUARTER, 2026, 3),), ())
    kept = Reached({"members": Decimal(7), "workers": Decimal(10)}, frozenset(how.counted), 10)
    found = measure_share(goal, Decimal(85), how, kept, TODAY)
    assert [found.value, found.missing, found.needed, found.counted] == [70, 15, None, (7, 10)]
    none = Reached({"members": Decimal(0), "workers": Decimal(0)}, frozenset(how.counted), 10)
    assert measure_share(goal, Decimal(85), how, none, TODAY).value is None


def test_a_quarter_counts_three_months_of_pace() -> None:
    measure = next(each for each in MONTHLY.measures if each.indicator == "new_members")
    quarters = tuple(Period(PeriodKind.QUARTER, 2026, number) for number in (1, 2, 3))
    how = Followed(QUARTERLY, measure, quarters, quarters)
    kept = Reached({"admitted": Decimal(27)}, frozenset(quarters), 3, 3)
    found = measure_share(ADMITTED, Decimal(40), how, kept, TODAY)
    assert [found.pace, found.months_left, found.behind] == [3, 2, Decimal("0.75") - Decimal(27) / 40]


def test_a_share_of_none_is_reached() -> None:
    found = measured(0, admitted=0)
    assert [found.part, found.missing, found.standing] == [1, 0, Standing.REACHED]


def test_a_form_that_asks_only_campaigns_or_nothing_does_not_follow() -> None:
    assert find_followed(Goal(4, 1, 2026, "Hội thao", "cuộc"), load_forms(), TODAY) is None
    assert find_followed(Goal(5, 1, 2026, "Kết nạp mới", "%", "new_members"), load_forms(), TODAY) is None
    campaigns = [form for form in load_forms() if form.calendar is None]
    assert campaigns
    assert find_followed(MEMBERS, campaigns, TODAY) is None


def test_what_must_not_be_exceeded_is_not_followed() -> None:
    of_plans = (each for plan in load_plans() for each in plan.targets if each.value_max is None)
    target = next(each for each in of_plans if each.indicator == "new_members" and each.value is not None)
    assert find_followed(ADMITTED, load_forms(), TODAY, target) is not None
    limit: Target = replace(target, comparator=Comparator.AT_MOST)
    assert find_followed(ADMITTED, load_forms(), TODAY, limit) is None


def test_the_form_that_is_sent_most_often_follows() -> None:
    assert way().form is MONTHLY
    found = find_followed(ADMITTED, [QUARTERLY, MONTHLY], TODAY)
    assert found is not None
    assert found.form is MONTHLY


counts = st.integers(0, 200)
units = st.lists(st.tuples(st.text("abc", max_size=3), st.none() | st.tuples(counts, counts)), max_size=12)


@given(units)
def test_the_furthest_behind_come_first_ties_by_name_and_those_without_a_share_last(
    found: list[tuple[str, tuple[int, int] | None]],
) -> None:
    known = [(name, None if each is None else measured(each[0], admitted=each[1])) for name, each in found]
    ranked = [known[at] for at in rank(known)]
    assert sorted(map(repr, ranked)) == sorted(map(repr, known))
    with_share = [(name, each) for name, each in ranked if each is not None]
    assert [each for _, each in ranked[: len(with_share)] if each is None] == []
    for (name, one), (later, other) in pairwise(with_share):
        assert one.behind > other.behind or (one.behind == other.behind and name <= later)


@given(counts, counts, st.integers(1, 12), st.integers(0, 10))
def test_nothing_is_ever_negative_and_what_is_needed_is_enough(
    amount: int, admitted: int, month: int, missing: int
) -> None:
    today = date(2026, month, 15)
    found = measured(amount, today=today, months=month, admitted=admitted, missing=missing)
    assert found.missing >= 0
    assert 0 <= found.months_left <= 12
    assert [found.standing is Standing.REACHED] == [admitted >= amount]
    if found.needed is not None:
        assert found.needed * found.months_left >= found.missing
        assert (found.needed - 1) * found.months_left < found.missing


@pytest.mark.parametrize("at", [0, 1])
def test_reports_of_two_parts_are_added_up(at: int) -> None:
    one = Reached({"admitted": Decimal(5)}, frozenset(MONTHS[:2]), 2, 3, 1)
    other = Reached({"lost": Decimal(1)}, frozenset(MONTHS[1:3]), 4, 4)
    both = (one + other, other + one)[at]
    assert both == Reached({"admitted": Decimal(5), "lost": Decimal(1)}, frozenset(MONTHS[:3]), 6, 7, 1)
