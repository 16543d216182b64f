"""Where things stand in a workbook that describes a form: its head, the table of rows, rules, measures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from knowledge.forms.workbook.model import WhyFormRefused, WorkbookRefusal
from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.spreadsheets.model import TEXT, Merge, Sheet, SheetRow, cell_name
from knowledge.spreadsheets.refusals import LONGEST_CELL

_FEWEST_COLUMNS: Final = 2
_FEWEST_LABELS: Final = 3
_HEAD_WITHIN: Final = 40
"""Rows in which a workbook shows what it is there for."""
_COLUMN_NUMBER: Final = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?")
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
"""Letters that nobody sees, and that files or messages do not take."""
_RULE_COLUMNS: Final = frozenset({"title", "sentence", "severity"})
MOST_LINES: Final = 600
"""Rows, rules and measures that are looked at: more than a form may have, so that a huge file is refused soon."""
_JOINED: Final = "aliases"
"""The column that may stand in a table more than once: a cell has an end."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell that says something, and what it is called by whoever sees it; `sheet` only where there are several.

    `kind` is the letter of its kind (`knowledge.spreadsheets.model`); `is_cut`: more stands there than was read.
    """

    text: str
    cell: str
    sheet: str = ""
    kind: str = TEXT
    is_cut: bool = False

    def refused(self, why: WhyFormRefused, said: str | None = None) -> WorkbookRefusal:
        """What is wrong with it; `said` is what the cell says, or more to the point."""
        return WorkbookRefusal(why, self.cell, self.sheet, self.text if said is None else said)

    def joined(self, other: FormCell) -> FormCell:
        """This cell with what stands in another of the same row and column."""
        return FormCell(f"{self.text}; {other.text}", self.cell, self.sheet)


@dataclass(slots=True)
class RawRow:
    """A row of the table by column; `at` is the first cell of it that says something."""

    at: FormCell
    cells: dict[str, FormCell]

    def text(self, column: str) -> str:
        """What stands in a column; empty where nothing does."""
        return self.cells[column].text if column in self.cells else ""


@dataclass(frozen=True, slots=True)
class RawRule:
    """A rule, with its sentence and severity where they are given; `of` is the row beside which it stands."""

    expression: FormCell
    sentence: FormCell | None = None
    severity: FormCell | None = None
    of: RawRow | None = None


RawMeasure = dict[str, FormCell]
"""What rows measure, by column: "title", "rows", "way"…"""


@dataclass(slots=True)
class FormLayout:
    """What was found where.

    Attributes:
        head: the values by label.
        labels: the cells of the labels, values or not.
        heading: the first cell of the table's heading; None where there is no table.
        has_numbers: whether the table has a column for numbers.
    """

    head: dict[str, FormCell] = field(default_factory=dict)
    labels: dict[str, FormCell] = field(default_factory=dict)
    heading: FormCell | None = None
    has_numbers: bool = False
    rows: list[RawRow] = field(default_factory=list)
    rules: list[RawRule] = field(default_factory=list)
    measures: list[RawMeasure] = field(default_factory=list)
    refusals: list[WorkbookRefusal] = field(default_factory=list)


def describes_form(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook is there to describe a form: it names one and has a table of rows, or much of a head."""
    found = find_layout([Sheet(each.head, each.rows[:_HEAD_WITHIN]) for each in sheets])
    return ("title" in found.labels and found.heading is not None) or len(found.labels) >= _FEWEST_LABELS


def find_layout(sheets: Sequence[Sheet]) -> FormLayout:
    """The parts of a workbook, whatever their order; sheets that are hidden or there to explain are passed over."""
    layout = FormLayout()
    shown = [sheet for sheet in sheets if not sheet.is_hidden and plain(sheet.name) not in _IGNORED]
    for sheet in shown:
        _Reader(sheet, layout, sheet.name if len(shown) > 1 else "").read()
    return layout


_IGNORED: Final = frozenset(map(plain, (*WORDING.guide.ignored, WORDING.guide.guide_sheet)))


def _is_numbering(cells: Mapping[str, FormCell]) -> bool:
    """Whether a row only numbers the columns, as printed forms do below their heading: "(1) (2) (3)", "A B 1"."""
    return "name" in cells and all(_COLUMN_NUMBER.fullmatch(cell.text) for cell in cells.values())


