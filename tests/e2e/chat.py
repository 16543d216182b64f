"""A client for chats: tests that read like a chat.

    async with Chat() as chat:                       # a sandbox of its own; the bot is started against chat.sandbox.url
        hoa = chat.person("Nguyễn Thị Hoa", phone="+84901000003")
        await hoa.starts()
        await hoa.hears("Xin chào")
        await hoa.says("chỉ tiêu tưlđtt 2025")
        reply = await hoa.hears("80%")
        reply.has_buttons("Đúng", "Chưa đúng")
        await hoa.taps("Đúng")
        assert await hoa.hears_toast() == "Cảm ơn anh/chị"

Everything that waits gives up after `patience` real seconds with the whole chat in its error. That is a net against
waiting for ever and no bound: nothing that goes well takes longer on a busy machine than it must.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bot.sandbox import NO_LIMITS, Message, Player, Sandbox, SandboxServer
from bot.sandbox import Chat as Room
from bot.sandbox.model import Query

PATIENCE = 60.0  # real seconds


@dataclass(frozen=True)
class Heard:
    """A message of the bot as a person sees it at this moment."""

    message: Message
    sandbox: Sandbox
    room: Room

    @property
    def id(self) -> int:
        return self.message.id

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def labels(self) -> list[str]:
        """Labels of its buttons: those under it, and those of the reply keyboard that it brought."""
        below = (self.message.keyboard or {}).get("keyboard", [])
        return [button["text"] for row in (*self.message.buttons, *below) for button in row]

    def data_of(self, label: str) -> str:
        """The callback data behind a button."""
        for button in itertools.chain.from_iterable(self.message.buttons):
            if button["text"] == label and "callback_data" in button:
                return str(button["callback_data"])
        raise AssertionError(f"no callback button “{label}” under “{self.text}”: {self.labels}")

    def has_buttons(self, *labels: str) -> Self:
        """Asserts that all these buttons are there (others may be too)."""
        missing = [label for label in labels if label not in self.labels]
        assert not missing, f"missing buttons {missing} under “{self.text}”; there are {self.labels}"
        return self

    def says(self, *pieces: str) -> Self:
        """Asserts that the text contains each piece."""
        missing = [piece for piece in pieces if piece not in self.text]
        assert not missing, f"missing {missing} in:\n{self.text}"
        return self

    def lacks(self, *pieces: str) -> Self:
        """Asserts that the text contains none of the pieces."""
        found = [piece for piece in pieces if piece in self.text]
        assert not found, f"unwanted {found} in:\n{self.text}"
        return self

    @property
    def file_name(self) -> str:
        return str(self.message.json["document"]["file_name"])

    @property
    def file(self) -> bytes:
        """Contents of the document or photo it carries."""
        json = self.message.json
        carried = json["document"] if "document" in json else json["photo"][-1]
        return self.sandbox.files[carried["file_id"]].data


@dataclass(frozen=True)
class Card:
    """One card of an inline answer."""

    id: str
    title: str
    description: str
    text: str


class Seat:
    """A person in one chat: the private chat with the bot, or a group."""

    def __init__(self, chat: Chat, person: Player, room: Room) -> None:
        self._chat = chat
        self._sandbox = chat.sandbox
        self.person = person
        self.room = room
        self.last: Heard | None = None
        self._heard_serial = max((message.serial for message in room.messages.values()), default=0)
        self._edits: dict[int, int] = {}
        self._last_query: Query | None = None

    @property
    def id(self) -> int:
        return self.person.id

    def in_group(self, group: Room) -> Seat:
        """The same person, sitting in a group."""
        return Seat(self._chat, self.person, group)

    # Doing

    async def starts(self, code: str = "") -> Message:
        return self._sandbox.start(self.id, code)

    async def says(self, text: str, *, reply_to: Heard | Message | None = None) -> Message:
        return self._sandbox.say(
            self.id, text, chat_id=self.room.id, reply_to=reply_to.id if reply_to is not None else None
        )

    async def taps(self, label: str, *, on: Heard | None = None) -> None:
        """Presses a button by its label: the newest one, or the one under `on`."""
        if on is not None:
            self._note(self._sandbox.tap(self.id, on.id, on.data_of(label), chat_id=self.room.id))
            return
        self._note(self._sandbox.press(self.id, label, chat_id=self.room.id))

    async def taps_forged(self, on: Heard, data: str) -> None:
        """A tap that carries data which no button of the message has."""
        self._note(self._sandbox.tap(self.id, on.id, data, chat_id=self.room.id))

    async def edits(self, message: Message, text: str) -> Message:
        return self._sandbox.edit(self.id, message.id, text, chat_id=self.room.id)

    async def shares_phone(self, *, of: Player | None = None) -> Message:
        return self._sandbox.share_contact(self.id, of=of)

    async def sends_document(
        self, name: str, data: bytes, *, caption: str = "", declared_size: int | None = None
    ) -> Message:
        return self._sandbox.send_file(
            self.id, name, data, chat_id=self.room.id, caption=caption, declared_size=declared_size
        )

    async def sends_photo(self, data: bytes, *, caption: str = "") -> Message:
        return self._sandbox.send_photo(self.id, data, chat_id=self.room.id, caption=caption)

    async def sends_voice(self) -> Message:
        return self._sandbox.send_voice(self.id)

    async def sends_sticker(self) -> Message:
        return self._sandbox.send_sticker(self.id)

    async def blocks_bot(self) -> None:
        self._sandbox.block(self.id)

    async def unblocks_bot(self) -> None:
        self._sandbox.unblock(self.id)

    async def asks_inline(self, text: str) -> list[Card]:
        """Types `@bot text` and waits for the cards."""
        query = self._sandbox.ask_inline(self.id, text, chat_id=self.room.id)
        await self._wait(lambda: query.answer is not None, f"no cards for “{text}”")
        self._last_query = query
        return [
            Card(card["id"], card["title"], card.get("description", ""), card["_content"]["text"])
            for card in (query.answer or {})["results"]
        ]

    async def chooses(self, card: Card) -> Message:
        """Sends a card of the last inline answer."""
        assert self._last_query is not None, "nothing was asked inline"
        return self._sandbox.choose_inline(self.id, self._last_query.id, card.id)

    # Perceiving

    async def hears(self, *pieces: str) -> Heard:
        """The next message of the bot in this chat; asserts that it contains each piece."""

        def find() -> Message | None:
            return next((m for m in self.room.shown if m.by_bot and m.serial > self._heard_serial), None)

        await self._wait(lambda: find() is not None, f"{self.person.name} heard nothing more")
        message = find()
        assert message is not None
        self._heard_serial = message.serial
        return self._perceive(message).says(*pieces)

    async def hears_all(self, count: int) -> list[Heard]:
        """The next `count` messages of the bot."""
        return [await self.hears() for _ in range(count)]

    async def sees_change(self, *pieces: str, of: Heard | None = None) -> Heard:
        """The message (the last heard by default) after the bot has edited it again; asserts its pieces."""
        seen = of or self.last
        assert seen is not None, "nothing was heard yet that could change"
        before = self._edits.get(seen.id, 0)
        await self._wait(lambda: seen.message.edits > before, f"“{seen.text}” was not changed")
        return self._perceive(seen.message).says(*pieces)

    async def sees(self, piece: str) -> Heard:
        """Waits until any message of the bot in this chat contains `piece`, new or edited."""

        def find() -> Message | None:
            return next((m for m in reversed(self.room.shown) if m.by_bot and piece in m.text), None)

        await self._wait(lambda: find() is not None, f"{self.person.name} sees no “{piece}”")
        message = find()
        assert message is not None
        self._heard_serial = max(self._heard_serial, message.serial)
        return self._perceive(message)

    async def hears_toast(self) -> str:
        """The text with which the bot answered the last tap."""
        query = self._last_query
        assert query is not None, "nothing was tapped"
        await self._wait(lambda: query.answer is not None, "the tap was not answered")
        return str((query.answer or {}).get("text", ""))

    def hears_nothing_more(self) -> None:
        """Asserts that no message of the bot is unheard right now; let the bot finish first (`Chat.all_taken`)."""
        unheard = [m.text for m in self.room.shown if m.by_bot and m.serial > self._heard_serial]
        assert not unheard, f"{self.person.name} also heard {unheard}"

    def sees_buttons(self, *labels: str) -> None:
        """Asserts that all these buttons can be pressed in the chat now."""
        there = self._sandbox.labels(self.room.id)
        missing = [label for label in labels if label not in there]
        assert not missing, f"missing buttons {missing}; there are {there}"

    @property
    def commands(self) -> list[str]:
        """The command menu this person has here, without slashes."""
        return [command["command"] for command in self._sandbox.commands_for(self.room, self.person)]

    async def sees_commands(self, *names: str) -> None:
        """Waits until all these commands stand in this person's menu here."""
        await self._wait(lambda: set(names) <= set(self.commands), f"the menu lacks one of {names}")

    def transcript(self) -> str:
        """The chat as text: who said what, with the buttons under it."""
        return "\n".join(_line(message) for message in self.room.shown)

    def _note(self, result: Query | Message) -> None:
        if isinstance(result, Query):
            self._last_query = result

    def _perceive(self, message: Message) -> Heard:
        self._edits[message.id] = message.edits
        self.last = Heard(message, self._sandbox, self.room)
        return self.last

    async def _wait(self, condition: Any, complaint: str) -> None:
        if await self._sandbox.wait_until(condition, self._chat.patience):
            return
        failed = [f"{call.method}: {call.status} {call.description}" for call in self._sandbox.history if not call.ok]
        raise AssertionError("\n".join([complaint, "--- chat", self.transcript(), "--- refused calls", *failed[-5:]]))


