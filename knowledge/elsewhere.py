"""Places and bodies that are told by their look, not by a list: a district's number, a corporation's capitals, where
somebody says to be."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from knowledge.lexer import Match, Syllable
from knowledge.text import fold, has_phrase
from knowledge.words import WITHIN, WORDS

_LONGEST_NUMBER = 2
_FARTHEST_ASKER = 7
"""Syllables before a place among which whoever is there is spoken of."""
_BODIES = WORDS.composed(r"(?<!\w)%named_bodies%(?!\w)")


def find_districts(spelled: Sequence[Syllable]) -> Iterator[str]:
    """Districts and communes that are known by a number: "quận 7"."""
    for at, (syllable, number) in enumerate(itertools.pairwise(spelled)):
        if not number.folded.isdigit() or len(number.folded) > _LONGEST_NUMBER:
            continue
        named_so = at and spelled[at - 1].folded in WORDS.folded("no_place_behind")
        if syllable.folded in WORDS.folded("numbered_places") and not named_so:
            yield f"{syllable.typed_text or syllable.folded} {number.folded}"


def find_bodies(text: str) -> Iterator[str]:
    """Corporations with a name in capitals: "Tổng công ty Giấy Việt Nam"; none where all is written so."""
    folded = fold(text)
    if text.isupper() or len(folded) != len(text):
        return
    for head in _BODIES.finditer(folded):
        name = list(itertools.takewhile(lambda word: word[0].isupper(), text[head.end() :].split()))
        if name:
            yield " ".join((text[head.start() : head.end()], *name)).rstrip(".,;:?!")


def is_of_asker(clauses: Sequence[Sequence[Syllable]], at: int) -> bool:
    """Whether the place named at that syllable is where the asker is, not what is asked about.

    Example: "tôi làm ở Đông Hà", "đơn vị em tại Thái Nguyên"; not "tôi muốn hỏi ở Đông Hà".

    Args:
        clauses: the syllables of each clause; `at` runs on through them.
    """
    for clause in clauses:
        if at < len(clause):
            break
        at -= len(clause)
    before = [syllable.folded for syllable in clause[max(at - _FARTHEST_ASKER, 0) : at]]
    is_there = before[-1:] and before[-1] in WORDS.folded("where_one_is")
    asks = WORDS.folded("before_what_is_asked").intersection(before)
    return bool(is_there and not asks and WORDS.folded("asker").intersection(before))


def find_bodies_of_asker(clauses: Sequence[Sequence[Syllable]], subjects: Iterable[Match]) -> tuple[str, ...]:
    """The subjects (ids) that are named only as the body to which the asker belongs: "tôi ở ban nữ công"."""
    named = [(match.phrase.value, is_of_asker(clauses, match.at[0])) for match in subjects]
    asked = {subject for subject, of_asker in named if not of_asker}
    return tuple(dict.fromkeys(subject for subject, _ in named if subject not in asked))


def find_region(clauses: Sequence[Sequence[Syllable]]) -> str:
    """The place with a plan in which the asker's town lies, where the organ that made the plan is spoken of.

    Example: "xưởng tôi ở Đông Hà, chương trình của Tỉnh ủy …" → "Quảng Trị"; empty where there is none.
    """
    spoken = [syllable.folded for clause in clauses for syllable in clause]
    for within in WITHIN:
        if not has_phrase(spoken, [tuple(fold(within.organ).split())]):
            continue
        towns = [tuple(fold(town).split()) for town in within.towns]
        starts = (at for at in range(len(spoken)) for town in towns if tuple(spoken[at : at + len(town)]) == town)
        if any(is_of_asker(clauses, at) for at in starts):
            return within.place
    return ""
