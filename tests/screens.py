"""Every screen as it looks on a phone, in light and in dark: to look over after wording or buttons changed.

Run it by `make screens`; it puts sheets of screens into build/screens. A scene is a person and what they do in a demo
that has just begun; a step that cannot be taken any more is named with the buttons that were there.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from playwright.async_api import Browser, Error, async_playwright

from knowledge.text import fold
from tests.e2e.test_browser import CHROMIUM, FLAGS
from tests.phone import ADMIN, GUEST, NOT_JOINED, OFFICER, STILL, SUPERVISOR, WIDTH, Phone, open_demo

FOLDER: Final = Path(__file__).parents[1] / "build" / "screens"
HEIGHT: Final = 844
ACROSS: Final = 5
CAPTION: Final = 20  # pixels above each screen
PATIENCE: Final = 6_000  # milliseconds
ANSWERING: Final = 500  # milliseconds beyond which an answer is seldom still coming

SCENES: Final[dict[str, tuple[str, ...]]] = {
    # Newcomers
    "khách": (GUEST,),
    "khách hỏi": (GUEST, "chỉ tiêu TƯLĐTT 2025?"),
    "khách muốn nộp": (GUEST, "/baocao"),
    "khách mã sai": (GUEST, "mã: 8F3KQ2"),
    "khách trợ giúp": (GUEST, "/help"),
    "chưa tham gia": (NOT_JOINED,),
    # Officers: the month
    "thẻ": (OFFICER,),
    "không biến động": (OFFICER, "[Không có biến động]"),
    "biên nhận": (OFFICER, "[Không có biến động]", "[Gửi]"),
    "thẻ sau khi gửi": (OFFICER, "[Không có biến động]", "[Gửi]", "/start"),
    "sửa": (OFFICER, "[Không có biến động]", "[Sửa]"),
    "có thay đổi": (OFFICER, "[Có thay đổi]"),
    "có thay đổi, giảm": (OFFICER, "[Có thay đổi]", "[5]"),
    "có thay đổi, tổng": (OFFICER, "[Có thay đổi]", "[5]", "[2]"),
    "số khác": (OFFICER, "[Có thay đổi]", "[Số khác]"),
    "12,5 người": (OFFICER, "[Có thay đổi]", "12,5"),
    "số âm": (OFFICER, "[Có thay đổi]", "-3"),
    "một tin": (OFFICER, "báo cáo tháng 10: cnvclđ 1325, đv 1255, mới 12, giảm 3"),
    "một tin, lý do": (
        OFFICER,
        "báo cáo tháng 10: cnvclđ 1325, đv 1255, mới 12, giảm 3",
        "chuyển đoàn viên sang đơn vị khác",
    ),
    "một tin còn nghi": (OFFICER, "tháng 10 kết nạp khoảng 10 đến 12 người, giảm 3"),
    "hỏi giữa chừng": (OFFICER, "[Có thay đổi]", "chỉ tiêu kết nạp 2025?"),
    "hủy": (OFFICER, "[Có thay đổi]", "/huy"),
    "nộp bằng bảng": (OFFICER, "cho tôi xin biểu mẫu excel"),
    "kỳ khác": (OFFICER, "/baocao", "[Kỳ khác]"),
    "báo cáo quý": (OFFICER, "báo cáo quý 4"),
    "lịch sử": (OFFICER, "/lichsu"),
    "lịch sử, chi tiết": (OFFICER, "/lichsu", "[Tháng 08/2026]"),
    "hạn": (OFFICER, "/han"),
    "gia hạn": (OFFICER, "xin gia hạn báo cáo tháng 10 thêm 1 tuần"),
    "gia hạn đã gửi": (OFFICER, "xin gia hạn báo cáo tháng 10 thêm 1 tuần", "kế toán nghỉ ốm"),
    "gia hạn không rõ": (OFFICER, "xin gia hạn"),
    "nhắc": (OFFICER, "/nhac"),
    "nhắc, tắt một tuần": (OFFICER, "/nhac", "[Tắt 1 tuần]"),
    "tôi": (OFFICER, "/toi"),
    "tôi, xưng hô": (OFFICER, "/toi", "[Xưng hô: chị]"),
    "trợ giúp": (OFFICER, "/help"),
    "xóa dữ liệu": (OFFICER, "/xoadulieu"),
    "đến hạn": (OFFICER, "→ đến hạn nộp"),
    "cảm ơn": (OFFICER, "em cảm ơn ạ"),
    "liên hệ": (OFFICER, "/lienhe"),
    "đợt": (OFFICER, "[Nộp ngay: đợt Sơ kết giữa nhiệm kỳ]"),
    "chỉ tiêu, ý kiến": (OFFICER, "đơn vị em chưa đạt được chỉ tiêu này"),
    # Officers: questions
    "hỏi": (OFFICER, "chỉ tiêu TƯLĐTT 2025?"),
    "hỏi, im lặng": (OFFICER, "thủ tục hưởng chế độ thai sản thế nào?"),
    "hỏi, không rõ": (OFFICER, "chỉ tiêu của Toyota năm 2025"),
    "hỏi hạn": (OFFICER, "hạn nộp báo cáo"),
    "hỏi nhiệm vụ": (OFFICER, "nhiệm vụ của công đoàn cơ sở là gì"),
    "hỏi đúng không": (OFFICER, "TƯLĐTT 2025 là 80% đúng không?"),
    "hỏi được giao": (OFFICER, "đơn vị em được giao bao nhiêu đoàn viên mới năm nay ạ"),
    "chỉ tiêu": (OFFICER, "/chitieu"),
    "kế hoạch": (OFFICER, "/kehoach"),
    # Supervisors
    "cấp trên": (SUPERVISOR,),
    "tổng hợp": (SUPERVISOR, "/tonghop"),
    "tổng hợp, đơn vị": (SUPERVISOR, "/tonghop", "[Các đơn vị (8)]"),
    "tổng hợp, chi tiết": (SUPERVISOR, "/tonghop", "[Chi tiết]"),
    "tổng hợp, biểu đồ": (SUPERVISOR, "/tonghop", "[Chi tiết]", "[Biểu đồ]"),
    "chưa nộp": (SUPERVISOR, "/chuanop"),
    "nhắc tất cả": (SUPERVISOR, "/chuanop", "[Nhắc tất cả]"),
    "mời": (SUPERVISOR, "/moi"),
    "mời cả loạt": (SUPERVISOR, "/moi", "[Mời cả loạt]"),
    "mời một": (SUPERVISOR, "/moi May Sông Xanh"),
    "ai đã tham gia": (SUPERVISOR, "/moi", "[Ai đã tham gia]"),
    "đặt hạn": (SUPERVISOR, "/dathan"),
    "đặt hạn, xem lại": (SUPERVISOR, "/dathan", "nộp hồ sơ khen thưởng trước 20/12, cho các CĐCS"),
    "đặt hạn, đã đặt": (SUPERVISOR, "/dathan", "nộp hồ sơ khen thưởng trước 20/12, cho các CĐCS", "[Đặt hạn]"),
    "đặt hạn, ngày chết": (SUPERVISOR, "/dathan", "nộp hồ sơ ngày 31/11"),
    "thông báo": (SUPERVISOR, "/thongbao", "Kính mời các đồng chí dự hội nghị sáng thứ Hai, 8h tại hội trường."),
    "thông báo, đã gửi": (
        SUPERVISOR,
        "/thongbao",
        "Kính mời các đồng chí dự hội nghị sáng thứ Hai, 8h tại hội trường.",
        "[Gửi cho 2 người]",
    ),
    "giao chỉ tiêu": (SUPERVISOR, "/giaochitieu"),
    "giao, kết nạp": (SUPERVISOR, "/giaochitieu", "[Kết nạp mới]"),
    "giao, xem lại": (SUPERVISOR, "giao kết nạp 2026: May Sông Xanh 150, Cơ khí Tân Phong 30, còn lại giữ nguyên"),
    "giao, đã giao": (
        SUPERVISOR,
        "giao kết nạp 2026: May Sông Xanh 150, Cơ khí Tân Phong 30, còn lại giữ nguyên",
        "[Giao]",
    ),
    "giao, hỏi lại": (SUPERVISOR, "giao kết nạp 2026: Tân Phong 30"),
    "tiến độ": (SUPERVISOR, "/chitieu"),
    "tiến độ, đơn vị": (SUPERVISOR, "/chitieu", "[Các đơn vị: Kết nạp mới]"),
    "ai chậm": (SUPERVISOR, "đơn vị nào chậm kết nạp nhất"),
    "kết quả": (SUPERVISOR, "→ đến hạn nộp", "→ 08:30 sáng mai"),
    "cấp trên, liên hệ": (SUPERVISOR, "/lienhe"),
    "cấp trên, trợ giúp": (SUPERVISOR, "/help"),
    # Admins
    "quản trị": (ADMIN,),
    "quản trị, tổng hợp": (ADMIN, "/tonghop"),
    "quản trị, đơn vị": (ADMIN, "/donvi"),
    "quản trị, một đơn vị": (ADMIN, "/donvi may sông xanh"),
    "quản trị, thay đổi": (ADMIN, "/donvi may sông xanh", "[Thay đổi]"),
    "quản trị, biểu mẫu": (ADMIN, "/donvi", "[Biểu mẫu]"),
    "quản trị, kế hoạch": (ADMIN, "/kehoach"),
    "quản trị, mở đợt": (ADMIN, "mở đợt báo cáo sơ kết nhiệm kỳ"),
    "quản trị, tiến độ": (ADMIN, "/chitieu"),
    "nhật ký": (ADMIN, "/nhatky"),
}


async def play(phone: Phone, steps: Sequence[str]) -> list[str]:
    """Do what a scene says; what could not be done."""
    failed = []
    await phone.opens(steps[0])
    phone.page.set_default_timeout(PATIENCE)
    for step in steps[1:]:
        await phone.page.wait_for_timeout(ANSWERING)
        try:
            if step.startswith("→"):
                await phone.page.get_by_role("button", name=step).first.click()
                await phone.page.wait_for_timeout(6 * ANSWERING)
            elif step.startswith("["):
                await phone.taps(step.strip("[]"))
            else:
                await phone.says(step)
        except Error:
            there = await phone.page.locator(".pane.active .row:not(.mine) button").all_inner_texts()
            failed.append(f"{step}: not there; {there[-12:]}")
    await phone.page.wait_for_timeout(ANSWERING + STILL)
    return failed


async def take(browser: Browser, steps: Sequence[str]) -> tuple[list[Image.Image], list[str]]:
    """A scene in light and in dark, and what could not be done of it."""
    async with open_demo(browser, height=HEIGHT, more=True) as phone:
        failed = await play(phone, steps)
        taken = []
        for scheme in ("light", "dark"):
            await phone.page.emulate_media(color_scheme=scheme)
            await phone.page.wait_for_timeout(STILL)
            taken.append(Image.open(io.BytesIO(await phone.page.screenshot())).convert("RGB"))
        return taken, failed


def lay_out(screens: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Screens side by side, each under its name."""
    sheet = Image.new("RGB", (WIDTH * len(screens), HEIGHT + CAPTION), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (name, screen) in enumerate(screens):
        draw.text((WIDTH * place + 6, 4), fold(name), fill="black")
        sheet.paste(screen, (WIDTH * place, CAPTION))
    return sheet


async def main(wanted: Sequence[str]) -> int:
    """Take the scenes whose names contain one of `wanted`, or all; how many steps could not be taken."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    failures = 0
    taken: list[tuple[str, Image.Image, Image.Image]] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, steps in SCENES.items():
            if wanted and not any(each in name for each in wanted):
                continue
            (light, dark), failed = await take(browser, steps)
            failures += len(failed)
            for line in failed:
                print(f"{name}: {line}")
            taken.append((name, light, dark))
        await browser.close()
    for first in range(0, len(taken), ACROSS):
        some = taken[first : first + ACROSS]
        number = f"{first // ACROSS + 1:02}"
        lay_out([(name, light) for name, light, _ in some]).save(FOLDER / f"{number}-light.png")
        lay_out([(name, dark) for name, _, dark in some]).save(FOLDER / f"{number}-dark.png")
    print(f"{len(taken)} screens in light and in dark: {FOLDER.relative_to(FOLDER.parents[1])}")
    return failures


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main(sys.argv[1:])) else 0)
