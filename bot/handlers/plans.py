"""The plans that are known: /kehoach and its buttons."""

from __future__ import annotations

from telegram import Update

from bot.handlers import questions
from bot.turn import Turn
from bot.views import commands as command_views
from bot.views import plans as views
from knowledge.answer import Adviser


async def on_plans(update: Update, turn: Turn) -> None:
    """The list."""
    turn.say(questions.addressed(update, views.plan_list(list(turn.resource(Adviser).plans.values()))))


async def on_plan(_update: Update, turn: Turn, rest: str) -> None:
    """One plan: who issued it, and what it sets."""
    plan = turn.resource(Adviser).plans.get(rest)
    if plan is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.say(views.plan(plan))
