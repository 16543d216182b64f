"""Wording for messages that are no text: voice, pictures, files."""

from __future__ import annotations

from enum import StrEnum

from bot.road.reply import Reply


class Content(StrEnum):
    """The kind of content that came instead of text."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    STICKER = "sticker"
    DOCUMENT = "document"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    GAME = "game"
    OTHER = "other"


def not_words(content: Content) -> Reply:
    """The reply to voice, pictures and the like: what to do instead."""
    match content:
        case Content.VOICE:
            return Reply(
                "Tôi chưa nghe được tin thoại. Anh/chị vẫn nói được: chạm vào ô nhập, bấm hình micro trên bàn phím "
                "của điện thoại rồi đọc câu hỏi, bàn phím sẽ viết thành chữ. Gõ ngắn hay không dấu cũng được."
            )
        case Content.PHOTO:
            return Reply("Tôi chưa đọc được ảnh. Anh/chị gõ câu hỏi thành chữ giúp.")
        case Content.VIDEO:
            return Reply("Tôi chưa xem được video. Anh/chị gõ câu hỏi thành chữ giúp.")
        case Content.STICKER:
            return Reply("Cảm ơn anh/chị 😊 Khi cần tra chỉ tiêu hay thời hạn, cứ gõ câu hỏi cho tôi.")
        case Content.DOCUMENT:
            return Reply("Tôi chưa đọc được tệp này. Anh/chị gõ câu hỏi thành chữ giúp.")
        case Content.LOCATION:
            return Reply(
                "Tôi không cần vị trí của anh/chị. Muốn hỏi về địa phương nào, gõ tên giúp, "
                "ví dụ: chỉ tiêu của Quảng Trị."
            )
        case Content.CONTACT:
            return Reply("Tôi không cần danh bạ để trả lời câu hỏi. Anh/chị cứ gõ điều muốn biết.")
        case Content.POLL:
            return Reply("Tôi không bỏ phiếu được. Anh/chị gõ câu hỏi thành chữ giúp.")
        case Content.GAME:
            return Reply("Tôi không biết chơi, chỉ biết tra kế hoạch thôi. Anh/chị muốn hỏi chỉ tiêu nào?")
        case Content.OTHER:
            return Reply("Tôi chỉ đọc được chữ. Anh/chị gõ câu hỏi giúp, ví dụ: chỉ tiêu TƯLĐTT 2025?")
