"""The reporting dialog in words: questions, summaries, receipts, what was sent before, and every button under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.submissions import sheet as dialog
from bot.features.submissions.sheet import Note, NotTaken, Scene, Step, Verb
from bot.road.reply import Button, Reply
from bot.words.commands import Wording
from bot.words.dates import day
from knowledge.forms.rules import show_figure
from knowledge.model.forms import FigureKind, Figures, Form, Indicator
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import LARGEST_COUNT, Reason, format_count
from knowledge.reports import Doubt, Reading

REPORT = Wording("Nộp số liệu của đơn vị")
HISTORY = Wording("Báo cáo đã gửi, xem và sửa số liệu")

SEND: Final = "Gửi"
ONE_MESSAGE: Final = "báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3"
_ROMAN: Final = ("I", "II", "III", "IV")
_LABEL_LIMIT: Final = 48


# Names -------------------------------------------------------------------------------------------------------------


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


def report_name(form: Form, period: Period) -> str:
    """A report by its form and period, in the middle of a sentence."""
    return f"{form.short}, {period_name(period)}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """An instant as officers write it."""
    local = value.astimezone(zone)
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}"


def figure(row: Indicator, value: Decimal) -> str:
    """A figure with its sign where the row is signed, and with triệu đồng for money."""
    shown = format_count(value, signed=True) if row.signed else show_figure(value, row.kind)
    return f"{shown} triệu đồng" if row.kind is FigureKind.MONEY else shown


def short(text: str, limit: int = _LABEL_LIMIT) -> str:
    """A text that fits a button."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


# One step of the dialog --------------------------------------------------------------------------------------------


def step(
    scene: Scene,
    note: Note | None = None,
    not_taken: Sequence[NotTaken] = (),
    *,
    lead: str = "",
    opening: bool = False,
) -> list[Reply]:
    """What the sheet waits for now, with its buttons; `lead` is said first, `opening` names report and unit."""
    before = "\n".join(part for part in (lead, *_refusals(scene.form, not_taken), _note(scene, note)) if part)
    match scene.sheet.step:
        case Step.ASK:
            return [_question(scene, before, opening=opening)]
        case Step.SETTLE:
            return [_doubt(scene, before)]
        case Step.PICK:
            return [_pick(scene, before)]
        case Step.PARTS:
            return [_parts(scene, before)]
        case Step.SUMMARY:
            return _summary(scene, before)


def _data(scene: Scene, verb: Verb, arg: int | str = "") -> str:
    return f"r:d:{scene.draft}:{verb.value}" + (f":{arg}" if arg != "" else "")


def _button(scene: Scene, label: str, verb: Verb, arg: int | str = "") -> Button:
    return Button(label, data=_data(scene, verb, arg))


def _heading(scene: Scene) -> str:
    lines = [f"<b>{escape(scene.form.short)} – {escape(period_name(scene.period))}</b>", _whose(scene)]
    if scene.corrects is not None:
        lines.append(f"Sửa bản đã gửi (lần {scene.corrects}).")
    if scene.remark:
        lines.append(f"Cấp trên gửi trả, nhắn: <i>{escape(scene.remark)}</i>")
    return "\n".join(lines)


def _whose(scene: Scene) -> str:
    unit = escape(scene.unit_name)
    if scene.entered_for:
        unit += " (nhập thay)"
    if scene.is_late and scene.corrects is None:
        return f"{unit} · đã quá hạn {day(scene.due_on)}, vẫn nhận và ghi là nộp muộn"
    return f"{unit} · hạn {day(scene.due_on)}"


def _question(scene: Scene, before: str, *, opening: bool) -> Reply:
    form, sheet = scene.form, scene.sheet
    row = form.get_indicator(sheet.key)
    at, count = dialog.place(form, sheet)
    first = not sheet.figures and not sheet.skipped and at == 1
    unit = f" ({escape(row.unit)})" if row.unit else ""
    lines = [before] if before else []
    if opening:
        lines += [_heading(scene), ""]
    lines.append(f"<b>{at}/{count}</b> · {escape(period_name(scene.period).capitalize())}{_part_name(scene)}")
    lines.append(f"<b>{escape(_full_name(form, row))}</b>{unit}?")
    last = dialog.previous_value(row, scene.previous)
    if last is not None:
        lines.append(f"Kỳ trước: <b>{figure(row, last)}</b>")
    if row.key in sheet.figures:
        lines.append(f"Đang ghi: <b>{figure(row, sheet.figures[row.key])}</b>")
    elif last is None and first:
        lines.append(f"Gõ một số, ví dụ: {escape(row.example or '120')}")
    if first and opening and form.no_change and scene.corrects is None:
        lines.append(f"\n<i>Nhanh hơn: gửi cả báo cáo trong một tin, ví dụ “{escape(ONE_MESSAGE)}”.</i>")
    return Reply("\n".join(lines), _question_buttons(scene, row, at))


