"""What a report form asks for: indicators, parts, rules, and when it opens, is due and locks.

Figures are `Decimal` throughout: people and things are whole numbers, money is in triệu đồng, percent is 0–100.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec

from knowledge.model.form_dates import Calendar, FormFact
from knowledge.model.measures import Measure as Measure  # noqa: PLC0414 - a form is made of them
from knowledge.model.measures import MeasureKind as MeasureKind  # noqa: PLC0414
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from knowledge.model.words import MONEY_UNIT, RESERVED_KEYS

Figures = Mapping[str, Decimal]
"""The figures of one report by indicator key; an indicator that is not there was not given, which is not zero."""


class FigureKind(StrEnum):
    """How a figure is written and read."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"


class RuleKind(StrEnum):
    """What a rule compares."""

    EQUALITY = "equality"
    UPPER_BOUND = "upper_bound"
    CARRY_OVER = "carry_over"
    PLAUSIBLE_CHANGE = "plausible_change"


class Severity(StrEnum):
    """What a broken rule asks of the officer: a reason the supervisor sees, or only a second look."""

    REASON = "reason"
    NOTICE = "notice"


class Indicator(FormFact, frozen=True):
    """One row of a form.

    `no` is the number in the table ("46", sub-rows share it with their `parent`), `key` is stable and kept in the
    database. `short` fits a button or a summary line. `derived` are signed keys whose sum is the figure where it is not
    given ("+admitted", "-lost"), and such a row is not asked for. `carry_over` is the key whose figure of the period
    before is shown beside the question. `heading` rows hold no figure. `sign` is "+" or "-" where officers write "+12"
    for it. `aliases` are the words officers use for it; those of a sub-row may lean on its parent's. `noun` marks the
    thing counted, whose name after a sub-row's figure is no second figure ("kết nạp 12 đoàn viên").

    `asked_of` are the kinds of unit that have the row (empty: all that send the form), see `Form.asked_of`. `yes_no`
    rows are 1 or 0 in a report, so that their sum is a number of units. A row that `counts` another is not asked for:
    in a report that gives the other it is 1 where that is at least `least`, else 0; with `least` 0 its sum is how many
    units gave the other.
    """

    no: str
    key: str
    name: str
    short: str
    unit: str | None = None
    kind: FigureKind = FigureKind.COUNT
    part: str | None = None
    parent: str | None = None
    carry_over: str | None = None
    derived: tuple[str, ...] = ()
    heading: bool = False
    optional: bool = False
    signed: bool = False
    sign: str | None = None
    noun: bool = False
    example: str | None = None
    aliases: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    note: str | None = None
    asked_of: frozenset[UnitKind] = frozenset()
    yes_no: bool = False
    counts: str | None = None
    least: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        """Refuse a row without a unit, or one that is both a heading and something to fill in."""
        if not self.key.replace("_", "").isalnum() or not self.key.isascii() or self.key in RESERVED_KEYS:
            raise ValueError(f"key must be ASCII letters, digits and _, and stand for nothing else, not {self.key!r}")
        if not self.no.isdigit():
            raise ValueError(f"{self.key}: no must be digits, not {self.no!r}")
        if self.heading == (self.unit is not None):
            raise ValueError(f"{self.key}: a row has a unit, a heading has none")
        if self.heading and (self.derived or self.sign or self.carry_over or self.yes_no or self.counts):
            raise ValueError(f"{self.key}: a heading holds no figure")
        if self.yes_no and self.kind is not FigureKind.COUNT:
            raise ValueError(f"{self.key}: yes_no belongs to a count")
        if self.counts is not None and (self.derived or self.yes_no):
            raise ValueError(f"{self.key}: what counts another row is neither derived nor asked for")
        if self.sign not in {None, "+", "-"}:
            raise ValueError(f"{self.key}: sign must be '+' or '-', not {self.sign!r}")
        if self.kind is FigureKind.MONEY and self.unit != MONEY_UNIT:
            raise ValueError(f"{self.key}: money is in {MONEY_UNIT}, not {self.unit!r}")
        if self.unit == MONEY_UNIT and self.kind is not FigureKind.MONEY:
            raise ValueError(f"{self.key}: {MONEY_UNIT} needs kind 'money'")

    @property
    def asked(self) -> bool:
        """Whether an officer is asked for this figure: not for headings, nor for what follows from other figures."""
        return not self.heading and not self.derived and self.counts is None

    @property
    def adds_up(self) -> bool:
        """Whether the figures of several reports have a sum: not percentages."""
        return self.kind is not FigureKind.PERCENT

    def is_asked_of(self, kind: UnitKind) -> bool:
        """Whether the reports of units of that kind have the row."""
        return not self.asked_of or kind in self.asked_of


