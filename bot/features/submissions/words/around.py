"""Around the steps of a report: which unit and period it is for, and what is said when it is left or over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.submissions import taps
from bot.features.submissions.service import Due
from bot.features.submissions.taps import DropDraft, ShowReport
from bot.features.submissions.words.papers import REOPEN
from bot.road.reply import Button, Reply
from bot.services.drafts import NewVersion, OpenDraft, ReportClosed
from bot.services.reports import NotOpenYet
from bot.taps import (
    AskReopening,
    BeginCampaign,
    CorrectReport,
    LeaveReport,
    ListCampaigns,
    OpenTotals,
    OtherPeriod,
    open_report,
)
from bot.words.dates import day, moment
from bot.words.reports import (
    EARLIER,
    catch_up_label,
    earlier_periods,
    figure,
    figure_lines,
    period_in_short,
    period_name,
    report_name,
    short,
    short_unit,
    unit_with_code,
)
from bot.words.units import no_unit_found, several_units
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.text import raised
from storage.submissions import Submission
from storage.units import Unit

_OLDER_SHOWN: Final = 3
_MOST_NAMED: Final = 8


def stale_tap() -> str:
    """The toast to a button of a step that is over."""
    return "Bước này đã xong. Anh/chị trả lời ở tin mới nhất giúp."


def finished_tap() -> str:
    """The toast to a button of a draft that is no more."""
    return "Báo cáo này đã gửi hoặc bản nháp đã xóa. Xem /lichsu, hoặc /baocao để làm báo cáo mới."


def moved_on(by: str | None) -> str:
    """Said before the current step when the draft has changed since this chat last saw it."""
    if by is None:
        return "Bản nháp đã sang bước khác nên câu vừa rồi chưa được ghi. Đây là bước hiện tại:"
    return f"{escape(by)} vừa điền tiếp bản nháp này nên câu vừa rồi chưa được ghi. Đây là bước hiện tại:"


def continued(by: str | None) -> str:
    """Said when a stored draft is opened again."""
    if by is None:
        return "Bản nháp vẫn còn, anh/chị điền tiếp."
    return f"Bản nháp do {escape(by)} điền dở, anh/chị điền tiếp."


def back_to() -> str:
    """Said before the current step after a question in between was answered."""
    return "Trở lại báo cáo đang làm:"


def not_sent_yet() -> str:
    """Said before the summary after the bot was away: **Gửi** may have been lost meanwhile."""
    return (
        "Tôi vừa hoạt động trở lại sau một lúc gián đoạn. Báo cáo này <b>chưa được gửi</b>; "
        "nếu trong lúc đó anh/chị đã bấm <b>Gửi</b> thì xin bấm lại."
    )


def edited() -> Reply:
    """To a message edited in Telegram after its figure was taken."""
    return Reply(
        "Tôi thấy anh/chị vừa sửa tin cũ. Số đã ghi <b>không đổi</b> theo tin sửa. "
        "Muốn sửa: nhắn tên mục và số mới, hoặc bấm <b>Sửa</b> ở bản tóm tắt; "
        "đã gửi rồi thì vào /lichsu."
    )


def left() -> Reply:
    """After **Hủy**: the keyboard goes, the draft stays."""
    return Reply("Đã dừng, chưa gửi gì.", keyboard=())


def not_understood() -> str:
    """Said before the step again to words that are neither its answer nor a question."""
    return "Tôi chưa hiểu tin vừa rồi."


def draft_dropped() -> Reply:
    """After the draft was thrown away."""
    return Reply("Đã xóa bản nháp. Báo cáo đã gửi (nếu có) vẫn nguyên.")


def draft_already_gone() -> Reply:
    """There was none any more."""
    return Reply("Bản nháp này không còn nữa.")


def nothing_to_send() -> Reply:
    """**Gửi** where nothing waits."""
    return Reply(
        "Không có báo cáo nào đang chờ gửi. Gõ /baocao để bắt đầu, /lichsu để xem báo cáo đã gửi.", keyboard=()
    )


def no_rights() -> Reply:
    """To reports and their commands from somebody without a role."""
    return Reply(
        "Tài khoản này chưa gắn với đơn vị nào nên chưa nộp hay xem số liệu được. "
        "Anh/chị xin công đoàn cấp trên mã mời rồi gửi <code>/start MÃ</code>, "
        "hoặc vào /start và chia sẻ số điện thoại. Các câu hỏi về kế hoạch thì cứ hỏi bình thường."
    )


def draft_kept(opened: OpenDraft) -> Reply:
    """Under it: the draft is there, and how to throw it away."""
    return Reply("Bản nháp vẫn được giữ, /baocao để điền tiếp lúc nào cũng được.", ((_drop(opened),),))


def report_closed(closed: ReportClosed, zone: ZoneInfo) -> list[Reply]:
    """To whoever reaches for a report that is neither sent nor corrected any more: why, and that nothing is lost."""
    unit, draft = escape(closed.unit.name), closed.draft
    said = [_why_closed(closed, zone)]
    if closed.standing is not None:
        said.append(f"Báo cáo {unit} đã gửi vẫn giữ nguyên và vẫn nằm trong tổng hợp.")
    elif draft is None and not isinstance(closed.refused, NotOpenYet):
        said.append(f"{unit} không phải nộp nữa.")
    replies = [Reply("\n".join(said), keyboard=())]
    shown = (ShowReport(closed.standing.id).button("Xem báo cáo"),) if closed.standing is not None else ()
    if draft is not None:
        kept = [f"Số {unit} đã điền mà chưa gửi <b>không mất</b>, bản nháp vẫn còn:"]
        kept += figure_lines(closed.form, draft.sheet.figures, with_empty=False) or ["(chưa điền số nào)"]
        replies.append(Reply("\n".join(kept), ((*shown, _drop(draft)),)))
    elif shown:
        replies.append(Reply("Báo cáo đã gửi:", (shown,)))
    return replies


def _why_closed(closed: ReportClosed, zone: ZoneInfo) -> str:
    form, campaign = escape(closed.form.short), closed.campaign
    if closed.form.withdrawn_on is not None:
        gone = f"Biểu <b>{form}</b> <b>đã rút</b> từ {day(closed.form.withdrawn_on)}"
        return f"{gone}, nên không gửi và không sửa được nữa."
    if isinstance(closed.refused, NotOpenYet):
        report = report_name(closed.form, closed.period)
        opens = day(closed.refused.opens_on)
        return f"<b>{escape(report)}</b> <b>chưa mở</b>: đến {opens} mới gửi được."
    if campaign is None or campaign.closed_at is None:
        report = report_name(closed.form, closed.period)
        return f"Theo bản mới của biểu, {escape(closed.unit.name)} <b>không phải nộp</b> {escape(report)}."
    return (
        f"Đợt <b>“{escape(campaign.period.name)}”</b> ({form}) <b>đã đóng</b> "
        f"lúc {moment(campaign.closed_at, zone)}, nên không gửi và không sửa được nữa."
    )


def form_renewed(form: Form, new: NewVersion) -> str:
    """Said before the step where its form was changed meanwhile: what is asked now, and what was given in vain."""
    said = [f"Biểu <b>{escape(form.short)}</b> vừa có bản mới, báo cáo này từ giờ hỏi theo bản mới."]
    if new.added:
        said.append(f"Thêm mục: {_names([escape(row.short) for row in new.added])}.")
    if new.dropped:
        dropped = [
            escape(row.short) + (f" (đã ghi {figure(row, given)})" if given is not None else "")
            for row, given in new.dropped
        ]
        said.append(f"Bỏ mục: {_names(dropped)}.")
    said.append("Số anh/chị đã ghi ở các mục khác vẫn còn; xin xem lại trước khi gửi.")
    return "\n".join(said)


def _names(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:_MOST_NAMED]]
    more = f" và {len(names) - _MOST_NAMED} mục nữa" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(shown)}{more}"


def _drop(opened: OpenDraft) -> Button:
    return DropDraft(opened.draft.id, opened.mark.born).button("Xóa bản nháp")


def choose_unit(units: Sequence[Unit], purpose: taps.Purpose, *, can_search: bool, campaigns: int | None) -> Reply:
    """Which unit it is about. `can_search` where units below may be named by typing.

    `campaigns` is how many campaigns are open that the asker may close; None where they may open none.
    """
    rows = [(taps.ChooseUnit(unit.id, purpose).button(short_unit(unit.name)),) for unit in units]
    if campaigns is not None:
        rows.append((BeginCampaign().button("Mở đợt báo cáo"),))
    if campaigns:
        rows.append((ListCampaigns().button(f"Đợt đang mở: {campaigns}"),))
    rows.append((_leave(),))
    for_history = purpose is taps.Purpose.HISTORY
    what = "Xem báo cáo của đơn vị nào?" if for_history else "Báo cáo cho đơn vị nào?"
    lines = [f"<b>{what}</b>"]
    if can_search and units:
        lines.append("Bấm để chọn, hoặc gõ tên hay mã của đơn vị cấp dưới.")
    elif can_search:
        lines.append("Gõ tên hoặc mã của đơn vị, ví dụ: may hòa thọ.")
    if can_search and not for_history:
        lines.append("<i>Nhập cho đơn vị cấp dưới sẽ được ghi là “Nhập thay” và báo cho cán bộ của đơn vị đó.</i>")
    return Reply("\n".join(lines), tuple(rows))


def _leave() -> Button:
    return LeaveReport().button("Hủy")


def units_found(units: Sequence[Unit], purpose: taps.Purpose, said: str, *, more: bool) -> Reply:
    """Several units fit what was typed, or none."""
    if not units:
        return no_unit_found(said, _leave())
    rows = [taps.ChooseUnit(unit.id, purpose).button(unit_with_code(unit.name, unit.code)) for unit in units]
    return several_units(rows, _leave(), more=more)


def nothing_owed(unit_name: str) -> Reply:
    """For a unit whose figures are the sums of those below."""
    return Reply(
        f"{escape(unit_name)} không phải nộp báo cáo riêng: số liệu được cộng từ các đơn vị cơ sở bên dưới. "
        "Khi có đợt báo cáo mở cho đơn vị, tôi sẽ đưa ra ở đây."
    )


def not_asked(unit_name: str, form: Form, period: Period) -> Reply:
    """For a period that a form is not asked for: before its first, or after its last."""
    return Reply(
        f"{escape(unit_name)} không phải nộp {escape(report_name(form, period))}. Anh/chị gõ /baocao để xem kỳ đang mở."
    )


def not_sent_by(unit_name: str, form: Form) -> Reply:
    """For a form that units of that kind do not send."""
    return Reply(
        f"{escape(unit_name)} không phải nộp biểu {escape(form.short)}. Anh/chị gõ /baocao để xem báo cáo phải nộp."
    )


def unit_ended(unit_name: str, on: date) -> Reply:
    """For a unit that is no more."""
    return Reply(f"{escape(unit_name)} đã dừng hoạt động từ {day(on)}; báo cáo cũ vẫn xem được ở /lichsu.")


def other_periods(unit: Unit, *, page: int | None, pages: int) -> tuple[Button, ...]:
    """The buttons to the pages around the one shown, or to all periods where some are shown of too many."""
    if page is None:
        return (_other_period(unit.id),) if pages > 1 else ()
    around = ((page - 1, "Kỳ gần hơn"), (page + 1, "Kỳ xa hơn"))
    return tuple(OtherPeriod(unit.id, at).button(label) for at, label in around if 0 <= at < pages)


def _other_period(unit_id: int) -> Button:
    return OtherPeriod(unit_id).button("Kỳ khác")


def choose_period(unit: Unit, dues: Sequence[Due], today: date, others: tuple[Button, ...] = ()) -> Reply:
    """Which report of a unit; `others` lead to those that are not shown."""
    rows = tuple(
        (
            open_report(unit.id, due.form.id, due.period, due.campaign_id).button(
                short(_due_label(due, today, named=_needs_name(due, dues)), 60)
            ),
        )
        for due in dues
    )
    more = (others,) if others else ()
    return Reply(f"<b>{escape(unit.name)}</b>: báo cáo nào, kỳ nào?", (*rows, *more, (_leave(),)))


def choose_workbook(offers: Sequence[tuple[Unit, Due]], tops: Sequence[Unit], *, more: bool) -> Reply:
    """Which workbook to be filled in: that of a report of one's own, or where it is fetched for all units below."""
    several = len({unit.id for unit, _ in offers}) > 1
    rows = []
    for unit, due in offers:
        period, form = period_name(due.period), due.form
        label = f"{raised(period)} – {unit.name if several else form.short}"
        if due.campaign_id is not None:
            rows.append((taps.FetchCampaignWorkbook(unit.id, due.campaign_id).button(short(label, 60)),))
        else:
            rows.append((taps.FetchWorkbook(unit.id, form.id, due.period).button(short(label, 60)),))
    lines = ["<b>Anh/chị lấy tệp Excel của báo cáo nào?</b>"] if offers else []
    if more:
        lines.append("Còn báo cáo khác: anh/chị gõ tên đơn vị sau /baocao.")
    if tops:
        rows += [(OpenTotals(unit.id).button(short(f"Tổng hợp: {unit.name}")),) for unit in tops]
        whole = "Tệp để điền cho các đơn vị cấp dưới là tệp <b>Excel</b> trong bảng tổng hợp"
        lines.append(
            f"{whole}; mỗi đơn vị một cột, điền xong gửi lại vào đây." if offers else f"{whole}, ở nút bên dưới."
        )
    return Reply("\n".join(lines), tuple(rows))


