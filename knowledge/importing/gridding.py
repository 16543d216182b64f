"""Tables in plain text: drawn with "|", in columns parted by wide gaps, or flattened to one cell a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from knowledge.importing.lines import Line, TableLine
from knowledge.importing.phrases import named, phrases
from knowledge.importing.shadow import shadow

_GAP = re.compile(r"\s{3,}")
_RULE = re.compile(r"[\s|:+=_-]+")
_ORDER = named("gridding.order")
_DASH = re.compile(r"\s+[-–—]\s+")
_HEADS = named("gridding.heads")
_YEARS_HEAD = named("gridding.years_head")
_YEAR = re.compile(r"20\d\d")
_CELL = re.compile(r"\d[\d.,]*%?|[-–]")
_UNITS: Final = frozenset(phrases("units"))
_LONGEST_UNIT: Final = 4
_LONGEST_ROW: Final = 400
_FEWEST_COLUMNS: Final = 3
_MOST_COLUMNS: Final = 9
_FEWEST_ROWS: Final = 2
_LONGEST_HEAD: Final = 80
_ROWS_OF_GAPS: Final = 3


def with_tables(lines: Sequence[Line | TableLine]) -> tuple[Line | TableLine, ...]:
    """The lines with those that make up a table put together."""
    found: list[Line | TableLine] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if isinstance(line, TableLine):
            found.append(line)
            place += 1
            continue
        table = (
            _drawn(lines, place)
            or _gapped(lines, place)
            or _flattened(lines, place)
            or _dashed(lines, place)
            or _by_years(lines, place)
        )
        if table is None:
            found.append(line)
            place += 1
        else:
            rows, place = table
            found.append(TableLine(rows, line.number, line.page))
    return tuple(found)


_Table = tuple[tuple[tuple[str, ...], ...], int]


def _run(lines: Sequence[Line | TableLine], place: int) -> Iterator[Line]:
    for line in lines[place:]:
        if isinstance(line, TableLine):
            return
        yield line


def _drawn(lines: Sequence[Line | TableLine], place: int) -> _Table | None:
    """A table whose cells are parted by "|"."""
    rows: list[tuple[str, ...]] = []
    count = 0
    for line in _run(lines, place):
        if line.text.count("|") < 2 and not line.text.startswith("|"):
            break
        count += 1
        if _RULE.fullmatch(line.text) is None:
            text = line.text.strip()
            cells = text.removeprefix("|").removesuffix("|").split("|")
            rows.append(tuple(cell.strip() for cell in cells))
    return (tuple(rows), place + count) if len(rows) >= _FEWEST_ROWS else None


def _gapped(lines: Sequence[Line | TableLine], place: int) -> _Table | None:
    """A table whose columns are parted by wide gaps, at least three of them in at least three lines.

    A line without a gap within it is the beginning of the next row's first cell, which goes on in small letters.
    """
    rows: list[tuple[str, ...]] = []
    begun: list[str] = []
    end = place
    for at, line in enumerate(_run(lines, place), place + 1):
        first, *others = (cell.strip() for cell in _GAP.split(line.text.strip()))
        if rows and not others and not begun and len(first) <= _LONGEST_HEAD:
            begun.append(first)
            continue
        if begun and not first[:1].islower():
            break
        if len(others) + 1 < _FEWEST_COLUMNS or (rows and len(others) + 1 != len(rows[0])):
            break
        rows.append((" ".join((*begun, first)), *others))
        begun, end = [], at
    return (tuple(rows), end) if len(rows) >= _ROWS_OF_GAPS else None


def _flattened(lines: Sequence[Line | TableLine], place: int) -> _Table | None:
    """A table with one cell a line: its head begins with "STT" or "TT", its rows with 1, 2, 3 …"""
    first = lines[place]
    if isinstance(first, TableLine) or _ORDER.fullmatch(first.shadow) is None:
        return None
    texts = [line.text for line in _run(lines, place)]
    begin = next((at for at, text in enumerate(texts[: _MOST_COLUMNS + 1]) if re.fullmatch(r"0?1[.)]?", text)), None)
    if begin is None or begin < _FEWEST_COLUMNS or any(len(text) > _LONGEST_HEAD for text in texts[:begin]):
        return None
    rows = [tuple(texts[:begin])]
    at, number = begin, 1
    while at + begin <= len(texts) and re.fullmatch(rf"0?{number}[.)]?", texts[at]):
        rows.append(tuple(texts[at : at + begin]))
        at, number = at + begin, number + 1
    return (tuple(rows), place + at) if len(rows) > _FEWEST_ROWS else None


def _dashed(lines: Sequence[Line | TableLine], place: int) -> _Table | None:
    """A table whose cells are parted by dashes, rows broken or not, under a head that names its columns."""
    first = lines[place]
    if isinstance(first, TableLine) or len(first.text) > _LONGEST_HEAD:
        return None
    width = len(_DASH.split(first.text))
    if width < _FEWEST_COLUMNS or any(_HEADS.match(cell) is None for cell in _DASH.split(first.shadow)):
        return None
    rows: list[str] = [first.text]
    ends = [place + 1]
    for at, line in enumerate(_run(lines, place + 1), place + 1):
        if len(_DASH.split(rows[-1])) == width and (line.text[:1].isupper() or len(rows) == 1):
            rows.append(line.text)
            ends.append(at + 1)
        else:
            rows[-1] = f"{rows[-1]} {line.text}"
            ends[-1] = at + 1
        if len(_DASH.split(rows[-1])) > width:
            break
    while len(_DASH.split(rows[-1])) != width:
        rows.pop()
        ends.pop()
    cells = tuple(tuple(cell.strip() for cell in _DASH.split(row)) for row in rows)
    return (cells, ends[-1]) if len(rows) > _FEWEST_ROWS - 1 else None


def _by_years(lines: Sequence[Line | TableLine], place: int) -> _Table | None:
    """A table whose columns single blanks part: a head that ends in years, rows that are counted and end in figures."""
    first = lines[place]
    head = _YEARS_HEAD.fullmatch(first.shadow) if not isinstance(first, TableLine) else None
    if head is None or isinstance(first, TableLine):
        return None
    years = _YEAR.findall(head["years"])
    has_unit = head["unit"] is not None
    rows: list[tuple[str, ...]] = []
    row, at = "", place + 1
    for line in _run(lines, place + 1):
        begins = line.text.startswith((f"{len(rows) + 1} ", f"{len(rows) + 1}. "))
        if not begins and not row:
            break
        row = f"{row} {line.text}".strip()
        at += 1
        cells = _counted_row(row, len(years), has_unit=has_unit)
        if cells is not None:
            rows.append(cells)
            row = ""
            done = at
        elif len(row) > _LONGEST_ROW:
            break
    if len(rows) < _FEWEST_ROWS:
        return None
    names = (first.text[head.start(part) : head.end(part)].strip() for part in ("order", "label", "unit") if head[part])
    return ((*names, *years), *rows), done


def _counted_row(row: str, years: int, *, has_unit: bool) -> tuple[str, ...] | None:
    """The cells of a row, the last ones figures; None while some are still to come."""
    words = row.split()
    figures = words[-years:]
    if len(words) < years + 2 + has_unit or not all(map(_CELL.fullmatch, figures)):
        return None
    order, label = words[0], words[1:-years]
    if not has_unit:
        return (order, " ".join(label), *figures)
    for count in range(min(_LONGEST_UNIT, len(label) - 1), 0, -1):
        unit = " ".join(label[-count:])
        if shadow(unit) in _UNITS or unit == "%":
            return (order, " ".join(label[:-count]), unit, *figures)
    return (order, " ".join(label[:-1]), label[-1], *figures)
