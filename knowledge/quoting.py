"""Figures as a question quotes them: a range ("60–65%"), or bound to one side ("từ 70% trở lên"); data: the TOML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.plans import Comparator
from knowledge.number_words import AROUND_NUMBERS, SCALES
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of words around a quoted figure; the file says of each what it is."""

    range_to: tuple[str, ...]
    at_least: tuple[str, ...]
    or_more: tuple[str, ...]
    more_than: tuple[str, ...]
    at_most: tuple[str, ...]
    or_less: tuple[str, ...]
    less_than: tuple[str, ...]


Range = tuple[Decimal, Decimal]
"""The ends of a range, the lower one first."""

_WORDS = WordLists.of(read_toml(files("knowledge") / "quoting.toml", _Data), AROUND_NUMBERS)
_NUMBER: Final = rf"\d+(?:[.,]\d+)*(?:\s?(?:{'|'.join(map(re.escape, SCALES))})\b)?"
_PERCENT: Final = r"\s?(?:%percent%|[%])"
_START: Final = r"(?<![\w/.,\-])"
_END: Final = r"(?![\d/]|[.,\-]\d)"
_UNIT: Final = rf"(?:{_PERCENT})?(?:\s[a-z]+){{0,4}}?"
"""What may stand between a number and the words behind it that bind it: "70% đoàn viên trở lên"."""

_RANGE = _WORDS.composed(
    rf"{_START}(?P<low>{_NUMBER})(?:{_PERCENT})?\s?(?:-|%range_to%)\s?(?P<high>{_NUMBER}){_END}(?P<percent>{_PERCENT})?"
)
_BOUNDS: Final = (
    (Comparator.AT_LEAST, _WORDS.composed(rf"(?:\b%at_least%|>=|≥)\s?(?P<number>{_NUMBER}){_END}")),
    (Comparator.AT_LEAST, _WORDS.composed(rf"{_START}(?P<number>{_NUMBER}){_UNIT}\s%or_more%\b")),
    (Comparator.AT_MOST, _WORDS.composed(rf"(?:\b%at_most%|<=|≤)\s?(?P<number>{_NUMBER}){_END}")),
    (Comparator.AT_MOST, _WORDS.composed(rf"{_START}(?P<number>{_NUMBER}){_UNIT}\s%or_less%\b")),
    (Comparator.MORE_THAN, _WORDS.composed(rf"(?:\b%more_than%|>)\s?(?P<number>{_NUMBER}){_END}")),
    (Comparator.LESS_THAN, _WORDS.composed(rf"(?:\b%less_than%|<)\s?(?P<number>{_NUMBER}){_END}")),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_THOUSAND: Final = 1000


def find_ranges(text: str, figures: Collection[Decimal]) -> tuple[Range, ...]:
    """The ranges quoted in a tidied text whose upper end is one of the figures that it quotes.

    Where only the upper end has a word of size, the lower one has it too.

    Examples: "60-65%" and "từ 60% đến 65%" → (60, 65); "600 – 700 nghìn" → (600.000, 700.000); "2026–2030" → none.
    """
    found: list[Range] = []
    for match in _RANGE.finditer(fold(text)):
        is_percent = match["percent"] is not None
        low, high = (_value(match[end], is_percent=is_percent) for end in ("low", "high"))
        while not is_percent and 0 < low < _THOUSAND <= _THOUSAND * low < high:
            low *= _THOUSAND
        if low < high and high in figures and not _YEAR.fullmatch(match["low"]):
            found.append((low, high))
    return tuple(dict.fromkeys(found))


def find_bounds(text: str, figures: Collection[Decimal]) -> tuple[tuple[Decimal, Comparator], ...]:
    """The figures quoted in a tidied text that it binds to one side, each with how.

    Example: "có phải từ 70% trở lên không" → (70, at least).
    """
    return tuple(dict.fromkeys(_bounds(fold(text), figures)))


def _bounds(plain: str, figures: Collection[Decimal]) -> Iterator[tuple[Decimal, Comparator]]:
    bound: set[Decimal] = set()
    for comparator, pattern in _BOUNDS:
        for match in pattern.finditer(plain):
            value = next((v for v in _values(match["number"]) if v in figures and v not in bound), None)
            if value is not None:
                bound.add(value)
                yield value, comparator


def _values(number: str) -> Iterator[Decimal]:
    """What a number may mean where nothing tells whether its comma parts thousands or decimals."""
    yield from (_value(number, is_percent=is_percent) for is_percent in (False, True))


def _value(number: str, *, is_percent: bool) -> Decimal:
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyz ")
    scale = SCALES.get(number[len(digits) :].strip(), Decimal(1))
    parts_decimals = digits.startswith("0") or (is_percent and digits.count(",") == 1)
    if _THOUSANDS.fullmatch(digits) and not parts_decimals:
        return Decimal(re.sub(r"\D", "", digits))
    last = re.split(r"[.,]", digits)
    whole, decimals = ("".join(last[:-1]), last[-1]) if len(last) > 1 else (digits, "0")
    return Decimal(f"{whole}.{decimals}") * scale
