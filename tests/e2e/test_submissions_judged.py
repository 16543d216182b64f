"""Sent reports are judged: by the form's rules, for lateness; and corrected, every version kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.engine import Database
from tests.e2e.town import ONE_MESSAGE, SEPTEMBER, Town, hears_summary, sends, town_on


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


async def test_a_broken_rule_is_confirmed_with_a_reason_that_the_supervisor_sees(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241)
    lan, hoa = await town.supervisor(), await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.270, mới 12, giảm 3")
    summary = await hoa.hears("⚠️", "tổng số phải là 1.250", "gõ lý do")
    summary.lacks("bấm Gửi")
    await hoa.says("Gửi")
    await hoa.hears("Chưa gửi", "giải thích")
    await hoa.says("tháng trước bỏ sót tổ cắt 20 người")
    await hears_summary(hoa, "Đã ghi lý do", "bỏ sót tổ cắt")
    await sends(hoa)
    told = await lan.hears("May Hòa Thọ", "tổng số phải là 1.250", "bỏ sót tổ cắt 20 người", "Nguyễn Thị Hoa")
    told.has_buttons("Xem báo cáo", "Gửi trả")
    stored = await town.current(town.may)
    assert stored is not None
    assert stored.reasons == {"members-carry-over": "tháng trước bỏ sót tổ cắt 20 người"}


async def test_a_question_where_a_reason_is_asked_for_is_answered_and_is_no_reason(town: Town) -> None:
    await town.reported(town.may, SEPTEMBER, 1310, 1241, 5, 2)
    hoa = await town.officer()
    await hoa.says("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.300, mới 12, giảm 3")
    await hoa.hears("lý do")
    await hoa.says("tưlđtt 2025 bảo lộc đặt bao nhiêu")
    await hoa.hears("không đặt chỉ tiêu")
    await hoa.hears("gõ lý do")
    await hoa.says("tưlđtt 2025 quảng trị")
    await hoa.hears("80%", "Quảng Trị")
    await hoa.hears("gõ lý do")
    draft = await town.draft(town.may)
    assert draft is not None
    assert "quảng trị" not in str(draft)


async def test_a_late_report_is_taken_and_marked(town: Town) -> None:
    await town.move_to(2026, 11, 6)
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa, "nộp muộn")
    (await sends(hoa)).says("nộp muộn")
    stored = await town.current(town.may)
    assert stored is not None
    assert not stored.on_time


async def test_timeliness_is_judged_by_the_date_of_the_message(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await town.move_to(2026, 11, 5, 23)
    await hoa.taps("Gửi")
    await hoa.hears("Đã nhận", "đúng hạn")


async def test_a_correction_keeps_every_version(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/lichsu")
    history = await hoa.hears("May Hòa Thọ", "Đoàn viên · Kết nạp mới", "✓ 10/2026: 1.320 · 1.250 · 12 · 3", "đúng hạn")
    await hoa.taps("Tháng 10/2026", on=history)
    (await hoa.hears("Đoàn viên: 1.250", "Nguyễn Thị Hoa", "đến hết 30/11/2026")).has_buttons("Sửa")
    await hoa.taps("Sửa")
    choice = await hoa.hears("Sửa số nào?")
    await hoa.taps("Đoàn viên: 1.250", on=choice)
    await hoa.sees_change("Đang ghi: 1.250")
    await hoa.says("1.255")
    await hears_summary(hoa, "Sửa bản đã gửi", "Đoàn viên: 1.255")
    (await sends(hoa)).says("bản sửa lần 1", "1.255")
    versions = await town.versions(town.may)
    assert [v.figures["members"] for v in versions] == [1250, 1255]
    await hoa.says("/lichsu")
    history = await hoa.hears("1.255")
    await hoa.taps("Tháng 10/2026", on=history)
    await hoa.hears("Các bản trước", "Lần 1", "Đoàn viên 1.250")


async def test_figures_named_after_sending_correct_the_report(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("báo cáo tháng 10 sửa lại: đoàn viên 1.251, mới 13")
    await hears_summary(hoa, "Sửa bản đã gửi", "Đoàn viên: 1.251", "Kết nạp mới: 13", "CNVCLĐ: 1.320")
    await sends(hoa)
    assert [v.version for v in await town.versions(town.may)] == [1, 2]


async def test_a_correction_that_changes_nothing_is_no_new_version(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    (await sends(hoa)).says("không có gì khác")
    assert len(await town.versions(town.may)) == 1


async def test_when_all_is_sent_baocao_says_so(town: Town) -> None:
    hoa = await town.officer()
    await hoa.says(ONE_MESSAGE)
    await hears_summary(hoa)
    await sends(hoa)
    await hoa.says("/baocao")
    (await hoa.hears("đã nộp đủ", "25/11/2026")).has_buttons("Sửa", "Kỳ khác")
    await hoa.taps("Kỳ khác")
    choice = await hoa.hears("kỳ nào")
    assert any(label.startswith("✓ Tháng 10/2026") for label in choice.labels)
