"""From what a workbook describes to a form: doubts decided one by one, keys that stay, sentences that are missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from knowledge.forms.workbook.model import (
    EITHER_SIGN,
    DescribedForm,
    DescribedMeasure,
    DescribedRow,
    DescribedRule,
    FormDoubt,
    FormDoubtKind,
)
from knowledge.forms.workbook.wording import WORDING
from knowledge.model.forms import (
    FigureKind,
    Form,
    FormRule,
    Indicator,
    Measure,
    MeasureKind,
    RuleKind,
    split_term,
)
from knowledge.model.periods import PeriodKind
from knowledge.model.words import MONEY_UNIT
from knowledge.text import fold, tidy

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_PERCENT: Final = "%"
_MARK: Final = 8
"""Letters that tell one rule of a row from another."""


def decide(described: DescribedForm, doubt: FormDoubt, choice: str) -> DescribedForm:
    """The form with a doubt decided; ValueError for a choice that is none, or a doubt that is not open.

    What another row measures already in that way is not measured twice.
    """
    if doubt not in described.doubts or choice not in doubt.choices:
        raise ValueError(f"no such choice: {choice!r}")
    left = tuple(each for each in described.doubts if each != doubt)
    if doubt.kind is FormDoubtKind.KIND:
        row = described.get_row(doubt.row)
        kind = FigureKind(choice)
        units = {FigureKind.MONEY: MONEY_UNIT, FigureKind.PERCENT: _PERCENT}
        changed = msgspec.structs.replace(row, kind=kind, unit=units.get(kind, row.unit))
        rows = tuple(changed if each.ref == row.ref else each for each in described.rows)
        return msgspec.structs.replace(described, rows=rows, doubts=left)
    decided = _decide_measure(next(each for each in described.measures if each.at == doubt.measure), doubt.kind, choice)
    others = [each for each in described.measures if each.at != doubt.measure]
    if decided is None or (decided.what is not None and decided.what in [each.what for each in others]):
        left = tuple(each for each in left if each.measure != doubt.measure)
        return msgspec.structs.replace(described, measures=tuple(others), doubts=left)
    measures = tuple(decided if each.at == decided.at else each for each in described.measures)
    return msgspec.structs.replace(described, measures=measures, doubts=left)


def _decide_measure(measure: DescribedMeasure, kind: FormDoubtKind, choice: str) -> DescribedMeasure | None:
    """A measure with something of it decided; None where it is left out."""
    if not choice:
        return None
    match kind:
        case FormDoubtKind.SUBJECT:
            return msgspec.structs.replace(measure, subject=choice)
        case FormDoubtKind.WAY:
            return msgspec.structs.replace(measure, way=MeasureKind(choice))
        case _:
            return msgspec.structs.replace(measure, scopes=tuple(dict.fromkeys((*measure.scopes, choice))))


def make_form(
    described: DescribedForm, earlier: Sequence[Form] = (), *, form_id: str | None = None, since: str | None = None
) -> Form:
    """The form that was described, once nothing is doubtful.

    A row keeps the key that it has in an earlier version, by its number and name, by its number and the key itself
    where it is called otherwise, or by its name where it has moved. What is counted in another unit is another row, and
    a key that another row had is not used again, so that no figure changes its meaning.

    Args:
        earlier: its versions so far, the earliest first.
        form_id: its id, where it is not the one described.
        since: the code of its first period, where it is not the one described.
    """
    if described.doubts:
        raise ValueError("something is still doubtful")
    keys = _give_keys(described, earlier)
    parts = _give_part_ids(described, earlier)
    described_since = since or described.since if described.period is not PeriodKind.CAMPAIGN else None
    return Form(
        id=form_id or described.id,
        title=described.title,
        short=described.short,
        period=described.period,
        indicators=tuple(_make_row(row, keys, parts) for row in described.rows),
        owed_by=described.owed_by,
        calendar=described.calendar,
        note=described.note,
        aliases=tuple(dict.fromkeys(described.aliases)),
        parts=tuple(msgspec.structs.replace(part, id=parts[part.id]) for part in described.parts),
        rules=_make_rules(described, keys, earlier),
        no_change=tuple(keys[row.ref] for row in described.rows if row.no_change),
        measures=_make_measures(described, keys),
        since=described_since,
    )


def _give_part_ids(described: DescribedForm, earlier: Sequence[Form]) -> dict[str, str]:
    """The id of each part by the one it was read with: that of the part of that number and title before."""
    before = {(part.number, _name_key(part.title)): part.id for form in earlier for part in form.parts}
    found: dict[str, str] = {}
    for part in described.parts:
        known = before.get((part.number, _name_key(part.title)))
        if known is not None and known not in found.values():
            found[part.id] = known
    for part in described.parts:
        own, step = part.id, 2
        while part.id not in found and own in {*before.values(), *found.values()}:
            own, step = f"{part.id}_{step}", step + 1
        found.setdefault(part.id, own)
    return found


_Identity = tuple[str, str, str | None]


def _give_keys(described: DescribedForm, earlier: Sequence[Form]) -> dict[str, str]:
    """The key of each row by its number."""
    placed: dict[_Identity, list[str]] = {}  # by number, name and unit, in the order of the form
    named: dict[_Identity, set[str]] = {}  # by name and unit, wherever it stands
    coded: dict[_Identity, str] = {}  # by number, key and unit: a row that was only called better
    used: set[str] = set()
    for form in earlier:  # what the latest version says counts most
        fresh: dict[_Identity, list[str]] = {}
        for each in form.indicators:
            fresh.setdefault((each.no, _name_key(each.name), each.unit), []).append(each.key)
            named.setdefault(("", _name_key(each.name), each.unit), set()).add(each.key)
            coded[each.no, each.key, each.unit] = each.key
            used.add(each.key)
        placed |= fresh
    keys: dict[str, str] = {}
    taken: set[str] = set()

    def give(row: DescribedRow, key: str | None) -> None:
        if key is not None and key not in taken and row.ref not in keys:
            keys[row.ref] = key
            taken.add(key)

    for row in described.rows:
        same = placed.get((row.no, _name_key(row.name), row.unit), [])
        give(row, next((key for key in same if key not in taken), None))
    for row in described.rows:
        give(row, coded.get((row.no, row.key or "", row.unit)))
    for row in described.rows:
        alike = named.get(("", _name_key(row.name), row.unit), set())
        give(row, next(iter(alike)) if len(alike) == 1 else None)
    for row in described.rows:
        wanted = row.key or "i" + row.ref.replace(".", "_")
        key, step = wanted, 2
        while key in used or key in taken:
            key, step = f"{wanted}_v{step}", step + 1
        give(row, key)
    return keys


def _name_key(name: str) -> str:
    return " ".join(fold(tidy(name)).split())


def _make_row(row: DescribedRow, keys: Mapping[str, str], parts: Mapping[str, str]) -> Indicator:
    key = keys[row.ref]
    derived = _terms(row.derived, keys)
    return Indicator(
        no=row.no,
        key=key,
        name=row.name,
        short=row.short,
        unit=row.unit,
        kind=row.kind,
        part=parts[row.part] if row.part is not None else None,
        parent=keys[row.parent] if row.parent is not None else None,
        carry_over=keys[row.carry_over] if row.carry_over is not None else None,
        derived=derived,
        heading=row.heading,
        optional=row.optional,
        asked_of=row.asked_of if not row.heading else frozenset(),
        yes_no=row.yes_no and not row.heading and row.kind is FigureKind.COUNT,
        signed=row.sign == EITHER_SIGN,
        sign=row.sign if not row.heading and row.sign != EITHER_SIGN else None,
        noun=row.noun,
        example=row.example,
        aliases=tuple(dict.fromkeys(row.aliases)),
        note=row.note,
        counts=keys[row.counts] if row.counts is not None else None,
        least=row.least,
    )


def _terms(terms: Sequence[str], keys: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{term[0]}{keys[term[1:]]}" for term in terms)


def _make_measures(described: DescribedForm, keys: Mapping[str, str]) -> tuple[Measure, ...]:
    """What the rows measure; of what is measured among several, the narrower population goes before the wider one."""
    order = {each.subject: place for place, each in reversed(list(enumerate(described.measures)))}
    ordered = sorted(described.measures, key=lambda each: (order[each.subject], -len(each.scopes)))
    return tuple(_make_measure(each, described.get_row(each.rows[0]), keys) for each in ordered)


def _make_measure(measure: DescribedMeasure, row: DescribedRow, keys: Mapping[str, str]) -> Measure:
    assert measure.subject is not None and measure.way is not None
    is_share = measure.way is MeasureKind.SHARE
    return Measure(
        indicator=measure.subject,
        kind=measure.way,
        name=measure.name or row.short,
        units=(_PERCENT,) if is_share else measure.units or measured_in(row.unit or ""),
        keys=tuple(keys[ref] for ref in measure.rows),
        scopes=measure.scopes,
        moves=keys[measure.moves] if measure.moves is not None else None,
        whole=keys[measure.whole] if measure.whole is not None else None,
    )


def measured_in(unit: str) -> tuple[str, ...]:
    """The units of a target that a row in a unit measures, where nothing else is said."""
    alike = next((each.units for each in WORDING.names.same_units if unit in each.units), ())
    return tuple(dict.fromkeys((unit, *alike)))


def _make_rules(described: DescribedForm, keys: Mapping[str, str], earlier: Sequence[Form]) -> tuple[FormRule, ...]:
    """Its rules; what stands twice, beside a row and among the rules, is one."""
    known = {(rule.kind, rule.left, rule.terms): rule.id for form in earlier for rule in form.rules}
    found: dict[str, FormRule] = {}
    for rule in described.rules:
        made = _make_rule(rule, described, keys)
        made = msgspec.structs.replace(made, id=known.get((made.kind, made.left, made.terms), made.id))
        found.setdefault(made.id, made)
    return tuple(found.values())


def _make_rule(rule: DescribedRule, described: DescribedForm, keys: Mapping[str, str]) -> FormRule:
    """A rule, known by what it compares: what was said to it in one version explains no other rule of the next.

    One that an earlier version has keeps the id that it has there.
    """
    left, terms = keys[rule.left], _terms(rule.terms, keys)
    mark = sha256(" ".join((rule.kind.value, left, *terms)).encode()).hexdigest()[:_MARK]
    return FormRule(
        id=f"{left}-{mark}",
        kind=rule.kind,
        left=left,
        terms=terms,
        sentence=_write_sentence(rule.sentence, keys) if rule.sentence else _make_sentence(rule, described, keys),
        severity=rule.severity,
        share=rule.share,
        tolerance=rule.tolerance,
    )


def _write_sentence(sentence: str, keys: Mapping[str, str]) -> str:
    """A sentence with keys in place of the numbers of rows."""

    def name(match: re.Match[str]) -> str:
        said = match[1].strip().replace(",", ".")
        return f"{{{WORDING.named_in('sentences', said) or keys[said]}}}"

    return _PLACEHOLDER.sub(name, sentence)


def _make_sentence(rule: DescribedRule, described: DescribedForm, keys: Mapping[str, str]) -> str:
    """The sentence for a rule that brings none."""

    def named(ref: str) -> str:
        short = described.get_row(ref).short.replace("{", "(").replace("}", ")")
        return WORDING.made["row"].replace("[name]", short).replace("[key]", keys[ref])

    terms = ""
    for term in rule.terms:
        ref, sign = split_term(term)
        joint = " − " if sign < 0 else " + "
        terms += f"{joint if terms or sign < 0 else ''}{named(ref)}"
    template = WORDING.made[rule.kind.value]
    return template.replace("[left]", named(rule.left)).replace("[right]", terms.strip())


def list_changes(old: Form, new: Form) -> tuple[list[Indicator], list[Indicator]]:
    """The rows that a version adds to the one before, and those that it drops."""
    before, after = {row.key for row in old.indicators}, {row.key for row in new.indicators}
    return (
        [row for row in new.indicators if row.key not in before],
        [row for row in old.indicators if row.key not in after],
    )


_COMPARES: Final = {RuleKind.EQUALITY: "=", RuleKind.UPPER_BOUND: "≤"}


def show_rule(form: Form, rule: FormRule) -> str:
    """A rule by the numbers of rows, as a workbook writes it: "46.1 ≤ 46"."""
    refs = give_numbers(form)
    terms = ""
    for term in rule.terms:
        key, sign = split_term(term)
        joint = " − " if sign < 0 else " + "
        terms += f"{joint if terms or sign < 0 else ''}{refs[key]}"
    terms, left = terms.strip(), refs[rule.left]
    match rule.kind:
        case RuleKind.UPPER_BOUND:
            return f"{terms} {_COMPARES[rule.kind]} {left}"
        case RuleKind.EQUALITY:
            return f"{left} {_COMPARES[rule.kind]} {terms}"
        case RuleKind.CARRY_OVER:
            plus = "" if terms.startswith("−") else "+ "
            return f"{left} = {WORDING.rules['before'][0]} {plus}{terms}"
        case RuleKind.PLAUSIBLE_CHANGE:
            share = f"{(rule.share or 0) * 100:f}".rstrip("0").rstrip(".") if rule.share else "0"
            by = f" {WORDING.rules['or_by'][0]} {rule.tolerance:f}" if rule.tolerance else ""
            change, against = WORDING.rules["change"][0], WORDING.rules["against"][0]
            return f"{left} {change} {share.replace('.', ',')} % {against} {WORDING.rules['before'][0]}{by}"


def give_numbers(form: Form) -> dict[str, str]:
    """What each row is called in a workbook, by its key: its number, of a sub-row with its place behind."""
    steps: dict[str, int] = {}
    found = {}
    for row in form.indicators:
        if row.parent is None:
            found[row.key] = row.no
        else:
            steps[row.no] = steps.get(row.no, 0) + 1
            found[row.key] = f"{row.no}.{steps[row.no]}"
    return found
