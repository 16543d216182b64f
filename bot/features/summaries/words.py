"""The supervisor's morning in words: totals, targets, who is missing, explanations, the journal, files and digests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.reminders.service import Nudged
from bot.features.submissions.words import moment, period_name, short
from bot.features.summaries.importing import MOST_WRONG, Taken
from bot.features.summaries.service import Absent, Asked, Child, Explanation, Missing, Summary, Targets
from bot.features.summaries.workbook_reader import Problem, Trouble, Wrong
from bot.road.reply import Attachment, Button, Kind, Reply
from bot.words.commands import Wording
from bot.words.dates import day
from bot.words.units import dissolved_mark
from knowledge.forms.rules import show_figure
from knowledge.model.forms import FigureKind, Form, Indicator
from knowledge.model.periods import PeriodKind
from knowledge.model.units import UnitKind
from knowledge.numbers import format_count, format_decimal
from knowledge.progress import MeasureKind, Progress, Standing
from storage.audit import Entry
from storage.submissions import State
from storage.summaries import Completeness, Reported
from storage.units import Unit

SUMMARY = Wording("Tổng hợp số liệu, tỉ lệ nộp, so với chỉ tiêu, Excel, biểu đồ")
MISSING = Wording("Đơn vị chưa nộp, nhắc từng nơi hoặc nhắc tất cả")
JOURNAL = Wording("Nhật ký: ai đã làm gì, lúc nào")

NUDGE_ALL: Final = "Nhắc tất cả"
_ROWS_SHOWN: Final = 12
_FILE_BUTTONS: Final = 40

KINDS: Final = {
    UnitKind.CONFEDERATION: "Tổng Liên đoàn",
    UnitKind.PROVINCE: "LĐLĐ tỉnh, thành phố",
    UnitKind.SECTOR: "Công đoàn ngành",
    UnitKind.UPPER: "Công đoàn cấp trên trực tiếp cơ sở",
    UnitKind.COMMUNE: "Công đoàn xã, phường",
    UnitKind.PUBLIC: "Hành chính sự nghiệp",
    UnitKind.STATE_ENTERPRISE: "Doanh nghiệp nhà nước",
    UnitKind.PRIVATE: "Ngoài nhà nước",
    UnitKind.FOREIGN: "Vốn đầu tư nước ngoài",
    UnitKind.GUILD: "Nghiệp đoàn",
}


# Pieces --------------------------------------------------------------------------------------------------------------


def percent(share: Decimal) -> str:
    """A share (0–1) in percent, one decimal at most; never rounded up to a hundred."""
    shown = (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if shown == 100 and share < 1:
        shown = Decimal("99.9")
    return f"{format_decimal(shown)}%"


def _change(value: Decimal) -> str:
    return "không đổi" if not value else format_decimal(value, signed=True)


def _button(label: str, action: str, unit_id: int, asked: Asked, page: int | None = None) -> Button:
    tail = "" if page is None else f":{page}"
    return Button(label, data=f"sum:{action}:{unit_id}:{asked.code}{tail}")


def _pages(action: str, unit_id: int, asked: Asked, page: int, pages: int) -> list[tuple[Button, ...]]:
    row = []
    if page > 0:
        row.append(_button("‹ Trang trước", action, unit_id, asked, page - 1))
    if page + 1 < pages:
        row.append(_button("Trang sau ›", action, unit_id, asked, page + 1))
    return [tuple(row)] if row else []


def _due(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days > 1:
        return f"hạn {day(due_on)}, còn {days} ngày"
    if days == 1:
        return f"hạn ngày mai {day(due_on)}"
    if days == 0:
        return f"hạn hôm nay {day(due_on)}"
    return f"hạn {day(due_on)}, quá hạn {-days} ngày"


def completeness_lines(count: Completeness) -> str:
    """Received, on time, late, missing, with both rates."""
    if not count.expected:
        return "Kỳ này không có đơn vị nào phải nộp."
    text = (
        f"Đã nộp <b>{format_count(count.received)}/{format_count(count.expected)}</b> ({percent(count.completeness)}), "
        f"đúng hạn {format_count(count.on_time)} ({percent(count.timeliness)})"
    )
    if count.late:
        text += f", muộn {format_count(count.late)}"
    text += f"\nChưa nộp <b>{format_count(count.missing)}</b>"
    if count.returned:
        text += f", trong đó {format_count(count.returned)} báo cáo đã gửi trả, chờ sửa"
    return text


# /tonghop ------------------------------------------------------------------------------------------------------------


def summary(found: Summary, *, may_nudge: bool, edits: int | None = None, reports: int = 1) -> Reply:
    """The whole summary with its buttons; `reports` tells how many forms there are to choose from."""
    asked = found.asked
    parts = [
        f"<b>Tổng hợp {escape(period_name(asked.period))} – {escape(found.unit.name)}</b>\n"
        f"{escape(asked.form.short)}, {_due(asked.due_on, found.today)}",
        completeness_lines(found.completeness),
        _figures(found),
    ]
    if found.targets is not None:
        parts.append(targets_text(found.targets, found.unit))
    if found.children:
        parts.append("Chạm vào một đơn vị bên dưới để xem chi tiết.")
    return Reply("\n\n".join(part for part in parts if part), _summary_buttons(found, may_nudge, reports), edits=edits)


def _figures(found: Summary) -> str:
    form, own = found.asked.form, found.totals
    rows = [row for row in form.indicators if not row.heading and row.key in own.figures]
    if not rows:
        return ""
    lines = [f"<b>Số liệu</b>, cộng từ {format_count(own.reports)} báo cáo"]
    for row in rows[:_ROWS_SHOWN]:
        value = own.figures[row.key]
        line = f"{'  ' if row.parent else ''}{escape(row.short)}: <b>{_figure(row, value)}</b>"
        compared = []
        if found.last_period is not None and row.key in found.last_period.totals.figures:
            before = found.last_period.totals.figures[row.key]
            compared.append(f"{_change(value - before)} so với kỳ trước")
        if found.last_year is not None and row.key in found.last_year.totals.figures:
            before = found.last_year.totals.figures[row.key]
            compared.append(f"{_change(value - before)} so với cùng kỳ năm trước")
        lines.append(line + (f" ({'; '.join(compared)})" if compared else ""))
    if len(rows) > _ROWS_SHOWN:
        lines.append(f"… và {len(rows) - _ROWS_SHOWN} chỉ tiêu nữa, xem đủ trong tệp Excel.")
    others = [each for each in (found.last_period, found.last_year) if each is not None]
    if any(each.totals.reports != own.reports for each in others):
        counts = ", ".join(f"{period_name(each.period)}: {format_count(each.totals.reports)}" for each in others)
        lines.append(f"<i>Số báo cáo được cộng mỗi kỳ khác nhau ({counts}) nên so sánh chỉ để tham khảo.</i>")
    return "\n".join(lines)


def _figure(row: Indicator, value: Decimal) -> str:
    shown = format_count(value, signed=True) if row.signed else show_figure(value, row.kind)
    return f"{shown} triệu đồng" if row.kind is FigureKind.MONEY else shown


def _summary_buttons(found: Summary, may_nudge: bool, reports: int) -> tuple[tuple[Button, ...], ...]:
    asked, unit_id = found.asked, found.unit.id
    rows: list[tuple[Button, ...]] = [
        (_button(_child(child), "v", child.unit.id, asked, 0),) for child in found.children
    ]
    rows += _pages("v", unit_id, asked, found.page, found.pages)
    around = []
    if asked.campaign is None:
        earlier = Asked(asked.form, asked.period.shifted(-1), asked.due_on)
        around.append(_button(f"‹ {_brief(earlier)}", "v", unit_id, earlier, 0))
        later = Asked(asked.form, asked.period.shifted(1), asked.due_on)
        around.append(_button(f"{_brief(later)} ›", "v", unit_id, later, 0))
    if found.above is not None:
        around.insert(0, _button("↑ Cấp trên", "v", found.above.id, asked, 0))
    if around:
        rows.append(tuple(around))
    files = [_button("Excel", "x", unit_id, asked), _button("CSV", "t", unit_id, asked)]
    if asked.campaign is None and asked.period.kind is PeriodKind.MONTH:
        files.insert(1, _button("Excel 12 tháng", "y", unit_id, asked))
    rows.append(tuple(files))
    pictures = [_button("Biểu đồ", "g", unit_id, asked)]
    if reports > 1:
        pictures.append(_button("Biểu khác", "f", unit_id, asked))
    rows.append(tuple(pictures))
    tail = []
    if found.completeness.missing and may_nudge:
        tail.append(_button(f"Chưa nộp ({format_count(found.completeness.missing)})", "m", unit_id, asked, 0))
    if found.explained:
        tail.append(_button(f"Giải trình ({format_count(found.explained)})", "e", unit_id, asked, 0))
    if tail:
        rows.append(tuple(tail))
    return tuple(rows)


def _brief(asked: Asked) -> str:
    name = period_name(asked.period)
    return name[:1].upper() + name[1:]


def _child(child: Child) -> str:
    count = child.completeness
    mark = "✓" if not count.missing else f"{format_count(count.received)}/{format_count(count.expected)}"
    return f"{short(child.unit.name, 40)} · {mark}"


def choose_unit(action: str, places: Sequence[tuple[Unit, Asked]], *, more: bool = False) -> Reply:
    """Where somebody supervises more than one subtree: which one."""
    text = "Anh/chị muốn xem đơn vị nào?"
    if more:
        text += " Còn nhiều đơn vị nữa: gõ lệnh kèm mã hoặc tên đơn vị, ví dụ <code>/tonghop Quảng Trị</code>."
    return Reply(text, tuple((_button(short(unit.name), action, unit.id, asked, 0),) for unit, asked in places))


def choose_form(unit: Unit, reports: Sequence[Asked], *, edits: int | None = None) -> Reply:
    """Which of the forms and campaigns."""
    rows = tuple(
        (_button(short(f"{asked.form.short}, {period_name(asked.period)}"), "v", unit.id, asked, 0),)
        for asked in reports
    )
    return Reply(f"Tổng hợp biểu nào của <b>{escape(unit.name)}</b>?", rows, edits=edits)


def no_unit(text: str) -> Reply:
    """No unit within reach goes by that name."""
    return Reply(
        f"Tôi không thấy đơn vị nào tên hoặc mã “{escape(text[:80])}” trong phạm vi anh/chị phụ trách. "
        "Gõ một phần tên là được, ví dụ <code>/tonghop may sông xanh</code>."
    )


def no_share() -> Reply:
    """To the share of a unit that no plan governs."""
    return Reply(
        "Đơn vị của anh/chị chưa gắn với kế hoạch nào và chưa có chỉ tiêu giao xuống ở đây, nên tôi chưa có gì để so. "
        "Số liệu đã báo cáo xem ở /lichsu; chỉ tiêu của một kế hoạch thì hỏi kèm tên, ví dụ: "
        "<i>chỉ tiêu của Quảng Trị</i>."
    )


def no_handing_down() -> Reply:
    """To shares that somebody wants to hand down."""
    return Reply(
        "Tôi chưa nhận việc giao chỉ tiêu cho từng đơn vị. Muốn báo cho các đơn vị bên dưới thì dùng /thongbao, "
        "có hạn thì /dathan."
    )


def not_a_member() -> Reply:
    """To figures asked for by somebody who belongs to no unit."""
    return Reply(
        "Số liệu và tình hình nộp báo cáo chỉ xem được khi tôi biết anh/chị thuộc đơn vị nào. "
        "Anh/chị xin mã mời của công đoàn cấp trên rồi gửi <code>/start MÃ</code>. Hỏi về các kế hoạch thì không cần."
    )


def working(kind: str) -> Reply:
    """While something slow is being made."""
    return Reply(f"Tôi đang làm {THINGS[kind]}, xong tôi gửi ngay vào đây.", silent=True)


def working_toast(kind: str) -> str:
    """The same as a toast."""
    return f"Đang làm {THINGS[kind]}, xong tôi gửi vào đây."


def period_not_open() -> Reply:
    """A period that is still to come, or of a kind that nothing is reported by."""
    return Reply(
        "Kỳ này chưa mở nên chưa có số liệu. Anh/chị thử tháng trước, hoặc gõ ví dụ <code>/tonghop tháng 9</code>."
    )


def not_open() -> str:
    """The toast to a period that is still to come or gone."""
    return "Kỳ này chưa mở hoặc không còn nữa."


SUMMING: Final = "phần cộng số liệu"
THINGS: Final = {
    "summary": "phần cộng số liệu",
    "progress": "phần so với chỉ tiêu",
    "workbook": "tệp Excel",
    "csv": "tệp CSV",
    "year": "tệp Excel 12 tháng",
    "charts": "biểu đồ",
    "nudge": "việc nhắc",
}


# Against the plan ----------------------------------------------------------------------------------------------------


def targets_text(found: Targets, unit: Unit) -> str:
    """Every target that the figures can be held against; what the plan itself says is cited."""
    plan = found.plan
    head = f"<b>So với chỉ tiêu</b> – {escape(plan.citation)}"
    if not found.progress:
        return f"{head}\nChưa có số liệu nào để so."
    lines = [head, *(progress_line(each, is_part=found.is_part) for each in found.progress)]
    if found.is_part:
        lines.append(
            f"<i>Chỉ tiêu đặt cho toàn {escape(found.holder.name)}; số ở đây chỉ tính riêng {escape(unit.name)}.</i>"
        )
    if found.older and found.as_of is not None:
        lines.append(
            f"<i>{format_count(found.older)} đơn vị chưa nộp {escape(period_name(found.as_of))}: "
            "lấy số gần nhất của họ.</i>"
        )
    return "\n".join(lines)


def progress_line(each: Progress, *, is_part: bool = False) -> str:
    """One target: reached, missing, per month until when, and whether the pace is enough.

    A part of those for whom it was set has no pace of its own towards it.
    """
    target = each.target
    where = f"(mục {escape(target.section)})"
    population = escape(target.population)
    if each.measure.kind is MeasureKind.SHARE:
        part, whole = each.counted or (Decimal(0), Decimal(0))
        text = (
            f"• {population[:1].upper()}{population[1:]} – chỉ tiêu {_until(each)}: {escape(target.figure)} {where}. "
            f"Đang đạt <b>{percent(each.value / 100)}</b> ({format_count(part)}/{format_count(whole)})"
        )
        if each.standing is Standing.REACHED:
            return f"{text}: đã đạt."
        return f"{text}, còn thiếu {format_decimal(_rounded(each.missing))} điểm phần trăm."
    unit = escape(target.unit or "")
    reached = f"<b>{format_count(each.value)}/{format_count(each.goal)}</b> {unit} ({percent(each.share)})"
    if each.measure.kind is MeasureKind.FLOW:
        text = f"• Kết nạp mới năm {each.by.year}, chỉ tiêu {escape(target.figure)} {where}: đạt {reached}"
    else:
        text = f"• Tổng số đoàn viên, chỉ tiêu {_until(each)} {where}: đạt {reached}"
    if is_part and each.missing and each.measure.kind is MeasureKind.LEVEL:
        return f"{text}, tính riêng thì còn thiếu {format_count(each.missing)} {unit}."
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


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1) if abs(value) >= 10 else Decimal("0.1"), ROUND_HALF_UP)


def _until(each: Progress) -> str:
    return f"năm {each.by.year}"


def no_plan(unit: Unit) -> Reply:
    """Where no plan governs a unit."""
    return Reply(f"Chưa có kế hoạch nào áp dụng cho <b>{escape(unit.name)}</b> để so.")


def progress_answer(found: Targets | None, unit: Unit, year: int | None, plan_years: Collection[int] = ()) -> Reply:
    """To "còn thiếu bao nhiêu đoàn viên so với chỉ tiêu 2030?"."""
    if found is None:
        when = f" cho năm {year}" if year else ""
        known = f" Các mốc có thể so: {', '.join(map(str, sorted(plan_years)))}." if plan_years else ""
        return Reply(
            f"Kế hoạch áp dụng cho <b>{escape(unit.name)}</b> không đặt chỉ tiêu nào{when} mà số liệu báo cáo đo được."
            f"{known}"
        )
    return Reply(f"<b>{escape(unit.name)}</b>\n{targets_text(found, unit)}")


# Who has reported ----------------------------------------------------------------------------------------------------


def submitted_answer(unit: Unit, asked: Asked, found: Reported | None, *, zone: ZoneInfo, today: date) -> Reply:
    """To "đơn vị tôi nộp tháng 10 chưa"."""
    name, report = f"<b>{escape(unit.name)}</b>", f"{escape(asked.form.short)}, {escape(period_name(asked.period))}"
    if found is None:
        return Reply(f"{name} không phải nộp {report}.")
    if found.state is None:
        return Reply(f"{name} <b>chưa nộp</b> {report} ({_due(asked.due_on, today)}).")
    if found.state is State.RETURNED:
        return Reply(f"{name} đã nộp {report} nhưng cấp trên <b>gửi trả để sửa</b>, hiện chưa gửi lại.")
    assert found.sent_at is not None
    timely = "đúng hạn" if found.on_time else "muộn"
    return Reply(f"{name} <b>đã nộp</b> {report} lúc {moment(found.sent_at, zone)}, {timely}.")


def missing(found: Missing, *, zone: ZoneInfo, may_nudge: bool, edits: int | None = None) -> Reply:
    """The missing, a page of them, with a button to remind each and all."""
    asked = found.asked
    head = (
        f"<b>Chưa nộp {escape(period_name(asked.period))} – {escape(found.unit.name)}</b>\n"
        f"{escape(asked.form.short)}, {_due(asked.due_on, found.today)}\n{completeness_lines(found.completeness)}"
    )
    if not found.shown:
        if found.completeness.expected:
            head += "\n\nMọi đơn vị đều đã nộp."
        return Reply(head, edits=edits)
    first = found.page * 8 + 1
    lines = [_absent(number, each, zone, found.today) for number, each in enumerate(found.shown, start=first)]
    rows: list[tuple[Button, ...]] = []
    if may_nudge:
        rows += [
            (_button(f"Nhắc {short(each.unit.name, 42)}", "o", each.unit.unit_id, asked),)
            for each in found.shown
            if each.can_be_reminded
        ]
    rows += _pages("m", found.unit.id, asked, found.page, found.pages)
    if may_nudge:
        rows.append((_button(NUDGE_ALL, "n", found.unit.id, asked),))
    return Reply(f"{head}\n\n" + "\n".join(lines), tuple(rows), edits=edits)


def _absent(number: int, each: Absent, zone: ZoneInfo, today: date) -> str:
    if each.unit.dissolved_on is not None and each.unit.dissolved_on <= today:
        return f"{number}. {escape(each.unit.name)} {dissolved_mark(each.unit.dissolved_on)}"
    notes = []
    if each.unit.state is State.RETURNED:
        notes.append("đã gửi trả, chờ sửa")
    if each.extended_to is not None:
        notes.append(f"được gia hạn đến {day(each.extended_to)}")
    notes.append(f"nhắc lần cuối {moment(each.reminded_at, zone)}" if each.reminded_at else "chưa được nhắc")
    if not each.joined:
        notes.append(
            "cán bộ chưa tham gia nên không nhắn được" if each.invited else "chưa có cán bộ nào, không nhắn được"
        )
    elif each.blocked == each.joined:
        notes.append("không liên lạc được")
    elif each.blocked:
        notes.append(f"liên lạc được {each.joined - each.blocked}/{each.joined} cán bộ")
    return f"{number}. {escape(each.unit.name)} – {'; '.join(notes)}"


def nudged(found: Nudged, unit_name: str | None = None) -> str:
    """What came of a reminder, in plain words."""
    parts = []
    if found.reminded:
        parts.append(f"đã nhắc {format_count(found.reminded)} cán bộ")
    if found.again:
        parts.append(f"{format_count(found.again)} người vừa được nhắc trong 12 giờ qua nên không nhắc lại")
    if found.muted:
        parts.append(f"{format_count(found.muted)} người đang tắt nhắc")
    if found.unreachable:
        parts.append(f"{format_count(found.unreachable)} người không liên lạc được")
    if found.without_officer:
        parts.append(f"{format_count(found.without_officer)} đơn vị chưa có cán bộ tham gia")
    text = "; ".join(parts) or "không có ai để nhắc"
    text = text[:1].upper() + text[1:] + "."
    return f"{unit_name}: {text}" if unit_name else text


def nudged_all(found: Nudged, asked: Asked) -> Reply:
    """After **Nhắc tất cả**."""
    return Reply(f"<b>Nhắc nộp {escape(period_name(asked.period))}</b>\n{escape(nudged(found))}")


def nothing_to_nudge() -> str:
    """Where everybody has reported, or the report is owed no longer."""
    return "Không còn đơn vị nào cần nhắc về báo cáo này."


# Explanations and the journal ----------------------------------------------------------------------------------------


def explanations(
    unit: Unit, asked: Asked, found: Sequence[Explanation], page: int, pages: int, *, edits: int | None = None
) -> Reply:
    """Broken rules that were confirmed, with the officers' reasons."""
    head = f"<b>Giải trình {escape(period_name(asked.period))} – {escape(unit.name)}</b>"
    if not found:
        return Reply(f"{head}\nKhông có báo cáo nào phải giải trình.", edits=edits)
    blocks = []
    for each in found:
        lines = [
            f"{escape(sentence)}\n  Lý do: <i>{escape(reason)}</i>" if sentence else f"Lý do: <i>{escape(reason)}</i>"
            for sentence, reason in each.lines
        ]
        blocks.append(f"<b>{escape(each.unit_name)}</b>\n" + "\n".join(lines))
    return Reply("\n\n".join([head, *blocks]), tuple(_pages("e", unit.id, asked, page, pages)), edits=edits)


