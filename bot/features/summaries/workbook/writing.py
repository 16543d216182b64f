"""The official summary as a file going out: an Excel workbook or CSV. Takes a while for many units."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from bot.features.summaries.workbook.book import Book
from bot.features.summaries.workbook.table_sheet import fill_list, fill_table
from bot.services.cells import add_styles, plain_text, sheet_name, to_number

_EMPTY_VALUE: Final = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*>)<f>([^<]*)</f><v\s*(?:/>|></v>)')


def make_workbook(book: Book) -> bytes:
    """The workbook as a file. Takes a while for many units: never call it inside the event loop."""
    from openpyxl import Workbook  # noqa: PLC0415

    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    add_styles(workbook)
    cached: dict[str, dict[str, Decimal]] = {"xl/worksheets/sheet1.xml": {}}
    fill_table(sheet, book, cached["xl/worksheets/sheet1.xml"])
    if book.lines:
        cached["xl/worksheets/sheet2.xml"] = {}
        fill_list(workbook.create_sheet(sheet_name(book.words.list_sheet)), book, cached["xl/worksheets/sheet2.xml"])
    workbook.properties.creator = workbook.properties.lastModifiedBy = (
        book.words.issuer[-1] if book.words.issuer else ""
    )
    workbook.properties.title = book.words.title
    raw = io.BytesIO()
    workbook.save(raw)
    return _with_results(raw.getvalue(), cached)


def make_csv(book: Book) -> bytes:
    """The table as CSV: one line a unit or period, numbers plain, for programs; UTF-8 with a mark that Excel needs."""
    rows = [row for row in book.form.indicators if not row.heading]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [plain_text(book.words.code), plain_text(book.words.list_title or book.words.title), *(row.key for row in rows)]
    )
    writer.writerow(["", "", *(plain_text(f"{row.no}. {row.name} ({row.unit})") for row in rows)])
    for column in book.columns:
        whole = book.form.completed(column.figures) if column.figures is not None else {}
        writer.writerow(
            [
                plain_text(column.code),
                plain_text(column.heading),
                *(f"{whole[row.key]:f}" if row.key in whole else "" for row in rows),
            ]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _with_results(raw: bytes, cached: Mapping[str, Mapping[str, Decimal]]) -> bytes:
    """The file with the results of its formulas beside them: viewers on phones do not calculate."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            content = before.read(item)
            if item.filename in cached:
                fill = _filler(cached[item.filename])
                content = _EMPTY_VALUE.sub(fill, content.decode()).encode()
            after.writestr(item, content)
    return out.getvalue()


def _filler(results: Mapping[str, Decimal]) -> Callable[[re.Match[str]], str]:
    def fill(match: re.Match[str]) -> str:
        result = results.get(match[2])
        opening = match[1]
        if result is None:
            # A formula that shows nothing: an empty text.
            opening = re.sub(r' t="[^"]*"', "", opening)[:-1] + ' t="str">'
        return f"{opening}<f>{match[3]}</f><v>{'' if result is None else to_number(result)}</v>"

    return fill
