"""Which unit, which period: the choices before a report is filled in, and why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from bot.features.campaigns.taps import BeginCampaign, ListCampaigns
from bot.features.submissions import taps
from bot.features.submissions.service import Due, NotOpenYet
from bot.road.reply import Button, Reply
from bot.words.dates import day
from bot.words.reports import figure_lines, period_name, report_name, short
from bot.words.units import no_unit_found, several_units
from storage.submissions import Submission
from storage.units import Unit


def choose_unit(units: Sequence[Unit], purpose: taps.Purpose, *, can_search: bool, campaigns: int | None) -> Reply:
    """Which unit it is about. `can_search` where units below may be named by typing.

    `campaigns` is how many campaigns are open that the asker may close; None where they may open none.
    """
    rows = [(taps.ChooseUnit(unit.id, purpose).button(short(unit.name)),) for unit in units]
    if campaigns is not None:
        rows.append((BeginCampaign().button("Mở đợt báo cáo"),))
    if campaigns:
        rows.append((ListCampaigns().button(f"Đợt đang mở: {campaigns}"),))
    rows.append((_leave(),))
    for_history = purpose is taps.Purpose.HISTORY
    what = "Xem báo cáo của đơn vị nào?" if for_history else "Báo cáo cho đơn vị nào?"
    lines = [f"<b>{what}</b>"]
    if can_search and units:
        lines.append("Chạm để chọn, hoặc gõ tên hay mã của đơn vị cấp dưới.")
    elif can_search:
        lines.append("Gõ tên hoặc mã của đơn vị, ví dụ: may hòa thọ.")
    if can_search and not for_history:
        lines.append("<i>Nhập cho đơn vị cấp dưới sẽ được ghi là “Nhập thay” và báo cho cán bộ của đơn vị đó.</i>")
    return Reply("\n".join(lines), tuple(rows))


def _leave() -> Button:
    return taps.LeaveReport().button("Hủy")


def units_found(units: Sequence[Unit], purpose: taps.Purpose, said: str, *, more: bool) -> Reply:
    """Several units fit what was typed, or none."""
    if not units:
        return no_unit_found(said, _leave())
    rows = [taps.ChooseUnit(unit.id, purpose).button(short(f"{unit.name} ({unit.code})")) for unit in units]
    return several_units(rows, _leave(), more=more)


def nothing_owed(unit_name: str) -> Reply:
    """For a unit whose figures are the sums of those below."""
    return Reply(
        f"{escape(unit_name)} không phải nộp báo cáo riêng: số liệu được cộng từ các đơn vị cơ sở bên dưới. "
        "Khi có đợt báo cáo mở cho đơn vị, tôi sẽ đưa ra ở đây."
    )


def unit_ended(unit_name: str, on: date) -> Reply:
    """For a unit that is no more."""
    return Reply(f"{escape(unit_name)} đã dừng hoạt động từ {day(on)}; báo cáo cũ vẫn xem được ở /lichsu.")


def choose_period(unit: Unit, dues: Sequence[Due], today: date) -> Reply:
    """Which report of a unit."""
    rows = tuple(
        (taps.open_report(unit.id, due.form.id, due.period, due.campaign_id).button(short(_due_label(due, today), 60)),)
        for due in dues
    )
    return Reply(f"<b>{escape(unit.name)}</b>: báo cáo nào, kỳ nào?", (*rows, (_leave(),)))


def _due_label(due: Due, today: date) -> str:
    name = period_name(due.period)
    label = f"{name[:1].upper()}{name[1:]} – {due.form.short}"
    if due.submission is not None:
        return f"✓ {label}"
    return f"{label} (quá hạn)" if today > due.due_on else f"{label} (hạn {due.due_on:%d/%m})"


def not_open_yet(found: NotOpenYet) -> Reply:
    """For a period that is still to come."""
    return Reply(
        f"Báo cáo {escape(report_name(found.form, found.period))} chưa mở: nhận từ ngày {day(found.opens_on)}. "
        "Anh/chị nhắn lại từ ngày đó, hoặc /baocao để xem kỳ đang mở."
    )


def all_sent(unit: Unit, last: Due, sent: Submission, next_on: date | None) -> Reply:
    """To /baocao where everything open has been sent, `last` (`sent`) latest; the next period opens on `next_on`."""
    lines = [
        f"<b>{escape(unit.name)}</b> đã nộp đủ. Gần nhất: {escape(report_name(last.form, last.period))}.",
        *figure_lines(last.form, sent.figures)[:8],
    ]
    if next_on is not None:
        lines.append(f"\nKỳ sau mở từ ngày {day(next_on)}.")
    return Reply(
        "\n".join(lines), ((taps.CorrectReport(sent.id).button("Sửa"), taps.OtherPeriod(unit.id).button("Kỳ khác")),)
    )
