"""Who signed, as a question quotes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import fold, tidy
from knowledge.verdicts.signers import NamedPerson, find_person, find_title, speaks_of_signing

SIGNERS = ("Lê Quang Tùng", "Trần Quang Huy")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bản này đồng chí Lê Quang Tùng ký", "le quang tung"),
        ("ban nay chu huy ky", "huy"),
        ("do bà Đặng Thị Mai ký", "dang thi mai"),
        ("do ba dang thi mai ky", "dang thi mai"),
        ("người ký là Vũ Đình Nam", "vu dinh nam"),
        ("bác Quang Huy, Chủ tịch ký", "quang huy"),
        ("signed by Trần Quang Huy", "tran quang huy"),
        ("người ký tên Huy", "huy"),
    ],
)
def test_a_person_who_signed(text: str, name: str) -> None:
    found = find_person(text, SIGNERS)
    assert found is not None
    assert found.name == tuple(name.split())


@pytest.mark.parametrize(
    "text",
    [
        "bác Tư nói bản này ký rồi",
        "Tỉnh ủy Quảng Trị ký",
        "chỉ cần ngồi nửa nhiệm kỳ",
        "ai ký vậy anh",
        "chị ơi bản này ký hôm nào",
        "văn bản của Công Thương ký năm nào",
        "",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert find_person(text, SIGNERS) is None


@pytest.mark.parametrize(
    ("name", "is_his"),
    [
        ("le quang tung", True),
        ("quang tung", True),
        ("tung", True),
        ("le", True),
        ("le tung", True),
        ("quang", False),
        ("le quang", False),
        ("tran quang tung", False),
        ("hai", False),
    ],
)
def test_a_part_of_a_name_by_which_people_are_called(name: str, *, is_his: bool) -> None:
    assert NamedPerson(tuple(name.split()), 0, 1).is_of("Lê Quang Tùng") is is_his


@pytest.mark.parametrize("claim", ["ban nay ong ba ky", "nguoi ky la ai", "do chu tich ky ban hanh"])
def test_a_signature(claim: str) -> None:
    assert speaks_of_signing(claim)


@pytest.mark.parametrize(
    "claim", ["ky thoa uoc dat 80%", "dinh ky 3 thang", "bao cao giua ky", "nhiem ky nay", "han nop"]
)
def test_what_is_no_signature(claim: str) -> None:
    assert not speaks_of_signing(claim)


def test_an_office() -> None:
    assert find_title("ban nay pho bi thu ky") == "pho bi thu"
    assert find_title("nguoi ky la chu tich") == "chu tich"
    assert find_title("chu tich cong doan lam gi") == ""


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    found = find_person(tidy(text), SIGNERS)
    assert found is None or found.start < found.end
    assert isinstance(speaks_of_signing(fold(text)), bool)
