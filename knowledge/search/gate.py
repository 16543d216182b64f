"""The gate between what is named, what was learned and silence: how likely each answers rightly."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.search.candidates import Sort
from knowledge.search.ranker import KINDS, ROADS, Ranked, RankedQuestion
from knowledge.search.trees import Forest

Floats = npt.NDArray[np.float64]

_SORTS = tuple(Sort)


def features(asked: RankedQuestion, ranked: Sequence[Ranked]) -> Floats:
    """What the gate knows of a question and its ranking, as one row."""
    best = ranked[0].p if ranked else 0.0
    second = ranked[1].p if len(ranked) > 1 else 0.0
    shown = max((each.p for each in ranked if each.candidate.id in asked.shown), default=0.0)
    first = ranked[0].candidate if ranked else None
    return np.array(
        [
            [
                best,
                second,
                best - second,
                shown,
                best - shown,
                float(len(asked.shown)),
                float(asked.unexplained),
                float(asked.strange),
                float(asked.apart),
                float(len(asked.words)),
                float(len(asked.plans)),
                float(len(asked.subjects)),
                float(len(asked.years)),
                *(float(first is not None and first.sort is sort) for sort in _SORTS),
                *(float(asked.road == road) for road in ROADS),
                *(asked.kinds.get(kind, 0.0) for kind in KINDS),
            ]
        ]
    )


@dataclass(frozen=True)
class Odds:
    """Probabilities (0–1), each for itself: that what is named answers, and that nothing does."""

    named: float
    silent: float


class Gate:
    """Two forests over the same features."""

    def __init__(self, named: Forest, silent: Forest) -> None:
        """See `Odds`."""
        self._named = named
        self._silent = silent

    def judge(self, asked: RankedQuestion, ranked: Sequence[Ranked]) -> Odds:
        """How likely it is that what is named answers the question, and that nothing does."""
        row = features(asked, ranked)
        return Odds(float(self._named.predict(row)[0]), float(self._silent.predict(row)[0]))

    def pack(self) -> bytes:
        """The gate as the file that `load_gate` reads."""
        kept = io.BytesIO()
        parts: dict[str, npt.NDArray[Any]] = {}
        for name, forest in (("named", self._named), ("silent", self._silent)):
            parts |= {f"{name}_{part}": data for part, data in forest.parts.items()}
        np.savez_compressed(kept, allow_pickle=False, **parts)
        return kept.getvalue()


def unpack_gate(parts: Mapping[str, npt.NDArray[Any]]) -> Gate:
    """The gate from the arrays of such a file."""
    named, silent = (
        Forest.from_parts({part: parts[f"{name}_{part}"] for part in Forest.PARTS}) for name in ("named", "silent")
    )
    return Gate(named, silent)


@cache
def load_gate() -> Gate:
    """The gate that ships with the product, read once."""
    data = (files("knowledge.learning") / "models" / "gate.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as parts:
        return unpack_gate(dict(parts))
