"""How a goal is followed by reports, and what the reports of a unit with all below it come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.model.forms import Form, Measure, MeasureKind
from knowledge.model.periods import Period


@dataclass(frozen=True, slots=True)
class Followed:
    """The way a goal of one year is followed: by a measure of a form, over periods.

    Attributes:
        form: its latest version; `versions` are those that hold for one of the periods, the latest among them.
        counted: the periods whose reports count, in the order of time: what came together in the year so far (a flow),
            or the year up to the latest one that is open, of which each unit's latest report counts (what stands).
        due: those of which the reports should be in, as their due day has passed; what stands is due for one at most.
    """

    form: Form
    measure: Measure
    counted: tuple[Period, ...]
    due: tuple[Period, ...]
    versions: tuple[Form, ...] = ()

    def form_of(self, period: Period) -> Form:
        """The version of the form that holds for a period."""
        return next((form for form in reversed(self.versions) if form.covers(period)), self.form)

    @property
    def is_flow(self) -> bool:
        """Whether figures come together over the year, instead of standing as they were last told."""
        return self.measure.kind is MeasureKind.FLOW


@dataclass(frozen=True, slots=True)
class Reached:
    """What the reports of a unit with all below it come to, counted once.

    Attributes:
        sums: by row of the form that the measure reads; a row that no report gave is left out.
        periods: those of which reports came in.
        reports: how many count.
        due: how many reports should be in, `missing` of which are not; what was sent without being owed is no more.
    """

    sums: dict[str, Decimal] = field(default_factory=dict)
    periods: frozenset[Period] = frozenset()
    reports: int = 0
    due: int = 0
    missing: int = 0

    def __add__(self, other: Reached) -> Reached:
        """Both together, of units of which none lies in the other."""
        keys = self.sums.keys() | other.sums.keys()
        return Reached(
            {key: self.sums.get(key, Decimal(0)) + other.sums.get(key, Decimal(0)) for key in keys},
            self.periods | other.periods,
            self.reports + other.reports,
            self.due + other.due,
            self.missing + other.missing,
        )
