"""Milestones in a question: several years said short, and stages told by their place; data: `milestones.toml`. Pure."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Lists(msgspec.Struct, frozen=True, kw_only=True):
    """Lists of words; the file says of each what it is."""

    mark: tuple[str, ...]
    lead: tuple[str, ...]
    join: tuple[str, ...]
    counted: tuple[str, ...]
    other: tuple[str, ...]
    never: tuple[str, ...]
    ten: tuple[str, ...]
    before: tuple[str, ...]
    later: tuple[str, ...]
    after: tuple[str, ...]
    earlier: tuple[str, ...]
    grows: tuple[str, ...]
    how_much: tuple[str, ...]
    stage: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    sooner: tuple[str, ...]
    later_stage: tuple[str, ...]


class _Digits(msgspec.Struct, frozen=True, kw_only=True):
    """The digits of years as they are said, by their words."""

    tens: dict[str, int]
    ones: dict[str, int]


_FILE: Final = files("knowledge") / "milestones.toml"
_WORDS: Final = WordLists.of(read_toml(_FILE, _Lists))
_DIGITS: Final = read_toml(_FILE, _Digits)
_TENS: Final = {fold(word): digit for word, digit in _DIGITS.tens.items()}
_ONES: Final = {fold(word): digit for word, digit in _DIGITS.ones.items()}

FIRST_SHORT, LAST_SHORT = 21, 50
"""Years of this century that are said with their last two digits."""

SPOKEN_STAGES: Final = frozenset({23, 25, 26, 27, 28, 29, *range(30, LAST_SHORT + 1, 5)})
"""Years that are also understood in words, digit beside digit: ends of stages, and the years of a term."""


def _spoken() -> dict[str, int]:
    """The folded ways to say a year's last two digits, and what they say: "hai lam", "hai muoi lam", "ba muoi"."""
    ways: dict[str, int] = {}
    for tens, ten in _TENS.items():
        for joint in _WORDS.folded("ten"):
            ways[f"{tens} {joint}"] = 10 * ten
        for ones, one in _ONES.items():
            ways[f"{tens} {ones}"] = 10 * ten + one
            ways.update({f"{tens} {joint} {ones}": 10 * ten + one for joint in _WORDS.folded("ten")})
    return {way: year for way, year in ways.items() if year in SPOKEN_STAGES}


_SPOKEN: Final = _spoken()
_SAID: Final = "|".join(sorted(_SPOKEN, key=len, reverse=True))
_YEAR: Final = rf"(?:20[2-5]\d|[2-5]\d|{_SAID})"
_END: Final = r"(?![\d%]|[.,/\-]\d|\w|,?\s*%counted%\b|\s*%)"
_BLANK: Final = r"(?:\s*[,;/\-]\s*|\s+)(?:%join%\s+)?"
_MARKED: Final = _WORDS.composed(rf"\b(?P<lead>%mark%:?\s+)(?P<years>{_YEAR}(?:{_BLANK}{_YEAR})*){_END}")
_LED: Final = _WORDS.composed(
    rf"(?<![\w.,/])(?P<lead>(?:%lead%\s+)?)(?P<years>{_YEAR}(?:(?:\s*[,;]\s+|\s+)(?:%join%\s+)?{_YEAR})+){_END}"
)
_EACH: Final = re.compile(rf"(?<![\w])(?:{_YEAR})(?!\w)")
_GLUED: Final = re.compile(r"(?<=\d)[,;/](?=\d)")
_OTHER: Final = _WORDS.composed(r"\b%other%\b")
_NEVER: Final = _WORDS.composed(r"\b%never%\s+$")

