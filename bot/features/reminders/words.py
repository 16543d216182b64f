"""What is said about what is owed: reminders, digests for supervisors, what is ahead, and the settings of all that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.reminders import taps
from bot.features.reminders.digests import DigestContent, MissingUnit
from bot.features.reminders.leaving import DueItem, ReminderContent
from bot.features.reminders.looking_ahead import Ahead, PlanDeadlineAhead
from bot.features.reminders.preferences import ReminderSettings, SettingsRequest
from bot.features.reminders.responding import CalendarFile, SentObligation
from bot.road.reply import Attachment, Button, MessageKind, Reply
from bot.services.duties import Duty
from bot.services.nudging import Nudged
from bot.taps import invite_button
from bot.words.dates import clock, day, left, moment, weekday
from bot.words.nudging import nudged_told
from bot.words.people import why_silent
from bot.words.progress import share_line
from bot.words.reports import period_name, short, short_unit, totals_before
from bot.words.units import dissolved_mark
from knowledge.model.obligations import Obligation, ObligationKind
from knowledge.numbers import format_count
from knowledge.reminders import SnoozeChoice
from knowledge.text import raised

SHOWN: Final = 20
SHOWN_ITEMS: Final = 8
EVIDENCE: Final = "Xem minh chứng"
SHOWN_NAMES: Final = 40
_INVITED_SHOWN: Final = 6
HOURS: Final = (time(7, 30), time(8, 30), time(11, 30), time(14), time(16, 30))
_PAUSES: Final = {3: "Tắt 3 ngày", 7: "Tắt 1 tuần", 14: "Tắt 2 tuần"}


def due(obligation: Obligation) -> str:
    """When something is due: 17:00 thứ Năm, 05/11/2026."""
    return _on(obligation.falls_on, obligation.due_time)


def _on(falls_on: date, at: time | None) -> str:
    return f"{clock(at)} {weekday(falls_on)}" if at else weekday(falls_on)


def title(owed: Obligation | Duty) -> str:
    """What is owed, with its period."""
    return owed.title if owed.period is None else f"{owed.title}, {period_name(owed.period)}"


def maybe_sent_before() -> str:
    """Before the last reminder where nobody knows whether it arrived the first time."""
    return "<i>Tin này có thể đã được gửi trước đó.</i>"


def reminder(found: ReminderContent) -> Reply:
    """Everything due to one person on one morning, worded by the latest step."""
    lines: Sequence[DueItem] = found.items
    if found.is_late:
        lines = sorted(lines, key=lambda line: line.item.days_left >= 0)
    shown = lines[:SHOWN_ITEMS]
    blocks = [_block(line, alone=len(lines) == 1) for line in shown]
    if len(lines) > len(shown):
        blocks.append(f"… và {len(lines) - len(shown)} việc nữa, xem /han.")
    if len(found.shares) == 1:
        blocks.append(f"🎯 {share_line(found.shares[0])}.")
    asked = sorted({line.asked_by for line in lines if line.asked_by})
    if asked:
        blocks.append(f"<i>{escape(', '.join(asked))} nhờ nhắc.</i>")
    return Reply(
        "\n\n".join([_head(lines, is_late=found.is_late), *blocks]),
        _buttons(shown),
        kind=MessageKind.REMINDER,
        preface=maybe_sent_before(),
    )


def _head(lines: Sequence[DueItem], *, is_late: bool) -> str:
    days_left = lines[0].item.days_left
    if is_late and any(line.item.days_left > 0 for line in lines):
        return "⏰ <b>Có việc đã quá hạn</b>"
    if is_late:
        return "⏰ <b>Đã quá hạn, đơn vị mình vẫn chưa xong</b>" if days_left else "⏰ <b>Vừa quá hạn hôm nay</b>"
    if days_left == 0:
        return "🔔 <b>Hôm nay là hạn cuối</b>"
    if days_left == 1:
        return "🔔 <b>Ngày mai đến hạn</b>"
    last = " Từ nay đến hạn tôi không nhắc thêm." if lines[0].item.is_last_call else ""
    return f"🔔 <b>Còn {days_left} ngày đến hạn</b>{last}"


def _block(line: DueItem, *, alone: bool) -> str:
    obligation = line.item.obligation
    parts = [f"<b>{escape(title(obligation))}</b>", f"Đơn vị: {escape(obligation.unit_name)}"]
    extended = " (đã gia hạn)" if obligation.extended_to else ""
    parts.append(f"Hạn: {due(obligation)}{extended} – {left(line.item.days_left)}")
    if line.has_draft:
        parts.append("Anh/chị đang nhập dở bản này, bấm <b>Tiếp tục</b> để làm nốt.")
    elif alone and line.form is not None and line.can_tell_changes:
        parts.append(f"Kỳ trước: {totals_before(line.form, line.before)}.")
    elif alone and obligation.kind is not ObligationKind.FORM:
        parts.append("Làm xong, anh/chị bấm <b>Đã xong</b> để tôi thôi nhắc.")
    return "\n".join(parts)


def _buttons(lines: Sequence[DueItem]) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    several = len(lines) > 1
    for line in lines:
        behind = f": {_beside(line, lines)}" if several else ""
        if line.item.obligation.kind is not ObligationKind.FORM:
            what = f": {short(line.item.obligation.title, 31)}" if several else ""
            rows.append((taps.MarkDone(line.number).button(f"Đã xong{what}"),))
            continue
        first = "Tiếp tục" if line.has_draft else "Nộp ngay"
        rows.append((taps.OpenDueReport(line.number).button(f"{first}{behind}"),))
        if line.can_say_no_change and not line.has_draft and not several:
            whole = [taps.SayNoChange(line.number).button("Không có biến động")]
            if line.can_tell_changes:
                whole.append(taps.TellChanges(line.number).button("Có thay đổi"))
            rows.append(tuple(whole))
    number = lines[0].number
    more = [taps.OfferSnooze(number).button("Nhắc lại sau")]
    if any(line.item.obligation.kind is ObligationKind.FORM for line in lines):
        more.append(taps.ChooseExtension(number).button("Xin gia hạn"))
    rows += [tuple(more), (taps.FetchCalendar(number).button("Đưa vào lịch (.ics)"),)]
    return tuple(rows)


def _beside(line: DueItem, lines: Sequence[DueItem]) -> str:
    """What tells a report's button from the others: the unit, or the period where one unit owes them all."""
    reports = [each.item.obligation for each in lines if each.item.obligation.kind is ObligationKind.FORM]
    own = line.item.obligation
    one_unit = len(reports) > 1 and len({each.unit_id for each in reports}) == 1
    return period_name(own.period) if one_unit and own.period is not None else short_unit(own.unit_name, 30)


