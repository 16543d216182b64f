"""Sums and rules as people write them: "= 1 − 2", "2 ≤ 1", "3 = kỳ trước + 3.1", by the numbers of rows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.model.forms import RuleKind
from knowledge.text import fold, tidy

NUMBER: Final = r"\d{1,3}(?:\.\d{1,2}|[a-z])?"
"""A row's number: "46", "46.1", "46a"."""

_CHILDREN: Final = "children"
_BEFORE: Final = "before"
_SIGNS: Final = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "±": "+-", "＝": "=", ":": " "}
)
_TERM: Final = re.compile(rf"\s*(?P<sign>[+-]?)\s*(?P<row>{NUMBER}|{_BEFORE})\s*")
_RELATION: Final = re.compile(r"<=|>=|=<|=>|==|=")
_CHANGE: Final = re.compile(
    rf"(?P<row>{NUMBER}) \+- ?(?P<share>\d{{1,3}}(?:[.,]\d+)?) ?%(?: against)?(?: {_BEFORE})?(?: or (?P<by>\d{{1,9}}))?"
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of rows: signed numbers ("+1", "-2"); `has_before`: the figure of the period before is among them."""

    terms: tuple[str, ...]
    has_before: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A rule: what it compares, by numbers of rows."""

    kind: RuleKind
    left: str
    terms: tuple[str, ...] = ()
    share: Decimal | None = None
    tolerance: Decimal = Decimal(0)


def read_sum(text: str) -> Sum | str | None:
    """A sum that a row is worked out by: "= 1 − 2" → ("+1", "-2").

    `CHILDREN` where it is the sum of the sub-rows; None where it is no sum.
    """
    if WORDING.named_in("rules", text.lstrip("= ")) == _CHILDREN:
        return CHILDREN
    found = _read_terms(_plain(text).removeprefix("=").strip())
    return found if found is not None and not found.has_before else None


CHILDREN: Final = _CHILDREN
"""What `read_sum` says of a row that is the sum of its sub-rows."""


def read_relation(text: str, of: str = "") -> Relation | None:
    """A rule in words or signs; `of` is the row beside which it stands, which it need not name. None where it is none.

    "2 ≤ 1" and "1 ≥ 2": the figure of 2 is no larger; "3 = 1 − 2"; "3 = kỳ trước + 1": worked out from the period
    before; "1 ± 30 % hoặc 20": no more than so much away from the period before.
    """
    said = _plain(text)
    if (
        of
        and (not said[:1].isdigit() or _CHANGE.fullmatch(said) is None)
        and (_RELATION.match(said) or said[:2] == "+-")
    ):
        said = f"{of} {said}"
    change = _CHANGE.fullmatch(" ".join(said.split()))
    if change is not None:
        share = Decimal(change["share"].replace(",", ".")) / 100
        return Relation(RuleKind.PLAUSIBLE_CHANGE, change["row"], share=share, tolerance=Decimal(change["by"] or 0))
    sides = _RELATION.split(said)
    signs = _RELATION.findall(said)
    if len(sides) != 2:
        return None
    first, second = _read_terms(sides[0].strip()), _read_terms(sides[1].strip())
    if first is None or second is None:
        return None
    if signs[0] in {"<=", "=<"}:
        first, second = second, first
    if signs[0] in {"=", "=="}:
        return _equality(first, second)
    left = _single(first)
    if left is None or second.has_before:
        return None
    return Relation(RuleKind.UPPER_BOUND, left, second.terms)


def _equality(first: Sum, second: Sum) -> Relation | None:
    if _single(first) is None:
        first, second = second, first
    left = _single(first)
    if left is None or (second.has_before and not second.terms):
        return None
    return Relation(RuleKind.CARRY_OVER if second.has_before else RuleKind.EQUALITY, left, second.terms)


def _single(found: Sum) -> str | None:
    if len(found.terms) != 1 or found.has_before or found.terms[0].startswith("-"):
        return None
    return found.terms[0].lstrip("+")


def _read_terms(text: str) -> Sum | None:
    terms, at, has_before = [], 0, False
    while at < len(text):
        match = _TERM.match(text, at)
        if (
            match is None
            or (at and not match["sign"])
            or (match["row"] == _BEFORE and (has_before or match["sign"] == "-"))
        ):
            return None
        if match["row"] == _BEFORE:
            has_before = True
        else:
            terms.append(f"{match['sign'] or '+'}{match['row']}")
        at = match.end()
    return Sum(tuple(terms), has_before) if terms or has_before else None


def _plain(text: str) -> str:
    """An expression with signs for words: "mục 2 không lớn hơn mục 1" → "2 <= 1"."""
    said = f" {fold(tidy(text)).translate(_SIGNS)} "
    said = re.sub(r"(?<=\d),(?=\d)", ".", said)
    rules = WORDING.rules
    for words, sign in (
        (rules["change"], "+-"),
        (rules["at_most"], "<="),
        (rules["at_least"], ">="),
        (rules["equal"], "="),
        (rules["before"], _BEFORE),
        (rules["against"], "against"),
        (rules["or_by"], "or"),
        (rules["plus"], "+"),
        (rules["minus"], "-"),
        (rules["row"], ""),
    ):
        for word in sorted(map(plain, words), key=len, reverse=True):
            said = re.sub(rf"(?<![a-z]){re.escape(word)}(?![a-z])", f" {sign} ", said)
    said = re.sub(rf"({NUMBER})\s+{_BEFORE}", _BEFORE, said)  # "2 = 2 kỳ trước + 3"
    return " ".join(said.split())


def plain_number(text: str) -> str:
    """A text without marks whose numbers keep their point: "Tỉ lệ trên mục 46,1" → "ti le tren muc 46.1"."""
    return " ".join(
        plain(word)
        if not re.fullmatch(NUMBER, word.strip(",;").replace(",", "."))
        else word.strip(",;").replace(",", ".")
        for word in text.split()
    )
