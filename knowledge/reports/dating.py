"""Dates, months and list numbers of a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.calendar.working_days import last_day
from knowledge.model.periods import Period, PeriodKind
from knowledge.reports.message import ReportMessage
from knowledge.reports.phrases import DATA, folded, phrases
from knowledge.reports.times import SpanKind, When
from knowledge.reports.words import (
    COLUMN_MONTH,
    COUNTS_PEOPLE,
    DATES,
    DAY_MONTH,
    DAYS,
    ENGLISH_MONTH,
    FIGURE_OR_NONE,
    FILLERS,
    FROM_DAY,
    HEAD_MONTH,
    INLINE_NO,
    LETTERED,
    MONTH_LEAD,
    NUMBERING,
    OTHER_PERIODS,
    PERIOD_MONTH,
    PERIOD_NUMERIC,
    PERIOD_WORD,
    ROW_NUMBER,
    SECOND_MONTH,
    SINCE,
    TIME_UNIT,
    UP_TO,
    UP_TO_DAY,
)

_FAR_AHEAD = 6
_FEW_LINES = 12


class Dating(ReportMessage):
    """The part of reading a message that explains its dates, periods, list numbers and table columns."""

    def _days(self) -> list[When]:
        """Claim dates, times of day and phone numbers; a date up to the last day of a month names that month."""
        found = []
        for match in DAYS.finditer(self.norm):
            first, until = int(match["month"]), int(match["until"])
            if (
                self.form.period is PeriodKind.MONTH
                and 1 <= first <= 12
                and 1 <= until <= 12
                and self._take(*match.span())
            ):
                months = (self._month(first, match["year"], ""), self._month(until, match["year"], ""))
                found.append(When(*match.span(), SpanKind.MONTH, tuple(dict.fromkeys(months)), declared=True))
        for match in UP_TO_DAY.finditer(self.norm):
            day, month = int(match["day"]), int(match["month"])
            if self.form.period is PeriodKind.MONTH and 1 <= month <= 12:
                period = self._month(month, match["year"], "")
                if last_day(period.year, period.number).day == day and self._take(*match.span()):
                    found.append(When(*match.span(), SpanKind.MONTH, (period,), declared=True))
        for match in FROM_DAY.finditer(self.norm):
            month = int(match["month"])
            if self.form.period is PeriodKind.MONTH and 1 <= month <= 12 and self._take(*match.span()):
                found.append(
                    When(*match.span(), SpanKind.MONTH, (self._month(month, match["year"], ""),), declared=True)
                )
        for pattern in DATES:
            for match in pattern.finditer(self.norm):
                self._take(*match.span())
        for match in DAY_MONTH.finditer(self.norm):
            word = match["word"]
            fits = 1 <= int(match["day"]) <= 31 and 1 <= int(match["month"]) <= 12
            named = word in self.lexicon.words and word not in folded("dated")
            due = self.last is not None and int(match["month"]) == self.last.number
            moved = (
                due
                and word not in folded("up") | folded("down") | folded("month")
                and any(
                    words[-1] == word and all(self.by_key[key].sign for key in keys)
                    for words, keys in self.lexicon.labels.items()
                )
            )
            ahead = word is None and not self._starts_label(self.norm[match.end() :].lstrip())
            if fits and (
                ahead or moved or word in self.words("day_leads") or (word and not named and word not in FILLERS)
            ):
                self._take(match.start("day"), match.end())
        return found

    def _numbering(self) -> None:
        """Claim list numbers; a number of the form's table with no label beside it becomes the label."""
        for mark in ")/.":
            inline = [m for m in INLINE_NO.finditer(self.norm) if m[2] == mark and self.free(*m.span(1))]
            if len(inline) > 1 and [int(m[1]) for m in inline] == list(range(1, len(inline) + 1)):
                for m in inline:
                    self.claim(m.start(1), m.end(2))
        offset, rank = 0, 0
        for line in self.norm.split("\n"):
            lettered = LETTERED.match(line)
            skip = lettered.end() if lettered and lettered.end() < len(line) else 0
            if skip:
                self.claim(offset, offset + skip)
            match = NUMBERING.match(line[skip:])
            if match and self.free(offset + skip + match.start("no"), offset + skip + match.end("no")):
                rest = line[skip + match.end() :]
                start = offset + skip + match.start("no")
                no, mark = match["no"], match["mark"].strip()
                names = self._count_labels(rest)
                figures = len(FIGURE_OR_NONE.findall(rest))
                first = no.split(".")[0]
                known = self.form.numbered(first)
                in_order = no.isdigit() and int(no) == rank + 1 and "\n" in self.norm
                firm = (mark in {".", ")", "]", ".|", ")|"}) or "|" in mark
                # Without a mark it is a list number only where every name beside it has a figure of its own.
                bare = figures >= names and (in_order or any(self._count_labels(rest, row.key) for row in known))
                # A large number at the head of a message of one line counts no lines.
                counts = "\n" in self.norm or bool(known) or int(first) <= _FEW_LINES
                if names and figures and counts and (firm or bare):
                    self.claim(start, offset + skip + match.end())
                    rank += 1
                elif not names and figures and known and (firm or mark == ":") and "." not in no:
                    self.numbered[start] = known[0].key
                    rank += 1
                elif not names and figures and firm and in_order and mark != "-":
                    self.claim(start, offset + skip + match.end())
                    rank += 1
            offset += len(line) + 1
        for m in ROW_NUMBER.finditer(self.norm):
            known = self.form.numbered(m[1])
            if known and self.free(*m.span()):
                after = self.norm[m.end() : m.end() + 60].split("\n")[0]
                if self._has_label(after):
                    self.claim(*m.span())
                else:
                    self.claim(m.start(), m.start(1))
                    self.numbered[m.start(1)] = known[0].key

    def _table_columns(self) -> list[Period]:
        """Name the cells of a table by the heads of their columns, and claim what holds no figure.

        That are running numbers, units, remarks and the month (which is read); of several rows only that of the whole,
        or of the latest month, is left to be read.
        """
        lines, months = self.norm.split("\n"), list[Period]()
        starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]
        table = [line.split("|") for line in lines]
        for top, heads in enumerate(table):
            rows = [at for at in range(top + 1, len(table)) if re.search(r"\d", lines[at])]
            named = [self._row_named(head) for head in heads]
            across = sum(map(bool, named)) > 1 and len(heads) > 2 and not re.search(r"\d", lines[top])
            rows = [at for at in rows if len(heads) >= len(table[at]) > 2 - across and len(heads) > 2]
            dated = [self._month_cell(heads, table[at]) for at in rows]
            read = rows
            if across and rows:
                self.claim(starts[top], starts[top] + len(lines[top]))
                read = [rows[at] for at in self._rows_of_the_whole([table[at][0] for at in rows], dated)]
            months.extend(month for at, month in zip(rows, dated, strict=True) if month is not None and at in read)
            for row in rows:
                at = starts[row]
                for head, key, cell in zip(heads, named, table[row], strict=False):
                    if across and key and row in read:
                        self.cells[at + len(cell) - len(cell.lstrip())] = key
                    elif across or head.strip() in folded("column_month") | folded("column_other"):
                        self.claim(at, at + len(cell))
                    at += len(cell) + 1
            if across:
                break
        months.extend(self._columns_of_the_whole(lines))
        return months

    def _month_cell(self, heads: list[str], cells: list[str]) -> Period | None:
        """The month that a row of a table says it is of."""
        for head, cell in zip(heads, cells, strict=False):
            month = COLUMN_MONTH.fullmatch(cell) if head.strip() in folded("column_month") else None
            if month and self.form.period is PeriodKind.MONTH:
                return self._month(int(month[1]), month[2], "")
        return None

    def _rows_of_the_whole(self, names: list[str], months: list[Period | None]) -> list[int]:
        """Of the rows of a table, by their first cells and months, the one for the whole, or all where none is."""
        dated = [(month, at) for at, month in enumerate(months) if month is not None]
        if dated:
            return [max(dated)[1]]
        total = [
            at
            for at, name in enumerate(names)
            if {*phrases("sum_row")} & {tuple(name.split())[:2], tuple(name.split())[:1]}
        ]
        return total[-1:] or list(range(len(names)))

    def _row_named(self, text: str) -> str:
        """The row that the head of a column names, or nothing."""
        words = re.findall(r"[a-z0-9]+", text)
        for at in range(len(words)):
            for end in range(min(len(words), at + self.lexicon.longest), at, -1):
                keys = self.lexicon.labels.get(tuple(words[at:end]), ())
                if len(keys) == 1:
                    return keys[0]
        return ""

    def _columns_of_the_whole(self, lines: list[str]) -> list[Period]:
        """Of a table with a column for each of several months, or for parts and their sum, claim all columns but the
        latest month's, or the sum's; the month that is read."""
        starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]
        for top, line in enumerate(lines[:-1]):
            heads = line.split("|")
            months = self._months_of_heads(heads)
            sums = [at for at, head in enumerate(heads) if tuple(head.split()) in phrases("sum_head")]
            if len(set(months.values())) > 1:
                read = max(months, key=lambda at: months[at])
            elif len(sums) == 1 and len(heads) > 2 and not re.search(r"\d", line):
                read = sums[0]
            else:
                continue
            self.claim(starts[top], starts[top] + len(line))
            named = {at for at, head in enumerate(heads) if head.strip() in folded("column_other")}
            for row in range(top + 1, len(lines)):
                self._claim_other_cells(lines[row], starts[row], len(heads), read, named)
            return [months[read]] if months else []
        return []

    def _months_of_heads(self, heads: list[str]) -> dict[int, Period]:
        """The months that heads of columns are, by their places."""
        if self.form.period is not PeriodKind.MONTH:
            return {}
        found = ((at, HEAD_MONTH.fullmatch(head)) for at, head in enumerate(heads))
        return {at: self._month(int(match[1]), match[2], "") for at, match in found if match is not None}

    def _claim_other_cells(self, line: str, start: int, width: int, read: int, named: set[int]) -> None:
        """Claim the figures of a row but for that of the column that is read; a head may lack the first column.

        Args:
            width: how many heads there are.
            named: places of heads over words, which are told apart already.
        """
        cells = line.split("|")
        shift = max(len(cells) - width, 0)
        at = start
        for place, cell in enumerate(cells, -shift):
            if place != read and place not in named and re.fullmatch(r"[\s\d.,%-]+", cell):
                self.claim(at, at + len(cell))
            at += len(cell) + 1

    def _has_label(self, text: str) -> bool:
        return self._count_labels(text) > 0

    def _count_labels(self, text: str, first: str | None = None) -> int:
        """How many names stand in a text; none where the first is not of the row `first`."""
        words, count, at = re.findall(r"[a-z0-9]+", text), 0, 0
        while at < len(words):
            sizes = range(min(self.lexicon.longest, len(words) - at), 0, -1)
            size = next((n for n in sizes if tuple(words[at : at + n]) in self.lexicon.labels), 0)
            if size and not count and first and first not in self.lexicon.labels[tuple(words[at : at + size])]:
                return 0
            count += bool(size)
            at += max(size, 1)
        return count

    def _times(self, days: list[When]) -> Iterator[When]:
        """The months and other spans of time named."""
        if self.form.period is not PeriodKind.MONTH:
            for pattern in (PERIOD_MONTH, PERIOD_NUMERIC, OTHER_PERIODS):
                for match in pattern.finditer(self.norm):
                    self.claim(*match.span())
            return
        for match in SINCE.finditer(self.norm):
            if self._take(*match.span()):
                yield When(*match.span(), SpanKind.OTHER)
        yield from self._months_by_number()
        yield from self._months_in_full()
        yield from self._other_spans()
        yield from self._relative_times({month for when in days for month in when.months})

    def _months_by_number(self) -> Iterator[When]:
        """Months as "tháng 9", "tháng 8 và 9"."""
        for match in PERIOD_MONTH.finditer(self.norm):
            year = match["year"] or match["tight"] or match["spaced"] or match["bare"]
            if not self.free(*match.span()) or (year is None and self._may_be_figure(match)):
                continue
            month = self._month(int(match["month"]), year, match["relative"] or "")
            other = SECOND_MONTH.match(self.norm, match.end())
            if other and year is None:
                months = (month, self._month(int(other[1]), None, ""))
                both = {*other[0].split()} & folded("both_months")
                yield replace(self._when(match.start(), other.end(), months, doubtful=True), summed=bool(both))
            else:
                yield self._since(match.start(), match.end(), month) or self._when(
                    *match.span(), (month,), yearless=year is None and not match["relative"]
                )

    def _since(self, start: int, end: int, month: Period) -> When | None:
        """A span that begins in a month before the one due: "tính từ tháng 8"; None for another."""
        lead = MONTH_LEAD.search(self.norm[:start])
        if lead is None or self.last is None or month >= self.last or UP_TO.match(self.norm, end):
            return None
        if not self._take(lead.start(), end):
            return None
        return When(lead.start(), end, SpanKind.OTHER)

    def _months_in_full(self) -> Iterator[When]:
        """Months as "9/2026", "October" and "tháng chín"."""
        for match in PERIOD_NUMERIC.finditer(self.norm):
            year = match["year"] or match["year2"]
            if self.free(*match.span()) and self.today.year - 8 <= int(year) <= self.today.year + 1:
                yield self._when(*match.span(), (self._month(int(match["month"] or match["month2"]), year, ""),))
        for match in ENGLISH_MONTH.finditer(self.norm):
            year = match["year"] or match["of"]
            if self.free(*match.span()):
                month = self._month(DATA.english_months[match["short"] or match["full"]], year, "")
                yield self._when(*match.span(), (month,), yearless=year is None)
        for match in PERIOD_WORD.finditer(self.norm):
            # "tháng sau" is next month unless it is written as the sixth.
            marks = set(self.marked[match.start("word") : match.end("word")])
            sixth = match["word"] not in folded("sixth") or bool(marks & set(DATA.lists["sixth_mark"]))
            if self.free(*match.span()) and sixth:
                month = self._month(DATA.months[match["word"]], match["year"], "")
                yearless = match["year"] is None and match["nearby"] is None
                yield self._when(*match.span(), (month,), yearless=yearless)

    def _other_spans(self) -> Iterator[When]:
        """Spans that are no month: quarters, years, a part of the whole."""
        for match in OTHER_PERIODS.finditer(self.norm):
            if self._take(*match.span()):
                bracket = self.norm[: self.layout.clause(match.start())[0]].endswith("(")
                head = not self.norm[: match.start()].strip() and self.norm[match.end() :].lstrip().startswith(":")
                yield When(
                    *match.span(),
                    SpanKind.OTHER,
                    declared=head or (self._is_declared(match.start()) and not bracket),
                    running=match[0] in self.words("running"),
                )
        if any(True for _ in self.spans("whole")):
            for start, end in self.spans("whole"):
                self._take(start, end)
                yield When(start, end, SpanKind.NOW, whole=True)
            for start, end in self.spans("part"):
                if not any(c.isdigit() for c in self.norm[self.layout.clause(start)[0] : start]):
                    yield When(start, end, SpanKind.OTHER, part=True)

    def _relative_times(self, stated: set[Period]) -> Iterator[When]:
        """Times told from today: this month, next, last; `stated` are the months of days that are named."""
        now = Period.month(self.today.year, self.today.month)
        month = now.shifted(-1)
        for start, end in self.spans("next_month"):
            if self._is_declared(start) and self.norm[end:].lstrip().startswith(":") and self._take(start, end):
                yield When(start, end, SpanKind.MONTH, (now,), declared=True)
        yield from self._vague_times()
        for start, end in self.spans("last_month"):
            if not self._take(start, end):
                continue
            # "Tháng trước nữa": the month before that.
            again = self.norm[end:].split(maxsplit=1)[:1]
            if again and again[0] in folded("once_more") and self.norm[end] == " ":
                yield self._when(start, end + 1 + len(again[0]), (month.shifted(-1),))
            elif self._compared(start):
                yield When(start, end, SpanKind.COMPARED)
            else:
                this = any(True for _ in self.spans("this_month")) or self.norm[:start].endswith("(")
                kind = SpanKind.OTHER if this or month in stated else SpanKind.MONTH
                yield When(start, end, kind, (month,), declared=kind is SpanKind.MONTH and self._is_declared(start))

    def _vague_times(self) -> Iterator[When]:
        """Times that name no month: "tuần trước", "hiện nay", "sắp tới"."""
        for name, kind in (
            ("other_time", SpanKind.OTHER),
            ("this_month", SpanKind.THIS),
            ("within", SpanKind.NOW),
            ("future", SpanKind.FUTURE),
        ):
            for start, end in self.spans(name):
                told = self.layout.clause(start)[1]
                only = kind is SpanKind.OTHER and not re.search(r"\d", self.norm[end:told])
                if only and any(True for _ in self.spans("reporting", end, told)):
                    # "tuần trước em báo nhầm": when something was said, not what figures are of.
                    self._take(start, end)
                elif not self._counts_time(start) and self._take(start, end):
                    running = self.norm[start:end] in self.words("running")
                    yield When(start, end, SpanKind.COMPARED if self._compared(start) else kind, running=running)

    def _counts_time(self, start: int) -> bool:
        """Whether a span of time is counted rather than named: "15 năm rồi"."""
        return bool(re.search(r"\d $", self.norm[:start]) and TIME_UNIT.match(self.norm, start))

    def _when(
        self, start: int, end: int, months: tuple[Period, ...], *, doubtful: bool = False, yearless: bool = False
    ) -> When:
        self.claim(start, end)
        if self._compared(start):
            return When(start, end, SpanKind.COMPARED)
        declared = doubtful or self._is_declared(start)
        return When(start, end, SpanKind.MONTH, months, declared=declared, yearless=yearless)

    def _compared(self, start: int) -> bool:
        """Whether what begins there is only what the figures are compared with ("so với tháng 9")."""
        return any(end >= start - 1 for _, end in self.spans("comparing", max(0, start - 20), start))

    def _is_declared(self, start: int) -> bool:
        """Whether a month is said to be the one reported ("báo cáo tháng 9")."""
        begin, _ = self.layout.clause(start)
        if re.search(r"\d\s*\($", self.norm[:begin]) and re.search(r"\).*\d", self.norm[start:]):
            return False
        return any(
            len(self.norm[end:start].split()) <= 5
            and not any(c.isdigit() for c in self.norm[end:start])
            and not self.words("no_report") & set(self.norm[end:start].split())
            for _, end in self.spans("report", begin, start)
        )

    def _may_be_figure(self, match: re.Match[str]) -> bool:
        """Whether "trong tháng 12 đoàn viên mới" counts twelve members rather than naming December."""
        if not self.norm[: match.start()].rstrip().endswith(tuple(folded("within_month"))):
            return False
        after = self.norm[match.end() :].lstrip(" ")
        others = (other for other in PERIOD_MONTH.finditer(self.norm) if int(other["month"]) != int(match["month"]))
        named = re.search(r"([a-z]+) [a-z]+ *$", self.norm[: match.start()])
        moved = named and any(
            w[-1] == named[1] and all(self.by_key[k].sign for k in ks) for w, ks in self.lexicon.labels.items()
        )
        if COUNTS_PEOPLE.match(after) or any(others) or (moved and not re.match(r"[^,;.\n)]", after)):
            return True
        return self._starts_label(after) and not re.match(r"[a-z ]+[:=]?\s*\d", after)

    def _starts_label(self, text: str) -> bool:
        words = re.findall(r"[a-z0-9]+", text)[: self.lexicon.longest]
        return tuple(words[:1]) in phrases("persons") or any(
            tuple(words[:n]) in self.lexicon.labels for n in range(1, len(words) + 1)
        )

    def _month(self, number: int, year: str | None, relative: str) -> Period:
        """The month meant; without a year the latest one opened."""
        if year is not None:
            return Period.month(int(year) if len(year) == 4 else 2000 + int(year), number)
        if relative:
            return Period.month(self.today.year - (0 if relative.endswith(tuple(folded("this_year"))) else 1), number)
        latest = self.last if self.last is not None else Period.month(self.today.year, self.today.month)
        # A month ahead is asked about; one that is far ahead is that of the year before.
        return Period.month(latest.year - (number > latest.number + _FAR_AHEAD), number)
