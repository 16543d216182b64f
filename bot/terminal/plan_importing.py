"""`troly plans import`: files of plans kept to be looked over in the chat, or what is sure of them approved at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.features.plans import changes, entering
from bot.features.plans.entering import ReadFile
from bot.road.clock import Clock, system_clock
from bot.settings import Settings
from bot.terminal.known_plans import has_database, list_stored
from bot.terminal.plan_reading import counted, describe, read_file
from knowledge.errors import CatalogueError
from knowledge.importing.model import Identity
from knowledge.importing.refusals import FileRefusedError
from knowledge.importing.scans.page import ScannedPage
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow, ReviewVerdict
from knowledge.model.plans import Plan
from knowledge.plans import load_plans
from knowledge.reviewing.asking import NewSubject, Placed, ReviewMaker, content_of, read_identity
from knowledge.reviewing.linking import link
from knowledge.subjects.proposing import make_proposer
from storage import plan_reviews
from storage.engine import Database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.plan_reviews import PlanReview


@dataclass(frozen=True)
class _Desk:
    """What files are taken in with."""

    database: Database
    known: tuple[Plan, ...]
    maker: ReviewMaker
    clock: Clock
    settings: Settings

    def today(self, now: datetime) -> date:
        return now.astimezone(self.settings.timezone).date()


async def import_files(
    settings: Settings,
    files: Sequence[Path],
    *,
    approve: bool,
    say: Callable[[str], None],
    tell: Callable[[str], None],
    clock: Clock = system_clock,
) -> list[str]:
    """Show each file's reading through `say` and keep it to be approved; the files that were refused, with the reason.

    Args:
        tell: hears of progress.
        approve: put at once in force what is sure of it; the rest is left out.

    Raises:
        DatabaseRefusedError: the database cannot be opened.
    """
    refused = []
    async with _open(settings, clock) as desk:
        for number, file in counted(files):
            which = f"[{number}/{len(files)}] " if len(files) > 1 else ""
            try:
                reading, pages = read_file(file, tell)
                content = file.read_bytes()
            except FileRefusedError as error:
                refused.append(f"{file}: {error}")
                continue
            say(f"{which}{file}\n" + "\n".join(describe(reading)))
            read = entering.make_rows(reading, desk.known, desk.maker)
            try:
                say("  " + await _take(desk, (file.name, content), pages, read, approve=approve))
            except CatalogueError as error:
                refused.append(f"{file}: {error.problem}")
    return refused


async def describe_files(settings: Settings) -> list[str]:
    """One line for each file that is being looked over.

    Raises:
        DatabaseRefusedError: the database cannot be opened.
    """
    if not has_database(settings):
        return []
    database = await Database.open(settings.database_address, create=False)
    try:
        async with database.read() as db:
            reviews = await plan_reviews.list_open(db)
    finally:
        await database.close()
    return [_describe_file(read_identity(each.identity, ())) for each in reviews]


def _describe_file(identity: Identity) -> str:
    issued = f"{identity.date:%d/%m/%Y}" if identity.date else "no date"
    named = f"{identity.kind or 'document'} {identity.number or 'without a number'} ({identity.issuer or 'no issuer'})"
    return f"{'(file)':20}  {named}, {issued}, to be looked over in the chat"


@asynccontextmanager
async def _open(settings: Settings, clock: Clock) -> AsyncIterator[_Desk]:
    known = changes.list_others(await list_stored(settings), clock().astimezone(settings.timezone).date())
    proposer = make_proposer(known)
    database = await Database.open(settings.database_address)
    try:
        yield _Desk(database, known, ReviewMaker(proposer, proposer.understanding), clock, settings)
    finally:
        await database.close()


async def _take(
    desk: _Desk, file: tuple[str, bytes], pages: Mapping[int, ScannedPage], read: ReadFile, *, approve: bool
) -> str:
    if read.same is not None:
        return _describe_link(read.same, read)
    if not read.is_plan:
        raise CatalogueError(file[0], "there is no target, deadline or task in it, so it is no plan")
    now = desk.clock()
    async with desk.database.write() as db:
        review = await _find_review(db, file, pages, read, now)
        if review.plan_id is not None:
            return f"a plan was made of this file already: {review.plan_id}"
        if approve:
            return await _approve(db, desk, review, now)
    waiting = sum(row.is_waiting for row in review.rows)
    return f"kept, to be looked over and approved in the chat: {waiting} things to decide"


async def _find_review(
    db: AsyncConnection,
    file: tuple[str, bytes],
    pages: Mapping[int, ScannedPage],
    read: ReadFile,
    now: datetime,
) -> PlanReview:
    kept = await plan_reviews.keep(db, *file, now)
    for number, page in pages.items():
        await plan_reviews.keep_page(db, kept, number, entering.pack(page))
    review_id = await entering.keep_reading(db, kept, read, by=None, now=now)
    assert review_id is not None
    review = await plan_reviews.find_review(db, review_id)
    assert review is not None
    return review


async def _approve(db: AsyncConnection, desk: _Desk, review: PlanReview, now: datetime) -> str:
    doubtful = [row for row in review.rows if row.matter is ReviewMatter.IDENTITY and row.is_waiting]
    if doubtful:
        fields = " and ".join(str(row.content["field"]) for row in doubtful)
        return f"kept, but not approved: its {fields} must be looked over in the chat first"
    sure = replace(review, rows=tuple(only_sure(review.rows)))
    today = desk.today(now)
    plan = await entering.make_plan(db, sure, desk.maker.understanding, today, by=None, now=now)
    await changes.approve(db, plan.id, today, by=None, now=now)
    left_out = sum(row.matter in entering.FACTS and not row.is_taken for row in sure.rows)
    return f"{plan.id}: in force; {left_out} doubtful facts are left out"


def only_sure(rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    """The rows, targets left out of which it is not sure whether they measure a known subject."""
    unsure = {
        asked.subject.id
        for asked in (content_of(row, NewSubject) for row in rows if row.matter is ReviewMatter.SUBJECT)
        if asked.same is not None
    }
    return [
        msgspec.structs.replace(row, verdict=ReviewVerdict.DROPPED)
        if row.matter is ReviewMatter.TARGET and content_of(row, Placed).subject in unsure
        else row
        for row in rows
    ]


def _describe_link(plan: Plan, read: ReadFile) -> str:
    """That a file is a known plan, and which of its facts do not stand in the file."""
    assert read.reading is not None
    linked = link(plan, read.reading)
    is_shipped = plan.id in {shipped.id for shipped in load_plans()}
    known = "comes with the program" if is_shipped else "is known already"
    facts = len(plan.targets) + len(plan.deadlines)
    found = f"{len(linked.quotes)} of its {facts} targets and deadlines stand in the text"
    missing = f"; not found: {', '.join(linked.missing)}" if linked.missing else ""
    return f"this is {plan.citation}, {plan.id}, which {known}: no second plan; {found}{missing}"
