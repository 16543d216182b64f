"""Questions in chats, their edits, the buttons under answers, and cards for other chats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode

from bot.features.questions import service as questions
from bot.features.questions import words as views
from bot.features.questions.service import Told
from bot.features.relay import commands as relay
from bot.hands.feature import Feature, Meant, RawTap
from bot.hands.registry import Registry
from bot.reader import Frame
from bot.road.reply import Button, split_html
from bot.road.turn import Turn
from bot.words import commands as command_views
from bot.words import meanings as meaning_words
from bot.words.answers import EXAMPLES
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.model.answers import Kind
from knowledge.model.questions import Question
from storage import conversations, messages

CARDS_KEPT_FOR = timedelta(minutes=5)
MOST_PAGES = 9


async def answer(turn: Turn, text: str) -> None:
    """Answer what was asked in a message, by what a second reader made of it where that is the better reading."""
    message = turn.incoming.effective_message
    assert message is not None
    frame = turn.prepared if turn.read_otherwise and isinstance(turn.prepared, Frame) else None
    told = await _ask(turn, text, frame=frame)
    reply = views.told(told)
    if told.answer.kind is Kind.SILENT:
        reply = replace(reply, buttons=(*reply.buttons, *await relay.offer(turn, text)))
    turn.say(replace(turn.addressed(reply), key=answer_key(message)))


def answer_key(message: Message) -> str:
    """What the answer to a message is known by, so that it can be changed when the message is."""
    return f"answer:{message.chat.id}:{message.message_id}"


async def answer_again(turn: Turn, text: str) -> None:
    """Change the answer to a message that was edited; messages that got no answer of ours are left alone."""
    message = turn.incoming.effective_message
    assert message is not None
    key = answer_key(message)
    keys = [key, *(f"{key}#{number}" for number in range(2, MOST_PAGES + 1))]
    known = await messages.find_deliveries(turn.db, keys)
    if key not in known:
        return
    told = await _ask(turn, text)
    reply = turn.addressed(views.told(told))
    pages = split_html(reply.text)
    for number, page in enumerate(pages):
        part = replace(reply, text=page, buttons=reply.buttons if number == len(pages) - 1 else ())
        own = keys[number] if number < MOST_PAGES else None
        turn.say(replace(part, edits_key=own) if own in known else replace(part, key=own))
    for key in keys[len(pages) :]:
        if key in known and known[key].message_id is not None:
            turn.call_later("deleteMessage", chat_id=message.chat.id, message_id=known[key].message_id)


async def _ask(turn: Turn, text: str, *, is_whole: bool = False, frame: Frame | None = None) -> Told:
    said = turn.message or turn.incoming.edited_message
    assert turn.chat_id is not None
    return await questions.ask(
        turn.db,
        turn.resource(Adviser),
        text,
        chat_id=turn.chat_id,
        person_id=_person(turn),
        now=turn.now,
        today=_today(turn),
        message_id=said.message_id if said is not None else 0,
        is_edit=turn.incoming.edited_message is not None,
        is_whole=is_whole,
        own_plan=await _own_plan(turn),
        instead=await _question_replied_to(turn),
        frame=frame,
    )


def _person(turn: Turn) -> int | None:
    return None if turn.person is None or turn.person.is_anonymous else turn.person.telegram_id


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn.settings.timezone).date()


async def _own_plan(turn: Turn) -> str | None:
    if turn.person is None:
        return None
    return await turn.resource(Registry).find_own_plan(turn.db, turn.person)


async def _question_replied_to(turn: Turn) -> Question | None:
    """In a group, the question behind the answer that somebody replies to."""
    message = turn.incoming.effective_message
    replied = message.reply_to_message if message is not None else None
    if replied is None or replied.reply_markup is None or turn.is_private:
        return None
    for button in (button for row in replied.reply_markup.inline_keyboard for button in row):
        parts = str(button.callback_data or "").split(":")
        if len(parts) == 3 and parts[0] in {"q", "s", "v"}:
            return await questions.find_context_of(turn.db, parts[1])
    return None


async def on_offered(turn: Turn, rest: str) -> None:
    """Another year, another plan: the question behind a button."""
    token, number = _token_and_number(rest)
    assert turn.chat_id is not None
    told = await questions.ask_offered(
        turn.db,
        turn.resource(Adviser),
        token,
        number,
        chat_id=turn.chat_id,
        person_id=_person(turn),
        now=turn.now,
        today=_today(turn),
        own_plan=await _own_plan(turn),
    )
    if told is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.say(views.told(told))


async def on_section(turn: Turn, rest: str) -> None:
    """The whole section an answer stands in."""
    token, number = _token_and_number(rest)
    section = await questions.find_section(turn.db, turn.resource(Adviser), token, number, person_id=_person(turn))
    if section is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.say(views.section(section))


async def on_vote(turn: Turn, rest: str) -> None:
    """**Đúng** or **Chưa đúng**."""
    token, number = _token_and_number(rest)
    changed = None
    if number in (0, 1):
        good = bool(number)
        changed = await questions.vote(turn.db, token, good=good, person_id=_person(turn), today=_today(turn))
    if changed is None:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.answer_tap(views.thanks(good=good))
    message = turn.incoming.effective_message
    if changed and isinstance(message, Message) and message.reply_markup is not None:
        rows = views.marked_vote(_buttons(message.reply_markup), good=good)
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


def _token_and_number(rest: str) -> tuple[str, int]:
    """What a button carries; a number of -1 where it was tampered with."""
    token, _, number = rest.partition(":")
    return token, int(number) if number.isdecimal() and len(number) < 4 else -1


async def on_example(turn: Turn, rest: str) -> None:
    """An example of /start or /help, asked as if it were typed."""
    number = int(rest) if rest.isdecimal() and len(rest) < 4 else -1
    if not 0 <= number < len(EXAMPLES):
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    turn.say(views.told(await _ask(turn, EXAMPLES[number], is_whole=True)))


async def offer_cards(turn: Turn) -> None:
    """Answer an inline query with cards: title, description, and the full text to send."""
    query = turn.incoming.inline_query
    assert query is not None
    own_plan = await _own_plan(turn)
    cards = questions.make_cards(turn.resource(Adviser), query.query, EXAMPLES, own_plan)
    results: list[Any] = [
        InlineQueryResultArticle(
            id=str(number),
            title=views.card_title(card),
            description=views.card_description(card),
            input_message_content=InputTextMessageContent(
                split_html(views.card_text(card))[0],
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
        )
        for number, card in enumerate(cards)
    ]
    turn.answer_inline(
        results,
        cache_for=CARDS_KEPT_FOR,
        personal=own_plan is not None,
        button=InlineQueryResultsButton(views.ask_in_private(), start_parameter="hoi"),
    )


async def answer_fragment(turn: Turn, text: str) -> None:
    """The answer to a dialog that is over: it is most likely a fragment that leans on the last question."""
    if load_words().find_label(text) is Meaning.ANSWER:
        turn.say(turn.addressed(meaning_words.nothing_asked()))
    else:
        await answer(turn, text)


FEATURE = Feature(
    "questions",
    taps=(RawTap("q", on_offered), RawTap("s", on_section), RawTap("v", on_vote), RawTap("ask", on_example)),
    meanings={
        Meaning.PLAN_QUESTION: Meant(answer, in_groups=True, aside=True, is_talk=True),
        Meaning.UNKNOWN: Meant(answer, in_groups=True, aside=True, is_talk=True),
        Meaning.ANSWER: Meant(answer_fragment, in_groups=True, aside=True),
    },
    forget=(conversations.forget_person,),
    answer_again=answer_again,
    answer_inline=offer_cards,
)
