"""The commands that are about the bot itself: /start, /help, /huy, /xoadulieu."""

from __future__ import annotations

from html import escape

from telegram import Message, Update

from bot import access
from bot.features.people import commands as people
from bot.features.questions import commands as questions
from bot.features.questions import service
from bot.features.understanding import words as reader_views
from bot.hands import menus
from bot.hands.shape import Registry
from bot.road.turn import Turn
from bot.words import commands as views
from bot.words import meanings as meaning_views

INLINE_START = "hoi"  # the code that the button over inline cards opens the chat with


async def on_start(update: Update, turn: Turn) -> None:
    """Welcome, or take the role that an invitation's code opens; an unknown code gets a polite line first."""
    if not access.is_private(update):
        turn.say(questions.addressed(update, views.welcome(in_group=turn.bot.username)))
        return
    if turn.args and turn.args[0] != INLINE_START:
        if await people.on_code(turn, turn.args[0]):
            return
        turn.say(views.unknown_code())
    turn.say(views.welcome())
    await people.greet(turn)
    await menus.show(turn)


async def on_help(update: Update, turn: Turn) -> None:
    """What can be asked, by examples, and this person's commands."""
    registry = turn.resource(Registry)
    audiences = await registry.find_audiences(turn.db, turn.person) if turn.person else frozenset()
    commands = registry.seen_by(audiences)
    if not access.is_private(update):
        commands = [command for command in commands if command.in_groups]
    lines = [(command.name, command.wording.help) for command in commands]
    reader = turn.settings.reader_host
    sends = reader_views.leaves_the_house(reader) if reader else ""
    turn.say(questions.addressed(update, views.help_text(lines, bot_name=turn.bot.username, sends=sends)))


async def on_cancel(update: Update, turn: Turn) -> None:
    """Leave the dialog that is open; otherwise let go of the last question."""
    if access.is_private(update):
        for dialog in turn.resource(Registry).dialogs:
            if await dialog.leave(update, turn):
                return
    left = False
    if turn.chat_id is not None and turn.person is not None:
        person_id = turn.person.telegram_id
        left = await service.leave(turn.db, chat_id=turn.chat_id, person_id=person_id, now=turn.now)
    turn.say(questions.addressed(update, views.topic_left() if left else views.nothing_to_leave()))


async def on_me(_update: Update, turn: Turn) -> None:
    """/toi: who somebody is here and what they may do."""
    if not await people.tell_services(turn):
        by_settings = turn.person is not None and turn.person.is_admin
        name = turn.person.name if turn.person is not None else ""
        turn.say(meaning_views.admin_of_all() if by_settings else meaning_views.nobody_yet(escape(name)))


async def on_forget(update: Update, turn: Turn) -> None:
    """Ask whether somebody really wants to be forgotten."""
    turn.say(views.confirm_forget())


async def on_forget_confirmed(update: Update, turn: Turn, rest: str) -> None:
    """Forget them, in every feature; only whoever tapped, and only in their private chat."""
    if turn.person is None or not access.is_private(update) or rest not in {"yes", "no"}:
        turn.answer_tap(views.button_gone(), alert=True)
        return
    message = update.effective_message
    edits = message.message_id if isinstance(message, Message) else None
    if rest == "no":
        turn.say(views.not_forgotten(edits))
        return
    for forget in turn.resource(Registry).forget:
        await forget(turn.db, turn.person.telegram_id)
    turn.say(views.forgotten(edits))
    await menus.show(turn)
