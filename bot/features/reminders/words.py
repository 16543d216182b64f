"""What is said unasked about what is owed: reminders, digests for supervisors, and the settings of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape

from bot.features.reminders.service import Duty
from bot.features.submissions.words import period_name
from bot.road.reply import BUTTON_DATA_LIMIT, Attachment, Button, Kind, Reply
from bot.words.commands import Wording
from bot.words.units import dissolved_mark
from knowledge.model.obligations import Item, Obligation, ObligationKind
from knowledge.reminders import SnoozeChoice

MINE = Wording("Giờ nhắc của tôi, tạm tắt nhắc")
AHEAD = Wording("Các hạn sắp tới")

SHOWN_ITEMS = 8
SHOWN_NAMES = 40
HOURS = (time(7, 30), time(8, 30), time(11, 30), time(14), time(16, 30))
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing owed inside a reminder: what, the number its buttons carry, and what can be done about it.

    Attributes:
        number: the recorded step, in callback data.
        has_draft: whether a report was begun and not sent.
        can_say_no_change: whether the form knows "nothing moved".
        asked_by: who asked for this reminder, where a supervisor did.
    """

    item: Item
    number: int
    has_draft: bool = False
    can_say_no_change: bool = False
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that owes something, in a digest: `officers` can be reminded, the others cannot, and why.

    One that was dissolved since is named with the day on which it ended; nobody is reminded there.
    """

    unit_name: str
    due_on: date
    officers: int = 0
    muted: int = 0
    unreachable: int = 0
    is_extended: bool = False
    dissolved_on: date | None = None


def weekday(value: date) -> str:
    """A day with its weekday: thứ Năm, 05/11/2026."""
    return f"{_WEEKDAYS[value.weekday()]}, {value:%d/%m/%Y}"


def clock(value: time) -> str:
    """A time of day: 08:30."""
    return f"{value:%H:%M}"


def moment(value: datetime) -> str:
    """A local moment: 14:00 ngày 05/11/2026."""
    return f"{value:%H:%M} ngày {value:%d/%m/%Y}"


def due(obligation: Obligation) -> str:
    """When something is due: 17:00 thứ Năm, 05/11/2026."""
    day = weekday(obligation.falls_on)
    return f"{clock(obligation.due_time)} {day}" if obligation.due_time else day


def left(days: int) -> str:
    """How many days are left."""
    if days > 0:
        return f"còn {days} ngày"
    return "hôm nay" if days == 0 else f"quá {-days} ngày"


def title(owed: Obligation | Duty) -> str:
    """What is owed, with its period."""
    return owed.title if owed.period is None else f"{owed.title}, {period_name(owed.period)}"


def maybe_sent_before() -> str:
    """Before the last reminder where nobody knows whether it arrived the first time."""
    return "<i>Tin này có thể đã được gửi trước đó.</i>"


def reminder(lines: Sequence[Line], *, is_late: bool = False) -> Reply:
    """Everything due to one person on one morning, worded by the latest step: `is_late` where something is overdue."""
    if is_late:
        lines = sorted(lines, key=lambda line: line.item.days_left >= 0)
    shown = lines[:SHOWN_ITEMS]
    blocks = [_block(line, alone=len(lines) == 1) for line in shown]
    if len(lines) > len(shown):
        blocks.append(f"… và {len(lines) - len(shown)} việc nữa, xem /han.")
    asked = sorted({line.asked_by for line in lines if line.asked_by})
    if asked:
        blocks.append(f"<i>{escape(', '.join(asked))} nhờ nhắc.</i>")
    return Reply(
        "\n\n".join([_head(lines, is_late=is_late), *blocks]),
        _buttons(shown),
        kind=Kind.REMINDER,
        preface=maybe_sent_before(),
    )


def _head(lines: Sequence[Line], *, is_late: bool) -> str:
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


def _block(line: Line, *, alone: bool) -> str:
    obligation = line.item.obligation
    parts = [f"<b>{escape(title(obligation))}</b>", f"Đơn vị: {escape(obligation.unit_name)}"]
    extended = " (đã gia hạn)" if obligation.extended_to else ""
    parts.append(f"Hạn: {due(obligation)}{extended} – {left(line.item.days_left)}")
    if line.has_draft:
        parts.append("Anh/chị đang nhập dở bản này, bấm <b>Tiếp tục</b> để làm nốt.")
    elif alone and obligation.kind is not ObligationKind.FORM:
        parts.append("Làm xong, anh/chị bấm <b>Đã xong</b> để tôi thôi nhắc.")
    return "\n".join(parts)


def _buttons(lines: Sequence[Line]) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    several = len(lines) > 1
    for line in lines:
        behind = f": {_beside(line, lines)}"[:48] if several else ""
        if line.item.obligation.kind is not ObligationKind.FORM:
            what = f": {line.item.obligation.title}"[:30] if several else ""
            rows.append((Button(f"Đã xong{what}", data=f"m:done:{line.number}"),))
            continue
        first = "Tiếp tục" if line.has_draft else "Nộp ngay"
        row = [Button(f"{first}{behind}", data=f"m:go:{line.number}")]
        if line.can_say_no_change and not line.has_draft and not several:
            row.append(Button("Không có biến động", data=f"m:same:{line.number}"))
        rows.append(tuple(row))
    number = lines[0].number
    more = [Button("Nhắc lại sau", data=f"m:later:{number}")]
    if any(line.item.obligation.kind is ObligationKind.FORM for line in lines):
        more.append(Button("Xin gia hạn", data=f"m:extend:{number}"))
    rows += [tuple(more), (Button("Đưa vào lịch (.ics)", data=f"m:ics:{number}"),)]
    return tuple(rows)


def _beside(line: Line, lines: Sequence[Line]) -> str:
    """What tells a report's button from the others: the unit, or the period where one unit owes them all."""
    reports = [each.item.obligation for each in lines if each.item.obligation.kind is ObligationKind.FORM]
    own = line.item.obligation
    one_unit = len(reports) > 1 and len({each.unit_id for each in reports}) == 1
    return period_name(own.period) if one_unit and own.period is not None else own.unit_name


