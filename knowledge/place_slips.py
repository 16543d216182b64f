"""Names of issuers' places that are typed with a slip: "ở quảng tị" is Quảng Trị, "của công thươn" Công Thương.

A short name is too near to other words to be looked for everywhere: it is met only where a place may stand, and only
where the words as typed are no name or saying of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

from knowledge.lexer import Match, Phrase, Syllable
from knowledge.text import is_syllable, spelling, words
from knowledge.words import WORDS

_SIZE = 2
_LEAST = 3
"""Letters of the syllable that is misspelt; shorter ones become each other."""


class PlaceSlips:
    """Finds names of two syllables, one of them a letter off."""

    def __init__(self, names: Iterable[tuple[Phrase, str]]) -> None:
        """`names` are phrases that mean plans or their issuers, each as it is written with its marks."""
        self._by_word: dict[tuple[int, str], list[Phrase]] = {}
        self._marks: dict[tuple[str, ...], tuple[str, ...]] = {}
        for phrase, name in names:
            marks = tuple(map(spelling, words(name.lower())))
            if len(phrase.words) == len(marks) == _SIZE and all(map(str.isalpha, phrase.words)):
                self._marks[phrase.words] = marks
                for at, word in enumerate(phrase.words):
                    self._by_word.setdefault((at, word), []).append(phrase)

    def find(self, clauses: Sequence[Sequence[Syllable]], matches: Sequence[Match], text: str) -> Iterator[Match]:
        """The names that stand there but for one letter in one syllable, where nothing else is meant.

        Args:
            clauses: the syllables of each clause; the positions in `matches` run on through them.
            text: as typed; a word with a capital and its marks is a name of its own ("Đông Hòa" is not "Đông Hà").
        """
        taken = {at for match in matches if match.phrase.kind in {"plan", "elsewhere", "guard"} for at in match.at}
        start = 0
        for clause in clauses:
            for spot, (first, second) in enumerate(itertools.pairwise(clause)):
                at = (start + spot, start + spot + 1)
                if taken.isdisjoint(at) and _may_be_place(clause, spot):
                    near = [phrase for phrase in self._near(first, second) if not _is_own_name(first, second, text)]
                    yield from (Match(phrase, at, 1) for phrase in near[:1])
            start += len(clause)

    def _near(self, first: Syllable, second: Syllable) -> Iterator[Phrase]:
        for at, kept, slipped in ((0, first, second), (1, second, first)):
            for phrase in self._by_word.get((at, kept.folded), ()):
                bears = kept.marks is None or kept.marks == self._marks[phrase.words][at]
                if bears and _is_slip(slipped.folded, phrase.words[1 - at]):
                    yield phrase


def _is_slip(typed: str, meant: str) -> bool:
    """Whether a syllable is another with a letter missing, too many, or two swapped; the first one stands."""
    if typed == meant or typed[:1] != meant[:1] or not typed.isalpha() or len(meant) < _LEAST:
        return False
    same_letters = sorted(typed) == sorted(meant)
    return OSA.distance(typed, meant) == 1 and (same_letters or len(typed) != len(meant))


def _may_be_place(clause: Sequence[Syllable], spot: int) -> bool:
    """Whether a place may be named there: at the beginning of a clause or behind a word that leads to one."""
    before = clause[spot - 1].folded if spot else ""
    if before in WORDS.folded("where_one_is"):
        return True
    typed = " ".join(syllable.folded for syllable in clause[spot : spot + _SIZE])
    return typed not in WORDS.folded("no_slips") and (not spot or before in WORDS.folded("before_places_named"))


def _is_own_name(first: Syllable, second: Syllable, text: str) -> bool:
    """Whether two syllables are typed as a name: whole, with capitals and marks."""
    typed = [syllable.typed_text or syllable.folded for syllable in (first, second)]
    is_whole = all(map(is_syllable, typed)) and not all(map(str.isascii, typed))
    return is_whole and " ".join(word.capitalize() for word in typed) in text
