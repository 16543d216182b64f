"""Made plans with subjects that no plan of the catalogue has, and questions on them that were written beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser, build_adviser
from knowledge.model.answers import Answer, AnswerKind
from knowledge.model.plans import Plan
from knowledge.plans import load_plans, read_plan

DATA = Path(__file__).parents[1] / "data"
FOLDERS = tuple(DATA / f"new-subjects{each}" for each in ("", "-second", "-third", "-fourth"))
MOST_OFFERED = 3


class Asked(msgspec.Struct, frozen=True):
    """A question on a subject of a made plan, and the figure that answers it.

    `manner` is how it is asked: in the plan's words, by name, bare of marks, among other talk, in other words, to be
    confirmed or compared; `absent` is something near that no plan sets.
    """

    manner: str
    plan: str
    subject: str
    q: str
    shows: str


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    OFFERED = "offered"
    WRONG = "wrong"
    DENIED = "denied"


@dataclass(frozen=True)
class Marked:
    """A question with its outcome and the reply in plain words."""

    asked: Asked
    outcome: Outcome
    reply: str


@cache
def read_made_plans() -> tuple[Plan, ...]:
    """The made plans, in the order of their files."""
    return tuple(read_plan(file) for folder in FOLDERS for file in sorted(folder.glob("*.toml")))


@cache
def read_questions() -> tuple[Asked, ...]:
    """The questions on them."""
    lines = [line for folder in FOLDERS for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    return tuple(msgspec.convert(json.loads(line), Asked) for line in lines if line)


def adviser_with_made_plans() -> Adviser:
    """The adviser over the plans that ship with the product and the made ones."""
    return build_adviser((*load_plans(), *read_made_plans()))


def mark(adviser: Adviser, asked: Asked) -> Marked:
    """Ask, and judge the reply."""
    found = adviser.ask(asked.q)
    reply = to_plain(answers.answer(found))
    return Marked(asked, _outcome(adviser, asked, found, reply), reply)


def _outcome(adviser: Adviser, asked: Asked, found: Answer, reply: str) -> Outcome:
    known_as = adviser.understanding.known_as
    subject = known_as.get(asked.subject, asked.subject)
    told = {group.subject for group in found.groups}
    if told:
        return Outcome.ANSWERED if subject in told and asked.shows in reply else Outcome.WRONG
    if found.kind in {AnswerKind.CHOOSE, AnswerKind.SILENT}:
        offered = [adviser.understanding.read(choice.question).subjects for choice in found.choices[:MOST_OFFERED]]
        if any(subject in subjects for subjects in offered):
            return Outcome.OFFERED
    return Outcome.DENIED
