"""No command and no button: what features have made aside is done here, whichever feature it is of."""

from __future__ import annotations

from bot.hands import errands
from bot.hands.feature import Feature
from bot.hands.registry import Registry
from bot.road.turn import Surroundings


def join(around: Surroundings) -> None:
    """Let errands be done, and old ones be forgotten."""
    errands.register(around.hooks, around.hooks.resource(Registry).makers, around.settings)


FEATURE = Feature("errands", join=join, forget=(errands.forget,))
