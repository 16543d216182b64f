"""The buttons of summaries and of the journal: as they stand in chats, and nothing else."""

from __future__ import annotations

import pytest

from bot.features.journal.taps import ShowJournal
from bot.features.registry import REGISTRY
from bot.features.summaries.taps import (
    OpenFilled,
    ReportRef,
    ReportTap,
    ShowDetails,
    ShowMissing,
    ShowSummary,
    ShowUnits,
)
from bot.hands.taps import On, Tap
from knowledge.model.periods import Period

OCTOBER = ReportRef("doan-vien-thang", Period.month(2026, 10))
CAMPAIGN = ReportRef(campaign=7)


@pytest.mark.parametrize(
    ("data", "tap"),
    [
        ("sum:v:3:n.doan-vien-thang.2026-10:0", ShowSummary(3, OCTOBER)),
        ("sum:v:3:n.doan-vien-thang.2026-10", ShowSummary(3, OCTOBER)),
        ("sum:v:3:c.7:2", ShowSummary(3, CAMPAIGN, 2)),
        ("sum:u:3:n.doan-vien-thang.2026-10:1", ShowUnits(3, OCTOBER, 1)),
        ("sum:d:3:c.7:0", ShowDetails(3, CAMPAIGN)),
        ("sum:m:3:n.doan-vien-thang.2026-10:1", ShowMissing(3, OCTOBER, 1)),
        ("sum:w:1234567", OpenFilled(1_234_567)),
        ("sum:j:0:41", ShowJournal(0, 41)),
        ("sum:j:5:0", ShowJournal(5)),
    ],
)
def test_a_button_is_read_as_it_was_written(data: str, tap: Tap) -> None:
    found = REGISTRY.find_handler(data)
    assert isinstance(found, On)
    assert found.tap.parse(data) == tap
    assert type(tap).parse(tap.pack()) == tap


@pytest.mark.parametrize("action", "vmefonxytg")
def test_every_button_of_a_report_has_its_handler(action: str) -> None:
    found = REGISTRY.find_handler(f"sum:{action}:3:n.doan-vien-thang.2026-10")
    assert isinstance(found, On)
    assert issubclass(found.tap, ReportTap)


@pytest.mark.parametrize(
    "data",
    ["sum:v:3:n.doan-vien-thang", "sum:v:3:c.x", "sum:v:3:c.-1", "sum:v:3:x.1", "sum:v:3:n.a.9-9:0", "sum:v:x:c.1"],
)
def test_what_names_no_report_is_nothing(data: str) -> None:
    assert ShowSummary.parse(data) is None
