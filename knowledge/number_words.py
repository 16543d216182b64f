"""The words that numbers are spelled with, and those that stand around a number; data: `number_words.toml`."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold, spelling

THOUSAND, MILLION = Decimal(1000), Decimal(1_000_000)


class Joint(StrEnum):
    """What stands between the digits of a number in words; COUNTED_TENS are tens that half a ten may follow."""

    HUNDRED = "hundred"
    TEN = "ten"
    COUNTED_TENS = "counted_tens"
    AND = "and"
    HALF = "half"


class Around(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists of the words around a number; the file says of each what it is."""

    leading: tuple[str, ...]
    counted: tuple[str, ...]
    polite: tuple[str, ...]
    roughly: tuple[str, ...]
    roughly_digits: tuple[str, ...]
    number_begins: tuple[str, ...]
    none: tuple[str, ...]
    none_tail: tuple[str, ...]
    not_yet: tuple[str, ...]
    negative: tuple[str, ...]
    percent: tuple[str, ...]
    money: tuple[str, ...]
    money_short: tuple[str, ...]
    scale: tuple[str, ...]
    scale_of_money: tuple[str, ...]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written: words with their marks, and what each stands for."""

    only_in_answers: tuple[str, ...]
    digits: dict[str, int]
    after_tens: dict[str, int]
    joints: dict[str, Joint]
    scales: dict[str, int]
    around: Around


@cache
def _data() -> _Data:
    return read_toml(files("knowledge") / "number_words.toml", _Data)


AROUND_NUMBERS: Final = _data().around
SCALES: Final = {fold(word): Decimal(size) for word, size in _data().scales.items()}
DIGITS: Final = {fold(word): digit for word, digit in _data().digits.items()}
AFTER_TENS: Final = {fold(word): digit for word, digit in _data().after_tens.items()}
"""Digits as they are called after tens ("ba mươi tư", "hai lăm")."""
JOINTS: Final = {fold(word): joint for word, joint in _data().joints.items()}
NUMBER_WORDS: Final = frozenset({*DIGITS, *AFTER_TENS, *JOINTS, *SCALES}) - set(map(fold, _data().only_in_answers))
"""Words (without marks) that numbers are spelled with."""


_SPELLINGS: Final = frozenset(
    spelling(word) for table in (_data().digits, _data().after_tens, _data().joints, _data().scales) for word in table
)


def is_number_word(word: str) -> bool:
    """Whether a word spells a number: without any mark, or with the marks it really bears ("tám", not "tạm")."""
    low = word.lower()
    return fold(low) in NUMBER_WORDS and (low.isascii() or is_marked_number(low))


def is_marked_number(word: str) -> bool:
    """Whether a word spells a number with just the marks that it bears: "hai", "bốn", not "bon"."""
    return spelling(word.lower()) in _SPELLINGS
