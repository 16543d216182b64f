"""Reading a spreadsheet, from the bot or the terminal: in a process of its own, but for text of the operator's."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from knowledge.importing.limits import environment_of
from knowledge.spreadsheets.child import Line, TableRefusal, is_workbook
from knowledge.spreadsheets.model import Sheet, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import FROM_CHAT, FROM_OPERATOR, TableLimits, TableRefusedError, WhyNoTable
from knowledge.spreadsheets.separated import Recognise, read_separated

_OURS: Final = str(Path(__file__).parents[2])

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


async def read_sent(content: bytes) -> list[Sheet]:
    """The sheets of a workbook that somebody sent, or of a text each way in which its columns may be parted.

    It may take ten seconds of the processor, while others are answered.

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
    if not ended_well:
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX)
    if not sheets:
        raise TableRefusedError(WhyNoTable.DAMAGED)
    return sheets


def _read_text(content: bytes, recognise: Recognise, limits: TableLimits, tell: RowsRead = _say_nothing) -> list[Sheet]:
    rows = []
    for row in read_separated(content, recognise, limits):
        rows.append(row)
        tell(len(rows))
    return [Sheet(SheetHead(""), rows)]
