"""The buttons of reports that other features lead to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.taps import Tap
from knowledge.model.periods import Period


@dataclass(frozen=True, slots=True)
class OpenReport(Tap, name="r:n"):
    """A unit's report for a period. Handed over, it opens a campaign's report as well."""

    unit: int
    form: str
    period: Period


@dataclass(frozen=True, slots=True)
class SendNoChange(Tap, name="r:same"):
    """**Không có biến động** for a unit's report: filled in and shown, to be sent with **Gửi**."""

    unit: int
    form: str
    period: Period
