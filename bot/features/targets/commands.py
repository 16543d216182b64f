"""/chitieu and what it is asked in words: what a unit is to reach, and how far it has come."""

from __future__ import annotations

from typing import Final

from bot.features.targets import errands, giving, showing
from bot.hands.feature import Command, Feature, Meant, Viewer
from bot.road.turn import Turn
from knowledge.meanings import Meaning

_MEMBERS: Final = frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})


async def on_share(turn: Turn) -> None:
    """/chitieu, perhaps with a year or the name of a unit: how far it is from what its plan sets."""
    await showing.answer_share(turn, " ".join(turn.args or []))


FEATURE = Feature(
    "targets",
    commands=(Command("chitieu", on_share, audience=_MEMBERS), *giving.COMMANDS),
    taps=giving.TAPS,
    dialogs=giving.DIALOGS,
    meanings={Meaning.SHARE: Meant(showing.answer_share, aside=True, shows=True)},
    errands={errands.KIND: errands.MAKER},
)
