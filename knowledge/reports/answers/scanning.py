"""A message cut into clauses, with what stands where: rows, figures, times and the phrases of the lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from knowledge.calendar.periods import FoundPeriod, locate_periods
from knowledge.calendar.words import composed
from knowledge.model.forms import Indicator
from knowledge.model.periods import Period, PeriodKind
from knowledge.number_words import SCALES, is_marked_number, is_number_word
from knowledge.numbers import Refused, parse_count
from knowledge.reports.answers.names import COMMA, NamesOfRows, RowName
from knowledge.reports.answers.scanned import ENDS_SENTENCE, RowMention, SaidFigure, SaidTime, ScannedReport
from knowledge.reports.answers.words import SHAKING, folded, groups_of, index, load, units_folded, vague
from knowledge.reports.words import DATES, DOCUMENT, PERIOD_NUMERIC
from knowledge.text import fold, is_syllable
from knowledge.tokens import Phrases, Span, Token, TokenSort, is_marked, is_spelled, tokenize

_STUCK: Final = re.compile(r"([-−]?\d+(?:[.,]\d+)*)([^\W\d_]+)", re.UNICODE)
_LED: Final = re.compile(r"([^\W\d_]+)(\d+(?:[.,]\d+)*)", re.UNICODE)
_DAY: Final = re.compile(
    r"(?<![\d.,/-])(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?:[/-](?P<year>(?:20)?\d\d))?(?![\d/]|[.,]\d)"
)
_YEAR: Final = re.compile(r"20[1-5]\d")
_OF_A_YEAR: Final = re.compile(r"(?<![\w.,/])(?:\d{3,}|\d{1,2}(?=/\d{4}/))/20\d\d(?:/[a-z]+(?:-[a-z]+)*)?(?!\d)")
"""A document by its number and year."""
_NUMBERING: Final = re.compile(
    r"^[ \t]*(?:[-+*•]\s*)?(?P<no>\d{1,2}(?:\.\d{1,2})?)(?:[.)\]:/-]|\s*[-–)])\s*(?=[^\W\d])", re.MULTILINE
)
_LONGEST_RUN: Final = 9
_LONGEST_GAP: Final = 3
_LEAST_SQUEEZED: Final = 5
_MOST_MONTH: Final = 12
_MOST_DAY: Final = 31

UNITS: Final = frozenset(load().units)
_COUNTED: Final = ("meetings", "cases", "turns")
SIGN_COSTS: Final = {
    ",": 2.6,
    ";": 4.0,
    ".": 5.0,
    "!": 5.0,
    "?": 5.0,
    "\n": 3.5,
    "(": 1.5,
    ")": 1.5,
    "|": 2.0,
    "-": 1.5,
    "–": 1.5,
}
_ENDS_CLAUSE: Final = frozenset(",;.!?\n()|")


def scan(text: str, names: NamesOfRows, today: date) -> ScannedReport:
    """Everything that is found in a message of rows that are called so."""
    return _Scanner(text, names, today).scan()


def _lines(text: str) -> str:
    """The text in composed letters, with tabs as cells and single blanks."""
    lines = (" ".join(line.replace("\t", " | ").split()) for line in composed(text).replace("\r\n", "\n").split("\n"))
    return "\n".join(lines)


def _plain(text: str) -> str:
    return "".join((fold(letter)[:1] or " ") for letter in text)


class _Scanner:
    def __init__(self, text: str, names: NamesOfRows, today: date) -> None:
        whole = _lines(text)
        tokens = list(_parted(tokenize(whole), names))
        self._today, self._plain = today, _plain(whole)
        self._is_marked = is_marked(tokens)
        self._found = ScannedReport(
            whole,
            today,
            tokens,
            Phrases(tokens, index(), vague(), nested=False, clear=("instead",)),
            names,
            [False] * len(tokens),
        )
        light = self._found.phrases.of("light")
        self._found.light = frozenset(at for each in light for at in range(each.start, each.end))

    def scan(self) -> ScannedReport:
        self._take_numbering()
        self._take_times()
        self._find_mentions()
        named = frozenset(at for each in self._found.mentions for at in each.words)
        self._found.phrases.forget(named, *SHAKING, "planned", "unknown", "some", "mark_total")
        self._find_figures()
        self._part()
        return self._found

    # --- What is no figure ---

    def _claim_letters(self, start: int, end: int) -> tuple[int, int] | None:
        """Claim the tokens of a stretch of letters; None where one of them is claimed already."""
        spots = [at for at, each in enumerate(self._found.tokens) if each.start < end and each.end > start]
        if not spots or any(self._found.taken[at] for at in spots):
            return None
        self._found.taken[spots[0] : spots[-1] + 1] = [True] * len(spots)
        return spots[0], spots[-1] + 1

    def _take_numbering(self) -> None:
        found = list(_NUMBERING.finditer(self._plain))
        if len(found) > 1:
            for match in found:
                self._claim_letters(match.start("no"), match.end("no"))

    def _take_times(self) -> None:
        for match in _OF_A_YEAR.finditer(self._plain):
            self._claim_letters(*match.span())
        for match in DOCUMENT.finditer(self._plain):
            if not self._is_counted_behind(match.end()):
                self._claim_letters(*match.span())
        for match in _DAY.finditer(self._plain):
            self._take_day(match)
        for each in self._periods():
            self._take_period(each)
        for pattern in (PERIOD_NUMERIC, *DATES):
            for match in pattern.finditer(self._plain):
                self._claim_letters(*match.span())
        for at, token in enumerate(self._found.tokens):
            if token.sort is TokenSort.NUMBER and not self._found.taken[at]:
                self._take_spans_of_time(at)

    def _is_counted_behind(self, letter: int) -> bool:
        at = next((at for at, each in enumerate(self._found.tokens) if each.start >= letter), len(self._found.tokens))
        return self._found.phrases.at(at, *(UNITS - {"time", "parts"})) is not None

    def _take_day(self, match: re.Match[str]) -> None:
        day, month = int(match["day"]), int(match["month"])
        if not (1 <= day <= _MOST_DAY and 1 <= month <= _MOST_MONTH) or self._is_counted_behind(match.end()):
            return
        span = self._claim_letters(*match.span())
        if span is None:
            return
        year = int(match["year"]) if match["year"] else self._today.year
        year = year + 2000 if year < 100 else year
        try:
            found = date(year, month, day)
        except ValueError:
            return
        if not match["year"] and found > self._today:
            found = found.replace(year=year - 1, day=min(found.day, 28))
        self._found.whens.append(SaidTime(*span, day=found))

    def _periods(self) -> Iterator[FoundPeriod]:
        for each in locate_periods(self._found.text, self._today, ahead=timedelta()):
            if each.start < each.end:
                yield each

    def _take_period(self, each: FoundPeriod) -> None:
        spots = [at for at, token in enumerate(self._found.tokens) if token.start < each.end and token.end > each.start]
        if not spots or any(self._found.taken[at] for at in spots):
            return
        if any(
            span.start <= spots[-1] and span.end > spots[0] and span.end - span.start > len(spots)
            for span in self._found.phrases.of("of_year")
        ):
            return
        end = spots[-1] + 1
        if each.period.kind is PeriodKind.QUARTER and self._counts_behind(end):
            return
        if (
            end < len(self._found.tokens)
            and self._found.tokens[end].sort is TokenSort.NUMBER
            and self._found.phrases.at(spots[-1], "times")
        ):
            return
        if spots[0] > 0 and self._found.tokens[spots[0] - 1].sort is TokenSort.NUMBER and self._is_time(spots[0]):
            return
        numbers = [at for at in spots if self._found.tokens[at].sort is TokenSort.NUMBER]
        if numbers and any(
            self._found.tokens[at].sort is TokenSort.WORD and at in self._found.light
            for at in range(spots[0] + 1, numbers[0])
        ):
            return
        has_number = any(self._found.tokens[at].sort is TokenSort.NUMBER for at in spots)
        self._found.taken[spots[0] : spots[-1] + 1] = [True] * len(spots)
        self._found.whens.append(SaidTime(spots[0], spots[-1] + 1, each.period, is_relative=not has_number))

    def _take_spans_of_time(self, at: int) -> None:
        """Claim "3 năm", "2028" and numbers of laws, articles, rooms."""
        found, token = self._found, self._found.tokens[at]
        behind = found.phrases.at(at + 1, "time", "parts")
        counted = found.phrases.at(at + 1, *(UNITS - {"time", "parts"}))
        if behind is not None and (counted is None or counted.end < behind.end):
            found.taken[at : behind.end] = [True] * (behind.end - at)
            if _YEAR.fullmatch(token.text):
                found.whens.append(SaidTime(at, at + 1, Period(PeriodKind.YEAR, int(token.text), 0)))
        elif self._is_time(at + 1) and counted is None:
            found.taken[at : at + 2] = [True] * 2
        elif found.phrases.before(at, "times") is not None and counted is None and token.text.isdecimal():
            found.taken[at] = True
            if int(token.text) in range(1, _MOST_MONTH + 1) and found.phrases.before(at, "month_of") is not None:
                month = Period.month(self._today.year, int(token.text))
                found.whens.append(
                    SaidTime(at, at + 1, month if month.start <= self._today else month.shifted(-_MOST_MONTH))
                )
        elif _YEAR.fullmatch(token.text) and counted is None:
            found.taken[at] = True
            found.whens.append(SaidTime(at, at + 1, Period(PeriodKind.YEAR, int(token.text), 0)))
        elif found.sign(at + 1) == "/" and at + 2 < len(found.tokens) and counted is None:
            after = found.tokens[at + 2]
            if after.sort is TokenSort.NUMBER and _YEAR.fullmatch(after.text):
                found.taken[at : at + 3] = [True] * 3

    def _counts_behind(self, at: int) -> bool:
        """Whether the number before is one that counts what comes next: "trong quý 2 cuộc"."""
        last = self._found.tokens[at - 1]
        counted = self._found.phrases.at(at, *_COUNTED) is not None
        return last.sort is TokenSort.NUMBER and _YEAR.fullmatch(last.text) is None and counted

    def _is_time(self, at: int) -> bool:
        """Whether a word for a span of time stands there, if only as a part of others: "1 năm rồi"."""
        return at < len(self._found.tokens) and self._found.tokens[at].folded in units_folded("time")

    # --- Rows ---

    def _find_mentions(self) -> None:
        at = 0
        while at < len(self._found.tokens):
            mention = self._mention_at(at)
            if mention is None:
                at += 1
                continue
            self._found.mentions.append(mention)
            for word in mention.words:
                self._found.taken[word] = True
            at = mention.words[-1] + 1
        self._drop_leaning()

    def _drop_leaning(self) -> None:
        """Forget everyday words of a name where no row that it hangs together with is named before."""
        found, rows = self._found, self._found.names.rows
        firm = [(each.start, rows[key].no) for each in found.mentions if not each.name.is_leaning for key in each.keys]
        for each in [each for each in found.mentions if each.name.is_leaning]:
            row = rows[each.keys[0]]
            if not any(start < each.start and no == row.no for start, no in firm) and not self._counts_kin(
                row, each.start
            ):
                found.mentions.remove(each)
                for word in each.words:
                    found.taken[word] = False

    def _counts_kin(self, row: Indicator, before: int) -> bool:
        """Whether what a row counts is counted before: "3 vụ … tham gia 2"; people are counted everywhere."""
        spans = [each for each in self._found.phrases.of(*UNITS) if each.name != "people" and each.end <= before]
        return bool(row.unit) and any(
            fold(self._found.said(each.start, each.end)) == fold(row.unit or "") for each in spans
        )

    def _mention_at(self, at: int) -> RowMention | None:
        token = self._found.tokens[at]
        if token.sort is not TokenSort.WORD:
            return None
        best: RowMention | None = None
        for name in self._found.names.by_first.get(token.folded, ()):
            if best is not None and len(name.words) < len(best.words):
                break
            words = self._match(name, at)
            if words is None:
                continue
            found = RowMention(at, words[-1] + 1, name, words)
            if best is None or found.end < best.end:
                best = found
        return best

    def _match(self, name: RowName, at: int) -> tuple[int, ...] | None:
        """The tokens of a name that begins there, with a few words between them that may stand inside one."""
        tokens = self._found.tokens
        bare = len(name.words) > 1 or not self._is_marked or name.is_initials or not is_syllable(fold(name.words[0]))
        spots: list[int] = []
        place, gap = at, 0
        for word in name.words:
            if word == COMMA:
                place += self._found.sign(place) == COMMA
                continue
            while True:
                if place >= len(tokens):
                    return None
                token = tokens[place]
                if not self._found.taken[place] and self._is_said(token, word, bare=bare):
                    break
                may_stand = token.sort is TokenSort.WORD and token.folded in folded("inside") and not name.is_part
                if not spots or gap >= _LONGEST_GAP or not may_stand:
                    return None
                place, gap = place + 1, gap + 1
            spots.append(place)
            place += 1
        is_vague = len(name.words) == 1 and tokens[at].keyed.isascii() and name.words[0] in vague()
        if name.is_initials:
            while place < len(tokens) and place in self._found.light and not self._is_answered(place):
                place += 1
        if (name.is_initials or is_vague) and not self._is_answered(place):
            return None
        if name.is_raised and not tokens[at].text.isupper():
            return None
        return tuple(spots)

    @staticmethod
    def _is_said(token: Token, word: str, *, bare: bool) -> bool:
        if token.sort is TokenSort.NUMBER:
            return token.text == word
        return token.sort is TokenSort.WORD and is_spelled(token, word, bare=bare)

    def _is_answered(self, at: int) -> bool:
        """Whether a figure, a colon or an answer stands right there: letters alone may mean anything."""
        tokens = self._found.tokens
        if at < len(tokens) and tokens[at].sort is TokenSort.NUMBER:
            return True
        return (
            self._found.sign(at) in (":", "=")
            or self._found.phrases.at(at, "yes", "no", "nothing", "ticks", "before") is not None
        )

    # --- Figures ---

    def _find_figures(self) -> None:
        at = 0
        while at < len(self._found.tokens):
            figure = self._figure_at(at)
            if figure is None:
                at += 1
                continue
            self._found.figures.append(figure)
            self._found.taken[figure.start : figure.end] = [True] * (figure.end - figure.start)
            at = figure.end

    def _figure_at(self, at: int) -> SaidFigure | None:
        run = self._run_at(at)
        if not run:
            return None
        said, others = self._found.said(at, run), list[str]()
        end = run
        while (other := self._other_at(end)) is not None:
            others.append(self._found.said(other, self._run_at(other)))
            end = self._run_at(other)
        counted, groups = said, frozenset[str]()
        unit = self._unit_at(end) or (self._unit_at(run) if others else None)
        if unit is not None:
            counted = self._found.said(at, unit.end)
            size = unit.end - unit.start
            words = self._found.said(unit.start, unit.end)
            groups = frozenset(
                each.name
                for each in self._found.phrases.of(*UNITS)
                if each.start == unit.start and each.end - each.start == size
            ) | groups_of(words)
            end = max(end, unit.end)
        return SaidFigure(at, max(end, run), said, counted, groups, tuple(others))

    def _unit_at(self, at: int) -> Span | None:
        """What is counted, where it is said there and is no row's name."""
        unit = self._found.phrases.at(at, *UNITS)
        return unit if unit is not None and not any(self._found.taken[unit.start : unit.end]) else None

    def _run_at(self, at: int) -> int:
        """Behind the number that begins at a token; 0 where none does."""
        tokens, found = self._found.tokens, self._found
        if at >= len(tokens) or found.taken[at]:
            return 0
        token = tokens[at]
        if token.sort is TokenSort.NUMBER:
            end = at + 1
            numbered = found.phrases.before(at, "numbered")
            if numbered is not None and not found.taken[numbered.start] and self._unit_at(end) is None:
                return 0
            while end < len(tokens) and not found.taken[end] and tokens[end].folded in SCALES and self._is_word(end):
                end += 1
            return end
        inside = at > 0 and not found.taken[at - 1] and self._is_word(at - 1)
        if token.sort is not TokenSort.WORD or inside or not self._is_word(at):
            return 0
        end = at
        while end < len(tokens) and not found.taken[end] and end - at < _LONGEST_RUN and self._is_word(end):
            end += 1
        is_one = not isinstance(parse_count(found.said(at, end)), Refused)
        return end if is_one and self._is_meant(at, end) else 0

    def _is_word(self, at: int) -> bool:
        token = self._found.tokens[at]
        if token.sort is not TokenSort.WORD or not is_number_word(token.keyed):
            return False
        longer = [
            each for each in self._found.phrases.every() if each.start <= at < each.end and each.end - each.start > 1
        ]
        return not longer and self._found.phrases.at(at, "no", "yes") is None

    def _is_meant(self, start: int, end: int) -> bool:
        """Whether words spell a number there, rather than being a part of others: "một", "ba", "năm"."""
        found = self._found
        if found.sign(start - 1) == "/":
            return False
        if found.phrases.at(end, *(UNITS - {"time", "parts"})) is not None:
            return True
        first = found.tokens[start]
        if end - start == 1 and any(is_spelled(first, word, bare=True) for word in load().lists["never_alone"]):
            return False
        last = end
        while last < len(found.tokens) and last in found.light:
            last += 1
        behind = last >= len(found.tokens) or found.sign(last) in _ENDS_CLAUSE
        led = start > 0 and (found.sign(start - 1) in (":", "=") or found.taken[start - 1] or found.is_light(start - 1))
        return (
            (end - start > 1 or is_marked_number(found.tokens[start].keyed) or not self._is_marked) and behind and led
        )

    def _other_at(self, at: int) -> int | None:
        """Where the other number begins of which one is meant: "3 hay 4", "3-4"; None where none does."""
        link = self._found.phrases.at(at, "or_else")
        after = link.end if link is not None else at + 1 if self._found.sign(at) in ("-", "–", "~", "/") else None
        unit = self._found.phrases.at(at, *UNITS)
        if after is None and unit is not None and (link := self._found.phrases.at(unit.end, "or_else")) is not None:
            after = link.end
        if after is not None and after < len(self._found.tokens):
            first = self._found.tokens[after]
            maybe = self._found.phrases.at(after, "before", "maybe")
            after = maybe.end if maybe is not None and first.sort is TokenSort.WORD else after
        return after if after is not None and self._run_at(after) else None

    # --- Clauses ---

    def _part(self) -> None:
        found, clause, sentence = self._found, 0, 0
        breaks = {each.start for each in found.phrases.of("turning") if self._turns(each)}
        inside = {at for each in found.mentions for at in range(each.start + 1, each.end)}
        for at, token in enumerate(found.tokens):
            if token.sort is TokenSort.SIGN and self._ends(at):
                clause += 1
                sentence += token.text in ENDS_SENTENCE
                found.clauses.append(clause)
                found.sentences.append(sentence)
                clause += 1
                continue
            clause += at in breaks and at not in inside
            found.clauses.append(clause)
            found.sentences.append(sentence)

    def _ends(self, at: int) -> bool:
        sign = self._found.sign(at)
        if sign in ("-", "–", "+"):
            return at == 0 or self._found.sign(at - 1) == "\n"
        return sign in _ENDS_CLAUSE

    def _turns(self, each: Span) -> bool:
        longer = [
            other
            for other in self._found.phrases.every()
            if other.start <= each.start < other.end and other.end - other.start > each.end - each.start
        ]
        return not longer


