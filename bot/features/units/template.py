"""The empty unit file to fill in: a workbook with lists to choose from and a guide, or a .csv with its headings."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

from bot.features.units.unit_files import LISTS_SHEET

ROWS_PREPARED: Final = 2000


@dataclass(frozen=True, slots=True)
class Template:
    """What stands in it. `guide` is rows of two cells, the first of them headings."""

    file_name: str
    sheet: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    guide_sheet: str
    guide: tuple[tuple[str, str], ...]


def build_csv(template: Template) -> bytes:
    """The headings alone, parted as Vietnamese settings part them, with the mark by which Excel knows UTF-8. Pure."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(template.headings)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def build_template(template: Template) -> bytes:
    """The workbook. Codes and phone numbers are text cells, so that no leading zero is lost. Pure."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = template.sheet
    sheet.append(list(template.headings))
    bold, fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
    widths = (16, 16, 46, 28, 18, 28, 18, 14)
    for number, width in enumerate(widths, 1):
        cell = sheet.cell(1, number)
        cell.font, cell.fill = bold, fill
        sheet.column_dimensions[get_column_letter(number)].width = width
    for column in (1, 2, 7):
        for row in range(2, ROWS_PREPARED + 2):
            sheet.cell(row, column).number_format = "@"
    sheet.freeze_panes = "A2"
    guide = book.create_sheet(template.guide_sheet)
    for line in template.guide:
        guide.append(list(line))
    for cell in guide[1]:
        cell.font, cell.fill = bold, fill
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 16, 110
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "veryHidden"
    for number, choices in enumerate((template.kinds, template.roles), 1):
        for row, choice in enumerate(choices, 1):
            lists.cell(row, number, choice)
        letter = get_column_letter(number)
        allowed = DataValidation(
            type="list",
            formula1=f"{LISTS_SHEET}!${letter}$1:${letter}${len(choices)}",
            allow_blank=True,
            showErrorMessage=False,
        )
        sheet.add_data_validation(allowed)
        allowed.add(f"{'D' if number == 1 else 'H'}2:{'D' if number == 1 else 'H'}1048576")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
