"""Figures of a longer form in a table of somebody's own layout: its rows named in her words, one below the other.

A row is known by what the form calls it, by the row above that it belongs to, by its number where the table counts as
the form does, and by likeness. What can be one row alone is taken; what may be another is asked about; the rest is
named as not understood, by its cell. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

import msgspec

from knowledge.forms import load_forms
from knowledge.model.forms import FigureKind, Form, Indicator
from knowledge.reports.model import Doubt, Reading, Unsure
from knowledge.reports.phrases import DATA
from knowledge.reports.row_likeness import RowNames, terms_of
from knowledge.reports.table_cells import (
    COLUMNS,
    NUMBERED,
    YEAR,
    find_unit_above,
    has_beside,
    is_aside,
    is_figure,
    is_one_of,
    read_cell,
    readings_of,
    says,
    text_at,
)
from knowledge.reports.tabled import TabledLine, TabledReports, as_report
from knowledge.spreadsheets.marks import is_report
from knowledge.spreadsheets.model import NUMBER, Sheet, SheetRow, cell_name
from knowledge.text import fold

FEWEST_NAMES: Final = 6
"""Rows that a table has to name for sure before it is taken for the form."""

MOST_DOUBTS: Final = 10
"""Rows that are asked about; more of them are named as not understood."""

_SURE, _SURE_BY_NUMBER, _ASKED, _ASKED_OF_MORE = 0.8, 0.65, 0.55, 0.7
"""How like a row a label has to be: to be taken for it, to be asked about, the last where it says more than the row."""

_APART: Final = 0.12
"""How much liker the row has to be than the next one."""

_SAME: Final = 0.999
_CHOICES: Final = 3
_FEWEST_TERMS: Final = 3
_LONGEST_NAME: Final = 250
_MOST_ROWS: Final = 400
_AGREEING: Final = 0.8
_FEWEST_AGREEING: Final = 3
_LEAST_MILLIONS: Final = 1_000_000
"""A sum of so many triệu đồng, told without a unit, may be in đồng: it is a thousand billions otherwise."""

_BULLETS: Final = frozenset("-+•*–")
_NUMBER: Final = re.compile(r"\(?(\d{1,2})(?:\.\d{1,2})*[.)]?")
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_LED: Final = re.compile(r"\s*(?:\w+\s+)?(\d{1,2})\s*[.):]\s+\D")


def read_long_table(sheets: Sequence[Sheet]) -> TabledReports | None:
    """The figures of a longer form; None where a table tells none of one, or is one of our own workbooks."""
    if any(map(is_report, sheets)):
        return None
    found = [
        read
        for form in load_forms()
        if form.parts
        for sheet in sheets
        if not sheet.is_hidden and (read := _read_sheet(sheet, form)) is not None
    ]
    return max(found, key=count_told, default=None)


def count_told(found: TabledReports) -> int:
    """How many rows the first report of a table tells, or asks about."""
    if not found.reports:
        return 0
    reading = found.reports[0].reading
    return len(reading.values) + len(reading.ambiguous) + len(reading.refused)


# A table -------------------------------------------------------------------------------------------------------------


@dataclass
class _Label:
    """A row of a table: what it is called, its number, what it is counted in; `keys` are the rows that it may be.

    `is_part` where it stands below another row that it is a part of.
    """

    row: SheetRow
    text: str
    number: str | None
    unit: str
    has_figure: bool
    is_part: bool = False
    keys: tuple[str, ...] = ()
    is_sure: bool = False

    @property
    def is_money(self) -> bool | None:
        """Whether it is counted in money; None where nothing says what it is counted in."""
        return _is_money(self.unit) if self.unit else None


@dataclass
class _Layout:
    """Where things stand: the column of names, of units (None for none), of figures, and the row above them."""

    label: int
    unit: int | None
    figures: list[int]
    heads: SheetRow | None
    first: int
    above: list[SheetRow] = field(default_factory=list)


def _is_money(unit: str) -> bool:
    return is_one_of(unit, "table_millions") or is_one_of(unit, "table_money")


def _read_sheet(sheet: Sheet, form: Form) -> TabledReports | None:
    rows = list(sheet.filled())[:_MOST_ROWS]
    names = RowNames(form)
    layout = _find_layout(rows, names)
    if layout is None:
        return None
    labels = list(_list_labels(rows, layout))
    _know(labels, names)
    sure = {label.keys[0] for label in labels if label.is_sure and label.has_figure}
    if len(sure) < FEWEST_NAMES:
        return None
    lines = [_read_column(labels, layout, place, names) for place in layout.figures]
    found = [(line, doubts) for line, doubts in lines if line.cells]
    if not found or any(len(line.strange) > len(line.cells) + len(doubts) for line, doubts in found):
        return None
    hint = find_unit_above(layout.above) if len(found) == 1 else ""
    reports = []
    for line, doubts in found:
        report = as_report(form, line, None, hint)
        told = msgspec.structs.replace(report.reading, ambiguous=(*report.reading.ambiguous, *doubts))
        reports.append(replace(report, reading=told))
    return TabledReports(form, tuple(reports), are_columns=len(reports) > 1)


def _find_layout(rows: Sequence[SheetRow], names: RowNames) -> _Layout | None:
    beside = [row for row in rows if has_beside(row)]
    width = min(max((len(row.cells) for row in beside), default=0), COLUMNS)
    counts = {
        place: sum(bool(names.find_exact(_label_at(row, place))) for row in beside if _label_at(row, place))
        for place in range(width)
    }
    label = max(counts, key=lambda place: (counts[place], -place), default=0)
    if counts.get(label, 0) < _FEWEST_AGREEING:
        return None
    known = [row for row in beside if names.find_exact(_label_at(row, label))]
    behind = [place for place in range(label + 1, width) if any(is_figure(row, place) for row in known)]
    told = (row for row in beside if _label_at(row, label) and any(_is_told(row, place) for place in behind))
    begun = next((row.number for row in told), known[0].number)
    above = [row for row in rows if row.number < begun]
    heads = max(
        (row for row in above if _count_cells(row) > 1), key=lambda row: (_count_cells(row), row.number), default=None
    )
    first = heads.number + 1 if heads is not None else begun
    above = [row for row in above if row.number < first]
    figures = [place for place in behind if heads is None or not is_aside(text_at(heads, place))]
    if heads is not None and len(figures) > 1:
        figures = [place for place in figures if is_one_of(text_at(heads, place), "table_total")] or figures
    units = {fold(row.unit) for row in names.form.told if row.unit}
    unit = next(
        (
            place
            for place in range(width)
            if place not in {label, *figures}
            and _are_mostly([text_at(row, place) for row in known], lambda said: fold(said) in units or _is_money(said))
        ),
        None,
    )
    return _Layout(label, unit, figures, heads, first, above) if figures else None


def _is_told(row: SheetRow, place: int) -> bool:
    """Whether a figure stands there that is no year of a heading."""
    return is_figure(row, place) and YEAR.fullmatch(text_at(row, place)) is None


def _count_cells(row: SheetRow) -> int:
    return sum(bool(cell) for cell in row.cells)


def _are_mostly(texts: Sequence[str], is_one: Callable[[str], bool]) -> bool:
    said = [text for text in texts if text]
    return 2 * sum(map(is_one, said)) > len(said)


def _label_at(row: SheetRow, place: int) -> str:
    cell = row.cells[place] if place < len(row.cells) else ""
    return cell if 1 < len(cell) <= _LONGEST_NAME and any(map(str.isalpha, cell)) else ""


def _list_labels(rows: Sequence[SheetRow], layout: _Layout) -> Iterator[_Label]:
    for row in rows:
        text = _label_at(row, layout.label)
        if row.number < layout.first or not text:
            continue
        before = [found[1] for place in range(layout.label) if (found := _NUMBER.fullmatch(text_at(row, place)))]
        led = _LED.match(text)
        number = before[-1] if before else led[1] if led else None
        told = next((each for each in _BRACKETED.findall(text) if _is_money(each)), "")
        name = text.replace(f"({told})", "").strip() if told else text
        unit = told or text_at(row, layout.unit)
        yield _Label(row, name, number, unit, any(is_figure(row, place) for place in layout.figures))


# Which row each is ---------------------------------------------------------------------------------------------------


def _know(labels: Sequence[_Label], names: RowNames) -> None:
    """Find out which row each label is: first what is called so word for word, then what is like it.

    A part of a row is looked for among the parts of that row alone, and where the row is not known, it is not either.
    """
    _find_parts(labels)
    exact = {id(label): _fitting(names.find_exact(label.text), label, names) for label in labels}
    told = [(label.number, names.named[keys[0]].row.no) for label in labels if len(keys := exact[id(label)]) == 1]
    agree = [number == own for number, own in told if number is not None]
    counts_alike = len(agree) >= _FEWEST_AGREEING and sum(agree) >= _AGREEING * len(agree)
    claimed = {keys[0] for label in labels if label.has_figure and len(keys := exact[id(label)]) == 1}
    whole = _list_whole(labels, names, exact)
    parent: str | None = None
    number: str | None = None
    for label in labels:
        number = label.number or number
        own = number if counts_alike else None
        keys = exact[id(label)]
        if len(keys) > 1:
            keys = tuple(key for key in keys if names.named[key].row.parent == parent) or keys
            keys = tuple(key for key in keys if names.named[key].row.no == own) or keys
        if keys:
            others = {names.named[key].row.parent for key in exact[id(label)]} - {parent}
            is_told_apart = own is not None or others <= whole
            label.keys = keys if is_told_apart else exact[id(label)]
            label.is_sure = len(label.keys) == 1 and _fits_in(names, keys[0], label, parent)
            if own is not None and names.named[keys[0]].row.no != own:
                label.is_sure = False  # called as one row, counted as another
        elif not says(label.text, "last_month", "future") and "%" not in f"{label.unit}{label.text}":
            label.keys, label.is_sure = _liken(label, names, parent, own, claimed)
        if label.is_sure:
            row = names.named[label.keys[0]].row
            parent = row.parent or row.key
            if label.has_figure:
                claimed.add(row.key)
        elif not label.is_part:
            parent = None


def _list_whole(labels: Sequence[_Label], names: RowNames, exact: Mapping[int, Sequence[str]]) -> set[str | None]:
    """The rows that have parts and stand in the table: where two have parts of one name, both have to be there for
    either's to be known by the row above."""
    found: set[str | None] = {None}
    for label in labels:
        keys = exact[id(label)]
        if not keys and not label.has_figure:
            near, is_sure = _liken(label, names, None, None, ())
            keys = near if is_sure else ()
        found.update(keys[:1])
    return found


