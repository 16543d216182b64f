"""Rules read from officers' own words: every word that carries a meaning is understood, or the rule is not.

Where words leave a day open nothing is made up: the reader says what is missing, and offers what could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.calendar.combining import Parts, combine
from knowledge.calendar.days import (
    MONTH_NAME,
    QUARTER_NAME,
    YEAR_PART,
    make_date,
    named_quarter,
    on_weekday,
    take_dates,
    take_days,
    take_single,
    year_of,
)
from knowledge.calendar.frequency import RuleReading, take_frequency
from knowledge.calendar.line import QUARTER, WEEKDAY, WHICH, SignLine, name_weekdays, numbers_in, steps_of, weekday_of
from knowledge.calendar.outcomes import DateReason, DueDate, NotClearError, Unclear
from knowledge.calendar.rules import DayKind, DayOf, Frequency, Rule
from knowledge.calendar.times import take_time
from knowledge.calendar.words import DateWords
from knowledge.calendar.working_days import WorkingDays, vietnam_working_days
from knowledge.model.periods import Period, PeriodKind

_NOT_PLAIN = (
    ("lunar", DateReason.LUNAR),
    ("except|no", DateReason.UNKNOWN_WORDS),
    ("vague|when|elapse", DateReason.VAGUE),
)
_DATE = rf"(?:day )?\d{{1,2}} (?:/|month|-) \d{{1,2}}{re.sub(r'[?]P<[a-z0-9]+>', '?:', YEAR_PART)}"
_POINT = (
    rf"(?:(?:day )?(?:{WEEKDAY}|today) (?:, )?)?(?:day )?{_DATE}(?: prev)?|\d{{1,2}} / \d{{4}}"
    r"|(?:month|t) \d{1,2}(?: (?:/|year) \d{4})?"
    rf"|(?:quarter|q) {QUARTER}(?: (?:/|year) \d{{4}})?|year \d{{4}}|(?:end )?(?:month|quarter|year)(?: {WHICH})?"
    rf"|20\d{{2}}|(?:day )?{WEEKDAY}(?: week)?(?: {WHICH})?|in[12]|today|week {WHICH}"
)
_PLACE = r"(?P<place>first|last|start|end|mid|ord \d|\d(?= (?:quarter|half|6 month)))"
_SPAN = r"(?P<of>quarter|year|half|6 month)\*?"
_TURNS = (
    (r"t (?=[189]\b|1[0-2]\b|\d / \d{4}|\d - \d{4}|\d year)", "month "),
    (r"(end|within|start|mid|to|before|half) t (?=\d)", r"\1 month "),
    (r"(?<!each )month ord (?=4(?! (?:quarter|year|half))|[5-9](?! (?:quarter|year|half))|1\d)", "month "),
    (r"(workday(?: later)?) (?:, )?from (ord \d)(?: next| to)? day (?:ord(?: 1)?|first)", r"\1 since \2"),
    (r"before inclusive|inclusive before", "before"),
    (r"inclusive (?=\d{1,2}(?: (?:each|,|and)|$))", "day "),
    (r"inclusive", ""),
    (r"(month \d{1,2}) this", r"\1"),
    (r"(day \d{1,2}) this(?! month)", r"\1"),
    (r"^((?:before )?(?:day )?\d{1,2}) \. (\d{1,2})$", r"\1 / \2"),
    (r"each year each", "each year"),
    (r"(\d{1,3} (?:day|week|month|year)) now", r"within \1"),
    (r"(?<!\d day )before end", "end"),
    (r"(?<=/ )(\d{1,2}) this", r"\1"),
    (r"(?:to )?next (?=wd|ord|t )", ""),
    (rf"within week ({WHICH}) (?:, )?to (?=wd|ord|t )", r"week \1 "),
    (rf"within week ({WHICH})(?! ,? ?(?:wd|ord|t) )", r"end week \1"),
    (r"yearname(?: day)?(?= \d)", ""),
    (r"yearname", "1 / 1"),
    (r"solar", ""),
    (r"end month (\d{1,2}) and end month (\d{1,2})", r"end month \1 , month \2"),
    (r"(?<!/ )(?:from )?(?:day )?(?<!/ )\d{1,2} (?:to|-) (?:end |day )*(?=\d{1,2} (?:/|month))", "day "),
    (r"(?:from )?day \d{1,2} (?:to|-) (?:end |day )*(?=\d{1,2})", "day "),
    (r"from \d{1,2} (?:to|-) (?:end |day )*(?=\d{1,2})", "day "),
    (r"\d{1,2} to (?:end |day )*(?=\d{1,2} (?:each|month))", "day "),
)


def read_rule(words: DateWords, today: date, working_days: WorkingDays | None = None) -> Rule | Unclear:
    """The rule that all of these words state together, or why there is none.

    `working_days` are those of whoever asks; without them, those of the law.

    Example: "ngày 20 hằng tháng" → `month:0.d20`.
    """
    outcome: Rule | Unclear = Unclear(DateReason.EMPTY)
    for key in _without_reasons(words.key):
        try:
            return _read(key, words.wording, today, working_days or vietnam_working_days())
        except NotClearError as error:
            outcome = Unclear(error.reason, words.wording, error.choices)
            if error.reason not in {DateReason.UNKNOWN_WORDS, DateReason.NO_DATE, DateReason.EMPTY}:
                break
        except (ValueError, OverflowError):
            outcome = Unclear(DateReason.NO_SUCH_DATE, words.wording)
    return outcome


def _without_reasons(key: str) -> Iterator[str]:
    """The line without its clauses of reason: each up to a comma or, where that is no rule, up to a sign of time."""
    whole = SignLine(key)
    whole.replace(r"shorter", "")
    if whole.find("reason") is not None:
        short = SignLine(whole.key)
        short.replace(r"reason(?: (?!,)\S+)*", "")
        yield short.key
        whole.replace(r"reason(?: (?:\?|reason))*", "")
    yield whole.key


def _read(key: str, wording: str, today: date, working_days: WorkingDays) -> Rule:
    line = SignLine(key)
    if not line.key:
        raise NotClearError(DateReason.EMPTY if not wording else DateReason.NO_DATE)
    if line.find(r"\d{1,3} (?:day|workday)") is not None:
        line.replace(r"(?:, )?except today", "")
    for sign, reason in _NOT_PLAIN:
        if line.find(sign) is not None:
            offered = _without_doubt(line, wording, today, working_days) if reason is DateReason.VAGUE else ()
            raise NotClearError(reason, offered)
    if re.fullmatch(r"(?:(?:inclusive|day|,|before|within) )*t [2-7](?: (?:,|and))*", line.key):
        raise NotClearError(DateReason.AMBIGUOUS)
    _take_turns(line)
    reading = RuleReading(today, wording, working_days)
    reading.at, assumed = take_time(line)
    reading.assumed |= assumed
    if line.find(r"halfmonth(?: 1 times)?+ .*\d") is not None:
        line.replace("halfmonth(?: 1 times)?", "each month")
    if line.find("halfmonth") is not None:
        raise NotClearError(DateReason.DAY_MISSING, (Rule.parse("month:0.d15,0.last"),))
    line.replace("half(?! (?:start|end))", "6 month")
    take_frequency(reading, line)
    if line.find("or") is not None:
        raise NotClearError(DateReason.AMBIGUOUS, _either(key, today, working_days))
    _take_bounds(reading, line)
    rule = combine(reading, _parts(reading, line))
    if len(rule.dates) > 1 and re.search(r"\d (?:,|\.|-) inclusive ", key):
        raise NotClearError(DateReason.AMBIGUOUS)  # "20/11, hạn chót 18/11" is said twice, and differs
    return rule


def _take_turns(line: SignLine) -> None:
    for pattern, put in _TURNS:
        line.replace(pattern, put)
    line.replace("day day", "day")
    name_weekdays(line)


def _without_doubt(line: SignLine, wording: str, today: date, working_days: WorkingDays) -> tuple[Rule, ...]:
    """What would be understood without the words of doubt: offered, never taken."""
    plain = SignLine(line.key)
    plain.replace("vague|when", "")
    if plain.find(r"\?|elapse"):
        return ()
    try:
        return (_read(plain.key, wording, today, working_days),) if plain.key else ()
    except (ValueError, OverflowError):
        return ()


def _either(key: str, today: date, working_days: WorkingDays) -> tuple[Rule, ...]:
    """Both readings of "15 hoặc 20 hằng tháng"."""
    first, _, second = key.partition(" or ")
    tail = " ".join(re.findall(r"each (?:month|quarter|year|week)|(?:month|week) next|week after", second))
    found = []
    for part in (f"{first} {tail}", f"day {second}" if first.startswith("day") else second):
        if "or" in part.split():
            continue
        try:
            found.append(_read(part, "", today, working_days))
        except (ValueError, OverflowError):
            continue
    return tuple(found)


# Bounds --------------------------------------------------------------------------------------------------------------


def _take_bounds(reading: RuleReading, line: SignLine) -> None:
    line.replace("now|onward", "")
    spread = line.find(rf"(?P<first>{WEEKDAY}) (?:to|-) (?P<last>{WEEKDAY}|[2-7])")
    if spread is not None and reading.unit == "week":
        last = spread["last"]
        days = range(weekday_of(spread["first"]), (weekday_of(last) if len(last) > 1 else int(last) - 2) + 1)
        line.replace(re.escape(spread.group()), " , ".join(f"wd{day}" for day in days))
    if not reading.recurs and line.find(rf"month {_PLACE} {_SPAN}(?! {QUARTER}| {WHICH})") is None:
        line.replace(rf"from (?:{_POINT}) (?=to )", "")
        line.replace(rf"{_DATE} (?=to {_DATE})", "")
        line.replace(
            rf"to (?:end )?(?=(?:{_POINT})$|(?:{_POINT}) ,)", "end " if line.find("to (?:month|quarter|year)") else ""
        )
        return
    yearly_window = rf"from (?:{_DATE}) (?=to (?:end )?(?:{_DATE})(?! / \d| year))"
    if reading.length == 12 and line.find(yearly_window) and not line.find(rf"{_DATE}.* {_DATE}.* {_DATE}"):
        line.replace(f"{yearly_window}to (?:end )?", "")
    line.replace(rf"^to (?={WEEKDAY} week\*$)", "")  # "tới thứ năm hằng tuần" bounds nothing
    groups = line.take(rf"from (?P<point>{_POINT})(?: ,)?")
    if groups is not None:
        reading.start = _point(groups["point"], reading.today, first=True)
    groups = line.take(rf"to (?:end )?(?P<point>{_POINT})")
    if groups is not None:
        reading.end = _point(groups["point"], reading.start or reading.today, first=False)
    groups = line.take(r"(?:within )?year (?P<year>\d{4})$") if reading.length < 12 else None
    if groups is not None:
        year = int(groups["year"])
        reading.start = reading.start or date(year, 1, 1)
        reading.end = reading.end or date(year, 12, 31)


def _point(key: str, today: date, *, first: bool) -> date:
    """The first or last day of a day, month, quarter or year named as a rule's bound."""
    line = SignLine(
        re.sub(r"^end |(?<!\S)prev$", "", key) if not re.search(r"(?:week|month|quarter|year) prev$", key) else key
    )
    if line.key.isdecimal() and len(line.key) == 4:
        line = SignLine(f"year {line.key}")
    backwards = key.endswith(" prev")
    weekday = line.take(rf"(?:day )?(?P<weekday>{WEEKDAY}) (?:, )?(?=(?:day )?\d)")
    dates = take_dates(line, today)
    if dates:
        found = dates[0]
        found.check()
        if found.year is not None:
            on = make_date(found.year, found.month, found.day)
        else:
            on = make_date(today.year, found.month, found.day)
            far = (today - on).days
            if not backwards and on < today and (not first or far > 31):
                on = make_date(today.year + 1, found.month, found.day)
        if weekday is not None and on.weekday() != weekday_of(weekday["weekday"]):
            raise NotClearError(DateReason.AMBIGUOUS)
        return on
    singles = take_single(line, today, vietnam_working_days())
    if singles:
        return singles[0][0]
    groups = line.take(rf"(?:day )?(?P<weekday>{WEEKDAY})(?P<of> week)?(?: (?P<which>{WHICH}))?")
    if groups is not None:
        return on_weekday(weekday_of(groups["weekday"]), groups.get("which"), today, of_week="of" in groups)
    if (groups := line.take(rf"week (?P<which>{WHICH})")) is not None:
        return today - timedelta(days=today.weekday()) + timedelta(weeks=steps_of(groups["which"]))
    period = _point_period(line, today, first=first)
    return period.start if first else period.end


