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
from knowledge.importing.marks import Mark, MarkStyle, alphabet_letter, first_number, read_mark, roman
from knowledge.importing.phrases import named, phrases
from knowledge.importing.shadow import shadow

_TITLE = named("outline.title")
_REPORT = named("outline.report")

_LONGEST_SKIP: Final = 3
_MAIN: Final = frozenset(phrases("main_parts"))
_ENDS: Final = (".", ";", ":", "!", "?", "…", "./.", '."', ".”")
_OPEN_END = named("outline.open_end")
_WIDEST_WRAPPED: Final = 130
_LONG: Final = 50
_LONGEST_TITLE: Final = 60
_SHORTEST_SENTENCE: Final = 30
_LONGEST_PARAGRAPH: Final = 8_000
_LONGEST_STAGE: Final = 91
_FEWEST_CAPITALS: Final = 0.04
_FULL: Final = 0.78


@dataclass
class OutlineItem:
    """A paragraph, mark taken off, in its place.

    `above` are the items that govern it, the outermost first; `intro` is what stands before the list that it is of,
    without a mark of its own: "Phấn đấu ít nhất:".
    """

    text: str
    mark: Mark | None
    section: str
    above: tuple[OutlineItem, ...]
    first_line: int
    last_line: int
    page: int | None = None
    is_stage: bool = False
    is_footnote: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    prefix: str = ""
    intro: OutlineItem | None = None

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
    return before + after if re.search(r"\w[-/]$", before) else f"{before} {after}"


@dataclass
class _Level:
    style: MarkStyle
    sign: str
    mark: Mark
    item: OutlineItem
    is_heading: bool = False


@dataclass
class _Habits:
    """How the lines of a document were broken, and whether its parts have Roman numbers."""

    is_wrapped: bool
    width: int
    has_cases: bool
    has_roman: bool = True


