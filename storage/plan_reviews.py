"""Files that are being looked over before a plan is made of them: what was read, and what people decided.

Each decision is made once: whoever comes later is refused. All of one review are made one after another.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.plan_reviews import WAITING, ReviewMatter, ReviewRow, ReviewVerdict
from storage import audit
from storage.plans import drop_unused_file, keep_file
from storage.rows import insert_into
from storage.schema import plan_file_pages, plan_review_rows, plan_reviews

_rows = plan_review_rows.c
_pages = plan_file_pages.c


@dataclass(frozen=True, slots=True)
class PlanReview:
    """A file that is looked over.

    Attributes:
        file: its hash.
        identity: who issued what, as it was read; as plain JSON.
        plan_id: the plan that was made of it; None until then.
        number: how often it changed.
        rows: what was read, in order.
    """

    id: int
    file: str
    identity: dict[str, Any]
    plan_id: str | None
    number: int
    opened_at: datetime
    rows: tuple[ReviewRow, ...]

    def get_row(self, place: int) -> ReviewRow | None:
        """The row of that number; None where there is none."""
        return next((row for row in self.rows if row.place == place), None)


async def keep(db: AsyncConnection, name: str, content: bytes, now: datetime) -> str:
    """Keep a file until it is read; its hash."""
    return await keep_file(db, (name, content), now)


async def drop_file(db: AsyncConnection, file_hash: str) -> None:
    """Forget a file of which no review and no plan was made."""
    await drop_unused_file(db, file_hash)


async def keep_page(db: AsyncConnection, file_hash: str, page: int, content: bytes) -> None:
    """Keep a scanned page of a file as it was read; the same page again changes nothing."""
    row = {"file": file_hash, "page": page, "content": content}
    await db.execute(insert_into(db, plan_file_pages).values(row).on_conflict_do_nothing())


async def list_pages(db: AsyncConnection, file_hash: str) -> dict[int, bytes]:
    """The scanned pages of a file that were read, by number."""
    query = select(_pages.page, _pages.content).where(_pages.file == file_hash).order_by(_pages.page)
    return {row.page: row.content for row in await db.execute(query)}


async def find_page(db: AsyncConnection, file_hash: str, page: int) -> bytes | None:
    """A scanned page of a file as it was read."""
    found: bytes | None = await db.scalar(select(_pages.content).where(_pages.file == file_hash, _pages.page == page))
    return found


async def open_review(
    db: AsyncConnection,
    file_hash: str,
    identity: dict[str, Any],
    rows: Sequence[ReviewRow],
    *,
    by: int | None,
    now: datetime,
) -> int:
    """The review of a file that was kept; where it has one already, that one stays as it is. Its id."""
    known = await db.scalar(select(plan_reviews.c.id).where(plan_reviews.c.file == file_hash))
    if known is not None:
        return int(known)
    values = {"file": file_hash, "identity": _dump(identity), "number": 0, "opened_at": now, "changed_at": now}
    made = insert(plan_reviews).values(changed_by=by, **values).returning(plan_reviews.c.id)
    review_id = int((await db.execute(made)).scalar_one())
    if rows:
        await db.execute(insert(plan_review_rows), [_values(review_id, row) for row in rows])
    await audit.note(db, "plan.file_read", now, by=by, subject=f"review:{review_id}")
    return review_id


async def find_review(db: AsyncConnection, review_id: int) -> PlanReview | None:
    """A review with its rows."""
    return await _find(db, plan_reviews.c.id == review_id)


async def find_review_of(db: AsyncConnection, file_hash: str) -> PlanReview | None:
    """The review of a file."""
    return await _find(db, plan_reviews.c.file == file_hash)


async def list_open(db: AsyncConnection) -> list[PlanReview]:
    """The reviews of which no plan was made yet, without their rows, the newest first."""
    query = select(plan_reviews).where(plan_reviews.c.plan_id.is_(None)).order_by(plan_reviews.c.id.desc())
    return [_review(row, ()) for row in await db.execute(query)]


async def decide(
    db: AsyncConnection,
    review_id: int,
    places: Sequence[int],
    verdict: ReviewVerdict,
    *,
    content: dict[str, Any] | None = None,
    was: Collection[ReviewVerdict] = WAITING,
    by: int | None,
    now: datetime,
) -> bool:
    """Decide rows, `content` in the place of what was read; False where one of them is no longer as it `was`."""
    new = {"verdict": verdict.value, "decided_by": by, "decided_at": now}
    if content is not None:
        new["content"] = _dump(content)
    which = (_rows.review_id == review_id, _rows.place.in_(places), _rows.verdict.in_([each.value for each in was]))
    done = await db.execute(update(plan_review_rows).where(*which).values(new))
    await _touch(db, review_id, by, now)
    return done.rowcount == len(places)


async def append(db: AsyncConnection, review_id: int, row: ReviewRow, *, by: int | None, now: datetime) -> int:
    """Ask one thing more; its place, whatever the row's own."""
    await _touch(db, review_id, by, now)
    last = await db.scalar(select(func.max(_rows.place)).where(_rows.review_id == review_id))
    place = 1 if last is None else int(last) + 1
    await db.execute(insert(plan_review_rows), [_values(review_id, row) | {"place": place}])
    return place


async def finish(db: AsyncConnection, review_id: int, plan_id: str, *, by: int | None, now: datetime) -> bool:
    """A plan was made of the file; False where one was already."""
    which = (plan_reviews.c.id == review_id, plan_reviews.c.plan_id.is_(None))
    done = await db.execute(update(plan_reviews).where(*which).values(plan_id=plan_id, changed_at=now, changed_by=by))
    return done.rowcount == 1


async def drop(db: AsyncConnection, review_id: int, *, by: int | None, now: datetime) -> bool:
    """Forget a review of which no plan was made, and its file; False where there is none."""
    found = await find_review(db, review_id)
    if found is None or found.plan_id is not None:
        return False
    await db.execute(delete(plan_review_rows).where(_rows.review_id == review_id))
    await db.execute(delete(plan_reviews).where(plan_reviews.c.id == review_id))
    await drop_unused_file(db, found.file)
    await audit.note(db, "plan.file_dropped", now, by=by, subject=f"review:{review_id}")
    return True


async def _touch(db: AsyncConnection, review_id: int, by: int | None, now: datetime) -> None:
    number = plan_reviews.c.number + 1
    changed = update(plan_reviews).where(plan_reviews.c.id == review_id)
    await db.execute(changed.values(number=number, changed_at=now, changed_by=by))


async def _find(db: AsyncConnection, which: ColumnElement[bool]) -> PlanReview | None:
    found = (await db.execute(select(plan_reviews).where(which))).first()
    if found is None:
        return None
    query = select(plan_review_rows).where(_rows.review_id == found.id).order_by(_rows.place)
    return _review(found, tuple(map(_row, await db.execute(query))))


def _review(found: Any, rows: tuple[ReviewRow, ...]) -> PlanReview:
    identity = json.loads(found.identity)
    return PlanReview(found.id, found.file, identity, found.plan_id, found.number, found.opened_at, rows)


def _row(row: Any) -> ReviewRow:
    return ReviewRow(
        place=row.place,
        matter=ReviewMatter(row.matter),
        verdict=ReviewVerdict(row.verdict),
        content=json.loads(row.content),
        doubt=row.doubt,
    )


def _values(review_id: int, row: ReviewRow) -> dict[str, Any]:
    codes = {"matter": row.matter.value, "verdict": row.verdict.value, "doubt": row.doubt}
    return {"review_id": review_id, "place": row.place, "content": _dump(row.content), **codes}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
