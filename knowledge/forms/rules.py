"""Whether the figures of a report hold together: the rules of its form, applied."""

from __future__ import annotations

from decimal import Decimal

from knowledge.model.forms import FigureKind, Figures, Form, FormRule, RuleKind, Verdict, split_term
from knowledge.numbers import format_count, format_decimal, format_percent


def check_report(form: Form, figures: Figures, previous: Figures | None) -> tuple[Verdict, ...]:
    """The rules that `figures` break, in the order of the form; none is a refusal.

    Figures that follow from others are worked out first. A rule whose figures are not all there is not judged, nor
    is one that looks back when there is no `previous` report (None) or it lacks the figure.
    """
    whole = form.completed(figures)
    before = form.completed(previous) if previous is not None else {}
    return tuple(verdict for rule in form.rules if (verdict := _judge(form, rule, whole, before)) is not None)


def _judge(form: Form, rule: FormRule, figures: Figures, before: Figures) -> Verdict | None:
    if any(key not in figures for key in rule.keys):
        return None
    looks_back = rule.kind in {RuleKind.CARRY_OVER, RuleKind.PLAUSIBLE_CHANGE}
    last = before.get(rule.left) if looks_back else None
    if looks_back and last is None:
        return None
    left = figures[rule.left]
    total = sum((figures[key] * sign for key, sign in map(split_term, rule.terms)), Decimal(0))
    actual, expected = left, total
    match rule.kind:
        case RuleKind.EQUALITY:
            holds = left == total
        case RuleKind.UPPER_BOUND:
            actual, expected = total, left
            holds = total <= left
        case RuleKind.CARRY_OVER:
            expected = (last or Decimal(0)) + total
            holds = left == expected
        case RuleKind.PLAUSIBLE_CHANGE:
            expected = last or Decimal(0)
            holds = abs(left - expected) <= max(rule.tolerance, expected * (rule.share or Decimal(0)))
    if holds:
        return None
    shown = {key: figures[key] for key in rule.keys}
    return Verdict(
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        sentence=_sentence(form, rule, figures, last=last, actual=actual, expected=expected),
        keys=rule.keys,
        figures=shown,
        actual=actual,
        expected=expected,
        previous=last,
    )


def _sentence(
    form: Form, rule: FormRule, figures: Figures, *, last: Decimal | None, actual: Decimal, expected: Decimal
) -> str:
    kind = form.get_indicator(rule.left).kind
    words: dict[str, str] = {}
    for name in rule.placeholders:
        match name:
            case "previous":
                words[name] = "–" if last is None else show_figure(last, kind)
            case "expected":
                words[name] = show_figure(expected, kind)
            case "difference":
                words[name] = show_figure(abs(actual - expected), kind)
            case key:
                figure = figures.get(key)
                words[name] = "–" if figure is None else show_figure(figure, form.get_indicator(key).kind)
    return rule.sentence.format(**words)


def show_figure(figure: Decimal, kind: FigureKind) -> str:
    """A figure in Vietnamese style by its kind, without its unit except the percent sign."""
    match kind:
        case FigureKind.COUNT:
            return format_count(figure)
        case FigureKind.MONEY:
            return format_decimal(figure)
        case FigureKind.PERCENT:
            return format_percent(figure)
