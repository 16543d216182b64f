"""The numbers of a sentence: which belong to dates, documents and names, and which are figures, with their units."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from knowledge.importing.phrases import load_phrases, named
from knowledge.importing.shadow import mend_font
from knowledge.importing.shadow import shadow as fold
from knowledge.number_words import SCALES
from knowledge.numbers import Parsed, parse_count

_YEAR_BEFORE = named("figures.year_before")

_NUMBER = re.compile(r"\d{1,3}(?: \d{3})+(?![\d.,]*\d)|\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?")
_COMMA_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_DOCUMENT = named("figures.document")
_DATE = named("figures.date")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d%]|[.,]\d| ?%)")
_NAME = named("figures.name")
_CITED = named("figures.cited")
_UNIT = named("figures.unit")
_PERCENT = named("figures.percent")
_SCALE = named("figures.scale")
_BILLION: Final = 10**9
_PERCENT_WORD = named("figures.percent_word")
_QUOTED = (' "', " '")
_FILLER = named("figures.filler")
_RANGE = named("figures.range")
_WORDS = named("figures.words")
_ONE_WORD = named("figures.one_word")
_MEASURED_TIME = named("figures.measured_time")
_SET_UP = named("figures.set_up")
_MULTIPLE = named("figures.multiple")
_NONE = named("figures.none")
_MULTIPLES: Final = {
    fold(word): said for word, _, said in (each.partition("|") for each in load_phrases()["multiples"])
}
_NO_CASE, _TIMES = load_phrases()["unsaid_units"]
_FRACTION = named("figures.fraction")
_FAR_BASE = named("figures.far_base")
_BASE = named("figures.base")


class Use(StrEnum):
    """What a number of the text is for."""

    DATE = "date"
    DOCUMENT = "document"
    NAME = "name"
    FRACTION = "fraction"
    FIGURE = "figure"


@dataclass(frozen=True)
class Number:
    """A number at `start:end` of a shadow; `is_unclear` where its separators have two readings."""

    start: int
    end: int
    value: Decimal
    use: Use
    is_unclear: bool = False


@dataclass(frozen=True)
class Figure:
    """One or two numbers (a range) with their unit: what a sentence may set as a target.

    `end` is behind the unit where that follows at once; `unit` is as written, "%" for percent, null where none is
    known; `base` what a rate is measured on ("100.000 lao động", "năm"); `numbers` are the places of its numbers.
    """

    start: int
    end: int
    value: Decimal
    numbers: tuple[tuple[int, int], ...]
    value_max: Decimal | None = None
    unit: str | None = None
    base: str | None = None
    is_unclear: bool = False

    @property
    def is_percent(self) -> bool:
        """Whether it is a percentage."""
        return self.unit == "%"


def find_numbers(shadow: str) -> list[Number]:
    """Every number in digits of a shadow, in order, each with its use."""
    if not any(letter.isdigit() for letter in shadow):
        return []
    uses: list[Use | None] = [None] * len(shadow)
    for start, end, use in _references(shadow):
        uses[start:end] = [known or use for known in uses[start:end]]
    found: list[Number] = []
    for met in _NUMBER.finditer(shadow):
        if not met[0][0].isascii():
            continue
        use = uses[met.start()] or uses[met.end() - 1] or Use.FIGURE
        value, unclear = _value(met[0], shadow, met.end())
        unclear = unclear or _is_damaged(shadow, met.start(), met.end())
        found.append(Number(met.start(), met.end(), value, use, unclear))
    return found


def _references(shadow: str) -> list[tuple[int, int, Use]]:
    spans = [(met.start(), met.end(), Use.NAME) for met in _NAME.finditer(shadow)]
    spans += [(met.start(), met.end(), Use.DOCUMENT) for met in _DOCUMENT.finditer(shadow)]
    fractions = [met.span() for met in _FRACTION.finditer(shadow)]
    spans += [(start, end, Use.FRACTION) for start, end in fractions]
    spans += [
        (met.start(), met.end(), Use.DATE)
        for met in _DATE.finditer(shadow)
        if not any(start <= met.start() < end for start, end in fractions)
    ]
    for met in _CITED.finditer(shadow):
        if met[1] is None:
            spans.append((met.start(), met.end(), Use.DOCUMENT))
        elif not _is_counted(shadow, met.end()):
            spans.append((met.start(1), met.end(1), Use.DOCUMENT))
    for met in _YEAR.finditer(shadow):
        before = shadow[max(0, met.start() - 12) : met.start()]
        if not _is_counted(shadow, met.end()) or _YEAR_BEFORE.search(before):
            spans.append((met.start(), met.end(), Use.DATE))
    return spans


def _is_damaged(shadow: str, start: int, end: int) -> bool:
    """Whether letters stick to a number as scanning leaves them: "8O%", "l00 %"."""
    before = shadow[start - 1 : start]
    behind = shadow[end : end + 1]
    return before.isalpha() or (behind.isalpha() and not _is_counted(shadow, end))


def _is_counted(shadow: str, end: int) -> bool:
    """Whether a unit follows a number at once."""
    return (_PERCENT.match(shadow, end) or _UNIT.match(shadow, end) or _SCALE.match(shadow, end)) is not None


def _value(text: str, shadow: str, end: int) -> tuple[Decimal, bool]:
    """The value of digits in the Vietnamese style, and whether another reading is as good."""
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(" ", "").replace(",", ".")), False
    percent = _PERCENT.match(shadow, end) is not None
    if _COMMA_GROUPS.fullmatch(text) and not percent:
        return Decimal(text.replace(",", "")), True
    if _DECIMAL.fullmatch(text):
        whole, _, fraction = text.replace(",", ".").partition(".")
        unclear = "." in text and not percent and _SCALE.match(shadow, end) is None
        return Decimal(f"{whole}.{fraction}"), unclear or len(fraction) > 2
    digits = re.sub(r"[., ]", "", text)
    return Decimal(digits[:18] or 0), len(digits) != len(text)


def find_figures(shadow: str, text: str, numbers: list[Number]) -> list[Figure]:
    """The figures among the numbers of a shadow, ranges as one, and percentages in words."""
    found: list[Figure] = []
    free = [number for number in numbers if number.use is Use.FIGURE]
    taken = -1
    for place, number in enumerate(free):
        if number.start < taken:
            continue
        figure = _of_number(shadow, text, number)
        following = free[place + 1] if place + 1 < len(free) else None
        if following is not None and (joint := _RANGE.fullmatch(shadow[number.end : following.start])):
            figure = _range(shadow, text, number, following, joint) or figure
        elif following is not None and _RANGE.fullmatch(shadow[figure.end : following.start]):
            figure = _range_of_two(figure, _of_number(shadow, text, following)) or figure
        taken = figure.end
        found.append(figure)
    found += _in_words(shadow, text)
    return sorted(found, key=lambda figure: figure.start)


def _of_number(shadow: str, text: str, number: Number) -> Figure:
    value, end = number.value, number.end
    if (scale := _SCALE.match(shadow, end)) and (SCALES[scale[1]] < _BILLION or _UNIT.match(shadow, scale.end())):
        value, end = value * int(SCALES[scale[1]]), scale.end()
    unit, end, base, spans = _unit(shadow, text, end)
    return Figure(
        number.start,
        end,
        value,
        ((number.start, number.end), *spans),
        unit=unit,
        base=base,
        is_unclear=number.is_unclear,
    )


def _unit(shadow: str, text: str, end: int) -> tuple[str | None, int, str | None, tuple[tuple[int, int], ...]]:
    """The unit behind a number, where it ends, the base of a rate, and the numbers in that base."""
    if (spent := _MEASURED_TIME.match(shadow, end)) is not None:
        unit = mend_font(text[spent.start("unit") : spent.end("unit")])
        part = "base" if spent["base"] else "each"
        per = mend_font(text[spent.start(part) : spent.end(part)]) if spent[part] else None
        return unit, spent.end(), per, ()
    if met := _PERCENT.match(shadow, end):
        unit, after = "%", met.end()
    else:
        filler = _FILLER.match(shadow, end)
        place = filler.end() - 1 if filler else end
        met = _UNIT.match(shadow, place + 2 if shadow[place : place + 2] in _QUOTED else place)
        if met is None:
            return None, end, None, ()
        unit, after = mend_font(text[met.start() : met.end()]).strip(), met.end()
    if (base := _BASE.match(shadow, after)) is not None:
        inner = _NUMBER.match(shadow, base.start("base"))
        spans = ((inner.start(), inner.end()),) if inner else ()
        return unit, base.end(), mend_font(text[base.start("base") : base.end("base")]).strip(), spans
    if (far := _FAR_BASE.match(shadow, after)) is not None:
        return unit, after, mend_font(text[far.start("base") : far.end("base")]), ()
    return unit, after, None, ()


def _range(shadow: str, text: str, low: Number, high: Number, joint: re.Match[str]) -> Figure | None:
    """A range, or None where the second number begins something else ("70% - 80% đơn vị …" out of order)."""
    figure = _of_number(shadow, text, high)
    value = low.value
    if not joint["percent"] and figure.unit == "%" and low.value > 100:
        return None
    if joint["percent"] and figure.unit != "%":
        return None
    if figure.value != high.value:
        value = low.value * (figure.value / high.value)
    if value >= figure.value:
        return None
    return replace(
        figure,
        start=low.start,
        value=value,
        value_max=figure.value,
        numbers=((low.start, low.end), *figure.numbers),
        is_unclear=low.is_unclear or high.is_unclear,
    )


def _range_of_two(low: Figure, high: Figure) -> Figure | None:
    """A range of two figures each with its scale or unit: "1,5 nghìn - 2 nghìn đoàn viên", "từ 5 lớp đến 7 lớp"."""
    if low.unit not in {None, high.unit} or low.base is not None or low.value >= high.value:
        return None
    return replace(
        high,
        start=low.start,
        value=low.value,
        value_max=high.value,
        numbers=(*low.numbers, *high.numbers),
        is_unclear=low.is_unclear or high.is_unclear,
    )


def _in_words(shadow: str, text: str) -> list[Figure]:
    found: list[Figure] = []
    if _PERCENT_WORD.search(shadow):
        for met in _WORDS.finditer(shadow):
            parsed = parse_count(text[met.start() : met.end()].strip())
            if isinstance(parsed, Parsed):
                unit, end, base, _ = _unit(shadow, text, met.end() - 1)
                found.append(
                    Figure(met.start(), end, parsed.value, ((met.start(), met.end() - 1),), unit=unit, base=base)
                )
    for met in _ONE_WORD.finditer(shadow):
        part = "word" if met["word"] else "open"
        parsed = parse_count(met[part])
        if isinstance(parsed, Parsed):
            found.append(_counted(shadow, text, met, part, parsed.value))
    for met in _SET_UP.finditer(shadow):
        said = text[met.start("word") : met.end("word")].lower()
        parsed = parse_count(said)
        if said in load_phrases()["written_out"] and isinstance(parsed, Parsed):
            found.append(_counted(shadow, text, met, "word", parsed.value))
    for met in _MULTIPLE.finditer(shadow):
        value = Decimal(_MULTIPLES[met["word"]].replace(",", "."))
        found.append(Figure(met.start("word"), met.end(), value, (met.span("word"),), unit=_TIMES))
    for met in _NONE.finditer(shadow):
        if any(letter.isdigit() for letter in re.split(r"[,;.]", shadow[: met.start()])[-1]):
            continue
        said = mend_font(text[met.start("unit") : met.end("unit")]).strip() if met["unit"] else _NO_CASE
        found.append(
            Figure(
                met.start("none"), met.end() - 1, Decimal(0), (met.span("none"),), unit=said, is_unclear=not met["unit"]
            )
        )
    return found


def _counted(shadow: str, text: str, met: re.Match[str], part: str, value: Decimal) -> Figure:
    """The figure of one written word, with the unit behind it."""
    unit, end, base, _ = _unit(shadow, text, met.end())
    return Figure(met.start(part), end, value, (met.span(part),), unit=unit, base=base)
