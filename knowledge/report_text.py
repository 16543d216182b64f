"""A whole report in one message: which figures of a form it gives, for which period, and what in it stays unclear.

The message is brought to one folded line of text, in which phrases are claimed from the surest to the least sure: dates,
periods, list numbers, "no change", labels and numbers. Labels and numbers are then paired by the cheapest pairing of
neighbours; where another pairing is about as cheap, nothing is chosen and both readings are handed back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import product, takewhile
from typing import Final

import msgspec
from rapidfuzz.distance import OSA

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import FigureKind, Form, Indicator, last_opened, split_term
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import (
    NUMBER_WORDS,
    NumberOutcome,
    Parsed,
    Reason,
    Refused,
    Unclear,
    parse_count,
    parse_money,
    parse_percent,
)
from knowledge.text import decode_telex, decode_vni, fold, is_syllable, tidy

LONGEST_TEXT: Final = 4096


class Doubt(StrEnum):
    """Why a piece of a report has more than one reading."""

    NUMBER = "number"
    PLACE = "place"
    CONFLICT = "conflict"
    APPROXIMATE = "approximate"


class Reading(msgspec.Struct, frozen=True):
    """One way to read a piece: this figure for this indicator."""

    key: str
    value: Decimal


class Unsure(msgspec.Struct, frozen=True):
    """A piece of the message that could be several things, as it was written, with its readings, likeliest first."""

    piece: str
    readings: tuple[Reading, ...]
    doubt: Doubt


class NotTaken(msgspec.Struct, frozen=True):
    """A piece whose indicator is known but whose figure cannot be one, and why."""

    piece: str
    key: str
    reason: Reason


class ReportText(msgspec.Struct, frozen=True, kw_only=True):
    """What a message reports.

    `values` are sure; a key that is not among them was not understood or not given, and never zero. `missing` are the
    rows still to be asked for (those of `ambiguous` and `refused` pieces among them); `kept` are rows said to be as in
    the period before. `no_change` says that nobody joined or left, in so many words. `positional` figures came without
    names, in the order of the form: the summary has to say so. `period` is None where none is named or several are
    (`period_choices`). `unit_hint` is what the message calls the unit, as written.
    """

    period: Period | None = None
    period_choices: tuple[Period, ...] = ()
    unit_hint: str | None = None
    values: dict[str, Decimal]
    ambiguous: tuple[Unsure, ...] = ()
    refused: tuple[NotTaken, ...] = ()
    unmatched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    no_change: bool = False
    positional: bool = False
    is_report: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to ask but the period and the unit."""
        return not (self.missing or self.ambiguous or self.refused or self.unmatched)


def parse_report(text: str, form: Form, *, today: date, last_opened_period: Period | None = None) -> ReportText:
    """What `text` reports on `form`; any text is taken, and what is not understood is handed back as unmatched.

    `last_opened_period` gives a month without a year its year (the latest one opened); without it the form's own
    calendar on the local day `today` does.
    """
    if last_opened_period is None and form.calendar is not None:
        last_opened_period = last_opened(form, today)
    return _Reader(text[:LONGEST_TEXT], form, today, last_opened_period).read()


def is_report(text: str, form: Form | None = None) -> bool:
    """Whether `text` hands in figures (or says that nothing changed), rather than asks something."""
    reading = parse_report(text, form or get_form(MONTHLY_FORM), today=date(2026, 1, 1))
    return reading.is_report


# --- Words -----------------------------------------------------------------------------------------------------------

_FILLERS: Final = frozenset(
    """la co gom duoc dat hien tai nay con ca toan tong so luong nguoi ng trong thang ky cuoi den tinh het luc thoi diem do da dang vang thi cua cho va voi
    a ah nhe nha em anh chi minh toi ben don vi xin gui nop bao cao bc kinh lan so lieu dong chi ban ban ban them muc dong ghi nhan o duoi day nhu sau vay luon
    co so chi tiet hang moi nam bieu thuc te ra roi nua day ne ve viec thay mat ket qua tu van cung cu the ro rang chung tong cong la bang vao hang thang duoc la
    can hien nay ngay trong ky luy ke chinh thuc tam suat vi ten stt tt dvt noi dung don gia tri ghi chu gi nao la sl
    khoang tam gan hon tren duoi chung xap xi uoc it nhat toi thieu ad admin bot ok oke chao sep thua dong kinh gui tinh hinh trong do trong so bao gom""".split()
)
_REPORT_WORD = re.compile(r"\b(?:bao cao|bcao|bc|b cao|nop|gui|so lieu|sl|cap nhat|bao|bcs|bc thang|dang ky so lieu|gui so)\b")
_STARTS_REPORT = re.compile(r"^\W*(?:(?:em|da|xin|toi|minh|ben em|chao \w+|kinh)\W+)*(?:bao cao|bc|bcao|nop bao cao|nop bc|gui bao cao|gui bc|xin bao cao|nop so lieu|gui so lieu|so lieu)\b")
_ASKS = re.compile(
    r"\b(?:bao nhieu|the nao|nhu nao|ra sao|la gi|khi nao|bao gio|o dau|cho (?:em |toi |minh |chi |anh )?hoi|xin hoi|muon hoi|hoi (?:ve|chut|ti)|dung (?:khong|ko|k|chua)|phai (?:khong|ko|k)|"
    r"duoc (?:khong|ko|k|chua)|co phai|tai sao|vi sao|lam sao|don vi nao|ai chua|ai nop|nhung don vi|huong dan|cach (?:tinh|bao cao|nop|nhap)|han (?:nop|bao cao|cuoi|chot)|"
    r"nop chua|gui chua|bao cao chua|den han chua|chua vay|la sao|nghia la|giai thich|ngay nao|thang nao|nam nao|muc nao|dau roi|ty le|xem (?:lai )?(?:bao cao|so lieu)|tra cuu)\b"
)  # fmt: skip
_PLANS = re.compile(
    r"\b(?:chi tieu|phan dau|ke hoach|nghi quyet|muc tieu|chuong trinh|nhiem ky|den nam|giai doan|thoa uoc|doi thoai|hoi nghi|doanh nghiep (?:co |tu )?\d+|dn (?:co |tu )?\d+|thanh lap|quy dinh|luat|dieu le|bieu mau)\b"
)
_ENDS_ASKING = re.compile(r"(?:\?|\bchua(?: a| vay| nhi| ta| em| anh| chi)?)\W*$")
_FOREIGN: Final = tuple(
    tuple(phrase.split())
    for phrase in (
        "nu", "la nu", "nu gioi", "phu nu", "dang vien", "cdcs", "to cong doan", "cong doan bo phan", "ban nu cong", "dau ky", "dau thang", "ky truoc", "thang truoc", "so voi thang truoc",
        "so voi ky truoc", "hon thang truoc", "hon ky truoc", "nam truoc", "cung ky", "ty le", "dat ty le", "kinh phi", "doan phi", "kinh phi cong doan", "doan phi cong doan", "nuoc ngoai",
        "thoi vu", "hop dong", "tuoi", "dan toc", "chi hoi", "thu viec", "doan thanh nien", "thanh nien", "nguoi nuoc ngoai", "dien thoai", "sdt", "so dien thoai", "ma so", "ma don vi",
        "thoa uoc", "doi thoai", "hoi nghi", "sang kien", "hoc sinh", "sinh vien", "chua vao cong doan", "chua la doan vien", "chua gia nhap", "chua gia nhap cong doan", "can bo cong doan",
        "uu tu", "chuc danh", "tam hoan", "nghi thai san", "thai san", "nghi khong luong", "nghi om", "nghi phep", "vao dang", "ket nap dang", "ket nap vao dang", "cho dang", "the doan vien", "the", "moi tuyen",
        "tuyen moi", "tuyen dung", "tuyen dung moi", "tuyen them", "lao dong moi", "cong nhan moi", "nhan vien moi", "du kien", "thang sau", "ky sau", "ke hoach", "chi tieu", "muc tieu", "luong",
    )
)  # fmt: skip
_GENDERED = re.compile(r"\bnam\b(?=\s*[:=]?\s*[0-9])")
_UNIT_START = re.compile(
    r"\b(?:don vi\s*:|ten don vi\s*:?|cdcs|cd co so|cong doan co so|cong ty|cty|c ty|ct tnhh|tong cong ty|tct|truong|thpt|thcs|tieu hoc|mam non|mau giao|benh vien|bv|tram y te|nha may|xi nghiep|xn|"
    r"ngan hang|chi nhanh|htx|hop tac xa|trung tam|ubnd|nghiep doan|kho bac|chi cuc|khach san|tap doan|doanh nghiep|cua hang|cang|cong doan (?!vien|co so)|cd (?=\w))"
)

