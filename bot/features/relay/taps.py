"""The buttons of questions that go up."""

from __future__ import annotations

from bot.hands.taps import Tap, UnitTap


class AskAbove(Tap, name="up:a"):
    """Pass a question on to whoever supervises the asker; `token` names what is kept of it (`service.offer`)."""

    token: str


class WriteAbove(UnitTap, name="up:w"):
    """Write a question to whoever is above the unit."""


class AnswerBelow(Tap, name="up:r"):
    """Write the answer to a question from below. `relay` is its id."""

    relay: int
