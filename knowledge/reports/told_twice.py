"""People told twice: a figure and the parts that make it up, those of one row who are all of another."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge.numbers import parse_count
from knowledge.reports.message import TextItem
from knowledge.reports.named_around import NamedAround
from knowledge.reports.phrases import folded
from knowledge.reports.shaping import likeliest_count, readings_of
from knowledge.reports.words import (
    ALL_ARE,
    ALL_ARE_PEOPLE,
    ALL_OF_PEOPLE,
)


@dataclass
class ToldTwice(NamedAround):
    """Figures that say no more than others beside them, dropped."""

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
        whole = likeliest_count(items[at - 1].raw)
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
                total += likeliest_count(item.raw) or Decimal(0)
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
