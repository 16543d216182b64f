"""A filled-in workbook that came back, understood as figures.

Whatever a file holds is its sender's word: nothing in it is executed, followed or believed before it has been checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.features.summaries.workbook.book import CODES, FIRST_COLUMN
from knowledge.model.forms import FigureKind, Form, Indicator
from knowledge.numbers import LARGEST_COUNT, Parsed, Reason, Refused, parse_count, parse_money, parse_percent
from knowledge.spreadsheets.marks import has_mark, is_report
from knowledge.spreadsheets.model import NUMBER, Sheet, SheetRow, cell_name


class FileTrouble(StrEnum):
    """Why a table is no workbook of ours that can be taken."""

    NOT_OURS = "not_ours"
    HIDDEN = "hidden"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """One column that came back: its code, and its cells by row key: ("n", number) or ("t", words), and the address."""

    code: str
    cells: dict[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Twice:
    """Two cells of which only one can be meant: of the same code, or of the same row of a column."""

    code: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """A workbook that came back.

    Attributes:
        form: the id of the form it says it is for.
        fixed: the code all columns share: a period where each column is a unit, otherwise a unit.
        by_period: whether each column is a period.
        twice: cells that say the same thing twice; nothing is taken while there are any.
        uncoded: columns with figures that no code says a unit for.
        headings: what stands above the columns: a title that was typed over may name another period than the mark.
        hidden: sheets of ours that whoever opens the file does not see; they are not read.
    """

    form: str
    fixed: str
    by_period: bool
    columns: tuple[ReadColumn, ...]
    twice: tuple[Twice, ...] = ()
    uncoded: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class CellProblem(StrEnum):
    """What is wrong with a cell."""

    NOT_A_NUMBER = "not_a_number"
    AS_TEXT = "as_text"
    UNCLEAR = "unclear"
    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that gives no figure: where, for which row, why, and what it says."""

    place: str
    key: str
    problem: CellProblem
    said: str


@dataclass(frozen=True, slots=True)
class FilledColumn:
    """What one column says: figures by key, and the cells that say nothing usable."""

    code: str
    figures: dict[str, Decimal]
    wrong: tuple[WrongCell, ...] = ()


def interpret(form: Form, column: ReadColumn) -> FilledColumn:
    """The figures of a column; those that follow from others are worked out, not read. Pure."""
    figures: dict[str, Decimal] = {}
    wrong: list[WrongCell] = []
    for row in form.asked:
        if row.key not in column.cells:
            continue
        kind, said, place = column.cells[row.key]
        found = _exact(row, said) if kind == "n" else _typed(row, said)
        if isinstance(found, Decimal):
            figures[row.key] = found
        else:
            wrong.append(WrongCell(place, row.key, found, said))
    return FilledColumn(column.code, figures, tuple(wrong))


def _exact(row: Indicator, said: str) -> Decimal | CellProblem:
    try:
        value = Decimal(said)
    except InvalidOperation:
        return CellProblem.NOT_A_NUMBER
    if not value.is_finite():
        return CellProblem.NOT_A_NUMBER
    if abs(value) > LARGEST_COUNT:
        return CellProblem.TOO_LARGE
    if value < 0 and not row.signed:
        return CellProblem.NEGATIVE
    if row.kind is FigureKind.COUNT and value != value.to_integral_value():
        return CellProblem.NOT_WHOLE
    return round(value, 3) if value != value.to_integral_value() else value.quantize(Decimal(1))


def _typed(row: Indicator, said: str) -> Decimal | CellProblem:
    if _is_typed_oddly(row, said):
        return CellProblem.AS_TEXT
    match row.kind:
        case FigureKind.COUNT:
            outcome = parse_count(said, signed=row.signed)
        case FigureKind.MONEY:
            outcome = parse_money(said)
        case FigureKind.PERCENT:
            outcome = parse_percent(said)
    if isinstance(outcome, Parsed):
        return outcome.value
    if isinstance(outcome, Refused):
        return CellProblem.NEGATIVE if outcome.reason is Reason.NEGATIVE else CellProblem.NOT_A_NUMBER
    return CellProblem.UNCLEAR


