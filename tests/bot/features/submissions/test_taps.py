"""Buttons of reports, requests and campaigns: what those in chats already sent carry is still read."""

from __future__ import annotations

import pytest

from bot.features.campaigns import taps as campaigns
from bot.features.campaigns.taps import AskedKinds
from bot.features.registry import REGISTRY
from bot.features.requests import taps as requests
from bot.features.submissions import taps as submissions
from bot.features.submissions.taps import Purpose
from bot.hands.taps import On, Tap
from bot.services.drafts import DraftMark
from bot.taps import (
    AskReopening,
    BeginCampaign,
    CorrectReport,
    LeaveReport,
    OpenCampaignReport,
    OpenReport,
    OtherPeriod,
    SendReportBack,
    open_report,
)
from knowledge.forms import MONTHLY_FORM
from knowledge.model.periods import Period
from knowledge.reports.sheet import SheetAction

OCTOBER = Period.month(2026, 10)
CAMPAIGN = Period.parse("campaign:2026:Sơ kết giữa nhiệm kỳ, đợt 2 các huyện đảo và khu công nghiệp")
MARK = DraftMark(7, "3fa2c1", 4)

SENT = {
    "r:d:7.3fa2c1.4:k": submissions.FillDraft(MARK, SheetAction.KEEP),
    "r:d:7.3fa2c1.4:g:12": submissions.FillDraft(MARK, SheetAction.FIGURE, "12"),
    "r:d:7.3fa2c1.4:e": submissions.FillDraft(MARK, SheetAction.EXTENSION),
    "r:d:7.3fa2c1.4:o": submissions.FillDraft(MARK, SheetAction.OTHER_PERIOD),
    "r:x:7:3fa2c1": submissions.DropDraft(7, "3fa2c1"),
    "r:u:5:r": submissions.ChooseUnit(5, Purpose.REPORT),
    "r:u:5:h": submissions.ChooseUnit(5, Purpose.HISTORY),
    f"r:n:5:{MONTHLY_FORM}:2026-10": OpenReport(5, MONTHLY_FORM, OCTOBER),
    "r:c:5:2": OpenCampaignReport(5, 2),
    f"r:xl:5:{MONTHLY_FORM}:2026-10": submissions.FetchWorkbook(5, MONTHLY_FORM, OCTOBER),
    "r:xlc:5:2": submissions.FetchCampaignWorkbook(5, 2),
    "r:p:5": OtherPeriod(5),
    "r:p:5:1": OtherPeriod(5, 1),
    "r:v:9": submissions.ShowReport(9),
    "r:f:9": CorrectReport(9),
    "r:leave": LeaveReport(),
    "r:b:9": SendReportBack(9),
    "r:o:9": AskReopening(9),
    "r:q:3:1": requests.DecideRequest(3, approved=True),
    "r:q:3:0": requests.DecideRequest(3, approved=False),
    "r:q:no:3:t": requests.RefuseRequest(3, requests.RefusalReason.TOTALS_DUE),
    "r:q:no:3:n": requests.RefuseRequest(3, requests.RefusalReason.NONE),
    "r:m:start": BeginCampaign(),
    "r:m:f:0": campaigns.ChooseCampaignForm(0),
    "r:m:k:g": campaigns.ChooseCampaignKinds(AskedKinds.GRASSROOTS),
    "r:m:go": campaigns.OpenCampaign(),
}
BROKEN = (
    "r:",
    "r:d:1",
    "r:d:a.b.c:k",
    "r:d:7.3fa2c1.4:y",
    "r:d:7.3fa2c1.4",
    "r:d:7.3fa2c1.99999999999:k",
    "r:u:5:x",
    "r:n:5:f:2026-13",
    "r:v:9999999999999999999",
    "r:v:٣",
    "r:q:3:2",
    "r:m:k:x",
    "r:leave:now",
)


@pytest.mark.parametrize("data", SENT)
def test_buttons_already_sent_are_read(data: str) -> None:
    found = REGISTRY.find_handler(data)
    assert isinstance(found, On)
    assert found.tap is type(SENT[data])
    assert found.tap.parse(data) == SENT[data]
    assert SENT[data].pack() == data


@pytest.mark.parametrize("data", BROKEN)
def test_what_is_forged_is_nobodys(data: str) -> None:
    found = REGISTRY.find_handler(data)
    assert not isinstance(found, On) or found.tap.parse(data) is None


@pytest.mark.parametrize("period", [OCTOBER, CAMPAIGN])
def test_the_way_to_a_report_fits_a_button(period: Period) -> None:
    way: Tap = open_report(999_999_999, MONTHLY_FORM, period, 12345)
    assert type(way).parse(way.pack()) == way
