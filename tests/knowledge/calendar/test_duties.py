"""What a plan's deadline asks of whom, and on which days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.calendar.duties import Occurrence, check_rule, find_debtors, find_occurrences, find_plan_occurrences
from knowledge.calendar.rules import Rule
from knowledge.model.plans import Deadline, Plan, PlanState
from knowledge.model.units import UnitKind
from knowledge.plans import load_plans


def test_a_plan_names_its_debtors_and_days_as_data() -> None:
    deadline = Deadline(
        "x",
        "gửi báo cáo",
        "hằng năm",
        "Các cấp công đoàn",
        "IV",
        recurrence="yearly",
        kind="report",
        owed_by=(UnitKind.SECTOR,),
        rule="month/12:11.d15",
    )
    assert find_debtors(deadline) == {UnitKind.SECTOR}
    found = list(find_occurrences(deadline, date(2026, 1, 1), date(2027, 12, 31)))
    assert found == [Occurrence(date(2026, 12, 15)), Occurrence(date(2027, 12, 15))]


def test_a_plan_that_names_neither_binds_nobody_and_ends_with_its_cycle() -> None:
    deadline = Deadline(
        "x", "gửi báo cáo", "hằng năm", "Công đoàn Công Thương Việt Nam", "IV", recurrence="yearly", kind="report"
    )
    assert find_debtors(deadline) == frozenset()
    assert list(find_occurrences(deadline, date(2026, 1, 1), date(2026, 12, 31))) == [
        Occurrence(date(2026, 12, 31), assumed=True)
    ]


def test_every_rule_of_a_plan_is_one() -> None:
    for plan in load_plans():
        for deadline in plan.deadlines:
            list(find_occurrences(deadline, date(2026, 1, 1), date(2026, 12, 31)))


def due_days(when: str, recurrence: str, rule: str | None = None) -> list[tuple[str, bool]]:
    deadline = Deadline("x", "x", when, "x", "IV", recurrence=recurrence, rule=rule)
    found = find_occurrences(deadline, date(2026, 1, 1), date(2027, 12, 31))
    return [(f"{each.on:%d/%m/%y}", each.assumed) for each in found][:4]


@pytest.mark.parametrize(
    ("when", "recurrence", "days"),
    [
        ("trước ngày 30/11 hằng năm", "yearly", ["29/11/26", "29/11/27"]),
        ("chậm nhất ngày 30/11 hằng năm", "yearly", ["30/11/26", "30/11/27"]),
        ("ngày 25 hằng tháng", "monthly", ["25/01/26", "25/02/26", "25/03/26", "25/04/26"]),
        ("trước ngày 10 tháng đầu quý", "every 3 months", ["09/01/26", "09/04/26", "09/07/26", "09/10/26"]),
        ("trước ngày 15/6 và 15/12 hằng năm", "every 6 months", ["14/06/26", "14/12/26", "14/06/27", "14/12/27"]),
        ("trong tháng 5 hằng năm", "yearly", ["31/05/26", "31/05/27"]),
    ],
)
def test_days_that_the_plan_names_are_its_days(when: str, recurrence: str, days: list[str]) -> None:
    assert due_days(when, recurrence) == [(day, False) for day in days]


@pytest.mark.parametrize(
    ("when", "recurrence", "days"),
    [
        ("hằng năm", "yearly", ["31/12/26", "31/12/27"]),
        ("hằng tháng", "monthly", ["31/01/26", "28/02/26", "31/03/26", "30/04/26"]),
        ("định kỳ 03 tháng và khi cần thiết", "every 3 months", ["31/03/26", "30/06/26", "30/09/26", "31/12/26"]),
        ("hàng năm, ít nhất 01 lần", "yearly", ["31/12/26", "31/12/27"]),
        ("2 năm một lần", "every 2 years", ["31/12/27"]),
        ("định kỳ", "regular", []),
    ],
)
def test_where_it_names_none_the_end_of_its_cycle_is_assumed(when: str, recurrence: str, days: list[str]) -> None:
    assert due_days(when, recurrence) == [(day, True) for day in days]


def test_a_rule_stands_above_the_words() -> None:
    assert due_days("trước ngày 30/11 hằng năm", "yearly", "month/12:10.d25") == [
        ("25/11/26", False),
        ("25/11/27", False),
    ]


@given(st.text(alphabet="month/12:0.dlastwork#-+;,3 ", max_size=20) | st.text(max_size=12))
@example("month:0.w4")
@example("month:0.work")
@example("month:0.last3")
@example("month:0.d5#2")
@example("week:9")
@example("day/0:;anchor=2026-01-01")
def test_any_code_is_a_rule_or_refused_with_the_mend(code: str) -> None:
    deadline = Deadline("x", "x", "ngày 25 hằng tháng", "x", "IV", recurrence="monthly", rule=code)
    try:
        check_rule(deadline)
    except ValueError as error:
        assert "rule = 'month:0.d25' is what 'ngày 25 hằng tháng' says" in str(error)
    else:
        assert Rule.parse(Rule.parse(code).code) == Rule.parse(code)


def plan_with(deadline: Deadline, **given: Any) -> Plan:
    """A plan of 2026–2027 with one deadline."""
    usual: dict[str, Any] = {
        "id": "p",
        "kind": "Kế hoạch",
        "title": "t",
        "short": "s",
        "issuer": "i",
        "place": "p",
        "scope": "c",
    }
    years: dict[str, Any] = {"carries_out": (), "aliases": (), "covers_from": 2026, "covers_to": 2027}
    return Plan(**{**usual, **years, "deadlines": (deadline,), **given})


def test_what_comes_again_ends_with_the_plans_term_and_a_single_day_stays() -> None:
    monthly = Deadline("m", "w", "ngày 25 hằng tháng", "x", "I", recurrence="monthly")
    once = Deadline("o", "w", "ngày 15/3/2028", "x", "I", due=date(2028, 3, 15))
    first, last = date(2027, 11, 1), date(2028, 12, 31)
    found = find_plan_occurrences(plan_with(monthly), monthly, first, last)
    assert [each.on for each in found] == [date(2027, 11, 25), date(2027, 12, 25)]
    assert [each.on for each in find_plan_occurrences(plan_with(once), once, first, last)] == [date(2028, 3, 15)]


def test_nothing_falls_due_before_a_plan_came_into_force_nor_once_it_was_replaced() -> None:
    monthly = Deadline("m", "w", "ngày 25 hằng tháng", "x", "I", recurrence="monthly")
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    late = plan_with(monthly, state_since=date(2026, 5, 10))
    assert [each.on.month for each in find_plan_occurrences(late, monthly, first, last)] == [5, 6]
    replaced = plan_with(monthly, state=PlanState.REPLACED, replaced_by="q")
    assert not list(find_plan_occurrences(replaced, monthly, first, last))