def choose_report_to_extend(reports: Sequence[SentObligation]) -> Reply:
    """Which of several reports the extension is for: by their units, or their periods where one unit owes them all."""
    one_unit = len({each.obligation.unit_id for each in reports}) == 1
    return Reply(
        "Xin gia hạn báo cáo nào ạ?",
        tuple((taps.ExtendDueReport(each.step_id).button(_of_report(each, one_unit=one_unit)),) for each in reports),
    )


def _of_report(sent: SentObligation, *, one_unit: bool) -> str:
    owed = sent.obligation
    if one_unit:
        return short(title(owed))
    what = period_name(owed.period) if owed.period is not None else owed.title
    return f"{short(raised(what), 24)} – {short_unit(owed.unit_name, 26)}"


def choose_snooze(offered: Mapping[SnoozeChoice, datetime], step: int) -> Reply:
    """When to remind again; the moments are local."""
    labels = {
        choice: f"{'Chiều nay' if choice is SnoozeChoice.THIS_AFTERNOON else 'Ngày mai'}, {at:%H:%M}"
        for choice, at in offered.items()
    }
    return Reply(
        "Tôi nhắc lại lúc nào ạ?",
        (tuple(taps.SnoozeReminder(step, choice).button(label) for choice, label in labels.items()),),
    )


