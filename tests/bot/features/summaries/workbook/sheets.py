"""Books for tests of workbooks and CSV: sample units with sample figures, hostile words among them."""

from __future__ import annotations

from decimal import Decimal

from bot.features.summaries.workbook.book import Book, BookWords, Column, UnitLine
from knowledge.forms import TERM_FORM, get_form
from tests.monthly import KEYS, form_of_four_rows

HOSTILE = ('=HYPERLINK("http://x","y")', "+84 901", "-5", "@SUM(A1)", "\tx", "a\x0bb", "=1+1")


def words(title: str) -> BookWords:
    return BookWords(
        sheet="Biểu tổng hợp",
        issuer=("CÔNG ĐOÀN CÔNG THƯƠNG VIỆT NAM", "CÔNG ĐOÀN KHU BẮC"),
        state=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        title=title.upper(),
        subtitles=("Tháng 10/2026", "Số đơn vị đã nộp: 2/3 (66,7%)"),
        number="TT",
        indicator="Chỉ tiêu",
        unit="Đơn vị tính",
        total="Tổng cộng",
        among="Trong đó:",
        code="Đơn vị (mã, giữ nguyên):",
        place_and_date="……………, ngày 06 tháng 11 năm 2026",
        left_signature=("NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"),
        right_signature=("TM. BAN CHẤP HÀNH", "CHỦ TỊCH", "(Ký tên, đóng dấu)"),
        not_a_number="Ô này chỉ nhận số không âm.",
        not_a_number_title="Chưa đúng số",
        list_sheet="Theo đơn vị",
        list_title="Số liệu từng đơn vị",
        list_heads=("Mã", "Tên đơn vị", "Loại hình", "Tình trạng", "Gửi lúc"),
        notes=("Số liệu tính trong 3 năm.",),
    )


def figures(*values: int) -> dict[str, Decimal]:
    """The four figures that are asked for, nothing worked out from them."""
    return dict(zip(KEYS, map(Decimal, values), strict=True))


def monthly() -> Book:
    """Three units: two reported, one not; names as hostile as names can be."""
    form = form_of_four_rows()
    columns = (
        Column("CĐCS May Sông Xanh", "MAY", figures(1320, 1250, 12, 3)),
        Column(HOSTILE[0], "=CMD", {**figures(218, 195, 0, 4), "net": Decimal(5)}),
        Column("CĐCS Trường Nguyễn Du", "TR", None),
    )
    lines = (
        UnitLine(("MAY", "CĐCS May Sông Xanh", "FDI", "Đúng hạn", "09:00 ngày 04/11/2026"), figures(1320, 1250, 12, 3)),
        UnitLine(
            ("=CMD", HOSTILE[0], HOSTILE[1], HOSTILE[3], HOSTILE[4]), {**figures(218, 195, 0, 4), "net": Decimal(5)}
        ),
        UnitLine(("TR", "CĐCS Trường Nguyễn Du", "HCSN", "Chưa nộp", ""), None),
    )
    return Book(form, words(form.title), "2026-10", False, columns, lines)


def term() -> Book:
    """The large table of the term, three units."""
    form = get_form(TERM_FORM)
    columns = tuple(
        Column(
            f"Công đoàn Công ty {name}",
            name,
            {
                row.key: Decimal(17 * (place + 3) + number) / (2 if row.unit == "triệu đồng" else 1)
                for number, row in enumerate(form.asked)
            },
        )
        for place, name in enumerate(("A", "B", "C"))
    )
    return Book(form, words(form.title), "campaign:2026:sơ kết", False, columns)


def year() -> Book:
    """One union over four months, one of them missing."""
    form = form_of_four_rows()
    columns = tuple(
        Column(
            f"Tháng {month:02}/2026",
            f"2026-{month:02}",
            None if month == 8 else figures(1300 + month, 1200 + month, month, 1),
        )
        for month in range(7, 11)
    )
    return Book(form, words(form.title), "MAY", True, columns)
