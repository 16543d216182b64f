"""The demo on a phone: one person's chat on its page, in a browser as wide as a phone."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot import app
from bot.sandbox import NO_LIMITS, MovableClock, serve
from bot.terminal.demo import add_more, demo_settings, seed
from storage.engine import Database

WIDTH: Final = 390
HEIGHT: Final = 760
STARTED_AT: Final = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
"""A Tuesday morning, two days before October's figures are due."""
PATIENCE: Final = 15_000  # milliseconds
STILL: Final = 600  # milliseconds until what was drawn has come to rest
OFFICER, SUPERVISOR, ADMIN = "Nguyễn Thị Hoa", "Lê Văn Hùng", "Trần Thị Mai"
BEGIN: Final = "Bắt đầu"
NOT_JOINED, GUEST = "Hồ Ngọc Lan", "Đỗ Minh Khôi"


@dataclass
class Phone:
    """One person's chat on the page."""

    page: Page

    async def opens(self, name: str) -> None:
        """Opens somebody's chat; whoever never wrote begins it by the button that stands there, others by /start."""
        await self.page.locator(".seat", has_text=name).locator(".open").click()
        begins = self.page.locator(".pane.active").get_by_role("button", name=BEGIN)
        composer = self.page.locator(".pane.active").get_by_role("textbox", name="Tin nhắn")
        await expect(begins.or_(composer)).to_be_visible()
        if await begins.is_visible():
            await begins.click()
        else:
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


@asynccontextmanager
async def open_demo(browser: Browser, *, height: int = HEIGHT, more: bool = False) -> AsyncIterator[Phone]:
    """A demo that has just begun, on a page of its own in light colours.

    Args:
        more: with all that `troly demo` begins with, or with monthly reports only.
    """
    clock = MovableClock(start_at=STARTED_AT)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = await stack.enter_async_context(serve(limits=NO_LIMITS, clock=clock))
        database = await Database.open(f"sqlite:///{folder / 'demo.db'}")
        stack.push_async_callback(database.close)
        await seed(database, sandbox, clock)
        if more:
            await add_more(database, clock)
        await stack.enter_async_context(app.running(app.build(demo_settings(sandbox, folder), database, clock=clock)))
        size = ViewportSize(width=WIDTH, height=height)
        context = await browser.new_context(locale="vi-VN", viewport=size, color_scheme="light")
        stack.push_async_callback(context.close)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(sandbox.url)
        yield Phone(page)
