"""Units from the terminal: import a file, write an empty one, make an invitation."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.features.people import service as people_service
from bot.features.units import words
from bot.features.units.headings import count_columns
from bot.features.units.importing import ImportOutcome, foresee_import, import_units
from bot.features.units.template import build_csv, build_template
from bot.features.units.unit_files import parse_table
from bot.road.carrier import Carrier, CarrierError
from bot.road.clock import Clock, system_clock
from bot.settings import Settings
from bot.terminal.known_plans import list_known_plans
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import due_on
from knowledge.model.periods import Period, PeriodKind
from knowledge.spreadsheets.reading import read_file
from storage.engine import Database
from storage.people import RoleName
from storage.units import find_unit, get_governing_plans

PROGRESS_EVERY = 10_000
MOST_ROOTS = 20


class TemplateRefusedError(Exception):
    """The empty unit file cannot be written; the message says why, in one line."""

    for_operator = True


class UnitUnknownError(Exception):
    """There is no unit of that code, or it was dissolved."""

    for_operator = True


@dataclass(frozen=True, slots=True)
class Invitation:
    """A fresh invitation. `link` is None where the Bot API could not be asked for the bot's name, `why` says why."""

    code: str
    link: str | None
    unit: str
    until: datetime
    why: str = ""


async def import_file(
    settings: Settings,
    file: Path,
    *,
    partial: bool,
    sheets: Sequence[str] = (),
    first: date | None = None,
    say: Callable[[str], None],
    clock: Clock = system_clock,
) -> ImportOutcome:
    """Import a unit file, beside a running bot; the database is made where there is none yet.

    Args:
        sheets: the sheets to read, whether they are hidden or not; all that are seen where none is named.
        first: the day from which new units owe their reports; today where none is given.
        say: prints a line of progress.

    Raises:
        TableRefusedError: the file cannot be read, or is no table of units.
        DatabaseRefusedError: the database cannot be opened.
    """

    def progress(rows: int) -> None:
        if rows % PROGRESS_EVERY == 0:
            say(f"{rows} rows read …")

    known = await list_known_plans(settings, clock().astimezone(settings.timezone).date())
    table = parse_table(read_file(file, count_columns, progress), known, sheets)
    say(f"{len(table.lines)} rows read; comparing with what is there …")
    database = await Database.open(settings.database_address)
    try:
        now = clock()
        since = first or now.astimezone(settings.timezone).date()
        async with database.read() as db:
            foreseen = await foresee_import(db, table)
        async with database.write() as db:
            return await import_units(db, table, now=now, today=since, partial=partial, foreseen=foreseen)
    finally:
        await database.close()


def describe_outcome(outcome: ImportOutcome) -> Iterator[str]:
    """What an import did: the sum first, then what whoever brought the file should know, which goes aside."""
    refused = len({problem.spot for problem in outcome.problems})
    yield (
        f"{outcome.added} units added, {outcome.changed} changed ({outcome.moved} moved), "
        f"{outcome.unchanged} as before; {outcome.roles} roles given, {outcome.people} new officers"
        + (f"; {count_rows(refused)} refused" if refused else "")
    )
    for code, name in outcome.roots[:MOST_ROOTS]:
        yield f"note: {code} ({name}) is new at the top of the tree: no unit is above it"
    if len(outcome.roots) > MOST_ROOTS:
        yield f"note: and {len(outcome.roots) - MOST_ROOTS} more at the top of the tree"
    if outcome.added and outcome.reports_since is not None:
        month = Period.containing(outcome.reports_since, PeriodKind.MONTH)
        due = due_on(get_form(MONTHLY_FORM), month)
        yield f"note: new units report from {month.start:%m/%Y} on, due {due:%d/%m/%Y}; --since YYYY-MM begins earlier"


def count_rows(count: int) -> str:
    """1 row, 2 rows."""
    return f"{count} {'row' if count == 1 else 'rows'}"


def write_template(file: Path) -> None:
    """Write the empty unit file.

    Raises:
        TemplateRefusedError: its name ends with neither .xlsx nor .csv, there is such a file already, or it cannot be
            written.
    """
    build = {".xlsx": build_template, ".csv": build_csv}.get(file.suffix.lower())
    if build is None:
        raise TemplateRefusedError(f"{file}: let its name end with .xlsx or .csv")
    part = file.with_name(f".{file.name}.part-{os.getpid()}")
    try:
        if file.exists():
            raise TemplateRefusedError(f"{file} is there already; choose another name")
        part.write_bytes(build(words.template()))
        part.replace(file)
    except OSError as error:
        raise TemplateRefusedError(f"{file} cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


async def make_invitation(
    settings: Settings, code: str, role: RoleName, days: int, *, clock: Clock = system_clock
) -> Invitation:
    """A one-time invitation to a unit, made by the operator.

    Raises:
        UnitUnknownError: there is no such unit, or it was dissolved.
        DatabaseRefusedError: the database cannot be opened.
    """
    database = await Database.open(settings.database_address, create=False)
    try:
        now = clock()
        async with database.write() as db:
            unit = await find_unit(db, code)
            if unit is None:
                raise UnitUnknownError(f"no unit {code!r} (troly units import FILE brings units in)")
            if not unit.is_active(now.astimezone(settings.timezone).date()):
                raise UnitUnknownError(f"unit {unit.code} was dissolved; nobody can be invited there")
            made = await people_service.make_invite(db, unit, role, now, by=None, days=days)
    finally:
        await database.close()
    name, why = await _find_bot_name(settings)
    link = f"https://t.me/{name}?start={made}" if name else None
    return Invitation(made, link, unit.name, now + timedelta(days=days), why)


async def _find_bot_name(settings: Settings) -> tuple[str | None, str]:
    """The bot's user name, as the Bot API tells it; None and why not."""
    if settings.telegram_bot_token is None:
        return None, "TELEGRAM_BOT_TOKEN is not set"
    carrier = Carrier(settings.telegram_api_url, settings.token, proxy=settings.proxy)
    try:
        me = await carrier.call("getMe", timeout=10)
    except CarrierError as error:
        return None, f"the Bot API cannot be asked ({error})"
    finally:
        await carrier.close()
    return str(me["username"]), ""


async def find_plans_of_unit(settings: Settings, code: str) -> tuple[str, ...]:
    """The ids of the plans that govern a unit, the nearest level first.

    Raises:
        UnitUnknownError: there is no unit of that code.
        DatabaseRefusedError: there is no database, or it cannot be opened.
    """
    database = await Database.open(settings.database_address, create=False)
    try:
        async with database.read() as db:
            unit = await find_unit(db, code)
            if unit is None:
                raise UnitUnknownError(f"no unit {code!r} (troly units import FILE brings units in)")
            return await get_governing_plans(db, unit.id)
    finally:
        await database.close()
