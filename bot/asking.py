"""Questions from the terminal: one answer in words, or as the JSON that other programs read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from bot.reply import to_plain
from bot.settings import Settings
from bot.views import answers
from knowledge.answer import load_adviser
from knowledge.model.answers import Answer, Fact
from knowledge.model.questions import Question


def as_json(answer: Answer) -> bytes:
    """The answer as one line of JSON, in the shape that the outside interface keeps."""
    return msgspec.json.encode(
        {
            "status": answer.status,
            "text": to_plain(answers.answer(answer)),
            "choices": [{"label": choice.label, "question": choice.question} for choice in answer.choices],
            "facts": [_fact(fact) for fact in answer.facts],
            "citations": _citations(answer),
        }
    )


def _fact(fact: Fact) -> dict[str, Any]:
    target = fact.target
    return {
        "plan": fact.plan.number or fact.plan.issuer,
        "section": target.section,
        "indicator": target.indicator,
        "value": target.value if target.value is not None else target.figure,
        "value_max": target.value_max,
        "comparator": target.comparator.value,
        "unit": target.unit,
        "horizon": target.horizon,
    }


def _citations(answer: Answer) -> list[str]:
    named = [answers.source(fact.plan, fact.target.section) for fact in answer.facts]
    named += [answers.source(found.plan, found.section) for found in answer.passages]
    named += [plan.citation for plan in answer.documents]
    return list(dict.fromkeys(to_plain(name) for name in named))


def converse(lines: Iterable[str], own_plan: str | None = None) -> Iterator[Answer]:
    """Answers to successive lines of one conversation; an empty line begins a new one."""
    adviser = load_adviser()
    previous: Question | None = None
    for line in lines:
        text = line.strip("\r\n")
        if not text.strip():
            previous = None
            continue
        answer = adviser.ask(text, previous, own_plan)
        previous = answer.question
        yield answer


def plan_of_unit(settings: Settings, code: str) -> str | None:
    """The id of the plan that governs a unit: its own, or that of the nearest unit above that has one.

    Raises:
        UnitUnknownError: there is no unit of that code.
        DatabaseRefusedError: there is no database, or it cannot be opened.
    """
    from bot import roster  # noqa: PLC0415 - not needed for a question without a unit

    logging.getLogger("storage").setLevel(logging.WARNING)
    return asyncio.run(roster.find_plan_of_unit(settings, code))
