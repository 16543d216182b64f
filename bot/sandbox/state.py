"""The sandbox itself: its people and chats, what people do, what the bot is told of it, and what the page is shown.

`Sandbox` is plain in-memory state without any HTTP: `methods` answers the Bot API from it, `control` and tests drive
it. Every act of a person becomes an update in the bot's queue, as Telegram would make it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import mimetypes
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import PurePath
from typing import Any

from bot.sandbox import pictures
from bot.sandbox.clock import MovableClock
from bot.sandbox.entities import find_entities, utf16_length
from bot.sandbox.faults import Fault, FaultKind, FaultSchedule
from bot.sandbox.limits import Limits, RateLimiter
from bot.sandbox.model import (
    FIRST_GROUP_ID,
    INLINE_QUERY_KEPT,
    MESSAGE_KEPT,
    TAP_KEPT,
    Call,
    Chat,
    Json,
    Message,
    Person,
    Query,
    StoredFile,
    Update,
)

BOT_ID = 7_100_000_001
DEFAULT_TOKEN = f"{BOT_ID}:{'sandbox-only-no-real-token-'.ljust(35, '0')}"


class Unplayable(ValueError):  # noqa: N818  (names what the act is)
    """Something a person in Telegram could not do: tap a button that is not there, write to a bot they blocked."""


@dataclass(slots=True)
class Webhook:
    """Where updates are delivered instead of being polled."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: datetime | None = None


