"""The reporting dialog as a pure machine: a sheet being filled in, what was said or tapped, and what comes of it.

The sheet is stored after every step and is all the state there is. Nothing here knows of chats, people or databases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from knowledge.forms import check_report
from knowledge.model.forms import FigureKind, Figures, Form, Indicator, Verdict
from knowledge.model.periods import Period
from knowledge.numbers import (
    NumberOutcome,
    Parsed,
    Reason,
    Refused,
    UnclearNumber,
    parse_count,
    parse_money,
    parse_percent,
)
from knowledge.reports import Doubt, Reading, ReportText, Unsure, parse_report
from knowledge.text import fold

LONGEST_REASON = 500

_NOT_LETTERS = re.compile(r"[^a-z]+")
_FILLERS = frozenset(
    {"sua", "lai", "la", "thanh", "nguoi", "va", "so", "bao", "cao", "xin", "em", "a", "nhe", "moi", "dung"}
)

_TEXTUAL = frozenset(
    {Reason.NOT_A_NUMBER, Reason.SEVERAL_NUMBERS, Reason.MALFORMED, Reason.PERCENT, Reason.APPROXIMATE}
)

_WORDS_FOR = {
    "keep": ("giu nguyen", "nhu cu", "nhu thang truoc", "nhu ky truoc", "khong doi", "khong thay doi"),
    "skip": ("bo qua", "de sau", "bo trong"),
    "back": ("quay lai", "lui lai", "tro lai"),
    "cancel": ("huy", "huy bo", "thoi", "dung lai", "thoat"),
    "fix": ("sua", "sua lai", "sua so", "chinh sua"),
    "send": ("gui", "gui di", "gui luon", "gui bao cao", "nop", "nop luon", "dong y gui", "ok gui"),
    "no_change": (
        "khong co bien dong",
        "khong bien dong",
        "ko co bien dong",
        "ko bien dong",
        "khong co gi thay doi",
    ),
}


class Step(StrEnum):
    """What the sheet waits for."""

    PARTS = "parts"
    ASK = "ask"
    SETTLE = "settle"
    PICK = "pick"
    SUMMARY = "summary"


class Verb(StrEnum):
    """What a button or a word of the dialog does; the values travel in callback data."""

    KEEP = "k"
    SKIP = "s"
    BACK = "b"
    CANCEL = "x"
    NO_CHANGE = "n"
    FIX = "f"
    FIGURE = "g"
    CHOOSE = "c"
    NONE_OF_THESE = "z"
    PART = "p"
    REVIEW = "v"
    SEND = "send"


class Event(StrEnum):
    """What came of an input."""

    MOVED = "moved"
    STAYED = "stayed"
    REFUSED = "refused"
    SEND = "send"
    CANCEL = "cancel"
    NOT_AN_ANSWER = "not_an_answer"


class Note(StrEnum):
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
    TAKEN = "taken"


class Sheet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report being filled in, and where in it the dialog stands.

    `key` is the row asked for in `ASK`. `part` is the part of a larger form being filled in, empty outside one.
    `skipped` rows were left empty on purpose. `doubts` are pieces of a message with several readings; the first is
    being asked about in `SETTLE`. `unmatched` are pieces that nobody understood, as they were written. `reasons` are
    the officer's words by rule id, dropped as soon as a figure that the rule compares changes. `no_change` says that
    nobody joined or left, in so many words. `positional` figures came without names and were taken in the order of the
    form.
    """

    step: Step = Step.ASK
    key: str = ""
    part: str = ""
    figures: dict[str, Decimal] = {}
    skipped: tuple[str, ...] = ()
    doubts: tuple[Unsure, ...] = ()
    unmatched: tuple[str, ...] = ()
    reasons: dict[str, str] = {}
    no_change: bool = False
    positional: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A figure that could not be taken: for which row (if known), why, and how it was written."""

    key: str
    reason: Reason
    piece: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an input comes to: the sheet afterwards, and what to say beside its step."""

    sheet: Sheet
    event: Event = Event.MOVED
    note: Note | None = None
    not_taken: tuple[NotTaken, ...] = ()

    @property
    def may_be_question(self) -> bool:
        """Whether what was said reads like words rather than a figure, so that it may have been a question."""
        return self.event is Event.NOT_AN_ANSWER or (
            self.event is Event.REFUSED and any(each.reason in _TEXTUAL for each in self.not_taken)
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """A sheet and what surrounds it: all that is needed to show its step.

    `previous` are the figures of the period before, None where there was no report. `corrects` is the version being
    corrected, None for a first report. `entered_for` marks **Nhập thay**. `remark` is what the supervisor wrote when
    sending the report back. `can_go_up` tells whether there is a choice of unit before the first question, and
    `can_change_period` whether another period may be meant. `campaign` is the campaign's title.
    """

    form: Form
    period: Period
    unit_name: str
    sheet: Sheet
    previous: Figures | None
    draft: str
    today: date
    due_on: date
    locks_on: date
    corrects: int | None = None
    entered_for: bool = False
    remark: str | None = None
    can_go_up: bool = False
    can_change_period: bool = False
    campaign: str | None = None

    @property
    def is_late(self) -> bool:
        """Whether what is sent today is late."""
        return self.today > self.due_on

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent as it stands."""
        return is_ready(self.form, self.sheet, self.previous)


def move_scene(scene: Scene, sheet: Sheet, draft: str) -> Scene:
    """The same surroundings around the next step, stored as `draft`."""
    return replace(scene, sheet=sheet, draft=draft)


# The sheet ---------------------------------------------------------------------------------------------------------


def begin(form: Form) -> Sheet:
    """An empty sheet, at its first question."""
    return _next(form, Sheet())


def begin_correction(form: Form, figures: Figures, reasons: Mapping[str, str], *, no_change: bool) -> Sheet:
    """A sheet with what was sent before, asking which figure to change. Derived figures are worked out anew."""
    asked = {row.key for row in form.asked}
    kept = {key: value for key, value in figures.items() if key in asked}
    skipped = tuple(row.key for row in form.asked if row.key not in kept)
    step = Step.PARTS if form.parts else Step.PICK
    return Sheet(step=step, figures=kept, skipped=skipped, reasons=dict(reasons), no_change=no_change)


def load_sheet(form: Form, body: str | bytes) -> Sheet:
    """The stored sheet; rows that the form no longer has are dropped. Raises msgspec errors for anything else."""
    sheet = msgspec.json.decode(body, type=Sheet)
    asked = {row.key for row in form.asked}
    known = {row.key for row in form.indicators if not row.heading}
    doubts = tuple(doubt for doubt in sheet.doubts if all(reading.key in asked for reading in doubt.readings))
    mended = msgspec.structs.replace(
        sheet,
        figures={key: value for key, value in sheet.figures.items() if key in known},
        skipped=tuple(key for key in sheet.skipped if key in asked),
        doubts=doubts,
        part=sheet.part if any(part.id == sheet.part for part in form.parts) else "",
    )
    lost = (mended.step is Step.ASK and mended.key not in asked) or (mended.step is Step.SETTLE and not doubts)
    return _next(form, mended) if lost else mended


def dump_sheet(sheet: Sheet) -> str:
    """The sheet as it is stored."""
    return msgspec.json.encode(sheet).decode()


def missing(form: Form, sheet: Sheet, part: str = "") -> list[Indicator]:
    """Rows that still have to be asked for, in order; of one part where `part` is given."""
    return [
        row
        for row in form.asked
        if row.key not in sheet.figures and row.key not in sheet.skipped and (not part or row.part == part)
    ]


def place(form: Form, sheet: Sheet) -> tuple[int, int]:
    """Where the row being asked for stands: its number (from 1) and how many there are, in its part if it has one."""
    rows = _rows(form, sheet)
    keys = [row.key for row in rows]
    return (keys.index(sheet.key) + 1 if sheet.key in keys else 1), len(keys)


def previous_value(row: Indicator, previous: Figures | None) -> Decimal | None:
    """The figure of the period before, shown beside the question; None where there is none."""
    return (previous or {}).get(row.carry_over or row.key)


def keepable(form: Form, sheet: Sheet, previous: Figures | None) -> Decimal | None:
    """What **Giữ nguyên** would put down now: the figure already there, or that of the period before."""
    row = form.find_indicator(sheet.key) if sheet.step is Step.ASK else None
    if row is None:
        return None
    if row.key in sheet.figures:
        return sheet.figures[row.key]
    return previous_value(row, previous) if row.carry_over else None


def may_skip(form: Form, row: Indicator) -> bool:
    """Whether a row may be left empty: where it is optional, and in larger forms, whose rows do not concern all."""
    return row.optional or bool(form.parts)


def offers_no_change(form: Form, sheet: Sheet) -> bool:
    """Whether **Không có biến động** makes sense here: at the first question, nothing having been said yet."""
    return bool(form.no_change) and sheet.step is Step.ASK and not sheet.figures and not sheet.skipped


def verdicts(form: Form, sheet: Sheet, previous: Figures | None) -> tuple[Verdict, ...]:
    """The rules that the figures so far break."""
    return check_report(form, sheet.figures, previous)


def unexplained(form: Form, sheet: Sheet, previous: Figures | None) -> tuple[Verdict, ...]:
    """Broken rules for which a reason is still to be given."""
    return tuple(v for v in verdicts(form, sheet, previous) if v.needs_reason and v.rule not in sheet.reasons)


def is_ready(form: Form, sheet: Sheet, previous: Figures | None) -> bool:
    """Whether it can be sent as it stands."""
    return (
        sheet.step is Step.SUMMARY
        and not sheet.doubts
        and not missing(form, sheet)
        and not unexplained(form, sheet, previous)
    )


def reasons_to_keep(form: Form, sheet: Sheet, previous: Figures | None) -> dict[str, str]:
    """The reasons that belong to rules broken in the end."""
    broken = {verdict.rule for verdict in verdicts(form, sheet, previous)}
    return {rule: reason for rule, reason in sheet.reasons.items() if rule in broken}


# Words -------------------------------------------------------------------------------------------------------------


def find_verb(text: str) -> Verb | None:
    """The button that typed words stand for."""
    said = " ".join(fold(text).replace(".", " ").replace("!", " ").split())
    for name, words in _WORDS_FOR.items():
        if said in words:
            return Verb[name.upper()]
    return None


def read_report(
    text: str, form: Form, today: date, period: Period | None = None, opened: Period | None = None
) -> ReportText | None:
    """What a message says of the form's figures; None where it says nothing of them.

    `opened` is the latest period opened; `period` is the one being filled in, and gives a bare month its year.
    """
    reading = parse_report(text, form, today=today, last_opened_period=opened or _as_opened(form, period))
    says = reading.values or reading.ambiguous or reading.refused or reading.no_change or reading.kept
    return reading if says else None


def hands_in_another(reading: ReportText, form: Form, sheet: Sheet, previous: Figures | None, period: Period) -> bool:
    """Whether a message said in the middle is a whole report for another period than `period`."""
    if reading.period is None or reading.period == period or not reading.is_report:
        return False
    waits = sheet.step is Step.SUMMARY and bool(unexplained(form, sheet, previous))
    return len(reading.values) > 1 and not (waits and reading.missing and not reading.no_change)


def _as_opened(form: Form, period: Period | None) -> Period | None:
    return period if period is not None and form.calendar is not None else None


def decide_words(form: Form, sheet: Sheet, previous: Figures | None, text: str, *, today: date) -> Outcome:
    """What typed words do to the sheet."""
    verb = find_verb(text)
    if verb is Verb.KEEP and sheet.step is not Step.ASK:
        verb = None
    if verb is not None:
        return decide(form, sheet, previous, verb)
    match sheet.step:
        case Step.ASK:
            return _answer(form, sheet, previous, text, today)
        case Step.SETTLE:
            return _settle_by_words(form, sheet, previous, text, today)
        case Step.SUMMARY | Step.PICK | Step.PARTS:
            return _amend(form, sheet, previous, text, today)


def _answer(form: Form, sheet: Sheet, previous: Figures | None, text: str, today: date) -> Outcome:
    row = form.get_indicator(sheet.key)
    number = parse_figure(row, text)
    reading = read_report(text, form, today)
    match number:
        case Parsed(value=value):
            if reading is not None and row.parent is None and not form.parts and _names_another(row, reading):
                return merge(form, sheet, previous, reading)
            return Outcome(_put(form, sheet, row.key, value))
        case UnclearNumber(readings=values):
            doubt = Unsure(text.strip(), tuple(Reading(row.key, value) for value in values), Doubt.NUMBER)
            return Outcome(_next(form, _with(sheet, doubts=(doubt, *sheet.doubts))))
        case Refused(reason=Reason.APPROXIMATE, nearest=Decimal() as nearest):
            doubt = Unsure(text.strip(), (Reading(row.key, nearest),), Doubt.APPROXIMATE)
            return Outcome(_next(form, _with(sheet, doubts=(doubt, *sheet.doubts))))
        case Refused(reason=reason):
            if reading is not None and reason in _TEXTUAL and _gives_figures(reading):
                return merge(form, sheet, previous, reading)
            return Outcome(sheet, Event.REFUSED, not_taken=(NotTaken(row.key, reason, text.strip()),))


def _names_another(row: Indicator, reading: ReportText) -> bool:
    """Whether "1.250 đoàn viên", said when the workers were asked for, names another row of the form."""
    return bool(reading.values) and row.key not in reading.values and not reading.positional


def _gives_figures(reading: ReportText) -> bool:
    return bool(reading.is_report or reading.values or reading.ambiguous or reading.no_change)


def _settle_by_words(form: Form, sheet: Sheet, previous: Figures | None, text: str, today: date) -> Outcome:
    doubt = sheet.doubts[0]
    keys = list(dict.fromkeys(reading.key for reading in doubt.readings))
    number = parse_figure(form.get_indicator(keys[0]), text)
    if isinstance(number, Parsed):
        fitting = [reading for reading in doubt.readings if reading.value == number.value]
        if len({reading.key for reading in fitting}) == 1:
            return Outcome(_settled(form, sheet, fitting[0]))
        if len(keys) == 1:
            return Outcome(_settled(form, sheet, Reading(keys[0], number.value)))
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    if isinstance(number, UnclearNumber) and len(keys) == 1:
        values = tuple(Reading(keys[0], value) for value in number.readings)
        again = Unsure(text.strip(), values, Doubt.NUMBER)
        return Outcome(_with(sheet, doubts=(again, *sheet.doubts[1:])))
    reading = read_report(text, form, today)
    if reading is not None and _gives_figures(reading):
        return merge(form, _with(sheet, doubts=sheet.doubts[1:]), previous, reading)
    reason = number.reason if isinstance(number, Refused) else Reason.NOT_A_NUMBER
    return Outcome(sheet, Event.REFUSED, not_taken=(NotTaken(keys[0], reason, text.strip()),))


def _amend(form: Form, sheet: Sheet, previous: Figures | None, text: str, today: date) -> Outcome:
    """Words at the summary: a figure corrected by its name, or the reason for a broken rule."""
    reading = read_report(text, form, today)
    waits = sheet.step is Step.SUMMARY and bool(unexplained(form, sheet, previous))
    gives = reading is not None and bool(reading.values or reading.ambiguous)
    if reading is not None and gives and (not waits or _says_only_figures(form, reading, text)):
        return merge(form, sheet, previous, reading)
    if waits and not text.rstrip().endswith("?"):
        return _explain(form, sheet, previous, text)
    if reading is not None and reading.no_change:
        return merge(form, sheet, previous, reading)
    return Outcome(sheet, Event.NOT_AN_ANSWER)


def _says_only_figures(form: Form, reading: ReportText, text: str) -> bool:
    """Whether a message names figures and little else: a reason ("bỏ sót 20 người") may hold a figure too."""
    if reading.is_report and len(reading.values) > 1:
        return True
    rest = f" {' '.join(_NOT_LETTERS.sub(' ', fold(text)).split())} "
    for key in reading.values:
        row = form.get_indicator(key)
        names = sorted({fold(name) for name in (*row.aliases, row.short, row.name)}, key=len, reverse=True)
        name = next((name for name in names if f" {name} " in rest), None)
        if name is not None:
            rest = rest.replace(f" {name} ", " ", 1)
    return not set(rest.split()) - _FILLERS


def _explain(form: Form, sheet: Sheet, previous: Figures | None, text: str) -> Outcome:
    words = " ".join(text.split())[:LONGEST_REASON]
    if sum(letter.isalpha() for letter in words) < 3:
        return Outcome(sheet, Event.STAYED, Note.REASON_TOO_SHORT)
    reasons = {**sheet.reasons, **{verdict.rule: words for verdict in unexplained(form, sheet, previous)}}
    return Outcome(_with(sheet, reasons=reasons), note=Note.REASON_TAKEN)


def parse_figure(row: Indicator, text: str) -> NumberOutcome:
    """A figure for a row, by its kind; a sign that officers write before it ("-3" who left) is no minus."""
    if row.sign is not None and not row.signed and text.strip()[:1] == row.sign:
        text = text.strip()[1:]
    match row.kind:
        case FigureKind.COUNT:
            return parse_count(text, signed=row.signed)
        case FigureKind.MONEY:
            return parse_money(text)
        case FigureKind.PERCENT:
            return parse_percent(text)


def merge(form: Form, sheet: Sheet, previous: Figures | None, reading: ReportText) -> Outcome:
    """Take everything that a message says; what is unclear in it is asked about next, what is missing after that."""
    asked = {row.key for row in form.asked}
    figures = dict(sheet.figures)
    if reading.no_change:
        figures.update({key: Decimal(0) for key in form.no_change if key in asked})
        figures.update(_carried(form, previous, figures))
    for key in reading.kept:
        value = previous_value(form.get_indicator(key), previous)
        if value is not None and key in asked:
            figures[key] = value
    figures.update({key: value for key, value in reading.values.items() if key in asked})
    doubted = {choice.key for doubt in reading.ambiguous for choice in doubt.readings}
    old = tuple(d for d in sheet.doubts if not ({r.key for r in d.readings} & (set(reading.values) | doubted)))
    merged = _with(
        sheet,
        figures=figures,
        skipped=tuple(key for key in sheet.skipped if key not in figures),
        doubts=(*(d for d in reading.ambiguous if all(r.key in asked for r in d.readings)), *old),
        unmatched=reading.unmatched,
        no_change=reading.no_change or sheet.no_change,
        positional=reading.positional,
        reasons=_still_explained(form, sheet, figures),
        part="",
    )
    derived = {key: value for key, value in reading.values.items() if key not in asked}
    refused = tuple(NotTaken(each.key, each.reason, each.piece) for each in reading.refused)
    return Outcome(_next(form, _checked(form, _without_contradiction(form, merged, derived))), not_taken=refused)


def _without_contradiction(form: Form, sheet: Sheet, derived: Figures) -> Sheet:
    """A derived figure that was given goes in only where it does not follow, so that its rule is judged."""
    whole = form.completed(sheet.figures)
    kept = {key: value for key, value in derived.items() if whole.get(key, value) != value}
    return _with(sheet, figures={**sheet.figures, **kept}) if kept else sheet


def _carried(form: Form, previous: Figures | None, figures: Figures) -> dict[str, Decimal]:
    carried: dict[str, Decimal] = {}
    for row in form.asked:
        value = previous_value(row, previous)
        if row.carry_over and row.key not in figures and value is not None:
            carried[row.key] = value
    return carried


# Buttons -----------------------------------------------------------------------------------------------------------


def decide(form: Form, sheet: Sheet, previous: Figures | None, verb: Verb, arg: str = "") -> Outcome:
    """What a button (or the word for it) does to the sheet; a button out of place changes nothing."""
    match verb:
        case Verb.KEEP:
            return _keep(form, sheet, previous)
        case Verb.SKIP:
            return _skip(form, sheet)
        case Verb.BACK:
            return _back(form, sheet)
        case Verb.CANCEL:
            return Outcome(sheet, Event.CANCEL)
        case Verb.NO_CHANGE:
            return _nothing_changed(form, sheet, previous)
        case Verb.FIX:
            return Outcome(_with(sheet, step=Step.PARTS if form.parts else Step.PICK, key="", part=""))
        case Verb.FIGURE:
            return _fix(form, sheet, arg)
        case Verb.CHOOSE:
            return _choose(form, sheet, arg)
        case Verb.NONE_OF_THESE:
            return _none_of_these(form, sheet)
        case Verb.PART:
            return _open_part(form, sheet, arg)
        case Verb.REVIEW:
            return _review(form, sheet)
        case Verb.SEND:
            return _send(form, sheet, previous)


def _keep(form: Form, sheet: Sheet, previous: Figures | None) -> Outcome:
    value = keepable(form, sheet, previous)
    if sheet.step is not Step.ASK:
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    if value is None:
        return Outcome(sheet, Event.STAYED, Note.NOTHING_TO_KEEP)
    return Outcome(_put(form, sheet, sheet.key, value))


def _skip(form: Form, sheet: Sheet) -> Outcome:
    if sheet.step is not Step.ASK:
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    if not may_skip(form, form.get_indicator(sheet.key)):
        return Outcome(sheet, Event.STAYED, Note.MAY_NOT_SKIP)
    figures = {key: value for key, value in sheet.figures.items() if key != sheet.key}
    skipped = (*(key for key in sheet.skipped if key != sheet.key), sheet.key)
    kept = _still_explained(form, sheet, figures)
    return Outcome(_next(form, _with(sheet, figures=figures, skipped=skipped, reasons=kept)))


def _back(form: Form, sheet: Sheet) -> Outcome:
    rows = _rows(form, sheet)
    match sheet.step:
        case Step.ASK:
            at = place(form, sheet)[0] - 1
            if at == 0 and form.parts:
                return Outcome(_with(sheet, step=Step.PARTS, key="", part=""))
            if at == 0:
                return Outcome(sheet, Event.STAYED, Note.AT_START)
            return Outcome(_with(sheet, key=rows[at - 1].key))
        case Step.SETTLE:
            key = sheet.doubts[0].readings[0].key
            return Outcome(_with(sheet, step=Step.ASK, key=key, doubts=sheet.doubts[1:], part=_part_of(form, key)))
        case Step.PICK:
            return Outcome(_next(form, sheet))
        case Step.SUMMARY if not form.parts:
            return Outcome(_with(sheet, step=Step.ASK, key=rows[-1].key))
        case Step.SUMMARY:
            return Outcome(_with(sheet, step=Step.PARTS, key="", part=""))
        case Step.PARTS:
            return Outcome(sheet, Event.STAYED, Note.AT_START)


def _nothing_changed(form: Form, sheet: Sheet, previous: Figures | None) -> Outcome:
    if not form.no_change:
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    asked = {row.key for row in form.asked}
    figures = {key: value for key, value in sheet.figures.items() if key in asked and key not in form.no_change}
    figures |= {key: Decimal(0) for key in form.no_change if key in asked}
    figures |= _carried(form, previous, figures)
    skipped = tuple(key for key in sheet.skipped if key not in figures)
    changed = _with(
        sheet, figures=figures, skipped=skipped, doubts=(), unmatched=(), reasons={}, no_change=True, part=""
    )
    return Outcome(_next(form, changed))


def _fix(form: Form, sheet: Sheet, arg: str) -> Outcome:
    rows = form.asked
    index = int(arg) if arg.isdecimal() and len(arg) < 4 else len(rows)
    if index >= len(rows):
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    row = rows[index]
    return Outcome(_with(sheet, step=Step.ASK, key=row.key, part=row.part or ""))


def _choose(form: Form, sheet: Sheet, arg: str) -> Outcome:
    readings = sheet.doubts[0].readings if sheet.step is Step.SETTLE and sheet.doubts else ()
    index = int(arg) if arg.isdecimal() and len(arg) < 3 else len(readings)
    if index >= len(readings):
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    return Outcome(_settled(form, sheet, readings[index]))


def _none_of_these(form: Form, sheet: Sheet) -> Outcome:
    if sheet.step is not Step.SETTLE or not sheet.doubts:
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    left = {reading.key for reading in sheet.doubts[0].readings}
    dropped = _with(sheet, doubts=sheet.doubts[1:])
    key = next((row.key for row in form.asked if row.key in left and row.key not in sheet.figures), "")
    if key and len(left) == 1 and not dropped.doubts:
        return Outcome(_with(dropped, step=Step.ASK, key=key, part=_part_of(form, key)))
    return Outcome(_next(form, dropped))


def _open_part(form: Form, sheet: Sheet, arg: str) -> Outcome:
    index = int(arg) if arg.isdecimal() and len(arg) < 3 else len(form.parts)
    if index >= len(form.parts):
        return Outcome(sheet, Event.STAYED, Note.OUT_OF_PLACE)
    part = form.parts[index].id
    first = next(iter(missing(form, sheet, part)), None) or next(row for row in form.asked if row.part == part)
    return Outcome(_with(sheet, step=Step.ASK, key=first.key, part=part))


def _review(form: Form, sheet: Sheet) -> Outcome:
    if sheet.doubts or (missing(form, sheet) and not form.parts):
        return Outcome(_next(form, _with(sheet, part="")), note=Note.NOT_COMPLETE)
    if missing(form, sheet):
        return Outcome(_with(sheet, step=Step.PARTS, key="", part=""), note=Note.NOT_COMPLETE)
    return Outcome(_with(sheet, step=Step.SUMMARY, key="", part=""))


def _send(form: Form, sheet: Sheet, previous: Figures | None) -> Outcome:
    if is_ready(form, sheet, previous):
        return Outcome(sheet, Event.SEND)
    reviewed = _review(form, sheet)
    if reviewed.sheet.step is Step.SUMMARY and unexplained(form, reviewed.sheet, previous):
        return Outcome(reviewed.sheet, Event.STAYED, Note.NEEDS_REASON)
    if reviewed.sheet.step is Step.SUMMARY:
        return Outcome(reviewed.sheet, Event.STAYED, Note.ALREADY_THERE)
    return Outcome(reviewed.sheet, Event.STAYED, Note.NOT_COMPLETE)


# Moving ------------------------------------------------------------------------------------------------------------


def _rows(form: Form, sheet: Sheet) -> list[Indicator]:
    """The rows that are walked through: those of the part, or all."""
    return [row for row in form.asked if not sheet.part or row.part == sheet.part]


def _part_of(form: Form, key: str) -> str:
    return form.get_indicator(key).part or ""


def _with(sheet: Sheet, **changes: object) -> Sheet:
    return msgspec.structs.replace(sheet, **changes)


def _put(form: Form, sheet: Sheet, key: str, value: Decimal) -> Sheet:
    """The sheet with one figure in it, at the next step."""
    asked = {row.key for row in form.asked}
    changed = sheet.figures.get(key) != value
    # A derived figure given earlier was about the figures as they were then.
    figures = {k: v for k, v in sheet.figures.items() if k in asked or not changed} | {key: value}
    put = _with(
        sheet,
        figures=figures,
        skipped=tuple(other for other in sheet.skipped if other != key),
        reasons=_still_explained(form, sheet, figures),
        positional=sheet.positional and not changed,
    )
    return _next(form, _checked(form, put))


def _still_explained(form: Form, sheet: Sheet, figures: Figures) -> dict[str, str]:
    """The reasons given for rules whose figures stay as they were explained."""
    was, now = form.completed(sheet.figures), form.completed(figures)
    same = {rule.id for rule in form.rules if all(was.get(key) == now.get(key) for key in rule.keys)}
    return {rule: reason for rule, reason in sheet.reasons.items() if rule in same}


def _settled(form: Form, sheet: Sheet, reading: Reading) -> Sheet:
    return _put(form, _with(sheet, doubts=sheet.doubts[1:]), reading.key, reading.value)


def _checked(form: Form, sheet: Sheet) -> Sheet:
    """No longer "no change" once a figure says that something changed."""
    if sheet.no_change and any(sheet.figures.get(key) for key in form.no_change):
        return _with(sheet, no_change=False)
    return sheet


def _next(form: Form, sheet: Sheet) -> Sheet:
    """The sheet at the next thing to ask: a doubt, a missing figure, the parts of a larger form, or the summary."""
    if sheet.doubts:
        return _with(sheet, step=Step.SETTLE, key="")
    gaps = missing(form, sheet, sheet.part)
    if form.parts and not sheet.part:
        gaps = []
    if gaps:
        after = [row for row in gaps if _index(form, row.key) > _index(form, sheet.key)] if sheet.part else []
        return _with(sheet, step=Step.ASK, key=(after or gaps)[0].key)
    if form.parts and missing(form, sheet):
        return _with(sheet, step=Step.PARTS, key="", part="")
    return _with(sheet, step=Step.SUMMARY, key="", part="")


def _index(form: Form, key: str) -> int:
    return next((index for index, row in enumerate(form.asked) if row.key == key), -1)
