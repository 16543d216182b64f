"""What the page reads and writes: the same draft, checks and rights as in the chat."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from bot.features.submissions import dialogs, sending
from bot.features.submissions.dialogs import Sent
from bot.features.submissions.page import words
from bot.features.submissions.sending import Delivered
from bot.features.submissions.words.steps import describe_refusal
from bot.hands.asking import Asking
from bot.services import drafts
from bot.services.drafts import DraftMark, NotOpened, OpenDraft
from knowledge.forms.rules import show_figure
from knowledge.model.forms import Indicator
from knowledge.numbers import Parsed, Reason, Refused
from knowledge.reports import sheet as sheets
from knowledge.reports.figures import parse_figure
from knowledge.reports.listing import label_of
from knowledge.reports.model import UntakenPiece
from knowledge.reports.sheet import ReportSheet, SheetStep
from storage import submissions

MOST_TEXT: Final = 60
LONGEST_REASON: Final = 500
_MARK: Final = re.compile(r"(\d{1,18})\.([0-9a-f]{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageSaid:
    """What the page says: of which draft as it saw it, rows as they were typed, reasons, rows left empty on purpose."""

    draft: str
    version: int = 0
    rows: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    leave_empty: bool = False


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


def fill_in(opened: OpenDraft, said: PageSaid) -> tuple[ReportSheet, dict[str, str]]:
    """The sheet with what was typed, and by row why something was not taken; an emptied row is empty again."""
    form, sheet, wrong = opened.form, opened.sheet, dict[str, str]()
    asked = {row.key: row for row in form.asked}
    for key, typed in said.rows.items():
        row = asked.get(key)
        if row is None:
            continue
        text = typed.strip()
        number = parse_figure(row, text[:MOST_TEXT]) if text else None
        if isinstance(number, Parsed):
            sheet = sheets.put_figure(form, sheet, key, number.value)
        elif number is None:
            figures = {other: value for other, value in sheet.figures.items() if other != key}
            sheet = sheets.change(
                sheet,
                figures=figures,
                skipped=tuple(other for other in sheet.skipped if other != key),
                reasons=sheets.still_explained(form, sheet, figures),
            )
        else:
            reason = number.reason if isinstance(number, Refused) else Reason.NOT_A_NUMBER
            wrong[key] = describe_refusal(row, UntakenPiece(text[:MOST_TEXT], key, reason))
    told = {rule: " ".join(text.split())[:LONGEST_REASON] for rule, text in said.reasons.items()}
    broken = {verdict.rule for verdict in sheets.verdicts(form, sheet, opened.previous)}
    reasons = {**sheet.reasons, **{rule: text for rule, text in told.items() if rule in broken and _says(text)}}
    if said.leave_empty:
        left = [row.key for row in sheets.missing(form, sheet) if sheets.may_skip(form, row)]
        sheet = sheets.change(sheet, skipped=(*sheet.skipped, *left))
    return sheets.ask_next(form, sheets.change(sheet, reasons=reasons, part="", key="")), wrong


def _says(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= 3


async def save(asking: Asking, opened: OpenDraft, sheet: ReportSheet) -> OpenDraft:
    """Keep what was typed as the draft's next version; raises StaleDraftError where it changed meanwhile."""
    return opened if sheet == opened.sheet else await drafts.save(asking, opened, sheet)


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
                "rows": [_row(opened, row) for row in form.indicators if row.part == part.id],
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
    }


def _shown(row: Indicator, value: Any) -> str:
    return show_figure(value, row.kind)
