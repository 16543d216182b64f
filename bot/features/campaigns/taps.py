"""The buttons of campaigns: opening one step by step, looking at those that are open, closing one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.hands.taps import Tap


class AskedKinds(StrEnum):
    """Which kinds of unit owe a campaign."""

    GRASSROOTS = "g"
    UPPER = "u"
    ALL = "a"


@dataclass(frozen=True, slots=True)
class BeginCampaign(Tap, name="r:m:start"):
    """**Mở đợt báo cáo**."""


@dataclass(frozen=True, slots=True)
class ChooseCampaignForm(Tap, name="r:m:f"):
    """One of the forms offered, by its number among them."""

    number: int


@dataclass(frozen=True, slots=True)
class ChooseCampaignUnit(Tap, name="r:m:u"):
    """The unit for which, and for all below which, it is opened."""

    unit: int


@dataclass(frozen=True, slots=True)
class ChooseCampaignKinds(Tap, name="r:m:k"):
    """Which units in it owe the form."""

    kinds: AskedKinds


@dataclass(frozen=True, slots=True)
class OpenCampaign(Tap, name="r:m:go"):
    """**Mở đợt**, once everything is said."""


@dataclass(frozen=True, slots=True)
class LeaveCampaign(Tap, name="r:m:leave"):
    """**Hủy** on the way."""


@dataclass(frozen=True, slots=True)
class ListCampaigns(Tap, name="r:m:list"):
    """The campaigns that are open."""


@dataclass(frozen=True, slots=True)
class AskToClose(Tap, name="r:m:end"):
    """**Đóng đợt** in that list: asks first."""

    campaign: int


@dataclass(frozen=True, slots=True)
class CloseCampaign(Tap, name="r:m:close"):
    """**Đóng đợt** once it is clear what that does."""

    campaign: int


@dataclass(frozen=True, slots=True)
class KeepCampaign(Tap, name="r:m:keep"):
    """**Để đợt mở**."""
