"""Labels and numbers of a report in one message: its text explained stretch by stretch, each once, the surest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from knowledge.dates import last_day
from knowledge.model.forms import FigureKind, Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.numbers import NUMBER_WORDS, Parsed, Unclear, is_number_word, parse_count
from knowledge.reports.words import (
    AROUND,
    AS_BEFORE,
    BLANK,
    CUT_OFF,
    DATES,
    DAY_MONTH,
    DOCUMENT,
    FILLERS,
    FOREIGN,
    FROM_DAY,
    FROM_TO,
    GENDERED,
    INLINE_NO,
    KNOWN_WORDS,
    LETTERED,
    LOOKALIKES,
    MONTH_WORDS,
    NO_MOVEMENT,
    NUMBER,
    NUMBERING,
    OTHER_PERIODS,
    PERIOD_MONTH,
    PERIOD_NUMERIC,
    PERIOD_WORD,
    REPORT_WORD,
    RANGE,
    SPELLED,
    SUM_WRITTEN,
    UNIT_START,
    UP_TO_DAY,
    ZERO,
)
from knowledge.reports.phrases import either, folded, pattern
from knowledge.reports.times import Kind, Layout, When, joined
from knowledge.text import decode_telex, decode_vni, fold, is_syllable, tidy


_FAR_AHEAD = 6


@dataclass(frozen=True)
class Item:
    """A label or a number in the text, in the order of appearance.

    `keys` are the indicators a label may name (none: something else that is counted); a number has none. `total` marks
    "tổng" alone, `zero` a "không", `parts` what a joined label was made of.
    """

    start: int
    end: int
    is_label: bool
    keys: tuple[str, ...] = ()
    total: bool = False
    zero: bool = False
    sign: str = ""
    raw: str = ""
    words: tuple[str, ...] = ()
    around: bool = False
    others: tuple[str, ...] = ()
    corrects: bool = False
    parts: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Scan:
    """What a message holds: labels and numbers in order, the periods and the unit it names, and what it says of change.

    `other_periods` are pieces that name a period of another kind; `moved_not` says that nothing moved; `as_before` are
    the stretches that say "as before".
    """

    items: list[Item]
    table_periods: tuple[Period, ...]
    whens: list[When]
    unit: str | None
    moved_not: bool
    as_before: list[tuple[int, int]]


@dataclass
class Lexicon:
    """The words a form is filled in with."""

    labels: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    squeezed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    longest: int = 1
    spoken: tuple[tuple[tuple[str, ...], str], ...] = ()


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", fold(tidy(text))))


@lru_cache(maxsize=8)
def _lexicon(form: Form) -> Lexicon:
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for row in form.indicators:
        if row.heading:
            continue
        for alias in (row.name, row.short, *row.aliases):
            words = _syllables(alias)
            for shape in {
                words,
                words[2:] if words[:2] == ("tong", "so") else words,
                words[1:] if words[:1] == ("so",) else words,
            }:
                if shape:
                    found.setdefault(shape, {})[row.key] = None
    labels = {words: tuple(keys) for words, keys in found.items()}
    squeezed = {"".join(words): keys for words, keys in labels.items() if len(words) > 1 and len("".join(words)) >= 6}
    spoken = tuple((words, " ".join(words)) for words in labels if len(words) > 1 and len("".join(words)) >= 7)
    return Lexicon(
        labels, squeezed, frozenset(w for words in labels for w in words), max(map(len, labels), default=1), spoken
    )


class Scanner:
    """One message being read; `norm` is its folded text, `marks` says which of its characters are already explained."""

    def __init__(self, text: str, form: Form, today: date, last: Period | None) -> None:
        self.form, self.today, self.last = form, today, last
        self.lexicon = _lexicon(form)
        self.by_key = {row.key: row for row in form.indicators}
        self.children = {row.key: row.parent for row in form.indicators if row.parent is not None}
        self.original = self._unstuck(_clean(text))
        self.norm, self._at = self._normalise(self.original)
        self.marks = bytearray(len(self.norm))
        self.plain = self.original.isascii()
        self.marked = self._aligned()
        self.layout = Layout(self.norm)
        self.joint: list[Item] = []
        self.whens: list[When] = []
        self.unit_spans: list[tuple[int, int]] = []
        self.negated: list[tuple[int, int]] = []
        self.numbered: dict[int, str] = {}

    # Text

    def _normalise(self, text: str) -> tuple[str, list[int]]:
        """The folded text with keys decoded and slips mended, and for each of its characters the place in `text`."""
        out: list[str] = []
        places: list[int] = []
        for match in re.finditer(r"[^\W\d_][^\W_]*|.|\n", text):
            word = self._mend(match[0]) if match[0][0].isalpha() else fold(match[0])
            out.append(word)
            size = match.end() - match.start()
            places.extend(match.start() + min(i, size - 1) for i in range(len(word)))
        return "".join(out), [*places, len(text)]

    def _aligned(self) -> str:
        """`norm` with the marks that were typed, letter for letter."""
        letters = (self.original[at : at + 1].lower() for at in self._at[:-1])
        return "".join(
            typed if fold(typed) == plain else plain for typed, plain in zip(letters, self.norm, strict=True)
        )

    def spans(self, name: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Where a phrase of a list stands."""
        found = pattern(name, plain=self.plain).finditer(self.marked, start, len(self.marked) if end is None else end)
        return (match.span() for match in found)

    def words(self, name: str) -> frozenset[str]:
        """The phrases of a list, folded."""
        return folded(name)

    def _unstuck(self, text: str) -> str:
        """Figures parted from the names they are stuck to ("đv1250"), where the digits are no VNI keys."""

        def part(match: re.Match[str]) -> str:
            letters, digits = match[1], match[2]
            name = fold(letters)
            if name not in self.lexicon.words or name in {"t", "th"}:
                return match[0]
            keys = letters.isascii() and decode_vni(match[0]) is not None
            led = re.match(r"\s*[:=]?\s*\d", text[match.end() :])
            return match[0] if keys and ((name,) not in self.lexicon.labels or led) else f"{letters} {digits}"

        return re.sub(r"(?<![\w])([^\W\d_]+)(\d[\d.,]*)(?=\D|$)(?![^\W_])", part, text)

    def _mend(self, word: str) -> str:
        folded = fold(word)
        if word.lower() in LOOKALIKES:
            # Out of the alphabet of labels, so that "mỗi" is not taken for "mới".
            return f"{folded}zz"
        if folded[:2] == "dd" and folded[1:] in self.lexicon.words:
            return folded[1:]
        if folded in self.lexicon.words or folded in KNOWN_WORDS or folded in FILLERS:
            return folded
        if word.isascii():
            decoded = decode_telex(word) or decode_vni(word)
            if decoded is not None and (
                fold(decoded) in self.lexicon.words or fold(decoded) in KNOWN_WORDS | FILLERS | NUMBER_WORDS
            ):
                return fold(decoded)
        if folded in self.lexicon.squeezed:
            return " ".join(next(words for words in self.lexicon.labels if "".join(words) == folded))
        if len(folded) >= 4 and folded.isalpha():
            # A real syllable may be a name; only letters that changed places are surely a slip there.
            slips = (
                known
                for known in self.lexicon.words | KNOWN_WORDS
                if len(known) >= 3 and OSA.distance(folded, known, score_cutoff=1) == 1
            )
            near = [
                known
                for known in slips
                if not is_syllable(folded) or (sorted(known) == sorted(folded) and word.isascii())
            ]
            if near:
                return min(near, key=lambda known: (sorted(known) != sorted(folded), known[0] != folded[0], known))
        return folded

    def piece(self, start: int, end: int) -> str:
        """What was written between two places of `norm`."""
        return self.original[self._at[start] : self._at[end] if end < len(self.norm) else len(self.original)].strip(
            " \n,;.:|-"
        )

    def original_at(self, at: int) -> str:
        """The letter as it was typed."""
        return self.original[self._at[at] : self._at[at] + 1] if at < len(self._at) else ""

    def claim(self, start: int, end: int) -> None:
        """Mark a stretch as explained."""
        self.marks[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing in a stretch is explained yet."""
        return not any(self.marks[start:end])

    # Steps

    def scan(self) -> Scan:
        """Everything the message holds, each stretch explained once, the surest first."""
        whens = self._days()
        moved_not, as_before = self._unchanged()
        self._numbering()
        table_periods = self._table_columns()
        whens.extend(self._times(whens))
        self._moves()
        for name in ("surely", "denials"):
            for start, end in self.spans(name):
                self._take(start, end)
        labels = self._labels()
        unit, labels = self._unit(labels)
        labels = self._without_header(labels)
        self._names_and_things()
        numbers = self._numbers(labels)
        self.whens = joined(self, whens)
        return Scan(
            items=sorted([*labels, *numbers], key=lambda item: item.start),
            table_periods=tuple(table_periods),
            whens=self.whens,
            unit=unit,
            moved_not=moved_not,
            as_before=as_before,
        )

    def _take(self, start: int, end: int) -> bool:
        """Claim a stretch that is free."""
        if not self.free(start, end):
            return False
        self.claim(start, end)
        return True

    def _days(self) -> list[When]:
        """Claim dates, times of day and phone numbers; a date up to the last day of a month names that month."""
        found = []
        for match in UP_TO_DAY.finditer(self.norm):
            day, month = int(match["day"]), int(match["month"])
            if self.form.period is PeriodKind.MONTH and 1 <= month <= 12:
                period = self._month(month, match["year"], "")
                if last_day(period.year, period.number).day == day and self._take(*match.span()):
                    found.append(When(*match.span(), Kind.MONTH, (period,), declared=True))
        for match in FROM_DAY.finditer(self.norm):
            month = int(match["month"])
            if self.form.period is PeriodKind.MONTH and 1 <= month <= 12 and self._take(*match.span()):
                found.append(When(*match.span(), Kind.MONTH, (self._month(month, match["year"], ""),), declared=True))
        for pattern in DATES:
            for match in pattern.finditer(self.norm):
                self._take(*match.span())
        for match in DAY_MONTH.finditer(self.norm):
            word = match["word"]
            fits = 1 <= int(match["day"]) <= 31 and 1 <= int(match["month"]) <= 12
            named = word in self.lexicon.words and (word,) not in self.words_of_reasons()
            ahead = word is None and not self._starts_label(self.norm[match.end() :].lstrip())
            if fits and (ahead or word in self.words("day_leads") or (word and not named and word not in FILLERS)):
                self._take(match.start("day"), match.end())
        return found

    def words_of_reasons(self) -> frozenset[tuple[str, ...]]:
        """Names of one word that say why somebody left, behind which a date may stand."""
        return frozenset((word,) for word in folded("dated"))

    def _names_and_things(self) -> None:
        """Claim numbers that are names ("phòng 304") or count something else ("3 chi nhánh")."""
        named = re.compile(rf"{pattern('named', plain=False).pattern}\s*(?:s\u1ed1\s*)?(?P<n>\d+)(?![\d.,/]\d)(?:[/-][\w-]+)?")
        for match in named.finditer(self.marked):
            self._take(*match.span())
        counted = re.compile(rf"(?<![\w.,/])(?P<n>\d+(?:[.,]\d+)*)\s*{pattern('counted', plain=False).pattern}(?!\s+ch[\u00edi])(?!\s*\d)".replace(r"(?<!\w)(?:", r"(?:"))
        for match in counted.finditer(self.marked):
            self._take(*match.span("n"))
        for match in DOCUMENT.finditer(self.norm):
            self._take(*match.span())
        for start, end in self.spans("negated"):
            number = re.compile(r"\s*(?:la )?\d[\d.,]*(?<![.,])").match(self.norm, end)
            follows = re.findall(r"[a-z]+", self.norm[number.end() :])[:3] if number else []
            if number and not self.words("instead") & set(follows):
                self.claim(start, number.end())
                self.negated.append((start, number.end()))
        for match in re.finditer(r"(?P<name>(?:[a-z]+ ){2})(?P<n>\d{1,2})(?=\s*[:,])", self.norm):
            begins = (match.start(), match.start() + match["name"].index(" ") + 1)
            if all(self.original_at(at).isupper() and not self.original_at(at + 1).isupper() for at in begins) and (
                not self.lexicon.words & set(match["name"].split())
            ):
                self._take(*match.span("n"))

    def _moves(self) -> None:
        """Figures said as a way from one number to another ("từ 53 xuống 52") or as a sum: one figure, to be asked."""
        for match in FROM_TO.finditer(self.norm):
            if self._take(*match.span()):
                raws = (match["to"], match["from"])
                self.joint.append(Item(*match.span(), False, raw=raws[0], others=raws[1:], around=True))
        for match in SUM_WRITTEN.finditer(self.norm):
            if self._take(*match.span()):
                self.joint.append(Item(*match.span(), False, raw=match["sum"], around=True))

    def _unchanged(self) -> tuple[bool, list[tuple[int, int]]]:
        """Whether the message says that nothing moved, and where it says "as before"."""
        moved = False
        for match in NO_MOVEMENT.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                moved = True
        before = []
        for match in AS_BEFORE.finditer(self.norm):
            if self.free(*match.span()):
                self.claim(*match.span())
                before.append(match.span())
        return moved, before

    def _numbering(self) -> None:
        """Claim list numbers; a number of the form's table with no label beside it becomes the label."""
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
                figures = len(re.findall(r"\d[\d.,]*(?: \d{3}\b)*|\bkhong\b", rest))
                first = no.split(".")[0]
                known = self.form.numbered(first)
                in_order = no.isdigit() and int(no) == rank + 1 and "\n" in self.norm
                firm = (mark in {".", ")", "]", ".|", ")|"}) or "|" in mark
                # Without a mark it is a list number only where every name beside it has a figure of its own.
                bare = figures >= names and (in_order or known)
                if names and figures and (firm or bare):
                    self.claim(start, offset + skip + match.end())
                    rank += 1
                elif not names and figures and known and (firm or mark == ":") and "." not in no:
                    self.numbered[start] = known[0].key
                    rank += 1
                elif not names and figures and firm and in_order and mark != "-":
                    self.claim(start, offset + skip + match.end())
                    rank += 1
            offset += len(line) + 1
        inline = [m for m in INLINE_NO.finditer(self.norm) if self.free(*m.span(1))]
        if len(inline) > 1 and [int(m[1]) for m in inline] == list(range(1, len(inline) + 1)):
            for m in inline:
                self.claim(m.start(1), m.end(2))
        for m in re.finditer(r"\b(?:muc|chi tieu so)\s+(\d{1,2})\b", self.norm):
            known = self.form.numbered(m[1])
            if known and self.free(*m.span()):
                after = self.norm[m.end() : m.end() + 60].split("\n")[0]
                if self._has_label(after):
                    self.claim(*m.span())
                else:
                    self.claim(m.start(), m.start(1))
                    self.numbered[m.start(1)] = known[0].key

    def _table_columns(self) -> list[Period]:
        """Claim the columns of a table that hold no figure: a running number, the unit, the month (which is read)."""
        lines, offset, found = self.norm.split("\n"), 0, []
        for line, following in pairwise(lines):
            heads, cells = line.split("|"), following.split("|")
            at = offset + len(line) + 1
            for head, cell in zip(heads, cells, strict=False):
                name = head.strip()
                if len(heads) == len(cells) > 2 and name in {
                    "thang",
                    "ky",
                    "ky bao cao",
                    "stt",
                    "tt",
                    "don vi",
                    "ten don vi",
                    "ma",
                    "ma don vi",
                }:
                    month = re.fullmatch(r"\s*(1[0-2]|0?[1-9])(?:[/-](20\d\d))?\s*", cell)
                    if name in {"thang", "ky", "ky bao cao"} and month and self.form.period is PeriodKind.MONTH:
                        found.append(self._month(int(month[1]), month[2], ""))
                    self.claim(at, at + len(cell))
                at += len(cell) + 1
            offset += len(line) + 1
        found.extend(self._month_columns(lines))
        return found

    def _month_columns(self, lines: list[str]) -> list[Period]:
        """Of a table with a column for each of several months, claim the columns of all but the latest."""
        heads = lines[0].split("|")
        months = {
            at: self._month(int(match[1]), match[2], "")
            for at, head in enumerate(heads)
            if (match := re.fullmatch(r"\s*(?:thang|th|t)\s*(1[0-2]|0?[1-9])(?:[/-](20\d\d))?\s*", head))
        }
        if len(set(months.values())) < 2 or self.form.period is not PeriodKind.MONTH:
            return []
        reported, offset = max(months.values()), len(lines[0]) + 1
        self.claim(0, len(lines[0]))
        for line in lines[1:]:
            at = offset
            for index, cell in enumerate(line.split("|")):
                if index in months and months[index] != reported:
                    self.claim(at, at + len(cell))
                at += len(cell) + 1
            offset += len(line) + 1
        return [reported]

    def _has_label(self, text: str) -> bool:
        return self._count_labels(text) > 0

    def _count_labels(self, text: str) -> int:
        words, count, at = re.findall(r"[a-z0-9]+", text), 0, 0
        while at < len(words):
            sizes = range(min(self.lexicon.longest, len(words) - at), 0, -1)
            size = next((n for n in sizes if tuple(words[at : at + n]) in self.lexicon.labels), 0)
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
        for match in PERIOD_MONTH.finditer(self.norm):
            year = match["year"] or match["tight"] or match["spaced"] or match["bare"]
            if not self.free(*match.span()) or (year is None and self._may_be_figure(match)):
                continue
            month = self._month(int(match["month"]), year, match["relative"] or "")
            other = re.match(r"(?:/|-| hay | hoac | hay thang | hoac thang | va | voi | den | toi )(1[0-2]|[1-9])(?![\d/.,])", self.norm[match.end() :])
            if other and year is None:
                months = (month, self._month(int(other[1]), None, ""))
                yield self._when(match.start(), match.end() + other.end(), months, doubtful=True)
            else:
                yield self._when(*match.span(), (month,))
        for match in PERIOD_NUMERIC.finditer(self.norm):
            year = match["year"] or match["year2"]
            if self.free(*match.span()) and self.today.year - 8 <= int(year) <= self.today.year + 1:
                yield self._when(*match.span(), (self._month(int(match["month"] or match["month2"]), year, ""),))
        for match in PERIOD_WORD.finditer(self.norm):
            # "tháng sau" is next month unless it is written as the sixth.
            sixth = match["word"] != "sau" or "á" in self.marked[match.start("word") : match.end("word")]
            if self.free(*match.span()) and sixth:
                yield self._when(*match.span(), (self._month(MONTH_WORDS[match["word"]], match["year"], ""),))
        for match in OTHER_PERIODS.finditer(self.norm):
            if self._take(*match.span()):
                head = not self.norm[: match.start()].strip() and self.norm[match.end() :].lstrip().startswith(":")
                yield When(*match.span(), Kind.OTHER, declared=head or self._is_declared(match.start()))
        if any(True for _ in self.spans("whole")):
            for start, end in self.spans("part"):
                if not any(c.isdigit() for c in self.norm[self.layout.clause(start)[0] : start]):
                    yield When(start, end, Kind.OTHER)
        months = {month for when in days for month in when.months}
        for name, kind in (("other_time", Kind.OTHER), ("this_month", Kind.THIS), ("within", Kind.NOW), ("future", Kind.FUTURE)):
            for start, end in self.spans(name):
                if self._take(start, end):
                    yield When(start, end, Kind.COMPARED if self._compared(start) else kind)
        month = Period.month(self.today.year, self.today.month).shifted(-1)
        for start, end in self.spans("last_month"):
            if not self._take(start, end):
                continue
            if self._compared(start):
                yield When(start, end, Kind.COMPARED)
            else:
                this = any(True for _ in self.spans("this_month"))
                kind = Kind.OTHER if this or month in months else Kind.MONTH
                yield When(start, end, kind, (month,), declared=kind is Kind.MONTH and self._is_declared(start))

    def _when(self, start: int, end: int, months: tuple[Period, ...], *, doubtful: bool = False) -> When:
        self.claim(start, end)
        if self._compared(start):
            return When(start, end, Kind.COMPARED)
        return When(start, end, Kind.MONTH, months, declared=doubtful or self._is_declared(start))

    def _compared(self, start: int) -> bool:
        """Whether what begins there is only what the figures are compared with ("so với tháng 9")."""
        return any(end >= start - 1 for _, end in self.spans("comparing", max(0, start - 10), start))

    def _is_declared(self, start: int) -> bool:
        """Whether a month is said to be the one reported ("báo cáo tháng 9")."""
        begin, _ = self.layout.clause(start)
        return any(
            len(self.norm[end:start].split()) <= 5
            and not any(c.isdigit() for c in self.norm[end:start])
            and not self.words("no_report") & set(self.norm[end:start].split())
            for _, end in self.spans("report", begin, start)
        )

    def _may_be_figure(self, match: re.Match[str]) -> bool:
        """Whether "trong tháng 12 đoàn viên mới" counts twelve members rather than naming December."""
        if not self.norm[: match.start()].rstrip().endswith("trong"):
            return False
        after = self.norm[match.end() :].lstrip(" ")
        if re.match(r"(?:nguoi|dong chi)\b", after) or any(
            other.start() != match.start() for other in PERIOD_MONTH.finditer(self.norm)
        ):
            return True
        return self._starts_label(after) and not re.match(r"[a-z ]+[:=]?\s*\d", after)

    def _starts_label(self, text: str) -> bool:
        words = re.findall(r"[a-z0-9]+", text)[: self.lexicon.longest]
        return words[:1] == ["nguoi"] or any(tuple(words[:n]) in self.lexicon.labels for n in range(1, len(words) + 1))

    def _month(self, number: int, year: str | None, relative: str) -> Period:
        """The month meant; without a year the latest one opened."""
        if year is not None:
            return Period.month(int(year) if len(year) == 4 else 2000 + int(year), number)
        if relative:
            return Period.month(self.today.year - (0 if relative.endswith("nay") else 1), number)
        latest = self.last if self.last is not None else Period.month(self.today.year, self.today.month)
        # A month ahead is asked about; one that is far ahead is that of the year before.
        return Period.month(latest.year - (number > latest.number + _FAR_AHEAD), number)

    def _words(self) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), m[0]) for m in re.finditer(r"[a-z][a-z0-9]*", self.norm)]

    def _labels(self) -> list[Item]:
        """Every label, the longest phrase at each place."""
        words = self._words()
        items = [Item(at, at + 2, True, (key,), words=("#",)) for at, key in self.numbered.items()]
        index = 0
        while index < len(words):
            step = self._label_at(words, index, items)
            index += max(step, 1)
        for match in GENDERED.finditer(self.norm):
            year = "ă" in self.original[self._at[match.start()] : self._at[match.end()]].lower()
            if self.free(*match.span()) and not year:
                items.append(Item(*match.span(), True, words=("nam",)))
                self.claim(*match.span())
        items.sort(key=lambda item: item.start)
        for item in items:
            self.claim(item.start, item.end)
        return self._joined(items)

    def _label_at(self, words: list[tuple[int, int, str]], index: int, items: list[Item]) -> int:
        start = words[index][0]
        if not self.free(start, words[index][1]):
            return 1
        run = [words[index]]
        for word in words[index + 1 : index + max(self.lexicon.longest, 6)]:
            between = self.norm[run[-1][1] : word[0]]
            # A comma may stand inside a long name ("công nhân, viên chức, lao động"), a slash or a dash inside any.
            if not re.fullmatch(r" ?[,/&().-]? ?", between) or not self.free(*word[:2]):
                break
            run.append(word)
        texts = tuple(word[2] for word in run)
        if texts[0] in self.words("renewed") and any(end == start - 1 for _, end in self.spans("part", max(0, start - 20), start)):
            return 1
        staff = self._staff(start)
        for size in range(len(run), 0, -1):
            phrase = texts[:size]
            if staff is not None and run[size - 1][1] <= staff:
                items.append(Item(start, staff, True, self.staff_row, words=tuple(self.norm[start:staff].split())))
                return len([word for word in words[index:] if word[0] < staff])
            keys = self.lexicon.labels.get(phrase)
            commas = "," in self.norm[start : run[size - 1][1]] or "(" in self.norm[start : run[size - 1][1]]
            if keys is None and phrase in FOREIGN and not commas:
                items.append(Item(start, run[size - 1][1], True, words=phrase))
                return size
            if keys is not None and (not commas or size >= 4):
                items.append(Item(start, run[size - 1][1], True, keys, words=phrase))
                return size
        for phrase in (
            ("tong", "so"),
            ("tong", "cong"),
            ("tong",),
            ("cuoi", "ky"),
            ("cuoi", "thang"),
            ("con", "lai"),
            ("con",),
        ):
            if texts[: len(phrase)] == phrase and not _has_comma(self.norm[start : run[len(phrase) - 1][1]]):
                items.append(Item(start, run[len(phrase) - 1][1], True, total=True, words=phrase))
                return len(phrase)
        for size in range(min(len(run), 6), 1, -1):
            joined = " ".join(texts[:size])
            if len(joined) < 7 or _has_comma(self.norm[start : run[size - 1][1]]):
                continue
            near = [
                w
                for w, spoken in self.lexicon.spoken
                if len(w) == size and w[0][0] == joined[0] and OSA.distance(joined, spoken, score_cutoff=1) == 1
                and all(mine == known or (len(mine) > 2 and mine not in NUMBER_WORDS) for mine, known in zip(texts, w, strict=False))
            ]
            if len({self.lexicon.labels[w] for w in near}) == 1:
                items.append(Item(start, run[size - 1][1], True, self.lexicon.labels[near[0]], words=near[0]))
                return size
        return 1

    @property
    def has_percent(self) -> bool:
        """Whether a row of the form is a percentage."""
        return any(row.kind is FigureKind.PERCENT for row in self.form.asked)

    @property
    def staff_row(self) -> tuple[str, ...]:
        """The row of the workers, where the form has one."""
        return next((self.lexicon.labels[(name,)] for name in folded("staff_row") if (name,) in self.lexicon.labels), ())

    def _staff(self, start: int) -> int | None:
        """Where a run of names of staff ends ("cán bộ, giáo viên, nhân viên", "CBGVNV"), or None where none begins."""
        if not self.staff_row:
            return None
        shorts = "|".join(sorted(folded("staff_short"), key=len, reverse=True))
        if whole := re.compile(rf"(?:{shorts}){{2,}}(?![\w])").match(self.norm, start):
            return whole.end()
        name = f"(?:{either('staff', plain=True)})"
        run = re.compile(rf"{name}(?:(?: *[,/&+-] *(?:và )?| +và +| +){name})+(?!\w)").match(self.marked, start)
        return run.end() if run and self.free(start, run.end()) else None

    def _joined(self, items: list[Item]) -> list[Item]:
        """Labels that lean on each other made one: "đoàn viên được kết nạp", "nữ đoàn viên", "tổng lao động"."""
        joined: list[Item] = []
        for item in items:
            last = joined[-1] if joined else None
            if last is None or not self._close(last.end, item.start):
                joined.append(item)
            elif last.total:
                joined[-1] = item if item.keys else replace(item, start=last.start)
            elif item.total:
                if not last.keys:
                    joined.append(item)
            elif not last.keys or not item.keys:
                # Something else is counted: "nữ đoàn viên", "lao động nước ngoài", "lao động mới tuyển".
                joined[-1] = Item(
                    last.start, item.end, True, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item)
                )
            elif self._apart(last, item):
                joined[-1] = Item(
                    last.start, item.end, True, words=(*last.words, *item.words), parts=(*(last.parts or (last,)), item)
                )
            elif (keys := self._together(last, item)) is not None:
                joined[-1] = Item(
                    last.start,
                    item.end,
                    True,
                    keys,
                    words=(*last.words, *item.words),
                    parts=(*(last.parts or (last,)), item),
                )
            else:
                joined.append(item)
        return joined

    def _close(self, start: int, end: int) -> bool:
        """Whether nothing but blanks and small words stands between."""
        between = self.norm[start:end]
        return bool(
            re.fullmatch(
                r" *(?:(?:duoc|da|xin|bi|do|so|trong (?:thang|ky|so)|vua|moi|la|co|(?:ky|thang) nay|hien (?:co|nay)) *)*",
                between,
            )
        ) and self.free(start, end)

    def _together(self, first: Item, second: Item) -> tuple[str, ...] | None:
        """The keys two labels side by side name together: a sub-row and its parent name the sub-row."""
        if first.keys == second.keys:
            return first.keys
        for one, other in ((first, second), (second, first)):
            parents = {self.children.get(key) for key in one.keys}
            if len(one.keys) == 1 and parents & set(other.keys):
                return one.keys
        return None

    def _apart(self, first: Item, second: Item) -> bool:
        """Whether the second says of another row's people what the form asks of members only: "lao động tăng 20"."""
        parents = {self.children.get(key) for key in second.keys}
        return (
            None not in parents
            and not parents & set(first.keys)
            and all(key not in self.children and not self.by_key[key].noun for key in first.keys)
            and self.form.no_change != ()
        )

    def _unit(self, labels: list[Item]) -> tuple[str | None, list[Item]]:
        """The name of the unit as written; labels and digits inside it are none."""
        for match in UNIT_START.finditer(self.norm):
            inside = next((item for item in labels if item.start <= match.start() < item.end), None)
            if inside is not None and inside.keys:
                continue
            if inside is None and not self.free(match.start(), match.start() + 1):
                continue
            if any(begin <= match.end() + 1 for begin, _ in self.spans("own_words", match.end(), match.end() + 8)):
                continue
            clause = self.layout.clause(match.start())[0]
            named = [item for item in labels if clause <= item.start < match.start() and item.keys and not item.total]
            if named and not any(c.isdigit() for c in self.norm[named[-1].end : match.start()]):
                # "Tổng lao động của trường 70": the unit's own people, not a name.
                continue
            end = self._unit_end(match.start(), match.end(), labels)
            name = self.norm[match.start() : end]
            if len(name.split()) < 2 or re.fullmatch(
                r"(?:don vi|cong ty|truong|cdcs)\W*"
                r"(?:em|minh|toi|chung toi|co|la|hien|minh co|bao cao|gui|nop|xin)?\W*(?:bao cao|co)?",
                name.strip(),
            ):
                continue
            self.claim(match.start(), end)
            self.unit_spans.append((match.start(), end))
            rest = [item for item in labels if not (match.start() <= item.start < end)]
            hint = self.piece(match.start(), end)
            return re.sub(r"^(?:tên )?đơn vị\s*:?\s*", "", hint, flags=re.IGNORECASE), rest
        return None, labels

    def _unit_end(self, start: int, begun: int, labels: list[Item]) -> int:
        stop = re.search(r"[,:;\n(|]| - |\.\s|$", self.norm[begun:])
        end = begun + (stop.start() if stop else 0)
        claimed = next(
            (i for i in range(begun, end) if self.marks[i] and not any(item.start <= i < item.end for item in labels)),
            end,
        )
        end = min(end, claimed)
        for item in labels:
            if not begun <= item.start < end:
                continue
            after = re.match(r"[\s:=]*(?:(?:la|co|hien co|hien)\s+)*[+-]?\d|\s*[:=]", self.norm[item.end :])
            before = re.search(r"(?:^|[^\w.,])(?P<n>\d[\d.,]*)\s*(?:nguoi\s+)?$", self.norm[begun : item.start])
            if before is not None and after:
                # A figure too many belongs to the name ("May 10 lao động 1320"); as many figures as names do not.
                tail = self.norm[begun + before.start("n") :].split("\n")[0]
                until = begun + before.start("n") + len(tail)
                named = len({other.keys for other in labels if item.start <= other.start < until and other.keys})
                spare = len(re.findall(r"\d[\d.,]*(?: \d{3}\b)*", tail)) > named
                return item.start if spare else begun + before.start("n")
            if after or (
                before is None
                and item.keys
                and not item.total
                and item.words[-1:] not in {("trien",), ("su",), ("moi",), ("vao",), ("ra",)}
            ):
                return item.start
            if before is not None:
                return begun + before.start("n")
        word = re.search(r"\b(?:bao cao|bc|gui|nop|xin|co(?! phan))\b", self.norm[begun:end])
        return begun + word.start() if word else end

    def _without_header(self, labels: list[Item]) -> list[Item]:
        """Labels of a heading ("Báo cáo biến động đoàn viên tháng 10:") name no figure."""
        first = re.match(r"[^\n:]*", self.norm)
        end = first.end() if first else 0
        head = self.norm[:end]
        if (
            not end
            or end >= len(self.norm)
            or not (REPORT_WORD.search(head) or any(self.marks[i] for i in range(end) if head[i].isdigit()))
        ):
            return labels
        if any(c.isdigit() and not self.marks[i] for i, c in enumerate(head)):
            return labels
        in_head = [item for item in labels if item.end <= end]
        if (
            self.norm[end] == ":"
            and in_head
            and not self.norm[in_head[-1].end : end].strip()
            and re.match(r"\s*[+-]?\d", self.norm[end + 1 :])
        ):
            # "báo cáo tháng 10 cnvclđ: 1320": the colon belongs to the last label, unless four figures follow.
            bare = re.match(r"\s*\d[\d., ]*(?:\s*[/;|-]\s*\d[\d., ]*){3}\s*$", self.norm[end + 1 :])
            if bare is None:
                return [in_head[-1], *(item for item in labels if item.end > end)]
        return [item for item in labels if item.end > end]

    def _numbers(self, labels: list[Item]) -> list[Item]:
        """Every figure that is not part of something else."""
        numbers: list[Item] = []
        signs = bool(re.search(r"\d\s*\+\s+\d+\s*-\s+\d", self.norm))
        for match in NUMBER.finditer(self.norm):
            start = match.start("digits")
            if not self.free(start, match.end()):
                continue
            after = self.norm[match.end() :]
            if (
                re.match(r"\s*(?:thang|nam|ngay|tuoi|gio|quy|lan|ca)\b(?! (?:doan|nguoi)|\s*[:/]?\s*\d)", after)
                and not match["percent"]
            ):
                self.claim(*match.span())
                continue
            if match["percent"] and not self.has_percent:
                self.claim(*match.span())
                continue
            sign = match["sign"] or ""
            if signs and (spaced := re.search(r"([+-])\s+$", self.norm[:start])):
                sign = spaced[1]
            apart = self._split(match)
            after_all = RANGE.match(self.norm, match.end()) if len(apart) == 1 and not match["percent"] else None
            if after_all and self.free(match.end(), after_all.end()) and not self.norm[:start].endswith("-"):
                numbers.append(
                    Item(start, after_all.end(), False, raw=self.norm[start : match.end()], others=(after_all["other"],), around=True)
                )
                self.claim(start, after_all.end())
                continue
            for begin, end in apart:
                numbers.append(
                    Item(
                        begin,
                        end,
                        False,
                        sign=sign,
                        raw=self.norm[begin:end],
                        around=bool(AROUND.search(self.norm[:start]) or CUT_OFF.match(self.norm, end)),
                    )
                )
            self.claim(match.start(), match.end())
        for match in ZERO.finditer(self.norm):
            if self.free(*match.span()):
                numbers.append(Item(*match.span(), False, zero=True, raw="0"))
                self.claim(*match.span())
        for start, end in self.spans("not_yet"):
            until = self.layout.clause(start)[1]
            nobody = next(self.spans("nobody", end, until), None)
            moving = nobody and any(
                item.keys and (end <= item.start < nobody[0] or start - 8 < item.end <= start) for item in labels
            )
            if moving and self._take(start, end):
                numbers.append(Item(start, end, False, zero=True, raw="0"))
        numbers.extend(self._spelled(labels))
        numbers.extend(self.joint)
        for match in BLANK.finditer(self.norm):
            if match.start() in {item.end for item in labels} and self._take(*match.span("blank")):
                numbers.append(Item(*match.span("blank"), False, raw="?"))
        return numbers

    def _split(self, match: re.Match[str]) -> list[tuple[int, int]]:
        """One number, or several that only commas keep apart ("1.320,1.250,12,3")."""
        digits, start = match["digits"], match.start("digits")
        whole = [(start, match.end())]
        if match["scale"] or match["percent"] or digits.count(",") + digits.count(".") < 2:
            return whole
        if re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:[.,]\d+)?", digits) and not re.fullmatch(
            r"\d+(?:\.\d{3})*(?:,\d+(?:\.\d{3})*){2,}", digits
        ):
            return whole
        return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^,]+", digits)]

    def _spelled(self, labels: list[Item]) -> Iterator[Item]:
        """Numbers in words, where they stand right beside a label."""
        plain = self.original.isascii()
        ends = {item.end for item in labels}
        starts = {item.start for item in labels}
        for match in SPELLED.finditer(self.norm):
            written = re.findall(r"[^\W\d_]+", self.original[self._at[match.start()] : self._at[match.end()]])
            # Among marked words a bare "sau" or "lam" is no number.
            bare = not plain and any(
                word.isascii() and fold(word) in {"lam", "nam", "sau", "tam", "tu", "bay", "mot", "chin", "bon"}
                for word in written
            )
            if not self.free(*match.span()) or re.match(r"\s*\d", self.norm[match.end() :]) or bare:
                continue
            led = next((True for _, end in self.spans("titles", 0, match.start()) if end == match.start() - 1), False)
            if led and self.original_at(match.start()).isupper():
                continue
            if plain is False and not all(is_number_word(word) for word in written):
                continue
            lead = max((end for end in ends if end <= match.start()), default=None)
            small = lead is not None and all(word in FILLERS for word in re.findall(r"[a-z]+", self.norm[lead : match.start()]))
            linked = small and not re.search(r"[,;.\n\d]", self.norm[lead : match.start()])
            people = next(self.spans("people", match.end()), (0, 0))
            after = re.match(r"\s*", self.norm[match.end() :])
            if people[0] == match.end() + 1 and people[1] + 1 in starts:
                after = re.match(r".*", self.norm[match.end() : people[1] + 1])
            beside = linked or (
                after is not None and match.end() + after.end() in starts
            )
            if beside and isinstance(parse_count(match[0]), Parsed | Unclear):
                yield Item(*match.span(), False, raw=match[0])
                self.claim(*match.span())


def _has_comma(text: str) -> bool:
    """Whether a comma or a bracket stands in a stretch of text."""
    return "," in text or "(" in text


def _clean(text: str) -> str:
    """The message line by line, tidied, tabs shown as cell borders, ornaments and table rules gone."""
    short = re.sub(
        r"(?i)\b([bđdkcl])/([cvnđd])\b",
        lambda m: {"đ/c": "đồng chí", "d/c": "dong chi"}.get(m[0].lower(), m[1] + m[2]),
        unicodedata.normalize("NFC", text),
    )
    lines = []
    for line in re.split(r"\r\n?|\n", short):
        tidied = tidy(line.replace("\t", " | "))
        plain = "".join(" " if c in '*`#_"' or unicodedata.category(c) in {"So", "Sk"} else c for c in tidied)
        plain = re.sub(r" {2,}", " ", plain).strip().strip("|").strip()
        if plain and not re.fullmatch(r"[|:\-=+ ]+", plain):
            lines.append(plain)
    return "\n".join(lines)
