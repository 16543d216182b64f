"""One step of filling in a report: its question, choice or summary, with every button under it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Final

from bot.features.submissions.taps import FillDraft
from bot.road.reply import Button, Reply
from bot.services.drafts import OpenDraft
from bot.taps import FillWorkbook
from bot.words.dates import day
from bot.words.reports import denied, figure, figure_lines, named_figure, period_name, short, totals_before
from knowledge.model.forms import FigureKind, Form, Indicator
from knowledge.numbers import LARGEST_COUNT, Reason, format_count
from knowledge.reports import Doubt, Reading, Unsure, UntakenPiece
from knowledge.reports import sheet as sheets
from knowledge.reports.listing import label_of
from knowledge.reports.sheet import SheetAction, SheetNote, SheetOutcome, SheetStep
from knowledge.text import raised

SEND: Final = "Gửi"
FEW: Final = (0, 1, 2, 3, 5)
"""Figures on buttons, for who joined or left."""
FEW_WRITTEN: Final = 3
_EXAMPLES: Final = 4
MINUS: Final = "−"


def step(
    opened: OpenDraft,
    outcome: SheetOutcome | None = None,
    *,
    lead: str = "",
    opening: bool = False,
    page: str | None = None,
) -> list[Reply]:
    """What the sheet waits for now, with its buttons; a summary that can be sent brings **Gửi** in a second message.

    Args:
        outcome: what the last input came to.
        lead: what is said first.
        opening: whether report and unit are named.
        page: the address at which a larger form is filled in as a page; None where there is none.
    """
    note, not_taken = (outcome.note, outcome.not_taken) if outcome is not None else (None, ())
    before = "\n".join(part for part in (lead, *_refusals(opened.form, not_taken), _note(opened, note)) if part)
    match opened.sheet.step:
        case SheetStep.ASK:
            return [_question(opened, before, opening=opening)]
        case SheetStep.SETTLE:
            return [_doubt(opened, before)]
        case SheetStep.PICK:
            return [_pick(opened, before)]
        case SheetStep.PARTS:
            return [_parts(opened, before, page)]
        case SheetStep.SUMMARY:
            return _summary(opened, before)


def _button(opened: OpenDraft, label: str, action: SheetAction, arg: int | str = "") -> Button:
    return FillDraft(opened.mark, action, str(arg)).button(label)


def _heading(opened: OpenDraft) -> str:
    lines = [f"<b>{escape(opened.form.short)} – {escape(period_name(opened.period))}</b>", _whose(opened)]
    if opened.corrects is not None:
        lines.append(f"Sửa bản đã gửi (lần {opened.corrects}).")
    if opened.remark:
        lines.append(f"Cấp trên gửi trả, nhắn: <i>{escape(opened.remark)}</i>")
    return "\n".join(lines)


def _whose(opened: OpenDraft) -> str:
    unit = escape(opened.unit.name)
    if opened.entered_for:
        unit += " (nhập thay)"
    if opened.is_late and opened.corrects is None:
        return f"{unit} · đã quá hạn {day(opened.due_on)}, vẫn nhận và ghi là nộp muộn"
    return f"{unit} · hạn {day(opened.due_on)}"


def _question(opened: OpenDraft, before: str, *, opening: bool) -> Reply:
    form, sheet = opened.form, opened.sheet
    row = form.get_indicator(sheet.key)
    at, count = sheets.find_place(form, sheet)
    first = not sheet.figures and not sheet.skipped and at == 1 and not sheet.moves_only
    unit = f" ({escape(row.unit)})" if row.unit and not row.yes_no else ""
    lines = [before] if before else []
    lines += _rows_of_part(opened)
    if opening:
        lines += [_heading(opened), ""]
    period = period_name(opened.period)
    lines.append(f"<b>{at}/{count}</b> · {escape(raised(period))}{_part_name(opened)}")
    if sheet.moves_only:
        lines.append(f"<b>{escape(row.short)}</b>: bao nhiêu {escape(row.unit or '')}?")
    else:
        lines.append(f"<b>{escape(_full_name(form, row))}</b>{unit}?")
    written = _written(opened)
    if written:
        lines.insert(len(lines) - 1, written)
    last = sheets.value_before(row, opened.previous)
    if sheet.moves_only:
        lines.insert(len(lines) - 2, _totals_before(opened))
    if last is not None:
        lines.append(f"Kỳ trước: <b>{figure(row, last)}</b>")
    if row.key in sheet.figures:
        lines.append(f"Đang ghi: <b>{figure(row, sheet.figures[row.key])}</b>")
    elif row.yes_no:
        lines.append(f"Bấm <b>Có</b> hoặc <b>{raised(denied(row))}</b>.")
    elif last is None and first:
        lines.append(f"Gõ một số, ví dụ: {escape(row.example or '120')}")
    if first and opening and (form.no_change or not form.parts) and opened.corrects is None:
        what, rest = ("nhiều số", "; tôi hỏi tiếp phần còn lại") if len(form.asked) > _EXAMPLES else ("cả báo cáo", "")
        lines.append(f"\n<i>Nhanh hơn: gửi {what} trong một tin, ví dụ “{escape(one_message(opened))}”{rest}.</i>")
    return Reply("\n".join(lines), _question_buttons(opened, row, at))


def one_message(opened: OpenDraft) -> str:
    """A report in one message as this officer may write it: with the unit's own last totals, and nobody moved.

    Where there was no report before, with the examples of the form; either holds together when it is sent as it stands.
    Of a longer form it names the first rows: nobody reads a message of eleven figures on a phone.
    """
    form, before = opened.form, opened.previous
    own = sheets.total_rows(form, before) is not None
    told = []
    for row in form.asked[:_EXAMPLES]:
        last = sheets.value_before(row, before)
        shown = (figure(row, last) if last is not None and row.carry_over else "0") if own else row.example or "0"
        shown = figure(row, Decimal(1)) if row.yes_no else shown
        told.append(f"{_typed(row)}{':' if row.yes_no else ''} {shown}")
    return f"báo cáo {period_name(opened.period)}: {', '.join(told)}"


def _example(row: Indicator, value: Decimal) -> str:
    return f"{_typed(row)}{':' if row.yes_no else ''} {figure(row, value)}"


def _typed(row: Indicator) -> str:
    """A row's name as people type it in the middle of a message."""
    first, space, rest = row.short.partition(" ")
    return f"{first if first.isupper() else first.lower()}{space}{rest}"


