"""Joining, inviting, ending roles, walking the tree: as chats."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import Bot
from storage import chats, dialogs, invites, people, submissions, units
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.e2e.chat import Chat, Heard, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.storage.places import plant
from tests.storage.test_submissions import send

CODE = re.compile(r"/start (\S{24})")


@dataclass
class Town:
    """A running bot with a tree: Hùng supervises X1, Hoa reports for CS1, Mai administers HCM; Lan has not joined."""

    chat: Chat
    bot: Bot
    places: dict[str, Unit] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.bot.database

    def now(self) -> datetime:
        return self.bot.clock()

    async def role(self, seat: Seat, code: str, role: RoleName) -> None:
        async with self.database.write() as db:
            person = await people.ensure(db, seat.id, seat.person.name, self.now())
            await people.grant(db, person.id, self.places[code].id, role, self.now())

    async def staff(self, code: str) -> list[str]:
        async with self.database.read() as db:
            return [person.name for person in await people.list_officers(db, self.places[code].id)]


@pytest.fixture
async def town(chat: Chat, bot: Bot) -> AsyncIterator[Town]:
    built = Town(chat, bot)
    async with bot.database.write() as db:
        built.places = await plant(db)
    yield built
    assert bot.worker.failed == 0


@pytest.fixture
async def hung(town: Town) -> Seat:
    seat = town.chat.person("Lê Văn Hùng", phone="+84901000002")
    await town.role(seat, "X1", RoleName.SUPERVISOR)
    return seat


@pytest.fixture
async def hoa(town: Town) -> Seat:
    seat = town.chat.person("Nguyễn Thị Hoa", phone="+84901000003")
    await town.role(seat, "CS1", RoleName.OFFICER)
    return seat


@pytest.fixture
async def mai(town: Town) -> Seat:
    seat = town.chat.person("Trần Thị Mai", phone="+84901000001")
    await town.role(seat, "HCM", RoleName.ADMIN)
    return seat


async def on_roster(town: Town, code: str, name: str, phone: str) -> None:
    async with town.database.write() as db:
        person = await people.add(db, name, town.now(), phone=phone)
        await people.grant(db, person.id, town.places[code].id, RoleName.OFFICER, town.now())


def code_in(heard: Heard) -> str:
    found = CODE.search(heard.text)
    assert found is not None, heard.text
    return found[1]


# Joining -----------------------------------------------------------------------------------------------------------


async def test_an_officer_of_the_roster_joins_by_sharing_the_number(town: Town) -> None:
    await on_roster(town, "CS2", "Hồ Ngọc Lan", "+84901000005")
    lan = town.chat.person("Lan", phone="84901000005")
    await lan.starts()
    await lan.hears("Xin chào")
    (await lan.hears("Chia sẻ số điện thoại")).has_buttons("Chia sẻ số điện thoại")
    await lan.shares_phone()
    await lan.hears("đã khớp", "cán bộ nhập liệu", "CĐCS Trường Nguyễn Du", "/baocao")
    await lan.hears("Chào anh/chị Lan", "chưa nộp", "CĐCS Trường Nguyễn Du")
    assert await town.staff("CS2") == ["Hồ Ngọc Lan"]
    await lan.shares_phone()
    await lan.hears("đã tham gia rồi", "CĐCS Trường Nguyễn Du")
    await lan.starts()
    await lan.hears("Chào anh/chị Lan", "CĐCS Trường Nguyễn Du")


async def test_a_number_that_stands_nowhere_opens_nothing(town: Town) -> None:
    guest = town.chat.person("Khôi", phone="+84909999999")
    await guest.shares_phone()
    await guest.hears("chưa có trong danh sách", "mã mời")


async def test_somebody_elses_number_opens_nothing(town: Town, hoa: Seat) -> None:
    await on_roster(town, "CS2", "Hồ Ngọc Lan", "+84901000005")
    lan = town.chat.person("Lan", phone="+84901000005")
    thief = town.chat.person("Kẻ mạo danh", phone="+84908888888")
    await thief.shares_phone(of=lan.person)
    await thief.hears("không phải số của chính anh/chị")
    forged: dict[str, Any] = {
        "message_id": 900_001,
        "date": town.chat.sandbox.timestamp(),
        "chat": {"id": thief.id, "type": "private", "first_name": "K"},
        "from": {"id": thief.id, "is_bot": False, "first_name": "K"},
        "contact": {"phone_number": "+84901000005", "first_name": "Lan"},
    }
    town.chat.sandbox.inject_update({"message": forged})
    await thief.hears("không phải số của chính anh/chị")
    async with town.database.read() as db:
        assert await people.find_by_telegram(db, thief.id) is None


async def test_a_number_tied_to_another_account_is_not_taken_over(town: Town) -> None:
    await on_roster(town, "CS2", "Hồ Ngọc Lan", "+84901000005")
    lan = town.chat.person("Lan", phone="+84901000005")
    await lan.shares_phone()
    await lan.hears("đã khớp")
    heir = town.chat.person("Người mới", phone="+84901000005")
    await heir.shares_phone()
    await heir.hears("một tài khoản Telegram khác")


async def test_one_who_came_by_invitation_gets_the_roles_of_the_roster_too(town: Town, hoa: Seat) -> None:
    await on_roster(town, "CS2", "Nguyễn Thị Hoa", "+84901000003")
    await hoa.shares_phone()
    await hoa.hears("CĐCS Công ty May Sông Xanh", "CĐCS Trường Nguyễn Du")


# Inviting ----------------------------------------------------------------------------------------------------------


async def test_a_supervisor_invites_an_officer_who_then_belongs(town: Town, hung: Seat) -> None:
    await hung.says("/moi")
    page = await hung.hears("Công đoàn phường Bến Thành", "Trực thuộc: 2 đơn vị")
    await hung.taps("CĐCS Trường Nguyễn Du", on=page)
    await hung.sees_change("CĐCS Trường Nguyễn Du", "Chưa có cán bộ nào")
    await hung.taps("Mời cán bộ")
    roles = await hung.sees_change("Mời ai vào")
    assert "Quản trị viên" not in roles.labels
    await hung.taps("Cán bộ nhập liệu")
    invitation = await hung.sees_change("dùng được một lần", "https://t.me/troly_congdoan_bot?start=")
    code = code_in(invitation)

    lan = town.chat.person("Hồ Ngọc Lan")
    await lan.starts(code)
    await lan.hears("đã tham gia", "cán bộ nhập liệu", "CĐCS Trường Nguyễn Du", "/baocao")
    await lan.hears("Chào anh/chị Lan", "chưa nộp", "CĐCS Trường Nguyễn Du")
    await hung.hears("Hồ Ngọc Lan", "đã dùng mã mời")
    assert await town.staff("CS2") == ["Hồ Ngọc Lan"]
    await lan.sees_commands("baocao")
    assert "moi" not in lan.commands

    for pasted in (code, f"mã: “{code}”.", f"https://t.me/troly_congdoan_bot?start={code}", f"/start {code}."):
        await lan.says(pasted)
        await lan.hears("đã tham gia từ trước")
        await lan.hears("Chào anh/chị Lan")
    other = town.chat.person("Người khác")
    await other.starts(code)
    await other.hears("không dùng được")


async def test_a_code_that_is_too_old_or_wrong_gets_the_same_answer(town: Town, hung: Seat) -> None:
    async with town.database.write() as db:
        old = await invites.create(
            db, town.places["CS1"].id, RoleName.OFFICER, town.now() - timedelta(days=8), created_by=None
        )
    answers = []
    for code in (old, "Z" * 23 + "1", "x"):
        guest = town.chat.person("Khách")
        await guest.starts(code)
        answers.append((await guest.hears("không dùng được")).text)
    assert len(set(answers)) == 1


async def test_one_who_guesses_codes_is_locked_out(town: Town) -> None:
    async with town.database.write() as db:
        good = await invites.create(db, town.places["CS1"].id, RoleName.OFFICER, town.now(), created_by=None)
    guesser = town.chat.person("Đoán mò")
    for number in range(invites.TRIES_PER_PERSON):
        await guesser.starts(f"guess{number}")
        await guesser.hears("không dùng được")
        await guesser.hears("Xin chào")
        await guesser.hears("Chia sẻ")
    await guesser.starts(good)
    await guesser.hears("thử nhiều mã không đúng", "mã còn hạn thì vẫn dùng được")
    assert await town.staff("CS1") == []


async def test_somebody_of_the_roster_who_comes_by_an_invitation_is_no_second_person(town: Town) -> None:
    await on_roster(town, "CS2", "Hồ Ngọc Lan", "+84901000005")
    async with town.database.write() as db:
        code = await invites.create(
            db, town.places["CS2"].id, RoleName.OFFICER, town.now(), created_by=None, lasts=timedelta(days=1)
        )
    lan = town.chat.person("Ngọc Lan Hồ", phone="84901999999")
    await lan.says(f"/start {code}")
    await lan.hears("đã tham gia", "Hồ Ngọc Lan", "danh sách cán bộ", "CĐCS Trường Nguyễn Du")
    assert await town.staff("CS2") == ["Hồ Ngọc Lan"]


async def test_a_name_opens_no_more_than_the_code_does(town: Town) -> None:
    """Telegram's name is whatever its owner typed."""
    await on_roster(town, "CS2", "Hồ Ngọc Lan", "+84901000005")
    async with town.database.write() as db:
        [lan] = await people.list_officers(db, town.places["CS2"].id)
        await people.grant(db, lan.id, town.places["X1"].id, RoleName.SUPERVISOR, town.now())
    async with town.database.write() as db:
        code = await invites.create(
            db, town.places["CS2"].id, RoleName.OFFICER, town.now(), created_by=None, lasts=timedelta(days=1)
        )
    other = town.chat.person("Hồ Ngọc Lan", phone="84901999999")
    await other.says(f"/start {code}")
    (await other.hears("đã tham gia", "CĐCS Trường Nguyễn Du")).lacks("danh sách cán bộ")
    async with town.database.read() as db:
        _, held = await people.find_with_roles(db, other.id)
    assert [(role.role, unit.code) for role, unit in held] == [(RoleName.OFFICER, "CS2")]


