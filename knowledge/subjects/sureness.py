"""How sure it is that a question means one of the plans' own subjects: a few things seen, weighed together."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import NamedTuple

from knowledge.subjects.nearness import Measured, Near, Spoken

BASE = -4.7
"""With nothing but this, a subject is not meant."""

BY_NAME, BY_LEAD, BY_SCORE, IN_PLAN, WHOLLY_NAMED, COUNTED, PLAINLY = 3.4, 3.0, 2.8, 2.3, 0.5, 0.95, 0.6
"""What speaks for it: the share (0–1) of its name or of what it measures that stands there, by how much it leads, that
a plan that sets it is named, that all of its name stands there, that it is counted as it is asked for, and that it
explains nearly all. Fitted (logistic, no weight of the wrong sign) on the made questions, on those on ten plans of
others, on questions on the plans of the catalogue, and on each of these once more without the subject that it means;
rounded, and a whole name made to count more than it was fitted to."""

MISSED, CONTRADICTED = 2.1, 1.5
"""What speaks against it: what the words count that it does not explain, as a share of `MOST_MISSED`; and another word
in a name's place, made to count more than it was fitted to: a figure of another is worse than an offer."""

MOST_LEAD, MOST_MISSED = 0.5, 8.0
"""What counts at most of a lead (share of the question), and of what is left unexplained (weight)."""

MOSTLY = 0.75
"""Share (0–1) of a question from which what is explained speaks for a subject by itself."""

SURE = 1.25
"""The sum from which a subject is told."""

LEAST_LITERAL = 0.15
"""Share (0–1) of the question that stands in the very words of what is told; other words alone only help to offer."""


class Seen(NamedTuple):
    """What speaks for a subject, and against it.

    Attributes:
        near: how near the question is to it.
        lead: by how much more of the question (share, -1–1) it accounts for than any other that the same plans set.
        ahead: by how much it stands ahead of any other.
        is_there: a plan that sets it is named.
        is_named: one of its names stands there.
        is_counted: what is asked for is counted as its targets count.
        is_rivalled: another that is nearly as near accounts for more of the question in its very words.
        is_contradicted: another word stands in the place of one of its name.
    """

    near: Near
    lead: float
    ahead: float
    is_there: bool
    is_named: bool
    is_counted: bool
    is_rivalled: bool
    is_contradicted: bool

    @property
    def is_sure(self) -> bool:
        """Whether it may be told."""
        return self.near.literal >= LEAST_LITERAL and not self.is_rivalled and self.weighed >= SURE

    @property
    def weighed(self) -> float:
        """All that is seen, in one sum."""
        near = self.near
        return (
            BASE
            + BY_NAME * max(near.named, near.told)
            + BY_LEAD * min(max(self.lead, 0.0), MOST_LEAD)
            + BY_SCORE * min(max(self.ahead, 0.0), MOST_LEAD)
            + IN_PLAN * self.is_there
            + WHOLLY_NAMED * self.is_named
            + COUNTED * self.is_counted
            + PLAINLY * max(near.explained - MOSTLY, 0.0) / (1.0 - MOSTLY)
            - MISSED * min(near.missed / MOST_MISSED, 1.0)
            - CONTRADICTED * self.is_contradicted
        )


def contradicts(measured: Measured, spoken: Spoken, small: Collection[str]) -> bool:
    """Whether a word of the question stands where a name of the subject has another: "tủ thuốc" for "tủ sách".

    Args:
        small: words of grammar, which stand in no place of a name.
    """
    words, held = spoken.words, spoken.held.union(small)
    strangers = {at for at, word in enumerate(words) if spoken.weights[at] and word not in measured.words}
    behind = {words[at - 1] for at in strangers if at}
    before = {words[at + 1] for at in strangers if at + 1 < len(words)}
    pairs = (pair for label in measured.labels for pair in itertools.pairwise(label))
    return any((one in behind and other not in held) or (other in before and one not in held) for one, other in pairs)
