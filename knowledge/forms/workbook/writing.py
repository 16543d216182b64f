"""A form as a workbook that describes it, to begin another one from; what is written is read back as it was. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.forms.workbook.making import give_numbers, measured_in, show_rule
from knowledge.forms.workbook.measures import name_scope, name_subject
from knowledge.forms.workbook.model import EITHER_SIGN
from knowledge.forms.workbook.wording import WORDING
from knowledge.glossary import Glossary
from knowledge.model.form_dates import MonthDay
from knowledge.model.forms import Form, Indicator, Measure, MeasureKind, Severity, split_term
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.units import UNIT_KIND_SHORT

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_LAST_DAY: Final = 31
_DECEMBER: Final = 12
_BOLD: Final = Font(bold=True)
_HEADING: Final = PatternFill("solid", fgColor="DDE8F5")
_TEXT: Final = "@"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTHS: Final = {
    "number": 8,
    "name": 58,
    "short": 26,
    "unit": 14,
    "kind": 12,
    "derived": 18,
    "counts": 18,
    "aliases": 60,
    "note": 30,
}
_COLUMNS: Final = (
    *("number", "name", "short", "unit", "kind", "derived", "optional", "carry_over", "asked_of", "yes_no", "counts"),
    *("no_change", "noun", "sign", "example", "key", "note", "aliases"),
)
_MEASURE_COLUMNS: Final = ("title", "rows", "way", "scopes", "units", "moves", "called")
_BETWEEN: Final = "; "
_LONGEST: Final = 900
"""Letters of a cell of aliases; more stand in another column of that name."""


def write_form(form: Form, glossary: Glossary) -> bytes:
    """The workbook (.xlsx) that describes a form, with a guide for whoever changes it.

    Read back it is the same form, but for the plan that brought it and its lines there.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = WORDING.guide.sheet
    _write_head(sheet, form)
    _write_rows(sheet, form)
    _write_rules(book.create_sheet(WORDING.guide.rules_sheet), form)
    _write_measures(book.create_sheet(WORDING.guide.measures_sheet), form, glossary)
    guide = book.create_sheet(WORDING.guide.guide_sheet)
    for line in WORDING.guide.lines:
        guide.append([line])
    guide.column_dimensions["A"].width = 120
    for (line_cell,) in guide.iter_rows():
        line_cell.alignment = Alignment(wrap_text=True, vertical="top")
    _keep_as_text(book)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _keep_as_text(book: Workbook) -> None:
    """Let no name that somebody gave be a formula, whatever it begins with: none is written here."""
    for cell in (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and cell.value.startswith(_RISKY):
            cell.data_type = "s"
            cell.quotePrefix = True


def _write_head(sheet: Worksheet, form: Form) -> None:
    _append(sheet, [WORDING.guide.title])
    sheet["A1"].font = _BOLD
    lines: list[tuple[str, str]] = [("title", form.title), ("short", form.short)]
    lines.append(("period", WORDING.periods[form.period.value][0]))
    if form.calendar is not None:
        days = (("opens", form.calendar.opens), ("due", form.calendar.due), ("locks", form.calendar.locks))
        lines += [(label, write_day(day, form.period)) for label, day in days]
        lines.append(("owed_by", _write_units(form.owed_by)))
        lines.append(("since", _write_period(form.since) if form.since is not None else ""))
    lines.append(("code", form.id))
    lines += [("note", form.note)] if form.note else []
    lines += [("aliases", _BETWEEN.join(form.aliases))] if form.aliases else []
    for label, value in lines:
        _append(sheet, [WORDING.labels[label][0], value])
        sheet.cell(sheet.max_row, 1).font = _BOLD
    sheet.append([])


def _append(sheet: Worksheet, values: Sequence[str]) -> None:
    """A row of words, as text."""
    sheet.append(list(values))
    for cell in sheet[sheet.max_row]:
        cell.number_format = _TEXT
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def write_day(day: MonthDay, period: PeriodKind) -> str:
    """A day as a workbook writes it; read by `heading.read_day`."""
    written = WORDING.guide.written
    if period is PeriodKind.YEAR and -_DECEMBER < day.months <= _DECEMBER:
        template = written.next_year if day.months > 0 else written.same_year
        month = day.months if day.months > 0 else day.months + _DECEMBER
        return template.replace("[day]", f"{day.day:02}").replace("[month]", f"{month:02}")
    template = written.last if day.day == _LAST_DAY else written.day
    month_words = written.months[min(max(day.months, 0), len(written.months) - 1)]
    return template.replace("[day]", str(day.day)).replace("[month]", month_words)


def _write_units(kinds: frozenset[UnitKind]) -> str:
    if kinds == GRASSROOTS_KINDS:
        return WORDING.units["grassroots"][0]
    return ", ".join(name for kind, name in UNIT_KIND_SHORT.items() if kind in kinds)


def _write_period(code: str) -> str:
    """A period so that it is read back, and no program takes it for a date."""
    return name_period(Period.parse(code))


def name_period(period: Period) -> str:
    """A period in words that are read back: "quý 4 năm 2026"."""
    year = f"{WORDING.periods['year'][0]} {period.year}"
    match period.kind:
        case PeriodKind.HALF:
            which = WORDING.guide.written.halves[period.number - 1]
            return f"{which} {year}"
        case PeriodKind.YEAR:
            return year
        case kind:
            return f"{WORDING.periods[kind.value][0]} {period.number} {year}"


def _write_rows(sheet: Worksheet, form: Form) -> None:
    refs, part = give_numbers(form), None
    rows = [_row_values(row, refs, no_change=row.key in form.no_change) for row in form.indicators]
    aliases = [_split(row.pop("aliases")) for row in rows]
    columns = [*_COLUMNS, *["aliases"] * (max(map(len, aliases), default=1) - 1)]
    sheet.append([WORDING.columns[column][0] for column in columns])
    _mark_heading(sheet)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for row, values, spoken in zip(form.indicators, rows, aliases, strict=True):
        if row.part is not None and row.part != part:
            part = row.part
            title = next(each for each in form.parts if each.id == part)
            named = {"number": title.number or "", "name": title.title, "note": title.note or ""}
            _append(sheet, [named.get(column, "") for column in _COLUMNS])
            sheet.cell(sheet.max_row, 2).font = _BOLD
        _append(sheet, [*(values[column] for column in _COLUMNS if column != "aliases"), *spoken])
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, 14)