def choose_unit_to_extend(lines: Sequence[tuple[int, Obligation]]) -> Reply:
    """Which of several things the extension is for."""
    return Reply(
        "Xin gia hạn báo cáo nào ạ?",
        tuple(
            (Button(f"{obligation.unit_name} – {title(obligation)}"[:60], data=f"m:extend1:{number}"),)
            for number, obligation in lines
        ),
    )


def choose_later(offered: Mapping[SnoozeChoice, datetime], number: int) -> Reply:
    """When to remind again; the moments are local."""
    labels = {
        choice: f"{'Chiều nay' if choice is SnoozeChoice.THIS_AFTERNOON else 'Ngày mai'}, {at:%H:%M}"
        for choice, at in offered.items()
    }
    return Reply(
        "Tôi nhắc lại lúc nào ạ?",
        (tuple(Button(label, data=f"m:z:{number}:{choice.value}") for choice, label in labels.items()),),
    )


def will_remind(at: datetime, edits: int | None) -> Reply:
    """After that choice; `at` is local."""
    return Reply(f"Vâng, tôi sẽ nhắc lại lúc {moment(at)}, nếu lúc đó việc vẫn chưa xong.", edits=edits)


def already_done(obligation: Obligation) -> Reply:
    """To a button of a reminder for something no longer owed."""
    return Reply(f"<b>{escape(title(obligation))}</b> của {escape(obligation.unit_name)} đã xong rồi, cảm ơn anh/chị.")


