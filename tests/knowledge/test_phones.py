"""Phone numbers as officers type them and as spreadsheets leave them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.phones import mask_phone, parse_phone, write_phone
from tests.examples import examples

HOA = "+84901000003"


@pytest.mark.parametrize(
    "written",
    [
        "0901000003",
        "901000003",  # Excel took the zero
        "901000003.0",  # and made it a fraction
        "9.01000003E+08",  # or this, every digit kept
        "'0901000003",
        "0901 000 003",
        "0901.000.003",
        "090-100-0003",
        "(090) 100 0003",
        "84901000003",
        "+84901000003",
        "+84 (0)901 000 003",
        "0084 901000003",
        "\u202a0901000003\u202c",  # copied from a phone's contacts
        " 0901\u00a0000\u00a0003 ",
    ],
)
def test_one_number_in_many_dresses(written: str) -> None:
    assert parse_phone(written) == HOA


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("842345678", "+84842345678"),  # a mobile number that begins with 084, its zero lost
        ("0842345678", "+84842345678"),
        ("02438251234", "+842438251234"),
        ("2438251234", "+842438251234"),
        ("+16505551234", "+16505551234"),
    ],
)
def test_numbers_that_might_be_misread(written: str, number: str) -> None:
    assert parse_phone(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("", "0", "12", "113", "+84", "1e9", "9.01E+08", "Hoa", "٠٩٠١٠٠٠٠٠٣"),
        *("01234567890", "090100000", "09010000030", "0901000003 0902000004"),
    ],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    assert parse_phone(written) is None


@settings(deadline=None, max_examples=examples(300))
@given(st.sampled_from("35789"), st.integers(0, 99_999_999), st.sampled_from(["", " ", ".", "-"]))
def test_every_mobile_number_survives_a_spreadsheet(first: str, rest: int, separator: str) -> None:
    number = f"0{first}{rest:08}"
    spaced = separator.join((number[:4], number[4:7], number[7:]))
    expected = "+84" + number[1:]
    assert parse_phone(spaced) == parse_phone(str(int(number))) == parse_phone(str(float(number))) == expected
    assert parse_phone(write_phone(expected)) == expected


@settings(deadline=None, max_examples=examples(300))
@given(st.text(max_size=30))
def test_anything_else_is_met_calmly(text: str) -> None:
    found = parse_phone(text)
    assert found is None or (found.startswith("+") and found[1:].isdecimal() and found.isascii())


def test_a_number_is_shown_with_its_middle_hidden() -> None:
    assert write_phone(HOA) == "0901 000 003"
    assert "000" not in mask_phone(HOA)