def _written(opened: OpenDraft) -> str:
    """The figures given last before this question, for whoever wants to see that they were taken."""
    form, sheet = opened.form, opened.sheet
    rows = [row for row in form.asked if row.part == sheet.part or not form.parts]
    told = [row for row in rows if row.key in sheet.figures and row.key != sheet.key][-FEW_WRITTEN:]
    return f"Đã ghi: {', '.join(escape(named_figure(row, sheet.figures[row.key])) for row in told)}" if told else ""


def _totals_before(opened: OpenDraft) -> str:
    """The totals of the period before, from which the new ones follow."""
    return f"Kỳ trước: {totals_before(opened.form, opened.previous)}. Tôi tính tổng mới từ hai số sau."


def _part_name(opened: OpenDraft) -> str:
    part = next((part for part in opened.form.parts if part.id == opened.sheet.part), None)
    return f" · {escape(part.title)}" if part else ""


def _rows_of_part(opened: OpenDraft) -> list[str]:
    """The rows of the part with what stands in them, and how several are answered in one message."""
    form, sheet = opened.form, opened.sheet
    rows = [row for row in form.asked if sheet.part and row.part == sheet.part]
    if len(rows) < 2:
        return []
    lines = []
    for row in rows:
        stands = figure(row, sheet.figures[row.key]) if row.key in sheet.figures else "…"
        stands = "để trống" if row.key in sheet.skipped else stands
        lines.append(f"{label_of(form, row)}. {escape(row.short)}: {stands}")
    first, second = (label_of(form, row) for row in rows[:2])
    return [*lines, f"<i>Có thể trả lời nhiều mục một lần: “12 5” (lần lượt) hoặc “{first}: 12; {second}: 5”.</i>", ""]


def _full_name(form: Form, row: Indicator) -> str:
    if row.parent is None:
        return row.name
    parent = form.get_indicator(row.parent)
    return row.name if parent.noun or not form.parts else f"{parent.short}: {row.name}"


