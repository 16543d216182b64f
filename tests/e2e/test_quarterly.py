"""January 2027: the quarterly form by buttons and in one message, who is missing, totals and Excel, the level above."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from knowledge.forms import MONTHLY_FORM, QUARTERLY_FORM, get_form
from knowledge.model.periods import Period
from storage import submissions
from storage.engine import Database
from storage.submissions import Submission
from storage.units import Unit
from tests.e2e.chat import Seat
from tests.e2e.region import Region, region_on
from tests.e2e.town import hears_summary, sends
from tests.monthly import monthly_figures

#: Tuesday 5 January 2027, nine in the morning in Vietnam: December's report is due today, the quarter's in five days.
TODAY = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
QUARTER = Period.parse("2026-Q4")
DECEMBER = Period.month(2026, 12)
WHOLE = (
    "báo cáo quý 4: thuộc diện ký TƯLĐTT 1, có TƯLĐTT, đối thoại 2 cuộc, hội nghị NLĐ 1, phải lập BNC 1, "
    "chưa có ban nữ công, giới thiệu Đảng 3, kết nạp Đảng 1, tư vấn pháp luật 4 lượt, vụ việc 2, công đoàn tham gia 1"
)


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        region.clock.move_to(TODAY)
        yield region


async def current(region: Region, unit: Unit) -> Submission:
    """What stands of the quarter for a unit."""
    async with region.database.read() as db:
        found = await submissions.find_current(db, unit.id, QUARTERLY_FORM, QUARTER)
    assert found is not None
    return found


async def reported(region: Region, unit: Unit, **figures: int) -> None:
    """A quarterly report of that unit that was sent."""
    form = get_form(QUARTERLY_FORM).asked_of(unit.kind)
    told = {row.key: Decimal(figures.get(row.key, 0)) for row in form.asked}
    async with region.database.write() as db:
        await submissions.record(
            db,
            unit_id=unit.id,
            form=QUARTERLY_FORM,
            period=QUARTER,
            figures=form.completed(told),
            sent_at=region.clock(),
            sent_by=None,
            on_time=True,
        )


async def december(region: Region, unit: Unit) -> None:
    """December's monthly report of that unit, and those before it that are still looked at."""
    async with region.database.write() as db:
        for back in range(24):
            await submissions.record(
                db,
                unit_id=unit.id,
                form=MONTHLY_FORM,
                period=DECEMBER.shifted(-back),
                figures=monthly_figures(1320, 1250),
                sent_at=region.clock() - timedelta(minutes=1),  # a message has whole seconds: it may seem the earlier
                sent_by=None,
                on_time=True,
            )


async def answers(seat: Seat, *given: tuple[str, str]) -> None:
    """Taps its way through: what is asked, and the button that answers it."""
    step = seat.last
    assert step is not None
    for asked, label in given:
        await seat.sees_change(asked, of=step)
        await seat.taps(label, on=step)


async def test_an_officer_fills_it_in_with_a_tap_a_row(region: Region) -> None:
    await december(region, region.co_khi)
    hoa = await region.officer(region.co_khi)
    await hoa.says("/baocao")
    first = await hoa.hears("Hoạt động quý – quý IV/2026", "CĐCS Cơ khí Tân Phong · hạn 10/01/2027", "1/11")
    first.says("thuộc diện ký kết thỏa ước", "gửi nhiều số trong một tin").has_buttons("Có", "Không", "Xin gia hạn")
    first.lacks("công đoàn cơ sở thành lập mới", "Không có biến động")
    await hoa.taps("Có", on=first)
    await answers(
        hoa,
        ("2/11", "Có"),
        ("Số cuộc đối thoại", "2"),
        ("hội nghị người lao động", "Chưa"),
        ("đủ điều kiện thành lập ban nữ công", "Có"),
        ("đã thành lập ban nữ công", "Chưa"),
        ("giới thiệu cho Đảng", "3"),
        ("kết nạp Đảng", "1"),
        ("tư vấn pháp luật", "5"),
        ("có nhu cầu tư vấn", "1"),
    )
    await hoa.sees_change("11/11", "có đại diện công đoàn tham gia", of=first)
    await hoa.says("2")
    broken = await hoa.hears("Xem lại trước khi gửi", "công đoàn tham gia (2) lớn hơn số vụ việc có nhu cầu (1)")
    broken.lacks("có báo cáo", "ngoài công lập")
    await hoa.says("vụ việc công đoàn tham gia 1")
    await hears_summary(hoa, "Đối thoại tại nơi làm việc: 2", "Hội nghị NLĐ: chưa", "Vụ việc công đoàn tham gia: 1")
    (await sends(hoa)).says("Hoạt động quý, quý IV/2026", "đúng hạn", "Đã có TƯLĐTT: có").lacks("có báo cáo")
    sent = (await current(region, region.co_khi)).figures
    assert {
        key: int(sent[key]) for key in ("agreements", "dialogues", "dialogue_non_state", "reporting_non_state")
    } == {
        "agreements": 1,
        "dialogues": 2,
        "dialogue_non_state": 1,
        "reporting_non_state": 1,
    }
    assert not {"dialogue_soe", "new_unions", "fees_due"} & sent.keys()
    await hoa.says("/lichsu")
    await hoa.hears("Hoạt động quý", "Quý IV/2026", "Biến động đoàn viên")


