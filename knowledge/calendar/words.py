"""Words of time: a text cut into the signs that the grammars of this room match, each with its place in the text.

The signs are English ("day 20 each month"); which Vietnamese words stand for which is data, `words.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import msgspec
from rapidfuzz.distance import OSA

from knowledge.catalogue import read_toml
from knowledge.text import OLD_FONT, decode_telex, decode_vni, fold, is_syllable, spelling

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_OF_AMOUNTS = frozenset({"%", "$"})
_MARKS = frozenset("/-.:,")
_COUNTED = frozenset({"day", "week", "month"})
_UNITS = frozenset({"week", "month", "quarter", "year"})
_NUMBERED = frozenset({"ord", "month", "day", "quarter"})
_TENS = {"2": 20, "3": 30, "twenty": 20, "thirty": 30}
_AFTER_A_DAY = frozenset({"", ",", "before", "reason", "inclusive"})
_BEFORE_A_DAY = frozenset({":", ",", "day", "inclusive"})
_LED_TO = frozenset({"ord", "month", "quarter", "year", "day", "yearname", "today", "in1", "in2", "end", "day last"})
_DIGITS = {str(number): number for number in range(1, 10)} | {"fifth": 5}
_PAUSE = ","
UNKNOWN = "?"


class _Lists(msgspec.Struct, forbid_unknown_fields=True):
    """Lists of phrases."""

    words: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


class _WordList(msgspec.Struct, forbid_unknown_fields=True):
    """The shape of `words.toml`."""

    signs: dict[str, tuple[str, ...]]
    harmless: _Lists
    reasons: _Lists
    repair: _Lists
    shifting: _Lists


@dataclass(frozen=True, slots=True)
class _Phrase:
    marked: tuple[str, ...]
    sign: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign and the place, in the composed text, of the words it stands for.

    `bare` where they were typed without marks, `figure` where they are digits.
    """

    sign: str
    start: int
    end: int
    bare: bool = False
    figure: bool = False


@dataclass(frozen=True, slots=True)
class DateWords:
    """A text as signs; what is harmless has none. `text` is composed, and `signs` point into it."""

    text: str
    signs: tuple[Sign, ...]

    @property
    def key(self) -> str:
        """The signs as one line."""
        return " ".join(sign.sign for sign in self.signs)

    @property
    def wording(self) -> str:
        """The text from the first sign to the last, as it was written."""
        return self.text[self.signs[0].start : self.signs[-1].end] if self.signs else ""

    def part(self, first: int, end: int) -> DateWords:
        """The signs from `first` up to, not including, `end`."""
        return DateWords(self.text, self.signs[first:end])

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text the characters `start` to `end` of `key` come from."""
        first = self.key.count(" ", 0, start)
        last = self.key.count(" ", 0, max(end - 1, start))
        return self.signs[first].start, self.signs[last].end


@lru_cache(maxsize=1)
def _lists() -> _WordList:
    return read_toml(resources.files("knowledge.calendar").joinpath("words.toml"), _WordList)


@lru_cache(maxsize=1)
def _load() -> tuple[dict[tuple[str, ...], list[_Phrase]], int, frozenset[str]]:
    lists = _lists()
    table: dict[tuple[str, ...], list[_Phrase]] = {}
    groups = [*lists.signs.items(), ("", lists.harmless.words), ("reason", lists.reasons.begins)]
    for sign, phrases in groups:
        for phrase in phrases:
            cut = _TOKEN.findall(phrase)
            table.setdefault(tuple(fold(word) for word in cut), []).append(_Phrase(tuple(map(spelling, cut)), sign))
    return table, max(map(len, table)), frozenset(map(fold, lists.repair.words))


def _plain(letter: str) -> str:
    """One letter folded; what would become none or several letters stays one, so that places in the text hold."""
    bare = fold(letter.translate(OLD_FONT))[:1] or " "
    return "-" if bare in "–—−" else bare


def composed(text: str) -> str:
    """The text in composed letters, with stray combining marks gone."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in whole if not unicodedata.combining(letter))


def read_words(text: str) -> DateWords:
    """Cut `text` into signs; never fails.

    Example: "Trước ngày mười lăm hằng tháng nhé" has the key "before day 15 each month".
    """
    whole = composed(text)
    found = _match(whole)
    return DateWords(whole, tuple(_settled(found)))


