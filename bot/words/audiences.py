"""Which audiences of a deadline or notice are offered: never the same units or people under two names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Audience = TypeVar("Audience")


def list_distinct(counts: Mapping[Audience, int], chosen: Audience, whole: Audience) -> list[Audience]:
    """The audiences worth offering, in the order of `counts`: the chosen one, and those that are not the same.

    Args:
        counts: how many each holds; one that holds nobody is left out.
        whole: the one that holds all the others, so that whichever is as large is the same.
    """

    def is_same(one: Audience, other: Audience) -> bool:
        return counts[one] == counts[other] and (whole in (one, other) or counts[one] == counts[whole])

    kept = [chosen]
    for each, count in counts.items():
        if count and not any(is_same(each, other) for other in kept):
            kept.append(each)
    return [each for each in counts if each in kept and counts[each]]
