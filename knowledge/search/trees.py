"""Boosted trees, read by plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_LEAVES = 16
"""Leaves that a tree may have: as many as the bits of a mark."""

_MARKS = np.arange(1 << MOST_LEAVES)
_LOWEST_FREE = (np.frexp(~_MARKS & (_MARKS + 1))[1] - 1).astype(np.uint8)
"""By marks, the lowest bit that is not set in them."""


class Forest:
    """A sum of binary trees over rows of features; a leaf stands for itself as both its children.

    Every array has a row for each tree and a column for each of its nodes. No tree is walked down: each node that sends
    a row to the right marks the leaves on its left, and the first leaf of a tree that nobody marked is where the row
    arrives (as QuickScorer does). Half of the nodes ask what another asks too; each such thing is asked once.
    """

    PARTS = ("feature", "threshold", "left", "right", "value")

    def __init__(
        self,
        feature: npt.NDArray[np.int16],
        threshold: npt.NDArray[np.float32],
        left: npt.NDArray[np.int16],
        right: npt.NDArray[np.int16],
        value: npt.NDArray[np.float32],
    ) -> None:
        """Raises ValueError where a tree has more than `MOST_LEAVES`."""
        self.parts: dict[str, npt.NDArray[Any]] = {
            "feature": feature,
            "threshold": threshold,
            "left": left,
            "right": right,
            "value": value,
        }
        trees = [_laid_out(lefts, rights) for lefts, rights in zip(left.tolist(), right.tolist(), strict=True)]
        width = max((len(marked) for marked, _ in trees), default=0)
        nodes = np.zeros((width, len(trees), 2), dtype=np.float32)
        nodes[:, :, 1] = np.inf
        self._marks = np.zeros((width, len(trees)), dtype=np.uint16)
        self._values = np.zeros((len(trees), MOST_LEAVES))
        self._starts = np.arange(0, self._values.size, MOST_LEAVES)[:, None]
        for tree, (marked, leaves) in enumerate(trees):
            for place, (node, marks) in enumerate(marked.items()):
                nodes[place, tree] = feature[tree, node], threshold[tree, node]
                self._marks[place, tree] = marks
            self._values[tree, : len(leaves)] = value[tree, leaves]
        asked, places = np.unique(nodes.reshape(-1, 2), axis=0, return_inverse=True)
        self._asked, self._bounds, self._asked_at = asked[:, 0].astype(np.intp), asked[:, 1:].copy(), places.ravel()

    def predict(self, rows: Floats) -> Floats:
        """The probability (0–1) of each row."""
        columns = _rounded_up(rows.T)
        beyond = (columns.take(self._asked, axis=0) > self._bounds).take(self._asked_at, axis=0)
        marks = (beyond * self._marks.reshape(-1, 1)).reshape(*self._marks.shape, len(rows))
        leaves = _LOWEST_FREE.take(np.bitwise_or.reduce(marks, axis=0))
        sums: Floats = np.ascontiguousarray(self._values.ravel().take(leaves + self._starts).T).sum(axis=1)
        return 1.0 / (1.0 + np.exp(-sums))

    @classmethod
    def from_parts(cls, parts: Mapping[str, npt.NDArray[np.float64]]) -> Forest:
        """The forest in arrays named as `PARTS`."""
        return cls(
            parts["feature"].astype(np.int16),
            parts["threshold"].astype(np.float32),
            parts["left"].astype(np.int16),
            parts["right"].astype(np.int16),
            parts["value"].astype(np.float32),
        )


def _rounded_up(numbers: Floats) -> npt.NDArray[np.float32]:
    """The least short floats that are not below the numbers: beyond the same thresholds, which are short floats too."""
    short = numbers.astype(np.float32, order="C")
    return np.nextafter(short, np.float32(np.inf), out=short, where=short < numbers)


def _laid_out(left: Sequence[int], right: Sequence[int]) -> tuple[dict[int, int], list[int]]:
    """The inner nodes of a tree with the leaves on their left as bits, and its leaves from left to right."""
    marked: dict[int, int] = {}
    leaves: list[int] = []

    def walk(node: int) -> int:
        if left[node] == node:
            leaves.append(node)
            return 1 << (len(leaves) - 1)
        marked[node] = walk(left[node])
        return marked[node] | walk(right[node])

    walk(0)
    if len(leaves) > MOST_LEAVES:
        raise ValueError(f"a tree has {len(leaves)} leaves; {MOST_LEAVES} can be told apart")
    return marked, leaves