class Sandbox:
    """A stand-in for Telegram as one bot sees it.

    Attributes that tests read: `history` (every call), `people`, `chats`, `updates` (still unconfirmed), `faults`,
    `clock`, `limiter`. `url` is empty until a server serves it.
    """

    def __init__(
        self,
        *,
        clock: MovableClock | None = None,
        limits: Limits | None = None,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "troly_congdoan_bot",
        bot_name: str = "Trợ lý Công đoàn",
        group_privacy: bool = True,
        first_update_id: int = 100_000_001,
    ) -> None:
        self.url = ""
        self.token = token
        self.clock = clock or MovableClock()
        self.limiter = RateLimiter(limits or Limits())
        self.faults = FaultSchedule()
        self.latency = 0.0
        """Seconds added to every call's answer."""
        self.group_privacy = group_privacy
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.files_by_path: dict[str, StoredFile] = {}
        self.updates: deque[Update] = deque()
        self.past_updates: deque[Update] = deque(maxlen=2000)
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, Message] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.history: list[Call] = []
        self.counts: dict[str, int] = {}
        self.bot_messages = 0
        self.webhook: Webhook | None = None
        self.allowed_updates: frozenset[str] = frozenset()
        """Kinds of update that the bot asked for; empty for all."""
        self.on_webhook: Callable[[], None] | None = None
        self.moments: dict[str, Callable[[datetime], datetime]] = {}
        """Named moments that the page's clock bar can jump to: label → function of now."""
        self.on_bot_message: list[Callable[[Chat, Message], None]] = []
        self.closing = False
        self._serials = count(1)
        self._private_ids = count(1)
        self._update_ids = count(first_update_id)
        self._query_ids = count(random.getrandbits(40) + (1 << 60))
        self._file_numbers = count(1)
        self._next_group_id = FIRST_GROUP_ID
        self._first_expiry: datetime | None = None
        self._poller: asyncio.Future[str] | None = None
        self._waiters: list[asyncio.Future[None]] = []
        self._subscribers: set[asyncio.Queue[Json | None]] = set()
        self.clock.on_move(self._on_clock_moved)

    # People and groups

    def add_person(self, person: Person, *, started: bool | None = None) -> Person:
        """Makes someone playable, with a private chat to the bot; replaces nobody (ValueError on a known id)."""
        if person.id in self.people:
            raise ValueError(f"person {person.id} is already there")
        if started is not None:
            person.started = started
        self.people[person.id] = person
        chat_json: Json = {"id": person.id, "type": "private", "first_name": person.first_name}
        chat_json |= {key: person.user[key] for key in ("last_name", "username") if key in person.user}
        self.chats[person.id] = Chat(person.id, "private", chat_json, person.name, {person.id})
        self.emit({"type": "people"})
        return person

    def get_person(self, person_id: int) -> Person:
        """The person with this id; KeyError otherwise."""
        return self.people[person_id]

    def add_group(
        self, title: str, members: Iterable[int] = (), *, kind: str = "supergroup", bot_is_member: bool = True
    ) -> Chat:
        """Makes a group (`kind` "group" or "supergroup") with these people, and tells the bot that it was added."""
        group_id = self._next_group_id if kind == "supergroup" else self._next_group_id + 1_000_000_000_000
        self._next_group_id -= 1
        chat = Chat(group_id, kind, {"id": group_id, "type": kind, "title": title}, title, set(members), bot_is_member)
        self.chats[group_id] = chat
        if bot_is_member:
            adder = next((self.people[member] for member in chat.members), None)
            if adder is not None:
                self._tell_membership(chat, adder, "left", "member")
        self.emit({"type": "people"})
        return chat

    def add_to_group(self, group_id: int, person_id: int) -> None:
        self.chats[group_id].members.add(self.get_person(person_id).id)
        self.emit({"type": "people"})

    def remove_bot_from_group(self, group_id: int, by: int) -> None:
        chat = self.chats[group_id]
        chat.bot_is_member = False
        self._tell_membership(chat, self.get_person(by), "member", "kicked")

    def migrate_group(self, group_id: int) -> Chat:
        """Upgrades a group to a supergroup: a new id, the old one answers 400 with `migrate_to_chat_id`."""
        old = self.chats[group_id]
        new = self.add_group(old.title, old.members, bot_is_member=False)
        new.bot_is_member = old.bot_is_member
        old.migrated_to = new.id
        someone = self.people[next(iter(old.members))]
        self._post_from(someone, old, {"migrate_to_chat_id": new.id})
        self._post_from(someone, new, {"migrate_from_chat_id": old.id})
        return new

    def block(self, person_id: int) -> None:
        """The person blocks the bot: sends get 403, and the bot is told."""
        person = self.get_person(person_id)
        if not person.blocked:
            person.blocked = True
            self._tell_membership(self.chats[person_id], person, "member", "kicked")
            self.emit({"type": "people"})

    def unblock(self, person_id: int) -> None:
        person = self.get_person(person_id)
        if person.blocked:
            person.blocked = False
            self._tell_membership(self.chats[person_id], person, "kicked", "member")
            self.emit({"type": "people"})

    # What people do

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

    def share_contact(self, person_id: int, *, of: Person | None = None, phone: str | None = None) -> Message:
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

    # Misfortunes of delivery

    def fault(self, kind: FaultKind | str, method: str | None = None, *, pid: int = 0, times: int | None = 1,
              chat_id: int | None = None, skip: int = 0, seconds: float = 30.0, retry_after: int = 1,
              migrate_to: int = 0, description: str = "") -> Fault:  # fmt: skip
        """Schedules a misfortune for the next matching calls; see `Fault` for the parameters."""
        fault = Fault(FaultKind(kind), method, chat_id, times, skip, seconds, retry_after, migrate_to, pid, description)
        self.faults.add(fault)
        return fault

    def redeliver(self, update_id: int, *, under_new_id: bool = False) -> Update:
        """Delivers an update again, known or confirmed, as it was or under the next update id. KeyError if unknown."""
        for update in (*self.updates, *reversed(self.past_updates)):
            if update.id == update_id:
                break
        else:
            raise KeyError(update_id)
        new_id = next(self._update_ids) if under_new_id else update.id
        again = Update(
            new_id,
            update.kind,
            {**update.json, "update_id": new_id},
            update.queue,
            update.expires_at,
            0,
            update.message,
        )
        self._append_update(again)
        return again

    def renumber_updates(self, next_id: int) -> None:
        """The next update gets this id, as after a week of silence, when Telegram begins anew anywhere."""
        self._update_ids = count(next_id)

    def inject_update(self, payload: Json) -> int:
        """Puts anything into the queue as an update, however malformed; returns the update id it got."""
        update_id = next(self._update_ids)
        raw = {"update_id": update_id, **payload}
        self._append_update(Update(update_id, "injected", raw, ("injected", 0), self.clock() + MESSAGE_KEPT))
        return update_id

    # What the bot is told

    def pending_updates(self, allowed: frozenset[str] | None = None, limit: int = 100) -> list[Update]:
        """The first updates that wait, without the expired (which vanish, as on Telegram) and those not asked for."""
        now = self.clock()
        if self._first_expiry is not None and self._first_expiry <= now:
            self.updates = deque(update for update in self.updates if update.expires_at > now)
            self._first_expiry = min((update.expires_at for update in self.updates), default=None)
        if allowed:
            asked_for = (update for update in self.updates if update.kind in allowed or update.kind == "injected")
            return list(islice(asked_for, limit))
        return list(islice(self.updates, limit))

    def confirm_updates(self, offset: int) -> None:
        """Forgets what `getUpdates` with this offset confirms: everything up to update `offset - 1` in queue order.

        An offset beyond all known ids confirms only what was handed out before, so that ids that jumped down are not
        lost.
        """
        if offset < 0:
            while len(self.updates) > -offset:
                self.past_updates.append(self.updates.popleft())
            return
        if offset == 0 or not self.updates:
            return
        found = next((at for at, update in enumerate(self.updates) if update.id == offset - 1), None)
        if found is not None:
            for _ in range(found + 1):
                self.past_updates.append(self.updates.popleft())
            while self.updates and self.updates[0].times_handed and self.updates[0].id < offset:
                self.past_updates.append(self.updates.popleft())
        elif offset > max(update.id for update in self.updates):
            while self.updates and self.updates[0].times_handed:
                self.past_updates.append(self.updates.popleft())
        else:
            while self.updates and self.updates[0].id < offset:
                self.past_updates.append(self.updates.popleft())

    def hand_out(self, updates: list[Update]) -> None:
        """Notes that these were handed to the bot, for the ticks on the page."""
        for update in updates:
            update.times_handed += 1
            if update.message is not None and not update.message.seen:
                update.message.seen = True
                if self._subscribers:
                    chat_id = update.message.json["chat"]["id"]
                    self.emit({"type": "seen", "chat": chat_id, "message_id": update.message.id})

    def become_poller(self) -> asyncio.Future[str]:
        """Registers a waiting long poll; an older one that still waits is ended with "conflict"."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("conflict")
        self._poller = asyncio.get_running_loop().create_future()
        return self._poller

    def _append_update(self, update: Update) -> None:
        self.updates.append(update)
        if self._first_expiry is None or update.expires_at < self._first_expiry:
            self._first_expiry = update.expires_at
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("update")
        self.notify()

    def _enqueue(
        self, kind: str, payload: Json, queue: tuple[str, int], expires_at: datetime, message: Message | None = None
    ) -> Update:
        update_id = next(self._update_ids)
        update = Update(update_id, kind, {"update_id": update_id, kind: payload}, queue, expires_at, 0, message)
        self._append_update(update)
        return update

    def _enqueue_message(self, kind: str, chat: Chat, message: Message) -> None:
        if self._reaches_bot(chat, message):
            snapshot = dict(message.json)
            self._enqueue(kind, snapshot, ("chat", chat.id), self.clock() + MESSAGE_KEPT, message)

    def _reaches_bot(self, chat: Chat, message: Message) -> bool:
        if chat.is_private or not chat.bot_is_member:
            return chat.is_private
        if not self.group_privacy:
            return True
        content = message.json
        if "text" not in content and "caption" not in content:
            return "document" not in content and "photo" not in content
        if content.get("via_bot") or content.get("reply_to_message", {}).get("from", {}).get("id") == self.bot["id"]:
            return True
        mention = f"@{self.bot['username']}".lower()
        text = message.text.lower()
        return mention in text or (text.startswith("/") and "@" not in text.split()[0])

    def _tell_membership(self, chat: Chat, person: Person, before: str, after: str) -> None:
        def member(status: str) -> Json:
            return {"user": self.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        payload = {
            "chat": chat.json,
            "from": person.user,
            "date": self.timestamp(),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        self._enqueue("my_chat_member", payload, ("chat", chat.id), self.clock() + MESSAGE_KEPT)

    # Messages

    def timestamp(self) -> int:
        return int(self.clock().timestamp())

    def post(self, chat: Chat, sender: Json, content: Json, *, by_bot: bool, keyboard: Json | None = None) -> Message:
        """Adds a message to a chat and shows it to whoever looks. `keyboard` is a reply keyboard, not an inline one."""
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            message_id = chat.last_message_id
        else:
            message_id = next(self._private_ids)
        json = {"message_id": message_id, "from": sender, "chat": chat.json, "date": self.timestamp(), **content}
        message = Message(json, by_bot, next(self._serials), time.perf_counter(), keyboard)
        chat.messages[message_id] = message
        if keyboard is not None:
            if "keyboard" in keyboard:
                chat.keyboard = keyboard
            elif keyboard.get("remove_keyboard"):
                chat.keyboard = None
        if by_bot:
            self.bot_messages += 1
            chat.typing_at = None
            for listener in self.on_bot_message:
                listener(chat, message)
        self.show(chat, message)
        return message

    def show(self, chat: Chat, message: Message, *, edited: bool = False) -> None:
        """Tells the page and whoever waits that a message appeared or changed."""
        if self._subscribers:
            kind = "deleted" if message.deleted else "edited" if edited else "message"
            self.emit(
                {"type": kind, "chat": chat.id, "message": self.shown_message(message), "keyboard": chat.keyboard}
            )
        self.notify()

    def shown_message(self, message: Message) -> Json:
        """A message as the page draws it: the Bot API's JSON and what only the client knows."""
        return {**message.json, "by_bot": message.by_bot, "seen": message.seen, "inline_id": message.inline_message_id}

    def _post_by(self, person_id: int, chat_id: int | None, content: Json, reply_to: int | None) -> Message:
        person = self.get_person(person_id)
        chat = self.chats[chat_id or person_id]
        if person_id not in chat.members:
            raise Unplayable(f"{person.name} is not in “{chat.title}”")
        if chat.is_private and person.blocked:
            raise Unplayable(f"{person.name} has blocked the bot")
        if chat.is_private and not person.started:
            person.started = True
            self.emit({"type": "people"})
        if reply_to is not None:
            content = {**content, "reply_to_message": self.quoted(chat, reply_to)}
        return self._post_from(person, chat, content)

    def _post_from(self, person: Person, chat: Chat, content: Json) -> Message:
        message = self.post(chat, person.user, content, by_bot=False)
        self._enqueue_message("message", chat, message)
        return message

    def quoted(self, chat: Chat, message_id: int) -> Json:
        """The message replied to, as it stands inside the reply. KeyError where there is none."""
        message = chat.messages[message_id]
        if message.deleted:
            raise KeyError(message_id)
        return {key: value for key, value in message.json.items() if key != "reply_to_message"}

    def _new_query(self, kind: str, person_id: int, chat_id: int, kept: timedelta) -> Query:
        query = Query(str(next(self._query_ids)), kind, person_id, chat_id, self.clock() + kept)
        self.queries[query.id] = query
        return query

    def store_file(
        self, name: str, data: bytes, mime: str = "", *, folder: str = "documents", size: int | None = None
    ) -> StoredFile:
        number = next(self._file_numbers)
        mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        digest = hashlib.sha256(number.to_bytes(8, "big") + data[:4096]).hexdigest()
        suffix = PurePath(name).suffix
        path = f"{folder}/file_{number}{suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ''}"
        stored = StoredFile(
            f"BQACAgUAAxk{digest[:48]}",
            f"AgAD{digest[48:60]}",
            path,
            name,
            mime,
            data,
            len(data) if size is None else size,
        )
        self.files[stored.id] = stored
        self.files_by_path[path] = stored
        return stored

    def commands_for(self, chat: Chat, person: Person) -> list[Json]:
        """The command menu that this person sees in this chat, by Telegram's order of scopes."""
        scopes = (
            [f"chat:{chat.id}", "all_private_chats", "default"]
            if chat.is_private
            else [f"chat_member:{chat.id}:{person.id}", f"chat:{chat.id}", "all_group_chats", "default"]
        )
        for scope in scopes:
            for language in (person.language, ""):
                if found := self.commands.get((scope, language)):
                    return found
        return []

    # Those who look and those who wait

    def emit(self, event: Json) -> None:
        """Sends an event to every open page."""
        for queue in self._subscribers:
            queue.put_nowait(event)

    def subscribe(self) -> asyncio.Queue[Json | None]:
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._subscribers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Json | None]) -> None:
        self._subscribers.discard(queue)

    @property
    def is_watched(self) -> bool:
        return bool(self._subscribers)

    def notify(self) -> None:
        """Wakes everyone in `wait_until`."""
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def wait_until(self, condition: Callable[[], bool], timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        """Waits until `condition` holds, looking after each change; False after `timeout` real seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiters.append(waiter)
                    await waiter
        except TimeoutError:
            return condition()
        return True

    def calls(self, *methods: str, chat_id: int | None = None) -> Iterator[Call]:
        """The history, only of these methods and this chat where given."""
        wanted = {method.lower() for method in methods}
        for call in self.history:
            if (not wanted or call.method.lower() in wanted) and (chat_id is None or call.chat_id == chat_id):
                yield call

    def close(self) -> None:
        """Ends long polls and event streams, so that a server can stop at once."""
        self.closing = True
        if self._poller is not None and not self._poller.done():
            self._poller.set_result("closing")
        for queue in self._subscribers:
            queue.put_nowait(None)
        self.notify()

    def _on_clock_moved(self) -> None:
        self.emit({"type": "clock"})
        self.notify()


def document_json(stored: StoredFile) -> Json:
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_size": stored.size,
    }


def photo_json(stored: StoredFile) -> Json:
    width, height = pictures.find_size(stored.data) or (800, 600)
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "width": width,
        "height": height,
        "file_size": stored.size,
    }


def parse_flag(value: Any) -> bool:
    """Booleans as the Bot API takes them from JSON and from forms."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1", "yes", "y"})