_MONTH_WORDS: Final = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_DATES = (
    re.compile(r"\bngay\s*\d{1,2}\s*(?:/|-|\.|thang)\s*\d{1,2}(?:\s*(?:/|-|\.|nam)\s*\d{2,4})?\b"),
    re.compile(r"\b\d{1,2}([/.-])\d{1,2}\1(?:20)?\d\d\b"),
    re.compile(r"\b(?:ngay|hom|mung)\s*\d{1,2}\b"),
    re.compile(r"\b(?:den|den ngay|tinh den|het|den het|truoc)\s+\d{1,2}/\d{1,2}\b"),
    re.compile(r"\b\d{1,2}\s*(?:h|gio|g)\s*\d{0,2}\b(?!\s*\d)"),
    re.compile(r"(?<![\d.,])(?:\+84|0)\d{1,3}[ .]?\d{3}[ .]?\d{2,4}[ .]?\d{0,3}(?!\d)"),
)
_PERIOD_MONTH = re.compile(
    r"\b(?:(?:thang|thg)\s*\.?\s*|th\.?|t\.?)(?P<month>1[0-2]|0?[1-9])(?!\d|[.,]\d{3}(?!\d))"
    r"(?:\s*(?:/|nam|n\b)\s*(?P<year>20\d\d|2\d(?!\d))|[.-](?P<tight>20\d\d|2\d(?!\d))|\s*-\s*(?P<spaced>20\d\d)|\s+(?P<bare>20[2-3]\d)(?=\s*(?:[:,;.\n|-]|$)))?"
    r"(?P<relative>\s+nam\s+(?:nay|ngoai|truoc|roi))?"
)
_PERIOD_NUMERIC = re.compile(r"(?<![\d/.,-])(?:(?P<month>0?[1-9]|1[0-2])[/.-](?P<year>20\d\d)|(?P<year2>20\d\d)[-/](?P<month2>0[1-9]|1[0-2]))(?![\d/-]|[.,]\d)")
_PERIOD_WORD = re.compile(r"\bthang\s+(?P<word>muoi mot|muoi hai|muoi|gieng|chap|mot|hai|ba|tu|nam|sau|bay|tam|chin)\b(?!\s+(?:nguoi|doan|dv|muoi|tram))(?:\s*(?:/|nam)?\s*(?P<year>20\d\d))?")
_PERIOD_BEFORE = re.compile(r"\b(?:thang|ky)\s+(?:truoc|vua roi|vua qua|roi|qua)\b")
_PERIOD_THIS = re.compile(r"\b(?:thang nay|thang hien tai)\b")
_OTHER_PERIODS = re.compile(r"\b(?:quy\s*(?:[1-4]|iv|iii|ii|i)\b(?:\s*(?:/|nam)?\s*20\d\d)?|(?:6|sau|3|9) thang(?: (?:dau|cuoi) nam)?(?:\s*(?:/|nam)?\s*20\d\d)?|nam\s*20\d\d|ca nam)\b")
_REPORTED_BEFORE = re.compile(r"(?:^|\b(?:bao cao|bc|bcao|nop|gui|so lieu|ky|cua|bu|cho|la))\W*$")

_NOT = r"(?:khong|ko|kg|khg|hong|hok|khong he|k)"
_NO_MOVEMENT = re.compile(
    rf"\b{_NOT}\s+(?:co\s+|he\s+|thay\s+|phat sinh\s+|xay ra\s+)*(?:su\s+|gi\s+|bat ky\s+)*(?:bien dong|tang(?:\s*/\s*|\s+(?:hay |hoac |va |cung )?)giam(?!\W{{0,3}}\d)|phat sinh(?!\s+(?:tang|giam))|bien doi)(?:\s+(?:gi|nao|ca|them|tang giam|doan vien|dv|ve|so luong|thanh vien))*\b"
    rf"|\b{_NOT}\s+(?:co\s+)?(?:tang|them|ai vao|vao)(?:\s+ai)?\W{{0,3}}(?:va |ma |cung |cung nhu )*{_NOT}\s+(?:co\s+)?(?:giam|bot|ai ra|ra)(?:\s+ai)?\b"
    rf"|\b{_NOT}\s+(?:co\s+)?(?:giam|bot)\W{{0,3}}(?:va |ma |cung )*{_NOT}\s+(?:co\s+)?(?:tang|them)\b|\b{_NOT}\s+co\s+(?:ai\s+)?(?:vao ra|ra vao)\b|\b{_NOT}\s+ai\s+(?:vao ra|ra vao|vao\W+(?:ai\s+)?ra)\b"
)
_AS_BEFORE = re.compile(
    rf"\b(?:(?:van |giu |la |thi |y )*(?:nhu|giong|giong nhu|bang|y|y nhu|y het|y chang|tuong tu|giu nguyen nhu|{_NOT} khac(?: gi)?(?: so voi)?)\s+(?:so lieu\s+|bao cao\s+)?(?:cua\s+)?(?:thang|ky|lan|dot|bao cao)\s+(?:truoc|roi|vua roi|vua qua|qua)"
    rf"|{_NOT}\s+(?:co\s+)?(?:gi\s+)?(?:thay doi|doi|doi gi|gi thay doi)(?:\s+(?:gi|nao|ca|so voi (?:thang|ky) truoc|so voi truoc|so thang truoc))*|giu nguyen(?:\s+so (?:lieu|luong))?(?:\s+so voi (?:thang|ky) truoc)?|(?:van )?nhu cu|van vay|van the|nhu truoc)\b"
)
_ZERO = re.compile(rf"(?<![\w]){_NOT}(?:\s+(?:co|ai|nguoi nao|doan vien nao|dv nao|truong hop nao|truong hop|dong chi nao|phat sinh|ghi nhan|bi|he|them ai))*(?!\w)")
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[+-](?=\d))?(?P<digits>\d{1,3}(?:([ '])\d{3})(?:\3\d{3})*(?![\d]|[.,]\d|\s*(?:k|tr)\b)|\d+(?:[.,]\d+)*)(?!\d)"
    r"(?P<scale>\s?(?:trieu|tr|nghin|ngan|ty|ti|k|tram|chuc)(?:\s?ruoi|\s?\d{1,3}(?!\d|[.,/]\d))?(?![a-z0-9])(?:\s(?:tram|chuc|muoi)(?![a-z0-9]))*)?(?P<percent>\s*(?:%|phan tram))?"
)
_SPELLED = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})(?:\s+(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}))*(?!\w)")
_AROUND = re.compile(r"(?:\b(?:khoang|tam|gan|hon|tren|duoi|chung|xap xi|uoc|uoc chung|it nhat|toi thieu|tu)\s*|[~≈<>≥≤]=?\s*)$")
_NUMBERING = re.compile(r"^[ \t]*(?:[-+*•–▪►✓>·o]\s+)?(?P<no>\d{1,2}(?:\.\d{1,2})*)(?P<mark>\s*[.)\]|/:-]\s*\|?\s*|\s*\|\s*|\s+)(?=\S)")
_LETTERED = re.compile(r"^[ \t]*(?:[-+*•▪►✓>·]+\s*)?(?:[a-eivx]{1,4}[.)]|[-+*•▪►✓>·]+(?=\s|[a-z]))\s*")
_INLINE_NO = re.compile(r"(?<![\w.,/])(\d{1,2})(\)|\.(?=\s?[a-z]))\s*(?=[a-z])")


