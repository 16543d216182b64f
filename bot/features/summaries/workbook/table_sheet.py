"""The sheet of the table: a column a unit or a period, totals by formula, a block for signatures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bot.features.summaries.workbook.book import CODES, FIRST_COLUMN, Book, Column
from bot.services.cells import get_cell, put_text, sheet_name, to_number
from knowledge.model.forms import FigureKind, Form, Indicator, split_term
from knowledge.spreadsheets.marks import MARK

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

WIDE: Final = 14
"""More columns than this are printed on several pages."""


def fill_table(sheet: Worksheet, book: Book, cached: dict[str, Decimal]) -> None:
    """Fill the sheet; `cached` takes the results of its formulas by cell."""
    words, form = book.words, book.form
    sheet.title = sheet_name(words.sheet)
    last = FIRST_COLUMN + len(book.columns) - 1
    top = _fill_head(sheet, book, last)
    put_text(sheet, top, 1, CODES, "troly_key")
    put_text(sheet, top, 3, words.code, "troly_code")
    for number, column in enumerate(book.columns):
        put_text(sheet, top, FIRST_COLUMN + number, column.code, "troly_code")
    head = top + 1
    for at, label in enumerate((words.number, words.indicator, words.unit, words.total), start=2):
        put_text(sheet, head, at, label, "troly_head")
    for number, column in enumerate(book.columns):
        put_text(sheet, head, FIRST_COLUMN + number, column.heading, "troly_head")
    places = _place_rows(form, head + 1)
    for row in form.indicators:
        _fill_row(sheet, book, row, places, last, cached)
    for part, at in ((part, places[f"part:{part.id}"]) for part in form.parts):
        label = f"{part.number}. {part.title}" if part.number else part.title
        put_text(sheet, at, 2, label, "troly_part")
        for empty in range(3, last + 1):
            sheet.cell(at, empty).style = "troly_part"
        sheet.merge_cells(start_row=at, end_row=at, start_column=2, end_column=5)
    bottom = max(places.values()) + 1
    _guard_input(sheet, book, places, last)
    _fill_foot(sheet, book, bottom, last)
    _set_page(sheet, book, head, last)


def _fill_head(sheet: Worksheet, book: Book, last: int) -> int:
    """Issuer and state, title and period; the row in which the codes stand."""
    words = book.words
    put_text(sheet, 1, 1, f"{MARK}|{book.form.id}|{book.fixed}|{'period' if book.by_period else 'unit'}", "troly_key")
    middle = max(5, min(last, 9))
    for number, line in enumerate(words.issuer, start=1):
        put_text(sheet, number, 2, line, "troly_strong" if number == len(words.issuer) else "troly_centre")
        sheet.merge_cells(start_row=number, end_row=number, start_column=2, end_column=3)
    for number, line in enumerate(words.state, start=1):
        put_text(sheet, number, 4, line, "troly_strong")
        sheet.merge_cells(start_row=number, end_row=number, start_column=4, end_column=max(middle, 8))
    at = max(len(words.issuer), len(words.state)) + 2
    for number, line in enumerate((words.title, *words.subtitles)):
        put_text(sheet, at, 2, line, "troly_title" if number == 0 else "troly_centre")
        sheet.merge_cells(start_row=at, end_row=at, start_column=2, end_column=max(middle, 8))
        if number == 0:
            sheet.row_dimensions[at].height = 22 * (1 + len(line) // 70)
        at += 1
    return at + 1


def _place_rows(form: Form, first: int) -> dict[str, int]:
    """Where each row of the form stands in the sheet, parts among them as `part:id`."""
    places: dict[str, int] = {}
    at, part = first, None
    for row in form.indicators:
        if row.part is not None and row.part != part:
            part = row.part
            places[f"part:{part}"] = at
            at += 1
        places[row.key] = at
        at += 1
    return places


def _fill_row(
    sheet: Worksheet, book: Book, row: Indicator, places: Mapping[str, int], last: int, cached: dict[str, Decimal]
) -> None:
    form, at = book.form, places[row.key]
    put_text(sheet, at, 1, row.key, "troly_key")
    put_text(sheet, at, 2, "" if row.parent else row.no, "troly_number")
    first_child = row.parent is not None and form.children(row.parent)[0] is row
    name = f"{book.words.among} {row.name[0].lower()}{row.name[1:]}" if first_child else row.name
    put_text(sheet, at, 3, name, "troly_child" if row.parent else "troly_name")
    put_text(sheet, at, 4, row.unit or "", "troly_unit")
    style = _style(row)
    if row.heading:
        for empty in range(5, last + 1):
            sheet.cell(at, empty).style = "troly_none"
        return
    found: list[tuple[str, Decimal]] = []
    for number, column in enumerate(book.columns):
        cell = get_cell(sheet, at, FIRST_COLUMN + number)
        cell.style = "troly_none" if row.key in column.lacks else style
        value = _fill_cell(cell, book, row, column, places, cached)
        if value is not None:
            found.append((cell.coordinate, value))
    total = sheet.cell(at, 5)
    total.style = f"{style}_total"
    if not book.columns:
        return
    if book.by_period and row.carry_over is not None:
        if found:
            total.value = f"={found[-1][0]}"
            cached[total.coordinate] = found[-1][1]
        return
    if not row.adds_up:
        return
    total.value = f"=SUM({sheet.cell(at, FIRST_COLUMN).coordinate}:{sheet.cell(at, last).coordinate})"
    cached[total.coordinate] = sum((value for _, value in found), Decimal(0))


def _style(row: Indicator) -> str:
    """Whole numbers for counts; money and percentages have decimals."""
    return "troly_count" if row.kind is FigureKind.COUNT else "troly_money"


def _fill_cell(
    cell: Cell, book: Book, row: Indicator, column: Column, places: Mapping[str, int], cached: dict[str, Decimal]
) -> Decimal | None:
    """One figure: a number, or a formula where it follows from others; the value it shows."""
    given = column.figures or {}
    whole = book.form.completed(given)
    follows = {key: value for key, value in given.items() if key != row.key}
    derived = book.form.completed(follows).get(row.key) if row.derived else None
    if row.derived and (column.figures is None or (derived is not None and derived == whole.get(row.key))):
        terms = [(f"{cell.column_letter}{places[key]}", sign) for key, sign in map(split_term, row.derived)]
        signed = "".join(f"{'-' if sign < 0 else '+'}{name}" for name, sign in terms).removeprefix("+")
        cell.value = f'=IF(COUNT({",".join(name for name, _ in terms)})=0,"",{signed})'
        if derived is not None:
            cached[cell.coordinate] = derived
        return derived
    if row.key not in whole:
        return None
    cell.value = to_number(whole[row.key])
    return whole[row.key]


def _guard_input(sheet: Worksheet, book: Book, places: Mapping[str, int], last: int) -> None:
    """Let Excel refuse at once what is no number: whole ones for counts, none below zero."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    if not book.columns:
        return
    for kind, operator, limit in (("whole", "greaterThanOrEqual", "0"), ("decimal", "greaterThanOrEqual", "0")):
        rule = DataValidation(type=kind, operator=operator, formula1=limit, allow_blank=True)  # type: ignore[arg-type]
        rule.error, rule.errorTitle, rule.showErrorMessage = (
            book.words.not_a_number,
            book.words.not_a_number_title,
            True,
        )
        for row in book.form.asked:
            if row.signed or (row.kind is FigureKind.COUNT) != (kind == "whole"):
                continue
            at = places[row.key]
            rule.add(f"{sheet.cell(at, FIRST_COLUMN).coordinate}:{sheet.cell(at, last).coordinate}")
        if str(rule.sqref):
            sheet.add_data_validation(rule)