class FormPart(FormFact, frozen=True):
    """A group of rows of a larger form, filled in one go."""

    id: str
    title: str
    number: str | None = None
    note: str | None = None


class FormRule(FormFact, frozen=True):
    """A relation between figures that must hold, or is worth a second look.

    `left` is compared with the sum of `terms` (keys with an optional sign: "admitted", "-lost"):
    equality: equal; upper_bound: the sum of `terms` is no larger than `left`; carry_over: `left` is the figure of
    `left` in the period before plus the sum; plausible_change: `left` differs from the period before by no more than
    the `share` (0–1) of that figure, differences up to `tolerance` aside. `sentence` explains a break; it may name
    {key} for a figure of this report, {previous}, {expected} and {difference}.
    """

    id: str
    kind: RuleKind
    left: str
    sentence: str
    terms: tuple[str, ...] = ()
    severity: Severity = Severity.REASON
    share: Decimal | None = None
    tolerance: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse a rule that compares nothing or carries what its kind has no use for."""
        plausible = self.kind is RuleKind.PLAUSIBLE_CHANGE
        if plausible == bool(self.terms):
            raise ValueError(f"{self.id}: terms belong to every kind but plausible_change")
        if plausible != (self.share is not None):
            raise ValueError(f"{self.id}: share belongs to plausible_change, and only to it")
        if self.share is not None and not 0 < self.share <= 10:
            raise ValueError(f"{self.id}: share must be above 0 (1 is a hundred percent), not {self.share}")
        for _, name, spec, _ in string.Formatter().parse(self.sentence):
            if name is not None and (not name or spec):
                raise ValueError(f"{self.id}: placeholders in the sentence are plain names")

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that the sentence leaves to be filled."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.sentence) if name)

    @property
    def keys(self) -> tuple[str, ...]:
        """The indicators that the rule compares, `left` first."""
        return (self.left, *(split_term(term)[0] for term in self.terms))


class Movement(NamedTuple):
    """The rows that tell how a total moves: its figure, who came and who went."""

    level: Indicator
    came: Indicator
    went: Indicator


class Form(FormFact, frozen=True):
    """A report form.

    `owed_by` are the kinds of unit that owe it each period; a form owed by nobody is asked for in campaigns, which
    bring dates of their own, so it has `calendar` exactly when its `period` is no campaign. `no_change` are the keys
    that are zero in a report that says nothing moved, `measures` what the rows measure of the plans' targets. `plan` is
    the id of the plan that brought the form.

    `since` is the code of the first period that it is asked for ("2026-Q4"; None: every one), `until` that of the first
    one that it is no longer asked for, because a later version is. From the local day `withdrawn_on` on it is asked for
    no more; what was due before stays owed, what was sent stays readable.
    """

    id: str
    title: str
    short: str
    period: PeriodKind
    indicators: tuple[Indicator, ...]
    owed_by: frozenset[UnitKind] = frozenset()
    calendar: Calendar | None = None
    plan: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    parts: tuple[FormPart, ...] = ()
    rules: tuple[FormRule, ...] = ()
    no_change: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    since: str | None = None
    until: str | None = None
    withdrawn_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a form whose pieces name what is not there or stands twice."""
        self._check_indicators()
        self._check_rules()
        for name, code in (("since", self.since), ("until", self.until)):
            if code is not None and (self.period is PeriodKind.CAMPAIGN or Period.parse(code).kind is not self.period):
                raise ValueError(f"{name}: {code!r} is no {self.period.value}")
        campaign = self.period is PeriodKind.CAMPAIGN
        if campaign == bool(self.owed_by) or campaign == (self.calendar is not None):
            raise ValueError(
                "a form is owed by kinds of unit by its calendar, or asked for in campaigns: not both, not neither"
            )

    def _check_indicators(self) -> None:
        _refuse_twice("indicators: key", [i.key for i in self.indicators])
        _refuse_twice("parts: id", [p.id for p in self.parts])
        _refuse_twice("rules: id", [r.id for r in self.rules])
        by_key = {i.key: i for i in self.indicators}
        self._refuse_circle(by_key)
        parts = {p.id for p in self.parts}
        for row in self.indicators:
            if (row.part is not None or parts) and row.part not in parts:
                raise ValueError(f"indicators: {row.key}: unknown part {row.part!r}")
            if row.parent is not None and row.parent not in by_key:
                raise ValueError(f"indicators: {row.key}: unknown parent {row.parent!r}")
            if row.parent is not None and (by_key[row.parent].parent is not None or by_key[row.parent].no != row.no):
                raise ValueError(
                    f"indicators: {row.key}: a sub-row shares the number of its parent, which is no sub-row"
                )
            for key in (*(split_term(term)[0] for term in row.derived), *filter(None, [row.carry_over, row.counts])):
                if key not in by_key:
                    raise ValueError(f"indicators: {row.key}: unknown key {key!r}")
            self._check_asked_of(row, by_key)
        _refuse_twice("indicators: no", [i.no for i in self.indicators if i.parent is None])
        measured = [key for measure in self.measures for key in measure.rows]
        for what, keys in (("no_change", self.no_change), ("measures", measured)):
            if unknown := [key for key in keys if key not in by_key]:
                raise ValueError(f"{what}: unknown key {unknown[0]!r}")

    @staticmethod
    def _refuse_circle(by_key: Mapping[str, Indicator]) -> None:
        """Refuse figures that follow from one another in a circle."""
        open_ones = {key: {split_term(term)[0] for term in row.derived} for key, row in by_key.items() if row.derived}
        while open_ones:
            settled = [key for key, terms in open_ones.items() if terms.isdisjoint(open_ones)]
            if not settled:
                raise ValueError(f"indicators: {', '.join(sorted(open_ones))} follow from one another in a circle")
            for key in settled:
                del open_ones[key]

    def _check_asked_of(self, row: Indicator, by_key: Mapping[str, Indicator]) -> None:
        """Refuse a row of units that do not send the form, or that lack what the row rests on."""
        strange = row.asked_of - self.owed_by if self.owed_by else frozenset()
        if strange:
            raise ValueError(f"indicators: {row.key}: asked_of {', '.join(sorted(strange))}, which do not owe the form")
        if row.counts is not None and not by_key[row.counts].asked:
            raise ValueError(f"indicators: {row.key}: counts {row.counts!r}, which is not asked for")
        rests_on = (row.parent, row.carry_over, row.counts, *(split_term(term)[0] for term in row.derived))
        for key in filter(None, rests_on):
            of = by_key[key].asked_of
            if of and not (row.asked_of and row.asked_of <= of):
                raise ValueError(f"indicators: {row.key}: asked of units that have no row {key!r}")

    def _check_rules(self) -> None:
        figures = {i.key for i in self.indicators if not i.heading}
        for rule in self.rules:
            unknown = set(rule.keys) - figures
            if unknown:
                raise ValueError(f"rules: {rule.id}: unknown keys {sorted(unknown)}")
            strange = rule.placeholders - figures - {"previous", "expected", "difference"}
            if strange:
                raise ValueError(f"rules: {rule.id}: sentence names {sorted(strange)}")

    def find_indicator(self, key: str) -> Indicator | None:
        """The row with that key, or None."""
        return next((row for row in self.indicators if row.key == key), None)

    def get_indicator(self, key: str) -> Indicator:
        """The row with that key; raises KeyError for an unknown one."""
        row = self.find_indicator(key)
        if row is None:
            raise KeyError(key)
        return row

    def numbered(self, no: str) -> tuple[Indicator, ...]:
        """The row with that number in the table and its sub-rows, in order; empty where there is none."""
        return tuple(row for row in self.indicators if row.no == no)

    def children(self, key: str) -> tuple[Indicator, ...]:
        """The sub-rows of a row, in order."""
        return tuple(row for row in self.indicators if row.parent == key)

    def asked_of(self, kind: UnitKind) -> Form:
        """The form as units of that kind send it: with the rows that are asked of them, and what holds for those.

        Whatever shows, reads or judges the report of one unit goes by this one; sums go by the whole form. It is the
        form itself where all its rows are asked of all.
        """
        if not any(row.asked_of for row in self.indicators):
            return self
        rows = tuple(
            msgspec.structs.replace(row, asked_of=frozenset()) for row in self.indicators if row.is_asked_of(kind)
        )
        keys, parts = {row.key for row in rows}, {row.part for row in rows}
        return msgspec.structs.replace(
            self,
            indicators=rows,
            parts=tuple(part for part in self.parts if part.id in parts),
            rules=tuple(rule for rule in self.rules if {*rule.keys, *rule.placeholders} & self._keys <= keys),
            no_change=tuple(key for key in self.no_change if key in keys),
            measures=tuple(measure for measure in self.measures if keys.issuperset(measure.rows)),
        )

    @property
    def _keys(self) -> set[str]:
        return {row.key for row in self.indicators}

    @property
    def asked(self) -> tuple[Indicator, ...]:
        """The rows an officer is asked for, in order."""
        return tuple(row for row in self.indicators if row.asked)

    @property
    def told(self) -> tuple[Indicator, ...]:
        """The rows that tell one report, in order: without those that only count in sums."""
        return tuple(row for row in self.indicators if row.counts is None)

    @property
    def movement(self) -> Movement | None:
        """How a total moves from one period to the next; None where the form does not tell who came and who went."""
        for row in self.indicators:
            signed = {child.sign: child for child in self.children(row.key) if child.sign}
            if {"+", "-"} <= signed.keys():
                return Movement(row, signed["+"], signed["-"])
        return None

    def covers(self, period: Period) -> bool:
        """Whether the form is asked for `period` of its own kind: from `since` on, before `until`.

        Outside it, nobody owes it, nobody is reminded of it, and it is not opened. A form that was withdrawn covers
        what was due before; a campaign is covered by its dates.
        """
        if period.kind is PeriodKind.CAMPAIGN or period.kind is not self.period:
            return period.kind is self.period
        if self.withdrawn_on is not None and due_on(self, period) >= self.withdrawn_on:
            return False
        return (self.since is None or Period.parse(self.since) <= period) and (
            self.until is None or period < Period.parse(self.until)
        )

    def is_owed_by(self, kind: UnitKind) -> bool:
        """Whether units of that kind owe the form each period without being asked."""
        return kind in self.owed_by

    def missing(self, figures: Figures) -> tuple[str, ...]:
        """Keys of the rows that are asked for, not optional, and not among `figures`."""
        return tuple(row.key for row in self.asked if not row.optional and row.key not in figures)

    def completed(self, figures: Figures) -> dict[str, Decimal]:
        """`figures` with those that follow from them; a derived figure that was given is kept as given.

        What only some kinds of unit have is never worked out from sums: it comes from their reports, see `asked_of`.
        """
        whole = dict(figures)
        for row in self.indicators:
            if row.asked_of:
                continue
            if row.counts is not None and row.key not in whole and row.counts in whole:
                whole[row.key] = Decimal(int(whole[row.counts] >= row.least))
            signed = [split_term(term) for term in row.derived]
            if signed and row.key not in whole and all(key in whole for key, _ in signed):
                whole[row.key] = sum((whole[key] * sign for key, sign in signed), Decimal(0))
        return whole


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the figures of a report break.

    `sentence` is ready to be read; `figures` are those compared, by key; `actual` is what stands in `left` (for an
    upper bound, the sum that is too large), `expected` what it should be (the bound, the sum, or the figure of the
    period before).
    """

    rule: str
    kind: RuleKind
    severity: Severity
    sentence: str
    keys: tuple[str, ...]
    figures: dict[str, Decimal]
    actual: Decimal
    expected: Decimal
    previous: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """How far `actual` is from `expected`."""
        return self.actual - self.expected

    @property
    def needs_reason(self) -> bool:
        """Whether the officer has to say why before it can be sent."""
        return self.severity is Severity.REASON


def split_term(term: str) -> tuple[str, int]:
    """A signed key as key and sign (1 or -1): "-lost" → ("lost", -1)."""
    return (term[1:], -1 if term[0] == "-" else 1) if term[:1] in {"+", "-"} else (term, 1)


def opens_on(form: Form, period: Period) -> date:
    """First local day on which a report for `period` is asked for; ValueError for a campaign form."""
    return _calendar(form).opens.after(period)


def due_on(form: Form, period: Period) -> date:
    """Last local day on which a report for `period` is on time; ValueError for a campaign form."""
    return _calendar(form).due.after(period)


def locks_on(form: Form, period: Period) -> date:
    """Last local day on which a report for `period` may be corrected without asking; ValueError for a campaign form."""
    return _calendar(form).locks.after(period)


def last_opened(form: Form, today: date) -> Period:
    """The latest period by its calendar that is open on the local day `today`; ValueError for a campaign form.

    `find_opened` tells whether the form is asked for it.
    """
    # Some months to spare: a form may open well before or long after its period.
    period = Period.containing(today, form.period).shifted(13)
    while opens_on(form, period) > today:
        period = period.shifted(-1)
    return period


def find_opened(form: Form, today: date) -> Period | None:
    """The latest period that the form is asked for and that is open on the local day `today`.

    None before its first, and once it was withdrawn; ValueError for a campaign form.
    """
    period = last_opened(form, today)
    if form.withdrawn_on is not None:
        return None
    if form.until is not None:
        period = min(period, Period.parse(form.until).shifted(-1))
    return period if form.covers(period) else None


def first_period(form: Form, today: date) -> Period:
    """The latest open period, or the first one where none is open yet; ValueError for a campaign form."""
    return find_opened(form, today) or (Period.parse(form.since) if form.since else last_opened(form, today))


def is_open(form: Form, period: Period, today: date) -> bool:
    """Whether a report for `period` can be sent on the local day `today`: from the opening on, however late.

    Never for a period that the form is not asked for, nor once it was withdrawn; ValueError for a campaign form.
    """
    return form.withdrawn_on is None and form.covers(period) and opens_on(form, period) <= today


def is_locked(form: Form, period: Period, today: date) -> bool:
    """Whether corrections for `period` need the supervisor on the local day `today`."""
    return today > locks_on(form, period)


def days_left(form: Form, period: Period, today: date) -> timedelta:
    """Time from the local day `today` to the due day; negative when late."""
    return due_on(form, period) - today


def _calendar(form: Form) -> Calendar:
    if form.calendar is None:
        raise ValueError(f"{form.id} has no calendar of its own: its campaigns bring their dates")
    return form.calendar


def _refuse_twice(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} not unique: {', '.join(twice)}")
