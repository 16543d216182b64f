"""Numbers behind the name of a part of the unit: its own ("xưởng 3") or the first figure told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from knowledge.numbers import Parsed, parse_count
from knowledge.reports.message import ReportMessage, TextItem

_NEXT = re.compile(r" *(?:[,:] *)?(?P<n>\d[\d.]*\d|\d)(?![\w./])")


def counts_people(message: ReportMessage, start: int, end: int, labels: Sequence[TextItem]) -> bool:
    """Whether the number from `start` to `end` is the figure of the total named right behind it.

    It is where the figures stand before their names ("xưởng 320 lao động 310 đoàn viên"), so that without it a name
    would have none, and where it is no smaller than the figure after it. Otherwise it is the number of the part.
    """
    names = {item.start: (item.parts[0] if item.parts else item) for item in labels}
    people = re.match(r" ([a-z]+)", message.norm[end:])
    if people is not None and people[1] in message.words("persons_of_part"):
        return True
    own, at = _value(message.norm[start:end]), end
    told: Decimal | None = None
    while True:
        gap = re.match(" *", message.norm[at:])
        name = names.get(at + gap.end()) if gap is not None else None
        if name is None or len(name.keys) != 1 or (told is None and name.keys[0] in message.children):
            # The last figure has no name behind it: each name stood before its own.
            return False
        following = _NEXT.match(message.norm, name.end)
        if following is None:
            if told is None:
                return not any(item.keys == name.keys for item in labels if item.start > name.start)
            return own is not None and own >= told
        told = told if told is not None else _value(following["n"])
        at = following.end()


def _value(digits: str) -> Decimal | None:
    number = parse_count(digits)
    return number.value if isinstance(number, Parsed) else None
