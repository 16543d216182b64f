"""Rows told in parts: whichever words part them, no part is taken for the whole."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.knowledge.reports.test_said import understand
from tests.knowledge.reports.test_told_otherwise import WHOLE, check

KINDS = [
    "chính thức",
    "dự bị",
    "lâu năm",
    "tại chỗ",
    "lưu động",
    "nòng cốt",
    "hệ B",
    "ngắn hạn",
    "ca đêm",
    "Kinh",
    "già",
]
SHAPES = [
    "{name} {one} 90, {name} {two} 25",
    "{name}: {one} 90, {two} 25",
    "{name}: {one} 90; {two} 25",
    "{name} gồm {one} 90, {two} 25",
    "{name} {one}: 90, {name} {two}: 25",
    "{name}\n{one} 90\n{two} 25",
    "90 {name} {one}, 25 {name} {two}",
    "{name} ({one}) 90, {name} ({two}) 25",
]


@settings(max_examples=examples(200), deadline=None)
@given(
    st.sampled_from([*permutations(KINDS, 2)]),
    st.sampled_from(SHAPES),
    st.sampled_from([("members", "đoàn viên"), ("members", "đv"), ("workers", "lao động"), ("workers", "công nhân")]),
)
def test_a_part_is_never_taken_for_the_whole(kinds: tuple[str, str], shape: str, row: tuple[str, str]) -> None:
    key, name = row
    other = "lao động 120" if key == "members" else "đoàn viên 20"
    got = understand(f"{shape.format(name=name, one=kinds[0], two=kinds[1])}, {other}, kết nạp 3, giảm 1")
    assert got is not None
    assert key not in got.figures


@pytest.mark.parametrize(
    "said",
    [
        "đoàn viên nòng cốt 90, dự bị 25",
        "90 đoàn viên hệ dài và 25 hệ ngắn",
        "đoàn viên cơ hữu 90 / thỉnh giảng 25",
        "110 đoàn viên lâu năm, 5 đoàn viên dự bị",
    ],
)
def test_parts_named_once_or_far_apart_in_size(said: str) -> None:
    check(f"lđ 120, {said}, kn 3, giảm 1", {"workers": 120, "admitted": 3, "lost": 1})


def test_a_part_for_the_time_being_shakes_nothing_else() -> None:
    check("kn 3, giảm 1, lđ 120; đv: dài hạn 90, tạm thời 25", {"workers": 120, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "text",
    [
        "lao động 120 (biên chế 90, thời vụ 30), đoàn viên 115, kn 3, giảm 1",
        "lđ hiện có 120, nữ 60, đv hiện nay 115, kn 3, giảm 1",
        "lao động tại đơn vị 120, đảng viên 14, đoàn viên 115, kn 3, giảm 1",
        "lđ thực tế 120, đv thực tế 115, kn 3, giảm 1",
        "lđ cuối kỳ: 120, đv cuối kỳ: 115, kn 3, giảm 1",
        "120 lao động của trường, 115 đoàn viên của trường, kn 3, giảm 1",
        "đoàn viên 115, đoàn viên nữ 60, lao động 120, kn 3, giảm 1",
        "lao động trực tiếp 100, lao động gián tiếp 20, tổng lao động 120, đv 115, kn 3, giảm 1",
    ],
)
def test_the_whole_beside_its_parts(text: str) -> None:
    check(text, WHOLE)
