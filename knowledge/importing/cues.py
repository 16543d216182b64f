"""Words of a sentence that bind or tell by when, and were taken for no figure: a reason to look at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.importing.figures import Figure
from knowledge.importing.horizons import Horizon, HorizonKind
from knowledge.importing.phrases import named
from knowledge.importing.roles import Binding
from knowledge.importing.sentences import Span, is_bracketed
from knowledge.importing.setting import Times, resolve
from knowledge.importing.timing import Timing
from knowledge.model.plans import Comparator

_BINDS = named("cues.binds")
_GRADED = named("cues.graded")
_STAFFED = named("cues.staffed")
_PART_OF_YEAR = named("cues.part_of_year")
_SPARES = frozenset({HorizonKind.YEAR, HorizonKind.ANNUAL, HorizonKind.TERM})


def free_bound(shadow: str, figure: Figure, binding: Binding, region: Span) -> Comparator | None:
    """How a figure may bind that nothing binds and that stands beside words that bind; None without such words.

    "Trở lên" some way behind a number of things is most likely theirs ("200 buổi bằng tiếng Thái, tiếng Mông trở lên");
    of other words it is not known whose they are.

    Args:
        region: from the figure before to where the next one's words begin.
    """
    if binding.comparator is not Comparator.EXACTLY:
        return None
    begin, end = region
    staffed = _STAFFED.match(shadow, begin, figure.start)
    begin = staffed.end() if staffed is not None else begin
    free = [
        met
        for part in ((begin, figure.start), (figure.end, end))
        for met in _BINDS.finditer(shadow, *part)
        if _GRADED.search(shadow, begin, met.start()) is None
    ]
    if not free:
        return None
    is_theirs = not figure.is_percent and free[0].start() >= figure.end and free[0]["behind"] is not None
    return Comparator.AT_LEAST if is_theirs else Comparator.EXACTLY


def has_free_time(
    shadow: str, clause: Span, timing: Timing, claimed: Iterable[Span], times: Sequence[Horizon], known: Times
) -> bool:
    """Whether a clause names another time that governs no figure of the sentence."""
    taken = set(claimed)
    return any(
        clause[0] <= time.start < clause[1]
        and time.kind in _SPARES
        and not time.is_loose
        and (time.start, time.end) not in taken
        and resolve(time, known) != timing.horizon
        and not is_bracketed(shadow, clause[0], time.start)
        for time in times
    )


def is_of_part(shadow: str, clause: Span, figure: Figure) -> bool:
    """Whether a figure is to be reached by a part of a year: "đến hết quý III/2026, hoàn thành 60% …"."""
    return _PART_OF_YEAR.search(shadow, clause[0], figure.start) is not None
