"""The same audience is never offered under two names."""

from __future__ import annotations

import pytest

from bot.words.audiences import list_distinct


@pytest.mark.parametrize(
    ("counts", "chosen", "offered"),
    [
        ({"leaves": 3, "direct": 3, "all": 3}, "leaves", ["leaves"]),
        ({"leaves": 3, "direct": 3, "all": 3}, "all", ["all"]),
        ({"leaves": 3, "direct": 2, "all": 5}, "leaves", ["leaves", "direct", "all"]),
        ({"leaves": 3, "direct": 3, "all": 6}, "leaves", ["leaves", "direct", "all"]),
        ({"leaves": 5, "direct": 2, "all": 5}, "leaves", ["leaves", "direct"]),
        ({"leaves": 4, "direct": 0, "all": 4}, "leaves", ["leaves"]),
    ],
)
def test_what_is_offered_differs(counts: dict[str, int], chosen: str, offered: list[str]) -> None:
    assert list_distinct(counts, chosen, "all") == offered
