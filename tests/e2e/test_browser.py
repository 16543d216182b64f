"""The chat page in a real browser: a newcomer's first minutes, an officer's month, an admin with a plan's file."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from playwright.async_api import Browser, FilePayload, Page, async_playwright, expect

from bot import app
from bot.sandbox import NO_LIMITS, MovableClock, Player, Sandbox, serve
from bot.sandbox.world import GUEST
from bot.terminal import sample
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import units
from storage.engine import Database
from tests.e2e import tiny_bot
from tests.e2e.conftest import ADMIN_ID, settings_for
from tests.e2e.plan_texts import ANNEX, NEWER, PLAN, QUESTION, word_file
from tests.e2e.reminders_tree import plant, submit

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
PATIENCE: Final = 60_000
"""Milliseconds after which something that should be seen is given up: a net, no bound."""
expect.set_options(timeout=PATIENCE)
MONDAY_NOON = datetime(2026, 11, 2, 5, 3, tzinfo=UTC)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)")


@dataclass
class Visit:
    """An open page and what went wrong on it."""

    page: Page
    complaints: list[str]


@pytest_asyncio.fixture
async def sandbox(sqlite_database: Database) -> AsyncIterator[Sandbox]:
    """The product, as the demo serves it."""
    clock = MovableClock(start_at=MONDAY_NOON)
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serve(limits=NO_LIMITS, clock=clock))
        await stack.enter_async_context(app.running(app.build(settings_for(served), sqlite_database, clock=clock)))
        yield served


@pytest_asyncio.fixture
async def drawing_board() -> AsyncIterator[Sandbox]:
    """A tiny bot that shows everything the page can draw."""
    async with serve(limits=NO_LIMITS, clock=MovableClock(start_at=MONDAY_NOON)) as served, tiny_bot.running(served):
        yield served


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        await launched.close()


async def visit(browser: Browser, url: str, **options: Any) -> Visit:
    context = await browser.new_context(locale="vi-VN", **options)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    seen = Visit(page, [])

    def on_request(request: Any) -> None:
        if not request.url.startswith((url, "data:", "blob:")):
            seen.complaints.append(f"asked the network for {request.url}")

    page.on("request", on_request)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", lambda line: seen.complaints.append(line.text) if line.type in {"error", "warning"} else None)
    await page.goto(url)
    return seen


async def play_first_minutes(page: Page) -> None:
    """Start, ask, go on by a button, vote, edit the question, open the command menu and look at a plan."""
    pane = page.locator(".pane.active")
    composer = pane.get_by_role("textbox", name="Tin nhắn")
    theirs = pane.locator(".row:not(.mine)")
    await page.get_by_role("button", name="BẮT ĐẦU", exact=True).click()
    await expect(pane.get_by_text("Tôi là Trợ lý Công đoàn")).to_be_visible()

    await composer.fill("chi tieu tuldtt 2025 hcm")
    await composer.press("Enter")
    answer = theirs.filter(has_text="80% trở lên").last
    await expect(answer).to_be_visible()
    await expect(answer.locator("b").first).to_be_visible()
    await expect(pane.locator(".mine .meta [title='Bot đã nhận']").last).to_be_attached()

    await answer.get_by_role("button", name="Năm 2030", exact=True).click()
    later = theirs.filter(has_text="85% trở lên").last
    await expect(later).to_be_visible()

    await later.get_by_role("button", name="Đúng", exact=True).click()
    await expect(pane.get_by_role("status").filter(has_text="Cảm ơn")).to_be_visible()
    await expect(later.get_by_role("button", name="Đúng ✓", exact=True)).to_be_visible()

    answers = await theirs.count()
    await pane.locator(".mine .bubble").last.dblclick()
    await expect(composer).to_have_value("chi tieu tuldtt 2025 hcm")
    await composer.fill("chi tieu tuldtt 2045 hcm")
    await composer.press("Enter")
    await expect(pane.locator(".mine", has_text="đã sửa")).to_be_visible()
    await expect(theirs.filter(has_text="99%")).to_be_visible()
    await expect(theirs).to_have_count(answers)

    await pane.get_by_role("button", name="Các lệnh").click()
    await pane.locator(".pop").get_by_text("/kehoach", exact=True).click()
    plans = theirs.filter(has_text="Các kế hoạch tôi biết").last
    await plans.get_by_role("button", name="Thành ủy TP.HCM", exact=True).click()
    await expect(theirs.filter(has_text="31/12/2022").last).to_be_visible()


async def test_first_minutes_on_a_desktop(browser: Browser, sandbox: Sandbox) -> None:
    seen = await visit(browser, sandbox.url, viewport={"width": 1280, "height": 800})
    page = seen.page
    await play_first_minutes(page)

    second = page.locator(".seat", has_text="Phạm Quốc Bình")
    await second.hover()
    await second.get_by_role("button", name="bên cạnh").click()
    await expect(page.locator(".pane")).to_have_count(2)
    third = next(person for person in sandbox.people.values() if person.name == "Hồ Ngọc Lan")
    sandbox.start(third.id)
    await expect(page.locator(".seat", has_text="Hồ Ngọc Lan").locator(".badge")).to_have_text("1")

    await expect(page.locator(".clock time")).to_contain_text("02/11/2026")
    await page.get_by_role("button", name="+1 ngày").click()
    await expect(page.locator(".clock time")).to_contain_text("03/11/2026")
    assert sandbox.clock().astimezone(UTC).day == 3
    await expect(page.locator(".day").first).to_have_text("Hôm qua")

    await page.locator(".seat", has_text="Nhóm cán bộ").locator(".open").click()
    group = page.locator(".pane.active")
    composer = group.get_by_role("textbox", name="Tin nhắn")
    await composer.fill(f"@{sandbox.bot['username']} tưlđtt")
    await group.locator(".pop .card").first.click()
    await expect(group.locator(".mine", has_text=f"qua @{sandbox.bot['username']}")).to_be_visible()
    assert seen.complaints == []


async def test_first_minutes_on_a_phone_in_the_dark(browser: Browser, sandbox: Sandbox) -> None:
    size: Any = {"width": 390, "height": 844}
    seen = await visit(browser, sandbox.url, viewport=size, color_scheme="dark", has_touch=True)
    page = seen.page
    await page.locator(".seat .open").first.click()
    await play_first_minutes(page)
    overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0, "the page scrolls sideways"
    await page.get_by_role("button", name="Về danh sách").click()
    await expect(page.get_by_role("heading", name="Nhập vai")).to_be_visible()
    assert seen.complaints == []


async def test_a_month_from_the_card_on_top_of_the_chat(
    browser: Browser, sandbox: Sandbox, sqlite_database: Database
) -> None:
    """An officer on a phone: the pinned card, two taps, and the card says that the month is done."""
    async with sqlite_database.write() as db:
        await submit(db, (await plant(db)).may, MONDAY_NOON - timedelta(days=30), Period.month(2026, 9))
    size: Any = {"width": 390, "height": 844}
    seen = await visit(browser, sandbox.url, viewport=size, has_touch=True)
    page = seen.page
    await page.locator(".seat", has_text="Nguyễn Thị Hoa").locator(".open").click()
    pane = page.locator(".pane.active")
    theirs = pane.locator(".row:not(.mine)")
    await page.get_by_role("button", name="BẮT ĐẦU", exact=True).click()
    card = theirs.filter(has_text="Chào chị Hoa").first
    await expect(card).to_contain_text("Tháng 10/2026: chưa nộp, còn 3 ngày")
    await expect(pane.locator(".pin")).to_contain_text("Chào chị Hoa. 🔸 Tháng 10/2026: chưa nộp, còn 3 ngày")
    await card.get_by_role("button", name="Không có biến động", exact=True).click()
    await pane.get_by_role("button", name="Gửi", exact=True).last.click()
    await expect(theirs.filter(has_text="Đã nhận")).to_be_visible()
    await expect(card).to_contain_text("✅ Tháng 10/2026: đã nộp ngày 02/11/2026")
    await expect(pane.locator(".pin")).to_contain_text("✅ Tháng 10/2026: đã nộp")
    await expect(pane.locator(".hints")).to_contain_text("/lichsu")
    assert seen.complaints == []


async def test_many_units_are_invited_on_the_page_and_seen_joining(
    browser: Browser, sandbox: Sandbox, sqlite_database: Database
) -> None:
    """A supervisor fetches the codes of all units at once; somebody uses one, and the list on the screen says so."""
    async with sqlite_database.write() as db:
        tree = await plant(db)
        for number in range(1, 10):
            await units.add(
                db,
                code=f"M{number}",
                name=f"CĐCS Mới số {number}",
                kind=UnitKind.PRIVATE,
                registered_on=MONDAY_NOON.date(),
                parent_id=tree.upper.id,
            )
    seen = await visit(browser, sandbox.url, viewport={"width": 1280, "height": 800})
    page = seen.page
    await page.locator(".seat", has_text="Lê Văn Hùng").locator(".open").click()
    await page.get_by_role("button", name="BẮT ĐẦU", exact=True).click()
    pane = page.locator(".pane.active")
    theirs, composer = pane.locator(".row:not(.mine)"), pane.get_by_role("textbox", name="Tin nhắn")
    await composer.fill("/moi")
    await composer.press("Enter")
    await theirs.get_by_role("button", name="Mời cả loạt", exact=True).last.click()
    table = theirs.filter(has_text="Mã mời cho 9 đơn vị").last
    await expect(table.locator("a.file")).to_have_attribute("download", "ma-moi_CT1.xlsx")
    await expect(theirs.filter(has_text="cắt rời").last.locator("a.file")).to_be_visible()
    file_id = (await table.locator("a.file").get_attribute("href") or "").rpartition("/")[2]
    await theirs.get_by_role("button", name="Ai đã tham gia", exact=True).last.click()
    watched = theirs.filter(has_text="CĐCS Mới số 1 – đã có mã mời").last
    await expect(watched).to_contain_text("Đã tham gia 3/12")

    sandbox.start(GUEST.id, _codes_in(sandbox.files[file_id].data)["M1"])
    await expect(theirs.filter(has_text="Đã tham gia 4/12")).to_contain_text("✅ CĐCS Mới số 1")
    await expect(theirs.filter(has_text="đã dùng mã mời").last).to_contain_text("Khôi")
    assert seen.complaints == []


def _codes_in(workbook: bytes) -> dict[str, str]:
    """The codes of a workbook of invitations, by the code of the unit."""
    rows = load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows(values_only=True)
    return {str(row[2]): str(row[6]) for row in rows if str(row[0]).isdecimal()}


async def test_a_nudge_from_the_supervisors_phone_reaches_the_officers(
    browser: Browser, sandbox: Sandbox, sqlite_database: Database
) -> None:
    """Who has not sent, one tap, and the officer has a reminder; then an invitation. Nothing is cut off in the dark."""
    async with sqlite_database.write() as db:
        await sample.seed(db, MONDAY_NOON, ZoneInfo("Asia/Ho_Chi_Minh"))
    hoa = next(person for person in sandbox.people.values() if person.name == "Nguyễn Thị Hoa")
    hoa.started = True
    size: Any = {"width": 390, "height": 844}
    seen = await visit(browser, sandbox.url, viewport=size, has_touch=True, color_scheme="dark")
    page = seen.page
    await page.locator(".seat", has_text="Lê Văn Hùng").locator(".open").click()
    await expect(page.locator(".pane.active .empty")).to_contain_text("tra chỉ tiêu, nhiệm vụ, thời hạn")
    await page.get_by_role("button", name="BẮT ĐẦU", exact=True).click()
    pane = page.locator(".pane.active")
    theirs, offered = pane.locator(".row:not(.mine)"), pane.locator(".hints")
    await expect(offered).to_contain_text("ai chưa nộp?")
    await offered.get_by_role("button", name="ai chưa nộp?", exact=True).click()
    missing = theirs.filter(has_text="Chưa nộp tháng 10/2026")
    await missing.get_by_role("button", name="Nhắc CĐCS Công ty May Sông Xanh", exact=True).click()
    await expect(page.locator("dialog")).to_contain_text("Đã nhắc 1 cán bộ")
    await page.get_by_role("button", name="Đóng", exact=True).click()
    assert await sandbox.wait_until(lambda: any(message.by_bot for message in sandbox.chats[hoa.id].shown))

    composer = pane.get_by_role("textbox", name="Tin nhắn")
    await composer.fill("/moi TP-001")
    await composer.press("Enter")
    for label in ("Mời cán bộ", "Cán bộ nhập liệu"):
        await pane.get_by_role("button", name=label, exact=True).last.click()
    await expect(theirs.filter(has_text=f"t.me/{sandbox.bot['username']}?start=")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "the page scrolls sideways"
    for button in await page.locator(".hints button, .jumps button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["x"] >= 0, "a button is cut off"
        assert box["x"] + box["width"] <= size["width"], "a button is cut off"
    assert seen.complaints == []


class Phone:
    """The admin's chat on a phone: the newest message of the bot, and the buttons under it.

    Where `pictures` names a folder, each step is kept in it as a picture, light and dark.
    """

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page = page
        self.pane = page.locator(".pane.active")
        self.composer = self.pane.get_by_role("textbox", name="Tin nhắn")
        self.taps = 0
        self._pictures = pictures
        self._taken = 0

    async def sends(self, file: Path) -> None:
        await self.pane.locator("input[type=file]").set_input_files(file)

    async def says(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def taps_on(self, label: str) -> None:
        """Taps the newest button of that label."""
        self.taps += 1
        await self.pane.get_by_role("button", name=label, exact=True).last.tap()

    async def sees(self, *pieces: str) -> None:
        """Waits until the newest message of the bot holds each piece, and is seen whole across."""
        newest = self.pane.locator(".row:not(.mine)").last
        for piece in pieces:
            await expect(newest).to_contain_text(piece)
        overflow = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, "the page scrolls sideways"
        if self._pictures is not None:
            self._taken += 1
            await self.page.wait_for_timeout(250)  # what was just drawn is still moving
            for scheme in SCHEMES:
                await self.page.emulate_media(color_scheme=scheme)
                await self.page.screenshot(path=self._pictures / f"{self._taken:02}-{scheme}.png")

    async def asks_until(self, piece: str) -> None:
        """Asks until the answer holds `piece`: the catalogue is renewed beside the answers."""
        for _ in range(40):
            answers = await self.pane.locator(".row:not(.mine)").count()
            await self.says(QUESTION)
            await expect(self.pane.locator(".row:not(.mine)")).to_have_count(answers + 1)
            if piece in await self.pane.locator(".row:not(.mine)").last.inner_text():
                return await self.sees(piece)
        raise AssertionError(f"no answer holds “{piece}”")


async def approve_the_first_version(phone: Phone, file: Path) -> None:
    """Sent, corrected twice in words, a table passed over at once, approved, asked."""
    await phone.says(QUESTION)
    await phone.sees("không có trong các kế hoạch")
    await phone.sends(file)
    await phone.sees("Kế hoạch số 45/KH-LĐLĐ", "2 chỗ cần xem, 8 con số còn lại")
    phone.taps = 0
    await phone.taps_on("Xem từng chỗ")
    await phone.sees("Một con số cho hai việc")
    await phone.taps_on("Sửa")
    await phone.sees("chỉ gõ chỗ sai")
    await phone.says("95%")
    await phone.sees("Đã sửa: 95%", "ước chừng")
    await phone.taps_on("Sửa")
    await phone.sees("chỉ gõ chỗ sai")
    await phone.says("từ 65% trở lên, đến 2028")
    await phone.sees("Đã sửa: từ 65% trở lên – đến 2028", "Con số 20 có phải là chỉ tiêu không")
    await phone.taps_on("Bỏ qua")
    await phone.sees("Con số 35 có phải là chỉ tiêu không")
    await phone.taps_on("Bỏ qua")
    await phone.sees("Vĩnh Hòa", "14, 1.250, 9, 640, 12, 980")
    await phone.taps_on("Bỏ qua cả bảng")
    await phone.sees("Nội dung chỉ tiêu cần đối chiếu")
    await phone.taps_on("Đồng ý tất cả")
    await phone.sees("Thời hạn sẽ được nhắc")
    await phone.taps_on("Đồng ý nhắc")
    await phone.sees("không còn chỗ nào cần xem")
    await phone.taps_on("Duyệt")
    await phone.sees("Đã duyệt", "45/KH-LĐLĐ")
    assert phone.taps <= 15
    await phone.asks_until("từ 80% trở lên")
    await phone.sees("45/KH-LĐLĐ", "mục I.2.1")


async def replace_it_and_withdraw(phone: Phone, file: Path) -> None:
    """A newer version is sent, held against the first, takes its place, and is withdrawn."""
    await phone.sends(file)
    await phone.sees("Kế hoạch số 52/KH-LĐLĐ", "cùng nội dung: 45/KH-LĐLĐ")
    await phone.taps_on("Xem từng chỗ")
    await phone.sees("Một con số cho hai việc")
    await phone.taps_on("Đúng")
    await phone.sees("Con số 20")
    await phone.taps_on("Bỏ qua tất cả")
    await phone.sees("Thời hạn sẽ được nhắc")
    await phone.taps_on("Đồng ý nhắc")
    await phone.sees("không còn chỗ nào cần xem")
    await phone.taps_on("So với 45/KH-LĐLĐ")
    await phone.sees("Thay đổi", "từ 80% trở lên (đến 2030) → từ 90% trở lên")
    await phone.taps_on("Câu trả lời nào đổi")
    await phone.sees("Hỏi thử", "từ 90% trở lên")
    await phone.taps_on("Quay lại")
    await phone.sees("không còn chỗ nào cần xem")
    await phone.taps_on("Duyệt")
    await phone.sees("Kế hoạch mới có thay kế hoạch nào không")
    await phone.taps_on("Thay 45/KH-LĐLĐ")
    await phone.sees("thay cho 45/KH-LĐLĐ")
    await phone.asks_until("từ 90% trở lên")

    await phone.says("/kehoach")
    await phone.sees("đã được thay thế")
    await phone.taps_on("LĐLĐ tỉnh Vĩnh An – 52/KH-LĐLĐ")
    await phone.sees("52/KH-LĐLĐ", "Đơn vị áp dụng: chưa đặt cho đơn vị nào")
    await phone.taps_on("Rút lại")
    await phone.sees("có hiệu lực trở lại")
    await phone.taps_on("Rút lại")
    await phone.sees("Đã rút lại", "45/KH-LĐLĐ (LĐLĐ tỉnh Vĩnh An) có hiệu lực trở lại")
    await phone.asks_until("từ 80% trở lên")


async def test_the_life_of_a_plan_on_an_admins_phone(browser: Browser, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.clock.move(timedelta(days=21))  # past the day of either version
    sandbox.add_person(Player(ADMIN_ID, "Lê Thị", "Thanh", role="Quản trị", started=True))
    size: Any = {"width": 390, "height": 844}
    seen = await visit(browser, sandbox.url, viewport=size, has_touch=True)
    await seen.page.locator(".seat", has_text="Lê Thị Thanh").locator(".open").tap()
    pictures = os.environ.get("PICTURES")
    phone = Phone(seen.page, Path(pictures) if pictures else None)
    await approve_the_first_version(phone, word_file(tmp_path / "KH 45.docx", PLAN, ANNEX))
    await replace_it_and_withdraw(phone, word_file(tmp_path / "KH 52.docx", NEWER))
    assert seen.complaints == []


async def test_files_pictures_and_the_phone_number(browser: Browser, drawing_board: Sandbox) -> None:
    seen = await visit(browser, drawing_board.url, viewport={"width": 1000, "height": 760})
    page = seen.page
    pane = page.locator(".pane.active")
    composer = pane.get_by_role("textbox", name="Tin nhắn")
    await page.get_by_role("button", name="BẮT ĐẦU", exact=True).click()
    await pane.locator(".board").get_by_role("button", name="Chia sẻ số điện thoại").click()
    await page.get_by_role("button", name="Chia sẻ", exact=True).click()
    await expect(pane.get_by_text("Đã nhận ra anh/chị.")).to_be_visible()

    workbook: FilePayload = {"name": "bảng tháng 10.xlsx", "mimeType": "application/zip", "buffer": b"PK"}
    await pane.locator("input[type=file]").set_input_files(files=[workbook])
    await expect(pane.get_by_text("Đã nhận tệp bảng tháng 10.xlsx.")).to_be_visible()
    await composer.fill("tệp")
    await composer.press("Enter")
    async with page.expect_download() as download:
        await pane.locator(".row:not(.mine) a.file").click()
    assert (await download.value).suggested_filename == "tong-hop-10-2026.xlsx"
    await composer.fill("biểu đồ")
    await composer.press("Enter")
    await pane.locator(".photo img").click()
    await expect(page.locator("dialog.light img")).to_be_visible()
    await page.keyboard.press("Escape")
    assert seen.complaints == []


async def test_text_from_anywhere_stays_text(browser: Browser, sandbox: Sandbox) -> None:
    seen = await visit(browser, sandbox.url, viewport={"width": 1000, "height": 760})
    pane = seen.page.locator(".pane.active")
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> & <b>đậm</b>"
    first = next(iter(sandbox.people))
    sandbox.say(first, hostile)
    await expect(pane.locator(".mine .text").first).to_contain_text(hostile)
    assert await pane.locator(".text img, .text script").count() == 0
    assert seen.complaints == []
