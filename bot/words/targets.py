"""How far a unit is from its targets, in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Final

from bot.words.dates import day
from bot.words.reports import percent, period_name
from knowledge.model.forms import MeasureKind
from knowledge.numbers import format_count, format_decimal, format_percent
from knowledge.progress import PlanProgress, Progress, Standing
from knowledge.text import raised
from storage.units import Unit

_FINENESS: Final = (Decimal("0.1"), Decimal("0.01"), Decimal("0.001"))


def target_line(found: PlanProgress) -> str:
    """The target to look at first, on one line; empty where none is the unit's own."""
    first = found.level or next(iter(found.progress), None)
    if first is None:
        return ""
    cited = f"{escape(found.plan.citation)}, mục {escape(first.target.section)}"
    if first.measure.kind is MeasureKind.SHARE:
        reached = (
            f"{escape(first.measure.name)}: <b>{_reached_share(first)}</b>, chỉ tiêu {escape(first.target.figure)}"
        )
    else:
        reached = f"Chỉ tiêu {first.by.year}: <b>{_reached(first)}</b> ({percent(first.share)})"
    older = f", gồm số cũ của {format_count(found.older)} đơn vị chưa nộp" if found.older else ""
    return f"{reached}{older} – {cited}"


def targets_text(found: PlanProgress, unit: Unit) -> str:
    """Every target that the figures can be held against; what the plan itself says is cited.

    Of targets for more than this unit it is told whose they are, and what this unit has; one is no part of the other.
    """
    head = f"<b>So với chỉ tiêu</b> – {escape(found.plan.citation)}"
    if not found.progress and not found.beyond:
        return f"{head}\nChưa có số liệu nào để so."
    lines = [head, *map(progress_line, found.progress)]
    if found.beyond:
        own = (
            f"phần giao cho {escape(unit.name)} xem ở /chitieu"
            if found.has_shares
            else f"chưa giao riêng cho {escape(unit.name)}"
        )
        lines.append(f"Chỉ tiêu về số lượng là của toàn {escape(_whose(found))}, {own}. Số hiện có:")
        lines += dict.fromkeys(map(_has, found.beyond))
    if found.older and found.as_of is not None:
        lines.append(
            f"<i>{format_count(found.older)} đơn vị chưa nộp {escape(period_name(found.as_of))}: "
            "lấy số gần nhất của họ.</i>"
        )
    return "\n".join(lines)


def _whose(found: PlanProgress) -> str:
    return found.plan.short if found.is_own else found.holder


def _has(each: Progress) -> str:
    """What a unit has of something that is counted, without the target."""
    when = f"năm {each.by.year}" if each.measure.kind is MeasureKind.FLOW else f"đến {period_name(each.as_of)}"
    unit = escape(each.target.unit or "")
    return f"• {escape(each.measure.name)} {when}: <b>{format_count(each.value)}</b> {unit}"


def progress_line(each: Progress) -> str:
    """One target: reached, missing, per month until when, and whether the pace is enough."""
    target = each.target
    where = f"(mục {escape(target.section)})"
    population = escape(target.population)
    if each.measure.kind is MeasureKind.SHARE:
        part, whole = each.counted or (Decimal(0), Decimal(0))
        text = (
            f"• {raised(population)} – chỉ tiêu {_until(each)}: {escape(target.figure)} {where}. "
            f"Đang đạt <b>{_reached_share(each)}</b> ({format_count(part)}/{format_count(whole)})"
        )
        if each.standing is Standing.REACHED:
            return f"{text}: đã đạt."
        return f"{text}, còn thiếu {format_decimal(_missing_share(each))} điểm phần trăm."
    unit = escape(target.unit or "")
    reached = f"<b>{_reached(each)}</b> {unit} ({percent(each.share)})"
    if each.measure.kind is MeasureKind.FLOW:
        text = (
            f"• {escape(each.measure.name)} năm {each.by.year}, chỉ tiêu {escape(target.figure)} {where}: đạt {reached}"
        )
    else:
        text = f"• {escape(each.measure.name)}, chỉ tiêu {_until(each)} {where}: đạt {reached}"
    return text + _outlook(each, unit)


def _outlook(each: Progress, unit: str) -> str:
    if each.standing is Standing.REACHED:
        over = each.value - each.goal
        return f", vượt {format_count(over)} {unit}." if over else ", đã đạt chỉ tiêu."
    missing = f"còn thiếu <b>{format_count(each.missing)} {unit}</b>"
    if each.standing is Standing.TOO_LATE or each.needed is None:
        return f", {missing}; thời hạn {day(each.by)} đã qua."
    text = f", {missing}, khoảng {format_count(each.needed)} mỗi tháng đến {day(each.by)}."
    if each.pace is None:
        return text
    pace = format_decimal(_rounded(each.pace), signed=each.measure.kind is MeasureKind.LEVEL)
    if each.standing is Standing.ON_PACE:
        return f"{text} Nhịp gần đây {pace} mỗi tháng: đủ để đạt."
    if each.pace <= 0:
        return f"{text} Nhịp gần đây {pace} mỗi tháng: chưa tiến thêm."
    return f"{text} Nhịp gần đây {pace} mỗi tháng: chưa đủ."


def _reached(each: Progress) -> str:
    return f"{format_count(each.value)}/{format_count(each.goal)}"


def _reached_share(each: Progress) -> str:
    """A share in percent with one decimal, or as many more as tell it from the target that it has not reached."""
    if each.standing is Standing.REACHED or each.value.quantize(_FINENESS[0], ROUND_HALF_UP) < each.goal:
        return percent(each.value / 100)
    shown = (each.value.quantize(fine, ROUND_HALF_UP) for fine in _FINENESS)
    return format_percent(next((value for value in shown if value < each.goal), each.value))


def _missing_share(each: Progress) -> Decimal:
    """Percentage points that are lacking, rounded, but never to none, nor to whole ones of a target with decimals."""
    is_whole = each.goal == each.goal.to_integral_value()
    shown = (
        *([_rounded(each.missing)] if is_whole else []),
        *(each.missing.quantize(fine, ROUND_HALF_UP) for fine in _FINENESS),
    )
    return next((value for value in shown if value), each.missing)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1) if abs(value) >= 10 else Decimal("0.1"), ROUND_HALF_UP)


def _until(each: Progress) -> str:
    return f"năm {each.by.year}"
