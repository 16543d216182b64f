"""Moments that plans state beside what is due, and lines that several plans say each their own way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.moments import asks_both, asks_closing, asks_lasting


def said(question: str) -> str:
    return to_plain(answers.answer(load_adviser().ask(question)))


@pytest.mark.parametrize(
    "question",
    [
        "số liệu báo cáo nửa nhiệm kỳ khóa sổ ngày mấy",
        "so lieu so ket cua cong thuong lay den ngay nao",
        "bảng số liệu của ngành mình tính tới ngày nào thì dừng",
    ],
)
def test_the_day_on_which_figures_are_closed(question: str) -> None:
    assert asks_closing(question)
    assert "31/12/2020" in said(question).splitlines()[0]


@pytest.mark.parametrize("question", ["số liệu nộp ngày nào", "mốc 2025 là bao nhiêu", "chốt danh sách đoàn ngày nào"])
def test_other_days_are_none_on_which_figures_are_closed(question: str) -> None:
    assert not asks_closing(question)


@pytest.mark.parametrize(
    "question",
    [
        "sơ kết giữa nhiệm kỳ cơ sở gửi hôm nào, ngành gửi Tổng liên đoàn tháng mấy",
        "bao cao so ket cho em xin ca hai han nop",
    ],
)
def test_two_deadlines_asked_for_at_once_are_both_told(question: str) -> None:
    told = said(question)
    assert "15/01/2021" in told
    assert "02/2021" in told


def test_one_deadline_is_told_as_before() -> None:
    assert not asks_both("báo cáo sơ kết mời cấp trên dự thì gửi lúc nào")


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("cái chương trình 2494 thực hiện tới năm mấy", "2018-2023"),
        ("chương trình phúc lợi 1734 làm trong mấy năm", "2019-2023"),
        ("chuong trinh dong hanh cung chinh phu tu nam nao den nam nao", "2019-2023"),
        ("chương trình phúc lợi ở Bảo Lộc kéo dài bao lâu", "2020-2023"),
    ],
)
def test_the_years_that_a_programme_lasts(question: str, span: str) -> None:
    assert asks_lasting(question)
    assert span in said(question)


def test_programmes_that_are_called_alike_are_told_together() -> None:
    told = said("các chương trình khâu đột phá làm trong giai đoạn nào")
    assert all(number in told for number in ("2494", "1734", "1306"))


@pytest.mark.parametrize(
    "question",
    [
        "kế hoạch sơ kết xem kết quả từ bao giờ tới bao giờ",
        "chương trình Bảo Lộc làm trong mấy năm",
        "nghị quyết 02 kéo dài tới năm nào",
    ],
)
def test_a_plan_s_own_years_are_no_programme_s(question: str) -> None:
    assert "2018-2023" not in said(question).split("•")[1]


@pytest.mark.parametrize(
    "question",
    ["bao lâu cấp ủy phải họp với công đoàn cùng cấp một bận", "cấp ủy với công đoàn cùng cấp mấy tháng họp một lần"],
)
def test_what_several_plans_say_is_told_of_each(question: str) -> None:
    told = said(question)
    assert all(place in told for place in ("Quảng Trị", "TP.HCM", "Bảo Lộc")), told


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    asks_closing(text)
    asks_both(text)
    asks_lasting(text)
