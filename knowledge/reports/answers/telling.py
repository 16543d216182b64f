"""What a message says of the rows that are answered by yes or no, in whatever words. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.model.forms import Indicator
from knowledge.model.periods import Period
from knowledge.reports.answers.names import NamesOfRows, tells_due
from knowledge.reports.answers.said import RowAnswer
from knowledge.reports.answers.scanned import RowMention, ScannedReport
from knowledge.reports.answers.scanning import scan
from knowledge.reports.answers.stating import SIGNS, How, Statement, Statements, shake
from knowledge.reports.answers.words import folded
from knowledge.reports.answers.zones import SpokenZone, Zones

YES, NO = Decimal(1), Decimal(0)
_MOST_BESIDE: Final = 2
_MOST_BESIDE_FIRM: Final = 4
_FAR_TOO_MANY: Final = 100
_BESIDE: Final = ("also", "both", "all_alike", "turning", "or_else", "mark_more", "lately", "lasting")


class YesNoTeller:
    """Reads the rows of one message that are answered by yes or no."""

    def __init__(self, scanned: ScannedReport, period: Period | None) -> None:
        """`period` is the one that is reported, as far as the message says."""
        self.scanned = scanned
        self.zones, self.statements = Zones(scanned), Statements(scanned, period)

    def read(self) -> list[RowAnswer]:
        """An answer for each of them of which something is said."""
        said: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
        waiting: list[tuple[str, ...]] = []
        leading: list[Statement] = []
        unplaced: list[Statement] = []
        spoken: tuple[str, ...] = ()
        unknown = -1
        for each_zone in self.zones.find_all():
            zone = each_zone if each_zone.family else replace(each_zone, family=spoken)
            if all(self.scanned.sign(at) for at in range(zone.start, zone.end)):
                leading = [] if self.scanned.ends_sentence(zone.start) else leading
                continue
            found = list(self.statements.list_in(zone))
            if zone.mention is None and self.scanned.sentences[zone.start] == unknown:
                found = [shake(each) for each in found]
            if zone.mention is not None and self._takes_up(zone.family, found, unplaced):
                said[zone.family] += unplaced
            before, unplaced = unplaced if zone.mention is None else [], []
            if zone.mention is not None and not found:
                waiting += [zone.family] if not self._is_left_out(zone.mention) else []
                said[zone.family] += leading
                continue
            alike = self.scanned.holds(zone.start, zone.end, "all_alike", "both")
            for family in waiting if found and (alike or self._is_joined(zone)) else ():
                said[family] += [each for each in found if not each.is_due]
            waiting = []
            leading = [each for each in found if not each.is_due and self._leads_on(zone, each, alike=alike)]
            for family, each in self._placed(zone, found):
                if not said[family] and self._takes_up(family, found, before):
                    said[family] += before
                said[family].append(each)
                spoken = family
            if not zone.family and spoken == ():
                unplaced = [each for each in found if each.is_due]
            spoken = zone.family or spoken
            if zone.family and not found and self._is_unknown(zone) and said[zone.family]:
                said[zone.family] = [shake(each) for each in said[zone.family]]
                unknown = self.scanned.sentences[zone.start]
        return [answer for family, each in said.items() for answer in self.settle(family, each)]

    def _takes_up(self, family: tuple[str, ...], found: Sequence[Statement], unplaced: Sequence[Statement]) -> bool:
        """Whether what was said to be due, of nothing that was named, is about the rows named next."""
        is_due = any(key in self.scanned.names.due for key in family)
        return bool(unplaced) and is_due and not any(each.is_due for each in found)

    def _leads_on(self, zone: SpokenZone, each: Statement, *, alike: bool) -> bool:
        """Whether what is said stands before a list of rows that it is said of: "đều có: thỏa ước, ban nữ công"."""
        if zone.mention is None or each.end > zone.mention.start:
            return False
        return alike or self.statements.is_answer(each.end, zone.mention.start)

    def _is_left_out(self, mention: RowMention) -> bool:
        """Whether a row is named only to be left out: "trừ ban nữ công ra"."""
        return self.scanned.phrases.before(mention.start, "left_out") is not None

    def _is_joined(self, zone: SpokenZone) -> bool:
        return zone.mention is not None and (self.zones.leads(zone.start) or self.zones.leads(zone.start - 1))

    def _is_unknown(self, zone: SpokenZone) -> bool:
        """Whether a stretch without an answer of its own says that something is not known."""
        if zone.mention is not None or self.scanned.holds(zone.start, zone.end, "rest"):
            return False
        if any(zone.start <= each.start < zone.end for each in self.scanned.figures):
            return False
        return self.scanned.holds(zone.start, zone.end, "unknown", "beside") or self.statements.asks(zone)

    # --- Whose it is ---

    def _placed(self, zone: SpokenZone, found: Sequence[Statement]) -> Iterator[tuple[tuple[str, ...], Statement]]:
        """The family of each statement: the one named or spoken of, else the one in which that is done."""
        others_said = self._count_other_words(zone) if zone.mention is None else 0
        for each in found:
            if zone.mention is not None:
                yield zone.family, each
                continue
            family = zone.family
            verbs = self.scanned.names.verbs
            if each.how in (How.DATED, How.BARE) and not (family and each.verb in verbs[family[0]]):
                continue
            if each.verb and not (family and each.verb in verbs[family[0]]):
                others = {self.scanned.names.families[key] for key, own in verbs.items() if each.verb in own}
                if len(others) == 1 and each.verb not in folded("everyday_verbs"):
                    family = next(iter(others))
                elif family and len(others) > 0:
                    family = ()
            most = _MOST_BESIDE_FIRM if each.is_due or each.how is not How.PLAIN else _MOST_BESIDE
            if family and (others_said <= most or each.verb):
                yield family, each
            elif family and self.scanned.holds(each.at, each.end, "not_yet"):
                yield family, shake(each)  # something else is not there yet: a decision, a signature

    def _count_other_words(self, zone: SpokenZone) -> int:
        """How many words of a stretch that names nothing say other things than yes or no; figures are many of them."""
        if any(zone.start <= figure.start < zone.end for figure in self.scanned.figures):
            return _FAR_TOO_MANY
        said = self.scanned.spans(zone.start, zone.end, *SIGNS, *_BESIDE)
        covered = {at for each in said for at in range(each.start, each.end)}
        return sum(at not in covered and not self.scanned.is_light(at) for at in range(zone.start, zone.end))

    # --- What it comes to ---

    def settle(self, family: tuple[str, ...], said: Sequence[Statement]) -> Iterator[RowAnswer]:
        """What all that is said of a family comes to, for each of its rows of which something is said."""
        due = [key for key in family if key in self.scanned.names.due]
        done = [key for key in family if key not in self.scanned.names.due]
        of_due, of_done = [each for each in said if each.is_due], [each for each in said if not each.is_due]
        if due and of_due:
            alike = len({each.is_so for each in of_due}) == 1
            yield _answer(due[0], of_due, of_due[-1].is_so, alike and not any(each.is_shaken for each in of_due))
        if not due:
            of_done = of_done or list(said)
        if len(done) == 1 and of_done:
            so, sure = _weigh(of_done)
            yield _answer(done[0], of_done, so, sure)


def _answer(key: str, said: Sequence[Statement], so: bool, sure: bool) -> RowAnswer:
    values = (YES if so else NO,)
    return RowAnswer(
        key, values if sure else (*values, NO if so else YES), sure, said[0].at, max(each.end for each in said)
    )


def _weigh(said: Sequence[Statement]) -> tuple[bool, bool]:
    """Whether it is so, and whether that is sure."""
    last, shaken = said[-1], any(each.is_shaken for each in said)
    if len({each.is_so for each in said}) == 1:
        return last.is_so, not last.is_shaken
    if last.how in (How.ENDED, How.AGAIN):
        return last.is_so, not shaken
    again = [each for each in said if each.how is How.AGAIN]
    if again and all(each.is_so for each in said[said.index(again[-1]) :]):
        return True, not shaken
    if any(each.how is How.ENDED for each in said) and not last.is_so:
        return False, not shaken
    if last.is_so and last.how is How.PLAIN and all(not each.is_so for each in said[:-1]):
        return True, False
    return last.is_so, False


def say_yes_or_no(row: Indicator, text: str, today: date) -> Decimal | None:
    """What an answer to a yes-or-no row says in whatever words; None where it says neither surely.

    Example: "ký lại hồi tháng 9 rồi" → 1, "còn đang thương lượng" → 0.
    """
    names = NamesOfRows(rows={row.key: row})
    if tells_due(row):
        names.due = frozenset({row.key})
    scanned = scan(text, names, today)
    count = len(scanned.tokens)
    if not count or any(scanned.sign(at) == "?" for at in range(count)):
        return None
    teller = YesNoTeller(scanned, None)
    clauses = sorted({scanned.clause(at) for at in range(count)})
    said = [
        each for begin, end in clauses for each in teller.statements.list_in(SpokenZone(begin, end, None, (row.key,)))
    ]
    if any(each.is_shaken for each in said) or scanned.holds(0, count, "unknown", "maybe"):
        return None
    if row.key in names.due:
        said = [replace(each, is_due=True) for each in said]
    found = [answer for answer in teller.settle((row.key,), said) if answer.is_sure]
    return found[0].values[0] if found else None
