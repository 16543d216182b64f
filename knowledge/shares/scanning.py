"""A message explained stretch by stretch: its reason, years, spreads, units and amounts, each where it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from knowledge.number_words import NUMBER_WORDS, SCALES, is_number_word
from knowledge.numbers import Reason
from knowledge.shares.amounts import Amount, read_amount
from knowledge.shares.matching import NamesBelow
from knowledge.shares.mentions import Mention, Mentions
from knowledge.shares.said import Spread
from knowledge.shares.words import index_lists, is_money
from knowledge.text import fold
from knowledge.tokens import Phrases, Span, Token, TokenSort, tokenize

_YEAR: Final = re.compile(r"20[0-9]{2}")
_NAMED_YEAR: Final = re.compile(r"[0-9]{4}")
_SHORT_YEAR: Final = re.compile(r"[0-9]{2}")
_CENTURY: Final = 2000
_YEARS_AROUND: Final = 10
_YEARS_AHEAD: Final = 5
_LONGEST_RUN: Final = 9
_EDGES: Final = " \t\n,;:.=()–—-"
SPREADS: Final = {
    "by_members": Spread.BY_MEMBERS,
    "as_last_year": Spread.AS_LAST_YEAR,
    "unchanged": Spread.UNCHANGED,
    "evenly": Spread.EVENLY,
}
RECEIVERS: Final = ("others", "each", "each_of_kind", "everyone")


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """An amount where it stands; `is_vague` where it is no exact one."""

    start: int
    end: int
    amount: Amount
    is_vague: bool = False


@dataclass
class ScannedShares:
    """What stands where; `taken` are the tokens that something explains, `moved` amounts that go from unit to unit."""

    text: str
    tokens: Sequence[Token]
    phrases: Phrases
    taken: list[bool]
    year: int | None = None
    reason: str = ""
    hands_down: bool = True
    spreads: list[Span] = field(default_factory=list)
    receivers: list[Span] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    amounts: list[SaidAmount] = field(default_factory=list)
    moved: list[SaidAmount] = field(default_factory=list)
    _explained: set[int] = field(default_factory=set)

    def said(self, start: int, end: int) -> str:
        """The words from one token to before another."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def claim(self, start: int, end: int) -> bool:
        """Explain some tokens; False where one of them is explained already."""
        if any(self.taken[start:end]):
            return False
        self.taken[start:end] = [True] * (end - start)
        return True

    def sign(self, at: int) -> str:
        """The sign that stands at a token; empty where none does."""
        is_sign = 0 <= at < len(self.tokens) and self.tokens[at].sort is TokenSort.SIGN
        return self.tokens[at].text if is_sign else ""

    def begins_number(self, at: int) -> bool:
        """Whether a word stands there that numbers are spelled with, and that nothing explains."""
        at += self.sign(at) in (":", "=")
        is_free = at < len(self.tokens) and not self.taken[at]
        return is_free and is_number_word(self.tokens[at].keyed)

    def explains(self, start: int, end: int) -> bool:
        """Whether every word there stands in a phrase of the lists, or is explained already."""
        if not self._explained:
            self._explained = {at for each in self.phrases.every() for at in range(each.start, each.end)}
        return all(at in self._explained or self.taken[at] or self.sign(at) for at in range(start, end))

    def is_like_year(self, at: int) -> bool:
        """Whether a number is written as a year is."""
        return _YEAR.fullmatch(self.tokens[at].text) is not None

    def ends_sentence(self, at: int) -> bool:
        """Whether a clause surely ends at a token."""
        return self.sign(at) in ("\n", ";", ".", "/", "!") and self.sign(at - 1) != ":"


def scan(text: str, below: NamesBelow, today: date, measured_in: str) -> ScannedShares:
    """Everything that is found in a tidied message."""
    return _Scanner(text, below, today, measured_in).scan()


