"""Unit files: what each row says, checked by itself. Pure but for reading the sheets; and the empty one to fill in."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from bot.features.units.tables import HEADER_WITHIN, SheetRow, TableRefusedError
from knowledge.catalogue import read_toml
from knowledge.model.plans import Plan
from knowledge.model.units import UnitKind
from knowledge.phones import parse_phone
from knowledge.units import UNIT_KIND_SHORT, parse_unit_kind
from storage.people import RoleName
from storage.units import fold_name

COLUMNS: Final = ("code", "parent", "name", "kind", "plan", "officer", "phone", "role")


class _Headings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of headings: how each column is called, and what stands for each role."""

    columns: dict[str, tuple[str, ...]]
    roles: dict[RoleName, tuple[str, ...]]


_HEADINGS: Final = read_toml(files(__package__) / "headings.toml", _Headings)
_COLUMN_OF: Final = {fold_name(called): column for column, names in _HEADINGS.columns.items() for called in names}
_ROLE_OF: Final = {fold_name(called): role for role, names in _HEADINGS.roles.items() for called in names}

RowsRead = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row, or the officer in it, is refused. `row` counts from 1 as in the file; `column` is one of COLUMNS."""

    row: int
    column: str
    says: str

    def __str__(self) -> str:
        """One line for the operator."""
        return f"row {self.row}, column {self.column}: {self.says}"


@dataclass(frozen=True, slots=True)
class UnitRow:
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
class UnitFile:
    """What a unit file says. `columns` are those it has; a unit's value in an absent column stays as it is."""

    columns: frozenset[str]
    lines: tuple[UnitRow, ...]
    problems: tuple[RowProblem, ...]


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


def _header(row: SheetRow) -> dict[str, int] | None:
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


def parse_table(
    sheets: Iterable[Iterator[SheetRow]], plans: Collection[Plan], progress: RowsRead | None = None
) -> UnitFile:
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
    rows: Iterator[SheetRow], places: Mapping[str, int], plans: Collection[Plan], progress: RowsRead | None
) -> UnitFile:
    lines: list[UnitRow] = []
    problems: list[RowProblem] = []
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
    return UnitFile(frozenset(places), tuple(lines), tuple(problems))


def _parse_line(
    number: int, cells: Mapping[str, str], resolve: Callable[[str], str | None], plans: Collection[Plan]
) -> tuple[UnitRow, list[RowProblem]]:
    problems: list[RowProblem] = []

    def refuse(column: str, says: str) -> None:
        problems.append(RowProblem(number, column, says))

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
    line = UnitRow(
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


ROWS_PREPARED: Final = 2000


@dataclass(frozen=True, slots=True)
class Template:
    """What stands in it. `guide` is rows of two cells, the first of them headings."""

    file_name: str
    sheet: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    guide_sheet: str
    guide: tuple[tuple[str, str], ...]


def build_template(template: Template) -> bytes:
    """The workbook. Codes and phone numbers are text cells, so that no leading zero is lost. Pure."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = template.sheet
    sheet.append(list(template.headings))
    bold, fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
    widths = (16, 16, 46, 28, 18, 28, 18, 14)
    for number, width in enumerate(widths, 1):
        cell = sheet.cell(1, number)
        cell.font, cell.fill = bold, fill
        sheet.column_dimensions[get_column_letter(number)].width = width
    for column in (1, 2, 7):
        for row in range(2, ROWS_PREPARED + 2):
            sheet.cell(row, column).number_format = "@"
    sheet.freeze_panes = "A2"
    guide = book.create_sheet(template.guide_sheet)
    for line in template.guide:
        guide.append(list(line))
    for cell in guide[1]:
        cell.font, cell.fill = bold, fill
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 16, 110
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    for number, choices in enumerate((template.kinds, template.roles), 1):
        for row, choice in enumerate(choices, 1):
            lists.cell(row, number, choice)
        letter = get_column_letter(number)
        allowed = DataValidation(
            type="list",
            formula1=f"lists!${letter}$1:${letter}${len(choices)}",
            allow_blank=True,
            showErrorMessage=False,
        )
        sheet.add_data_validation(allowed)
        allowed.add(f"{'D' if number == 1 else 'H'}2:{'D' if number == 1 else 'H'}1048576")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
