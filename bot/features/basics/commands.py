"""The commands that are about the bot itself: /help, /huy, /xoadulieu, and talk."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Message

from bot.features.questions import service
from bot.hands import menus
from bot.hands.feature import Command, Feature, Meant, RawTap, without_words
from bot.hands.registry import Registry
from bot.road.reply import Reply
from bot.road.turn import Turn
from bot.words import commands as views
from bot.words import meanings as meaning_views
from knowledge.answer import Adviser
from knowledge.meanings import Meaning


async def on_help(turn: Turn) -> None:
    """What can be asked, by examples, and this person's commands."""
    registry = turn.resource(Registry)
    audiences = await registry.find_audiences(turn.db, turn.person) if turn.person else frozenset()
    commands = registry.seen_by(audiences)
    if not turn.is_private:
        commands = [command for command in commands if command.in_groups]
    lines = [(command.name, command.wording.help) for command in commands]
    reader = turn.settings.reader_host
    sends = views.leaves_the_house(reader) if reader else ""
    turn.say(turn.addressed(views.help_text(lines, bot_name=turn.bot.username, sends=sends)))


async def on_cancel(turn: Turn) -> None:
    """Leave the dialog that is open; otherwise let go of the last question."""
    if turn.is_private:
        for dialog in turn.resource(Registry).dialogs:
            if await dialog.leave(turn):
                return
    left = False
    if turn.chat_id is not None and turn.person is not None:
        person_id = turn.person.telegram_id
        left = await service.leave(turn.db, chat_id=turn.chat_id, person_id=person_id, now=turn.now)
    turn.say(turn.addressed(views.topic_left() if left else views.nothing_to_leave()))


async def on_forget(turn: Turn) -> None:
    """Ask whether somebody really wants to be forgotten."""
    turn.say(views.confirm_forget())


async def on_forget_confirmed(turn: Turn, rest: str) -> None:
    """Forget them, in every feature; only whoever tapped, and only in their private chat."""
    if turn.person is None or not turn.is_private or rest not in {"yes", "no"}:
        turn.answer_tap(views.button_gone(), alert=True)
        return
    message = turn.incoming.effective_message
    edits = message.message_id if isinstance(message, Message) else None
    if rest == "no":
        turn.say(views.not_forgotten(edits))
        return
    for forget in turn.resource(Registry).forget:
        await forget(turn.db, turn.person.telegram_id)
    turn.say(views.forgotten(edits))
    await menus.show(turn)


def _talk(reply: Callable[[], Reply]) -> Meant:
    """A reply to talk; what the plans hold nothing to look up for is greeted as questions are."""

    async def run(turn: Turn, text: str) -> None:
        if turn.resource(Adviser).is_greeting(text):
            await turn.resource(Registry).get_meant(Meaning.UNKNOWN).act(turn, text)
        else:
            turn.say(turn.addressed(reply()))

    return Meant(run, in_groups=True, aside=True, is_talk=True, for_guests=True)


FEATURE = Feature(
    "basics",
    commands=(
        Command("help", on_help, views.HELP, in_groups=True, place=20),
        Command("huy", on_cancel, views.CANCEL, in_groups=True, place=70),
        Command("xoadulieu", on_forget, views.FORGET, place=80),
    ),
    taps=(RawTap("forget", on_forget_confirmed),),
    meanings={
        Meaning.HELP: Meant(without_words(on_help), in_groups=True, shows=True, for_guests=True),
        Meaning.CANCEL: Meant(without_words(on_cancel), in_groups=True),
        Meaning.FORGET: Meant(without_words(on_forget), for_guests=True),
        Meaning.COURTESY: _talk(meaning_views.courtesy),
        Meaning.ABOUT_BOT: _talk(meaning_views.about_bot),
    },
)