def _is_typed_oddly(row: Indicator, said: str) -> bool:
    """Whether a number was typed as words: in full-width digits, behind an apostrophe, or with a plus before it.

    A program that calculates with it takes it for nothing, so the file's own totals are wrong too.
    """
    has_sign = said.startswith(("'", "\u2019", "`")) or (said.startswith("+") and not row.signed)
    return has_sign or any(letter.isdigit() and not letter.isascii() for letter in said)


# Reading a sheet ---------------------------------------------------------------------------------------------------


def recognise(row: SheetRow) -> int:
    """How much a row looks like one of ours, to tell what parts the columns of a .csv file."""
    return len(row.cells) if has_mark(row) or row.cells[:1] == (CODES,) else 0


def read_reports(sheets: Sequence[Sheet]) -> WorkbookReading | FileTrouble:
    """What a workbook says: its sheets of ours that are seen, wherever they stand. Pure."""
    ours = [sheet for sheet in sheets if is_report(sheet)]
    seen = [sheet for sheet in ours if not sheet.is_hidden]
    if not seen:
        return FileTrouble.HIDDEN if ours else FileTrouble.NOT_OURS
    found = [_read_sheet(sheet, sheet.name if len(seen) > 1 else "") for sheet in seen]
    read = [each for each in found if each is not None]
    if not read:
        return FileTrouble.NOT_OURS
    first = read[0]
    if any((each.form, each.fixed, each.by_period) != (first.form, first.fixed, first.by_period) for each in read):
        return FileTrouble.SEVERAL
    codes: dict[str, str] = {}
    twice = [pair for each in read for pair in each.twice]
    for each in read:
        for column in each.columns:
            where = column.cells[CODES][2]
            earlier = codes.setdefault(column.code.casefold(), where)
            if earlier != where:
                twice.append(Twice(column.code, earlier, where))
            del column.cells[CODES]
    return WorkbookReading(
        first.form,
        first.fixed,
        first.by_period,
        tuple(column for each in read for column in each.columns),
        tuple(twice),
        tuple(where for each in read for where in each.uncoded),
        tuple(said for each in read for said in each.headings),
        tuple(sheet.name for sheet in ours if sheet.is_hidden),
    )


def _read_sheet(sheet: Sheet, called: str) -> WorkbookReading | None:
    """One sheet of ours; each column has its code among its cells. None where its mark is broken."""
    mark: list[str] = []
    columns: dict[int, ReadColumn] = {}
    twice: list[Twice] = []
    uncoded: dict[int, str] = {}
    headings: list[str] = []

    def where(row: int, place: int) -> str:
        return f"{called}!{cell_name(row, place)}" if called else cell_name(row, place)

    for row in sheet.rows:
        key = row.cells[0].strip() if row.cells else ""
        if not columns:
            headings += [said for said in row.cells[1:] if said.strip()]
        if has_mark(row) and not mark:
            mark = key.split("|")
        elif key == CODES and not columns:
            for place, said in enumerate(row.cells[FIRST_COLUMN - 1 :], start=FIRST_COLUMN - 1):
                if code := said.strip()[:200]:
                    columns[place] = ReadColumn(code, {CODES: ("t", code, where(row.number, place))})
        elif key and columns:
            for place, said in enumerate(row.cells[FIRST_COLUMN - 1 :], start=FIRST_COLUMN - 1):
                if not said.strip():
                    continue
                column = columns.get(place)
                if column is None:
                    uncoded.setdefault(place, where(row.number, place))
                    continue
                cell = (*to_plain(row.kind(place), said), where(row.number, place))
                earlier = column.cells.setdefault(key, cell)
                if earlier[:2] != cell[:2]:
                    twice.append(Twice(column.code, earlier[2], cell[2]))
    if len(mark) != 4 or mark[3] not in {"unit", "period"} or not columns:
        return None
    by_period = mark[3] == "period"
    found = tuple(columns.values()), tuple(twice), tuple(uncoded.values()), tuple(headings)
    return WorkbookReading(mark[1], mark[2], by_period, *found)


def to_plain(kind: str, said: str) -> tuple[str, str]:
    """A cell as its kind and text; a number keeps its exact digits."""
    return ("n", said) if kind == NUMBER else ("t", " ".join(said.split())[:100])
