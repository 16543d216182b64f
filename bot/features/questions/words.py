"""An answer as it stands in a chat: its text with buttons under it, its cards for inline use, and what taps say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from bot.features.questions.service import Card, Section, Told
from bot.features.questions.taps import AskOffered, ShowFurther, ShowSection, VoteOnAnswer
from bot.road.reply import Button, Reply
from bot.words import answers, plans
from bot.words.talk import understood
from knowledge.model.answers import Answer, AnswerKind, Choice, ChoiceKind, Passage
from knowledge.text import shorten

LABEL_LIMIT = 56
BESIDE = 24  # letters that a label may have to share its row
TITLE_LIMIT = 100
DESCRIPTION_LIMIT = 160
RIGHT = "Đúng"
WRONG = "Chưa đúng"
LONGEST_SUBJECT = 200
LONGEST_NAME = 80


def told(said: Told) -> Reply:
    """An answer in a chat, with its buttons; where a second reader understood the question, with what it understood."""
    subject = _subject(said.answer) if said.by_reader else ""
    text = answers.answer(said.answer, noted=said.noted)
    return Reply(f"{understood(shorten(subject, LONGEST_SUBJECT))}\n\n{text}" if subject else text, _buttons(said))


def _subject(answer: Answer) -> str:
    """What an answer is about; empty where it is about nothing."""
    match answer.kind:
        case AnswerKind.TARGETS:
            named = [group.name for group in answer.groups] or [absence.name for absence in answer.absences]
            return f"chỉ tiêu {_quoted(dict.fromkeys(named))}"
        case AnswerKind.OVERVIEW:
            return "các chỉ tiêu của " + "; ".join(group.name for group in answer.groups)
        case AnswerKind.PASSAGES | AnswerKind.OUTLINE if answer.passages:
            first = answer.passages[0]
            if first.deadline is not None:
                return f"thời hạn {_quoted([first.deadline.what])}"
            return f"nhiệm vụ {_quoted([first.task.summary])}" if first.task is not None else ""
        case AnswerKind.ROWS:
            return f"mục của biểu mẫu {_quoted(row.row.short for row in answer.rows)}"
        case AnswerKind.DOCUMENTS:
            return "văn bản " + "; ".join(plan.citation for plan in answer.documents)
        case _:
            return ""


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{shorten(name, LONGEST_NAME)}”" for name in names)


def _buttons(said: Told) -> tuple[tuple[Button, ...], ...]:
    answer, token = said.answer, said.token
    numbered = list(enumerate(answer.choices[: len(said.questions)]))
    years = [AskOffered(token, n).button(_year(choice)) for n, choice in numbered if choice.kind is ChoiceKind.YEAR]
    others = [
        AskOffered(token, n).button(_short(choice.label))
        for n, choice in numbered
        if choice.kind is not ChoiceKind.YEAR
    ]
    rows: list[tuple[Button, ...]] = []
    if answer.more:
        rows.append((ShowFurther(token).button(f"Xem {answers.further(answer.more)}"),))
    rows += [tuple(years[start : start + 4]) for start in range(0, len(years), 4)]
    rows += _in_rows(others)
    rows += _in_rows(
        [ShowSection(token, n).button(_section(part, said.sections)) for n, part in enumerate(said.sections)]
    )
    if said.takes_votes:
        rows.append((VoteOnAnswer(token, True).button(RIGHT), VoteOnAnswer(token, False).button(WRONG)))
    return tuple(rows)


def _in_rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Two short labels beside each other, long ones alone."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= BESIDE and len(button.label) <= BESIDE:
            rows[-1] = (rows[-1][0], button)
        else:
            rows.append((button,))
    return rows


def _year(choice: Choice) -> str:
    return f"Năm {choice.label}" if choice.label.isdigit() else choice.label


def _section(part: Section, parts: Sequence[Section]) -> str:
    if len({other.plan.id for other in parts}) == 1:
        return f"Xem cả mục {part.number}"
    place = part.plan.short.split(",")[-1]
    for known in ("Thành ủy ", "Tỉnh ủy ", "Công đoàn ", " Việt Nam"):
        place = place.replace(known, "")
    return _short(f"Mục {part.number} – {place.strip()}")


def _short(text: str, limit: int = LABEL_LIMIT) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def marked_vote(rows: Sequence[Sequence[Button]], *, good: bool) -> tuple[tuple[Button, ...], ...]:
    """The same buttons with the vote that was given marked."""

    def mark(button: Button) -> Button:
        tap = VoteOnAnswer.parse(button.data or "")
        if tap is None:
            return button
        return tap.button((RIGHT if tap.good else WRONG) + (" ✓" if tap.good == good else ""))

    return tuple(tuple(mark(button) for button in row) for row in rows)


def thanks(*, good: bool) -> str:
    """The toast after a vote."""
    return "Cảm ơn anh/chị." if good else "Cảm ơn anh/chị, câu này được ghi lại để xem và sửa."


def section(part: Section) -> Reply:
    """Everything the catalogue has from one section of a plan."""
    lines = [f"<b>{plans.source(part.plan, part.number)}</b>"]
    ordered = sorted(part.targets, key=lambda target: target.order)
    for horizon, run in groupby(ordered, key=plans.horizon):
        lines.append(f"<i>{horizon}</i>")
        lines += [plans.target(each) for each in run]
    if given := [task for task in part.tasks if not task.quoted]:
        lines.append("<i>Nhiệm vụ</i>")
        lines += [f"• {escape(task.label or task.section)}: {escape(task.summary)}" for task in given]
    if part.deadlines:
        lines.append("<i>Thời hạn</i>")
        lines += [plans.deadline(due) for due in part.deadlines]
    quoted = [plans.quotation(task.summary) for task in part.tasks if task.quoted]
    if quoted:
        lines += ["<i>Văn bản còn viết</i>", *quoted]
    return Reply("\n".join(lines))


def card_title(card: Card) -> str:
    """The first line of a card."""
    return _short(_title(card.answer, card.choice), TITLE_LIMIT)


def _title(answer: Answer, choice: Choice | None) -> str:
    match answer.kind:
        case AnswerKind.TARGETS if answer.groups:
            group = answer.groups[0]
            figures = list(dict.fromkeys(fact.target.figure for fact in group.facts))
            years = " ".join(map(str, answer.question.years))
            if len({fact.plan.id for fact in answer.facts}) == 1:
                return f"{group.facts[0].plan.short}: {', '.join(figures[:3])}"
            return f"{group.name} {years}".strip()
        case AnswerKind.TARGETS | AnswerKind.OVERVIEW if answer.absences and not answer.groups:
            return f"{answer.absences[0].plan.short}: không đặt chỉ tiêu này"
        case AnswerKind.OVERVIEW:
            return f"Các chỉ tiêu: {', '.join(group.name for group in answer.groups)}"
        case AnswerKind.DOCUMENTS:
            return ", ".join(plan.citation for plan in answer.documents)
        case AnswerKind.PASSAGES | AnswerKind.TARGETS if answer.passages:
            return _passage_title(answer.passages[0])
        case AnswerKind.ROWS:
            return f"Mục {answer.rows[0].row.no}: {answer.rows[0].row.name}"
        case AnswerKind.SILENT:
            return "Không có trong các kế hoạch"
        case AnswerKind.CHOOSE:
            return "Câu hỏi có thể hiểu theo nhiều cách"
        case _:
            return choice.label if choice else "Trợ lý Công đoàn"


def _passage_title(found: Passage) -> str:
    if found.deadline is not None:
        return f"{found.deadline.what}: {found.deadline.when}"
    assert found.task is not None
    return found.task.summary


def card_description(card: Card) -> str:
    """The grey lines of a card: enough to tell it from the others."""
    answer = card.answer
    if answer.facts:
        one = len({fact.plan.id for fact in answer.facts}) == 1
        parts = [
            f"{plans.horizon(fact.target)}: {fact.target.population} (mục {fact.target.section})"
            if one
            else f"{fact.plan.short}: {fact.target.figure}"
            for fact in answer.facts[:4]
        ]
        return _short(" · ".join(dict.fromkeys(parts)), DESCRIPTION_LIMIT)
    if answer.passages:
        return _short(f"{answer.passages[0].plan.citation}, mục {answer.passages[0].section}", DESCRIPTION_LIMIT)
    if answer.documents:
        return _short(answer.documents[0].title, DESCRIPTION_LIMIT)
    return "Bấm để gửi vào trò chuyện"


def card_text(card: Card) -> str:
    """What the card sends: the answer, with the question over it where it would not be clear."""
    body = answers.answer(card.answer)
    return f"<i>{escape(card.asked)}</i>\n{body}" if card.asked and card.answer.kind is AnswerKind.SILENT else body


def ask_in_private() -> str:
    """The button over the cards."""
    return "Hỏi kỹ hơn trong trò chuyện riêng"


def nothing_asked() -> Reply:
    """To a word of a dialog where none is open."""
    return Reply("Hiện không có việc gì đang dở để trả lời. Muốn nộp số liệu, anh/chị gõ /baocao.")
