"""A plan's file in the chat of an admin: sent, read, looked over, approved, answered from."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from bot import app
from bot.sandbox.files import document_json
from knowledge.model.plans import Plan
from knowledge.plans import find_original as load_original
from knowledge.plans import load_plans
from storage import plan_reviews, plans
from storage.engine import Database
from tests.e2e.chat import Chat, Heard, Seat
from tests.e2e.conftest import ADMIN_ID, settings_for
from tests.e2e.plan_texts import ANNEX, NEWER, PLAN, QUESTION, STATISTICS, asks_until, word_file
from tests.knowledge.importing.pdf_files import write_pages

OTHER_ADMIN: Final = 4998
AGREED: Final = (
    "Đúng", "Đúng cả bảng", "Bỏ cả bảng", "Bỏ qua tất cả", "Bỏ qua cả bảng", "Bỏ qua cả câu", "Bỏ qua",
    "Đồng ý tất cả", "Đồng ý", "Đồng ý nhắc", "Bỏ",
)  # fmt: skip
"""What is tapped by somebody to whom all is right as it was read, the first that is there."""

MARKED: Final = {
    "Chăm lo nhà ở": "=1+1 <b>Chăm lo</b> & nhà ở",
    "khu nhà trọ có tổ tự quản": "khu nhà trọ </b>có tổ tự quản",
    "ký cam kết": "<script>ký</script> cam kết &amp; giữ",
    "Ban Chính sách": "@Ban <a href='x'>Chính sách</a>",
}
"""What a plan says, and what a hostile hand makes of it."""

ISSUER: Final = "Liên đoàn Lao động tỉnh Vĩnh <An & b"


@pytest.fixture
def admin(chat: Chat) -> Seat:
    return chat.person("Lê Quản Trị", person_id=ADMIN_ID)


async def sends_plan(seat: Seat, text: str = PLAN, number: str = "45/KH-LĐLĐ") -> Heard:
    """Send a plan's file, until its card is there."""
    await seat.sends_document("KH 45.txt", text.encode())
    await seat.hears("đang đọc", "KH 45.txt")
    return await seat.hears(f"Kế hoạch số {number}")


async def agrees_to_all(seat: Seat, card: Heard, *, taps: int = 15) -> Heard:
    """Agree to everything that is asked, until nothing is left; the card. With **Duyệt** it takes at most `taps`."""
    await seat.taps("Xem từng chỗ", on=card)
    for _ in range(taps - 1):
        shown = await seat.sees_change(of=card)
        label = next((each for each in AGREED if each in shown.labels), None)
        if label is None:
            return shown.has_buttons("Duyệt")
        await seat.taps(label, on=shown)
    raise AssertionError(f"it takes more taps than {taps}:\n{seat.transcript()}")


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
    await admin.sees_change("chỉ gõ chỗ sai", of=asked)
    await admin.says("từ 65% trở lên, đến 2028")
    number = await admin.hears("Đã sửa: từ 65% trở lên – đến 2028", "chưa xếp vào đâu")
    await admin.taps("Bỏ qua tất cả", on=number)
    subjects = await admin.sees_change("cần đối chiếu", "khu nhà trọ có tổ tự quản → nội dung mới")
    await admin.taps("Đồng ý tất cả", on=subjects)
    duties = await admin.sees_change("Nhắc công đoàn cấp trên trực tiếp cơ sở", "trước ngày 15/12 hằng năm", "14/12/")
    await admin.taps("Đồng ý nhắc", on=duties)
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


async def test_the_same_file_again_opens_the_same_review(chat: Chat, admin: Seat, sqlite_database: Database) -> None:
    card = await sends_plan(admin)
    await admin.taps("Xem từng chỗ", on=card)
    await admin.taps("Đúng", on=await admin.sees_change("Một con số cho hai việc"))
    await admin.sees_change("ước chừng")
    await admin.sends_document("bản sao.txt", PLAN.encode())
    (await admin.hears("Kế hoạch số 45/KH-LĐLĐ", "1 chỗ cần xem")).lacks("đang đọc")
    async with sqlite_database.read() as db:
        assert len(await plan_reviews.list_open(db)) == 1


