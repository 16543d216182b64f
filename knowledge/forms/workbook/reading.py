"""A workbook that describes a form, understood: the form with what is doubtful of it, or each cell that is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from knowledge.forms.workbook.expressions import NUMBER, Relation, read_relation
from knowledge.forms.workbook.heading import FormHead
from knowledge.forms.workbook.layout import FormCell, FormLayout, RawRule, find_layout
from knowledge.forms.workbook.measures import read_measures
from knowledge.forms.workbook.model import (
    DescribedForm,
    DescribedMeasure,
    DescribedRow,
    DescribedRule,
    FormDoubt,
    FormDoubtKind,
    FormWorkbookError,
    WhyFormRefused,
    WorkbookRefusal,
)
from knowledge.forms.workbook.rows import ReadRows, check_terms, read_rows
from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.glossary import Glossary
from knowledge.model.forms import FigureKind, Severity
from knowledge.model.periods import PeriodKind
from knowledge.spreadsheets.model import Sheet

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
MOST_REFUSALS: Final = 12
MOST_RULES: Final = 200
LONGEST_SENTENCE: Final = 400


def read_form(
    sheets: Sequence[Sheet],
    glossary: Glossary,
    *,
    kept: Collection[str] = (),
    known: Mapping[str, PeriodKind] | None = None,
    called: Mapping[str, str] | None = None,
    firsts: Mapping[str, str] | None = None,
) -> DescribedForm:
    """The form that a workbook describes, with what is to be asked of it.

    Args:
        glossary: what plans measure, and of whom; rows may measure it.
        kept: ids of forms that no workbook replaces.
        known: the period of every form by its id; a version of one has the same.
        called: the short name of every form by its id; no two forms have the same.
        firsts: the ids of campaign forms that came in the place of another, each with that of the first.

    Raises:
        FormWorkbookError: what is wrong, each with its cell.
    """
    layout = find_layout(sheets)
    head = FormHead(layout)
    found = read_rows(layout, head.owed_by)
    measures = read_measures(layout, found, glossary)
    rules = tuple(filter(None, (_read_rule(layout, found, raw) for raw in layout.rules[:MOST_RULES])))
    if len(layout.rules) > MOST_RULES:
        layout.refusals.append(
            layout.rules[MOST_RULES].expression.refused(WhyFormRefused.TOO_MANY_RULES, str(MOST_RULES))
        )
    if layout.heading is None:
        first = next(iter(layout.labels.values()), FormCell("", "A1"))
        layout.refusals.append(first.refused(WhyFormRefused.NO_TABLE, ""))
    place = layout.head.get("code") or layout.head.get("short") or layout.head.get("title")
    if place is not None and head.id in kept:
        layout.refusals.append(place.refused(WhyFormRefused.KEPT, head.short))
    elif place is not None and (known or {}).get(head.id, head.period) is not head.period:
        layout.refusals.append(place.refused(WhyFormRefused.OTHER_PERIOD, head.id))
    one_of = firsts or {}
    form_id = one_of.get(head.id, head.id)
    others = [name for each, name in (called or {}).items() if one_of.get(each, each) != form_id]
    if place is not None and plain(head.short) in map(plain, others):
        layout.refusals.append((layout.head.get("short") or place).refused(WhyFormRefused.NAME_TAKEN, head.short))
    if layout.refusals or head.period is None:
        raise FormWorkbookError(tuple(dict.fromkeys(layout.refusals))[:MOST_REFUSALS])
    return DescribedForm(
        id=form_id,
        title=head.title,
        short=head.short,
        period=head.period,
        rows=tuple(found.rows),
        calendar=head.calendar,
        owed_by=head.owed_by,
        since=head.since,
        note=head.note,
        aliases=head.aliases,
        parts=tuple(found.parts),
        rules=rules,
        measures=measures,
        doubts=tuple(_settle_kind(doubt, found.rows, rules, measures) for doubt in found.doubts),
    )


def _settle_kind(
    doubt: FormDoubt,
    rows: Sequence[DescribedRow],
    rules: Sequence[DescribedRule],
    measures: Sequence[DescribedMeasure],
) -> FormDoubt:
    """A row that is added up or compared with others can be of their kind alone; what is measured is no percentage."""
    if doubt.kind is not FormDoubtKind.KIND:
        return doubt
    joined = [(row.ref, *(term[1:] for term in row.derived)) for row in rows if row.derived]
    joined += [(rule.left, *(term[1:] for term in rule.terms)) for rule in rules if rule.terms]
    joined += [(row.ref, row.carry_over) for row in rows if row.carry_over not in {None, row.ref}]
    joined += [(row.ref,) for row in rows if row.counts is not None or row.yes_no]
    if any(doubt.row in refs for refs in joined):
        kind = next(row.kind for row in rows if row.ref == doubt.row)
        return msgspec.structs.replace(doubt, choices=(kind.value,))
    if any(doubt.row in (*each.rows, each.whole) for each in measures):
        left = tuple(choice for choice in doubt.choices if choice != FigureKind.PERCENT)
        return msgspec.structs.replace(doubt, choices=left)
    return doubt


def _read_rule(layout: FormLayout, found: ReadRows, raw: RawRule) -> DescribedRule | None:
    of = next((ref for ref, row in found.cells.items() if row is raw.of), "") if raw.of is not None else ""
    relation = read_relation(raw.expression.text, of)
    wrong = (
        raw.expression.refused(WhyFormRefused.WRONG_EXPRESSION)
        if relation is None
        else _check(found.rows, raw.expression, relation)
    )
    severity = _read_severity(layout, raw.severity)
    sentence = _read_sentence(layout, found, raw.sentence)
    if wrong is not None or relation is None:
        layout.refusals += [wrong] if wrong is not None else []
        return None
    return DescribedRule(
        kind=relation.kind,
        left=relation.left,
        terms=relation.terms,
        share=relation.share,
        tolerance=relation.tolerance,
        sentence=sentence,
        severity=severity,
    )


def _check(rows: Sequence[DescribedRow], cell: FormCell, relation: Relation) -> WorkbookRefusal | None:
    wrong = check_terms(rows, cell, (relation.left,), None)
    if wrong is not None:
        return wrong
    if relation.left in {term.lstrip("+-") for term in relation.terms} or (
        relation.share is not None and not 0 < relation.share <= 10
    ):
        return cell.refused(WhyFormRefused.WRONG_EXPRESSION)
    kind = next(row.kind for row in rows if row.ref == relation.left)
    return check_terms(rows, cell, relation.terms, kind)


def _read_severity(layout: FormLayout, cell: FormCell | None) -> Severity:
    if cell is None:
        return Severity.REASON
    named = WORDING.named_in("rules", cell.text)
    if named not in {"reason", "notice"}:
        layout.refusals.append(cell.refused(WhyFormRefused.WRONG_SEVERITY))
    return Severity.NOTICE if named == "notice" else Severity.REASON


def _read_sentence(layout: FormLayout, found: ReadRows, cell: FormCell | None) -> str:
    """A sentence with the numbers of rows in braces; empty where there is none."""
    if cell is None:
        return ""
    if len(cell.text) > LONGEST_SENTENCE:
        layout.refusals.append(cell.refused(WhyFormRefused.TOO_LONG, str(LONGEST_SENTENCE)))
    for name in _PLACEHOLDER.findall(cell.text):
        said = name.strip().replace(",", ".")
        if WORDING.named_in("sentences", said) is None and (not re.fullmatch(NUMBER, said) or said not in found.cells):
            layout.refusals.append(cell.refused(WhyFormRefused.WRONG_SENTENCE, name))
    if set("{}") & set(_PLACEHOLDER.sub("", cell.text)):
        layout.refusals.append(cell.refused(WhyFormRefused.WRONG_SENTENCE, "{ }"))
    return cell.text