def _part_name(scene: Scene) -> str:
    part = next((part for part in scene.form.parts if part.id == scene.sheet.part), None)
    return f" · {escape(part.title)}" if part else ""


def _full_name(form: Form, row: Indicator) -> str:
    if row.parent is None:
        return row.name
    parent = form.get_indicator(row.parent)
    return row.name if parent.noun or not form.parts else f"{parent.short}: {row.name}"


def _question_buttons(scene: Scene, row: Indicator, at: int) -> tuple[tuple[Button, ...], ...]:
    form, sheet = scene.form, scene.sheet
    rows: list[tuple[Button, ...]] = []
    quick: list[Button] = []
    if dialog.keepable(form, sheet, scene.previous) is not None:
        quick.append(_button(scene, "Giữ nguyên", Verb.KEEP))
    if dialog.may_skip(form, row):
        quick.append(_button(scene, "Bỏ qua", Verb.SKIP))
    rows.append(tuple(quick))
    if dialog.offers_no_change(form, sheet):
        rows.append((_button(scene, "Không có biến động", Verb.NO_CHANGE),))
    if not sheet.figures and not sheet.skipped and scene.corrects is None:
        aside = [Button("Xin gia hạn", data=f"r:d:{scene.draft}:e")]
        if scene.can_change_period:
            aside.append(Button("Kỳ khác", data=f"r:d:{scene.draft}:o"))
        rows.append(tuple(aside))
    if not dialog.missing(form, sheet):
        rows.append((_button(scene, "Xem lại", Verb.REVIEW),))
    leave = [_button(scene, "Hủy", Verb.CANCEL)]
    if at > 1 or form.parts or scene.can_go_up:
        leave.insert(0, _button(scene, "Quay lại", Verb.BACK))
    rows.append(tuple(leave))
    return tuple(each for each in rows if each)


def _doubt(scene: Scene, before: str) -> Reply:
    form, doubt = scene.form, scene.sheet.doubts[0]
    keys = list(dict.fromkeys(reading.key for reading in doubt.readings))
    piece = escape(short(doubt.piece, 120))
    row = form.get_indicator(keys[0])
    name = escape(row.short)
    match doubt.doubt:
        case Doubt.APPROXIMATE:
            exact = figure(row, doubt.readings[0].value)
            ask = f"Anh/chị ghi “{piece}”. Báo cáo cần số chính xác: {name} đúng là {exact}?"
        case Doubt.CONFLICT:
            ask = f"Trong tin có nhiều số cho {name}: “{piece}”. Số nào đúng?"
        case Doubt.PLACE if len(keys) > 1:
            ask = f"“{piece}” là số của mục nào?"
        case _:
            ask = f"“{piece}” đọc được hai cách. {name} là số nào?"
    choices = [
        (_button(scene, short(_reading(form, reading, named=len(keys) > 1)), Verb.CHOOSE, number),)
        for number, reading in enumerate(doubt.readings[:8])
    ]
    text = "\n".join(part for part in (before, f"<b>{ask}</b>", "Chạm để chọn, hoặc gõ lại cho rõ.") if part)
    last = (
        _button(scene, "Không phải", Verb.NONE_OF_THESE),
        _button(scene, "Quay lại", Verb.BACK),
        _button(scene, "Hủy", Verb.CANCEL),
    )
    return Reply(text, (*choices, last))


def _reading(form: Form, reading: Reading, *, named: bool) -> str:
    row = form.get_indicator(reading.key)
    return f"{row.short}: {figure(row, reading.value)}" if named else figure(row, reading.value)


def _pick(scene: Scene, before: str) -> Reply:
    form, sheet = scene.form, scene.sheet
    buttons: list[tuple[Button, ...]] = []
    for number, row in enumerate(form.asked):
        shown = figure(row, sheet.figures[row.key]) if row.key in sheet.figures else "để trống"
        buttons.append((_button(scene, short(f"{row.short}: {shown}"), Verb.FIGURE, number),))
    last = [_button(scene, "Quay lại", Verb.BACK), _button(scene, "Hủy", Verb.CANCEL)]
    text = [before, _heading(scene), "", "<b>Sửa số nào?</b> Chạm vào số cần sửa, hoặc nhắn ví dụ “đoàn viên 1.260”."]
    return Reply("\n".join(text).strip(), (*buttons, tuple(last)))


