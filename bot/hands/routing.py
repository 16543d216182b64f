"""The router: hands messages, edits, taps and inline queries to the feature they belong to.

In a private chat: a command; an open dialog's answer; what the words mean, a question most often. In a group
the bot listens only when it is addressed by name or replied to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from telegram import Bot, Message, MessageEntity, Update

from bot.access import AccessDeniedError
from bot.hands import meaning
from bot.hands.dialogs import is_given_up
from bot.hands.feature import Dialog
from bot.hands.meaning import Hearing, note_hearing
from bot.hands.registry import Registry
from bot.hands.taps import TapRefusedError
from bot.labels import load_labels
from bot.road.turn import Turn
from bot.words import commands as access_words
from bot.words.commands import only_in_private, unknown_command
from bot.words.talk import Content, button_gone, not_words
from knowledge.meanings import Meaning, Understood
from storage import dialogs

Value = TypeVar("Value")

BEGINNING: Final = "start"
"""The command that greets, also whoever calls the bot by name and says nothing."""
SURE_TO_LEAVE: Final = 0.6
"""Probability (0–1) from which words leave a dialog that takes no free words."""

_CONTENT = (
    ("voice", Content.VOICE),
    ("audio", Content.VOICE),
    ("photo", Content.PHOTO),
    ("animation", Content.VIDEO),
    ("video_note", Content.VIDEO),
    ("video", Content.VIDEO),
    ("story", Content.VIDEO),
    ("sticker", Content.STICKER),
    ("document", Content.DOCUMENT),
    ("venue", Content.LOCATION),
    ("location", Content.LOCATION),
    ("contact", Content.CONTACT),
    ("poll", Content.POLL),
    ("dice", Content.GAME),
    ("game", Content.GAME),
)
# What the chat itself reports, and nobody says.
_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "connected_website",
    "write_access_allowed",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway_completed",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "users_shared",
    "chat_shared",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message to the bot: its text without the bot's own name, and the command it begins with."""

    text: str
    command: str | None = None
    is_forwarded: bool = False
    is_named: bool = False

    @property
    def argument(self) -> str:
        """What follows the command."""
        return self.text.partition(" ")[2].strip() if self.command else self.text


def read_said(message: Message, bot: Bot) -> Said | None:
    """Read a message; None where it is not addressed to the bot: "@bot /huy" → command "huy". Pure."""
    text = message.text or message.caption or ""
    entities = message.entities if message.text else message.caption_entities
    is_private = message.chat.type == message.chat.PRIVATE
    replied = message.reply_to_message is not None and _is_bot(message.reply_to_message, bot)
    named = [entity for entity in entities if _names(message, entity, text, bot)]
    command, addressee = _command(text, entities)
    if addressee not in ("", (bot.username or "").lower()) or not (is_private or replied or named or command):
        return None
    for entity in sorted(named, key=lambda entity: -entity.offset):
        units = text.encode("utf-16-le")
        text = (units[: entity.offset * 2] + units[(entity.offset + entity.length) * 2 :]).decode("utf-16-le")
    text = text.strip()
    if command is None and named and text.startswith("/"):
        command = text[1:].split()[0].split("@")[0] if text[1:].split() else None
    is_named = is_private or bool(named) or bool(addressee)
    return Said(text.strip(" ,:") if named else text, command, message.forward_origin is not None, is_named)


def _is_bot(message: Message, bot: Bot) -> bool:
    return message.from_user is not None and message.from_user.id == bot.id


def _names(message: Message, entity: MessageEntity, text: str, bot: Bot) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    if entity.type != MessageEntity.MENTION:
        return False
    parse = message.parse_entity if message.text else message.parse_caption_entity
    return parse(entity).lower() == f"@{bot.username}".lower()


def _command(text: str, entities: tuple[MessageEntity, ...]) -> tuple[str | None, str]:
    """The command at the beginning, and the bot it names, in lower case."""
    if not any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in entities):
        return None, ""
    name, _, addressee = text.split(maxsplit=1)[0][1:].partition("@")
    return name, addressee.lower()


