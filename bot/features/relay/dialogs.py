"""What is being written: an answer to a question from below, or a question to whoever is above."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper


class AnswerDialog(msgspec.Struct, frozen=True):
    """The next words are the answer to the question of that id."""

    relay: int


class AskDialog(msgspec.Struct, frozen=True):
    """The next words are a question that is asked for the unit of that id."""

    unit: int


KEEPER: Final = DialogKeeper("relay", AnswerDialog)
ASKING: Final = DialogKeeper("relay.ask", AskDialog)
