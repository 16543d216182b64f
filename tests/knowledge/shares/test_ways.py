"""Ways to say shares that are not those of a table: corrections, what was before, spreads in other words, doubts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge.shares.checking import Ground, draft
from knowledge.shares.reading import Spread, read_shares
from tests.knowledge.shares.test_reading import BAC, BELOW, DET, DU, MAY, TODAY
from tests.knowledge.shares.values import values


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("CS1 60 à lộn 50, CS2 80", {MAY: 50, DET: 80}),
        ("CS1 60, ý nhầm, 70 mới đúng. CS2 30", {MAY: 70, DET: 30}),
        ("CS1 60 à quên 65, CS2 40", {MAY: 65, DET: 40}),
        ("CS1 60 ghi nhầm, 55 nha em; CS2 18", {MAY: 55, DET: 18}),
        ("CS1 60... không, 70. CS2 18", {MAY: 70, DET: 18}),
        ("CS1 200; à sửa thành 210 nhé; CS2 150", {MAY: 210, DET: 150}),
        ("CS1 60, à nhầm CS1 50, CS2 80", {MAY: 50, DET: 80}),
        ("CS1 như năm ngoái... à mà thôi 45, CS2 80", {MAY: 45, DET: 80}),
        ("CS1 65 thôi chứ 75 nhiều quá, CS2 80", {MAY: 65, DET: 80}),
        ("hạ CS1 từ ba trăm xuống hai trăm bảy mươi", {MAY: 270}),
        ("CS1 80 → 95, CS2: 12 -> 10", {MAY: 95, DET: 10}),
        ("CS1 300 (cũ 280), CS2 40 (bốn mươi)", {MAY: 300, DET: 40}),
        ("CS1 8 (trước là 12), CS2 5 (trước giao 4)", {MAY: 8, DET: 5}),
        ("CS1 5 trăm, CS2 3 trăm rưỡi, khu Bắc 1 trăm 5", {MAY: 500, DET: 350, BAC: 150}),
        ("CS1 trăm hai, CS2 nghìn rưỡi, khu Bắc hai trăm lẻ năm", {MAY: 120, DET: 1500, BAC: 205}),
        ("đã thống nhất chỉ tiêu như sau: CS1 50, CS2 30", {MAY: 50, DET: 30}),
        ("em gửi chỉ tiêu vừa duyệt ạ: CS1 50, CS2 30", {MAY: 50, DET: 30}),
        ("gioi thieu cho dang: CS1 5, CS2 3", {MAY: 5, DET: 3}),
        ("thỏa ước: CS1 100, CS2 90 (hai bên này bắt buộc phải có)", {MAY: 100, DET: 90}),
        ("thôi không giao cho CS1 nữa, đưa qua CS2 thành 18", {MAY: None, DET: 18}),
        ("phần của CS1 thu về, CS2 thành 65", {MAY: None, DET: 65}),
        ("1/ CS1: 300\n2/ CS2: 220", {MAY: 300, DET: 220}),
        ("CS1 giữ nguyên 12, CS2 30", {MAY: 12, DET: 30}),
        ("thu hồi chỉ tiêu đã giao nhầm cho CS1, chuyển giao CS2 40", {MAY: None, DET: 40}),
        ("6 tháng cuối năm giao CS1 15", {MAY: 15}),
        ("90% cho CS1 và CS2, 85% cho CS3", {MAY: 90, DET: 90, DU: 85}),
    ],
)
def test_what_was_before_or_was_a_slip_is_no_share(text: str, shares: dict[int, int | None]) -> None:
    said = read_shares(text, BELOW, TODAY)
    assert (values(said), said.unread) == (shares, [])


@pytest.mark.parametrize(
    ("text", "spread", "amount"),
    [
        ("700 đoàn viên mới phân theo số lượng đoàn viên của các đơn vị nhé", Spread.BY_MEMBERS, 700),
        ("tổng 250 chia theo sĩ số đoàn viên từng CĐCS", Spread.BY_MEMBERS, 250),
        ("căn cứ số đoàn viên mà chia 250 xuống các đơn vị", Spread.BY_MEMBERS, 250),
        ("giao 600, chia theo kết quả từng đvi đạt được năm trước", Spread.AS_LAST_YEAR, 600),
        ("kết nạp cứ theo năm 2025 mà giao", Spread.AS_LAST_YEAR, None),
        ("lấy số năm ngoái mà giao cho các đơn vị", Spread.AS_LAST_YEAR, None),
        ("CS1 50, mấy đvi kia k đổi", Spread.UNCHANGED, None),
        ("CS1 50, mấy chỗ khác để y nguyên nghen", Spread.UNCHANGED, None),
        ("CS1 50, những nơi khác khỏi sửa", Spread.UNCHANGED, None),
        ("phân bổ 15 người cho các đơn vị, mỗi đơn vị ít nhất 3", Spread.EACH, 3),
        ("chia đều mỗi đơn vị 50", Spread.EACH, 50),
        ("ai cũng 20, trừ CS1 200", Spread.EACH, 20),
        ("CS1 90%, rest 80%", Spread.EACH, 80),
        ("giao đồng đều mỗi nơi 15 lượt", Spread.EACH, 15),
        ("đơn vị nào cũng 10 lượt, trừ CS1 và CS2 mỗi bên 100", Spread.EACH, 10),
        ("giữ mức năm ngoái cho tất cả, riêng CS1 tăng lên 560", Spread.AS_LAST_YEAR, None),
        ("CS1 500, còn 400 chia theo số đoàn viên cho các đơn vị còn lại", Spread.BY_MEMBERS, 400),
        ("CS1 1 200, cac dvi khac moi dvi 50 ng", Spread.EACH, 50),
        ("tổng số 900 người, CS1 150, còn bao nhiêu chia đều cho mấy đơn vị kia", Spread.EVENLY, 900),
    ],
)
def test_the_others_are_served_in_many_words(text: str, spread: Spread, amount: int | None) -> None:
    said = read_shares(text, BELOW, TODAY)
    told = said.each if spread is Spread.EACH else said.total
    assert said.unread == []
    assert (said.spread, None if told is None or told.value is None else int(told.value)) == (spread, amount)


@pytest.mark.parametrize(
    "text",
    [
        "phân bổ 24 người cho các đơn vị, mỗi đơn vị ít nhất 3",
        "CS1 60, CS2 40 hoặc ngược lại, CS3 5",
        "chia 1000 người: CS1 30%, CS2 25%, còn lại chia đều",
        "CS1 60 à nhầm",
        "CS1 60, à nhầm CS2 50",
        "CS1 60 chưa chắc, CS2 30",
        "CS1 60 nếu họ chịu, CS2 30",
        "CS1 trăm năm mấy, CS2 30",
        "CS1 60 gì đó, CS2 30",
        "CS1 một nửa, CS2 30",
        "CS1 gấp đôi CS2, CS2 30",
        "Dệt khoảng 50-60, CS1 30",
        "mỗi phân xưởng 20, CS1 30",
        "CS1 60, các đơn vị lân cận tùy, khu Bắc 30",
        "giao 40 cho CS1 (hay 50), CS2 30",
    ],
)
def test_what_leaves_anything_open_is_asked_about(text: str) -> None:
    said = read_shares(text, BELOW, TODAY)
    unclear = any(share.amount is not None and share.amount.value is None for share in said.shares)
    assert said.unread or unclear or any(not share.match.is_sure for share in said.shares)


@pytest.mark.parametrize(
    "text",
    [
        "năm ngoái giao CS1 500 mà đạt có 410 thôi",
        "CS1 được giao 600 hay 650 em nhỉ",
        "CS1 được giao 600 hay 650, chị quên rồi",
        "CS1 tháng 1 kết nạp 18, CS2 kết nạp 12",
        "CS1 năm 2025 kết nạp 7",
        "tháng này CS1 thêm 35, CS2 thêm 20",
        "chỉ tiêu giao 400 cho CS1 từ hồi đầu năm rồi mà",
        "CS1 còn nợ 10 người",
        "CS1 xin 150 thôi",
        "hình như CS1 được giao 60",
        "giao vậy có công bằng không, CS1 80 mà CS2 có 20",
        "tôi thấy nên giao CS1 250 hơn",
        "anh giao CS1 60 mà bảo ít à",
    ],
)
def test_what_only_looks_like_it_hands_nothing_down(text: str) -> None:
    assert not read_shares(text, BELOW, TODAY).says_shares


def test_an_amount_is_divided_as_last_year_was() -> None:
    ground = Ground([MAY, DET, DU, BAC], "đoàn viên", last_year={MAY: Decimal(30), DET: Decimal(10), DU: Decimal(10)})
    found = draft(read_shares("chia 100 theo kết quả năm ngoái, riêng CS3 20", BELOW, TODAY), ground)
    assert not found.refused
    assert found.values == {DU: Decimal(20), MAY: Decimal(60), DET: Decimal(20)}
