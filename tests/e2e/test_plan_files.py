"""A plan's file in the chat of an admin: sent, read, looked over, approved, answered from."""

from __future__ import annotations

import pytest

from storage import plan_reviews, plans
from storage.engine import Database
from tests.e2e.chat import Chat, Heard, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.plan_texts import PLAN

QUESTION = "khu nhà trọ có tổ tự quản bao nhiêu %"


@pytest.fixture
def admin(chat: Chat) -> Seat:
    return chat.person("Lê Quản Trị", person_id=ADMIN_ID)


async def sends_plan(seat: Seat, text: str = PLAN, name: str = "KH 45.txt") -> Heard:
    """Send a plan's file, until its card is there."""
    await seat.sends_document(name, text.encode())
    await seat.hears("đang đọc", name)
    return await seat.hears("Kế hoạch số 45/KH-LĐLĐ")


async def asks_until(seat: Seat, piece: str) -> str:
    """Ask until the answer holds `piece`: the catalogue is renewed beside the answers."""
    for _ in range(40):
        await seat.says(QUESTION)
        heard = await seat.hears()
        if piece in heard.text:
            return heard.text
    raise AssertionError(f"no answer holds “{piece}”: {heard.text}")


async def test_a_file_is_read_looked_over_approved_and_answered_from(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    card = await sends_plan(admin)
    card.says(
        "4 chỉ tiêu, 1 thời hạn, 4 nhiệm vụ", "2 chỗ cần xem, 2 con số còn lại", "Liên đoàn Lao động tỉnh Vĩnh An"
    )
    card.lacks("LIÊN ĐOÀN")
    await hoa.says(QUESTION)
    (await hoa.hears()).lacks("80%")

    await admin.taps("Xem từng chỗ", on=card)
    asked = (await admin.sees_change("Một con số cho hai việc", "100%", "đến 2030")).has_buttons("Đúng", "Sửa", "Bỏ")
    await admin.taps("Bỏ", on=asked)
    asked = await admin.sees_change("ước chừng", "60%")
    await admin.taps("Sửa", on=asked)
    await admin.hears("chỉ gõ chỗ sai")
    await admin.says("từ 65% trở lên, đến 2028")
    number = await admin.hears("Đã sửa: từ 65% trở lên – đến 2028", "chưa xếp vào đâu")
    await admin.taps("Bỏ qua tất cả", on=number)
    subjects = await admin.sees_change("cần đối chiếu", "nội dung mới “Khu nhà trọ có tổ tự quản”")
    await admin.taps("Đồng ý tất cả", on=subjects)
    ready = (await admin.sees_change("3 chỉ tiêu", "không còn chỗ nào cần xem")).has_buttons("Duyệt", "Hủy")
    await hoa.says(QUESTION)
    (await hoa.hears()).lacks("80%")

    await admin.taps("Duyệt", on=ready)
    await admin.sees_change("Đã duyệt", "45/KH-LĐLĐ")
    assert "từ 80% trở lên" in await asks_until(hoa, "80%")
    await hoa.says("bao nhiêu chủ nhà trọ ký cam kết giữ giá điện nước")
    await hoa.hears("từ 65% trở lên", "2028")
    await hoa.says("/kehoach")
    listed = await hoa.hears("LĐLĐ tỉnh Vĩnh An")
    await hoa.taps("LĐLĐ tỉnh Vĩnh An", on=listed)
    await hoa.taps("Lấy tệp", on=await hoa.hears("45/KH-LĐLĐ"))
    assert (await hoa.hears()).file == PLAN.encode()
