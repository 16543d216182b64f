"""Why a spreadsheet is not read, and how much of one is: one reason each, said in English on the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class WhyNoTable(StrEnum):
    """The one reason for which a file was not read; its value is said on the terminal."""

    MISSING = "the file cannot be read: {0}"
    TOO_LARGE = "the file is larger than {0} MB"
    TOO_COMPLEX = "the workbook unpacks to more than a table can be, or is packed suspiciously; save it anew"
    DAMAGED = "the workbook is damaged; save it anew as .xlsx"
    PROTECTED = "the workbook is protected by a password; save it as .xlsx without one"
    NOT_A_TABLE = "this is neither .xlsx, .xls, .ods nor .csv; open it and save it as .xlsx"
    LETTERS = "the letters of the file cannot be read; save it as CSV UTF-8"
    BAD_LINE = "line {0} of the file cannot be read; save it as .xlsx"
    TOO_MANY_SHEETS = "the workbook has more than {0} sheets; keep those that are needed"
    TOO_MANY_ROWS = "the file has more than {0} rows with something in them"
    TOO_MANY_CELLS = "the file has more than {0} cells with something in them"


class TableRefusedError(Exception):
    """The file cannot be read as a table; the message says why, in one line."""

    for_operator = True

    def __init__(self, why: StrEnum, *said: object) -> None:
        super().__init__(why.value.format(*said))
        self.why = why
        self.said = tuple(map(str, said))


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much a file may be, and what reading it may use.

    Attributes:
        name: what the child is told.
        largest, unpacked: bytes of the file, and of its parts unpacked.
        parts: files in the package; `ratio`: times that all of it, or a large part, may grow when unpacked.
        rows, columns: rows with something in them, of all sheets together; columns that are looked at.
        cells: with something in them, of all sheets together; merges, cells that these fill and hidden rows count too.
        letters: of all cells together; one text may stand in many cells, so the size of the file bounds nothing.
        seconds: of the processor; `wait` by the clock; `memory` bytes of address space.
    """

    name: str
    largest: int
    unpacked: int
    parts: int
    ratio: int
    rows: int
    columns: int
    cells: int
    letters: int
    seconds: int
    wait: float
    memory: int


FROM_CHAT: Final = TableLimits(
    name="chat",
    largest=8_000_000,
    unpacked=60_000_000,
    parts=300,
    ratio=300,
    rows=20_000,
    columns=2_100,
    cells=120_000,
    letters=4_000_000,
    seconds=10,
    wait=60.0,
    memory=256_000_000,
)
"""What whoever holds a role may send; the processor is shared, so the clock goes on for longer."""

FROM_OPERATOR: Final = TableLimits(
    name="operator",
    largest=60_000_000,
    unpacked=600_000_000,
    parts=2_000,
    ratio=200,
    rows=1_048_576,
    columns=200,
    cells=50_000_000,
    letters=1_000_000_000,
    seconds=600,
    wait=1_800.0,
    memory=3_000_000_000,
)
"""What the operator has on the machine itself."""

MOST_SHEETS: Final = 200
MOST_MERGES: Final = 50_000
LONGEST_CELL: Final = 1_000
"""Letters of a cell that are read."""


def require_few_sheets(count: int) -> None:
    """Raise TableRefusedError where a workbook has more sheets than are read: none is passed over silently."""
    if count > MOST_SHEETS:
        raise TableRefusedError(WhyNoTable.TOO_MANY_SHEETS, MOST_SHEETS)


def require_few_cells(count: int, limits: TableLimits) -> None:
    """Raise TableRefusedError where a file has more cells than are handed back."""
    if count > limits.cells:
        raise TableRefusedError(WhyNoTable.TOO_MANY_CELLS, limits.cells)