def _point_period(line: SignLine, today: date, *, first: bool) -> Period:
    if (groups := line.take(r"(?P<m>\d{1,2}) / (?P<y>\d{4})") or line.take(MONTH_NAME)) is not None:
        year = year_of(groups, today)
        found = Period.month(today.year if year is None else year, int(groups["m"]))
        return found if year is not None or found.end >= today or first else found.shifted(12)
    if (groups := line.take(QUARTER_NAME)) is not None:
        return named_quarter(groups["q"], year_of(groups, today), today)
    if (groups := line.take(r"year (?P<y>\d{4})")) is not None:
        return Period(PeriodKind.YEAR, int(groups["y"]))
    groups = line.take(rf"(?P<unit>month|quarter|year)(?: (?P<which>{WHICH}))?")
    if groups is None:
        raise NotClearError(DateReason.NO_SUCH_DATE)
    return Period.containing(today, PeriodKind(groups["unit"])).shifted(steps_of(groups.get("which")))


# Parts ---------------------------------------------------------------------------------------------------------------


def _parts(reading: RuleReading, line: SignLine) -> Parts:
    """Everything that the rest of the line names; what is left over stands in the way."""
    parts = Parts()
    line.replace(r"within (?!\d+ (?:day|workday|week|month|year))", "")
    _take_labels(reading, line)
    groups = line.take(
        r"(?P<edge>end )?(?:all )?month\*? (?P<months>\d{1,2}(?:(?: ,| and| month| end)+ "
        r"\d{1,2}(?! (?:/|month|-|\. \d)))+)(?: (?:/|year) (?P<y>\d{4}))?"
    )
    if groups is not None:
        parts.months = numbers_in(groups["months"])
        parts.year = int(groups["y"]) if "y" in groups else None
        parts.edge = "edge" in groups
    if reading.parity is not None:
        parts.months = [*range(2, 13, 2)] if reading.parity else [*range(1, 13, 2)]
    line.replace(r"(?<=\d) end month (?=\d{1,2} and end)", " month ")
    parts.dates = take_dates(line, reading.today)
    parts.singles = take_single(line, reading.today, reading.working_days)
    _take_half(parts, line)
    _take_place(reading, parts, line)
    if reading.unit == "week":
        _take_weekdays(parts, line, weekly=True)
    if not parts.dates:
        parts.days, edge = take_days(line)
        parts.edge = parts.edge or edge
        parts.first = line.take("first") is not None
    if parts.months and parts.edge and not parts.days:
        parts.days = [DayOf(DayKind.LAST)]
    if not parts.weekdays:
        _take_weekdays(parts, line, weekly=False)
    _take_scope(parts, line)
    left = re.sub(
        r"(?<!\S)(?:,|and|/|day|\.|-|:|first|to|(?:month|quarter|year|week|day)\*)(?!\S)", " ", line.key
    ).split()
    if reading.recurs:
        left = [sign for sign in left if sign not in {"within", "6", "month"} or "6" not in left or "month" not in left]
    if left:
        named = parts.dates or parts.singles or parts.days or parts.weekdays or parts.scope or reading.recurs
        raise NotClearError(DateReason.UNKNOWN_WORDS if named else DateReason.NO_DATE)
    return parts