async def test_an_officer_may_not_invite(town: Town, hoa: Seat) -> None:
    await hoa.says("/moi")
    await hoa.hears("dành cho cán bộ phụ trách")


async def test_a_supervisor_ends_a_role_and_puts_somebody_else_there(town: Town, hung: Seat, hoa: Seat) -> None:
    await hoa.starts()
    await hoa.hears("Chào chị Hoa", "CĐCS Công ty May Sông Xanh")
    await hung.says("mời cán bộ")
    await hung.hears("Bến Thành")
    await hung.taps("CĐCS Công ty May Sông Xanh")
    await hung.sees_change("Nguyễn Thị Hoa – cán bộ nhập liệu")
    await hung.taps("Vai trò")
    page = await hung.sees_change("vai trò của ai")
    await hung.taps(next(label for label in page.labels if label.startswith("Nguyễn Thị Hoa")))
    await hung.sees_change("không nộp, không xem được")
    await hung.taps("Thay người khác")
    await hung.sees_change("Đã kết thúc vai trò", "Nguyễn Thị Hoa")
    code = code_in(await hung.hears("dùng được một lần", "CĐCS Công ty May Sông Xanh"))
    await hoa.hears("đã kết thúc", "CĐCS Công ty May Sông Xanh")
    binh = town.chat.person("Phạm Quốc Bình")
    await binh.starts(code)
    await binh.hears("đã tham gia")
    assert await town.staff("CS1") == ["Phạm Quốc Bình"]
    await hoa.says("/donvi")
    await hoa.hears("chỉ xem được")


