"""When a plan may be said to set no such target: where its subject was named and an amount of it is asked for.

Who asks what to do, who sees to it, until when, or whether somebody may, asks for no target: that none is set is true
and no answer. Whatever denies a target goes by this rule (`Scales.weigh`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from knowledge.model.answers import Answer, AnswerKind, Caveat, Why
from knowledge.model.questions import Question
from knowledge.text import has_phrase
from knowledge.words import WORDS

OF_AMOUNTS = ("target", "comparison", "result")
"""Kinds of questions that an amount answers."""

BY_FAR, LIKELY, UNSAID, FAINT = 0.6, 0.5, 0.65, 0.25
"""Probabilities (0–1) of a kind from which words for an amount ("mấy việc") do not stand against it, from which it is
taken for that kind, from which an amount is asked for that no word asks for, and under which nothing else is."""

RARELY, UNEXPLAINED = 0.35, 2
"""Probability (0–1) of all kinds that an amount answers under which a figure quoted is hardly a target's, where so many
words are not explained."""

LEAST_QUOTED = 100
"""The smallest number by itself that may be a figure quoted, not one of a line or of years."""

FARTHEST_BEHIND = 5
"""Words behind a size among which it is said to be a bound."""


def is_denial(answer: Answer) -> bool:
    """Whether an answer tells only that plans set no such target, and what they set instead."""
    return answer.kind is AnswerKind.TARGETS and bool(answer.absences) and not answer.groups


def is_asked_for(denial: Answer, kinds: Mapping[str, float]) -> bool:
    """Whether what is denied was asked for: an amount, a rate or a target; a size or a year, where one is to be judged.

    Args:
        kinds: the probability (0–1) of each kind of question, as learned.
    """
    question = denial.question
    if kinds.get("verdict", 0.0) >= LIKELY and any(absence.why is not Why.SUBJECT for absence in denial.absences):
        return True
    return asks_amount(question, kinds)


def without_rash_verdict(told: Answer, kinds: Mapping[str, float]) -> Answer:
    """Targets told without judging the figure quoted, where it is hardly one of a target or not all that is quoted.

    Example: who asks whether authorities must help to collect "2%" from enterprises quotes no share of enterprises, and
    of "mỗi năm 1500 đoàn viên, vậy 3 năm là 4500" a yes to the first would be one to the second, too.
    """
    if told.kind is not AnswerKind.TARGETS or not told.quoted:
        return told
    if quotes_more(told):
        return msgspec.structs.replace(told, quoted=())
    if len(told.question.leftover) < UNEXPLAINED:
        return told
    of_target = sum(kinds.get(kind, 0.0) for kind in (*OF_AMOUNTS, "verdict"))
    return told if of_target >= RARELY else msgspec.structs.replace(told, quoted=(), caveat=Caveat.UNSURE)


def quotes_more(told: Answer) -> bool:
    """Whether a number stands by itself in a question that none of the targets told sets."""
    question = told.question
    known = {value for fact in told.facts for value in fact.target.values}
    known.update(question.figures, *question.ranges)
    return any(number >= LEAST_QUOTED and number not in known for number in question.numbers)


def asks_rate(question: Question) -> bool:
    """Whether a rate is asked for: "mấy phần trăm"."""
    return has_phrase(question.spoken, WORDS.phrases("rates"))


def without_own_size(denial: Answer) -> Question | None:
    """The question without the size of a firm, where that is only the asker's and alone denies what is set.

    Example: "công ty em 18 người, … bao nhiêu phần trăm doanh nghiệp ký thỏa ước"; None where enterprises of a size
    are asked about ("doanh nghiệp từ 18 lao động trở lên") or something else is not set.
    """
    question = denial.question
    sizes = [scope for scope in question.scopes if scope.startswith(("from_", "under_"))]
    scoped = all(absence.why is Why.SCOPE for absence in denial.absences)
    if not sizes or not scoped or any(_is_asked_size(question.spoken, size.rpartition("_")[2]) for size in sizes):
        return None
    return msgspec.structs.replace(question, scopes=tuple(scope for scope in question.scopes if scope not in sizes))


def _is_asked_size(spoken: Sequence[str], size: str) -> bool:
    for at, word in enumerate(spoken):
        led = at > 0 and spoken[at - 1] in WORDS.folded("before_sizes")
        behind = spoken[at + 1 : at + 1 + FARTHEST_BEHIND]
        if word == size and (led or has_phrase(behind, WORDS.phrases("behind_sizes"))):
            return True
    return False


def asks_amount(question: Question, kinds: Mapping[str, float]) -> bool:
    """Whether an amount, a rate or a target is asked for, so that it may be said that none is set.

    Args:
        kinds: the probability (0–1) of each kind of question, as learned.
    """
    says_amount = question.asks("asked_figure", "figure", "annual") or bool(question.years or question.figures)
    if sum(kinds.get(kind, 0.0) for kind in OF_AMOUNTS) >= (LIKELY if says_amount else UNSAID):
        return True
    if question.asks("planned") and question.asks("figure") and not question.leftover:
        return True
    if kinds.get("verdict", 0.0) >= LIKELY:
        return bool(question.figures or question.numbers) or question.asks("figure", "asked_figure", "annual")
    other = max((p for kind, p in kinds.items() if kind not in OF_AMOUNTS), default=0.0)
    if question.asks("asked_figure", "figure"):
        return other < BY_FAR
    return other < FAINT
