"""Wording of commands: their lines in menus, and replies to those that are unknown or in the wrong place."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.road.reply import Button, Reply
from bot.words.buttons import button_gone
from bot.words.content import Content

__all__ = [
    "Content",
    "Wording",
    "button_gone",
    "only_in_private",
    "unknown_command",
]


@dataclass(frozen=True, slots=True)
class Wording:
    """A command's wording: its line in the menu and in /help. What people type for it is data elsewhere."""

    help: str


def unknown_command(name: str, alike: str | None) -> Reply:
    """The reply to a command that does not exist; `alike` is one that may be meant."""
    meant = f" Có phải ý anh/chị là /{alike}?" if alike else ""
    return Reply(f"Tôi không có lệnh /{escape(name[:40])}.{meant} Xem /help, hoặc cứ gõ câu hỏi bình thường.")


def only_in_private(bot_name: str) -> Reply:
    """The reply to a command in a group that works in a private chat only."""
    return Reply(
        "Việc này chỉ làm được trong trò chuyện riêng với tôi.",
        ((Button("Mở trò chuyện riêng", url=f"https://t.me/{bot_name}"),),),
    )
