"""What goes from one unit to another: "chuyển 10 từ X sang Y", "bớt X 5 cho Y". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.shares.mentions import Mention
from knowledge.shares.scanning import SaidAmount, ScannedShares
from knowledge.shares.tokens import Span


@dataclass(frozen=True, slots=True)
class Move:
    """An amount that goes from one unit to another; `source` is None where it is not clear which way."""

    amount: SaidAmount
    source: Mention | None
    target: Mention | None


def find_moves(of: ScannedShares, amounts: Sequence[SaidAmount]) -> list[Move]:
    """The moves that a message says; what they come to may be said beside them, and then they say nothing more."""
    movers = [each for each in of.phrases.of("moving", "shrinking") if not of.taken[each.start]]
    found = (_find(of, amounts, mover) for mover in movers)
    return list({each.amount.start: each for each in found if each is not None}.values())


def _find(of: ScannedShares, amounts: Sequence[SaidAmount], mover: Span) -> Move | None:
    start, end = mover.start, mover.end
    while start > 0 and not of.ends_sentence(start - 1):
        start -= 1
    while end < len(of.tokens) and not of.ends_sentence(end):
        end += 1
    named = [each for each in of.mentions if start <= each.start < end]
    said = [each for each in (*of.moved, *amounts) if start <= each.start < end]
    if len(said) != 1 or len(named) != 2 or named[0].match.units == named[1].match.units:
        return None
    one, other = named
    is_list = of.phrases.holds(one.end, other.start, "joined") or of.sign(one.end) in {",", "&", "+"}
    if mover.name == "shrinking" and (is_list or other.start < said[0].end or not _is_led(of, other, "into")):
        return None
    first_gets, second_gets = _is_led(of, one, "into"), _is_led(of, other, "into")
    first_gives, second_gives = _is_led(of, one, "out_of"), _is_led(of, other, "out_of")
    if second_gives and not first_gives:
        return Move(said[0], other, one)
    if second_gets or (one.end <= mover.start and not first_gets):
        return Move(said[0], one, other)
    return Move(said[0], None, None)


def _is_led(of: ScannedShares, mention: Mention, name: str) -> bool:
    """Whether a unit stands behind such a word, or one of its own beginning."""
    return of.phrases.holds(max(0, mention.start - 2), mention.end, name)
