"""The buttons of the tree of units. Every `unit` is its id."""

from __future__ import annotations

from enum import StrEnum

from bot.access import Right
from bot.hands.taps import Tap


class Rearrangement(StrEnum):
    """A change of the tree that concerns two units."""

    MOVE = "mv"
    MERGE = "mg"


class OpenTree(Tap, name="u:o"):
    """Where to begin among the units for which somebody may do that; `wanted` is a name or code to go straight to."""

    right: Right
    wanted: str = ""


class ShowUnit(Tap, name="u:v"):
    """One unit, with one page of those right below it."""

    unit: int
    page: int


class ShowTops(Tap, name="u:t"):
    """One page of the topmost units for which somebody may do that."""

    page: int
    right: Right = Right.SEE


class SearchUnits(Tap, name="u:f"):
    """Ask for a name or code to search by."""


class ChangeUnit(Tap, name="u:m"):
    """What may be changed of a unit."""

    unit: int


class MoveUnit(Tap, name="u:mv"):
    """Ask below which unit to move one."""

    unit: int


class MergeUnit(Tap, name="u:mg"):
    """Ask into which unit to merge one."""

    unit: int


class RenameUnit(Tap, name="u:rn"):
    """Ask for a unit's new name."""

    unit: int


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


class AskDissolve(Tap, name="u:ds"):
    """Ask whether to end a unit."""

    unit: int


class DissolveUnit(Tap, name="u:DS"):
    """End it."""

    unit: int


class ReviveUnit(Tap, name="u:rv"):
    """Take back the end of a unit."""

    unit: int


class FetchTemplate(Tap, name="u:T"):
    """The empty unit file."""
