"""What a workbook says of a form: rows and rules as they were read, what is doubtful, and why a workbook is refused."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from knowledge.model.form_dates import Calendar
from knowledge.model.forms import FigureKind, FormPart, MeasureKind, RuleKind, Severity
from knowledge.model.periods import PeriodKind
from knowledge.model.units import UnitKind

EITHER_SIGN: Final = "±"
"""The sign of a row whose figure is told with its sign, as a net change is."""


class WhyFormRefused(StrEnum):
    """What is wrong with a cell of a workbook."""

    NO_TITLE = "no_title"
    NO_PERIOD = "no_period"
    UNKNOWN_PERIOD = "unknown_period"
    NO_DAY = "no_day"
    UNKNOWN_DAY = "unknown_day"
    DUE_BEFORE_OPENS = "due_before_opens"
    LOCKS_BEFORE_DUE = "locks_before_due"
    NO_UNITS = "no_units"
    UNKNOWN_UNITS = "unknown_units"
    NOT_FOR_CAMPAIGN = "not_for_campaign"
    WRONG_SINCE = "wrong_since"
    WRONG_CODE = "wrong_code"
    TWICE = "twice"
    NO_TABLE = "no_table"
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_RULES = "too_many_rules"
    TOO_MANY_TERMS = "too_many_terms"
    MERGED_HEAD = "merged_head"
    MERGED_ROWS = "merged_rows"
    NO_NAME = "no_name"
    WRONG_NUMBER = "wrong_number"
    NUMBER_TWICE = "number_twice"
    NO_PARENT = "no_parent"
    TOO_DEEP = "too_deep"
    NO_MEASURE_UNIT = "no_measure_unit"
    WRONG_MONEY_UNIT = "wrong_money_unit"
    WRONG_KIND = "wrong_kind"
    WRONG_FLAG = "wrong_flag"
    NOT_OWING = "not_owing"
    NOT_ASKED_OF = "not_asked_of"
    WRONG_EXPRESSION = "wrong_expression"
    MISSING_ROW = "missing_row"
    HEADING_ROW = "heading_row"
    MIXED_KINDS = "mixed_kinds"
    CIRCLE = "circle"
    WRONG_SENTENCE = "wrong_sentence"
    WRONG_SEVERITY = "wrong_severity"
    NO_WHOLE = "no_whole"
    MEASURED_TWICE = "measured_twice"
    NOT_ADDED = "not_added"
    NOT_FOR_LEVEL = "not_for_level"
    COUNTING_ROW = "counting_row"
    NOT_COUNTED = "not_counted"
    NOT_CALCULATED = "not_calculated"
    TOO_LONG = "too_long"
    KEPT = "kept"
    OTHER_PERIOD = "other_period"
    NAME_TAKEN = "name_taken"


class WorkbookRefusal(msgspec.Struct, frozen=True):
    """One thing that is wrong: the cell ("C12"; of a workbook with several sheets also its sheet), and what it says."""

    why: WhyFormRefused
    cell: str
    sheet: str = ""
    said: str = ""


class FormWorkbookError(Exception):
    """A workbook describes no form that could be asked for; `refusals` say why, in the order of the sheets."""

    def __init__(self, refusals: tuple[WorkbookRefusal, ...]) -> None:
        super().__init__("; ".join(f"{each.cell}: {each.why.value} {each.said}".rstrip() for each in refusals))
        self.refusals = refusals


class FormDoubtKind(StrEnum):
    """What is asked of a row: which kind of figure it is, which subject it measures, how, and among whom."""

    KIND = "kind"
    SUBJECT = "subject"
    WAY = "way"
    SCOPE = "scope"


class FormDoubt(msgspec.Struct, frozen=True):
    """Something that is asked before a form can be approved.

    `row` is the number of the row that it is about, `said` what the workbook says; `choices` are kinds of figure, ids
    of subjects or populations or ways of measuring, an empty one to leave the measure out. `measure` is the place of
    the measure that it is about (`DescribedMeasure.at`), empty for a kind of figure.
    """

    kind: FormDoubtKind
    row: str
    cell: str
    said: str
    choices: tuple[str, ...]
    sheet: str = ""
    measure: str = ""


class DescribedMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """What rows measure of the plans' targets; they are known by their numbers.

    `at` is where it is said, which no other measure has. `subject` and `way` are None until they are decided. `rows`
    are summed, `whole` is the row that a share is of, `moves` the one by which a level changes. `scopes` are ids of
    populations. `name` and `units` are empty where they follow from the first row.
    """

    at: str
    rows: tuple[str, ...]
    subject: str | None = None
    way: MeasureKind | None = None
    whole: str | None = None
    moves: str | None = None
    scopes: tuple[str, ...] = ()
    name: str = ""
    units: tuple[str, ...] = ()

    @property
    def what(self) -> tuple[str, MeasureKind, frozenset[str]] | None:
        """What tells it from others, of which there is one; None while something of it is not decided."""
        if self.subject is None or self.way is None:
            return None
        return self.subject, self.way, frozenset(self.scopes)


class DescribedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it was read; rows are known by `ref`, their number ("46", "46.1"), which rules and sums name.

    `derived` are signed numbers of rows that are asked for. `sign` is "+", "-" or "±". `carry_over` is the number of
    the row whose figure of the period before is shown beside it. A row that `counts` another, by its number, tells in
    the sums how many units gave `least` or more of it; with 0 how many gave it at all.
    """

    ref: str
    no: str
    name: str
    short: str
    cell: str = ""
    unit: str | None = None
    kind: FigureKind = FigureKind.COUNT
    part: str | None = None
    parent: str | None = None
    key: str | None = None
    derived: tuple[str, ...] = ()
    optional: bool = False
    carry_over: str | None = None
    asked_of: frozenset[UnitKind] = frozenset()
    yes_no: bool = False
    counts: str | None = None
    least: Decimal = Decimal(1)
    no_change: bool = False
    noun: bool = False
    sign: str | None = None
    example: str | None = None
    aliases: tuple[str, ...] = ()
    note: str | None = None

    @property
    def heading(self) -> bool:
        """Whether it holds no figure."""
        return self.unit is None


class DescribedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it was read; `left` and `terms` are (signed) numbers of rows. `sentence`: empty where one is made."""

    kind: RuleKind
    left: str
    terms: tuple[str, ...] = ()
    share: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    sentence: str = ""
    severity: Severity = Severity.REASON


class DescribedForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form as its workbook describes it. `since` is the code of the first period, where the workbook names one."""

    id: str
    title: str
    short: str
    period: PeriodKind
    rows: tuple[DescribedRow, ...]
    calendar: Calendar | None = None
    owed_by: frozenset[UnitKind] = frozenset()
    since: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    parts: tuple[FormPart, ...] = ()
    rules: tuple[DescribedRule, ...] = ()
    measures: tuple[DescribedMeasure, ...] = ()
    doubts: tuple[FormDoubt, ...] = ()

    def get_row(self, ref: str) -> DescribedRow:
        """The row of that number; raises KeyError for none."""
        for row in self.rows:
            if row.ref == ref:
                return row
        raise KeyError(ref)
