"""The digest on the morning after a due date."""

from __future__ import annotations

from html import escape

from bot.features.summaries.service import Summary
from bot.features.summaries.taps import ShowMissing, ShowSummary
from bot.features.summaries.words.files import PICTURE_NAME
from bot.features.summaries.words.pieces import completeness_lines, figures
from bot.features.summaries.words.targets import targets_text
from bot.road.reply import Attachment, Button, MessageKind, Reply
from bot.words.dates import day
from bot.words.reports import period_name
from knowledge.numbers import format_count


def digest(found: Summary, drawn: bytes | None) -> Reply:
    """What a report came to, with the picture of how complete each unit is where one was drawn."""
    asked = found.asked
    parts = [
        f"<b>Kết quả {escape(period_name(asked.period))} – {escape(found.unit.name)}</b>\n"
        f"{escape(asked.form.short)}, hết hạn {day(asked.due_on)}",
        completeness_lines(found.completeness),
        figures(found),
    ]
    if found.targets is not None and found.targets.progress:
        parts.append(targets_text(found.targets, found.unit))
    return Reply(
        "\n\n".join(part for part in parts if part),
        _buttons(found),
        photo=Attachment(drawn, PICTURE_NAME) if drawn is not None else None,
        kind=MessageKind.BROADCAST,
    )


def _buttons(found: Summary) -> tuple[tuple[Button, ...], ...]:
    ref, missing = found.asked.ref, found.completeness.missing
    row = [ShowSummary(found.unit.id, ref).button("Xem tổng hợp")]
    if missing:
        row.append(ShowMissing(found.unit.id, ref).button(f"Chưa nộp ({format_count(missing)})"))
    return (tuple(row),)
