"""Names weighed against what was learned: which of the two answers, with what doubt, and what is offered instead."""

from __future__ import annotations

import msgspec

from knowledge.model.answers import Answer, Caveat, Choice, ChoiceKind, Group, Kind, Passage
from knowledge.model.questions import Question
from knowledge.naming import LONGEST_LABEL, Names
from knowledge.passages import holds_figure
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.learned import Opinion
from knowledge.text import shorten

LEAST, ENOUGH, MOST = 0.15, 0.3, 0.5
"""Probabilities (0–1) from which a learned answer is given with a doubt, without one, and against what is named."""

LEAST_OFFERED = 0.03
"""Probability (0–1) from which something is offered beside a silence."""

AGAINST_NAMES = 0.93
"""Probability (0–1) from which something else is answered though names explain every word."""

RIVAL = 0.3
"""Share of the likeliest candidate's probability from which what is named stands beside it."""

AGAINST_SILENCE, AGAINST_SURE_SILENCE = 0.5, 0.75
"""Probabilities (0–1) from which something is answered though the question looks like one without an answer."""

SURE_OF_SILENCE = 0.85
"""Probability (0–1) from which a question surely is of law, people or chatter."""

HEARD_OF_KIND = 0.12
"""Probability (0–1) from which a question is taken for one of its kind where a word for it stands there too."""

SURE_OF_KIND = 0.5
"""Probability (0–1) from which a question is taken for one of its kind."""

SURE_OF_SUBJECT = 0.9
"""Probability (0–1) from which a figure is surely asked for, though a word beside its subject is not known."""

MOST_LEARNED = 3
"""Passages or rows shown of a ranking."""


