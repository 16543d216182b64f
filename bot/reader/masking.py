"""Masking of a message before it is sent to the second reader: people's numbers, addresses, codes, names.

Known names (of officers and units) are found however they are written; others by how names begin. Where in doubt more
is masked, not less; names of the plans themselves and of the places that they are known by stay.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.reader.words import load_words
from knowledge.meanings.words import load_words as load_meaning_words
from knowledge.text import fold, is_syllable, tidy

Phrase = tuple[str, ...]

SHORTEST_NAME: Final = 2
"""Words that a name has at least, unless it is no Vietnamese word."""
LONGEST_NAME: Final = 4
"""Words of a person's name."""
LONGEST_UNIT: Final = 8
"""Words of a workplace's name that are masked where only its beginning is known."""

_WORD: Final = re.compile(r"[^\W_]+")
_LINK: Final = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|t\.me/\S+|(?<!\w)@\w{3,}")
_CODE: Final = re.compile(r"(?<!\S)(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9_-]{12,}(?!\S)")
_DATE: Final = re.compile(r"\d{1,2}[-.\s]\d{1,2}[-.\s]\d{4}")
_DIGITS: Final = re.compile(r"(?<![\w.,])(?:\+|\(?(?=0|84))[\d(](?:[\s.()-]{0,3}\d){7,16}|(?<![\d.,])\d{8,}")
_FEWEST_DIGITS: Final = 9


def words_of(text: str) -> Phrase:
    """The words of a name, folded: "Trần Văn Nam" → ("tran", "van", "nam")."""
    return tuple(fold(word) for word in _WORD.findall(tidy(text)))