_ACTIONS: Final = {
    "role.granted": "giao vai trò",
    "role.ended": "kết thúc vai trò",
    "invite.created": "tạo mã mời",
    "invite.used": "dùng mã mời",
    "person.joined": "tham gia",
    "person.forgotten": "xóa dữ liệu cá nhân",
    "unit.added": "thêm đơn vị",
    "unit.changed": "sửa đơn vị",
    "unit.renamed": "đổi tên đơn vị",
    "unit.moved": "chuyển đơn vị",
    "unit.merged": "sáp nhập đơn vị",
    "unit.dissolved": "giải thể đơn vị",
    "unit.revived": "khôi phục đơn vị",
    "units.imported": "nhập danh sách đơn vị",
    "submission.recorded": "nộp báo cáo",
    "submission.returned": "gửi trả báo cáo",
    "draft.dropped": "bỏ bản nháp",
    "request.extension": "xin gia hạn",
    "request.reopen": "xin mở lại báo cáo",
    "request.approved": "đồng ý yêu cầu",
    "request.refused": "từ chối yêu cầu",
    "campaign.opened": "mở đợt báo cáo",
    "campaign.closed": "đóng đợt báo cáo",
    "deadline.set": "đặt hạn",
    "deadline.ended": "bỏ hạn",
    "broadcast.confirmed": "gửi thông báo",
    "reminder.nudged": "nhắc nộp báo cáo",
    "plan.imported": "nhập kế hoạch",
    "plan.approved": "duyệt kế hoạch",
    "summary.exported": "tải tệp tổng hợp",
    "workbook.taken": "nhập số liệu từ tệp Excel",
    "relay.asked": "hỏi cấp trên",
    "relay.answered": "trả lời câu hỏi của cấp dưới",
}