@lru_cache(maxsize=4096)
def _is_scale(word: str) -> bool:
    return fold(word) in SCALES


def _apart(token: Token, words: Sequence[str]) -> Iterator[Token]:
    """The words that are written as one: "doithoai"."""
    at = token.start
    for word in words:
        text = token.text[at - token.start : at - token.start + len(word)]
        yield Token(at, at + len(word), text, TokenSort.WORD, text)
        at += len(word)


def _is_name(letters: str, names: NamesOfRows) -> bool:
    return any(len(each.words) == 1 and not each.is_part for each in names.by_first.get(fold(letters), ()))


def _parted(tokens: Sequence[Token], names: NamesOfRows) -> Iterator[Token]:
    """The tokens with figures parted from the words that are stuck to them: "28l", "tv11"."""
    for token in tokens:
        stuck = _STUCK.fullmatch(token.text) if token.sort is TokenSort.NUMBER else None
        led = _LED.fullmatch(token.text) if token.sort is TokenSort.WORD else None
        if led is not None and token.keyed != token.text and not _is_name(led[1], names):
            led = None
        squeezed = names.squeezed.get(token.folded) if token.sort is TokenSort.WORD and token.text.isascii() else None
        if squeezed is not None and len(token.text) >= _LEAST_SQUEEZED and not is_syllable(token.folded):
            yield from _apart(token, squeezed)
        elif stuck is not None and not _is_scale(stuck[2]):
            at = token.start + len(stuck[1])
            yield Token(token.start, at, stuck[1], TokenSort.NUMBER, stuck[1])
            yield Token(at, token.end, stuck[2], TokenSort.WORD, stuck[2])
        elif led is not None:
            at = token.start + len(led[1])
            yield Token(token.start, at, led[1], TokenSort.WORD, led[1])
            yield Token(at, token.end, led[2], TokenSort.NUMBER, led[2])
        else:
            yield token