async def test_a_file_of_somebody_else_gets_a_polite_sentence(chat: Chat, sqlite_database: Database) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.sends_document("KH 45.docx", PLAN.encode())
    await hoa.hears("chưa đọc được tệp này", "quản trị viên gửi tôi tệp Word hoặc PDF")
    async with sqlite_database.read() as db:
        assert not await plan_reviews.list_open(db)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    (
        ("KH.docx", b"%PDF-1.7 no word file", "không đúng với đuôi tên"),
        ("KH.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lưu thành .docx"),
        ("KH.pdf", b"%PDF-1.7\n1 0 obj", "hỏng hoặc chưa tải đủ"),
        ("KH.txt", b"  \n ", "không có chữ nào"),
        ("scan.heic", b"\0\0\0\x18ftypheic", "ảnh chụp hoặc bản quét"),
        ("thư.txt", "Kính gửi các anh chị, chúc mọi người cuối tuần vui vẻ.".encode(), "không thấy chỉ tiêu"),
    ),
)
async def test_a_bad_file_gets_one_sentence_and_leaves_nothing(
    chat: Chat, admin: Seat, sqlite_database: Database, name: str, content: bytes, said: str
) -> None:
    await admin.sends_document(name, content)
    await admin.hears("đang đọc")
    await admin.hears(said)
    async with sqlite_database.read() as db:
        assert not await plan_reviews.list_open(db)
        assert await plans.find_file(db, sha256(content).hexdigest()) is None


