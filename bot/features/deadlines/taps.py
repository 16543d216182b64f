"""The buttons of deadlines set by hand; `token` proves that a button belongs to the dialog under way."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.scopes import ScopeChoice
from bot.hands.taps import Tap
from knowledge.model.owing import Audience


@dataclass(frozen=True, slots=True)
class LeaveDeadline(Tap, name="m:dl:x"):
    """**Hủy**."""


@dataclass(frozen=True, slots=True)
class AskWhatAgain(Tap, name="m:dl:b"):
    """**Quay lại**, to what is to be done."""


@dataclass(frozen=True, slots=True)
class AskWhenAgain(Tap, name="m:dl:e"):
    """**Sửa**: another date."""


@dataclass(frozen=True, slots=True)
class ChooseAudience(Tap, name="m:dl:a"):
    """Which of the units below are to do it."""

    token: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class OfferDeadlineScopes(Tap, name="m:dl:u"):
    """**Phạm vi**: other parts of the tree."""

    token: str


@dataclass(frozen=True, slots=True)
class ChooseDeadlineScope(Tap, name="m:dl:c"):
    """One of these parts."""

    token: str
    choice: ScopeChoice


@dataclass(frozen=True, slots=True)
class KeepDeadline(Tap, name="m:dl:ok"):
    """**Đặt hạn**."""

    token: str


@dataclass(frozen=True, slots=True)
class EndDeadline(Tap, name="m:de"):
    """**Bỏ hạn này**; `deadline` is its id."""

    deadline: int


@dataclass(frozen=True, slots=True)
class AnnounceDeadline(Tap, name="m:dn"):
    """**Báo ngay**; `deadline` is its id."""

    deadline: int