def journal(
    entries: Sequence[Entry],
    names: Mapping[int, str],
    places: Mapping[int, str],
    *,
    zone: ZoneInfo,
    unit: Unit | None,
    more: bool,
    edits: int | None = None,
) -> Reply:
    """Who did what, when, the latest first."""
    where = f" – {escape(unit.name)}" if unit is not None else ""
    if not entries:
        return Reply(f"<b>Nhật ký{where}</b>\nChưa có gì được ghi.", edits=edits)
    lines = [f"<b>Nhật ký{where}</b>"]
    for each in entries:
        who = "Người vận hành" if each.person_id is None else names.get(each.person_id) or "Người đã xóa dữ liệu"
        about = f" · {escape(places[each.unit_id])}" if each.unit_id is not None and each.unit_id in places else ""
        what = _ACTIONS.get(each.action, each.action)
        lines.append(f"{moment(each.at, zone)}: {escape(who)} {escape(what)}{about}")
    data = f"sum:j:{unit.id if unit is not None else 0}:{entries[-1].id}"
    return Reply("\n".join(lines), ((Button("Cũ hơn ›", data=data),),) if more else (), edits=edits)


def choose_journal(places: Sequence[Unit]) -> Reply:
    """Where somebody manages more than one subtree: which one's journal."""
    return Reply(
        "Xem nhật ký của đơn vị nào?",
        tuple((Button(short(unit.name), data=f"sum:j:{unit.id}:0"),) for unit in places),
    )


