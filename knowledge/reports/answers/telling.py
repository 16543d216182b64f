"""What a message says of the rows that are answered by yes or no, in whatever words. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
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
from knowledge.text import fold

YES, NO = Decimal(1), Decimal(0)
_MOST_BESIDE: Final = 2
_MOST_BESIDE_FIRM: Final = 4
_FAR_TOO_MANY: Final = 100
_BESIDE: Final = ("also", "both", "all_alike", "turning", "or_else", "mark_more", "lately", "lasting")


@dataclass
class _Course:
    """What has been told so far, reading on.

    `waiting` are stretches that name rows without an answer, `leading` what is said of the rows that follow at
    once, `heading` of all in a list to come, `joined` what stands before the row named last; `due` is what is due
    of nothing named yet; `unknown` a sentence that says that something is not known.
    """

    said: dict[tuple[str, ...], list[Statement]] = field(default_factory=lambda: defaultdict(list))
    waiting: list[SpokenZone] = field(default_factory=list)
    leading: list[Statement] = field(default_factory=list)
    heading: list[Statement] = field(default_factory=list)
    joined: list[Statement] = field(default_factory=list)
    due: list[Statement] = field(default_factory=list)
    spoken: tuple[str, ...] = ()
    unknown: int = -1


class YesNoTeller:
    """Reads the rows of one message that are answered by yes or no."""

    def __init__(self, scanned: ScannedReport, period: Period | None) -> None:
        """`period` is the one that is reported, as far as the message says."""
        self.scanned = scanned
        self.zones, self.statements = Zones(scanned), Statements(scanned, period)

    def read(self) -> list[RowAnswer]:
        """An answer for each of them of which something is said."""
        course = _Course()
        for each_zone in self.zones.find_all():
            zone = each_zone if each_zone.family else replace(each_zone, family=course.spoken)
            if all(self.scanned.sign(at) for at in range(zone.start, zone.end)):
                if self.scanned.ends_sentence(zone.start):
                    course.leading, course.heading = [], []
                continue
            found = list(self.statements.list_in(zone))
            if zone.is_open or (zone.mention is None and self.scanned.sentences[zone.start] == course.unknown):
                found = [shake(each) for each in found]
            if zone.mention is not None:
                self._take_up(course, zone, found)
            if zone.mention is not None and not found:
                course.waiting += [zone] if not self._is_left_out(zone.mention) else []
                joined = course.joined if self._is_joined(zone) else []
                course.said[zone.family] += course.leading or joined or course.heading
                continue
            self._add(course, zone, found)
        for each in course.due:
            family = self._own_family(each)
            if family and not any(other.is_due for other in course.said[family]):
                course.said[family].insert(0, each)
        return [answer for family, each in course.said.items() for answer in self.settle(family, each)]

    def _add(self, course: _Course, zone: SpokenZone, found: Sequence[Statement]) -> None:
        """Add what a stretch says to the rows that it is about, and to those named right before with nothing said."""
        alike = self.scanned.holds(zone.start, zone.end, "all_alike", "both")
        for waiting in course.waiting if found else ():
            every = self.scanned.holds(found[0].at, zone.end, "all_of_it")
            if alike or every or self._is_joined(zone) or self._answers_both(waiting, zone, found):
                course.said[waiting.family] += [each for each in found if not each.is_due]
        course.waiting = []
        course.leading = [each for each in found if not each.is_due and self._leads_on(zone, each, alike=alike)]
        course.heading += self._list_heading(zone, found)
        course.joined = [
            each for each in found if zone.mention is not None and not each.is_due and each.end <= zone.mention.start
        ]
        had_family, before = bool(zone.family), course.due
        for placed, each in self._placed(zone, found):
            own = self._own_family(each) if zone.mention is None and each.is_due else ()
            family = own if own and self._has_due(course, placed) else placed
            if zone.mention is None and not course.said[family] and self._is_about(family, found, before):
                course.said[family] += before
                course.due = before = []
            course.said[family].append(each)
            course.spoken = family
        if not had_family and course.spoken == ():
            course.due = [*course.due, *(each for each in found if each.is_due)]
        course.spoken = zone.family or course.spoken if zone.mention is not None or not found else course.spoken
        if zone.family and not found and self._is_unknown(zone) and course.said[zone.family]:
            course.said[zone.family] = [shake(each) for each in course.said[zone.family]]
            course.unknown = self.scanned.sentences[zone.start]

    def _take_up(self, course: _Course, zone: SpokenZone, found: Sequence[Statement]) -> None:
        """Give what was said to be due, of nothing that was named, to the rows that are named next; where its words are
        of other rows, it may be these that are meant.
        """
        if not self._is_about(zone.family, found, course.due):
            return
        if all(self._own_family(each) in ((), zone.family) for each in course.due):
            course.said[zone.family] += course.due
            course.due = []
        elif self.scanned.sentences[course.due[-1].at] == self.scanned.sentences[zone.start]:
            course.due = [shake(each) for each in course.due]

    def _is_about(self, family: tuple[str, ...], found: Sequence[Statement], due: Sequence[Statement]) -> bool:
        """Whether what was said to be due, of nothing that was named, is about these rows."""
        is_due = any(key in self.scanned.names.due for key in family)
        return bool(due) and is_due and not any(each.is_due for each in found)

    def _own_family(self, each: Statement) -> tuple[str, ...]:
        """The only rows in whose names the words for what is due stand: "thuộc diện", "đủ điều kiện"."""
        rows, families = self.scanned.names.rows, self.scanned.names.families
        said = f" {fold(self.scanned.said(each.at, each.end))} "
        own = {
            families[key]
            for key in self.scanned.names.due
            for phrase in folded("due")
            if " " in phrase
            and f" {phrase} " in said
            and f" {phrase} " in f" {fold(rows[key].name)} {fold(rows[key].short)} "
        }
        return next(iter(own)) if len(own) == 1 else ()

    def _has_due(self, course: _Course, family: tuple[str, ...]) -> bool:
        """Whether rows are none of which something is due, or it has been said of them already."""
        is_due = any(key in self.scanned.names.due for key in family)
        return not is_due or any(each.is_due for each in course.said[family])

    def _answers_both(self, waiting: SpokenZone, zone: SpokenZone, found: Sequence[Statement]) -> bool:
        """Whether an answer behind a colon is of a list: "thỏa ước, ban nữ công: có"."""
        if zone.mention is None or not self.statements.is_answer(zone.mention.words[-1] + 1, found[0].at):
            return False
        signs = [self.scanned.sign(at) for at in range(waiting.start, zone.mention.start)]
        return not set(signs) - {"", ","} and self.scanned.sign(waiting.end) == ","

    def _leads_on(self, zone: SpokenZone, each: Statement, *, alike: bool) -> bool:
        """Whether what is said stands before a list of rows that it is said of: "đều có: thỏa ước, ban nữ công"."""
        if zone.mention is None or each.end > zone.mention.start:
            return False
        return alike or self.statements.is_answer(each.end, zone.mention.start)

    def _list_heading(self, zone: SpokenZone, found: Sequence[Statement]) -> list[Statement]:
        """What a stretch that names nothing says of all that is listed behind its colon: "bên tôi có cả: …"."""
        colons = [at for at in range(zone.start, zone.end) if self.scanned.sign(at) == ":"]
        said = [each for each in found if zone.mention is None and not each.is_due and colons and each.end <= colons[0]]
        is_of_all = bool(said) and self.scanned.holds(said[-1].at, colons[0], "all_of_it", "all_alike")
        return said[-1:] if is_of_all and self.statements.is_answer(said[-1].end, colons[0] + 1) else []

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
            verbs = self.scanned.names.verbs
            if zone.mention is not None:
                owners = {self.scanned.names.families[key] for key, own in verbs.items() if each.verb in own}
                is_others = each.is_due and len(owners) == 1 and zone.family not in owners and each.verb != ""
                yield next(iter(owners)) if is_others else zone.family, each
                continue
            family = zone.family
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
            so, sure = _weigh(self._put_right(of_done))
            yield _answer(done[0], of_done, so, sure)

    def _put_right(self, said: Sequence[Statement]) -> Sequence[Statement]:
        """What is said after the last word that puts something right: "chưa, à có rồi"."""
        for at in range(len(said) - 1, 0, -1):
            former, latter = said[at - 1], said[at]
            words = self.scanned.spans(former.end, latter.at, "correcting")
            if any(
                self.scanned.sign(each.start - 1) or self.scanned.clause(each.start)[0] == each.start for each in words
            ):
                return said[at:]
        return said


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
