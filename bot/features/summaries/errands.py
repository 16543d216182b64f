"""Slow work that somebody waits for: files, pictures, large sums and digests, made aside and sent when they are ready.

The row is written with the update that asks for it, so a kill loses nothing; its message carries the row's key, so it
is sent once. Who may see what is decided again when the work is done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.reminders.service import Rules
from bot.features.summaries import charts, workbook
from bot.features.summaries import service as summary
from bot.features.summaries import sheet_words as sheets
from bot.features.summaries import words as views
from bot.features.summaries.service import Asked
from bot.road.reply import Kind, Reply
from bot.road.turn import Hooks, Turn, post
from bot.settings import Settings
from bot.words.access import denied
from knowledge.progress import find_targets
from storage import audit, errands, relays, reminder_recipients, units
from storage.engine import Database
from storage.errands import Errand
from storage.units import Unit

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=1)
DIGESTS_EVERY: Final = timedelta(minutes=5)
PURGE_EVERY: Final = timedelta(hours=12)
MORNING: Final = time(8)
EVENING: Final = time(20)
TRY_AGAIN_AFTER: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an errand is done: settings and rules, the asker, the unit and the report, all checked just now."""

    rules: Rules
    asker: Asker
    unit: Unit
    asked: Asked
    now: datetime
    key: str
    number: int = 0


Make = Callable[[AsyncConnection, Place], Awaitable["Sequence[Reply] | Callable[[], Sequence[Reply]]"]]


async def ask_aside(turn: Turn, kind: str, unit: Unit, asked: Asked, *, key: str, number: int = 0) -> None:
    """Have something made for this chat; the same tap or message again asks for nothing more.

    Args:
        number: the page of a summary, the year of a target; 0 for the first, or any.
    """
    assert turn.person is not None and turn.chat_id is not None
    details = {"person": turn.person.telegram_id, "unit": unit.id, "report": asked.code, "number": number}
    await errands.add(turn.db, kind, turn.chat_id, details, turn.now, key=key)


def register(hooks: Hooks, rules: Rules, settings: Settings) -> None:
    """Let errands and digests be done, and old ones be forgotten."""
    hooks.every(EVERY, make_tick(rules, settings), name="errands")
    hooks.every(DIGESTS_EVERY, make_digests(rules), name="digests")
    hooks.every(PURGE_EVERY, _purge, name="errands purge")


