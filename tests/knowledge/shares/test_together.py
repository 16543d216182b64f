"""Units named together, all of them alike, and shares taken back: what is surely said, and what is asked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.shares.matching import Below, NamesBelow
from knowledge.shares.reading import Change, ReadShares, Spread, read_shares
from tests.examples import examples
from tests.knowledge.shares.test_reading import BAC, BELOW, DET, DU, MAY, TODAY

HB, BM, CV, KCN = range(1, 5)
WARDS = NamesBelow(
    [
        Below(HB, "HB", "Công đoàn phường Hòa Bắc"),
        Below(BM, "BM", "Công đoàn xã Bàu Môn"),
        Below(CV, "CV", "Công đoàn phường Cổ Văn"),
        Below(KCN, "KCN", "Công đoàn các khu công nghiệp"),
    ]
)


def read(text: str, below: NamesBelow = BELOW) -> ReadShares:
    return read_shares(text, below, TODAY)


def values(said: ReadShares) -> dict[int, int | None]:
    """The shares of units, None where one is taken back; an amount that is not clear is no such thing."""
    found: dict[int, int | None] = {}
    for share in said.shares:
        assert share.match.is_sure
        assert share.amount is None or share.amount.value is not None
        found[share.match.units[0]] = None if share.amount is None else int(share.amount.value or 0)
    return found


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("hai phường Hòa Bắc, Cổ Văn mỗi phường 65 đoàn viên mới, xã Bàu Môn 55", {HB: 65, CV: 65, BM: 55}),
        ("2 nơi (HB + CV) mỗi nơi 3", {HB: 3, CV: 3}),
        ("hai phường Hòa Bắc và Cổ Văn đều 60", {HB: 60, CV: 60}),
        ("hai phường Hòa Bắc và Cổ Văn 60 mỗi nơi", {HB: 60, CV: 60}),
        ("giao 60 cho hai phường Hòa Bắc và Cổ Văn mỗi nơi 30", {HB: 30, CV: 30}),
        ("giao thành lập mới: KCN là 15 đơn vị, Hòa Bắc 2 đơn vị", {KCN: 15, HB: 2}),
        ("giao xã Bàu Môn tỷ lệ thỏa ước 72%, phường Hòa Bắc 76%", {BM: 72, HB: 76}),
        ("KCN 15; ba công đoàn phường, xã mỗi nơi 4", {KCN: 15, HB: 4, BM: 4, CV: 4}),
        ("mỗi phường 20", {HB: 20, CV: 20}),
        ("phường, xã mỗi nơi 4", {HB: 4, BM: 4, CV: 4}),
        ("các phường mỗi nơi 5, KCN 10", {HB: 5, CV: 5, KCN: 10}),
        ("họp thống nhất rồi, giao: KCN mười hai, Hòa Bắc ba, Cổ Văn bốn nhé", {KCN: 12, HB: 3, CV: 4}),
    ],
)
def test_units_named_together_get_what_is_said_of_each(text: str, shares: dict[int, int]) -> None:
    said = read(text, WARDS)
    assert (values(said), said.unread, said.spread) == (shares, [], None)


@pytest.mark.parametrize(
    "text",
    [
        "ba phường Hòa Bắc, Cổ Văn mỗi nơi 4",
        "các xã 5",
        "hai đơn vị Hòa Bắc với Cổ Văn 60 lượt, KCN 500 lượt",
        "giao 60 cho hai phường Hòa Bắc và Cổ Văn",
        "giao 3 cho HB, CV mỗi nơi 1",
        "chia đều 120 cho HB và CV",
        "120 người chia đều cho HB và CV",
        "KCN 50, chia đều cho HB và CV 30",
        "trong 50 giao KCN 25, số còn lại chia đều cho HB, CV mỗi nơi 5",
    ],
)
def test_whose_an_amount_is_or_whether_each_has_it_is_asked(text: str) -> None:
    assert read(text, WARDS).unread


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("Các đơn vị đều 10 đoàn viên ưu tú, riêng CS1 24", 10),
        ("CS1 24. Các đơn vị còn lại mỗi đơn vị 0", 0),
        ("all units 90%, CS1 24", 90),
        ("Dạ em xin giao chỉ tiêu ạ: CS1 24, còn lại mỗi đơn vị 0", 0),
    ],
)
def test_all_or_the_others_alike(text: str, each: int) -> None:
    said = read(text)
    assert (values(said), said.spread, said.unread) == ({MAY: 24}, Spread.EACH, [])
    assert said.each is not None
    assert said.each.value == each


def test_what_is_left_and_to_be_shared_out_is_no_result() -> None:
    said = read("CS1 700, còn 500 nữa chia cho mấy đơn vị còn lại theo số đv")
    assert (values(said), said.spread, said.unread) == ({MAY: 700}, Spread.BY_MEMBERS, [])
    assert said.total is not None
    assert (said.total.value, said.is_of_rest) == (Decimal(500), True)


def test_what_is_divided_among_the_named_serves_nobody_else() -> None:
    said = read("trong 40 giao CS1 25, số còn lại chia đều cho CS2, CS3, X5 mỗi nơi 5")
    assert (values(said), said.spread, said.unread) == ({MAY: 25, DET: 5, DU: 5, BAC: 5}, None, [])


# Taking back ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("Rút lại phần giao tư vấn của CS1, chuyển sang CS2 thành 1.100 lượt", {MAY: None, DET: 1100}),
        ("rút phần giao của CS1, đưa qua CS2 lên 110", {MAY: None, DET: 110}),
        ("k giao CS1 chỉ tiêu mới nữa, thu lại; CS2 thì 5 nhé", {MAY: None, DET: 5}),
        ("CS1 rút chỉ tiêu đv mới luôn ạ, bởi đã vô công đoàn hết rồi", {MAY: None}),
        ("CS1 thu lại, CS2 30", {MAY: None, DET: 30}),
        ("k giao CS1 nữa thu lại luôn", {MAY: None}),
        ("giao CS1 50, CS2 rút", {MAY: 50, DET: None}),
    ],
)
def test_a_share_is_taken_back_before_or_behind_its_unit(text: str, shares: dict[int, int | None]) -> None:
    said = read(text)
    assert (values(said), said.unread) == (shares, [])
    assert all(share.change is Change.TO for share in said.shares)


@pytest.mark.parametrize(
    ("text", "hands_down"),
    [
        ("CS1 xin rút", False),
        ("CS1 xin giao 40 thôi", False),
        ("CS1 than 95 người là cao", False),
        ("CS1 25, CS2 20 là số đã làm chứ không phải chỉ tiêu", False),
        ("CS1 than 95 là cao, thôi thì cho xuống 80", True),
    ],
)
def test_wishes_and_remarks_take_nothing_back(text: str, hands_down: bool) -> None:
    assert read(text).says_shares is hands_down


@pytest.mark.parametrize(
    "text", ["all units 10, CS1 24", "giao chỉ tiêu cho CS1 và CS2 như đã bàn", "bỏ CS1, CS2 ba", "bo CS1, CS2 hai"]
)
def test_a_unit_of_which_nothing_was_understood_is_asked_about(text: str) -> None:
    assert read(text).unread


_NUMBERS = st.sampled_from(
    [
        "ba",
        "mười hai",
        "một trăm hai",
        "trăm hai",
        "ba trăm rưỡi",
        "hai chục",
        "một nghìn hai",
        "tám chục",
        "ba mươi tư",
    ]
)


@given(
    st.sampled_from(["giao ", "chốt rồi: ", "bỏ ", "rút lại ", "thu hồi ", "k giao ", ""]),
    st.lists(_NUMBERS, min_size=1, max_size=4),
    st.sampled_from([", ", "; ", "\n"]),
    st.sampled_from([" ", ": "]),
)
@settings(max_examples=examples(150), deadline=None)
def test_a_number_in_words_is_never_nothing(lead: str, numbers: list[str], between: str, sign: str) -> None:
    codes = ["CS1", "CS2", "CS3", "X5"]
    said = read(lead + between.join(f"{code}{sign}{number}" for code, number in zip(codes, numbers, strict=False)))
    assert all(share.amount is not None for share in said.shares)


def test_a_number_in_words_with_two_readings_is_asked_about() -> None:
    said = read_shares("KCN ba trăm rưỡi, HB một trăm một, CV một trăm hai", WARDS, date(2026, 2, 10))
    amounts = [share.amount for share in said.shares if share.amount is not None]
    assert [amount.value for amount in amounts] == [350, None, 120]
    assert list(map(int, amounts[1].readings)) == [110, 101]
