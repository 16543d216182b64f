"""The sheet that lists every unit with its state and figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.features.summaries.workbook.book import Book
from bot.features.summaries.workbook.cells import put_text, to_number
from knowledge.model.forms import FigureKind

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
        cell.style = "troly_money_total" if row.kind is FigureKind.MONEY else "troly_count_total"
        cell.value = f"=SUM({letter}5:{letter}{bottom})"
        cached[cell.coordinate] = sum((whole[row.key] for whole in wholes if row.key in whole), Decimal(0))
    for at, (line, whole) in enumerate(zip(book.lines, wholes, strict=True), start=5):
        for number, word in enumerate(line.words, start=1):
            put_text(sheet, at, number, word, "troly_name")
        for number, row in enumerate(rows):
            cell = sheet.cell(at, first + number)
            cell.style = "troly_money" if row.kind is FigureKind.MONEY else "troly_count"
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
