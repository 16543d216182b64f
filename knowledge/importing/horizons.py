"""By when: years, stages, terms and yearly paces in headings and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.importing.phrases import named
from knowledge.model.plans import ANNUAL

_FROM = named("horizons.since")
_BARE_YEAR = named("horizons.bare_year")
_TERM_WORDS = named("horizons.term_words")


_SPAN = named("horizons.span")
_POINT = named("horizons.point")
_DAMAGED = named("horizons.damaged")
_ANNUAL = named("horizons.annual")
_TERM = named("horizons.term")
_BASE = named("horizons.base")
_ADJECTIVAL = named("horizons.adjectival")
_MOST_UNKNOWN: Final = 1
_SHORT: Final = 30
_HEADING_REST = named("horizons.heading_rest")


_DAMAGED_HEADING = re.compile(r"(?:[^\W\d]+ ){1,4}(?:20\d\d|2[0o]\w\w)\W*")


class HorizonKind(StrEnum):
    """What a phrase of time says."""

    YEAR = "year"
    ANNUAL = "annual"
    TERM = "term"
    BASE = "base"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Horizon:
    """A phrase of time at `start:end` of a shadow.

    `year` is the (last) year of a stage, `first` its first; `is_loose` where a yearly word tells of a plan or a
    report rather than of the figure ("kế hoạch hằng năm");
    `has_lead` where "đến", "trong" … stand before it; `is_pace` where
    a yearly pace is set in it.
    """

    kind: HorizonKind
    start: int
    end: int
    year: int | None = None
    first: int | None = None
    is_loose: bool = False
    has_lead: bool = False
    is_pace: bool = False

    @property
    def text(self) -> str | None:
        """The horizon as a fact states it."""
        return ANNUAL if self.kind is HorizonKind.ANNUAL else str(self.year) if self.year else None


def find_horizons(shadow: str) -> list[Horizon]:
    """The phrases of time in a shadow, in order; parts of full dates of documents are not among them."""
    found: list[Horizon] = []
    if "20" in shadow or "2o" in shadow or "z0" in shadow:
        for met in _SPAN.finditer(shadow):
            kind = HorizonKind.BASE if _BASE.search(shadow[: met.start()]) else HorizonKind.YEAR
            first, last = int(met["first"]), int(met["last"])
            if first < last <= first + 30:
                found.append(Horizon(kind, met.start(), met.end(), last, first, has_lead=bool(met["lead"])))
        for met in _POINT.finditer(shadow):
            if not _is_free(met, found):
                continue
            before = shadow[: met.start()]
            kind = HorizonKind.BASE if _BASE.search(before) else HorizonKind.YEAR
            if (met["day"] and not met["lead"]) or _FROM.fullmatch(met["lead"] or ""):
                continue
            found.append(Horizon(kind, met.start(), met.end(), int(met["year"]), has_lead=bool(met["lead"])))
        found += [
            Horizon(HorizonKind.YEAR, met.start(), met.end(), int(met[0]))
            for met in _BARE_YEAR.finditer(shadow)
            if _is_free(met, found)
        ]
        found += [
            Horizon(HorizonKind.DAMAGED, met.start(), met.end())
            for met in _DAMAGED.finditer(shadow)
            if _is_free(met, found)
        ]
    for met in _ANNUAL.finditer(shadow):
        loose = _ADJECTIVAL.search(shadow[: met.start()]) is not None
        found.append(Horizon(HorizonKind.ANNUAL, met.start(), met.end(), is_loose=loose))
    if _TERM_WORDS.search(shadow):
        found += [
            Horizon(HorizonKind.TERM, met.start(), met.end()) for met in _TERM.finditer(shadow) if _is_free(met, found)
        ]
    return sorted(found, key=lambda horizon: horizon.start)


def _is_free(met: re.Match[str], found: Iterable[Horizon]) -> bool:
    """Whether none of the phrases found stands in the same place."""
    return not any(met.start() < other.end and other.start < met.end() for other in found)


def is_stage_heading(shadow: str) -> bool:
    """Whether a line is nothing but a phrase of time that governs what follows: "Đến năm 2025:", "Hằng năm"."""
    if len(shadow) > 90:
        return False
    times = [time for time in find_horizons(shadow) if time.kind is not HorizonKind.BASE]
    if not times:
        return _DAMAGED_HEADING.fullmatch(shadow) is not None
    rest = shadow
    for time in reversed(times):
        rest = rest[: time.start] + " " + rest[time.end :]
    if _HEADING_REST.fullmatch(rest) is not None:
        return True
    unknown = [word for word in re.findall(r"\w+", rest) if _HEADING_REST.fullmatch(word) is None]
    return shadow.rstrip().endswith(":") and len(unknown) <= _MOST_UNKNOWN and len(shadow) < _SHORT
