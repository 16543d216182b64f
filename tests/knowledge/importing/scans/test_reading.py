"""Scanned pages from the file to a reading: everything doubtful, each with its place; hostile pictures cost little."""

from __future__ import annotations

import io
import resource
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from knowledge.importing.document import Paragraph, Table
from knowledge.importing.files import KNOWN_TYPES, open_file, put_together, read_document, read_scanned
from knowledge.importing.model import PlanReading, WhyDoubted
from knowledge.importing.reading import read_plan
from knowledge.importing.refusals import MOST_SCANNED_PAGES, FileRefusedError, WhyRefused
from knowledge.importing.scans import child, engine
from knowledge.importing.scans.page import PICTURE_WIDTH, cut_out
from knowledge.importing.scans.pictures import as_pgm
from tests.e2e.plan_texts import PLAN
from tests.knowledge.importing.pdf_files import Sheet
from tests.knowledge.importing.scan_files import as_file, draw_lines, draw_pages, draw_table, needs_tesseract, worn

LINES = ("I. CHỈ TIÊU", "1. Đến năm 2030 có từ 80% trở lên khu nhà trọ có tổ tự quản.", "2. Hỗ trợ 1.500 đoàn viên.")


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def why(path: Path) -> WhyRefused:
    with pytest.raises(FileRefusedError) as refused:
        read_document(path)
    return refused.value.why


def figures(reading: PlanReading) -> set[tuple[str, str | None]]:
    return {(str(target.value), target.horizon) for target in reading.targets}


@cache
def plan_pages() -> tuple[Image.Image, ...]:
    return tuple(draw_pages(PLAN))


# --- What is read ----------------------------------------------------------------------------------------------------


@needs_tesseract
@pytest.mark.parametrize("is_worn", [pytest.param(False, marks=pytest.mark.long), True], ids=["clean", "worn"])
def test_a_scanned_plan_is_read_and_every_figure_of_it_is_doubtful(tmp_path: Path, *, is_worn: bool) -> None:
    pages = [worn(page) if is_worn else page for page in plan_pages()]
    told: list[tuple[int, int]] = []
    document = read_document(
        write(tmp_path / "plan.pdf", as_file(pages, "PDF")), lambda place, count: told.append((place, count))
    )
    assert told == [(1, 1)]
    reading = read_plan(document)
    assert {("80", "2030"), ("500", "2030"), ("60", "2030")} <= figures(reading)
    assert reading.plan.number is not None
    assert reading.is_scanned
    assert reading.term_spot is not None
    for target in reading.targets:
        assert target.doubt is not None
        assert target.spot is not None
    assert [(due.doubt, due.spot is not None) for due in reading.deadlines] == [(WhyDoubted.SCANNED, True)]
    assert {target.doubt for target in reading.targets} >= {WhyDoubted.TWO_ACTS, WhyDoubted.APPROXIMATE}
    assert WhyDoubted.SCANNED in {target.doubt for target in reading.targets} or is_worn
    assert all(left.spot is not None for left in reading.left_over)


@needs_tesseract
@pytest.mark.parametrize("name", ["plan.jpg", "plan.PNG", "plan.webp", "plan.bmp", "plan.tiff"])
def test_pictures_of_any_kind_are_read(tmp_path: Path, name: str) -> None:
    kind = {"jpg": "JPEG", "tiff": "TIFF"}.get(name.split(".")[1], name.split(".")[1].upper())
    page = draw_lines(LINES).crop((0, 0, 2480, 700))
    reading = read_plan(read_document(write(tmp_path / name, as_file([page], kind))))
    assert figures(reading) == {("80", "2030"), ("1500", None)}


