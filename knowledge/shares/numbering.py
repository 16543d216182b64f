"""The amounts of a message, in digits and in words, without the numbers that count something else. Pure."""

from __future__ import annotations

from typing import Final

from knowledge.model.plans import PERCENT
from knowledge.number_words import DIGITS, JOINTS, NUMBER_WORDS, SCALES, Joint, is_number_word
from knowledge.numbers import Reason
from knowledge.shares.amounts import Amount, is_parted, read_amount
from knowledge.shares.found import RECEIVERS, SaidAmount, ScannedShares
from knowledge.shares.matching import NamesBelow
from knowledge.shares.words import is_money
from knowledge.tokens import Span, TokenSort

_LONGEST_RUN: Final = 9
_LEADS: Final = (":", "=", "-", "→")


class AmountScanner:
    """Finds the amounts, and explains the numbers that are none."""

    def __init__(self, found: ScannedShares, below: NamesBelow, measured_in: str) -> None:
        """`found`: what is explained already, and where what is found is kept."""
        self._found, self._measured_in = found, measured_in
        self._tokens, self._phrases = found.tokens, found.phrases
        self._numbered, self._most = below.numbered, len(below.known)
        self._words: list[SaidAmount] = []
        self._is_rate = not measured_in and any(True for _ in found.phrases.of("rates"))

    def read_words(self) -> None:
        """The amounts in words that are surely amounts, before units are looked for."""
        at = 0
        while at < len(self._tokens):
            if not self._is_number_word(at):
                at += 1
                continue
            end = self._run_end(at)
            rough = self._find_rough(at)
            run = self._longest_run(at, end)
            counted = run > at and self._phrases.at(run, "counted") is not None
            percent = self._phrases.at(run, "percent")
            is_meant = run - at > 1 or counted or rough is not None or percent is not None
            follows = at > 0 and self._is_free_number(at - 1)  # "3 trăm rưỡi"
            if run > at and is_meant and not follows and not self._phrases.at(run, "places"):
                self._words += self._amount(rough.start if rough else at, run, is_vague=rough is not None, first=at)
            at = end

    def read_rest(self) -> None:
        """All others; then what is said to have been, or to be wrong, is taken away."""
        words = self._words + self._read_words_of_units()
        self._found.amounts = sorted([*words, *self._read_digits()], key=lambda each: each.start)
        self._drop_former()

    # --- In words ---

    def _is_number_word(self, at: int) -> bool:
        token = self._tokens[at] if at < len(self._tokens) else None
        if token is None or token.sort is not TokenSort.WORD or self._found.taken[at]:
            return False
        if token.folded in SCALES and is_money(self._measured_in):
            return True
        if token.folded not in NUMBER_WORDS or self._numbers_unit(at):
            return False
        return is_number_word(token.keyed) if not token.keyed.isascii() or self._phrases.is_marked else True

    def _numbers_unit(self, at: int) -> bool:
        """Whether a digit in words is part of a unit's name: "khu vực hai"."""
        pair = (self._tokens[at - 1].folded, str(DIGITS.get(self._tokens[at].folded))) if at else None
        if pair not in self._numbered or at + 1 >= len(self._tokens):
            return pair in self._numbered
        behind = self._tokens[at + 1].folded
        is_tens = JOINTS.get(behind) is Joint.TEN and self._phrases.at(at + 1, "ten") is None
        return not (is_tens or JOINTS.get(behind) in (Joint.HUNDRED, Joint.COUNTED_TENS) or behind in SCALES)

    def _run_end(self, at: int) -> int:
        """Behind the words of a number that begins there."""
        end = at + 1
        while end - at < _LONGEST_RUN and (self._is_number_word(end) or self._goes_on_in_digits(end)):
            end += 1
        return end

    def _goes_on_in_digits(self, at: int) -> bool:
        """Whether digits go on with a number in words: "1 trăm 5"."""
        if at >= len(self._tokens) or not self._is_free_number(at) or len(self._tokens[at].text) > 3:
            return False
        return self._tokens[at].text.isdecimal() and JOINTS.get(self._tokens[at - 1].folded) is Joint.HUNDRED

    def _is_free_number(self, at: int) -> bool:
        return self._tokens[at].sort is TokenSort.NUMBER and not self._found.taken[at]

    def _read_words_of_units(self) -> list[SaidAmount]:
        """Amounts in words right behind a unit: "X ba, Y bốn", "X là mười đơn vị", "mỗi nơi mười"."""
        found = []
        ends = [each.end for each in self._found.mentions]
        ends += [each.end for each in self._found.receivers if each.name.startswith("each")]
        for end in ends:
            at = end + (self._found.sign(end) in _LEADS)
            between = self._phrases.at(at, "between")
            at = between.end if between is not None and self._is_number_word(between.end) else at
            if not self._is_number_word(at):
                continue
            run = self._longest_run(at, self._run_end(at))
            if run - at == 1 and not self._is_alone(at):
                continue
            if run > at:
                found += self._amount(at, run, is_vague=False, first=at)
        return found

    def _is_alone(self, at: int) -> bool:
        """Whether a number of one word has nothing behind it, or just what is counted."""
        is_last = at + 1 >= len(self._tokens) or self._found.sign(at + 1) in (",", ";", ".", "\n")
        is_last |= self._phrases.at(at, "year") is None and self._phrases.at(at + 1, "courtesy", "places") is not None
        return is_last and self._phrases.is_marked

    def _longest_run(self, start: int, end: int) -> int:
        for until in range(end, start, -1):
            amount = read_amount(self._found.said(start, until), self._measured_in)
            if amount.reason is None:
                return until
        return start

    def _amount(self, start: int, end: int, *, is_vague: bool, first: int) -> list[SaidAmount]:
        percent = self._phrases.at(end, "percent")
        end = percent.end if percent is not None else end
        said = self._found.said(first, end)
        amount = read_amount(said, self._measured_in)
        if amount.value is None and amount.readings and is_parted(said) and self._is_rate:
            amount = read_amount(said, PERCENT)
        is_vague = is_vague or self._is_by_time(end) or self._is_rough_behind(end) or self._found.sign(start - 1) == "~"
        if is_vague:
            amount = Amount(
                None, reason=Reason.APPROXIMATE, is_percent=amount.is_percent, said=self._found.said(start, end)
            )
        return [SaidAmount(start, end, amount, is_vague)] if self._found.claim(start, end) else []

    def _behind_counted(self, end: int) -> int:
        counted = self._phrases.at(end, "counted")
        return counted.end if counted is not None else end

    def _is_by_time(self, end: int) -> bool:
        """Whether an amount is that of a month or a quarter: "5 người/tháng"."""
        end = self._behind_counted(end)
        is_part = self._found.sign(end) == "/" and self._phrases.at(end + 1, "times") is not None
        return is_part or self._phrases.at(end, "by_time") is not None

    def _is_rough_behind(self, end: int) -> bool:
        return any(self._phrases.at(at, "rough_behind") is not None for at in (end, self._behind_counted(end)))

    # --- In digits ---

    def _read_digits(self) -> list[SaidAmount]:
        found: list[SaidAmount] = []
        for at in range(len(self._tokens)):
            if not self._is_free_number(at) or self._counts_else(at):
                continue
            rough = self._find_rough(at)
            start = rough.start if rough and not any(self._found.taken[rough.start : at]) else at
            other = self._other_of_range(at)
            if other:
                found += self._amount(start, other, is_vague=True, first=at)
                continue
            end = max(self._longest_run(at, self._run_end(at)), at + 1)
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
        """Explain a number that is no amount: of units, of a document, of a month."""
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
        named = self._phrases.before(at, "documents", "times")
        is_whole = self._phrases.before(at, "whole") is not None  # "tổng số 900"
        becoming = self._phrases.before(at, "becoming")
        if named is not None and becoming is not None and becoming.start < named.start:  # "ha xuong 70"
            return False
        if named is not None and not is_whole and not any(self._found.taken[named.start : at]):
            return self._found.claim(named.start, at + 1)
        if self._counts_all(at) or self._phrases.at(at + 1, "times") is not None:
            return self._found.claim(at, at + 1)
        moved = self._phrases.before(at, "moving")
        if moved is not None and not self._is_no_move(moved, at) and self._found.claim(at, at + 1):
            self._found.moved.append(
                SaidAmount(at, at + 1, read_amount(self._found.said(at, at + 1), self._measured_in))
            )
            return True
        return False

    def _is_no_move(self, moved: Span, at: int) -> bool:
        """Whether a word before a number moves nothing: a part of a name, or what its unit takes: "X lấy 500"."""
        if any(self._found.taken[moved.start : moved.end]):
            return True
        end = next((k for k in range(at, len(self._tokens)) if self._found.sign(k)), len(self._tokens))
        behind = self._phrases.holds(at, end, "out_of", "into")
        takes = self._phrases.before(at, "between")
        if takes != Span("between", moved.start, moved.end) or behind or not self._is_behind_unit(moved.start):
            return False
        return self._found.claim(moved.start, moved.end)

    def _is_behind_unit(self, at: int) -> bool:
        return any(each.end == at for each in self._found.mentions)

    def _counts_all(self, at: int) -> bool:
        """Whether a small number says how many were named: "cả 2 đều là đoàn viên mới"."""
        both = self._phrases.before(at, "both")
        small = self._tokens[at].text.isdecimal() and int(self._tokens[at].text) <= self._most
        return both is not None and small and self._behind_counted(at + 1) == at + 1

    def _is_had(self, at: int) -> bool:
        """Whether a number of units is what a unit is to found, right behind it: "X là 15 đơn vị"."""
        if self._phrases.at(at + 1, *RECEIVERS) is not None:
            return False
        between = self._phrases.before(at, "between")
        end = between.start if between is not None else at - (self._found.sign(at - 1) in _LEADS)
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

    # --- What was before ---

    def _drop_former(self) -> None:
        """Take away amounts that are denied, that something else becomes, or that stand in brackets as what was."""
        kept: list[SaidAmount] = []
        for place, each in enumerate(self._found.amounts):
            after = self._found.amounts[place + 1] if place + 1 < len(self._found.amounts) else None
            if self._counts_named(each):
                continue
            denied = self._phrases.before(each.start, "not_this")
            if denied is not None and not any(self._found.taken[denied.start : denied.end]):
                self._found.claim(denied.start, denied.end)
            elif after is not None and self._becomes(each, after):
                left = self._phrases.before(each.start, "from_word")
                if left is not None:
                    self._found.claim(left.start, left.end)
            elif not (kept and self._is_beside(kept[-1], each)):
                kept.append(each)
        self._found.amounts = kept

    def _counts_named(self, each: SaidAmount) -> bool:
        """Whether an amount says how many units are named behind it: "hai CĐCS công ty X với Y"."""
        if self._counts_list(each):
            return True
        over = self._phrases.at(each.end, "over_kinds")
        if over is None or not 1 < (each.amount.value or 0) <= self._most:
            return False
        behind = [other for other in self._found.mentions if other.start in (over.start, over.end)]
        named = any(not self._phrases.holds(other.start, other.end, "to") for other in behind)
        return named and not any(other.end == each.start for other in self._found.mentions)

    def _counts_list(self, each: SaidAmount) -> bool:
        """Whether it says how many of a kind are listed right behind it: "2 phường X, Y mỗi phường 3"."""
        if self._phrases.at(each.end, "groups") is None or each.amount.is_percent or self._is_behind_unit(each.start):
            return False
        listed = 0
        at = each.end
        for other in self._found.mentions:
            joined = self._phrases.at(at, "joined")
            starts = (at, at + 1) if self._found.sign(at) in (",", "&", "+") else (at,)
            if other.is_group or other.start < each.end:
                continue
            if other.start not in (*starts, joined.end if joined is not None else at):
                break
            listed, at = listed + 1, other.end
        return listed > 1 and listed == each.amount.value

    def _becomes(self, one: SaidAmount, other: SaidAmount) -> bool:
        """Whether one amount is what the other takes the place of: "40 xuống 30", "40 → 30", "từ 40 đến 50"."""
        end = self._behind_counted(one.end)
        if self._found.sign(end) == "→" and end + 1 == other.start:
            return True
        link = self._phrases.at(end, "becoming")
        if link is not None and link.end == other.start:
            return True
        link = self._phrases.at(end, "between", "or_else")
        return link is not None and link.end == other.start and self._phrases.before(one.start, "from_word") is not None

    def _is_beside(self, one: SaidAmount, other: SaidAmount) -> bool:
        """Whether an amount in brackets says the one before them again, or what it was: "300 (cũ 280)"."""
        start = self._behind_counted(one.end)
        end = self._behind_counted(other.end)
        if self._found.sign(start) != "(" or self._found.sign(end) != ")":
            return False
        if start + 1 == other.start:
            return other.amount.value is not None and other.amount.value == one.amount.value
        was = self._phrases.at(start + 1, "former")
        return was is not None and was.end == other.start
