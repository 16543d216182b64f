"""What needs the supervisor, in words: more time, opening again after the lock, and reports sent back."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.requests.service import AskedRequest, CampaignIsOver, Decided, SentBack, ToRefuse, Wish
from bot.features.requests.taps import DecideRequest, LeaveRequest, RefusalReason, RefuseRequest
from bot.road.reply import Button, Reply
from bot.services.reports import ReportAtUnit
from bot.taps import CorrectReport, open_report
from bot.words.dates import day, moment, weekday
from bot.words.reports import needs_no_extension, report_name
from storage.requests import RequestKind


def ask_reason(wish: Wish) -> Reply:
    """Why, and until when."""
    about = f"báo cáo {escape(report_name(wish.form, wish.period))} của {escape(wish.unit.name)}"
    if wish.is_reopening:
        text = (
            f"<b>Xin mở lại</b> {about} (đã khóa sau {day(wish.ends_on)}).\n"
            f"Anh/chị gõ lý do trong một tin. Tôi sẽ xin mở đến hết {day(wish.until)}; muốn ngày khác thì ghi kèm, "
            f"ví dụ: <code>nhập nhầm số giảm, xin mở đến {day(wish.until)}</code>"
        )
    else:
        text = (
            f"<b>Xin gia hạn</b> {about} (hạn {day(wish.ends_on)}).\n"
            f"Anh/chị gõ lý do trong một tin. Tôi sẽ xin đến hết {day(wish.until)}; muốn ngày khác thì ghi kèm, "
            f"ví dụ: <code>kế toán nghỉ ốm, xin đến {day(wish.until)}</code>"
        )
    return Reply(text, ((_leave(),),))


def _leave() -> Button:
    return LeaveRequest().button("Hủy")


def _what(*, is_reopening: bool) -> str:
    return "mở lại" if is_reopening else "gia hạn"


def reason_too_short() -> Reply:
    """To a reason of a letter or two."""
    return Reply("Anh/chị ghi rõ lý do hơn một chút, cấp trên cần biết để quyết định.")


def date_too_early(after: date) -> Reply:
    """To a wish for a day that changes nothing."""
    return Reply(f"Ngày xin phải sau {day(after)}. Anh/chị gõ lại lý do kèm ngày, hoặc không ghi ngày cũng được.")


def no_such_day(said: str) -> Reply:
    """To a wish for a day that no calendar has."""
    return Reply(f"Lịch không có ngày {escape(said[:40])}. Anh/chị gõ lại lý do kèm ngày khác giúp.")


def asked(found: AskedRequest) -> Reply:
    """To whoever asked."""
    what = _what(is_reopening=found.wish.is_reopening)
    about = (
        f"yêu cầu {what} báo cáo {escape(report_name(found.wish.form, found.wish.period))} "
        f"đến hết {weekday(found.until)}"
    )
    if not found.deciders:
        return Reply(
            f"Đã ghi {about}, "
            "nhưng chưa có cán bộ cấp trên nào dùng trợ lý để duyệt. Anh/chị báo trực tiếp cho cấp trên giúp."
        )
    return Reply(f"Đã gửi {about} tới cấp trên. Có trả lời tôi báo ngay. Trong lúc chờ vẫn nộp được: /baocao.")


def asked_already(*, at: datetime, zone: ZoneInfo) -> Reply:
    """To a second request of the same kind while the first waits."""
    return Reply(f"Yêu cầu này đã gửi cấp trên lúc {moment(at, zone)} và đang chờ trả lời.")


def to_decide(found: AskedRequest, *, by: str) -> Reply:
    """To the supervisor, with **Đồng ý** and **Từ chối**."""
    wish, number = found.wish, found.request.id
    ends = "đã khóa sau" if wish.is_reopening else "hạn"
    return Reply(
        f"<b>{escape(wish.unit.name)}</b> xin {_what(is_reopening=wish.is_reopening)} báo cáo "
        f"{escape(report_name(wish.form, wish.period))} ({ends} {day(wish.ends_on)}) "
        f"đến hết <b>{weekday(found.until)}</b>.\n"
        f"Lý do: <i>{escape(found.request.reason)}</i>\nNgười xin: {escape(by)}",
        (
            (
                DecideRequest(number, approved=True).button("Đồng ý"),
                DecideRequest(number, approved=False).button("Từ chối"),
            ),
        ),
    )


_USUAL_REASONS: Final = {
    RefusalReason.TOTALS_DUE: ("Phải tổng hợp đúng hạn", "Cấp trên phải tổng hợp đúng hạn."),
    RefusalReason.NOT_A_REASON: ("Lý do chưa đủ", "Lý do chưa đủ để gia hạn hay mở lại."),
    RefusalReason.TOO_OFTEN: ("Đã lùi nhiều lần", "Đơn vị đã được gia hạn nhiều lần."),
    RefusalReason.NONE: ("Không nêu lý do", ""),
}
"""The label of each usual reason, and what the unit reads."""


def refusal_reason(why: RefusalReason) -> str:
    """A usual reason as the unit reads it; empty where none is given."""
    return _USUAL_REASONS[why][1]


def ask_refusal_reason(waiting: ToRefuse) -> Reply:
    """Why a request is refused."""
    number, what = waiting.request.id, _what(is_reopening=waiting.request.kind is RequestKind.REOPEN)
    about = f"báo cáo {escape(report_name(waiting.form, waiting.request.period))} của {escape(waiting.unit.name)}"
    choices = [RefuseRequest(number, why).button(label) for why, (label, _) in _USUAL_REASONS.items()]
    return Reply(
        f"<b>Từ chối</b> {what} {about}. Anh/chị chọn một lý do, hoặc gõ lý do khác, để đơn vị biết:",
        (tuple(choices[:2]), tuple(choices[2:]), (_leave(),)),
    )


def refused() -> Reply:
    """To whoever typed the reason of a refusal."""
    return Reply("Đã từ chối, tôi báo cho đơn vị kèm lý do.")


def answered_meanwhile() -> Reply:
    """To a typed reason where nothing is left to refuse."""
    return Reply("Yêu cầu này không cần trả lời nữa: vừa có người khác trả lời, hoặc đơn vị đã nộp.")


def _because(found: Decided) -> str:
    return f"\nLý do từ chối: <i>{escape(found.request.remark)}</i>" if found.request.remark else ""


def decided(found: Decided) -> Reply:
    """In place of the request, for every supervisor who was asked."""
    who = escape(found.by or "")
    verdict = f"✅ {who} đã đồng ý, đến hết {day(found.until)}." if found.is_approved else f"❌ {who} đã từ chối."
    return Reply(
        f"<b>{escape(found.unit.name)}</b> xin {_what(is_reopening=found.is_reopening)} báo cáo "
        f"{escape(report_name(found.form, found.request.period))}.\n"
        f"Lý do: <i>{escape(found.request.reason)}</i>\n{verdict}{_because(found)}",
    )


def decision(found: Decided) -> Reply:
    """To the officers of the unit."""
    who, period = escape(found.by or ""), found.request.period
    about = f"báo cáo {escape(report_name(found.form, period))} của {escape(found.unit.name)}"
    open_it = open_report(found.unit.id, found.form.id, period, found.campaign_id)
    if not found.is_approved:
        text = f"{who} <b>không đồng ý</b> {_what(is_reopening=found.is_reopening)} {about}.{_because(found)}"
        if found.is_reopening:
            return Reply(f"{text}\nSố liệu đã gửi giữ nguyên; cần sửa, anh/chị trao đổi trực tiếp với cấp trên giúp.")
        due = f"Hạn vẫn là {weekday(found.due_on)}" if found.due_on is not None else "Hạn không đổi"
        return Reply(f"{text}\n{due}; muộn hơn vẫn nộp được.", ((open_it.button("Nộp ngay"),),))
    if found.is_reopening:
        text = f"{who} đã <b>đồng ý mở lại</b> {about}: sửa được đến hết {weekday(found.until)}."
        return Reply(text, ((open_it.button("Sửa"),),))
    text = f"{who} đã <b>đồng ý gia hạn</b> {about} đến hết {weekday(found.until)}."
    return Reply(text, ((open_it.button("Nộp ngay"),),))


def decided_already(found: Decided) -> str:
    """The toast to whoever decides where nothing is left to decide."""
    if found.is_closed:
        return "Đợt báo cáo này đã đóng hoặc biểu đã rút nên yêu cầu này không cần trả lời nữa."
    if found.is_withdrawn:
        return "Đơn vị đã nộp báo cáo nên yêu cầu này không cần trả lời nữa."
    who = found.by or "Người khác"
    return f"{who} đã đồng ý trước đó." if found.is_approved else f"{who} đã từ chối trước đó."


def noted(*, approved: bool) -> str:
    """The toast to whoever decides."""
    return "Đã đồng ý, tôi báo cho đơn vị." if approved else "Đã từ chối, tôi báo cho đơn vị."


def campaign_closed() -> Reply:
    """To a request about a campaign that was closed."""
    return Reply(
        "Đợt báo cáo này đã đóng hoặc biểu đã rút, không gia hạn, mở lại hay gửi trả được nữa. "
        "Số liệu đã gửi vẫn giữ nguyên: /lichsu."
    )


def nothing_to_ask(found: CampaignIsOver | None) -> Reply:
    """Where there is nothing to request: the report was sent, or its campaign was closed."""
    return campaign_closed() if found is not None else needs_no_extension()


def ask_remark(report: ReportAtUnit) -> Reply:
    """What is wrong with a report that is to be sent back."""
    return Reply(
        f"<b>Gửi trả</b> báo cáo {escape(report_name(report.form, report.period))} của {escape(report.unit.name)}.\n"
        "Anh/chị gõ một tin cho đơn vị biết cần sửa gì.",
        ((_leave(),),),
    )


def sent_back(report: ReportAtUnit, *, reached: int) -> Reply:
    """To the supervisor; `reached` officers are told."""
    told = "Cán bộ của đơn vị đã được báo." if reached else "Đơn vị chưa có cán bộ nào dùng trợ lý, anh/chị báo giúp."
    name = escape(report_name(report.form, report.period))
    return Reply(f"Đã gửi trả báo cáo {name} của {escape(report.unit.name)}. {told}")


def sent_back_already() -> Reply:
    """Somebody else sent it back, it was corrected, or its campaign was closed meanwhile."""
    return Reply("Báo cáo này vừa được sửa hoặc đã gửi trả trước đó, nên tôi không gửi trả nữa. Xem lại ở /lichsu.")


def to_correct(done: SentBack, *, by: str) -> Reply:
    """To the officers of the unit."""
    report = done.report
    return Reply(
        f"↩️ {escape(by)} <b>gửi trả</b> báo cáo {escape(report_name(report.form, report.period))} "
        f"của {escape(report.unit.name)} để sửa:\n<i>{escape(done.remark)}</i>",
        ((CorrectReport(report.submission.id).button("Sửa"),),),
    )
