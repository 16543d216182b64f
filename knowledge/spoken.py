"""Numbers, years and rates that a question says in words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from knowledge.milestones import write_years
from knowledge.number_words import AFTER_TENS, DIGITS, JOINTS, NUMBER_WORDS, Joint, is_number_word
from knowledge.numbers import Parsed, parse_count, parse_percent
from knowledge.quantity_words import BESIDE_NUMBERS as _WORDS
from knowledge.quantity_words import THOUSAND_YEAR, YEAR
from knowledge.text import fold

_HALVES = frozenset(word for word, joint in JOINTS.items() if joint is Joint.HALF)
_FIGURE = re.compile(r"\d{1,3}")
_SCALED = _WORDS.composed(r"\d{1,3}(?:%scale%|%scale_of_figures%)\d{1,3}")
"""A number with its size in the middle: "1tr5", "153k6"."""
LONGEST_SPOKEN = 9
"""Words of a number said in words."""
_SPOKEN = _WORDS.composed(
    rf"\b(?P<words>(?:(?:{'|'.join(sorted(NUMBER_WORDS))})\s+)+)(?:%percent%|[%])|"
    rf"(?P<digits>\d+(?:[.,]\d+)?)\s*(?P<scale>%scale%(?: (?:{'|'.join(sorted(_HALVES))}))?)\b(?!\s*%money%)"
)


def write_digits(text: str) -> str:
    """The text with numbers of two digits and more that are said in words written as figures.

    A number needs a word of size (mươi, trăm, nghìn, triệu), so that "năm" stays a year and "ba" a person; "phần trăm"
    stays a rate. Years of several milestones are written whole (`write_years`).

    Examples: "năm trăm tới sáu trăm đoàn viên" → "500 tới 600 đoàn viên"; "1 triệu 780 ngàn" → "1.780.000".
    """
    pieces = re.split(r"(\s+)", write_years(text))
    words = pieces[::2]
    if not any(map(_may_begin, words)):
        return "".join(pieces)
    written: list[str] = []
    at = 0
    while at < len(words):
        if not _may_begin(words[at]):
            written += pieces[2 * at : 2 * at + 2]
            at += 1
            continue
        whole = _spoken_whole_year(words, at)
        size = 0 if _is_time(words, at) else _spoken_size(words, at)
        year, row = _spoken_year(words, at), _spoken_row(words, at)
        if whole:
            year, size = whole
            written.append(f"20{year:02}" + words[at + size - 1][len(words[at + size - 1].rstrip(",.;:!?")) :])
        elif year or row:
            size = 2
            written.append((f"20{year}" if year else f"{row}") + words[at + 1][len(words[at + 1].rstrip(",.;:!?")) :])
        elif size:
            value = _said(words[at : at + size])
            ending = words[at + size - 1][len(words[at + size - 1].rstrip(",.;:!?")) :]
            is_year = at and fold(words[at - 1]) in _WORDS.folded("before_year") and _is_year_said(value)
            figure = f"{value}" if is_year else f"{value:,}".replace(",", ".")
            written.append(figure + ending)
        else:
            written.append(words[at])
        at += max(size, 1)
        written += pieces[2 * at - 1 : 2 * at]
    return "".join(written)


@lru_cache(maxsize=16384)
def _may_begin(word: str) -> bool:
    """Whether a number or a year that is said in words may begin with a word; most words begin none."""
    return word[:1].isdigit() or _spells(word) or fold(word) in _WORDS.folded("year_tens")


def _spoken_size(words: list[str], at: int) -> int:
    """How many words from here on are one number; 0 where none is."""
    end = at
    while end < len(words) and end - at < LONGEST_SPOKEN and _spells(words[end]):
        end += 1
        if words[end - 1][-1:] in ",.;:!?":
            break
    if end < len(words) and fold(words[end]) in _WORDS.folded("vague_behind"):
        return 0
    if words[at][:1].isdigit() and _said(words[at : at + 1]) is not None:
        return 1
    for stop in range(end, at, -1):
        value = _said(words[at:stop])
        if value is not None and not (
            fold(words[at]) in _WORDS.folded("year") and YEAR.fullmatch(str(_said(words[at + 1 : stop])))
        ):
            return stop - at
    return 0


def _said(words: list[str]) -> int | None:
    """The whole number of two digits and more that these words are; None where they are none, or bear no size."""
    folded = [fold(word).strip(",.;:!?") for word in words]
    is_scaled = len(folded) == 1 and _SCALED.fullmatch(folded[0]) and not THOUSAND_YEAR.fullmatch(folded[0])
    if not is_scaled and (_WORDS.folded("size").isdisjoint(folded) or folded[0] in _WORDS.folded("size_never_first")):
        return None
    if _FIGURE.fullmatch(folded[0]) and len(folded) < 3:
        return None
    outcome = parse_count(" ".join(word.strip(",.;:!?") for word in words))
    whole = isinstance(outcome, Parsed) and outcome.value == outcome.value.to_integral_value() >= 10
    return int(outcome.value) if isinstance(outcome, Parsed) and whole else None


def _is_time(words: list[str], at: int) -> bool:
    """Whether a word that also spells five counts years there: "mỗi năm một ngàn rưỡi đoàn viên"."""
    return at > 0 and fold(words[at]) in _WORDS.folded("year") and fold(words[at - 1]) in _WORDS.folded("each")


def _is_year_said(value: int | None) -> bool:
    """Whether a number behind "đến" is a year; a bare "hai ngàn" is an amount."""
    return value is not None and value % 1000 != 0 and YEAR.fullmatch(str(value)) is not None


def _spoken_whole_year(words: list[str], at: int) -> tuple[int, int] | None:
    """The last two digits of a year said digit by digit, and how many words say it; None where none is.

    Examples: "hai không ba mươi" → (30, 4); "hai không hai lăm" → (25, 4); "hai không hai mươi lăm" → (25, 5).
    """
    first, zero, tens, ones, more = (fold(word).strip(",.;:!?") for word in (words[at : at + 5] + [""] * 5)[:5])
    if DIGITS.get(first) != 2 or DIGITS.get(zero) != 0 or tens not in _WORDS.folded("year_tens"):
        return None
    if ones not in _WORDS.folded("year_ones") and DIGITS.get(ones) != 0:
        return None
    is_ten = JOINTS.get(ones) is Joint.TEN
    if is_ten and _digit(more) and words[at + 3][-1:] not in ",.;:!?":
        return 10 * _digit(tens) + _digit(more), 5
    return 10 * _digit(tens) + _digit(ones), 4


def _digit(word: str) -> int:
    """The digit that a folded word says in a year: "lam" is 5; the tens of "ba mươi" leave none."""
    return DIGITS.get(word, AFTER_TENS.get(word, 0))


def _spoken_year(words: list[str], at: int) -> int | None:
    """The last two digits of a year said short: "đến hai lăm", "năm ba mươi"; None where none is."""
    if at == 0 or at + 1 >= len(words) or fold(words[at - 1]) not in _WORDS.folded("before_year"):
        return None
    tens, ones = fold(words[at]), fold(words[at + 1]).strip(",.;:!?")
    counted = at > 1 and fold(words[at - 2]) in _WORDS.folded("each")
    is_named = (fold(words[at - 1]) in _WORDS.folded("year") and not counted) or AFTER_TENS.get(ones) == 5
    said = tens in _WORDS.folded("year_tens") and ones in _WORDS.folded("year_ones")
    if not said or not is_named or words[at][-1:] in ",.;:!?":
        return None
    return 10 * _digit(tens) + _digit(ones)


def _spoken_row(words: list[str], at: int) -> int | None:
    """The number of a row said digit by digit: "chỉ tiêu số bốn hai" is 42; None where none is, or a size follows."""
    last, name = (fold(words[at - back]) if at >= back else "" for back in (1, 2))
    is_row = last in _WORDS.folded("row") or (last in _WORDS.folded("number") and name in _WORDS.folded("row_numbered"))
    if not is_row or at + 1 >= len(words):
        return None
    tens, ones = fold(words[at]), fold(words[at + 1]).strip(",.;:!?")
    behind = fold(words[at + 2]).strip(",.;:!?") if at + 2 < len(words) else ""
    is_said = DIGITS.get(tens) and _digit(ones) and words[at][-1:] not in ",.;:!?"
    return None if not is_said or is_number_word(behind) or YEAR.fullmatch(behind) else 10 * _digit(tens) + _digit(ones)


def _spells(word: str) -> bool:
    bare = word.strip(",.;:!?")
    return is_number_word(bare) or fold(bare) in _HALVES or bool(_FIGURE.fullmatch(bare))


def find_spoken(plain: str) -> dict[Decimal, bool]:
    """Figures said in words in a folded text, and whether each is a percentage.

    Examples: "tam muoi phan tram" → 80, a percentage; "1,8 trieu" → 1.800.000.
    """
    found: dict[Decimal, bool] = {}
    for match in _SPOKEN.finditer(plain):
        said = match["words"] and _without_asking(match["words"], plain[: match.start()])
        outcome = parse_percent(said) if said else parse_count(f"{match['digits']} {match['scale']}")
        if isinstance(outcome, Parsed) and outcome.value == outcome.value.to_integral_value():
            found.setdefault(outcome.value, bool(said))
    return found


def _without_asking(said: str, before: str) -> str:
    """The words of a rate without those in front that ask or count years: "đúng không trăm phần trăm" is no zero."""
    first, _, rest = said.strip().partition(" ")
    counts_years = first in _WORDS.folded("year") and (before.split() or [""])[-1] in _WORDS.folded("each")
    return rest if rest and (DIGITS.get(first) == 0 or counts_years) else said
