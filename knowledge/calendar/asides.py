"""What stands beside a date and cannot change it: asides, courtesies, complaints, admonitions.

Not which words are harmless decides, but which are dangerous: an aside may hold anything but a time, a figure, a doubt,
a condition, a choice, an exception, a move of the day, or a denial of the day or of what is owed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.calendar.outcomes import DateReason, Unclear
from knowledge.calendar.phrases import begins, has, places
from knowledge.calendar.reading import read_rule
from knowledge.calendar.rules import Rule
from knowledge.calendar.signs import MOMENT, UNKNOWN, Sign
from knowledge.calendar.words import DateWords, HeardWord, aside_words
from knowledge.calendar.working_days import WorkingDays

_LAST_DAY = 31
# So many words at most from a denial to what nobody is to ask.
_UNASKED = 4
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAUSES = frozenset({",", ".", ":", "-"})
_HARD = frozenset({DateReason.EMPTY, DateReason.NO_SUCH_DATE, DateReason.NO_SUCH_TIME, DateReason.PAST})
_SPANS = frozenset({"week", "month", "quarter", "year"})
# Signs that tell more of the sign before them; none of these begins what is dropped.
_ATTACHED = frozenset(
    {"each", "any", "times", "prev", "this", "next", "later", "first", "last", "even", "odd", "hour", "minute"}
    | {"halfhour", "solar", "ord", "t", "q", "i", "ii", "iii", "iv", "within", "skip", "and"}
)
# Signs that name a time only together with others, which an aside may not hold: alone they are words like any other.
_SILENT = frozenset(
    {"?", "report", "reason", "no", "vague", "and", "now", "onward", "all", "inclusive", MOMENT, *_ATTACHED}
)
# Signs of time that hold no figure: what is told of now, or of why somebody is away, may name them.
_LOOSE = frozenset(
    {*_SPANS, "mid", "end", "start", "today", "in1", "office", "lunar", "yearname", "morning", "afternoon", "noon"}
)
# Signs with which a clause goes on with the time before it.
_LEADING = frozenset({"to", "inclusive", "before"})
# Signs after which a noun tells nothing more of the time, so that no word need stand between.
_CLOSED = frozenset({"this", "later", "in1", "in2", "today"})


def read_amid(
    words: DateWords, today: date, working_days: WorkingDays | None, *, leads: bool
) -> tuple[DateWords, Rule] | None:
    """The rule that words state once what stands beside it is left out, and the words it stands in; None for no rule.

    `leads`: whether something may be left out before the time, too; only where the title is known already.

    Example: "ngày 20 hằng tháng, đừng ai quên nhé" is the 20th of each month.
    """
    if any(token.word == "?" for token in words.tokens):
        return None
    tried = words.key
    for within in (False, True):
        kept = _without_asides(words, today, within=within, leads=leads)
        if not kept.signs or kept.key == tried:
            continue
        tried = kept.key
        read = read_rule(kept, today, working_days)
        if isinstance(read, Rule):
            return kept, read
        if isinstance(read, Unclear) and read.reason in _HARD:
            return None
    return None


def is_unsettled(words: DateWords, *, titled: bool) -> bool:
    """Whether a clause of reason says that the day is still to be settled, or moved: "để hỏi lại sếp đã" does.

    `titled`: whether the words say nothing but when; otherwise only clauses behind the first that begin so do.
    """
    lists = aside_words()
    for place, (_, clause) in enumerate(_clauses(words)):
        looked_at = clause if titled else clause[:1] if place else []
        if not titled and not place:
            figures = [at for at, sign in enumerate(clause) if sign.figure]
            looked_at = clause[figures[-1] + 1 :] if figures else []
        first = next((sign for sign in looked_at if sign.sign == "reason"), None)
        end = next((sign.start for sign in words.signs if sign.start >= clause[-1].end), len(words.text))
        if has(words.heard(clause[0].start, end)[-2:], lists.uncertain, True):
            return True
        if first is None:
            continue
        tokens = words.heard(first.start, end)
        region = _Region(words, [sign for sign in clause if sign.start >= first.start], tokens, whole=False)
        if begins(tokens, lists.conditions, True) and region.names_time():
            return True
        if begins(tokens, lists.attributed, True) and region.names_day():
            return True
        if region.concludes_time():
            return True
        is_plain = not region.bare or any(sign.sign.isdecimal() for sign in region.signs)
        phrases = tuple(each for each in lists.unsettling if is_plain or " " in each)
        if region.moves(phrases) or (begins(tokens, lists.until, True) and has(tokens[-1:], lists.first, True)):
            return True
    return False


def _without_asides(words: DateWords, today: date, *, within: bool, leads: bool) -> DateWords:
    """The words without the clauses that are asides and, `within` a clause, without what is one at its end.

    A time that follows a whole one stays with all of its words: "hằng tuần, tuần này miễn" tells of an exception.
    """
    kept: list[Sign] = []
    for pause, clause in _clauses(words):
        if (leads or kept) and not _holds(words, clause, 0):
            continue
        part = _core(words, clause, leads=leads) if within else clause
        if kept and len(part) < len(clause) and part[0].sign not in _LEADING:
            earlier = read_rule(DateWords(words.text, tuple(kept), words.tokens), today)
            if isinstance(earlier, Rule) or all(sign.sign.isdecimal() for sign in part):
                part = clause
        kept += [*([pause] if pause is not None and kept else []), *part]
    return DateWords(words.text, tuple(kept), words.tokens)


def _core(words: DateWords, clause: list[Sign], *, leads: bool) -> list[Sign]:
    """A clause without what asks for something before its time, and without an aside behind it."""
    part = clause[_lead(words, clause) if leads else 0 :]
    return part[: next((cut for cut in range(1, len(part)) if _may_cut(words, part, cut)), len(part))]


def _clauses(words: DateWords) -> list[tuple[Sign | None, list[Sign]]]:
    """The clauses of a text, each with the pause before it; a mark within a date is no pause, a line's end is one."""
    found: list[tuple[Sign | None, list[Sign]]] = [(None, [])]
    for place, sign in enumerate(words.signs):
        before = words.signs[place - 1] if place else None
        if before is not None and "\n" in words.text[before.end : sign.start] and found[-1][1]:
            found.append((Sign(",", before.end, before.end), []))
        after = words.signs[place + 1] if place + 1 < len(words.signs) else None
        tight = before is not None and after is not None and before.end == sign.start and sign.end == after.start
        if sign.sign in _PAUSES and not (tight and after is not None and after.figure):
            found.append((sign, []))
        else:
            found[-1][1].append(sign)
    return [(pause, clause) for pause, clause in found if clause]


