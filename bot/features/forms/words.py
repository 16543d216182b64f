"""Forms in words: a workbook as it was understood, what is asked of it, what is wrong with it, and every form known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from bot.features.forms import taps
from bot.features.forms.entering import MARK, FirstPeriod, HeldForm
from bot.features.forms.service import KnownForm
from bot.road.reply import Attachment, Button, Reply
from bot.taps import ListForms
from bot.words.dates import day
from bot.words.reports import period_name
from knowledge.forms import FormBook
from knowledge.forms.workbook import (
    FormDoubt,
    FormDoubtKind,
    FormWorkbookError,
    WhyFormRefused,
    WorkbookRefusal,
    give_numbers,
    name_scope,
    name_subject,
    show_rule,
    write_way,
)
from knowledge.glossary import Glossary
from knowledge.model.forms import FigureKind, Form, FormRule, Indicator, Measure, MeasureKind, Severity, split_term
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.stored_forms import StoredForm
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.numbers import format_count
from knowledge.text import raised, shorten
from knowledge.units import UNIT_KIND_SHORT

_LABEL: Final = 40
_MOST_NAMED: Final = 6
_SAID: Final = 80
"""Letters of a cell that are shown."""

_PERIODS: Final = {
    PeriodKind.MONTH: "hằng tháng",
    PeriodKind.QUARTER: "hằng quý",
    PeriodKind.HALF: "6 tháng một lần",
    PeriodKind.YEAR: "hằng năm",
    PeriodKind.CAMPAIGN: "theo đợt",
}
_KINDS: Final = {FigureKind.COUNT: "Số đếm", FigureKind.MONEY: "Tiền (triệu đồng)", FigureKind.PERCENT: "Tỷ lệ %"}
_WAYS: Final = {
    MeasureKind.LEVEL: "Số tại thời điểm",
    MeasureKind.FLOW: "Cộng dồn trong năm",
    MeasureKind.SHARE: "Tỷ lệ trên mục khác",
}
_NO_MEASURE: Final = "Không đo chỉ tiêu"

_DAYS: Final = {"opens": "Mở từ", "due": "Hạn nộp", "locks": "Khóa sau"}

_WRONG: Final[dict[WhyFormRefused, str]] = {
    WhyFormRefused.NO_TITLE: "chưa có “Tên biểu”",
    WhyFormRefused.NO_PERIOD: "chưa có “Kỳ”: ghi tháng, quý, 6 tháng, năm hoặc đợt",
    WhyFormRefused.UNKNOWN_PERIOD: "“{0}” không phải kỳ báo cáo: ghi tháng, quý, 6 tháng, năm hoặc đợt",
    WhyFormRefused.NO_DAY: "chưa có “{0}”",
    WhyFormRefused.UNKNOWN_DAY: "chưa hiểu ngày “{0}”: ghi như “ngày 5 tháng sau”, “ngày cuối tháng sau”",
    WhyFormRefused.DUE_BEFORE_OPENS: "hạn nộp “{0}” đến trước ngày mở; nếu là tháng sau kỳ thì ghi “ngày … tháng sau”",
    WhyFormRefused.LOCKS_BEFORE_DUE: "ngày khóa “{0}” đến trước hạn nộp",
    WhyFormRefused.NO_UNITS: "chưa có “Đơn vị phải nộp”",
    WhyFormRefused.UNKNOWN_UNITS: "“{0}” không phải loại hình đơn vị: ghi công đoàn cơ sở, tất cả, hoặc từng loại",
    WhyFormRefused.NOT_FOR_CAMPAIGN: "biểu theo đợt không ghi ô này: ngày và đơn vị phải nộp được hỏi khi mở đợt",
    WhyFormRefused.WRONG_SINCE: "“{0}” không phải kỳ đầu tiên của biểu: ghi cả năm, như “quý IV/2026”",
    WhyFormRefused.WRONG_CODE: "mã “{0}” chỉ dùng chữ thường không dấu, số và gạch nối, dài không quá 24 ký tự",
    WhyFormRefused.TWICE: "“{0}” xuất hiện hai lần",
    WhyFormRefused.NO_TABLE: "chưa có bảng các mục: cần dòng tiêu đề có cột Nội dung và cột Đơn vị tính",
    WhyFormRefused.NO_ROWS: "dưới dòng tiêu đề này chưa có mục nào",
    WhyFormRefused.TOO_MANY_ROWS: "từ dòng này đã quá {0} mục; anh/chị tách thành nhiều biểu",
    WhyFormRefused.TOO_MANY_RULES: "từ dòng này đã quá {0} điều kiện; anh/chị bỏ bớt",
    WhyFormRefused.TOO_MANY_TERMS: "tính ra thì mục này cộng quá {0} mục; anh/chị viết gọn lại",
    WhyFormRefused.MERGED_HEAD: "tiêu đề “{0}” bị gộp ô: mỗi cột một ô tiêu đề, một dòng",
    WhyFormRefused.MERGED_ROWS: "“{0}” bị gộp ô: trong bảng mỗi mục một dòng, không gộp",
    WhyFormRefused.NO_NAME: "mục {0} chưa có nội dung",
    WhyFormRefused.WRONG_NUMBER: "“{0}” không phải số thứ tự: ghi 1, 2, 3…, mục con 2.1, 2.2",
    WhyFormRefused.NUMBER_TWICE: "số {0} đã dùng cho mục khác",
    WhyFormRefused.NO_PARENT: "mục con này không nằm dưới mục nào ({0})",
    WhyFormRefused.TOO_DEEP: "“{0}” là mục con của mục con; chỉ dùng được hai cấp",
    WhyFormRefused.NO_MEASURE_UNIT: "mục {0} chưa có đơn vị tính",
    WhyFormRefused.WRONG_MONEY_UNIT: "tiền tính bằng “triệu đồng”, không phải “{0}”",
    WhyFormRefused.WRONG_KIND: "loại “{0}” không hợp với đơn vị tính",
    WhyFormRefused.WRONG_FLAG: "chưa hiểu “{0}”: ghi có hoặc không (cột Dấu: + hoặc −)",
    WhyFormRefused.NOT_OWING: "“{0}” không nằm trong đơn vị phải nộp biểu này",
    WhyFormRefused.NOT_ASKED_OF: "mục này hỏi cả đơn vị không có mục {0}; ghi lại cột “Ai báo”",
    WhyFormRefused.WRONG_EXPRESSION: (
        "chưa hiểu “{0}”: ghi như “1 − 2” hoặc “2 ≤ 1”; nếu Excel tính ra số thì đặt ô là Văn bản (Text) rồi gõ lại"
    ),
    WhyFormRefused.MISSING_ROW: "không có mục {0}",
    WhyFormRefused.HEADING_ROW: "mục {0} chỉ là tiêu đề, không có số liệu",
    WhyFormRefused.MIXED_KINDS: "mục {0} khác loại số (số đếm, tiền, tỷ lệ) nên không cộng trừ, so sánh được",
    WhyFormRefused.CIRCLE: "các mục {0} tự tính vòng quanh lẫn nhau",
    WhyFormRefused.WRONG_SENTENCE: "trong câu nhắc, {{{0}}} không phải số của mục nào",
    WhyFormRefused.WRONG_SEVERITY: "chưa hiểu mức “{0}”: ghi Phải giải trình hoặc Chỉ nhắc",
    WhyFormRefused.NO_WHOLE: "chưa rõ tỷ lệ trên mục nào: ghi như “tỷ lệ trên mục 1”",
    WhyFormRefused.MEASURED_TWICE: "chỉ tiêu này đã được mục {0} đo theo cách đó",
    WhyFormRefused.NOT_ADDED: "mục {0} là tỷ lệ, không cộng các đơn vị lại được; đo bằng tỷ lệ giữa hai mục số",
    WhyFormRefused.NOT_FOR_LEVEL: "cột này chỉ ghi cho chỉ tiêu đo số tại thời điểm",
    WhyFormRefused.COUNTING_ROW: "mục {0} không hỏi ai, chỉ đếm khi tổng hợp, nên không tính theo nó được",
    WhyFormRefused.NOT_COUNTED: (
        "không đếm đơn vị theo mục {0} được: mục được đếm phải là mục có hỏi, mục đếm là số đếm không tự tính"
    ),
    WhyFormRefused.NOT_CALCULATED: (
        "ô này là công thức chưa có kết quả: mở tệp bằng Excel rồi lưu lại, hoặc đặt ô là Văn bản (Text) rồi gõ lại"
    ),
    WhyFormRefused.TOO_LONG: "dài quá {0} ký tự",
    WhyFormRefused.KEPT: "biểu “{0}” là biểu có sẵn của trợ lý, không thay bằng tệp được; đặt tên gọi tắt hoặc mã khác",
    WhyFormRefused.NAME_TAKEN: "tên gọi tắt “{0}” là của biểu khác; đặt tên khác để cán bộ không nhầm hai biểu",
    WhyFormRefused.OTHER_PERIOD: "biểu mang mã “{0}” đã có với kỳ khác; đặt tên gọi tắt hoặc mã khác",
}


# What is wrong -------------------------------------------------------------------------------------------------------


def wrong_cell(refusal: WorkbookRefusal) -> str:
    """One thing that is wrong, with its cell: "ô C12: không có mục 5"."""
    sheet = f" (trang “{refusal.sheet}”)" if refusal.sheet else ""
    said = _DAYS.get(refusal.said, refusal.said) if refusal.why is WhyFormRefused.NO_DAY else refusal.said
    said = shorten(said, _SAID)
    return f"ô {refusal.cell}{sheet}: {_WRONG[refusal.why].format(said)}"


def refused(why: FormWorkbookError) -> Reply:
    """A workbook that describes no form that could be asked for."""
    lines = [f"• {escape(wrong_cell(each))}" for each in why.refusals]
    return Reply(
        "\n".join(
            [
                "<b>Biểu này chưa dùng được</b>",
                *lines,
                "",
                "Anh/chị sửa rồi gửi lại tệp giúp. Chưa có gì được ghi nhận.",
            ]
        )
    )


def not_yours() -> Reply:
    """To somebody of a unit who sends a form."""
    return Reply("Tệp này mô tả một biểu báo cáo, do quản trị viên của trợ lý nhập; anh/chị chuyển cho người đó giúp.")


# What is asked -------------------------------------------------------------------------------------------------------


def ask(held: HeldForm) -> Reply:
    """The next thing that is doubtful, with its answers."""
    doubt, left = held.described.doubts[0], len(held.described.doubts)
    head = f"<b>{escape(held.described.short)}</b>: tôi đọc được {format_count(len(held.described.rows))} mục, còn "
    head += "một chỗ cần hỏi." if left == 1 else f"{format_count(left)} chỗ cần hỏi."
    buttons: list[tuple[Button, ...]] = [
        (taps.DecideDoubt(held.version, held.mark, left, place).button(_choice(held, doubt, choice)),)
        for place, choice in enumerate(doubt.choices)
    ]
    buttons.append((taps.DropForm(held.version, held.mark).button("Hủy"),))
    return Reply(f"{head}\n\n{doubted(held, doubt)}", tuple(buttons))


def doubted(held: HeldForm, doubt: FormDoubt) -> str:
    """What is asked of one row."""
    row = held.described.get_row(doubt.row)
    cell = f"ô {doubt.cell}, trang “{escape(doubt.sheet)}”" if doubt.sheet else f"ô {doubt.cell}"
    said = f"Mục {doubt.row} “{escape(row.short)}” ({cell}) ghi “{escape(shorten(doubt.said, _SAID))}”."
    return f"{said} {_question(doubt)}"


def _question(doubt: FormDoubt) -> str:
    match doubt.kind:
        case FormDoubtKind.KIND:
            return "Đây là loại số gì?"
        case FormDoubtKind.SUBJECT if len(doubt.choices) == 1:
            return (
                "Không có chỉ tiêu nào tên như vậy. Anh/chị bấm <b>Không đo chỉ tiêu</b>, hoặc <b>Hủy</b> rồi sửa tệp."
            )
        case FormDoubtKind.SUBJECT:
            return "Đây là chỉ tiêu nào của kế hoạch?"
        case FormDoubtKind.SCOPE if len(doubt.choices) == 1:
            return "Không có nhóm nào tên như vậy. Anh/chị bấm <b>Không đo chỉ tiêu</b>, hoặc <b>Hủy</b> rồi sửa tệp."
        case FormDoubtKind.SCOPE:
            return "Chỉ tiêu chỉ tính cho nhóm nào?"
        case FormDoubtKind.WAY:
            return "Số của mục này đo chỉ tiêu theo cách nào?"


def _choice(held: HeldForm, doubt: FormDoubt, choice: str) -> str:
    if not choice:
        return _NO_MEASURE
    match doubt.kind:
        case FormDoubtKind.KIND:
            return _KINDS[FigureKind(choice)]
        case FormDoubtKind.SUBJECT:
            return shorten(name_subject(held.glossary, choice), _LABEL)
        case FormDoubtKind.SCOPE:
            return shorten(raised(name_scope(held.glossary, choice)), _LABEL)
        case FormDoubtKind.WAY:
            return _WAYS[MeasureKind(choice)]


def not_held() -> str:
    """The toast where a form is no longer as a button showed it."""
    return "Biểu này đã thay đổi hoặc không còn chờ nữa. Anh/chị mở lại từ danh sách biểu mẫu giúp."


def decided_already() -> str:
    """The toast where something else is asked by now."""
    return "Chỗ này đã được trả lời rồi."


# A form as it will look ----------------------------------------------------------------------------------------------


def preview(held: HeldForm) -> Reply:
    """A form as it will be asked for, with **Duyệt** for each period from which it may be."""
    assert held.form is not None
    lines = [f"<b>{'Biểu mới' if held.replaced is None else 'Bản mới của biểu'}: {escape(held.form.title)}</b>"]
    lines += _changes(held)
    lines += describe(held.form, held.glossary, held.periods)
    lines += [_late(each) for each in held.periods if each.late]
    lines += ["", "Chưa có gì được giao. Anh/chị xem kỹ rồi duyệt."]
    approving = [
        (taps.ApproveForm(held.version, held.mark, each.period).button(f"Duyệt: từ {period_name(each.period)}"),)
        for each in held.periods
    ] or [(taps.ApproveForm(held.version, held.mark).button("Duyệt"),)]
    return Reply("\n".join(lines), (*approving, (taps.DropForm(held.version, held.mark).button("Hủy"),)))


def _late(first: FirstPeriod) -> str:
    whole = f"⚠️ Duyệt từ {period_name(first.period)} thì báo cáo"
    if first.late == 1:
        return f"{whole} kỳ đó đã quá hạn từ {day(first.due_on)}."
    return f"{whole} {format_count(first.late)} kỳ đã quá hạn, đơn vị nào cũng bị tính là còn thiếu."


def _changes(held: HeldForm) -> list[str]:
    if held.replaced is None:
        return []
    found = []
    for what, rows in (("Thêm", held.added), ("Bỏ", held.dropped)):
        if rows:
            named = ", ".join(f"“{escape(row.short)}”" for row in rows[:_MOST_NAMED])
            more = f" và {len(rows) - _MOST_NAMED} mục nữa" if len(rows) > _MOST_NAMED else ""
            found.append(f"{what} {len(rows)} mục: {named}{more}.")
    kept = "Báo cáo đã gửi vẫn đọc theo bản cũ."
    return [*(found or ["Các mục vẫn như bản đang dùng."]), kept]


def describe(form: Form, glossary: Glossary, periods: Sequence[FirstPeriod]) -> list[str]:
    """A form line by line: what it is called, when and by whom it is owed, its rows, rules and what they measure."""
    lines = [f"Gọi tắt: {escape(form.short)} · mã <code>{escape(form.id)}</code> · nộp {_PERIODS[form.period]}"]
    if form.calendar is None:
        lines.append("Ngày và đơn vị phải nộp được hỏi khi mở từng đợt.")
    else:
        lines.append(f"Đơn vị nộp: {escape(units(form.owed_by))}.")
        lines += [
            f"Kỳ {period_name(each.period)}: mở {day(each.opens_on)}, hạn {day(each.due_on)}, "
            f"sửa được đến hết {day(each.locks_on)}; {format_count(each.owing)} đơn vị phải nộp."
            for each in periods
        ]
    lines += ["", *_rows(form)]
    if form.no_change:
        numbers = give_numbers(form)
        lines += ["", f"Không có biến động: mục {', '.join(numbers[key] for key in form.no_change)} bằng 0."]
    if form.rules:
        lines += ["", "<b>Kiểm tra</b>", *(_rule(form, rule) for rule in form.rules)]
    if form.measures:
        lines += ["", "<b>Đo chỉ tiêu của kế hoạch</b>", *(_measure(form, each, glossary) for each in form.measures)]
    return lines


def _measure(form: Form, measure: Measure, glossary: Glossary) -> str:
    """What rows measure, by their numbers."""
    numbers = give_numbers(form)
    scopes = ", ".join(name_scope(glossary, scope) for scope in measure.scopes)
    line = f"• “{escape(name_subject(glossary, measure.indicator))}”"
    line += f" ({escape(scopes)})" if scopes else ""
    line += f": mục {' + '.join(numbers[key] for key in measure.keys)}, {write_way(measure, numbers)}"
    return f"{line}, tăng giảm theo mục {numbers[measure.moves]}" if measure.moves is not None else line


def _rows(form: Form) -> Iterator[str]:
    numbers, part = give_numbers(form), None
    for row in form.indicators:
        if row.part is not None and row.part != part:
            part = row.part
            title = next(each for each in form.parts if each.id == part)
            yield f"<b>{escape(f'{title.number}. ' if title.number else '')}{escape(title.title)}</b>"
        line = f"{'   ' if row.parent is not None else ''}{numbers[row.key]}. {escape(row.name)}"
        if row.unit is not None:
            line += f" ({escape(row.unit)})"
        yield line + _about(form, row)


def _about(form: Form, row: Indicator) -> str:
    """What is said behind a row's name."""
    if row.derived:
        numbers, text = give_numbers(form), ""
        for term in row.derived:
            key, sign = split_term(term)
            joint = " − " if sign < 0 else " + " if text else ""
            text += f"{joint}{numbers[key]}"
        return f" = {text.strip()}, tự tính"
    said = [f"hỏi {escape(units(row.asked_of))}"] if row.asked_of else []
    if row.counts is not None:
        return ", ".join(["", *said, f"không hỏi, khi tổng hợp đếm đơn vị {_counted(row, give_numbers(form))}"])
    said += ["trả lời có hay chưa"] if row.yes_no else []
    if row.carry_over is not None and row.carry_over != row.key:
        said.append(f"hiện số kỳ trước của mục {give_numbers(form)[row.carry_over]}")
    said += ["không bắt buộc"] if row.optional else []
    return "".join(f", {each}" for each in said)


