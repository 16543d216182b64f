"""What a message says of the rows that are answered by yes or no, in whatever words. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from knowledge.model.forms import Indicator
from knowledge.model.periods import Period
from knowledge.reports.answers.names import RowNames, tells_due
from knowledge.reports.answers.said import Answer
from knowledge.reports.answers.scanning import Mention, Scanned, When, scan
from knowledge.reports.answers.words import folded
from knowledge.text import fold
from knowledge.tokens import Span

YES, NO = Decimal(1), Decimal(0)
_NEAR: Final = 3
_SIGNS_OF: Final = (
    "due", "yes", "ticks", "crosses", "no", "nothing", "holding", "ended", "again", "under_way", "planned", "later",
    "unknown", "maybe", "beside", "done_verb",
)  # fmt: skip


class How(Enum):
    """By what words a thing is said to be so or not."""

    PLAIN = auto()
    HOLDING = auto()
    ENDED = auto()
    AGAIN = auto()
    UNDER_WAY = auto()
    DATED = auto()
    BARE = auto()


@dataclass(frozen=True, slots=True)
class Statement:
    """That something is due, or done, or not; `is_shaken` where it is not sure."""

    at: int
    end: int
    is_due: bool
    is_so: bool
    how: How = How.PLAIN
    verb: str = ""
    is_shaken: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of a message that speaks of one family of rows."""

    start: int
    end: int
    mention: Mention | None
    family: tuple[str, ...]


