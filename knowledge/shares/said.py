"""What a message says of shares. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.shares.amounts import Amount
from knowledge.shares.matching import NamedUnits


class Spread(StrEnum):
    """How units are served that were not named one by one."""

    EVENLY = "evenly"
    BY_MEMBERS = "by_members"
    AS_LAST_YEAR = "as_last_year"
    UNCHANGED = "unchanged"
    EACH = "each"


class Change(StrEnum):
    """What an amount is to a share: what it becomes, by how much it changes, or either of them."""

    TO = "to"
    BY = "by"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class SaidShare:
    """A share that was said of one unit.

    Attributes:
        words: what the unit was called.
        match: the units right below that this may mean.
        amount: what it is to reach, or by how much its share changes (below zero: it shrinks); None where its share is
            taken back.
        change: which of the two.
    """

    words: str
    match: NamedUnits
    amount: Amount | None
    change: Change = Change.TO


@dataclass
class ReadShares:
    """What a message says.

    Attributes:
        goal: the words for what is handed down; empty where none stand there.
        year: the year it is for, where it is said.
        total: the amount that is to be shared out, among those who are left alone where `is_of_rest`.
        shares: of the units named.
        spread: how the others are served, `each` as much where it is `Spread.EACH`.
        change: what `each`, or the part of `total` where that is divided, is to their shares.
        reason: why, in its own words.
        unread: what was not understood; `told` are those of them that tell a result.
    """

    goal: str = ""
    year: int | None = None
    total: Amount | None = None
    is_of_rest: bool = False
    shares: list[SaidShare] = field(default_factory=list)
    spread: Spread | None = None
    each: Amount | None = None
    change: Change = Change.TO
    reason: str = ""
    unread: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def says_shares(self) -> bool:
        """Whether it says what anybody is to reach."""
        return bool(self.shares) or self.spread is not None