class _Scanner:
    def __init__(self, text: str, below: NamesBelow, today: date, measured_in: str) -> None:
        tokens = tokenize(text)
        self._phrases = Phrases(tokens, index_lists())
        self._tokens = tokens
        self._found = ScannedShares(text, tokens, self._phrases, [False] * len(tokens))
        self._below, self._today, self._measured_in = below, today, measured_in

    def scan(self) -> ScannedShares:
        self._read_reason()
        self._found.hands_down = not self._asks_or_tells()
        self._read_spreads()
        self._read_named_years()
        words = self._read_word_amounts()
        mentions = Mentions(self._found.text, self._tokens, self._phrases, self._below, self._is_near_year)
        found = mentions.find(self._found.taken)
        self._found.mentions = [each for each in found if self._found.claim(each.start, each.end) or not each.words]
        self._read_bare_years()
        words += self._read_lone_words()
        self._found.amounts = sorted([*words, *self._read_amounts()], key=lambda each: each.start)
        self._correct()
        return self._found

    # --- What stands around ---

    def _read_reason(self) -> None:
        for because in sorted(self._phrases.of("because"), key=lambda each: each.start):
            start, end = because.start, because.end
            if any(self._found.taken[start:end]):
                continue
            sign = self._found.sign(start - 1)
            if not sign and self._is_doubtful(because):
                continue
            if start == 0:
                until = next((each.start for each in self._phrases.of("therefore")), 0)
                if not until:
                    until = next((at for at in range(end, len(self._tokens)) if self._found.sign(at) == ","), 0)
            elif sign or self._has_amount_before(start):
                until = self._reason_end(end, in_brackets=sign == "(")
            else:
                continue
            while end < until and (self._found.sign(end) == ":" or self._phrases.at(end, "because")):
                more = self._phrases.at(end, "because")
                end = more.end if more is not None else end + 1
            if until > end and self._found.claim(start, until):
                self._found.reason = self._found.said(end, until).strip(_EDGES)
                return

    def _is_doubtful(self, because: Span) -> bool:
        """Whether a word for a reason is likelier part of something else: "đơn vị", "vận tải" without marks."""
        if any(
            each.name != "because" and each.start <= because.start < each.end and each.end - each.start > 1
            for each in self._phrases.every()
        ):
            return True
        return self._phrases.holds(because.start, because.end, "courtesy")

    def _has_amount_before(self, end: int) -> bool:
        numbers = any(each.sort is TokenSort.NUMBER for each in self._tokens[:end])
        return numbers or self._phrases.holds(0, end, "taking_back", "unchanged")

    def _reason_end(self, start: int, *, in_brackets: bool) -> int:
        for at in range(start, len(self._tokens)):
            sign = self._found.sign(at)
            if sign == ")" and in_brackets:
                return at
            if sign in (".", ",", ";", "\n"):
                until = next(
                    (k for k in range(at + 1, len(self._tokens)) if self._found.sign(k) in (",", ";", ".", "\n")),
                    len(self._tokens),
                )
                has_number = any(each.sort is TokenSort.NUMBER for each in self._tokens[at:until])
                goal = self._phrases.at(at + 1, "goal_words")
                names_goal = goal is not None and not self._phrases.holds(0, start, "goal_words")
                if has_number or names_goal or self._phrases.holds(at, until, *RECEIVERS, *SPREADS):
                    return at
        return len(self._tokens)

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
            and not self._is_polite_giving(each)
        ]
        return bool(free) or self._phrases.at(0, "opening_questions") is not None or self._asks_last()

    def _is_polite_giving(self, wish: Span) -> bool:
        """Whether a wish is a polite way to hand down, with a list behind it: "em xin giao chỉ tiêu: …"."""
        polite = self._phrases.at(wish.start, "polite_giving")
        if polite is None:
            return False
        end = next((at for at in range(polite.end, len(self._tokens)) if self._found.sign(at) in (":", "\n")), None)
        return end is not None and all(self._found.sign(at) not in (".", ";") for at in range(polite.end, end))

    def _asks_last(self) -> bool:
        """Whether it ends as a question does: "đủ 400 chưa bot"."""
        end = len(self._tokens)
        while end and (courtesy := self._phrases.before(end, "courtesy")) is not None and courtesy.start:
            end = courtesy.start
        return self._phrases.before(end, "asking_last") is not None

    def _read_spreads(self) -> None:
        for name in RECEIVERS:
            for each in self._phrases.of(name):
                if not self._phrases.before(each.start, "by_members") and self._found.claim(each.start, each.end):
                    self._found.receivers.append(each)
        for name in SPREADS:
            for each in self._phrases.of(name):
                if self._found.claim(each.start, each.end):
                    self._found.spreads.append(each)
                    year = self._phrases.at(each.end, "year")
                    if name == "as_last_year" and year is not None and self._is_year(year.end):
                        self._found.claim(year.start, year.end + 1)

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
        ends = {each.end for each in self._found.mentions}
        for at, token in enumerate(self._tokens):
            before = at - 1 if self._found.sign(at - 1) in (":", "=") else at
            if not self._is_near_year(at) or before in ends:
                continue
            if self._found.claim(at, at + 1):
                self._set_year(int(token.text))

    # --- Amounts ---

    def _is_number_word(self, at: int) -> bool:
        token = self._tokens[at] if at < len(self._tokens) else None
        if token is None or token.sort is not TokenSort.WORD or self._found.taken[at]:
            return False
        if token.folded in SCALES and is_money(self._measured_in):
            return True
        if token.folded not in NUMBER_WORDS:
            return False
        return is_number_word(token.keyed) if not token.keyed.isascii() or self._phrases.is_marked else True

    def _read_word_amounts(self) -> list[SaidAmount]:
        found = []
        at = 0
        while at < len(self._tokens):
            if not self._is_number_word(at):
                at += 1
                continue
            end = at
            while self._is_number_word(end) and end - at < _LONGEST_RUN:
                end += 1
            rough = self._find_rough(at)
            run = self._longest_run(at, end)
            counted = run > at and self._phrases.at(run, "counted") is not None
            percent = self._phrases.at(run, "percent")
            is_meant = run - at > 1 or counted or rough is not None or percent is not None
            if run > at and is_meant and not self._phrases.at(run, "places"):
                found += self._amount(rough.start if rough else at, run, is_vague=rough is not None, first=at)
            at = end
        return found

    def _read_lone_words(self) -> list[SaidAmount]:
        """Amounts of one word, right behind a unit and with nothing behind them: "X ba, Y bốn"."""
        found = []
        for each in self._found.mentions:
            at = each.end + (self._found.sign(each.end) in (":", "="))
            is_last = at + 1 >= len(self._tokens) or self._found.sign(at + 1) in (",", ";", ".", "\n")
            is_last |= self._phrases.at(at, "year") is None and self._phrases.at(at + 1, "courtesy") is not None
            if not is_last or not self._phrases.is_marked or not self._is_number_word(at):
                continue
            if self._longest_run(at, at + 1) > at:
                found += self._amount(at, at + 1, is_vague=False, first=at)
        return found

    def _longest_run(self, start: int, end: int) -> int:
        for until in range(end, start, -1):
            amount = read_amount(self._found.said(start, until), self._measured_in)
            if amount.reason is None:
                return until
        return start

    def _amount(self, start: int, end: int, *, is_vague: bool, first: int) -> list[SaidAmount]:
        percent = self._phrases.at(end, "percent")
        end = percent.end if percent is not None else end
        amount = read_amount(self._found.said(first, end), self._measured_in)
        is_vague = is_vague or self._is_by_time(end)
        if is_vague:
            amount = Amount(
                None, reason=Reason.APPROXIMATE, is_percent=amount.is_percent, said=self._found.said(start, end)
            )
        return [SaidAmount(start, end, amount, is_vague)] if self._found.claim(start, end) else []

    def _is_by_time(self, end: int) -> bool:
        """Whether an amount is that of a month or a quarter: "5 người/tháng"."""
        counted = self._phrases.at(end, "counted")
        end = counted.end if counted is not None else end
        is_part = self._found.sign(end) == "/" and self._phrases.at(end + 1, "times") is not None
        return is_part or self._phrases.at(end, "by_time") is not None

    def _read_amounts(self) -> list[SaidAmount]:
        found: list[SaidAmount] = []
        for at, token in enumerate(self._tokens):
            if token.sort is not TokenSort.NUMBER or self._found.taken[at]:
                continue
            if self._counts_else(at):
                continue
            other = self._other_of_range(at)
            if other:
                rough = self._find_rough(at)
                found += self._amount(rough.start if rough else at, other, is_vague=True, first=at)
                continue
            end = at + 1
            while self._is_number_word(end) and end - at < _LONGEST_RUN:
                end += 1
            end = max(self._longest_run(at, end), at + 1)
            rough = self._find_rough(at)
            start = rough.start if rough and not any(self._found.taken[rough.start : at]) else at
            found += self._amount(start, end, is_vague=start < at, first=at)
        return found

    def _find_rough(self, at: int) -> Span | None:
        """What makes a number a rough one; not a part of what is handed down: "thỏa ước 72%"."""
        rough = self._phrases.before(at, "roughly")
        goal = self._phrases.before(at, "goal_words")
        return None if rough is not None and goal is not None and goal.start < rough.start else rough

    def _other_of_range(self, at: int) -> int:
        """Behind the second number where one of two is meant: "100 đến 120"; 0 where none is."""
        link = self._phrases.at(at + 1, "or_else")
        after = link.end if link is not None else at + 2 if self._found.sign(at + 1) == "-" else 0
        if after and after < len(self._tokens) and self._tokens[after].sort is TokenSort.NUMBER:
            return after + 1
        return 0

    def _counts_else(self, at: int) -> bool:
        """Explain a number that is no amount: of units, of a document, of a month, of what was before."""
        places = self._phrases.at(at + 1, "places")
        if (
            places is not None
            and self._tokens[at].text.isdecimal()
            and not self._is_to(places)
            and not self._is_had(at)
        ):
            return self._found.claim(at, places.end) or self._found.claim(at, at + 1)
        if self._found.sign(at + 1) == "/" and self._is_date(at):
            return self._found.claim(at, at + 3)
        not_this = self._phrases.before(at, "not_this")
        if not_this is not None and not any(self._found.taken[not_this.start : at]):
            return self._found.claim(not_this.start, at + 1)
        named = self._phrases.before(at, "documents", "times")
        if named is not None and not any(self._found.taken[named.start : at]):
            return self._found.claim(named.start, at + 1)
        moved = self._phrases.before(at, "moving")
        if moved is not None and self._found.claim(at, at + 1):
            self._found.moved.append(
                SaidAmount(at, at + 1, read_amount(self._found.said(at, at + 1), self._measured_in))
            )
            return True
        after = self._phrases.at(at + 1, "becoming")
        if after is not None and after.end < len(self._tokens) and self._tokens[after.end].sort is TokenSort.NUMBER:
            return self._found.claim(at, at + 1)
        left = self._phrases.before(at, "from_word")
        if left is not None and any(
            each.start in range(at + 1, at + 4) for each in self._phrases.of("between", "or_else")
        ):
            return self._found.claim(left.start, at + 1)
        return False

    def _is_had(self, at: int) -> bool:
        """Whether a number of units is what a unit is to found, right behind it: "X là 15 đơn vị"."""
        if self._phrases.at(at + 1, *RECEIVERS) is not None:
            return False
        between = self._phrases.before(at, "between")
        end = between.start if between is not None else at - (self._found.sign(at - 1) == ":")
        if any(each.end == end and each.match.is_sure for each in self._found.mentions):
            return True
        return any(each.end == end and each.name.startswith("each") for each in self._found.receivers)

    def _is_to(self, places: Span) -> bool:
        """Whether a word that was typed without marks is likelier "cho" than "chỗ"."""
        to = self._phrases.at(places.start, "to")
        is_others = any(each.start == places.end for each in self._found.receivers)
        return to is not None and to.end == places.end and not is_others

    def _is_date(self, at: int) -> bool:
        pair = [each.text for each in self._tokens[at : at + 3 : 2]]
        return len(pair) == 2 and all(each.isdecimal() for each in pair) and int(pair[0]) <= 31 and int(pair[1]) <= 12

    def _correct(self) -> None:
        """An amount that is said to have been a slip gives its place to the one that is said instead."""
        for each in sorted(self._phrases.of("corrected", "slip"), key=lambda each: each.start):
            before = [amount for amount in self._found.amounts if amount.end <= each.start]
            after = [amount for amount in self._found.amounts if amount.start >= each.end]
            if each.name == "slip" and (
                not after or after[0].start > each.end or self._tokens[each.start].text.isascii()
            ):
                continue
            if before and after and self._found.claim(each.start, each.end):
                place = self._found.amounts.index(before[-1])
                stands = before[-1]
                self._found.amounts[place] = SaidAmount(stands.start, stands.end, after[0].amount, after[0].is_vague)
                self._found.amounts.remove(after[0])
