"""Rows of which a message tells but parts: two figures, each with a word of its own behind the row's name.

"Đoàn viên lâu năm 90, dự bị 25": whichever words they are, neither figure is that of all members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.reports.message import TextItem
from knowledge.reports.phrases import DATA, folded
from knowledge.reports.scanning import Scanner
from knowledge.reports.times import Spot
from knowledge.reports.words import FILLERS, PARTS_AHEAD, PARTS_BEHIND

_NAME, _OTHER, _FIGURE = "§", "¤", "#"


def rows_in_parts(scanner: Scanner, spots: Sequence[Spot]) -> tuple[set[str], list[tuple[int, int]]]:
    """The rows that are told in parts only, and where the words stand that tell the parts apart.

    A row of which another figure is told, its whole, is none of them.
    """
    rows: set[str] = set()
    spans: list[tuple[int, int]] = []
    for row in scanner.form.asked:
        if row.parent is not None:
            continue
        parts: set[int] = set()
        masked, at = _masked(scanner, spots, row.key)
        for match in _pairs(scanner, masked, at):
            parts |= {at[match.start("n")], at[match.start("m")]}
            spans += [(at[match.start(part)], at[match.end(part)]) for part in ("one", "two")]
        if parts and not any(spot.keys == (row.key,) and spot.at not in parts for spot in spots):
            rows.add(row.key)
    return rows, spans


def _pairs(scanner: Scanner, masked: str, at: list[int]) -> Iterator[re.Match[str]]:
    """Two figures side by side of one row, each with words of its own."""
    for pattern in (PARTS_AHEAD, PARTS_BEHIND):
        for match in pattern.finditer(masked):
            one, two = (scanner.marked[at[match.start(part)] : at[match.end(part)]] for part in ("one", "two"))
            if one == two or not all(_tells(words, plain=scanner.plain) for words in (one, two)):
                continue
            listed = match["again"] or match["listed"]
            vague = scanner.plain and {*match["one"].split()} <= FILLERS
            if listed or not (vague or match["two"] in folded("lone_part")):
                yield match


def _tells(words: str, *, plain: bool) -> bool:
    """Whether words say which people are meant."""
    known = folded("unqualified") if plain else {*DATA.lists["unqualified"]}
    return not {*words.split()} <= {word for phrase in known for word in phrase.split()}


def _masked(scanner: Scanner, spots: Sequence[Spot], key: str) -> tuple[str, list[int]]:
    """The text with a sign for each name and each figure, and where each of its letters stands."""
    names = [part for item in scanner.named for part in item.parts or (item,) if part.keys or part.total]
    signs = {
        begin: (end, _NAME if part.keys == (key,) else _OTHER)
        for part in names
        for begin, end in [_noun(scanner, part)]
        if begin < end
    }
    signs |= {spot.at: (spot.number_end, _FIGURE) for spot in spots if spot.at < spot.number_end}
    text, places, at = list[str](), list[int](), 0
    while at < len(scanner.norm):
        end, sign = signs.get(at, (at + 1, scanner.norm[at]))
        text.append(sign)
        places.append(at)
        at = end
    return "".join(text), [*places, len(scanner.norm)]


def _noun(scanner: Scanner, part: TextItem) -> tuple[int, int]:
    """Where the noun of a name stands that has a kind of staff in it: "lao động" in "lao động thời vụ"."""
    begin, end = part.start, part.end
    for kind, until in scanner.spans("staff_kind", part.start, part.end):
        if kind == part.start and until < part.end:
            begin = part.end - len(scanner.norm[until : part.end].lstrip(" ,"))
        elif kind > begin:
            end = min(end, kind - 1)
    return begin, end
