"""Wording for small talk."""

from __future__ import annotations

from bot.road.reply import Reply


def courtesy() -> Reply:
    """The reply to a greeting, thanks or goodbye."""
    return Reply("Vâng ạ. Khi cần tra kế hoạch, nộp số liệu hay xem hạn, anh/chị cứ nhắn tôi.")


def about_bot() -> Reply:
    """The reply to questions about the bot itself."""
    return Reply(
        "Tôi là Trợ lý Công đoàn, một chương trình máy tính, không phải người. Tôi tra chỉ tiêu, nhiệm vụ và thời hạn "
        "trong các kế hoạch đã được duyệt, nhận số liệu của đơn vị và nhắc hạn. /help cho biết tôi làm được gì, "
        "/xoadulieu xóa những gì tôi nhớ."
    )
