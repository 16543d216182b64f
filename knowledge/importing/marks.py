"""The marks that paragraphs of an outline begin with: "II.", "1.2.", "a)", "–", and which of them may follow which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from knowledge.importing.phrases import named, phrases


class MarkStyle(IntEnum):
    """Kinds of marks; a smaller one holds a greater one where nothing else tells; a TITLE has no sign of its own."""

    PART = 0
    CAPITAL = 1
    ROMAN = 2
    ARTICLE = 3
    NUMBER = 4
    DOTTED = 5
    BRACKETED = 6
    LETTER = 7
    ROW = 8
    WHEN = 9
    BULLET = 10
    TITLE = 11


@dataclass(frozen=True)
class Mark:
    """A mark at the beginning of a line: `numbers` are its parts ("4.3.1" is 4, 3, 1), `end` where the text begins."""

    style: MarkStyle
    sign: str
    numbers: tuple[int, ...]
    end: int

    @property
    def last(self) -> int:
        """The number that counts on from line to line."""
        return self.numbers[-1] if self.numbers else 0


_ROMAN_DIGITS: Final = {"i": 1, "v": 5, "x": 10}
_ORDINALS: Final = {word: number for number, word in enumerate(phrases("ordinals"), 1)}
_LETTERS: Final = "abcdefghiklmnopqrstuvxy"
_CROSSED: Final = "\u0111"
_PART = named("marks.part")
_NAMED_PART = named("marks.named_part")
_ROMAN = re.compile(r"([ivx]{1,5}) ?(?:[.)/:]-?|-) ?(?=[^\W\d]|\"|\()")
_ROMAN_BARE = re.compile(r"([IVX]{1,5}) (?=[A-ZĐÀ-Ỹ]{2,})")
_ARTICLE = named("marks.article")
_DOTTED = re.compile(r"(\d{1,2}(?: ?\. ?\d{1,2}){1,3})(?:(?:[.)/:-] ?| )(?=[^\d\s%,.])|[.)] (?=\d))")
_NUMBER = re.compile(r"(\d{1,2}) ?(?:([./)-]) ?(?=[^\d\s%])|([./)]) (?=\d))")
_BEFORE_FIGURE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3}) ?([.)]) (?=\d)")
_BRACKETED = re.compile(r"\((\d{1,2})\) ?(?=\S)")
_LETTER = re.compile(r"(?:\(([a-z])\)|([a-zđ]) ?[)/]|([a-zđ])\.) ?(?=\S\S|\d )")
_ROW = re.compile(r"(\d{1,3})\.")
_BULLET = re.compile(r"([-+*•·▪●○◦►➢✓✔§❖\uf000-\uf0ff])(?: +|(?=[a-z]))(?=\S)|([-+])(?=\d{1,3} ?%)")


def read_mark(text: str, shadow: str) -> Mark | None:
    """The mark that the line begins with, by its look alone."""
    if met := _BULLET.match(shadow):
        return Mark(MarkStyle.BULLET, shadow[0], (), met.end())
    return _read_part(text, shadow) or _read_numbered(text, shadow)


def _read_part(text: str, shadow: str) -> Mark | None:
    if met := _PART.match(shadow):
        number = _ORDINALS.get(met[2]) or (int(met[2]) if met[2].isdecimal() else _roman(met[2]))
        if number and (text[: met.end(1)].isupper() or len(text) < 60) and text[0].isupper():
            return Mark(MarkStyle.PART, met[1].partition(" ")[0], (number,), met.end())
    if (met := _NAMED_PART.match(shadow)) and text[0].isupper() and len(text) < (160 if text.isupper() else 60):
        return Mark(MarkStyle.PART, met[1] or met[2], (), met.end())
    return None


def _read_numbered(text: str, shadow: str) -> Mark | None:
    if met := _ROMAN.match(shadow):
        value = _roman(met[1])
        if value and text[: met.end(1)].isupper():
            return Mark(MarkStyle.ROMAN, "I", (value,), met.end())
    if (met := _ROMAN_BARE.match(text)) and (value := _roman(met[1].lower())):
        return Mark(MarkStyle.ROMAN, "I", (value,), met.end())
    if met := _ARTICLE.match(shadow):
        return Mark(MarkStyle.ARTICLE, "1", (int(met[1]),), met.end())
    if met := _DOTTED.match(shadow):
        numbers = tuple(int(part) for part in met[1].replace(" ", "").split("."))
        if 0 not in numbers:
            return Mark(MarkStyle.DOTTED, str(len(numbers)), numbers, met.end())
    if met := _BRACKETED.match(shadow):
        return Mark(MarkStyle.BRACKETED, "(1)", (int(met[1]),), met.end())
    if (met := _NUMBER.match(shadow)) and not (met[1].startswith("0") and met[2] == "-"):
        return Mark(MarkStyle.NUMBER, "1" + (met[2] or met[3]).replace("-", "."), (int(met[1]),), met.end())
    if met := _LETTER.match(shadow):
        letter = met[1] or met[2] or met[3]
        if letter in _LETTERS:
            style = MarkStyle.CAPITAL if met[3] and text[0].isupper() else MarkStyle.LETTER
            number = _alphabet(letter) + (text.strip("(")[0].lower() == _CROSSED)
            return Mark(style, "a", (number,), met.end())
    if met := _ROW.fullmatch(shadow):
        return Mark(MarkStyle.ROW, "1", (int(met[1]),), met.end())
    return None


def first_number(shadow: str) -> Mark | None:
    """The mark of a line that may be read as two numbers: "2. 10 lớp" is the second point, of ten classes."""
    met = _BEFORE_FIGURE.match(shadow)
    if met is None:
        return None
    numbers = tuple(map(int, met[1].split(".")))
    if len(numbers) == 1:
        return Mark(MarkStyle.NUMBER, f"1{met[2]}", numbers, met.end())
    return Mark(MarkStyle.DOTTED, str(len(numbers)), numbers, met.end()) if 0 not in numbers else None


def _alphabet(letter: str) -> int:
    """Places in the Vietnamese order a, b, c, d, đ, e …"""
    place = _LETTERS.index(letter) + 1
    return place + 1 if letter > "d" else place


def _roman(text: str) -> int | None:
    """The value of a Roman number up to 39, or None where it is not well written."""
    if not re.fullmatch(r"x{0,3}(?:ix|iv|v?i{0,3})", text) or not text:
        return None
    digits = [_ROMAN_DIGITS[letter] for letter in text]
    return sum(-digit if digit < max(digits[place:]) else digit for place, digit in enumerate(digits))


def roman(number: int) -> str:
    """A number up to 39 in Roman digits."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def alphabet_letter(number: int) -> str:
    """The letter in that place: 1 is "a", 5 is "đ"."""
    if number == 5:
        return _CROSSED
    return _LETTERS[number - 1 if number < 5 else number - 2]
