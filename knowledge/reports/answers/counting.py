"""What a message says of the rows that are counted: each figure with its row, its time and what shakes it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from knowledge.model.forms import Form, Indicator
from knowledge.model.periods import Period
from knowledge.numbers import Parsed, Reason, Refused, UnclearNumber, parse_count
from knowledge.reports.answers.pairing import ItemSort, LineItem, Paired, fits
from knowledge.reports.answers.said import RowAnswer
from knowledge.reports.answers.scanned import RowMention, SaidFigure, ScannedReport
from knowledge.reports.answers.settling import Settler
from knowledge.reports.answers.shaking import Shaking
from knowledge.reports.answers.times import FigureTimes
from knowledge.reports.answers.told import FigureTold, Time
from knowledge.reports.answers.words import UNITS, groups_of
from knowledge.reports.figures import parse_figure
from knowledge.text import fold

_YEARS: Final = range(2000, 2060)
_MOST_BETWEEN: Final = 4
_FEW_WORDS: Final = 1
_FEW_DIGITS: Final = 4
_LINKING: Final = (
    "mark_total", "mark_part", "mark_more", "of_year", "of_period", "of_past", "correcting", "surely", "before",
    "people", "lately",
)  # fmt: skip


class Counter:
    """Reads the counted rows of one message."""

    def __init__(self, scanned: ScannedReport, form: Form, period: Period | None, paired: Paired) -> None:
        """`period` is the one that is reported, as far as the message says."""
        self.scanned, self.paired = scanned, paired
        self.times, self.shaking = FigureTimes(scanned, form, period), Shaking(scanned)
        self.settler = Settler(scanned, self.times)

    def read(self) -> list[RowAnswer]:
        """An answer for each counted row of which something is said."""
        told: dict[str, list[FigureTold]] = defaultdict(list)
        for mention, item in self._alike():
            row = self.scanned.names.rows[mention.keys[0]]
            nought = FigureTold(item.start, item.end, (Decimal(0),))
            none = self._told_none(row, mention, item) if item.figure is None else nought
            if none is not None:
                told[mention.keys[0]].append(replace(none, is_shaken=False))
        rivals: set[str] = set()
        last: list[tuple[str, int]] = []
        for mentioned, item, others in self._list_events():
            key = self._key(mentioned, item) if mentioned is not None else self._goes_on(last, item)
            if key is None:
                self._shake_by(item, last, told)
                continue
            said = self._told(self.scanned.names.rows[key], mentioned, item)
            if said is None:
                self._shake_forgotten(item, told[key])
                continue
            if mentioned is None and self._is_beside_another(item):
                said = replace(said, is_shaken=True)
            if others and key not in others:
                said = replace(said, is_shaken=True)
                rivals.update(others)
            told[key].append(said)
            if not self.scanned.names.rows[key].yes_no:
                last.append((key, item.end))
        self._shake_by_reasons(told)
        answers = [self.settler.settle(self.scanned.names.rows[key], each) for key, each in told.items()]
        found = {each.key: each for each in answers if each is not None}
        rivals.update(self._share_figure())
        for key in rivals:
            if key in found:
                found[key] = replace(found[key], is_sure=False)
        self.settler.take_all_of(self.paired.bare, found)
        self.settler.doubt_parts(told, found)
        self.settler.doubt_too_many(found)
        return list(found.values())

    def _share_figure(self) -> Iterator[str]:
        """Rows that hang together and are named with one figure for both: "02 đoàn viên ưu tú được vào Đảng"."""
        scanned = self.scanned
        for mention, item, _ in self.paired.pairs:
            begin, end = scanned.clause(item.start)
            alone = item.figure is not None and sum(begin <= each.start < end for each in scanned.figures) == 1
            for other in self.paired.bare if alone and item.end <= mention.start else ():
                part, whole = other.keys[0], mention.keys[0]
                if mention.end <= other.start < end and scanned.names.within.get(part) == whole:
                    yield from (part, whole)

    def _is_beside_another(self, item: LineItem) -> bool:
        """Whether a row is named beside a figure of which it cannot be: "tư vấn 3 vụ"."""
        begin, _ = self.scanned.clause(item.start)
        return any(begin <= each.start < item.start for each in self.paired.bare)

    def _list_events(self) -> list[tuple[RowMention | None, LineItem, tuple[str, ...]]]:
        """The figures and denials of the message in its order, each with the row named beside it and its rivals."""
        events: list[tuple[RowMention | None, LineItem, tuple[str, ...]]] = [*self.paired.pairs]
        events += [(None, item, ()) for item in self.paired.lonely]
        return sorted(events, key=lambda each: each[1].start)

    def _shake_by(self, item: LineItem, last: Sequence[tuple[str, int]], told: dict[str, list[FigureTold]]) -> None:
        """Doubt the figure before a bare number that nothing explains: "sổ ghi 4, biên bản chỉ có 3"."""
        figure = item.figure
        if figure is None or figure.groups or not last or "%" in figure.said:
            return
        if self.shaking.is_part(figure.start) or self._tells_rest(figure):
            return
        if any(self.shaking.is_right_before(figure, name) for name in ("instead", "changed_by")):
            return
        key, end = last[-1]
        named = any(end <= each.start < item.start for each in self.scanned.mentions)
        signs = sum(bool(self.scanned.sign(at)) for at in range(end, item.start))
        near = item.start < self.scanned.reach(end - 1) or (
            item.start - end - signs <= _FEW_WORDS and len(figure.said) <= _FEW_DIGITS
        )
        if not named and near:
            told[key][-1] = replace(told[key][-1], is_shaken=True)

    def _shake_by_reasons(self, told: dict[str, list[FigureTold]]) -> None:
        """Doubt figures of which the reason counts the same: "0 vụ, vì có 1 vụ phường nhận rồi"."""
        for figure in self.scanned.figures:
            for key, said in told.items() if figure.start in self.scanned.reasons else ():
                begin, _ = self.scanned.sentence(figure.start)
                row = self.scanned.names.rows[key]
                near = bool(said) and begin <= said[-1].at < figure.start and not row.yes_no
                if near and "people" not in figure.groups and fits(row, figure):
                    said[-1] = replace(said[-1], is_shaken=True)

    def _shake_forgotten(self, item: LineItem, told: list[FigureTold]) -> None:
        """Doubt a figure from which something was left out, unless it was put right already."""
        if item.figure is not None and self.shaking.is_right_before(item.figure, "forgotten") and len(told) == 1:
            told[-1] = replace(told[-1], is_shaken=True)

    # --- Which row ---

    def _key(self, mention: RowMention, item: LineItem) -> str | None:
        rows = [self.scanned.names.rows[key] for key in mention.keys]
        if item.figure is not None:
            fitting = [row for row in rows if fits(row, item.figure) is True] or [
                row for row in rows if fits(row, item.figure) is None
            ]
            rows = fitting or rows
        if len(rows) == 1:
            return rows[0].key
        if all(row.yes_no for row in rows):
            begin, _ = self.scanned.clause(mention.start)
            due = [row for row in rows if row.key in self.scanned.names.due]
            if due and self.scanned.holds(begin, max(item.start, mention.end), "due"):
                return due[0].key
            done = [row for row in rows if row.key not in self.scanned.names.due]
            return done[0].key if len(done) == 1 else None
        return None

    def _alike(self) -> Iterator[tuple[RowMention, LineItem]]:
        """Rows in a list of which one "none" is said: "tư vấn, vụ việc đều không có", or with that before them."""
        scanned = self.scanned
        nones = [
            (mention, item)
            for mention, item, _ in self.paired.pairs
            if item.figure is None or parse_count(item.figure.said) == Parsed(Decimal(0))
        ]
        for mention, item in nones:
            leads = item.end <= mention.start
            bare = sorted(self.paired.bare, key=lambda each: each.start, reverse=not leads)
            place = mention
            for each in bare:
                begin, end = (place.end, each.start) if leads else (each.end, place.start)
                between = range(begin, end)
                weights = [at for at in between if not scanned.is_light(at) and not self._is_linking(at)]
                if begin > end or len(each.keys) > 1 or weights:
                    continue
                signs = {scanned.sign(at) for at in between} - {""}
                joined = scanned.holds(begin, end, "mark_more") and not signs
                alike = scanned.holds(*scanned.clause(item.start), "all_alike") or (
                    leads and ":" in scanned.said(item.end, mention.start)
                )
                if signs <= {","} and (joined or alike):
                    yield each, item
                    place = each

    def _goes_on(self, last: Sequence[tuple[str, int]], item: LineItem) -> str | None:
        """The row of a figure beside which none is named: the one before, where it goes on, or the one so counted."""
        figure = item.figure
        if figure is None:
            return self._counted_none(item)
        if self.scanned.phrases.at(figure.end, "of_the_rest") is not None:
            return None
        led = self._led_by_unit(figure)
        if led is not None:
            return led
        key, end = last[-1] if last else ("", 0)
        named = any(end <= each.start < item.start for each in self.scanned.mentions)
        if key and not named and self._continues(self.scanned.names.rows[key], end, figure):
            return key
        found = self._first([row for row in self._counted if self._is_counted_alone(row, figure)])
        return found if found not in {key for key, _ in last} or self._is_total(figure) else None

    def _is_total(self, figure: SaidFigure) -> bool:
        """Whether a figure is told to be the whole: "tổng 12 lượt", "cộng từ đầu năm là 2 cuộc"."""
        begin, _ = self.scanned.clause(figure.start)
        return self.scanned.holds(begin, figure.start, "adding_up")

    def _led_by_unit(self, figure: SaidFigure) -> str | None:
        """The row of which what it counts stands right before a figure: "vụ: 0"."""
        at = figure.start - 1 if self.scanned.sign(figure.start - 1) in (":", "=") else figure.start
        unit = self.scanned.phrases.before(at, *UNITS)
        if (
            figure.groups
            or unit is None
            or self.scanned.taken[unit.start]
            or "people" in groups_of(self.scanned.said(unit.start, unit.end))
        ):
            return None
        said = fold(self.scanned.said(unit.start, unit.end))
        return self._first([row for row in self._counted if fold(row.unit or "") == said])

    def _counted_none(self, item: LineItem) -> str | None:
        """The row of which none is said by what it counts: "chưa có vụ nào"."""
        unit = self.scanned.phrases.at(item.end, *UNITS)
        if unit is None or unit.name == "people" or self.scanned.phrases.at(unit.end, "none_of") is None:
            return None
        said = fold(self.scanned.said(unit.start, unit.end))
        return self._first([row for row in self._counted if fold(row.unit or "").split()[-1:] == [said]])

    @cached_property
    def _counted(self) -> list[Indicator]:
        return [row for row in self.scanned.names.rows.values() if not row.yes_no and row.unit]

    def _first(self, rows: Sequence[Indicator]) -> str | None:
        """The one of these rows that the others are a part of."""
        if rows and all(self.scanned.names.within.get(row.key) == rows[0].key for row in rows[1:]):
            return rows[0].key
        return None

    def _is_counted_alone(self, row: Indicator, figure: SaidFigure) -> bool:
        """Whether what a figure counts is a row's own unit, which says what it is: "1 vụ", "12 lượt"; people do not."""
        unit = self.scanned.phrases.at(figure.start + 1, *UNITS)
        if "people" in figure.groups or unit is None or not figure.groups:
            return False
        said = fold(self.scanned.said(unit.start, unit.end))
        own = {fold(word) for word in (row.unit or "").split()}
        return said == fold(row.unit or "") or said in own

    def _continues(self, row: Indicator, end: int, figure: SaidFigure) -> bool:
        fitting = fits(row, figure)
        if fitting is False or self._counts_otherwise(row, end, figure) or self._tells_rest(figure):
            return False
        weights = [at for at in range(end, figure.start) if not self.scanned.is_light(at) and not self._is_linking(at)]
        same_sentence = self.scanned.sentences[end - 1] == self.scanned.sentences[figure.start]
        if fitting and weights:
            return len(weights) <= _MOST_BETWEEN and same_sentence and self._is_counted_alone(row, figure)
        if fitting and not same_sentence:
            _, close = self.scanned.clause(figure.start)
            return all(self.scanned.is_light(at) or self._is_linking(at) for at in range(figure.end, close))
        begin, _ = self.scanned.clause(figure.start)
        taken_up = self.shaking.is_right_before(figure, "adding_up") or self.scanned.holds(
            begin, figure.start, "correcting"
        )
        return bool(fitting) or (not weights and (same_sentence or taken_up))

    def _tells_rest(self, figure: SaidFigure) -> bool:
        """Whether a figure is of what is left: "còn 1 vụ đang chờ"."""
        _, end = self.scanned.clause(figure.start)
        weights = any(not self.scanned.is_light(at) for at in range(figure.end, end))
        return weights and self.shaking.is_right_before(figure, "leaving")

    def _counts_otherwise(self, row: Indicator, end: int, figure: SaidFigure) -> bool:
        """Whether a figure counts whom, behind one that counts how often: "15 lượt cho 12 người"."""
        own = fold(row.unit or "").split()[:1]
        unit = self.scanned.phrases.before(end, *UNITS)
        said = fold(self.scanned.said(unit.start, unit.end)).split()[:1] if unit is not None else []
        return said == own and "people" in figure.groups and fold(figure.counted).split()[1:2] != own

    def _is_linking(self, at: int) -> bool:
        return any(each.start <= at < each.end for each in self.scanned.phrases.of(*_LINKING))

    # --- What is told ---

    def _told(self, row: Indicator, mention: RowMention | None, item: LineItem) -> FigureTold | None:
        if item.sort is ItemSort.NONE:
            return self._told_none(row, mention, item)
        figure = item.figure
        if figure is None:
            return None
        if self._is_withdrawn(figure):
            return None
        read = [_read(row, figure.counted), *(_read(row, other) for other in figure.others)]
        if read[0].reason is not None:
            read[0] = _read(row, figure.said)
        values = tuple(dict.fromkeys(value for each in read for value in each.values))
        is_year = len(values) == 1 and values[0] in _YEARS and not figure.groups
        shaken = (
            len(values) > 1
            or any(other != figure.said for other in figure.others)
            or self.shaking.is_shaken(figure)
            or self.shaking.is_added(figure)
        )
        shaken = shaken or self._is_told_otherwise(row, figure)
        of_month = self.times.is_of_month(figure)
        time = self.times.of_figure(figure)
        if self.shaking.is_planned(figure.start, figure.end):
            time = Time.OTHER
        return FigureTold(
            figure.start,
            figure.end,
            values,
            time,
            is_shaken=shaken or is_year,
            is_part=self.shaking.is_part(figure.start) or of_month or self.shaking.is_by_time(figure),
            reason=read[0].reason,
        )

    def _stretch(self, mention: RowMention, item: LineItem) -> tuple[int, int]:
        """The part of a clause that speaks of a row: without those named before and behind it, and what was said of
        the one before.
        """
        begin, end = self.scanned.clause(item.start)
        first, last = min(mention.start, item.start), max(mention.end, item.end)
        others = [each for each in self.scanned.mentions if begin <= each.start < end and each is not mention]
        former = [each.end for each in others if each.end <= first]
        if former:
            told = [each.end for each in self.scanned.figures if former[-1] <= each.start < first]
            begin = max([*former, *told])
        return begin, min([end, *(each.start for each in others if each.start >= last)])

    def _is_amiss(self, figure: SaidFigure) -> bool:
        """Whether a figure is by how much one was wrong, or falls short: "quên 2 người", not "à quên 42"."""
        word = self.scanned.phrases.before(figure.start, "forgotten", "short_of")
        return word is not None and self.scanned.phrases.before(word.start, "correcting") is None

    def _is_told_otherwise(self, row: Indicator, figure: SaidFigure) -> bool:
        """Whether a figure behind it, of the same row and time, is said to stand elsewhere."""
        behind = self.shaking.list_behind(figure)
        own = [each for each in behind if fits(row, each) is not False and not self._is_withdrawn(each)]
        own = [each for each in own if self.times.of_figure(each) is not Time.OTHER]
        return bool(own) and self.shaking.is_told_otherwise(figure, own[0])

    def _is_withdrawn(self, figure: SaidFigure) -> bool:
        """Whether a figure is said to be none of the row's: "chứ không phải 4", "ghi 4 là sai"."""
        before = any(self.shaking.is_right_before(figure, name) for name in ("instead", "changed_by"))
        return before or self.scanned.phrases.at(figure.end, "was_wrong") is not None or self._is_amiss(figure)

    def _told_none(self, row: Indicator, mention: RowMention | None, item: LineItem) -> FigureTold | None:
        if row.yes_no:
            return None
        if mention is None:
            return FigureTold(item.start, item.end, (Decimal(0),))
        begin, end = self._stretch(mention, item)
        if any(begin <= each.start < end for each in self.scanned.figures):
            return None
        if self.shaking.is_planned(item.start, item.end):
            return None
        behind = range(item.end, end)
        rest = [
            at
            for at in behind
            if not self.scanned.is_light(at) and not self.scanned.holds(at, at + 1, "none_of", "yes", "done_verb")
        ]
        inside = [at for at in rest if not mention.start <= at < mention.end]
        before = item.end <= mention.start or mention.start < item.start < mention.end
        plain = self.scanned.holds(begin, end, "none_of") or before or len(inside) == 0
        is_nothing = self.scanned.holds(item.start, item.end, "nothing")
        if self.scanned.phrases.before(mention.start, "number_of") is not None and not before:
            plain = is_nothing = self.scanned.holds(item.start, end, "none_of")
        shaken = not (plain or is_nothing) or self.shaking.is_doubted(begin, end)
        return FigureTold(
            item.start, item.end, (Decimal(0),), self.times.between(begin, end, item.start), is_shaken=shaken
        )


class _Read(NamedTuple):
    """The readings of a figure's words, or why they are none."""

    values: tuple[Decimal, ...]
    reason: Reason | None = None


def _read(row: Indicator, said: str) -> _Read:
    match parse_figure(row, said):
        case Parsed(value):
            return _Read((value,))
        case UnclearNumber(readings):
            return _Read(readings)
        case Refused(reason=Reason.APPROXIMATE, nearest=Decimal() as nearest):
            return _Read((nearest,))
        case Refused(reason):
            return _Read((), reason)
