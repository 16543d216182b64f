"""The folded shadow of a text, one letter for one letter, so that places found in it are places in the text."""

from __future__ import annotations

import unicodedata
from typing import Final

from knowledge.text import OLD_FONT

_DASHES: Final = dict.fromkeys("‐‑‒–—―−\u00ad", "-")
_QUOTES: Final = dict.fromkeys("“”„«»＂", '"') | dict.fromkeys("‘’", "'")
_SIGNS: Final = {"％": "%", "﹪": "%", "⁄": "/", "∕": "/", "：": ":", "；": ";", "，": ",", "．": "."}
_SAME: Final = _DASHES | _QUOTES | _SIGNS


def compose(text: str) -> str:
    """The text in composed Unicode (NFC) without invisible marks; line breaks and tabs stay."""
    if text.isascii():
        return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in composed if _is_visible(letter))


def _is_visible(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return (letter.isascii() and letter >= " ") or unicodedata.category(letter) not in {
        "Cf",
        "Mn",
        "Me",
        "Cc",
        "Cs",
        "Cn",
    }


class _Letters(dict[int, str]):
    """What each letter becomes, worked out once."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _fold_letter(chr(code))
        return found


def _fold_letter(letter: str) -> str:
    letter = letter.translate(OLD_FONT)
    if letter in _SAME:
        return _SAME[letter]
    if letter.isspace():
        return " "
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.decimal(letter))
    low = letter.lower().replace("đ", "d")
    return unicodedata.normalize("NFD", low)[0]


_LETTERS: Final = _Letters()


def shadow(text: str) -> str:
    """Lower case without any mark, as long as the text: `shadow(t)[a:b]` is the shadow of `t[a:b]`.

    Example: "Thoả ƯỚC – 80％" becomes "thoa uoc - 80%".
    """
    return text.translate(_LETTERS)


def mend_font(text: str) -> str:
    """The text with letters that an old font put in the place of others ("ngƣời" → "người")."""
    return text.translate(OLD_FONT)