def _lead(words: DateWords, clause: Sequence[Sign]) -> int:
    """How many signs stand before a clause's time and only ask for it: "đề nghị các khoa gửi vào" asks."""
    first = next((at for at in range(len(clause)) if _is_time(clause, at)), 0)
    if not first:
        return 0
    lists = aside_words()
    start = clause[0].start
    tokens = words.heard(_start_of_clause(words, start), clause[first].start)
    if _Region(words, list(clause[:first]), tokens, whole=False).is_dangerous():
        return 0
    asks = begins(tokens, lists.asking, True) or (
        (begins(tokens, lists.handing, True) or has(tokens[-2:], lists.sending, True))
        and clause[first].sign in {"before", "inclusive", "within"}
    )
    return first if asks and not has(tokens, lists.dated, True) else 0


def _start_of_clause(words: DateWords, start: int) -> int:
    """Where the words begin that belong to the clause whose first sign begins at `start`."""
    ends = [sign.end for sign in words.signs if sign.end <= start]
    return max(ends, default=0)


def _is_time(clause: Sequence[Sign], at: int) -> bool:
    name = clause[at].sign
    if name in {"each", "all"}:
        return at + 1 < len(clause) and clause[at + 1].sign not in _SILENT
    return name not in _SILENT or name in {"within", "ord", "inclusive"}


