"""Clauses behind a whole date that tell what somebody does, or what happens, at another time: no second date.

Such a clause has a subject and a verb of its own, and nothing in it that hands in, offers, moves or chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from knowledge.calendar.phrases import begins, has, places
from knowledge.calendar.rules import Frequency, Rule
from knowledge.calendar.signs import UNKNOWN, Sign
from knowledge.calendar.words import DateWords, HeardWord, aside_words

_PAUSES = frozenset({",", ".", "-"})
_CLOCK = frozenset({"hour", "minute", "halfhour", "morning", "noon", "afternoon", "evening", "night"})
_SPANS = frozenset({"week", "month", "quarter", "year"})
_WORDS = frozenset({UNKNOWN, "reason", "vague", "prev", "times", "now", "report", "odd", "even", "no"})
_TIMES = frozenset(
    {"later", "/", "day", "ord", "wd6", "this", "next", "next2", "today", "in1", "in2", "office", "solar"}
)
_EDGES = frozenset({"start", "end", "mid"})
_NAMED = frozenset({"ord", "wd6", "today", "in1", "in2", "office", *_SPANS, *_CLOCK})
_NEAR = 4
# So many signs at most are looked at: nobody tells more beside a date, and each clause costs a reading.
_LONGEST = 80


class _Told(Enum):
    """What a clause with a time of its own does: tells, may offer that time, or neither for sure."""

    TELLS = "tells"
    OFFERS = "offers"
    OPEN = "open"


def without_told(words: DateWords, read: Callable[[DateWords], Rule | None]) -> DateWords | None:
    """The words without the clauses that only tell; None where a clause might offer another date.

    `read`: the rule that words state, or None where they state none.

    Example: "20/11, thứ năm tôi đi họp" is the 20th.
    """
    if len(words.signs) > _LONGEST:
        return words
    left_out: set[int] = set()
    given, words = words, _paused_at_lines(words)
    for first, end in _clauses(words):
        clause = _Clause(words, words.signs[first:end], _tokens(words, first, end))
        told = clause.judge()
        warns = clause.warns() or clause.names_routine() or clause.tells_of_past()
        is_clock, edges = clause.has_clock_only(), clause.names_edge()
        if not (told is not _Told.OPEN or warns or is_clock or edges):
            continue
        kept = [place for place in range(first - 1) if place not in left_out]
        before = _kept(words, kept, words.signs[first - 1].start)
        rule = read(before)
        is_whole = rule is not None and (rule.frequency is not Frequency.ONCE or len(rule.dates) == 1)
        if told is not _Told.OPEN and (told is _Told.OFFERS or not is_whole):
            return None if is_whole or told is _Told.TELLS else given
        if rule is None or not is_whole:
            continue
        if told is _Told.TELLS:
            if _hands_in(words, end) or _goes_on(words, end) or clause.does_again(before.tokens):
                return None
            if clause.may_skip(rule, read):
                continue
        agrees = edges and _is_always_end(rule, edges)
        is_clock = is_clock and rule.at is None and all(words.signs[place].sign != "before" for place in kept)
        if told is _Told.TELLS or warns or agrees or is_clock:
            left_out.update(range(first - 1, end))
    if not left_out:
        return given
    return _kept(words, [at for at in range(len(words.signs)) if at not in left_out], len(words.text))


def _paused_at_lines(words: DateWords) -> DateWords:
    """The words with a pause at each end of a line that has none."""
    found: list[Sign] = []
    for sign in words.signs:
        before = found[-1] if found else None
        if before is not None and "\n" in words.text[before.end : sign.start] and before.sign not in _PAUSES:
            found.append(Sign(",", before.end, before.end))
        found.append(sign)
    return DateWords(words.text, tuple(found), words.tokens)


def _kept(words: DateWords, places: Sequence[int], stop: int) -> DateWords:
    """The signs at these places, and the words up to `stop` but those of the clauses between."""
    spans = []
    for at in sorted(set(range(len(words.signs))) - set(places)):
        until = words.signs[at + 1].start if at + 1 < len(words.signs) else len(words.text)
        spans.append((words.signs[at].start, until))
    tokens = tuple(
        token
        for token in words.tokens
        if token.end <= stop and not any(start <= token.start < end for start, end in spans)
    )
    return DateWords(words.text, tuple(words.signs[at] for at in places), tokens)


def _clauses(words: DateWords) -> list[tuple[int, int]]:
    """The clauses behind a pause: the places of their first sign and of the pause behind them."""
    signs = words.signs
    starts = [at + 1 for at, sign in enumerate(signs) if sign.sign in _PAUSES and at and not _is_within(signs, at)]
    ends = [*(at - 1 for at in starts), len(signs)][1:]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _is_within(signs: Sequence[Sign], at: int) -> bool:
    """Whether a mark stands within a date or an hour: "20.11"."""
    if at + 1 >= len(signs):
        return False
    return signs[at - 1].end == signs[at].start and signs[at].end == signs[at + 1].start and signs[at + 1].figure


def _tokens(words: DateWords, first: int, end: int) -> list[HeardWord]:
    stop = words.signs[end].start if end < len(words.signs) else len(words.text)
    return [token for token in words.heard(words.signs[first - 1].end, stop) if token.word[0].isalnum()]


def _hands_in(words: DateWords, end: int) -> bool:
    """Whether something is handed in behind a clause: perhaps on the day it tells of."""
    lists = aside_words()
    tokens = words.heard(words.signs[end].end, len(words.text)) if end < len(words.signs) else []
    bare = _is_bare(tokens)
    return has(tokens, lists.bringing, bare) and not has(tokens, lists.punctual, bare)


def _goes_on(words: DateWords, end: int) -> bool:
    """Whether the next clause is a time and nothing else: "tháng này tôi bận, tháng sau"."""
    signs = next((words.signs[first:stop] for first, stop in _clauses(words) if first == end + 1), ())
    return bool(signs) and all(sign.sign not in _WORDS for sign in signs)


def _is_bare(tokens: Sequence[HeardWord]) -> bool:
    return all(token.word.isascii() for token in tokens)


def _is_always_end(rule: Rule, unit: str) -> bool:
    """Whether every day of a rule is the last of a month, quarter or year."""
    last = {"month": 1, "quarter": 3, "year": 12}[unit]
    if rule.frequency is not Frequency.MONTHLY or rule.every % last:
        return False
    months = {1: {31}, 2: {28, 29}} | {at: {30 if at in {4, 6, 9, 11} else 31} for at in range(3, 13)}
    ends = [slot.month + 1 for slot in rule.slots]
    days = [slot.day.code for slot in rule.slots]
    return all(not end % last for end in ends) and all(
        day == "last" or (rule.every == 12 and int(day[1:] if day[1:].isdecimal() else 0) in months[end])
        for end, day in zip(ends, days, strict=True)
    )


@dataclass(frozen=True)
class _Clause:
    """A clause behind a pause: its signs and all of its words."""

    words: DateWords
    signs: Sequence[Sign]
    tokens: list[HeardWord]

    @property
    def bare(self) -> bool:
        """Whether it was typed without marks."""
        return _is_bare(self.tokens)

    def judge(self) -> _Told:
        """Whether it tells of a time of its own, or may offer it."""
        lists = aside_words()
        if not self._names_time():
            return _Told.OPEN
        free = self._free()
        acts = self._acts()
        if acts >= 0 and begins(self.tokens, lists.up_to, False):
            return _Told.OFFERS
        if acts < 0:
            is_told = has(free, lists.subjects, self.bare) and has(free, lists.happening, self.bare)
            offers = is_told and has(free, lists.offering, self.bare)
            brings = (is_told or has(free, lists.selves, self.bare)) and has(free, lists.bringing, self.bare)
            return _Told.OFFERS if self._names_day() and (offers or brings) else _Told.OPEN
        if has(free, lists.selves, self.bare) and has(free, lists.checking, self.bare):
            return _Told.OPEN
        if (has(free, lists.closing, self.bare) and self._names_day()) or self._concludes():
            return _Told.OPEN
        if has(self._loose(free), lists.offering, self.bare):
            return _Told.OFFERS if self._names_day() else _Told.OPEN
        if self._promises(free) or not self._has_plain_signs(acts):
            return _Told.OPEN
        return _Told.TELLS

    def does_again(self, before: Sequence[HeardWord]) -> bool:
        """Whether what is done is what the deadline is for: "Khám mắt: 18/11, tổ may khám 20/11"."""
        lists, bare = aside_words(), _is_bare(before)
        deeds = (deed for deed in lists.happening if deed not in lists.common and has(self.tokens, (deed,), self.bare))
        return any(has(before, (deed,), bare) for deed in deeds)

    def _concludes(self) -> bool:
        """Whether a time follows from what is told: "tôi bận nên 19"."""
        lists, started = aside_words(), [token.start for token in self.tokens]
        concluded = [started[at] for at in places(self.tokens, lists.therefore, self.bare)]
        return bool(concluded) and any(self._is_time(sign) and sign.start > concluded[0] for sign in self.signs)

    def may_skip(self, rule: Rule, read: Callable[[DateWords], Rule | None]) -> bool:
        """Whether nobody may be there as something is due: it is a day off, or a span of a rule that comes again."""
        times = tuple(sign for sign in self.signs if self._is_time(sign))
        names = {sign.sign for sign in times}
        recurs = rule.frequency is not Frequency.ONCE
        lists = aside_words()
        if not has(self.tokens, lists.off, self.bare) or has(self._free(), lists.selves, self.bare):
            return recurs and bool(names & _SPANS) and "this" in names and not names & _EDGES
        if recurs or not names & {"ord", "wd6", "/", "day", "in1", "in2"} or names & {"to", "from", *_EDGES}:
            return not names & _CLOCK
        own = read(DateWords(self.words.text, times, ()))
        return own is None or bool(set(own.dates) & set(rule.dates))

    def _names_time(self) -> bool:
        names = [sign.sign for sign in self.signs if self._is_time(sign)]
        return ("day", "after") in pairwise(names) or any(name in _NAMED or name.isdecimal() for name in names)

    def _names_day(self) -> bool:
        """Whether a day is named by a figure, as one of the week, or from today."""
        names = [sign.sign for sign in self.signs if not sign.guessed]
        figures = [
            name
            for name, later in zip(names, [*names[1:], ""], strict=True)
            if name.isdecimal() and later not in {"hour", "times"}
        ]
        return bool(figures) or bool({"ord", "wd6", "/", "in1", "in2"} & set(names))

    def _is_time(self, sign: Sign) -> bool:
        name = sign.sign
        is_time = (
            name in _TIMES or name in _SPANS or name in _CLOCK or name in _EDGES or name in {"from", "to", "after"}
        )
        return not sign.guessed and (is_time or name.lstrip("m").isdecimal())

    def _free(self) -> list[HeardWord]:
        """The words that name no time; "thu" in "thu tu" gathers nothing."""
        spans = [(sign.start, sign.end) for sign in self.signs if self._is_time(sign)]
        return [
            token
            for token in self.tokens
            if not any(start <= token.start < end for start, end in spans)
            or begins([token], (*aside_words().subjects, *aside_words().happening), self.bare)
        ]

    def _acts(self) -> int:
        """Where in the text somebody is named who does something, behind a time or a word of reason at most; or -1."""
        lists, free = aside_words(), self._free()
        while free:
            if begins(free, lists.busy, self.bare) or begins(free, lists.held, self.bare):
                return free[0].start
            if not begins(free, lists.openers, self.bare):
                break
            free = free[1:]
        size = next((size for size in (3, 2, 1) if self._is_phrase(free[:size], lists.subjects)), 0)
        if not size:
            return -1
        behind = free[size : size + _NEAR]
        names = {sign.sign for sign in self.signs if self._is_time(sign) and not sign.sign.lstrip("m").isdecimal()}
        if behind and "hour" in names and names <= _CLOCK:
            return free[0].start
        return free[0].start if has(behind, lists.happening, self.bare) else -1

    def _loose(self, free: Sequence[HeardWord]) -> list[HeardWord]:
        """The words that are part of no longer name or deed: "bảo" in "bảo vệ" bids nothing."""
        lists, kept, at = aside_words(), [], 0
        while at < len(free):
            names = (*lists.subjects, *lists.happening)
            size = next((size for size in (3, 2) if self._is_phrase(free[at : at + size], names)), 0)
            if not size and not self._is_still(free[at]):
                kept.append(free[at])
            at += size or 1
        return kept

    def _is_still(self, token: HeardWord) -> bool:
        """Whether a word is "còn" behind somebody or a time, before what is done: "tôi còn họp" excepts nobody."""
        lists = aside_words()
        behind = [each for each in self.tokens if each.start >= token.end]
        is_first = token.start == self.tokens[0].start
        return not is_first and begins([token], lists.still, self.bare) and begins(behind, lists.happening, self.bare)

    def _is_phrase(self, tokens: Sequence[HeardWord], phrases: tuple[str, ...]) -> bool:
        fitting = tuple(phrase for phrase in phrases if len(phrase.split()) == len(tokens))
        return bool(tokens) and begins(tokens, fitting, self.bare)

    def _promises(self, free: Sequence[HeardWord]) -> bool:
        """Whether somebody must, or has to have, something else than a thing to do: "tôi phải có"."""
        lists = aside_words()
        for at in range(len(free)):
            if begins(free[at:], lists.held, self.bare):
                continue
            if begins(free[at:], lists.duties, self.bare) and not has(
                free[at + 1 : at + _NEAR], lists.happening, self.bare
            ):
                return True
            if begins(free[at:], lists.denials, self.bare) and not begins(
                free[at + 1 :], lists.resting_from, self.bare
            ):
                return True
        return False

    def _has_plain_signs(self, acts: int) -> bool:
        """Whether all signs are plain times and words; a bound only behind whoever is away that long, or "từ"."""
        for at, sign in enumerate(self.signs):
            name = UNKNOWN if sign.guessed else sign.sign
            later = self.signs[at + 1].sign if at + 1 < len(self.signs) else ""
            if name == "ord" and later not in set("234567"):
                return False
            earlier = self.signs[at - 1].sign if at else ""
            if name in _WORDS or name in _TIMES or name in _SPANS or name in _CLOCK or name.lstrip("m").isdecimal():
                continue
            if name in _EDGES and later in _SPANS:
                continue
            if name == "after" and (earlier in {*_SPANS, "day"} or (not at and later == "hour")):
                continue
            if name == "except" and all(self._is_still(each) for each in self.words.heard(sign.start, sign.end)):
                continue
            if name == "from" or (name == "to" and sign.start > acts):
                continue
            return False
        return True

    def warns(self) -> bool:
        """ "tránh để sang tuần sau mới gửi" warns of the time it names."""
        lists = aside_words()
        names = {UNKNOWN if sign.guessed else sign.sign for sign in self.signs}
        return (
            begins(self.tokens, lists.avoiding, self.bare)
            and names <= {*_WORDS, *_SPANS, "next", "after"}
            and has(self.tokens, lists.only_then, self.bare)
        )

    def tells_of_past(self) -> bool:
        """ "quý trước trễ ba ngày" tells how it was; it names no day, and measures nothing by it."""
        lists = aside_words()
        if not begins(self.tokens, lists.past, self.bare) or has(self.tokens[2:], lists.measures, self.bare):
            return False
        names = ["", *(UNKNOWN if sign.guessed else sign.sign for sign in self.signs), ""]
        for earlier, name, later in zip(names, names[1:], names[2:], strict=False):
            if name.isdecimal() and (earlier in {"day", "ord", "/", "month"} or later not in {*_SPANS, "day", "times"}):
                return False
            if not (name in _WORDS or name in _SPANS or name.isdecimal() or name in {"", "before", "day"}):
                return False
        return True

    def names_routine(self) -> bool:
        """ "giao ban xong thì nộp luôn" speaks of the day itself."""
        lists = aside_words()
        names = {UNKNOWN if sign.guessed else sign.sign for sign in self.signs}
        return (
            names <= {UNKNOWN, "when", "vague"}
            and begins(self.tokens, lists.routines, self.bare)
            and has(self.tokens, lists.at_once, self.bare)
        )

    def has_clock_only(self) -> bool:
        """An hour and what happens then: "8h họp tổ xong các tổ nộp" names no other day."""
        lists = aside_words()
        leads = begins(self.tokens, lists.ahead, self.bare)
        names = [UNKNOWN if sign.guessed else sign.sign for sign in self.signs]
        clock = [name for name in names if name in _CLOCK or name.lstrip("m").isdecimal()]
        others = {name for name in names if name not in clock and name not in {UNKNOWN, "reason", "vague", "times"}}
        if "hour" not in clock or not others <= ({"before", "when"} if leads else set()) or UNKNOWN not in names:
            return False
        free = [token for token in self._free() if not begins([token], lists.subjects, self.bare)]
        is_event = (
            bool(free) and not begins(free, lists.bringing, self.bare) and has(free[:_NEAR], lists.routines, self.bare)
        )
        return (is_event or leads) and not has(free, lists.choosing, self.bare)

    def names_edge(self) -> str:
        """The span whose end alone it names: "hết quý là phải có"; empty for none."""
        names = [sign.sign for sign in self.signs if sign.sign != UNKNOWN or sign.guessed]
        is_end = len(self.signs) == 2 and names[:1] == ["end"] and names[1] in {"month", "quarter", "year"}
        return names[1] if is_end else ""
