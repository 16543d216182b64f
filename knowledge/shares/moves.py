"""What goes from one unit to another: "chuyển 10 từ X sang Y", "bớt X 5 cho Y". Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.shares.mentions import Mention
from knowledge.shares.scanning import SaidAmount, ScannedShares
from knowledge.shares.tokens import Span


@dataclass(frozen=True, slots=True)
class Move:
    """An amount that goes from one unit to another."""

    amount: SaidAmount
    source: Mention
    target: Mention


def find_moves(of: ScannedShares, amounts: Sequence[SaidAmount]) -> list[Move]:
    """The moves that a message says; what they come to may be said beside them, and then they say nothing more."""
    found = (_find(of, amounts, mover) for mover in _list_movers(of))
    return list({each.amount.start: each for each in found if each is not None}.values())


def _list_movers(of: ScannedShares) -> Iterator[Span]:
    for each in of.phrases.of("moving", "shrinking"):
        if not of.taken[each.start]:
            yield each


def _find(of: ScannedShares, amounts: Sequence[SaidAmount], mover: Span) -> Move | None:
    end = mover.end
    while end < len(of.tokens) and not of.ends_sentence(end):
        end += 1
    named = [each for each in of.mentions if mover.end <= each.start < end]
    said = [each for each in (*of.moved, *amounts) if mover.end <= each.start < end]
    if len(named) != 2 or len(said) != 1 or named[0].match.units == named[1].match.units:
        return None
    source, target = named
    goes = of.phrases.holds(max(source.end, target.start - 2), target.end, "into")
    is_list = of.phrases.holds(source.end, target.start, "joined") or of.sign(source.end) == ","
    if mover.name == "shrinking" and target.start < said[0].end:
        return None
    return Move(said[0], source, target) if goes and not is_list else None
