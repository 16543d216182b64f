"""What the chat is in the middle of while a deadline is being set."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from bot.hands.dialogs import DialogKeeper
from knowledge.model.owing import Audience


class DeadlineStep(StrEnum):
    """What is asked: what is to be done, when, of which part of the tree; or whether all is right."""

    WHAT = "what"
    WHEN = "when"
    UNIT = "unit"
    CONFIRM = "confirm"


class DeadlineDraft(msgspec.Struct, frozen=True):
    """A deadline as far as it was said.

    Attributes:
        what: what is to be done, in the setter's words.
        rule: the code of the rule that was read from `wording`; both empty where nothing was said yet.
        unit: the id of the unit below which it holds.
        token: proves that a button belongs to this dialog.
    """

    step: DeadlineStep
    what: str
    rule: str
    wording: str
    unit: int
    audience: Audience
    token: str


DIALOG: Final = DialogKeeper("deadline", DeadlineDraft)
