"""A workbook of shares: what goes into it, and what one that came back comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from msgspec.structs import replace

from bot.access import Right
from bot.features.targets.giving import drafts
from bot.features.targets.giving.dialogs import SettingShares
from bot.features.targets.giving.drafts import ShownShares, TakenWords
from bot.features.targets.giving.grounds import count_members, list_below
from bot.features.targets.giving.sheet import ShareTable, SheetLine, SheetMark, read_table
from bot.features.targets.giving.sources import LONGEST_NAME, Source, list_sources
from bot.hands import reach
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.glossary import Glossary
from knowledge.shares.checking import RefusedShare, ShareFault, find_value_fault
from knowledge.shares.reading import Spread
from knowledge.spreadsheets.model import Sheet
from storage import units


@dataclass(frozen=True, slots=True)
class TableLines:
    """What goes into a workbook: the shares as they are shown, their lines, and the mark."""

    shown: ShownShares
    lines: tuple[SheetLine, ...]
    mark: SheetMark


async def read_lines(asking: Asking, rules: Rules, state: SettingShares) -> TableLines:
    """The lines of a workbook, filled with what was said or stands; where that is nothing, with an even proposal.

    Raises:
        AccessDeniedError: the asker does not supervise the giver.
    """
    shown = await drafts.show(asking, rules, state)
    if all(line.value is None for line in shown.lines):
        taken = await drafts.take_rule(asking, rules, state, Spread.EVENLY)
        shown = await drafts.show(asking, rules, taken.state)
    below = await list_below(asking, shown.unit)
    members = await count_members(asking, below)
    lines = tuple(
        SheetLine(line.unit.code, line.unit.name, line.last_year, members.get(line.unit.id), line.value)
        for line in shown.lines
        if line.is_below
    )
    return TableLines(shown, lines, _mark(state))


def _mark(state: SettingShares) -> SheetMark:
    if state.goal == 0 and not state.plan:
        return SheetMark.of_own(state.unit, state.year, state.name, state.measured_in, state.own or Decimal(0))
    return SheetMark(state.unit, state.year, state.source)


async def find_source(asking: Asking, rules: Rules, glossary: Glossary, mark: SheetMark) -> Source | None:
    """What a workbook is for; None where it is handed down no more.

    Raises:
        AccessDeniedError: the asker does not supervise the unit.
    """
    unit = await asking.get_unit(Right.SUPERVISE, mark.unit)
    found = await list_sources(asking, rules, glossary, unit, mark.year)
    if not mark.is_own:
        return next((each for each in found if each.mark == mark.source), None)
    opened = (each for each in found if each.goal is not None and each.goal.unit_id == unit.id)
    same = next((each for each in opened if (each.name, each.measured_in) == (mark.name, mark.measured_in)), None)
    if same is not None:
        return same
    try:
        own = Decimal(mark.own)
    except InvalidOperation:
        return None
    if not mark.name.strip() or not own.is_finite() or find_value_fault(own, mark.measured_in) is not None:
        return None
    return Source(mark.name[:LONGEST_NAME], mark.measured_in, mark.year, own=own)


async def take(
    asking: Asking, rules: Rules, source: Source, mark: SheetMark, sheets: Sequence[Sheet]
) -> TakenWords | None:
    """The state with the shares of a workbook, or every cell that is refused; None where it has no number.

    Raises:
        GoalRefusedError: nothing of it can be handed down.
    """
    unit = await asking.get_unit(Right.SUPERVISE, mark.unit)
    state = await drafts.begin(asking, unit, source)
    table = read_table(sheets, source.measured_in)
    if table is None or not (table.rows or table.refused):
        return None
    values, refused = await _match(asking, table, state)
    if refused:
        return TakenWords(state, refused)
    return TakenWords(replace(state, said=tuple(values.items()), token=drafts.make_token()))


async def _match(
    asking: Asking, table: ShareTable, state: SettingShares
) -> tuple[dict[int, Decimal | None], list[RefusedShare]]:
    """The rows by the units right below; what else stands there is refused with its cell."""
    below = {
        units.code_key(each.code): each
        for each in await list_below(asking, await units.get_unit(asking.db, state.unit))
    }
    values: dict[int, Decimal | None] = {}
    refused = list(table.refused)
    for row in table.rows:
        unit = below.get(units.code_key(row.code))
        if unit is None:
            known = await units.find_unit(asking.db, row.code)
            seen = await reach.find(asking, known.id, Right.SEE) if known is not None else None
            fault = ShareFault.UNKNOWN
            if seen is not None:
                fault = ShareFault.ELSEWHERE if seen.is_active(asking.today) else ShareFault.DISSOLVED
            refused.append(RefusedShare(fault, seen.name if seen is not None else row.code, row.code, row.code_place))
        elif unit.id in values:
            refused.append(RefusedShare(ShareFault.TWICE, unit.name, row.code, row.code_place))
        else:
            values[unit.id] = row.value
    return values, refused