@dataclass
class _Builder:
    habits: _Habits
    rows: frozenset[int]
    items: list[OutlineItem] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    last: OutlineItem | None = None
    last_text: str = ""
    _note: tuple[OutlineItem | None, str] | None = None
    _counted: dict[tuple[MarkStyle, str], int] = field(default_factory=dict)

    def take(self, line: Line | TableLine) -> None:
        """The next line: a paragraph of its own, or more of the one before."""
        if isinstance(line, TableLine):
            self._add_table(line)
            return
        if line.is_footnote:
            self._note = self._note or (self.last, self.last_text)
            self.last = self._append(line, line.text, None, footnote=True)
            self.last_text = line.text
            return
        if self._note is not None and not self._continues(line):
            self.last, self.last_text = self._note
            self._note = None
        mark = read_mark(line.text, line.shadow)
        if mark is not None and mark.style is MarkStyle.DOTTED:
            other = first_number(line.shadow)
            if other is not None and (line.text[mark.end :][:1].islower() or not self._accepts(mark, line)):
                mark = other
        if line.is_heading:
            self._close_lists()
        if mark is not None and ((line.is_heading and mark.numbers) or self._accepts(mark, line)):
            self._open(mark, line)
        elif line.is_heading and not self._is_stage(line):
            self._title(line)
        elif self.last is not None and self._continues(line):
            self.last.add(line, line.text)
            if (
                len(self.last.text) < _LONGEST_STAGE
                and is_stage_heading(self.last.shadow)
                and not self.last.is_stage
                and self.last.mark is None
            ):
                self._govern(self.last)
        elif self._is_stage(line):
            self._open(Mark(MarkStyle.WHEN, "", (), 0), line)
        else:
            self._title(line)
        self.last_text = line.text

    def _append(self, line: Line, text: str, mark: Mark | None, *, footnote: bool = False) -> OutlineItem:
        above = tuple(level.item for level in self.levels if level.style is not MarkStyle.BULLET or mark is not None)
        item = OutlineItem(
            text, mark, self._section(), above, line.number, line.number, line.page, is_footnote=footnote
        )
        item.prefix = line.text[: len(line.text) - len(text)]
        self.items.append(item)
        if not footnote:
            self.last = item
        return item

    def _govern(self, item: OutlineItem) -> None:
        item.is_stage = True
        self._pop_to(MarkStyle.WHEN)
        self.levels.append(_Level(MarkStyle.WHEN, "", Mark(MarkStyle.WHEN, "", (), 0), item))

    def _add_table(self, line: TableLine) -> None:
        above = tuple(level.item for level in self.levels)
        item = OutlineItem("", None, self._section(), above, line.number, line.number, line.page, rows=line.rows)
        self.items.append(item)
        self.last = None

    def _title(self, line: Line) -> None:
        """A line without a mark: a heading where it is marked or written as one and says what its part is about."""
        is_written = self.habits.has_cases and line.text.isupper() and len(line.text) < _LONGEST_STAGE
        is_free = not self.habits.is_wrapped or not self._is_open("")
        is_short = is_free and len(line.text) < _LONGEST_TITLE and line.text[-1:].isalpha()
        is_heading = line.is_heading or is_written or (is_short and line.text[:1].isupper())
        if not is_heading or _TITLE.match(line.shadow) is None:
            self._append(line, line.text, None)
            return
        self._open(Mark(MarkStyle.TITLE, "", (), 0), line)

    def _close_lists(self) -> None:
        """A marked heading ends the lists under the one before; how deep it is marked tells nothing in real plans."""
        while any(level.is_heading for level in self.levels) and not self.levels[-1].is_heading:
            self.levels.pop()

    def _open(self, mark: Mark, line: Line) -> None:
        text = line.text[mark.end :]
        if mark.style in {MarkStyle.BULLET, MarkStyle.WHEN} and is_stage_heading(shadow(text)):
            mark = Mark(MarkStyle.WHEN, "", (), mark.end)
        is_title = mark.end == 0 and _TITLE.match(line.shadow) is not None
        place = self._place_of(mark, is_heading=line.is_heading, is_title=is_title)
        del self.levels[place:]
        before = self.last
        item = self._append(line, text, mark)
        if mark.style is MarkStyle.BULLET:
            item.intro = _intro_of(before)
        if mark.numbers:
            self._counted[mark.style, mark.sign] = mark.last
        item.is_stage = mark.style is MarkStyle.WHEN
        if mark.style is not MarkStyle.ROW:
            self.levels.append(_Level(mark.style, mark.sign, mark, item, line.is_heading))
        item.section = self._section()

    def _place_of(self, mark: Mark, *, is_heading: bool = False, is_title: bool = False) -> int:
        """How many levels stay open above a paragraph with this mark."""
        if mark.style is MarkStyle.WHEN:
            return self._place_of_stage(is_title=is_title)
        if mark.style is MarkStyle.TITLE:
            titles = (place for place, level in enumerate(self.levels) if level.style is MarkStyle.TITLE)
            inner = next((place for place, level in enumerate(self.levels) if level.style > MarkStyle.ROMAN), None)
            return next(titles, len(self.levels) if inner is None else inner)
        if mark.style is MarkStyle.PART:
            is_inside = bool(self.levels) and not self.levels[0].mark.numbers and bool(mark.numbers)
            return int(is_inside and self.levels[0].style is MarkStyle.PART)
        if mark.style is MarkStyle.DOTTED:
            for place, level in enumerate(self.levels):
                if level.style is MarkStyle.DOTTED and len(level.mark.numbers) >= len(mark.numbers):
                    return place
                if level.style > MarkStyle.DOTTED:
                    return place
            return len(self.levels)
        for place in range(len(self.levels) - 1, -1, -1):
            level = self.levels[place]
            if level.style is mark.style and level.sign == mark.sign:
                restarts = mark.style is not MarkStyle.BULLET and mark.last == 1 and level.mark.last >= 1
                below = self.levels[place + 1 :] or (not is_heading and self._heads(level))
                if restarts and below and mark.style > MarkStyle.ROMAN:
                    return len(self.levels)
                if mark.last > 1 and not _follows(mark, level.mark) and self._previous(mark) is not level.mark:
                    continue
                return place
        if mark.style <= MarkStyle.ROMAN and mark.last == 1:
            return self._count_until(MarkStyle.ARTICLE)
        if mark.style <= MarkStyle.ROMAN:
            return next(
                (place for place, level in enumerate(self.levels) if level.style > mark.style), len(self.levels)
            )
        return len(self.levels)

    def _place_of_stage(self, *, is_title: bool) -> int:
        """A heading of time stands under the numbers before it; one that is a title as well, under no sentence."""
        place = self._count_until(MarkStyle.WHEN)
        while is_title and place and _is_sentence(self.levels[place - 1].item):
            place -= 1
        return place

    def _count_until(self, style: MarkStyle) -> int:
        return next((place for place, level in enumerate(self.levels) if level.style >= style), len(self.levels))

    def _pop_to(self, style: MarkStyle) -> None:
        del self.levels[self._count_until(style) :]

    def _heads(self, level: _Level) -> bool:
        """Whether a numbered line is a heading over the list that begins under it with the same marks."""
        is_last = self.items[-1] is level.item and level.item.last_line == level.item.first_line
        return level.is_heading or (is_last and self._is_open("") and not level.item.is_stage)

    def _previous(self, mark: Mark) -> Mark | None:
        """The mark that this one counts on from: of lists in lists, the innermost that it continues."""
        found = [
            level.mark
            for level in reversed(self.levels)
            if level.style is mark.style and (level.sign == mark.sign or mark.style is MarkStyle.NUMBER)
        ]
        return next((before for before in found if _follows(mark, before)), found[0] if found else None)

    def _accepts(self, mark: Mark, line: Line) -> bool:
        rest = line.text[mark.end :]
        open_end = self.last is not None and self._is_open(rest)
        match mark.style:
            case MarkStyle.BULLET:
                return not (self.last is not None and self._is_dash_inside(mark, rest))
            case MarkStyle.ROW:
                return line.number in self.rows
            case MarkStyle.PART:
                return not open_end or rest[:1].isupper() or not rest
            case MarkStyle.DOTTED:
                return self._continues_dotted(mark) and not (open_end and rest[:1].islower() and self.habits.has_cases)
        if open_end and rest[:1].islower() and self.habits.has_cases:
            return False
        before = self._previous(mark)
        if before is None:
            is_below = self.last is not None and (self.last.is_stage or self.last.text.isupper() or self._is_headed())
            counts_on = mark.last == self._counted.get((mark.style, mark.sign), 0) + 1 and (is_below or not open_end)
            return (
                mark.last == 1
                or counts_on
                or (mark.style is MarkStyle.ROMAN and mark.last <= _LONGEST_SKIP and rest.isupper())
            )
        if mark.last == 1 or _follows(mark, before):
            return True
        return mark.style is MarkStyle.ROMAN and mark.last == before.last and not open_end

    def _is_headed(self) -> bool:
        """Whether the line before is a heading without a number."""
        return bool(self.levels) and self.levels[-1].item is self.last and self.levels[-1].style is MarkStyle.TITLE

    def _continues_dotted(self, mark: Mark) -> bool:
        *above, last = mark.numbers
        counts = [level.mark.numbers for level in self.levels if level.style is MarkStyle.DOTTED]
        for numbers in reversed(counts):
            if len(numbers) == len(mark.numbers) and numbers[:-1] == tuple(above):
                return numbers[-1] < last <= numbers[-1] + _LONGEST_SKIP
            if numbers == tuple(above):
                return last <= _LONGEST_SKIP
        number = next((level.mark.last for level in reversed(self.levels) if level.style is MarkStyle.NUMBER), None)
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
            is_long = self.habits.is_wrapped or len(self.last_text) > _LONG
            return bool(re.search(r"\d%?$", self.last_text)) and is_long
        full = len(self.last_text) >= 0.6 * self.habits.width
        return rest[:1].islower() and full and (self.habits.is_wrapped or self.habits.width > _WIDEST_WRAPPED)

    def _continues(self, line: Line) -> bool:
        """Whether a line without a mark goes on with the paragraph before it."""
        before, after = self.last_text, line.text
        if not before or self.last is None or self.last.rows or len(self.last.text) > _LONGEST_PARAGRAPH:
            return False
        if self._is_stage(line) and not _OPEN_END.search(shadow(before)):
            return False
        if self.last.mark is not None and self.last.mark.style is MarkStyle.PART and not self.last.text.strip():
            return True
        ended = before.rstrip('"”’) ').endswith(_ENDS)
        if before.count("(") > before.count(")") and len(before) > _LONG // 2:
            return True
        first = next((letter for letter in after if letter.isalpha() or letter.isdigit()), "")
        if self.habits.has_cases:
            if first.islower() and (not before.endswith(":") or self._is_full(before, after)):
                return True
            if ended:
                return before.endswith(";") and self._is_full(before, after)
            if before.isupper() and len(before) > 3:
                return after.isupper() and not self._is_heading_word(after)
            if after.isupper() and first.isalpha() and len(after) > 12:
                return False
        if ended:
            return False
        if _OPEN_END.search(shadow(before)):
            return True
        if first.isdigit() and len(before) > _LONG // 2:
            return True
        return self._is_full(before, after)

    def _is_full(self, before: str, after: str) -> bool:
        """Whether a line was broken because the next word had no room in it."""
        full = len(before) + len(after.split(" ", 1)[0]) + 1 > _FULL * self.habits.width
        return self.habits.is_wrapped and full

    def _is_stage(self, line: Line) -> bool:
        """Whether a line is a heading of time, and no broken end of a sentence before it."""
        if not is_stage_heading(line.shadow) or (self.habits.has_cases and line.text[:1].islower()):
            return False
        full = len(self.last_text) >= _FULL * self.habits.width
        return not (self.habits.is_wrapped and full and self._is_open("") and not line.text.endswith(":"))

    def _is_heading_word(self, text: str) -> bool:
        return self.last is not None and self.last.mark is None and len(text.split()) <= 4

    def _section(self) -> str:
        parts: list[str] = []
        label = ""
        for level in self.levels:
            match level.style:
                case MarkStyle.PART if level.mark.numbers and level.mark.sign in _MAIN and not self.habits.has_roman:
                    parts.append(roman(level.mark.last))
                case MarkStyle.PART:
                    label = _part_label(level, label)
                case MarkStyle.CAPITAL:
                    parts.append(alphabet_letter(level.mark.last).upper())
                case MarkStyle.ROMAN:
                    parts.append(roman(level.mark.last))
                case MarkStyle.NUMBER | MarkStyle.ARTICLE:
                    parts.append(str(level.mark.last))
                case MarkStyle.BRACKETED:
                    parts.append(f"({level.mark.last})")
                case MarkStyle.DOTTED:
                    while parts and parts[-1].replace(".", "").isdecimal():
                        parts.pop()
                    parts.append(".".join(map(str, level.mark.numbers)))
                case MarkStyle.LETTER:
                    parts.append(alphabet_letter(level.mark.last))
        return " ".join(filter(None, (label, ".".join(parts))))


