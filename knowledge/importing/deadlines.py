"""Deadlines and recurring duties in running text: what, when, who, to whom."""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice

from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import CycleDay, DayKind, DayOf, Frequency, Rule
from knowledge.importing.cells import read_time
from knowledge.importing.horizons import find_horizons
from knowledge.importing.model import ReadDeadline, WhyDoubted
from knowledge.importing.outline import OutlineItem
from knowledge.importing.phrases import load_phrases, named
from knowledge.importing.sentences import Span, clauses, cut, sentences
from knowledge.importing.setting import Setting, Zone
from knowledge.importing.shadow import mend_font
from knowledge.importing.wording import phrase

_EARLIER = named("deadlines.earlier")
_LOOSE = named("deadlines.loose")
_HALF = named("deadlines.half")
_NEXT_DUTY = named("deadlines.next_duty")
_OWN_TIME = named("deadlines.own_time")

_YEARLY_BEHIND = named("deadlines.yearly_behind")
_OPENING = named("deadlines.opening")
_YEARLY_BEFORE = named("deadlines.yearly_before")
_SENDS = named("deadlines.sends")
_STAGED = named("deadlines.staged")

_FEWEST_WORDS = 4  # that say what is to be done beside the words of the time
_MOST_TIMES = 24  # of one clause; more are none of a plan
_DUTY = named("deadlines.duty")

_DAY = named("deadlines.day")
_DAY_YEARLY = named("deadlines.day_yearly")
_MONTHLY_YEARLY = named("deadlines.monthly_yearly")
_REPORT = named("deadlines.report")
_OF_MONTH = named("deadlines.of_month")
_OF_QUARTER = named("deadlines.of_quarter")
_LAST_MONTH = named("deadlines.last_month")
_LABELLED = named("deadlines.labelled")
_MORE_DAYS = named("deadlines.more_days")
_TWICE_A_YEAR = named("deadlines.twice_a_year")
_TWICE_OF = named("deadlines.twice_of")
_OF_CYCLE = named("deadlines.of_cycle")
_SHORTEST_MONTH = 28
_DAY_BARE = named("deadlines.day_bare")
_MONTH = named("deadlines.month")
_QUARTER = named("deadlines.quarter")
_YEAR_END = named("deadlines.year_end")
_CITED = named("deadlines.cited")
_DOCUMENT_DATE = named("deadlines.document_date")
_CUTOFF = named("deadlines.cutoff")

_EACH = named("deadlines.each")
_YEARLY = named("deadlines.yearly")
_HALF_YEARLY = named("deadlines.half_yearly")
_QUARTERLY = named("deadlines.quarterly")
_MONTHLY = named("deadlines.monthly")
_WEEKLY = named("deadlines.weekly")
_FREQUENCIES = (
    ("yearly", _YEARLY), ("every 6 months", _HALF_YEARLY), ("every 3 months", _QUARTERLY),
    ("monthly", _MONTHLY), ("weekly", _WEEKLY),
)  # fmt: skip
_IDLE_EACH = named("deadlines.idle_each")
_BODY = named("deadlines.body")
_RECIPIENT = named("deadlines.recipient")


_LED = named("deadlines.led")


@dataclass(frozen=True)
class _When:
    span: Span
    due: date | None = None
    recurrence: str | None = None
    rule: str | None = None
    doubt: WhyDoubted | None = None


