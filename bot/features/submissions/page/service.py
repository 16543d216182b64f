"""What the page reads and writes: the same draft, checks and rights as in the chat."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.features.submissions import dialogs, sending
from bot.features.submissions.dialogs import Sent
from bot.features.submissions.page import words
from bot.features.submissions.sending import Delivered
from bot.features.submissions.words.steps import describe_refusal
from bot.hands.asking import Asking
from bot.road.reply import to_plain
from bot.services import drafts
from bot.services.drafts import DraftMark, NotOpened, OpenDraft
from knowledge.forms.rules import show_figure
from knowledge.model.forms import Form, Indicator
from knowledge.numbers import NumberOutcome, Parsed, Reason, Refused
from knowledge.reports import sheet as sheets
from knowledge.reports.figures import parse_figure
from knowledge.reports.listing import label_of
from knowledge.reports.model import UntakenPiece
from knowledge.reports.sheet import ReportSheet, SheetStep, UnreadText
from storage import submissions

MOST_TEXT: Final = 60
LONGEST_REASON: Final = 500
LEAST_LETTERS: Final = 3  # as where a reason is typed in the chat
_MARK: Final = re.compile(r"(\d{1,18})\.([0-9a-f]{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageSaid:
    """What the page says: of which draft as it saw it, rows as they were typed, reasons, rows left empty on purpose.

    `closing`: the page is being closed, and shows no answer any more.
    """

    draft: str
    version: int = 0
    rows: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    leave_empty: bool = False
    closing: bool = False


@dataclass(slots=True)
class PageTaken:
    """The sheet with what the page said; by row why something was not taken or how it was understood; reasons too
    short to explain anything, by rule."""

    sheet: ReportSheet
    wrong: dict[str, str] = field(default_factory=dict)
    understood: dict[str, str] = field(default_factory=dict)
    unexplained: dict[str, str] = field(default_factory=dict)


async def find_draft(asking: Asking, said: PageSaid) -> OpenDraft | None:
    """The draft of the page's address, where whoever opened it may enter for its unit and its campaign is open."""
    found = _MARK.fullmatch(said.draft)
    if found is None:
        return None
    opened = await drafts.find_marked(asking, DraftMark(int(found[1]), found[2], 0))
    return opened if opened is not None and not opened.is_closed(asking.now) else None


def carrier_of(asking: Asking, mark: str) -> tuple[int, int] | None:
    """What stands for the message that brought a report sent by the page, so that sent twice it is one.

    Telegram's message numbers are positive; these are the draft's id and what was drawn for it, below zero.
    """
    found = _MARK.fullmatch(mark)
    if found is None or len(found[2]) > 6 or int(found[1]) >= 2**38:
        return None
    return asking.chat_id, -((int(found[1]) << 24) | int(found[2], 16)) - 1


async def was_sent(asking: Asking, said: PageSaid) -> Delivered | None:
    """What this page sent before, for whom the answer got lost."""
    carrier = carrier_of(asking, said.draft)
    sent = await submissions.find_by_carrier(asking.db, *carrier) if carrier is not None else None
    if sent is None:
        return None
    return await sending.find_delivered(asking, sent.unit_id, sent.form, sent.period.code)


def may_take(asking: Asking, opened: OpenDraft, said: PageSaid) -> PageSaid | None:
    """What may be taken of what a page says; None where its draft moved on, which the page then shows.

    A page that closes can ask nobody any more: over a change of the officer's own their rows go in, beside a
    colleague's only what is still empty. Of several changes only the last is known by its maker.
    """
    if said.version == opened.draft.version:
        return said
    if not said.closing:
        return None
    draft = opened.draft
    if draft.changed_by == asking.person_id and draft.version == said.version + 1:
        return said
    stands = opened.sheet
    return replace(
        said,
        rows={key: typed for key, typed in said.rows.items() if key not in stands.figures},
        reasons={rule: text for rule, text in said.reasons.items() if rule not in stands.reasons},
    )


def fill_in(opened: OpenDraft, said: PageSaid) -> PageTaken:
    """The sheet with what was typed, and what is to be said beside it; an emptied row is empty again."""
    form, taken = opened.form, PageTaken(opened.sheet)
    asked = {row.key: row for row in form.asked}
    for key, typed in said.rows.items():
        if key in asked:
            _put(form, taken, asked[key], typed.strip())
    sheet = taken.sheet
    broken = {verdict.rule for verdict in sheets.verdicts(form, sheet, opened.previous) if verdict.needs_reason}
    reasons = dict(sheet.reasons)
    for rule, said_why in said.reasons.items():
        text = " ".join(said_why.split())[:LONGEST_REASON]
        if rule not in broken:
            continue
        if sum(letter.isalpha() for letter in text) >= LEAST_LETTERS:
            reasons[rule] = text
            continue
        reasons.pop(rule, None)
        if text:
            taken.unexplained[rule] = words.too_short()
    if said.leave_empty:
        left = [row.key for row in sheets.missing(form, sheet) if sheets.may_skip(form, row)]
        sheet = sheets.change(sheet, skipped=(*sheet.skipped, *left))
    taken.sheet = sheets.ask_next(form, sheets.change(sheet, reasons=reasons, part="", key=""))
    return taken


