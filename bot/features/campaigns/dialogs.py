"""What a chat is in the middle of while a campaign is opened."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from bot.features.campaigns.taps import AskedKinds
from bot.hands.dialogs import DialogKeeper


class ChoosingCampaignForm(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What was said of the campaign; which form does it ask for?"""

    said: str


class ChoosingCampaignUnit(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The form is chosen; for which unit and all below it? `said` is what was said of the campaign before."""

    form: str
    said: str = ""


class NamingCampaign(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Which kinds of unit owe it, its name and its due date; once named, waiting to be confirmed."""

    form: str
    unit_id: int
    kinds: AskedKinds = AskedKinds.GRASSROOTS
    name: str = ""
    due_on: date | None = None


CampaignState = ChoosingCampaignForm | ChoosingCampaignUnit | NamingCampaign
KEEPER: Final[DialogKeeper[CampaignState]] = DialogKeeper("campaign", CampaignState)  # type: ignore[arg-type]
