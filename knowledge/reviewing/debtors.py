"""Which kinds of unit a deadline would bind, by whom the plan names; a proposal, since reminders follow from it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.units import UnitKind
from knowledge.text import fold


class _Bodies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phrases: tuple[str, ...]
    kinds: tuple[UnitKind, ...]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `debtors.toml`."""

    bodies: tuple[_Bodies, ...]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[UnitKind, ...]], ...]:
    data = read_toml(files("knowledge.reviewing") / "debtors.toml", _Data)
    every = [(fold(phrase), each.kinds) for each in data.bodies for phrase in each.phrases]
    longest_first = sorted(every, key=lambda each: -len(each[0]))
    return tuple((re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)"), kinds) for phrase, kinds in longest_first)


def find_debtors_named(who: str | None) -> tuple[UnitKind, ...]:
    """The kinds of unit that a plan names, in the order of their levels; none where it names others.

    Example: "Các công đoàn cấp trên trực tiếp cơ sở" are units right above the grassroots.
    """
    plain = fold(who or "")
    found: set[UnitKind] = set()
    for pattern, kinds in _patterns():
        rest = pattern.sub("\0", plain)
        if rest != plain:
            found.update(kinds)
        plain = rest
    return tuple(kind for kind in UnitKind if kind in found)
