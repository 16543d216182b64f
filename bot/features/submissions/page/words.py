"""Words that the page says and its server sends along; those of its buttons stand in its HTML."""

from __future__ import annotations

from bot.services.drafts import OpenDraft
from bot.words.dates import day
from bot.words.reports import period_name
from knowledge.text import raised


def about(opened: OpenDraft) -> str:
    """Unit, period and due date."""
    unit = f"{opened.unit.name} (nhập thay)" if opened.entered_for else opened.unit.name
    return f"{unit} · {raised(period_name(opened.period))} · hạn {day(opened.due_on)}"


def not_signed() -> str:
    """To whoever comes by another way than the button, or with a page opened long ago."""
    return "Trang này mở từ nút “Điền trên trang” trong cuộc trò chuyện với tôi. Anh/chị mở lại từ đó giúp."


def gone() -> str:
    """The draft is no more, is closed, or is none of theirs."""
    return "Báo cáo này đã gửi, đã đóng, biểu đã rút, hoặc anh/chị không được nộp cho đơn vị này. Gõ /baocao để xem."


def moved_on(by: str | None) -> str:
    """The draft was changed elsewhere since the page saw it."""
    who = by or "Cuộc trò chuyện hoặc một trang khác"
    return f"{who} vừa sửa bản nháp này. Số vừa gõ vẫn ở trên trang; anh/chị xem lại rồi lưu."


def form_renewed() -> str:
    """Its form was changed while the page stood open; the rows of the new version are there by now."""
    return "Biểu vừa có bản mới, trang đã đổi theo. Số vừa gõ vẫn ở trên trang; anh/chị xem lại rồi lưu."


def understood(typed: str, shown: str) -> str:
    """Beside a row, where what was typed is not written as the figure is."""
    return f"“{typed}” ghi thành {shown}. Chưa đúng thì anh/chị sửa lại giúp."


def too_short() -> str:
    """Below a reason that explains nothing."""
    return "Chưa ghi được lý do: cần ít nhất 3 chữ cái, ví dụ: kỳ trước nhập nhầm."


def too_large() -> str:
    """To more than a form can hold."""
    return "Nội dung gửi lên không đúng. Anh/chị mở lại trang từ cuộc trò chuyện giúp."


def not_ready() -> str:
    """**Gửi** where something is still open."""
    return "Chưa gửi được: còn mục chưa trả lời hoặc số liệu cần giải thích."


def sent() -> str:
    """The report was taken; its receipt stands in the chat."""
    return "Đã nhận báo cáo. Biên nhận ở trong cuộc trò chuyện."
