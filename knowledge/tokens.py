"""A message as words, numbers and signs with their places, and the phrases of the lists that stand in it. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from knowledge.text import decode_keys, fold, spelling

_TOKEN: Final = re.compile(
    r"(?P<number>(?<![\w%])[-−]?(?:(?<!\d)\d{1,3}(?: \d{3})+(?![\w])|\d+(?:[.,]\d+)*(?:[^\W\d_]+\d*)?)(?:\s?%)?)"
    r"|(?P<word>[^\W_]+)|(?P<sign>\n|\S)"
)
_KEYED: Final = 3
_MARKED: Final = 0.3
"""The part of a message's words with marks from which on a bare word is meant to be bare."""


class TokenSort(Enum):
    """What a token is."""

    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign, where it stands; `keyed` is its word where raw Telex or VNI keys were typed."""

    start: int
    end: int
    text: str
    sort: TokenSort
    keyed: str

    @property
    def folded(self) -> str:
        """The word without marks."""
        return fold(self.keyed)

    @property
    def is_raised(self) -> bool:
        """Whether it is a word with a capital at its beginning."""
        return self.sort is TokenSort.WORD and self.text[0].isupper()


def tokenize(text: str) -> list[Token]:
    """The tokens of a tidied text."""
    found = []
    for match in _TOKEN.finditer(text):
        sort = TokenSort(match.lastgroup)
        keyed = decode_keys(match[0]) if sort is TokenSort.WORD else match[0]
        found.append(Token(match.start(), match.end(), match[0], sort, keyed))
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase of a list: from one token to before another."""

    name: str
    start: int
    end: int


PhraseIndex = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]
"""Phrases by their first three words without marks, or as many as they have: of which list, and their words."""


def index_phrases(lists: Mapping[str, Sequence[str]]) -> PhraseIndex:
    """Lists of phrases, made ready to be looked up in messages."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for name, phrases in lists.items():
        for phrase in phrases:
            words = tuple(phrase.split())
            found[" ".join(map(fold, words[:_KEYED]))].append((name, words))
    return dict(found)


def _starting(index: PhraseIndex, tokens: Sequence[Token], start: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrases that may begin at a token."""
    starts = [""]
    for token in tokens[start : start + _KEYED]:
        starts = [f"{each} {word}".lstrip() for each in starts for word in _spellings(token)]
        for each in starts:
            yield from index.get(each, ())


def _spellings(token: Token) -> tuple[str, ...]:
    """A token without marks: as what its keys write, and as it was typed ("rest", which may be keys of a syllable)."""
    typed = fold(token.text) if token.keyed != token.text else token.folded
    return (token.folded,) if typed == token.folded else (token.folded, typed)


def is_marked(tokens: Sequence[Token]) -> bool:
    """Whether so many words of a message bear marks that a bare word is meant to be bare."""
    words = [each for each in tokens if each.sort is TokenSort.WORD]
    marked = sum(not each.keyed.isascii() for each in words)
    return bool(words) and marked >= _MARKED * len(words)


def is_spelled(token: Token, word: str, *, bare: bool, begun: bool = False) -> bool:
    """Whether a token is a word of a phrase: with its marks, without any where `bare` ones are taken, or with some of
    them where it may have been `begun`: "đoan" for "đoàn".
    """
    if token.folded != fold(word):
        return token.text.lower() == word  # "rest" is keys of a syllable, and a word
    if token.text.isascii():
        # Raw keys may lack one: "doois" for "đối".
        return bare or word.isascii() or not token.keyed.isascii()
    typed, meant = spelling(token.keyed), spelling(word)
    return typed == meant or (begun and Counter(typed) <= Counter(meant))


