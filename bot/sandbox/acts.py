"""Acts of people in the sandbox: write, tap, send files, ask inline. Each becomes an update, as on Telegram."""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import timedelta
from itertools import count

from bot.sandbox.chats import Chats, Unplayable
from bot.sandbox.clock import MovableClock
from bot.sandbox.entities import find_entities, utf16_length
from bot.sandbox.files import FileStore, document_json, photo_json
from bot.sandbox.model import INLINE_QUERY_KEPT, MESSAGE_KEPT, TAP_KEPT, Json, Message, Player, Query


class Acts(Chats, FileStore):
    """The acts of people, and the taps and inline queries that wait for the bot's answer (`queries`)."""

    def __init__(self, clock: MovableClock, *, bot: Json, group_privacy: bool, first_update_id: int) -> None:
        FileStore.__init__(self)
        Chats.__init__(self, clock, bot=bot, group_privacy=group_privacy, first_update_id=first_update_id)
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, Message] = {}
        self._query_ids = count(random.getrandbits(40) + (1 << 60))

    def say(self, person_id: int, text: str, *, chat_id: int | None = None, reply_to: int | None = None) -> Message:
        """A text message to the bot, or into a group. Raises Unplayable where the app would not send it."""
        if not text.strip():
            raise Unplayable("an empty message cannot be sent")
        if utf16_length(text) > 4096:
            raise Unplayable("a message has at most 4,096 characters; the app would send several")
        content: Json = {"text": text}
        if entities := find_entities(text):
            content["entities"] = entities
        return self._post_by(person_id, chat_id, content, reply_to)

    def start(self, person_id: int, code: str = "") -> Message:
        """Opens the bot, by its link where `code` is given. Raises Unplayable for a code that no link can carry."""
        if code and not (
            len(code) <= 64 and all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in code)
        ):
            raise Unplayable("a start parameter has up to 64 characters A-Z a-z 0-9 _ -")
        person = self.get_person(person_id)
        if person.blocked:
            self.unblock(person_id)
        return self.say(person_id, f"/start {code}".strip())

    def tap(self, person_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> Query:
        """Taps an inline button. `data` need not stand on any button: callback data is the client's to forge."""
        person = self.get_person(person_id)
        chat = self.chats[chat_id or person_id]
        message = chat.messages.get(message_id)
        if message is None:
            raise Unplayable(f"there is no message {message_id} in chat {chat.id}")
        query = self._new_query("callback", person_id, chat.id, TAP_KEPT)
        query.message_id, query.data = message_id, data
        payload: Json = {"id": query.id, "from": person.user, "chat_instance": str(chat.id * 7919), "data": data}
        if message.inline_message_id:
            payload["inline_message_id"] = message.inline_message_id
        else:
            payload["message"] = dict(message.json)
        self._enqueue("callback_query", payload, ("taps", person_id), query.expires_at)
        return query

    def press(self, person_id: int, label: str, *, chat_id: int | None = None) -> Query | Message:
        """Presses the newest button with this label, under a message or else on the reply keyboard."""
        chat = self.chats[chat_id or person_id]
        for message in reversed(chat.shown):
            for button in (button for row in message.buttons for button in row):
                if button["text"] == label:
                    if "callback_data" not in button:
                        raise Unplayable(f"the button “{label}” opens something and sends nothing")
                    return self.tap(person_id, message.id, button["callback_data"], chat_id=chat.id)
        for button in (button for row in (chat.keyboard or {}).get("keyboard", []) for button in row):
            if button["text"] == label:
                if (chat.keyboard or {}).get("one_time_keyboard"):
                    chat.keyboard = None
                if button.get("request_contact"):
                    return self.share_contact(person_id)
                return self.say(person_id, label, chat_id=chat.id)
        raise Unplayable(f"no button “{label}”; there are: {', '.join(self.labels(chat.id)) or 'none'}")

    def labels(self, chat_id: int) -> list[str]:
        """Labels of all buttons that can be pressed in a chat, newest message first, then the reply keyboard."""
        chat = self.chats[chat_id]
        labels = [b["text"] for message in reversed(chat.shown) for row in message.buttons for b in row]
        return labels + [b["text"] for row in (chat.keyboard or {}).get("keyboard", []) for b in row]

    def edit(self, person_id: int, message_id: int, text: str, *, chat_id: int | None = None) -> Message:
        """Changes one's own message after it was sent."""
        chat = self.chats[chat_id or person_id]
        message = chat.messages.get(message_id)
        if message is None or message.by_bot or message.json["from"]["id"] != person_id:
            raise Unplayable("only one's own messages can be edited")
        message.json = {**message.json, "text": text, "edit_date": self.timestamp()}
        message.json.pop("entities", None)
        if entities := find_entities(text):
            message.json["entities"] = entities
        message.edits += 1
        self._enqueue_message("edited_message", chat, message)
        self.show(chat, message, edited=True)
        return message

    def share_contact(self, person_id: int, *, of: Player | None = None, phone: str | None = None) -> Message:
        """Shares one's own phone number, or with `of` somebody else's contact (as from the address book)."""
        owner = of or self.get_person(person_id)
        contact: Json = {"phone_number": phone or owner.phone, "first_name": owner.first_name, "user_id": owner.id}
        if owner.last_name:
            contact["last_name"] = owner.last_name
        if not contact["phone_number"]:
            raise Unplayable(f"{owner.name} has no phone number")
        return self._post_by(person_id, None, {"contact": contact}, None)

    def send_file(
        self,
        person_id: int,
        name: str,
        data: bytes,
        *,
        chat_id: int | None = None,
        mime: str = "",
        caption: str = "",
        declared_size: int | None = None,
    ) -> Message:
        """Sends a document. `declared_size` (bytes) stands for a larger file than `data` holds."""
        stored = self.store_file(name, data, mime, size=declared_size)
        content: Json = {"document": document_json(stored)}
        if caption:
            content["caption"] = caption
        return self._post_by(person_id, chat_id, content, None)

    def send_photo(self, person_id: int, data: bytes, *, chat_id: int | None = None, caption: str = "") -> Message:
        stored = self.store_file("photo.jpg", data, "image/jpeg", folder="photos")
        content: Json = {"photo": [photo_json(stored)]}
        if caption:
            content["caption"] = caption
        return self._post_by(person_id, chat_id, content, None)

    def send_voice(self, person_id: int, seconds: int = 3) -> Message:
        stored = self.store_file("voice.oga", b"OggS", "audio/ogg", folder="voice")
        voice = {
            "file_id": stored.id,
            "file_unique_id": stored.unique_id,
            "duration": seconds,
            "mime_type": stored.mime,
            "file_size": stored.size,
        }
        return self._post_by(person_id, None, {"voice": voice}, None)

    def send_sticker(self, person_id: int, emoji: str = "👍") -> Message:
        stored = self.store_file("sticker.webp", b"RIFF", "image/webp", folder="stickers")
        sticker = {
            "file_id": stored.id,
            "file_unique_id": stored.unique_id,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._post_by(person_id, None, {"sticker": sticker}, None)

    def ask_inline(self, person_id: int, text: str, *, chat_id: int | None = None, offset: str = "") -> Query:
        """Types `@bot text` in some chat; the answer's cards appear in `Query.answer["results"]`."""
        person = self.get_person(person_id)
        query = self._new_query("inline", person_id, chat_id or person_id, INLINE_QUERY_KEPT)
        query.data = text
        kind = "sender" if (chat_id or person_id) == person_id else self.chats[chat_id or person_id].kind
        payload: Json = {"id": query.id, "from": person.user, "query": text, "offset": offset, "chat_type": kind}
        self._enqueue("inline_query", payload, ("inline", person_id), query.expires_at)
        return query

    def choose_inline(self, person_id: int, query_id: str, result_id: str) -> Message:
        """Sends one of the cards of an answered inline query into the chat it was typed in."""
        query = self.queries[query_id]
        results = (query.answer or {}).get("results", [])
        result = next((result for result in results if result["id"] == result_id), None)
        if result is None:
            raise Unplayable("there is no such card")
        content = {key: value for key, value in result["_content"].items() if value}
        message = self._post_by(person_id, query.chat_id, {**content, "via_bot": self.bot}, None)
        if "reply_markup" in content:
            message.inline_message_id = base64.urlsafe_b64encode(
                hashlib.sha256(f"{query_id}{message.id}".encode()).digest()
            )[:24].decode()
            self.inline_messages[message.inline_message_id] = message
        chosen: Json = {"result_id": result_id, "from": self.people[person_id].user, "query": query.data}
        if message.inline_message_id:
            chosen["inline_message_id"] = message.inline_message_id
        self._enqueue("chosen_inline_result", chosen, ("inline", person_id), self.clock() + MESSAGE_KEPT)
        return message

    def _new_query(self, kind: str, person_id: int, chat_id: int, kept: timedelta) -> Query:
        query = Query(str(next(self._query_ids)), kind, person_id, chat_id, self.clock() + kept)
        self.queries[query.id] = query
        return query
