"""What a learned model sees of a message: pieces of its words, its words, and its pairs of words."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from knowledge.text import decode_telex, decode_vni, fold, is_syllable, tidy

LONGEST_TEXT = 1500
SHORTEST_PIECE, LONGEST_PIECE = 2, 5
PIECE, WORD, EXTRA = "c", "w", "x"
"""The three blocks of features; each is brought to a length of its own."""

_WORD = re.compile(r"\w+|[?/%+]")
_DIGIT = re.compile(r"\d")


def normalise(text: str) -> list[str]:
    """The folded words of a message with digits as 0, keys of Telex and VNI decoded."""
    return [_DIGIT.sub("0", fold(_decoded(word))) for word in _WORD.findall(tidy(text[:LONGEST_TEXT]))]


@lru_cache(maxsize=16384)
def _decoded(word: str) -> str:
    keys = word.lower()
    if not keys.isascii() or keys.isdigit() or is_syllable(keys):
        return word
    return decode_vni(keys) or decode_telex(keys) or word


@lru_cache(maxsize=16384)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    sizes = range(SHORTEST_PIECE, min(LONGEST_PIECE, len(padded)) + 1)
    return tuple(PIECE + padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1))


def count_features(text: str, extra: Sequence[str] = ()) -> Counter[str]:
    """How often each feature stands in a message; `extra` are whole tokens, such as "role=officer"."""
    found = normalise(text)
    counts = Counter(WORD + word for word in found)
    counts.update(f"{WORD}{first} {second}" for first, second in itertools.pairwise(["", *found, ""]))
    counts.update(itertools.chain.from_iterable(map(_pieces, found)))
    counts.update(EXTRA + token for token in extra)
    return counts


def weigh(
    counts: Mapping[str, int], vocabulary: Mapping[str, int], rarity: Sequence[float], words: float = 1.0
) -> tuple[list[int], list[float]]:
    """The known features' places and values: sublinear count by rarity, each block brought to its length.

    Args:
        vocabulary: the place of each known feature.
        rarity: by place, the inverse document frequency.
        words: the length of the block of words and pairs; the others have length one.
    """
    at: list[int] = []
    values: list[float] = []
    for name, block in _blocks(counts, vocabulary).items():
        raw = [(place, (1.0 + math.log(count)) * rarity[place]) for place, count in block]
        length = (math.sqrt(sum(value * value for _, value in raw)) or 1.0) / (words if name == WORD else 1.0)
        at.extend(place for place, _ in raw)
        values.extend(value / length for _, value in raw)
    return at, values


def _blocks(counts: Mapping[str, int], vocabulary: Mapping[str, int]) -> dict[str, list[tuple[int, int]]]:
    blocks: dict[str, list[tuple[int, int]]] = {PIECE: [], WORD: [], EXTRA: []}
    for feature, count in counts.items():
        place = vocabulary.get(feature)
        if place is not None:
            blocks[feature[0]].append((place, count))
    return blocks
