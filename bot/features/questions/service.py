"""Questions: answered from the plans, remembered for the next fragment, voted on, and cut into cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reader.frame import Frame
from bot.services.conversation import Conversation, Remembered, choice_of, find_context, read_kept
from knowledge.answer import Adviser
from knowledge.model.answers import Answer, AnswerKind, Choice
from knowledge.model.plans import Deadline, Plan, Target, Task
from knowledge.model.questions import Question
from storage import conversations, feedback, messages

MOST_SECTIONS = 3
MOST_CARDS = 12


@dataclass(frozen=True, slots=True)
class Section:
    """What the catalogue has from one section of a plan."""

    plan: Plan
    number: str
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An answer given in a chat. `token` is what its buttons carry; `questions` and `sections` what they stand for.

    `noted` are plans (ids) of which this chat has read lately what became of them. `by_reader`: the question was
    understood by the second reader, which the answer has to say.
    """

    answer: Answer
    token: str
    questions: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    by_reader: bool = False
    noted: frozenset[str] = frozenset()

    @property
    def takes_votes(self) -> bool:
        """Whether there is something to be right or wrong about."""
        return self.answer.kind not in {AnswerKind.GREETING, AnswerKind.CHOOSE, AnswerKind.SILENT}


@dataclass(frozen=True, slots=True)
class Card:
    """One way to send an answer from an inline query; `choice` is the one that led to it."""

    answer: Answer
    asked: str = ""
    choice: Choice | None = None


async def ask(
    conversation: Conversation,
    text: str,
    *,
    message_id: int = 0,
    is_edit: bool = False,
    instead: Question | None = None,
    frame: Frame | None = None,
) -> Told:
    """Answer what a person says in a chat, leaning on what they asked there before, and remember it.

    Args:
        message_id: the message that says it.
        is_edit: whether that message was said before and changed. The last one is then understood as if it had been
            said so from the beginning; an earlier one leans on nothing and leaves what was asked since to lean on.
        instead: the question to lean on where this person has asked nothing lately (of the answer replied to).
        frame: what a second reader made of it; it counts only where the own answer is unsure.
    """
    adviser = conversation.adviser
    kept = await find_context(conversation)
    context = kept if kept is not None and kept.leans(conversation.now) else None
    is_late = is_edit and (context is None or context.message_id != message_id)
    chosen = None if is_edit else choice_of(text, context)
    previous = context.question if context else instead
    if is_edit:
        previous = context.before if context and not is_late else None
    elif chosen:
        previous = None
    own = adviser.ask(chosen or text, previous, conversation.own)
    read = _asread_kept(conversation, own, frame) if frame is not None and chosen is None else None
    answer = read or own
    noted = kept.read(conversation.now, again=is_edit) if kept is not None and not is_late else {}
    if not is_late:
        await _remember(conversation, answer, message_id=message_id, before=previous, noted=noted)
    told = await _tell(conversation, answer, asked=_asked(chosen or text, answer, previous), noted=noted)
    return replace(told, by_reader=read is not None)


def _asread_kept(conversation: Conversation, own: Answer, frame: Frame) -> Answer | None:
    """The answer to a question as a second reader took it; None where the own one stands."""
    adviser = conversation.adviser
    if not adviser.is_unsure(own):
        return None
    if frame.facts:
        return adviser.pick(own.question, frame.facts, conversation.own)
    is_guess = own.kind not in {AnswerKind.SILENT, AnswerKind.CHOOSE}
    return adviser.doubt(own.question) if frame.silent and is_guess else None


async def ask_whole(conversation: Conversation, text: str) -> Told:
    """Answer a question that is known to lean on nothing: an example, one that was offered."""
    kept = await find_context(conversation)
    answer = conversation.adviser.ask(text, None, conversation.own)
    noted = kept.read(conversation.now, again=False) if kept is not None else {}
    await _remember(conversation, answer, noted=noted)
    return await _tell(conversation, answer, asked=text, noted=noted)


async def ask_offered(conversation: Conversation, token: str, number: int) -> Told | None:
    """Answer the question a button stands for; None where it stands for none."""
    kept = await _find_button(conversation, token)
    offered = kept.get("next", []) if kept else []
    return await ask_whole(conversation, str(offered[number])) if number < len(offered) else None


async def ask_further(conversation: Conversation, token: str) -> Told | None:
    """The plans that an answer only counted; None where it counted none, or they are gone."""
    kept = await _find_button(conversation, token)
    if not kept or not kept.get("further"):
        return None
    question = read_kept(Question, kept.get("question"))
    kind = read_kept(AnswerKind, kept.get("kind"))
    if question is None or kind is None:
        return None
    answer = conversation.adviser.ask_further(question, kind, int(kept["further"]), conversation.own)
    if answer is None:
        return None
    context = await find_context(conversation)
    noted = context.read(conversation.now, again=False) if context is not None else {}
    return await _tell(conversation, answer, asked=str(kept.get("asked", "")), noted=noted)


async def find_section(conversation: Conversation, token: str, number: int) -> Section | None:
    """The section a button stands for; None where it stands for none, or the plan is gone."""
    kept = await _find_button(conversation, token)
    offered = kept.get("sections", []) if kept else []
    if number >= len(offered):
        return None
    plan_id, section = offered[number]
    plan = conversation.adviser.plans.get(plan_id)
    return get_section(plan, section) if plan else None


async def vote(conversation: Conversation, token: str, *, good: bool) -> bool | None:
    """Count a vote on the answer behind a button, without who gave it.

    Returns whether it changed anything; None where the button stands for no answer.
    """
    kept = await _find_button(conversation, token)
    if not kept or not kept.get("asked"):
        return None
    asked = str(kept["asked"])
    return await feedback.record_vote(conversation.db, asked, good=good, ballot=token, on=conversation.today)


