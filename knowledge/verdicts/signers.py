"""Who signed, as a question quotes it: a name, whole or in part, or only an office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.text import fold, fold_words
from knowledge.verdicts.words import ADDRESSES, WORDS

LONGEST_NAME: Final = 4
"""Syllables of a person's name."""

NEAR: Final = 6
"""Syllables between a name and the word for signing beside it."""

_SIGNS: Final = WORDS.composed(r"(?<!\w)%signs%(?!\w)")
_PERSON: Final = WORDS.composed(r"(?<!\w)%persons%\s+")
_TITLED: Final = WORDS.composed(r"(?<!\w)(?P<title>%titles%)(?: \w+){0,5}? %signs%(?!\w)")
_SIGNED_BY: Final = WORDS.composed(r"(?<!\w)%signs%(?: \w+){0,3}? (?:%before_person%) (?P<title>%titles%)(?!\w)")
_BEFORE_PERSON: Final = WORDS.composed(r"(?<!\w)%before_person%\s*$")
_SIGNED_IS: Final = WORDS.composed(r"(?<!\w)%signer%(?: \w+){0,4}? %is% ")
_SAYS: Final = WORDS.composed(r"\s+%sayings%(?!\w)")
_BEFORE_PLACE: Final = WORDS.composed(r"(?<!\w)%before_places%\s*$")
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person's name as a question quotes it, in folded syllables, and where it stands."""

    name: tuple[str, ...]
    start: int
    end: int

    def is_of(self, signer: str) -> bool:
        """Whether it is that person's name, or a part of it that people are called by.

        Examples for "Lê Quang Tùng": "Tùng", "Quang Tùng", "Lê Tùng", "Lê"; not "Quang", nor "Lê Quang Hải".
        """
        whole = tuple(fold_words(signer))
        if self.name == whole or self.name == whole[-len(self.name) :] or self.name == whole[:1]:
            return True
        return (
            len(self.name) > 1
            and self.name[-1] == whole[-1]
            and self.name[0] == whole[0]
            and set(self.name) <= set(whole)
        )


def speaks_of_signing(claim: str, at: int | None = None) -> bool:
    """Whether a folded text speaks of a signature on a paper: not of signing agreements, nor of terms and dates.

    Args:
        at: where the word for it stands, if only that one is meant; what is no such word there is taken for another.
    """
    found = list(_SIGNS.finditer(claim))
    if at is not None:
        found = [match for match in found if match.start() == at]
        if not found:
            return True
    for match in found:
        before = re.findall(r"\w+", claim[: match.start()])[-1:]
        behind = " ".join(re.findall(r"\w+", claim[match.end() :])[:3])
        follows = any(behind == each or behind.startswith(f"{each} ") for each in WORDS.folded("signs_more"))
        if not follows and (not before or before[0] not in WORDS.folded("signs_less")):
            return True
    return False


def find_person(text: str, signers: Iterable[str]) -> NamedPerson | None:
    """The person whom a tidied text names as who signed; None where it names none.

    Known signers are found by their whole names; others behind a word of address, or in capitals beside the signing.

    Args:
        signers: whole names, with their marks.
    """
    folded = fold(text)
    if len(folded) != len(text):
        text = folded
    known = [found for signer in signers for found in _whole(folded, fold_words(signer))]
    if known:
        return max(known, key=lambda each: len(each.name))
    parts = {tuple(words[at:]) for signer in signers for words in [fold_words(signer)] for at in range(len(words))}
    led = _led(folded, text)
    found = [
        each for each in (*led, *_addressed(text, folded, parts), *_in_capitals(text, folded)) if _is_near(each, folded)
    ]
    return max(found, key=lambda each: len(each.name), default=None)


def find_title(claim: str) -> str:
    """The office of whom a folded text names as who signed; empty where it names none."""
    found = _TITLED.search(claim) or _SIGNED_BY.search(claim)
    return found["title"] if found else ""


