"""The buttons of reports: under a step, on reports that were sent, and to choose a unit or a period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from bot.hands.taps import Tap, UnitTap
from knowledge.model.periods import Period, PeriodKind
from knowledge.reports.sheet import SheetAction

_MARK: Final = re.compile(r"(\d{1,18})\.([0-9a-f]{1,12})\.(\d{1,9})", re.ASCII)


class Purpose(StrEnum):
    """What a unit is chosen for."""

    REPORT = "r"
    HISTORY = "h"


@dataclass(frozen=True, slots=True)
class DraftMark:
    """A draft as it stood when a step was shown: its id, what was drawn when it was begun (ids are used anew), and the
    version. Written "7.3fa2c1.4"."""

    draft_id: int
    born: str
    version: int

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.born}.{self.version}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The mark that was written; raises ValueError for anything else."""
        found = _MARK.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]), found[2], int(found[3]))


class FillDraft(Tap, name="r:d"):
    """A button under a step; `arg` is the number of a figure, reading or part."""

    mark: DraftMark
    action: SheetAction
    arg: str = ""


class DropDraft(Tap, name="r:x"):
    """**Xóa bản nháp**."""

    draft: int
    born: str


class OpenReport(Tap, name="r:n"):
    """**Nộp ngay**, or the period of a form chosen. Handed over, it opens a campaign's report as well."""

    unit: int
    form: str
    period: Period


class OpenCampaignReport(Tap, name="r:c"):
    """The same for a campaign, whose name is too long for a button: `campaign` is its id."""

    unit: int
    campaign: int


class SendNoChange(Tap, name="r:same"):
    """**Không có biến động** under a reminder: filled in and shown, to be sent with **Gửi**."""

    unit: int
    form: str
    period: Period


class ChooseUnit(Tap, name="r:u"):
    """One of the units offered."""

    unit: int
    purpose: Purpose


class OtherPeriod(UnitTap, name="r:p"):
    """**Kỳ khác** of a unit."""


class ShowReport(Tap, name="r:v"):
    """A report that was sent; `submission` is any version of it."""

    submission: int


class CorrectReport(Tap, name="r:f"):
    """**Sửa** on a report that was sent."""

    submission: int


class LeaveReport(Tap, name="r:leave"):
    """**Hủy** where a unit or a period is chosen."""


def open_report(unit_id: int, form_id: str, period: Period, campaign_id: int | None) -> Tap:
    """The way to a report, short enough for a button; `campaign_id` is the campaign's that asks for it."""
    if period.kind is PeriodKind.CAMPAIGN:
        return OpenCampaignReport(unit_id, campaign_id or 0)
    return OpenReport(unit_id, form_id, period)
