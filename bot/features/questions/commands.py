"""Questions in chats, their edits, the buttons under answers, and cards for other chats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from telegram import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode

from bot.features.questions import service, words
from bot.features.questions.service import Told
from bot.features.questions.taps import AskOffered, ShowFurther, ShowSection, VoteOnAnswer, find_token
from bot.hands.feature import Feature, Meant
from bot.hands.registry import Registry
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.labels import load_labels
from bot.reader import Frame
from bot.road.reply import Button, split_html
from bot.road.turn import Turn
from bot.services.conversation import Conversation
from bot.taps import AskExample
from bot.words.answers import EXAMPLES
from bot.words.talk import button_gone
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.model.questions import Question

CARDS_KEPT_FOR: Final = timedelta(minutes=5)
MOST_PAGES: Final = 9


async def answer(turn: Turn, text: str) -> None:
    """Answer what was asked in a message, by what a second reader made of it where that is the better reading."""
    message = turn.incoming.effective_message
    assert message is not None
    frame = turn.prepared if turn.read_otherwise and isinstance(turn.prepared, Frame) else None
    told = await _ask(turn, text, frame=frame)
    reply = words.told(told)
    if told.answer.may_be_silent:
        reply = replace(reply, buttons=(*reply.buttons, *await turn.resource(Registry).offer_below_silence(turn, text)))
    turn.say(replace(turn.addressed(reply), key=page_keys(message)[0]))


def page_keys(message: Message) -> list[str]:
    """What the pages of the answer to a message are known by, so that they can be changed when the message is."""
    key = f"answer:{message.chat.id}:{message.message_id}"
    return [key, *(f"{key}#{number}" for number in range(2, MOST_PAGES + 1))]


async def answer_again(turn: Turn, text: str) -> None:
    """Change the answer to a message that was edited; messages that got no answer of ours are left alone."""
    message = turn.incoming.effective_message
    assert message is not None
    keys = page_keys(message)
    sent = await service.find_sent_pages(turn.db, keys)
    if keys[0] not in sent:
        return
    reply = turn.addressed(words.told(await _ask(turn, text)))
    pages = split_html(reply.text)
    for number, page in enumerate(pages):
        part = replace(reply, text=page, buttons=reply.buttons if number == len(pages) - 1 else ())
        own = keys[number] if number < MOST_PAGES else None
        turn.say(replace(part, edits_key=own) if own in sent else replace(part, key=own))
    for key in keys[len(pages) :]:
        if sent.get(key) is not None:
            turn.call_later("deleteMessage", chat_id=message.chat.id, message_id=sent[key])


async def _ask(turn: Turn, text: str, *, frame: Frame | None = None) -> Told:
    said = turn.message or turn.incoming.edited_message
    return await service.ask(
        await _conversation(turn),
        text,
        message_id=said.message_id if said is not None else 0,
        is_edit=turn.incoming.edited_message is not None,
        instead=await _question_replied_to(turn),
        frame=frame,
    )


async def _conversation(turn: Turn) -> Conversation:
    assert turn.chat_id is not None
    person_id = None if turn.person is None or turn.person.is_anonymous else turn.person.telegram_id
    adviser, own = turn.resource(Adviser), await _find_own_plans(turn)
    return Conversation(turn.db, adviser, turn.chat_id, person_id, turn.now, turn.today, own)


async def _find_own_plans(turn: Turn) -> tuple[str, ...]:
    asker = await turn.find_asker()
    return await turn.resource(Registry).find_own_plans(turn.db, asker) if asker is not None else ()


async def _question_replied_to(turn: Turn) -> Question | None:
    """In a group, the question behind the answer that somebody replies to."""
    message = turn.incoming.effective_message
    replied = message.reply_to_message if message is not None else None
    if replied is None or replied.reply_markup is None or turn.is_private:
        return None
    for button in (button for row in replied.reply_markup.inline_keyboard for button in row):
        token = find_token(str(button.callback_data or ""))
        if token is not None:
            return await service.find_question_of(turn.db, token)
    return None


async def on_offered(turn: Turn, tap: AskOffered) -> None:
    told = or_gone(await service.ask_offered(await _conversation(turn), tap.token, tap.number))
    turn.say(words.told(told))


async def on_further(turn: Turn, tap: ShowFurther) -> None:
    turn.say(words.told(or_gone(await service.ask_further(await _conversation(turn), tap.token))))


async def on_section(turn: Turn, tap: ShowSection) -> None:
    section = or_gone(await service.find_section(await _conversation(turn), tap.token, tap.number))
    turn.say(words.section(section))


async def on_vote(turn: Turn, tap: VoteOnAnswer) -> None:
    """**Đúng** or **Chưa đúng**."""
    changed = or_gone(await service.vote(await _conversation(turn), tap.token, good=tap.good))
    turn.answer_tap(words.thanks(good=tap.good))
    message = turn.incoming.effective_message
    if changed and isinstance(message, Message) and message.reply_markup is not None:
        rows = words.marked_vote(_buttons(message.reply_markup), good=tap.good)
        keyboard = [[{"text": button.label, "callback_data": button.data} for button in row] for row in rows]
        turn.call_later(
            "editMessageReplyMarkup",
            chat_id=message.chat.id,
            message_id=message.message_id,
            reply_markup={"inline_keyboard": keyboard},
        )


def _buttons(markup: InlineKeyboardMarkup) -> list[list[Button]]:
    return [
        [Button(button.text, data=str(button.callback_data)) for button in row if button.callback_data]
        for row in markup.inline_keyboard
    ]


async def on_example(turn: Turn, tap: AskExample) -> None:
    if tap.number >= len(EXAMPLES):
        raise TapRefusedError(button_gone())
    turn.say(words.told(await service.ask_whole(await _conversation(turn), EXAMPLES[tap.number])))


async def offer_cards(turn: Turn) -> None:
    """Answer an inline query with cards: title, description, and the full text to send."""
    query = turn.incoming.inline_query
    assert query is not None
    own = await _find_own_plans(turn)
    cards = service.make_cards(turn.resource(Adviser), query.query, EXAMPLES, own)
    results: list[Any] = [
        InlineQueryResultArticle(
            id=str(number),
            title=words.card_title(card),
            description=words.card_description(card),
            input_message_content=InputTextMessageContent(
                split_html(words.card_text(card))[0],
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
        )
        for number, card in enumerate(cards)
    ]
    turn.answer_inline(
        results,
        cache_for=CARDS_KEPT_FOR,
        personal=bool(own),
        button=InlineQueryResultsButton(words.ask_in_private(), start_parameter="hoi"),
    )


async def answer_fragment(turn: Turn, text: str) -> None:
    """The answer to a dialog that is over: it is most likely a fragment that leans on the last question."""
    if load_labels().find(text) is Meaning.ANSWER:
        turn.say(turn.addressed(words.nothing_asked()))
    else:
        await answer(turn, text)


FEATURE = Feature(
    "questions",
    taps=(
        On(AskOffered, on_offered),
        On(ShowSection, on_section),
        On(ShowFurther, on_further),
        On(VoteOnAnswer, on_vote),
        On(AskExample, on_example),
    ),
    meanings={
        Meaning.PLAN_QUESTION: Meant(answer, in_groups=True, aside=True, is_talk=True),
        Meaning.UNKNOWN: Meant(answer, in_groups=True, aside=True, is_talk=True),
        Meaning.ANSWER: Meant(answer_fragment, in_groups=True, aside=True),
    },
    forget=(service.forget_person,),
    answer_again=answer_again,
    answer_inline=offer_cards,
)
