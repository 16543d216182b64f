"""The words that a body of text uses, to repair what was typed against them."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from knowledge.search.wordbook import Tokens, shared_wordbook
from knowledge.text import is_syllable


class Vocabulary:
    """The folded syllables and pairs of syllables that a body of text uses, to repair what was typed against it."""

    def __init__(self, texts: Sequence[Tokens] = (), phrases: Iterable[tuple[str, ...]] = ()) -> None:
        """Learn the folded words of `texts`; neighbours in `phrases` count for more."""
        self._book = shared_wordbook()
        self._phrase_pairs = {pair for phrase in phrases for pair in itertools.pairwise(phrase)}
        tokens = Tokens.joined(texts)
        numbers, self._pairs = tokens.words(), tokens.pairs()
        words = self._book.words()
        self.syllables = frozenset(words[number] for number in numbers.tolist())
        self._by_length: dict[int, list[str]] = {}
        for syllable in sorted(self.syllables):
            if syllable.isalpha():
                self._by_length.setdefault(len(syllable), []).append(syllable)

    def __contains__(self, syllable: str) -> bool:
        """Whether the folded syllable is known."""
        return syllable in self.syllables

    def is_pair(self, first: str | None, second: str | None) -> bool:
        """Whether two words stand side by side somewhere."""
        one, other = self._book.find(first or ""), self._book.find(second or "")
        if not one or not other:
            return False
        key = one << 32 | other
        at = bisect_left(self._pairs, key)
        return at < len(self._pairs) and bool(self._pairs[at] == key)

    def near(self, syllable: str, before: str | None, after: str | None) -> str | None:
        """The known syllable one slip away from an unknown one, the one that fits its neighbours best; or None."""
        if len(syllable) < 3 or not syllable.isalpha():
            return None
        lengths = range(len(syllable) - 1, len(syllable) + 2)
        near = [known for length in lengths for known in self._by_length.get(length, ())]
        off = cdist([syllable], near, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)[0]
        slips = [near[at] for at in np.flatnonzero(off <= 1)]

        def fit(known: str) -> tuple[int, int, bool, bool, int]:
            beside = ((before, known), (known, after))
            pairs = sum(self.is_pair(*pair) for pair in beside)
            phrased = sum(pair in self._phrase_pairs for pair in beside)
            return (
                pairs,
                phrased,
                sorted(known) == sorted(syllable),
                known[0] == syllable[0],
                -abs(len(known) - len(syllable)),
            )

        best = max(slips, key=fit, default=None)
        neighbours = (before is not None) + (after is not None)
        if (
            best is None
            or (is_syllable(syllable) and fit(best)[0] < max(neighbours, 1))
            or (len(syllable) == 3 and not fit(best)[0])
        ):
            return None
        return best

    def split(self, run: str, ends: frozenset[str] = frozenset()) -> list[str] | None:
        """A run of syllables typed without blanks, cut into known ones that follow each other; or None.

        `ends` are short forms that may stand last.

        Example: "chitieu" → ["chi", "tieu"], where both are known and some text has them side by side.
        """
        for cut in range(len(run) - 3, 3, -1):
            if run[cut:] in ends and run[cut:] not in self.syllables:
                front = [run[:cut]] if run[:cut] in self.syllables else self.split(run[:cut])
                if front is not None:
                    return [*front, run[cut:]]
        if len(run) < 6 or len(run) > 60 or not run.isalpha():
            return None
        best: list[tuple[int, list[str]] | None] = [(0, [])] + [None] * len(run)
        for end in range(2, len(run) + 1):
            for start in range(max(0, end - 6), end - 1):
                head, part = best[start], run[start:end]
                if head is None or part not in self.syllables:
                    continue
                joined = head[0] + (1 if head[1] and self.is_pair(head[1][-1], part) else 0) * 3 - 1
                current = best[end]
                if current is None or joined > current[0]:
                    best[end] = (joined, [*head[1], part])
        whole = best[len(run)]
        if whole is None or len(whole[1]) < 2 or not any(itertools.starmap(self.is_pair, itertools.pairwise(whole[1]))):
            return None
        return whole[1]
