"""What the chat is in the middle of while units are named for a plan."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper


class PlanUnits(msgspec.Struct, frozen=True):
    """The units of a plan are being named; `plan` is its mark."""

    plan: str


DIALOG: Final = DialogKeeper("planunits", PlanUnits)
