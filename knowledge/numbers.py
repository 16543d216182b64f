"""Vietnamese numbers: figures as officers type them, and as they are shown to them.

A dot separates thousands and a comma decimals, but phones, spreadsheets and haste bring every other style too. What has
one reading is a value, what has two is asked about, what is no figure says why: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from knowledge.number_words import (
    AFTER_TENS,
    AROUND_NUMBERS,
    DIGITS,
    JOINTS,
    MILLION,
    NUMBER_WORDS,
    SCALES,
    THOUSAND,
    Joint,
    is_number_word,
)
from knowledge.text import decode_telex, fold, tidy
from knowledge.wordlists import WordLists

LARGEST_COUNT: Final = Decimal(20_000_000)
"""No count of people or things of one report is larger: the whole union has fewer members."""

LARGEST_MONEY: Final = Decimal(100_000_000)
"""Largest sum taken, in triệu đồng (a hundred thousand tỷ)."""

LARGEST_PERCENT: Final = Decimal(1000)
"""Largest percentage taken; a plan may be carried out several times over."""


class Reason(StrEnum):
    """Why a text is no figure."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    SEVERAL_NUMBERS = "several_numbers"
    MALFORMED = "malformed"
    FRACTION = "fraction"
    PERCENT = "percent"
    MONEY = "money"
    APPROXIMATE = "approximate"
    NOT_YET = "not_yet"


class Parsed(msgspec.Struct, frozen=True):
    """A text with one reading; `value` in people or things, triệu đồng, or percent (0–100 and above)."""

    value: Decimal


class UnclearNumber(msgspec.Struct, frozen=True):
    """A text with several readings, the likeliest first: to be asked about."""

    readings: tuple[Decimal, ...]


class Refused(msgspec.Struct, frozen=True):
    """A text that is no figure; `nearest` is the figure that an estimate names ("khoảng 1.200")."""

    reason: Reason
    nearest: Decimal | None = None


NumberOutcome = Parsed | UnclearNumber | Refused

