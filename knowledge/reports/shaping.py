"""Labels and numbers brought into shape before they are paired."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from knowledge.model.forms import split_term
from knowledge.numbers import NumberOutcome, Parsed, Refused, UnclearNumber, parse_count
from knowledge.reports.message import TextItem, is_up_down
from knowledge.reports.model import Unsure
from knowledge.reports.phrases import folded, phrases
from knowledge.reports.scanning import Scan, Scanner
from knowledge.reports.words import (
    ALL_ARE,
    ALL_ARE_PEOPLE,
    ALL_OF_PEOPLE,
    FILLERS,
    GAP_WORD,
    ORDER_LINK,
    ORDER_TOLD,
    OUT_OF,
    UNION_OWN,
)


@dataclass
class Shaping:
    """Names and numbers of a message in order, put right where one leans on the other."""

    reader: Scanner
    scan: Scan

    def _gap(self, left: TextItem, right: TextItem) -> float:
        """How far apart two neighbours stand: 0 side by side, less for a colon, more for each thing between."""
        between = self._unclaimed(left.end, right.start)
        cost = 0.0
        if "\n" in between:
            cost += 3
        elif not left.is_label and right.is_label and re.search(r"\.\s", between):
            # A figure that ends a sentence is hardly of the name that begins the next.
            cost += 6
        elif re.search(r"[;]|\.\s", between):
            cost += 2.5
        elif "," in between or " / " in between:
            cost += 2
        elif " - " in between and right.is_label:
            cost += 1
        elif "|" in between:
            cost += 0.5
        elif re.search(r"[()]", between):
            cost += 1
        if GAP_WORD.search(between):
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
        return "".join(
            c if not m or not c.isalnum() else " "
            for c, m in zip(self.reader.norm[start:end], self.reader.marks[start:end], strict=True)
        )

    def _absorb(self, items: list[TextItem]) -> list[TextItem]:
        """Drop the name of what is counted after a sub-row's figure: "kết nạp 12 đoàn viên"."""
        kept: list[TextItem] = []
        for index, item in enumerate(items):
            if item.is_label and len(kept) >= 2 and not kept[-1].is_label and kept[-2].is_label and len(item.keys) == 1:
                number, label = kept[-1], kept[-2]
                noun = item.keys[0] not in self.reader.children or item.keys == label.keys
                child = item.keys == label.keys or any(key in self.reader.children for key in label.keys)
                follows = items[index + 1] if index + 1 < len(items) else None
                led = follows is not None and not follows.is_label and not follows.sign and self._gap(item, follows) < 1
                if noun and child and self._gap(number, item) == 0 and self._gap(label, number) < 1 and not led:
                    continue
            kept.append(item)
        return kept

    def _explained(self, items: list[TextItem]) -> list[TextItem]:
        """Drop the name of a movement that only explains the figure before it: "giảm 1 cô chuyển về Huế"."""
        kept: list[TextItem] = []
        for index, item in enumerate(items):
            if item.is_label and item.keys and len(kept) > 1 and kept[-2].total and not kept[-1].is_label:
                ends = index + 1 == len(items) or self._gap(item, items[index + 1]) >= 1
                if ends and self._gap(kept[-1], item) == 0 and not kept[-1].zero:
                    # "Tổng: 62 lao động": the total has its name behind the figure.
                    del kept[-2]
            total = any(key not in self.reader.children for key in item.keys)
            if item.is_label and not total and len(kept) > 1 and kept[-2].is_label and not kept[-1].is_label:
                begin, end = self.reader.layout.clause(item.start)
                last = index + 1 == len(items) or items[index + 1].start >= end
                if last and kept[-2].start >= begin and kept[-2].keys and self._gap(kept[-2], kept[-1]) < 1:
                    apart = self.reader.norm[kept[-1].end : item.start].split()
                    if apart and not kept[-1].zero:
                        continue
            kept.append(item)
        return kept

    def _of_others(self, items: list[TextItem]) -> list[TextItem]:
        """In "lao động 500 (tăng 10)" the increase is not one of members: nothing the form asks for."""
        return [
            replace(item, keys=(), total=False)
            if item.is_label
            and (
                self._others_bracket(items, item, item.keys)
                or (item.total and self.reader.norm[: item.start].rstrip().endswith("("))
            )
            else item
            for item in items
        ]

    def _others_bracket(self, items: list[TextItem], item: TextItem, keys: tuple[str, ...]) -> bool:
        """Whether `item`, naming sub-rows, stands in a bracket behind the total of another row."""
        parents = {self.reader.children.get(key) for key in keys} - {None}
        bracket = self.reader.norm.rfind("(", 0, item.start)
        if not parents or bracket < 0 or ")" in self.reader.norm[bracket : item.start]:
            return False
        owner = next((i for i in reversed(items) if i.is_label and i.end <= bracket), None)
        if owner is None or not owner.keys or "," in self.reader.norm[owner.end : bracket]:
            return False
        return not parents & {*owner.keys} and not any(key in self.reader.children for key in owner.keys)

    def _after_zero(self, left: TextItem | None, item: TextItem) -> list[TextItem]:
        """ "Không tăng giảm 3" denies the increase only: the two words are two rows there."""
        if left is None or not left.zero or len(item.keys) != 1 or not is_up_down(item.words):
            return [item]
        middle = item.end - len(item.words[-1])
        plus, minus = (split_term(term)[0] for term in self.reader.by_key[item.keys[0]].derived)
        return [replace(item, end=middle - 1, keys=(plus,)), replace(item, start=middle, keys=(minus,))]

    def _self_labelled(self, items: list[TextItem]) -> list[TextItem]:
        """Give "+12" and "-3" the row their sign stands for, unless the label beside them has it anyway."""
        by_sign = {row.sign: row.key for row in self.reader.form.indicators if row.sign}
        out: list[TextItem] = []
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
            alone = beside is not None and not owned and item.sign == "-" and not (right is not None and right.sign)
            opposite = next(
                (i for i in (left, right) if i is not None and not i.is_label and i.sign and i.sign != item.sign), None
            )
            if (owned and not (opposite is right and opposite is not None)) or to_right or alone:
                out.append(item)
            else:
                key = by_sign[item.sign]
                others = self._others_bracket(items, item, (key,))
                out.append(TextItem(item.start, item.start, True, () if others else (key,), words=(item.sign,)))
                out.append(item)
        return out

    def _is_moving(self, key: str) -> bool:
        row = self.reader.by_key[key]
        return row.sign is not None or row.signed

    def _adds_to(self, unsure: Unsure) -> bool:
        """Whether a piece may count others who moved than those of the figure taken: "1 y sĩ xin thôi việc nữa"."""
        keys = {reading.key for reading in unsure.readings}
        return len(keys) == 1 and self._is_moving(*keys)

    def _all_dashed_items(self, items: list[TextItem]) -> bool:
        """Whether a dash stands before every figure after a label: a dash to link them, not a minus."""
        signs = [right.sign for left, right in pairwise(items) if left.is_label and not right.is_label]
        return len(signs) > 1 and all(sign == "-" for sign in signs)

    def _corrections(self, items: list[TextItem]) -> tuple[list[TextItem], list[tuple[TextItem, TextItem]]]:
        """Figures that put right the one before: bare behind words of correction, or flagged where they have a name."""
        kept: list[TextItem] = []
        corrections: list[tuple[TextItem, TextItem]] = []
        label: TextItem | None = None
        for index, item in enumerate(items):
            begin = items[index - 1].end if index else 0
            clause_end = self.reader.layout.clause(item.start)[1]
            surely = set(self.reader.spans("surely", begin, item.start))
            said = any(
                not any(a <= span[0] < b for a, b in surely) and not self._is_counted(*span)
                for span in self.reader.spans("correcting", begin, item.start)
            )
            said = said and not any(True for _ in self.reader.spans("adding", begin, item.start))
            first, colon, _ = self.reader.norm[self.reader.layout.sentence(item.start)[0] : item.start].partition(":")
            said = said or (item.is_label and bool(colon) and tuple(first.split()) in phrases("sum_row"))
            behind = any(True for _ in self.reader.spans("surely", item.end, min(clause_end, self._next(items, index))))
            follows = items[index + 1] if index + 1 < len(items) else None
            if item.is_label:
                again = any(other.keys == item.keys for other in kept if other.is_label and item.keys)
                put_right = any(other.is_label and other.corrects for other in kept[-2:]) and again
                label = item if item.keys else label
                kept.append(replace(item, corrects=True) if said or put_right else item)
                continue
            named = index > 0 and items[index - 1].is_label and not said
            led = follows is not None and follows.is_label and self._gap(item, follows) == 0 and not behind
            if (said or behind) and not named and not led and label is not None and not item.zero:
                # "75 (nhầm 76)" does not say which of the two it is.
                slips = self.reader.spans("mistaken", begin, item.start)
                either = (
                    not behind
                    and any(end == item.start - 1 for _, end in slips)
                    and not re.search(rf"(?:{'|'.join(folded('oh'))}) \w+ $", self.reader.norm[begin : item.start])
                )
                corrections.append((label, replace(item, corrects=True, around=either)))
                continue
            kept.append(replace(item, corrects=said or behind) if said or behind else item)
        return kept, corrections

    def _is_counted(self, start: int, end: int) -> bool:
        """Whether what may be a cry of dismay says who is counted: "1 chết"."""
        words = self.reader.norm[start:end]
        return words in folded("cries") and re.search(r"\d $", self.reader.norm[:start]) is not None

    def _next(self, items: list[TextItem], index: int) -> int:
        return items[index + 1].start if index + 1 < len(items) else len(self.reader.norm)

    def _same_people(self, items: list[TextItem]) -> list[TextItem]:
        """Figures said twice said once, and those of one row that are all of another: "54 nv, cả 54 nv đều là đv"."""
        kept: list[TextItem] = []
        for item in items:
            last, before = (kept[-1] if kept else None), (kept[-2] if len(kept) > 1 else None)
            between = self.reader.norm[last.end : item.start] if last is not None else ""
            if last is not None and not last.is_label and not item.is_label and between.strip() == "(":
                if readings_of(parse_count(last.raw)) == readings_of(parse_count(item.raw)):
                    continue
            elif item.is_label and last is not None and not last.is_label and self._are_all(between, item):
                row = self.reader.staff_row
                if row and kept[-2:-1] and kept[-2].keys == row and (len(kept) < 3 or kept[-3].is_label):
                    kept.append(replace(last, start=item.start, end=item.start))
                elif row and not any(other.is_label and row[0] in other.keys for other in items):
                    kept[-1:] = [
                        TextItem(last.start, last.start, True, row, words=("#",)),
                        last,
                        replace(last, start=item.start, end=item.start),
                    ]
            elif item.is_label and before is not None and not before.is_label and last is not None and last.keys:
                joined = item.keys == self.reader.members_row and self._are_all(between, item)
                if not joined and not ALL_ARE.fullmatch(between.replace("zz", "")):
                    kept.append(item)
                    continue
                kept.append(replace(before, start=item.start, end=item.start))
            kept.append(item)
        return kept

    def _are_all(self, between: str, label: TextItem) -> bool:
        """Whether people are said to be all of a row: "23 cán bộ đều đã vào công đoàn"."""
        between = between.replace("zz", "")
        leads = label.keys == self.reader.members_row and label.words[0] in folded("member_lead")
        return (ALL_OF_PEOPLE if leads else ALL_ARE_PEOPLE).fullmatch(between) is not None

    def _without_parts(self, items: list[TextItem]) -> list[TextItem]:
        """Drop the figures right behind a row's own that make it up, with their names: "giảm 2 (1 hưu, 1 chuyển)"."""
        kept: list[TextItem] = []
        at = 0
        while at < len(items):
            kept.append(items[at])
            row = next((i for i in reversed(kept) if i.is_label and i.keys), None)
            at += 1
            if items[at - 1].is_label or row is None or len(row.keys) != 1:
                continue
            end = self._end_of_parts(items, at, row)
            at = end or at
        return kept

    def _end_of_parts(self, items: list[TextItem], at: int, row: TextItem) -> int | None:
        """Where the parts of the figure right before `at` end, or None where what follows does not make it up."""
        whole = next(iter(readings_of(parse_count(items[at - 1].raw))), None)
        until = self.reader.layout.sentence(items[at - 1].start)[1]
        if self.reader.norm[until : until + 2].strip() == "(":
            until = self.reader.layout.sentence(until + 1)[1]
        if at == len(items):
            return None
        lead = self.reader.norm[items[at - 1].end : items[at].start]
        if re.search(r"\.\s", lead) and self._is_moving(row.keys[0]):
            # "Giảm 4. 2 hưu, 2 chuyển."
            return self._end_of_sum(items, at, row, whole, self.reader.layout.sentence(items[at].start)[1])
        if not re.search(r"[(:]", lead) and not any(
            True for _ in self.reader.spans("made_of", items[at - 1].end, until)
        ):
            return None
        made_up = self._end_of_sum(items, at, row, whole, until)
        if made_up is not None:
            return made_up
        among = next(self.reader.spans("among", items[at - 1].end, items[at].start), None)
        if among is not None and not items[at].is_label and self._only_of(row, items[at + 1 : at + 2], until):
            return at + 2 if items[at + 1 : at + 2] and items[at + 1].is_label else at + 1
        if among is not None and items[at].keys == row.keys and items[at + 1 : at + 2] and not items[at + 1].is_label:
            return at + 2
        return None

    def _end_of_sum(
        self, items: list[TextItem], at: int, row: TextItem, whole: Decimal | None, until: int
    ) -> int | None:
        """Where the figures from `at` on end that make up `whole` together, or None where they do not."""
        total, count = Decimal(0), 0
        for index in range(at, len(items)):
            item = items[index]
            if item.start >= until or (item.is_label and set(item.keys) - set(row.keys)):
                break
            if not item.is_label:
                total += next(iter(readings_of(parse_count(item.raw))), Decimal(0))
                count += 1
                inside = [part for part in items[at : index + 1] if part.is_label]
                others = bool(inside) and not any(part.keys for part in inside)
                proper = folded("up") & {*row.words} and any(
                    folded("admitting") & {*part.words, " ".join(part.words[:2])} for part in inside
                )
                if total == whole and count > 1 and not others and not proper:
                    tail = items[index + 1 : index + 2]
                    named = bool(tail) and tail[0].is_label and not set(tail[0].keys) - set(row.keys)
                    return (
                        index + 2 if named and tail[0].start < self.reader.layout.clause(item.start)[1] else index + 1
                    )
        return None

    def _only_of(self, row: TextItem, following: list[TextItem], until: int) -> bool:
        """Whether what follows a figure names the same row, and nothing else."""
        return (
            bool(following) and following[0].is_label and following[0].keys == row.keys and following[0].start < until
        )

    def _named_around(self, items: list[TextItem]) -> list[TextItem]:
        """Names for figures that have none of their own but for what is said around them."""
        return self._union_people(self._out_of(self._order_told(self._own_people(items))))

    def _order_told(self, items: list[TextItem]) -> list[TextItem]:
        """Put names that are told behind two figures before them: "48/45, trước là lao động, sau là đoàn viên"."""
        for at, (first, second) in enumerate(pairwise(items)):
            if not (first.is_label and second.is_label and first.keys and second.keys):
                continue
            begin, end = self.reader.layout.clause(first.start)[0], self.reader.layout.clause(second.start)[1]
            between, lead = (
                self.reader.norm[first.end : second.start],
                self.reader.norm[max(0, begin - 1) : first.start],
            )
            inside = [item for item in items if begin <= item.start < end]
            if (
                inside != [first, second]
                or self._runs_on(items, at)
                or not ORDER_LINK.fullmatch(between)
                or not ORDER_TOLD.search(lead)
            ):
                continue
            slashed = (
                index
                for index, (a, b) in enumerate(pairwise(items[:at]))
                if not (a.is_label or b.is_label or (index and items[index - 1].is_label))
                and self.reader.norm[a.end : b.start].strip() in {"/", "-"}
                and not self._runs_on(items, index)
            )
            index = next(slashed, None)
            if index is not None:
                rest = [item for item in items if item not in (first, second)]
                for place, name in ((index + 1, second), (index, first)):
                    start = rest[place].start
                    rest.insert(place, replace(name, start=start, end=start, parts=()))
                return rest
        return items

    def _runs_on(self, items: list[TextItem], at: int) -> bool:
        """Whether two items are but a part of a longer run of their kind: "210 - 205 - 3 - 1"."""
        pairs = [pair for pair in ((at - 1, at), (at + 1, at + 2)) if pair[0] >= 0 and pair[1] < len(items)]
        return any(
            items[a].is_label == items[b].is_label
            and ORDER_LINK.fullmatch(self.reader.norm, items[a].end, items[b].start) is not None
            for a, b in pairs
        )

    def _out_of(self, items: list[TextItem]) -> list[TextItem]:
        """Name the staff whom a number of members is out of: "47 đv trên 49 người"."""
        row = self.reader.staff_row
        if not row or any(item.is_label and row[0] in item.keys for item in items):
            return items
        for index, item in enumerate(items):
            # "Trên tổng 49 người": the total is that of the staff.
            begin = index - 1 if index and items[index - 1].total else index
            named, told = (items[begin - 1], items[begin - 2]) if begin > 1 else (item, item)
            people = next(self.reader.spans("people", item.end), None)
            if (
                not item.is_label
                and {named.is_label, told.is_label} == {True, False}
                and (named if named.is_label else told).keys == self.reader.members_row
                and OUT_OF.fullmatch(self.reader.norm, named.end, item.start)
                and people is not None
                and not self.reader.norm[item.end : people[0]].strip()
            ):
                name = TextItem(item.start, item.start, True, row, words=("#",))
                return [*items[:begin], name, *items[index:]]
        return items

    def _union_people(self, items: list[TextItem]) -> list[TextItem]:
        """Name the members where the staff is told besides: "công đoàn em có 130 người, … lao động 150"."""
        staff, members = self.reader.staff_row, self.reader.members_row
        told = {key for item in items for key in item.keys}
        if not members or not {*staff} <= told or {*members} & told:
            return items
        for index, item in enumerate(items):
            people = next(self.reader.spans("people", item.end), None)
            counted = people is not None and not self.reader.norm[item.end : people[0]].strip()
            begin = max(0, self.reader.layout.clause(item.start)[0] - 1)
            counted = counted or self._is_of_union(items, index)
            if not item.is_label and counted and UNION_OWN.search(self.reader.norm[begin : item.start]):
                name = TextItem(item.start, item.start, True, members, words=("#",))
                return [*items[:index], name, *items[index:]]
        return items

    def _is_of_union(self, items: list[TextItem], index: int) -> bool:
        """Whether a bare number behind "công đoàn" can be that of its members: most of the workers told before it."""
        staff = [i for i, item in enumerate(items[:index]) if item.is_label and item.keys == self.reader.staff_row]
        if (
            not staff
            or items[index].is_label
            or not re.match(r"\s*(?:[,;)\n]|\.(?!\d)|$)", self.reader.norm[items[index].end :])
        ):
            return False
        beside = [items[at] for at in (staff[-1] - 1, staff[-1] + 1) if 0 <= at < index and not items[at].is_label]
        told = [value for item in beside for value in readings_of(parse_count(item.raw))]
        own = readings_of(parse_count(items[index].raw))
        return any(value <= 2 * mine and mine <= value for value in told for mine in own)

    def _own_people(self, items: list[TextItem]) -> list[TextItem]:
        """Name the staff where a unit counts nothing but its people: "trường em có 54 người"."""
        row = self.reader.staff_row
        if not row or any(item.is_label and row[0] in item.keys for item in items):
            return items
        for index, item in enumerate(items):
            if item.is_label or item.zero:
                continue
            begin, end = self.reader.layout.clause(item.start)
            before = [other for other in items[:index] if other.start >= begin and not other.total]
            people = next(self.reader.spans("people", item.end, end), None)
            counted = people is not None and not self.reader.norm[item.end : people[0]].strip()
            # Not in "120 anh em ăn trưa".
            own = any(True for _ in self.reader.spans("own", begin, item.start)) or (
                (self._is_largest(item, items) and self.reader.ends_name(people[1] if people else end))
                and any(i.is_label and i.keys and self.reader.by_key[i.keys[0]].noun for i in self.scan.items)
            )
            led = any(
                set(self.reader.norm[stop : item.start].split()) <= folded("linking")
                for _, stop in self.reader.spans("people", begin, item.start)
            )
            if not before and own and (counted or led):
                follows = items[index + 1] if index + 1 < len(items) else None
                if follows is not None and follows.is_label and self._gap(item, follows) == 0:
                    continue
                dropped = [other for other in items[:index] if not (other.start >= begin and other.total)]
                return [*dropped, TextItem(item.start, item.start, True, row, words=("#",)), *items[index:]]
        return items

    def _at_the_end(self, items: list[TextItem]) -> list[TextItem]:
        """Name the figure at the end of the month of the row whose figure at its beginning stands before: "đoàn viên
        đầu kỳ 211, kết nạp 2, giảm 1, cuối kỳ 212"."""
        begun: TextItem | None = None
        named: list[TextItem] = []
        for index, item in enumerate(items):
            clause = self.reader.layout.clause(item.start)[0]
            if item.is_label:
                until = items[index + 1].start if index + 1 < len(items) else item.end
                is_begun = any(True for _ in self.reader.spans("begun", clause, until))
                begun = item if is_begun and item.keys and not self._is_moving(item.keys[0]) else begun
            elif begun is not None and not any(other.start >= clause for other in items[:index]):
                ends = (end for _, end in self.reader.spans("ended", clause, item.start))
                if item.start - 1 in ends:
                    named.append(replace(begun, start=item.start, end=item.start, corrects=True))
                    begun = None
            named.append(item)
        return named

    def _is_largest(self, number: TextItem, items: list[TextItem]) -> bool:
        """Whether no other figure of the message is larger."""
        values = [value for item in items if not item.is_label for value in readings_of(parse_count(item.raw))]
        return len(values) > 1 and max(values) in readings_of(parse_count(number.raw))


def readings_of(outcome: NumberOutcome) -> tuple[Decimal, ...]:
    match outcome:
        case Parsed(value):
            return (value,)
        case UnclearNumber(readings=values):
            return values
        case Refused(nearest=nearest):
            return () if nearest is None else (nearest,)
