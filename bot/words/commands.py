"""Commands in words: how one is shown in menus, the first command of all, and commands that cannot be obeyed."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.road.reply import Button, Reply
from bot.words.answers import EXAMPLES
from bot.words.buttons import button_gone
from bot.words.content import Content

__all__ = [
    "ME",
    "START",
    "Content",
    "Wording",
    "button_gone",
    "only_in_private",
    "unknown_code",
    "unknown_command",
    "welcome",
    "welcome_group",
]


@dataclass(frozen=True, slots=True)
class Wording:
    """A command in words: its line in the menu and in /help. What people type for it is data elsewhere."""

    help: str


START = Wording("Bắt đầu, xem hỏi được những gì")
ME = Wording("Tôi là ai ở đây, làm được gì")


_WHO = (
    "<b>Xin chào! Tôi là Trợ lý Công đoàn.</b>\n"
    "Tôi trả lời về chỉ tiêu, nhiệm vụ và thời hạn trong các kế hoạch, chương trình hành động của công đoàn; "
    "con số nào cũng kèm tên kế hoạch và mục."
)


def welcome(examples: tuple[tuple[Button, ...], ...]) -> Reply:
    """The first thing said to somebody; `examples` are buttons that ask a question each."""
    return Reply(
        f"{_WHO}\n\nAnh/chị cứ gõ như nhắn tin: có dấu hay không dấu, viết tắt đều được. "
        "Thử một câu bên dưới, hoặc /help.",
        examples,
    )


def welcome_group(bot_name: str) -> Reply:
    """The first thing said to a group."""
    name = escape(bot_name)
    return Reply(
        f"{_WHO}\n\nTrong nhóm, hãy gọi <code>@{name}</code> kèm câu hỏi, hoặc trả lời tin của tôi. "
        f"Ví dụ:\n<code>@{name} {escape(EXAMPLES[0])}</code>"
    )


def unknown_code() -> Reply:
    """To /start with a code that opens nothing: used, expired or never given, all alike."""
    return Reply(
        "Mã mời này không dùng được: có thể đã dùng rồi, đã hết hạn hoặc gõ thiếu. "
        "Anh/chị xin mã khác từ công đoàn cấp trên. Trong lúc đó vẫn hỏi về các kế hoạch được."
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
