"""Messages to be sent, as plain values that need no database: their kinds, and a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageKind(StrEnum):
    """The kind of a message; it decides its priority, and whether it is sent again where its delivery is in doubt."""

    REPLY = "reply"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    BROADCAST = "broadcast"

    @property
    def priority(self) -> int:
        """0 goes first."""
        return {MessageKind.REPLY: 0, MessageKind.RECEIPT: 0, MessageKind.REMINDER: 1, MessageKind.BROADCAST: 2}[self]

    @property
    def is_bulk(self) -> bool:
        """Whether it is paced chat by chat, and yields to replies."""
        return self.priority > 0


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be written into the outbox. `body` is opaque here; messages of one `key` are sent once.

    `last_call` marks the last reminder before a deadline, which is repeated where it is in doubt.
    """

    chat_id: int
    body: str
    kind: MessageKind = MessageKind.REPLY
    key: str | None = None
    not_before: datetime | None = None
    last_call: bool = False
