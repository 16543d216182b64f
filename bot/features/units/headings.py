"""The heading of a unit file: where it stands, over one row or two, and which column is which. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

import msgspec

from bot.features.units.troubles import FileNote, NoteKind, RowSpot, UnitFileRefusedError, WhyNoUnits
from knowledge.catalogue import read_toml
from knowledge.importing.old_fonts import OldFont, to_unicode
from knowledge.spreadsheets.model import Merge, SheetRow
from storage.people import RoleName
from storage.units import fold_name

HEADER_WITHIN: Final = 30
"""Rows in which the heading is looked for."""


class _Headings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of headings: how each column is called, what stands for each role, what only numbers
    the rows, how a row of totals begins, and which sheet is the guide of the empty file.
    """

    columns: dict[str, tuple[str, ...]]
    roles: dict[RoleName, tuple[str, ...]]
    numbering: dict[str, tuple[str, ...]]
    totals: dict[str, tuple[str, ...]]
    guide: dict[str, tuple[str, ...]]


_HEADINGS: Final = read_toml(files(__package__) / "headings.toml", _Headings)
_COLUMN_OF: Final = {fold_name(called): column for column, names in _HEADINGS.columns.items() for called in names}
_ROLE_OF: Final = {fold_name(called): role for role, names in _HEADINGS.roles.items() for called in names}
_NUMBERING: Final = frozenset(map(fold_name, _HEADINGS.numbering["columns"]))
_TOTALS_ALONE: Final = frozenset(map(fold_name, _HEADINGS.totals["alone"]))
_TOTALS_BEGIN: Final = tuple(map(fold_name, _HEADINGS.totals["beginning"]))
_NUMBERED: Final = re.compile(r"\(?(\d{1,2})\)?|\(?[A-Za-z]\)?")
_FEWEST_NUMBERED: Final = 3
_FEWEST_KNOWN: Final = 2
_IN_PARTS: Final = ("name", "officer")
"""Columns that lists keep in two: family name and given name."""

GUIDE_SHEET: Final = _HEADINGS.guide["sheets"][0]
"""The sheet of the empty file that tells how to fill it in."""

ROLE_NAMES: Final = {role: names[1] for role, names in _HEADINGS.roles.items()}
"""How each role is called in a unit file, in Vietnamese."""


def find_role(text: str) -> RoleName | None:
    """The role that a cell means."""
    return _ROLE_OF.get(fold_name(text))


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """Where each column stands (from 0), and the last row of the heading; `notes` are told of it.

    `split` are the places of further cells of a column whose heading was merged over them, as a name in two parts;
    `unread` the headings of columns that are no column of a unit file, by place.
    """

    places: Mapping[str, int]
    last: int
    notes: tuple[FileNote, ...] = ()
    split: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unread: Mapping[int, str] = field(default_factory=dict)


def count_columns(row: SheetRow) -> int:
    """How many columns of a unit file a row names; 0 where it is no heading."""
    try:
        found = _places(row.cells, row.number)
    except UnitFileRefusedError:
        return 1
    return len(found) if found is not None else 0


def find_heading(rows: Sequence[SheetRow], merges: Sequence[Merge]) -> FoundHeading | None:
    """The heading among the first rows of a sheet, over one row or two.

    Args:
        rows: with the values of merged cells in each row.

    Raises:
        UnitFileRefusedError: two columns are headed alike.
    """
    for at, row in enumerate(rows):
        if row.number > HEADER_WITHIN:
            break
        following = rows[at + 1] if at + 1 < len(rows) and rows[at + 1].number == row.number + 1 else None
        both = _read_as_two(row, following) if following is not None else None
        own = _places(row.cells, row.number) if both is None or not _starts_with_heading(row) else None
        if both is not None and following is not None and len(both) > len(own or ()):
            return _heading(rows, merges, both, (row.number, following.number))
        if own is not None:
            above = [merge.first for merge in merges if merge.first < row.number <= merge.last]
            return _heading(rows, merges, own, (min([row.number, *above]), row.number))
    return None


def _heading(
    rows: Sequence[SheetRow], merges: Sequence[Merge], places: Mapping[str, int], span: tuple[int, int]
) -> FoundHeading:
    first, last = span
    notes = []
    if first < last:
        notes.append(FileNote(NoteKind.TWO_ROW_HEADING, (RowSpot(first), RowSpot(last))))
    numbering = next((row for row in rows if row.number > last), None)
    if numbering is not None and _numbers_columns(numbering):
        last = numbering.number
        notes.append(FileNote(NoteKind.NUMBERING, (RowSpot(last),)))
    split = {
        column: tuple(place for place in range(merge.column + 1, merge.until + 1) if place not in places.values())
        for merge in merges
        for column in _IN_PARTS
        if first <= merge.first <= span[1] and places.get(column) == merge.column and merge.until > merge.column
    }
    taken = {*places.values(), *(place for some in split.values() for place in some)}
    unread: dict[int, str] = {}
    for row in rows:
        if first <= row.number <= span[1]:
            said = ((place, _tidy(cell)) for place, cell in enumerate(row.cells) if place not in taken)
            unread |= {place: cell for place, cell in said if cell}
    unread = {place: said for place, said in unread.items() if fold_name(said).strip(" .") not in _NUMBERING}
    return FoundHeading(places, last, tuple(notes), split, unread)


