"""A yes or no to what a question quotes and asks to be confirmed, beside figures of targets; never a guess."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from knowledge.denials import is_denial, quotes_more
from knowledge.model.answers import Answer, AnswerKind, Caveat, Confirmation, Matter
from knowledge.question import Understanding
from knowledge.rows import Rows
from knowledge.text import fold, tidy
from knowledge.verdicts.asking import claim_of, is_negated
from knowledge.verdicts.bodies import Bodies
from knowledge.verdicts.form_rows import judge_row
from knowledge.verdicts.hearing import HEARD, share_heard
from knowledge.verdicts.identity import Identities
from knowledge.verdicts.lines import judge_line, judge_population
from knowledge.verdicts.said import find_days, find_periods, says_how_often, without_times
from knowledge.verdicts.ways import judge_way, without_way
from knowledge.verdicts.words import HOW_OFTEN, WHICH_DAY, WORDS

_ASKED_ANEW = frozenset(fold(f"{WHICH_DAY} {HOW_OFTEN}").split())

_OF_TIMES = frozenset(
    word
    for name in ("every", "each", "once", "quarters", "half_years", "months", "years", "yearly")
    for phrase in WORDS.phrases(name)
    for word in phrase
)

Ask = Callable[[str], Answer]


class Judge:
    """Adds to an answer whether what was quoted is so."""

    def __init__(self, understanding: Understanding, rows: Rows) -> None:
        """Take what reads questions, and the rows of forms."""
        self._rows = rows
        self._identities = Identities(understanding)
        self._bodies = Bodies(understanding)
        self._fold_words = understanding.fold_words

    def judged(self, text: str, answer: Answer, ask: Ask) -> Answer:
        """The answer with a verdict where one is asked for and the plans settle it; otherwise as it is.

        Args:
            text: the message.
            ask: answers another question by itself, without a verdict.
        """
        if answer.kind is AnswerKind.GREETING:
            return answer
        text = tidy(text)
        claim = claim_of(text)
        if claim is None:
            answer = self._identities.recipients(text, answer) or self._identities.paper(text, answer) or answer
            untold = self._identities.untold(text, answer)
            return msgspec.structs.replace(answer, verdict=untold) if untold is not None else answer
        return self._confirmed(text, claim, answer, ask)

    def _confirmed(self, text: str, claim: str, answer: Answer, ask: Ask) -> Answer:
        if answer.elsewhere or answer.question.topics:
            return answer
        if _sets_all(answer) and not quotes_more(answer):
            caveat = None if answer.caveat is Caveat.UNSURE else answer.caveat
            return msgspec.structs.replace(answer, quoted=answer.question.figures, caveat=caveat)
        if answer.quoted and answer.groups:
            return answer
        if is_negated(claim):
            for shown in (answer, *_of_sending(claim, ask)):
                verdict = judge_line(claim, shown)
                if verdict is not None:
                    return _with(verdict, shown)
            return answer
        told = self._identities.judge(text, claim, answer) or judge_row(claim, self._rows, ask)
        if told is not None:
            return _with(*told)
        body = self._bodies.judge(claim, ask)
        if body is not None:
            verdict, shown = body
            if verdict is not None:
                return _with(verdict, shown)
            answer = shown if is_denial(answer) else answer
        for shown in self._lines(claim, answer, ask):
            verdict = judge_line(claim, shown)
            if verdict is not None and self._is_of_another_duty_too(claim, shown, verdict):
                return answer
            if verdict is not None and not (verdict.agrees is False and self._is_rivalled(claim, shown)):
                return _with(verdict, shown)
        verdict = judge_population(claim, answer)
        return _with(verdict, _set_instead(answer, verdict)) if verdict is not None else answer

    def _lines(self, claim: str, answer: Answer, ask: Ask) -> Iterator[Answer]:
        """The lines that may settle a claim: those shown, those beside a denial, and those found without its times."""
        if not (answer.question.plans or answer.question.inherited or _says_of_what(claim)):
            return
        if answer.kind is AnswerKind.PASSAGES:
            yield answer
        elif is_denial(answer) and answer.passages:
            yield Answer(kind=AnswerKind.PASSAGES, question=answer.question, passages=answer.passages)
        elif answer.quoted:
            return
        of_day = any(day.month is not None for day in find_days(claim))
        if (of_day or says_how_often(claim)) and not answer.question.figures:
            anew = ask(f"{without_times(claim)} {WHICH_DAY if of_day else HOW_OFTEN}")
            if anew.kind is AnswerKind.PASSAGES and anew.caveat is None and self._is_heard(anew):
                yield anew
        yield from _of_sending(claim, ask)

    def _is_rivalled(self, claim: str, answer: Answer) -> bool:
        """Whether another duty that is shown may be meant as well, where an interval is quoted."""
        if not find_periods(claim) or find_days(claim) or answer.passages[0].deadline is None:
            return False
        first, *others = (found for found in answer.passages if found.deadline is not None)
        shares = [share_heard(answer, found, self._fold_words, _OF_TIMES) for found in (first, *others)]
        beside = [found.deadline for found in others]
        differing = [
            share
            for due, share in zip(beside, shares[1:], strict=True)
            if due is not None
            and first.deadline is not None
            and due.when != first.deadline.when
            and (due.section, due.who) != (first.deadline.section, first.deadline.who)
        ]
        return max(differing, default=0.0) >= shares[0]

    def _is_of_another_duty_too(self, claim: str, answer: Answer, verdict: Confirmation) -> bool:
        """Whether the verdict on a day would be another for a duty that is shown too and may be meant as well.

        A month alone is confirmed only where the duties agree on it: "sơ kết hết hạn tháng 2", where who sends to whom
        was not said.
        """
        quoted = [day for day in find_days(claim) if day.month is not None]
        shown = [found for found in answer.passages if found.deadline is not None]
        if verdict.matter is not Matter.WHEN or verdict.agrees is None or len(quoted) != 1 or not shown:
            return False
        if verdict.agrees and (quoted[0].day is not None or quoted[0].year is not None):
            return False
        shares = [share_heard(answer, found, self._fold_words, _OF_TIMES) for found in shown]
        rivals = [found for found, share in zip(shown[1:], shares[1:], strict=True) if share >= shares[0]]
        told = [find_days(fold(found.deadline.when)) for found in rivals if found.deadline is not None]
        fits = [
            any(quoted[0].fits(day) and day.month and day.tells(quoted[0]) for day in days) for days in told if days
        ]
        return any(each is not verdict.agrees for each in fits)

    def _is_heard(self, answer: Answer) -> bool:
        first = answer.passages[0]
        return share_heard(answer, first, self._fold_words, _ASKED_ANEW) >= HEARD and first.deadline is not None


def _with(verdict: Confirmation, answer: Answer) -> Answer:
    """An answer that says first whether what was quoted is so; it is then no longer doubted."""
    return msgspec.structs.replace(answer, verdict=verdict, caveat=None)


def _says_of_what(claim: str) -> bool:
    """Whether a claim says more than times and small words."""
    small = {word for name in ("calls", "every", "row_small") for phrase in WORDS.phrases(name) for word in phrase}
    return len([word for word in without_times(claim).split() if word.isalpha() and word not in small]) > 1


def _of_sending(claim: str, ask: Ask) -> Iterator[Answer]:
    """The duty that says how something is sent, where a claim does so: found by what is sent alone."""
    sent = without_way(claim)
    if sent is not None and judge_way(claim, found := ask(f"{sent} {WHICH_DAY}")) is not None:
        yield found


def _sets_all(answer: Answer) -> bool:
    """Whether all targets that are told set just what is quoted."""
    question = answer.question
    if answer.kind is not AnswerKind.TARGETS or not question.figures or not answer.groups:
        return False
    return all(question.quoted_from(fact.target).issuperset(question.figures) for fact in answer.facts)


def _set_instead(answer: Answer, verdict: Confirmation) -> Answer:
    """An answer with what plans set instead as what is told, where just that was quoted."""
    if answer.groups or verdict.matter is not Matter.COUNT:
        return answer
    instead = tuple(group for absence in answer.absences for group in absence.instead)
    return msgspec.structs.replace(answer, groups=instead, absences=())
