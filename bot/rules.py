"""What holds for everyone in this installation: zone, quiet hours, working days, the plans and forms in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.settings import Settings, SwappedDays
from knowledge.answer import Adviser
from knowledge.calendar.working_days import VIETNAM, WorkingDays, vietnam_working_days
from knowledge.forms import FormBook, load_book
from knowledge.model.obligations import QuietHours
from knowledge.model.plans import Plan, PlanState, find_present


@dataclass(frozen=True)
class Rules:
    """What holds for everyone: zone, quiet hours, working days, and the plans and forms in force.

    `issuers` tell by the id of a plan who issued it, the same for all plans of one body however they name it.
    """

    zone: ZoneInfo = VIETNAM
    quiet: QuietHours = field(default_factory=QuietHours)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    issuers: Mapping[str, str] = field(default_factory=dict)
    forms: FormBook = field(default_factory=load_book)
    working_days: WorkingDays = field(default_factory=vietnam_working_days)

    @classmethod
    def of(cls, settings: Settings, adviser: Adviser | None = None, forms: FormBook | None = None) -> Rules:
        """The rules by the operator's settings, with the plans that an adviser answers from.

        Args:
            forms: those that ship where they are left out.
        """
        book = forms or load_book()
        quiet = QuietHours(settings.quiet_hours.start, settings.quiet_hours.end)
        swapped = settings.working_days
        days = WorkingDays(swapped.off, swapped.worked) if swapped != SwappedDays() else vietnam_working_days()
        if adviser is None:
            return cls(settings.timezone, quiet, forms=book, working_days=days)
        issuers = adviser.understanding.issuers
        return cls(
            settings.timezone,
            quiet,
            adviser.plans,
            {plan: issuers.representative(plan) for plan in adviser.plans},
            forms=book,
            working_days=days,
        )

    def issuer_of(self, plan: Plan) -> str:
        """Whatever tells the issuer of a plan apart from others; of one that is not known yet, by its issuer's name."""
        found = self.issuers.get(plan.id)
        named_so = (self.issuers.get(each.id) for each in self.plans.values() if each.issuer == plan.issuer)
        return found or next(filter(None, named_so), plan.issuer)

    def list_governing(self, plan_id: str) -> tuple[Plan, ...]:
        """The plans that speak for units where that one was set: its issuer's, in force before ended, newest first.

        What has been replaced is not among them. Empty where the plan is not known.
        """
        present = find_present(self.plans, plan_id)
        if present is None:
            return ()
        issuer = self.issuer_of(present)
        own = [
            plan
            for plan in self.plans.values()
            if self.issuer_of(plan) == issuer and plan.state is not PlanState.REPLACED
        ]
        return tuple(
            sorted(own, key=lambda plan: (plan.state is PlanState.ENDED, -plan.covers_from, plan is not present))
        )

    def today(self, now: datetime) -> date:
        """The local date."""
        return now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The first moment of a local day."""
        return datetime.combine(day, time(), self.zone)