def _split(aliases: str) -> list[str]:
    """Aliases in pieces that fit into cells, parted between two of them."""
    pieces = [""]
    for each in aliases.split(_BETWEEN):
        longer = f"{pieces[-1]}{_BETWEEN if pieces[-1] else ''}{each}"
        if len(longer) > _LONGEST and pieces[-1]:
            pieces.append(each)
        else:
            pieces[-1] = longer
    return pieces


def _mark_heading(sheet: Worksheet) -> None:
    for number in range(1, sheet.max_column + 1):
        heading = sheet.cell(sheet.max_row, number)
        if heading.value:
            heading.font, heading.fill = _BOLD, _HEADING
            heading.alignment = Alignment(wrap_text=True, vertical="center")


def _row_values(row: Indicator, refs: Mapping[str, str], *, no_change: bool) -> dict[str, str]:
    yes, no = WORDING.flags["yes"][0], WORDING.flags["no"][0]
    of = WORDING.counted["of"][0]
    before = yes if row.carry_over == row.key else f"{of} {refs[row.carry_over]}" if row.carry_over else ""
    return {
        "number": refs[row.key],
        "name": row.name,
        "short": row.short,
        "unit": row.unit or "",
        "kind": "" if row.heading else WORDING.kinds[row.kind.value][0],
        "derived": _write_sum(row, refs),
        "optional": "" if row.heading or row.counts is not None else no if row.optional else yes,
        "carry_over": before,
        "asked_of": _write_units(row.asked_of),
        "yes_no": yes if row.yes_no else "",
        "counts": _write_counted(row, refs),
        "no_change": yes if no_change else "",
        "noun": yes if row.noun else "",
        "sign": EITHER_SIGN if row.signed else row.sign or "",
        "example": row.example or "",
        "key": row.key,
        "note": row.note or "",
        "aliases": _BETWEEN.join(row.aliases),
    }


def _write_counted(row: Indicator, refs: Mapping[str, str]) -> str:
    """Which units a row counts, by the number of the row that they gave: "mục 2 từ 1", "có báo mục 2"."""
    if row.counts is None:
        return ""
    ref, words = refs[row.counts], WORDING.counted
    if not row.least:
        return f"{words['reported'][0]} {words['of'][0]} {ref}"
    return f"{words['of'][0]} {ref} {words['least'][0]} {row.least:f}"


def _write_sum(row: Indicator, refs: Mapping[str, str]) -> str:
    """A sum as words: with a sign of equality first, programs would take it for a formula."""
    written = ""
    for term in row.derived:
        key, sign = split_term(term)
        joint = " − " if sign < 0 else " + "
        written += f"{joint if written or sign < 0 else ''}{refs[key]}"
    return written.strip()


def _write_rules(sheet: Worksheet, form: Form) -> None:
    rules = WORDING.rules
    sheet.append([rules["title"][0], rules["sentence"][0], rules["severity"][0]])
    _mark_heading(sheet)
    refs = give_numbers(form)

    def number(match: re.Match[str]) -> str:
        name = match[1]
        return f"{{{refs[name] if name in refs else WORDING.sentences[name][0]}}}"

    for rule in form.rules:
        severity = "notice" if rule.severity is Severity.NOTICE else "reason"
        _append(sheet, [show_rule(form, rule), _PLACEHOLDER.sub(number, rule.sentence), rules[severity][0]])
    for column, width in (("A", 44), ("B", 90), ("C", 18)):
        sheet.column_dimensions[column].width = width


def _write_measures(sheet: Worksheet, form: Form, glossary: Glossary) -> None:
    sheet.append([WORDING.measures[column][0] for column in _MEASURE_COLUMNS])
    _mark_heading(sheet)
    refs = give_numbers(form)
    for measure in form.measures:
        first = form.get_indicator(measure.keys[0])
        is_usual = measure.kind is MeasureKind.SHARE or measure.units == measured_in(first.unit or "")
        values = {
            "title": name_subject(glossary, measure.indicator),
            "rows": " + ".join(refs[key] for key in measure.keys),
            "way": write_way(measure, refs),
            "scopes": _BETWEEN.join(name_scope(glossary, scope) for scope in measure.scopes),
            "units": "" if is_usual else _BETWEEN.join(measure.units),
            "moves": refs[measure.moves] if measure.moves is not None else "",
            "called": measure.name,
        }
        _append(sheet, [values[column] for column in _MEASURE_COLUMNS])
    for number, width in enumerate((46, 16, 26, 34, 20, 20, 46), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def write_way(measure: Measure, refs: Mapping[str, str]) -> str:
    """How rows measure, as a workbook writes it: "tỷ lệ trên mục 1"."""
    way = WORDING.ways[measure.kind.value][0]
    return f"{way} {refs[measure.whole]}" if measure.whole is not None else way
