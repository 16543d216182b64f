"""What a question about figures names: the period, the year of a target, perhaps a unit. Pure.

That it is such a question is for `knowledge.meanings` to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from knowledge.calendar.periods import find_periods, split_period
from knowledge.catalogue import read_toml
from knowledge.model.periods import Period, PeriodKind
from knowledge.text import decode_telex, fold, is_syllable, tidy, words
from knowledge.wordlists import WordLists

LONGEST = 200


class Wanted(StrEnum):
    """What is asked.

    PROGRESS: how far from a plan's target. SUBMITTED: whether a unit has reported. MISSING: who has not. TOTALS: what
    the reports come to.
    """

    PROGRESS = "progress"
    SUBMITTED = "submitted"
    MISSING = "missing"
    TOTALS = "totals"


@dataclass(frozen=True, slots=True)
class FiguresQuestion:
    """A question about figures.

    Attributes:
        year: the year of the target asked about, if one is named.
        period: the month, quarter or year of the report, if one is named.
        place: what is left of the text when everything understood is taken away, folded: perhaps the name of a unit;
            empty where the asker's own is meant.
    """

    wanted: Wanted
    year: int | None = None
    period: Period | None = None
    place: str = ""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of such questions; the file says of each list what it is."""

    month: str
    year: str
    courtesy: tuple[str, ...]
    own_unit: tuple[str, ...]
    of: tuple[str, ...]
    own: tuple[str, ...]
    no_unit: tuple[str, ...]
    short: dict[str, str]


@cache
def _data() -> _Data:
    return read_toml(files("knowledge") / "figures_question.toml", _Data)


_SHORT = {word: fold(full) for word, full in _data().short.items()}
_WORDS = WordLists({name: getattr(_data(), name) for name in ("courtesy", "own_unit", "of", "own", "no_unit")})
_MONTH, _YEAR_WORD = _data().month, _data().year
_SHORT_MONTH = re.compile(
    rf"(?:\b{_MONTH} |\b{fold(_MONTH)} |\bt)?(?<!\d)(\d{{1,2}})\s?[/.-]\s?(20\d\d)\b", re.IGNORECASE
)
_COURTESY = _WORDS.composed(r"(?: %courtesy%)+$")
_YEAR = re.compile(r"\b(20\d\d)\b")
_OWN = _WORDS.composed(r"\b%own_unit%? ?(?:%of% )?%own%\b")


def read_figures(wanted: Wanted, text: str, today: date, around: Collection[str] = ()) -> FiguresQuestion:
    """The period, the year and perhaps the unit that a question about figures names.

    Example: "Quảng Trị nộp báo cáo tháng 9 chưa" → September and the place "quang tri".

    Args:
        today: gives a bare month its year: the latest such month that has begun.
        around: folded words that name no unit, beside those known here.
    """
    said = plain_words(text[:LONGEST])
    years = [int(found) for found in _YEAR.findall(said)]
    year = years[-1] if years and wanted is Wanted.PROGRESS else None
    return FiguresQuestion(wanted, year, find_period(said, today), _place(said, around))


def find_period(text: str, today: date) -> Period | None:
    """The month or quarter that words name: "t9", "10/2026", "quý III", "tháng trước"; None where none is.

    One without a year is the latest one that has begun.
    """
    found = find_periods(text, today, ahead=timedelta())
    return next((period for period in found if period.kind in {PeriodKind.MONTH, PeriodKind.QUARTER}), None)


def _place(said: str, around: Collection[str]) -> str:
    """What may be the name of a unit: the words that nothing else explains, with those between them."""
    rest = _OWN.sub(" ", split_period(said, date.max)[1])
    rest = _YEAR.sub(" ", rest)
    found, no_unit = rest.split(), _WORDS.folded("no_unit")
    known = [word in no_unit or word in around or word.isdecimal() for word in found]
    strange = [at for at, is_known in enumerate(known) if not is_known]
    if not strange:
        return ""
    return " ".join(found[strange[0] : strange[-1] + 1])


def plain_words(text: str) -> str:
    """Folded words, short forms written out, raw Telex keys decoded, courtesies at the end left out."""
    named = _SHORT_MONTH.sub(rf"{_MONTH} \1 {_YEAR_WORD} \2", tidy(text))
    return _COURTESY.sub("", " ".join(_written_out(words(named))))


def _written_out(found: Iterable[str]) -> Iterable[str]:
    for word in found:
        folded = fold(word)
        joined = re.fullmatch(r"t(\d{1,2})", folded)
        if joined is not None:
            yield f"{fold(_MONTH)} {joined[1]}"
        elif (short := folded if word.isascii() else word.lower()) in _SHORT:
            yield _SHORT[short]
        elif folded.isalpha() and not is_syllable(folded) and (decoded := decode_telex(word)) is not None:
            yield fold(decoded)
        else:
            yield folded
