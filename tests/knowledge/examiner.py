"""Rows of questions with what a right reply shows; how they are put and marked."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import msgspec

import knowledge
from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.model.questions import Question
from knowledge.text import fold

DATA = Path(__file__).parent / "data"
LESSONS = Path(knowledge.__file__).parent / "learning" / "data" / "questions.jsonl"
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


class Asked(msgspec.Struct, frozen=True):
    """A question of an author who knew only the plans: where its answer stands (file:line) and how it reads there."""

    by: str
    q: str
    kind: str
    source: tuple[str, ...]
    answer: str | None


@cache
def read_asked() -> tuple[Asked, ...]:
    """The questions that are learned from."""
    lines = LESSONS.read_text(encoding="utf-8").splitlines()
    return tuple(msgspec.convert(json.loads(line), Asked) for line in lines if line.strip())


_DENIALS = ("khong co trong cac ke hoach", "noi dung nay khong co trong cac ke hoach")
_SILENCES = ("khong co trong cac ke hoach", "khong dat", "chua ro", "toi chua hieu")
_NO_RESULTS = "khong co so lieu"
_UNTRUE = ("sai", "chua", "khong", "tre")
_FIGURE = re.compile(r"\d ?%|\d\.\d{3}")
FEWEST_LISTED = 3
"""Things that an overview lists at least."""


def is_told(asked: Asked, reply: str) -> bool:
    """Whether a reply is right by rule, as far as a rule can tell; figures beside the right ones are not looked at.

    Of law, people and chatter it states no figure; of what no plan sets and of results it says so; a verdict is the
    author's, or shows what settles it; anything else holds every figure of the answer, or half of its words.
    """
    said, answer = fold(reply), fold(asked.answer or "")
    is_silence = any(each in said for each in _SILENCES)
    match asked.kind:
        case "law" | "people" | "other" | "silent":
            return is_silence or not _FIGURE.search(reply)
        case "absent":
            return is_silence
        case "result":
            return is_silence or _NO_RESULTS in said
        case "verdict":
            return _is_judged(asked, answer, said, is_silence=is_silence)
    if said.startswith(_DENIALS):
        return not asked.source
    if asked.kind == "overview":
        return len(re.findall(r"[;\n•]", reply)) >= FEWEST_LISTED - 1
    if wanted := _numbers(answer):
        return wanted <= _numbers(said)
    words = {word for word in re.findall(r"\w+", answer) if len(word) > 1}
    return len(words & set(re.findall(r"\w+", said))) >= len(words) / 2


def _is_judged(asked: Asked, answer: str, said: str, *, is_silence: bool) -> bool:
    is_untrue = answer.startswith(_UNTRUE)
    settling = _numbers(answer if is_untrue else fold(asked.q))
    is_shown = bool(settling) and settling <= _numbers(said)
    is_denied = is_silence or "chua dung" in said or "khong dung" in said
    if is_untrue:
        return is_denied or (is_shown and not said.startswith("dung"))
    return not is_denied and (is_shown or said.startswith("dung"))


def _numbers(text: str) -> set[str]:
    return {found.lstrip("0") or "0" for found in re.findall(r"\d+(?:[.,]\d+)*", text)}
