"""How often something comes again, in words: "mỗi quý", "3 tháng một lần", "tháng nào cũng"."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from knowledge.calendar.line import WEEKDAY, SignLine
from knowledge.calendar.outcomes import DateReason, NotClearError
from knowledge.calendar.working_days import WorkingDays

_UNIT = r"(?P<unit>month|quarter|year|week|day|half)"
_EACH = r"(?:(?:regular|each|all|skip) )*"
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}

_TURNS = (
    ("regular each|each regular|each each|all each|each all|each 1(?= (?:month|quarter|year|week|day))", "each"),
    ("all (month|quarter|year|week)(?! \\d)", r"each \1"),
    ("(month|quarter|year|week|day) any(?: any)*", r"each \1"),
    (f"({WEEKDAY}) any", r"each week \1"),
    (f"(?:each|all) (?=(?:day )?{WEEKDAY})", "each week "),
    (r"each (?=(?:morning|noon|afternoon|evening|night) )", "each week "),
    (r"(?:each|all) day (?=\d)", "each month day "),
    (r"(\d{1,2}) / (month|quarter|year)(?! \d)", r"\1 each \2"),
    ("regular(?: within)? (month|quarter|year|week)(?! \\d)", r"each \1"),
)
_ONCE_EACH = (
    rf"{_EACH}(?P<n>\d{{1,2}}) {_UNIT}(?: /)?(?: 1)? times",
    rf"1 times (?:/ |within |each |all )*(?P<n>\d{{1,2}}) {_UNIT}",
    rf"(?P<tied>regular|each regular|regular each) (?P<n>\d{{1,2}}) {_UNIT}(?! start| end)",
    rf"(?P<each>(?:each |skip )+)(?P<n>\d{{1,2}}) {_UNIT}(?! start| end)",
)
_SKIPPED = rf"skip (?:1 )?{_UNIT}(?: 1 times| times)?"
_SIMPLE = (
    rf"{_EACH}(?:1 )?{_UNIT}(?: /)? 1 times",
    rf"(?:1 )?{_UNIT} / times",
    rf"1 times (?:/ |within |each |1 |all )*{_UNIT}",
    rf"1 {_UNIT} times",
)
_TIMES = (
    rf"{_EACH}(?:1 )?{_UNIT} (?P<n>\d) times",
    rf"(?P<n>\d) times (?:/ |within |each |1 |all )*{_UNIT}",
)


@dataclass
class RuleReading:
    """What has been understood so far; private to one reading.

    `length` is the cycle in months (0: not monthly), `every` counts weeks or days of the `unit` "week" or "day".
    `counted`: said as so many units ("6 tháng một lần"), not by its name. `times`: how often within the unit, where
    that is all that was said.
    """

    today: date
    wording: str
    working_days: WorkingDays
    at: time | None = None
    unit: str = ""
    every: int = 1
    length: int = 0
    counted: bool = False
    numbered: bool = False
    times: int = 1
    start: date | None = None
    end: date | None = None
    assumed: set[str] = field(default_factory=set)
    parity: int | None = None

    @property
    def recurs(self) -> bool:
        """Whether a frequency was said."""
        return bool(self.unit)


def take_frequency(reading: RuleReading, line: SignLine) -> None:
    """Take every frequency out of the line; a unit that is named with it stays, with a star: "end month*"."""
    for pattern, put in _TURNS:
        line.replace(pattern, put)
    found = line.take("(?:each )?month (?P<parity>even|odd)")
    if found is not None:
        line.take("year\\*|each year")
        reading.parity, reading.length, reading.unit = (0 if found["parity"] == "odd" else 1), 2, "month"
        return
    for pattern in _ONCE_EACH:
        found = line.take(pattern)
        if found is not None:
            _set(reading, found["unit"], int(found["n"]))
            reading.numbered = True
            reading.counted = "tied" not in found
            break
    else:
        _take_unnumbered(reading, line)
    while True:
        found = line.take(f"each {_UNIT}", "@")
        if found is None:
            break
        line.replace("@", f"{found['unit']}*")
        known = MONTHS_IN.get(found["unit"], 0)
        if not reading.unit or (known > reading.length and not reading.numbered):
            _set(reading, found["unit"], 1)
    line.replace("regular|times(?= \\d| day|$)", "")


def _take_unnumbered(reading: RuleReading, line: SignLine) -> None:
    if (found := line.take(_SKIPPED)) is not None:
        _set(reading, found["unit"], 2)
        return
    for pattern in _TIMES:
        found = line.take(pattern)
        if found is not None and found["n"] != "1":
            _set(reading, found["unit"], 1)
            reading.times = int(found["n"])
            if reading.times and reading.length and not reading.length % reading.times:
                reading.length //= reading.times
                reading.unit = "month"
            return
        if found is not None:
            _set(reading, found["unit"], 1)
            return
    for pattern in _SIMPLE:
        found = line.take(pattern)
        if found is not None:
            _set(reading, found["unit"], 1)
            return


def _set(reading: RuleReading, unit: str, number: int) -> None:
    if number < 1:
        raise NotClearError(DateReason.NO_SUCH_DATE)
    length = MONTHS_IN.get(unit, 0) * number
    reading.unit, reading.length = ("month" if length else unit), length
    reading.every = number if not length else 1
