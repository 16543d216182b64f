"""A text PDF as a document. In a process of its own only: PDFium is not thread-safe, and a file may be hostile."""

from __future__ import annotations

from typing import Final

from knowledge.importing.document import Document, Table
from knowledge.importing.pdf.glyphs import Glyph, Page, open_pdf, read_page
from knowledge.importing.pdf.layout import PageLines, make_pages_document
from knowledge.importing.pdf.lines import lines_of
from knowledge.importing.pdf.tables import Box, Grid, Rules
from knowledge.importing.refusals import MOST_CHARACTERS, FileRefusedError, WhyRefused

_END: Final = b"%%EOF"
_END_WITHIN: Final = 2048  # bytes from the end within which a whole PDF has its end
_FEWEST_LETTERS: Final = 20  # a page of pictures with fewer is scanned, a stamp or a page number on it


def read_pdf(content: bytes) -> Document:
    """The document of a PDF that holds text.

    Raises:
        FileRefusedError: why it is not read; a scan is refused, and so is one with a layer of guessed letters.
    """
    opened = open_pdf(content)
    if _END not in content[-_END_WITHIN:]:  # PDFium mends what is cut off, and says nothing of the pages that are gone
        raise FileRefusedError(WhyRefused.DAMAGED)
    rules = Rules(content)
    pages: list[PageLines] = []
    letters = unseen = scanned = 0
    for index in range(len(opened)):
        page = read_page(opened, index)
        letters += len(page.glyphs)
        unseen += page.unseen
        scanned += page.has_pictures and len(page.glyphs) < _FEWEST_LETTERS
        if letters + unseen > MOST_CHARACTERS:
            raise FileRefusedError(WhyRefused.TOO_MUCH_TEXT)
        pages.append(_laid_out(page, rules))
    if unseen > letters or scanned * 2 > len(pages):
        raise FileRefusedError(WhyRefused.SCAN)
    return make_pages_document(pages)


def _laid_out(page: Page, rules: Rules) -> PageLines:
    grids = rules.grids(page.number - 1) if page.is_ruled else []
    outside = page.glyphs
    tables: list[tuple[float, Table]] = []
    for grid in grids:
        inside = [glyph for glyph in outside if grid.box.holds(*_middle(glyph))]
        table = _table(grid, inside, page.number)
        if table is not None:
            tables.append((grid.box.top, table))
            taken = set(map(id, inside))
            outside = [glyph for glyph in outside if id(glyph) not in taken]
    return PageLines(page.number, lines_of(outside), tables)


def _middle(glyph: Glyph) -> tuple[float, float]:
    return (glyph.x + glyph.right) / 2, glyph.y + glyph.size / 4


def _table(grid: Grid, glyphs: list[Glyph], page: int) -> Table | None:
    """The table of a grid's cells; None where only one cell has words, which is a frame around them."""
    rows = tuple(tuple(_cell(cell, glyphs) for cell in row) for row in grid.rows)
    return Table(rows, page) if sum(bool(cell) for row in rows for cell in row) > 1 else None


def _cell(box: Box | None, glyphs: list[Glyph]) -> str:
    if box is None:
        return ""
    lines = lines_of([glyph for glyph in glyphs if box.holds(*_middle(glyph))])
    return "\n".join(" ".join(piece.text for piece in line) for line in lines)
