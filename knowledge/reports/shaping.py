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
    FILLERS,
    GAP_WORD,
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

    def _counted_apart(self, items: list[TextItem]) -> list[TextItem]:
        """Drop names of no row whose figure is explained already: "kinh phí 12 triệu"."""
        norm, marks = self.reader.norm, self.reader.marks
        return [
            item
            for item in items
            if not item.is_label
            or item.keys
            or item.total
            or (number := re.match(r" (?=\d)", norm[item.end :])) is None
            or not marks[item.end + number.end()]
            or any(other.start == item.end + 1 for other in items)
        ]

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
            sourced = any(True for _ in self.reader.spans("source", begin, item.start))
            said = any(
                not any(a <= span[0] < b for a, b in (*surely, *self.reader.asides))
                and not self._is_counted(*span)
                and not (sourced and self.reader.norm[slice(*span)] in folded("oh"))
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
                bracket = self.reader.norm[: self.reader.layout.clause(item.start)[0]].rfind("(", begin)
                slips = [
                    (a, item.start - 1 if bracket >= 0 and not self.reader.norm[b : item.start].strip(" ,") else b)
                    for a, b in self.reader.spans("mistaken", begin, item.start)
                ]
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


def readings_of(outcome: NumberOutcome) -> tuple[Decimal, ...]:
    match outcome:
        case Parsed(value):
            return (value,)
        case UnclearNumber(readings=values):
            return values
        case Refused(nearest=nearest):
            return () if nearest is None else (nearest,)


def likeliest_count(text: str) -> Decimal | None:
    """The first of the readings of a number of people as it was written; None where it has none."""
    return next(iter(readings_of(parse_count(text))), None)
