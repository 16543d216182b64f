"""Commands in words: what cannot be obeyed or is not allowed."""

from __future__ import annotations

from html import escape

from bot.access import Right
from bot.road.reply import Button, Reply


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


def denied_line(right: Right) -> str:
    """One plain sentence; it does not tell whether the unit exists."""
    match right:
        case Right.SEE:
            return "Anh/chị chỉ xem được số liệu của đơn vị mình và các đơn vị trực thuộc."
        case Right.SUBMIT:
            return "Anh/chị chỉ nộp được báo cáo cho đơn vị mình và các đơn vị trực thuộc."
        case Right.SUPERVISE:
            return "Việc này dành cho cán bộ phụ trách, trong đơn vị mình và các đơn vị trực thuộc."
        case Right.MANAGE:
            return "Việc này dành cho quản trị viên, trong đơn vị mình và các đơn vị trực thuộc."


def denied(right: Right) -> Reply:
    """The same as a message, with what to do."""
    return Reply(
        f"{denied_line(right)} Nếu cần thêm quyền, anh/chị nhờ công đoàn cấp trên gửi mã mời; /help cho biết "
        "anh/chị làm được những gì."
    )
