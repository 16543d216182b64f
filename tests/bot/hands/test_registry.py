"""What the registry promises: names are unique, and menus are such as Telegram takes."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.registry import REGISTRY
from bot.hands.feature import Command, Feature, Viewer
from bot.hands.registry import Registry
from bot.road.reply import Button
from bot.road.turn import Turn
from knowledge.meanings import Meaning
from tests.examples import examples


async def nothing(_turn: object) -> None:
    """Do nothing."""


def nobody(_asker: object) -> frozenset[Viewer]:
    """Nobody in particular."""
    return frozenset()


async def no_plans(_db: object, _asker: object) -> tuple[str, ...]:
    """No plan."""
    return ()


def command(name: str) -> Command:
    return Command(name, nothing)


def registry(*features: Feature) -> Registry:
    return Registry(features, list_audiences=nobody, find_own_plans=no_plans)


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="hai"):
        registry(Feature("a", commands=(command("hai"),)), Feature("b", commands=(command("hai"),)))


def test_every_meaning_has_its_feature() -> None:
    assert all(REGISTRY.get_meant(meaning).act for meaning in Meaning)


def test_what_telegram_would_refuse_is_refused() -> None:
    with pytest.raises(ValueError, match="Báo"):
        command("Báo")


def test_menus_begin_with_the_daily_work_and_end_with_leaving() -> None:
    names = [each.name for each in REGISTRY.seen_by(frozenset(Viewer))]
    daily = ["start", "help", "kehoach", "toi", "baocao", "lichsu", "tonghop", "chuanop", "han", "nhac"]
    rarer = ["dathan", "thongbao", "moi", "donvi", "nhatky", "lienhe", "huy", "xoadulieu"]
    order = [*daily, *rarer]
    assert [name for name in names if name in order] == order
    assert (names[:2], names[-2:]) == (order[:2], order[-2:])


@settings(deadline=None, max_examples=examples(80))
@given(st.text(max_size=120))
def test_anything_may_be_said_or_tapped(text: str) -> None:
    REGISTRY.find_command(text)
    REGISTRY.find_alike(text)
    REGISTRY.find_handler(text)


def test_every_menu_is_one_that_telegram_takes() -> None:
    for audience in Viewer:
        menu = REGISTRY.seen_by({audience})
        assert 1 <= len(menu) <= 100
        assert all(3 <= len(each.line) <= 256 for each in menu)
    everyone = {each.name for each in REGISTRY.seen_by(())}
    assert {"start", "help", "kehoach", "huy", "xoadulieu"} <= everyone
    assert everyone <= {each.name for each in REGISTRY.seen_by({Viewer.ADMIN})}


async def test_every_feature_may_put_buttons_under_a_question_that_nothing_answers() -> None:
    async def offer(_turn: Turn, text: str) -> tuple[tuple[Button, ...], ...]:
        return ((Button(text, data="x:1"),),)

    held = registry(Feature("a", below_silence=offer), Feature("b"), Feature("c", below_silence=offer))
    rows = await held.offer_below_silence(cast(Turn, None), "hỏi")
    assert [button.label for row in rows for button in row] == ["hỏi", "hỏi"]