@dataclass(frozen=True)
class _Item:
    """A label or a number in the text, in the order of appearance.

    `keys` are the indicators a label may name (none: something else that is counted); a number has none. `total` marks
    "tổng" alone, `zero` a "không", `parts` what a joined label was made of.
    """

    start: int
    end: int
    is_label: bool
    keys: tuple[str, ...] = ()
    total: bool = False
    zero: bool = False
    sign: str = ""
    raw: str = ""
    words: tuple[str, ...] = ()
    around: bool = False
    parts: tuple[_Item, ...] = ()


@dataclass(frozen=True)
class _Pair:
    label: _Item
    number: _Item
    alternatives: tuple[_Item, ...] = ()
    zipped: bool = False


@dataclass
class _Lexicon:
    """The words a form is filled in with."""

    labels: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    squeezed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    longest: int = 1
    spoken: tuple[tuple[tuple[str, ...], str], ...] = ()


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", fold(tidy(text))))


@lru_cache(maxsize=8)
def _lexicon(form: Form) -> _Lexicon:
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for row in form.indicators:
        if row.heading:
            continue
        for alias in (row.name, row.short, *row.aliases):
            words = _syllables(alias)
            for shape in {words, words[2:] if words[:2] == ("tong", "so") else words, words[1:] if words[:1] == ("so",) else words}:
                if shape:
                    found.setdefault(shape, {})[row.key] = None
    labels = {words: tuple(keys) for words, keys in found.items()}
    squeezed = {"".join(words): keys for words, keys in labels.items() if len(words) > 1 and len("".join(words)) >= 6}
    spoken = tuple((words, " ".join(words)) for words in labels if len(words) > 1 and len("".join(words)) >= 7)
    return _Lexicon(labels, squeezed, frozenset(w for words in labels for w in words), max(map(len, labels), default=1), spoken)


# --- Reading ---------------------------------------------------------------------------------------------------------

_KNOWN_WORDS = frozenset("thang quy nam khong bien dong bao cao nhu truoc giu nguyen thay doi tang giam so lieu tong nghin trieu muoi tram".split())


