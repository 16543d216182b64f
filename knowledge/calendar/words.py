"""Words of time: a text cut into the signs that the grammars of this room match, each with its place in the text.

The signs are English ("day 20 each month"); which Vietnamese words stand for which is data, `words.toml`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rapidfuzz.distance import OSA

from knowledge.calendar.lists import AsideWords, EverydayMoments, WordList
from knowledge.calendar.named_days import signs_of_named_days, without_names_of_days
from knowledge.calendar.signs import MOMENT, NAMED_DAY, UNKNOWN, Sign
from knowledge.catalogue import read_toml
from knowledge.text import OLD_FONT, decode_telex, decode_vni, fold, is_syllable, spelling

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_HELD_KEY = re.compile(r"([uiy])\1")
_VNI = re.compile(r"[a-z][6-9][a-z1-5]")
_OF_AMOUNTS = frozenset({"%", "$"})
_MARKS = frozenset("/-.:,")
_COUNTED = frozenset({"day", "week", "month"})
_UNITS = frozenset({"week", "month", "quarter", "year"})
_NUMBERED = frozenset({"ord", "month", "day", "quarter"})
_TENS = {"2": 20, "3": 30, "twenty": 20, "thirty": 30}
_AFTER_A_DAY = frozenset({"", ",", "before", "reason", "inclusive"})
_BEFORE_A_DAY = frozenset({":", ",", "day", "inclusive"})
_LED_TO = frozenset({"ord", "month", "quarter", "year", "day", "yearname", "today", "in1", "in2", "end", "day last"})
_NAMES = frozenset({*"123456789", "ten", "or4", "in1", "year", "solar", "end", "start"})
_PLACES = frozenset({"first", "last", "start", "end", "ord"})
_DATED = frozenset({"day", "before", "inclusive"})
_HIGH = frozenset({"thousand", "hundred"})
_DIGITS = {str(number): number for number in range(1, 10)} | {"fifth": 5}
_PAUSE = ","


@dataclass(frozen=True, slots=True)
class _Phrase:
    marked: tuple[str, ...]
    sign: str


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word, figure or mark of a text, harmless or not, raw keys undone, and its place."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DateWords:
    """A text as signs; what is harmless has none. `text` is composed, and `signs` point into it."""

    text: str
    signs: tuple[Sign, ...]
    tokens: tuple[HeardWord, ...] = ()

    @property
    def key(self) -> str:
        """The signs as one line."""
        return " ".join(sign.sign for sign in self.signs)

    @property
    def wording(self) -> str:
        """The text from the first sign to the last, as it was written."""
        return self.text[self.signs[0].start : self.signs[-1].end] if self.signs else ""

    def part(self, first: int, end: int) -> DateWords:
        """The signs from `first` up to, not including, `end`, with the words between their neighbours."""
        start = self.signs[first - 1].end if first else 0
        stop = self.signs[end].start if end < len(self.signs) else len(self.text)
        return DateWords(self.text, self.signs[first:end], tuple(self.heard(start, stop)))

    def heard(self, start: int, end: int) -> list[HeardWord]:
        """All words between two places of the text, the harmless ones, too."""
        return [token for token in self.tokens if start <= token.start and token.end <= end]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text the characters `start` to `end` of `key` come from."""
        first = self.key.count(" ", 0, start)
        last = self.key.count(" ", 0, max(end - 1, start))
        return self.signs[first].start, self.signs[last].end


@lru_cache(maxsize=1)
def _lists() -> WordList:
    return read_toml(resources.files("knowledge.calendar").joinpath("words.toml"), WordList)


@lru_cache(maxsize=1)
def _load() -> tuple[dict[tuple[str, ...], list[_Phrase]], int, frozenset[str]]:
    lists = _lists()
    table: dict[tuple[str, ...], list[_Phrase]] = {}
    groups = [*lists.signs.items(), ("", lists.harmless.words), ("reason", lists.reasons.begins)]
    groups += [(MOMENT, tuple(_moments(lists.moments))), *signs_of_named_days(lists.named_days)]
    for sign, phrases in groups:
        for phrase in phrases:
            cut = _TOKEN.findall(phrase)
            table.setdefault(tuple(fold(word) for word in cut), []).append(_Phrase(tuple(map(spelling, cut)), sign))
    return table, max(map(len, table)), frozenset(map(fold, lists.repair.words))


def _moments(moments: EverydayMoments) -> Iterator[str]:
    """Every way to say a moment of everybody's day: "trước khi tan ca", "trước giờ anh em nghỉ trưa"."""
    of_somebody = itertools.product(moments.leads_of_somebody, moments.who, moments.deeds)
    yield from map(" ".join, (*itertools.product(moments.leads, moments.deeds), *of_somebody))
    yield from moments.alone


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    """Words for people, behind which a name may stand."""
    return frozenset(map(fold, _lists().beside.people))


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
    found, tokens = _match(whole)
    return DateWords(whole, tuple(without_names_of_days(_settled(found))), tokens)


