"""Tables: targets by year, tasks with their body and time; ditto marks stand for the cell above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec

from knowledge.importing.cells import read_time
from knowledge.importing.columns import ColumnRole, TableColumn, TableLayout, count_head, read_layout
from knowledge.importing.figures import Figure, Use, find_figures, find_numbers
from knowledge.importing.horizons import HorizonKind, is_stage_heading
from knowledge.importing.marks import MarkStyle, read_mark
from knowledge.importing.model import LeftOver, ReadDeadline, ReadTarget, ReadTask, WhyDoubted
from knowledge.importing.outline import OutlineItem
from knowledge.importing.phrases import named
from knowledge.importing.roles import binding_of
from knowledge.importing.setting import Setting, Zone
from knowledge.importing.shadow import mend_font, shadow
from knowledge.importing.targets import plain, read_targets
from knowledge.importing.timing import is_year, times_of
from knowledge.importing.wording import leading_words, phrase
from knowledge.model.plans import ANNUAL, Comparator

_PERCENT_UNIT = named("tables.percent_unit")
_RATE = named("tables.rate")

_YEARLY = named("tables.yearly")
_COUNTED_SIZE = named("tables.counted_size")

_DITTO = named("tables.ditto")
_BARE_FIGURE = re.compile(r"\W*\d[\d.,]*\s?%?\s*")
_DITTO_SIGN = named("tables.ditto_sign")
_SUB_ORDER = named("tables.sub_order")
_SPENDING = named("tables.spending")
_MONEY = named("roles.money")
_COUNTS = named("tables.counts")
_HANDS_OUT = named("tables.hands_out")
_PLANNED = named("columns.planned")
_BRACKETED_UNIT = named("tables.bracketed_unit")
_HEAD_UNIT = named("tables.head_unit")
_LABEL_UNIT = named("tables.label_unit")
_ANY_UNIT = named("tables.any_unit")
_BRACKETS_OF_UNIT = re.compile(r"\s*\([^()]{1,20}\)\s*$")
_LONGEST_MARK = 4
_LONGEST_UNIT = 3
_SUB_ROW = named("tables.sub_row")
_TOTAL = named("tables.total")
_FLOOR_LABEL = named("tables.floor_label")


@dataclass
class TableFacts:
    """What a table was understood to say; `numbers` and `references` count those in its cells.

    `head` are its rows of heads.
    """

    targets: list[ReadTarget] = field(default_factory=list)
    deadlines: list[ReadDeadline] = field(default_factory=list)
    tasks: list[ReadTask] = field(default_factory=list)
    left_over: list[LeftOver] = field(default_factory=list)
    numbers: int = 0
    references: int = 0
    head: tuple[tuple[str, ...], ...] = ()


def read_table(item: OutlineItem, setting: Setting, head: Sequence[Sequence[str]] = (), intro: str = "") -> TableFacts:
    """The facts of a table: a target for each figure of a year, a task and its deadline for each row with a time.

    Args:
        head: of the table before, which holds where this one goes on overleaf without a head of its own.
        intro: what stands before the table: "Phân bổ chỉ tiêu cho các đơn vị:".
    """
    found = TableFacts()
    width = max((len(row) for row in item.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in item.rows if any(cell.strip() for cell in row)]
    goes_on = bool(head and rows) and len(head[0]) == width and not count_head(rows)
    if goes_on:
        rows = [*map(list, head), *rows]
    if width == 0 or not rows:
        return found
    rows = _without_dittos(rows)
    layout = read_layout(rows, setting.times) if len(rows) > 1 and width > 1 else TableLayout((), 0, False)
    found.head = tuple(map(tuple, rows[: layout.head_rows]))
    for row in rows[: 0 if goes_on else layout.head_rows]:
        _count(found, row, {}, item.section, is_head=True)
    is_handed_out = _HANDS_OUT.search(shadow(intro)) is not None and not _is_by_years(layout)
    is_annex = setting.zone is Zone.TARGETS and any(
        above.mark is not None and above.mark.style is MarkStyle.PART for above in item.above
    )
    sets = setting.zone is Zone.TARGETS or (
        setting.zone is not Zone.PAST
        and any(column.horizon or _PLANNED.search(shadow(column.head)) for column in layout.columns)
    )
    parent = ""
    for row in rows[layout.head_rows :]:
        used: dict[int, list[tuple[int, int]]] = {}
        label_at = layout.find(ColumnRole.LABEL)
        if label_at is not None and (is_handed_out or (layout.is_shares and is_annex)):
            if layout.find(ColumnRole.TIME) is not None:
                _read_duty(item, setting, layout, row, label_at, found, used)
            _read_shares(item, setting, layout, row, label_at, found, used)
        elif label_at is not None and not layout.is_shares:
            label = row[label_at].strip()
            if layout.find(ColumnRole.TIME) is not None or layout.find(ColumnRole.LEAD) is not None:
                _read_duty(item, setting, layout, row, label_at, found, used)
            elif sets and any(column.role is ColumnRole.VALUE for column in layout.columns):
                order = layout.find(ColumnRole.ORDER)
                numbered = shadow(row[order]).strip() if order is not None else ""
                is_sub = _SUB_ROW.match(shadow(label)) or _SUB_ORDER.fullmatch(numbered)
                parent = label if label and not is_sub else parent
                _read_values(item, setting, layout, row, label_at, parent, found, used)
        order = layout.find(ColumnRole.ORDER)
        _count(found, row, used, item.section, order=order)
    return found


def _is_by_years(layout: TableLayout) -> bool:
    """Whether the columns are years, so that the rows are what is counted: a row hands nothing out to a body."""
    heads = [column.head for column in layout.columns if column.role is ColumnRole.VALUE]
    return layout.find(ColumnRole.UNIT) is not None or all(is_stage_heading(shadow(head)) for head in heads)


def _without_dittos(rows: list[list[str]]) -> list[list[str]]:
    """The rows with ditto marks replaced by what they repeat; a figure of another thing is not repeated."""
    kept: list[list[str]] = []
    for row in rows:
        above = kept[-1] if kept else None
        kept.append(
            [
                above[place]
                if above is not None and cell.strip() and _is_ditto(cell) and not _BARE_FIGURE.fullmatch(above[place])
                else cell
                for place, cell in enumerate(row)
            ]
        )
    return kept


def _is_ditto(cell: str) -> bool:
    folded = shadow(cell.strip())
    return _DITTO.fullmatch(folded) is not None and _DITTO_SIGN.search(folded) is not None


def _quote(row: Sequence[str]) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())


def _read_values(
    item: OutlineItem, setting: Setting, layout: TableLayout, row: Sequence[str], label_at: int, parent: str,
    found: TableFacts, used: dict[int, list[tuple[int, int]]],
) -> None:  # fmt: skip
    label = row[label_at].strip()
    unit_at = layout.find(ColumnRole.UNIT)
    unit_cell = row[unit_at].strip() if unit_at is not None else ""
    spends = (not unit_cell or _MONEY.fullmatch(shadow(unit_cell)) is not None) and _SPENDING.search(
        f"{shadow(label)} {shadow(layout.columns[label_at].head)}"
    )
    if not label or spends or _TOTAL.search(shadow(label)):
        return
    for place, column in enumerate(layout.columns):
        if column.role is not ColumnRole.VALUE or not row[place].strip():
            continue
        cell = row[place]
        folded = shadow(cell)
        figures = find_figures(folded, cell, find_numbers(folded))
        for figure in figures:
            target = _target(item, setting, column, label, parent, unit_cell, row, cell, figure, len(figures) > 1)
            found.targets.append(target)
            used.setdefault(place, []).extend(figure.numbers)
    used.setdefault(label_at, []).extend((number.start, number.end) for number in find_numbers(shadow(label)))


def _read_shares(
    item: OutlineItem, setting: Setting, layout: TableLayout, row: Sequence[str], label_at: int,
    found: TableFacts, used: dict[int, list[tuple[int, int]]],
) -> None:  # fmt: skip
    """The targets that an annex of targets hands out: rows are bodies, the heads of the columns say what and in what.

    A column whose head names no unit is left to a person.
    """
    body = row[label_at].strip()
    if not body or _TOTAL.search(shadow(body)):
        return
    time_at = layout.find(ColumnRole.TIME)
    times = read_time(row[time_at], setting.times.year) if time_at is not None else ()
    due = times[0].due if times and times[0].doubt is None else None
    for place, column in enumerate(layout.columns):
        if column.role is not ColumnRole.VALUE:
            continue
        figures = find_figures(shadow(row[place]), row[place], find_numbers(shadow(row[place])))
        unit, doubt = _unit_of_head(column.head)
        if len(figures) != 1 or (unit is None and len(column.head.split()) > _LONGEST_UNIT):
            continue
        if unit is None:
            unit, doubt = column.head.strip().lower(), WhyDoubted.UNIT_UNKNOWN
        if _COUNTS.match(shadow(column.head)) or shadow(column.head).startswith(shadow(unit)):
            doubt = None
        target = _target(item, setting, column, column.head, "", unit, row, row[place], figures[0], False)
        named = f"{target.indicator} ({mend_font(body)})"
        if due is not None:
            target = msgspec.structs.replace(target, horizon=str(due.year), doubt=None)
        found.targets.append(
            msgspec.structs.replace(
                target,
                indicator=named,
                scope=mend_font(body),
                share_of=mend_font(body),
                doubt=target.doubt or doubt,
            )
        )
        used.setdefault(place, []).extend(figures[0].numbers)


def _target(
    item: OutlineItem, setting: Setting, column: TableColumn, label: str, parent: str, unit_cell: str,
    row: Sequence[str], cell: str, figure: Figure, is_one_of_several: bool,
) -> ReadTarget:  # fmt: skip
    folded, words = shadow(cell), shadow(label)
    binding = binding_of(folded, figure, 0)
    comparator = binding.comparator
    if comparator is Comparator.EXACTLY and _FLOOR_LABEL.search(_COUNTED_SIZE.sub("", words)):
        comparator = Comparator.AT_LEAST
    unit, doubt = _unit(column, figure, unit_cell, label, shadow(parent))
    horizon, each_year, later = _horizon(setting, column, cell, label, figure)
    head = leading_words(parent.strip(" :;.")) if parent and parent != label else ""
    own = _BRACKETS_OF_UNIT.sub("", label).strip(" -+•*–:;.")
    if is_one_of_several:
        doubt = WhyDoubted.SEVERAL_FIGURES
    elif figure.is_unclear:
        doubt = WhyDoubted.NUMBER_AMBIGUOUS
    return ReadTarget(
        section=item.section,
        quote=_quote(row),
        lines=item.lines,
        page=item.page,
        indicator=phrase(head, own) if head else phrase(own),
        value=plain(figure.value),
        value_max=plain(figure.value_max) if figure.value_max is not None else None,
        comparator=comparator,
        unit=f"{unit}/{figure.base}" if unit and figure.base and not is_year(figure.base) else unit,
        horizon=horizon,
        each_year=each_year,
        scope=None,
        doubt=doubt or later or (WhyDoubted.OUTSIDE_TARGETS if setting.zone is Zone.PAST else None),
    )


def _unit(
    column: TableColumn, figure: Figure, unit_cell: str, label: str, parent: str
) -> tuple[str | None, WhyDoubted | None]:
    if figure.unit is not None:
        return figure.unit, None
    if unit_cell:
        folded = shadow(unit_cell)
        return ("%" if _PERCENT_UNIT.fullmatch(folded) else mend_font(unit_cell)), None
    if column.is_percent or "%" in label or _RATE.match(shadow(label).strip(" -+*")) or _RATE.match(parent):
        return "%", None
    return _unit_of_label(label)


def _unit_of_head(head: str) -> tuple[str | None, WhyDoubted | None]:
    """The unit that the head of a column names, also one not known, in brackets behind it: "Tủ sách (tủ)"."""
    unit, doubt = _unit_of_label(head)
    if doubt is not None and (met := _HEAD_UNIT.search(shadow(head))) is not None:
        return mend_font(head[met.start("unit") : met.end("unit")]), None
    return unit, doubt


def _unit_of_label(label: str) -> tuple[str | None, WhyDoubted | None]:
    """The unit that a row's own words name: "Tổng số đoàn viên (người)", "Số vụ tai nạn/100.000 lao động"."""
    folded = shadow(label)
    if (met := _BRACKETED_UNIT.search(folded)) is not None:
        return mend_font(label[met.start("unit") : met.end("unit")]), None
    if (met := _LABEL_UNIT.search(folded)) is not None:
        base = mend_font(label[met.start("base") : met.end("base")]) if met["base"] else ""
        return mend_font(label[met.start("unit") : met.end("unit")]) + base, None
    if (met := _ANY_UNIT.search(folded)) is not None:
        return mend_font(label[met.start("unit") : met.end("unit")]), WhyDoubted.UNIT_UNKNOWN
    return None, WhyDoubted.UNIT_UNKNOWN


