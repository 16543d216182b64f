"""Files and pictures on their way out, with what stands under them."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.features.summaries.reports import AskedReport
from bot.features.summaries.service import SummaryTable
from bot.features.summaries.words.pieces import completeness_lines
from bot.road.reply import Attachment, Reply
from bot.words.reports import period_name, report_name
from knowledge.numbers import format_count
from storage.units import Unit

PICTURE_NAME: Final = "bieu-do.png"


def workbook(table: SummaryTable, content: bytes) -> Reply:
    """The Excel workbook of a period."""
    asked = table.asked
    text = (
        f"<b>{escape(report_name(asked.form, asked.period))}</b>\n{escape(table.unit.name)}\n"
        f"{completeness_lines(table.completeness)}"
    )
    if table.left_out:
        text += f"\n{format_count(table.left_out)} đơn vị không đủ chỗ làm cột; tổng hợp từng cấp để xem đủ."
    text += "\nSửa số trong tệp rồi gửi lại vào đây, tôi sẽ kiểm tra và cho xem trước khi nộp."
    return Reply(text, document=Attachment(content, _file_name(table.unit, asked, ".xlsx")))


def year_workbook(unit: Unit, asked: AskedReport, content: bytes) -> Reply:
    """The Excel workbook of twelve months."""
    text = f"<b>{escape(asked.form.short)}, 12 tháng đến {escape(period_name(asked.period))}</b>\n{escape(unit.name)}"
    return Reply(text, document=Attachment(content, _file_name(unit, asked, "_12-thang.xlsx")))


def csv_table(unit: Unit, asked: AskedReport, content: bytes) -> Reply:
    """The table as CSV."""
    return Reply(_caption(unit, asked), document=Attachment(content, _file_name(unit, asked, ".csv")))


def picture(unit: Unit, asked: AskedReport, content: bytes) -> Reply:
    """A picture."""
    return Reply(_caption(unit, asked), photo=Attachment(content, PICTURE_NAME))


def nothing_to_draw() -> Reply:
    """Where there is no figure yet."""
    return Reply("Chưa có số liệu nào để vẽ biểu đồ cho kỳ này.")


def _caption(unit: Unit, asked: AskedReport) -> str:
    return f"{escape(unit.name)} – {escape(report_name(asked.form, asked.period))}"


def _file_name(unit: Unit, asked: AskedReport, ending: str) -> str:
    """Plain letters, so that every phone and mail programme keeps it."""
    return f"{asked.form.id}_{_plain(unit.code) or unit.id}_{_plain(asked.period.code)}"[: 120 - len(ending)] + ending


def _plain(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text).strip("-")
