"""Rows as the records that stand for them, long lists cut up, and what the two engines say each in its own way."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import Column, ColumnElement, Executable, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.periods import Period

AT_ONCE: Final = 500
"""No statement has more parameters than an engine takes."""

Value = TypeVar("Value")
Record = TypeVar("Record")


def chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    """The values in lists of `AT_ONCE` at most."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def columns_of(record: type, table: Table, **others: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """What to select for a dataclass, in its order: the column of the table that has a field's name, or one of others.

    A field for which there is neither is left out: `to_record` is given it.
    """
    names = [each.name for each in fields(record) if each.name in others or each.name in table.c]
    return tuple(others[name].label(name) if name in others else table.c[name] for name in names)


def to_record(record: type[Record], row: Any, **made: Any) -> Record:
    """A row as a dataclass, codes as enums and periods, JSON read; `made` are fields that no column holds so."""
    values = row._mapping
    return record(
        **made,
        **{
            name: values[name] if read is None or values[name] is None else read(values[name])
            for name, read in _readers(record)  # type: ignore[arg-type]
            if name not in made
        },
    )


async def find_one(db: AsyncConnection, record: type[Record], query: Executable) -> Record | None:
    """The first row of a query, None where there is none."""
    row = (await db.execute(query)).first()
    return to_record(record, row) if row else None


def is_id(number: int) -> bool:
    """Whether a number from outside can be a row's: no engine is asked for one beyond its range."""
    return 0 < number < 2**63


async def find_of_id(
    db: AsyncConnection, record: type[Record], query: Select[Any], column: Column[int], row_id: int
) -> Record | None:
    """The row of that id, for ids that somebody else sent: no number is too large to ask for."""
    return await find_one(db, record, query.where(column == row_id)) if is_id(row_id) else None


async def find_all(db: AsyncConnection, record: type[Record], query: Executable) -> list[Record]:
    """Every row of a query."""
    return [to_record(record, row) for row in await db.execute(query)]


def insert_into(db: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what happens to a row that is there already."""
    return sqlite.insert(table) if db.dialect.name == "sqlite" else postgresql.insert(table)


@cache
def _readers(record: type) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """What makes of a column's value that of the field; None where it is the same."""
    hints = get_type_hints(record)
    return tuple((each.name, _reader(hints[each.name])) for each in fields(record))


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    kind = next(each for each in get_args(hint) if each is not NoneType) if isinstance(hint, UnionType) else hint
    if kind is Period:
        return Period.parse
    if get_origin(kind) is dict:
        return json.loads
    return kind if isinstance(kind, type) and issubclass(kind, StrEnum) else None
