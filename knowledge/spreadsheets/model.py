"""What a spreadsheet says: sheets, their rows as text, and what kind of value each cell holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

TEXT: Final = "t"
NUMBER: Final = "n"
DATE: Final = "d"
TRUTH: Final = "b"
ERROR: Final = "e"
"""Kinds of cells, a letter each; an empty cell is an empty text."""


ENDINGS: Final = frozenset({".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".csv", ".tsv"})
"""Ends of names of tables; what a file holds decides how it is read."""

FILLED: Final = 100
"""Columns in which merged cells are filled in; what a hostile file could have filled is bounded by it."""


class SheetRow(msgspec.Struct, frozen=True, array_like=True, tag="row"):
    """A row that says something: its number (from 1, as the program that wrote the file counts) and its cells as text.

    `kinds` has a letter for each cell; a number keeps its exact digits, a date is written dd/mm/yyyy.
    """

    number: int
    cells: tuple[str, ...]
    kinds: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)

    def kind(self, place: int) -> str:
        """The kind of a cell, by its place from 0."""
        return self.kinds[place] if place < len(self.kinds) else TEXT


class Merge(msgspec.Struct, frozen=True, array_like=True):
    """Cells made one: the first and the last column (from 0), the first and the last row (from 1)."""

    column: int
    until: int
    first: int
    last: int


class SheetHead(msgspec.Struct, frozen=True, array_like=True, tag="sheet"):
    """What is known of a sheet before its rows.

    `hidden_rows` are the rows that whoever opens the file does not see. `uncalculated` are cells of formulas whose
    result no program has put into the file yet ("D9"), so that they seem to be empty; the first of them.
    """

    name: str
    is_hidden: bool = False
    merges: tuple[Merge, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    uncalculated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its rows; those that say nothing are left out."""

    head: SheetHead
    rows: Sequence[SheetRow]

    @property
    def name(self) -> str:
        """What it is called; empty for a .csv file."""
        return self.head.name

    @property
    def is_hidden(self) -> bool:
        """Whether whoever opens the file does not see it."""
        return self.head.is_hidden

    def filled(self) -> Iterator[SheetRow]:
        """Its rows, with the value of cells merged downwards in each of their rows."""
        merges: dict[int, list[Merge]] = {}
        for merge in self.head.merges:
            if merge.last > merge.first and merge.column < FILLED:
                merges.setdefault(merge.first, []).append(merge)
        held: dict[int, tuple[Merge, str, str]] = {}
        for row in self.rows:
            held = {column: each for column, each in held.items() if each[0].last >= row.number}
            for merge in merges.get(row.number, ()):
                if merge.column < len(row.cells):
                    held[merge.column] = (merge, row.cells[merge.column], row.kind(merge.column))
            yield _with(row, held) if held else row


def _with(row: SheetRow, held: dict[int, tuple[Merge, str, str]]) -> SheetRow:
    width = max(len(row.cells), *(column + 1 for column in held))
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    kinds = [*row.kinds.ljust(len(row.cells), TEXT), *[TEXT] * (width - len(row.cells))]
    for column, (_, value, kind) in held.items():
        if not cells[column]:
            cells[column], kinds[column] = value, kind
    return SheetRow(row.number, tuple(cells), "".join(kinds))


def cell_name(row: int, place: int) -> str:
    """What a cell is called by whoever sees it, of a row from 1 and a place from 0: (5, 1) → "B5"."""
    letters, column = "", place + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"
