"""Campaigns: opened by an admin, filled in part by part, closed; and whatever is reached for after that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.taps import OpenCampaignReport
from knowledge.forms import TERM_FORM
from knowledge.model.periods import Period
from storage import audit, campaigns, requests
from storage.campaigns import Campaign
from storage.engine import Database
from storage.people import RoleName
from storage.requests import RequestKind
from storage.units import Unit
from tests.e2e.chat import Heard, Seat
from tests.e2e.town import OCTOBER, ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sends, town_on

PERIOD = Period.parse("campaign:2026:Sơ kết giữa nhiệm kỳ")


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


# Opening -----------------------------------------------------------------------------------------------------------


async def test_an_admin_opens_a_campaign_and_it_is_filled_in_part_by_part(town: Town) -> None:
    quan = await town.join("Quản Trị", (town.tinh, RoleName.ADMIN))
    await quan.says("/baocao")
    await quan.hears("đơn vị nào")
    await quan.taps("Mở đợt báo cáo")
    form = await quan.hears("biểu nào")
    await quan.taps(form.labels[0])
    await quan.hears("đơn vị nào")
    await quan.taps("LĐLĐ tỉnh")
    await quan.hears("phải nộp")
    await quan.taps("Công đoàn cơ sở, nghiệp đoàn")
    await quan.hears("tên đợt và hạn nộp")
    await quan.says("Sơ kết giữa nhiệm kỳ")
    await quan.hears("chưa thấy hạn")
    await quan.says("Sơ kết giữa nhiệm kỳ, hạn 15/12/2026")
    await quan.hears("Sơ kết giữa nhiệm kỳ", "2 đơn vị", "15/12/2026")
    await quan.taps("Mở đợt")
    await quan.hears("Đã mở đợt")

    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)  # the month is due first
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/baocao")
    parts = await hoa.hears("Số liệu sơ kết", "Sơ kết giữa nhiệm kỳ", "hạn 15/12/2026", "0/55")
    label = next(label for label in parts.labels if "tuyên truyền" in label)
    await hoa.taps(label)
    await hoa.sees_change("1/3", "Đợt Sơ kết giữa nhiệm kỳ", "tuyên truyền")
    await hoa.says("1200")
    (await hoa.hears("2/3")).has_buttons("Bỏ qua", "Quay lại")
    await hoa.taps("Bỏ qua")
    await hoa.sees_change("3/3")
    await hoa.says("40")
    await hoa.hears("3/55")
    period = Period.parse("campaign:2026:Sơ kết giữa nhiệm kỳ")
    draft = await town.draft(town.may, period, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i36": "1200", "i38": "40"}
    shown = hoa.last
    while shown is not None and "Chọn một phần" in shown.text:  # the rest is left empty, row by row
        await hoa.taps(next(label for label in shown.labels if "(0/" in label))
        shown = await hoa.sees_change()
        while "Bỏ qua" in shown.labels:
            await hoa.taps("Bỏ qua")
            shown = await hoa.sees_change()
    assert shown is not None
    shown.says("Xem lại trước khi gửi", "để trống")
    (await hoa.hears("bấm Gửi")).has_buttons("Gửi")
    await sends(hoa)
    stored = await town.current(town.may, period, TERM_FORM)
    assert stored is not None
    assert stored.figures == {"i36": 1200, "i38": 40}
    async with town.database.read() as db:
        [campaign] = await campaigns.list_campaigns(db)
    assert campaign.due_on == date(2026, 12, 15)


async def test_words_open_a_campaign_and_only_what_they_leave_open_is_asked(town: Town) -> None:
    quan = await admin(town)
    await quan.says("mở đợt báo cáo sơ kết nhiệm kỳ")
    await quan.hears("Trong LĐLĐ tỉnh", "những đơn vị nào phải nộp")
    await quan.taps("Mọi đơn vị")
    await quan.hears("Đợt “Sơ kết nhiệm kỳ” cho LĐLĐ tỉnh", "hạn nộp ngày nào")
    await quan.says("15/12/2026")
    await quan.hears("Mở đợt “Sơ kết nhiệm kỳ”?", "mọi đơn vị: 3 đơn vị phải nộp", "hạn 15/12/2026")
    await quan.taps("Hủy")
    await quan.hears()
    await quan.says("em muốn mở một đợt báo cáo cho các cơ sở, hạn 20/12/2026")
    await quan.hears("hạn 20/12/2026", "đặt tên đợt là gì")
    await quan.says("Nữ công")
    await quan.hears("Mở đợt “Nữ công”?", "công đoàn cơ sở và nghiệp đoàn: 2 đơn vị")
    await quan.says("Mở đợt")
    await quan.hears("Đã mở đợt “Nữ công”")
    await quan.says("đợt nào đang mở vậy")
    await quan.hears("Các đợt báo cáo đang mở", "“Nữ công”", "đã nộp 0/2")
    await quan.says("kết thúc đợt báo cáo nữ công giúp anh")
    (await quan.hears("“Nữ công”")).has_buttons("Đóng đợt")


async def test_words_name_the_unit_a_campaign_is_for(town: Town) -> None:
    quan = await admin(town)
    await quan.says("tạo đợt lấy số liệu sơ kết cho may hòa thọ, hạn 15/12/2026")
    await quan.hears("Trong CĐCS May Hòa Thọ")
    await quan.says("/huy")
    await quan.hears()
    await quan.says("phát động đợt báo cáo sơ kết giữa nhiệm kỳ cho công ty Không Có")
    await quan.hears("Không Có")
    await quan.says("giày xuân an")
    await quan.hears("Trong CĐCS Giày Xuân An")


async def test_whoever_may_open_none_is_told_in_a_sentence_who_may(town: Town) -> None:
    lan, hoa = await town.supervisor(), await town.officer()
    for seat in (lan, hoa):
        await seat.says("mở đợt sơ kết giữa nhiệm kỳ cho các xã")
        await seat.hears("Chỉ quản trị của đơn vị mở được đợt báo cáo")
        await seat.says("đóng đợt sơ kết")
        await seat.hears("Chỉ quản trị của đơn vị đóng được đợt báo cáo")


async def test_a_due_day_that_no_calendar_has_is_named(town: Town) -> None:
    quan = await town.join("Quản Trị", (town.tinh, RoleName.ADMIN))
    await quan.says("/baocao")
    await quan.hears("đơn vị nào")
    await quan.taps("Mở đợt báo cáo")
    form = await quan.hears("biểu nào")
    await quan.taps(form.labels[0])
    await quan.hears("đơn vị nào")
    await quan.taps("LĐLĐ tỉnh")
    await quan.hears("phải nộp")
    await quan.taps("Công đoàn cơ sở, nghiệp đoàn")
    await quan.hears("tên đợt và hạn nộp")
    await quan.says("Sơ kết giữa nhiệm kỳ, hạn 31/11/2026")
    await quan.hears("Lịch không có ngày 31/11/2026.", "Đặt tên đợt và hạn nộp")


async def test_a_supervisor_without_admin_rights_opens_no_campaign(town: Town) -> None:
    lan = await town.supervisor()
    await lan.says("/baocao")
    choice = await lan.hears("đơn vị nào")
    assert "Mở đợt báo cáo" not in choice.labels
    await lan.taps_forged(choice, "r:m:start")
    assert "không thuộc quyền" in await lan.hears_toast()


# Closing -----------------------------------------------------------------------------------------------------------


async def opened(town: Town, name: str = PERIOD.name) -> Campaign:
    """A campaign for the whole town, due in December."""
    async with town.database.write() as db:
        return await campaigns.open_campaign(
            db,
            form=TERM_FORM,
            period=Period.parse(f"campaign:2026:{name}"),
            unit_id=town.tinh.id,
            opens_on=date(2026, 10, 1),
            due_on=date(2026, 12, 15),
            locks_on=date(2027, 1, 14),
            opened_by=None,
            now=town.clock(),
        )


async def admin(town: Town) -> Seat:
    return await town.join("Quản Trị", (town.tinh, RoleName.ADMIN))


async def closes(town: Town, quan: Seat) -> Heard:
    """Goes from /baocao to the list of open campaigns and closes the only one; a minute passes."""
    await quan.says("/baocao")
    await quan.hears("đơn vị nào")
    await quan.taps("Đợt đang mở: 1")
    await quan.hears("Sơ kết giữa nhiệm kỳ", "Hạn 15/12/2026")
    await quan.taps("Đóng đợt")
    confirm = await quan.hears(
        "Đóng đợt “Sơ kết giữa nhiệm kỳ”?", "không nhắc nữa", "giữ nguyên", "/tonghop", "không mở lại được"
    )
    confirm.has_buttons("Đóng đợt", "Để đợt mở")
    await quan.taps("Đóng đợt", on=confirm)
    changed = await quan.sees_change("Đã đóng đợt", of=confirm)
    town.clock.move_to(town.clock() + timedelta(minutes=1))
    return changed


async def has_sent_the_month(town: Town, *units: Unit) -> None:
    for unit in units:
        for period in (SEPTEMBER, OCTOBER):
            await town.reported(unit, period, 1310, 1241)


async def fills_in(seat: Seat) -> None:
    """Opens the campaign's report and gives two figures of its first part."""
    await seat.says("/baocao")
    parts = await seat.hears("Sơ kết giữa nhiệm kỳ", "0/55")
    await seat.taps(next(label for label in parts.labels if "tuyên truyền" in label))
    await seat.sees_change("1/3")
    await seat.says("1200")
    await seat.hears("2/3")
    await seat.says("35")
    await seat.hears("3/3")


