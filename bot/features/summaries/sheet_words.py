"""Words of the workbook and the pictures: what stands in their headings, keys and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.features.submissions.words import moment, period_name
from bot.features.summaries.charts import CompletenessPicture, Line, MovementPicture, ProgressPicture
from bot.features.summaries.service import Child, Table, Targets
from bot.features.summaries.words import KINDS, percent
from bot.features.summaries.workbook import Book, Column, Words
from bot.features.summaries.workbook import Line as ListLine
from bot.words.units import dissolved_mark
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import format_count
from knowledge.progress import Progress
from storage.submissions import State, Submission
from storage.summaries import Completeness, Level, Reported, Totals
from storage.units import Unit


def table_book(table: Table, *, today: date, zone: ZoneInfo) -> Book:
    """The workbook of one form and period, a column a unit."""
    asked = table.asked
    columns = tuple(
        Column(part.unit.name, part.unit.code, part.totals.figures if part.totals else None, part.fillable)
        for part in table.parts
    )
    lines = tuple(ListLine(_described(row, report, zone, today), _figures(report)) for row, report in table.lines)
    count = table.completeness
    words = _words(
        asked.form,
        table.unit,
        table.above,
        today=today,
        subtitles=(
            _upper_first(period_name(asked.period)),
            f"Số đơn vị đã nộp: {format_count(count.received)}/{format_count(count.expected)} "
            f"({percent(count.completeness)}), đúng hạn: {format_count(count.on_time)}",
        ),
        columns="Đơn vị",
    )
    return Book(asked.form, words, asked.period.code, False, columns, lines)


def year_book(
    unit: Unit, above: Unit | None, form: Form, series: Sequence[tuple[Period, Totals | None]], *, today: date
) -> Book:
    """The workbook of one unit over a year, a column a period."""
    columns = tuple(
        Column(
            _upper_first(period_name(period)),
            period.code,
            found.figures if found else None,
            unit.kind.is_grassroots,
        )
        for period, found in series
    )
    first, last = series[0][0], series[-1][0]
    subtitles = (f"Từ {period_name(first)} đến {period_name(last)}",)
    words = _words(form, unit, above, today=today, subtitles=subtitles, columns="Kỳ báo cáo")
    return Book(form, words, unit.code, True, columns)


def _words(
    form: Form, unit: Unit, above: Unit | None, *, today: date, subtitles: tuple[str, ...], columns: str
) -> Words:
    return Words(
        sheet="Biểu tổng hợp",
        issuer=(above.name.upper(), unit.name.upper()) if above is not None else (unit.name.upper(),),
        state=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        title=form.title.upper(),
        subtitles=subtitles,
        number="TT",
        indicator="Chỉ tiêu",
        unit="Đơn vị tính",
        total="Tổng cộng" if columns == "Đơn vị" else "Cộng / cuối kỳ",
        among="Trong đó:",
        code=f"{columns} (mã, giữ nguyên):",
        place_and_date=f"……………, ngày {today.day:02} tháng {today.month:02} năm {today.year}",
        left_signature=("NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"),
        right_signature=("TM. BAN CHẤP HÀNH", "CHỦ TỊCH", "(Ký tên, đóng dấu)"),
        not_a_number="Ô này chỉ nhận số không âm; chỉ tiêu về người và đơn vị là số nguyên.",
        not_a_number_title="Chưa đúng số",
        list_sheet="Theo đơn vị",
        list_title="Số liệu từng đơn vị",
        list_heads=("Mã", "Tên đơn vị", "Loại hình", "Tình trạng", "Gửi lúc"),
        notes=(form.note,) if form.note else (),
    )


def _described(row: Reported, report: Submission | None, zone: ZoneInfo, today: date) -> tuple[str, ...]:
    if row.state is State.SENT:
        state = "Đúng hạn" if row.on_time else "Nộp muộn"
    else:
        state = "Gửi trả, chờ sửa" if row.state is State.RETURNED else "Chưa nộp"
        if row.dissolved_on is not None and row.dissolved_on <= today:
            state += f" {dissolved_mark(row.dissolved_on)}"
    sent = moment(row.sent_at, zone) if row.sent_at is not None and report is not None else ""
    return row.code, row.name, KINDS[row.kind], state, sent


def _figures(report: Submission | None) -> dict[str, Decimal] | None:
    return report.figures if report is not None else None


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


# Pictures ------------------------------------------------------------------------------------------------------------


def _tick(period: Period, *, first: bool) -> str:
    if period.kind is not PeriodKind.MONTH:
        return period_name(period)
    return f"T{period.number}\n{period.year}" if first or period.number == 1 else f"T{period.number}"


def _ticks(periods: Sequence[Period]) -> tuple[str, ...]:
    return tuple(_tick(period, first=number == 0) for number, period in enumerate(periods))


def whole(value: float) -> str:
    """A number on an axis."""
    return format_count(Decimal(round(value)))


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
        tuple(child.completeness.missing for child in children),
        ("Đúng hạn", "Nộp muộn", "Chưa nộp"),
    )


def progress_picture(
    unit: Unit, targets: Targets, progress: Progress, series: Sequence[tuple[Period, Totals | None]]
) -> ProgressPicture:
    """The way to the target; the last point is what the words beside it say."""
    values: list[float | None] = []
    key = progress.measure.keys[0]
    for period, found in series:
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
    year = progress.by.year
    own = "" if not targets.is_part else f" (chỉ tiêu của toàn {targets.holder.name})"
    return ProgressPicture(
        f"Đoàn viên so với chỉ tiêu {year}",
        f"{unit.name} · đến {period_name(progress.as_of)} · {missing}{own}",
        _ticks([period for period, _ in series]),
        tuple(values),
        "Tổng số đoàn viên",
        float(progress.goal),
        f"Chỉ tiêu {year}: {format_count(progress.goal)}",
        "Nhịp cần có",
        f"{progress.by.month}/{year}" if progress.missing and progress.months_left else "",
        whole,
    )


def movement_picture(unit: Unit, series: Sequence[tuple[Period, Totals | None]], level: Level) -> MovementPicture:
    """Twelve months of who came and who left; the last total counts the latest figures of those still missing."""

    def values(key: str) -> tuple[float | None, ...]:
        found = [each.figures.get(key) if each is not None else None for _, each in series]
        return tuple(float(value) if value is not None else None for value in found)

    totals = values("members")
    if level.older and "members" in level.figures:
        totals = (*totals[:-1], float(level.figures["members"]))
    note = (
        f"; tháng cuối lấy số gần nhất của {format_count(level.older)} đơn vị chưa nộp"
        if level.older
        else ", số của các đơn vị đã nộp"
    )
    return MovementPicture(
        "Biến động đoàn viên 12 tháng",
        f"{unit.name} · {period_name(series[0][0])} – {period_name(series[-1][0])}{note}",
        _ticks([period for period, _ in series]),
        Line("Kết nạp mới", values("admitted")),
        Line("Giảm", values("lost")),
        Line("Tổng số đoàn viên", totals),
        whole,
    )