_WORDS = WordLists.of(AROUND_NUMBERS)
_LEADING = _WORDS.composed(r"^%leading%(?:\s+|\s*[:=]\s*)")
_TRAILING = _WORDS.composed(r"(?:\s*(?:^|(?<=[\s\d%.,!;:)]))(?:%counted%|%polite%))+$")
_APPROXIMATE = _WORDS.composed(
    r"^(?:%roughly%\s+(?=[\d]|%number_begins%)|%roughly_digits%\s+(?=\d)|(?:~|≈|>=?|<=?|≥|≤)\s*(?=\d))"
)
_NONE = _WORDS.composed(r"^%none%(?:\s+%none_tail%)*$")
_NOT_YET = _WORDS.composed(r"^%not_yet%\b")
_NEGATIVE = _WORDS.composed(r"(?:-|%negative% )\s*(?=[0-9])")
_PERCENT_WORD = _WORDS.composed(r"%percent%")
_ENDS_PERCENT = _WORDS.composed(r"\s*(?:[%]|%percent%)$")
_MONEY = _WORDS.composed(r"(?:\b%money%|[0-9]\s?%money_short%|\b(?:%scale%|%scale_of_money%) %money_short%)$")
_IN_DONG = _WORDS.composed(r"(?<![a-z])(?:%money%|%money_short%)$")
_TOKEN = re.compile(r"[0-9]+(?:[.,'’_ ][0-9]+)*|[a-z]+|\S")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,'’_ ])[0-9]{3})(?:\1[0-9]{3})*")
_WITH_FRACTION = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:([.,'’_ ])[0-9]{3})(?:\2[0-9]{3})*)(?P<mark>[.,])(?P<fraction>[0-9]+)"
)
_PLAIN_DECIMAL = re.compile(r"(?P<whole>[0-9]+)(?P<mark>[.,])(?P<fraction>[0-9]+)")
_LONGEST_TEXT = 200
_FIVE = 5
_Reader = Callable[[str], "list[Decimal] | Reason"]


@lru_cache(maxsize=4096)
def parse_count(text: str, *, signed: bool = False, largest: Decimal = LARGEST_COUNT) -> NumberOutcome:
    """A number of people or things from an officer's words.

    Groups of three digits are thousands whatever separates them. A fraction without nghìn or triệu is asked about;
    so is every other text with two readings. `signed` also takes negative figures; `largest` bounds the size.

    Examples: "1tr2" → 1.200.000; "12,5" → 12 or 13; "1.32" → 1.320 or 132; "khoảng 1.200 người" → refused, 1.200
    being nearest.
    """
    body = _prepare(text)
    if isinstance(body, Refused):
        return body
    if _NONE.fullmatch(body):
        return Parsed(Decimal(0))
    if "%" in body or _PERCENT_WORD.search(body):
        return Refused(Reason.PERCENT)
    if _MONEY.search(body):
        return Refused(Reason.MONEY)
    return _settle(body, signed, largest, _count_readings)


def parse_money(text: str) -> NumberOutcome:
    """A sum in triệu đồng from an officer's words; a bare number is in triệu đồng, as the form says.

    Asked about is a comma before three digits, and a bare number so large that it may be in đồng.

    Examples: "1,5 tỷ" → 1.500; "1,250" → 1,25 or 1.250.
    """
    body = _prepare(text)
    if isinstance(body, Refused):
        return body
    if _NONE.fullmatch(body):
        return Parsed(Decimal(0))
    if "%" in body:
        return Refused(Reason.PERCENT)
    return _settle(body, False, LARGEST_MONEY, _money_readings)


def parse_percent(text: str) -> NumberOutcome:
    """A percentage (100 is all) from an officer's words, with or without its sign.

    Examples: "92,5%" → 92,5; "tám mươi phần trăm" → 80.
    """
    body = _prepare(text)
    if isinstance(body, Refused):
        return body
    body = _ENDS_PERCENT.sub("", body)
    if "%" in body:
        return Refused(Reason.SEVERAL_NUMBERS)
    return _settle(body, False, LARGEST_PERCENT, _percent_readings)


def format_count(value: Decimal | int, *, signed: bool = False) -> str:
    """A whole number with dots between thousands ("153.600"); `signed` shows a plus too."""
    return format_decimal(Decimal(value), signed=signed)


def format_decimal(value: Decimal | int, *, signed: bool = False) -> str:
    """A number with dots between thousands and a decimal comma ("1.250,5"), no trailing zeros, at most six decimals."""
    exact = Decimal(value).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(exact):,.6f}".partition(".")
    fraction = fraction.rstrip("0")
    sign = "-" if exact < 0 else "+" if signed and exact > 0 else ""
    return f"{sign}{whole.replace(',', '.')}" + (f",{fraction}" if fraction else "")


def format_percent(value: Decimal | int) -> str:
    """A percentage with its sign ("92,5%")."""
    return f"{format_decimal(value)}%"


def _prepare(text: str) -> str | Refused:
    """The number in `text` without marks, politeness and the name of what is counted; or why there is none."""
    if len(text) > _LONGEST_TEXT or any(unicodedata.category(c) == "No" for c in text):
        return Refused(Reason.NOT_A_NUMBER)
    typed = tidy(text)
    if any(
        not word.isascii() and fold(word) in NUMBER_WORDS and not is_number_word(word)
        for word in re.findall(r"[^\W\d_]+", typed)
    ):
        return Refused(Reason.NOT_A_NUMBER)
    body = re.sub(r"\s+", " ", fold(typed)).strip(' .,!;:*"“”()[]|?')
    if not body.strip("-_/ "):
        return Refused(Reason.EMPTY)
    if _NOT_YET.match(body):
        return Refused(Reason.NOT_YET)
    shorter = True
    while shorter:
        before = body
        body = _LEADING.sub("", body).lstrip(" =:")
        trimmed = _TRAILING.sub("", body).strip(" .,!;:)(")
        # "không" and "một" may be all there is; a name alone is no number and is left for the refusal.
        body = trimmed or body
        shorter = body != before
    return body


