"""The outline of a document: lines joined to paragraphs, each in its numbered place under what governs it.

Numbers must continue: a wrapped line that begins with "1.500.000 đoàn viên" or "3. …" out of turn opens no section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from knowledge.importing.horizons import is_stage_heading
from knowledge.importing.lines import Line, TableLine
from knowledge.importing.marks import Mark, Style, alphabet_letter, read_mark, roman
from knowledge.importing.shadow import shadow

_LONGEST_SKIP: Final = 3
_ENDS: Final = (".", ";", ":", "!", "?", "…", "./.", '."', ".”")
_OPEN_END = re.compile(r"(?:[,\-/(]|\b(?:va|cua|cac|cho|voi|tai|theo|trong|la|tu|den|duoc|so|nhung|hoac|ve|co))\"?$")
_WIDEST_WRAPPED: Final = 130


@dataclass
class Item:
    """A paragraph, mark taken off, in its place.

    `above` are the items that govern it, the outermost first; `has_below` whether others stand under it.
    """

    text: str
    mark: Mark | None
    section: str
    above: tuple[Item, ...]
    first_line: int
    last_line: int
    page: int | None = None
    is_stage: bool = False
    is_footnote: bool = False
    has_below: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    prefix: str = ""

    def add(self, line: Line, text: str) -> None:
        """Go on with a line that belongs to it."""
        self.text = join(self.text, text)
        self.last_line = line.number
        self.__dict__.pop("shadow", None)

    @cached_property
    def shadow(self) -> str:
        """The folded text, letter for letter."""
        return shadow(self.text)

    @property
    def lines(self) -> tuple[int, int]:
        """The first and last line."""
        return self.first_line, self.last_line


def join(before: str, after: str) -> str:
    """Two parts of a broken paragraph as one: a document number or a date broken in two is closed up again."""
    tight = re.search(r"[\w\d][-/]$", before) or (re.search(r"\d[.,]$", before) and re.match(r"\d{1,3}", after))
    return before + after if tight else f"{before} {after}"


@dataclass
class _Level:
    style: Style
    sign: str
    mark: Mark
    item: Item


@dataclass
class _Habits:
    """How the lines of a document were broken."""

    is_wrapped: bool
    width: int
    has_cases: bool


@dataclass
class _Builder:
    habits: _Habits
    rows: frozenset[int]
    items: list[Item] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    last: Item | None = None
    last_text: str = ""

    def take(self, line: Line | TableLine) -> None:
        """The next line: a paragraph of its own, or more of the one before."""
        if isinstance(line, TableLine):
            self._add_table(line)
            return
        if line.is_footnote:
            self._append(line, line.text, None, footnote=True)
            return
        mark = read_mark(line.text, line.shadow)
        if mark is not None and self._accepts(mark, line):
            self._open(mark, line)
        elif self.last is not None and self._continues(line):
            self.last.add(line, line.text)
            if is_stage_heading(self.last.shadow) and not self.last.is_stage and self.last.mark is None:
                self._govern(self.last)
        elif self._is_stage(line):
            self._open(Mark(Style.WHEN, "", (), 0), line)
        else:
            self._append(line, line.text, None)
        self.last_text = line.text

    def _append(self, line: Line, text: str, mark: Mark | None, *, footnote: bool = False) -> Item:
        above = tuple(level.item for level in self.levels if level.style is not Style.BULLET or mark is not None)
        item = Item(text, mark, self._section(), above, line.number, line.number, line.page, is_footnote=footnote)
        item.prefix = line.text[: len(line.text) - len(text)]
        if above and not footnote:
            above[-1].has_below = True
        self.items.append(item)
        if not footnote:
            self.last = item
        return item

    def _govern(self, item: Item) -> None:
        item.is_stage = True
        self._pop_to(Style.WHEN)
        self.levels.append(_Level(Style.WHEN, "", Mark(Style.WHEN, "", (), 0), item))

    def _add_table(self, line: TableLine) -> None:
        above = tuple(level.item for level in self.levels)
        item = Item("", None, self._section(), above, line.number, line.number, line.page, rows=line.rows)
        self.items.append(item)
        self.last = None

    def _open(self, mark: Mark, line: Line) -> None:
        text = line.text[mark.end :]
        if mark.style in {Style.BULLET, Style.WHEN} and is_stage_heading(shadow(text)):
            mark = Mark(Style.WHEN, "", (), mark.end)
        place = self._place_of(mark)
        del self.levels[place:]
        item = self._append(line, text, mark)
        item.is_stage = mark.style is Style.WHEN
        if mark.style is not Style.ROW:
            self.levels.append(_Level(mark.style, mark.sign, mark, item))
        item.section = self._section()

    def _place_of(self, mark: Mark) -> int:
        """How many levels stay open above a paragraph with this mark."""
        if mark.style is Style.WHEN:
            return self._count_until(Style.WHEN)
        if mark.style is Style.PART:
            is_inside = bool(self.levels) and not self.levels[0].mark.numbers and bool(mark.numbers)
            return int(is_inside and self.levels[0].style is Style.PART)
        if mark.style is Style.DOTTED:
            for place, level in enumerate(self.levels):
                if level.style is Style.DOTTED and len(level.mark.numbers) >= len(mark.numbers):
                    return place
                if level.style > Style.DOTTED:
                    return place
            return len(self.levels)
        for place in range(len(self.levels) - 1, -1, -1):
            level = self.levels[place]
            if level.style is mark.style and level.sign == mark.sign:
                restarts = mark.style is not Style.BULLET and mark.last == 1 and level.mark.last >= 1
                below = self.levels[place + 1 :]
                if restarts and below and mark.style > Style.ROMAN:
                    return len(self.levels)
                return place
        if mark.style <= Style.ROMAN:
            return next(
                (place for place, level in enumerate(self.levels) if level.style > mark.style), len(self.levels)
            )
        return len(self.levels)

    def _count_until(self, style: Style) -> int:
        return next((place for place, level in enumerate(self.levels) if level.style >= style), len(self.levels))

    def _pop_to(self, style: Style) -> None:
        del self.levels[self._count_until(style) :]

    def _previous(self, mark: Mark) -> Mark | None:
        for level in reversed(self.levels):
            if level.style is mark.style and (level.sign == mark.sign or mark.style is Style.NUMBER):
                return level.mark
        return None

    def _accepts(self, mark: Mark, line: Line) -> bool:
        rest = line.text[mark.end :]
        open_end = self.last is not None and self._is_open(rest)
        match mark.style:
            case Style.BULLET:
                return not (self.last is not None and self._is_dash_inside(mark, rest))
            case Style.ROW:
                return line.number in self.rows
            case Style.PART:
                return not open_end or rest[:1].isupper() or not rest
            case Style.DOTTED:
                return self._continues_dotted(mark) and not (open_end and rest[:1].islower())
        if open_end and rest[:1].islower():
            return False
        before = self._previous(mark)
        if before is None:
            return mark.last == 1 or (mark.style is Style.ROMAN and mark.last <= _LONGEST_SKIP and rest.isupper())
        if mark.last == 1 or before.last < mark.last <= before.last + _LONGEST_SKIP:
            return True
        return mark.style is Style.ROMAN and mark.last == before.last and not open_end

    def _continues_dotted(self, mark: Mark) -> bool:
        *above, last = mark.numbers
        counts = [level.mark.numbers for level in self.levels if level.style is Style.DOTTED]
        for numbers in reversed(counts):
            if len(numbers) == len(mark.numbers) and numbers[:-1] == tuple(above):
                return numbers[-1] < last <= numbers[-1] + _LONGEST_SKIP
            if numbers == tuple(above):
                return last <= _LONGEST_SKIP
        number = next((level.mark.last for level in reversed(self.levels) if level.style is Style.NUMBER), None)
        if len(above) == 1 and number is not None and not (above[0] == number or above[0] == number + 1):
            return False
        top = next((numbers[0] for numbers in reversed(counts)), None)
        if number is None and top is not None and not top <= above[0] <= top + 1:
            return False
        return last <= _LONGEST_SKIP

    def _is_open(self, rest: str) -> bool:
        """Whether the sentence before has not ended."""
        return not self.last_text.rstrip('"”’) ').endswith(_ENDS)

    def _is_dash_inside(self, mark: Mark, rest: str) -> bool:
        """Whether a line that begins with a dash goes on with a sentence: "kinh tế / - xã hội", "1.500 / - 2.000"."""
        if mark.sign not in "-+" or not self._is_open(rest):
            return False
        if rest[:1].isdigit():
            return bool(re.search(r"\d%?$", self.last_text)) and self.habits.is_wrapped
        full = len(self.last_text) >= 0.6 * self.habits.width
        return rest[:1].islower() and full and (self.habits.is_wrapped or self.habits.width > _WIDEST_WRAPPED)

    def _continues(self, line: Line) -> bool:
        """Whether a line without a mark goes on with the paragraph before it."""
        before, after = self.last_text, line.text
        if not before or self.last is None or self.last.rows:
            return False
        if self._is_stage(line) and not _OPEN_END.search(shadow(before)):
            return False
        ended = before.rstrip('"”’) ').endswith(_ENDS)
        first = next((letter for letter in after if letter.isalpha() or letter.isdigit()), "")
        if self.habits.has_cases:
            if first.islower() and not before.endswith(":"):
                return True
            if ended:
                return False
            if before.isupper() and len(before) > 3:
                return after.isupper() and not self._is_heading_word(after)
            if after.isupper() and len(after) > 12:
                return False
        if ended:
            return False
        if _OPEN_END.search(shadow(before)):
            return True
        if self.habits.is_wrapped:
            return len(before) + len(after.split(" ", 1)[0]) + 1 > 0.78 * self.habits.width
        return first.isdigit() and not self.habits.has_cases and len(before) > 60

    def _is_stage(self, line: Line) -> bool:
        """Whether a line is a heading of time, and no broken end of a sentence before it."""
        if not is_stage_heading(line.shadow) or (self.habits.has_cases and line.text[:1].islower()):
            return False
        full = len(self.last_text) >= 0.78 * self.habits.width
        return not (self.habits.is_wrapped and full and self._is_open("") and not line.text.endswith(":"))

    def _is_heading_word(self, text: str) -> bool:
        return self.last is not None and self.last.mark is None and len(text.split()) <= 4

    def _section(self) -> str:
        parts: list[str] = []
        label = ""
        for level in self.levels:
            match level.style:
                case Style.PART:
                    label = _part_label(level, label)
                case Style.CAPITAL:
                    parts.append(alphabet_letter(level.mark.last).upper())
                case Style.ROMAN:
                    parts.append(roman(level.mark.last))
                case Style.NUMBER | Style.ARTICLE:
                    parts.append(str(level.mark.last))
                case Style.BRACKETED:
                    parts.append(f"({level.mark.last})")
                case Style.DOTTED:
                    while parts and parts[-1].replace(".", "").isdecimal():
                        parts.pop()
                    parts.append(".".join(map(str, level.mark.numbers)))
                case Style.LETTER:
                    parts.append(alphabet_letter(level.mark.last))
        return " ".join(filter(None, (label, ".".join(parts))))


def _part_label(level: _Level, outer: str) -> str:
    """The name of a part ("Đề cương", "Phụ lục 1"); the first part inside a named one needs none of its own."""
    if outer and level.mark.last == 1:
        return outer
    text = (level.item.prefix.strip() or level.item.text).strip(" .:-–").removesuffix("BÁO CÁO").strip().capitalize()
    return f"{outer}, {text.lower()}" if outer else text[:40]


def build_outline(lines: tuple[Line | TableLine, ...]) -> tuple[Item, ...]:
    """The paragraphs of a document in order, each in its place."""
    builder = _Builder(_habits(lines), frozenset(_row_numbers(lines)))
    for line in lines:
        builder.take(line)
    return tuple(builder.items)


def _habits(lines: tuple[Line | TableLine, ...]) -> _Habits:
    texts = [line.text for line in lines if isinstance(line, Line)]
    letters = [letter for text in texts[:2000] for letter in text if letter.isalpha()]
    lower = sum(letter.islower() for letter in letters)
    has_cases = lower > 0.3 * len(letters)
    long = sorted(len(text) for text in texts if len(text) > 12)
    if not long:
        return _Habits(False, 0, has_cases)
    width = long[int(len(long) * 0.95)]
    near = sum(length >= 0.8 * width for length in long)
    is_wrapped = width <= _WIDEST_WRAPPED and near >= 0.35 * len(long) and len(long) > 4
    return _Habits(is_wrapped, width, has_cases)


def _row_numbers(lines: tuple[Line | TableLine, ...]) -> Iterator[int]:
    """Lines that are nothing but "25.", where at least three of them go up one by one: rows of a flattened table."""
    run: list[tuple[int, int]] = []
    for line in lines:
        if not isinstance(line, Line):
            continue
        mark = read_mark(line.text, line.shadow)
        if mark is None or mark.style is not Style.ROW:
            continue
        if run and mark.last != run[-1][1] + 1:
            if len(run) > 2:
                yield from (number for number, _ in run)
            run = []
        run.append((line.number, mark.last))
    if len(run) > 2:
        yield from (number for number, _ in run)
