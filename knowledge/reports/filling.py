"""Filling in a report's sheet: what typed words and tapped buttons do to it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.model.forms import Figures, Form, Indicator
from knowledge.model.periods import Period
from knowledge.numbers import Parsed, Reason, Refused, UnclearNumber
from knowledge.reports.figures import parse_figure
from knowledge.reports.listing import take_listed
from knowledge.reports.model import Doubt, Reading, ReportText, Unsure, UntakenPiece
from knowledge.reports.phrases import folded
from knowledge.reports.reading import parse_report
from knowledge.reports.sheet import (
    TEXTUAL,
    ReportSheet,
    SheetAction,
    SheetEvent,
    SheetNote,
    SheetOutcome,
    SheetStep,
    ask_next,
    asked_rows,
    begin,
    change,
    drop_no_change,
    find_place,
    is_ready,
    keepable,
    may_skip,
    missing,
    offers_few,
    offers_moves_only,
    part_of,
    put_figure,
    still_explained,
    totals_after,
    unexplained,
    value_before,
)
from knowledge.text import fold

LONGEST_REASON = 500

_NOT_LETTERS = re.compile(r"[^a-z]+")
_SAID_FOR: Final = {
    SheetAction.KEEP: "say_keep",
    SheetAction.SKIP: "say_skip",
    SheetAction.BACK: "say_back",
    SheetAction.CANCEL: "say_cancel",
    SheetAction.FIX: "say_fix",
    SheetAction.SEND: "say_send",
    SheetAction.NO_CHANGE: "say_no_change",
    SheetAction.CHANGED: "say_changed",
}


# Words ---------------------------------------------------------------------------------------------------------------


def find_action(text: str) -> SheetAction | None:
    """The button that typed words stand for."""
    said = " ".join(fold(text).replace(".", " ").replace("!", " ").split())
    return next((action for action, name in _SAID_FOR.items() if said in folded(name)), None)


def read_report(
    text: str, form: Form, today: date, period: Period | None = None, opened: Period | None = None
) -> ReportText | None:
    """What a message says of the form's figures; None where it says nothing of them.

    `opened` is the latest period opened; `period` is the one being filled in, and gives a bare month its year.
    """
    reading = parse_report(text, form, today=today, last_opened_period=opened or _as_opened(form, period))
    says = reading.values or reading.ambiguous or reading.refused or reading.no_change or reading.kept
    return reading if says else None


def hands_in_another(
    reading: ReportText, form: Form, sheet: ReportSheet, previous: Figures | None, period: Period
) -> bool:
    """Whether a message said in the middle is a whole report for another period than `period`, or of another form."""
    if reading.period is None or reading.period == period or not reading.is_report:
        return False
    waits = sheet.step is SheetStep.SUMMARY and bool(unexplained(form, sheet, previous))
    return len(reading.values) > 1 and not (waits and reading.missing and not reading.no_change)


def _as_opened(form: Form, period: Period | None) -> Period | None:
    return period if period is not None and form.calendar is not None else None


def decide_words(form: Form, sheet: ReportSheet, previous: Figures | None, text: str, *, today: date) -> SheetOutcome:
    """What typed words do to the sheet."""
    return _with_totals(form, _decide_words(form, sheet, previous, text, today), previous)


def _with_totals(form: Form, outcome: SheetOutcome, previous: Figures | None) -> SheetOutcome:
    """The outcome with the totals that follow, once all who joined and left are told."""
    sheet = outcome.sheet
    if not sheet.moves_only or sheet.step is not SheetStep.SUMMARY:
        return outcome
    totals = totals_after(form, sheet.figures, previous)
    return replace(outcome, sheet=change(sheet, figures={**sheet.figures, **totals}))


def _decide_words(form: Form, sheet: ReportSheet, previous: Figures | None, text: str, today: date) -> SheetOutcome:
    agreed = _agreed(sheet, text)
    if agreed is not None:
        return decide(form, sheet, previous, SheetAction.CHOOSE if agreed else SheetAction.NONE_OF_THESE, "0")
    action = find_action(text)
    if action is SheetAction.KEEP and sheet.step is not SheetStep.ASK:
        action = None
    if action is not None:
        return decide(form, sheet, previous, action)
    listed = take_listed(form, sheet, text) if form.parts else None
    if listed is not None and sheet.step in {SheetStep.ASK, SheetStep.PARTS}:
        return listed
    match sheet.step:
        case SheetStep.ASK:
            return _answer(form, sheet, previous, text, today)
        case SheetStep.SETTLE:
            return _settle_by_words(form, sheet, previous, text, today)
        case SheetStep.SUMMARY | SheetStep.PICK | SheetStep.PARTS:
            return _amend(form, sheet, previous, text, today)


def _agreed(sheet: ReportSheet, text: str) -> bool | None:
    """Whether words say yes or no to the one figure that is asked about; None where they, or it, are neither."""
    has_figure = any(letter.isdecimal() for letter in text)
    if has_figure or sheet.step is not SheetStep.SETTLE or len(sheet.doubts[0].readings) != 1:
        return None
    said = " ".join(_NOT_LETTERS.sub(" ", fold(text)).split())
    if said in folded("say_yes"):
        return True
    # "Không" answers the question here; as a figure it would be zero.
    return False if said in folded("say_no") else None


def _answer(form: Form, sheet: ReportSheet, previous: Figures | None, text: str, today: date) -> SheetOutcome:
    row = form.get_indicator(sheet.key)
    number = parse_figure(row, text, today)
    reading = read_report(text, form, today)
    match number:
        case Parsed(value=value):
            if reading is not None and row.parent is None and not form.parts and _names_another(row, reading):
                return merge(form, sheet, previous, reading)
            return SheetOutcome(put_figure(form, sheet, row.key, value))
        case UnclearNumber(readings=values):
            doubt = Unsure(text.strip(), tuple(Reading(row.key, value) for value in values), Doubt.NUMBER)
            return SheetOutcome(ask_next(form, change(sheet, doubts=(doubt, *sheet.doubts))))
        case Refused(reason=Reason.APPROXIMATE, nearest=Decimal() as nearest):
            doubt = Unsure(text.strip(), (Reading(row.key, nearest),), Doubt.APPROXIMATE)
            return SheetOutcome(ask_next(form, change(sheet, doubts=(doubt, *sheet.doubts))))
        case Refused(reason=reason):
            if reading is not None and reason in TEXTUAL and _gives_figures(reading):
                return merge(form, sheet, previous, reading)
            return SheetOutcome(sheet, SheetEvent.REFUSED, not_taken=(UntakenPiece(text.strip(), row.key, reason),))


def _names_another(row: Indicator, reading: ReportText) -> bool:
    """Whether "1.250 đoàn viên", said when the workers were asked for, names another row of the form."""
    return bool(reading.values) and row.key not in reading.values and not reading.positional


def _gives_figures(reading: ReportText) -> bool:
    return bool(reading.is_report or reading.values or reading.ambiguous or reading.no_change)


def _settle_by_words(form: Form, sheet: ReportSheet, previous: Figures | None, text: str, today: date) -> SheetOutcome:
    doubt = sheet.doubts[0]
    keys = list(dict.fromkeys(reading.key for reading in doubt.readings))
    number = parse_figure(form.get_indicator(keys[0]), text, today)
    if isinstance(number, Parsed):
        fitting = [reading for reading in doubt.readings if reading.value == number.value]
        if len({reading.key for reading in fitting}) == 1:
            return SheetOutcome(_settled(form, sheet, fitting[0]))
        if len(keys) == 1:
            return SheetOutcome(_settled(form, sheet, Reading(keys[0], number.value)))
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    if isinstance(number, UnclearNumber) and len(keys) == 1:
        values = tuple(Reading(keys[0], value) for value in number.readings)
        again = Unsure(text.strip(), values, Doubt.NUMBER)
        return SheetOutcome(change(sheet, doubts=(again, *sheet.doubts[1:])))
    reading = read_report(text, form, today)
    if reading is not None and _gives_figures(reading):
        return merge(form, change(sheet, doubts=sheet.doubts[1:]), previous, reading)
    reason = number.reason if isinstance(number, Refused) else Reason.NOT_A_NUMBER
    return SheetOutcome(sheet, SheetEvent.REFUSED, not_taken=(UntakenPiece(text.strip(), keys[0], reason),))


def _amend(form: Form, sheet: ReportSheet, previous: Figures | None, text: str, today: date) -> SheetOutcome:
    """Words at the summary: a figure corrected by its name, or the reason for a broken rule."""
    reading = read_report(text, form, today)
    waits = sheet.step is SheetStep.SUMMARY and bool(unexplained(form, sheet, previous))
    gives = reading is not None and bool(reading.values or reading.ambiguous)
    if reading is not None and gives and (not waits or _says_only_figures(form, reading, text)):
        return merge(form, sheet, previous, reading)
    if waits and not text.rstrip().endswith("?"):
        return _explain(form, sheet, previous, text)
    if reading is not None and reading.no_change:
        return merge(form, sheet, previous, reading)
    return SheetOutcome(sheet, SheetEvent.NOT_AN_ANSWER)


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
    return not set(rest.split()) - folded("beside_corrections")


def _explain(form: Form, sheet: ReportSheet, previous: Figures | None, text: str) -> SheetOutcome:
    words = " ".join(text.split())[:LONGEST_REASON]
    if sum(letter.isalpha() for letter in words) < 3:
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.REASON_TOO_SHORT)
    reasons = {**sheet.reasons, **{verdict.rule: words for verdict in unexplained(form, sheet, previous)}}
    return SheetOutcome(change(sheet, reasons=reasons), note=SheetNote.REASON_TAKEN)


def merge(form: Form, sheet: ReportSheet, previous: Figures | None, reading: ReportText) -> SheetOutcome:
    """Take everything that a message says; what is unclear in it is asked about next, what is missing after that."""
    asked = {row.key for row in form.asked}
    figures = dict(sheet.figures)
    if reading.no_change:
        figures.update({key: Decimal(0) for key in form.no_change if key in asked})
        figures.update(_carried(form, previous, figures))
    for key in reading.kept:
        value = value_before(form.get_indicator(key), previous)
        if value is not None and key in asked:
            figures[key] = value
    figures.update({key: value for key, value in reading.values.items() if key in asked})
    doubted = {choice.key for doubt in reading.ambiguous for choice in doubt.readings}
    told = {*reading.values, *reading.kept, *doubted}
    old = tuple(d for d in sheet.doubts if not ({r.key for r in d.readings} & (set(reading.values) | doubted)))
    merged = change(
        sheet,
        figures=figures,
        skipped=tuple(key for key in sheet.skipped if key not in figures),
        doubts=(*(d for d in reading.ambiguous if all(r.key in asked for r in d.readings)), *old),
        unmatched=reading.unmatched,
        no_change=reading.no_change or sheet.no_change,
        moves_only=sheet.moves_only and not reading.no_change and told <= {*form.no_change},
        positional=reading.positional,
        reasons=still_explained(form, sheet, figures),
        part="",
    )
    derived = {key: value for key, value in reading.values.items() if key not in asked}
    return SheetOutcome(
        ask_next(form, drop_no_change(form, _without_contradiction(form, merged, derived))), not_taken=reading.refused
    )


def _without_contradiction(form: Form, sheet: ReportSheet, derived: Figures) -> ReportSheet:
    """A derived figure that was given goes in only where it does not follow, so that its rule is judged."""
    whole = form.completed(sheet.figures)
    kept = {key: value for key, value in derived.items() if whole.get(key, value) != value}
    return change(sheet, figures={**sheet.figures, **kept}) if kept else sheet


def _carried(form: Form, previous: Figures | None, figures: Figures) -> dict[str, Decimal]:
    carried: dict[str, Decimal] = {}
    for row in form.asked:
        value = value_before(row, previous)
        if row.carry_over and row.key not in figures and value is not None:
            carried[row.key] = value
    return carried


# Buttons -------------------------------------------------------------------------------------------------------------


_LEADS_AWAY: Final = {
    SheetAction.CANCEL: SheetEvent.CANCEL,
    SheetAction.EXTENSION: SheetEvent.EXTENSION,
    SheetAction.OTHER_PERIOD: SheetEvent.OTHER_PERIOD,
}


def decide(
    form: Form, sheet: ReportSheet, previous: Figures | None, action: SheetAction, arg: str = ""
) -> SheetOutcome:
    """What a button (or the word for it) does to the sheet; a button out of place changes nothing."""
    return _with_totals(form, _decide(form, sheet, previous, action, arg), previous)


def _decide(form: Form, sheet: ReportSheet, previous: Figures | None, action: SheetAction, arg: str) -> SheetOutcome:
    if action in _LEADS_AWAY:
        return SheetOutcome(sheet, _LEADS_AWAY[action])
    return _DOES[action](form, sheet, previous, arg)


def _keep(form: Form, sheet: ReportSheet, previous: Figures | None) -> SheetOutcome:
    value = keepable(form, sheet, previous)
    if sheet.step is not SheetStep.ASK:
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    if value is None:
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.NOTHING_TO_KEEP)
    return SheetOutcome(put_figure(form, sheet, sheet.key, value))


def _skip(form: Form, sheet: ReportSheet) -> SheetOutcome:
    if sheet.step is not SheetStep.ASK:
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    if not may_skip(form, form.get_indicator(sheet.key)):
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.MAY_NOT_SKIP)
    figures = {key: value for key, value in sheet.figures.items() if key != sheet.key}
    skipped = (*(key for key in sheet.skipped if key != sheet.key), sheet.key)
    kept = still_explained(form, sheet, figures)
    return SheetOutcome(ask_next(form, change(sheet, figures=figures, skipped=skipped, reasons=kept)))


def _back(form: Form, sheet: ReportSheet) -> SheetOutcome:
    rows = asked_rows(form, sheet)
    match sheet.step:
        case SheetStep.ASK:
            at = find_place(form, sheet)[0] - 1
            if at == 0 and sheet.moves_only:
                return SheetOutcome(ask_next(form, change(sheet, moves_only=False, figures={}, key="")))
            if at == 0 and form.parts:
                return SheetOutcome(change(sheet, step=SheetStep.PARTS, key="", part=""))
            if at == 0:
                return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.AT_START)
            return SheetOutcome(change(sheet, key=rows[at - 1].key))
        case SheetStep.SETTLE:
            key = sheet.doubts[0].readings[0].key
            return SheetOutcome(
                change(sheet, step=SheetStep.ASK, key=key, doubts=sheet.doubts[1:], part=part_of(form, key))
            )
        case SheetStep.PICK:
            return SheetOutcome(ask_next(form, sheet))
        case SheetStep.SUMMARY if not form.parts:
            return SheetOutcome(change(sheet, step=SheetStep.ASK, key=rows[-1].key))
        case SheetStep.SUMMARY:
            return SheetOutcome(change(sheet, step=SheetStep.PARTS, key="", part=""))
        case SheetStep.PARTS:
            return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.AT_START)


def _nothing_changed(form: Form, sheet: ReportSheet, previous: Figures | None) -> SheetOutcome:
    if not form.no_change:
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    asked = {row.key for row in form.asked}
    figures = {key: value for key, value in sheet.figures.items() if key in asked and key not in form.no_change}
    figures |= {key: Decimal(0) for key in form.no_change if key in asked}
    figures |= _carried(form, previous, figures)
    skipped = tuple(key for key in sheet.skipped if key not in figures)
    changed = change(
        sheet,
        figures=figures,
        skipped=skipped,
        doubts=(),
        unmatched=(),
        reasons={},
        no_change=True,
        moves_only=False,
        part="",
    )
    return SheetOutcome(ask_next(form, changed))


def _ask_who_moved(form: Form, sheet: ReportSheet, previous: Figures | None) -> SheetOutcome:
    """Ask only who joined and who left; the totals follow. A report in which nothing changed begins anew."""
    if sheet.no_change and sheet.figures == _nothing_changed(form, begin(form), previous).sheet.figures:
        sheet = begin(form)
    if not offers_moves_only(form, sheet, previous):
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    return SheetOutcome(ask_next(form, change(sheet, moves_only=True, key="")))


def _put_value(form: Form, sheet: ReportSheet, arg: str) -> SheetOutcome:
    """One of the few figures on buttons: for who joined or left, how many times, yes or no."""
    row = form.find_indicator(sheet.key) if sheet.step is SheetStep.ASK else None
    fits = row is not None and arg.isdecimal() and len(arg) < 3
    if row is None or not fits or not (arg in {"0", "1"} if row.yes_no else offers_few(form, row)):
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    return SheetOutcome(put_figure(form, sheet, sheet.key, Decimal(arg)))


def _fix(form: Form, sheet: ReportSheet, arg: str) -> SheetOutcome:
    rows = form.asked
    index = int(arg) if arg.isdecimal() and len(arg) < 4 else len(rows)
    if index >= len(rows):
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    row = rows[index]
    return SheetOutcome(change(sheet, step=SheetStep.ASK, key=row.key, part=row.part or ""))


def _choose(form: Form, sheet: ReportSheet, arg: str) -> SheetOutcome:
    readings = sheet.doubts[0].readings if sheet.step is SheetStep.SETTLE and sheet.doubts else ()
    index = int(arg) if arg.isdecimal() and len(arg) < 3 else len(readings)
    if index >= len(readings):
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    return SheetOutcome(_settled(form, sheet, readings[index]))


def _none_of_these(form: Form, sheet: ReportSheet) -> SheetOutcome:
    if sheet.step is not SheetStep.SETTLE or not sheet.doubts:
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    left = {reading.key for reading in sheet.doubts[0].readings}
    dropped = change(sheet, doubts=sheet.doubts[1:])
    key = next((row.key for row in form.asked if row.key in left and row.key not in sheet.figures), "")
    if key and len(left) == 1 and not dropped.doubts:
        return SheetOutcome(change(dropped, step=SheetStep.ASK, key=key, part=part_of(form, key)))
    return SheetOutcome(ask_next(form, dropped))


def _open_part(form: Form, sheet: ReportSheet, arg: str) -> SheetOutcome:
    index = int(arg) if arg.isdecimal() and len(arg) < 3 else len(form.parts)
    if index >= len(form.parts):
        return SheetOutcome(sheet, SheetEvent.STAYED, SheetNote.OUT_OF_PLACE)
    part = form.parts[index].id
    first = next(iter(missing(form, sheet, part)), None) or next(row for row in form.asked if row.part == part)
    return SheetOutcome(change(sheet, step=SheetStep.ASK, key=first.key, part=part))


def _review(form: Form, sheet: ReportSheet) -> SheetOutcome:
    if sheet.doubts or (missing(form, sheet) and not form.parts):
        return SheetOutcome(ask_next(form, change(sheet, part="")), note=SheetNote.NOT_COMPLETE)
    if missing(form, sheet):
        return SheetOutcome(change(sheet, step=SheetStep.PARTS, key="", part=""), note=SheetNote.NOT_COMPLETE)
    return SheetOutcome(change(sheet, step=SheetStep.SUMMARY, key="", part=""))


def _send(form: Form, sheet: ReportSheet, previous: Figures | None) -> SheetOutcome:
    if is_ready(form, sheet, previous):
        return SheetOutcome(sheet, SheetEvent.SEND)
    reviewed = _review(form, sheet)
    if reviewed.sheet.step is SheetStep.SUMMARY and unexplained(form, reviewed.sheet, previous):
        return SheetOutcome(reviewed.sheet, SheetEvent.STAYED, SheetNote.NEEDS_REASON)
    if reviewed.sheet.step is SheetStep.SUMMARY:
        return SheetOutcome(reviewed.sheet, SheetEvent.STAYED, SheetNote.ALREADY_THERE)
    return SheetOutcome(reviewed.sheet, SheetEvent.STAYED, SheetNote.NOT_COMPLETE)


def _settled(form: Form, sheet: ReportSheet, reading: Reading) -> ReportSheet:
    return put_figure(form, change(sheet, doubts=sheet.doubts[1:]), reading.key, reading.value)


def _pick_figure(form: Form, sheet: ReportSheet) -> SheetOutcome:
    """Which figure is to be put right."""
    return SheetOutcome(change(sheet, step=SheetStep.PARTS if form.parts else SheetStep.PICK, key="", part=""))


_DOES: Final[Mapping[SheetAction, Callable[[Form, ReportSheet, Figures | None, str], SheetOutcome]]] = {
    SheetAction.KEEP: lambda form, sheet, previous, _: _keep(form, sheet, previous),
    SheetAction.SKIP: lambda form, sheet, _previous, _: _skip(form, sheet),
    SheetAction.BACK: lambda form, sheet, _previous, _: _back(form, sheet),
    SheetAction.NO_CHANGE: lambda form, sheet, previous, _: _nothing_changed(form, sheet, previous),
    SheetAction.CHANGED: lambda form, sheet, previous, _: _ask_who_moved(form, sheet, previous),
    SheetAction.VALUE: lambda form, sheet, _, arg: _put_value(form, sheet, arg),
    SheetAction.OTHER_VALUE: lambda _form, sheet, _previous, _: SheetOutcome(
        sheet, SheetEvent.STAYED, SheetNote.TYPE_FIGURE
    ),
    SheetAction.FIX: lambda form, sheet, _previous, _: _pick_figure(form, sheet),
    SheetAction.FIGURE: lambda form, sheet, _, arg: _fix(form, sheet, arg),
    SheetAction.CHOOSE: lambda form, sheet, _, arg: _choose(form, sheet, arg),
    SheetAction.NONE_OF_THESE: lambda form, sheet, _previous, _: _none_of_these(form, sheet),
    SheetAction.PART: lambda form, sheet, _, arg: _open_part(form, sheet, arg),
    SheetAction.REVIEW: lambda form, sheet, _previous, _: _review(form, sheet),
    SheetAction.SEND: lambda form, sheet, previous, _: _send(form, sheet, previous),
}
