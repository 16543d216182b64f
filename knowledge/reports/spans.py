"""Months and spans of time that stand together in a message: one span, a sum, a choice, or one put right by another."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.model.periods import Period
from knowledge.reports.message import ReportMessage
from knowledge.reports.phrases import folded
from knowledge.reports.times import SpanKind, When


def joined(message: ReportMessage, found: list[When]) -> list[When]:
    """Neighbouring months as one span: their sum, or one of several that the message leaves open."""
    out: list[When] = []
    named = [when for when in found if when.months]
    for when in sorted(found, key=lambda each: each.start):
        if len(named) > 1 and when in named and (other := _denied(message, when)) is not None:
            message.negated.append(other)
            continue
        last = out[-1] if out else None
        between = message.norm[last.end : when.start].strip() if last is not None else ""
        either = last is not None and next(message.spans("either", last.end, when.start), None) is not None
        if last is not None and either and SpanKind.THIS in (last.kind, when.kind) and len(between.split()) <= 2:
            now = Period.month(message.today.year, message.today.month)
            out[-1] = replace(last, end=when.end, kind=SpanKind.MONTH, months=(now, now.shifted(-1)), declared=True)
        elif when.kind is SpanKind.MONTH and when.declared and out and _puts_right(message, when):
            out = [replace(each, months=when.months) if each.declared and each.months else each for each in out]
        elif last is not None and last.kind is when.kind is SpanKind.MONTH:
            if len(between) < 25 and any(True for _ in message.spans("correcting", last.end, when.start)):
                out[-1] = replace(when, declared=last.declared or when.declared)
                continue
            if between == "/" or (len(between.split()) <= 4 and either):
                out[-1] = replace(last, end=when.end, months=last.months + when.months, declared=True)
                continue
            if between in message.words("both_months") or between in {"-", "+", "&"}:
                if last.declared or when.declared or _heads(message, last.start, when.end):
                    out[-1] = replace(last, end=when.end, months=last.months + when.months, declared=True, summed=True)
                else:
                    out[-1] = replace(last, end=when.end, kind=SpanKind.OTHER)
                continue
        out.append(replace(when, declared=True) if not named and _is_quarter_at_head(message, when) else when)
    return out


def _heads(message: ReportMessage, start: int, end: int) -> bool:
    """Whether months stand over all figures: "Tháng 9 với tháng 10 gửi chung: …"."""
    colon = re.match(r"[^\d:\n]*:", message.norm[end:])
    return colon is not None and not re.search(r"\d", message.norm[:start])


def _is_quarter_at_head(message: ReportMessage, when: When) -> bool:
    """Whether a message begins with a quarter: "Quý 3 trường em: …"."""
    said = message.norm[when.start :].startswith(tuple(folded("quarter")))
    return said and not message.norm[: when.start].strip()


def _denied(message: ReportMessage, when: When) -> tuple[int, int] | None:
    """Where a month is said not to be the one reported: "không phải tháng 10", "tháng 10 em gửi sau"."""
    no = next((start for start, end in message.spans("negated", 0, when.start) if end == when.start - 1), None)
    told = re.search(r"[:,;\d]", message.norm[when.end :])
    until = when.end + told.start() if told else len(message.norm)
    if no is None and not any(message.spans("later", when.end, until)):
        return None
    return (when.start, until) if no is None else (no, when.end)


def _puts_right(message: ReportMessage, when: When) -> bool:
    """Whether a month said last is said to put right the one before: "nhầm, đây là số tháng 9"."""
    begin, _ = message.layout.sentence(when.start)
    said = [*message.spans("correcting", begin, when.start), *message.spans("mistaken", begin, when.start)]
    return bool(said) and not re.search(r"\d", message.norm[said[0][1] : when.start])