def _parts(scene: Scene, before: str) -> Reply:
    form, sheet = scene.form, scene.sheet
    buttons: list[tuple[Button, ...]] = []
    for number, part in enumerate(form.parts):
        rows = [row for row in form.asked if row.part == part.id]
        left = len(dialog.missing(form, sheet, part.id))
        mark = "✓ " if left == 0 else ""
        label = f"{mark}{part.title} ({len(rows) - left}/{len(rows)})"
        buttons.append((_button(scene, short(label), Verb.PART, number),))
    left = len(dialog.missing(form, sheet))
    count = len(form.asked)
    if left == 0:
        buttons.append((_button(scene, "Xem lại và gửi", Verb.REVIEW),))
    elif not sheet.figures and not sheet.skipped and scene.corrects is None:
        buttons.append((Button("Xin gia hạn", data=f"r:d:{scene.draft}:e"),))
    buttons.append((_button(scene, "Hủy", Verb.CANCEL),))
    text = [
        before,
        _heading(scene),
        "",
        f"Đã điền {count - left}/{count} mục. Chọn một phần để điền; phần nào trước cũng được, tôi nhớ từng số.",
    ]
    return Reply("\n".join(text).strip(), tuple(buttons))


def _summary(scene: Scene, before: str) -> list[Reply]:
    form, sheet = scene.form, scene.sheet
    lines = [before, "<b>Xem lại trước khi gửi</b>", _heading(scene), ""]
    lines += figure_lines(form, sheet.figures, scene.previous)
    if sheet.no_change:
        lines.append("<i>Không có biến động: xác nhận không ai vào, không ai ra.</i>")
    if sheet.positional:
        lines.append("<i>Các số không kèm tên nên tôi hiểu theo thứ tự của biểu; anh/chị xem giúp đã đúng chưa.</i>")
    for piece in sheet.unmatched[:5]:
        lines.append(f"❓ Chưa hiểu “{escape(short(piece, 80))}”, tôi không dùng số này.")
    broken = dialog.verdicts(form, sheet, scene.previous)
    for verdict in broken:
        lines.append(f"⚠️ {escape(verdict.sentence)}")
        if verdict.rule in sheet.reasons:
            lines.append(f"Lý do đã ghi: <i>{escape(sheet.reasons[verdict.rule])}</i>")
    open_ones = dialog.unexplained(form, sheet, scene.previous)
    if open_ones:
        lines.append(
            "\n<b>Nếu số vẫn đúng, gõ lý do thành một tin</b> (cấp trên sẽ đọc được). Nếu nhầm, chạm <b>Sửa</b>."
        )
    buttons = (
        (_button(scene, "Sửa", Verb.FIX), _button(scene, "Quay lại", Verb.BACK), _button(scene, "Hủy", Verb.CANCEL)),
    )
    replies = [Reply("\n".join(lines).strip(), buttons)]
    if scene.is_ready:
        replies.append(Reply("Đúng cả rồi thì bấm <b>Gửi</b> ở bàn phím bên dưới.", keyboard=((SEND,),)))
    return replies


def figure_lines(form: Form, figures: Figures, previous: Figures | None = None) -> list[str]:
    """The figures of a report, one a line, those that follow from others among them; empty rows are named."""
    whole = form.completed(figures)
    before = form.completed(previous) if previous else {}
    lines: list[str] = []
    part = None
    for row in form.indicators:
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


def figure_line(form: Form, figures: Figures) -> str:
    """The figures of a report on one line, for lists; only the first few of a large form."""
    whole = form.completed(figures)
    shown = [f"{row.short} {figure(row, whole[row.key])}" for row in form.indicators if row.key in whole]
    more = f" và {len(shown) - 6} số khác" if len(shown) > 6 else ""
    return escape(", ".join(shown[:6])) + more


def _note(scene: Scene, note: Note | None) -> str:
    match note:
        case None | Note.TAKEN:
            return ""
        case Note.AT_START:
            return "Đây là câu đầu tiên rồi."
        case Note.NOTHING_TO_KEEP:
            return "Mục này chưa có số kỳ trước để giữ nguyên, anh/chị gõ số giúp."
        case Note.MAY_NOT_SKIP:
            return "Mục này không bỏ qua được; không có thì gõ 0."
        case Note.NOT_COMPLETE:
            return f"Chưa gửi được: còn {len(dialog.missing(scene.form, scene.sheet)) or 1} mục phải trả lời."
        case Note.NEEDS_REASON:
            return "Chưa gửi: có số liệu cần giải thích."
        case Note.REASON_TOO_SHORT:
            return "Anh/chị ghi lý do rõ hơn một chút, ví dụ: tháng trước nhập nhầm."
        case Note.REASON_TAKEN:
            return "Đã ghi lý do."
        case Note.OUT_OF_PLACE:
            return "Nút này không dùng ở bước hiện tại."
        case Note.ALREADY_THERE:
            return "Anh/chị xem lại lần nữa rồi bấm <b>Gửi</b>."