class Chat:
    """The stage: a sandbox and the people in it.

    With no sandbox given, one is served for the length of the `async with`, without rate limits unless `limits` says
    so; other keyword arguments are those of `SandboxServer`. `patience` is in real seconds.
    """

    def __init__(self, sandbox: Sandbox | None = None, *, patience: float = PATIENCE, **options: Any) -> None:
        self._server = None if sandbox is not None else SandboxServer(**{"limits": NO_LIMITS, **options})
        self.sandbox = sandbox or (self._server.sandbox if self._server else Sandbox())
        self.patience = patience
        self._ids = itertools.count(5001)

    async def __aenter__(self) -> Self:
        if self._server is not None:
            await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            await self._server.__aexit__(kind, error, trace)

    def person(
        self, name: str, *, phone: str = "", username: str = "", language: str = "vi", person_id: int | None = None
    ) -> Seat:
        """Somebody new, sitting in the private chat with the bot."""
        first, _, last = name.rpartition(" ")
        added = self.sandbox.add_person(
            Player(person_id or next(self._ids), first or last, last if first else "", username, language, phone)
        )
        return self.seat(added.id)

    def seat(self, person_id: int) -> Seat:
        """Somebody who is already there."""
        return Seat(self, self.sandbox.get_person(person_id), self.sandbox.chats[person_id])

    def group(self, title: str, *seats: Seat) -> Room:
        """A group with these people and the bot."""
        return self.sandbox.add_group(title, [seat.id for seat in seats])

    async def all_taken(self) -> None:
        """Waits until the bot has taken and confirmed every update."""
        sandbox = self.sandbox
        taken = await sandbox.wait_until(lambda: not sandbox.pending_updates(), self.patience)
        assert taken, "updates were left waiting"


def _line(message: Message) -> str:
    who = "Bot" if message.by_bot else message.json["from"]["first_name"]
    carried = next((f"[{kind}] " for kind in ("document", "photo", "contact", "voice") if kind in message.json), "")
    labels = " ".join(f"[{button['text']}]" for row in message.buttons for button in row)
    below = " ".join(f"({button['text']})" for row in (message.keyboard or {}).get("keyboard", []) for button in row)
    return f"{who}: {carried}{message.text} {labels}{below}".rstrip()
