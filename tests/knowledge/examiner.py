"""Rows of questions with what a right reply shows; how they are put and marked."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import msgspec

from bot.reply import to_plain
from bot.views import answers
from knowledge.answer import load_adviser
from knowledge.model.questions import Question

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[3] / "shared"


class Row(msgspec.Struct, frozen=True):
    """One question: what was said before in the chat, what a right reply shows and what it never shows (regexes)."""

    kind: str
    q: str
    must: tuple[str, ...]
    not_: tuple[str, ...] = msgspec.field(name="not")
    context: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The chat in one line, for the test's name."""
        return f"{self.kind}: {' → '.join([*self.context, self.q])}"[:120]


@cache
def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows of a file, one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(msgspec.convert(json.loads(line), Row) for line in lines if line.strip())


def fold_reply(text: str) -> str:
    """A reply as rows are held against it: composed, lower case, single blanks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).lower().replace("\u00a0", " "))


def reply_to(row: Row) -> str:
    """What the product says to the last message of the row's chat, as plain text."""
    adviser = load_adviser()
    previous: Question | None = None
    for message in (*row.context, row.q):
        answer = adviser.ask(message, previous)
        previous = answer.question
    return to_plain(answers.answer(answer))


def faults_in(row: Row, reply: str) -> list[str]:
    """What a right reply would show and this one does not, or the other way round; empty when it is right."""
    shown = fold_reply(reply)
    missing = [f"misses {pattern}" for pattern in row.must if not re.search(pattern, shown)]
    return missing + [f"shows {pattern}" for pattern in row.not_ if re.search(pattern, shown)]
