"""Questions about one's own figures, told from questions about the plans: what is missing, who has reported, how many.

Pure. What it takes for a question about figures is answered from what the asker may see; everything else goes to the
plans, so it would rather let one go than take one that is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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

_ASKS_PLAN = re.compile(
    r"\b(?:phan dau|phai dat|can dat|de ra|dat ra|dat chi tieu bao nhieu|quy dinh|la gi|muc nao|phan nao|dieu nao|"
    r"nhiem vu|giai phap|so sanh|dinh nghia|thoi han|khi nao|bao gio|han nop|han cuoi|ngay nao|gui cho ai|gui ai|"
    r"nop cho ai|nop cho|gui ve dau|nop o dau|gui o dau|nop dau|bieu mau|mau nao|thoa uoc|tuldtt|doi thoai|hoi nghi)\b"
)
_TARGET = r"(?:chi tieu|muc tieu|ke hoach|nghi quyet|moc)"
_PROGRESS = (
    re.compile(rf"\b(?:con )?thieu (?:bao nhieu|may|nhieu|khoang)\b.*\b{_TARGET}\b"),
    re.compile(rf"\b{_TARGET}\b.*\b(?:con )?thieu (?:bao nhieu|may|nhieu)\b"),
    re.compile(r"\bcon thieu bao nhieu (?:doan vien|nguoi)\b"),
    re.compile(rf"\bcon (?:bao nhieu|may)\b.*\bnua\b.*\b(?:{_TARGET}|dat|du)\b"),
    re.compile(rf"\b(?:con )?cach {_TARGET}\b.*\b(?:bao nhieu|bao xa|may)\b"),
    re.compile(rf"\bdat (?:duoc )?(?:bao nhieu|may)(?: phan tram| %)?(?: so voi)? {_TARGET}\b"),
    re.compile(rf"\bda dat (?:duoc )?(?:{_TARGET} )?(?:bao nhieu|may|chua)\b"),
    re.compile(rf"\bda dat {_TARGET}\b.*\bchua\b"),
    re.compile(rf"\btien do\b.*\b(?:doan vien|{_TARGET})\b"),
    re.compile(rf"\b(?:co )?kip (?:dat )?{_TARGET}\b"),
    re.compile(rf"\bmoi thang (?:phai|can) (?:ket nap|phat trien|tang)\b.*\bbao nhieu\b.*\b{_TARGET}\b"),
)
_UNITS = r"(?:don vi|noi|cong doan co so|cong doan|co so|ben|cho|cong ty|truong)"
_MISSING = (
    re.compile(
        rf"\b(?:nhung |cac |bao nhieu |may |con |co )+{_UNITS}(?: nao)? (?:van |con |la )*chua "
        r"(?:nop|gui|bao cao|co bao cao)\b"
    ),
    re.compile(rf"\b{_UNITS} nao (?:van |con |la )*chua (?:nop|gui|bao cao|co bao cao)\b"),
    re.compile(rf"\b(?:nhung |cac |bao nhieu |may )+{_UNITS}(?: nao)? (?:nop|gui|bao cao) (?:muon|tre|cham)\b"),
    re.compile(r"\b(?:con |nhung )?ai (?:van |con )*chua (?:nop|gui|bao cao)\b"),
    re.compile(rf"\bchua (?:nop|gui|bao cao)\b.*\b(?:la ai|{_UNITS} nao|gom (?:nhung )?ai|bao nhieu {_UNITS})\b"),
    re.compile(rf"\bcon thieu (?:bao cao|so lieu) (?:cua )?(?:nhung |cac )?(?:{_UNITS} nao|ai|bao nhieu {_UNITS})\b"),
    re.compile(rf"\bdanh sach (?:{_UNITS} )?chua (?:nop|gui|bao cao)\b"),
    re.compile(rf"\bda (?:co )?(?:bao nhieu|may) {_UNITS} (?:da )?(?:nop|gui|bao cao)\b"),
    re.compile(rf"\b(?:bao nhieu|may) {_UNITS} da (?:nop|gui|bao cao)\b"),
)
_SUBMITTED = re.compile(
    r"(?:nop|gui|bao cao)\b.*\b(?:chua|hay chua|roi chua|khong|roi khong)$|^(?:da )?(?:nop|gui)\b.*\bchua$"
)
_TOTALS = (
    re.compile(
        r"\b(?:hien (?:nay |tai |gio )?(?:dang )?co|dang co|hien nay|hien tai|bay gio co|tinh den nay co)\b.*"
        r"\b(?:bao nhieu|tong so)\b.*\b(?:doan vien|lao dong|nguoi lao dong|cong nhan|cnvcld)\b"
    ),
    re.compile(r"\b(?:ket nap|phat trien|giam)(?: moi)?(?: duoc)? bao nhieu(?: doan vien)?\b.*\b(?:thang|quy) \d"),
    re.compile(r"\b(?:thang|quy) \d{1,2}\b.*\b(?:ket nap|phat trien|giam)(?: moi)?(?: duoc)? bao nhieu\b"),
    re.compile(r"\btong (?:so )?doan vien (?:cua )?(?:don vi |ben |cong doan )?(?:toi|minh|em|chung toi)\b"),
)

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


def recognise(text: str, today: date) -> FiguresQuestion | None:
    """What is asked about figures; None for everything else, questions about the plans above all.

    Args:
        today: gives a bare month its year: the latest such month that has begun.
    """
    if len(text) > LONGEST:
        return None
    said = plain_words(text)
    if not said or _ASKS_PLAN.search(said):
        return None
    wanted = _wanted(said)
    if wanted is None:
        return None
    period = find_period(said, today)
    year = None
    if wanted is Wanted.PROGRESS:
        years = [int(found) for found in _YEAR.findall(said)]
        year = years[-1] if years else None
    return FiguresQuestion(wanted, year, period, _place(said))


def _wanted(said: str) -> Wanted | None:
    if any(pattern.search(said) for pattern in _MISSING):
        return Wanted.MISSING
    if any(pattern.search(said) for pattern in _PROGRESS):
        return Wanted.PROGRESS
    if _SUBMITTED.search(said) and re.search(r"\bchua$|\b(?:roi|da)\b.*\bkhong$", said):
        return Wanted.SUBMITTED
    if "chi tieu" not in said and "ke hoach" not in said and any(pattern.search(said) for pattern in _TOTALS):
        return Wanted.TOTALS
    return None


def find_period(text: str, today: date) -> Period | None:
    """The month or quarter that words name: "t9", "10/2026", "quý III", "tháng trước"; None where none is.

    One without a year is the latest one that has begun.
    """
    found = find_periods(text, today, ahead=timedelta())
    return next((period for period in found if period.kind in {PeriodKind.MONTH, PeriodKind.QUARTER}), None)


def _place(said: str) -> str:
    """What may be the name of a unit: the words that nothing else explains, with those between them."""
    rest = _OWN.sub(" ", split_period(said, date.max)[1])
    rest = _YEAR.sub(" ", rest)
    found = rest.split()
    known = [word in _NOISE or word.isdecimal() for word in found]
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
