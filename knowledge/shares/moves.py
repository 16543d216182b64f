"""What goes from one unit to another: "chuyển 10 từ X sang Y", "bớt X 5 cho Y". Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from knowledge.shares.found import SaidAmount, ScannedShares
from knowledge.shares.mentions import Mention
from knowledge.tokens import Span


@dataclass(frozen=True, slots=True)
class Move:
    """An amount that goes from one unit to another; `source` is None where it is not clear which way."""

    amount: SaidAmount
    source: Mention | None
    target: Mention | None


def find_moves(of: ScannedShares, amounts: Sequence[SaidAmount]) -> list[Move]:
    """The moves that a message says; what they come to may be said beside them, and then they say nothing more."""
    movers = [
        each
        for each in of.phrases.of("moving", "shrinking")
        if not of.taken[each.start] and (of.phrases.at(each.start, "giving") or each).end <= each.end
    ]
    ends = [at for at in range(len(of.tokens)) if of.ends_sentence(at)]
    said = _group((*of.moved, *amounts), ends)
    named = _group(of.mentions, ends)
    found: dict[int, Move] = {}
    for mover in movers:
        sentence = bisect_left(ends, mover.start)
        move = _find(of, said.get(sentence, []), named.get(sentence, []), mover)
        if move is not None:
            found[move.amount.start] = move
    return list(found.values())


_Placed = TypeVar("_Placed", SaidAmount, Mention)


def _group(those: Iterable[_Placed], ends: Sequence[int]) -> dict[int, list[_Placed]]:
    """What stands in each sentence, by the sentence's number."""
    found: dict[int, list[_Placed]] = {}
    for each in those:
        found.setdefault(bisect_left(ends, each.start), []).append(each)
    return found


def _find(of: ScannedShares, said: Sequence[SaidAmount], named: Sequence[Mention], mover: Span) -> Move | None:
    if len(said) != 1 or len(named) != 2 or named[0].match.units == named[1].match.units:
        return None
    if of.phrases.before(said[0].start, "becoming") is not None:  # what it becomes, and not what goes
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
