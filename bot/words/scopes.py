"""Choosing a part of the tree, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.road.reply import Button, Reply

BACK: Final = "Quay lại"


def label(unit_name: str) -> str:
    """A unit on its button."""
    return unit_name[:60]


def choose_scope(choices: Sequence[Button], back: Button, edits: int | None = None) -> Reply:
    """Which part of the tree."""
    rows = tuple((each,) for each in (*choices, back))
    return Reply("Chọn phạm vi, hoặc gõ một phần tên đơn vị:", rows, edits=edits)
