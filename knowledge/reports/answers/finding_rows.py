"""Where the rows of a form are named in a message, by their names or parts of these. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.model.forms import Indicator
from knowledge.number_words import is_number_word
from knowledge.reports.answers.names import COMMA, RowName
from knowledge.reports.answers.scanned import ENDS_CLAUSE, RowMention, ScannedReport
from knowledge.reports.answers.words import UNITS, folded, spoken, units_folded, vague
from knowledge.text import fold, is_syllable
from knowledge.tokens import Token, TokenSort, is_spelled

_LONGEST_GAP: Final = 3


@dataclass
class RowFinder:
    """Finds the rows that one message names."""

    found: ScannedReport

    def names_any(self) -> bool:
        """Whether any row may be named: told before times are looked for, of which none can be the name of one."""
        return any(self._mention_at(at) is not None for at in range(len(self.found.tokens)))

    def find(self) -> None:
        """Mark every name, the longest where several begin."""
        at = 0
        while at < len(self.found.tokens):
            mention = self._mention_at(at)
            kind = self.found.phrases.before(at, "by_kind")
            if mention is None or kind is not None:
                if mention is not None and kind is not None:
                    self._explain(kind.start, mention.words[-1] + 1)
                at += 1
                continue
            self.found.mentions.append(mention)
            for word in mention.words:
                self.found.taken[word] = True
            at = mention.words[-1] + 1
        self._drop_leaning()
        self._drop_directed()

    def _explain(self, start: int, end: int) -> None:
        self.found.taken[start:end] = [True] * (end - start)

    def _drop_directed(self) -> None:
        """Forget names that go on about a row named right before: "không giới thiệu ai vào Đảng"."""
        found, rows = self.found, self.found.names.rows
        for former, latter in pairwise(tuple(found.mentions)):
            between = range(former.end, latter.start)
            is_kin = rows[former.keys[0]].no == rows[latter.keys[0]].no and former.keys != latter.keys
            goes_on = found.tokens[latter.start].folded in folded("directed") and all(
                map(self._is_passed_over, between)
            )
            if is_kin and goes_on and not self._is_answered(latter.end):
                found.mentions.remove(latter)

    def _is_passed_over(self, at: int) -> bool:
        """Whether a token may stand between two names of one thing: a number, whom it counts, a word of no weight."""
        found = self.found
        if found.tokens[at].sort is TokenSort.SIGN:
            return False
        counted = any(each.start <= at < each.end for each in found.phrases.of("people", "none_of"))
        counted = counted or found.tokens[at].folded in units_folded("people")
        return (
            counted
            or found.is_light(at)
            or found.tokens[at].sort is TokenSort.NUMBER
            or is_number_word(found.tokens[at].keyed)
        )

    def _drop_leaning(self) -> None:
        """Forget everyday words of a name where no row that it hangs together with is named before."""
        found, rows = self.found, self.found.names.rows
        firm = [each for each in found.mentions if not each.name.is_leaning]
        for each in [each for each in found.mentions if each.name.is_leaning]:
            row = rows[each.keys[0]]
            kin = [other for other in firm if any(rows[key].no == row.no for key in other.keys)]
            named = any(other.start < each.start or self._leads_kin(each, other) for other in kin)
            if not named and not self._counts_kin(row, each.start):
                found.mentions.remove(each)
                for word in each.words:
                    found.taken[word] = False

    def _leads_kin(self, each: RowMention, other: RowMention) -> bool:
        """Whether the row that it is a part of is named behind it in its sentence, and none is said of it; a figure may
        be of those who join the union.

        Example: "chưa kết nạp được ai, mới giới thiệu 1 bạn".
        """
        found = self.found
        between = range(each.end, other.start)
        if found.names.within.get(each.keys[0]) not in other.keys or any(map(found.ends_sentence, between)):
            return False
        close = next((at for at in between if found.sign(at) in ENDS_CLAUSE), other.start)
        opens = next((at + 1 for at in range(each.start - 1, -1, -1) if found.sign(at) in ENDS_CLAUSE), 0)
        return close < other.start and found.holds(opens, close, "no", "nothing")

    def _counts_kin(self, row: Indicator, before: int) -> bool:
        """Whether what a row counts is counted before: "3 vụ … tham gia 2"; people are counted everywhere."""
        spans = [each for each in self.found.phrases.of(*UNITS) if each.name != "people" and each.end <= before]
        return bool(row.unit) and any(
            fold(self.found.said(each.start, each.end)) == fold(row.unit or "") for each in spans
        )

    def _mention_at(self, at: int) -> RowMention | None:
        token = self.found.tokens[at]
        if token.sort is not TokenSort.WORD:
            return None
        best: RowMention | None = None
        for name in self.found.names.by_first.get(token.folded, ()):
            if best is not None and len(name.words) < len(best.words):
                break
            words = self._match(name, at)
            if words is None:
                continue
            found = RowMention(at, words[-1] + 1, name, words)
            if best is None or found.end < best.end:
                best = found
        return best

    def _match(self, name: RowName, at: int) -> tuple[int, ...] | None:
        """The tokens of a name that begins there, with a few words between them that may stand inside one."""
        tokens = self.found.tokens
        bare = (
            len(name.words) > 1
            or not self.found.phrases.is_marked
            or name.is_initials
            or not is_syllable(fold(name.words[0]))
        )
        spots: list[int] = []
        place, gap = at, 0
        for word in name.words:
            if word == COMMA:
                place += self.found.sign(place) == COMMA
                continue
            while True:
                if place >= len(tokens):
                    return None
                token = tokens[place]
                if not self.found.taken[place] and self._is_said(token, word, bare=bare, begun=len(name.words) > 1):
                    break
                may_stand = not name.is_part and _may_stand_inside(token)
                if not spots or gap >= _LONGEST_GAP or not may_stand:
                    return None
                place, gap = place + 1, gap + 1
            spots.append(place)
            place += 1
        is_vague = len(name.words) == 1 and tokens[at].keyed.isascii() and name.words[0] in vague()
        if name.is_initials:
            while place < len(tokens) and place in self.found.light and not self._is_answered(place):
                place += 1
        if (name.is_initials or is_vague) and not self._is_answered(place):
            return None
        if name.is_raised and not tokens[at].text.isupper() and not self._is_answered_alone(at, place):
            return None
        return tuple(spots)

    @staticmethod
    def _is_said(token: Token, word: str, *, bare: bool, begun: bool) -> bool:
        if token.sort is TokenSort.NUMBER:
            return token.text == word
        return token.sort is TokenSort.WORD and is_spelled(token, word, bare=bare, begun=begun)

    def _is_answered_alone(self, at: int, behind: int) -> bool:
        """Whether a word that opens a clause is answered right there: "tư còn hạn, hn rồi"."""
        opens = at == 0 or bool(self.found.sign(at - 1))
        return opens and self.found.phrases.at(behind, "yes", "no", "nothing", "holding", "ended", "ticks") is not None

    def _is_answered(self, at: int) -> bool:
        """Whether a figure, a colon or an answer stands right there: letters alone may mean anything."""
        tokens = self.found.tokens
        if at < len(tokens) and tokens[at].sort is TokenSort.NUMBER:
            return True
        return (
            self.found.sign(at) in (":", "=")
            or self.found.phrases.at(at, "yes", "no", "nothing", "ticks", "before") is not None
        )


def _may_stand_inside(token: Token) -> bool:
    """Whether a token is a word that may stand inside a name, with the marks of one: "những", not "nhưng"."""
    if token.sort is not TokenSort.WORD or token.folded not in folded("inside"):
        return False
    return any(is_spelled(token, word, bare=True) for words in spoken("inside") for word in words)
