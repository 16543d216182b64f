"""Targets handed down in the chat: by message and by workbook, changed in mid-year, questioned and answered."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.features.targets.giving.sheet import SheetMark
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import shares, units
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.e2e.chat import Heard, Seat
from tests.e2e.region import Region, region_on

YEAR = 2026


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        yield region


async def held(region: Region, *those: Unit, of: Unit | None = None) -> list[Decimal | None]:
    """What these units are to reach of the first goal of `of` (the top); None where that is nothing."""
    async with region.database.read() as db:
        found = await shares.list_goals(db, (of or region.top).id, YEAR)
        known = await shares.list_shares(db, found[0].id, [unit.id for unit in those]) if found else {}
    return [known[unit.id].value if unit.id in known else None for unit in those]


async def opens_admission(seat: Seat) -> Heard:
    """/giaochitieu, and in it the yearly target of new members."""
    await seat.says("/giaochitieu")
    await seat.hears("Giao chỉ tiêu năm 2026", "Phát triển đoàn viên", "1.500 đoàn viên")
    await seat.taps("Phát triển đoàn viên")
    return await seat.sees_change("Chỉ tiêu của đơn vị: 1.500 đoàn viên", "Chưa giao cho đơn vị nào")


async def gives(seat: Seat, text: str, *shown: str, label: str = "Giao") -> Heard:
    """Say shares, look at them, have them hold."""
    await seat.says(text)
    (await seat.hears("xem lại rồi bấm nút bên dưới", *shown)).has_buttons(label, "Sửa", "Hủy")
    await seat.taps(label)
    return await seat.hears("Đã giao")


async def test_a_target_goes_down_two_levels_by_message_and_by_workbook(region: Region) -> None:
    top, north = await region.supervisor(region.top), await region.supervisor(region.north, "Trần Bắc")
    south, hoa = await region.supervisor(region.south, "Phạm Nam"), await region.officer(region.may)
    await opens_admission(top)
    await top.taps("Chia đều")
    await top.sees_change("Giao xuống: 1.500, vừa đủ", "Công đoàn khu Bắc: 750", "Công đoàn khu Nam: 750")
    assert await held(region, region.north) == [None]
    await gives(top, "khu Bắc 900, còn lại chia đều", "khu Bắc: 900", "khu Nam: 600")
    told = await north.hears("Chỉ tiêu được giao", "Công đoàn Công Thương", "Công đoàn khu Bắc: 900 đoàn viên")
    (await south.hears("Công đoàn khu Nam: 600 đoàn viên")).has_buttons("Đã rõ", "Có ý kiến", "Giao cho cấp dưới")
    assert await held(region, region.top, region.north, region.south) == [1500, 900, 600]

    await north.taps("Đã rõ", on=told)
    assert "đã ghi nhận" in await north.hears_toast()
    await north.taps("Giao cho cấp dưới", on=told)
    await north.hears("Chỉ tiêu của đơn vị: 900 đoàn viên", "CĐCS May Sông Xanh: –")
    await north.taps("Bằng Excel")
    await region.wait_for_errands()
    sent = await north.hears("Tệp giao chỉ tiêu")
    content = fill(sent.file, {"MAY": 500, "CK": 300, "TR": 50})
    await north.sends_document("giao.xlsx", content)
    await north.hears("Giao xuống: 850, còn 50 chưa giao", "CĐCS May Sông Xanh: 500")
    await north.taps("Vẫn giao")
    await north.hears("Đã giao", "3 đơn vị", "Còn 50 đoàn viên chưa giao", "Đã báo cho 1 cán bộ", "Cơ khí Tân Phong")
    (await hoa.hears("CĐCS May Sông Xanh: 500 đoàn viên")).has_buttons("Đã rõ", "Có ý kiến")
    assert await held(region, region.may, region.co_khi, region.truong) == [500, 300, 50]


async def handed_to_may(region: Region, north: Seat, hoa: Seat) -> Heard:
    """An own goal of the north, 50 to MAY and 30 to each of the others; what MAY's officer hears."""
    await north.says("/giaochitieu")
    await north.hears("Giao chỉ tiêu năm 2026")
    await north.taps("Chỉ tiêu khác")
    await north.hears("tên chỉ tiêu, số lượng và đơn vị tính")
    await north.says("Trồng cây xanh: 110 cây")
    (await north.hears("Trồng cây xanh, năm 2026", "Chỉ tiêu của đơn vị: 110 cây")).has_buttons(
        "Chia đều", "Bằng Excel"
    )
    await gives(north, "MAY 50, còn lại 30", "Giao xuống: 110, vừa đủ", "CĐCS May Sông Xanh: 50")
    return await hoa.hears("Chỉ tiêu được giao", "Trồng cây xanh, năm 2026", "CĐCS May Sông Xanh: 50 cây")


