"""The Bot API methods that the product uses, answered from the sandbox's state.

Each function takes the sandbox and a call's parameters and returns the `result` of the answer, or raises `Refusal`
with the code and description of the real server. `METHODS` maps lower-case names to them: Telegram does not mind the
case. Source: https://core.telegram.org/bots/api and the published server, tdlib/telegram-bot-api.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.methods.answering import answer_callback_query, answer_inline_query
from bot.sandbox.methods.changing import (
    delete_message,
    edit_message_caption,
    edit_message_reply_markup,
    edit_message_text,
)
from bot.sandbox.methods.places import find_chat_id, get_chat, get_chat_member, get_me, leave_chat
from bot.sandbox.methods.profile import (
    delete_my_commands,
    get_my_commands,
    profile_getter,
    profile_setter,
    set_my_commands,
)
from bot.sandbox.methods.sending import get_file, send_chat_action, send_document, send_message, send_photo
from bot.sandbox.methods.webhook import delete_webhook, get_webhook_info, read_allowed, set_webhook
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

__all__ = ["METHODS", "Method", "find_chat_id", "read_allowed"]

Method = Callable[[Sandbox, Params], Any]

METHODS: dict[str, Method] = {
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "leavechat": leave_chat,
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendchataction": send_chat_action,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "answerinlinequery": answer_inline_query,
    "getfile": get_file,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": profile_setter("name", 64, "BOT_NAME_TOO_LONG"),
    "getmyname": profile_getter("name"),
    "setmydescription": profile_setter("description", 512, "BOT_DESCRIPTION_TOO_LONG"),
    "getmydescription": profile_getter("description"),
    "setmyshortdescription": profile_setter("short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    "getmyshortdescription": profile_getter("short_description"),
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