class Router:
    """PTB's callbacks; everything it knows is in the registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def on_message(self, update: Update, turn: Turn) -> None:
        """Handle a new message. A handler raises AccessDeniedError before it changes anything, or not at all."""
        try:
            await self._hear(update, turn)
        except AccessDeniedError as denied:
            turn.say(turn.addressed(access_words.denied(denied.right)))
        except TapRefusedError as gone:
            turn.answer_tap(gone.toast, alert=True)

    async def _hear(self, update: Update, turn: Turn) -> None:
        message = update.message
        if message is None or _is_own_card(message, turn.bot) or _is_service(message):
            return
        said = read_said(message, turn.bot)
        if said is None:
            return
        is_command = said.command is not None and not said.is_forwarded
        if is_command and message.document is None:
            await self._obey(turn, said.command or "", said)
            return
        listening = await self._listening(turn) if turn.is_private else []
        if message.document is not None:
            listening.sort(key=lambda dialog: not dialog.takes_forwarded)  # a file is for whoever reads files
        is_read = bool(said.text) and not said.is_forwarded and not is_command
        found = await meaning.read(turn, said.text) if is_read else None
        turn.meant = found
        if found is not None and await self._is_left(turn, found, said.text):
            return
        for dialog in listening:
            may_hear = dialog.takes_forwarded or not (said.is_forwarded or is_command)
            if may_hear and await _closing_what_is_denied(turn, dialog.hear):
                note_hearing(turn, Meaning.ANSWER.value, Hearing.YES)
                return
        if is_command:
            await self._obey(turn, said.command or "", said)
            return
        if message.text is None and not said.text:
            note_hearing(turn, Meaning.UNKNOWN.value, Hearing.NO)
            turn.say(turn.addressed(not_words(_content(message))))
            return
        if not said.text:
            await self._obey(turn, BEGINNING, said)
            return
        if found is None:
            note_hearing(turn, Meaning.UNKNOWN.value, Hearing.NO)
            await self._registry.get_meant(Meaning.UNKNOWN).act(turn, said.text)
        else:
            await meaning.act(turn, found, said.text)
        if turn.in_dialog is not None and (found is None or self._registry.get_meant(found.means).aside):
            for dialog in listening:
                if dialog.resume is not None:
                    await _closing_what_is_denied(turn, dialog.resume)

    async def _listening(self, turn: Turn) -> list[Dialog]:
        """The dialogs that may take the message, found by one look-up instead of one for each."""
        found = await dialogs.find_dialog(turn.db, turn.chat_id) if turn.chat_id is not None else None
        if found is not None and self._find_own(found.feature) is not None and is_given_up(found, turn.now):
            await dialogs.close_dialog(turn.db, found.chat_id, feature=found.feature)
            found = None
        turn.in_dialog = found
        feature = found.feature if found is not None else None
        return [each for each in self._registry.dialogs if each.feature is None or each.feature == feature]

    def _find_own(self, feature: str) -> Dialog | None:
        """The dialog of a feature that hears only while it is open; None where the feature has none."""
        return next((each for each in self._registry.dialogs if each.feature == feature), None)

    async def _is_left(self, turn: Turn, found: Understood, text: str) -> bool:
        """Whether words that mean leaving leave the open dialog instead of being its answer.

        Where free words are asked for (a notice, a reply), only the label itself leaves.
        """
        dialog = self._find_own(turn.in_dialog.feature) if turn.in_dialog is not None else None
        if dialog is None or found.means is not Meaning.CANCEL:
            return False
        is_label = load_labels().find(text) is Meaning.CANCEL
        if not is_label and not (dialog.leaves_when_sure and found.sure >= SURE_TO_LEAVE):
            return False
        await self._registry.get_meant(Meaning.CANCEL).act(turn, text)
        return True

    async def _obey(self, turn: Turn, name: str, said: Said) -> None:
        command = self._registry.find_command(name)
        if command is None and not said.is_named:  # in a group, it may be another bot's
            return
        note_hearing(turn, "command", Hearing.YES if command is not None else Hearing.NO)
        if command is None:
            alike = self._registry.find_alike(name)
            turn.say(turn.addressed(unknown_command(name, alike.name if alike else None)))
        elif not turn.is_private and not command.in_groups:
            turn.say(turn.addressed(only_in_private(turn.bot.username, command.name if command.by_link else "")))
        else:
            turn.args = said.argument.split()
            await command.handle(turn)

    async def on_edited(self, update: Update, turn: Turn) -> None:
        """Handle an edited message: a question is answered anew; nothing else is done again because of an edit."""
        message = update.edited_message
        if message is None or _is_own_card(message, turn.bot):
            return
        for dialog in self._registry.dialogs:
            if dialog.hear_edited is not None and await dialog.hear_edited(turn):
                return
        said = read_said(message, turn.bot)
        if said is None or not said.text or said.command is not None:
            return
        for feature in self._registry.features:
            if feature.answer_again is not None:
                await feature.answer_again(turn, said.text)

    async def on_tap(self, update: Update, turn: Turn) -> None:
        """Handle a tap; its data may be forged."""
        query = update.callback_query
        try:
            known = turn.chat_id is not None and turn.person is not None and query is not None
            is_ours = known and await self._registry.tap(turn, (query.data if query else None) or "")
            note_hearing(turn, "tap", Hearing.YES if is_ours else Hearing.NO)
            if not is_ours:
                turn.answer_tap(button_gone(), alert=True)
        except TapRefusedError as gone:
            turn.answer_tap(gone.toast, alert=True)
        except AccessDeniedError as denied:
            turn.answer_tap(access_words.denied_line(denied.right), alert=True)

    async def on_inline(self, _update: Update, turn: Turn) -> None:
        """Handle an inline query: the bot's name and a question, typed in any chat."""
        for feature in self._registry.features:
            if feature.answer_inline is not None:
                await feature.answer_inline(turn)


async def _closing_what_is_denied(turn: Turn, go_on: Callable[[Turn], Awaitable[Value]]) -> Value:
    """Go on with the open dialog; one whose role has ended meanwhile is closed, so that the next message is a new one.

    Raises:
        AccessDeniedError: it is not allowed any more.
    """
    try:
        return await go_on(turn)
    except AccessDeniedError:
        if turn.in_dialog is not None:
            await dialogs.close_dialog(turn.db, turn.in_dialog.chat_id, feature=turn.in_dialog.feature)
        raise


def _is_own_card(message: Message, bot: Bot) -> bool:
    """Whether a message is one of our own cards or comes from a bot: neither asks anything."""
    if message.via_bot is not None and message.via_bot.id == bot.id:
        return True
    return message.from_user is not None and message.from_user.is_bot and message.sender_chat is None


def _is_service(message: Message) -> bool:
    return message.text is None and any(getattr(message, name, None) for name in _SERVICE)


def _content(message: Message) -> Content:
    return next((content for name, content in _CONTENT if getattr(message, name, None)), Content.OTHER)
