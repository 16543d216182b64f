"""`troly understand`: what the bot makes of messages, as far as the text tells it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.terminal.meanings import describe_messages
from knowledge.meanings import AskerRole, Place

TODAY = date(2026, 11, 4)


def means(text: str, role: AskerRole = AskerRole.SUPERVISOR, place: Place = Place.PRIVATE) -> str:
    [line] = describe_messages([text], role, place, TODAY)
    return str(json.loads(line)["means"])


@pytest.mark.parametrize(
    "text",
    [
        "giao TƯLĐTT 85% cho tất cả",
        "giao thêm cho May Sông Xanh 10",
        "tăng thêm CĐCS May Sông Xanh 5",
        "bớt May Sông Xanh 5",
        "bổ sung cho May Sông Xanh 10 đoàn viên",
    ],
)
def test_what_surely_hands_shares_down_is_said_to_do_so(text: str) -> None:
    assert means(text) == "share"


@pytest.mark.parametrize(
    "text",
    ["giao TƯLĐTT 85% cho tất cả?", "thêm cho May Sông Xanh 2 cán bộ", "thêm hạn nộp cho May Sông Xanh 10 ngày"],
)
def test_what_may_be_something_else_is_not(text: str) -> None:
    assert means(text) != "share"


def test_only_a_supervisor_hands_down_and_in_private() -> None:
    assert means("giao TƯLĐTT 85% cho tất cả", AskerRole.OFFICER) == "plan_question"
    assert means("giao TƯLĐTT 85% cho tất cả", place=Place.GROUP) == "plan_question"
