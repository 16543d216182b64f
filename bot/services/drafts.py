"""Drafts: a report being filled in, opened, found again, kept and thrown away.

The sheet of `knowledge.reports` joined with storage; nothing is said here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, Self

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.hands import reach
from bot.hands.asking import Asking
from bot.services.campaigns import find_campaign
from bot.services.proofs import about_report
from bot.services.reports import NotAsked, NotOpenYet, get_dates, refuse
from knowledge.forms import FormBook, load_forms
from knowledge.model.forms import Figures, Form, Indicator
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from knowledge.reports import ReportText, filling
from knowledge.reports import sheet as sheets
from knowledge.reports.sheet import ReportSheet, SheetOutcome, SheetStep
from storage import drafts, forms, people, proofs, submissions
from storage.campaigns import Campaign
from storage.drafts import Draft
from storage.people import RoleName
from storage.submissions import State, Submission
from storage.units import Unit

_MARK: Final = re.compile(r"(\d{1,18})\.([0-9a-f]{1,12})\.(\d{1,9})", re.ASCII)


class StaleDraftError(Exception):
    """The draft changed while this update was handled; handled again, the update finds it as it is now."""


@dataclass(frozen=True, slots=True)
class DraftMark:
    """A draft as it stood when a step was shown: its id, what was drawn when it was begun (ids are used anew), and the
    version. Written "7.3fa2c1.4"."""

    draft_id: int
    born: str
    version: int

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.born}.{self.version}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The mark that was written; raises ValueError for anything else."""
        found = _MARK.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]), found[2], int(found[3]))


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What another version of its form changes in a report that was begun by the one before.

    Attributes:
        added: rows that are asked for now.
        dropped: rows that are asked for no more, with the figure that was given.
    """

    added: tuple[Indicator, ...] = ()
    dropped: tuple[tuple[Indicator, Decimal | None], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A report being filled in: the stored draft, its sheet, and all that is needed to show its step.

    Attributes:
        previous: the figures of the period before; None where there was no report.
        standing: what was sent and stands.
        campaign: the campaign that asks for it, where one does.
        entered_for: somebody above enters it for the unit (**Nhập thay**).
        can_go_up: whether there is a choice of unit before the first question.
        by: the colleague who changed it last, if another.
        taken: what came of the message that a new draft began with.
        refused: why the unit sends that report no more, or not yet: its form was withdrawn or changed meanwhile.
        renewed: the form has another version than the one that the officer saw last; see `renew`.
    """

    unit: Unit
    form: Form
    draft: Draft
    sheet: ReportSheet
    today: date
    due_on: date
    locks_on: date
    previous: Figures | None = None
    standing: Submission | None = None
    campaign: Campaign | None = None
    entered_for: bool = False
    can_go_up: bool = False
    is_new: bool = False
    by: str | None = None
    taken: SheetOutcome | None = None
    refused: NotOpenYet | NotAsked | None = None
    renewed: NewVersion | None = None

    @property
    def period(self) -> Period:
        """The period it is for."""
        return self.draft.period

    @property
    def mark(self) -> DraftMark:
        """What its buttons carry."""
        return DraftMark(self.draft.id, self.draft.state["born"], self.draft.version)

    @property
    def corrects(self) -> int | None:
        """The version being corrected; None for a first report."""
        version: int | None = self.draft.state.get("corrects")
        return version

    @property
    def remark(self) -> str | None:
        """What the supervisor wrote when sending the report back."""
        is_returned = self.standing is not None and self.standing.state is State.RETURNED
        return self.standing.remark if self.standing is not None and is_returned else None

    @property
    def is_late(self) -> bool:
        """Whether what is sent today is late."""
        return self.today > self.due_on

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent as it stands."""
        return sheets.is_ready(self.form, self.sheet, self.previous)

    @property
    def is_elsewhere(self) -> bool:
        """Whether another row is asked for than the officer saw last, because that one is no more."""
        saw = self.draft.state["sheet"]
        return (saw.get("step", SheetStep.ASK), saw.get("key", "")) != (self.sheet.step, self.sheet.key)

    def is_closed(self, at: datetime) -> bool:
        """Whether what is said at that moment comes after its campaign was closed, or its form withdrawn."""
        return self.refused is not None or (self.campaign is not None and not self.campaign.takes(at))

    def as_closed(self) -> ReportClosed:
        """What is left of it once nothing is sent any more."""
        return ReportClosed(self.unit, self.form, self.period, self.campaign, self.refused, self, self.standing)


@dataclass(frozen=True, slots=True)
class ReportClosed:
    """A report is neither sent nor corrected any more, or not yet, and nothing is lost.

    Either its campaign was closed, or `refused` says why: its form was withdrawn, or changed. `draft` is what was begun
    and not sent, `standing` what was sent.
    """

    unit: Unit
    form: Form
    period: Period
    campaign: Campaign | None
    refused: NotOpenYet | NotAsked | None
    draft: OpenDraft | None
    standing: Submission | None


@dataclass(frozen=True, slots=True)
class Locked:
    """What was sent can be corrected only after the supervisor opens it again."""

    unit: Unit
    form: Form
    submission: Submission
    locks_on: date


NotOpened = NotOpenYet | NotAsked | ReportClosed | Locked


async def open_draft(
    asking: Asking, unit: Unit, form: Form, period: Period, *, reading: ReportText | None = None
) -> OpenDraft | NotOpened:
    """The unit's draft for a report: the one begun earlier, a new one, or one with what was sent, to be corrected.

    From here on the form is what is asked of units of that kind.

    Args:
        reading: what a message says; a new draft begins with it (`OpenDraft.taken`), into an earlier one it is merged
            by the caller.
    """
    form = form.asked_of(unit.kind)
    campaign = await find_campaign(asking, form, period)
    refused = refuse(asking, unit, form, period, campaign)
    begun = await drafts.find_draft(asking.db, unit.id, form.id, period) if unit.is_active(asking.today) else None
    if refused is not None and begun is None and not _is_withdrawn_from(form, unit, period, campaign):
        return refused
    around = await _look_around(asking, unit, form, period, campaign)
    standing = around.standing
    if refused is not None or (campaign is not None and not campaign.takes(asking.now)):
        draft = await _opened(asking, unit, form, begun, around) if begun is not None else None
        return ReportClosed(unit, form, period, campaign, refused, draft, standing)
    if standing is not None and standing.state is State.SENT and asking.today > around.locks_on:
        return Locked(unit, form, standing, around.locks_on)
    if standing is None:
        sheet = sheets.begin(form)
    else:
        sheet = sheets.begin_correction(form, standing.figures, standing.reasons, no_change=standing.no_change)
    taken = filling.merge(form, sheet, around.previous, reading) if reading is not None else None
    born = secrets.token_hex(3)
    corrects = standing.version if standing else None
    state = _state(taken.sheet if taken else sheet, born=born, corrects=corrects, asks=mark_of(form))
    draft_row = await drafts.begin(asking.db, unit.id, form.id, period, state, by=asking.person_id, now=asking.now)
    is_new = draft_row.state["born"] == born
    opened = await _opened(asking, unit, form, draft_row, around)
    return replace(opened, is_new=is_new, taken=taken if is_new else None)


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a report: its dates, what stands, the figures of the period before, and its campaign."""

    due_on: date
    locks_on: date
    standing: Submission | None
    previous: Figures | None
    campaign: Campaign | None


