"""The buttons of reports: under a step, on reports that were sent, and to choose a unit or a period."""

from __future__ import annotations

from enum import StrEnum

from bot.hands.taps import Tap
from bot.services.drafts import DraftMark
from knowledge.model.periods import Period
from knowledge.reports.sheet import SheetAction


class Purpose(StrEnum):
    """What a unit is chosen for."""

    REPORT = "r"
    HISTORY = "h"


class FillDraft(Tap, name="r:d"):
    """A button under a step; `arg` is the number of a figure, reading or part."""

    mark: DraftMark
    action: SheetAction
    arg: str = ""


class DropDraft(Tap, name="r:x"):
    """**Xóa bản nháp**."""

    draft: int
    born: str


class ChooseUnit(Tap, name="r:u"):
    """One of the units offered."""

    unit: int
    purpose: Purpose


class FetchWorkbook(Tap, name="r:xl"):
    """The workbook of a report, to be filled in."""

    unit: int
    form: str
    period: Period


class FetchCampaignWorkbook(Tap, name="r:xlc"):
    """The same for a campaign, by its id."""

    unit: int
    campaign: int


class ShowReport(Tap, name="r:v"):
    """A report that was sent; `submission` is any version of it."""

    submission: int


class PrintReport(Tap, name="r:print"):
    """**Bản in để ký**; `submission` is any version of the report."""

    submission: int


class AttachPaper(Tap, name="r:w:of"):
    """The report that a photo or file is the signed paper of."""

    proof: int
    submission: int


class DropPaper(Tap, name="r:w:x"):
    """**Bỏ ảnh này**."""

    proof: int


class ShowPapers(Tap, name="r:w"):
    """**Ảnh bản ký** of a report; `submission` is any version of it."""

    submission: int


class ChooseTableUnit(Tap, name="tab:o"):
    """The figures in that column of a table are of that unit."""

    mark: str
    column: int
    unit: int


class ChooseSheet(Tap, name="tab:s"):
    """The sheet of a file on which the figures stand, by its number among those with figures; `mark` as above."""

    mark: str
    sheet: int


class ChooseColumn(Tap, name="tab:c"):
    """The figures of a table stand in that of its columns with figures, from 0. `mark` is that of the file, which the
    message answers."""

    mark: str
    column: int
    sheet: int = 0
