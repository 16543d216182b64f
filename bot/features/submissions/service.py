"""What reporting does with what is stored: what a unit owes, its drafts, sending, history, requests, campaigns.

Functions here join the pure dialog with storage. They speak to nobody; handlers say what came of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right, list_tops
from bot.features.submissions import sheet as dialog
from bot.features.submissions.sheet import Outcome, Scene, Sheet
from bot.hands.asking import Asking
from knowledge.forms import check_report, find_form, load_forms
from knowledge.model.forms import Figures, Form, is_open, last_opened, opens_on
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import EARLIEST_YEAR, Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS
from knowledge.reports import ReportText
from storage import audit, campaigns, dialogs, drafts, people, requests, submissions, units
from storage.drafts import Draft
from storage.people import RoleName
from storage.requests import RequestKind
from storage.submissions import State, Submission
from storage.units import Unit

FEATURE = "report"
HEARD_MOST = 40
MONTHS_BACK = 24


class StaleDraftError(Exception):
    """The draft changed while this update was handled; handled again, the update finds it as it is now."""


# What a chat is in the middle of -----------------------------------------------------------------------------------


class Filling(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Filling in a draft; `version` is the one this chat saw last, `heard` the messages that went into it."""

    draft_id: int
    version: int
    unit_id: int
    form: str
    period: str
    heard: tuple[int, ...] = ()


class Choosing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Choosing a unit or period. `purpose`: report, history or campaign; `text` waits to be read as a report."""

    purpose: str
    text: str = ""
    form: str = ""
    heard: tuple[int, ...] = ()


class Explaining(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Giving the reason of a request."""

    kind: str
    unit_id: int
    form: str
    period: str


