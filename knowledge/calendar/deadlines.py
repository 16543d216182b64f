"""A deadline in one message: what is to be done, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from knowledge.addressees import Addressees, list_addressed
from knowledge.calendar.asides import is_unsettled, read_amid
from knowledge.calendar.line import ANY_WEEKDAY
from knowledge.calendar.outcomes import DateReason, DueDate, Unclear
from knowledge.calendar.phrases import begins
from knowledge.calendar.reading import date_of, read_rule
from knowledge.calendar.retold import without_retold
from knowledge.calendar.rules import Rule
from knowledge.calendar.signs import NAMED_DAY, UNKNOWN
from knowledge.calendar.told import without_told
from knowledge.calendar.words import (
    DateWords,
    aside_words,
    begins_with_verb,
    composed,
    read_words,
    says_what,
    without_joint,
)
from knowledge.calendar.working_days import WorkingDays

SHOWN = 3
LONGEST = 120
LONGEST_DATE = 12
LEAP_YEAR = 2028
_PAUSES = frozenset({",", "/", "-", ".", ":"})
_LEAVING = frozenset({DateReason.UNKNOWN_WORDS, DateReason.NO_DATE})
_NO_BEGINNING = frozenset({",", "/", "-", ".", "reason", UNKNOWN})
_EDGES = " \t\n,;:.-–—"
_TELLING = frozenset(
    {
        DateReason.NO_SUCH_DATE,
        DateReason.NO_SUCH_TIME,
        DateReason.MONTH_MISSING,
        DateReason.DAY_MISSING,
        DateReason.AMBIGUOUS,
        DateReason.VAGUE,
        DateReason.LUNAR,
        DateReason.PAST,
    }
)
# Signs of time that no title holds: were they left in one, a part of the deadline would be lost.
_TIMELY = re.compile(
    rf"(?<!\S)(?:each (?:month|quarter|year|week|day)|day \d{{1,2}}|\d{{1,2}} / \d{{1,2}}|before \d|\d{{1,2}} hour"
    rf"|{ANY_WEEKDAY} (?:week|,|$)|(?:month|quarter|year|week) (?:any|next|this|after(?! \?))|today|in1|in2|except"
    r"|regular|or \d|\d times|when|(?:before|after|within|day|\d) lunar)(?!\S)"
)
_DAY_AND_MONTH = re.compile(r"(?<!\S)(\d{1,2}) (?:[/.-]|month) (\d{1,2})(?: (?:[/.-]|year) (\d{4}))?(?!\S)")
_DAY_ALONE = re.compile(r"(?<!\S)day (3[2-9]|[4-9]\d)(?!\S)")
_DANGLING = re.compile(
    r"(?<!\S)(?:before|within|after|each|all|or|to|from|inclusive|vague|except|no|when|lunar|end|start|first|last"
    rf"|workday|mid|day|ord|{ANY_WEEKDAY}|skip|and|regular|times|hour|morning|noon|afternoon|evening|night)(?: ,)*$"
)
_DANGLING_FIRST = re.compile(
    r"(?:, )*(?:each|all|except|or|no|lunar|and|to|from|\d{1,2} (?:/|hour)|day \d|month \d|times|before|after|when"
    r"|vague|in1|in2|today|week|inclusive|end|start|mid|first|last)(?!\S)"
)


@dataclass(frozen=True)
class ParsedDeadline:
    """What is to be done and when it is due, each as it was written."""

    what: str
    rule: Rule
    when: str


@dataclass(frozen=True, slots=True)
class DeadlineUnderstood:
    """What a message behind /dathan was understood as.

    `next` are up to three due dates, today's among them; `ask` where it would be asked about, and `next` is empty.
    """

    what: str
    next: tuple[date, ...]
    ask: bool


def understood_deadline(text: str, today: date) -> DeadlineUnderstood:
    """What "Nộp danh sách: ngày 20 hằng tháng" means: the title, the next three dates, whether to ask.

    What is not understood is asked about; so is a day that is over.

    Example: on 3 November 2026, the text above → "Nộp danh sách", due on 20/11, 20/12 and 20/01/2027.
    """
    without, addressed = split_addressees(text, today)
    if addressed is not None and addressed.is_sure:
        text = without
    read = parse_deadline(text, today)
    if isinstance(read, Unclear):
        return DeadlineUnderstood(title_of(text), (), ask=True)
    following = tuple(read.rule.upcoming(today, SHOWN))
    return DeadlineUnderstood(read.what, following, ask=not following or not read.what)


def title_of(text: str) -> str:
    """What is to be done in a text whose time was not understood: what stands before its colon or its words of time.

    Example: "Nộp danh sách khoảng ngày 20" is about "Nộp danh sách".
    """
    whole = composed(text)
    words = read_words(whole)
    for place in reversed(_colons(words)):
        before = _title(whole[: words.signs[place].start])
        if before and not _TIMELY.search(words.part(0, place).key):
            return before
    timely = _TIMELY.search(words.key)
    if timely is None:
        return _title(whole)
    first = words.key.count(" ", 0, timely.start())
    while first and _DANGLING.search(words.part(0, first).key):
        first -= 1
    return _title(without_joint(_title(whole[: words.signs[first].start]))) or _title(whole)


def parse_rule(text: str, today: date, working_days: WorkingDays | None = None) -> Rule | Unclear:
    """The rule that a text states, or why there is none; words before or after that speak of something else are left.

    `working_days` are those of whoever asks; without them, those of the law.

    Example: "nộp báo cáo trước ngày 5 hằng tháng nhé" is the rule `month:0.d4`.
    """
    words = read_words(text)
    read = read_rule(words, today, working_days)
    if isinstance(read, Unclear) and read.reason in _LEAVING:
        split = _split(words, today, working_days)
        return split.rule if isinstance(split, ParsedDeadline) else split or read
    return read


def parse_when(text: str, today: date, working_days: WorkingDays | None = None) -> Rule | Unclear:
    """The rule that a text states which says nothing but when, whatever stands beside it that cannot change the date.

    Example: "ngày 20 hằng tháng, đừng ai quên nhé" is the rule `month:0.d20`.
    """
    words = _told_apart(without_retold(read_words(text)), today, working_days)
    if words is None:
        return Unclear(DateReason.VAGUE, text)
    if is_unsettled(words, titled=True):
        return Unclear(DateReason.VAGUE, words.wording)
    read = read_rule(words, today, working_days)
    if isinstance(read, Rule):
        return read
    amid = read_amid(words, today, working_days, leads=True)
    if amid is not None:
        return amid[1]
    split = _split(words, today, working_days) if read.reason in _LEAVING else None
    if isinstance(split, ParsedDeadline):
        return split.rule if words.wording.endswith(split.when) else read
    return split or read


def names_time(text: str) -> bool:
    """Whether a text that was not understood says when, in words or behind a colon: "Nộp quỹ khoảng ngày 20" does."""
    words = read_words(text)
    colons = _colons(words)
    return bool(colons and colons[-1] < len(words.signs) - 1) or _TIMELY.search(words.key) is not None


@dataclass(frozen=True)
class FoundDate:
    """A due date met inside a longer text, and where: `text[start:end]` of the composed text."""

    due: DueDate
    start: int
    end: int


def find_dates(text: str, today: date) -> Iterator[FoundDate]:
    """The single due dates inside a longer text, in order; words that name none are passed over.

    Example: "xin nộp trước ngày 15/01 vì mất điện" holds the 14th of January.
    """
    words = read_words(text)
    first, count = 0, len(words.signs)
    while first < count:
        if _splits_date(words, first):
            first += 1
            continue
        for end in range(min(count, first + LONGEST_DATE), first, -1):
            when = words.part(first, end)
            if not _may_be_date(when):
                continue
            due = date_of(when, today)
            if isinstance(due, DueDate):
                yield FoundDate(due, when.signs[0].start, when.signs[-1].end)
                first = end - 1
                break
        first += 1


def _may_be_date(words: DateWords) -> bool:
    signs = [sign.sign for sign in words.signs]
    if (
        {UNKNOWN, NAMED_DAY, "reason"} & set(signs)
        or signs[-1] in _PAUSES
        or signs[0] in {*_PAUSES, "to", "from", "inclusive"}
    ):
        return False
    return len(signs) > 1 or signs[0] in {"today", "in1", "in2"}


def parse_deadline(text: str, today: date, working_days: WorkingDays | None = None) -> ParsedDeadline | Unclear:
    """What is to be done and when: "Nộp hồ sơ ngày 20/12" is "Nộp hồ sơ", due on 20/12.

    A colon divides them where there is one; otherwise the longest run of words at the end, or at the beginning, that is
    wholly about time is the when. Words of time are never left in the title. What stands beside the time and cannot
    change it is left out.
    """
    whole = read_words(text)
    words = _told_apart(without_retold(whole), today, working_days)
    if words is None:
        return Unclear(DateReason.VAGUE, whole.wording)
    read = _parse(words, today, working_days)
    if isinstance(read, ParsedDeadline) and _holds_retold(read.what, whole, words):
        return replace(read, what="")
    return read


def _told_apart(words: DateWords, today: date, working_days: WorkingDays | None) -> DateWords | None:
    """The words without clauses that only tell; None where one might offer another date."""

    def read(part: DateWords) -> Rule | None:
        titled = _parse(part, today, working_days)
        if isinstance(titled, ParsedDeadline):
            return titled.rule
        alone = read_rule(part, today, working_days)
        return alone if isinstance(alone, Rule) else None

    return without_told(words, read)


def _holds_retold(what: str, whole: DateWords, words: DateWords) -> bool:
    """Whether a title holds a time that was left out: then it is an aside, and what is to be done was not said."""
    start = whole.text.find(what)
    left_out = set(whole.signs) - set(words.signs)
    return any(start <= sign.start < start + len(what) for sign in left_out)


def _parse(words: DateWords, today: date, working_days: WorkingDays | None) -> ParsedDeadline | Unclear:
    colons = _colons(words)
    told = words.part(colons[0] + 1, len(words.signs)) if colons else words
    if is_unsettled(told, titled=bool(colons)):
        return Unclear(DateReason.VAGUE, words.wording)
    read = _parse_strictly(words, today, working_days)
    if isinstance(read, ParsedDeadline):
        return read
    return _parse_amid(words, today, working_days) or read


def _parse_amid(words: DateWords, today: date, working_days: WorkingDays | None) -> ParsedDeadline | None:
    """What is to be done and when, where something stands beside the time; None where it might change the date."""
    colons = _colons(words)
    for place in colons[:1]:
        before, after = words.part(0, place), words.part(place + 1, len(words.signs))
        what = _title(words.text[: words.signs[place].start])
        amid = read_amid(after, today, working_days, leads=True) if after.signs and what else None
        if amid is None or _TIMELY.search(before.key):
            return None
        return ParsedDeadline(what, amid[1], amid[0].wording)
    split = None if colons else _split_amid(words, today, working_days)
    return split if isinstance(split, ParsedDeadline) else None


def _split_amid(words: DateWords, today: date, working_days: WorkingDays | None) -> ParsedDeadline | Unclear | None:
    """The longest run at the end that states a rule and asides behind it, and the words left as the title."""
    count = len(words.signs)
    for first in range(max(count - LONGEST, 0) + 1, count):
        if words.signs[first].sign in _NO_BEGINNING or _splits_pair(words, first) or _splits_date(words, first):
            continue
        when = words.part(first, count)
        amid = read_amid(when, today, working_days, leads=False)
        if amid is not None:
            return _divided(words.part(0, first), amid[0], amid[1], words.text[: when.signs[0].start], _DANGLING)
    return None


def _parse_strictly(words: DateWords, today: date, working_days: WorkingDays | None) -> ParsedDeadline | Unclear:
    """What is to be done and when, every word of the time understood."""
    if not words.signs:
        return Unclear(DateReason.EMPTY if not words.text.strip() else DateReason.NO_DATE)
    trouble: Unclear | None = None
    colons = _colons(words)
    for place in reversed(colons):
        before, after = words.part(0, place), words.part(place + 1, len(words.signs))
        colon = words.signs[place]
        sides = (words.text[: colon.start], words.text[colon.end :])
        if place != colons[0] and _TIMELY.search(before.key):
            continue
        for what, when in ((sides[0], after), (sides[1], before)):
            read = read_rule(when, today, working_days) if when.signs and what.strip(_EDGES) else None
            if isinstance(read, Rule):
                return ParsedDeadline(_title(what), read, when.wording)
            if trouble is None and read is not None and read.reason is DateReason.NO_SUCH_DATE:
                trouble = read
        trouble = trouble or (_trouble(after, today, working_days) if after.signs else None)
    if trouble is not None:
        return trouble
    whole = read_rule(words, today, working_days)
    if isinstance(whole, Rule):
        lead = _lead(words)
        return ParsedDeadline(_title(without_joint(_title(lead))) if says_what(lead) else "", whole, words.wording)
    if whole.reason is DateReason.NO_SUCH_DATE:
        return whole
    split = _split(words, today, working_days)
    return split or whole


def _lead(words: DateWords) -> str:
    """What stands before the time in words that state a rule as a whole; "bản mềm" there is sent, and no reason."""
    first = words.signs[0]
    heard = words.heard(first.start, first.end)
    if first.sign == "reason" and begins(heard, aside_words().sent, all(token.word.isascii() for token in heard)):
        behind = next((sign for sign in words.signs if sign.sign not in {"reason", UNKNOWN}), first)
        if begins_with_verb(words.text[: first.start]):
            return words.text[: behind.start]
    return words.text[: first.start]


def _trouble(words: DateWords, today: date, working_days: WorkingDays | None) -> Unclear | None:
    read = read_rule(words, today, working_days)
    return read if isinstance(read, Unclear) else None


def _colons(words: DateWords) -> list[int]:
    """The places of colons that stand between no hours and minutes."""
    found = []
    for place, sign in enumerate(words.signs):
        if sign.sign != ":":
            continue
        sides = [words.signs[at].sign for at in (place - 1, place + 1) if 0 <= at < len(words.signs)]
        tight = place + 1 < len(words.signs) and words.signs[place + 1].start == sign.end
        if len(sides) == 2 and all(each.isdecimal() for each in sides) and tight:
            continue
        found.append(place)
    return found


def split_addressees(text: str, today: date) -> tuple[str, Addressees | None]:
    """A deadline that is not clear as it stands, without those it is said to be for, and those; else as it is.

    A date among those it is for is another deadline, of which nobody knows whose it is: then it stays as it is.

    Example: "Nộp quỹ: ngày 20 hằng tháng cho các CĐCS thuộc khu Bắc" is "Nộp quỹ: ngày 20 hằng tháng", for units below
    "khu Bắc".
    """
    if isinstance(_parse_strictly(without_retold(read_words(text)), today, None), ParsedDeadline):
        return text, None
    told: tuple[str, Addressees | None] = (text, None)
    dates = len(list(find_dates(text, today)))
    for rest, addressed in list_addressed(text):
        if len(list(find_dates(rest, today))) < dates:  # "… cho các đơn vị khối A, khối B 20/12"
            continue
        read = _parse_strictly(without_retold(read_words(rest)), today, None)
        if isinstance(read, ParsedDeadline):
            return rest, addressed
        if told[1] is None and read.reason in _TELLING and addressed.is_sure:
            told = rest, addressed
    return told


def impossible_day(text: str) -> str:
    """The day in a text that no calendar has, as 31/11, 30/02/2027 or 32; empty where none is found.

    Example: "trước ngày 31 tháng 11" names 31/11.
    """
    key = read_words(text).key
    for found in _DAY_AND_MONTH.finditer(key):
        day, month, year = found.groups()
        try:
            date(int(year or LEAP_YEAR), int(month), int(day))
        except ValueError:
            return "/".join(each for each in found.groups() if each)
    alone = _DAY_ALONE.search(key)
    return alone.group(1) if alone is not None else ""


def _title(text: str) -> str:
    return text.strip(_EDGES)


def _split(words: DateWords, today: date, working_days: WorkingDays | None) -> ParsedDeadline | Unclear | None:
    """The longest wholly understood run at the end, else at the beginning, and the words left as the title."""
    size, count = min(len(words.signs), LONGEST), len(words.signs)
    trouble: Unclear | None = None
    for first in range(count - size + 1, count):
        if words.signs[first].sign in _NO_BEGINNING or _splits_pair(words, first) or _splits_date(words, first):
            continue
        when = words.part(first, count)
        read = read_rule(when, today, working_days)
        if isinstance(read, Rule):
            divided = _divided(words.part(0, first), when, read, words.text[: when.signs[0].start], _DANGLING)
            is_dead = trouble is not None and trouble.reason is DateReason.NO_SUCH_DATE
            return trouble if is_dead and isinstance(divided, Unclear) else divided
        if read.reason in _TELLING:
            trouble = trouble or read
    is_begun = begins_with_verb(words.text[: words.signs[0].start])
    for end in range(size - 1, 0, -1):
        if (end + 1 < count and _splits_date(words, end + 1)) or (
            is_begun and "," in {sign.sign for sign in words.signs[: end + 1]}
        ):
            continue
        when = words.part(0, end)
        read = read_rule(when, today, working_days)
        if isinstance(read, Rule):
            rest = words.part(end, count)
            return _divided(rest, when, read, words.text[when.signs[-1].end :], None)
        if read.reason is DateReason.NO_SUCH_DATE:
            trouble = trouble or read
    return trouble


def _splits_pair(words: DateWords, first: int) -> bool:
    """Whether the run would begin with a noun of the title: "báo cáo tháng, trước ngày 5" is not "tháng trước"."""
    following = [sign.sign for sign in words.signs[first : first + 2]]
    if following[0] not in {"month", "quarter", "year", "week"} or len(following) < 2:
        return False
    return following[1] in {"before", "inclusive", ","} or (first > 0 and words.signs[first - 1].sign == "report")


def _splits_date(words: DateWords, first: int) -> bool:
    """Whether the run would begin within a date: "31/11" is no "31" before the eleventh."""
    if first < 2:
        return False
    day, mark, month = (words.signs[at] for at in (first - 2, first - 1, first))
    tight = day.end == mark.start and mark.end == month.start
    return tight and mark.sign in {"/", "-", "."} and day.sign.isdecimal() and month.sign.isdecimal()


def _divided(
    what: DateWords, when: DateWords, rule: Rule, text: str, dangling: re.Pattern[str] | None
) -> ParsedDeadline | Unclear:
    """The deadline, unless its title would hold words of time."""
    key = what.key
    bad = dangling.search(key) if dangling is not None else _DANGLING_FIRST.match(key)
    if bad or not says_what(text) or _TIMELY.search(key):
        return Unclear(DateReason.UNKNOWN_WORDS, what.wording)
    title = _title(text)
    return ParsedDeadline(_title(without_joint(title)) if dangling is not None else title, rule, when.wording)
