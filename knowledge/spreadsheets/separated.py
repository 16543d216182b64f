"""Tables as text (.csv, .txt): whatever parts their columns, in whatever letters they are."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from knowledge.importing.old_fonts import to_unicode
from knowledge.spreadsheets.cells import make_row, write_text
from knowledge.spreadsheets.model import Sheet, SheetHead, SheetRow
from knowledge.spreadsheets.old_letters import count_syllables, find_old_letters
from knowledge.spreadsheets.refusals import TableLimits, TableRefusedError, WhyNoTable, require_few_cells

DELIMITERS: Final = ";,\t|"
_OPENING: Final = 30  # rows by which the delimiter is told
_OPENING_LETTERS: Final = 1_000_000  # of them together
_PICTURES_AND_PAGES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<", b"\xef\xbb\xbf<", b"GIF8", b"Rar!")
"""How files begin that are no text with columns; a page of the web that calls itself .xls begins with <."""

_NAMED: Final = re.compile(r"[a-z]{3}=([;,\t|])\r?\n", re.IGNORECASE)
"""The line by which Excel lets a file say what parts its columns."""

_LONGEST_FIELD: Final = 1_000_000
_LOOKED_AT: Final = 200_000  # bytes by which letters are told
_EITHER: Final = 0.2  # share of bytes 0 in text of which each letter has two bytes

Recognise = Callable[[SheetRow], int]
"""How much a row looks like the head of a table that is sought, 0 for not at all."""


def read_separated(content: bytes, recognise: Recognise, limits: TableLimits) -> Iterator[SheetRow]:
    """The rows; columns are parted by what gives a row that is recognised, or else by what stands most often.

    Raises:
        TableRefusedError: it is no text, a line of it cannot be read, or, once all were, none has columns.
    """
    _refuse_other_kinds(content)
    text = decode(content)
    named = _NAMED.match(text)
    delimiter = named[1] if named else find_delimiter(text, recognise, limits)
    widest = 0
    for row in _filled_rows(text, delimiter, limits):
        widest = max(widest, len(row.cells))
        yield row
    if widest == 1:
        raise TableRefusedError(WhyNoTable.NOT_A_TABLE)


def read_each_way(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """A sheet for each way in which the columns may be parted, called by what parts them, the likeliest first.

    Whoever sees the rows does not know yet what is sought in them; `choose_way` does.

    Raises:
        TableRefusedError: it is no text with columns, or more than is read.
    """
    _refuse_other_kinds(content)
    text = decode(content)
    named = _NAMED.match(text)
    opening = _opening(text)
    likeliest = sorted(filter(opening.count, DELIMITERS), key=opening.count, reverse=True)
    ways = named[1] if named else likeliest or DELIMITERS[0]
    refused: TableRefusedError | None = None
    found = False
    for delimiter in ways:
        try:
            rows = list(_filled_rows(text, delimiter, limits))
        except TableRefusedError as why:
            refused = refused or why
            continue
        if not rows or any(len(row.cells) > 1 for row in rows):
            found = True
            yield SheetHead(delimiter)
            yield from rows
    if not found:
        raise refused or TableRefusedError(WhyNoTable.NOT_A_TABLE)


def choose_way(ways: Sequence[Sheet], recognise: Recognise) -> Sheet:
    """The way that gives a row which is recognised best, or else the likeliest. Pure."""

    def score(way: Sheet) -> int:
        return max((recognise(row) for row in way.rows[:_OPENING]), default=0)

    chosen = max(ways, key=score)
    return Sheet(SheetHead(""), chosen.rows)


def _refuse_other_kinds(content: bytes) -> None:
    if content.lstrip(b"\r\n\t ").startswith(_PICTURES_AND_PAGES):
        raise TableRefusedError(WhyNoTable.NOT_A_TABLE)


def _filled_rows(text: str, delimiter: str, limits: TableLimits) -> Iterator[SheetRow]:
    named = _NAMED.match(text)
    rows = cells = 0
    for row in _rows(text, delimiter, limits):
        if row.is_blank or (named and row.number == 1):
            continue
        rows += 1
        cells += sum(map(bool, row.cells))
        if rows > limits.rows:
            raise TableRefusedError(WhyNoTable.TOO_MANY_ROWS, limits.rows)
        require_few_cells(cells, limits)
        yield row


def find_delimiter(text: str, recognise: Recognise, limits: TableLimits) -> str:
    """What parts the columns: what gives the row that is recognised best, or else what stands most often. Pure."""
    opening = _opening(text)

    def score(delimiter: str) -> tuple[int, int]:
        try:
            known = max((recognise(row) for row in islice(_rows(opening, delimiter, limits), _OPENING)), default=0)
        except TableRefusedError:
            known = 0
        return known, opening.count(delimiter)

    return max(DELIMITERS, key=score)


def _opening(text: str) -> str:
    return "\n".join(text[:_OPENING_LETTERS].splitlines()[:_OPENING])


def _rows(text: str, delimiter: str, limits: TableLimits) -> Iterator[SheetRow]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for values in reader:
            number, before = before + 1, reader.line_num
            yield make_row(number, map(write_text, values[: limits.columns]))
    except csv.Error:
        raise TableRefusedError(WhyNoTable.BAD_LINE, reader.line_num) from None


def decode(content: bytes) -> str:
    """The text, in UTF-8, UTF-16 or what Windows wrote before them in Vietnam.

    Raises:
        TableRefusedError: it is none of these.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return unicodedata.normalize("NFC", text.replace("\0", ""))  # Windows wrote tones apart
    raise TableRefusedError(WhyNoTable.LETTERS)


def _encodings(content: bytes) -> Sequence[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    opening = content[:2000]
    if opening.count(0) > _EITHER * len(opening):
        return ("utf-16-le",) if opening[1:2] == b"\0" else ("utf-16-be",)
    return ("utf-8-sig", *_eight_bits(content))


def _eight_bits(content: bytes) -> Sequence[str]:
    """Windows' code page for Vietnam, or the western one, in whose letters the fonts before Unicode write."""
    opening = content[:_LOOKED_AT]
    western = opening.decode("cp1252", errors="replace")
    font = find_old_letters(western)
    if font is None or count_syllables(to_unicode(western, font)) <= count_syllables(
        opening.decode("cp1258", errors="replace")
    ):
        return ("cp1258",)
    return ("cp1252", "cp1258")
