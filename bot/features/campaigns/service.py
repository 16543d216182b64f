"""Larger forms opened for a subtree: read from a message, checked, opened, looked at, closed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Final

import msgspec

from bot.access import Right, require
from bot.features.campaigns.dialogs import NamingCampaign
from bot.features.campaigns.taps import AskedKinds
from bot.hands import reach
from bot.hands.asking import Asking
from bot.services.campaigns import ManagedCampaign
from knowledge.calendar.deadlines import find_dates
from knowledge.catalogue import read_toml
from knowledge.meanings.wishes import read_campaign_wish
from knowledge.model.forms import Form
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.text import fold, raised
from storage import campaigns, owing, units
from storage.owing import DutyKey
from storage.units import Unit as Unit  # noqa: PLC0414 - for handlers, which see no storage

LOCKS_AFTER: Final = timedelta(days=30)
"""How long after it is due a campaign's report can be corrected without asking."""
LONGEST_NAME: Final = 60
"""Letters."""
KINDS_OF: Final = {
    AskedKinds.GRASSROOTS: GRASSROOTS_KINDS,
    AskedKinds.UPPER: frozenset(UnitKind) - GRASSROOTS_KINDS,
    AskedKinds.ALL: frozenset(UnitKind),
}

_SIGNS = ' ,;:.-–(“”"'


class _CampaignWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of words around a campaign's name."""

    before_due_day: tuple[str, ...]


_DUE_WORDS: Final = {"", *map(fold, read_toml(files(__package__) / "words.toml", _CampaignWords).before_due_day)}


async def list_managed(asking: Asking) -> list[Unit]:
    """The topmost units for which the asker may open campaigns."""
    return await reach.list_tops(asking, Right.MANAGE)


def read_campaign(text: str, today: date) -> tuple[str, date | None]:
    """The name and the due day in words like "Quý III, 15/12/2026"; the name is what stands before the day. Pure."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    found = list(find_dates(text, today))
    words = (text[: found[-1].start] if found else text).replace(":", " ").strip(_SIGNS).split()
    while words and fold(words[-1].strip(_SIGNS)) in _DUE_WORDS:
        words.pop()
    return " ".join(words).strip(_SIGNS), found[-1].due.on if found else None


@dataclass(frozen=True, slots=True)
class SaidCampaign:
    """What words say of a campaign to be opened: its name and due day, its unit, who owes it; all may lack."""

    name: str
    due_on: date | None
    unit: str
    kinds: AskedKinds | None


def read_said(text: str, today: date) -> SaidCampaign:
    """What words that open a campaign say of it: "mở đợt sơ kết cho các xã, hạn 15/12". Pure."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    dates = list(find_dates(text, today))
    if dates:
        before, _ = read_campaign(text, today)
        text = f"{before} {text[dates[-1].end :]}"
    said = read_campaign_wish(text)
    due_on = dates[-1].due.on if dates else None
    if said is None:
        return SaidCampaign("", due_on, "", None)
    kinds = AskedKinds[said.asked.name] if said.asked is not None else None
    return SaidCampaign(raised(said.name.strip(_SIGNS)), due_on, said.unit.strip(_SIGNS), kinds)


def find_form(forms: Sequence[Form], text: str) -> Form | None:
    """The form of campaigns that words mean: the only one, or the only one they name. Pure."""
    if len(forms) == 1:
        return forms[0]
    said = f" {fold(text)} "
    named = [form for form in forms if any(f" {fold(name)} " in said for name in (form.short, *form.aliases))]
    return named[0] if len(named) == 1 else None


class CampaignProblem(StrEnum):
    """What is wrong with the name and the due day of a new campaign."""

    NO_DATE = "no_date"
    PAST_DATE = "past_date"
    NO_NAME = "no_name"
    NAME_TAKEN = "name_taken"