async def test_a_plan_that_comes_with_the_program_is_not_made_twice(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    kept = load_original("vuit-nq02-2021")
    assert kept is not None
    await admin.sends_document("A15.txt", kept[1])
    await admin.hears("đang đọc")
    known = (await admin.hears("Tôi đã có A15/KH-CĐCT")).has_buttons("Xem kế hoạch")
    await admin.taps("Xem kế hoạch", on=known)
    await admin.hears("A15/KH-CĐCT", "Công đoàn Công Thương Việt Nam")
    async with sqlite_database.read() as db:
        assert not await plans.list_plans(db)


async def test_the_review_goes_on_after_a_restart_on_another_phone(stage: Chat, sqlite_database: Database) -> None:
    settings = settings_for(stage.sandbox, admin_ids=frozenset({ADMIN_ID, OTHER_ADMIN}))
    lan, binh = stage.person("Lan", person_id=ADMIN_ID), stage.person("Bình", person_id=OTHER_ADMIN)
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        card = await sends_plan(lan)
        await lan.taps("Xem từng chỗ", on=card)
        asked = await lan.sees_change("Một con số cho hai việc")
        await lan.taps("Sửa", on=asked)
        await lan.sees_change("gõ chỗ sai")
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.says("95%")
        await lan.hears("Đã sửa: 95% – đến 2030", "ước chừng")
        await binh.says("/kehoach")
        listed = await binh.hears("Tệp đang chờ anh/chị xem: 1")
        await binh.taps("📄 Kế hoạch số 45/KH-LĐLĐ", on=listed)
        card = await binh.sees_change("1 chỗ cần xem, 2 con số còn lại")
        await binh.taps("Xem từng chỗ", on=card)
        await binh.taps("Đúng", on=await binh.sees_change("ước chừng", "60%"))
        await binh.sees_change("chưa xếp vào đâu")


async def test_a_file_is_read_though_the_bot_stops_meanwhile(stage: Chat, sqlite_database: Database) -> None:
    settings = settings_for(stage.sandbox)
    lan = stage.person("Lan", person_id=ADMIN_ID)
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.sends_document("KH 45.txt", PLAN.encode())
        await lan.hears("đang đọc")
    stage.sandbox.clock.move(timedelta(minutes=10))
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.hears("Kế hoạch số 45/KH-LĐLĐ")
    lan.hears_nothing_more()


@pytest.mark.parametrize("plan", load_plans(), ids=lambda plan: plan.id)
async def test_a_plan_like_the_five_takes_at_most_fifteen_taps(chat: Chat, admin: Seat, plan: Plan) -> None:
    """From the card to **Duyệt** and, where it is asked, what it replaces; issued anew, since the five are known."""
    kept = load_original(plan.id)
    assert kept is not None
    text = kept[1].decode()
    anew = text.replace(plan.number, "77/KH-CĐ") if plan.number else f"Số: 77/KH-CĐ\n\n{text}"
    await admin.sends_document("KH 77.txt", anew.encode())
    await admin.hears("đang đọc")
    card = await admin.hears("77/KH-CĐ")
    ready = await agrees_to_all(admin, card, taps=14)
    await admin.taps("Duyệt", on=ready)
    asked = await admin.sees_change("77/KH-CĐ", of=ready)
    if "Không thay kế hoạch nào" in asked.labels:
        await admin.taps("Không thay kế hoạch nào", on=asked)
        asked = await admin.sees_change(of=ready)
    asked.says("Đã duyệt")


async def test_of_two_admins_the_later_is_told(stage: Chat, sqlite_database: Database) -> None:
    settings = settings_for(stage.sandbox, admin_ids=frozenset({ADMIN_ID, OTHER_ADMIN}))
    lan, binh = stage.person("Lan", person_id=ADMIN_ID), stage.person("Bình", person_id=OTHER_ADMIN)
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.taps("Xem từng chỗ", on=await sends_plan(lan))
        asked = await lan.sees_change("Một con số cho hai việc")
        await binh.sends_document("KH 45.txt", PLAN.encode())
        await binh.taps("Xem từng chỗ", on=await binh.hears("2 chỗ cần xem"))
        same = await binh.sees_change("Một con số cho hai việc")
        await lan.taps("Bỏ", on=asked)
        await lan.sees_change("ước chừng")
        await binh.taps("Đúng", on=same)
        assert "vừa có người xem" in await binh.hears_toast()
        asked = await binh.sees_change("ước chừng")
        await lan.taps("Sửa")
        await lan.sees_change("gõ chỗ sai")
        await binh.taps("Đúng", on=asked)
        await binh.sees_change("chưa xếp vào đâu")
        await lan.says("75%")
        (await lan.hears("vừa có người xem", "chưa xếp vào đâu")).lacks("Đã sửa")


async def test_of_two_admins_who_approve_or_pass_over_a_table_the_later_is_told(
    stage: Chat, sqlite_database: Database, tmp_path: Path
) -> None:
    settings = settings_for(stage.sandbox, admin_ids=frozenset({ADMIN_ID, OTHER_ADMIN}))
    lan, binh = stage.person("Lan", person_id=ADMIN_ID), stage.person("Bình", person_id=OTHER_ADMIN)
    file = word_file(tmp_path / "KH 45.docx", PLAN, STATISTICS).read_bytes()
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)):
        await lan.sends_document("KH 45.docx", file)
        await lan.hears("đang đọc")
        await lan.taps("Xem từng chỗ", on=await lan.hears("6 chỗ cần xem"))
        await lan.taps("Đúng", on=await lan.sees_change("Một con số cho hai việc"))
        await lan.taps("Đúng", on=await lan.sees_change("ước chừng"))
        table = await lan.sees_change("4 số cần xem")
        await binh.sends_document("KH 45.docx", file)
        await binh.taps("Xem từng chỗ", on=await binh.hears("4 chỗ cần xem"))
        same = await binh.sees_change("4 số cần xem")
        await binh.taps("Bỏ cả bảng", on=same)
        left = await binh.sees_change("Con số 20")
        await lan.taps("Bỏ cả bảng", on=table)
        assert "vừa có người xem" in await lan.hears_toast()
        await lan.sees_change("Con số 20")
        await binh.taps("Để sau", on=left)
        ready = await agrees_to_all(binh, await binh.sees_change("2 con số còn lại"))
        await lan.taps("Để sau")
        await lan.sees_change("không còn chỗ nào cần xem", of=table)
        await binh.taps("Duyệt", on=ready)
        await binh.sees_change("Đã duyệt", of=ready)
        await lan.taps("Duyệt")
        assert "đã được xử lý xong" in await lan.hears_toast()
    async with sqlite_database.read() as db:
        assert len(await plans.list_plans(db)) == 1


async def test_a_file_is_dropped_with_all_that_was_decided(chat: Chat, admin: Seat, sqlite_database: Database) -> None:
    card = await sends_plan(admin)
    await admin.taps("Hủy", on=card)
    await admin.taps("Hủy", on=await admin.sees_change("sẽ không giữ tệp"))
    await admin.sees_change("Đã hủy")
    async with sqlite_database.read() as db:
        assert await plans.find_file(db, sha256(PLAN.encode()).hexdigest()) is None
    await sends_plan(admin)