def _intro_of(before: OutlineItem | None) -> OutlineItem | None:
    """What introduces a list that goes on, or begins, behind a paragraph."""
    if before is None or (before.mark is not None and before.mark.style is MarkStyle.BULLET):
        return before.intro if before is not None else None
    return before if before.mark is None and before.text.rstrip().endswith(":") else None


def _is_sentence(item: OutlineItem) -> bool:
    """Whether a numbered paragraph says something itself, and is no heading over others."""
    return len(item.text) > _SHORTEST_SENTENCE and item.text.rstrip().endswith((".", ";"))


def _follows(mark: Mark, before: Mark) -> bool:
    """Whether a mark counts on from another, a few perhaps lost between them."""
    return before.last < mark.last <= before.last + _LONGEST_SKIP


def _part_label(level: _Level, outer: str) -> str:
    """The name of a part ("Đề cương", "Phụ lục 1"); the first part inside a named one needs none of its own."""
    if outer and level.mark.last == 1:
        return outer
    text = (level.item.prefix.strip() or level.item.text).strip(" .:-–")
    if (report := _REPORT.search(shadow(text))) is not None:
        text = text[: report.start()]
    words = text.split()
    text = " ".join(word if word.isascii() and word.isupper() else word.lower() for word in words)
    return f"{outer}, {text}" if outer else text[:1].upper() + text[1:40]