async def goes_to_the_end(seat: Seat) -> None:
    """Leaves the rest empty, row by row, up to **Gửi**."""
    await seat.taps("Bỏ qua")
    shown = await seat.sees_change()
    while "Chọn một phần" in shown.text:
        await seat.taps(next(label for label in shown.labels if "(0/" in label))
        shown = await seat.sees_change()
        while "Bỏ qua" in shown.labels:
            await seat.taps("Bỏ qua")
            shown = await seat.sees_change()
    shown.says("Xem lại trước khi gửi")
    (await seat.hears("bấm Gửi")).has_buttons("Gửi")


async def test_an_admin_sees_how_far_each_campaign_is_and_closes_one(town: Town) -> None:
    await opened(town)
    await has_sent_the_month(town, town.may)
    hoa, quan = await town.officer(), await admin(town)
    await fills_in(hoa)
    await goes_to_the_end(hoa)
    await sends(hoa)
    await opened(town, "Nữ công")
    await quan.says("/baocao")
    await quan.hears("đơn vị nào")
    await quan.taps("Đợt đang mở: 2")
    listed = await quan.hears("“Sơ kết giữa nhiệm kỳ”", "đã nộp 1/2 đơn vị", "“Nữ công”", "đã nộp 0/2 đơn vị")
    await quan.taps("Đóng đợt: Sơ kết giữa nhiệm kỳ", on=listed)
    confirm = await quan.hears("Còn 1 đơn vị chưa nộp")
    await quan.taps("Để đợt mở", on=confirm)
    await quan.sees_change("vẫn mở", of=confirm)
    await quan.taps("Đóng đợt: Sơ kết giữa nhiệm kỳ", on=listed)
    confirm = await quan.hears("Còn 1 đơn vị chưa nộp")
    await quan.taps("Đóng đợt", on=confirm)
    await quan.sees_change("Đã đóng đợt", "1/2 đơn vị đã nộp", of=confirm)
    await quan.says("/nhatky")
    await quan.hears("Quản Trị đóng đợt báo cáo")
    await quan.says("/tonghop")
    await quan.hears()
    await hoa.says("/lichsu")
    history = await hoa.hears("Sơ kết giữa nhiệm kỳ")
    await hoa.taps(next(label for label in history.labels if "Sơ kết" in label))
    report = await hoa.hears("Đợt đã đóng", "1.200")
    assert not {"Sửa", "Xin mở lại"} & set(report.labels)