def _fill_foot(sheet: Worksheet, book: Book, at: int, last: int) -> None:
    words = book.words
    for line in words.notes:
        put_text(sheet, at, 2, line, "troly_note")
        sheet.merge_cells(start_row=at, end_row=at, start_column=2, end_column=max(5, min(last, 9)))
        sheet.row_dimensions[at].height = 15 * (1 + len(line) // 95)
        at += 1
    at += 1
    right = 4
    put_text(sheet, at, right, words.place_and_date, "troly_italic")
    sheet.merge_cells(start_row=at, end_row=at, start_column=right, end_column=8)
    for number, line in enumerate(words.left_signature):
        put_text(sheet, at + 1 + number, 2, line, "troly_strong" if number == 0 else "troly_italic")
        sheet.merge_cells(start_row=at + 1 + number, end_row=at + 1 + number, start_column=2, end_column=3)
    for number, line in enumerate(words.right_signature):
        is_last = number == len(words.right_signature) - 1
        put_text(sheet, at + 1 + number, right, line, "troly_italic" if is_last else "troly_strong")
        sheet.merge_cells(start_row=at + 1 + number, end_row=at + 1 + number, start_column=right, end_column=8)


def _set_page(sheet: Worksheet, book: Book, head: int, last: int) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    sheet.column_dimensions["A"].hidden = True
    for letter, width in (("B", 7.0), ("C", 58.0), ("D", 12.0), ("E", 14.0)):
        sheet.column_dimensions[letter].width = width
    for number in range(FIRST_COLUMN, max(last, 8) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 15
    longest = max((len(column.heading) for column in book.columns), default=10)
    sheet.row_dimensions[head].height = 16 * min(6, max(2, 1 + longest // 13))
    # Long names are cut into lines by Excel itself, but not by every viewer on a phone.
    for row, at in _place_rows(book.form, head + 1).items():
        name = "" if row.startswith("part:") else book.form.get_indicator(row).name
        sheet.row_dimensions[at].height = 15.5 * (1 + (len(name) + 6) // 62)
    sheet.freeze_panes = sheet.cell(head + 1, FIRST_COLUMN).coordinate
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1 if len(book.columns) <= WIDE else 0
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{head}:{head}"
    sheet.print_title_cols = "A:E"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    if sheet.oddFooter is not None:
        sheet.oddFooter.right.text = "&P/&N"


if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def fill_list(sheet: Worksheet, book: Book, cached: dict[str, Decimal]) -> None:
    """Fill the sheet; `cached` takes the results of its formulas by cell."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    words = book.words
    rows = [row for row in book.form.indicators if not row.heading]
    first = len(words.list_heads) + 1
    put_text(sheet, 1, 1, words.list_title, "troly_title_left")
    for number, label in enumerate(words.list_heads, start=1):
        put_text(sheet, 3, number, label, "troly_head")
    for number, row in enumerate(rows):
        put_text(sheet, 3, first + number, f"{row.no}. {row.short} ({row.unit})", "troly_head")
    bottom = 4 + len(book.lines)
    put_text(sheet, 4, 2, words.total, "troly_name_strong")
    for number in range(1, first):
        sheet.cell(4, number).style = "troly_name_strong"
    wholes = [book.form.completed(line.figures) if line.figures is not None else {} for line in book.lines]
    for number, row in enumerate(rows):
        letter = get_column_letter(first + number)
        cell = sheet.cell(4, first + number)
        cell.style = f"{_style(row)}_total"
        if not row.adds_up:
            continue
        cell.value = f"=SUM({letter}5:{letter}{bottom})"
        cached[cell.coordinate] = sum((whole[row.key] for whole in wholes if row.key in whole), Decimal(0))
    for at, (line, whole) in enumerate(zip(book.lines, wholes, strict=True), start=5):
        for number, word in enumerate(line.words, start=1):
            put_text(sheet, at, number, word, "troly_name")
        for number, row in enumerate(rows):
            cell = sheet.cell(at, first + number)
            cell.style = _style(row)
            if row.key in whole:
                cell.value = to_number(whole[row.key])
    for number in range(1, first):
        sheet.column_dimensions[get_column_letter(number)].width = 40 if number == 2 else 18
    for number in range(first, first + len(rows)):
        sheet.column_dimensions[get_column_letter(number)].width = 14
    sheet.row_dimensions[3].height = 48
    sheet.freeze_panes = sheet.cell(5, 3).coordinate
    sheet.auto_filter.ref = f"A3:{get_column_letter(first + len(rows) - 1)}{bottom}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "3:3"
