"""What a learned model sees of a message: pieces of its words, its words, and its pairs of words."""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from knowledge.text import decode_keys, fold, tidy

LONGEST_TEXT = 1500
SHORTEST_PIECE, LONGEST_PIECE = 2, 5
PIECE, WORD, EXTRA = "c", "w", "x"
"""The three blocks of features; each is brought to a length of its own."""

_WORD = re.compile(r"\w+|[?/%+]")
_DIGIT = re.compile(r"\d")


def normalise(text: str) -> list[str]:
    """The folded words of a message with digits as 0, keys of Telex and VNI decoded."""
    return list(map(_normal, _WORD.findall(tidy(text[:LONGEST_TEXT]))))


@lru_cache(maxsize=16384)
def _normal(word: str) -> str:
    return _DIGIT.sub("0", fold(decode_keys(word)))


def pieces_of(word: str) -> tuple[str, ...]:
    """The features of the pieces of a word with a blank on either side."""
    padded = f" {word} "
    sizes = range(SHORTEST_PIECE, min(LONGEST_PIECE, len(padded)) + 1)
    return tuple(PIECE + padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1))


def count_features(text: str, extra: Sequence[str] = ()) -> Counter[str]:
    """How often each feature stands in a message; `extra` are whole tokens, such as "role=officer"."""
    found = normalise(text)
    counts = Counter(words_of(found))
    counts.update(itertools.chain.from_iterable(map(pieces_of, found)))
    counts.update(EXTRA + token for token in extra)
    return counts


def words_of(found: Sequence[str]) -> list[str]:
    """The features of words and of pairs of them, the ends of the message included."""
    pairs = itertools.pairwise(["", *found, ""])
    return [*(WORD + word for word in found), *(f"{WORD}{first} {second}" for first, second in pairs)]


def weigh(
    counts: Mapping[str, int], vocabulary: Mapping[str, int], rarity: Sequence[float], words: float = 1.0
) -> tuple[list[int], list[float]]:
    """The known features' places and values: sublinear count by rarity, each block brought to its length.

    Args:
        vocabulary: the place of each known feature.
        rarity: by place, the inverse document frequency.
        words: the length of the block of words and pairs; the others have length one.
    """
    blocks: dict[str, dict[int, int]] = {PIECE: {}, WORD: {}, EXTRA: {}}
    for feature, count in counts.items():
        place = vocabulary.get(feature)
        if place is not None:
            blocks[feature[0]][place] = count
    return bring_to_length(blocks, rarity, words)


def bring_to_length(
    blocks: Mapping[str, Mapping[int, int]], rarity: Sequence[float], words: float
) -> tuple[list[int], list[float]]:
    """The same of features that are known already, given by block as place → count."""
    at: list[int] = []
    values: list[float] = []
    for name, block in blocks.items():
        raw = [
            rarity[place] if count == 1 else (1.0 + math.log(count)) * rarity[place] for place, count in block.items()
        ]
        length = (math.sqrt(sum(map(operator.mul, raw, raw))) or 1.0) / (words if name == WORD else 1.0)
        at.extend(block)
        values.extend([value / length for value in raw])
    return at, values
