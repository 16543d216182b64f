"""How people are addressed: anh or chị where a name tells it for all but certain, or they chose; else anh/chị."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from html import escape
from typing import Final

from knowledge.text import fold, tidy


class Called(StrEnum):
    """A form of address; the values are kept in the database. `OPEN` is anh/chị."""

    ANH = "anh"
    CHI = "chi"
    OPEN = ""


Wording = Callable[[str], str]
"""Makes a text as it is said to somebody."""

WORDS: Final = {Called.ANH: "anh", Called.CHI: "chị", Called.OPEN: "anh/chị"}

# fmt: off
_FAMILY_NAMES: Final = frozenset({
    "an", "au", "bach", "banh", "bien", "bo", "bui", "cao", "chau", "chu", "chung", "cu", "dam", "dang", "danh",
    "dao", "dau", "diep", "dinh", "do", "doan", "dong", "duong", "giang", "giap", "ha", "han", "ho", "hoang",
    "hong", "hua", "huynh", "kha", "khong", "khuat", "kieu", "kim", "la", "lai", "lam", "le", "lieu", "lo", "lu",
    "luong", "luu", "ly", "ma", "mac", "mach", "mai", "nghiem", "ngo", "nguy", "nguyen", "nhan", "ninh", "nong",
    "on", "pham", "phan", "phi", "pho", "phung", "quach", "quan", "quang", "ta", "tang", "thach", "thai", "than",
    "tieu", "to", "ton", "tong", "tran", "trang", "trieu", "trinh", "truong", "tu", "ung", "uong", "van", "vi",
    "vo", "vu", "vuong",
})
# fmt: on
"""Vietnamese family names, folded. They come first, and people are called by the name that comes last."""

_TITLES: Final = {
    "mr": Called.ANH,
    "ông": Called.ANH,
    "thầy": Called.ANH,
    "ms": Called.CHI,
    "mrs": Called.CHI,
    "miss": Called.CHI,
    "bà": Called.CHI,
    "cô": Called.CHI,
    "chị": Called.CHI,
}
"""What people put before their names. "Anh" is none: it is a name as well, of women too (Anh Thư)."""

_OF_WOMEN, _OF_MEN = "thị", "văn"
_BEHIND: Final = re.compile(r"\s+[-–—]\s.*|\s*[(|/,].*")
"""What stands behind a name: a place of work, a number."""

_EDE_WOMAN: Final = re.compile(r"H['’ʼ`]\s?[^\W\d_]")
"""Names of women of the Ê Đê, Mnông and Gia Rai begin so. Y before a name says nothing: men of the Ê Đê, and women of
the Xơ Đăng."""

_FEWEST_OF_FULL: Final = 3
_QUOTED: Final = re.compile(r"“[^”]*”|<blockquote>.*?</blockquote>|———\n.*?\n———|:\s*<i>.*?</i>", re.DOTALL)
"""What somebody wrote stays as they wrote it."""

_ADDRESSED: Final = re.compile(r"(?<!\w)([Aa])nh/chị(?!\w)(?! (?:ấy|em)(?!\w))")


def address(name: str) -> str:
    """How somebody is addressed: "anh/chị Hoa" for Nguyễn Thị Hoa, by the whole name where it is no Vietnamese one.

    `word_for` makes "chị Hoa" of it.
    """
    _, words = _read(name)
    if not words:
        return "anh/chị"
    is_vietnamese = len(words) > 1 and fold(words[0]) in _FAMILY_NAMES
    shown = words[-1:] if is_vietnamese else words
    return f"anh/chị {escape(' '.join(_cased(word) for word in shown))}"


def guess_called(name: str) -> Called:
    """The form of address that a name tells for all but certain, `OPEN` where it does not. Pure.

    "Thị" between other names is a woman's, "Văn" right behind the family name a man's. Without marks "Van" may be Vân,
    and "Thi" beside marks is a name of its own, so neither tells anything.

    Examples: Nguyễn Thị Hoa → chị; Lê Văn Hùng → anh; NGUYEN THI HOA → chị; Nguyen Van Anh, Trần Khánh → open
    """
    title, words = _read(name)
    told = _guess(words)
    if title is not None and told not in {Called.OPEN, title}:
        return Called.OPEN
    return title or told


def _guess(words: Sequence[str]) -> Called:
    lowered = [word.lower() for word in words]
    if _EDE_WOMAN.match(" ".join(words)):
        return Called.CHI
    between = lowered[1:-1]
    is_plain = all(map(str.isascii, lowered)) and bool(lowered) and lowered[0] in _FAMILY_NAMES
    if _OF_WOMEN in between or (is_plain and fold(_OF_WOMEN) in between):
        return Called.CHI
    if lowered[:1] == [_OF_WOMEN]:  # women of the Xtiêng and the Khmer, whose names begin so
        return Called.CHI if len(lowered) > 1 and _OF_MEN not in lowered else Called.OPEN
    if len(lowered) >= _FEWEST_OF_FULL and lowered[1] == _OF_MEN and lowered[0] != _OF_MEN:
        return Called.ANH
    return Called.OPEN


def _read(name: str) -> tuple[Called | None, list[str]]:
    """What is put before a name, and the words of the name itself."""
    words = [word.strip('.,;:!?"“”') for word in _BEHIND.sub("", tidy(name)).split()]
    words = [word for word in words if any(map(str.isalpha, word))]
    title = _TITLES.get(words[0].lower()) if len(words) > 1 else None
    if title is not None:
        words = words[1:]
    return title, [word for word in words if not any(map(str.isdigit, word))] or words


def _cased(word: str) -> str:
    return word.capitalize() if word.islower() or (word.isupper() and len(word) > 1) else word


def find_called(name: str, chosen: str | None) -> Called:
    """The form of address in force: the one chosen, or what the name tells where nothing was (None)."""
    return guess_called(name) if chosen is None else Called(chosen)


def word_for(name: str, chosen: str | None) -> Wording:
    """What makes "Chào anh/chị Hoa. Anh/chị gõ…" what is said to her: "Chào chị Hoa. Chị gõ…"; quoted words stay."""
    called = find_called(name, chosen)
    return (lambda text: text) if called is Called.OPEN else (lambda text: _say(text, called))


def _say(text: str, called: Called) -> str:
    word = WORDS[called]

    def put(found: re.Match[str]) -> str:
        return word.capitalize() if found[1] == "A" else word

    said, begun = [], 0
    for quoted in _QUOTED.finditer(text):
        said += [_ADDRESSED.sub(put, text[begun : quoted.start()]), quoted[0]]
        begun = quoted.end()
    return "".join([*said, _ADDRESSED.sub(put, text[begun:])])
