"""Units right below where they are mentioned in a message: by code, by name, by words that single one out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from knowledge.number_words import DIGITS, is_number_word
from knowledge.shares.matching import Fit, NamedUnits, NamesBelow
from knowledge.shares.words import all_kinds, has_kind, kind_meant
from knowledge.text import fold, is_syllable, spelling
from knowledge.tokens import Phrases, Span, Token, TokenSort

_LONGEST: Final = 9
_FEW: Final = 2
_SLIP: Final = 75.0
_SAME: Final = 93.0
_LONG: Final = 3
_MOST_OF_UNKNOWN: Final = 5
_MOST_KINDS: Final = 8
_MOST_BEGINS: Final = 3
_KINDS: Final = ("kinds", "bodies")
_OF_KINDS: Final = ("groups", "over_kinds")


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit as it was mentioned: from one token to before another, the name alone in `words`.

    `is_group`: several units that are named by their kind alone; `is_each`: each of these, as it was said.
    """

    start: int
    end: int
    words: str
    match: NamedUnits
    is_group: bool = False
    is_each: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    size: int
    units: tuple[int, ...]
    is_exact: bool
    is_short: bool
    has_slip: bool = False


class _Alike(NamedTuple):
    """The units whose names some words are part of, those that they name whole, and those that they are near."""

    exact: list[int]
    whole: list[int]
    near: dict[int, float]
    is_short: bool


