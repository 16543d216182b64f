"""Ruled tables of a PDF: pdfplumber finds their cells from the lines that are drawn."""

from __future__ import annotations

import io
from typing import Final, NamedTuple

import pdfplumber

_FEWEST_CELLS: Final = 2


class Box(NamedTuple):
    """A rectangle, in points from the page's lower left."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x < self.right and self.bottom <= y < self.top


class Grid(NamedTuple):
    """A table: its place, and the cells of each row; None where a cell that began further up or left goes on."""

    box: Box
    rows: list[list[Box | None]]


class Rules:
    """The lines of a PDF's pages, read where a page has tables."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._opened: pdfplumber.pdf.PDF | None = None

    def grids(self, index: int) -> list[Grid]:
        """The tables of a page (0 is the first), from the top; none where pdfplumber cannot read the page."""
        try:
            if self._opened is None:
                self._opened = pdfplumber.open(io.BytesIO(self._content))
            page = self._opened.pages[index]
            height = float(page.height)
            found = [
                Grid(
                    _box(table.bbox, height),
                    [[cell and _box(cell, height) for cell in row.cells] for row in table.rows],
                )
                for table in page.find_tables()
            ]
            page.close()
        except MemoryError:
            raise
        except Exception:  # whatever a damaged file makes it stumble over; the text is there without the lines
            return []
        return [grid for grid in found if sum(cell is not None for row in grid.rows for cell in row) >= _FEWEST_CELLS]


def _box(edges: tuple[float, float, float, float], height: float) -> Box:
    left, top, right, bottom = edges
    return Box(left, height - bottom, right, height - top)
