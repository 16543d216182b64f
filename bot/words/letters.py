"""A page with the head and foot of Vietnamese administrative documents, written as a Word file.

The layout is that of Nghị định 30/2020/NĐ-CP, phụ lục I: A4, Times New Roman, the issuer on the left, the state and its
motto on the right, the recipients and the signature at the foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

_FONT: Final = "Times New Roman"
_HEAD_WIDTHS: Final = (6.0, 10.5)  # cm, as are those below: 16.5 between the margins
_TABLE_WIDTHS: Final = (1.2, 9.3, 2.8, 3.2)
_FOOT_WIDTHS: Final = (8.0, 8.5)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A row of the table: its number, what it is, its unit, its figure; a part's title has none but its name."""

    number: str
    name: str
    unit: str = ""
    figure: str = ""
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A report as it is printed.

    Attributes:
        issuer: who sends it, below the one above it; the last line is bold.
        opening: the paragraphs before the table, `closing` those behind it.
        heads: those of the four columns.
        recipients: the first line is its heading.
        signature: in capitals; `hint` stands below in brackets.
        made_at: when the file was made (aware).
    """

    issuer: tuple[str, ...]
    state: tuple[str, str]
    number: str
    place_and_date: str
    title: str
    subject: str
    addressee: str
    opening: tuple[str, ...]
    heads: tuple[str, str, str, str]
    rows: tuple[LetterRow, ...]
    closing: tuple[str, ...]
    recipients: tuple[str, ...]
    signature: tuple[str, ...]
    hint: str
    made_at: datetime


def write_letter(letter: Letter) -> bytes:
    """The letter as a .docx; takes some tenths of a second."""
    page = Document()
    _set_page(page, letter)
    _write_head(page, letter)
    _say(page.add_paragraph(), letter.title, bold=True, size=14, align=WD_ALIGN_PARAGRAPH.CENTER, before=12)
    _say(page.add_paragraph(), letter.subject, bold=True, size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
    _rule(page.add_paragraph(), indent=5.8)
    if letter.addressee:
        _say(page.add_paragraph(), letter.addressee, size=14, align=WD_ALIGN_PARAGRAPH.CENTER, before=6, after=6)
    for each in letter.opening:
        _say(page.add_paragraph(), each, size=14, align=WD_ALIGN_PARAGRAPH.JUSTIFY, first=1.0, before=6, after=6)
    _write_table(page, letter)
    for number, each in enumerate(letter.closing):
        before = 8 if number == 0 else 0
        _say(page.add_paragraph(), each, align=WD_ALIGN_PARAGRAPH.JUSTIFY, first=1.0, before=before, after=4)
    _write_foot(page, letter)
    content = BytesIO()
    page.save(content)
    return content.getvalue()


def _set_page(page: WordDocument, letter: Letter) -> None:
    section = page.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(13)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    about = page.core_properties
    about.title, about.author, about.comments = f"{letter.title} {letter.subject}", letter.issuer[-1], ""
    about.created = about.modified = letter.made_at.replace(tzinfo=None)


def _write_head(page: WordDocument, letter: Letter) -> None:
    left, right = _lay_out(page, _HEAD_WIDTHS, rows=1)
    for number, line in enumerate(letter.issuer, start=1):
        _say(_next(left), line, bold=number == len(letter.issuer), size=12, align=WD_ALIGN_PARAGRAPH.CENTER)
    _rule(left.add_paragraph(), indent=2.2)
    _say(left.add_paragraph(), letter.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    for line, size in zip(letter.state, (12, 13), strict=True):
        _say(_next(right), line, bold=True, size=size, align=WD_ALIGN_PARAGRAPH.CENTER)
    _rule(right.add_paragraph(), indent=2.0)
    _say(right.add_paragraph(), letter.place_and_date, italic=True, align=WD_ALIGN_PARAGRAPH.CENTER)


def _write_table(page: WordDocument, letter: Letter) -> None:
    table = page.add_table(rows=1, cols=len(letter.heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for cell, head in zip(table.rows[0].cells, letter.heads, strict=True):
        _say(_next(cell), head, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, before=2, after=2)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in letter.rows:
        cells = table.add_row().cells
        if row.is_title:
            _say(_next(cells[0].merge(cells[-1])), row.name, bold=True, before=2, after=2)
            continue
        values = (row.number, row.name, row.unit, row.figure)
        aligns = (
            WD_ALIGN_PARAGRAPH.CENTER,
            WD_ALIGN_PARAGRAPH.LEFT,
            WD_ALIGN_PARAGRAPH.CENTER,
            WD_ALIGN_PARAGRAPH.RIGHT,
        )
        for cell, value, align in zip(cells, values, aligns, strict=True):
            _say(_next(cell), value, align=align, before=2, after=2)
    _set_widths(table, _TABLE_WIDTHS)


def _write_foot(page: WordDocument, letter: Letter) -> None:
    _say(page.add_paragraph(), "", size=6)
    left, right = _lay_out(page, _FOOT_WIDTHS, rows=1)
    for number, line in enumerate(letter.recipients):
        is_head = number == 0
        _say(_next(left), line, bold=is_head, italic=is_head, size=12 if is_head else 11)
    for line in letter.signature:
        _say(_next(right), line, bold=True, size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
    _say(right.add_paragraph(), letter.hint, italic=True, align=WD_ALIGN_PARAGRAPH.CENTER, after=72)
    for row in (left, right):  # who signs and what they sign stay on one page
        for paragraph in row.paragraphs:
            paragraph.paragraph_format.keep_together = paragraph.paragraph_format.keep_with_next = True


def _lay_out(page: WordDocument, widths: tuple[float, float], *, rows: int) -> tuple[_Cell, _Cell]:
    """Two places side by side, without lines."""
    table = page.add_table(rows=rows, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_widths(table, widths)
    left, right = table.rows[0].cells
    return left, right


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        if len(row._tr.tc_lst) == len(widths):
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)


def _next(cell: _Cell) -> Paragraph:
    """The first paragraph of a cell while it is empty, then a new one."""
    first: Paragraph = cell.paragraphs[0]
    return first if len(cell.paragraphs) == 1 and not first.runs else _add(cell)


def _add(cell: _Cell) -> Paragraph:
    paragraph: Paragraph = cell.add_paragraph()
    return paragraph


def _say(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 13,
    align: WD_ALIGN_PARAGRAPH | None = None,
    first: float = 0,
    before: float = 0,
    after: float = 0,
) -> None:
    """Write into a paragraph; `first` indents its first line (cm), the space around it is in points."""
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
    if first:
        shape.first_line_indent = Cm(first)


def _rule(paragraph: Paragraph, *, indent: float) -> None:
    """A thin line, drawn over an empty paragraph; `indent` at either side (cm)."""
    _say(paragraph, "", size=4)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(indent)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "auto")):
        line.set(qn(name), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
