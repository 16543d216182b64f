"""The door for words: what a message means to whoever says it there, and the handler that acts on it.

Nothing that would change data is done from words alone: they open the dialog or the confirmation, as a command does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Update

from bot import access
from bot.features.basics import commands as basics
from bot.features.broadcasts import commands as broadcast
from bot.features.deadlines import commands as deadlines
from bot.features.people import commands as people
from bot.features.plans import commands as plans
from bot.features.questions import commands as questions
from bot.features.reminders import commands as reminders
from bot.features.submissions import commands as reporting
from bot.features.summaries import commands as summary
from bot.features.summaries import words as summary_views
from bot.features.understanding import words as reader_views
from bot.features.units import commands as units
from bot.hands.shape import Audience, Registry, Tap
from bot.reader import Frame
from bot.reader.doubts import may_be_read_otherwise
from bot.road.reply import Reply
from bot.road.turn import Turn
from bot.words import commands as command_views
from bot.words import meanings as views
from knowledge.answer import Adviser
from knowledge.figures_question import Wanted
from knowledge.meanings import AskerRole, Meaning, Place, Situation, Understood, understand
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
TALKED: Final = frozenset({Meaning.COURTESY, Meaning.ABOUT_BOT})
FOR_GUESTS: Final = TALKED | {
    Meaning.PLANS, Meaning.HELP, Meaning.ME, Meaning.FORGET, Meaning.INVITE, Meaning.DUE,
}  # fmt: skip
SHOWN: Final = frozenset(
    {
        Meaning.DUE,
        Meaning.OWN_STATUS,
        Meaning.OWN_FIGURES,
        Meaning.HISTORY,
        Meaning.REMINDER_SETTINGS,
        Meaning.SUMMARY,
        Meaning.MISSING,
        Meaning.UNITS,
        Meaning.SHARE,
        Meaning.PLANS,
        Meaning.AUDIT,
        Meaning.ME,
        Meaning.HELP,
    }
)
"""What a second reading may have shown at once: it begins and changes nothing."""


async def read(update: Update, turn: Turn, text: str) -> Understood:
    """What a message means, by who says it and where."""
    today = turn.now.astimezone(turn.settings.timezone).date()
    return await read_as(turn.db, turn.resource(Registry), turn.person, text, _place(update, turn), today)


async def read_as(
    db: AsyncConnection, registry: Registry, person: access.Person | None, text: str, place: Place, today: date
) -> Understood:
    """What a message means, said there by somebody."""
    audiences = frozenset[Audience]()
    own: list[tuple[str, str]] = []
    if person is not None:
        audiences = await registry.find_audiences(db, person)
        if audiences & {Audience.SUPERVISOR, Audience.ADMIN}:
            asker = await access.find_asker(db, person)
            own = [(held.unit.code, held.unit.name) for held in asker.held]
    role = next((AskerRole(each.value) for each in (Audience.ADMIN, Audience.SUPERVISOR, Audience.OFFICER)
                 if each in audiences), AskerRole.GUEST)  # fmt: skip
    return understand(text, Situation(role, today, place, UnitNames(own).names_one))


def _place(update: Update, turn: Turn) -> Place:
    if not access.is_private(update):
        return Place.GROUP
    if turn.in_dialog is None:
        return Place.PRIVATE
    if turn.in_dialog.feature == deadlines.FEATURE:
        return Place.DEADLINE
    return Place.REPORTING if reporting.is_asking(turn) else Place.PRIVATE


async def act(update: Update, turn: Turn, found: Understood, text: str) -> None:
    """Do what a message means; where two are near, ask which; in a group, link to the private chat.

    Where a second reader was asked, what it made of the message comes first.
    """
    frame = turn.prepared
    if isinstance(frame, Frame) and turn.in_dialog is None and await _act_as_read(update, turn, found, frame, text):
        return
    if not access.is_private(update):
        if found.means not in ANYWHERE and found.sure >= IN_GROUP_SURE:
            reply = command_views.only_in_private(turn.bot.username)
            turn.say(questions.addressed(update, reply))
            return
        await (_ACTS[found.means] if found.means in ANYWHERE else questions.answer)(update, turn, text)
        return
    if found.choices and not TALK.issuperset(found.choices) and turn.person is not None:
        token = await _keep_offer(turn, turn.person.telegram_id, text, found.choices)
        turn.say(views.which(found.choices, token))
        return
    await _ACTS[found.means](update, turn, text)


async def _act_as_read(update: Update, turn: Turn, found: Understood, frame: Frame, text: str) -> bool:
    """Act on a second reading where the own one is open; False where the own one stands.

    It only answers and shows. What would begin something is offered as a button.
    """
    if not may_be_read_otherwise(found):
        return False
    if frame.means is Meaning.PLAN_QUESTION:
        if not (frame.facts or (frame.silent and found.means in TALK)):
            return False
        await questions.answer(update, turn, text, frame)
        return True
    is_own = frame.means is found.means and not found.choices
    if is_own or turn.person is None or not access.is_private(update) or not await _may(turn, frame.means):
        return False
    if frame.means in SHOWN:
        turn.say(reader_views.understood_as(frame.means))
    if frame.means in SHOWN or frame.means in TALKED:
        await _ACTS[frame.means](update, turn, text)
        return True
    token = await _keep_offer(turn, turn.person.telegram_id, text, (frame.means,))
    turn.say(reader_views.offer(frame.means, token))
    return True


async def _may(turn: Turn, means: Meaning) -> bool:
    """Whether somebody's role has a use for it: a guest is shown what is for everybody."""
    if means in {Meaning.UNKNOWN, Meaning.ANSWER}:
        return False
    assert turn.person is not None
    audiences = await turn.resource(Registry).find_audiences(turn.db, turn.person)
    return means in FOR_GUESTS or not audiences <= {Audience.EVERYONE}


async def _keep_offer(turn: Turn, person_id: int, text: str, means: Sequence[Meaning]) -> str:
    payload = {"said": text[:1000], "means": [each.value for each in means]}
    return await conversations.keep_button(turn.db, payload, turn.now, person_id=person_id)


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


_LISTS: Final[dict[Wanted, Callable[[Update, Turn], Awaitable[None]]]] = {
    Wanted.TOTALS: summary.on_summary,
    Wanted.MISSING: summary.on_missing,
}


def _figures(wanted: Wanted) -> Act:
    """A question about figures: of the unit and the period named; a label alone names none."""

    async def run(update: Update, turn: Turn, text: str) -> None:
        if load_words().find_label(text) is not None and wanted in _LISTS:
            turn.args = []
            await _LISTS[wanted](update, turn)
            return
        asks = Wanted.PROGRESS if wanted is Wanted.TOTALS and load_words().asks_progress(text) else wanted
        if await summary.answer_words(update, turn, asks, text):
            return
        if turn.meant is not None and turn.meant.means is Meaning.OWN_FIGURES:
            turn.say(summary_views.no_share())
        else:
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
    Meaning.REMINDER_SETTINGS: reminders.on_words,
    Meaning.SUMMARY: _figures(Wanted.TOTALS),
    Meaning.MISSING: _figures(Wanted.MISSING),
    Meaning.BROADCAST: _broadcast,
    Meaning.SET_DEADLINE: _set_deadline,
    Meaning.INVITE: _invite,
    Meaning.UNITS: _as(units.on_units),
    Meaning.SHARE: summary.answer_share,
    Meaning.PLANS: plans.answer_words,
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