async def test_a_campaign_is_closed_once(town: Town) -> None:
    campaign = await opened(town)
    quan, other = await admin(town), await town.join("Người Khác", (town.tinh, RoleName.ADMIN))
    for seat in (quan, other):
        await seat.says("/baocao")
        await seat.hears("đơn vị nào")
        await seat.taps("Đợt đang mở: 1")
        await seat.hears("đã nộp 0/2")
    lists = quan.last, other.last
    for seat in (quan, other):
        await seat.taps("Đóng đợt")
        await seat.hears("Đóng đợt “Sơ kết giữa nhiệm kỳ”?")
    await quan.taps("Đóng đợt")
    await quan.sees_change("Đã đóng đợt")
    await other.taps("Đóng đợt")
    assert "đã đóng lúc" in await other.hears_toast()
    assert lists[1] is not None
    await other.taps("Đóng đợt", on=lists[1])
    assert "đã đóng lúc" in await other.hears_toast()
    await quan.says("/baocao")
    assert not [label for label in (await quan.hears()).labels if "Đợt đang mở" in label]
    async with town.database.read() as db:
        notes = [each for each in await audit.list_entries(db) if each.action == "campaign.closed"]
        assert [(each.subject, each.unit_id) for each in notes] == [(f"campaign:{campaign.id}", town.tinh.id)]


