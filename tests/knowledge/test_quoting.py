"""Figures as they are quoted: ranges and bounds in a question, and what is said of them against what a plan sets."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache

import msgspec
import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser, load_adviser
from knowledge.model.plans import Comparator
from knowledge.question import load_understanding
from knowledge.quoting import find_bounds, find_ranges
from tests.knowledge.made import AGREEMENTS, adviser_over, plan_of, target


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("60-65% thỏa ước", {(60, 65)}),
        ("từ 60 đến 65%", {(60, 65)}),
        ("từ 60% tới 65%", {(60, 65)}),
        ("60 – 65 % thỏa ước", {(60, 65)}),
        ("kết nạp 600 đến 700 nghìn đoàn viên", {(600_000, 700_000)}),
        ("kết nạp 1.500 – 2.000 đoàn viên", {(1500, 2000)}),
        ("đoàn viên năm trăm tới sáu trăm đoàn viên", {(500, 600)}),
        ("giai đoạn 2026-2030 đạt 65%", set()),
        ("ngày 15-20/11 đạt 65%", set()),
        ("từ 65% lên 70%", set()),
    ],
)
def test_a_range_is_read_with_both_its_ends(text: str, ranges: set[tuple[int, int]]) -> None:
    question = load_understanding().read(text)
    assert set(question.ranges) == {(Decimal(low), Decimal(high)) for low, high in ranges}
    assert {end for ends in ranges for end in ends} <= set(question.figures)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("từ 70% trở lên", {(70, Comparator.AT_LEAST)}),
        ("70% doanh nghiệp trở lên", {(70, Comparator.AT_LEAST)}),
        ("ít nhất 70%", {(70, Comparator.AT_LEAST)}),
        ("trên 70%", {(70, Comparator.MORE_THAN)}),
        ("không quá 70%", {(70, Comparator.AT_MOST)}),
        ("70%", set()),
    ],
)
def test_a_bound_is_read_with_its_figure(text: str, bounds: set[tuple[int, Comparator]]) -> None:
    assert set(find_bounds(text, {Decimal(70)})) == {(Decimal(value), how) for value, how in bounds}


def test_a_range_without_a_figure_is_none() -> None:
    assert find_ranges("từ 3 đến 5 ngày", frozenset()) == ()


@cache
def made() -> Adviser:
    exactly = msgspec.structs.replace(target(AGREEMENTS, 70, "2030"), comparator=Comparator.EXACTLY, figure="70%")
    return adviser_over(
        plan_of("Lâm Sơn", (2026, 2030), target(AGREEMENTS, 65, "2030")),
        plan_of("Thanh Giang", (2026, 2030), exactly),
    )


@pytest.mark.parametrize(
    ("adviser", "text", "said"),
    [
        (load_adviser, "Bảo Lộc mỗi năm kết nạp 500 đến 600 đoàn viên đúng không", "Đúng, kế hoạch đặt như vậy."),
        (load_adviser, "Bảo Lộc mỗi năm kết nạp 550 đoàn viên đúng không", "Kế hoạch đặt bình quân mỗi năm"),
        (load_adviser, "Bảo Lộc mỗi năm kết nạp 600 đoàn viên đúng không", "Kế hoạch đặt bình quân mỗi năm"),
        (load_adviser, "Bảo Lộc mỗi năm kết nạp 400 đến 600 đoàn viên đúng không", "Chưa đúng:"),
        (load_adviser, "Bảo Lộc mỗi năm kết nạp 800 đoàn viên đúng không", "Chưa đúng:"),
        (made, "thỏa ước Lâm Sơn 60–65% đúng không", "Chưa đúng:"),
        (made, "thỏa ước Lâm Sơn từ 65% trở lên đúng không", "Đúng, kế hoạch đặt như vậy."),
        (made, "thỏa ước Thanh Giang từ 70% trở lên đúng không", "Kế hoạch đặt 70%."),
        (made, "thỏa ước Thanh Giang 70% đúng không", "Đúng, kế hoạch đặt như vậy."),
    ],
)
def test_what_is_quoted_is_held_against_what_is_set(adviser: Callable[[], Adviser], text: str, said: str) -> None:
    assert to_plain(answers.answer(adviser().ask(text))).startswith(said)
