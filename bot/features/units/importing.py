"""Unit files: read, checked row by row against the tree that is there, and taken in whole or not at all.

`parse_table` and `decide_import` are pure; `import_units` joins them to the database in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.units.tables import HEADER_WITHIN, Row, TableRefusedError
from knowledge.model.plans import Plan
from knowledge.model.units import UnitKind
from knowledge.phones import parse_phone
from knowledge.units import UNIT_KIND_SHORT, parse_unit_kind
from storage import audit, people, units
from storage.people import Person, RoleName
from storage.units import DEEPEST, Unit, code_key, fold_name

COLUMNS: Final = ("code", "parent", "name", "kind", "plan", "officer", "phone", "role")

# Headings without marks, case and signs.
_HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("code", "ma", "ma don vi", "ma dv", "ma so", "ma cong doan", "ma cdcs", "unit code", "unit"),
    "parent": (
        *("parent", "cap tren", "ma cap tren", "ma don vi cap tren", "don vi cap tren", "ma dv cap tren", "truc thuoc"),
        *("cong doan cap tren", "ma cong doan cap tren", "parent code", "thuoc", "ma truc thuoc"),
    ),
    "name": ("name", "ten", "ten don vi", "ten dv", "don vi", "ten cong doan", "ten cdcs", "ten cong doan co so"),
    "kind": ("kind", "loai hinh", "loai", "loai hinh don vi", "loai don vi", "type"),
    "plan": ("plan", "ke hoach", "so ke hoach", "ke hoach ap dung", "ma ke hoach"),
    "officer": (
        *("officer", "can bo", "ho ten", "ho va ten", "ten can bo", "ho ten can bo", "ho va ten can bo"),
        *("nguoi phu trach", "can bo phu trach", "can bo cong doan"),
    ),
    "phone": (
        *("phone", "dien thoai", "so dien thoai", "sdt", "dt", "so dt", "di dong", "so di dong", "dtdd", "mobile"),
        *("tel", "dien thoai di dong", "so dien thoai di dong"),
    ),
    "role": ("role", "vai tro", "quyen", "nhiem vu"),
}  # fmt: skip
_COLUMN_OF: Final = {heading: column for column, headings in _HEADINGS.items() for heading in headings}

_ROLES: Final[dict[RoleName, tuple[str, ...]]] = {
    RoleName.OFFICER: ("officer", "can bo", "can bo nhap lieu", "nhap lieu", "nguoi nhap", "can bo cdcs"),
    RoleName.SUPERVISOR: (
        *("supervisor", "phu trach", "can bo phu trach", "giam sat", "cap tren", "can bo cap tren"),
        *("theo doi", "tong hop", "can bo tong hop", "lanh dao"),
    ),
    RoleName.ADMIN: ("admin", "quan tri", "quan tri vien", "administrator"),
}  # fmt: skip
_ROLE_OF: Final = {words: role for role, written in _ROLES.items() for words in written}

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row, or the officer in it, is refused. `row` counts from 1 as in the file; `column` is one of COLUMNS."""

    row: int
    column: str
    says: str

    def __str__(self) -> str:
        """One line for the operator."""
        return f"row {self.row}, column {self.column}: {self.says}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a unit file, each cell understood as far as it goes."""

    number: int
    code: str
    parent: str
    name: str
    kind: UnitKind | None
    plan: str
    officer: str
    phone: str | None
    role: RoleName | None
    unit_refused: bool = False
    officer_refused: bool = False

    @property
    def names_officer(self) -> bool:
        """Whether it is about an officer too."""
        return bool(self.officer or self.phone) or self.officer_refused


@dataclass(frozen=True, slots=True)
class Table:
    """What a unit file says. `columns` are those it has; a unit's value in an absent column stays as it is."""

    columns: frozenset[str]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit as the file wants it; None stays as it is (or is what a new unit has by itself)."""

    row: int
    code: str
    parent: str | None
    name: str | None
    kind: UnitKind | None
    plan: str | None


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's role as the file wants it."""

    row: int
    code: str
    name: str
    phone: str
    role: RoleName


