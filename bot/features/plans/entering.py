"""From a file to a plan that waits for approval: read, kept with everything that is to be decided, made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.plans import changes
from knowledge.importing.files import open_file, put_together, read_scanned
from knowledge.importing.model import PlanReading
from knowledge.importing.reading import read_plan
from knowledge.importing.refusals import FileRefusedError, WhyRefused
from knowledge.importing.scans.page import ScannedPage
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow
from knowledge.model.plans import Plan
from knowledge.question import Understanding
from knowledge.reviewing.asking import ReviewMaker, settle, write_identity
from knowledge.reviewing.drafting import draft_plan, find_same
from knowledge.subjects.proposing import make_proposer
from storage import plan_reviews, plans
from storage.plan_reviews import PlanReview

FACTS: Final = (ReviewMatter.TARGET, ReviewMatter.DEADLINE, ReviewMatter.TASK)
"""What a plan is made of."""


class ReviewChangedError(Exception):
    """The review is no longer as it was shown: somebody else was quicker. Nothing was done."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was made of a file: the rows of its review, the known plan that it is, or why there is none of these.

    `unread` are the scanned pages that are to be read before anything else can be said.
    """

    unread: tuple[int, ...] = ()
    reading: PlanReading | None = None
    rows: tuple[ReviewRow, ...] = ()
    same: Plan | None = None
    why: WhyRefused | None = None

    @property
    def is_plan(self) -> bool:
        """Whether anything in it is a plan's."""
        return self.reading is not None and any(row.matter in FACTS for row in self.rows)


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"plan{Path(name).suffix.lower()}")
        path.write_bytes(content)
        yield path


def read_kept(
    name: str, content: bytes, pages: Mapping[int, bytes], known: Sequence[Plan], understanding: Understanding
) -> ReadFile:
    """Read a file and make the rows of its review; slow, so it is done aside. Never an exception, whatever it holds.

    `pages` are its scanned pages that were kept by now, by number.
    """
    try:
        with _as_file(name, content) as path:
            opened = open_file(path)
        unread = tuple(number for number in opened.scanned if number not in pages)
        if unread:
            return ReadFile(unread)
        reading = read_plan(put_together(opened, {number: unpack(page) for number, page in pages.items()}))
    except FileRefusedError as error:
        return ReadFile(why=error.why)
    return make_rows(reading, known, ReviewMaker(make_proposer(known), understanding))


def scan_page(name: str, content: bytes, number: int) -> bytes | WhyRefused:
    """Read one scanned page of a file, as it is kept; slow, so it is done aside. Never an exception."""
    try:
        with _as_file(name, content) as path:
            return pack(read_scanned(path, number))
    except FileRefusedError as error:
        return error.why


def pack(page: ScannedPage) -> bytes:
    """A scanned page as it is kept."""
    return msgspec.msgpack.encode(page)


def unpack(content: bytes) -> ScannedPage:
    """A scanned page that was kept."""
    return msgspec.msgpack.decode(content, type=ScannedPage)


def make_rows(reading: PlanReading, known: Sequence[Plan], maker: ReviewMaker) -> ReadFile:
    """The rows of a reading, or the known plan that it is."""
    same = find_same(reading.plan, known)
    return (
        ReadFile(reading=reading, same=same)
        if same is not None
        else ReadFile(reading=reading, rows=maker.begin(reading))
    )


async def keep_reading(db: AsyncConnection, file: str, read: ReadFile, *, by: int | None, now: datetime) -> int | None:
    """Open the review of a file that was read; None, and the file forgotten, where there is nothing to look over."""
    if not read.is_plan or read.reading is None:
        await plan_reviews.drop_file(db, file)
        return None
    return await plan_reviews.open_review(db, file, write_identity(read.reading.plan), read.rows, by=by, now=now)


def draft(review: PlanReview, understanding: Understanding, known: Sequence[Plan]) -> Plan:
    """The plan of what is taken in a review by now, beside those that are known."""
    return draft_plan(settle(review.identity, review.rows), understanding, known)


async def make_plan(
    db: AsyncConnection,
    review: PlanReview,
    understanding: Understanding,
    today: date,
    *,
    by: int | None,
    now: datetime,
) -> Plan:
    """A plan of what is taken in a review; it waits to be approved then.

    Raises:
        ReviewChangedError: a plan was made of it already.
        CatalogueError: it does not fit the plans that are known.
    """
    await plans.lock(db)
    stored = await plans.list_plans(db)
    others = changes.list_others(stored, today)
    waiting = [each.plan for each in stored if each.plan is not None and each.plan not in others]
    plan = draft(review, understanding, (*others, *waiting))
    kept = await plans.find_file(db, review.file)
    async with db.begin_nested():
        if not await plan_reviews.finish(db, review.id, plan.id, by=by, now=now):
            raise ReviewChangedError
        await changes.add(db, plan, today, file=kept, by=by, now=now)
    return plan