_BETWEEN: Final = r"\b.{0,60}?\b"
_AROUND: Final = (
    _WORDS.composed(rf"\b%before% 20\d\d{_BETWEEN}%later%\b"),
    _WORDS.composed(rf"\b%after% 20\d\d{_BETWEEN}%earlier%\b"),
    _WORDS.composed(rf"\b%earlier%{_BETWEEN}%after% 20\d\d\b"),
)
_PAIR: Final = (
    _WORDS.composed(rf"\b%stage% %sooner%{_BETWEEN}(?:%stage% )?%later_stage%\b"),
    _WORDS.composed(rf"\b%stage% %later_stage%{_BETWEEN}(?:%stage% )?%sooner%\b"),
)
_ENDS: Final = (
    _WORDS.composed(rf"\b%stage% %first%{_BETWEEN}(?:%stage% )?%last%\b"),
    _WORDS.composed(rf"\b%stage% %last%{_BETWEEN}(?:%stage% )?%first%\b"),
)
_GROWS: Final = _WORDS.composed(r"\b%grows%\b(?:\s+\w+){0,3}?\s+%how_much%\b")
_A_YEAR: Final = re.compile(r"\b20\d\d\b")


def write_years(text: str) -> str:
    """A tidied text with the years of several milestones written whole, where they are said short or in words.

    Numbers of rows, sizes of enterprises, ages and amounts stay as they are.

    Examples: "qua mốc 23, 25, 30" → "qua mốc 2023, 2025, 2030"; "2025 rồi ba mươi" → "2025 rồi 2030"; "từ 25 đến 30
    lao động" stays.
    """
    plain = fold(text)
    if len(plain) != len(text):
        return text
    spans: dict[int, tuple[int, str]] = {}
    for pattern in (_MARKED, _LED):
        for found in pattern.finditer(plain):
            if not _NEVER.search(plain[: found.start("years")]) and _are_years(pattern, found, plain):
                start, end = found.span("years")
                spans.update(
                    {each.start(): (each.end(), f"{_year(each[0])}") for each in _EACH.finditer(plain, start, end)}
                )
                spans.update({each.start(): (each.end(), ", ") for each in _GLUED.finditer(plain, start, end)})
    for start in sorted(spans, reverse=True):
        end, written = spans[start]
        text = text[:start] + written + text[end:]
    return text


def _are_years(pattern: re.Pattern[str], found: re.Match[str], plain: str) -> bool:
    """Whether a run of numbers tells years: distinct ones, led by a word for a milestone or beside a whole year."""
    years = [_year(each[0]) for each in _EACH.finditer(found["years"])]
    if len(set(years)) < len(years) or not all(2000 + FIRST_SHORT <= year <= 2000 + LAST_SHORT for year in years):
        return False
    if pattern is _MARKED:
        return True
    is_whole = any(_A_YEAR.fullmatch(each[0]) for each in _EACH.finditer(found["years"]))
    return is_whole or (bool(found["lead"]) and not _OTHER.search(plain))


def _year(said: str) -> int:
    """The year that is said whole, by two digits, or in folded words."""
    if said.isdigit():
        return int(said) if len(said) == len("2025") else 2000 + int(said)
    return 2000 + _SPOKEN[said]


def find_stage_signs(text: str) -> frozenset[str]:
    """How a tidied text means stages by their place: "around_year", both sides of the one year named; "pair", one
    stage and the next; "ends", the first and the last; "apart", by how much the figure of one year is above another's.

    Examples: "trước 2025 với sau đó" → around_year; "giai đoạn sau hơn giai đoạn trước" → pair; "mốc đầu, mốc cuối" →
    ends; "từ 2023 tới 2025 tăng thêm mấy nghìn" → apart.
    """
    plain = fold(text)
    years = set(_A_YEAR.findall(plain))
    if len(years) == 2 and _GROWS.search(plain):
        return frozenset({"apart"})
    if len(years) == 1 and any(pattern.search(plain) for pattern in _AROUND):
        return frozenset({"around_year"})
    if years:
        return frozenset()
    if any(pattern.search(plain) for pattern in _ENDS):
        return frozenset({"ends"})
    return frozenset({"pair"}) if any(pattern.search(plain) for pattern in _PAIR) else frozenset()