def _put(form: Form, taken: PageTaken, row: Indicator, text: str) -> None:
    others = {key: each for key, each in taken.sheet.unread.items() if key != row.key}
    sheet = taken.sheet = sheets.change(taken.sheet, unread=others)
    number = parse_figure(row, text[:MOST_TEXT]) if text else None
    if isinstance(number, Parsed):
        taken.sheet = sheets.put_figure(form, sheet, row.key, number.value)
        shown = _shown(row, number.value)
        if _digits(text) != _digits(shown):
            taken.understood[row.key] = words.understood(text[:MOST_TEXT], shown)
    elif number is None:
        figures = {other: value for other, value in sheet.figures.items() if other != row.key}
        taken.sheet = sheets.change(
            sheet,
            figures=figures,
            skipped=tuple(other for other in sheet.skipped if other != row.key),
            reasons=sheets.still_explained(form, sheet, figures),
        )
    else:
        unread = UnreadText(text[:MOST_TEXT], sheet.figures.get(row.key))
        taken.sheet = sheets.change(sheet, unread={**others, row.key: unread})
        taken.wrong[row.key] = _why_not(row, unread.text, number)


def _why_not(row: Indicator, text: str, number: NumberOutcome) -> str:
    """Why what was typed is no figure, as plain text."""
    reason = number.reason if isinstance(number, Refused) else Reason.NOT_A_NUMBER
    return to_plain(describe_refusal(row, UntakenPiece(text, row.key, reason)))


def _digits(text: str) -> str:
    """What is left of a number without its separators: "1200" and "1.200" are the same to whoever typed either."""
    return "".join(letter for letter in text if letter not in "., ")


async def save(asking: Asking, opened: OpenDraft, sheet: ReportSheet) -> OpenDraft:
    """Keep what was typed as the draft's next version; raises StaleDraftError where it changed meanwhile."""
    return opened if sheet == opened.sheet else await drafts.save(asking, opened, sheet)


async def renew(asking: Asking, opened: OpenDraft) -> OpenDraft:
    """The report as the new version of its form asks it; raises StaleDraftError where it changed meanwhile."""
    return await drafts.renew(asking, opened)


async def send(asking: Asking, opened: OpenDraft, mark: str) -> Delivered | NotOpened | None:
    """Send the report as the chat does; None where something is still open in it."""
    carrier = carrier_of(asking, mark)
    if carrier is None or opened.sheet.step is not SheetStep.SUMMARY or not opened.is_ready:
        return None
    delivered = await sending.send(asking, opened, carrier=carrier, sent_at=asking.now)
    if isinstance(delivered, Delivered):
        state = Sent(unit_id=opened.unit.id, form=opened.form.id, period=opened.period.code)
        await dialogs.keep(asking, state)
    return delivered


def describe(opened: OpenDraft) -> dict[str, Any]:
    """The report as the page shows it."""
    form, sheet = opened.form, opened.sheet
    whole = form.completed(sheet.figures)
    return {
        "version": opened.draft.version,
        "title": form.short,
        "about": words.about(opened),
        "note": form.note or "",
        "parts": [
            {
                "title": f"{part.number}. {part.title}" if part.number else part.title,
                "rows": [_row(opened, row) for row in form.told if row.part == part.id],
            }
            for part in form.parts
        ],
        "totals": {row.key: _shown(row, whole[row.key]) for row in form.indicators if row.derived and row.key in whole},
        "verdicts": [
            {
                "rule": verdict.rule,
                "keys": list(verdict.keys),
                "sentence": verdict.sentence,
                "needs_reason": verdict.needs_reason,
                "reason": sheet.reasons.get(verdict.rule, ""),
            }
            for verdict in sheets.verdicts(form, sheet, opened.previous)
        ],
        "missing": len(sheets.missing(form, sheet)),
        "doubts": len(sheet.doubts),
        "ready": opened.is_ready,
    }


def _row(opened: OpenDraft, row: Indicator) -> dict[str, Any]:
    form, sheet = opened.form, opened.sheet
    before = sheets.value_before(row, opened.previous)
    unread = sheet.unread.get(row.key)
    return {
        "key": row.key,
        "no": label_of(form, row),
        "name": row.name,
        "unit": row.unit or "",
        "sub": row.parent is not None,
        "asked": row.asked,
        "heading": row.heading,
        "decimal": row.kind != "count",
        "value": _shown(row, sheet.figures[row.key]) if row.key in sheet.figures else "",
        "before": _shown(row, before) if before is not None else "",
        "typed": unread.text if unread is not None else "",
        "wrong": _why_not(row, unread.text, parse_figure(row, unread.text)) if unread is not None else "",
    }


def _shown(row: Indicator, value: Any) -> str:
    return show_figure(value, row.kind)
