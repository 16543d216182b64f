"""The buttons of the journal."""

from __future__ import annotations

from bot.hands.taps import Tap


class ShowJournal(Tap, name="sum:j"):
    """What was done at a unit and below it (0: everywhere), before the entry of that id (0: the latest)."""

    unit: int
    before: int = 0
