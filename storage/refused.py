"""What is raised where a database cannot be used, and a driver's message in a form that may be shown."""

from __future__ import annotations


class DatabaseRefusedError(Exception):
    """The database cannot be used as it stands; `reason` says why and what to do, in one line without secrets."""

    for_operator = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain(error: BaseException) -> str:
    """The driver's message on one line, without statement or parameters."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return " ".join(str(cause).split())[:200] or type(cause).__name__
