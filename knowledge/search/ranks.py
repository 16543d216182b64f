"""Rows of scores: the greatest of them, and the ranks of some."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LAST_RANK = 100
"""The rank from which candidates are told apart no more."""


def stacked(*rows: Floats) -> Floats:
    """Rows of one length, one beneath the other."""
    return np.concatenate(rows).reshape(len(rows), -1)


def greatest(scores: Floats, most: int) -> npt.NDArray[np.intp]:
    """The places of the greatest scores, the greatest first, of equal ones the first."""
    falling = -scores
    if most >= len(scores):
        return np.argsort(falling, kind="stable")
    places = np.flatnonzero(falling <= np.partition(falling, most - 1)[most - 1])
    return places[np.argsort(falling[places], kind="stable")][:most]


def ranks(scores: Floats, places: npt.NDArray[np.intp]) -> Floats:
    """How many scores stand before those at the places, `LAST_RANK` at most; of equal ones the first stands before."""
    own = scores.take(places)
    falling = np.sort(-scores)
    before = falling.searchsorted(-own)
    is_tied = (falling.searchsorted(-own, side="right") > before + 1) & (before < LAST_RANK)
    for score in set(own[is_tied].tolist()):
        equal = own == score
        before[equal] += np.cumsum(scores == score)[places[equal]] - 1
    return np.minimum(before, LAST_RANK).astype(np.float64)
