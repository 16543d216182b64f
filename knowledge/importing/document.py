"""What a file says, whatever it was written with: paragraphs and tables in reading order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

import msgspec

RAISED: Final = {
    ord(plain): raised
    for plain, raised in zip("0123456789", map(chr, (0x2070, 0xB9, 0xB2, 0xB3, *range(0x2074, 0x207A))), strict=True)
}
"""For `str.translate`: raised digits as letters of their own, so that 80%¹ is never 80%1."""


class PageSpot(msgspec.Struct, frozen=True):
    """Where something stands on a scanned page: from how far down to how far down, in thousandths of its height."""

    page: int
    top: int
    bottom: int


class Differing(msgspec.Struct, frozen=True):
    """A figure that two looks at a scanned page read differently; "" where one of them read nothing."""

    first: str
    second: str


class Scanned(msgspec.Struct, frozen=True):
    """What is known of words that were read from a picture."""

    spot: PageSpot
    differing: tuple[Differing, ...] = ()


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Words that stand together: a paragraph of Word, a line of a text file or of a PDF's page.

    A number that the word processor counts itself ("1.2.", "a)", "–") stands at the beginning, a blank behind it.
    `page` counts from 1; None where the file knows no pages (Word lays them out anew on every machine). `scanned` only
    where there was no text but a picture.
    """

    text: str
    page: int | None = None
    scanned: Scanned | None = None


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A ruled table; every row has as many cells as the widest.

    A merged cell has its words in its first place and is "" in the others; lines within a cell are parted by "\\n".
    `page` is where the table stands, counted as for paragraphs; what goes on overleaf is a table of its own. `scanned`
    is of each row, as of a paragraph.
    """

    rows: tuple[tuple[str, ...], ...]
    page: int | None = None
    scanned: tuple[Scanned, ...] = ()


Block = Paragraph | Table


class Document(msgspec.Struct, frozen=True):
    """A file's text: composed Unicode (NFC), otherwise as written, with all slips of scanning; raised digits are ¹²³.

    Blank lines are paragraphs without text, so that block i of a text file (.txt) is its line i + 1. Page numbers,
    running heads and feet are no part of it; footnotes stand in `footnotes`, in their order, each with its mark.
    """

    blocks: tuple[Block, ...]
    footnotes: tuple[Paragraph, ...] = ()


def make_document(blocks: Iterable[Block], footnotes: Iterable[Paragraph] = ()) -> Document:
    """The document of these blocks, its text brought to NFC."""
    return Document(tuple(map(_composed, blocks)), tuple(map(_composed_paragraph, footnotes)))


def _composed(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return _composed_paragraph(block)
    rows = tuple(tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in block.rows)
    return Table(rows, block.page, block.scanned)


def _composed_paragraph(paragraph: Paragraph) -> Paragraph:
    return Paragraph(unicodedata.normalize("NFC", paragraph.text), paragraph.page, paragraph.scanned)
