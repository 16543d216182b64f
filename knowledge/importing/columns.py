"""The head of a table: how many rows it has, and what each column is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.importing.figures import Use, find_numbers
from knowledge.importing.horizons import HorizonKind, find_horizons
from knowledge.importing.phrases import named, phrases
from knowledge.importing.setting import Times, resolve
from knowledge.importing.shadow import shadow
from knowledge.model.plans import ANNUAL

_RATE = named("columns.rate")

_FIGURE_CELL = named("columns.figure_cell")
_JUDGED = named("columns.judged")
_PLANNED = named("columns.planned")
_OF_WORK = named("columns.of_work")
_BODY_CELL = named("columns.body_cell")

Rows = Sequence[Sequence[str]]
_LONGEST_HEAD = 3
_ORDER = named("columns.order")
_TIME = named("columns.time")
_WITH = named("columns.with")
_LEAD = named("columns.lead")
_UNIT = named("columns.unit")
_UNIT_OR_BODY = named("columns.unit_or_body")
_KNOWN_UNITS = frozenset(phrases("units"))
_NOTE = named("columns.note")
_PAST = named("columns.past")
_VALUE = named("columns.value")
_LABEL = named("columns.label")
_BODIES = named("columns.bodies")
_YEAR = re.compile(r"(?<!\d)(20[1-9]\d)(?!\d)")
_SPAN = re.compile(r"(20[1-9]\d) ?- ?(20[1-9]\d)")


class ColumnRole(StrEnum):
    """What the cells of a column are."""

    ORDER = "order"
    LABEL = "label"
    UNIT = "unit"
    VALUE = "value"
    PAST = "past"
    TIME = "time"
    LEAD = "lead"
    WITH = "with"
    NOTE = "note"


@dataclass(frozen=True)
class TableColumn:
    """A column: its head in words, what it is for, and the horizon that the head names."""

    head: str
    role: ColumnRole
    horizon: str | None = None
    is_percent: bool = False


@dataclass(frozen=True)
class TableLayout:
    """The columns of a table and the number of rows its head has; `is_shares` where its rows are units."""

    columns: tuple[TableColumn, ...]
    head_rows: int
    is_shares: bool

    def find(self, role: ColumnRole) -> int | None:
        """The place of the first column of a role."""
        return next((place for place, column in enumerate(self.columns) if column.role is role), None)


def read_layout(rows: Rows, times: Times) -> TableLayout:
    """The layout of a table whose rows are all of one length."""
    head_rows = count_head(rows)
    heads = _heads([row for row in rows[:head_rows] if not _is_numbering(row)], len(rows[0]))
    body = rows[head_rows:]
    columns = [_column(head, [row[place] for row in body], times) for place, head in enumerate(heads)]
    if not any(column.role is ColumnRole.LABEL for column in columns):
        columns = _with_label(columns, body)
    if _tells_results(columns):
        columns = [
            replace(column, role=ColumnRole.PAST) if column.role is ColumnRole.VALUE else column for column in columns
        ]
    label = next((place for place, column in enumerate(columns) if column.role is ColumnRole.LABEL), None)
    is_shares = label is not None and _names_bodies(columns[label].head, [row[label] for row in body])
    return TableLayout(tuple(columns), head_rows, is_shares)


def _tells_results(columns: Sequence[TableColumn]) -> bool:
    """Whether a table holds what was planned against what was done, with the rate of it: all of it is past."""
    past = [column for column in columns if column.role is ColumnRole.PAST]
    values = [column for column in columns if column.role is ColumnRole.VALUE]
    rated = any(column.is_percent and not _PLANNED.search(shadow(column.head)) for column in values)
    judged = any(_JUDGED.search(shadow(column.head)) for column in columns)
    compared = judged or (rated and any(column.horizon is None for column in past))
    return bool(past) and compared and not any(column.horizon for column in values)


def count_head(rows: Rows) -> int:
    """How many rows the head of a table has."""
    count = 0
    for row in rows[: min(_LONGEST_HEAD, len(rows) - 1)]:
        cells = [shadow(cell).strip() for cell in row if cell.strip()]
        numbered = sum(_is_value(cell) for cell in cells)
        ordinal = (
            bool(cells)
            and re.fullmatch(r"\(?\d{1,3}\)?\.?", cells[0]) is not None
            and len(cells) > 1
            and not _YEAR.fullmatch(cells[0])
        )
        plain = all(re.fullmatch(r"\(?\d{1,2}\)?", cell) for cell in cells) and len(cells) > 2
        if plain and count:
            return count + 1
        if not cells or numbered or ordinal:
            break
        if count and not any(_YEAR.search(cell) or len(cell) < 30 for cell in cells):
            break
        if count and row[0].strip() and not _YEAR.search(shadow(row[0])) and len(row[0]) > 12:
            break
        if count and re.match(r"(?:[ivx]+|[a-d])\.?$", cells[0]):
            break
        if count and len(cells) == 1 and not _YEAR.search(cells[0]):
            break
        count += 1
        if count == 1 and not _needs_second(rows, row):
            break
    if len(rows) > count:
        cells = [cell.strip() for cell in rows[count] if cell.strip()]
        if len(cells) > 2 and all(re.fullmatch(r"\(?\d{1,2}\)?|[A-H]", cell) for cell in cells) and count:
            count += 1
    return count


def _is_numbering(row: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: "(1)", "(2)", "A", "B" …"""
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 2 and all(re.fullmatch(r"\(?\d{1,2}\)?|[A-H]", cell) for cell in cells)


