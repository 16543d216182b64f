"""Several milestones in one question: years said short, and stages told by their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.milestones import find_stage_signs, write_years


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("lần lượt các mốc 25, 30, 45 là mấy", "lần lượt các mốc 2025, 2030, 2045 là mấy"),
        ("moc 25/30/45", "moc 2025, 2030, 2045"),
        ("mốc 25,30 đi", "mốc 2025, 2030 đi"),
        ("năm 23 rồi 25", "năm 2023 rồi 2025"),
        ("2030 so với bốn lăm", "2030 so với 2045"),
        ("từ hai ba lên hai lăm", "từ 2023 lên 2025"),
        ("tu hai muoi lam sang ba muoi", "tu 2025 sang 2030"),
        ("bốn mốc hai ba hai lăm ba mươi bốn lăm", "bốn mốc 2023 2025 2030 2045"),
        ("tới mốc ba mươi", "tới mốc 2030"),
        ("2025, 30, bốn mươi lăm nhé", "2025, 2030, 2045 nhé"),
    ],
)
def test_years_of_several_milestones_are_written_whole(typed: str, read: str) -> None:
    assert write_years(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "doanh nghiệp từ 25 đến 30 lao động",
        "xưởng 20, 25 công nhân",
        "dòng 45 với 46",
        "từ mục 25 đến 29 của biểu",
        "chỉ tiêu 30 và 31",
        "năm 2025 30 người trở lên",
        "mỗi năm 25, 30 lần",
        "hai ba người hỏi em",
        "tuổi từ 30 đến 45",
        "mốc 25 lao động",
        "2025 lên 45%",
        "đến 25,5 phần trăm",
        "ngày 25/12 với 30/12",
        "phường 25, 30",
        "nghị quyết 20 và 21",
        "25 25",
        "mốc 80 phần trăm",
    ],
)
def test_numbers_that_are_no_years_stay(typed: str) -> None:
    assert write_years(typed) == typed


@given(st.text(max_size=60))
def test_any_text_is_read(typed: str) -> None:
    assert write_years(write_years(typed)) == write_years(typed)
    find_stage_signs(typed)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("tới 2025 rồi những năm sau đặt mấy", "around_year"),
        ("sau 2025 nhiều hơn trước mấy người", "around_year"),
        ("chặng sau hơn chặng trước bao nhiêu", "pair"),
        ("giai doan dau va giai doan hai", "pair"),
        ("mốc cuối cùng cao hơn mốc đầu tiên mấy", "ends"),
        ("tu 2025 len 2030 tang may", "apart"),
    ],
)
def test_stages_told_by_their_place(typed: str, sign: str) -> None:
    assert find_stage_signs(typed) == {sign}


@pytest.mark.parametrize(
    "typed",
    [
        "đến 2025 đạt mấy",
        "sau đó nộp ai",
        "nhiệm kỳ sau",
        "năm 2025 với 2030",
        "giai đoạn 2023 - 2025",
        "đầu năm làm gì",
    ],
)
def test_what_tells_no_stages(typed: str) -> None:
    assert not find_stage_signs(typed)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("cho xem tổng số đoàn viên Công Thương qua các mốc 23, 30, bốn lăm", ("151.600", "158.000", "Đến 2045")),
        ("thoa uoc quang tri 25 roi 30 roi 45", ()),
        ("thỏa ước Quảng Trị năm 2025, 30 là mấy", ("80%", "85%")),
        ("Quảng Trị mỗi năm kết nạp mấy người, tới 2025 rồi về sau nữa", ("1.500", "2.000")),
        ("kết nạp mới ở Quảng Trị chặng sau cao hơn chặng trước mấy người", ("tăng 500", "1.500", "2.000")),
        ("tranh tụng Công Thương mốc đầu tiên so với mốc cuối cùng", ("tăng 29 điểm", "70%", "99%")),
    ],
)
def test_every_milestone_asked_for_is_told(asked: str, told: tuple[str, ...]) -> None:
    said = to_plain(answers.answer(load_adviser().ask(asked)))
    assert all(each in said for each in told), said
