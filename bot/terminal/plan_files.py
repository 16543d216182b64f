"""Plans from the terminal: what is known of them, files checked and taken in, written out, and their life.

Whatever is refused leaves everything as it was, and ends in one sentence with its mend.
"""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.features.plans import changes
from bot.features.units.unit_files import find_plan_id
from bot.road.clock import Clock, system_clock
from bot.settings import Settings
from bot.terminal.known_plans import has_database, list_stored
from knowledge.catalogue import checking, make_catalogue
from knowledge.catalogue.checking import check_plan
from knowledge.catalogue.mending import nearest
from knowledge.catalogue.plan_files import parse_plan, write_plan
from knowledge.errors import CatalogueError
from knowledge.glossary import load_glossary
from knowledge.model.plans import Plan, PlanState
from knowledge.model.stored_plans import PlanStatus, StoredPlan
from knowledge.plans import load_plans
from storage import plans
from storage.engine import Database
from storage.plans import PlanRefusal, PlanRefusedError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_BYTES: Final = 4_000_000
"""A file larger than this is no plan."""

_STATUS: Final = {
    PlanStatus.READ: "read, not approved",
    PlanStatus.IN_FORCE: "in force",
    PlanStatus.REPLACED: "replaced",
    PlanStatus.WITHDRAWN: "withdrawn",
}


class PlanFileError(Exception):
    """A file is no plan, or a change does not fit what became of a plan; nothing was changed."""

    for_operator = True


@dataclass(frozen=True, slots=True)
class _Change:
    """One transaction, with its moment and the local day."""

    db: AsyncConnection
    now: datetime
    today: date


# --- What is known ---------------------------------------------------------------------------------------------------


async def describe_plans(settings: Settings, clock: Clock = system_clock) -> list[str]:
    """One line for each plan with its state: those that answers come from, then those that wait or were withdrawn."""
    stored = await list_stored(settings)
    catalogue = make_catalogue(load_plans(), stored, _today(settings, clock()))
    shipped = {plan.id: plan for plan in load_plans()}
    speaking = {plan.id for plan in catalogue}
    lines = [_line(plan, _state_of(plan)) for plan in catalogue]
    for row in stored:
        plan = row.plan or shipped.get(row.plan_id)
        if plan is not None and (row.status is PlanStatus.READ or row.plan_id not in speaking):
            lines.append(_line(plan, _describe_status(row)))
    return lines


async def export_plan(settings: Settings, wanted: str) -> str:
    """A plan as the text of a TOML file; where one of its id waits to be approved, that one.

    Raises:
        PlanFileError: there is no such plan.
        DatabaseRefusedError: the database cannot be opened.
    """
    known = _by_id(await list_stored(settings))
    return write_plan(known[_find_id(wanted, known)])


async def check_files(settings: Settings, files: Sequence[Path], clock: Clock = system_clock) -> list[str]:
    """What is wrong with files of plans, one sentence for each that cannot be taken in; nothing is stored.

    Raises:
        DatabaseRefusedError: the database cannot be opened.
    """
    stored = await list_stored(settings)
    others = changes.list_others(stored, _today(settings, clock()))
    checked: dict[str, tuple[Path, Plan]] = {}
    problems = []
    for file in files:
        try:
            plan = parse_plan(str(file), _decode(file, _read(file)))
            check_plan(str(file), plan, (*others, *(other for _, other in checked.values())), load_glossary())
            _check_content(file, plan, stored, checked.setdefault(plan.id, (file, plan)))
        except (PlanFileError, CatalogueError) as error:
            problems.append(str(error))
    return problems


def list_notes(files: Sequence[Path]) -> list[str]:
    """What may be slips in files of plans that can be read, one sentence each; none is a reason to refuse a file."""
    notes: list[str] = []
    for file in files:
        with suppress(PlanFileError, CatalogueError):
            notes += checking.list_notes(str(file), parse_plan(str(file), _decode(file, _read(file))))
    return notes