def _take_labels(reading: RuleReading, line: SignLine) -> None:
    """The quarters that dates are listed for ("quý 1 thì 10/4, quý 2 10/7") say nothing that the dates do not."""
    labels = re.findall(rf"(?<!\S)quarter {QUARTER} (?:, |: )?(?=(?:before )?(?:day )?\d{{1,2}} (?:/|month))", line.key)
    if len(labels) > 1:
        for label in labels:
            line.key = line.key.replace(label, "", 1)
        if reading.length == 12:
            line.replace(rf"(?<=\d) year {WHICH}", "")


def _take_half(parts: Parts, line: SignLine) -> None:
    groups = line.take(rf"(?P<edge>end )?(?:6 month|half) (?P<half>start|end|first|last)(?: year)?{YEAR_PART}")
    if groups is not None:
        parts.scope, parts.number = "half", 1 if groups["half"] in {"start", "first"} else 2
        parts.year_named = groups


def _take_place(reading: RuleReading, parts: Parts, line: SignLine) -> None:
    groups = (
        line.take(rf"month {_PLACE} {_SPAN}(?: (?P<q>{QUARTER})(?! [/:]){YEAR_PART})?(?: (?P<which>{WHICH}))?")
        or line.take(rf"month {_PLACE} {_SPAN}(?: (?P<which>{WHICH}))?")
        or line.take(r"month (?P<place>first|last|start|end|mid|ord \d)(?! week)")
    )
    if groups is None:
        return
    named = {"first": 0, "start": 0, "mid": 1, "last": -1, "end": -1}
    place = groups["place"]
    parts.cycle = {"quarter": 3, "year": 12}.get(groups.get("of", ""), 6 if "of" in groups else reading.length)
    if parts.cycle < 2:
        raise NotClearError(DateReason.MONTH_MISSING)
    if place == "mid" and parts.cycle != 3:
        raise NotClearError(DateReason.VAGUE)
    parts.place = named[place] if place in named else int(place.split()[-1]) - 1
    if parts.place >= parts.cycle:
        raise NotClearError(DateReason.NO_SUCH_DATE)
    parts.place %= parts.cycle
    parts.which = groups.get("which")
    parts.year_named = groups if "q" in groups else {}