def find_further_heading(row: SheetRow, before: FoundHeading) -> FoundHeading | None:
    """The heading of a further table below the first, whose columns stand otherwise; None for any other row."""
    try:
        places = _places(row.cells, row.number)
    except UnitFileRefusedError:
        return None
    if places is None or len(places) < _FEWEST_NUMBERED or places == before.places:
        return None
    return _heading([row], (), places, (row.number, row.number))


def find_likely_heading(rows: Sequence[SheetRow]) -> tuple[int, list[str]] | None:
    """The row that comes nearest to a heading though no column of codes is found in it, and its cells that are not
    understood; None where nothing comes near.
    """
    best: tuple[int, int, list[str]] | None = None
    for row in rows:
        if row.number > HEADER_WITHIN:
            break
        said = [_tidy(cell) for cell in row.cells if cell.strip()]
        known = {column for cell in said if (column := _column(cell)) is not None}
        if len(known) >= _FEWEST_KNOWN and (best is None or len(known) > best[0]):
            strange = [cell for cell in said if _column(cell) is None and fold_name(cell).strip(" .") not in _NUMBERING]
            best = len(known), row.number, strange
    return (best[1], best[2]) if best is not None else None


def repeats(row: SheetRow, heading: FoundHeading) -> bool:
    """Whether a row below says the heading once more, as printed pages do."""
    said = {place: _column(_tidy(cell)) for place, cell in enumerate(row.cells) if cell.strip()}
    return all(said.get(place) == column for column, place in heading.places.items())


def _column(cell: str) -> str | None:
    """Which column a cell heads, also in the letters of an old font."""
    spelled = [cell] if cell.isascii() else [cell, *(to_unicode(cell, font) for font in OldFont)]
    names = (name for each in spelled for name in (each, each.partition("(")[0]))
    return next((column for name in names if (column := _COLUMN_OF.get(fold_name(name))) is not None), None)


def _places(cells: Sequence[str], number: int) -> dict[str, int] | None:
    """The place of each column, where these cells are a heading; raises where one stands twice."""
    places: dict[str, int] = {}
    twice = None
    for place, cell in enumerate(cells):
        column = _column(_tidy(cell)) if cell else None
        if column is None:
            continue
        if column in places:
            twice = twice or column
        places.setdefault(column, place)
    if "code" not in places or len(places) < 2:
        return None
    if twice is not None:
        raise UnitFileRefusedError(WhyNoUnits.TWO_COLUMNS, RowSpot(number), twice)
    return places


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


def _starts_with_heading(row: SheetRow) -> bool:
    return any(_column(_tidy(cell)) is not None for cell in row.cells if cell)


def _read_as_two(row: SheetRow, following: SheetRow) -> dict[str, int] | None:
    """Both rows as one heading, where the second names columns and no unit: groups above, columns below."""
    width = max(len(row.cells), len(following.cells))
    above = [*row.cells, *[""] * (width - len(row.cells))]
    below = [*following.cells, *[""] * (width - len(following.cells))]
    named = [_column(_tidy(cell)) if cell else None for cell in below]
    if not _starts_with_heading(row) or not any(named):
        return None
    together = [
        lower if column is not None else upper for upper, lower, column in zip(above, below, named, strict=True)
    ]
    try:
        places = _places(together, row.number)
    except UnitFileRefusedError:
        return None
    if places is None or (below[places["code"]] and named[places["code"]] is None):
        return None
    return places


def _numbers_columns(row: SheetRow) -> bool:
    """Whether the row only counts the columns: (1) (2) (3), perhaps behind A and B."""
    matches = [_NUMBERED.fullmatch(_tidy(cell)) for cell in row.cells if cell.strip()]
    numbers = [int(match[1]) for match in matches if match is not None and match[1] is not None]
    counted = len(numbers) >= _FEWEST_NUMBERED and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return counted and None not in matches and numbers[0] <= 1


def find_total(row: SheetRow, places: Mapping[str, int]) -> str | None:
    """What a row of totals is called, which has no code; None for any other row."""
    code = row.cells[places["code"]] if places["code"] < len(row.cells) else ""
    first = next((_tidy(cell) for cell in row.cells if cell.strip()), "")
    folded = fold_name(first).strip(" :")
    is_total = folded in _TOTALS_ALONE or folded.startswith(_TOTALS_BEGIN)
    return first if is_total and (not code.strip() or _tidy(code) == first) else None
