"""The choice between the answer found by names and the learned one, its doubt, and what is offered instead."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from knowledge.denials import asks_rate, is_asked_for, is_denial, without_own_size
from knowledge.model.answers import Answer, AnswerKind, Caveat, Choice, ChoiceKind, Group, Passage, Why
from knowledge.model.questions import Question
from knowledge.naming import LONGEST_LABEL, NamedAnswers
from knowledge.passages import holds_figure
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.learned import Opinion
from knowledge.text import shorten
from knowledge.words import section_of, targets_on

LEAST, ENOUGH, MOST, AGAINST_ABSENCE, AGAINST_NAMES = 0.06, 0.45, 0.5, 0.75, 0.9
"""Probabilities (0–1) from which a learned answer is given with a doubt, without one, surely, and where names tell that
a plan sets no such target."""

AT_A_LOSS = 0.15
"""Probability (0–1) of the likeliest below which passages that are named stand, if they are among the likely ones."""

LEAST_OF_FIGURES = 0.4
"""Probability (0–1) from which a target is told that was not named: a wrong figure misleads, a wrong task is seen."""

SURE_OF_SILENCE = 0.85
"""Probability (0–1) from which no plan surely answers."""

SURELY_ANSWERED = 0.1
"""Probability (0–1) of silence under which a place beside a named plan is only where the asker is ("ngoài Đông Hà")."""

MARGIN = 0.1
"""By how much silence must be likelier than an answer; within it the answer is given with a doubt."""

LEAST_OFFERED = 0.03
"""Probability (0–1) from which something is offered beside a silence."""

HEARD_OF_KIND = 0.02
"""Probability (0–1) from which a question is taken for one of its kind where a word for it stands there too."""

SURE_OF_KIND = 0.5
"""Probability (0–1) from which a question is taken for one of its kind."""

HIGHEST_BY_THE_WAY, UNEXPLAINED = 3, 2
"""Rank up to which a subject (members, a union being there) stands in sentences on others too, and the words nothing
explains from which it does."""

LONGEST_HEADING = 45
"""Words of a task that is shown with what stands beneath it; a longer one answers by itself."""

SURE_OF_SUBJECT = 0.9
"""Probability (0–1) from which a figure is surely asked for, though a word beside its subject is not known."""

CLEAR, IN_DOUBT = 0.7, 0.1
"""Probability (0–1) of the likeliest passage from which it is clear; below it those are shown beside it that come to
this share of it."""

MOST_LEARNED = 3
"""Passages or rows shown of a ranking."""

CLEARLY = 2
"""How many times likelier a figure must be asked for than what to do, so that it is said that no text tells it."""

LEAST_OF_TEXTS = 0.15
"""Probability (0–1) from which what a text says is told where a target is named that was not asked for."""

TEXTS = frozenset({Sort.TASK, Sort.DEADLINE, Sort.DOCUMENT, Sort.SECTION})
ROWS = frozenset({Sort.ROW, Sort.PART})
"""What answers a question for no target: the texts of plans, the rows of forms."""


MOST_PLANS = 4
"""Plans of which a line is told, each at least one, where none is named and they say it each their own way."""

_MAY_BE_RESULTS = frozenset({AnswerKind.TARGETS, AnswerKind.OVERVIEW, AnswerKind.SILENT, AnswerKind.PASSAGES})


class Scales:
    """Weighs what is named against an opinion of what was learned."""

    def __init__(self, names: NamedAnswers) -> None:
        """`names` finds what is named, and knows plans, targets and rows."""
        self._names = names
        self.plans = names.plans
        self.glossary = names.glossary
        self.targets = names.targets

    def weigh(self, found: Answer, opinion: Opinion, own: Sequence[str]) -> Answer:
        """The answer found by names, or the learned one where that found nothing or something far less likely.

        No target is denied that was not asked for.
        """
        told = self._weigh(found, opinion, own)
        if not is_denial(told) or told.question.inherited:
            return told
        if not is_asked_for(told, opinion.kinds):
            return self._instead_of_denial(told, opinion, own)
        if self._is_in_a_text(told, opinion):
            return self.by_learning(told.question, opinion, own)
        unsized = without_own_size(told) if opinion.kinds["verdict"] < SURE_OF_KIND else None
        meant = self.of_subjects(unsized, own) if unsized is not None else told
        return meant if meant.groups else told

    def _is_in_a_text(self, denial: Answer, opinion: Opinion) -> bool:
        """Whether a number that no target sets surely stands in a task: from how many workers a union is founded."""
        first, question = opinion.first, denial.question
        if first is None or first.sort is not Sort.TASK or opinion.best < AGAINST_ABSENCE or question.years:
            return False
        unset = all(absence.why is Why.SUBJECT for absence in denial.absences)
        counted = question.asks("asked_figure") and not asks_rate(question)
        passage = Passage(plan=self.plans[first.plan], task=first.tasks[0])
        return unset and counted and holds_figure(passage)

    def _instead_of_denial(self, denial: Answer, opinion: Opinion, own: Sequence[str]) -> Answer:
        """What the plans' texts say that comes nearest to a question for no target; or offers, and nothing denied."""
        if opinion.kinds["silent"] >= SURE_OF_KIND:
            return self._silent(denial)
        first = opinion.first
        if first is not None and first.sort is Sort.TARGET and opinion.best >= AGAINST_ABSENCE:
            ever = msgspec.structs.replace(denial.question, subjects=(first.ref,), years=(), scopes=())
            if (told := self.of_subjects(ever, own)).groups:
                return told
        of_texts = opinion.among(ROWS if opinion.kinds["indicator"] >= SURE_OF_KIND else TEXTS)
        if of_texts.best >= LEAST_OF_TEXTS:
            return self.by_learning(denial.question, of_texts, own)
        if denial.passages:
            return Answer(
                kind=AnswerKind.PASSAGES, question=denial.question, passages=denial.passages, caveat=Caveat.UNSURE
            )
        return self._doubting(self._silent(denial), opinion)

    def _weigh(self, found: Answer, opinion: Opinion, own: Sequence[str]) -> Answer:
        question = found.question
        if self._asks_results(question, opinion) and found.kind in _MAY_BE_RESULTS:
            found = self._unreported(found, opinion, own)
        if self._is_settled(found) and not self._is_numbered(question, opinion):
            return found
        of_all = opinion.kinds["overview"] >= SURE_OF_KIND and not self._asks_section(question, opinion)
        if of_all and (overview := self._names.overview(found, own)):
            return overview
        of_tasks = max(opinion.kinds["task"], opinion.kinds["overview"]) >= SURE_OF_KIND
        if of_tasks and opinion.best < AGAINST_ABSENCE and (titled := self._names.titled(question)):
            return titled
        if opinion.kinds["indicator"] >= SURE_OF_KIND and found.kind is not AnswerKind.ROWS:
            opinion = opinion.among(ROWS)
            if opinion.best < ENOUGH and found.kind is AnswerKind.SILENT and (called := self._called(question)):
                return called
        if opinion.kinds["responsible"] >= SURE_OF_KIND and found.kind is not AnswerKind.TARGETS:
            opinion = opinion.among({Sort.TASK, Sort.DEADLINE, Sort.DOCUMENT})
        elif opinion.kinds["task"] >= SURE_OF_SUBJECT and found.kind is AnswerKind.PASSAGES and opinion.best < MOST:
            opinion = opinion.among({Sort.TASK, Sort.DEADLINE, Sort.SECTION})
        if opinion.kinds["document"] >= SURE_OF_KIND and (identity := self._names.identity(found)):
            return (
                identity
                if opinion.best < MOST or found.kind is AnswerKind.DOCUMENTS
                else self.by_learning(question, opinion, own)
            )
        if is_denial(found):
            if not self._may_mean_another(found, opinion):
                return found
            first = opinion.first
            is_guess = first is not None and first.sort is Sort.TARGET and opinion.best < MOST
            if is_guess and self._is_by_the_way(question):
                return self._doubting(self._silent(found), opinion)
        if found.kind is AnswerKind.TARGETS and self._quotes_the_law(question):
            return self._silent(found)
        return self._likeliest(found, opinion, own)

    def _called(self, question: Question) -> Answer | None:
        """The one row of a form that is named whole, where a form is spoken of; None where none is."""
        if not question.asks("form") or question.elsewhere or question.topics:
            return None
        plans = self._names.issuers.together(question.plans) if question.plans else list(self.plans)
        row = self._names.rows.called(question, plans)
        return Answer(kind=AnswerKind.ROWS, question=question, rows=(row,)) if row is not None else None

    def _likeliest(self, found: Answer, opinion: Opinion, own: Sequence[str]) -> Answer:
        """What is named, what was learned, or silence: whichever is likelier to be right."""
        if self._is_explained(found) and self._asks_plans(found.question):
            return found
        odds = opinion.odds
        if self._is_explained(found) and odds.silent <= odds.named:
            return found
        named = odds.named if found.kind not in {AnswerKind.SILENT, AnswerKind.CHOOSE} else 0.0
        if self._names_the_likeliest(found.question, opinion):
            return found if found.groups else self.by_learning(found.question, opinion, own)
        if odds.silent > max(named, opinion.best + MARGIN) or self._is_another(found, opinion):
            may_be = found.kind is AnswerKind.PASSAGES and found.question.plans and odds.silent < SURE_OF_SILENCE
            return msgspec.structs.replace(found, caveat=Caveat.MAY_BE_ABSENT) if may_be else self._silent(found)
        first = opinion.first
        if first is None or (found.kind is AnswerKind.CHOOSE and first.sort is Sort.TARGET):
            return found
        is_whole = found.kind not in {AnswerKind.PASSAGES, AnswerKind.SILENT, AnswerKind.CHOOSE}
        asks_task = opinion.kinds["task"] >= SURE_OF_SUBJECT and found.kind is AnswerKind.TARGETS
        if is_whole and not asks_task and (named >= opinion.best or _shows(found, first)):
            return found
        is_lost = opinion.best < AT_A_LOSS and odds.silent < named
        if is_lost and found.kind is AnswerKind.PASSAGES and _shows_any(found, opinion):
            return found
        alike = sum(each.p for each in opinion.near(0.8, 2)) if first.sort is Sort.TARGET else opinion.best
        if alike >= (LEAST_OF_FIGURES if first.sort is Sort.TARGET else LEAST):
            learned = self.by_learning(found.question, opinion, own)
            learned = self._joined(learned, found) if named >= MOST else learned
            is_close = odds.silent > opinion.best and learned.caveat is None
            return msgspec.structs.replace(learned, caveat=Caveat.UNSURE) if is_close else learned
        if found.kind is AnswerKind.PASSAGES and odds.silent < named:
            return msgspec.structs.replace(found, caveat=Caveat.UNSURE)
        return self._doubting(self._silent(found), opinion)

    def _may_mean_another(self, found: Answer, opinion: Opinion) -> bool:
        """Whether an absence may be of something that was not asked about: then it is not told unweighed."""
        question = found.question
        is_rate = opinion.kinds["target"] >= SURE_OF_SUBJECT and question.asks("asked_figure")
        of_text = opinion.first is not None and opinion.first.sort is not Sort.TARGET
        if is_rate and of_text and not (question.leftover or question.asks("when", "frequency")):
            return False
        asks_row = opinion.kinds["indicator"] >= SURE_OF_KIND and question.asks("form")
        if asks_row or self._is_by_the_way(question):
            return True
        if any(each.why is Why.SCOPE and each.instead for each in found.absences) and len(question.scopes) > 1:
            return False
        enough = AGAINST_ABSENCE if question.leftover else AGAINST_NAMES
        return opinion.best >= enough and not self._is_outranked(question, opinion)

    def _is_by_the_way(self, question: Question) -> bool:
        """Whether the subjects named only tell of whom something is asked: "nơi có công đoàn ký được bản cam kết …"."""
        ranks = [self.glossary.subject(subject).rank for subject in question.subjects]
        return bool(ranks) and max(ranks) <= HIGHEST_BY_THE_WAY and len(question.leftover) >= UNEXPLAINED

    def _is_outranked(self, question: Question, opinion: Opinion) -> bool:
        """Whether the likeliest is what the subject named is more than: excellent is not good."""
        over = {other for subject in question.subjects for other in self.glossary.subject(subject).over}
        return opinion.first is not None and opinion.first.ref in over

    def _silent(self, found: Answer) -> Answer:
        """Silence, where no plan answers; what only sounds like the question goes."""
        if found.kind in {AnswerKind.SILENT, AnswerKind.CHOOSE}:
            return found
        return self._names.silent(msgspec.structs.replace(found.question, subjects=()))

    @staticmethod
    def _joined(learned: Answer, found: Answer) -> Answer:
        """The passages learned and behind them those named, as many as are shown."""
        if not learned.kind is found.kind is AnswerKind.PASSAGES:
            return learned
        both = dict.fromkeys((*learned.passages, *found.passages))
        return msgspec.structs.replace(learned, passages=tuple(both)[: max(MOST_LEARNED, len(learned.passages))])

    @staticmethod
    def _is_explained(found: Answer) -> bool:
        """Whether names account for every word of what is told: targets of a subject, all of a plan's, a figure's."""
        return (
            found.kind in {AnswerKind.TARGETS, AnswerKind.OVERVIEW}
            and bool(found.groups)
            and not found.question.leftover
        )

    @staticmethod
    def _is_numbered(question: Question, opinion: Opinion) -> bool:
        """Whether the likeliest is a row of a form of the very number that is named."""
        named = {str(item) for item in question.items}
        first = opinion.first if named else None
        return first is not None and opinion.best >= MOST and not named.isdisjoint(first.numbers)

    @staticmethod
    def _asks_section(question: Question, opinion: Opinion) -> bool:
        """Whether a section of a plan is surely meant by words that nothing else explains."""
        first = opinion.first if question.leftover else None
        return first is not None and first.sort is Sort.SECTION and opinion.best >= MOST

    @staticmethod
    def _asks_plans(question: Question) -> bool:
        """Whether it surely asks what plans set, not what the law does: a plan, a year, a target is spoken of."""
        return bool(question.plans or question.years or not question.subjects) or question.asks(
            "planned", "overview", "over_time"
        )

    @staticmethod
    def _is_another(found: Answer, opinion: Opinion) -> bool:
        """Whether a figure would be told of a place, a body or a thing that is not the one asked about."""
        question, first = found.question, opinion.first
        if found.kind is not AnswerKind.SILENT or (first is not None and first.sort is not Sort.TARGET):
            return False
        of_subject = first is not None and first.ref in question.subjects and opinion.best < AGAINST_ABSENCE
        may_be = bool(question.plans) and not question.asks("part")
        within = may_be and opinion.best >= AGAINST_ABSENCE and opinion.odds.silent < SURELY_ANSWERED
        apart = (bool(question.elsewhere) and not within) or question.asks("counts_others")
        return apart or bool(question.topics) or (bool(question.others) and of_subject)

    def is_unsure(self, found: Answer, opinion: Opinion) -> bool:
        """Whether an answer may not be what was meant: a doubt, a choice, passages or a silence that are not sure."""
        if found.kind is AnswerKind.CHOOSE or found.caveat in {Caveat.UNSURE, Caveat.NO_FIGURE, Caveat.MAY_BE_ABSENT}:
            return True
        is_clear = opinion.odds.silent >= SURE_OF_SILENCE if found.kind is AnswerKind.SILENT else opinion.best >= CLEAR
        return found.kind in {AnswerKind.SILENT, AnswerKind.PASSAGES} and not (self._is_settled(found) or is_clear)

    def by_picking(self, question: Question, picked: Opinion, own: Sequence[str]) -> Answer:
        """The answer made of candidates that were picked for a question; `picked` holds one at least.

        Where the question names no plan, one is taken as meant if targets were picked from some only of the plans
        that set them.
        """
        first = picked.ranked[0].candidate
        if first.sort is Sort.TARGET and not question.plans:
            chosen = tuple(dict.fromkeys(each.candidate.plan for each in picked.among({Sort.TARGET}).ranked))
            setting = {plan.id for plan in self.targets.setting(first.ref)} - self._names.issuers.silenced(question)
            question = msgspec.structs.replace(question, plans=chosen if setting.difference(chosen) else ())
        found = self.by_learning(question, picked, own)
        asks_results = self._asks_results(question, picked) and found.kind in {AnswerKind.TARGETS, AnswerKind.OVERVIEW}
        return msgspec.structs.replace(found, caveat=Caveat.RESULTS) if asks_results else found

    def in_doubt(self, question: Question, opinion: Opinion) -> Answer:
        """No answer to a question, but what stands nearest on offer."""
        return self._doubting(self._names.silent(question), opinion)

    @staticmethod
    def _asks_results(question: Question, opinion: Opinion) -> bool:
        """Whether it asks what has been reached, not what is to be."""
        enough = SURE_OF_KIND if not question.asks("result") or question.figures else HEARD_OF_KIND
        return opinion.kinds["result"] >= enough

    @staticmethod
    def _is_settled(found: Answer) -> bool:
        """Whether nothing learned can say more: a number or a place that was named, or what a fragment leans on."""
        question = found.question
        named = question.items or question.parts or (question.plans and question.asks("paying"))
        numbered = found.kind is AnswerKind.SILENT and bool(named)
        sectioned = found.kind is AnswerKind.OUTLINE or (found.kind is AnswerKind.PASSAGES and bool(question.sections))
        leaning = found.kind is not AnswerKind.SILENT and question.inherited
        signed = found.kind is AnswerKind.DOCUMENTS and question.asks_signer
        return numbered or sectioned or leaning or signed or found.by_state or found.caveat is not None

    def _quotes_the_law(self, question: Question) -> bool:
        """Whether every figure quoted is a rate that the law sets, not a plan: dues of 1 %, the fund's 2 %."""
        rates = {rate for subject in question.subjects for rate in self.glossary.subject(subject).legal_rates}
        return bool(question.figures) and rates.issuperset(question.figures)

    @staticmethod
    def _is_apart(question: Question) -> bool:
        """Whether a place, a body or a thing is named of which no target speaks."""
        return bool(question.others or question.elsewhere or question.topics)

    def _names_the_likeliest(self, question: Question, opinion: Opinion) -> bool:
        """Whether a figure is surely asked for, and the likeliest is that of the subject named: a word not known doubts
        it, no more.
        """
        first = opinion.first
        named = first is not None and first.sort is Sort.TARGET and first.ref in question.subjects
        return named and not self._is_apart(question) and opinion.kinds["target"] >= SURE_OF_SUBJECT

    def _doubting(self, found: Answer, opinion: Opinion) -> Answer:
        """A silence that may be one of understanding: what stands nearest is offered, nothing is denied."""
        offers = [self._offer(each.candidate) for each in opinion.ranked if each.p >= LEAST_OFFERED]
        choices = tuple(dict.fromkeys(offer for offer in offers if offer is not None))[:MOST_LEARNED]
        return msgspec.structs.replace(found, choices=choices or found.choices, caveat=Caveat.UNSURE)

    def _offer(self, candidate: Candidate) -> Choice | None:
        if candidate.sort not in {Sort.TARGET, Sort.TASK}:
            return None
        plan = self.plans[candidate.plan]
        if candidate.sort is Sort.TARGET:
            name = targets_on(self.glossary.subject(candidate.ref).short, self._names.issuers.handle(plan))
            return Choice(kind=ChoiceKind.SUBJECT, label=name, question=name)
        task = candidate.tasks[0]
        asks = section_of(task.section, self._names.issuers.handle(plan))
        return Choice(kind=ChoiceKind.SECTION, label=shorten(task.summary, LONGEST_LABEL), question=asks)

    def _unreported(self, found: Answer, opinion: Opinion, own: Sequence[str]) -> Answer:
        """What the plan set out to reach, named as such, where it was asked what has been reached."""
        if found.kind is AnswerKind.SILENT and not found.elsewhere and opinion.best >= LEAST_OF_FIGURES:
            found = self.by_learning(found.question, opinion, own)
        elif found.kind is AnswerKind.SILENT and found.question.subjects and not self._is_apart(found.question):
            found = self.of_subjects(found.question, own)
        if found.kind is AnswerKind.PASSAGES and opinion.kinds["result"] < SURE_OF_KIND:
            return found
        return msgspec.structs.replace(found, caveat=Caveat.RESULTS)

    def _beside(self, opinion: Opinion) -> tuple[Passage, ...]:
        """The tasks that are nearly as likely as a target, where a task was asked for."""
        near = (each.candidate for each in opinion.ranked if each.p >= 0.4 * opinion.best)
        tasks = [(c.plan, c.tasks[0]) for c in near if c.sort is Sort.TASK]
        return tuple(Passage(plan=self.plans[plan], task=task) for plan, task in tasks[:MOST_LEARNED])

    def rows_of(self, found: Answer, opinion: Opinion, own: Sequence[str]) -> Answer | None:
        """The rows of forms that are likeliest, where a row is asked for; None where none is, or nothing is likely."""
        if opinion.kinds["indicator"] < SURE_OF_KIND:
            return None
        rows = opinion.among(ROWS)
        return self.by_learning(found.question, rows, own) if rows.best >= LEAST else None

    def of_subjects(self, question: Question, own: Sequence[str]) -> Answer:
        """The targets of the question's subjects."""
        groups, absences, selection = self.targets.of_question(question, own)
        return Answer(
            kind=AnswerKind.TARGETS,
            question=question,
            groups=groups,
            absences=absences,
            elsewhere=question.elsewhere if question.asks("versus") else (),
            quoted=question.figures,
            choices=self.targets.further(question, groups, absences),
            more=selection.more,
            further=selection.shown,
        )

    def by_learning(self, question: Question, opinion: Opinion, own: Sequence[str]) -> Answer:
        """The answer made of the candidates that are likeliest."""
        first = opinion.ranked[0].candidate
        asks_figure = opinion.kinds["target"] >= SURE_OF_KIND
        caveat = Caveat.UNSURE if opinion.best < ENOUGH else None
        match first.sort:
            case Sort.TARGET:
                subjects = tuple(dict.fromkeys(each.candidate.ref for each in opinion.near(0.8, 2)))
                asked = msgspec.structs.replace(question, subjects=subjects, others=(), leftover=(), strange=())
                beside = self._beside(opinion) if opinion.kinds["task"] >= SURE_OF_SUBJECT else ()
                return msgspec.structs.replace(self.of_subjects(asked, own), caveat=caveat, passages=beside)
            case Sort.TASK | Sort.DEADLINE:
                task = first.tasks[0] if first.tasks else None
                share = (0.4 if question.plans else 0.25) if opinion.best >= CLEAR else IN_DOUBT
                near = [each.candidate for each in opinion.ranked if each.p >= share * opinion.best]
                if opinion.kinds["deadline"] >= SURE_OF_KIND:
                    near = _dues_first(first, opinion, near)
                    task = near[0].tasks[0] if near[0].tasks else None
                alone = all(c.plan == first.plan for c in near)
                if task is not None and alone and len(task.summary.split()) <= LONGEST_HEADING:
                    outline = self._names.outline(question, self.plans[first.plan], task.section)
                    if outline is not None:
                        return msgspec.structs.replace(outline, caveat=caveat)
                passages = tuple(
                    Passage(plan=self.plans[c.plan], task=c.tasks[0] if c.tasks else None, deadline=c.deadline)
                    for c in (near if question.plans else _spread(near))
                    if c.sort in {Sort.TASK, Sort.DEADLINE}
                )[: MOST_LEARNED if question.plans else max(MOST_LEARNED, min(len({c.plan for c in near}), MOST_PLANS))]
                counts = asks_figure and question.asks("asked_figure", "figure", "when")
                counts = counts and opinion.kinds["target"] >= CLEARLY * opinion.kinds["task"]
                if counts and not any(map(holds_figure, passages)):
                    caveat = Caveat.NO_FIGURE
                return Answer(kind=AnswerKind.PASSAGES, question=question, passages=passages, caveat=caveat)
            case Sort.ROW:
                rows = [each.candidate for each in opinion.near(0.4, MOST_LEARNED)]
                found = tuple(self._names.rows.row(c.form.id, c.row.key) for c in rows if c.form and c.row)
                return Answer(kind=AnswerKind.ROWS, question=question, rows=found, caveat=caveat)
            case Sort.PART:
                return Answer(
                    kind=AnswerKind.ROWS, question=question, rows=self._names.rows.of_parts((first.ref,)), caveat=caveat
                )
            case Sort.SECTION:
                outline = self._names.outline(question, self.plans[first.plan], first.ref)
                assert outline is not None
                return msgspec.structs.replace(outline, caveat=caveat)
            case Sort.OVERVIEW:
                plan = self.plans[first.plan]
                facts = tuple(self.targets.overview(plan, (), question))
                group = Group(subject=plan.id, name=plan.citation, facts=facts)
                return Answer(kind=AnswerKind.OVERVIEW, question=question, groups=(group,), caveat=caveat)
            case Sort.DOCUMENT:
                return Answer(
                    kind=AnswerKind.DOCUMENTS, question=question, documents=(self.plans[first.plan],), caveat=caveat
                )


