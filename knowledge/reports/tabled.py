"""Figures in a table of somebody's own layout: known by the names of a form's rows, down a column or across a heading.

Each unit or month of the table is read as a message with its figures would be: sure, to be asked about, or not taken,
the cell named with it. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Final

from knowledge.figures_question import find_period
from knowledge.forms import load_forms
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import Parsed, Reason, Refused, UnclearNumber
from knowledge.reports.message import find_rows
from knowledge.reports.model import Doubt, Reading, ReportText, Unsure, UntakenPiece
from knowledge.reports.phrases import DATA, folded
from knowledge.reports.reading import parse_report
from knowledge.reports.table_cells import (
    BRACKETS,
    COLUMNS,
    LONGEST_NAME,
    NUMBERED,
    find_unit_above,
    has_beside,
    is_aside,
    is_figure,
    is_one_of,
    read_cell,
    readings_of,
    says,
    text_at,
    texts_of,
)
from knowledge.spreadsheets.marks import is_report
from knowledge.spreadsheets.model import DATE, NUMBER, Merge, Sheet, SheetRow, cell_name
from knowledge.text import fold, tidy

FEWEST_NAMES: Final = 2
"""Rows of a form that a table has to name before it is taken for one of its figures."""

_BESIDE: Final = 3
"""Figures that name no row of the form for each that does; a table with more is of something else."""

_HEADING_WITHIN: Final = 30
_MOST_LINES: Final = 400
_MOST_READ: Final = 60  # names that are read as a message would be, which takes ten milliseconds each
_SIGNED_ON: Final = re.compile(r"\s*[\d.…]+\s*".join(map(fold, DATA.lists["table_dated"])) + r"\s*[\d.…]+")


@dataclass(frozen=True, slots=True)
class TabledReport:
    """The figures of one unit or month: what they say, whose they are as written, and the cell that says so.

    `code` is a unit's code where the table has a column of codes.
    """

    reading: ReportText
    name: str = ""
    code: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class TabledReports:
    """A table of figures. `are_columns`: each report is a column whose heading may be no unit's name.

    Attributes:
        sheet: the name of the sheet it stands on.
        blank: units that stand in it without a figure, each as the cell that names it and its name or code.
    """

    form: Form
    reports: tuple[TabledReport, ...]
    are_columns: bool = False
    sheet: str = ""
    blank: tuple[tuple[str, str], ...] = ()


@dataclass
class TabledLine:
    """One report being gathered: cells by key, as (kind, text, place); pieces that name no row."""

    name: str = ""
    code: str = ""
    place: str = ""
    period: Period | None = None
    cells: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


class _Names:
    """The rows of a form that cells name, each text looked up once."""

    def __init__(self, form: Form, today: date) -> None:
        self.form, self._today = form, today
        self._known: dict[str, str | None] = {}
        self._left = _MOST_READ

    def find(self, cell: str) -> str | None:
        """The row a cell names; None where it names none, several, a share of one, or one of another time."""
        if not cell or _is_share(cell) or len(cell) > LONGEST_NAME or not any(map(str.isalpha, cell)):
            return None
        if cell not in self._known:
            self._known[cell] = self._look_up(cell)
        return self._known[cell]

    def find_exact(self, cell: str) -> str | None:
        """The row whose name or alias a cell is, word for word."""
        for name in (bare := _without_time(cell), BRACKETS.sub("", bare)):
            keys = find_rows(self.form, name)
            if len(keys) == 1:
                return keys[0]
        return None

    def _look_up(self, cell: str) -> str | None:
        found = self.find_exact(cell)
        if found is not None:
            return found
        name = BRACKETS.sub("", _without_time(cell)).strip(" :")
        if not name or any(map(str.isdigit, name)) or says(name, "last_month", "other_time") or self._left <= 0:
            return None
        self._left -= 1
        reading = parse_report(f"{name}: 7", self.form, today=self._today)
        given = list(reading.values)
        is_sure = len(given) == 1 and reading.values[given[0]] == 7 and not reading.ambiguous and not reading.unmatched
        return given[0] if is_sure and reading.period is None else None


def _is_share(cell: str) -> bool:
    """Whether a name tells of a share of a row: women among the members."""
    words = re.findall(r"[a-z0-9]+", fold(cell))
    return any(words[-len(phrase.split()) :] == phrase.split() for phrase in folded("table_share")) and len(words) > 1


def _without_time(cell: str) -> str:
    """A name without its number and without the words for the month it is told of."""
    name = NUMBERED.sub("", tidy(cell)).strip(" :")
    for phrase in (*folded("within"), *folded("ended")):
        if fold(name).endswith(f" {phrase}"):
            name = " ".join(name.split()[: -len(phrase.split())])
    return name


# What a table holds --------------------------------------------------------------------------------------------------


def count_names(row: SheetRow) -> int:
    """How many rows of a form the cells of a row name word for word, to tell what parts the columns of a .csv file."""
    if len(row.cells) < FEWEST_NAMES:
        return 0
    return max((_count_exact(_Names(form, date.min), row) for form in _forms()), default=0)


def _count_exact(names: _Names, row: SheetRow) -> int:
    return sum(names.find_exact(cell) is not None for cell in row.cells[:COLUMNS] if 0 < len(cell) <= LONGEST_NAME)


def _forms() -> Iterable[Form]:
    """The forms that are due by the calendar and short enough for their rows to be named in a table of one's own."""
    return [form for form in load_forms() if form.calendar is not None and not form.parts]


