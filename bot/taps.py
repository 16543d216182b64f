"""The buttons that lead from one feature into another; each is acted on by the feature that it leads to.

What stands here may be shown, and handed over to, by every feature. A button that only its own feature shows stands in
that feature's `taps`.
"""

from __future__ import annotations

from datetime import date

from bot.access import Right
from bot.hands.taps import Tap, UnitTap
from bot.road.reply import Button
from bot.words.answers import EXAMPLES
from bot.words.people import invite_label
from knowledge.model.periods import Period, PeriodKind

# To submissions ------------------------------------------------------------------------------------------------------


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


class SendChanges(Tap, name="r:moved"):
    """**Có thay đổi** under a reminder: only who joined and who left is asked, the totals follow."""

    unit: int
    form: str
    period: Period


class OtherPeriod(UnitTap, name="r:p"):
    """**Kỳ khác** of a unit: what is missing, then what was sent; a page of it."""

    page: int = 0


class CorrectReport(Tap, name="r:f"):
    """**Sửa** on a report that was sent."""

    submission: int


class LeaveReport(Tap, name="r:leave"):
    """**Hủy** where a unit or a period is chosen."""


class ReadFigures(Tap, name="tab:f"):
    """**Số liệu báo cáo**: the file that may be two things holds figures. `mark` is that of the file, which the message
    answers."""

    mark: str


def open_report(unit_id: int, form_id: str, period: Period, campaign_id: int | None) -> Tap:
    """The way to a report, short enough for a button; `campaign_id` is the campaign's that asks for it."""
    if period.kind is PeriodKind.CAMPAIGN:
        return OpenCampaignReport(unit_id, campaign_id or 0)
    return OpenReport(unit_id, form_id, period)


# To plans -------------------------------------------------------------------------------------------------------------


class ReadAnnex(Tap, name="tab:p"):
    """**Đọc làm phụ lục kế hoạch**: a workbook is of a plan. `mark` is that of the file, which the message answers."""

    mark: str


# To requests ----------------------------------------------------------------------------------------------------------


class AskExtension(Tap, name="r:more"):
    """**Xin gia hạn** for a unit's report. Handed over, it asks for a campaign's report as well, and until a day."""

    unit: int
    form: str
    period: Period
    until: date | None = None


class AskReopening(Tap, name="r:o"):
    """**Xin mở lại** on a report that is locked; `submission` is any version of it."""

    submission: int


class SendReportBack(Tap, name="r:b"):
    """**Gửi trả** on a report that was sent; `submission` is the version looked at."""

    submission: int


# To campaigns ---------------------------------------------------------------------------------------------------------


class BeginCampaign(Tap, name="r:m:start"):
    """**Mở đợt báo cáo**."""


class ListCampaigns(Tap, name="r:m:list"):
    """The campaigns that are open."""


# To summaries ---------------------------------------------------------------------------------------------------------


class OpenTotals(Tap, name="sum:h"):
    """The latest report of a form, the monthly one where none is named, summed up over a unit and all below it."""

    unit: int
    form: str = ""


class OpenMissing(Tap, name="sum:hm"):
    """Who has not sent the latest report of a form, the monthly one where none is named, at a unit and below it."""

    unit: int
    form: str = ""


class NudgeBelow(Tap, name="sum:hn"):
    """**Nhắc N đơn vị** on a card: remind all that miss the report of a form for a period, in a unit and all below it.

    Of the monthly form where none is named.
    """

    unit: int
    period: Period
    form: str = ""


class FetchEarlier(Tap, name="sum:before"):
    """**Số liệu kỳ trước**: a workbook to fill in with figures of a time before, for a unit and all below it."""

    unit: int


class FillWorkbook(Tap, name="sum:fill"):
    """**Điền bằng Excel**: the workbook of a report being filled in; `draft` is the id of its draft."""

    draft: int


# To reminders ---------------------------------------------------------------------------------------------------------


class ShowAhead(Tap, name="ahead"):
    """What is due, as /han shows it."""


# To the card of one's own day -----------------------------------------------------------------------------------------


class ShowHome(Tap, name="home"):
    """Send the card of what is on somebody's plate, pinned; for whoever serves a unit."""


# To units -------------------------------------------------------------------------------------------------------------


class OpenTree(Tap, name="u:o"):
    """Where to begin among the units for which somebody may do that; `wanted` is a name or code to go straight to."""

    right: Right
    wanted: str = ""


class ShowTops(Tap, name="u:t"):
    """One page of the topmost units for which somebody may do that."""

    page: int
    right: Right = Right.SEE


class ShowUnit(Tap, name="u:v"):
    """One unit, with one page of those right below it."""

    unit: int
    page: int


# To forms -------------------------------------------------------------------------------------------------------------


class ListForms(Tap, name="fm:l"):
    """Every form, for ADMIN_IDS."""


# To people ------------------------------------------------------------------------------------------------------------


class ChooseRole(Tap, name="u:i"):
    """For which role to invite somebody to a unit."""

    unit: int


class ShowStaff(Tap, name="u:s"):
    """Who serves a unit, each to be ended or replaced."""

    unit: int


class InviteTo(Tap, name="u:j"):
    """**Mời** beside a unit that cannot be reached: a code for it at once, in a message of its own."""

    unit: int


class InviteAll(Tap, name="u:all"):
    """**Mời cả loạt**: codes for all units below one where nobody has joined, as files."""

    unit: int


class ShowJoined(Tap, name="u:w"):
    """Who has joined below a unit and who has not, in a message of its own."""

    unit: int


# To questions ---------------------------------------------------------------------------------------------------------


class AskExample(Tap, name="ask"):
    """One of `EXAMPLES`, asked as if it were typed."""

    number: int


def offer_examples() -> tuple[tuple[Button, ...], ...]:
    """A button for each example."""
    return tuple((AskExample(number).button(example),) for number, example in enumerate(EXAMPLES))


def invite_button(unit_id: int, name: str) -> Button:
    """**Mời** beside a unit that cannot be reached."""
    return InviteTo(unit_id).button(invite_label(name))
