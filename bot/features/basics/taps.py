"""The buttons of the commands about the bot itself."""

from __future__ import annotations

from enum import StrEnum

from bot.hands.taps import Tap


class Resolve(StrEnum):
    """What somebody wants who was asked whether to be forgotten."""

    FORGET = "yes"
    KEEP = "no"


class ConfirmForgetting(Tap, name="forget"):
    """Whether to be forgotten."""

    resolve: Resolve
