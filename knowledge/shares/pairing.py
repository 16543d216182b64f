"""Whose an amount is: the units, the others or all, and what is left over of a message. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from knowledge.shares.amounts import Amount
from knowledge.shares.changes import CHANGING, Changes, MeantAmount
from knowledge.shares.clauses import Clauses
from knowledge.shares.found import SPREADS, SaidAmount, ScannedShares
from knowledge.shares.goal_naming import find_goal
from knowledge.shares.groups import Groups
from knowledge.shares.in_turn import find_in_turn
from knowledge.shares.kinds import spread_out
from knowledge.shares.mentions import Mention
from knowledge.shares.moves import Move, find_moves
from knowledge.shares.open_ends import check_whole, find_doubles, find_open_words, find_parts, find_unserved
from knowledge.shares.said import Change, ReadShares, SaidShare, Spread
from knowledge.tokens import Span

_LONGEST_HEAD: Final = 30
_FEW: Final = 6
_Receiver = Mention | Span


class SharePairing:
    """The amounts of one message, given to whom they are for."""

    def __init__(self, scanned: ScannedShares, measured_in: str) -> None:
        """`scanned`: what was found in it."""
        self._of = scanned
        self._measured_in = measured_in
        self._read = ReadShares(year=scanned.year, reason=scanned.reason)
        self._receivers: list[_Receiver] = sorted([*scanned.mentions, *scanned.receivers], key=lambda each: each.start)
        self._served: set[int] = set()
        self._whole: Amount | None = None
        self._clauses = Clauses(scanned)
        self._shares: list[tuple[int, SaidShare]] = []
        own = [self._find_staying(each) for each in scanned.mentions]
        self._spread = next((SPREADS[each.name] for each in scanned.spreads if each not in own), None)
        self._changes = Changes(scanned)
        self._groups = Groups(scanned, measured_in)
        self._amounts = [each for each in scanned.amounts if not self._changes.of(each).is_aside]

    def read(self) -> ReadShares:
        """What the message says."""
        if self._of.hands_down:
            self._read.unread += self._of.doubts
            moved = find_moves(self._of, self._amounts)
            for move in moved:
                self._move(move)
            used = {move.amount.start for move in moved}
            for unit, said in find_in_turn(self._of, self._amounts):
                used.add(said.start)
                self._serve([unit], said)
            orphans = [each for each in self._amounts if each.start not in used and not self._give(each)]
            for orphan in orphans:
                if self._changes.of(orphan).is_told:
                    self._tell(self._of.said(self._clauses.start(orphan.start), orphan.end))
                else:
                    self._keep_total(orphan)
            self._take_back()
            self._find_divided_among_named()
            self._read.spread = self._read.spread or self._spread
            if self._read.told and not self._gives():
                self._shares, self._read.spread, self._read.each = [], None, None
            self._read.shares = [share for _, share in sorted(self._shares, key=lambda each: each[0])]
            find_doubles(self._read)
            self._find_silent()
            find_unserved(self._of, self._read, self._clauses, self._served)
            check_whole(self._read, self._whole)
            find_parts(self._of, self._read)
            find_open_words(self._of, self._read, self._clauses)
            self._find_nothing()
        self._read.goal = find_goal(self._of)
        return self._read

    # --- Amounts ---

    def _give(self, said: SaidAmount) -> bool:
        """Give an amount to whom it is for; False where that is nobody."""
        if self._is_total(said):
            self._set_total(said)
            return True
        found = self._before(said) or self._behind(said)
        if not found:
            return False
        meant = self._changes.of(said)
        words = self._of.said(self._clauses.start(said.start), said.end)
        self._served.update(each.start for each in found)
        if meant.is_told:
            self._tell(words)
            return True
        is_step = meant.change is not Change.TO
        is_negative = is_step and not meant.is_signed and (said.amount.value or 0) < 0
        if said.is_vague or meant.is_unclear or is_negative:
            self._read.unread.append(words)
        self._serve([each for each in found if isinstance(each, Mention)], said)
        if is_step and meant.is_less:
            self._find_left_behind(said)
        if not isinstance(found[0], Mention):
            self._give_all(said, [each for each in found if isinstance(each, Span)])
        return True

    def _serve(self, units: Sequence[Mention], said: SaidAmount) -> None:
        meant = self._changes.of(said)
        self._served.update(each.start for each in units)
        for each in [one for unit in units for one in spread_out(unit)]:
            share = SaidShare(each.words, each.match, meant.apply(said.amount), meant.change)
            self._shares.append((each.start, share))

    def _tell(self, words: str) -> None:
        self._read.unread.append(words)
        self._read.told.append(words)

    def _find_left_behind(self, said: SaidAmount) -> None:
        """A unit behind what was taken from another: what it is to get is not said."""
        end = self._clauses.end(said.end)
        more = any(said.end <= each.start < end for each in self._amounts)
        if not more and self._pending(said.end, end):
            self._read.unread.append(self._of.said(self._clauses.start(said.start), end))

    def _move(self, move: Move) -> None:
        """What goes from one unit to another: less for the one, more for the other."""
        if move.source is None or move.target is None:
            start = self._clauses.start(move.amount.start, signs="")
            self._read.unread.append(self._of.said(start, move.amount.end))
            return
        for mention, less in ((move.source, True), (move.target, False)):
            meant = MeantAmount(Change.BY, is_less=less)
            self._served.add(mention.start)
            for each in spread_out(mention):
                share = SaidShare(each.words, each.match, meant.apply(move.amount.amount), Change.BY)
                self._shares.append((each.start, share))
            if mention.is_group:
                self._read.unread.append(self._of.said(mention.start, mention.end))
        if move.amount.is_vague:
            self._read.unread.append(move.amount.amount.said)

    def _is_total(self, said: SaidAmount) -> bool:
        start = said.start
        while start > max(0, said.start - _FEW) and not self._of.sign(start - 1):
            start -= 1
        near = [each for each in self._of.phrases.of("whole") if start <= each.start and each.end <= said.start]
        return bool(near) and not any(
            isinstance(each, Mention) and near[0].end <= each.start < said.start for each in self._receivers
        )

    def _before(self, said: SaidAmount) -> list[_Receiver]:
        last = max((each.end for each in self._amounts if each.end <= said.start), default=0)
        here = self._pending(max(last, self._clauses.start(said.start)), said.start)
        wide = self._pending(max(last, self._clauses.start(said.start, signs="")), said.start)
        if not here:
            led = self._of.phrases.before(said.start, "between") is not None or self._follows_aside(said)
            led = led or said.start in self._of.instead
            mentions = [each for each in wide if isinstance(each, Mention)]
            return [mentions[-1]] if led and mentions else []
        if isinstance(here[-1], Span):
            is_each = here[-1].name.startswith("each")
            units = self._listed_before(wide, here[-1]) if is_each else []
            if is_each and self._groups.is_open(last, here[-1], units):
                self._read.unread.append(self._of.said(self._clauses.start(said.start, signs=""), said.end))
            return [*units] or [each for each in here if isinstance(each, Span)]
        listed = self._listed([*wide], before=here[-1].end)
        if self._groups.is_together(listed, said):
            self._read.unread.append(self._of.said(listed[0].start, said.end))
        if (
            len(listed) > 1
            and not (listed[-1].is_each or self._is_for_each(said))
            and not self._is_joined(listed[-2], listed[-1])
        ):
            self._read.unread.append(self._of.said(listed[0].start, said.end))
        if self._groups.are_several(here[-1]):
            self._read.unread.append(self._of.said(here[-1].start, said.end))
        return [*listed] if len(listed) > 1 else [here[-1]]

    def _is_for_each(self, said: SaidAmount) -> bool:
        """Whether it is said beside an amount that each has as much: "X, Y: 150 mỗi phường", "X, Y đều 3"."""
        if self._of.phrases.before(said.start, "alike") and not self._of.phrases.before(said.start, "also"):
            return True
        counted = self._of.phrases.at(said.end, "counted")
        end = counted.end if counted is not None else said.end
        return any(each.start == end and each.name.startswith("each") for each in self._of.receivers)

    def _follows_aside(self, said: SaidAmount) -> bool:
        """Whether what was said before an amount is what its unit had: "X đang 50, tăng 10"."""
        before = [each for each in self._of.amounts if each.end <= said.start]
        return bool(before) and self._changes.of(before[-1]).is_aside and self._changes.of(before[-1]).is_told

    def _pending(self, start: int, end: int) -> list[_Receiver]:
        return [
            each
            for each in self._receivers
            if start <= each.start and each.end <= end and each.start not in self._served
        ]

    def _listed(self, found: list[_Receiver], *, before: int) -> list[Mention]:
        """The units at the end of some that stand side by side: "X, Y và Z"."""
        listed: list[Mention] = []
        while before and (self._of.sign(before - 1) in (":", "-", "→")):
            before -= 1
        then = self._of.phrases.before(before, "then")
        before = then.start if then is not None else before
        for each in reversed([each for each in found if each.end <= before]):
            end = listed[0].start if listed else before
            if not isinstance(each, Mention) or not self._is_empty(each.end, end):
                break
            listed.insert(0, each)
        return listed

    def _listed_before(self, found: list[_Receiver], each: Span) -> list[Mention]:
        """The units that stand before "mỗi nơi" in its sentence, whatever words lead from them to it."""
        listed = self._listed(found, before=each.start)
        named = [unit for unit in found if isinstance(unit, Mention) and unit.end <= each.start]
        if listed or not named or named[-1].start < self._clauses.start(each.start):
            return listed
        if not self._of.explains(named[-1].end, each.start):
            self._read.unread.append(self._of.said(named[-1].start, each.end))
        return self._listed(found, before=named[-1].end)

    def _is_empty(self, start: int, end: int) -> bool:
        """Whether nothing but commas and words that join stand there."""
        at = start
        while at < end:
            joined = self._of.phrases.at(at, "joined")
            if joined is None and self._of.sign(at) not in (",", "&", "+", "(", ")"):
                return False
            at = joined.end if joined is not None else at + 1
        return True

    def _is_joined(self, one: Mention, other: Mention) -> bool:
        return self._of.phrases.holds(one.end, other.start, "joined") or any(
            self._of.sign(at) in ("&", "+") for at in range(one.end, other.start)
        )

    def _behind(self, said: SaidAmount) -> list[_Receiver]:
        until = min((each.start for each in self._of.amounts if each.start >= said.end), default=len(self._of.tokens))
        end = said.end
        while end < until and not self._of.ends_sentence(end) and self._of.sign(end) not in (",", ":"):
            end += 1
        behind = self._pending(said.end, end)
        first = next((each for each in behind if self._is_to(each) or each.start == said.end), None)
        if first is None:
            return []
        if isinstance(first, Span):
            if first.name == "each_of_kind":  # of whom nothing tells which they are
                self._read.unread.append(self._of.said(said.start, first.end))
            return [first]
        listed: list[_Receiver] = [first]
        for each in self._receivers:
            last = listed[-1]
            joined = each.start >= last.end and self._of.phrases.holds(last.end, each.start, "joined")
            if isinstance(each, Mention) and joined and self._is_empty(last.end, each.start):
                listed.append(each)
        if self._is_each_behind(listed[-1]):
            return []
        if len(listed) > 1 and self._is_divided(said):
            self._read.unread.append(self._of.said(said.start, listed[-1].end))
        named = [each for each in listed if isinstance(each, Mention)]
        if self._groups.is_together(named, said):
            self._read.unread.append(self._of.said(said.start, listed[-1].end))
        own = next((at for at, each in enumerate(listed) if at and self._has_own(each, said)), len(listed))
        return listed[:own]

    def _is_divided(self, said: SaidAmount) -> bool:
        """Whether an amount is said to be divided, so that several units hardly get as much each."""
        start = self._clauses.start(said.start)
        return not said.amount.is_percent and self._of.phrases.holds(start, said.start, "dividing")

    def _is_each_behind(self, unit: _Receiver) -> bool:
        """Whether what each of some units gets is said behind the last of them, of which this one is the first."""
        end = unit.end
        for each in self._receivers:
            if each.start < end:
                continue
            if isinstance(each, Span):
                return each.name.startswith("each") and self._is_empty(end, each.start)
            if not self._is_empty(end, each.start):
                return False
            end = each.end
        return False

    def _has_own(self, mention: _Receiver, said: SaidAmount) -> bool:
        """Whether an amount of its own stands right behind a unit: "10 cho X và Y 5", not "…, 85% cho Z"."""
        at = mention.end + (self._of.sign(mention.end) in (":", "=", "-"))
        between = self._of.phrases.at(at, "between")
        ends = (mention.end, at, between.end if between is not None else at)
        return any(each is not said and each.start in ends for each in self._of.amounts)

    def _is_to(self, each: _Receiver) -> bool:
        return self._of.phrases.holds(each.start - 2, each.end, "to", "out_of")

    # --- All, and the others ---

    def _give_all(self, said: SaidAmount, found: list[Span]) -> None:
        names = {each.name for each in found}
        meant = self._changes.of(said)
        is_percent = said.amount.is_percent or self._measured_in == "%"
        if any(name.startswith("each") for name in names):
            self._give_each(said)
        elif self._spread in (Spread.EVENLY, Spread.BY_MEMBERS):
            self._set_total(said, is_of_rest="others" in names)
        elif (
            "everyone" in names
            and "others" not in names
            and not is_percent
            and not self._of.phrases.holds(found[-1].end, said.start, "alike")
        ):
            self._set_total(said)
            if meant.change is not Change.TO and self._spread is None:  # together, or each of them
                self._read.unread.append(self._of.said(self._clauses.start(said.start), said.end))
            if not self._of.mentions or not self._has_shares_behind(said):
                self._spread = self._spread or Spread.EVENLY
        else:
            self._give_each(said)

    def _give_each(self, said: SaidAmount) -> None:
        """Each of them as much; an amount of all of them has to agree with it."""
        meant = self._changes.of(said)
        each, total = meant.apply(said.amount), self._read.total
        if self._read.each not in (None, each) or self._spread is Spread.BY_MEMBERS:
            self._read.unread.append(said.amount.said)
            return
        self._read.spread, self._read.each, self._read.change = Spread.EACH, each, meant.change
        if total is not None and not (self._shares == [] and total.value == (each.value or 0) * self._of.units):
            self._read.unread.append(total.said)

    def _has_shares_behind(self, said: SaidAmount) -> bool:
        return any(each.start > said.start for each in self._of.amounts)

    def _set_total(self, said: SaidAmount, *, is_of_rest: bool = False) -> None:
        near = [
            each
            for each in self._of.receivers
            if each.name == "others" and said.start - _FEW <= each.start < said.start
        ]
        meant = self._changes.of(said)
        if self._read.total is not None and not self._read.is_of_rest:
            self._whole = self._read.total
        self._read.total, self._read.change = meant.apply(said.amount), meant.change
        self._read.is_of_rest = is_of_rest or bool(near)
        if said.is_vague:
            self._read.unread.append(said.amount.said)

    def _keep_total(self, said: SaidAmount) -> None:
        named = [share.amount.value or Decimal(0) for _, share in self._shares if share.amount is not None]
        is_head = self._is_head(said)
        if len(named) > 1 and sum(named) == said.amount.value and self._spread is None and not is_head:
            return  # what they are together
        divided = self._spread in (Spread.EVENLY, Spread.BY_MEMBERS, Spread.AS_LAST_YEAR)
        if is_head and self._of.is_like_year(said.start):  # so many, or a year that is no near one
            self._read.unread.append(said.amount.said)
        elif self._read.total is None and (divided or is_head):
            self._set_total(said)
        elif self._is_of_each(said):
            return
        elif self._read.total is None or self._read.total.value != said.amount.value:
            start = self._clauses.start(said.start)
            self._read.unread.append(self._of.said(start, said.end))

    def _is_of_each(self, said: SaidAmount) -> bool:
        """Whether an amount is what all have together of whom each has as much, "24 người, mỗi nơi 3"; or the rate that
        each has, said before.
        """
        each = self._read.each.value if self._read.spread is Spread.EACH and self._read.each is not None else None
        if said.amount.is_percent and said.amount.value == each:
            return True
        return each is not None and not self._shares and said.amount.value == each * self._of.units

    def _is_head(self, said: SaidAmount) -> bool:
        """Whether an amount stands before a colon that opens the list of units."""
        for at in range(said.end, min(said.end + _LONGEST_HEAD, len(self._of.tokens))):
            if self._of.sign(at) == ":":
                return True
            if self._of.ends_sentence(at) or any(each.start == at for each in self._of.mentions):
                return False
        return False

    # --- Taking back, doubles, what is left ---

    def _take_back(self) -> None:
        taken: set[tuple[int, ...]] = set()
        backs = [each for each in self._of.phrases.of("taking_back") if not self._of.taken[each.start]]
        starts = [each.start for each in self._of.mentions]
        ends = [each.end for each in self._of.mentions]
        for back, following in zip_longest(backs, backs[1:]):
            until = following.start if following is not None else len(self._of.tokens)
            named = self._of.mentions[bisect_right(ends, back.end) : bisect_left(starts, until)]
            for each in named:
                if each.start in self._served or each.match.units in taken:
                    continue
                stops = [
                    other
                    for other in self._of.phrases.of("giving")
                    if back.end <= other.start < each.start
                    and not self._of.taken[other.start]
                    and self._of.sign(other.start - 1) in (",", ";", ".", "\n")
                ]
                broken = any(self._of.ends_sentence(at) for at in range(back.end, each.start))
                numbered = self._of.begins_number(each.end)  # not understood, but hardly nothing
                if (
                    stops
                    or broken
                    or numbered
                    or any(back.end <= amount.start < each.start for amount in self._of.amounts)
                ):
                    break
                taken.add(each.match.units)
                self._take(each)
            self._take_back_before(back, named)

    def _take_back_before(self, back: Span, named: list[Mention]) -> None:
        """A unit before words that take back, where nothing else is said behind them: "X rút chỉ tiêu luôn"."""
        end = self._clauses.end(back.end)
        if self._of.explains(back.end, end) and not any(each.start < end for each in named):
            before = self._pending(self._clauses.start(back.start), back.start)
            last = before[-1] if before else None
            if isinstance(last, Mention) and self._of.explains(last.end, back.start):
                self._take(last)

    def _take(self, unit: Mention) -> None:
        self._served.add(unit.start)
        self._shares += [(each.start, SaidShare(each.words, each.match, None)) for each in spread_out(unit)]

    def _find_divided_among_named(self) -> None:
        """What is divided among units that are named is not for the others: "còn lại chia đều cho X, Y mỗi nơi 5"."""
        starts = [each.start for each in self._of.mentions]
        amounts = {each.start: each for each in self._of.amounts}
        for spread in self._of.spreads:
            amount = amounts.get(spread.end)
            at = amount.end if amount is not None else spread.end
            first = next(iter(self._of.mentions[(place := bisect_left(starts, at)) : place + 1]), None)
            if first is None or spread.name not in ("evenly", "by_members") or not self._leads_to(at, first):
                continue
            follows = any(each.name.startswith("each") and each.start >= first.end for each in self._of.receivers)
            if amount is None and follows and first.start in self._served and len(self._of.spreads) == 1:
                named = [share.amount.value or Decimal(0) for _, share in self._shares if share.amount is not None]
                if self._read.total is not None and self._read.total.value != sum(named):
                    self._read.unread.append(self._read.total.said)
                self._spread = None
                self._served.update(each.start for each in self._of.receivers if each.end <= spread.start)
            else:
                self._read.unread.append(self._of.said(spread.start, first.end))

    def _leads_to(self, at: int, unit: Mention) -> bool:
        """Whether nothing but what is counted, and for whom, stands before a unit: "chia đều 10 người cho X"."""
        counted = self._of.phrases.at(at, "counted")
        at = counted.end if counted is not None else at
        to = self._of.phrases.at(at, "to")
        return unit.start in (at, to.end if to is not None else at)

    def _gives(self) -> bool:
        """Whether any words hand down or change, beside results that are told."""
        steps = self._of.phrases.of("giving", "owing", "taking_back", *CHANGING)
        return any(self._of.phrases.at(each.start, "target", "told", "was_given") is None for each in steps)

    def _find_nothing(self) -> None:
        """A message with units and words that hand down, of which no share was understood."""
        says = self._read.says_shares or self._read.unread
        gives = any(True for _ in self._of.phrases.of("giving", "taking_back"))
        if not says and gives and any(each.match.is_sure for each in self._of.mentions):
            self._read.unread.append(self._of.said(0, len(self._of.tokens)))

    def _find_silent(self) -> None:
        """Units that something is said of which is no amount: "X rất nhiều", "X như năm ngoái"."""
        served = {unit for share in self._read.shares for unit in share.match.units}
        for each in self._of.mentions:
            if not each.match.is_sure or each.match.units[0] in served:
                continue
            start, end = self._clauses.start(each.start), self._clauses.end(each.end)
            inside = [other for other in self._of.receivers if start <= other.start < end]
            spread = any(start <= other.start < end and other.name != "unchanged" for other in self._of.spreads)
            changed = self._of.phrases.holds(start, each.start, *CHANGING)
            if self._of.phrases.before(each.start, "excepting") is not None:  # all but this one: not understood here
                self._read.unread.append(self._of.said(start, end))
                continue
            stays = self._find_staying(each)
            if stays is not None and not changed:
                continue
            changed = changed or self._of.phrases.before(each.start, "giving", "taking_back") is not None
            led = each.start > start and self._of.explains(start, each.start) and self._of.explains(each.end, end)
            opens = changed or led or (each.start == start and (each.end < end or len(self._of.tokens) == each.end))
            amount = any(start <= other.start < end for other in self._of.amounts)
            left = amount and each.start not in self._served and self._of.explains(start, end)
            if left or (not amount and (changed or (not inside and (spread or opens)))):
                self._read.unread.append(self._of.said(start, end))

    def _find_staying(self, unit: Mention) -> Span | None:
        """What says right behind a unit that its share stays as it is: "các phường giữ nguyên"."""
        then = self._of.phrases.at(unit.end, "then")
        at = then.end if then is not None else unit.end
        return next((each for each in self._of.spreads if each.start == at and each.name == "unchanged"), None)