class _Reader:
    """Reads one sheet into the layout."""

    def __init__(self, sheet: Sheet, layout: FormLayout, name: str) -> None:
        self._sheet, self._layout, self._name = sheet, layout, name
        self._columns: dict[int, str] = {}
        self._rule_columns: dict[int, str] | None = None
        self._measure_columns: dict[int, str] = {}
        self._merges = sheet.head.merges
        if WORDING.named_in("rules", sheet.name) == "title":
            self._rule_columns = {}

    def read(self) -> None:
        """Go through the rows that are seen."""
        hidden = set(self._sheet.head.hidden_rows)
        for row in self._sheet.rows:
            if row.number in hidden or row.is_blank:
                continue
            if len(self._layout.rows) + len(self._layout.rules) + len(self._layout.measures) > MOST_LINES:
                break
            if measures := self._find_measures(row):
                self._measure_columns, self._rule_columns, self._columns = measures, None, {}
            elif (columns := self._find_columns(row)) is not None:
                self._begin_table(row, columns)
            elif (rules := self._find_rules(row)) is not None:
                self._rule_columns, self._columns, self._measure_columns = rules, {}, {}
            elif self._measure_columns:
                self._take_measure(row)
            elif self._rule_columns is not None:
                self._take_rule(row, self._rule_columns)
            elif self._columns:
                self._take_row(row)
            else:
                self._take_head(row)
        # A formula without a result would be passed over, whatever it says.
        for name in self._sheet.head.uncalculated:
            self._layout.refusals.append(WorkbookRefusal(WhyFormRefused.NOT_CALCULATED, name, self._name))

    def _cells(self, row: SheetRow) -> Iterator[tuple[int, FormCell]]:
        for place, text in enumerate(row.cells):
            said = " ".join(_UNSEEN.sub("", text).split())
            if said:
                is_cut = len(text) >= LONGEST_CELL
                yield place, FormCell(said, cell_name(row.number, place), self._name, row.kind(place), is_cut)

    def _whole(self, cell: FormCell) -> FormCell:
        """A cell that is used; one of which more stands there than was read is refused."""
        if cell.is_cut:
            self._layout.refusals.append(cell.refused(WhyFormRefused.TOO_LONG, str(LONGEST_CELL - 1)))
        return cell

    # --- The head ---

    def _take_head(self, row: SheetRow) -> None:
        label: str | None = None
        for _, cell in self._cells(row):
            before, colon, after = cell.text.partition(":")
            named = WORDING.named_in("labels", before if colon else cell.text)
            if named is not None:
                if named in self._layout.labels:
                    self._layout.refusals.append(cell.refused(WhyFormRefused.TWICE))
                self._layout.labels[named] = cell
                label = named
                if after.strip():
                    self._layout.head[named] = FormCell(after.strip(), self._whole(cell).cell, cell.sheet)
                    label = None
            elif label is not None:
                self._layout.head.setdefault(label, self._whole(cell))
                label = None

    # --- The table ---

    def _find_columns(self, row: SheetRow) -> dict[int, str] | None:
        found: dict[int, str] = {}
        for place, cell in self._cells(row):
            named = WORDING.named_in("columns", cell.text)
            if named is not None and (named == _JOINED or named not in found.values()):
                found[place] = named
        named_columns = set(found.values())
        if "name" not in named_columns or len(named_columns) < _FEWEST_COLUMNS:
            return None
        return found

    def _begin_table(self, row: SheetRow, columns: Mapping[int, str]) -> None:
        if self._layout.heading is not None:
            first = next(cell for place, cell in self._cells(row) if place in columns)
            self._layout.refusals.append(first.refused(WhyFormRefused.TWICE))
            return
        self._columns, self._rule_columns, self._measure_columns = dict(columns), None, {}
        self._layout.has_numbers = "number" in columns.values()
        seen: set[str] = set()
        for place, cell in self._cells(row):
            if self._layout.heading is None:
                self._layout.heading = cell
            named = WORDING.named_in("columns", cell.text)
            if named in seen and named != _JOINED:
                self._layout.refusals.append(cell.refused(WhyFormRefused.TWICE))
            seen |= {named} if named is not None else set()
            merge = self._merge_at(row.number, place)
            if merge is not None:
                self._layout.refusals.append(cell.refused(WhyFormRefused.MERGED_HEAD))

    def _take_row(self, row: SheetRow) -> None:
        cells: dict[str, FormCell] = {}
        for place, cell in self._cells(row):
            column = self._columns.get(place)
            if column is not None:
                cells[column] = cells[column].joined(self._whole(cell)) if column in cells else self._whole(cell)
        first = next((cell for _, cell in self._cells(row)), None)
        if first is None or not cells or _is_numbering(cells):
            return
        if set(cells) - {"name", "number", "note"}:
            self._require_single(row)
        else:
            self._require_single(row, across=True)
        found = RawRow(first, cells)
        self._layout.rows.append(found)
        if "rule" in cells:
            self._layout.rules.append(RawRule(cells["rule"], of=found))

    def _require_single(self, row: SheetRow, *, across: bool = False) -> None:
        """Refuse cells made one: over rows always, over columns except under the title of a part (`across`)."""
        for place, cell in self._cells(row):
            merge = self._merge_at(row.number, place)
            if merge is not None and (merge.last > merge.first or not across):
                self._layout.refusals.append(cell.refused(WhyFormRefused.MERGED_ROWS))

    def _merge_at(self, number: int, place: int) -> Merge | None:
        return next((each for each in self._merges if each.first == number and each.column == place), None)

    # --- The rules ---

    def _find_rules(self, row: SheetRow) -> dict[int, str] | None:
        """The columns of the rules where a row is their title or heading: by place "rule", "sentence", "severity"."""
        found: dict[int, str] = {}
        for place, cell in self._cells(row):
            named = WORDING.named_in("rules", cell.text)
            if named not in _RULE_COLUMNS:
                return None
            assert named is not None
            found[place] = named
        return found if "title" in found.values() else None

    def _take_rule(self, row: SheetRow, columns: Mapping[int, str]) -> None:
        named = {columns[place]: cell for place, cell in self._cells(row) if place in columns}
        if len(columns) < _FEWEST_COLUMNS:  # a title alone: what stands in the row is told by its order
            cells = [cell for _, cell in self._cells(row)]
            named = dict(zip(("title", "sentence", "severity"), cells, strict=False))
        expression = named.get("title")
        if expression is not None:
            self._layout.rules.append(RawRule(expression, named.get("sentence"), named.get("severity")))

    # --- What rows measure ---

    def _find_measures(self, row: SheetRow) -> dict[int, str]:
        """The columns of what rows measure, where a row is their heading; empty where it is not."""
        found: dict[int, str] = {}
        for place, cell in self._cells(row):
            named = WORDING.named_in("measures", cell.text)
            if named is None or named in found.values():
                return {}
            found[place] = named
        return found if {"title", "rows"} <= set(found.values()) else {}

    def _take_measure(self, row: SheetRow) -> None:
        cells = {
            self._measure_columns[place]: self._whole(cell)
            for place, cell in self._cells(row)
            if place in self._measure_columns
        }
        if cells:
            self._layout.measures.append(cells)