def read_table(sheets: Sequence[Sheet], today: date, *, around: Sequence[str] = ()) -> TabledReports | None:
    """The figures of a table in somebody's own layout, of several that with the most reports; None where a file holds
    none, or is one of our own workbooks. See `read_tables`.
    """
    return max(read_tables(sheets, today, around=around), key=lambda found: len(found.reports), default=None)


def read_tables(sheets: Sequence[Sheet], today: date, *, around: Sequence[str] = ()) -> list[TabledReports]:
    """The tables of figures in somebody's own layout that a file holds, one for each sheet that holds one.

    Args:
        sheets: hidden ones are not read.
        around: what else may name the month: the words sent with the file, its name.
    """
    if any(map(is_report, sheets)):
        return []
    known = [_Names(form, today) for form in _forms()]
    found: list[TabledReports] = []
    for sheet in sheets:
        read = [_read_sheet(sheet, names, today, around) for names in known] if not sheet.is_hidden else []
        tables = [each for each in read if each is not None]
        if tables:
            found.append(max(tables, key=lambda each: len(each.reports)))
    with_figures = [each for each in found if each.reports]
    return with_figures or found[:1]


def _read_sheet(sheet: Sheet, names: _Names, today: date, around: Sequence[str]) -> TabledReports | None:
    rows = list(sheet.filled())
    opening = list(takewhile(lambda row: row.number <= _HEADING_WITHIN, rows))
    across = _find_heading(opening, sheet.head.merges, names)
    if across is not None:
        last, keys, heads = across
        lines, are_columns = _read_lines(rows, last, keys, heads, names.form, today), False
        above = [row for row in opening if row.number < last]
    else:
        found = _read_columns(rows, names, today)
        if found is None:
            return None
        lines, above = found
        are_columns = len(lines) > 1 and not all(line.period for line in lines)
    blank = tuple((line.place, line.code or line.name) for line in lines if _is_blank(line, names.form))
    lines = [line for line in lines if not _is_blank(line, names.form) and _tells(line)][:_MOST_LINES]
    if not lines and blank and across is not None:
        return TabledReports(names.form, (), sheet=sheet.name, blank=blank)
    if not lines or all(len(line.strange) > _BESIDE * len(line.cells) for line in lines):
        return None
    period = find_period_named([*around[:1], *texts_of(above), sheet.name, *around[1:]], names.form, today)
    hint = find_unit_above(above) if len(lines) == 1 or not any(line.name or line.code for line in lines) else ""
    reports = [as_report(names.form, line, period, hint) for line in lines]
    return TabledReports(names.form, tuple(reports), are_columns, sheet.name, blank if across is not None else ())


