"""Which questions lean on the one before, and which stand by themselves."""

from __future__ import annotations

import pytest

from knowledge.answer import load_adviser


@pytest.mark.parametrize(
    ("asked", "leans"),
    [
        ("phó chủ tịch công đoàn cấp trên bên TP.HCM thì ngồi ghế ấy ít nhất bao lâu vậy em", False),
        ("Bảo Lộc giao ban nào theo dõi, đôn đốc chương trình này vậy em", False),
        ("LĐLĐ thành phố bên Bảo Lộc hướng dẫn rồi theo dõi gì vậy anh", False),
        ("thế bên Bảo Lộc thì ai làm hả chị", True),
        ("còn Quảng Trị thì bao lâu một lần vậy chị ơi", True),
    ],
)
def test_a_question_that_says_of_what_it_asks_a_plan_leans_on_none_before(asked: str, leans: bool) -> None:
    adviser = load_adviser()
    before = adviser.ask("Công Thương bao lâu gặp gỡ đối thoại với công nhân một lần").question
    assert adviser.ask(asked, before).question.inherited is leans
