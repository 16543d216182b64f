"""What several messages of summaries say alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import escape
from typing import Final

from bot.features.summaries.service import Summary
from bot.features.summaries.taps import ReportTap
from bot.road.reply import Button
from bot.words.dates import day
from bot.words.reports import bar, percent, period_name, total
from knowledge.model.units import UnitKind
from knowledge.numbers import format_count, format_decimal
from storage.summaries import Completeness

KINDS: Final = {
    UnitKind.CONFEDERATION: "Tổng Liên đoàn",
    UnitKind.PROVINCE: "LĐLĐ tỉnh, thành phố",
    UnitKind.SECTOR: "Công đoàn ngành",
    UnitKind.UPPER: "Công đoàn cấp trên trực tiếp cơ sở",
    UnitKind.COMMUNE: "Công đoàn xã, phường",
    UnitKind.PUBLIC: "Hành chính sự nghiệp",
    UnitKind.STATE_ENTERPRISE: "Doanh nghiệp nhà nước",
    UnitKind.PRIVATE: "Ngoài nhà nước",
    UnitKind.FOREIGN: "Vốn đầu tư nước ngoài",
    UnitKind.GUILD: "Nghiệp đoàn",
}


_ROWS_SHOWN: Final = 12
_ROWS_WITHOUT_PARTS: Final = 24


def due(due_on: date, today: date) -> str:
    """The due date and how far away it is."""
    days = (due_on - today).days
    if days > 1:
        return f"hạn {day(due_on)}, còn {days} ngày"
    if days == 1:
        return f"hạn ngày mai, {day(due_on)}"
    if days == 0:
        return f"hạn hôm nay, {day(due_on)}"
    return f"hạn {day(due_on)}, quá hạn {-days} ngày"


def completeness_lines(count: Completeness) -> str:
    """Received, on time, late, missing, with both rates."""
    if not count.expected:
        return "Kỳ này không có đơn vị nào phải nộp."
    text = (
        f"Đã nộp <b>{format_count(count.received)}/{format_count(count.expected)}</b> ({percent(count.completeness)}), "
        f"đúng hạn {format_count(count.on_time)} ({percent(count.timeliness)})"
    )
    if count.late:
        text += f", muộn {format_count(count.late)}"
    if count.brought_in:
        text += f"; {brought_in(count)}"
    text += f"\nChưa nộp <b>{format_count(count.missing)}</b>"
    if count.returned:
        text += f", trong đó {format_count(count.returned)} báo cáo đã gửi trả, chờ sửa"
    return text


def brought_in(count: Completeness) -> str:
    """How many of those received nobody sent: figures of a time before the unit reported here."""
    return f"{format_count(count.brought_in)} đơn vị có số nhập từ trước"


def received_lines(found: Summary) -> tuple[str, ...]:
    """What has come in with its bar, and what is missing until when, on two short lines."""
    count = found.completeness
    if not count.expected:
        return ("Kỳ này không có đơn vị nào phải nộp.",)
    received = f"{format_count(count.received)}/{format_count(count.expected)}"
    came = f"{bar(count.received, count.expected)} đã nộp <b>{received}</b> ({percent(count.completeness)})"
    earlier = f", {brought_in(count)}" if count.brought_in else ""
    if not count.missing:
        timely = f", muộn {format_count(count.late)}" if count.late else ", đều đúng hạn" if count.on_time else ""
        return came, f"Đã nộp đủ{timely}{earlier}"
    late = (f", nộp muộn {format_count(count.late)}" if count.late else "") + earlier
    missing = f"Chưa nộp <b>{format_count(count.missing)}</b>{late}; {due(found.asked.due_on, found.today)}"
    return came, missing


def figures(found: Summary) -> str:
    """The totals, with their change since a period and a year before; empty where nothing was sent."""
    form, own = found.asked.form, found.totals
    rows = [row for row in form.told if not row.heading and row.key in own.figures]
    if not rows and not own.given:
        return ""
    others = [each for each in (found.last_period, found.last_year) if each is not None]
    against = " và ".join(escape(period_name(each.period)) for each in others)
    aside = f"; trong ngoặc là tăng, giảm so với {against}" if others else ""
    lines = [f"<b>Số liệu</b>, cộng từ {format_count(own.reports)} báo cáo{aside}"]
    most = _ROWS_SHOWN if form.parts else _ROWS_WITHOUT_PARTS
    for row in rows[:most]:
        value = own.figures[row.key]
        line = f"{'  ' if row.parent else ''}{escape(row.short)}: <b>{total(row, value)}</b>"
        changes = [each.alike.find_change(row.key) for each in others]
        compared = "; ".join("–" if change is None else _change(change) for change in changes)
        lines.append(line + (f" ({compared})" if any(change is not None for change in changes) else ""))
    if len(rows) > most:
        lines.append(f"… và {len(rows) - most} mục nữa, xem đủ trong tệp Excel.")
    if any(row.key in own.given and row.key not in own.figures for row in form.told):
        lines.append("<i>Tỷ lệ của nhiều đơn vị không cộng được: xem từng đơn vị hoặc tệp Excel.</i>")
    if others:
        counts = "; ".join(
            f"với {period_name(each.period)} trên {format_count(each.alike.units)} đơn vị" for each in others
        )
        lines.append(f"<i>Chỉ so các đơn vị đã nộp cả hai kỳ: {escape(counts)}.</i>")
    return "\n".join(lines)


def _change(value: Decimal) -> str:
    return "không đổi" if not value else format_decimal(value, signed=True)


def page_row(shown: ReportTap, pages: int) -> list[tuple[Button, ...]]:
    """The row of buttons to the pages around the one shown; no row where there is only one."""
    row = []
    if shown.page > 0:
        row.append(replace(shown, page=shown.page - 1).button("‹ Trang trước"))
    if shown.page + 1 < pages:
        row.append(replace(shown, page=shown.page + 1).button("Trang sau ›"))
    return [tuple(row)] if row else []
