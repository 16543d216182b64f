"""Amounts that belong to units one by one: "X, Y và Z lần lượt 10, 20, 30", "X, Y: 10, 20". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from knowledge.shares.found import SaidAmount, ScannedShares
from knowledge.shares.mentions import Mention

_FEWEST: Final = 2
_Placed = TypeVar("_Placed", Mention, SaidAmount)


def find_in_turn(of: ScannedShares, amounts: Sequence[SaidAmount]) -> list[tuple[Mention, SaidAmount]]:
    """Each unit of such a list with its amount; none where there are more of the ones than of the others."""
    found: list[tuple[Mention, SaidAmount]] = []
    lists = {run[0].start: run for run in _runs(of, amounts)}
    for units in _runs(of, of.mentions):
        start = units[-1].end
        turn = of.phrases.at(start, "in_turn")
        at = turn.end if turn is not None else start
        at += of.sign(at) in (":", "=")
        behind = lists.get(at, [])
        if at > start and len(units) == len(behind) >= _FEWEST:
            found += zip(units, behind, strict=True)
    return found


def _runs(of: ScannedShares, those: Sequence[_Placed]) -> list[list[_Placed]]:
    """Those that stand side by side, with nothing but commas, what is counted and words that join between them."""
    runs: list[list[_Placed]] = []
    for each in those:
        if runs and _is_beside(of, runs[-1][-1].end, each.start):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _is_beside(of: ScannedShares, end: int, start: int) -> bool:
    counted = of.phrases.at(end, "counted")
    at = counted.end if counted is not None else end
    at += of.sign(at) == ","
    joined = of.phrases.at(at, "joined")
    at = joined.end if joined is not None else at
    return end < at == start