def _counted(row: Indicator, numbers: Mapping[str, str]) -> str:
    number = numbers[row.counts or ""]
    return f"có mục {number} từ {row.least:f}" if row.least else f"có báo mục {number}"


def _rule(form: Form, rule: FormRule) -> str:
    """A rule by the numbers of rows, and what is said where it is broken, with those in place of figures."""
    numbers = give_numbers(form)
    shown = dict.fromkeys(rule.placeholders, "…") | {
        name: f"mục {numbers[name]}" for name in rule.placeholders if name in numbers
    }
    weight = "chỉ nhắc" if rule.severity is Severity.NOTICE else "phải giải trình"
    return f"• {escape(show_rule(form, rule))} ({weight}): {escape(rule.sentence.format(**shown))}"


def units(kinds: frozenset[UnitKind]) -> str:
    """Kinds of unit in words."""
    if kinds == GRASSROOTS_KINDS:
        return "tất cả công đoàn cơ sở"
    if kinds == frozenset(UnitKind):
        return "tất cả các cấp công đoàn"
    return ", ".join(name for kind, name in UNIT_KIND_SHORT.items() if kind in kinds)


# What became of it ---------------------------------------------------------------------------------------------------


def approved(form: Form, held: HeldForm, since: Period | None) -> Reply:
    """It is in force."""
    listed = ((taps.ShowForm(form.id).button("Xem biểu"), ListForms().button("Biểu mẫu")),)
    name = f"<b>Đã duyệt: {escape(form.short)}</b>"
    first = next((each for each in held.periods if each.period == since), None)
    if first is None:
        return Reply(f"{name}\nAnh/chị mở đợt báo cáo ở /baocao, chọn biểu này.", listed)
    return Reply(
        f"{name}\nÁp dụng từ {period_name(first.period)}: {format_count(first.owing)} đơn vị phải nộp, "
        f"mở {day(first.opens_on)}, hạn {day(first.due_on)}. Trợ lý sẽ nhắc và tổng hợp như các biểu khác.",
        listed,
    )


