"""Messages that hand shares down: what is meant by them, among the units right below."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.shares.matching import Below, Fit, NamesBelow
from knowledge.shares.reading import Spread, read_shares
from tests.examples import examples

TODAY = date(2026, 11, 4)
MAY, DET, DU, TIEN, BAC = range(1, 6)
BELOW = NamesBelow(
    [
        Below(MAY, "CS1", "CĐCS Công ty May Sông Xanh"),
        Below(DET, "CS2", "CĐCS Dệt Hòa Khánh"),
        Below(DU, "CS3", "CĐCS Trường Nguyễn Du"),
        Below(TIEN, "CS4", "CĐCS May Đồng Tiến"),
        Below(BAC, "X5", "Công đoàn khu Bắc"),
    ]
)


def said(text: str, measured_in: str = "") -> dict[int, int | None]:
    """The shares of units that are surely meant."""
    read = read_shares(text, BELOW, TODAY, measured_in=measured_in)
    assert read.unread == []
    assert all(each.match.is_sure for each in read.shares), read.shares
    return {
        each.match.units[0]: None if each.amount is None or each.amount.value is None else int(each.amount.value)
        for each in read.shares
    }


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("giao kết nạp 2026: CS1 50, CS2 30, còn lại chia đều", {MAY: 50, DET: 30}),
        ("May Sông Xanh 50 người, Dệt Hòa Khánh: 30; các đơn vị khác như năm ngoái", {MAY: 50, DET: 30}),
        ("giao 200 đoàn viên mới cho CĐCS May Sông Xanh", {MAY: 200}),
        ("giao kết nạp 300 cho May Sông Xanh và Dệt Hòa Khánh", {MAY: 300, DET: 300}),
        ("CS1 1.200\nCS2: một trăm hai mươi\n- Trường Nguyễn Du = 1k2", {MAY: 1200, DET: 120, DU: 1200}),
        ("1. CS1: 5\n2. CS2: 6\n3) CS3: 7", {MAY: 5, DET: 6, DU: 7}),
        ("CS1 50 và CS2 30 và khu Bắc 10", {MAY: 50, DET: 30, BAC: 10}),
        ("may song xan 40", {MAY: 40}),
        ("khu bac 30", {BAC: 30}),
        ("CS1 -5, cs2 0", {MAY: -5, DET: 0}),
        ("sửa May Sông Xanh còn 60, do tách phân xưởng", {MAY: 60}),
        ("điều chỉnh CS1 lên 70 (vì mở thêm ca)", {MAY: 70}),
        ("thu hồi May Sông Xanh", {MAY: None}),
        ("bỏ chỉ tiêu của CS1, CS2", {MAY: None, DET: None}),
        ("giao trồng cây 2026: CS1 50 cây, CS2 30 cây", {MAY: 50, DET: 30}),
        ("chia đều 120 cho các đơn vị", {}),
    ],
)
def test_shares_are_read_however_they_are_said(text: str, shares: dict[int, int | None]) -> None:
    assert said(text) == shares


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("giao kết nạp 2026: CS1 50, CS2 30, còn lại chia đều", ("kết nạp", 2026, None, Spread.EVENLY, None)),
        ("giao chỉ tiêu TƯLĐTT năm nay 85% cho tất cả", ("TƯLĐTT", 2026, None, Spread.EACH, 85)),
        ("Thành lập mới CĐCS 2026: CS1 2", ("Thành lập mới CĐCS", 2026, None, None, None)),
        ("chị ơi sang năm CS1 kết nạp 18 người", ("kết nạp", 2027, None, None, None)),
        ("chia đều 120 cho các đơn vị", ("", None, 120, Spread.EVENLY, None)),
        ("kết nạp 2.000 chia đều", ("kết nạp", None, 2000, Spread.EVENLY, None)),
        ("CS1 50; các đơn vị khác như năm ngoái", ("", None, None, Spread.AS_LAST_YEAR, None)),
        ("giao kết nạp năm sau theo số đoàn viên", ("kết nạp", 2027, None, Spread.BY_MEMBERS, None)),
        ("giao kết nạp 2026 như năm ngoái", ("kết nạp", 2026, None, Spread.AS_LAST_YEAR, None)),
        ("chia theo số đoàn viên", ("", None, None, Spread.BY_MEMBERS, None)),
        ("đối thoại 90% cho tất cả các đơn vị", ("đối thoại", None, None, Spread.EACH, 90)),
        ("mỗi đơn vị 20", ("", None, None, Spread.EACH, 20)),
        ("CS1 50, còn lại 20", ("", None, None, Spread.EACH, 20)),
        ("CS1 50, còn lại giữ nguyên", ("", None, None, Spread.UNCHANGED, None)),
        ("giao 200 đoàn viên mới cho CS1", ("đoàn viên mới", None, None, None, None)),
        ("giao kết nạp năm 27: CS1 10", ("kết nạp", 2027, None, None, None)),
        ("giao kết nạp năm 9999: CS1 10", ("kết nạp", 9999, None, None, None)),
        ("kết nạp lấy y chang năm ngoái cho mọi đơn vị", ("kết nạp", None, None, Spread.AS_LAST_YEAR, None)),
        ("giao kết nạp 2025 cho các CĐCS: CS1 10", ("kết nạp", 2025, None, None, None)),
        ("giao kết nạp năm ngoái: CS1 10", ("kết nạp", 2025, None, None, None)),
        (
            "giao kết nạp 2026 2.000 đoàn viên: còn lại chia đều",
            ("kết nạp đoàn viên", 2026, 2000, Spread.EVENLY, None),
        ),
    ],
)
def test_what_stands_around_the_shares_is_read(text: str, expected: tuple[Any, ...]) -> None:
    read = read_shares(text, BELOW, TODAY)
    amounts = [None if each is None or each.value is None else int(each.value) for each in (read.total, read.each)]
    assert (read.goal, read.year, amounts[0], read.spread, amounts[1]) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sửa May Sông Xanh 60, do tách phân xưởng", "tách phân xưởng"),
        ("CS1 60 (vì mở thêm ca)", "mở thêm ca"),
        ("CS1 60; CS2 10\nLý do: sắp xếp lại, hai đơn vị", "sắp xếp lại, hai đơn vị"),
        ("CS1 60 vì có đơn hàng, CS2 còn 20", "có đơn hàng"),
        ("Do ngập xưởng nên CS1 còn 25", "ngập xưởng"),
        ("CS1 60 vì thiếu việc, các đơn vị khác giữ nguyên", "thiếu việc"),
        ("CS1 60 vì thiếu việc, kết nạp mới đó", "thiếu việc"),
        ("CS1 60", ""),
    ],
)
def test_a_reason_is_kept_in_its_own_words(text: str, reason: str) -> None:
    assert read_shares(text, BELOW, TODAY).reason == reason


@pytest.mark.parametrize(
    ("text", "units"),
    [("May 30", {MAY, TIEN}), ("Hải Vân 50", set()), ("công đoàn 3", set()), ("Dệt Hòa Khách 30", {DET})],
)
def test_a_name_that_is_not_one_unit_is_left_to_be_asked_about(text: str, units: set[int]) -> None:
    [only] = read_shares(text, BELOW, TODAY).shares
    assert set(only.match.units) == units
    assert not only.match.is_sure


def test_a_number_with_two_readings_is_left_to_be_asked_about() -> None:
    [only] = read_shares("CS1 12,5", BELOW, TODAY).shares
    assert only.amount is not None
    assert only.amount.value is None
    assert len(only.amount.readings) == 2
    [rate] = read_shares("CS1 12,5", BELOW, TODAY, measured_in="%").shares
    assert rate.amount is not None
    assert rate.amount.value == Decimal("12.5")
    [money] = read_shares("CS1 1,5 tỷ", BELOW, TODAY, measured_in="triệu đồng").shares
    assert money.amount is not None
    assert money.amount.value == 1500


def test_a_code_names_a_unit_before_its_name_does() -> None:
    below = NamesBelow([Below(1, "BAC", "Công đoàn Nam"), Below(2, "NAM", "Công đoàn Bắc")])
    assert below.find("BAC").units == (1,)
    assert below.find("công đoàn bắc").units == (2,)
    assert below.find("").fit is Fit.NONE


@given(st.text(max_size=300))
@settings(max_examples=examples(60), deadline=None)
def test_whatever_is_written_is_read_without_an_error(text: str) -> None:
    read_shares(text, BELOW, TODAY)


@given(
    st.lists(
        st.tuples(st.sampled_from(["CS1", "CS2", "CS3", "X5"]), st.integers(0, 99_999)),
        min_size=1,
        unique_by=lambda each: each[0],
    ),
    st.sampled_from([", ", "; ", "\n", " và "]),
    st.sampled_from([" ", ": ", " = "]),
)
@settings(max_examples=examples(60), deadline=None)
def test_what_was_written_out_is_what_is_read(pairs: list[tuple[str, int]], between: str, sign: str) -> None:
    ids = {"CS1": MAY, "CS2": DET, "CS3": DU, "X5": BAC}
    assert said(between.join(f"{code}{sign}{value}" for code, value in pairs)) == {
        ids[code]: value for code, value in pairs
    }


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("chị giao em May Sông Xanh kết nạp 1.250 đoàn viên nha, bên Hòa Khánh 480 thôi", {MAY: 1250, DET: 480}),
        ("Song Xanh 1 250, truong 5 nguoi", {MAY: 1250, DU: 5}),
        ("bên dệt hai chục người, trường NDu ba trăm rưỡi", {DET: 20, DU: 350}),
        ("80 cho dệt hòa khánh, 20 cho trường và khu bắc", {DET: 80, DU: 20, BAC: 20}),
        ("Dệt Hòa Khánh và Nguyễn Du mỗi nơi 50", {DET: 50, DU: 50}),
        ("CS1 100 (năm ngoái 85), CS2 từ 40 xuống 30", {MAY: 100, DET: 30}),
        ("theo kế hoạch 05 giao CS1 60 trước 30/6, hai đơn vị còn lại để sau", {MAY: 60}),
        ("CS1 10 à nhầm 12", {MAY: 12}),
        ("giao CS1 50 người, trân trọng cảm ơn các đồng chí", {MAY: 50}),
        ("giao chir tieeu: deejt 30", {DET: 30}),
        ("giao kết nạp đoan viên 2026 khu Bắc 30", {BAC: 30}),
        ("giao ptđv 2026 nha, CS1 50", {MAY: 50}),
        ("kết nạp năm 27: CS1 50", {MAY: 50}),
        ("CS1 50... à nhầm 55, CS2 40", {MAY: 55, DET: 40}),
        ("CS1 32 chứ không phải 23", {MAY: 32}),
        ("CS1 lãnh 120, CS2 nhận 80", {MAY: 120, DET: 80}),
        ("hai nơi (CS1 + CS2) mỗi nơi 3", {MAY: 3, DET: 3}),
        ("bên CS1 xin bớt, tôi đồng ý cho xuống 38, CS2 72", {MAY: 38, DET: 72}),
        ("giao CS1 75, các đơn vị khác chưa bàn", {MAY: 75}),
        ("năm nay lấy y chang năm ngoái cho mọi đơn vị, riêng CS1 thì 60", {MAY: 60}),
        ("giao 10 cho CS1 và CS2 mỗi nơi 5", {MAY: 5, DET: 5}),
        ("tổng 270, CS1 110, phần còn lại 160 chia đều", {MAY: 110}),
        ("giao 10 cho CS1", {MAY: 10}),
    ],
)
def test_a_share_is_found_wherever_it_stands(text: str, shares: dict[int, int | None]) -> None:
    assert said(text) == shares


@pytest.mark.parametrize(
    "text",
    [
        "CS1 được giao bao nhiêu vậy?",
        "Báo cáo chị, tháng 1 CS1 kết nạp 12 đoàn viên, CS2 5",
        "CS1 đã kết nạp 12 người",
        "nếu chia đều 400 thì mỗi nơi mấy người nhỉ",
        "Công ty May Sông Xanh có 1.250 đoàn viên, CS2 900",
        "bên CS2 xin giảm còn 80",
        "chào anh, chúc anh một ngày tốt lành",
        "tổng các đơn vị cộng lại đủ 400 chưa em",
        "CS1 dat 80% chi tieu roi, CS2 moi 35%",
    ],
)
def test_questions_reports_and_remarks_hand_nothing_down(text: str) -> None:
    assert not read_shares(text, BELOW, TODAY).says_shares


@pytest.mark.parametrize(
    "text",
    [
        "CS1 khoảng 50",
        "CS1 100 đến 120, CS2 30",
        "CS1 50 hay 55",
        "giao CS1 vài chục",
        "CS1 50 và CS1 60",
        "giao công ty Hoàng Long 30",
        "dệt hải phòng 40",
        "CS1 50, CS2 rất nhiều",
        "CS1 như năm ngoái",
        "CS1, CS2 50",
        "giao CS1 5 người/tháng",
        "giao CS1 5 người mỗi tháng",
        "giao CS1 kết nạp 50, giới thiệu 5",
        "giao kết nạp 2099: CS1 50, CS2 30",
        "chia đều 120 cho tất cả trừ CS1",
        "tăng tất cả 5",
        "giao 12 cho CS1 và CS2 mỗi nơi 5",
        "tổng 450, CS1 110, phần còn lại 160 chia đều",
        "mọi đơn vị ngang ngửa, riêng CS1 thì 60, các đơn vị khác tùy",
    ],
)
def test_what_is_vague_or_nobodys_is_asked_about(text: str) -> None:
    read = read_shares(text, BELOW, TODAY)
    assert read.unread or any(not each.match.is_sure for each in read.shares)


def test_the_amount_of_the_rest_is_divided_among_the_rest_alone() -> None:
    read = read_shares("CS1 300, số còn lại 350 chia đều", BELOW, TODAY)
    assert read.total is not None
    assert read.total.value == Decimal(350)
    assert read.is_of_rest
    assert read.spread is Spread.EVENLY


_PIECES = st.sampled_from(
    [
        "giao",
        "CS1",
        "may",
        "Sông Xanh",
        "dệt",
        "trường",
        "khu Bắc",
        "công ty",
        "50",
        "1.200",
        "85%",
        "hai chục",
        "khoảng",
        "còn lại",
        "chia đều",
        "mỗi nơi",
        "tất cả",
        "cho",
        "và",
        ",",
        ".",
        ";",
        "\n",
        ":",
        "(",
        ")",
        "vì",
        "năm",
        "2026",
        "bỏ",
        "từ",
        "xuống",
        "đến",
        "à nhầm",
        "tổng",
        "như năm ngoái",
        "đoàn viên",
        "Hải",
        "Vân",
        "-5",
        "/",
        "quý",
        "nên",
    ]
)


@given(st.lists(_PIECES, max_size=14).map(" ".join))
@settings(max_examples=examples(200), deadline=None)
def test_nothing_is_made_up(text: str) -> None:
    read = read_shares(text, BELOW, TODAY)
    folded = text.casefold()
    for share in read.shares:
        assert all(word in folded for word in share.words.casefold().split())
    amounts = [each.amount for each in read.shares] + [read.total, read.each]
    assert all(amount.said in text for amount in amounts if amount is not None)
    assert read.spread is not Spread.EACH or read.each is not None


@pytest.mark.parametrize(
    "piece",
    [
        "cđcs công ty ",
        "1 ",
        "giày 5, ",
        "từ 4 xuống 2 ",
        "may sông ",
        "thêm 5 ",
        "bớt ",
        "bỏ u1 ",
        "u1 rút, ",
        "chia đều cho u1 ",
        "hai nơi u1, u2 5 ",
        "phường, xã ",
    ],
)
def test_a_long_message_of_one_thing_again_and_again_is_read_in_steps_that_do_not_multiply(piece: str) -> None:
    below = NamesBelow(Below(number, f"U{number}", f"CĐCS Công ty May Sông {number}") for number in range(40))
    steps = [_count_steps(piece * size, below) for size in (100, 200)]
    assert steps[1] < 3 * steps[0]


def _count_steps(text: str, below: NamesBelow) -> int:
    """How many lines of Python reading a message takes, so that no clock judges it."""
    count = 0

    def trace(frame: FrameType, event: str, _arg: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read_shares(text, below, TODAY)
    finally:
        sys.settrace(before)
    return count
