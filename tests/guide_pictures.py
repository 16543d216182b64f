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
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.plan_texts import PLAN, word_file
from tests.e2e.test_browser import CHROMIUM, FLAGS
from tests.phone import ADMIN, OFFICER, PATIENCE, STILL, SUPERVISOR, Phone, open_demo

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
MOST_BYTES: Final = 60_000
COLOURS: Final = (128, 64, 32, 16)


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
    async with open_demo(browser) as phone:
        await scene(phone)
        await phone.page.wait_for_timeout(STILL)
        (FOLDER / f"{name}.png").write_bytes(make_small(await phone.page.screenshot()))


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
