"""What stands where in a message that hands shares down: the tokens, and what explains each of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from knowledge.number_words import is_number_word
from knowledge.shares.amounts import Amount
from knowledge.shares.mentions import Mention
from knowledge.shares.said import Spread
from knowledge.tokens import ScannedText, Span, TokenSort

_YEAR: Final = re.compile(r"20[0-9]{2}")
RECEIVERS: Final = ("others", "each", "each_of_kind", "everyone")
"""Lists of words for units that are not named one by one."""
SPREADS: Final = {
    "by_members": Spread.BY_MEMBERS,
    "as_last_year": Spread.AS_LAST_YEAR,
    "unchanged": Spread.UNCHANGED,
    "evenly": Spread.EVENLY,
}
"""Lists of words for how those are served, and how they are then."""


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """An amount where it stands; `is_vague` where it is no exact one."""

    start: int
    end: int
    amount: Amount
    is_vague: bool = False


@dataclass
class ScannedShares(ScannedText):
    """What stands where.

    Attributes:
        moved: amounts that go from unit to unit.
        doubts: what is open whatever it belongs to.
        past: where years are named that are over.
        instead: where amounts stand that correct what was no amount.
        within: the signs inside of names.
        units: how many units may be served.
    """

    year: int | None = None
    reason: str = ""
    hands_down: bool = True
    spreads: list[Span] = field(default_factory=list)
    receivers: list[Span] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    amounts: list[SaidAmount] = field(default_factory=list)
    moved: list[SaidAmount] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    past: list[Span] = field(default_factory=list)
    instead: set[int] = field(default_factory=set)
    within: frozenset[int] = frozenset()
    units: int = 0
    _explained: set[int] = field(default_factory=set)

    def claim(self, start: int, end: int) -> bool:
        """Explain some tokens; False where one of them is explained already."""
        if any(self.taken[start:end]):
            return False
        self.taken[start:end] = [True] * (end - start)
        return True

    def begins_number(self, at: int) -> bool:
        """Whether a word stands there that numbers are spelled with, and that nothing explains."""
        at += self.sign(at) in (":", "=")
        is_free = at < len(self.tokens) and not self.taken[at]
        return is_free and is_number_word(self.tokens[at].keyed)

    def is_number(self, at: int) -> bool:
        """Whether digits stand there."""
        return at < len(self.tokens) and self.tokens[at].sort is TokenSort.NUMBER

    def explains(self, start: int, end: int) -> bool:
        """Whether every word there stands in a phrase of the lists, or is explained already."""
        if not self._explained:
            self._explained = {at for each in self.phrases.every() for at in range(each.start, each.end)}
        return all(at in self._explained or self.taken[at] or self.sign(at) for at in range(start, end))

    def is_like_year(self, at: int) -> bool:
        """Whether a number is written as a year is."""
        return _YEAR.fullmatch(self.tokens[at].text) is not None

    def ends_sentence(self, at: int) -> bool:
        """Whether a clause surely ends at a token."""
        return self.sign(at) in ("\n", ";", ".", "/", "!") and self.sign(at - 1) != ":" and at not in self.within