def _may_cut(words: DateWords, clause: Sequence[Sign], cut: int) -> bool:
    """Whether a clause's time ends before the sign at `cut`, and what follows says nothing of it."""
    last, following = clause[cut - 1], clause[cut]
    between = words.heard(last.end, following.start)
    lists = aside_words()
    if has(between, lists.binding, True):
        return False
    is_parted = bool(between) and not has(between[:1], lists.loose, True)
    if following.guessed and not is_parted and following.sign not in {"?", "reason"}:
        return False
    plural = following.sign == "vague" and has(words.heard(following.start, following.end), lists.plural, True)
    is_closed = (last.sign.isdecimal() and (last.figure or last.sign != "1")) or last.sign in _CLOSED
    if following.sign == "last" and last.sign == "this":
        is_parted = True
    if not is_parted and (following.sign in _ATTACHED or not is_closed) and not (plural and is_closed):
        return False
    return not _holds(words, clause, cut)


def _holds(words: DateWords, clause: Sequence[Sign], cut: int) -> bool:
    """Whether a clause from its sign at `cut` on, or as a whole, may say something of the date."""
    region = list(clause[cut:])
    end = next((sign.start for sign in words.signs if sign.start >= region[-1].end), len(words.text))
    start = clause[cut - 1].end if cut else _start_of_clause(words, clause[0].start)
    return _Region(words, region, words.heard(start, end), whole=not cut).is_dangerous()


