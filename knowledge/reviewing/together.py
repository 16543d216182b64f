"""What is decided together: the numbers of one table, and those of one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from knowledge.model.plan_reviews import ReviewMatter, ReviewRow

_BETWEEN_CELLS: Final = " | "
"""What stands between the cells of a table's row in a quote."""
_ALIKE: Final = 40
"""Letters that two quotes share where they are cut from one long sentence."""
_FEWEST: Final = 3
"""Doubtful targets of one table from which they are decided together: two are quicker looked at."""


def find_together(rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    """The first of these rows with those that follow and are decided together with it; itself alone where none is."""
    found = list(rows[:1])
    for row in rows[1:]:
        first, last = found[0], found[-1]
        if (row.matter, row.doubt) != (first.matter, first.doubt) or not belong_together(last, row):
            break
        found.append(row)
    is_target = bool(found) and found[0].matter is not ReviewMatter.LEFT_OVER
    if is_target and (len(found) < _FEWEST or not is_of_table(found[0]) or _is_of_picture(found[0])):
        return found[:1]
    return found


def belong_together(one: ReviewRow, other: ReviewRow) -> bool:
    """Whether two rows, the later one last, are of one table or of one sentence."""
    before, after = _fact_of(one), _fact_of(other)
    if before is None or after is None or before["section"] != after["section"]:
        return False
    if is_of_table(one) or is_of_table(other):
        return is_of_table(one) and is_of_table(other)
    return bool(before["quote"] == after["quote"] or _overlap(before["quote"], after["quote"]) is not None)


def is_of_table(row: ReviewRow) -> bool:
    """Whether a row was read in a table."""
    fact = _fact_of(row)
    return fact is not None and _BETWEEN_CELLS in fact["quote"]


def _is_of_picture(row: ReviewRow) -> bool:
    """Whether it was read from a picture: each figure is held against its own line."""
    fact = _fact_of(row)
    return fact is not None and fact.get("spot") is not None


def quote_together(rows: Sequence[ReviewRow]) -> str:
    """What these rows stand in: the rows of their table, one on a line, or their sentence."""
    quotes = list(dict.fromkeys(str(fact["quote"]) for fact in map(_fact_of, rows) if fact is not None))
    if not quotes or is_of_table(rows[0]):
        return "\n".join(quotes)
    whole = quotes[0]
    for quote in quotes[1:]:
        at = _overlap(whole, quote)
        whole = whole[:at] + quote if at is not None else f"{whole} … {quote}"
    return whole


def _fact_of(row: ReviewRow) -> dict[str, Any] | None:
    """What holds quote and section of a target, or of a number left over."""
    match row.matter:
        case ReviewMatter.LEFT_OVER:
            return row.content
        case ReviewMatter.TARGET:
            fact: dict[str, Any] = row.content["fact"]
            return fact
        case _:
            return None


def _overlap(before: str, after: str) -> int | None:
    """Where a quote begins in the one before, both cut from one long sentence; None where they are of two."""
    head = after[:_ALIKE]
    at = before.rfind(head) if len(head) == _ALIKE else -1
    return at if at >= 0 and after.startswith(before[at:]) else None