# The tree ----------------------------------------------------------------------------------------------------------


async def test_an_admin_walks_and_searches_the_tree(town: Town, mai: Seat) -> None:
    await mai.says("/donvi")
    await mai.hears("LĐLĐ Thành phố Hồ Chí Minh", "25-CTr/TU", "Trực thuộc: 2 đơn vị; tính cả các cấp dưới là 4")
    await mai.taps("Công đoàn phường Bến Thành")
    await mai.sees_change("Thuộc: LĐLĐ Thành phố Hồ Chí Minh")
    await mai.taps("↑ Cấp trên")
    await mai.sees_change("Trực thuộc: 2 đơn vị")
    await mai.taps("Tìm đơn vị")
    await mai.hears("gõ tên hoặc mã")
    await mai.says("nguyen du")
    await mai.hears("CĐCS Trường Nguyễn Du", "CĐCS hành chính sự nghiệp")
    await mai.says("/donvi cđcs")
    found = await mai.hears("có “cđcs”")
    assert set(found.labels) == {"CĐCS Cơ khí Tân Phong", "CĐCS Công ty May Sông Xanh", "CĐCS Trường Nguyễn Du"}
    await mai.taps("CĐCS Trường Nguyễn Du")
    await mai.sees_change("CĐCS hành chính sự nghiệp")
    await mai.says("/donvi cảng cửa việt")
    await mai.hears("không tìm thấy", "trong phạm vi của chị")