async def _purge(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await errands.purge(db, now)
        await relays.purge(db, now)


def make_tick(rules: Rules, settings: Settings) -> Callable[[Database, datetime], Awaitable[None]]:
    """Does whatever waits, two at a time."""

    async def tick(database: Database, now: datetime) -> None:
        while True:
            async with database.read() as db:
                if not await errands.has_due(db, now):
                    return
            async with database.write() as db:
                taken = await errands.claim(db, now)
            if not taken:
                return
            await asyncio.gather(*(_do(database, rules, settings, each, now) for each in taken))

    return tick


async def _do(database: Database, rules: Rules, settings: Settings, errand: Errand, now: datetime) -> None:
    try:
        if errand.attempts > errands.TRIES:  # whoever took it before died over it, every time
            await _give_up(database, errand, now)
            return
        if errand.kind == "nudge":
            await _nudge(database, rules, settings, errand, now)
            return
        async with database.read() as db:
            place = await _place(db, rules, settings, errand, now)
            made: Any = _gone(errand) if place is None else await _MAKERS[errand.kind](db, place)
        # Drawing and writing files takes a while: in a thread, with no transaction open.
        replies: Sequence[Reply] = await asyncio.to_thread(made) if callable(made) else made
        await _finish(database, errand, replies, now, place)
    except AccessDeniedError as error:
        await _finish(database, errand, [denied(error.right)], now, None)
    except Exception:
        logger.exception("errand failed", extra={"errand": errand.id, "try": errand.attempts})
        if errand.attempts < errands.TRIES:
            async with database.write() as db:
                await errands.again(db, errand.id, now + TRY_AGAIN_AFTER)
            return
        await _give_up(database, errand, now)


async def _give_up(database: Database, errand: Errand, now: datetime) -> None:
    logger.error("errand given up", extra={"errand": errand.id, "kind": errand.kind})
    said = [] if errand.kind == "digest" else [views.failed(views.THINGS.get(errand.kind, views.SUMMING))]
    await _finish(database, errand, said, now, None)


def _gone(errand: Errand) -> list[Reply]:
    """To whoever waits for something about a report that is not there any more; nobody waits for a digest."""
    return [] if errand.kind == "digest" else [Reply(views.not_open())]


async def _place(db: AsyncConnection, rules: Rules, settings: Settings, errand: Errand, now: datetime) -> Place | None:
    """What the errand is about, for whoever still may see it; None where the report is there no longer.

    Raises:
        AccessDeniedError: the asker may not see the unit (any more).
    """
    telegram_id = int(errand.details["person"])
    person = access.Person(telegram_id, "", is_admin=telegram_id in settings.admin_ids)
    asker = await access.find_asker(db, person)
    right = Right.SUPERVISE if errand.kind in {"nudge", "digest"} else Right.SEE
    unit = await access.get_unit(db, asker, right, errand.details["unit"])
    asked = await summary.find_asked(db, errand.details["report"], rules.today(now))
    number = int(errand.details.get("number", 0))
    return Place(rules, asker, unit, asked, now, errand.key, number) if asked is not None else None


async def _finish(
    database: Database, errand: Errand, replies: Sequence[Reply], now: datetime, place: Place | None
) -> None:
    async with database.write() as db:
        if not await errands.finish(db, errand.id, now):
            return
        for number, reply in enumerate(replies):
            key = errand.key if number == 0 else f"{errand.key}:{number}"
            await post(db, errand.chat_id, replace(reply, key=key), now)
        if place is not None and errand.kind in {"workbook", "csv", "year"}:
            await audit.note(db, "summary.exported", now, by=place.asker.id, unit_id=place.unit.id)


# What can be made ----------------------------------------------------------------------------------------------------


async def _make_summary(db: AsyncConnection, place: Place) -> Sequence[Reply]:
    page = place.number
    return [await summary_reply(db, place.rules, place.asker, place.unit, place.asked, place.now, page=page)]


async def _make_progress(db: AsyncConnection, place: Place) -> Sequence[Reply]:
    found = await progress_reply(db, place.rules, place.unit, place.asked, place.now, year=place.number or None)
    return [found] if found is not None else [views.no_plan(place.unit)]


async def progress_reply(
    db: AsyncConnection, rules: Rules, unit: Unit, asked: Asked, now: datetime, *, year: int | None
) -> Reply | None:
    """How far a unit is from the targets of its plan, or those of a year; None where no plan governs it."""
    today = rules.today(now)
    found = await summary.read_targets(db, unit, asked, plans=rules.plans, today=today, year=year)
    years: list[int] = []
    if found is None:
        held = await summary.find_holder(db, unit, rules.plans)
        if held is None:
            return None
        known = find_targets(held[0], asked.form.id, today)
        years = sorted({int(target.horizon) for target, _ in known if target.horizon.isdecimal()})
    return views.progress_answer(found, unit, year, years)


async def summary_reply(
    db: AsyncConnection,
    rules: Rules,
    asker: Asker,
    unit: Unit,
    asked: Asked,
    now: datetime,
    *,
    page: int = 0,
    edits: int | None = None,
) -> Reply:
    """/tonghop of a unit, for somebody who may see it."""
    today = rules.today(now)
    above = await units.find_unit_by_id(db, unit.parent_id) if unit.parent_id is not None else None
    if above is not None and not asker.may(Right.SEE, above):
        above = None
    found = await summary.read_summary(db, unit, asked, today=today, plans=rules.plans, page=page, above=above)
    reports = await summary.list_asked(db, unit, today)
    may_nudge = asker.may(Right.SUPERVISE, unit)
    return views.summary(found, may_nudge=may_nudge, edits=edits, reports=len(reports))


async def _make_workbook(db: AsyncConnection, place: Place) -> Callable[[], Sequence[Reply]]:
    table = await summary.read_table(db, place.unit, place.asked)
    today = place.rules.today(place.now)

    def make() -> Sequence[Reply]:
        content = workbook.make_workbook(sheets.table_book(table, today=today, zone=place.rules.zone))
        caption = views.workbook_caption(table.unit, table.asked, table.completeness, left_out=table.left_out)
        return [views.document(caption, content, views.file_name(table.unit, table.asked, "xlsx"), key=place.key)]

    return make


async def _make_csv(db: AsyncConnection, place: Place) -> Callable[[], Sequence[Reply]]:
    table = await summary.read_table(db, place.unit, place.asked)
    today = place.rules.today(place.now)

    def make() -> Sequence[Reply]:
        content = workbook.make_csv(sheets.table_book(table, today=today, zone=place.rules.zone))
        caption = views.picture_caption(table.unit, table.asked)
        return [views.document(caption, content, views.file_name(table.unit, table.asked, "csv"), key=place.key)]

    return make


async def _make_year(db: AsyncConnection, place: Place) -> Callable[[], Sequence[Reply]]:
    series = await summary.read_series(db, place.unit, place.asked)
    parent_id = place.unit.parent_id
    above = await units.find_unit_by_id(db, parent_id) if parent_id is not None else None
    today = place.rules.today(place.now)

    def make() -> Sequence[Reply]:
        book = sheets.year_book(place.unit, above, place.asked.form, series, today=today)
        caption = views.year_caption(place.unit, place.asked)
        name = views.file_name(place.unit, place.asked, "xlsx").replace(".xlsx", "_12-thang.xlsx")
        return [views.document(caption, workbook.make_workbook(book), name, key=place.key)]

    return make


async def _make_charts(db: AsyncConnection, place: Place) -> Callable[[], Sequence[Reply]]:
    unit, asked = place.unit, place.asked
    pictures = await _pictures(db, place)
    caption = views.picture_caption(unit, asked)

    def make() -> Sequence[Reply]:
        drawn = [draw() for draw in pictures]
        if not drawn:
            return [views.nothing_to_draw()]
        return [views.picture(caption, content, key=place.key) for content in drawn]

    return make


async def _pictures(db: AsyncConnection, place: Place) -> list[Callable[[], bytes]]:
    unit, asked, today = place.unit, place.asked, place.rules.today(place.now)
    found: list[Callable[[], bytes]] = []
    whole = await summary.read_summary(db, unit, asked, today=today, plans=place.rules.plans)
    if asked.campaign is None and summary.has_movement(asked.form):
        series = await summary.read_series(db, unit, asked)
        if any(each is not None for _, each in series):
            level = summary.find_level(whole.targets)
            if level is not None and whole.targets is not None:
                picture = sheets.progress_picture(unit, whole.targets, level, series)
                found.append(lambda: charts.draw_progress(picture))
            movement = sheets.movement_picture(unit, series, await summary.read_level(db, unit, asked))
            found.append(lambda: charts.draw_movement(movement))
    draw = await _completeness(db, place)
    if draw is not None:
        found.append(draw)
    return found


async def _completeness(db: AsyncConnection, place: Place) -> Callable[[], bytes] | None:
    children, count = await summary.read_children(db, place.unit, place.asked, most=charts.MOST_BARS)
    if not children:
        return None
    received = await summary.read_completeness(db, place.unit, place.asked)
    picture = sheets.completeness_picture(place.unit, place.asked.period, received, children, all_children=count)
    return lambda: charts.draw_completeness(picture)


async def _make_digest(db: AsyncConnection, place: Place) -> Callable[[], Sequence[Reply]]:
    unit, asked, today = place.unit, place.asked, place.rules.today(place.now)
    whole = await summary.read_summary(db, unit, asked, today=today, plans=place.rules.plans)
    if not whole.completeness.expected:
        return list
    table = await summary.read_table(db, unit, asked)
    draw = await _completeness(db, place)
    buttons = views.morning_buttons(unit.id, asked, whole.completeness)

    def make() -> Sequence[Reply]:
        content = workbook.make_workbook(sheets.table_book(table, today=today, zone=place.rules.zone))
        caption = views.workbook_caption(unit, asked, table.completeness, left_out=table.left_out)
        name = views.file_name(unit, asked, "xlsx")
        said = Reply(views.morning(whole), buttons, kind=Kind.BROADCAST)
        if draw is not None:
            said = replace(views.picture(said.text, draw(), key=place.key, kind=Kind.BROADCAST), buttons=buttons)
        return [said, views.document(caption, content, name, key=place.key, kind=Kind.BROADCAST)]

    return make


_MAKERS: Final[dict[str, Make]] = {
    "summary": _make_summary,
    "progress": _make_progress,
    "workbook": _make_workbook,
    "csv": _make_csv,
    "year": _make_year,
    "charts": _make_charts,
    "digest": _make_digest,
}


async def _nudge(database: Database, rules: Rules, settings: Settings, errand: Errand, now: datetime) -> None:
    """Remind many, some in each transaction, so that nobody else waits for long."""
    looked_at, told = 0, None
    while True:
        async with database.write() as db:
            place = await _place(db, rules, settings, errand, now)
            if place is None:
                break
            by = await access.get_acting_id(db, place.asker, now)
            found = await summary.nudge_missing(db, rules, place.unit, place.asked, now, by=by, skip=looked_at)
        if found is None:
            break
        some, count = found
        looked_at += count
        told = some if told is None else summary.add_nudged(told, some)
        if count < summary.NUDGED_AT_ONCE:
            break
    if place is None:
        said = _gone(errand)
    else:
        said = [views.nudged_all(told, place.asked) if told is not None else Reply(views.nothing_to_nudge())]
    await _finish(database, errand, said, now, None)


# Digests -------------------------------------------------------------------------------------------------------------


def make_digests(rules: Rules) -> Callable[[Database, datetime], Awaitable[None]]:
    """On the morning after a due date, has each supervisor's digest made: the picture and the workbook attached."""
    done: set[str] = set()

    async def tick(database: Database, now: datetime) -> None:
        local = now.astimezone(rules.zone)
        if not MORNING <= local.time() < EVENING or rules.quiet.covers(local.time()):
            return
        today = local.date()
        async with database.read() as db:
            if not await summary.has_due_yesterday(db, today):
                return
            supervisors = [(each.person_id, each.unit_id) for each in await reminder_recipients.list_supervisors(db)]
            mornings = await summary.list_mornings(db, today, supervisors, today - timedelta(days=1))
        new = [each for each in mornings if each.key not in done]
        for start in range(0, len(new), 200):
            async with database.write() as db:
                for each in new[start : start + 200]:
                    telegram_id = each.chat_id
                    details = {"person": telegram_id, "unit": each.unit_id, "report": each.asked.code}
                    await errands.add(db, "digest", each.chat_id, details, now, key=each.key)
            done.update(each.key for each in new[start : start + 200])

    return tick


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove what waits for somebody, and the questions they passed on."""
    await errands.forget_chat(db, telegram_id)
    await relays.forget_person(db, telegram_id)


__all__ = ["ask_aside", "forget", "make_digests", "make_tick", "progress_reply", "register", "summary_reply"]
