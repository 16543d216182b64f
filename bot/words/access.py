"""Wording of refusals to people who may not do what they asked for."""

from __future__ import annotations

from bot.access import Right
from bot.road.reply import Reply


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
