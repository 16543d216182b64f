"""What a message can mean, where and by whom it is said, and what was understood of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Meaning(StrEnum):
    """What somebody wants; `ANSWER` is to the dialog under way, `UNKNOWN` nothing the product does."""

    PLAN_QUESTION = "plan_question"
    REPORT = "report"
    BEGIN_REPORT = "begin_report"
    DUE = "due"
    OWN_STATUS = "own_status"
    OWN_FIGURES = "own_figures"
    HISTORY = "history"
    EXTENSION = "extension"
    REMINDER_SETTINGS = "reminder_settings"
    SUMMARY = "summary"
    MISSING = "missing"
    BROADCAST = "broadcast"
    SET_DEADLINE = "set_deadline"
    INVITE = "invite"
    UNITS = "units"
    SHARE = "share"
    PLANS = "plans"
    AUDIT = "audit"
    ME = "me"
    FORGET = "forget"
    CANCEL = "cancel"
    ANSWER = "answer"
    HELP = "help"
    COURTESY = "courtesy"
    ABOUT_BOT = "about_bot"
    UNKNOWN = "unknown"


class AskerRole(StrEnum):
    """The highest role that somebody holds anywhere."""

    GUEST = "guest"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    @property
    def supervises(self) -> bool:
        """Whether there are units below."""
        return self in {AskerRole.SUPERVISOR, AskerRole.ADMIN}


class Place(StrEnum):
    """Where something is said: in private, in a group, or in private while a report or a deadline is filled in."""

    PRIVATE = "private"
    GROUP = "group"
    REPORTING = "baocao"
    DEADLINE = "dathan"

    @property
    def is_dialog(self) -> bool:
        """Whether something is being asked there."""
        return self in {Place.REPORTING, Place.DEADLINE}


def _names_nothing(_text: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Situation:
    """The circumstances of a message: who says it, where and when.

    Attributes:
        names_unit: whether a text names a unit that the product knows, by name or code.
    """

    role: AskerRole
    today: date
    place: Place = Place.PRIVATE
    names_unit: Callable[[str], bool] = _names_nothing


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means.

    Attributes:
        sure: how sure that is, 0 to 1.
        choices: the meanings to be offered, likeliest first, where two are near; otherwise empty.
    """

    means: Meaning
    sure: float
    choices: tuple[Meaning, ...] = ()
