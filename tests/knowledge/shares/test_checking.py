"""What cannot be a share, and what a message comes to among the units right below."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from knowledge.model.plans import PlanState
from knowledge.plans import load_plans
from knowledge.shares.checking import (
    Balance,
    Drafted,
    GoalFault,
    Ground,
    ShareFault,
    draft,
    find_goal_fault,
    find_value_fault,
    propose,
)
from knowledge.shares.reading import Change, Spread, read_shares
from tests.knowledge.shares.test_reading import BAC, BELOW, DET, DU, MAY, TIEN

TODAY = date(2026, 11, 4)
PEOPLE = "đoàn viên"


def ground(own: int | None = 100, measured_in: str = PEOPLE, **others: dict[int, Decimal]) -> Ground:
    return Ground([MAY, DET, DU, TIEN, BAC], measured_in, None if own is None else Decimal(own), **others)


def drafted(text: str, on: Ground | None = None) -> Drafted:
    on = on or ground()
    return draft(read_shares(text, BELOW, TODAY, measured_in=on.measured_in), on)


def faults(text: str, on: Ground | None = None) -> list[ShareFault]:
    return [each.fault for each in drafted(text, on).refused]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("CS1 50, CS2 30, còn lại chia đều", {MAY: 50, DET: 30, DU: 7, TIEN: 7, BAC: 6}),
        ("chia đều 12", {MAY: 3, DET: 3, DU: 2, TIEN: 2, BAC: 2}),
        ("CS1 10, còn lại 5", {MAY: 10, DET: 5, DU: 5, TIEN: 5, BAC: 5}),
        ("CS1 10, còn lại giữ nguyên", {MAY: 10}),
        ("thu hồi CS1", {MAY: None}),
        ("còn lại như năm ngoái, CS1 9", {MAY: 9, DET: 4}),
        ("CS1 300, số còn lại 40 chia đều", {MAY: 300, DET: 10, DU: 10, TIEN: 10, BAC: 10}),
        ("CS1 40, còn lại theo số đoàn viên", {MAY: 40, DET: 40, DU: 20, TIEN: 0, BAC: 0}),
    ],
)
def test_a_message_comes_to_shares_that_add_up(text: str, values: dict[int, int | None]) -> None:
    on = ground(last_year={MAY: Decimal(3), DET: Decimal(4)}, members={DET: Decimal(200), DU: Decimal(100)})
    found = drafted(text, on)
    assert (found.values, found.refused, found.asked, found.unknown) == (values, [], [], [])


@pytest.mark.parametrize(
    ("text", "measured_in", "fault"),
    [
        ("CS1 -5", PEOPLE, ShareFault.NEGATIVE),
        ("CS1 12,5", PEOPLE, ShareFault.NOT_WHOLE),
        ("CS1 85%", PEOPLE, ShareFault.IS_PERCENT),
        ("CS1 120", "%", ShareFault.OVER_HUNDRED),
        ("120% cho tất cả", "%", ShareFault.OVER_HUNDRED),
        ("CS1 5, CS1 6", PEOPLE, ShareFault.TWICE),
        ("CS1 5, May Sông Xanh 5", PEOPLE, ShareFault.TWICE),
        ("CS1 60, CS2 50, còn lại chia đều", PEOPLE, ShareFault.TOTAL_EXCEEDED),
        ("CS1 khoảng 50", PEOPLE, ShareFault.NOT_A_NUMBER),
    ],
)
def test_what_cannot_be_a_share_is_refused(text: str, measured_in: str, fault: ShareFault) -> None:
    assert faults(text, ground(measured_in=measured_in)) == [fault]


def test_an_amount_that_nobody_set_cannot_be_divided() -> None:
    assert faults("chia đều", ground(None)) == [ShareFault.TOTAL_UNKNOWN]
    assert faults("chia đều 10", ground(None)) == []


def test_names_that_are_not_one_unit_hold_everything_back() -> None:
    found = drafted("May 30, Hải Vân 5, còn lại chia đều")
    assert found.asked == [("May", (MAY, TIEN), Decimal(30), Change.TO)]
    assert found.unknown == [("Hải Vân", Decimal(5))]
    assert found.values == {}


def test_a_rule_serves_everybody() -> None:
    assert sum(v or 0 for v in propose(ground(), Spread.EVENLY).values.values()) == 100
    assert propose(ground(85, "%"), Spread.EVENLY).values == dict.fromkeys((MAY, DET, DU, TIEN, BAC), Decimal(85))
    assert propose(ground(), Spread.EVENLY, total=Decimal(5)).values == dict.fromkeys(
        (MAY, DET, DU, TIEN, BAC), Decimal(1)
    )


@pytest.mark.parametrize(
    ("value", "measured_in", "fault"),
    [
        ("5", PEOPLE, None),
        ("5.5", PEOPLE, ShareFault.NOT_WHOLE),
        ("5.5", "triệu đồng", None),
        ("99.5", "%", None),
        ("100", "%", None),
        ("100.5", "%", ShareFault.OVER_HUNDRED),
        ("-0.5", "%", ShareFault.NEGATIVE),
        ("1.2345", "%", ShareFault.TOO_LARGE),
        ("1E+12", PEOPLE, ShareFault.TOO_LARGE),
    ],
)
def test_a_value_fits_its_unit_of_measure(value: str, measured_in: str, fault: ShareFault | None) -> None:
    assert find_value_fault(Decimal(value), measured_in) is fault


def test_less_than_was_handed_down_is_missing_and_more_is_a_reserve() -> None:
    less, more, free = Balance(Decimal(10), Decimal(7)), Balance(Decimal(10), Decimal(12)), Balance(None, Decimal(5))
    assert [less.missing, less.reserve] == [3, 0]
    assert [more.missing, more.reserve] == [0, 2]
    assert [free.missing, free.reserve] == [0, 0]


def test_what_is_over_is_not_handed_down() -> None:
    plan = next(each for each in load_plans() if each.state is PlanState.IN_FORCE and each.covers_to >= 2026)
    assert find_goal_fault(year=2026, today=TODAY, is_of_plan=True, plan=plan) is None
    assert find_goal_fault(year=2025, today=TODAY) is GoalFault.YEAR_PAST
    assert find_goal_fault(year=2032, today=TODAY) is GoalFault.YEAR_FAR
    assert find_goal_fault(year=2026, today=TODAY, is_closed=True) is GoalFault.CLOSED
    assert find_goal_fault(year=2026, today=TODAY, is_of_plan=True) is GoalFault.PLAN_GONE
    assert find_goal_fault(year=2026, today=TODAY, has_units=False) is GoalFault.NO_UNITS
    for state, fault in ((PlanState.ENDED, GoalFault.PLAN_ENDED), (PlanState.REPLACED, GoalFault.PLAN_REPLACED)):
        over = replace(plan, state=state)
        assert find_goal_fault(year=2026, today=TODAY, is_of_plan=True, plan=over) is fault
