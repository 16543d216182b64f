"""The buttons of questions keep the form that those already sent bear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.questions.taps import AskOffered, ShowFurther, ShowSection, VoteOnAnswer, find_token
from bot.hands.taps import Tap
from bot.taps import AskExample, offer_examples

URL_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


@pytest.mark.parametrize(
    ("tap", "data"),
    [
        (AskOffered("Zk-_0aB1cD2eF3gH", 2), "q:Zk-_0aB1cD2eF3gH:2"),
        (ShowSection("-Zk_0aB1cD2eF3gH", 0), "s:-Zk_0aB1cD2eF3gH:0"),
        (ShowFurther("0123456789abcdef"), "qm:0123456789abcdef"),
        (VoteOnAnswer("0123456789abcdef", True), "v:0123456789abcdef:1"),
        (VoteOnAnswer("0123456789abcdef", False), "v:0123456789abcdef:0"),
        (AskExample(1), "ask:1"),
    ],
)
def test_a_button_has_the_form_of_those_sent_before(tap: Tap, data: str) -> None:
    assert tap.pack() == data
    assert type(tap).parse(data) == tap


@given(st.text(URL_SAFE, min_size=16, max_size=16), st.integers(0, 20))
def test_no_token_breaks_a_button(token: str, number: int) -> None:
    assert AskOffered.parse(AskOffered(token, number).pack()) == AskOffered(token, number)
    assert find_token(ShowSection(token, number).pack()) == token


@given(st.text(max_size=64))
def test_any_data_has_a_token_or_none(data: str) -> None:
    for prefix in ("q", "s", "v", "ask"):
        found = find_token(f"{prefix}:{data}")
        assert found is None or data.startswith(found)


def test_every_example_has_its_button() -> None:
    assert [button.data for (button,) in offer_examples()] == ["ask:0", "ask:1", "ask:2"]