def _settle(body: str, signed: bool, largest: Decimal, readings_of: _Reader) -> NumberOutcome:
    """What the readings of `body` amount to."""
    around = _APPROXIMATE.sub("", body)
    if around != body:
        exact = _settle(around, signed, largest, readings_of)
        return Refused(Reason.APPROXIMATE, exact.value if isinstance(exact, Parsed) else None)
    negative = _NEGATIVE.match(body)
    unsigned = body[negative.end() :] if negative else re.sub(r"^\+\s*(?=[0-9])", "", body)
    outcome = readings_of(unsigned)
    if isinstance(outcome, Reason):
        return Refused(outcome)
    readings = [value for value in dict.fromkeys(outcome) if value <= largest]
    if not readings:
        return Refused(Reason.TOO_LARGE)
    if negative and any(readings):
        if not signed:
            return Refused(Reason.NEGATIVE)
        readings = [-value for value in readings]
    readings = [value.quantize(Decimal(1)) if value == value.to_integral_value() else value for value in readings]
    return Parsed(readings[0]) if len(readings) == 1 else UnclearNumber(tuple(readings))


class _Number(msgspec.Struct, frozen=True):
    """A number in digits: its readings as thousands and as a decimal, where each exists."""

    raw: str
    whole: Decimal | None
    decimal: Decimal | None
    comma: bool = False

    @property
    def any(self) -> Decimal:
        return self.whole if self.whole is not None else self.decimal or Decimal(0)


_Token = _Number | int | str


def _number(raw: str) -> _Number | Reason:
    if raw.isdigit():
        return _Number(raw, Decimal(raw), None)
    if (grouped := _GROUPED.fullmatch(raw)) is not None:
        mark = grouped[1]
        whole = Decimal(re.sub(r"[^0-9]", "", raw))
        one_group = mark in ".," and raw.count(mark) == 1
        return _Number(raw, whole, Decimal(raw.replace(",", ".")) if one_group else None, comma=mark == ",")
    if (mixed := _WITH_FRACTION.fullmatch(raw)) is not None:
        digits = re.sub(r"[^0-9]", "", mixed["whole"])
        decimal = Decimal(f"{digits}.{mixed['fraction']}")
        three = len(mixed["fraction"]) == 3
        return _Number(raw, Decimal(digits + mixed["fraction"]) if three else None, decimal, comma=mixed["mark"] == ",")
    if (plain := _PLAIN_DECIMAL.fullmatch(raw)) is not None:
        return _Number(raw, None, Decimal(f"{plain['whole']}.{plain['fraction']}"), comma=plain["mark"] == ",")
    return Reason.SEVERAL_NUMBERS if " " in raw else Reason.MALFORMED


def _tokens(body: str) -> list[_Token] | Reason:
    tokens: list[_Token] = []
    for raw in _TOKEN.findall(body):
        if raw[0].isdigit():
            number = _number(raw)
            if isinstance(number, Reason):
                return number
            tokens.append(number)
            continue
        word = raw if raw in NUMBER_WORDS or raw in SCALES else fold(decode_telex(raw) or raw)
        if word in DIGITS:
            tokens.append(DIGITS[word])
        elif word in AFTER_TENS or word in JOINTS or word in SCALES:
            tokens.append(JOINTS.get(word, word))
        else:
            return Reason.SEVERAL_NUMBERS if len(re.findall(r"[0-9]+", body)) > 1 else Reason.NOT_A_NUMBER
    return tokens


def _count_readings(body: str) -> list[Decimal] | Reason:
    tokens = _tokens(body)
    if isinstance(tokens, Reason):
        return tokens
    if len(tokens) == 1 and isinstance(tokens[0], _Number):
        return _plain_count(tokens[0])
    values = _spelled(tokens, both_decimals=True)
    if isinstance(values, Reason):
        return values
    whole = [value for value in values if value == value.to_integral_value()]
    return [value.quantize(Decimal(1)) for value in whole] or Reason.FRACTION


