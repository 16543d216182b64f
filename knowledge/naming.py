"""What a question names word for word: the roads to an answer that names alone find, in the order they are tried.

What decides is whether subject, plan, year and population are really there, never how well a text matches.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from knowledge.issuers import standing
from knowledge.model.answers import Absence, Answer, AnswerKind, Caveat, Choice, ChoiceKind, Group, Passage, Why
from knowledge.model.forms import Form
from knowledge.model.plans import Plan
from knowledge.model.questions import Question
from knowledge.offering import MOST_NEAR, Offers
from knowledge.passages import FITS_LOOSELY, Hit, Passages, cites
from knowledge.quantities import find_spans
from knowledge.question import Understanding
from knowledge.rows import Rows
from knowledge.search.index import Index
from knowledge.targets import TargetSelector
from knowledge.text import fold, has_phrase, shorten
from knowledge.words import OF_DOCUMENTS, PAYING, section_of, targets_on

LONGEST_TOPIC = 6
"""Words of a section's topic."""

MOST_DOCUMENTS = 10
"""Documents told at once."""

LONGEST_LABEL = 60
"""Letters of what is offered beside a silence."""


class NamedAnswers:
    """Finds answers by names: of subjects, plans, years, numbers, rows and documents."""

    def __init__(self, understanding: Understanding, forms: Sequence[Form], index: Index) -> None:
        """Take the targets, passages and rows of forms that can be asked about; `index` is theirs."""
        self.understanding = understanding
        self.glossary = understanding.glossary
        self.plans = understanding.plans
        self.issuers = understanding.issuers
        self.targets = TargetSelector(self.plans, self.glossary, self.issuers)
        self.offers = Offers(understanding)
        self.passages = Passages(self.plans, understanding, index)
        self.rows = Rows(forms, understanding)

    def find(self, question: Question, own: Sequence[str]) -> Answer:
        """The answer to what the question names word for word: the first road that leads somewhere."""
        roads = (
            self._elsewhere,
            self._rows,
            self._topics,
            self._references,
            self._standing,
            self._documents,
            self._by_figure,
            self._sections,
            self._overview,
            self._subjects,
            self._choices,
            self._about_passages,
        )
        for road in roads:
            found = road(question, own)
            if found is not None:
                return found
        is_question = question.length > 2 and question.asks("figure", "when", "who", "document", "section")
        if not question.is_empty or is_question:
            return self.silent(question)
        return Answer(kind=AnswerKind.GREETING, question=question, choices=self.offers.openers())

    # --- Roads, in the order in which they are tried; each returns None where it leads nowhere ------------------------

    def _elsewhere(self, question: Question, _own: Sequence[str]) -> Answer | None:
        """A place or body that no plan speaks for, unless it is compared with one, or belongs to a task."""
        if not question.elsewhere or (question.plans and question.asks("versus")):
            return None
        hits = self.passages.find(question)
        sought = question.asks("section")
        of_task = sought or not (question.asks("figure") or question.years or question.subjects)
        if hits and of_task and hits[0].pairs >= 0.5 and (hits[0].fits or (sought and hits[0].fits_loosely)):
            return self._passage_answer(question, hits)
        return self.silent(question)

    def _rows(self, question: Question, _own: Sequence[str]) -> Answer | None:
        """Rows of a form, by number, by part or by name."""
        if question.parts and question.asks("form"):
            rows = self.rows.of_parts(question.parts)
            return Answer(kind=AnswerKind.ROWS, question=question, rows=rows) if rows else self.silent(question)
        items = _with_spans(question)
        if items and (question.asks("form") or not question.plans):
            rows = self.rows.numbered(items)
            return Answer(kind=AnswerKind.ROWS, question=question, rows=rows) if rows else self.silent(question)
        if items and not question.sections:
            brought = set(self.issuers.together(question.plans))
            if rows := tuple(row for row in self.rows.numbered(items) if row.form.plan in brought):
                return Answer(kind=AnswerKind.ROWS, question=question, rows=rows)
        if not question.asks("form"):
            return None
        rows = self.rows.named(question)
        return Answer(kind=AnswerKind.ROWS, question=question, rows=rows) if rows else None

    def _topics(self, question: Question, _own: Sequence[str]) -> Answer | None:
        """Matters that share words with the plans but are in none; the money for organising, where no plan tells it."""
        if question.plans and question.asks("paying") and not self._tells_paying(question):
            return self.silent(question)
        return self.silent(question) if question.topics and not question.references else None

    def _tells_paying(self, question: Question) -> bool:
        """Whether a plan that is named speaks of the money for organising its work in the words asked with."""
        fold = self.understanding.fold_words
        asked = [phrase for phrase in map(fold, PAYING) if has_phrase(question.spoken, [phrase])]
        texts = (task.summary for plan in question.plans for task in self.plans[plan].tasks)
        return any(has_phrase(fold(text), asked) for text in texts)

    def _references(self, question: Question, _own: Sequence[str]) -> Answer | None:
        """A document cited by number: the plans that carry it out, or the tasks that cite it."""
        judged = bool(question.plans) and question.asks("verify", "document")
        unknown = question.references and not any(map(self.passages.knows_document, question.references))
        if unknown and not judged:
            return msgspec.structs.replace(self.silent(question), caveat=Caveat.UNKNOWN_NUMBER)
        if not question.references or (question.subjects and _asks_figure(question) and not question.asks("section")):
            return None
        plans = [self.plans[plan] for plan in question.plans] or list(self.plans.values())
        carrying = [p for p in plans if any(cites(text, ref) for text in p.carries_out for ref in question.references)]
        if carrying and not self._beyond_documents(question) and not question.subjects and not question.asks("section"):
            return self._told_as_documents(question, carrying)
        hits = self.passages.citing(question)
        return self._passage_answer(question, hits) if hits else None

    def _standing(self, question: Question, own: Sequence[str]) -> Answer | None:
        """Which plans are in force, ended or replaced: all of them, or those of the issuers and plans named."""
        if not question.asks("standing") or question.subjects or question.figures or self._beyond_documents(question):
            return None
        if question.others or question.references or not (question.plans or question.asks("planned", "document")):
            return None
        named = [plan for name in question.issuers for plan in self.issuers.pool(name)]
        named += [self.plans[plan] for plan in question.plans]
        named += [plan for each in question.plans for plan in self.issuers.plans_of(each) if plan.targets]
        named += filter(None, (self.issuers.follow(plan.id) for plan in named[:]))
        plans = list({plan.id: plan for plan in named}.values()) or list(self.plans.values())
        nearest = {plan.id for plan in self.issuers.pool(own[:1])}
        side = -1 if question.asks("former") else 1
        plans.sort(key=lambda plan: (side * standing(plan), plan.id not in nearest))
        found = self._told_as_documents(question, plans)
        return msgspec.structs.replace(found, by_state=True)

    def _documents(self, question: Question, own: Sequence[str]) -> Answer | None:
        """A plan's identity: number, date, issuer, signer, what it carries out."""
        other = question.subjects or question.references or question.figures or question.asks("overview")
        if other or (self._beyond_documents(question) and not question.asks_signer):
            return None
        if question.content and question.numbers:
            return None
        only_plan = bool(question.plans) and not question.content
        dated = only_plan and bool(question.dates)
        if question.years and not dated:
            return None
        if not question.asks("document") and not dated and not (only_plan and question.asks("when", "who", "whose")):
            return None
        if question.plans:
            return self._told_as_documents(question, self.targets.plans_asked(question, own))
        nearest = {plan.id: at for at, each in enumerate(own) for plan in reversed(self.issuers.pool([each]))}
        every = sorted(self.plans.values(), key=lambda plan: nearest.get(plan.id, len(own)))
        return self._told_as_documents(question, every)

    def _told_as_documents(self, question: Question, plans: Sequence[Plan]) -> Answer:
        """As many plans as are told at once, those in force first where they are not all."""
        if len(plans) > MOST_DOCUMENTS + 1 and not question.asks("standing"):
            silenced = self.issuers.silenced(question)
            plans = sorted(plans, key=lambda plan: (plan.id in silenced, max(standing(plan), 1)))
        end = question.skip + MOST_DOCUMENTS
        end = len(plans) if len(plans) <= end + 1 else end
        told = tuple(plans[question.skip : end])
        return Answer(kind=AnswerKind.DOCUMENTS, question=question, documents=told, more=len(plans) - end, further=end)

    def further(self, question: Question, kind: AnswerKind, own: Sequence[str]) -> Answer | None:
        """What a question skipped so far, where its answer of that kind only counted it; None where nothing is left."""
        match kind:
            case AnswerKind.DOCUMENTS:
                roads = (self._standing, self._documents, self._references)
                found = next(filter(None, (road(question, own) for road in roads)), None)
            case AnswerKind.OVERVIEW:
                found = self._overview(question, own)
            case AnswerKind.TARGETS if question.subjects:
                found = self._subjects(question, own)
            case AnswerKind.TARGETS:
                found = self._by_figure(question, own)
            case _:
                found = None
        is_left = found is not None and found.kind is kind and bool(found.groups or found.absences or found.documents)
        return found if is_left else None

    def _by_figure(self, question: Question, own: Sequence[str]) -> Answer | None:
        """Whose a quoted figure is, where nothing else is said of it."""
        if not question.figures or question.subjects:
            return None
        groups, selection = self.targets.with_figures(question, own)
        told = {word for g in groups for f in g.facts for word in self.understanding.fold_words(f.target.population)}
        if len(question.leftover) > 1 and not told.issuperset(question.leftover):
            return None
        if not groups:
            return self.silent(question)
        return Answer(
            kind=AnswerKind.TARGETS, question=question, groups=groups, more=selection.more, further=selection.shown
        )

    def _overview(self, question: Question, own: Sequence[str]) -> Answer | None:
        """All targets of a plan or a year, or of a theme, where no subject is named."""
        subjects = self._themed(question)
        if not subjects and not self._is_overview(question):
            return None
        if question.asks("document") and not question.asks("overview"):
            return None
        selection = self.targets.of_overview(question, subjects, own)
        plans = [plan for plan in selection.plans if plan.targets]
        if not plans:
            return None
        facts = {plan.id: self.targets.overview(plan, subjects, question) for plan in plans}
        groups = tuple(
            Group(subject=plan.id, name=plan.citation, facts=tuple(facts[plan.id])) for plan in plans if facts[plan.id]
        )
        empty = [plan for plan in plans if not facts[plan.id] and (question.plans or not groups)]
        return Answer(
            kind=AnswerKind.OVERVIEW,
            question=question,
            groups=groups,
            absences=tuple(Absence(plan=plan, why=Why.YEAR, name="", years=question.years) for plan in empty),
            choices=tuple(choice for plan, choice in self.offers.overviews() if plan.id not in question.plans),
            more=selection.more,
            further=selection.shown,
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

    def _sections(self, question: Question, _own: Sequence[str]) -> Answer | None:
        """A section asked for by its number."""
        found = self.passages.of_sections(question)
        if len(found) == 1 and (outline := self.outline(question, found[0].plan, found[0].section)):
            return outline
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=found) if found else None

    def overview(self, found: Answer, own: Sequence[str]) -> Answer | None:
        """All targets of the plans and years named, where only members and such as every sentence names are named too.

        Args:
            found: what else was found; what stands there already is left as it is.
        """
        question = found.question
        ranks = [self.glossary.subject(subject).rank for subject in question.subjects]
        may_be = found.kind in {AnswerKind.TARGETS, AnswerKind.SILENT} and bool(question.plans or question.years)
        if not may_be or question.topics or question.elsewhere or any(rank > 1 for rank in ranks):
            return None
        bare = msgspec.structs.replace(question, subjects=(), themes=(), leftover=(), cues=question.cues | {"overview"})
        wide = self._overview(bare, own)
        return wide if wide is not None and wide.groups else None

    def titled(self, question: Question) -> Answer | None:
        """What stands in the section whose topic is named ("phần tài chính trong đề cương"); None where none is."""
        topics = sorted(self._topics_of(question.spoken), key=len, reverse=True)
        if not topics:
            return None
        sections = self.passages.sections
        silenced = self.issuers.silenced(question)
        beside = [
            plan
            for plan in self.issuers.together(question.plans)
            if plan not in silenced and sections[plan].names_a_part(question.spoken)
        ]
        for plan in (*beside, *question.plans):
            task = sections[plan].titled(topics, question.spoken)
            if task is not None:
                passage = Passage(plan=self.plans[plan], task=task)
                alone = Answer(kind=AnswerKind.PASSAGES, question=question, passages=(passage,))
                return self.outline(question, passage.plan, task.section) or alone
        return None

    def _topics_of(self, spoken: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The words behind each word for a place in a text, up to one that ends the name, and their beginnings."""
        heads, ends = self._around_topics
        for at in range(len(spoken)):
            for head in heads:
                if tuple(spoken[at : at + len(head)]) != head:
                    continue
                rest = itertools.takewhile(lambda word: word not in ends, spoken[at + len(head) :])
                name = tuple(itertools.islice(rest, LONGEST_TOPIC))
                if any(name[: len(other)] == other for other in heads):
                    continue
                yield from (name[:size] for size in range(2, len(name) + 1))

    @cached_property
    def _around_topics(self) -> tuple[list[tuple[str, ...]], frozenset[str]]:
        """The folded words that lead to a topic, and those that end one."""
        fold, topics = self.understanding.fold_words, self.glossary.topics
        return [tuple(fold(head)) for head in topics.heads], frozenset(
            word for end in topics.ends for word in fold(end)
        )

    def identity(self, found: Answer) -> Answer | None:
        """What a plan is, where it is named or told already; None where none is."""
        if found.kind is AnswerKind.DOCUMENTS:
            return found
        plans = tuple(self.plans[plan] for plan in found.question.plans)
        if not plans or found.kind not in {AnswerKind.SILENT, AnswerKind.OVERVIEW}:
            return None
        return Answer(kind=AnswerKind.DOCUMENTS, question=found.question, documents=plans)

    def outline(self, question: Question, plan: Plan, section: str) -> Answer | None:
        """What stands in a section under its heading; None where it holds nothing further."""
        below = self.passages.sections[plan.id].below.get(section, ())
        heading = [task for task in plan.tasks if task.section == section]
        passages = tuple(Passage(plan=plan, task=task) for task in (*heading, *below))
        return Answer(kind=AnswerKind.OUTLINE, question=question, section=section, passages=passages) if below else None

    def _subjects(self, question: Question, own: Sequence[str]) -> Answer | None:
        """Targets of the subjects named; passages where they account for more of what is asked."""
        if not question.subjects:
            return None
        hits = self.passages.find(question)
        groups, absences, selection = self.targets.of_question(question, own)
        passages_fit = bool(hits) and self.passages.speaks_of(hits[0], question)
        if passages_fit and self._belongs_to_passages(question, hits[0], found=bool(groups)):
            return self._passage_answer(question, hits)
        if question.others or question.asks("frequency"):
            return self.silent(question)
        return Answer(
            kind=AnswerKind.TARGETS,
            question=question,
            groups=groups,
            absences=absences,
            passages=self._beside(question, hits, groups, absences),
            elsewhere=question.elsewhere,
            quoted=question.figures,
            choices=self.targets.further(question, groups, absences),
            more=selection.more,
            further=selection.shown,
        )

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

    def _about_passages(self, question: Question, _own: Sequence[str]) -> Answer | None:
        found = self.passages.answer(question) if question.content else ()
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=found) if found else None

    def _choices(self, question: Question, own: Sequence[str]) -> Answer | None:
        """A word that several subjects share ("hội nghị bao nhiêu %"): which of them is meant is asked back."""
        themes = [theme for theme in self.glossary.themes if theme.name in question.themes]
        shared = {
            word for theme in themes for phrase in theme.phrases for word in self.understanding.fold_words(phrase)
        }
        if not themes or question.others or not question.asks("figure") or not shared.issuperset(question.leftover):
            return None
        year = str(question.years[0]) if question.years else ""
        place = self.issuers.handle(self.plans[question.plans[0]]) if question.plans else ""
        subjects = dict.fromkeys(subject for theme in themes for subject in theme.subjects)
        choices = tuple(
            Choice(kind=ChoiceKind.SUBJECT, label=subject.short, question=targets_on(subject.short, year, place))
            for subject in map(self.glossary.subject, subjects)
            if not question.plans or self._sets(question.plans, subject.id)
        )
        if len(subjects) == 1:
            return self._subjects(
                msgspec.structs.replace(question, subjects=tuple(subjects), leftover=(), strange=()), own
            )
        return Answer(kind=AnswerKind.CHOOSE, question=question, choices=choices)

    def _sets(self, plans: Sequence[str], subject: str) -> bool:
        return any(target.indicator == subject for plan in plans for target in self.plans[plan].targets)

    def _passage_answer(self, question: Question, hits: list[Hit]) -> Answer:
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=self.passages.best(question, hits))

    # --- Documents, silence, openings --------------------------------------------------------------------------------

    @cached_property
    def _document_words(self) -> frozenset[str]:
        texts = [OF_DOCUMENTS]
        for plan in self.plans.values():
            signer = (plan.signer or "", plan.signer_title or "")
            texts += [plan.kind, plan.title, plan.short, plan.issuer, plan.scope, *signer, *plan.carries_out]
        return frozenset(word for text in texts for word in self.understanding.fold_words(text))

    def _beyond_documents(self, question: Question) -> bool:
        """Whether it asks for something that a document's identity does not tell."""
        return any(word not in self._document_words for word in question.leftover)

    def silent(self, question: Question) -> Answer:
        near = self.passages.find(msgspec.structs.replace(question, plans=()))
        choices = self.offers.subjects(question)
        choices += [
            Choice(
                kind=ChoiceKind.SECTION,
                label=shorten(hit.passage.task.summary, LONGEST_LABEL),
                question=section_of(hit.passage.section, self.issuers.handle(hit.passage.plan)),
            )
            for hit in near[:MOST_NEAR]
            if hit.passage.task and hit.coverage >= 0.5
        ]
        return Answer(
            kind=AnswerKind.SILENT,
            question=question,
            elsewhere=question.elsewhere,
            documents=tuple(self.plans[plan] for plan in question.plans),
            choices=tuple(choices) or self.offers.openers(question),
        )


def _asks_figure(question: Question) -> bool:
    return question.asks("figure", "whose", "compare", "annual") or bool(question.years or question.figures)


def _with_spans(question: Question) -> tuple[int, ...]:
    """The numbers of the rows named, those between the two ends of a span too."""
    named = question.items
    spans = ((low, high) for low, high in find_spans(fold(question.text)) if low in named or high in named)
    return tuple(sorted({*named, *(number for low, high in spans for number in range(low, high + 1))}))
