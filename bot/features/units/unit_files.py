"""Unit files: which sheets hold units, and what each row says, checked by itself. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.features.units.headings import (
    GUIDE_SHEET,
    HEADER_WITHIN,
    ROLE_NAMES,
    FoundHeading,
    find_further_heading,
    find_heading,
    find_likely_heading,
    find_role,
    find_total,
    repeats,
)
from bot.features.units.troubles import (
    COLUMNS,
    FileNote,
    NoteKind,
    RowProblem,
    RowSpot,
    RowTrouble,
    Said,
    UnitFileRefusedError,
    WhyNoUnits,
)
from knowledge.importing.old_fonts import OldFont
from knowledge.model.plans import Plan
from knowledge.model.units import UnitKind
from knowledge.phones import parse_phone
from knowledge.spreadsheets.marks import is_report
from knowledge.spreadsheets.model import DATE, ERROR, Sheet, SheetRow, cell_name
from knowledge.spreadsheets.old_letters import convert, find_usual
from knowledge.units import UNIT_KIND_SHORT, parse_unit_kind
from storage.people import RoleName

LISTS_SHEET: Final = "lists"
"""The hidden sheet of our own template, which holds what its cells may be chosen from."""

_LETTERED: Final = ("name", "officer", "parent", "kind", "role")
"""Columns of words, which may be in an old font."""
_SHEETS_NAMED: Final = 20
_STRANGE_NAMED: Final = 8
_EXACT: Final = ("code", "parent", "phone")
"""Columns in which each letter counts."""
_DATE_LIKE: Final = re.compile(
    r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-\d\d)?|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d\d",
    re.IGNORECASE,
)
"""What Excel writes into a .csv for a code like 1-2."""
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_OF_UNITS: Final = frozenset({"code", "parent", "name", "kind", "plan"})
"""Columns about the unit itself; the others are about an officer."""

_Found = tuple[str, RowTrouble, tuple[str, ...]]
"""What is wrong: the column, why, and what of it is told."""

_FONTS: Final = {OldFont.TCVN3: "TCVN3", OldFont.TCVN3_CAPITALS: "TCVN3", OldFont.VNI: "VNI"}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of a unit file, each cell understood as far as it goes.

    `columns` are those that its sheet has; a unit's value in an absent column stays as it is.
    """

    spot: RowSpot
    code: str
    parent: str
    name: str
    kind: UnitKind | None
    plan: str
    officer: str
    phone: str | None
    role: RoleName | None
    columns: frozenset[str]
    unit_refused: bool = False
    officer_refused: bool = False

    @property
    def names_officer(self) -> bool:
        """Whether it is about an officer too."""
        return bool(self.officer or self.phone) or self.officer_refused


