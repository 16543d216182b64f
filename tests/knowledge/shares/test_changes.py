"""Amounts by which shares change, and results that are told: neither is what a share becomes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from knowledge.shares.checking import Ground, ShareFault, draft
from knowledge.shares.reading import Change, Spread, read_shares
from tests.knowledge.shares.test_reading import BAC, BELOW, DET, DU, MAY, TIEN, TODAY

BY, TO, EITHER = Change.BY, Change.TO, Change.EITHER


def said(text: str) -> dict[int, tuple[int, Change]]:
    read = read_shares(text, BELOW, TODAY)
    assert read.unread == []
    assert all(each.match.is_sure and each.amount is not None for each in read.shares)
    return {
        each.match.units[0]: (int(each.amount.value), each.change)
        for each in read.shares
        if each.amount is not None and each.amount.value is not None
    }


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("giao thêm cho CS1 10", {MAY: (10, BY)}),
        ("tăng thêm CĐCS Dệt Hòa Khánh 5", {DET: (5, BY)}),
        ("bớt CS1 5", {MAY: (-5, BY)}),
        ("giảm CS1 10", {MAY: (-10, BY)}),
        ("CS1 thêm 10", {MAY: (10, BY)}),
        ("giao CS1 10 người nữa", {MAY: (10, BY)}),
        ("CS1 +10, CS2 +5", {MAY: (10, BY), DET: (5, BY)}),
        ("giao thêm 10 cho CS1, 5 cho CS2", {MAY: (10, BY), DET: (5, BY)}),
        ("bổ sung cho CS1 10 đoàn viên", {MAY: (10, BY)}),
        ("bớt 5 của CS1", {MAY: (-5, BY)}),
        ("rút của CS1 5", {MAY: (-5, BY)}),
        ("hạ bớt CS1 5", {MAY: (-5, BY)}),
        ("giảm thêm CS1 5", {MAY: (-5, BY)}),
        ("điều chỉnh CS1 tăng 10, CS2 giảm 5", {MAY: (10, BY), DET: (-5, BY)}),
        ("tăng chỉ tiêu kết nạp của CS1 10", {MAY: (10, BY)}),
        ("tăng phần giao của CS1 10", {MAY: (10, BY)}),
        ("tang them CS1 10, bot CS2 5", {MAY: (10, BY), DET: (-5, BY)}),
        ("CS1 đang 50, tăng thêm 10", {MAY: (10, BY)}),
        ("CS1 thêm 5 người so với số đã giao", {MAY: (5, BY)}),
        ("chuyển 10 từ CS1 sang CS2", {MAY: (-10, BY), DET: (10, BY)}),
        ("bớt CS1 5 cho CS2", {MAY: (-5, BY), DET: (5, BY)}),
        ("lấy 5 của CS1 bù cho CS2", {MAY: (-5, BY), DET: (5, BY)}),
        ("san cho CS2 5 từ CS1", {MAY: (-5, BY), DET: (5, BY)}),
        ("CS1 nhường CS2 5", {MAY: (-5, BY), DET: (5, BY)}),
        ("CS1: +10\nCS2: -5", {MAY: (10, BY), DET: (-5, BY)}),
        ("CS1 cộng 5, CS2 trừ 5", {MAY: (5, BY), DET: (-5, BY)}),
        ("năm ngoái CS1 40, năm nay giao thêm 5", {MAY: (5, BY)}),
    ],
)
def test_by_how_much_a_share_changes(text: str, shares: dict[int, tuple[int, Change]]) -> None:
    assert said(text) == shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("giao thêm cho CS1 10, CS2 5; khu Bắc 3", {MAY: (10, BY), DET: (5, BY), BAC: (3, BY)}),
        ("giao thêm:\nCS1 10\nCS2 5", {MAY: (10, BY), DET: (5, BY)}),
        ("tăng CS1 lên 60, CS2 50", {MAY: (60, TO), DET: (50, TO)}),
        ("tăng CS1 10 lên 60", {MAY: (60, TO)}),
        ("giảm CS1 xuống còn 40", {MAY: (40, TO)}),
        ("giao CS1 50, còn CS2 giao thêm 5", {MAY: (50, TO), DET: (5, BY)}),
        ("giao CS1 60 (tăng 10 so với năm ngoái), CS2 30", {MAY: (60, TO), DET: (30, TO)}),
        ("điều chỉnh CS1 60, do mở thêm ca", {MAY: (60, TO)}),
    ],
)
def test_what_is_said_of_one_holds_for_those_behind_it_until_something_else_is(
    text: str, shares: dict[int, tuple[int, Change]]
) -> None:
    assert said(text) == shares


@pytest.mark.parametrize(
    "text",
    [
        "giao thêm chỉ tiêu tư vấn pháp luật: CS1 10",
        "giao thêm kết nạp cho CS1 10",
        "giao CS1 kết nạp thêm 10 đoàn viên",
        "nâng CS1 10",
        "bổ sung chỉ tiêu đối thoại: CS1 10",
        "giao CS2 thêm 5, CS1 10",
        "tăng CS2 5, còn CS1 10",
        "tăng CS2 5\nCS1 10",
    ],
)
def test_what_may_be_the_new_amount_as_well_is_left_open(text: str) -> None:
    assert said(text)[MAY] == (10, EITHER)


@pytest.mark.parametrize(
    "text", ["CS1 tăng 10 so với năm ngoái", "tăng CS1 gấp đôi", "không giao CS1 50 nữa", "tăng CS1 -5"]
)
def test_a_change_against_something_else_is_asked_about(text: str) -> None:
    assert read_shares(text, BELOW, TODAY).unread


@pytest.mark.parametrize("what", ["đã có", "có", "đạt", "đã nộp", "được", "mới được", "báo", "nộp", "báo về", "hiện"])
@pytest.mark.parametrize("unit", ["CS1", "Dệt Hòa Khánh", "khu Bắc"])
def test_a_result_hands_nothing_down(what: str, unit: str) -> None:
    read = read_shares(f"{unit} {what} 40", BELOW, TODAY)
    assert not read.says_shares
    assert read.told == read.unread == [f"{unit} {what} 40"]


@pytest.mark.parametrize(
    "text",
    [
        "CS1 làm được 40",
        "CS1 kết nạp được 40, CS2 30",
        "CS1 40 rồi",
        "tính đến nay: CS1 40, CS2 30",
        "CS1 còn 10 nữa",
        "CS1 có thêm 5 đoàn viên",
        "CS1 kết nạp thêm được 5",
        "CS1 thiếu 10",
        "kết quả CS1 40",
        "CS1 kết nạp rồi 40",
        "CS1 đăng ký 40",
        "đã giao CS1 40",
        "CS1 đã đạt 40",
        "cập nhật CS1 đã có 40",
        "CS1 xin thêm 10",
        "giao thêm CS1 10 được không",
    ],
)
def test_nor_do_results_that_are_told_otherwise(text: str) -> None:
    assert not read_shares(text, BELOW, TODAY).says_shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("giao CS1 đạt 85, CS2 đạt 80", {MAY: (85, TO), DET: (80, TO)}),
        ("CS1 phải đạt 40", {MAY: (40, TO)}),
        ("phấn đấu CS1 đạt 40, CS2 đạt 30", {MAY: (40, TO), DET: (30, TO)}),
        ("năm nay CS1 phải kết nạp được 40", {MAY: (40, TO)}),
        ("CS1 đạt 40 rồi, giao thêm 10", {MAY: (10, BY)}),
        ("giao CS1 được 40", {MAY: (40, TO)}),
        ("CS1 được giao 40", {MAY: (40, TO)}),
        ("giao CS1 40 (đã có 20), CS2 30", {MAY: (40, TO), DET: (30, TO)}),
        ("CS1 40 rồi CS2 30", {MAY: (40, TO), DET: (30, TO)}),
    ],
)
def test_words_of_a_result_beside_what_is_handed_down_leave_it(
    text: str, shares: dict[int, tuple[int, Change]]
) -> None:
    assert said(text) == shares


def test_a_result_beside_a_share_is_asked_about() -> None:
    read = read_shares("giao CS1 40, CS2 đã có 30", BELOW, TODAY)
    assert read.told == ["CS2 đã có 30"]
    assert [each.match.units for each in read.shares] == [(MAY,)]


# What they come to ---------------------------------------------------------------------------------------------------


def ground(measured_in: str = "đoàn viên", own: int | None = 100, **standing: int) -> Ground:
    ids = {"may": MAY, "det": DET, "du": DU, "tien": TIEN, "bac": BAC}
    stands = {ids[name]: Decimal(value) for name, value in standing.items()}
    return Ground(list(ids.values()), measured_in, None if own is None else Decimal(own), stands)


def drafted(text: str, on: Ground) -> tuple[dict[int, Any], list[ShareFault]]:
    found = draft(read_shares(text, BELOW, TODAY, measured_in=on.measured_in), on)
    return found.values, [each.fault for each in found.refused]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("giao thêm cho CS1 10", {MAY: 60}),
        ("giao thêm cho CS2 10", {DET: 10}),
        ("bớt CS1 50", {MAY: 0}),
        ("giao thêm kết nạp: CS2 10", {DET: 10}),
        ("chuyển 10 từ CS1 sang CS2", {MAY: 40, DET: 10}),
        ("mỗi đơn vị thêm 5", {MAY: 55, DET: 5, DU: 5, TIEN: 5, BAC: 5}),
        ("giao thêm 10 chia đều cho các đơn vị", {MAY: 52, DET: 2, DU: 2, TIEN: 2, BAC: 2}),
        ("giao thêm 10: CS1 6, còn lại chia đều", {MAY: 56, DET: 1, DU: 1, TIEN: 1, BAC: 1}),
    ],
)
def test_a_change_is_made_to_what_stands(text: str, values: dict[int, int]) -> None:
    assert drafted(text, ground(may=50)) == (values, [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("bớt CS1 51", ShareFault.BELOW_ZERO),
        ("bớt CS2 1", ShareFault.NOTHING_STANDS),
        ("giao thêm kết nạp: CS1 10", ShareFault.BY_OR_TO),
        ("nâng CS1 60", ShareFault.BY_OR_TO),
        ("giảm CS1 10%", ShareFault.IS_PERCENT),
        ("bớt mỗi đơn vị 5", ShareFault.NOTHING_STANDS),
    ],
)
def test_a_change_that_cannot_be_or_may_be_another_is_refused(text: str, fault: ShareFault) -> None:
    assert drafted(text, ground(may=50)) == ({}, [fault])


def test_a_percentage_changes_from_what_holds_for_all() -> None:
    assert drafted("tăng CS1 5, giảm CS2 5", ground("%", 80, may=85)) == ({MAY: 90, DET: 75}, [])
    assert drafted("tăng CS1 20", ground("%", 85)) == ({}, [ShareFault.OVER_HUNDRED])


def test_all_are_served_by_the_change_that_was_said() -> None:
    read = read_shares("bớt mỗi đơn vị 5", BELOW, TODAY)
    assert (read.spread, read.change) == (Spread.EACH, BY)
    assert read.each is not None
    assert read.each.value == -5
