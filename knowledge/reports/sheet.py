"""The sheet of a report being filled in: its figures, what is still open in it, and what it waits for.

The sheet is stored after every step and is all the state there is. Nothing here knows of chats, people or databases;
what is said or tapped is taken in `knowledge.reports.filling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from knowledge.forms import check_report
from knowledge.model.forms import FigureKind, Figures, Form, Indicator, RuleKind, Verdict, split_term
from knowledge.numbers import Reason
from knowledge.reports.model import Unsure, UntakenPiece

TEXTUAL = frozenset({Reason.NOT_A_NUMBER, Reason.SEVERAL_NUMBERS, Reason.MALFORMED, Reason.PERCENT, Reason.APPROXIMATE})
"""Why a figure was not taken where what was said reads like words."""


class SheetStep(StrEnum):
    """What the sheet waits for."""

    PARTS = "parts"
    ASK = "ask"
    SETTLE = "settle"
    PICK = "pick"
    SUMMARY = "summary"


class SheetAction(StrEnum):
    """What a button under a step does, or a word typed instead; the values travel in callback data."""

    KEEP = "k"
    SKIP = "s"
    BACK = "b"
    CANCEL = "x"
    NO_CHANGE = "n"
    CHANGED = "h"
    VALUE = "u"
    OTHER_VALUE = "q"
    FIX = "f"
    FIGURE = "g"
    CHOOSE = "c"
    NONE_OF_THESE = "z"
    PART = "p"
    REVIEW = "v"
    EXTENSION = "e"
    OTHER_PERIOD = "o"
    SEND = "send"


class SheetEvent(StrEnum):
    """What came of an input: the sheet moved, stayed, or something beyond it is asked for."""

    MOVED = "moved"
    STAYED = "stayed"
    REFUSED = "refused"
    SEND = "send"
    CANCEL = "cancel"
    EXTENSION = "extension"
    OTHER_PERIOD = "other_period"
    NOT_AN_ANSWER = "not_an_answer"


class SheetNote(StrEnum):
    """Why nothing moved, or what is worth saying beside the next step."""

    AT_START = "at_start"
    NOTHING_TO_KEEP = "nothing_to_keep"
    MAY_NOT_SKIP = "may_not_skip"
    NOT_COMPLETE = "not_complete"
    NEEDS_REASON = "needs_reason"
    REASON_TOO_SHORT = "reason_too_short"
    REASON_TAKEN = "reason_taken"
    OUT_OF_PLACE = "out_of_place"
    ALREADY_THERE = "already_there"
    TYPE_FIGURE = "type_figure"


class UnreadText(msgspec.Struct, frozen=True):
    """What was typed for a row and is no figure, beside the figure that stood there then."""

    text: str
    beside: Decimal | None = None


class ReportSheet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report being filled in, and where in it the dialog stands.

    `key` is the row asked for in `ASK`. `part` is the part of a larger form being filled in, empty outside one.
    `skipped` rows were left empty on purpose. `doubts` are pieces of a message with several readings; the first is
    being asked about in `SETTLE`. `unmatched` are pieces that nobody understood, as they were written. `reasons` are
    the officer's words by rule id, dropped as soon as a figure that the rule compares changes. `no_change` says that
    nobody joined or left, in so many words. `moves_only`: only who joined and left is asked, and the totals follow from
    the period before. `positional` figures came without names and were taken in the order of the
    form. `unread` is what was typed for a row where the whole form is seen, and is no figure: it is kept to be mended.
    """

    step: SheetStep = SheetStep.ASK
    key: str = ""
    part: str = ""
    figures: dict[str, Decimal] = {}
    skipped: tuple[str, ...] = ()
    doubts: tuple[Unsure, ...] = ()
    unmatched: tuple[str, ...] = ()
    reasons: dict[str, str] = {}
    no_change: bool = False
    moves_only: bool = False
    positional: bool = False
    unread: dict[str, UnreadText] = {}


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What an input comes to: the sheet afterwards, and what to say beside its step."""

    sheet: ReportSheet
    event: SheetEvent = SheetEvent.MOVED
    note: SheetNote | None = None
    not_taken: tuple[UntakenPiece, ...] = ()

    @property
    def may_be_question(self) -> bool:
        """Whether what was said reads like words rather than a figure, so that it may have been a question."""
        return self.event is SheetEvent.NOT_AN_ANSWER or (
            self.event is SheetEvent.REFUSED and any(each.reason in TEXTUAL for each in self.not_taken)
        )


# What is in it and what is missing -----------------------------------------------------------------------------------


def begin(form: Form) -> ReportSheet:
    """An empty sheet, at its first question."""
    return ask_next(form, ReportSheet())


def begin_correction(form: Form, figures: Figures, reasons: Mapping[str, str], *, no_change: bool) -> ReportSheet:
    """A sheet with what was sent before, asking which figure to change. Derived figures are worked out anew."""
    asked = {row.key for row in form.asked}
    kept = {key: value for key, value in figures.items() if key in asked}
    skipped = tuple(row.key for row in form.asked if row.key not in kept)
    step = SheetStep.PARTS if form.parts else SheetStep.PICK
    return ReportSheet(step=step, figures=kept, skipped=skipped, reasons=dict(reasons), no_change=no_change)


def load_sheet(form: Form, stored: object) -> ReportSheet:
    """The stored sheet; rows that the form no longer has are dropped. Raises msgspec errors for anything else."""
    sheet = msgspec.convert(stored, ReportSheet)
    asked = {row.key for row in form.asked}
    known = {row.key for row in form.indicators if not row.heading}
    doubts = tuple(doubt for doubt in sheet.doubts if all(reading.key in asked for reading in doubt.readings))
    mended = msgspec.structs.replace(
        sheet,
        figures={key: value for key, value in sheet.figures.items() if key in known},
        skipped=tuple(key for key in sheet.skipped if key in asked),
        doubts=doubts,
        unread={
            key: each
            for key, each in sheet.unread.items()
            if key in asked and sheet.figures.get(key) == each.beside  # else it was mended elsewhere
        },
        part=sheet.part if any(part.id == sheet.part for part in form.parts) else "",
    )
    lost = (mended.step is SheetStep.ASK and mended.key not in asked) or (
        mended.step is SheetStep.SETTLE and not doubts
    )
    return ask_next(form, mended) if lost else mended


def dump_sheet(sheet: ReportSheet) -> dict[str, Any]:
    """The sheet as it is stored: what JSON can hold."""
    stored: dict[str, Any] = msgspec.to_builtins(sheet)
    return stored


def missing(form: Form, sheet: ReportSheet, part: str = "") -> list[Indicator]:
    """Rows that still have to be asked for, in order; of one part where `part` is given."""
    rows = moving_rows(form) if sheet.moves_only else form.asked
    return [
        row
        for row in rows
        if row.key not in sheet.figures and row.key not in sheet.skipped and (not part or row.part == part)
    ]


def moving_rows(form: Form) -> list[Indicator]:
    """The rows of who joined and who left."""
    return [row for row in form.asked if row.key in form.no_change]


def find_place(form: Form, sheet: ReportSheet) -> tuple[int, int]:
    """Where the row being asked for stands: its number (from 1) and how many there are, in its part if it has one."""
    rows = asked_rows(form, sheet)
    keys = [row.key for row in rows]
    return (keys.index(sheet.key) + 1 if sheet.key in keys else 1), len(keys)


def value_before(row: Indicator, previous: Figures | None) -> Decimal | None:
    """The figure of the period before, shown beside the question; None where there is none."""
    return (previous or {}).get(row.carry_over or row.key)


def keepable(form: Form, sheet: ReportSheet, previous: Figures | None) -> Decimal | None:
    """What **Giữ nguyên** would put down now: the figure already there, or that of the period before."""
    row = form.find_indicator(sheet.key) if sheet.step is SheetStep.ASK else None
    if row is None:
        return None
    if row.key in sheet.figures:
        return sheet.figures[row.key]
    return value_before(row, previous) if row.carry_over else None


def is_begun(sheet: ReportSheet) -> bool:
    """Whether somebody gave figures: not where a report was only opened, or looked at with **Không có biến động**."""
    return bool(sheet.figures or sheet.skipped or sheet.doubts) and not sheet.no_change


def may_skip(form: Form, row: Indicator) -> bool:
    """Whether a row may be left empty: where it is optional, and in larger forms, whose rows do not concern all."""
    return row.optional or bool(form.parts)


def offers_few(form: Form, row: Indicator) -> bool:
    """Whether a row is answered by one of a few small numbers more often than not: who came and went, how many times.

    Not in larger forms, whose rows are filled in several at once.
    """
    is_small = row.kind is FigureKind.COUNT and not row.carry_over and not form.parts and form.movement is None
    return row.sign is not None or (is_small and not row.yes_no)


def offers_no_change(form: Form, sheet: ReportSheet) -> bool:
    """Whether **Không có biến động** makes sense here: at the first question, nothing having been said yet."""
    return bool(form.no_change) and sheet.step is SheetStep.ASK and not sheet.figures and not sheet.skipped


def offers_moves_only(form: Form, sheet: ReportSheet, previous: Figures | None) -> bool:
    """Whether **Có thay đổi** makes sense here: where nothing was said yet and every total follows from before."""
    return offers_no_change(form, sheet) and total_rows(form, previous) is not None


def total_rows(form: Form, previous: Figures | None) -> list[Indicator] | None:
    """The rows whose figures follow from the period before and from who joined and left; None where one does not."""
    rows = [row for row in form.asked if row.key not in form.no_change]
    return rows if rows and all(row.carry_over and value_before(row, previous) is not None for row in rows) else None


def totals_after(form: Form, figures: Figures, previous: Figures | None) -> dict[str, Decimal]:
    """The totals that follow: by the form's rule that carries one over, otherwise as they were the period before.

    Example: 1.250 members, 12 joined and 4 left: 1.258.
    """
    whole = form.completed(figures)
    found = {}
    for row in total_rows(form, previous) or ():
        before = value_before(row, previous) or Decimal(0)
        rule = next((r for r in form.rules if r.kind is RuleKind.CARRY_OVER and r.left == row.key), None)
        terms = map(split_term, rule.terms) if rule is not None else ()
        found[row.key] = before + sum((whole[key] * sign for key, sign in terms), Decimal(0))
    return found


def verdicts(form: Form, sheet: ReportSheet, previous: Figures | None) -> tuple[Verdict, ...]:
    """The rules that the figures so far break."""
    return check_report(form, sheet.figures, previous)


def unexplained(form: Form, sheet: ReportSheet, previous: Figures | None) -> tuple[Verdict, ...]:
    """Broken rules for which a reason is still to be given."""
    return tuple(v for v in verdicts(form, sheet, previous) if v.needs_reason and v.rule not in sheet.reasons)


def is_ready(form: Form, sheet: ReportSheet, previous: Figures | None) -> bool:
    """Whether it can be sent as it stands."""
    return (
        sheet.step is SheetStep.SUMMARY
        and not sheet.doubts
        and not missing(form, sheet)
        and not unexplained(form, sheet, previous)
    )


def reasons_to_keep(form: Form, sheet: ReportSheet, previous: Figures | None) -> dict[str, str]:
    """The reasons that belong to rules broken in the end."""
    broken = {verdict.rule for verdict in verdicts(form, sheet, previous)}
    return {rule: reason for rule, reason in sheet.reasons.items() if rule in broken}


# Moving --------------------------------------------------------------------------------------------------------------
def asked_rows(form: Form, sheet: ReportSheet) -> list[Indicator]:
    """The rows that are walked through: those of the part, or all."""
    if sheet.moves_only and sheet.key in form.no_change:
        return moving_rows(form)
    return [row for row in form.asked if not sheet.part or row.part == sheet.part]


def part_of(form: Form, key: str) -> str:
    """The part of a larger form in which a row stands; empty outside one."""
    return form.get_indicator(key).part or ""


def change(sheet: ReportSheet, **changes: object) -> ReportSheet:
    """The sheet with some of it replaced."""
    return msgspec.structs.replace(sheet, **changes)


def put_figure(form: Form, sheet: ReportSheet, key: str, value: Decimal) -> ReportSheet:
    """The sheet with one figure in it, at the next step."""
    asked = {row.key for row in form.asked}
    changed = sheet.figures.get(key) != value
    # A derived figure given earlier was about the figures as they were then.
    figures = {k: v for k, v in sheet.figures.items() if k in asked or not changed} | {key: value}
    put = change(
        sheet,
        figures=figures,
        skipped=tuple(other for other in sheet.skipped if other != key),
        reasons=still_explained(form, sheet, figures),
        positional=sheet.positional and not changed,
        moves_only=sheet.moves_only and key in form.no_change,
    )
    return ask_next(form, drop_no_change(form, put))


def still_explained(form: Form, sheet: ReportSheet, figures: Figures) -> dict[str, str]:
    """The reasons given for rules whose figures stay as they were explained."""
    was, now = form.completed(sheet.figures), form.completed(figures)
    same = {rule.id for rule in form.rules if all(was.get(key) == now.get(key) for key in rule.keys)}
    return {rule: reason for rule, reason in sheet.reasons.items() if rule in same}


def drop_no_change(form: Form, sheet: ReportSheet) -> ReportSheet:
    """No longer "no change" once a figure says that something changed."""
    if sheet.no_change and any(sheet.figures.get(key) for key in form.no_change):
        return change(sheet, no_change=False)
    return sheet


def ask_next(form: Form, sheet: ReportSheet) -> ReportSheet:
    """The sheet at the next thing to ask: a doubt, a missing figure, the parts of a larger form, or the summary."""
    if sheet.doubts:
        return change(sheet, step=SheetStep.SETTLE, key="")
    gaps = missing(form, sheet, sheet.part)
    if form.parts and not sheet.part:
        gaps = []
    if gaps:
        after = [row for row in gaps if _index(form, row.key) > _index(form, sheet.key)] if sheet.part else []
        return change(sheet, step=SheetStep.ASK, key=(after or gaps)[0].key)
    if form.parts and missing(form, sheet):
        return change(sheet, step=SheetStep.PARTS, key="", part="")
    return change(sheet, step=SheetStep.SUMMARY, key="", part="")


def _index(form: Form, key: str) -> int:
    return next((index for index, row in enumerate(form.asked) if row.key == key), -1)
