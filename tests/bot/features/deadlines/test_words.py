"""Rules said back to whoever set them, and reminders' words, are whole sentences."""

from __future__ import annotations

from datetime import date

import pytest

from bot.features.deadlines import words as views
from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.descriptions import describe
from knowledge.calendar.outcomes import DateReason, Unclear
from knowledge.calendar.rules import Rule

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ngày 20 hằng tháng", "ngày 20 hằng tháng"),
        ("trước 15/01", "thứ Năm, 14/01/2027"),
        ("17h ngày 20/12", "Chủ nhật, 20/12/2026, 17:00"),
        ("thứ sáu tuần cuối quý", "thứ Sáu cuối cùng của mỗi quý"),
        ("ngày cuối hằng quý", "ngày cuối mỗi quý"),
        ("ngày 10 tháng đầu quý", "ngày 10 tháng đầu mỗi quý"),
        ("ngày 15 tháng giữa quý", "ngày 15 tháng giữa mỗi quý"),
        ("6 tháng một lần, ngày cuối cùng", "ngày cuối mỗi 6 tháng"),
        ("15/6 và 15/12 hằng năm", "ngày 15/06, ngày 15/12 hằng năm"),
        ("thứ hai hằng tuần", "thứ Hai hằng tuần"),
        ("hai tuần một lần vào thứ năm", "thứ Năm, cứ 2 tuần một lần"),
        ("hằng ngày", "hằng ngày"),
        ("ngày làm việc cuối cùng hằng tháng", "ngày làm việc cuối cùng hằng tháng"),
        ("3 ngày trước khi hết tháng", "3 ngày trước ngày cuối hằng tháng"),
        ("4 tháng một lần, ngày cuối cùng", "ngày cuối mỗi kỳ, cứ 4 tháng một lần"),
        ("chiều thứ sáu hằng tuần", "thứ Sáu hằng tuần, 17:00"),
    ],
)
def test_a_rule_is_said_back(typed: str, said: str) -> None:
    read = parse_rule(typed, TODAY)
    assert isinstance(read, Rule)
    assert views.rule(describe(read)) == said


@pytest.mark.parametrize("reason", list(DateReason))
def test_every_trouble_with_a_date_has_its_answer(reason: DateReason) -> None:
    reply = views.unclear(Unclear(reason, "<30/02>"), what="Nộp & gửi")
    assert "Ví dụ" in reply.text
    assert "<30/02>" not in reply.text
    assert "Nộp &amp; gửi" in reply.text