# Files and digests ---------------------------------------------------------------------------------------------------


def workbook_caption(unit: Unit, asked: Asked, count: Completeness, *, left_out: int) -> str:
    """Under the workbook."""
    text = (
        f"<b>{escape(asked.form.short)}, {escape(period_name(asked.period))}</b>\n{escape(unit.name)}\n"
        f"{completeness_lines(count)}"
    )
    if left_out:
        text += f"\n{format_count(left_out)} đơn vị không đủ chỗ làm cột; tổng hợp từng cấp để xem đủ."
    return text + "\nSửa số trong tệp rồi gửi lại vào đây, tôi sẽ kiểm tra và cho xem trước khi nộp."


def year_caption(unit: Unit, asked: Asked) -> str:
    """Under the workbook of a year."""
    return f"<b>{escape(asked.form.short)}, 12 tháng đến {escape(period_name(asked.period))}</b>\n{escape(unit.name)}"


def file_name(unit: Unit, asked: Asked, ending: str) -> str:
    """What a file is called: plain letters, so that every phone and mail programme keeps it."""
    code = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in unit.code).strip("-")
    period = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in asked.period.code).strip(
        "-"
    )
    return f"{asked.form.id}_{code or unit.id}_{period}.{ending}"[:120]


def document(caption: str, content: bytes, name: str, *, key: str, kind: Kind = Kind.REPLY) -> Reply:
    """A file with its caption."""
    return Reply(caption, document=Attachment(content, name), key=key, kind=kind)


