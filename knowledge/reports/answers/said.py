"""What a message comes to for one row of a form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from knowledge.numbers import Reason


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """A row's figure: sure with one value, doubted with its readings, likeliest first, or none, for a reason.

    `start` and `end` are the tokens that say it; `is_conflict` where several figures, or two rows, are at odds.
    """

    key: str
    values: tuple[Decimal, ...]
    is_sure: bool
    start: int
    end: int
    reason: Reason | None = None
    is_conflict: bool = False
