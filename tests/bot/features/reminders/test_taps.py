"""Buttons in chats where they were sent long ago go on working: their wire forms."""

from __future__ import annotations

from datetime import time

import pytest

from bot.features.broadcasts import taps as broadcasts
from bot.features.deadlines import taps as deadlines
from bot.features.registry import REGISTRY
from bot.features.reminders import taps as reminders
from bot.features.reminders.taps import ClockTime
from bot.hands.scopes import ScopeChoice
from bot.hands.taps import On, Tap
from knowledge.model.broadcasts import BroadcastAudience
from knowledge.model.owing import Audience
from knowledge.reminders import SnoozeChoice

TOKEN = "aB3_-xyz0129"

SENT: tuple[tuple[str, Tap], ...] = (
    ("m:go:17", reminders.OpenDueReport(17)),
    ("m:same:17", reminders.SayNoChange(17)),
    ("m:done:17", reminders.MarkDone(17)),
    ("m:undo:3:deadline:1:2026-11-05", reminders.MarkUndone(3, "deadline:1:2026-11-05")),
    ("m:extend:17", reminders.ChooseExtension(17)),
    ("m:extend1:17", reminders.ExtendDueReport(17)),
    ("m:later:17", reminders.OfferSnooze(17)),
    (f"m:z:17:{SnoozeChoice.THIS_AFTERNOON}", reminders.SnoozeReminder(17, SnoozeChoice.THIS_AFTERNOON)),
    ("m:ics:17", reminders.FetchCalendar(17)),
    ("m:ics:all", reminders.FetchWholeCalendar()),
    ("m:all:17", reminders.RemindAll(17)),
    ("m:hour:0830", reminders.SetHour(ClockTime(time(8, 30)))),
    ("m:mute:0", reminders.MuteReminders(0)),
    ("m:dl:x", deadlines.LeaveDeadline()),
    ("m:dl:b", deadlines.AskWhatAgain()),
    ("m:dl:e", deadlines.AskWhenAgain()),
    (f"m:dl:a:{TOKEN}:direct", deadlines.ChooseAudience(TOKEN, Audience.DIRECT)),
    (f"m:dl:u:{TOKEN}", deadlines.OfferDeadlineScopes(TOKEN)),
    (f"m:dl:c:{TOKEN}:7", deadlines.ChooseDeadlineScope(TOKEN, ScopeChoice(7))),
    (f"m:dl:c:{TOKEN}:up", deadlines.ChooseDeadlineScope(TOKEN, ScopeChoice(goes_up=True))),
    (f"m:dl:c:{TOKEN}:back", deadlines.ChooseDeadlineScope(TOKEN, ScopeChoice())),
    (f"m:dl:ok:{TOKEN}", deadlines.KeepDeadline(TOKEN)),
    ("m:de:5", deadlines.EndDeadline(5)),
    ("m:dn:5", deadlines.AnnounceDeadline(5)),
    ("m:bc:x", broadcasts.LeaveBroadcast()),
    ("m:bc:e", broadcasts.ChangeWords()),
    (f"m:bc:a:{TOKEN}:all", broadcasts.ChooseReaders(TOKEN, BroadcastAudience.ALL)),
    (f"m:bc:u:{TOKEN}", broadcasts.OfferBroadcastScopes(TOKEN)),
    (f"m:bc:c:{TOKEN}:7", broadcasts.ChooseBroadcastScope(TOKEN, ScopeChoice(7))),
    (f"m:bc:ok:{TOKEN}", broadcasts.SendBroadcast(TOKEN)),
)


@pytest.mark.parametrize(("data", "tap"), SENT)
def test_what_was_sent_before_is_understood(data: str, tap: Tap) -> None:
    found = REGISTRY.find_handler(data)
    assert isinstance(found, On) and found.tap is type(tap)
    assert found.tap.parse(data) == tap
    assert tap.pack() == data


@pytest.mark.parametrize("data", ["m:hour:9999", "m:hour:830", "m:hour:08:30", "m:z:1:never", "m:go:-1", "m:go", "m:"])
def test_what_is_forged_is_nothing(data: str) -> None:
    found = REGISTRY.find_handler(data)
    assert not isinstance(found, On) or found.tap.parse(data) is None
