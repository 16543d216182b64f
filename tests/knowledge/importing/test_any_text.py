"""Whatever is done to a plan's text that leaves its meaning, its facts stay; and no text is an accident."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importing.figures import find_numbers
from knowledge.importing.model import Reading, ReadTarget
from knowledge.importing.plain_text import document_of_text
from knowledge.importing.reading import read_plan
from knowledge.importing.shadow import compose, shadow

PLAN = """LIÊN ĐOÀN LAO ĐỘNG TỈNH SÔNG LAM
Số: 45/KH-LĐLĐ
Sông Lam, ngày 12 tháng 3 năm 2024

KẾ HOẠCH
Thực hiện Nghị quyết Đại hội Công đoàn tỉnh Sông Lam nhiệm kỳ 2023 - 2028

I. MỤC ĐÍCH, YÊU CẦU
Quán triệt Nghị quyết số 02-NQ/TW ngày 12/6/2021 của Bộ Chính trị đến các cấp công đoàn trong tỉnh.
II. CÁC CHỈ TIÊU
1. Chỉ tiêu hằng năm
- Phấn đấu có 80% trở lên công đoàn cơ sở khu vực nhà nước và 65% trở lên công đoàn cơ sở ngoài nhà nước được xếp loại hoàn thành tốt nhiệm vụ; 100% công đoàn cơ sở công khai tài chính.
- Mỗi năm phát triển từ 3.000 đến 3.500 đoàn viên, thành lập ít nhất 25 công đoàn cơ sở trong các doanh nghiệp có từ 25 lao động trở lên.
2. Chỉ tiêu theo giai đoạn
* Đến năm 2025:
- Có 92.500 đoàn viên công đoàn.
- Ít nhất 75% doanh nghiệp có tổ chức công đoàn ký kết thỏa ước lao động tập thể.
* Đến năm 2030:
- Có 110.000 đoàn viên công đoàn.
- Trên 85% doanh nghiệp có tổ chức công đoàn ký kết thỏa ước lao động tập thể.
III. TỔ CHỨC THỰC HIỆN
1. Ban Tổ chức Liên đoàn Lao động tỉnh chủ trì tham mưu, hướng dẫn các cấp công đoàn triển khai thực hiện kế hoạch này.
2. Các công đoàn cấp trên trực tiếp cơ sở gửi báo cáo về Liên đoàn Lao động tỉnh trước ngày 20/12/2025.
"""
FACTS = {
    (Decimal(80), None, ">=", "%", "annual"),
    (Decimal(65), None, ">=", "%", "annual"),
    (Decimal(100), None, "=", "%", "annual"),
    (Decimal(3000), Decimal(3500), "range", "doan vien", "annual"),
    (Decimal(25), None, ">=", "cong doan co so", "annual"),
    (Decimal(92500), None, "=", "doan vien", "2025"),
    (Decimal(75), None, ">=", "%", "2025"),
    (Decimal(110000), None, "=", "doan vien", "2030"),
    (Decimal(85), None, ">", "%", "2030"),
}


def read(text: str) -> Reading:
    return read_plan(document_of_text(text))


def key(target: ReadTarget) -> tuple[Decimal | None, Decimal | None, str, str, str | None]:
    return target.value, target.value_max, target.comparator.value, shadow(target.unit or ""), target.horizon


def facts(reading: Reading) -> set[tuple[Decimal | None, Decimal | None, str, str, str | None]]:
    return {key(target) for target in reading.targets}


def without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def wrapped(text: str, width: int) -> str:
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))
        for line in text.split("\n")
    )


def assert_same(text: str) -> None:
    reading = read(text)
    assert facts(reading) == FACTS
    assert [str(deadline.due) for deadline in reading.deadlines if deadline.due] == ["2025-12-19"]
    assert not [left.number for left in reading.left_over]


def test_the_plan_as_it_is() -> None:
    assert_same(PLAN)


@pytest.mark.parametrize("change", [without_marks, str.upper, lambda text: unicodedata.normalize("NFD", text)])
def test_marks_capitals_and_composition_cost_nothing(change) -> None:  # type: ignore[no-untyped-def]
    assert_same(change(PLAN))


@settings(max_examples=60, deadline=None)
@given(st.integers(38, 140))
def test_cut_at_any_width(width: int) -> None:
    assert_same(wrapped(PLAN, width))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(8, 24), min_size=1, max_size=4, unique=True), st.sampled_from(["{}", "- {} -", "Trang {}"]))
def test_page_numbers_anywhere(places: list[int], form: str) -> None:
    lines = wrapped(PLAN, 90).split("\n")
    for page, place in sorted(enumerate(sorted(places), 1), reverse=True):
        lines.insert(place, form.format(page + 1))
    assert_same("\n".join(lines))


_PIECES = st.sampled_from(
    ["- ", "1. ", "II. ", "a) ", "1.2. ", "Phấn đấu ", "đến năm 2025 ", "hằng năm ", "80% ", "1.500 - 2.000 ", "đoàn viên ", "trở lên", "; ", ". ", "\n",
     "từ ", "xuống ", "ít nhất ", "CĐCS ", "(", ")", "|", "\t", "*", "trước ngày 31/12/2025", "3/2", "ngày 45/13/2025", "99.999.999.999.999.999.999 ", "năm ",
     "Số: ", "KẾ HOẠCH\n", "Nơi nhận:", "TM. ", "%", "½", "²", "٣", "một trăm phần trăm ", "chỉ tiêu\n", "quý V/2025 ", "tháng 13/2025 ", "báo cáo "]
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_any_text_is_read_and_every_figure_stands_in_its_quote(text: str) -> None:
    reading = read(text)
    whole = re.sub(r"[\W_]+", "", shadow(compose(text)))
    for target in reading.targets:
        if target.value is not None:
            assert (
                any(
                    number.value == target.value or number.value * 10**3 <= target.value
                    for number in find_numbers(shadow(target.quote))
                )
                or "phan tram" in shadow(target.quote)
                or re.search(r"it nhat|toi thieu|khong duoi", shadow(target.quote))
            )
        assert re.sub(r"[\W_]+", "", shadow(target.quote)) in whole
    counts = reading.accounts
    assert counts.numbers == counts.in_facts + counts.in_references + counts.left_over
    assert counts.left_over == len(reading.left_over)
