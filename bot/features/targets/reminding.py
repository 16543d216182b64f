"""**Nhắc** under a unit: about its own report where that is missing, otherwise about its share, once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.duties import find_duties
from bot.services.nudging import Nudged, nudge
from bot.services.progress import find_way
from knowledge.model.owing import AskedUnits
from knowledge.model.shares import Goal
from storage import messages, reminder_recipients, requests
from storage import summaries as totals
from storage.summaries import ReportsBelow
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class ShareNote:
    """Who is to be written to about a share: chats with the key of each message; `again` where that was done today.

    `at` is when it may leave, where quiet hours keep it back.
    """

    chats: tuple[tuple[int, str], ...]
    again: bool
    at: datetime | None


async def nudge_report(asking: Asking, rules: Rules, goal: Goal, unit: Unit) -> Nudged | None:
    """Remind the unit of the last report that should be in; None where it owes none, or sent it."""
    db, how = asking.db, find_way(rules, goal, asking.today)
    if how is None or not how.due:
        return None
    period = how.due[-1]
    form = how.form_of(period)
    asked = AskedUnits.of_period(form, period)
    reported = await totals.find_reported(db, ReportsBelow(unit, form, period, asked))
    group = f"form:{form.id}:{period.code}"
    duty = (await find_duties(db, rules, [group], asking.now)).get(group)
    if duty is None or reported is None or reported.is_in or not reported.is_asked(asking.today):
        return None
    granted = (await requests.list_granted(db, form.id, period, unit_ids=[unit.id])).get(unit.id)
    owed = duty.obligation(
        unit.id, unit.name, dissolved_on=unit.dissolved_on, extended_to=granted.due_on if granted is not None else None
    )
    found = await nudge(db, rules, [owed], asking.now, by=asking.person_id, duties=[duty])
    await asking.note("reminder.nudged", unit_id=unit.id, subject=group[:80])
    return found


async def find_addressees(asking: Asking, rules: Rules, goal: Goal, unit: Unit) -> ShareNote:
    """The officers of a unit who can be told about their share, those who muted reminders left out."""
    db, now = asking.db, asking.now
    posts = await reminder_recipients.list_posts_at(db, [unit.id])
    readers = await reminder_recipients.list_readers(db, {post.person_id for post in posts})
    open_to = [
        each
        for each in readers.values()
        if each.recipient.is_tried(now) and (each.recipient.muted_until is None or each.recipient.muted_until <= now)
    ]
    keyed = tuple((each.chat_id, f"share-note:{goal.id}:{unit.id}:{asking.today}:{each.person_id}") for each in open_to)
    said = await messages.find_deliveries(db, [key for _, key in keyed])
    local = now.astimezone(rules.zone)
    at = rules.quiet.next_allowed(local) if rules.quiet.covers(local.time()) else None
    return ShareNote(tuple(each for each in keyed if each[1] not in said), bool(said), at)
