"""Days, how often, and numbers with what they count, as a question or a plan says them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from knowledge.number_words import DIGITS
from knowledge.quantities import find_named
from knowledge.spoken import write_digits
from knowledge.text import fold
from knowledge.verdicts.words import MONTH_NAMES, WORDS

MONTHS_OF_A_YEAR: Final = 12
PEOPLE: Final = "people"
"""What numbers of workers count, whatever they are called."""

_SMALL: Final = {fold(word): digit for word, digit in DIGITS.items()} | {"10": 10}
_DIGIT: Final = "|".join(sorted(map(re.escape, _SMALL), key=len, reverse=True))
_FULL: Final = re.compile(
    r"(?<![\d/.,\-])(\d{1,2})\s?[/.\-]\s?(\d{1,2})(?:\s?[/.\-]\s?((?:19|20)\d\d))?(?![\d/\-]|[.,]\d|\s?%)"
)
_OF_MONTH: Final = re.compile(r"(?<![\d/.,\-])(\d{1,2})\s?[/\-]\s?((?:19|20)\d\d)(?![\d/])")
_SPOKEN: Final = WORDS.composed(
    rf"(?:(?:%days% )?(?<![\d/])(?P<day>\d{{1,2}}|{_DIGIT}) )?\b%months% ?"
    rf"(?P<month>1[0-2]|0?[1-9]|%month_name%|{_DIGIT})\b(?!%)"
    r"(?:\s?[/,\-]?\s?(?:%years% )?(?P<year>(?:19|20)\d\d))?(?! (?:%once%|%every%)\b)"
)
_ONLY_YEAR: Final = WORDS.composed(r"\b%years% ((?:19|20)\d\d)\b")
_LAST_OF_YEAR: Final = WORDS.composed(r"\b%last_of_year% ((?:19|20)\d\d)\b")
_FIRST_OF_YEAR: Final = WORDS.composed(r"\b%first_of_year% ((?:19|20)\d\d)\b")
_NUMBER: Final = re.compile(r"(?<![\w/.,\-])\d+(?:[.,]\d{3})*(?![\w%/]|[.,\-]\d)")
_SPAN: Final = WORDS.composed(r"\b(?P<number>\d{1,2}|%half%) (?P<unit>%months%|%quarters%|%years%|%terms%)\b")
_FRACTION: Final = WORDS.composed(r"(?<![\d/])(\d)\s?/\s?(\d)(?= (?:\w+ ){0,1}%terms%)")
_EACH: Final = WORDS.composed(r"\b%each% (?P<unit>%months%|%quarters%|%years%)\b(?! (?:19|20)\d\d)")
_QUARTERLY: Final = WORDS.composed(r"\b%quarters% %once%\b")
_YEARLY: Final = WORDS.composed(r"\b%yearly%\b")
_HALF_YEAR: Final = WORDS.composed(r"\b%half_years%\b")
_ONCE: Final = WORDS.composed(r"\b%once%\b")
_REGULAR: Final = WORDS.composed(r"\b%every%\b")


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a month, or a year, as far as it is said."""

    day: int | None
    month: int | None
    year: int | None

    def fits(self, other: Day) -> bool:
        """Whether nothing that both say differs."""
        pairs = ((self.day, other.day), (self.month, other.month), (self.year, other.year))
        return all(own == its for own, its in pairs if own is not None and its is not None)

    def tells(self, other: Day) -> bool:
        """Whether it says at least what the other does."""
        pairs = ((self.day, other.day), (self.month, other.month), (self.year, other.year))
        return all(own is not None or its is None for own, its in pairs)

    @property
    def is_possible(self) -> bool:
        """Whether a calendar may have it."""
        return (self.day is None or 1 <= self.day <= 31) and (self.month is None or 1 <= self.month <= 12)


@dataclass(frozen=True, slots=True)
class Count:
    """A number with the folded words behind it; `unit` is their first, or `PEOPLE`; `below`: it is an upper end."""

    number: int
    unit: str
    words: tuple[str, ...]
    below: bool = False

    def counts_like(self, other: Count) -> int:
        """How many words of what is counted are the same, from the first on; 0 where it is something else."""
        if self.unit != other.unit:
            return 0
        if self.unit == PEOPLE:
            return 1
        alike = 0
        for own, its in zip(self.words, other.words, strict=False):
            if own != its:
                break
            alike += 1
        return alike


def _digits(text: str) -> str:
    """Folded text with single digits that are said in words written as figures before what is counted."""
    return _BEFORE_COUNTED.sub(lambda match: f"{_SMALL[match[1]]} ", text)


_BEFORE_COUNTED: Final = WORDS.composed(
    rf"(?<!\d )\b({_DIGIT}) (?=(?:%people%|%counted%|%timed%|%quarters%|%years% (?:%once%)|%terms%)\b)"
)


@lru_cache(maxsize=256)
def readable(text: str) -> str:
    """Folded text with its numbers as figures."""
    return " ".join(fold(write_digits(text)).split())


