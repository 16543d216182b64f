"""Words of the pictures: what stands in their headings, keys and axes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.features.summaries.charts import ChartLine, CompletenessPicture, MovementPicture, ProgressPicture
from bot.features.summaries.service import Child, YearSeries
from bot.words.reports import percent, period_name
from knowledge.model.forms import Indicator, Movement
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import format_count
from knowledge.progress import Progress
from storage.summaries import Completeness, Level
from storage.units import Unit


def _tick(period: Period, *, first: bool) -> str:
    if period.kind is not PeriodKind.MONTH:
        return period_name(period)
    return f"T{period.number}\n{period.year}" if first or period.number == 1 else f"T{period.number}"


def _ticks(periods: Sequence[Period]) -> tuple[str, ...]:
    return tuple(_tick(period, first=number == 0) for number, period in enumerate(periods))


def whole(value: float) -> str:
    """A number on an axis."""
    return format_count(Decimal(round(value)))


def _find_partial(series: YearSeries, values: Sequence[float | None], *, but: int | None) -> frozenset[int]:
    """The points whose periods lack reports; `but` is one that was filled up with earlier figures."""
    return frozenset(
        at
        for at, ((period, _), value) in enumerate(zip(series.totals, values, strict=True))
        if value is not None and period in series.partial and at != but
    )


def _hollow(partial: frozenset[int]) -> str:
    return " · điểm rỗng: kỳ chưa đủ báo cáo" if partial else ""


def completeness_picture(
    unit: Unit, period: Period, count: Completeness, children: Sequence[Child], *, all_children: int
) -> CompletenessPicture:
    """How complete each unit right below is."""
    cut = f" · {len(children)} đơn vị thấp nhất trong {all_children}" if all_children > len(children) else ""
    return CompletenessPicture(
        f"Tình hình nộp {period_name(period)}",
        f"{unit.name} · {format_count(count.received)}/{format_count(count.expected)} đơn vị đã nộp "
        f"({percent(count.completeness)}), đúng hạn {percent(count.timeliness)}{cut}",
        tuple(child.unit.name for child in children),
        tuple(child.completeness.on_time for child in children),
        tuple(child.completeness.late for child in children),
        tuple(child.completeness.brought_in for child in children),
        tuple(child.completeness.missing for child in children),
        ("Đúng hạn", "Nộp muộn", "Nhập từ trước", "Chưa nộp"),
    )


def progress_picture(series: YearSeries, progress: Progress) -> ProgressPicture:
    """The way to the target; the last point is what the words beside it say."""
    values: list[float | None] = []
    key = progress.measure.keys[0]
    for period, found in series.totals:
        value = found.figures.get(key) if found is not None else None
        if period == progress.as_of:
            value = progress.value
        values.append(float(value) if value is not None else None)
    missing = (
        f"còn thiếu {format_count(progress.missing)}, khoảng {format_count(progress.needed)} mỗi tháng"
        if progress.missing and progress.needed is not None
        else "đã đạt"
        if not progress.missing
        else f"còn thiếu {format_count(progress.missing)}"
    )
    as_of = next((at for at, (period, _) in enumerate(series.totals) if period == progress.as_of), None)
    partial = _find_partial(series, values, but=as_of)
    year = progress.by.year
    name = series.asked.form.get_indicator(key).short
    return ProgressPicture(
        f"{name} so với chỉ tiêu {year}",
        f"{series.unit.name} · đến {period_name(progress.as_of)} · {missing}{_hollow(partial)}",
        _ticks([period for period, _ in series.totals]),
        tuple(values),
        progress.measure.name,
        float(progress.goal),
        f"Chỉ tiêu {year}: {format_count(progress.goal)}",
        "Nhịp cần có",
        f"{progress.by.month}/{year}" if progress.missing and progress.months_left else "",
        whole,
        partial,
    )


def movement_picture(series: YearSeries, rows: Movement, level: Level) -> MovementPicture:
    """Twelve months of who came and who left; the last total counts the latest figures of those still missing."""

    def values(row: Indicator) -> tuple[float | None, ...]:
        found = [each.figures.get(row.key) if each is not None else None for _, each in series.totals]
        return tuple(float(value) if value is not None else None for value in found)

    totals, name = values(rows.level), rows.level.short.lower()
    if level.older and rows.level.key in level.figures:
        totals = (*totals[:-1], float(level.figures[rows.level.key]))
    note = (
        f"; tháng cuối lấy số gần nhất của {format_count(level.older)} đơn vị chưa nộp"
        if level.older
        else ", số của các đơn vị đã nộp"
    )
    partial = _find_partial(series, totals, but=len(totals) - 1 if level.older else None)
    bars = _find_partial(series, values(rows.came), but=None)
    return MovementPicture(
        f"Biến động {name} 12 tháng",
        f"{series.unit.name} · {period_name(series.totals[0][0])} – {period_name(series.totals[-1][0])}{note}"
        f"{' · điểm, cột rỗng: kỳ chưa đủ báo cáo' if partial or bars else ''}",
        _ticks([period for period, _ in series.totals]),
        ChartLine(rows.came.short, values(rows.came)),
        ChartLine(rows.went.short, values(rows.went)),
        ChartLine(f"Tổng số {name}", totals),
        whole,
        partial,
        bars,
    )
