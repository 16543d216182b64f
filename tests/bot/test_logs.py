"""The log: lines that people read and machines take apart, without secrets and without what somebody wrote."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.logs import FieldFormatter, Redactor, set_up_logs

SAID = "điều không ai được đọc"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged once logs are set up at DEBUG."""
    with logged(monkeypatch) as told:
        yield told


@contextmanager
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logs as the program sets them up at DEBUG, written here instead of on standard error."""
    root, told = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    set_up_logs("DEBUG")
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(told)
    try:
        yield told
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_traceback_tells_its_frames_and_kinds_and_no_message(log: io.StringIO) -> None:
    try:
        try:
            dict[str, int]()[SAID]
        except KeyError as cause:
            raise ValueError(SAID) from cause
    except ValueError:
        logging.getLogger("bot").exception("errand failed")
    told = log.getvalue()
    assert SAID not in told
    assert told.index("KeyError") < told.index("which led to") < told.index("ValueError")
    assert "test_logs.py" in told


def test_the_system_says_what_is_wrong_with_it(log: io.StringIO, tmp_path: Path) -> None:
    try:
        (tmp_path / SAID).read_bytes()
    except OSError:
        logging.getLogger("bot").exception("not written")
    told = log.getvalue()
    assert "FileNotFoundError: No such file or directory" in told
    assert SAID not in told


def test_a_task_that_nobody_waited_for_is_reported_without_what_it_held(log: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError(SAID)

    async def run() -> None:
        task = asyncio.create_task(fail(), name=SAID)
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(run())
    told = log.getvalue()
    assert "Task exception was never retrieved" in told
    assert "ValueError" in told
    assert SAID not in told


def test_what_another_handler_wrote_of_an_error_is_not_taken_over() -> None:
    try:
        dict[str, int]()[SAID]
    except KeyError as error:
        record = logging.makeLogRecord({"msg": "x", "exc_info": (KeyError, error, error.__traceback__)})
    logging.Formatter().format(record)
    assert SAID not in FieldFormatter(Redactor()).format(record)


def test_a_line_that_cannot_be_written_is_not_shown_instead(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("bot").info("%d", SAID)
    assert SAID not in log.getvalue() + capsys.readouterr().err


LINE = re.compile(
    r"(?P<at>\S+) (?P<level>[A-Z]+) (?P<name>\S+) (?P<what>.*?)(?P<fields>(?: \w+=(?:\"(?:[^\"\\]|\\.)*\"|[^\s\"]+))*)"
)
FIELD = re.compile(r"(\w+)=(\"(?:[^\"\\]|\\.)*\"|[^\s\"]+)")


def format_line(message: str, *, secrets: tuple[str, ...] = (), **fields: Any) -> str:
    record = logging.makeLogRecord(
        {"name": "bot.app", "levelname": "INFO", "msg": message, "created": 1793671200.0, **fields}
    )
    return FieldFormatter(Redactor(secrets)).format(record)


def test_a_line_is_as_it_is_documented() -> None:
    line = format_line("bot started", bot=7100000001, by="polling")
    assert line == "2026-11-03T02:00:00+0000 INFO bot.app bot started bot=7100000001 by=polling"


@pytest.mark.parametrize(
    "value", ["disk is full", 'a "b" c', "two\nlines", "a=b", "", "ngoài lề", "back\\slash here", 7, None]
)
def test_a_field_is_read_back_as_it_was(value: object) -> None:
    line = format_line("tick failed", tick="purge", error=value, last=1)
    assert "\n" not in line
    match = LINE.fullmatch(line)
    assert match is not None
    assert match["what"] == "tick failed"
    found = {key: json.loads(text) if text.startswith('"') else text for key, text in FIELD.findall(match["fields"])}
    assert found == {"tick": "purge", "error": str(value), "last": "1"}


def test_a_traceback_stands_below_its_line_and_holds_no_secret() -> None:
    try:
        int('hid"den')
    except ValueError:
        line = format_line("crashed", secrets=('hid"den',), exc_info=sys.exc_info(), address='of hid"den')
    first, *rest = line.splitlines()
    assert first.endswith('crashed address="of [secret]"')
    assert rest[0].startswith("Traceback")
    assert "den" not in line
