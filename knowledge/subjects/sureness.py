"""How sure it is that a question means one of the plans' own subjects: a few things seen, weighed together."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
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

MISSED, DISPLACED, PRECEDED = 2.1, 3.0, 0.75
"""What speaks against it: what the words count that it does not explain, as a share of `MOST_MISSED`; another word
behind one of a name that does not stand there whole; and another before one. The last two count more than they were
fitted to: a figure of another is worse than an offer."""

MOST_LEAD, MOST_MISSED = 0.5, 8.0
"""What counts at most of a lead (share of the question), and of what is left unexplained (weight)."""

MOSTLY = 0.75
"""Share (0–1) of a question from which what is explained speaks for a subject by itself."""

SURE, SURER = 1.0, 1.25
"""The sum from which a subject is told, and from which one is of whose names little stands there. Of 600 questions by
blind authors 21 lay between the two with the right subject first, and none with another."""

HALF_NAMED = 0.45
"""Share (0–1) of a name, or of what is measured, that is not little."""

LEAST_HEAD = 0.6
"""What a word counts at least that another may stand behind or before in a name's place."""

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
        is_displaced: behind a word of its name another stands than in that name.
        is_preceded: before a word of its name another stands than in that name.
        is_done_otherwise: another act is asked about than its name tells: things built anew, not kept.
    """

    near: Near
    lead: float
    ahead: float
    is_there: bool
    is_named: bool
    is_counted: bool
    is_rivalled: bool
    is_displaced: bool
    is_preceded: bool
    is_done_otherwise: bool

    @property
    def is_sure(self) -> bool:
        """Whether it may be told."""
        is_barred = self.is_rivalled or self.is_done_otherwise
        least = SURE if max(self.near.named, self.near.told) >= HALF_NAMED else SURER
        return self.near.literal >= LEAST_LITERAL and not is_barred and self.weighed >= least

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
            - DISPLACED * (self.is_displaced and not self.is_named)
            - PRECEDED * self.is_preceded
        )


def is_displaced(measured: Measured, spoken: Spoken, small: Collection[str], owning: Collection[str]) -> bool:
    """Whether behind a word of a name of the subject stands another than in that name: "tủ thuốc" for "tủ sách".

    Args:
        small: words of grammar, which stand in no place of a name.
        owning: those of them behind which it stands whose or for whom it is.
    """
    words, held = spoken.words, spoken.held.union(small)
    alike = {at for begin, end, group in spoken.alike if group in measured.groups for at in range(begin, end)}
    behind = {
        words[at - 1]
        for at in _strangers(measured, spoken)
        if at and (spoken.weights[at - 1] >= LEAST_HEAD or (words[at - 1] in owning and at not in alike))
    }
    return any(one in behind and other not in held for one, other in _pairs(measured))


def is_preceded(measured: Measured, spoken: Spoken, small: Collection[str]) -> bool:
    """Whether before a word of a name stands another than in that name, which is more often a verb."""
    after = (at + 1 for at in _strangers(measured, spoken) if at + 1 < len(spoken.words))
    before = {spoken.words[at] for at in after if spoken.weights[at] >= LEAST_HEAD}
    held = spoken.held.union(small)
    return any(other in before and one not in held for one, other in _pairs(measured))


def _strangers(measured: Measured, spoken: Spoken) -> set[int]:
    """The places of words that count and are none of the subject's."""
    words = spoken.words
    return {at for at, word in enumerate(words) if spoken.weights[at] and word not in measured.words}


def _pairs(measured: Measured) -> Iterator[tuple[str, str]]:
    return (pair for label in measured.labels for pair in itertools.pairwise(label))