async def _look_around(asking: Asking, unit: Unit, form: Form, period: Period, campaign: Campaign | None) -> _Around:
    due_on, locks_on = await get_dates(asking, unit, form, period)
    standing, previous = await submissions.find_with_previous(asking.db, unit.id, form.id, period)
    return _Around(due_on, locks_on, standing, previous.figures if previous is not None else None, campaign)


async def list_begun(db: AsyncConnection, forms: FormBook, unit_ids: Collection[int]) -> set[tuple[str, str, int]]:
    """The reports of these units for which somebody gave figures that are not sent: form, code of the period, unit."""
    begun = set()
    for draft in await drafts.list_drafts(db, unit_ids):
        form = forms.find(draft.form, draft.period)
        if form is not None and sheets.is_begun(sheets.load_sheet(form, draft.state["sheet"])):
            begun.add((draft.form, draft.period.code, draft.unit_id))
    return begun


def _is_withdrawn_from(form: Form, unit: Unit, period: Period, campaign: Campaign | None) -> bool:
    """Whether the unit would send that report, had its form not been withdrawn."""
    if form.withdrawn_on is None or period.kind is not form.period:
        return False
    return form.is_owed_by(unit.kind) or (campaign is not None and campaign.asked_units.includes(unit))


def _state(sheet: ReportSheet, *, born: str, corrects: int | None, asks: str) -> dict[str, Any]:
    return {"sheet": sheets.dump_sheet(sheet), "born": born, "corrects": corrects, "asks": asks}


