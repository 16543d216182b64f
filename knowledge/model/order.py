"""The order in which people look units up, and the one in which they are offered what they have not sent. Pure.

Units stand by the Vietnamese alphabet, numbers by their size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from typing import Final, TypeVar

_T = TypeVar("_T")

_LETTERS: Final = {"\u0306": "|", "\u0302": "}", "\u031b": "~"}
"""Marks that make another letter, each behind every letter without one: breve, circumflex, horn."""

_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Marks of tones, in the order of dictionaries: they count only where all letters are the same."""

_STROKE: Final = "\u0111"


def order_key(name: str, code: str = "") -> str:
    """What a unit is sorted by, byte by byte: its name, then its code.

    Đ comes after D and Ă after A; "CS2" before "CS10"; case and signs do not count. Dictionaries of Vietnamese order
    letters so, and tones behind them: level, grave, hook, tilde, acute, dot below.

    Example: "CS Đồng 2" → "cs d~o}ng 0012", its tones behind: a number has its length before it.
    """
    letters, tones = _spell(name)
    return "  ".join((letters, tones, _spell(code)[0]))


def split_latest(
    missing: Iterable[_T], *, kind: Callable[[_T], Hashable], due_on: Callable[[_T], date]
) -> tuple[list[_T], list[_T]]:
    """What is missing as it is offered everywhere: the latest of each kind, by due date, then those from before.

    A unit that was registered long ago, or began in mid-year, may miss months that nobody asks for any more: what is
    due now comes first, and nothing that is missing is left out. Equal due dates keep the order given.

    Example: August, October and a quarter due on 15/10 → [the quarter, October], [August]
    """
    by_day = sorted(missing, key=due_on)
    last = {kind(each): place for place, each in enumerate(by_day)}
    places = set(last.values())
    return (
        [each for place, each in enumerate(by_day) if place in places],
        [each for place, each in enumerate(by_day) if place not in places],
    )


def _spell(text: str) -> tuple[str, str]:
    """The letters of a text as they are compared, and its tones, a digit a word."""
    words, tones = [], []
    for word in _split(unicodedata.normalize("NFKD", text.casefold())):
        if word[0].isdecimal():
            number = word.lstrip("0") or "0"
            words.append(f"{len(number):03}{number}")
        else:
            kept = (_LETTERS.get(letter, "" if unicodedata.combining(letter) else letter) for letter in word)
            words.append("".join(kept).replace(_STROKE, "d~"))
            tones.append(next((_TONES[letter] for letter in word if letter in _TONES), "0"))
    return " ".join(words), "".join(tones)


def _split(text: str) -> Iterator[str]:
    """Runs of digits, and runs of letters with their marks."""
    word = ""
    for letter in text:
        is_part = letter.isdecimal() or letter.isalpha() or bool(unicodedata.combining(letter))
        if word and (not is_part or letter.isdecimal() != word[-1].isdecimal()):
            yield word
            word = ""
        if is_part and (word or not unicodedata.combining(letter)):
            word += letter
    if word:
        yield word
