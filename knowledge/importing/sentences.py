"""Sentences and clauses of a paragraph, as places in its shadow."""

from __future__ import annotations

import re
from typing import Final

from knowledge.importing.phrases import phrases

_STOP = re.compile(r"[.!?…]+[\"')]*(?=\s|$)|\./\.")
_SHORT: Final = frozenset(phrases("abbreviations"))
_WORD_BEFORE = re.compile(r"([^\s(]+)$")

Span = tuple[int, int]


def sentences(text: str, shadow: str) -> list[Span]:
    """The sentences of a paragraph; abbreviations and numbers do not end one."""
    found: list[Span] = []
    start = 0
    for met in _STOP.finditer(shadow):
        word = _WORD_BEFORE.search(shadow[start : met.start()])
        following = text[met.end() :].lstrip()[:1]
        if met[0].startswith(".") and met[0].strip("\"')") == "." and word and word[1] in _SHORT:
            continue
        if following.islower() and met[0].startswith((".", "…")):
            continue
        if shadow[start : met.end()].strip():
            found.append((start, met.end()))
        start = met.end()
    if shadow[start:].strip():
        found.append((start, len(shadow)))
    return found


def clauses(shadow: str, span: Span) -> list[Span]:
    """The parts of a sentence between semicolons that stand in no brackets."""
    found: list[Span] = []
    depth, start = 0, span[0]
    for place in range(*span):
        letter = shadow[place]
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth = max(0, depth - 1)
        elif letter == ";" and depth == 0:
            found.append((start, place))
            start = place + 1
    found.append((start, span[1]))
    return [part for part in found if shadow[part[0] : part[1]].strip()]


def is_bracketed(shadow: str, start: int, place: int) -> bool:
    """Whether a place lies in brackets that were opened after `start`."""
    depth = 0
    for letter in shadow[start:place]:
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth = max(0, depth - 1)
    return depth > 0


def cut(text: str, span: Span) -> str:
    """The words of a span without blanks and joints at its edges."""
    return text[span[0] : span[1]].strip(" ;,")
