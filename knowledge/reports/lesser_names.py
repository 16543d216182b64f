"""Names that are names of rows only where nothing else is: trades, "có thẻ", "nhận 3", "nghỉ bán 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from knowledge.number_words import NUMBER_WORDS
from knowledge.numbers import Parsed, parse_count
from knowledge.reports.dating import Dating
from knowledge.reports.message import TextItem
from knowledge.reports.phrases import DATA, folded
from knowledge.reports.words import (
    COUNTED,
    FILLERS,
    HIRED,
    NOBODY_TAKEN,
    NUMBER,
    RISE_FALL,
    SPELLED,
    STAFF,
    STAFF_SHORT,
    TOLD_BEFORE,
    TOLD_BEHIND,
)


class LesserNames(Dating):
    """The part of reading a message that finds who is meant where a row's own names are missing."""

    def _with_lesser(self, items: list[TextItem]) -> list[TextItem]:
        """The names found, and words that name a row only where nothing else does: "nhận 3", "66 người có thẻ"."""
        named = {key for item in items for key in item.keys}
        by_sign = {row.sign: row.key for row in self.form.indicators if row.sign}
        gained, lost = by_sign.get("+"), by_sign.get("-")
        lesser: list[TextItem] = []
        if gained is not None and lost is not None and not {gained, lost} & named:
            lesser += self._rise_and_fall(gained, lost, items)
        if gained is not None and gained not in named:
            lesser += [
                TextItem(a, b, True, (gained,), words=(self.norm[a:b],))
                for a, b in self.spans("lesser_gain")
                if self._gains(b) and self.free(a, b)
            ]
            taken = [match.span() for match in NOBODY_TAKEN.finditer(self.norm)]
            lesser += [
                TextItem(a, b, True, (gained,), words=(self.norm[a:b],))
                for a, b in self.spans("lesser_gain")
                if (begin := next((c for c, d in taken if d == b + 1), None)) is not None and self.free(begin, b)
            ]
        if lost is not None:
            lesser += [
                TextItem(a, b, True, (lost,), words=tuple(self.norm[a:b].split()))
                for a, b in self.spans("lesser_loss")
                if self.free(a, b) and self.ends_name(b)
            ]
        if (keys := self.members_row) and not named & {*keys}:
            lesser += [
                TextItem(a, b, True, keys, words=tuple(self.norm[a:b].split()))
                for a, b in self.spans("lesser_members")
                if self.free(a, b) and self._is_of_members(a, b)
            ]
        if (keys := self.staff_row) and not named & {*keys}:
            lesser += self._people_at_work(keys, items)
        return [*lesser, *(i for i in items if not any(new.start <= i.start < new.end for new in lesser))]

    def _gains(self, end: int) -> bool:
        """Whether "nhận" takes in people: their number follows, and nothing or people behind it."""
        number = re.match(r"[ :=]+\d+(?![\d.,]*\d)", self.norm[end:])
        if number is None:
            return False
        after = end + number.end()
        behind = re.match(r" ([a-z]+)", self.norm[after:])
        if behind is None:
            return True
        if self._staff(after + 1) is not None or self.norm.startswith(tuple(folded("staff")), after + 1):
            return False
        people = next(self.spans("people", after), (0, 0))[0] == after + 1
        moving = any(key in self.children for key in self.lexicon.labels.get((behind[1],), ()))
        return people or moving or behind[1] in folded("particles")

    def _rise_and_fall(self, gained: str, lost: str, items: list[TextItem]) -> list[TextItem]:
        """Who came and went as "lên 5 xuống 2", both said together and of no row in particular."""
        found: list[TextItem] = []
        most = max((int(number) for number in re.findall(r"\d+", self.norm)), default=0)
        for match in RISE_FALL.finditer(self.norm):
            few = max(int(match["gained"]), int(match["lost"])) * 2 < most
            if few and self.free(*match.span()) and not any(i.keys and i.end == match.start() - 1 for i in items):
                for name, key in (("up", gained), ("down", lost)):
                    found.append(TextItem(*match.span(name), True, (key,), words=(match[name],)))
        return found

    def _is_of_members(self, start: int, end: int) -> bool:
        """Whether lesser words are what they seem: "có thẻ" with its marks and of no other card."""
        behind = re.match(r" ([a-z]+)", self.norm[end:])
        marked = self.marked[start:end] in DATA.lists["lesser_members"]
        return marked and (behind is None or behind[1] in folded("particles") | folded("linking"))

    def ends_name(self, end: int) -> bool:
        """Whether nothing that would make something else of a name stands right behind it."""
        behind = re.match(r" ([a-z]+)", self.norm[end:])
        known = FILLERS | NUMBER_WORDS | self.lexicon.words | folded("persons")
        return behind is None or behind[1] in known

    def _hired(self) -> list[TextItem]:
        """Those hired as those who join, where all of them are said to: "tuyển mới 3 bạn cũng vào công đoàn hết"."""
        gained = next((row.key for row in self.form.indicators if row.sign == "+"), None)
        found: list[TextItem] = []
        if gained is None:
            return found
        for match in HIRED.finditer(self.norm):
            if self.free(*match.span("name")) and self._take(*match.span("join")):
                self.claim(*match.span("name"))
                found.append(TextItem(*match.span("name"), True, (gained,), words=tuple(match["name"].split())))
        return found

    def _people_at_work(self, keys: tuple[str, ...], items: list[TextItem]) -> list[TextItem]:
        """People by their trade, or as they call each other, who stand for all that work there: "54 anh em".

        Theirs is the largest figure of the message; of several such, all are names, so that they are asked about.
        """
        figures, most = self._figures_written()
        found: list[TextItem] = []
        values: list[Decimal] = []
        for start, end in self.spans("lesser_staff"):
            told = next(
                (
                    (a, b, value)
                    for a, b, value in figures
                    if (
                        TOLD_BEFORE.fullmatch(self.norm[b:start])
                        if b <= start
                        else TOLD_BEHIND.fullmatch(self.norm[end:a])
                    )
                ),
                None,
            )
            if told is None or not self.free(start, end):
                continue
            begin, until = min(start, told[0]), max(end, told[1])
            if self.ends_name(until) and not self._some_moved(begin, until, items):
                found.append(TextItem(start, end, True, keys, words=tuple(self.norm[start:end].split())))
                values.append(told[2])
        return found if values and max(values) >= most else []

    def _figures_written(self) -> tuple[list[tuple[int, int, Decimal]], Decimal]:
        """The numbers of the message that nothing explains yet, with their values, and the largest of them."""
        counted = {match.start("n") for match in COUNTED.finditer(self.marked)}
        digits = [
            (match.start("digits"), match.end())
            for match in NUMBER.finditer(self.norm)
            if match.start("digits") not in counted and self.free(match.start("digits"), match.end())
        ]
        words = [match.span() for match in self._spelled_runs() if self.free(*match.span())]
        figures = [
            (start, end, number.value)
            for start, end in (*digits, *words)
            if isinstance(number := parse_count(self.norm[start:end]), Parsed)
        ]
        # A single word is often none: "chức", "trạm".
        large = [value for start, end, value in figures if (start, end) in digits or " " in self.norm[start:end]]
        return figures, max(large, default=Decimal(0))

    def _spelled_runs(self) -> Iterator[re.Match[str]]:
        """Runs of number words; one that begins inside a month ("tháng mười | tám trăm") begins behind it."""
        at = 0
        while match := SPELLED.search(self.norm, at):
            at = match.end()
            taken = next((i for i in range(match.end() - 1, match.start() - 1, -1) if self.marks[i]), None)
            if taken is not None and (rest := SPELLED.search(self.norm, taken + 1, match.end())):
                yield rest
            else:
                yield match

    def _some_moved(self, start: int, end: int, items: list[TextItem]) -> bool:
        """Whether people with their number are those who came or went, who are members, or a part: "thêm 5 anh em"."""
        clause, _ = self.layout.clause(start)
        if any(True for _ in self.spans("subset", clause, start)):
            return True
        for item in items:
            lead = item.end <= start and item.start >= clause and {*self.norm[item.end : start].split()} <= FILLERS
            if lead and not item.total and (not item.keys or item.keys[0] in self.children):
                return True
            tail = item.start >= end and re.fullmatch(r" (?:[a-z]+ )?", self.norm[end : item.start])
            if tail and item.keys and item.keys[0] in self.children and not self._is_told(item.end):
                return True
        return False

    def _is_told(self, end: int) -> bool:
        """Whether a number stands right behind a name."""
        number = re.match(r"[ :=]*(?:\d|[a-z]+ \d|([a-z]+))", self.norm[end:])
        return number is not None and (number[1] is None or number[1] in NUMBER_WORDS)

    @property
    def staff_row(self) -> tuple[str, ...]:
        """The row of the workers, where the form has one."""
        return next(
            (self.lexicon.labels[(name,)] for name in folded("staff_row") if (name,) in self.lexicon.labels), ()
        )

    @property
    def members_row(self) -> tuple[str, ...]:
        """The row of those of whom others come and go, where the form has just one such."""
        nouns = [row.key for row in self.form.indicators if row.noun and row.key in {*self.children.values()}]
        return (nouns[0],) if len(nouns) == 1 else ()

    def _staff(self, start: int) -> int | None:
        """Where a run of names of staff ends ("cán bộ, giáo viên, nhân viên", "CBGVNV"), or None where none begins."""
        if not self.staff_row:
            return None
        if whole := STAFF_SHORT.match(self.norm, start):
            return whole.end()
        run = STAFF.match(self.marked, start)
        return run.end() if run and self.free(start, run.end()) else None
