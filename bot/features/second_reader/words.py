"""How a second reading is told: what was understood, in the catalogue's words and the names of what the bot does."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from bot.hands.meaning import ChooseMeaning
from bot.road.reply import Reply
from bot.words import meanings
from knowledge.meanings import Meaning
from knowledge.model.answers import Answer, Kind
from knowledge.text import shorten

LONGEST = 200
LONGEST_NAME = 80
_HEAD = "Tôi hiểu là: <i>{}</i>"


def understood(answer: Answer) -> str:
    """The line above an answer, which names what it is about; empty where it is about nothing."""
    subject = _subject(answer)
    return _HEAD.format(escape(shorten(subject, LONGEST))) if subject else ""


def _subject(answer: Answer) -> str:
    match answer.kind:
        case Kind.TARGETS:
            named = [group.name for group in answer.groups] or [absence.name for absence in answer.absences]
            return f"chỉ tiêu {_quoted(dict.fromkeys(named))}"
        case Kind.OVERVIEW:
            return "các chỉ tiêu của " + "; ".join(group.name for group in answer.groups)
        case Kind.PASSAGES | Kind.OUTLINE if answer.passages:
            first = answer.passages[0]
            if first.deadline is not None:
                return f"thời hạn {_quoted([first.deadline.what])}"
            return f"nhiệm vụ {_quoted([first.task.summary])}" if first.task is not None else ""
        case Kind.ROWS:
            return f"mục của biểu mẫu {_quoted(row.row.short for row in answer.rows)}"
        case Kind.DOCUMENTS:
            return "văn bản " + "; ".join(plan.citation for plan in answer.documents)
        case _:
            return ""


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{shorten(name, LONGEST_NAME)}”" for name in names)


def understood_as(meaning: Meaning) -> Reply:
    """Above what is shown to a message that means something the bot does."""
    return Reply(_HEAD.format(escape(meanings.name(meaning))))


def offer(meaning: Meaning, tap: ChooseMeaning) -> Reply:
    """To a message that would begin something: it is begun by a tap only."""
    name = meanings.name(meaning)
    return Reply(
        f"{_HEAD.format(escape(name))}. Đúng vậy thì anh/chị bấm nút dưới đây, chưa đúng thì gõ lại giúp.",
        ((tap.button(name),),),
    )
