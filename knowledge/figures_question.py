"""What a question about figures names: the period, the year of a target, perhaps a unit. Pure.

That it is such a question is for `knowledge.meanings` to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge.calendar.periods import find_periods, split_period
from knowledge.model.periods import Period, PeriodKind
from knowledge.text import decode_telex, fold, is_syllable, tidy, words

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


_SHORT = {
    "dv": "doan vien",
    "dvcd": "doan vien",
    "cdcs": "cong doan co so",
    "dvi": "don vi",
    "bn": "bao nhieu",
    "bnhieu": "bao nhieu",
    "ko": "khong",
    "k": "khong",
    "hok": "khong",
    "ct": "chi tieu",
    "kh": "ke hoach",
    "bc": "bao cao",
    "t": "thang",
    "mk": "minh",
    "e": "em",
    "a": "anh",
    "c": "chi",
    "nhiu": "nhieu",
    "nhieo": "nhieu",
    "chx": "chua",
    "cha": "chua",
    "dc": "duoc",
    "dk": "duoc",
    "đc": "duoc",
    "ntn": "nhu the nao",
    "h": "gio",
    "kn": "ket nap",
}

_SHORT_MONTH = re.compile(r"(?:\btháng |\bthang |\bt)?(?<!\d)(\d{1,2})\s?[/.-]\s?(20\d\d)\b", re.IGNORECASE)
_COURTESY = re.compile(r"(?: (?:a|ah|anh|chi|em|nhe|nhi|vay|the|oi|ha|nha|bot|ban|em oi|ad|admin))+$")
_YEAR = re.compile(r"\b(20\d\d)\b")

_NOISE_WORDS = (
    "a ah anh ai bao bay ben cac cach cai can chi cho chua co con cong cua da dang danh dat day de den deu di do "
    "doan duoc em gi gio giup gom gui hay hien hoi khong khoang kip ky la lam lieu luc ma may minh moc moi muc "
    "muon nam nao nay ngay nghi nguoi nhe nhi nhieu nhu nhung noi nop nua o oi phan phai phat quyet ra roi sach "
    "so tai tat the thi thieu tiep tieu tinh toi ton tong tram tren truoc tu van vay ve vi vien viec voi vua xa "
    "xem xin % bieu ket nap trien giam tang lao dong don cham tre hoach ke tien chung ta cao thang quy su hom "
    "cnvcld ha nha bot ban"
)
_NOISE = frozenset(_NOISE_WORDS.split())
_OWN = re.compile(
    r"\b(?:don vi|ben|cong doan co so|cong doan|co so|cho|cong ty|truong)? ?(?:cua )?"
    r"(?:chung toi|chung minh|toi|minh|em|ta|nha em)\b"
)


def read_figures(wanted: Wanted, text: str, today: date, around: Collection[str] = ()) -> FiguresQuestion:
    """The period, the year and perhaps the unit that a question about figures names.

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
    found = rest.split()
    known = [word in _NOISE or word in around or word.isdecimal() for word in found]
    strange = [at for at, is_known in enumerate(known) if not is_known]
    if not strange:
        return ""
    return " ".join(found[strange[0] : strange[-1] + 1])


def plain_words(text: str) -> str:
    """Folded words, short forms written out, raw Telex keys decoded, courtesies at the end left out."""
    named = _SHORT_MONTH.sub(r"tháng \1 năm \2", tidy(text))
    return _COURTESY.sub("", " ".join(_written_out(words(named))))


def _written_out(found: Iterable[str]) -> Iterable[str]:
    for word in found:
        folded = fold(word)
        joined = re.fullmatch(r"t(\d{1,2})", folded)
        if joined is not None:
            yield f"thang {joined[1]}"
        elif folded in _SHORT and (word.isascii() or word.lower() == "đc"):
            yield _SHORT[folded]
        elif folded.isalpha() and not is_syllable(folded) and (decoded := decode_telex(word)) is not None:
            yield fold(decoded)
        else:
            yield folded
