"""The log: one line for each event, with an action and its fields; no secret, no message text, no name."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any

_MOST_CAUSES = 5
_PLAIN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{20,}")
_BARE = re.compile(r"[^\s\"=]+")  # of a value: what needs no quotes
_PASSWORD = re.compile(r"(\w+://[^\s:/@]+:)[^\s@]+@")


class Redactor:
    """Removes secrets from text: those it is given, and what looks like a bot token or a password in an address."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the secrets; longer ones are removed first, so that none is left in part."""
        self._secrets = sorted({secret for secret in secrets if len(secret) > 3}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """`text` without them."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _PASSWORD.sub(r"\1[secret]@", _TOKEN.sub("[secret]", text))


class FieldFormatter(logging.Formatter):
    """`2026-11-03T02:00:00+0000 INFO bot.app bot started by=polling`, redacted as a whole, tracebacks included.

    The moment is in UTC, whatever the machine's zone. Fields are logfmt: a value with blanks, quotes or line breaks
    stands in quotes, as JSON.

    Of what was raised it tells where and of what kind, never the message: that may repeat what somebody wrote, or a row
    of the database. Of asyncio's reports it keeps the first line: the others show whatever a task held.
    """

    converter = staticmethod(time.gmtime)

    def __init__(self, redact: Redactor) -> None:
        """Lines are redacted by `redact`."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S+0000")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        given = {key: str(value) for key, value in vars(record).items() if key not in _PLAIN_FIELDS}
        fields = " ".join(f"{key}={_quote(self._redact(value))}" for key, value in given.items())
        own: dict[str, Any] = {"exc_text": None}  # another handler may have put its own there, or may find ours
        if record.name == "asyncio":
            own |= {"msg": record.getMessage().partition("\n")[0], "args": ()}
        line = super().format(logging.makeLogRecord(vars(record) | own))
        if fields:
            head, newline, rest = line.partition("\n")
            line = f"{head} {fields}{newline}{rest}"
        return self._redact(line)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """The frames and kinds of what was raised, the first cause first."""
        told: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None and len(told) < _MOST_CAUSES:
            frames = "".join(traceback.format_tb(error.__traceback__))
            told.append(f"Traceback (most recent call last):\n{frames}{_kind(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich led to\n".join(reversed(told))


def _kind(error: BaseException) -> str:
    """Its class; of the system's errors also what the system calls them."""
    name = type(error).__name__
    return f"{name}: {error.strerror}" if isinstance(error, OSError) and error.strerror else name


def _quote(value: str) -> str:
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def set_up_logs(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to stderr at `level`, with every secret removed, from records and from tracebacks.

    httpx and httpcore log whole addresses, and ours hold the token: they stay at WARNING whatever `level` says; PTB's
    debug lines hold whole messages, so it does too.
    """
    logging.raiseExceptions = False  # it would show the words of a line that cannot be written
    redact = Redactor(secrets)
    handler = logging.StreamHandler()
    handler.setFormatter(FieldFormatter(redact))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "sqlalchemy"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # it speaks of whatever strangers send; we of what fails

    def crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.stderr.write("\n")
            return
        logging.getLogger("bot").critical("crashed", exc_info=(kind, error, trace))

    sys.excepthook = crash
