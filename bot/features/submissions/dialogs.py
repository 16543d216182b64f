"""What a chat is in the middle of while it reports."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.submissions.taps import Purpose
from bot.hands.asking import Asking
from bot.hands.dialogs import DialogKeeper
from knowledge.meanings import Place
from storage.dialogs import OpenDialog, find_dialog

DIALOG_NAME: Final = "report"
_HEARD_MOST: Final = 40


class Filling(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Filling in a draft; `version` is the one this chat saw last, `heard` the messages that went into it.

    `period` is the period's code. `draft_id` is 0 once the draft is gone. `shown` are the messages in which its step
    stands: their numbers, or the keys under which they were said.
    """

    draft_id: int
    version: int
    unit_id: int
    form: str
    period: str
    heard: tuple[int, ...] = ()
    shown: tuple[int | str, ...] = ()


class Choosing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Choosing a unit or period; `text` waits to be read as a report, `shown` as in `Filling`."""

    purpose: Purpose
    text: str = ""
    heard: tuple[int, ...] = ()
    shown: tuple[int | str, ...] = ()


class Sent(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A report was just sent; **Gửi** once more repeats its receipt. `period` is the period's code."""

    unit_id: int
    form: str
    period: str
    heard: tuple[int, ...] = ()


Reporting = Filling | Choosing | Sent
_KEEPER: Final[DialogKeeper[Reporting]] = DialogKeeper(DIALOG_NAME, Reporting)  # type: ignore[arg-type]


def read(found: OpenDialog | None) -> Reporting | None:
    """What a dialog at hand is about; None for another feature's."""
    state = _KEEPER.read(found)
    if isinstance(state, Filling) and found is not None and found.draft_id is None:
        # On SQLite the number of a draft that is gone may be another draft's by now.
        return msgspec.structs.replace(state, draft_id=0)
    return state


async def find(db: AsyncConnection, chat_id: int) -> Reporting | None:
    """What the chat is in the middle of, as far as reports are concerned."""
    return read(await find_dialog(db, chat_id, feature=DIALOG_NAME))


def get_place(found: OpenDialog) -> Place:
    """What an open dialog makes of the chat, for whoever reads what is said there."""
    state = read(found)
    return Place.PRIVATE if state is None or isinstance(state, Sent) else Place.REPORTING


async def keep(asking: Asking, state: Reporting) -> None:
    """Be in the middle of this from now on."""
    draft_id = state.draft_id if isinstance(state, Filling) else None
    await _KEEPER.keep(asking, state, draft_id=draft_id)


async def close(db: AsyncConnection, chat_id: int) -> None:
    """Be in the middle of nothing."""
    await _KEEPER.close(db, chat_id)


def heard_in(state: Reporting | None) -> tuple[int, ...]:
    """The messages whose figures were taken lately."""
    return state.heard if state is not None else ()


def with_heard(heard: tuple[int, ...], message_id: int | None) -> tuple[int, ...]:
    """The same with one more."""
    return heard if message_id is None else (*heard, message_id)[-_HEARD_MOST:]