async def find_problem(asking: Asking, form: str, name: str, due_on: date | None) -> CampaignProblem | None:
    """What keeps a campaign of that name from being opened; a name is used once a year for a form, closed or not."""
    if due_on is None:
        return CampaignProblem.NO_DATE
    if due_on < asking.today:
        return CampaignProblem.PAST_DATE
    if not name or len(name) > LONGEST_NAME:
        return CampaignProblem.NO_NAME
    period = Period(PeriodKind.CAMPAIGN, asking.today.year, name=name)
    taken = await campaigns.find_campaign(asking.db, form, period) is not None
    return CampaignProblem.NAME_TAKEN if taken else None


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as it is going to be opened; `owing` units have to send it."""

    form: Form
    unit: Unit
    name: str
    due_on: date
    owing: int
    kinds: AskedKinds

    @property
    def locks_on(self) -> date:
        """The last day of corrections."""
        return self.due_on + LOCKS_AFTER


async def preview(asking: Asking, named: NamingCampaign) -> NewCampaign | None:
    """What a named campaign comes to; None where it is not named yet. Raises AccessDeniedError."""
    unit = await asking.get_unit(Right.MANAGE, named.unit_id)
    if not named.name or named.due_on is None:
        return None
    asked = AskedUnits.of_campaign(KINDS_OF[named.kinds], unit.path, named.due_on)
    count = await owing.count_owing(asking.db, asked.still_asked(asking.today))
    return NewCampaign(asking.forms.get(named.form), unit, named.name, named.due_on, count, named.kinds)


async def open_campaign(asking: Asking, named: NamingCampaign) -> ManagedCampaign | None:
    """Open a named campaign; None where the unit is out of reach or the name is not complete."""
    unit = await reach.find(asking, named.unit_id, Right.MANAGE)
    if unit is None or not named.name or named.due_on is None:
        return None
    form = asking.forms.get(named.form)
    campaign = await campaigns.open_campaign(
        asking.db,
        form=form.id,
        period=Period(PeriodKind.CAMPAIGN, asking.today.year, name=named.name),
        unit_id=unit.id,
        opens_on=asking.today,
        due_on=named.due_on,
        locks_on=named.due_on + LOCKS_AFTER,
        opened_by=asking.person_id,
        now=asking.now,
        kinds=KINDS_OF[named.kinds],
    )
    await asking.note(
        "campaign.opened",
        unit_id=unit.id,
        subject=f"campaign:{campaign.id}",
        details={"form": form.id, "period": campaign.period.code, "due_on": named.due_on.isoformat()},
    )
    return ManagedCampaign(campaign, form, unit)


async def count(asking: Asking, managed: ManagedCampaign) -> ManagedCampaign:
    """The same, counted."""
    campaign = managed.campaign
    key = DutyKey("", campaign.form, campaign.period.code)
    return replace(
        managed,
        owing=await owing.count_owing(asking.db, campaign.asked_units),
        sent=await owing.count_done(asking.db, key, campaign.asked_units),
    )


async def find_managed(asking: Asking, campaign_id: int) -> ManagedCampaign | None:
    """The campaign of an id from outside, counted; None where its form is no longer known.

    Raises:
        AccessDeniedError: they may not manage its unit, or there is no such campaign.
    """
    campaign = await campaigns.find_campaign_of_id(asking.db, campaign_id)
    place = await units.find_unit_by_id(asking.db, campaign.unit_id) if campaign is not None else None
    unit = require(asking.asker, Right.MANAGE, place)
    form = asking.forms.find(campaign.form) if campaign is not None else None
    return await count(asking, ManagedCampaign(campaign, form, unit)) if campaign is not None and form else None


async def close(asking: Asking, managed: ManagedCampaign) -> bool:
    """Ask for it no longer: nobody sends or corrects it any more, what was sent stays. False where it was closed."""
    campaign = managed.campaign
    if not await campaigns.close_campaign(asking.db, campaign.id, asking.now):
        return False
    await asking.note(
        "campaign.closed",
        unit_id=managed.unit.id,
        subject=f"campaign:{campaign.id}",
        details={"form": campaign.form, "period": campaign.period.code, "owing": managed.owing, "sent": managed.sent},
    )
    return True
