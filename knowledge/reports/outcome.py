"""Pairs of names and figures read: which are sure, which are asked about and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import msgspec

from knowledge.forms import check_report
from knowledge.model.forms import FigureKind, Indicator, split_term
from knowledge.model.periods import Period
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
from knowledge.reports.doubts import shaken
from knowledge.reports.message import TextItem, is_up_down
from knowledge.reports.model import Doubt, Reading, Unsure, UntakenPiece
from knowledge.reports.pairing import Pair, Pairing, bare_spot, spot_of
from knowledge.reports.phrases import folded, phrases
from knowledge.reports.shaping import readings_of
from knowledge.reports.times import SpanKind, Spot, When, governing, settle
from knowledge.reports.words import (
    AS_BEFORE_LINK,
    FIGURE_TOLD,
)

WORDS_BEHIND_A_MONTH = 3
"""Courtesies that may follow the month which a message closes with."""
_MOST_ITEMS = 400


@dataclass
class PairingOutcome(Pairing):
    """What pairing labels and numbers came to."""

    periods: tuple[Period, ...] = ()
    values: dict[str, Decimal] = field(default_factory=dict)
    ambiguous: list[Unsure] = field(default_factory=list)
    refused: list[UntakenPiece] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    as_before: list[str] = field(default_factory=list)
    asks_at_end: bool = False
    whole_as_before: bool = False

    def take_positional(self, items: list[TextItem]) -> bool:
        """Take exactly as many bare numbers as the form asks for, in its order; only where no label says otherwise."""
        asked = [row for row in self.reader.form.asked if row.kind is FigureKind.COUNT]
        if any(item.is_label for item in items) or len(asked) != len(self.reader.form.asked) or len(asked) > 6:
            return False
        numbers = [item for item in items if not item.zero]
        for raws in self._bare_readings(numbers):
            signs = [item.sign for item in numbers] if len(numbers) == len(raws) else [""] * len(raws)
            if len(raws) != len(asked) or any(
                sign and sign != (row.sign or "-") for sign, row in zip(signs, asked, strict=True)
            ):
                continue
            outcomes = [parse_count(raw) for raw in raws]
            if not all(isinstance(outcome, Parsed) for outcome in outcomes):
                continue
            figures = {
                row.key: outcome.value
                for row, outcome in zip(asked, outcomes, strict=True)
                if isinstance(outcome, Parsed)
            }
            if self._plausible(figures):
                self.values.update(figures)
                return True
        return False

    def _bare_readings(self, numbers: list[TextItem]) -> Iterator[list[str]]:
        apart = [part for item in numbers for part in item.raw.split(" ")]
        yield [item.raw for item in numbers]
        yield apart
        if len(numbers) == 1:
            yield re.split(r"[, ]+", numbers[0].raw)

    def _plausible(self, figures: dict[str, Decimal]) -> bool:
        """Whether figures without names can stand in the order of the form: no bound of it broken."""
        return not check_report(self.reader.form, figures, None)

    def _doubtful(
        self, pairs: list[Pair], spots: list[Spot], every: list[Spot], shaken_at: set[int], lonely: list[TextItem]
    ) -> set[int]:
        """Which pairs are in doubt; a number without a name that may be meant instead is added to its pair."""
        doubtful: set[int] = set()
        for at in shaken_at:
            owner = [i for i, spot in enumerate(spots) if spot.at <= every[at].at]
            if owner:
                doubtful.add(owner[-1])
                if every[at] not in spots:
                    left = pairs[owner[-1]]
                    raw = self.reader.norm[every[at].at : every[at].number_end]
                    pairs[owner[-1]] = replace(left, number=replace(left.number, others=(*left.number.others, raw)))
        # Of "56/58" with one name, which is meant cannot be known.
        halves = {at for number in lonely for at in (number.start - 1, number.end)}
        slashed = {at for at in halves if self.reader.norm[at : at + 1] == "/"}
        doubtful.update(i for i, pair in enumerate(pairs) if {pair.number.start - 1, pair.number.end} & slashed)
        right = {key: pair.number.start for pair in pairs if pair.label.corrects for key in pair.label.keys}
        doubtful -= {
            at
            for at, pair in enumerate(pairs)
            if any(right.get(key, -1) > pair.number.start for key in pair.label.keys)
        }
        return doubtful

    def take(self, items: list[TextItem]) -> None:
        """Pair labels and numbers and read each pair; of a message with very many only the first are read."""
        items = items[:_MOST_ITEMS]
        items = [
            part for left, item in zip([None, *items], items, strict=False) for part in self._after_zero(left, item)
        ]
        items = self._at_the_end(self._of_others(items))
        items = self._absorb([item for item in items if not self._as_before(item)])
        items = self._explained(items)
        items = self._self_labelled(items)
        items, corrections = self._corrections(items)
        items = self._without_parts(self._named_around(self._same_people(items)))
        items, zipped = self._zip(items)
        pairs, lonely_numbers, lonely_labels = self._paired(items)
        pairs = [*zipped, *pairs]
        pairs.extend(self._sums(items, pairs, lonely_numbers))
        pairs.extend(Pair(label, number, zipped=True) for label, number in corrections)
        pairs.extend(self._carried(pairs, lonely_numbers))
        pairs = [self._left_over(pair, pairs, lonely_labels) for pair in pairs]
        pairs = self._joined_in_all(pairs)
        pairs.sort(key=lambda pair: pair.number.start)
        connectors = self._all_dashed(pairs)
        found: dict[str, list[tuple[Decimal, Pair]]] = {}
        spots = [spot_of(pair) for pair in pairs]
        whens = [governing(self.scan.whens, spot, spots, self.reader.layout) for spot in spots]
        self.settle_period(whens)
        aside = [item for item in self.scan.items if self._as_before(item) or self._is_net(item)]
        labels = [item for item in [*items, *aside] if item.is_label]
        bare = [bare_spot(number) for number in lonely_numbers if not number.zero]
        told = [
            spot
            for spot in bare
            if not self._is_of_another_time(governing(self.scan.whens, spot, [*spots, spot], self.reader.layout))
        ]
        every = sorted([*spots, *told], key=lambda s: s.at)
        found_shaken, rows = shaken(self.reader, self.reader.layout, every, labels)
        shaken_at = found_shaken | self._alone(every, spots, labels)
        doubtful = self._doubtful(pairs, spots, every, shaken_at, lonely_numbers)
        compared: list[Pair] = []
        asked = self._in_questions(spots)
        for at, (pair, when) in enumerate(zip(pairs, whens, strict=True)):
            if when is not None and when.kind is SpanKind.COMPARED and self._is_compared(pair):
                compared.append(pair)
            elif spots[at].at in asked or self._is_left_out(pair, pairs) or self._is_put_right(pair, pairs):
                continue
            elif not pair.is_sum and self._is_of_another_time(when):
                self._set_aside(pair, when)
            else:
                self._read_pair(pair, connectors, found, doubtful=at in doubtful)
        if any(when.summed for when in self.scan.whens) or (
            not self.periods and any(map(self.declares_another, self.scan.whens))
        ):
            # Who came and went in a quarter are not those of a month.
            rows.update(self.reader.children)
        rows.update(self._named_again(pairs, lonely_labels))
        open_rows = [pair.label for pair in pairs if pair.number.raw == "?"]
        unsaid = {
            key for label in open_rows for key in (*label.keys, *(self._no_movement(label) if label.keys else ()))
        }
        for key in (rows | unsaid) & found.keys():
            self._doubt(key, found.pop(key))
        self._keep([*lonely_labels, *(label for label in self.scan.items if self._as_before(label))])
        self._settle(found)
        for pair in compared:
            self._ask_compared(pair)
        self._tell_lonely(lonely_numbers)

    def _tell_lonely(self, numbers: list[TextItem]) -> None:
        """Keep figures of no row in sight; "chưa" alone at the end asks, "chưa có" tells."""
        for number in numbers:
            if not number.zero:
                self.unmatched.append(self._around(number))
            elif not self.reader.norm[number.end :].strip(" ?!.a"):
                said = self.reader.norm[number.start : number.end]
                self.asks_at_end = self.asks_at_end or not said.endswith(tuple(folded("has")))

    def _joined_in_all(self, pairs: list[Pair]) -> list[Pair]:
        """Read "vào công đoàn 150" beside 154 workers as all who have joined, where nothing else is said of them."""
        values = [next(iter(readings_of(parse_count(pair.number.raw))), Decimal(0)) for pair in pairs]
        given = {key for pair in pairs for key in pair.label.keys}
        most = max(
            (v for v, p in zip(values, pairs, strict=True) if not {*p.label.keys} & {*self.reader.children}),
            default=None,
        )
        out = []
        for pair, value in zip(pairs, values, strict=True):
            parent = self.reader.children.get(pair.label.keys[0]) if len(pair.label.keys) == 1 else None
            union = {pair.label.words[-2:], pair.label.words[-1:]} & {*phrases("union_joined")}
            if union and parent is not None and parent not in given and most is not None and value * 2 > most:
                pair = replace(pair, label=replace(pair.label, keys=(parent,)))  # noqa: PLW2901
            out.append(pair)
        return out

    def settle_period(self, whens: list[When | None]) -> None:
        """The month of the report, from the spans of time that govern its figures."""
        named = [when for when in self.scan.whens if when.kind is SpanKind.MONTH]
        self.periods = settle(self.scan.whens, whens, self.reader.last)
        months = {month for when in named for month in when.months}
        closing = len(months) == 1 and self._closes(named[-1])
        if not self.periods and (closing or not any(when in named for when in whens)):
            ahead = any(named[0].start < item.start for item in self.scan.items[:1]) if named else False
            told = not whens or (bool(named) and (named[0].declared or ahead or closing))
            self.periods = tuple(months) if len(months) == 1 and told else ()
        this = any(when.kind is SpanKind.THIS for when in self.scan.whens)
        if not self.periods and this and self.reader.last is not None:
            self.periods = (self.reader.last,)

    def declares_another(self, when: When) -> bool:
        """Whether the message says that it is for another span than a month: "báo cáo quý 3", "… cho quý 3 nha"."""
        return when.kind is SpanKind.OTHER and (when.declared or self._closes(when))

    def _closes(self, when: When) -> bool:
        """Whether a month stands at the end of the message, behind every figure: "…, giảm 3, tháng 9/2026"."""
        behind = self.reader.norm[when.end :]
        words = behind.split()
        return (
            len(words) <= WORDS_BEHIND_A_MONTH
            and not self.reader.norm[: when.start].rstrip().endswith("(")
            and not any(letter.isdigit() for letter in behind)
            and all(item.end <= when.start for item in self.scan.items)
        )

    def _is_compared(self, pair: Pair) -> bool:
        return any(self._is_moving(key) for key in pair.label.keys) or not pair.label.keys

    def _ask_compared(self, pair: Pair) -> None:
        """Ask about a movement against another month where nothing else is said of the row."""
        keys = [key for key in pair.label.keys if key not in self.values]
        if not pair.label.keys:
            self.unmatched.append(self._words_of(pair))
        value = readings_of(parse_count(pair.number.raw))
        if keys and value and not any(r.key in keys for unsure in self.ambiguous for r in unsure.readings):
            self.ambiguous.append(Unsure(self._words_of(pair), (Reading(keys[0], value[0]),), Doubt.APPROXIMATE))

    def _is_of_another_time(self, when: When | None) -> bool:
        if when is None or when.kind in {SpanKind.THIS, SpanKind.NOW, SpanKind.COMPARED}:
            return False
        if when.kind is SpanKind.MONTH:
            asked = self.periods or ((self.reader.last,) if self.reader.last is not None else ())
            return not set(when.months) & set(asked)
        return not when.declared

    def _set_aside(self, pair: Pair, when: When | None) -> None:
        """Keep the figure of another time in sight without taking it."""
        start, end = min(pair.label.start, pair.number.start), max(pair.label.end, pair.number.end)
        if when is not None:
            start, end = min(start, when.start), max(end, when.end)
        self.unmatched.append(self.reader.piece(start, end).replace("\n", " "))

    def _doubt(self, key: str, given: list[tuple[Decimal, Pair]]) -> None:
        readings = tuple(Reading(key, value) for value in dict.fromkeys(value for value, _ in given))
        self.ambiguous.append(Unsure(self._words_of(given[0][1]), readings, Doubt.APPROXIMATE))

    def denies_movement(self) -> bool:
        """Whether zero is all that the message gives: "không có đoàn viên mới, không ai nghỉ"."""
        keys = {key for key in self.reader.form.no_change if self.reader.by_key[key].asked}
        return bool(keys) and set(self.values) == keys and not any(self.values.values()) and not self.ambiguous

    def take_no_change(self) -> bool:
        """Zero for what moved, unless the message gives a figure for it."""
        keys = [key for key in self.reader.form.no_change if self.reader.by_key[key].asked]
        moved = [key for key in keys if self.values.get(key)]
        if moved or any(r.key in keys for unsure in self.ambiguous for r in unsure.readings):
            self.ambiguous.extend(
                Unsure(
                    self.reader.piece(0, len(self.reader.norm)),
                    (Reading(key, self.values.pop(key)), Reading(key, Decimal(0))),
                    Doubt.CONFLICT,
                )
                for key in moved
            )
            return False
        self.values.update({key: Decimal(0) for key in keys})
        self._keep_totals()
        return True

    def _keep_totals(self) -> None:
        vague = {
            key
            for item in self.scan.items
            if item.is_label and any(True for _ in self.reader.spans("before", item.end, self._clause_end(item)))
            for key in item.keys
        }
        self.kept.extend(
            row.key
            for row in self.reader.form.asked
            if row.parent is None and row.key not in self.kept and row.key not in vague
        )

    def _clause_end(self, item: TextItem) -> int:
        return self.reader.layout.clause(item.start)[1]

    def _is_net(self, item: TextItem) -> bool:
        return len(item.keys) == 1 and bool(self.reader.by_key[item.keys[0]].derived)

    def _as_before(self, item: TextItem) -> bool:
        """Whether a name stands right before words that say "as before", and so has no figure of its own."""
        return item.is_label and any(
            item.end <= start and AS_BEFORE_LINK.fullmatch(self.reader.norm[item.end : start])
            for start, end in self.scan.as_before
            if not FIGURE_TOLD.match(self.reader.norm, end)
        )

    def _keep(self, labels: list[TextItem]) -> None:
        """Rows said to be as before; "as before" said of no row in particular says it of the whole report."""
        for start, end in self.scan.as_before:
            owner = next(
                (
                    item
                    for item in labels
                    if item.keys
                    and AS_BEFORE_LINK.fullmatch(self.reader.norm[item.end : start] if item.end <= start else "x")
                ),
                None,
            )
            if owner is None:
                owner = next(
                    (
                        item
                        for item in labels
                        if item.keys and item.start >= end and not self.reader.norm[end : item.start].strip()
                    ),
                    None,
                )
            if owner is not None and len(owner.keys) == 1:
                self.kept.append(owner.keys[0])
                self.as_before.append(owner.keys[0])
            elif owner is None and not self.reader.norm[start:end].startswith(tuple(folded("likewise"))):
                self.whole_as_before = True
                self._keep_totals()

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
