"""What a unit file means for the tree that is there: units to add and to change, roles to give, rows refused. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.features.units.troubles import COLUMNS, RowProblem, RowSpot, RowTrouble
from bot.features.units.unit_files import UnitFile, UnitRow
from bot.features.units.within import Reach, keep_within
from knowledge.model.units import UnitKind
from storage.people import RoleName
from storage.units import DEEPEST, Unit, code_key, fold_name


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """A unit as the file wants it; None stays as it is (or is what a new unit has by itself)."""

    spot: RowSpot
    code: str
    parent: str | None
    name: str | None
    kind: UnitKind | None
    plan: str | None


@dataclass(frozen=True, slots=True)
class WantedRole:
    """An officer's role as the file wants it."""

    spot: RowSpot
    code: str
    name: str
    phone: str
    role: RoleName


@dataclass(slots=True)
class UnitChanges:
    """What an import comes to: units by the key of their code, officers, and what was refused."""

    parents: dict[str, str | None] = field(default_factory=dict)
    new: dict[str, WantedUnit] = field(default_factory=dict)
    updated: dict[str, WantedUnit] = field(default_factory=dict)
    officers: list[WantedRole] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def decide_import(table: UnitFile, existing: Sequence[Unit], reach: Reach | None = None) -> UnitChanges:
    """What the file means for the tree that is there: units to add and to change, officers, and what is refused. Pure.

    Refused rows take with them the new units that lie below them. What remains is a tree.

    Args:
        reach: the units that whoever brought the file manages; None for all.
    """
    if reach is not None:
        table = keep_within(table, existing, reach)
    change = UnitChanges(problems=list(table.problems))
    known = {code_key(unit.code): unit for unit in existing}
    by_id = {unit.id: unit for unit in existing}
    old_parents = {
        key: code_key(by_id[unit.parent_id].code) if unit.parent_id is not None else None for key, unit in known.items()
    }
    rows: dict[str, list[UnitRow]] = {}
    for line in table.lines:
        if line.code:
            rows.setdefault(code_key(line.code), []).append(line)
    wanted: dict[str, WantedUnit] = {}
    for key, lines in rows.items():
        found = _merge_rows(lines, known.get(key), change.problems, is_only=len(rows) == 1)
        if found is not None:
            wanted[key] = found
    _refuse_unknown_parents(wanted, known, rows, change.problems)
    change.parents = _refuse_cycles(wanted, old_parents, change.problems)
    _refuse_unknown_parents(wanted, known, rows, change.problems)
    _refuse_too_deep(wanted, change)
    change.new = {key: each for key, each in wanted.items() if key not in known}
    change.updated = {key: each for key, each in wanted.items() if key in known}
    _take_officers(rows, wanted, known, change)
    change.problems.sort(key=lambda problem: (*table.order(problem.spot), COLUMNS.index(problem.column)))
    return change


def _merge_rows(
    lines: Sequence[UnitRow], unit: Unit | None, problems: list[RowProblem], *, is_only: bool
) -> WantedUnit | None:
    """All rows of one code as one unit; None where any of them is refused.

    Of several new units it must be told where each belongs: a file without that column would make each a root.
    """
    first = lines[0]
    columns = frozenset[str]().union(*(line.columns for line in lines))
    before = len(problems)
    values: dict[str, tuple[str, RowSpot]] = {}
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
            earlier = values.setdefault(column, (value, line.spot))
            if not _is_same(earlier[0], value, is_name=column == "name"):
                said_before = (first.code, earlier[1], column)
                problems.append(RowProblem(line.spot, column, RowTrouble.ANOTHER, said_before))
        if line is not first and not line.names_officer and not line.unit_refused:
            problems.append(RowProblem(line.spot, "code", RowTrouble.AGAIN, (first.code, first.spot)))
    refused = any(line.unit_refused for line in lines)
    if unit is None:
        missing = [column for column in ("name", "kind") if column not in values]
        needed = [column for column in missing if not (column == "kind" and refused)]
        if "parent" not in columns and not is_only:
            needed.append("parent")
        problems += [RowProblem(first.spot, column, RowTrouble.NEEDS, (first.code, column)) for column in needed]
    elif unit.dissolved_on is not None:
        ended = (first.code, f"{unit.dissolved_on:%d/%m/%Y}")
        problems.append(RowProblem(first.spot, "code", RowTrouble.DISSOLVED, ended))
    if refused or len(problems) > before:
        return None

    def said_for(column: str) -> str | None:
        return values[column][0] if column in values else ("" if column in columns else None)

    kind = said_for("kind")
    return WantedUnit(
        spot=first.spot,
        code=first.code,
        parent=said_for("parent"),
        name=said_for("name") or None,
        kind=UnitKind(kind) if kind else None,
        plan=said_for("plan"),
    )


