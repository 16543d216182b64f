"""One sign of a line of time, and the signs that more than one module of this room knows by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "?"
MOMENT: Final = "moment"
"""A moment of everybody's day: the day it is said beside stands, and no hour is told by it."""
NAMED_DAY: Final = "named"
"""The name of a day, where no date of its own stands beside it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign and the place, in the composed text, of the words it stands for.

    `bare` where they were typed without marks, `figure` where they are digits, `guessed` where their marks are others
    than those of the words they are taken for.
    """

    sign: str
    start: int
    end: int
    bare: bool = False
    figure: bool = False
    guessed: bool = False
