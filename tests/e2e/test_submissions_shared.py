"""Who reports for which unit: colleagues, several units, units below, and those without the right."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import people
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.town import OCTOBER, ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sees_summary, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def test_a_colleague_goes_on_where_the_draft_was_left_and_a_stale_step_is_told(town: Town) -> None:
    hoa, minh = await town.officer(), await town.officer("Lê Văn Minh")
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await hoa.says("1320")
    await hoa.hears("2/4")
    await minh.says("/baocao")
    await minh.hears("Nguyễn Thị Hoa", "2/4")
    await minh.says("1250")
    await minh.hears("3/4")
    await hoa.says("1111")
    await hoa.hears("Lê Văn Minh", "chưa được ghi", "3/4")
    await hoa.says("12")
    await hoa.hears("4/4")
    await minh.says("99")
    await minh.hears("chưa được ghi", "4/4")
    await minh.says("3")
    await hears_summary(minh, "CNVCLĐ: 1.320", "Đoàn viên: 1.250", "Kết nạp mới: 12", "Giảm: 3")
    await sends(minh)
    await hoa.says("Gửi")
    await hoa.hears("Lê Văn Minh đã gửi", "Đã nhận")
    assert len(await town.versions(town.may)) == 1


async def test_several_units_are_chosen_first(town: Town) -> None:
    hoa = await town.officer("Nguyễn Thị Hoa", town.may, town.giay)
    await hoa.says("/baocao")
    (await hoa.hears("đơn vị nào")).has_buttons("CĐCS May Hòa Thọ", "CĐCS Giày Xuân An")
    await hoa.taps("CĐCS Giày Xuân An")
    await hoa.sees_change("Giày Xuân An", "1/4")
    await hoa.taps("Quay lại")
    await hoa.sees_change("đơn vị nào")
    await hoa.says(ONE_MESSAGE)
    await hoa.hears("đơn vị nào")
    await hoa.taps("CĐCS May Hòa Thọ")
    await sees_summary(hoa, "May Hòa Thọ", "Đoàn viên: 1.250")
    await sends(hoa)
    assert await town.current(town.may) is not None
    assert await town.current(town.giay) is None


async def test_entering_for_a_unit_below_is_marked_and_told(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await lan.says("/baocao")
    await lan.hears("Nhập thay", "gõ tên hay mã")
    await lan.says("may hoà thọ")
    await lan.hears("CĐCS May Hòa Thọ (nhập thay)", "1/4")
    await lan.says(ONE_MESSAGE)
    await hears_summary(lan, "nhập thay")
    (await sends(lan)).says("nhập thay")
    await hoa.hears("Trần Văn Lan", "nhập thay", "Đoàn viên: 1.250")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.entered_for


@pytest.mark.parametrize("said", ["/baocao", "/lichsu", ONE_MESSAGE, "/baocao MAY", "không có biến động"])
async def test_without_a_role_nothing_is_taken_or_shown(town: Town, said: str) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    stranger = town.chat.person("Người Lạ")
    await stranger.says(said)
    (await stranger.hears("chưa gắn với đơn vị")).lacks("1.241", "May")
    assert await town.draft(town.may) is None


async def test_forged_buttons_reach_no_unit_of_others(town: Town) -> None:
    sent = await town.reported(town.giay, OCTOBER, 777, 666)
    hoa = await town.officer()
    quang = await town.officer("Phạm Quang", town.giay)
    await quang.says("báo cáo tháng 9: cnvclđ 777, đoàn viên 660, mới 0, giảm 0")
    await quang.hears("Xem lại")
    draft = await town.draft(town.giay, SEPTEMBER)
    assert draft is not None
    born = draft.state["born"]
    await hoa.says("/baocao")
    own = await hoa.hears("1/4")
    for data in [
        f"r:u:{town.giay.id}:r",
        f"r:u:{town.giay.id}:h",
        f"r:n:{town.giay.id}:doan-vien-thang:2026-09",
        f"r:v:{sent.id}",
        f"r:f:{sent.id}",
        f"r:b:{sent.id}",
        f"r:o:{sent.id}",
        f"r:p:{town.giay.id}",
        f"r:d:{draft.id}.{born}.{draft.version}:f",
        f"r:x:{draft.id}:{born}",
        "r:q:1:1",
        "r:m:start",
        "r:m:go",
        f"r:u:{town.tinh.id}:c",
        "r:v:999999999999999999999",
        "r:d:a.b.c:k",
        "r:d:1",
        "r:",
        "r:n:1:khong-co:2026-13",
        "r:c:1:1",
    ]:
        await hoa.taps_forged(own, data)
        toast = await hoa.hears_toast()
        if not toast:
            (await hoa.hears()).lacks("777", "666", "660", "Giày")
    assert len(await town.versions(town.giay)) == 1
    again = await town.draft(town.giay, SEPTEMBER)
    assert again == draft


async def test_a_role_that_ended_in_the_middle_ends_the_dialog(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    async with town.database.write() as db:
        person = await people.find_by_telegram(db, hoa.id)
        assert person is not None
        await people.end_role(db, person.id, town.may.id, RoleName.OFFICER, town.clock())
    await hoa.says("Gửi")
    (await hoa.hears()).lacks("Đã nhận")
    assert await town.current(town.may) is None
