"""What a feature brings to the chat: commands, buttons, dialogs, what it forgets.

`registry.py` lists them; `routing.py` asks here where something that was said or tapped belongs.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import fuzz, process
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Update

from bot.access import Person
from bot.road.turn import Turn
from bot.words.commands import Wording
from knowledge.text import fold

Value = TypeVar("Value")
Handler = Callable[[Update, Turn], Awaitable[None]]
TapHandler = Callable[[Update, Turn, str], Awaitable[None]]
Forget = Callable[[AsyncConnection, int], Awaitable[None]]
FindAudiences = Callable[[AsyncConnection, Person], Awaitable["frozenset[Audience]"]]
FindPlan = Callable[[AsyncConnection, Person], Awaitable[str | None]]

_ALIKE = 75.0  # how alike (0–100) a mistyped command must be to one that exists


class Audience(StrEnum):
    """Who sees a command; everyone sees those of `EVERYONE`."""

    EVERYONE = "everyone"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its handler, its wording, who sees it, and where it works."""

    name: str
    handle: Handler
    wording: Wording
    audience: frozenset[Audience] = frozenset({Audience.EVERYONE})
    in_groups: bool = False

    def __post_init__(self) -> None:
        """Refuse what Telegram would."""
        if not re.fullmatch(r"[a-z0-9_]{1,32}", self.name) or not 1 <= len(self.wording.help) <= 256:
            raise ValueError(f"not a command for Telegram: {self.name}")


@dataclass(frozen=True, slots=True)
class Tap:
    """Buttons whose data is `prefix:rest`; the handler gets the rest, which is the sender's word and proves nothing."""

    prefix: str
    handle: TapHandler


@dataclass(frozen=True, slots=True)
class Dialog:
    """A feature that may be in the middle of asking something in a private chat.

    Attributes:
        hear: takes what was said if it belongs to an open dialog; False lets it be a command's words or a question.
        leave: ends the open dialog and says so; False where there is none. For /huy.
        resume: says again what was asked, after a question in between was answered; nothing where no dialog is open.
        hear_edited: says that editing a message which the dialog took changes nothing; False where it took none such.
        feature: the feature in `storage.dialogs` without whose open dialog it has nothing to hear or resume; None for
            one that listens always.
    """

    hear: Callable[[Update, Turn], Awaitable[bool]]
    leave: Callable[[Update, Turn], Awaitable[bool]]
    resume: Handler
    hear_edited: Callable[[Update, Turn], Awaitable[bool]] | None = None
    feature: str | None = None


async def _only_admins(_db: AsyncConnection, person: Person) -> frozenset[Audience]:
    """Who somebody is as long as nothing is known of units: an admin by the settings, or anyone."""
    everyone = frozenset({Audience.EVERYONE})
    return everyone | {Audience.ADMIN} if person.is_admin else everyone


async def _no_plan(_db: AsyncConnection, _person: Person) -> str | None:
    """As long as nothing is known of units, no plan governs anybody in particular."""
    return None


@dataclass(frozen=True)
class Registry:
    """Everything that features bring; built once in `registry.py`, which refuses two of one name.

    Attributes:
        forget: what each feature removes when a person asks to be forgotten (database, Telegram id).
        find_audiences: who somebody is, for menus and help.
        find_own_plan: the id of the plan that governs somebody's unit: it answers first.
    """

    commands: Sequence[Command]
    taps: Sequence[Tap] = ()
    dialogs: Sequence[Dialog] = ()
    forget: Sequence[Forget] = ()
    find_audiences: FindAudiences = _only_admins
    find_own_plan: FindPlan = _no_plan
    _by_name: dict[str, Command] = field(init=False, default_factory=dict)
    _by_prefix: dict[str, Tap] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index it; raises ValueError where two commands or buttons share a name."""
        for command in self.commands:
            _put(self._by_name, command.name, command)
        for tap in self.taps:
            _put(self._by_prefix, tap.prefix, tap)

    def find_command(self, name: str) -> Command | None:
        """The command of this name, without its slash."""
        return self._by_name.get(name.lower())

    def find_alike(self, name: str) -> Command | None:
        """The command that a mistyped name most likely means."""
        found = process.extractOne(fold(name), list(self._by_name), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return self._by_name[found[0]] if found else None

    def find_tap(self, data: str) -> tuple[Tap, str] | None:
        """Whose button this data is, and the rest of it."""
        prefix, colon, rest = data.partition(":")
        tap = self._by_prefix.get(prefix)
        return (tap, rest) if tap is not None and colon else None

    def seen_by(self, audiences: Collection[Audience]) -> list[Command]:
        """The commands of somebody's menu, in the order of the registry."""
        wanted = {Audience.EVERYONE, *audiences}
        return [command for command in self.commands if command.audience & wanted]


def _put(index: dict[str, Value], name: str, value: Value) -> None:
    if name in index:
        raise ValueError(f"{name!r} stands for two things")
    index[name] = value