def read_deadlines(
    item: OutlineItem, setting: Setting, figures: Sequence[Span] = ()
) -> tuple[list[ReadDeadline], list[Span]]:
    """The deadlines of a paragraph, and the places of the numbers in them.

    Args:
        figures: the places of figures that are targets: "each year" beside one is its pace, and no duty.
    """
    found: list[ReadDeadline] = []
    used: list[Span] = []
    led = _LED.match(item.shadow)
    if led is not None and setting.zone not in {Zone.TARGETS, Zone.PAST}:
        for time in read_time(item.text[: led.end("time")], setting.times.year):
            span = (0, led.end("time"))
            found.append(
                _deadline(
                    item,
                    (led.end(), len(item.text)),
                    _When(span, time.due, time.recurrence, None, time.doubt),
                    (0, len(item.text)),
                )
            )
            used.append(span)
    labelled = _LABELLED.match(item.shadow)
    if (
        labelled is not None
        and led is None
        and setting.zone not in {Zone.TARGETS, Zone.PAST}
        and _DUTY.search(labelled["label"])
    ):
        span = labelled.span("time")
        for time in read_time(item.text[span[0] : span[1]], setting.times.year):
            when = _When(span, time.due, time.recurrence, time.rule, time.doubt)
            found.append(_deadline(item, labelled.span("label"), when, (0, len(item.text))))
            used.append(span)
        if used:
            return found, used
    for sentence in sentences(item.text, item.shadow):
        governing: list[_When] = []
        for clause in clauses(item.shadow, sentence):
            whens = list(islice(_whens(item, setting, sentence, clause), _MOST_TIMES))
            if any(clause[0] <= start < clause[1] for start, _ in figures) and not _is_given(item, sentence):
                whens = [when for when in whens if when.due is not None or when.rule is not None]
            leads = [when for when in whens if when.recurrence and _leads(item.shadow, clause, when)]
            own_year = any(time.year for time in find_horizons(item.shadow[clause[0] : clause[1]]))
            own_year = own_year or _OWN_TIME.search(item.shadow, *clause) is not None
            if not whens and governing and not own_year and _DUTY.search(item.shadow, *clause):
                whens = governing
            governing = leads or (governing if whens is governing else [])
            for when in whens:
                if any(when.span[0] < end for _, end in used[:1] if led is not None and used[0][0] == 0):
                    continue
                found.append(_deadline(item, clause, when, sentence, whens))
                used.append(when.span)
    return found, used


def _is_given(item: OutlineItem, sentence: Span) -> bool:
    """Whether a sentence begins with the body that has to do it."""
    said = item.shadow[sentence[0] : sentence[1]]
    opening = _OPENING.match(said)
    return _BODY.match(said[opening.end() if opening is not None else 0 :]) is not None


def _leads(shadow: str, clause: Span, when: _When) -> bool:
    """Whether a recurrence stands at the head of its clause and so governs those behind it."""
    before = shadow[clause[0] : when.span[0]]
    return len(before.split()) <= 3


def _whens(item: OutlineItem, setting: Setting, sentence: Span, clause: Span) -> Iterator[_When]:
    shadow = item.shadow
    is_duty = _DUTY.search(shadow, *sentence) is not None or _CUTOFF.search(shadow[sentence[0] : sentence[1]])
    if not is_duty and not any(met["year"] for met in _DAY.finditer(shadow, *clause)):
        return
    dated = list(islice(_dated(item, setting, sentence, clause), _MOST_TIMES))
    yield from dated
    said = {when.recurrence for when in dated}
    if setting.zone in {Zone.TARGETS, Zone.PAST} or any(when.rule for when in dated):
        return
    for met in _EACH.finditer(shadow, *clause):
        if any(when.span[0] <= met.start() < when.span[1] for when in dated) or _IDLE_EACH.search(
            shadow[clause[0] : met.start()][-40:]
        ):
            continue
        yield from (when for when in _recurring(item, met, clause) if when.recurrence not in said)


def _recurring(item: OutlineItem, met: re.Match[str], clause: Span) -> Iterator[_When]:
    words = met["list"] if met["regular"] else met["each"]
    names = [name for name, sign in _FREQUENCIES if sign.search(words)]
    if not names and met["regular"]:
        names = ["regular"]
    day = _day_of(item.shadow, met, clause) if len(names) == 1 and names != ["regular"] else None
    if day is not None:
        said = item.text[day[0] : day[1]]
        said = said if day[0] < met.start() < day[1] else f"{said} {item.text[met.start() : met.end()]}"
        rule = _rule_of(said)
        if rule is not None:
            yield _When((min(day[0], met.start()), max(day[1], met.end())), recurrence=names[0], rule=rule)
            return
    for name in names:
        yield _When(met.span(), recurrence=name)


_DAY_OF = named("deadlines.day_of")