@dataclass
class Teller:
    """Reads the rows of a message that are answered by yes or no."""

    scanned: Scanned
    period: Period | None

    def read(self) -> list[Answer]:
        """An answer for each of them of which something is said."""
        said: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
        waiting: list[tuple[str, ...]] = []
        leading: list[Statement] = []
        unplaced: list[Statement] = []
        spoken: tuple[str, ...] = ()
        for zone in self._zones():
            if all(self.scanned.sign(at) for at in range(zone.start, zone.end)):
                leading = [] if self.scanned.ends_sentence(zone.start) else leading
                continue
            zone = zone if zone.family else replace(zone, family=spoken)
            found = list(self.list_statements(zone))
            if zone.mention is not None and self._takes_up(zone.family, found, unplaced):
                said[zone.family] += unplaced
            unplaced = []
            if zone.mention is not None and not found:
                waiting.append(zone.family)
                said[zone.family] += leading
                continue
            alike = self.scanned.holds(zone.start, zone.end, "all_alike", "both")
            for family in waiting if found and (alike or self._is_joined(zone)) else ():
                said[family] += [each for each in found if not each.is_due]
            waiting = []
            leading = [each for each in found if not each.is_due and self._leads_on(zone, each, alike=alike)]
            for family, each in self._placed(zone, found):
                said[family].append(each)
                spoken = family
            if not zone.family and spoken == ():
                unplaced = [each for each in found if each.is_due]
            spoken = zone.family or spoken
            if zone.family and not found and self._is_unknown(zone) and said[zone.family]:
                said[zone.family] = [_shaken(each) for each in said[zone.family]]
        return [answer for family, each in said.items() for answer in self.settle(family, each)]

    def _takes_up(self, family: tuple[str, ...], found: Sequence[Statement], unplaced: Sequence[Statement]) -> bool:
        """Whether what was said to be due, of nothing that was named, is about the rows named next."""
        is_due = any(key in self.scanned.names.due for key in family)
        return bool(unplaced) and is_due and not any(each.is_due for each in found)

    def _leads_on(self, zone: Zone, each: Statement, *, alike: bool) -> bool:
        """Whether what is said stands before a list of rows that it is said of: "đều có: thỏa ước, ban nữ công"."""
        if zone.mention is None or each.end > zone.mention.start:
            return False
        return alike or self._is_answer(each.end, zone.mention.start)

    # --- Where a family is spoken of ---

    def _families(self, mention: Mention) -> tuple[str, ...]:
        return self.scanned.names.families.get(mention.keys[0], ())

    def _zones(self) -> Iterator[Zone]:
        """The message in stretches: of a row that is named, and those after it that name none."""
        scanned, current, counted = self.scanned, (), False
        at, count = 0, len(scanned.tokens)
        while at < count:
            begin, end = scanned.clause(at)
            inside = [each for each in scanned.mentions if begin <= each.start < end]
            runs = _runs(inside, self._families)
            if not runs:
                if not counted or scanned.holds(begin, end, "due", "both"):
                    yield Zone(begin, end, None, current)
            else:
                edges = self._edges(begin, end, runs)
                for (first, last), (mention, family) in zip(edges, runs, strict=True):
                    if family:
                        yield Zone(first, last, mention, family)
                        current, counted = family, False
                    else:
                        counted = True
            at = end

    def _edges(self, begin: int, end: int, runs: Sequence[tuple[Mention, tuple[str, ...]]]) -> list[tuple[int, int]]:
        """Where the stretches of a clause that names several rows begin and end."""
        starts = [begin]
        led = self.scanned.holds(begin, runs[0][0].start, "yes", "no", "nothing", "due", "done_verb")
        for (former, _), (latter, _) in zip(runs, runs[1:], strict=False):
            border = former.end if led else latter.start
            while not led and border > former.end and self._leads(border - 1):
                border -= 1
            starts.append(border)
        return list(zip(starts, [*starts[1:], end], strict=True))

    def _leads(self, at: int) -> bool:
        """Whether a word joins what comes to what went before."""
        return any(each.start <= at < each.end for each in self.scanned.phrases.of("mark_more"))

    def _is_joined(self, zone: Zone) -> bool:
        return zone.mention is not None and self._leads(zone.start - 1)

    # --- What is said there ---

    def list_statements(self, zone: Zone) -> Iterator[Statement]:
        """What a stretch says, from left to right; nothing where it only asks, or tells of another time."""
        scanned = self.scanned
        if self._asks(zone) or self._is_of_another_time(zone) or self._is_a_share(zone):
            return
        named = set(zone.mention.words) if zone.mention is not None else set()
        spans = [
            each
            for each in scanned.spans(zone.start, zone.end, *_SIGNS_OF)
            if named.isdisjoint(range(each.start, each.end))
        ]
        shaken = any(each.name in ("unknown", "maybe", "beside") for each in spans) or self._was_once(zone)
        found: list[Statement] = []
        at = 0
        while at < len(spans):
            each, after = spans[at], spans[at + 1] if at + 1 < len(spans) else None
            step = 1
            match each.name:
                case "no" | "nothing":
                    if after is not None and after.name == "due" and self._is_right_before(each, after):
                        step = 2 + self._tail(spans, at + 2, after.end)
                        found.append(
                            Statement(
                                each.start,
                                spans[at + step - 1].end,
                                True,
                                False,
                                verb=self._verb_within(after, spans[at + step - 1]),
                            )
                        )
                    elif found and found[-1].is_due and self._is_answer(found[-1].end, each.start):
                        found[-1] = Statement(found[-1].at, each.end, True, False, verb=found[-1].verb)
                    elif found and self._is_answer(found[-1].end, each.start) and not found[-1].is_due:
                        found[-1] = Statement(found[-1].at, each.end, False, False, verb=found[-1].verb)
                    else:
                        step = 1 + self._tail(spans, at + 1, each.end, plain=True)
                        found.append(
                            Statement(
                                each.start,
                                spans[at + step - 1].end,
                                False,
                                False,
                                verb=self._verb(spans[at : at + step]),
                            )
                        )
                case "due":
                    step = 1 + self._tail(spans, at + 1, each.end)
                    found.append(
                        Statement(
                            each.start,
                            spans[at + step - 1].end,
                            True,
                            True,
                            verb=self._verb_within(each, spans[at + step - 1]),
                        )
                    )
                case "yes" | "ticks":
                    if after is not None and after.name == "due" and after.start == each.end:
                        pass
                    elif found and self._is_answer(found[-1].end, each.start):
                        found[-1] = Statement(found[-1].at, each.end, found[-1].is_due, True, verb=found[-1].verb)
                    else:
                        step = 1 + self._tail(spans, at + 1, each.end, plain=True)
                        found.append(
                            Statement(
                                each.start,
                                spans[at + step - 1].end,
                                False,
                                True,
                                verb=self._verb(spans[at : at + step]),
                            )
                        )
                case "crosses":
                    found.append(Statement(each.start, each.end, False, False))
                    step = 1 + self._tail(spans, at + 1, each.end)
                case "holding":
                    found.append(
                        Statement(each.start, each.end, False, True, How.HOLDING, is_shaken=self._has_run_out(each.end))
                    )
                case "ended":
                    found.append(Statement(each.start, each.end, False, False, How.ENDED))
                    step = 1 + self._tail(spans, at + 1, each.end)
                case "again":
                    if any(other.name == "under_way" for other in spans[:at]):
                        at += 1
                        continue
                    denied = (
                        found
                        and not found[-1].is_so
                        and each.start - found[-1].end < _NEAR
                        and found[-1].how is How.PLAIN
                    )
                    found.append(Statement(each.start, each.end, False, not denied, How.AGAIN))
                case "under_way":
                    found.append(Statement(each.start, each.end, False, False, How.UNDER_WAY))
                    step = 1 + self._tail(spans, at + 1, each.end)
                case "planned" | "later":
                    pass
                case "done_verb":
                    found.append(
                        Statement(
                            each.start, each.end, False, True, How.BARE, verb=fold(scanned.said(each.start, each.end))
                        )
                    )
            at += step
        yield from self._weighed(zone, found, spans, shaken=shaken)

    def _weighed(
        self, zone: Zone, found: list[Statement], spans: Sequence[Span], *, shaken: bool
    ) -> Iterator[Statement]:
        """What is left of statements beside plans and days: a verb alone says nothing, unless a day says when."""
        scanned = self.scanned
        lasting = [each.at for each in found if each.how is How.HOLDING]
        planned = [
            each
            for each in scanned.spans(zone.start, zone.end, "planned", "later")
            if not any(at < each.start for at in lasting)
        ]
        days = [each for each in scanned.whens if zone.start <= each.start < zone.end]
        strong = [each for each in found if each.how is not How.BARE]
        if scanned.holds(zone.start, zone.end, "unknown") and any(each.is_due for each in strong):
            strong = [each for each in strong if each.is_due]  # whether it is due is what is not known
        ahead = [each for each in days if self._is_ahead(each.day, each.period)]
        if planned and not any(each.is_due for each in strong):
            denied = any(not each.is_so for each in strong)
            when = any(each.name == "later" for each in planned) or bool(ahead)
            yield from (each for each in strong if each.is_due)
            if denied or when or zone.mention is not None:
                yield Statement(
                    zone.start, zone.end, False, False, How.UNDER_WAY, is_shaken=shaken or not (denied or when)
                )
            return
        if not strong and (days or found or zone.mention is not None):
            past = [each for each in days if each not in ahead] or scanned.spans(zone.start, zone.end, "lately")
            shaken = shaken or any(self._is_only_then(each, days) for each in found)
            verb = next((each.verb for each in found), "")
            if past and zone.mention is not None and (days or found):
                yield Statement(zone.start, zone.end, False, True, How.DATED, verb, is_shaken=shaken)
            elif past and found:
                yield Statement(zone.start, zone.end, False, True, How.DATED, verb, is_shaken=shaken)
            elif ahead and zone.mention is not None:
                yield Statement(zone.start, zone.end, False, False, How.DATED, verb, is_shaken=True)
            elif found and zone.mention is not None:
                yield Statement(zone.start, zone.end, False, True, How.BARE, verb, is_shaken=True)
            return
        for each in strong:
            yield _shaken(each) if shaken else each

    def _is_right_before(self, each: Span, after: Span) -> bool:
        signs = any(self.scanned.sign(at) for at in range(each.end, after.start))
        return not signs and after.start - each.end < _NEAR

    def _is_only_then(self, each: Statement, days: Sequence[When]) -> bool:
        """Whether a thing is done no sooner than a time named before it: "tháng 2 mới làm"."""
        soon = self.scanned.phrases.before(each.at, "lately")
        return soon is not None and any(day.end <= soon.start for day in days)

    def _tail(self, spans: Sequence[Span], at: int, end: int, *, plain: bool = False) -> int:
        """How many of the next phrases belong to one before them: its verb, and an answer right behind that."""
        scanned, count = self.scanned, 0
        while at + count < len(spans):
            each = spans[at + count]
            gap = [
                spot
                for spot in range(end, each.start)
                if not scanned.taken[spot] and scanned.tokens[spot].folded not in folded("between_answer")
            ]
            begins = not plain and self._begins(each) and not self._ends_clause(each.end)
            if each.name not in ("done_verb", "yes") or gap or self._is_answer(end, each.start) or begins:
                break
            end = each.end
            count += 1
        return count

    def _ends_clause(self, at: int) -> bool:
        _, end = self.scanned.clause(at - 1)
        return all(self.scanned.is_light(spot) for spot in range(at, end))

    def _begins(self, span: Span) -> bool:
        """Whether a yes begins a statement of its own: "đã lập", not "rồi"."""
        said = fold(self.scanned.said(span.start, span.end))
        return span.name == "yes" and said in folded("beginning_yes")

    def _is_answer(self, end: int, start: int) -> bool:
        """Whether a colon stands between two places, and nothing of weight."""
        signs = [at for at in range(end, start) if self.scanned.sign(at) in (":", "=")]
        return bool(signs) and all(self.scanned.is_light(at) for at in range(signs[-1], start))

    def _verb(self, spans: Sequence[Span]) -> str:
        return next((fold(self.scanned.said(each.start, each.end)) for each in spans if each.name == "done_verb"), "")

    def _verb_within(self, first: Span, last: Span) -> str:
        """What is due, where the words for it say so: "phải ký"."""
        said = f" {fold(self.scanned.said(first.start, last.end))} "
        verbs = {verb for own in self.scanned.names.verbs.values() for verb in own}
        return max((verb for verb in verbs if f" {verb} " in said), key=len, default="")

    def _asks(self, zone: Zone) -> bool:
        return any(at in self.scanned.asked for at in range(zone.start, zone.end))

    def _is_of_another_time(self, zone: Zone) -> bool:
        """Whether a stretch tells only of a time before: "năm ngoái có làm"."""
        days = [each for each in self.scanned.whens if zone.start <= each.start < zone.end]
        years = [
            each.day.year if each.day is not None else each.period.year for each in days if each.day or each.period
        ]
        if self.period is not None and years and max(years) < self.period.year and self._is_of_year(zone.family):
            return True
        if not self._is_of_year(zone.family) or self.scanned.holds(zone.start, zone.end, "of_year", "of_period"):
            return False
        return any(
            zone.start <= each.start < zone.end
            and not self.scanned.holds(max(each.start - 1, 0), each.end, "comparing")
            and not self._is_own(each.start)
            for each in self.scanned.phrases.of("of_past")
        )

    def _was_once(self, zone: Zone) -> bool:
        """Whether a stretch tells of a time before, and nothing says that it still is so."""
        past = self.scanned.holds(zone.start, zone.end, "of_past") and not self._is_of_year(zone.family)
        return past and not self.scanned.holds(zone.start, zone.end, "holding", "again", "lasting", "ended")

    def _is_of_year(self, family: Sequence[str]) -> bool:
        """Whether it has to be done each year: the name of a row says so."""
        names = [f" {fold(self.scanned.names.rows[key].name)} " for key in family]
        return any(f" {phrase} " in name for name in names for phrase in folded("of_year"))

    def _is_a_share(self, zone: Zone) -> bool:
        """Whether a stretch holds a percentage: it tells how many of many."""
        figures = [each for each in self.scanned.figures if zone.start <= each.start < zone.end]
        return any("parts" in each.groups or "%" in each.said for each in figures)

    def _is_own(self, at: int) -> bool:
        when = next((each for each in self.scanned.whens if each.start <= at < each.end), None)
        return when is not None and when.period is not None and when.period == self.period

    def _is_ahead(self, day: date | None, period: Period | None) -> bool:
        if day is not None:
            return day > self.scanned.today
        limit = self.period.end if self.period is not None else self.scanned.today
        return period is not None and period.start > limit

    def _has_run_out(self, at: int) -> bool:
        """Whether what holds "until" a day does so no more by the end of the period."""
        if self.period is None or not self.scanned.holds(at, at + 2, "or_else"):
            return False
        when = next((each for each in self.scanned.whens if at <= each.start <= at + 3), None)
        if when is None:
            return False
        last = when.day or (when.period.end if when.period is not None else None)
        return last is not None and last <= max(self.period.end, self.scanned.today)

    def _is_unknown(self, zone: Zone) -> bool:
        """Whether a stretch without an answer of its own says that something is not known."""
        if zone.mention is not None or self.scanned.holds(zone.start, zone.end, "rest"):
            return False
        if any(zone.start <= each.start < zone.end for each in self.scanned.figures):
            return False
        return self.scanned.holds(zone.start, zone.end, "unknown", "beside") or self._asks(zone)

    # --- Whose it is ---

    def _placed(self, zone: Zone, found: Sequence[Statement]) -> Iterator[tuple[tuple[str, ...], Statement]]:
        """The family of each statement: the one named or spoken of, else the one in which that is done."""
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
            if family and (self._is_about(zone, each) or each.verb):
                yield family, each

    def _is_about(self, zone: Zone, each: Statement) -> bool:
        """Whether a stretch that names nothing goes on about what was spoken of: it says little else."""
        if any(zone.start <= figure.start < zone.end for figure in self.scanned.figures):
            return False
        free = [
            at
            for at in range(zone.start, zone.end)
            if not self.scanned.is_light(at)
            and not any(
                span.start <= at < span.end
                for span in self.scanned.phrases.of(
                    *_SIGNS_OF, "also", "both", "all_alike", "turning", "or_else", "inside", "mark_more"
                )
            )
        ]
        return len(free) <= (4 if each.is_due or each.how is not How.PLAIN else 2)

    # --- What it comes to ---

    def settle(self, family: tuple[str, ...], said: Sequence[Statement]) -> Iterator[Answer]:
        due = [key for key in family if key in self.scanned.names.due]
        done = [key for key in family if key not in self.scanned.names.due]
        of_due, of_done = [each for each in said if each.is_due], [each for each in said if not each.is_due]
        if due and of_due:
            alike = len({each.is_so for each in of_due}) == 1
            yield _answer(due[0], of_due, of_due[-1].is_so, alike and not any(each.is_shaken for each in of_due))
        if not due:
            of_done = list(said) if not of_done else of_done
        if len(done) == 1 and of_done:
            so, sure = _weigh(of_done)
            yield _answer(done[0], of_done, so, sure)


