"""Sheets as a document, for annexes of plans: a row with one cell is a paragraph, rows with several are a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.importing.document import Block, Document, Paragraph, Table, make_document
from knowledge.importing.refusals import FileRefusedError, WhyRefused
from knowledge.spreadsheets.child import is_workbook, read_here
from knowledge.spreadsheets.model import NUMBER, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import FROM_CHAT, TableRefusedError, WhyNoTable
from knowledge.spreadsheets.separated import read_separated

_WHY: Final = {
    WhyNoTable.TOO_LARGE: WhyRefused.TOO_LARGE,
    WhyNoTable.TOO_COMPLEX: WhyRefused.ZIP_BOMB,
    WhyNoTable.TOO_MANY_ROWS: WhyRefused.TOO_MUCH_TEXT,
    WhyNoTable.TOO_MANY_CELLS: WhyRefused.TOO_MUCH_TEXT,
    WhyNoTable.TOO_MANY_SHEETS: WhyRefused.TOO_MUCH_TEXT,
    WhyNoTable.PROTECTED: WhyRefused.ENCRYPTED,
    WhyNoTable.NOT_A_TABLE: WhyRefused.WRONG_TYPE,
}
_FIGURE: Final = re.compile(r"[-+]?\d[\d., ]*%?")
_PARTING: Final = re.compile(r"[;\t|]")


def read_sheets(content: bytes) -> Document:
    """The sheets that are seen, one after the other; of text that parts its columns, its rows. Only the child reads
    what people send.

    Raises:
        FileRefusedError: why it is not read.
    """
    try:
        if is_workbook(content):
            return make_document(_blocks(read_here(content, FROM_CHAT)))
        return make_document(_blocks(read_separated(content, _count_figures, FROM_CHAT)))
    except TableRefusedError as refused:
        raise FileRefusedError(_WHY.get(WhyNoTable(refused.why), WhyRefused.DAMAGED)) from None


def _count_figures(row: SheetRow) -> int:
    """How much a row of text looks parted where its columns are: by cells that are figures, less those that hold what
    parts columns elsewhere: parted by commas, "1;92,5;80" has a cell "1;92".
    """
    figures = sum(_FIGURE.fullmatch(cell.strip()) is not None for cell in row.cells)
    return max(2 * figures - 2 * sum(_PARTING.search(cell) is not None for cell in row.cells), 0)


def _blocks(lines: Iterable[object]) -> Iterator[Block]:
    is_hidden = False
    hidden: frozenset[int] = frozenset()
    rows: list[tuple[str, ...]] = []
    for line in lines:
        cells = _cells(line) if isinstance(line, SheetRow) else ()
        if isinstance(line, SheetRow) and (is_hidden or line.number in hidden):
            continue
        if sum(map(bool, cells)) > 1:
            rows.append(cells)
            continue
        yield from _table(rows)
        rows = []
        if isinstance(line, SheetHead):
            is_hidden, hidden = line.is_hidden, frozenset(line.hidden_rows)
        else:
            yield Paragraph("".join(cells))
    yield from _table(rows)


def _cells(row: SheetRow) -> tuple[str, ...]:
    """The cells as they are read in Vietnamese: the fraction of a number stands behind a comma."""
    return tuple(
        cell.replace(".", ",") if row.kind(place) == NUMBER else cell.strip() for place, cell in enumerate(row.cells)
    )


def _table(rows: list[tuple[str, ...]]) -> Iterator[Table]:
    width = max(map(len, rows), default=0)
    if rows:
        yield Table(tuple((*row, *[""] * (width - len(row))) for row in rows))
