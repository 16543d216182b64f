"""Scanned pages become a document, put together with pages of the same file that have text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from knowledge.importing.document import Document, PageSpot, Scanned
from knowledge.importing.pdf.layout import PageLines, make_pages_document
from knowledge.importing.pdf.lines import Line, Piece
from knowledge.importing.scans.page import ScannedLine, ScannedPage

_PAGE_WIDTH: Final = 595  # points of a PDF's page: what the layout of pages is used to
_ONE_SIZE: Final = 11  # the height of a line in a picture depends on its letters: it tells no small print


def make_scanned_document(pages: Sequence[ScannedPage]) -> Document:
    """The document of scanned pages, each of its lines with its place."""
    ordered = sorted(pages, key=lambda page: page.number)
    return make_pages_document([PageLines(page.number, list(_lines(page))) for page in ordered])


def join_documents(text: Document, scanned: Document) -> Document:
    """Two parts of one file, page by page."""
    blocks = sorted((*text.blocks, *scanned.blocks), key=lambda block: block.page or 0)
    return Document(tuple(blocks), (*text.footnotes, *scanned.footnotes))


def _lines(page: ScannedPage) -> Iterable[Line]:
    for line in page.lines:
        yield list(_pieces(page, line))


def _pieces(page: ScannedPage, line: ScannedLine) -> Iterator[Piece]:
    scale = _PAGE_WIDTH / page.width
    scanned = Scanned(
        PageSpot(page.number, line.top * 1000 // page.height, -(-line.bottom * 1000 // page.height)), line.differing
    )
    for piece in line.pieces:
        left, right, bottom = piece.left * scale, piece.right * scale, (page.height - line.bottom) * scale
        yield Piece(left, right, bottom, _ONE_SIZE, piece.text, scanned=scanned)
