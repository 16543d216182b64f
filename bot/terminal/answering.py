"""Answers on the terminal: in words, or as JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from bot.labels import load_labels
from bot.road.reply import to_plain
from bot.terminal import words
from bot.words import answers, plans
from knowledge.answer import Adviser
from knowledge.meanings import AskerRole, Meaning, Situation, understand
from knowledge.model.answers import Answer, Fact
from knowledge.model.questions import Question

SURE_OF_TALK: Final = 0.45
"""Probability (0–1) from which a message is taken for talk, or for work of the chat."""

SURE_OF_HELP: Final = 0.8
"""Probability (0–1) from which it is asked how the bot is used, though the plans have something like it."""

_NUMBERS: Final = msgspec.json.Encoder(decimal_format="number")

CHATTER: Final = frozenset({Meaning.COURTESY, Meaning.ABOUT_BOT})


@dataclass(frozen=True, slots=True)
class TerminalReply:
    """A reply on the terminal: the answer to a question, or words in reply to `talk` that is no question."""

    answer: Answer
    talk: str | None = None

    @property
    def text(self) -> str:
        """The reply in plain words, complete without buttons."""
        return to_plain(self.talk if self.talk is not None else answers.answer(self.answer))


def as_json(reply: TerminalReply) -> bytes:
    """The reply as one line of JSON, in the shape that the outside interface keeps."""
    answer = reply.answer
    if reply.talk is not None:
        return msgspec.json.encode({"status": "talk", "text": reply.text, "choices": [], "facts": [], "citations": []})
    return _NUMBERS.encode(
        {
            "status": answer.status,
            "text": reply.text,
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
        "value": target.figure if target.value is None else _number(target.value),
        "value_max": None if target.value_max is None else _number(target.value_max),
        "comparator": target.comparator.value,
        "unit": target.unit,
        "horizon": target.horizon,
        "each_year": target.each_year,
    }


def _number(value: Decimal) -> int | Decimal:
    """A value as JSON has it: an integer where it is whole, otherwise a number with decimals, exact (92.5)."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def _citations(answer: Answer) -> list[str]:
    named = [plans.source(fact.plan, fact.target.section) for fact in answer.facts]
    named += [plans.source(found.plan, found.section) for found in answer.passages]
    named += [plan.citation for plan in answer.documents]
    return list(dict.fromkeys(to_plain(name) for name in named))


def answer_lines(
    lines: Iterable[str], adviser: Adviser, today: date, own: Sequence[str] = ()
) -> Iterator[TerminalReply]:
    """Replies to successive lines of one conversation; an empty line begins a new one.

    Args:
        adviser: answers from the plans that are known.
        today: the day it is said on, by which a year is far or near.
        own: the plans (ids) that govern the asker's unit, the nearest level first.
    """
    situation = Situation(AskerRole.OFFICER, today)
    previous: Question | None = None
    for line in lines:
        text = line.strip("\r\n")
        if not text.strip():
            previous = None
            continue
        answer = adviser.ask(text, previous, own)
        found = understand(text, situation, load_labels(), plans=adviser.understanding)
        talk = words.reply_to(found.means, text) if found.sure >= SURE_OF_TALK else None
        asks_plans = answer.status != "not_found" or previous is not None
        asks_help = found.means is Meaning.HELP and found.sure >= SURE_OF_HELP and previous is None
        if talk is not None and (found.means in CHATTER or asks_help):
            yield TerminalReply(answer, talk.text)
            continue
        if talk is not None and not asks_plans:
            yield TerminalReply(answer, f"{answers.answer(answer)}\n\n{talk.text}")
            continue
        previous = answer.question
        yield TerminalReply(answer)
