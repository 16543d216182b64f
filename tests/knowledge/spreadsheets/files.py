"""Spreadsheets for tests, as programs and people make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import xlwt
from openpyxl import Workbook

from knowledge.spreadsheets.child import read_here
from knowledge.spreadsheets.model import Sheet, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import FROM_CHAT
from knowledge.spreadsheets.separated import Recognise, choose_way

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Page:
    """A sheet: its rows from the first, cells merged as (first row, first column, last row, last column) from 1."""

    rows: Rows
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: bool = False


def xlsx(pages: Mapping[str, Page]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, page in pages.items():
        sheet = book.create_sheet(name)
        for row in page.rows:
            sheet.append(list(row))
        for top, left, bottom, right in page.merged:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        if page.hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls(pages: Mapping[str, Page]) -> bytes:
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for name, page in pages.items():
        sheet = book.add_sheet(name)
        sheet.visibility = int(page.hidden)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in page.merged}
        covered = {
            (row, column)
            for top, left, bottom, right in page.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for number, row in enumerate(page.rows, 1):
            for place, value in enumerate(row, 1):
                style = [day] if isinstance(value, date) else []
                if (number, place) in merged:
                    bottom, right = merged[number, place]
                    sheet.write_merge(number - 1, bottom - 1, place - 1, right - 1, value, *style)
                elif value is not None and (number, place) not in covered:
                    sheet.write(number - 1, place - 1, value, *style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(pages: Mapping[str, Page]) -> bytes:
    tables = "".join(_table(name, page) for name, page in pages.items())
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles>'
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def _table(name: str, page: Page) -> str:
    spans = {(top, left): bottom - top + 1 for top, left, bottom, _ in page.merged}
    rows = "".join(
        f"<table:table-row>{''.join(_cell(value, spans.get((number, place), 1)) for place, value in enumerate(row, 1))}"
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for number, row in enumerate(page.rows, 1)
    )
    style = "ta2" if page.hidden else "ta1"
    return (
        f'<table:table table:name="{escape(name)}" table:style-name="{style}">{rows}<table:table-row '
        'table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
    )


def _cell(value: Any, spanned: int) -> str:
    over = f' table:number-rows-spanned="{spanned}" table:number-columns-spanned="1"' if spanned > 1 else ""
    match value:
        case None | "":
            return f"<table:table-cell{over}/>"
        case date():
            return f'<table:table-cell{over} office:value-type="date" office:date-value="{value:%Y-%m-%d}"/>'
        case int() | float():
            return f'<table:table-cell{over} office:value-type="float" office:value="{value}"/>'
        case _:
            return (
                f'<table:table-cell{over} office:value-type="string"><text:p>{escape(str(value))}</text:p>'
                "</table:table-cell>"
            )


def package(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def text_sheets(content: bytes, recognise: Recognise) -> list[Sheet]:
    """A text that was sent, as whoever knows its rows sees it; read in this process."""
    ways: list[tuple[SheetHead, list[SheetRow]]] = []
    for line in read_here(content, FROM_CHAT):
        if isinstance(line, SheetHead):
            ways.append((line, []))
        else:
            ways[-1][1].append(line)
    return [choose_way([Sheet(head, rows) for head, rows in ways], recognise)]