class _Reader:
    """One message being read; `norm` is its folded text, `marks` says which of its characters are already explained."""

    def __init__(self, text: str, form: Form, today: date, last: Period | None) -> None:
        self.form, self.today, self.last = form, today, last
        self.lexicon = _lexicon(form)
        self.by_key = {row.key: row for row in form.indicators}
        self.children = {row.key: row.parent for row in form.indicators if row.parent is not None}
        self.original = self._unstuck(_clean(text))
        self.norm, self._at = self._normalise(self.original)
        self.marks = bytearray(len(self.norm))
        self.numbered: dict[int, str] = {}
        self.unmatched: list[str] = []

    # Text

    def _normalise(self, text: str) -> tuple[str, list[int]]:
        """The folded text with keys decoded and slips mended, and for each of its characters the place in `text`."""
        out: list[str] = []
        places: list[int] = []
        for match in re.finditer(r"[^\W\d_][^\W_]*|.|\n", text):
            word = self._mend(match[0]) if match[0][0].isalpha() else fold(match[0])
            out.append(word)
            size = match.end() - match.start()
            places.extend(match.start() + min(i, size - 1) for i in range(len(word)))
        return "".join(out), [*places, len(text)]

    def _unstuck(self, text: str) -> str:
        """Figures parted from the names they are stuck to ("đv1250"), where the digits are no VNI keys."""

        def part(match: re.Match[str]) -> str:
            letters, digits = match[1], match[2]
            name = fold(letters)
            if name not in self.lexicon.words or name in {"t", "th"}:
                return match[0]
            keys = len(digits) == 1 and letters.isascii() and decode_vni(match[0]) is not None
            led = re.match(r"\s*[:=]?\s*\d", text[match.end() :])
            return match[0] if keys and ((name,) not in self.lexicon.labels or led) else f"{letters} {digits}"

        return re.sub(r"(?<![\w])([^\W\d_]+)(\d[\d.,]*)(?=\D|$)(?![^\W_])", part, text)

    def _mend(self, word: str) -> str:
        folded = fold(word)
        if folded in self.lexicon.words or folded in _KNOWN_WORDS or folded in _FILLERS:
            return folded
        if word.isascii():
            decoded = decode_telex(word) or decode_vni(word)
            if decoded is not None and (fold(decoded) in self.lexicon.words or fold(decoded) in _KNOWN_WORDS | _FILLERS | NUMBER_WORDS):
                return fold(decoded)
        if folded in self.lexicon.squeezed:
            return " ".join(next(words for words in self.lexicon.labels if "".join(words) == folded))
        if len(folded) >= 4 and folded.isalpha():
            # A real syllable may be a name; only letters that changed places are surely a slip there.
            slips = (known for known in self.lexicon.words | _KNOWN_WORDS if len(known) >= 3 and OSA.distance(folded, known, score_cutoff=1) == 1)
            near = [known for known in slips if not is_syllable(folded) or (sorted(known) == sorted(folded) and word.isascii())]
            if near:
                return min(near, key=lambda known: (sorted(known) != sorted(folded), known[0] != folded[0], known))
        return folded

    def piece(self, start: int, end: int) -> str:
        """What was written between two places of `norm`."""
        return self.original[self._at[start] : self._at[end] if end < len(self.norm) else len(self.original)].strip(" \n,;.:|-")

    def claim(self, start: int, end: int) -> None:
        """Mark a stretch as explained."""
        self.marks[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing in a stretch is explained yet."""
        return not any(self.marks[start:end])

    # Steps

    def read(self) -> ReportText:
        """The whole message, step by step."""
        for pattern in _DATES:
            for match in pattern.finditer(self.norm):
                if self.free(*match.span()):
                    self.claim(*match.span())
        no_change, as_before = self._unchanged()
        self._numbering()
        table_periods = self._table_columns()
        periods, other_period = self._periods()
        periods = [*table_periods, *periods]
        labels = self._labels()
        unit, labels = self._unit(labels)
        labels = self._without_header(labels)
        numbers = self._numbers(labels)
        items = sorted([*labels, *numbers], key=lambda item: item.start)
        outcome = _Outcome(self, as_before)
        positional = outcome.take_positional(items)
        if not positional:
            outcome.take(items)
        if no_change or (outcome.whole_as_before and not outcome.values and not outcome.ambiguous):
            no_change = outcome.take_no_change()
        if other_period:
            self.unmatched.extend(other_period)
        values = outcome.values
        kept = tuple(key for key in outcome.kept if key not in values)
        distinct = tuple(dict.fromkeys(periods))
        reading = ReportText(
            period=distinct[0] if len(distinct) == 1 else None,
            period_choices=distinct if len(distinct) > 1 else (),
            unit_hint=unit,
            values={row.key: values[row.key] for row in self.form.indicators if row.key in values},
            ambiguous=tuple(outcome.ambiguous),
            refused=tuple(outcome.refused),
            unmatched=tuple(dict.fromkeys(self.unmatched)),
            missing=tuple(key for key in self.form.missing(values) if key not in kept),
            kept=kept,
            no_change=no_change,
            positional=positional,
        )
        return msgspec.structs.replace(reading, is_report=self._hands_in(reading, bool(periods or other_period), outcome.asks_at_end))

    def _unchanged(self) -> tuple[bool, list[tuple[int, int]]]:
        """Whether the message says that nothing moved, and where it says "as before"."""
        moved = False
        for match in _NO_MOVEMENT.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                moved = True
        before = []
        for match in _AS_BEFORE.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                before.append(match.span())
        return moved, before

    def _numbering(self) -> None:
        """Claim list numbers; a number of the form's table with no label beside it becomes the label."""
        offset, rank = 0, 0
        for line in self.norm.split("\n"):
            lettered = _LETTERED.match(line)
            skip = lettered.end() if lettered and lettered.end() < len(line) else 0
            if skip:
                self.claim(offset, offset + skip)
            match = _NUMBERING.match(line[skip:])
            if match and self.free(offset + skip + match.start("no"), offset + skip + match.end("no")):
                rest = line[skip + match.end() :]
                start, end = offset + skip + match.start("no"), offset + skip + match.end("no")
                no, mark = match["no"], match["mark"].strip()
                named, figures = self._has_label(rest), bool(re.search(r"\d|\bkhong\b", rest))
                first = no.split(".")[0]
                known = self.form.numbered(first)
                in_order = no.isdigit() and int(no) == rank + 1
                firm = (mark in {".", ")", "]", "-", "/", ".|", ")|"} and (match["mark"] != "." or not rest[:1].isdigit())) or "|" in mark
                if named and figures and (firm or in_order or known):
                    self.claim(start, offset + skip + match.end())
                    rank += 1
                elif not named and figures and known and (firm or mark == ":") and "." not in no:
                    self.numbered[start] = known[0].key
                    rank += 1
                elif not named and figures and firm and in_order and mark not in {"-", "/"}:
                    self.claim(start, offset + skip + match.end())
                    rank += 1
            offset += len(line) + 1
        inline = [m for m in _INLINE_NO.finditer(self.norm) if self.free(*m.span(1))]
        if len(inline) > 1 and [int(m[1]) for m in inline] == list(range(1, len(inline) + 1)):
            for m in inline:
                self.claim(m.start(1), m.end(2))
        for m in re.finditer(r"\b(?:muc|chi tieu so|stt|dong)\s+(\d{1,2})\b", self.norm):
            known = self.form.numbered(m[1])
            if known and self.free(*m.span()):
                after = self.norm[m.end() : m.end() + 60].split("\n")[0]
                if self._has_label(after):
                    self.claim(*m.span())
                else:
                    self.claim(m.start(), m.start(1))
                    self.numbered[m.start(1)] = known[0].key

    def _table_columns(self) -> list[Period]:
        """Claim the columns of a table that hold no figure: a running number, the unit, the month (which is read)."""
        lines, offset, found = self.norm.split("\n"), 0, []
        for line, following in zip(lines, lines[1:], strict=False):
            heads, cells = line.split("|"), following.split("|")
            at = offset + len(line) + 1
            for head, cell in zip(heads, cells, strict=False):
                name = head.strip()
                if len(heads) == len(cells) > 2 and name in {"thang", "ky", "ky bao cao", "stt", "tt", "don vi", "ten don vi", "ma", "ma don vi"}:
                    month = re.fullmatch(r"\s*(1[0-2]|0?[1-9])(?:[/-](20\d\d))?\s*", cell)
                    if name in {"thang", "ky", "ky bao cao"} and month and self.form.period is PeriodKind.MONTH:
                        found.append(self._month(int(month[1]), month[2], ""))
                    self.claim(at, at + len(cell))
                at += len(cell) + 1
            offset += len(line) + 1
        return found

    def _has_label(self, text: str) -> bool:
        words = re.findall(r"[a-z0-9]+", text)
        return any(tuple(words[i : i + n]) in self.lexicon.labels for i in range(len(words)) for n in range(1, self.lexicon.longest + 1))

    def _periods(self) -> tuple[list[Period], list[str]]:
        """The months named, and pieces naming a period of another kind."""
        if self.form.period is not PeriodKind.MONTH:
            for match in (*_PERIOD_MONTH.finditer(self.norm), *_PERIOD_NUMERIC.finditer(self.norm), *_OTHER_PERIODS.finditer(self.norm)):
                self.claim(*match.span())
            return [], []
        found: list[Period] = []
        for match in _PERIOD_MONTH.finditer(self.norm):
            if not self.free(*match.span()):
                continue
            year = match["year"] or match["tight"] or match["spaced"] or match["bare"]
            if year is None and self._may_be_figure(match):
                continue
            found.append(self._month(int(match["month"]), year, match["relative"] or ""))
            self.claim(*match.span())
        for match in _PERIOD_NUMERIC.finditer(self.norm):
            year = match["year"] or match["year2"]
            if self.free(*match.span()) and self.today.year - 8 <= int(year) <= self.today.year + 1:
                found.append(self._month(int(match["month"] or match["month2"]), year, ""))
                self.claim(*match.span())
        for match in _PERIOD_WORD.finditer(self.norm):
            # "tháng sau" is next month unless it is written as the sixth.
            sixth = match["word"] != "sau" or "á" in self.original[self._at[match.start("word")] : self._at[match.end("word")]]
            if self.free(*match.span()) and sixth:
                found.append(self._month(_MONTH_WORDS[match["word"]], match["year"], ""))
                self.claim(*match.span())
        if not found:
            found.extend(self._relative_periods())
        other = []
        for match in _OTHER_PERIODS.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                if not (match[0].startswith("nam") and found):
                    other.append(self.piece(*match.span()))
        return found, other

    def _may_be_figure(self, match: re.Match[str]) -> bool:
        """Whether "trong tháng 12 đoàn viên mới" counts twelve members rather than naming December."""
        if not self.norm[: match.start()].rstrip().endswith("trong"):
            return False
        after = self.norm[match.end() :].lstrip(" ")
        if re.match(r"(?:nguoi|dong chi)\b", after) or any(other.start() != match.start() for other in _PERIOD_MONTH.finditer(self.norm)):
            return True
        return self._starts_label(after) and not re.match(r"[a-z ]+[:=]?\s*\d", after)

    def _starts_label(self, text: str) -> bool:
        words = re.findall(r"[a-z0-9]+", text)[: self.lexicon.longest]
        return words[:1] == ["nguoi"] or any(tuple(words[:n]) in self.lexicon.labels for n in range(1, len(words) + 1))

    def _relative_periods(self) -> Iterator[Period]:
        month = Period.month(self.today.year, self.today.month)
        this = next((m for m in _PERIOD_THIS.finditer(self.norm) if self.free(*m.span())), None)
        if this is not None:
            self.claim(*this.span())
            yield min(month, self.last) if self.last is not None else month
            return
        for match in _PERIOD_BEFORE.finditer(self.norm):
            if self.free(*match.span()) and _REPORTED_BEFORE.search(self.norm[: match.start()]):
                self.claim(*match.span())
                yield month.shifted(-1)
                return

    def _month(self, number: int, year: str | None, relative: str) -> Period:
        """The month meant; without a year the latest one opened."""
        if year is not None:
            return Period.month(int(year) if len(year) == 4 else 2000 + int(year), number)
        if relative:
            return Period.month(self.today.year - (0 if relative.endswith("nay") else 1), number)
        latest = self.last if self.last is not None else Period.month(self.today.year, self.today.month)
        return Period.month(latest.year if number <= latest.number else latest.year - 1, number)

    def _words(self) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), m[0]) for m in re.finditer(r"[a-z][a-z0-9]*", self.norm)]

    def _labels(self) -> list[_Item]:
        """Every label, the longest phrase at each place."""
        words = self._words()
        items = [_Item(at, at + len(re.match(r"\d+", self.norm[at:])[0]), True, (key,), words=("#",)) for at, key in self.numbered.items()]  # type: ignore[index]
        index = 0
        while index < len(words):
            step = self._label_at(words, index, items)
            index += max(step, 1)
        for match in _GENDERED.finditer(self.norm):
            if self.free(*match.span()) and not re.match(r"\s*20\d\d\b", self.norm[match.end() :]):
                items.append(_Item(*match.span(), True, words=("nam",)))
                self.claim(*match.span())
        items.sort(key=lambda item: item.start)
        for item in items:
            self.claim(item.start, item.end)
        return self._joined(items)

    def _label_at(self, words: list[tuple[int, int, str]], index: int, items: list[_Item]) -> int:
        start = words[index][0]
        if not self.free(start, words[index][1]):
            return 1
        run = [words[index]]
        for word in words[index + 1 : index + max(self.lexicon.longest, 6)]:
            between = self.norm[run[-1][1] : word[0]]
            # A comma may stand inside a long name ("công nhân, viên chức, lao động"), a slash or a dash inside any.
            if not re.fullmatch(r" ?[,/&().-]? ?", between) or not self.free(*word[:2]):
                break
            run.append(word)
        texts = tuple(word[2] for word in run)
        for size in range(len(run), 0, -1):
            phrase = texts[:size]
            keys = self.lexicon.labels.get(phrase)
            commas = "," in self.norm[start : run[size - 1][1]] or "(" in self.norm[start : run[size - 1][1]]
            if phrase in _FOREIGN and not commas:
                items.append(_Item(start, run[size - 1][1], True, words=phrase))
                return size
            if keys is not None and (not commas or size >= 4):
                items.append(_Item(start, run[size - 1][1], True, keys, words=phrase))
                return size
        for phrase in (("tong", "so"), ("tong", "cong"), ("tong",), ("con", "lai"), ("con",)):
            if texts[: len(phrase)] == phrase and not commas_in(self.norm[start : run[len(phrase) - 1][1]]):
                items.append(_Item(start, run[len(phrase) - 1][1], True, total=True, words=phrase))
                return len(phrase)
        for size in range(min(len(run), 6), 1, -1):
            joined = " ".join(texts[:size])
            if len(joined) < 7 or commas_in(self.norm[start : run[size - 1][1]]):
                continue
            near = [w for w, spoken in self.lexicon.spoken if len(w) == size and w[0][0] == joined[0] and OSA.distance(joined, spoken, score_cutoff=1) == 1]
            if len({self.lexicon.labels[w] for w in near}) == 1:
                items.append(_Item(start, run[size - 1][1], True, self.lexicon.labels[near[0]], words=near[0]))
                return size
        return 1

    def _joined(self, items: list[_Item]) -> list[_Item]:
        """Labels that lean on each other made one: "đoàn viên … được kết nạp mới", "nữ đoàn viên", "tổng số lao động"."""
        joined: list[_Item] = []
        for item in items:
            last = joined[-1] if joined else None
            if last is None or not self._close(last.end, item.start):
                joined.append(item)
            elif last.total:
                joined[-1] = item if item.keys else replace(item, start=last.start)
            elif item.total:
                if not last.keys:
                    joined.append(item)
            elif not last.keys or not item.keys:
                # Something else is counted: "nữ đoàn viên", "lao động nước ngoài", "lao động mới tuyển".
                joined[-1] = _Item(last.start, item.end, True, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item))
            elif self._apart(last, item):
                joined[-1] = _Item(last.start, item.end, True, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item))
            elif (keys := self._together(last, item)) is not None:
                joined[-1] = _Item(last.start, item.end, True, keys, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item))
            else:
                joined.append(item)
        return joined

    def _close(self, start: int, end: int) -> bool:
        """Whether nothing but blanks and small words stands between."""
        between = self.norm[start:end]
        return bool(re.fullmatch(r"[ ]*(?:(?:duoc|da|xin|bi|do|so|trong thang|trong ky|vua|moi|la|co|ky nay|thang nay|hien co|hien nay)[ ]*)*", between)) and self.free(start, end)

    def _together(self, first: _Item, second: _Item) -> tuple[str, ...] | None:
        """The keys two labels side by side name together: a sub-row and its parent name the sub-row."""
        if first.keys == second.keys:
            return first.keys
        for one, other in ((first, second), (second, first)):
            parents = {self.children.get(key) for key in one.keys}
            if len(one.keys) == 1 and parents & set(other.keys):
                return one.keys
        return None

    def _apart(self, first: _Item, second: _Item) -> bool:
        """Whether the second says of another row's people what the form asks of members only: "lao động tăng 20"."""
        parents = {self.children.get(key) for key in second.keys}
        return (
            None not in parents
            and not parents & set(first.keys)
            and all(key not in self.children and not self.by_key[key].noun for key in first.keys)
            and self.form.no_change != ()
        )

    def _unit(self, labels: list[_Item]) -> tuple[str | None, list[_Item]]:
        """The name of the unit as written; labels and digits inside it are none."""
        for match in _UNIT_START.finditer(self.norm):
            inside = next((item for item in labels if item.start <= match.start() < item.end), None)
            if inside is not None and inside.keys:
                continue
            if inside is None and not self.free(match.start(), match.start() + 1):
                continue
            end = self._unit_end(match.start(), match.end(), labels)
            name = self.norm[match.start() : end]
            if len(name.split()) < 2 or re.fullmatch(r"(?:don vi|cong ty|truong|cdcs)\W*(?:em|minh|toi|chung toi|co|la|hien|minh co|bao cao|gui|nop|xin)?\W*(?:bao cao|co)?", name.strip()):
                continue
            self.claim(match.start(), end)
            rest = [item for item in labels if not (match.start() <= item.start < end)]
            hint = self.piece(match.start(), end)
            return re.sub(r"^(?:tên )?đơn vị\s*:?\s*", "", hint, flags=re.IGNORECASE), rest
        return None, labels

    def _unit_end(self, start: int, begun: int, labels: list[_Item]) -> int:
        stop = re.search(r"[,:;\n(|]| - |\.\s|$", self.norm[begun:])
        end = begun + (stop.start() if stop else 0)
        claimed = next((i for i in range(begun, end) if self.marks[i] and not any(item.start <= i < item.end for item in labels)), end)
        end = min(end, claimed)
        for item in labels:
            if not begun <= item.start < end:
                continue
            after = re.match(r"[\s:=]*(?:(?:la|co|hien co|hien)\s+)*[+-]?\d|\s*[:=]", self.norm[item.end :])
            before = re.search(r"(?:^|[^\w.,])(?P<n>\d[\d.,]*)\s*(?:nguoi\s+)?$", self.norm[begun : item.start])
            if after or (before is None and item.keys and not item.total and item.words[-1:] not in {("trien",), ("su",), ("moi",), ("vao",), ("ra",)}):
                return item.start
            if before is not None:
                return begun + before.start("n")
        word = re.search(r"\b(?:bao cao|bc|gui|nop|xin|co)\b", self.norm[begun:end])
        return begun + word.start() if word else end

    def _without_header(self, labels: list[_Item]) -> list[_Item]:
        """Labels of a heading ("Báo cáo biến động đoàn viên tháng 10:") name no figure."""
        first = re.match(r"[^\n:]*", self.norm)
        end = first.end() if first else 0
        head = self.norm[:end]
        if not end or end >= len(self.norm) or not (_REPORT_WORD.search(head) or any(self.marks[i] for i in range(end) if head[i].isdigit())):
            return labels
        if any(c.isdigit() and not self.marks[i] for i, c in enumerate(head)):
            return labels
        in_head = [item for item in labels if item.end <= end]
        if self.norm[end] == ":" and in_head and not self.norm[in_head[-1].end : end].strip() and re.match(r"\s*[+-]?\d", self.norm[end + 1 :]):
            # "báo cáo tháng 10 cnvclđ: 1320": the last label is the one the colon belongs to, unless four figures follow.
            bare = re.match(r"\s*\d[\d., ]*(?:\s*[/;|-]\s*\d[\d., ]*){3}\s*$", self.norm[end + 1 :])
            if bare is None:
                return [in_head[-1], *(item for item in labels if item.end > end)]
        return [item for item in labels if item.end > end]

    def _numbers(self, labels: list[_Item]) -> list[_Item]:
        """Every figure that is not part of something else."""
        numbers: list[_Item] = []
        signs = bool(re.search(r"\d\s*\+\s+\d+\s*-\s+\d", self.norm))
        for match in _NUMBER.finditer(self.norm):
            start = match.start("digits")
            if not self.free(start, match.end()):
                continue
            after = self.norm[match.end() :]
            if re.match(r"\s*(?:thang|nam|ngay|tuoi|gio|quy|lan|ca)\b(?! (?:doan|nguoi))", after) and not match["percent"]:
                self.claim(*match.span())
                continue
            sign = match["sign"] or ""
            if signs and (spaced := re.search(r"([+-])\s+$", self.norm[:start])):
                sign = spaced[1]
            for begin, end in self._split(match):
                numbers.append(
                    _Item(begin, end, False, sign=sign, raw=self.norm[begin:end], around=bool(_AROUND.search(self.norm[:start])))
                )
            self.claim(match.start(), match.end())
        for match in _ZERO.finditer(self.norm):
            if self.free(*match.span()):
                numbers.append(_Item(*match.span(), False, zero=True, raw="0"))
                self.claim(*match.span())
        numbers.extend(self._spelled(labels))
        return numbers

    def _split(self, match: re.Match[str]) -> list[tuple[int, int]]:
        """One number, or several that only commas keep apart ("1.320,1.250,12,3")."""
        digits, start = match["digits"], match.start("digits")
        whole = [(start, match.end())]
        if match["scale"] or match["percent"] or digits.count(",") + digits.count(".") < 2:
            return whole
        if re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:[.,]\d+)?", digits) and not re.fullmatch(r"\d+(?:\.\d{3})*(?:,\d+(?:\.\d{3})*){2,}", digits):
            return whole
        return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^,]+", digits)]

    def _spelled(self, labels: list[_Item]) -> Iterator[_Item]:
        """Numbers in words, where they stand right beside a label."""
        ends = {item.end for item in labels}
        starts = {item.start for item in labels}
        for match in _SPELLED.finditer(self.norm):
            if not self.free(*match.span()) or re.match(r"\s*\d", self.norm[match.end() :]):
                continue
            before = re.search(r"(?:\s*(?:[:=]|la|co|them|duoc|hien co))*\s*$", self.norm[: match.start()])
            after = re.match(r"\s*(?:(?:nguoi|dong chi)\s+)?", self.norm[match.end() :])
            beside = (before is not None and before.start() in ends) or (after is not None and match.end() + after.end() in starts)
            if beside and isinstance(parse_count(match[0]), Parsed | Unclear):
                yield _Item(*match.span(), False, raw=match[0])
                self.claim(*match.span())

    def _hands_in(self, reading: ReportText, period: bool, asks_at_end: bool) -> bool:
        """Whether the message reports rather than asks."""
        keys = set(reading.values) | {r.key for u in reading.ambiguous for r in u.readings} | {n.key for n in reading.refused}
        given = len(keys) if not reading.no_change else len(keys - set(self.form.no_change))
        whole = not self.form.missing(reading.values)
        asks = bool(_ASKS.search(self.norm)) or "mấy" in self.original.lower() or asks_at_end or bool(_ENDS_ASKING.search(self.norm))
        if whole and given >= len(self.form.asked) and len(self.form.asked) > 1:
            return not re.search(r"\b(?:bao nhieu|ty le)\b", self.norm)
        if asks or (_PLANS.search(self.norm) and given < 3):
            return False
        if reading.no_change or reading.positional:
            return True
        report = bool(_REPORT_WORD.search(self.norm))
        starts = bool(_STARTS_REPORT.match(self.norm))
        if given >= 2:
            return True
        if reading.kept:
            return True
        if given == 1:
            yearly = any(2015 <= value <= 2050 for value in reading.values.values()) and not starts
            return (report or period) and not yearly
        return starts and len(re.findall(r"\d+", " ".join(reading.unmatched))) >= 2