def will_remind(at: datetime, zone: ZoneInfo, edits: int | None) -> Reply:
    """After that choice."""
    return Reply(f"Vâng, tôi sẽ nhắc lại lúc {moment(at, zone)}, nếu lúc đó việc vẫn chưa xong.", edits=edits)


def already_done(obligation: Obligation) -> Reply:
    """To a button of a reminder for something no longer owed."""
    return Reply(f"<b>{escape(title(obligation))}</b> của {escape(obligation.unit_name)} đã xong rồi, cảm ơn anh/chị.")


def marked_done(obligation: Obligation, *, waits: bool) -> Reply:
    """After **Đã xong**; `waits`: the next photo or file is taken as evidence of it."""
    then = " Có ảnh hay tệp minh chứng thì gửi luôn vào đây." if waits else ""
    return Reply(
        f"Đã ghi nhận: {escape(obligation.unit_name)} làm xong <b>{escape(title(obligation))}</b> "
        f"(hạn {due(obligation)}). Tôi thôi nhắc việc này.{then}",
        _undo(obligation),
    )


def _undo(obligation: Obligation) -> tuple[tuple[Button, ...], ...]:
    try:
        return (
            (taps.AddEvidence(obligation.unit_id, obligation.group).button("Gửi ảnh minh chứng"),),
            (taps.MarkUndone(obligation.unit_id, obligation.group).button("Chưa xong, nhắc tiếp"),),
        )
    except ValueError:  # the name of a plan's deadline may be too long for a button
        return ()


def marked_undone(obligation: Obligation) -> Reply:
    """After a change of mind."""
    return Reply(f"Vâng, <b>{escape(title(obligation))}</b> vẫn tính là chưa xong, tôi sẽ nhắc tiếp.")


def button_gone() -> str:
    """The toast to a button that stands for nothing any more."""
    return "Nút này không còn dùng được. Anh/chị xem /han giúp."


def calendar_file(found: CalendarFile) -> Reply:
    """The dates as a file for the phone's calendar."""
    names = "\n".join(f"• {escape(title(each))}: {due(each)}" for each in found.obligations[:SHOWN_ITEMS])
    return Reply(
        f"Mở tệp này để đưa hạn vào lịch của điện thoại:\n{names}", document=Attachment(found.content, "han-nop.ics")
    )


# Supervisors --------------------------------------------------------------------------------------------------------


def digest(found: DigestContent) -> Reply:
    """Who below still owes one thing past its date."""
    missing = found.missing
    lines = [
        f"📋 <b>Còn thiếu {format_count(len(missing))}/{format_count(found.expected)} đơn vị</b>",
        f"{escape(title(found.duty))}, quá hạn {found.overdue_for.days} ngày.",
        "",
        *(f"{place}. {_missing(each)}" for place, each in enumerate(missing[:SHOWN_NAMES], 1)),
    ]
    if len(missing) > SHOWN_NAMES:
        lines.append(f"… và {format_count(len(missing) - SHOWN_NAMES)} đơn vị nữa.")
    silent = [each.obligation for each in missing[:SHOWN_NAMES] if each.is_silent]
    invited = ((invite_button(owed.unit_id, owed.unit_name),) for owed in silent[:_INVITED_SHOWN])
    return Reply(
        "\n".join(lines),
        (
            (taps.RemindAll(found.number).button("Nhắc tất cả"),),
            *([(taps.ShowEvidence(found.number).button(EVIDENCE),)] if found.has_evidence else []),
            *invited,
        ),
        kind=MessageKind.REMINDER,
        preface=maybe_sent_before(),
    )


def _missing(unit: MissingUnit) -> str:
    owed = unit.obligation
    if not unit.is_asked and owed.dissolved_on is not None:
        return f"{escape(owed.unit_name)} {dissolved_mark(owed.dissolved_on)}"
    notes = []
    if owed.extended_to is not None:
        notes.append(f"đã gia hạn đến {owed.falls_on:%d/%m}")
    if unit.is_silent:
        notes.append(why_silent(unit.contact, has_officer=unit.officers > 0))
    elif unit.muted == unit.officers:
        notes.append("đang tắt nhắc")
    behind = f" <i>({'; '.join(notes)})</i>" if notes else ""
    return f"{escape(owed.unit_name)}{behind}"


