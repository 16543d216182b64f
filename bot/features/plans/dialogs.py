"""What the chat is in the middle of: units are named for a plan, or a fact of a file is corrected."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper


class PlanUnits(msgspec.Struct, frozen=True):
    """The units of a plan are being named; `plan` is its mark."""

    plan: str


DIALOG: Final = DialogKeeper("planunits", PlanUnits)


class FactMending(msgspec.Struct, frozen=True):
    """A fact of a review is being corrected in words."""

    review: int
    place: int


MENDING: Final = DialogKeeper("planfact", FactMending)
