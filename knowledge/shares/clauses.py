"""Where the clauses of a message begin and end. Pure."""

from __future__ import annotations

from bisect import bisect_left

from knowledge.shares.found import ScannedShares


class Clauses:
    """The clauses of one message, found once."""

    def __init__(self, of: ScannedShares) -> None:
        """`of`: what was found in it."""
        self._of = of
        self._starts: dict[tuple[int, str], int] = {}
        self._ends = [at for at in range(len(of.tokens)) if of.ends_sentence(at) or of.sign(at) == ","]
        self._ends.append(len(of.tokens))

    def start(self, at: int, *, signs: str = ",") -> int:
        """Where the clause begins in which a token stands: behind one of the signs, or with its sentence."""
        begin = at
        while begin > 0 and not self._of.ends_sentence(begin - 1) and (self._of.sign(begin - 1) or " ") not in signs:
            begin = self._starts.get((begin - 1, signs), begin - 1)
        self._starts[at, signs] = begin
        return begin

    def end(self, at: int) -> int:
        """Where it ends, at a comma or with its sentence."""
        return self._ends[bisect_left(self._ends, at)]
