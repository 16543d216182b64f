"""A question in another form: with a harmless clause beside it, without the plan's name; what changes nothing."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from knowledge.text import fold
from knowledge.words import WORDS

_JOINTS = (", ", ", ", " ", ". ", " - ")


@cache
def load_clauses() -> tuple[tuple[str, bool], ...]:
    """Clauses that ask for nothing, and whether each stands before the question (else behind)."""
    lines = (files("knowledge.learning") / "data" / "clauses.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return tuple((str(row.get("before") or row["behind"]), "before" in row) for row in rows)


def with_clause(text: str, chance: random.Random) -> str:
    """The text with a clause before or behind it, typed without marks where the text is."""
    clause, before = chance.choice(load_clauses())
    if fold(text) == text.lower():
        clause = fold(clause)
    joint = chance.choice(_JOINTS)
    if before:
        return clause + joint + text
    return text.rstrip(" ?.!") + joint + clause


def without_names(text: str, names: Iterable[str]) -> str | None:
    """The text without the names of a plan; None where none of them stands in it."""
    plain = fold(text)
    if len(plain) != len(text):
        return None
    for name in sorted(map(fold, names), key=len, reverse=True):
        found = WORDS.composed(rf"\b(?:%before_names% )?{re.escape(name)}\b").search(plain)
        if found:
            rest = text[: found.start()] + text[found.end() :]
            return re.sub(r"\s+", " ", rest).strip(" ,")
    return None
