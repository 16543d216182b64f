"""Targets in running text: figures with what they measure, how they bind, by when, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.importing.figures import Figure, Number, Use, find_figures, find_numbers
from knowledge.importing.model import Doubt, ReadTarget
from knowledge.importing.outline import Item
from knowledge.importing.phrases import BEGIN, END, pattern
from knowledge.importing.roles import Binding, Role, binding_of, reaches, role_of
from knowledge.importing.sentences import Span, clauses, cut, sentences
from knowledge.importing.setting import Setting, Zone, resolve
from knowledge.importing.shadow import mend_font
from knowledge.importing.shadow import shadow as shadow_of
from knowledge.importing.spelling import has_damage
from knowledge.importing.timing import Timing, times_of, timing_of
from knowledge.importing.wording import leading_words, phrase, predicate_at, split_behind, trailing_words
from knowledge.model.plans import Comparator

_LONGEST_QUOTE = 420
_GOAL = pattern(rf"{BEGIN}(?:phan dau|chi tieu|muc tieu){END}")
_STRONG = re.compile(r"(?<!\w)(?:phan dau|chi tieu|muc tieu)(?!\w)")
_ACT = re.compile(r"(?<!\w)(?:thanh lap|phat trien|ket nap|ky ket|dao tao|tap huan|boi duong|ho tro|gioi thieu)(?!\w)")
_FIRST = re.compile(r"\W*(?:(?:co|it nhat|tren|tu|toi thieu|bao dam|dam bao|duy tri) )*\d[\d,.]* ?%")
_WEAK = re.compile(r"(?<!\w)(?:dat|bao dam|dam bao|it nhat|toi thieu|tro len|khong duoi|giam|tang)(?!\w)")
_EACH = pattern(rf"(?:(?:binh quan|trung binh) )?(?:moi|tung)(?: mot| 1)? (?P<base>%units%|%durations%){END}(?! \d)")
_MOST = pattern(rf"^[^;.]{{0,40}}?{BEGIN}(?P<most>%most%) (?=(?:so |cac )?(?:%units%|%holders%|%people%|cong chuc))")
_SECOND_ACT = pattern(rf"(?<![^\W_])va (?:duoc|%second_acts%){END}|, (?:dong thoi )?duoc(?![^\W_])")
_PREDICATE_BEFORE = pattern(
    rf"{BEGIN}(?:%predicates%|phat trien|quan ly|cung co|trien khai|kiem tra|giam sat|danh gia|tu van|tuyen truyen){END} $"
)
_CORE_UNITS = pattern(r"%units%")
_TINY = Decimal(3)


@dataclass
class Found:
    """What was read of a paragraph: its targets, and the numbers that stand in them."""

    targets: list[ReadTarget] = field(default_factory=list)
    used: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class _Placed:
    figure: Figure
    role: Role
    clause: Span
    sentence: Span
    binding: Binding


def read_targets(item: Item, setting: Setting, numbers: list[Number] | None = None) -> Found:
    """The targets that a paragraph sets.

    Args:
        numbers: of the paragraph, where they were found before.
    """
    found = Found()
    text, shadow = item.text, item.shadow
    numbers = find_numbers(shadow) if numbers is None else numbers
    figures = find_figures(shadow, text, numbers)
    for sentence in sentences(text, shadow):
        inside = [figure for figure in figures if sentence[0] <= figure.start < sentence[1]]
        if inside:
            _read_sentence(item, setting, sentence, inside, found)
        if setting.zone is Zone.TARGETS:
            found.targets += _read_most(item, setting, sentence)
    return found


def _read_sentence(item: Item, setting: Setting, sentence: Span, figures: list[Figure], found: Found) -> None:
    text, shadow = item.text, item.shadow
    times = times_of(shadow, sentence)
    placed = list(_place(shadow, sentence, figures))
    set_figures = [each.figure for each in placed if each.role is Role.TARGET]
    counted = [each for each in placed if each.role in {Role.COUNTED, Role.BASELINE}]
    parts: list[tuple[_Placed, tuple[str, str | None, bool]]] = []
    for clause in clauses(shadow, sentence):
        mine = [each for each in placed if each.clause == clause and each.role is Role.TARGET]
        starts = [each.figure.start for each in placed if each.clause == clause and each.role is Role.BASELINE]
        before = parts[-1][1] if parts else None
        parts += zip(mine, _word(text, clause, mine, starts, before), strict=True)
    for number, (each, (indicator, scope, two_acts)) in enumerate(parts):
        timing = timing_of(shadow, each.figure, set_figures, times, sentence, setting)
        if not _is_set(setting, shadow[sentence[0] : sentence[1]], each, timing):
            continue
        binding, carried = _carry([part for part, _ in parts[: number + 1]], shadow)
        quote_span = sentence if sentence[1] - sentence[0] <= _LONGEST_QUOTE else each.clause
        unit, base = _unit(text, shadow, each)
        doubt = _doubt(setting, shadow[sentence[0] : sentence[1]], each, timing, carried, two_acts, unit) or (
            Doubt.LETTERS_DAMAGED if has_damage(text[sentence[0] : sentence[1]]) else None
        )
        found.targets.append(
            ReadTarget(
                section=item.section,
                quote=cut(text, quote_span),
                lines=item.lines,
                page=item.page,
                indicator=indicator,
                value=plain(each.figure.value),
                value_max=plain(each.figure.value_max) if each.figure.value_max is not None else None,
                comparator=binding.comparator,
                unit=f"{unit}/{base}" if unit and base else unit,
                horizon=timing.horizon,
                each_year=timing.each_year,
                scope=scope,
                doubt=doubt,
            )
        )
        found.used += each.figure.numbers
        found.used += [span for other in counted if other.clause == each.clause for span in other.figure.numbers]


def _place(shadow: str, sentence: Span, figures: list[Figure]) -> Iterator[_Placed]:
    """Each figure with its role, its clause and how it binds."""
    for clause in clauses(shadow, sentence):
        inside = [figure for figure in figures if clause[0] <= figure.start < clause[1]]
        left = clause[0]
        for place, figure in enumerate(inside):
            role = role_of(shadow, figure, clause, left, sentence[0])
            following = inside[place + 1] if place + 1 < len(inside) else None
            if role is Role.TARGET and following is not None and reaches(shadow, figure, following):
                role = Role.BASELINE
            yield _Placed(figure, role, clause, sentence, binding_of(shadow, figure, left))
            left = figure.end


def _is_set(setting: Setting, sentence: str, each: _Placed, timing: Timing) -> bool:
    """Whether a figure is set as a target at all, for sure or in doubt."""
    if timing.is_past or (setting.zone is Zone.PAST and not _STRONG.search(sentence)):
        return False
    if setting.zone is Zone.TARGETS:
        return True
    if each.figure.unit is None:
        return False
    if _STRONG.search(sentence):
        return True
    if each.figure.is_percent:
        return _FIRST.match(sentence) is not None or _WEAK.search(sentence) is not None
    return timing.each_year and _ACT.search(sentence) is not None


def _doubt(
    setting: Setting,
    sentence: str,
    each: _Placed,
    timing: Timing,
    carried: Doubt | None,
    two_acts: bool,
    unit: str | None,
) -> Doubt | None:
    """Why a target is to be looked at; the gravest reason."""
    if setting.zone is Zone.PAST:
        return Doubt.PAST_RESULT
    if setting.zone is not Zone.TARGETS and not _STRONG.search(sentence):
        return Doubt.OUTSIDE_TARGETS
    if each.figure.is_unclear:
        return Doubt.NUMBER_AMBIGUOUS
    if timing.doubt is not None:
        return timing.doubt
    if unit is None:
        return Doubt.UNIT_UNKNOWN
    if each.binding.is_about:
        return Doubt.APPROXIMATE
    if each.figure.is_percent and each.figure.value > 100 and "tang" not in sentence and "so voi" not in sentence:
        return Doubt.NUMBER_AMBIGUOUS
    if setting.zone is not Zone.TARGETS and not each.figure.is_percent and each.figure.value <= _TINY:
        return Doubt.OUTSIDE_TARGETS
    if two_acts:
        return Doubt.TWO_ACTS
    return carried


def _carry(parts: list[_Placed], shadow: str) -> tuple[Binding, Doubt | None]:
    """How the last of these figures binds, a floor said before the first of a list holding for the others too."""
    last = parts[-1]
    binding = last.binding
    if binding.comparator is not Comparator.EXACTLY or last.figure.value == 100:
        return binding, None
    for before in reversed(parts[:-1]):
        if before.clause != last.clause or before.figure.unit != last.figure.unit:
            break
        if before.binding.is_carrying:
            between = shadow[before.figure.end : last.figure.start]
            verb = predicate_at(between) is not None
            carried = Binding(Comparator.AT_LEAST, binding.start, binding.end)
            return carried, Doubt.FLOOR_CARRIED if verb else None
        if before.binding.comparator is not Comparator.EXACTLY:
            break
    return binding, None


def _word(
    text: str, clause: Span, mine: list[_Placed], starts: list[int], inherited: tuple[str, str | None, bool] | None
) -> Iterator[tuple[str, str | None, bool]]:
    """For each figure of a clause what it measures, on whom, and whether it is one figure for two acts."""
    bounds: list[tuple[str, str]] = []
    begin = clause[0]
    for place, each in enumerate(mine):
        before = text[begin : min([start for start in starts if begin <= start], default=each.binding.start)]
        before = before if begin + len(before) <= each.binding.start else text[begin : each.binding.start]
        end = mine[place + 1].binding.start if place + 1 < len(mine) else clause[1]
        behind = text[each.binding.end : end]
        cut_at = split_behind(behind) if place + 1 < len(mine) else len(behind)
        bounds.append((leading_words(before), trailing_words(behind[:cut_at])))
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
        unit = "" if each.figure.is_percent or each.figure.unit is None else each.figure.unit
        scope = behind[:at].strip(" ,") if at is not None and each.figure.is_percent else None
        if head and place > 0 and not behind:
            before = f"{head}: {before}"
        if not behind and not before and not unit and inherited is not None:
            worded.append(inherited)
            continue
        folded = shadow_of(behind)
        twice = [met for met in _SECOND_ACT.finditer(folded) if not _PREDICATE_BEFORE.search(folded[: met.start()])]
        second = bool(twice) and at is not None and twice[0].start() > at
        worded.append((phrase(before, unit, behind), mend_font(scope) if scope else None, second))
    return iter(reversed(worded))


def _unit(text: str, shadow: str, each: _Placed) -> tuple[str | None, str | None]:
    """The unit, and what a rate is measured on: said behind it ("/100.000 lao động") or before ("mỗi CĐCS …")."""
    figure = each.figure
    if figure.base is not None and shadow_of(figure.base) != "nam":
        return figure.unit, figure.base
    if figure.unit is None or figure.is_percent:
        return figure.unit, None
    for met in _EACH.finditer(shadow, each.clause[0], figure.start):
        base = mend_font(text[met.start("base") : met.end("base")]).strip()
        if base.lower() not in {"năm", "nam", figure.unit.lower()}:
            return figure.unit, base
    return figure.unit, None


def _read_most(item: Item, setting: Setting, sentence: Span) -> Iterator[ReadTarget]:
    """Targets without a figure: "hầu hết người lao động …"."""
    for clause in clauses(item.shadow, sentence):
        for part in _parts(item.shadow, clause):
            met = _MOST.match(item.shadow[part[0] : part[1]])
            if met is None:
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
    cuts = [
        met.start()
        for met in re.finditer(
            r"(?: va |, |thi )(?=(?:hau het|phan lon|da so|co ban|dai da so) )", shadow[clause[0] : clause[1]]
        )
    ]
    places = [clause[0], *(clause[0] + place for place in cuts), clause[1]]
    return list(zip(places, places[1:], strict=False))


def plain(value: Decimal) -> Decimal:
    """The value without an exponent or idle zeros: 1500000.0 is 1500000."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def references(numbers: list[Number]) -> list[Span]:
    """The places of numbers that belong to dates, documents and names."""
    return [(number.start, number.end) for number in numbers if number.use is not Use.FIGURE]