def _day_of(shadow: str, met: re.Match[str], clause: Span) -> Span | None:
    """The day that a recurrence names beside it: "trước ngày 20 hằng tháng", "hằng quý, trước ngày 25 …"."""
    for day in _DAY_OF.finditer(shadow, max(clause[0], met.start() - 40), min(clause[1], met.end() + 90)):
        if day.start() < met.start() < day.end():
            return day.span()
        between = shadow[day.end() : met.start()] if day.end() <= met.start() else shadow[met.end() : day.start()]
        if (day.end() <= met.start() and len(between.strip()) < 4) or (
            day.start() >= met.end() and not re.search(r"[;.]", between)
        ):
            return day.span()
    return None


def _dated(item: OutlineItem, setting: Setting, sentence: Span, clause: Span) -> Iterator[_When]:
    shadow = item.shadow
    taken: list[Span] = []
    for rule in _yearly_rules(item, clause):
        taken.append(rule.span)
        yield rule
    for met in _REPORT.finditer(shadow, *clause):
        when = _reported(met, setting)
        if when is not None and _is_free(met, taken):
            taken.append(when.span)
            yield when
    for form in (_DAY, _DAY_BARE, _MONTH, _QUARTER, _YEAR_END):
        for met in form.finditer(shadow, *clause):
            if any(met.start() < end and start < met.end() for start, end in taken):
                continue
            before = shadow[max(clause[0], met.start() - 60) : met.start()]
            if (_DOCUMENT_DATE.search(before) and form is _DAY_BARE) or (
                _CITED.search(before) and form in (_DAY_BARE, _YEAR_END)
            ):
                continue
            if form is _YEAR_END and (
                setting.zone is Zone.TARGETS or not _DUTY.search(shadow, *clause) or _STAGED.search(before)
            ):
                continue
            if form is not _DAY and setting.zone in {Zone.TARGETS, Zone.PAST}:
                continue
            others = list(_more_days(shadow, met.end())) if form in (_DAY, _DAY_BARE) else []
            said = next((int(day["year"]) for day in reversed(others) if day["year"]), None)
            when = _when(item, setting, met, (sentence, clause), said)
            if when is not None:
                taken.append(when.span)
                yield when
            if when is not None and when.due is not None:
                for day in others:
                    due = _due(met.groupdict().get("before") or "", when.due.year, day.groupdict())
                    taken.append(day.span())
                    yield _When(day.span(), due=due, doubt=when.doubt)


def _yearly_rules(item: OutlineItem, clause: Span) -> Iterator[_When]:
    """The days of every year, or twice in it: "trước ngày 15/6 và 15/12 hằng năm"."""
    taken: list[Span] = []
    twice = chain(_TWICE_A_YEAR.finditer(item.shadow, *clause), _TWICE_OF.finditer(item.shadow, *clause))
    once = chain(_DAY_YEARLY.finditer(item.shadow, *clause), _MONTHLY_YEARLY.finditer(item.shadow, *clause))
    for recurrence, met in (*(("every 6 months", met) for met in twice), *(("yearly", met) for met in once)):
        rule = _rule_of(_said_of(item, met)) if _is_free(met, taken) else None
        if rule is not None:
            taken.append(met.span())
            yield _When(met.span(), recurrence=recurrence, rule=rule)
    for met in _OF_CYCLE.finditer(item.shadow, *clause):
        day = int(met["day"]) - (_EARLIER.match(met["before"] or "") is not None)
        if 1 <= day <= _SHORTEST_MONTH:
            slot = CycleDay(2 if _LAST_MONTH.search(met["which"]) else 0, DayOf(DayKind.NUMBER, day))
            code = Rule(Frequency.MONTHLY, 3, slots=(slot,)).code
            yield _When(met.span(), recurrence="every 3 months", rule=code)


def _is_free(met: re.Match[str], taken: Sequence[Span]) -> bool:
    """Whether none of the places taken reaches into it."""
    return not any(start < met.end() and met.start() < end for start, end in taken)


def _rule_of(said: str) -> str | None:
    """The code of the rule that these words state; None where they state no days of months."""
    rule = parse_rule(said, date(2026, 1, 1))
    return rule.code if isinstance(rule, Rule) and rule.frequency is Frequency.MONTHLY else None


