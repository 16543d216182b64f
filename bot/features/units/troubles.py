"""What is wrong with a unit file or a row of it, and what is told of one that is read; in English for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.spreadsheets.refusals import TableRefusedError

COLUMNS: Final = ("code", "parent", "name", "kind", "plan", "officer", "phone", "role")


class WhyNoUnits(StrEnum):
    """Why a table is no list of units."""

    NO_HEADER = (
        "no header row in the first {0} rows: the columns are {1}; "
        "`troly units template FILE` writes an empty file with them"
    )
    NO_CODES = (
        "row {0} looks like the heading, but none of its columns is that of the codes; not understood there: {1}; "
        "the columns are {2}"
    )
    NOTHING_BELOW = "there is nothing below the header row"
    TWO_COLUMNS = "{0}: two columns are headed {1}; leave one of them"
    ONLY_HIDDEN = "only a hidden sheet holds units: {0}; show it in Excel, or name it with --sheet"
    NO_SUCH_SHEET = "there is no sheet {0}; the sheets are: {1}"
    REPORT = "this is a workbook of figures, no list of units; send it to the bot in the chat"


class RowTrouble(StrEnum):
    """Why a row, or the officer in it, is refused."""

    NO_CODE = "the unit has no code (“{0}”)"
    TOO_LONG = "longer than {0} letters"
    NOT_KIND = "“{0}” is no kind of unit; the kinds are: {1}"
    NOT_PLAN = "“{0}” is no plan that is known; known are: {1}"
    NOT_PHONE = "“{0}” is no phone number; one looks like 0901 000 003"
    NO_PHONE = "an officer is known by phone number, which is missing"
    NOT_ROLE = "“{0}” is no role; the roles are: {1} (or officer, supervisor, admin)"
    NO_OFFICER = "a role without an officer: the phone number is missing"
    IS_DATE = "cell {0} holds a date, {1}, which Excel made of it; set the column to text and type it anew"
    SHORTENED = "cell {0} holds a number that Excel shortened, “{1}”; set the column to text and type it anew"
    WIDE = "cell {0} holds full-width letters, “{1}”; type “{2}”"
    APOSTROPHE = "cell {0} begins with an apostrophe, “{1}”; type “{2}”"
    IS_ERROR = "cell {0} holds {1} instead of a value; mend its formula"
    UNCALCULATED = (
        "cell {0} holds a formula whose value was not kept; open the file in Excel and save it, or paste the values"
    )
    EITHER_LETTERS = "cell {0} reads “{1}”, or “{2}” in the old font of the cells around it; type it anew"
    ANOTHER = "unit {0} stands in {1} already, with another {2}"
    AGAIN = "unit {0} stands in {1} already, and this row adds no officer"
    NEEDS = "unit {0} is new and needs a {1}"
    DISSOLVED = "unit {0} was dissolved on {1} and is not changed any more"
    PARENT_DISSOLVED = "unit {0} was dissolved; nothing new is put below it"
    PARENT_REFUSED = "unit {0}, in {1}, is refused itself"
    NO_PARENT = "there is no unit {0}, neither in the file nor before"
    PARENT_NAME = "“{0}” is a unit's name; write its code, {1}"
    CYCLE = "a unit cannot lie below itself: {0}"
    TOO_DEEP = "the tree below or above unit {0} would have more than {1} levels"
    OUT_OF_REACH = "unit {0} is none of those you manage"
    PARENT_OUT_OF_REACH = "there is no unit {0} in the file or among those you manage"
    NEEDS_PARENT = "unit {0} has to lie below a unit that you manage"
    PLAN_NOT_YOURS = "which plan governs a unit is set by an admin of the bot"
    OTHER_NAME = "this number belongs to {0} in {1}"
    OFFICER_AGAIN = "this officer stands in {0} already, for the same unit and role"


class NoteKind(StrEnum):
    """What whoever brought the file should know, though it is read."""

    HIDDEN_SHEET = 'sheet “{0}” is hidden and was not read; --sheet "{0}" reads it'
    NO_HEADER = "sheet “{0}” has no header row and was not read"
    NOT_ASKED = "sheet “{0}” was not asked for and not read"
    SHEETS = "units stand on {0} sheets, and all of them are read: {1}"
    TWO_ROW_HEADING = "{0} and {1} are read as one heading of two rows"
    HIDDEN_ROWS = "{0} rows are hidden and were read too, the first of them {1}"
    REPEATED = "{0} repeats the heading and is passed over"
    NUMBERING = "{0} numbers the columns and is passed over"
    FURTHER = "{0} begins a further table with a heading of its own, which is read too"
    UNREAD = "these columns are none of a unit file and were not read: {0}"
    BELOW = "{0} (“{1}”) stands below the list and is passed over"
    TOTAL = "{0} (“{1}”) is a total and is passed over"
    OLD_LETTERS = "{0} cells are in the letters of an old font ({1}) and were converted, as “{2}” to “{3}”"


class UnitFileRefusedError(TableRefusedError):
    """The table is no list of units that can be taken in; the message says why, in one line."""


@dataclass(frozen=True, slots=True, order=True)
class RowSpot:
    """A row as whoever sees the file counts, from 1; with its sheet where units stand on several."""

    row: int
    sheet: str = ""

    def __str__(self) -> str:
        """For the operator."""
        return f"row {self.row} of sheet “{self.sheet}”" if self.sheet else f"row {self.row}"


Said = str | RowSpot


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row, or the officer in it, is refused. `column` is one of COLUMNS."""

    spot: RowSpot
    column: str
    trouble: RowTrouble
    said: tuple[Said, ...] = ()

    @property
    def row(self) -> int:
        """The number of the row, from 1 as in the file."""
        return self.spot.row

    @property
    def says(self) -> str:
        """Why, for the operator."""
        return self.trouble.value.format(*self.said)

    def __str__(self) -> str:
        """One line for the operator."""
        sheet = f"sheet “{self.spot.sheet}”, " if self.spot.sheet else ""
        return f"{sheet}row {self.spot.row}, column {self.column}: {self.says}"


@dataclass(frozen=True, slots=True)
class FileNote:
    """Something about a file that is read."""

    kind: NoteKind
    said: tuple[Said, ...] = ()

    def __str__(self) -> str:
        """One line for the operator."""
        return self.kind.value.format(*self.said)
