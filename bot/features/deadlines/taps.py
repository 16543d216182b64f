"""The buttons of deadlines set by hand; `token` proves that a button belongs to the dialog under way."""

from __future__ import annotations

from bot.hands.scopes import ScopeChoice
from bot.hands.taps import Tap
from knowledge.model.owing import Audience


class LeaveDeadline(Tap, name="m:dl:x"):
    """**Hủy**."""


class AskWhatAgain(Tap, name="m:dl:b"):
    """**Quay lại**, to what is to be done."""


class AskWhenAgain(Tap, name="m:dl:e"):
    """**Sửa**: another date."""


class ChooseAudience(Tap, name="m:dl:a"):
    """Which of the units below are to do it."""

    token: str
    audience: Audience


class OfferDeadlineScopes(Tap, name="m:dl:u"):
    """**Phạm vi**: other parts of the tree."""

    token: str


class ChooseDeadlineScope(Tap, name="m:dl:c"):
    """One of these parts."""

    token: str
    choice: ScopeChoice


class KeepDeadline(Tap, name="m:dl:ok"):
    """**Đặt hạn**."""

    token: str


class EndDeadline(Tap, name="m:de"):
    """**Bỏ hạn này**; `deadline` is its id."""

    deadline: int


class AnnounceDeadline(Tap, name="m:dn"):
    """**Báo ngay**; `deadline` is its id."""

    deadline: int