def nudged_digest(found: DigestContent, told: Nudged, at: datetime, *, edits: int | None) -> Reply:
    """A digest after **Nhắc tất cả**, whose button is gone: who gets it, who cannot be reached; `at` is local."""
    shown = digest(found)
    return Reply(
        f"{shown.text}\n\n🔔 <b>{clock(at.time())}, ngày {day(at.date())}:</b> {escape(nudged_told(told))}",
        shown.buttons[1:],
        edits=edits,
    )


def all_done(duty: Duty, *, edits: int | None = None) -> Reply:
    """To **Nhắc tất cả** where nobody is missing any more."""
    return Reply(f"<b>{escape(title(duty))}</b>: các đơn vị đã nộp đủ, không còn ai để nhắc.", edits=edits)


def person_unreachable(name: str, units: Sequence[str]) -> Reply:
    """To a supervisor: somebody below cannot be reached any more."""
    return Reply(
        f"⚠️ Tôi không gửi tin được cho <b>{escape(name)}</b> ({escape(', '.join(units))}): "
        "có thể anh/chị ấy đã chặn trợ lý hoặc bỏ tài khoản. Xin liên hệ trực tiếp; "
        "khi anh/chị ấy nhắn lại cho trợ lý, tôi sẽ nhắc tiếp.",
        kind=MessageKind.REMINDER,
    )


# My reminders -------------------------------------------------------------------------------------------------------


def my_reminders(found: ReminderSettings, asked: SettingsRequest | None = None, edits: int | None = None) -> Reply:
    """Hour and pause, and for a supervisor who below hears nothing; `asked` waits under a button that does it."""
    lines = ["<b>Nhắc việc của anh/chị</b>"]
    confirm: tuple[tuple[Button, ...], ...] = ()
    if asked is not None and asked.hour is not None and asked.hour != found.hour:
        lines.append(f"Đổi giờ nhắc sang <b>{clock(asked.hour)}</b>? Bấm nút đầu tiên bên dưới để đổi.")
        confirm = ((taps.SetHour(taps.ClockTime(asked.hour)).button(f"Đổi sang {clock(asked.hour)}"),),)
    elif asked is not None and asked.days:
        lines.append(f"Tắt nhắc trong <b>{asked.days} ngày</b>? Bấm nút đầu tiên bên dưới để tắt.")
        confirm = ((taps.MuteReminders(asked.days).button(f"Tắt nhắc {asked.days} ngày"),),)
    if found.muted_until is not None:
        lines.append(f"🔕 Đang tắt nhắc đến {moment(found.muted_until, found.zone)}. Cấp trên nhìn thấy điều này.")
        if found.due_meanwhile:
            names = [f"{escape(title(each))} vào ngày {each.falls_on:%d/%m}" for each in found.due_meanwhile[:3]]
            more = f" và {len(found.due_meanwhile) - 3} hạn nữa" if len(found.due_meanwhile) > 3 else ""
            lines.append(f"⚠️ Trong thời gian này có hạn {'; '.join(names)}{more}; tôi sẽ không nhắc.")
    lines.append(f"Giờ nhắc: <b>{clock(found.hour)}</b>")
    if found.moved_to is not None:
        lines.append(f"(rơi vào giờ yên lặng nên tôi nhắc lúc {clock(found.moved_to)})")
    if found.quiet is not None:
        lines.append(f"Từ {clock(found.quiet[0])} đến {clock(found.quiet[1])} tôi không nhắn.")
    if found.coming is not None:
        at, owed = found.coming
        lines.append(f"Lần nhắc tới: {moment(at, found.zone)}, nếu còn chưa xong {escape(title(owed))}.")
    lines.append("Bấm một giờ bên dưới để đổi; giờ khác thì gõ, ví dụ <code>/nhac 9h15</code>.")
    if found.muted:
        lines += ["", "<b>Đang tắt nhắc ở các đơn vị của anh/chị</b>"]
        lines += [
            f"• {escape(each.name)} ({escape(each.unit_name)}), đến {day(each.until.astimezone(found.zone))}"
            for each in found.muted[:SHOWN_NAMES]
        ]
    if found.unreachable:
        lines += ["", "<b>Không gửi tin được</b>"]
        lines += [f"• {escape(name)} ({escape(unit)})" for name, unit in found.unreachable[:SHOWN_NAMES]]
    hours = tuple(
        taps.SetHour(taps.ClockTime(each)).button(f"{'✓ ' if each == found.hour else ''}{clock(each)}")
        for each in sorted({*HOURS, found.hour})
    )
    pauses = tuple(
        taps.MuteReminders(days).button(f"{'✓ ' if days == found.days_muted else ''}{label}")
        for days, label in _PAUSES.items()
    )
    again = ((taps.MuteReminders(0).button("Bật nhắc lại"),),) if found.muted_until is not None else ()
    return Reply("\n".join(lines), (*confirm, hours[:3], hours[3:], pauses, *again), edits=edits)


