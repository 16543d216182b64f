"""Question + plans + who asks → what can be said: facts with their place, an absence, passages, choices, or silence.

What decides is whether subject, plan, year and population are really there, never how well a text matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property

import msgspec

from knowledge.context import complete, lean
from knowledge.forms import load_forms
from knowledge.model.answers import Absence, Answer, Caveat, Choice, ChoiceKind, Group, Kind, Passage, Why
from knowledge.model.forms import Form
from knowledge.model.plans import Plan
from knowledge.model.questions import Question
from knowledge.passages import FITS_LOOSELY, Hit, Passages, cites, holds_figure
from knowledge.question import Understanding, load_understanding
from knowledge.rows import Rows
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.learned import Learned, Opinion, build_learned
from knowledge.targets import Targets

MOST_NEAR = 2
"""Passages offered where there is no answer."""

LONGEST_FRAGMENT = 5
"""Syllables of a message that may lean on the question before it."""

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

MOST_LEARNED = 3
"""Passages or rows shown of a ranking."""

LONGEST_LABEL = 60
"""Letters of what is offered beside a silence."""

_OF_DOCUMENTS = (
    "thành phố thường trực quyết định nghị quyết chỉ thị kết luận công văn số ngày tháng năm "
    "thuộc cấp của đánh giá nói gì"
)
"""Words in questions about documents that ask for nothing beyond what a document's identity tells."""


