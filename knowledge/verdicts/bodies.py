"""Whether the body that a question names is the one that sees to something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from knowledge.model.answers import Answer, AnswerKind, Confirmation, Matter, Passage
from knowledge.question import Understanding
from knowledge.text import has_phrase
from knowledge.verdicts.hearing import HEARD, WELL_HEARD, share_heard, words_of
from knowledge.verdicts.words import SHORT_BODIES, WHICH_BODY, WORDS

_STANDING_IN = frozenset(WHICH_BODY.split())


@dataclass(frozen=True, slots=True)
class _Asked:
    """A body with what it is said to do: the question anew without its name."""

    body: tuple[str, ...]
    question: str
    jointly: bool


class Bodies:
    """Judges what questions say of who sees to something."""

    def __init__(self, understanding: Understanding) -> None:
        """`understanding` reads names and short forms."""
        self._understanding = understanding

    def judge(self, claim: str, ask: Callable[[str], Answer]) -> tuple[Confirmation | None, Answer] | None:
        """The verdict on the body named, with the line that tells it; None where no body is named as doing something.

        The verdict alone is None where the line is found and leaves it open.

        Args:
            claim: the message in folded letters, without the words that ask.
            ask: answers a question.
        """
        asked = self._asked(claim)
        if asked is None:
            return None
        answer = ask(asked.question)
        if answer.kind is not AnswerKind.PASSAGES or len({found.plan.id for found in answer.passages}) > 1:
            return None
        own = next((each for each in answer.passages if self._leads(asked.body, each, answer)), None)
        if own is not None:
            shown = msgspec.structs.replace(answer, passages=tuple(dict.fromkeys((own, *answer.passages))))
            return Confirmation(matter=Matter.BODY, agrees=True, fact=", ".join(self._leading(own))), shown
        first = answer.passages[0]
        lead, beside = self._bodies(first)
        if not lead or self._heard(answer, first) < HEARD:
            return None
        if asked.jointly and _stands_in(asked.body, beside):
            return Confirmation(matter=Matter.BODY_BESIDE, agrees=True, fact=", ".join(self._beside(first))), answer
        spoken = [words_of(found, self._understanding.fold_words) for found in answer.passages]
        is_elsewhere = _stands_in(asked.body, spoken) and not _stands_in(asked.body, beside)
        if answer.caveat is not None or is_elsewhere or (asked.jointly and not beside):
            return None, answer
        return Confirmation(matter=Matter.BODY, agrees=False, fact=", ".join(self._leading(first))), answer

    def _asked(self, claim: str) -> _Asked | None:
        """The one body that a claim names as doing something; None where it names none, or several."""
        spelled = (syllable.folded for syllable in self._understanding.speller.spell(claim))
        words = [word for each in spelled for word in SHORT_BODIES.get(each, (each,))]
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(words):
            size = max(
                (len(each) for each in WORDS.phrases("organs") if tuple(words[at : at + len(each)]) == each), default=0
            )
            if size and found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + size)
            elif size:
                found.append((at, at + size))
            at += max(size, 1)
        if len(found) != 1:
            return None
        start, end = found[0]
        if not _acts(words, start, end):
            return None
        body = tuple(words[start:end])
        rest = (*words[:start], *WHICH_BODY.split(), *words[end:])
        jointly = has_phrase(words, WORDS.phrases("jointly"))
        return _Asked(body, " ".join(rest), jointly)

    @staticmethod
    def _leading(passage: Passage) -> tuple[str, ...]:
        if passage.task is not None:
            return passage.task.lead
        return (passage.deadline.who,) if passage.deadline is not None else ()

    @staticmethod
    def _beside(passage: Passage) -> tuple[str, ...]:
        return passage.task.with_ if passage.task is not None else ()

    def _bodies(self, passage: Passage) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """Those responsible in a line, and those who take part, as folded words."""
        fold = self._understanding.fold_words
        return [fold(name) for name in self._leading(passage)], [fold(name) for name in self._beside(passage)]

    def _leads(self, body: tuple[str, ...], passage: Passage, answer: Answer) -> bool:
        """Whether a body is responsible in a line that is about what is asked; one behind the first must hold more."""
        least = HEARD if passage is answer.passages[0] else WELL_HEARD
        return _stands_in(body, self._bodies(passage)[0]) and self._heard(answer, passage) >= least

    def _heard(self, answer: Answer, passage: Passage) -> float:
        return share_heard(answer, passage, self._understanding.fold_words, _STANDING_IN)


def _stands_in(body: tuple[str, ...], names: list[tuple[str, ...]]) -> bool:
    """Whether a body stands in one of the names, each given as folded words."""
    return any(has_phrase(name, [body]) for name in names)


def _acts(words: list[str], start: int, end: int) -> bool:
    """Whether the body at these places among words does something, and is not what something is done to."""
    before = words[:start]
    if WORDS.ends(before, "done_by"):
        return True
    return not WORDS.ends(before, "done_to") and has_phrase(words[end:], WORDS.phrases("does"))
