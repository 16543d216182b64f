"""What a figure is for in its clause, and how it binds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.importing.figures import Figure
from knowledge.importing.phrases import named
from knowledge.importing.shadow import shadow as shadow_of
from knowledge.model.plans import Comparator

_FLOOR = named("roles.floor")
_ABOVE = named("roles.above")
_CEILING = named("roles.ceiling")
_BELOW = named("roles.below")
_OPEN_FROM = named("roles.open_from")
_NEGATED = named("roles.negated")
_SHARE_WITHIN = named("roles.share_within")
_ABOUT = named("roles.about")
_NOT_FROM = named("roles.not_from")
_BEHIND = named("roles.behind")
_VERB_BETWEEN = named("roles.verb_between")
_OF_NOUN = named("roles.of_noun")
_RISE = named("roles.rise")
_FROM = named("roles.from")

_HOLDER = named("roles.holder")
_OWN_ACT = named("roles.own_act")
_PEOPLE = named("roles.people")
_NEXT_WORD = named("targets.next_word")
_DURATION = named("roles.duration")
_AGE = named("roles.age")
_PARTED = named("roles.parted")
_ENUMERATED = named("roles.enumerated")
_LEGAL = named("roles.legal")
_STATUTORY = named("roles.statutory")
_AWARD = named("roles.award")
_AWARD_UNITS = named("roles.award_units")
_RANK = named("roles.rank")
_SIZE = named("roles.size")
_SIZED = named("roles.sized")
_OF_SIZE = named("roles.of_size")
_SIZED_BEHIND = named("roles.sized_behind")
_SUPPORT = named("roles.support")
_EACH = named("roles.each")
_MONEY = named("roles.money")
_YEAR = named("timing.year_unit")
_LAW_SAYS = named("roles.law_says")
_REACHES = named("roles.reaches")
_OUT_OF_EACH = named("roles.out_of_each")
_CONDITIONED = named("roles.conditioned")
_EMPLOYED = named("roles.employed")
_STAFF = named("roles.staff")
_PAST_NEAR = named("roles.past_near")
_BRACKETED_PAST = named("roles.bracketed_past")
_LONG_PAST = named("roles.long_past")
_GOAL = named("roles.goal")


class FigureRole(StrEnum):
    """What a figure is for."""

    TARGET = "target"
    COUNTED = "counted"
    BASELINE = "baseline"
    PAST = "past"
    OTHER = "other"


_LARGEST_STAFF = 500
_FLOORS = frozenset({Comparator.AT_LEAST, Comparator.MORE_THAN})
_CAPS = frozenset({Comparator.AT_MOST, Comparator.LESS_THAN})


@dataclass(frozen=True)
class Binding:
    """How a figure binds: its comparator, where the words of it begin and end, whether it is a rough figure."""

    comparator: Comparator
    start: int
    end: int
    is_about: bool = False
    is_carrying: bool = False


def binding_of(shadow: str, figure: Figure, left: int) -> Binding:
    """The comparator of a figure from the words right before it (from `left` on) and right behind it."""
    before = shadow[left : figure.start]
    end = figure.end
    behind = _BEHIND.match(shadow, end)
    if behind is not None and _may_lie_between(figure, behind["between"]):
        if not behind["between"]:
            end = behind.end()
        floor = behind["floor"] is not None
        start, _, _ = _words_before(before, left)
        if figure.value_max is not None:
            return Binding(Comparator.RANGE, start, end)
        return Binding(Comparator.AT_LEAST if floor else Comparator.AT_MOST, start, end)
    start, comparator, carries = _words_before(before, left)
    if figure.value_max is not None:
        return Binding(Comparator.RANGE, start, end)
    if (about := _ABOUT.search(before)) is not None:
        return Binding(comparator or Comparator.EXACTLY, left + about.start(), end, is_about=True)
    return Binding(comparator or Comparator.EXACTLY, start, end, is_carrying=carries)


def _may_lie_between(figure: Figure, between: str) -> bool:
    """Whether "trở lên" behind these words still binds the figure: "30% số đoàn viên trở lên", but no grade."""
    if not between:
        return True
    return _VERB_BETWEEN.search(between) is None and (not figure.is_percent or _OF_NOUN.match(between) is not None)


def _words_before(before: str, left: int) -> tuple[int, Comparator | None, bool]:
    for found, comparator in (
        (_CEILING.search(before), Comparator.AT_MOST),
        (_FLOOR.search(before), Comparator.AT_LEAST),
        (_ABOVE.search(before), Comparator.MORE_THAN),
        (_BELOW.search(before), Comparator.LESS_THAN),
    ):
        if found is not None and not _NOT_FROM.search(before):
            carries = comparator is Comparator.AT_LEAST and not _OPEN_FROM.match(found[0])
            negated = comparator is Comparator.MORE_THAN and _NEGATED.search(before[: found.start()])
            return left + found.start(), Comparator.AT_MOST if negated else comparator, carries
    return left + len(before.rstrip()), None, False


def role_of(shadow: str, figure: Figure, clause: tuple[int, int], left: int, sentence_start: int) -> FigureRole:
    """What a figure is for; `left` is where the figure before it ends, within the clause."""
    before, behind = shadow[left : figure.start], shadow[figure.numbers[0][1] :]
    whole_before = shadow[clause[0] : figure.start]
    whole = shadow[clause[0] : clause[1]]
    if figure.value_max is not None:
        behind = shadow[figure.numbers[1][1] :] if len(figure.numbers) > 1 else behind
    if _is_counted(whole_before, behind, figure):
        return FigureRole.COUNTED
    bound = binding_of(shadow, figure, left).comparator
    is_bound = bound in _FLOORS or _REACHES.search(before) is not None
    is_capped = bound in _CAPS and _SHARE_WITHIN.search(whole_before) is None
    if _is_other(before, behind, whole, figure, is_bound=is_bound, is_capped=is_capped):
        return FigureRole.OTHER
    if _BRACKETED_PAST.search(shadow[sentence_start : figure.start]):
        return FigureRole.PAST
    if _LONG_PAST.search(shadow[sentence_start : figure.start]):
        return FigureRole.PAST
    near = _PAST_NEAR.search(re.split(r"[,(]", whole_before)[-1])
    if near is not None and not _GOAL.search(whole_before[near.start() if near.start() < len(whole_before) else 0 :]):
        return FigureRole.PAST
    return FigureRole.TARGET


def _is_counted(before: str, behind: str, figure: Figure) -> bool:
    if not figure.is_percent and (_OF_SIZE.search(before) or (_SIZED.search(before) and _SIZED_BEHIND.match(behind))):
        return True
    is_unnamed = figure.unit is None and _NEXT_WORD.match(behind) is None
    if figure.is_percent or not (_PEOPLE.match(behind) or is_unnamed):
        return False
    if (
        _CONDITIONED.search(before)
        or _OUT_OF_EACH.search(before)
        or (figure.value <= _LARGEST_STAFF and _EMPLOYED.search(before) and _STAFF.match(behind))
    ):
        return True
    tail = before[-140:]
    found = _HOLDER.match(tail)
    if found is None or found["each"] or figure.value > 10_000:
        return False
    return _OWN_ACT.search(found["rest"]) is None and len(found["rest"]) < 90 and "," not in found["rest"]


def _is_other(before: str, behind: str, whole: str, figure: Figure, *, is_bound: bool, is_capped: bool) -> bool:
    unit = (figure.unit or "").lower()
    if figure.unit is None and (_SIZE.match(behind) or _ENUMERATED.match(behind)):
        return True
    if figure.unit is None and _DURATION.match(behind) and not (is_capped and _AGE.match(behind) is None):
        return True
    if figure.value == 0 and _MONEY.fullmatch(shadow_of(unit)):
        return True
    if unit == "" and not behind.strip():
        return True
    if figure.is_percent and _STATUTORY.search(f"{before}{figure.value}"):
        return True
    if figure.is_percent and figure.value <= 5 and _LEGAL.search(whole):
        return True
    if _AWARD.search(whole) and not figure.is_percent and (not unit or _AWARD_UNITS.fullmatch(shadow_of(unit))):
        return True
    if _RANK.search(before) or _LAW_SAYS.search(before) or _PARTED.search(before):
        return True
    if _MONEY.fullmatch(shadow_of(unit)) and _EACH.search(before):
        return True
    return (_MONEY.fullmatch(shadow_of(unit)) is not None and not is_bound) and (
        _SUPPORT.search(whole) is not None or (figure.base is not None and not _YEAR.fullmatch(shadow_of(figure.base)))
    )


def reaches(shadow: str, earlier: Figure, later: Figure) -> bool:
    """Whether the earlier figure is only where the later one starts from: "từ 70% lên 85%", "giảm từ 15% xuống 10%"."""
    between = shadow[earlier.end : later.start]
    if len(between) > 80 or ";" in between:
        return False
    return _FROM.search(shadow[: earlier.start]) is not None and _RISE.search(between) is not None
