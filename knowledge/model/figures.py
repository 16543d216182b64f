"""The numbers that a plan's figure shows, read as Vietnamese writes them, to be held against what its target states.

A dot or a blank before three digits parts thousands, a comma parts decimals. Where plans write otherwise ("1,500
đoàn viên", "92.5%") both readings hold: it is what the target states that says which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from knowledge.model.words import BEFORE_YEARS, SIZES, SPELLED, TO

_GROUPS: Final = r"[1-9]\d{0,2}(?:(?P<mark>[. \u00a0\u202f])\d{3})(?:(?P=mark)\d{3})*(?:,\d+)?(?!\d)"
_NUMBER: Final = re.compile(
    rf"(?<![\w.,])(?:{_GROUPS}|\d+(?:[.,]\d+)*)(?:\s+(?P<size>{'|'.join(SIZES)})\b)?|\b(?P<spelled>{'|'.join(SPELLED)})\b",
    re.IGNORECASE,
)
_COMMA_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_SIZE_AT_HEAD: Final = re.compile(rf"\s*({'|'.join(SIZES)})\b", re.IGNORECASE)
_JOINT: Final = re.compile(rf"\s*(?:[-–—]|{'|'.join(TO)})\s*", re.IGNORECASE)
_YEAR_BEFORE: Final = re.compile(rf"(?:^|\W)(?:{'|'.join(BEFORE_YEARS)})\s+(?:\d{{4}}\s*[-–—]\s*)?$", re.IGNORECASE)
_YEAR: Final = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number in a figure: as it is written, what it may mean in the target's unit, whether it may mean nothing."""

    text: str
    readings: frozenset[Decimal]
    optional: bool


def find_shown(figure: str, unit: str | None = None) -> tuple[ShownNumber, ...]:
    """The numbers of a figure in their order, without those of its unit's base.

    Examples: "92,5% trở lên" shows 92.5; "1,5 triệu đoàn viên" in đoàn viên 1500000, in triệu đoàn viên 1.5; "dưới 4
    ca/100.000 lao động" in "ca/100.000 lao động" only 4.
    """
    each = size_of(unit)
    found = list(_NUMBER.finditer(figure))
    shown = []
    for place, match in enumerate(found):
        size = _size(match)
        if size is None and place + 1 < len(found):
            joined = _JOINT.fullmatch(figure, match.end(), found[place + 1].start())
            ahead = _size(found[place + 1]) if joined is not None else None
            readings = _readings(match) | ({value * ahead / each for value in _readings(match)} if ahead else set())
        else:
            readings = {value * size / each for value in _readings(match)} if size is not None else _readings(match)
        is_year = bool(_YEAR.fullmatch(match[0]) and _YEAR_BEFORE.search(figure, 0, match.start()))
        shown.append(ShownNumber(match[0], frozenset(readings), is_year or match["spelled"] is not None))
    for base in _NUMBER.finditer(unit or ""):
        values = _readings(base)
        last = next((at for at in range(len(shown) - 1, -1, -1) if _readings_of(shown[at]) & values), None)
        if last is not None:
            del shown[last]
    return tuple(shown)


def size_of(unit: str | None) -> Decimal:
    """What one of a unit is of what it counts: a million, of "triệu đồng/người/tháng"; 1 where no size is named."""
    head = _SIZE_AT_HEAD.match(unit or "")
    return Decimal(SIZES[head[1].lower()]) if head is not None else Decimal(1)


def shows(shown: Sequence[ShownNumber], stated: Sequence[Decimal]) -> bool:
    """Whether a figure shows just the numbers that a target states, in their order."""
    if not shown:
        return not stated
    first, rest = shown[0], shown[1:]
    if stated and stated[0] in first.readings and shows(rest, stated[1:]):
        return True
    return first.optional and shows(rest, stated)


def _size(match: re.Match[str]) -> Decimal | None:
    return Decimal(SIZES[match["size"].lower()]) if match["size"] else None


def _readings_of(shown: ShownNumber) -> frozenset[Decimal]:
    """The plain readings of a number, whatever stands behind it."""
    again = _NUMBER.match(shown.text)
    return frozenset(_readings(again)) if again is not None else frozenset()


def _readings(match: re.Match[str]) -> set[Decimal]:
    if match["spelled"]:
        return {Decimal(SPELLED[match["spelled"].lower()])}
    text = match[0][: match.start("size") - match.start()].rstrip() if match["size"] else match[0]
    if match["mark"]:
        return {Decimal(text.replace(match["mark"], "").replace(",", "."))}
    readings = {Decimal(text.replace(",", "."))} if len(re.findall(r"[.,]", text)) < 2 else set[Decimal]()
    if _COMMA_GROUPS.fullmatch(text):
        readings.add(Decimal(text.replace(",", "")))
    return readings
