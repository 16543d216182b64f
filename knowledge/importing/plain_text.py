"""Text files (.txt, .md): line by line as they are; joining what a page or a column broke is for whoever reads them."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from knowledge.importing.document import Block, Document, Paragraph, Table, make_document
from knowledge.importing.refusals import MOST_CHARACTERS, MOST_PARAGRAPHS, FileRefusedError, WhyRefused

_LINE_END = re.compile(r"\r\n|\r|\n")
_RULE_OF_TABLE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_CELL_END = re.compile(r"(?<!\\)\|")


_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NEVER_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")
_LONGEST_LETTER = 3  # bytes of UTF-8 that a letter cut off at the end may leave behind


def read_text(content: bytes, *, markdown: bool = False) -> Document:
    """A document of a text file: UTF-8 or UTF-16, otherwise Windows' Vietnamese code page (1258).

    Raises:
        FileRefusedError: it is no text, or has far too much of it.
    """
    try:
        text = _decode(content)
    except UnicodeDecodeError:
        raise FileRefusedError(WhyRefused.WRONG_TYPE) from None
    if _NEVER_IN_TEXT.search(text):
        raise FileRefusedError(WhyRefused.WRONG_TYPE)
    if len(text) > MOST_CHARACTERS or len(_LINE_END.findall(text)) > MOST_PARAGRAPHS:
        raise FileRefusedError(WhyRefused.TOO_MUCH_TEXT)
    return document_of_text(text, markdown=markdown)


def _decode(content: bytes) -> str:
    if content.startswith(_UTF16_MARKS):
        return content[: len(content) // 2 * 2].decode("utf-16")
    blanks = content.count(b"\0")
    if blanks > len(content) // 8:  # every ASCII letter of UTF-16 has one
        first = content[::2].count(b"\0") > blanks // 2
        return content[: len(content) // 2 * 2].decode("utf-16-be" if first else "utf-16-le")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end == len(content) and error.start >= len(content) - _LONGEST_LETTER and error.start:
            return content[: error.start].decode("utf-8-sig")
    return unicodedata.normalize("NFC", content.decode("cp1258"))


def document_of_text(text: str, *, markdown: bool = False) -> Document:
    """A document of a text's lines; a form feed begins a page; `markdown`: tables drawn with "|" are tables. Pure."""
    page = 1 if "\f" in text else None
    blocks: list[Paragraph] = []
    for line in _LINE_END.split(text.removeprefix("\ufeff")):
        page = page and page + line.count("\f")
        blocks.append(Paragraph(line.replace("\f", " ").strip(), page))
    if blocks and not blocks[-1].text:
        blocks.pop()
    return make_document(_with_tables(blocks) if markdown else blocks)


def _with_tables(lines: list[Paragraph]) -> list[Block]:
    blocks: list[Block] = []
    for drawn, run in groupby(lines, lambda line: line.text.startswith("|")):
        rows = list(run)
        if drawn and len(rows) > 1 and _RULE_OF_TABLE.fullmatch(rows[1].text):
            blocks.append(_table([rows[0], *rows[2:]]))
        else:
            blocks.extend(rows)
    return blocks


def _table(lines: list[Paragraph]) -> Table:
    rows = [
        [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(line.text.removeprefix("|").removesuffix("|"))]
        for line in lines
    ]
    width = max(map(len, rows))
    return Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows), lines[0].page)
