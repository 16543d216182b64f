"""What a supervisor is told of a reminder that they asked for."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.services.nudging import Nudged
from bot.words.nudging import nudged_counts
from knowledge.calendar.working_days import VIETNAM

SEVEN = datetime(2026, 12, 1, 7, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Nudged(reminded=3), "Đã nhắc 3 cán bộ."),
        (
            Nudged(reminded=3, busy=1),
            "Đã nhắc 3 cán bộ, trong đó 1 người đang nhắn với tôi nên nhận sau ít phút.",
        ),
        (Nudged(reminded=2, busy=2), "Sẽ nhắc 2 cán bộ sau ít phút, khi họ nhắn xong với tôi."),
        (
            Nudged(reminded=2, leaves_at=SEVEN, waits_overnight=True),
            "Sẽ nhắc 2 cán bộ. Đang là giờ yên lặng. Sẽ gửi lúc 07:00 sáng mai.",
        ),
        (Nudged(), "Không có ai để nhắc."),
    ],
)
def test_what_is_said_is_what_happens(found: Nudged, told: str) -> None:
    assert nudged_counts(found) == told
