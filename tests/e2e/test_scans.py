"""A scanned plan in the chat of an admin: read page by page, each figure shown with the picture of its line."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from bot import app
from bot.features.plans import entering
from knowledge.importing import files
from knowledge.importing.scans.page import PICTURE_WIDTH, ScannedPage
from storage import plan_reviews
from storage.engine import Database
from tests.e2e.chat import Chat, Heard, Seat
from tests.e2e.conftest import ADMIN_ID, settings_for
from tests.e2e.plan_texts import PLAN
from tests.knowledge.importing.scan_files import as_file, draw_pages, needs_tesseract

OTHER_ADMIN: Final = 4998
SCAN: Final = as_file(draw_pages(PLAN, lines=22), "PDF")
"""Two pages."""


@pytest.fixture
def admin(chat: Chat) -> Seat:
    return chat.person("Lê Quản Trị", person_id=ADMIN_ID)


def shows_a_line(heard: Heard) -> Heard:
    """The message carries a line of a page, its left part above its right one: low, and narrower than the page."""
    picture = Image.open(io.BytesIO(heard.file))
    assert PICTURE_WIDTH // 2 < picture.width < PICTURE_WIDTH * 2 // 3
    assert picture.height < picture.width // 2
    assert min(picture.tobytes()) < 60
    return heard


async def read_scan(admin: Seat) -> Heard:
    await admin.sends_document("KH 45.pdf", SCAN)
    reading = await admin.hears("đang đọc")
    card = await admin.hears("Kế hoạch số 45/KH")
    assert "đã đọc xong 2 trang" in Heard(reading.message, reading.sandbox, reading.room).text
    assert reading.message.edits >= 2
    return card


@needs_tesseract
async def test_a_scan_is_read_page_by_page_and_each_figure_comes_with_its_picture(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    card = await read_scan(admin)
    card.says("4 chỉ tiêu", "1 thời hạn", "Tôi đọc từ ảnh").lacks("; không còn chỗ nào")
    await admin.taps("Xem từng chỗ", on=card)
    term = shows_a_line(await admin.hears("2026–2030", "đối chiếu với ảnh")).has_buttons("Đúng", "Sửa")
    assert not card.labels
    await admin.taps("Đúng", on=term)
    first = shows_a_line(await admin.hears("Tôi hiểu: từ 80% trở lên", "đối chiếu với ảnh"))
    assert not term.labels
    await admin.taps("Sửa", on=first)
    await admin.hears("chỉ gõ chỗ sai")
    await admin.says("85%")
    second = shows_a_line(await admin.hears("Đã sửa: từ 85% trở lên – đến 2030", "500 đoàn viên"))
    await admin.taps("Để sau", on=second)
    card = await admin.hears("4 chỉ tiêu")
    await admin.taps("Xem những gì đã đọc", on=card)
    listed = await admin.sees_change("từ 85% trở lên")
    await admin.taps("3", on=listed)
    shown = shows_a_line(await admin.hears("từ 85% trở lên"))
    await admin.taps("Quay lại", on=shown)
    await admin.hears("từ 85% trở lên")


@needs_tesseract
async def test_numbers_left_over_come_with_their_picture_and_everything_can_be_approved(
    chat: Chat, admin: Seat
) -> None:
    heard = await read_scan(admin)
    await admin.taps("Xem từng chỗ", on=heard)
    heard = await admin.hears()
    for _ in range(12):
        label = next((each for each in ("Đúng", "Là chỉ tiêu", "Bỏ qua") if each in heard.labels), None)
        if label is None:
            break
        shows_a_line(heard)
        if label == "Là chỉ tiêu":
            heard.says("có phải là chỉ tiêu không")
            label = "Bỏ qua"
        await admin.taps(label, on=heard)
        heard = await admin.hears()
    await admin.taps("Đồng ý tất cả", on=heard.has_buttons("Đồng ý tất cả"))
    await admin.taps("Đồng ý nhắc", on=await admin.sees_change("Nhắc công đoàn"))
    ready = await admin.sees_change("không còn chỗ nào cần xem")
    await admin.taps("Duyệt", on=ready)
    await admin.sees_change("Đã duyệt")


@needs_tesseract
async def test_pictures_are_there_after_a_restart_for_another_admin(
    stage: Chat, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the bot stopped between two pages: what was read is not read again."""
    scanned: list[int] = []

    def read(path: Path, number: int) -> ScannedPage:
        scanned.append(number)
        return files.read_scanned(path, number)

    monkeypatch.setattr(entering, "read_scanned", read)
    settings = settings_for(stage.sandbox, admin_ids=frozenset({ADMIN_ID, OTHER_ADMIN}))
    lan, binh = stage.person("Lan", person_id=ADMIN_ID), stage.person("Bình", person_id=OTHER_ADMIN)
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.sends_document("KH 45.pdf", SCAN)
        await lan.hears("đang đọc")
        await lan.sees_change("trang 1/2")
    stage.sandbox.clock.move(timedelta(minutes=10))
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.hears("Kế hoạch số 45/KH-LĐLĐ")
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await binh.sends_document("KH 45.pdf", SCAN)
        await binh.taps("Xem từng chỗ", on=await binh.hears("Kế hoạch số 45/KH-LĐLĐ"))
        shows_a_line(await binh.hears("2026–2030"))
    assert sorted(set(scanned)) == [1, 2]
    assert len(scanned) <= 3


async def test_without_tesseract_one_sentence_says_what_to_do(
    chat: Chat, admin: Seat, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "can_read_scans", lambda: False)
    await admin.sends_document("KH 45.pdf", SCAN)
    await admin.hears("đang đọc")
    await admin.hears("ảnh chụp hoặc bản quét", "bản Word")
    async with sqlite_database.read() as db:
        assert not await plan_reviews.list_open(db)
        assert not await plan_reviews.list_pages(db, sha256(SCAN).hexdigest())


async def test_a_page_that_cannot_be_read_ends_it_and_nothing_is_kept(
    chat: Chat, admin: Seat, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "can_read_scans", lambda: True)
    monkeypatch.setattr(files, "_PAGE_CHILD", ("-c", 'print(\'{"why": "timeout"}\')'))
    await admin.sends_document("KH 45.pdf", SCAN)
    await admin.hears("đang đọc")
    await admin.hears("đọc quá lâu")
    async with sqlite_database.read() as db:
        assert not await plan_reviews.list_open(db)
        assert not await plan_reviews.list_pages(db, sha256(SCAN).hexdigest())


async def test_a_photo_is_told_how_it_becomes_a_file(chat: Chat, admin: Seat) -> None:
    photo = as_file([draw_pages(PLAN, lines=22)[0].resize((620, 877))], "JPEG")
    await admin.sends_photo(photo)
    await admin.hears("quét đủ các trang vào một tệp PDF", "gõ thành chữ")
    await admin.sends_photo(photo, caption="chỉ tiêu TƯLĐTT 2025 TP.HCM?")
    await admin.hears("80% trở lên")
    officer = chat.person("Trần Cán Bộ")
    await officer.sends_photo(photo)
    (await officer.hears("chưa đọc được ảnh")).lacks("PDF")
