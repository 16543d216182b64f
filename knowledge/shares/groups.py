"""Units that are named together by their kind or their number: "hai phường X, Y", "ba công đoàn phường, xã". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from knowledge.number_words import DIGITS
from knowledge.shares.found import SaidAmount, ScannedShares
from knowledge.shares.mentions import Mention
from knowledge.tokens import Span, TokenSort

_NEAR: Final = 4
_LINKS: Final = (",", "(", ":", "&", "+")


class Groups:
    """What one message says of units together."""

    def __init__(self, of: ScannedShares, measured_in: str) -> None:
        """`of`: what was found in it."""
        self._of = of
        self._is_rate = measured_in == "%" or (not measured_in and any(True for _ in of.phrases.of("rates")))
        self._ends = {each.end for each in of.mentions}
        self._rates = {each.end for each in of.amounts if each.amount.is_percent}  # "88% doanh nghiệp"
        self._amounts = {each.start for each in of.amounts}

    def is_open(self, start: int, each: Span, units: Sequence[Mention]) -> bool:
        """Whether it is open of whom each gets as much.

        Args:
            start: where the words begin that may say it.
            each: "mỗi nơi", behind them.
            units: those named right before it.
        """
        if any(unit.is_group for unit in units):
            return not all(unit.match.is_sure for unit in units)
        if units:
            count, is_bare = self._look_before(units[0].start)
            named = {each.match.units for each in units}
            if count is not None:
                return count != len(named)
            return is_bare or self.are_several(units[0])
        return (
            each.name == "each_of_kind"
            or self._counts_before(start, each.start)
            or any(
                start <= group.start and group.end <= each.start and not any(self._of.taken[group.start : group.end])
                for group in self._of.phrases.of("groups")
                if not self._of.phrases.covers(group.start, group.end) and group.start not in self._rates
                if not any(self._of.ends_sentence(at) for at in range(group.end, each.start))
            )
        )

    def _counts_before(self, start: int, end: int) -> bool:
        """Whether units stand right there of whom it is not known which they are: "hai công đoàn", "LĐLĐ"."""
        if (lone := self._of.phrases.before(end, "federations")) is not None and not self._of.taken[lone.start]:
            return True
        kind = self._of.phrases.before(end, "over_kinds", "kinds", "bodies")
        while kind is not None and kind.start > start:
            count = self._count_at(kind.start - 1)
            if count is not None and not self._of.taken[kind.start - 1]:
                return count != self._of.units
            kind = self._of.phrases.before(kind.start, "over_kinds", "kinds", "bodies")
        return False

    def are_several(self, unit: Mention) -> bool:
        """Whether a kind that names one unit is said of several: "các trường"."""
        if unit.is_group:
            return False
        kind = self._of.phrases.at(unit.start, "groups")
        is_kind = kind is not None and kind.end == unit.end
        return is_kind and self._of.phrases.before(unit.start, "several") is not None

    def is_together(self, units: Sequence[Mention], said: SaidAmount) -> bool:
        """Whether an amount may be that of several units together as well as that of each: "hai đơn vị X, Y 60"."""
        counted = self._of.phrases.at(said.end, "counted")
        if said.amount.is_percent or (self._is_rate and counted is None) or any(unit.is_each for unit in units):
            return False
        is_group = any(unit.is_group for unit in units)
        if is_group and self._of.phrases.before(units[0].start, "alone") is not None and self._serves_each(units[0]):
            return False
        if not is_group and (len(units) < 2 or self._look_before(units[0].start)[0] is None):
            return False
        end = counted.end if counted is not None else said.end
        if self._of.sign(end) == "/" and self._of.phrases.at(end + 1, "groups", "places") is not None:  # "250/phường"
            return False
        is_alike = self._of.phrases.holds(units[-1].end, said.start, "alike")
        is_each = any(
            said.end <= each.start <= max(said.end, units[-1].end) + _NEAR
            for each in self._of.receivers
            if each.name.startswith("each") and each.end not in self._amounts
        )
        return not (is_alike or is_each)

    def _serves_each(self, unit: Mention) -> bool:
        """Whether each of all gets as much by the words before a unit: "tất cả đều 10, riêng 2 trường 2"."""
        return any(
            each.start < unit.start and (each.name == "each" or self._of.phrases.at(each.end, "alike") is not None)
            for each in self._of.receivers
        )

    def _look_before(self, start: int) -> tuple[int | None, bool]:
        """How many units are said to be named from there on, and whether a kind of them stands there without a name."""
        at, is_bare = start, False
        while at > 0 and at not in self._ends:
            behind = at
            while self._of.sign(behind - 1) in _LINKS and behind:
                behind -= 1
            joined = self._of.phrases.before(behind, "joined")
            behind = joined.start if joined is not None else behind
            group = self._of.phrases.before(behind, "groups", "kinds", "places") if behind not in self._ends else None
            if group is None:
                break
            is_bare |= behind < at and self._of.phrases.before(behind, "groups") is not None
            at = group.start
        return self._count_at(at - 1), is_bare

    def _count_at(self, at: int) -> int | None:
        if at < 0 or at in self._amounts:
            return None
        token = self._of.tokens[at]
        if token.sort is TokenSort.NUMBER:
            return int(token.text) if token.text.isdecimal() and not self._of.is_like_year(at) else None
        return DIGITS.get(token.folded) if not any(each.start <= at < each.end for each in self._of.mentions) else None
