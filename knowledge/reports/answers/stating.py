"""What a stretch of a message says of one thing: that it is due, that it is done, or that it is not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from knowledge.model.periods import Period
from knowledge.reports.answers.scanned import SaidTime, ScannedReport
from knowledge.reports.answers.words import folded
from knowledge.reports.answers.zones import SpokenZone
from knowledge.text import fold
from knowledge.tokens import Span

_NEAR: Final = 3
_CROSS: Final = "x"
SIGNS: Final = (
    "due", "yes", "ticks", "crosses", "no", "nothing", "holding", "ended", "again", "under_way", "planned", "later",
    "unknown", "maybe", "beside", "done_verb",
)  # fmt: skip
"""Lists of phrases that say something of what is answered by yes or no."""


class How(Enum):
    """By what words a thing is said to be so or not."""

    PLAIN = auto()
    HOLDING = auto()
    ENDED = auto()
    AGAIN = auto()
    UNDER_WAY = auto()
    DATED = auto()
    BARE = auto()


_DENYING: Final = {"crosses": How.PLAIN, "ended": How.ENDED, "under_way": How.UNDER_WAY}


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


def shake(each: Statement) -> Statement:
    """The same, no longer sure."""
    return replace(each, is_shaken=True)


@dataclass
class Statements:
    """Reads the statements of one message, seen from the period that is reported."""

    scanned: ScannedReport
    period: Period | None

    def list_in(self, zone: SpokenZone) -> Iterator[Statement]:
        """What a stretch says, from left to right; nothing where it only asks, or tells of another time."""
        if self.asks(zone) or self._is_of_another_time(zone) or self._is_a_share(zone):
            return
        named = set(zone.mention.words) if zone.mention is not None else set()
        spans = [
            each
            for each in self.scanned.spans(zone.start, zone.end, *SIGNS)
            if named.isdisjoint(range(each.start, each.end))
            and each.start not in self.scanned.reasons
            and not self._is_of_a_time(each)
        ]
        spans = [each for each in self._with_digits(zone, spans) if not self._has_people(zone, each)]
        first = self._behind_heading(zone) if self.scanned.holds(zone.start, zone.end, "certain") else zone.start
        shaken = any(each.name in ("unknown", "maybe", "beside") and each.start >= first for each in spans)
        shaken = shaken or self._was_once(zone) or self._is_too_late(zone)
        found: list[Statement] = []
        at = 0
        while at < len(spans):
            at += self._take(spans, at, found)
        yield from self._weighed(zone, found, shaken=shaken)

    def _is_of_a_time(self, each: Span) -> bool:
        """Whether words are a part of a time: the "không" of "hai không hai tám"."""
        return any(when.start <= each.start < when.end for when in self.scanned.whens)

    def _with_digits(self, zone: SpokenZone, spans: Sequence[Span]) -> list[Span]:
        """Phrases, and "1" or "0" behind a colon where something is due: "thuộc diện: 1"."""
        out = list(spans)
        for each in self.scanned.figures:
            former = next((span for span in spans if span.end <= each.start and span.name == "due"), None)
            inside = zone.start <= each.start < zone.end and each.said in ("0", "1") and not each.groups
            if inside and former is not None and self.is_answer(former.end, each.start):
                out.append(Span("yes" if each.said == "1" else "no", each.start, each.end))
        return sorted(out, key=lambda each: each.start)

    def _has_people(self, zone: SpokenZone, each: Span) -> bool:
        """Whether a "có" only tells what the unit has: "công ty có 8 lao động"."""
        figure = next((figure for figure in self.scanned.figures if figure.start == each.end), None)
        is_had = fold(self.scanned.said(each.start, each.end)) in folded("beginning_yes")
        if not is_had or each.name != "yes" or zone.mention is None or figure is None or not figure.groups:
            return False
        if not figure.groups.isdisjoint({"meetings", "bodies"}):
            return False
        last = zone.mention.words[-1] + 1
        beside = last <= each.start and all(self.scanned.is_light(at) for at in range(last, each.start))
        return not beside or self.scanned.holds(last, each.start, "whole_unit")

    def _take(self, spans: Sequence[Span], at: int, found: list[Statement]) -> int:
        """Add what a phrase says, with those behind it that belong to it; how many these are."""
        each = spans[at]
        match each.name:
            case "no" | "nothing":
                return self._take_denial(spans, at, found)
            case "due":
                return self._take_due(spans, at, each.start, found, is_so=True)
            case "yes" | "ticks":
                return self._take_yes(spans, at, found)
            case "again":
                self._take_again(spans, at, found)
            case "holding":
                runs_out = self._has_run_out(each.end)
                found.append(Statement(each.start, each.end, False, True, How.HOLDING, is_shaken=runs_out))
            case "ended" if self._comes_later(each.end):
                found.append(Statement(each.start, each.end, False, True, How.HOLDING))
            case "crosses" | "ended" | "under_way":
                shaken = each.name == "ended" and self._ends_with_period(each.end)
                found.append(Statement(each.start, each.end, False, False, _DENYING[each.name], is_shaken=shaken))
                return 1 + self._tail(spans, at + 1, each.end)
            case "done_verb":
                verb = fold(self.scanned.said(each.start, each.end))
                found.append(Statement(each.start, each.end, False, True, How.BARE, verb))
        return 1

    def _take_denial(self, spans: Sequence[Span], at: int, found: list[Statement]) -> int:
        each, after = spans[at], spans[at + 1] if at + 1 < len(spans) else None
        if after is not None and after.name == "due" and self._is_right_before(each, after):
            return 1 + self._take_due(spans, at + 1, each.start, found, is_so=False)
        if after is not None and after.name == "holding" and after.start == each.end:
            found.append(Statement(each.start, after.end, False, False, How.ENDED))
            return 2
        return self._take_answer(spans, at, found, is_so=False)

    def _take_yes(self, spans: Sequence[Span], at: int, found: list[Statement]) -> int:
        each, after = spans[at], spans[at + 1] if at + 1 < len(spans) else None
        if after is not None and after.name == "due" and after.start == each.end:
            return 1  # "có thuộc diện": the next phrase says it
        return self._take_answer(spans, at, found, is_so=True)

    def _take_due(self, spans: Sequence[Span], at: int, start: int, found: list[Statement], *, is_so: bool) -> int:
        count = 1 + self._tail(spans, at + 1, spans[at].end)
        last = spans[at + count - 1]
        found.append(Statement(start, last.end, True, is_so, verb=self._verb_within(spans[at], last)))
        return count

    def _take_answer(self, spans: Sequence[Span], at: int, found: list[Statement], *, is_so: bool) -> int:
        """Yes or no: behind a colon, of what was said before it; else of its own."""
        each = spans[at]
        if found and self.is_answer(found[-1].end, each.start):
            answered = replace(found[-1], end=each.end, is_so=is_so, how=How.PLAIN)
            # What stands before the colon is the name of what is answered.
            found[:] = [*(other for other in found if other.is_due is not answered.is_due), answered]
            return 1
        count = 1 + self._tail(spans, at + 1, each.end, plain=True)
        last = spans[at + count - 1]
        verb = self._verb(spans[at : at + count])
        found.append(Statement(each.start, last.end, False, is_so, verb=verb, is_shaken=self._is_either(each)))
        return count

    def _is_either(self, each: Span) -> bool:
        """Whether a cross stands beside other ticks, so that it may tell that a thing is not."""
        ticks = {self.scanned.said(tick.start, tick.end).lower() for tick in self.scanned.phrases.of("ticks")}
        return each.name == "ticks" and len(ticks) > 1 and self.scanned.said(each.start, each.end).lower() == _CROSS

    def _take_again(self, spans: Sequence[Span], at: int, found: list[Statement]) -> None:
        each = spans[at]
        if any(other.name == "under_way" for other in spans[:at]):
            return  # "đang thương lượng ký mới"
        former = found[-1] if found else None
        denied = former is not None and not former.is_so and former.how is How.PLAIN and each.start - former.end < _NEAR
        if former is not None and any(former.end <= named.start < each.start for named in self.scanned.mentions):
            denied = False
        going_on = self.scanned.phrases.before(each.start, "going_on") is not None
        found.append(Statement(each.start, each.end, False, not denied, How.AGAIN, is_shaken=going_on))

    def _weighed(self, zone: SpokenZone, found: Sequence[Statement], *, shaken: bool) -> Iterator[Statement]:
        """What is left of statements beside plans and days: a verb alone says nothing, unless a day says when."""
        scanned = self.scanned
        lasting = [each.at for each in found if each.how is How.HOLDING]
        planned = [
            each
            for each in scanned.spans(zone.start, zone.end, "planned", "later")
            if not any(at < each.start for at in lasting)
        ]
        strong = [each for each in found if each.how is not How.BARE]
        is_due = any(each.is_due for each in strong)
        if is_due and scanned.holds(zone.start, zone.end, "unknown"):
            strong = [each for each in strong if each.is_due]  # whether it is due is what is not known
        first = self._behind_heading(zone)
        days = [each for each in scanned.whens if first <= each.start < zone.end]
        if planned and not is_due:
            denied = any(not each.is_so for each in strong)
            told = denied or any(each.name == "later" for each in planned) or any(map(self._is_ahead, days))
            if told or zone.mention is not None:
                yield Statement(zone.start, zone.end, False, False, How.UNDER_WAY, is_shaken=shaken or not told)
        elif strong:
            yield from map(shake, strong) if shaken else strong
        elif found or (days and zone.mention is not None):
            yield from self._dated(zone, found, days, shaken=shaken)

    def _behind_heading(self, zone: SpokenZone) -> int:
        """Where a stretch begins to speak of its row: behind a colon that ends a heading."""
        if zone.mention is None:
            return zone.start
        colons = [at for at in range(zone.start, zone.mention.start) if self.scanned.sign(at) == ":"]
        return max(colons, default=zone.start)

    def _dated(
        self, zone: SpokenZone, found: Sequence[Statement], days: Sequence[SaidTime], *, shaken: bool
    ) -> Iterator[Statement]:
        """What a verb alone says by the day beside it: done, where that is past."""
        lasting = [each for each in days if self._is_until(each) and self._is_ahead(each)]
        ahead = [each for each in days if self._is_ahead(each) and each not in lasting]
        past = bool(days) or self.scanned.holds(zone.start, zone.end, "lately")
        shaken = shaken or any(self._is_only_then(each, days) for each in found)
        verb = next((each.verb for each in found), "")
        if lasting and not ahead and (not found or len(days) > len(lasting)):
            yield Statement(zone.start, zone.end, False, True, How.HOLDING, verb, is_shaken=shaken)
        elif ahead and zone.mention is not None:
            sure = any(self._is_only_then(each, ahead) for each in found)
            yield Statement(zone.start, zone.end, False, False, How.DATED, verb, is_shaken=not sure)
        elif past:
            yield Statement(zone.start, zone.end, False, True, How.DATED, verb, is_shaken=shaken)
        elif zone.mention is not None:
            yield Statement(zone.start, zone.end, False, True, How.BARE, verb, is_shaken=True)

    def _is_until(self, when: SaidTime) -> bool:
        """Whether something lasts until a time: "đến 2028"."""
        return self.scanned.phrases.before(when.start, "until") is not None

    def _is_right_before(self, each: Span, after: Span) -> bool:
        signs = any(self.scanned.sign(at) for at in range(each.end, after.start))
        return not signs and after.start - each.end < _NEAR

    def _is_only_then(self, each: Statement, days: Sequence[SaidTime]) -> bool:
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
            named = any(end <= mention.start and mention.end <= each.start for mention in scanned.mentions)
            if named and each.name == "yes":
                break  # "chưa có", and then "hội nghị rồi"
            begins = not plain and self._begins(each) and not self._ends_clause(each.end)
            if each.name not in ("done_verb", "yes") or gap or self.is_answer(end, each.start) or begins:
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

    def is_answer(self, end: int, start: int) -> bool:
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

    def asks(self, zone: SpokenZone) -> bool:
        """Whether a stretch only asks."""
        return any(at in self.scanned.asked for at in range(zone.start, zone.end))

    def _is_of_another_time(self, zone: SpokenZone) -> bool:
        """Whether a stretch tells only of a time before: "năm ngoái có làm"."""
        days = [each for each in self.scanned.whens if zone.start <= each.start < zone.end]
        years = [each.year for each in days]
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

    def _was_once(self, zone: SpokenZone) -> bool:
        """Whether a stretch tells of a time before, and nothing says that it still is so."""
        past = self.scanned.holds(zone.start, zone.end, "of_past") and not self._is_of_year(zone.family)
        return past and not self.scanned.holds(zone.start, zone.end, "holding", "again", "lasting", "ended")

    def _is_of_year(self, family: Sequence[str]) -> bool:
        """Whether it has to be done each year: the name of a row says so."""
        names = [f" {fold(self.scanned.names.rows[key].name)} " for key in family]
        return any(f" {phrase} " in name for name in names for phrase in folded("of_year"))

    def _is_a_share(self, zone: SpokenZone) -> bool:
        """Whether a stretch holds a percentage: it tells how many of many."""
        figures = [each for each in self.scanned.figures if zone.start <= each.start < zone.end]
        return any("parts" in each.groups or "%" in each.said for each in figures)

    def _is_own(self, at: int) -> bool:
        when = next((each for each in self.scanned.whens if each.start <= at < each.end), None)
        return when is not None and when.period is not None and when.period == self.period

    def _is_ahead(self, when: SaidTime) -> bool:
        if when.day is not None:
            return when.day > self.scanned.today
        limit = self.period.end if self.period is not None else self.scanned.today
        return when.period is not None and when.period.start > limit

    def _comes_later(self, at: int) -> bool:
        """Whether the time right behind lies ahead: "hết hạn 2028"."""
        _, end = self.scanned.clause(at - 1)
        when = next((each for each in self.scanned.whens if at <= each.start <= min(at + _NEAR, end - 1)), None)
        return when is not None and self._is_ahead(when)

    def _is_too_late(self, zone: SpokenZone) -> bool:
        """Whether a stretch tells of a day behind the period that is reported, but not ahead."""
        days = [each for each in self.scanned.whens if zone.start <= each.start < zone.end and each.day is not None]
        return self.period is not None and any(
            each.day is not None and self.period.end < each.day <= self.scanned.today and not self._is_until(each)
            for each in days
        )

    def _ends_with_period(self, at: int) -> bool:
        """Whether the day right behind is the period's last, or one since."""
        _, end = self.scanned.clause(at - 1)
        days = [each.day for each in self.scanned.whens if at <= each.start <= min(at + _NEAR, end - 1)]
        return self.period is not None and any(
            day is not None and self.period.end <= day <= self.scanned.today for day in days
        )

    def _has_run_out(self, at: int) -> bool:
        """Whether what holds "until" a day does so no more by the end of the period."""
        _, end = self.scanned.clause(at - 1)
        when = next((each for each in self.scanned.whens if at <= each.start <= min(at + _NEAR, end - 1)), None)
        if self.period is None or when is None or self.scanned.holds(at, when.start, "since"):
            return False
        last = when.day or (when.period.end if when.period is not None else None)
        return last is not None and last <= max(self.period.end, self.scanned.today)
