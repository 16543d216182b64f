"""The buttons of broadcasts; `token` proves that a button belongs to the dialog under way."""

from __future__ import annotations

from bot.hands.scopes import ScopeChoice
from bot.hands.taps import Tap
from knowledge.model.broadcasts import BroadcastAudience


class LeaveBroadcast(Tap, name="m:bc:x"):
    """**Hủy**."""


class ChangeWords(Tap, name="m:bc:e"):
    """**Sửa**: other words."""


class ChooseReaders(Tap, name="m:bc:a"):
    """Which people it goes to."""

    token: str
    to: BroadcastAudience


class OfferBroadcastScopes(Tap, name="m:bc:u"):
    """**Phạm vi**: other parts of the tree."""

    token: str


class ChooseBroadcastScope(Tap, name="m:bc:c"):
    """One of these parts."""

    token: str
    choice: ScopeChoice


class SendBroadcast(Tap, name="m:bc:ok"):
    """**Gửi cho … người**."""

    token: str