def _needs_second(rows: Rows, first: Sequence[str]) -> bool:
    """Whether the first row has merged cells (empty ones behind a head) that the second row fills."""
    if len(rows) < 2:
        return False
    second = rows[1]
    filled = [place for place, cell in enumerate(second) if cell.strip()]
    return any(not first[place].strip() for place in filled) and any(not cell.strip() for cell in second)


def _heads(rows: Rows, width: int) -> list[str]:
    parts: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        carried = ""
        for place in range(width):
            cell = row[place].strip()
            below = any(later[place].strip() for later in rows[number + 1 :])
            carried = cell if cell else (carried if below else "")
            if cell or (carried and below):
                parts[place].append(cell or carried)
    return [" ".join(dict.fromkeys(part)) for part in parts]


def _is_value(cell: str) -> bool:
    """Whether a folded cell is a figure rather than words or a year."""
    if _YEAR.fullmatch(cell) or _SPAN.fullmatch(cell):
        return False
    return _FIGURE_CELL.fullmatch(cell) is not None


def _column(head: str, cells: Sequence[str], times: Times) -> TableColumn:
    folded = " ".join(shadow(head).split()).strip(" .:")
    filled = [shadow(cell).strip() for cell in cells if cell.strip()]
    values = sum(_is_value(cell) for cell in filled)
    numeric = bool(filled) and values >= 0.5 * len(filled)
    ordinals = bool(filled) and sum(
        re.fullmatch(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[ivx]+|[a-z])\)?[.)]?", cell) is not None for cell in filled
    ) >= 0.8 * len(filled)
    if _ORDER.fullmatch(folded) or (not folded and ordinals):
        return TableColumn(head, ColumnRole.ORDER)
    if _UNIT.search(folded) and _are_units(folded, filled) and not _names_bodies("", cells):
        return TableColumn(head, ColumnRole.UNIT)
    if _TIME.search(folded) and not numeric:
        return TableColumn(head, ColumnRole.TIME)
    if numeric:
        return _value_column(head, folded, times)
    if _WITH.search(folded) and not _LEAD.search(folded):
        return TableColumn(head, ColumnRole.WITH)
    if _LEAD.search(folded) and not _YEAR.search(folded):
        return TableColumn(head, ColumnRole.LEAD)
    if _NOTE.search(folded):
        return TableColumn(head, ColumnRole.NOTE)
    if (
        _VALUE.search(folded)
        and any(_has_figure(cell) for cell in filled)
        and (_YEAR.search(folded) or not _LABEL.search(folded))
    ):
        return _value_column(head, folded, times)
    if _LABEL.search(folded) or _BODIES.search(folded):
        return TableColumn(head, ColumnRole.LABEL)
    return TableColumn(head, ColumnRole.NOTE)


def _has_figure(cell: str) -> bool:
    return any(number.use is Use.FIGURE for number in find_numbers(cell))


def _are_units(head: str, cells: Sequence[str]) -> bool:
    """Whether cells are what figures are counted in; under a head that may also stand over bodies, known ones."""
    if _UNIT_OR_BODY.fullmatch(head):
        return sum(cell in _KNOWN_UNITS or cell.startswith("%") for cell in cells) > 0.5 * len(cells)
    return not cells or sum(len(cell) < 20 for cell in cells) >= 0.7 * len(cells)


def _value_column(head: str, folded: str, times: Times) -> TableColumn:
    percent = _RATE.search(folded) is not None
    horizon = _horizon(folded, times)
    is_old = horizon is not None and horizon.isdecimal() and times.issued is not None and int(horizon) < times.issued
    plain = not _PLANNED.search(folded)
    if is_old or (_PAST.search(folded) and plain):
        return TableColumn(head, ColumnRole.PAST, horizon, percent)
    return TableColumn(head, ColumnRole.VALUE, horizon, percent)


def _horizon(folded: str, times: Times) -> str | None:
    if (span := _SPAN.search(folded)) is not None:
        return span[2]
    years = _YEAR.findall(folded)
    if years:
        return str(years[-1])
    for time in find_horizons(folded):
        if time.kind is HorizonKind.ANNUAL:
            return ANNUAL
        if time.kind is HorizonKind.TERM:
            return resolve(time, times)
    return None


def _with_label(columns: list[TableColumn], body: Rows) -> list[TableColumn]:
    """The columns with the widest one of words as the label, where no head names it."""
    widths = [
        sum(len(row[place]) for row in body) if column.role is ColumnRole.NOTE else 0
        for place, column in enumerate(columns)
    ]
    if not widths or max(widths) == 0:
        return columns
    place = widths.index(max(widths))
    columns[place] = TableColumn(columns[place].head, ColumnRole.LABEL)
    return columns


def _names_bodies(head: str, cells: Sequence[str]) -> bool:
    folded = " ".join(shadow(head).split())
    if _BODIES.match(folded) and not _OF_WORK.search(folded):
        return True
    filled = [shadow(cell).strip(" .-+") for cell in cells if cell.strip()]
    named = sum(_BODY_CELL.match(cell) is not None for cell in filled)
    return len(filled) > 2 and named >= 0.6 * len(filled)
