"""The buttons of invitations and roles. Every `unit` and `person` is an id; they share the letter of the unit pages."""

from __future__ import annotations

from enum import StrEnum

from bot.hands.taps import Tap
from bot.words.calling import Called
from storage.people import RoleName


class RoleLetter(StrEnum):
    """A role in a button; the names are those of `RoleName`."""

    OFFICER = "o"
    SUPERVISOR = "s"
    ADMIN = "a"

    @classmethod
    def of(cls, role: RoleName) -> RoleLetter:
        """The letter of a role."""
        return cls[role.name]

    @property
    def role(self) -> RoleName:
        """What it stands for."""
        return RoleName[self.name]


class MakeInvitation(Tap, name="u:c"):
    """An invitation for that role."""

    unit: int
    letter: RoleLetter


class ShowRole(Tap, name="u:p"):
    """One person's role at a unit."""

    unit: int
    person: int
    letter: RoleLetter


class EndRole(Tap, name="u:e"):
    """End it."""

    unit: int
    person: int
    letter: RoleLetter


class ReplaceRole(Tap, name="u:r"):
    """End it, and invite somebody else for it."""

    unit: int
    person: int
    letter: RoleLetter


class TurnJoined(Tap, name="u:wp"):
    """Another page of who has joined below a unit, where the list stands."""

    unit: int
    page: int


class HandOver(Tap, name="u:h"):
    """**Bàn giao**: a link that moves somebody's role at a unit to whoever opens it."""

    unit: int
    person: int
    letter: RoleLetter


class CalledLetter(StrEnum):
    """A form of address in a button; the names are those of `Called`."""

    ANH = "a"
    CHI = "c"
    OPEN = "n"

    @property
    def called(self) -> Called:
        """What it stands for."""
        return Called[self.name]


class AskCalled(Tap, name="u:ca"):
    """**Xưng hô**: the forms of address to choose from."""


class ChooseCalled(Tap, name="u:cs"):
    """That one, for oneself."""

    letter: CalledLetter


class ChangeAccount(Tap, name="u:ac"):
    """**Đổi điện thoại/tài khoản** for oneself."""