def build_outline(lines: tuple[Line | TableLine, ...]) -> tuple[OutlineItem, ...]:
    """The paragraphs of a document in order, each in its place."""
    builder = _Builder(_habits(lines), frozenset(_row_numbers(lines)))
    for line in lines:
        builder.take(line)
    return tuple(builder.items)


def _habits(lines: tuple[Line | TableLine, ...]) -> _Habits:
    texts = [line.text for line in lines if isinstance(line, Line)]
    letters = [letter for text in texts[:2000] for letter in text if letter.isalpha()]
    lower = sum(letter.islower() for letter in letters)
    firsts = [letter for text in texts if (letter := next((each for each in text if each.isalpha()), ""))]
    has_roman = any(
        mark is not None and mark.style is MarkStyle.ROMAN
        for line in lines
        if isinstance(line, Line) and (mark := read_mark(line.text, line.shadow))
    )
    has_cases = lower > 0.3 * len(letters) and sum(map(str.isupper, firsts)) > _FEWEST_CAPITALS * len(firsts)
    long = sorted(len(text) for text in texts if len(text) > 12)
    if not long:
        return _Habits(False, 0, has_cases, has_roman)
    width = long[int(len(long) * 0.95)]
    near = sum(length >= 0.8 * width for length in long)
    is_wrapped = width <= _WIDEST_WRAPPED and near >= 0.35 * len(long) and len(long) > 4
    return _Habits(is_wrapped, width, has_cases, has_roman)


def _row_numbers(lines: tuple[Line | TableLine, ...]) -> Iterator[int]:
    """Lines that are nothing but "25.", where at least three of them go up one by one: rows of a flattened table."""
    run: list[tuple[int, int]] = []
    for line in lines:
        if not isinstance(line, Line):
            continue
        mark = read_mark(line.text, line.shadow)
        if mark is None or mark.style is not MarkStyle.ROW:
            continue
        if run and mark.last != run[-1][1] + 1:
            if len(run) > 2:
                yield from (number for number, _ in run)
            run = []
        run.append((line.number, mark.last))
    if len(run) > 2:
        yield from (number for number, _ in run)