class Phrases:
    """Which phrases of the lists stand in a message; typed marks must be theirs."""

    def __init__(
        self,
        tokens: Sequence[Token],
        index: PhraseIndex,
        vague: Collection[str] = (),
        *,
        nested: bool = True,
        clear: Collection[str] = (),
    ) -> None:
        """Look them all up.

        Args:
            vague: words that mean too many things to be known without their marks where they stand alone.
            nested: whether phrases count that are a part of longer ones.
            clear: lists whose phrases hide no shorter ones where those do not count.
        """
        self._vague = vague
        self._tokens = tokens
        self.is_marked = is_marked(tokens)
        self._found: dict[str, list[Span]] = defaultdict(list)
        for start in range(len(tokens)):
            longest: dict[str, int] = {}
            for name, phrase in _starting(index, tokens, start):
                if len(phrase) > longest.get(name, 0) and self._stands(phrase, start):
                    longest[name] = len(phrase)
            for name, size in longest.items():
                if not self._found[name] or self._found[name][-1].end <= start:
                    self._found[name].append(Span(name, start, start + size))
        if not nested:
            self._drop_nested(clear)
        self._place()

    def _place(self) -> None:
        self._starts: dict[int, list[Span]] = defaultdict(list)
        self._ends: dict[int, list[Span]] = defaultdict(list)
        for each in self.every():
            self._starts[each.start].append(each)
            self._ends[each.end].append(each)
        self._longest = max((each.end - each.start for each in self.every()), default=0)

    def forget(self, tokens: frozenset[int], *names: str) -> None:
        """Take no notice of phrases of the lists that have one of the tokens."""
        for name in names:
            self._found[name] = [
                each for each in self._found.get(name, []) if tokens.isdisjoint(range(each.start, each.end))
            ]
        self._place()

    def _stands(self, phrase: tuple[str, ...], start: int) -> bool:
        if start + len(phrase) > len(self._tokens):
            return False
        bare = len(phrase) > 1 or not (self.is_marked or phrase[0] in self._vague)
        begun = len(phrase) > 1
        return all(is_spelled(self._tokens[start + at], word, bare=bare, begun=begun) for at, word in enumerate(phrase))

    def _drop_nested(self, clear: Collection[str]) -> None:
        longest = [0] * len(self._tokens)
        for each in self.every():
            for at in range(each.start, each.end if each.name not in clear else each.start):
                longest[at] = max(longest[at], each.end - each.start)
        for name, found in self._found.items():
            kept = [
                each for each in found if name in clear or min(longest[each.start : each.end]) <= each.end - each.start
            ]
            self._found[name] = kept

    def of(self, *names: str) -> Iterator[Span]:
        """Where phrases of the lists stand, list by list."""
        for name in names:
            yield from self._found.get(name, ())

    def every(self) -> Iterator[Span]:
        """All of them."""
        for found in self._found.values():
            yield from found

    def at(self, start: int, *names: str) -> Span | None:
        """The longest phrase of the lists that begins at a token."""
        here = (each for each in self._starts.get(start, ()) if each.name in names)
        return max(here, key=lambda each: each.end, default=None)

    def before(self, end: int, *names: str) -> Span | None:
        """The longest phrase of the lists that ends before a token."""
        here = (each for each in self._ends.get(end, ()) if each.name in names)
        return min(here, key=lambda each: each.start, default=None)

    def covers(self, start: int, end: int) -> bool:
        """Whether what stands between two tokens is part of a longer phrase."""
        longer = (each for at in range(max(0, start - self._longest), start + 1) for each in self._starts.get(at, ()))
        return any(end <= each.end and each.end - each.start > end - start for each in longer)

    def holds(self, start: int, end: int, *names: str) -> bool:
        """Whether a phrase of the lists stands between two tokens."""
        return any(start <= each.start and each.end <= end for each in self.of(*names))


@dataclass
class ScannedText:
    """A message that is being explained; `taken` are the tokens that are explained."""

    text: str
    tokens: Sequence[Token]
    phrases: Phrases
    taken: list[bool]

    def said(self, start: int, end: int) -> str:
        """The words from one token to before another."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def sign(self, at: int) -> str:
        """The sign that stands at a token; empty where none does."""
        is_sign = 0 <= at < len(self.tokens) and self.tokens[at].sort is TokenSort.SIGN
        return self.tokens[at].text if is_sign else ""
