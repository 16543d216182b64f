"""Pairs of names and figures read: which are sure, which are asked about and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge.forms import check_report
from knowledge.model.forms import FigureKind
from knowledge.numbers import (
    Parsed,
    parse_count,
)
from knowledge.reports.doubts import shaken
from knowledge.reports.message import TextItem
from knowledge.reports.model import Doubt, Reading, Unsure
from knowledge.reports.pairing import Pair, bare_spot
from knowledge.reports.phrases import folded, phrases
from knowledge.reports.shaping import likeliest_count
from knowledge.reports.times import SpanKind, Spot, When, governing
from knowledge.reports.unchanged import Unchanged

_MOST_ITEMS = 400


@dataclass
class PairingOutcome(Unchanged):
    """What pairing labels and numbers came to."""

    asks_at_end: bool = False

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
                    self._offer(pairs, owner[-1], every[at])
        for at, owner_at in self._claimants(every, spots).items():
            doubtful.add(owner_at)
            self._offer(pairs, owner_at, every[at])
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

    def _offer(self, pairs: list[Pair], at: int, spot: Spot) -> None:
        """Add a number without a name to the readings of a pair."""
        left, raw = pairs[at], self.reader.norm[spot.at : spot.number_end]
        pairs[at] = replace(left, number=replace(left.number, others=(*left.number.others, raw)))

    def take(self, items: list[TextItem]) -> None:
        """Pair labels and numbers and read each pair; of a message with very many only the first are read."""
        items = items[:_MOST_ITEMS]
        items = [
            part for left, item in zip([None, *items], items, strict=False) for part in self._after_zero(left, item)
        ]
        items = self._at_the_end(self._of_others(self._counted_apart(items)))
        items = self._absorb([item for item in items if not self._as_before(item)])
        items = self._explained(items)
        items = self._self_labelled(items)
        items, corrections = self._corrections(items)
        items = self._without_parts(self._named_around(self._same_people(items)))
        items, zipped = self._zip(items)
        pairs, lonely_numbers, lonely_labels = self._paired(items)
        pairs = [*zipped, *self._joined_in_doubt(self._either_way(items, pairs))]
        pairs.extend(self._sums(items, pairs, lonely_numbers))
        pairs.extend(Pair(label, number, zipped=True) for label, number in corrections)
        pairs.extend(self._carried(pairs, lonely_numbers))
        pairs = [self._left_over(pair, pairs, lonely_labels) for pair in pairs]
        pairs = self._joined_in_all(pairs)
        pairs.sort(key=lambda pair: pair.number.start)
        connectors = self._all_dashed(pairs)
        found: dict[str, list[tuple[Decimal, Pair]]] = {}
        spots = [self._spot_of(pair) for pair in pairs]
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
        values = [likeliest_count(pair.number.raw) or Decimal(0) for pair in pairs]
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

    def _is_compared(self, pair: Pair) -> bool:
        return any(self._is_moving(key) for key in pair.label.keys) or not pair.label.keys

    def _ask_compared(self, pair: Pair) -> None:
        """Ask about a movement against another month where nothing else is said of the row."""
        keys = [key for key in pair.label.keys if key not in self.values]
        if not pair.label.keys:
            self.unmatched.append(self._words_of(pair))
        value = likeliest_count(pair.number.raw)
        if keys and value is not None and not any(r.key in keys for unsure in self.ambiguous for r in unsure.readings):
            self.ambiguous.append(Unsure(self._words_of(pair), (Reading(keys[0], value),), Doubt.APPROXIMATE))

    def _set_aside(self, pair: Pair, when: When | None) -> None:
        """Keep the figure of another time in sight without taking it."""
        start, end = min(pair.label.start, pair.number.start), max(pair.label.end, pair.number.end)
        if when is not None:
            start, end = min(start, when.start), max(end, when.end)
        self.unmatched.append(self.reader.piece(start, end).replace("\n", " "))

    def _is_net(self, item: TextItem) -> bool:
        return len(item.keys) == 1 and bool(self.reader.by_key[item.keys[0]].derived)
