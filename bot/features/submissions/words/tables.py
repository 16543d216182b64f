"""Tables of somebody's own layout: what was filled in from one, and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from bot.features.submissions.service import Unit
from bot.features.submissions.tabled import FilledTable, Matched
from bot.features.submissions.taps import ChooseColumn, ChooseSheet, ChooseTableUnit
from bot.road.reply import Reply
from bot.taps import OpenReport
from bot.words.reports import period_name, short, short_unit
from bot.words.units import listed
from knowledge.model.forms import Form
from knowledge.numbers import format_count
from knowledge.reports import ReportText
from knowledge.reports.tabled import TabledReport, TabledReports

_MOST_BUTTONS: Final = 40
_MOST_COLUMNS: Final = 8
_MOST_NAMED: Final = 10


def outcome(filled: FilledTable, matched: Matched) -> Reply:
    """What a table of several reports came to."""
    aside = _aside(matched)
    if filled.not_opened:
        names = escape(listed(filled.not_opened, _MOST_NAMED))
        aside.append(f"Báo cáo đã khóa, hoặc đơn vị không phải nộp biểu này cho kỳ này: {names}.")
    if filled.unchanged:
        aside.append(f"{format_count(filled.unchanged)} báo cáo giữ nguyên như đã nộp.")
    if not filled.filled:
        lead = (
            "Tệp không có số nào khác với báo cáo đã nộp." if filled.unchanged else "Tôi chưa ghi nhận gì từ tệp này."
        )
        return Reply("\n".join([lead, *aside]))
    periods = {period for _, period in filled.filled}
    several = len({unit.id for unit, _ in filled.filled}) > 1
    of_what = escape(filled.form.short)
    if len(periods) == 1:
        of_what += f", {escape(period_name(filled.filled[0][1]))}"
    text = (
        f"Tôi đọc được <b>{format_count(len(filled.filled))} báo cáo</b> trong tệp ({of_what}) và đã điền sẵn. "
        "Anh/chị bấm vào từng báo cáo để xem lại rồi bấm <b>Gửi</b>; chưa gửi thì chưa được ghi nhận."
    )
    rows = []
    for unit, period in filled.filled[:_MOST_BUTTONS]:
        name = unit.name if several and len(periods) == 1 else f"{unit.name}, {period_name(period)}"
        rows.append((OpenReport(unit.id, filled.form.id, period).button(short(name, 50)),))
    if len(filled.filled) > _MOST_BUTTONS:
        count = format_count(len(filled.filled) - _MOST_BUTTONS)
        aside.append(f"Còn {count} báo cáo nữa đã điền sẵn: anh/chị gõ /baocao để mở.")
    if filled.left:
        aside.append(
            f"Còn {format_count(filled.left)} báo cáo tôi chưa lấy: anh/chị gửi xong các báo cáo này rồi gửi lại tệp."
        )
    return Reply("\n".join([text, *aside]), tuple(rows))


def _aside(matched: Matched) -> list[str]:
    lines = []
    if matched.strange:
        names = escape(listed([_named(each) for each in matched.strange], _MOST_NAMED))
        lines.append(f"Tôi chưa rõ đây là đơn vị nào trong các đơn vị anh/chị được nộp, nên bỏ qua: {names}.")
    if matched.blank:
        names = escape(listed([f"ô {place} “{short(name, 60)}”" for place, name in matched.blank], _MOST_NAMED))
        lines.append(f"Chưa có số nào nên tôi bỏ qua: {names}.")
    for first, second in matched.twice[:_MOST_NAMED]:
        lines.append(
            f"{escape(_named(first))} và {escape(_named(second))} trùng đơn vị, trùng kỳ: tôi chưa lấy báo cáo nào."
        )
    return lines


def _named(report: TabledReport) -> str:
    """A report by its cell and what stands there: "ô B5 “CĐCS May”"."""
    said = report.code or report.name
    return f"ô {report.place} “{short(said, 60)}”" if said else f"ô {report.place}"


def left_aside(matched: Matched) -> Reply:
    """What of a table is left aside before its only report is shown."""
    return Reply("\n".join(_aside(matched)))


def no_figures(found: TabledReports) -> Reply:
    """To a table that names units and tells nothing of them."""
    names = escape(listed([f"ô {place} “{short(name, 60)}”" for place, name in found.blank], _MOST_NAMED))
    return Reply(
        f"Bảng ở trang “{escape(short(found.sheet, 40))}” chưa có số nào: {names}, nên tôi chưa ghi nhận gì. "
        "Anh/chị điền số vào bảng rồi gửi lại; không có biến động thì cứ nhắn “không có biến động”."
    )


def which_sheet(found: Sequence[TabledReports], mark: str) -> Reply:
    """Where several sheets of a file hold figures; they may contradict each other, so none is chosen for the sender."""
    rows = tuple(
        (ChooseSheet(mark, number).button(short(f"Trang {each.sheet}: {len(each.reports)} báo cáo", 50)),)
        for number, each in enumerate(found[:_MOST_COLUMNS])
    )
    named = escape(listed([f"“{short(each.sheet, 40)}”" for each in found], _MOST_NAMED))
    return Reply(
        f"Tệp có số liệu ở {len(found)} trang: {named}. <b>Lấy số ở trang nào?</b> Chưa có gì được ghi nhận. "
        "Nếu mỗi trang là của một kỳ hay một đơn vị, anh/chị chọn lần lượt từng trang.",
        rows,
    )


def which_column(found: TabledReports, mark: str, sheet: int = 0) -> Reply:
    """Where figures stand in several columns of which only one is the report."""
    rows = [
        (
            ChooseColumn(mark, number, sheet).button(
                short(f"Cột {_letters(each.place)}: {each.name or '(không tên)'}", 50)
            ),
        )
        for number, each in enumerate(found.reports[:_MOST_COLUMNS])
    ]
    return Reply("Tệp có số ở nhiều cột. Số của báo cáo nằm ở cột nào?", tuple(rows))


def which_unit(units: Sequence[Unit], column: int, mark: str) -> Reply:
    """Where several units owe the report that a table tells."""
    rows = [(ChooseTableUnit(mark, column, unit.id).button(short_unit(unit.name)),) for unit in units[:_MOST_COLUMNS]]
    return Reply("Số liệu trong tệp là của đơn vị nào?", tuple(rows))


def read_larger(form: Form, reading: ReportText) -> Reply:
    """What was read of a larger form's table, before it is looked over: how much, what is asked, what is not used."""
    count = f"{format_count(len(reading.values))}/{format_count(len(form.asked))} mục"
    lines = [f"Tôi đọc được <b>{count}</b> của {escape(form.short)} trong tệp và đã điền sẵn."]
    if reading.ambiguous:
        lines.append(f"Có {format_count(len(reading.ambiguous))} chỗ tôi hỏi lại ngay dưới đây.")
    if reading.unmatched:
        named = "; ".join(f"“{escape(short(piece, 60))}”" for piece in reading.unmatched[:_MOST_NAMED])
        left_out = len(reading.unmatched) - _MOST_NAMED
        more = f" và {format_count(left_out)} số nữa" if left_out > 0 else ""
        lines.append(f"Chưa rõ là mục nào nên tôi không dùng: {named}{more}.")
    return Reply("\n".join(lines))


def _letters(place: str) -> str:
    return place.rstrip("0123456789")


def send_again() -> str:
    """The toast where the file is not to be had any more."""
    return "Tôi không lấy lại được tệp đó. Anh/chị gửi lại tệp giúp."


def not_understood() -> Reply:
    """A table that was said to hold figures and names too few rows of a form."""
    return Reply(
        "Tôi chưa nhận ra số liệu trong tệp này: cần có tên các mục của biểu, ví dụ CNVCLĐ, Đoàn viên, Kết nạp mới, "
        "Giảm. Anh/chị cũng có thể vào /tonghop, bấm Excel, điền vào tệp đó rồi gửi lại. Chưa có gì được ghi nhận."
    )
