"""For which units something is meant, at the end of a sentence: "… cho các CĐCS trực thuộc LĐLĐ quận Hải Nam"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.owing import Audience
from knowledge.text import fold, spelling

_LONGEST_SUBJECT: Final = 12  # words
_EDGES: Final = ' \t\n,;:.-–—"“”()'


class _Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for units, those for grassroots unions apart."""

    grassroots: tuple[str, ...]
    any: tuple[str, ...]


class _Workplaces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for workplaces, which are no units' names."""

    leads: tuple[str, ...]
    several: tuple[str, ...]
    single: tuple[str, ...]
    plural: tuple[str, ...]
    sending: tuple[str, ...]
    others: tuple[str, ...]


class _AddresseeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the words around those whom something is meant for."""

    leads: tuple[str, ...]
    several: tuple[str, ...]
    links: tuple[str, ...]
    direct: tuple[str, ...]
    kinds: _Kinds
    workplaces: _Workplaces


@dataclass(frozen=True, slots=True)
class Addressees:
    """Units as they were said.

    Attributes:
        unit: the name of the unit that they are, or lie below; empty for all that the speaker has.
        audience: which of the units below it; None where one unit is named.
        is_sure: whether a word for units stands there, so that it can be nothing else.
        said: the words, as they were written.
    """

    unit: str
    audience: Audience | None
    is_sure: bool
    said: str


@cache
def _words() -> _AddresseeWords:
    return read_toml(files("knowledge") / "addressees.toml", _AddresseeWords)


@cache
def _phrases(phrases: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Phrases as folded words, the longest first."""
    return tuple(sorted((tuple(fold(each).split()) for each in phrases), key=len, reverse=True))


def _leading(words: Sequence[str], phrases: tuple[str, ...]) -> int:
    """How many of the words are a phrase that they begin with; 0 for none."""
    return next((len(each) for each in _phrases(phrases) if tuple(words[: len(each)]) == each), 0)


def list_addressed(text: str) -> Iterator[tuple[str, Addressees]]:
    """Every way of reading the end of a text as those whom it is meant for, with what stands before; the longest first.

    Example: "ngày 20 hằng tháng cho các CĐCS thuộc khu Bắc" is "ngày 20 hằng tháng", for the grassroots unions below
    "khu Bắc".
    """
    spans = _spans(text)
    folded = [fold(text[start:end]).strip(_EDGES) for start, end in spans]
    for place, (start, _) in enumerate(spans):
        rest = folded[place:]
        lead = _leading(rest, _words().leads)
        if not lead and not _leading(rest, _words().several):
            continue
        found = _read([text[first:last] for first, last in spans[place + lead :]], rest[lead:])
        if found is not None:
            yield text[:start].strip(_EDGES), found


def list_subjects(text: str) -> Iterator[tuple[str, Addressees]]:
    """Every way of reading the beginning of a text as those who are to do what follows; the longest first.

    Only where a word for units stands first. Which of these is a unit's name is for whoever knows the units.

    Example: "CĐCS May Sông Xanh nộp hồ sơ" is, among others, "nộp hồ sơ", for "CĐCS May Sông Xanh".
    """
    spans = _spans(text)
    folded = [fold(text[start:end]).strip(_EDGES) for start, end in spans]
    several = _leading(folded, _words().several)
    kinds = _words().kinds
    kind = max(_leading(folded[several:], kinds.grassroots), _leading(folded[several:], kinds.any))
    if not kind:
        return
    shortest = several + kind + (0 if several else 1)
    for count in range(min(len(spans) - 1, _LONGEST_SUBJECT), shortest - 1, -1):
        found = _read([text[first:last] for first, last in spans[:count]], folded[:count])
        if found is not None:
            yield text[spans[count][0] :].strip(_EDGES), found


def find_workplaces(text: str) -> str:
    """Workplaces that something is said to be for, of which no word tells which units they are; empty for none.

    Example: "ngày 20/11 cho các bệnh viện nhé" is for "các bệnh viện".
    """
    spans = _spans(text)
    written = [text[start:end].strip(_EDGES) for start, end in spans]
    folded = [fold(word) for word in written]
    words = _words().workplaces
    for place in range(len(spans)):
        lead = _leading(folded[place:], words.leads)
        first = place + lead
        several = _leading(folded[first:], words.several) if lead else 0
        after = first + several
        noun = _noun(written[after:], (*words.single, *words.plural) if several else words.single, alone=not several)
        is_received = not several and place > 0 and _leading(folded[place - 1 :], words.sending)
        if not lead or not noun or is_received or _leading(folded[after:], words.others):
            continue
        last = after + noun
        while last < len(spans) and _goes_on_with_name(text, spans[last - 1], spans[last]):
            last += 1
        return text[spans[first][0] : spans[last - 1][1]].strip(_EDGES)
    return ""


def _noun(written: Sequence[str], nouns: tuple[str, ...], *, alone: bool) -> int:
    """How many of the words are one of the nouns with its marks, or typed without any; 0 for none.

    One syllable that stands `alone` must have its marks: "cho khỏi" typed without them is no "khối".
    """
    for noun in sorted(nouns, key=len, reverse=True):
        cut = noun.split()
        said = [spelling(word.lower()) for word in written[: len(cut)]]
        is_bare = all(map(str.isascii, said)) and (len(cut) > 1 or not alone)
        if said == [spelling(word) for word in cut] or (is_bare and said == [fold(word) for word in cut]):
            return len(cut)
    return 0


def _goes_on_with_name(text: str, before: tuple[int, int], word: tuple[int, int]) -> bool:
    """Whether a word is written as a name right behind another, with no mark between."""
    return text[before[1] - 1].isalnum() and text[word[0]].isupper()


def _spans(text: str) -> list[tuple[int, int]]:
    spans, end = [], 0
    for word in text.split():
        start = text.index(word, end)
        end = start + len(word)
        spans.append((start, end))
    return spans


def _read(written: Sequence[str], folded: Sequence[str]) -> Addressees | None:
    if not folded:
        return None
    words = _words()
    several = _leading(folded, words.several)
    after = folded[several:]
    grassroots, other = _leading(after, words.kinds.grassroots), _leading(after, words.kinds.any)
    kind = max(grassroots, other)
    said = " ".join(written).strip(_EDGES)
    link = _leading(after[kind:], words.links) if kind else 0
    if not several and not link:
        return Addressees(said, None, kind > 0, said)
    if not kind:
        return None
    is_direct = _leading(after[kind:], words.direct) == link > 0
    audience = Audience.GRASSROOTS if grassroots >= other else Audience.DIRECT if is_direct else Audience.ALL
    unit = " ".join(written[several + kind + link :]).strip(_EDGES)
    return Addressees(unit, audience, True, said)
