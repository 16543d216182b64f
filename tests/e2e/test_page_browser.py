"""The mid-term form as a page in a real browser, opened by its button in the chat, on a phone, light and dark."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect

from knowledge.forms import TERM_FORM
from storage.engine import Database
from tests.e2e.test_browser import CHROMIUM, SCHEMES, browser, visit
from tests.e2e.test_page import PERIOD, PageTown, page_town

__all__ = ["browser"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)")


async def keeps(town: PageTown, row: str) -> None:
    """Wait until the draft holds a figure for the row: a page that closed waits for no answer."""
    async with asyncio.timeout(60):
        while True:
            draft = await town.draft(town.may, PERIOD, TERM_FORM)
            if draft is not None and row in draft.state["sheet"]["figures"]:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_an_officer_fills_in_and_sends_on_a_phone(
    browser: Browser, sqlite_database: Database, scheme: str
) -> None:
    async with page_town(sqlite_database) as town:
        hoa = await town.officer()
        await hoa.says("/baocao")
        await hoa.hears("0/55")
        phone = {"width": 390, "height": 844}
        seen = await visit(browser, town.chat.sandbox.url, viewport=phone, color_scheme=scheme)
        page = seen.page
        await page.get_by_text(hoa.person.name, exact=True).first.click()
        button = page.locator(".pane.active").get_by_role("button", name="Điền trên trang")
        form = page.frame_locator("iframe")

        await button.click()
        await form.locator("#f-i25").fill("nhiều")
        await form.locator("#f-i26").fill("bảy")
        await form.locator("#f-i26").blur()
        await expect(form.locator("#w-i25")).to_contain_text("nhiều")
        await expect(form.locator("#w-i26")).to_contain_text("“bảy” ghi thành 7")
        await form.locator("#f-i25").fill("1.200")
        await form.get_by_role("button", name="Lưu").click()
        await expect(form.locator("#state")).to_have_text("Đã lưu.")
        await form.locator("#f-i25_tien").fill("55")
        await form.locator("#f-i26_tien").fill("hỏi lại")
        await page.get_by_role("button", name="Đóng trang").click()  # at once: nothing was blurred or saved
        await keeps(town, "i25_tien")

        await button.click()
        await expect(form.locator("#f-i26")).to_have_value("7")
        await expect(form.locator("#f-i25")).to_have_value("1.200")
        last = form.locator("#f-i25_tien")
        await expect(last).to_have_value("55")
        await expect(form.locator("#f-i26_tien")).to_have_value("hỏi lại")
        await form.locator("#f-i26_tien").fill("")
        await form.locator("summary").filter(has_text="tổ chức").click()
        await form.locator("#f-i46_moi").fill("12")
        await form.locator("#f-i46_giam").fill("2")
        await form.locator("#f-i46_giam").blur()
        await expect(form.locator("[data-total=i46_thuc_te]")).to_have_text("10")
        await expect(form.get_by_text("tự tính từ các mục khác")).to_be_visible()
        await form.locator("#leave").check()
        await form.get_by_role("button", name="Lưu").click()
        await expect(form.locator("#empty")).to_be_hidden()
        await expect(form.locator("summary").first).to_contain_text("3/")
        frame = next(each for each in page.frames if each.url.startswith(town.origin))
        assert await frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        light = await frame.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (light == "rgb(255, 255, 255)") is (scheme == "light")
        page.on("dialog", lambda dialog: dialog.accept())
        await form.get_by_role("button", name="Gửi").click()
        await expect(form.locator("#state")).to_contain_text("Đã nhận")
        await page.get_by_role("button", name="Đóng trang").click()
        await expect(page.locator(".pane.active .row:not(.mine)").filter(has_text="Đã nhận").last).to_be_visible()
        stored = await town.current(town.may, PERIOD, TERM_FORM)
        assert stored is not None
        assert stored.figures == {
            "i25": 1200,
            "i25_tien": 55,
            "i26": 7,
            "i46_moi": 12,
            "i46_giam": 2,
            "i46_thuc_te": 10,
        }
        assert [each for each in seen.complaints if "network" not in each] == []


async def test_what_a_colleague_changed_is_overwritten_on_purpose_only(
    browser: Browser, sqlite_database: Database
) -> None:
    async with page_town(sqlite_database) as town:
        hoa, minh = await town.officer(), await town.officer("Trần Minh", town.may)
        address = await town.opens(hoa)
        seen = await visit(browser, town.chat.sandbox.url)
        page = seen.page
        await page.get_by_text(hoa.person.name, exact=True).first.click()
        form = page.frame_locator("iframe")
        await page.locator(".pane.active").get_by_role("button", name="Điền trên trang").click()
        await expect(form.locator("#f-i25")).to_have_value("")
        await town.asks("save", minh, address, version=1, rows={"i25": "1200"})
        await form.locator("#f-i25").fill("7")
        button = form.get_by_role("button", name="Lưu")
        await button.dispatch_event("pointerdown")  # the field loses its focus, and saves, under the finger
        await form.locator("#f-i25").blur()
        await expect(form.locator("#state")).to_contain_text("Trần Minh vừa sửa")
        await button.dispatch_event("click")
        await expect(form.locator("#state")).to_contain_text("Trần Minh vừa sửa")
        await form.locator("#f-i26").fill("5")
        await form.locator("#f-i26").blur()
        await page.get_by_role("button", name="Đóng trang").click()
        await keeps(town, "i26")
        draft = await town.draft(town.may, PERIOD, TERM_FORM)
        assert draft is not None
        assert draft.state["sheet"]["figures"] == {"i25": "1200", "i26": "5"}