async def test_one_message_is_read_by_the_form_that_it_names(region: Region) -> None:
    hoa = await region.officer(region.may)
    await hoa.says("báo cáo quý 4: đối thoại 2, hội nghị NLĐ 1, có TƯLĐTT")
    await hoa.hears("quý IV/2026", "1/11", "thuộc diện ký kết", "Đã ghi: Đã có TƯLĐTT: có, Đối thoại")
    await hoa.says("có")
    await hoa.hears("đủ điều kiện thành lập ban nữ công")
    await hoa.says(WHOLE)
    await hears_summary(hoa, "Đã lập ban nữ công: chưa", "Giới thiệu cho Đảng: 3", "Tư vấn pháp luật: 4")
    await sends(hoa)
    assert (await current(region, region.may)).figures["womens_boards"] == 0
    # The month is still meant where its rows are given.
    await hoa.says("báo cáo tháng 12: cnvclđ 1320, đoàn viên 1250, mới 12, giảm 3")
    await hears_summary(hoa, "tháng 12/2026", "Đoàn viên: 1.250")


FREELY = (
    "dạ cty em thuộc diện phải ký thỏa ước, ký rồi còn hạn đến 2028, đối thoại cả năm 3 cuộc, hội nghị NLĐ làm hồi "
    "tháng 4, nữ công đủ điều kiện mà chưa lập, đảng giới thiệu 2 kết nạp 0, tư vấn tầm 30 lượt, không có vụ nào, "
    "công đoàn không phải tham gia"
)


async def test_answers_in_free_words_are_a_report_though_nothing_is_named(region: Region) -> None:
    await december(region, region.may)
    hoa = await region.officer(region.may)
    await hoa.says(FREELY)
    await hoa.hears("tư vấn tầm 30", "Báo cáo cần số chính xác")
    await hoa.says("28")
    summary = await hears_summary(hoa, "Thuộc diện ký TƯLĐTT: có", "Hội nghị NLĐ: có", "Tư vấn pháp luật: 28")
    await hoa.taps("Sửa", on=summary)
    await hoa.sees_change("Sửa số nào?", of=summary)
    await hoa.taps("Đã lập ban nữ công: chưa", on=summary)
    (await hoa.sees_change("đã thành lập ban nữ công", "Đang ghi: chưa", of=summary)).has_buttons("Có", "Chưa")
    await hoa.says("mới lập xong tuần rồi")
    await hears_summary(hoa, "Đã lập ban nữ công: có")
    await sends(hoa)
    sent = (await current(region, region.may)).figures
    told = ("agreement_due", "agreements", "dialogues", "womens_boards", "party_admitted", "legal_cases", "consulted")
    assert [int(sent[key]) for key in told] == [1, 1, 3, 1, 0, 0, 28]


async def test_a_message_that_fits_both_forms_is_asked_about_with_two_buttons(region: Region) -> None:
    await december(region, region.may)
    hoa = await region.officer(region.may)
    await hoa.says("báo cáo kết nạp 3, giới thiệu Đảng 2")
    offered = await hoa.hears("báo cáo nào, kỳ nào?")
    assert len(offered.labels) == 3  # and **Hủy**
    quarter = next(label for label in offered.labels if label.startswith("Quý IV/2026"))
    await hoa.taps(quarter, on=offered)
    await hoa.sees_change("Hoạt động quý – quý IV/2026", "Đã ghi: Giới thiệu cho Đảng 2", of=offered)


async def test_what_is_owed_is_offered_and_begun_by_its_name(region: Region) -> None:
    hoa = await region.officer(region.cang)
    await hoa.says("/start")
    card = await hoa.hears("Quý IV/2026: chưa nộp", "Tháng 12/2026: chưa nộp, hôm nay là hạn cuối")
    assert card.text.index("Tháng 12/2026") < card.text.index("Quý IV/2026")
    await hoa.says("/baocao")
    offered = await hoa.hears("báo cáo nào, kỳ nào?")
    quarter = next(label for label in offered.labels if label.startswith("Quý IV/2026"))
    await hoa.taps(quarter, on=offered)
    await hoa.sees_change("Hoạt động quý – quý IV/2026", "1/11", of=offered)
    await hoa.says("/huy")
    await hoa.hears("Đã dừng")
    for words in ("báo cáo quý", "nộp biểu quý", "/baocao q4", "báo cáo hoạt động quý IV", "báo cáo quý 4"):
        await hoa.says(words)
        await hoa.hears("Hoạt động quý – quý IV/2026")
        await hoa.says("/huy")
        await hoa.hears("Đã dừng")
    await hoa.says("/baocao quý 3")
    await hoa.hears("không phải nộp Hoạt động quý, quý III/2026")
    await hoa.says("xin gia hạn báo cáo quý 4")
    await hoa.hears("gia hạn", "quý IV/2026")