def _refusals(form: Form, not_taken: Iterable[NotTaken]) -> list[str]:
    return [_refusal(form.get_indicator(each.key), each) for each in not_taken]


def _refusal(row: Indicator, bad: NotTaken) -> str:
    example = escape(row.example or "120")
    piece = escape(short(bad.piece, 60))
    match bad.reason:
        case Reason.NEGATIVE if row.sign == "-":
            return f"{escape(row.short)} ghi bằng số không dấu, ví dụ: {example}."
        case Reason.NEGATIVE:
            return f"{escape(row.short)} không thể là số âm (“{piece}”). Ví dụ: {example}."
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


# Around the dialog -------------------------------------------------------------------------------------------------


def stale_tap() -> str:
    """The toast to a button of a step that is over."""
    return "Bước này đã xong. Anh/chị trả lời ở tin mới nhất giúp."


def finished_tap() -> str:
    """The toast to a button of a draft that is no more."""
    return "Báo cáo này đã gửi hoặc bản nháp đã xóa. Xem /lichsu, hoặc /baocao để làm báo cáo mới."


def moved_on(by: str | None) -> str:
    """Said before the current step when the draft has changed since this chat last saw it."""
    if by is None:
        return "Bản nháp đã sang bước khác nên câu vừa rồi chưa được ghi. Đây là bước hiện tại:"
    return f"{escape(by)} vừa điền tiếp bản nháp này nên câu vừa rồi chưa được ghi. Đây là bước hiện tại:"


def continued(by: str | None) -> str:
    """Said when a stored draft is opened again."""
    if by is None:
        return "Bản nháp vẫn còn, anh/chị điền tiếp."
    return f"Bản nháp do {escape(by)} điền dở, anh/chị điền tiếp."


def back_to() -> str:
    """Said before the current step after a question in between was answered."""
    return "Trở lại báo cáo đang làm:"


def edited() -> Reply:
    """To a message edited in Telegram after its figure was taken."""
    return Reply(
        "Tôi thấy anh/chị vừa sửa tin cũ. Số đã ghi <b>không đổi</b> theo tin sửa. "
        "Muốn sửa: nhắn số mới, ví dụ “đoàn viên 1.260”, hoặc chạm <b>Sửa</b> ở bản tóm tắt; "
        "đã gửi rồi thì vào /lichsu."
    )


def left() -> Reply:
    """After **Hủy**: the keyboard goes, the draft stays."""
    return Reply("Đã dừng, chưa gửi gì.", keyboard=())


def draft_kept(token: str) -> Reply:
    """Under it: the draft is there, and how to throw it away."""
    return Reply(
        "Bản nháp vẫn được giữ, /baocao để điền tiếp lúc nào cũng được.",
        ((Button("Xóa bản nháp", data=f"r:{token}"),),),
    )


def not_understood() -> str:
    """Said before the step again to words that are neither its answer nor a question."""
    return "Tôi chưa hiểu tin vừa rồi."


def draft_dropped() -> Reply:
    """After the draft was thrown away."""
    return Reply("Đã xóa bản nháp. Báo cáo đã gửi (nếu có) vẫn nguyên.")


def draft_already_gone() -> Reply:
    """There was none any more."""
    return Reply("Bản nháp này không còn nữa.")


def nothing_to_send() -> Reply:
    """**Gửi** where nothing waits."""
    return Reply("Không có báo cáo nào đang chờ gửi. /baocao để bắt đầu, /lichsu để xem báo cáo đã gửi.", keyboard=())


def no_rights() -> Reply:
    """To reports and their commands from somebody without a role."""
    return Reply(
        "Tài khoản này chưa gắn với đơn vị nào nên chưa nộp hay xem số liệu được. "
        "Anh/chị xin công đoàn cấp trên mã mời rồi gửi <code>/start MÃ</code>, "
        "hoặc vào /start và chia sẻ số điện thoại. Các câu hỏi về kế hoạch thì cứ hỏi bình thường."
    )


def not_yours() -> Reply:
    """To somebody who reaches for a unit that is not theirs."""
    return Reply("Đơn vị này không thuộc quyền của anh/chị nên tôi không mở được.")


