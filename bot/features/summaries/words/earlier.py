"""Figures of earlier times, in words: the workbook to fill in, and what came of the filled one."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.summaries.earlier import EarlierForm, TakenEarlier
from bot.features.summaries.workbook.earlier import EarlierTemplate, make_template
from bot.features.summaries.workbook.words import wrong_cells
from bot.road.reply import Attachment, Reply
from bot.words.reports import period_name
from knowledge.model.periods import Period
from knowledge.numbers import format_count
from knowledge.text import raised

_NAMES_SHOWN: Final = 10


def template_file(found: EarlierForm) -> Reply:
    """The workbook with the units, to be filled in."""
    content = make_template(
        EarlierTemplate(
            form=found.form,
            sheet="Số liệu kỳ trước",
            title=f"Số liệu các kỳ trước – {found.unit.name}",
            notes=(
                "Điền số đã báo cáo trước đây; ô nào không có số thì để trống. Giữ nguyên cột mã và cột ẩn, rồi "
                "gửi lại tệp vào trò chuyện với Trợ lý Công đoàn.",
            ),
            code="Mã",
            name="Đơn vị",
            periods=tuple((period, raised(period_name(period))) for period in found.periods),
            units=tuple((unit.code, unit.name) for unit in found.units),
            known={
                (unit.code, period): found.standing[unit.id, period]
                for unit in found.units
                for period in found.periods
                if (unit.id, period) in found.standing
            },
        )
    )
    lines = [
        f"<b>Số liệu các kỳ trước</b> của {format_count(len(found.units))} đơn vị thuộc {escape(found.unit.name)}: "
        f"{', '.join(period_name(period) for period in found.periods)}.",
        "Số nào đã có thì tôi điền sẵn. Anh/chị điền thêm rồi gửi lại tệp vào đây. "
        "Số được giữ đúng như đã ghi, có đánh dấu là nhập từ trước, "
        "không thay báo cáo mà đơn vị đã nộp.",
    ]
    if found.left:
        lines.append(
            f"Tệp không đủ chỗ cho {format_count(found.left)} đơn vị; anh/chị vào từng đơn vị trực thuộc lấy tệp riêng."
        )
    return Reply("\n".join(lines), document=Attachment(content, "so-lieu-ky-truoc.xlsx"))


def no_units() -> Reply:
    """Where no unit below sends the monthly report."""
    return Reply("Không có đơn vị nào ở đây nộp báo cáo hằng tháng, nên không có gì để điền.")


def bad_form() -> Reply:
    """The form of the file does not exist."""
    return Reply("Tôi không có biểu nào như ghi trong tệp. Chưa có gì được ghi nhận.")


def not_yours() -> Reply:
    """To somebody who manages no unit."""
    return Reply("Chỉ quản trị viên của đơn vị nhập được số liệu các kỳ trước. Chưa có gì được ghi nhận.")


def outcome(taken: TakenEarlier) -> Reply:
    """What came of a filled workbook."""
    more = _left_out(taken)
    if taken.kept is None:
        text = (
            f"{wrong_cells(taken.form, taken.wrong)}\n\nAnh/chị sửa các ô đó rồi gửi lại tệp. Chưa có gì được ghi nhận."
        )
        return Reply("\n".join([text, *more]))
    kept = taken.kept
    lines = []
    if kept.new or kept.changed:
        lines.append(f"✅ Đã ghi <b>{format_count(len(kept.new) + len(kept.changed))} số liệu kỳ trước</b>:")
        lines += _by_period((*kept.new, *kept.changed))
        if kept.changed:
            lines.append(f"Trong đó {format_count(len(kept.changed))} thay số nhập trước đây.")
        lines.append("Chưa đúng chỗ nào, anh/chị sửa trong tệp rồi gửi lại.")
    else:
        lines.append("Tệp không có số nào mới, nên không có gì thay đổi.")
    if kept.same:
        lines.append(f"{format_count(len(kept.same))} số liệu đã có sẵn như trong tệp.")
    if kept.real:
        names = [f"{taken.names[unit]} ({period_name(period)})" for unit, period in kept.real]
        lines.append(f"Giữ nguyên báo cáo đơn vị đã nộp: {escape(_names(names))}.")
    return Reply("\n".join([*lines, *more]))


def _by_period(keys: Sequence[tuple[int, Period]]) -> list[str]:
    counts: dict[Period, int] = {}
    for _, period in keys:
        counts[period] = counts.get(period, 0) + 1
    ordered = sorted(counts, key=lambda period: period.code)
    return [f"• {raised(period_name(each))}: {format_count(counts[each])} đơn vị" for each in ordered]


def _left_out(taken: TakenEarlier) -> list[str]:
    lines = []
    if taken.not_yours:
        lines.append(f"Bỏ qua mã không thuộc đơn vị anh/chị quản trị: {escape(_names(taken.not_yours))}.")
    if taken.not_owed:
        lines.append(f"Bỏ qua đơn vị không nộp biểu này: {escape(_names(taken.not_owed))}.")
    if taken.not_past:
        lines.append(f"Bỏ qua kỳ chưa kết thúc hoặc không có: {escape(_names(taken.not_past))}.")
    return lines


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    left = len(names) - _NAMES_SHOWN
    return f"{shown} và {format_count(left)} nữa" if left > 0 else shown
