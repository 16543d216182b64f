"""Boosted trees, read by plain numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Forest:
    """A sum of binary trees over rows of features; a leaf stands for itself as both its children.

    Every array has a row for each tree and a column for each of its nodes.
    """

    PARTS = ("feature", "threshold", "left", "right", "value")

    def __init__(
        self,
        feature: npt.NDArray[np.int16],
        threshold: npt.NDArray[np.float32],
        left: npt.NDArray[np.int16],
        right: npt.NDArray[np.int16],
        value: npt.NDArray[np.float32],
        depth: int,
    ) -> None:
        """`depth` is that of the deepest leaf."""
        self.parts: dict[str, npt.NDArray[Any]] = {
            "feature": feature,
            "threshold": threshold,
            "left": left,
            "right": right,
            "value": value,
        }
        self.depth = depth
        count, width = feature.shape
        base = (np.arange(count) * width)[:, None]
        self._roots = np.arange(count) * width
        self._feature = feature.ravel().astype(np.intp)
        self._threshold = threshold.ravel().astype(np.float64)
        self._next = np.stack([(left + base).ravel(), (right + base).ravel()], axis=1).ravel().astype(np.intp)
        self._value = value.ravel().astype(np.float64)

    def predict(self, rows: Floats) -> Floats:
        """The probability (0–1) of each row."""
        at = np.broadcast_to(self._roots, (len(rows), len(self._roots))).copy()
        flat, width = np.ascontiguousarray(rows).ravel(), rows.shape[1]
        starts = (np.arange(len(rows)) * width)[:, None]
        for _ in range(self.depth):
            beyond = flat[starts + self._feature[at]] > self._threshold[at]
            at = self._next[2 * at + beyond]
        sums: Floats = self._value[at].sum(axis=1)
        return 1.0 / (1.0 + np.exp(-sums))

    @classmethod
    def from_parts(cls, parts: Mapping[str, npt.NDArray[np.float64]]) -> Forest:
        """The forest in arrays named as `PARTS`, with "depth"."""
        return cls(
            parts["feature"].astype(np.int16),
            parts["threshold"].astype(np.float32),
            parts["left"].astype(np.int16),
            parts["right"].astype(np.int16),
            parts["value"].astype(np.float32),
            int(parts["depth"]),
        )
