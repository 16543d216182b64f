"""A plan as rows and back: identity, facts and subjects, nothing lost on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from knowledge.model.plans import Plan

_IDENTITY: Final = ("issuer", "number", "issued_on", "covers_from", "covers_to")
_SORTS: Final = {"target": ("targets", "id"), "deadline": ("deadlines", "id"), "task": ("tasks", "section")}
_SUBJECTS: Final = "subjects"


def identity_of(plan: Plan) -> dict[str, Any]:
    """The columns of a version that a plan fills."""
    others = {name for name, _ in _SORTS.values()} | {_SUBJECTS, "id", *_IDENTITY}
    rest = {name: value for name, value in msgspec.to_builtins(plan).items() if name not in others}
    return {"content": _dump(rest), **{name: getattr(plan, name) for name in _IDENTITY}}


def facts_of(plan: Plan, version_id: int) -> list[dict[str, Any]]:
    """The rows of its targets, deadlines and tasks."""
    rows = []
    for sort, (name, key) in _SORTS.items():
        for place, fact in enumerate(msgspec.to_builtins(getattr(plan, name))):
            ref = fact[key]
            own = {"section": fact.pop("section", None), "quote": fact.pop("quote", None)}
            rows.append(
                {"version_id": version_id, "sort": sort, "place": place, "ref": ref, "content": _dump(fact)} | own
            )
    return rows


def subjects_of(plan: Plan, version_id: int) -> list[dict[str, Any]]:
    """The rows of the subjects that it brings with it."""
    rows = []
    for place, subject in enumerate(msgspec.to_builtins(plan.subjects)):
        own = {"subject": subject.pop("id"), "name": subject.pop("name")}
        rows.append({"version_id": version_id, "place": place, "content": _dump(subject)} | own)
    return rows


def to_plan(version: Any, facts: Iterable[Any], subjects: Iterable[Any]) -> Plan:
    """The plan of a version's row, with the rows of its facts and subjects in their order."""
    whole = json.loads(version.content) | {"id": version.plan_id}
    whole |= {name: getattr(version, name) for name in _IDENTITY}
    whole[_SUBJECTS] = [json.loads(row.content) | {"id": row.subject, "name": row.name} for row in subjects]
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name, _ in _SORTS.values()}
    for row in facts:
        lists[_SORTS[row.sort][0]].append(json.loads(row.content) | _present(row, ("section", "quote")))
    return msgspec.convert(whole | lists, Plan)


def _present(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names if getattr(row, name) is not None}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
