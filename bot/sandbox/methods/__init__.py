"""The Bot API methods that the product uses, answered from the sandbox's state.

Each function takes the sandbox and a call's parameters and returns the `result` of the answer, or raises `Refusal`
with the code and description of the real server. `METHODS` maps lower-case names to them: Telegram does not mind the
case. Source: https://core.telegram.org/bots/api and the published server, tdlib/telegram-bot-api.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.methods import answering, changing, places, sending, webhook
from bot.sandbox.methods.places import find_chat_id
from bot.sandbox.methods.webhook import read_allowed
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

__all__ = ["METHODS", "Method", "find_chat_id", "read_allowed"]

Method = Callable[[Sandbox, Params], Any]

METHODS: dict[str, Method] = {
    "getme": places.get_me,
    "getchat": places.get_chat,
    "getchatmember": places.get_chat_member,
    "leavechat": places.leave_chat,
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendphoto": sending.send_photo,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": changing.edit_message_text,
    "editmessagecaption": changing.edit_message_caption,
    "editmessagereplymarkup": changing.edit_message_reply_markup,
    "deletemessage": changing.delete_message,
    "pinchatmessage": changing.pin_chat_message,
    "answercallbackquery": answering.answer_callback_query,
    "answerinlinequery": answering.answer_inline_query,
    "getfile": sending.get_file,
    "setmycommands": places.set_my_commands,
    "getmycommands": places.get_my_commands,
    "deletemycommands": places.delete_my_commands,
    "setmyname": places.profile_setter("name", 64, "BOT_NAME_TOO_LONG"),
    "getmyname": places.profile_getter("name"),
    "setmydescription": places.profile_setter("description", 512, "BOT_DESCRIPTION_TOO_LONG"),
    "getmydescription": places.profile_getter("description"),
    "setmyshortdescription": places.profile_setter("short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    "getmyshortdescription": places.profile_getter("short_description"),
    "setwebhook": webhook.set_webhook,
    "deletewebhook": webhook.delete_webhook,
    "getwebhookinfo": webhook.get_webhook_info,
}