def _find_parts(labels: Sequence[_Label]) -> None:
    """Tell parts of rows: by what leads them, or by having no number where the rows around them have one."""
    count = sum(label.number is not None for label in labels if label.has_figure)
    for label in labels:
        lead = fold(label.text).lstrip()
        label.is_part = (
            label.text[:1].isspace()
            or lead[:1] in _BULLETS
            or lead.startswith(fold(DATA.lists["table_part"][0]))
            or (label.has_figure and label.number is None and count >= _FEWEST_AGREEING)
        )


def _fits_in(names: RowNames, key: str, label: _Label, parent: str | None) -> bool:
    """Whether a row may stand there: a part of a row below it, or where its name says of what; another row anywhere but
    among parts."""
    row = names.named[key].row
    if row.parent == parent:
        return True
    return not label.is_part and (row.parent is None or names.tells_where(terms_of(label.text)))


def _fitting(keys: Sequence[str], label: _Label, names: RowNames) -> tuple[str, ...]:
    """Those of these rows that are counted as the label is: a row that counts people tells no money."""
    return tuple(key for key in keys if _may_be_counted_so(names.named[key].row, label))


def _may_be_counted_so(row: Indicator, label: _Label) -> bool:
    if row.heading:
        return not label.has_figure
    return label.is_money is None or label.is_money == (row.kind is FigureKind.MONEY)


