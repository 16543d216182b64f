"""Groups, where the bot listens only when spoken to, and inline cards for any chat."""

from __future__ import annotations

from bot import app
from bot.sandbox import SandboxServer
from bot.sandbox.model import Player
from storage.engine import Database
from tests.e2e.chat import Chat
from tests.e2e.conftest import settings_for

AT = "@troly_congdoan_bot"


async def test_in_a_group_it_answers_when_named_and_when_replied_to(chat: Chat) -> None:
    hoa, binh = chat.person("Nguyễn Thị Hoa"), chat.person("Phạm Quốc Bình")
    group = chat.group("Nhóm cán bộ", hoa, binh)
    hoa, binh = hoa.in_group(group), binh.in_group(group)
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM là mấy nhỉ")
    asked = await binh.says(f"{AT} chỉ tiêu TƯLĐTT 2025 TP.HCM")
    reply = await binh.hears("80%", "25-CTr/TU")
    assert reply.message.json["reply_to_message"]["message_id"] == asked.id
    await hoa.says("chỉ tiêu đoàn viên 2025 TP.HCM?", reply_to=reply)
    await hoa.sees("1.580.000")
    assert len([message for message in group.shown if message.by_bot]) == 2


async def test_two_people_in_a_group_never_share_a_context(chat: Chat) -> None:
    hoa, binh = chat.person("Nguyễn Thị Hoa"), chat.person("Phạm Quốc Bình")
    group = chat.group("Nhóm cán bộ", hoa, binh)
    hoa, binh = hoa.in_group(group), binh.in_group(group)
    await hoa.says(f"{AT} chỉ tiêu TƯLĐTT 2025 TP.HCM")
    about_agreements = await hoa.hears("80%")
    await binh.says(f"đoàn viên 2025 TP.HCM {AT}")
    about_members = await binh.hears_all(2)
    await hoa.says("còn 2030?", reply_to=about_members[-1])
    await hoa.hears("1.580.000")
    (await hoa.hears("85%")).lacks("1.780.000")
    await binh.says("còn 2030?", reply_to=about_agreements)
    await binh.hears("85%")
    (await binh.hears("1.780.000")).lacks("85%")


async def test_somebody_new_may_lean_on_the_answer_they_reply_to(chat: Chat) -> None:
    hoa, binh = chat.person("Nguyễn Thị Hoa"), chat.person("Phạm Quốc Bình")
    group = chat.group("Nhóm cán bộ", hoa, binh)
    hoa, binh = hoa.in_group(group), binh.in_group(group)
    await hoa.says(f"{AT} chỉ tiêu TƯLĐTT 2025 TP.HCM")
    answer = await hoa.hears("80%")
    await binh.says("còn 2045?", reply_to=answer)
    await hoa.hears("99%", "25-CTr/TU")