def _horizon(
    setting: Setting, column: TableColumn, cell: str, label: str, figure: Figure
) -> tuple[str | None, bool, WhyDoubted | None]:
    folded = shadow(cell)
    own = [time for time in times_of(folded, (0, len(folded))) if time.kind is HorizonKind.YEAR]
    yearly = _YEARLY.search(f"{folded} {shadow(label)}") is not None
    count = figure.unit != "%"
    if own:
        return own[-1].text, False, None
    if column.horizon == ANNUAL:
        return ANNUAL, False, None
    if column.horizon is not None:
        return column.horizon, yearly and count, None
    if yearly:
        return ANNUAL, count, None
    return setting.horizon, False, setting.doubt


def _read_duty(
    item: OutlineItem, setting: Setting, layout: TableLayout, row: Sequence[str], label_at: int,
    found: TableFacts, used: dict[int, list[tuple[int, int]]],
) -> None:  # fmt: skip
    label = row[label_at].strip()
    if not label:
        return
    time_at, lead_at = layout.find(ColumnRole.TIME), layout.find(ColumnRole.LEAD)
    lead = mend_font(row[lead_at].strip()) or None if lead_at is not None else None
    when = row[time_at].strip() if time_at is not None else ""
    quote = _quote(row)
    others = sum(
        bool(cell.strip()) for place, cell in enumerate(row) if place not in {label_at, layout.find(ColumnRole.ORDER)}
    )
    if not others:
        return
    mark = read_mark(label, shadow(label))
    what = phrase(label[mark.end :] if mark is not None else label)
    found.tasks.append(
        ReadTask(section=item.section, quote=quote, lines=item.lines, page=item.page, summary=what, lead=lead)
    )
    times = read_time(when, setting.times.year) if when else ()
    for time in times:
        found.deadlines.append(
            ReadDeadline(
                section=item.section,
                quote=quote,
                lines=item.lines,
                page=item.page,
                what=what,
                when=when,
                due=time.due,
                recurrence=time.recurrence,
                rule=time.rule,
                who=lead,
                doubt=time.doubt,
            )
        )
    if times and time_at is not None:
        used.setdefault(time_at, []).append((0, len(when)))
    inner = replace(item, text=label, mark=None, rows=())
    is_scheduled = setting.zone is Zone.DUTIES and bool(times)
    own = replace(setting, zone=Zone.TASK_TARGETS, is_scheduled=True) if is_scheduled else setting
    for target in (read := read_targets(inner, own)).targets:
        found.targets.append(msgspec.structs.replace(target, quote=quote))
    used.setdefault(label_at, []).extend(read.used)


def _count(
    found: TableFacts, row: Sequence[str], used: dict[int, list[tuple[int, int]]], section: str, *,
    order: int | None = None, is_head: bool = False,
) -> None:  # fmt: skip
    """Count the numbers of a row; those in no fact and no reference are left over."""
    for place, cell in enumerate(row):
        for number in find_numbers(shadow(cell)):
            found.numbers += 1
            in_fact = any(start <= number.start and number.end <= end for start, end in used.get(place, ()))
            mark = read_mark(cell, shadow(cell)) if number.start < _LONGEST_MARK else None
            in_mark = mark is not None and number.end <= mark.end
            if place == order or is_head or in_mark or number.use not in {Use.FIGURE, Use.FRACTION}:
                found.references += 1
            elif not in_fact:
                found.left_over.append(LeftOver(cell[number.start : number.end], _quote(row), section))