async def test_a_share_is_questioned_and_changed_in_mid_year(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    told = await handed_to_may(region, north, hoa)
    await hoa.taps("Có ý kiến", on=told)
    await hoa.hears("Ý kiến của đơn vị là gì?")
    await hoa.says("Đơn vị đang chuyển một tổ sang Tân Phong, xin giảm")
    await hoa.hears("Đã chuyển ý kiến tới Công đoàn khu Bắc")
    asked = await north.hears("Ý kiến về chỉ tiêu", "Trồng cây xanh", "Nguyễn Thị Hoa", "xin giảm")
    await hoa.taps("Đã rõ", on=told)
    assert "đã được trả lời" in await hoa.hears_toast()

    region.clock.move_to(datetime(2026, 11, 12, 2, 0, tzinfo=UTC))
    await north.taps("Sửa chỉ tiêu", on=asked)
    await north.hears("Sửa thành bao nhiêu?")
    await north.says("40, do chuyển một tổ đi")
    await north.hears("CĐCS May Sông Xanh: 50 → 40 (−10)", "còn 10 chưa giao", "Lý do: chuyển một tổ đi")
    await north.taps("Vẫn giao")
    done = await north.hears("Đã giao", "1 đơn vị")
    await hoa.hears(
        "Chỉ tiêu điều chỉnh", "điều chỉnh từ 50 xuống 40 cây, áp dụng từ 12/11/2026", "Lý do: chuyển một tổ đi"
    )
    await north.taps("Giữ nguyên", on=asked)
    assert "đã được giải quyết" in await north.hears_toast()
    await north.taps("Xem chỉ tiêu đã giao", on=done)
    await north.hears("CĐCS May Sông Xanh: 40")
    await north.taps("Các lần thay đổi")
    await north.hears("50 → 40 – Lê Văn Hùng; chuyển một tổ đi", "CĐCS May Sông Xanh: 50 – Lê Văn Hùng")
    assert await held(region, region.north, region.may, region.co_khi, of=region.north) == [110, 40, 30]

    admin = await region.join("Lê Quản", (region.top, RoleName.ADMIN))
    await admin.says("/nhatky")
    await admin.hears("giao chỉ tiêu", "CĐCS May Sông Xanh: 50 → 40", "có ý kiến về chỉ tiêu")


async def test_whoever_serves_a_unit_above_says_nothing_for_the_unit(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    top = await region.supervisor(region.top, "Trần Trên")
    told = await handed_to_may(region, north, hoa)
    await top.says("/chitieu")
    seen = await top.hears("Công đoàn Công Thương")
    for label in ("Đã rõ", "Có ý kiến"):
        await top.taps_forged(seen, told.data_of(label))
        assert "đơn vị mình" in await top.hears_toast()
    await hoa.taps("Đã rõ", on=told)
    assert "đã ghi nhận" in await hoa.hears_toast()


async def test_a_share_stays_after_an_opinion_and_is_taken_back_or_closed(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    told = await handed_to_may(region, north, hoa)
    await hoa.taps("Có ý kiến", on=told)
    await hoa.hears("Ý kiến của đơn vị")
    await hoa.says("ờ")
    await hoa.hears("viết rõ hơn")
    await hoa.says("Nhiều quá ạ")
    await hoa.hears("Đã chuyển ý kiến")
    await north.hears("Ý kiến về chỉ tiêu")
    await north.taps("Giữ nguyên")
    await north.hears("Giữ nguyên vì sao?")
    await north.says("Đã tính theo số đoàn viên")
    await north.hears("Đã trả lời CĐCS May Sông Xanh")
    await hoa.hears("giữ nguyên chỉ tiêu", "Trồng cây xanh", "Đã tính theo số đoàn viên")
    await hoa.taps("Có ý kiến", on=told)
    assert "đã được trả lời" in await hoa.hears_toast()

    await north.says("/giaochitieu")
    await north.hears("Trồng cây xanh: 110 cây, đã giao 110 cho 3 đơn vị")
    await north.taps("Trồng cây xanh")
    await north.sees_change("CĐCS May Sông Xanh: 50")
    await gives(north, "thu hồi MAY", "CĐCS May Sông Xanh: thu hồi (đang 50)", label="Vẫn giao")
    await hoa.hears("thôi giao chỉ tiêu này từ 04/11/2026")
    assert await held(region, region.may, of=region.north) == [None]
    await north.taps("Xem chỉ tiêu đã giao")
    await north.hears("Trồng cây xanh")
    await north.taps("Kết thúc chỉ tiêu")
    await north.sees_change("Kết thúc chỉ tiêu Trồng cây xanh?")
    await north.taps("Kết thúc chỉ tiêu")
    await north.sees_change("Đã kết thúc chỉ tiêu")
    hoa.hears_nothing_more()
    assert await held(region, region.co_khi, of=region.north) == [None]


async def test_whoever_holds_a_share_is_told_once_that_the_goal_is_closed(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await handed_to_may(region, north, hoa)
    await north.taps("Xem chỉ tiêu đã giao")
    await north.hears("Trồng cây xanh")
    await north.taps("Kết thúc chỉ tiêu")
    asked = await north.sees_change("Kết thúc chỉ tiêu Trồng cây xanh?", "báo cho các đơn vị được giao")
    again = asked.data_of("Kết thúc chỉ tiêu")
    await hoa.says("/chitieu")
    await hoa.hears("Trồng cây xanh")
    region.clock.move_to(datetime(2026, 11, 12, 16, 0, tzinfo=UTC))  # 23:00: the night is quiet
    await north.taps("Kết thúc chỉ tiêu")
    await north.sees_change("Đã kết thúc chỉ tiêu Trồng cây xanh năm 2026. Đã báo cho 1 cán bộ")
    await north.taps_forged(asked, again)
    await north.hears_toast()
    hoa.hears_nothing_more()
    await hoa.says("/chitieu")
    (await hoa.hears("")).lacks("Trồng cây")
    region.clock.move_to(datetime(2026, 11, 13, 2, 0, tzinfo=UTC))
    told = await hoa.sees("Chỉ tiêu đã kết thúc")
    told.says("Trồng cây xanh, năm 2026", "CĐCS May Sông Xanh: 50 cây", "Từ 12/11/2026")
    await hoa.says("/start")
    (await hoa.hears("CĐCS May Sông Xanh")).lacks("Trồng cây")


async def test_words_hand_down_and_ask_where_they_are_not_sure(region: Region) -> None:
    top, north = await region.supervisor(region.top), await region.supervisor(region.north, "Trần Bắc")
    await top.says("giao 1500 đoàn viên mới: khu Bắc 900, khu Nam 600")
    await top.hears("Phát triển đoàn viên, năm 2026", "Giao xuống: 1.500, vừa đủ", "Công đoàn khu Nam: 600")
    await top.says("giao")
    await top.hears("Đã giao")
    await north.hears("Công đoàn khu Bắc: 900")
    await top.says("giao chỉ tiêu TƯLĐTT năm nay 85% cho tất cả")
    await top.hears("TƯLĐTT, năm 2026", "Công đoàn khu Bắc: 85%", "Công đoàn khu Nam: 85%")
    await top.taps("Giao")
    await top.hears("Đã giao TƯLĐTT")
    await north.hears("TƯLĐTT", "Công đoàn khu Bắc: 85%")
    async with region.database.read() as db:
        rate = (await shares.list_goals_of(db, region.cang, YEAR))[0]
        top_share = await shares.find_share(db, rate.goal.id, region.top.id)
    assert (rate.share.unit_id, rate.share.value) == (region.south.id, Decimal(85))
    assert top_share is not None
    assert top_share.value == 85

    await north.says("giao 40 đoàn viên mới cho CĐCS")
    await north.hears("rong các đơn vị trực thuộc không có “CĐCS”")
    await north.taps("Hủy")
    await north.hears("không giao gì")
    await north.says("giao kết nạp: CĐCS Cơ 300, May Sông Xanh 400, còn lại chia đều")
    await north.hears("Cơ khí Tân Phong: 300", "Trường Nguyễn Du: 200")
    await north.taps("Hủy")
    await north.hears("không giao gì")
    await north.says("giao hỗ trợ: MAY 3")
    chosen = await north.hears("“hỗ trợ” là chỉ tiêu nào?")
    assert any("Phát triển đoàn viên" in label for label in chosen.labels)


async def test_bad_shares_get_a_sentence_and_nothing_is_kept(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await handed_to_may(region, north, hoa)
    await north.taps("Xem chỉ tiêu đã giao")
    await north.hears("Trồng cây xanh")
    for text, said in (
        ("MAY -5", "không thể âm"),
        ("MAY 12,5", "phải là số nguyên"),
        ("MAY 85%", "không tính bằng phần trăm"),
        ("MAY 5, May Sông Xanh 6", "được nêu hai lần"),
        ("CANG 5", "rong các đơn vị trực thuộc không có “CANG”"),
        ("Hải Vân 5", "không có “Hải Vân”"),
        ("BAC 5", "Công đoàn khu Bắc không trực thuộc trực tiếp"),
        ("MAY 70, CK 50, còn lại chia đều", "vượt quá 110"),
        ("MAY rất nhiều", "Tôi chưa hiểu “MAY rất nhiều”"),
    ):
        await north.says(text)
        await north.hears("Tôi chưa ghi gì", said)
    await north.says("chỉ tiêu TƯLĐTT của Quảng Trị?")
    await north.hears("Quảng Trị", "📄")
    await north.hears("đang giao dở Trồng cây xanh")
    await north.says("/giaochitieu kết nạp 2025: MAY 5")
    await north.hears("năm này đã qua", "Tôi chưa ghi gì")
    assert await held(region, region.may, region.co_khi, region.truong, of=region.north) == [50, 30, 30]


async def test_what_forms_count_is_handed_down_where_nobody_set_it_an_amount(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await gives(north, "giao kết nạp 2026: MAY 50, CK 30, còn lại 20", "Kết nạp mới", "May Sông Xanh: 50", "100")
    await hoa.hears("Kết nạp mới", "50 đoàn viên")
    assert await held(region, region.may, region.co_khi, of=region.north) == [50, 30]
    await hoa.says("/chitieu")
    await hoa.hears("Kết nạp mới", "50 đoàn viên")
    await north.says("/chitieu")
    (await north.hears("Kết nạp mới", "100 đoàn viên")).has_buttons("Các đơn vị: Kết nạp mới")
    await gives(north, "giao kết nạp 2026: CK 40", "110", label="Giao")
    await north.says("đơn vị nào chậm kết nạp nhất")
    await north.hears("110 đoàn viên", "chậm nhất đứng trước")


async def test_members_weigh_last_year_is_offered_where_it_is_known_and_a_name_is_chosen(region: Region) -> None:
    await region.fill()
    north, top = await region.supervisor(region.north), await region.supervisor(region.top, "Trần Trên")
    await north.says("/giaochitieu")
    await north.hears("Giao chỉ tiêu năm 2026")
    await north.taps("Chỉ tiêu khác")
    await north.hears("tên chỉ tiêu")
    await north.says("Trồng cây xanh: 110 cây")
    await north.hears("Trồng cây xanh, năm 2026")
    await north.taps("Như năm trước")
    assert "Chưa có chỉ tiêu hay kết quả năm trước" in await north.hears_toast()
    await north.taps("Theo số đoàn viên")
    await north.sees_change("Tân Phong: 37", "May Sông Xanh: 73", "Nguyễn Du: 0", "vừa đủ")
    await north.says("/huy")
    await north.hears("không giao gì")

    await region.reported(region.may, Period.month(2025, 6), 110_000, 99_000, 40, 10)
    await region.reported(region.cang, Period.month(2025, 7), 5_000, 4_800, 6, 1)
    await opens_admission(top)
    await top.taps("Như năm trước")
    await top.sees_change("khu Bắc: 40 (năm trước 40)", "khu Nam: 6 (năm trước 6)", "còn 1.454 chưa giao")
    await top.says("công đoàn khu 700, khu Nam 100")
    asked = await top.hears("“công đoàn khu” là đơn vị nào?")
    other = asked.data_of("Bỏ qua")
    await top.taps("Công đoàn khu Bắc (BAC)", on=asked)
    await top.sees_change("khu Bắc: 700 (năm trước 40, tăng 660)", "khu Nam: 100 (năm trước 6, tăng 94)")
    await top.taps_forged(asked, other)
    assert "không còn chờ giao" in await top.hears_toast()
    assert await held(region, region.north) == [None]


async def test_whoever_is_not_named_is_served_once_a_name_is_chosen_and_no_unit_is_chosen_twice(region: Region) -> None:
    async with region.database.write() as db:
        on = region.may.registered_on
        await units.add(
            db, code="TAY", name="Công đoàn Tây", kind=UnitKind.UPPER, registered_on=on, parent_id=region.top.id
        )
    top = await region.supervisor(region.top)
    await opens_admission(top)
    await top.says("công đoàn khu 700, công đoàn khu 300, còn lại chia đều")
    await top.hears("“công đoàn khu” là đơn vị nào?")
    await top.taps("Công đoàn khu Bắc (BAC)")
    (await top.hears("“công đoàn khu” là đơn vị nào?")).lacks("BAC")
    await top.taps("Công đoàn khu Nam (NAM)")
    await top.sees_change("khu Bắc: 700", "khu Nam: 300", "Công đoàn Tây: 500", "vừa đủ")
    await top.says("thêm cho công đoàn khu 100")
    await top.hears("khu” là đơn vị nào?")
    await top.taps("Công đoàn khu Bắc (BAC)")
    await top.sees_change("khu Bắc: 800", "khu Nam: 300")
    await top.says("bớt công đoàn khu 900")
    await top.hears("khu” là đơn vị nào?")
    await top.taps("Công đoàn khu Bắc (BAC)")
    await top.hears("Tôi chưa ghi gì", "khu đang 800, bớt 900 thì dưới 0")
    await top.says("công đoàn khu 1600, còn lại chia đều")
    await top.hears("“công đoàn khu” là đơn vị nào?")
    await top.taps("Công đoàn khu Bắc (BAC)")
    await top.hears("Tôi chưa ghi gì", "vượt quá 1500")


async def test_what_changed_after_it_was_shown_is_shown_anew_before_it_holds(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    other = await region.supervisor(region.north, "Trần Hai")
    await handed_to_may(region, north, hoa)
    await north.taps("Xem chỉ tiêu đã giao")
    await north.hears("Trồng cây xanh")
    await north.says("MAY 60")
    await north.hears("May Sông Xanh: 50 → 60 (+10)")
    await gives(other, "giao Trồng cây xanh: MAY 80, CK 0", "May Sông Xanh: 50 → 80 (+30)")
    await north.taps("Giao")
    await north.hears("vừa được người khác thay đổi")
    await north.hears("May Sông Xanh: 80 → 60 (−20)", "Tân Phong: 0")
    assert await held(region, region.may, region.co_khi, of=region.north) == [80, 0]
    await north.says("vẫn giao")
    await north.hears("Đã giao", "1 đơn vị")
    assert await held(region, region.may, region.co_khi, of=region.north) == [60, 0]


async def test_two_who_open_the_same_goal_see_what_the_first_gave(region: Region) -> None:
    one, two = await region.supervisor(region.top), await region.supervisor(region.top, "Trần Hai")
    for seat in (one, two):
        await opens_admission(seat)
        await seat.says("khu Bắc 900, còn lại chia đều" if seat is one else "chia đều 1000")
        await seat.hears("xem lại rồi bấm nút bên dưới")
    await one.says("giao")
    await one.hears("Đã giao")
    await two.says("giao")
    await two.hears("vừa được người khác thay đổi")
    await two.hears("khu Bắc: 900 → 500 (−400)", "khu Nam: 600 → 500 (−100)")
    assert await held(region, region.north, region.south) == [900, 600]


async def test_a_message_that_names_another_goal_sets_no_share_of_the_one_that_is_open(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await handed_to_may(region, north, hoa)
    await north.says("giao kết nạp 2026: MAY 50, CK 30")
    await north.hears("Kết nạp mới, năm 2026", "May Sông Xanh: 50")
    await north.says("giao Trồng cây xanh: MAY 7")
    (await north.hears("Trồng cây xanh, năm 2026", "May Sông Xanh: 50 → 7 (−43)")).lacks("Kết nạp")
    await north.says("giao kết nạp: MAY 60")
    await north.hears("Kết nạp mới, năm 2026", "May Sông Xanh: 60")
    await north.says("giao kết nạp năm 2027: MAY 70")
    await north.hears("Kết nạp mới, năm 2027", "May Sông Xanh: 70")
    await north.says("giao thêm: CK 5")
    await north.hears("Kết nạp mới, năm 2027", "May Sông Xanh: 70", "Tân Phong: 5")


async def test_a_question_in_between_changes_no_shares(region: Region) -> None:
    north = await region.supervisor(region.north)
    await north.says("giao kết nạp 2026: MAY 50, CK 30")
    await north.hears("Kết nạp mới", "May Sông Xanh: 50")
    for question in ("MAY 60?", "May Sông Xanh 60 đúng không", "giao kết nạp MAY 70 chưa ạ"):
        await north.says(question)
    await north.says("giao")
    for _ in range(9):
        if "Đã giao" in (await north.hears("")).text:
            break
    assert await held(region, region.may, region.co_khi, of=region.north) == [50, 30]


async def test_whoever_serves_several_units_hears_of_them_in_one_message(region: Region) -> None:
    north = await region.supervisor(region.north)
    both = await region.join("Đỗ Hai Nơi", (region.may, RoleName.OFFICER), (region.co_khi, RoleName.OFFICER))
    told = await handed_to_may(region, north, both)
    told.says("Cơ khí Tân Phong: 30 cây").has_buttons("Đã rõ")
    await both.taps("Đã rõ", on=told)
    assert "đã ghi nhận" in await both.hears_toast()
    await both.taps("Đã rõ", on=told)
    assert "đã được trả lời" in await both.hears_toast()
    await both.taps(next(label for label in told.labels if "May" in label), on=told)
    await both.hears("CĐCS May Sông Xanh: 50 cây", "Ý kiến của đơn vị")
    await both.says("/huy")
    await both.hears("Đã dừng")
    both.hears_nothing_more()


async def test_an_ended_plan_and_a_unit_without_any_below_hand_nothing_down(region: Region) -> None:
    top, hoa = await region.supervisor(region.top), await region.officer(region.may)
    boss = await region.supervisor(region.may, "Đỗ Mai")
    async with region.database.write() as db:
        goal = await shares.add_goal(
            db,
            region.top,
            year=YEAR,
            name="Hội nghị người lao động",
            measured_in="%",
            by=None,
            now=region.clock(),
            plan_id="vuit-soket-2020",
            target="any",
        )
        await shares.set_shares(db, goal, None, {region.top.id: Decimal(90)}, by=None, now=region.clock())
    await top.says("/giaochitieu")
    await top.hears("Hội nghị người lao động: 90%")
    await top.taps("Hội nghị người lao động")
    await top.hears("kế hoạch đặt chỉ tiêu này đã hết thời hạn", "Tôi chưa ghi gì")
    await top.says("giao kết nạp năm ngoái: khu Bắc 5")
    await top.hears("Năm 2025: năm này đã qua", "Tôi chưa ghi gì")
    await boss.says("/giaochitieu")
    await boss.hears("không có đơn vị trực thuộc nào")
    await hoa.says("/giaochitieu")
    await hoa.hears("dành cho cán bộ phụ trách", "/chitieu")
    await top.says("/giaochitieu khu Nam")
    (await top.hears("Công đoàn khu Nam")).lacks("khu Bắc")


async def test_a_workbook_is_refused_with_its_cell_and_of_another_unit_altogether(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    south = await region.supervisor(region.south, "Phạm Nam")
    await handed_to_may(region, north, hoa)
    await north.taps("Xem chỉ tiêu đã giao")
    await north.hears("Trồng cây xanh")
    await north.taps("Bằng Excel")
    await region.wait_for_errands()
    file = (await north.hears("Tệp giao chỉ tiêu")).file
    await north.sends_document("a.xlsx", fill(file, {"MAY": "nhiều", "CK": -3, "TR": 4.5}, swap=False))
    await north.hears("Ô F7: ", "không phải là một số", "Ô F6: ", "không thể âm", "Ô F8: ", "phải là số nguyên")
    await north.sends_document("a2.xlsx", fill(file, {"MAY": 60}))
    await north.hears("Trồng cây xanh, năm 2026", "CĐCS May Sông Xanh: 50 → 60 (+10)", "dự phòng 10")
    await north.sends_document("b.xlsx", fill(file, {}, mark="troly-shares|2|2026|g1||||x"))
    await north.hears("Ô A1", "đã bị sửa")
    await north.sends_document("c.xlsx", fill(file, {}, rename=("CK", "CANG")))
    await north.hears("Ô B6: ", "không có “CANG”")
    await north.sends_document("d.xlsx", fill(file, {}, rename=("CK", "MAY")))
    await north.hears("CĐCS May Sông Xanh được nêu hai lần")
    for name, own in (("Trồng cây", "NaN"), ("Trồng cây", "-5"), ("Trồng cây", "1e40"), ("", "5")):
        mark = SheetMark(region.north.id, YEAR, "own", name, "cây", own)
        await north.sends_document("f.xlsx", fill(file, {"MAY": 1}, mark=str(mark)))
        await north.hears("không còn")
    for stranger in (south, hoa):
        await stranger.sends_document("e.xlsx", fill(file, {"MAY": 1}))
        await stranger.hears("ô A1", "không phụ trách")
    assert await held(region, region.may, region.co_khi, region.truong, of=region.north) == [50, 30, 30]


async def test_units_that_merge_bring_their_shares_together(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await handed_to_may(region, north, hoa)
    admin = await region.join("Lê Quản", (region.top, RoleName.ADMIN))
    await admin.says("/donvi CK")
    await admin.hears("Cơ khí Tân Phong")
    await admin.taps("Thay đổi")
    await admin.sees_change("Cơ khí Tân Phong")
    await admin.taps("Sáp nhập")
    await admin.hears("vào đơn vị nào?")
    await admin.says("MAY")
    await admin.hears("1 chỉ tiêu được giao của đơn vị này cộng sang đó")
    await admin.taps("Sáp nhập")
    await admin.sees_change("Mã MAY")
    assert await held(region, region.north, region.may, region.co_khi, of=region.north) == [110, 80, None]


async def test_another_year_is_refused_and_never_taken_for_this_one(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await north.says("giao kết nạp năm 9999: MAY 50")
    await north.hears("Năm 9999: năm này còn xa quá", "Tôi chưa ghi gì")
    await handed_to_may(region, north, hoa)
    await north.taps("Xem chỉ tiêu đã giao")
    await north.hears("Trồng cây xanh")
    await north.says("MAY 60 năm 2028")
    await north.hears("Năm 2028 khác với năm của bảng này")
    await north.says("giao kết nạp năm 2025: MAY 60")
    await north.hears("năm này đã qua")
    assert await held(region, region.may, of=region.north) == [50]


async def test_givers_of_units_that_merge_hear_what_goes_from_one_to_the_other(region: Region) -> None:
    top, north = await region.supervisor(region.top), await region.supervisor(region.north, "Trần Bắc")
    south, cang = await region.supervisor(region.south, "Phạm Nam"), await region.officer(region.cang)
    await gives(top, "giao 1500 đoàn viên mới: khu Bắc 900, khu Nam 600", "vừa đủ")
    told = await north.hears("Công đoàn khu Bắc: 900")
    await north.taps("Giao cho cấp dưới", on=told)
    await north.hears("900 đoàn viên")
    await gives(north, "MAY 500, CK 400", "vừa đủ")
    told = await south.hears("Công đoàn khu Nam: 600")
    await south.taps("Giao cho cấp dưới", on=told)
    await south.hears("600 đoàn viên")
    await gives(south, "CANG 550", "còn 50 chưa giao", label="Vẫn giao")
    await cang.hears("Cảng Cửa Việt: 550")
    admin = await region.join("Lê Quản", (region.top, RoleName.ADMIN))
    await admin.says("/donvi MAY")
    await admin.hears("May Sông Xanh")
    await admin.taps("Thay đổi")
    await admin.sees_change("May Sông Xanh")
    await admin.taps("Sáp nhập")
    await admin.hears("vào đơn vị nào?")
    await admin.says("CANG")
    await admin.hears("cộng sang đó; phần tương ứng của cấp trên hai nơi chuyển theo")
    await admin.taps("Sáp nhập")
    await admin.sees_change("Mã CANG")
    one = await north.hears(
        "Chỉ tiêu thay đổi do sáp nhập", "May Sông Xanh sáp nhập vào CĐCS Cảng Cửa Việt từ 04/11/2026"
    )
    one.says("Công đoàn khu Bắc: 900 đoàn viên → 400 đoàn viên").lacks("khu Nam")
    await south.hears("Chỉ tiêu thay đổi do sáp nhập", "Công đoàn khu Nam: 600 đoàn viên → 1.100 đoàn viên")
    await cang.hears("Chỉ tiêu thay đổi do sáp nhập", "Cảng Cửa Việt: 550 đoàn viên → 1.050 đoàn viên")
    assert await held(region, region.top, region.north, region.south, region.cang, region.may) == [
        *(1500, 400, 1100, 1050),
        None,
    ]


async def test_a_share_grows_and_shrinks_by_what_is_said(region: Region) -> None:
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await handed_to_may(region, north, hoa)
    await gives(north, "tăng thêm May Sông Xanh 10, bớt CK 5", "Sông Xanh: 50 → 60 (+10)", "Tân Phong: 30 → 25 (−5)")
    await hoa.hears("Chỉ tiêu điều chỉnh", "điều chỉnh từ 50 lên 60 cây")
    assert await held(region, region.may, region.co_khi, of=region.north) == [60, 25]

    await north.says("bớt CK 26")
    await north.hears("Tôi chưa ghi gì", "CK đang 25, bớt 26 thì dưới 0")
    await north.says("giao CK trồng thêm 9")
    await north.hears("CK đang 25: 9 là số mới hay là số thêm vào?", "giao CK 9", "thêm cho CK 9")
    await north.says("May Sông Xanh đã có 40")
    await north.hears("“May Sông Xanh đã có 40” nghe như kết quả đã có")
    await north.says("thêm cho May 5")
    await north.hears("Sông Xanh: 60 → 65 (+5)")
    await north.says("thêm cho May 5")
    await north.hears("Sông Xanh: 60 → 70 (+10)")
    assert await held(region, region.may, region.co_khi, of=region.north) == [60, 25]


async def test_a_target_of_the_plan_that_was_opened_below_first_stands_once(region: Region) -> None:
    top, north = await region.supervisor(region.top), await region.supervisor(region.north, "Trần Bắc")
    await gives(north, "giao chỉ tiêu TƯLĐTT năm nay 80% cho tất cả", "May Sông Xanh: 80%")
    await gives(north, "giao TƯLĐTT: MAY 82%", "Sông Xanh: 80% → 82% (+2%)")
    await gives(top, "giao chỉ tiêu TƯLĐTT năm nay 85% cho tất cả", "Công đoàn khu Bắc: 85%")
    await north.hears("TƯLĐTT, năm 2026", "Công đoàn khu Bắc: 85%, thay cho số đơn vị tự đặt (80%)")
    await north.says("/chitieu")
    told = await north.hears("TƯLĐTT", "chỉ tiêu 85%")
    assert told.text.count("giao ngày") == 1
    told.lacks("80%")
    assert await held(region, region.north, region.may) == [85, 82]


async def test_many_units_are_told_aside(region: Region) -> None:
    async with region.database.write() as db:
        for place in range(70):
            await units.add(
                db,
                code=f"N{place}",
                name=f"CĐCS Số {place}",
                kind=UnitKind.PRIVATE,
                registered_on=region.may.registered_on,
                parent_id=region.north.id,
            )
    north, hoa = await region.supervisor(region.north), await region.officer(region.may)
    await north.says("/giaochitieu")
    await north.hears("Giao chỉ tiêu năm 2026")
    await north.taps("Chỉ tiêu khác")
    await north.hears("tên chỉ tiêu")
    await north.says("Trồng cây xanh: 146 cây")
    await north.hears("Trang 1/8 (73 đơn vị)")
    await north.taps("Chia đều")
    await north.sees_change("Giao xuống: 146, vừa đủ")
    await north.taps("Trang sau ›")
    await north.sees_change("Trang 2/8")
    await north.taps("Giao")
    await north.hears("Đã giao", "73 đơn vị", "đang báo cho cán bộ")
    await region.wait_for_errands()
    await north.hears("Đã báo chỉ tiêu cho 1 cán bộ", "72 đơn vị chưa có cán bộ")
    await hoa.hears("CĐCS May Sông Xanh: 2 cây")


def fill(
    content: bytes,
    values: dict[str, Any],
    *,
    swap: bool = True,
    mark: str | None = None,
    rename: tuple[str, str] | None = None,
) -> bytes:
    """A workbook of shares with other numbers, by the units' codes, its last two columns swapped."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    for row in rows:
        code = row[1].value
        if row[0].value == "unit" and str(code) in values:
            row[5].value = values[str(code)]
        if rename is not None and code == rename[0]:
            row[1].value = rename[1]
    if swap:
        for row in rows:
            row[4].value, row[5].value = row[5].value, row[4].value
    if mark is not None:
        sheet["A1"].value = mark
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
