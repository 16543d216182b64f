"""By when a figure of a sentence holds: the phrase of time that governs it, else what governs the paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge.importing.figures import Figure
from knowledge.importing.horizons import Horizon, HorizonKind, find_horizons
from knowledge.importing.model import WhyDoubted
from knowledge.importing.phrases import named
from knowledge.importing.sentences import Span, is_bracketed
from knowledge.importing.setting import Setting, resolve
from knowledge.importing.shadow import shadow as fold
from knowledge.model.plans import ANNUAL

_TERM_NAME = named("timing.term_name")
_TIGHT = 2
_YEAR_UNIT = named("timing.year_unit")

_CITED = named("timing.cited")
_COMPOUND = named("timing.compound")


_CHANGES = named("timing.changes")


def is_year(base: str) -> bool:
    """Whether what a rate is measured on is the year."""
    return _YEAR_UNIT.fullmatch(fold(base)) is not None


@dataclass(frozen=True)
class Timing:
    """When a figure holds.

    `is_said` where its own sentence tells, in the words at `said`; `is_past` where the sentence tells of a year that
    was over when the plan was issued.
    """

    horizon: str | None
    each_year: bool = False
    doubt: WhyDoubted | None = None
    is_past: bool = False
    said: Span | None = None

    @property
    def is_said(self) -> bool:
        """Whether the sentence of the figure tells by when."""
        return self.said is not None


def times_of(shadow: str, sentence: Span) -> list[Horizon]:
    """The phrases of time of a sentence that may govern its figures."""
    found = []
    for time in find_horizons(shadow[sentence[0] : sentence[1]]):
        start, end = time.start + sentence[0], time.end + sentence[0]
        before = shadow[max(sentence[0], start - 70) : start]
        if shadow[start] == "/" or _of_term(shadow, sentence, start, time):
            continue
        if time.kind is HorizonKind.YEAR and not time.has_lead and time.first is None and _CITED.search(before):
            continue
        found.append(Horizon(time.kind, start, end, time.year, time.first, time.is_loose, time.has_lead))
    return found


def _of_term(shadow: str, sentence: Span, start: int, time: Horizon) -> bool:
    """Whether a span of years only names a term: "đại hội đúng nhiệm kỳ 2023 - 2028"."""
    words = shadow[start : time.end + sentence[0]]
    return (
        time.first is not None and not time.has_lead and _TERM_NAME.match(words) is not None and start > sentence[0] + 3
    )


def timing_of(
    shadow: str, figure: Figure, figures: list[Figure], times: list[Horizon], sentence: Span, setting: Setting
) -> Timing:
    """The timing of one figure among those of its sentence."""
    time = _governing(shadow, figure, figures, times, sentence)
    said = (time.start, time.end) if time is not None else None
    return replace(_timing(shadow, figure, times, sentence, setting, figures, time), said=said)


def _timing(
    shadow: str, figure: Figure, times: list[Horizon], sentence: Span, setting: Setting, figures: list[Figure],
    time: Horizon | None,
) -> Timing:  # fmt: skip
    own_base = figure.base is not None and is_year(figure.base)
    if time is None:
        if own_base:
            return _yearly(figure, setting, None, shadow, sentence)
        return Timing(setting.horizon, doubt=setting.doubt)
    if time.kind is HorizonKind.DAMAGED:
        return Timing(None, doubt=WhyDoubted.YEAR_UNREADABLE)
    if time.kind is HorizonKind.ANNUAL and (stage := _stage_before(time, figures, times)) is not None:
        return Timing(stage.text, True)
    if time.kind is HorizonKind.ANNUAL and not figure.is_percent and _in_stage(shadow, time, times, sentence):
        return Timing(ANNUAL, True, WhyDoubted.ANNUAL_OR_STAGE)
    if time.kind is HorizonKind.ANNUAL:
        return _yearly(figure, setting, time, shadow, sentence)
    horizon = resolve(time, setting.times)
    if horizon is None:
        return Timing(None, doubt=WhyDoubted.NO_HORIZON)
    issued = setting.times.issued
    own_base = own_base or time.is_pace
    noted = is_bracketed(shadow, sentence[0], figure.start) and is_bracketed(shadow, sentence[0], time.start)
    past = issued is not None and int(horizon) < issued + noted and time.first is None
    return Timing(horizon, own_base, is_past=past)


def _in_stage(shadow: str, time: Horizon, times: list[Horizon], sentence: Span) -> bool:
    """Whether a yearly pace stands behind a stage in one clause: "Đến năm 2027 có …, mỗi năm kết nạp …"."""
    before = [other for other in times if other.kind is HorizonKind.YEAR and sentence[0] <= other.end <= time.start]
    return bool(before) and ";" not in shadow[before[-1].end : time.start]


def _stage_before(time: Horizon, figures: list[Figure], times: list[Horizon]) -> Horizon | None:
    """The stage that a yearly pace stands in: "Năm 2026 - 2028: mỗi năm 12.500 đoàn viên"."""
    stages = [other for other in times if other.end <= time.start and other.kind is HorizonKind.YEAR]
    if not stages or any(stages[-1].end <= figure.start < time.start for figure in figures):
        return None
    return stages[-1]


def _yearly(figure: Figure, setting: Setting, time: Horizon | None, shadow: str, sentence: Span) -> Timing:
    """A yearly pace: within a stage its year, otherwise annual; a level to be held every year is annual."""
    pace = not figure.is_percent or time is None or _CHANGES.search(shadow[sentence[0] : figure.start]) is not None
    if setting.horizon is None or setting.horizon == ANNUAL or not setting.is_stage:
        return Timing(ANNUAL, pace, _bound(shadow, sentence, time, figure))
    if not pace and not setting.is_own_line:
        return Timing(ANNUAL, False, WhyDoubted.ANNUAL_OR_STAGE)
    sure = pace and setting.is_own_line and not setting.is_numbered
    return Timing(
        setting.horizon,
        True,
        setting.doubt or _bound(shadow, sentence, time, figure) if sure else WhyDoubted.ANNUAL_OR_STAGE,
    )


def _bound(shadow: str, sentence: Span, time: Horizon | None, figure: Figure) -> WhyDoubted | None:
    """A doubt where "mỗi năm" without a comma belongs to the first clause and the figure stands in a later one."""
    if time is None or time.end > figure.start or ";" not in shadow[time.end : figure.start]:
        return None
    return None if shadow[time.end : time.end + 1] in {",", ":"} else WhyDoubted.ANNUAL_OR_STAGE


def _governing(
    shadow: str, figure: Figure, figures: list[Figure], times: list[Horizon], sentence: Span
) -> Horizon | None:
    mine = is_bracketed(shadow, sentence[0], figure.start)
    usable = []
    for time in times:
        if time.kind is HorizonKind.BASE or time.is_loose:
            continue
        bracketed = is_bracketed(shadow, sentence[0], time.start)
        if bracketed and not mine and not _right_behind(shadow, figure, time, figures):
            continue
        usable.append(time)
    if not usable:
        return None
    if mine:
        inside = [
            time for time in usable if time.end <= figure.start and _share_bracket(shadow, time.end, figure.start)
        ]
        if inside:
            return inside[-1]
    following = next((other for other in figures if other.start > figure.start), None)
    limit = following.start if following else sentence[1]
    behind = [time for time in usable if figure.numbers[-1][1] <= time.start < limit]
    before = [time for time in usable if time.end <= figure.start + 1]
    near = [
        time
        for time in behind
        if not re.search(r"[,;(]", _COMPOUND.sub(" ", shadow[figure.end : time.start])) or _closes(shadow, time, figure)
    ]
    first = figures[0].start
    prefix_style = any(time.end <= first for time in usable)
    if prefix_style and before:
        last = before[-1]
        pace = [time for time in near if time.kind is HorizonKind.ANNUAL and time.start - figure.end <= _TIGHT]
        if pace and last.kind is HorizonKind.YEAR:
            return replace(last, is_pace=True)
        own = [
            time
            for time in near
            if time.kind is HorizonKind.YEAR
            and _is_tight(shadow, figure, time)
            and not _leads_on(shadow, time, following)
        ]
        return own[0] if own else last
    if near:
        return near[0]
    if before:
        return before[-1]
    later = [time for time in usable if time.start >= limit]
    if (
        later
        and following is not None
        and later[0].kind is not HorizonKind.ANNUAL
        and _is_last_of_list(shadow, later[0], figures)
    ):
        return later[0]
    return None


def _share_bracket(shadow: str, first: int, last: int) -> bool:
    """Whether two places stand in one bracket."""
    return "(" not in shadow[first:last] and ")" not in shadow[first:last] and is_bracketed(shadow, 0, first)


def _leads_on(shadow: str, time: Horizon, following: Figure | None) -> bool:
    """Whether a phrase of time belongs to the next figure: "… ở 85% và đến năm 2025 ở 95%"."""
    return following is not None and not re.search(r"[,;.]", shadow[time.end : following.start])


def _is_tight(shadow: str, figure: Figure, time: Horizon) -> bool:
    """Whether a year stands so close behind a figure that it is the figure's own: "85% vào năm 2030"."""
    between = shadow[figure.end : time.start]
    return len(between) <= 4 or (len(between) < 60 and "," not in between and ";" not in between and "(" not in between)


def _right_behind(shadow: str, figure: Figure, time: Horizon, figures: list[Figure]) -> bool:
    """Whether a year stands alone in brackets behind the figure."""
    if any(figure.end < other.start < time.start for other in figures):
        return False
    return (
        0 <= time.start - figure.end < 60
        and shadow[time.end : time.end + 1] == ")"
        and "(" in shadow[max(0, time.start - 6) : time.start]
    )


def _closes(shadow: str, time: Horizon, figure: Figure) -> bool:
    """Whether a phrase of time behind a comma ends the clause of its figure rather than begins the next."""
    rest = shadow[time.end :].lstrip()
    return not rest or rest[0] in ".;)"


def _is_last_of_list(shadow: str, time: Horizon, figures: list[Figure]) -> bool:
    """Whether a year at the very end of a sentence holds for the whole list before it."""
    return (
        not any(other.start > time.start for other in figures) and _closes(shadow, time, figures[-1]) and time.has_lead
    )
