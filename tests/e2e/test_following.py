"""Shares are followed: reports come in, progress is asked at each level in words and by buttons, units are reminded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services import places
from knowledge.model.shares import Goal
from storage import shares
from storage.engine import Database
from storage.units import Unit
from tests.e2e.region import OCTOBER, Region, region_on

JANUARY = datetime(2026, 1, 12, 2, 0, tzinfo=UTC)
AFTER_OCTOBER = datetime(2026, 11, 6, 1, 30, tzinfo=UTC)
JUNE = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


async def open_goal(
    db: AsyncConnection,
    owner: Unit,
    name: str = "Kết nạp mới",
    measured_in: str = "đoàn viên",
    indicator: str = "new_members",
) -> Goal:
    """A goal of 2026 that a form measures, without any share yet."""
    return await shares.add_goal(
        db, owner, year=2026, name=name, measured_in=measured_in, indicator=indicator, by=None, now=JANUARY
    )


async def hand_down(region: Region) -> Goal:
    """400 members to be admitted in 2026: 300 in the north, 100 in the south; one union was given more in June."""
    async with region.database.write() as db:
        goal = await open_goal(db, region.top)
        north, south, top = region.north, region.south, region.top

        async def give(giver: object, **values: int) -> None:
            by_id = {getattr(region, name).id: Decimal(value) for name, value in values.items()}
            await shares.set_shares(db, goal, giver, by_id, by=None, now=JANUARY)  # type: ignore[arg-type]

        await give(None, top=400)
        await give(top, north=300, south=100)
        await give(north, may=180, co_khi=50)
        await give(south, cang=100)
        await shares.set_shares(
            db, goal, north, {region.may.id: Decimal(200)}, by=None, now=JUNE, reason="thêm hai xưởng"
        )
    return goal


async def test_a_summary_has_one_line_of_the_units_own_share(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await hand_down(region)
    await boss.says("/tonghop")
    summary = await boss.hears("Tổng hợp", "🎯 Kết nạp mới 2026:", "/300")
    assert len(summary.text.splitlines()) <= 6
    await boss.says("/tonghop tháng 12/2025")
    (await boss.hears("Tổng hợp tháng 12/2025")).lacks("🎯")


async def test_an_officer_reads_the_own_share_first(region: Region) -> None:
    hoa = await region.officer(region.may)
    await hand_down(region)
    await hoa.says("/chitieu")
    told = await hoa.hears("CĐCS May Sông Xanh", "chỉ tiêu được giao năm 2026", "Kết nạp mới")
    told.says("▓▓▓▓▓░░░░░ 110/200 đoàn viên (55%)", "Còn thiếu 90 đoàn viên, cần 45 mỗi tháng")
    told.says("Số liệu đến tháng 10/2026, còn thiếu 8/9 báo cáo đã đến hạn")
    told.says("Công đoàn khu Bắc giao ngày 15/06/2026, điều chỉnh từ 180 đoàn viên: thêm hai xưởng")
    told.lacks("400", "300")
    for asked in (
        "chỉ tiêu của đơn vị tôi",
        "chỉ tiêu kết nạp của mình",
        "còn thiếu bao nhiêu để đạt chỉ tiêu năm",
        "đã đạt bao nhiêu phần trăm chỉ tiêu kết nạp",
        "chỉ tiêu được giao năm 2026",
    ):
        await hoa.says(asked)
        await hoa.hears("chỉ tiêu được giao năm 2026", "110/200 đoàn viên (55%)")


async def test_whoever_has_a_share_asks_for_it_in_few_words(region: Region) -> None:
    hoa, boss = await region.officer(region.may), await region.supervisor(region.north)
    await hoa.says("còn thiếu mấy")
    (await hoa.hears("")).lacks("chỉ tiêu được giao năm 2026")
    await hand_down(region)
    for asked in ("còn thiếu mấy", "đạt bao nhiêu phần trăm rồi", "còn thiếu bao nhiêu", "kết nạp còn thiếu mấy nữa ạ"):
        await hoa.says(asked)
        await hoa.hears("chỉ tiêu được giao năm 2026", "110/200 đoàn viên (55%)", "Còn thiếu 90 đoàn viên")
    await hoa.says("còn thiếu mấy báo cáo")
    (await hoa.hears("")).lacks("chỉ tiêu được giao năm 2026")
    for asked in ("cơ sở nào chậm chỉ tiêu", "đơn vị nào chậm kết nạp nhất", "nơi nào tiến độ kém nhất"):
        await boss.says(asked)
        await boss.hears("Kết nạp mới năm 2026 – Công đoàn khu Bắc", "chậm nhất đứng trước")


async def test_a_supervisor_goes_down_to_the_unit_that_is_behind_and_reminds_it(region: Region) -> None:
    boss, hoa = await region.supervisor(region.top), await region.officer(region.may)
    await hand_down(region)
    await boss.says("/chitieu")
    told = await boss.hears("Công đoàn Công Thương", "115/400 đoàn viên (28,8%)", "Chỉ tiêu của đơn vị")
    told.has_buttons("Các đơn vị: Kết nạp mới")
    await boss.taps("Các đơn vị: Kết nạp mới")
    listed = await boss.sees_change("2 đơn vị bên dưới, chậm nhất đứng trước", "115/400")
    assert [label for label in listed.labels if "·" in label] == [
        "Công đoàn khu Nam · 5/100 · thiếu 8 BC",
        "Công đoàn khu Bắc · 110/300 · thiếu 25 BC",
    ]
    await boss.taps("Công đoàn khu Bắc · 110/300 · thiếu 25 BC")
    await boss.sees_change("Công đoàn khu Bắc", "110/300 đoàn viên (36,7%)", "thiếu 25/27 báo cáo")
    await boss.taps("Các đơn vị: Kết nạp mới")
    listed = await boss.sees_change("3 đơn vị bên dưới")
    assert [label for label in listed.labels if "·" in label] == [
        "CĐCS Cơ khí Tân Phong · 0/50 · thiếu 8 BC",
        "CĐCS May Sông Xanh · 110/200 · thiếu 8 BC",
        "CĐCS Trường Nguyễn Du · chưa giao",
    ]
    await boss.taps("CĐCS May Sông Xanh · 110/200 · thiếu 8 BC")
    await boss.sees_change("110/200", "Còn thiếu 90")
    await boss.taps("Nhắc")
    assert "Đã nhắc 1 cán bộ của CĐCS May Sông Xanh" in await boss.hears_toast()
    await hoa.hears("Nhắc chỉ tiêu – CĐCS May Sông Xanh", "Kết nạp mới 2026: 110/200, còn 90", "Lê Văn Hùng nhờ nhắc")
    await boss.taps("Nhắc")
    assert "Hôm nay đã nhắc" in await boss.hears_toast()
    hoa.hears_nothing_more()
    await boss.taps("Quay lại")
    await boss.sees_change("3 đơn vị bên dưới")
    await boss.taps("Ảnh gửi nhóm")
    await region.wait_for_errands()
    await boss.hears("Kết nạp mới 2026: các đơn vị so với chỉ tiêu")


async def test_a_share_of_the_plans_target_is_given_in_the_chat_and_followed(region: Region) -> None:
    boss, north = await region.supervisor(region.top), await region.supervisor(region.north, "Trần Bắc")
    hoa = await region.officer(region.may)
    await boss.says("/giaochitieu")
    await boss.hears("Giao chỉ tiêu năm 2026", "1.500 đoàn viên")
    await boss.taps("Phát triển đoàn viên")
    await boss.sees_change("Chỉ tiêu của đơn vị: 1.500 đoàn viên")
    await boss.says("khu Bắc 900, khu Nam 600")
    await boss.hears("xem lại rồi bấm nút bên dưới")
    await boss.taps("Giao")
    await boss.hears("Đã giao")
    told = await north.hears("Công đoàn khu Bắc: 900 đoàn viên")
    await north.taps("Giao cho cấp dưới", on=told)
    await north.hears("Chỉ tiêu của đơn vị: 900 đoàn viên")
    await north.says("MAY 500, CK 300, TR 100")
    await north.hears("xem lại rồi bấm nút bên dưới")
    await north.taps("Giao")
    await north.hears("Đã giao")
    await hoa.hears("CĐCS May Sông Xanh: 500 đoàn viên")
    await hoa.says("đã đạt bao nhiêu phần trăm chỉ tiêu kết nạp")
    await hoa.hears("Phát triển đoàn viên", "110/500 đoàn viên (22%)", "Công đoàn khu Bắc giao ngày 04/11/2026")
    await boss.says("đơn vị nào chậm kết nạp nhất")
    listed = await boss.hears("Phát triển đoàn viên năm 2026 – Công đoàn Công Thương", "115/1.500 đoàn viên (7,7%)")
    assert listed.labels[:2] == [
        "Công đoàn khu Nam · 5/600 · thiếu 8 BC",
        "Công đoàn khu Bắc · 110/900 · thiếu 25 BC",
    ]


async def test_a_unit_whose_report_is_missing_is_reminded_of_that(region: Region) -> None:
    boss, tan = await region.supervisor(region.north), await region.officer(region.co_khi, "Vũ Văn Tân")
    await hand_down(region)
    region.clock.move_to(AFTER_OCTOBER)
    await boss.says("nơi nào đạt thấp nhất")
    await boss.hears("Kết nạp mới năm 2026", "còn thiếu 27/30 báo cáo đã đến hạn")
    await boss.taps("CĐCS Cơ khí Tân Phong · 0/50 · thiếu 9 BC")
    await boss.sees_change("CĐCS Cơ khí Tân Phong", "0/50")
    await boss.taps("Nhắc")
    assert "CĐCS Cơ khí Tân Phong: Đã nhắc 1 cán bộ" in await boss.hears_toast()
    (await tan.sees("quá hạn")).says("Kết nạp mới 2026: 0/50, còn 50, cần 25/tháng (thiếu 9 báo cáo)")


async def test_the_card_and_the_result_of_the_month_tell_it(region: Region) -> None:
    boss, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await hand_down(region)
    await hoa.says("/start")
    await hoa.hears("🎯 Kết nạp mới 2026: 110/200, còn 90", "CĐCS May Sông Xanh")
    await region.move_to_digest()
    (await boss.sees("Kết quả tháng 10/2026")).says("🎯 Kết nạp mới 2026: 110/300, còn 190")


async def test_the_card_tells_whoever_hands_down_how_far_all_of_it_is(region: Region) -> None:
    boss = await region.supervisor(region.north)
    async with region.database.write() as db:
        goal = await open_goal(db, region.north)
        amounts = {region.may.id: Decimal(200), region.co_khi.id: Decimal(50)}
        await shares.set_shares(db, goal, region.north, amounts, by=None, now=JANUARY)
    await boss.says("/start")
    await boss.hears("🎯 Kết nạp mới 2026: 110/250, còn 140", "Công đoàn khu Bắc")


async def test_who_is_behind_is_asked_in_words_and_reports_move_it_at_once(region: Region) -> None:
    boss = await region.supervisor(region.north)
    await hand_down(region)
    await boss.says("đơn vị nào chậm kết nạp nhất")
    listed = await boss.hears("Kết nạp mới năm 2026 – Công đoàn khu Bắc", "3 đơn vị bên dưới, chậm nhất đứng trước")
    assert listed.labels[0].startswith("CĐCS Cơ khí Tân Phong · 0/50")
    await region.reported(region.co_khi, OCTOBER, 60_050, 50_050, 50, 0)
    await boss.says("đơn vị nào chậm kết nạp nhất")
    listed = await boss.hears("3 đơn vị bên dưới")
    assert listed.labels[:2] == [
        "CĐCS May Sông Xanh · 110/200 · thiếu 8 BC",
        "✓ CĐCS Cơ khí Tân Phong · 50/50 · thiếu 8 BC",
    ]
    await boss.says("tiến độ chỉ tiêu của May Sông Xanh")
    await boss.hears("CĐCS May Sông Xanh", "110/200")


async def test_large_trees_are_worked_out_aside(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LARGE", 2)
    boss = await region.supervisor(region.north)
    await hand_down(region)
    await boss.says("/chitieu")
    await boss.hears("Tôi đang làm phần so với chỉ tiêu")
    await region.wait_for_errands()
    await boss.hears("Công đoàn khu Bắc", "110/300 đoàn viên")
    await boss.taps("Các đơn vị: Kết nạp mới")
    assert "Đang làm" in await boss.hears_toast()
    await region.wait_for_errands()
    await boss.hears("3 đơn vị bên dưới")
    await boss.taps("Quay lại")
    await boss.hears_toast()
    await region.wait_for_errands()
    told = await boss.hears("Công đoàn khu Bắc", "110/300 đoàn viên")
    await boss.taps_forged(told, told.data_of("Các đơn vị: Kết nạp mới").replace("tg:u", "tg:v"))
    await boss.hears_toast()
    await region.wait_for_errands()
    await boss.hears("Công đoàn khu Bắc", "110/300 đoàn viên")


async def test_a_percentage_that_was_given_unit_by_unit_stands_in_the_givers_list(region: Region) -> None:
    boss = await region.supervisor(region.north)
    async with region.database.write() as db:
        goal = await open_goal(db, region.north, "CĐCS có TƯLĐTT", "%", "collective_agreement")
        amounts = {region.may.id: Decimal(90), region.co_khi.id: Decimal(75)}
        await shares.set_shares(db, goal, region.north, amounts, by=None, now=JANUARY)
    await boss.says("/chitieu")
    told = await boss.hears("CĐCS có TƯLĐTT", "Giao riêng cho 2 đơn vị: từ 75% đến 90%")
    told.has_buttons("Các đơn vị: CĐCS có TƯLĐTT")
    await boss.taps("Các đơn vị: CĐCS có TƯLĐTT")
    listed = await boss.sees_change("CĐCS có TƯLĐTT năm 2026", "3 đơn vị bên dưới")
    assert "chưa giao" in listed.labels[2]
    await boss.says("đơn vị nào chậm chỉ tiêu thỏa ước nhất")
    await boss.hears("CĐCS có TƯLĐTT năm 2026", "đơn vị bên dưới")


async def test_a_goal_that_no_form_measures_says_so(region: Region) -> None:
    boss = await region.supervisor(region.north)
    async with region.database.write() as db:
        goal = await shares.add_goal(
            db, region.north, year=2026, name="Hội thao", measured_in="cuộc", by=None, now=JANUARY
        )
        await shares.set_shares(db, goal, None, {region.north.id: Decimal(3)}, by=None, now=JANUARY)
    await boss.says("/chitieu")
    await boss.hears("Chỉ tiêu: 3 cuộc. Chưa có biểu báo cáo nào đo chỉ tiêu này")


async def test_nobody_sees_what_is_not_theirs(region: Region) -> None:
    hoa, guest = await region.officer(region.may), await region.join("Người lạ")
    boss = await region.supervisor(region.south, "Trần Thị Nam")
    goal = await hand_down(region)
    await guest.says("chỉ tiêu của đơn vị tôi")
    (await guest.hears("mã mời")).lacks("110")
    await hoa.says("/chitieu")
    own = await hoa.hears("110/200")
    for name in ("tg:u", "tg:v", "tg:n", "tg:g"):
        await hoa.taps_forged(own, f"{name}:{goal.id}:{region.north.id}")
        assert "300" not in await hoa.hears_toast()
    await hoa.taps_forged(own, f"tg:n:{goal.id}:{region.may.id}")
    await hoa.hears_toast()
    await boss.says("tiến độ chỉ tiêu của May Sông Xanh")
    (await boss.hears("không thấy đơn vị nào")).lacks("110")
    await boss.says("/chitieu")
    mine = await boss.hears("Công đoàn khu Nam", "5/100")
    for data in (f"tg:v:{goal.id}:{region.may.id}", f"tg:u:{goal.id}:{region.north.id}", f"tg:v:999:{region.cang.id}"):
        await boss.taps_forged(mine, data)
        assert "110" not in await boss.hears_toast()
    hoa.hears_nothing_more()