def not_yours_tap() -> str:
    """The same, on a button."""
    return "Đơn vị này không thuộc quyền của anh/chị."


def only_in_private() -> str:
    """To a reporting button in a group."""
    return "Việc này chỉ làm được trong trò chuyện riêng với tôi."


# Receipts ----------------------------------------------------------------------------------------------------------


def receipt(
    form: Form,
    period: Period,
    unit_name: str,
    figures: Figures,
    *,
    number: str,
    version: int,
    sent_at: datetime,
    zone: ZoneInfo,
    on_time: bool,
    due_on: date,
    locks_on: date,
    no_change: bool = False,
    entered_for: bool = False,
    lead: str = "",
) -> Reply:
    """What stands once a report is stored; `lead` says why it is shown once more."""
    timely = f"<b>đúng hạn</b> (hạn {day(due_on)})" if on_time else f"<b>nộp muộn</b> (hạn {day(due_on)})"
    lines = [lead] if lead else []
    unmoved = " (Không có biến động)" if no_change else ""
    lines.append(f"✅ <b>Đã nhận</b> báo cáo {escape(report_name(form, period))}{unmoved}")
    lines.append(f"Đơn vị: <b>{escape(unit_name)}</b>" + (" (nhập thay)" if entered_for else ""))
    lines.append(f"Lúc {moment(sent_at, zone)}, {timely}")
    lines.append(f"Số biên nhận: {escape(number)}" + (f" · bản sửa lần {version - 1}" if version > 1 else ""))
    lines += ["", *figure_lines(form, figures)] if len(form.asked) <= 8 else ["", figure_line(form, figures)]
    lines += ["", f"Sửa được đến hết {day(locks_on)}: /lichsu"]
    return Reply("\n".join(lines), keyboard=())


def sent_already() -> str:
    """Said before the receipt when **Gửi** is pressed once more."""
    return "Báo cáo này đã gửi rồi, không ghi thêm lần nữa:"


def unchanged(unit_name: str, form: Form, period: Period) -> str:
    """Said before the receipt where a correction changed nothing."""
    return f"Số liệu báo cáo {escape(report_name(form, period))} của {escape(unit_name)} không có gì khác bản đã gửi."


def entered_for_you(
    form: Form, period: Period, unit_name: str, figures: Figures, *, by: str, sent_at: datetime, zone: ZoneInfo
) -> Reply:
    """To the officers of a unit whose figures somebody above entered."""
    lines = [
        f"{escape(by)} vừa <b>nhập thay</b> báo cáo {escape(report_name(form, period))} cho {escape(unit_name)} "
        f"lúc {moment(sent_at, zone)}:",
        *figure_lines(form, figures)[:12],
        "",
        "Có số nào chưa đúng, anh/chị sửa ở /lichsu.",
    ]
    return Reply("\n".join(lines))


def with_reasons(
    form: Form,
    period: Period,
    unit_name: str,
    figures: Figures,
    reasons: Sequence[tuple[str, str]],
    *,
    by: str,
    open_token: str,
    return_token: str,
) -> Reply:
    """To supervisors: a report that breaks rules, with the reasons (sentence of the rule, the officer's words)."""
    lines = [
        f"<b>{escape(unit_name)}</b> gửi báo cáo {escape(report_name(form, period))} (người gửi: {escape(by)}) "
        "với số liệu cần xem lại:",
    ]
    for sentence, reason in reasons:
        lines += [f"⚠️ {escape(sentence)}", f"Lý do: <i>{escape(reason)}</i>"]
    lines += ["", *figure_lines(form, figures)[:12]]
    buttons = ((Button("Xem báo cáo", data=f"r:{open_token}"), Button("Gửi trả", data=f"r:{return_token}")),)
    return Reply("\n".join(lines), buttons)


# Choosing unit and period ------------------------------------------------------------------------------------------


def choose_unit(
    choices: Sequence[tuple[str, str]],
    *,
    can_search: bool,
    campaign_token: str | None = None,
    for_history: bool = False,
) -> Reply:
    """Which unit it is about; `choices` are (name, token). `can_search` where units below may be named by typing."""
    rows = [(Button(short(name), data=f"r:{token}"),) for name, token in choices]
    if campaign_token is not None:
        rows.append((Button("Mở đợt báo cáo", data=f"r:{campaign_token}"),))
    rows.append((Button("Hủy", data="r:leave"),))
    what = "Xem báo cáo của đơn vị nào?" if for_history else "Báo cáo cho đơn vị nào?"
    lines = [f"<b>{what}</b>"]
    if can_search and choices:
        lines.append("Chạm để chọn, hoặc gõ tên hay mã của đơn vị cấp dưới.")
    elif can_search:
        lines.append("Gõ tên hoặc mã của đơn vị, ví dụ: may hòa thọ.")
    if can_search and not for_history:
        lines.append("<i>Nhập cho đơn vị cấp dưới sẽ được ghi là “Nhập thay” và báo cho cán bộ của đơn vị đó.</i>")
    return Reply("\n".join(lines), tuple(rows))


