"""What words count in texts and questions, from the catalogue's index and the questions that were learned from."""

from __future__ import annotations

import itertools
from collections import Counter
from functools import cache

from knowledge.search.lore import load_learned
from knowledge.search.postings import TermCounts, terms_of
from knowledge.subjects.nearness import Alike, Weights
from knowledge.subjects.words import load_alike
from knowledge.text import fold


def weights_of(terms: TermCounts, common: Alike | None = None) -> Weights:
    """The weights of words.

    Args:
        terms: the words and pairs of the catalogue, as counted for its index.
        common: names of whom and what nearly every target is about.
    """

    def spread(term: str) -> int:
        row = terms.rows.get(term)
        return int(terms.spreads[row]) if row is not None else 0

    asked, count = _asked()
    small = {fold(word) for word in load_alike().joints if " " not in word}
    return Weights(spread, terms.size, asked, count, common, small)


@cache
def _asked() -> tuple[Counter[str], int]:
    """How many of the questions once asked hold each word and pair, and how many there are."""
    questions = load_learned()[0].questions
    return Counter(itertools.chain.from_iterable(set(terms_of(words)) for words, _ in questions)), len(questions)