class Mentions:
    """The mentions in one message."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        phrases: Phrases,
        below: NamesBelow,
        is_year: Callable[[int], bool] = lambda _at: False,
    ) -> None:
        """`text` is that of the tokens; `is_year` says of a number whether it is a year, and no unit's amount."""
        self._is_year = is_year
        self._text, self._tokens, self._phrases, self._below = text, tokens, phrases, below
        words = [each for each in tokens if each.sort is TokenSort.WORD]
        shouts = len(words) > _FEW and not any(each.text.islower() for each in words)
        self._explained = {
            at
            for each in phrases.every()
            if each.name not in _OF_KINDS and (shouts or not self._is_code(each))
            for at in range(each.start, each.end)
        }
        self._known_at: dict[int, _Found | None] = {}
        self._alike: dict[tuple[str, ...], _Alike] = {}
        self._places = {id(token): at for at, token in enumerate(tokens)}
        self._kinds = {at for each in phrases.of(*_KINDS) for at in range(each.start, each.end)}

    def _is_code(self, said: Span) -> bool:
        """Whether a word of politeness is written like a unit's code: "BAC"."""
        word = self._tokens[said.start].text
        return said.name == "courtesy" and said.end - said.start == 1 and len(word) > 1 and word.isupper()

    def find(self, taken: Sequence[bool]) -> list[Mention]:
        """Every mention, in order; tokens that are taken are none."""
        found: list[Mention] = []
        at = 0
        while at < len(self._tokens):
            mention = self._mention(at, taken)
            if mention is None:
                at += 1
                continue
            last = found[-1] if found else None
            beside = last is not None and last.end == mention.start
            if last is not None and beside and not (last.match.units and mention.match.units):
                # One name, of which a part is somebody else's.
                mention = Mention(last.start, mention.end, self._said(last.start, mention.end), NamedUnits())
                found.pop()
            elif last is not None and beside and set(last.match.units) & set(mention.match.units):
                mention = self._joined(last, mention)
                found.pop()
            if last is not None and not mention.match.is_sure and found:
                mention = self._of_same_kind(last, mention)
            found.append(mention)
            at = mention.end
        return found

    def _of_same_kind(self, last: Mention, mention: Mention) -> Mention:
        """One of several units named together, of the kind that is said of all: "hai xã Phú Thịnh, Phú Lâm"."""
        joined = self._phrases.at(last.end, "joined")
        follows = (joined.end if joined is not None else last.end + 1) == mention.start
        kind = self._phrases.at(last.start, "groups")
        counts = last.start > 0 and is_number_word(self._tokens[last.start - 1].keyed)
        counts |= self._phrases.before(last.start, "several") is not None or self._is_count(last.start - 1)
        if not (follows and counts) or kind is None or kind.end >= last.end:
            return mention
        names, _ = kind_meant(fold(self._said(kind.start, kind.end)))
        units = [each.id for each in self._below.known if each.id in mention.match.units and has_kind(each.name, names)]
        if len(units) != 1:
            return mention
        return replace(mention, match=NamedUnits(tuple(units), mention.match.fit, is_sure=True))

    def _is_count(self, at: int) -> bool:
        return at >= 0 and self._tokens[at].sort is TokenSort.NUMBER and self._tokens[at].text.isdecimal()

    def _joined(self, one: Mention, other: Mention) -> Mention:
        """Two names of one unit side by side: "trường" and its name, its code and its name."""
        units = tuple(each for each in one.match.units if each in other.match.units)
        match = NamedUnits(units, max(one.match.fit, other.match.fit), is_sure=len(units) == 1)
        return Mention(one.start, other.end, self._said(one.start, other.end), match)

    def _said(self, start: int, end: int) -> str:
        return self._text[self._tokens[start].start : self._tokens[end - 1].end]

    def _mention(self, at: int, taken: Sequence[bool]) -> Mention | None:
        begins = self._behind_kinds(at)
        start = begins[-1]
        if any(taken[at:start]):
            return None
        best: _Found | None = None
        best_begin = best_end = at
        for begin in begins:  # a name with its kind is more than one without it
            found = self._longest(begin, taken)
            if found is not None and (best is None or begin + found.size > best_end):
                best, best_begin, best_end = found, begin, begin + found.size
        if best is None:
            return self._unknown(at, start, taken)
        if best_end <= start and self._is_name(start, taken):
            return self._unknown(at, start, taken)
        if best.size < _FEW and self._says_else(best_begin):
            return None
        if self._is_general(best_begin, best_end):
            return None
        if best.size < _FEW and self._is_part_of_phrase(best_begin, best_end):
            return None
        if best.size == 1 and self._is_bare(best_begin, best):
            return None
        is_sure = len(best.units) == 1 and best.is_exact and not self._goes_on(best_begin, best_end, best)
        if is_sure and at == best_begin:
            is_sure = not self._goes_on_before(best_begin, best, taken)
        elif is_sure:
            is_sure = not self._is_another_kind(at, best_begin, best)
        fit = Fit.NAME if is_sure and not best.is_short else Fit.PART if best.is_exact else Fit.ALIKE
        return Mention(at, best_end, self._said(best_begin, best_end), NamedUnits(best.units, fit, is_sure=is_sure))

    def _behind_kinds(self, at: int) -> list[int]:
        """Where a name may begin: there, and behind each kind of a unit that stands there."""
        begins = [at]
        while len(begins) <= _MOST_KINDS and (kind := self._phrases.at(begins[-1], *_KINDS)) is not None:
            begins.append(kind.end)
        return [at, *begins[1:][-_MOST_BEGINS:]]

    def _is_bare(self, at: int, found: _Found) -> bool:
        """Whether a word without marks, in a message that has them, is hardly part of a name that has some: "tinh"."""
        token = self._tokens[at]
        if not (self._phrases.is_marked and token.text.isascii() and token.sort is TokenSort.WORD):
            return False
        if token.folded in self._below.codes or not is_syllable(token.text.lower()) or self._is_before_amount(at + 1):
            return False
        words = [word for known in self._below.known if known.id in found.units for word in known.spelled]
        return not any(word.lower() == token.text.lower() for word in words)

    def _is_before_amount(self, at: int) -> bool:
        at += at < len(self._tokens) and self._tokens[at].text in ":=-"
        return at < len(self._tokens) and self._tokens[at].sort is TokenSort.NUMBER

    def _goes_on_before(self, begin: int, found: _Found, taken: Sequence[bool]) -> bool:
        """Whether the end of a unit's name stands behind other words that are none of it: "trung tâm y tế"."""
        known = next(each for each in self._below.known if each.id == found.units[0])
        first = self._tokens[begin]
        if fold(first.text) in self._below.codes or first.sort is not TokenSort.WORD or begin == 0:
            return False
        core = known.core.split()
        before = self._tokens[begin - 1]
        is_free = self._is_free(begin - 1, taken) or (before.sort is TokenSort.WORD and len(before.text) == 1)
        if found.is_short or not is_free or first.folded not in core[1:]:
            return False
        place = core.index(first.folded)
        return place > 0 and before.folded[:1] != core[place - 1][:1]

    def _is_another_kind(self, at: int, begin: int, found: _Found) -> bool:
        """Whether the kind in front of a name is none that the unit's own name says: "xã X" for "phường X"."""
        name = next(each.name for each in self._below.known if each.id == found.units[0])
        said = [each for place in range(at, begin) if (each := self._phrases.at(place, "groups")) and each.end <= begin]
        kinds = {fold(self._said(each.start, each.end)) for each in said}
        own = {each for each in all_kinds() if f" {each} " in f" {name} "}
        meant = {name for kind in kinds for name in kind_meant(kind)[0]}
        return bool(kinds) and bool(own) and not meant & own

    def _longest(self, at: int, taken: Sequence[bool]) -> _Found | None:
        if at not in self._known_at:
            self._known_at[at] = self._find_longest(at, taken)
        return self._known_at[at]

    def _find_longest(self, at: int, taken: Sequence[bool]) -> _Found | None:
        for size in range(min(_LONGEST, len(self._tokens) - at), 0, -1):
            words = self._tokens[at : at + size]
            if TokenSort.SIGN in (words[0].sort, words[-1].sort) or any(taken[at : at + size]):
                continue
            if any(each.sort is TokenSort.SIGN and each.text not in "-/." for each in words):
                continue
            found = self._fitting(words)
            if found is not None:
                return self._without_facts(words, found)
        return None

    def _without_facts(self, words: Sequence[Token], found: _Found) -> _Found:
        """A name without what tells a result behind it: "Bệnh viện đạt 40" is none of "Bệnh viện Đa khoa"."""
        last = self._places[id(words[-1])]
        is_fact = self._phrases.at(last, "done", "told") is not None or (found.has_slip and last in self._explained)
        if len(words) < _FEW or not is_fact or words[-1].is_raised:
            return found
        shorter = self._fitting(words[:-1])
        return shorter if shorter is not None and shorter.units == found.units else found

    def _fitting(self, words: Sequence[Token]) -> _Found | None:
        size = len(words)
        said = " ".join(fold(each.text) for each in words if each.sort is not TokenSort.SIGN)
        if said in self._below.codes:
            return _Found(size, (self._below.codes[said],), is_exact=True, is_short=False)
        if any(each.sort is TokenSort.NUMBER for each in words) and not any(
            said in each.name and said.strip("0123456789 ") for each in self._below.known
        ):
            return None
        typed = [each for each in words if each.sort is not TokenSort.SIGN]
        if size == 1 and typed and len(typed[0].folded) < 2:
            return None
        key = tuple(each.text for each in typed)
        if key not in self._alike:
            self._alike[key] = self._compare_all(typed)
        exact, whole, near, is_short = self._alike[key]
        units = list(dict.fromkeys(whole if len(whole) == len(exact) or self._go_on(whole, exact) else exact))
        if units:
            if all(self._is_kind(each) for each in typed) and (len(units) > 1 or not self._singles_out(words[0])):
                return None
            if is_short and size == 1 and (is_syllable(typed[0].text.lower()) or len(units) > 1):
                return None
            return _Found(size, tuple(units), is_exact=True, is_short=is_short)
        if near:
            ranked = sorted(near, key=lambda unit: -near[unit])
            is_sure = len(ranked) == 1 and near[ranked[0]] >= _SAME
            return _Found(size, tuple(ranked), is_exact=is_sure, is_short=True, has_slip=True)
        return None

    def _compare_all(self, typed: Sequence[Token]) -> _Alike:
        """The units whose names words are part of; the same words again cost nothing."""
        exact: list[int] = []
        whole: list[int] = []
        near: dict[int, float] = {}
        is_short = False
        first = typed[0].folded[:1] if typed else ""
        for known in self._below.known:
            folded = _folded(known.spelled)
            for begin in range(len(folded)):
                if not first or folded[begin][:1] != first:
                    continue
                score, short, end = _compare(typed, known.spelled[begin:])
                if score == 0.0:
                    continue
                if score == 100.0:
                    if known.id not in exact:
                        exact.append(known.id)
                    is_short |= short
                    if end == len(known.core.split()) and begin + end == len(folded):
                        whole.append(known.id)
                else:
                    near[known.id] = max(score, near.get(known.id, 0.0))
        return _Alike(exact, whole, near, is_short)

    def _go_on(self, whole: Sequence[int], exact: Sequence[int]) -> bool:
        """Whether the names of which words are a part begin with one that they are: "Bắc" beside "Bắc Sông"."""
        cores = {each.id: each.core for each in self._below.known}
        return bool(whole) and all(cores[each].startswith(cores[whole[0]]) for each in exact)

    def _is_kind(self, token: Token) -> bool:
        return self._places[id(token)] in self._kinds

    def _singles_out(self, word: Token) -> bool:
        """Whether the kind of a unit may name it where only one is of that kind: "trường"."""
        at = self._places[id(word)]
        return self._phrases.at(at, "bodies") is not None and self._phrases.at(at, "counted") is None

    def _says_else(self, at: int) -> bool:
        """Whether one word is likelier a general one: "hạ" beside a unit whose name begins so."""
        token = self._tokens[at]
        if fold(token.text) in self._below.codes or (token.is_raised and at):
            return False
        return self._phrases.at(at, "giving", "taking_back", "between", "courtesy", "goal_words") is not None

    def _is_general(self, begin: int, end: int) -> bool:
        """Whether words of a name are likelier what is counted, or whoever is above all: "đoàn viên", "tỉnh"."""
        if self._said(begin, end).lower() in self._below.codes:
            return False
        general = self._phrases.at(begin, "counted", "goal_words", "above")
        return general is not None and general.end >= end and (end - begin > 1 or general.name == "above")

    def _is_part_of_phrase(self, begin: int, end: int) -> bool:
        """Whether words are part of a longer phrase that means something else."""
        return self._phrases.covers(begin, end)

    def _is_free(self, at: int, taken: Sequence[bool]) -> bool:
        """Whether a word stands there that no list explains."""
        return (
            at < len(self._tokens)
            and not taken[at]
            and self._tokens[at].sort is TokenSort.WORD
            and at not in self._explained
        )

    def _is_name(self, start: int, taken: Sequence[bool]) -> bool:
        """Whether an unknown name begins behind the kind of a unit."""
        end = start
        while end < start + _MOST_OF_UNKNOWN and self._is_free(end, taken):
            end += 1
        if end == start or self._longest(start, taken) is not None:
            return False
        if self._tokens[start].is_raised:
            return True
        return end < len(self._tokens) and self._tokens[end].sort is TokenSort.NUMBER

    def _goes_on(self, begin: int, end: int, found: _Found) -> bool:
        """Whether a name goes on in words that are none of the unit's: "May Đồng Tiến" where there is only a "May"."""
        known = next(each for each in self._below.known if each.id == found.units[0])
        if end - begin >= len(known.core.split()) > 1 or found.size == 0:
            return False
        follows = end < len(self._tokens) and self._tokens[end]
        if not follows or not self._is_free(end, [False] * len(self._tokens)):
            return False
        if follows.is_raised:
            return self._tokens[begin].is_raised and not follows.text.isupper()
        return any(
            self._tokens[at].sort is TokenSort.NUMBER and all(self._is_free(k, [False] * at) for k in range(end, at))
            for at in range(end + 1, min(end + 4, len(self._tokens)))
        )

    def _unknown(self, at: int, start: int, taken: Sequence[bool]) -> Mention | None:
        """What calls itself a unit, or is written like a name before a number, and is none of those below."""
        end = start
        while (
            end < min(len(self._tokens), start + _MOST_OF_UNKNOWN)
            and self._is_free(end, taken)
            and self._longest(end, taken) is None
        ):
            end += 1
        number = end < len(self._tokens) and self._tokens[end].sort is TokenSort.NUMBER and not taken[end]
        number = number and not self._is_year(end)
        led = start > at
        raised = end > start and self._tokens[start].is_raised
        opens = start > 0 and self._tokens[start - 1].sort is TokenSort.SIGN
        if start == 0 and raised:  # every message begins with a capital
            spread = any(True for _ in self._phrases.of("evenly", "by_members", "each", "everyone"))
            raised = not spread or self._tokens[0].text.isupper() or (end > 1 and self._tokens[1].is_raised)
        if end == start:
            is_kind = led and number and (at == 0 or opens or self._phrases.before(at, "giving") is not None)
            to = next((each for each in self._phrases.of("to") if each.start == at and each.end < start), None)
            if to is not None and (end == len(self._tokens) or self._tokens[end].sort is TokenSort.SIGN):
                return Mention(at, end, self._said(to.end, end), NamedUnits())
            is_kind = is_kind and not self._phrases.holds(at, start, "to")
            return Mention(at, end, self._said(at, end), NamedUnits()) if is_kind else None
        if (led and (raised or number)) or (raised and (number or _is_led(self._tokens, end))) or (opens and number):
            begin = min((each.start for each in self._phrases.of("bodies") if at <= each.start < start), default=start)
            return Mention(at, end, self._said(begin, end), NamedUnits())
        return None