def says_what(text: str) -> bool:
    """Whether a text names something to be done: it has a word that is not of time, or begins with a verb for it."""
    cut = [fold(word) for word in _TOKEN.findall(composed(text)) if word.isalnum()]
    if UNKNOWN in {sign.sign for sign in read_words(text).signs}:
        return True
    verbs = {tuple(fold(verb).split()) for verb in _lists().harmless.verbs}
    return any(tuple(cut[: len(verb)]) == verb and len(cut) > len(verb) for verb in verbs)


def ends_shifting(text: str) -> bool:
    """Whether a text ends with a word that moves a day by what follows: "xin lùi lại" does, "ốm" does not."""
    lists, left = _lists().shifting, fold(text).split()
    verbs = [tuple(fold(verb).split()) for verb in lists.verbs]
    joints = [tuple(fold(joint).split()) for joint in lists.joints]
    while left and not any(tuple(left[-len(verb) :]) == verb for verb in verbs):
        joint = next((each for each in joints if tuple(left[-len(each) :]) == each), None)
        if joint is None:
            return False
        del left[-len(joint) :]
    return bool(left)


def without_joint(title: str) -> str:
    """A title without the words that lead over to its time: "nộp biểu 3 vào" is "nộp biểu 3"."""
    joints = {each for joint in _lists().harmless.joints for each in (joint, fold(joint))}
    while (cut := title.rpartition(" "))[0] and cut[2].lower() in joints:
        title = cut[0].rstrip()
    return title


def _match(text: str) -> list[Sign]:
    table, longest, known = _load()
    folded = "".join(map(_plain, text))
    cuts = [match.span() for match in _TOKEN.finditer(folded)]
    written = [text[start:end].translate(OLD_FONT) for start, end in cuts]
    bare = [folded[start:end] for start, end in cuts]
    for place, word in enumerate(bare):
        if len(word) > 1 and word.isalpha() and (word,) not in table:
            written[place] = _repaired(written[place], known)
            bare[place] = fold(written[place])
    _join_keys(written, bare, cuts, known)
    signs: list[Sign] = []
    place = 0
    while place < len(cuts):
        sign, used = _at(table, longest, written, bare, place)
        span = cuts[place][0], cuts[place + used - 1][1]
        is_bare = all(map(str.isascii, written[place : place + used]))
        if sign.isdecimal() and len(sign) <= 2 and signs and signs[-1].sign == "hour" and signs[-1].end == span[0]:
            sign = f"m{sign}"
        if sign.isdecimal() and place + 1 < len(cuts) and bare[place + 1] in _OF_AMOUNTS:
            sign = UNKNOWN
        signs += [Sign(each, *span, is_bare, bare[place].isdecimal()) for each in sign.split()]
        place += used
    return signs


def _join_keys(written: list[str], bare: list[str], cuts: list[tuple[int, int]], known: frozenset[str]) -> None:
    """Undo VNI keys, whose figures were cut from their letters ("thang1"): in place."""
    place = 0
    while place + 1 < len(cuts):
        end = place + 1
        while end < len(cuts) and cuts[end][0] == cuts[end - 1][1] and bare[end].isalnum():
            end += 1
        if end - place > 1 and bare[place].isalpha():
            decoded = decode_vni("".join(bare[place:end]))
            if decoded is not None and fold(decoded) in known:
                written[place:end], bare[place:end] = [decoded], [fold(decoded)]
                cuts[place:end] = [(cuts[place][0], cuts[end - 1][1])]
        place += 1


def _repaired(word: str, known: frozenset[str]) -> str:
    """A word with raw keys or one slip of the finger undone, where that makes exactly one known word."""
    decoded = decode_telex(word)
    if decoded is not None and fold(decoded) in known:
        return decoded
    plain = fold(word)
    if is_syllable(plain):
        return word
    near = [each for each in sorted(known) if len(plain) > 3 and OSA.distance(plain, each, score_cutoff=1) <= 1]
    if not near and len(plain) > 3:
        near = [each for each in sorted(known) if len(each) > 3 and sorted(each) == sorted(plain)]
    return near[0] if len(near) == 1 else word


