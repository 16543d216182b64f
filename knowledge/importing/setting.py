"""What governs a paragraph: what its part of the plan is about, and by when, from the headings above it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.importing.horizons import Horizon, HorizonKind, find_horizons, is_stage_heading
from knowledge.importing.marks import MarkStyle
from knowledge.importing.model import WhyDoubted
from knowledge.importing.outline import OutlineItem
from knowledge.importing.phrases import named
from knowledge.importing.shadow import shadow
from knowledge.model.plans import ANNUAL

_STARTS_STAGE = named("setting.starts_stage")
_OF_TERM = named("setting.of_term")
_ASIDE = named("setting.aside")
_DRAFT = named("setting.draft")
_FIGURES = named("setting.figures")
_RESULTS = named("setting.results")
_DOCUMENT = named("setting.document")

_TARGETS = named("setting.targets")
_PAST = named("setting.past")
_DUTIES = named("setting.duties")
_GENERAL = named("setting.general")


class Zone(StrEnum):
    """What a part of a plan is about; TASK_TARGETS are tasks of a plan that has no part of targets."""

    TARGETS = "targets"
    PAST = "past"
    TASK_TARGETS = "task_targets"
    DUTIES = "duties"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Times:
    """The years of a plan: that of its title (one year, or a span), of its term, and the one it was issued in.

    `is_stage` where the title itself names the stage that the plan is for, not the term of a congress it carries out.
    """

    year: int | None = None
    span_end: int | None = None
    term_end: int | None = None
    issued: int | None = None
    is_stage: bool = False


@dataclass(frozen=True)
class Setting:
    """What governs a paragraph.

    `horizon` is said above it: `is_stage` where a heading says nothing else, `is_own_line` where it is no numbered one
    or begins as such do; `is_numbered` where it has a number all the same. `is_scheduled` where it is a row of a table
    that tells by when.
    """

    zone: Zone
    horizon: str | None
    is_stage: bool
    doubt: WhyDoubted | None
    times: Times
    context: int
    is_own_line: bool = False
    is_numbered: bool = False
    is_scheduled: bool = False


def setting_of(item: OutlineItem, times: Times, *, has_targets: bool = True) -> Setting:
    """What governs the paragraph, from the innermost heading outwards, at last from the plan's own title.

    Args:
        has_targets: whether the plan has a part of targets; where it has none, its tasks set them.
    """
    zone = next((found for above in reversed(item.above) if (found := zone_of(above)) is not None), Zone.UNKNOWN)
    topics = [item, *reversed(item.above)]
    if any(_ASIDE.match(each.shadow) for each in topics if each.mark is not None):
        zone = Zone.PAST if zone is Zone.PAST else Zone.DUTIES
    elif not has_targets and zone is Zone.DUTIES:
        zone = Zone.TASK_TARGETS
    for above in reversed(item.above):
        if above.mark is None and not above.is_stage:
            continue
        if not _may_say_when(above):
            continue
        said = _said(above, times)
        if said is not None:
            horizon, doubt = said
            pure = above.is_stage or (is_stage_heading(above.shadow) and _is_nearest(above, item))
            own = above.is_stage or (pure and _STARTS_STAGE.match(above.shadow) is not None)
            return Setting(zone, horizon, pure, doubt, times, above.first_line, own, not above.is_stage)
    top = item.above[0].first_line if item.above else 0
    if times.year is not None:
        return Setting(zone, str(times.year), False, None, times, top)
    if times.span_end is not None and zone is Zone.DUTIES:
        return Setting(zone, None, False, WhyDoubted.NO_HORIZON, times, top)
    if times.span_end is not None:
        return Setting(
            zone, str(times.span_end), False, None if times.is_stage else WhyDoubted.TERM_ASSUMED, times, top
        )
    return Setting(zone, None, False, WhyDoubted.NO_HORIZON, times, top)


def _is_nearest(above: OutlineItem, item: OutlineItem) -> bool:
    """Whether no other numbered heading stands between a heading and the paragraph."""
    numbered = [each for each in item.above if each.mark is not None and each.mark.style is not MarkStyle.BULLET]
    return bool(numbered) and numbered[-1] is above


def _may_say_when(item: OutlineItem) -> bool:
    """Whether an item governs by a time of its own: a heading, not a whole sentence that others hang on."""
    return item.is_stage or len(item.text) < 160


def zone_of(item: OutlineItem) -> Zone | None:
    """What a heading says its part is about; None where it says nothing."""
    if item.is_stage:
        return Zone.TARGETS if _TARGETS.search(item.shadow) else None
    text = item.shadow[:160]
    if item.mark is None or (item.mark.style is MarkStyle.BULLET and not text.rstrip().endswith(":")):
        return None
    if item.mark.style is MarkStyle.PART and _DRAFT.search(shadow(item.prefix) + text):
        return Zone.PAST
    if _PAST.search(text) and not _is_goal(text):
        return Zone.PAST
    if _GENERAL.search(text):
        return Zone.TARGETS
    targets, duties = _TARGETS.search(text), _DUTIES.search(text)
    if (
        targets
        and len(text) < 120
        and (duties is None or targets.start() < duties.start() or _FIGURES.search(targets[0]))
    ):
        return Zone.TARGETS
    return Zone.DUTIES if duties else None


def _is_goal(text: str) -> bool:
    found = _TARGETS.search(text)
    return found is not None and not _RESULTS.search(text) and found.start() < 20


def _said(item: OutlineItem, times: Times) -> tuple[str | None, WhyDoubted | None] | None:
    found = [time for time in find_horizons(item.shadow) if time.kind is not HorizonKind.BASE and not time.is_loose]
    if not item.is_stage:
        found = [time for time in found if not _is_cited(item.shadow, time)]
    if not found and _OF_TERM.search(item.shadow) and (times.term_end or times.span_end):
        return str(times.term_end or times.span_end), None
    if not found:
        return (None, WhyDoubted.YEAR_UNREADABLE) if item.is_stage else None
    kinds = {time.kind for time in found}
    if HorizonKind.DAMAGED in kinds:
        return None, WhyDoubted.YEAR_UNREADABLE
    first = found[0]
    if HorizonKind.ANNUAL in kinds:
        years = [time for time in found if time.kind is not HorizonKind.ANNUAL]
        if not years or all(time.kind is HorizonKind.YEAR and time.first for time in years):
            return ANNUAL, None
        return resolve(years[0], times), WhyDoubted.ANNUAL_OR_STAGE
    horizon = resolve(first, times)
    if horizon is None:
        return None, WhyDoubted.NO_HORIZON
    several = len({resolve(time, times) for time in found}) > 1
    return horizon, WhyDoubted.TERM_ASSUMED if several else None


def resolve(time: Horizon, times: Times) -> str | None:
    """The horizon that a phrase of time states; the end of the term from the plan's title where it says only that."""
    if time.kind is HorizonKind.TERM:
        end = times.term_end or times.span_end
        return str(end) if end else None
    return time.text


def _is_cited(shadow: str, time: Horizon) -> bool:
    """Whether a year belongs to a document that is cited: "Nghị quyết … năm 2021"."""
    before = shadow[max(0, time.start - 60) : time.start]
    return not time.has_lead and time.first is None and _DOCUMENT.search(before.rpartition(",")[2]) is not None