def _check_content(file: Path, plan: Plan, stored: Sequence[StoredPlan], first: tuple[Path, Plan]) -> None:
    """Raise where `add` would refuse the id, since another content has it: one that is stored, or the first file's."""
    for row in stored:
        if row.plan_id == plan.id and row.plan not in {None, plan} and row.status is not PlanStatus.WITHDRAWN:
            why = _explain(PlanRefusedError(PlanRefusal.KNOWN_ALREADY, plan.id), row)
            raise PlanFileError(f"{file}: $.id: {why}")
    if plan != first[1]:
        raise PlanFileError(f"{file}: $.id: {plan.id} is the id of {first[0]} too; give it one of its own")


def _by_id(stored: Sequence[StoredPlan]) -> dict[str, Plan]:
    """Every plan with a content, whatever became of it; of two contents the one that waits."""
    known = {plan.id: plan for plan in load_plans()}
    settled_first = sorted(stored, key=lambda row: row.status is PlanStatus.READ)
    return known | {row.plan_id: row.plan for row in settled_first if row.plan is not None}


def _find_id(wanted: str, known: Mapping[str, Plan]) -> str:
    found = wanted if wanted in known else find_plan_id(wanted, known.values())
    if found is None:
        slip = nearest(wanted, known)
        raise PlanFileError(f"no plan {wanted!r}; {slip or 'troly plans list shows those that are known'}")
    return found


def _line(plan: Plan, state: str) -> str:
    issued = f"{plan.issued_on:%d/%m/%Y}" if plan.issued_on else "no date"
    counts = f"{len(plan.targets)} targets, {len(plan.deadlines)} deadlines, {len(plan.given_tasks)} tasks"
    return f"{plan.id:20}  {plan.citation}, {issued}, {state}: {counts}"


def _state_of(plan: Plan) -> str:
    match plan.state:
        case PlanState.ENDED:
            return f"ended with {plan.covers_to}"
        case PlanState.REPLACED:
            return f"replaced by {plan.replaced_by}" if plan.replaced_by else "replaced"
        case PlanState.ISSUER_REORGANISED:
            return "issuer reorganised"
        case PlanState.IN_FORCE:
            return "in force"


def _describe_status(row: StoredPlan) -> str:
    match row.status:
        case PlanStatus.READ:
            return "read, not approved"
        case PlanStatus.WITHDRAWN:
            return "withdrawn"
        case PlanStatus.REPLACED:
            return f"replaced by {row.replaced_by}"
        case PlanStatus.IN_FORCE:
            return f"in force from {row.in_force_from:%d/%m/%Y}" if row.in_force_from else "in force"


# --- Files in --------------------------------------------------------------------------------------------------------


async def add_file(
    settings: Settings, file: Path, *, approve: bool, replaces: str | None = None, clock: Clock = system_clock
) -> str:
    """Take a plan's file in, beside a running bot; the database is made where there is none yet. Says what was done.

    Args:
        approve: put it in force at once, from its own date; also where it was added before.
        replaces: the id or number of the plan in whose place it is then.

    Raises:
        PlanFileError: the file is no plan, does not fit those that are known, or its id is that of another content.
        DatabaseRefusedError: the database cannot be opened.
    """
    content = _read(file)
    try:
        plan = parse_plan(str(file), _decode(file, content))
    except CatalogueError as error:
        raise PlanFileError(str(error)) from None
    if replaces is None and plan in load_plans() and not has_database(settings):
        return f"{plan.id} comes with the program with the same content; nothing changed"
    stored = await list_stored(settings)
    old_id = _find_id(replaces, _by_id(stored)) if replaces is not None else None
    others = changes.list_others(stored, _today(settings, clock()))
    try:
        check_plan(str(file), plan, others, load_glossary(), replaces=[old_id] if old_id is not None else ())
    except CatalogueError as error:
        raise PlanFileError(str(error)) from None
    async with _changing(settings, clock) as change:
        status = await _find_same(change, plan)
        if status is None:
            await changes.add(change.db, plan, change.today, file=(file.name, content), by=None, now=change.now)
        return await _go_on(change, plan, status, approve=approve, old_id=old_id)


