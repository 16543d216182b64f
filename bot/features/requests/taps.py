"""The buttons of what needs the supervisor."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.taps import Tap
from knowledge.model.periods import Period


@dataclass(frozen=True, slots=True)
class AskExtension(Tap, name="r:more"):
    """**Xin gia hạn** for a unit's report. Handed over, it asks for a campaign's report as well."""

    unit: int
    form: str
    period: Period