def mark_of(form: Form) -> str:
    """What tells what a form asks and checks from what another version of it does."""
    rows = [[row.key, row.name, row.unit, row.kind, row.derived, row.optional, row.yes_no] for row in form.told]
    rules = [[rule.kind, rule.left, rule.terms, rule.sentence, rule.severity] for rule in form.rules]
    return sha256(msgspec.json.encode([rows, rules])).hexdigest()[:8]


async def _find_new_version(asking: Asking, form: Form, kind: UnitKind, draft: Draft) -> NewVersion | None:
    """What a form changes in a draft that was seen by another version of it; None where it is the same."""
    mark = draft.state.get("asks")
    if mark is None or mark == mark_of(form):  # none was kept by earlier releases
        return None
    stored = [each.form for each in await forms.list_forms(asking.db) if each.form_id == form.id]
    known = (each.asked_of(kind) for each in (*stored, *load_forms()) if each is not None and each.id == form.id)
    before = next((each for each in known if mark_of(each) == mark), None)
    if before is None:
        return NewVersion()
    had, has = {row.key for row in before.asked}, {row.key for row in form.asked}
    given = draft.state["sheet"].get("figures", {})
    return NewVersion(
        tuple(row for row in form.asked if row.key not in had),
        tuple(
            (row, Decimal(given[row.key]) if row.key in given else None) for row in before.asked if row.key not in has
        ),
    )


async def _opened(asking: Asking, unit: Unit, form: Form, draft: Draft, around: _Around) -> OpenDraft:
    own = {unit.id for unit in (*asking.asker.units_as(RoleName.OFFICER), *reach.list_own(asking))}
    entered_for = unit.id not in own
    by = None
    if draft.changed_by is not None and draft.changed_by != asking.person_id:
        other = await people.find_person(asking.db, draft.changed_by)
        by = other.name if other is not None and other.name else None
    refused = refuse(asking, unit, form, draft.period, around.campaign)
    return OpenDraft(
        unit,
        form,
        draft,
        sheets.load_sheet(form, draft.state["sheet"]),
        asking.today,
        around.due_on,
        around.locks_on,
        around.previous,
        around.standing,
        around.campaign,
        entered_for=entered_for,
        can_go_up=len(own) > 1 or entered_for,
        by=by,
        refused=refused,
        renewed=await _find_new_version(asking, form, unit.kind, draft) if refused is None else None,
    )


async def find_opened(asking: Asking, draft_id: int) -> OpenDraft | None:
    """The draft of that id, where the asker may enter for its unit; None alike where the draft or the unit is gone."""
    draft = await drafts.find_by_id(asking.db, draft_id)
    form = asking.forms.find(draft.form, draft.period) if draft is not None else None
    if draft is None or form is None:
        return None
    unit = await reach.find(asking, draft.unit_id, Right.SUBMIT)
    if unit is None or not unit.is_active(asking.today):
        return None
    form = form.asked_of(unit.kind)
    campaign = await find_campaign(asking, form, draft.period)
    return await _opened(asking, unit, form, draft, await _look_around(asking, unit, form, draft.period, campaign))


async def find_marked(asking: Asking, mark: DraftMark) -> OpenDraft | None:
    """The draft that a button was made for, at whatever version it is now; None where it is gone."""
    opened = await find_opened(asking, mark.draft_id)
    return opened if opened is not None and opened.mark.born == mark.born else None


async def save(asking: Asking, opened: OpenDraft, sheet: ReportSheet) -> OpenDraft:
    """Store the next step. Raises StaleDraftError where the draft changed meanwhile."""
    asks = mark_of(opened.form) if opened.renewed is None else opened.draft.state["asks"]
    state = _state(sheet, born=opened.mark.born, corrects=opened.corrects, asks=asks)
    draft = await drafts.save(asking.db, opened.draft, state, by=asking.person_id, now=asking.now)
    if draft is None:
        raise StaleDraftError
    return replace(opened, draft=draft, sheet=sheet, is_new=False, by=None, taken=None)


async def renew(asking: Asking, opened: OpenDraft) -> OpenDraft:
    """The report as the new version of its form asks it, once that was said. Raises StaleDraftError."""
    return await save(asking, replace(opened, renewed=None), opened.sheet)


async def throw_away(asking: Asking, opened: OpenDraft) -> None:
    """Remove a draft that is not wanted, and its proofs; what was sent stays."""
    await drafts.drop(asking.db, opened.draft.id)
    if opened.standing is None:
        await proofs.drop_about(asking.db, opened.unit.id, about_report(opened.form.id, opened.period))
    await asking.note("draft.dropped", unit_id=opened.unit.id, subject=f"draft:{opened.draft.id}")
