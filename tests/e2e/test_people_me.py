"""/toi: who somebody is here, and what they may do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.features.registry import REGISTRY
from bot.hands.feature import Viewer
from storage import people, units
from storage.engine import Database
from storage.people import RoleName
from storage.reminders import Preferences
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.town import OPENING_DAY, SEPTEMBER, Town, town_on

ID_ASKED_FOR = "Nếu quản trị viên hỏi mã tài khoản"


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


def commands_of(*viewers: Viewer) -> set[str]:
    """What `/toi` is to name: the commands that these see and not everybody."""
    return {f"/{each.name} – " for each in REGISTRY.commands if each.audience & set(viewers)}


async def test_an_officer_sees_unit_role_colleagues_and_supervisor(town: Town) -> None:
    await town.supervisor("Trần Văn Lan")
    hoa, _ = await town.officer("Nguyễn Thị Hoa"), await town.officer("Lê Văn Ba")
    async with town.database.write() as db:
        invited = await people.add(db, "Phạm Quốc Bình", town.clock(), phone="+84901000009")
        await people.grant(db, invited.id, town.may.id, RoleName.OFFICER, town.clock())
    await hoa.says("/toi")
    told = await hoa.hears(
        "CĐCS May Hòa Thọ",
        "thuộc LĐLĐ tỉnh",
        "cán bộ nhập liệu, từ 28/10/2026",
        "Được nộp, sửa và xem số liệu của đơn vị này",
        "Cùng đơn vị: Lê Văn Ba – cán bộ nhập liệu; Phạm Quốc Bình – cán bộ nhập liệu (chưa tham gia)",
        "Phụ trách ở cấp trên: Trần Văn Lan",
        f"Giờ nhắc hạn của chị: {Preferences().remind_at:%H:%M}",
        *commands_of(Viewer.OFFICER),
    )
    told.lacks(str(hoa.id), "Hoa", "/moi", "/donvi", ID_ASKED_FOR)
    assert told.labels == ["Bàn giao: CĐCS May Hòa Thọ", "Đổi điện thoại/tài khoản", "Xưng hô: chị"]
    assert len(told.text) < 800


async def test_how_one_is_addressed_is_told_by_the_name_or_chosen(town: Town) -> None:
    khanh, hoa = await town.officer("Trần Khánh"), await town.officer("Nguyễn Thị Hoa")
    await khanh.says("/toi")
    told = await khanh.hears("Anh/chị là cán bộ nhập liệu")
    await khanh.taps("Xưng hô: anh/chị", on=told)
    asked = await khanh.hears("Tôi nên gọi thế nào")
    assert asked.labels == ["Gọi là anh", "Gọi là chị", "✓ Gọi chung là anh/chị"]
    await khanh.taps("Gọi là chị", on=asked)
    await khanh.sees_change("Vâng, thưa chị Khánh.", of=asked)
    await khanh.says("/toi")
    (await khanh.hears("Chị là cán bộ nhập liệu")).has_buttons("Xưng hô: chị")
    await khanh.says("cảm ơn")
    await khanh.hears("chị Khánh")
    await hoa.says("xưng hô: chị")
    told = await hoa.hears("Chị là cán bộ nhập liệu")
    await hoa.taps("Xưng hô: chị", on=told)
    asked = await hoa.hears("Tôi nên gọi thế nào")
    await hoa.taps("Gọi chung là anh/chị", on=asked)
    await hoa.sees_change("Vâng, tôi gọi chung là anh/chị Hoa.", of=asked)
    await hoa.says("/toi")
    await hoa.hears("Anh/chị là cán bộ nhập liệu")


async def test_a_supervisor_sees_what_holds_for_all_below_and_goes_on_to_the_unit(town: Town) -> None:
    lan = await town.supervisor()
    await lan.says("tôi là ai")
    told = await lan.hears(
        "LĐLĐ tỉnh",
        "cán bộ phụ trách, từ 28/10/2026",
        "cho đơn vị này và mọi đơn vị trực thuộc",
        "Đơn vị chưa có cán bộ nào khác",
        *commands_of(Viewer.OFFICER, Viewer.SUPERVISOR),
    )
    told.lacks("thuộc LĐLĐ", "Phụ trách ở cấp trên", "/nhatky", "/donvi")
    await lan.taps("LĐLĐ tỉnh", on=told)
    await lan.sees_change("Trực thuộc: 2 đơn vị")


async def test_two_units_and_a_pause_are_told(town: Town) -> None:
    hoa = await town.officer("Nguyễn Thị Hoa", town.may, town.giay)
    await hoa.says("/nhac")
    await hoa.hears()
    await hoa.taps("Tắt 3 ngày")
    await hoa.sees_change("Đang tắt nhắc")
    await hoa.says("/toi")
    until = (town.clock() + timedelta(days=3)).date()
    await hoa.hears("CĐCS May Hòa Thọ", "CĐCS Giày Xuân An", f"Đang tắt nhắc đến 09:00 ngày {until:%d/%m/%Y}", "/nhac")


async def test_an_admin_by_the_settings_may_do_everything_without_a_role(town: Town) -> None:
    owner = town.chat.person("Quản trị hệ thống", person_id=ADMIN_ID)
    await owner.says("/toi")
    told = await owner.hears(
        "quản trị viên của trợ lý này", "mọi đơn vị", *commands_of(*set(Viewer) - {Viewer.EVERYONE})
    )
    told.lacks(str(ADMIN_ID))
    await owner.taps("Xem các đơn vị", on=told)
    await owner.sees_change("LĐLĐ tỉnh", "Trực thuộc: 2 đơn vị")


async def test_a_guest_is_told_the_number_to_give_to_an_admin(town: Town) -> None:
    guest = town.chat.person("Khách <b>lạ</b>")
    await guest.says("/toi")
    told = await guest.hears(
        "Khách <b>lạ</b>",
        "chưa gắn với đơn vị nào",
        "/start MÃ",
        "chia sẻ số điện thoại",
        ID_ASKED_FOR,
        str(guest.id),
    )
    told.lacks(*commands_of(*set(Viewer) - {Viewer.EVERYONE}))


async def test_whoever_lost_the_last_role_is_a_guest_again(town: Town) -> None:
    hoa = await town.officer()
    async with town.database.write() as db:
        person = await people.find_by_telegram(db, hoa.id)
        assert person is not None
        await people.end_role(db, person.id, town.may.id, RoleName.OFFICER, town.clock())
    await hoa.says("/toi")
    (await hoa.hears("chưa gắn với đơn vị nào", str(hoa.id))).lacks("May Hòa Thọ")


async def test_an_officer_of_a_unit_that_ended_is_led_to_what_was_sent(town: Town) -> None:
    hoa = await town.officer()
    await town.reported(town.may, SEPTEMBER, 1300, 1241, 10, 5)
    async with town.database.write() as db:
        await units.dissolve(db, town.may.id, OPENING_DAY.date())
    await hoa.says("/toi")
    (await hoa.hears("Đã giải thể từ 28/10/2026", "báo cáo cũ xem ở /lichsu")).lacks("Được nộp")
    await hoa.says("/baocao")
    await hoa.hears("CĐCS May Hòa Thọ đã dừng hoạt động từ 28/10/2026", "/lichsu")
    await hoa.says("/lichsu")
    await hoa.hears("Báo cáo đã gửi", "CĐCS May Hòa Thọ", "1.241")


async def test_a_link_opens_the_report_or_the_deadlines(town: Town) -> None:
    hoa, guest = await town.officer(), town.chat.person("Khách Lạ")
    await hoa.starts("baocao")
    await hoa.hears("1/4")
    await hoa.starts("han")
    await hoa.hears("05/11/2026", "tháng 10/2026")
    await guest.starts("baocao")
    (await guest.hears("chưa gắn với đơn vị nào")).lacks("Mã mời này")
    await guest.starts("han")
    (await guest.hears()).lacks("Mã mời này")
