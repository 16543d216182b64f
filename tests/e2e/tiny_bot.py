"""A bot of a few lines that shows everything the chat page can draw."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from bot.sandbox import Sandbox
from tests.pictures import make_png

Json = dict[str, Any]

GREETING = (
    "<b>Xin chào anh/chị!</b>\nTôi trả lời về chỉ tiêu và thời hạn trong các kế hoạch của công đoàn. Thử hỏi:\n"
    "• <code>chỉ tiêu tưlđtt 2025</code>\n• <code>còn 2030?</code>\n• /baocao để nộp số liệu tháng"
)
ANSWER = (
    "<b>Thỏa ước lao động tập thể, đến năm 2025: từ 80% trở lên</b>\n"
    "<blockquote>Doanh nghiệp có tổ chức công đoàn ký kết được thỏa ước.</blockquote>\n"
    "Nguồn: 25-CTr/TU, mục II.2 · <i>Thành ủy TP. Hồ Chí Minh</i>"
)
BUTTONS = {
    "inline_keyboard": [
        [{"text": "Năm 2023", "callback_data": "y:2023"}, {"text": "Năm 2030", "callback_data": "y:2030"}],
        [{"text": "Đúng", "callback_data": "vote:1"}, {"text": "Chưa đúng", "callback_data": "vote:0"}],
    ]
}
STEPS = {
    "keyboard": [["Giữ nguyên 1.250", "Bỏ qua"], ["Quay lại", "Hủy"]],
    "resize_keyboard": True,
    "input_field_placeholder": "Ví dụ: 1.250",
}
JOIN = {"keyboard": [[{"text": "Chia sẻ số điện thoại", "request_contact": True}]], "one_time_keyboard": True}


class TinyBot:
    """Polls the sandbox and answers; one call after the other."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
        self._sandbox = sandbox
        self._client = client

    async def call(self, method: str, **params: Any) -> Any:
        files = {key: params.pop(key) for key in [key for key in params if isinstance(params[key], tuple)]}
        data = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
        url = f"{self._sandbox.url}/bot{self._sandbox.token}/{method}"
        body = (await self._client.post(url, data=data, files=files or None)).json()
        assert body["ok"], body
        return body["result"]

    async def send(self, chat_id: int, text: str, **more: Any) -> None:
        await self.call("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **more)

    async def run(self) -> None:
        commands = {"help": "Hỏi được những gì", "baocao": "Nộp số liệu tháng", "han": "Thời hạn sắp tới"}
        await self.call("setMyCommands", commands=[{"command": c, "description": d} for c, d in commands.items()])
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                await self._on_update(update)

    async def _on_update(self, update: Json) -> None:
        if "callback_query" in update:
            await self._on_tap(update["callback_query"])
        elif "inline_query" in update:
            await self._on_inline(update["inline_query"])
        elif message := update.get("message") or update.get("edited_message"):
            await self._on_message(message["chat"]["id"], message, "edited_message" in update)

    async def _on_tap(self, tap: Json) -> None:
        chat_id, message_id = tap["message"]["chat"]["id"], tap["message"]["message_id"]
        if tap["data"].startswith("vote:"):
            await self.call("answerCallbackQuery", callback_query_id=tap["id"], text="Cảm ơn anh/chị đã cho biết.")
            await self.call("editMessageReplyMarkup", chat_id=chat_id, message_id=message_id)
        else:
            await self.call("answerCallbackQuery", callback_query_id=tap["id"])
            await self.send(chat_id, f"Đến năm {tap['data'][2:]}: <b>từ 85% trở lên</b>.", reply_markup=BUTTONS)

    async def _on_inline(self, query: Json) -> None:
        content = {"message_text": ANSWER, "parse_mode": "HTML"}
        card: Json = {"type": "article", "id": "1", "title": "Thỏa ước lao động tập thể: từ 80%"}
        card |= {"description": "Đến năm 2025 · 25-CTr/TU, mục II.2", "input_message_content": content}
        await self.call("answerInlineQuery", inline_query_id=query["id"], results=[card])

    async def _on_message(self, chat_id: int, message: Json, edited: bool) -> None:
        text = message.get("text", "")
        if text.startswith("/start"):
            await self.send(chat_id, GREETING, reply_markup=JOIN)
        elif "contact" in message:
            await self.send(chat_id, "Đã nhận ra anh/chị.", reply_markup={"remove_keyboard": True})
        elif text.startswith("/baocao"):
            ask = "<b>Tháng 10/2026 · 1/4</b>\nTổng số CNVCLĐ? Tháng trước: <b>1.250</b>"
            await self.send(chat_id, ask, reply_markup=STEPS)
        elif text == "Hủy":
            await self.send(chat_id, "Đã dừng, bản nháp vẫn còn.", reply_markup={"remove_keyboard": True})
        elif text == "biểu đồ":
            await self.call("sendChatAction", chat_id=chat_id, action="upload_photo")
            await self.call(
                "sendPhoto", chat_id=chat_id, photo=("bieu-do.png", make_png(640, 400)), caption="Biểu đồ tháng 10/2026"
            )
        elif text == "tệp":
            await self.call("sendDocument", chat_id=chat_id, document=("tong-hop-10-2026.xlsx", b"PK" * 9000))
        elif "document" in message:
            await self.send(chat_id, f"Đã nhận tệp {message['document']['file_name']}.")
        elif text:
            lead = "<i>Câu hỏi đã sửa:</i>\n" if edited else ""
            await self.send(chat_id, lead + ANSWER, reply_markup=BUTTONS)


@contextlib.asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[TinyBot]:
    """The bot at work for the length of an `async with`; raises what it died of."""
    async with httpx.AsyncClient(timeout=60) as client:
        bot = TinyBot(sandbox, client)
        task = asyncio.create_task(bot.run())
        try:
            yield bot
        finally:
            died = task.done()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            assert not died
