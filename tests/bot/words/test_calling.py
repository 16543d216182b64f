"""How people are addressed: what a name tells, what it does not, and what is said by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.calling import Called, address, find_called, guess_called, word_for


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Hoa",
        "nguyễn thị hoa",
        "NGUYỄN THỊ HOA",
        "NGUYEN THI HOA",
        "Nguyễn Thị Văn Anh",
        "Trần Lê Thị Thu Hà",
        "Thạch Thị Sa Rây",
        "Thị Bé",
        "H'Hen Niê",
        "H’ Linh Mlô",
        "Ms Hoa",
        "Ms. Hoa Nguyễn",
        "Mrs Tran Van Hung's wife",
        "cô Hoa",
        "Chị Hoa",
        "Nguyễn Thị Hoa - CĐCS May Sông Xanh",
        "Nguyễn Thị Hoa (kế toán)",
        "Nguyễn Thị Hoa 0912 345 678",
        "Nguye\u0302\u0303n Thi\u0323 Hoa",
    ],
)
def test_women(name: str) -> None:
    assert guess_called(name) is Called.CHI


@pytest.mark.parametrize(
    "name",
    ["Lê Văn Hùng", "lê văn hùng", "LÊ VĂN HÙNG", "Nguyễn Văn Thị", "Mr Hùng", "Mr. Hung", "Ông Hùng", "Thầy Ba"],
)
def test_men(name: str) -> None:
    assert guess_called(name) is Called.ANH


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "Hoa",
        "hoa 2k",
        "Trần Khánh",
        "Nguyễn Ngọc Anh",
        "Nguyen Van Anh",  # Văn Anh or Vân Anh
        "NGUYEN VAN HUNG",
        "Nguyễn Vân Anh",
        "Nguyễn Thi Hoa",  # Thi is a name of its own
        "Phạm Thị",
        "Tran Thi",
        "Thi Hoa",
        "Thị Văn Anh",
        "Văn Thị",
        "Văn Mai Hương",
        "Văn Văn Khánh",
        "Anh Thư",
        "Anh Hùng",
        "Y Moan Ênuôl",
        "Ka Să Hồng",
        "Mr Nguyễn Thị Hoa",
        "John Smith",
        "May Sông Xanh",
        "🌸🌸",
        "Hoàng Minh Thị",
        "Ms",
    ],
)
def test_what_a_name_does_not_tell(name: str) -> None:
    assert guess_called(name) is Called.OPEN


def test_what_was_chosen_holds() -> None:
    assert find_called("Nguyễn Thị Hoa", "anh") is Called.ANH
    assert find_called("Nguyễn Thị Hoa", "") is Called.OPEN
    assert find_called("Trần Khánh", "chi") is Called.CHI
    assert find_called("Nguyễn Thị Hoa", None) is Called.CHI


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("Nguyễn Thị Hoa", "anh/chị Hoa"),
        ("đặng văn lâm", "anh/chị Lâm"),
        ("NGUYỄN THỊ HOA", "anh/chị Hoa"),
        ("Lan", "anh/chị Lan"),
        ("hoa 2k", "anh/chị Hoa"),
        ("Ms Hoa", "anh/chị Hoa"),
        ("Mr. Hùng", "anh/chị Hùng"),
        ("Nguyễn Thị Hoa – LĐLĐ tỉnh", "anh/chị Hoa"),
        ("John Smith", "anh/chị John Smith"),
        ("Hà & Sơn", "anh/chị Sơn"),
        ("A<3", "anh/chị A&lt;3"),
        ("2k", "anh/chị 2k"),
        ("  ", "anh/chị"),
        ("🌸", "anh/chị"),
    ],
)
def test_people_are_called_by_their_given_name(name: str, addressed: str) -> None:
    assert address(name) == addressed


def test_it_is_said_throughout_and_quoted_words_stay() -> None:
    word = word_for("Nguyễn Thị Hoa", None)
    assert word("Chào anh/chị Hoa. Anh/chị gõ giúp.") == "Chào chị Hoa. Chị gõ giúp."
    assert word("có thể anh/chị ấy đã chặn trợ lý") == "có thể anh/chị ấy đã chặn trợ lý"
    assert word("Anh/chị em công nhân") == "Anh/chị em công nhân"
    assert word("nhắn: <i>anh/chị xem lại</i>. <i>Anh/chị gõ số.</i>") == (
        "nhắn: <i>anh/chị xem lại</i>. <i>Chị gõ số.</i>"
    )
    assert word("<blockquote>anh/chị ơi</blockquote>\nAnh/chị gõ “anh/chị”") == (
        "<blockquote>anh/chị ơi</blockquote>\nChị gõ “anh/chị”"
    )
    assert word("Xem trước\n———\nKính gửi anh/chị\n———\nAnh/chị bấm Gửi") == (
        "Xem trước\n———\nKính gửi anh/chị\n———\nChị bấm Gửi"
    )
    assert word_for("Lê Văn Hùng", None)("Cảm ơn anh/chị") == "Cảm ơn anh"
    assert word_for("Trần Khánh", None)("Cảm ơn anh/chị") == "Cảm ơn anh/chị"


@given(st.text(max_size=40), st.sampled_from([None, "anh", "chi", ""]))
def test_any_name_is_addressed(name: str, chosen: str | None) -> None:
    word = word_for(name, chosen)
    said = word(f"Chào {address(name)}.")
    assert said.startswith(("Chào anh", "Chào chị"))
    assert word(said) == said