def fix_button(submission_id: int) -> Button:
    """**Sửa** on a report that was sent."""
    return Button("Sửa", data=f"r:f:{submission_id}")


def reopen_button(submission_id: int) -> Button:
    """The way to ask for a locked report to be opened again."""
    return Button("Xin mở lại", data=f"r:o:{submission_id}")


def other_period_button(unit_id: int) -> Button:
    """The way to a choice of periods."""
    return Button("Kỳ khác", data=f"r:p:{unit_id}")


def go_on_button(reference: str, *, fix: bool) -> Button:
    """The way to a report after a request was granted."""
    return Button("Sửa" if fix else "Nộp ngay", data=f"r:{reference}")


def report_buttons(submission_id: int, *, fix: bool, reopen: bool, send_back: bool) -> list[Button]:
    """What may be done with a report that is shown."""
    buttons = []
    if fix:
        buttons.append(fix_button(submission_id))
    if reopen:
        buttons.append(reopen_button(submission_id))
    if send_back:
        buttons.append(Button("Gửi trả", data=f"r:b:{submission_id}"))
    return buttons


def units_found(choices: Sequence[tuple[str, str]], *, more: bool) -> Reply:
    """Several units fit what was typed; `choices` are (name with code, token)."""
    rows = tuple((Button(short(name), data=f"r:{token}"),) for name, token in choices)
    text = "Có mấy đơn vị như vậy, anh/chị chọn giúp:"
    if more:
        text += " (còn nữa, gõ thêm chữ để thu hẹp)"
    return Reply(text, (*rows, (Button("Hủy", data="r:leave"),)))


def no_unit_found(text: str) -> Reply:
    """None fits, among those within reach."""
    return Reply(
        f"Trong các đơn vị anh/chị phụ trách, tôi không thấy đơn vị nào là “{escape(short(text, 60))}”. "
        "Gõ lại tên hoặc mã, hoặc /huy.",
        ((Button("Hủy", data="r:leave"),),),
    )


def nothing_owed(unit_name: str) -> Reply:
    """For a unit whose figures are the sums of those below."""
    return Reply(
        f"{escape(unit_name)} không phải nộp báo cáo riêng: số liệu được cộng từ các đơn vị cơ sở bên dưới. "
        "Khi có đợt báo cáo mở cho đơn vị, tôi sẽ đưa ra ở đây."
    )


def campaign_over(unit_name: str) -> Reply:
    """For a campaign that was closed before the unit sent anything."""
    return Reply(f"Đợt báo cáo này đã kết thúc, {escape(unit_name)} không phải nộp nữa.")


def unit_ended(unit_name: str, on: date) -> Reply:
    """For a unit that is no more."""
    return Reply(f"{escape(unit_name)} đã dừng hoạt động từ {day(on)}; báo cáo cũ vẫn xem được ở /lichsu.")


def choose_period(unit_name: str, choices: Sequence[tuple[str, str]]) -> Reply:
    """Which report; `choices` are (label, token)."""
    rows = tuple((Button(short(label, 60), data=f"r:{token}"),) for label, token in choices)
    return Reply(f"<b>{escape(unit_name)}</b>: báo cáo nào, kỳ nào?", (*rows, (Button("Hủy", data="r:leave"),)))


def period_choice(form: Form, period: Period, *, sent: bool, due_on: date, today: date) -> str:
    """One line of that choice."""
    name = period_name(period)
    label = f"{name[:1].upper()}{name[1:]} – {form.short}"
    if sent:
        return f"✓ {label}"
    return f"{label} (quá hạn)" if today > due_on else f"{label} (hạn {due_on:%d/%m})"


def not_open_yet(form: Form, period: Period, opens_on: date) -> Reply:
    """For a period that is still to come."""
    return Reply(
        f"Báo cáo {escape(report_name(form, period))} chưa mở: nhận từ ngày {day(opens_on)}. "
        "Anh/chị nhắn lại từ ngày đó, hoặc /baocao để xem kỳ đang mở."
    )