def _liken(
    label: _Label, names: RowNames, parent: str | None, number: str | None, claimed: Collection[str]
) -> tuple[tuple[str, ...], bool]:
    """The rows that a label may be, the likest first, and whether it is that one alone.

    `number` is that of the form's rows under which it stands; rows that are `claimed` go by their own names.
    """
    terms = terms_of(NUMBERED.sub("", label.text))
    if not terms:
        return (), False
    likeness = {
        key: names.liken(terms, each, parent)
        for key, each in names.named.items()
        if key not in claimed
        and _may_be_counted_so(each.row, label)
        and (number is None or each.row.no == number)
        and (not label.is_part or parent is None or each.row.parent == parent)
    }
    ranked = sorted(likeness, key=lambda key: -likeness[key])
    if not ranked:
        return (), False
    best = likeness[ranked[0]]
    near = tuple(key for key in ranked[:_CHOICES] if likeness[key] > best - (_APART if best < _SAME else 1 - _SAME))
    near = tuple(key for key in near if parent is not None and names.named[key].row.parent == parent) or near
    row = names.named[near[0]]
    enough = _SURE_BY_NUMBER if number is not None else _SURE
    if len(near) == 1 and best >= enough and names.explains(terms, row) and _fits_in(names, near[0], label, parent):
        return near, True
    if best >= (_ASKED if names.explains(terms, row) else _ASKED_OF_MORE):
        return near, False
    alone = [key for key in ranked if names.explains(terms, names.named[key])]
    return (tuple(alone), False) if len(alone) == 1 and len(terms) >= _FEWEST_TERMS else ((), False)


