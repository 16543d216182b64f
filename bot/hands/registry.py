"""The registry of features: finds the one that a command, a button, a dialog or a meaning belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Final, TypeVar

from rapidfuzz import fuzz, process
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Asker
from bot.hands.errands import Maker
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer
from bot.hands.taps import On, Tap, Taps
from bot.road.reply import Button
from bot.road.turn import Turn
from knowledge.meanings import Meaning
from knowledge.text import fold

Value = TypeVar("Value")
ListAudiences = Callable[[Asker], "frozenset[Viewer]"]
FindPlans = Callable[[AsyncConnection, Asker], Awaitable[tuple[str, ...]]]

_ALIKE: Final = 75.0  # how alike (0–100) a mistyped command must be to one that exists


class Registry:
    """All parts of features, found by name.

    Attributes:
        features: in the order in which their dialogs are asked; they join the road from the last to the first.
        makers: who does slow work, by its kind.
        list_audiences: who somebody is, for menus and help.
        find_own_plans: the ids of the plans that govern somebody's unit, the nearest level first.
    """

    def __init__(
        self, features: Sequence[Feature], *, list_audiences: ListAudiences, find_own_plans: FindPlans
    ) -> None:
        """Index them; raises ValueError where two commands, buttons, meanings or errands share a name."""
        self.features = tuple(features)
        self.list_audiences = list_audiences
        self.find_own_plans = find_own_plans
        self.dialogs: tuple[Dialog, ...] = tuple(each for feature in features for each in feature.dialogs)
        self.forget = tuple(each for feature in features for each in feature.forget)
        commands = [command for feature in features for command in feature.commands]
        self.commands: tuple[Command, ...] = tuple(sorted(commands, key=lambda command: command.place))
        self._by_name: dict[str, Command] = {}
        self._meanings: dict[Meaning, Meant] = {}
        self.makers: dict[str, Maker[Any]] = {}
        for command in self.commands:
            _put(self._by_name, command.name, command)
        for feature in features:
            for meaning, meant in feature.meanings.items():
                _put(self._meanings, meaning, meant)
            for kind, maker in feature.errands.items():
                _put(self.makers, kind, maker)
        self._taps = Taps(tap for feature in features for tap in feature.taps)

    def find_command(self, name: str) -> Command | None:
        """The command of this name, without its slash."""
        return self._by_name.get(name.lower())

    def find_alike(self, name: str) -> Command | None:
        """The command that a mistyped name most likely means."""
        found = process.extractOne(fold(name), list(self._by_name), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return self._by_name[found[0]] if found else None

    def seen_by(self, audiences: Collection[Viewer]) -> list[Command]:
        """The commands of somebody's menu, in its order."""
        wanted = {Viewer.EVERYONE, *audiences}
        return [command for command in self.commands if command.audience & wanted]

    def get_meant(self, meaning: Meaning) -> Meant:
        """The act for a meaning; every meaning has its feature."""
        return self._meanings[meaning]

    def find_handler(self, data: str) -> On[Any] | None:
        """The handler of callback data; None where it is no feature's."""
        return self._taps.find(data)

    async def tap(self, turn: Turn, data: str) -> bool:
        """Handle callback data; False where it is no feature's, or broken."""
        found = self.find_handler(data)
        return found is not None and await found.run(turn, data)

    async def offer_below_silence(self, turn: Turn, text: str) -> tuple[tuple[Button, ...], ...]:
        """The rows of buttons under a question that nothing answers."""
        offers = [feature.below_silence for feature in self.features if feature.below_silence is not None]
        return tuple([row for offer in offers for row in await offer(turn, text)])

    async def hand_over(self, turn: Turn, tap: Tap) -> None:
        """Act as if that button had been tapped, so that one feature can lead into another.

        Raises:
            LookupError: no feature has such a button.
        """
        found = self._taps.find(tap.name)
        if found is None:
            raise LookupError(tap.name)
        await found.handle(turn, tap)


def _put(index: dict[Any, Value], name: Any, value: Value) -> None:
    if name in index:
        raise ValueError(f"{name!r} stands for two things")
    index[name] = value