def marked_done(obligation: Obligation) -> Reply:
    """After **Đã xong**."""
    back = f"m:undo:{obligation.unit_id}:{obligation.group}"
    return Reply(
        f"Đã ghi nhận: {escape(obligation.unit_name)} làm xong <b>{escape(title(obligation))}</b> "
        f"(hạn {due(obligation)}). Tôi thôi nhắc việc này.",
        ((Button("Chưa xong, nhắc tiếp", data=back),),) if len(back.encode()) <= BUTTON_DATA_LIMIT else (),
    )


def marked_undone(obligation: Obligation) -> Reply:
    """After a change of mind."""
    return Reply(f"Vâng, <b>{escape(title(obligation))}</b> vẫn tính là chưa xong, tôi sẽ nhắc tiếp.")


def button_gone() -> str:
    """The toast to a button that stands for nothing any more."""
    return "Nút này không còn dùng được. Anh/chị xem /han giúp."


def calendar_file(content: bytes, obligations: Sequence[Obligation]) -> Reply:
    """The dates as a file for the phone's calendar."""
    names = "\n".join(f"• {escape(title(each))}: {due(each)}" for each in obligations[:SHOWN_ITEMS])
    return Reply(
        f"Mở tệp này để đưa hạn vào lịch của điện thoại:\n{names}", document=Attachment(content, "han-nop.ics")
    )


# Supervisors --------------------------------------------------------------------------------------------------------


def digest(
    what: str, missing: Sequence[Missing], expected: int, *, number: int, overdue_days: int, unit_name: str = ""
) -> Reply:
    """Who below still owes one thing past its date."""
    where = f" – {escape(unit_name)}" if unit_name else ""
    lines = [
        f"📋 <b>Còn thiếu {len(missing)}/{expected} đơn vị</b>{where}",
        f"{escape(what)}, quá hạn {overdue_days} ngày.",
        "",
        *(f"{place}. {_missing(each)}" for place, each in enumerate(missing[:SHOWN_NAMES], 1)),
    ]
    if len(missing) > SHOWN_NAMES:
        lines.append(f"… và {len(missing) - SHOWN_NAMES} đơn vị nữa.")
    return Reply(
        "\n".join(lines),
        ((Button("Nhắc tất cả", data=f"m:all:{number}"),),),
        kind=Kind.REMINDER,
        preface=maybe_sent_before(),
    )


def _missing(unit: Missing) -> str:
    if unit.dissolved_on is not None:
        return f"{escape(unit.unit_name)} {dissolved_mark(unit.dissolved_on)}"
    notes = []
    if unit.is_extended:
        notes.append(f"đã gia hạn đến {unit.due_on:%d/%m}")
    if unit.officers == 0:
        notes.append("chưa có cán bộ dùng trợ lý")
    elif unit.unreachable == unit.officers:
        notes.append("không gửi tin được, có thể đã chặn trợ lý")
    elif unit.muted == unit.officers:
        notes.append("đang tắt nhắc")
    behind = f" <i>({'; '.join(notes)})</i>" if notes else ""
    return f"{escape(unit.unit_name)}{behind}"


def nudged(reminded: int, *, muted: int, unreachable: int, without_officer: int, again: int) -> Reply:
    """After **Nhắc tất cả**: how many people get it, and who cannot be reached."""
    lines = [f"Đã chuyển lời nhắc tới {reminded} người." if reminded else "Không còn ai để nhắc lúc này."]
    if again:
        lines.append(f"{again} người đã được nhắc trong 12 giờ qua nên tôi không nhắc thêm.")
    if muted:
        lines.append(f"{muted} người đang tắt nhắc.")
    if unreachable:
        lines.append(f"{unreachable} người không gửi tin được.")
    if without_officer:
        lines.append(f"{without_officer} đơn vị chưa có cán bộ dùng trợ lý; xin anh/chị gọi điện.")
    return Reply("\n".join(lines))


def all_done(what: str) -> Reply:
    """To **Nhắc tất cả** where nobody is missing any more."""
    return Reply(f"<b>{escape(what)}</b>: các đơn vị đã nộp đủ, không còn ai để nhắc.")


