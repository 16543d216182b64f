"""The public and the private side named by one word: "công ty tư", "bên công với bên tư"; data: `sides.toml`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists

STATE, NON_STATE = "state", "non_state"
"""Ids of the populations that are the two sides."""


class _Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of words; the file says of each what it is."""

    places: tuple[str, ...]
    public_places: tuple[str, ...]
    join: tuple[str, ...]
    behind: tuple[str, ...]
    not_private: tuple[str, ...]
    private: tuple[str, ...]
    public: tuple[str, ...]


_LISTS: Final = read_toml(files("knowledge") / "sides.toml", _Lists)
_WORDS: Final = WordLists.of(_LISTS)
_NEXT: Final = r"(?P<next>\s*[^\w\s]|\s+\w+|$)"
_PRIVATE: Final = _WORDS.composed(rf"\b%places% (?P<side>%private%)\b{_NEXT}")
_PUBLIC: Final = _WORDS.composed(rf"\b%public_places% (?P<side>%public%)\b{_NEXT}")
_BESIDE: Final = _WORDS.composed(rf"\b%public%(?:\s*[,/\-]\s*|\s+%join%\s+)(?:%places% )?(?P<side>%private%)\b{_NEXT}")


def find_sides(text: str) -> tuple[str, ...]:
    """The sides (populations' ids) that a tidied text names by one word, the public one first.

    Examples: "công ty tư" → non_state; "trường công với trường tư" → both; "công ty từ 25 lao động", "bên công thương"
    → none.
    """
    plain = fold(text)
    if len(plain) != len(text):
        return ()
    both = any(_found(_BESIDE, plain, text, _LISTS.private))
    public = both or any(_found(_PUBLIC, plain, text, _LISTS.public))
    private = both or any(_found(_PRIVATE, plain, text, _LISTS.private))
    return tuple(side for side, is_named in ((STATE, public), (NON_STATE, private)) if is_named)


def _found(pattern: re.Pattern[str], plain: str, text: str, side: tuple[str, ...]) -> Iterator[bool]:
    """Where a pattern finds a side's word that stands by itself.

    The private one may be followed by whatever makes no other word of it where it is typed with its marks.
    """
    for found in pattern.finditer(plain):
        start, end = found.span("side")
        typed, following = text[start:end].lower(), found["next"].strip()
        is_marked = typed != plain[start:end]
        if is_marked and typed not in side:
            continue
        alone = not following or not following[0].isalnum() or following in _WORDS.folded("behind")
        if alone or (is_marked and side is _LISTS.private and following not in _WORDS.folded("not_private")):
            yield True
