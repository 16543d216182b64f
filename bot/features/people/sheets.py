"""Codes for many as files: a workbook, and cards to be printed and cut. Takes a while: never in the event loop."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.services.drawing import DRAWING

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from openpyxl.worksheet.worksheet import Worksheet
    from segno import QRCode

COLUMNS, ROWS = 2, 4
"""Cards on a page."""
_PAGE: Final = (8.27, 11.69)  # inches: A4
_MARGIN: Final = 0.04  # of the page
_QR_SIDE: Final = 96  # pixels in the workbook
_NAME_WIDTH: Final = 46  # letters


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """What is printed for one unit: its name, what it is about, the link in the QR code, and what to do, by lines."""

    name: str
    about: str
    link: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvitationTable:
    """The workbook: what stands above the table, its heads with their widths, and a link for each row."""

    sheet: str
    title: str
    notes: tuple[str, ...]
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]


def _qr_code(link: str) -> QRCode:
    import segno  # noqa: PLC0415 - only where files are made

    return segno.make_qr(link, error="m")


def make_qr_picture(link: str) -> bytes:
    """The QR code of a link as PNG."""
    picture = io.BytesIO()
    _qr_code(link).save(picture, kind="png", scale=4, border=3)
    return picture.getvalue()


def make_table(table: InvitationTable) -> bytes:
    """The workbook, with the QR code of each row's link behind it."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.drawing.image import Image  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = table.sheet
    bold, fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
    _put(sheet, 1, 1, table.title)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for number, note in enumerate(table.notes, start=2):
        _put(sheet, number, 1, note)
    head = 3 + len(table.notes)
    for number, (label, width) in enumerate(table.heads, start=1):
        _put(sheet, head, number, label)
        sheet.cell(head, number).font, sheet.cell(head, number).fill = bold, fill
        sheet.column_dimensions[get_column_letter(number)].width = width
    for at, (row, link) in enumerate(zip(table.rows, table.links, strict=True), start=head + 1):
        for number, text in enumerate(row, start=1):
            _put(sheet, at, number, text)
            sheet.cell(at, number).alignment = Alignment(vertical="center", wrap_text=True)
        picture = Image(io.BytesIO(make_qr_picture(link)))
        picture.width = picture.height = _QR_SIDE
        sheet.add_image(picture, f"{get_column_letter(len(table.heads))}{at}")
        sheet.row_dimensions[at].height = _QR_SIDE * 0.8
    sheet.freeze_panes = f"A{head + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Words in a cell: never a formula, whatever a name begins with."""
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))


def print_cards(cards: Sequence[InvitationCard]) -> bytes:
    """The cards as PDF, `COLUMNS` × `ROWS` on each page of A4, to be cut along thin lines."""
    with DRAWING:
        from matplotlib.backends.backend_pdf import PdfPages  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        out = io.BytesIO()
        with PdfPages(out) as pages:
            for start in range(0, len(cards), COLUMNS * ROWS):
                page = Figure(figsize=_PAGE)
                for place, card in enumerate(cards[start : start + COLUMNS * ROWS]):
                    _draw_card(page, place, card)
                pages.savefig(page)
        return out.getvalue()


def _draw_card(page: Figure, place: int, card: InvitationCard) -> None:
    width, height = (1 - 2 * _MARGIN) / COLUMNS, (1 - 2 * _MARGIN) / ROWS
    left = _MARGIN + width * (place % COLUMNS)
    bottom = 1 - _MARGIN - height * (place // COLUMNS + 1)
    axes = page.add_axes((left, bottom, width, height))
    axes.set_xticks([])
    axes.set_yticks([])
    for edge in axes.spines.values():
        edge.set(color="#9aa5b1", linewidth=0.6, linestyle="--")
    name = textwrap.wrap(card.name, _NAME_WIDTH, max_lines=2, placeholder="…")
    axes.text(0.5, 0.96, "\n".join(name), ha="center", va="top", size=9, weight="bold", parse_math=False)
    axes.text(0.5, 0.79, card.about, ha="center", va="top", size=8, parse_math=False)
    low, side = 0.28, 0.43  # of the card's height
    across = side * height * _PAGE[1] / (width * _PAGE[0])
    square = page.add_axes((left + width * (0.5 - across / 2), bottom + height * low, width * across, height * side))
    square.imshow(
        [list(row) for row in _qr_code(card.link).matrix], cmap="binary", vmin=0, vmax=1, interpolation="none"
    )
    square.set_axis_off()
    axes.text(0.5, 0.03, "\n".join(card.lines), ha="center", va="bottom", size=7.5, linespacing=1.3, parse_math=False)