def _is_blank(line: TabledLine, form: Form) -> bool:
    """Whether a line names a unit and tells none of the figures that are asked for: sums alone, of nothing."""
    told = [key for key in line.cells if not form.get_indicator(key).derived]
    return not told and bool(line.code or line.name)


def _tells(line: TabledLine) -> bool:
    """Whether a line has figures of a report: a date or a signature below a table is none."""
    if not line.cells:
        return False
    cells = [cell for some in line.cells.values() for cell in some]
    return bool(line.name or line.code) or any(kind == NUMBER or text[:1].isdigit() for kind, text, _ in cells)


def find_period_named(texts: Iterable[str], form: Form, today: date) -> Period | None:
    """The period of the form that the first of these texts names; the day on which it was signed names none."""
    for text in texts:
        found = find_named(_SIGNED_ON.sub(" ", fold(text)), form, today)
        if found is not None:
            return found
    return None


def find_named(text: str, form: Form, today: date) -> Period | None:
    """The period of a form that words name; a month stands for the quarter that it lies in, no quarter for a month."""
    found = find_period(text, today) if text else None
    if found is None or found.kind is form.period:
        return found
    return Period.containing(found.end, form.period) if found.kind is PeriodKind.MONTH else None


# Across: a heading, and a line for each unit or month ----------------------------------------------------------------


def _find_heading(
    rows: Sequence[SheetRow], merges: Sequence[Merge], names: _Names
) -> tuple[int, dict[int, str], list[str]] | None:
    """The last row of the heading, the key of each column that has one, and the texts; None where none is found."""
    for at, row in enumerate(rows):
        if sum(bool(cell) for cell in row.cells) < FEWEST_NAMES:
            continue
        last, heads = row.number, list(row.cells)
        below = rows[at + 1] if at + 1 < len(rows) and rows[at + 1].number == row.number + 1 else None
        one = {place: key for place, cell in enumerate(row.cells[:COLUMNS]) if (key := names.find(cell)) is not None}
        if below is not None and not _has_numbers(below):
            pairs = list(_pairs(row, below, merges))
            two = {place: key for place, pair in enumerate(pairs) if (key := _find_of_two(names, *pair)) is not None}
            is_parted = any(is_one_of(pairs[place][1], "table_share") for place in one if place < len(pairs))
            if len(set(two.values())) > len(set(one.values())) or is_parted:
                one, last, heads = two, below.number, [lower or upper for upper, lower in pairs]
        if len(set(one.values())) >= FEWEST_NAMES and not _has_numbers(row):
            return last, one, heads
    return None


def _pairs(row: SheetRow, below: SheetRow, merges: Sequence[Merge]) -> Iterator[tuple[str, str]]:
    """Each column's two texts; a group's name stands over all columns that it was merged over."""
    over = {place: m.column for m in merges if m.first == row.number for place in range(m.column, m.until + 1)}
    group = ""
    for place in range(min(max(len(row.cells), len(below.cells)), COLUMNS)):
        above = over.get(place, place)
        upper = row.cells[above] if above < len(row.cells) else ""
        lower = below.cells[place] if place < len(below.cells) else ""
        group = (upper or group) if lower else ""
        is_beside = not upper and (is_one_of(lower, "table_whole") or is_one_of(lower, "table_share"))
        yield (group if is_beside else upper), lower


def _find_of_two(names: _Names, upper: str, lower: str) -> str | None:
    if is_one_of(lower, "table_share"):
        return None
    if is_one_of(lower, "table_whole") and upper:
        return names.find(upper)
    if not upper or not lower or upper == lower:
        return names.find(lower or upper)
    return names.find_exact(lower) or names.find(f"{upper} {lower}") or names.find(lower)


