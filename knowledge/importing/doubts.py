"""What can only be seen over the whole plan: the same said twice, a heading that must have been lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from knowledge.importing.model import ReadTarget, WhyDoubted
from knowledge.importing.phrases import phrases
from knowledge.importing.shadow import shadow
from knowledge.model.plans import Comparator

_IDLE = frozenset(phrases("idle"))
_SHARED = 0.75
_MOST_COMPARED = 60
_SHORT_FORMS = tuple(tuple(pair.split("|")) for pair in phrases("short_forms"))
_CONTRASTS = frozenset(word for each in phrases("contrasts") for word in each.split())


def with_doubts(placed: Sequence[tuple[int, int, ReadTarget]], *, is_damaged: bool) -> tuple[ReadTarget, ...]:
    """The targets without plain repetitions; where one thing has two figures for one year, both are doubted.

    Where a heading with a year was lost, what stood under it repeats what stood before: from the first such figure on,
    every target under that heading is doubted.

    Args:
        placed: each target with the place of its paragraph and the line of the heading of time that governs it, or 0.
        is_damaged: whether the words of the document cannot be relied on, so that every target is doubted.
    """
    kept = list(_without_repetitions(placed))
    doubted: set[int] = set()
    lost: dict[int, int] = {}
    groups: dict[tuple[int, str | None, bool], list[int]] = {}
    for number, (_, context, target) in enumerate(kept):
        groups.setdefault((context, target.horizon, target.each_year), []).append(number)
    for (context, _, _), group in groups.items():
        for at, number in enumerate(group):
            place, _, target = kept[number]
            twice = [
                other
                for other in group[max(0, at - _MOST_COMPARED) : at]
                if _contradicts(target, kept[other][2], nearly=bool(context) and kept[other][0] != place)
            ]
            if twice:
                doubted.update((number, *twice))
                lost[context] = min(lost.get(context, place), place)
    if is_damaged:
        return tuple(with_doubt(target, WhyDoubted.LETTERS_DAMAGED) for _, _, target in kept)
    return tuple(
        with_doubt(target)
        if number in doubted or (context and place >= lost.get(context, place + 1) and target.value is not None)
        else target
        for number, (place, context, target) in enumerate(kept)
    )


def _without_repetitions(placed: Sequence[tuple[int, int, ReadTarget]]) -> Iterator[tuple[int, int, ReadTarget]]:
    seen: dict[tuple[object, ...], list[ReadTarget]] = {}
    for each in placed:
        target = each[2]
        same = seen.setdefault((target.value, target.value_max, target.horizon), [])
        if not any(_repeats(target, other) for other in same[-_MOST_COMPARED:]):
            same.append(target)
            yield each


def with_doubt(target: ReadTarget, why: WhyDoubted = WhyDoubted.SAID_TWICE) -> ReadTarget:
    """The target, doubted for this reason unless it is doubted already."""
    return target if target.doubt is not None else msgspec.structs.replace(target, doubt=why)


def _words(target: ReadTarget) -> frozenset[str]:
    folded = shadow(target.indicator)
    for full, short in _SHORT_FORMS:
        folded = folded.replace(full, short)
    return frozenset(re.findall(r"[a-z]+|\d+", folded)) - _IDLE


def _contradicts(one: ReadTarget, other: ReadTarget, *, nearly: bool) -> bool:
    """Whether two targets give one thing two figures; `nearly` also where its words differ a little."""
    if one.value is None or other.value is None or one.unit != other.unit or one.value == other.value:
        return False
    mine, theirs = _words(one), _words(other)
    if not nearly:
        return len(mine) > 3 and mine == theirs
    alike = len(mine & theirs) >= _SHARED * max(1, len(mine), len(theirs))
    return len(mine) > 1 and alike and not any(word in _CONTRASTS or word.isdigit() for word in mine ^ theirs)


def _repeats(one: ReadTarget, other: ReadTarget) -> bool:
    """Whether a target only says again what another said: the same figure of the same thing."""
    if one.value is None or (one.value, one.value_max, one.horizon) != (other.value, other.value_max, other.horizon):
        return False
    same_unit = one.unit == other.unit or (one.unit or "").partition("/")[0] == (other.unit or "").partition("/")[0]
    if not same_unit or (
        one.comparator is not other.comparator and Comparator.EXACTLY not in {one.comparator, other.comparator}
    ):
        return False
    mine, theirs = _words(one), _words(other)
    return (
        len(mine) > 2
        and min(len(mine & theirs) / max(1, len(mine)), len(mine & theirs) / max(1, len(theirs))) >= _SHARED
    )
