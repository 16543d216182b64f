"""A .docx as a document: paragraphs with the numbers that Word counts, tables with merged cells once, notes apart.

The libraries for it know neither the text of a list's level ("1.1.", "I-") nor numbers that a style carries, and what
was moved stands in them twice: so Word's parts are read here, as the standard (ECMA-376) says they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from xml.etree.ElementTree import Element

from knowledge.importing.document import Block, Document, Paragraph, Table, make_document
from knowledge.importing.refusals import MOST_CHARACTERS, FileRefusedError, WhyRefused
from knowledge.importing.word.numbering import Numbering
from knowledge.importing.word.package import Package
from knowledge.importing.word.styles import Styles, number_of, ruled_of, value_of
from knowledge.importing.word.text import GONE, words_of

_WIDEST: Final = 64  # columns: Word's own limit is 63
_WRAPPERS: Final = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}
_CONTENTS: Final = "Table of Contents"  # how Word marks its own
_LETTERHEAD_WITHIN, _LETTERHEAD_ROWS = 3, 6  # paragraphs before a letterhead, and rows that it may have
_CONTENT_OF_BODY: Final = 2  # levels below the root at which paragraphs and tables stand


def read_word(content: bytes) -> Document:
    """The document of a .docx, all tracked changes accepted.

    Raises:
        FileRefusedError: why it is not read.
    """
    package = Package(content)
    reader = _Reader(package)
    blocks: list[Block] = []
    for element in package.elements(package.main, _CONTENT_OF_BODY):
        blocks.extend(reader.blocks([element]))
    blocks.extend(reader.rest())
    if not reader.has_text and package.has_pictures:
        raise FileRefusedError(WhyRefused.SCAN)
    notes = [
        Paragraph(text)
        for kind in ("footnote", "endnote")
        for text in reader.notes(kind, package.elements(package.related(f"{kind}s"), 1))
    ]
    return make_document(blocks, notes)


class _Reader:
    """Goes through a document once, in order: lists are counted as they come."""

    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.elements(package.related("styles"), 1))
        self._numbering = Numbering(package.elements(package.related("numbering"), 1), self._styles)
        self._carried = ""  # what stands before a paragraph's end that was deleted
        self._carries = False
        self._noted: dict[tuple[str, str], None] = {}
        self._characters = self._paragraphs = 0  # read so far, blank ones left out

    @property
    def has_text(self) -> bool:
        """Whether a paragraph with words was read."""
        return self._paragraphs > 0

    def blocks(self, elements: Iterable[Element]) -> Iterator[Block]:
        """Paragraphs and tables of what stands side by side."""
        for element in elements:
            if element.tag == "p":
                yield from self._paragraph(element)
            elif element.tag == "tbl":
                yield from self._table(element)
            elif element.tag == "AlternateContent":
                yield from self.blocks(chain.from_iterable(list(element)[:1]))
            elif element.tag in _WRAPPERS and value_of(element.find("sdtPr/docPartObj/docPartGallery")) != _CONTENTS:
                yield from self.blocks(element)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        properties = element.find("pPr")
        style = None if properties is None else value_of(properties.find("pStyle"))
        if self._styles.is_contents(style):
            return
        words = words_of(element, self._styles)
        self._noted.update(dict.fromkeys(words.notes))
        self._characters += len(words.text)
        self._paragraphs += bool(words.text)
        if self._characters > MOST_CHARACTERS:
            raise FileRefusedError(WhyRefused.TOO_MUCH_TEXT)
        if properties is not None and any(properties.find(f"rPr/{gone}") is not None for gone in GONE):
            self._carried, self._carries = f"{self._carried} {words.text}".strip(), True
        else:
            text = f"{self._carried} {words.text}".strip() if self._carries else words.text
            self._carried, self._carries = "", False
            label = self._numbering.label(number_of(properties), style)
            yield Paragraph(f"{label} {text}".strip() if label else text)
        for box in words.boxes:
            yield from self.blocks(box)

    def rest(self) -> Iterator[Block]:
        """What is left where the last paragraph's end was deleted."""
        if self._carried:
            yield Paragraph(self._carried)
            self._carried = ""

    def _table(self, element: Element) -> Iterator[Block]:
        before = self._paragraphs
        rows: list[list[list[str]]] = []
        cells: list[Element] = []
        for row in _within(element, "tr"):
            if row.find("trPr/del") is not None:
                continue
            read: list[list[str]] = [[]] * _span(row.find("trPr/gridBefore"), 0)
            for cell in _within(row, "tc"):
                cells.append(cell)
                read.append(self._cell(cell))
                read.extend([[]] * (_span(cell.find("tcPr/gridSpan"), 1) - 1))
            rows.append(read[:_WIDEST])
        width = max(map(len, rows), default=0)
        filled = [row + [[]] * (width - len(row)) for row in rows]
        columns = [column for column in zip(*filled, strict=True) if any(column)]
        laid_out = len(rows) <= (_LETTERHEAD_ROWS if before <= _LETTERHEAD_WITHIN else 1) and len(columns) == 2
        if len(columns) == len(rows) == 1 or (laid_out and not self._ruled(element, cells)):
            for column in columns:  # side by side for the eye only, as a letterhead is: down, then across
                yield from map(Paragraph, chain.from_iterable(column))
        elif columns:
            yield Table(tuple(tuple(map("\n".join, row)) for row in filled))

    def _cell(self, cell: Element) -> list[str]:
        """The lines of a cell; none of one that only continues the cell above."""
        merged = cell.find("tcPr/vMerge")
        if merged is not None and merged.get("val", "continue") == "continue":
            return []
        lines: list[str] = []
        for block in self.blocks(cell):
            if isinstance(block, Paragraph):
                lines.append(block.text)
            else:
                lines.extend(" ".join(filter(None, row)) for row in block.rows)
        return [line for line in lines if line]

    def _ruled(self, table: Element, cells: list[Element]) -> bool:
        own = ruled_of(table.find("tblPr/tblBorders"))
        if own is None:
            own = self._styles.ruled(value_of(table.find("tblPr/tblStyle")))
        return own or any(ruled_of(cell.find("tcPr/tcBorders")) for cell in cells)

    def notes(self, kind: str, elements: Iterable[Element]) -> list[str]:
        """The notes of that kind that the text refers to, in the order in which it does."""
        texts: dict[str, str] = {}
        for element in elements:
            if element.tag == kind and (kind, element.get("id", "")) in self._noted:
                lines = (words_of(paragraph, self._styles).text for paragraph in element.iter("p"))
                texts[element.get("id", "")] = " ".join(filter(None, lines))
        return [texts[key] for note, key in self._noted if note == kind and texts.get(key)]


def _within(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls and tracked insertions too."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tag)


def _span(element: Element | None, otherwise: int) -> int:
    value = value_of(element) or ""
    return (
        min(max(int(value), otherwise), _WIDEST)
        if value.isascii() and value.isdecimal() and len(value) < 9
        else otherwise
    )
