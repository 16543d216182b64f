"""A plan as a TOML file: read and checked, and written out again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec
from msgspec.structs import FieldInfo, fields

from knowledge.calendar.duties import check_rule
from knowledge.catalogue.mending import explain
from knowledge.catalogue.reading import parse_toml, require_unique
from knowledge.errors import CatalogueError
from knowledge.model.plans import Plan

LONGEST_ID: Final = 50
"""Letters of a plan's id, so that it fits into a button."""

_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_YEARS: Final = range(1900, 2200)
_MUST_SAY: Final = ("kind", "title", "short", "issuer", "place", "scope")


def parse_plan(name: str, text: str) -> Plan:
    """A plan from the text of its TOML file; `name` is the file's.

    Raises:
        CatalogueError: it is no plan, or something in it is wrong: one sentence with the file, the key and the mend.
    """
    content = parse_toml(name, text.removeprefix("\ufeff"))
    if not {field.encode_name for field in fields(Plan)} & content.keys():
        raise CatalogueError(name, "no plan: it has none of a plan's keys (id, kind, title, short, issuer, targets …)")
    try:
        plan = msgspec.convert(content, Plan)
    except msgspec.ValidationError as error:
        raise CatalogueError(name, explain(str(error), content)) from error
    _check(name, plan)
    return plan


def write_plan(plan: Plan) -> str:
    """A plan as the text of a TOML file, which `parse_plan` reads as the same plan."""
    import tomlkit  # noqa: PLC0415 - only where a plan is written

    document = tomlkit.document()
    for key, value in _stated(plan):
        document.add(key, _item(value))
    return str(tomlkit.dumps(document))


def _stated(fact: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """What a fact says, key by key: without what every fact says that says nothing; tables last, as TOML wants it."""
    every = _fields(type(fact))
    for field in sorted(every, key=lambda field: _is_tables(getattr(fact, field.name))):
        value = getattr(fact, field.name)
        if value is not None and not _is_default(field, value):
            yield field.encode_name, value


def _is_default(field: FieldInfo, value: Any) -> bool:
    return bool(field.default is not msgspec.NODEFAULT and value == field.default)


def _is_tables(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(each, msgspec.Struct) for each in value)


def _item(value: Any) -> Any:
    import tomlkit  # noqa: PLC0415

    if _is_tables(value):
        tables = tomlkit.aot()
        for each in value:
            table = tomlkit.table()
            for key, inner in _stated(each):
                table.add(key, _item(inner))
            tables.append(table)
        return tables
    if isinstance(value, Decimal):
        return tomlkit.value(format(value, "f"))
    plain = msgspec.to_builtins(value, builtin_types=(date,))
    return tomlkit.item(list(plain) if isinstance(plain, tuple) else plain)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[FieldInfo, ...]:
    """What a kind of fact is made of; asking for it takes longer than reading a fact."""
    return fields(kind)


def _check(name: str, plan: Plan) -> None:
    if len(plan.id) > LONGEST_ID or not _ID.fullmatch(plan.id):
        raise CatalogueError(
            name,
            f"$.id: {plan.id[:60]!r} is no id; take up to {LONGEST_ID} small Latin letters and digits, joined by"
            " hyphens, like lamdong-2026",
        )
    for place, text in _texts("$", plan):
        found = _CONTROL.search(text)
        if found is not None:
            raise CatalogueError(name, f"{place}: holds the control character {found[0]!r}; remove it")
    for key in _MUST_SAY:
        if not getattr(plan, key).strip():
            raise CatalogueError(name, f"$.{key}: is empty; write the plan's own")
    for key in ("covers_from", "covers_to"):
        if getattr(plan, key) not in _YEARS:
            raise CatalogueError(name, f"$.{key}: {getattr(plan, key)} is no year; write it like 2026")
    if plan.covers_from > plan.covers_to:
        raise CatalogueError(name, f"$.covers_to: {plan.covers_to} lies before covers_from; put the last year there")
    if not plan.aliases or not all(alias.strip() for alias in plan.aliases):
        raise CatalogueError(name, '$.aliases: nobody could name the plan; write what officers call it, like ["…"]')
    if not (plan.targets or plan.deadlines or plan.tasks):
        raise CatalogueError(name, "the plan says nothing; add [[targets]], [[deadlines]] or [[tasks]]")
    require_unique(name, "target ids", [target.id for target in plan.targets])
    require_unique(name, "deadline ids", [deadline.id for deadline in plan.deadlines])
    require_unique(name, "task sections", [task.section for task in plan.tasks])
    require_unique(name, "subject ids", [subject.id for subject in plan.subjects])
    for number, deadline in enumerate(plan.deadlines):
        try:
            check_rule(deadline)
        except ValueError as error:
            raise CatalogueError(name, f"$.deadlines[{number}].rule: {error}") from error


def _texts(place: str, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _texts(f"{place}[{number}]", each)
    elif isinstance(value, msgspec.Struct):
        for field in _fields(type(value)):
            yield from _texts(f"{place}.{field.encode_name}", getattr(value, field.name))
