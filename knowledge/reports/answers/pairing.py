"""Which row each figure is of: the cheapest way to join neighbouring rows and figures of a message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from knowledge.model.forms import FigureKind, Indicator
from knowledge.reports.answers.scanned import RowMention, SaidFigure, ScannedReport
from knowledge.reports.answers.words import groups_of, units_folded
from knowledge.text import fold

_SIGN_COSTS: Final = {
    ",": 2.6,
    ";": 4.0,
    ".": 5.0,
    "!": 5.0,
    "?": 5.0,
    "\n": 3.5,
    "(": 1.5,
    ")": 1.5,
    "|": 2.0,
    "-": 1.5,
    "–": 1.5,
}
_SKIP_ROW: Final = 3.0
_SKIP_ANSWERED: Final = 0.4
_SKIP_FIGURE: Final = 4.0
_SKIP_NONE: Final = 1.2
_TURNED: Final = 0.5
_TURNED_AWAY: Final = 6.0
_WORD: Final = 0.6
_LIGHT: Final = 0.1
_TURN: Final = 1.2
_MARGIN: Final = 0.45
_MOST_RIVALLED: Final = 60
"""Rows beyond which nobody's message goes: other ways to join them are not looked for."""
_AWAY: Final = float("inf")


class ItemSort(Enum):
    """What an item of the line is."""

    ROW = auto()
    FIGURE = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class LineItem:
    """A row, a figure, or words that say there was none, in the order of the message."""

    sort: ItemSort
    start: int
    end: int
    mention: RowMention | None = None
    figure: SaidFigure | None = None


@dataclass
class Paired:
    """The rows with their figures, those that may as well be another row's, and the figures left over."""

    pairs: list[tuple[RowMention, LineItem, tuple[str, ...]]] = field(default_factory=list)
    lonely: list[LineItem] = field(default_factory=list)
    bare: list[RowMention] = field(default_factory=list)


def fits(row: Indicator, figure: SaidFigure) -> bool | None:
    """Whether what a figure counts is what a row counts; None where it does not say."""
    if row.kind is FigureKind.PERCENT:
        return "parts" in figure.groups or not figure.groups
    if not figure.groups:
        return None
    if row.yes_no:
        return not figure.groups.isdisjoint({"meetings", "bodies"})
    wanted = groups_of(row.unit or "")
    if not wanted:
        return None if "parts" not in figure.groups and "time" not in figure.groups else False
    if "turns" in figure.groups and "people" not in figure.groups and not _counts_turns(row):
        wanted -= {"turns"}
    return not wanted.isdisjoint(figure.groups)


def _counts_turns(row: Indicator) -> bool:
    """Whether a row counts how often people came, rather than who."""
    first = fold(row.unit or "").split()[:1]
    return bool(first) and first[0] in units_folded("turns") and first[0] not in units_folded("people")


def list_items(scanned: ScannedReport) -> list[LineItem]:
    """Rows, figures and words that say there was none, in order."""
    items = [LineItem(ItemSort.ROW, each.start, each.end, mention=each) for each in scanned.mentions]
    items += [
        LineItem(ItemSort.FIGURE, each.start, each.end, figure=each)
        for each in scanned.figures
        if each.start not in scanned.reasons
    ]
    covered = {at for each in scanned.figures for at in range(each.start, each.end)}
    unknown = [
        at
        for each in scanned.phrases.of("unknown", "before", "beside", "maybe", "ended", "again")
        for at in range(each.start, each.end)
    ]
    for each in scanned.spans(0, len(scanned.tokens), "nothing", "no"):
        spots = range(each.start, each.end)
        if (
            covered.isdisjoint(spots)
            and set(unknown).isdisjoint(spots)
            and scanned.reasons.isdisjoint(spots)
            and not scanned.taken[each.start]
        ):
            items.append(LineItem(ItemSort.NONE, each.start, each.end))
    return sorted(items, key=lambda each: (each.start, each.sort is not ItemSort.ROW))


def pair(scanned: ScannedReport, items: Sequence[LineItem]) -> Paired:
    """Join each figure with the row it is of."""
    found = Paired()
    listed = set[int]()
    for first, count in _listed(scanned, items):
        for at in range(first, first + count):
            mention = items[at].mention
            if mention is not None:
                found.pairs.append((mention, items[at + count], ()))
        listed.update(range(first, first + 2 * count))
    items = [item for at, item in enumerate(items) if at not in listed]
    skips = [
        _SKIP_ANSWERED if _is_said_again(scanned, items, at) else _skip(scanned, each) for at, each in enumerate(items)
    ]
    joins = [_AWAY, *(_cost(scanned, former, latter) for former, latter in pairwise(items))]
    joins = joins[: len(items)]
    cost, picks = _cheapest(skips, joins, None)
    used: set[int] = set()
    for at in picks:
        row, other = _sorted(items[at], items[at + 1])
        if row.mention is None:
            continue
        rivals: tuple[str, ...] = ()
        if other.sort is ItemSort.FIGURE and len(picks) <= _MOST_RIVALLED:
            again, others = _cheapest(skips, joins, at)
            rivals = _rivals(items, others, other) if again - cost < _MARGIN else ()
        found.pairs.append((row.mention, other, rivals))
        used.update((at, at + 1))
    for at, item in enumerate(items):
        if at in used:
            continue
        if item.mention is not None:
            found.bare.append(item.mention)
        else:
            found.lonely.append(item)
    return found


