"""Only what Telegram signed for this bot, lately, says who opened the page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.submissions.page.opener import LONGEST_AGE, read_opener, sign

TOKEN = "123456:test-token"
NOW = datetime(2026, 10, 28, 2, 0, tzinfo=UTC)


def signed(token: str = TOKEN, at: datetime = NOW, **more: str) -> str:
    user = json.dumps({"id": 77, "first_name": "Hoa", "last_name": "Nguyễn"}, ensure_ascii=False)
    fields = {"auth_date": str(int(at.timestamp())), "query_id": "AA", "user": user, **more}
    return urlencode({**fields, "hash": sign(fields, token)})


def test_what_was_signed_says_who_it_is() -> None:
    assert read_opener(signed(), TOKEN, NOW) == (77, "Hoa Nguyễn")
    assert read_opener(signed(signature="x"), TOKEN, NOW) == (77, "Hoa Nguyễn")


@pytest.mark.parametrize("age", [LONGEST_AGE + timedelta(seconds=1), -timedelta(minutes=6)])
def test_what_is_old_or_of_the_future_says_nothing(age: timedelta) -> None:
    assert read_opener(signed(at=NOW - age), TOKEN, NOW) is None


def test_another_bots_signature_or_none_says_nothing() -> None:
    assert read_opener(signed("9:other"), TOKEN, NOW) is None
    assert read_opener(signed().split("&hash=")[0], TOKEN, NOW) is None
    assert read_opener(signed() + "&user=%7B%22id%22%3A1%7D", TOKEN, NOW) is None
    assert read_opener(signed(user="[]"), TOKEN, NOW) is None


@given(st.integers(0, len(signed()) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_letter_never_makes_somebody_else(at: int, letter: str) -> None:
    data = signed()
    assert read_opener(data[:at] + letter + data[at + 1 :], TOKEN, NOW) in {None, (77, "Hoa Nguyễn")}


@given(st.text(max_size=300))
def test_anything_else_says_nothing(data: str) -> None:
    assert read_opener(data, TOKEN, NOW) is None
