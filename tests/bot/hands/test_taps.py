"""Buttons: what is packed comes back, what is forged does not, and two never share a name."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.registry import REGISTRY
from bot.hands.taps import LONGEST_NUMBER, On, Tap, Taps
from knowledge.model.periods import Period


class Shade(StrEnum):
    """A choice."""

    DARK = "d"
    LIGHT = "l"


class Everything(Tap, name="t:all"):
    """One field of each kind."""

    number: int
    chosen: bool
    shade: Shade
    day: date
    period: Period
    above: int | None = None
    rest: str = ""


class Nothing(Tap, name="t"):
    """No field at all."""


numbers = st.integers(0, 10**9)
everything = st.builds(
    Everything,
    numbers,
    st.booleans(),
    st.sampled_from(Shade),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.builds(Period.month, st.integers(2000, 2099), st.integers(1, 12)),
    st.none() | numbers,
    st.text("abc:đ", max_size=6),
)


@given(everything)
def test_what_is_packed_comes_back(tap: Everything) -> None:
    assert Everything.parse(tap.pack()) == tap


@given(st.text(max_size=70))
def test_forged_data_gives_a_value_or_nothing(data: str) -> None:
    for forged in (data, f"t:all:{data}", f"t:{data}"):
        found = Everything.parse(forged)
        assert found is None or isinstance(found.number, int)
    assert (Nothing.parse(data) is not None) == (data == "t")


@pytest.mark.parametrize(
    "rest",
    ["-1:1:d:2026-01-01:2026-01", "1:2:d:2026-01-01:2026-01", "1:1:x:2026-01-01:2026-01", "1:1:d:2026-13-01:2026-01",
     "1:1:d:2026-01-01:2026-77", "1:1:d:2026-01-01", "٣:1:d:2026-01-01:2026-01", ""],
)  # fmt: skip
def test_each_broken_field_breaks_the_whole(rest: str) -> None:
    assert Everything.parse(f"t:all:{rest}") is None


def test_numbers_never_overflow_the_database() -> None:
    assert Everything.parse(f"t:all:{'9' * LONGEST_NUMBER}:1:d:2026-01-01:2026-01") is not None
    assert Everything.parse(f"t:all:{'9' * (LONGEST_NUMBER + 1)}:1:d:2026-01-01:2026-01") is None


def test_what_telegram_would_refuse_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        Everything(1, True, Shade.DARK, date(2026, 1, 1), Period.month(2026, 1), None, "đ" * 30).pack()


async def ignore(_turn: object, _tap: Tap) -> None:
    """Do nothing."""


def test_the_longest_name_is_meant() -> None:
    taps = Taps([On(Nothing, ignore), On(Everything, ignore)])
    found = taps.find("t:all:1")
    assert found is not None and found.tap is Everything
    assert taps.find("tt:1") is None
    with pytest.raises(ValueError, match="two buttons"):
        Taps([On(Nothing, ignore), On(Nothing, ignore)])


def test_every_button_of_the_product_has_one_name() -> None:
    named = [tap.tap.name for feature in REGISTRY.features for tap in feature.taps if isinstance(tap, On)]
    assert named
    assert len(named) == len(set(named))