@dataclass(slots=True)
class Change:
    """What an import comes to: units by the key of their code, officers, and what was refused."""

    parents: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, Wanted] = field(default_factory=dict)
    updated: dict[str, Wanted] = field(default_factory=dict)
    officers: list[Officer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would have done where `is_done` is False.

    Attributes:
        added, changed, unchanged: counts of units; `moved` of those changed that got another parent.
        roles: roles given; `people` of them to somebody new.
        ended: rows whose officer had that role once and lost it: it is not given back by a file.
        problems: what was refused and why, in the order of the file.
    """

    is_done: bool
    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    roles: int = 0
    people: int = 0
    ended: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


def find_plan_id(text: str, plans: Collection[Plan]) -> str | None:
    """The id of the plan that a number or an id means; case, blanks and kinds of hyphen do not count. Pure."""
    wanted = _plan_key(text)
    for plan in plans:
        if wanted in (_plan_key(plan.id), _plan_key(plan.number or "")):
            return plan.id
    return None


def _plan_key(text: str) -> str:
    return "".join(text.replace("–", "-").replace("‑", "-").replace("—", "-").upper().split())


@cache
def _kind_of(text: str) -> UnitKind | None:
    return parse_unit_kind(text)


def _header(row: Row) -> dict[str, int] | None:
    """The place of each column, where this row is a header; raises where one stands twice."""
    places: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        column = _COLUMN_OF.get(fold_name(cell)) or _COLUMN_OF.get(fold_name(cell.partition("(")[0]))
        if column is None:
            continue
        if column in places:
            raise TableRefusedError(f"row {row.number}: two columns are headed {column}; leave one of them")
        places[column] = place
    return places if "code" in places and len(places) > 1 else None


def parse_table(sheets: Iterable[Iterator[Row]], plans: Collection[Plan], progress: Progress | None = None) -> Table:
    """What a unit file says, from the first sheet with a header row. Pure but for reading `sheets`.

    Raises:
        TableRefusedError: no sheet has a header row, or there is nothing below it.
    """
    for rows in sheets:
        for row in rows:
            if row.number > HEADER_WITHIN:
                break
            places = _header(row)
            if places is not None:
                return _parse_rows(rows, places, plans, progress)
    raise TableRefusedError(
        f"no header row in the first {HEADER_WITHIN} rows: the columns are {', '.join(COLUMNS)}; "
        "`troly units template FILE` writes an empty file with them"
    )


def _parse_rows(
    rows: Iterator[Row], places: Mapping[str, int], plans: Collection[Plan], progress: Progress | None
) -> Table:
    lines: list[Line] = []
    problems: list[Problem] = []
    known_plans: dict[str, str | None] = {}

    def resolve(text: str) -> str | None:
        if text not in known_plans:
            known_plans[text] = find_plan_id(text, plans)
        return known_plans[text]

    for row in rows:
        if row.is_blank:
            continue
        cells = {column: row.cells[place] for column, place in places.items() if place < len(row.cells)}
        if not any(cells.values()):
            continue
        line, found = _parse_line(row.number, cells, resolve, plans)
        lines.append(line)
        problems += found
        if progress is not None and len(lines) % 1000 == 0:
            progress(len(lines))
    if not lines:
        raise TableRefusedError("there is nothing below the header row")
    return Table(frozenset(places), tuple(lines), tuple(problems))


def _parse_line(
    number: int, cells: Mapping[str, str], resolve: Callable[[str], str | None], plans: Collection[Plan]
) -> tuple[Line, list[Problem]]:
    problems: list[Problem] = []

    def refuse(column: str, says: str) -> None:
        problems.append(Problem(number, column, says))

    written = {column: cells.get(column, "") for column in COLUMNS}
    if not written["code"]:
        refuse("code", "the unit has no code")
    for column, longest in (("code", 60), ("parent", 60), ("name", 250)):
        if len(written[column]) > longest:
            refuse(column, f"longer than {longest} letters")
    kind = _kind_of(written["kind"]) if written["kind"] else None
    if written["kind"] and kind is None:
        refuse(
            "kind", f"“{written['kind'][:60]}” is no kind of unit; the kinds are: {', '.join(UNIT_KIND_SHORT.values())}"
        )
    plan = resolve(written["plan"]) if written["plan"] else ""
    if plan is None:
        known = ", ".join(plan.number or plan.id for plan in plans)
        refuse("plan", f"“{written['plan'][:60]}” is no plan that is known; known are: {known or 'none'}")
    unit_problems = len(problems)
    phone = parse_phone(written["phone"]) if written["phone"] else None
    if written["phone"] and phone is None:
        refuse("phone", f"“{written['phone'][:40]}” is no phone number; one looks like 0901 000 003")
    elif written["officer"] and phone is None:
        refuse("phone", "an officer is known by phone number, which is missing")
    if len(written["officer"]) > 120:
        refuse("officer", "longer than 120 letters")
    role = _ROLE_OF.get(fold_name(written["role"])) if written["role"] else None
    if written["role"] and role is None:
        refuse("role", f"“{written['role'][:40]}” is no role; the roles are: {', '.join(RoleName)}")
    if written["role"] and not written["officer"] and not written["phone"]:
        refuse("phone", "a role without an officer: the phone number is missing")
    line = Line(
        number=number,
        code=written["code"],
        parent=written["parent"],
        name=written["name"],
        kind=kind,
        plan=plan or "",
        officer=written["officer"],
        phone=phone,
        role=role,
        unit_refused=unit_problems > 0,
        officer_refused=len(problems) > unit_problems,
    )
    return line, problems


def decide_import(table: Table, existing: Sequence[Unit]) -> Change:
    """What the file means for the tree that is there: units to add and to change, officers, and what is refused. Pure.

    Refused rows take with them the new units that lie below them. What remains is a tree.
    """
    change = Change(problems=list(table.problems))
    known = {code_key(unit.code): unit for unit in existing}
    by_id = {unit.id: unit for unit in existing}
    old_parents = {
        key: code_key(by_id[unit.parent_id].code) if unit.parent_id is not None else None for key, unit in known.items()
    }
    rows: dict[str, list[Line]] = {}
    for line in table.lines:
        if line.code:
            rows.setdefault(code_key(line.code), []).append(line)
    wanted: dict[str, Wanted] = {}
    for key, lines in rows.items():
        found = _merge_rows(lines, table.columns, known.get(key), change.problems)
        if found is not None:
            wanted[key] = found
    _refuse_unknown_parents(wanted, known, rows, change.problems)
    change.parents = _refuse_cycles(wanted, old_parents, change.problems)
    _refuse_unknown_parents(wanted, known, rows, change.problems)
    _refuse_too_deep(wanted, change)
    change.new = {key: each for key, each in wanted.items() if key not in known}
    change.updated = {key: each for key, each in wanted.items() if key in known}
    _take_officers(rows, wanted, known, change)
    change.problems.sort(key=lambda problem: (problem.row, COLUMNS.index(problem.column)))
    return change


def _merge_rows(
    lines: Sequence[Line], columns: frozenset[str], unit: Unit | None, problems: list[Problem]
) -> Wanted | None:
    """All rows of one code as one unit; None where any of them is refused."""
    first = lines[0]
    before = len(problems)
    values: dict[str, tuple[str, int]] = {}
    for line in lines:
        said = {
            "parent": code_key(line.parent),
            "name": line.name,
            "kind": line.kind.value if line.kind else "",
            "plan": line.plan,
        }
        for column, value in said.items():
            if not value:
                continue
            earlier = values.setdefault(column, (value, line.number))
            if not _is_same(earlier[0], value, is_name=column == "name"):
                says = f"unit {first.code} stands in row {earlier[1]} already, with another {column}"
                problems.append(Problem(line.number, column, says))
        if line is not first and not line.names_officer and not line.unit_refused:
            says = f"unit {first.code} stands in row {first.number} already, and this row adds no officer"
            problems.append(Problem(line.number, "code", says))
    refused = any(line.unit_refused for line in lines)
    if unit is None:
        for column, need in (("name", "a name"), ("kind", "a kind")):
            if column not in values and not (column == "kind" and refused):
                problems.append(Problem(first.number, column, f"unit {first.code} is new and needs {need}"))
    elif unit.dissolved_on is not None:
        says = f"unit {first.code} was dissolved on {unit.dissolved_on:%d/%m/%Y} and is not changed any more"
        problems.append(Problem(first.number, "code", says))
    if refused or len(problems) > before:
        return None

    def said_for(column: str) -> str | None:
        return values[column][0] if column in values else ("" if column in columns else None)

    kind = said_for("kind")
    return Wanted(
        row=first.number,
        code=first.code,
        parent=said_for("parent"),
        name=said_for("name") or None,
        kind=UnitKind(kind) if kind else None,
        plan=said_for("plan"),
    )


def _is_same(one: str, other: str, *, is_name: bool) -> bool:
    return one == other or (is_name and fold_name(one) == fold_name(other))


def _refuse_unknown_parents(
    wanted: dict[str, Wanted],
    known: Mapping[str, Unit],
    rows: Mapping[str, Sequence[Line]],
    problems: list[Problem],
) -> None:
    """Refuse units whose parent is nowhere, was dissolved or was itself refused, and what is new below them."""
    while True:
        refused: dict[str, str] = {}
        for key, unit in wanted.items():
            parent = unit.parent
            if not parent or parent in wanted:
                continue
            if parent in known:
                if known[parent].dissolved_on is not None:
                    refused[key] = f"unit {parent} was dissolved; nothing new is put below it"
            elif parent in rows:
                refused[key] = f"unit {parent}, in row {rows[parent][0].number}, is refused itself"
            else:
                refused[key] = f"there is no unit {parent}, neither in the file nor before"
        if not refused:
            return
        for key, says in refused.items():
            problems.append(Problem(_row_saying_parent(rows[key]), "parent", says))
            del wanted[key]


def _row_saying_parent(lines: Sequence[Line]) -> int:
    return next((line.number for line in lines if line.parent), lines[0].number)


def _refuse_cycles(
    wanted: dict[str, Wanted], old_parents: Mapping[str, str | None], problems: list[Problem]
) -> dict[str, str | None]:
    """Refuse units that would lie below themselves; the parents of all units after what remains."""
    while True:
        parents: dict[str, str | None] = dict(old_parents)
        for key, unit in wanted.items():
            if unit.parent is not None:
                parents[key] = unit.parent or None
            else:
                parents.setdefault(key, None)
        cycles = list(_find_cycles(parents))
        if not cycles:
            return parents
        for cycle in cycles:
            circle = " → ".join(wanted[key].code if key in wanted else key for key in (*cycle, cycle[0]))
            for key in cycle:
                if key in wanted:
                    says = f"a unit cannot lie below itself: {circle}"
                    problems.append(Problem(wanted[key].row, "parent", says))
                    del wanted[key]


def _find_cycles(parents: Mapping[str, str | None]) -> Iterator[list[str]]:
    settled: set[str] = set()
    for start in parents:
        walk: list[str] = []
        on_walk: set[str] = set()
        at: str | None = start
        while at is not None and at not in settled and at not in on_walk:
            walk.append(at)
            on_walk.add(at)
            at = parents.get(at)
        if at is not None and at in on_walk:
            yield walk[walk.index(at) :]
        settled.update(walk)


def _refuse_too_deep(wanted: dict[str, Wanted], change: Change) -> None:
    """Refuse every unit of the file that stands above or at something deeper than a tree may be."""
    depths: dict[str, int] = {}
    for key in change.parents:
        walk = []
        at: str | None = key
        while at is not None and at not in depths:
            walk.append(at)
            at = change.parents.get(at)
        depth = depths[at] if at is not None else 0
        for each in reversed(walk):
            depth += 1
            depths[each] = depth
    deep = [key for key, depth in depths.items() if depth > DEEPEST]
    for key in deep:
        at = key
        while at is not None:
            if at in wanted:
                unit = wanted.pop(at)
                says = f"the tree below or above unit {unit.code} would have more than {DEEPEST} levels"
                change.problems.append(Problem(unit.row, "parent", says))
            at = change.parents.get(at)


def _take_officers(
    rows: Mapping[str, Sequence[Line]], wanted: Mapping[str, Wanted], known: Mapping[str, Unit], change: Change
) -> None:
    """The officers of the units that are taken (or were there), each number with one name."""
    names: dict[str, tuple[str, int]] = {}
    for key, lines in rows.items():
        if key not in wanted and (key not in known or any(line.unit_refused for line in lines)):
            continue
        seen: dict[tuple[str, RoleName], int] = {}
        for line in lines:
            if line.phone is None or line.officer_refused:
                continue
            if line.officer:
                named = names.setdefault(line.phone, (line.officer, line.number))
                if not _is_same(named[0], line.officer, is_name=True):
                    says = f"this number belongs to {named[0]} in row {named[1]}"
                    change.problems.append(Problem(line.number, "phone", says))
                    continue
            role = line.role or RoleName.OFFICER
            if (line.phone, role) in seen:
                says = f"this officer stands in row {seen[line.phone, role]} already, for the same unit and role"
                change.problems.append(Problem(line.number, "phone", says))
                continue
            seen[line.phone, role] = line.number
            change.officers.append(Officer(line.number, key, line.officer, line.phone, role))


async def foresee_import(db: AsyncConnection, table: Table) -> tuple[Sequence[Unit], Change]:
    """The tree as it is, and what the file means for it; changes nothing."""
    existing = await units.list_all(db)
    return existing, decide_import(table, existing)


async def import_units(
    db: AsyncConnection,
    table: Table,
    *,
    now: datetime,
    today: date,
    partial: bool = False,
    by: int | None = None,
    foreseen: tuple[Sequence[Unit], Change] | None = None,
) -> Outcome:
    """Take a unit file in: everything, or nothing where any row is refused; with `partial` what is not refused.

    Units that the file does not name stay as they are; so do roles. New units owe their reports from `today` on.

    Args:
        foreseen: what `foresee_import` found before this transaction began, so that nobody waits for it to be decided.
    """
    await units.lock_tree(db)
    existing = await units.list_all(db)
    change = foreseen[1] if foreseen is not None and foreseen[0] == existing else decide_import(table, existing)
    problems = tuple(change.problems)
    if problems and not partial:
        return Outcome(is_done=False, problems=problems)
    ids = {code_key(unit.code): unit.id for unit in existing}
    ids |= dict(zip(change.new, await units.take_ids(db, len(change.new)), strict=True))
    added, changed, moved = await _write_units(db, change, existing, ids, today)
    roles, new_people, ended = await _write_officers(db, change, ids, now)
    done = Outcome(
        is_done=True,
        added=added,
        changed=changed,
        moved=moved,
        unchanged=len(change.updated) - changed,
        roles=roles,
        people=new_people,
        ended=tuple(ended),
        problems=problems,
    )
    details = {"added": added, "changed": changed, "moved": moved, "roles": roles, "refused": len(problems)}
    await audit.note(db, "units.imported", now, by=by, details=details)
    return done


async def _write_units(
    db: AsyncConnection, change: Change, existing: Sequence[Unit], ids: Mapping[str, int], today: date
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
    db: AsyncConnection, change: Change, ids: Mapping[str, int], now: datetime
) -> tuple[int, int, list[int]]:
    """Add people and give roles; how many roles, how many new people, and the rows whose role was ended before."""
    if not change.officers:
        return 0, 0, []
    known = {person.phone: person for person in await people.list_all(db) if person.phone}
    new_names: dict[str, str] = {}
    renamed: dict[int, str] = {}
    for officer in change.officers:
        person = known.get(officer.phone)
        if person is None:
            new_names[officer.phone] = new_names.get(officer.phone) or officer.name
        elif officer.name and officer.name != person.name:
            renamed[person.id] = officer.name
    await people.insert_all(db, [(name, phone) for phone, name in new_names.items()], now)
    await people.rename_all(db, list(renamed.items()))
    holders: dict[str, Person] = known
    if new_names:
        holders = {person.phone: person for person in await people.list_all(db) if person.phone}
    held = {(role.person_id, role.unit_id, role.role) for role in await people.list_all_roles(db)}
    ended_before = await people.list_all_ended(db)
    given: list[tuple[int, int, RoleName]] = []
    ended: list[int] = []
    for officer in change.officers:
        role = (holders[officer.phone].id, ids[officer.code], officer.role)
        if role in held:
            continue
        if role in ended_before:
            ended.append(officer.row)
            continue
        held.add(role)
        given.append(role)
    await people.grant_all(db, given, now)
    return len(given), len(new_names), ended