@dataclass(frozen=True)
class _Region:
    """A part of a text that may be an aside: its signs and all of its words; `whole` where it is a clause."""

    words: DateWords
    signs: list[Sign]
    tokens: list[HeardWord]
    whole: bool

    @property
    def bare(self) -> bool:
        """Whether it was typed without marks, so that words are known by their letters alone."""
        return all(token.word.isascii() for token in self.tokens)

    def is_dangerous(self) -> bool:
        """Whether it may say something of the date."""
        lists = aside_words()
        if self._doubts() and not self._offers_help():
            return True
        if begins(self.tokens, lists.waiting, self.bare) or self.moves(lists.moving):
            return True
        return any(self._is_dangerous_at(at) for at in range(len(self.signs)))

    def _says(self, phrases: tuple[str, ...]) -> bool:
        return has(self.tokens, phrases, self.bare)

    def _doubts(self) -> bool:
        """Whether a doubt is said there; "cho chắc" is none, nor is "khỏi hỏi lại"."""
        lists = aside_words()
        sure = {near for at in places(self.tokens, lists.sureties, self.bare) for near in (at, at + 1)}
        sure.update(near for at in places(self.tokens, lists.unasked, self.bare) for near in range(at, at + _UNASKED))
        return any(at not in sure for at in places(self.tokens, lists.doubts, self.bare))

    def _offers_help(self) -> bool:
        """ "ai chưa rõ thì hỏi chị" offers help; it doubts nothing."""
        return self._says(aside_words().helping)

    def moves(self, phrases: tuple[str, ...]) -> bool:
        """Whether one of the phrases stands there with no denial before it: "đừng ai xin dời" moves nothing."""
        denials = [sign.start for sign in self.signs if sign.sign == "no"]
        moved = [at for at in places(self.tokens, phrases, self.bare) if not self._demands(at)]
        return any(not denials or denials[0] >= self.tokens[place].start for place in moved)

    def _demands(self, at: int) -> bool:
        """Whether what seems to move there demands, or grants another chance."""
        lists = aside_words()
        is_demand = begins(self.tokens[at:], lists.demanding, self.bare)
        return is_demand or begins(self.tokens[at:], lists.chances, self.bare)

    def names_time(self) -> bool:
        """Whether any time stands there."""
        return any(
            _is_time(self.signs, at) and not sign.guessed and not self._is_amount(at) and not self._is_fine(sign)
            for at, sign in enumerate(self.signs)
        )

    def _is_amount(self, at: int) -> bool:
        """Whether a figure is counted, or "trừ" takes one off: "trừ 5 điểm"."""
        is_fine = self.signs[at].sign == "except" and at + 1 < len(self.signs)
        counted = at + 1 if is_fine else at
        return self.signs[counted].sign.isdecimal() and self._is_count(counted)

    def _is_fine(self, sign: Sign) -> bool:
        """Whether "trừ" takes away something else than days: "trừ thi đua"."""
        behind = [token for token in self.tokens if token.start >= sign.start]
        return sign.sign == "except" and begins(behind, aside_words().fines, self.bare)

    def concludes_time(self) -> bool:
        """Whether a time follows from what was told: "sếp bận nên tuần sau"."""
        lists = aside_words()
        concluded = [self.tokens[at].end for at in places(self.tokens, lists.therefore, self.bare)]
        return any(
            _is_time(self.signs, at) and not sign.guessed and concluded[0] <= sign.start
            for at, sign in enumerate(self.signs)
            if concluded
        )

    def names_day(self) -> bool:
        """Whether a day stands there by a figure or as a day of the week."""
        return any(
            ((sign.sign.isdecimal() and not self._is_count(at)) or sign.sign in {"ord", "wd6"}) and not sign.guessed
            for at, sign in enumerate(self.signs)
        )

    def _is_dangerous_at(self, at: int) -> bool:
        sign = self.signs[at]
        name = UNKNOWN if sign.guessed else sign.sign
        if name == "no":
            return self._denies(sign)
        if name == "times":
            later = self.signs[at + 1] if at + 1 < len(self.signs) else None
            return later is not None and later.sign in {"next", "after"} and not later.guessed
        if name in _SILENT:
            return False
        if name == "1" and not sign.figure and not sign.bare:
            return self._leads_to_time(at)
        if name.isdecimal():
            return not self._is_count(at)
        if name in {"after", "before", "end", "start", "except"}:
            return self._is_dangerous_place(at)
        if name == "day":
            return not (self._names_the_day(sign) or (self.whole and self._is_past(at)))
        if name in _SPANS and self.whole and self._repeats(at):
            return False
        return not (name in _LOOSE and self.whole and self._is_circumstance(at))

    def _is_count(self, at: int) -> bool:
        """Whether a figure counts or numbers what is no time: "hai bản", "mẫu số 3", a telephone's number."""
        sign, lists = self.signs[at], aside_words()
        following = [token for token in self.tokens if token.start >= sign.end]
        preceding = [token for token in self.tokens if token.end <= sign.start]
        if begins(preceding[-1:], lists.counting, self.bare) and begins(following, lists.units, self.bare):
            return True
        if preceding and begins(following, lists.amounts, self.bare) and not self._is_dated(at):
            return True
        if self._leads_to_time(at) or (at and self.signs[at - 1].sign not in _SILENT):
            return False
        if any(near.sign in {"hour", "minute", "ord", "t", "q"} for near in self.signs[max(at - 1, 0) : at + 2]):
            return False
        if sign.figure and int(sign.sign) > _LAST_DAY and not _YEAR.fullmatch(sign.sign):
            return True
        counts = len(sign.sign) == 1 and begins(following, lists.counted, self.bare)
        return counts or any(has(preceding[-size:], lists.numbered, self.bare) for size in (1, 2))

    def _is_dated(self, at: int) -> bool:
        """Whether a figure is part of a date or an hour by the sign before it."""
        return bool(at) and self.signs[at - 1].sign in {"/", "-", ".", "day", "ord", "month", "hour"}

    def _is_past(self, at: int) -> bool:
        later = self.signs[at + 1] if at + 1 < len(self.signs) else None
        return later is not None and later.sign == "prev" and not later.guessed

    def _repeats(self, at: int) -> bool:
        """Whether a span says once more how often it is: "hằng tháng …, tháng nào cũng phải nhắc"."""
        later = self.signs[at + 1].sign if at + 1 < len(self.signs) else ""
        return later == "any" and f"each {self.signs[at].sign}" in self.words.key

    def _leads_to_time(self, at: int) -> bool:
        return at + 1 < len(self.signs) and self.signs[at + 1].sign not in _SILENT

    def _is_dangerous_place(self, at: int) -> bool:
        """Signs that are also plain words: "quá", "báo trước", "nộp hết", "trừ điểm"."""
        sign = self.signs[at]
        here = self.words.heard(sign.start, sign.end)
        lists = aside_words()
        following = [token for token in self.tokens if token.start >= sign.end]
        if sign.sign == "except":
            return not (
                self._is_amount(at)
                or (has(here, lists.still, self.bare) and self.tokens[0].start < sign.start)
                or begins([*here, *following], lists.fines, self.bare)
            )
        if sign.sign == "after" and not (at and self.signs[at - 1].sign in _SPANS):
            return not has(here, lists.too, self.bare)
        if self.whole and self._is_circumstance(at):
            return False
        next_sign = self.signs[at + 1] if at + 1 < len(self.signs) else None
        if sign.sign == "before" and at and self.signs[at - 1].sign == "times":
            return self._leads_to_time(at) and not self._is_count(at + 1)
        leads = bool(following) and next_sign is not None and following[0].start == next_sign.start
        return leads and not self._is_count(at + 1)

    def _names_the_day(self, sign: Sign) -> bool:
        """Whether a day is the one just named: "bữa đó", or, said to be it, a day with a name of its own."""
        lists, bare = aside_words(), self.bare
        following = [token for token in self.tokens if token.start >= sign.end]
        if begins(following, lists.those, bare):
            return True
        preceding = [token for token in self.tokens if token.end <= sign.start]
        is_named = bool(preceding) and bool(following) and has(preceding[-1:], lists.being, bare)
        return is_named and not has(following, lists.then, bare)

    def _is_circumstance(self, at: int) -> bool:
        """Whether a time without figures tells of what was, of now, or of why the speaker is away."""
        lists, bare = aside_words(), self.bare
        if any(
            sign.sign.isdecimal() and not sign.guessed and not self._is_count(i) for i, sign in enumerate(self.signs)
        ):
            return False
        sign, later = self.signs[at], self.signs[at + 1] if at + 1 < len(self.signs) else None
        if has([token for token in self.tokens if token.end <= sign.start][-1:], lists.therefore, bare):
            return False
        is_past = later is not None and later.sign in {"prev", "before"} and not later.guessed
        earlier = self.signs[at - 1] if at else None
        if sign.sign in _SPANS and is_past:
            return True
        if sign.sign == "before" and earlier is not None and earlier.sign in _SPANS:
            return True
        if sign.sign in {"lunar", "yearname"} and has(
            [token for token in self.tokens if token.end <= sign.start][-1:], lists.holidays, bare
        ):
            return True
        if sign.sign == "lunar" and begins(self.tokens, lists.over, bare):
            return not self._says(lists.bringing)
        if any(self._says(phrases) for phrases in (lists.handing, lists.bringing, lists.choosing)):
            return False
        opening = self.tokens[1:] if begins(self.tokens[:1], lists.speakers, bare) else self.tokens
        tells = begins(opening, lists.now, bare) and all(
            sign.start != opening[0].start for sign in self.signs if sign.sign != UNKNOWN
        )
        speaks = places(self.tokens, lists.speakers, bare)
        away = places(self.tokens, lists.away, bare)
        return tells or any(0 < place - speaker <= 3 for speaker in speaks for place in away)

    def _denies(self, sign: Sign) -> bool:
        """Whether a negation may deny the day, that something is owed, or how sure it is."""
        lists, bare = aside_words(), self.bare
        if begins([token for token in self.tokens if token.start >= sign.start], lists.unasked, bare):
            return False
        if len(self.words.heard(sign.start, sign.end)) > 1:
            return True
        rest = [token for token in self.tokens if token.start >= sign.end]
        if begins(rest, lists.warned, bare):
            return False
        while rest and begins(rest, lists.fillers, bare):
            rest = rest[1:]
        if not rest or self._offers_help():
            return not rest
        if begins(rest, lists.handing, bare) and (has(rest[1:], lists.otherwise, bare) or self._hands_in_wrongly(rest)):
            return False
        return begins(rest, lists.denied, bare) or begins(rest, lists.handing, bare)

    def _hands_in_wrongly(self, rest: Sequence[HeardWord]) -> bool:
        """Whether what is denied is how, or what else, to hand in: "đừng gửi ảnh mờ"."""
        following = [sign for sign in self.signs if len(rest) > 1 and sign.start == rest[1].start]
        return any(sign.sign == UNKNOWN for sign in following) and not begins(rest[1:], aside_words().denied, self.bare)
