"""Numbers as hands and phones write them into a report: blanks for thousands, hundreds in words, signs."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.knowledge.reports.test_said import understand
from tests.knowledge.reports.test_told_otherwise import WHOLE, check

LARGE = {"workers": 3260, "members": 3045, "admitted": 18, "lost": 7}


@pytest.mark.parametrize(
    "text",
    [
        "3 260 lđ, 3 045 đv, kn 18, giảm 7",
        "xí nghiệp tụi tui 3 260 công nhân; 3 045 đoàn viên; vô 18; ra 7",
        "LĐ 3 260 ĐV 3 045 KN 18 giảm 7",
        "LĐ ĐV KN Giảm\n3 260 3 045 18 7",
        "lđ/đv/kn/giảm: 3 260 3 045 18 7",
        "3 nghìn 2 trăm 60 lao động, 3.045 đoàn viên, vô 18, ra 7",
        "lao dong 3 ngan 2 tram 60, doan vien 3045, them 18, bot 7",
        "3k260 công nhân, 3045 đoàn viên, kn 18, giảm 7",
    ],
)
def test_thousands_with_blanks_and_words(text: str) -> None:
    check(text, LARGE)


@pytest.mark.parametrize(
    "text",
    [
        "2 nghìn 4 trăm lao động, 2 nghìn 3 trăm đoàn viên, kn 3, giảm 1",
        "2 ngàn 4 trăm công nhân với 2 ngàn 3 trăm đoàn viên, kn 3, giảm 1",
        "2k4 lđ, 2k3 đv, kn 3, giảm 1",
    ],
)
def test_hundreds_behind_thousands(text: str) -> None:
    check(text, {"workers": 2400, "members": 2300, "admitted": 3, "lost": 1})


@pytest.mark.parametrize("said", ["2 nghìn 4 trăm 5", "2 nghìn 4"])
def test_a_last_digit_behind_words_is_asked_about(said: str) -> None:
    check(f"{said} lao động, 2300 đoàn viên, kn 3, giảm 1", {"members": 2300, "admitted": 3, "lost": 1})


@pytest.mark.parametrize(
    "text",
    [
        "LĐ ĐV KN Giảm\n120 115 3 1",
        "Tháng 10\nlao động, đoàn viên, kết nạp, giảm\n120 115 3 1",
        "lđ/đv/kn/giảm: 120 115 3 1",
    ],
)
def test_figures_side_by_side_under_their_names(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("ld 120 115 dv 3 1", {}),
        ("lđ 120 115, kn 3, giảm 1", {"admitted": 3, "lost": 1}),
        ("lđ 120, kết nạp 3 115 đoàn viên, giảm 1", {"workers": 120, "lost": 1}),
        ("đội 12 120 công nhân, đoàn viên 115, kn 3, giảm 1", {"members": 115, "admitted": 3, "lost": 1}),
    ],
)
def test_two_figures_side_by_side_are_no_thousands(text: str, figures: dict[str, int]) -> None:
    check(text, figures)


@pytest.mark.parametrize(
    "text",
    [
        "120 LĐ, 115 ĐV, +3, -1",
        "120 lđ/115 đv (+3/-1)",
        "lđ 120 đv 115 (+3, −1)",
        "lđ 120, đv 115, +3 −1. Tiền quỹ 9.400.000đ tối em gửi sau",
    ],
)
def test_signs_behind_both_totals(text: str) -> None:
    check(text, WHOLE)


@pytest.mark.parametrize("said", ["12O", "l20", "120x"])
def test_what_is_no_whole_number_is_asked_about(said: str) -> None:
    check(f"lao động {said}, đoàn viên 115, kn 3, giảm 1", {"members": 115, "admitted": 3, "lost": 1})


@pytest.mark.parametrize("said", ["mươi người", "mươi mấy người", "mấy mươi người"])
def test_about_ten_are_asked_about(said: str) -> None:
    check(f"lao động {said}, đoàn viên 9, kn 3, giảm 1", {"members": 9, "admitted": 3, "lost": 1})


def test_people_in_short_behind_their_number() -> None:
    check("lđ 120 ng, đv 115 ng, kn 3 ng, giảm 1 ng", WHOLE)


def test_a_month_on_a_line_of_its_own_is_no_figure() -> None:
    check("tháng mười\nngười làm\n120\nđoàn viên\n115\nthêm\n3\nnghỉ\n1", WHOLE)


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(100, 999), st.integers(100, 999), st.integers(1, 40), st.integers(0, 2**32))
def test_two_totals_run_together_are_never_taken_as_one(workers: int, members: int, moved: int, seed: int) -> None:
    dice = random.Random(seed)
    lead = dice.choice(["lđ ", "lao động: ", "đoàn viên ", "công nhân "])
    got = understand(f"{lead}{workers} {members}, kết nạp {moved}, giảm {dice.randint(0, 9)}")
    assert got is None or not {"workers", "members"} & {*got.figures}


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(10, 99), st.sampled_from(["nghìn", "ngàn", "nghin"]))
def test_thousands_hundreds_and_tens_in_one_number(thousands: int, hundreds: int, tens: int, scale: str) -> None:
    hundred = "tram" if scale == "nghin" else "trăm"
    got = understand(f"CNVCLD 20.000, DV {thousands} {scale} {hundreds} {hundred} {tens}, KN 3, giam 1")
    assert got is not None
    assert got.figures["members"] == thousands * 1000 + hundreds * 100 + tens
