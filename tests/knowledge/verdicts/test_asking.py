"""Messages that ask for a yes or no, and those that only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.verdicts.asking import claim_of, is_negated


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("bản này bác Năm soạn, đúng không ạ", "ban nay bac nam soan, a"),
        ("ban nay bac Nam soan phai hem", "ban nay bac nam soan"),
        ("hạn mồng 3 phải rứa không o", "han mong 3 o"),
        ("kế hoạch có hai phần đúng chớ", "ke hoach co hai phan"),
        ("kế hoạch có hai phần, chuẩn chưa, tui chép", "ke hoach co hai phan, , tui chep"),
        ("phụ lục ba trang phải k", "phu luc ba trang"),
        ("có phải do văn phòng gom không", "do van phong gom khong"),
        ("hổng phải ông Tám soạn sao", "ong tam soan sao"),
        ("plan has two parts, is that right", "plan has two parts,"),
        ("two parts, right?", "two parts,"),
        ("kế hoạch hai phần d9u1ng kho6ng", "ke hoach hai phan"),
        ("xác nhận giùm: kế hoạch hai phần", "gium: ke hoach hai phan"),
        ("có phải dòng 31 không", "dong 31 khong"),
    ],
)
def test_what_is_to_be_confirmed(text: str, claim: str) -> None:
    assert claim_of(text) == claim


@pytest.mark.parametrize(
    "text",
    [
        "đơn vị phải không ngừng đổi mới",
        "phải không để sót ai",
        "cái loa này dùng không",
        "dừng hay không thì báo",
        "có phải đóng tiền không",
        "co phai dong tien khong",
        "phải hơn 60 người",
        "phải cho nghỉ mấy ngày",
        "trung ương chưa gửi",
        "đúng là bao nhiêu",
        "không phải ông Tám soạn đúng không",
        "hạn nộp là bao giờ",
        "",
    ],
)
def test_what_asks_for_no_yes_or_no(text: str) -> None:
    assert claim_of(text) is None


@pytest.mark.parametrize(
    ("claim", "negated"),
    [
        ("khong to chuc rieng", True),
        ("khoi can to chuc rieng", True),
        ("toi khong nho ro, han ngay 3/4", False),
        ("han ngay 3/4 khong anh", False),
        ("dua len khong gian mang", False),
        ("to chuc rieng", False),
        ("hoi phu nu lo chu dau phai ban nu cong lo", True),
    ],
)
def test_what_is_said_not_to_be_so(claim: str, *, negated: bool) -> None:
    assert is_negated(claim) is negated


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    claim = claim_of(text)
    assert claim is None or "  " not in claim