async def test_a_number_left_over_becomes_a_target(chat: Chat, admin: Seat, sqlite_database: Database) -> None:
    card = await sends_plan(admin)
    await admin.taps("Xem từng chỗ", on=card)
    await admin.taps("Bỏ", on=await admin.sees_change("Một con số cho hai việc"))
    await admin.taps("Bỏ", on=await admin.sees_change("ước chừng"))
    await admin.taps("Bỏ qua", on=await admin.sees_change("Con số 20 có phải là chỉ tiêu không"))
    await admin.taps("Là chỉ tiêu", on=await admin.sees_change("Con số 35 có phải là chỉ tiêu không"))
    asked = await admin.sees_change("nằm ngoài phần chỉ tiêu", "35 khu")
    await admin.taps("Sửa", on=asked)
    await admin.sees_change("gõ chỗ sai")
    await admin.says("đến 2027")
    await admin.hears("Đã sửa: 35 khu nhà trọ – đến 2027", "cần đối chiếu")


async def test_what_a_table_leaves_over_is_passed_over_at_once(chat: Chat, admin: Seat, tmp_path: Path) -> None:
    await admin.sends_document("KH 45.docx", word_file(tmp_path / "KH 45.docx", PLAN, ANNEX).read_bytes())
    await admin.hears("đang đọc")
    await admin.taps("Xem từng chỗ", on=await admin.hears("2 chỗ cần xem, 8 con số còn lại"))
    await admin.taps("Đúng", on=await admin.sees_change("Một con số cho hai việc"))
    await admin.taps("Đúng", on=await admin.sees_change("ước chừng"))
    await admin.taps("Bỏ qua", on=await admin.sees_change("Con số 20"))
    await admin.taps("Bỏ qua", on=await admin.sees_change("Con số 35"))
    whole = await admin.sees_change("phụ lục – còn 6 con số", "1 | Vĩnh Hòa | 14 khu, 1.250 phòng\n2 | Tân An")
    whole.says("14, 1.250, 9, 640, 12, 980").has_buttons("Bỏ qua cả bảng", "Xem từng số").lacks("Bỏ qua tất cả")

    await admin.taps("Xem từng số", on=whole)
    await admin.taps("Bỏ qua", on=await admin.sees_change("Con số 14 có phải là chỉ tiêu không"))
    await admin.taps("Là chỉ tiêu", on=await admin.sees_change("Con số 1.250 có phải là chỉ tiêu không"))
    await admin.taps("Bỏ", on=await admin.sees_change("nằm ngoài phần chỉ tiêu", "1.250"))
    await admin.taps("Để sau", on=await admin.sees_change("Con số 9 có phải là chỉ tiêu không", "còn 4 con số"))
    await admin.taps("Xem từng chỗ", on=await admin.sees_change("4 con số còn lại"))
    await admin.taps("Bỏ qua cả bảng", on=await admin.sees_change("9, 640, 12, 980"))
    await admin.sees_change("cần đối chiếu")


async def test_doubtful_figures_of_a_table_are_decided_at_once(chat: Chat, admin: Seat, tmp_path: Path) -> None:
    await admin.sends_document("KH 45.docx", word_file(tmp_path / "KH 45.docx", PLAN, STATISTICS).read_bytes())
    await admin.hears("đang đọc")
    await admin.taps("Xem từng chỗ", on=await admin.hears("6 chỗ cần xem, 2 con số còn lại"))
    await admin.taps("Đúng", on=await admin.sees_change("Một con số cho hai việc"))
    await admin.taps("Đúng", on=await admin.sees_change("ước chừng"))
    table = await admin.sees_change("phụ lục – 4 số cần xem", "1 | Vĩnh Hòa | 14 | 25", "64", "đơn vị tính")
    table.has_buttons("Bỏ cả bảng", "Xem từng số")
    assert "Đúng cả bảng" not in table.labels
    await admin.taps("Xem từng số", on=table)
    one = (await admin.sees_change("còn 4 chỗ cần xem", "14")).has_buttons("Sửa", "Bỏ")
    await admin.taps("Sửa", on=one)
    await admin.sees_change("đơn vị tính")
    await admin.says("khu")
    one = await admin.hears("Đã sửa: 14 khu", "còn 3 chỗ cần xem", "25")
    await admin.taps("Để sau", on=one)
    await admin.taps("Xem từng chỗ", on=await admin.sees_change("3 chỗ cần xem"))
    table = await admin.sees_change("3 số cần xem")
    await admin.taps("Bỏ cả bảng", on=table)
    await admin.sees_change("Con số 20")


