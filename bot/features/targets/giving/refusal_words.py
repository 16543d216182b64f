"""Why something that was said is no share, in words."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from bot.features.targets.giving.amount_words import number
from bot.words.reports import short
from knowledge.shares.checking import RefusedShare, ShareFault


def unread(said: str, *, is_told: bool) -> str:
    """To words that were not taken: they are not understood, or tell a result."""
    quoted = f"“{escape(short(said, 80))}”"
    if is_told:
        return f"• {quoted} nghe như kết quả đã có, không phải số giao. Nếu giao, anh/chị gõ “giao”, tên đơn vị rồi số."
    return f"• Tôi chưa hiểu {quoted}."


def refusal(refused: RefusedShare, measured_in: str) -> str:
    """Why something is no share, as a sentence; with its cell where it stands in a table."""
    where = f"Ô {refused.place}: " if refused.place else ""
    unit, said = escape(short(refused.unit, 80)), escape(short(refused.said, 40))
    of_unit = f" của {unit}" if unit else ""
    match refused.fault:
        case ShareFault.NEGATIVE:
            text = f"số{of_unit} không thể âm ({said})."
        case ShareFault.NOT_WHOLE:
            text = f"số{of_unit} phải là số nguyên ({said}); {escape(measured_in)} không chia lẻ."
        case ShareFault.NOT_A_NUMBER:
            text = f"“{said}”{of_unit} không phải là một số rõ ràng."
        case ShareFault.UNCLEAR:
            text = f"“{said}”{of_unit} có thể hiểu nhiều cách; anh/chị viết đủ chữ số giúp."
        case ShareFault.OVER_HUNDRED:
            text = f"tỷ lệ{of_unit} không thể trên 100% ({said})."
        case ShareFault.IS_PERCENT:
            text = f"chỉ tiêu này tính bằng {escape(measured_in)}, không tính bằng phần trăm ({said})."
        case ShareFault.TOO_LARGE:
            text = f"số{of_unit} lớn quá hoặc lẻ quá ({said})."
        case ShareFault.TWICE:
            text = f"{unit} được nêu hai lần."
        case ShareFault.ELSEWHERE:
            text = f"{unit} không trực thuộc trực tiếp đơn vị giao."
        case ShareFault.UNKNOWN:
            text = f"trong các đơn vị trực thuộc không có “{unit}”."
        case ShareFault.DISSOLVED:
            text = f"{unit} đã giải thể."
        case ShareFault.NOT_YOURS:
            text = "tệp này là của đơn vị khác, anh/chị không giao chỉ tiêu cho đơn vị đó."
        case ShareFault.TOTAL_UNKNOWN:
            text = "chưa rõ chia bao nhiêu; anh/chị gõ kèm tổng số, ví dụ: chia đều 120."
        case ShareFault.OTHER_YEAR:
            text = f"năm {said} khác với năm của bảng này; anh/chị bỏ năm đó, hoặc gõ /giaochitieu để chọn năm khác."
        case ShareFault.TOTAL_EXCEEDED:
            text = f"các đơn vị đã nêu cộng lại vượt quá {said}, không còn gì để chia."
        case ShareFault.BELOW_ZERO | ShareFault.NOTHING_STANDS | ShareFault.BY_OR_TO:
            text = _of_change(refused, unit or "có đơn vị", measured_in)
    return where + (text if where else text[0].upper() + text[1:])


def _of_change(refused: RefusedShare, unit: str, measured_in: str) -> str:
    """Why a share cannot change by an amount, or what has to be said more clearly."""
    said, stands = escape(refused.said.lstrip("-")), number(refused.stands or Decimal(0), measured_in)
    if refused.fault is ShareFault.BELOW_ZERO:
        return f"{unit} đang {stands}, bớt {said} thì dưới 0."
    if refused.fault is ShareFault.NOTHING_STANDS:
        return f"{unit} chưa được giao chỉ tiêu này nên không bớt được ({said})."
    name = escape(short(refused.unit, 80)) or "mỗi đơn vị"
    less = refused.said.startswith("-")
    return (
        f"{unit} đang {stands}: {said} là số mới hay là số {'bớt đi' if less else 'thêm vào'}? "
        f"Anh/chị gõ rõ giúp: <i>giao {name} {said}</i>, hoặc <i>{'bớt của' if less else 'thêm cho'} {name} {said}</i>."
    )
