"""When something goes out that quiet hours keep back."""

from __future__ import annotations

from datetime import datetime

from bot.words.dates import will_leave
from knowledge.calendar.working_days import VIETNAM


def test_what_waits_says_when_it_goes_out() -> None:
    seven = datetime(2026, 12, 1, 7, tzinfo=VIETNAM)
    assert will_leave(seven, overnight=True) == "Sẽ gửi lúc 07:00 sáng mai"
    assert will_leave(seven, overnight=False) == "Sẽ gửi lúc 07:00 sáng nay"
