"""Which of several reports more time is asked for: each by what tells it from the others, whole on a phone."""

from __future__ import annotations

from datetime import date

from bot.features.reminders.responding import SentObligation
from bot.features.reminders.words import choose_report_to_extend
from knowledge.model.obligations import Obligation, ObligationKind
from knowledge.model.periods import Period

MAY, TOP = "CĐCS Công ty May Sông Xanh", "Công đoàn cơ sở Hợp tác xã Vận tải Hòa Bình"


def owed(step: int, unit_id: int, unit: str, month: int) -> SentObligation:
    period = Period.month(2026, month)
    form = ObligationKind.FORM
    found = Obligation(f"k{step}", "g", form, unit_id, unit, "Biến động đoàn viên", date(2026, 11, 5), period=period)
    return SentObligation(step, found)


def labels(*owing: SentObligation) -> list[str]:
    return [row[0].label for row in choose_report_to_extend(owing).buttons]


def test_one_unit_is_asked_for_the_period() -> None:
    assert labels(owed(1, 3, MAY, 9), owed(2, 3, MAY, 10)) == [
        "Biến động đoàn viên, tháng 09/2026",
        "Biến động đoàn viên, tháng 10/2026",
    ]


def test_several_units_are_told_apart_by_their_names() -> None:
    assert labels(owed(1, 3, MAY, 10), owed(2, 4, TOP, 10)) == [
        "Tháng 10/2026 – CĐCS Công ty May Sông Xanh",
        "Tháng 10/2026 – CĐCS HTX Vận tải Hòa Bình",
    ]
