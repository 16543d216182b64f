"""An officer leaves, or changes account or number: as chats."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from storage import audit, people, requests, units
from storage.engine import Database
from tests.e2e.chat import Heard
from tests.e2e.town import OCTOBER, Town, sends, town_on

CODE = re.compile(r"/start (\S{24})")


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


def code_in(heard: Heard) -> str:
    found = CODE.search(heard.text)
    assert found is not None, heard.text
    return found[1]


async def officers(town: Town) -> list[str]:
    async with town.database.read() as db:
        return [each.name for each in await people.list_officers(db, town.may.id)]


async def test_a_role_is_handed_over_in_two_taps_with_its_draft_and_requests(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250")
    await hoa.hears()
    async with town.database.write() as db:
        who = await people.find_by_telegram(db, hoa.id)
        assert who is not None
        kind = requests.RequestKind.EXTENSION
        await requests.ask(
            db,
            unit_id=town.may.id,
            form="doan-vien-thang",
            period=OCTOBER,
            kind=kind,
            reason="đang bàn giao",
            wanted_on=None,
            asked_by=who.id,
            now=town.clock(),
        )
    await hoa.says("/toi")
    await hoa.taps("Bàn giao: CĐCS May Hòa Thọ", on=await hoa.hears("CĐCS May Hòa Thọ"))
    link = await hoa.hears("Bàn giao vai trò cán bộ nhập liệu của chị", "dùng được một lần")
    assert "Chia sẻ" in link.labels
    code = code_in(link)
    assert await officers(town) == ["Nguyễn Thị Hoa"]

    await hoa.starts(code)
    await hoa.hears("dành cho người nhận")
    binh = town.chat.person("Phạm Quốc Bình")
    await binh.starts(code)
    await binh.hears("đã nhận bàn giao vai trò cán bộ nhập liệu", "CĐCS May Hòa Thọ", "từ Nguyễn Thị Hoa")
    await hoa.hears("Phạm Quốc Bình đã nhận bàn giao", "đã kết thúc")
    await lan.hears("CĐCS May Hòa Thọ: Nguyễn Thị Hoa đã bàn giao", "Phạm Quốc Bình")
    assert await officers(town) == ["Phạm Quốc Bình"]
    async with town.database.read() as db:
        heir = await people.find_by_telegram(db, binh.id)
        (open_one,) = await requests.list_open(db, town.may)
        actions = [each.action for each in await audit.list_entries(db, within=town.may)]
    assert heir is not None
    assert open_one.asked_by == heir.id
    assert {"role.passing", "role.passed"} <= set(actions)

    await hoa.says("/baocao")
    await hoa.hears()
    await binh.sees("Chào anh/chị Bình")
    await binh.says("mới 12, giảm 3")
    await binh.sees("Gửi")
    await sends(binh)
    other = town.chat.person("Người khác")
    await other.starts(code)
    await other.hears("không dùng được")


async def test_only_the_latest_link_opens_and_none_once_the_role_is_over(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()

    async def link() -> str:
        await hoa.says("/toi")
        await hoa.taps("Bàn giao: CĐCS May Hòa Thọ", on=await hoa.hears("CĐCS May Hòa Thọ"))
        return code_in(await hoa.hears("dùng được một lần"))

    first, second = await link(), await link()
    early = town.chat.person("Đến sớm")
    await early.starts(first)
    await early.hears("không dùng được")
    await lan.says("/moi MAY")
    await lan.hears("CĐCS May Hòa Thọ")
    await lan.taps("Vai trò")
    page = await lan.sees_change("vai trò của ai")
    await lan.taps(next(label for label in page.labels if label.startswith("Nguyễn Thị Hoa")))
    (await lan.sees_change("không nộp, không xem được")).has_buttons("Bàn giao")
    await lan.taps("Kết thúc vai trò")
    await lan.sees_change("Đã kết thúc vai trò")
    late = town.chat.person("Đến muộn")
    await late.starts(second)
    await late.hears("không dùng được")
    assert await officers(town) == []


async def test_a_supervisor_hands_over_for_somebody_and_others_may_not(town: Town) -> None:
    lan, hoa, ba = await town.supervisor(), await town.officer(), await town.officer("Lê Văn Ba", town.giay)
    async with town.database.read() as db:
        who = await people.find_by_telegram(db, hoa.id)
    assert who is not None
    await ba.says("/toi")
    page = await ba.hears("CĐCS Giày Xuân An")
    await ba.taps_forged(page, f"u:h:{town.may.id}:{who.id}:o")
    assert await ba.hears_toast()
    await lan.says("/moi MAY")
    page = await lan.hears("CĐCS May Hòa Thọ")
    await lan.taps_forged(page, f"u:h:{town.may.id}:{who.id}:o")
    code = code_in(await lan.hears("của Nguyễn Thị Hoa ở CĐCS May Hòa Thọ"))
    binh = town.chat.person("Phạm Quốc Bình")
    await binh.starts(code)
    await binh.hears("đã nhận bàn giao")
    assert await officers(town) == ["Phạm Quốc Bình"]
    ba.hears_nothing_more()


async def test_somebody_goes_on_with_another_account_and_another_number(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("/toi")
    await hoa.taps("Đổi điện thoại/tài khoản", on=await hoa.hears("CĐCS May Hòa Thọ"))
    code = code_in(await hoa.hears("tài khoản mới của chính chị"))
    (await hoa.hears("Đổi số điện thoại")).has_buttons("Chia sẻ số điện thoại")
    anew = town.chat.person("Hoa mới", phone="+84908888888")
    await anew.starts(code)
    await anew.hears("Tài khoản này từ nay là của Nguyễn Thị Hoa", "CĐCS May Hòa Thọ")
    await hoa.hears("đã chuyển sang tài khoản mới", "không còn vai trò nào")
    await lan.hears("Nguyễn Thị Hoa", "tài khoản Telegram mới")
    assert await officers(town) == ["Nguyễn Thị Hoa"]
    await anew.hears("Chào chị Hoa")
    await hoa.says("/toi")
    await hoa.hears("chưa gắn với đơn vị nào")
    await anew.shares_phone()
    await anew.hears("đã ghi số điện thoại mới")
    async with town.database.read() as db:
        who = await people.find_by_phone(db, "+84908888888")
    assert who is not None
    assert (who.name, who.telegram_id) == ("Nguyễn Thị Hoa", anew.id)


async def test_an_account_moves_though_the_first_unit_is_no_more(town: Town) -> None:
    hoa = await town.officer("Nguyễn Thị Hoa", town.giay, town.may)
    async with town.database.write() as db:
        await units.dissolve(db, town.giay.id, town.clock().date())
    await hoa.says("/toi")
    await hoa.taps("Đổi điện thoại/tài khoản", on=await hoa.hears("CĐCS May Hòa Thọ"))
    code = code_in(await hoa.hears("tài khoản mới của chính chị"))
    anew = town.chat.person("Hoa mới")
    await anew.starts(code)
    await anew.hears("Tài khoản này từ nay là của Nguyễn Thị Hoa")
    assert await officers(town) == ["Nguyễn Thị Hoa"]