def _is_same(one: str, other: str, *, is_name: bool) -> bool:
    return one == other or (is_name and fold_name(one) == fold_name(other))


def _refuse_unknown_parents(
    wanted: dict[str, WantedUnit],
    known: Mapping[str, Unit],
    rows: Mapping[str, Sequence[UnitRow]],
    problems: list[RowProblem],
) -> None:
    """Refuse units whose parent is nowhere, was dissolved or was itself refused, and what is new below them."""
    codes = _codes_by_name(wanted, known)
    while True:
        refused: dict[str, tuple[RowTrouble, tuple[str | RowSpot, ...]]] = {}
        for key, unit in wanted.items():
            parent = unit.parent
            if not parent or parent in wanted:
                continue
            if parent in known:
                if known[parent].dissolved_on is not None:
                    refused[key] = RowTrouble.PARENT_DISSOLVED, (parent,)
            elif parent in rows:
                refused[key] = RowTrouble.PARENT_REFUSED, (parent, rows[parent][0].spot)
            else:
                refused[key] = _explain_no_parent(parent, _line_of_parent(rows[key]).parent, codes)
        if not refused:
            return
        for key, why in refused.items():
            problems.append(RowProblem(_line_of_parent(rows[key]).spot, "parent", *why))
            del wanted[key]


def _line_of_parent(lines: Sequence[UnitRow]) -> UnitRow:
    """The row of a unit that says what is above it."""
    return next((line for line in lines if line.parent), lines[0])


def _codes_by_name(wanted: Mapping[str, WantedUnit], known: Mapping[str, Unit]) -> dict[str, str]:
    """The codes of units whose name no other unit has."""
    named: dict[str, set[str]] = {}
    pairs = [(unit.name, unit.code) for unit in known.values()]
    pairs += [(unit.name or "", unit.code) for unit in wanted.values()]
    for name, code in pairs:
        if name:
            named.setdefault(fold_name(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in named.items() if len(codes) == 1}


def _explain_no_parent(parent: str, written: str, codes: Mapping[str, str]) -> tuple[RowTrouble, tuple[str, ...]]:
    code = codes.get(fold_name(written))
    if code is not None:
        return RowTrouble.PARENT_NAME, (written[:60], code)
    return RowTrouble.NO_PARENT, (parent,)


def _refuse_cycles(
    wanted: dict[str, WantedUnit], old_parents: Mapping[str, str | None], problems: list[RowProblem]
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
                    problems.append(RowProblem(wanted[key].spot, "parent", RowTrouble.CYCLE, (circle,)))
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


def _refuse_too_deep(wanted: dict[str, WantedUnit], change: UnitChanges) -> None:
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
                said = (unit.code, str(DEEPEST))
                change.problems.append(RowProblem(unit.spot, "parent", RowTrouble.TOO_DEEP, said))
            at = change.parents.get(at)


def _take_officers(
    rows: Mapping[str, Sequence[UnitRow]],
    wanted: Mapping[str, WantedUnit],
    known: Mapping[str, Unit],
    change: UnitChanges,
) -> None:
    """The officers of the units that are taken (or were there), each number with one name."""
    names: dict[str, tuple[str, RowSpot]] = {}
    for key, lines in rows.items():
        if key not in wanted and (key not in known or any(line.unit_refused for line in lines)):
            continue
        seen: dict[tuple[str, RoleName], RowSpot] = {}
        for line in lines:
            if line.phone is None or line.officer_refused:
                continue
            if line.officer:
                named = names.setdefault(line.phone, (line.officer, line.spot))
                if not _is_same(named[0], line.officer, is_name=True):
                    change.problems.append(RowProblem(line.spot, "phone", RowTrouble.OTHER_NAME, named))
                    continue
            role = line.role or RoleName.OFFICER
            if (line.phone, role) in seen:
                already = (seen[line.phone, role],)
                change.problems.append(RowProblem(line.spot, "phone", RowTrouble.OFFICER_AGAIN, already))
                continue
            seen[line.phone, role] = line.spot
            change.officers.append(WantedRole(line.spot, key, line.officer, line.phone, role))