@dataclass(frozen=True, slots=True)
class UnitFile:
    """What a unit file says. `sheets` are those that hold units, in their order, empty for the only one."""

    lines: tuple[UnitRow, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[FileNote, ...] = ()
    sheets: tuple[str, ...] = ()

    def order(self, spot: RowSpot) -> tuple[int, int]:
        """Where a row stands in the file, to sort by."""
        return (self.sheets.index(spot.sheet) if spot.sheet in self.sheets else 0, spot.row)


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


# Sheets ------------------------------------------------------------------------------------------------------------


def parse_table(sheets: Sequence[Sheet], plans: Collection[Plan], wanted: Collection[str] = ()) -> UnitFile:
    """What a unit file says, from all sheets that have a heading and are seen, or from the `wanted` ones.

    Raises:
        UnitFileRefusedError: no sheet has a heading, there is nothing below it, or it is a workbook of figures.
    """
    if any(is_report(sheet) for sheet in sheets):
        raise UnitFileRefusedError(WhyNoUnits.REPORT)
    if strange := [name for name in wanted if name not in {sheet.name for sheet in sheets}]:
        known = ", ".join(f"“{sheet.name}”" for sheet in sheets)
        raise UnitFileRefusedError(WhyNoUnits.NO_SUCH_SHEET, f"“{strange[0]}”", known)
    found: list[tuple[Sheet, Sequence[SheetRow], FoundHeading]] = []
    notes: list[FileNote] = []
    hidden: list[str] = []
    for sheet in sheets:
        is_wanted = sheet.name in wanted if wanted else not sheet.is_hidden
        rows = tuple(sheet.filled())
        heading = find_heading(rows, sheet.head.merges) if is_wanted or sheet.is_hidden else None
        if is_wanted and heading is not None:
            found.append((sheet, rows, heading))
        elif sheet.rows and (note := _not_read(sheet, is_wanted)) is not None:
            notes.append(note)
            hidden += [f"“{sheet.name}”"] if sheet.is_hidden and heading is not None else []
    if not found:
        if hidden:
            raise UnitFileRefusedError(WhyNoUnits.ONLY_HIDDEN, ", ".join(hidden))
        likely = next((near for sheet in sheets if (near := find_likely_heading(tuple(sheet.filled())))), None)
        if likely is not None and not any(sheet.is_hidden for sheet in sheets):
            unknown = ", ".join(f"“{each[:40]}”" for each in likely[1][:_STRANGE_NAMED]) or "–"
            raise UnitFileRefusedError(WhyNoUnits.NO_CODES, likely[0], unknown, ", ".join(COLUMNS))
        raise UnitFileRefusedError(WhyNoUnits.NO_HEADER, HEADER_WITHIN, ", ".join(COLUMNS))
    read = _parse_sheets(found, plans)
    if not read.lines:
        raise UnitFileRefusedError(WhyNoUnits.NOTHING_BELOW)
    return UnitFile(read.lines, read.problems, (*notes, *read.notes), read.sheets)


def _not_read(sheet: Sheet, is_wanted: bool) -> FileNote | None:
    """What is told of a sheet that says something and is not read."""
    if sheet.is_hidden and not is_wanted:
        return FileNote(NoteKind.HIDDEN_SHEET, (sheet.name,)) if sheet.name != LISTS_SHEET else None
    if sheet.name == GUIDE_SHEET:
        return None
    return FileNote(NoteKind.NO_HEADER if is_wanted else NoteKind.NOT_ASKED, (sheet.name,))


def _parse_sheets(found: Sequence[tuple[Sheet, Sequence[SheetRow], FoundHeading]], plans: Collection[Plan]) -> UnitFile:
    parser = _Parser(plans)
    names = tuple(sheet.name for sheet, _, _ in found) if len(found) > 1 else ("",)
    for name, (sheet, rows, heading) in zip(names, found, strict=True):
        parser.take(rows, heading, name, frozenset(sheet.head.hidden_rows), frozenset(sheet.head.uncalculated))
    notes = parser.notes
    if len(found) > 1:
        shown = ", ".join(f"“{name}”" for name in names[:_SHEETS_NAMED]) + (" …" if len(names) > _SHEETS_NAMED else "")
        notes = [FileNote(NoteKind.SHEETS, (str(len(names)), shown)), *notes]
    return UnitFile(tuple(parser.lines), tuple(parser.problems), tuple(notes), names)


# Rows --------------------------------------------------------------------------------------------------------------


class _Parser:
    """The rows of all sheets, one after the other."""

    def __init__(self, plans: Collection[Plan]) -> None:
        self.lines: list[UnitRow] = []
        self.problems: list[RowProblem] = []
        self.notes: list[FileNote] = []
        self._plans = plans
        self._known_plans: dict[str, str | None] = {}

    def take(
        self,
        rows: Sequence[SheetRow],
        heading: FoundHeading,
        sheet: str,
        hidden: Collection[int],
        uncalculated: Collection[str],
    ) -> None:
        """The rows of one sheet below its heading; `hidden` are those that nobody sees, `uncalculated` cells with a
        formula and no value.
        """
        begun = len(self.lines)
        self.notes += [
            FileNote(note.kind, tuple(_on_sheet(each, sheet) for each in note.said)) for note in heading.notes
        ]
        body = [row for row in rows if row.number > heading.last]
        further = next(
            ((at, each) for at, row in enumerate(body) if (each := find_further_heading(row, heading))), None
        )
        rest = body[further[0] :] if further is not None else []
        body = body[: further[0]] if further is not None else body
        unread = [
            f"{cell_name(1, place).rstrip('1')} “{said[:40]}”"
            for place, said in heading.unread.items()
            if any(place < len(row.cells) and row.cells[place].strip() for row in body)
        ]
        if unread:
            self.notes.append(FileNote(NoteKind.UNREAD, (", ".join(unread),)))
        cells = {
            column: [_join(row, (place, *heading.split.get(column, ()))) for row in body]
            for column, place in heading.places.items()
        }
        unsure = self._convert(cells)
        columns = frozenset(heading.places)
        is_over = False
        for at, row in enumerate(body):
            written = {column: _tidy(values[at]) for column, values in cells.items()}
            waiting = [
                (column, RowTrouble.UNCALCULATED, (where,))
                for column, place in heading.places.items()
                if (where := cell_name(row.number, place)) in uncalculated and not written[column]
            ]
            if not any(written.values()) and not waiting:
                continue
            spot = RowSpot(row.number, sheet)
            if repeats(row, heading):
                self.notes.append(FileNote(NoteKind.REPEATED, (spot,)))
                continue
            if (total := find_total(row, heading.places)) is not None:
                self.notes.append(FileNote(NoteKind.TOTAL, (spot, total[:60])))
                is_over = True
                continue
            if is_over and not any(written.get(column) for column in ("name", "kind", "parent", "phone")):
                said = next((_tidy(cell) for cell in row.cells if cell.strip()), "")
                self.notes.append(FileNote(NoteKind.BELOW, (spot, said[:60])))
                continue
            found = [*waiting, *_check_cells(row, heading.places, written)]
            for column, others in unsure.items():
                if at in others:
                    where = cell_name(row.number, heading.places[column])
                    found.append((column, RowTrouble.EITHER_LETTERS, (where, written[column], others[at])))
            self._add(spot, columns, written, found, row)
        unseen = [line.spot for line in self.lines[begun:] if line.spot.row in hidden]
        if unseen:
            self.notes.append(FileNote(NoteKind.HIDDEN_ROWS, (str(len(unseen)), unseen[0])))
        if further is not None:
            self.notes.append(FileNote(NoteKind.FURTHER, (RowSpot(rest[0].number, sheet),)))
            self.take(rest, further[1], sheet, hidden, uncalculated)

    def _convert(self, cells: dict[str, list[str]]) -> dict[str, Mapping[int, str]]:
        """Bring columns of words in the letters of an old font to today's; the cells that may be either."""
        unsure: dict[str, Mapping[int, str]] = {}
        changed: list[tuple[str, str]] = []
        fonts: list[OldFont] = []
        of_table = find_usual(cell for column in _LETTERED for cell in cells.get(column, ()))
        for column in _LETTERED:
            if column not in cells:
                continue
            converted = convert(cells[column], of_table)
            if converted.font is None:
                continue
            changed += [pair for pair in zip(cells[column], converted.cells, strict=True) if pair[0] != pair[1]]
            fonts.append(converted.font)
            cells[column] = list(converted.cells)
            unsure[column] = converted.unsure
        if changed:
            before, after = changed[0]
            said = (str(len(changed)), _FONTS[fonts[0]], _tidy(before)[:60], _tidy(after)[:60])
            self.notes.append(FileNote(NoteKind.OLD_LETTERS, said))
        return unsure

    def _find_plan(self, text: str) -> str | None:
        if text not in self._known_plans:
            self._known_plans[text] = find_plan_id(text, self._plans)
        return self._known_plans[text]

    def _add(
        self, spot: RowSpot, columns: frozenset[str], cells: Mapping[str, str], found: Sequence[_Found], row: SheetRow
    ) -> None:
        written = {column: cells.get(column, "") for column in COLUMNS}
        problems = list(found)

        def refuse(column: str, trouble: RowTrouble, *said: str) -> None:
            if column not in {each[0] for each in found}:  # what is wrong with the cell itself says more
                problems.append((column, trouble, said))

        if not written["code"]:
            first = next((_tidy(cell) for cell in row.cells if cell.strip()), "")
            refuse("code", RowTrouble.NO_CODE, (written["name"] or first)[:60])
        for column, longest in (("code", 60), ("parent", 60), ("name", 250)):
            if len(written[column]) > longest:
                refuse(column, RowTrouble.TOO_LONG, str(longest))
        kind = _kind_of(written["kind"]) if written["kind"] else None
        if written["kind"] and kind is None:
            refuse("kind", RowTrouble.NOT_KIND, written["kind"][:60], ", ".join(UNIT_KIND_SHORT.values()))
        plan = self._find_plan(written["plan"]) if written["plan"] else ""
        if plan is None:
            refuse("plan", RowTrouble.NOT_PLAN, written["plan"][:60], describe_plans(self._plans))
        phone = parse_phone(written["phone"]) if written["phone"] else None
        if written["phone"] and phone is None:
            refuse("phone", RowTrouble.NOT_PHONE, written["phone"][:40])
        elif written["officer"] and phone is None:
            refuse("phone", RowTrouble.NO_PHONE)
        if len(written["officer"]) > 120:
            refuse("officer", RowTrouble.TOO_LONG, "120")
        role = find_role(written["role"]) if written["role"] else None
        if written["role"] and role is None:
            refuse("role", RowTrouble.NOT_ROLE, written["role"][:40], describe_roles())
        if written["role"] and not written["officer"] and not written["phone"]:
            refuse("phone", RowTrouble.NO_OFFICER)
        self.problems += [RowProblem(spot, *problem) for problem in problems]
        self.lines.append(
            UnitRow(
                spot=spot,
                code=written["code"],
                parent=written["parent"],
                name=written["name"],
                kind=kind,
                plan=plan or "",
                officer=written["officer"],
                phone=phone,
                role=role,
                columns=columns,
                unit_refused=any(column in _OF_UNITS for column, _, _ in problems),
                officer_refused=any(column not in _OF_UNITS for column, _, _ in problems),
            )
        )


def _on_sheet(said: Said, sheet: str) -> Said:
    return RowSpot(said.row, sheet) if isinstance(said, RowSpot) else said


def _join(row: SheetRow, places: Sequence[int]) -> str:
    """What stands in one or more cells of a row."""
    return " ".join(row.cells[place] for place in places if place < len(row.cells) and row.cells[place])


def _tidy(text: str) -> str:
    """The cell as it is read: composed, without what cannot be seen, blanks single."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(c for c in composed if c in "\t\n\r" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return " ".join(visible.split())


def _check_cells(row: SheetRow, places: Mapping[str, int], written: Mapping[str, str]) -> Iterator[_Found]:
    """What Excel or a keyboard did to the cells of a row."""
    for column, text in written.items():
        if not text:
            continue
        kind, where = row.kind(places[column]), cell_name(row.number, places[column])
        if kind == ERROR:
            yield column, RowTrouble.IS_ERROR, (where, text)
        elif column in ("code", "parent") and (kind == DATE or _DATE_LIKE.fullmatch(text)):
            yield column, RowTrouble.IS_DATE, (where, text)
        elif column in ("code", "parent") and _SHORTENED.fullmatch(text):
            yield column, RowTrouble.SHORTENED, (where, text)
        elif text.startswith(("'", "\u2019")) and column != "phone":
            yield column, RowTrouble.APOSTROPHE, (where, text[:60], text.lstrip("'\u2019")[:60])
        elif column in _EXACT and (plain := unicodedata.normalize("NFKC", text)) != text:
            yield column, RowTrouble.WIDE, (where, text[:60], plain[:60])


def describe_roles() -> str:
    """The roles as a unit file may name them."""
    return ", ".join(ROLE_NAMES.values())


def describe_plans(plans: Collection[Plan]) -> str:
    """The plans as a unit file may name them, each with whose it is."""
    return "; ".join(f"{plan.number or plan.id} ({plan.short})" for plan in plans) or "–"
