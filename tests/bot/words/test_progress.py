"""Shares in words: on one line, and at length."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.road.reply import to_plain
from bot.words.progress import amount, share_line, share_lines
from knowledge.forms import load_forms
from knowledge.model.forms import Measure, MeasureKind
from knowledge.model.periods import Period
from knowledge.model.reached import Followed, Reached
from knowledge.model.shares import Goal
from knowledge.share_progress import ShareProgress, find_followed, measure_share

MONTHS = frozenset(Period.month(2026, number) for number in range(1, 11))
ADMITTED = Goal(1, 1, 2026, "Kết nạp mới", "đoàn viên", "new_members")
AGREED = Goal(2, 1, 2026, "Có <TƯLĐTT>", "%", "agreements")


def admitted(share: int, come: int | None, *, missing: int = 0, today: date = date(2026, 11, 20)) -> ShareProgress:
    how = find_followed(ADMITTED, load_forms(), today)
    assert how is not None
    kept = (
        Reached({"admitted": Decimal(come)}, MONTHS, 10, 10, missing)
        if come is not None
        else Reached(due=10, missing=10)
    )
    return measure_share(ADMITTED, Decimal(share), how, kept, today)


def agreed(part: int, whole: int) -> ShareProgress:
    form = load_forms()[0]
    measure = Measure(indicator="agreements", kind=MeasureKind.SHARE, name="", units=("%",), keys=("one",), whole="all")
    kept = Reached({"one": Decimal(part), "all": Decimal(whole)}, MONTHS, 10, 10, 2)
    how = Followed(form, measure, tuple(sorted(MONTHS)), ())
    return measure_share(AGREED, Decimal(85), how, kept, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (admitted(50, 32), "Kết nạp mới 2026: 32/50, còn 18, cần 9/tháng"),
        (admitted(50, 32, missing=3), "Kết nạp mới 2026: 32/50, còn 18, cần 9/tháng (thiếu 3 báo cáo)"),
        (admitted(50, 51), "Kết nạp mới 2026: 51/50, đã đạt"),
        (admitted(2_000, 1_320), "Kết nạp mới 2026: 1.320/2.000, còn 680, cần 340/tháng"),
        (admitted(50, 32, today=date(2027, 2, 1)), "Kết nạp mới 2026: 32/50, còn 18, đã hết năm"),
        (admitted(50, None), "Kết nạp mới 2026: chưa có số/50, còn 50, cần 25/tháng (thiếu 10 báo cáo)"),
        (agreed(7, 10), "Có <TƯLĐTT> 2026: 70%/85%, còn 15 điểm % (thiếu 2 báo cáo)"),
    ],
)
def test_on_one_line(found: ShareProgress, said: str) -> None:
    assert to_plain(share_line(found)) == said


def lines(found: ShareProgress) -> list[str]:
    return [to_plain(each) for each in share_lines(found)]


def test_at_length() -> None:
    assert lines(admitted(50, 32, missing=3)) == [
        "▓▓▓▓▓▓░░░░ 32/50 đoàn viên (64%)",
        "Còn thiếu 18 đoàn viên, cần 9 mỗi tháng đến 31/12/2026. Nhịp hiện nay 3,2 mỗi tháng: chưa đủ.",
        "Số liệu đến tháng 10/2026, còn thiếu 3/10 báo cáo đã đến hạn.",
    ]
    assert lines(admitted(36, 32))[1].endswith("Nhịp hiện nay 3,2 mỗi tháng: đủ để đạt.")
    assert lines(admitted(30, 32))[:2] == ["▓▓▓▓▓▓▓▓▓▓ 32/30 đoàn viên (106,7%)", "Đã đạt, vượt 2 đoàn viên."]
    assert lines(admitted(50, None))[2] == "Chưa có báo cáo nào trong năm, thiếu 10 báo cáo đã đến hạn."


def test_a_percentage_tells_what_it_was_worked_out_of() -> None:
    assert lines(agreed(7, 10))[:2] == [
        "▓▓▓▓▓▓▓▓░░ 70% (7/10), chỉ tiêu 85%",
        "Còn thiếu 15 điểm phần trăm, đến 31/12/2026.",
    ]
    assert lines(agreed(9, 10))[1] == "Đã đạt."


def test_a_percentage_is_told_apart_from_what_it_has_not_reached() -> None:
    assert lines(agreed(84_990, 100_000))[:2] == [
        "▓▓▓▓▓▓▓▓▓░ 84,99% (84.990/100.000), chỉ tiêu 85%",
        "Còn thiếu 0,01 điểm phần trăm, đến 31/12/2026.",
    ]
    assert lines(agreed(1, 3))[0].startswith("▓▓▓░░░░░░░ 33,3% (1/3)")


def test_the_bar_is_full_only_where_nothing_is_missing() -> None:
    assert lines(admitted(100_000, 99_999))[0].startswith("▓▓▓▓▓▓▓▓▓░ 99.999/100.000 đoàn viên (99,9%)")


@pytest.mark.parametrize(("value", "said"), [("5", "5"), ("5.25", "5,3"), ("1200", "1.200"), ("0", "0")])
def test_amounts(value: str, said: str) -> None:
    assert amount(Decimal(value)) == said
