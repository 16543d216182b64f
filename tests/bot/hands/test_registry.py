"""What the registry promises: names are unique, and menus are such as Telegram takes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.registry import REGISTRY
from bot.hands.shape import Audience, Command, Registry
from bot.words.commands import Wording


async def nothing(_update: object, _turn: object) -> None:
    """Do nothing."""


def command(name: str) -> Command:
    return Command(name, nothing, Wording("Giúp"))


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="hai"):
        Registry((command("hai"), command("hai")))


def test_what_telegram_would_refuse_is_refused() -> None:
    with pytest.raises(ValueError, match="Báo"):
        command("Báo")


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=120))
def test_anything_may_be_said_or_tapped(text: str) -> None:
    REGISTRY.find_command(text)
    REGISTRY.find_alike(text)
    REGISTRY.find_tap(text)


def test_every_menu_is_one_that_telegram_takes() -> None:
    for audience in Audience:
        menu = REGISTRY.seen_by({audience})
        assert 1 <= len(menu) <= 100
        assert all(3 <= len(each.wording.help) <= 256 for each in menu)
    everyone = {each.name for each in REGISTRY.seen_by(())}
    assert {"start", "help", "kehoach", "huy", "xoadulieu"} <= everyone
    assert everyone <= {each.name for each in REGISTRY.seen_by({Audience.ADMIN})}
