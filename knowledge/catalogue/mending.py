"""What is wrong with a file of a plan, in one sentence that names the key and the mend."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from knowledge.model.plans import Plan

_PLACE = re.compile(r"(?P<problem>.*) - at `(?P<key>\$[^`]*)`", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_WRONG_TYPE = re.compile(r"Expected `.*`, got `(\w+)`|Invalid .*")
_GOT: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a decimal",
    "Decimal": "a decimal",
    "decimal": "a decimal",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "date": "a date",
    "datetime": "a date with a time",
    "time": "a time",
}
_OF_MODEL: Final = {"a value needs its unit": 'add unit, like unit = "%"'}


def near(word: str, known: Iterable[str]) -> str:
    """What to write instead of a word that is not known: the nearest one, otherwise any of them."""
    every = list(known)
    return nearest(word, every) or f"known are {', '.join(every)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The one that a word that is not known may be a slip of; empty where none is near."""
    found = get_close_matches(word, list(known), 1, 0.6)
    return f"did you mean {found[0]}?" if found else ""


def explain(message: str, content: Mapping[str, Any]) -> str:
    """A message of msgspec on the content of a plan's file, with the place as people find it, and the mend."""
    placed = _PLACE.fullmatch(message)
    problem, key = (placed["problem"], placed["key"]) if placed is not None else (message, "$")
    shape, value, row = _follow(key, content)
    named = next((f" ({name} {row[name]})" for name in ("id", "section") if isinstance(row.get(name), str)), "")
    where = f"{key}{named}: " if key != "$" else ""
    if (unknown := _UNKNOWN.fullmatch(problem)) is not None:
        known = [field.encode_name for field in _fields_of(shape)]
        return f"{where}unknown key {unknown[1]}; {near(unknown[1], known)}"
    if (missing := _MISSING.fullmatch(problem)) is not None:
        wanted = next((field for field in _fields_of(shape) if field.encode_name == missing[1]), None)
        like = _describe(wanted.type, missing[1]) if wanted is not None else "what it is"
        return f"{where}the key {missing[1]} is missing; add it as {like}"
    if (wrong := _WRONG_TYPE.fullmatch(problem)) is not None:
        last = key.rpartition(".")[2].partition("[")[0]
        choices = _choices(shape)
        if choices and isinstance(value, str):
            return f"{where}{value[:60]!r} is not known here; {near(value, choices)}"
        is_value = wrong[1] is None and not isinstance(value, list | dict)
        got = repr(str(value)[:60]) if is_value else _GOT.get(wrong[1] or "", "something else")
        return f"{where}this is {got}; write {_describe(shape, last)}"
    return f"{where}{problem}" + (f"; {_OF_MODEL[problem]}" if problem in _OF_MODEL else "")


def _follow(key: str, content: Any) -> tuple[Any, Any, Mapping[str, Any]]:
    """The type and the value at a place, and the innermost table that it lies in."""
    shape: Any = Plan
    row: Mapping[str, Any] = {}
    value = content
    for name, number in _STEP.findall(key):
        if name:
            shape = next((field.type for field in _fields_of(shape) if field.encode_name == name), Any)
            value = value.get(name) if isinstance(value, Mapping) else None
        else:
            shape = next(iter(get_args(_stated(shape)[0])), Any)
            inside = isinstance(value, list) and int(number) < len(value)
            value = value[int(number)] if inside else None
            row = value if isinstance(value, Mapping) else row
    return shape, value, row


def _stated(shape: Any) -> tuple[Any, ...]:
    """The types a value may be of, but for none at all."""
    parts = get_args(shape) if get_origin(shape) in {types.UnionType, Union} else (shape,)
    return tuple(part for part in parts if part is not type(None))


def _fields_of(shape: Any) -> tuple[FieldInfo, ...]:
    (first, *_) = _stated(shape)
    return fields(first) if isinstance(first, type) and issubclass(first, msgspec.Struct) else ()


def _choices(shape: Any) -> list[str]:
    return [each.value for part in _stated(shape) if _is_enum(part) for each in part]


def _is_enum(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, StrEnum)


def _describe(shape: Any, key: str) -> str:
    """What a value of a type looks like in TOML."""
    return " or ".join(dict.fromkeys(_describe_one(part, key) for part in _stated(shape)))


def _describe_one(part: Any, key: str) -> str:
    if get_origin(part) is tuple:
        inner = get_args(part)[0]
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            return f"tables that begin with [[{key}]]"
        return "a list like [29, 31]" if inner is int else 'a list like ["…", "…"]'
    if _is_enum(part):
        return "one of " + ", ".join(f'"{each.value}"' for each in part)
    plain = {
        str: "a text in quotation marks",
        int: "a whole number without quotation marks, like 2026",
        Decimal: "a number without quotation marks, like 92.5",
        bool: "true or false",
        date: "a date without quotation marks, like 2026-01-20",
    }
    return plain.get(part, f"a table that begins with [[{key}]]")
