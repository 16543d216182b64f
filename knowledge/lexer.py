"""Finding the officers' phrases in a typed sentence: repair, short forms, and every phrase that stands in it."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from knowledge.remembering import remembered
from knowledge.text import decode_telex, decode_vni, fold, fold_words, is_syllable, spelling, tidy, words
from knowledge.vocabulary import Vocabulary
from knowledge.words import COPULA, COUNTED, JOINT, JOINTS_OF_COUNTS

GAP = ".."
LONGEST_GAP = 3
LONGEST_TEXT = 600
SHORTEST_NEAR = 11
"""Letters a phrase must have before it is looked for with slips; shorter ones become each other."""

MOST_SLIPS = 2
"""Letters that may be off in a long phrase."""

_DOUBLED = "dd"
"""Keys that write "đ" at the beginning of a short form: "ddv" for "đv"."""

_NUMBER = re.compile(r"\d[\d.,]*%?|%")


@dataclass(frozen=True)
class Syllable:
    """One syllable of a message: folded, and as it was typed where it was typed with marks.

    `marks` is None where the typing says nothing of the marks (typed bare, or repaired)."""

    folded: str
    marks: str | None = None
    typed_text: str = ""

    @classmethod
    def typed(cls, text: str) -> Syllable:
        """A syllable as typed; bare ASCII leaves its marks open."""
        return cls(fold(text), None if text.isascii() else spelling(text), text.lower())


@dataclass(frozen=True)
class Phrase:
    """A phrase of the glossary in folded syllables; `GAP` among them stands for up to three other words.

    Where `marked` is given (a spelling for each word), a syllable typed with other marks is not the phrase's word.
    """

    words: tuple[str, ...]
    kind: str
    value: str
    marked: tuple[str, ...] = ()


class Match(NamedTuple):
    """A phrase found; `at` are the positions of its words, `slips` how many letters were off."""

    phrase: Phrase
    at: tuple[int, ...]
    slips: int = 0

    @property
    def size(self) -> int:
        """How many words of the sentence it accounts for."""
        return len(self.at)


class Speller:
    """Brings what was typed to folded syllables: short forms spelled out, keys decoded, slips repaired."""

    def __init__(self, abbreviations: Mapping[str, str], vocabulary: Vocabulary) -> None:
        """`abbreviations` maps folded short forms (one word or several) to what they stand for."""
        self._vocabulary = vocabulary
        self._decode = remembered(self._decoded, 16384)
        self._plain = remembered(self._plainly, 4096)
        self._short = {
            tuple(words(fold(short))): tuple(Syllable(fold(word), spelling(word)) for word in words(full))
            for short, full in abbreviations.items()
        }
        self._ends = frozenset(short[0] for short in self._short if len(short) == 1 and len(short[0]) > 2)
        longest: dict[str, int] = {}
        for short in filter(None, self._short):
            longest[short[0]] = max(longest.get(short[0], 0), len(short))
        self._longest = longest

    def expand(self, given: list[Syllable]) -> list[Syllable]:
        """The syllables with every short form spelled out, the longest first."""
        spelled: list[Syllable] = []
        done = 0
        for start, end, full in self._short_forms([syllable.folded for syllable in given]):
            spelled += given[done:start]
            spelled += full
            done = end
        return spelled + given[done:]

    def _short_forms(self, folded: Sequence[str]) -> Iterator[tuple[int, int, tuple[Syllable, ...]]]:
        """Where short forms stand, from one word to before another, the longest first; and what they stand for."""
        done = 0
        for at, word in enumerate(folded):
            longest = self._longest.get(word)
            if longest is None or at < done:
                continue
            for size in range(min(longest, len(folded) - at), 0, -1):
                full = self._short.get(tuple(folded[at : at + size]))
                if full is not None:
                    done = at + size
                    yield at, done, full
                    break

    def plain(self, text: str) -> tuple[str, ...]:
        """The folded syllables of a text of the catalogue, short forms spelled out; remembered, so not for messages."""
        return self._plain(text)

    def _plainly(self, text: str) -> tuple[str, ...]:
        folded = fold_words(text)
        spelled: list[str] = []
        done = 0
        for start, end, full in self._short_forms(folded):
            spelled += folded[done:start]
            spelled += [syllable.folded for syllable in full]
            done = end
        return (*spelled, *folded[done:])

    def spell(self, text: str) -> list[Syllable]:
        """The syllables of a message, repaired where they are not words of the field."""
        keyed = self.expand(list(map(self._decode, words(tidy(text)[:LONGEST_TEXT]))))
        repaired: list[Syllable] = []
        known = self._vocabulary.syllables
        for index, syllable in enumerate(keyed):
            folded = syllable.folded
            if (
                folded in known
                or len(folded) == 1
                or (syllable.marks is not None and is_syllable(syllable.typed_text))
                or _NUMBER.fullmatch(folded)
            ):
                repaired.append(syllable)
                continue
            split = self._vocabulary.split(folded, self._ends)
            if split is not None:
                repaired.extend(Syllable(part) for part in split)
                continue
            before = repaired[-1].folded if repaired else None
            after = keyed[index + 1].folded if index + 1 < len(keyed) else None
            near = self._vocabulary.near(folded, before, after)
            repaired.append(syllable if near is None else Syllable(near))
        return self.expand(repaired)

    def _decoded(self, word: str) -> Syllable:
        folded = fold(word)
        if folded.startswith(_DOUBLED) and (folded[1:],) in self._short and (folded,) not in self._short:
            return Syllable(folded[1:])
        if (folded,) not in self._short and folded not in self._vocabulary and word.isascii():
            decoded = decode_telex(word) or decode_vni(word)
            if decoded is not None and (fold(decoded) in self._vocabulary or len(decoded) > 2):
                return Syllable.typed(decoded)
        return Syllable.typed(word)


class Lexicon:
    """All phrases that mean something, indexed by their first two words, or the first where a gap follows it."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Index the phrases; the same words may mean several things."""
        self._by_first: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        self._by_two: dict[tuple[str, str], list[tuple[int, Phrase]]] = defaultdict(list)
        self._whole: list[Phrase] = []
        self._near: dict[frozenset[str], _NearPhrases] = {}
        for number, phrase in enumerate(phrases):
            if len(phrase.words) > 1 and phrase.words[1] != GAP:
                self._by_two[phrase.words[0], phrase.words[1]].append((number, phrase))
            else:
                self._by_first[phrase.words[0]].append((number, phrase))
            if GAP not in phrase.words and len("".join(phrase.words)) >= SHORTEST_NEAR and len(phrase.words) > 2:
                self._whole.append(phrase)

    def find(self, syllables: list[Syllable]) -> list[Match]:
        """Every phrase that stands in the sentence, overlapping ones included.

        Example: in "chi tieu doan vien" both "chỉ tiêu" and "đoàn viên", each with the positions of its words.
        """
        folded = [syllable.folded for syllable in syllables]
        said = tuple(folded)
        marked = _is_marked(syllables)
        is_counted = any(word[0].isdigit() for word in folded)
        found = []
        for start in range(len(folded)):
            for phrase in self._beginning(folded, start):
                size = len(phrase.words)
                at: tuple[int, ...] | None
                if said[start : start + size] == phrase.words:
                    at = tuple(range(start, start + size))
                elif not is_counted and GAP not in phrase.words:
                    continue
                else:
                    at = _match(phrase.words, folded, start)
                if at is None:
                    continue
                sure = marked and (len(at) == 1 or phrase.kind != "cue")
                if _same_marks(phrase, syllables, at, bare_counts=sure):
                    found.append(Match(phrase, at))
        return found

    def _beginning(self, folded: list[str], start: int) -> list[Phrase]:
        """The phrases whose first words stand there, in the order in which they were given."""
        begun = [self._by_first.get(folded[start])]
        for spot in range(start + 1, len(folded)):
            begun.append(self._by_two.get((folded[start], folded[spot])))
            if not folded[spot][0].isdigit():
                break
        lists = [each for each in begun if each]
        found = lists[0] if len(lists) == 1 else sorted(dict(itertools.chain.from_iterable(lists)).items())
        return [phrase for _, phrase in found]

    def find_near(
        self,
        syllables: list[Syllable],
        kinds: frozenset[str],
        small: Container[str] = (),
        values: Collection[str] = (),
    ) -> list[Match]:
        """Whole phrases of those kinds that stand in the sentence but for a slip or two; slower than `find`.

        Args:
            values: what alone is looked for; everything if nothing is given.
            small: folded words of every sentence, of which two are no slips: "thì công đoàn phải" is no "thu công đoàn
                phí".
        """
        if kinds not in self._near:
            self._near[kinds] = _NearPhrases([phrase for phrase in self._whole if phrase.kind in kinds])
        found = []
        folded = [syllable.folded for syllable in syllables]
        for near, start in self._near[kinds].pairs(folded, values):
            size = len(near.phrase.words)
            typed = folded[start : start + size]
            count = OSA.distance(near.text, " ".join(typed), score_cutoff=near.slips)
            if count > near.slips:
                continue
            slipped = (word for word, meant in zip(typed, near.phrase.words, strict=True) if word != meant)
            if sum(word in small for word in slipped) <= 1:
                found.append(Match(near.phrase, tuple(range(start, start + size)), count))
        return found