class Scales:
    """Weighs what is named against an opinion of what was learned."""

    def __init__(self, names: Names) -> None:
        """`names` finds what is named, and knows plans, targets and rows."""
        self._names = names
        self.plans = names.plans
        self.glossary = names.glossary
        self.targets = names.targets

    def weigh(self, found: Answer, opinion: Opinion, own_plan: str | None) -> Answer:
        """The answer found by names, or the learned one where that found nothing or something far less likely."""
        question = found.question
        of_results = SURE_OF_KIND if not question.asks("result") or question.figures else HEARD_OF_KIND
        if opinion.kinds["result"] >= of_results and found.kind in {Kind.TARGETS, Kind.OVERVIEW, Kind.SILENT}:
            found = self._unreported(found, opinion, own_plan)
        if self._is_settled(found):
            return found
        if opinion.kinds["indicator"] >= SURE_OF_KIND and found.kind is not Kind.ROWS:
            opinion = opinion.among({Sort.ROW, Sort.PART})
            return self.by_learning(question, opinion, own_plan) if opinion.best >= LEAST_OFFERED else found
        if found.kind is Kind.SILENT:
            return self._instead_of_silence(found, opinion, own_plan)
        if self._is_beside(found, opinion):
            return self._names.silent(msgspec.structs.replace(question, subjects=()))
        named = found.kind in {Kind.TARGETS, Kind.OVERVIEW}
        named = named or (found.kind is Kind.DOCUMENTS and opinion.kinds["document"] >= HEARD_OF_KIND)
        explained = not question.leftover or (found.kind is Kind.DOCUMENTS and bool(question.references))
        if named and explained and opinion.best < AGAINST_NAMES:
            return found
        if opinion.best >= MOST and not any(
            _shows(found, each.candidate) for each in opinion.ranked if each.p >= RIVAL * opinion.best
        ):
            return self.by_learning(question, opinion, own_plan)
        return found

    @staticmethod
    def _is_settled(found: Answer) -> bool:
        """Whether nothing learned can say more: a number or a place that was named, or what a fragment leans on."""
        question = found.question
        numbered = found.kind is Kind.SILENT and bool(question.items or question.parts)
        sectioned = found.kind is Kind.PASSAGES and bool(question.sections)
        leaning = found.kind is not Kind.SILENT and question.inherited
        named = bool(question.elsewhere or question.topics) or found.kind is Kind.CHOOSE
        return numbered or sectioned or leaning or named or found.caveat is not None

    def _is_beside(self, found: Answer, opinion: Opinion) -> bool:
        """Whether what is named only sounds like the question, which is of law, people or chatter."""
        silent = opinion.kinds["silent"] >= SURE_OF_SILENCE
        if found.kind is Kind.TARGETS:
            return silent or self._quotes_the_law(found.question)
        return found.kind is Kind.PASSAGES and silent and opinion.best < LEAST

    def _quotes_the_law(self, question: Question) -> bool:
        """Whether every figure quoted is a rate that the law sets, not a plan: dues of 1 %, the fund's 2 %."""
        rates = {rate for subject in question.subjects for rate in self.glossary.subject(subject).legal_rates}
        return bool(question.figures) and rates.issuperset(question.figures)

    def _instead_of_silence(self, found: Answer, opinion: Opinion, own_plan: str | None) -> Answer:
        """What was learned where nothing was named; the surer, the likelier it is that no plan answers the question."""
        silent = opinion.kinds["silent"]
        first = opinion.ranked[0].candidate if opinion.ranked else None
        if first is not None and found.question.others and first.ref in found.question.subjects:
            return found
        if silent >= SURE_OF_KIND:
            enough = opinion.best >= (AGAINST_SILENCE if silent < SURE_OF_SILENCE else AGAINST_SURE_SILENCE)
            return self.by_learning(found.question, opinion, own_plan) if enough else found
        if opinion.best < LEAST and not self._names_the_likeliest(found.question, opinion):
            return self._doubting(found, opinion)
        return self.by_learning(found.question, opinion, own_plan)

    @staticmethod
    def _names_the_likeliest(question: Question, opinion: Opinion) -> bool:
        """Whether a figure is surely asked for, and the likeliest is that of the subject named: a word not known doubts
        it, no more.
        """
        first = opinion.ranked[0].candidate if opinion.ranked else None
        named = first is not None and first.sort is Sort.TARGET and first.ref in question.subjects
        return named and not question.others and opinion.kinds["target"] >= SURE_OF_SUBJECT

    def _doubting(self, found: Answer, opinion: Opinion) -> Answer:
        """A silence that may be one of understanding: what stands nearest is offered, nothing is denied."""
        offers = [self._offer(each.candidate) for each in opinion.ranked if each.p >= LEAST_OFFERED]
        choices = tuple(dict.fromkeys(offer for offer in offers if offer is not None))[:MOST_LEARNED]
        return msgspec.structs.replace(found, choices=choices or found.choices, caveat=Caveat.UNSURE)

    def _offer(self, candidate: Candidate) -> Choice | None:
        plan = self.plans[candidate.plan]
        if candidate.sort is Sort.TARGET:
            name = f"Chỉ tiêu {self.glossary.subject(candidate.ref).short} {plan.short}"
            return Choice(kind=ChoiceKind.SUBJECT, label=name, question=name)
        if candidate.sort is Sort.TASK:
            task = candidate.tasks[0]
            asks = f"Mục {task.section} của {plan.short}"
            return Choice(kind=ChoiceKind.SECTION, label=shorten(task.summary, LONGEST_LABEL), question=asks)
        return None

    def _unreported(self, found: Answer, opinion: Opinion, own_plan: str | None) -> Answer:
        """What the plan set out to reach, named as such, where it was asked what has been reached."""
        if found.kind is Kind.SILENT and not found.elsewhere and opinion.best >= LEAST:
            found = self.by_learning(found.question, opinion, own_plan)
        return msgspec.structs.replace(found, caveat=Caveat.RESULTS)

    def by_learning(self, question: Question, opinion: Opinion, own_plan: str | None) -> Answer:
        """The answer made of the candidates that are likeliest."""
        first = opinion.ranked[0].candidate
        plan = self.plans[first.plan]
        asks_figure = opinion.kinds["target"] >= SURE_OF_KIND
        caveat = Caveat.UNSURE if opinion.best < ENOUGH else None
        match first.sort:
            case Sort.TARGET:
                subjects = tuple(dict.fromkeys(each.candidate.ref for each in opinion.near(0.8, 2)))
                asked = msgspec.structs.replace(question, subjects=subjects)
                groups, absences = self.targets.of_question(asked, own_plan)
                return Answer(
                    kind=Kind.TARGETS,
                    question=asked,
                    groups=groups,
                    absences=absences,
                    quoted=question.figures,
                    choices=self.targets.further(asked, groups, absences),
                    caveat=caveat,
                )
            case Sort.TASK | Sort.DEADLINE:
                passages = tuple(
                    Passage(plan=self.plans[c.plan], task=c.tasks[0] if c.tasks else None, deadline=c.deadline)
                    for c in (each.candidate for each in opinion.ranked if each.p >= 0.4 * opinion.best)
                    if c.sort in {Sort.TASK, Sort.DEADLINE}
                )[:MOST_LEARNED]
                if asks_figure and not any(map(holds_figure, passages)):
                    caveat = Caveat.NO_FIGURE
                return Answer(kind=Kind.PASSAGES, question=question, passages=passages, caveat=caveat)
            case Sort.ROW:
                rows = [each.candidate for each in opinion.near(0.4, MOST_LEARNED)]
                found = tuple(self._names.rows.row(c.form.id, c.row.key) for c in rows if c.form and c.row)
                return Answer(kind=Kind.ROWS, question=question, rows=found, caveat=caveat)
            case Sort.PART:
                return Answer(
                    kind=Kind.ROWS, question=question, rows=self._names.rows.of_parts((first.ref,)), caveat=caveat
                )
            case Sort.SECTION:
                children = tuple(Passage(plan=plan, task=task) for task in first.tasks)
                return Answer(kind=Kind.OUTLINE, question=question, passages=children, caveat=caveat)
            case Sort.OVERVIEW:
                facts = tuple(self.targets.overview(plan, (), question))
                group = Group(subject=plan.id, name=plan.citation, facts=facts)
                return Answer(kind=Kind.OVERVIEW, question=question, groups=(group,), caveat=caveat)
            case Sort.DOCUMENT:
                return Answer(kind=Kind.DOCUMENTS, question=question, documents=(plan,), caveat=caveat)


def _shows(found: Answer, candidate: Candidate) -> bool:
    """Whether the answer already shows what this candidate stands for, or was asked for by its number."""
    match candidate.sort:
        case Sort.TARGET:
            shown = {group.subject for group in found.groups} | set(found.question.subjects)
            return found.kind is Kind.OVERVIEW or candidate.ref in shown
        case Sort.DEADLINE:
            return any(passage.deadline == candidate.deadline for passage in found.passages)
        case Sort.TASK:
            return any(passage.task in candidate.tasks for passage in found.passages if passage.task is not None)
        case Sort.ROW:
            return any(row.row == candidate.row for row in found.rows)
        case Sort.DOCUMENT:
            return any(plan.id == candidate.plan for plan in found.documents)
        case _:
            return False