# Its figures ---------------------------------------------------------------------------------------------------------


def _read_column(
    labels: Sequence[_Label], layout: _Layout, place: int, names: RowNames
) -> tuple[TabledLine, list[Unsure]]:
    """The figures of a column: those of sure rows, and what is to be asked about."""
    head = text_at(layout.heads, place) if layout.heads is not None else ""
    line = TabledLine(head if len(layout.figures) > 1 else "", place=cell_name(labels[0].row.number, place))
    doubts: list[Unsure] = []
    sure = {label.keys[0] for label in labels if label.is_sure and label.has_figure}
    for label in labels:
        value = text_at(label.row, place)
        if not value:
            continue
        cell, kind = cell_name(label.row.number, place), label.row.kind(place)
        piece = f"{cell}: {label.text} {value}"
        if label.is_sure:
            row = names.named[label.keys[0]].row
            scaled = _scaled(row, label, kind, value)
            doubt = _maybe_in_dong(row, label, piece, kind, value)
            if doubt is not None:
                doubts.append(doubt)
            else:
                line.cells.setdefault(row.key, []).append((*scaled, cell))
            continue
        if not is_figure(label.row, place):
            continue
        may_be = [names.named[key].row for key in label.keys if key not in sure]
        outcomes = [(row.key, readings_of(read_cell(row, *_scaled(row, label, kind, value)))) for row in may_be]
        readings = [Reading(key, read[0]) for key, read in outcomes if read]
        if readings and len(doubts) < MOST_DOUBTS:
            doubts.append(Unsure(piece, tuple(readings), Doubt.PLACE))
        else:
            line.strange.append(piece)
    return line, doubts


def _scaled(row: Indicator, label: _Label, kind: str, value: str) -> tuple[str, str]:
    """The kind and text of a cell, with what money is counted in where that is not millions."""
    unit = label.unit
    if row.kind is not FigureKind.MONEY or not unit or not is_one_of(unit, "table_money"):
        return kind, value
    plain = value.replace(".", ",") if kind == NUMBER else value
    return "t", f"{plain} {unit}"


def _maybe_in_dong(row: Indicator, label: _Label, piece: str, kind: str, value: str) -> Unsure | None:
    """A sum too large for millions where nothing says what it is counted in."""
    if row.kind is not FigureKind.MONEY or label.unit or kind != NUMBER:
        return None
    told = Decimal(value)
    if abs(told) < _LEAST_MILLIONS:
        return None
    millions = told / 1_000_000
    readings = (Reading(row.key, millions.quantize(Decimal("0.001")).normalize()), Reading(row.key, told))
    return Unsure(piece, readings, Doubt.NUMBER)
