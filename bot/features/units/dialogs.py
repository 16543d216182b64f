"""What is asked in words about units: a search, a new name, the other side of a move or merger."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from bot.features.units.taps import Rearrangement
from bot.hands.dialogs import DialogKeeper


class UnitQuestion(StrEnum):
    """What was asked."""

    FIND = "find"
    RENAME = "rn"
    MOVE = Rearrangement.MOVE.value
    MERGE = Rearrangement.MERGE.value


class UnitDialog(msgspec.Struct, frozen=True):
    """An open question. `unit` is the id of the unit it is about, 0 for a search."""

    act: UnitQuestion
    unit: int = 0


KEEPER: Final = DialogKeeper("units", UnitDialog)
