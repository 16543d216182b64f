"""The door for words: what a message means to whoever says it there, and the handler that acts on it.

Nothing that would change data is done from words alone: they open the dialog or the confirmation, as a command does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Update

from bot import access
from bot.handlers import basics, broadcast, deadlines, people, plans, questions, reminders, reporting, summary, units
from bot.handlers.shape import Audience, Registry, Tap
from bot.reply import Reply
from bot.turn import Turn
from bot.views import commands as command_views
from bot.views import meanings as views
from knowledge.answer import Adviser
from knowledge.figures_question import Wanted
from knowledge.meanings import Meaning, Place, Role, Situation, Understood, understand
from knowledge.meanings.units import UnitNames
from knowledge.meanings.words import load_words
from storage import conversations

Act = Callable[[Update, Turn, str], Awaitable[None]]

TALK: Final = frozenset({Meaning.PLAN_QUESTION, Meaning.UNKNOWN, Meaning.COURTESY, Meaning.ABOUT_BOT})
ANYWHERE: Final = TALK | {Meaning.PLANS, Meaning.HELP, Meaning.CANCEL, Meaning.ANSWER}
"""What may be said in a group; everything else is between one person and the bot."""
ASIDE: Final = TALK | {
    Meaning.ANSWER,
    Meaning.DUE,
    Meaning.OWN_STATUS,
    Meaning.OWN_FIGURES,
    Meaning.SUMMARY,
    Meaning.MISSING,
    Meaning.SHARE,
}
"""What is answered in the middle of a dialog, which then goes on."""
IN_GROUP_SURE: Final = 0.8


async def read(update: Update, turn: Turn, text: str) -> Understood:
    """What a message means, by who says it and where."""
    audiences = frozenset[Audience]()
    own: list[tuple[str, str]] = []
    if turn.person is not None:
        audiences = await turn.resource(Registry).find_audiences(turn.db, turn.person)
        if audiences & {Audience.SUPERVISOR, Audience.ADMIN}:
            asker = await access.find_asker(turn.db, turn.person)
            own = [(held.unit.code, held.unit.name) for held in asker.held]
    role = next((Role(each.value) for each in (Audience.ADMIN, Audience.SUPERVISOR, Audience.OFFICER)
                 if each in audiences), Role.GUEST)  # fmt: skip
    today = turn.now.astimezone(turn.settings.timezone).date()
    return understand(text, Situation(role, today, _place(update, turn), UnitNames(own).names_one))


def _place(update: Update, turn: Turn) -> Place:
    if not access.is_private(update):
        return Place.GROUP
    if turn.in_dialog is None:
        return Place.PRIVATE
    if turn.in_dialog.feature == deadlines.FEATURE:
        return Place.DEADLINE
    return Place.REPORTING if reporting.is_asking(turn) else Place.PRIVATE


async def act(update: Update, turn: Turn, found: Understood, text: str) -> None:
    """Do what a message means; where two are near, ask which; in a group, link to the private chat."""
    if not access.is_private(update):
        if found.means not in ANYWHERE and found.sure >= IN_GROUP_SURE:
            reply = command_views.only_in_private(turn.bot.username)
            turn.say(questions.addressed(update, reply))
            return
        await (_ACTS[found.means] if found.means in ANYWHERE else questions.answer)(update, turn, text)
        return
    if found.choices and not TALK.issuperset(found.choices) and turn.person is not None:
        payload = {"said": text[:1000], "means": [choice.value for choice in found.choices]}
        token = await conversations.keep_button(turn.db, payload, turn.now, person_id=turn.person.telegram_id)
        turn.say(views.which(found.choices, token))
        return
    await _ACTS[found.means](update, turn, text)


async def on_choice(update: Update, turn: Turn, rest: str) -> None:
    """One of the two that a message could mean."""
    token, _, number = rest.partition(":")
    person_id = turn.person.telegram_id if turn.person is not None else 0
    kept = await conversations.find_button(turn.db, token, person_id=person_id)
    offered = kept.get("means", []) if kept else []
    if kept is None or not number.isdecimal() or len(number) > 2 or int(number) >= len(offered):
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    await _ACTS[Meaning(offered[int(number)])](update, turn, str(kept["said"]))


# What each meaning does ----------------------------------------------------------------------------------------------


def _as(handle: Callable[[Update, Turn], Awaitable[None]]) -> Act:
    """A command's handler, without words behind the command."""

    async def run(update: Update, turn: Turn, text: str) -> None:
        del text
        turn.args = []
        await handle(update, turn)

    return run