class Remarking(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Writing why a report is sent back."""

    submission_id: int


class Naming(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Naming a campaign and its due date; once named, waiting to be confirmed."""

    form: str
    unit_id: int
    kinds: str
    name: str = ""
    due_on: date | None = None


class Sent(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A report was just sent; **Gửi** once more repeats its receipt."""

    unit_id: int
    form: str
    period: str
    heard: tuple[int, ...] = ()


Focus = Filling | Choosing | Explaining | Remarking | Naming | Sent


async def find_focus(db: AsyncConnection, chat_id: int) -> Focus | None:
    """What the chat is in the middle of, as far as reporting is concerned."""
    return read_focus(await dialogs.find_dialog(db, chat_id, feature=FEATURE))


def read_focus(found: dialogs.OpenDialog | None) -> Focus | None:
    """The same from a dialog at hand; None for another feature's, and for one of another version of the program."""
    if found is None or found.feature != FEATURE:
        return None
    try:
        focus: Focus = msgspec.convert(found.state, type=Focus)
    except msgspec.ValidationError:
        return None
    if isinstance(focus, Filling) and found.draft_id is None:
        # The draft is gone; on SQLite its number may be another draft's by now.
        return msgspec.structs.replace(focus, draft_id=0)
    return focus


async def keep_focus(asking: Asking, chat_id: int, focus: Focus) -> None:
    """Be in the middle of this from now on."""
    draft_id = focus.draft_id if isinstance(focus, Filling) else None
    state = msgspec.to_builtins(focus)
    await dialogs.open_dialog(asking.db, chat_id, FEATURE, state, asking.now, draft_id=draft_id)


async def drop_focus(db: AsyncConnection, chat_id: int) -> None:
    """Be in the middle of nothing."""
    await dialogs.close_dialog(db, chat_id, feature=FEATURE)


def heard_in(focus: Focus | None) -> tuple[int, ...]:
    """The messages whose figures were taken lately."""
    return focus.heard if isinstance(focus, Filling | Choosing | Sent) else ()


def with_heard(heard: tuple[int, ...], message_id: int | None) -> tuple[int, ...]:
    """The same with one more."""
    return heard if message_id is None else (*heard, message_id)[-HEARD_MOST:]


# Who may do what ---------------------------------------------------------------------------------------------------


async def find_reachable(asking: Asking, unit_id: int, right: Right = Right.SUBMIT) -> Unit | None:
    """The unit, where the asker has that right for it; None alike where it is not there."""
    held = next((held.unit for held in asking.asker.held if held.unit.id == unit_id), None)
    unit = held or await units.find_unit_by_id(asking.db, unit_id)
    return unit if unit is not None and asking.asker.may(right, unit) else None


def list_own_units(asking: Asking) -> list[Unit]:
    """The units that the asker is officer of, which still exist, by name."""
    own = {unit.id: unit for unit in asking.asker.units_as(RoleName.OFFICER) if unit.is_active(asking.today)}
    return sorted(own.values(), key=lambda unit: (unit.name, unit.id))


def reaches_below(asking: Asking) -> bool:
    """Whether the asker may enter for units below their own."""
    return asking.asker.is_admin or any(unit.kind not in GRASSROOTS_KINDS for unit in asking.asker.units(Right.SUBMIT))


async def search_units(asking: Asking, text: str, *, most: int = 8, active: bool = True) -> tuple[list[Unit], bool]:
    """Units within the asker's reach that fit a name or code, and whether there are more."""
    on = asking.today if active else None
    if asking.asker.is_admin:
        found = await units.search(asking.db, text, active_on=on, most=most + 1)
        return found[:most], len(found) > most
    seen: dict[int, Unit] = {}
    for reached in asking.asker.units(Right.SEE):
        for unit in await units.search(asking.db, text, reached, active_on=on, most=most + 1):
            seen.setdefault(unit.id, unit)
    exact = [unit for unit in seen.values() if units.code_key(unit.code) == units.code_key(text)]
    found = exact or list(seen.values())
    return found[:most], len(found) > most


async def list_below(asking: Asking, *, most: int = 8) -> list[Unit]:
    """A few grassroots units below the asker's own, to begin the choice with; more are found by typing."""
    found: list[Unit] = []
    for top in await list_tops(asking.db, asking.asker, Right.SUBMIT):
        if len(found) < most and top.kind not in GRASSROOTS_KINDS:
            below = await units.list_subtree(
                asking.db, top.id, kinds=GRASSROOTS_KINDS, active_on=asking.today, most=most - len(found)
            )
            found += below
    return found


# What is owed ------------------------------------------------------------------------------------------------------


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
    def is_missing(self) -> bool:
        """Whether it is owed and was not sent, or was sent back."""
        return self.is_owed and (self.submission is None or self.submission.state is State.RETURNED)


async def list_due(asking: Asking, unit: Unit) -> list[Due]:
    """What a unit may report now, the first due first: months since its registration, the latest opened, campaigns.

    Nothing is asked of a unit that was dissolved, nor in a campaign that was closed.
    """
    found: list[Due] = []
    if not unit.is_active(asking.today):
        return found
    for form in load_forms():
        if form.calendar is None or not form.is_owed_by(unit.kind):
            continue
        latest = last_opened(form, asking.today)
        periods = [latest.shifted(-back) for back in range(MONTHS_BACK)]
        owed = [period for period in periods if AskedUnits.of_period(form, period).includes(unit)]
        sent = {
            submission.period: submission
            for submission in await submissions.list_current(asking.db, [unit.id], form=form.id, most=2 * MONTHS_BACK)
        }
        for period in periods:
            if period in owed or period == latest or period in sent:
                due_on, locks_on = await get_dates(asking, unit, form, period)
                found.append(Due(form, period, due_on, locks_on, period in owed, sent.get(period)))
    for campaign in await campaigns.list_for_unit(asking.db, unit, open_on=asking.today):
        campaign_form = find_form(campaign.form)
        if campaign_form is None:
            continue
        due_on, locks_on = await get_dates(asking, unit, campaign_form, campaign.period)
        current = await submissions.find_current(asking.db, unit.id, campaign.form, campaign.period)
        found.append(Due(campaign_form, campaign.period, due_on, locks_on, True, current, campaign.id))
    return sorted(found, key=lambda due: (due.due_on, due.form.id, due.period.code))


def pick_due(dues: Collection[Due]) -> Due | None:
    """The report to begin with: the missing one due first, else the latest open one that was not sent. Pure."""
    missing = [due for due in dues if due.is_missing]
    if missing:
        return min(missing, key=lambda due: due.due_on)
    unsent = [due for due in dues if due.submission is None]
    return max(unsent, key=lambda due: due.due_on) if unsent else None


async def get_dates(asking: Asking, unit: Unit, form: Form, period: Period) -> tuple[date, date]:
    """The due day and the lock of a unit's report, what was granted included."""
    return await requests.get_dates(asking.db, unit.id, form, period)


def reference(unit_id: int, form: Form, period: Period, campaign_id: int | None) -> str:
    """What a button carries to name a report; read by `find_named`. It fits beside a prefix of four letters."""
    if campaign_id is not None:
        return f"c:{unit_id}:{campaign_id}"
    return f"n:{unit_id}:{form.id}:{period.code}"


async def refer(db: AsyncConnection, unit_id: int, form: Form, period: Period) -> str:
    """The reference of a report whose campaign, if any, is still to be looked up."""
    if period.kind is not PeriodKind.CAMPAIGN:
        return reference(unit_id, form, period, None)
    campaign = await campaigns.find_campaign(db, form.id, period)
    return reference(unit_id, form, period, campaign.id if campaign else 0)


async def find_named(asking: Asking, text: str) -> tuple[int, Form, Period] | None:
    """The report that a button names; None for anything forged or gone."""
    match text.split(":"):
        case ["n", unit_id, form_id, code] if unit_id.isdecimal() and len(unit_id) < 19:
            form = find_form(form_id)
            try:
                period = Period.parse(code)
            except ValueError:
                return None
            if form is None or form.calendar is None or period.kind is not form.period:
                return None
            return int(unit_id), form, period
        case ["c", unit_id, campaign_id] if unit_id.isdecimal() and campaign_id.isdecimal() and len(text) < 45:
            campaign = next((c for c in await campaigns.list_campaigns(asking.db) if c.id == int(campaign_id)), None)
            form = find_form(campaign.form) if campaign is not None else None
            return None if campaign is None or form is None else (int(unit_id), form, campaign.period)
    return None


# Opening a report --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft at hand: stored row, sheet and surroundings.

    `by` is the colleague who changed it last, if another; `taken` what came of the message a new draft began with.
    """

    unit: Unit
    form: Form
    draft: Draft
    scene: Scene
    is_new: bool = False
    by: str | None = None
    taken: Outcome | None = None

    @property
    def sheet(self) -> Sheet:
        """What has been filled in so far."""
        return self.scene.sheet


@dataclass(frozen=True, slots=True)
class NotOpenYet:
    """The period is still to come."""

    form: Form
    period: Period
    opens_on: date


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The unit does not send that form for that period; `is_over` where the campaign that asked for it was closed."""

    unit: Unit
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """What was sent can be corrected only after the supervisor opens it again."""

    unit: Unit
    form: Form
    submission: Submission
    locks_on: date


async def open_draft(
    asking: Asking, unit: Unit, form: Form, period: Period, *, reading: ReportText | None = None
) -> Opened | NotOpenYet | NotAsked | Locked:
    """The unit's draft for a report: the one begun earlier, a new one, or one with what was sent, to be corrected.

    Args:
        reading: what a message says; a new draft begins with it (`Opened.taken`), into an earlier one it is merged by
            the caller.
    """
    refused = await _refuse(asking, unit, form, period)
    if refused is not None:
        return refused
    around = await _look_around(asking, unit, form, period)
    current = around.current
    if current is not None and current.state is State.SENT and asking.today > around.locks_on:
        return Locked(unit, form, current, around.locks_on)
    if current is None:
        sheet = dialog.begin(form)
    else:
        sheet = dialog.begin_correction(form, current.figures, current.reasons, no_change=current.no_change)
    taken = dialog.merge(form, sheet, around.previous, reading) if reading is not None else None
    born = secrets.token_hex(3)
    state = _state(taken.sheet if taken else sheet, born=born, corrects=current.version if current else None)
    draft = await drafts.begin(asking.db, unit.id, form.id, period, state, by=asking.person_id, now=asking.now)
    is_new = draft.state["born"] == born
    opened = await _opened(asking, unit, form, draft, around=around)
    return replace(opened, is_new=is_new, taken=taken if is_new else None)


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a report: its dates, what stands, and the figures of the period before."""

    due_on: date
    locks_on: date
    current: Submission | None
    previous: Figures | None


async def _look_around(asking: Asking, unit: Unit, form: Form, period: Period) -> _Around:
    due_on, locks_on = await get_dates(asking, unit, form, period)
    current, previous = await submissions.find_with_previous(asking.db, unit.id, form.id, period)
    return _Around(due_on, locks_on, current, previous.figures if previous is not None else None)


async def _refuse(asking: Asking, unit: Unit, form: Form, period: Period) -> NotOpenYet | NotAsked | None:
    if not unit.is_active(asking.today):
        return NotAsked(unit)
    if form.calendar is not None:
        if not form.is_owed_by(unit.kind) or period.kind is not form.period or period.year < EARLIEST_YEAR:
            return NotAsked(unit)
        return None if is_open(form, period, asking.today) else NotOpenYet(form, period, opens_on(form, period))
    campaign = await campaigns.find_campaign(asking.db, form.id, period)
    if campaign is None or not campaign.asked_units.includes(unit):
        return NotAsked(unit)
    if campaign.closed_at is not None and await submissions.find_current(asking.db, unit.id, form.id, period) is None:
        return NotAsked(unit, is_over=True)
    return None if campaign.opens_on <= asking.today else NotOpenYet(form, period, campaign.opens_on)


def _state(sheet: Sheet, *, born: str, corrects: int | None) -> dict[str, Any]:
    return {"sheet": msgspec.to_builtins(sheet), "born": born, "corrects": corrects}


async def _opened(
    asking: Asking,
    unit: Unit,
    form: Form,
    draft: Draft,
    *,
    around: _Around | None = None,
) -> Opened:
    sheet = dialog.load_sheet(form, msgspec.json.encode(draft.state["sheet"]))
    around = around or await _look_around(asking, unit, form, draft.period)
    corrects, current = draft.state.get("corrects"), around.current
    own = {held.id for held in asking.asker.units_as(RoleName.OFFICER)}
    entered_for = unit.id not in own
    scene = Scene(
        form=form,
        period=draft.period,
        unit_name=unit.name,
        sheet=sheet,
        previous=around.previous,
        draft=f"{draft.id}.{draft.state['born']}.{draft.version}",
        today=asking.today,
        due_on=around.due_on,
        locks_on=around.locks_on,
        corrects=corrects,
        entered_for=entered_for,
        remark=current.remark if current is not None and current.state is State.RETURNED else None,
        can_go_up=len(own) > 1 or entered_for,
        can_change_period=form.calendar is not None,
    )
    by = None
    if draft.changed_by is not None and draft.changed_by != asking.person_id:
        other = await people.find_person(asking.db, draft.changed_by)
        by = other.name if other is not None and other.name else None
    return Opened(unit, form, draft, scene, by=by)


async def find_opened(asking: Asking, draft_id: int) -> Opened | None:
    """The draft of that id, where the asker may enter for its unit; None alike where the draft or the unit is gone."""
    draft = await drafts.find_by_id(asking.db, draft_id)
    form = find_form(draft.form) if draft is not None else None
    if draft is None or form is None:
        return None
    unit = await find_reachable(asking, draft.unit_id)
    if unit is None or not unit.is_active(asking.today):
        return None
    return await _opened(asking, unit, form, draft)


async def find_tapped(asking: Asking, token: str) -> tuple[Opened | None, int]:
    """The draft that a button under a step belongs to, and the version the button was made for (-1 if forged)."""
    match token.split("."):
        case [draft_id, born, version] if draft_id.isdecimal() and version.isdecimal() and len(token) < 48:
            opened = await find_opened(asking, int(draft_id))
            if opened is not None and opened.draft.state["born"] == born:
                return opened, int(version)
    return None, -1


async def save(asking: Asking, opened: Opened, sheet: Sheet) -> Opened:
    """Store the next step. Raises StaleDraftError where the draft changed meanwhile."""
    kept = {"born": opened.draft.state["born"], "corrects": opened.draft.state.get("corrects")}
    draft = await drafts.save(asking.db, opened.draft, _state(sheet, **kept), by=asking.person_id, now=asking.now)
    if draft is None:
        raise StaleDraftError
    token = f"{draft.id}.{kept['born']}.{draft.version}"
    scene = dialog.move_scene(opened.scene, sheet, token)
    return Opened(opened.unit, opened.form, draft, scene)


async def throw_away(asking: Asking, opened: Opened) -> None:
    """Remove a draft that is not wanted; what was sent stays."""
    await drafts.drop(asking.db, opened.draft.id)
    await audit.note(
        asking.db,
        "draft.dropped",
        asking.now,
        by=asking.person_id,
        unit_id=opened.unit.id,
        subject=f"draft:{opened.draft.id}",
    )


# Sending -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivered:
    """A report that stands: which version, whether it is new, and the dates it was judged by."""

    unit: Unit
    form: Form
    submission: Submission
    is_new: bool
    due_on: date
    locks_on: date
    officers: tuple[people.Person, ...] = ()
    supervisors: tuple[people.Person, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()


async def send(asking: Asking, opened: Opened, *, carrier: tuple[int, int], sent_at: datetime) -> Delivered | Locked:
    """Keep the report as what stands from now on, and let go of the draft.

    Args:
        carrier: chat and message of **Gửi**.
        sent_at: Telegram's date of that message: timeliness and the lock are judged by it.
    """
    unit, form, period = opened.unit, opened.form, opened.draft.period
    due_on, locks_on = opened.scene.due_on, opened.scene.locks_on
    if opened.scene.corrects is not None and sent_at.astimezone(asking.zone).date() > locks_on:
        before = await submissions.find_current(asking.db, unit.id, form.id, period)
        if before is not None and before.state is State.SENT:
            return Locked(unit, form, before, locks_on)
    # Whoever else changed the draft in this very moment comes first; this update is then handled again.
    if not await drafts.drop(asking.db, opened.draft.id, version=opened.draft.version):
        raise StaleDraftError
    reasons = dialog.reasons_to_keep(form, opened.sheet, opened.scene.previous)
    recorded = await submissions.record(
        asking.db,
        unit_id=unit.id,
        form=form.id,
        period=period,
        figures=form.completed(opened.sheet.figures),
        sent_at=sent_at,
        sent_by=asking.person_id,
        on_time=not requests.is_late(sent_at, due_on, asking.zone),
        no_change=opened.sheet.no_change,
        reasons=reasons,
        entered_for=opened.scene.entered_for,
        carrier=carrier,
    )
    submission = recorded.submission
    if not recorded.is_new:
        return Delivered(unit, form, submission, False, due_on, locks_on)
    await audit.note(
        asking.db,
        "submission.recorded",
        asking.now,
        by=asking.person_id,
        unit_id=unit.id,
        subject=f"submission:{submission.id}",
        details={"form": form.id, "period": period.code, "version": submission.version},
    )
    waiting = await requests.find_open(asking.db, unit.id, form.id, period, RequestKind.EXTENSION)
    if waiting is not None and submission.on_time:
        await requests.withdraw(asking.db, waiting.id, asking.now)
    told = await people.list_officers(asking.db, unit.id) if submission.entered_for else []
    said = explained(form, submission, opened.scene.previous)
    above = await people.list_supervisors(asking.db, unit.id) if said else []
    return Delivered(
        unit,
        form,
        submission,
        True,
        due_on,
        locks_on,
        officers=tuple(person for person in told if person.id != asking.person_id),
        supervisors=tuple(person for person in above if person.id != asking.person_id),
        reasons=said,
    )


def explained(form: Form, submission: Submission, previous: Figures | None) -> tuple[tuple[str, str], ...]:
    """The rules a report breaks and what the officer said to them: (sentence, reason). Pure."""
    broken = check_report(form, submission.figures, previous)
    return tuple((v.sentence, submission.reasons[v.rule]) for v in broken if v.rule in submission.reasons)


async def find_delivered(asking: Asking, unit_id: int, form_id: str, code: str) -> Delivered | None:
    """The report that stands, for a receipt to be shown again; None where there is none within reach."""
    unit, form = await find_reachable(asking, unit_id), find_form(form_id)
    if unit is None or form is None:
        return None
    period = Period.parse(code)
    submission = await submissions.find_current(asking.db, unit.id, form.id, period)
    if submission is None:
        return None
    due_on, locks_on = await get_dates(asking, unit, form, period)
    return Delivered(unit, form, submission, False, due_on, locks_on)


async def find_sender(asking: Asking, submission: Submission) -> str | None:
    """The name of whoever sent a report; None where nobody is known by it any more, or it was the asker."""
    if submission.sent_by is None or submission.sent_by == asking.person_id:
        return None
    person = await people.find_person(asking.db, submission.sent_by)
    return person.name or None if person is not None else None


# What was sent -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """One report opened, with its earlier versions (each with the name of who sent it) and what may be done with it."""

    unit: Unit
    form: Form
    submission: Submission
    previous: Figures | None
    by: str | None
    earlier: tuple[tuple[Submission, str | None], ...]
    locks_on: date
    is_locked: bool
    reasons: tuple[tuple[str, str], ...]
    may_fix: bool
    may_return: bool


async def show(asking: Asking, submission: Submission) -> Shown | None:
    """A report opened; None where it lies outside the asker's reach or its form is gone."""
    unit, form = await find_reachable(asking, submission.unit_id, Right.SEE), find_form(submission.form)
    if unit is None or form is None:
        return None
    versions = await submissions.list_versions(asking.db, unit.id, form.id, submission.period)
    current = versions[-1]
    names = {
        person.id: person.name
        for person in (
            await people.get_people(asking.db, {v.sent_by for v in versions if v.sent_by is not None})
        ).values()
    }
    previous = await submissions.find_previous(asking.db, unit.id, form.id, submission.period)
    figures = previous.figures if previous else None
    _, locks_on = await get_dates(asking, unit, form, submission.period)
    returned = current.state is State.RETURNED
    is_locked = asking.today > locks_on and not returned
    by = names.get(current.sent_by or 0) or None
    return Shown(
        unit,
        form,
        current,
        figures,
        by,
        tuple((version, names.get(version.sent_by or 0) or None) for version in versions[:-1]),
        locks_on,
        is_locked,
        explained(form, current, figures),
        may_fix=asking.asker.may(Right.SUBMIT, unit),
        may_return=asking.asker.may(Right.SUPERVISE, unit) and not returned,
    )


async def list_history(asking: Asking, unit: Unit, *, most: int = 12) -> tuple[list[Submission], list[Draft]]:
    """The standing reports of a unit, the latest period first, and its drafts."""
    sent = await submissions.list_current(asking.db, [unit.id], most=most)
    known = [submission for submission in sent if find_form(submission.form) is not None]
    known.sort(key=lambda each: (_sort_day(each), each.sent_at), reverse=True)
    begun = [draft for draft in await drafts.list_drafts(asking.db, [unit.id]) if find_form(draft.form) is not None]
    return known, begun


def _sort_day(submission: Submission) -> date:
    if submission.period.kind is PeriodKind.CAMPAIGN:
        return submission.sent_at.date()
    return submission.period.end