async def test_nobody_without_its_rights_closes_a_campaign(town: Town) -> None:
    campaign = await opened(town)
    lan = await town.supervisor()
    below = await town.join("Quản Trị Dưới", (town.may, RoleName.ADMIN))
    for seat in (lan, below):
        await seat.says("/help")
        own = await seat.hears()
        for data in (f"r:m:end:{campaign.id}", f"r:m:close:{campaign.id}", "r:m:close:99", "r:m:close:x"):
            await seat.taps_forged(own, data)
            assert await seat.hears_toast()
    await below.says("/baocao")
    assert not [label for label in (await below.hears()).labels if "Đợt đang mở" in label]
    async with town.database.read() as db:
        assert len(await campaigns.list_campaigns(db, open_on=date(2026, 11, 1))) == 1


async def test_a_draft_of_a_closed_campaign_is_kept_and_said_to_be_of_no_use(town: Town) -> None:
    await opened(town)
    await has_sent_the_month(town, town.may)
    hoa, quan = await town.officer(), await admin(town)
    await fills_in(hoa)
    await closes(town, quan)
    await hoa.says("40")
    await hoa.hears("Sơ kết giữa nhiệm kỳ", "đã đóng", "không gửi và không sửa được nữa")
    kept = await hoa.hears("không mất", "1.200", "35")
    kept.lacks("40", "để trống", "Công tác nữ công")
    await hoa.says("/baocao")
    (await hoa.hears("đã nộp đủ")).lacks("Sơ kết")
    await hoa.says("/lichsu")
    await hoa.hears("điền dở, đợt đã đóng")
    await hoa.taps("Xem bản nháp đợt Sơ kết giữa nhiệm kỳ")
    await hoa.hears("đã đóng")
    await hoa.hears("1.200")
    await hoa.taps("Xóa bản nháp")
    await hoa.hears("Đã xóa bản nháp")
    assert await town.draft(town.may, PERIOD, TERM_FORM) is None


