"""Targets in running text: figures with what they measure, how they bind, by when, and how sure that is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.importing.cues import free_bound, has_free_time, is_of_part
from knowledge.importing.figures import Figure, Number, Use, find_figures, find_numbers
from knowledge.importing.horizons import Horizon
from knowledge.importing.model import ReadTarget, WhyDoubted
from knowledge.importing.outline import OutlineItem
from knowledge.importing.phrases import load_phrases, named
from knowledge.importing.roles import Binding, FigureRole, binding_of, reaches, role_of
from knowledge.importing.sentences import Span, clauses, cut, is_bracketed, sentences
from knowledge.importing.setting import Setting, Zone, resolve
from knowledge.importing.shadow import mend_font
from knowledge.importing.shadow import shadow as shadow_of
from knowledge.importing.spelling import binds_strangely, has_damage
from knowledge.importing.timing import Timing, is_year, times_of, timing_of
from knowledge.importing.wording import leading_words, phrase, predicate_at, split_behind, trailing_words, without_times
from knowledge.model.plans import Comparator

_COMPARED = named("targets.compared")

_BEFORE_MOST = named("targets.before_most")

_LONGEST_QUOTE = 420
_MOST_FIGURES = 60  # a sentence with more is none of a plan
_STRONG = named("targets.strong")
_ACT = named("targets.act")
_NEXT_WORD = named("targets.next_word")
_EACH = named("targets.each")
_MOST = named("targets.most")
_SECOND_ACT = named("targets.second_act")
_PREDICATE_BEFORE = named("targets.predicate_before")
_BARE = re.compile(r"(?<![\d/.,])(?!20\d\d )\d[\d.,]*\d \w{1,4} $")
_COUNTED = named("targets.counted")
_ENDED = re.compile(r"\s*[,;]")
_MONEY = named("roles.money")
_DURATION = named("roles.duration")
_FLOOR_AHEAD = named("targets.floor_ahead")
_STRIVES = named("targets.strives")
_AWARD = named("roles.award")
_BEGINS_ACT = named("targets.begins_act")
_TIMES = named("targets.times")
_PART_OF_YEAR = named("targets.part_of_year")
_SUBSET = named("wording.subset")
_AND = named("targets.and")
_TOPIC_UNIT = named("targets.topic_unit")
_ACTS = named("targets.acts")
_BY_LAW = named("targets.by_law")
_MUST_BY_LAW = named("targets.must_by_law")
_CONDITION = named("targets.condition")
_IN_YEAR = named("targets.in_year")
_FLOORS = frozenset({Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.LESS_THAN})
_UNIT_BEFORE = named("targets.unit_before")
_ALLOCATES = named("targets.allocates")
_STOCK = named("targets.stock")
_TINY = Decimal(3)
_WHOLE = Decimal(100)


@dataclass
class ReadParagraph:
    """What was read of a paragraph: its targets, and the numbers that stand in them."""

    targets: list[ReadTarget] = field(default_factory=list)
    used: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class _Placed:
    figure: Figure
    role: FigureRole
    clause: Span
    sentence: Span
    binding: Binding


def read_targets(item: OutlineItem, setting: Setting, numbers: list[Number] | None = None) -> ReadParagraph:
    """The targets that a paragraph sets.

    Args:
        numbers: of the paragraph, where they were found before.
    """
    found = ReadParagraph()
    text, shadow = item.text, item.shadow
    numbers = find_numbers(shadow) if numbers is None else numbers
    figures = find_figures(shadow, text, numbers)
    for sentence in sentences(text, shadow):
        inside = [figure for figure in figures if sentence[0] <= figure.start < sentence[1]]
        if inside and len(inside) <= _MOST_FIGURES:
            _read_sentence(item, setting, sentence, inside, found)
        if setting.zone is Zone.TARGETS:
            found.targets += _read_most(item, setting, sentence)
    return found


def _read_sentence(
    item: OutlineItem, setting: Setting, sentence: Span, figures: list[Figure], found: ReadParagraph
) -> None:
    text, shadow = item.text, item.shadow
    placed = list(_place(shadow, sentence, figures))
    times = list(_of_targets(times_of(shadow, sentence), placed))
    set_figures = [each.figure for each in placed if each.role is FigureRole.TARGET]
    counted = [each for each in placed if each.role in {FigureRole.COUNTED, FigureRole.BASELINE}]
    parts: list[tuple[_Placed, tuple[str, str | None, bool]]] = []
    for clause in clauses(shadow, sentence):
        mine = [each for each in placed if each.clause == clause and each.role is FigureRole.TARGET]
        starts = [each.figure.start for each in placed if each.clause == clause and each.role is FigureRole.BASELINE]
        before = parts[-1][1] if parts else None
        parts += zip(mine, _word(text, clause, mine, starts, before, _lead_of(item)), strict=True)
    first = min((each.figure.start for each, _ in parts), default=sentence[0])
    is_floored = _is_floored(item, shadow[sentence[0] : first])
    timings = [timing_of(shadow, each.figure, set_figures, times, sentence, setting) for each, _ in parts]
    claimed = [timing.said for timing in timings if timing.said is not None]
    for number, (each, (indicator, scope, two_acts)) in enumerate(parts):
        timing = timings[number]
        if not _is_set(setting, shadow, each, timing):
            continue
        binding, carried = _carry([part for part, _ in parts[: number + 1]], shadow, is_floored=is_floored)
        unbound = free_bound(shadow, each.figure, binding, _region(placed, each))
        quote_span = sentence if sentence[1] - sentence[0] <= _LONGEST_QUOTE else each.clause
        unit, base = _unit(text, shadow, each)
        doubt = _doubt(setting, shadow, each, timing, carried, two_acts, unit) or next(
            (
                why
                for holds, why in (
                    (unbound is not None, WhyDoubted.BOUND_UNCLEAR),
                    (
                        has_free_time(shadow, each.clause, timing, claimed, times, setting.times)
                        or is_of_part(shadow, each.clause, each.figure),
                        WhyDoubted.TIME_UNCLEAR,
                    ),
                    (has_damage(text[sentence[0] : sentence[1]]), WhyDoubted.LETTERS_DAMAGED),
                )
                if holds
            ),
            None,
        )
        if unit is None and (word := _NEXT_WORD.match(shadow, each.figure.end)) is not None:
            unit = mend_font(text[word.start("unit") : word.end("unit")])
        found.targets.append(
            ReadTarget(
                section=item.section,
                quote=cut(text, quote_span),
                lines=item.lines,
                page=item.page,
                indicator=indicator,
                value=plain(each.figure.value),
                value_max=plain(each.figure.value_max) if each.figure.value_max is not None else None,
                comparator=unbound or binding.comparator,
                unit=f"{unit}/{base}" if unit and base else unit,
                horizon=timing.horizon,
                each_year=timing.each_year,
                scope=scope,
                doubt=doubt,
            )
        )
        found.used += each.figure.numbers
        found.used += [span for other in counted if other.clause == each.clause for span in other.figure.numbers]


def _region(placed: list[_Placed], each: _Placed) -> Span:
    """From the figure before to where the words of the next one begin, within the clause."""
    before = [other.figure.end for other in placed if other.figure.end <= each.figure.start]
    behind = [other.binding.start for other in placed if other.figure.start >= each.figure.end]
    return max([each.clause[0], *before]), min([each.clause[1], *behind])


def _of_targets(times: list[Horizon], placed: list[_Placed]) -> Iterator[Horizon]:
    """The phrases of time but for those of figures that are only a starting point: "từ 60% năm 2023 lên 70% …"."""
    for time in times:
        before = [each for each in placed if each.figure.end <= time.start]
        if not before or before[-1].role is not FigureRole.BASELINE:
            yield time


def _place(shadow: str, sentence: Span, figures: list[Figure]) -> Iterator[_Placed]:
    """Each figure with its role, its clause and how it binds."""
    for clause in clauses(shadow, sentence):
        inside = [figure for figure in figures if clause[0] <= figure.start < clause[1]]
        left = clause[0]
        first = FigureRole.OTHER
        for place, figure in enumerate(inside):
            role = role_of(shadow, figure, clause, left, sentence[0])
            before = inside[place - 1] if place else None
            if role is FigureRole.PAST and first is not FigureRole.PAST and before and reaches(shadow, before, figure):
                role = FigureRole.TARGET
            first = role if place == 0 else first
            following = inside[place + 1] if place + 1 < len(inside) else None
            if role is FigureRole.TARGET and following is not None and reaches(shadow, figure, following):
                role = FigureRole.BASELINE
            yield _Placed(figure, role, clause, sentence, binding_of(shadow, figure, left))
            left = figure.end


def _is_set(setting: Setting, shadow: str, each: _Placed, timing: Timing) -> bool:
    """Whether a figure is set as a target at all, for sure or in doubt."""
    sentence = shadow[each.sentence[0] : each.sentence[1]]
    clause = sentence[each.clause[0] - each.sentence[0] : each.clause[1] - each.sentence[0]]
    if timing.is_past or (setting.zone is Zone.PAST and not _STRIVES.search(clause)):
        return False
    is_whole = each.figure.is_percent and each.figure.value == _WHOLE
    if not is_whole and (_MUST_BY_LAW.search(clause) or _CONDITION.search(clause)):
        return False
    if setting.zone is Zone.TARGETS:
        return True
    is_strong = _STRONG.search(sentence) is not None
    is_counted = each.figure.unit is not None or _NEXT_WORD.match(shadow, each.figure.end) is not None
    if not is_counted or (not is_whole and not is_strong and _BY_LAW.search(sentence)):
        return False
    if _AWARD.search(clause) and not _STRONG.search(clause):
        return False
    if setting.is_scheduled and each.figure.unit is not None:
        return True
    if setting.zone is Zone.TASK_TARGETS and (each.figure.is_percent or _ACTS.search(clause)):
        return True
    return is_strong or _is_offered(setting, sentence, clause, each, timing)


def _is_offered(setting: Setting, sentence: str, clause: str, each: _Placed, timing: Timing) -> bool:
    """Whether a figure among tasks is worth a look: a floor with a time or a body of its own, an act by a year."""
    unit = shadow_of(each.figure.unit or "")
    is_floor = each.binding.comparator in _FLOORS and not _TIMES.fullmatch(unit)
    if is_floor and (timing.is_said or _EACH.search(clause)):
        return True
    if each.figure.is_percent:
        return True
    if each.figure.unit is not None and setting.zone is Zone.DUTIES and _ACTS.search(clause):
        return True
    is_dated = timing.is_said and timing.horizon is not None and timing.horizon.isdecimal() and not timing.each_year
    if is_dated and _ACTS.search(clause):
        return True
    if _IN_YEAR.search(clause) and _ACTS.match(sentence.strip()):
        return True
    if timing.each_year:
        return _ACT.search(sentence) is not None
    return _BEGINS_ACT.match(sentence) is not None and _STOCK.fullmatch(unit) is not None


def _doubt(
    setting: Setting,
    shadow: str,
    each: _Placed,
    timing: Timing,
    carried: WhyDoubted | None,
    two_acts: bool,
    unit: str | None,
) -> WhyDoubted | None:
    """Why a target is to be looked at; the gravest reason."""
    figure = each.figure
    sentence = shadow[each.sentence[0] : each.sentence[1]]
    clause = shadow[each.clause[0] : each.clause[1]]
    is_outside = setting.zone is not Zone.TARGETS and not (setting.zone is Zone.TASK_TARGETS and figure.is_percent)
    in_brackets = is_bracketed(shadow, each.sentence[0], figure.start)
    is_few = not figure.is_percent and figure.value <= _TINY
    is_over = figure.is_percent and figure.value > 100 and not _COMPARED.search(sentence)
    reasons = (
        (setting.zone is Zone.PAST, WhyDoubted.PAST_RESULT),
        (is_outside and not _STRONG.search(sentence), WhyDoubted.OUTSIDE_TARGETS),
        (setting.zone is Zone.TASK_TARGETS and _ALLOCATES.search(clause), WhyDoubted.OUTSIDE_TARGETS),
        (figure.is_unclear or is_over, WhyDoubted.NUMBER_AMBIGUOUS),
        (timing.doubt is not None, timing.doubt),
        (unit is None, WhyDoubted.UNIT_UNKNOWN),
        (_AWARD.search(clause), WhyDoubted.AWARD_QUOTA),
        (each.binding.is_about, WhyDoubted.APPROXIMATE),
        (
            in_brackets and (_PART_OF_YEAR.search(clause) or setting.zone is not Zone.TARGETS),
            WhyDoubted.SEVERAL_FIGURES,
        ),
        (is_outside and is_few, WhyDoubted.OUTSIDE_TARGETS),
        (binds_strangely(shadow, figure.numbers[0][0], figure.numbers[-1][1]), WhyDoubted.LETTERS_DAMAGED),
        (_follows_bare_number(shadow, each), WhyDoubted.SEVERAL_FIGURES),
        (_TIMES.fullmatch(shadow_of(figure.unit or "")) and "%" in clause, WhyDoubted.SEVERAL_FIGURES),
        (two_acts, WhyDoubted.TWO_ACTS),
    )
    return next((why for holds, why in reasons if holds), carried)


def _follows_bare_number(shadow: str, each: _Placed) -> bool:
    """Whether a number without a unit stands one word before: a range whose joint was not understood."""
    return _BARE.search(shadow[each.clause[0] : each.figure.start]) is not None


def _is_floored(item: OutlineItem, before: str) -> bool:
    """Whether a floor was said of all that follows a colon: "Phấn đấu tối thiểu:", in the sentence or right above."""
    if _FLOOR_AHEAD.search(before) is not None:
        return True
    head = item.intro or (item.above[-1] if item.above else None)
    return head is not None and not head.is_stage and _FLOOR_AHEAD.search(f"{head.shadow.rstrip()} ") is not None


def _carry(parts: list[_Placed], shadow: str, *, is_floored: bool) -> tuple[Binding, WhyDoubted | None]:
    """How the last of these figures binds, a floor said before the first of a list holding for the others too."""
    last = parts[-1]
    binding = last.binding
    if binding.comparator is not Comparator.EXACTLY or last.figure.value == 100:
        return binding, None
    if is_floored:
        return Binding(Comparator.AT_LEAST, binding.start, binding.end), None
    for before in reversed(parts[:-1]):
        between = shadow[before.figure.end : last.figure.start]
        if (
            before.clause != last.clause
            or _SUBSET.search(between)
            or (before.figure.unit != last.figure.unit and not _AND.fullmatch(between))
        ):
            break
        if before.binding.is_carrying:
            verb = predicate_at(between) is not None
            carried = Binding(Comparator.AT_LEAST, binding.start, binding.end)
            return carried, WhyDoubted.FLOOR_CARRIED if verb else None
        if before.binding.comparator is not Comparator.EXACTLY:
            break
    return binding, None


def _lead_of(item: OutlineItem) -> str:
    """What the bullet above, ending in a colon, says before its first figure: "kết nạp mới 60.000 …, trong đó:"."""
    if not item.above or not item.above[-1].text.rstrip().endswith(":") or item.above[-1].is_stage:
        return ""
    first = re.search(r"\d", item.above[-1].text)
    return leading_words(item.above[-1].text[: first.start()]) if first else item.above[-1].text.strip(" :")


def _word(
    text: str,
    clause: Span,
    mine: list[_Placed],
    starts: list[int],
    inherited: tuple[str, str | None, bool] | None,
    lead: str,
) -> Iterator[tuple[str, str | None, bool]]:
    """For each figure of a clause what it measures, on whom, and whether it is one figure for two acts."""
    bounds: list[tuple[str, str]] = []
    topics: list[bool] = []
    begin = clause[0]
    for place, each in enumerate(mine):
        before = text[begin : min([start for start in starts if begin <= start], default=each.binding.start)]
        before = before if begin + len(before) <= each.binding.start else text[begin : each.binding.start]
        end = mine[place + 1].binding.start if place + 1 < len(mine) else clause[1]
        behind = text[each.binding.end : end]
        is_last = place + 1 == len(mine)
        cut_at = len(behind) if is_last else _split(before, behind)
        after = without_times(trailing_words(behind[:cut_at]))
        bounds.append((leading_words(before, has_more=predicate_at(after) is not None), after))
        topics.append(before.rstrip().endswith(":"))
        begin = each.binding.end + cut_at
    head = bounds[0][0].rpartition(":")[0] if bounds else ""
    shared = ""
    worded: list[tuple[str, str | None, bool]] = []
    for place in range(len(mine) - 1, -1, -1):
        before, behind = bounds[place]
        each = mine[place]
        at = predicate_at(behind)
        if at is None and shared and not before:
            behind, at = f"{behind} {shared}", len(behind) + 1
        elif at is not None:
            shared = behind[at:]
        if not behind and not before and place > 0:
            before = bounds[place - 1][0] or bounds[place - 1][1]
        unit = each.figure.unit or ""
        unit = "" if each.figure.is_percent or _MONEY.fullmatch(shadow_of(unit)) else unit
        scope = behind[:at].strip(" ,") if at is not None and each.figure.is_percent else None
        if head and place > 0 and not behind:
            before = f"{head}: {before}"
        if not behind and not before and not unit and inherited is not None:
            worded.append(inherited)
            continue
        folded = shadow_of(behind)
        twice = [met for met in _SECOND_ACT.finditer(folded) if not _PREDICATE_BEFORE.search(folded[: met.start()])]
        second = bool(twice) and at is not None and twice[0].start() > at
        if not before and unit and _STOCK.fullmatch(shadow_of(unit)) and not behind.lower().startswith(unit.lower()):
            before = lead or load_phrases()["total"][0]
        if shadow_of(unit) in _COUNTED.findall(shadow_of(before)) or (topics[place] and before and not behind):
            unit = ""
        worded.append((phrase(before, unit, behind), mend_font(scope) if scope else None, second))
    return iter(reversed(worded))


def _split(before: str, behind: str) -> int:
    """Where the words of the next figure begin: at once, where a comma follows a figure whose words stand before it."""
    met = _ENDED.match(behind)
    return met.end() if met is not None and leading_words(before) else split_behind(behind)


def _unit(text: str, shadow: str, each: _Placed) -> tuple[str | None, str | None]:
    """The unit, and what a rate is measured on: said behind it ("/100.000 lao động") or before ("mỗi CĐCS …")."""
    figure = each.figure
    if figure.base is not None and not is_year(figure.base):
        return figure.unit, figure.base
    if figure.unit is None and (spent := _DURATION.match(shadow[figure.end :])) is not None:
        return mend_font(text[figure.end : figure.end + spent.end()]).strip(), None
    if figure.unit is None:
        at = max(each.clause[0], each.sentence[0])
        before = shadow[at : figure.start]
        said = _UNIT_BEFORE.search(before) or _TOPIC_UNIT.match(before)
        return (mend_font(text[at + said.start("unit") : at + said.end("unit")]), None) if said else (None, None)
    if figure.is_percent:
        return figure.unit, None
    for met in _EACH.finditer(shadow, each.clause[0], figure.start):
        base = mend_font(text[met.start("base") : met.end("base")]).strip()
        if not is_year(base) and shadow_of(base) != shadow_of(figure.unit):
            return figure.unit, base
    return figure.unit, None


def _read_most(item: OutlineItem, setting: Setting, sentence: Span) -> Iterator[ReadTarget]:
    """Targets without a figure: "hầu hết người lao động …"."""
    for clause in clauses(item.shadow, sentence):
        for part in _parts(item.shadow, clause):
            met = _MOST.match(item.shadow[part[0] : part[1]])
            if met is None:
                continue
            said = item.text[part[0] + met.start("most") : part[0] + met.end("most")].lower()
            if said not in load_phrases()["most"] and not said.isascii():
                continue
            words = trailing_words(item.text[part[0] + met.end() : part[1]])
            at = predicate_at(words)
            times = [
                time
                for time in times_of(item.shadow, sentence)
                if time.start < part[1] and resolve(time, setting.times)
            ]
            yield ReadTarget(
                section=item.section,
                quote=cut(item.text, sentence),
                lines=item.lines,
                page=item.page,
                indicator=phrase(words),
                value=None,
                comparator=Comparator.QUALITATIVE,
                horizon=resolve(times[-1], setting.times) if times else setting.horizon,
                scope=mend_font(words[:at].strip(" ,")) if at else None,
                doubt=None if times else setting.doubt,
            )


def _parts(shadow: str, clause: Span) -> list[Span]:
    """A clause, cut before " và " and ", " that begin a part without a figure."""
    cuts = [met.start() for met in _BEFORE_MOST.finditer(shadow[clause[0] : clause[1]])]
    places = [clause[0], *(clause[0] + place for place in cuts), clause[1]]
    return list(itertools.pairwise(places))


def plain(value: Decimal) -> Decimal:
    """The value without an exponent or idle zeros: 1500000.0 is 1500000."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def references(numbers: list[Number]) -> list[Span]:
    """The places of numbers that belong to dates, documents and names."""
    return [(number.start, number.end) for number in numbers if number.use is not Use.FIGURE]
