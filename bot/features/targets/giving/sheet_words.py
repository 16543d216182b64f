"""The words in and around the workbook of shares."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.features.targets.giving.amount_words import amount
from bot.features.targets.giving.drafts import ShownShares
from bot.features.targets.giving.sheet import SheetColumn
from bot.road.reply import Attachment, Reply

_HEADS: Final = {
    SheetColumn.CODE: "Mã",
    SheetColumn.NAME: "Đơn vị",
    SheetColumn.LAST_YEAR: "Năm trước",
    SheetColumn.MEMBERS: "Đoàn viên",
    SheetColumn.SHARE: "Chỉ tiêu giao",
}


def sheet_title() -> str:
    """The name of the sheet."""
    return "Giao chỉ tiêu"


def title(shown: ShownShares) -> str:
    """The heading of the table."""
    return f"Giao chỉ tiêu {shown.name} năm {shown.state.year} – {shown.unit.name}"


def notes(shown: ShownShares) -> tuple[str, ...]:
    """What stands below the heading."""
    own = f"Số của đơn vị: {amount(shown.own, shown.measured_in)}. " if shown.own is not None else ""
    return (
        f"{own}Cột “{_HEADS[SheetColumn.SHARE]}” điền sẵn số đang giao hoặc số đề xuất, tính bằng {shown.measured_in}.",
        "Sửa cột đó rồi gửi tệp lại cho trợ lý; ô để trống thì giữ nguyên. Không sửa cột ẩn và hàng chữ nhỏ màu xám.",
    )


def heads(measured_in: str) -> dict[SheetColumn, str]:
    """The headings of the columns."""
    return {**_HEADS, SheetColumn.SHARE: f"{_HEADS[SheetColumn.SHARE]} ({measured_in})"}


def working() -> str:
    """The toast while it is made."""
    return "Tôi đang lập tệp, xong sẽ gửi ngay."


def failed() -> Reply:
    """Where it could not be made."""
    return Reply("Tôi chưa lập được tệp Excel. Anh/chị thử lại sau ít phút giúp.")


def table_file(shown: ShownShares, content: bytes) -> Reply:
    """The workbook to fill in."""
    return Reply(
        f"Tệp giao chỉ tiêu <b>{escape(shown.name)}</b> năm {shown.state.year}. Anh/chị sửa cột “Chỉ tiêu giao” rồi "
        "gửi lại tệp vào đây; tôi cho xem lại trước khi giao.",
        document=Attachment(content, f"giao-chi-tieu-{shown.state.year}-{shown.unit.code}.xlsx"),
    )


def not_yours() -> Reply:
    """To a workbook from whoever hands nothing down, or of a unit that is another's."""
    return Reply("Tệp này (ô A1) giao chỉ tiêu của một đơn vị mà anh/chị không phụ trách, nên tôi chưa ghi gì.")


def mark_changed() -> Reply:
    """To a workbook whose hidden keys were changed."""
    return Reply(
        "Ô A1 (cột ẩn) cho biết tệp này giao chỉ tiêu gì, nhưng đã bị sửa. Tôi chưa ghi gì; "
        "anh/chị lấy tệp mới ở /giaochitieu, <b>Bằng Excel</b>."
    )


def columns_missing() -> Reply:
    """To a workbook whose row of keys is gone."""
    return Reply(
        "Hàng chữ nhỏ màu xám (code, share) không còn trong tệp nên tôi không biết cột nào là gì. Tôi chưa ghi gì; "
        "anh/chị lấy tệp mới ở /giaochitieu, <b>Bằng Excel</b>."
    )


def hidden() -> Reply:
    """To a workbook whose sheet is hidden."""
    return Reply("Trang giao chỉ tiêu trong tệp đang bị ẩn nên tôi không đọc. Anh/chị bỏ ẩn rồi gửi lại giúp.")


def source_gone() -> Reply:
    """To a workbook of something that is handed down no more."""
    return Reply("Chỉ tiêu trong tệp này không còn để giao. Tôi chưa ghi gì; anh/chị gõ /giaochitieu để xem lại.")


def nothing_in_it() -> Reply:
    """To a workbook without a number."""
    return Reply("Tệp không có số nào ở cột “Chỉ tiêu giao”, nên tôi chưa ghi gì.")
