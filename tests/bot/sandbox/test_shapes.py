"""python-telegram-bot's own Bot parses every answer: the shapes are Telegram's."""

from __future__ import annotations

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    InputTextMessageContent,
    KeyboardButton,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from bot.sandbox import NO_LIMITS, Player, Sandbox, SandboxServer
from bot.sandbox.bursts import Burst
from tests.bot.sandbox.conftest import HOA
from tests.pictures import make_png

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Đúng", callback_data="ok")]])


async def test_profile_and_commands(bot: Bot, sandbox: Sandbox) -> None:
    me = await bot.get_me()
    assert (me.id, me.username) == (sandbox.bot["id"], "troly_congdoan_bot")
    await bot.set_my_commands([BotCommand("help", "Trợ giúp")])
    await bot.set_my_commands([BotCommand("baocao", "Nộp báo cáo")], scope=BotCommandScopeChat(HOA))
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    person, chat = sandbox.get_person(HOA), sandbox.chats[HOA]
    assert sandbox.commands_for(chat, person)[0]["command"] == "baocao"
    await bot.delete_my_commands(scope=BotCommandScopeChat(HOA))
    assert sandbox.commands_for(chat, person)[0]["command"] == "help"
    await bot.set_my_name("Trợ lý")
    await bot.set_my_description("Hỏi về chỉ tiêu")
    await bot.set_my_short_description("Hỏi đáp")
    assert (await bot.get_my_name()).name == "Trợ lý"
    assert (await bot.get_my_description()).description == "Hỏi về chỉ tiêu"
    assert (await bot.get_my_short_description()).short_description == "Hỏi đáp"
    assert (await bot.get_chat(HOA)).first_name == "Nguyễn Thị"
    assert (await bot.get_webhook_info()).url == ""


async def test_messages(bot: Bot, sandbox: Sandbox) -> None:
    question = sandbox.say(HOA, "hỏi")
    sent = await bot.send_message(
        HOA,
        "<b>Chào 😀</b> <a href='https://example.org/a?b=1&amp;c=2'>đây</a> &lt;tag&gt; /help",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        reply_parameters=ReplyParameters(question.id),
    )
    assert sent.text == "Chào 😀 đây <tag> /help"
    kinds = {entity.type: sent.parse_entity(entity) for entity in sent.entities}
    assert kinds[MessageEntity.BOLD] == "Chào 😀"
    assert kinds[MessageEntity.TEXT_LINK] == "đây"
    assert kinds[MessageEntity.BOT_COMMAND] == "/help"
    assert sent.entities[1].url == "https://example.org/a?b=1&c=2"
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "hỏi"
    edited = await bot.edit_message_text("mới", HOA, sent.message_id, reply_markup=KEYBOARD)
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    bare = await bot.edit_message_reply_markup(HOA, sent.message_id)
    assert isinstance(bare, Message)
    assert bare.reply_markup is None
    assert await bot.delete_message(HOA, sent.message_id)
    assert await bot.send_chat_action(HOA, "typing")
    assert [message.text for message in sandbox.chats[HOA].shown] == ["hỏi"]


async def test_reply_keyboards_come_and_go(bot: Bot, sandbox: Sandbox) -> None:
    chat = sandbox.chats[HOA]
    markup = ReplyKeyboardMarkup([["Gửi", KeyboardButton("Số của tôi", request_contact=True)]], resize_keyboard=True)
    await bot.send_message(HOA, "nút", reply_markup=markup)
    assert sandbox.labels(HOA) == ["Gửi", "Số của tôi"]
    await bot.send_message(HOA, "giữ")
    assert chat.keyboard is not None
    await bot.send_message(HOA, "bỏ", reply_markup=ReplyKeyboardRemove())
    assert chat.keyboard is None


async def test_files(bot: Bot, sandbox: Sandbox) -> None:
    workbook = InputFile(b"PK\x03", "tổng hợp.xlsx")
    sent = await bot.send_document(HOA, workbook, caption="<i>tháng 10</i>", parse_mode="HTML")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == ("tổng hợp.xlsx", 3, "tháng 10")
    again = await bot.send_document(HOA, sent.document.file_id)
    assert again.document == sent.document
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"PK\x03"
    photo = await bot.send_photo(HOA, make_png(640, 480), caption="biểu đồ")
    assert (photo.photo[-1].width, photo.photo[-1].height) == (640, 480)


async def test_taps_and_cards(bot: Bot, sandbox: Sandbox) -> None:
    await bot.send_message(HOA, "?", reply_markup=KEYBOARD)
    sandbox.press(HOA, "Đúng")
    [tap_id] = sandbox.queries
    query = sandbox.ask_inline(HOA, "chỉ tiêu")
    updates = await bot.get_updates()
    assert updates[0].callback_query is not None
    assert updates[0].callback_query.data == "ok"
    assert updates[1].inline_query is not None
    await bot.answer_callback_query(updates[0].callback_query.id, "Cảm ơn", show_alert=True)
    assert sandbox.queries[tap_id].answer == {"text": "Cảm ơn", "show_alert": True}
    content = InputTextMessageContent("<b>80%</b>", parse_mode="HTML")
    await bot.answer_inline_query(query.id, [InlineQueryResultArticle("1", "Chỉ tiêu", content)])
    assert sandbox.choose_inline(HOA, query.id, "1").text == "80%"


async def test_every_kind_of_update_is_parsed(bot: Bot, sandbox: Sandbox) -> None:
    said = sandbox.say(HOA, "/start x")
    sandbox.edit(HOA, said.id, "sửa")
    sandbox.share_contact(HOA)
    sandbox.send_file(HOA, "a.txt", b"a")
    sandbox.send_photo(HOA, make_png())
    sandbox.send_voice(HOA)
    sandbox.send_sticker(HOA)
    sandbox.block(HOA)
    group = sandbox.add_group("Nhóm", [HOA], kind="group")
    sandbox.migrate_group(group.id)
    updates = await bot.get_updates()
    assert len(updates) == 11
    assert all(update.effective_chat is not None for update in updates)
    assert updates[0].message is not None
    assert updates[0].message.date == sandbox.clock()


async def test_a_burst_is_measured(bot: Bot, sandbox: Sandbox) -> None:
    burst = Burst(sandbox, 3, ["một", "hai"], one_by_one=True)
    burst.begin()
    answered, offset = 0, 0
    while answered < 6:
        for update in await bot.get_updates(offset=offset, timeout=1):
            offset = update.update_id + 1
            assert update.effective_chat is not None
            await bot.send_message(update.effective_chat.id, "đáp")
            answered += 1
    assert await burst.wait_heard(6)
    burst.end()
    summary = burst.summary()
    assert (summary["heard"], summary["expected"], len(burst.latencies())) == (6, 6, 6)


async def test_two_sandboxes_do_not_share_anything() -> None:
    async with SandboxServer(limits=NO_LIMITS) as one, SandboxServer(limits=NO_LIMITS) as two:
        one.add_person(Player(1, "An"))
        assert one.url != two.url
        assert not two.people