async def test_a_wide_tree_is_shown_by_pages(town: Town, mai: Seat) -> None:
    async with town.database.write() as db:
        for number in range(20):
            await units.add(
                db,
                code=f"P{number:02}",
                name=f"Đơn vị thứ {number:02}",
                kind=town.places["CS1"].kind,
                parent_id=town.places["X1"].id,
                registered_on=town.now().date(),
            )
    await mai.says("/donvi X1")
    page = await mai.hears("22 đơn vị", "Trang 1/3")
    first = set(page.labels)
    await mai.taps("Trang sau ›")
    await mai.sees_change("Trang 2/3")
    await mai.taps("Trang sau ›")
    await mai.sees_change("Trang 3/3")
    assert "Trang sau ›" not in page.labels
    assert not {label for label in first & set(page.labels) if label.startswith("Đơn vị thứ")}


async def test_an_admin_moves_renames_merges_and_dissolves(town: Town, mai: Seat) -> None:
    await mai.says("/donvi CS3")
    await mai.hears("CĐCS Cơ khí Tân Phong", "Mã CS3")
    await mai.taps("Thay đổi")
    menu = await mai.sees_change("Thay đổi gì")
    await mai.taps("Chuyển cấp trên")
    await mai.hears("về đâu")
    await mai.says("bến thành")
    await mai.hears("về Công đoàn phường Bến Thành?")
    await mai.taps("Chuyển")
    await mai.sees_change("Thuộc: LĐLĐ Thành phố Hồ Chí Minh › Công đoàn phường Bến Thành")
    await mai.taps("Đổi tên", on=menu)
    await mai.hears("tên mới")
    await mai.says("CĐCS Cơ khí Tân Phong Mới")
    await mai.hears("CĐCS Cơ khí Tân Phong Mới")
    await mai.taps("Sáp nhập", on=menu)
    await mai.hears("vào đơn vị nào")
    await mai.says("không có đơn vị này")
    await mai.hears("không tìm thấy")
    await mai.says("CS2")
    await mai.hears("Sáp nhập", "CĐCS Trường Nguyễn Du")
    await mai.taps("Sáp nhập")
    await mai.sees_change("CĐCS Trường Nguyễn Du")
    await mai.says("/donvi CS1")
    await mai.hears("CĐCS Công ty May Sông Xanh", "Mã CS1")
    await mai.taps("Thay đổi")
    await mai.sees_change("Thay đổi gì")
    await mai.taps("Giải thể")
    await mai.sees_change("Số liệu cũ vẫn được giữ")
    await mai.taps("Giải thể")
    await mai.sees_change("Đã giải thể từ")
    async with town.database.read() as db:
        ended = [unit.code for unit in await units.list_all(db) if unit.dissolved_on is not None]
    assert sorted(ended) == ["CS1", "CS3"]


async def test_a_question_in_words_after_a_search_is_a_question_again(town: Town, mai: Seat) -> None:
    await mai.says("/donvi")
    await mai.hears("LĐLĐ Thành phố Hồ Chí Minh")
    await mai.taps("Tìm đơn vị")
    await mai.hears("gõ tên hoặc mã")
    await mai.says("/huy")
    await mai.hears("không thay đổi gì")
    await mai.says("chỉ tiêu tưlđtt 2025?")
    await mai.hears("80%", "25-CTr/TU")
    async with town.database.read() as db:
        assert await dialogs.find_dialog(db, mai.id) is None


async def test_the_template_comes_from_the_bot(town: Town) -> None:
    owner = town.chat.person("Quản trị hệ thống", person_id=ADMIN_ID)
    await owner.says("/donvi TLD")
    await owner.hears("Tổng Liên đoàn", "Mã TLD")
    await owner.taps("Thay đổi")
    await owner.sees_change("Thay đổi gì")
    await owner.taps("Lấy tệp mẫu")
    assert (await owner.hears("troly units import")).file.startswith(b"PK")


async def test_an_admin_without_units_is_told_how_to_begin(chat: Chat, bot: Bot) -> None:
    owner = chat.person("Quản trị hệ thống", person_id=ADMIN_ID)
    await owner.says("/donvi")
    (await owner.hears("Chưa có đơn vị nào", "troly units import")).has_buttons("Lấy tệp mẫu")


