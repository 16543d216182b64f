"""The words that numbers are spelled with, and what each stands for."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Final

from knowledge.text import fold

THOUSAND, MILLION, BILLION = Decimal(1000), Decimal(1_000_000), Decimal(1_000_000_000)
SCALES: Final[dict[str, Decimal]] = {
    **dict.fromkeys(("ty", "ti"), BILLION),
    **dict.fromkeys(("trieu", "tr"), MILLION),
    **dict.fromkeys(("nghin", "ngan", "k"), THOUSAND),
    "van": Decimal(10_000),
}
DIGITS: Final[dict[str, int]] = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
AFTER_TENS: Final[dict[str, int]] = {"tu": 4, "lam": 5, "nham": 5}
"""Digits as they are called after tens ("ba mươi tư", "hai lăm")."""
JOINTS: Final = {"tram": "tram", "muoi": "muoi", "chuc": "chuc", "linh": "linh", "le": "linh", "ruoi": "ruoi"}
NUMBER_WORDS: Final = frozenset({*DIGITS, *AFTER_TENS, *JOINTS, "nghin", "ngan", "trieu", "ty"})
"""Words (without marks) that numbers are spelled with."""


def _marks(word: str) -> tuple[str, ...]:
    """Letters and marks of a word whatever the order they were typed in."""
    return tuple(sorted(unicodedata.normalize("NFD", word)))


_SPELLINGS: Final = frozenset(
    _marks(word)
    for word in (
        "không", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "nhăm", "sáu", "bảy", "bẩy", "tám", "chín",
        "mười", "mươi", "chục", "trăm", "linh", "lẻ", "rưỡi", "rưởi", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "vạn",
    )
)  # fmt: skip


def is_number_word(word: str) -> bool:
    """Whether a word spells a number: without any mark, or with the marks it really bears ("tám", not "tạm")."""
    low = word.lower()
    return fold(low) in NUMBER_WORDS and (low.isascii() or _marks(low) in _SPELLINGS)
