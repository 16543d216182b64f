"""Slips that a message corrects itself: "X 50, à nhầm 55", "X giữ nguyên... à không, 60". Pure."""

from __future__ import annotations

from knowledge.shares.found import SaidAmount, ScannedShares
from knowledge.shares.mentions import Mention
from knowledge.tokens import Span


def correct(found: ScannedShares) -> None:
    """Let what is said instead take the place of what was a slip; where it is open which that is, it is a doubt."""
    for each in sorted(found.phrases.of("corrected", "slip", "slip_apart"), key=lambda each: (each.start, -each.end)):
        if not any(found.taken[each.start : each.end]):
            _correct(found, each)


def _correct(found: ScannedShares, each: Span) -> None:
    before = max((one for one in found.amounts if one.end <= each.start), key=lambda one: one.start, default=None)
    after = min((one for one in found.amounts if one.start >= each.end), key=lambda one: one.start, default=None)
    if each.name != "corrected" and not _is_slip(found, each, after):
        return
    spread = next((one for one in found.spreads if _is_beside(found, one.end, each.start)), None)
    if spread is not None and after is not None:
        found.spreads.remove(spread)
        found.instead.add(after.start)
        found.claim(each.start, each.end)
        return
    if before is None or (after is None and not _is_beside(found, before.end, each.start)):
        return
    if after is None:
        found.doubts.append(found.said(before.start, each.end))
    else:
        _replace(found, before, after, [one for one in found.mentions if each.end <= one.start < after.start])
    found.claim(each.start, each.end)


def _replace(found: ScannedShares, before: SaidAmount, after: SaidAmount, between: list[Mention]) -> None:
    if not between:
        place = found.amounts.index(before)
        found.amounts[place] = SaidAmount(before.start, before.end, after.amount, after.is_vague)
        found.amounts.remove(after)
        return
    units = [one for one in found.mentions if one.end <= before.start]
    if len(between) == 1 and units and units[-1].match == between[0].match:
        found.amounts.remove(before)
        found.mentions.remove(units[-1])
    elif not _is_new_clause(found, before, between[0]):
        found.doubts.append(found.said(before.start, after.end))


def _is_new_clause(found: ScannedShares, before: SaidAmount, unit: Mention) -> bool:
    """Whether what was corrected is no amount, for others stand between."""
    return any(before.end <= one.start < unit.start for one in found.mentions)


def _is_slip(found: ScannedShares, each: Span, after: SaidAmount | None) -> bool:
    """Whether "à" itself corrects: right before an amount, and typed with its mark."""
    is_apart = found.sign(each.end) == "," and bool(found.sign(each.start - 1))
    if each.name == "slip_apart" and not is_apart:
        return False
    return after is not None and after.start <= each.end + is_apart and not found.tokens[each.start].text.isascii()


def _is_beside(found: ScannedShares, end: int, start: int) -> bool:
    """Whether nothing but what is counted, politeness and signs stand there."""
    at = end
    while at < start:
        phrase = found.phrases.at(at, "counted", "courtesy")
        if phrase is None and not found.sign(at):
            return False
        at = phrase.end if phrase is not None else at + 1
    return at >= start and end <= start
