"""The sandbox's values: people, chats, messages, files, updates, calls.

Whatever the Bot API would show is kept as its JSON (`Json`), so that an answer is the stored value and nothing is
built twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]

FIRST_GROUP_ID = -1_002_000_000_001
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024

MESSAGE_KEPT = timedelta(hours=24)
TAP_KEPT = timedelta(seconds=150)
INLINE_QUERY_KEPT = timedelta(seconds=30)


@dataclass(slots=True)
class Player:
    """A person who can be played. `role` is shown on the page only; the product does not see it."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "vi"
    phone: str = ""
    role: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    user: Json = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            self.user["last_name"] = self.last_name
        if self.username:
            self.user["username"] = self.username
        self.user["language_code"] = self.language

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Message:
    """One message as it stands now. `keyboard` is the reply keyboard (or its removal) that it brought."""

    json: Json
    by_bot: bool
    serial: int
    sent_at: float
    """Monotonic seconds, for measuring."""
    keyboard: Json | None = None
    deleted: bool = False
    edits: int = 0
    seen: bool = False
    inline_message_id: str = ""

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def text(self) -> str:
        """Text or caption as people see it, without markup."""
        return str(self.json.get("text") or self.json.get("caption") or "")

    @property
    def buttons(self) -> list[list[Json]]:
        """Rows of the inline keyboard."""
        rows: list[list[Json]] = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Chat:
    """A private chat of one person with the bot, or a group."""

    id: int
    kind: str
    json: Json
    title: str = ""
    members: set[int] = field(default_factory=set)
    bot_is_member: bool = True
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    keyboard: Json | None = None
    migrated_to: int = 0
    pinned: int = 0
    """The message that was pinned last; 0 for none."""

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    @property
    def shown(self) -> list[Message]:
        return [message for message in self.messages.values() if not message.deleted]


@dataclass(slots=True)
class StoredFile:
    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes
    size: int


@dataclass(slots=True)
class Update:
    """One update in the queue. `queue` keeps Telegram's order: messages by chat, taps by person."""

    id: int
    kind: str
    json: Json
    queue: tuple[str, int]
    expires_at: datetime
    times_handed: int = 0
    message: Message | None = None
    raw: bytes | None = None
    """Its bytes, where they are not those of `json`."""


@dataclass(slots=True)
class Query:
    """A tap or an inline query that waits for its answer."""

    id: str
    kind: str
    person_id: int
    chat_id: int
    expires_at: datetime
    message_id: int = 0
    data: str = ""
    answer: Json | None = None


@dataclass(slots=True)
class Call:
    """One call of the Bot API, as the history keeps it."""

    number: int
    at: datetime
    """Sandbox time."""
    arrived: float
    """Monotonic seconds."""
    method: str
    params: Json
    chat_id: int | None
    status: int = 0
    """HTTP status answered; 0 while unanswered, and where the connection was dropped."""
    answered: float = 0.0
    """Monotonic seconds; 0 while unanswered, and where the connection was dropped."""
    description: str = ""
    fault: str = ""
    message_id: int | None = None
    done: bool = False
    """Whether the call took effect, whatever the caller was told."""

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def text(self) -> str:
        return str(self.params.get("text") or self.params.get("caption") or "")


@dataclass(slots=True)
class Upload:
    """A file that came with a call or from a person."""

    name: str
    mime: str
    data: bytes
