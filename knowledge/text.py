"""Text as people type it, brought to one form: Unicode, old fonts, tone marks, Telex and VNI keys, slips."""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

OLD_FONT = str.maketrans({"ƣ": "ư", "Ƣ": "Ư", "Ð": "Đ", "ð": "đ"})
"""Letters that old fonts put in the place of others, for `str.translate`."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'"))
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_BLANKS = re.compile(r"\s+")


def tidy(text: str) -> str:
    """The text with composed Unicode, letters of old fonts repaired, invisible marks gone and blanks single."""
    if _PLAIN.issuperset(text):
        return (_BLANKS.sub(" ", text) if "  " in text else text).strip()
    composed = unicodedata.normalize("NFKC", _TAG.sub(" ", html.unescape(text))).translate(OLD_FONT)
    composed = unicodedata.normalize("NFC", composed).translate(_DASHES)
    return _BLANKS.sub(" ", composed.translate(_VISIBLE)).strip()


class _ByCategory(dict[int, int | str | None]):
    """A table for `str.translate` by Unicode categories; what is not told of stays. Common letters are remembered."""

    LAST_REMEMBERED = 0x2FFF

    def __init__(self, told: Mapping[str, str | None]) -> None:
        """`told`: a category → what its characters become; None takes them away."""
        super().__init__()
        self._told = told

    def __missing__(self, code: int) -> int | str | None:
        found = self._told.get(unicodedata.category(chr(code)), code)
        if code <= self.LAST_REMEMBERED:
            self[code] = found
        return found


_VISIBLE = _ByCategory(dict.fromkeys(("Cf", "Co", "Cs", "Cn")) | dict.fromkeys(("Zl", "Zp", "Cc"), " "))
_UNMARKED = _ByCategory({"Mn": None})


def _is_plain(letter: str) -> bool:
    """Whether `tidy` leaves a letter as it is, whatever stands beside it."""
    told = _VISIBLE[ord(letter)] == ord(letter) and ord(letter) not in OLD_FONT and ord(letter) not in _DASHES
    return told and letter not in "<&" and unicodedata.normalize("NFKC", letter) == letter


_PLAIN = frozenset(filter(_is_plain, map(chr, (*range(0x20, 0x300), *range(0x1E00, 0x1F00)))))
"""Latin letters and signs of which nothing has to be repaired: what nearly every message consists of."""


def raised(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def shorten(text: str, longest: int) -> str:
    """The beginning of a sentence, cut between words, with "…" where something is left out."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:–") + "…"


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without any mark: "Thỏa ước" and "thoả ƯỚC" both become "thoa uoc"."""
    lowered = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    return unicodedata.normalize("NFC", lowered.translate(_UNMARKED))


@lru_cache(maxsize=16384)
def spelling(text: str) -> str:
    """The letters of a syllable and then its marks, so that hòa and hoà are one spelling, and 113 and 131 are two."""
    written = unicodedata.normalize("NFD", text.lower().replace("đ", "d\u0335"))
    letters = [sign for sign in written if not unicodedata.combining(sign)]
    return "".join(letters + sorted(sign for sign in written if unicodedata.combining(sign)))


_WORD = re.compile(
    r"[^\W\d_]{2,}(?=20\d\d(?!\d))|\d+(?:[.,]\d{3})+(?!\d)|\d{1,2}/\d{1,2}(?![\d/])|\d+(?:[.,]\d+)?%?|[^\W_]+|%"
)


def words(text: str) -> list[str]:
    """The syllables, numbers and percent signs of a tidied text, in order; punctuation is dropped."""
    return _WORD.findall(text)


@lru_cache(maxsize=32768)
def _folded(run: str) -> tuple[str, ...]:
    return tuple(map(fold, words(run)))


def has_phrase(spoken: Sequence[str], phrases: Iterable[tuple[str, ...]]) -> bool:
    """Whether one of the phrases, as words, stands among the words."""
    said = tuple(spoken)
    for each in phrases:
        if each[0] in said if each else said:
            size = len(each)
            if any(said[at : at + size] == each for at in range(len(said) - size + 1)):
                return True
    return False


def fold_words(text: str) -> list[str]:
    """The syllables of `words`, folded.

    Quick for the many texts of a catalogue, as what stands between two blanks is met again and again.
    """
    return list(itertools.chain.from_iterable(map(_folded, text.split())))


# --- Telex and VNI ---------------------------------------------------------------------------------------------------

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TELEX_SHAPES = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_SHAPES = {"a6": "â", "e6": "ê", "o6": "ô", "a8": "ă", "o7": "ơ", "u7": "ư", "d9": "đ"}

_ONSET = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx]"
_OPEN_RIME = (
    "oai|oay|oeo|uây|uay|uai|uyu|uya|iêu|ieu|yêu|yeu|uôi|uoi|ươi|ươu|uou|"
    "ưa|ia|ua|ai|ao|au|ay|âu|ây|eo|êu|eu|iu|oi|ôi|ơi|ui|ưi|ưu|oa|oe|uê|ue|uơ|uy|[aeêioôơuưy]"
)
_CLOSED_RIME = "uyê|uye|iê|ie|yê|ye|uô|uo|ươ|ưo|uơ|oa|oă|oe|uâ|ua|uê|ue|uy|[aăâeêioôơuưy]"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:(?:{_CLOSED_RIME})(?:ch|ng|nh|[cmnpt])|(?:{_OPEN_RIME}))")


def is_syllable(text: str) -> bool:
    """Whether the lower-case text has the shape of a Vietnamese syllable, with or without its marks."""
    bare = unicodedata.normalize("NFD", text)
    toneless = unicodedata.normalize("NFC", "".join(c for c in bare if c not in "\u0301\u0300\u0309\u0303\u0323"))
    return _SYLLABLE.fullmatch(toneless) is not None


def _shaped(keys: str, shapes: Mapping[str, str]) -> str:
    for pair, letter in shapes.items():
        keys = keys.replace(pair, letter)
    return keys


def decode_telex(word: str) -> str | None:
    """The syllable that these Telex keys write ("chuwcs" → "chức"), or None where they write none."""
    keys = word.lower()
    if not keys.isascii() or not keys.isalpha():
        return None
    tone = ""
    vowel = next((i for i, c in enumerate(keys) if c in "aeiouyw"), len(keys))
    marks = [i for i, c in enumerate(keys) if i > vowel and c in _TELEX_TONES]
    if marks and keys[marks[-1]] == keys[-1]:
        tone, keys = _TELEX_TONES[keys[-1]], keys[:-1]
    elif marks and not is_syllable(keys):
        tone, keys = _TELEX_TONES[keys[marks[-1]]], keys[: marks[-1]] + keys[marks[-1] + 1 :]
    keys = keys.replace("aaw", "aw")
    late = re.fullmatch(r"(.*?)([aeo])(.*)\2", keys)
    if late and not is_syllable(_shaped(keys, _TELEX_SHAPES)):
        keys = late[1] + late[2] * 2 + late[3]
    shaped = _shaped(keys.replace("uow", "ươ").replace("uwow", "ươ"), _TELEX_SHAPES)
    if "w" in shaped:
        shaped = re.sub(r"([uoa])([^w]*)w", lambda m: {"u": "ư", "o": "ơ", "a": "ă"}[m[1]] + m[2], shaped, count=1)
        shaped = shaped.replace("w", "ư")
    if shaped == keys and not tone:
        return None
    return _toned(shaped, tone)


def decode_vni(word: str) -> str | None:
    """The syllable that these VNI keys write ("nu7o71c" → "nước"), or None where they write none."""
    keys = word.lower()
    if not re.fullmatch(r"[a-z]+(?:[a-z]*[1-9]+)+[a-z]*", keys):
        return None
    found = [c for c in keys if c in _VNI_TONES]
    if len(found) > 1:
        return None
    tone = _VNI_TONES[found[0]] if found else ""
    keys = "".join(c for c in keys if c not in _VNI_TONES)
    keys = re.sub(r"([aeoud])([a-z]*)([6-9])", lambda m: _moved(m[1], m[2], m[3]), keys)
    shaped = _shaped(keys.replace("uo7", "ươ"), _VNI_SHAPES)
    if any(c.isdigit() for c in shaped):
        return None
    return _toned(shaped, tone)


def decode_keys(word: str) -> str:
    """The syllable that raw Telex or VNI keys write; a word that is a syllable, or none in keys, stays as it is.

    Examples: "chuwcs" → "chức"; "chi3" → "chỉ"; "bao" → "bao".
    """
    keys = word.lower()
    if not keys.isascii() or not keys[:1].isalpha() or is_syllable(keys):
        return word
    return decode_vni(keys) or decode_telex(keys) or word


def _moved(letter: str, between: str, digit: str) -> str:
    return letter + digit + between if letter + digit in _VNI_SHAPES else letter + between + digit


def _toned(shaped: str, tone: str) -> str | None:
    if not is_syllable(shaped):
        return None
    spot = next((i for i in range(len(shaped) - 1, -1, -1) if shaped[i] in "ăâêôơư"), None)
    if spot is None:
        vowels = [i for i, c in enumerate(shaped) if c in "aeiouy" and not (c in "ui" and shaped[:i] in {"q", "g"})]
        spot = (
            vowels[1]
            if len(vowels) > 2 or (len(vowels) == 2 and shaped[-1] not in "aeiouy")
            else vowels[0]
            if vowels
            else None
        )
    if spot is None:
        return None
    return unicodedata.normalize("NFC", shaped[: spot + 1] + tone + shaped[spot + 1 :])
