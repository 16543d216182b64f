"""Sent reports. A report is identified by unit + form + period, whatever message brought it; every version is kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.periods import Period, PeriodKind
from storage.rows import chunks, columns_of, is_id, to_record
from storage.schema import figures as figure_rows
from storage.schema import submissions, units
from storage.tallies import Tally, tally

SCALE: Final = 1000
"""Figures are stored in thousandths."""

LARGEST: Final = Decimal(10**15)
"""Figures lie below this, in absolute value."""


class State(StrEnum):
    """The state of a report: it stands, or the supervisor sent it back for correction."""

    SENT = "sent"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Submission:
    """One version of a report.

    Attributes:
        figures: by key of the indicator; one that is not there was not given, which is not zero.
        no_change: it was sent as "nothing moved".
        reasons: by the id of the broken rule that was confirmed, what the officer said.
        sent_at: when this version was sent, `first_sent_at` when the first was: that one is judged for timeliness.
        sent_by: a person's id; None where the operator brought it.
        entered_for: somebody above entered it for the unit.
        on_time: whether the first version came in time, extensions granted since taken into account.
        remark: what the supervisor said when sending it back.
        brought_in: it is no report of the unit's own: an admin brought figures of an earlier time in.
    """

    id: int
    unit_id: int
    form: str
    period: Period
    version: int
    figures: dict[str, Decimal]
    no_change: bool
    reasons: dict[str, str]
    sent_at: datetime
    first_sent_at: datetime
    sent_by: int | None
    entered_for: bool
    on_time: bool
    state: State
    remark: str | None = None
    returned_by: int | None = None
    is_current: bool = True
    brought_in: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """The version that stands after `record`, and whether it is a new one."""

    submission: Submission
    is_new: bool


_COLUMNS = columns_of(Submission, submissions)


def to_stored(figure: Decimal) -> int:
    """A figure in thousandths; raises ValueError for one that cannot be kept exactly."""
    scaled = figure * SCALE
    if not figure.is_finite() or abs(figure) >= LARGEST or scaled != scaled.to_integral_value():
        raise ValueError(f"a figure has at most three decimals and fifteen digits: {figure}")
    return int(scaled)


def from_stored(value: int) -> Decimal:
    """A figure from its thousandths, without trailing zeros: 1500 → 1.5."""
    whole, rest = divmod(value, SCALE)
    return Decimal(whole) if rest == 0 else (Decimal(value) / SCALE).normalize()


async def _read(db: AsyncConnection, query: Select[Any]) -> list[Submission]:
    rows = (await db.execute(query)).all()
    found: dict[int, dict[str, Decimal]] = {row.id: {} for row in rows}
    for part in chunks(found):
        for row in await db.execute(select(figure_rows).where(figure_rows.c.submission_id.in_(part))):
            found[row.submission_id][row.indicator] = from_stored(row.value)
    return [to_record(Submission, row, figures=found[row.id]) for row in rows]


def _about(query: Select[Any], unit_id: int, form: str, period: Period) -> Select[Any]:
    return query.where(
        submissions.c.unit_id == unit_id, submissions.c.form == form, submissions.c.period == period.code
    )


async def find_current(db: AsyncConnection, unit_id: int, form: str, period: Period) -> Submission | None:
    """The version that stands, sent back or not; None where nothing was sent."""
    found = await _read(db, _about(select(*_COLUMNS), unit_id, form, period).where(submissions.c.is_current))
    return found[0] if found else None


async def find_previous(db: AsyncConnection, unit_id: int, form: str, period: Period) -> Submission | None:
    """The standing report of the period right before; None for campaigns, or where it was not sent."""
    if period.kind is PeriodKind.CAMPAIGN:
        return None
    return await find_current(db, unit_id, form, period.shifted(-1))


async def find_with_previous(
    db: AsyncConnection, unit_id: int, form: str, period: Period
) -> tuple[Submission | None, Submission | None]:
    """`find_current` and `find_previous` in one look-up."""
    if period.kind is PeriodKind.CAMPAIGN:
        return await find_current(db, unit_id, form, period), None
    before = period.shifted(-1)
    query = select(*_COLUMNS).where(
        submissions.c.unit_id == unit_id,
        submissions.c.form == form,
        submissions.c.period.in_((period.code, before.code)),
        submissions.c.is_current,
    )
    found = {each.period: each for each in await _read(db, query)}
    return found.get(period), found.get(before)


async def find_submission(db: AsyncConnection, submission_id: int) -> Submission | None:
    """One version by its id, for ids that somebody else sent."""
    if not is_id(submission_id):
        return None
    found = await _read(db, select(*_COLUMNS).where(submissions.c.id == submission_id))
    return found[0] if found else None


async def find_by_carrier(db: AsyncConnection, chat_id: int, message_id: int) -> Submission | None:
    """The version that a message brought."""
    found = await _read(
        db,
        select(*_COLUMNS).where(submissions.c.carrier_chat == chat_id, submissions.c.carrier_message == message_id),
    )
    return found[0] if found else None


async def list_versions(db: AsyncConnection, unit_id: int, form: str, period: Period) -> list[Submission]:
    """Every version of a report, the oldest first."""
    return await _read(db, _about(select(*_COLUMNS), unit_id, form, period).order_by(submissions.c.version))


async def list_current(
    db: AsyncConnection,
    unit_ids: Collection[int],
    *,
    form: str | None = None,
    period: Period | None = None,
    most: int = 20,
    skip: int = 0,
) -> list[Submission]:
    """The standing reports of these units, the latest sent first."""
    query = select(*_COLUMNS).where(submissions.c.unit_id.in_(sorted(set(unit_ids))), submissions.c.is_current)
    if form is not None:
        query = query.where(submissions.c.form == form)
    if period is not None:
        query = query.where(submissions.c.period == period.code)
    query = query.order_by(submissions.c.sent_at.desc(), submissions.c.id.desc()).limit(most).offset(skip)
    return await _read(db, query)


async def list_standing(
    db: AsyncConnection, unit_ids: Collection[int], form: str, periods: Collection[Period]
) -> list[Submission]:
    """What stands of these units and periods, sent back or not; for as many units as a statement takes."""
    query = select(*_COLUMNS).where(
        submissions.c.unit_id.in_(sorted(set(unit_ids))),
        submissions.c.form == form,
        submissions.c.period.in_(sorted(period.code for period in periods)),
        submissions.c.is_current,
    )
    return await _read(db, query)


async def list_before(
    db: AsyncConnection, reports: Collection[tuple[str, Period, int]]
) -> dict[tuple[str, Period, int], Submission]:
    """For reports (form, period, unit) what stands of the period before; none for a campaign's."""
    asked = {
        (form, period.shifted(-1), unit): period
        for form, period, unit in reports
        if period.kind is not PeriodKind.CAMPAIGN
    }
    found: dict[tuple[str, Period, int], Submission] = {}
    for some in chunks(sorted({unit for _, _, unit in asked})):
        query = select(*_COLUMNS).where(
            submissions.c.unit_id.in_(some),
            submissions.c.form.in_(sorted({form for form, _, _ in asked})),
            submissions.c.period.in_(sorted({before.code for _, before, _ in asked})),
            submissions.c.is_current,
        )
        for each in await _read(db, query):
            period = asked.get((each.form, each.period, each.unit_id))
            if period is not None:
                found[each.form, period, each.unit_id] = each
    return found