def dropped(short: str) -> Reply:
    """What was held is gone."""
    return Reply(f"Đã hủy biểu “{escape(short)}” đang chờ. Biểu đang áp dụng, nếu có, vẫn như cũ.")


def form_list(book: FormBook, held: Sequence[StoredForm], *, edits: int | None = None) -> Reply:
    """Every form, those that wait to be approved first; each a button."""
    lines, buttons = ["<b>Biểu mẫu</b>"], list[tuple[Button, ...]]()
    for each in held:
        lines.append(f"• {escape(each.form_id)}: <i>chờ duyệt</i>")
        show = taps.ShowHeld(each.version, (each.file or "")[:MARK])
        buttons.append((show.button(shorten(f"Chờ duyệt: {each.form_id}", _LABEL)),))
    for form in book.latest:
        state = f"nộp {_PERIODS[form.period]}"
        if form.withdrawn_on is not None:
            state = f"đã rút từ {day(form.withdrawn_on)}"
        elif form.id in book.outdated:
            state = "đã có bản mới"
        elif form.since is not None:
            state += f", từ {period_name(Period.parse(form.since))}"
        lines.append(f"• {escape(form.short)}: {state}")
        buttons.append((taps.ShowForm(form.id).button(shorten(form.short, _LABEL)),))
    lines += ["", "Muốn thêm biểu, anh/chị tải tệp Excel của một biểu có sẵn, sửa thành biểu mới rồi gửi vào đây."]
    return Reply("\n".join(lines), tuple(buttons), edits=edits)


