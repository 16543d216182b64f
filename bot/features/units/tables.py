"""Spreadsheets from outside, .xlsx and .csv, read as rows of text; what a hostile file could do is refused."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

MOST_BYTES: Final = 60_000_000
MOST_UNPACKED: Final = 600_000_000
MOST_RATIO: Final = 200
MOST_COLUMNS: Final = 200
MOST_SHEETS: Final = 20
HEADER_WITHIN: Final = 30  # rows in which the header is looked for
_SMALL: Final = 1_000_000  # bytes below which a ratio says nothing


class TableRefusedError(Exception):
    """The file cannot be read as a table; the message says why, in one line."""

    for_operator = True


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it stands in the file: its number (from 1) and its cells as text, blanks trimmed."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


def read_sheets(content: bytes | Path) -> Iterator[Iterator[SheetRow]]:
    """The sheets of a workbook, or the one of a .csv file, row by row; which it is shows in its first bytes.

    Raises:
        TableRefusedError: too large, damaged, packed suspiciously, or neither of the two.
    """
    source = content if isinstance(content, Path) else io.BytesIO(content)
    try:
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        if size > MOST_BYTES:
            raise TableRefusedError(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
        head = _head(content)
    except OSError as error:
        raise TableRefusedError(f"the file cannot be read: {error.strerror or error}") from None
    if head.startswith(b"PK"):
        yield from _read_workbook(source)
    elif head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise TableRefusedError("this is neither .xlsx nor .csv; save it as .xlsx (old .xls files are not read)")
    else:
        yield _read_csv(content.read_bytes() if isinstance(content, Path) else content)


def _head(content: bytes | Path) -> bytes:
    if isinstance(content, bytes):
        return content[:8]
    with content.open("rb") as file:
        return file.read(8)


def _check_package(source: Path | io.BytesIO) -> None:
    """Refuse packages that unpack to far more than they are, before anything is unpacked."""
    with zipfile.ZipFile(source) as package:
        entries = package.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > 2000 or unpacked > MOST_UNPACKED:
            raise TableRefusedError("the workbook unpacks to more than a table of units can be")
        for entry in entries:
            if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
                raise TableRefusedError("the workbook is packed suspiciously; save it anew and try again")
        if "[Content_Types].xml" not in package.namelist():
            raise TableRefusedError("this is a .zip file, but no workbook")


def _read_workbook(source: Path | io.BytesIO) -> Iterator[Iterator[SheetRow]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import

    try:
        _check_package(source)
        book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except TableRefusedError:
        raise
    except Exception as error:  # the library raises whatever it stumbles over
        raise TableRefusedError(f"the workbook is damaged ({type(error).__name__}); save it anew as .xlsx") from None
    try:
        for sheet in book.worksheets[:MOST_SHEETS]:
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
            yield _rows_of(sheet)
    finally:
        book.close()


def _rows_of(sheet: Any) -> Iterator[SheetRow]:
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
            yield SheetRow(number, tuple(_text(value) for value in values))
    except TableRefusedError:
        raise
    except Exception as error:
        raise TableRefusedError(f"the workbook is damaged ({type(error).__name__}); save it anew as .xlsx") from None


def _text(value: object) -> str:
    """A cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return _tidy(str(value))


def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(c for c in composed if c in "\t\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return " ".join(visible.split())


def _read_csv(content: bytes) -> Iterator[SheetRow]:
    text = _decode(content)
    opening = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(";\t,|", key=opening.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        before = 0
        for values in reader:
            number, before = before + 1, reader.line_num
            yield SheetRow(number, tuple(_tidy(value) for value in values[:MOST_COLUMNS]))
    except csv.Error as error:
        raise TableRefusedError(f"line {reader.line_num} of the file cannot be read: {error}") from None


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1258")
    for encoding in encodings:
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise TableRefusedError("the letters of the file cannot be read; save it as CSV UTF-8")
