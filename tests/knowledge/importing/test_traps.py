"""Sentences in which a figure is easily read wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing.model import ReadTarget
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan

TRAPS = tomllib.loads((Path(__file__).parents[1] / "data" / "read-plans" / "traps.toml").read_text(encoding="utf-8"))[
    "trap"
]
HEAD = """LIÊN ĐOÀN LAO ĐỘNG TỈNH SÔNG LAM
Số: 45/KH-LĐLĐ
Sông Lam, ngày 12 tháng 3 năm 2024

KẾ HOẠCH
Thực hiện Nghị quyết Đại hội Công đoàn tỉnh Sông Lam nhiệm kỳ 2023 - 2028

"""
OF_NO_YEAR = HEAD.replace("Đại hội Công đoàn tỉnh Sông Lam nhiệm kỳ 2023 - 2028", "của Tỉnh ủy")
OF_ONE_YEAR = HEAD.replace(
    "Thực hiện Nghị quyết Đại hội Công đoàn tỉnh Sông Lam nhiệm kỳ 2023 - 2028", "Công tác công đoàn năm 2025"
)
HEADINGS = {
    "none": "I. MỤC TIÊU CỤ THỂ\n",
    "year": "II. CHỈ TIÊU\n",
    "stage": "II. CHỈ TIÊU\n1. Chỉ tiêu đến năm 2028\n",
    "annual": "II. CHỈ TIÊU\n1. Chỉ tiêu hằng năm\n",
    "tasks": "III. NHIỆM VỤ, GIẢI PHÁP\n1. Công tác phát triển đoàn viên\n",
}


def written(target: ReadTarget) -> str:
    value = f"{target.value}" if target.value_max is None else f"{target.value}..{target.value_max}"
    each = " each" if target.each_year else ""
    return f"{target.comparator.value} {value} {target.unit} {target.horizon}{each}"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["text"][:60])
def test_what_is_sure_is_right_and_nothing_is_lost(trap: dict[str, Any]) -> None:
    head = {"year": OF_ONE_YEAR, "none": OF_NO_YEAR}.get(trap["under"], HEAD)
    reading = read_plan(document_of_text(f"{head}{HEADINGS[trap['under']]}- {trap['text']}\n"))
    figures = [target for target in reading.targets if target.value is not None]
    wanted = [each.split("|") for each in trap["set"]]
    for target in figures:
        meant = next((each for each in wanted if written(target) in each), None)
        if meant is not None:
            wanted.remove(meant)
        else:
            assert target.doubt is not None, f"sure, and wrong: {written(target)}"
    doubtful = [target for target in figures if target.doubt is not None]
    assert len(wanted) <= len(doubtful), f"lost: {wanted}"
    counts = reading.accounts
    assert counts.numbers == counts.in_facts + counts.in_references + counts.left_over