def picture(caption: str, content: bytes, *, key: str, name: str = "bieu-do.png", kind: Kind = Kind.REPLY) -> Reply:
    """A chart with its caption."""
    return Reply(caption, photo=Attachment(content, name), key=key, kind=kind)


def picture_caption(unit: Unit, asked: Asked) -> str:
    """Under a chart."""
    return f"{escape(unit.name)} – {escape(asked.form.short)}, {escape(period_name(asked.period))}"


def nothing_to_draw() -> Reply:
    """Where there is no figure yet."""
    return Reply("Chưa có số liệu nào để vẽ biểu đồ cho kỳ này.")


def failed(what: str) -> Reply:
    """Where a file could not be made in the end."""
    return Reply(f"Xin lỗi, tôi chưa làm được {what}. Anh/chị thử lại sau giúp.")


def morning(found: Summary) -> str:
    """The digest on the morning after the due date: the caption of its chart."""
    asked = found.asked
    parts = [
        f"<b>Kết quả {escape(period_name(asked.period))} – {escape(found.unit.name)}</b>\n"
        f"{escape(asked.form.short)}, hết hạn {day(asked.due_on)}",
        completeness_lines(found.completeness),
        _figures(found),
    ]
    if found.targets is not None and found.targets.progress:
        parts.append(targets_text(found.targets, found.unit))
    return "\n\n".join(part for part in parts if part)


