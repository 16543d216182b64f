"""Ruled tables of a PDF's page: pdfplumber finds the cells between the lines that PDFium sees. Pure."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

from knowledge.importing.document import Table
from knowledge.importing.pdf.drawings import DrawnLine
from knowledge.importing.pdf.glyphs import Glyph
from knowledge.importing.pdf.lines import lines_of

_NEAR: Final = 3  # points within which lines are one, and meet
_MOST_CROSSINGS: Final = 4_000  # a page with more is a drawing, and would take long
_FEWEST: Final = 2  # lines across, and lines down, without which there is no table


class _Box(NamedTuple):
    """A cell, in points from the page's lower left."""

    left: float
    bottom: float
    right: float
    top: float


class FoundTable(NamedTuple):
    """A table, how high up it begins, and the letters that stand in it."""

    top: float
    table: Table
    glyphs: set[int]  # places in the list of the page's letters
    rows: tuple[tuple[float, float], ...]  # how high up each begins and ends


def find_tables(rules: Sequence[DrawnLine], glyphs: Sequence[Glyph], page: int) -> list[FoundTable]:
    """The tables of a page, from the top; frames around words are none."""
    across = sum(rule.is_across for rule in rules)
    if across < _FEWEST or len(rules) - across < _FEWEST:
        return []
    found = (_table(cells, glyphs, page) for cells in _cells(rules))
    return sorted(filter(None, found), key=attrgetter("top"), reverse=True)


def _cells(rules: Iterable[DrawnLine]) -> list[list[_Box]]:
    """The cells of each table."""
    from pdfplumber.table import (  # noqa: PLC0415 - slow to import, and few pages have tables
        cells_to_tables,
        edges_to_intersections,
        intersections_to_cells,
        merge_edges,
    )

    edges = merge_edges(list(map(_edge, rules)), _NEAR, _NEAR, _NEAR, _NEAR)
    across = sum(edge["orientation"] == "h" for edge in edges)
    if across * (len(edges) - across) > _MOST_CROSSINGS:
        return []
    cells = intersections_to_cells(edges_to_intersections(edges, _NEAR, _NEAR))
    return [
        [_Box(left, -bottom, right, -top) for left, top, right, bottom in table] for table in cells_to_tables(cells)
    ]


def _edge(rule: DrawnLine) -> dict[str, Any]:
    """A line as pdfplumber has it, who counts from the top."""
    left, right, top, bottom = rule.left, rule.right, -rule.top, -rule.bottom
    if rule.is_across:
        bottom = top
    else:
        right = left
    return {
        **{"x0": left, "x1": right, "top": top, "bottom": bottom, "doctop": top, "width": right - left},
        **{"height": bottom - top, "orientation": "h" if rule.is_across else "v", "object_type": "line"},
    }


def _table(cells: list[_Box], glyphs: Sequence[Glyph], page: int) -> FoundTable | None:
    """The table of these cells; None where only one has words, which is a frame around them."""
    columns, rows = _Places(cells, "left", "right"), _Places(cells, "bottom", "top")
    owner = {
        (column, row): cell
        for cell in cells
        for column in range(columns.find(cell.left), columns.find(cell.right))
        for row in range(rows.find(cell.bottom), rows.find(cell.top))
    }
    held: dict[_Box, list[Glyph]] = {}
    taken: set[int] = set()
    for place, glyph in enumerate(glyphs):
        middle = columns.find((glyph.x + glyph.right) / 2), rows.find(glyph.y + glyph.size / 4)
        cell = owner.get(middle)
        if cell is not None:
            held.setdefault(cell, []).append(glyph)
            taken.add(place)
    texts = {cell: _text(inside) for cell, inside in held.items()}
    if sum(map(bool, texts.values())) < _FEWEST:
        return None
    begins = sorted({cell.left for cell in cells})
    lines, heights = [], []
    for top, run in groupby(sorted(cells, key=attrgetter("top"), reverse=True), attrgetter("top")):
        row = {cell.left: cell for cell in run}
        lines.append(tuple(texts.get(row[left], "") if left in row else "" for left in begins))
        heights.append((top, max(cell.bottom for cell in row.values())))
    return FoundTable(heights[0][0], Table(tuple(lines), page), taken, tuple(heights))


class _Places:
    """The edges of cells in one direction, and between which of them a point lies."""

    def __init__(self, cells: Iterable[_Box], one: str, other: str) -> None:
        self._edges = sorted({getattr(cell, side) for cell in cells for side in (one, other)})

    def find(self, at: float) -> int:
        """How many edges lie at or before a point."""
        return bisect(self._edges, at)


def _text(glyphs: Iterable[Glyph]) -> str:
    return "\n".join(" ".join(piece.text for piece in line) for line in lines_of(list(glyphs)))
