"""What is said to commands and to what is no question: welcome, help, leaving, forgetting, voice, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from bot.road.reply import Button, Reply
from bot.words.answers import EXAMPLES


@dataclass(frozen=True, slots=True)
class Wording:
    """A command in words: its line in the menu and in /help. What people type for it is data elsewhere."""

    help: str


START = Wording("Bắt đầu, xem hỏi được những gì")
HELP = Wording("Hỏi được những gì, có những lệnh nào")
PLANS = Wording("Các kế hoạch tôi biết")
ME = Wording("Tôi là ai ở đây, làm được gì")
CANCEL = Wording("Thôi việc đang làm dở")
FORGET = Wording("Xóa những gì tôi nhớ về anh/chị")


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


def _examples() -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(example, data=f"ask:{number}"),) for number, example in enumerate(EXAMPLES))


def welcome(*, in_group: str = "") -> Reply:
    """The first thing said to somebody; `in_group` is the bot's name where it is said to a group."""
    text = (
        "<b>Xin chào! Tôi là Trợ lý Công đoàn.</b>\n"
        "Tôi trả lời về chỉ tiêu, nhiệm vụ và thời hạn trong các kế hoạch, chương trình hành động của công đoàn; "
        "con số nào cũng kèm tên kế hoạch và mục."
    )
    if in_group:
        return Reply(
            f"{text}\n\nTrong nhóm, hãy gọi <code>@{escape(in_group)}</code> kèm câu hỏi, hoặc trả lời tin của tôi. "
            f"Ví dụ:\n<code>@{escape(in_group)} {escape(EXAMPLES[0])}</code>"
        )
    return Reply(
        f"{text}\n\nAnh/chị cứ gõ như nhắn tin: có dấu hay không dấu, viết tắt đều được. "
        "Thử một câu bên dưới, hoặc /help.",
        _examples(),
    )


def unknown_code() -> Reply:
    """To /start with a code that opens nothing: used, expired or never given, all alike."""
    return Reply(
        "Mã mời này không dùng được: có thể đã dùng rồi, đã hết hạn hoặc gõ thiếu. "
        "Anh/chị xin mã khác từ công đoàn cấp trên. Trong lúc đó vẫn hỏi về các kế hoạch được."
    )


def help_text(commands: Sequence[tuple[str, str]], *, bot_name: str, sends: str = "") -> Reply:
    """What can be asked, by three examples that can be tapped, and the commands this person has (name, help line).

    `sends` is the paragraph that says what is sent elsewhere, where anything is.
    """
    lines = "\n".join(f"/{name} – {escape(line)}" for name, line in commands)
    return Reply(
        "<b>Hỏi được những gì</b>\n"
        "Chỉ tiêu, nhiệm vụ, thời hạn, cơ quan ban hành, mục của biểu mẫu trong các kế hoạch tôi biết. "
        "Hỏi tiếp chỉ cần vài chữ: <i>còn 2030?</i>, <i>thế Quảng Trị thì sao</i>. "
        "Sửa tin đã gửi thì câu trả lời cũng đổi theo.\n"
        f"Ở nhóm khác hay khi nhắn cho đồng nghiệp, gõ <code>@{escape(bot_name)} tưlđtt 2025</code> "
        "rồi chọn một thẻ để gửi.\n\n"
        f"<b>Các lệnh</b>\n{lines}\n\n" + (f"{sends}\n\n" if sends else "") + "Chạm vào một câu ví dụ để thử:",
        _examples(),
    )


def leaves_the_house(host: str) -> str:
    """The paragraph of /help that says what a second reader is sent."""
    return (
        f"<b>Tin tôi chưa hiểu chắc</b>\nTôi gửi chữ của tin đó tới máy đọc ở <code>{escape(host)}</code> do quản trị "
        "viên chọn để hiểu ý, sau khi che số điện thoại, tên người, tên đơn vị. Báo cáo số liệu, tệp và những gì "
        "anh/chị gõ khi đang điền báo cáo không gửi đi. Câu trả lời vẫn chỉ lấy từ các kế hoạch đã duyệt."
    )


def unknown_command(name: str, alike: str | None) -> Reply:
    """To a command that does not exist; `alike` is one that may be meant."""
    meant = f" Có phải ý anh/chị là /{alike}?" if alike else ""
    return Reply(f"Tôi không có lệnh /{escape(name[:40])}.{meant} Xem /help, hoặc cứ gõ câu hỏi bình thường.")


def only_in_private(bot_name: str) -> Reply:
    """To a command in a group that works in a private chat only."""
    return Reply(
        "Việc này chỉ làm được trong trò chuyện riêng với tôi.",
        ((Button("Mở trò chuyện riêng", url=f"https://t.me/{bot_name}"),),),
    )


def nothing_to_leave() -> Reply:
    """To /huy where nothing is going on."""
    return Reply("Không có việc gì đang dở. Anh/chị cứ gõ câu hỏi khi cần.")


def topic_left() -> Reply:
    """To /huy where only the last question's subject was remembered."""
    return Reply("Vâng, tôi bỏ câu hỏi trước sang một bên. Câu tiếp theo sẽ được hiểu là một câu mới.")


def confirm_forget() -> Reply:
    """Before somebody is forgotten."""
    return Reply(
        "Tôi sẽ quên câu hỏi gần nhất, tên, số điện thoại, vai trò ở các đơn vị và mọi thứ gắn với tài khoản này. "
        "Số liệu đã nộp là của đơn vị nên được giữ lại, không còn tên anh/chị. "
        "Phiếu <b>Đúng</b> / <b>Chưa đúng</b> và các câu chưa trả lời được vốn không ghi tên ai. Xóa chứ ạ?",
        ((Button("Xóa dữ liệu của tôi", data="forget:yes"), Button("Giữ lại", data="forget:no")),),
    )


def forgotten(edits: int | None) -> Reply:
    """After it."""
    return Reply("Đã xóa những gì tôi nhớ về anh/chị. Anh/chị vẫn hỏi được như một người mới.", edits=edits)


def not_forgotten(edits: int | None) -> Reply:
    """After a change of mind."""
    return Reply("Vâng, tôi giữ nguyên, không xóa gì.", edits=edits)


def button_gone() -> str:
    """The toast to a button that stands for nothing any more."""
    return "Nút này không còn dùng được. Anh/chị gõ lại câu hỏi giúp."


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
