"""Figures that have no name of their own but for what is said around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.numbers import parse_count
from knowledge.reports.message import TextItem
from knowledge.reports.phrases import folded
from knowledge.reports.shaping import Shaping, readings_of
from knowledge.reports.words import (
    ORDER_LINK,
    ORDER_TOLD,
    OUT_OF,
    UNION_OWN,
)


@dataclass
class NamedAround(Shaping):
    """Names put before figures that the words around them name."""

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
            clause, clause_end = self.reader.layout.clause(item.start)
            if item.is_label:
                until = min(items[index + 1].start if index + 1 < len(items) else item.end, clause_end)
                is_begun = any(True for _ in self.reader.spans("begun", clause, until))
                if item.keys and not self._is_moving(
                    item.keys[0]
                ):  # another row's total is at no end of the one before
                    begun = item if is_begun else None
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