def _question_buttons(opened: OpenDraft, row: Indicator, at: int) -> tuple[tuple[Button, ...], ...]:
    form, sheet = opened.form, opened.sheet
    rows: list[tuple[Button, ...]] = []
    if row.yes_no:
        rows.append(
            (_button(opened, "Có", SheetAction.VALUE, 1), _button(opened, raised(denied(row)), SheetAction.VALUE, 0))
        )
    elif sheets.offers_few(form, row):
        few = tuple(_button(opened, str(value), SheetAction.VALUE, value) for value in FEW)
        rows += [few, (_button(opened, "Số khác", SheetAction.OTHER_VALUE),)]
    quick: list[Button] = []
    if sheets.keepable(form, sheet, opened.previous) is not None:
        quick.append(_button(opened, "Giữ nguyên", SheetAction.KEEP))
    if sheets.may_skip(form, row):
        quick.append(_button(opened, "Bỏ qua", SheetAction.SKIP))
    rows.append(tuple(quick))
    if sheets.offers_no_change(form, sheet) and not sheet.moves_only:
        whole = [_button(opened, "Không có biến động", SheetAction.NO_CHANGE)]
        if sheets.offers_moves_only(form, sheet, opened.previous):
            whole.append(_button(opened, "Có thay đổi", SheetAction.CHANGED))
        rows.append(tuple(whole))
    if not sheet.figures and not sheet.skipped and opened.corrects is None and not sheet.moves_only:
        aside = [FillDraft(opened.mark, SheetAction.EXTENSION).button("Xin gia hạn")]
        if opened.form.calendar is not None:
            aside.append(FillDraft(opened.mark, SheetAction.OTHER_PERIOD).button("Kỳ khác"))
        rows.append(tuple(aside))
    if not sheets.missing(form, sheet):
        rows.append((_button(opened, "Xem lại", SheetAction.REVIEW),))
    leave = [_button(opened, "Hủy", SheetAction.CANCEL)]
    if at > 1 or form.parts or opened.can_go_up or sheet.moves_only:
        leave.insert(0, _button(opened, "Quay lại", SheetAction.BACK))
    rows.append(tuple(leave))
    return tuple(each for each in rows if each)


def _doubt(opened: OpenDraft, before: str) -> Reply:
    form, doubt = opened.form, opened.sheet.doubts[0]
    keys = list(dict.fromkeys(reading.key for reading in doubt.readings))
    piece = escape(short(doubt.piece, 120))
    row = form.get_indicator(keys[0])
    name = escape(row.short)
    is_one = len(doubt.readings) == 1
    match doubt.doubt:
        case Doubt.APPROXIMATE if is_one:
            exact = figure(row, doubt.readings[0].value)
            ask = f"Anh/chị ghi “{piece}”. Báo cáo cần số chính xác: {name} đúng là {exact}?"
        case Doubt.APPROXIMATE:
            ask = f"Anh/chị ghi “{piece}”. Báo cáo cần số chính xác: {name} là số nào?"
        case Doubt.CONFLICT if not is_one:
            ask = f"Trong tin có nhiều số cho {name}: “{piece}”. Số nào đúng?"
        case Doubt.PLACE if len(keys) > 1:
            ask = f"“{piece}” là số của mục nào?"
        case _ if is_one:
            ask = f"Anh/chị ghi “{piece}”. {name} là {figure(row, doubt.readings[0].value)}, đúng không?"
        case _ if row.kind is FigureKind.COUNT and _are_neighbours(doubt):
            ask = f"{name} là số nguyên, không lẻ như “{piece}”. Số nào đúng?"
        case _ if row.kind is FigureKind.COUNT:
            # A count that was read in two ways stands with a fraction in it.
            ask = f"{name} là số nguyên, mà “{piece}” đọc được hai cách. Số nào đúng?"
        case _:
            ask = f"“{piece}” đọc được hai cách. {name} là số nào?"
    choices = [
        (_button(opened, short(_reading(form, reading, named=len(keys) > 1)), SheetAction.CHOOSE, number),)
        for number, reading in enumerate(doubt.readings[:8])
    ]
    how = "Bấm để chọn, hoặc gõ lại cho rõ."
    if is_one:
        choices = [(_button(opened, "Đúng", SheetAction.CHOOSE, 0),)]
        how = "Chưa đúng thì gõ lại số đúng."
    text = "\n".join(part for part in (before, f"<b>{ask}</b>", how) if part)
    last = (
        _button(opened, "Không phải", SheetAction.NONE_OF_THESE),
        _button(opened, "Quay lại", SheetAction.BACK),
        _button(opened, "Hủy", SheetAction.CANCEL),
    )
    return Reply(text, (*choices, last))


def _are_neighbours(doubt: Unsure) -> bool:
    """Whether a fraction may be the whole number below or above it."""
    values = [reading.value for reading in doubt.readings]
    return len(values) == 2 and values[1] - values[0] == 1


def _reading(form: Form, reading: Reading, *, named: bool) -> str:
    row = form.get_indicator(reading.key)
    return f"{row.short}: {figure(row, reading.value)}" if named else figure(row, reading.value)


