"""The buttons of reports."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.taps import Tap
from knowledge.model.periods import Period


@dataclass(frozen=True, slots=True)
class OpenReport(Tap, name="r:n"):
    """**Nộp ngay**, or the period of a form chosen. Handed over, it opens a campaign's report as well."""

    unit: int
    form: str
    period: Period
