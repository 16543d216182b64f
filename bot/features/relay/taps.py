"""The buttons of questions that go up."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.taps import Tap


@dataclass(frozen=True, slots=True)
class AskAbove(Tap, name="up:a"):
    """Pass a question on to whoever supervises the asker; `token` names what is kept of it (`service.offer`)."""

    token: str


@dataclass(frozen=True, slots=True)
class WriteAbove(Tap, name="up:w"):
    """Write a question to whoever is above. `unit` is the id of the unit it is asked for."""

    unit: int


@dataclass(frozen=True, slots=True)
class AnswerBelow(Tap, name="up:r"):
    """Write the answer to a question from below. `relay` is its id."""

    relay: int
