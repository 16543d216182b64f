"""Wording of reports: periods, forms and figures, wherever they are named."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Final

from bot.road.reply import Reply
from knowledge.forms.rules import show_figure
from knowledge.model.forms import FigureKind, Figures, Form, Indicator
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import format_count, format_decimal
from knowledge.reports.answers.names import tells_due
from knowledge.reports.sheet import total_rows, value_before

EARLIER: Final = "Các kỳ trước nữa"
"""The button to periods from before that are not named."""
_ROMAN: Final = ("I", "II", "III", "IV")
_LABEL_LIMIT: Final = 48
_UNIT_LIMIT: Final = 40
"""Letters of a button that a phone 390 pixels wide shows."""
_SHORT_FORMS: Final = tuple(
    (re.compile(words, re.IGNORECASE), letters)
    for words, letters in (
        ("công đoàn cơ sở", "CĐCS"),
        ("liên đoàn lao động", "LĐLĐ"),
        ("trách nhiệm hữu hạn", "TNHH"),
        ("một thành viên", "MTV"),
        ("cổ phần", "CP"),
        ("trung học cơ sở", "THCS"),
        ("trung học phổ thông", "THPT"),
        ("xuất nhập khẩu", "XNK"),
        ("sản xuất", "SX"),
        ("thương mại", "TM"),
        ("dịch vụ", "DV"),
        ("hợp tác xã", "HTX"),
        ("khu công nghiệp", "KCN"),
        ("khu chế xuất", "KCX"),
        ("công ty", "Cty"),
        ("công đoàn", "CĐ"),
    )
)
_YES: Final = "có"


def period_name(period: Period) -> str:
    """A period in words, in the middle of a sentence; a campaign by its name."""
    match period.kind:
        case PeriodKind.MONTH:
            return f"tháng {period.number:02}/{period.year}"
        case PeriodKind.QUARTER:
            return f"quý {_ROMAN[period.number - 1]}/{period.year}"
        case PeriodKind.HALF:
            return f"6 tháng {'đầu' if period.number == 1 else 'cuối'} năm {period.year}"
        case PeriodKind.YEAR:
            return f"năm {period.year}"
        case PeriodKind.CAMPAIGN:
            return f"đợt {period.name}"


def period_in_short(period: Period, year: int) -> str:
    """A period beside others of a year: "tháng 8", of another year "tháng 12/2025"; other periods by their names."""
    if period.kind is not PeriodKind.MONTH:
        return period_name(period)
    return f"tháng {period.number}" if period.year == year else f"tháng {period.number}/{period.year}"


def catch_up_label(period: Period, year: int, beside: str = "") -> str:
    """The button of a report that is missing from before; `beside` is whose or which it is, where that is open."""
    name = period_in_short(period, year)
    if beside:
        name = f"{name} – {beside}"
    return short(f"Nộp bù{'' if period.kind is PeriodKind.MONTH and not beside else ':'} {name}")


def earlier_periods(periods: Collection[Period]) -> str:
    """How many periods from before are not named: "3 tháng trước nữa"."""
    what = "tháng" if all(each.kind is PeriodKind.MONTH for each in periods) else "kỳ"
    return f"{format_count(len(periods))} {what} trước nữa"


def report_name(form: Form, period: Period) -> str:
    """A report by its form and period, in the middle of a sentence."""
    return f"{form.short}, {period_name(period)}"


def bar(part: int, whole: int) -> str:
    """A bar of ten blocks: full only when all of it is there, empty only when nothing is."""
    done = max(10 * part // whole, 1 if part else 0) if whole else 0
    return "▓" * done + "░" * (10 - done)


def percent(share: Decimal) -> str:
    """A share (0–1) in percent, one decimal at most; never rounded up to a hundred."""
    shown = (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if shown == 100 and share < 1:
        shown = Decimal("99.9")
    return f"{format_decimal(shown)}%"


def figure(row: Indicator, value: Decimal) -> str:
    """A figure of one report: with its sign where the row is signed, with triệu đồng for money, yes or no in words."""
    if row.yes_no:
        return _YES if value else denied(row)
    return total(row, value)


def denied(row: Indicator) -> str:
    """What denies a yes-or-no row: whether something is due is settled, whether it was done may change."""
    return "không" if tells_due(row) else "chưa"


def named_figure(row: Indicator, value: Decimal) -> str:
    """A row with its figure, as in a list: "Đoàn viên 1.250", "Hội nghị NLĐ: chưa"."""
    return f"{row.short}{':' if row.yes_no else ''} {figure(row, value)}"


def total(row: Indicator, value: Decimal) -> str:
    """A figure of several reports; of a yes-or-no row it is a number of units."""
    shown = format_count(value, signed=True) if row.signed else show_figure(value, row.kind)
    return f"{shown} triệu đồng" if row.kind is FigureKind.MONEY else shown


def short(text: str, limit: int = _LABEL_LIMIT) -> str:
    """A text that fits a button."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def short_unit(name: str, limit: int = _UNIT_LIMIT) -> str:
    """The name of a unit that fits a button: units of one place begin alike, so its end is kept.

    Usual words give way to their short forms first, then whole words in the middle.
    """
    for words, letters in _SHORT_FORMS:
        if len(name) > limit:
            name = words.sub(letters, name)
    if len(name) <= limit:
        return name
    end = limit // 2
    begun, ended = name[: limit - end - 1], name[-end:]
    if not name[limit - end - 1].isspace():
        begun = begun.rpartition(" ")[0] or begun
    if not name[-end - 1].isspace():
        ended = ended.partition(" ")[2] or ended
    return f"{begun.rstrip()}…{ended.lstrip()}"


