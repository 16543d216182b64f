"""What a plan's deadline asks of whom, and on which days."""

from __future__ import annotations

from datetime import date

from knowledge.calendar.duties import Occurrence, find_debtors, find_occurrences
from knowledge.model.plans import Deadline
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