async def _find_same(change: _Change, plan: Plan) -> PlanStatus | None:
    """What became of this very content; None where it is to be added, as it is again after it was withdrawn."""
    found = await plans.find_plan(change.db, plan.id)
    status = found.status if found is not None else PlanStatus.IN_FORCE
    content = found.plan if found is not None else None
    known = content or next((shipped for shipped in load_plans() if shipped.id == plan.id), None)
    return status if plan == known and status is not PlanStatus.WITHDRAWN else None


async def _go_on(change: _Change, plan: Plan, status: PlanStatus | None, *, approve: bool, old_id: str | None) -> str:
    """Approve what is added now or was before, where that is wanted."""
    instead = f", in the place of {old_id}" if old_id is not None else ""
    if not approve:
        if status is None:
            return f"{plan.id}: read, to be approved: in the chat, or by troly plans add … --approve"
        return f"{plan.id} is known already with the same content ({_STATUS[status]}); nothing changed"
    if status in {None, PlanStatus.READ}:
        found = await changes.approve(change.db, plan.id, change.today, replaces=old_id, by=None, now=change.now)
        return f"{plan.id}: {_describe_status(found)}{instead}"
    if status is PlanStatus.REPLACED:
        raise PlanRefusedError(PlanRefusal.NOT_READ, plan.id)
    old = await plans.find_plan(change.db, old_id) if old_id is not None else None
    if old_id is None or (old is not None and old.replaced_by == plan.id):
        return f"{plan.id} is in force already with the same content{instead}; nothing changed"
    await changes.replace(change.db, old_id, plan.id, change.today, by=None, now=change.now)
    return f"{plan.id} was in force already with the same content; now{instead.removeprefix(',')}"


# --- What becomes of plans -------------------------------------------------------------------------------------------


async def replace_plan(settings: Settings, old: str, new: str, clock: Clock = system_clock) -> str:
    """Let one plan in force, named by id or number, stand in the place of another. Says what was done.

    Raises:
        PlanFileError: one of them is unknown or not in force, or they would replace each other.
        DatabaseRefusedError: the database cannot be opened.
    """
    known = _by_id(await list_stored(settings))
    old_id, new_id = _find_id(old, known), _find_id(new, known)
    async with _changing(settings, clock) as change:
        await changes.replace(change.db, old_id, new_id, change.today, by=None, now=change.now)
        return f"{old_id} is replaced by {new_id}; troly plans withdraw {new_id} takes that back"


async def withdraw_plan(settings: Settings, wanted: str, clock: Clock = system_clock) -> str:
    """Take a plan out of force and bring back what it replaced; drop one that waits to be approved. Says what was done.

    Raises:
        PlanFileError: it is unknown or not in force.
        DatabaseRefusedError: the database cannot be opened.
    """
    plan_id = _find_id(wanted, _by_id(await list_stored(settings)))
    async with _changing(settings, clock) as change:
        found = await plans.find_plan(change.db, plan_id)
        if found is not None and found.status is PlanStatus.READ:
            await plans.discard(change.db, plan_id, by=None, now=change.now)
            return f"{plan_id} was read and not approved; it is dropped"
        back = await changes.withdraw(change.db, plan_id, change.today, by=None, now=change.now)
        brought = f"; in force again: {', '.join(back)}" if back else ""
        return f"{plan_id} is withdrawn{brought}; troly plans restore {plan_id} takes that back"