def aside_words() -> AsideWords:
    """The lists that tell an aside from what may change a date."""
    return _lists().beside


def says_what(text: str) -> bool:
    """Whether a text names something to be done: it has a word that is not of time, or begins with a verb for it."""
    if {UNKNOWN, NAMED_DAY} & {sign.sign for sign in read_words(text).signs}:
        return True
    return begins_with_verb(text, more=1)


def begins_with_verb(text: str, *, more: int = 0) -> bool:
    """Whether a text begins with a verb for what is to be done, with so many `more` words behind it, or more."""
    cut = [fold(word) for word in _TOKEN.findall(composed(text)) if word.isalnum()]
    verbs = {tuple(fold(verb).split()) for verb in _lists().harmless.verbs}
    return any(tuple(cut[: len(verb)]) == verb and len(cut) >= len(verb) + more for verb in verbs)


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


def _match(text: str) -> tuple[list[Sign], tuple[HeardWord, ...]]:
    table, longest, known = _load()
    folded = "".join(map(_plain, text))
    cuts = [match.span() for match in _TOKEN.finditer(folded)]
    written = [text[start:end].translate(OLD_FONT) for start, end in cuts]
    bare = [folded[start:end] for start, end in cuts]
    for place, word in enumerate(bare):
        if len(word) > 1 and word.isalpha() and (word,) not in table:
            written[place] = _repaired(written[place], known, table)
            bare[place] = fold(written[place])
    _join_keys(written, bare, cuts, known, table if _VNI.search(folded) else None)
    signs: list[Sign] = []
    place = 0
    while place < len(cuts):
        sign, used, guessed = _at(table, longest, written, bare, place)
        span = cuts[place][0], cuts[place + used - 1][1]
        is_bare = all(map(str.isascii, written[place : place + used]))
        if sign.isdecimal() and len(sign) <= 2 and signs and signs[-1].sign == "hour" and signs[-1].end == span[0]:
            sign = f"m{sign}"
        if used == 1 and place and sign in _NAMES and bare[place - 1] in _people() and _is_name(text[slice(*span)]):
            sign = UNKNOWN
        if sign.isdecimal() and place + 1 < len(cuts) and bare[place + 1] in _OF_AMOUNTS:
            sign = UNKNOWN
        signs += [Sign(each, *span, is_bare, bare[place].isdecimal(), guessed) for each in sign.split()]
        place += used
    return signs, tuple(HeardWord(word.lower(), *span) for word, span in zip(written, cuts, strict=True))


def _is_name(word: str) -> bool:
    """Whether a word is written as a name: "Mai" is, "mai" and "MAI" are not."""
    return word[:1].isupper() and word[1:].islower()


def _join_keys(
    written: list[str],
    bare: list[str],
    cuts: list[tuple[int, int]],
    known: frozenset[str],
    table: dict[tuple[str, ...], list[_Phrase]] | None,
) -> None:
    """Undo VNI keys, whose figures were cut from their letters ("thang1"): in place.

    With a `table` the text is known to be typed in them, and any syllable is undone.
    """
    place = 0
    while place + 1 < len(cuts):
        end = place + 1
        while end < len(cuts) and cuts[end][0] == cuts[end - 1][1] and bare[end].isalnum():
            end += 1
        if end - place > 1 and bare[place].isalpha():
            decoded = decode_vni("".join(bare[place:end]))
            if decoded is not None and (
                fold(decoded) in known or (table is not None and len(decoded) > 1 and _fits(decoded, table))
            ):
                written[place:end], bare[place:end] = [decoded], [fold(decoded)]
                cuts[place:end] = [(cuts[place][0], cuts[end - 1][1])]
        place += 1


def _fits(decoded: str, table: dict[tuple[str, ...], list[_Phrase]]) -> bool:
    """Whether a syllable that keys may write is no word of time with wrong marks."""
    phrases = table.get((fold(decoded),), [])
    return not phrases or any(each.marked == (spelling(decoded),) for each in phrases)


def _repaired(word: str, known: frozenset[str], table: dict[tuple[str, ...], list[_Phrase]]) -> str:
    """A word with raw keys or one slip of the finger undone, where that makes exactly one known word.

    Raw keys that can be no word as they stand ("lamf") are undone, too, where they make one that fits.
    """
    decoded, plain = decode_telex(word), fold(word)
    if decoded is None and not is_syllable(plain):
        held = decode_telex(_HELD_KEY.sub(r"\1", word))
        decoded = held if held is not None and fold(held) in known else None
    if decoded is not None and (fold(decoded) in known or (not is_syllable(plain) and _fits(decoded, table))):
        return decoded
    if is_syllable(plain):
        return word
    if decoded is not None and all(each.sign == "" for each in table.get((fold(decoded),), [])):
        return fold(decoded)
    near = [each for each in sorted(known) if len(plain) > 3 and OSA.distance(plain, each, score_cutoff=1) <= 1]
    if not near and len(plain) > 3:
        near = [each for each in sorted(known) if len(each) > 3 and sorted(each) == sorted(plain)]
    return near[0] if len(near) == 1 else word


