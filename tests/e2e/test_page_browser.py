"""The mid-term form as a page in a real browser, opened by its button in the chat, on a phone, light and dark."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from knowledge.forms import TERM_FORM
from storage.engine import Database
from tests.e2e.test_browser import CHROMIUM, SCHEMES, browser, visit
from tests.e2e.test_page import PERIOD, page_town

__all__ = ["browser"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)")


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_an_officer_fills_in_and_sends_on_a_phone(
    browser: Browser, sqlite_database: Database, scheme: str
) -> None:
    async with page_town(sqlite_database) as town:
        hoa = await town.officer()
        await hoa.says("/baocao")
        await hoa.hears("0/55")
        phone = {"width": 390, "height": 844}
        url = town.chat.sandbox.url
        seen = await visit(browser, url, viewport=phone, color_scheme=scheme)
        await seen.page.evaluate(
            "person => fetch('/sandbox/web_app', {method: 'POST', body: JSON.stringify({person})})"
            ".then(answer => answer.json()).then(opened => { window.opened = opened.data; })",
            hoa.id,
        )
        data = await seen.page.evaluate("window.opened")
        address = await town.opens(hoa)
        await seen.page.evaluate("([url, data]) => showWebApp(url, data)", [address, data])
        form = seen.page.frame_locator("iframe")
        first = form.locator("#f-i25")
        await first.fill("nhiều")
        await form.get_by_role("button", name="Lưu").click()
        await expect(form.locator("#w-i25")).to_contain_text("nhiều")
        await first.fill("1.200")
        await form.locator("#leave").check()
        await form.get_by_role("button", name="Lưu").click()
        await expect(form.locator("#state")).to_have_text("Đã lưu.")
        await expect(form.locator("summary").first).to_contain_text("1/")
        frame = next(each for each in seen.page.frames if each.url.startswith(town.origin))
        assert await frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        light = await frame.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (light == "rgb(255, 255, 255)") is (scheme == "light")
        seen.page.on("dialog", lambda dialog: dialog.accept())
        await form.get_by_role("button", name="Gửi").click()
        await expect(form.locator("#state")).to_contain_text("Đã nhận")
        await hoa.sees("Đã nhận")
        stored = await town.current(town.may, PERIOD, TERM_FORM)
        assert stored is not None
        assert stored.figures == {"i25": 1200}
        assert [each for each in seen.complaints if "network" not in each] == []
