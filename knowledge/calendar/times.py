"""The time of day in words."""

from __future__ import annotations

from datetime import time

from knowledge.calendar.line import SignLine
from knowledge.calendar.outcomes import DateReason, NotClearError
from knowledge.calendar.signs import MOMENT
from knowledge.calendar.words import read_words

_ANY_PART = "morning|noon|afternoon|evening|night"
_PART = rf"(?: (?P<part>{_ANY_PART}))?"
_LEAD = r"(?:(?:before|to|inclusive|within|,) )*"
_NEXT_IS_A_DAY = r"(?= (?:day|wd\d|ord|today|in\d|,|t \d)|$)"
_CLOCKS = (
    rf"{_LEAD}(?P<hour>\d{{1,2}}) (?:hour|:) (?P<minute>\d{{1,2}})(?: minute){_PART}",
    rf"{_LEAD}(?P<hour>\d{{1,2}}) : (?P<minute>\d{{1,2}}){_PART}",
    rf"{_LEAD}(?P<hour>\d{{1,2}}) hour (?P<minute>m\d{{1,2}}){_PART}",
    rf"{_LEAD}(?P<hour>\d{{1,2}}) hour (?P<minute>\d{{2}}){_PART}{_NEXT_IS_A_DAY}",
    rf"{_LEAD}(?P<hour>\d{{1,2}}) hour(?P<half> halfhour)?{_PART}",
)
_PARTS = {"morning": time(12), "afternoon": time(17)}
_MIDNIGHT = {0, 12}


def take_time(line: SignLine) -> tuple[time | None, frozenset[str]]:
    """The time of day, taken out of the line, and what was assumed: midday and 17:00 end a part of the day.

    Example: "trước 5h chiều" is 17:00. Raises NotClearError for a time that there is not, and for midnight, which may
    be either end of a day.
    """
    line.replace(rf"{_LEAD}{MOMENT}", "")
    for pattern in _CLOCKS:
        found = line.take(pattern)
        if found is None:
            continue
        beside = line.take(f"(?P<part>{_ANY_PART})") or {}
        hour, part = int(found["hour"]), found.get("part") or beside.get("part")
        minute = 30 if "half" in found else int(found.get("minute", "0").lstrip("m"))
        if (hour == 0 and minute == 0) or (hour in _MIDNIGHT and part == "night"):
            raise NotClearError(DateReason.AMBIGUOUS)
        if (part in {"afternoon", "evening", "night"} and 1 <= hour < 12) or (part == "noon" and hour < 4):
            hour += 12
        if (hour, minute) == (24, 0):
            return time(23, 59), frozenset()
        if hour > 23 or minute > 59:
            raise NotClearError(DateReason.NO_SUCH_TIME)
        return time(hour, minute), frozenset()
    if line.take(rf"{_LEAD}office") is not None:
        line.take("afternoon")
        return time(17), frozenset({"time"})
    found = line.take(f"(?P<part>{_ANY_PART})")
    if found is not None:
        at = _PARTS.get(found["part"])
        return at, frozenset({"time"} if at else ())
    line.replace("dayend(?: of)?", "")
    return None, frozenset()


def parse_time(text: str) -> time | None:
    """The time of day that a text names, whatever else it says; None where it names none.

    Example: "nhắc lúc 8h sáng" is 08:00.
    """
    try:
        return take_time(SignLine(read_words(text).key))[0]
    except NotClearError:
        return None
