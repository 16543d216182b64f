"""The answer to a question from below that a supervisor is writing."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper


class AnswerDialog(msgspec.Struct, frozen=True):
    """The next words are the answer to the question of that id."""

    relay: int


KEEPER: Final = DialogKeeper("relay", AnswerDialog)
