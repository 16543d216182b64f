"""What is said to questions about figures that cannot be answered, wherever they are asked."""

from __future__ import annotations

from html import escape

from bot.road.reply import Reply


def no_unit(text: str) -> Reply:
    """No unit within reach goes by that name."""
    return Reply(
        f"Tôi không thấy đơn vị nào tên hoặc mã “{escape(text[:80])}” trong phạm vi anh/chị phụ trách. "
        "Gõ một phần tên là được, ví dụ <code>/tonghop may sông xanh</code>."
    )


def not_a_member() -> Reply:
    """To figures asked for by somebody who belongs to no unit."""
    return Reply(
        "Số liệu và tình hình nộp báo cáo chỉ xem được khi tôi biết anh/chị thuộc đơn vị nào. "
        "Anh/chị xin mã mời của công đoàn cấp trên rồi gửi <code>/start MÃ</code>. Hỏi về các kế hoạch thì không cần."
    )


def period_not_open() -> Reply:
    """A period that is still to come, or of a kind that nothing is reported by."""
    return Reply(
        "Kỳ này chưa mở nên chưa có số liệu. Anh/chị thử tháng trước, hoặc gõ ví dụ <code>/tonghop tháng 9</code>."
    )
