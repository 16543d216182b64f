"""A list of units that was sent: what it holds, what it would change, and taking it in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bot.access import Right
from bot.features.units.changes import UnitChanges
from bot.features.units.headings import HEADER_WITHIN, count_columns
from bot.features.units.importing import ImportOutcome, find_new_roots, foresee_import, import_units
from bot.features.units.unit_files import UnitFile, parse_table
from bot.features.units.within import Reach
from bot.hands.asking import Asking
from knowledge.forms import FormBook
from knowledge.model.plans import Plan
from knowledge.spreadsheets.marks import is_report
from knowledge.spreadsheets.model import Sheet, SheetRow
from storage.units import fold_name

MOST_ROWS: Final = 5_000
"""Rows that are taken in from the chat; a longer list is for the operator, who sees how far it is."""

_NUMBER_BEFORE: Final = re.compile(r"^\d{1,3}[a-z]?[.)]\s*")


@dataclass(frozen=True, slots=True)
class ForeseenList:
    """What a list would change; `roots` are the units that would be new at the top, as code and name."""

    table: UnitFile
    change: UnitChanges
    roots: tuple[tuple[str, str], ...]

    @property
    def is_too_long(self) -> bool:
        """Whether it is for the operator."""
        return len(self.table.lines) > MOST_ROWS

    @property
    def has_something(self) -> bool:
        """Whether anything of it can be taken in."""
        return bool(self.change.new or self.change.updated or self.change.officers)


def holds_units(sheets: Sequence[Sheet]) -> bool:
    """Whether any sheet has the heading of a list of units and none is one of our own for figures. Pure."""
    if any(map(is_report, sheets)):
        return False
    return any(count_columns(row) for sheet in sheets for row in _opening(sheet))


def holds_figures(sheets: Sequence[Sheet], forms: FormBook) -> bool:
    """Whether a heading names rows of a form, so that the table may be there for its figures. Pure."""
    rows = [row for form in forms.latest for row in form.asked]
    names = {_figure_key(name) for row in rows for name in (row.name, row.short)}
    return any(_figure_key(cell) in names for sheet in sheets for row in _opening(sheet) for cell in row.cells)


def _opening(sheet: Sheet) -> Iterator[SheetRow]:
    """The rows in which a heading may stand."""
    return takewhile(lambda row: row.number <= HEADER_WITHIN + 1, sheet.filled())


def _figure_key(cell: str) -> str:
    return fold_name(_NUMBER_BEFORE.sub("", " ".join(cell.split())).partition("(")[0])


async def foresee(asking: Asking, sheets: Sequence[Sheet], plans: Collection[Plan]) -> ForeseenList:
    """What a list would change; changes nothing.

    Raises:
        AccessDeniedError: the asker manages no unit.
        UnitFileRefusedError: it is no list that can be taken in.
    """
    reach = _find_reach(asking)
    table = parse_table(sheets, plans)
    existing, change = await foresee_import(asking.db, table, reach)
    return ForeseenList(table, change, find_new_roots(change, existing))


async def take(asking: Asking, sheets: Sequence[Sheet], plans: Collection[Plan]) -> ImportOutcome | None:
    """Take in what is not refused; None where it is too long.

    Raises:
        AccessDeniedError: the asker manages no unit.
        UnitFileRefusedError: it is no list that can be taken in.
    """
    reach = _find_reach(asking)
    table = parse_table(sheets, plans)
    if len(table.lines) > MOST_ROWS:
        return None
    return await import_units(
        asking.db, table, now=asking.now, today=asking.today, partial=True, by=asking.person_id, reach=reach
    )


def _find_reach(asking: Asking) -> Reach | None:
    """The units that a list may touch: those that the asker manages; None for ADMIN_IDS, who manage all."""
    asking.require_anywhere(Right.MANAGE)
    return None if asking.asker.is_admin else Reach(asking.asker.units(Right.MANAGE))
