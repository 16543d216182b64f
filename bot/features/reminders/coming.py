"""Steps that have come: when a step of a duty is due, for whom, and since when it is late. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.rules import Rules
from bot.services.duties import Duty
from knowledge.reminders import FORGOTTEN_AFTER, WAITS_AT_MOST, Slot, plan_steps
from storage.reminder_recipients import StepCome

HOT_FOR: Final = WAITS_AT_MOST + timedelta(minutes=10)
"""How long after its moment a step is looked for at every tick; later only by a look at everything."""


def due_dates(duty: Duty, granted: Mapping[tuple[str, str], set[date]]) -> list[date | None]:
    """The common date (None) and those granted instead."""
    if not duty.key.form:
        return [None]
    return [None, *sorted(day for day in granted.get((duty.key.form, duty.key.period), ()) if day > duty.due_on)]


def steps_come(
    rules: Rules, duty: Duty, due_on: date, steps: tuple[int, ...], hours: Sequence[time], now: datetime, *, all_: bool
) -> list[StepCome]:
    """The steps that have come, each with the hours for which it is the latest.

    Args:
        all_: those that came long ago, too.
    """
    at_hours: dict[str, list[tuple[time, Slot]]] = {}
    for hour in hours:
        slots = plan_steps(
            due_on, duty.due_time, steps, hour, working_days=rules.working_days, quiet=rules.quiet, zone=rules.zone
        )
        passed = [slot for slot in slots if slot.at <= now]
        if not passed:
            continue
        slot = passed[-1]
        if now - slot.at > FORGOTTEN_AFTER or not (all_ or now - slot.at <= HOT_FOR):
            continue
        at_hours.setdefault(slot.step.code, []).append((hour, slot))
    return [
        StepCome(code, tuple(hour for hour, _ in found), max(slot.at for _, slot in found))
        for code, found in at_hours.items()
    ]


def late_from(rules: Rules, duty: Duty, falls_on: date) -> datetime:
    """The first moment at which a duty that falls on that day is late."""
    if duty.due_time is not None:
        return datetime.combine(falls_on, duty.due_time, rules.zone)
    return rules.midnight(falls_on + timedelta(days=1))
