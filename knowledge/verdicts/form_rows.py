"""Whether what a question names stands in the row of a form whose number it quotes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from knowledge.model.answers import Answer, AnswerKind, Confirmation, Matter, Row
from knowledge.rows import Rows
from knowledge.verdicts.hearing import Fold
from knowledge.verdicts.words import WHICH_ROW, WORDS

_ROW: Final = WORDS.composed(r"\b%row% (?P<number>\d{1,2})\b(?![./]\d)")
_LEAST: Final = 2
"""Words that must be left of a question without its number."""

LEAST_HELD, APART = 0.6, 0.3
"""Share (0–1) of a question's words that a row holds in whose place another was named, and by how much more."""


def _share(asked: set[str], found: Row, fold: Fold) -> float:
    """The share of the words that stand in a row, its other names and its lines."""
    texts = [
        text for row in (found.row, *found.subrows) for text in (row.name, row.short, row.note or "", *row.aliases)
    ]
    held = set(fold(" ".join(texts)))
    return len(asked & held) / len(asked) if asked else 0.0


def judge_row(claim: str, rows: Rows, ask: Callable[[str], Answer]) -> tuple[Confirmation, Answer] | None:
    """The verdict on the number of a row, with the row meant and the one of that number; None where that is not sure.

    Args:
        claim: the message in folded letters, without the words that ask.
        rows: of the forms that can be asked about.
        ask: answers a question.
    """
    numbers = [int(match["number"]) for match in _ROW.finditer(claim)]
    if len(numbers) != 1:
        return None
    numbered = rows.numbered((numbers[0],))
    rest = _ROW.sub(" ", claim)
    if not numbered or len(re.findall(r"[^\W\d]{2,}", rest)) < _LEAST:
        return None
    found = ask(f"{' '.join(rest.split())} {WHICH_ROW}")
    if found.kind is not AnswerKind.ROWS or not found.rows:
        return None
    first = found.rows[0]
    fact = f"{first.row.no} – {first.row.name}"
    if first in numbered:
        shown = Answer(kind=AnswerKind.ROWS, question=found.question, rows=(first,))
        return Confirmation(matter=Matter.ROW, agrees=True, fact=fact), shown
    asked = {word for word in rows.understanding.speller.plain(rest) if word.isalpha() and len(word) > 1}
    asked -= WORDS.folded("row_small")
    held = [_share(asked, row, rows.understanding.fold_words) for row in (first, *numbered)]
    if any(row in found.rows for row in numbered) or found.caveat is not None or held[0] < LEAST_HELD:
        return None
    if max(held[1:]) > held[0] - APART:
        return None
    shown = Answer(kind=AnswerKind.ROWS, question=found.question, rows=(first, *numbered))
    return Confirmation(matter=Matter.ROW, agrees=False, fact=fact), shown
