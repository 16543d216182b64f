"""What other features ask of reminders: rules, duties, reminding at once."""

from __future__ import annotations

from bot.features.reminders.duties import Duty, find_duties
from bot.features.reminders.nudging import Nudged, announce, nudge
from bot.features.reminders.rules import Rules

__all__ = ["Duty", "Nudged", "Rules", "announce", "find_duties", "nudge"]
