"""What a person is asked about a plan that was read from a file: one row for each thing, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class ReviewMatter(StrEnum):
    """What a row of a review is about."""

    IDENTITY = "identity"
    TARGET = "target"
    DEADLINE = "deadline"
    TASK = "task"
    PASSAGE = "passage"
    LEFT_OVER = "left_over"
    SUBJECT = "subject"
    DUTY = "duty"


class ReviewVerdict(StrEnum):
    """Where a row stands: as read (`sure`, `doubtful`, `open`), or as a person decided (the others).

    `open` are a number left over, a subject and a duty that nobody looked at yet; `made_target` is a number left over
    that became a target, a row of its own.
    """

    SURE = "sure"
    DOUBTFUL = "doubtful"
    OPEN = "open"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    DROPPED = "dropped"
    MADE_TARGET = "made_target"


WAITING = frozenset({ReviewVerdict.DOUBTFUL, ReviewVerdict.OPEN})
"""Nobody has decided these yet."""

TAKEN = frozenset({ReviewVerdict.SURE, ReviewVerdict.ACCEPTED, ReviewVerdict.CORRECTED})
"""These enter the plan."""


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a review.

    Attributes:
        place: its number in the review; rows are asked in this order.
        content: the fact as it was read or corrected, as plain JSON; its quote and section are in it.
        doubt: why it is asked; None for what is sure.
    """

    place: int
    matter: ReviewMatter
    verdict: ReviewVerdict
    content: dict[str, Any]
    doubt: str | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to decide it."""
        return self.verdict in WAITING

    @property
    def is_taken(self) -> bool:
        """Whether it enters the plan."""
        return self.verdict in TAKEN