def _plain_count(number: _Number) -> list[Decimal] | Reason:
    """Readings of digits alone in a count: a fraction is a slip, and what was meant is asked about."""
    if number.decimal is None:
        return [number.any]
    if number.whole is not None and _GROUPED.fullmatch(number.raw):
        return [number.whole]
    whole, fraction = re.split(r"[.,](?=[0-9]+$)", number.raw)
    digits = re.sub(r"[^0-9]", "", whole)
    if not fraction.strip("0") and len(fraction) <= 2 and digits.strip("0"):
        return [Decimal(digits)]
    if number.whole is not None:
        return [Decimal(digits), number.whole] if not fraction.strip("0") else [number.whole, Decimal(digits)]
    if digits.strip("0") == "":
        return Reason.FRACTION
    if len(fraction) == 1:  # half a person is nobody's slip of a thousand
        return [Decimal(digits), Decimal(digits) + 1]
    joined = Decimal(digits + fraction)
    if len(digits) <= 3 and len(fraction) <= 2:
        return [number.decimal.scaleb(3).quantize(Decimal(1)), joined]
    return [Decimal(digits), joined]


def _money_readings(body: str) -> list[Decimal] | Reason:
    in_dong = _IN_DONG.search(body)
    if in_dong:
        body = body[: in_dong.start()].strip()
    tokens = _tokens(body)
    if isinstance(tokens, Reason):
        return tokens
    if len(tokens) == 1 and isinstance(tokens[0], _Number):
        values = _money_number(tokens[0])
        if in_dong:
            # Sums in đồng have no fraction.
            values = [tokens[0].whole] if tokens[0].whole is not None else values
            return [value / MILLION for value in values]
        if len(values) == 1 and values[0] >= MILLION:
            return [values[0] / MILLION, values[0]]
        return values
    values_in_dong = _spelled(tokens, both_decimals=False)
    if isinstance(values_in_dong, Reason):
        return values_in_dong
    scaled = in_dong is not None or any(isinstance(token, str) and token in SCALES for token in tokens)
    return [value / MILLION if scaled else value for value in values_in_dong]


def _money_number(number: _Number) -> list[Decimal]:
    """Readings of a number in a sum: with a comma before three digits it is a decimal or thousands."""
    if number.whole is None:
        return [number.any]
    if number.decimal is None:
        return [number.whole]
    if _GROUPED.fullmatch(number.raw):
        return [number.decimal, number.whole] if number.comma else [number.whole]
    return [number.decimal] if number.comma else [number.decimal, number.whole]


def _percent_readings(body: str) -> list[Decimal] | Reason:
    tokens = _tokens(body)
    if isinstance(tokens, Reason):
        return tokens
    if len(tokens) == 1 and isinstance(tokens[0], _Number):
        number = tokens[0]
        return [number.decimal if number.decimal is not None else number.any]
    return _spelled(tokens, both_decimals=False)


def _spelled(tokens: list[_Token], *, both_decimals: bool) -> list[Decimal] | Reason:
    """Readings of a number with scale words or spelled out; `both_decimals`: "1.250 nghìn" may be 1,25 thousand too."""
    if len(tokens) > 1 and all(isinstance(token, _Number) for token in tokens):
        return Reason.SEVERAL_NUMBERS
    totals, rest, last_scale = [Decimal(0)], tokens, None
    while (at := next((i for i, t in enumerate(rest) if isinstance(t, str) and t in SCALES), None)) is not None:
        scale = SCALES[str(rest[at])]
        if last_scale is not None and scale >= last_scale:
            return Reason.MALFORMED
        group = [Decimal(1)] if at == 0 and last_scale is None else _group(rest[:at], scaled=True, both=both_decimals)
        if group is None:
            return Reason.MALFORMED
        totals = [total + value * scale for total in totals for value in group]
        rest, last_scale = rest[at + 1 :], scale
    if not rest:
        return totals
    tail = _group(rest, scaled=False, both=both_decimals) if last_scale is None else _tail(rest, last_scale)
    return Reason.NOT_A_NUMBER if tail is None else [total + value for total in totals for value in tail]


