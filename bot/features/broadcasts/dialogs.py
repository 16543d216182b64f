"""What the chat is in the middle of while a broadcast is being written."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper
from knowledge.model.broadcasts import BroadcastAudience


class BroadcastDraft(msgspec.Struct, frozen=True):
    """A broadcast as far as it was said.

    Attributes:
        unit: the id of the unit to which, and below which, it goes.
        words: what it says; empty while that is asked.
        token: proves that a button belongs to this dialog, and names the broadcast once for ever.
        choosing: whether another unit is asked for.
    """

    unit: int
    to: BroadcastAudience
    words: str
    token: str
    choosing: bool = False


DIALOG: Final = DialogKeeper("broadcast", BroadcastDraft)
