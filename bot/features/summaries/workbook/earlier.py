"""The workbook of earlier figures: a row a unit, a column for each figure of each period; written empty, read back.

A hidden first column and a small grey row carry the keys, as in the other workbooks.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.features.summaries.workbook.book import CODES
from bot.features.summaries.workbook.reading import ReadColumn, Twice, WorkbookReading, to_plain
from bot.services.cells import add_styles, put_text, sheet_name
from knowledge.model.forms import Figures, Form
from knowledge.model.periods import Period
from knowledge.spreadsheets.marks import EARLIER_MARK
from knowledge.spreadsheets.model import Sheet, SheetRow, cell_name

UNIT: Final = "unit"  # in the hidden column, beside each unit
FIXED: Final = "earlier"  # what such a reading has in the place of a period or unit
_CODE_COLUMN, _NAME_COLUMN, _FIRST_FIGURE = 2, 3, 4
_SEPARATOR: Final = "|"
_NUMBER: Final = "#,##0.###"


@dataclass(frozen=True, slots=True)
class EarlierTemplate:
    """What stands in the workbook: its words, the units as (code, name), and the figures known, by code and period."""

    form: Form
    sheet: str
    title: str
    notes: tuple[str, ...]
    code: str
    name: str
    periods: tuple[tuple[Period, str], ...]
    units: tuple[tuple[str, str], ...]
    known: Mapping[tuple[str, Period], Figures]


def make_template(template: EarlierTemplate) -> bytes:
    """The workbook with its units and what is known of them, to be filled in."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    add_styles(book)
    sheet.title = sheet_name(template.sheet)
    put_text(sheet, 1, 1, f"{EARLIER_MARK}{_SEPARATOR}{template.form.id}", "troly_key")
    put_text(sheet, 1, 2, template.title, "troly_title_left")
    for at, note in enumerate(template.notes, start=2):
        put_text(sheet, at, 2, note, "troly_key")
    codes = 3 + len(template.notes)
    put_text(sheet, codes, 1, CODES, "troly_key")
    put_text(sheet, codes + 2, _CODE_COLUMN, template.code, "troly_head")
    put_text(sheet, codes + 2, _NAME_COLUMN, template.name, "troly_head")
    asked = template.form.asked
    for number, (period, called) in enumerate(template.periods):
        first = _FIRST_FIGURE + number * len(asked)
        put_text(sheet, codes + 1, first, called, "troly_head")
        sheet.merge_cells(start_row=codes + 1, end_row=codes + 1, start_column=first, end_column=first + len(asked) - 1)
        for column, row in enumerate(asked, start=first):
            put_text(sheet, codes, column, f"{period.code}{_SEPARATOR}{row.key}", "troly_code")
            put_text(sheet, codes + 2, column, row.short, "troly_head")
            sheet.column_dimensions[get_column_letter(column)].width = 13
    last = _FIRST_FIGURE + len(template.periods) * len(asked) - 1
    for at, (code, name) in enumerate(template.units, start=codes + 3):
        put_text(sheet, at, 1, UNIT, "troly_key")
        put_text(sheet, at, _CODE_COLUMN, code, "troly_name")
        put_text(sheet, at, _NAME_COLUMN, name, "troly_name")
        for column in range(_FIRST_FIGURE, last + 1):
            cell = sheet.cell(at, column)
            cell.style = "troly_count"
            cell.number_format = _NUMBER
            period = template.periods[(column - _FIRST_FIGURE) // len(asked)][0]
            value = template.known.get((code, period), {}).get(asked[(column - _FIRST_FIGURE) % len(asked)].key)
            if value is not None:
                cell.value = int(value) if value == value.to_integral_value() else value
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 14, 44
    sheet.freeze_panes = f"D{codes + 3}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_earlier(sheets: Sequence[Sheet]) -> WorkbookReading | None:
    """What such a workbook says, a column for each unit and period; None where it is not one of these. Pure."""
    seen = [sheet for sheet in sheets if not sheet.is_hidden]
    found = [each for each in (_read_sheet(sheet, several=len(seen) > 1) for sheet in seen) if each is not None]
    if not found:
        return None
    columns = [column for each in found for column in each.columns]
    return WorkbookReading(found[0].form, FIXED, False, tuple(columns), tuple(_find_twice(columns)))


def _find_twice(columns: Iterable[ReadColumn]) -> Iterable[Twice]:
    """Cells that say something else of the same unit and figure: two rows with one code, mostly."""
    said: dict[tuple[str, str], tuple[str, str, str]] = {}
    for column in columns:
        for figure, cell in column.cells.items():
            earlier = said.setdefault((column.code.casefold(), figure), cell)
            if earlier[:2] != cell[:2]:
                yield Twice(split_code(column.code)[1], earlier[2], cell[2])


def _read_sheet(sheet: Sheet, *, several: bool) -> WorkbookReading | None:
    form = ""
    keys: dict[int, tuple[str, str]] = {}
    columns: list[ReadColumn] = []
    in_units = False
    for row in sheet.rows:
        key = row.cells[0].strip() if row.cells else ""
        if not form and key.startswith(EARLIER_MARK + _SEPARATOR):
            form = key.partition(_SEPARATOR)[2]
        elif not form:
            return None
        elif key == CODES and not keys:
            for place, value in enumerate(row.cells[_FIRST_FIGURE - 1 :], start=_FIRST_FIGURE - 1):
                period, _, figure = value.strip().partition(_SEPARATOR)
                if figure:
                    keys[place] = (period, figure)
        elif keys and (key == UNIT or in_units):  # a row that was typed below the others has nothing in column A
            in_units = True
            columns += _read_unit(row, keys, f"{sheet.name}!" if several else "")
    return WorkbookReading(form, FIXED, False, tuple(columns)) if form and keys else None


def _read_unit(row: SheetRow, keys: dict[int, tuple[str, str]], place_of: str) -> Iterable[ReadColumn]:
    code = row.cells[_CODE_COLUMN - 1].strip()[:100] if len(row.cells) >= _CODE_COLUMN else ""
    found: dict[str, ReadColumn] = {}
    for place, (period, figure) in keys.items():
        said = row.cells[place] if place < len(row.cells) else ""
        if code and said.strip():
            column = found.setdefault(period, ReadColumn(f"{period}{_SEPARATOR}{code}", {}))
            column.cells.setdefault(figure, (*to_plain(row.kind(place), said), place_of + cell_name(row.number, place)))
    return found.values()


def split_code(code: str) -> tuple[str, str]:
    """The period and the unit's code of a column of such a reading."""
    period, _, unit = code.partition(_SEPARATOR)
    return period, unit
