"""The buttons of summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.hands.taps import Tap, read_number
from knowledge.model.periods import Period


@dataclass(frozen=True, slots=True)
class ReportRef:
    """Which report a button names: of a form's own calendar by form and period, or by the id of a campaign.

    In buttons: `n.FORM.PERIOD` or `c.CAMPAIGN`.
    """

    form: str = ""
    period: Period | None = None
    campaign: int | None = None

    def __str__(self) -> str:
        if self.period is None:
            return f"c.{self.campaign}"
        return f"n.{self.form}.{self.period.code}"

    @classmethod
    def parse(cls, code: str) -> Self:
        """What a button carried; raises ValueError where it names no report."""
        match code.split("."):
            case ["n", form, period]:
                return cls(form, Period.parse(period))
            case ["c", campaign]:
                return cls(campaign=read_number(campaign))
        raise ValueError(code)


class ReportTap(Tap):
    """Any button about a report over a unit and all below it; `page` of what is shown in pages."""

    unit: int
    report: ReportRef
    page: int = 0


class ShowSummary(ReportTap, name="sum:v"):
    """The totals, short."""


class ShowUnits(ReportTap, name="sum:u"):
    """What has come in from each of the units right below."""


class ShowDetails(ReportTap, name="sum:d"):
    """The totals at length: what they were before, every target, files and other periods."""


class ShowMissing(ReportTap, name="sum:m"):
    """Who is missing."""


class ShowExplanations(ReportTap, name="sum:e"):
    """What officers gave as reasons."""


class ChooseReport(ReportTap, name="sum:f"):
    """The other forms and campaigns."""


class NudgeUnit(ReportTap, name="sum:o"):
    """Remind the officers of this one unit; `top` is that over which the list is shown where it stands, on `page`.

    Older buttons name no list (0).
    """

    top: int = 0


class NudgeMissing(ReportTap, name="sum:n"):
    """**Nhắc tất cả**: remind the officers of all units that are missing."""


class MakeWorkbook(ReportTap, name="sum:x"):
    """The Excel workbook."""


class MakeCsv(ReportTap, name="sum:t"):
    """The table as CSV."""


class MakePrinted(ReportTap, name="sum:p"):
    """The sum as a document to be printed."""


class MakeYear(ReportTap, name="sum:y"):
    """The Excel workbook of twelve months."""


class DrawCharts(ReportTap, name="sum:g"):
    """The pictures."""


class OpenFilled(Tap, name="sum:w"):
    """A report that a file filled in: `draft` is the id of its draft."""

    draft: int