def _has_numbers(row: SheetRow) -> bool:
    """Whether figures stand in a row, and not only the counting of its columns."""
    cells = [(place, cell) for place, cell in enumerate(row.cells) if cell]
    return any(row.kind(place) == NUMBER or cell.strip(" ()").replace(".", "").isdecimal() for place, cell in cells)


def _read_lines(
    rows: Sequence[SheetRow], last: int, keys: Mapping[int, str], heads: Sequence[str], form: Form, today: date
) -> list[TabledLine]:
    """A line for each row below the heading that has a figure; totals and rows that count columns are none."""
    unit = next((place for place, head in enumerate(heads) if is_one_of(head, "table_unit")), None)
    code = next((place for place, head in enumerate(heads) if is_one_of(head, "table_code")), None)
    month = next((place for place, head in enumerate(heads) if is_one_of(head, "table_month")), None)
    below = [row for row in rows if row.number > last]
    if unit is None and month is None:
        unit = _find_words(below, keys)
    lines: list[TabledLine] = []
    for row in below:
        said = [cell for cell in row.cells if cell]
        total = next((cell for cell in said if any(map(str.isalpha, cell))), "")
        if _counts_columns(said) or is_one_of(total, "table_total"):
            continue
        name = text_at(row, unit)
        named = next((place for place in (unit, code, month) if place is not None and text_at(row, place)), 0)
        line = TabledLine(name, text_at(row, code), cell_name(row.number, named), _period_in(row, month, form, today))
        for place, key in keys.items():
            if value := text_at(row, place):
                line.cells.setdefault(key, []).append((row.kind(place), value, cell_name(row.number, place)))
        line.strange += [
            f"{cell_name(row.number, place)}: {tidy(head)} {text_at(row, place)}"
            for place, head in enumerate(heads[:COLUMNS])
            if place not in {*keys, unit, code, month} and head and not is_aside(head) and is_figure(row, place)
        ]
        lines.append(line)
    return lines


def _counts_columns(cells: Sequence[str]) -> bool:
    """Whether a row only counts the columns: (1) (2) (3), perhaps behind A and B."""
    said = [cell.strip(" ()") for cell in cells]
    numbers = [int(cell) for cell in said if re.fullmatch(r"\d{1,2}", cell, re.ASCII)]
    lettered = all(len(cell) == 1 for cell in said if not cell.isdecimal())
    return lettered and len(numbers) > FEWEST_NAMES and numbers == list(range(1, len(numbers) + 1))


def _find_words(rows: Sequence[SheetRow], keys: Mapping[int, str]) -> int | None:
    """The column before the figures in which most words stand: the units, where no heading says so."""
    count = Counter(
        place
        for row in rows[:_HEADING_WITHIN]
        for place, cell in enumerate(row.cells[: min(keys)])
        if sum(map(str.isalpha, cell)) > 1
    )
    return count.most_common(1)[0][0] if count else None


def _period_in(row: SheetRow, place: int | None, form: Form, today: date) -> Period | None:
    said = text_at(row, place)
    if not said or place is None:
        return None
    if row.kind(place) == DATE:
        said = said[3:]
    return find_named(f"{DATA.lists['month'][0]} {said}" if said[0].isdigit() else said, form, today)


# Down: a name in each row, its figures beside ------------------------------------------------------------------------


