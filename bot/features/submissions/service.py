"""What a unit may report now, and what to begin with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.hands.asking import Asking
from knowledge.model.forms import Form, due_on, locks_on, opens_on
from knowledge.model.order import split_latest
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from storage import campaigns, messages, requests, submissions, units
from storage.submissions import State, Submission
from storage.units import Unit as Unit  # noqa: PLC0414 - for handlers, which see no storage

MONTHS_BACK: Final = 24


@dataclass(frozen=True, slots=True)
class Due:
    """A report that can be sent: owed or at least taken. `campaign_id` where a campaign asks for it."""

    form: Form
    period: Period
    due_on: date
    locks_on: date
    is_owed: bool
    submission: Submission | None = None
    campaign_id: int | None = None

    @property
    def about(self) -> tuple[str, Period]:
        """What is due: the form and the period."""
        return self.form.id, self.period

    @property
    def is_missing(self) -> bool:
        """Whether it is owed and was not sent, or was sent back."""
        return self.is_owed and (self.submission is None or self.submission.state is State.RETURNED)


async def list_due(asking: Asking, unit: Unit) -> list[Due]:
    """What a unit may report now, the first due first: months since its registration, the latest opened, campaigns.

    Nothing is asked of a unit that was dissolved, nor in a campaign that was closed.
    """
    if not unit.is_active(asking.today):
        return []
    found: list[Due] = []
    for newest, latest in asking.forms.list_opened(asking.today):
        sent = {
            each.period: each
            for each in await submissions.list_current(asking.db, [unit.id], form=newest.id, most=2 * MONTHS_BACK)
        }
        for period in (latest.shifted(-back) for back in range(MONTHS_BACK)):
            form = asking.forms.get(newest.id, period)
            if not form.covers(period) or not form.is_owed_by(unit.kind):
                continue
            is_owed = AskedUnits.of_period(form, period).includes(unit)
            if is_owed or period == latest or period in sent:
                first = due_on(form, period), locks_on(form, period)
                found.append(Due(form.asked_of(unit.kind), period, *first, is_owed, sent.get(period)))
    for campaign in await campaigns.list_for_unit(asking.db, unit, open_on=asking.today):
        campaign_form = asking.forms.find(campaign.form)
        if campaign_form is None or campaign_form.withdrawn_on is not None:
            continue
        current = await submissions.find_current(asking.db, unit.id, campaign.form, campaign.period)
        first = campaign.due_on, campaign.locks_on
        found.append(Due(campaign_form, campaign.period, *first, True, current, campaign.id))
    dates = await requests.list_dates(asking.db, unit.id, {due.about: (due.due_on, due.locks_on) for due in found})
    dues = [replace(due, due_on=dates[due.about][0], locks_on=dates[due.about][1]) for due in found]
    return sorted(dues, key=lambda due: (due.due_on, due.form.id, due.period.code))


def list_first(dues: Collection[Due]) -> list[Due]:
    """What is missing as it is offered: the latest of each form and campaign by due date, then those from before, the
    latest first. Pure.
    """
    latest, older = _split_missing(dues)
    return [*latest, *reversed(older)]


def pick_due(dues: Collection[Due]) -> Due | None:
    """The report to begin with: the missing one due first, else the latest open one that was not sent. Pure."""
    missing = [due for due in dues if due.is_missing]
    if missing:
        return min(missing, key=lambda due: due.due_on)
    unsent = [due for due in dues if due.submission is None]
    return max(unsent, key=lambda due: due.due_on) if unsent else None


def pick_present(dues: Collection[Due]) -> Due | None:
    """The report to begin with where none is named: of what is missing the latest period of each form, and of these
    the one due first; without any, as `pick_due`. Pure.
    """
    latest, _ = _split_missing(dues)
    return latest[0] if latest else pick_due(dues)


def _split_missing(dues: Collection[Due]) -> tuple[list[Due], list[Due]]:
    return split_latest(
        (due for due in dues if due.is_missing),
        kind=lambda due: (due.form.id, due.campaign_id),
        due_on=lambda due: due.due_on,
    )


def list_older(dues: Collection[Due], chosen: Due) -> list[Due]:
    """What of the same form is missing from before, the earliest due first. Pure."""
    return sorted(
        (each for each in dues if each.is_missing and each.form.id == chosen.form.id and each.due_on < chosen.due_on),
        key=lambda each: each.due_on,
    )


def find_next_opening(dues: Collection[Due]) -> date | None:
    """The day on which the next period of any of the forms opens; None where none is asked for by a calendar. Pure."""
    latest: dict[str, Due] = {}
    for due in dues:
        if due.form.calendar is not None and (due.form.id not in latest or latest[due.form.id].period < due.period):
            latest[due.form.id] = due
    return min((opens_on(each.form, each.period.shifted(1)) for each in latest.values()), default=None)


def pick_of_form(dues: Collection[Due], form_id: str) -> Due | None:
    """The report of a form to begin with; where all were sent, the latest, to be corrected. Pure."""
    own = [due for due in dues if due.form.id == form_id]
    return pick_present(own) or max(own, key=lambda each: each.due_on, default=None)


async def find_above(asking: Asking, unit: Unit) -> str | None:
    """The name of the unit right above, whoever may see it; None above a root."""
    above = await units.find_unit_by_id(asking.db, unit.parent_id) if unit.parent_id is not None else None
    return above.name if above is not None else None


async def find_campaign_report(asking: Asking, campaign_id: int) -> tuple[Form, Period] | None:
    """What a campaign asks for; None where there is no such campaign."""
    campaign = await campaigns.find_campaign_of_id(asking.db, campaign_id)
    form = asking.forms.find(campaign.form) if campaign is not None else None
    return (form, campaign.period) if campaign is not None and form is not None else None


async def find_messages(asking: Asking, shown: Sequence[int | str]) -> list[int]:
    """Telegram's numbers of messages given by number or by key; without those that have not gone out."""
    found = [each if isinstance(each, int) else await messages.find_message_id(asking.db, each) for each in shown]
    return [number for number in found if number is not None]
