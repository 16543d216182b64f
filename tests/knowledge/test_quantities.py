"""Figures quoted in questions: decimals, rates with a base, and what is no figure of a plan."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numbers import format_decimal
from knowledge.quantities import Stated, find_numbers
from knowledge.question import load_understanding
from knowledge.text import fold, words

STATED = Stated.of(
    [
        ((Decimal(4),), ("ca", "100.000", "lao", "dong")),
        ((Decimal("1.5"),), ("lan",)),
        ((Decimal("92.5"),), ("%",)),
        ((Decimal(500),), ("can", "nha")),
    ]
)


def figures_in(text: str, stated: Stated = STATED) -> tuple[Decimal, ...]:
    syllables = words(fold(text))
    return stated.without_bases(find_numbers(syllables, about_form=False, stated=stated).figures, syllables)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("đạt 92,5%", ["92.5"]),
        ("đạt 92.5 %", ["92.5"]),
        ("đạt 92,5 phần trăm", ["92.5"]),
        ("đạt 12,125%", ["12.125"]),
        ("đạt 12,125 %", ["12.125"]),
        ("đạt 0,125%", ["0.125"]),
        ("đạt 80%", ["80"]),
        ("có 1.500.000 đoàn viên", ["1500000"]),
        ("có 1,500 đoàn viên", ["1500"]),
        ("tăng 1,5 lần", ["1.5"]),
        ("tăng 1,7 lần", ["1.7"]),
        ("có đúng 1,5 không", ["1.5"]),
        ("4 ca/100.000 lao động", ["4"]),
        ("3,5 ca trên 100.000 lao động", ["3.5"]),
        ("5 ca mỗi 100 nghìn lao động", ["5"]),
        ("4 ca", ["4"]),
        ("500 căn nhà", ["500"]),
        ("làm 3 ca mỗi ngày", []),
        ("mỗi năm 2 lần", []),
        ("mục 45,46", []),
        ("1,5 triệu đoàn viên", []),
        ("lo cho 400 công ty, số đoàn viên", []),
        ("có 400 công đoàn cơ sở", ["400"]),
    ],
)
def test_what_is_a_figure(text: str, figures: list[str]) -> None:
    assert figures_in(text) == tuple(map(Decimal, figures))


def test_without_such_units_a_decimal_alone_is_no_figure() -> None:
    assert figures_in("tăng 1,5 lần", Stated()) == ()
    assert figures_in("đạt 92,5%", Stated()) == (Decimal("92.5"),)


@given(st.decimals(min_value=0, max_value=999, places=2), st.sampled_from(["%", " %", " phần trăm"]))
def test_a_percentage_written_in_vietnamese_is_read_back(value: Decimal, sign: str) -> None:
    assert figures_in(f"chỉ tiêu {format_decimal(value)}{sign} là của ai") == (value,)


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_a_percentage_is_read_back_from_a_question(value: Decimal) -> None:
    assert load_understanding().read(f"{format_decimal(value)}% là chỉ tiêu gì").figures == (value,)


@given(st.text(alphabet="0123456789., %calnđộg/", max_size=40))
def test_any_numbers_are_read(text: str) -> None:
    assert all(figure.is_finite() for figure in figures_in(text))


@pytest.mark.parametrize(
    ("text", "figures", "workers"),
    [
        ("mỗi năm kết nạp thêm 40 người", (40,), ()),
        ("giới thiệu tối thiểu 2 người ưu tú", (2,), ()),
        ("phát triển được 1200 người", (1200,), ()),
        ("chọn 3 người vào đảng", (3,), ()),
        ("doanh nghiệp 40 người", (), (40,)),
        ("vận động công ty 25 người lập công đoàn", (), (25,)),
        ("công ty có 300 người mới mở", (), (300,)),
    ],
)
def test_people_of_a_target_are_no_size_of_a_firm(
    text: str, figures: tuple[int, ...], workers: tuple[int, ...]
) -> None:
    found = find_numbers(words(fold(text)), about_form=False)
    assert (found.figures, found.workers) == (tuple(map(Decimal, figures)), workers)
