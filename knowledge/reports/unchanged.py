"""What a message says has not changed: nobody who came or went, rows as in the month before."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.reports.message import TextItem
from knowledge.reports.model import Doubt, Reading, Unsure
from knowledge.reports.phrases import folded
from knowledge.reports.taking import Taking
from knowledge.reports.words import (
    AS_BEFORE_LINK,
    FIGURE_TOLD,
)


@dataclass
class Unchanged(Taking):
    """Rows said to be as before, and movements denied."""

    kept: list[str] = field(default_factory=list)
    as_before: list[str] = field(default_factory=list)
    whole_as_before: bool = False

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
