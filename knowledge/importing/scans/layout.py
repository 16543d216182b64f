"""Scanned pages become a document, put together with pages of the same file that have text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from knowledge.importing.document import Document, PageSpot, Scanned, Table
from knowledge.importing.pdf.layout import PageLines, make_pages_document
from knowledge.importing.pdf.lines import Line, Piece
from knowledge.importing.scans.page import ONE_SIZE, PAGE_WIDTH, ScannedLine, ScannedPage, ScannedRow


def make_scanned_document(pages: Sequence[ScannedPage]) -> Document:
    """The document of scanned pages, each of its lines with its place."""
    ordered = sorted(pages, key=lambda page: page.number)
    return make_pages_document([PageLines(page.number, list(_lines(page)), list(_tables(page))) for page in ordered])


def join_documents(text: Document, scanned: Document) -> Document:
    """Two parts of one file, page by page."""
    blocks = sorted((*text.blocks, *scanned.blocks), key=lambda block: block.page or 0)
    return Document(tuple(blocks), (*text.footnotes, *scanned.footnotes))


def _lines(page: ScannedPage) -> Iterable[Line]:
    for line in page.lines:
        yield list(_pieces(page, line))


def _tables(page: ScannedPage) -> Iterator[tuple[float, Table]]:
    for rows in page.tables:
        scanned = tuple(_scanned(page, row) for row in rows)
        height = (page.height - rows[0].top) * PAGE_WIDTH / page.width
        yield height, Table(tuple(row.cells for row in rows), page.number, scanned)


def _scanned(page: ScannedPage, line: ScannedLine | ScannedRow) -> Scanned:
    spot = PageSpot(page.number, line.top * 1000 // page.height, -(-line.bottom * 1000 // page.height))
    return Scanned(spot, line.differing)


def _pieces(page: ScannedPage, line: ScannedLine) -> Iterator[Piece]:
    scale = PAGE_WIDTH / page.width
    scanned = _scanned(page, line)
    for piece in line.pieces:
        left, right, bottom = piece.left * scale, piece.right * scale, (page.height - line.bottom) * scale
        yield Piece(left, right, bottom, ONE_SIZE, piece.text, scanned=scanned)
