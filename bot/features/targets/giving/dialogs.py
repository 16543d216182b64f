"""What a chat is in the middle of while shares are handed down, or answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper
from knowledge.shares.reading import Change, Spread


class Pending(msgspec.Struct, frozen=True):
    """A name that may mean several units, with their ids, the amount (None: taken back) and what that is to a share."""

    words: str
    units: tuple[int, ...]
    value: Decimal | None
    change: Change = Change.TO


class Rest(msgspec.Struct, frozen=True):
    """How a message serves the units that it did not name: as soon as it is known which ones it did name."""

    spread: Spread
    total: Decimal | None = None
    each: Decimal | None = None
    is_of_rest: bool = False
    change: Change = Change.TO


class ChoosingGoal(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """ChoosingGoal what is handed down; `text` is the message that said shares of it, if any."""

    unit: int
    year: int
    text: str = ""


class NamingGoal(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Naming a goal of the unit's own; `text` is the message that said shares of it, if any."""

    unit: int
    year: int
    text: str = ""


class SettingShares(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Shares as far as they were said; nothing of them holds.

    Attributes:
        unit: the giver's id.
        goal: the id of the goal; 0 where it is opened as the shares are given, by what stands in the next fields.
        source: the mark of what is handed down.
        own: the giver's own amount as it is to be set; None where it stands already, or nobody set it.
        said: the shares by the units' ids; None takes one back.
        named: the ids of the units that the last message named, as long as names of it are `pending`.
        rest: how that message serves all others.
        seen: the latest change that stood when the shares were shown: **Giao** holds for no others.
        token: proves that a button belongs to this state.
    """

    unit: int
    year: int
    goal: int = 0
    name: str = ""
    measured_in: str = ""
    indicator: str = ""
    plan: str = ""
    target: str = ""
    source: str = ""
    own: Decimal | None = None
    said: tuple[tuple[int, Decimal | None], ...] = ()
    pending: tuple[Pending, ...] = ()
    named: tuple[int, ...] = ()
    rest: Rest | None = None
    seen: int = 0
    reason: str = ""
    token: str = ""

    @property
    def values(self) -> dict[int, Decimal | None]:
        """The shares that were said, by the unit's id."""
        return dict(self.said)


class Objecting(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Writing an opinion on a share."""

    share: int


class Changing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Writing another number for a share, in answer to an opinion."""

    share: int


class Keeping(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Writing why a share stays as it is, in answer to an opinion."""

    share: int


State = ChoosingGoal | NamingGoal | SettingShares | Objecting | Changing | Keeping

KEEPER: Final[DialogKeeper[State]] = DialogKeeper("shares", State)  # type: ignore[arg-type]
