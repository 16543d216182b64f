"""The commands that are about the bot itself: /help, /huy, /xoadulieu, and talk."""

from __future__ import annotations

from bot.features.basics import traces, words
from bot.features.basics.taps import ConfirmForgetting, Resolve
from bot.hands import menus
from bot.hands.asking import Asking, privately
from bot.hands.feature import Command, Feature, Meant, without_words
from bot.hands.registry import Registry
from bot.hands.taps import On
from bot.road.turn import Turn
from bot.services import conversation
from bot.words import talk
from bot.words.calling import address
from knowledge.answer import Adviser
from knowledge.meanings import Meaning


async def on_help(turn: Turn) -> None:
    """What can be asked, by examples, and this person's commands."""
    registry = turn.resource(Registry)
    asker = await turn.find_asker()
    audiences = registry.list_audiences(asker) if asker is not None else frozenset()
    commands = registry.seen_by(audiences)
    if not turn.is_private:
        commands = [command for command in commands if command.in_groups]
    lines = [(command.name, command.line) for command in commands]
    reader = turn.settings.reader_host
    sends = words.leaves_the_house(reader) if reader else ""
    support = turn.settings.support_contact
    turn.say(turn.addressed(words.help_text(lines, bot_name=turn.bot.username, sends=sends, support=support)))


async def on_cancel(turn: Turn) -> None:
    """Leave the dialog that is open; otherwise let go of the last question."""
    await turn.find_asker()
    if turn.is_private:
        for dialog in turn.resource(Registry).dialogs:
            if await dialog.leave(turn):
                return
    left = False
    if turn.chat_id is not None and turn.person is not None:
        person_id = turn.person.telegram_id
        left = await conversation.leave(turn.db, chat_id=turn.chat_id, person_id=person_id, now=turn.now)
    turn.say(turn.addressed(words.topic_left() if left else words.nothing_to_leave()))


async def on_forget(turn: Turn) -> None:
    """Ask whether somebody really wants to be forgotten."""
    await turn.find_asker()
    turn.say(words.confirm_forget())


@privately
async def on_forget_confirmed(turn: Turn, asking: Asking, tap: ConfirmForgetting) -> None:
    """Forget them, in every feature; only whoever tapped, and only in their private chat."""
    if tap.resolve is Resolve.KEEP:
        turn.say(words.not_forgotten(turn.tapped))
        return
    for forget in turn.resource(Registry).forget:
        await forget(turn.db, asking.asker.telegram_id)
    turn.forget_chat()
    turn.say(words.forgotten(turn.tapped))
    await menus.show(turn)


async def on_courtesy(turn: Turn, text: str) -> None:
    """Courtesy is answered with courtesy, by name."""
    asker = await turn.find_asker()
    turn.say(turn.addressed(talk.courtesy(text, address(asker.name if asker is not None else ""))))


async def on_about(turn: Turn, text: str) -> None:
    """Who the bot is; what the plans hold nothing to look up for is greeted as questions are."""
    if turn.resource(Adviser).is_greeting(text):
        await turn.resource(Registry).get_meant(Meaning.UNKNOWN).act(turn, text)
    else:
        turn.say(turn.addressed(talk.about_bot()))


FEATURE = Feature(
    "basics",
    commands=(
        Command("help", on_help, in_groups=True, place=20),
        Command("huy", on_cancel, in_groups=True, place=70),
        Command("xoadulieu", on_forget, place=80),
    ),
    forget=(traces.forget,),
    taps=(On(ConfirmForgetting, on_forget_confirmed),),
    meanings={
        Meaning.HELP: Meant(without_words(on_help), in_groups=True, shows=True, for_guests=True),
        Meaning.CANCEL: Meant(without_words(on_cancel), in_groups=True),
        Meaning.FORGET: Meant(without_words(on_forget), for_guests=True),
        Meaning.COURTESY: Meant(on_courtesy, in_groups=True, aside=True, is_talk=True, for_guests=True),
        Meaning.ABOUT_BOT: Meant(on_about, in_groups=True, aside=True, is_talk=True, for_guests=True),
    },
)
