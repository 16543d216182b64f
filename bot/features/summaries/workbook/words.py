"""Words of the workbook: what stands in it, and what is said of one that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.summaries.service import SummaryTable, YearSeries
from bot.features.summaries.taps import OpenFilled
from bot.features.summaries.words.pieces import KINDS
from bot.features.summaries.workbook.book import Book, BookWords, Column, UnitLine
from bot.features.summaries.workbook.importing import MOST_WRONG, TakenFile
from bot.features.summaries.workbook.reading import CellProblem, FileTrouble, WorkbookReading, WrongCell
from bot.road.reply import Reply
from bot.services.drafts import OpenDraft
from bot.taps import ReadAnnex
from bot.words.dates import moment
from bot.words.reports import percent, period_name, short
from bot.words.units import dissolved_mark, listed
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.numbers import format_count
from knowledge.spreadsheets.refusals import TableRefusedError, WhyNoTable
from knowledge.text import raised
from storage.submissions import State, Submission
from storage.summaries import Reported
from storage.units import Unit

_FILE_BUTTONS: Final = 40


def table_book(table: SummaryTable, *, today: date, zone: ZoneInfo) -> Book:
    """The workbook of one form and period, a column a unit."""
    asked = table.asked
    columns = tuple(
        Column(
            each.unit.name,
            each.unit.code,
            each.totals.figures if each.totals else None,
            each.fillable,
            _lacking(asked.form, each.unit) if each.fillable else frozenset(),
        )
        for each in table.columns
    )
    lines = tuple(UnitLine(_described(row, report, zone, today), _figures(report)) for row, report in table.lines)
    count = table.completeness
    words = _words(
        asked.form,
        table.unit,
        table.above,
        today=today,
        subtitles=(
            raised(period_name(asked.period)),
            f"Số đơn vị đã nộp: {format_count(count.received)}/{format_count(count.expected)} "
            f"({percent(count.completeness)}), đúng hạn: {format_count(count.on_time)}"
            + (f", nhập từ trước: {format_count(count.brought_in)}" if count.brought_in else ""),
        ),
        columns="Đơn vị",
    )
    return Book(asked.form, words, asked.period.code, False, columns, lines)


def _lacking(form: Form, unit: Unit) -> frozenset[str]:
    return frozenset(row.key for row in form.indicators if not row.is_asked_of(unit.kind))


def year_book(series: YearSeries, *, today: date) -> Book:
    """The workbook of one unit over a year, a column a period."""
    columns = tuple(
        Column(
            raised(period_name(period)),
            period.code,
            found.figures if found else None,
            series.unit.kind.is_grassroots,
        )
        for period, found in series.totals
    )
    first, last = series.totals[0][0], series.totals[-1][0]
    subtitles = (f"Từ {period_name(first)} đến {period_name(last)}",)
    form = series.asked.form
    words = _words(form, series.unit, series.above, today=today, subtitles=subtitles, columns="Kỳ báo cáo")
    return Book(form, words, series.unit.code, True, columns)


def draft_book(opened: OpenDraft, *, today: date) -> Book:
    """The workbook of one report being filled in: what stands in it already, the last figures beside.

    The column of the last figures carries no code, so it is never read back.
    """
    form, unit = opened.form, opened.unit
    own = Column(raised(period_name(opened.period)), opened.period.code, opened.sheet.figures)
    before = (Column("Kỳ trước (để đối chiếu)", "", opened.previous, fillable=False),) if opened.previous else ()
    words = _words(form, unit, None, today=today, subtitles=(raised(period_name(opened.period)),), columns="Kỳ báo cáo")
    return Book(form, words, unit.code, True, (*before, own))


def _words(
    form: Form, unit: Unit, above: Unit | None, *, today: date, subtitles: tuple[str, ...], columns: str
) -> BookWords:
    return BookWords(
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
        not_a_number="Ô này chỉ nhận số không âm; mục đếm người, đếm đơn vị là số nguyên.",
        not_a_number_title="Chưa đúng số",
        list_sheet="Theo đơn vị",
        list_title="Số liệu từng đơn vị",
        list_heads=("Mã", "Tên đơn vị", "Loại hình", "Tình trạng", "Gửi lúc"),
        notes=(form.note,) if form.note else (),
    )


def _described(row: Reported, report: Submission | None, zone: ZoneInfo, today: date) -> tuple[str, ...]:
    if row.state is State.SENT:
        state = "Nhập từ trước" if row.brought_in else "Đúng hạn" if row.on_time else "Nộp muộn"
    else:
        state = "Gửi trả, chờ sửa" if row.state is State.RETURNED else "Chưa nộp"
        if row.dissolved_on is not None and row.dissolved_on <= today:
            state += f" {dissolved_mark(row.dissolved_on)}"
    sent = moment(row.sent_at, zone) if row.sent_at is not None and report is not None else ""
    return row.code, row.name, KINDS[row.kind], state, sent


def _figures(report: Submission | None) -> dict[str, Decimal] | None:
    return report.figures if report is not None else None


# A workbook that came back -------------------------------------------------------------------------------------------


def table_refused(refused: TableRefusedError) -> Reply:
    """Why a file cannot be read as a table."""
    match refused.why:
        case WhyNoTable.TOO_LARGE:
            text = f"Tệp lớn quá (tối đa {refused.said[0]} MB). Anh/chị gửi đúng tệp Excel tải từ /tonghop giúp."
        case WhyNoTable.TOO_COMPLEX:
            text = "Tệp giải nén ra quá lớn hoặc quá phức tạp, tôi không đọc. Anh/chị lưu lại bằng Excel rồi gửi giúp."
        case WhyNoTable.TOO_MANY_ROWS | WhyNoTable.TOO_MANY_SHEETS | WhyNoTable.TOO_MANY_CELLS:
            text = (
                "Tệp có quá nhiều dòng, quá nhiều ô hoặc quá nhiều trang nên tôi không đọc. Anh/chị chia nhỏ tệp giúp."
            )
        case WhyNoTable.PROTECTED:
            text = "Tệp có mật khẩu. Anh/chị bỏ mật khẩu, lưu lại dạng Excel (.xlsx) rồi gửi giúp."
        case WhyNoTable.LETTERS | WhyNoTable.BAD_LINE:
            text = "Tôi không đọc được chữ trong tệp. Anh/chị mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi giúp."
        case _:
            text = (
                "Tôi không mở được tệp này: có thể tệp hỏng hoặc không phải bảng tính. "
                "Anh/chị mở bằng Excel, chọn Lưu thành (Save As), kiểu Excel (.xlsx), rồi gửi lại giúp."
            )
    return Reply(text)


def file_trouble(trouble: FileTrouble, *, table: str | None) -> Reply:
    """Why a table is not taken as figures; `table` is its mark, for whoever may read it as the annex of a plan."""
    match trouble:
        case FileTrouble.HIDDEN:
            return Reply(
                "Biểu số liệu ở trang đang ẩn nên tôi không đọc. Anh/chị cho hiện trang đó (Unhide) rồi gửi lại giúp."
            )
        case FileTrouble.SEVERAL:
            return Reply("Tệp có nhiều biểu khác nhau. Anh/chị gửi mỗi biểu một tệp giúp. Chưa có gì được ghi nhận.")
        case FileTrouble.NOT_OURS:
            text = (
                "Tệp không có mã biểu của tôi. Anh/chị tải tệp Excel ở /tonghop, điền vào đúng tệp đó "
                "(giữ nguyên cột ẩn và dòng mã đơn vị) rồi gửi lại."
            )
            if table is None:
                return Reply(text)
            text += "\nNếu là danh sách đơn vị: cần dòng tiêu đề có cột Mã và Tên."
            text += "\nNếu là phụ lục của kế hoạch: bấm nút bên dưới."
            return Reply(text, ((ReadAnnex(table).button("Đọc làm phụ lục kế hoạch"),),))


def twice(read: WorkbookReading) -> Reply:
    """Cells of which only one can be meant, each named."""
    lines = ["Tệp có những ô trùng nhau, tôi không biết lấy ô nào:"]
    lines += [
        f"• Mã {escape(each.code[:60])}: ô {escape(each.first)} và ô {escape(each.second)}"
        for each in read.twice[:MOST_WRONG]
    ]
    if len(read.twice) > MOST_WRONG:
        lines.append("…")
    lines.append("\nAnh/chị bỏ cột hoặc dòng thừa rồi gửi lại tệp. Chưa có gì được ghi nhận.")
    return Reply("\n".join(lines))


def download_failed() -> Reply:
    """Telegram did not hand the file over."""
    return Reply("Tôi chưa tải được tệp từ Telegram. Anh/chị gửi lại giúp.")


def file_outcome(taken: TakenFile, read: WorkbookReading) -> Reply:
    """What a file came to: reports to look at and send, or what has to be put right first."""
    if taken.titled is not None:
        own, titled = (escape(period_name(each)) for each in (Period.parse(read.fixed), taken.titled))
        return Reply(
            f"Tiêu đề trong tệp ghi {titled}, nhưng tệp được làm cho {own} (mã ẩn ở ô A1), nên tôi chưa ghi nhận gì. "
            "Anh/chị lấy tệp của đúng kỳ rồi điền lại: nhắn “xin biểu mẫu”."
        )
    extra = []
    if read.uncoded:
        cells = escape(_names(read.uncoded))
        extra.append(f"Cột không có mã nên tôi không lấy số ở đó, từ ô: {cells}.")
    if read.hidden:
        extra.append(f"Trang đang ẩn tôi không đọc: {escape(_names(read.hidden))}.")
    if taken.strange:
        codes = escape(_names(taken.strange))
        extra.append(
            f"{format_count(len(taken.strange))} cột không thuộc đơn vị anh/chị được nộp nên tôi bỏ qua: {codes}."
        )
    if taken.locked:
        extra.append(f"Báo cáo đã khóa, cần cấp trên mở lại: {escape(_names(taken.locked))}.")
    if taken.not_owed:
        names = escape(_names(taken.not_owed))
        extra.append(f"Không nộp biểu này cho kỳ này, kỳ chưa mở hoặc biểu đã rút: {names}.")
    if taken.gone:
        cells = escape(_names(taken.gone))
        extra.append(f"Biểu đã có bản mới, số ở các mục không còn trong biểu tôi không lấy: ô {cells}.")
    if taken.kept:
        extra.append(f"Ô để trống không xóa số đã có: {format_count(taken.kept)} số nhập từ trước vẫn giữ nguyên.")
    if taken.unchanged and taken.drafts:
        extra.append(f"{format_count(taken.unchanged)} báo cáo giữ nguyên như đã nộp.")
    more = "\n".join(extra)
    if taken.wrong:
        return Reply(
            f"{wrong_cells(taken.form, taken.wrong)}\n\nAnh/chị sửa các ô đó rồi gửi lại tệp. Chưa có gì được ghi nhận."
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
    return listed(names, most)


def _drafts(taken: TakenFile, more: str) -> Reply:
    count, form = len(taken.drafts), taken.form
    periods = {period for _, period, _ in taken.drafts}
    of_what = form.short if len(periods) > 1 else f"{form.short}, {period_name(taken.drafts[0][1])}"
    text = (
        f"Tệp có <b>{format_count(count)} báo cáo</b> mới hoặc thay đổi ({escape(of_what)}), tôi đã điền sẵn. "
        "Anh/chị bấm vào từng báo cáo để xem lại rồi bấm <b>Gửi</b>; chưa gửi thì chưa được ghi nhận."
    )
    several = len({unit.id for unit, _, _ in taken.drafts}) > 1
    rows = []
    for unit, period, draft_id in taken.drafts[:_FILE_BUTTONS]:
        name = unit.name if several else f"{unit.name}, {period_name(period)}"
        rows.append((OpenFilled(draft_id).button(short(name, 50)),))
    if count > _FILE_BUTTONS:
        more = (
            f"{more}\nCòn {format_count(count - _FILE_BUTTONS)} báo cáo nữa: mở bằng /baocao, số đã điền sẵn.".strip()
        )
    if taken.left:
        left = f"Còn {format_count(taken.left)} báo cáo chưa lấy: gửi xong các báo cáo này rồi gửi lại tệp."
        more = f"{more}\n{left}".strip()
    return Reply(f"{text}\n{more}" if more else text, tuple(rows))


def wrong_cells(form: Form, wrong: Sequence[tuple[str, WrongCell]]) -> str:
    """The cells of a file that give no figure, each with the name of its unit."""
    count = len(wrong)
    lines = [f"Có {format_count(count)} ô tôi không dùng được:"]
    for name, each in wrong[:MOST_WRONG]:
        where = f"{escape(each.place)} ({escape(name)}, {escape(_row_name(form, each.key))})"
        lines.append(f"• Ô {where}: {escape(_problem(each))}")
    if count > MOST_WRONG:
        lines.append("…")
    return "\n".join(lines)


def _row_name(form: Form, key: str) -> str:
    row = form.find_indicator(key)
    return row.short if row is not None else key


def _problem(each: WrongCell) -> str:
    said = f"“{each.said[:30]}”"
    match each.problem:
        case CellProblem.NOT_A_NUMBER:
            return f"{said} không phải là số"
        case CellProblem.AS_TEXT:
            return f"{said} đang là chữ, chưa phải số; hãy gõ lại thành số thường"
        case CellProblem.UNCLEAR:
            return f"{said} đọc được nhiều cách, hãy gõ lại thành số"
        case CellProblem.NOT_WHOLE:
            return f"{said} phải là số nguyên"
        case CellProblem.NEGATIVE:
            return f"{said} không được âm"
        case CellProblem.TOO_LARGE:
            return f"{said} lớn quá"


def file_of_stranger() -> Reply:
    """A file from somebody who holds no role: it was not even fetched."""
    return Reply(
        "Tôi không mở tệp này, vì anh/chị chưa nhận vai trò ở đơn vị nào. Anh/chị xin công đoàn cấp trên "
        "đường dẫn mời, mở đường dẫn đó rồi gửi lại tệp giúp."
    )


def file_not_yours() -> Reply:
    """A workbook from somebody who may report for no unit."""
    return Reply("Tệp này không có đơn vị nào anh/chị được nộp báo cáo. Chưa có gì được ghi nhận.")


def file_bad_report() -> Reply:
    """The form or period of the file does not exist, or is not open."""
    return Reply("Biểu hoặc kỳ báo cáo ghi trong tệp không có hoặc chưa mở. Chưa có gì được ghi nhận.")
