"""What a message says of the rows that are counted: each figure with its time, what shakes it, what puts it right. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from functools import cached_property
from typing import Final

from knowledge.model.forms import Form, Indicator
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import Parsed, Reason, Refused, UnclearNumber
from knowledge.reports.answers.pairing import Item, Paired, Sort, fits
from knowledge.reports.answers.said import Answer
from knowledge.reports.answers.scanning import UNITS, Figure, Mention, Scanned
from knowledge.reports.answers.words import groups_of, load
from knowledge.reports.figures import parse_figure
from knowledge.text import fold

_YEARS: Final = range(2000, 2060)
_MOST_BETWEEN: Final = 4


class Time(Enum):
    """The time that a figure is of, seen from the period reported."""

    UNSAID = auto()
    OWN = auto()
    YEAR = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Told:
    """One figure said of a row.

    `values` are its readings, the likeliest first; `is_shaken` where it is no sure one; `is_part` where it is said to be
    a part of another.
    """

    at: int
    end: int
    values: tuple[Decimal, ...]
    time: Time = Time.UNSAID
    is_shaken: bool = False
    is_part: bool = False
    reason: Reason | None = None


@dataclass
class Counter:
    """Reads the counted rows of one message."""

    scanned: Scanned
    form: Form
    period: Period | None
    paired: Paired

    def read(self) -> list[Answer]:
        """An answer for each counted row of which something is said."""
        told: dict[str, list[Told]] = defaultdict(list)
        for mention, item in self._alike():
            said = self._told_none(self.scanned.names.rows[mention.keys[0]], mention, item)
            if said is not None:
                told[mention.keys[0]].append(replace(said, is_shaken=False))
        rivals: dict[str, list[Told]] = defaultdict(list)
        last: list[tuple[str, int]] = []
        events = sorted(
            [(item.start, mention, item, others) for mention, item, others in self.paired.pairs]
            + [(item.start, None, item, ()) for item in self.paired.lonely],
            key=lambda each: each[0],
        )
        for _, mention, item, others in events:
            key = self._key(mention, item) if mention is not None else self._goes_on(last, item)
            if key is None:
                self._shake_by(item, last, told)
                continue
            row = self.scanned.names.rows[key]
            if row.yes_no and mention is None:
                continue
            said = self._told(row, mention, item)
            if said is None:
                continue
            if others and key not in others:
                said = replace(said, is_shaken=True)
                for other in others:
                    rivals[other].append(said)
            told[key].append(said)
            if not row.yes_no:
                last.append((key, item.end))
        answers = [self._settle(self.scanned.names.rows[key], each) for key, each in told.items()]
        found = {each.key: each for each in answers if each is not None}
        for key in rivals:
            if key in found:
                found[key] = replace(found[key], is_sure=False)
        self._take_all_of(found)
        self._doubt_too_many(found)
        return list(found.values())

    def _shake_by(self, item: Item, last: Sequence[tuple[str, int]], told: dict[str, list[Told]]) -> None:
        """Doubt the figure before a bare number that nothing explains: "sổ ghi 4, biên bản chỉ có 3"."""
        figure = item.figure
        if figure is None or figure.groups or not last or self._is_part(figure.start):
            return
        if any(self._is_right_before(figure, name) for name in ("instead", "changed_by")):
            return
        key, end = last[-1]
        named = any(end <= each.start < item.start for each in self.scanned.mentions)
        if not named and self.scanned.sentences[end - 1] == self.scanned.sentences[item.start]:
            told[key][-1] = replace(told[key][-1], is_shaken=True)

    # --- Which row ---

    def _key(self, mention: Mention, item: Item) -> str | None:
        rows = [self.scanned.names.rows[key] for key in mention.keys]
        if item.figure is not None:
            fitting = [row for row in rows if fits(row, item.figure) is True] or [
                row for row in rows if fits(row, item.figure) is None
            ]
            rows = fitting or rows
        if len(rows) == 1:
            return rows[0].key
        if all(row.yes_no for row in rows):
            begin, _ = self.scanned.clause(mention.start)
            due = [row for row in rows if row.key in self.scanned.names.due]
            if due and self.scanned.holds(begin, max(item.start, mention.end), "due"):
                return due[0].key
            done = [row for row in rows if row.key not in self.scanned.names.due]
            return done[0].key if len(done) == 1 else None
        return None

    def _alike(self) -> Iterator[tuple[Mention, Item]]:
        """Rows in a list of which one "none" is said: "tư vấn, vụ việc đều không có", "đều không có: tư vấn, vụ việc"."""
        scanned = self.scanned
        nones = [(mention, item) for mention, item, _ in self.paired.pairs if item.sort is Sort.NONE]
        for mention, item in nones:
            leads = item.end <= mention.start
            bare = sorted(self.paired.bare, key=lambda each: each.start, reverse=not leads)
            place = mention
            for each in bare:
                begin, end = (place.end, each.start) if leads else (each.end, place.start)
                between = range(begin, end)
                if begin > end or len(each.keys) > 1 or not all(scanned.is_light(at) for at in between):
                    continue
                signs = {scanned.sign(at) for at in between} - {""}
                joined = scanned.holds(begin, end, "mark_more") and not signs
                alike = scanned.holds(*scanned.clause(item.start), "all_alike") or (
                    leads and ":" in scanned.said(item.end, mention.start)
                )
                if signs <= {","} and (joined or alike):
                    yield each, item
                    place = each

    def _goes_on(self, last: Sequence[tuple[str, int]], item: Item) -> str | None:
        """The row of a figure beside which none is named: the one before, where it goes on, or the one so counted."""
        figure = item.figure
        if figure is None:
            return self._counted_none(item)
        if self.scanned.phrases.at(figure.end, "of_the_rest") is not None:
            return None
        key, end = last[-1] if last else ("", 0)
        named = any(end <= each.start < item.start for each in self.scanned.mentions)
        if key and not named and self._continues(self.scanned.names.rows[key], end, figure):
            return key
        rows = [row for row in self.scanned.names.rows.values() if not row.yes_no and row.unit]
        fitting = [row for row in rows if self._is_counted_alone(row, figure)]
        first, others = fitting[:1], fitting[1:]
        if first and first[0].key in {key for key, _ in last}:
            return None
        if first and all(self.scanned.names.within.get(row.key) == first[0].key for row in others):
            return first[0].key
        return None

    def _counted_none(self, item: Item) -> str | None:
        """The row of which none is said by what it counts: "chưa có vụ nào"."""
        unit = self.scanned.phrases.at(item.end, *UNITS)
        if unit is None or self.scanned.phrases.at(unit.end, "none_of") is None:
            return None
        figure = Figure(item.start, unit.end, "", groups=groups_of(fold(self.scanned.said(unit.start, unit.end))))
        rows = [row for row in self.scanned.names.rows.values() if not row.yes_no and row.unit]
        fitting = [
            row
            for row in rows
            if "people" not in figure.groups
            and fold(row.unit or "").split()[-1:] == [fold(self.scanned.said(unit.start, unit.end))]
        ]
        first, others = fitting[:1], fitting[1:]
        return (
            first[0].key
            if first and all(self.scanned.names.within.get(row.key) == first[0].key for row in others)
            else None
        )

    def _is_counted_alone(self, row: Indicator, figure: Figure) -> bool:
        """Whether what a figure counts is a row's own unit, which says what it is: "1 vụ", "12 lượt"; people do not."""
        unit = self.scanned.phrases.at(figure.start + 1, *UNITS)
        if "people" in figure.groups or unit is None or not figure.groups:
            return False
        said = fold(self.scanned.said(unit.start, unit.end))
        own = {fold(word) for word in (row.unit or "").split()}
        return said == fold(row.unit or "") or said in own

    def _continues(self, row: Indicator, end: int, figure: Figure) -> bool:
        fitting = fits(row, figure)
        if fitting is False:
            return False
        weights = [at for at in range(end, figure.start) if not self.scanned.is_light(at) and not self._is_linking(at)]
        same_sentence = self.scanned.sentences[end - 1] == self.scanned.sentences[figure.start]
        if fitting and weights:
            return len(weights) <= _MOST_BETWEEN and same_sentence and self._is_counted_alone(row, figure)
        if fitting:
            return True
        return not weights and same_sentence

    def _is_linking(self, at: int) -> bool:
        names = (
            "mark_total",
            "mark_part",
            "mark_more",
            "of_year",
            "of_period",
            "of_past",
            "correcting",
            "surely",
            "before",
            "people",
            "lately",
        )
        return any(each.start <= at < each.end for each in self.scanned.phrases.of(*names))

    # --- What is told ---

    def _told(self, row: Indicator, mention: Mention | None, item: Item) -> Told | None:
        if item.sort is Sort.NONE:
            return self._told_none(row, mention, item)
        figure = item.figure
        if figure is None:
            return self._counted_none(item)
        if self._is_right_before(figure, "instead") or self._is_right_before(figure, "changed_by"):
            return None
        if self.scanned.phrases.at(figure.end, "was_wrong") is not None:
            return None
        values, reason = _values(row, figure.counted), None
        if isinstance(values, Reason):
            values = _values(row, figure.said)
        if isinstance(values, Reason):
            values, reason = (), values
        shaken = len(values) > 1 or bool(figure.others) or self._is_shaken(figure) or self._is_added(figure)
        for other in figure.others:
            more = _values(row, other)
            values = (*values, *(more if not isinstance(more, Reason) else ()))
        is_year = len(values) == 1 and values[0] in _YEARS and not figure.groups
        time = self._time(figure)
        if self._is_planned(figure.start, figure.end):
            time = Time.OTHER
        return Told(
            figure.start,
            figure.end,
            tuple(dict.fromkeys(values)),
            time,
            is_shaken=shaken or is_year,
            is_part=self._is_part(figure.start),
            reason=reason,
        )

    def _is_right_before(self, figure: Figure, name: str) -> bool:
        span = self.scanned.phrases.before(figure.start, name)
        return span is not None and self.scanned.clauses[span.start] == self.scanned.clauses[figure.start]

    def _is_added(self, figure: Figure) -> bool:
        """Whether a figure comes on top of one that is not said here."""
        begin, _ = self.scanned.sentence(figure.start)
        first = not any(begin <= each.start < figure.start for each in self.scanned.figures)
        return first and self._is_right_before(figure, "more")

    def _told_none(self, row: Indicator, mention: Mention | None, item: Item) -> Told | None:
        if row.yes_no:
            return None
        if mention is None:
            return Told(item.start, item.end, (Decimal(0),))
        begin, end = self.scanned.clause(item.start)
        if any(begin <= each.start < end for each in self.scanned.figures):
            return None
        if self._is_planned(item.start, item.end):
            return None
        behind = range(item.end, end)
        rest = [
            at
            for at in behind
            if not self.scanned.is_light(at) and not self.scanned.holds(at, at + 1, "none_of", "yes", "done_verb")
        ]
        inside = [at for at in rest if not mention.start <= at < mention.end]
        before = item.end <= mention.start or mention.start < item.start < mention.end
        plain = self.scanned.holds(begin, end, "none_of") or before or len(inside) == 0
        is_nothing = self.scanned.holds(item.start, item.end, "nothing")
        if self.scanned.phrases.before(mention.start, "number_of") is not None and not before:
            plain = is_nothing = self.scanned.holds(item.start, end, "none_of")
        shaken = not (plain or is_nothing) or self._is_doubted(begin, end)
        return Told(item.start, item.end, (Decimal(0),), self._time_between(begin, end, item.start), is_shaken=shaken)

    def _is_planned(self, start: int, end: int) -> bool:
        begin, close = self.scanned.clause(start)
        return (
            self.scanned.holds(begin, start, "planned")
            or self.scanned.holds(end, close, "later")
            or self.scanned.holds(begin, start, "later")
        )

    def _is_part(self, at: int) -> bool:
        begin, _ = self.scanned.sentence(at)
        marks = [each.end for each in self.scanned.phrases.of("mark_part") if begin <= each.start < at]
        marks += [spot + 1 for spot in range(begin, at) if self.scanned.sign(spot) == "("]
        if not marks:
            return False
        before = any(each.end <= marks[-1] and each.start >= begin for each in self.scanned.figures)
        named = any(marks[-1] <= each.start < at for each in self.scanned.mentions)
        total = self.scanned.holds(marks[-1], at, "mark_total")
        closed = any(self.scanned.sign(spot) == ")" for spot in range(marks[-1], at))
        return before and not named and not total and not closed

    def _is_shaken(self, figure: Figure) -> bool:
        scanned = self.scanned
        begin, end = scanned.clause(figure.start)
        before = max([begin, *(each.end for each in scanned.figures if each.end <= figure.start)])
        after = min([end, *(each.start for each in scanned.figures if each.start >= figure.end)])
        after = min([after, *(each.start for each in scanned.mentions if each.start >= figure.end)])
        rough = [each for each in scanned.phrases.of("before") if before <= each.start and each.end <= figure.start]
        if any(all(scanned.is_light(at) for at in range(each.end, figure.start)) for each in rough):
            return True
        if scanned.holds(before, figure.start, "maybe", "unknown", "some") or scanned.holds(
            figure.end, after, "beside", "unknown", "maybe", "not_counted"
        ):
            return True
        if (
            scanned.phrases.at(figure.end, "some") is not None
            or scanned.phrases.at(figure.start + 1, "some") is not None
        ):
            return True
        if scanned.sign(figure.end) in ("+", "?", "~") or scanned.sign(figure.start - 1) in ("~", "≈", ">", "<"):
            return True
        return self._is_doubted(begin, end)

    def _is_doubted(self, begin: int, end: int) -> bool:
        """Whether what comes right behind a clause, and names nothing itself, shakes it."""
        scanned = self.scanned
        at = end
        while at < len(scanned.tokens) and scanned.sign(at) in (",", "(", ")", "-", "–", ".", ";"):
            at += 1
        if at >= len(scanned.tokens) or at == end:
            pass
        if at < len(scanned.tokens):
            first, last = scanned.clause(at)
            keys = {key for each in scanned.mentions if first <= each.start < last for key in each.keys}
            own = {key for each in scanned.mentions if begin <= each.start < end for key in each.keys}
            alone, opens = not keys, scanned.sign(at - 1) == "("
            alone = alone or (opens and own >= keys)
            if (
                alone
                and not scanned.holds(first, last, "rest")
                and scanned.holds(first, last, "beside", "unknown", "maybe")
            ):
                return True
        return False

    # --- Its time ---

    def _time(self, figure: Figure) -> Time:
        begin, end = self.scanned.clause(figure.start)
        same = [each for each in self.scanned.figures if begin <= each.start < end]
        if len(same) > 1:
            before = max([begin, *(each.end for each in same if each.end <= figure.start)])
            after = min([end, *(each.start for each in same if each.start >= figure.end)])
            led = self._time_between(before, figure.start, figure.start)
            if led is not Time.UNSAID:
                return led
            return self._time_between(figure.end, after, figure.start)
        return self._time_between(begin, end, figure.start)

    def _time_between(self, begin: int, end: int, at: int) -> Time:
        """The time that is named between two tokens, the nearest to a place; else that of a heading above it."""
        found = self._times(begin, end)
        if found:
            return min(found, key=lambda each: abs(each[0] - at))[1]
        start, _ = self.scanned.sentence(at)
        heads = [
            time
            for spot, time in self._times(start, begin)
            if any(
                self.scanned.sign(mark) in (":", "=") and all(self.scanned.is_light(x) for x in range(spot + 1, mark))
                for mark in range(spot, begin)
            )
        ]
        return heads[-1] if heads else Time.UNSAID

    def _times(self, begin: int, end: int) -> list[tuple[int, Time]]:
        scanned = self.scanned
        found = [
            (each.start, Time.YEAR) for each in scanned.phrases.of("of_year") if begin <= each.start and each.end <= end
        ]
        found += [
            (each.start, Time.OWN)
            for each in scanned.phrases.of("of_period")
            if begin <= each.start and each.end <= end
        ]
        found += [
            (each.start, Time.OTHER)
            for each in scanned.phrases.of("of_past")
            if begin <= each.start and each.end <= end and not self._is_own(each.start)
        ]
        for when in scanned.whens:
            if begin <= when.start and when.end <= end and when.period is not None:
                time = self._time_of(when.period, is_relative=when.is_relative)
                if time is not None:
                    found.append((when.start, time))
        return sorted(
            (each for each in found if each[0] >= self._head or each[1] is not Time.OWN), key=lambda each: each[0]
        )

    @cached_property
    def _head(self) -> int:
        """Before this, a period heads the message rather than telling the time of a figure."""
        said = [*(each.start for each in self.scanned.mentions), *(each.start for each in self.scanned.figures)]
        return min(said, default=0)

    def _is_own(self, at: int) -> bool:
        """Whether "quý trước" is the period reported: it has ended, and no other is named."""
        when = next((each for each in self.scanned.whens if each.start <= at < each.end), None)
        others = [
            each
            for each in self.scanned.whens
            if each is not when and each.period is not None and each.period.kind is self.form.period
        ]
        return (
            when is not None
            and when.period == self.period
            and not others
            and not self.scanned.holds(0, len(self.scanned.tokens), "of_period")
        )

    def _time_of(self, period: Period, *, is_relative: bool) -> Time | None:
        if self.period is None:
            return None
        if period.kind is self.form.period:
            if is_relative:
                return Time.OWN if period >= self.period else None
            return Time.OWN if period == self.period else Time.OTHER
        if period.kind is PeriodKind.YEAR:
            return Time.YEAR if period.year == self.period.year or is_relative else Time.OTHER
        return None

    def _wanted(self, row: Indicator) -> Time:
        """The time that a row is of, by what it is called: of the year so far, or of the period."""
        said = [row.short, *row.aliases] if row.aliases else [row.name, row.short]
        names = [f" {fold(name)} " for name in said]
        years = load().lists["of_year"]
        return Time.YEAR if any(f" {fold(each)} " in name for name in names for each in years) else Time.OWN

    def _is_of_year(self, row: Indicator) -> bool:
        whole = self.scanned.names.within.get(row.key)
        if whole is not None and self._is_of_year(self.scanned.names.rows[whole]):
            return True
        return any(f" {fold(each)} " in f" {fold(row.name)} " for each in load().lists["of_year"])

    # --- What it comes to ---

    def _settle(self, row: Indicator, told: list[Told]) -> Answer | None:
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
            return Answer(row.key, (), is_sure=False, start=start, end=end, reason=wrong)
        whole, is_clear = self._sum(wholes)
        values = tuple(dict.fromkeys(value for each in whole for value in each.values))
        shaken = is_off or not is_clear or any(each.is_shaken for each in whole)
        return Answer(
            row.key, values, is_sure=len(values) == 1 and not shaken, start=start, end=end, is_conflict=len(whole) > 1
        )

    def _put_right(self, told: list[Told]) -> list[Told]:
        """Figures without those that the next one puts right."""
        out: list[Told] = []
        for each in told:
            if out and self._corrects(out[-1], each):
                out.pop()
            out.append(each)
        return out

    def _corrects(self, former: Told, latter: Told) -> bool:
        scanned = self.scanned
        if latter.at < former.end:
            return False
        between = scanned.holds(former.end, latter.at, "correcting")
        _, end = scanned.clause(latter.at)
        return between or scanned.holds(latter.end, end, "surely")

    def _of_its_time(self, row: Indicator, told: list[Told]) -> tuple[list[Told], bool]:
        """The figures that are of the row's own time, and whether they are only likely to be."""
        wanted = self._wanted(row)
        told = [each for each in told if each.time is not Time.OTHER]
        exact = [each for each in told if each.time is wanted]
        unsaid = [each for each in told if each.time is Time.UNSAID]
        off = [each for each in told if each not in exact and each not in unsaid]
        if wanted is Time.YEAR:
            chosen = exact or unsaid
            most = max((value for each in chosen for value in each.values), default=None)
            over = most is not None and any(value > most for each in off for value in each.values)
            return (chosen, over) if chosen else (off, True)
        of_year = [each for each in told if each.time is Time.YEAR]
        if self._is_of_year(row) and of_year:
            return of_year, False
        if self._is_of_year(row):
            return [*exact, *unsaid] or off, False
        return ([*exact, *unsaid], False) if exact or unsaid else (off, True)

    def _sum(self, told: list[Told]) -> tuple[list[Told], bool]:
        """The figure that is told to be the whole of others, or all of them; and whether that is clear."""
        if len({each.values for each in told}) == 1:
            return told[:1], True
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
            if not marked and all(self._adds(a, b) for a, b in zip(told, told[1:], strict=False)):
                return [replace(last, values=(total + last.values[0],), is_shaken=True)], False
        return told, False

    def _adds(self, former: Told, latter: Told) -> bool:
        plus = any(self.scanned.sign(at) in ("+", ",") for at in range(former.end, latter.at))
        return plus or self.scanned.holds(former.end, latter.at, "mark_more")

    # --- One row beside another ---

    def _take_all_of(self, found: dict[str, Answer]) -> None:
        """A row that is a part of another, named without a figure: "1 vụ, công đoàn có tham gia"."""
        for mention in self.paired.bare:
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
            found[key] = Answer(key, whole.values, is_sure=sure, start=mention.start, end=mention.end)

    def _doubt_too_many(self, found: dict[str, Answer]) -> None:
        """Two counts of which the part is larger than the whole are both in doubt."""
        for part, whole in self.scanned.names.within.items():
            one, other = found.get(part), found.get(whole)
            if one is None or other is None or not (one.is_sure and other.is_sure):
                continue
            if one.values[0] > other.values[0] and part in self.scanned.names.bound:
                found[part], found[whole] = (replace(each, is_sure=False, is_conflict=True) for each in (one, other))


def _values(row: Indicator, said: str) -> tuple[Decimal, ...] | Reason:
    match parse_figure(row, said):
        case Parsed(value):
            return (value,)
        case UnclearNumber(readings):
            return readings
        case Refused(reason=Reason.APPROXIMATE, nearest=Decimal() as nearest):
            return (nearest,)
        case Refused(reason):
            return reason
