"""Handing shares down to the units right below."""

from __future__ import annotations

from typing import Any, Final

from bot.features.targets.giving import words
from bot.hands.asking import Asking
from bot.hands.feature import Command, Dialog
from bot.hands.taps import On
from bot.road.turn import Turn

COMMANDS: Final[tuple[Command, ...]] = ()
TAPS: Final[tuple[On[Any], ...]] = ()
DIALOGS: Final[tuple[Dialog, ...]] = ()


async def begin(turn: Turn, _asking: Asking, _text: str) -> None:
    """What is done with words that hand shares down."""
    turn.say(words.no_handing_down())
