"""Lists of phrases as data: folded, as words, and as the alternatives of patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from knowledge.text import fold

_NAME = re.compile(r"%(\w+)%")


class WordLists:
    """Lists of phrases by name, written with their marks and met without them."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        """`lists` by name; a name that is asked for and missing is a KeyError."""
        self._phrases = {name: tuple(dict.fromkeys(map(fold, phrases))) for name, phrases in lists.items()}
        self._folded = {name: frozenset(phrases) for name, phrases in self._phrases.items()}
        self._words = {name: tuple(tuple(each.split()) for each in phrases) for name, phrases in self._phrases.items()}
        self._by_first = {name: _by_word(phrases, 0) for name, phrases in self._words.items()}
        self._by_last = {name: _by_word(phrases, -1) for name, phrases in self._words.items()}

    @classmethod
    def of(cls, *tables: msgspec.Struct) -> WordLists:
        """The fields of tables of phrases, each a list by its name."""
        return cls({name: phrases for table in tables for name, phrases in msgspec.structs.asdict(table).items()})

    def folded(self, name: str) -> frozenset[str]:
        """The phrases of a list without marks."""
        return self._folded[name]

    def phrases(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The phrases of a list without marks, each as its words, in the order of the list."""
        return self._words[name]

    def begins(self, words: Sequence[str], name: str) -> bool:
        """Whether folded words begin with a phrase of the list."""
        begun = self._by_first[name].get(words[0], ()) if words else ()
        return any(tuple(words[: len(phrase)]) == phrase for phrase in begun)

    def ends(self, words: Sequence[str], name: str) -> bool:
        """Whether folded words end with a phrase of the list."""
        ended = self._by_last[name].get(words[-1], ()) if words else ()
        return any(tuple(words[-len(phrase) :]) == phrase for phrase in ended)

    def composed(self, source: str) -> re.Pattern[str]:
        """A pattern over folded text; `%name%` stands for any phrase of the list `name`, the longest first.

        Example: with `year` holding "năm", `%year% 20\\d\\d` matches "nam 2025".
        """
        return re.compile(_NAME.sub(lambda match: self._alternatives(match[1]), source))

    def _alternatives(self, name: str) -> str:
        return _one_of(self._words[name])


def _by_word(phrases: Iterable[tuple[str, ...]], at: int) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by the word that stands at a place in them."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in filter(None, phrases):
        found.setdefault(phrase[at], []).append(phrase)
    return found


def _one_of(phrases: Iterable[Sequence[str]]) -> str:
    """The alternatives of phrases given as words, the longest first; what begins alike is written once, so that lists
    made of parts, which have thousands of phrases, are compiled in a moment."""
    rests: dict[str, list[Sequence[str]]] = {}
    for phrase in phrases:
        rests.setdefault(phrase[0], []).append(phrase[1:])
    found = []
    for word in sorted(rests, key=lambda each: (-len(each), each)):
        longer = [rest for rest in rests[word] if rest]
        more = f"\\ {_one_of(longer)}" if longer else ""
        if more and len(longer) < len(rests[word]):
            more = f"(?:{more})?"
        found.append(re.escape(word) + more)
    return f"(?:{'|'.join(found)})"
