"""The buttons of plans."""

from __future__ import annotations

from typing import Final

from bot.hands.taps import Tap

LONGEST_ID: Final = 50
"""Bytes of a plan's id that fit into a button."""


class ShowPlan(Tap, name="plan"):
    """One plan: who issued it, and what it sets. `plan` is its id."""

    plan: str


class FetchPlan(Tap, name="planfile"):
    """The text of a plan as a file."""

    plan: str
