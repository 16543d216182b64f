"""Commands in words: what cannot be obeyed or is not allowed."""

from __future__ import annotations

from html import escape

from bot.access import Right
from bot.road.reply import Button, Reply


def unknown_command(name: str, alike: str | None) -> Reply:
    """The reply to a command that does not exist; `alike` is one that may be meant."""
    meant = f" Có phải ý anh/chị là /{alike}?" if alike else ""
    return Reply(f"Tôi không có lệnh /{escape(name[:40])}.{meant} Xem /help, hoặc cứ gõ câu hỏi bình thường.")


def only_in_private(bot_name: str, opens: str = "") -> Reply:
    """The reply to a command in a group that works in a private chat only; `opens` is what the link begins there."""
    start = f"?start={opens}" if opens else ""
    return Reply(
        "Việc này chỉ làm được trong trò chuyện riêng với tôi.",
        ((Button("Mở trò chuyện riêng", url=f"https://t.me/{bot_name}{start}"),),),
    )


def report_in_private(bot_name: str, opens: str) -> Reply:
    """The reply to figures reported in a group: nothing of them is repeated or kept there."""
    return Reply(
        "Số liệu báo cáo tôi chỉ nhận trong trò chuyện riêng; tin trong nhóm này <b>chưa được ghi</b>. "
        "Anh/chị bấm nút dưới đây để nộp.",
        ((Button("Mở trò chuyện riêng", url=f"https://t.me/{bot_name}?start={opens}"),),),
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
