"""What is said once a report was sent: receipts, and to whoever is told."""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

from bot.features.requests.taps import AskReopening, SendReportBack
from bot.features.submissions.sending import Delivered
from bot.features.submissions.service import Locked
from bot.features.submissions.taps import ShowReport
from bot.road.reply import MessageKind, Reply
from bot.words.dates import day, moment
from bot.words.reports import figure_line, figure_lines, report_name
from knowledge.model.forms import Form
from knowledge.model.periods import Period


def receipt(delivered: Delivered, zone: ZoneInfo, *, lead: str = "") -> Reply:
    """What stands once a report is stored; `lead` says why it is shown once more."""
    form, sent = delivered.form, delivered.submission
    due = f"(hạn {day(delivered.due_on)})"
    timely = f"<b>đúng hạn</b> {due}" if sent.on_time else f"<b>nộp muộn</b> {due}"
    lines = [lead] if lead else []
    unmoved = " (Không có biến động)" if sent.no_change else ""
    lines.append(f"✅ <b>Đã nhận</b> báo cáo {escape(report_name(form, sent.period))}{unmoved}")
    lines.append(f"Đơn vị: <b>{escape(delivered.unit.name)}</b>" + (" (nhập thay)" if sent.entered_for else ""))
    lines.append(f"Lúc {moment(sent.sent_at, zone)}, {timely}")
    lines.append(f"Số biên nhận: {sent.id}" + (f" · bản sửa lần {sent.version - 1}" if sent.version > 1 else ""))
    figures = sent.figures
    lines += ["", *figure_lines(form, figures)] if len(form.asked) <= 8 else ["", figure_line(form, figures)]
    lines += ["", f"Sửa được đến hết {day(delivered.locks_on)}: /lichsu"]
    return Reply("\n".join(lines), keyboard=(), kind=MessageKind.RECEIPT)


def sent_already() -> str:
    """Said before the receipt when **Gửi** is pressed once more."""
    return "Báo cáo này đã gửi rồi, không ghi thêm lần nữa:"


def unchanged(unit_name: str, form: Form, period: Period) -> str:
    """Said before the receipt where a correction changed nothing."""
    return f"Số liệu báo cáo {escape(report_name(form, period))} của {escape(unit_name)} không có gì khác bản đã gửi."


def entered_for_you(delivered: Delivered, *, by: str, zone: ZoneInfo) -> Reply:
    """To the officers of a unit whose figures somebody above entered."""
    form, sent = delivered.form, delivered.submission
    lines = [
        f"{escape(by)} vừa <b>nhập thay</b> báo cáo {escape(report_name(form, sent.period))} "
        f"cho {escape(delivered.unit.name)} lúc {moment(sent.sent_at, zone)}:",
        *figure_lines(form, sent.figures)[:12],
        "",
        "Có số nào chưa đúng, anh/chị sửa ở /lichsu.",
    ]
    return Reply("\n".join(lines))


def with_reasons(delivered: Delivered, *, by: str) -> Reply:
    """To supervisors: a report that breaks rules, with the reasons."""
    form, sent = delivered.form, delivered.submission
    lines = [
        f"<b>{escape(delivered.unit.name)}</b> gửi báo cáo {escape(report_name(form, sent.period))} "
        f"(người gửi: {escape(by)}) với số liệu cần xem lại:",
    ]
    for sentence, reason in delivered.reasons:
        lines += [f"⚠️ {escape(sentence)}", f"Lý do: <i>{escape(reason)}</i>"]
    lines += ["", *figure_lines(form, sent.figures)[:12]]
    buttons = ((ShowReport(sent.id).button("Xem báo cáo"), SendReportBack(sent.id).button("Gửi trả")),)
    return Reply("\n".join(lines), buttons)


def locked(found: Locked) -> Reply:
    """Corrections are over; the supervisor may open them again."""
    sent, name = found.submission, report_name(found.form, found.submission.period)
    lines = [
        f"Báo cáo {escape(name)} của {escape(found.unit.name)} đã khóa sau ngày {day(found.locks_on)}.",
        *figure_lines(found.form, sent.figures)[:8],
        "",
        "Cần sửa thì xin cấp trên mở lại, kèm lý do.",
    ]
    return Reply("\n".join(lines), ((AskReopening(sent.id).button("Xin mở lại"),),))


def sent_meanwhile(by: str | None) -> str:
    """Said before the receipt to whoever presses **Gửi** on a report that somebody else has sent."""
    if by is None:
        return "Báo cáo này vừa được gửi rồi:"
    return f"{escape(by)} đã gửi báo cáo này rồi:"
