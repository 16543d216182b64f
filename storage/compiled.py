"""Statements as they were compiled for one kind of server, remembered for every engine of this process."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

MOST: Final = 1_500
"""Statements that are remembered; the program has some hundreds, for one dialect."""


class _Compiled(LRUCache[Any, Any]):
    """SQLAlchemy's own memory of compiled statements, but by what a dialect is instead of by whose it is.

    Each engine has a dialect of its own, so that the writer and the reader of a SQLite file, or two databases that are
    opened one after the other, would each compile the same statements again.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_by_kind(key), value)


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect: Dialect = key[0]
    return (dialect.name, dialect.driver, getattr(dialect, "server_version_info", None), *key[1:])


COMPILED: Final = _Compiled(MOST)
"""The one memory, given to each engine as `compiled_cache`."""
