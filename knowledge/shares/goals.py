"""A goal of a unit's own in one message: "Trồng cây xanh: 500 cây, năm 2026". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.model.plans import PERCENT
from knowledge.shares.amounts import find_first
from knowledge.shares.years import take_year
from knowledge.text import tidy

LONGEST_NAME: Final = 200
_LONGEST_MEASURE: Final = 60
_EDGES: Final = " \t,;:.=()–—-"


@dataclass(frozen=True, slots=True)
class NamedGoal:
    """A goal as it was named; `year` is None where none was said."""

    name: str
    amount: Decimal
    measured_in: str
    year: int | None


def read_goal(text: str, today: date) -> NamedGoal | None:
    """The goal that a message names; None where its name, its amount or its unit of measure is missing or unclear.

    Whether the amount can be one is for the checks.
    """
    year, rest = take_year(tidy(text), today)
    words = rest.replace(":", " : ").split()
    run = find_first(words)
    if run is None or run.amount.value is None:
        return None
    name = " ".join(words[: run.start]).strip(_EDGES).replace(" :", ":")
    behind = " ".join(words[run.end :]).partition(",")[0].strip(_EDGES)
    measure = PERCENT if run.amount.is_percent else behind[:_LONGEST_MEASURE]
    if not any(letter.isalpha() for letter in name) or not measure:
        return None
    return NamedGoal(name[:LONGEST_NAME], run.amount.value, measure, year)