def _said_of(item: OutlineItem, met: re.Match[str]) -> str:
    """The words of a rule; days that stand apart as they would stand together."""
    if met.re is not _TWICE_OF:
        return item.text[met.start() : met.end()]
    lead, first, second = (item.text[met.start(part) : met.end(part)] for part in ("lead", "first", "second"))
    return load_phrases()["twice"][0].format(lead=lead, first=first, second=second)


def _more_days(shadow: str, end: int) -> Iterator[re.Match[str]]:
    """The days of a list behind its first: "trước ngày 10/3, 10/6 và 10/9"."""
    while (met := _MORE_DAYS.match(shadow, end)) is not None:
        yield met
        end = met.end()


def _when(
    item: OutlineItem, setting: Setting, met: re.Match[str], spans: tuple[Span, Span], year_said: int | None = None
) -> _When | None:
    sentence, clause = spans
    shadow, groups = item.shadow, met.groupdict()
    lead = groups.get("before") or ""
    if not lead and not groups.get("year") and not shadow[: met.start()].endswith("("):
        return None
    year = int(groups["year"]) if groups.get("year") else year_said
    behind = shadow[met.end() : met.end() + 24]
    each = _YEARLY_BEHIND.match(behind) or (
        _YEARLY_BEFORE.search(shadow[sentence[0] : met.start()]) if year is None else None
    )
    if year is None and each and groups.get("day"):
        code = _yearly_code(lead, int(groups["day"] or 0), int(groups["month"] or 0))
        end = met.end() + (each.end() if each.re.pattern.startswith(",") else 0)
        return _When((met.start(), end), recurrence="yearly", rule=code)
    doubt = None
    if year is None:
        year = setting.times.year
        doubt = WhyDoubted.YEAR_ASSUMED
        if year is None:
            return None
    due = _due(lead, year, groups)
    if due is None or due.year < (setting.times.issued or 0):
        return None
    sentence_before = shadow[clause[0] : met.end()]
    if _CUTOFF.search(sentence_before) and not _EARLIER.fullmatch(lead) and not _SENDS.search(sentence_before):
        doubt = WhyDoubted.DATA_CUTOFF
    elif lead == "" and not _DUTY.search(shadow[clause[0] : met.start() if groups.get("day") else clause[1]]):
        return None
    elif _LOOSE.fullmatch(lead) and doubt is None and not _DUTY.search(shadow, *clause):
        doubt = WhyDoubted.VAGUE
    return _When(met.span(), due=due, doubt=doubt)


def _reported(met: re.Match[str], setting: Setting) -> _When | None:
    """When a report on a period is due: "báo cáo năm trước ngày 30/11"."""
    day = int(met["day"]) - (_EARLIER.match(met["before"] or "") is not None)
    if met["month"]:
        code = _yearly_code(met["before"] or "", int(met["day"]), int(met["month"]))
        named = setting.times.year is not None
        return None if named or code is None else _When(met.span(), recurrence="yearly", rule=code)
    every = 1 if _OF_MONTH.fullmatch(met["period"]) else 3 if _OF_QUARTER.fullmatch(met["period"]) else 0
    if not every or not 1 <= day <= 31:
        return None
    month = 0 if every == 1 else 2 if met["last"] and _LAST_MONTH.search(met["last"]) else None
    name = "monthly" if every == 1 else "every 3 months"
    if month is None:
        return _When(met.span(), recurrence=name)
    slot = CycleDay(month, DayOf(DayKind.NUMBER, day))
    return _When(met.span(), recurrence=name, rule=Rule(Frequency.MONTHLY, every, slots=(slot,)).code)


def _yearly_code(lead: str, day: int, month: int) -> str | None:
    """The code of the rule that falls on this day of each year."""
    try:
        last = date(2023, month, day) - timedelta(days=_EARLIER.search(lead) is not None)
        slot = CycleDay(last.month - 1, DayOf(DayKind.NUMBER, last.day))
        return Rule(Frequency.MONTHLY, 12, slots=(slot,)).code
    except ValueError:
        return None


