"""Dialogs with typed state: one small struct for each feature, stored as the chat's open dialog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.hands.asking import Asking, open_acting
from bot.hands.meaning import is_said_aside
from bot.hands.taps import TapRefusedError, or_gone
from bot.road.reply import Reply
from bot.road.turn import Turn
from bot.words.talk import button_gone
from knowledge.reports import filling
from knowledge.reports.sheet import SheetAction
from storage import dialogs
from storage.dialogs import OpenDialog

State = TypeVar("State")

GIVEN_UP_AFTER: Final = timedelta(hours=12)
"""The time after which a message is no answer to a question any more."""


def is_given_up(found: OpenDialog, now: datetime) -> bool:
    """Whether a dialog is so old that a new message is no answer to it."""
    return now - found.changed_at > GIVEN_UP_AFTER


@dataclass(frozen=True, slots=True)
class DialogKeeper(Generic[State]):
    """The store of one feature's dialog; at most one dialog is open in a chat, whichever feature's.

    Attributes:
        feature: the name it is kept under.
        kind: the struct of its state, or a union of tagged structs.
    """

    feature: str
    kind: type[State]

    def read(self, found: OpenDialog | None) -> State | None:
        """The state of an open dialog; None for another feature's and for one of another version of the program."""
        if found is None or found.feature != self.feature:
            return None
        try:
            return msgspec.convert(found.state, type=self.kind)
        except msgspec.ValidationError:
            return None

    async def find(self, db: AsyncConnection, chat_id: int, now: datetime | None = None) -> State | None:
        """The state of this feature's dialog in a chat; with `now`, one that is given up is closed instead."""
        found = await dialogs.find_dialog(db, chat_id, feature=self.feature)
        if found is not None and now is not None and is_given_up(found, now):
            await self.close(db, chat_id)
            return None
        return self.read(found)

    async def keep(self, asking: Asking, state: State, *, draft_id: int | None = None) -> None:
        """Open the dialog in the asker's chat, or set its state."""
        values = msgspec.to_builtins(state)
        await dialogs.open_dialog(asking.db, asking.chat_id, self.feature, values, asking.now, draft_id=draft_id)

    async def close(self, db: AsyncConnection, chat_id: int) -> bool:
        """Close the dialog; False where this feature had none open."""
        return await dialogs.close_dialog(db, chat_id, feature=self.feature)

    async def get_pending(self, asking: Asking, right: Right, token: str | None = None, *, gone: str = "") -> State:
        """The state that a button belongs to.

        Args:
            right: what its owner must be allowed to do somewhere.
            token: that of the button; None for a button which goes with any state.
            gone: the toast where there is none, or another; without it, the usual one.

        Raises:
            TapRefusedError: the dialog is over, or is another by now.
            AccessDeniedError: that right was lost meanwhile.
        """
        state = or_gone(await self.find(asking.db, asking.chat_id, asking.now), gone)
        if token is not None and token != getattr(state, "token", None):
            raise TapRefusedError(gone or button_gone())
        asking.require_anywhere(right)
        return state

    def hearing(
        self, take: Callable[[Turn, Asking, State, str], Awaitable[None]], leave: Callable[[Turn], Awaitable[bool]]
    ) -> Callable[[Turn], Awaitable[bool]]:
        """What takes free words as what the open dialog asks for; the label of something else is none."""

        async def hear(turn: Turn) -> bool:
            state, text = self.read(turn.in_dialog), turn.message.text if turn.message is not None else None
            if state is None or not text:
                return False
            if filling.find_action(text) is SheetAction.CANCEL:
                return await leave(turn)
            if is_said_aside(text):
                return False
            await take(turn, await open_acting(turn), state, text)
            return True

        return hear

    def leaving(self, said: Callable[[], Reply]) -> Callable[[Turn], Awaitable[bool]]:
        """What leaves the dialog and says so; False where this feature asked nothing."""

        async def leave(turn: Turn) -> bool:
            left = turn.chat_id is not None and await self.close(turn.db, turn.chat_id)
            if left:
                turn.say(said())
            return left

        return leave
