"""Reports that were sent: their receipts, who else is told, and how they are shown again."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.submissions.history import ReportHistory, SentReport
from bot.features.submissions.sending import Delivered
from bot.features.submissions.taps import PrintReport, ShowPapers, ShowReport
from bot.features.submissions.words import papers
from bot.road.reply import Button, MessageKind, Reply
from bot.services.drafts import Locked
from bot.services.reports import ReportAtUnit
from bot.taps import AskReopening, CorrectReport, SendReportBack, open_report
from bot.words.dates import day, moment
from bot.words.reports import figure, figure_line, figure_lines, named_figure, period_name, report_name, short
from knowledge.model.forms import Figures, Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.text import raised
from storage.submissions import State, Submission


class _Mark(Enum):
    """The sign before a report in a list: how it stands."""

    ON_TIME = "✓"
    LATE = "◷"
    RETURNED = "↩"
    BROUGHT_IN = "⇢"


_SAID: Final = {
    _Mark.ON_TIME: "đúng hạn",
    _Mark.LATE: "nộp muộn",
    _Mark.RETURNED: "gửi trả để sửa",
    _Mark.BROUGHT_IN: "nhập từ trước",
}
_COLUMNS: Final = 4
"""Figures that fit one line of a phone."""


def history(found: ReportHistory) -> Reply:
    """The reports of a unit on one screen, the latest first, and what was begun; the rest stands behind each button."""
    text = [f"<b>Báo cáo đã gửi – {escape(found.unit.name)}</b>"]
    rows: list[tuple[Button, ...]] = []
    for begun in found.begun:
        state = "điền dở, đợt đã đóng nên chưa gửi." if begun.is_closed else "đang điền dở, chưa gửi."
        state = "điền dở, biểu đã rút nên chưa gửi." if begun.is_withdrawn else state
        text.append(f"✏️ {escape(report_name(begun.form, begun.period))}: {state}")
        label = f"{'Xem bản nháp' if begun.is_closed else 'Điền tiếp'} {period_name(begun.period)}"
        campaign_id = begun.campaign.id if begun.campaign is not None else None
        rows.append((open_report(found.unit.id, begun.form.id, begun.period, campaign_id).button(short(label)),))
    if not found.sent and not found.begun:
        text.append("Chưa có báo cáo nào. Gõ /baocao để nộp.")
    for form in dict.fromkeys(each.form for each in found.sent):
        text += _lines([each for each in found.sent if each.form is form], form)
    marks = dict.fromkeys(_standing(each.submission) for each in found.sent)
    if marks:
        text.append(f"<i>{', '.join(f'{mark.value} {_SAID[mark]}' for mark in marks)}. Bấm để xem và sửa.</i>")
    pair = [ShowReport(each.submission.id).button(short(raised(period_name(each.period)), 30)) for each in found.sent]
    rows += [tuple(pair[start : start + 2]) for start in range(0, len(pair), 2)]
    if found.locked is not None:
        label = f"{papers.REOPEN}: {period_name(found.locked.period)}"
        rows.append((AskReopening(found.locked.id).button(short(label)),))
    return Reply("\n".join(text), tuple(rows))


def _standing(sent: Submission) -> _Mark:
    if sent.state is State.RETURNED:
        return _Mark.RETURNED
    if sent.brought_in:
        return _Mark.BROUGHT_IN
    return _Mark.ON_TIME if sent.on_time else _Mark.LATE


_LINES: Final = 12
"""Figures that a receipt tells a line each; of a longer form it names the first ones."""


def _lines(reports: Sequence[ReportAtUnit], form: Form) -> list[str]:
    """The reports of one form, a line each: all figures of a short one, under what they are."""
    columns = [row for row in form.indicators if row.asked] if len(form.asked) <= _COLUMNS else []
    head = ": " + escape(" · ".join(row.short for row in columns)) if columns else ""
    lines = [f"<b>{escape(form.short)}</b>{head}"]
    for each in reports:
        figures = each.submission.figures
        shown = [figure(row, figures[row.key]) if row.key in figures else "–" for row in columns]
        values = f": {' · '.join(shown)}" if shown else ""
        lines.append(f"{_standing(each.submission).value} {escape(_brief(each.period))}{values}")
    return lines


def _brief(period: Period) -> str:
    """A period at the beginning of a short line."""
    if period.kind is PeriodKind.MONTH:
        return f"{period.number:02}/{period.year}"
    return short(raised(period_name(period)), 34)


def report(found: SentReport, zone: ZoneInfo) -> Reply:
    """One report opened: its figures, reasons, and what each earlier version said, who sent it and when."""
    form, sent = found.form, found.submission
    did = "nhập" if sent.brought_in else "gửi"
    begun = f"{escape(found.by)} {did}" if found.by else raised(did)
    lines = [
        f"<b>{escape(report_name(form, found.period))}</b>",
        escape(found.unit.name),
        f"{begun} lúc {moment(sent.sent_at, zone)}{_how(sent)}",
        "",
        *figure_lines(form, sent.figures, found.previous),
    ]
    if sent.no_change:
        lines.append("<i>Không có biến động.</i>")
    for sentence, reason in found.reasons:
        lines += [f"⚠️ {escape(sentence)}", f"Lý do: <i>{escape(reason)}</i>"]
    if sent.state is State.RETURNED and sent.remark:
        lines += ["", f"↩️ Cấp trên gửi trả để sửa, nhắn: <i>{escape(sent.remark)}</i>"]
    if found.earlier:
        lines += ["", "<b>Các bản trước</b>"]
        for old, who in reversed(found.earlier):
            said = f"Lần {old.version}, {moment(old.sent_at, zone)}" + (f", {escape(who)}" if who else "")
            said += " (nhập từ trước)" if old.brought_in else ""
            lines.append(f"{said}: {_differences(form, old.figures, sent.figures)}")
    if found.papers:
        lines += ["", papers.count_line(found.papers)]
    lines += ["", _end(found, zone)]
    buttons = _buttons(found)
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return Reply("\n".join(lines), tuple(rows))


def _how(sent: Submission) -> str:
    """Whether it was entered for the unit, and in time; of figures that were brought in, that they were."""
    if sent.brought_in:
        return ": số liệu kỳ trước, cấp trên nhập bằng tệp"
    return (" (nhập thay)" if sent.entered_for else "") + (", đúng hạn" if sent.on_time else ", nộp muộn")


def _end(found: SentReport, zone: ZoneInfo) -> str:
    if found.closed is not None and found.closed.closed_at is not None:
        return f"Đợt đã đóng lúc {moment(found.closed.closed_at, zone)}, không sửa được nữa."
    if found.form.withdrawn_on is not None:
        return f"Biểu đã rút từ {day(found.form.withdrawn_on)}, không sửa được nữa."
    return f"Đã khóa sau ngày {day(found.locks_on)}." if found.is_locked else f"Sửa được đến hết {day(found.locks_on)}."


def _buttons(found: SentReport) -> list[Button]:
    """What may be done with it."""
    number, buttons = found.submission.id, []
    if found.may_fix and not found.is_locked:
        buttons.append(CorrectReport(number).button("Sửa"))
    if found.may_fix and found.is_locked:
        buttons.append(AskReopening(number).button(papers.REOPEN))
    if found.papers:
        buttons.append(ShowPapers(number).button(papers.show_label(found.papers)))
    buttons.append(PrintReport(number).button(papers.PRINT))
    if found.may_return:
        buttons.append(SendReportBack(number).button("Gửi trả"))
    return buttons


def _differences(form: Form, old: Figures, new: Figures) -> str:
    """What an earlier version said otherwise."""
    was, now = form.completed(old), form.completed(new)
    shown = []
    for row in form.told:
        if row.heading or was.get(row.key) == now.get(row.key):
            continue
        was_said = named_figure(row, was[row.key]) if row.key in was else f"{row.short} để trống"
        shown.append(escape(was_said))
    return ", ".join(shown[:6]) if shown else "số liệu như hiện nay"


def receipt(delivered: Delivered, zone: ZoneInfo, *, lead: str = "") -> Reply:
    """What stands once a report is stored; `lead` says why it is shown once more."""
    form, sent = delivered.form, delivered.submission
    due = f"(hạn {day(delivered.due_on)})"
    timely = f"<b>đúng hạn</b> {due}" if sent.on_time else f"<b>nộp muộn</b> {due}"
    lines = [lead] if lead else []
    unmoved = " (Không có biến động)" if sent.no_change else ""
    lines.append(f"✅ <b>Đã nhận</b> báo cáo {escape(report_name(form, sent.period))}{unmoved}")
    lines.append(f"Đơn vị: <b>{escape(delivered.unit.name)}</b>" + (" (nhập thay)" if sent.entered_for else ""))
    if sent.version > 1:
        first = f"{sent.first_sent_at.astimezone(zone):%d/%m}, {'đúng hạn' if sent.on_time else 'muộn'}"
        lines.append(f"Lúc {moment(sent.sent_at, zone)}, nộp lần đầu {first} {due}")
    else:
        is_early = sent.on_time and delivered.days_early
        early = f", sớm {delivered.days_early} ngày. Cảm ơn anh/chị!" if is_early else ""
        lines.append(f"Lúc {moment(sent.sent_at, zone)}, {timely}{early}")
    lines.append(f"Số biên nhận: {sent.id}" + (f" · bản sửa lần {sent.version - 1}" if sent.version > 1 else ""))
    figures = sent.figures
    lines += ["", *figure_lines(form, figures)] if len(form.asked) <= _LINES else ["", figure_line(form, figures)]
    if delivered.is_locked:
        lines += ["", f"Đã khóa sau ngày {day(delivered.locks_on)}. Cần sửa thì bấm <b>{papers.REOPEN}</b>."]
    else:
        lines += ["", f"Sửa được đến hết {day(delivered.locks_on)}: /lichsu"]
    buttons = [PrintReport(sent.id).button(papers.PRINT)]
    if delivered.is_locked:
        buttons.append(AskReopening(sent.id).button(papers.REOPEN))
    return Reply("\n".join(lines), (tuple(buttons),), kind=MessageKind.RECEIPT)


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


def came_back(delivered: Delivered, *, by: str) -> Reply:
    """To whoever sent a report back: it was corrected and came again."""
    form, sent = delivered.form, delivered.submission
    text = (
        f"↩️ <b>{escape(delivered.unit.name)}</b> đã sửa và nộp lại báo cáo "
        f"{escape(report_name(form, sent.period))} mà anh/chị gửi trả (người gửi: {escape(by)})."
    )
    return Reply(text, ((ShowReport(sent.id).button("Xem báo cáo"),),))


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
    return Reply("\n".join(lines), ((AskReopening(sent.id).button(papers.REOPEN),),))


def sent_meanwhile(by: str | None) -> str:
    """Said before the receipt to whoever presses **Gửi** on a report that somebody else has sent."""
    if by is None:
        return "Báo cáo này vừa được gửi rồi:"
    return f"{escape(by)} đã gửi báo cáo này rồi:"
