"""Forms that entered while the bot runs, in versions, and what became of every form; the count of changes of them.

A workbook is held, then in force, then withdrawn, and back. All changes are made one after another, as those of plans:
each takes the row that counts them before it looks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.forms import Form
from knowledge.model.stored_forms import FormStatus, StoredForm
from storage import audit, entered
from storage.rows import is_id, to_record
from storage.schema import form_changes, form_files, form_versions, submissions

_versions = form_versions.c


class FormRefusal(StrEnum):
    """Why a change is refused."""

    UNKNOWN = "unknown"
    NOT_HELD = "not_held"
    NOT_IN_FORCE = "not_in_force"
    NOT_WITHDRAWN = "not_withdrawn"


class FormRefusedError(Exception):
    """A change of a form does not fit what became of it; nothing was written."""

    def __init__(self, why: FormRefusal, form_id: str) -> None:
        super().__init__(f"{form_id}: {why.value}")
        self.why = why
        self.form_id = form_id


# --- What is known ---------------------------------------------------------------------------------------------------


async def get_revision(db: AsyncConnection) -> int:
    """How often the forms that hold have changed; it only grows."""
    return await entered.get_count(db, form_changes)


async def list_forms(db: AsyncConnection) -> list[StoredForm]:
    """Every version, those that are held included, in the order in which they came; of one that ships, its status."""
    rows = await db.execute(select(form_versions).order_by(_versions.id))
    return [_stored(row) for row in rows]


async def find_version(db: AsyncConnection, version: int) -> StoredForm | None:
    """The version of that row, whatever became of it; any number may be asked for."""
    if not is_id(version):
        return None
    row = (await db.execute(select(form_versions).where(_versions.id == version))).first()
    return _stored(row) if row is not None else None


async def find_file(db: AsyncConnection, file_hash: str) -> tuple[str, bytes] | None:
    """The name and content of a workbook that a form was read from."""
    return await entered.find_file(db, form_files, file_hash)


async def list_reported(db: AsyncConnection, form_id: str) -> set[str]:
    """The codes of the periods for which a report of a form was sent."""
    query = select(submissions.c.period).distinct().where(submissions.c.form == form_id, submissions.c.is_current)
    return set((await db.scalars(query)).all())


# --- Changes ---------------------------------------------------------------------------------------------------------


async def lock(db: AsyncConnection) -> None:
    """Let nobody else change forms until this transaction ends; each change does it, for whoever looks before one."""
    await entered.lock(db, form_changes)


async def hold(
    db: AsyncConnection, form_id: str, described: str, *, file: tuple[str, bytes], by: int | None, now: datetime
) -> StoredForm:
    """Keep what was understood of a workbook, to be approved; nothing is asked for by it.

    What was held of that id before is dropped: the later workbook counts.

    Args:
        file: its name and content.
    """
    await lock(db)
    earlier = (await db.execute(select(form_versions).where(_is_held(form_id)))).first()
    if earlier is not None:
        await _drop(db, earlier)
    digest = await entered.keep_file(db, form_files, file, now)
    version = await _insert(db, form_id, FormStatus.HELD, by, now, described=described, file=digest)
    await _note(db, "held", form_id, by, now)
    return version


async def change_held(db: AsyncConnection, version: int, described: str, *, by: int | None, now: datetime) -> None:
    """Keep what is understood of a workbook now, after something of it was decided.

    Raises:
        FormRefusedError: unknown; not_held.
    """
    await lock(db)
    row = await _require_held(db, version)
    await _update(db, row.id, by, now, described=described)


async def discard(db: AsyncConnection, version: int, *, by: int | None, now: datetime) -> None:
    """Drop what is held, with its workbook; what is in force of that id stays.

    Raises:
        FormRefusedError: unknown; not_held.
    """
    await lock(db)
    row = await _require_held(db, version)
    await _drop(db, row)
    await _note(db, "discarded", row.form_id, by, now)


async def approve(
    db: AsyncConnection, version: int, form: Form, *, replaces: str | None = None, by: int | None, now: datetime
) -> StoredForm:
    """Put a form that is held in force, from its own first period on.

    Args:
        form: what it asks; a campaign form that stands in the place of an earlier one has an id of its own.
        replaces: the id of that earlier one.

    Raises:
        FormRefusedError: unknown; not_held.
    """
    await lock(db)
    row = await _require_held(db, version)
    number = row.number if form.id == row.form_id else await _find_next(db, form.id)
    await _update(
        db,
        row.id,
        by,
        now,
        form_id=form.id,
        number=number,
        status=FormStatus.IN_FORCE.value,
        since=form.since,
        content=msgspec.json.encode(form).decode(),
        described=None,
        replaces=replaces,
    )
    await _note(db, "approved", form.id, by, now)
    await _count(db)
    return _stored((await db.execute(select(form_versions).where(_versions.id == row.id))).one())


async def withdraw(
    db: AsyncConnection, form_id: str, on: date, *, shipped: Collection[str], by: int | None, now: datetime
) -> None:
    """Let a form ask for nothing from a local day on; what was sent stays.

    Args:
        shipped: the ids of the forms that come with the program, on which the database need have nothing.

    Raises:
        FormRefusedError: unknown; not_in_force: it is only held, or was withdrawn before.
    """
    await lock(db)
    rows = (await db.execute(select(form_versions).where(_versions.form_id == form_id))).all()
    standing = [row for row in rows if row.status == FormStatus.IN_FORCE.value]
    gone = any(row.status == FormStatus.WITHDRAWN.value for row in rows)
    changed = {"status": FormStatus.WITHDRAWN.value, "withdrawn_on": on}
    if standing:
        for row in standing:
            await _update(db, row.id, by, now, **changed)
    elif form_id in shipped and not gone:
        await _insert(db, form_id, FormStatus.WITHDRAWN, by, now, withdrawn_on=on)
    else:
        raise FormRefusedError(FormRefusal.NOT_IN_FORCE if rows or gone else FormRefusal.UNKNOWN, form_id)
    await _note(db, "withdrawn", form_id, by, now)
    await _count(db)


async def restore(db: AsyncConnection, form_id: str, *, by: int | None, now: datetime) -> None:
    """Take a withdrawal back: the form is asked for again as it was.

    Raises:
        FormRefusedError: unknown; not_withdrawn.
    """
    await lock(db)
    rows = (await db.execute(select(form_versions).where(_versions.form_id == form_id))).all()
    gone = [row for row in rows if row.status == FormStatus.WITHDRAWN.value]
    if not gone or any(row.status == FormStatus.IN_FORCE.value for row in rows):
        raise FormRefusedError(FormRefusal.NOT_WITHDRAWN if rows else FormRefusal.UNKNOWN, form_id)
    for row in gone:
        await _update(db, row.id, by, now, status=FormStatus.IN_FORCE.value, withdrawn_on=None)
    await _note(db, "restored", form_id, by, now)
    await _count(db)


# --- Rows ------------------------------------------------------------------------------------------------------------


async def _count(db: AsyncConnection) -> None:
    await entered.count(db, form_changes)


async def _note(db: AsyncConnection, action: str, form_id: str, by: int | None, now: datetime) -> None:
    await audit.note(db, f"form.{action}", now, by=by, subject=f"form:{form_id}"[:80])


def _is_held(form_id: str) -> Any:
    return (_versions.form_id == form_id) & (_versions.status == FormStatus.HELD.value)


async def _require_held(db: AsyncConnection, version: int) -> Any:
    found = select(form_versions).where(_versions.id == version)
    row = (await db.execute(found)).first() if is_id(version) else None
    if row is None:
        raise FormRefusedError(FormRefusal.UNKNOWN, "")
    if row.status != FormStatus.HELD.value:
        raise FormRefusedError(FormRefusal.NOT_HELD, row.form_id)
    return row


async def _find_next(db: AsyncConnection, form_id: str) -> int:
    last = await db.scalar(select(func.max(_versions.number)).where(_versions.form_id == form_id))
    return (last or 0) + 1


async def _insert(
    db: AsyncConnection, form_id: str, status: FormStatus, by: int | None, now: datetime, **values: Any
) -> StoredForm:
    number = await _find_next(db, form_id)
    made = insert(form_versions).values(
        form_id=form_id, number=number, status=status.value, added_at=now, changed_at=now, changed_by=by, **values
    )
    return _stored((await db.execute(made.returning(*form_versions.c))).one())


async def _update(db: AsyncConnection, version: int, by: int | None, now: datetime, **values: Any) -> None:
    changed = {"changed_at": now, "changed_by": by} | values
    await db.execute(update(form_versions).where(_versions.id == version).values(changed))


async def _drop(db: AsyncConnection, row: Any) -> None:
    """Forget a version that is held, and its workbook where no other was read from it."""
    await db.execute(delete(form_versions).where(_versions.id == row.id))
    used = select(_versions.id).where(_versions.file == form_files.c.hash).exists()
    await db.execute(delete(form_files).where(form_files.c.hash == row.file, ~used))


def _stored(row: Any) -> StoredForm:
    form = msgspec.json.decode(row.content, type=Form) if row.content is not None else None
    return to_record(StoredForm, row, version=row.id, form=form, by=row.changed_by)
