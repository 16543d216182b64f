"""Who asks, and what they may do: decided here for every message, button and inline query."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat, Update

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever an update comes from, known by the Telegram id alone: user names change hands.

    Attributes:
        name: the display name, for addressing only; it proves nothing.
        is_anonymous: an admin of a group who hides behind it, or a channel: nobody in particular.
    """

    telegram_id: int
    name: str
    is_admin: bool = False
    is_anonymous: bool = False


def identify(update: Update, settings: Settings) -> Person | None:
    """The person behind an update; None where there is none, as with channel posts."""
    user = update.effective_user
    if user is None:
        return None
    message = update.effective_message
    hidden = message is not None and update.callback_query is None and message.sender_chat is not None
    return Person(
        telegram_id=user.id,
        name=user.full_name,
        is_admin=not hidden and user.id in settings.admin_ids,
        is_anonymous=hidden,
    )


def is_private(update: Update) -> bool:
    """Whether it comes from a chat with one person: the only place where figures are taken."""
    chat = update.effective_chat
    return chat is not None and chat.type == Chat.PRIVATE
