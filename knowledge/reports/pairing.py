"""Labels and numbers of a message paired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, product, takewhile

from knowledge.model.forms import split_term
from knowledge.reports.message import TextItem, is_up_down
from knowledge.reports.shaping import likeliest_count
from knowledge.reports.times import SpanKind, Spot, governing
from knowledge.reports.told_twice import ToldTwice

_SKIP_NUMBER, _SKIP_ZERO, _SKIP_LABEL, _MARGIN = 5.0, 1.5, 1.0, 0.75


@dataclass(frozen=True)
class Pair:
    """A name and its number; `alternatives` are other names the number may belong to."""

    label: TextItem
    number: TextItem
    alternatives: tuple[TextItem, ...] = ()
    zipped: bool = False
    is_sum: bool = False


@dataclass
class Pairing(ToldTwice):
    """Names and numbers paired by the cheapest pairing of neighbours; `unmatched` are pieces nobody understood."""

    unmatched: list[str] = field(default_factory=list)

    def _zip(self, items: list[TextItem]) -> tuple[list[TextItem], list[Pair]]:
        """Take runs of labels followed by as many numbers (a table's head and row, "tăng/giảm: 12/3") pair by pair."""
        rest: list[TextItem] = []
        pairs: list[Pair] = []
        index = 0
        while index < len(items):
            first = list(takewhile(lambda item: not item.is_label, items[index:]))
            second = list(takewhile(lambda item: item.is_label, items[index + len(first) :]))[: len(first)]
            turned = self._reversed(first, second)
            if turned is not None:
                pairs.extend(turned)
                index += len(first) + len(second)
                continue
            labels = list(takewhile(lambda item: item.is_label, items[index:]))
            numbers = list(takewhile(lambda item: not item.is_label, items[index + len(labels) :]))
            end = index + len(labels) + len(numbers)
            before = items[index - 1] if index else None
            led = before is not None and not before.is_label and labels and self._gap(before, labels[0]) == 0
            if labels and numbers and not led:
                taken = self._zipped(labels, numbers, items[end] if end < len(items) else None)
                if taken is not None:
                    pairs.extend(taken)
                    index = end
                    continue
                if len(labels) > 2 and len(numbers) > 2:
                    # A table's head over a row of another length: which figure is whose cannot be known.
                    self.unmatched.extend(self._around(number) for number in numbers)
                    index = end
                    continue
            rest.extend(items[index:end] if labels or numbers else items[index : index + 1])
            index = max(end, index + 1)
        return rest, pairs

    def _zipped(self, labels: list[TextItem], numbers: list[TextItem], following: TextItem | None) -> list[Pair] | None:
        if following is not None and self._gap(numbers[-1], following) < 2:
            return None
        if any(self._unknown(self._unclaimed(a.end, b.start)) for run in (labels, numbers) for a, b in pairwise(run)):
            return None
        heads = [label for label in labels if not label.total or len(labels) == len(numbers)]
        if len(heads) < len(numbers):
            heads = [part for label in heads for part in (label.parts if label.keys else (label,)) or (label,)]
        if len(heads) == 1 and len(numbers) == 2:
            heads = self._two_in_one(labels[0])
        if len(heads) < 2 or len(heads) != len(numbers) or any(n.zero for n in numbers[:1]):
            return None
        return [Pair(label, number, zipped=True) for label, number in zip(heads, numbers, strict=True)]

    def _reversed(self, numbers: list[TextItem], labels: list[TextItem]) -> list[Pair] | None:
        """Pairs of "480/500 đoàn viên/lao động": figures first, all joined by slashes."""
        joined = all(
            re.fullmatch(r"\s*/\s*" if len(numbers) < 3 else r"\s*[/,;|)-]?\s*", self._unclaimed(a.end, b.start))
            for run in (numbers, labels)
            for a, b in pairwise(run)
        )
        if len(numbers) < 2 or len(numbers) != len(labels) or not joined:
            return None
        return [Pair(label, number, zipped=True) for label, number in zip(labels, numbers, strict=True)]

    def _two_in_one(self, label: TextItem) -> list[TextItem]:
        """The two rows that "tăng/giảm" names when two figures follow it."""
        row = self.reader.by_key[label.keys[0]] if len(label.keys) == 1 else None
        if row is None or not row.derived or not is_up_down(label.words[:2]):
            return [label]
        return [replace(label, keys=(split_term(term)[0],)) for term in row.derived]

    def _paired(self, items: list[TextItem]) -> tuple[list[Pair], list[TextItem], list[TextItem]]:
        """Pairs, numbers and names left over: one name and one number in a clause are a pair, the rest the cheapest."""
        clauses = [self.reader.layout.clause(item.start)[0] for item in items]
        # Who begins with a name goes on with "name, figure"; what begins with a figure may turn either way.
        turned = 0.5 if items and items[0].is_label else 0.0
        pairs, numbers, labels, begin = list[Pair](), list[TextItem](), list[TextItem](), 0

        def close(end: int) -> None:
            run = items[begin:end]
            inside = len({*clauses[begin:end]}) == 1 and clauses.count(clauses[begin]) == len(run)
            best = self._best(run, 0.5 * run[0].is_label if inside else turned)
            pairs.extend(best[0])
            numbers.extend(best[1])
            labels.extend(best[2])

        for at, (first, second) in enumerate(pairwise(items)):
            if clauses[at] != clauses[at + 1] or clauses.count(clauses[at]) != 2 or first.is_label == second.is_label:
                continue
            if begin < at:
                close(at)
            told = first.is_label and self.reader.norm[: second.start].rstrip().endswith((":", "="))
            pairs.append(Pair(*((first, second) if first.is_label else (second, first)), zipped=told))
            begin = at + 2
        if begin < len(items):
            close(len(items))
        return pairs, numbers, labels

    def _best(self, items: list[TextItem], turned: float) -> tuple[list[Pair], list[TextItem], list[TextItem]]:
        """The cheapest pairing over all ways to take joined labels apart, and what it leaves over."""
        spots = [i for i, item in enumerate(items) if item.parts and item.keys][:6]
        best: tuple[float, list[TextItem]] | None = None
        for choice in product((False, True), repeat=len(spots)):
            apart = {spot for spot, split in zip(spots, choice, strict=True) if split}
            variant = [part for i, item in enumerate(items) for part in (item.parts if i in apart else (item,))]
            cost = self._cheapest(variant, None, turned)[0] + 0.1 * len(apart)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, variant)
        chosen = best[1] if best is not None else items
        cost, picks = self._cheapest(chosen, None, turned)
        pairs: list[Pair] = []
        used: set[int] = set()
        for at in picks:
            other_cost, other = self._cheapest(chosen, at, turned)
            rivals: tuple[TextItem, ...] = ()
            left, right = chosen[at], chosen[at + 1]
            label, number = (left, right) if left.is_label else (right, left)
            if other_cost - cost < _MARGIN:
                rivals = tuple(
                    chosen[spot + 1] if chosen[spot + 1].is_label else chosen[spot]
                    for spot in other
                    if number in (chosen[spot], chosen[spot + 1])
                ) or (label,)
            pairs.append(Pair(label, number, rivals))
            used.update((at, at + 1))
        lonely = [item for i, item in enumerate(chosen) if i not in used]
        return pairs, [i for i in lonely if not i.is_label], [i for i in lonely if i.is_label]

    def _cheapest(self, items: list[TextItem], forbidden: int | None, turned: float) -> tuple[float, list[int]]:
        """The cheapest pairing of neighbours and the places of its pairs; `forbidden` is a place not to pair."""
        costs, picks = [0.0], [-1]
        for i, item in enumerate(items):
            second = i > 0 and self._is_second(items[i - 1], item)
            skip = costs[-1] + (
                _SKIP_LABEL * (not item.total)
                if item.is_label
                else _SKIP_ZERO
                if item.zero
                else _SKIP_LABEL
                if second
                else _SKIP_NUMBER
            )
            pair = float("inf")
            if i and i - 1 != forbidden and items[i - 1].is_label != item.is_label:
                pair = costs[-2] + self._gap(items[i - 1], item) + turned * item.is_label
            costs.append(min(skip, pair))
            picks.append(i - 1 if pair < skip else -1)
        chosen, i = [], len(items)
        while i > 0:
            if picks[i] >= 0:
                chosen.append(picks[i])
                i -= 2
            else:
                i -= 1
        return costs[-1], chosen[::-1]

    def _is_second(self, before: TextItem, item: TextItem) -> bool:
        """Whether a number is that of another source for the row of the number before: "sổ ghi 212 mà máy ra 208"."""
        if before.is_label or item.is_label:
            return False
        lists = ("but", "source", "other_source", "either")
        return any(True for name in lists for _ in self.reader.spans(name, before.end, item.start))

    def _all_dashed(self, pairs: list[Pair]) -> bool:
        return len(pairs) > 1 and all(pair.number.sign == "-" for pair in pairs)

    def _carried(self, pairs: list[Pair], lonely: list[TextItem]) -> list[Pair]:
        """Bare figures of this month behind one of another time: "đoàn viên đầu tháng 76, cuối tháng 78"."""
        out: list[Pair] = []
        spots = [self._spot_of(pair) for pair in sorted(pairs, key=lambda pair: pair.number.start)]
        ordered = sorted(pairs, key=lambda pair: pair.number.start)
        for number in list(lonely):
            when = governing(self.scan.whens, bare_spot(number), [*spots, bare_spot(number)], self.reader.layout)
            if number.zero or when is None or when.kind not in {SpanKind.NOW, SpanKind.THIS, SpanKind.MONTH}:
                continue
            if when.start < self.reader.layout.clause(number.start)[0]:
                continue
            past = [
                at
                for at, spot in enumerate(spots)
                if spot.at < number.start
                and (other := governing(self.scan.whens, spot, spots, self.reader.layout)) is not None
                and other.kind in {SpanKind.OTHER, SpanKind.MONTH, SpanKind.FUTURE}
                and other is not when
            ]
            if past and ordered[past[-1]].label.keys:
                label, beside = (
                    ordered[past[-1]].label,
                    not any(spots[past[-1]].at < s.at < number.start for s in spots),
                )
                lonely.remove(number)
                out.append(Pair(label, number, () if beside else (label,), zipped=True))
        return out

    def _left_over(self, pair: Pair, pairs: list[Pair], lonely: list[TextItem]) -> Pair:
        """Name the total behind a movement of its people: "đoàn viên giảm 1, còn 44"."""
        if not pair.label.total:
            return pair
        begin, _ = self.reader.layout.sentence(pair.number.start)
        said = [*(other.label for other in pairs), *lonely]
        before = [label for label in said if begin <= label.start < pair.label.start] or self._heading(begin, lonely)
        nouns = [
            part
            for label in before
            for part in (label.parts or (label,))
            if len(part.keys) == 1 and part.keys[0] not in self.reader.children
        ]
        spots = [self._spot_of(other) for other in pairs]
        told = [
            other
            for other, spot in zip(pairs, spots, strict=True)
            if (when := governing(self.scan.whens, spot, spots, self.reader.layout)) is None
            or when.kind is not SpanKind.OTHER
        ]
        if not nouns or any(nouns[0].keys == other.label.keys for other in told):
            return pair
        return replace(pair, label=replace(nouns[0], start=pair.label.start, end=pair.label.end), alternatives=())

    def _heading(self, begin: int, lonely: list[TextItem]) -> list[TextItem]:
        """The names in the line right above, where it holds no figure."""
        above = self.reader.norm.rfind("\n", 0, max(0, begin - 1)) + 1
        if re.search(r"\d", self.reader.norm[above:begin]):
            return []
        return [label for label in lonely if above <= label.start < begin]

    def _sums(self, items: list[TextItem], pairs: list[Pair], lonely: list[TextItem]) -> list[Pair]:
        """Sums stated behind their parts: the number that the parts make up is the row's own."""
        out: list[Pair] = []
        for number in [item for item in items if not item.is_label and not item.zero]:
            begin, _ = self.reader.layout.sentence(number.start)
            said = [end for _, end in self.reader.spans("sum", begin, number.start)]
            equals = self.reader.norm[begin : number.start].rstrip().endswith("=")
            if not equals and (not said or self.reader.norm[said[-1] : number.start].strip(" :=")):
                continue
            told = [i for i in items if not i.is_label and i.start < number.start and not i.zero]
            parts, label = self._parts_of(number, [part for part in told if part.start >= begin], items)
            if (
                equals
                and label is not None
                and any(i.is_label and i.keys != label.keys for i in items if label.start < i.start < number.start)
            ):
                continue
            if label is not None:
                used = [pair for pair in pairs if pair.number in (number, *parts)]
                for pair in used:
                    pairs.remove(pair)
                for part in (number, *parts):
                    if part in lonely:
                        lonely.remove(part)
                out.append(Pair(label, number, zipped=True, is_sum=True))
        return out

    def _parts_of(
        self, whole: TextItem, told: list[TextItem], items: list[TextItem]
    ) -> tuple[list[TextItem], TextItem | None]:
        """The numbers right before that make up `whole`, and the row they are of."""
        value = likeliest_count(whole.raw)
        for count in range(2, len(told) + 1):
            parts = told[-count:]
            if sum(likeliest_count(part.raw) or 0 for part in parts) != value:
                continue
            since = told[-count - 1].end if count < len(told) else self.reader.layout.sentence(whole.start)[0]
            told = [part for i in items if i.is_label for part in (i.parts or (i,))]
            names = [part for part in told if part.keys and since <= part.start < parts[1].start]
            if names:
                return parts, names[0]
        return [], None

    def _named_again(self, pairs: list[Pair], lonely: list[TextItem]) -> Iterator[str]:
        """Rows that something is said of behind their figures, in a clause that gives none: "số đv bỏ đi giúp em"."""
        for label in lonely:
            begin, end = self.reader.layout.clause(label.start)
            told = [pair.label for pair in pairs if pair.label.keys == label.keys and pair.number.end < begin]
            given = bool(told) and not any(a == label.end + 1 for a, _ in self.reader.spans("because", label.end))
            lead = self.reader.norm[begin : label.start].strip()
            about = (not lead and any(label.words == other.words for other in told)) or any(
                label.start in (a, b + 1) for a, b in self.reader.spans("about", begin, label.end)
            )
            if given and about and not re.search(r"\d", self.reader.norm[begin:end]):
                yield from label.keys

    def _is_left_out(self, pair: Pair, pairs: list[Pair]) -> bool:
        """Whether a figure is said not to count, beside another that does: "(chuyển đến 4, không tính vào kết nạp)"."""
        end = max(pair.number.end, pair.label.end)
        until = min(
            [self.reader.layout.sentence(end)[1], *(other.number.start for other in pairs if other.number.start > end)]
        )
        again = any(other is not pair and other.label.keys == pair.label.keys for other in pairs)
        return again and any(True for _ in self.reader.spans("left_out", end, until))

    def _is_put_right(self, pair: Pair, pairs: list[Pair]) -> bool:
        """Whether a bare figure said later replaces that of a pair: "kết nạp hôm qua em ghi 3, đúng là 2"."""
        return any(
            other.label is pair.label
            and other.number.corrects
            and not other.number.around
            and other.number.start > pair.number.start
            for other in pairs
        )

    def _in_questions(self, spots: list[Spot]) -> set[int]:
        """Figures of sentences that only ask something, where others report."""
        ends = {spot.at: self.reader.layout.sentence(spot.at)[1] - 1 for spot in spots}
        blanks = {at for spot in spots for at in range(spot.at, spot.number_end)}
        asked = {at for at, end in ends.items() if self.reader.norm[end : end + 1] == "?" and end not in blanks}
        return asked if len(spots) - len(asked) >= 2 else set()

    def _spot_of(self, pair: Pair) -> Spot:
        """Where a pair stands in the text."""
        label, number = pair.label, pair.number
        near = abs(label.start - number.start) < 60
        start = min(label.start, number.start) if near else number.start
        total = bool(label.keys) and not any(map(self._is_moving, label.keys))
        return Spot(start, max(number.end, label.end if near else 0), number.start, number.end, label.keys, total)

    def _no_movement(self, label: TextItem) -> list[str]:
        """The rows that "tăng giảm đều không" denies."""
        row = self.reader.by_key[label.keys[0]] if len(label.keys) == 1 else None
        return [split_term(term)[0] for term in row.derived] if row is not None else []

    def _between(self, pair: Pair) -> str:
        first, second = sorted((pair.label, pair.number), key=lambda item: item.start)
        text = self._unclaimed(first.end, second.start)
        return "" if "|" in text or "\n" in text else text

    def _words_of(self, pair: Pair) -> str:
        return self._stretch((pair.label, pair.number))

    def _stretch(self, items: Iterable[TextItem]) -> str:
        spots = [(item.start, item.end) for item in items]
        start, end = min(s for s, _ in spots), max(e for _, e in spots)
        if self.reader.norm[start:end].count("\n") > 1:
            return " ".join(self.reader.piece(s, e) for s, e in sorted(spots))
        return self.reader.piece(start, end).replace("\n", " ")

    def _around(self, number: TextItem) -> str:
        """A number nobody claimed, with the words of its line that nobody claimed either."""
        norm = self.reader.norm
        left = re.search(r"(?:[a-z]+ ){0,3}$", norm[: number.start])
        start = left.start() if left and self.reader.free(left.start(), left.end()) else number.start
        right = re.match(r"(?: [a-z]+){0,3}", norm[number.end :])
        end = number.end + (right.end() if right and self.reader.free(number.end, number.end + right.end()) else 0)
        return self.reader.piece(start, end)


def bare_spot(number: TextItem) -> Spot:
    return Spot(number.start, number.end, number.start, number.end)
