"""A line of signs that is read by taking away what is understood, until nothing is left."""

from __future__ import annotations

import re
from functools import lru_cache

WEEKDAY = r"(?:wd[0-6])"
ANY_WEEKDAY = r"(?:wd6|ord [2-7]|t [2-7])"
QUARTER = r"(?:[1-4]|iv|iii|ii|i)"
WHICH = (
    r"(?:this|next2|next|after later|after next|after|prev|before(?! (?:day|\d|ord|wd|month|quarter|t \d|in\d|today)))"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?:(?!\S)|(?<= ))")


class SignLine:
    """Signs still to be understood; private to one reading."""

    def __init__(self, key: str) -> None:
        """Begin with all of them."""
        self.key = " ".join(key.split())

    def find(self, pattern: str) -> re.Match[str] | None:
        """The first place where whole signs match."""
        return _compiled(pattern).search(self.key)

    def take(self, pattern: str, put: str = "") -> dict[str, str] | None:
        """The groups of the first match that were filled, which is replaced by `put`; None where there is no match."""
        match = self.find(pattern)
        if match is None:
            return None
        self.key = " ".join(f"{self.key[: match.start()]} {put} {self.key[match.end() :]}".split())
        return {name: value for name, value in match.groupdict().items() if value is not None}

    def replace(self, pattern: str, put: str) -> None:
        """Every match replaced by `put`, which may name groups."""
        self.key = " ".join(_compiled(pattern).sub(put, self.key).split())


def name_weekdays(line: SignLine) -> None:
    """ "thứ 6" and "t6" made the weekday they name, where they count no months or weeks."""
    for number in range(2, 8):
        after_each = "|".join(f"(?<=each {unit} )" for unit in ("week", "month", "quarter", "year"))
        line.replace(
            rf"(?:{after_each}|(?<!week )(?<!month )(?<!workday ))ord {number}(?! (?:quarter|half))", f"wd{number - 2}"
        )
        line.replace(rf"(?<!\d )(?<!/ )t {number}", f"wd{number - 2}")


def weekday_of(sign: str) -> int:
    """The weekday (Monday 0) of a sign matched by `WEEKDAY`."""
    return int(sign[2:])


def quarter_of(sign: str) -> int:
    """The quarter (1–4) written as a figure or a Roman numeral."""
    return _ROMAN.get(sign) or int(sign)


def steps_of(which: str | None) -> int:
    """How many steps from the present span a sign of `WHICH` leads: "tuần sau nữa" is two."""
    if which in {None, "this"}:
        return 0
    if which in {"prev", "before"}:
        return -1
    return 2 if which in {"next2", "after later", "after next"} else 1


def numbers_in(text: str) -> list[int]:
    """Every figure in a line of signs."""
    return [int(number) for number in re.findall(r"(?<!\S)\d+(?!\S)", text)]
