"""What came of reminding at a supervisor's wish, wherever it is wished."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.road.reply import Reply
from bot.services.nudging import Nudged
from bot.words.dates import will_leave
from bot.words.people import silent_line
from knowledge.numbers import format_count
from knowledge.text import raised

SILENT_SHOWN: Final = 20
_MUTED_SHOWN: Final = 10
_MUTED_IN_TOAST: Final = 2


def nudged(found: Nudged, unit_name: str) -> str:
    """What came of reminding one unit, as a toast."""
    return f"{unit_name}: {nudged_counts(found)}{_muted_names(found, _MUTED_IN_TOAST)}"


def nudged_all(found: Nudged, what: str) -> Reply:
    """After **Nhắc tất cả**: how many get it, who has turned reminders off, whom to call. `what` is nudged about, a
    plain text."""
    lines = [f"<b>Nhắc: {escape(what)}</b>", escape(nudged_told(found))]
    if found.silent:
        lines += ["", "<b>Cần liên hệ trực tiếp</b>"]
        lines += [
            silent_line(each.name, each.contact, has_officer=each.has_officer) for each in found.silent[:SILENT_SHOWN]
        ]
        if len(found.silent) > SILENT_SHOWN:
            lines.append(f"• và {format_count(len(found.silent) - SILENT_SHOWN)} đơn vị nữa, xem ở /chuanop")
    return Reply("\n".join(lines))


def nudged_told(found: Nudged) -> str:
    """What `nudged_counts` tells, with the names of those who turned reminders off; plain text."""
    return nudged_counts(found) + _muted_names(found, _MUTED_SHOWN)


def nudged_counts(found: Nudged) -> str:
    """How many get it, how many not and why, and when it goes out in quiet hours; plain text."""
    parts = []
    if found.reminded:
        parts.append(_reminded(found))
    if found.again:
        parts.append(f"{format_count(found.again)} người vừa được nhắc trong 12 giờ qua nên không nhắc lại")
    if found.muted:
        parts.append(f"{format_count(len(found.muted))} người đang tắt nhắc")
    if found.unreachable:
        parts.append(f"{format_count(found.unreachable)} người không liên lạc được")
    if found.without_officer:
        parts.append(f"{format_count(found.without_officer)} đơn vị chưa có cán bộ tham gia")
    text = f"{raised('; '.join(parts) or 'không có ai để nhắc')}."
    if found.leaves_at is not None:
        text += f" Đang là giờ yên lặng. {will_leave(found.leaves_at, overnight=found.waits_overnight)}."
    return text


def _reminded(found: Nudged) -> str:
    count = f"{format_count(found.reminded)} cán bộ"
    if found.leaves_at is not None:
        return f"sẽ nhắc {count}"
    if found.busy == found.reminded:
        return f"sẽ nhắc {count} sau ít phút, khi họ nhắn xong với tôi"
    if found.busy:
        return f"đã nhắc {count}, trong đó {format_count(found.busy)} người đang nhắn với tôi nên nhận sau ít phút"
    return f"đã nhắc {count}"


def _muted_names(found: Nudged, most: int) -> str:
    """Who hears nothing for having turned reminders off, with their unit; behind the counts."""
    if not found.muted:
        return ""
    names = [f"{each.name or 'chưa rõ tên'} ({each.unit_name})" for each in found.muted[:most]]
    rest = f" và {format_count(len(found.muted) - most)} người nữa" if len(found.muted) > most else ""
    return f" Đang tắt nhắc: {', '.join(names)}{rest}."