def _at(
    table: dict[tuple[str, ...], list[_Phrase]], longest: int, written: list[str], bare: list[str], place: int
) -> tuple[str, int, bool]:
    """The sign of the longest phrase that begins at `place`, how many words it takes, and whether it is a guess."""
    word = bare[place]
    if word.isdecimal():
        return (str(int(word)) if len(word) <= 2 else word), 1, False
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
            return exact.sign, size, False
        if fallback is None and phrases[0].sign not in {"", "reason"}:
            fallback = phrases[0].sign, size
    if word in _MARKS:
        return word, 1, False
    if not word.isalnum():
        return _PAUSE if word in "();!?&+" else "", 1, False
    return (*fallback, True) if fallback is not None else (UNKNOWN, 1, False)


def _settled(signs: list[Sign]) -> list[Sign]:
    """Signs whose meaning their neighbours decide, and number words, made plain."""
    found: list[Sign] = []
    place = 0
    while place < len(signs):
        here, used = signs[place], 1
        sign = _by_neighbours(signs, place)
        year, taken = _year_in_words(signs, place)
        if taken and found and (found[-1].sign == "year" or (len(found) > 1 and found[-2].sign == "month")):
            found.append(Sign(str(year), here.start, signs[place + taken - 1].end))
            place += taken
            continue
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
            sign = UNKNOWN if here.bare or here.guessed else "5"
        elif sign in _HIGH or (sign == "quarter" and here.bare and not found and after[1] and after[0] in _DATED):
            sign = UNKNOWN  # "nop quy ngay 20/11" is of a fund
        found.append(Sign(sign, here.start, signs[place + used - 1].end, here.bare, here.figure, here.guessed))
        place += used
    return found


def _year_in_words(signs: list[Sign], place: int) -> tuple[int, int]:
    """The year of this century in words at `place`, and of how many signs; 0 of 0 for none.

    Examples: "hai nghìn không trăm hai mươi bảy" and "hai không hai bảy" are 2027.
    """
    names = [sign.sign for sign in signs[place : place + 7]]
    if names[:2] not in (["2", "thousand"], ["2", "no"]) or any(sign.figure for sign in signs[place : place + 2]):
        return 0, 0
    used = 4 if names[1:4] == ["thousand", "no", "hundred"] else 2
    tens, ones = names[used : used + 1], names[used + 1 :]
    if not tens or signs[place + used].figure:
        return 0, 0
    ten = {"ten": 1, "twenty": 2, "thirty": 3}.get(tens[0]) or _DIGITS.get(tens[0], 0)
    used += 1
    if tens[0].isdecimal() and ones[:1] == ["ten"]:
        used, ones = used + 1, ones[1:]
    elif names[1] == "thousand" and tens[0].isdecimal():
        return 0, 0
    one = {"after": 6, "in2": 1, "or4": 4}.get(ones[0]) or _DIGITS.get(ones[0], 0) if ones else 0
    if one and signs[place + used].figure:
        return 0, 0
    used += 1 if one else 0
    is_whole = one or (names[used - 1] == "ten" and used > 3)
    return (2000 + 10 * ten + one, used) if ten and is_whole else (0, 0)


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
        is_dated = before.isdecimal() and earlier in {*_NUMBERED, "/"}
        spans = before in _UNITS or before == "times" or before.startswith("wd") or is_dated
        return "this" if spans else "today"
    if here.figure or sign not in {"year", "after", "from", "or4", "6", "next"}:
        return sign
    later = [each.sign for each in signs[place + 1 : place + 4]] + ["", "", ""]
    if sign == "next":
        leads = later[0].isdecimal() or later[0] in _LED_TO
        return "to" if leads and (before not in _UNITS or earlier in {"each", "all"}) else "next"
    numbered = before in _NUMBERED and earlier not in {"each", "all"}
    counts = later[0] in _COUNTED and ("times" in later[1:3] or before in {"regular", "skip"})
    spans = later[0] in _COUNTED and later[1] in {"before", "later", "end", "closing", "from", "now"}
    worked = later[0] == "workday" and before in {"within", "after"} and later[1] not in _PLACES
    if sign == "year":
        return "5" if numbered or counts or spans or worked or later[0] == "hour" else "year"
    if sign in {"after", "6"}:
        if not bare:
            return sign
        return "6" if before == "ord" or counts else "after"
    if not bare:
        return "4" if sign == "or4" else "from"
    return "4" if numbered else "from"