def _due(lead: str, year: int, groups: dict[str, str | None]) -> date | None:
    """The last day on which it is in time: "trước ngày 15/01" is the 14th, "trong tháng 02" its last day."""
    is_before = _EARLIER.search(lead) is not None
    try:
        if groups.get("day"):
            day = date(year, int(groups["month"] or 0), int(groups["day"] or 0))
            return day - timedelta(days=1) if is_before else day
        if groups.get("quarter"):
            quarter = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(groups["quarter"] or "") or int(groups["quarter"] or 0)
            month = quarter * 3
            first = date(year, month - 2, 1)
        elif groups.get("month"):
            month = int(groups["month"] or 0)
            first = date(year, month, 1)
        else:
            month = 6 if _HALF.fullmatch(groups.get("which") or "") else 12
            first = date(year, 1, 1)
        if is_before:
            return first - timedelta(days=1)
        return date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def _part_of(shadow: str, clause: Span, when: _When, whens: Sequence[_When]) -> Span:
    """The part of a clause that falls due then, where several times stand in it: each ends what stands before it."""
    inside = sorted({each.span for each in whens if clause[0] <= each.span[0] < clause[1]})
    begin, end = clause
    for earlier, later in itertools.pairwise(inside):
        joints = list(_NEXT_DUTY.finditer(shadow, earlier[1], later[0]))
        if joints and later[0] <= when.span[0]:
            begin = joints[-1].end()
        elif joints and when.span[1] <= earlier[1]:
            return begin, joints[-1].start()
    return begin, end


def _deadline(
    item: OutlineItem, clause: Span, when: _When, sentence: Span, whens: Sequence[_When] = ()
) -> ReadDeadline:
    text, shadow = item.text, item.shadow
    who = _who(item, clause, sentence)
    met = _RECIPIENT.search(shadow, *clause)
    to = mend_font(text[met.start("to") : met.end("to")]).strip() if met else None
    part = _part_of(shadow, clause, when, whens)
    what = text[part[0] : part[1]]
    if part[0] <= when.span[0] < part[1]:
        left = f"{text[part[0] : when.span[0]].strip()} {text[when.span[1] : part[1]].strip()}"
        what = left if len(left.split()) >= _FEWEST_WORDS else what
    return ReadDeadline(
        section=item.section,
        quote=cut(text, sentence),
        lines=item.lines,
        page=item.page,
        what=phrase(what.strip(" ,;:.()–-")),
        when=text[when.span[0] : when.span[1]].strip(" ,"),
        due=when.due,
        recurrence=when.recurrence,
        rule=when.rule,
        who=who,
        to=to,
        doubt=when.doubt,
    )


def _who(item: OutlineItem, clause: Span, sentence: Span) -> str | None:
    """Who owes it: the subject of the clause or sentence, else the body that the heading above names."""
    for begin in dict.fromkeys((clause[0], sentence[0], 0)):
        end = clause[1] if begin == clause[0] else sentence[1] if begin == sentence[0] else len(item.shadow)
        part = item.shadow[begin:end]
        skipped = _OPENING.match(part)
        offset = skipped.end() if skipped else 0
        met = _BODY.match(part[offset:])
        if met is not None:
            start = begin + offset
            return mend_font(item.text[start + met.start("who") : start + met.end("who")]).strip(" ,:")[:160]
    return _body_above(item)


def find_body(item: OutlineItem) -> str | None:
    """The body that a task is given to: the subject of its first sentence, else what the heading above names."""
    spans = sentences(item.text, item.shadow)
    met = _BODY.match(item.shadow[spans[0][0] : spans[0][1]]) if spans else None
    if met is not None:
        start = spans[0][0]
        return mend_font(item.text[start + met.start("who") : start + met.end("who")]).strip(" ,:")[:160]
    return _body_above(item)


def _body_above(item: OutlineItem) -> str | None:
    for above in reversed(item.above):
        met = _BODY.match(above.shadow.rstrip(" :;."))
        if met is not None:
            return mend_font(above.text[met.start("who") : met.end("who")]).strip(" ,:")[:160]
    return None