def hour_unclear(text: str) -> Reply:
    """To `/nhac` with something that is no time of day."""
    return Reply(
        f"Tôi chưa hiểu giờ <i>{escape(text[:60])}</i>. Anh/chị gõ như <code>/nhac 9h15</code> hay "
        "<code>/nhac 14:00</code>."
    )


def nothing_to_remind() -> Reply:
    """To `/nhac` from somebody who belongs to no unit."""
    return Reply(
        "Tôi nhắc hạn cho cán bộ của các đơn vị. Anh/chị chưa thuộc đơn vị nào; "
        "xin mã mời từ công đoàn cấp trên rồi gõ <code>/start MÃ</code>."
    )


# What is ahead -------------------------------------------------------------------------------------------------------


def ahead(found: Ahead) -> Reply:
    """What is due: the asker's own, then what falls due below, then what plans set where there is no unit."""
    lines: list[str] = []
    if found.own:
        lines.append("<b>Việc của đơn vị anh/chị</b>")
        lines += [_own(each, found.today) for each in found.own[:SHOWN]]
        if len(found.own) > SHOWN:
            lines.append(f"… và {len(found.own) - SHOWN} việc nữa.")
    elif found.has_unit:
        lines.append("Đơn vị anh/chị không còn việc nào sắp đến hạn. 👍")
    if found.below:
        lines += ["", "<b>Hạn của các đơn vị bên dưới</b>"] if lines else ["<b>Hạn của các đơn vị bên dưới</b>"]
        lines += [_below(each, found.today) for each in found.below[:SHOWN]]
    if found.plans:
        lines += ["", "<b>Theo các kế hoạch</b>"] if lines else ["<b>Theo các kế hoạch</b>"]
        lines += [_of_plan(each, found.today) for each in found.plans]
    if not lines:
        lines.append("Hiện không có hạn nào sắp tới.")
    if not found.has_unit and not found.below:
        lines += ["", "Anh/chị chưa thuộc đơn vị nào nên tôi chưa biết việc nào là của anh/chị."]
    buttons = [(taps.FetchWholeCalendar().button("Đưa vào lịch (.ics)"),)] if found.own else []
    if found.has_evidence:
        buttons.append((taps.ShowEvidence(0).button(EVIDENCE),))
    return Reply("\n".join(lines).strip(), tuple(buttons))


def _own(each: Obligation, today: date) -> str:
    days = (each.falls_on - today).days
    mark = "⚠️" if days < 0 else "🔸" if days <= 3 else "•"
    extended = ", đã gia hạn" if each.extended_to else ""
    return f"{mark} {due(each)} ({left(days)}{extended}) – {escape(title(each))}, {escape(each.unit_name)}"


def _below(duty: Duty, today: date) -> str:
    return f"• {_on(duty.due_on, duty.due_time)} ({left((duty.due_on - today).days)}) – {escape(title(duty))}"


def _of_plan(each: PlanDeadlineAhead, today: date) -> str:
    note = f" <i>({escape(each.plan)}; {escape(each.when)})</i>"
    return f"• {weekday(each.due_on)} ({left((each.due_on - today).days)}) – {escape(each.what)}{note}"
