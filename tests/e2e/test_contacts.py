"""/lienhe: whom to turn to, and a question typed there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.features.relay.taps import WriteAbove
from storage import people
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.town import Town, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def invited(town: Town, name: str, phone: str, unit: Unit, role: RoleName) -> None:
    """Somebody of the roster who has not joined."""
    async with town.database.write() as db:
        person = await people.add(db, name, town.clock(), phone=phone)
        await people.grant(db, person.id, unit.id, role, town.clock())


async def test_an_officer_is_told_the_nearest_supervisors_and_asks_them(town: Town) -> None:
    lan = await town.supervisor("Trần Văn Lan")
    await invited(town, "Phạm <Quốc> Bình", "+84901000009", town.may, RoleName.SUPERVISOR)
    await invited(town, "Người Xa", "+84901000010", town.tinh, RoleName.ADMIN)
    hoa = await town.officer("Nguyễn Thị Hoa")
    await hoa.says("/lienhe")
    told = await hoa.hears(
        "CĐCS May Hòa Thọ",
        "• Phạm <Quốc> Bình, 090 ••• 009 – cán bộ phụ trách, CĐCS May Hòa Thọ (chưa tham gia)",
        "• Trần Văn Lan – cán bộ phụ trách, LĐLĐ tỉnh",
    )
    told.lacks("Nguyễn Thị Hoa", "Người Xa", "1000009", "quản trị viên")
    assert told.labels == ["Hỏi cấp trên"]
    await hoa.taps("Hỏi cấp trên", on=told)
    await hoa.hears("CĐCS May Hòa Thọ", "/huy")
    await hoa.sends_voice()
    await hoa.hears("tin thoại", "thành chữ")
    await hoa.says("Mai họp <mấy giờ> ạ?")
    await hoa.hears("Đã chuyển câu hỏi")
    (await lan.hears("Nguyễn Thị Hoa", "CĐCS May Hòa Thọ", "Mai họp <mấy giờ> ạ?")).lacks("Các kế hoạch")
    await lan.taps("Trả lời")
    await lan.hears("gõ câu trả lời")
    await lan.says("Tám giờ")
    await hoa.hears("Trần Văn Lan", "Tám giờ")
    await hoa.says("chỉ tiêu TƯLĐTT 2025?")
    await hoa.hears("TƯLĐTT")


async def test_a_question_that_is_left_goes_nowhere(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/lienhe")
    await hoa.hears()
    await hoa.taps("Hỏi cấp trên")
    await hoa.hears("/huy")
    await hoa.says("/huy")
    await hoa.hears("chưa chuyển gì", "/lienhe")
    await town.chat.all_taken()
    lan.hears_nothing_more()


async def test_the_admins_are_asked_where_nobody_above_has_joined(town: Town) -> None:
    owner = town.chat.person("Quản trị hệ thống", person_id=ADMIN_ID)
    owner.person.started = True
    await invited(town, "Trần Văn Lan", "+84901000009", town.tinh, RoleName.SUPERVISOR)
    hoa = await town.officer()
    await hoa.says("/lienhe")
    told = await hoa.hears("Trần Văn Lan", "(chưa tham gia)", "chưa có ai tham gia", "quản trị viên của trợ lý")
    await hoa.taps("Hỏi cấp trên", on=told)
    await hoa.hears()
    await hoa.says("Ai phụ trách chúng tôi?")
    await owner.hears("Câu hỏi từ cấp dưới", "Ai phụ trách chúng tôi?")
    await hoa.hears("Đã chuyển câu hỏi")
    async with town.database.write() as db:
        await people.add(db, "Vũ Minh Quân", town.clock(), telegram_id=ADMIN_ID)
    await hoa.says("/lienhe")
    await hoa.hears("quản trị viên của trợ lý: Vũ Minh Quân")


async def test_each_unit_has_its_own_button(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer("Nguyễn Thị Hoa", town.may, town.giay)
    await hoa.says("/lienhe")
    told = await hoa.hears("CĐCS May Hòa Thọ", "CĐCS Giày Xuân An")
    assert told.labels == ["Hỏi cấp trên: CĐCS May Hòa Thọ", "Hỏi cấp trên: CĐCS Giày Xuân An"]
    await hoa.taps("Hỏi cấp trên: CĐCS Giày Xuân An", on=told)
    await hoa.hears("CĐCS Giày Xuân An")
    await hoa.says("Quỹ lương lấy theo tháng nào?")
    await lan.hears("CĐCS Giày Xuân An hỏi")


async def test_nobody_asks_for_a_unit_that_is_not_theirs(town: Town) -> None:
    await town.supervisor()
    hoa = await town.officer()
    await hoa.says("/lienhe")
    await hoa.taps_forged(await hoa.hears(), WriteAbove(town.giay.id).pack())
    assert "không còn dùng được" in await hoa.hears_toast()


async def test_a_guest_is_told_how_to_join_and_an_admin_that_nobody_is_above(town: Town) -> None:
    guest = town.chat.person("Khách Lạ")
    await guest.says("/lienhe")
    assert (await guest.hears("chưa gắn với đơn vị nào", "/start MÃ", "chia sẻ số điện thoại")).labels == []
    owner = town.chat.person("Quản trị hệ thống", person_id=ADMIN_ID)
    await owner.says("/lienhe")
    assert (await owner.hears("quản trị viên của trợ lý này")).labels == []


async def test_the_operators_line_stands_under_the_contacts_and_in_the_help(sqlite_database: Database) -> None:
    line = "Hỗ trợ <kỹ thuật>: 0263 3822 000"
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}", support_contact=line) as town:
        await town.supervisor()
        owner = town.chat.person("Quản trị hệ thống", person_id=ADMIN_ID)
        for seat in (await town.officer(), town.chat.person("Khách Lạ"), owner):
            await seat.says("/lienhe")
            assert (await seat.hears()).text.endswith(f"\n\n{line}")
            await seat.says("/help")
            await seat.hears(f"\n\n{line}\n\nBấm vào")