@pytest.mark.parametrize("way", ["tap", "/baocao", "/huy", "question"])
async def test_a_campaign_closed_in_the_middle_is_said_whatever_comes_next(town: Town, way: str) -> None:
    await opened(town)
    await has_sent_the_month(town, town.may)
    hoa, quan = await town.officer(), await admin(town)
    await fills_in(hoa)
    await closes(town, quan)
    if way == "tap":
        await hoa.taps("Bỏ qua")
    else:
        await hoa.says("chỉ tiêu TƯLĐTT 2025?" if way == "question" else way)
    if way == "question":
        await hoa.hears("TƯLĐTT")
        (await hoa.sees("đã đóng")).says("không gửi")
    else:
        await hoa.hears("đã đóng")
    await hoa.sees("không mất")
    draft = await town.draft(town.may, PERIOD, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i36": "1200", "i37": "35"}


async def test_gui_comes_too_late_after_the_closing_and_in_time_before_it(town: Town) -> None:
    await opened(town)
    await has_sent_the_month(town, town.may, town.giay)
    hoa, quang = await town.officer(), await town.officer("Phạm Quang", town.giay)
    quan = await admin(town)
    for seat in (hoa, quang):
        await fills_in(seat)
        await goes_to_the_end(seat)
    await sends(quang)
    await closes(town, quan)
    await hoa.taps("Gửi")
    (await hoa.hears("đã đóng", "không gửi")).lacks("Đã nhận")
    await hoa.hears("không mất", "1.200")
    assert await town.current(town.may, PERIOD, TERM_FORM) is None
    assert await town.current(town.giay, PERIOD, TERM_FORM) is not None
    await hoa.says("Gửi")
    await hoa.hears("Không có báo cáo nào đang chờ gửi")


async def test_buttons_sent_before_the_closing_say_that_it_is_closed(town: Town) -> None:
    campaign = await opened(town)
    await has_sent_the_month(town, town.may)
    hoa, lan, quan = await town.officer(), await town.supervisor(), await admin(town)
    await fills_in(hoa)
    await goes_to_the_end(hoa)
    await sends(hoa)
    sent = await town.current(town.may, PERIOD, TERM_FORM)
    assert sent is not None
    await closes(town, quan)
    for seat, data, more in (
        (hoa, OpenCampaignReport(town.may.id, campaign.id).pack(), "Báo cáo đã gửi"),
        (hoa, f"r:f:{sent.id}", "Báo cáo đã gửi"),
        (hoa, f"r:o:{sent.id}", ""),
        (lan, f"r:b:{sent.id}", ""),
        (lan, OpenCampaignReport(town.giay.id, campaign.id).pack(), ""),
    ):
        await seat.says("/help")
        await seat.taps_forged(await seat.hears("Hỏi được những gì"), data)
        await seat.hears("đã đóng")
        if more:
            (await seat.hears(more)).has_buttons("Xem báo cáo")
    await town.chat.all_taken()
    assert await town.current(town.may, PERIOD, TERM_FORM) == sent
    assert await town.draft(town.may, PERIOD, TERM_FORM) is None


async def test_a_request_that_waits_needs_no_answer_after_the_closing(town: Town) -> None:
    await opened(town)
    await has_sent_the_month(town, town.may)
    hoa, lan, quan = await town.officer(), await town.supervisor(), await admin(town)
    await hoa.says("/baocao")
    await hoa.hears("0/55")
    await hoa.taps("Xin gia hạn")
    await hoa.hears("lý do")
    await hoa.says("chờ số liệu của tổ")
    await hoa.hears("Đã gửi yêu cầu gia hạn")
    await lan.hears("xin gia hạn")
    await closes(town, quan)
    await lan.taps("Đồng ý")
    assert "đã đóng" in await lan.hears_toast()
    async with town.database.read() as db:
        assert await requests.find_open(db, town.may.id, TERM_FORM, PERIOD, RequestKind.EXTENSION) is None
