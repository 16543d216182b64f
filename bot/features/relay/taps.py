"""The buttons of questions that go up."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hands.taps import Tap


@dataclass(frozen=True, slots=True)
class AskAbove(Tap, name="up:a"):
    """Pass a question on to whoever supervises the asker; `token` names what is kept of it (`service.offer`)."""

    token: str


@dataclass(frozen=True, slots=True)
class AnswerBelow(Tap, name="up:r"):
    """Write the answer to a question from below. `relay` is its id."""

    relay: int
