"""Ruled tables of a scanned page: its words put into the cells between the lines that were seen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.importing.document import Differing
from knowledge.importing.pdf.drawings import DrawnLine
from knowledge.importing.pdf.glyphs import Glyph
from knowledge.importing.pdf.tables import FoundTable, find_tables
from knowledge.importing.scans.page import ONE_SIZE, PAGE_WIDTH, ScannedRow
from knowledge.importing.scans.words import SeenWord


def find_scanned_tables(
    size: tuple[int, int],
    rules: Sequence[DrawnLine],
    words: Sequence[SeenWord],
    differing: Mapping[SeenWord, Differing],
) -> tuple[tuple[tuple[ScannedRow, ...], ...], list[SeenWord]]:
    """The rows of each table of a page, from the top, and the words that stand in none.

    Args:
        size: width and height of the picture, in points.
        rules: in points of the picture from its lower left.
        differing: what was read otherwise at a second look.
    """
    scale = PAGE_WIDTH / size[0]
    height = size[1]
    glyphs = [_as_glyph(word, height, scale) for word in _on_their_lines(words)]
    scaled = [DrawnLine(*(side * scale for side in rule)) for rule in rules]
    found = find_tables(scaled, glyphs, 1)
    taken = set().union(*(table.glyphs for table in found))
    outside = [word for place, word in enumerate(words) if place not in taken]
    inside = [word for place, word in enumerate(words) if place in taken and word in differing]
    return tuple(tuple(_rows(table, height, scale, inside, differing)) for table in found), outside


def _on_their_lines(words: Sequence[SeenWord]) -> list[SeenWord]:
    """The words with the lowest edge of those of their line: tails of letters hang below it."""
    lowest: dict[tuple[int, int, int], int] = {}
    for word in words:
        lowest[word.line] = max(lowest.get(word.line, 0), word.bottom)
    return [word._replace(bottom=lowest[word.line]) for word in words]


def _as_glyph(word: SeenWord, height: int, scale: float) -> Glyph:
    return Glyph(word.left * scale, word.right * scale, (height - word.bottom) * scale, ONE_SIZE, word.text)


def _rows(
    table: FoundTable,
    height: int,
    scale: float,
    inside: Sequence[SeenWord],
    differing: Mapping[SeenWord, Differing],
) -> list[ScannedRow]:
    rows = []
    for cells, (upper, lower) in zip(table.table.rows, table.rows, strict=True):
        top, bottom = round(height - upper / scale), round(height - lower / scale)
        found = tuple(differing[word] for word in inside if top <= (word.top + word.bottom) / 2 < bottom)
        rows.append(ScannedRow(top, bottom, cells, found))
    return rows