def _whole(folded: str, name: Sequence[str]) -> Iterator[NamedPerson]:
    for match in re.finditer(r"(?<!\w)" + r"\s+".join(map(re.escape, name)) + r"(?!\w)", folded):
        yield NamedPerson(tuple(name), *match.span())


def _addressed(text: str, folded: str, parts: set[tuple[str, ...]]) -> Iterator[NamedPerson]:
    for match in _PERSON.finditer(folded):
        written = text[match.start() : match.end()].strip().lower()
        if not written.isascii() and written not in ADDRESSES:
            continue
        taken = list(_name_from(text, folded, match.end()))
        if not taken:
            continue
        name = tuple(folded[start:end] for start, end in taken)
        is_written = text[taken[0][0]].isupper()
        is_led = _BEFORE_PERSON.search(folded[: match.start()]) is not None
        is_followed = _SIGNS.match(folded[taken[-1][1] :].lstrip()) is not None
        titled = _TITLED.match(folded[taken[-1][1] :].lstrip(" ,(")) is not None
        if _SAYS.match(folded, taken[-1][1]):
            continue
        if name in parts or is_written or is_led or is_followed or titled:
            yield NamedPerson(name, match.start(), taken[-1][1])


def _led(folded: str, text: str) -> Iterator[NamedPerson]:
    """A name of two syllables and more right behind "người ký là", in capitals or not."""
    for match in _SIGNED_IS.finditer(folded):
        taken = list(_name_from(text, folded, match.end()))
        name = tuple(folded[start:end] for start, end in taken)
        if len(name) > 1 and WORDS.folded("no_names").isdisjoint(name[:1]):
            yield NamedPerson(name, taken[0][0], taken[-1][1])


def _name_from(text: str, folded: str, start: int) -> Iterator[tuple[int, int]]:
    """The syllables of a name from a place on, up to a word that is none."""
    is_capital = text[start : start + 1].isupper()
    last = start
    for at, match in enumerate(_WORD.finditer(folded, start)):
        gap = folded[last : match.start()]
        is_middle = at == 1 and match[0] in WORDS.folded("middle_names")
        over = gap.strip() or at >= LONGEST_NAME or (is_capital and not text[match.start()].isupper())
        if over or (not is_capital and not is_middle and _ends_name(folded, match.start())):
            return
        if match[0] in WORDS.folded("ends_small_names") and not is_capital:
            return
        last = match.end()
        yield match.span()


def _ends_name(folded: str, at: int) -> bool:
    behind = folded[at:]
    return any(behind == each or re.match(rf"{re.escape(each)}(?!\w)", behind) for each in WORDS.folded("after_names"))


def _in_capitals(text: str, folded: str) -> Iterator[NamedPerson]:
    """Runs of two to four capitalised syllables, none of which stands in the name of a body or place."""
    for match in re.finditer(r"(?<!\w)[^\W\d_a-z]\w+(?: [^\W\d_a-z]\w+){1,3}(?!\w)", text):
        if not all(word[0].isupper() and (len(word) < 2 or not word.isupper()) for word in match[0].split()):
            continue
        name = tuple(folded[match.start() : match.end()].split())
        behind = folded[match.end() :].lstrip(" ,(")
        is_beside = _SIGNS.match(behind) or _TITLED.match(behind) or _BEFORE_PERSON.search(folded[: match.start()])
        is_place = _BEFORE_PLACE.search(folded[: match.start()]) is not None
        if is_beside and not is_place and WORDS.folded("no_names").isdisjoint(name):
            yield NamedPerson(name, *match.span())


def _is_near(named: NamedPerson, folded: str) -> bool:
    """Whether the word for signing stands near a name."""
    return any(
        len(folded[min(named.end, match.end()) : max(named.start, match.start())].split()) <= NEAR
        for match in _SIGNS.finditer(folded)
    )
