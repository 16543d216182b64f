"""The buttons of questions: what else could be asked, a whole section, a vote, an example."""

from __future__ import annotations

from bot.hands.taps import Tap


class AskOffered(Tap, name="q"):
    """One of the questions offered under an answer; `token` names what is kept of that answer."""

    token: str
    number: int


class ShowSection(Tap, name="s"):
    """One of the sections that an answer stands in."""

    token: str
    number: int


class ShowFurther(Tap, name="qm"):
    """The plans that speak too and were only counted."""

    token: str


class VoteOnAnswer(Tap, name="v"):
    """Whether an answer is right."""

    token: str
    good: bool


def find_token(data: str) -> str | None:
    """The token of the answer under which a button stands; None for other buttons."""
    for kind in (AskOffered, ShowSection, ShowFurther, VoteOnAnswer):
        found = kind.parse(data)
        if found is not None:
            return found.token
    return None
