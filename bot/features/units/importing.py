"""Unit files taken in, in whole or not at all, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.units.changes import UnitChanges, WantedRole, decide_import
from bot.features.units.troubles import FileNote, RowProblem, RowSpot
from bot.features.units.unit_files import UnitFile
from bot.features.units.within import Reach
from knowledge.model.units import UnitKind
from storage import audit, people, units
from storage.people import Person, Role, RoleName
from storage.units import Unit, code_key, fold_name


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, or would have done where `is_done` is False.

    Attributes:
        added, changed, unchanged: counts of units; `moved` of those changed that got another parent.
        roles: roles given; `people` of them to somebody new.
        ended: rows whose officer had that role once and lost it: it is not given back by a file.
        reports_since: the day from which the new units owe their reports; None where nothing was done.
        roots: units that are new at the top of the tree, none above them: code and name.
        problems: what was refused and why, in the order of the file.
        notes: what whoever brought the file should know.
    """

    is_done: bool
    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    roles: int = 0
    people: int = 0
    ended: tuple[RowSpot, ...] = ()
    reports_since: date | None = None
    roots: tuple[tuple[str, str], ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[FileNote, ...] = ()


def find_new_roots(change: UnitChanges, existing: Sequence[Unit]) -> tuple[tuple[str, str], ...]:
    """The units that the file puts at the top of the tree and that do not stand there yet: code and name. Pure."""
    known = {code_key(unit.code): unit for unit in existing}
    found = []
    for key, wanted in (change.new | change.updated).items():
        unit = known.get(key)
        if change.parents[key] is None and (unit is None or unit.parent_id is not None):
            found.append((wanted.code, wanted.name or (unit.name if unit is not None else "")))
    return tuple(found)


async def foresee_import(
    db: AsyncConnection, table: UnitFile, reach: Reach | None = None
) -> tuple[Sequence[Unit], UnitChanges]:
    """The tree as it is, and what the file means for it; changes nothing. `reach` is as in `import_units`."""
    existing = await units.list_all(db)
    return existing, decide_import(table, existing, reach)


async def import_units(
    db: AsyncConnection,
    table: UnitFile,
    *,
    now: datetime,
    today: date,
    partial: bool = False,
    by: int | None = None,
    reach: Reach | None = None,
    foreseen: tuple[Sequence[Unit], UnitChanges] | None = None,
) -> ImportOutcome:
    """Take a unit file in: everything, or nothing where any row is refused; with `partial` what is not refused.

    Units that the file does not name stay as they are; so do roles. New units owe their reports from `today` on.

    Args:
        reach: the units that whoever brought the file manages; None for all. Nobody known is renamed by a file of such.
        foreseen: what `foresee_import` found before this transaction began, so that nobody waits for it to be decided.
    """
    await units.lock_tree(db)
    existing = await units.list_all(db)
    change = foreseen[1] if foreseen is not None and foreseen[0] == existing else decide_import(table, existing, reach)
    problems = tuple(change.problems)
    if problems and not partial:
        return ImportOutcome(is_done=False, problems=problems, notes=table.notes)
    ids = {code_key(unit.code): unit.id for unit in existing}
    ids |= dict(zip(change.new, await units.take_ids(db, len(change.new)), strict=True))
    added, changed, moved = await _write_units(db, change, existing, ids, today)
    roles, new_people, ended = await _write_officers(db, change, ids, now, renames=reach is None)
    done = ImportOutcome(
        is_done=True,
        added=added,
        changed=changed,
        moved=moved,
        unchanged=len(change.updated) - changed,
        roles=roles,
        people=new_people,
        ended=tuple(ended),
        reports_since=today,
        roots=find_new_roots(change, existing),
        problems=problems,
        notes=table.notes,
    )
    details = {"added": added, "changed": changed, "moved": moved, "roles": roles, "refused": len(problems)}
    unit_id = reach.tops[0].id if reach is not None and reach.tops else None
    await audit.note(db, "units.imported", now, by=by, unit_id=unit_id, details=details)
    return done


async def _write_units(
    db: AsyncConnection, change: UnitChanges, existing: Sequence[Unit], ids: Mapping[str, int], today: date
) -> tuple[int, int, int]:
    """Add and change units; how many were added, changed, and moved."""
    parents = {key: parent for key, parent in change.parents.items() if key in ids}
    paths: dict[str, str] = {}
    for key in parents:
        walk = []
        at: str | None = key
        while at is not None and at not in paths:
            walk.append(at)
            at = parents[at]
        path = paths[at] if at is not None else "/"
        for each in reversed(walk):
            path = f"{path}{ids[each]}/"
            paths[each] = path

    def parent_id(key: str) -> int | None:
        above = parents[key]
        return ids[above] if above is not None else None

    fresh = [
        Unit(
            id=ids[key],
            code=wanted.code,
            name=wanted.name or wanted.code,
            kind=wanted.kind or UnitKind.PRIVATE,
            parent_id=parent_id(key),
            plan=wanted.plan or None,
            path=paths[key],
            registered_on=today,
        )
        for key, wanted in change.new.items()
    ]
    await units.insert_all(db, fresh)
    rewritten: list[Unit] = []
    changed = moved = 0
    for unit in existing:
        key = code_key(unit.code)
        wanted = change.updated.get(key)
        before = (unit.code, unit.name, unit.kind, unit.plan)
        after = before
        if wanted is not None:
            plan = unit.plan if wanted.plan is None else wanted.plan or None
            after = (wanted.code, wanted.name or unit.name, wanted.kind or unit.kind, plan)
        above, path = parent_id(key), paths[key]
        is_moved = above != unit.parent_id
        if after != before or is_moved or path != unit.path:
            code, name, kind, plan = after
            rewritten.append(replace(unit, code=code, name=name, kind=kind, plan=plan, parent_id=above, path=path))
        changed += after != before or is_moved
        moved += is_moved
    await units.update_all(db, rewritten)
    return len(fresh), changed, moved


async def _write_officers(
    db: AsyncConnection, change: UnitChanges, ids: Mapping[str, int], now: datetime, *, renames: bool
) -> tuple[int, int, list[RowSpot]]:
    """Add people and give roles; how many roles, how many new people, and the rows whose role was ended before."""
    if not change.officers:
        return 0, 0, []
    known = {person.phone: person for person in await people.list_all(db) if person.phone}
    roles = await people.list_all_roles(db)
    mended = _find_mended(change.officers, ids, known, roles) if renames else {}
    for phone, whose in mended.items():
        await people.change(db, whose.id, phone=phone)
        known[phone] = replace(known.pop(whose.phone or ""), phone=phone)
    new_names: dict[str, str] = {}
    renamed: dict[int, str] = {}
    for officer in change.officers:
        person = known.get(officer.phone)
        if person is None:
            new_names[officer.phone] = new_names.get(officer.phone) or officer.name
        elif renames and officer.name and officer.name != person.name:
            renamed[person.id] = officer.name
    await people.insert_all(db, [(name, phone) for phone, name in new_names.items()], now)
    await people.rename_all(db, list(renamed.items()))
    holders: dict[str, Person] = known
    if new_names:
        holders = {person.phone: person for person in await people.list_all(db) if person.phone}
    held = {(role.person_id, role.unit_id, role.role) for role in roles}
    ended_before = await people.list_all_ended(db)
    given: list[tuple[int, int, RoleName]] = []
    ended: list[RowSpot] = []
    for officer in change.officers:
        role = (holders[officer.phone].id, ids[officer.code], officer.role)
        if role in held:
            continue
        if role in ended_before:
            ended.append(officer.spot)
            continue
        held.add(role)
        given.append(role)
    await people.grant_all(db, given, now)
    return len(given), len(new_names), ended


def _find_mended(
    officers: Sequence[WantedRole], ids: Mapping[str, int], known: Mapping[str, Person], roles: Sequence[Role]
) -> dict[str, Person]:
    """Whose number was put right, by the new number: who holds that role at that unit under that name, has not joined,
    and stands in the file under no other number. Else the mistyped number would still let its owner in.
    """
    named = {officer.phone for officer in officers}
    waiting = {each.id: each for each in known.values() if each.telegram_id is None and each.phone not in named}
    holders: dict[tuple[int, RoleName, str], set[int]] = defaultdict(set)
    for role in roles:
        if role.person_id in waiting:
            holders[role.unit_id, role.role, fold_name(waiting[role.person_id].name)].add(role.person_id)
    found: dict[str, Person] = {}
    for officer in officers:
        own = holders.get((ids[officer.code], officer.role, fold_name(officer.name)), set())
        if officer.phone not in known and officer.name and len(own) == 1:
            found.setdefault(officer.phone, waiting[next(iter(own))])
    taken = Counter(person.id for person in found.values())
    return {phone: person for phone, person in found.items() if taken[person.id] == 1}