def commas_in(text: str) -> bool:
    """Whether a comma or a bracket stands in a stretch of text."""
    return "," in text or "(" in text


def _clean(text: str) -> str:
    """The message line by line, tidied, tabs shown as cell borders, ornaments and table rules gone."""
    short = re.sub(r"(?i)\b([bđdkcl])/([cvnđd])\b", lambda m: {"đ/c": "đồng chí", "d/c": "dong chi"}.get(m[0].lower(), m[1] + m[2]), unicodedata.normalize("NFC", text))
    lines = []
    for line in re.split(r"\r\n?|\n", short):
        tidied = tidy(line.replace("\t", " | "))
        plain = "".join(" " if c in "*`#_\"" or unicodedata.category(c) in {"So", "Sk"} else c for c in tidied)
        plain = re.sub(r" {2,}", " ", plain).strip().strip("|").strip()
        if plain and not re.fullmatch(r"[|:\-=+ ]+", plain):
            lines.append(plain)
    return "\n".join(lines)


# --- Pairing ---------------------------------------------------------------------------------------------------------

_SKIP_NUMBER, _SKIP_ZERO, _SKIP_LABEL, _MARGIN = 5.0, 1.5, 1.0, 0.75


@dataclass
class _Outcome:
    """What pairing labels and numbers came to."""

    reader: _Reader
    as_before: list[tuple[int, int]]
    values: dict[str, Decimal] = field(default_factory=dict)
    ambiguous: list[Unsure] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    asks_at_end: bool = False
    whole_as_before: bool = False

    def take_positional(self, items: list[_Item]) -> bool:
        """Take exactly as many bare numbers as the form asks for, in its order; only where no label says otherwise."""
        asked = [row for row in self.reader.form.asked if row.kind is FigureKind.COUNT]
        if any(item.is_label for item in items) or len(asked) != len(self.reader.form.asked) or len(asked) > 6:
            return False
        numbers = [item for item in items if not item.zero]
        for raws in self._bare_readings(numbers):
            signs = [item.sign for item in numbers] if len(numbers) == len(raws) else [""] * len(raws)
            if len(raws) != len(asked) or any(sign and sign != (row.sign or "-") for sign, row in zip(signs, asked, strict=True)):
                continue
            outcomes = [parse_count(raw) for raw in raws]
            if not all(isinstance(outcome, Parsed) for outcome in outcomes):
                continue
            figures = {row.key: outcome.value for row, outcome in zip(asked, outcomes, strict=True) if isinstance(outcome, Parsed)}
            if self._plausible(figures):
                self.values.update(figures)
                return True
        return False

    def _bare_readings(self, numbers: list[_Item]) -> Iterator[list[str]]:
        apart = [part for item in numbers for part in item.raw.split(" ")]
        yield [item.raw for item in numbers]
        yield apart
        if len(numbers) == 1:
            yield re.split(r"[, ]+", numbers[0].raw)

    def _plausible(self, figures: dict[str, Decimal]) -> bool:
        """Whether figures without names can stand in the order of the form: no bound of it broken."""
        from knowledge.forms.rules import check_report

        return not check_report(self.reader.form, figures, None)

    def take(self, items: list[_Item]) -> None:
        """Pair labels and numbers and read each pair."""
        items = [part for left, item in zip([None, *items], items, strict=False) for part in self._after_zero(left, item)]
        items = self._absorb(items)
        items = self._self_labelled(items)
        items, zipped = self._zip(items)
        pairs, lonely_numbers, lonely_labels = self._best(items)
        pairs = [*zipped, *pairs]
        pairs.sort(key=lambda pair: pair.number.start)
        connectors = self._all_dashed(pairs)
        found: dict[str, list[tuple[Decimal, _Pair]]] = {}
        for pair in pairs:
            self._read_pair(pair, connectors, found)
        self._keep(lonely_labels)
        self._settle(found)
        for number in lonely_numbers:
            if number.zero:
                tail = self.reader.norm[number.end :].strip(" ?!.a")
                self.asks_at_end = self.asks_at_end or not tail
            else:
                self.reader.unmatched.append(self._around(number))

    def take_no_change(self) -> bool:
        """Zero for what moved, unless the message gives a figure for it."""
        keys = [key for key in self.reader.form.no_change if self.reader.by_key[key].asked]
        moved = [key for key in keys if self.values.get(key)]
        if moved or any(r.key in keys for unsure in self.ambiguous for r in unsure.readings):
            self.ambiguous.extend(Unsure(self.reader.piece(0, len(self.reader.norm)), (Reading(key, self.values.pop(key)), Reading(key, Decimal(0))), Doubt.CONFLICT) for key in moved)
            return False
        self.values.update({key: Decimal(0) for key in keys})
        self._keep_totals()
        return True

    def _keep_totals(self) -> None:
        self.kept.extend(row.key for row in self.reader.form.asked if row.parent is None and row.key not in self.kept)

    def _keep(self, labels: list[_Item]) -> None:
        """Rows said to be as before; "as before" said of no row in particular says it of the whole report."""
        for start, end in self.as_before:
            owner = next((item for item in labels if item.keys and re.fullmatch(r"[\s:=,]*(?:(?:van|thi|la|hien)\s*)*", self.reader.norm[item.end : start] if item.end <= start else "x")), None)
            if owner is None:
                owner = next((item for item in labels if item.keys and item.start >= end and not self.reader.norm[end : item.start].strip()), None)
            if owner is not None and len(owner.keys) == 1:
                self.kept.append(owner.keys[0])
            elif owner is None:
                self.whole_as_before = True
                self._keep_totals()

    # Shapes

    def _gap(self, left: _Item, right: _Item) -> float:
        """How far apart two neighbours stand: 0 side by side, less for a colon, more for each thing between."""
        between = self.reader.norm[left.end : right.start]
        cost = 0.0
        if "\n" in between:
            cost += 3
        elif re.search(r"[;]|\.\s", between):
            cost += 2.5
        elif "," in between:
            cost += 2
        elif "|" in between:
            cost += 0.5
        elif re.search(r"[()]", between):
            cost += 1
        if re.search(r"\b(?:va|trong do|gom|bao gom|voi|con)\b", between):
            cost += 1
        if left.is_label and re.match(r"\s*(?:\([^()]*\)\s*)?[:=]", between):
            cost -= 1
        if left.total or right.total:
            cost += 1.2
        return cost + 1.5 * len(self._unknown(between))

    def _unknown(self, between: str) -> list[str]:
        """Words between that mean nothing here."""
        return [word for word in re.findall(r"[a-z][a-z0-9]*", between) if word not in _FILLERS]

    def _absorb(self, items: list[_Item]) -> list[_Item]:
        """Drop the name of what is counted after a sub-row's figure: "kết nạp 12 đoàn viên"."""
        kept: list[_Item] = []
        for index, item in enumerate(items):
            if item.is_label and len(kept) >= 2 and not kept[-1].is_label and kept[-2].is_label and len(item.keys) == 1:
                number, label = kept[-1], kept[-2]
                noun = self.reader.by_key[item.keys[0]].noun or item.keys == label.keys
                child = item.keys == label.keys or any(self.reader.children.get(key) == item.keys[0] for key in label.keys)
                follows = items[index + 1] if index + 1 < len(items) else None
                led = follows is not None and not follows.is_label and not follows.sign and self._gap(item, follows) < 1
                if noun and child and self._gap(number, item) == 0 and self._gap(label, number) < 1 and not led:
                    continue
            kept.append(item)
        return kept

    def _after_zero(self, left: _Item | None, item: _Item) -> list[_Item]:
        """ "Không tăng giảm 3" denies the increase only: the two words are two rows there."""
        if left is None or not left.zero or len(item.keys) != 1 or item.words != ("tang", "giam"):
            return [item]
        middle = self.reader.norm.index("giam", item.start)
        plus, minus = (split_term(term)[0] for term in self.reader.by_key[item.keys[0]].derived)
        return [replace(item, end=middle - 1, keys=(plus,)), replace(item, start=middle, keys=(minus,))]

    def _self_labelled(self, items: list[_Item]) -> list[_Item]:
        """Give "+12" and "-3" the row their sign stands for, unless the label beside them has it anyway."""
        by_sign = {row.sign: row.key for row in self.reader.form.indicators if row.sign}
        out: list[_Item] = []
        dashed = self._all_dashed_items(items)
        for index, item in enumerate(items):
            if item.is_label or not item.sign or item.sign not in by_sign or dashed:
                out.append(item)
                continue
            left = items[index - 1] if index else None
            right = items[index + 1] if index + 1 < len(items) else None
            beside = left if left is not None and left.is_label and self._gap(left, item) < 1 else None
            owned = beside is not None and any(self._is_moving(key) for key in beside.keys)
            to_right = right is not None and right.is_label and self._gap(item, right) == 0 and by_sign[item.sign] in right.keys
            alone = beside is not None and not owned and item.sign == "-" and not self._other_number(items, index, beside)
            if owned or to_right or alone:
                out.append(item)
            else:
                out.append(_Item(item.start, item.start, True, (by_sign[item.sign],), words=(item.sign,)))
                out.append(item)
        return out

    def _other_number(self, items: list[_Item], index: int, label: _Item) -> bool:
        """Whether the row of `label` has a figure of its own elsewhere, or another sign follows ("đv +12 -3")."""
        following = items[index + 1] if index + 1 < len(items) else None
        return (following is not None and bool(following.sign)) or any(
            item is not label and item.is_label and item.keys == label.keys for item in items
        )

    def _is_moving(self, key: str) -> bool:
        row = self.reader.by_key[key]
        return row.sign is not None or row.signed

    def _all_dashed_items(self, items: list[_Item]) -> bool:
        """Whether a dash stands before every figure after a label: a dash to link them, not a minus."""
        signs = [right.sign for left, right in zip(items, items[1:], strict=False) if left.is_label and not right.is_label]
        return len(signs) > 1 and all(sign == "-" for sign in signs)

    def _all_dashed(self, pairs: list[_Pair]) -> bool:
        return len(pairs) > 1 and all(pair.number.sign == "-" for pair in pairs)

    def _zip(self, items: list[_Item]) -> tuple[list[_Item], list[_Pair]]:
        """Take runs of labels followed by as many numbers (a table's head and row, "tăng/giảm: 12/3") pair by pair."""
        rest: list[_Item] = []
        pairs: list[_Pair] = []
        index = 0
        while index < len(items):
            labels = list(takewhile(lambda item: item.is_label, items[index:]))
            numbers = list(takewhile(lambda item: not item.is_label, items[index + len(labels) :]))
            end = index + len(labels) + len(numbers)
            if labels and numbers:
                taken = self._zipped(labels, numbers, items[end] if end < len(items) else None)
                if taken is not None:
                    pairs.extend(taken)
                    index = end
                    continue
                if len(labels) > 2 and len(numbers) > 2:
                    # A table's head over a row of another length: which figure is whose cannot be known.
                    self.reader.unmatched.extend(self._around(number) for number in numbers)
                    index = end
                    continue
            rest.extend(items[index:end] if labels or numbers else items[index : index + 1])
            index = max(end, index + 1)
        return rest, pairs

    def _zipped(self, labels: list[_Item], numbers: list[_Item], following: _Item | None) -> list[_Pair] | None:
        if following is not None and self._gap(numbers[-1], following) < 2:
            return None
        heads = [label for label in labels if not label.total or len(labels) == len(numbers)]
        if len(heads) < len(numbers):
            heads = [part for label in heads for part in (label.parts or (label,))]
        if len(heads) == 1 and len(numbers) == 2:
            heads = self._two_in_one(labels[0])
        if len(heads) < 2 or len(heads) != len(numbers) or any(n.zero for n in numbers[:1]):
            return None
        return [_Pair(label, number, zipped=True) for label, number in zip(heads, numbers, strict=True)]

    def _two_in_one(self, label: _Item) -> list[_Item]:
        """The two rows that "tăng/giảm" names when two figures follow it."""
        row = self.reader.by_key[label.keys[0]] if len(label.keys) == 1 else None
        if row is None or not row.derived or label.words[:2] != ("tang", "giam"):
            return [label]
        return [replace(label, keys=(split_term(term)[0],)) for term in row.derived]

    # Pairs

    def _best(self, items: list[_Item]) -> tuple[list[_Pair], list[_Item], list[_Item]]:
        """The cheapest pairing over all ways to take joined labels apart, and what it leaves over."""
        spots = [i for i, item in enumerate(items) if item.parts and item.keys][:6]
        best: tuple[float, list[_Item]] | None = None
        for choice in product((False, True), repeat=len(spots)):
            apart = {spot for spot, split in zip(spots, choice, strict=True) if split}
            variant = [part for i, item in enumerate(items) for part in (item.parts if i in apart else (item,))]
            cost = self._cheapest(variant, None)[0] + 0.1 * len(apart)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, variant)
        chosen = best[1] if best is not None else items
        cost, picks = self._cheapest(chosen, None)
        pairs, used = [], set()
        for at in picks:
            other_cost, other = self._cheapest(chosen, at)
            rivals: tuple[_Item, ...] = ()
            left, right = chosen[at], chosen[at + 1]
            label, number = (left, right) if left.is_label else (right, left)
            if other_cost - cost < _MARGIN:
                rivals = tuple(
                    chosen[spot + 1] if chosen[spot + 1].is_label else chosen[spot]
                    for spot in other
                    if number in (chosen[spot], chosen[spot + 1])
                ) or (label,)
            pairs.append(_Pair(label, number, rivals))
            used.update((at, at + 1))
        lonely = [item for i, item in enumerate(chosen) if i not in used]
        return pairs, [i for i in lonely if not i.is_label], [i for i in lonely if i.is_label]

    def _cheapest(self, items: list[_Item], forbidden: int | None) -> tuple[float, list[int]]:
        """The cheapest pairing of neighbours and the places of its pairs; `forbidden` is a place not to pair."""
        costs, picks = [0.0], [-1]
        # Who begins with a name goes on with "name, figure"; a message that begins with a figure may turn either way.
        turned = 0.5 if items and items[0].is_label else 0.0
        for i, item in enumerate(items):
            skip = costs[-1] + (_SKIP_LABEL * (not item.total) if item.is_label else _SKIP_ZERO if item.zero else _SKIP_NUMBER)
            pair = float("inf")
            if i and i - 1 != forbidden and items[i - 1].is_label != item.is_label:
                pair = costs[-2] + self._gap(items[i - 1], item) + turned * item.is_label
            costs.append(min(skip, pair))
            picks.append(i - 1 if pair < skip else -1)
        chosen, i = [], len(items)
        while i > 0:
            if picks[i] >= 0:
                chosen.append(picks[i])
                i -= 2
            else:
                i -= 1
        return costs[-1], chosen[::-1]

    # Values

    def _read_pair(self, pair: _Pair, connectors: bool, found: dict[str, list[tuple[Decimal, _Pair]]]) -> None:
        label, number = pair.label, pair.number
        piece = self._words_of(pair)
        if label.total:
            self._total(pair, piece)
            return
        if not label.keys:
            if not number.zero:
                self.reader.unmatched.append(piece)
            return
        unknown = [] if pair.zipped else self._unknown(self._between(pair))
        if len(label.keys) > 1 or pair.alternatives or unknown:
            keys = dict.fromkeys(key for item in (label, *pair.alternatives) for key in item.keys)
            readings = tuple(Reading(key, value) for key in keys for value in _readings(self._value(self.reader.by_key[key], number, connectors)))
            if readings:
                self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
            elif not number.zero:
                self.reader.unmatched.append(piece)
            return
        key = label.keys[0]
        row = self.reader.by_key[key]
        outcome = self._value(row, number, connectors, words=label.words)
        if number.sign == "-" and not connectors and not row.signed and row.sign != "-":
            other = next((r.key for r in self.reader.form.indicators if r.sign == "-"), None)
            readings = tuple(Reading(k, v) for k in (key, other) if k is not None for v in _readings(outcome))
            self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
            return
        match outcome:
            case Parsed(value) if number.around:
                self.ambiguous.append(Unsure(piece, (Reading(key, value),), Doubt.APPROXIMATE))
            case Parsed(value):
                found.setdefault(key, []).append((value, pair))
            case Unclear(readings=values):
                self.ambiguous.append(Unsure(piece, tuple(Reading(key, value) for value in values), Doubt.NUMBER))
            case Refused(reason=Reason.PERCENT):
                self.reader.unmatched.append(piece)
            case Refused(reason=reason):
                self.refused.append(NotTaken(piece, key, reason))

    def _value(self, row: Indicator, number: _Item, connectors: bool, words: tuple[str, ...] = ()) -> NumberOutcome:
        raw = number.raw
        if row.signed and number.sign == "-" and not connectors:
            raw = f"-{raw}"
        elif row.signed and "giam" in words and "tang" not in words:
            # "giảm thực tế 5" is a change of minus five.
            raw = f"-{raw}"
        match row.kind:
            case FigureKind.COUNT:
                return parse_count(raw, signed=row.signed)
            case FigureKind.MONEY:
                return parse_money(raw)
            case FigureKind.PERCENT:
                return parse_percent(raw)

    def _total(self, pair: _Pair, piece: str) -> None:
        """ "Tổng" of nothing named may be any of the form's own totals."""
        roots = [row for row in self.reader.form.asked if row.parent is None and row.kind is FigureKind.COUNT][:4]
        readings = tuple(Reading(row.key, value) for row in roots for value in _readings(parse_count(pair.number.raw)))
        if readings:
            self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
        else:
            self.reader.unmatched.append(piece)

    def _settle(self, found: dict[str, list[tuple[Decimal, _Pair]]]) -> None:
        """One figure a row: the same twice is one, a sum beside its parts is the sum, anything else is asked about."""
        self._net_beside_parts(found)
        for key, given in found.items():
            values = [value for value, _ in given]
            if len(set(values)) == 1:
                self.values[key] = values[0]
                continue
            largest = max(values)
            if len(values) > 2 and sum(values) == 2 * largest:
                self.values[key] = largest
                continue
            readings = dict.fromkeys(values)
            if self._is_moving(key):
                readings = dict.fromkeys([sum(values, Decimal(0)), *values])
            piece = "; ".join(self._words_of(pair) for _, pair in given)
            self.ambiguous.append(Unsure(piece, tuple(Reading(key, value) for value in readings), Doubt.CONFLICT))
        taken = set(self.values.values())
        for index, unsure in enumerate(self.ambiguous):
            # A total without a name that repeats a figure already taken says nothing new; one row left is put first.
            left = tuple(r for r in unsure.readings if r.key not in self.values) or unsure.readings
            if unsure.doubt is Doubt.PLACE:
                self.ambiguous[index] = msgspec.structs.replace(unsure, readings=left)
        self.ambiguous[:] = [u for u in self.ambiguous if not (u.doubt is Doubt.PLACE and all(r.key in self.values and r.value in taken for r in u.readings))]

    def _net_beside_parts(self, found: dict[str, list[tuple[Decimal, _Pair]]]) -> None:
        """ "Kết nạp 12, giảm 3, tăng 9": the increase is the net change where it is what the two others make."""
        for row in self.reader.form.indicators:
            terms = [split_term(term) for term in row.derived]
            if len(terms) != 2 or row.key in found:
                continue
            (plus, _), (minus, _) = terms
            gains, losses = found.get(plus, []), found.get(minus, [])
            if len(gains) != 2 or len(losses) != 1 or gains[0][0] == gains[1][0]:
                continue
            for net, gain in ((gains[0], gains[1]), (gains[1], gains[0])):
                if {"tang", "+"} & set(net[1].label.words) and "tang" not in gain[1].label.words and net[0] == gain[0] - losses[0][0]:
                    found[row.key], found[plus] = [net], [gain]
                    return

    # Words

    def _between(self, pair: _Pair) -> str:
        first, second = sorted((pair.label, pair.number), key=lambda item: item.start)
        text = self.reader.norm[first.end : second.start]
        return "" if "|" in text or "\n" in text else text

    def _words_of(self, pair: _Pair) -> str:
        return self._stretch((pair.label, pair.number))

    def _stretch(self, items: Iterable[_Item]) -> str:
        spots = [(item.start, item.end) for item in items]
        start, end = min(s for s, _ in spots), max(e for _, e in spots)
        if self.reader.norm[start:end].count("\n") > 1:
            return " ".join(self.reader.piece(s, e) for s, e in sorted(spots))
        return self.reader.piece(start, end).replace("\n", " ")

    def _around(self, number: _Item) -> str:
        """A number nobody claimed, with the words of its line that nobody claimed either."""
        norm = self.reader.norm
        left = re.search(r"(?:[a-z]+ ){0,3}$", norm[: number.start])
        start = left.start() if left and self.reader.free(left.start(), left.end()) else number.start
        right = re.match(r"(?: [a-z]+){0,3}", norm[number.end :])
        end = number.end + (right.end() if right and self.reader.free(number.end, number.end + right.end()) else 0)
        return self.reader.piece(start, end)


def _readings(outcome: NumberOutcome) -> tuple[Decimal, ...]:
    match outcome:
        case Parsed(value):
            return (value,)
        case Unclear(readings=values):
            return values
        case Refused(nearest=nearest):
            return () if nearest is None else (nearest,)