@needs_tesseract
def test_a_line_is_shown_where_it_stands(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.png", as_file([draw_lines(LINES)], "PNG"))
    assert open_file(path).scanned == (1,)
    page = read_scanned(path, 1)
    reading = read_plan(put_together(open_file(path), {1: page}))
    tops = [target.spot.top for target in reading.targets if target.spot is not None]
    assert tops == sorted(set(tops))
    for target in reading.targets:
        assert target.spot is not None
        picture = cut_out(page.picture, target.spot)
        assert picture is not None
        opened = Image.open(io.BytesIO(picture))
        assert PICTURE_WIDTH // 2 < opened.width < PICTURE_WIDTH * 2 // 3
        assert opened.height < 200
        assert min(opened.tobytes()) < 60


TABLE = (
    ("TT", "Nội dung", "Năm 2028", "Năm 2030"),
    ("1", "Tỷ lệ đoàn viên được học nghề\ntrong các khu công nghiệp (%)", "45", "75"),
    ("2", "Số công đoàn cơ sở thành lập mới", "120", "1.500"),
)


@needs_tesseract
@pytest.mark.parametrize("is_worn", [pytest.param(False, marks=pytest.mark.long), True], ids=["clean", "worn"])
def test_a_ruled_table_is_a_table_again_and_each_row_has_its_place(tmp_path: Path, *, is_worn: bool) -> None:
    page = draw_table(draw_lines(["I. CHỈ TIÊU", "1. Các chỉ tiêu chính:"]), TABLE, (270, 400, 1500, 1850, 2200), 600)
    if is_worn:
        page = worn(page, dpi=120, angle=1, grain=20)
    document = read_document(write(tmp_path / "plan.png", as_file([page], "PNG")))
    [table] = [block for block in document.blocks if isinstance(block, Table)]
    assert table.rows == TABLE
    assert len(table.scanned) == len(TABLE)
    reading = read_plan(document)
    assert figures(reading) == {("45", "2028"), ("75", "2030"), ("120", "2028"), ("1500", "2030")}
    places = {str(target.value): target.spot for target in reading.targets}
    assert places["45"] == places["75"] == table.scanned[1].spot
    assert places["1500"] == table.scanned[2].spot
    assert {target.doubt for target in reading.targets} <= {WhyDoubted.SCANNED, WhyDoubted.PASSES_DIFFER}


@needs_tesseract
@pytest.mark.parametrize("turn", [180, pytest.param(270, marks=pytest.mark.long)])
def test_a_page_that_lies_on_its_side_or_head_is_turned(tmp_path: Path, turn: int) -> None:
    page = draw_lines(LINES * 3).rotate(turn, expand=True)
    path = write(tmp_path / "plan.png", as_file([page], "PNG"))
    found = read_scanned(path, 1)
    assert found.height > found.width
    assert found.lines[1].pieces[0].text == LINES[1]
    assert (found.lines[0].top, found.lines[0].pieces[0].left) < (400, 400)


@needs_tesseract
def test_scanned_pages_stand_among_the_others(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.lines(["Kế hoạch phát triển đoàn viên, thành lập công đoàn cơ sở trong doanh nghiệp."])
    sheet.end_page()
    for lines in (LINES[:2], LINES[2:]):
        sheet.canvas.drawImage(ImageReader(draw_lines(lines)), 0, 0, 595, 842)
        sheet._written = True
        sheet.end_page()
    sheet.lines(["3. Hằng năm kết nạp ít nhất 70 đoàn viên công đoàn mới."])
    path = sheet.save(tmp_path / "plan.pdf")
    assert open_file(path).scanned == (2, 3)
    document = read_document(path)
    pages = [block.page for block in document.blocks]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert {block.page for block in document.blocks if isinstance(block, Paragraph) and block.scanned} == {2, 3}
    doubts = {str(target.value): target.doubt for target in read_plan(document).targets}
    assert doubts["80"] is WhyDoubted.SCANNED
    assert doubts["70"] is not WhyDoubted.SCANNED


@needs_tesseract
def test_a_picture_with_nothing_on_it_is_empty(tmp_path: Path) -> None:
    assert why(write(tmp_path / "white.png", as_file([Image.new("L", (900, 1200), 255)], "PNG"))) is WhyRefused.EMPTY


def test_a_figure_of_which_two_looks_differ_is_doubted_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_picture: bytes, threshold: int) -> str:
        scale = 1 if threshold else child._SMALLER
        rows = []
        for line, text in enumerate(("I. CHỈ TIÊU", f"1. Đến năm 2030 đạt {'75%' if threshold else '759'} cơ sở.")):
            for place, word in enumerate(text.split()):
                box = [round(each * scale) for each in (300 + 200 * place, 300 + 80 * line, 150, 40)]
                rows.append("\t".join(map(str, (5, 1, 1, 1, line, place, *box, 90, word))))
        return "\n".join(rows)

    monkeypatch.setattr(child, "look", look)
    path = write(tmp_path / "plan.png", as_file([draw_lines(LINES)], "PNG"))
    page = child.read_page_here(path, 1)
    monkeypatch.setattr("knowledge.importing.files.can_read_scans", lambda: True)
    [target] = read_plan(put_together(open_file(path), {1: page})).targets
    assert target.doubt is WhyDoubted.PASSES_DIFFER
    assert [(each.first, each.second) for each in target.differing] == [("75%", "759")]


# --- What is refused -------------------------------------------------------------------------------------------------


def test_without_tesseract_pictures_are_refused_and_of_other_files_the_text_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.importing.files.can_read_scans", lambda: False)
    assert why(write(tmp_path / "plan.png", as_file([draw_lines(LINES)], "PNG"))) is WhyRefused.SCAN
    assert why(write(tmp_path / "plan.pdf", as_file([draw_lines(LINES)], "PDF"))) is WhyRefused.SCAN
    sheet = Sheet()
    for _ in range(2):
        sheet.lines(["Kế hoạch phát triển đoàn viên, thành lập công đoàn cơ sở trong doanh nghiệp."])
        sheet.end_page()
    sheet.canvas.drawImage(ImageReader(draw_lines(LINES)), 0, 0, 595, 842)
    sheet._written = True
    document = read_document(sheet.save(tmp_path / "mixed.pdf"))
    assert {block.page for block in document.blocks} == {1, 2}


def _png_header(wide: int, high: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _cut_off(kind: str) -> bytes:
    whole = as_file([worn(draw_lines(LINES))], kind)
    return whole[: len(whole) // 2]


def _animation(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), (shade, 0, 0)) for shade in range(0, 250, 50)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def _empty_pages() -> bytes:
    return as_file([Image.new("L", (20, 30), 255)] * 500, "PDF")


def _bomb_in_a_pdf() -> bytes:
    """A page whose one picture claims 60,000 × 60,000 points."""
    page = as_file([Image.new("L", (40, 60), 200)], "PDF")
    return page.replace(b"/Width 40", b"/Width 60000").replace(b"/Height 60", b"/Height 60000")


HOSTILE: dict[str, tuple[str, Callable[[], bytes], set[WhyRefused]]] = {
    "bomb": ("plan.png", lambda: _png_header(60_000, 60_000), {WhyRefused.PICTURE_TOO_LARGE}),
    "as large as may be": ("plan.png", lambda: _png_header(8_900, 8_900), {WhyRefused.DAMAGED, WhyRefused.EMPTY}),
    "long and narrow": ("plan.png", lambda: _png_header(7, 9_000_000), {WhyRefused.EMPTY}),
    "cut off": ("plan.jpg", lambda: _cut_off("JPEG"), {WhyRefused.DAMAGED}),
    "hardly begun": ("plan.jpg", lambda: b"\xff\xd8\xff", {WhyRefused.DAMAGED}),
    "cut off PNG": ("plan.png", lambda: _cut_off("PNG"), {WhyRefused.DAMAGED}),
    "frames": (
        "plan.tif",
        lambda: as_file([Image.new("1", (30, 30), 1)] * (MOST_SCANNED_PAGES + 60), "TIFF"),
        {WhyRefused.TOO_MANY_SCANNED},
    ),
    "GIF": ("plan.gif", lambda: _animation("GIF"), {WhyRefused.SCAN}),
    "GIF under another name": ("plan.png", lambda: _animation("GIF"), {WhyRefused.WRONG_TYPE}),
    "animation": ("plan.webp", lambda: _animation("WEBP"), {WhyRefused.WRONG_TYPE}),
    "no picture": ("plan.bmp", lambda: b"no picture at all" * 99, {WhyRefused.WRONG_TYPE}),
    "a PDF": ("plan.jpg", lambda: as_file([Image.new("L", (20, 30))], "PDF"), {WhyRefused.WRONG_TYPE}),
    "pages": ("plan.pdf", _empty_pages, {WhyRefused.TOO_MANY_PAGES}),
    "bomb in a PDF": ("plan.pdf", _bomb_in_a_pdf, {WhyRefused.EMPTY, WhyRefused.DAMAGED, WhyRefused.OUT_OF_MEMORY}),
    "HEIC": ("plan.heic", lambda: b"\0\0\0\x18ftypheic", {WhyRefused.SCAN}),
}


@needs_tesseract
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pictures_are_refused_at_little_cost(tmp_path: Path, case: str) -> None:
    name, make, reasons = HOSTILE[case]
    path = write(tmp_path / name, make())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert why(path) in reasons
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10


@needs_tesseract
def test_a_look_has_limits_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Specks all over the page, each of which may be a letter."""
    monkeypatch.setattr(engine, "_LOOK_SECONDS", 1)
    specks = np.where(np.random.default_rng(1).random((3508, 2480)) < 0.05, 0, 255).astype(np.uint8)
    with pytest.raises(FileRefusedError) as refused:
        engine.look(as_pgm(Image.fromarray(specks)), engine.SAUVOLA)
    assert refused.value.why is WhyRefused.TIMEOUT


def test_a_page_that_is_not_there_is_one_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.png", as_file([draw_lines(LINES)], "PNG"))
    assert child.answer(path, 7).why is WhyRefused.DAMAGED
    assert child.answer(tmp_path / "gone.png", 1).why is WhyRefused.DAMAGED


def test_every_kind_of_picture_is_known() -> None:
    assert {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp", ".heic", ".gif"} <= KNOWN_TYPES