def _take_weekdays(parts: Parts, line: SignLine, *, weekly: bool) -> None:
    one = rf"(?:day )?(?:{WEEKDAY})"
    more = rf"(?:(?: ,| and)+ (?:{one}|[2-7](?! /)))*" if weekly else rf"(?:(?: ,| and)+ {one})*"
    groups = line.take(rf"(?P<of>week) (?P<week>{WHICH}) (?:, )?(?P<weekdays>{one})") or line.take(
        rf"(?:(?P<before>before) )?(?P<weekdays>{one}{more})(?: (?P<of>week )?(?P<week>{WHICH}))?"
    )
    if groups is None:
        return
    found = re.findall(rf"{WEEKDAY}|(?<!\S)[2-7](?!\S)", groups["weekdays"])
    parts.weekdays = [weekday_of(sign) if len(sign) > 1 else int(sign) - 2 for sign in found]
    parts.week, parts.of_week, parts.before = groups.get("week"), "of" in groups, "before" in groups


def _take_scope(parts: Parts, line: SignLine) -> None:
    """The month, quarter, half-year, year or week that a day is counted in, or that ends then."""
    if parts.scope or parts.place is not None or parts.months:
        if (groups := line.take(r"year (?P<y>\d{4})")) is not None:
            parts.year = int(groups["y"])
        return
    before = r"(?:(?P<before>before) )?"
    for scope, pattern in (
        ("month", rf"{before}{MONTH_NAME}(?: (?P<which>this|next))?"),
        ("quarter", rf"{before}{QUARTER_NAME}"),
        ("month", rf"{before}(?P<m>\d{{1,2}}) [/-] (?P<y>\d{{4}})"),
        ("year", rf"{before}year (?P<y>\d{{4}})"),
    ):
        if (groups := line.take(pattern)) is not None:
            parts.scope, parts.year_named = scope, groups
            parts.number = int(groups["m"]) if "m" in groups else 0
            parts.before = parts.before or "before" in groups
            return
    groups = line.take(rf"(?:(?P<before>before) )?(?P<unit>month|quarter|year|week)\*? (?P<which>{WHICH})")
    if groups is None:
        groups = line.take(r"(?P<unit>month|quarter|year|week)") or line.take(r"(?P<unit>month|quarter|year|week)\*")
    if groups is not None:
        parts.unit, parts.which = groups["unit"], groups.get("which")
        parts.before = parts.before or "before" in groups


# One date ------------------------------------------------------------------------------------------------------------


def date_of(words: DateWords, today: date) -> DueDate | Unclear:
    """The one day that words name, all of them understood, or why not.

    A day without a month is the next one; a span ("trong tháng 02/2021") is due on its last day; "trước 15/01" is due
    on the 14th.
    """
    read = read_rule(words, today)
    if isinstance(read, Unclear):
        return read
    if read.frequency is not Frequency.ONCE or len(read.dates) > 1:
        return Unclear(DateReason.AMBIGUOUS, words.wording, tuple(DueDate(on, read.at) for on in read.dates))
    return DueDate(read.dates[0], read.at, words.wording, read.assumed)
