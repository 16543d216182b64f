"""The life of a plan in the chat of an admin: it waits, comes into force, replaces another, is withdrawn."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from knowledge.model.plans import Plan
from knowledge.model.stored_plans import PlanStatus
from knowledge.plans import load_plans
from storage import plans, units
from storage.engine import Database
from tests.bot.test_living import plan_of
from tests.e2e.chat import Chat, Seat
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.plan_texts import QUESTION, asks_until
from tests.e2e.town import Town, town_on


async def wait_for(database: Database, plan: Plan, chat: Chat) -> None:
    """A plan that was read and waits for approval."""
    async with database.write() as db:
        await plans.add(db, plan, file=None, by=None, now=chat.sandbox.clock())


@pytest.fixture
def admin(chat: Chat) -> Seat:
    return chat.person("Lê Quản Trị", person_id=ADMIN_ID)


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def test_a_plan_waits_is_approved_answers_and_is_withdrawn(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await wait_for(sqlite_database, plan_of("vinhan-2026", 90), chat)
    await hoa.says("/kehoach")
    (await hoa.hears("Các kế hoạch tôi biết")).lacks("Vĩnh An")
    await hoa.says(QUESTION)
    (await hoa.hears()).lacks("90%")

    await admin.says("/kehoach")
    listed = await admin.hears("Vĩnh An", "chờ duyệt")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    page = (await admin.hears("Chờ duyệt", "90%", "chưa đặt cho đơn vị nào")).has_buttons("Duyệt", "Hủy")
    await admin.taps("Duyệt", on=page)
    await admin.sees_change("Đã duyệt", "90/KH-LĐLĐ")
    await asks_until(hoa, "90%")
    await hoa.says("/kehoach")
    await hoa.hears("Vĩnh An")

    await admin.says("/kehoach")
    listed = await admin.hears("Vĩnh An")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    page = (await admin.hears("90%")).has_buttons("Thay thế…", "Rút lại", "Đơn vị áp dụng")
    await admin.taps("Rút lại", on=page)
    sure = await admin.sees_change("Rút lại")
    await admin.taps("Rút lại", on=sure)
    gone = await admin.sees_change("Đã rút lại")
    await asks_until(hoa, "không có trong các kế hoạch")
    await admin.taps("Đưa trở lại", on=gone)
    await admin.sees_change("trở lại như trước")
    await asks_until(hoa, "90%")


async def test_a_second_plan_replaces_the_first_and_gives_way_again(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await wait_for(sqlite_database, plan_of("vinhan-2021", 70, 2021, 2026), chat)
    await wait_for(sqlite_database, plan_of("vinhan-2026", 90), chat)
    await admin.says("/kehoach")
    listed = await admin.hears("Vĩnh An 2021", "Vĩnh An 2026")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2021", on=listed)
    await admin.taps("Duyệt", on=await admin.hears("Chờ duyệt"))
    await admin.sees_change("Đã duyệt")
    await asks_until(hoa, "70%")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    page = await admin.hears("Chờ duyệt")
    await admin.taps("Duyệt", on=page)
    which = (await admin.sees_change("70/KH-LĐLĐ", "thay kế hoạch nào không")).has_buttons("Không thay kế hoạch nào")
    await admin.taps("Thay 70/KH-LĐLĐ", on=which)
    await admin.sees_change("Đã duyệt", "thay cho 70/KH-LĐLĐ")
    await asks_until(hoa, "90%")
    await admin.says("/kehoach")
    listed = await admin.hears("đã được thay thế")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    await admin.taps("Rút lại", on=await admin.hears("90%"))
    sure = await admin.sees_change("70/KH-LĐLĐ", "có hiệu lực trở lại")
    await admin.taps("Rút lại", on=sure)
    await admin.sees_change("Đã rút lại")
    await asks_until(hoa, "70%")


async def test_only_the_admins_of_the_settings_approve(chat: Chat, admin: Seat, sqlite_database: Database) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await wait_for(sqlite_database, plan_of("vinhan-2026", 90), chat)
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    page = await admin.hears("Chờ duyệt")
    await hoa.says("/kehoach")
    own = await hoa.hears("Các kế hoạch tôi biết")
    for label in ("Duyệt", "Hủy", "Đơn vị áp dụng"):
        await hoa.taps_forged(own, page.data_of(label))
        await chat.all_taken()
    async with sqlite_database.read() as db:
        [kept] = await plans.list_plans(db)
    assert kept.status.value == "read"


async def test_approved_twice_the_second_is_told(chat: Chat, admin: Seat, sqlite_database: Database) -> None:
    await wait_for(sqlite_database, plan_of("vinhan-2026", 90), chat)
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    page = await admin.hears("Chờ duyệt")
    data = page.data_of("Duyệt")
    await admin.taps("Duyệt", on=page)
    await admin.sees_change("Đã duyệt")
    await admin.taps_forged(page, data)
    assert "đã thay đổi" in await admin.hears_toast()


async def test_a_plan_is_set_for_a_unit_and_its_officers_are_told_once(town: Town) -> None:
    hoa = await town.officer()
    admin = town.chat.person("Lê Quản Trị", person_id=ADMIN_ID)
    plan = plan_of("vinhan-2026", 90)
    async with town.database.write() as db:
        await plans.add(db, plan, file=None, by=None, now=town.clock())
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    page = await admin.hears("Chờ duyệt")
    await admin.taps("Đơn vị áp dụng", on=page)
    await admin.sees_change("chưa đặt cho đơn vị nào", "Gõ tên hoặc mã")
    await admin.says("TINH")
    await admin.hears("áp dụng 90/KH-LĐLĐ", "còn chờ duyệt")
    await admin.taps("Xong")
    page = await admin.sees("Đơn vị áp dụng (cùng các đơn vị trực thuộc): LĐLĐ tỉnh")
    await admin.taps("Duyệt", on=page)
    await admin.sees("Tôi đang báo cho 1 cán bộ")
    await hoa.sees("Kế hoạch có hiệu lực: 90/KH-LĐLĐ")
    await admin.sees("đã gửi xong")
    async with town.database.read() as db:
        assert await units.get_governing_plans(db, town.may.id) == (plan.id,)
    async with town.database.write() as db:
        await plans.withdraw(db, plan.id, shipped=(), by=None, now=town.clock())
        await plans.restore(db, plan.id, by=None, now=town.clock())
    await asks_until(hoa, "90%")
    await town.chat.all_taken()
    assert hoa.transcript().count("Kế hoạch có hiệu lực") == 1


async def test_words_that_name_no_unit_are_said_so_and_the_dialog_goes_on(town: Town) -> None:
    admin = town.chat.person("Lê Quản Trị", person_id=ADMIN_ID)
    async with town.database.write() as db:
        await plans.add(db, plan_of("vinhan-2026", 90), file=None, by=None, now=town.clock())
    await admin.says("/kehoach")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=await admin.hears("chờ duyệt"))
    await admin.taps("Đơn vị áp dụng", on=await admin.hears("Chờ duyệt"))
    await admin.sees_change("Gõ tên hoặc mã")
    await admin.says("xã không có thật")
    await admin.hears("không thấy đơn vị nào")
    await admin.says("kế hoạch nào còn hiệu lực")
    (await admin.hears("Đang có hiệu lực", "A15/KH-CĐCT")).lacks("không thấy đơn vị nào")
    await admin.hears("Gõ tên hoặc mã")
    await admin.says("TINH")
    await admin.hears("áp dụng 90/KH-LĐLĐ")
    await admin.says("/huy")
    await admin.hears("Đã lưu")


async def test_a_plan_of_next_year_waits_for_its_day_and_nobody_is_told_before(town: Town) -> None:
    hoa = await town.officer()
    admin = town.chat.person("Lê Quản Trị", person_id=ADMIN_ID)
    next_year = town.clock().date().replace(month=1, day=1, year=town.clock().year + 1)
    plan = msgspec.structs.replace(
        plan_of("vinhan-2027", 90, next_year.year, next_year.year + 3), issued_on=next_year, short="LĐLĐ Vĩnh An mới"
    )
    async with town.database.write() as db:
        await plans.add(db, plan, file=None, by=None, now=town.clock())
        await units.change(db, town.may.id, plan=plan.id)
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    await admin.taps("LĐLĐ Vĩnh An mới", on=listed)
    await admin.taps("Duyệt", on=await admin.hears("Chờ duyệt"))
    await admin.sees_change("Đã duyệt", f"từ ngày 01/01/{next_year.year}", "Đến ngày đó tôi báo cho 1 cán bộ")
    await admin.says("/kehoach")
    listed = await admin.hears(f"có hiệu lực từ 01/01/{next_year.year}")
    await admin.taps("LĐLĐ Vĩnh An mới", on=listed)
    page = await admin.hears(f"Có hiệu lực từ 01/01/{next_year.year}", "chưa trả lời theo kế hoạch này")
    await admin.taps("Đơn vị áp dụng", on=page)
    await admin.sees_change("Gõ tên hoặc mã")
    await admin.says("TINH")
    await admin.hears("đến hôm đó tôi báo")
    await town.chat.all_taken()
    assert "Kế hoạch có hiệu lực" not in hoa.transcript()


async def test_a_plan_whose_years_are_over_is_no_news(town: Town) -> None:
    hoa = await town.officer()
    admin = town.chat.person("Lê Quản Trị", person_id=ADMIN_ID)
    plan = plan_of("vinhan-2021", 70, 2021, 2025)
    async with town.database.write() as db:
        await plans.add(db, plan, file=None, by=None, now=town.clock())
        await units.change(db, town.may.id, plan=plan.id)
    await admin.says("/kehoach")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2021", on=await admin.hears("chờ duyệt"))
    await admin.taps("Duyệt", on=await admin.hears("Chờ duyệt"))
    await admin.sees_change("Đã duyệt", "đã hết giai đoạn", "không báo cho cán bộ")
    await asks_until(hoa, "70%")
    await town.chat.all_taken()
    assert "Kế hoạch có hiệu lực" not in hoa.transcript()


async def test_a_unit_set_for_a_replaced_plan_is_taken_from_the_new_one(town: Town) -> None:
    admin = town.chat.person("Lê Quản Trị", person_id=ADMIN_ID)
    old = plan_of("vinhan-2021", 70, 2021, 2026)
    async with town.database.write() as db:
        for plan in (old, plan_of("vinhan-2026", 90)):
            await plans.add(db, plan, file=None, by=None, now=town.clock())
        await units.change(db, town.may.id, plan=old.id)
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2021", on=listed)
    await admin.taps("Duyệt", on=await admin.hears("Chờ duyệt"))
    await admin.sees_change("Đã duyệt")
    await asks_until(admin, "70%")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    await admin.taps("Duyệt", on=await admin.hears("Chờ duyệt"))
    await admin.taps("Thay 70/KH-LĐLĐ", on=await admin.sees_change("thay kế hoạch nào không"))
    await admin.sees_change("Đã duyệt")
    await asks_until(admin, "90%")
    await admin.taps("LĐLĐ tỉnh Vĩnh An 2026", on=listed)
    await admin.taps("Đơn vị áp dụng", on=await admin.hears("90%"))
    shown = await admin.sees_change("Gõ tên hoặc mã", town.may.name)
    await admin.taps(next(label for label in shown.labels if label.startswith("✕")), on=shown)
    await admin.sees_change("chưa đặt cho đơn vị nào")
    async with town.database.read() as db:
        assert await units.get_governing_plans(db, town.may.id) == ()


async def test_a_bettered_text_of_a_shipped_plan_is_approved_beside_the_one_in_force(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    shipped = next(plan for plan in load_plans() if plan.id == "vuit-nq02-2021")
    await wait_for(sqlite_database, msgspec.structs.replace(shipped, signer="Đỗ Thị Minh Châu"), chat)
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    short = shipped.short.removesuffix(" Việt Nam")  # a phone would not show it all
    listed.has_buttons(f"{short} – chờ duyệt", f"{short} – A15/KH-CĐCT")
    await admin.taps(f"{short} – chờ duyệt", on=listed)
    await admin.hears("Chờ duyệt", "Đỗ Thị Minh Châu")
    page = (await admin.sees("Đơn vị áp dụng: chưa đặt")).has_buttons("Duyệt", "Hủy")
    await admin.taps("Duyệt", on=page)
    await admin.taps("Không thay kế hoạch nào", on=await admin.sees_change("thay kế hoạch nào không"))
    await admin.sees_change("Đã duyệt")
    async with sqlite_database.read() as db:
        (row,) = await plans.list_plans(db)
    assert (row.plan_id, row.status) == (shipped.id, PlanStatus.IN_FORCE)


async def test_what_became_of_plans_is_told_by_their_states_and_a_place_means_its_plan_in_force(
    chat: Chat, admin: Seat, sqlite_database: Database
) -> None:
    await wait_for(sqlite_database, plan_of("vinhan-2021", 70, 2021, 2025), chat)
    await wait_for(sqlite_database, plan_of("vinhan-2026", 90), chat)
    await admin.says("/kehoach")
    listed = await admin.hears("chờ duyệt")
    for label in ("LĐLĐ tỉnh Vĩnh An 2021", "LĐLĐ tỉnh Vĩnh An 2026"):
        await admin.taps(label, on=listed)
        await admin.taps("Duyệt", on=await admin.hears("Chờ duyệt"))
        if label.endswith("2026"):
            await admin.taps("Thay 70/KH-LĐLĐ", on=await admin.sees_change("thay kế hoạch nào không"))
        await admin.sees_change("Đã duyệt")
        await asks_until(admin, "70%" if label.endswith("2021") else "90%")
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("kế hoạch nào còn hiệu lực?")
    await hoa.hears("Đang có hiệu lực", "Đã được thay thế", "→ 90/KH-LĐLĐ")
    await hoa.says("Vĩnh An có mấy kế hoạch")
    (await hoa.hears("70/KH-LĐLĐ", "90/KH-LĐLĐ")).lacks("Bảo Lộc")
    await hoa.says("xin file kế hoạch Vĩnh An")
    (await hoa.hears("không giữ tệp của 90/KH-LĐLĐ")).lacks("70/KH-LĐLĐ")
