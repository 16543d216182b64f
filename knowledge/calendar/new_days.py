"""The day to which something is to be put off, in words: by how long, or until when."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from knowledge.calendar.deadlines import LONGEST_DATE, find_dates
from knowledge.calendar.outcomes import DateReason, DueDate, Unclear
from knowledge.calendar.reading import date_of
from knowledge.calendar.words import DateWords, ends_shifting, read_words
from knowledge.calendar.working_days import clamped

LONGEST_WAY: Final = 31
"""Days: how far behind the present due date words like "hết tháng" may lie where they are read from it."""

_LONG: Final = re.compile(r"(?<!\S)(?:(\d{1,2}) (day|week|month)|(halfmonth))(?! (?:\d|month \d))(?!\S)")
_DATE: Final = re.compile(r"(?<!\S)\d{1,2} [/.-] \d{1,2}(?: [/.-] \d{4})?(?!\S)")
_UNTIL: Final = "to"
_HALF: Final = timedelta(days=15)


def read_new_day(text: str, today: date, due_on: date) -> date | Unclear | None:
    """The new day that a wish for more time names; None where it names none, Unclear for a day no calendar has.

    What is added is counted from the due date, or from today where that is over. Words like "hết tháng" that mean a
    day before the due date as seen from today are read from the due date.

    Example: due on 5 December 2026, "xin lùi 3 ngày" is the 8th, "đến 21/12" the 21st, "hết tháng" the 31st.
    """
    words = read_words(text)
    shifted = _read_shift(words, max(today, due_on))
    if shifted is not None:
        return shifted
    for found in _DATE.finditer(words.key):
        first = words.key.count(" ", 0, found.start())
        read = date_of(words.part(first, first + found[0].count(" ") + 1), today)
        if isinstance(read, Unclear) and read.reason is DateReason.NO_SUCH_DATE:
            return read
    near = _read_day(text, words, today)
    if near is not None and near <= due_on and not _DATE.search(words.key):
        later = _read_day(text, words, due_on)
        if later is not None and due_on < later <= due_on + timedelta(days=LONGEST_WAY):
            return later
    return near


def _read_shift(words: DateWords, start: date) -> date | None:
    for found in _LONG.finditer(words.key):
        first = words.key.count(" ", 0, found.start())
        if not ends_shifting(words.text[: words.signs[first].start]):
            continue
        if found[3]:
            return start + _HALF
        number = int(found[1])
        if found[2] == "month":
            months = start.year * 12 + start.month - 1 + number
            return clamped(months // 12, months % 12 + 1, start.day)
        return start + timedelta(days=number * (7 if found[2] == "week" else 1))
    return None


def _read_day(text: str, words: DateWords, today: date) -> date | None:
    dates = [each.due.on for each in find_dates(text, today)]
    if dates:
        return dates[-1]
    for first, sign in enumerate(words.signs):
        ends = range(min(len(words.signs), first + LONGEST_DATE), first + 1, -1) if sign.sign == _UNTIL else ()
        for end in ends:
            due = date_of(words.part(first, end), today)
            if isinstance(due, DueDate):
                return due.on
    return None
