"""Questions in private chats: answers, follow-ups, buttons, votes, edits."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bot.app import Bot
from bot.features.plans import words as views
from knowledge.plans import find_original, load_plans
from storage import feedback
from tests.e2e.chat import Chat


async def test_a_question_is_answered_with_its_figure_its_plan_and_its_section(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chi tieu tuldtt 2025 hcm")
    reply = await hoa.hears("80%", "25-CTr/TU", "II.2")
    reply.has_buttons("Năm 2030", "Đúng", "Chưa đúng")


async def test_a_fragment_leans_on_the_question_before(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.says("còn 2030?")
    await hoa.hears("85%", "25-CTr/TU")
    await hoa.says("thế Bảo Lộc thì sao")
    (await hoa.hears("Bảo Lộc", "không đặt chỉ tiêu")).lacks("85%")


async def test_two_years_are_compared_and_told_apart(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("em ở Đông Hà, đoàn viên Công Thương từ 2023 tới 2025 tăng nhiều không, mấy người")
    told = await hoa.hears("Tăng 2.000 đoàn viên (153.600 − 151.600).", "151.600", "153.600", "A15/KH-CĐCT")
    told.lacks("Đông Hà")
    await hoa.says("còn 2023 với 2030 thì hơn bao nhiêu")
    await hoa.hears("Tăng 6.400 đoàn viên (158.000 − 151.600).")


async def test_what_is_quoted_of_a_plan_is_confirmed_or_put_right(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("bản của TPHCM do ông Trần Văn Nam ký đúng không")
    await hoa.hears("Chưa đúng: người ký là Nguyễn Hồ Hải.", "25-CTr/TU")
    await hoa.says("sơ kết hạn chót là 15 tháng giêng phải hem")
    await hoa.hears("Đúng: kế hoạch đặt trước ngày 15/01/2021.")
    await hoa.says("ban nội chính TPHCM lo biên chế cán bộ công đoàn, đúng chớ")
    await hoa.hears("Chưa đúng: chịu trách nhiệm là Ban Tổ chức Thành ủy.")
    await hoa.says("bản Quảng Trị ban hành ngày mấy")
    await hoa.hears("Văn bản không ghi ngày ban hành: điều này không có trong các kế hoạch tôi có.")


async def test_where_somebody_is_tells_whose_plan_is_meant_and_a_town_has_no_figure_of_its_own(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("tui mần ở Cam Lộ, tới 2030 thỏa ước phải ký mấy phần trăm rứa")
    (await hoa.hears("85%", "Quảng Trị")).lacks("Cam Lộ")
    await hoa.says("thỏa ước 2025 của riêng Cam Lộ là mấy phần trăm")
    refused = await hoa.hears("Cam Lộ", "không có trong các kế hoạch", "Chỉ tiêu TƯLĐTT Tỉnh ủy Quảng Trị")
    refused.lacks("80%")
    await hoa.says("Quảng Trị đặt mỗi huyện mấy phần trăm thỏa ước 2025")
    (await hoa.hears("của từng huyện", "không có trong các kế hoạch")).lacks("80%")
    await hoa.taps("Chỉ tiêu TƯLĐTT Tỉnh ủy Quảng Trị")
    await hoa.hears("80%")


async def test_after_half_an_hour_of_silence_a_fragment_leans_on_nothing(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    chat.sandbox.clock.move(timedelta(minutes=31))
    await hoa.says("còn 2030?")
    (await hoa.hears()).lacks("85% trở lên</b> – doanh nghiệp, đơn vị sự nghiệp")


async def test_huy_lets_go_of_the_last_question(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("đoàn viên 2025 TP.HCM")
    await hoa.hears("1.580.000")
    await hoa.says("/huy")
    await hoa.hears("câu mới")
    await hoa.says("còn 2030?")
    (await hoa.hears()).says("85%", "1.780.000")  # everything for 2030, not one subject
    await hoa.says("hủy")
    await hoa.hears("câu mới")
    await hoa.says("hủy")
    await hoa.hears("Không có việc gì đang dở")


async def test_two_people_never_share_a_context(chat: Chat) -> None:
    hoa, binh = chat.person("Nguyễn Thị Hoa"), chat.person("Phạm Quốc Bình")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await binh.says("đoàn viên 2025 TP.HCM")
    await hoa.hears("80%")
    await binh.hears("1.580.000")
    await hoa.says("còn 2030?")
    await binh.says("còn 2030?")
    (await hoa.hears("85%")).lacks("1.780.000")
    (await binh.hears("1.780.000")).lacks("85%")


async def test_a_year_button_asks_for_that_year(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.taps("Năm 2045")
    await hoa.hears("99%", "25-CTr/TU")


async def test_a_plan_button_asks_for_that_plan(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên")
    (await hoa.hears("500", "600")).has_buttons("Tỉnh ủy Quảng Trị")
    await hoa.taps("Tỉnh ủy Quảng Trị")
    (await hoa.hears("Quảng Trị")).lacks("Bảo Lộc, mục")


async def test_the_section_button_shows_the_whole_section(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.taps("Xem cả mục II.2")
    await hoa.hears("25-CTr/TU", "mục II.2", "1.580.000", "99%", "50%")


async def test_a_vote_is_counted_once_and_without_who_gave_it(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    reply = await hoa.hears("80%")
    data = reply.data_of("Chưa đúng")
    for _ in range(3):
        await hoa.taps_forged(reply, data)
        assert "Cảm ơn" in await hoa.hears_toast()
    await hoa.sees_change()
    reply.has_buttons("Đúng", "Chưa đúng ✓", "Năm 2030")
    async with bot.database.read() as db:
        (missed,) = await feedback.list_missed(db)
    assert (missed.question, missed.voted_down, missed.voted_up) == ("chỉ tiêu tưlđtt 2025 tp.hcm", 1, 0)
    await hoa.taps("Đúng", on=reply)
    (await hoa.sees_change()).has_buttons("Đúng ✓", "Chưa đúng")
    async with bot.database.read() as db:
        assert await feedback.list_missed(db) == []


async def test_a_fragment_is_counted_together_with_what_it_leans_on(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.says("còn 2030?")
    await hoa.hears("85%")
    await hoa.taps("Chưa đúng")
    await hoa.sees_change()
    async with bot.database.read() as db:
        assert [row.question for row in await feedback.list_missed(db)] == ["chỉ tiêu tưlđtt 2025 tp.hcm → còn 2030?"]


async def test_a_question_that_finds_nothing_is_kept_without_phone_numbers(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("giá vàng hôm nay, gọi tôi 0901 234 567 nhé")
    reply = await hoa.hears("không có trong các kế hoạch")
    assert not any(label in reply.labels for label in ("Đúng", "Chưa đúng"))
    async with bot.database.read() as db:
        (missed,) = await feedback.list_missed(db)
    assert missed.missed == 1
    assert "901" not in missed.question


async def test_an_edited_question_changes_its_answer(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    asked = await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.edits(asked, "chỉ tiêu TƯLĐTT 2045 TP.HCM")
    (await hoa.sees_change("99%")).lacks("80%")
    await hoa.taps("Năm 2030")
    await hoa.hears("85%")
    hoa.hears_nothing_more()


async def test_an_edited_fragment_leans_on_what_stood_before_it(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    asked = await hoa.says("thế đoàn viên thì sao")
    await hoa.hears("1.580.000")
    await hoa.edits(asked, "còn 2045?")
    (await hoa.sees_change("99%")).lacks("đoàn viên Công đoàn Việt Nam")


async def test_an_edit_of_an_earlier_question_leaves_the_later_one_to_lean_on(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    first = await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    earlier = await hoa.hears("80%")
    await hoa.says("đoàn viên 2025 TP.HCM")
    await hoa.hears("1.580.000")
    await hoa.edits(first, "chỉ tiêu TƯLĐTT 2045 TP.HCM")
    await hoa.sees_change("99%", of=earlier)
    await hoa.says("còn 2030?")
    (await hoa.hears("1.780.000")).lacks("85%")


async def test_an_answer_that_grows_or_shrinks_by_an_edit_leaves_no_pages_behind(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    asked = await hoa.says("đoàn viên 2025 TP.HCM")
    short = await hoa.hears("1.580.000")
    await hoa.edits(asked, "trợ lý biết những kế hoạch nào")
    await hoa.sees_change("A15/KH-CĐCT", of=short)
    count = len([message for message in hoa.room.shown if message.by_bot])
    await hoa.edits(asked, "đoàn viên 2030 TP.HCM")
    await hoa.sees_change("1.780.000", of=short)
    await chat.sandbox.wait_until(lambda: len([m for m in hoa.room.shown if m.by_bot]) == 1)
    assert [m.text for m in hoa.room.shown if m.by_bot and "1.780.000" not in m.text] == [], count


async def test_edits_of_what_was_no_question_change_nothing(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    said = await hoa.says("/huy")
    await hoa.hears("Không có việc gì")
    await hoa.edits(said, "chỉ tiêu TƯLĐTT 2025")
    await hoa.says("đoàn viên 2025 TP.HCM")
    await hoa.hears("1.580.000")
    hoa.hears_nothing_more()


async def test_long_answers_come_in_pages_with_the_buttons_under_the_last(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("/kehoach")
    await hoa.hears("Công đoàn Công Thương Việt Nam")
    await hoa.taps("Công đoàn Công Thương Việt Nam")
    pages = [await hoa.hears()]
    while "98%" not in " ".join(page.text for page in pages):
        pages.append(await hoa.hears())
    assert all(len(page.text) <= 4096 for page in pages)


async def test_forged_and_foreign_buttons_do_nothing(chat: Chat, bot: Bot) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    reply = await hoa.hears("80%")
    real = reply.data_of("Đúng")
    token = real.split(":")[1]
    forged = [
        ":",
        "q",
        "q:",
        "q:x:0",
        "v:x:1",
        "s::",
        "plan:../../etc",
        "plan:",
        "ask:7",
        "ask:x",
        "forget:now",
        "nộp:1",
    ]
    forged += [
        f"q:{token}:99",
        f"q:{token}:-1",
        f"q:{token}:²",
        f"v:{token}:2",
        f"v:{token}:",
        f"s:{token}:9",
        "x" * 64,
    ]
    for data in forged:
        await hoa.taps_forged(reply, data)
        assert "không còn dùng được" in await hoa.hears_toast(), data
    await chat.all_taken()
    hoa.hears_nothing_more()
    async with bot.database.read() as db:
        assert await feedback.list_missed(db) == []


async def test_what_became_of_a_plan_is_said_once_a_conversation(chat: Chat) -> None:
    hoa, binh = chat.person("Nguyễn Thị Hoa"), chat.person("Phạm Quốc Bình")
    first = await hoa.says("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên")
    await hoa.hears("01/07/2025")
    await hoa.edits(first, "Bảo Lộc hằng năm kết nạp bao nhiêu đoàn viên")
    await hoa.sees_change("01/07/2025")
    await hoa.says("đối thoại Bảo Lộc bao nhiêu %")
    (await hoa.hears("Bảo Lộc")).lacks("01/07/2025")
    await hoa.says("đoàn viên của Quảng Trị")
    await hoa.hears("Quảng Bình")
    await binh.says("đối thoại Bảo Lộc bao nhiêu %")
    await binh.hears("01/07/2025")
    chat.sandbox.clock.move(timedelta(hours=11))
    await hoa.says("đối thoại Bảo Lộc bao nhiêu %")
    (await hoa.hears("Bảo Lộc")).lacks("01/07/2025")
    chat.sandbox.clock.move(timedelta(hours=2))
    await hoa.says("đối thoại Bảo Lộc bao nhiêu %")
    await hoa.hears("01/07/2025")


async def test_a_plan_comes_as_a_file_where_it_is_asked_for(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    await hoa.says("cho tôi xin file kế hoạch của Bảo Lộc")
    heard = await hoa.hears("Bảo Lộc", "bản có chữ ký lưu tại")
    assert heard.file_name == "baoloc-nq02-2021.txt"
    assert "Bảo Lộc" in heard.file.decode()
    await hoa.says("cho xin file kế hoạch")
    listed = await hoa.hears("Các kế hoạch tôi biết")
    await hoa.taps(next(label for label in listed.labels if "Quảng Trị" in label), on=listed)
    shown = (await hoa.hears("Quảng Trị")).has_buttons("Lấy tệp")
    await hoa.taps("Lấy tệp", on=shown)
    assert (await hoa.hears()).file_name == "quangtri-nq02-2021.txt"


def test_where_no_file_is_kept_it_is_said_who_has_it() -> None:
    plan = msgspec.structs.replace(load_plans()[0], id="somewhere-2026")
    assert find_original(plan.id) is None
    assert plan.issuer in views.original(plan, None).text
