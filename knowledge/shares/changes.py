"""Whether an amount is what a share becomes, by how much it changes, or a result that somebody tells. Pure.

What decides is the last word of its own stretch that says so; a stretch without any goes on as the one before it:
"tăng X 10, Y 5" adds twice, "X đã có 40, Y 30" tells twice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from knowledge.shares.amounts import Amount
from knowledge.shares.found import SaidAmount, ScannedShares
from knowledge.shares.said import Change
from knowledge.tokens import Span, TokenSort

CHANGING: Final = ("growing", "shrinking", "raising", "lowering", "more")
"""Lists of words by which a share becomes larger or smaller."""
_STEPS: Final = (*CHANGING, "taking_back")


@dataclass(frozen=True, slots=True)
class MeantAmount:
    """How an amount is meant.

    Attributes:
        change: what it is to a share; `is_less` where it is taken from it.
        is_told: it is a result, and nobody's share.
        is_aside: it says nothing of its own, beside another amount that does.
        is_unclear: it changes a share by something that is not known here.
        is_signed: it was written with its sign beside others that were: "X +10, Y -5".
        leads: what says so stands before the unit, so that it holds for the units behind it too.
    """

    change: Change = Change.TO
    is_less: bool = False
    is_told: bool = False
    is_aside: bool = False
    is_unclear: bool = False
    is_signed: bool = False
    leads: bool = True

    def apply(self, amount: Amount) -> Amount:
        """The amount, below zero where it is taken away."""
        if not self.is_less or self.change is Change.TO or amount.value is None:
            return amount
        return replace(amount, value=-amount.value)


class Changes:
    """How each amount of one message is meant."""

    def __init__(self, of: ScannedShares) -> None:
        """`of`: what was found in it."""
        self._of = of
        self._known: dict[str, list[Span]] = {}
        self._places: dict[str, list[int]] = {}
        self._units = sorted([*(each.start for each in of.mentions), *(each.start for each in of.receivers)])
        self._gives_from = min(
            (
                each.start
                for each in of.phrases.of("giving", *_STEPS)
                if not of.taken[each.start] and (not each.start or not self._is_no_giving(each))
            ),
            default=len(of.tokens),
        )
        self._owed_from = min(self._starts("owing"), default=len(of.tokens))
        self._is_signed = any(of.sign(each.start - 1) == "+" for each in of.amounts)
        self._meant: dict[int, MeantAmount] = {}
        before: SaidAmount | None = None
        end = 0
        for each in of.amounts:
            start = self._find_start(end, each.start, opens=before is None)
            meant = self._read(each, start, before)
            if before is not None and not self._has_unit(start, each.start):
                if meant.is_told or meant.is_unclear:  # beside an amount that says what holds
                    meant = replace(meant, is_aside=True)
                elif self.of(before).is_told and meant.change is not Change.EITHER and self._mark(start, each.start):
                    self._meant[before.start] = replace(self.of(before), is_aside=True)
            self._meant[each.start] = meant
            before = before if meant.is_aside else each
            end = each.end

    def of(self, said: SaidAmount) -> MeantAmount:
        """How an amount is meant."""
        return self._meant[said.start]

    def _find_start(self, start: int, end: int, *, opens: bool) -> int:
        """Where the stretch of an amount begins: behind the one before it, or where its sentence does."""
        for at in range(start, end):
            if self._of.ends_sentence(at) and not (opens and self._of.sign(at) == "\n"):
                start = at + 1
        return start

    def _has_unit(self, start: int, end: int) -> bool:
        at = bisect_left(self._units, start)
        return at < len(self._units) and self._units[at] < end

    def _clause_start(self, start: int, end: int) -> int:
        """Where the clause begins that ends there."""
        return max((at + 1 for at in range(start, end) if self._of.sign(at) in (",", "(")), default=start)

    def _clause_end(self, at: int) -> int:
        while at < len(self._of.tokens) and not self._of.ends_sentence(at) and self._of.sign(at) not in (",", ")"):
            at += 1
        return at

    # --- One amount ---

    def _read(self, said: SaidAmount, start: int, before: SaidAmount | None) -> MeantAmount:
        mark = self._mark(start, said.start)
        if self._is_told(said, start, mark):
            return MeantAmount(is_told=True)
        adds = self._of.sign(said.start - 1) == "+" and not any(each.end == said.start - 1 for each in self._of.amounts)
        if mark is None or mark.name in ("becoming", "giving"):
            if mark is None and self._is_signed and (said.amount.value or 0) < 0:
                return MeantAmount(Change.BY, is_signed=True, leads=False)
            if adds or self._has_more_behind(said):
                return MeantAmount(Change.BY, leads=False)
            return self._go_on(said, start, before) if mark is None else MeantAmount()
        clause = self._clause_start(start, mark.start)
        leads = not self._has_unit(clause, mark.start)
        if mark.name == "moving" or self._is_against_else(start, self._clause_end(said.end)):
            return MeantAmount(is_unclear=True)
        if mark.name == "taking_back":
            is_unclear = self._of.phrases.at(mark.start, "not_giving") is not None
            return MeantAmount(Change.BY, is_less=True, is_unclear=is_unclear, leads=False)
        led = self._last(clause, mark.start, _STEPS) if mark.name == "more" else None
        if led is not None:
            return MeantAmount(Change.BY, is_less=self._lessens(led), leads=leads)
        may_be_else = mark.name in ("raising", "lowering") or (mark.name == "more" and self._names_goal(mark, said))
        return MeantAmount(Change.EITHER if may_be_else else Change.BY, is_less=self._lessens(mark), leads=leads)

    def _is_against_else(self, start: int, end: int) -> bool:
        """Whether a change is reckoned from something else than what stands."""
        return any(
            start <= each.start < end and self._of.phrases.at(each.start, "against_standing") is None
            for each in self._of.phrases.of("against")
        )

    def _last(self, start: int, end: int, names: Sequence[str]) -> Span | None:
        """The last phrase of the lists there that nothing else explains; of those that end alike, the longest."""
        free = [
            each
            for name in names
            for each in self._free(name)[bisect_left(self._starts(name), start) : bisect_left(self._starts(name), end)]
            if each.end <= end
        ]
        rank = {name: -place for place, name in enumerate(names)}
        return max(free, key=lambda each: (each.end, -each.start, rank[each.name]), default=None)

    def _free(self, name: str) -> list[Span]:
        """The phrases of a list that nothing else explains, in their order."""
        if name not in self._known:
            self._known[name] = [
                each
                for each in self._of.phrases.of(name)
                if not any(self._of.taken[each.start : each.end]) and not self._is_of_other(each)
            ]
        return self._known[name]

    def _is_of_other(self, said: Span) -> bool:
        """Whether words are part of what a goal is called ("thỏa ước"), of politeness, or of deciding."""
        goals = self._of.phrases.of("goal_words", "decided", "courtesy", *(["giving"] if said.name == "moving" else []))
        return any(
            each.start <= said.start and said.end <= each.end and each.end - each.start > said.end - said.start
            for each in goals
        )

    def _starts(self, name: str) -> list[int]:
        if name not in self._places:
            self._places[name] = [each.start for each in self._free(name)]
        return self._places[name]

    def _mark(self, start: int, end: int) -> Span | None:
        """The last word before an amount that says how it is meant."""
        found = [
            self._last(start, end, (*_STEPS, "moving")),
            self._find_becoming(start, end),
            self._find_giving(start, end),
        ]
        found = [each for each in found if each is not None]
        mark = max(filter(None, found), key=lambda each: (each.end, -each.start), default=None)
        if (
            mark is not None
            and (mark.name == "moving" or self._of.phrases.at(mark.start, "taking_back") is not None)
            and self._clause_start(mark.end, end) != mark.end
        ):
            return None  # that was of the units before
        return mark

    def _find_becoming(self, start: int, end: int) -> Span | None:
        found = self._last(start, end, ("becoming",))
        return None if found is None or self._has_unit(found.end, end) else found

    def _find_giving(self, start: int, end: int) -> Span | None:
        """Words that hand down and begin anew: not "phần giao" behind "tăng", of which it is a part."""
        found = self._last(start, end, ("giving",))
        if found is None or self._is_no_giving(found):
            return None
        step = self._last(self._clause_start(start, found.start), found.start, _STEPS)
        return found if step is None or self._has_unit(step.end, found.start) else None

    def _is_no_giving(self, giving: Span) -> bool:
        """Whether words that hand down are as well such as tell: "báo", not "báo chỉ tiêu"."""
        other = self._of.phrases.at(giving.start, "target", "told")
        return other is not None and other.end >= giving.end

    @staticmethod
    def _lessens(mark: Span) -> bool:
        return mark.name in ("shrinking", "lowering", "taking_back")

    def _names_goal(self, mark: Span, said: SaidAmount) -> bool:
        """Whether "more" belongs to a goal: "giao thêm tư vấn pháp luật: X 10", "X kết nạp thêm 10"."""
        if self._of.phrases.before(mark.start, "goal_words") is not None:
            return True
        for at in range(mark.end, said.start):
            if at in self._units:
                return False
            is_word = self._of.tokens[at].sort is TokenSort.WORD and not self._of.taken[at]
            if is_word and self._of.phrases.at(at, "to", "courtesy", "out_of") is None:
                return True
        return False

    def _has_more_behind(self, said: SaidAmount) -> bool:
        """Whether "more" stands behind an amount: "X 10 người nữa"."""
        return self._of.phrases.at(self._behind_counted(said), "more_behind") is not None

    def _behind_counted(self, said: SaidAmount) -> int:
        counted = self._of.phrases.at(said.end, "counted")
        return counted.end if counted is not None else said.end

    def _go_on(self, said: SaidAmount, start: int, before: SaidAmount | None) -> MeantAmount:
        """An amount of which nothing is said by itself is meant as the one before it."""
        if before is None:
            return MeantAmount()
        last = self.of(before)
        if last.is_told or last.change is not Change.BY:
            return last
        lists = any(self._of.sign(at) == ":" for at in range(before.start))
        breaks = any(self._of.sign(at) in ("\n", ".") for at in range(before.end, start))
        stays = self._last(start, said.start, ("becoming",)) is not None  # "còn Y 5": as to Y, or so much stays
        goes_on = last.leads and (lists or not breaks) and not stays
        return last if goes_on else replace(last, change=Change.EITHER)

    # --- Results ---

    def _is_told(self, said: SaidAmount, start: int, mark: Span | None) -> bool:
        if self._of.phrases.before(said.start, "told_behind") is not None and mark is None:
            return True
        done = self._find_fact(start, said.start, "done")
        owed = done is not None and self._of.phrases.before(done.start, "owing") is not None
        if done is not None and not owed and (mark is None or done.end >= mark.start):
            return True
        if (mark is None and self._is_past(start, said)) or self._tells_of_past(said, mark):
            return True
        if self._is_missing(mark, said):
            return True
        if self._is_lately(said, mark):
            return True
        if self._gives_from < said.start:
            return False
        if self._owed_from > said.start and self._is_of_month(start, said.start, mark):
            return True
        if mark is not None:  # "còn 10 nữa": so many are missing
            return self._has_more_behind(said) and not self._is_divided_behind(said)
        if self._owed_from < said.start:
            return False
        if any(each.end == said.start - 1 for each in self._of.mentions) and self._of.phrases.at(
            said.start - 1, "only"
        ):
            return True
        return self._find_fact(start, said.start, "told") is not None or self._ends_told(said)

    def _is_of_month(self, start: int, end: int, mark: Span | None) -> bool:
        """Whether a month or a quarter is spoken of, where shares are those of a year: "tháng 1 kết nạp 18"."""
        times = self._of.phrases.of("times") if mark is None else ()
        return any(
            start <= each.start < end
            and self._of.is_number(each.end)
            and not any(unit.start <= each.start < unit.end for unit in self._of.mentions)
            for each in times
        )

    def _is_lately(self, said: SaidAmount, mark: Span | None) -> bool:
        """Whether what grew is told of some days or a month: "tháng này X thêm 35"."""
        if mark is not None and mark.name not in CHANGING:
            return False
        gives = any(each.start < said.start for each in self._free("giving") if not self._is_no_giving(each))
        return not gives and any(each.end <= said.start for each in self._of.phrases.of("lately"))

    def _is_missing(self, mark: Span | None, said: SaidAmount) -> bool:
        """Whether what is told goes on from the word that says what stays: "còn nợ 10"."""
        told = self._of.phrases.at(mark.start, "told") if mark is not None else None
        return mark is not None and told is not None and told.end > mark.end and told.end <= said.start

    def _is_divided_behind(self, said: SaidAmount) -> bool:
        """Whether what is left is to be shared out: "còn 500 nữa chia cho các đơn vị khác"."""
        end = self._clause_end(said.end)
        return any(said.end <= each.start < end for each in (*self._of.receivers, *self._of.spreads))

    def _is_past(self, start: int, said: SaidAmount) -> bool:
        """Whether it is what was in another year than the one that is spoken of."""
        if any(start <= each.start < said.start and self._has_unit(start, each.start) for each in self._of.past):
            return True
        past = any(start <= each.start and each.end <= said.start for each in self._past())
        return past and any(True for _ in self._of.phrases.of("this_year", "next_year"))

    def _past(self) -> list[Span]:
        """Where last year is spoken of, but not as what this year's are to be like."""
        return [
            each
            for each in self._of.phrases.of("past_year")
            if not any(spread.start <= each.start < spread.end for spread in self._of.spreads)
        ]

    def _tells_of_past(self, said: SaidAmount, mark: Span | None) -> bool:
        """Whether its sentence begins with last year, and comes to no other before the amount."""
        if mark is not None and mark.name != "giving":
            return False
        opening = [
            each
            for each in self._past()
            if each.end <= said.start and (not each.start or self._of.ends_sentence(each.start - 1))
        ]
        if not opening:
            return False
        between = range(opening[-1].end, said.start)
        now = any(each.start in between for each in self._of.phrases.of("this_year", "next_year"))
        return not now and not any(self._of.ends_sentence(at) for at in between)

    def _find_fact(self, start: int, end: int, name: str) -> Span | None:
        """Words that tell a result, but not those that are written like a part of a name: "Phát Đạt"."""
        found = self._last(start, end, (name,))
        if found is None or found.start == 0 or self._of.tokens[found.start - 1].sort is not TokenSort.WORD:
            return found
        return None if self._of.tokens[found.start].is_raised else found

    def _ends_told(self, said: SaidAmount) -> bool:
        at = self._behind_counted(said)
        all_of = self._of.phrases.at(at, "all_of_kind")
        at = all_of.end if all_of is not None else at
        target = self._of.phrases.at(at, "target")
        at = target.end if target is not None else at
        told = self._of.phrases.at(at, "told_behind")
        return told is not None and self._clause_end(at) == told.end