def _answer(key: str, said: Sequence[Statement], so: bool, sure: bool) -> Answer:
    values = (YES if so else NO,)
    return Answer(
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
    names = RowNames(rows={row.key: row})
    if tells_due(row):
        names.due = frozenset({row.key})
    scanned = scan(text, names, today)
    count = len(scanned.tokens)
    if not count or any(scanned.sign(at) == "?" for at in range(count)):
        return None
    teller = Teller(scanned, None)
    clauses = sorted({scanned.clause(at) for at in range(count)})
    said = [each for begin, end in clauses for each in teller.list_statements(Zone(begin, end, None, (row.key,)))]
    if any(each.is_shaken for each in said) or scanned.holds(0, count, "unknown", "maybe"):
        return None
    if row.key in names.due:
        said = [replace(each, is_due=True) for each in said]
    found = [answer for answer in teller.settle((row.key,), said) if answer.is_sure]
    return found[0].values[0] if found else None


def _runs(
    mentions: Sequence[Mention], family_of: Callable[[Mention], tuple[str, ...]]
) -> list[tuple[Mention, tuple[str, ...]]]:
    """Mentions without those that go on about the family right before them."""
    out: list[tuple[Mention, tuple[str, ...]]] = []
    for each in mentions:
        family = family_of(each)
        if not out or not family or family != out[-1][1]:
            out.append((each, family))
    return out


def _shaken(each: Statement) -> Statement:
    return Statement(each.at, each.end, each.is_due, each.is_so, each.how, each.verb, is_shaken=True)