def known(found: KnownForm) -> Reply:
    """One form, with what may be done with it."""
    form = found.form
    lines = [f"<b>{escape(form.title)}</b>"]
    if form.withdrawn_on is not None:
        lines.append(f"<i>Đã rút từ {day(form.withdrawn_on)}: không giao, không nhắc nữa; báo cáo cũ vẫn đọc được.</i>")
    lines += describe(form, found.glossary, (found.period,) if found.period is not None else ())
    buttons = [(taps.FetchForm(form.id).button("Tải tệp Excel"),)]
    if found.may_withdraw:
        buttons.append((taps.WithdrawForm(form.id).button("Rút biểu này"),))
    if found.may_restore:
        buttons.append((taps.RestoreForm(form.id).button("Dùng lại biểu này"),))
    return Reply("\n".join(lines), (*buttons, (ListForms().button("Biểu mẫu"),)))


def workbook(form: Form, file: tuple[str, bytes]) -> Reply:
    """The workbook that describes a form."""
    name, content = file
    return Reply(
        f"Tệp mô tả biểu {escape(form.short)}. Anh/chị sửa rồi gửi lại: giữ nguyên mã thì thành bản mới của biểu này, "
        "đổi mã và tên thì thành biểu khác. Trang Hướng dẫn nói cách ghi.",
        document=Attachment(content, name),
    )


def withdrawn(form: Form) -> Reply:
    """It asks for nothing any more."""
    return Reply(
        f"Đã rút biểu <b>{escape(form.short)}</b>: không giao, không nhắc nữa. Báo cáo đã gửi vẫn đọc được.",
        ((taps.RestoreForm(form.id).button("Dùng lại biểu này"),), (ListForms().button("Biểu mẫu"),)),
    )


def restored(form: Form) -> Reply:
    """It is asked for again."""
    return Reply(
        f"Biểu <b>{escape(form.short)}</b> lại được áp dụng như trước.",
        ((taps.ShowForm(form.id).button("Xem biểu"), ListForms().button("Biểu mẫu")),),
    )