@dataclass(frozen=True, slots=True)
class _Said:
    """A word of a message and its position."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def is_name_like(self) -> bool:
        """Whether only its first letter is a capital."""
        return self.text[0].isupper() and (len(self.text) == 1 or self.text[1:].islower())

    @property
    def is_capital(self) -> bool:
        """Whether it is a short form, or has a figure in it."""
        return self.text.isupper() or any(letter.isdigit() for letter in self.text)


class Masker:
    """Masks messages; built anew when the names that are known have changed."""

    def __init__(
        self, people: Iterable[str], units: Iterable[tuple[str, str]], public: Container[Phrase] = frozenset()
    ) -> None:
        """Take the names of people, (code, name) of units, and the folded names that everybody may know."""
        words = load_words()
        self._masks = words.masks
        self._public = public
        self._names: dict[Phrase, str] = {}
        self._given: set[str] = set()
        self._codes: set[str] = set()
        for name in people:
            self._learn_person(words_of(name))
        self._learn_units(units)
        self._longest = max(map(len, self._names), default=0)
        names = words.names
        self._titles = {tuple(_WORD.findall(title)) for title in names.titles}
        self._bare_titles = {words_of(title) for title in names.titles}
        self._surnames = {surname.lower() for surname in names.surnames}
        self._bare_surnames = {fold(surname) for surname in names.surnames}
        self._plain = {surname.lower() for surname in names.plain} | {fold(surname) for surname in names.plain}
        self._middle = {*names.middle, *map(fold, names.middle)}
        self._kinds = {words_of(kind) for kind in names.unit_kinds}

    def _learn_person(self, name: Phrase) -> None:
        if len(name) >= SHORTEST_NAME:
            self._names[name] = self._masks.person
        if name:
            self._given.add(name[-1])

    def _learn_units(self, units: Iterable[tuple[str, str]]) -> None:
        kinds = load_meaning_words().unit_kinds
        for code, name in units:
            if any(letter.isdigit() for letter in code) or code.isupper():
                self._codes.add(code)
            whole = own = words_of(name)
            while kind := next((kind for kind in kinds if own[: len(kind)] == kind), None):
                own = own[len(kind) :]
            if not own or own in self._public or whole in self._public:
                continue
            for phrase in {whole, own}:
                if len(phrase) >= SHORTEST_NAME or (phrase and not is_syllable(phrase[0])):
                    self._names[phrase] = self._masks.unit

    def mask(self, text: str, also: Iterable[str] = ()) -> str:
        """The message on one line, tidied and masked: "gọi anh Trần Văn Nam 0912345678" → "gọi anh [người] [số]".

        Args:
            also: names of people beside those that are known, such as the writer's.
        """
        found = _LINK.sub(self._masks.link, tidy(text))
        found = _CODE.sub(self._masks.code, found)
        found = _DIGITS.sub(self._number, found)
        found = " ".join(self._code(each) for each in found.split())
        return self._without_names(found, {name: self._masks.person for name in map(words_of, also) if name})

    def _number(self, match: re.Match[str]) -> str:
        written = match[0]
        digits = sum(letter.isdigit() for letter in written)
        is_number = digits >= _FEWEST_DIGITS and not _DATE.match(written)
        return self._masks.number if is_number else written

    def _code(self, word: str) -> str:
        return self._masks.unit if word.strip(".,;:!?()\"'") in self._codes else word

    def _without_names(self, text: str, also: dict[Phrase, str]) -> str:
        shown = text.lower() if text.isupper() and len(text.lower()) == len(text) else text
        said = [_Said(m[0], fold(m[0]), m.start(), m.end()) for m in _WORD.finditer(shown)]
        joined = [text[one.end : other.start] == " " for one, other in pairwise(said)]
        pieces: list[str] = []
        at = written = 0
        while at < len(said):
            found = self._known(said, at, also) or self._person(said, joined, at) or self._unit(said, joined, at)
            if found is None:
                at += 1
                continue
            begin, end, mask = found
            pieces += [text[written : said[begin].start], mask]
            written, at = said[end - 1].end, end
        return "".join([*pieces, text[written:]])

    def _known(self, said: Sequence[_Said], at: int, also: dict[Phrase, str]) -> tuple[int, int, str] | None:
        """A known name, the longest first: its position, and its mask."""
        longest = max(self._longest, *map(len, also), 0) if also else self._longest
        for size in range(min(longest, len(said) - at), 0, -1):
            phrase = tuple(word.folded for word in said[at : at + size])
            mask = also.get(phrase) or self._names.get(phrase)
            if mask is not None and (size > 1 or said[at].is_name_like or not is_syllable(phrase[0])):
                return at, at + size, mask
        return None

    def _person(self, said: Sequence[_Said], joined: Sequence[bool], at: int) -> tuple[int, int, str] | None:
        """A name behind a title, or one that begins as names do."""
        for size in (2, 1):
            title = said[at : at + size]
            begin = at + size
            if begin >= len(said) or not joined[begin - 1]:
                continue
            is_title = tuple(word.text.lower() for word in title) in self._titles
            end = self._run(said, joined, begin, LONGEST_NAME) if is_title else begin
            if end > begin:
                return begin, end, self._masks.person
            is_bare = tuple(word.folded for word in title) in self._bare_titles
            if is_bare and said[begin].folded in self._given:
                return begin, begin + 1, self._masks.person
        first = said[at]
        known = first.text.lower() in (self._bare_surnames if first.text.isascii() else self._surnames)
        if known and first.is_name_like:
            end = self._run(said, joined, at, LONGEST_NAME)
            return (at, end, self._masks.person) if end - at >= SHORTEST_NAME else None
        if first.text.lower() in self._plain and at + 2 < len(said) and said[at + 1].text.lower() in self._middle:
            return at, at + 3, self._masks.person
        return None

    def _run(self, said: Sequence[_Said], joined: Sequence[bool], at: int, most: int) -> int:
        """The end of the words that look like parts of a name; `at` where the name is public."""
        end = at
        while end < len(said) and end - at < most and said[end].is_name_like:
            if (end > at and not joined[end - 1]) or (said[end].text.lower(),) in self._titles:
                break
            end += 1
        return at if self._is_public(said[at:end]) else end

    def _unit(self, said: Sequence[_Said], joined: Sequence[bool], at: int) -> tuple[int, int, str] | None:
        """The name of a workplace behind its kind: "công ty …"."""
        begin = at
        while size := next((n for n in (3, 2, 1) if _phrase(said[begin : begin + n]) in self._kinds), 0):
            begin += size
        if begin == at:
            return None
        end = begin
        while end < len(said) and end - begin < LONGEST_UNIT and joined[end - 1]:
            if not (said[end].is_name_like or said[end].is_capital):
                break
            end += 1
        named = said[begin:end]
        if not any(word.is_name_like for word in named) or self._is_public(named):
            return None
        return begin, end, self._masks.unit

    def _is_public(self, said: Sequence[_Said]) -> bool:
        phrase = _phrase(said)
        return any(phrase[:size] in self._public for size in range(SHORTEST_NAME, len(phrase) + 1))


def _phrase(said: Sequence[_Said]) -> Phrase:
    return tuple(word.folded for word in said)