def morning_buttons(unit_id: int, asked: Asked, count: Completeness) -> tuple[tuple[Button, ...], ...]:
    """Under the digest."""
    row = [_button("Xem tổng hợp", "v", unit_id, asked, 0)]
    if count.missing:
        row.append(_button(f"Chưa nộp ({format_count(count.missing)})", "m", unit_id, asked, 0))
    return (tuple(row),)


# A workbook that came back -------------------------------------------------------------------------------------------


def file_trouble(trouble: Trouble) -> Reply:
    """Why a file was not read."""
    match trouble:
        case Trouble.TOO_LARGE:
            return Reply("Tệp lớn quá (tối đa 8 MB). Anh/chị gửi đúng tệp Excel tải từ /tonghop giúp.")
        case Trouble.NOT_A_WORKBOOK:
            return Reply("Tôi không mở được tệp này: có thể tệp hỏng, có mật khẩu hoặc không phải Excel (.xlsx).")
        case Trouble.TOO_COMPLEX:
            return Reply("Tệp này giải nén ra quá lớn hoặc quá phức tạp nên tôi không đọc.")
        case Trouble.NOT_OURS:
            return Reply(
                "Tệp không có mã biểu của tôi. Anh/chị tải tệp Excel ở /tonghop, điền vào đúng tệp đó "
                "(giữ nguyên cột ẩn và dòng mã đơn vị) rồi gửi lại."
            )


