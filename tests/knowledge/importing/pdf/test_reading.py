"""Text PDFs: what stands where on the page, whatever the order in which it was drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from knowledge.importing.document import Paragraph, Table
from knowledge.importing.files import read_document
from knowledge.importing.refusals import MOST_PAGES, FileRefusedError, WhyRefused
from tests.knowledge.importing.pdf_files import LEFT, TOP, WIDTH, Sheet, font_file

TEXT = [
    "Phấn đấu đến năm 2025 có từ 80% trở lên doanh nghiệp ngoài",
    "khu vực nhà nước có đủ điều kiện thành lập tổ chức công đoàn;",
    "thỏa ước lao động tập thể đạt 75,5% (≥ 70%), kết nạp 1.500 đoàn viên.",
]


def texts(path: Path, page: int | None = None) -> list[str]:
    blocks = read_document(path).blocks
    return [block.text for block in blocks if isinstance(block, Paragraph) and page in (None, block.page)]


def why(path: Path) -> WhyRefused:
    with pytest.raises(FileRefusedError) as refused:
        read_document(path)
    return refused.value.why


@pytest.mark.parametrize("mixed", [False, True], ids=["one font", "two fonts"])
def test_letters_are_put_in_order_by_place(tmp_path: Path, mixed: bool) -> None:
    sheet = Sheet(mixed=mixed)
    sheet.lines(TEXT)
    assert texts(sheet.save(tmp_path / "plan.pdf")) == TEXT


def test_marks_drawn_as_letters_of_their_own_are_composed(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.write(LEFT, TOP, "phâ\u0301n đâ\u0301u 80%")
    assert texts(sheet.save(tmp_path / "plan.pdf")) == ["phấn đấu 80%"]


def test_blanks_that_were_never_drawn(tmp_path: Path) -> None:
    sheet = Sheet()
    x: float = LEFT
    for word in ["Phấn", "đấu", "đến", "năm", "2025", "đạt", "80%"]:
        x = sheet.write(x, TOP, word) + 3
    assert texts(sheet.save(tmp_path / "plan.pdf")) == ["Phấn đấu đến năm 2025 đạt 80%"]


def test_what_is_drawn_twice_to_make_it_bold_is_read_once(tmp_path: Path) -> None:
    sheet = Sheet()
    for shift in (0, 0.3):
        sheet.write(LEFT + shift, TOP, "KẾ HOẠCH số 1.500")
    assert texts(sheet.save(tmp_path / "plan.pdf")) == ["KẾ HOẠCH số 1.500"]


@pytest.mark.parametrize("mixed", [False, True], ids=["one font", "two fonts"])
def test_the_columns_of_the_letterhead_are_kept_apart(tmp_path: Path, mixed: bool) -> None:
    sheet = Sheet(mixed=mixed)
    left = ("TỔNG LIÊN ĐOÀN LAO ĐỘNG", "CÔNG ĐOÀN CÔNG THƯƠNG", "Số: A15/KH-CĐCT")
    right = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc", "Hà Nội, ngày 06 tháng 10 năm 2021")
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        sheet.write(50, 800 - 18 * place, one, 10)
        sheet.write(300, 798 - 18 * place, other, 11)
    sheet.write(260, 720, "KẾ HOẠCH")
    sheet.lines(TEXT, 690)
    assert texts(sheet.save(tmp_path / "plan.pdf")) == [*left, *right, "KẾ HOẠCH", *TEXT]


def test_page_numbers_and_running_heads_are_left_out(tmp_path: Path) -> None:
    sheet = Sheet()
    for page in range(1, 5):
        sheet.write(LEFT, 820, "Kế hoạch phát triển đoàn viên")
        if page > 1:
            sheet.write(WIDTH / 2, 805, str(page))
        sheet.lines([f"Nội dung của trang thứ {page}", "2025"])
        sheet.write(400, 30, f"Trang {page}/4")
        sheet.end_page()
    path = sheet.save(tmp_path / "plan.pdf")
    assert [texts(path, page) for page in range(1, 5)] == [
        [f"Nội dung của trang thứ {page}", "2025"] for page in range(1, 5)
    ]


def test_a_page_number_that_is_counted_on_from_another_document(tmp_path: Path) -> None:
    sheet = Sheet()
    for page in range(3):
        sheet.write(WIDTH / 2, 810, f"- {page + 17} -")
        sheet.lines([f"Nội dung {'abc'[page]}", "chỉ tiêu", "nhiệm vụ", "giải pháp"])
        sheet.end_page()
    assert not [text for text in texts(sheet.save(tmp_path / "plan.pdf")) if text.startswith("-")]


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    sheet = Sheet()
    contents = [f"{number}. Mục tiêu {'.' * 40} {place}" for number, place in (("I", 1), ("II", 3), ("III", 12))]
    sheet.lines(["Mục lục", *contents, "Đạt ............... 80%"])
    assert texts(sheet.save(tmp_path / "plan.pdf")) == ["Mục lục", "Đạt ............... 80%"]


def test_figures_at_the_edge_of_a_page_stay(tmp_path: Path) -> None:
    sheet = Sheet()
    for lines in (["phấn đấu kết nạp", "1.500"], ["80", "phần trăm doanh nghiệp"]):
        sheet.lines(lines)
        sheet.end_page()
    assert texts(sheet.save(tmp_path / "plan.pdf")) == ["phấn đấu kết nạp", "1.500", "80", "phần trăm doanh nghiệp"]


def test_footnotes_stand_apart_and_their_marks_are_no_figures(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.lines(TEXT)
    x = sheet.write(LEFT, 650, "đạt 80%")
    x = sheet.write(x, 655, "1", 6)
    sheet.write(x, 650, " trở lên; diện tích 30 m")
    sheet.write(sheet.write(LEFT, 64, "1", 5), 60, "Theo số liệu năm 2020 của", 8)
    sheet.write(LEFT, 50, "Liên đoàn Lao động tỉnh.", 8)
    document = read_document(sheet.save(tmp_path / "plan.pdf"))
    assert document.blocks[-1] == Paragraph("đạt 80% trở lên; diện tích 30 m", 1)
    assert document.footnotes == (Paragraph("Theo số liệu năm 2020 của Liên đoàn Lao động tỉnh.", 1),)


def test_raised_digits_without_a_footnote_are_letters_of_their_own(tmp_path: Path) -> None:
    sheet = Sheet()
    x = sheet.write(LEFT, TOP, "nhà ở 30 m")
    sheet.write(sheet.write(x, TOP + 5, "2", 6), TOP, ", đạt 80%")
    assert texts(sheet.save(tmp_path / "plan.pdf")) == ["nhà ở 30 m², đạt 80%"]


@pytest.mark.parametrize("mixed", [False, True], ids=["one font", "two fonts"])
def test_ruled_tables(tmp_path: Path, mixed: bool) -> None:
    sheet = Sheet(mixed=mixed)
    rows = [
        ["STT", "Chỉ tiêu", "Đơn vị", "2025"],
        ["1", "Phát triển đoàn viên", "người", "1.500"],
        ["2", "TƯLĐTT", "%", "80"],
    ]
    y = sheet.table(rows, [72, 110, 300, 380, 450], sheet.lines(TEXT))
    sheet.lines(["Tổ chức thực hiện"], y - 20)
    document = read_document(sheet.save(tmp_path / "plan.pdf"))
    expected = (
        [Paragraph(line, 1) for line in TEXT],
        Table(tuple(map(tuple, rows)), 1),
        Paragraph("Tổ chức thực hiện", 1),
    )
    assert document.blocks == (*expected[0], *expected[1:])


def test_merged_cells_have_their_words_once(tmp_path: Path) -> None:
    """A head of two rows: one cell over both, one over two columns."""
    sheet = Sheet()
    draw = sheet.canvas
    for x0, y0, x1, y1 in [
        *((72, 700, 372, 700), (172, 680, 372, 680), (72, 660, 372, 660), (72, 640, 372, 640)),
        *((72, 700, 72, 640), (172, 700, 172, 640), (272, 680, 272, 640), (372, 700, 372, 640)),
    ]:
        draw.line(x0, y0, x1, y1)
    for x, y, text in [
        *((80, 676, "Chỉ tiêu"), (230, 686, "Năm"), (180, 666, "2025"), (280, 666, "2030")),
        *((80, 646, "Đoàn viên"), (180, 646, "80%"), (280, 646, "90%")),
    ]:
        sheet.write(x, y, text, 9)
    [table] = read_document(sheet.save(tmp_path / "plan.pdf")).blocks
    assert table == Table((("Chỉ tiêu", "Năm", ""), ("", "2025", "2030"), ("Đoàn viên", "80%", "90%")), 1)


def test_tables_drawn_as_filled_boxes(tmp_path: Path) -> None:
    """As Word writes them: each line a thin black box."""
    sheet = Sheet()
    for y in (700, 676, 652):
        sheet.canvas.rect(72, y, 200.5, 0.5, stroke=0, fill=1)
    for x in (72, 172, 272):
        sheet.canvas.rect(x, 652, 0.5, 48.5, stroke=0, fill=1)
    for x, y, text in ((80, 684, "Chỉ tiêu"), (180, 684, "2025"), (80, 660, "Đoàn viên"), (180, 660, "80%")):
        sheet.write(x, y, text)
    assert read_document(sheet.save(tmp_path / "plan.pdf")).blocks == (
        Table((("Chỉ tiêu", "2025"), ("Đoàn viên", "80%")), 1),
    )


def test_a_frame_around_words_is_no_table(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.canvas.rect(60, 650, 480, 160)
    sheet.lines(TEXT)
    assert texts(sheet.save(tmp_path / "plan.pdf")) == TEXT


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_pages_that_are_shown_turned(tmp_path: Path, angle: int) -> None:
    """An annex across the page: drawn turned, shown upright."""
    sheet = Sheet()
    width, height = 595.28, 841.89
    sheet.canvas.setPageRotation(angle)
    shift = {90: (width, 0), 180: (width, height), 270: (0, height)}[angle]
    sheet.canvas.translate(*shift)
    sheet.canvas.rotate(angle)
    sheet.lines(TEXT[:2], 500)
    sheet.table([["Chỉ tiêu", "2025"], ["Đoàn viên", "80%"]], [72, 200, 300], 400)
    document = read_document(sheet.save(tmp_path / "plan.pdf"))
    table = Table((("Chỉ tiêu", "2025"), ("Đoàn viên", "80%")), 1)
    assert document.blocks == (Paragraph(TEXT[0], 1), Paragraph(TEXT[1], 1), table)


def test_a_watermark_across_the_page_is_left_out(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.lines(TEXT)
    sheet.canvas.rotate(45)
    sheet.write(400, 200, "BẢN NHÁP", 40)
    assert texts(sheet.save(tmp_path / "plan.pdf")) == TEXT


@pytest.mark.parametrize(
    ("name", "written", "read_as"),
    [
        (".VnTime", "ph¸t triÓn ®oµn viªn, tho¶ íc", "phát triển đoàn viên, thoả ớc"),
        (".VnTimeH", "kÕ ho¹ch", "KẾ HOẠCH"),
        ("VNI-Times", "phaùt trieån ñoaøn vieân", "phát triển đoàn viên"),
    ],
)
def test_old_fonts_by_their_names(tmp_path: Path, name: str, written: str, read_as: str) -> None:
    font = TTFont(name, font_file("DejaVuSans"))
    font.face.name = font.face.familyName = name.encode()
    pdfmetrics.registerFont(font)
    sheet = Sheet()
    sheet.canvas.setFont(name, 12)
    sheet.canvas.drawString(LEFT, TOP, written)
    assert texts(sheet.save(tmp_path / "plan.pdf")) == [read_as]


def test_letters_that_the_file_does_not_name_are_refused_not_dropped(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.canvas._pageCompression = 0
    sheet.lines(TEXT)
    path = sheet.save(tmp_path / "plan.pdf")
    path.write_bytes(path.read_bytes().replace(b"/ToUnicode", b"/NoUnicode"))
    assert why(path) is WhyRefused.NOT_VIETNAMESE


def test_scans_are_refused_where_they_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With guessed letters behind the picture, and without."""
    monkeypatch.setattr("knowledge.importing.files.can_read_scans", lambda: False)
    picture = ImageReader(Image.new("RGB", (80, 100), "white"))
    for guessed in (False, True):
        sheet = Sheet()
        sheet.canvas.drawImage(picture, 0, 0, 500, 700)
        if guessed:
            sheet.canvas._code.append("3 Tr")
            sheet.lines(TEXT)
        assert why(sheet.save(tmp_path / "scan.pdf")) is WhyRefused.SCAN