def _dues_first(first: Candidate, opinion: Opinion, near: list[Candidate]) -> list[Candidate]:
    """What is near, first the duties that stand on the lines of the likeliest: there the day was read out of them."""
    dues = [each.candidate for each in opinion.ranked if each.candidate.sort is Sort.DEADLINE]
    own = [due for due in dues if due.plan == first.plan and due.lines & first.lines]
    return [*own, *(each for each in near if each not in own)]


def _spread(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Tasks and deadlines with the likeliest of each plan before the others."""
    told = [each for each in ranked if each.sort in {Sort.TASK, Sort.DEADLINE}]
    first = {each.plan: each for each in reversed(told)}
    leading = [each for each in told if first[each.plan] is each]
    return [*leading, *(each for each in told if first[each.plan] is not each)]


def _shows_any(found: Answer, opinion: Opinion) -> bool:
    """Whether the answer shows one of those that are nearly as likely as the likeliest."""
    return any(_shows(found, each.candidate) for each in opinion.near(0.5, MOST_LEARNED))


def _shows(found: Answer, candidate: Candidate) -> bool:
    """Whether the answer already shows what this candidate stands for, or was asked for by its number."""
    match candidate.sort:
        case Sort.TARGET:
            shown = {group.subject for group in found.groups} | set(found.question.subjects)
            return found.kind is AnswerKind.OVERVIEW or candidate.ref in shown
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
