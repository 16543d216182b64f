"""The buttons of the tree of units. Every `unit` is its id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.access import Right
from bot.hands.taps import Tap


class Rearrangement(StrEnum):
    """A change of the tree that concerns two units."""

    MOVE = "mv"
    MERGE = "mg"


@dataclass(frozen=True, slots=True)
class OpenTree(Tap, name="u:o"):
    """Where to begin among the units for which somebody may do that; `wanted` is a name or code to go straight to."""

    right: Right
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class ShowUnit(Tap, name="u:v"):
    """One unit, with one page of those right below it."""

    unit: int
    page: int


@dataclass(frozen=True, slots=True)
class ShowTops(Tap, name="u:t"):
    """One page of the topmost units for which somebody may do that."""

    page: int
    right: Right = Right.SEE


@dataclass(frozen=True, slots=True)
class SearchUnits(Tap, name="u:f"):
    """Ask for a name or code to search by."""


@dataclass(frozen=True, slots=True)
class ChangeUnit(Tap, name="u:m"):
    """What may be changed of a unit."""

    unit: int


@dataclass(frozen=True, slots=True)
class MoveUnit(Tap, name="u:mv"):
    """Ask below which unit to move one."""

    unit: int


@dataclass(frozen=True, slots=True)
class MergeUnit(Tap, name="u:mg"):
    """Ask into which unit to merge one."""

    unit: int


@dataclass(frozen=True, slots=True)
class RenameUnit(Tap, name="u:rn"):
    """Ask for a unit's new name."""

    unit: int


@dataclass(frozen=True, slots=True)
class ChooseTarget(Tap, name="u:q"):
    """The other unit of a change is this one: ask whether to do it."""

    change: Rearrangement
    unit: int
    target: int


@dataclass(frozen=True, slots=True)
class Rearrange(Tap, name="u:y"):
    """Do it."""

    change: Rearrangement
    unit: int
    target: int


@dataclass(frozen=True, slots=True)
class AskDissolve(Tap, name="u:ds"):
    """Ask whether to end a unit."""

    unit: int


@dataclass(frozen=True, slots=True)
class DissolveUnit(Tap, name="u:DS"):
    """End it."""

    unit: int


@dataclass(frozen=True, slots=True)
class ReviveUnit(Tap, name="u:rv"):
    """Take back the end of a unit."""

    unit: int


@dataclass(frozen=True, slots=True)
class FetchTemplate(Tap, name="u:T"):
    """The empty unit file."""
