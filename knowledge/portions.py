"""Shares of a whole that are quoted without a figure, for a yes or no: "tất cả … đều", "một nửa"; data: the TOML."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Lists(msgspec.Struct, frozen=True, kw_only=True):
    """Lists of words; the file says of each what it is."""

    whole: tuple[str, ...]
    holds: tuple[str, ...]
    each_of: tuple[str, ...]
    counting: tuple[str, ...]
    no_share: tuple[str, ...]
    half: tuple[str, ...]
    vaguely: tuple[str, ...]
    of_time: tuple[str, ...]
    parts: tuple[str, ...]
    places: tuple[str, ...]


class _Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The words of fractions, by what they count."""

    upper: dict[str, int]
    lower: dict[str, int]


_WORDS = WordLists.of(read_toml(files("knowledge") / "portions.toml", _Lists))
_NUMBERS = read_toml(files("knowledge") / "portions.toml", _Numbers)
_UPPER = {fold(word): value for word, value in _NUMBERS.upper.items()}
_LOWER = {fold(word): value for word, value in _NUMBERS.lower.items()}
_ALL = Decimal(100)
_VAGUE = r"(?:%vaguely%)"
_WHOLE = _WORDS.composed(r"\b%whole% (?:%counting% )?+(?!%no_share%\b)(?:\w+ ){1,12}?%holds%\b")
_EACH = _WORDS.composed(r"(?<!\w)(?P<counted>[^\W\d]+(?: [^\W\d]+)?) %each_of%\b")
_HALF = _WORDS.composed(rf"(?:\b(?P<vague>{_VAGUE}) )?\b%half%\b(?! %of_time%\b)")
_FRACTION = _WORDS.composed(
    rf"(?:\b(?P<beside>{_VAGUE}|%places%) )?\b(?P<upper>{'|'.join(_UPPER)}) %parts% (?P<lower>{'|'.join(_LOWER)})\b"
)


def find_portion(text: str) -> Decimal | None:
    """The one share of a whole that a text without figures quotes, in percent; None where it quotes none, or several.

    Vague ones ("quá nửa") are none: what a plan sets may agree with them or not.

    Examples: "tất cả tổ trưởng đều phải tập huấn" → 100; "ba phần tư số tổ trưởng" → 75; "quá nửa" → None.
    """
    plain = " ".join(fold(text).replace(",", " ").split())
    found: set[Decimal] = set()
    if _WHOLE.search(plain) or any(_counts(match["counted"]) for match in _EACH.finditer(plain)):
        found.add(_ALL)
    for match in _HALF.finditer(plain):
        if match["vague"]:
            return None
        found.add(_ALL / 2)
    for match in _FRACTION.finditer(plain):
        upper, lower = _UPPER[match["upper"]], _LOWER[match["lower"]]
        if match["beside"]:
            return None
        if upper < lower:
            found.add(_ALL * upper / lower)
    return found.pop() if len(found) == 1 else None


def _counts(said: str) -> bool:
    """Whether what stands before "nào cũng" is counted by a target, and no time or place: not "năm nào cũng"."""
    words = said.split()
    return not any(" ".join(words[at:]) in _WORDS.folded("no_share") for at in range(len(words)))