async def find_question_of(db: AsyncConnection, token: str) -> Question | None:
    """The question behind an answer's button, for somebody who replies to that answer."""
    kept = await conversations.find_button(db, token, person_id=0)
    return read_kept(Question, kept["question"]) if kept and "question" in kept else None


async def find_sent_pages(db: AsyncConnection, keys: Sequence[str]) -> dict[str, int | None]:
    """Which pages of an answer were said before, by their keys: each one's message, None where it is not sent yet."""
    return {key: sent.message_id for key, sent in (await messages.find_deliveries(db, keys)).items()}


async def forget_person(db: AsyncConnection, telegram_id: int) -> None:
    """Remove what is remembered of what one person asked."""
    await conversations.forget_person(db, telegram_id)


def make_cards(adviser: Adviser, text: str, openers: Sequence[str], own: Sequence[str] = ()) -> list[Card]:
    """What can be sent from an inline query: the whole answer, each plan's part of it, then what else could be meant.

    Without anything to look up, the answers to `openers`. Pure.
    """
    answer = adviser.ask(text, None, own)
    if answer.kind is AnswerKind.GREETING:
        return [Card(adviser.ask(opener, None, own), asked=opener) for opener in openers]
    cards = [Card(answer, asked=text)]
    if len({fact.plan.id for fact in answer.facts}) > 1:
        cards += [Card(part) for part in _by_plan(answer)]
    for choice in answer.choices:
        cards.append(Card(adviser.ask(choice.question, None, own), choice=choice))
    return cards[:MOST_CARDS]


def get_section(plan: Plan, number: str) -> Section:
    """Everything of a plan that stands in a section or below it. Pure."""

    def within(section: str) -> bool:
        return section == number or section.startswith(number + ".")

    return Section(
        plan,
        number,
        tuple(target for target in plan.targets if within(target.section)),
        tuple(task for task in plan.tasks if within(task.section)),
        tuple(deadline for deadline in plan.deadlines if within(deadline.section)),
    )


def find_sections(answer: Answer) -> tuple[Section, ...]:
    """The sections that an answer stands in, where they hold more than it shows. Pure."""
    if answer.kind not in {AnswerKind.TARGETS, AnswerKind.PASSAGES}:
        return ()
    named = [(fact.plan, fact.target.section) for fact in answer.facts]
    named += [(found.plan, _above(found.plan, found.section)) for found in answer.passages]
    found: dict[tuple[str, str], Section] = {}
    for plan, number in named:
        if (plan.id, number) in found:
            continue
        section = get_section(plan, number)
        shown = sum(each is plan for each, own in named if own == number)
        if len(section.targets) + len(section.tasks) + len(section.deadlines) > shown:
            found[plan.id, number] = section
    return tuple(found.values())[:MOST_SECTIONS]


def _above(plan: Plan, number: str) -> str:
    """The section to look around in: the number itself where more stands under it, otherwise the one above."""
    section = get_section(plan, number)
    if len(section.tasks) + len(section.deadlines) + len(section.targets) > 1 or "." not in number:
        return number
    return number.rsplit(".", 1)[0]


def _by_plan(answer: Answer) -> Iterable[Answer]:
    for plan_id in dict.fromkeys(fact.plan.id for fact in answer.facts):
        groups = []
        for group in answer.groups:
            facts = tuple(fact for fact in group.facts if fact.plan.id == plan_id)
            if facts:
                groups.append(msgspec.structs.replace(group, facts=facts))
        yield msgspec.structs.replace(answer, groups=tuple(groups), absences=(), passages=(), more=0)


async def _remember(
    conversation: Conversation,
    answer: Answer,
    *,
    message_id: int = 0,
    before: Question | None = None,
    noted: Mapping[str, datetime],
) -> None:
    if answer.kind is AnswerKind.GREETING or conversation.person_id is None:
        return
    now = conversation.now
    choices = tuple(choice.question for choice in answer.choices) if answer.kind is AnswerKind.CHOOSE else ()
    read = {**{plan.id: now for plan in answer.changed_plans}, **noted}
    remembered = msgspec.to_builtins(Remembered(answer.question, choices, message_id, before, now, read))
    await conversations.keep_context(conversation.db, conversation.chat_id, conversation.person_id, remembered, now)


async def _tell(conversation: Conversation, answer: Answer, *, asked: str, noted: Iterable[str]) -> Told:
    questions = tuple(choice.question for choice in answer.choices)
    sections = find_sections(answer)
    if answer.may_be_silent:
        await feedback.record_missed(conversation.db, asked, conversation.today)
    told = Told(answer, "", questions, sections, noted=frozenset(noted))
    if not (questions or sections or told.takes_votes or answer.more):
        return told
    payload: dict[str, Any] = {
        "asked": asked,
        "next": questions,
        "sections": [(section.plan.id, section.number) for section in sections],
    }
    if answer.more:
        payload |= {"kind": answer.kind.value, "further": answer.further}
    if conversation.chat_id < 0 or answer.more:
        payload["question"] = msgspec.to_builtins(answer.question)
    return replace(told, token=await conversations.keep_button(conversation.db, payload, conversation.now))


def _asked(text: str, answer: Answer, previous: Question | None) -> str:
    """The question as it is counted: a fragment is told together with what it leans on."""
    return f"{previous.text} → {text}" if previous is not None and answer.question.inherited else text


async def _find_button(conversation: Conversation, token: str) -> dict[str, Any] | None:
    return await conversations.find_button(conversation.db, token, person_id=conversation.person_id or 0)
