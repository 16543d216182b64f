"""How a second reading is told: as what the bot does, shown at once or offered as a button."""

from __future__ import annotations

from bot.hands.meaning import ChooseMeaning
from bot.road.reply import Reply
from bot.words import meanings
from bot.words.talk import understood
from knowledge.meanings import Meaning


def understood_as(meaning: Meaning) -> Reply:
    """Above what is shown to a message that means something the bot does."""
    return Reply(understood(meanings.name(meaning)))


def offer(meaning: Meaning, tap: ChooseMeaning) -> Reply:
    """To a message that would begin something: it is begun by a tap only."""
    name = meanings.name(meaning)
    return Reply(
        f"{understood(name)}. Đúng vậy thì anh/chị bấm nút dưới đây, chưa đúng thì gõ lại giúp.",
        ((tap.button(name),),),
    )
