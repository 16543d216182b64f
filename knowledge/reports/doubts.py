"""What shakes a figure: an estimate, words of doubt beside it, a part of the unit only, a message taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.numbers import parse_count
from knowledge.reports.shaping import readings_of
from knowledge.reports.times import Kind, Layout, Spot

if TYPE_CHECKING:
    from knowledge.reports.message import Item
    from knowledge.reports.scanning import Scanner


def shaken(
    scanner: Scanner, layout: Layout, spots: Sequence[Spot], labels: Sequence[Item]
) -> tuple[set[int], set[str]]:
    """Which of `spots` (by place in the list, in the order of the text) are shaken, and which rows as a whole.

    `labels` are the names of rows in the text, those with a figure among them.
    """
    found: set[int] = set()
    rows: set[str] = set()
    certain = [*scanner.spans("certain"), *scanner.negated, *scanner.unit_spans]

    def said(name: str) -> list[tuple[int, int]]:
        return [(a, b) for a, b in scanner.spans(name) if not any(c <= a < d for c, d in certain)]

    def blame(start: int) -> None:
        """Shake what was said last before a place: a row named without a figure, or the last figure."""
        begin = layout.sentence(start)[0]
        bracket = scanner.norm.rfind("(", begin, start)
        start = bracket if bracket >= 0 and ")" not in scanner.norm[bracket:start] else start
        before = [i for i, spot in enumerate(spots) if begin <= spot.at < start and spot.keyed]
        since = spots[before[-1]].end if before else begin
        lead = [item for item in labels if since <= item.start and item.end <= start and len(item.keys) == 1]
        rows.update(item.keys[0] for item in lead)
        if not lead:
            found.update(before[-1:])

    for name, reach in (("before", 1), ("maybe", 12)):
        for start, end in said(name):
            _, until = layout.clause(start)
            after = next((i for i, spot in enumerate(spots) if start <= spot.at), None)
            about = [item for item in labels if end <= item.start < until and len(item.keys) == 1]
            if reach > 1 and (after is None or spots[after].at >= until or not spots[after].keyed):
                if about:
                    rows.add(about[0].keys[0])
                elif any(layout.clause(start)[0] <= spot.at < start for spot in spots):
                    blame(start)
            if any(
                (0 <= when.start - end <= 1 or when.start <= start < when.end) and when.months for when in scanner.whens
            ):
                continue
            if after is None or spots[after].at >= until:
                continue
            begin = layout.clause(start)[0]
            if scanner.norm[start:end] in scanner.words("out_of") and any(begin <= spot.at < start for spot in spots):
                continue
            gap = scanner.norm[end : spots[after].at]
            for item in labels:
                if end <= item.start and item.end <= spots[after].at:
                    gap = gap.replace(scanner.norm[item.start : item.end], " ", 1)
            between = [word for word in re.findall(r"\w+", gap) if word not in scanner.words("people")]
            if len(between) < reach:
                found.add(after)
    for start, end in said("but"):
        until = min([layout.sentence(start)[1], *(spot.start for spot in spots if spot.start >= end and spot.keyed)])
        if any(True for _ in scanner.spans("unsettled", end, until)):
            about = [item for item in labels if end <= item.start < until and item.keys[:1] and item.keys[0] not in scanner.children]
            if about:
                rows.add(about[0].keys[0])
            else:
                blame(start)
    for start, _ in said("minus"):
        blame(start)
    for start, _ in said("left_out"):
        among = [at for at, _ in scanner.spans("subset", layout.sentence(start)[0], start)]
        if among:
            blame(among[-1])
    for start, end in said("take_back"):
        until = layout.clause(start)[1]
        rows.update(item.keys[0] for item in labels if end <= item.start < until and len(item.keys) == 1)
    for start, end in said("rival"):
        begin, until = layout.sentence(start)
        if any(end <= spot.at < until for spot in spots):
            found.update([i for i, spot in enumerate(spots) if begin <= spot.at < start and spot.keyed][-1:])
    for start, _ in said("beside"):
        begin, until = layout.clause(start)
        month = next((when for when in scanner.whens if begin <= when.start < until and when.months), None)
        inside = [i for i, spot in enumerate(spots) if begin <= spot.at < until]
        named = [item for item in labels if begin <= item.start < until and len(item.keys) == 1]
        earlier = [i for i, spot in enumerate(spots) if spot.at < start]
        lead = [item for item in labels if layout.sentence(start)[0] <= item.start < start and len(item.keys) == 1]
        if month is not None and (len(month.months) > 1 or 0 <= start - month.end <= 1):
            continue
        if start in scanner.unknown or any(a <= start < b for a, b in scanner.spans("withdrawn")):
            continue
        behind = [i for i in inside if spots[i].at < start]
        if not inside and not named and any(True for _ in scanner.spans("objects", begin, start)):
            continue
        if inside and not behind and any(a <= start < b for a, b in scanner.spans("again")):
            continue
        if behind:
            blame(start)
        elif inside:
            found.update(inside[:1])
        elif any(True for _ in scanner.spans("both", begin, until)):
            found.update(earlier[-2:])
        elif named:
            # What a clause is about is a total rather than the movement nearest to the doubt.
            rows.add(min(named, key=lambda item: (item.keys[0] in scanner.children, abs(item.start - start))).keys[0])
        elif month is None and lead and (not earlier or lead[-1].start > spots[earlier[-1]].end):
            rows.add(lead[-1].keys[0])
        elif month is None:
            found.update([i for i in earlier if spots[i].keyed][-1:])
        elif month.kind is Kind.MONTH and not month.declared and start in {at for at, _ in scanner.spans("unsure")}:
            found.update(earlier)
    for name in ("maybe", "beside"):
        for start, end in said(name):
            of_month = any(0 <= start - when.end <= 1 for when in scanner.whens)
            looked = any(a <= start < b for a, b in scanner.spans("again"))
            if scanner.norm[end : end + 2].strip().startswith(":") and not (of_month or looked):
                until = layout.sentence(end)[1]
                found.update(i for i, spot in enumerate(spots) if end <= spot.at < until)
    whole = [at for at, _ in scanner.spans("this") if at == layout.sentence(at)[0] or not scanner.norm[layout.sentence(at)[0] : at].strip()]
    for start in [*whole, *(at for at, _ in scanner.spans("these"))]:
        begin, until = layout.clause(start)
        if any(True for name in ("before", "maybe", "beside") for _ in scanner.spans(name, begin, until)):
            found.update(i for i, spot in enumerate(spots) if spot.at < start)
    for start, _ in said("partial"):
        begin, until = layout.sentence(start)
        if any(0 <= start - when.end <= 1 and when.months for when in scanner.whens):
            continue
        there = [i for i, spot in enumerate(spots) if begin <= spot.at < until]
        found.update(there or [i for i, spot in enumerate(spots) if spot.at < start])
    for start, end in said("mistaken"):
        coming = next((spot for spot in spots if spot.at >= end), None)
        before = [i for i, spot in enumerate(spots) if spot.at < start and spot.keyed]
        if any(when.declared and when.months and end <= when.start < layout.sentence(end)[1] for when in scanner.whens):
            continue
        put_right = coming is not None and coming.at < layout.sentence(end)[1]
        lead = [item for item in labels if layout.clause(start)[0] <= item.start < start and len(item.keys) == 1]
        if lead and before and lead[-1].start > spots[before[-1]].end:
            rows.add(lead[-1].keys[0])
        elif before and not put_right and scanner.norm[spots[before[-1]].end : start].count(".") < 2:
            found.add(before[-1])
    found.update(_parts(scanner, layout, spots))
    for start, end in said("withdrawn"):
        until = layout.sentence(end)[1]
        about = {item.keys[0] for item in labels if end <= item.start < until and len(item.keys) == 1}
        if about and not any(end <= spot.at < until for spot in spots):
            rows |= about
        else:
            found.update([i for i, spot in enumerate(spots) if spot.at < start] or range(len(spots)))
    for start, _ in said("sent_wrong"):
        if spots and spots[-1].at < start:
            found.update(range(len(spots)))
    for start, end in said("so_far"):
        begin, until = layout.clause(start)
        found.update(i for i, spot in enumerate(spots) if begin <= spot.at < until and {*spot.keys} & {*scanner.children})
    ends = [*(spot.at for spot in spots[1:]), len(scanner.norm)]
    found.update(i for i, (spot, end) in enumerate(zip(spots, ends, strict=False)) if _names_differ(scanner, spot, min(end, layout.clause(spot.at)[1])))
    return found, rows


def _parts(scanner: Scanner, layout: Layout, spots: Sequence[Spot]) -> set[int]:
    """Figures of several parts of the unit beside each other, whose sum nobody wrote."""
    found: set[int] = set()
    leads: dict[str, list[int]] = {}
    for start, end in scanner.spans("part"):
        clause = layout.clause(start)[0]
        if not re.search(r"\d", scanner.norm[clause:start]):
            leads.setdefault(scanner.norm[start:end], []).append(clause)
    for clauses in leads.values():
        parts = [i for i, spot in enumerate(spots) if layout.clause(spot.at)[0] in clauses]
        values = [next(iter(readings_of(parse_count(scanner.norm[spot.at : spot.number_end]))), None) for spot in spots]
        told = [value for i, value in enumerate(values) if i not in parts]
        for keys in {spots[i].keys for i in parts}:
            own = [i for i in parts if spots[i].keys in (keys, ("?",))]
            if len({layout.clause(spots[i].at)[0] for i in own}) > 1 and sum(values[i] or 0 for i in own) not in told:
                found.update(own)
    return found


def _names_differ(scanner: Scanner, spot: Spot, end: int) -> bool:
    """Whether people are named behind a number, and not as many as it says ("3 đồng chí gồm cô Lan và thầy Hùng")."""
    start = spot.end
    number = scanner.norm[spot.at : spot.number_end]
    namely = next(scanner.spans("namely", start, end), None)
    if namely is None or not number.isdigit():
        return False
    named = [at for _, at in scanner.spans("titles", namely[1], end) if scanner.original_at(at + 1).isupper()]
    return len(named) > 1 and len(named) != int(number)
