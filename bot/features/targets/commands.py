"""/chitieu and what it is asked in words: what a unit is to reach, and how far it has come."""

from __future__ import annotations

from typing import Final

from bot.features.targets import errands, giving, showing, taps
from bot.hands.feature import Command, Feature, Meant, Viewer
from bot.hands.taps import On
from bot.road.turn import Turn
from knowledge.meanings import Meaning, Understood

_MEMBERS: Final = frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})


async def on_share(turn: Turn) -> None:
    """/chitieu, perhaps with a year or the name of a unit: its shares and what its plan sets, and how far it is."""
    await showing.answer_share(turn, " ".join(turn.args or []))


async def act_first(turn: Turn, found: Understood, text: str) -> bool:
    """Take what surely hands shares down, and short questions of whoever has a share: "còn thiếu mấy"."""
    return await giving.act_first(turn, found, text) or await showing.act_first(turn, found, text)


FEATURE = Feature(
    "targets",
    commands=(Command("chitieu", on_share, audience=_MEMBERS), *giving.COMMANDS),
    taps=(
        On(taps.ShowShareProgress, showing.on_show_shares),
        On(taps.ShowUnitsOfGoal, showing.on_show_units),
        On(taps.ShowUnitOfGoal, showing.on_show_unit),
        On(taps.NudgeUnitOfGoal, showing.on_nudge),
        On(taps.DrawUnitsOfGoal, showing.on_draw),
        *giving.TAPS,
    ),
    dialogs=giving.DIALOGS,
    act_first=act_first,
    meanings={Meaning.SHARE: Meant(showing.answer_share, aside=True, shows=True)},
    errands={**errands.MAKERS, **giving.ERRANDS},
)