def _pick(opened: OpenDraft, before: str) -> Reply:
    form, sheet = opened.form, opened.sheet
    buttons: list[tuple[Button, ...]] = []
    for number, row in enumerate(form.asked):
        shown = figure(row, sheet.figures[row.key]) if row.key in sheet.figures else "để trống"
        buttons.append((_button(opened, short(f"{row.short}: {shown}"), SheetAction.FIGURE, number),))
    last = [_button(opened, "Quay lại", SheetAction.BACK), _button(opened, "Hủy", SheetAction.CANCEL)]
    written = [row for row in form.asked if row.key in sheet.figures]
    example = _example(written[-1], sheet.figures[written[-1].key]) if written else ""
    typed = f", hoặc nhắn như “{escape(example)}”" if example else ""
    text = [before, _heading(opened), "", f"<b>Sửa số nào?</b> Bấm vào số cần sửa{typed}."]
    return Reply("\n".join(text).strip(), (*buttons, tuple(last)))


def _parts(opened: OpenDraft, before: str, page: str | None) -> Reply:
    form, sheet = opened.form, opened.sheet
    whole = [FillWorkbook(opened.draft.id).button("Điền bằng Excel")]
    if page is not None:
        whole.insert(0, Button("Điền trên trang", web_app=page))
    buttons: list[tuple[Button, ...]] = [tuple(whole)]
    for number, part in enumerate(form.parts):
        rows = [row for row in form.asked if row.part == part.id]
        left = len(sheets.missing(form, sheet, part.id))
        mark = "✓ " if left == 0 else ""
        label = f"{mark}{part.title} ({len(rows) - left}/{len(rows)})"
        buttons.append((_button(opened, short(label), SheetAction.PART, number),))
    left = len(sheets.missing(form, sheet))
    count = len(form.asked)
    if left == 0:
        buttons.append((_button(opened, "Xem lại và gửi", SheetAction.REVIEW),))
    elif not sheet.figures and not sheet.skipped and opened.corrects is None:
        buttons.append((FillDraft(opened.mark, SheetAction.EXTENSION).button("Xin gia hạn"),))
    buttons.append((_button(opened, "Hủy", SheetAction.CANCEL),))
    text = [
        before,
        _heading(opened),
        "",
        f"Đã điền {count - left}/{count} mục. Chọn một phần để điền; phần nào trước cũng được, tôi nhớ từng số.",
    ]
    return Reply("\n".join(text).strip(), tuple(buttons))


def _summary(opened: OpenDraft, before: str) -> list[Reply]:
    form, sheet = opened.form, opened.sheet
    lines = [before, "<b>Xem lại trước khi gửi</b>", _heading(opened), ""]
    lines += figure_lines(form, sheet.figures, opened.previous)
    if sheet.no_change:
        lines.append("<i>Không có biến động: xác nhận không ai vào, không ai ra.</i>")
    if sheet.moves_only:
        lines += [f"<i>{line}</i>" for line in _sums(opened)]
    if sheet.positional:
        lines.append("<i>Các số không kèm tên nên tôi hiểu theo thứ tự của biểu; anh/chị xem giúp đã đúng chưa.</i>")
    for piece in sheet.unmatched[:5]:
        lines.append(f"❓ Chưa hiểu “{escape(short(piece, 80))}”, tôi không dùng số này.")
    broken = sheets.verdicts(form, sheet, opened.previous)
    for verdict in broken:
        lines.append(f"⚠️ {escape(verdict.sentence)}")
        if verdict.rule in sheet.reasons:
            lines.append(f"Lý do đã ghi: <i>{escape(sheet.reasons[verdict.rule])}</i>")
    open_ones = sheets.unexplained(form, sheet, opened.previous)
    if open_ones:
        lines.append(
            "\n<b>Nếu số vẫn đúng, gõ lý do thành một tin</b> (cấp trên sẽ đọc được). Nếu nhầm, bấm <b>Sửa</b>."
        )
    buttons = (
        (
            _button(opened, "Sửa", SheetAction.FIX),
            _button(opened, "Quay lại", SheetAction.BACK),
            _button(opened, "Hủy", SheetAction.CANCEL),
        ),
    )
    replies = [Reply("\n".join(lines).strip(), buttons)]
    if opened.is_ready:
        replies.append(Reply("Đúng cả rồi thì bấm <b>Gửi</b> ở bàn phím bên dưới.", keyboard=((SEND,),)))
    return replies


