"""The words with which officers ask for another hour or for a pause, folded (lower case, no marks)."""

from __future__ import annotations

from typing import Final

PAUSE: Final = frozenset({"tat", "ngung"})
"""What asks for a pause somewhere in a sentence."""
OFF: Final = "tat"
ON: Final = frozenset({"mo", "bat"})
"""Behind the command, the first word turns reminders off or on."""
DAYS_IN: Final = {"ngay": 1, "hom": 1, "tuan": 7}
"""Days in each unit of a pause."""
WEEK: Final = "tuan"
HOUR: Final = "gio"