def unit_with_code(name: str, code: str) -> str:
    """A unit on a button where several have such a name: "CĐCS Cơ khí Tân Phong (TP-002)"."""
    return short(f"{short_unit(name, 30)} ({code})")


def figure_lines(
    form: Form, figures: Figures, previous: Figures | None = None, *, with_empty: bool = True
) -> list[str]:
    """The figures of a report, one a line, those that follow from others among them; empty rows are named."""
    whole = form.completed(figures)
    before = form.completed(previous) if previous else {}
    lines: list[str] = []
    part = None
    for row in form.told:
        if row.key not in whole and not with_empty:
            continue
        if row.part != part:
            part = row.part
            lines += [f"<b>{escape(each.title)}</b>" for each in form.parts if each.id == part]
        if row.heading or (row.derived and row.key not in whole):
            continue
        if row.key not in whole:
            lines.append(f"• {escape(row.short)}: <i>để trống</i>")
            continue
        aside = ""
        if row.carry_over and row.key in before and before[row.key] != whole[row.key]:
            aside = f" (kỳ trước {figure(row, before[row.key])})"
        lines.append(f"• {escape(row.short)}: <b>{figure(row, whole[row.key])}</b>{aside}")
    return lines


def totals_before(form: Form, before: Figures | None) -> str:
    """The totals of the period before, from which new ones follow: "CNVCLĐ 1.320, Đoàn viên 1.250"."""
    told = ((row, value_before(row, before)) for row in total_rows(form, before) or ())
    return ", ".join(f"{escape(row.short)} {figure(row, value)}" for row, value in told if value is not None)


def figure_line(form: Form, figures: Figures) -> str:
    """The figures of a report on one line, for lists; only the first few of a large form."""
    whole = form.completed(figures)
    shown = [named_figure(row, whole[row.key]) for row in form.told if row.key in whole]
    more = f" và {len(shown) - 6} số khác" if len(shown) > 6 else ""
    return escape(", ".join(shown[:6])) + more


def not_yours_tap() -> str:
    """The toast for a button of a unit that is not theirs."""
    return "Đơn vị này không thuộc quyền của anh/chị."


def button_over() -> str:
    """The toast for a button that was used already or is too old."""
    return "Nút này đã dùng hoặc đã cũ. Gõ /baocao hoặc /lichsu để làm tiếp."


def needs_no_extension() -> Reply:
    """The reply to a request for more time for a report that was sent."""
    return Reply("Báo cáo này đã nộp nên không cần gia hạn. Cần sửa thì vào /lichsu.")


def step_left() -> Reply:
    """The reply to **Hủy** where nothing had been written down yet."""
    return Reply("Đã dừng, chưa ghi gì.", keyboard=())