def _needs_name(due: Due, dues: Sequence[Due]) -> bool:
    """Whether a period alone leaves the form open: others have months too, or a campaign of that name."""
    others = [each.period for each in dues if each.form.id != due.form.id]
    if due.period.kind is PeriodKind.CAMPAIGN:
        return due.period in others
    return due.period.kind in {period.kind for period in others}


def _due_label(due: Due, today: date, *, named: bool) -> str:
    """A report on its button, with the form's name only where it is needed: a phone shows forty letters."""
    label = raised(period_name(due.period))
    if named:
        label = f"{label} – {due.form.short}"
    if due.submission is not None:
        return f"✓ {label}"
    return f"{label} (quá hạn)" if today > due.due_on else f"{label} (hạn {due.due_on:%d/%m})"


def with_older(step: Reply, opened: OpenDraft, older: Sequence[Due]) -> Reply:
    """The first step of a report, and what of the kind is missing from before: the latest few as buttons."""
    shown = older[-_OLDER_SHOWN:]
    names = [period_in_short(due.period, opened.period.year) for due in shown]
    left_out = older[: len(older) - len(shown)]
    more = f" và {earlier_periods([due.period for due in left_out])}" if left_out else ""
    late = [
        open_report(opened.unit.id, due.form.id, due.period, due.campaign_id).button(
            catch_up_label(due.period, opened.period.year)
        )
        for due in shown
    ]
    if left_out:
        late.append(OtherPeriod(opened.unit.id).button(EARLIER))
    rows = (tuple(late[at : at + 2]) for at in range(0, len(late), 2))
    text = f"{step.text}\n\nCòn thiếu từ trước: {escape(', '.join(names))}{more}."
    return replace(step, text=text, buttons=(*step.buttons[:-1], *rows, *step.buttons[-1:]))


def not_open_yet(found: NotOpenYet) -> Reply:
    """For a period that is still to come."""
    return Reply(
        f"Báo cáo {escape(report_name(found.form, found.period))} chưa mở: nhận từ ngày {day(found.opens_on)}. "
        "Anh/chị nhắn lại từ ngày đó, hoặc gõ /baocao để xem kỳ đang mở."
    )


def all_sent(unit: Unit, last: Due, sent: Submission, next_on: date | None, today: date) -> Reply:
    """To /baocao where everything open has been sent, `last` (`sent`) latest; the next period opens on `next_on`."""
    lines = [
        f"<b>{escape(unit.name)}</b> đã nộp đủ. Gần nhất: {escape(report_name(last.form, last.period))}.",
        *figure_lines(last.form, sent.figures)[:8],
    ]
    if next_on is not None:
        lines.append(f"\nKỳ sau mở từ ngày {day(next_on)}.")
    is_locked = today > last.locks_on and not last.is_missing
    mend = AskReopening(sent.id).button(REOPEN) if is_locked else CorrectReport(sent.id).button("Sửa")
    return Reply("\n".join(lines), ((mend, _other_period(unit.id)),))
