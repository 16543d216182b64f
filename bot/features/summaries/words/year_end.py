"""The year in words: what a unit sent, or all units below, how members moved, and thanks."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from bot.features.summaries.taps import MakeYear, ReportRef, ShowSummary
from bot.features.summaries.years import Ends, Moves, OwnYear, YearBelow
from bot.road.reply import Button, MessageKind, Reply
from bot.words.reports import figure, percent, period_name
from knowledge.model.forms import Form, Movement
from knowledge.model.periods import Period
from knowledge.numbers import format_count, format_decimal
from storage.summaries import Completeness


def own_year(found: OwnYear, form: Form, name: str) -> Reply:
    """A unit's own year, to one of its officers."""
    ends = found.ends
    parts = [
        f"<b>Năm {found.year} của {escape(found.unit.name)}</b>\n{escape(form.short)}",
        _own_count(found.count),
        _lines(
            f"{escape(found.rows.level.short)}: {_ends(found.rows, ends)}" if ends is not None else "",
            _moves(found.rows, found.moves, found.count),
        ),
        f"Cảm ơn anh/chị {escape(name)} đã cùng đơn vị báo cáo trong năm qua. {_WISH}",
    ]
    ref = ReportRef(form.id, Period.month(found.year, 12))
    row: tuple[Button, ...] = (MakeYear(found.unit.id, ref).button("Excel 12 tháng"),)
    return Reply("\n\n".join(parts), (row,), kind=MessageKind.BROADCAST)


def year_below(found: YearBelow, form: Form, name: str) -> Reply:
    """The year of all units below, to a supervisor."""
    parts = [
        f"<b>Năm {found.year} – {escape(found.unit.name)} và các đơn vị bên dưới</b>\n{escape(form.short)}",
        _count_below(found.count),
        _lines(_level(found), _ends_below(found), _moves(found.rows, found.moves, found.count)),
        _alike(found),
        f"Cảm ơn anh/chị {escape(name)} đã theo sát các đơn vị trong năm qua. {_WISH}",
    ]
    ref = ReportRef(form.id, Period.month(found.year, 12))
    row = (
        ShowSummary(found.unit.id, ref).button("Xem tổng hợp"),
        MakeYear(found.unit.id, ref).button("Excel 12 tháng"),
    )
    return Reply("\n\n".join(part for part in parts if part), (row,), kind=MessageKind.BROADCAST)


_WISH = "Chúc anh/chị năm mới mạnh khỏe và nhiều niềm vui."


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _own_count(count: Completeness) -> str:
    if count.missing:
        return f"Đã gửi <b>{count.received}/{count.expected}</b> báo cáo tháng, đúng hạn {count.on_time}."
    on_time = "tất cả đúng hạn" if not count.late else f"đúng hạn {count.on_time}"
    return f"Đã gửi đủ <b>{count.received}/{count.expected}</b> báo cáo tháng, {on_time}."


def _count_below(count: Completeness) -> str:
    return (
        f"Báo cáo tháng cả năm: đã nộp <b>{format_count(count.received)}/{format_count(count.expected)}</b> "
        f"({percent(count.completeness)}), đúng hạn {format_count(count.on_time)} ({percent(count.timeliness)})"
    )


def _ends(rows: Movement, ends: Ends) -> str:
    row, change = rows.level, ends.last.value - ends.first.value
    return (
        f"<b>{figure(row, ends.first.value)}</b> ({period_name(ends.first.period)}) → "
        f"<b>{figure(row, ends.last.value)}</b> ({period_name(ends.last.period)}), {_change(change)}"
    )


def _level(found: YearBelow) -> str:
    row, level = found.rows.level, found.level
    if row.key not in level.figures:
        return ""
    older = (
        f", trong đó {format_count(level.older)} đơn vị chưa có {period_name(Period.month(found.year, 12))}"
        if level.older
        else ""
    )
    return (
        f"{escape(row.short)} cuối năm: <b>{figure(row, level.figures[row.key])}</b>, "
        f"theo báo cáo gần nhất của {format_count(level.units)} đơn vị{older}"
    )


def _ends_below(found: YearBelow) -> str:
    if found.ends is None:
        return ""
    return f"Riêng {format_count(found.ends.units)} đơn vị có báo cáo cả hai kỳ: {_ends(found.rows, found.ends)}"


def _moves(rows: Movement, moves: Moves, count: Completeness) -> str:
    summed = f" (cộng từ {format_count(moves.reports)} báo cáo đã nộp)" if count.missing else ""
    return (
        f"Cả năm: {_lower(rows.came.short)} <b>{figure(rows.came, moves.came)}</b>, "
        f"{_lower(rows.went.short)} <b>{figure(rows.went, moves.went)}</b>{summed}"
    )


def _alike(found: YearBelow) -> str:
    now, before, rows = found.alike, found.alike_before, found.rows
    if now is None or before is None:
        return ""
    return (
        f"<i>So với năm {found.year - 1}, chỉ tính {format_count(now.reports)} báo cáo có cùng tháng ở cả hai năm: "
        f"{_lower(rows.came.short)} {figure(rows.came, now.came)} ({_change(now.came - before.came)}), "
        f"{_lower(rows.went.short)} {figure(rows.went, now.went)} ({_change(now.went - before.went)}).</i>"
    )


def _change(value: Decimal) -> str:
    return "không đổi" if not value else format_decimal(value, signed=True)


def _lower(name: str) -> str:
    return escape(name[:1].lower() + name[1:])