def _sums(opened: OpenDraft) -> list[str]:
    """How each total follows from the period before: "Đoàn viên: 1.250 + 12 − 4 = 1.258"."""
    form, figures = opened.form, opened.sheet.figures
    moves = [
        f"{MINUS if row.sign == '-' else '+'} {figure(row, figures[row.key])}"
        for row in sheets.moving_rows(form)
        if figures.get(row.key)
    ]
    lines = []
    for row in sheets.total_rows(form, opened.previous) or ():
        before, now = sheets.value_before(row, opened.previous), figures.get(row.key)
        if before is None or now is None:
            continue
        is_moved = now != before or any(row.key == each.parent for each in sheets.moving_rows(form))
        worked_out = f"{figure(row, before)} {' '.join(moves)} = {figure(row, now)}" if moves and is_moved else ""
        lines.append(f"{escape(row.short)}: {worked_out or 'giữ như kỳ trước, thay đổi thì bấm Sửa'}.")
    return lines


def _note(opened: OpenDraft, note: SheetNote | None) -> str:
    match note:
        case None:
            return ""
        case SheetNote.AT_START:
            return "Đây là câu đầu tiên rồi."
        case SheetNote.NOTHING_TO_KEEP:
            return "Mục này chưa có số kỳ trước để giữ nguyên, anh/chị gõ số giúp."
        case SheetNote.MAY_NOT_SKIP:
            return "Mục này không bỏ qua được; không có thì gõ 0."
        case SheetNote.NOT_COMPLETE:
            return f"Chưa gửi được: còn {len(sheets.missing(opened.form, opened.sheet)) or 1} mục phải trả lời."
        case SheetNote.NEEDS_REASON:
            return "Chưa gửi: có số liệu cần giải thích."
        case SheetNote.REASON_TOO_SHORT:
            return "Anh/chị ghi lý do rõ hơn một chút, ví dụ: tháng trước nhập nhầm."
        case SheetNote.REASON_TAKEN:
            return "Đã ghi lý do."
        case SheetNote.OUT_OF_PLACE:
            return "Nút này không dùng được ở bước này."
        case SheetNote.ALREADY_THERE:
            return "Anh/chị xem lại lần nữa rồi bấm <b>Gửi</b>."
        case SheetNote.TYPE_FIGURE:
            return type_figure()


def type_figure() -> str:
    """The toast to **Số khác**."""
    return "Anh/chị gõ con số vào ô nhắn tin giúp."


def _refusals(form: Form, not_taken: Iterable[UntakenPiece]) -> list[str]:
    return [describe_refusal(form.get_indicator(each.key), each) for each in not_taken]


def describe_refusal(row: Indicator, bad: UntakenPiece) -> str:
    """Why a figure was not taken, with an example of one that is."""
    example = escape(row.example or "120")
    piece = escape(short(bad.piece, 60))
    match bad.reason:
        case Reason.NEGATIVE if row.sign == "-":
            return f"{escape(row.short)} ghi bằng số không dấu, ví dụ: {example}."
        case Reason.NEGATIVE:
            return f"{escape(row.short)} không thể là số âm (“{piece}”). Ví dụ: {example}."
        case Reason.TOO_LARGE if row.yes_no:
            return f"{escape(row.short)}: mỗi đơn vị chỉ ghi 1 (có) hoặc 0 (chưa), không ghi “{piece}”."
        case Reason.TOO_LARGE:
            return f"“{piece}” lớn quá mức (nhiều nhất {format_count(LARGEST_COUNT)}). Gõ lại giúp, ví dụ: {example}."
        case Reason.SEVERAL_NUMBERS:
            return f"“{piece}” có nhiều số. Mỗi câu một số thôi, ví dụ: {example}."
        case Reason.FRACTION:
            return f"{escape(row.short)} là số nguyên, không lẻ như “{piece}”. Ví dụ: {example}."
        case Reason.PERCENT if row.kind is not FigureKind.PERCENT:
            return f"Mục này cần số {escape(row.unit or '')}, không phải phần trăm. Ví dụ: {example}."
        case Reason.MONEY if row.kind is FigureKind.COUNT:
            return f"Mục này đếm {escape(row.unit or '')}, không phải số tiền. Ví dụ: {example}."
        case Reason.APPROXIMATE:
            return f"Báo cáo cần số chính xác, không ước chừng như “{piece}”. Ví dụ: {example}."
        case Reason.NOT_YET:
            return "Chưa có số thì cứ để đó: bản nháp được giữ, khi có số anh/chị nhắn tiếp là được."
        case _:
            return f"Tôi chưa đọc được “{piece}” là số nào. Gõ một số, ví dụ: {example}."
