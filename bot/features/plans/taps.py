"""The buttons of plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.hands.taps import Tap

LONGEST_ID: Final = 50
"""Bytes of a plan's id that fit into a button."""


@dataclass(frozen=True, slots=True)
class ShowPlan(Tap, name="plan"):
    """One plan: who issued it, and what it sets. `plan` is its id."""

    plan: str


@dataclass(frozen=True, slots=True)
class FetchPlan(Tap, name="planfile"):
    """The text of a plan as a file."""

    plan: str
