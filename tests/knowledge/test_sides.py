"""The public and the private side named by one word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.sides import NON_STATE, STATE, find_sides


@pytest.mark.parametrize(
    ("typed", "sides"),
    [
        ("xí nghiệp tư phải đạt mấy", (NON_STATE,)),
        ("xuong tu thi sao", (NON_STATE,)),
        ("khối công, khối tư mỗi bên mấy", (STATE, NON_STATE)),
        ("công lẫn tư", (STATE, NON_STATE)),
        ("trường công khác trường tư chỗ mô", (STATE, NON_STATE)),
        ("hãng tư", (NON_STATE,)),
    ],
)
def test_sides_are_found(typed: str, sides: tuple[str, ...]) -> None:
    assert find_sides(typed) == sides


@pytest.mark.parametrize(
    "typed",
    [
        "công ty từ 25 lao động",
        "cong ty tu bao nhieu nguoi",
        "dn tu may cong nhan",
        "công ty tư vấn luật",
        "doanh nghiệp tự ký",
        "bên công thương với bên bảo lộc",
        "ben cong doan nop truoc",
        "công đoàn và tư cách đoàn viên",
        "bên công an",
        "khu vực tư tưởng",
        "trường tu sửa xong",
    ],
)
def test_other_words_that_begin_so_are_no_sides(typed: str) -> None:
    assert find_sides(typed) == ()


@given(st.text(max_size=60))
def test_any_text_is_read(typed: str) -> None:
    assert set(find_sides(typed)) <= {STATE, NON_STATE}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("ở Bảo Lộc đối thoại bên công với bên tư mỗi bên mấy phần trăm", ("100%", "75%")),
        ("xếp loại tốt của trường công với xưởng tư Bảo Lộc chênh mấy điểm", ("Chênh nhau 30 điểm", "85%", "55%")),
        ("thỏa ước Công Thương doanh nghiệp nhà nước với ngoài nhà nước", ("không đặt", "80%")),
    ],
)
def test_both_sides_are_told(asked: str, told: tuple[str, ...]) -> None:
    said = to_plain(answers.answer(load_adviser().ask(asked)))
    assert all(each in said for each in told), said