async def record(
    db: AsyncConnection,
    *,
    unit_id: int,
    form: str,
    period: Period,
    figures: Mapping[str, Decimal],
    sent_at: datetime,
    sent_by: int | None,
    on_time: bool,
    no_change: bool = False,
    reasons: Mapping[str, str] | None = None,
    entered_for: bool = False,
    carrier: tuple[int, int] | None = None,
) -> Recorded:
    """Store a report as the version that stands.

    The same message again, or the same report again while it stands, changes nothing. Figures that were brought in give
    way to it, whatever they say, and it is judged as if they had never been.

    Args:
        sent_at: Telegram's date of the message.
        on_time: whether `sent_at` is in time; a later version is judged as the first one was.
        carrier: chat and message that brought it.

    Raises:
        ValueError: a figure cannot be kept exactly.
    """
    stored = {key: to_stored(figure) for key, figure in figures.items()}
    # One report of a unit at a time; SQLite has one writer anyway.
    if db.dialect.name != "sqlite":
        await db.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update(key_share=True))
    if carrier is not None:
        known = await find_by_carrier(db, *carrier)
        if known is not None and known.sent_at == sent_at:
            return Recorded(known, is_new=False)
        if known is not None:  # another bot counted its messages in that chat before
            carrier = None
    before = await find_current(db, unit_id, form, period)
    said = dict(reasons or {})
    first = before if before is not None and not before.brought_in else None
    stands = before is not None and before.state is State.SENT
    if first is not None and before is not None and stands and (before.no_change, before.reasons) == (no_change, said):
        known_figures = {key: to_stored(figure) for key, figure in before.figures.items()}
        if known_figures == stored:
            return Recorded(before, is_new=False)
    if before is not None:
        await db.execute(update(submissions).where(submissions.c.id == before.id).values(is_current=False))
    new_id: int = (
        await db.execute(
            insert(submissions)
            .values(
                unit_id=unit_id,
                form=form,
                period=period.code,
                version=before.version + 1 if before else 1,
                is_current=True,
                no_change=no_change,
                reasons=json.dumps(said, ensure_ascii=False),
                sent_at=sent_at,
                first_sent_at=first.first_sent_at if first else sent_at,
                sent_by=sent_by,
                entered_for=entered_for,
                on_time=first.on_time if first else on_time,
                state=State.SENT.value,
                carrier_chat=carrier[0] if carrier else None,
                carrier_message=carrier[1] if carrier else None,
            )
            .returning(submissions.c.id)
        )
    ).scalar_one()
    if stored:
        rows = [{"submission_id": new_id, "indicator": key, "value": value} for key, value in stored.items()]
        await db.execute(insert(figure_rows), rows)
    submission = Submission(
        id=new_id,
        unit_id=unit_id,
        form=form,
        period=period,
        version=before.version + 1 if before else 1,
        figures={key: from_stored(value) for key, value in stored.items()},
        no_change=no_change,
        reasons=said,
        sent_at=sent_at,
        first_sent_at=first.first_sent_at if first else sent_at,
        sent_by=sent_by,
        entered_for=entered_for,
        on_time=first.on_time if first else on_time,
        state=State.SENT,
    )
    tally(db, Tally.SUBMISSION, form, "in time" if submission.on_time else "late")
    return Recorded(submission, is_new=True)


async def send_back(
    db: AsyncConnection, submission_id: int, *, remark: str, returned_by: int | None, now: datetime
) -> Submission | None:
    """Send the standing version back with a remark; None where it does not stand any more, or was sent back already."""
    changed = await db.execute(
        update(submissions)
        .where(submissions.c.id == submission_id, submissions.c.is_current, submissions.c.state == State.SENT.value)
        .values(state=State.RETURNED.value, remark=remark, returned_by=returned_by, returned_at=now)
    )
    return await find_submission(db, submission_id) if changed.rowcount else None


async def judge_again(db: AsyncConnection, unit_id: int, form: str, period: Period, *, late_from: datetime) -> None:
    """Judge timeliness anew after the due date changed.

    Args:
        late_from: the first moment that is late.
    """
    await db.execute(
        update(submissions)
        .where(submissions.c.unit_id == unit_id, submissions.c.form == form, submissions.c.period == period.code)
        .values(on_time=submissions.c.first_sent_at < late_from)
    )
