"""A filled-in workbook coming back: read in a process of its own, with limits, and understood as figures.

Whatever a file holds is its sender's word: nothing in it is executed, followed or believed before it has been checked.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path

from bot.features.summaries.workbook.book import CODES, FIRST_COLUMN, MARK
from knowledge.model.forms import FigureKind, Form, Indicator
from knowledge.numbers import LARGEST_COUNT, Parsed, Refused, parse_count, parse_money, parse_percent

LARGEST_FILE = 8_000_000  # bytes
LARGEST_UNPACKED = 60_000_000  # bytes
MOST_PARTS = 300
MOST_RATIO = 300
MOST_ROWS = 400
MOST_COLUMNS = 2_100
MOST_MEMORY = 1_500_000_000  # bytes of address space
CPU_SECONDS = 20
WAIT_SECONDS = 10.0


class FileTrouble(StrEnum):
    """Why a file was not read."""

    TOO_LARGE = "too_large"
    NOT_A_WORKBOOK = "not_a_workbook"
    NOT_OURS = "not_ours"
    TOO_COMPLEX = "too_complex"


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """One column that came back: its code, and its cells by row key: ("n", number) or ("t", words), and the address."""

    code: str
    cells: dict[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """A workbook that came back.

    Attributes:
        form: the id of the form it says it is for.
        fixed: the code all columns share: a period where each column is a unit, otherwise a unit.
        by_period: whether each column is a period.
    """

    form: str
    fixed: str
    by_period: bool
    columns: tuple[ReadColumn, ...]


class CellProblem(StrEnum):
    """What is wrong with a cell."""

    NOT_A_NUMBER = "not_a_number"
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
    match row.kind:
        case FigureKind.COUNT:
            outcome = parse_count(said, signed=row.signed)
        case FigureKind.MONEY:
            outcome = parse_money(said)
        case FigureKind.PERCENT:
            outcome = parse_percent(said)
    if isinstance(outcome, Parsed):
        return outcome.value
    return CellProblem.NOT_A_NUMBER if isinstance(outcome, Refused) else CellProblem.UNCLEAR


# Reading, in the child ---------------------------------------------------------------------------------------------


def read_rows(rows: Iterable[Sequence[object]], address: Callable[[int, int], str]) -> WorkbookReading | None:
    """What a sheet of ours says; None where it is not one of ours. Pure.

    Args:
        rows: the values of the sheet, row by row from the first.
        address: what a cell is called, by row and column from 1.
    """
    mark: list[str] = []
    columns: dict[int, ReadColumn] = {}
    for number, row in enumerate(rows, start=1):
        key = str(row[0]).strip() if row and row[0] is not None else ""
        if key.startswith(f"{MARK}|") and not mark:
            mark = key.split("|")
        elif key == CODES and not columns:
            for at, value in enumerate(row[FIRST_COLUMN - 1 :], start=FIRST_COLUMN):
                if value is not None and str(value).strip():
                    columns[at] = ReadColumn(str(value).strip()[:200], {})
        elif key and columns:
            for at, column in columns.items():
                value = row[at - 1] if at <= len(row) else None
                if value is None or not str(value).strip() or key in column.cells:
                    continue
                column.cells[key] = (*_plain(value), address(number, at))
    if len(mark) != 4 or mark[3] not in {"unit", "period"} or not columns:
        return None
    return WorkbookReading(mark[1], mark[2], mark[3] == "period", tuple(columns.values()))


def _plain(value: object) -> tuple[str, str]:
    """A cell as its kind and text; a number keeps its exact digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "n", str(value)
    if isinstance(value, float):
        return "n", f"{Decimal(repr(value)):f}"
    return "t", " ".join(str(value).split())[:100]


def check_archive(data: bytes) -> FileTrouble | None:
    """Whether a file may be unpacked at all: the sizes it declares bound what unpacking it can cost. Pure."""
    if len(data) > LARGEST_FILE:
        return FileTrouble.TOO_LARGE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            items = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return FileTrouble.NOT_A_WORKBOOK
    total = sum(item.file_size for item in items)
    if len(items) > MOST_PARTS or total > LARGEST_UNPACKED or total > MOST_RATIO * max(len(data), 1):
        return FileTrouble.TOO_COMPLEX
    if any(item.flag_bits & 1 for item in items) or "[Content_Types].xml" not in {item.filename for item in items}:
        return FileTrouble.NOT_A_WORKBOOK
    return None


def parse_here(data: bytes) -> WorkbookReading | FileTrouble:
    """Read a workbook in this process. Only the child does that with what people send."""
    trouble = check_archive(data)
    if trouble is not None:
        return trouble
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets[:3]:
            reset = getattr(sheet, "reset_dimensions", None)
            if reset is not None:
                reset()  # the file's own word for its size is not taken
            rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
            reading = read_rows(rows, lambda row, column: f"{get_column_letter(column)}{row}")
            if reading is not None:
                return reading
    except MemoryError:
        return FileTrouble.TOO_COMPLEX
    except Exception:  # whatever a damaged or hostile file makes a parser raise
        return FileTrouble.NOT_A_WORKBOOK
    return FileTrouble.NOT_OURS


def main() -> None:
    """The child: a workbook on standard input, what it says on standard output, within limits."""
    import resource  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    found = parse_here(sys.stdin.buffer.read(LARGEST_FILE + 1))
    answer = {"trouble": found.value} if isinstance(found, FileTrouble) else asdict(found)
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


# Reading, from the bot ---------------------------------------------------------------------------------------------


async def read_workbook(data: bytes) -> WorkbookReading | FileTrouble:
    """Read a workbook that somebody sent, in a process of its own with little memory, time and no secrets."""
    if len(data) > LARGEST_FILE:
        return FileTrouble.TOO_LARGE
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.features.summaries.workbook.reading",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            "PYTHONPATH": str(Path(__file__).parents[4]),
            "PATH": os.defpath,
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )
    try:
        said, _ = await asyncio.wait_for(child.communicate(data), WAIT_SECONDS)
    except TimeoutError:
        return FileTrouble.TOO_COMPLEX
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        return FileTrouble.TOO_COMPLEX
    answer = json.loads(said)
    if "trouble" in answer:
        return FileTrouble(answer["trouble"])
    columns = tuple(
        ReadColumn(column["code"], {key: (cell[0], cell[1], cell[2]) for key, cell in column["cells"].items()})
        for column in answer["columns"]
    )
    return WorkbookReading(answer["form"], answer["fixed"], answer["by_period"], columns)


if __name__ == "__main__":
    main()
