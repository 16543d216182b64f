"""Whether a day, an interval, a number or a prohibition that a question quotes is what the line of a plan says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from knowledge.model.answers import Absence, Answer, AnswerKind, Confirmation, Matter, Passage, Why
from knowledge.model.plans import Deadline
from knowledge.text import fold, shorten
from knowledge.verdicts.asking import is_negated
from knowledge.verdicts.papers import find_cited
from knowledge.verdicts.said import (
    MONTHS_OF_A_YEAR,
    PEOPLE,
    Count,
    find_counts,
    find_days,
    find_periods,
    find_terms,
    without_times,
)
from knowledge.verdicts.ways import judge_way
from knowledge.verdicts.words import FORBIDS, WORDS

LONGEST_FACT: Final = 220
"""Letters of a line that is told as what a plan says."""

LEAST_FORBIDDEN: Final = 3
"""Syllables, behind its verb, of what a plan says not to be done, all of which a question must hold."""

_EVERY: Final = re.compile(r"every (\d+) (months|years)")
_FORBIDDEN: Final = re.compile(rf"\b(?:{'|'.join(FORBIDS)}) (?P<what>[^,;.:()]+)")
_NO_NEGATION: Final = WORDS.composed(r"\b%no_negation%\b")
_CITED: Final = re.compile(r"[a-z]*\d+\s?[/-]\s?[a-z][-/\w]*|\b[a-z]+\d+\b")
_BEGINS: Final = WORDS.composed(r"\b%begins%\b")
_SOFTLY: Final = WORDS.composed(r"\b%softly%\b")
_STRICTLY: Final = WORDS.composed(r"\b%strictly%")
_CLAUSES: Final = re.compile(r"(?<=[;:])\s+|(?<=[^\d])\.\s+")


def judge_line(claim: str, answer: Answer) -> Confirmation | None:
    """The verdict on what is quoted of the passage that an answer shows first; None where nothing there settles it.

    Args:
        claim: the message in folded letters, without the words that ask.
    """
    if answer.kind is not AnswerKind.PASSAGES or not answer.passages:
        return None
    if (way := judge_way(claim, answer)) is not None:
        return way
    roads = (_forbidden,) if is_negated(claim) else (_day, _interval, _part_of_term, _forbidden, _numbers)
    return next(filter(None, (road(claim, answer) for road in roads)), None)


def judge_population(claim: str, answer: Answer) -> Confirmation | None:
    """The verdict on how many workers a quoted rule begins with, of targets told; None where it quotes none."""
    if answer.kind is not AnswerKind.TARGETS or answer.quoted or _STRICTLY.search(claim):
        return None
    quoted = [count for count in find_counts(claim) if count.unit == PEOPLE and not count.below]
    absences = [each for each in answer.absences if each.why is Why.SCOPE]
    if len(quoted) != 1 or (answer.groups and absences):
        return None
    figures = [fact.target for each in absences for group in each.instead for fact in group.facts]
    same = [target.figure for target in figures if quoted[0].number in target.values]
    if same:
        return Confirmation(matter=Matter.COUNT, agrees=True, fact=same[0])
    populations = [fact.target.population for fact in answer.facts] or _instead(absences)
    plans = {fact.plan.id for fact in answer.facts} or {each.plan.id for each in absences}
    sized = {text: _people(text) for text in populations}
    stated = {number for numbers in sized.values() for number in numbers}
    if len(plans) != 1 or len(stated) != 1:
        return None
    fact = next(text for text, numbers in sized.items() if numbers)
    if answer.groups:
        return Confirmation(matter=Matter.POPULATION, agrees=True, fact=fact) if quoted[0].number in stated else None
    if quoted[0].number in stated:
        return None
    agrees = None if _may_lie_within(quoted[0], next(iter(stated)), claim) else False
    return Confirmation(matter=Matter.POPULATION, agrees=agrees, fact=fact)


def _may_lie_within(quoted: Count, least: int, claim: str) -> bool:
    """Whether a number of people is only one of those for whom a rule begins below, and is not said to begin it."""
    return quoted.unit == PEOPLE and quoted.number > least and _BEGINS.search(claim) is None


def _instead(absences: list[Absence]) -> list[str]:
    return [fact.target.population for each in absences for group in each.instead for fact in group.facts]


def _people(text: str) -> set[int]:
    return {count.number for count in find_counts(fold(text)) if count.unit == PEOPLE and not count.below}


def _due(answer: Answer) -> Deadline | None:
    return next((found.deadline for found in answer.passages if found.deadline is not None), None)


def _text(passage: Passage) -> str:
    if passage.deadline is not None:
        return f"{passage.deadline.what}: {passage.deadline.when}"
    return passage.task.summary if passage.task is not None else ""


def _day(claim: str, answer: Answer) -> Confirmation | None:
    """A day or month: that of the deadline shown, or the only one in the sentence shown."""
    quoted = [day for day in find_days(claim) if day.month is not None]
    if len(quoted) != 1:
        return None
    day = quoted[0]
    due = _due(answer)
    is_due = due is not None and bool(find_days(fold(due.when)))
    if due is not None and not is_due and answer.passages[0].deadline is due:
        return None
    text = due.when if due is not None and is_due else _text(answer.passages[0])
    told = [each for each in find_days(fold(text)) if each.month is not None]
    is_bare = day.day is None and day.year is None
    if not told or (not is_due and (len(told) != 1 or is_bare)):
        return None
    fact = text if is_due else _clause(text, lambda clause: bool(find_days(fold(clause))))
    matter = Matter.WHEN if is_due else Matter.COUNT
    agreeing = [each for each in told if day.fits(each)]
    if not agreeing:
        return Confirmation(matter=matter, agrees=False, fact=fact) if answer.caveat is None else None
    is_so = any(day.day == each.day for each in agreeing)
    return Confirmation(matter=matter, agrees=True if is_so else None, fact=fact) if is_so or is_due else None


def _interval(claim: str, answer: Answer) -> Confirmation | None:
    """How often something falls due: of the deadlines shown that stand beside the first."""
    quoted = find_periods(claim)
    first = answer.passages[0]
    times = {count.number for count in find_counts(claim) if count.unit in WORDS.folded("once_unit")}
    if len(quoted) != 1 or find_terms(claim) or len(times) > 1 or _says_more(claim):
        return None
    period = next(iter(quoted))
    if len({found.plan.id for found in answer.passages}) > 1 and not answer.question.plans:
        return None
    if times - {1}:
        counted = {each.number for each in find_counts(fold(_text(first))) if each.unit in WORDS.folded("once_unit")}
        told = find_periods(fold(_text(first)))
        if len(counted) != 1 or period not in told or answer.caveat is not None:
            return None
        return Confirmation(matter=Matter.COUNT, agrees=counted == times, fact=shorten(_text(first), LONGEST_FACT))
    if first.deadline is None:
        told = find_periods(fold(_text(first)))
        if len(told) != 1 or answer.caveat is not None:
            return None
        return Confirmation(
            matter=Matter.COUNT,
            agrees=period in told,
            fact=_clause(_text(first), lambda clause: bool(find_periods(fold(clause)))),
        )
    duty = first.deadline
    beside = [
        found.deadline
        for found in answer.passages
        if found.deadline is not None
        and found.plan is first.plan
        and (found.deadline.section, found.deadline.who) == (duty.section, duty.who)
    ]
    intervals = {due.id: _months(due) for due in beside}
    fact = "; ".join(dict.fromkeys(due.when for due in beside))
    if intervals[duty.id] is None:
        return None if duty.recurrence is None else Confirmation(matter=Matter.WHEN, agrees=None, fact=fact)
    return (
        Confirmation(matter=Matter.WHEN, agrees=period in intervals.values(), fact=fact)
        if answer.caveat is None
        else None
    )


def _says_more(claim: str) -> bool:
    """Whether a claim holds another number than an interval, how many times, and years."""
    counts = [count for count in find_counts(claim) if count.unit in WORDS.folded("once_unit")]
    return _numbers_in(claim) > len([count for count in counts if count.number != 1])


def _numbers_in(claim: str) -> int:
    """How many numbers a claim holds beside intervals, days, years, percents and those of papers."""
    rest = re.sub(r"\b(?:19|20)\d\d\b", " ", without_times(claim))
    papers = {cited.digits for cited in find_cited(claim)}
    numbers = re.findall(r"\b\d+(?:[.,]\d{3})*\b(?!\s?%)", _CITED.sub(" ", rest))
    return len([number for number in numbers if number not in papers])


def _months(due: Deadline) -> int | None:
    """The months after which a deadline falls due again; None where its plan does not say."""
    match due.recurrence:
        case "monthly":
            return 1
        case "yearly":
            return MONTHS_OF_A_YEAR
        case None | "regular":
            return None
    found = _EVERY.fullmatch(due.recurrence)
    return None if found is None else int(found[1]) * (1 if found[2] == "months" else MONTHS_OF_A_YEAR)


def _part_of_term(claim: str, answer: Answer) -> Confirmation | None:
    """A part of a term of office."""
    quoted, text = find_terms(claim), _text(answer.passages[0])
    told = find_terms(fold(text))
    if len(quoted) != 1 or len(told) != 1:
        return None
    return Confirmation(
        matter=Matter.COUNT, agrees=quoted == told, fact=_clause(text, lambda clause: bool(find_terms(fold(clause))))
    )


def _forbidden(claim: str, answer: Answer) -> Confirmation | None:
    """What a plan says not to be done, where the question holds all of it."""
    said = set(re.findall(r"\w+", claim))
    for found in answer.passages:
        text = _text(found)
        for match in _FORBIDDEN.finditer(text.lower()):
            what = [] if _NO_NEGATION.match(fold(match[0])) else fold(match["what"]).split()
            kept = what[1:] if len(what) > LEAST_FORBIDDEN else []
            if len(kept) >= LEAST_FORBIDDEN and said.issuperset(kept):
                return Confirmation(matter=Matter.SENTENCE, agrees=is_negated(claim), fact=shorten(text, LONGEST_FACT))
    return None


def _numbers(claim: str, answer: Answer) -> Confirmation | None:
    """Numbers with what they count: right where the sentence has them all, wrong where it has one other instead."""
    quoted = [
        count for count in find_counts(claim) if not (count.unit in WORDS.folded("once_unit") and count.number == 1)
    ]
    text = _text(answer.passages[0])
    told = find_counts(fold(text))
    if not quoted or not told:
        return None
    judged = [_count(each, told, text, claim) for each in quoted]
    if any(each is None for each in judged):
        return None
    wrong = [each for each in judged if each is not None and not each.agrees]
    if not wrong and _numbers_in(claim) > len(find_counts(claim)):
        return None
    if wrong and answer.caveat is not None:
        return None
    return (wrong or judged)[0]


def _count(quoted: Count, told: tuple[Count, ...], text: str, claim: str) -> Confirmation | None:
    alike = max((quoted.counts_like(each) for each in told), default=0)
    rivals = [each for each in told if alike and quoted.counts_like(each) == alike]
    same = [each for each in rivals if each.number == quoted.number]
    if same:
        clause = _counting(text, same[0])
        softened = _SOFTLY.search(fold(clause)) is not None
        is_soft = _SOFTLY.search(claim) is not None
        if same[0].below != quoted.below or softened != is_soft or (_STRICTLY.search(claim) and softened):
            return None
        return Confirmation(matter=Matter.COUNT, agrees=True, fact=clause)
    if len({each.number for each in rivals}) == 1 and not quoted.below and not rivals[0].below:
        if _may_lie_within(quoted, rivals[0].number, claim):
            return None
        return Confirmation(matter=Matter.COUNT, agrees=False, fact=_counting(text, rivals[0]))
    clauses = [each for each in rivals if _SOFTLY.search(fold(_counting(text, each)))]
    if len(clauses) == 1 and _SOFTLY.search(claim) and not quoted.below:
        return Confirmation(matter=Matter.COUNT, agrees=False, fact=_counting(text, clauses[0]))
    return None


def _clause(text: str, holds: Callable[[str], bool]) -> str:
    """The first part of a sentence in which something stands; all of it where none is found."""
    clauses = [clause for clause in _CLAUSES.split(text) if holds(clause)]
    return shorten((clauses or [text])[0].rstrip(" .;:"), LONGEST_FACT)


def _counting(text: str, count: Count) -> str:
    return _clause(text, lambda clause: count in find_counts(fold(clause)))