# Forged data -------------------------------------------------------------------------------------------------------


async def test_forged_buttons_open_and_change_nothing(town: Town, hung: Seat, hoa: Seat) -> None:
    await hoa.says("/donvi")
    page = await hoa.hears("CĐCS Công ty May Sông Xanh")
    assert set(page.labels) <= {"Tìm đơn vị"}
    others = [town.places[code].id for code in ("CS2", "X1", "HCM", "TLD", "CS4")]
    own = town.places["CS1"].id
    forged = [
        *(f"u:v:{unit_id}:0" for unit_id in [*others, 0, -1, 999, "x", "9" * 25, "1;2"]),
        *(f"u:{act}:{unit_id}" for act in ("i", "s", "m", "mv", "mg") for unit_id in [own, *others]),
        *(f"u:{act}:{unit_id}" for act in ("rn", "ds", "DS", "rv") for unit_id in [own, *others]),
        *(f"u:c:{unit_id}:{letter}" for letter in "osaz" for unit_id in [own, others[0]]),
        *(f"u:{act}:{own}:{person}:o" for act in "per" for person in (1, 2, 3, "x")),
        f"u:y:mv:{own}:{others[0]}",
        f"u:y:mg:{others[0]}:{own}",
        f"u:q:mv:{own}:{others[0]}",
        f"u:y:xx:{own}:{others[0]}",
        *("u:", "u:v", "u:v:", "u:v:1", "u:T", "u:zz", "u:v:1:2:3", "u:c:1", "u::::", "u:y:::", "u:t:x:y"),
    ]
    before = len([message for message in hoa.room.shown if message.by_bot])
    for data in forged:
        await hoa.taps_forged(page, data)
        assert await hoa.hears_toast(), data
    await town.chat.all_taken()
    assert len([message for message in hoa.room.shown if message.by_bot]) == before
    assert page.message.edits == 0
    async with town.database.read() as db:
        assert await town.staff("CS1") == ["Nguyễn Thị Hoa"]
        for unit in town.places.values():
            assert await units.get_unit(db, unit.id) == unit


async def test_a_supervisor_sees_and_changes_nothing_outside_the_own_subtree(town: Town, hung: Seat) -> None:
    await hung.says("/moi")
    page = await hung.hears("Bến Thành")
    outside = [town.places[code].id for code in ("HCM", "TLD", "CS3", "CS4", "QT")]
    for unit_id in outside:
        for data in (f"u:v:{unit_id}:0", f"u:i:{unit_id}", f"u:c:{unit_id}:o", f"u:s:{unit_id}", f"u:m:{unit_id}"):
            await hung.taps_forged(page, data)
            assert await hung.hears_toast()
    assert page.message.edits == 0
    await hung.says("/donvi cơ khí")
    await hung.hears("không tìm thấy")
    assert "Thuộc" not in page.text


# Forgetting --------------------------------------------------------------------------------------------------------


async def test_who_is_forgotten_goes_and_the_units_figures_stay(town: Town, hoa: Seat) -> None:
    async with town.database.write() as db:
        person = await people.find_by_telegram(db, hoa.id)
        assert person is not None
        sent = await send(db, town.places["CS1"].id, town.now(), sent_by=person.id)
    await hoa.starts()
    await hoa.hears("Chào chị Hoa")
    await town.chat.all_taken()
    await hoa.says("/xoadulieu")
    await hoa.hears("Số liệu đã nộp là của đơn vị nên được giữ lại")
    await hoa.says("điều tôi không muốn ai nhớ")
    await hoa.hears()
    await hoa.taps("Xóa dữ liệu của tôi")
    await hoa.sees_change("Đã xóa")
    async with town.database.read() as db:
        for table, column in (("inbox", "raw"), ("outbox", "body")):
            left = await db.execute(text(f"SELECT {column} FROM {table} WHERE {column} != ''"))
            theirs = [row for (row,) in left if "không muốn ai nhớ" in row or "Nguyễn Thị Hoa" in row]
            assert theirs == [], table
        assert await chats.find_chat(db, hoa.id) is None
    await hoa.says("/donvi")
    await hoa.hears("chỉ xem được")
    async with town.database.read() as db:
        assert await people.find_by_telegram(db, hoa.id) is None
        assert (await people.get_person(db, person.id)).name == ""
        kept = await submissions.find_submission(db, sent.submission.id)
    assert kept == sent.submission