def test_a_plan_with_pictures_is_no_scan(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.canvas.drawImage(ImageReader(Image.new("RGB", (80, 100), "white")), 400, 700, 100, 100)
    sheet.lines(TEXT)
    assert texts(sheet.save(tmp_path / "plan.pdf")) == TEXT


def test_a_password_is_refused_unless_it_only_forbids_changes(tmp_path: Path) -> None:
    sheet = Sheet(encrypt="secret")
    sheet.lines(TEXT)
    assert why(sheet.save(tmp_path / "locked.pdf")) is WhyRefused.ENCRYPTED
    sheet = Sheet(encrypt=StandardEncryption("", ownerPassword="other", canModify=0))
    sheet.lines(TEXT)
    assert texts(sheet.save(tmp_path / "open.pdf")) == TEXT


def test_what_else_is_refused(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.canvas.line(0, 0, 10, 10)
    assert why(sheet.save(tmp_path / "empty.pdf")) is WhyRefused.EMPTY
    sheet = Sheet()
    for _ in range(MOST_PAGES + 1):
        sheet.end_page()
    assert why(sheet.save(tmp_path / "long.pdf")) is WhyRefused.TOO_MANY_PAGES
    sheet = Sheet()
    sheet.lines(TEXT)
    whole = sheet.save(tmp_path / "whole.pdf").read_bytes()
    for name, content in (("half", whole[: len(whole) // 2]), ("end", whole[:-50]), ("head", whole[:20])):
        (tmp_path / f"{name}.pdf").write_bytes(content)
        assert why(tmp_path / f"{name}.pdf") is WhyRefused.DAMAGED
