"""`troly understand`: how the bot reads messages, for tuning and debugging. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from bot.features.targets.giving.beginning import Begun, find_beginning, is_sure
from bot.labels import load_labels
from bot.terminal.sample import SAMPLES
from knowledge.calendar.deadlines import understood_deadline
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.meanings import AskerRole, Meaning, Place, Situation, Understood, understand
from knowledge.meanings.signs import find_plan
from knowledge.meanings.units import UnitNames
from knowledge.question import load_understanding
from knowledge.reports import parse_report, understood_report
from knowledge.shares.matching import Below, NamesBelow
from knowledge.shares.reading import read_shares


def describe_messages(lines: Iterable[str], role: AskerRole, place: Place, today: date) -> Iterator[bytes]:
    """A line of JSON for each message: text, or a JSON string so that its line breaks survive.

    Args:
        role: who says it.
        today: the day it is said on.
    """
    units = UnitNames((sample.code, sample.name) for sample in SAMPLES)
    below = NamesBelow(Below(number, sample.code, sample.name) for number, sample in enumerate(SAMPLES, 1))
    situation = Situation(role, today, place, units.names_one)
    for line in lines:
        yield _describe(_message(line.strip("\r\n")), situation, below)


def _understand(text: str, situation: Situation, below: NamesBelow) -> Understood:
    """What a message means; a supervisor's that surely hands shares down is taken for that, as in the chat."""
    found = understand(text, situation, load_labels())
    if situation.place is not Place.PRIVATE or not situation.role.supervises:
        return found
    begun = find_beginning(text, found.means)
    read = read_shares(text, below, situation.today) if begun is not None else None
    if read is None or not is_sure(read) or (begun is Begun.GIVES and found.means is Meaning.SHARE):
        return found
    names_goal = not read.goal or bool(load_understanding().read(read.goal).subjects)
    return Understood(Meaning.SHARE, 1.0) if begun is Begun.GIVES or names_goal else found


def _describe(text: str, situation: Situation, below: NamesBelow) -> bytes:
    found = _understand(text, situation, below)
    asks_plans = found.means in {Meaning.PLAN_QUESTION, Meaning.UNKNOWN}
    return msgspec.json.encode(
        {
            "means": found.means.value,
            "sure": round(found.sure, 3),
            "choices": [choice.value for choice in found.choices],
            "understood": _understood(found.means, text, situation.today),
            "not_understood": list(find_plan(text, load_understanding()).not_understood) if asks_plans else [],
        }
    )


def _message(line: str) -> str:
    if line.lstrip().startswith('"'):
        try:
            said = json.loads(line)
        except ValueError:
            return line
        return said if isinstance(said, str) else line
    return line


def _understood(means: Meaning, text: str, today: date) -> dict[str, Any]:
    """The report or deadline read beside the meaning, as JSON values."""
    if means is Meaning.REPORT:
        return _report(text, today)
    if means is Meaning.SET_DEADLINE:
        return _deadline(_behind_command(text), today)
    return {}


def _behind_command(text: str) -> str:
    if not text.lstrip().startswith("/"):
        return text
    return text.split(maxsplit=1)[1] if len(text.split(maxsplit=1)) > 1 else ""


def _report(text: str, today: date) -> dict[str, Any]:
    reading = parse_report(_behind_command(text), get_form(MONTHLY_FORM), today=today)
    found: dict[str, Any] = msgspec.to_builtins(understood_report(reading))
    return found


def _deadline(text: str, today: date) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(understood_deadline(text, today))
    return found