def _read_columns(
    rows: Sequence[SheetRow], names: _Names, today: date
) -> tuple[list[TabledLine], list[SheetRow]] | None:
    """A line for each column of figures, and the rows above them; None where no column names rows of the form."""
    beside = [row for row in rows[:_MOST_LINES] if has_beside(row)]
    width = min(max((len(row.cells) for row in beside), default=0), COLUMNS)
    named: dict[int, dict[int, str]] = {}
    for place in range(width):
        found = {row.number: key for row in beside if (key := names.find(text_at(row, place))) is not None}
        if len(set(found.values())) >= FEWEST_NAMES and len(found) > len(named.get(0, {})):
            named = {0: found, 1: {place: ""}}
    if not named:
        return None
    keys, label = named[0], next(iter(named[1]))
    first = min(keys)
    above = [row for row in rows if row.number < first]
    heads = next((row for row in reversed(above) if sum(bool(cell) for cell in row.cells) >= FEWEST_NAMES), None)
    columns = [place for place in range(label + 1, width) if any(is_figure(row, place) for row in beside)]
    used = [place for place in columns if heads is None or not is_aside(text_at(heads, place))]
    if heads is not None and len(used) > 1:
        used = [place for place in used if says(text_at(heads, place), "this_month")] or used
    lines = []
    for place in used:
        head = text_at(heads, place) if heads is not None else ""
        period = find_named(head, names.form, today)
        is_named = len(used) > 1 and period is None
        line = TabledLine(head if is_named else "", place=cell_name((heads or beside[0]).number, place), period=period)
        for row in beside:
            value, key = text_at(row, place), keys.get(row.number)
            if value and key is not None:
                line.cells.setdefault(key, []).append((row.kind(place), value, cell_name(row.number, place)))
            elif is_figure(row, place) and (name := text_at(row, label)) and row.number > first:
                line.strange.append(f"{cell_name(row.number, place)}: {name} {value}")
        lines.append(line)
    return lines, above


# What the cells say --------------------------------------------------------------------------------------------------


def as_report(form: Form, line: TabledLine, period: Period | None, hint: str) -> TabledReport:
    """What the cells of a line say; `period` and `hint` (a unit) where the line names none itself."""
    values: dict[str, Decimal] = {}
    unsure: list[Unsure] = []
    refused: list[UntakenPiece] = []
    for row in form.told:
        cells = line.cells.get(row.key, [])
        said = {text for _, text, _ in cells}
        outcomes = [(read_cell(row, kind, text), f"{place}: {text}") for kind, text, place in cells]
        if len(said) > 1:
            read = [outcome for outcome, _ in outcomes]
            each = dict.fromkeys(found for outcome in read for found in readings_of(outcome))
            piece = "; ".join(piece for _, piece in outcomes)
            unsure.append(Unsure(piece, tuple(Reading(row.key, value) for value in each), Doubt.CONFLICT))
            continue
        for outcome, piece in outcomes[:1]:
            match outcome:
                case Parsed(value=value):
                    values[row.key] = value
                case UnclearNumber(readings=several):
                    unsure.append(Unsure(piece, tuple(Reading(row.key, value) for value in several), Doubt.NUMBER))
                case Refused(reason=Reason.APPROXIMATE, nearest=Decimal() as nearest):
                    unsure.append(Unsure(piece, (Reading(row.key, nearest),), Doubt.APPROXIMATE))
                case Refused(reason=reason):
                    refused.append(UntakenPiece(piece, row.key, reason))
    name = line.name or hint
    reading = ReportText(
        period=line.period or period,
        unit_hint=name or None,
        values=values,
        ambiguous=tuple(each for each in unsure if each.readings),
        refused=tuple(refused),
        unmatched=tuple(line.strange),
        missing=form.missing(values),
        is_report=True,
    )
    return TabledReport(reading, name, line.code, line.place)


def write_message(form: Form, reading: ReportText) -> str:
    """The same as a message would bring it, to be read once more when unit or month were asked for.

    What is unclear or not understood stands in it as it was written.
    """
    pieces = [(key, format(value, "f").replace(".", ",")) for key, value in reading.values.items()]
    pieces += [(each.readings[0].key, each.piece.rpartition(": ")[2]) for each in reading.ambiguous]
    pieces += [(each.key, each.piece.rpartition(": ")[2]) for each in reading.refused]
    begun = DATA.lists["report"][0]
    period = reading.period
    kind = DATA.lists["quarter" if period is not None and period.kind is PeriodKind.QUARTER else "month"][0]
    head = f"{begun} {kind} {period.number}/{period.year}" if period is not None else begun
    return "\n".join([head, *(f"{form.get_indicator(key).name}: {said}" for key, said in pieces)])