def _is_led(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at].text in ":=" and tokens[at + 1].sort is TokenSort.NUMBER


@lru_cache(maxsize=8192)
def _folded(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, name))


def _compare(said: Sequence[Token], name: tuple[str, ...]) -> tuple[float, bool, int]:
    """How alike words are to the beginning of a name (0–100), whether shortened, and how many of its words they are."""
    at, lowest, is_short, exact = 0, 100.0, False, 0
    plain = _folded(name)
    for token in said:
        if at >= len(name):
            return 0.0, False, 0
        word, folded = name[at], token.folded
        if folded == plain[at] or fold(token.text) == plain[at] or str(DIGITS.get(folded)) == plain[at]:
            if token.keyed.isascii() or word.isdecimal() or spelling(token.keyed) == spelling(word):
                at, exact = at + 1, exact + 1
                continue
            lowest, at = min(lowest, 90.0), at + 1
            if len(said) == 1:
                return 0.0, False, 0
            continue
        if len(folded) == 1 and folded == plain[at][0] and token is not said[-1]:  # "P.Lâm"
            at, is_short = at + 1, True
            continue
        short = _short_forms(plain[at:]).get(fold(token.text), 0)
        if short:
            at, is_short = at + short, True
            continue
        ratio = fuzz.ratio(folded, plain[at])
        if len(said) < 2 or len(folded) < _LONG or ratio < _SLIP:
            return 0.0, False, 0
        lowest, at = 90.0, at + 1
    if lowest < 100.0:
        if not exact:
            return 0.0, False, 0
        lowest = fuzz.ratio(" ".join(each.folded for each in said), " ".join(plain[:at]))
        lowest = min(lowest, 99.0)
    return lowest, is_short, at


@lru_cache(maxsize=8192)
def _short_forms(name: tuple[str, ...]) -> dict[str, int]:
    """What the beginning of a name is called for short, with how many words that stands for, at least two: their first
    letters, the last perhaps whole.
    """
    forms: dict[str, int] = {}
    for count in range(2, min(len(name), 5) + 1):
        words = name[:count]
        initials = "".join(each[0] for each in words)
        for form in (initials, initials[:-1] + words[-1]):
            if len(form) >= count:
                forms[form] = count
    return forms