def _tail(rest: list[_Token], scale: Decimal) -> list[Decimal] | None:
    """What follows the last scale word: "1tr2", "hai triệu rưỡi", "một nghìn hai trăm", "nghìn hai"."""
    if rest == [Joint.HALF]:
        return [scale / 2]
    first = rest[0]
    if len(rest) == 1 and isinstance(first, _Number):
        if first.decimal is not None or not first.raw.isdigit() or first.raw[0] == "0" or len(first.raw) > 3:
            return [first.any] if first.raw.isdigit() and first.raw[0] != "0" and first.any < scale else None
        shifted = first.any * scale / 10 ** len(first.raw)
        # "1 nghìn 25" is 1.250 to some and 1.025 to others; "1k5" and "1tr25" are always the former.
        return [shifted, first.any] if len(first.raw) == 2 and scale == THOUSAND else [shifted]
    if len(rest) == 1 and (digit := _digit(first)) is not None:
        return [digit * scale / 10]
    values = _group(rest, scaled=False, both=False)
    if values is None:
        return None
    literal = first in (Joint.AND, 0) or scale == THOUSAND or Joint.HUNDRED not in rest
    return values if literal else [reading for value in values for reading in (value * scale / 1000, value)]


def _group(tokens: list[_Token], *, scaled: bool, both: bool) -> list[Decimal] | None:
    """Readings of a number below a thousand in words, or of one in digits; None where it is neither."""
    if not tokens:
        return None
    if len(tokens) == 1 and isinstance(tokens[0], _Number):
        number = tokens[0]
        if both or number.whole is None or number.decimal is None:
            return [value for value in (number.whole, number.decimal if scaled else None) if value is not None] or None
        return _money_number(number)
    if Joint.HUNDRED not in tokens:
        return _tens(tokens)
    at = tokens.index(Joint.HUNDRED)
    hundreds = [Decimal(1)] if at == 0 else _tens(tokens[:at])
    rest = tokens[at + 1 :]
    if hundreds is None or len(hundreds) != 1 or hundreds[0] >= 100 or Joint.HUNDRED in rest:
        return None
    base = hundreds[0] * 100
    if not rest:
        return [base]
    if rest == [Joint.HALF]:
        return [base + 50]
    if len(rest) == 1 and (digit := _digit(rest[0])) is not None:
        # "một trăm hai" is 120, for 102 has its "linh"; "một" without its mark may be the "mốt" of 110.
        return [base + digit * 10, base + digit] if digit == 1 else [base + digit * 10]
    tens = _tens(rest)
    return None if tens is None else [base + value for value in tens]


def _tens(tokens: list[_Token]) -> list[Decimal] | None:
    """A number below a hundred in words; the five that follows tens ("lăm") is none by itself."""
    digits = [_digit(token) for token in tokens]
    match tokens, digits:
        case [[_Number() as number], _] if number.whole is not None:
            return [number.whole]
        case [[str() as word], _] if AFTER_TENS.get(word) == _FIVE:
            return None
        case [[_], [int() as unit]]:
            return [Decimal(unit)]
        case [[Joint.TEN | Joint.COUNTED_TENS], _]:
            return [Decimal(10)]
        case [[Joint.COUNTED_TENS, Joint.HALF], _]:
            return [Decimal(15)]
        case [[Joint.AND, _], [_, int() as unit]] | [[Joint.TEN | Joint.COUNTED_TENS, _], [_, int() as unit]]:
            return [Decimal(unit if tokens[0] == Joint.AND else 10 + unit)]
        case [[_, Joint.TEN | Joint.COUNTED_TENS], [int() as ten, _]] if ten > 0:
            return [Decimal(ten * 10)]
        case [[_, Joint.COUNTED_TENS, Joint.HALF], [int() as ten, _, _]] if ten > 0:
            return [Decimal(ten * 10 + 5)]
        case [[_, Joint.TEN | Joint.COUNTED_TENS, _], [int() as ten, _, int() as unit]] if ten > 0:
            return [Decimal(ten * 10 + unit)]
        case [[int() as ten, 1 | str()], [_, int() as unit]] if 2 <= ten <= 9:
            return [Decimal(ten * 10 + unit)]
        case [[int(), int()], [int() as ten, int() as unit]] if ten > 1 and unit not in (0, 5, ten + 1):
            # "tám sáu" is 86; "ba bốn" may be three or four, and five is "lăm" there.
            return [Decimal(ten * 10 + unit)]
    return None


def _digit(token: _Token) -> int | None:
    """The digit 0–9 that a word or a number in digits stands for."""
    if isinstance(token, _Number):
        return int(token.whole) if token.whole is not None and token.whole < 10 else None
    return token if isinstance(token, int) else AFTER_TENS.get(token)
