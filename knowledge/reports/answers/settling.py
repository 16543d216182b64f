"""What the figures told of a row come to: put right, of the row's own time, whole rather than parts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from knowledge.model.forms import Indicator
from knowledge.reports.answers.said import RowAnswer
from knowledge.reports.answers.scanned import RowMention, ScannedReport
from knowledge.reports.answers.times import FigureTimes
from knowledge.reports.answers.told import FigureTold, Time


@dataclass
class Settler:
    """Settles the counted rows of one message."""

    scanned: ScannedReport
    times: FigureTimes

    def settle(self, row: Indicator, told: list[FigureTold]) -> RowAnswer | None:
        """What all figures told of a row come to; None where none of them is of its time."""
        told = [each for each in self._put_right(told) if each.values or each.reason is not None]
        if not told:
            return None
        start, end = told[0].at, max(each.end for each in told)
        chosen, is_off = self._of_its_time(row, told)
        if not chosen:
            return None
        wholes = [each for each in chosen if not each.is_part] or chosen
        wrong = next((each.reason for each in wholes if each.reason is not None and not each.values), None)
        if wrong is not None:
            return RowAnswer(row.key, (), is_sure=False, start=start, end=end, reason=wrong)
        whole, is_clear = self._sum(wholes)
        values = tuple(dict.fromkeys(value for each in whole for value in each.values))
        shaken = is_off or not is_clear or any(each.is_shaken for each in whole)
        return RowAnswer(
            row.key, values, is_sure=len(values) == 1 and not shaken, start=start, end=end, is_conflict=len(whole) > 1
        )

    def _put_right(self, told: list[FigureTold]) -> list[FigureTold]:
        """Figures without those that the next one puts right."""
        out: list[FigureTold] = []
        for each in told:
            if out and self._corrects(out[-1], each):
                out.pop()
            out.append(each)
        return out

    def _corrects(self, former: FigureTold, latter: FigureTold) -> bool:
        scanned = self.scanned
        if latter.at < former.end:
            return False
        between = scanned.holds(former.end, latter.at, "correcting")
        _, end = scanned.clause(latter.at)
        return between or scanned.holds(latter.end, end, "surely")

    def _of_its_time(self, row: Indicator, told: list[FigureTold]) -> tuple[list[FigureTold], bool]:
        """The figures that are of the row's own time, and whether they are only likely to be."""
        wanted = self.times.wanted(row)
        told = [each for each in told if each.time is not Time.OTHER]
        exact = [each for each in told if each.time is wanted]
        unsaid = [each for each in told if each.time is Time.UNSAID]
        off = [each for each in told if each not in exact and each not in unsaid]
        if wanted is Time.YEAR:
            chosen = exact or unsaid
            most = max((value for each in chosen for value in each.values), default=None)
            over = most is not None and any(value > most for each in off for value in each.values)
            return (chosen, over) if chosen else (off, not self.times.is_first)
        of_year = [each for each in told if each.time is Time.YEAR]
        if self.times.is_of_year(row) and of_year:
            return of_year, False
        if self.times.is_of_year(row):
            return [*exact, *unsaid] or off, self.is_of_period_alone(row, told)
        return ([*exact, *unsaid], False) if exact or unsaid else (off, True)

    def is_of_period_alone(self, row: Indicator, told: Sequence[FigureTold]) -> bool:
        """Whether of a row that counts from the year's beginning only the period's figure is told, one above nought."""
        told = [each for each in told if each.time is not Time.OTHER]
        all_own = bool(told) and all(each.time is Time.OWN for each in told)
        counted = any(value for each in told for value in each.values)
        return all_own and counted and self.times.is_of_year(row) and not self.times.is_first

    def doubt_parts(self, told: dict[str, list[FigureTold]], found: dict[str, RowAnswer]) -> None:
        """A part in the sentence of a whole that is told of the period alone may be so too."""
        for part, whole in self.scanned.names.within.items():
            one, other = found.get(part), found.get(whole)
            if one is None or other is None or not self.is_of_period_alone(self.scanned.names.rows[whole], told[whole]):
                continue
            same = self.scanned.sentences[one.start] == self.scanned.sentences[other.start]
            if same and all(each.time is Time.UNSAID for each in told[part]) and any(one.values):
                found[part] = replace(one, is_sure=False)

    def _sum(self, told: list[FigureTold]) -> tuple[list[FigureTold], bool]:
        """The figure that is told to be the whole of others, or all of them; and whether that is clear."""
        if len({each.values for each in told}) == 1:
            return told[-1:], True
        last, parts = told[-1], told[:-1]
        numbers = [each.values[0] for each in parts if len(each.values) == 1]
        total = sum(numbers, Decimal(0))
        marked = self.scanned.holds(parts[-1].end, last.at, "mark_total") or self.scanned.sign(last.at - 1) == "="
        if len(numbers) == len(parts) and len(last.values) == 1:
            if marked and total == last.values[0]:
                return [last], True
            first = told[0]
            if (
                len(first.values) == 1
                and sum((each.values[0] for each in told[1:]), Decimal(0)) == first.values[0]
                and len(told) > 2
            ):
                return [first], True
            if not marked and all(self._adds(a, b) for a, b in pairwise(told)):
                return [replace(last, values=(total + last.values[0],), is_shaken=True)], False
        return told, False

    def _adds(self, former: FigureTold, latter: FigureTold) -> bool:
        plus = any(self.scanned.sign(at) in ("+", ",") for at in range(former.end, latter.at))
        return plus or self.scanned.holds(former.end, latter.at, "mark_more")

    # --- One row beside another ---

    def take_all_of(self, bare: Sequence[RowMention], found: dict[str, RowAnswer]) -> None:
        """A row that is a part of another, named without a figure: "1 vụ, công đoàn có tham gia"."""
        for mention in bare:
            key = mention.keys[0]
            whole = found.get(self.scanned.names.within.get(key, ""))
            if len(mention.keys) > 1 or key in found or whole is None or len(whole.values) != 1:
                continue
            begin, end = self.scanned.clause(mention.start)
            if self.scanned.holds(begin, end, "unknown", "maybe", "some") or any(
                begin <= each.start < end for each in self.scanned.figures if each.start > mention.start
            ):
                continue
            if mention.start < whole.start:
                continue
            every = self.scanned.holds(mention.start, end, "all_of_it")
            sure = whole.is_sure and (whole.values[0] <= 1 or every)
            found[key] = RowAnswer(key, whole.values, is_sure=sure, start=mention.start, end=mention.end)

    def doubt_too_many(self, found: dict[str, RowAnswer]) -> None:
        """Two counts of which the part is larger than the whole are both in doubt."""
        for part, whole in self.scanned.names.within.items():
            one, other = found.get(part), found.get(whole)
            if one is None or other is None or not (one.is_sure and other.is_sure):
                continue
            if one.values[0] > other.values[0] and part in self.scanned.names.bound:
                found[part], found[whole] = (replace(each, is_sure=False, is_conflict=True) for each in (one, other))
