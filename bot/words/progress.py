"""How far a unit is in its share of a target, in words: on one line, and at length."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Final

from bot.words.dates import day
from bot.words.reports import bar, percent, period_name
from knowledge.model.shares import Goal
from knowledge.numbers import format_count, format_decimal
from knowledge.progress import Standing
from knowledge.share_progress import ShareProgress

_FINENESS: Final = (Decimal("0.1"), Decimal("0.01"), Decimal("0.001"))
_NONE: Final = Decimal(0)


def amount(value: Decimal) -> str:
    """A number as it is read: whole where it is whole, with one decimal elsewhere."""
    if value == value.to_integral_value():
        return format_count(value)
    return format_decimal(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _apart(value: Decimal, other: Decimal) -> str:
    """A number with one decimal at most, or as many more as tell it from another that it is not."""
    if value == other or value == value.to_integral_value():
        return amount(value)
    for fine in _FINENESS:
        if (shown := value.quantize(fine, ROUND_HALF_UP)) != other:
            return format_decimal(shown)
    return format_decimal(value)


def goal_amount(goal: Goal, value: Decimal) -> str:
    """An amount of a goal with its unit of measure: 50 đoàn viên, 85%."""
    return f"{amount(value)}%" if goal.is_percent else f"{amount(value)} {escape(goal.measured_in)}"


def reached(each: ShareProgress) -> str:
    """What was reached of what is to be: 32/50, or 70%/85%."""
    sign = "%" if each.goal.is_percent else ""
    value = f"{_apart(each.value, each.amount)}{sign}" if each.value is not None else "chưa có số"
    return f"{value}/{amount(each.amount)}{sign}"


def share_line(each: ShareProgress) -> str:
    """A share on one line: "Kết nạp mới 2026: 32/50, còn 18, cần 9/tháng"."""
    text = f"{escape(each.goal.name)} {each.goal.year}: <b>{reached(each)}</b>"
    if each.standing is Standing.REACHED:
        return f"{text}, đã đạt"
    text += f", còn {_apart(each.missing, _NONE)}{' điểm %' if each.goal.is_percent else ''}"
    if each.needed is not None:
        text += f", cần {amount(each.needed)}/tháng"
    elif each.standing is Standing.TOO_LATE:
        text += ", đã hết năm"
    return text + _gap(each)


def _gap(each: ShareProgress) -> str:
    """How many reports are missing, short."""
    return f" (thiếu {format_count(each.reached.missing)} báo cáo)" if each.reached.missing else ""


def share_lines(each: ShareProgress) -> list[str]:
    """A share at length: the bar, what is missing and at which pace, up to when, and what is not reported."""
    shown = min(int(each.part * 1000), 1000 if each.missing == 0 else 999)
    if each.goal.is_percent:
        counted = f" ({amount(each.counted[0])}/{amount(each.counted[1])})" if each.counted is not None else ""
        value = f"{_apart(each.value, each.amount)}%" if each.value is not None else "chưa có số"
        first = f"{bar(shown, 1000)} <b>{value}</b>{counted}, chỉ tiêu {amount(each.amount)}%"
    else:
        first = f"{bar(shown, 1000)} <b>{reached(each)}</b> {escape(each.goal.measured_in)} ({percent(each.part)})"
    return [first, _outlook(each), reports_line(each)]


def _outlook(each: ShareProgress) -> str:
    if each.standing is Standing.REACHED:
        over = (each.value or Decimal(0)) - each.amount
        return f"Đã đạt, vượt {goal_amount(each.goal, over)}." if over > 0 and not each.goal.is_percent else "Đã đạt."
    unit = "điểm phần trăm" if each.goal.is_percent else escape(each.goal.measured_in)
    missing = f"Còn thiếu <b>{_apart(each.missing, _NONE)}</b> {unit}"
    if each.standing is Standing.TOO_LATE:
        return f"{missing}; năm {each.goal.year} đã hết."
    if each.needed is None:
        return f"{missing}, đến {day(each.by)}."
    text = f"{missing}, cần {amount(each.needed)} mỗi tháng đến {day(each.by)}."
    if each.pace is None:
        return text
    enough = "đủ để đạt" if each.standing is Standing.ON_PACE else "chưa đủ"
    return f"{text} Nhịp hiện nay {amount(each.pace)} mỗi tháng: {enough}."


def reports_line(each: ShareProgress) -> str:
    """Up to which period the figures go, and what is not reported: said beside every percentage."""
    kept, as_of = each.reached, each.as_of
    if as_of is None:
        text = "Chưa có báo cáo nào trong năm"
        return f"{text}, thiếu {format_count(kept.missing)} báo cáo đã đến hạn." if kept.missing else f"{text}."
    upto = f"Số liệu đến {escape(period_name(as_of))}"
    if kept.missing:
        return f"{upto}, còn thiếu {format_count(kept.missing)}/{format_count(kept.due)} báo cáo đã đến hạn."
    return f"{upto}, đủ báo cáo đã đến hạn."
