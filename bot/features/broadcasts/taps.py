"""The buttons of broadcasts; `token` proves that a button belongs to the dialog under way."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.scopes import ScopeChoice
from bot.hands.taps import Tap
from knowledge.model.broadcasts import BroadcastAudience


@dataclass(frozen=True, slots=True)
class LeaveBroadcast(Tap, name="m:bc:x"):
    """**Hủy**."""


@dataclass(frozen=True, slots=True)
class ChangeWords(Tap, name="m:bc:e"):
    """**Sửa**: other words."""


@dataclass(frozen=True, slots=True)
class ChooseReaders(Tap, name="m:bc:a"):
    """Which people it goes to."""

    token: str
    to: BroadcastAudience


@dataclass(frozen=True, slots=True)
class OfferBroadcastScopes(Tap, name="m:bc:u"):
    """**Phạm vi**: other parts of the tree."""

    token: str


@dataclass(frozen=True, slots=True)
class ChooseBroadcastScope(Tap, name="m:bc:c"):
    """One of these parts."""

    token: str
    choice: ScopeChoice


@dataclass(frozen=True, slots=True)
class SendBroadcast(Tap, name="m:bc:ok"):
    """**Gửi cho … người**."""

    token: str
