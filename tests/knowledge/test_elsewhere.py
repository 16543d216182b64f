"""Places and bodies that no plan speaks for, told by how they are written."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser
from knowledge.elsewhere import find_bodies
from knowledge.plans import load_plans
from knowledge.question import build_understanding


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("chỉ tiêu giao Công đoàn Tổng công ty Giấy Việt Nam?", ["Tổng công ty Giấy Việt Nam"]),
        ("chi tieu cua tap doan Samsung, nam 2025", ["tap doan Samsung"]),
        ("thỏa ước ở tổng công ty nhà nước", []),
        ("CHỈ TIÊU CỦA TỔNG CÔNG TY THÉP", []),
        ("tập đoàn", []),
    ],
)
def test_a_corporation_is_named_by_its_capitals(text: str, bodies: list[str]) -> None:
    assert list(find_bodies(text)) == bodies


def test_no_other_plan_answers_for_a_corporation() -> None:
    found = load_adviser().ask("Chỉ tiêu thỏa ước giao cho Công đoàn Tổng công ty Giấy Việt Nam năm 2025?")
    assert found.status == "not_found"
    assert found.elsewhere == ("Tổng công ty Giấy Việt Nam",)


def test_the_parts_of_a_name_are_not_told_beside_it() -> None:
    read = build_understanding(load_plans()).read("Tổng công ty Thép Hà Nội và Hải Phòng")
    assert set(read.elsewhere) == {"hải phòng", "Tổng công ty Thép Hà Nội"}