async def restore_plan(settings: Settings, wanted: str, clock: Clock = system_clock) -> str:
    """Take a withdrawal back. Says what was done.

    Raises:
        PlanFileError: the plan is unknown or was not withdrawn, or does not fit those that are known by now.
        DatabaseRefusedError: the database cannot be opened.
    """
    plan_id = _find_id(wanted, _by_id(await list_stored(settings)))
    async with _changing(settings, clock) as change:
        again = await changes.restore(change.db, plan_id, change.today, by=None, now=change.now)
        replaced = f"; replaced by it again: {', '.join(again)}" if again else ""
        found = await plans.find_plan(change.db, plan_id)
        assert found is not None
        return f"{plan_id}: {_STATUS[found.status]} again{replaced}"


@asynccontextmanager
async def _changing(settings: Settings, clock: Clock) -> AsyncIterator[_Change]:
    """One transaction on the plans; what is refused is told in one sentence."""
    database = await Database.open(settings.database_address)
    try:
        async with database.write() as db:
            await plans.lock(db)
            now = clock()
            try:
                yield _Change(db, now, _today(settings, now))
            except PlanRefusedError as error:
                raise PlanFileError(_explain(error, await plans.find_plan(db, error.plan_id))) from None
            except CatalogueError as error:
                raise PlanFileError(str(error)) from None
    finally:
        await database.close()


def _explain(error: PlanRefusedError, found: StoredPlan | None) -> str:
    """Why a change was refused, what the plan at fault is, and what to do instead."""
    plan_id = error.plan_id
    became = f"{plan_id} is {_describe_status(found) if found is not None else 'in force'}"
    match error.why:
        case PlanRefusal.UNKNOWN if plan_id not in {plan.id for plan in load_plans()}:
            return f"no plan {plan_id!r}; troly plans list shows those that are known"
        case PlanRefusal.KNOWN_ALREADY:
            return (
                f"{became} with another content; give the new plan an id of its own and let it replace that one,"
                f" or troly plans withdraw {plan_id} first"
            )
        case PlanRefusal.NOT_READ if found is not None and found.status is PlanStatus.REPLACED:
            return f"{became}; troly plans withdraw {found.replaced_by} brings it back"
        case PlanRefusal.NOT_READ:
            return f"{became}; it waits for no approval"
        case PlanRefusal.NOT_IN_FORCE if found is not None and found.status is PlanStatus.READ:
            return f"{became}; troly plans add … --approve puts it in force"
        case PlanRefusal.NOT_IN_FORCE if found is not None and found.status is PlanStatus.WITHDRAWN:
            return f"{became} already; troly plans restore {plan_id} takes that back"
        case PlanRefusal.NOT_IN_FORCE:
            return f"{became} already; troly plans list shows what became of every plan"
        case PlanRefusal.NOT_WITHDRAWN | PlanRefusal.UNKNOWN:
            return f"{became}, not withdrawn"
        case PlanRefusal.CIRCLE:
            return f"{plan_id} cannot be replaced by what it replaced itself, nor by itself; withdraw it instead"


def _today(settings: Settings, now: datetime) -> date:
    return now.astimezone(settings.timezone).date()


# --- Reading a file --------------------------------------------------------------------------------------------------


def _read(file: Path) -> bytes:
    try:
        found = file.stat()
        if stat.S_ISDIR(found.st_mode):
            raise PlanFileError(f"{file}: is a folder; name the file of a plan in it")
        if not stat.S_ISREG(found.st_mode):
            raise PlanFileError(f"{file}: is no file; name the file of a plan")
        if found.st_size > MOST_BYTES:
            raise PlanFileError(f"{file}: is larger than {MOST_BYTES // 1_000_000} MB, so no plan; name another file")
        return file.read_bytes()
    except OSError as error:
        raise PlanFileError(f"{file}: cannot be read ({error.strerror or error}); name another file") from None


def _decode(file: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{file}: is no UTF-8 text from byte {error.start + 1} on; save it as UTF-8") from None
    if "\0" in text:
        raise PlanFileError(f"{file}: is no text but a binary file; name the TOML file of a plan")
    return text
