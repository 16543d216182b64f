"""Handing shares down to the units right below, and what they say to it."""

from __future__ import annotations

from typing import Any, Final

from bot.features.targets.giving import answering, commands, receiving, taps
from bot.features.targets.giving.dialogs import KEEPER
from bot.features.targets.giving.making import ERRANDS
from bot.hands.feature import Command, Dialog, Viewer
from bot.hands.taps import On

begin = commands.begin
begin_from_words = commands.begin_from_words
act_first = commands.act_first

COMMANDS: Final[tuple[Command, ...]] = (
    Command("giaochitieu", commands.on_give, audience=frozenset({Viewer.SUPERVISOR, Viewer.ADMIN}), place=52),
)
TAPS: Final[tuple[On[Any], ...]] = (
    On(taps.OpenGiving, commands.on_open_giving),
    On(taps.OpenSource, commands.on_open_source),
    On(taps.SplitShare, commands.on_split),
    On(taps.NameOwnGoal, commands.on_name_goal),
    On(taps.ProposeShares, commands.on_propose),
    On(taps.FetchShareTable, commands.on_fetch_table),
    On(taps.ShowShares, commands.on_page),
    On(taps.ChangeShares, commands.on_change),
    On(taps.ChooseNamed, commands.on_named),
    On(taps.GiveShares, commands.on_give_shares),
    On(taps.LeaveGiving, commands.on_leave),
    On(taps.ShowShareHistory, commands.on_history),
    On(taps.CloseGoal, commands.on_close),
    On(taps.SayClear, answering.on_clear),
    On(taps.SayOpinion, answering.on_opinion),
    On(taps.LeaveOpinion, answering.on_leave),
    On(taps.AnswerByChange, answering.on_answer_by_change),
    On(taps.AnswerByKeeping, answering.on_answer_by_keeping),
    On(taps.KeepWithoutRemark, answering.on_keep_without),
)
DIALOGS: Final[tuple[Dialog, ...]] = (
    Dialog(receiving.hear, receiving.leave, takes_forwarded=True),
    Dialog(answering.hear, answering.leave, answering.resume, feature=KEEPER.feature),
)

__all__ = ["COMMANDS", "DIALOGS", "ERRANDS", "TAPS", "act_first", "begin", "begin_from_words"]
