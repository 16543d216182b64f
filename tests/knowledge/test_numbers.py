"""Numbers as officers type them come back as the value meant, as a question, or as a reason: never as a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.number_words import is_number_word
from knowledge.numbers import (
    LARGEST_COUNT,
    Parsed,
    Reason,
    Refused,
    UnclearNumber,
    format_count,
    format_decimal,
    format_percent,
    parse_count,
    parse_money,
    parse_percent,
)
from knowledge.spoken import write_digits
from knowledge.text import fold
from tests.examples import examples

COUNTS = st.integers(min_value=0, max_value=int(LARGEST_COUNT))
SEPARATORS = st.sampled_from([".", ",", " ", "\u00a0", "\u2009", "\u202f", "'", "\u2019"])
AROUND = st.sampled_from(
    [
        ("", ""),
        ("", " người"),
        ("", "đv"),
        ("dạ ", " ạ"),
        ("có ", " lao động"),
        ("", "."),
        ("tổng số: ", ""),
        ("tổng cộng ", " người"),
        ("số lượng: ", ""),
        ("báo cáo ", ""),
    ]
)
DIGIT_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]

quick = settings(max_examples=examples(120), deadline=None)


def spelled(number: int) -> str:
    """`number` below a thousand million in Vietnamese words."""
    parts: list[str] = []
    for scale, name in ((1_000_000, "triệu"), (1000, "nghìn"), (1, "")):
        group, number = number // scale, number % scale
        if group:
            parts.append(" ".join(filter(None, [below_thousand(group, lead=bool(parts)), name])))
    return " ".join(parts) or "không"


def below_thousand(number: int, *, lead: bool) -> str:
    """A group of three digits in words; `lead`: something stands before it, so that hundreds are named even if none."""
    hundreds, rest = divmod(number, 100)
    words = [f"{DIGIT_WORDS[hundreds]} trăm"] if hundreds or lead else []
    tens, unit = divmod(rest, 10)
    if tens == 0 and unit:
        words.append(f"linh {DIGIT_WORDS[unit]}" if words else DIGIT_WORDS[unit])
    elif tens:
        words.append("mười" if tens == 1 else f"{DIGIT_WORDS[tens]} mươi")
        if unit:
            words.append({1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(unit, DIGIT_WORDS[unit]))
    return " ".join(words)


@quick
@given(COUNTS, SEPARATORS, AROUND)
def test_groups_of_three_are_thousands_whatever_separates_them(
    number: int, separator: str, around: tuple[str, str]
) -> None:
    text = f"{number:,}".replace(",", separator)
    assert parse_count(around[0] + text + around[1]) == Parsed(Decimal(number))


@quick
@given(COUNTS, AROUND)
def test_plain_digits_are_taken_as_they_stand(number: int, around: tuple[str, str]) -> None:
    assert parse_count(f"{around[0]}{number}{around[1]}") == Parsed(Decimal(number))


@quick
@given(COUNTS, st.booleans())
def test_words_are_understood_with_and_without_marks(number: int, marked: bool) -> None:
    words = spelled(number)
    assert parse_count(words if marked else fold(words)) == Parsed(Decimal(number))


@quick
@given(st.integers(1, 9999), st.sampled_from(["k", " k", " nghìn", " ngàn", " nghin", "ngan", "K"]))
def test_thousands_in_words(number: int, word: str) -> None:
    assert parse_count(f"{number}{word}") == Parsed(Decimal(number * 1000))


@quick
@given(st.integers(1, 19), st.integers(1, 9), st.sampled_from(["{}tr{}", "{},{} triệu", "{}.{} tr", "{} triệu {}"]))
def test_tenths_of_a_million(million: int, tenth: int, style: str) -> None:
    assert parse_count(style.format(million, tenth)) == Parsed(Decimal(million * 1_000_000 + tenth * 100_000))


@quick
@given(COUNTS)
def test_a_count_shown_is_read_back(number: int) -> None:
    assert parse_count(format_count(number)) == Parsed(Decimal(number))


@quick
@given(st.integers(0, 99_999_999))
def test_money_shown_is_read_back_or_asked_about_never_changed(hundredths: int) -> None:
    value = Decimal(hundredths) / 100
    outcome = parse_money(format_decimal(value))
    assert outcome == Parsed(value) or (isinstance(outcome, UnclearNumber) and value in outcome.readings)


@quick
@given(st.integers(0, 10_000))
def test_a_percentage_shown_is_read_back(hundredths: int) -> None:
    value = Decimal(hundredths) / 100
    assert parse_percent(format_percent(value)) == Parsed(value)


@quick
@given(st.text(max_size=300))
def test_any_text_gets_an_outcome(text: str) -> None:
    for parse in (parse_count, parse_money, parse_percent):
        outcome = parse(text)
        assert isinstance(outcome, Parsed | UnclearNumber | Refused)
        if isinstance(outcome, UnclearNumber):
            assert len(set(outcome.readings)) > 1
        if isinstance(outcome, Parsed):
            assert outcome.value >= 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 triệu rưỡi", 2_500_000),
        ("trăm rưỡi", 150),
        ("một trăm hai", 120),
        ("trăm tư", 140),
        ("ba trăm năm", 350),
        ("2 trăm 3", 230),
        ("hai trăm rưỡi", 250),
        ("nghìn rưỡi", 1500),
        ("1k5", 1500),
        ("1tr25", 1_250_000),
        ("1 triệu 250 nghìn", 1_250_000),
        ("1 nghìn 250", 1250),
        ("hai mươi lăm", 25),
        ("hai mươi nhăm", 25),
        ("ba mươi tư", 34),
        ("tư", 4),
        ("hai lăm", 25),
        ("trăm mười lăm", 115),
        ("hai mốt", 21),
        ("mười", 10),
        ("một chục", 10),
        ("3 chục", 30),
        ("hai trăm lẻ ba", 203),
        ("một nghìn không trăm linh năm", 1005),
        ("không", 0),
        ("ko có", 0),
        ("không có ai", 0),
        ("１２５０", 1250),
        ("+12", 12),
        ("1250.0", 1250),
        ("1.250,00", 1250),
        ("12 đồng chí ạ", 12),
        ("1.320 cnvclđ", 1320),
        ("mootj nghinf", 1000),
    ],
)
def test_counts_with_one_reading(text: str, value: int) -> None:
    assert parse_count(text) == Parsed(Decimal(value))


@pytest.mark.parametrize(
    ("text", "readings", "why"),
    [
        ("1,5", (1, 2), "half a person: the whole number below or above"),
        ("12,5 người", (12, 13), "the same with what is counted"),
        ("12.50", (12500, 1250), "two digits after the dot are no thousands"),
        ("1250,5", (1250, 1251), "no half people"),
        ("1.250,000", (1250, 1250000), "either three decimals or another group"),
        ("1.250 nghìn", (1250000, 1250), "the dot may separate thousands or decimals"),
        ("một trăm một", (110, 101), "the tens are called mốt, but hardly always written so"),
        ("1 nghìn 25", (1250, 1025), "hundreds or units"),
        ("một triệu hai trăm", (1200000, 1000200), "hundreds of thousands or hundreds"),
    ],
)
def test_counts_with_two_readings_are_asked_about(text: str, readings: tuple[int, ...], why: str) -> None:
    assert parse_count(text) == UnclearNumber(tuple(map(Decimal, readings))), why


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        ("  - ", Reason.EMPTY),
        ("-5", Reason.NEGATIVE),
        ("−5", Reason.NEGATIVE),
        ("âm 5", Reason.NEGATIVE),
        ("99999999999", Reason.TOO_LARGE),
        ("0912345678", Reason.TOO_LARGE),
        ("abc", Reason.NOT_A_NUMBER),
        ("em không nhớ rõ lắm", Reason.NOT_A_NUMBER),
        ("chưa có số liệu", Reason.NOT_YET),
        ("1250 1260", Reason.SEVERAL_NUMBERS),
        ("10-12", Reason.SEVERAL_NUMBERS),
        ("1.25.0", Reason.MALFORMED),
        ("80%", Reason.PERCENT),
        ("5 triệu đồng", Reason.MONEY),
        ("0,5", Reason.FRACTION),
        ("12²", Reason.NOT_A_NUMBER),
        ("🙂", Reason.NOT_A_NUMBER),
        ("hai ba", Reason.NOT_A_NUMBER),
        ("năm năm", Reason.NOT_A_NUMBER),
        ("lam", Reason.NOT_A_NUMBER),
        ("làm", Reason.NOT_A_NUMBER),
        ("9" * 500, Reason.NOT_A_NUMBER),
    ],
)
def test_what_is_no_count_says_why(text: str, reason: Reason) -> None:
    assert parse_count(text) == Refused(reason)


def test_an_approximate_count_is_not_taken_but_remembered() -> None:
    assert parse_count("khoảng 1.200") == Refused(Reason.APPROXIMATE, Decimal(1200))


def test_a_signed_count_may_be_negative() -> None:
    assert parse_count("-5", signed=True) == Parsed(Decimal(-5))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1250", "1250"),
        ("1.250", "1250"),
        ("1,25", "1.25"),
        ("1.5", "1.5"),
        ("0,250", "0.25"),
        ("1.250,5", "1250.5"),
        ("1,250.5", "1250.5"),
        ("1,5 tỷ", "1500"),
        ("2 tỷ rưỡi", "2500"),
        ("500k", "0.5"),
        ("500 nghìn", "0.5"),
        ("12tr5", "12.5"),
        ("12,5 triệu đồng", "12.5"),
        ("1.250.000 đồng", "1.25"),
        ("50.000.000đ", "50"),
        ("1.250 triệu", "1250"),
        ("năm trăm triệu", "500"),
        ("không", "0"),
    ],
)
def test_sums_are_in_trieu_dong(text: str, value: str) -> None:
    assert parse_money(text) == Parsed(Decimal(value))


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1,250", ("1.25", "1250")),
        ("12,500", ("12.5", "12500")),
        ("1,250 triệu", ("1.25", "1250")),
        ("1250000", ("1.25", "1250000")),
        ("1,250.500", ("1250.5", "1250500")),
    ],
)
def test_sums_with_two_readings_are_asked_about(text: str, readings: tuple[str, ...]) -> None:
    assert parse_money(text) == UnclearNumber(tuple(map(Decimal, readings)))


def test_percentages() -> None:
    assert parse_percent("92,5%") == Parsed(Decimal("92.5"))
    assert parse_percent("chín mươi phần trăm") == Parsed(Decimal(90))
    assert parse_percent("-3%") == Refused(Reason.NEGATIVE)
    assert parse_percent("1200%") == Refused(Reason.TOO_LARGE)


def test_figures_are_shown_the_vietnamese_way() -> None:
    assert format_count(153600) == "153.600"
    assert format_count(-1250) == "-1.250"
    assert format_count(9, signed=True) == "+9"
    assert format_decimal(Decimal("1250.50")) == "1.250,5"
    assert format_percent(Decimal("92.5")) == "92,5%"


def test_number_words_are_told_from_words_that_look_like_them_without_marks() -> None:
    assert is_number_word("tám")
    assert is_number_word("tam")
    assert not is_number_word("tạm")
    assert not is_number_word("làm")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("mỗi năm năm trăm tới sáu trăm đoàn viên", "mỗi năm 500 tới 600 đoàn viên"),
        ("một triệu rưỡi đoàn viên", "1.500.000 đoàn viên"),
        ("dòng ba mươi chín, biểu sơ kết", "dòng 39, biểu sơ kết"),
        ("chỉ tiêu số ba sáu, biểu sơ kết", "chỉ tiêu số 36, biểu sơ kết"),
        ("muc bon lam ghi gi", "muc 45 ghi gi"),
        ("mục hai năm 2025", "mục hai năm 2025"),
        ("chỉ tiêu số hai của năm", "chỉ tiêu số hai của năm"),
        ("có hai ba mục", "có hai ba mục"),
        ("năm hai nghìn không trăm ba mươi", "năm 2030"),
        ("một trăm phần trăm", "100 phần trăm"),
        ("ba khâu đột phá, năm nay", "ba khâu đột phá, năm nay"),
        ("mấy trăm ngàn một suất", "mấy trăm ngàn một suất"),
        ("1,8 triệu", "1,8 triệu"),
        ("2030 là 1 triệu 780 ngàn đoàn viên", "2030 là 1.780.000 đoàn viên"),
        ("153 nghìn 600 đoàn viên", "153.600 đoàn viên"),
        ("từ mười lăm lao động", "từ 15 lao động"),
        ("1tr5 đv", "1.500.000 đv"),
        ("TƯLĐTT 2k30", "TƯLĐTT 2k30"),
    ],
)
def test_numbers_said_in_words_are_written_as_figures(said: str, written: str) -> None:
    assert write_digits(said) == written


@given(st.text(max_size=200))
def test_a_text_without_number_words_stays_as_it_is(text: str) -> None:
    plain = "".join(char for char in text if not char.isalpha())
    assert write_digits(plain) == plain


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("đến năm hai không ba mươi", "đến năm 2030"),
        ("tới hai không hai lăm, rồi sao", "tới 2025, rồi sao"),
        ("hai không hai mươi lăm", "2025"),
        ("mỗi năm một ngàn rưỡi tới hai ngàn đoàn viên", "mỗi năm 1.500 tới 2.000 đoàn viên"),
        ("có hai không ba", "có hai không ba"),
    ],
)
def test_years_and_numbers_behind_years(said: str, written: str) -> None:
    assert write_digits(said) == written
