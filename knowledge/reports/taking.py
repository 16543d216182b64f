"""Pairs read as figures: each taken for its row, or kept with all its readings to be asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from knowledge.model.forms import FigureKind, Indicator, split_term
from knowledge.numbers import (
    NumberOutcome,
    Parsed,
    Reason,
    Refused,
    UnclearNumber,
    parse_count,
    parse_money,
    parse_percent,
)
from knowledge.reports.message import TextItem, is_up_down
from knowledge.reports.model import Doubt, Reading, Unsure, UntakenPiece
from knowledge.reports.pairing import Pair
from knowledge.reports.phrases import folded
from knowledge.reports.reported_month import ReportedMonth
from knowledge.reports.shaping import readings_of


@dataclass
class Taking(ReportedMonth):
    """What the pairs of a message come to, row by row."""

    values: dict[str, Decimal] = field(default_factory=dict)
    ambiguous: list[Unsure] = field(default_factory=list)
    refused: list[UntakenPiece] = field(default_factory=list)

    def _read_pair(
        self, pair: Pair, connectors: bool, found: dict[str, list[tuple[Decimal, Pair]]], *, doubtful: bool
    ) -> None:
        label, number = pair.label, pair.number
        piece = self._words_of(pair)
        if label.total:
            self._total(pair, piece)
            return
        if not label.keys:
            if not number.zero:
                self.unmatched.append(piece)
            return
        nought = number.zero or (number.raw == "0" and is_up_down(label.words))
        if nought and (both := self._no_movement(label)):
            for key in both:
                found.setdefault(key, []).append((Decimal(0), pair))
            return
        if number.zero and self._unknown(self._between(pair)):
            return
        # A sum behind its parts is the row's own whatever the parts are called.
        summed = self.reader.norm[: number.start].rstrip().endswith(tuple(f" {each}" for each in folded("sum")))
        unknown = [] if pair.zipped or summed else self._unknown(self._between(pair))
        rivals = [item for item in pair.alternatives if item.keys != label.keys or item is label]
        if len(label.keys) > 1 or rivals or unknown:
            keys = dict.fromkeys(key for item in (label, *pair.alternatives) for key in item.keys)
            readings = tuple(
                Reading(key, value)
                for key in keys
                for value in readings_of(self._value(self.reader.by_key[key], number, connectors))
            )
            if readings:
                self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
            elif not number.zero:
                self.unmatched.append(piece)
            return
        key = label.keys[0]
        row = self.reader.by_key[key]
        outcome = self._value(row, number, connectors, words=label.words)
        if number.sign == "-" and not connectors and not row.signed and row.sign != "-":
            other = next((r.key for r in self.reader.form.indicators if r.sign == "-"), None)
            readings = tuple(Reading(k, v) for k in (key, other) if k is not None for v in readings_of(outcome))
            self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
            return
        match outcome:
            case Parsed(value) if number.around or doubtful or (not value and self._is_total(row)):
                others = [v for raw in number.others for v in readings_of(parse_count(raw))]
                readings = tuple(Reading(key, each) for each in dict.fromkeys([value, *others]))
                self.ambiguous.append(Unsure(piece, readings, Doubt.CONFLICT if others else Doubt.APPROXIMATE))
            case Parsed(value):
                found.setdefault(key, []).append((value, pair))
            case UnclearNumber(readings=values):
                self.ambiguous.append(Unsure(piece, tuple(Reading(key, value) for value in values), Doubt.NUMBER))
            case Refused(reason=Reason.PERCENT):
                self.unmatched.append(piece)
            case Refused(reason=reason):
                self.refused.append(UntakenPiece(piece, key, reason))

    def _is_total(self, row: Indicator) -> bool:
        """Whether a row counts all people of its kind: nought is no answer there."""
        return self.reader.form.no_change != () and row.parent is None and not row.signed

    def _value(self, row: Indicator, number: TextItem, connectors: bool, words: tuple[str, ...] = ()) -> NumberOutcome:
        raw = number.raw
        if row.signed and number.sign == "-" and not connectors:
            raw = f"-{raw}"
        elif row.signed and folded("down") & set(words) and not folded("up") & set(words):
            # "giảm thực tế 5" is a change of minus five.
            raw = f"-{raw}"
        match row.kind:
            case FigureKind.COUNT:
                return parse_count(raw, signed=row.signed)
            case FigureKind.MONEY:
                return parse_money(raw)
            case FigureKind.PERCENT:
                return parse_percent(raw)

    def _total(self, pair: Pair, piece: str) -> None:
        """ "Tổng" of nothing named may be any of the form's own totals; "80, còn lại …" is none of the 80."""
        if pair.number.end <= pair.label.start and "," in self.reader.norm[pair.number.end : pair.label.start]:
            self.unmatched.append(piece)
            return
        roots = [row for row in self.reader.form.asked if row.parent is None and row.kind is FigureKind.COUNT][:4]
        readings = tuple(
            Reading(row.key, value) for row in roots for value in readings_of(parse_count(pair.number.raw))
        )
        if readings:
            self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
        else:
            self.unmatched.append(piece)

    def _doubt(self, key: str, given: list[tuple[Decimal, Pair]]) -> None:
        readings = tuple(Reading(key, value) for value in dict.fromkeys(value for value, _ in given))
        self.ambiguous.append(Unsure(self._words_of(given[0][1]), readings, Doubt.APPROXIMATE))

    def _settle(self, found: dict[str, list[tuple[Decimal, Pair]]]) -> None:
        """One figure a row: the same twice is one, a sum beside its parts is the sum, anything else is asked about."""
        self._net_beside_parts(found)
        for key, given in found.items():
            right = [value for value, pair in given[1:] if pair.number.corrects or pair.label.corrects]
            values = right[-1:] or [value for value, _ in given]
            # "Nghỉ hưu 1, chuyển đi 1" are two who left, unless the two names are one.
            names = {pair.label.words for _, pair in given}
            causes = [name for name in names if not (folded("up") | folded("down")) & set(name)]
            several = self._is_moving(key) and any(values) and len(causes) > 1
            if len(set(values)) == 1 and (right or not several):
                self.values[key] = values[0]
                continue
            largest = max(values)
            if len(values) > 2 and sum(values) == 2 * largest and largest in (values[0], values[-1]):
                proper = [
                    value
                    for value, pair in given
                    if folded("admitting") & {" ".join(pair.label.words[:2]), pair.label.words[0]}
                ]
                whole = folded("up") & set(given[values.index(largest)][1].label.words)
                self.values[key] = proper[0] if whole and len(proper) == 1 else largest
                continue
            large = [value for value in dict.fromkeys(values) if value * 20 > largest]
            if len(large) == 1 and self._is_total(self.reader.by_key[key]):
                # "108 đoàn viên, nhận 3 đoàn viên từ nơi khác": a few of them are not all of them.
                self.values[key] = largest
                continue
            readings = dict.fromkeys(values)
            if self._is_moving(key):
                readings = dict.fromkeys([sum(values, Decimal(0)), *values])
            piece = "; ".join(self._words_of(pair) for _, pair in given)
            self.ambiguous.append(Unsure(piece, tuple(Reading(key, value) for value in readings), Doubt.CONFLICT))
        taken = set(self.values.values())
        for index, unsure in enumerate(self.ambiguous):
            # A total without a name that repeats a figure already taken says nothing new; one row left is put first.
            left = tuple(r for r in unsure.readings if r.key not in self.values) or unsure.readings
            if unsure.doubt is Doubt.PLACE:
                self.ambiguous[index] = msgspec.structs.replace(unsure, readings=left)
        self.ambiguous[:] = [
            u
            for u in self.ambiguous
            if not (u.doubt is Doubt.PLACE and all(r.key in self.values and r.value in taken for r in u.readings))
            or self._adds_to(u)
        ]

    def _net_beside_parts(self, found: dict[str, list[tuple[Decimal, Pair]]]) -> None:
        """ "Kết nạp 12, giảm 3, tăng 9": the increase is the net change where it is what the two others make."""
        for row in self.reader.form.indicators:
            terms = [split_term(term) for term in row.derived]
            if len(terms) != 2 or row.key in found:
                continue
            (plus, _), (minus, _) = terms
            gains, losses = found.get(plus, []), found.get(minus, [])
            if len(gains) != 2 or len(losses) != 1 or gains[0][0] == gains[1][0]:
                continue
            for net, gain in ((gains[0], gains[1]), (gains[1], gains[0])):
                if (
                    (folded("up") | {"+"}) & set(net[1].label.words)
                    and not folded("up") & set(gain[1].label.words)
                    and net[0] == gain[0] - losses[0][0]
                ):
                    found[row.key], found[plus] = [net], [gain]
                    return