def _figures(wanted: Wanted) -> Act:
    """A question about figures: of the unit and the period named."""

    async def run(update: Update, turn: Turn, text: str) -> None:
        asks = Wanted.PROGRESS if wanted is Wanted.TOTALS and load_words().asks_progress(text) else wanted
        if not await summary.answer_words(update, turn, asks, text):
            await questions.answer(update, turn, text)

    return run


async def _report(update: Update, turn: Turn, text: str) -> None:
    if not await reporting.take_words(update, turn, text):
        await _begin_report(update, turn, text)


async def _begin_report(update: Update, turn: Turn, text: str) -> None:
    del update
    await reporting.begin(turn, text)


async def _extension(update: Update, turn: Turn, text: str) -> None:
    del update
    await reporting.begin_extension(turn, text)


async def _broadcast(update: Update, turn: Turn, text: str) -> None:
    del update
    await broadcast.begin(turn, text.partition(":")[2].strip())


async def _set_deadline(update: Update, turn: Turn, text: str) -> None:
    del update
    await deadlines.begin_from_words(turn, text)


async def _invite(update: Update, turn: Turn, text: str) -> None:
    del text
    turn.args = []
    if await people.may_join(turn):
        turn.say(views.how_to_join())
    else:
        await units.on_invite(update, turn)


def _talk(reply: Callable[[], Reply]) -> Act:
    """A reply to talk; what the plans hold nothing to look up for is greeted as questions are."""

    async def run(update: Update, turn: Turn, text: str) -> None:
        if turn.resource(Adviser).is_greeting(text):
            await questions.answer(update, turn, text)
        else:
            turn.say(questions.addressed(update, reply()))

    return run


async def _answer(update: Update, turn: Turn, text: str) -> None:
    """The answer to a dialog that is over: it is most likely a fragment that leans on the last question."""
    if load_words().find_label(text) is Meaning.ANSWER:
        turn.say(questions.addressed(update, views.nothing_asked()))
    else:
        await questions.answer(update, turn, text)


_ACTS: Final[dict[Meaning, Act]] = {
    Meaning.PLAN_QUESTION: questions.answer,
    Meaning.UNKNOWN: questions.answer,
    Meaning.REPORT: _report,
    Meaning.BEGIN_REPORT: _report,
    Meaning.DUE: _as(reminders.on_ahead),
    Meaning.OWN_STATUS: _figures(Wanted.SUBMITTED),
    Meaning.OWN_FIGURES: _figures(Wanted.TOTALS),
    Meaning.HISTORY: _as(reporting.on_history),
    Meaning.EXTENSION: _extension,
    Meaning.REMINDER_SETTINGS: _as(reminders.on_mine),
    Meaning.SUMMARY: _figures(Wanted.TOTALS),
    Meaning.MISSING: _figures(Wanted.MISSING),
    Meaning.BROADCAST: _broadcast,
    Meaning.SET_DEADLINE: _set_deadline,
    Meaning.INVITE: _invite,
    Meaning.UNITS: _as(units.on_units),
    Meaning.SHARE: _figures(Wanted.PROGRESS),
    Meaning.PLANS: _as(plans.on_plans),
    Meaning.AUDIT: _as(summary.on_journal),
    Meaning.ME: _as(basics.on_me),
    Meaning.FORGET: _as(basics.on_forget),
    Meaning.CANCEL: _as(basics.on_cancel),
    Meaning.ANSWER: _answer,
    Meaning.HELP: _as(basics.on_help),
    Meaning.COURTESY: _talk(views.courtesy),
    Meaning.ABOUT_BOT: _talk(views.about_bot),
}
TAPS = (Tap("mean", on_choice),)
