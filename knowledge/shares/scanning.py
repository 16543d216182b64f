"""A message explained stretch by stretch: its reason, years, spreads, units and amounts, each where it stands. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from knowledge.shares.correcting import correct
from knowledge.shares.found import RECEIVERS, SPREADS, ScannedShares
from knowledge.shares.kinds import Kinds
from knowledge.shares.matching import Fit, NamesBelow
from knowledge.shares.mentions import Mention, Mentions
from knowledge.shares.numbering import AmountScanner
from knowledge.shares.reasons import Reasons
from knowledge.shares.words import index_lists
from knowledge.text import fold, spelling
from knowledge.tokens import Phrases, Span, TokenSort, tokenize

_NAMED_YEAR: Final = re.compile(r"[0-9]{4}")
_SHORT_YEAR: Final = re.compile(r"[0-9]{2}")
_CENTURY: Final = 2000
_YEARS_AROUND: Final = 10
_YEARS_AHEAD: Final = 5
_GAP: Final = 6
"""Words at most between "theo" and the year or the members that it leads to."""


def scan(text: str, below: NamesBelow, today: date, measured_in: str) -> ScannedShares:
    """Everything that is found in a tidied message."""
    return _Scanner(text, below, today, measured_in).scan()


class _Scanner:
    def __init__(self, text: str, below: NamesBelow, today: date, measured_in: str) -> None:
        tokens = tokenize(text)
        self._phrases = Phrases(tokens, index_lists())
        self._tokens = tokens
        self._found = ScannedShares(text, tokens, self._phrases, [False] * len(tokens), units=len(below.known))
        self._below, self._today, self._measured_in = below, today, measured_in

    def scan(self) -> ScannedShares:
        Reasons(self._found, self._below).read()
        self._read_spreads()
        self._found.hands_down = not self._asks_or_tells()
        self._read_named_years()
        amounts = AmountScanner(self._found, self._below, self._measured_in)
        amounts.read_words()
        mentions = Mentions(self._found.text, self._tokens, self._phrases, self._below, self._is_near_year)
        found = mentions.find(self._found.taken)
        self._kinds = Kinds(self._tokens, self._phrases, self._below, found)
        groups = self._kinds.find(self._found.taken)
        for start, end in self._kinds.counts:
            self._found.claim(start, end)
        held = sorted([*groups, *found], key=lambda each: (each.start, not each.is_group))
        self._found.mentions = [each for each in held if self._found.claim(each.start, each.end) or not each.words]
        self._found.within = frozenset(
            at for each in self._found.mentions for at in range(each.start, each.end) if self._found.sign(at)
        )
        self._read_each_of_kind()
        self._read_bare_years()
        self._read_excepted()
        amounts.read_rest()
        correct(self._found)
        return self._found

    # --- What stands around ---

    def _asks_or_tells(self) -> bool:
        if any(self._found.sign(at) == "?" for at in range(len(self._tokens))):
            return True
        granted = any(True for _ in self._phrases.of("granted"))
        free = [
            each
            for each in self._phrases.of("questions", "remarks")
            if not any(self._found.taken[each.start : each.end])
            and not (granted and self._phrases.at(each.start, "wishes") is not None)
            and self._phrases.before(each.start, "owing") is None
            and self._phrases.before(each.start - 1, "not_this") is None
            and not self._is_polite_giving(each)
        ]
        opens = 0
        while (courtesy := self._phrases.at(opens, "courtesy")) and self._phrases.at(opens, "by") is None:
            opens = courtesy.end
        asks = any(
            (each := self._phrases.at(at, "opening_questions")) is not None and not self._found.taken[each.start]
            for at in (0, opens)
        )
        return bool(free) or asks or self._reports() or self._asks_last() or self._asks_whether() or self._asks_which()

    def _reports(self) -> bool:
        """Whether it counts workers and beside them members, and hands nothing down: "X 1.240 lao động, 1.198 đv"."""
        if self._found.receivers or self._found.spreads:
            return False
        counts = [
            (each, at)
            for each in self._phrases.of("workers")
            if self._is_number(each.start - 1) and (at := self._number_beside(each.end))
        ]
        both = next((at for _, at in counts if self._phrases.at(at + 1, "union_members") is not None), 0)
        grown = {(each.start, each.end) for each in self._phrases.of("growing", "shrinking")}
        return both > 0 and all(
            (each.start, each.end) in grown and each.start > both
            for each in self._phrases.of("giving", "owing", "taking_back", "whole")
            if not self._found.taken[each.start]
        )

    def _number_beside(self, at: int) -> int:
        """Where the next number stands, with nothing but signs and words that tell or join before it; 0 for nowhere."""
        while at < len(self._tokens) and not self._is_number(at):
            link = self._phrases.at(at, "joined", "told", "done")
            if link is None and not self._found.sign(at):
                return 0
            at = link.end if link is not None else at + 1
        return at if at < len(self._tokens) else 0

    def _asks_which(self) -> bool:
        """Whether it asks which of two was handed down: "X được giao 600 hay 650"."""
        given = min((each.start for each in self._phrases.of("was_given")), default=len(self._tokens))
        numbers = (
            each
            for each in self._phrases.of("or_else")
            if each.start > given and self._is_number(each.start - 1) and self._phrases.at(each.start, "until") is None
        )
        return any(each.end < len(self._tokens) and self._is_number(each.end) for each in numbers)

    def _asks_whether(self) -> bool:
        """Whether a part of it asks: "có công bằng không, …"."""
        for each in self._phrases.of("whether"):
            ends = each.end >= len(self._tokens) or self._found.sign(each.end) in (",", ".", "\n", ";")
            words = range(max(0, each.start - _GAP), each.start)
            clause = max((at + 1 for at in words if self._found.sign(at)), default=words.start)
            if ends and any(clause <= other.start < each.start for other in self._phrases.of("have")):
                return not any(self._is_number(at) for at in range(clause, each.start))
        return False

    def _is_polite_giving(self, wish: Span) -> bool:
        """Whether a wish is a polite way to hand down, with a list behind it: "em xin giao chỉ tiêu: …"."""
        polite = self._phrases.at(wish.start, "polite_giving")
        opens = wish.start
        while opens and (courtesy := self._phrases.before(opens, "courtesy")) is not None:
            opens = courtesy.start
        begins = opens == 0 or self._found.ends_sentence(opens - 1)
        begins |= self._found.sign(opens - 1) == "," and not any(self._is_number(at) for at in range(opens))
        if polite is None or not begins:
            return False
        if opens == 0 and self._gives_several(polite.end):
            return True
        end = next((at for at in range(polite.end, len(self._tokens)) if self._found.sign(at) in (":", "\n")), None)
        return end is not None and all(self._found.sign(at) not in (".", ";") for at in range(polite.end, end))

    def _gives_several(self, start: int) -> bool:
        """Whether a sentence says what two units get at least, and what the others do: no unit's own wish."""
        end = next((at for at in range(start, len(self._tokens)) if self._found.sign(at) in (".", ";", "\n")), None)
        end = len(self._tokens) if end is None else end
        numbers = [at for at in range(start, end) if self._is_number(at)]
        apart = any(self._found.sign(at) == "," for at in range(numbers[0], numbers[-1])) if numbers else False
        others = any(each.name == "others" and start <= each.start < end for each in self._found.receivers)
        return apart and others

    def _asks_last(self) -> bool:
        """Whether it ends as a question does: "đủ 400 chưa bot"."""
        end = len(self._tokens)
        while end and (courtesy := self._phrases.before(end, "courtesy")) is not None and courtesy.start:
            end = courtesy.start
        return self._phrases.before(end, "asking_last") is not None

    def _read_spreads(self) -> None:
        for each in self._phrases.of("at_least"):
            if each.end < len(self._tokens) and self._is_number(each.end):
                self._found.claim(each.start, each.end)
        for each in self._phrases.of("by_members"):
            self._keep_spread(each, self._behind_whose(each.end))
        self._read_last_year()
        for name in RECEIVERS:
            for each in self._phrases.of(name):
                if not self._is_of_name(each) and self._found.claim(each.start, each.end):
                    self._found.receivers.append(each)
        for name in SPREADS:
            for each in self._phrases.of(name):
                self._keep_spread(each, each.end)

    def _is_number(self, at: int) -> bool:
        return self._tokens[at].sort is TokenSort.NUMBER or self._found.begins_number(at)

    def _is_of_name(self, said: Span) -> bool:
        """Whether words stand just so in a unit's name: "Môi trường", not "mỗi trường"."""
        tokens = self._tokens[said.start : said.end]
        for known in self._below.known:
            for at in range(len(known.spelled) - len(tokens) + 1):
                words = known.spelled[at : at + len(tokens)]
                if all(
                    token.folded == fold(word) and (token.text.isascii() or spelling(token.keyed) == spelling(word))
                    for token, word in zip(tokens, words, strict=True)
                ):
                    return True
        return False

    def _keep_spread(self, each: Span, end: int) -> None:
        if self._found.claim(each.start, end):
            self._found.spreads.append(Span(each.name, each.start, end))

    def _behind_whose(self, end: int) -> int:
        """Behind whose members a spread is by: "theo số đoàn viên của từng nơi"."""
        at = end
        while (of := self._phrases.at(at, "whose")) is not None:
            at = of.end
        whose = self._phrases.at(at, "each", "each_of_kind", "everyone")
        follows = whose is not None and whose.end < len(self._tokens) and self._is_number(whose.end)
        return whose.end if whose is not None and not follows else end

    def _read_last_year(self) -> None:
        """As last year, whatever of it: "theo kết quả từng nơi đạt được năm trước", "như năm 2025"."""
        ends = {each.start: each.end for each in self._phrases.of("past_year")}
        for each in self._phrases.of("year"):
            if each.end < len(self._tokens) and self._tokens[each.end].text == str(self._today.year - 1):
                ends[each.start] = each.end + 1
        for each in self._phrases.of("like"):
            at = each.end
            while at < len(self._tokens) and at - each.end < _GAP and at not in ends:
                if self._tokens[at].sort is not TokenSort.WORD or self._phrases.at(at, "documents") is not None:
                    break
                at += 1
            if at in ends and not any(self._found.taken[each.start : ends[at]]):
                self._keep_spread(Span("as_last_year", each.start, ends[at]), ends[at])

    def _read_excepted(self) -> None:
        """All but one unit, of which its own amount is said: "mỗi nơi 20, trừ X 200" takes nothing from it."""
        first = min((each.start for each in (*self._found.receivers, *self._found.spreads)), default=None)
        for each in self._phrases.of("excepting"):
            mention = next((other for other in self._found.mentions if other.start == each.end), None)
            if first is None or mention is None or each.start < first:
                continue
            at = mention.end + (self._found.sign(mention.end) in (":", "="))
            between = self._phrases.at(at, "between", "each", "each_of_kind")
            at = between.end if between is not None else at
            if at < len(self._tokens) and (self._tokens[at].sort is TokenSort.NUMBER or self._found.begins_number(at)):
                self._found.claim(each.start, each.end)

    def _read_each_of_kind(self) -> None:
        """Each of a kind that was not named before it: all of that kind, or those in brackets behind it."""
        for each in [each for each in self._found.receivers if each.name == "each_of_kind"]:
            beside = any(other.end in (each.start, each.start - 1) for other in self._found.mentions)
            if beside or self._is_behind_amount(each):
                continue
            end, match = self._kinds.meant(each.start + 1)
            if self._found.sign(end) == "(" and any(other.start == end + 1 for other in self._found.mentions):
                self._found.taken[each.end : end] = [True] * (end - each.end)
                kept = [other for other in self._found.mentions if not each.start <= other.start < end]
                close = next((at for at in range(end, len(self._tokens)) if self._found.sign(at) == ")"), end)
                self._found.mentions = [
                    replace(other, is_each=True) if end < other.start < close else other for other in kept
                ]
                self._found.receivers.remove(each)
            elif match.is_sure:
                words = self._found.said(each.start, end)
                self._found.taken[each.end : end] = [True] * (end - each.end)
                kept = [other for other in self._found.mentions if not each.start <= other.start < end]
                group = Mention(each.start, end, words, match, is_group=True, is_each=True)
                self._found.mentions = sorted([*kept, group], key=lambda other: other.start)
                self._found.receivers.remove(each)

    def _is_behind_amount(self, each: Span) -> bool:
        """Whether what units named before it get stands right before "mỗi phường": "X, Y: 150 mỗi phường"."""
        counted = self._phrases.before(each.start, "counted")
        at = counted.start if counted is not None else each.start
        begin = max((k + 1 for k in range(each.start) if self._found.ends_sentence(k)), default=0)
        named = any(begin <= other.start and other.end < each.start for other in self._found.mentions)
        return at > 0 and named and self._is_number(at - 1)

    # --- Years ---

    def _is_year(self, at: int) -> bool:
        return at < len(self._tokens) and self._found.is_like_year(at)

    def _is_near_year(self, at: int) -> bool:
        """Whether a number is the year that something is handed down for, and hardly so many."""
        near = self._is_year(at) and abs(int(self._tokens[at].text) - self._today.year) <= _YEARS_AROUND
        return near and self._phrases.at(at + 1, "counted") is None

    def _read_named_year(self, at: int) -> int | None:
        """The year that stands behind the word for one, in two digits too where it is a near one."""
        said = self._tokens[at].text if at < len(self._tokens) else ""
        if _NAMED_YEAR.fullmatch(said):
            return int(said)
        near = range(self._today.year - 1, self._today.year + _YEARS_AHEAD + 1)
        short = int(said) + _CENTURY if _SHORT_YEAR.fullmatch(said) else 0
        word = self._tokens[at - 1].folded
        is_name = any(word in fold(" ".join(known.spelled)).split() for known in self._below.known)
        return short if short in near and not is_name else None

    def _read_named_years(self) -> None:
        for each in self._phrases.of("year"):
            year = self._read_named_year(each.end)
            if year is not None and self._found.claim(each.start, each.end + 1):
                self._set_year(year)
                if year < self._today.year:
                    self._found.past.append(each)
        for step, name in ((0, "this_year"), (1, "next_year")):
            for each in self._phrases.of(name):
                if self._found.claim(each.start, each.end):
                    self._set_year(self._today.year + step)
        for each in self._phrases.of("past_year"):
            follows = each.end < len(self._tokens) and self._tokens[each.end].sort is TokenSort.NUMBER
            end = each.end + 1 if follows else each.end
            if self._found.claim(each.start, end) and not follows:
                self._set_year(self._today.year - 1)

    def _set_year(self, year: int) -> None:
        if self._found.year is None:
            self._found.year = year

    def _read_bare_years(self) -> None:
        ends = {each.end: each.match.fit for each in self._found.mentions}
        for at, token in enumerate(self._tokens):
            before = at - 1 if self._found.sign(at - 1) in (":", "=") else at
            if not self._is_near_year(at):
                continue
            if before in ends:
                if self._found.year is None and ends[before] is Fit.PART:  # so many, or the year: "sn 2027"
                    self._found.doubts.append(token.text)
                continue
            if self._found.claim(at, at + 1):
                self._set_year(int(token.text))
