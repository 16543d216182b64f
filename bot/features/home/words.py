"""The card of what is on somebody's plate, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Final

from bot.features.home.service import SOON, FirstReport, Home, OwnReport, RemindedBelow, ReportBelow
from bot.road.reply import Button, Reply
from bot.taps import (
    NudgeBelow,
    OpenMissing,
    OpenTotals,
    OtherPeriod,
    SendChanges,
    SendNoChange,
    ShowAhead,
    open_report,
)
from bot.words.calling import address, word_for
from bot.words.dates import day, left, local_moment, weekday
from bot.words.progress import share_line
from bot.words.reports import EARLIER, catch_up_label, earlier_periods, period_in_short, period_name, short
from bot.words.units import listed
from knowledge.forms import MONTHLY_FORM
from knowledge.numbers import format_count
from knowledge.text import raised

SHOWN: Final = 5
OLDER_SHOWN: Final = 4
UNITS_LEFT_OUT: Final = 3
"""Units with a button to what is missing from before those that are named."""
NAMED: Final = 3
"""Units that cannot be reminded."""


def card(home: Home) -> Reply:
    """Who it is, what is still to be sent and until when, what has come in from below, and the buttons for it.

    What matters most stands in the first two lines: they are what the bar of the pinned message shows.
    """
    lines = [f"<b>Chào {address(home.name)}.</b>"]
    now = (*home.missing, *home.sent)
    lines += [_own(each, home.today) for each in now[:SHOWN]]
    if len(now) > SHOWN:
        lines.append(f"… và {len(now) - SHOWN} báo cáo khác, xem /baocao.")
    if home.older:
        lines.append(_older(home))
    if home.has_unit and not home.own:
        lines.append("Hiện chưa có báo cáo nào phải nộp." + _first(home.first))
    lines += [_below(each, home.today) for each in home.below]
    lines += [f"🎯 {share_line(each.progress)} – {escape(each.unit_name)}. Xem /chitieu." for each in home.shares]
    lines += ["", "<i>Hỏi chỉ tiêu, thời hạn trong kế hoạch: anh/chị cứ gõ như nhắn tin. Các lệnh: /help.</i>"]
    return Reply(word_for(home.name, home.called)("\n".join(lines)), _buttons(home))


def _first(first: FirstReport | None) -> str:
    if first is None:
        return ""
    return f" Kỳ đầu tiên của đơn vị: {escape(period_name(first.period))}, hạn {day(first.due_on)}."


def no_role_any_more() -> Reply:
    """In the place of the card of somebody who serves no unit any more."""
    return Reply("Anh/chị hiện không giữ vai trò nào ở các đơn vị. Hỏi về các kế hoạch thì vẫn được như trước.")


def _own(each: OwnReport, today: date) -> str:
    what = f"{escape(each.form.short)}, {escape(each.unit_name)}"
    period = escape(raised(period_name(each.period)))
    if each.sent_on is not None:
        return f"✅ {period}: đã nộp ngày {day(each.sent_on)} – {what}."
    days = (each.falls_on - today).days
    mark = "⚠️" if days < 0 else "🔸"
    state = "cấp trên <b>gửi trả để sửa</b>" if each.is_returned else "<b>chưa nộp</b>"
    return f"{mark} {period}: {state}, {_left(days)} (hạn {weekday(each.falls_on)}) – {what}."


def _left(days: int) -> str:
    return left(days) if days else "hôm nay là hạn cuối"


def _older(home: Home) -> str:
    """What is missing from before, the latest of it by name: what the buttons below lead to."""
    shown = _list_older(home)
    named = [
        " – ".join(part for part in (period_in_short(each.period, home.today.year), _beside(each, home)) if part)
        for each in shown
    ]
    apart = "; " if any(_beside(each, home) for each in shown) else ", "
    left_out = _list_left_out(home)
    more = f" và {earlier_periods([each.period for each in left_out])}" if left_out else ""
    if len(_list_units(left_out)) > UNITS_LEFT_OUT:
        more += ", xem /baocao"
    return f"⚠️ Còn thiếu từ trước: {escape(apart.join(named))}{more}."


def _list_older(home: Home) -> tuple[OwnReport, ...]:
    return home.older[-OLDER_SHOWN:]


def _list_left_out(home: Home) -> tuple[OwnReport, ...]:
    """What is missing from before and not named."""
    return home.older[: len(home.older) - len(_list_older(home))]


def _list_units(reports: Iterable[OwnReport]) -> dict[int, str]:
    return {each.unit_id: each.unit_name for each in reports}


def _beside(each: OwnReport, home: Home) -> str:
    """Whose a report from before is, where several units miss some; and which, where two forms have such periods."""
    units = {own.unit_id for own in home.own}
    forms = {own.form.id for own in home.own if own.period.kind is each.period.kind}
    parts = [each.form.short] if len(forms) > 1 else []
    return ", ".join([*parts, *([each.unit_name] if len(units) > 1 else [])])


def _below(each: ReportBelow, today: date) -> str:
    count = each.count
    period, name = raised(period_name(each.period)), escape(each.unit.name)
    if not count.expected:
        return f"📊 {period}: không có đơn vị nào phải nộp – {name}."
    if not count.missing:
        return f"✅ {period}: <b>cả {format_count(count.expected)} đơn vị đã nộp</b> – {name}."
    days = (each.due_on - today).days
    returned = f" ({format_count(count.returned)} đang chờ sửa)" if count.returned else ""
    line = (
        f"📊 {period}: đã nộp <b>{format_count(count.received)}/{format_count(count.expected)}</b>, "
        f"chưa nộp {format_count(count.missing)}{returned}, {_left(days)} (hạn {day(each.due_on)}) – {name}."
    )
    return line if each.reminded is None else f"{line}\n{_reminded(each.reminded)}"


def _reminded(lately: RemindedBelow) -> str:
    """Who of the missing was reminded at a supervisor's wish, and who was not and why."""
    count = f"{format_count(lately.units)} đơn vị"
    if lately.leaves_at is not None:
        parts = [f"🔔 Sẽ nhắc {count} lúc {local_moment(lately.leaves_at)}, vì đang là giờ yên lặng"]
    else:
        parts = [f"🔔 Đã nhắc {count}, lần cuối {local_moment(lately.at)}"]
    parts += [
        f"{head}: {escape(listed(names, NAMED))}"
        for head, names in (("Không nhắn được", lately.silent), ("Đang tắt nhắc", lately.muted))
        if names
    ]
    if lately.left:
        parts.append(f"Chưa nhắc: {format_count(lately.left)} đơn vị")
    return ". ".join(parts) + "."


