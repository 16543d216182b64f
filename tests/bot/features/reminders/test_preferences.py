"""An hour or a pause named in plain words is understood where it is named for sure."""

from __future__ import annotations

from datetime import time

import pytest

from bot.features.reminders.preferences import LONGEST_MUTE, SettingsRequest, read_request


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("nhắc tôi lúc 9h15", SettingsRequest(hour=time(9, 15))),
        ("đổi giờ nhắc sang 2 giờ chiều", SettingsRequest(hour=time(14))),
        ("nhắc lúc bảy giờ rưỡi", SettingsRequest(hour=time(7, 30))),
        ("tắt nhắc 3 ngày", SettingsRequest(days=3)),
        ("ngưng nhắc 2 tuần", SettingsRequest(days=14)),
        (f"tắt nhắc {LONGEST_MUTE + 1} ngày", None),
        ("tắt nhắc", None),
        ("sáng sớm", None),
        ("cài đặt nhắc", None),
    ],
)
def test_what_a_sentence_asks_for(said: str, request_: SettingsRequest | None) -> None:
    assert read_request(said) == request_
