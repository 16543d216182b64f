"""Names of days: said beside its own date a name changes nothing, beside another it contradicts.

Example: "8/3, ngày quốc tế phụ nữ" is the 8th of March; "5/3, ngày quốc tế phụ nữ" is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from knowledge.calendar.lists import NamedDay
from knowledge.calendar.signs import NAMED_DAY, UNKNOWN, Sign

_MARK: Final = "@"
_SHORT: Final = "~"
_MONTHS_OF: Final = frozenset({"/", "month", "-", "."})
# What may stand between a date and its name: "27/7 hằng năm, đúng ngày …".
_BETWEEN: Final = frozenset({",", "day", "each", "year", "lunar", "this", "-", ":"})
_MOST_BETWEEN: Final = 5


def signs_of_named_days(days: Iterable[NamedDay]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A sign for each name, which tells the dates (day/month) that are called so, with the name."""
    dates = defaultdict[str, list[str]](list)
    short = set[str]()
    for each in days:
        for name in (*each.names, *each.short):
            dates[name].append(f"{each.day}/{each.month}")
        short.update(each.short)
    for name, some in dates.items():
        yield f"{_MARK}{_SHORT if name in short else ''}{','.join(some)}", (name,)


def without_names_of_days(signs: Sequence[Sign]) -> list[Sign]:
    """The signs without names that stand beside their own date; the others as `NAMED_DAY`, short ones as unknown."""
    dropped = set[int]()
    for place, sign in enumerate(signs):
        if sign.sign.startswith(_MARK):
            dropped |= _with_what_joins(signs, place) if _is_beside_own(signs, place) else set()
    kept = (sign for place, sign in enumerate(signs) if place not in dropped)
    return [_left(sign) if sign.sign.startswith(_MARK) else sign for sign in kept]


def _left(sign: Sign) -> Sign:
    return replace(sign, sign=UNKNOWN if sign.sign.startswith(_MARK + _SHORT) else NAMED_DAY)


def _is_beside_own(signs: Sequence[Sign], place: int) -> bool:
    dates = {tuple(each.split("/")) for each in signs[place].sign.strip(_MARK + _SHORT).split(",")}
    before, behind = place - 1, place + 1
    while before >= 0 and place - before <= _MOST_BETWEEN and signs[before].sign in _BETWEEN:
        before -= 1
    if (before > 0 and signs[before].sign == "year") or _is_year(signs, before):
        before -= 2
    while behind < len(signs) and behind - place <= _MOST_BETWEEN and signs[behind].sign in _BETWEEN:
        behind += 1
    return _date_at(signs, before - 2) in dates or _date_at(signs, behind) in dates


def _is_year(signs: Sequence[Sign], at: int) -> bool:
    return at > 0 and len(signs[at].sign) == len("2026") and signs[at].figure


def _date_at(signs: Sequence[Sign], at: int) -> tuple[str, str] | None:
    """The day and month that begin there, as written."""
    if at < 0 or at + 2 >= len(signs) or signs[at + 1].sign not in _MONTHS_OF:
        return None
    return signs[at].sign, signs[at + 2].sign


def _with_what_joins(signs: Sequence[Sign], place: int) -> set[int]:
    """The places of a name and of what only leads to it: a comma, "ngày", "tết"."""
    first = place
    while first and signs[first - 1].sign in {"day", "lunar"}:
        first -= 1
    if first and signs[first - 1].sign == ",":
        first -= 1
    return set(range(first, place + 1))
