"""What is said where a message could mean two things, and to talk that asks for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.road.reply import Button, Reply
from bot.words import answers
from knowledge.meanings.model import Meaning

_NAMES = {
    Meaning.PLAN_QUESTION: "Hỏi về kế hoạch",
    Meaning.REPORT: "Nộp báo cáo trong tin này",
    Meaning.BEGIN_REPORT: "Nộp báo cáo",
    Meaning.DUE: "Hạn nộp sắp tới",
    Meaning.OWN_STATUS: "Đơn vị đã nộp chưa",
    Meaning.OWN_FIGURES: "Số liệu đơn vị mình",
    Meaning.HISTORY: "Xem, sửa báo cáo đã gửi",
    Meaning.EXTENSION: "Xin gia hạn",
    Meaning.REMINDER_SETTINGS: "Giờ nhắc của tôi",
    Meaning.SUMMARY: "Tổng hợp số liệu",
    Meaning.MISSING: "Đơn vị chưa nộp",
    Meaning.BROADCAST: "Gửi thông báo",
    Meaning.SET_DEADLINE: "Đặt hạn cho các đơn vị",
    Meaning.INVITE: "Mời cán bộ",
    Meaning.UNITS: "Xem các đơn vị",
    Meaning.SHARE: "Chỉ tiêu và tiến độ",
    Meaning.PLANS: "Các kế hoạch",
    Meaning.AUDIT: "Nhật ký",
    Meaning.ME: "Tôi là ai ở đây",
    Meaning.FORGET: "Xóa dữ liệu của tôi",
    Meaning.CANCEL: "Thôi việc đang làm dở",
    Meaning.ANSWER: "Trả lời câu đang hỏi",
    Meaning.HELP: "Hướng dẫn",
    Meaning.COURTESY: "Chỉ chào hỏi",
    Meaning.ABOUT_BOT: "Hỏi về trợ lý",
    Meaning.UNKNOWN: "Việc khác",
}


def name(meaning: Meaning) -> str:
    """What a meaning is called on buttons."""
    return _NAMES[meaning]


def which(choices: Sequence[Meaning], data: Sequence[str]) -> Reply:
    """Ask which of two is meant; a tap does it. `data` is what their buttons carry."""
    buttons = tuple((Button(_NAMES[each], data=own),) for each, own in zip(choices, data, strict=True))
    return Reply("Anh/chị muốn:", buttons)


def courtesy() -> Reply:
    """To a greeting, thanks or goodbye."""
    return Reply("Vâng ạ. Khi cần tra kế hoạch, nộp số liệu hay xem hạn, anh/chị cứ nhắn tôi.")


def about_bot() -> Reply:
    """To questions about the bot itself."""
    return Reply(
        "Tôi là Trợ lý Công đoàn, một chương trình máy tính, không phải người. Tôi tra chỉ tiêu, nhiệm vụ và thời hạn "
        "trong các kế hoạch đã được duyệt, nhận số liệu của đơn vị và nhắc hạn. /help cho biết tôi làm được gì, "
        "/xoadulieu xóa những gì tôi nhớ."
    )


def talk(meaning: Meaning) -> Reply | None:
    """On the terminal, what is said to a message that is no question about the plans; None to a question."""
    match meaning:
        case Meaning.COURTESY:
            return courtesy()
        case Meaning.ABOUT_BOT:
            return about_bot()
        case Meaning.HELP:
            return Reply(answers.greeting())
        case Meaning.PLAN_QUESTION | Meaning.UNKNOWN | Meaning.PLANS | Meaning.ANSWER | Meaning.DUE | Meaning.SHARE:
            return None
        case _:
            return Reply(
                f"“{name(meaning)}” là việc của khung chat Telegram; ở đây tôi chỉ tra được các kế hoạch, chỉ tiêu."
            )


def nothing_asked() -> Reply:
    """To a word of a dialog where none is open."""
    return Reply("Hiện không có việc gì đang dở để trả lời. Muốn nộp số liệu, anh/chị gõ /baocao.")
