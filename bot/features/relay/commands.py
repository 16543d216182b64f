"""/lienhe: whom to turn to; and **Hỏi cấp trên**: a question goes up to a supervisor, and the reply comes back.

It is a question that the plans do not answer, or one typed after /lienhe.
"""

from __future__ import annotations

from bot.features.relay import service, words
from bot.features.relay.dialogs import ASKING, KEEPER, AnswerDialog, AskDialog
from bot.features.relay.service import NotPassed, PassedOn
from bot.features.relay.taps import AnswerBelow, AskAbove, WriteAbove
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.feature import Command, Dialog, Feature
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.reply import Button
from bot.road.turn import Turn
from bot.words.talk import Content, button_gone


async def offer(turn: Turn, text: str) -> tuple[tuple[Button, ...], ...]:
    """The button under a question that nothing answers; none for whoever has nobody above, and none in groups."""
    if turn.person is None or not turn.is_private:
        return ()
    offered = await service.offer(await open_asking(turn), text)
    return words.ask_button(offered) if offered is not None else ()


@privately
async def on_ask(turn: Turn, asking: Asking, tap: AskAbove) -> None:
    """Pass the question on."""
    passed = await service.pass_on(asking, tap.token, turn.settings.admin_ids)
    if passed is None:
        raise TapRefusedError(button_gone())
    if isinstance(passed, NotPassed):
        raise TapRefusedError(words.not_passed_on(passed))
    _send_up(turn, asking, passed)


def _send_up(turn: Turn, asking: Asking, passed: PassedOn) -> None:
    for chat in passed.chats:
        turn.say_to(chat, words.to_supervisor(asking.asker.name, passed))
    turn.say(words.asked(len(passed.chats)))


@privately
async def on_contacts(turn: Turn, asking: Asking) -> None:
    """/lienhe: whom to turn to, for each unit of an officer; how to join, for a guest."""
    ways, more = await service.list_ways_up(asking, turn.settings.admin_ids)
    support = turn.settings.support_contact
    if ways:
        turn.say(words.contacts(ways, more, support))
    else:
        turn.say(words.contacts_of_admin(support) if asking.asker.is_admin else words.contacts_of_guest(support))


@privately
async def on_write(turn: Turn, asking: Asking, tap: WriteAbove) -> None:
    """Ask the officer for the question."""
    unit = or_gone(service.find_served(asking, tap.unit))
    await ASKING.keep(asking, AskDialog(unit.id))
    turn.say(words.write_question(unit))


@privately
async def on_answer(turn: Turn, asking: Asking, tap: AnswerBelow) -> None:
    """Ask the supervisor for the answer."""
    waiting = or_gone(await service.find_waiting(asking, tap.relay))
    if waiting.is_answered:
        raise TapRefusedError(words.answered_already())
    await KEEPER.keep(asking, AnswerDialog(waiting.id))
    turn.say(words.write_answer(waiting))


async def hear(turn: Turn) -> bool:
    """Take the next message as the answer, where one is being written."""
    message, dialog = turn.message, KEEPER.read(turn.in_dialog)
    if message is None or dialog is None:
        return False
    if not message.text:
        turn.say(words.only_words(Content.VOICE if message.voice or message.audio else None))
        return True
    asking = await open_asking(turn)
    await KEEPER.close(asking.db, asking.chat_id)
    answered = await service.close(asking, dialog.relay)
    if answered is None:
        return False
    if not answered.is_first:
        turn.say(words.late_answer())
        return True
    turn.say_to(answered.chat_id, words.answer_of(asking.asker.name, answered, message.text.strip()))
    turn.say(words.delivered(answered.asked_by))
    return True


async def hear_question(turn: Turn) -> bool:
    """Take the next message as the question, where one is being written."""
    message, dialog = turn.message, ASKING.read(turn.in_dialog)
    if message is None or dialog is None:
        return False
    if not message.text:
        turn.say(words.only_words_asked(Content.VOICE if message.voice or message.audio else None))
        return True
    asking = await open_asking(turn)
    await ASKING.close(asking.db, asking.chat_id)
    passed = await service.pass_on_written(asking, dialog.unit, message.text, turn.settings.admin_ids)
    if isinstance(passed, NotPassed):
        turn.say(words.not_asked(passed))
    else:
        _send_up(turn, asking, passed)
    return True


FEATURE = Feature(
    "relay",
    commands=(Command("lienhe", on_contacts, place=65),),
    taps=(On(AskAbove, on_ask), On(WriteAbove, on_write), On(AnswerBelow, on_answer)),
    dialogs=(
        Dialog(hear=hear, leave=KEEPER.leaving(words.left), feature=KEEPER.feature),
        Dialog(hear=hear_question, leave=ASKING.leaving(words.question_left), feature=ASKING.feature),
    ),
    forget=(service.forget,),
    below_silence=offer,
    join=service.join,
)
