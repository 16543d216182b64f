"""Units named together by their kind alone: "hai phường", "các xã", "3 công ty", "hai công ty Hòa Bình". Pure.

A count that agrees with how many units below are of that kind makes them sure; so does "các" for a kind that stands in
their names. A kind that some names say only later ("Bệnh viện Đa khoa khu vực") is not theirs where a count says so, or
"LĐLĐ" in front. Everything else is left to be asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.number_words import DIGITS, is_marked_number
from knowledge.shares.matching import Fit, NamedUnits, NamesBelow
from knowledge.shares.mentions import Mention
from knowledge.shares.words import has_kind, is_of_first_kind, kind_meant, load_words
from knowledge.text import fold
from knowledge.tokens import Phrases, Span, Token, TokenSort

_MOST_KINDS: Final = 4
_OF_KINDS: Final = ("each_of_kind", "each", "several", "groups", "over_kinds", "federations", "kinds")
_LINKS: Final = (",", "/", "&", "+")


class Kinds:
    """The kinds of units in one message."""

    def __init__(self, tokens: Sequence[Token], phrases: Phrases, below: NamesBelow, said: Sequence[Mention]) -> None:
        """`said`: the mentions that were found without regard to kinds.

        `counts` gets where it is said behind an amount how many of a kind get it.
        """
        self._tokens, self._phrases, self._below = tokens, phrases, below
        self._ends = {each.end for each in said}
        self._first = {each.start: each for each in said}
        kinds = {at for each in phrases.of("groups") for at in range(each.start, each.end)}
        named = [each for each in said if not kinds.issuperset(range(each.start, each.end))]
        self._inside = {at: each.end for each in named for at in range(each.start, each.end)}
        self._around: dict[int, list[int]] = {}
        for each in phrases.every():
            if each.name not in _OF_KINDS:
                for at in range(each.start, each.end):
                    self._around.setdefault(at, []).append(each.end - each.start)
        self.counts: list[tuple[int, int]] = []
        self._explained = {at for each in phrases.every() for at in range(each.start, each.end)}

    def find(self, taken: Sequence[bool]) -> list[Mention]:
        """Units that are named together, in order; tokens that are taken are none."""
        found: list[Mention] = []
        at = 0
        while at < len(self._tokens):
            group = None if taken[at] else self._group_at(at)
            if group is None or any(taken[group.start : group.end]):
                at += 1
                continue
            found.append(group)
            at = group.end
        return found

    def meant(self, start: int) -> tuple[int, NamedUnits]:
        """The units of the kinds that stand from a token on, and where these end; sure where their names say so."""
        end, kinds = self._kinds_at(start, is_list=True)
        units, _, is_plain = self._of_kinds(kinds, is_federation=self._is_federation(start))
        is_named = self._is_named(start, end)
        return end, NamedUnits(units, Fit.PART, is_sure=is_plain and len(units) > 1 and not is_named)

    def _group_at(self, at: int) -> Mention | None:
        several = self._phrases.at(at, "several")
        start = several.end if several is not None else at
        count = self._count_at(start)
        if several is None and (count is None or self._is_amount(at)):
            return (self._counted_behind(at) or self._pair_at(at)) if count is None else None
        start += count is not None
        end, kinds = self._kinds_at(start)
        one = next((self._first[place] for place in range(start, max(end, start + 1)) if place in self._first), None)
        if one is not None and (one.end > end or not kinds):
            is_counted = len(one.match.units) > 1 and not one.match.is_sure and len(one.match.units) == count
            return self._make(at, one.end, one.match.units, is_sure=True) if is_counted else None
        if not kinds or self._is_named(start, end) or self._is_narrower(end):
            return None
        units, first, is_plain = self._of_kinds(kinds, is_federation=self._is_federation(start))
        if count is not None and len(first) == count != len(units):
            units = first
        agrees = len(units) == count and (not first or len(first) == count)
        if not units or (several is None and len(units) != count and self._is_bare(start - 1)):
            return None
        is_sure = len(units) > 1 and (agrees if count is not None else is_plain)
        return self._make(at, end, units, is_sure=is_sure)

    def _pair_at(self, at: int) -> Mention | None:
        """Kinds without a count, each of whose units gets as much: "xã phường mỗi nơi 5", "phường đều 5"."""
        end, kinds = self._kinds_at(at)
        each = self._phrases.at(end, "each", "alike")
        if not kinds or each is None or self._is_named(at, end):
            return None
        units, _, is_plain = self._of_kinds(kinds, is_federation=self._is_federation(at))
        if len(kinds) == 1 and (len(units) < 2 or self._phrases.at(end, "also") is not None):
            return None
        return self._make(at, end, units, is_sure=is_plain) if units else None

    def _counted_behind(self, at: int) -> Mention | None:
        """A kind of which it is said behind it, or its amount, how many get as much: "phường thì 75% cả hai"."""
        end, kinds = self._kinds_at(at)
        if not kinds or self._is_named(at, end):
            return None
        then = self._phrases.at(end, "then")
        amount = then.end if then is not None else end + (end < len(self._tokens) and self._tokens[end].text in ":=")
        both = self._phrases.at(amount, "both")
        is_before = both is not None
        if amount < len(self._tokens) and self._tokens[amount].sort is TokenSort.NUMBER:
            counted = self._phrases.at(amount + 1, "counted")
            behind = counted.end if counted is not None else amount + 1
            both = self._phrases.at(behind, "both")
            if (all_of := self._phrases.at(behind, "all_of_kind")) is not None:
                units, _, is_plain = self._of_kinds(kinds, is_federation=self._is_federation(at))
                self.counts.append((all_of.start, all_of.end))
                return self._make(at, end, units, is_sure=is_plain) if len(units) > 1 else None
        count = self._count_at(both.end) if both is not None else None
        units, first, _ = self._of_kinds(kinds, is_federation=self._is_federation(at))
        if count is not None and len(first) == count:
            units = first
        if both is None or count is None or count != len(units) or (first and first != units):
            return None
        if is_before:
            return self._make(at, both.end + 1, units, is_sure=True)
        self.counts.append((both.start, both.end + 1))
        return self._make(at, end, units, is_sure=True)

    def _is_federation(self, at: int) -> bool:
        return self._phrases.at(at, "federations") is not None

    def _is_bare(self, at: int) -> bool:
        """Whether a count may be another word without its marks: "sau" for "sáu"."""
        return self._tokens[at].sort is TokenSort.WORD and not is_marked_number(self._tokens[at].keyed)

    def _is_narrower(self, end: int) -> bool:
        """Whether a word behind a kind makes it another: "công ty con", "xã miền núi"."""
        if end >= len(self._tokens) or self._tokens[end].sort is not TokenSort.WORD:
            return False
        return end not in self._explained

    def _make(self, start: int, end: int, units: tuple[int, ...], *, is_sure: bool) -> Mention:
        words = " ".join(each.text for each in self._tokens[start:end])
        return Mention(start, end, words, NamedUnits(units, Fit.PART, is_sure=is_sure), is_group=True)

    def _count_at(self, at: int) -> int | None:
        """How many are said to be named, two at least."""
        token = self._tokens[at] if at < len(self._tokens) else None
        if token is None:
            return None
        if token.sort is TokenSort.NUMBER:
            count = int(token.text) if token.text.isdecimal() and len(token.text) < 4 else 0
        else:
            is_meant = is_marked_number(token.keyed) or (token.keyed.isascii() and not self._phrases.is_marked)
            count = DIGITS.get(token.folded, 0) if is_meant else 0
        return count if count > 1 else None

    def _is_amount(self, at: int) -> bool:
        """Whether a number is what a unit right before it gets."""
        before = self._phrases.before(at, "between")
        at = before.start if before is not None else at
        is_sign = at > 0 and self._tokens[at - 1].text in ":="
        return at - is_sign in self._ends

    def _kinds_at(self, at: int, *, is_list: bool = False) -> tuple[int, list[str]]:
        """Where the kinds end that stand from a token on: "phường, xã", "công đoàn phường"."""
        kinds: list[str] = []
        end = at
        while len(kinds) < _MOST_KINDS:
            led = end
            if kinds and led < len(self._tokens) and self._tokens[led].text in _LINKS:
                led += 1
            elif kinds and (joined := self._phrases.at(led, "joined")) is not None:
                led = joined.end
            while (lead := self._phrases.at(led, "over_kinds")) is not None and self._is_kind(lead.end):
                led = lead.end
            kind = self._phrases.at(led, "groups")
            if kind is None and not kinds and (alone := self._phrases.at(led, "federations")) is not None:
                return alone.end, [fold(self._said(alone))]
            if kind is None or (kinds and not is_list and self._is_named(led, kind.end)):
                return end, kinds
            if any(kind.end - kind.start < each for each in self._around.get(kind.start, ())):
                return end, kinds
            kinds.append(fold(self._said(kind)))
            end = kind.end
        return end, kinds

    def _said(self, kind: Span) -> str:
        return " ".join(each.keyed for each in self._tokens[kind.start : kind.end])

    def _is_kind(self, at: int) -> bool:
        return self._phrases.at(at, "groups", "over_kinds") is not None

    def _is_named(self, start: int, end: int) -> bool:
        """Whether a name belongs to a kind, or stands right behind it as in a list: "hai phường (X, Y)"."""
        if self._inside.get(end - 1, 0) > end:
            return True
        behind = end
        while behind < len(self._tokens) and self._tokens[behind].text in "(:,":
            behind += 1
        joined = self._phrases.at(behind, "joined")
        return (joined.end if joined is not None else behind) in self._first and behind - end < 2

    def _of_kinds(
        self, kinds: Sequence[str], *, is_federation: bool = False
    ) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
        """The units whose names say some kinds; those that are of these kinds first of all; whether names say each kind
        so that no other may be meant.
        """
        found: dict[int, None] = {}
        first: dict[int, None] = {}
        is_plain = True
        for kind in kinds:
            names, is_wide = kind_meant(kind)
            federations = tuple(load_words().folded("federations"))
            if kind in federations:
                names, is_federation = federations, False
            if is_federation and len(kinds) == 1:
                led = tuple(f"{lead} {name}" for lead in federations for name in names)
                of_led = dict.fromkeys(each.id for each in self._below.known if has_kind(each.name, led))
                if of_led:
                    return tuple(of_led), tuple(of_led), not is_wide
            of_first = [each.id for each in self._below.known if is_of_first_kind(each.name, names)]
            units = dict.fromkeys(
                each.id
                for each in self._below.known
                if has_kind(each.name, names)
                and (not of_first or each.id in of_first or not each.name.endswith(tuple(f" {name}" for name in names)))
            )
            is_plain &= not is_wide and bool(units) and len(of_first) in (0, len(units))
            found |= units
            first |= dict.fromkeys(of_first)
        return tuple(found), tuple(first), is_plain


def spread_out(mention: Mention) -> list[Mention]:
    """A mention for each unit of a sure group; the mention itself where it is none."""
    if not (mention.is_group and mention.match.is_sure):
        return [mention]
    match = mention.match
    return [replace(mention, match=NamedUnits((each,), match.fit, is_sure=True)) for each in match.units]
