"""Text files (.txt, .md): line by line as they are; joining what a page or a column broke is for whoever reads them."""

from __future__ import annotations

import re
from itertools import groupby

from knowledge.importing.document import Block, Document, Paragraph, Table, make_document

_LINE_END = re.compile(r"\r\n|\r|\n")
_RULE_OF_TABLE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_CELL_END = re.compile(r"(?<!\\)\|")


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
