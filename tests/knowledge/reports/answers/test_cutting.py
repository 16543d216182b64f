"""Messages made ready to be scanned: numbering along a line, rows that share a stroke, tens in one word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.forms import QUARTERLY_FORM, get_form
from knowledge.model.units import UnitKind
from knowledge.reports.answers.cutting import broken, lines_of
from knowledge.reports.answers.names import row_names

NAMES = row_names(get_form(QUARTERLY_FORM).asked_of(UnitKind.PRIVATE))


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("1/ thỏa ước: có 2/ hội nghị: có 3/ đối thoại: 4", ["1/ thỏa ước: có", "2/ hội nghị: có", "3/ đối thoại: 4"]),
        ("1. có 2. chưa 3. 4 cuộc", ["1. có", "2. chưa", "3. 4 cuộc"]),
        ("báo cáo: 1) có 2) chưa 3) rồi", ["báo cáo: 1) có", "2) chưa", "3) rồi"]),
        ("đối thoại 1. tư vấn 2. vụ việc 3. hết", ["đối thoại 1. tư vấn 2. vụ việc 3. hết"]),
        ("1. có 3. chưa 4. rồi", ["1. có 3. chưa 4. rồi"]),
        ("1. có 2. chưa", ["1. có 2. chưa"]),
    ],
)
def test_what_is_numbered_along_a_line_has_lines_of_its_own(said: str, lines: list[str]) -> None:
    assert broken(said).split("\n") == lines


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("giới thiệu/kết nạp đảng: 3/1, tư vấn 20", "giới thiệu: 3, kết nạp đảng: 1, tư vấn 20"),
        ("quý 4 đảng gt/kn 2/0", "quý 4 đảng gt: 2, kn: 0"),
        ("hội nghị 20/3, đối thoại 4", "hội nghị 20/3, đối thoại 4"),
        ("xanh/đỏ 2/0", "xanh/đỏ 2/0"),
        ("tư vấn hăm ba lượt", "tư vấn hai mươi ba lượt"),
        ("tu van ham ba luot", "tu van hai mươi ba luot"),
        ("anh Hăm đi họp", "anh Hăm đi họp"),
        ("women's board yes, workers’ conference no", "women board yes, workers conference no"),
    ],
)
def test_short_ways_to_write_are_written_out(said: str, written: str) -> None:
    assert lines_of(said, NAMES) == written


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    assert broken(text).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert "\t" not in lines_of(text, NAMES)