async def test_private_and_group_chats_of_one_person_are_apart(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    group = chat.group("Nhóm cán bộ", hoa)
    await hoa.says("đoàn viên 2025 TP.HCM")
    await hoa.hears("1.580.000")
    await hoa.in_group(group).says(f"{AT} chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.in_group(group).sees("80%")
    await hoa.says("còn 2030?")
    (await hoa.hears("1.780.000")).lacks("85%")


async def test_a_question_edited_in_a_group_changes_its_answer(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    hoa = hoa.in_group(chat.group("Nhóm cán bộ", hoa))
    asked = await hoa.says(f"{AT} chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.edits(asked, f"{AT} chỉ tiêu TƯLĐTT 2045 TP.HCM")
    await hoa.sees_change("99%")


async def test_commands_in_groups(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    hoa = hoa.in_group(chat.group("Nhóm cán bộ", hoa))
    await hoa.says(f"/kehoach{AT}")
    await hoa.hears("25-CTr/TU")
    await hoa.says(f"/xoadulieu{AT}")
    await hoa.hears("trò chuyện riêng")
    await hoa.says(f"{AT}")
    await hoa.hears(AT, "Xin chào")
    await hoa.says("/help@another_bot")
    await hoa.says(f"/khongco{AT}")
    await hoa.hears("không có lệnh /khongco")


async def test_even_where_it_reads_everything_it_speaks_only_when_spoken_to(sqlite_database: Database) -> None:
    async with SandboxServer(group_privacy=False) as sandbox, Chat(sandbox) as chat:
        hoa = chat.person("Nguyễn Thị Hoa")
        hoa = hoa.in_group(chat.group("Nhóm cán bộ", hoa))
        settings = settings_for(sandbox)
        async with app.running(app.build(settings, sqlite_database, clock=sandbox.clock)):
            await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM là mấy nhỉ")
            await hoa.says("/lenhcuabotkhac")
            await hoa.says("Hủy")
            await hoa.says(f"{AT} chỉ tiêu TƯLĐTT 2045 TP.HCM")
            await hoa.hears("99%")
            hoa.hears_nothing_more()


async def test_cards_carry_a_title_a_description_and_the_whole_answer(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    group = chat.group("Nhóm cán bộ", hoa)
    hoa = hoa.in_group(group)
    cards = await hoa.asks_inline("tưlđtt 2025")
    assert len(cards) >= 4
    whole, *parts = cards
    assert "2025" in whole.title
    assert "80%" in whole.description
    for piece in ("25-CTr/TU", "Quảng Trị", "A15/KH-CĐCT", "80%"):
        assert piece in whole.text
    hcm = next(card for card in parts if "TP.HCM" in card.title)
    assert "80%" in hcm.title
    assert "Quảng Trị, mục" not in hcm.text
    sent = await hoa.chooses(hcm)
    assert "25-CTr/TU" in sent.text
    assert all(card.title and card.description and card.text for card in cards)


async def test_cards_for_nothing_typed_show_what_can_be_asked(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    cards = await hoa.asks_inline("")
    assert len(cards) == 3
    assert "80%" in cards[0].text


async def test_a_card_for_what_is_not_there_says_so(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    cards = await hoa.asks_inline("giá vàng hôm nay")
    assert "không có trong các kế hoạch" in cards[0].text.lower()


async def test_a_card_sent_to_the_bot_itself_is_no_question(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    cards = await hoa.asks_inline("tưlđtt 2025 hcm")
    await hoa.chooses(cards[0])
    await hoa.says("đoàn viên 2025 TP.HCM")
    await hoa.sees("1.580.000")
    answers = [message for message in hoa.room.shown if message.by_bot and "via_bot" not in message.json]
    assert len(answers) == 1


async def test_menus_differ_by_who_looks(stage: Chat, sqlite_database: Database) -> None:
    stage.sandbox.add_person(Player(4999, "Quản trị"), started=True)
    hoa = stage.person("Nguyễn Thị Hoa")
    group = stage.group("Nhóm cán bộ", hoa)
    async with app.running(app.build(settings_for(stage.sandbox), sqlite_database, clock=stage.sandbox.clock)):
        done = await stage.sandbox.wait_until(lambda: stage.sandbox.counts.get("setMyCommands", 0) >= 3)
        assert done
        assert set(hoa.commands) >= {"start", "help", "kehoach", "huy", "xoadulieu"}
        assert {"start", "help", "kehoach", "huy"} <= set(hoa.in_group(group).commands) < set(hoa.commands)
        assert set(stage.seat(4999).commands) >= set(hoa.commands)


async def test_figures_reported_in_a_group_lead_to_the_private_chat_and_are_not_repeated(chat: Chat) -> None:
    hoa = chat.person("Nguyễn Thị Hoa")
    hoa = hoa.in_group(chat.group("Nhóm cán bộ", hoa))
    for said in (f"{AT} báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3", f"/baocao{AT} đoàn viên 1250"):
        await hoa.says(said)
        reply = (await hoa.hears("trò chuyện riêng")).lacks("1.250", "1.320")
        ((button,),) = reply.message.buttons
        assert button["url"] == "https://t.me/troly_congdoan_bot?start=baocao"
