"""The sandbox's people, groups and messages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import count

from bot.sandbox.clock import MovableClock
from bot.sandbox.model import FIRST_GROUP_ID, MESSAGE_KEPT, Chat, Json, Message, Player
from bot.sandbox.updates import UpdateQueue


class Unplayable(ValueError):  # noqa: N818  (names what the act is)
    """An act that is impossible in Telegram, such as tapping a missing button or writing to a bot they blocked."""


class Chats(UpdateQueue):
    """People and groups, their messages, and which of them become updates for the bot.

    Attributes:
        bot: the bot's own user, as the Bot API gives it.
        group_privacy: whether the bot sees in groups only what is meant for it.
        commands: command menus by scope and language.
        on_bot_message: called after each message of the bot.
    """

    def __init__(self, clock: MovableClock, *, bot: Json, group_privacy: bool, first_update_id: int) -> None:
        super().__init__(clock, first_update_id)
        self.bot = bot
        self.group_privacy = group_privacy
        self.people: dict[int, Player] = {}
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.bot_messages = 0
        self.on_bot_message: list[Callable[[Chat, Message], None]] = []
        self._serials = count(1)
        self._private_ids = count(1)
        self._next_group_id = FIRST_GROUP_ID

    def add_person(self, person: Player, *, started: bool | None = None) -> Player:
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

    def get_person(self, person_id: int) -> Player:
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

    def quoted(self, chat: Chat, message_id: int) -> Json:
        """The message replied to, as it stands inside the reply. KeyError where there is none."""
        message = chat.messages[message_id]
        if message.deleted:
            raise KeyError(message_id)
        return {key: value for key, value in message.json.items() if key != "reply_to_message"}

    def commands_for(self, chat: Chat, person: Player) -> list[Json]:
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

    def _post_from(self, person: Player, chat: Chat, content: Json) -> Message:
        message = self.post(chat, person.user, content, by_bot=False)
        self._enqueue_message("message", chat, message)
        return message

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

    def _tell_membership(self, chat: Chat, person: Player, before: str, after: str) -> None:
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
