"""What is made aside, in words: that it is under way, and the files, pictures and digests that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from bot.features.summaries.missing import NamedAbsent, Pursued
from bot.features.summaries.reports import AskedReport, Thing
from bot.features.summaries.service import PrintedSum, Summary, SummaryTable
from bot.features.summaries.taps import ShowMissing, ShowSummary
from bot.features.summaries.words.missing import INVITED_SHOWN, pursued
from bot.features.summaries.words.pieces import completeness_lines, figures
from bot.road.reply import Attachment, Button, MessageKind, Reply
from bot.services.drafts import OpenDraft
from bot.taps import invite_button
from bot.words import printed
from bot.words.dates import day
from bot.words.letters import Letter
from bot.words.progress import share_line
from bot.words.reports import period_name, report_name
from bot.words.targets import targets_text
from knowledge.numbers import format_count
from knowledge.share_progress import ShareProgress
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


def workbook_to_fill(opened: OpenDraft, content: bytes) -> Reply:
    """The workbook of a report being filled in."""
    text = (
        f"<b>{escape(report_name(opened.form, opened.period))}</b>\n{escape(opened.unit.name)}\n"
        "Anh/chị điền vào cột của kỳ này rồi gửi lại tệp vào đây; tôi kiểm tra và cho xem trước khi <b>Gửi</b>. "
        "Mục nào đơn vị không có thì để trống."
    )
    asked = AskedReport(opened.form, opened.period, opened.due_on, opened.campaign)
    return Reply(text, document=Attachment(content, _file_name(opened.unit, asked, ".xlsx")))


def year_workbook(unit: Unit, asked: AskedReport, content: bytes) -> Reply:
    """The Excel workbook of twelve months."""
    text = f"<b>{escape(asked.form.short)}, 12 tháng đến {escape(period_name(asked.period))}</b>\n{escape(unit.name)}"
    return Reply(text, document=Attachment(content, _file_name(unit, asked, "_12-thang.xlsx")))


def csv_table(unit: Unit, asked: AskedReport, content: bytes) -> Reply:
    """The table as CSV."""
    return Reply(_caption(unit, asked), document=Attachment(content, _file_name(unit, asked, ".csv")))


def printed_sum(found: PrintedSum, content: bytes) -> Reply:
    """The sum as a document to be printed."""
    text = f"{_caption(found.unit, found.asked)}\n{completeness_lines(found.completeness)}\n{printed.caption_of_sum()}"
    name = printed.file_name(found.asked.form, found.unit.code, found.asked.period)
    return Reply(text, document=Attachment(content, name))


def letter(found: PrintedSum, now: datetime) -> Letter:
    """What stands in it; `now` is local."""
    above = found.above.name if found.above is not None else None
    count = found.completeness
    return printed.sum_report(
        printed.Issuer(found.unit.name, found.unit.kind, above),
        found.asked.form,
        found.asked.period,
        found.figures,
        printed.Gathered(count.expected, count.received, found.missing),
        now=now,
    )


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


_THINGS: Final = {
    Thing.SUMMARY: "phần cộng số liệu",
    Thing.DETAILS: "phần cộng số liệu",
    Thing.UNITS: "phần tổng hợp từng đơn vị",
    Thing.WORKBOOK: "tệp Excel",
    Thing.TO_FILL: "tệp Excel để điền",
    Thing.CSV: "tệp CSV",
    Thing.YEAR: "tệp Excel 12 tháng",
    Thing.PRINTED: "bản in",
    Thing.CHARTS: "biểu đồ",
    Thing.NUDGE: "việc nhắc",
}


def working(thing: Thing) -> Reply:
    """While something slow is being made."""
    return Reply(f"Tôi đang làm {_THINGS[thing]}, xong tôi gửi ngay vào đây.", silent=True)


def working_toast(thing: Thing) -> str:
    """The same as a toast."""
    return f"Đang làm {_THINGS[thing]}, xong tôi gửi vào đây."


def failed(thing: Thing) -> Reply:
    """Where a file could not be made in the end."""
    return Reply(f"Xin lỗi, tôi chưa làm được {_THINGS[thing]}. Anh/chị thử lại sau giúp.")


def not_open() -> str:
    """The toast to a period that is still to come or gone."""
    return "Kỳ này chưa mở hoặc không còn nữa."


def digest(
    found: Summary,
    absent: Sequence[NamedAbsent],
    followed: Pursued,
    drawn: bytes | None,
    *,
    share: ShareProgress | None = None,
) -> Reply:
    """What a report came to, the first of those missing by name and what was done about them; with the picture.

    `share` is how far the unit is in the first goal that it was given.
    """
    asked = found.asked
    parts = [
        f"<b>Kết quả {escape(period_name(asked.period))} – {escape(found.unit.name)}</b>\n"
        f"{escape(asked.form.short)}, hết hạn {day(asked.due_on)}",
        completeness_lines(found.completeness),
        _named(absent, found.completeness.missing),
        pursued(followed),
        figures(found),
    ]
    if share is not None:
        parts.append(f"🎯 {share_line(share)}. Xem từng đơn vị: /chitieu.")
    if found.targets is not None and found.targets.progress:
        parts.append(targets_text(found.targets, found.unit))
    return Reply(
        "\n\n".join(part for part in parts if part),
        (
            *_buttons(found),
            *((invite_button(each.unit.unit_id, each.unit.name),) for each in followed.silent[:INVITED_SHOWN]),
        ),
        photo=Attachment(drawn, PICTURE_NAME) if drawn is not None else None,
        kind=MessageKind.BROADCAST,
    )


def _named(absent: Sequence[NamedAbsent], missing: int) -> str:
    if not absent:
        return ""
    names = [f"{each.name} ({each.above})" if each.above is not None else each.name for each in absent]
    rest = f" và {format_count(missing - len(absent))} đơn vị nữa" if missing > len(absent) else ""
    return f"Chưa có báo cáo của: {escape(', '.join(names))}{rest}."


def _buttons(found: Summary) -> tuple[tuple[Button, ...], ...]:
    ref, missing = found.asked.ref, found.completeness.missing
    row = [ShowSummary(found.unit.id, ref).button("Xem tổng hợp")]
    if missing:
        row.append(ShowMissing(found.unit.id, ref).button(f"Chưa nộp ({format_count(missing)})"))
    return (tuple(row),)
