"""**Hỏi cấp trên**: a question that the plans do not answer goes up to a supervisor, and the reply comes back."""

from __future__ import annotations

from bot.features.relay import service, words
from bot.features.relay.dialogs import KEEPER, AnswerDialog
from bot.features.relay.service import NotPassed
from bot.features.relay.taps import AnswerBelow, AskAbove
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.feature import Dialog, Feature
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
    for chat in passed.chats:
        turn.say_to(chat, words.to_supervisor(asking.asker.name, passed))
    turn.say(words.asked(len(passed.chats)))


@privately
async def on_answer(turn: Turn, asking: Asking, tap: AnswerBelow) -> None:
    """Ask the supervisor for the answer."""
    waiting = or_gone(await service.find_waiting(asking, tap.relay))
    if waiting.is_answered:
        raise TapRefusedError(words.answered_already())
    await KEEPER.keep(asking.db, asking.chat_id, AnswerDialog(waiting.id), asking.now)
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


FEATURE = Feature(
    "relay",
    taps=(On(AskAbove, on_ask), On(AnswerBelow, on_answer)),
    dialogs=(Dialog(hear=hear, leave=KEEPER.leaving(words.left), feature=KEEPER.feature),),
    forget=(service.forget,),
    below_silence=offer,
    join=service.join,
)
