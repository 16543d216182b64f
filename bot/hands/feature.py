"""The parts a feature declares: commands, buttons, dialogs, meanings it acts on, what it forgets."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.hands.errands import Maker
from bot.hands.taps import On
from bot.labels import load_menu
from bot.road.reply import Button, Reply
from bot.road.turn import Surroundings, Turn
from knowledge.meanings import Meaning, Place, Understood
from storage.dialogs import OpenDialog

Handler = Callable[[Turn], Awaitable[None]]
Act = Callable[[Turn, str], Awaitable[None]]
Forget = Callable[[AsyncConnection, int], Awaitable[None]]
BelowSilence = Callable[[Turn, str], Awaitable[tuple[tuple[Button, ...], ...]]]


class Viewer(StrEnum):
    """The audience of a command; everyone sees those of `EVERYONE`."""

    EVERYONE = "everyone"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its handler, who sees it, where it works, and its place in the menu (small first).

    `by_link`: a link opens the private chat with it, t.me/NAME?start=baocao; no invitation has such a short code.
    """

    name: str
    handle: Handler
    audience: frozenset[Viewer] = frozenset({Viewer.EVERYONE})
    in_groups: bool = False
    place: int = 50
    by_link: bool = False

    def __post_init__(self) -> None:
        """Refuse what Telegram would."""
        if not re.fullmatch(r"[a-z0-9_]{1,32}", self.name):
            raise ValueError(f"not a command for Telegram: {self.name}")

    @property
    def line(self) -> str:
        """Its line in the menu and in /help."""
        return load_menu()[self.name]


def always(place: Place) -> Callable[[OpenDialog], Place]:
    """What an open dialog makes of the chat, whatever it asks."""
    return lambda _dialog: place


_IN_PRIVATE = always(Place.PRIVATE)


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog that a feature may have open in a private chat.

    Attributes:
        hear: takes what was said if it belongs to an open dialog; False lets it be a command's words or a question.
        leave: ends the open dialog and says so; False where there is none. For /huy.
        resume: says again what was asked, after a question in between was answered; None where nothing comes between.
        hear_edited: says that editing a message which the dialog took changes nothing; False where it took none such.
        feature: the feature in `storage.dialogs` without whose open dialog it has nothing to hear or resume; None for
            one that listens always.
        place: what the open dialog makes of the chat, for whoever reads what is said there.
        leaves_when_sure: whether words that surely mean leaving leave it; else only the label of /huy does, for free
            words are what it asks for.
        takes_forwarded: whether it hears what was written by somebody else and forwarded, as files are. It is asked
            about a file before the others, whatever is under way.
    """

    hear: Callable[[Turn], Awaitable[bool]]
    leave: Callable[[Turn], Awaitable[bool]]
    resume: Handler | None = None
    hear_edited: Callable[[Turn], Awaitable[bool]] | None = None
    feature: str | None = None
    place: Callable[[OpenDialog], Place] = _IN_PRIVATE
    leaves_when_sure: bool = False
    takes_forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """An act of a feature on one meaning of messages.

    Attributes:
        act: does it, given the words. Nothing that changes data is done from words alone: they open the dialog or the
            confirmation, as a command does.
        in_groups: it may be said in a group; everything else is between one person and the bot.
        aside: it is answered in the middle of a dialog, which then goes on.
        is_talk: it asks nothing of the bot's own work, so it is never offered as one of two things.
        shows: it begins and changes nothing, so a second reading may have it shown at once.
        for_guests: it has a use for whoever serves no unit.
        moved_by: said instead in a group, given the bot's name, where that is more than that it is done in private.
    """

    act: Act
    in_groups: bool = False
    aside: bool = False
    is_talk: bool = False
    shows: bool = False
    for_guests: bool = False
    moved_by: Callable[[str], Reply] | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """Everything one folder of `bot.features` brings; `registry.py` lists them.

    Attributes:
        name: that of its folder.
        errands: the kinds of slow work it does aside, by name (`bot.hands.errands`).
        forget: what it removes when a person asks to be forgotten (database, Telegram id).
        act_first: acts on a message before what it means is acted on; False leaves it to that.
        answer_again: answers a message anew that was edited, where it had answered it.
        answer_inline: answers an inline query.
        below_silence: rows of buttons that it puts under a question which nothing answers.
        join: lets it join the road at the start, with resources, preparations and ticks of its own. The last feature of
            the registry joins first, so each finds what those behind it provide, and its ticks run after theirs.
    """

    name: str
    commands: tuple[Command, ...] = ()
    taps: tuple[On[Any], ...] = ()
    dialogs: tuple[Dialog, ...] = ()
    meanings: Mapping[Meaning, Meant] = field(default_factory=dict)
    errands: Mapping[str, Maker[Any]] = field(default_factory=dict)
    forget: tuple[Forget, ...] = ()
    act_first: Callable[[Turn, Understood, str], Awaitable[bool]] | None = None
    answer_again: Act | None = None
    answer_inline: Handler | None = None
    below_silence: BelowSilence | None = None
    join: Callable[[Surroundings], None] | None = None


def without_words(handle: Handler) -> Act:
    """A command's handler as the act on words that mean the command; it gets no arguments."""

    async def run(turn: Turn, text: str) -> None:
        del text
        turn.args = []
        await handle(turn)

    return run