class Adviser:
    """Answers questions from a set of plans; pure, and cheap to ask."""

    def __init__(self, understanding: Understanding, forms: Sequence[Form]) -> None:
        """Index the targets, passages and rows of forms that can be asked about."""
        self.understanding = understanding
        self.glossary = understanding.glossary
        self.plans = understanding.plans
        self.targets = Targets(self.plans, self.glossary)
        self._forms = {form.id: form for form in forms}

    @cached_property
    def passages(self) -> Passages:
        """The index over tasks and deadlines, built when first needed."""
        return Passages(self.plans, self.understanding)

    @cached_property
    def rows(self) -> Rows:
        """The index over rows of forms, built when first needed."""
        return Rows(self._forms, self.understanding)

    def ask(self, text: str, previous: Question | None = None, own_plan: str | None = None) -> Answer:
        """The answer to a message; `previous` is the question it may lean on, `own_plan` that of the asker's unit."""
        question = self.resolve(self.understanding.read(text), previous)
        answer = self.answer(question, own_plan)
        is_fragment = not question.inherited and question.length <= LONGEST_FRAGMENT
        if answer.kind is Kind.SILENT and previous is not None and is_fragment:
            return self._leaning(answer, previous, own_plan)
        return answer

    def _leaning(self, found: Answer, previous: Question, own_plan: str | None) -> Answer:
        """What a fragment without an answer of its own asks of the question before it; the silence where nothing."""
        joined = lean(found.question, previous)
        opinion = self._judge(joined)
        return self._by_learning(joined, opinion, own_plan) if opinion.best >= MOST else found

    def resolve(self, question: Question, previous: Question | None) -> Question:
        """The question completed from the one before where it is only a fragment."""
        completed = complete(self._drop_lesser_plans(question), previous)
        if completed.inherited and completed.subjects and not question.subjects:
            return self._turned(completed, question)
        return completed

    def _turned(self, completed: Question, fragment: Question) -> Question:
        """A fragment that asks for the yearly pace of a total, or the total of a pace, asks for another subject."""
        turned = []
        for subject in map(self.glossary.subject, completed.subjects):
            other = subject.by_year if fragment.asks("annual") else subject.in_total if fragment.asks("total") else None
            turned.append(other or subject.id)
        return msgspec.structs.replace(completed, subjects=tuple(turned))

    @cached_property
    def learned(self) -> Learned:
        """The learned voice, read when first needed."""
        return build_learned(self.understanding, tuple(self._forms.values()))

    def answer(self, question: Question, own_plan: str | None = None) -> Answer:
        """The answer to a question already resolved: what is named word for word, weighed against what was learned."""
        found = self._named(question, own_plan)
        if found.kind is Kind.GREETING:
            return found
        return self._weigh(found, self._judge(question), own_plan)

    def _judge(self, question: Question) -> Opinion:
        """The learned voice on a question; where plans are named, only they and their issuers' others speak."""
        opinion = self.learned.judge(question)
        if not question.plans:
            return opinion
        issuers = {self.plans[plan].issuer for plan in question.plans}
        return opinion.of({plan.id for plan in self.plans.values() if plan.issuer in issuers})

    def _weigh(self, found: Answer, opinion: Opinion, own_plan: str | None) -> Answer:
        """The answer found by names, or the learned one where that found nothing or something far less likely."""
        question = found.question
        of_results = SURE_OF_KIND if not question.asks("result") or question.figures else HEARD_OF_KIND
        if opinion.kinds["result"] >= of_results and found.kind in {Kind.TARGETS, Kind.OVERVIEW, Kind.SILENT}:
            found = self._unreported(found, opinion, own_plan)
        if self._is_settled(found):
            return found
        if opinion.kinds["indicator"] >= SURE_OF_KIND and found.kind is not Kind.ROWS:
            opinion = opinion.among({Sort.ROW, Sort.PART})
            return self._by_learning(question, opinion, own_plan) if opinion.best >= LEAST_OFFERED else found
        if found.kind is Kind.SILENT:
            return self._instead_of_silence(found, opinion, own_plan)
        if self._is_beside(found, opinion):
            return self._silent(msgspec.structs.replace(question, subjects=()))
        named = found.kind in {Kind.TARGETS, Kind.OVERVIEW}
        named = named or (found.kind is Kind.DOCUMENTS and opinion.kinds["document"] >= HEARD_OF_KIND)
        explained = not question.leftover or (found.kind is Kind.DOCUMENTS and bool(question.references))
        if named and explained and opinion.best < AGAINST_NAMES:
            return found
        if opinion.best >= MOST and not any(
            _shows(found, each.candidate) for each in opinion.ranked if each.p >= RIVAL * opinion.best
        ):
            return self._by_learning(question, opinion, own_plan)
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
            return self._by_learning(found.question, opinion, own_plan) if enough else found
        if opinion.best < LEAST:
            return self._doubting(found, opinion)
        return self._by_learning(found.question, opinion, own_plan)

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
            return Choice(kind=ChoiceKind.SECTION, label=_shortened(task.summary), question=asks)
        return None

    def _unreported(self, found: Answer, opinion: Opinion, own_plan: str | None) -> Answer:
        """What the plan set out to reach, named as such, where it was asked what has been reached."""
        if found.kind is Kind.SILENT and not found.elsewhere and opinion.best >= LEAST:
            found = self._by_learning(found.question, opinion, own_plan)
        return msgspec.structs.replace(found, caveat=Caveat.RESULTS)

    def _by_learning(self, question: Question, opinion: Opinion, own_plan: str | None) -> Answer:
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
                found = tuple(self.rows.row(c.form.id, c.row.key) for c in rows if c.form and c.row)
                return Answer(kind=Kind.ROWS, question=question, rows=found, caveat=caveat)
            case Sort.PART:
                return Answer(kind=Kind.ROWS, question=question, rows=self.rows.of_parts((first.ref,)), caveat=caveat)
            case Sort.SECTION:
                children = tuple(Passage(plan=plan, task=task) for task in first.tasks)
                return Answer(kind=Kind.OUTLINE, question=question, passages=children, caveat=caveat)
            case Sort.OVERVIEW:
                facts = tuple(self.targets.overview(plan, (), question))
                group = Group(subject=plan.id, name=plan.citation, facts=facts)
                return Answer(kind=Kind.OVERVIEW, question=question, groups=(group,), caveat=caveat)
            case Sort.DOCUMENT:
                return Answer(kind=Kind.DOCUMENTS, question=question, documents=(plan,), caveat=caveat)

    def _named(self, question: Question, own_plan: str | None) -> Answer:
        """The answer to what the question names word for word: the first road that leads somewhere."""
        roads = (
            self._elsewhere,
            self._rows,
            self._topics,
            self._references,
            self._by_date,
            self._documents,
            self._by_figure,
            self._sections,
            self._overview,
            self._row_named,
            self._subjects,
            self._choices,
            self._about_passages,
        )
        for road in roads:
            found = road(question, own_plan)
            if found is not None:
                return found
        is_question = question.length > 2 and question.asks("figure", "when", "who", "document", "section")
        if not question.is_empty or is_question:
            return self._silent(question)
        return Answer(kind=Kind.GREETING, question=question, choices=self._openers())

    def _drop_lesser_plans(self, question: Question) -> Question:
        """A review is named by what every plan does ("sơ kết"): beside another plan's name it means that plan's."""
        if question.asks("signer"):
            return question
        review = [plan for plan in question.plans if not self.plans[plan].targets]
        others = [plan for plan in question.plans if self.plans[plan].targets]
        if not review or not others:
            return question
        issuers = {self.plans[plan].issuer for plan in review}
        same = all(self.plans[plan].issuer in issuers for plan in others)
        return msgspec.structs.replace(question, plans=tuple(review if same else others))

    # --- Roads, in the order in which they are tried; each returns None where it leads nowhere ------------------------

    def _elsewhere(self, question: Question, _own_plan: str | None) -> Answer | None:
        """A place or body that no plan speaks for, unless it is compared with one, or belongs to a task."""
        if not question.elsewhere or (question.plans and question.asks("versus")):
            return None
        hits = self.passages.find(question)
        sought = question.asks("section")
        of_task = sought or not (question.asks("figure") or question.years or question.subjects)
        if hits and of_task and hits[0].pairs >= 0.5 and (hits[0].fits or (sought and hits[0].fits_loosely)):
            return self._passage_answer(question, hits)
        return self._silent(question)

    def _rows(self, question: Question, _own_plan: str | None) -> Answer | None:
        """Rows of a form, by number, by part or by name."""
        if question.parts and question.asks("form"):
            rows = self.rows.of_parts(question.parts)
            return Answer(kind=Kind.ROWS, question=question, rows=rows) if rows else self._silent(question)
        if question.items and (question.asks("form") or not question.plans):
            rows = self.rows.numbered(question.items)
            return Answer(kind=Kind.ROWS, question=question, rows=rows) if rows else self._silent(question)
        if not question.asks("form"):
            return None
        rows = self.rows.named(question)
        return Answer(kind=Kind.ROWS, question=question, rows=rows) if rows else None

    def _topics(self, question: Question, _own_plan: str | None) -> Answer | None:
        """Matters that share words with the plans but are in none."""
        return self._silent(question) if question.topics and not question.references else None

    def _references(self, question: Question, _own_plan: str | None) -> Answer | None:
        """A document cited by number: the plans that carry it out, or the tasks that cite it."""
        if not question.references or (question.subjects and _asks_figure(question) and not question.asks("section")):
            return None
        plans = [self.plans[plan] for plan in question.plans] or list(self.plans.values())
        carrying = [p for p in plans if any(cites(text, ref) for text in p.carries_out for ref in question.references)]
        if carrying and not self._beyond_documents(question) and not question.subjects and not question.asks("section"):
            return Answer(kind=Kind.DOCUMENTS, question=question, documents=tuple(carrying))
        hits = self.passages.citing(question)
        return self._passage_answer(question, hits) if hits else None

    def _by_date(self, question: Question, _own_plan: str | None) -> Answer | None:
        """What falls due on a date that is named."""
        if not question.dates or question.asks("document"):
            return None
        hits = self.passages.find(question) if question.content else []
        if hits and hits[0].fits:
            return self._passage_answer(question, hits)
        due = self.passages.due_on(question)
        return Answer(kind=Kind.PASSAGES, question=question, passages=due) if due else None

    def _documents(self, question: Question, own_plan: str | None) -> Answer | None:
        """A plan's identity: number, date, issuer, signer, what it carries out."""
        other = question.subjects or question.references or question.figures or question.asks("overview")
        if other or self._beyond_documents(question) or (question.content and question.numbers):
            return None
        only_plan = bool(question.plans) and not question.content
        dated = only_plan and bool(question.dates)
        if question.years and not dated:
            return None
        if not question.asks("document") and not dated and not (only_plan and question.asks("when", "who", "whose")):
            return None
        plans = self.targets.plans_asked(question, own_plan) if question.plans else list(self.plans.values())
        return Answer(kind=Kind.DOCUMENTS, question=question, documents=tuple(plans))

    def _by_figure(self, question: Question, own_plan: str | None) -> Answer | None:
        """Whose a quoted figure is, where nothing else is said of it."""
        if not question.figures or question.subjects:
            return None
        groups = self.targets.with_figures(question, own_plan)
        told = {word for g in groups for f in g.facts for word in self.understanding.fold_words(f.target.population)}
        if len(question.leftover) > 1 and not told.issuperset(question.leftover):
            return None
        return Answer(kind=Kind.TARGETS, question=question, groups=groups) if groups else self._silent(question)

    def _overview(self, question: Question, own_plan: str | None) -> Answer | None:
        """All targets of a plan or a year, or of a theme, where no subject is named."""
        subjects = self._themed(question)
        if not subjects and not self._is_overview(question):
            return None
        if question.asks("document") and not question.asks("overview"):
            return None
        plans = [plan for plan in self.targets.plans_asked(question, own_plan) if plan.targets]
        facts = {plan.id: self.targets.overview(plan, subjects, question) for plan in plans}
        groups = tuple(
            Group(subject=plan.id, name=plan.citation, facts=tuple(facts[plan.id])) for plan in plans if facts[plan.id]
        )
        empty = [plan for plan in plans if not facts[plan.id] and (question.plans or not groups)]
        return Answer(
            kind=Kind.OVERVIEW,
            question=question,
            groups=groups,
            absences=tuple(Absence(plan=plan, why=Why.YEAR, name="", years=question.years) for plan in empty),
            choices=tuple(choice for plan, choice in self._overviews() if plan.id not in question.plans),
        )

    def _themed(self, question: Question) -> tuple[str, ...]:
        named = any(self.glossary.subject(subject).rank > 1 for subject in question.subjects)
        if named or not question.themes or not question.asks("overview"):
            return ()
        themes = [theme for theme in self.glossary.themes if theme.name in question.themes]
        return tuple(dict.fromkeys(subject for theme in themes for subject in theme.subjects))

    @staticmethod
    def _is_overview(question: Question) -> bool:
        if question.subjects or question.leftover or not (question.plans or question.years):
            return False
        if question.sections or question.numbers or question.asks("frequency"):
            return False
        if question.asks("overview"):
            return True
        timed = question.asks("due", "roles", "who", "when")
        wide = question.asks("figure", "annual", "compare", "stages") or not question.content
        return wide and not timed and not question.themes

    def _sections(self, question: Question, _own_plan: str | None) -> Answer | None:
        """A section asked for by its number."""
        found = self.passages.of_sections(question) if question.sections else ()
        return Answer(kind=Kind.PASSAGES, question=question, passages=found) if found else None

    def _row_named(self, question: Question, _own_plan: str | None) -> Answer | None:
        """A row of a form asked for by its name ("… thuộc mục nào"), where no task fits as well."""
        best = self.rows.best(question) if question.asks("section") and not question.plans else None
        if best is None:
            return None
        hits = self.passages.find(question)
        if hits and hits[0].coverage + hits[0].pairs + 0.1 >= best[1]:
            return None
        return Answer(kind=Kind.ROWS, question=question, rows=(best[0],))

    def _subjects(self, question: Question, own_plan: str | None) -> Answer | None:
        """Targets of the subjects named; passages where they account for more of what is asked."""
        if not question.subjects:
            return None
        hits = self.passages.find(question)
        groups, absences = self.targets.of_question(question, own_plan)
        passages_fit = bool(hits) and self.passages.speaks_of(hits[0], question)
        if passages_fit and self._belongs_to_passages(question, hits[0], found=bool(groups)):
            return self._passage_answer(question, hits)
        if question.others or question.strange or question.asks("frequency"):
            return self._silent(question)
        groups = self._quoted_elsewhere(question, groups) or groups
        return Answer(
            kind=Kind.TARGETS,
            question=question,
            groups=groups,
            absences=absences,
            passages=self._beside(question, hits, groups, absences),
            elsewhere=question.elsewhere,
            quoted=question.figures,
            choices=self.targets.further(question, groups, absences),
        )

    def _quoted_elsewhere(self, question: Question, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        """Where a quoted figure is that of a kindred subject ("2.000 đoàn viên" a year), the targets that set it."""
        stated = {n for g in groups for f in g.facts for n in (f.target.value, f.target.value_max)}
        if not question.figures or question.plans or stated & set(question.figures):
            return ()
        kindred = {o for s in map(self.glossary.subject, question.subjects) for o in (*s.near, *s.also)}
        return tuple(g for g in self.targets.with_figures(question, None) if g.subject in kindred)

    @staticmethod
    def _belongs_to_passages(question: Question, hit: Hit, *, found: bool) -> bool:
        if question.figures or question.years:
            return False
        counted = question.asks("asked_figure") and not question.asks("when", "section")
        beyond = len(question.leftover) >= 2 or (bool(question.leftover) and not _asks_figure(question))
        if hit.fits and beyond and (not counted or hit.holds_figure):
            return True
        place = question.asks("section", "who", "when", "roles") and not counted
        return (
            hit.fits_loosely and place and bool(question.leftover or not found or question.asks("who", "when", "roles"))
        )

    @staticmethod
    def _is_said(question: Question, groups: tuple[Group, ...], absences: tuple[Absence, ...]) -> bool:
        """Whether targets of a subject asked about are shown, as the answer or as the nearest to it."""
        instead = (group for absence in absences for group in absence.instead)
        return any(group.subject in question.subjects for group in (*groups, *instead))

    def _beside(
        self, question: Question, hits: list[Hit], groups: tuple[Group, ...], absences: tuple[Absence, ...]
    ) -> tuple[Passage, ...]:
        """Tasks shown under the targets where they say more of what is asked, or where no target is shown at all."""
        if not hits:
            return ()
        said = self._is_said(question, groups, absences)
        enough = said and (_asks_figure(question) or not question.leftover) and not question.asks("section", "roles")
        if hits[0].fits and not enough:
            return self.passages.best(question, hits)
        return (hits[0].passage,) if not said and hits[0].coverage >= FITS_LOOSELY else ()

    def _about_passages(self, question: Question, _own_plan: str | None) -> Answer | None:
        found = self.passages.answer(question) if question.content else ()
        return Answer(kind=Kind.PASSAGES, question=question, passages=found) if found else None

    def _choices(self, question: Question, own_plan: str | None) -> Answer | None:
        """A word that several subjects share ("hội nghị bao nhiêu %"): which of them is meant is asked back."""
        themes = [theme for theme in self.glossary.themes if theme.name in question.themes]
        shared = {
            word for theme in themes for phrase in theme.phrases for word in self.understanding.fold_words(phrase)
        }
        if not themes or question.others or not question.asks("figure") or not shared.issuperset(question.leftover):
            return None
        year = f" {question.years[0]}" if question.years else ""
        place = f" {self.plans[question.plans[0]].short}" if question.plans else ""
        subjects = dict.fromkeys(subject for theme in themes for subject in theme.subjects)
        choices = tuple(
            Choice(kind=ChoiceKind.SUBJECT, label=subject.short, question=f"Chỉ tiêu {subject.short}{year}{place}")
            for subject in map(self.glossary.subject, subjects)
            if not question.plans or self._sets(question.plans, subject.id)
        )
        if len(subjects) == 1:
            return self._subjects(
                msgspec.structs.replace(question, subjects=tuple(subjects), leftover=(), strange=()), own_plan
            )
        return Answer(kind=Kind.CHOOSE, question=question, choices=choices)

    def _sets(self, plans: Sequence[str], subject: str) -> bool:
        return any(target.indicator == subject for plan in plans for target in self.plans[plan].targets)

    def _passage_answer(self, question: Question, hits: list[Hit]) -> Answer:
        return Answer(kind=Kind.PASSAGES, question=question, passages=self.passages.best(question, hits))

    # --- Documents, silence, openings --------------------------------------------------------------------------------

    @cached_property
    def _document_words(self) -> frozenset[str]:
        texts = [_OF_DOCUMENTS]
        for plan in self.plans.values():
            signer = (plan.signer or "", plan.signer_title or "")
            texts += [plan.kind, plan.title, plan.short, plan.issuer, plan.scope, *signer, *plan.carries_out]
        return frozenset(word for text in texts for word in self.understanding.fold_words(text))

    def _beyond_documents(self, question: Question) -> bool:
        """Whether it asks for something that a document's identity does not tell."""
        return any(word not in self._document_words for word in question.leftover)

    def _silent(self, question: Question) -> Answer:
        near = self.passages.find(msgspec.structs.replace(question, plans=()))
        choices = [
            Choice(kind=ChoiceKind.SUBJECT, label=subject.short, question=f"Chỉ tiêu {subject.short}")
            for subject in map(self.glossary.subject, question.subjects[:MOST_NEAR])
        ]
        choices += [
            Choice(
                kind=ChoiceKind.SECTION,
                label=_shortened(hit.passage.task.summary),
                question=f"Mục {hit.passage.section} của {hit.passage.plan.short}",
            )
            for hit in near[:MOST_NEAR]
            if hit.passage.task and hit.coverage >= 0.5
        ]
        return Answer(
            kind=Kind.SILENT,
            question=question,
            elsewhere=question.elsewhere,
            documents=tuple(self.plans[plan] for plan in question.plans),
            choices=tuple(choices) or self._openers(),
        )

    def _overviews(self) -> list[tuple[Plan, Choice]]:
        return [
            (plan, Choice(kind=ChoiceKind.OVERVIEW, label=plan.short, question=f"Các chỉ tiêu của {plan.short}"))
            for plan in self.plans.values()
            if plan.targets
        ]

    def _openers(self) -> tuple[Choice, ...]:
        return tuple(choice for _, choice in self._overviews())


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


def _shortened(text: str) -> str:
    """The beginning of a sentence, cut between words, for a label."""
    return text if len(text) <= LONGEST_LABEL else text[:LONGEST_LABEL].rsplit(" ", 1)[0].rstrip(" ,;:–") + "…"


def _asks_figure(question: Question) -> bool:
    return question.asks("figure", "whose", "compare", "annual") or bool(question.years or question.figures)


@cache
def load_adviser() -> Adviser:
    """The adviser over the catalogue that ships with the product, built once."""
    return Adviser(load_understanding(), load_forms())
