"""Wording on the terminal for messages that are no question about the plans."""

from __future__ import annotations

from bot.road.reply import Reply
from bot.words import answers, meanings, talk
from knowledge.meanings.model import Meaning


def reply_to(meaning: Meaning, said: str) -> Reply | None:
    """The reply to a message that is no question about the plans; None for a question."""
    match meaning:
        case Meaning.COURTESY:
            return talk.courtesy(said)
        case Meaning.ABOUT_BOT:
            return talk.about_bot()
        case Meaning.HELP:
            return Reply(answers.greeting())
        case Meaning.PLAN_QUESTION | Meaning.UNKNOWN | Meaning.PLANS | Meaning.ANSWER | Meaning.DUE | Meaning.SHARE:
            return None
        case _:
            return Reply(
                f"“{meanings.name(meaning)}” là việc của khung chat Telegram; "
                "ở đây tôi chỉ tra được các kế hoạch, chỉ tiêu."
            )