async def test_what_was_sure_can_be_seen_corrected_and_left_out(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    card = await sends_plan(admin)
    await admin.taps("Xem những gì đã đọc", on=card)
    listed = await admin.sees_change(
        "1. Cơ quan ban hành: Ban Thường vụ Liên đoàn Lao động tỉnh Vĩnh An",
        "2. Giai đoạn: 2026–2030",
        "3. từ 80% trở lên – đến 2030: khu nhà trọ có tổ tự quản",
        "trước ngày 15/12 hằng năm: Các",
    )
    await admin.taps("3", on=listed)
    one = (await admin.sees_change("Tôi hiểu: từ 80% trở lên", "2.1")).has_buttons("Sửa", "Bỏ", "Quay lại")
    await admin.taps("Sửa", on=one)
    await admin.sees_change("gõ chỗ sai")
    await admin.says("82%")
    await admin.hears("Đã sửa: từ 82% trở lên – đến 2030")
    await admin.taps("Quay lại", on=one)
    await admin.taps("Quay lại", on=await admin.sees_change("Tôi hiểu: từ 82% trở lên", of=one))
    listed = await admin.sees_change("3. từ 82% trở lên", of=one)
    await admin.taps("1", on=listed)
    issuer = await admin.sees_change("Cơ quan ban hành", of=listed)
    await admin.taps("Sửa", on=issuer)
    await admin.sees_change("tên cơ quan ban hành")
    await admin.says("Liên đoàn Lao động tỉnh Vĩnh Bình")
    await admin.hears("Đã sửa: Liên đoàn Lao động tỉnh Vĩnh Bình")
    await admin.taps("Quay lại", on=issuer)
    await admin.taps("Quay lại", on=await admin.sees_change("Liên đoàn Lao động tỉnh Vĩnh Bình", of=issuer))
    listed = await admin.sees_change("1. Cơ quan ban hành: Liên đoàn Lao động tỉnh Vĩnh Bình", of=issuer)
    await admin.taps("4", on=listed)
    await admin.taps("Bỏ", on=await admin.sees_change("500 đoàn viên", of=listed))
    card = await admin.sees_change("3 chỉ tiêu", of=listed)
    await admin.taps("Xem những gì đã đọc", on=card)
    listed = await admin.sees_change("500 đoàn viên – đến 2030: Hỗ trợ đoàn viên sửa chữa nhà ở (đã bỏ)", of=card)
    await admin.taps("5", on=listed)
    await admin.taps("Lấy lại", on=await admin.sees_change("Đã bỏ.", of=listed))
    await admin.sees_change("4 chỉ tiêu", of=listed)


async def test_a_newer_version_is_compared_and_takes_the_place_of_the_first(chat: Chat, admin: Seat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    ready = await agrees_to_all(admin, await sends_plan(admin))
    await admin.taps("Duyệt", on=ready)
    await admin.sees_change("Đã duyệt", of=ready)
    await asks_until(hoa, "80%")

    card = await sends_plan(admin, NEWER, "52/KH-LĐLĐ")
    card.says("Cùng cơ quan ban hành và cùng nội dung: 45/KH-LĐLĐ (LĐLĐ tỉnh Vĩnh An)")
    ready = await agrees_to_all(admin, card)
    await admin.taps("So với 45/KH-LĐLĐ", on=ready)
    compared = await admin.sees_change("Thay đổi (1)", "từ 80% trở lên (đến 2030) → từ 90% trở lên", of=ready)
    compared.says("Không còn (1)", "ký cam kết giữ giá", "Giữ nguyên: 2 chỉ tiêu")
    await admin.taps("Câu trả lời nào đổi", on=compared)
    await admin.hears("đang hỏi thử")
    tried = await admin.hears("Hỏi thử", "nếu thay 45/KH-LĐLĐ")
    tried.says("Khu nhà trọ có tổ tự quản", "từ 80% trở lên (đến 2030) → từ 90% trở lên (đến 2030)")
    await admin.taps("Quay lại", on=compared)
    await admin.taps("Duyệt", on=await admin.sees_change("52/KH-LĐLĐ", of=compared))
    which = await admin.sees_change("Kế hoạch mới có thay kế hoạch nào không", of=compared)
    await admin.taps("Thay 45/KH-LĐLĐ", on=which)
    await admin.sees_change("Đã duyệt", "thay cho 45/KH-LĐLĐ", of=which)
    await asks_until(hoa, "90%")

    await admin.says("/kehoach")
    listed = await admin.hears("đã được thay thế")
    await admin.taps("LĐLĐ tỉnh Vĩnh An – 52/KH-LĐLĐ", on=listed)
    await admin.taps("Rút lại", on=await admin.hears("52/KH-LĐLĐ"))
    await admin.taps("Rút lại", on=await admin.sees_change("có hiệu lực trở lại"))
    await admin.sees_change("Đã rút lại", "45/KH-LĐLĐ (LĐLĐ tỉnh Vĩnh An) có hiệu lực trở lại")
    await asks_until(hoa, "80%")


async def test_a_plan_that_was_made_but_not_approved_is_dropped_and_read_anew(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    ready = await agrees_to_all(admin, await sends_plan(admin))
    await admin.taps("Duyệt", on=ready)
    await admin.sees_change("Đã duyệt", of=ready)
    ready = await agrees_to_all(admin, await sends_plan(admin, NEWER, "52/KH-LĐLĐ"))
    await admin.taps("Duyệt", on=ready)
    which = await admin.sees_change("thay kế hoạch nào không", of=ready)
    await admin.taps("Quay lại", on=which)
    page = (await admin.sees_change("Chờ duyệt", of=which)).has_buttons("Duyệt", "Hủy")
    await admin.taps("Hủy", on=page)
    await admin.sees_change("Đã hủy", of=page)
    await sends_plan(admin, NEWER, "52/KH-LĐLĐ")


async def test_a_plan_that_was_withdrawn_comes_back_from_a_mended_file(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    ready = await agrees_to_all(admin, await sends_plan(admin))
    await admin.taps("Duyệt", on=ready)
    done = await admin.sees_change("Đã duyệt", of=ready)
    await asks_until(admin, "80%")
    await admin.taps("Rút lại", on=done)
    await admin.taps("Rút lại", on=await admin.sees_change("Rút lại 45/KH-LĐLĐ", of=done))
    await admin.sees_change("Đã rút lại", of=done)
    await asks_until(admin, "không có trong các kế hoạch")
    await admin.sends_document("KH 45.txt", PLAN.encode())
    await admin.hears("đã được duyệt thành kế hoạch trước đây")
    ready = await agrees_to_all(admin, await sends_plan(admin, PLAN.replace("Từ 80%", "Từ 85%")))
    await admin.taps("Duyệt", on=ready)
    await admin.sees_change("Đã duyệt", of=ready)
    await asks_until(admin, "85%")
    await admin.taps("Đưa trở lại", on=done)
    await admin.hears("không khớp với các kế hoạch đang có")
    await asks_until(admin, "85%")


async def test_a_subject_is_a_known_one_by_its_name(chat: Chat, admin: Seat) -> None:
    card = await sends_plan(admin)
    await admin.taps("Xem từng chỗ", on=card)
    await admin.taps("Bỏ", on=await admin.sees_change("Một con số cho hai việc"))
    await admin.taps("Bỏ", on=await admin.sees_change("ước chừng"))
    await admin.taps("Bỏ qua tất cả", on=await admin.sees_change("Con số 20"))
    subjects = (await admin.sees_change("1. khu nhà trọ", "2. Hỗ trợ đoàn viên")).has_buttons("Đổi số 1", "Đổi số 2")
    await admin.taps("Đổi số 2", on=subjects)
    which = (await admin.sees_change("đo nội dung nào")).has_buttons("Là mới")
    await admin.says("thăm hỏi đoàn viên khó khăn")
    await admin.hears("Đã sửa: trùng với", "1. khu nhà trọ")
    await admin.taps("Là mới", on=which)
    assert "vừa có người xem" in await admin.hears_toast()


async def test_a_new_subject_is_asked_for_by_the_words_an_admin_gave_it(chat: Chat, admin: Seat) -> None:
    card = await sends_plan(admin)
    await admin.taps("Xem từng chỗ", on=card)
    await admin.taps("Bỏ", on=await admin.sees_change("Một con số cho hai việc"))
    await admin.taps("Bỏ", on=await admin.sees_change("ước chừng"))
    await admin.taps("Bỏ qua tất cả", on=await admin.sees_change("Con số 20"))
    await admin.taps("Đổi số 1", on=await admin.sees_change("1. khu nhà trọ"))
    await admin.sees_change("đo nội dung nào", "cách gọi thường ngày")
    await admin.says("xóm thuê an ninh, chỗ ở thuê trật tự")
    await admin.hears("gọi là “Xóm thuê an ninh” · “chỗ ở thuê trật tự”", "Hỗ trợ đoàn viên")
    await admin.sends_document("KH 45.txt", PLAN.encode())
    ready = await agrees_to_all(admin, await admin.hears("Kế hoạch số 45/KH-LĐLĐ"))
    await admin.taps("Duyệt", on=ready)
    await admin.sees_change("Đã duyệt", of=ready)
    await asks_until(admin, "từ 80% trở lên", "chi tieu cho o thue trat tu")


async def test_two_files_of_one_plan_make_one_plan(chat: Chat, admin: Seat, sqlite_database: Database) -> None:
    first = await agrees_to_all(admin, await sends_plan(admin))
    second = await agrees_to_all(admin, await sends_plan(admin, PLAN + "\n"))
    await admin.taps("Duyệt", on=first)
    await admin.sees_change("Đã duyệt", of=first)
    await admin.taps("Duyệt", on=second)
    await admin.hears("Tôi đã có 45/KH-LĐLĐ")
    async with sqlite_database.read() as db:
        assert len(await plans.list_plans(db)) == 1


async def test_a_word_file_a_pdf_and_one_that_was_forwarded_are_read_alike(
    chat: Chat, admin: Seat, tmp_path: Path
) -> None:
    word = word_file(tmp_path / "KH 45.docx", PLAN).read_bytes()
    await admin.sends_document("KH 45.docx", word)
    await admin.hears("đang đọc")
    await admin.hears("Kế hoạch số 45/KH-LĐLĐ", "4 chỉ tiêu, 1 thời hạn, 4 nhiệm vụ", "2 chỗ cần xem")
    pdf = write_pages(tmp_path / "KH 45.pdf", PLAN, mixed=True).read_bytes()
    await admin.sends_document("KH 45.pdf", pdf)
    await admin.hears("đang đọc")
    await admin.hears("Kế hoạch số 45/KH-LĐLĐ", "4 chỉ tiêu, 1 thời hạn", "2 chỗ cần xem")
    stored = chat.sandbox.store_file("KH 45 (2).txt", PLAN.encode(), "text/plain")
    chat.sandbox.inject_update(
        {
            "message": {
                "message_id": 900_001,
                "date": chat.sandbox.timestamp(),
                "chat": {"id": ADMIN_ID, "type": "private", "first_name": "Quản"},
                "from": {"id": ADMIN_ID, "is_bot": False, "first_name": "Quản"},
                "forward_origin": {"type": "hidden_user", "sender_user_name": "Văn thư", "date": 1},
                "document": document_json(stored),
            }
        }
    )
    await admin.hears("đang đọc", "KH 45 (2).txt")
    await admin.hears("Kế hoạch số 45/KH-LĐLĐ", "4 chỉ tiêu, 1 thời hạn, 4 nhiệm vụ")


async def test_only_admins_decide_whatever_buttons_somebody_forges(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    ready = await agrees_to_all(admin, await sends_plan(admin))
    await hoa.says("/kehoach")
    own = await hoa.hears("Các kế hoạch tôi biết")
    own.lacks("Tệp đang chờ")
    review = ready.data_of("Duyệt").rpartition(":")[2]
    forged = [
        f"rv:{review}",
        f"rv:n:{review}",
        f"rv:p:{review}",
        f"rv:-:{review}:1",
        f"rv:s:{review}",
        f"rv:q!:{review}",
    ]
    for data in (*forged, ready.data_of("Duyệt")):
        await hoa.taps_forged(own, data)
        assert await hoa.hears_toast()
    hoa.hears_nothing_more()
    async with sqlite_database.read() as db:
        [kept] = await plan_reviews.list_open(db)
        assert kept.plan_id is None
        assert not await plans.list_plans(db)


async def test_markup_and_formulas_in_a_plan_stay_text(
    chat: Chat, admin: Seat, sqlite_database: Database, tmp_path: Path
) -> None:
    """In every message of its life, and in the name of its file."""
    hostile = PLAN
    for plain, marked in MARKED.items():
        assert plain in hostile
        hostile = hostile.replace(plain, marked)
    await admin.sends_document("<b>=KH</b> & 45.docx", word_file(tmp_path / "KH.docx", hostile, ANNEX).read_bytes())
    await admin.hears("<b>=KH</b> & 45.docx")
    card = await admin.hears("=1+1 <b>Chăm lo</b> & nhà ở")
    await _names_the_issuer(admin, card)
    await admin.taps("Xem từng chỗ", on=await admin.sees_change("=1+1 <b>Chăm lo</b>", ISSUER, of=card))
    one = await admin.sees_change("Từ 80% trở lên khu nhà trọ </b>có tổ tự quản", of=card)
    await admin.taps("Sửa", on=one)
    await admin.sees_change("khu nhà trọ </b>có tổ tự quản", of=card)
    await admin.says("khu nhà trọ <có tổ tự quản & an toàn")
    ready = await agrees_to_all(admin, await _card_of(admin, await admin.hears("Đã sửa")))
    await admin.taps("Duyệt", on=ready)
    done = await admin.sees_change("Đã duyệt", "tỉnh Vĩnh <An & b", of=ready)
    await admin.taps("Đơn vị áp dụng", on=done)
    await admin.taps("Xong", on=await admin.sees_change("tỉnh Vĩnh <An & b", of=done))
    await admin.sees_change("=1+1 <b>Chăm lo</b> & nhà ở", of=done)
    await admin.says("/kehoach")
    listed = await admin.hears("tỉnh Vĩnh <An & b")
    await admin.taps(next(label for label in listed.labels if "Vĩnh <An" in label), on=listed)
    page = await admin.hears("=1+1 <b>Chăm lo</b> & nhà ở", "tổ tự quản & an toàn", ISSUER)
    await asks_until(admin, "tổ tự quản & an toàn")

    newer = hostile.replace("45/KH", "52/KH").replace("Từ 80%", "Từ 90%").replace("Hỗ trợ 500", "Hỗ trợ 600")
    await admin.sends_document("52.txt", newer.encode())
    await admin.hears("đang đọc")
    card = await admin.hears("52/KH-LĐLĐ")
    await _names_the_issuer(admin, card)
    ready = await agrees_to_all(admin, await admin.sees_change(ISSUER, of=card))
    await admin.taps("So với 45/KH-LĐLĐ", on=ready)
    compared = await admin.sees_change("tỉnh Vĩnh <An & b", "khu nhà trọ <có tổ tự quản & an toàn", of=ready)
    await admin.taps("Câu trả lời nào đổi", on=compared)
    await admin.hears("đang hỏi thử")
    await admin.hears("Hỏi thử", "tỉnh Vĩnh <An & b")
    await admin.taps("Rút lại", on=page)
    await admin.taps("Rút lại", on=await admin.sees_change("tỉnh Vĩnh <An & b", of=page))
    await admin.sees_change("Đã rút lại", "tỉnh Vĩnh <An & b", of=page)
    assert [call.description for call in chat.sandbox.history if call.status == 400] == []


async def _names_the_issuer(admin: Seat, card: Heard) -> None:
    """Correct the issuer in words, and come back to the card."""
    await admin.taps("Xem những gì đã đọc", on=card)
    await admin.taps("1", on=await admin.sees_change("1. Cơ quan ban hành", of=card))
    await admin.taps("Sửa", on=await admin.sees_change("Cơ quan ban hành", of=card))
    await admin.sees_change("tên cơ quan ban hành", of=card)
    await admin.says(ISSUER)
    await admin.hears("Đã sửa", ISSUER)
    await admin.taps("Quay lại", on=card)
    await admin.taps("Quay lại", on=await admin.sees_change(ISSUER, of=card))
    await admin.taps("Quay lại", on=await admin.sees_change(ISSUER, of=card))


async def _card_of(admin: Seat, asked: Heard) -> Heard:
    """The card of the review in the place of what is asked."""
    await admin.taps("Để sau", on=asked)
    return await admin.sees_change("chỉ tiêu", of=asked)


async def test_a_file_larger_than_the_chat_carries_gets_one_sentence(chat: Chat, admin: Seat) -> None:
    await admin.sends_document("KH.pdf", b"%PDF-1.7", declared_size=21 * 2**20)
    await admin.hears("Tệp lớn hơn 20 MB")
    admin.hears_nothing_more()
