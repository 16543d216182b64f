"""The lines of a document, without page numbers and remnants of markup."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from knowledge.importing.document import Block, Document, Paragraph, Scanned, Table
from knowledge.importing.phrases import named
from knowledge.importing.shadow import compose, shadow

_SMALL_GAP = re.compile(r" {2,}")
_WIDE_GAP: Final = "   "
_ENDS_IN_FIGURE = re.compile(r" {2,}[\d.,]+ ?%?\s*$")
_FEWEST_COLUMNS: Final = 3
_MARKUP_HEADING = re.compile(r"\s*#{1,6}\s+(?=\S)")
_STAR = re.compile(r"\s*\\?\*{1,3}(?=\s)")
_ESCAPED = re.compile(r"\\(?=[-*_#.+()\[\]])")
_PAGE = named("lines.page")
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_LONGEST_STEP: Final = 3
_FIRST_PAGE: Final = 5
_LONGEST_LINE: Final = 8_000
_FOOTNOTE = re.compile(r"\s*[\u00b9\u00b2\u00b3\u2070-\u2079]+\s*\S")


@dataclass(frozen=True)
class Line:
    """A line of text as it was received but for its markup; `number` counts from 1.

    `is_heading` where it is marked as one ("## 2. …"), `scanned` where it was read from a picture.
    """

    text: str
    number: int
    page: int | None = None
    is_footnote: bool = False
    is_heading: bool = False
    scanned: Scanned | None = None

    @cached_property
    def shadow(self) -> str:
        """The folded line, letter for letter."""
        return shadow(self.text)


@dataclass(frozen=True)
class TableLine:
    """A table in its place among the lines."""

    rows: tuple[tuple[str, ...], ...]
    number: int
    page: int | None = None
    scanned: tuple[Scanned, ...] = ()


def read_lines(document: Document) -> tuple[Line | TableLine, ...]:
    """The lines that say something, and the tables, in order."""
    return tuple(_all_lines(document))


def without_page_numbers(lines: Sequence[Line | TableLine]) -> tuple[Line | TableLine, ...]:
    """The lines but for those that are nothing but the number of a page."""
    gone = set(_page_numbers(lines))
    return tuple(line for line in lines if line.number not in gone or isinstance(line, TableLine))


def _with_wide_gaps(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, gaps of two blanks made wide where lines one after the other have columns of figures parted so."""
    widths = [len(_SMALL_GAP.split(each.text.strip())) if isinstance(each, Paragraph) else 0 for each in blocks]
    for width, run in itertools.groupby(zip(widths, blocks, strict=True), key=lambda each: each[0]):
        members = [block for _, block in run]
        figured = sum(isinstance(each, Paragraph) and _ENDS_IN_FIGURE.search(each.text) is not None for each in members)
        is_table = width >= _FEWEST_COLUMNS and len(members) > _FEWEST_COLUMNS - 1 and figured >= len(members) - 1
        for block in members:
            if is_table and isinstance(block, Paragraph):
                yield Paragraph(_SMALL_GAP.sub(_WIDE_GAP, block.text.strip()), block.page, block.scanned)
            else:
                yield block


def _all_lines(document: Document) -> Iterator[Line | TableLine]:
    number = 0
    for block in _with_wide_gaps(document.blocks):
        if isinstance(block, Table):
            number += 1
            rows = tuple(tuple(_BLANKS.sub(" ", compose(cell)).strip() for cell in row) for row in block.rows)
            yield TableLine(rows, number, block.page, block.scanned)
            continue
        for raw in compose(block.text).split("\n"):
            number += 1
            text = strip_markup(raw)
            is_heading = _MARKUP_HEADING.match(raw) is not None
            for piece in _pieces(text):
                yield Line(piece, number, block.page, _FOOTNOTE.match(raw) is not None, is_heading, block.scanned)
    for note in document.footnotes:
        number += 1
        if text := strip_markup(compose(note.text).replace("\n", " ")):
            yield Line(text, number, note.page, is_footnote=True)


def _pieces(text: str) -> Iterator[str]:
    """A line, one that is far too long cut between words."""
    while len(text) > _LONGEST_LINE:
        at = text.rfind(" ", _LONGEST_LINE // 2, _LONGEST_LINE)
        cut_at = at if at > 0 else _LONGEST_LINE
        yield text[:cut_at]
        text = text[cut_at:].lstrip()
    if text:
        yield text


def strip_markup(text: str) -> str:
    """The line without signs of headings, emphasis and escapes; a star before a blank stays as a bullet.

    Blanks become single, but for wide gaps, which part the two columns of a letterhead and stay as three.
    """
    text = _MARKUP_HEADING.sub("", text, count=1)
    star = _STAR.match(text)
    rest = _ESCAPED.sub("", text[star.end() :] if star else text).replace("*", "").replace("\\", "")
    rest = _BLANKS.sub(lambda gap: "   " if len(gap[0]) > 2 or "\t" in gap[0] else " ", rest).strip()
    return f"* {rest}" if star and rest else rest


def _page_numbers(lines: Sequence[Line | TableLine]) -> Iterator[int]:
    """The lines that are nothing but the number of a page: they go up one by one."""
    last = 0
    for line in lines:
        if isinstance(line, TableLine):
            continue
        met = _PAGE.fullmatch(line.shadow)
        if met is None or line.shadow.endswith("."):
            continue
        page = int(met[1])
        if last < page <= last + (_LONGEST_STEP if last else _FIRST_PAGE) or (
            line.page is not None and page == line.page
        ):
            last = page
            yield line.number