def _listed(scanned: ScannedReport, items: Sequence[LineItem]) -> Iterator[tuple[int, int]]:
    """Where several rows stand before as many figures: "đảng với tư vấn: 2 và 19"; the first of them, and how many."""
    at = 0
    while at < len(items):
        rows = _same(items, at, ItemSort.ROW)
        figures = _same(items, at + rows, ItemSort.FIGURE)
        last = at + 2 * rows
        if rows > 1 and figures == rows and _is_one_list(scanned, items[at:last], rows):
            yield at, rows
        at += max(rows + figures, 1)


def _same(items: Sequence[LineItem], at: int, sort: ItemSort) -> int:
    count = 0
    while at + count < len(items) and items[at + count].sort is sort:
        count += 1
    return count


def _is_one_list(scanned: ScannedReport, items: Sequence[LineItem], rows: int) -> bool:
    keys = {key for each in items[:rows] if each.mention is not None for key in each.mention.keys}
    begin, end = scanned.sentence(items[0].start)
    gaps = [(former.end, latter.start) for former, latter in pairwise(items)]
    weights = [at for start, until in gaps for at in range(start, until) if not scanned.is_light(at)]
    return len(keys) == rows and begin <= items[-1].start < end and not weights


def _rivals(items: Sequence[LineItem], picks: Sequence[int], figure: LineItem) -> tuple[str, ...]:
    for at in picks:
        row, other = _sorted(items[at], items[at + 1])
        if other is figure and row.mention is not None:
            return row.mention.keys
    return ()


def _sorted(first: LineItem, second: LineItem) -> tuple[LineItem, LineItem]:
    return (first, second) if first.sort is ItemSort.ROW else (second, first)


def _skip(scanned: ScannedReport, item: LineItem) -> float:
    if item.mention is not None:
        answered = all(scanned.names.rows[key].yes_no for key in item.mention.keys)
        return _SKIP_ANSWERED if answered else _SKIP_ROW
    return _SKIP_FIGURE if item.sort is ItemSort.FIGURE else _SKIP_NONE


def _is_said_again(scanned: ScannedReport, items: Sequence[LineItem], at: int) -> bool:
    """Whether a row is named that was named in the same clause: "giới thiệu 1 chị ưu tú cho Đảng"."""
    mention = items[at].mention
    if mention is None:
        return False
    for each in reversed(items[:at]):
        if scanned.clauses[each.start] != scanned.clauses[mention.start]:
            return False
        if each.mention is not None and each.mention.keys == mention.keys:
            return True
    return False


def _cheapest(skips: Sequence[float], joins: Sequence[float], forbidden: int | None) -> tuple[float, list[int]]:
    """The cheapest joining of neighbours and the places of its pairs.

    Args:
        skips: what it costs to leave each item alone.
        joins: what it costs to join each item with the one before it.
        forbidden: a place not to join.
    """
    costs, picks = [0.0], [-1]
    for at, (alone, joined) in enumerate(zip(skips, joins, strict=True)):
        skip = costs[-1] + alone
        join = costs[-2] + joined if at and at - 1 != forbidden else _AWAY
        costs.append(min(skip, join))
        picks.append(at - 1 if join < skip else -1)
    chosen, at = [], len(skips)
    while at > 0:
        if picks[at] >= 0:
            chosen.append(picks[at])
            at -= 2
        else:
            at -= 1
    return costs[-1], chosen[::-1]


def _cost(scanned: ScannedReport, first: LineItem, second: LineItem) -> float:
    if (first.sort is ItemSort.ROW) == (second.sort is ItemSort.ROW):
        return _AWAY
    row, other = _sorted(first, second)
    if row.mention is None:
        return _AWAY
    cost = _between(scanned, first.end, second.start)
    rows = [scanned.names.rows[key] for key in row.mention.keys]
    if other.figure is not None:
        fitting = [fits(each, other.figure) for each in rows]
        if all(each is False for each in fitting):
            return _AWAY
        cost -= 1.0 * any(fitting)
        if all(each.yes_no for each in rows):
            cost += 2.0 if cost > 0.5 else 0.0
            if other.figure.groups and not any(fitting):
                return _AWAY
    turned = second is row
    cost += _TURNED * (turned and other.sort is ItemSort.FIGURE)
    if turned and any(scanned.sign(at) in _SIGN_COSTS for at in range(first.end, second.start)):
        cost += _TURNED_AWAY
    if turned and other.sort is ItemSort.NONE:
        cost += 0.0 if second.start <= first.end + 2 else _TURNED
    return cost


def _between(scanned: ScannedReport, start: int, end: int) -> float:
    """How far apart two places are: words of weight, signs and turns between them."""
    cost = 0.0
    for at in range(start, end):
        sign = scanned.sign(at)
        if sign in (":", "="):
            cost -= 0.3
        elif sign in _SIGN_COSTS:
            cost += _SIGN_COSTS[sign]
        else:
            cost += _LIGHT if scanned.is_light(at) else _WORD
            cost += (
                _TURN
                if at > start
                and not sign
                and scanned.clauses[at] != scanned.clauses[at - 1]
                and not scanned.sign(at - 1)
                else 0
            )
    return max(cost, 0.0)
