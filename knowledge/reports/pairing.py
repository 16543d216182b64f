"""Labels and numbers of a message paired, and each pair read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise, product, takewhile

import msgspec

from knowledge.forms import check_report
from knowledge.model.forms import FigureKind, Indicator, split_term
from knowledge.model.periods import Period
from knowledge.numbers import NumberOutcome, Parsed, Reason, Refused, Unclear, parse_count, parse_money, parse_percent
from knowledge.reports.model import Doubt, NotTaken, Reading, Unsure
from knowledge.reports.doubts import shaken
from knowledge.reports.scanning import Item, Scan, Scanner
from knowledge.reports.times import Kind, Spot, When, governing, settle
from knowledge.reports.words import FILLERS

_SKIP_NUMBER, _SKIP_ZERO, _SKIP_LABEL, _MARGIN = 5.0, 1.5, 1.0, 0.75


@dataclass(frozen=True)
class Pair:
    label: Item
    number: Item
    alternatives: tuple[Item, ...] = ()
    zipped: bool = False
    is_sum: bool = False


@dataclass
class Outcome:
    """What pairing labels and numbers came to."""

    reader: Scanner
    scan: Scan
    periods: tuple[Period, ...] = ()
    unmatched: list[str] = field(default_factory=list)
    values: dict[str, Decimal] = field(default_factory=dict)
    ambiguous: list[Unsure] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    as_before: list[str] = field(default_factory=list)
    asks_at_end: bool = False
    whole_as_before: bool = False

    def take_positional(self, items: list[Item]) -> bool:
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

    def _bare_readings(self, numbers: list[Item]) -> Iterator[list[str]]:
        apart = [part for item in numbers for part in item.raw.split(" ")]
        yield [item.raw for item in numbers]
        yield apart
        if len(numbers) == 1:
            yield re.split(r"[, ]+", numbers[0].raw)

    def _plausible(self, figures: dict[str, Decimal]) -> bool:
        """Whether figures without names can stand in the order of the form: no bound of it broken."""
        return not check_report(self.reader.form, figures, None)

    def take(self, items: list[Item]) -> None:
        """Pair labels and numbers and read each pair."""
        items = [
            part for left, item in zip([None, *items], items, strict=False) for part in self._after_zero(left, item)
        ]
        items = self._of_others(items)
        items = self._absorb(items)
        items = self._explained(items)
        items = self._self_labelled(items)
        items, corrections = self._corrections(items)
        items = self._own_people(items)
        items, zipped = self._zip(items)
        pairs, lonely_numbers, lonely_labels = self._best(items)
        pairs = [self._beside_slash(pair, lonely_numbers) for pair in [*zipped, *pairs]]
        pairs.extend(self._sums(items, pairs, lonely_numbers))
        pairs.extend(Pair(label, number, zipped=True) for label, number in corrections)
        pairs.extend(self._carried(pairs, lonely_numbers))
        pairs = [self._left_over(pair, pairs, lonely_labels) for pair in pairs]
        pairs.sort(key=lambda pair: pair.number.start)
        connectors = self._all_dashed(pairs)
        found: dict[str, list[tuple[Decimal, Pair]]] = {}
        spots = [_spot(pair) for pair in pairs]
        whens = [governing(self.scan.whens, spot, spots, self.reader.layout) for spot in spots]
        self.settle_period(whens)
        labels = [item for item in items if item.is_label]
        every = sorted([*spots, *(_bare_spot(number) for number in lonely_numbers if not number.zero)], key=lambda s: s.at)
        found_shaken, rows = shaken(self.reader, self.reader.layout, every, labels)
        doubtful = set()
        for at in found_shaken | self._alone(every, spots, labels):
            owner = [i for i, spot in enumerate(spots) if spot.at <= every[at].at]
            if owner:
                doubtful.add(owner[-1])
                if every[at] not in spots:
                    left = pairs[owner[-1]]
                    raw = self.reader.norm[every[at].at : every[at].number_end]
                    pairs[owner[-1]] = replace(left, number=replace(left.number, others=(*left.number.others, raw)))
        compared: list[Pair] = []
        asked = self._in_questions(spots)
        for at, (pair, when) in enumerate(zip(pairs, whens, strict=True)):
            if when is not None and when.kind is Kind.COMPARED and self._is_compared(pair):
                compared.append(pair)
            elif spots[at].at in asked:
                continue
            elif not pair.is_sum and self._is_of_another_time(when):
                self._set_aside(pair, when)
            else:
                self._read_pair(pair, connectors, found, doubtful=at in doubtful)
        for key in rows & found.keys():
            self._doubt(key, found.pop(key))
        self._keep(lonely_labels)
        self._settle(found)
        for pair in compared:
            self._ask_compared(pair)
        for number in lonely_numbers:
            if number.zero:
                tail = self.reader.norm[number.end :].strip(" ?!.a")
                self.asks_at_end = self.asks_at_end or not tail
            else:
                self.unmatched.append(self._around(number))

    def settle_period(self, whens: list[When | None]) -> None:
        """The month of the report, from the spans of time that govern its figures."""
        named = [when for when in self.scan.whens if when.kind is Kind.MONTH]
        self.periods = settle(self.reader, self.scan.whens, whens, self.reader.last)
        if not self.periods and not any(when in named for when in whens):
            months = {month for when in named for month in when.months}
            self.periods = tuple(months) if len(months) == 1 and (not whens or named[0].declared) else ()
        this = any(when.kind is Kind.THIS for when in self.scan.whens)
        if not self.periods and this and self.reader.last is not None:
            self.periods = (self.reader.last,)

    def _is_compared(self, pair: Pair) -> bool:
        return any(self._is_moving(key) for key in pair.label.keys) or not pair.label.keys

    def _ask_compared(self, pair: Pair) -> None:
        """Ask about a movement against another month where nothing else is said of the row."""
        keys = [key for key in pair.label.keys if key not in self.values]
        if not pair.label.keys:
            self.unmatched.append(self._words_of(pair))
        value = _readings(parse_count(pair.number.raw))
        if keys and value and not any(r.key in keys for unsure in self.ambiguous for r in unsure.readings):
            self.ambiguous.append(Unsure(self._words_of(pair), (Reading(keys[0], value[0]),), Doubt.APPROXIMATE))

    def _alone(self, every: list[Spot], spots: list[Spot], labels: list[Item]) -> set[int]:
        """Numbers that are a clause of their own right behind a figure: nobody said what they are."""
        layout, out = self.reader.layout, set()
        named = {key for label in labels for key in label.keys}
        given = all(row.key in named for row in self.reader.form.asked)
        for at, spot in enumerate(every):
            begin, end = layout.clause(spot.at)
            rest = self.reader.norm[begin : spot.at] + self.reader.norm[spot.number_end : end]
            alone = given and begin != layout.sentence(spot.at)[0] and not self._unknown(rest)
            beside = at > 0 and every[at - 1] in spots and every[at - 1].at >= begin
            if spot not in spots and (alone or beside) and not any(True for _ in self.reader.spans("subset", begin, spot.at)):
                out.add(at)
        return out

    def _in_questions(self, spots: list[Spot]) -> set[int]:
        """Figures of sentences that only ask something, where others report."""
        asked = {
            spot.at for spot in spots if self.reader.norm[self.reader.layout.sentence(spot.at)[1] - 1 :][:1] == "?"
        }
        return asked if len(spots) - len(asked) >= 2 else set()

    def _left_over(self, pair: Pair, pairs: list[Pair], lonely: list[Item]) -> Pair:
        """Name the total behind a movement of its people: "đoàn viên giảm 1, còn 44"."""
        if not pair.label.total:
            return pair
        begin, _ = self.reader.layout.sentence(pair.number.start)
        said = [*(other.label for other in pairs), *lonely]
        before = [label for label in said if begin <= label.start < pair.label.start]
        nouns = [
            part
            for label in before
            for part in (label.parts or (label,))
            if len(part.keys) == 1 and self.reader.by_key[part.keys[0]].noun
        ]
        if not nouns or any(nouns[0].keys == other.label.keys for other in pairs):
            return pair
        return replace(pair, label=replace(nouns[0], start=pair.label.start, end=pair.label.end), alternatives=())

    def _carried(self, pairs: list[Pair], lonely: list[Item]) -> list[Pair]:
        """Bare figures of this month behind one of another time: "đoàn viên đầu tháng 76, cuối tháng 78"."""
        out: list[Pair] = []
        spots = [_spot(pair) for pair in sorted(pairs, key=lambda pair: pair.number.start)]
        ordered = sorted(pairs, key=lambda pair: pair.number.start)
        for number in list(lonely):
            when = governing(self.scan.whens, _bare_spot(number), [*spots, _bare_spot(number)], self.reader.layout)
            if number.zero or when is None or when.kind not in {Kind.NOW, Kind.THIS, Kind.MONTH}:
                continue
            if when.start < self.reader.layout.clause(number.start)[0]:
                continue
            past = [
                at
                for at, spot in enumerate(spots)
                if spot.at < number.start
                and (other := governing(self.scan.whens, spot, spots, self.reader.layout)) is not None
                and other.kind in {Kind.OTHER, Kind.MONTH}
                and other is not when
            ]
            if past and ordered[past[-1]].label.keys:
                label, beside = ordered[past[-1]].label, not any(spots[past[-1]].at < s.at < number.start for s in spots)
                lonely.remove(number)
                out.append(Pair(label, number, () if beside else (label,), zipped=True))
        return out

    def _is_of_another_time(self, when: When | None) -> bool:
        if when is None or when.kind in {Kind.THIS, Kind.NOW, Kind.COMPARED}:
            return False
        if when.kind is Kind.MONTH:
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

    def _corrections(self, items: list[Item]) -> tuple[list[Item], list[tuple[Item, Item]]]:
        """Figures that put right the one before: bare behind words of correction, or flagged where they have a name."""
        kept: list[Item] = []
        corrections: list[tuple[Item, Item]] = []
        label: Item | None = None
        for index, item in enumerate(items):
            begin = items[index - 1].end if index else 0
            clause_end = self.reader.layout.clause(item.start)[1]
            surely = {span for span in self.reader.spans("surely", begin, item.start)}
            said = any(not any(a <= span[0] < b for a, b in surely) for span in self.reader.spans("correcting", begin, item.start))
            behind = any(True for _ in self.reader.spans("surely", item.end, min(clause_end, self._next(items, index))))
            follows = items[index + 1] if index + 1 < len(items) else None
            if item.is_label:
                label = item if item.keys else label
                kept.append(replace(item, corrects=said) if said else item)
                continue
            named = index > 0 and items[index - 1].is_label and not said
            led = follows is not None and follows.is_label and self._gap(item, follows) == 0
            if (said or behind) and not named and not led and label is not None and not item.zero:
                corrections.append((label, replace(item, corrects=True)))
                continue
            kept.append(replace(item, corrects=said or behind) if said or behind else item)
        return kept, corrections

    def _next(self, items: list[Item], index: int) -> int:
        return items[index + 1].start if index + 1 < len(items) else len(self.reader.norm)

    def _own_people(self, items: list[Item]) -> list[Item]:
        """Name the staff where a unit counts nothing but its people: "trường em có 54 người"."""
        row = self.reader.staff_row
        if not row or any(item.is_label and row[0] in item.keys for item in items):
            return items
        for index, item in enumerate(items):
            if item.is_label or item.zero:
                continue
            begin, end = self.reader.layout.clause(item.start)
            before = [other for other in items[:index] if other.start >= begin and not other.total]
            own = any(True for _ in self.reader.spans("own", begin, item.start))
            people = next(self.reader.spans("people", item.end, end), None)
            if not before and own and people and not self.reader.norm[item.end : people[0]].strip():
                follows = items[index + 1] if index + 1 < len(items) else None
                if follows is not None and follows.is_label and self._gap(item, follows) == 0:
                    continue
                dropped = [other for other in items[:index] if not (other.start >= begin and other.total)]
                return [*dropped, Item(item.start, item.start, True, row, words=("#",)), *items[index:]]
        return items

    def _sums(self, items: list[Item], pairs: list[Pair], lonely: list[Item]) -> list[Pair]:
        """Sums stated behind their parts: the number that the parts make up is the row's own."""
        out: list[Pair] = []
        for number in [item for item in items if not item.is_label and not item.zero]:
            begin, _ = self.reader.layout.sentence(number.start)
            said = [end for _, end in self.reader.spans("sum", begin, number.start)]
            if not said or self.reader.norm[said[-1] : number.start].strip(" :="):
                continue
            earlier = [item for item in items if item.is_label and item.keys and begin <= item.start < number.start]
            parts = [i for i in items if not i.is_label and begin <= i.start < number.start and not i.zero]
            values = [value for part in parts for value in _readings(parse_count(part.raw))[:1]]
            whole = _readings(parse_count(number.raw))
            if len(parts) > 1 and earlier and whole and sum(values) == whole[0]:
                used = [pair for pair in pairs if pair.number in (number, *parts)]
                for pair in used:
                    pairs.remove(pair)
                for part in (number, *parts):
                    if part in lonely:
                        lonely.remove(part)
                out.append(Pair(earlier[0], number, zipped=True, is_sum=True))
        return out

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
        self.kept.extend(row.key for row in self.reader.form.asked if row.parent is None and row.key not in self.kept)

    def _keep(self, labels: list[Item]) -> None:
        """Rows said to be as before; "as before" said of no row in particular says it of the whole report."""
        for start, end in self.scan.as_before:
            owner = next(
                (
                    item
                    for item in labels
                    if item.keys
                    and re.fullmatch(
                        r"[\s:=,]*(?:(?:van|thi|la|hien)\s*)*",
                        self.reader.norm[item.end : start] if item.end <= start else "x",
                    )
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
            elif owner is None and not self.reader.norm[start:end].startswith(("cung", "y vay")):
                self.whole_as_before = True
                self._keep_totals()

    # Shapes

    def _gap(self, left: Item, right: Item) -> float:
        """How far apart two neighbours stand: 0 side by side, less for a colon, more for each thing between."""
        between = self._unclaimed(left.end, right.start)
        cost = 0.0
        if "\n" in between:
            cost += 3
        elif re.search(r"[;]|\.\s", between):
            cost += 2.5
        elif "," in between:
            cost += 2
        elif "|" in between:
            cost += 0.5
        elif re.search(r"[()]", between):
            cost += 1
        if re.search(r"\b(?:va|trong do|gom|bao gom|voi|con)\b", between):
            cost += 1
        if left.is_label and re.match(r"\s*(?:\([^()]*\)\s*)?[:=]", between):
            cost -= 1
        if left.total or right.total:
            cost += 1.2
        return cost + 1.5 * len(self._unknown(between))

    def _unknown(self, between: str) -> list[str]:
        """Words between that mean nothing here."""
        return [word for word in re.findall(r"[a-z][a-z0-9]*", between) if word.removesuffix("zz") not in FILLERS]

    def _unclaimed(self, start: int, end: int) -> str:
        """A stretch with what is explained in it blanked out."""
        text = "".join(c if not m or not c.isalnum() else " " for c, m in zip(self.reader.norm[start:end], self.reader.marks[start:end], strict=True))
        # Names of people and places count nothing.
        return re.sub(r"[a-z]+", lambda m: " " if self._is_name(start + m.start()) else m[0], text)

    def _is_name(self, at: int) -> bool:
        reader = self.reader
        first = at == reader.layout.clause(at)[0] or not reader.norm[: at].strip(" \n.,;:(-")
        return not first and reader.original_at(at).isupper() and reader.original_at(at + 1).islower()

    def _absorb(self, items: list[Item]) -> list[Item]:
        """Drop the name of what is counted after a sub-row's figure: "kết nạp 12 đoàn viên"."""
        kept: list[Item] = []
        for index, item in enumerate(items):
            if item.is_label and len(kept) >= 2 and not kept[-1].is_label and kept[-2].is_label and len(item.keys) == 1:
                number, label = kept[-1], kept[-2]
                noun = self.reader.by_key[item.keys[0]].noun or item.keys == label.keys
                child = item.keys == label.keys or any(
                    self.reader.children.get(key) == item.keys[0] for key in label.keys
                )
                follows = items[index + 1] if index + 1 < len(items) else None
                led = follows is not None and not follows.is_label and not follows.sign and self._gap(item, follows) < 1
                if noun and child and self._gap(number, item) == 0 and self._gap(label, number) < 1 and not led:
                    continue
            kept.append(item)
        return kept

    def _explained(self, items: list[Item]) -> list[Item]:
        """Drop the name of a movement that only explains the figure before it: "giảm 1 cô chuyển về Huế"."""
        kept: list[Item] = []
        for index, item in enumerate(items):
            if item.is_label and len(kept) > 1 and kept[-2].is_label and not kept[-1].is_label:
                begin, end = self.reader.layout.clause(item.start)
                last = index + 1 == len(items) or items[index + 1].start >= end
                moving = bool(item.keys) and all(self._is_moving(key) for key in item.keys)
                if moving and last and kept[-1].start >= begin and kept[-2].keys and self._gap(kept[-2], kept[-1]) < 1:
                    apart = self.reader.norm[kept[-1].end : item.start].split()
                    if apart and not kept[-1].zero:
                        continue
            kept.append(item)
        return kept

    def _of_others(self, items: list[Item]) -> list[Item]:
        """In "lao động 500 (tăng 10)" the increase is not one of members: nothing the form asks for."""
        return [
            replace(item, keys=()) if item.is_label and self._others_bracket(items, item, item.keys) else item
            for item in items
        ]

    def _others_bracket(self, items: list[Item], item: Item, keys: tuple[str, ...]) -> bool:
        """Whether `item`, naming sub-rows, stands in a bracket behind the total of another row."""
        parents = {self.reader.children.get(key) for key in keys} - {None}
        bracket = self.reader.norm.rfind("(", 0, item.start)
        if not parents or bracket < 0 or ")" in self.reader.norm[bracket : item.start]:
            return False
        owner = next((i for i in reversed(items) if i.is_label and i.end <= bracket), None)
        if owner is None or not owner.keys or "," in self.reader.norm[owner.end : bracket]:
            return False
        return not parents & {*owner.keys} and not any(key in self.reader.children for key in owner.keys)

    def _after_zero(self, left: Item | None, item: Item) -> list[Item]:
        """ "Không tăng giảm 3" denies the increase only: the two words are two rows there."""
        if left is None or not left.zero or len(item.keys) != 1 or item.words != ("tang", "giam"):
            return [item]
        middle = self.reader.norm.index("giam", item.start)
        plus, minus = (split_term(term)[0] for term in self.reader.by_key[item.keys[0]].derived)
        return [replace(item, end=middle - 1, keys=(plus,)), replace(item, start=middle, keys=(minus,))]

    def _self_labelled(self, items: list[Item]) -> list[Item]:
        """Give "+12" and "-3" the row their sign stands for, unless the label beside them has it anyway."""
        by_sign = {row.sign: row.key for row in self.reader.form.indicators if row.sign}
        out: list[Item] = []
        dashed = self._all_dashed_items(items)
        for index, item in enumerate(items):
            if item.is_label or not item.sign or item.sign not in by_sign or dashed:
                out.append(item)
                continue
            left = items[index - 1] if index else None
            right = items[index + 1] if index + 1 < len(items) else None
            beside = left if left is not None and left.is_label and self._gap(left, item) < 1 else None
            owned = beside is not None and any(self._is_moving(key) for key in beside.keys)
            to_right = (
                right is not None
                and right.is_label
                and self._gap(item, right) == 0
                and by_sign[item.sign] in right.keys
            )
            alone = (
                beside is not None and not owned and item.sign == "-" and not self._other_number(items, index, beside)
            )
            opposite = next(
                (i for i in (left, right) if i is not None and not i.is_label and i.sign and i.sign != item.sign), None
            )
            if (owned and not (opposite is right and opposite is not None)) or to_right or alone:
                out.append(item)
            else:
                key = by_sign[item.sign]
                others = self._others_bracket(items, item, (key,))
                out.append(Item(item.start, item.start, True, () if others else (key,), words=(item.sign,)))
                out.append(item)
        return out

    def _other_number(self, items: list[Item], index: int, label: Item) -> bool:
        """Whether the row of `label` has a figure of its own elsewhere, or another sign follows ("đv +12 -3")."""
        following = items[index + 1] if index + 1 < len(items) else None
        return (following is not None and bool(following.sign)) or any(
            item is not label and item.is_label and item.keys == label.keys for item in items
        )

    def _is_moving(self, key: str) -> bool:
        row = self.reader.by_key[key]
        return row.sign is not None or row.signed

    def _all_dashed_items(self, items: list[Item]) -> bool:
        """Whether a dash stands before every figure after a label: a dash to link them, not a minus."""
        signs = [right.sign for left, right in pairwise(items) if left.is_label and not right.is_label]
        return len(signs) > 1 and all(sign == "-" for sign in signs)

    def _all_dashed(self, pairs: list[Pair]) -> bool:
        return len(pairs) > 1 and all(pair.number.sign == "-" for pair in pairs)

    def _zip(self, items: list[Item]) -> tuple[list[Item], list[Pair]]:
        """Take runs of labels followed by as many numbers (a table's head and row, "tăng/giảm: 12/3") pair by pair."""
        rest: list[Item] = []
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
            if labels and numbers:
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

    def _zipped(self, labels: list[Item], numbers: list[Item], following: Item | None) -> list[Pair] | None:
        if following is not None and self._gap(numbers[-1], following) < 2:
            return None
        heads = [label for label in labels if not label.total or len(labels) == len(numbers)]
        if len(heads) < len(numbers):
            heads = [part for label in heads for part in (label.parts or (label,))]
        if len(heads) == 1 and len(numbers) == 2:
            heads = self._two_in_one(labels[0])
        if len(heads) < 2 or len(heads) != len(numbers) or any(n.zero for n in numbers[:1]):
            return None
        return [Pair(label, number, zipped=True) for label, number in zip(heads, numbers, strict=True)]

    def _beside_slash(self, pair: Pair, lonely: list[Item]) -> Pair:
        """Of "480/500 đoàn viên" either figure may be meant."""
        for other in lonely:
            first, second = sorted((pair.number, other), key=lambda item: item.start)
            if re.fullmatch(r"\s*/\s*", self.reader.norm[first.end : second.start]):
                return replace(pair, alternatives=(*pair.alternatives, pair.label))
        return pair

    def _reversed(self, numbers: list[Item], labels: list[Item]) -> list[Pair] | None:
        """Pairs of "480/500 đoàn viên/lao động": figures first, all joined by slashes."""
        joined = all(
            re.fullmatch(r"\s*/\s*", self.reader.norm[a.end : b.start])
            for run in (numbers, labels)
            for a, b in pairwise(run)
        )
        if len(numbers) < 2 or len(numbers) != len(labels) or not joined:
            return None
        return [Pair(label, number, zipped=True) for label, number in zip(labels, numbers, strict=True)]

    def _two_in_one(self, label: Item) -> list[Item]:
        """The two rows that "tăng/giảm" names when two figures follow it."""
        row = self.reader.by_key[label.keys[0]] if len(label.keys) == 1 else None
        if row is None or not row.derived or label.words[:2] != ("tang", "giam"):
            return [label]
        return [replace(label, keys=(split_term(term)[0],)) for term in row.derived]

    # Pairs

    def _best(self, items: list[Item]) -> tuple[list[Pair], list[Item], list[Item]]:
        """The cheapest pairing over all ways to take joined labels apart, and what it leaves over."""
        spots = [i for i, item in enumerate(items) if item.parts and item.keys][:6]
        best: tuple[float, list[Item]] | None = None
        for choice in product((False, True), repeat=len(spots)):
            apart = {spot for spot, split in zip(spots, choice, strict=True) if split}
            variant = [part for i, item in enumerate(items) for part in (item.parts if i in apart else (item,))]
            cost = self._cheapest(variant, None)[0] + 0.1 * len(apart)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, variant)
        chosen = best[1] if best is not None else items
        cost, picks = self._cheapest(chosen, None)
        pairs: list[Pair] = []
        used: set[int] = set()
        for at in picks:
            other_cost, other = self._cheapest(chosen, at)
            rivals: tuple[Item, ...] = ()
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

    def _cheapest(self, items: list[Item], forbidden: int | None) -> tuple[float, list[int]]:
        """The cheapest pairing of neighbours and the places of its pairs; `forbidden` is a place not to pair."""
        costs, picks = [0.0], [-1]
        # Who begins with a name goes on with "name, figure"; a message that begins with a figure may turn either way.
        turned = 0.5 if items and items[0].is_label else 0.0
        for i, item in enumerate(items):
            skip = costs[-1] + (
                _SKIP_LABEL * (not item.total) if item.is_label else _SKIP_ZERO if item.zero else _SKIP_NUMBER
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

    # Values

    def _no_movement(self, label: Item) -> list[str]:
        """The rows that "tăng giảm đều không" denies."""
        row = self.reader.by_key[label.keys[0]] if len(label.keys) == 1 else None
        if row is None or not row.derived or label.words[:2] != ("tang", "giam"):
            return []
        return [split_term(term)[0] for term in row.derived]

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
        if number.zero and (both := self._no_movement(label)):
            for key in both:
                found.setdefault(key, []).append((Decimal(0), pair))
            return
        if number.zero and self._unknown(self._between(pair)):
            return
        unknown = [] if pair.zipped else self._unknown(self._between(pair))
        rivals = [item for item in pair.alternatives if item.keys != label.keys or item is label]
        if len(label.keys) > 1 or rivals or unknown:
            keys = dict.fromkeys(key for item in (label, *pair.alternatives) for key in item.keys)
            readings = tuple(
                Reading(key, value)
                for key in keys
                for value in _readings(self._value(self.reader.by_key[key], number, connectors))
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
            readings = tuple(Reading(k, v) for k in (key, other) if k is not None for v in _readings(outcome))
            self.ambiguous.append(Unsure(piece, readings, Doubt.PLACE))
            return
        match outcome:
            case Parsed(value) if number.around or doubtful:
                others = [v for raw in number.others for v in _readings(parse_count(raw))]
                readings = tuple(Reading(key, each) for each in dict.fromkeys([value, *others]))
                self.ambiguous.append(Unsure(piece, readings, Doubt.CONFLICT if others else Doubt.APPROXIMATE))
            case Parsed(value):
                found.setdefault(key, []).append((value, pair))
            case Unclear(readings=values):
                self.ambiguous.append(Unsure(piece, tuple(Reading(key, value) for value in values), Doubt.NUMBER))
            case Refused(reason=Reason.PERCENT):
                self.unmatched.append(piece)
            case Refused(reason=reason):
                self.refused.append(NotTaken(piece, key, reason))

    def _value(self, row: Indicator, number: Item, connectors: bool, words: tuple[str, ...] = ()) -> NumberOutcome:
        raw = number.raw
        if row.signed and number.sign == "-" and not connectors:
            raw = f"-{raw}"
        elif row.signed and "giam" in words and "tang" not in words:
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
        """ "Tổng" of nothing named may be any of the form's own totals."""
        roots = [row for row in self.reader.form.asked if row.parent is None and row.kind is FigureKind.COUNT][:4]
        readings = tuple(Reading(row.key, value) for row in roots for value in _readings(parse_count(pair.number.raw)))
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
            if len(set(values)) == 1:
                self.values[key] = values[0]
                continue
            largest = max(values)
            if len(values) > 2 and sum(values) == 2 * largest:
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
                    {"tang", "+"} & set(net[1].label.words)
                    and "tang" not in gain[1].label.words
                    and net[0] == gain[0] - losses[0][0]
                ):
                    found[row.key], found[plus] = [net], [gain]
                    return

    # Words

    def _between(self, pair: Pair) -> str:
        first, second = sorted((pair.label, pair.number), key=lambda item: item.start)
        text = self._unclaimed(first.end, second.start)
        return "" if "|" in text or "\n" in text else text

    def _words_of(self, pair: Pair) -> str:
        return self._stretch((pair.label, pair.number))

    def _stretch(self, items: Iterable[Item]) -> str:
        spots = [(item.start, item.end) for item in items]
        start, end = min(s for s, _ in spots), max(e for _, e in spots)
        if self.reader.norm[start:end].count("\n") > 1:
            return " ".join(self.reader.piece(s, e) for s, e in sorted(spots))
        return self.reader.piece(start, end).replace("\n", " ")

    def _around(self, number: Item) -> str:
        """A number nobody claimed, with the words of its line that nobody claimed either."""
        norm = self.reader.norm
        left = re.search(r"(?:[a-z]+ ){0,3}$", norm[: number.start])
        start = left.start() if left and self.reader.free(left.start(), left.end()) else number.start
        right = re.match(r"(?: [a-z]+){0,3}", norm[number.end :])
        end = number.end + (right.end() if right and self.reader.free(number.end, number.end + right.end()) else 0)
        return self.reader.piece(start, end)


def _bare_spot(number: Item) -> Spot:
    return Spot(number.start, number.end, number.start, number.end)


def _spot(pair: Pair) -> Spot:
    label, number = pair.label, pair.number
    near = abs(label.start - number.start) < 60
    start = min(label.start, number.start) if near else number.start
    return Spot(start, max(number.end, label.end if near else 0), number.start, number.end, bool(label.keys))


def _readings(outcome: NumberOutcome) -> tuple[Decimal, ...]:
    match outcome:
        case Parsed(value):
            return (value,)
        case Unclear(readings=values):
            return values
        case Refused(nearest=nearest):
            return () if nearest is None else (nearest,)
