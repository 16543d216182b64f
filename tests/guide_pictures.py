"""The pictures of the guides: the demo at the width of a phone, light, as small PNG files in docs/pictures.

Run it by `make pictures` after screens have changed. Each picture is a scene of its own in a demo that has just
begun, so one that cannot be taken any more is named and leaves the others alone.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

from bot import app
from bot.sandbox import NO_LIMITS, MovableClock, serve
from bot.terminal.demo import demo_settings, seed
from storage.engine import Database
from tests.e2e.plan_texts import PLAN, word_file
from tests.e2e.test_browser import CHROMIUM, FLAGS

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT, MOST_BYTES = 390, 760, 60_000
STARTED_AT: Final = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
"""A Tuesday morning, two days before October's figures are due."""
PATIENCE: Final = 15_000  # milliseconds
COLOURS: Final = (128, 64, 32, 16)
STILL: Final = 600  # milliseconds until what was drawn has come to rest
OFFICER, SUPERVISOR, ADMIN = "Nguyễn Thị Hoa", "Lê Văn Hùng", "Trần Thị Mai"


@dataclass
class Phone:
    """One person's chat on the page."""

    page: Page

    async def opens(self, name: str) -> None:
        await self.page.locator(".seat", has_text=name).locator(".open").click()
        await self.says("/start")
        await expect(self.newest).to_be_visible()

    @property
    def newest(self) -> Locator:
        return self.page.locator(".pane.active .row:not(.mine)").last

    async def says(self, text: str) -> None:
        composer = self.page.locator(".pane.active").get_by_role("textbox", name="Tin nhắn")
        await composer.fill(text)
        await composer.press("Enter")

    async def taps(self, *labels: str) -> None:
        """Taps the newest button of each label in turn."""
        for label in labels:
            await self.page.locator(".pane.active").get_by_role("button", name=label, exact=True).last.click()
            await self.page.wait_for_timeout(STILL)

    async def sees(self, piece: str) -> None:
        await expect(self.page.locator(".pane.active .row:not(.mine)", has_text=piece).last).to_be_visible()

    async def looks_at_the_beginning(self) -> None:
        """Scrolls so that the newest message is seen from its first line, below the day that floats above."""
        await self.page.wait_for_timeout(STILL)
        await self.newest.evaluate("row => row.parentNode.scrollTop = row.offsetTop - 44")

    async def sends(self, file: Path) -> None:
        await self.page.locator(".pane.active input[type=file]").set_input_files(file)


async def home_card(phone: Phone) -> None:
    await phone.opens(OFFICER)
    await phone.sees("chưa nộp")


async def month_without_change(phone: Phone) -> None:
    await phone.opens(OFFICER)
    await phone.taps("Không có biến động")
    await phone.sees("Xem lại trước khi gửi")


async def month_with_changes(phone: Phone) -> None:
    await phone.opens(OFFICER)
    await phone.taps("Có thay đổi")
    await phone.sees("1/")


async def receipt(phone: Phone) -> None:
    await month_without_change(phone)
    await phone.taps("Gửi")
    await phone.sees("Đã nhận")


async def totals(phone: Phone) -> None:
    await phone.opens(SUPERVISOR)
    await phone.says("/tonghop")
    await phone.sees("Tổng hợp")
    await phone.looks_at_the_beginning()


async def missing_and_nudge(phone: Phone) -> None:
    await phone.opens(SUPERVISOR)
    await phone.taps("Ai chưa nộp")
    await phone.sees("chưa nộp")


async def invitation(phone: Phone) -> None:
    await phone.opens(SUPERVISOR)
    await phone.says("/moi May Sông Xanh")
    await phone.sees("Mã TP-001")
    await phone.taps("Mời cán bộ", "Cán bộ nhập liệu")
    await phone.sees("/start")


async def approving(phone: Phone) -> None:
    await phone.opens(ADMIN)
    with tempfile.TemporaryDirectory() as folder:
        await phone.sends(word_file(Path(folder) / "KH 45.docx", PLAN))
        await phone.sees("Xem từng chỗ")


SCENES: Final[dict[str, Callable[[Phone], Awaitable[None]]]] = {
    "the-can-bo": home_card,
    "thang-khong-bien-dong": month_without_change,
    "thang-co-thay-doi": month_with_changes,
    "bien-nhan": receipt,
    "tong-hop": totals,
    "ai-chua-nop": missing_and_nudge,
    "moi-can-bo": invitation,
    "duyet-ke-hoach": approving,
}


async def take(browser: Browser, name: str, scene: Callable[[Phone], Awaitable[None]]) -> None:
    """One scene in a demo of its own, as a picture; what cannot be played raises."""
    clock = MovableClock(start_at=STARTED_AT)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = await stack.enter_async_context(serve(limits=NO_LIMITS, clock=clock))
        database = await Database.open(f"sqlite:///{folder / 'demo.db'}")
        stack.push_async_callback(database.close)
        await seed(database, sandbox, clock)
        await stack.enter_async_context(app.running(app.build(demo_settings(sandbox, folder), database, clock=clock)))
        size = ViewportSize(width=WIDTH, height=HEIGHT)
        context = await browser.new_context(locale="vi-VN", viewport=size, color_scheme="light")
        stack.push_async_callback(context.close)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(sandbox.url)
        await scene(Phone(page))
        await page.wait_for_timeout(STILL)
        (FOLDER / f"{name}.png").write_bytes(make_small(await page.screenshot()))


def make_small(picture: bytes) -> bytes:
    """The picture with as many colours as fit into `MOST_BYTES`."""
    for colours in COLOURS:
        made = io.BytesIO()
        plain = Image.open(io.BytesIO(picture)).convert("RGB")
        plain.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= MOST_BYTES:
            break
    return made.getvalue()


async def main(names: list[str]) -> int:
    """Take the named pictures, or all; how many could not be taken."""
    FOLDER.mkdir(exist_ok=True)
    failed = 0
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, scene in SCENES.items():
            if names and name not in names:
                continue
            try:
                await take(browser, name, scene)
            except Exception as error:
                failed += 1
                print(f"{name}: not taken: {' '.join(str(error).split())[:300]}")
            else:
                print(f"{name}: {(FOLDER / f'{name}.png').stat().st_size // 1000} KB")
        await browser.close()
    return failed


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main(sys.argv[1:])) else 0)
