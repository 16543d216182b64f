"""Reading the data files of knowledge: TOML into checked values, naming the file and the key at fault."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec

from knowledge.errors import CatalogueError

Value = TypeVar("Value")


def read_toml(file: Traversable, shape: type[Value]) -> Value:
    """The content of a TOML file as a value of `shape`; decimals are read exactly.

    Raises:
        CatalogueError: the file is no TOML, or a key is missing, unknown, of the wrong type or contradicts another.
    """
    try:
        return msgspec.convert(parse_toml(file.name, file.read_text(encoding="utf-8")), shape)
    except msgspec.ValidationError as error:
        raise CatalogueError(file.name, str(error)) from error


def parse_toml(name: str, text: str) -> dict[str, Any]:
    """The content of a TOML text as it stands, decimals exact; `name` is the file's, for whoever has to mend it.

    Raises:
        CatalogueError: it is no TOML; says in which line.
    """
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise CatalogueError(name, "not valid TOML: brackets within brackets without end") from None
    except ValueError as error:  # of TOML itself, and of numbers too long to be read
        raise CatalogueError(
            name, f"not valid TOML: {error}; texts stand in quotation marks, each key on its own line"
        ) from error


def require_unique(file: str, what: str, names: list[str]) -> None:
    """Raise CatalogueError when a name stands twice in a list that `what` describes."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CatalogueError(file, f"{what} not unique: {', '.join(twice)}; each needs its own")
