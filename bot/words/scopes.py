"""Wording of the choice of a part of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.road.reply import Button, Reply

BACK: Final = "Quay lại"


def label(unit_name: str) -> str:
    """The label of a unit's button."""
    return unit_name[:60]


def choose_scope(choices: Sequence[Button], back: Button, edits: int | None = None) -> Reply:
    """The question which part of the tree is meant."""
    rows = tuple((each,) for each in (*choices, back))
    return Reply("Chọn phạm vi, hoặc gõ một phần tên đơn vị:", rows, edits=edits)