def download_failed() -> Reply:
    """Telegram did not hand the file over."""
    return Reply("Tôi chưa tải được tệp từ Telegram. Anh/chị gửi lại giúp.")


def file_outcome(taken: Taken) -> Reply:
    """What a file came to: reports to look at and send, or what has to be put right first."""
    extra = []
    if taken.strange:
        extra.append(f"{format_count(taken.strange)} cột không thuộc đơn vị anh/chị được nộp nên tôi bỏ qua.")
    if taken.locked:
        extra.append(f"Báo cáo đã khóa, cần cấp trên mở lại: {escape(_names(taken.locked))}.")
    if taken.not_owed:
        extra.append(f"Không nộp biểu này cho kỳ này, hoặc kỳ chưa mở: {escape(_names(taken.not_owed))}.")
    if taken.unchanged and taken.drafts:
        extra.append(f"{format_count(taken.unchanged)} báo cáo giữ nguyên như đã nộp.")
    more = "\n".join(extra)
    if taken.wrong:
        return Reply(
            f"{_wrong_cells(taken)}\n\nAnh/chị sửa các ô đó rồi gửi lại tệp. Chưa có gì được ghi nhận."
            + (f"\n{more}" if more else "")
        )
    if taken.drafts:
        return _drafts(taken, more)
    if taken.unchanged:
        text = "Tệp không có số nào khác với báo cáo đã nộp, nên không có gì phải gửi."
    elif more:
        text = "Chưa có gì được ghi nhận từ tệp này."
    else:
        text = "Tệp chưa có số nào. Anh/chị điền số vào cột của đơn vị rồi gửi lại."
    return Reply(f"{text}\n{more}" if more else text)


