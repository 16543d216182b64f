"""What holds for everyone in this installation: zone, quiet hours, working days, the plans and forms in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.settings import Settings
from knowledge.calendar.working_days import VIETNAM, WorkingDays, vietnam_working_days
from knowledge.forms import load_forms
from knowledge.model.forms import Form
from knowledge.model.obligations import QuietHours
from knowledge.model.plans import Plan


@dataclass(frozen=True)
class Rules:
    """What holds for everyone: zone, quiet hours, working days, and the plans and forms in force."""

    zone: ZoneInfo = VIETNAM
    quiet: QuietHours = field(default_factory=QuietHours)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    forms: tuple[Form, ...] = field(default_factory=load_forms)
    working_days: WorkingDays = field(default_factory=vietnam_working_days)

    @classmethod
    def of(cls, settings: Settings, plans: Mapping[str, Plan]) -> Rules:
        """The rules by the operator's settings."""
        quiet = QuietHours(settings.quiet_hours.start, settings.quiet_hours.end)
        return cls(settings.timezone, quiet, plans)

    def today(self, now: datetime) -> date:
        """The local date."""
        return now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The first moment of a local day."""
        return datetime.combine(day, time(), self.zone)

    def find_form(self, form_id: str) -> Form | None:
        """The form of that id."""
        return next((form for form in self.forms if form.id == form_id), None)