def all_sent(
    form: Form, period: Period, unit_name: str, figures: Figures, *, fix: Button, other: Button, next_on: date | None
) -> Reply:
    """To /baocao where everything open has been sent."""
    lines = [
        f"<b>{escape(unit_name)}</b> đã nộp đủ. Gần nhất: {escape(report_name(form, period))}.",
        *figure_lines(form, figures)[:8],
    ]
    if next_on is not None:
        lines.append(f"\nKỳ sau mở từ ngày {day(next_on)}.")
    return Reply("\n".join(lines), ((fix, other),))


def locked(form: Form, period: Period, unit_name: str, *, locks_on: date, reopen: Button, figures: Figures) -> Reply:
    """Corrections are over; the supervisor may open them again."""
    lines = [
        f"Báo cáo {escape(report_name(form, period))} của {escape(unit_name)} đã khóa sau ngày {day(locks_on)}.",
        *figure_lines(form, figures)[:8],
        "",
        "Cần sửa thì xin cấp trên mở lại, kèm lý do.",
    ]
    return Reply("\n".join(lines), ((reopen,),))


def sent_meanwhile(by: str | None) -> str:
    """Said before the receipt to whoever presses **Gửi** on a report that somebody else has sent."""
    if by is None:
        return "Báo cáo này vừa được gửi rồi:"
    return f"{escape(by)} đã gửi báo cáo này rồi:"


# What was sent before ----------------------------------------------------------------------------------------------


def history(
    unit_name: str,
    lines: Sequence[tuple[Form, Period, Figures, datetime, bool, bool, str]],
    zone: ZoneInfo,
    drafts: Sequence[tuple[Form, Period, str]] = (),
) -> Reply:
    """The reports of a unit, the latest first: (form, period, figures, sent at, on time, sent back, token)."""
    text = [f"<b>Báo cáo đã gửi – {escape(unit_name)}</b>"]
    rows: list[tuple[Button, ...]] = []
    for form, period, _ in drafts:
        text.append(f"✏️ {escape(report_name(form, period))}: đang điền dở, chưa gửi.")
    for _, period, token in drafts:
        rows.append((Button(short(f"Điền tiếp {period_name(period)}"), data=f"r:{token}"),))
    if not lines and not drafts:
        text.append("Chưa có báo cáo nào. /baocao để gửi.")
    pair: list[Button] = []
    for form, period, figures, sent_at, on_time, returned, token in lines:
        state = "gửi trả để sửa" if returned else "đúng hạn" if on_time else "nộp muộn"
        name = report_name(form, period)
        sent_on = sent_at.astimezone(zone)
        title = escape(name[:1].upper() + name[1:])
        text.append(f"\n<b>{title}</b> · gửi {sent_on:%d/%m/%Y} · {state}\n{figure_line(form, figures)}")
        label = period_name(period)
        pair.append(Button(short(f"{label[:1].upper()}{label[1:]}", 30), data=f"r:{token}"))
    rows += [tuple(pair[start : start + 2]) for start in range(0, len(pair), 2)]
    return Reply("\n".join(text), tuple(rows))


def report(
    form: Form,
    period: Period,
    unit_name: str,
    figures: Figures,
    previous: Figures | None,
    *,
    sent_at: datetime,
    zone: ZoneInfo,
    by: str | None,
    on_time: bool,
    no_change: bool,
    entered_for: bool,
    remark: str | None,
    reasons: Sequence[tuple[str, str]],
    versions: Sequence[tuple[int, datetime, str | None, Figures]],
    locks_on: date,
    is_locked: bool,
    buttons: Sequence[Button],
) -> Reply:
    """One report opened: its figures, reasons, and what each earlier version said, who sent it and when."""
    sender = f" bởi {escape(by)}" if by else ""
    lines = [
        f"<b>{escape(report_name(form, period))}</b>",
        escape(unit_name),
        f"Gửi lúc {moment(sent_at, zone)}{sender}"
        + (" (nhập thay)" if entered_for else "")
        + (", đúng hạn" if on_time else ", nộp muộn"),
        "",
        *figure_lines(form, figures, previous),
    ]
    if no_change:
        lines.append("<i>Không có biến động.</i>")
    for sentence, reason in reasons:
        lines += [f"⚠️ {escape(sentence)}", f"Lý do: <i>{escape(reason)}</i>"]
    if remark:
        lines += ["", f"↩️ Cấp trên gửi trả để sửa, nhắn: <i>{escape(remark)}</i>"]
    if versions:
        lines += ["", "<b>Các bản trước</b>"]
        for number, at, who, old in versions:
            sent = f"Lần {number}, {moment(at, zone)}" + (f", {escape(who)}" if who else "")
            lines.append(f"{sent}: {_differences(form, old, figures)}")
    lines += ["", f"Đã khóa sau ngày {day(locks_on)}." if is_locked else f"Sửa được đến hết {day(locks_on)}."]
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return Reply("\n".join(lines), tuple(rows))