def _names(names: Sequence[str], most: int = 10) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} và {len(names) - most} đơn vị nữa" if len(names) > most else shown


def _drafts(taken: Taken, more: str) -> Reply:
    count, form = len(taken.drafts), taken.form
    text = (
        f"Tệp có <b>{format_count(count)} báo cáo</b> mới hoặc thay đổi ({escape(form.short)}), tôi đã điền sẵn. "
        "Anh/chị chạm từng báo cáo để xem lại rồi bấm <b>Gửi</b>; chưa gửi thì chưa được ghi nhận."
    )
    several = len({unit.id for unit, _, _ in taken.drafts}) > 1
    rows = []
    for unit, period, draft_id in taken.drafts[:_FILE_BUTTONS]:
        name = unit.name if several else f"{unit.name}, {period_name(period)}"
        rows.append((Button(short(name, 50), data=f"sum:w:{draft_id}"),))
    if count > _FILE_BUTTONS:
        more = (
            f"{more}\nCòn {format_count(count - _FILE_BUTTONS)} báo cáo nữa: mở bằng /baocao, số đã điền sẵn.".strip()
        )
    if taken.left:
        left = f"Còn {format_count(taken.left)} báo cáo chưa lấy: gửi xong các báo cáo này rồi gửi lại tệp."
        more = f"{more}\n{left}".strip()
    return Reply(f"{text}\n{more}" if more else text, tuple(rows))


def _wrong_cells(taken: Taken) -> str:
    count = len(taken.wrong)
    lines = [f"Có {format_count(count)} ô tôi không dùng được:"]
    for name, each in taken.wrong[:MOST_WRONG]:
        where = f"{escape(each.place)} ({escape(name)}, {escape(_row_name(taken.form, each.key))})"
        lines.append(f"• Ô {where}: {escape(_problem(each))}")
    if count > MOST_WRONG:
        lines.append("…")
    return "\n".join(lines)


def _row_name(form: Form, key: str) -> str:
    row = form.find_indicator(key)
    return row.short if row is not None else key


def _problem(each: Wrong) -> str:
    said = f"“{escape(each.said[:30])}”"
    match each.problem:
        case Problem.NOT_A_NUMBER:
            return f"{said} không phải là số"
        case Problem.UNCLEAR:
            return f"{said} đọc được nhiều cách, hãy gõ lại thành số"
        case Problem.NOT_WHOLE:
            return f"{said} phải là số nguyên"
        case Problem.NEGATIVE:
            return f"{said} không được âm"
        case Problem.TOO_LARGE:
            return f"{said} lớn quá"


def file_not_yours() -> Reply:
    """A workbook from somebody who may report for no unit."""
    return Reply("Tệp này không có đơn vị nào anh/chị được nộp báo cáo. Chưa có gì được ghi nhận.")


def file_bad_report() -> Reply:
    """The form or period of the file does not exist, or is not open."""
    return Reply("Biểu hoặc kỳ báo cáo ghi trong tệp không có hoặc chưa mở. Chưa có gì được ghi nhận.")