def _buttons(home: Home) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    missing = home.missing
    units = {each.unit_id for each in missing}
    unchanged = [each for each in missing if each.can_say_no_change]
    for each in missing[:SHOWN]:
        open_it = open_report(each.unit_id, each.form.id, each.period, each.campaign_id)
        of_unit = [other for other in missing if other.unit_id == each.unit_id]
        beside = each.unit_name if len(units) > 1 else period_name(each.period)
        if len(units) > 1 and len(of_unit) > 1:
            beside = f"{period_in_short(each.period, home.today.year)} – {each.unit_name}"
        label = "Sửa rồi nộp lại" if each.is_returned else "Nộp ngay"
        rows.append((open_it.button(short(f"{label}: {beside}") if len(missing) > 1 else label),))
        if unchanged == [each]:
            whole = [SendNoChange(each.unit_id, each.form.id, each.period).button("Không có biến động")]
            if each.can_tell_changes:
                whole.append(SendChanges(each.unit_id, each.form.id, each.period).button("Có thay đổi"))
            rows.append(tuple(whole))
    older = [
        open_report(each.unit_id, each.form.id, each.period, each.campaign_id).button(
            catch_up_label(each.period, home.today.year, _beside(each, home))
        )
        for each in _list_older(home)
    ]
    a_row = 1 if any(_beside(each, home) for each in _list_older(home)) else 2
    rows += [tuple(older[at : at + a_row]) for at in range(0, len(older), a_row)]
    several_own = len(_list_units(home.own)) > 1
    rows += [
        (OtherPeriod(unit).button(short(f"{EARLIER}: {name}") if several_own else EARLIER),)
        for unit, name in list(_list_units(_list_left_out(home)).items())[:UNITS_LEFT_OUT]
    ]
    several = len({each.unit.id for each in home.below}) > 1
    for below in home.below:
        is_month = below.form.id == MONTHLY_FORM
        form = "" if is_month else below.form.id
        behind = ("" if is_month else f" {period_name(below.period)}") + (f": {below.unit.name}" if several else "")
        if below.count.missing and (below.due_on - home.today).days <= SOON:
            label = f"Nhắc {format_count(below.count.missing)} đơn vị{behind}"
            rows.append((NudgeBelow(below.unit.id, below.period, form).button(short(label)),))
        if below.count.missing:
            rows.append((OpenMissing(below.unit.id, form).button(short(f"Ai chưa nộp{behind}")),))
        rows.append((OpenTotals(below.unit.id, form).button(short(f"Tổng hợp{behind}")),))
        if is_month and not several and below.count.missing:
            rows[-2:] = [(*rows[-2], *rows[-1])]
    return (*rows, (ShowAhead().button("Việc đến hạn"),))
