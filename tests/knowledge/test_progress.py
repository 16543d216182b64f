"""How far from a target, what is missing each month, and whether the pace is enough."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from knowledge.forms import MONTHLY_FORM, TERM_FORM, get_form
from knowledge.model.forms import MeasureKind
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Comparator, Plan, Target
from knowledge.plans import load_plans
from knowledge.progress import (
    History,
    Standing,
    find_measure,
    find_targets,
    measure_progress,
    months_left,
)

PLANS = {plan.id: plan for plan in load_plans()}
VUIT, HCM, QUANG_TRI, BAO_LOC = (
    PLANS[name] for name in ("vuit-nq02-2021", "hcm-nq02-2022", "quangtri-nq02-2021", "baoloc-nq02-2021")
)
NOVEMBER = Period.month(2026, 11)
TODAY = date(2026, 12, 3)


def history(members: int, net: int = 0, admitted: int = 0, as_of: Period = NOVEMBER) -> History:
    figures = {"members": Decimal(members), "net": Decimal(net), "admitted": Decimal(admitted)}
    periods = [as_of.shifted(-back) for back in range(12)]
    return History(as_of, figures, dict.fromkeys(periods, figures))


def target_of(plan: Plan, indicator: str, horizon: str) -> Target:
    return next(each for each in plan.targets if each.indicator == indicator and each.horizon == horizon)


def test_what_is_missing_each_month_until_the_end_of_the_target_year() -> None:
    target = target_of(VUIT, "members_total", "2030")
    measure = find_measure(target, get_form(MONTHLY_FORM))
    assert measure is not None
    found = measure_progress(VUIT, target, measure, history(154_880, net=70), today=TODAY)
    assert found is not None
    assert (found.missing, found.needed, found.by) == (Decimal(3_120), Decimal(64), date(2030, 12, 31))
    assert (found.months_left, found.standing) == (49, Standing.ON_PACE)
    slower = measure_progress(VUIT, target, measure, history(154_880, net=60), today=TODAY)
    assert slower is not None
    assert slower.standing is Standing.BEHIND


def test_reached_and_too_late() -> None:
    target = target_of(VUIT, "members_total", "2030")
    measure = find_measure(target, get_form(MONTHLY_FORM))
    assert measure is not None
    reached = measure_progress(VUIT, target, measure, history(158_001), today=TODAY)
    assert reached is not None
    assert (reached.standing, reached.missing, reached.needed) == (Standing.REACHED, Decimal(0), None)
    old = target_of(VUIT, "members_total", "2025")
    late = measure_progress(VUIT, old, measure, history(150_000), today=TODAY)
    assert late is not None
    assert (late.standing, late.months_left) == (Standing.TOO_LATE, 0)


def test_newly_admitted_members_are_counted_within_the_year() -> None:
    [(target, measure)] = [pair for pair in find_targets(QUANG_TRI, get_form(MONTHLY_FORM), TODAY) if pair[0].each_year]
    assert (target.horizon, measure.kind) == ("2030", MeasureKind.FLOW)
    found = measure_progress(QUANG_TRI, target, measure, history(9_000, admitted=100), today=TODAY)
    assert found is not None
    assert (found.value, found.goal, found.missing) == (Decimal(1_100), Decimal(2_000), Decimal(900))
    assert (found.by, found.months_left, found.needed) == (date(2026, 12, 31), 1, Decimal(900))


def test_shares_are_worked_out_from_two_rows() -> None:
    [(target, measure)] = [
        pair for pair in find_targets(HCM, get_form(TERM_FORM), TODAY) if pair[0].indicator == "unionised_enterprises"
    ]
    campaign = Period(PeriodKind.CAMPAIGN, 2026, name="sơ kết")
    figures = {"i49": Decimal(200), "i49_co_cdcs": Decimal(150)}
    found = measure_progress(HCM, target, measure, History(campaign, figures, {campaign: figures}), today=TODAY)
    assert found is not None
    assert (found.value, found.missing, found.counted) == (Decimal(75), Decimal(20), (Decimal(150), Decimal(200)))


@pytest.mark.parametrize(
    ("plan", "year", "horizons"),
    [
        (VUIT, 2030, {"2030"}),
        (VUIT, 2025, {"2025"}),
        (VUIT, 2026, {"annual"}),
        (VUIT, 2027, set()),
        (HCM, 2030, {"2030"}),
        (BAO_LOC, 2026, set()),
    ],
)
def test_targets_of_a_year(plan: Plan, year: int, horizons: set[str]) -> None:
    assert {target.horizon for target, _ in find_targets(plan, get_form(MONTHLY_FORM), TODAY, year=year)} == horizons


def test_without_a_year_those_ahead_count() -> None:
    found = {(target.indicator, target.horizon) for target, _ in find_targets(VUIT, get_form(MONTHLY_FORM), TODAY)}
    assert found == {("members_total", "2030"), ("new_members", "annual")}
    assert {target.horizon for target, _ in find_targets(QUANG_TRI, get_form(MONTHLY_FORM), TODAY)} == {"2030"}
    assert find_targets(BAO_LOC, get_form(MONTHLY_FORM), TODAY) == ()


def test_a_wish_without_a_figure_is_never_measured() -> None:
    for plan in PLANS.values():
        for target in plan.targets:
            if target.comparator is Comparator.QUALITATIVE:
                assert find_measure(target, get_form(MONTHLY_FORM)) is None
                assert find_measure(target, get_form(TERM_FORM)) is None


@pytest.mark.parametrize(
    ("figure", "value", "unit", "horizon", "each_year", "is_measured"),
    [
        ("158.000 đoàn viên", "158000", "đoàn viên", "2030", False, True),
        ("158.000 đoàn viên", "158000", "đoàn viên", None, False, True),
        ("1,5 lần", "1.5", "lần", "2030", False, False),
        ("0 đoàn viên", "0", "đoàn viên", "2030", False, False),
        ("tăng 500 đoàn viên", "500", "đoàn viên", "2030", True, False),
    ],
)
def test_a_total_is_measured_in_the_unit_of_its_row(
    figure: str, value: str, unit: str, horizon: str | None, each_year: bool, is_measured: bool
) -> None:
    target = replace(
        target_of(VUIT, "members_total", "2030"),
        figure=figure,
        value=Decimal(value),
        unit=unit,
        horizon=horizon,
        each_year=each_year,
    )
    assert (find_measure(target, get_form(MONTHLY_FORM)) is not None) is is_measured


def test_a_total_for_a_whole_stage_is_not_held_against_one_year() -> None:
    yearly = target_of(VUIT, "new_members", "annual")
    assert find_measure(yearly, get_form(MONTHLY_FORM)) is not None
    staged = replace(yearly, horizon="2030", each_year=False)
    assert find_measure(staged, get_form(MONTHLY_FORM)) is None
    assert find_measure(replace(staged, each_year=True), get_form(MONTHLY_FORM)) is not None


def test_a_target_without_a_year_counts_in_every_year_of_its_term_and_until_its_end() -> None:
    target = replace(target_of(VUIT, "members_total", "2030"), horizon=None)
    plan = replace(VUIT, targets=(target,), covers_from=2026, covers_to=2030)
    assert [
        find_targets(plan, get_form(MONTHLY_FORM), TODAY, year=year) != () for year in (2025, 2026, 2030, 2031)
    ] == [
        False,
        True,
        True,
        False,
    ]
    measure = find_measure(target, get_form(MONTHLY_FORM))
    assert measure is not None
    found = measure_progress(plan, target, measure, history(154_880), today=TODAY)
    assert found is not None
    assert found.by == date(2030, 12, 31)


def test_a_share_is_held_against_a_decimal_exactly() -> None:
    target = replace(target_of(HCM, "unionised_enterprises", "2025"), figure="92,5%", value=Decimal("92.5"))
    measure = find_measure(target, get_form(TERM_FORM))
    assert measure is not None
    assert measure.whole is not None

    def missing(part: int) -> tuple[Decimal, Standing]:
        figures = {measure.keys[0]: Decimal(part), str(measure.whole): Decimal(1000)}
        found = measure_progress(HCM, target, measure, History(NOVEMBER, figures, {}), today=TODAY)
        assert found is not None
        return found.missing, found.standing

    assert missing(924) == (Decimal("0.1"), Standing.TOO_LATE)
    assert missing(925) == (Decimal(0), Standing.REACHED)


def test_figures_never_reported_are_not_made_up() -> None:
    for target, measure in find_targets(VUIT, get_form(MONTHLY_FORM), TODAY):
        assert measure_progress(VUIT, target, measure, History(NOVEMBER, {}, {}), today=TODAY) is None


@given(
    st.integers(0, 400_000),
    st.integers(-500, 500),
    st.dates(date(2026, 12, 1), date(2032, 1, 1)),
)
def test_the_needed_pace_is_enough_and_one_less_is_not(members: int, net: int, today: date) -> None:
    target = target_of(VUIT, "members_total", "2030")
    measure = find_measure(target, get_form(MONTHLY_FORM))
    assert measure is not None
    found = measure_progress(VUIT, target, measure, history(members, net), today=today)
    assert found is not None
    assert found.value + found.missing >= found.goal
    assert found.months_left == months_left(NOVEMBER, found.by, today) >= 0
    if found.needed is not None:
        assert found.value + found.needed * found.months_left >= found.goal
        assert found.value + (found.needed - 1) * found.months_left < found.goal
    if found.standing is Standing.ON_PACE:
        assert found.pace is not None
        assert found.value + found.pace * found.months_left >= found.goal
