"""Figures, and answers by yes or no, that stand right beside the name of their row: read before the rest of a message.

Only what can be nothing else is taken: "đối thoại: 2 cuộc", "3 cuộc đối thoại", "đã ký thỏa ước", "chưa có ban nữ
công". Everything about it, estimates, ranges, corrections, is left to the reader of whole messages. So are forms that
tell who came and who went, whose names are everyday words, and larger ones, whose rows are answered by number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from knowledge.calendar.line import WHICH
from knowledge.calendar.periods import locate_periods
from knowledge.calendar.words import composed as composed_letters
from knowledge.calendar.words import read_words
from knowledge.model.forms import Form, Indicator
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import Parsed, Refused
from knowledge.reports.figures import parse_figure
from knowledge.reports.model import UntakenPiece
from knowledge.reports.phrases import composed, folded
from knowledge.text import fold

_NUMBER = r"\d+(?:[.,]\d+)*"
_RELATIVE = re.compile(rf"(?<!\S){WHICH}(?!\S)")
_YEAR = re.compile(r"20[1-5]\d")
_BLANK = ", "
"""What stands in the place of words that are explained: the clauses around them stay apart."""
_ENDS = composed(r"\s*(?:[,;\n)]|\.(?!\d)|$|%and_also%(?!\w))")
_BEGINS = composed(r"(?:^|[,;:\n(]|[.](?!\d)|(?<!\w)(?:%was_done%|%and_also%))\s*[-+•*]?\s*$")
_AFTER_NAME = composed(
    rf"\s*(?:[:=]|-(?=\s))?\s*(?:(?:%that_is%|%was_done%)\s+)*(?P<figure>{_NUMBER})(?P<unit>[^\S\n]*%counted_in%(?!\w))?"
)
_BEFORE_NAME = composed(rf"(?P<figure>{_NUMBER})(?P<unit>[^\S\n]*%counted_in%)?[^\S\n]+(?:%was_done%[^\S\n]+)*$")
_SAID_BEFORE = composed(r"(?:(?<!\w)(?P<no>%said_not%)\s+)?(?<!\w)(?P<done>(?:%was_done%\s+)*)$")
_SAID_AFTER = composed(r"\s*[:=-]?\s*(?P<said>(?:%said_not%|%was_done%)(?:\s+(?:%was_done%|%as_said%))*)(?!\w)")

_SHAKEN = composed(r"(?<!\w)(?:%mistaken%|%surely%)(?!\w)")
"""Who corrects something may mean any figure of the message."""
_CLAUSE = re.compile(r"[,;:\n(]|[.](?!\d)")


@dataclass
class NamedFigures:
    """What was taken out of a message: sure figures, those that no row can hold, and what is left of the message."""

    rest: str
    values: dict[str, Decimal] = field(default_factory=dict)
    refused: list[UntakenPiece] = field(default_factory=list)
    periods: tuple[Period, ...] = ()

    def take(self, start: int, end: int) -> None:
        """Leave out of the rest what stands there."""
        self.rest = f"{self.rest[:start]}{_BLANK}{self.rest[end:]}"

    def put(self, row: Indicator, figure: str) -> None:
        """Keep a figure of a row as it is written, or why it is none."""
        number = parse_figure(row, figure)
        if isinstance(number, Parsed):
            self.values.setdefault(row.key, number.value)
        elif isinstance(number, Refused):
            self.refused.append(UntakenPiece(figure, row.key, number.reason))


def take_named(text: str, form: Form, today: date, opened: Period | None) -> NamedFigures:
    """What a message says of rows right beside their names, the periods it names, and the rest of it.

    Args:
        opened: the latest period that is open; "quý này" before it opens is that one, which is what is being reported.

    Example: "quý 4: đối thoại 2, có TƯLĐTT" → the fourth quarter, two dialogues, one agreement.
    """
    found = NamedFigures(composed_letters(text))
    if form.movement is not None or form.parts or len(fold(found.rest)) != len(found.rest):
        return found if form.movement is not None or form.parts else NamedFigures(text)
    if form.period is not PeriodKind.MONTH:
        _take_periods(found, form, today, opened)
    if _SHAKEN.search(fold(found.rest)):
        return found
    names = _names(form)
    for name, key in names.items():
        row, pattern = form.get_indicator(key), _spaced(name)
        for place in reversed(list(pattern.finditer(fold(found.rest)))):
            _take_beside(found, row, place.span())
    return found


def _take_periods(found: NamedFigures, form: Form, today: date, opened: Period | None) -> None:
    periods = []
    for each in reversed(locate_periods(found.rest, today, ahead=timedelta())):
        if each.period.kind is not form.period:
            continue
        is_relative = _RELATIVE.search(read_words(found.rest[each.start : each.end]).key) is not None
        if not is_relative or opened is None or each.period <= opened:
            periods.append(each.period)
        found.take(each.start, each.end)
    found.periods = tuple(dict.fromkeys(reversed(periods)))


@lru_cache(maxsize=16)
def _names(form: Form) -> dict[str, str]:
    """The rows of a form by their folded names, the longest first: a short one may stand inside another's."""
    named: dict[str, str] = {}
    for row in form.asked:
        for name in (row.name, row.short, *row.aliases):
            named.setdefault(" ".join(fold(name).split()), row.key)
    return {name: named[name] for name in sorted(named, key=lambda name: (-len(name), name))}


@lru_cache(maxsize=1024)
def _spaced(name: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)")


def _take_beside(found: NamedFigures, row: Indicator, place: tuple[int, int]) -> None:
    """Take what is said right beside a name, if it can be nothing else."""
    start, end = place
    plain = fold(found.rest)
    after = _AFTER_NAME.match(plain, end)
    if after is not None and _ENDS.match(plain, after.end()) and not _YEAR.fullmatch(after["figure"]):
        found.put(row, found.rest[after.start("figure") : after.end()])
        found.take(start, after.end())
        return
    before = _BEFORE_NAME.search(plain, 0, start)
    is_led = before is not None and _BEGINS.search(plain, 0, before.start()) and not _YEAR.fullmatch(before["figure"])
    if before is not None and is_led and _ENDS.match(plain, end):
        found.put(
            row, found.rest[before.start("figure") : before.end("unit") if before["unit"] else before.end("figure")]
        )
        found.take(before.start(), end)
    elif row.yes_no and (after is None or not after["figure"]):
        _take_yes_no(found, row, place)


def _take_yes_no(found: NamedFigures, row: Indicator, place: tuple[int, int]) -> None:
    start, end = place
    plain = fold(found.rest)
    before = _SAID_BEFORE.search(plain, 0, start)
    after = _SAID_AFTER.match(plain, end)
    if after is not None and not _ENDS.match(plain, after.end()):
        after = None
    if after is None and not _ENDS.match(plain, end):
        return
    said_before = _CLAUSE.split(plain[: before.start() if before is not None else start])[-1].split()
    if not folded("said_not").isdisjoint(said_before):
        return
    denied, done = (bool(before["no"]), bool(before["done"])) if before is not None else (False, False)
    if after is not None and after["said"].split()[0] in folded("said_not"):
        denied = True
    if not (denied or done or after is not None or plain[start:end].split()[0] in folded("was_done")):
        return
    found.values.setdefault(row.key, Decimal(0 if denied else 1))
    begin = before.start() if before is not None and (denied or done) else start
    found.take(begin, after.end() if after is not None else end)