async def test_supervisors_see_who_is_missing_the_sums_and_the_workbook(region: Region) -> None:
    await reported(region, region.co_khi, agreement_due=1, agreements=1, dialogues=2, party_introduced=3, consulted=4)
    await reported(
        region, region.cang, agreement_due=1, dialogues=1, workers_conference=1, legal_cases=4, legal_supported=3
    )
    await reported(region, region.south, enterprises=120, unionised=96, new_unions=2, fees_due=850, fees_collected=790)
    boss = await region.supervisor(region.top)
    await boss.says("/chuanop quý 4")
    absent = await boss.hears(
        "Chưa nộp quý IV/2026", "Hoạt động quý, hạn 10/01/2027", "May Sông Xanh", "Công đoàn khu Bắc"
    )
    absent.lacks("Cảng", "khu Nam")
    await boss.says("đơn vị nào chưa nộp báo cáo quý")
    await boss.hears("Chưa nộp quý IV/2026", "May Sông Xanh")
    await boss.says("/tonghop q4")
    told = await boss.hears("Hoạt động quý, quý IV/2026", "đã nộp 3/6", "Thuộc diện ký TƯLĐTT: 2", "Đã có TƯLĐTT: 1")
    told.says("Đối thoại tại nơi làm việc: 3")
    await boss.taps("Chi tiết")
    details = await boss.sees_change("CĐCS thành lập mới: 2", "Kinh phí, đoàn phí đã thu: 790 triệu đồng")
    details.lacks("DNNN có báo cáo").has_buttons("‹ Quý III/2026", "Excel", "Bản in tổng hợp")
    await boss.taps("Excel")
    await region.wait_for_errands()
    book = load_workbook(io.BytesIO((await boss.hears("quý IV/2026")).file), data_only=True)
    totals = {row[0].value: row[4].value for row in book.worksheets[0].iter_rows(min_col=1, max_col=5)}
    assert (totals["dialogue_soe"], totals["reporting_soe"]) == (1, 1)
    assert (totals["dialogue_non_state"], totals["reporting_non_state"]) == (1, 1)
    assert (totals["agreement_due"], totals["agreement_due_non_public"], totals["new_unions"]) == (2, 1, 2)
    await boss.says("/tonghop quý 4 khu Nam")
    await boss.hears("Tổng hợp Hoạt động quý, quý IV/2026 – Công đoàn khu Nam", "Đã nộp đủ")


async def test_the_level_above_sends_what_it_alone_knows(region: Region) -> None:
    lan = await region.supervisor(region.north)
    await lan.says("/start")
    card = await lan.hears("Quý IV/2026: chưa nộp", "Hoạt động quý, Công đoàn khu Bắc", "📊 Quý IV/2026: đã nộp 0/4")
    card.has_buttons("Nộp ngay", "Ai chưa nộp", "Ai chưa nộp quý IV/2026", "Tổng hợp quý IV/2026")
    await lan.taps("Nộp ngay", on=card)
    question = await lan.hears("Công đoàn khu Bắc · hạn 10/01/2027", "1/8", "tư vấn pháp luật")
    question.lacks("nhập thay", "TƯLĐTT")
    await lan.says("tư vấn 2, vụ việc 0, công đoàn tham gia 0, DN từ 25 lao động 40, đã có CĐCS 31, CĐCS mới 1")
    await lan.hears("7/8", "phải thu")
    await lan.says("850 triệu")
    await lan.hears("8/8", "đã thu")
    await lan.says("900")
    summary = await hears_summary(
        lan, "Số đã thu (900) lớn hơn số phải thu (850), tính bằng triệu đồng", "CĐCS thành lập mới: 1"
    )
    summary.lacks("gõ lý do")
    await sends(lan)
    sent = await current(region, region.north)
    assert int(sent.figures["new_unions"]) == 1
    assert not sent.entered_for
    await lan.says("/tonghop quý 4")
    await lan.hears("đã nộp 1/4")


async def test_who_answers_is_reminded_and_nobody_else(region: Region) -> None:
    await december(region, region.may)
    hoa, lan = await region.officer(region.may), await region.supervisor(region.north)
    region.clock.move_to(datetime(2027, 1, 7, 1, 30, tzinfo=UTC))
    for _ in range(2):
        await region.bot.tick_all()
    await hoa.hears("Hoạt động quý", "10/01/2027")
    await lan.hears("Hoạt động quý", "Công đoàn khu Bắc", "10/01/2027")


async def test_before_its_first_period_opens_nobody_owes_it(region: Region) -> None:
    hoa, lan = await region.officer(region.may), await region.supervisor(region.north)
    region.clock.move_to(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    await hoa.says("báo cáo quý 4")
    await hoa.hears("chưa mở: nhận từ ngày 20/12/2026")
    await lan.says("/tonghop quý 4")
    await lan.hears("Kỳ này chưa mở")
