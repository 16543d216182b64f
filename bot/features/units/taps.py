"""The buttons of the tree of units. Every `unit` is its id."""

from __future__ import annotations

from enum import StrEnum

from bot.hands.taps import Tap, UnitTap


class Rearrangement(StrEnum):
    """A change of the tree that concerns two units."""

    MOVE = "mv"
    MERGE = "mg"


class SearchUnits(Tap, name="u:f"):
    """Ask for a name or code to search by."""


class ChangeUnit(UnitTap, name="u:m"):
    """What may be changed of a unit."""


class MoveUnit(UnitTap, name="u:mv"):
    """Ask below which unit to move one."""


class MergeUnit(UnitTap, name="u:mg"):
    """Ask into which unit to merge one."""


class RenameUnit(UnitTap, name="u:rn"):
    """Ask for a unit's new name."""


class ChooseTarget(Tap, name="u:q"):
    """The other unit of a change is this one: ask whether to do it."""

    change: Rearrangement
    unit: int
    target: int


class Rearrange(Tap, name="u:y"):
    """Do it."""

    change: Rearrangement
    unit: int
    target: int


class AskDissolve(UnitTap, name="u:ds"):
    """Ask whether to end a unit."""


class DissolveUnit(UnitTap, name="u:DS"):
    """End it."""


class ReviveUnit(UnitTap, name="u:rv"):
    """Take back the end of a unit."""


class FetchTemplate(Tap, name="u:T"):
    """The empty unit file."""


class ReadList(Tap, name="tab:l"):
    """The file that may be two things is a list of units. `mark` is that of the file, which the message answers."""

    mark: str


class TakeList(Tap, name="tab:u"):
    """Take the list of units in: what is not refused of it, where rows are."""

    mark: str


class ShowFiguresWay(Tap, name="u:fw"):
    """The file that may be two things has figures: how they come in."""


class LeaveList(Tap, name="u:fx"):
    """The list is not taken in."""
