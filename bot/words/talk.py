"""What is said to talk that asks for nothing, and to what cannot be read or acted on."""

from __future__ import annotations

from enum import StrEnum
from html import escape

from bot.road.reply import Reply
from bot.words import answers
from knowledge.meanings.words import Courtesy, load_words


def courtesy(said: str, who: str = "anh/chị") -> Reply:
    """The reply to a greeting, thanks or goodbye; `who` is how its sender is addressed (HTML)."""
    match load_words().find_courtesy(said):
        case Courtesy.THANKS:
            return Reply(f"Dạ, không có gì ạ, {who}. Khi cần, anh/chị cứ nhắn tôi.")
        case Courtesy.PARTING:
            return Reply(f"Tạm biệt {who} ạ. Khi cần, anh/chị cứ nhắn tôi.")
        case Courtesy.GREETING:
            return Reply(f"Chào {who} ạ. {answers.greeting()}")
        case None:
            return Reply(f"Vâng ạ, {who}. Khi cần tra kế hoạch, nộp số liệu hay xem hạn, anh/chị cứ nhắn tôi.")


def about_bot() -> Reply:
    """The reply to questions about the bot itself."""
    return Reply(
        "Tôi là Trợ lý Công đoàn, một chương trình máy tính, không phải người. Tôi tra chỉ tiêu, nhiệm vụ và thời hạn "
        "trong các kế hoạch đã được duyệt, nhận số liệu của đơn vị và nhắc hạn. /help cho biết tôi làm được gì, "
        "/xoadulieu xóa những gì tôi nhớ."
    )


class Content(StrEnum):
    """What came instead of words."""

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
    """To voice, pictures and the like: a friendly sentence, and what to do instead."""
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
            return Reply(
                "Tôi chưa đọc được tệp này. Anh/chị gõ câu hỏi thành chữ giúp. "
                "Nếu là kế hoạch mới thì quản trị viên gửi tôi tệp Word hoặc PDF nhé."
            )
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


def button_gone() -> str:
    """The toast to a button that stands for nothing any more."""
    return "Nút này không còn dùng được. Anh/chị gõ lại câu hỏi giúp."


def understood(what: str) -> str:
    """The line that names it."""
    return f"Tôi hiểu là: <i>{escape(what)}</i>"
