"""What a person says of a fact that was read wrongly: only what is said changes, the rest stays as it was read."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import msgspec

from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.outcomes import Unclear
from knowledge.calendar.rules import Frequency, Rule
from knowledge.importing.figures import Figure, Use, find_figures, find_numbers
from knowledge.importing.horizons import Horizon, HorizonKind, find_horizons
from knowledge.importing.model import LeftOver, ReadDeadline, ReadTarget
from knowledge.importing.roles import binding_of
from knowledge.importing.shadow import compose, shadow
from knowledge.model.plans import ANNUAL, PERCENT, Comparator
from knowledge.text import shorten, tidy

LONGEST: Final = 300
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_FARTHEST: Final = 30  # years that a plan may hold
_MONTHS_OF_YEAR: Final = 12


def mend_target(target: ReadTarget, said: str) -> ReadTarget | None:
    """The target with the figure, the bound and the time that are said; what is measured, where only words are.

    Examples: "85%" changes the value alone; "đến 2028" the year alone; "từ 85% trở lên, hằng năm" all three. None where
    nothing can be made of it.
    """
    text = tidy(compose(said))[:LONGEST]
    plain = shadow(text)
    times = [time for time in find_horizons(plain) if time.kind in {HorizonKind.YEAR, HorizonKind.ANNUAL}]
    masked = _without(plain, times)
    numbers = [number for number in find_numbers(masked) if number.use is Use.FIGURE]
    figures = find_figures(masked, text, numbers)
    if len(figures) > 1 or len(times) > 1:
        return None
    changed: dict[str, Any] = {}
    if figures:
        changed |= _figure(target, masked, figures[0])
    if times:
        changed |= {"horizon": times[0].text, "each_year": times[0].text == ANNUAL and target.each_year}
    elif not figures and (year := _YEAR.search(plain)) is not None:
        changed |= {"horizon": year[0], "each_year": False}
    if not changed and any(map(str.isalpha, text)) and not any(map(str.isdigit, text)):
        changed = {"indicator": text}
    return msgspec.structs.replace(target, doubt=None, **changed) if changed else None


def mend_unit(target: ReadTarget, said: str) -> ReadTarget | None:
    """The target in the unit that is said."""
    unit = tidy(compose(said)).strip(" .")[:LONGEST]
    unit = PERCENT if shadow(unit) == PERCENT else unit
    return msgspec.structs.replace(target, unit=unit, doubt=None) if unit and not unit[0].isdigit() else None


def target_of(left: LeftOver) -> ReadTarget | None:
    """A number left over, as a target that says what its sentence says; None where no number is in it."""
    text = compose(left.quote)
    plain = shadow(text)
    at = plain.find(shadow(left.number))
    figures = find_figures(plain, text, find_numbers(plain))
    figure = next((each for each in figures if each.start <= at < each.end), None)
    if figure is None:
        return None
    times = [time for time in find_horizons(plain) if time.kind in {HorizonKind.YEAR, HorizonKind.ANNUAL}]
    bare = ReadTarget(
        section=left.section,
        quote=left.quote,
        indicator=shorten(text, LONGEST),
        value=figure.value,
        comparator=Comparator.EXACTLY,
        horizon=times[0].text if len(times) == 1 else None,
        spot=left.spot,
        differing=left.differing,
    )
    return msgspec.structs.replace(bare, **_figure(bare, plain, figure))


def mend_deadline(deadline: ReadDeadline, said: str, today: date) -> ReadDeadline | None:
    """The deadline on the day, or with the days again and again, that are said; None where they are unclear."""
    read = parse_rule(said, today)
    if isinstance(read, Unclear):
        return None
    when = tidy(compose(said))[:LONGEST]
    if read.frequency is Frequency.ONCE:
        due = max(read.dates)
        return msgspec.structs.replace(deadline, due=due, recurrence=None, rule=None, when=when, doubt=None)
    recurrence = _recurrence(read)
    if recurrence is None:
        return None
    return msgspec.structs.replace(deadline, due=None, recurrence=recurrence, rule=read.code, when=when, doubt=None)


def read_term(said: str) -> tuple[int, int] | None:
    """The first and last year that are named, one where it is one: "2026 – 2030"."""
    years = sorted({int(met[0]) for met in _YEAR.finditer(said)})
    if not years or len(years) > 2 or years[-1] - years[0] > _FARTHEST:
        return None
    return years[0], years[-1]


def read_name(said: str) -> str | None:
    """A name as it was typed; None for what has no letters."""
    name = tidy(compose(said))[:LONGEST]
    return name if any(letter.isalpha() for letter in name) else None


def _figure(target: ReadTarget, plain: str, figure: Figure) -> dict[str, Any]:
    binding = binding_of(plain, figure, 0)
    is_bound = figure.value_max is not None or binding.comparator is not Comparator.EXACTLY
    keeps = not is_bound and target.comparator not in {Comparator.RANGE, Comparator.QUALITATIVE}
    unit = figure.unit if figure.base is None else f"{figure.unit}/{figure.base}"
    return {
        "value": figure.value,
        "value_max": figure.value_max,
        "comparator": target.comparator if keeps else binding.comparator,
        "unit": unit if figure.unit is not None else target.unit,
    }


def _without(plain: str, times: list[Horizon]) -> str:
    """The shadow with blanks in the place of the times, so that their years are no figures."""
    for time in times:
        plain = plain[: time.start] + " " * (time.end - time.start) + plain[time.end :]
    return plain


def _recurrence(rule: Rule) -> str | None:
    if rule.frequency is not Frequency.MONTHLY:
        return None
    if rule.every == 1:
        return "monthly"
    if rule.every % _MONTHS_OF_YEAR:
        return f"every {rule.every} months"
    years = rule.every // _MONTHS_OF_YEAR
    return "yearly" if years == 1 else f"every {years} years"
