"""Larger forms opened for a subtree: read from a message, checked, opened."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from bot.access import Right, list_tops
from bot.features.submissions.service import Naming, find_reachable
from bot.hands.asking import Asking
from knowledge.calendar.deadlines import find_dates
from knowledge.forms import get_form, load_forms
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.text import fold
from storage import audit, campaigns
from storage.campaigns import Campaign
from storage.units import Unit

CAMPAIGN_LOCKS_AFTER = timedelta(days=30)
LONGEST_CAMPAIGN_NAME = 60

_SIGNS = ' ,;:.-–(“”"'
_DUE_WORDS = frozenset({"han", "nop", "cuoi", "cung", "chot", "truoc", "den", "vao", "ngay", "het", "la", "thoi", ""})


def campaign_forms() -> list[Form]:
    """The forms that are asked for in campaigns."""
    return [form for form in load_forms() if form.period is PeriodKind.CAMPAIGN]


async def list_managed(asking: Asking) -> list[Unit]:
    """The topmost units for which the asker may open campaigns."""
    return [unit for unit in await list_tops(asking.db, asking.asker, Right.MANAGE) if unit.is_active(asking.today)]


KINDS_OF = {
    "g": GRASSROOTS_KINDS,
    "u": frozenset(UnitKind) - GRASSROOTS_KINDS,
    "a": frozenset(UnitKind),
}


def read_campaign(text: str, today: date) -> tuple[str, date | None]:
    """The name and the due day in words like "Quý III, 15/12/2026"; the name is what stands before the day. Pure."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    found = list(find_dates(text, today))
    words = (text[: found[-1].start] if found else text).replace(":", " ").strip(_SIGNS).split()
    while words and fold(words[-1].strip(_SIGNS)) in _DUE_WORDS:
        words.pop()
    return " ".join(words).strip(_SIGNS), found[-1].due.on if found else None


async def find_campaign_problem(asking: Asking, form: Form, name: str) -> bool:
    """Whether a campaign of that form and name was opened this year already."""
    period = Period(PeriodKind.CAMPAIGN, asking.today.year, name=name)
    return await campaigns.find_campaign(asking.db, form.id, period) is not None


async def open_campaign(asking: Asking, named: Naming) -> tuple[Unit, Form, Campaign] | None:
    """Open a named campaign; None where the unit is out of reach or the name is not complete."""
    unit = await find_reachable(asking, named.unit_id, Right.MANAGE)
    if unit is None or not named.name or named.due_on is None:
        return None
    form = get_form(named.form)
    campaign = await campaigns.open_campaign(
        asking.db,
        form=form.id,
        period=Period(PeriodKind.CAMPAIGN, asking.today.year, name=named.name),
        unit_id=unit.id,
        opens_on=asking.today,
        due_on=named.due_on,
        locks_on=named.due_on + CAMPAIGN_LOCKS_AFTER,
        opened_by=asking.person_id,
        now=asking.now,
        kinds=KINDS_OF[named.kinds],
    )
    await audit.note(
        asking.db,
        "campaign.opened",
        asking.now,
        by=asking.person_id,
        unit_id=unit.id,
        subject=f"campaign:{campaign.id}",
        details={"form": form.id, "due_on": named.due_on.isoformat()},
    )
    return unit, form, campaign
