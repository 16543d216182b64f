"""The buttons of campaigns: opening one step by step, looking at those that are open, closing one."""

from __future__ import annotations

from enum import StrEnum

from bot.hands.taps import Tap, UnitTap


class AskedKinds(StrEnum):
    """Which kinds of unit owe a campaign; the names are those of `wishes.Asked`."""

    GRASSROOTS = "g"
    UPPER = "u"
    ALL = "a"


class ChooseCampaignForm(Tap, name="r:m:f"):
    """One of the forms offered, by its number among them."""

    number: int


class ChooseCampaignUnit(UnitTap, name="r:m:u"):
    """The unit for which, and for all below which, it is opened."""


class ChooseCampaignKinds(Tap, name="r:m:k"):
    """Which units in it owe the form."""

    kinds: AskedKinds


class OpenCampaign(Tap, name="r:m:go"):
    """**Mở đợt**, once everything is said."""


class LeaveCampaign(Tap, name="r:m:leave"):
    """**Hủy** on the way."""


class AskToClose(Tap, name="r:m:end"):
    """**Đóng đợt** in that list: asks first."""

    campaign: int


class CloseCampaign(Tap, name="r:m:close"):
    """**Đóng đợt** once it is clear what that does."""

    campaign: int


class KeepCampaign(Tap, name="r:m:keep"):
    """**Để đợt mở**."""
