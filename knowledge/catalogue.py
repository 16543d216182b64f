"""Reading the data files of knowledge: TOML into checked values, naming the file and the key at fault."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from knowledge.errors import CatalogueError

Value = TypeVar("Value")


def read_toml(file: Traversable, shape: type[Value]) -> Value:
    """The content of a TOML file as a value of `shape`; decimals are read exactly.

    Raises:
        CatalogueError: the file is no TOML, or a key is missing, unknown, of the wrong type or contradicts another.
    """
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal), shape)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(file.name, f"not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise CatalogueError(file.name, str(error)) from error


def require_unique(file: str, what: str, names: list[str]) -> None:
    """Raise CatalogueError when a name stands twice in a list that `what` describes."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CatalogueError(file, f"{what} not unique: {', '.join(twice)}")
