"""Reading a spreadsheet, from the bot or the terminal: workbooks in a process of its own, text in this one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from knowledge.importing.limits import environment_of
from knowledge.spreadsheets.child import OLE, ZIP, Line, TableRefusal
from knowledge.spreadsheets.model import Sheet, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import FROM_CHAT, FROM_OPERATOR, TableLimits, TableRefusedError, WhyNoTable
from knowledge.spreadsheets.separated import Recognise, read_separated

_OURS: Final = str(Path(__file__).parents[2])
_PICTURES_AND_PAGES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<", b"\xef\xbb\xbf<", b"GIF8", b"Rar!")
"""How files begin that are no text with columns; a page of the web that calls itself .xls begins with <."""

RowsRead = Callable[[int], None]


def read_file(path: Path, recognise: Recognise, tell: RowsRead) -> list[Sheet]:
    """The sheets of a file of the operator's; `tell` hears how many rows were read, now and then.

    Raises:
        TableRefusedError: why it is not read.
    """
    try:
        with path.open("rb", buffering=0) as file:  # the child reads on where this one stands
            head = file.read(8)
            if path.stat().st_size > FROM_OPERATOR.largest:
                raise TableRefusedError(WhyNoTable.TOO_LARGE, FROM_OPERATOR.largest // 1_000_000)
            file.seek(0)
            if not is_workbook(head):
                return _read_text(file.read(), recognise, FROM_OPERATOR, tell)
            with subprocess.Popen(  # noqa: S603 - our own program
                _command(FROM_OPERATOR),
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            ) as child:
                assert child.stdout is not None
                try:
                    lines = list(_decode(child.stdout, tell))
                except BaseException:
                    child.kill()
                    raise
    except OSError as error:
        raise TableRefusedError(WhyNoTable.MISSING, error.strerror or error) from None
    return _collect(lines, ended_well=child.returncode == 0)


def is_workbook(content: bytes) -> bool:
    """Whether a file begins as workbooks do; others are text, or nothing that is read."""
    return content.startswith((OLE, ZIP))


def read_sent_text(content: bytes, recognise: Recognise) -> list[Sheet]:
    """The one sheet of a text that somebody sent.

    Raises:
        TableRefusedError: why it is not read.
    """
    if len(content) > FROM_CHAT.largest:
        raise TableRefusedError(WhyNoTable.TOO_LARGE, FROM_CHAT.largest // 1_000_000)
    return _read_text(content, recognise, FROM_CHAT)


async def read_sent(content: bytes) -> list[Sheet]:
    """The sheets of a workbook that somebody sent; it may take ten seconds, while others are answered.

    Raises:
        TableRefusedError: why it is not read.
    """
    limits = FROM_CHAT
    if len(content) > limits.largest:
        raise TableRefusedError(WhyNoTable.TOO_LARGE, limits.largest // 1_000_000)
    child = await asyncio.create_subprocess_exec(
        *_command(limits),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )
    try:
        said, _ = await asyncio.wait_for(child.communicate(content), limits.wait)
    except TimeoutError:
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return await asyncio.to_thread(lambda: _collect(_decode(said.splitlines()), ended_well=child.returncode == 0))


def _say_nothing(_rows: int) -> None:
    """Nobody waits for it."""


def _command(limits: TableLimits) -> tuple[str, ...]:
    return (sys.executable, "-m", "knowledge.spreadsheets.child", limits.name)


def _environment() -> dict[str, str]:
    return environment_of(PYTHONPATH=_OURS, OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")


def _decode(lines: Iterable[bytes], tell: RowsRead = _say_nothing) -> Iterator[Line]:
    decode = msgspec.json.Decoder(Line).decode
    for count, line in enumerate(lines, 1):
        try:
            yield decode(line)
        except msgspec.MsgspecError:  # cut off as the child was ended
            raise TableRefusedError(WhyNoTable.TOO_COMPLEX) from None
        tell(count)


def _collect(lines: Iterable[Line], *, ended_well: bool) -> list[Sheet]:
    sheets: list[Sheet] = []
    rows: list[SheetRow] = []
    for line in lines:
        match line:
            case SheetHead():
                rows = []
                sheets.append(Sheet(line, rows))
            case SheetRow():
                rows.append(line)
            case TableRefusal():
                raise TableRefusedError(line.why, *line.said)
    if not ended_well or not sheets:
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX)
    return sheets


def _read_text(content: bytes, recognise: Recognise, limits: TableLimits, tell: RowsRead = _say_nothing) -> list[Sheet]:
    if content.lstrip(b"\r\n\t ").startswith(_PICTURES_AND_PAGES):
        raise TableRefusedError(WhyNoTable.NOT_A_TABLE)
    rows = []
    for row in read_separated(content, recognise, limits):
        rows.append(row)
        tell(len(rows))
    if rows and all(len(row.cells) < 2 for row in rows):
        raise TableRefusedError(WhyNoTable.NOT_A_TABLE)
    return [Sheet(SheetHead(""), rows)]