class _NearPhrase(NamedTuple):
    """A phrase that is looked for with slips: its text, and how many letters may be off in it."""

    phrase: Phrase
    text: str
    slips: int

    @classmethod
    def of(cls, phrase: Phrase) -> _NearPhrase:
        text = " ".join(phrase.words)
        return cls(phrase, text, 1 if len(text) < 16 or phrase.kind == "plan" else MOST_SLIPS)


_MOST_AT_ONCE = 200_000
"""Products of one multiplication: so few that no library parts them among threads, which wait for each other."""

_LETTERS = 32
_A_WORD = 3.0
"""What a word counts beside its letters: more than all the slips allowed, so that only as many words are alike."""


@lru_cache(maxsize=16384)
def _letters_of(word: str) -> npt.NDArray[np.float32]:
    """How often each letter stands in a word (some letters share a place), and `_A_WORD`."""
    counts = np.zeros(_LETTERS + 1, dtype=np.float32)
    for letter in word:
        counts[ord(letter) % _LETTERS] += 1
    counts[_LETTERS] = _A_WORD
    return counts


class _NearPhrases:
    """Phrases beside which stretches of a sentence are laid that have nearly the same letters.

    A slip changes the counts of two letters by one, so that the squares of the differences between what is n slips
    apart add up to 2·n² at most. All products are of small whole numbers and exact.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._sized: dict[int, list[_NearPhrase]] = {}
        for phrase in phrases:
            self._sized.setdefault(len(phrase.words), []).append(_NearPhrase.of(phrase))
        self._tables = {size: self._table_of(alike) for size, alike in self._sized.items()}
        self._meaning: dict[str, dict[int, list[int]]] = {}
        for size, alike in self._sized.items():
            for number, near in enumerate(alike):
                self._meaning.setdefault(near.phrase.value, {}).setdefault(size, []).append(number)

    @staticmethod
    def _table_of(phrases: Sequence[_NearPhrase]) -> npt.NDArray[np.float32]:
        """For each phrase what its nearness is told with: 2·p, -1 and 2·n² - p·p.

        Multiplied with s, s·s and 1 it is what the squares of the differences leave of 2·n²; not negative if near.
        """
        letters = np.array([sum(map(_letters_of, near.phrase.words)) for near in phrases], dtype=np.float32)
        room = np.array([[2.0 * near.slips**2] for near in phrases], dtype=np.float32)
        room -= (letters * letters).sum(axis=1, keepdims=True)
        return np.hstack([2 * letters, np.full_like(room, -1), room])

    def _those(self, size: int, values: Collection[str]) -> tuple[list[_NearPhrase], npt.NDArray[np.float32]]:
        """The phrases of a size that mean one of these, or all if none is given, and their table."""
        if not values:
            return self._sized[size], self._tables[size]
        own = sorted(number for value in values for number in self._meaning.get(value, {}).get(size, ()))
        return [self._sized[size][number] for number in own], self._tables[size][own]

    def pairs(self, folded: Sequence[str], values: Collection[str] = ()) -> Iterator[tuple[_NearPhrase, int]]:
        """Each phrase with where a stretch begins that may be it; phrases of a size together.

        Args:
            values: what the phrases mean that are looked at; all are if nothing is given.
        """
        known = {size for value in values for size in self._meaning.get(value, ())}
        sizes = [size for size in self._sized if size <= len(folded) and (not values or size in known)]
        if not sizes:
            return
        upto = np.zeros((len(folded) + 1, _LETTERS + 1), dtype=np.float32)
        np.concatenate([_letters_of(word) for word in folded]).reshape(-1, _LETTERS + 1).cumsum(axis=0, out=upto[1:])
        letters = np.concatenate([upto[size:] - upto[:-size] for size in sizes])
        stretches = np.ones((_LETTERS + 3, len(letters)), dtype=np.float32)
        stretches[: _LETTERS + 1] = letters.T
        np.einsum("ij,ij->i", letters, letters, out=stretches[_LETTERS + 1])
        end = 0
        for size in sizes:
            count = len(folded) - size + 1
            begin, end = end, end + count
            alike, table = self._those(size, values)
            most = max(_MOST_AT_ONCE // (len(stretches) * count), 1)
            for first in range(0, len(table), most):
                near = np.flatnonzero(table[first : first + most] @ stretches[:, begin:end] >= 0)
                for number, start in zip(*(each.tolist() for each in np.divmod(near, count)), strict=True):
                    yield alike[first + number], start


def _is_marked(syllables: list[Syllable]) -> bool:
    """Whether a message is typed with marks throughout, so that a bare syllable in it is meant to be bare."""
    letters = [syllable for syllable in syllables if syllable.typed_text and syllable.folded.isalpha()]
    return len(letters) > 1 and sum(syllable.marks is not None for syllable in letters) >= 0.5 * len(letters)


def _same_marks(phrase: Phrase, syllables: list[Syllable], at: tuple[int, ...], *, bare_counts: bool) -> bool:
    for spot, wanted in zip(at, phrase.marked, strict=False):
        typed = syllables[spot].marks
        if typed is None and bare_counts and syllables[spot].typed_text:
            typed = spelling(syllables[spot].folded)
        if typed is not None and typed != wanted:
            return False
    return True


def _match(wanted: tuple[str, ...], syllables: list[str], start: int) -> tuple[int, ...] | None:
    """Where the rest of a phrase stands from `start` on; none reaches across a copula and its number ("là 600")."""
    at, spot, skip = [start], start + 1, 0
    for word in wanted[1:]:
        if word == GAP:
            skip = LONGEST_GAP
            continue
        while spot < len(syllables) and syllables[spot] != word:
            if syllables[spot][0].isdigit() and syllables[spot - 1] == COPULA:
                return None
            skip -= not syllables[spot][0].isdigit()
            spot += 1
            if skip < 0:
                return None
        if spot >= len(syllables):
            return None
        at.append(spot)
        spot, skip = spot + 1, 0
    return tuple(at)


FEW_BETWEEN = 2
"""Syllables between two subjects that a comma joins: "số đoàn viên, tỷ lệ ký thỏa ước"."""


def is_joined(one: Match, other: Match, clauses: list[list[Syllable]]) -> bool:
    """Whether two subjects stand side by side, joined by "và" or by a comma; by "với" or "lẫn" where one is counted.

    Example: "số đoàn viên với tỷ lệ ký thỏa ước"; "đối thoại với đoàn viên" joins nothing.
    """
    first, second = sorted((one, other), key=lambda m: m.at)
    folded = [syllable.folded for clause in clauses for syllable in clause]
    starts = set(itertools.accumulate(len(clause) for clause in clauses))
    between = range(first.at[-1] + 1, second.at[0])
    beside = {folded[at] for at in (*between[:1], *between[-1:])}
    if JOINT in beside or (beside & JOINTS_OF_COUNTS and any(folded[m.at[0]] in COUNTED for m in (one, other))):
        return True
    words_between = sum(folded[at].isalpha() for at in between)
    return words_between <= FEW_BETWEEN and any(at in starts for at in (*between, second.at[0]))
