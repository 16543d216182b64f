"""Inference of a small linear model: which label a message bears, with how much probability. Plain numpy."""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from knowledge.learning.features import EXTRA, PIECE, WORD, bring_to_length, normalise, pieces_of, words_of

Floats = npt.NDArray[np.float32]


class LinearModel:
    """Multinomial logistic regression over TF-IDF of a message's pieces, words and pairs of words.

    Attributes:
        labels: what it tells apart, in the order of its weights.
    """

    def __init__(
        self,
        labels: Sequence[str],
        features: Sequence[str],
        rarity: Floats,
        weights: npt.NDArray[np.int8],
        scales: Floats,
        bias: Floats,
        words: float = 1.0,
    ) -> None:
        """Take the parts as they are kept.

        Args:
            features: each with its block's letter in front (see `knowledge.learning.features`).
            rarity: the inverse document frequency of each feature.
            weights: a row for each feature, a column for each label.
            scales: by label, what a weight of one stands for; calibration is in it already.
            words: how much words and pairs count beside pieces of words.
        """
        self.labels = tuple(labels)
        self._places = {feature: place for place, feature in enumerate(features)}
        self._rarity: list[float] = [float(each) for each in rarity]
        self._weights = weights
        self._scales = scales
        self._bias = bias
        self._words = words
        self._pieces = lru_cache(maxsize=16384)(lambda word: self._known(pieces_of(word)))

    def _known(self, features: Iterable[str]) -> list[int]:
        """The places of those features that the model knows."""
        return [place for place in map(self._places.get, features) if place is not None]

    def predict(self, text: str, extra: Sequence[str] = ()) -> dict[str, float]:
        """The probability of each label for a message, the likeliest first; they add up to one.

        Args:
            extra: whole tokens known beside the text, such as "role=officer"; unknown ones say nothing.
        """
        found = normalise(text)
        blocks = {
            PIECE: Counter(itertools.chain.from_iterable(map(self._pieces, found))),
            WORD: Counter(self._known(words_of(found))),
            EXTRA: Counter(self._known(EXTRA + token for token in extra)),
        }
        places, values = bring_to_length(blocks, self._rarity, self._words)
        rows = self._weights.take(places, axis=0).astype(np.float32)
        scores = np.asarray(values, dtype=np.float32) @ rows * self._scales + self._bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        order = np.argsort(-likely, kind="stable")
        shares = likely.tolist()
        return {self.labels[at]: shares[at] for at in order.tolist()}

    def to_bytes(self) -> bytes:
        """The model as the file that `from_bytes` reads."""
        kept = io.BytesIO()
        features = sorted(self._places, key=self._places.__getitem__)
        np.savez_compressed(
            kept,
            labels=_packed(self.labels),
            features=_packed(features),
            rarity=np.asarray(self._rarity, dtype=np.float16),
            weights=self._weights,
            scales=self._scales,
            bias=self._bias,
            words=np.float32(self._words),
        )
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> LinearModel:
        """The model in such a file."""
        with np.load(io.BytesIO(data), allow_pickle=False) as parts:
            return cls(
                _unpacked(parts["labels"]),
                _unpacked(parts["features"]),
                parts["rarity"].astype(np.float32),
                parts["weights"],
                parts["scales"],
                parts["bias"],
                float(parts["words"]) if "words" in parts else 1.0,
            )


def _packed(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _unpacked(data: npt.NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode().split("\n")


@cache
def load_model(name: str) -> LinearModel:
    """The shipped model of this name, read once; raises FileNotFoundError where there is none."""
    return LinearModel.from_bytes((files(__package__) / "models" / f"{name}.npz").read_bytes())