def _at(
    table: dict[tuple[str, ...], list[_Phrase]], longest: int, written: list[str], bare: list[str], place: int
) -> tuple[str, int]:
    """The sign of the longest phrase that begins at `place`, and how many words it takes."""
    word = bare[place]
    if word.isdecimal():
        return (str(int(word)) if len(word) <= 2 else word), 1
    fallback: tuple[str, int] | None = None
    for size in range(min(longest, len(bare) - place), 0, -1):
        phrases = table.get(tuple(bare[place : place + size]))
        if phrases is None:
            continue
        shapes = tuple(map(spelling, written[place : place + size]))
        typed = tuple(written[place : place + size])
        exact = next((each for each in phrases if each.marked == shapes), None)
        if exact is None:
            exact = next(
                (
                    each
                    for each in phrases
                    if all(
                        shape == mark or word.isascii()
                        for shape, mark, word in zip(shapes, each.marked, typed, strict=True)
                    )
                ),
                None,
            )
        elif all(map(str.isascii, typed)):
            exact = phrases[0]
        if exact is not None:
            return exact.sign, size
        if fallback is None and phrases[0].sign not in {"", "reason"}:
            fallback = phrases[0].sign, size
    if word in _MARKS:
        return word, 1
    if not word.isalnum():
        return _PAUSE if word in "();!?&+" else "", 1
    return fallback or (UNKNOWN, 1)


def _settled(signs: list[Sign]) -> list[Sign]:
    """Signs whose meaning their neighbours decide, and number words, made plain."""
    found: list[Sign] = []
    place = 0
    while place < len(signs):
        here, used = signs[place], 1
        sign = _by_neighbours(signs, place)
        after = [each.sign for each in signs[place + 1 : place + 3]] + ["", ""]
        tens = 0 if here.figure else _TENS.get(sign, 0)
        if sign == "1" and here.bare and not here.figure and after[0] in _AFTER_A_DAY:
            sign = "in2" if not found or found[-1].sign in _BEFORE_A_DAY else "1"
        if sign == "ten":
            sign, used = (str(10 + _ones(signs, place + 1)), 2) if _ones(signs, place + 1) else ("10", 1)
        elif tens and after[0] == "ten":
            ones = _ones(signs, place + 2)
            sign, used = str(tens + ones), 3 if ones else 2
        elif tens and (after[0] in {"fifth", "in2"} or (sign in {"twenty", "thirty"} and _ones(signs, place + 1))):
            sign, used = str(tens + (_ones(signs, place + 1) or 1)), 2
        elif sign == "fifth":
            sign = "5"
        found.append(Sign(sign, here.start, signs[place + used - 1].end, here.bare, here.figure))
        place += used
    return found


def _ones(signs: list[Sign], place: int) -> int:
    """The ones of a number in words at `place`; 0 where there are none."""
    if place >= len(signs) or signs[place].figure:
        return 0
    sign, later = signs[place].sign, signs[place + 1].sign if place + 1 < len(signs) else ""
    if sign == "or4" and not signs[place].bare:
        return 4
    if sign == "in2":
        return 1
    if sign == "year" and not signs[place].bare and later not in {"", "month", "quarter", ","}:
        return 0
    if sign == "year":
        return 5 if later in {"month", "times"} else 0
    return _DIGITS.get(sign, 0)


def _by_neighbours(signs: list[Sign], place: int) -> str:
    """ "năm" is five or year, "sau" six or after, "tu" four or from: the words around and the marks decide."""
    here = signs[place]
    sign, bare = here.sign, here.bare
    before = signs[place - 1].sign if place else ""
    earlier = signs[place - 2].sign if place > 1 else ""
    if sign == "now1":
        spans = before in _UNITS or before.startswith("wd") or (before.isdecimal() and earlier in _NUMBERED)
        return "this" if spans else "today"
    if here.figure or sign not in {"year", "after", "from", "or4", "6", "next"}:
        return sign
    later = [each.sign for each in signs[place + 1 : place + 4]] + ["", "", ""]
    if sign == "next":
        leads = later[0].isdecimal() or later[0] in _LED_TO
        return "to" if leads and (before not in _UNITS or earlier in {"each", "all"}) else "next"
    numbered = before in _NUMBERED and earlier not in {"each", "all"}
    counts = later[0] in _COUNTED and ("times" in later[1:3] or before in {"regular", "skip"})
    spans = later[0] in _COUNTED and later[1] in {"before", "later", "end", "closing"}
    if sign == "year":
        return "5" if numbered or counts or spans or later[0] == "hour" else "year"
    if sign in {"after", "6"}:
        if not bare:
            return sign
        return "6" if before == "ord" or counts else "after"
    if not bare:
        return "4" if sign == "or4" else "from"
    return "4" if numbered else "from"
