"""What is said of a unit wherever it is named, and how a part of the tree is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

from bot.road.reply import Button, Reply
from bot.words.dates import day
from bot.words.reports import short, short_unit
from knowledge.numbers import format_count


def dissolved_mark(on: date) -> str:
    """The mark behind the name of a dissolved unit: (đã giải thể 12/10/2026)."""
    return f"(đã giải thể {day(on)})"


def no_unit_found(said: str, leave: Button) -> Reply:
    """The reply where no unit within reach fits what was typed."""
    return Reply(
        f"Trong các đơn vị anh/chị phụ trách, tôi không thấy đơn vị nào là “{escape(short(said, 60))}”. "
        "Gõ lại tên hoặc mã, hoặc /huy.",
        ((leave,),),
    )


def several_units(choices: Sequence[Button], leave: Button, *, more: bool) -> Reply:
    """The reply where several units fit what was typed; `more` where not all are offered."""
    text = "Có mấy đơn vị như vậy, anh/chị chọn giúp:"
    if more:
        text += " (còn nữa, gõ thêm chữ để thu hẹp)"
    return Reply(text, (*((each,) for each in choices), (leave,)))


def listed(names: Sequence[str], most: int) -> str:
    """Several units in one line: the first of them, and how many more there are. Plain text."""
    shown = ", ".join(names[:most])
    return f"{shown} và {format_count(len(names) - most)} đơn vị nữa" if len(names) > most else shown


BACK: Final = "Quay lại"


def label(unit_name: str) -> str:
    """A unit on its button."""
    return short_unit(unit_name)


def choose_scope(choices: Sequence[Button], back: Button, edits: int | None = None, *, said: str = "") -> Reply:
    """Which part of the tree; `said` are words that did not name one unit."""
    rows = tuple((each,) for each in (*choices, back))
    lead = f"Tôi chưa rõ “{escape(said)}” là đơn vị nào trong phạm vi anh/chị phụ trách.\n" if said else ""
    return Reply(f"{lead}Chọn phạm vi, hoặc gõ một phần tên đơn vị:", rows, edits=edits)
