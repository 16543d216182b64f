"""Campaigns: the one that asks for a report, whether it was closed, and those that somebody manages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access import Right
from bot.hands.asking import Asking
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from storage import campaigns, units
from storage.campaigns import Campaign
from storage.units import Unit


async def find_campaign(asking: Asking, form: Form, period: Period) -> Campaign | None:
    """The campaign that asks for a report, closed or not; None for one that is due by the calendar."""
    if period.kind is not PeriodKind.CAMPAIGN:
        return None
    return await campaigns.find_campaign(asking.db, form.id, period)


async def is_closed(asking: Asking, form: Form, period: Period) -> bool:
    """Whether a report is sent and corrected no more: its campaign was closed, or its form withdrawn."""
    if form.withdrawn_on is not None:
        return True
    campaign = await find_campaign(asking, form, period)
    return campaign is not None and campaign.closed_at is not None


@dataclass(frozen=True, slots=True)
class ManagedCampaign:
    """A campaign with its form and the unit it was opened at.

    `owing` units have to send it (those that ended since are counted as everywhere: they owed it), `sent` have done so.
    """

    campaign: Campaign
    form: Form
    unit: Unit
    owing: int = 0
    sent: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        return self.campaign.period.name


async def list_open(asking: Asking) -> list[ManagedCampaign]:
    """The campaigns that the asker may close, the first due first; not counted yet."""
    listed = await campaigns.list_campaigns(asking.db, open_on=asking.today)
    places = await units.get_units(asking.db, {each.unit_id for each in listed})
    found = []
    for each in listed:
        form, unit = asking.forms.find(each.form), places.get(each.unit_id)
        if form is not None and unit is not None and asking.asker.may(Right.MANAGE, unit):
            found.append(ManagedCampaign(each, form, unit))
    return found
