"""The choice of messages for the second reader: those that the own reading is unsure of, reports never."""

from __future__ import annotations

from datetime import date
from typing import Final

from knowledge.answer import Adviser
from knowledge.meanings import AskerRole, Meaning, Situation, Understood, understand
from knowledge.meanings.signs import find_report
from knowledge.meanings.understand import SURE_ENOUGH

_QUESTIONS: Final = frozenset({Meaning.PLAN_QUESTION, Meaning.UNKNOWN})
_KEPT: Final = frozenset({Meaning.REPORT, Meaning.ANSWER, Meaning.CANCEL})
"""What stays in the house however unsure it is: figures of a report, and words of a dialog."""


def may_be_read_otherwise(found: Understood) -> bool:
    """Whether a message's meaning is open, or depends on how well the plans answer it."""
    return found.means not in _KEPT and (found.means in _QUESTIONS or bool(found.choices) or found.sure < SURE_ENOUGH)


def is_doubted(text: str, adviser: Adviser, today: date) -> bool:
    """Whether the own reading of a message is in doubt, whoever says it. Pure.

    Where it is known who says it, `may_be_read_otherwise` decides.
    """
    found = [understand(text, Situation(role, today)) for role in (AskerRole.OFFICER, AskerRole.SUPERVISOR)]
    open_ = [each for each in found if may_be_read_otherwise(each)]
    if not open_ or find_report(text, today).hands_in:
        return False
    if any(each.means not in _QUESTIONS or each.choices for each in open_):
        return True
    return adviser.is_unsure(adviser.ask(text))
