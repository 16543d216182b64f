"""Wording of failures on our side."""

from __future__ import annotations

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.road.reply import Reply


def sorry() -> Reply:
    """An apology to the person whose message could not be handled."""
    return Reply(
        "Xin lỗi, hệ thống gặp trục trặc nên chưa xử lý được tin nhắn vừa rồi. "
        "Quản trị viên đã được báo. Anh/chị vui lòng thử lại sau ít phút."
    )


def update_parked(inbox_id: int, error: str) -> Reply:
    """To the admins: an update was put aside after three tries. `error` is the kind of failure, never its text."""
    return Reply(
        f"⚠️ Một cập nhật không xử lý được sau nhiều lần thử nên đã được gác lại: số {inbox_id}, "
        f"lỗi <code>{error}</code>. Xem nhật ký của chương trình để biết chi tiết."
    )


def update_unreadable(inbox_id: int) -> Reply:
    """To the admins: an update that could not be read was put aside."""
    return Reply(f"⚠️ Nhận được một cập nhật không đọc được, đã gác lại: số {inbox_id}. Các tin khác vẫn được xử lý.")


def more_updates_unreadable() -> Reply:
    """To the admins: there are so many of them that the rest of the hour is not told one by one."""
    return Reply(
        "⚠️ Còn nhiều cập nhật không đọc được, đã gác lại cả. Các tin khác vẫn được xử lý. Trong một giờ tới "
        "sẽ không báo từng cập nhật nữa; xem bằng lệnh <code>troly doctor</code>."
    )


def way_lost(since: datetime, until: datetime | None, *, is_foreign: bool) -> Reply:
    """To the admins: calls did not get through to Telegram from `since` to `until`, or do not yet (local times)."""
    why = "mạng trả về một trang không phải của Telegram" if is_foreign else "Telegram không trả lời"
    if until is None:
        return Reply(
            f"⚠️ Từ {since:%H:%M} ngày {since:%d/%m} có lời gọi không tới được Telegram ({why}). "
            "Trợ lý vẫn đang thử lại; tin nhắn có thể đến chậm. Nếu mạng chặn Telegram, xin đặt TELEGRAM_PROXY."
        )
    end = f"{until:%H:%M}" if since.date() == until.date() else f"{until:%H:%M} ngày {until:%d/%m}"
    return Reply(
        f"⚠️ Từ {since:%H:%M} ngày {since:%d/%m} đến {end}, các lời gọi không tới được Telegram ({why}). "
        "Nay đã thông; tin nhắn còn chờ đang được gửi tiếp. Nếu mạng chặn Telegram, xin đặt TELEGRAM_PROXY."
    )


def was_absent(since: datetime, until: datetime, lost_before: datetime, zone: ZoneInfo) -> Reply:
    """To the admins: the bot was away for so long that Telegram threw messages away."""
    first, last, kept = (f"{each.astimezone(zone):%H:%M ngày %d/%m/%Y}" for each in (since, until, lost_before))
    return Reply(
        f"⚠️ Tôi đã ngừng hoạt động từ {first} đến {last}. Telegram chỉ giữ tin nhắn 24 giờ, nên tin gửi trước {kept} "
        "đã mất; người gửi cần gửi lại. Bản nháp, báo cáo và lời nhắc vẫn còn nguyên."
    )


def second_poller() -> Reply:
    """To the admins: another program uses the same token."""
    return Reply(
        "⚠️ Có một chương trình khác đang nhận tin bằng cùng mã bot này. Hãy dừng bớt một chương trình, "
        "nếu không tin nhắn có thể đến chậm."
    )


def file_gone() -> str:
    """In the place of a photo or document that Telegram hands out no more, under what was to be its caption."""
    return "<i>Telegram không còn giữ ảnh hoặc tệp này.</i>"


def messages_in_doubt(count: int) -> Reply:
    """To the admins: messages that may or may not have arrived."""
    return Reply(
        f"⚠️ {count} tin nhắn gửi đi mà không rõ đã đến nơi hay chưa. "
        "Chúng được ghi lại và không tự động gửi lần nữa; xem bằng lệnh <code>troly doctor</code>."
    )


def storage_failing(why: str) -> Reply:
    """To the admins: nothing can be stored at the moment. `why` is what the database says."""
    return Reply(
        "⚠️ Không ghi được vào cơ sở dữ liệu nên hiện chưa nhận được báo cáo và chưa trả lời được tin nhắn: "
        f"<code>{escape(why)}</code>. Vui lòng kiểm tra ổ đĩa và quyền ghi trên máy chủ, "
        "rồi chạy <code>troly doctor</code>. Tin nhắn gửi đến trong lúc này sẽ được xử lý sau."
    )


def storage_well() -> Reply:
    """To the admins: storing works again."""
    return Reply("✅ Cơ sở dữ liệu đã ghi lại được. Các tin nhắn đến trong lúc gián đoạn đang được xử lý.")


def storage_lost(why: str) -> Reply:
    """To the admins, as the bot leaves: the database is no longer what it was. `why` is said to the operator too."""
    return Reply(
        "⛔ Chương trình đã dừng vì cơ sở dữ liệu không còn dùng được, không nhận báo cáo nữa để tránh mất số liệu: "
        f"<code>{escape(why)}</code>"
    )
