"""A text PDF as a document. In a process of its own only: PDFium is not thread-safe, and a file may be hostile."""

from __future__ import annotations

from typing import Final, NamedTuple

from knowledge.importing.document import Document
from knowledge.importing.pdf.glyphs import UNKNOWN, Page, open_pdf, read_page
from knowledge.importing.pdf.layout import PageLines, make_pages_document
from knowledge.importing.pdf.lines import lines_of
from knowledge.importing.pdf.tables import find_tables
from knowledge.importing.refusals import MOST_CHARACTERS, FileRefusedError, WhyRefused

_END: Final = b"%%EOF"
_END_WITHIN: Final = 2048  # bytes from the end within which a whole PDF has its end
_FEWEST_LETTERS: Final = 20  # a page of pictures with fewer is scanned, a stamp or a page number on it
_MOST_UNKNOWN: Final = 0.02  # of all letters: more are lost with them than can be guessed


class PdfText(NamedTuple):
    """What a PDF says, and the pages of which there is only a picture, or guessed letters behind one.

    `is_scan`: these are so many that it says little without them.
    """

    document: Document
    scanned: tuple[int, ...]
    is_scan: bool


def read_pdf(content: bytes) -> PdfText:
    """The document of a PDF, as far as it holds text.

    Raises:
        FileRefusedError: why it is not read.
    """
    opened = open_pdf(content)
    if _END not in content[-_END_WITHIN:]:  # PDFium mends what is cut off, and says nothing of the pages that are gone
        raise FileRefusedError(WhyRefused.DAMAGED)
    pages: list[PageLines] = []
    scanned: list[int] = []
    letters = unseen = unknown = 0
    for index in range(len(opened)):
        page = read_page(opened, index)
        letters += len(page.glyphs)
        unseen += page.unseen
        unknown += sum(glyph.text == UNKNOWN for glyph in page.glyphs)
        is_scanned = page.unseen > len(page.glyphs) or (page.pictures > 0 and len(page.glyphs) < _FEWEST_LETTERS)
        if letters + unseen > MOST_CHARACTERS:
            raise FileRefusedError(WhyRefused.TOO_MUCH_TEXT)
        if is_scanned:
            scanned.append(page.number)
        else:
            pages.append(_laid_out(page))
    is_scan = unseen > letters or len(scanned) * 2 > len(opened)
    if unknown > _MOST_UNKNOWN * letters and not is_scan:
        raise FileRefusedError(WhyRefused.NOT_VIETNAMESE)
    return PdfText(make_pages_document(pages), tuple(scanned), is_scan)


def _laid_out(page: Page) -> PageLines:
    found = find_tables(page.rules, page.glyphs, page.number)
    taken = set().union(*(each.glyphs for each in found))
    outside = [glyph for place, glyph in enumerate(page.glyphs) if place not in taken]
    return PageLines(page.number, lines_of(outside), [(each.top, each.table) for each in found])
