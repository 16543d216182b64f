"""The door: a document in, what it was understood to say out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from knowledge.importing.deadlines import read_deadlines
from knowledge.importing.document import Document
from knowledge.importing.doubts import with_doubt, with_doubts
from knowledge.importing.figures import Number, Use, find_numbers
from knowledge.importing.gridding import with_tables
from knowledge.importing.identity import Head, read_head
from knowledge.importing.leftover import left_over
from knowledge.importing.lines import read_lines, without_page_numbers
from knowledge.importing.marks import MarkStyle
from knowledge.importing.model import (
    Accounts,
    Heading,
    LeftOver,
    PlanReading,
    ReadDeadline,
    ReadPassage,
    ReadTarget,
    ReadTask,
    WhyDoubted,
)
from knowledge.importing.outline import OutlineItem, build_outline
from knowledge.importing.placing import with_places
from knowledge.importing.sentences import Span
from knowledge.importing.setting import Zone, setting_of, zone_of
from knowledge.importing.spelling import is_damaged_throughout
from knowledge.importing.tables import read_table
from knowledge.importing.targets import read_targets
from knowledge.importing.tasks import read_task

_LONGEST_TITLE = 160


def read_plan(document: Document) -> PlanReading:
    """What a document says: never an exception, whatever it holds; what is not understood is left over."""
    received = read_lines(document)
    lines = without_page_numbers(with_tables(received))
    head = read_head(lines)
    items = build_outline(tuple(line for line in lines if line.number not in head.aside))
    return with_places(_Reader(head, items).read(), received)


class _Reader:
    """Gathers the facts of the items one after the other."""

    def __init__(self, head: Head, items: Sequence[OutlineItem]) -> None:
        self._head = head
        self._items = items
        self._targets: list[tuple[int, int, ReadTarget]] = []
        self._deadlines: list[ReadDeadline] = []
        self._tasks: list[ReadTask] = []
        self._left: list[LeftOver] = []
        self._counts = [0, 0, 0]
        self._has_targets = any(zone_of(item) is Zone.TARGETS for item in items)
        self._stages = Counter(id(item.above[-1]) for item in items if item.is_stage and item.above)
        self._table_head: tuple[tuple[str, ...], ...] = ()

    def read(self) -> PlanReading:
        """The whole reading."""
        for place, item in enumerate(self._items):
            if item.rows:
                self._read_table(place, item)
            else:
                self._read_item(place, item)
        numbers, in_references, left = self._counts
        return PlanReading(
            plan=self._head.identity,
            outline=_outline(self._items),
            targets=with_doubts(self._targets, is_damaged=is_damaged_throughout(item.text for item in self._items)),
            deadlines=tuple(self._deadlines),
            tasks=tuple(self._tasks),
            passages=tuple(
                ReadPassage(item.section, item.text, item.lines, item.page)
                for item in self._items
                if not item.rows and len(item.text) > 20
            ),
            left_over=tuple(self._left),
            accounts=Accounts(numbers, numbers - in_references - left, in_references, left),
        )

    def _read_item(self, place: int, item: OutlineItem) -> None:
        setting = setting_of(item, self._head.times, has_targets=self._has_targets)
        numbers = find_numbers(item.shadow)
        used: list[Span] = []
        if not item.is_footnote and not item.is_stage:
            found = read_targets(item, setting, numbers)
            if self._lacks_stage(item):
                found.targets = [with_doubt(target, WhyDoubted.ANNUAL_OR_STAGE) for target in found.targets]
            self._targets += [
                (place, setting.context if setting.is_own_line else 0, target) for target in found.targets
            ]
            used += found.used
            deadlines, spans = read_deadlines(item, setting, found.used)
            self._deadlines += deadlines
            used += spans
            task = read_task(item, setting)
            if task is not None:
                self._tasks.append(task)
        left = list(left_over(item, numbers, used))
        self._left += left
        self._count(numbers, len(left))

    def _lacks_stage(self, item: OutlineItem) -> bool:
        """Whether a paragraph stands beside stages of its section and under none of them: a heading may be lost."""
        if not item.above or any(above.is_stage for above in item.above):
            return False
        numbered = [
            above for above in item.above if above.mark is not None and above.mark.style is not MarkStyle.BULLET
        ]
        return bool(numbered) and self._stages.get(id(numbered[-1]), 0) > 1

    def _read_table(self, place: int, item: OutlineItem) -> None:
        setting = setting_of(item, self._head.times, has_targets=self._has_targets)
        before = self._items[place - 1] if place else None
        intro = before.text if before is not None and not before.rows else ""
        found = read_table(item, setting, self._table_head, intro)
        self._table_head = found.head
        self._targets += [(place, setting.context if setting.is_own_line else 0, target) for target in found.targets]
        self._deadlines += found.deadlines
        self._tasks += found.tasks
        self._left += found.left_over
        self._counts[0] += found.numbers
        self._counts[1] += found.references
        self._counts[2] += len(found.left_over)

    def _count(self, numbers: Sequence[Number], left: int) -> None:
        self._counts[0] += len(numbers)
        self._counts[1] += sum(number.use not in {Use.FIGURE, Use.FRACTION} for number in numbers)
        self._counts[2] += left


def _outline(items: Sequence[OutlineItem]) -> tuple[Heading, ...]:
    found: dict[str, Heading] = {}
    for item in items:
        if item.mark is None or item.mark.style in {MarkStyle.BULLET, MarkStyle.WHEN, MarkStyle.ROW, MarkStyle.TITLE}:
            continue
        title = item.text if item.text else item.prefix.strip()
        found.setdefault(item.section, Heading(item.section, title[:_LONGEST_TITLE].strip()))
    return tuple(found.values())
