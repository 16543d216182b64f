"""Who has reported, who is missing, and what came of reminding them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.summaries.missing import MISSING_SHOWN, Absent, MissingReports, Pursued
from bot.features.summaries.reports import AskedReport, UnitReport
from bot.features.summaries.taps import NudgeMissing, NudgeUnit, ShowMissing
from bot.features.summaries.words.pieces import completeness_lines, due, page_row
from bot.road.reply import Button, Reply
from bot.services.nudging import LatelyNudged, Nudged, SilentUnit
from bot.taps import invite_button
from bot.words.dates import day, moment, near_moment
from bot.words.nudging import nudged_all, nudged_told
from bot.words.people import silent_line, why_silent
from bot.words.reports import period_name, report_name, short_unit
from bot.words.units import dissolved_mark
from knowledge.numbers import format_count
from knowledge.text import raised
from storage.submissions import State
from storage.summaries import Reported

NUDGE_ALL: Final = "Nhắc tất cả"
INVITED_SHOWN: Final = 6
CALLED: Final = 5
"""Units of other pages that are to be called: the list itself has its own."""


def submitted_answer(about: UnitReport, found: Reported | None) -> Reply:
    """To "đơn vị tôi nộp tháng 10 chưa"."""
    asked = about.asked
    name, report = f"<b>{escape(about.unit.name)}</b>", escape(report_name(asked.form, asked.period))
    if found is None:
        return Reply(f"{name} không phải nộp {report}.")
    if found.state is None:
        if found.dissolved_on is not None and found.dissolved_on <= about.today:
            name += f" {dissolved_mark(found.dissolved_on)}"
        return Reply(f"{name} <b>chưa nộp</b> {report} ({due(asked.due_on, about.today)}).")
    if found.state is State.RETURNED:
        return Reply(f"{name} đã nộp {report} nhưng cấp trên <b>gửi trả để sửa</b>, hiện chưa gửi lại.")
    assert found.sent_at is not None
    timely = "đúng hạn" if found.on_time else "muộn"
    return Reply(f"{name} <b>đã nộp</b> {report} lúc {moment(found.sent_at, about.asking.zone)}, {timely}.")


def missing(found: MissingReports, *, zone: ZoneInfo, edits: int | None = None, told: Nudged | None = None) -> Reply:
    """The missing, a page of them, with what was done about them and a button to remind each and all.

    `told` is what came of **Nhắc tất cả** a moment ago: whoever is to be called stands there, on whatever page.
    """
    asked = found.asked
    head = (
        f"<b>Chưa nộp {escape(period_name(asked.period))} – {escape(found.unit.name)}</b>\n"
        f"{escape(asked.form.short)}, {due(asked.due_on, found.today)}\n{completeness_lines(found.completeness)}"
    )
    if found.newcomers:
        head += f"\n{format_count(found.newcomers)} đơn vị mới vào danh sách, kỳ này chưa phải nộp."
    if not found.shown:
        if found.completeness.expected:
            head += "\n\nMọi đơn vị phải nộp đều đã nộp." if found.newcomers else "\n\nMọi đơn vị đều đã nộp."
        return Reply(head, edits=edits)
    if found.lately is not None:
        head += f"\n\n{_lately(found.lately, zone, found.today)}"
    elif told is not None:
        head += f"\n\n🔔 {escape(nudged_told(told))}"
    first = found.page * MISSING_SHOWN + 1
    lines = [_absent(number, each, zone, found.today) for number, each in enumerate(found.shown, start=first)]
    rows: list[tuple[Button, ...]] = []
    if found.may_nudge:
        rows += [
            (
                NudgeUnit(each.unit.unit_id, asked.ref, found.page, found.unit.id).button(
                    f"Nhắc {short_unit(each.unit.name, 35)}"
                ),
            )
            for each in found.shown
            if each.can_be_reminded
        ]
        rows += [(invite_button(each.unit.unit_id, each.unit.name),) for each in found.shown if each.is_silent]
    elsewhere = _silent_elsewhere(found, told)
    if elsewhere:
        lines += ["", "<b>Cần liên hệ trực tiếp</b>, ở trang khác:"]
        lines += [silent_line(each.name, each.contact, has_officer=each.has_officer) for each in elsewhere[:CALLED]]
        if len(elsewhere) > CALLED:
            lines.append(f"• và {format_count(len(elsewhere) - CALLED)} đơn vị nữa")
        rows += [(invite_button(each.unit_id, each.name),) for each in elsewhere[:CALLED] if each.contact is not None]
    rows += page_row(ShowMissing(found.unit.id, asked.ref, found.page), found.pages)
    if found.may_nudge_all and not (told is not None and found.lately is None):
        rows.append((NudgeMissing(found.unit.id, asked.ref, found.page).button(NUDGE_ALL),))
    return Reply(f"{head}\n\n" + "\n".join(lines), tuple(rows), edits=edits)


def _lately(lately: LatelyNudged, zone: ZoneInfo, today: date) -> str:
    count = f"{format_count(len(lately.reminded))} đơn vị"
    if lately.leaves_at is not None:
        text = f"🔔 <b>Sẽ nhắc {count}</b> lúc {near_moment(lately.leaves_at, zone, today)}, vì đang là giờ yên lặng."
    else:
        text = f"🔔 <b>Đã nhắc {count}</b>, lần cuối {near_moment(lately.at, zone, today)}."
    others = [
        f"{format_count(number)} đơn vị {what}"
        for number, what in ((len(lately.muted), "đang tắt nhắc"), (len(lately.silent), "không nhắn được"))
        if number
    ]
    return f"{text} Còn {', '.join(others)}." if others else text


def _silent_elsewhere(found: MissingReports, told: Nudged | None) -> list[SilentUnit]:
    shown = {each.unit.unit_id for each in found.shown}
    return [each for each in told.silent if each.unit_id not in shown] if told is not None else []


def _absent(number: int, each: Absent, zone: ZoneInfo, today: date) -> str:
    if each.unit.dissolved_on is not None and each.unit.dissolved_on <= today:
        return f"{number}. {escape(each.unit.name)} {dissolved_mark(each.unit.dissolved_on)}"
    notes = []
    if each.unit.state is State.RETURNED:
        notes.append("đã gửi trả, chờ sửa")
    if each.extended_to is not None:
        notes.append(f"được gia hạn đến {day(each.extended_to)}")
    reach = each.reach
    if reach.leaves_at is not None:
        notes.append(f"sẽ nhắc lúc {near_moment(reach.leaves_at, zone, today)}")
    elif reach.wished_at is not None:
        at = max(reach.wished_at, each.reminded_at or reach.wished_at)
        notes.append(f"đã nhắc lúc {near_moment(at, zone, today)}")
    elif each.reminded_at is not None:
        notes.append(f"nhắc lần cuối {near_moment(each.reminded_at, zone, today)}")
    elif not each.is_silent:
        notes.append("chưa được nhắc")
    if reach.is_muted:
        notes.append("đang tắt nhắc")
    if not each.joined and not each.contact:
        notes.append(
            "cán bộ chưa tham gia nên không nhắn được" if each.invited else "chưa có cán bộ nào, không nhắn được"
        )
    elif each.blocked == each.joined:
        notes.append(why_silent(each.contact, has_officer=each.joined > 0))
    elif each.blocked:
        notes.append(f"liên lạc được {each.joined - each.blocked}/{each.joined} cán bộ")
    return f"{number}. {escape(each.unit.name)} – {'; '.join(notes)}"


def nudged(found: Nudged | None, asked: AskedReport) -> Reply:
    """After **Nhắc tất cả**, with the units where nobody can be reminded; None where the report is owed no longer."""
    if found is None:
        return Reply(nothing_to_nudge())
    buttons = tuple((invite_button(each.unit_id, each.name),) for each in found.silent[:INVITED_SHOWN])
    return replace(nudged_all(found, report_name(asked.form, asked.period)), buttons=buttons)


def pursued(found: Pursued) -> str:
    """What was done about the missing, and who is to be called, for a digest; empty where nothing is to be said."""
    parts = []
    if found.reminded:
        parts.append(f"đã nhắc {format_count(found.reminded)} đơn vị chưa nộp")
    if not found.silent:
        return raised(parts[0]) + "." if parts else ""
    parts.append(f"{format_count(len(found.silent))} đơn vị không nhắn được:")
    lines = [raised("; ".join(parts))]
    lines += [
        silent_line(each.unit.name, each.contact, has_officer=each.joined > 0) for each in found.silent[:INVITED_SHOWN]
    ]
    if len(found.silent) > INVITED_SHOWN:
        lines.append(f"• và {format_count(len(found.silent) - INVITED_SHOWN)} đơn vị nữa")
    return "\n".join(lines)


def nothing_to_nudge() -> str:
    """Where everybody has reported, or the report is owed no longer."""
    return "Không còn đơn vị nào cần nhắc về báo cáo này."
