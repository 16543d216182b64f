"""Amounts as they stand in a message: the run of words that is a number, and what it comes to. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from knowledge.numbers import (
    NumberOutcome,
    Parsed,
    Reason,
    Refused,
    UnclearNumber,
    parse_count,
    parse_money,
    parse_percent,
)
from knowledge.shares.words import is_money, load_words, takes_parts
from knowledge.text import fold

_MOST_WORDS: Final = 9
"""Words of a number at most: "một nghìn hai trăm năm mươi lăm"."""
_PARTED: Final = re.compile(r"\d[.,]\d")
_EDGES: Final = " \t,;:.=()–—"


@cache
def _percent() -> re.Pattern[str]:
    return load_words().composed(r"[%]|\b%percent%\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it was said.

    Attributes:
        value: what it comes to; None where that is not clear.
        readings: what it may come to where it has several readings, the likeliest first.
        reason: why it is none; None where it is one.
        is_percent: whether it is said to be a percentage.
        said: its words.
    """

    value: Decimal | None
    readings: tuple[Decimal, ...] = ()
    reason: Reason | None = None
    is_percent: bool = False
    said: str = ""


def read_amount(text: str, measured_in: str = "") -> Amount:
    """An amount in a goal's unit of measure, negative ones and fractions too: those are for the checks to refuse.

    Example: "1k2 người" → 1.200; "85%" → 85, a percentage.
    """
    said = text.strip(_EDGES)
    is_percent = _percent().search(fold(said)) is not None
    outcome = _parse(said, measured_in, is_percent=is_percent)
    match outcome:
        case Parsed(value):
            return Amount(value, is_percent=is_percent, said=said)
        case UnclearNumber(readings):
            return Amount(None, readings, is_percent=is_percent, said=said)
        case Refused(reason):
            return Amount(None, reason=reason, is_percent=is_percent, said=said)


def _parse(said: str, measured_in: str, *, is_percent: bool) -> NumberOutcome:
    if is_percent or measured_in == "%":
        if said.lstrip().startswith(("-", "−")):
            return _negated(parse_percent(said.lstrip(" -−")))
        return parse_percent(said)
    if is_money(measured_in):
        return parse_money(said)
    outcome = parse_count(said, signed=True)
    if takes_parts(measured_in) and isinstance(outcome, UnclearNumber | Refused) and _PARTED.search(said):
        return parse_percent(said)  # the same digits, with a decimal comma
    return outcome


def _negated(outcome: NumberOutcome) -> NumberOutcome:
    return Parsed(-outcome.value) if isinstance(outcome, Parsed) else outcome


def is_parted(said: str) -> bool:
    """Whether an amount was written with a decimal mark: "12,5"."""
    return _PARTED.search(said) is not None


@dataclass(frozen=True, slots=True)
class Run:
    """Some of a list of words that are an amount: from `start`, before `end`."""

    start: int
    end: int
    amount: Amount


def find_first(words: Sequence[str], measured_in: str = "") -> Run | None:
    """The first amount in some words, without what is counted: "kết nạp 2.000 đoàn viên" → "2.000"."""
    for start in range(len(words)):
        for end in range(min(len(words), start + _MOST_WORDS), start, -1):
            amount = read_amount(" ".join(words[start:end]), measured_in)
            if amount.reason is not None:
                continue
            return next(
                Run(start, less, shorter)
                for less in range(start + 1, end + 1)
                if _is_same(shorter := read_amount(" ".join(words[start:less]), measured_in), amount)
            )
    return None


def _is_same(one: Amount, other: Amount) -> bool:
    """Whether two amounts are read alike, whatever is counted behind them."""
    return one.reason is None and (one.value, one.readings, one.is_percent) == (
        other.value,
        other.readings,
        other.is_percent,
    )
