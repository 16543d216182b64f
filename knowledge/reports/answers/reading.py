"""A message read by a form whose rows are answered by figures and by yes or no. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.reports.answers.counting import Counter
from knowledge.reports.answers.names import row_names
from knowledge.reports.answers.pairing import list_items, pair
from knowledge.reports.answers.placed import read_placed
from knowledge.reports.answers.said import RowAnswer
from knowledge.reports.answers.scanned import ScannedReport
from knowledge.reports.answers.scanning import scan_if_named
from knowledge.reports.answers.telling import YesNoTeller
from knowledge.reports.answers.words import groups_of
from knowledge.reports.model import Doubt, Reading, ReportText, Unsure, UntakenPiece
from knowledge.reports.words import ASKS
from knowledge.text import fold

ENOUGH: Final = 2
"""Rows from which on a message that names neither form nor period reports on it."""
MANY: Final = 3
"""Rows from which on remarks beside them make a message no less a report."""

_AROUND: Final = 2


def read_answers(text: str, form: Form, today: date, opened: Period | None) -> ReportText:
    """What a message says of the form's rows: each figure or answer sure, doubted with its readings, or not said.

    Args:
        opened: the latest period that is open: the one reported where none is named.

    Example: "đối thoại 4 cuộc, hội nghị NLĐ làm rồi, tư vấn tầm 30 lượt" → four dialogues and a conference; the people
    advised are asked about.
    """
    placed = read_placed(text, form, today)
    if placed is not None:
        return _in_order(*placed, opened)
    scanned = scan_if_named(text, row_names(form), today)
    if scanned is None:
        return ReportText(assumed_period=opened, values={}, missing=form.missing({}))
    periods = _find_periods(scanned, form, opened)
    period = periods[0] if len(periods) == 1 else opened
    _mark_questions(scanned)
    items = [each for each in list_items(scanned) if each.start not in scanned.asked]
    counted = Counter(scanned, form, period, pair(scanned, items)).read()
    told = YesNoTeller(scanned, period).read()
    answers = _asked_again(scanned, _joined(scanned, counted, told))
    values = {each.key: each.values[0] for each in answers if each.is_sure}
    ordered = {row.key: values[row.key] for row in form.asked if row.key in values}
    reading = ReportText(
        period=periods[0] if len(periods) == 1 else None,
        period_choices=periods if len(periods) > 1 else (),
        assumed_period=None if periods else opened,
        values=ordered,
        ambiguous=tuple(_unsure(scanned, each) for each in answers if not each.is_sure and each.values),
        refused=tuple(
            UntakenPiece(_piece(scanned, each), each.key, each.reason) for each in answers if each.reason is not None
        ),
        unmatched=(),
        missing=form.missing(ordered),
        is_report=_hands_in(scanned, form, answers, has_period=bool(periods)),
    )
    return reading


def _in_order(own: Form, values: dict[str, Decimal], opened: Period | None) -> ReportText:
    """The reading of a message that gives every figure, in the order of the form, without a name."""
    return ReportText(
        assumed_period=opened, values=values, missing=own.missing(values), positional=True, is_report=True
    )


def _joined(scanned: ScannedReport, counted: Sequence[RowAnswer], told: Sequence[RowAnswer]) -> list[RowAnswer]:
    """The answers by row; of a row answered by a figure and in words, the sure one, and the figure where both are."""
    found = {each.key: each for each in counted}
    for each in told:
        other = found.get(each.key)
        if other is None or other.reason is not None or not other.is_sure:
            found[each.key] = each
    return [found[key] for key in scanned.names.rows if key in found]


def _asked_again(scanned: ScannedReport, answers: Sequence[RowAnswer]) -> list[RowAnswer]:
    """The answers, those in doubt of which the message itself asks how many, or as what they count."""
    again: set[str] = set()
    for each in scanned.mentions:
        begin, end = scanned.clause(each.start)
        counts = any(begin <= figure.start < end for figure in scanned.figures)
        if each.start in scanned.asked and (counts or scanned.holds(begin, end, "as_counted")):
            again.update(each.keys)
    again.update(each.key for each in answers if _is_asked_how(scanned, each))
    return [replace(each, is_sure=False) if each.key in again else each for each in answers]


def _is_asked_how(scanned: ScannedReport, answer: RowAnswer) -> bool:
    """Whether the message asks behind an answer, in its sentence, how one of what it counts is counted."""
    row = scanned.names.rows[answer.key]
    _, close = scanned.sentence(answer.start)
    own = groups_of(row.unit or "")
    for unit in scanned.phrases.of("meetings", "cases", "turns") if not row.yes_no else ():
        begin, end = scanned.clause(unit.start)
        asked = answer.end <= begin < close and unit.start in scanned.asked and unit.name in own
        named = any(begin <= each.start < end for each in scanned.mentions)
        if asked and not named and scanned.holds(begin, end, "as_counted"):
            return True
    return False


def _piece(scanned: ScannedReport, each: RowAnswer) -> str:
    start, end = max(each.start - _AROUND, 0), each.end
    begin, _ = scanned.clause(each.start)
    named = [mention.start for mention in scanned.mentions if begin <= mention.start <= each.start]
    start = named[-1] if named else max(start, begin)
    return scanned.said(start, end).replace("\n", " ").strip(" ,;:.-|")


def _unsure(scanned: ScannedReport, each: RowAnswer) -> Unsure:
    doubt = Doubt.CONFLICT if each.is_conflict else Doubt.APPROXIMATE
    return Unsure(_piece(scanned, each), tuple(Reading(each.key, value) for value in each.values), doubt)


# --- The period ---


def _find_periods(scanned: ScannedReport, form: Form, opened: Period | None) -> tuple[Period, ...]:
    """The periods that a message reports on: the one that heads it, else the open one where it is named, else the one
    that all its figures are said to be of.
    """
    named = [(each, each.period) for each in scanned.whens if each.period is not None]
    said = [
        (each, period)
        for each, period in named
        if period.kind is form.period
        and not scanned.holds(max(each.start - _AROUND, 0), each.start, "comparing", "from")
        and not (each.is_relative and opened is not None and period > opened)
    ]
    starts = [*(each.start for each in scanned.mentions), *(each.start for each in scanned.figures)]
    first = min(starts, default=len(scanned.tokens))
    heads = [(each, period) for each, period in said if each.start < first]
    for each, period in heads:
        begin, _ = scanned.clause(each.start)
        if scanned.sign(each.end) in (":", "-", "\n") or scanned.holds(begin, each.start, "report"):
            return (period,)
    periods = tuple(dict.fromkeys(period for _, period in said))
    if opened is not None and opened in periods:
        return (opened,)
    if heads:
        return (heads[0][1],)
    clauses = {scanned.clauses[each.start] for each in scanned.figures}
    return periods if clauses and clauses <= {scanned.clauses[each.start] for each, _ in said} else ()


# --- Questions ---


def _mark_questions(scanned: ScannedReport) -> None:
    """Mark what only asks: sentences with a question mark, clauses that ask, and "phải … không", "đã … chưa"."""
    plain = "".join((fold(letter)[:1] or " ") for letter in scanned.text)
    for at in range(len(scanned.tokens)):
        if scanned.sign(at) == "?" and not _is_blank(scanned, at):
            begin, _ = scanned.sentence(max(at - 1, 0))
            own, _ = scanned.clause(max(at - 1, 0))
            starts = [*(each.start for each in scanned.mentions), *(each.start for each in scanned.figures)]
            told = any(own <= start < at for start in starts)
            scanned.asked.update(range(begin if told else own, at + 1))
    for match in ASKS.finditer(plain):
        found = next((at for at, each in enumerate(scanned.tokens) if each.end > match.start()), None)
        if found is not None:
            begin, end = scanned.clause(found)
            scanned.asked.update(range(begin, end))
    at = 0
    while at < len(scanned.tokens):
        begin, end = scanned.clause(at)
        if _asks_which(scanned, begin, end) or _asks_yes_or_no(scanned, begin, end):
            scanned.asked.update(range(begin, end))
        at = end


def _is_blank(scanned: ScannedReport, at: int) -> bool:
    """Whether a question mark stands where a figure should, or right behind one."""
    before = scanned.tokens[at - 1].text if at else ""
    return before in (":", "=") or before[:1].isdecimal()


def _asks_which(scanned: ScannedReport, begin: int, end: int) -> bool:
    if scanned.holds(begin, end, "asking"):
        return True
    which = next(iter(scanned.spans(begin, end, "which")), None)
    if which is not None and scanned.phrases.at(which.end, "also") is not None:
        return False
    return which is not None and not scanned.holds(begin, which.end, "no", "nothing", "unknown", "ended")


def _asks_yes_or_no(scanned: ScannedReport, begin: int, end: int) -> bool:
    last = end
    while last > begin and (scanned.sign(last - 1) or scanned.phrases.before(last, "at_end") is not None):
        span = scanned.phrases.before(last, "at_end")
        last = last - 1 if scanned.sign(last - 1) or span is None else span.start
    no = scanned.phrases.before(last, "no")
    if no is None or no.start <= begin:
        return False
    if any(scanned.sign(at) in (":", "=") for at in range(begin, no.start)) or scanned.holds(begin, end, "unknown"):
        return False
    return any(each.start < no.start for each in scanned.spans(begin, no.start, "asking_yes", "due"))


def _hands_in(scanned: ScannedReport, form: Form, answers: Sequence[RowAnswer], *, has_period: bool) -> bool:
    """Whether the message reports rather than asks, remarks or hands down."""
    count = len(answers)
    if not count or scanned.holds(0, len(scanned.tokens), "no_report"):
        return False
    if count < MANY and scanned.holds(0, len(scanned.tokens), "remarking"):
        return False
    asks = bool(scanned.asked) and not scanned.holds(0, len(scanned.tokens), "asks_to_note")
    if count >= ENOUGH + asks:
        return True
    return not asks and (has_period or _names_form(scanned, form))


def _names_form(scanned: ScannedReport, form: Form) -> bool:
    """Whether a message names the form, begins as a report or says that the rest is as before."""
    said = f" {' '.join(each.folded for each in scanned.tokens)} "
    names = (form.title, form.short, *form.aliases)
    begins = scanned.phrases.at(0, "opening") is not None
    return (
        begins
        or scanned.holds(0, len(scanned.tokens), "as_before")
        or any(f" {' '.join(fold(name).split())} " in said for name in names)
    )