def _differences(form: Form, old: Figures, new: Figures) -> str:
    """What an earlier version said otherwise."""
    was, now = form.completed(old), form.completed(new)
    shown = []
    for row in form.indicators:
        if row.heading or was.get(row.key) == now.get(row.key):
            continue
        value = figure(row, was[row.key]) if row.key in was else "để trống"
        shown.append(f"{escape(row.short)} {value}")
    return ", ".join(shown[:6]) if shown else "số liệu như hiện nay"


# Campaigns ---------------------------------------------------------------------------------------------------------


def campaign_form(choices: Sequence[tuple[str, str]]) -> Reply:
    """Which form the campaign asks for; (title, token)."""
    rows = tuple((Button(short(title, 60), data=f"r:{token}"),) for title, token in choices)
    return Reply("<b>Mở đợt báo cáo theo biểu nào?</b>", (*rows, (Button("Hủy", data="r:leave"),)))


def campaign_unit(choices: Sequence[tuple[str, str]]) -> Reply:
    """For which subtree; (name, token)."""
    rows = tuple((Button(short(name), data=f"r:{token}"),) for name, token in choices)
    return Reply(
        "<b>Mở cho đơn vị nào và mọi đơn vị bên dưới?</b>\nChạm để chọn, hoặc gõ tên hay mã đơn vị.",
        (*rows, (Button("Hủy", data="r:leave"),)),
    )


def campaign_kinds(unit_name: str) -> Reply:
    """Which kinds of unit owe it."""
    rows = (
        (Button("Công đoàn cơ sở, nghiệp đoàn", data="r:m:k:g"),),
        (Button("Công đoàn cấp trên", data="r:m:k:u"),),
        (Button("Mọi đơn vị", data="r:m:k:a"),),
    )
    return Reply(
        f"Trong {escape(unit_name)}, <b>những đơn vị nào phải nộp?</b>", (*rows, (Button("Hủy", data="r:leave"),))
    )


def campaign_dates(unit_name: str, problem: str = "") -> Reply:
    """Its name and when it is due, in one message."""
    lead = f"{problem}\n" if problem else ""
    return Reply(
        f"{lead}<b>Đặt tên đợt và hạn nộp</b> cho {escape(unit_name)}, trong một tin.\n"
        "Ví dụ: <code>Sơ kết giữa nhiệm kỳ, hạn 15/12/2026</code>",
        ((Button("Hủy", data="r:leave"),),),
    )


def campaign_no_date() -> str:
    """There was no date in it."""
    return "Tôi chưa thấy hạn nộp trong tin."


def campaign_past_date() -> str:
    """The date was over."""
    return "Hạn nộp phải từ hôm nay trở đi."


def campaign_no_name() -> str:
    """There was no name in it."""
    return "Tôi chưa thấy tên đợt trong tin (chữ, không quá 60 ký tự)."


def campaign_name_taken(name: str) -> str:
    """There is one of that name already."""
    return f"Năm nay đã có đợt tên “{escape(name)}”, anh/chị đặt tên khác."


def campaign_confirm(
    form: Form, name: str, unit_name: str, count: int, due_on: date, locks_on: date, token: str
) -> Reply:
    """Before it is opened."""
    return Reply(
        f"<b>Mở đợt “{escape(name)}”?</b>\n{escape(form.title)}\n"
        f"Cho {escape(unit_name)} và cấp dưới: {format_count(count)} đơn vị phải nộp.\n"
        f"Nhận từ hôm nay, hạn {day(due_on)}, sửa được đến hết {day(locks_on)}.",
        ((Button("Mở đợt", data=f"r:{token}"), Button("Hủy", data="r:leave")),),
    )


def campaign_opened(form: Form, name: str, unit_name: str, due_on: date) -> Reply:
    """After it."""
    return Reply(
        f"Đã mở đợt <b>“{escape(name)}”</b> ({escape(form.short)}) cho {escape(unit_name)} và cấp dưới, "
        f"hạn {day(due_on)}. Cán bộ các đơn vị thấy đợt này khi gõ /baocao."
    )


def step_left() -> Reply:
    """After **Hủy** where nothing had been written down yet."""
    return Reply("Đã dừng, chưa ghi gì.", keyboard=())


def button_over() -> str:
    """The toast to a button that was used already or is too old."""
    return "Nút này đã dùng hoặc đã cũ. Gõ /baocao hoặc /lichsu để làm tiếp."
