"""What needs the supervisor, in words: more time, opening again after the lock, and reports sent back."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.features.submissions.words import moment, report_name
from bot.road.reply import Button, Reply
from bot.words.dates import day
from knowledge.model.forms import Form
from knowledge.model.periods import Period


def ask_reason(form: Form, period: Period, unit_name: str, *, reopen: bool, ends_on: date, until: date) -> Reply:
    """Why, and until when; `ends_on` is the due day (or the lock) now, `until` the day asked for by default."""
    report = escape(report_name(form, period))
    if reopen:
        text = (
            f"<b>Xin mở lại</b> báo cáo {report} của {escape(unit_name)} (đã khóa sau {day(ends_on)}).\n"
            f"Anh/chị gõ lý do trong một tin. Tôi sẽ xin mở đến hết {day(until)}; muốn ngày khác thì ghi kèm, "
            f"ví dụ: <code>nhập nhầm số giảm, xin mở đến {day(until)}</code>"
        )
    else:
        text = (
            f"<b>Xin gia hạn</b> báo cáo {report} của {escape(unit_name)} (hạn {day(ends_on)}).\n"
            f"Anh/chị gõ lý do trong một tin. Tôi sẽ xin đến hết {day(until)}; muốn ngày khác thì ghi kèm, "
            f"ví dụ: <code>kế toán nghỉ ốm, xin đến {day(until)}</code>"
        )
    return Reply(text, ((Button("Hủy", data="r:leave"),),))


def reason_too_short() -> Reply:
    """To a reason of a letter or two."""
    return Reply("Anh/chị ghi rõ lý do hơn một chút, cấp trên cần biết để quyết định.")


def date_too_early(after: date) -> Reply:
    """To a wish for a day that changes nothing."""
    return Reply(f"Ngày xin phải sau {day(after)}. Anh/chị gõ lại lý do kèm ngày, hoặc không ghi ngày cũng được.")


def asked(form: Form, period: Period, *, reopen: bool, until: date, reached: int) -> Reply:
    """To whoever asked."""
    what = "mở lại" if reopen else "gia hạn"
    if reached == 0:
        return Reply(
            f"Đã ghi yêu cầu {what} báo cáo {escape(report_name(form, period))} đến hết {day(until)}, "
            "nhưng chưa có cán bộ cấp trên nào dùng trợ lý để duyệt. Anh/chị báo trực tiếp cho cấp trên giúp."
        )
    return Reply(
        f"Đã gửi yêu cầu {what} báo cáo {escape(report_name(form, period))} đến hết {day(until)} tới cấp trên. "
        "Có trả lời tôi báo ngay. Trong lúc chờ vẫn nộp được: /baocao."
    )


def asked_already(*, at: datetime, zone: ZoneInfo) -> Reply:
    """To a second request of the same kind while the first waits."""
    return Reply(f"Yêu cầu này đã gửi cấp trên lúc {moment(at, zone)} và đang chờ trả lời.")


def to_decide(
    form: Form,
    period: Period,
    unit_name: str,
    *,
    reopen: bool,
    reason: str,
    by: str,
    ends_on: date,
    until: date,
    approve: str,
    refuse: str,
    key: str,
) -> Reply:
    """To the supervisor, with **Đồng ý** and **Từ chối** (callback data)."""
    what = "xin mở lại" if reopen else "xin gia hạn"
    ends = "đã khóa sau" if reopen else "hạn"
    return Reply(
        f"<b>{escape(unit_name)}</b> {what} báo cáo {escape(report_name(form, period))} ({ends} {day(ends_on)}) "
        f"đến hết <b>{day(until)}</b>.\nLý do: <i>{escape(reason)}</i>\nNgười xin: {escape(by)}",
        ((Button("Đồng ý", data=approve), Button("Từ chối", data=refuse)),),
        key=key,
    )


def decided(
    form: Form,
    period: Period,
    unit_name: str,
    *,
    reopen: bool,
    approved: bool,
    by: str,
    until: date,
    reason: str,
    edits_key: str | None = None,
) -> Reply:
    """In place of the request, for every supervisor who was asked."""
    what = "mở lại" if reopen else "gia hạn"
    verdict = f"✅ {escape(by)} đã đồng ý, đến hết {day(until)}." if approved else f"❌ {escape(by)} đã từ chối."
    return Reply(
        f"<b>{escape(unit_name)}</b> xin {what} báo cáo {escape(report_name(form, period))}.\n"
        f"Lý do: <i>{escape(reason)}</i>\n{verdict}",
        edits_key=edits_key,
    )


def decision(
    form: Form,
    period: Period,
    unit_name: str,
    *,
    reopen: bool,
    approved: bool,
    by: str,
    until: date,
    go_on: Button | None,
) -> Reply:
    """To the officers of the unit."""
    report = escape(report_name(form, period))
    if not approved:
        what = "mở lại" if reopen else "gia hạn"
        text = f"{escape(by)} <b>không đồng ý</b> {what} báo cáo {report} của {escape(unit_name)}."
    elif reopen:
        text = (
            f"{escape(by)} đã <b>đồng ý mở lại</b> báo cáo {report} của {escape(unit_name)}: "
            f"sửa được đến hết {day(until)}."
        )
    else:
        text = f"{escape(by)} đã <b>đồng ý gia hạn</b> báo cáo {report} của {escape(unit_name)} đến hết {day(until)}."
    return Reply(text, ((go_on,),) if go_on is not None else ())


def decided_already(*, approved: bool, by: str | None) -> str:
    """The toast to whoever decides second."""
    who = by or "Người khác"
    return f"{who} đã đồng ý trước đó." if approved else f"{who} đã từ chối trước đó."


def noted(*, approved: bool) -> str:
    """The toast to whoever decides."""
    return "Đã đồng ý, tôi báo cho đơn vị." if approved else "Đã từ chối, tôi báo cho đơn vị."


def not_needed() -> Reply:
    """To a request for more time for a report that was sent."""
    return Reply("Báo cáo này đã nộp nên không cần gia hạn. Cần sửa thì vào /lichsu.")


def ask_remark(form: Form, period: Period, unit_name: str) -> Reply:
    """What is wrong with a report that is to be sent back."""
    return Reply(
        f"<b>Gửi trả</b> báo cáo {escape(report_name(form, period))} của {escape(unit_name)}.\n"
        "Anh/chị gõ một tin cho đơn vị biết cần sửa gì.",
        ((Button("Hủy", data="r:leave"),),),
    )


def sent_back(form: Form, period: Period, unit_name: str, *, reached: int) -> Reply:
    """To the supervisor."""
    told = "Cán bộ của đơn vị đã được báo." if reached else "Đơn vị chưa có cán bộ nào dùng trợ lý, anh/chị báo giúp."
    return Reply(f"Đã gửi trả báo cáo {escape(report_name(form, period))} của {escape(unit_name)}. {told}")


def sent_back_already() -> Reply:
    """Somebody else sent it back, or it was corrected meanwhile."""
    return Reply("Báo cáo này vừa được sửa hoặc đã gửi trả trước đó, nên tôi không gửi trả nữa. Xem lại ở /lichsu.")


def to_correct(form: Form, period: Period, unit_name: str, *, remark: str, by: str, fix: Button) -> Reply:
    """To the officers of the unit."""
    return Reply(
        f"↩️ {escape(by)} <b>gửi trả</b> báo cáo {escape(report_name(form, period))} của {escape(unit_name)} để sửa:\n"
        f"<i>{escape(remark)}</i>",
        ((fix,),),
    )


def needless() -> str:
    """The toast to whoever answers a request that was withdrawn."""
    return "Đơn vị đã nộp báo cáo nên yêu cầu này không còn cần trả lời."