def person_lost(name: str, units: Sequence[str]) -> Reply:
    """To a supervisor: somebody below cannot be reached any more."""
    return Reply(
        f"⚠️ Tôi không gửi tin được cho <b>{escape(name)}</b> ({escape(', '.join(units))}): "
        "có thể anh/chị ấy đã chặn trợ lý hoặc bỏ tài khoản. Xin liên hệ trực tiếp; "
        "khi anh/chị ấy nhắn lại cho trợ lý, tôi sẽ nhắc tiếp.",
        kind=Kind.REMINDER,
    )


# My reminders -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MutedPerson:
    """Somebody below a supervisor who hears no reminders, and until when."""

    name: str
    unit_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Wished:
    """What plain words ask of the settings: another hour, or days without reminders."""

    hour: time | None = None
    days: int = 0


def my_reminders(
    hour: time,
    muted_until: datetime | None,
    *,
    quiet: tuple[time, time] | None,
    moved_to: time | None = None,
    below: Sequence[MutedPerson] = (),
    unreachable: Collection[str] = (),
    wished: Wished | None = None,
    edits: int | None = None,
) -> Reply:
    """Hour and mute, and for a supervisor who below hears nothing. Moments are local.

    `moved_to` is the hour really kept where the wanted one lies in the quiet hours; `wished` is asked back with a
    button that does it.
    """
    lines = ["<b>Nhắc việc của anh/chị</b>"]
    confirm: tuple[tuple[Button, ...], ...] = ()
    if wished is not None and wished.hour is not None and wished.hour != hour:
        lines.append(f"Đổi giờ nhắc sang <b>{clock(wished.hour)}</b>? Bấm nút đầu tiên bên dưới để đổi.")
        confirm = ((Button(f"Đổi sang {clock(wished.hour)}", data=f"m:hour:{wished.hour:%H%M}"),),)
    elif wished is not None and wished.days:
        lines.append(f"Tắt nhắc trong <b>{wished.days} ngày</b>? Bấm nút đầu tiên bên dưới để tắt.")
        confirm = ((Button(f"Tắt nhắc {wished.days} ngày", data=f"m:mute:{wished.days}"),),)
    if muted_until is not None:
        lines.append(f"🔕 Đang tắt nhắc đến {moment(muted_until)}. Cấp trên nhìn thấy điều này.")
    lines.append(f"Giờ nhắc: <b>{clock(hour)}</b>")
    if moved_to is not None:
        lines.append(f"(rơi vào giờ yên lặng nên tôi nhắc lúc {clock(moved_to)})")
    if quiet is not None:
        lines.append(f"Từ {clock(quiet[0])} đến {clock(quiet[1])} tôi không nhắn.")
    lines.append("Giờ khác, ví dụ 9 giờ 15: gõ <code>/nhac 9h15</code>.")
    if below:
        lines += ["", "<b>Đang tắt nhắc ở các đơn vị của anh/chị</b>"]
        lines += [
            f"• {escape(each.name)} ({escape(each.unit_name)}), đến {each.until:%d/%m/%Y}"
            for each in below[:SHOWN_NAMES]
        ]
    if unreachable:
        lines += ["", "<b>Không gửi tin được</b>"]
        lines += [f"• {escape(name)}" for name in list(unreachable)[:SHOWN_NAMES]]
    hours = tuple(Button(f"{'✓ ' if each == hour else ''}{clock(each)}", data=f"m:hour:{each:%H%M}") for each in HOURS)
    mute: tuple[Button, ...] = (Button("Bật nhắc lại", data="m:mute:0"),)
    if muted_until is None:
        mute = (
            Button("Tắt 3 ngày", data="m:mute:3"),
            Button("Tắt 1 tuần", data="m:mute:7"),
            Button("Tắt 2 tuần", data="m:mute:14"),
        )
    return Reply("\n".join(lines), (*confirm, hours[:3], hours[3:], mute), edits=edits)


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
