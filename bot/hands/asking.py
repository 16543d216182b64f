"""A request in a private chat, with who asks and what they may do; most handlers take one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.road.turn import Turn
from bot.rules import Rules
from bot.words.commands import only_in_private
from bot.words.talk import button_gone
from knowledge.forms import FormBook
from storage import audit
from storage.units import Unit

More = ParamSpec("More")


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of a person in their private chat; services take it, so that who asks is looked up once.

    Attributes:
        db: the update's transaction.
        asker: who asks, with their roles.
        chat_id: the private chat.
        now: the update's moment (aware, UTC), `zone` the local time zone.
        forms: the forms as they are at that moment.
    """

    db: AsyncConnection
    asker: Asker
    chat_id: int
    now: datetime
    zone: ZoneInfo
    forms: FormBook

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()

    @property
    def person_id(self) -> int | None:
        """The id under which the asker is known among the people; None where they are not."""
        return self.asker.id

    async def get_unit(self, right: Right, unit_id: int) -> Unit:
        """The unit of an id from outside; raises AccessDeniedError where it is not there or they may not do that."""
        return await access.get_unit(self.db, self.asker, right, unit_id)

    def require_anywhere(self, right: Right) -> None:
        """Raise AccessDeniedError where there is no unit for which they may do that."""
        if not self.asker.may_anywhere(right):
            raise AccessDeniedError(right)

    async def note(
        self,
        action: str,
        *,
        unit_id: int | None = None,
        subject: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Note in the journal what the asker just did."""
        await audit.note(
            self.db, action, self.now, by=self.person_id, unit_id=unit_id, subject=subject, details=details
        )

    async def as_actor(self) -> Asking:
        """The same request; an admin by the settings gets a row among the people, under which actions are kept."""
        if self.asker.id is not None or not self.asker.is_admin:
            return self
        acting = await access.get_acting_id(self.db, self.asker, self.now)
        return replace(self, asker=replace(self.asker, id=acting))


async def open_asking(turn: Turn) -> Asking:
    """The request that an update is.

    Raises:
        AccessDeniedError: it comes from nobody in particular, or from no private chat.
    """
    if turn.person is None or turn.chat_id is None or not turn.is_private:
        raise AccessDeniedError(Right.SEE)
    asker = await access.find_asker(turn.db, turn.person)
    turn.address(asker)
    return Asking(turn.db, asker, turn.chat_id, turn.now, turn.settings.timezone, turn.resource(Rules).forms)


def privately(
    handle: Callable[Concatenate[Turn, Asking, More], Awaitable[None]],
) -> Callable[Concatenate[Turn, More], Awaitable[None]]:
    """Make a handler that gets the request, in private chats only; elsewhere it says so and does nothing."""

    @wraps(handle)
    async def run(turn: Turn, /, *args: More.args, **kwargs: More.kwargs) -> None:
        if turn.person is None or turn.chat_id is None or not turn.is_private:
            if turn.tapped is not None:
                turn.answer_tap(button_gone(), alert=True)
            elif turn.chat_id is not None:
                turn.say(turn.addressed(only_in_private(turn.bot.username)))
            return
        await handle(turn, await open_asking(turn), *args, **kwargs)

    return run


def acting(
    handle: Callable[Concatenate[Turn, Asking, More], Awaitable[None]],
) -> Callable[Concatenate[Turn, More], Awaitable[None]]:
    """The same for a handler whose actions are kept under the asker's row: an admin by the settings gets one."""

    @wraps(handle)
    async def run(turn: Turn, asking: Asking, /, *args: More.args, **kwargs: More.kwargs) -> None:
        await handle(turn, await asking.as_actor(), *args, **kwargs)

    return privately(run)


async def open_acting(turn: Turn) -> Asking:
    """The request that an update is, with a row for its asker; raises AccessDeniedError like `open_asking`."""
    return await (await open_asking(turn)).as_actor()


def get_chat(turn: Turn) -> int:
    """The chat that the update comes from."""
    assert turn.chat_id is not None
    return turn.chat_id
