"""The process that reads one table, whatever it holds: `python -m knowledge.spreadsheets.child chat < FILE`.

Standard output has lines of JSON: a head for each sheet, then its rows; `TableRefusal` where it ends too early. A text
that may be parted in several ways is a sheet for each, called by what parts it.
"""

from __future__ import annotations

import os
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

import msgspec

from knowledge.spreadsheets.model import FILLED, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import (
    FROM_CHAT,
    FROM_OPERATOR,
    TableLimits,
    TableRefusedError,
    WhyNoTable,
    require_few_cells,
)
from knowledge.spreadsheets.separated import read_each_way

OLE: Final = b"\xd0\xcf\x11\xe0"
ZIP: Final = b"PK"
_PROTECTED: Final = "EncryptedPackage".encode("utf-16-le")
_NICE: Final = 5
"""How far it stands back behind whoever answers people meanwhile."""

_SMALL: Final = 1_000_000
"""Bytes below which it says nothing how much a part grows."""


class TableRefusal(msgspec.Struct, frozen=True, array_like=True, tag="refused"):
    """Why no more is read."""

    why: WhyNoTable
    said: tuple[str, ...] = ()


Line = SheetHead | SheetRow | TableRefusal
Reader = Callable[[bytes, TableLimits], Iterator[SheetHead | SheetRow]]


def read_here(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Read a table in this process. Only the child does that with what people send.

    Raises:
        TableRefusedError: why no more is read.
    """
    if len(content) > limits.largest:
        raise TableRefusedError(WhyNoTable.TOO_LARGE, limits.largest // 1_000_000)
    if not is_workbook(content):
        yield from _ending_well(read_each_way, content, limits)
        return
    rows = letters = cells = 0
    reach: dict[int, tuple[int, int]] = {}
    for line in _ending_well(_choose_reader(content, limits), content, limits):
        if isinstance(line, SheetHead):
            cells += len(line.merges) + len(line.hidden_rows)
            reach = _reach(line)
        else:
            if line.is_blank:
                continue
            rows += 1
            letters += sum(map(len, line.cells))
            cells += sum(map(bool, line.cells)) + sum(first <= line.number <= last for first, last in reach.values())
            if rows > limits.rows:
                raise TableRefusedError(WhyNoTable.TOO_MANY_ROWS, limits.rows)
            if letters > limits.letters:
                raise TableRefusedError(WhyNoTable.TOO_COMPLEX)
        require_few_cells(cells, limits)
        yield line


def is_workbook(content: bytes) -> bool:
    """Whether a file begins as workbooks do; others are text, or nothing that is read."""
    return content.startswith((OLE, ZIP))


def _reach(head: SheetHead) -> dict[int, tuple[int, int]]:
    """The rows that merging downwards may fill, for each column in which it does."""
    reach: dict[int, tuple[int, int]] = {}
    for merge in head.merges:
        if merge.last > merge.first and merge.column < FILLED:
            first, last = reach.get(merge.column, (merge.first, merge.last))
            reach[merge.column] = (min(first, merge.first), max(last, merge.last))
    return reach


def _ending_well(read: Reader, content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    try:
        yield from read(content, limits)
    except TableRefusedError:
        raise
    except MemoryError:
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX) from None
    except Exception:  # whatever a damaged or hostile file makes a library stumble over
        raise TableRefusedError(WhyNoTable.DAMAGED) from None


def _choose_reader(content: bytes, limits: TableLimits) -> Reader:
    """What reads such a file; each is imported where a file needs it."""
    if content.startswith(OLE):
        if _PROTECTED in content:
            raise TableRefusedError(WhyNoTable.PROTECTED)
        from knowledge.spreadsheets.old_excel import read_old_workbook  # noqa: PLC0415

        return read_old_workbook
    if "content.xml" in check_package(content, limits):
        from knowledge.spreadsheets.open_document import read_open_document  # noqa: PLC0415

        return read_open_document
    from knowledge.spreadsheets.excel import read_workbook  # noqa: PLC0415

    return read_workbook


def check_package(content: bytes, limits: TableLimits) -> frozenset[str]:
    """The names of a package's parts, if it may be unpacked: the sizes it declares bound what that can cost. Pure.

    Raises:
        TableRefusedError: it may not, or is no workbook.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise TableRefusedError(WhyNoTable.DAMAGED) from None
    total = sum(part.file_size for part in parts)
    if len(parts) > limits.parts or total > limits.unpacked or total > limits.ratio * max(len(content), 1):
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX)
    if any(part.file_size > _SMALL and part.file_size > limits.ratio * max(part.compress_size, 1) for part in parts):
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX)
    names = frozenset(part.filename for part in parts)
    if any(part.flag_bits & 1 for part in parts):
        raise TableRefusedError(WhyNoTable.PROTECTED)
    if "xl/workbook.bin" in names or not names & {"[Content_Types].xml", "content.xml"}:
        raise TableRefusedError(WhyNoTable.NOT_A_TABLE)
    return names


def keep_within(limits: TableLimits) -> None:
    """Let this process have no more than that of the processor and of memory, and no file; others go first."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(_NICE)


def main() -> None:
    """The child: a table on standard input, what it says on standard output."""
    limits = {each.name: each for each in (FROM_CHAT, FROM_OPERATOR)}[sys.argv[1]]
    keep_within(limits)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=1 << 16)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print does not get in between
    encode = msgspec.json.Encoder().encode
    with out:
        try:
            for line in read_here(sys.stdin.buffer.read(limits.largest + 1), limits):
                out.write(encode(line) + b"\n")
        except TableRefusedError as refused:
            out.write(encode(TableRefusal(WhyNoTable(refused.why), refused.said)) + b"\n")


if __name__ == "__main__":
    main()
