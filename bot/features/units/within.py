"""What of a unit file may be taken in for those who manage some units only: their own and all below. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.features.units.troubles import RowProblem, RowTrouble
from bot.features.units.unit_files import UnitFile, UnitRow
from storage.units import Unit, code_key, fold_name


@dataclass(frozen=True, slots=True)
class Reach:
    """The topmost units that somebody manages; each stands for all below it."""

    tops: tuple[Unit, ...]

    def holds(self, unit: Unit) -> bool:
        """Whether a unit is among them."""
        return any(unit.lies_in(top) for top in self.tops)


def keep_within(table: UnitFile, existing: Sequence[Unit], reach: Reach) -> UnitFile:
    """The file with rows refused that touch a unit out of reach, put one below such a unit or at the top of the tree,
    or say which plan governs a unit. What a unit out of reach is called or whether it exists is not told of a parent.
    """
    known = {code_key(unit.code): unit for unit in existing}
    by_id = {unit.id: unit for unit in existing}
    rows: dict[str, list[UnitRow]] = {}
    for line in table.lines:
        rows.setdefault(code_key(line.code), []).append(line)
    problems = list(table.problems)
    kept: dict[int, UnitRow] = {}
    for key, lines in rows.items():
        unit = known.get(key)
        if unit is not None and not reach.holds(unit):
            problems += [RowProblem(line.spot, "code", RowTrouble.OUT_OF_REACH, (line.code,)) for line in lines]
            continue
        found = _judge(lines, unit, known, by_id, rows, reach) if key else None
        if found is not None:
            problems.append(found)
        for line in lines:
            refused = line.unit_refused or found is not None
            columns = line.columns - {"plan"}
            kept[id(line)] = replace(line, plan="", columns=columns, unit_refused=refused)
    lines_kept = tuple(kept[id(line)] for line in table.lines if id(line) in kept)
    return replace(table, lines=lines_kept, problems=tuple(problems))


def _judge(
    lines: Sequence[UnitRow],
    unit: Unit | None,
    known: Mapping[str, Unit],
    by_id: Mapping[int, Unit],
    rows: Mapping[str, Sequence[UnitRow]],
    reach: Reach,
) -> RowProblem | None:
    """What is wrong with a unit's place or plan; None where it may be taken as far as that goes."""
    says = next((line for line in lines if line.parent), lines[0])
    parent = code_key(says.parent)
    has_column = any("parent" in line.columns for line in lines)
    above = by_id.get(unit.parent_id) if unit is not None and unit.parent_id is not None else None
    stays = unit is not None and (not has_column or parent == (code_key(above.code) if above is not None else ""))
    if not stays:
        at = known.get(parent)
        is_new = at is None and parent in rows
        if not parent or unit in reach.tops:
            return RowProblem(says.spot, "parent", RowTrouble.NEEDS_PARENT, (says.code,))
        if not is_new and (at is None or not reach.holds(at)) and not _is_name(says.parent, known, reach):
            return RowProblem(says.spot, "parent", RowTrouble.PARENT_OUT_OF_REACH, (says.parent[:60],))
    planned = next((line for line in lines if line.plan and (unit is None or line.plan != unit.plan)), None)
    if planned is not None:
        return RowProblem(planned.spot, "plan", RowTrouble.PLAN_NOT_YOURS)
    return None


def _is_name(said: str, known: Mapping[str, Unit], reach: Reach) -> bool:
    """Whether a name was written for the code of a unit within reach, which is told in words of its own."""
    return any(fold_name(unit.name) == fold_name(said) and reach.holds(unit) for unit in known.values())
