"""`troly forms`: a workbook that describes a form shown and taken in, the forms known, written out, withdrawn.

Whatever is refused leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.features.forms import entering, words
from bot.features.forms.entering import FormChangedError, HeldForm
from bot.road.clock import Clock, system_clock
from bot.road.reply import to_plain
from bot.settings import Settings
from bot.terminal.known_plans import has_database
from knowledge.forms import FormBook, load_book, read_book
from knowledge.forms.workbook import FormWorkbookError, describes_form, write_form
from knowledge.glossary import load_glossary
from knowledge.model.forms import Form
from knowledge.spreadsheets.model import Sheet
from knowledge.spreadsheets.reading import read_file
from knowledge.spreadsheets.refusals import TableRefusedError
from storage import forms
from storage.engine import Database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class FormFileError(Exception):
    """A form cannot be taken in, written out or changed; the message says why, in one line."""

    for_operator = True


@dataclass(frozen=True)
class _Desk:
    """A transaction in which forms are looked at or changed."""

    db: AsyncConnection
    now: datetime
    today: date
    book: FormBook


async def import_file(
    settings: Settings, file: Path, *, approve: bool, say: Callable[[str], None], clock: Clock = system_clock
) -> str:
    """Show the form that a workbook describes through `say`, and hold it to be approved. Says what was done.

    Args:
        approve: put it in force at once, from the period that the workbook names, else the present one.

    Raises:
        FormFileError: it describes no form, or something is to be asked first.
        DatabaseRefusedError: the database cannot be opened.
    """
    glossary = load_glossary()
    sheets, content = _read(file)
    if not describes_form(sheets):
        raise FormFileError(f"{file}: no form is described there; troly forms export ID gives a workbook to begin from")
    async with _changing(settings, clock) as desk:
        try:
            described = entering.understand(sheets, glossary, desk.book)
        except FormWorkbookError as refused:
            for each in refused.refusals:
                say(words.wrong_cell(each))
            raise FormFileError(f"{file}: {len(refused.refusals)} cells to mend; nothing was kept") from None
        stored = await entering.hold(desk.db, described, (file.name, content), by=None, now=desk.now)
        held = await entering.look_at(desk.db, stored, glossary, desk.today)
        assert held is not None
        if held.doubt is not None:
            for doubt in held.described.doubts:
                say(to_plain(words.doubted(held, doubt)))
            if approve:
                raise FormFileError(f"{file}: {len(held.described.doubts)} things are to be asked first: in the chat")
            return f"{described.id}: held; what is doubtful is asked in the chat"
        say(to_plain(words.preview(held).text))
        if not approve:
            return f"{described.id}: held, to be approved: in the chat, or by troly forms import … --approve"
        form = await _approve(desk, held)
        since = f" from {form.since} on" if form.since is not None else ", for campaigns"
        return f"{form.id} is in force{since}"


def _read(file: Path) -> tuple[list[Sheet], bytes]:
    try:
        return read_file(file, _count_nothing, lambda _rows: None), file.read_bytes()
    except (TableRefusedError, OSError) as error:
        raise FormFileError(f"{file}: {error}") from None


async def _approve(desk: _Desk, held: HeldForm) -> Form:
    since = held.periods[0].period if held.periods else None
    approved = await entering.approve(desk.db, held, since, by=None, now=desk.now)
    assert approved.form is not None
    return approved.form


async def describe_forms(settings: Settings, clock: Clock = system_clock) -> list[str]:
    """One line for each form that is known, with its state, and for each that waits to be approved.

    Raises:
        DatabaseRefusedError: the database cannot be opened.
    """
    book, held = load_book(), []
    if has_database(settings):
        async with _reading(settings, clock) as desk:
            book, held = desk.book, await entering.list_held(desk.db)
    lines = [_line(form, book) for form in book.latest]
    return [*lines, *(f"{each.form_id:26}  held, to be approved" for each in held)]


def _line(form: Form, book: FormBook) -> str:
    state = f"from {form.since} on" if form.since is not None else "in force"
    if form.withdrawn_on is not None:
        state = f"withdrawn on {form.withdrawn_on:%d/%m/%Y}"
    elif form.id in book.outdated:
        state = "a later one is used in new campaigns"
    return f"{form.id:26}  {form.short}, {form.period.value}, {len(form.indicators)} rows, {state}"


async def export_form(settings: Settings, wanted: str, file: Path | None, clock: Clock = system_clock) -> Path:
    """Write the workbook that describes a form to a file, ID.xlsx where none is named. Says where it is.

    Raises:
        FormFileError: there is no such form, or the file is there already or cannot be written.
        DatabaseRefusedError: the database cannot be opened.
    """
    book = load_book()
    if has_database(settings):
        async with _reading(settings, clock) as desk:
            book = desk.book
    form = book.find(wanted)
    if form is None:
        raise FormFileError(f"no form {wanted!r}; troly forms list shows those that are known")
    target = file or Path(f"{form.id}.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise FormFileError(f"{target}: let its name end with .xlsx")
    try:
        with target.open("xb") as written:
            written.write(write_form(form, load_glossary()))
    except OSError as error:
        raise FormFileError(f"{target} cannot be written: {error.strerror or error}") from None
    return target


async def withdraw_form(settings: Settings, wanted: str, clock: Clock = system_clock) -> str:
    """Let a form ask for nothing any more; drop one that waits to be approved. Says what was done.

    Raises:
        FormFileError: it is unknown, not in force, or one that the program is built on.
        DatabaseRefusedError: the database cannot be opened.
    """
    async with _changing(settings, clock) as desk:
        held = next((each for each in await entering.list_held(desk.db) if each.form_id == wanted), None)
        try:
            if held is not None:
                await entering.discard(desk.db, held.version, by=None, now=desk.now)
                return f"{wanted} was held and not approved; it is dropped"
            await entering.withdraw(desk.db, wanted, desk.today, by=None, now=desk.now)
        except FormChangedError:
            raise FormFileError(_explain(wanted, desk.book)) from None
        return f"{wanted} is withdrawn: it asks for nothing any more, what was sent stays"


async def restore_form(settings: Settings, wanted: str, clock: Clock = system_clock) -> str:
    """Take a withdrawal back. Says what was done.

    Raises:
        FormFileError: it is unknown, or was not withdrawn.
        DatabaseRefusedError: the database cannot be opened.
    """
    async with _changing(settings, clock) as desk:
        try:
            await entering.restore(desk.db, wanted, by=None, now=desk.now)
        except FormChangedError:
            raise FormFileError(f"{wanted} was not withdrawn") from None
        return f"{wanted} is asked for again"


def _explain(wanted: str, book: FormBook) -> str:
    if wanted in entering.KEPT:
        return f"{wanted} is the form that the program is built on; it cannot be withdrawn"
    if wanted in book.versions:
        return f"{wanted} was withdrawn already"
    return f"no form {wanted!r}; troly forms list shows those that are known"


def _count_nothing(_row: object) -> int:
    """A form comes as a workbook; of a text, any column parts it."""
    return 0


@asynccontextmanager
async def _changing(settings: Settings, clock: Clock) -> AsyncIterator[_Desk]:
    """One transaction on the forms; the database is made where there is none yet."""
    database = await Database.open(settings.database_address)
    try:
        async with database.write() as db:
            await forms.lock(db)
            yield await _desk(db, settings, clock)
    finally:
        await database.close()


@asynccontextmanager
async def _reading(settings: Settings, clock: Clock) -> AsyncIterator[_Desk]:
    database = await Database.open(settings.database_address, create=False)
    try:
        async with database.read() as db:
            yield await _desk(db, settings, clock)
    finally:
        await database.close()


async def _desk(db: AsyncConnection, settings: Settings, clock: Clock) -> _Desk:
    now = clock()
    return _Desk(db, now, now.astimezone(settings.timezone).date(), read_book(await forms.list_forms(db)))
