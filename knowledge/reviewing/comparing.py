"""What a new plan changes against the one that it would replace: targets that are new, changed and gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model.plans import Plan, Target


@dataclass(frozen=True)
class Difference:
    """The targets of two plans held against each other; `changed` are pairs, the old one first."""

    new: tuple[Target, ...]
    changed: tuple[tuple[Target, Target], ...]
    gone: tuple[Target, ...]
    same: int


def compare(old: Plan, new: Plan) -> Difference:
    """Hold the targets of a plan against those of another: of one subject, the nearest in population and year.

    A target with the same figure for the same year is the same, however it is worded.
    """
    left = list(old.targets)
    added: list[Target] = []
    changed: list[tuple[Target, Target]] = []
    same = 0
    pending: list[Target] = []
    for target in new.targets:
        twin = next((each for each in left if _says(each) == _says(target)), None)
        if twin is None:
            pending.append(target)
        else:
            left.remove(twin)
            same += 1
    for target in pending:
        before = _nearest(target, left)
        if before is None:
            added.append(target)
        else:
            left.remove(before)
            changed.append((before, target))
    return Difference(tuple(added), tuple(changed), tuple(left), same)


def _says(target: Target) -> tuple[object, ...]:
    figure = (target.comparator, target.values, target.unit, target.horizon, target.each_year)
    return (target.indicator, frozenset(target.scopes), *figure)


def _nearest(target: Target, others: Sequence[Target]) -> Target | None:
    """Of the targets on the same subject the one with the most in common; None where there is none."""
    same = [other for other in others if other.indicator == target.indicator]

    def likeness(other: Target) -> tuple[bool, bool, bool]:
        same_scopes = frozenset(other.scopes) == frozenset(target.scopes)
        return same_scopes, other.horizon == target.horizon, other.unit == target.unit

    return max(same, key=likeness, default=None)