@lru_cache(maxsize=256)
def find_days(text: str) -> tuple[Day, ...]:
    """The days, months and years of a folded text, those that say most first.

    Example: "ngay 15 thang 1 nam 2021" → day 15, month 1, year 2021; "trong t3/2021" → month 3, year 2021.
    """
    text = _FRACTION.sub(" ", readable(text))
    found = [Day(31, MONTHS_OF_A_YEAR, int(match[1])) for match in _LAST_OF_YEAR.finditer(text)]
    found += [Day(1, 1, int(match[1])) for match in _FIRST_OF_YEAR.finditer(text)]
    text = _FIRST_OF_YEAR.sub(" ", _LAST_OF_YEAR.sub(" ", text))
    for match in _SPOKEN.finditer(text):
        day, month = match["day"], match["month"]
        found.append(Day(_small(day) if day else None, _month(month), int(match["year"]) if match["year"] else None))
    rest = _SPOKEN.sub(" ", text)
    found += [Day(int(m[1]), int(m[2]), int(m[3]) if m[3] else None) for m in _FULL.finditer(rest)]
    rest = _FULL.sub(" ", rest)
    found += [Day(None, int(match[1]), int(match[2])) for match in _OF_MONTH.finditer(rest)]
    found += [Day(None, None, int(match[1])) for match in _ONLY_YEAR.finditer(_OF_MONTH.sub(" ", rest))]
    possible = dict.fromkeys(each for each in found if each.is_possible)
    return tuple(sorted(possible, key=lambda each: (each.day is None, each.month is None)))


def without_times(text: str) -> str:
    """A folded text without the days and the intervals that it says."""
    text = readable(text)
    for pattern in (_LAST_OF_YEAR, _FIRST_OF_YEAR, _SPOKEN, _FULL, _OF_MONTH):
        text = pattern.sub(" ", text)
    text = _SPAN.sub(" ", _digits(text))
    return " ".join(_EACH.sub(" ", _ONCE.sub(" ", text)).split())


def _small(word: str) -> int:
    return int(word) if word.isdigit() else _SMALL[word]


def _month(word: str) -> int:
    return MONTH_NAMES[word] if word in MONTH_NAMES else _small(word)


@lru_cache(maxsize=256)
def find_periods(text: str) -> frozenset[int]:
    """The months after which something is due again, as a folded text says them; empty where it says none.

    Examples: "cu sau thang mot lan" → 6; "hang quy" → 3; "moi nam" → 12.
    """
    text = _digits(readable(text))
    if not _REGULAR.search(text) and not _YEARLY.search(text):
        return frozenset()
    found: set[int] = set()
    for match in _SPAN.finditer(text):
        size = _size(match["unit"])
        if size and match["number"].isdigit():
            found.add(int(match["number"]) * size)
    found.update(6 for _ in _HALF_YEAR.finditer(text))
    found.update(3 for _ in _QUARTERLY.finditer(text))
    found.update(_size(match["unit"]) for match in _EACH.finditer(text) if not found)
    if _YEARLY.search(text):
        found.add(MONTHS_OF_A_YEAR)
    return frozenset(each for each in found if each)


def says_how_often(text: str) -> bool:
    """Whether a folded text says after how long something comes once again."""
    return bool(find_periods(text)) and _ONCE.search(readable(text)) is not None


def _size(unit: str) -> int:
    if unit in WORDS.folded("months"):
        return 1
    if unit in WORDS.folded("quarters"):
        return 3
    return MONTHS_OF_A_YEAR if unit in WORDS.folded("years") else 0


@lru_cache(maxsize=256)
def find_terms(text: str) -> frozenset[tuple[int, int]]:
    """Parts of a term of office in a folded text: "toi thieu 2/3 nhiem ky" → (2, 3); "nua nhiem ky" → (1, 2)."""
    text = _digits(readable(text))
    found = {(int(match[1]), int(match[2])) for match in _FRACTION.finditer(text)}
    for match in _SPAN.finditer(_FRACTION.sub(" ", text)):
        if match["unit"] in WORDS.folded("terms"):
            found.add((int(match["number"]), 1) if match["number"].isdigit() else (1, 2))
    return frozenset(found)


@lru_cache(maxsize=256)
def find_counts(text: str) -> tuple[Count, ...]:
    """The numbers of a folded text with what they count, without days, years, percents, numbers of papers and rows.

    Example: "xuong tu 1.000 cong nhan" → 1000 people; "12 nhom chi tieu" → 12 "nhom chi tieu".
    """
    return tuple(_counted(_digits(readable(text))))


def _counted(text: str) -> Iterator[Count]:
    text = _BEFORE_COUNTED.sub(lambda match: f"{_SMALL[match[1]]} ", find_named(text).masked)
    for match in _NUMBER.finditer(text):
        number = int(re.sub(r"\D", "", match[0]))
        before = text[: match.start()].split()[-2:]
        words = tuple(re.findall(r"\w+", re.split(r"[.,;:!?()]", text[match.end() :])[0])[:4])
        if not words or words[0].isdigit():
            continue
        unit = words[0]
        if any(" ".join(words[:size]) in WORDS.folded("people") for size in (1, 2)):
            unit = PEOPLE
        elif unit not in WORDS.folded("counted"):
            continue
        below = any(" ".join(before[at:]) in WORDS.folded("below") for at in range(len(before)))
        yield Count(number, unit, words, below)
