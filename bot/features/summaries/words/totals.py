"""/tonghop in words: totals, choices of unit and report, explanations."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.summaries import taps
from bot.features.summaries.reports import AskedReport
from bot.features.summaries.service import Child, ExplanationPage, Summary, UnitsBelow
from bot.features.summaries.words.pieces import completeness_lines, due, figures, page_row, received_lines
from bot.hands.reach import FoundUnits
from bot.road.reply import Button, Reply
from bot.words.progress import share_line
from bot.words.reports import period_name, report_name, short, short_unit, total
from bot.words.targets import target_line, targets_text
from knowledge.forms import MONTHLY_FORM
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import format_count
from knowledge.text import raised
from storage.units import Unit

_MAIN_ROWS: Final = 4
_MOST_BUTTONS: Final = 4


def summary(found: Summary, *, edits: int | None = None) -> Reply:
    """The summary on one screen: six lines and four buttons; everything else is a tap away."""
    lines = [f"<b>{_title(found.asked, found.unit)}</b>", *received_lines(found), *_main_figures(found)]
    if found.share is not None:
        lines.append(f"🎯 {share_line(found.share)}.")
    elif found.targets is not None and (told := target_line(found.targets)):
        lines.append(told)
    return Reply("\n".join(lines), _summary_buttons(found), edits=edits)


def _title(asked: AskedReport, unit: Unit) -> str:
    named = period_name(asked.period) if asked.form.id == MONTHLY_FORM else report_name(asked.form, asked.period)
    return f"Tổng hợp {escape(named)} – {escape(unit.name)}"


def _main_figures(found: Summary) -> list[str]:
    """The first rows of the form, two a line."""
    form, own = found.asked.form, found.totals.figures
    rows = [row for row in form.asked if row.key in own][:_MAIN_ROWS]
    told = [f"{escape(row.short)}: <b>{total(row, own[row.key])}</b>" for row in rows]
    return [" · ".join(told[start : start + 2]) for start in range(0, len(told), 2)]


def _summary_buttons(found: Summary) -> tuple[tuple[Button, ...], ...]:
    """The first four of what there is to do, two a row; the rest is under the details."""
    ref, unit_id, missing = found.asked.ref, found.unit.id, found.completeness.missing
    wanted: list[Button] = []
    if found.children:
        wanted.append(taps.ShowUnits(unit_id, ref).button(f"Các đơn vị ({format_count(found.children)})"))
    if missing and found.may_nudge:
        wanted.append(taps.ShowMissing(unit_id, ref).button(f"Chưa nộp ({format_count(missing)})"))
    wanted.append(taps.ShowDetails(unit_id, ref).button("Chi tiết"))
    if found.above is not None:
        wanted.append(taps.ShowSummary(found.above.id, ref).button("↑ Cấp trên"))
    wanted.append(taps.MakeWorkbook(unit_id, ref).button("Excel"))
    shown = wanted[:_MOST_BUTTONS]
    return tuple(tuple(shown[start : start + 2]) for start in range(0, len(shown), 2))


def units_below(found: UnitsBelow, *, edits: int | None = None) -> Reply:
    """The units right below, each with a button that says how much has come in from it."""
    asked, ref, unit_id = found.asked, found.asked.ref, found.unit.id
    at = f", trang {found.page + 1}/{found.pages}" if found.pages > 1 else ""
    text = f"<b>{_title(asked, found.unit)}</b>\n{format_count(found.count)} đơn vị bên dưới{at}. Bấm để xem từng nơi."
    rows: list[tuple[Button, ...]] = [
        (taps.ShowSummary(child.unit.id, ref).button(_child(child)),) for child in found.shown
    ]
    rows += page_row(taps.ShowUnits(unit_id, ref, found.page), found.pages)
    rows.append((taps.ShowSummary(unit_id, ref).button("‹ Tổng hợp"),))
    return Reply(text, tuple(rows), edits=edits)


def details(found: Summary, *, edits: int | None = None) -> Reply:
    """The summary at length: both rates, every row with what it was before, every target, files and other periods."""
    asked = found.asked
    parts = [
        f"<b>{_title(asked, found.unit)}</b>\n{escape(asked.form.short)}, {due(asked.due_on, found.today)}",
        completeness_lines(found.completeness),
        figures(found),
    ]
    if found.targets is not None:
        parts.append(targets_text(found.targets, found.unit))
    return Reply("\n\n".join(part for part in parts if part), _details_buttons(found), edits=edits)


def _details_buttons(found: Summary) -> tuple[tuple[Button, ...], ...]:
    asked, ref, unit_id = found.asked, found.asked.ref, found.unit.id
    around = []
    if asked.campaign is None:
        earlier, later = asked.period.shifted(-1), asked.period.shifted(1)
        around.append(taps.ShowSummary(unit_id, taps.ReportRef(asked.form.id, earlier)).button(f"‹ {_brief(earlier)}"))
        around.append(taps.ShowSummary(unit_id, taps.ReportRef(asked.form.id, later)).button(f"{_brief(later)} ›"))
    files = [taps.MakeWorkbook(unit_id, ref).button("Excel")]
    if asked.campaign is None and asked.period.kind is PeriodKind.MONTH:
        files.append(taps.MakeYear(unit_id, ref).button("Excel 12 tháng"))
    drawn = [taps.DrawCharts(unit_id, ref).button("Biểu đồ"), taps.MakePrinted(unit_id, ref).button("Bản in tổng hợp")]
    others = [taps.MakeCsv(unit_id, ref).button("CSV")]
    if found.choices > 1:
        others.append(taps.ChooseReport(unit_id, ref).button("Biểu khác"))
    if found.explained:
        others.append(taps.ShowExplanations(unit_id, ref).button(f"Giải trình ({format_count(found.explained)})"))
    back = [taps.ShowSummary(unit_id, ref).button("‹ Tổng hợp")]
    return tuple(tuple(row) for row in (around, files, drawn, others, back) if row)


def _brief(period: Period) -> str:
    return raised(period_name(period))


def _child(child: Child) -> str:
    count = child.completeness
    mark = "✓" if not count.missing else f"{format_count(count.received)}/{format_count(count.expected)}"
    if count.missing and child.unit.kind.is_grassroots:
        mark = "chưa nộp"
    return f"{short_unit(child.unit.name, 29)} · {mark}"


def choose_unit(shown: type[taps.ReportTap], asked: AskedReport, found: FoundUnits) -> Reply:
    """Where somebody supervises more than one subtree: which one."""
    text = "Anh/chị muốn xem đơn vị nào?"
    if found.has_more:
        text += " Còn nhiều đơn vị nữa: gõ lệnh kèm mã hoặc tên đơn vị, ví dụ <code>/tonghop Quảng Trị</code>."
    return Reply(text, tuple((shown(unit.id, asked.ref).button(short_unit(unit.name)),) for unit in found.meant))


def choose_form(unit: Unit, reports: Sequence[AskedReport], *, edits: int | None = None) -> Reply:
    """Which of the forms and campaigns."""
    rows = tuple(
        (taps.ShowSummary(unit.id, asked.ref).button(short(report_name(asked.form, asked.period))),)
        for asked in reports
    )
    return Reply(f"Tổng hợp biểu nào của <b>{escape(unit.name)}</b>?", rows, edits=edits)


def explanations(found: ExplanationPage, *, edits: int | None = None) -> Reply:
    """Broken rules that were confirmed, with the officers' reasons."""
    head = f"<b>Giải trình {escape(period_name(found.asked.period))} – {escape(found.unit.name)}</b>"
    if not found.shown:
        return Reply(f"{head}\nKhông có báo cáo nào phải giải trình.", edits=edits)
    blocks = []
    for each in found.shown:
        lines = [
            f"{escape(sentence)}\n  Lý do: <i>{escape(reason)}</i>" if sentence else f"Lý do: <i>{escape(reason)}</i>"
            for sentence, reason in each.lines
        ]
        blocks.append(f"<b>{escape(each.unit_name)}</b>\n" + "\n".join(lines))
    pages = page_row(taps.ShowExplanations(found.unit.id, found.asked.ref, found.page), found.pages)
    return Reply("\n\n".join([head, *blocks]), tuple(pages), edits=edits)
