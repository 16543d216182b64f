"""Question + plans + who asks → what can be said: facts with their place, an absence, passages, choices, or silence.

What decides is whether subject, plan, year and population are really there, never how well a text matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache, cached_property

import msgspec

from knowledge.forms import load_forms
from knowledge.glossary import Glossary
from knowledge.index import Found, PassageIndex
from knowledge.model.forms import Form, Indicator
from knowledge.model.plans import ANNUAL, Deadline, Plan, Target, Task
from knowledge.question import Question, Understanding, load_understanding
from knowledge.text import fold

LONGEST_LIST = 3
FITS = 0.8
FITS_LOOSELY = 0.6
FITS_PAIRS = 0.3
FITS_ROW = 0.5
SURE = 0.95
"""Shares of a question's words (weighted) that a passage must hold to be an answer to it."""

_NOT_FIGURES = re.compile(r"\S*\d\S*[/-]\S+|\b\d+(?:\.\d{1,2})+\b|(?:nghị quyết|chỉ thị|nhóm nhiệm vụ|kết luận|khóa|lần thứ|phần) \S*\d+")


class Kind(StrEnum):
    """What sort of thing an answer says."""

    TARGETS = "targets"
    OVERVIEW = "overview"
    DOCUMENTS = "documents"
    PASSAGES = "passages"
    ROWS = "rows"
    CHOOSE = "choose"
    SILENT = "silent"
    GREETING = "greeting"


class Why(StrEnum):
    """Why a plan has no answer."""

    SUBJECT = "subject"
    YEAR = "year"
    SCOPE = "scope"


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an answer."""


class Fact(_Value):
    """One target with the plan that sets it; `covering` when it is a yearly pace of the stage in which the year lies."""

    plan: Plan
    target: Target
    covering: bool = False


class Group(_Value):
    """The facts of one subject."""

    subject: str
    name: str
    facts: tuple[Fact, ...]


class Absence(_Value):
    """A plan that sets no such target; `instead` is what it does set that is nearest."""

    plan: Plan
    why: Why
    name: str
    years: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ()
    instead: tuple[Group, ...] = ()


class Passage(_Value):
    """A task or a deadline of a plan."""

    plan: Plan
    task: Task | None = None
    deadline: Deadline | None = None

    @property
    def section(self) -> str:
        """Where in the plan it stands."""
        return self.task.section if self.task else self.deadline.section if self.deadline else ""


class Row(_Value):
    """A row of a form with its sub-rows."""

    form: Form
    row: Indicator
    subrows: tuple[Indicator, ...] = ()


class ChoiceKind(StrEnum):
    """What a choice varies."""

    YEAR = "year"
    PLAN = "plan"
    SUBJECT = "subject"
    SECTION = "section"
    OVERVIEW = "overview"


class Choice(_Value):
    """Something else that could be meant or asked next: a short label, and the question that asks it."""

    kind: ChoiceKind
    label: str
    question: str


class Answer(_Value):
    """What can be said to a question.

    `question` is the question as resolved, kept as the context of the next one. `elsewhere` names places or bodies
    that no plan speaks for. `quoted` are figures the asker quoted, for a yes or no.
    """

    kind: Kind
    question: Question
    groups: tuple[Group, ...] = ()
    absences: tuple[Absence, ...] = ()
    passages: tuple[Passage, ...] = ()
    rows: tuple[Row, ...] = ()
    documents: tuple[Plan, ...] = ()
    elsewhere: tuple[str, ...] = ()
    quoted: tuple[int, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def status(self) -> str:
        """`answered`, `choose` or `not_found`, as the outside interface names them."""
        if self.kind is Kind.CHOOSE:
            return "choose"
        if self.kind in {Kind.SILENT, Kind.GREETING} or (self.kind is Kind.TARGETS and not self.groups):
            return "not_found"
        return "answered"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact it gives as an answer, in order; not what stands nearest to an absence."""
        return tuple(fact for group in self.groups for fact in group.facts)


class Adviser:
    """Answers questions from a set of plans; pure, and cheap to ask."""

    def __init__(self, understanding: Understanding, forms: Sequence[Form]) -> None:
        """Index the passages of the plans and the rows of the forms."""
        self.understanding = understanding
        self.glossary: Glossary = understanding.glossary
        self.plans = understanding.plans
        self.forms = {form.id: form for form in forms}

    @cached_property
    def _passages(self) -> dict[tuple[str, str], Passage]:
        found: dict[tuple[str, str], Passage] = {}
        for plan in self.plans.values():
            for task in plan.tasks:
                found[plan.id, "task " + task.section] = Passage(plan=plan, task=task)
            for deadline in plan.deadlines:
                found[plan.id, "deadline " + deadline.id] = Passage(plan=plan, deadline=deadline)
        return found

    @cached_property
    def _index(self) -> PassageIndex[tuple[str, str]]:
        return PassageIndex((key, self._runs(passage)) for key, passage in self._passages.items())

    def _runs(self, passage: Passage) -> list[list[str]]:
        if passage.task is not None:
            task = passage.task
            texts = [task.summary, *task.keywords, *task.lead, *task.with_, *task.refs]
        else:
            assert passage.deadline is not None
            deadline = passage.deadline
            texts = [deadline.what, deadline.when, deadline.who, deadline.to or "", deadline.via or "", *deadline.keywords]
        return [[_normal(word) for word in self.understanding.fold_words(text)] for text in texts]

    @cached_property
    def _row_index(self) -> PassageIndex[tuple[str, str]]:
        passages = []
        for form in self.forms.values():
            if form.plan is None:
                continue
            titles = {part.id: part.title for part in form.parts}
            for row in form.indicators:
                texts = [row.name, row.short, *row.aliases, titles.get(row.part or "", ""), row.note or ""]
                runs = [[_normal(word) for word in self.understanding.fold_words(text)] for text in texts]
                passages.append(((form.id, row.key), runs))
        return PassageIndex(passages)

    # --- The road of a question --------------------------------------------------------------------------------------

    def ask(self, text: str, previous: Question | None = None, own_plan: str | None = None) -> Answer:
        """The answer to a message; `previous` is the question it may lean on, `own_plan` the plan of the asker's unit."""
        question = self.resolve(self.understanding.read(text), previous)
        return self.answer(question, own_plan)

    def resolve(self, question: Question, previous: Question | None) -> Question:
        """The question completed from the one before where it is only a fragment."""
        question = self._drop_lesser_plans(question)
        if previous is None or question.topics or not question.length:
            return question
        if previous.items and not question.subjects and not question.leftover and (question.items or question.numbers or question.years):
            items = question.items or question.numbers or tuple(year - 2000 for year in question.years)
            return self._lean(msgspec.structs.replace(question, items=items, years=()), previous, subject=True)
        own = question.subjects or question.leftover or question.items or question.sections or question.references or question.themes
        if not own and not question.asks("overview", "form"):
            return self._lean(question, previous, subject=True)
        if question.subjects and not question.leftover and not question.plans and not question.asks("figure", "overview"):
            if question.length <= 3 or (question.length <= 9 and question.asks("follow", "question_mark")):
                return self._lean(question, previous, subject=False)
            if question.length <= 7 and not question.years:
                return self._lean(question, previous, subject=False)
        return question

    def _lean(self, question: Question, previous: Question, *, subject: bool) -> Question:
        elsewhere = bool(question.elsewhere)
        plans = question.plans or (() if elsewhere else previous.plans)
        if question.plans and question.asks("versus") and not set(question.plans) & set(previous.plans):
            plans = (*previous.plans, *question.plans)
        years = question.years
        if not years and not question.asks("stages", "overview"):
            years = previous.years
        taken = msgspec.structs.replace(
            question,
            plans=plans,
            years=years,
            elsewhere=question.elsewhere or (() if question.plans else previous.elsewhere),
            inherited=True,
        )
        if not subject:
            return taken
        kept = {"figure", "overview", "when", "who", "roles", "due", "document", "form", "annual"}
        cues = question.cues | (previous.cues & kept)
        scopes = question.scopes or previous.scopes
        return msgspec.structs.replace(
            taken,
            subjects=previous.subjects,
            themes=previous.themes,
            scopes=scopes,
            topics=previous.topics,
            content=(*previous.content, *(word for word in question.content if word not in previous.content)),
            spoken=(*previous.spoken, *(word for word in question.content if word not in previous.spoken)),
            leftover=previous.leftover,
            items=question.items or previous.items,
            sections=previous.sections,
            references=previous.references,
            cues=cues,
        )

    def _drop_lesser_plans(self, question: Question) -> Question:
        """A review is named by what every plan does ("sơ kết"): beside another plan's name it means that plan's."""
        review = [plan for plan in question.plans if not self.plans[plan].targets]
        others = [plan for plan in question.plans if self.plans[plan].targets]
        if not review or not others:
            return question
        issuers = {self.plans[plan].issuer for plan in review}
        if all(self.plans[plan].issuer in issuers for plan in others):
            return msgspec.structs.replace(question, plans=tuple(review))
        return msgspec.structs.replace(question, plans=tuple(others))

    def answer(self, question: Question, own_plan: str | None = None) -> Answer:
        """The answer to a question already resolved."""
        if question.elsewhere and not question.plans:
            return self._silent(question)
        roads = (self._rows, self._topics, self._references, self._by_date, self._documents, self._by_figure, self._overview, self._sections, self._row_named)
        for road in roads:
            found = road(question, own_plan)
            if found is not None:
                return found
        if question.subjects:
            return self._about_subjects(question, own_plan)
        if not question.is_empty:
            return self._about_passages(question) or self._silent(question)
        if question.length <= 2 or not question.asks("figure", "when", "who", "document", "section"):
            return Answer(kind=Kind.GREETING, question=question, choices=self._openers())
        return self._silent(question)

    def _topics(self, question: Question, own_plan: str | None) -> Answer | None:
        del own_plan
        return self._silent(question) if question.topics and not question.references else None

    def _by_date(self, question: Question, own_plan: str | None) -> Answer | None:
        """What falls due on a date that is named."""
        del own_plan
        if not question.dates or question.asks("document"):
            return None
        keep = self._keep(question)
        due = [
            found
            for key, found in self._passages.items()
            if found.deadline is not None
            and any(date in found.deadline.when for date in question.dates)
            and (keep is None or key in keep)
        ]
        return Answer(kind=Kind.PASSAGES, question=question, passages=tuple(due[:LONGEST_LIST])) if due else None

    def _row_named(self, question: Question, own_plan: str | None) -> Answer | None:
        """A row of a form asked for by its name ("… thuộc mục nào"), where no task fits as well."""
        del own_plan
        if not question.asks("section") or question.plans:
            return None
        row = self._best_row(question)
        if row is None:
            return None
        passages = self._find_passages(question)
        if passages and passages[0].coverage + passages[0].pairs + 0.1 >= row.coverage + row.pairs:
            return None
        return Answer(kind=Kind.ROWS, question=question, rows=(self._row(*row.item),))

    def _by_figure(self, question: Question, own_plan: str | None) -> Answer | None:
        """Whose a quoted figure is, where nothing else is said of it."""
        if not question.figures or question.subjects or len(question.leftover) > 1 or not any(c.isalpha() for w in question.spoken for c in w):
            return None
        found: dict[str, list[Fact]] = {}
        for plan in self._ordered(question, own_plan):
            for target in plan.targets:
                if {target.value, target.value_max} & set(question.figures):
                    found.setdefault(target.indicator, []).append(Fact(plan=plan, target=target))
        groups = tuple(
            Group(subject=subject, name=self.glossary.subject(subject).name, facts=tuple(facts)) for subject, facts in found.items()
        )
        return Answer(kind=Kind.TARGETS, question=question, groups=groups) if groups else self._silent(question)

    def _references(self, question: Question, own_plan: str | None) -> Answer | None:
        """A document cited by number: the plans that carry it out, or the tasks that cite it."""
        del own_plan
        if not question.references:
            return None
        rest = [word for word in question.leftover if word not in self._document_words]
        plans = [self.plans[p] for p in question.plans] or list(self.plans.values())
        carrying = [p for p in plans if any(_cites(text, ref) for text in p.carries_out for ref in question.references)]
        if carrying and not rest and not question.subjects and not question.asks("section"):
            return Answer(kind=Kind.DOCUMENTS, question=question, documents=tuple(carrying))
        citing = frozenset(
            key
            for key, found in self._passages.items()
            if found.task and any(_cites(cited, ref) for cited in found.task.refs for ref in question.references)
        )
        found = [f for f in self._find_passages(question, within=citing)] if citing else []
        return self._passage_answer(question, found) if found else None

    @cached_property
    def _document_words(self) -> frozenset[str]:
        texts = []
        for plan in self.plans.values():
            texts += [plan.kind, plan.title, plan.short, plan.issuer, plan.scope, plan.signer_title or "", plan.signer or "", *plan.carries_out]
        texts.append("thành phố giám đốc chủ tịch bí thư thường trực quyết định nghị quyết chỉ thị kết luận công văn số ngày tháng năm thuộc cấp của đánh giá nói gì")
        return frozenset(word for text in texts for word in self.understanding.fold_words(text))

    # --- Targets -----------------------------------------------------------------------------------------------------

    def _ordered(self, question: Question, own_plan: str | None) -> list[Plan]:
        plans = [self.plans[plan] for plan in question.plans] or [p for p in self.plans.values() if p.targets]
        return sorted(plans, key=lambda plan: plan.id != own_plan)

    def _about_subjects(self, question: Question, own_plan: str | None) -> Answer:
        passages = self._find_passages(question)
        best = passages[0] if passages else None
        asks_figure = question.asks("figure", "whose", "compare", "annual") or bool(question.years) or bool(question.figures)
        counted = question.asks("asked_figure") and not question.asks("when", "section")
        asks_place = question.asks("section", "who", "when", "roles") and not counted and not question.years
        fits = best is not None and best.coverage >= FITS and (best.pairs >= FITS_PAIRS or best.coverage >= SURE)
        groups, absences = self._targets(question, own_plan)
        if best is not None and not question.figures:
            loose = best.coverage >= FITS_LOOSELY and best.pairs >= FITS_PAIRS
            beyond = len(question.leftover) >= 2 or (bool(question.leftover) and not asks_figure)
            if fits and beyond and (not counted or _holds_figure(self._passage(best))) and not question.years:
                return self._passage_answer(question, passages)
            if loose and asks_place and (question.leftover or not groups or question.asks("who", "when", "roles")):
                return self._passage_answer(question, passages)
        if len(question.leftover) >= 3 and len(question.leftover) > 0.5 * (len(question.content) - len(question.leftover)):
            return self._silent(question)
        shown: tuple[Passage, ...] = ()
        if best is not None and fits and (not asks_figure or not groups):
            shown = self._passage_answer(question, passages).passages
        elif best is not None and not groups and best.coverage >= FITS_LOOSELY:
            shown = (self._passage(best),)
        return Answer(
            kind=Kind.TARGETS,
            question=question,
            groups=groups,
            absences=absences,
            passages=shown,
            elsewhere=question.elsewhere,
            quoted=question.figures,
            choices=self._further(question, groups, absences),
        )

    def _targets(self, question: Question, own_plan: str | None) -> tuple[tuple[Group, ...], tuple[Absence, ...]]:
        plans = self._ordered(question, own_plan)
        groups: list[Group] = []
        absences: list[Absence] = []
        for subject_id in question.subjects:
            subject = self.glossary.subject(subject_id)
            facts: list[Fact] = []
            also: dict[str, list[Fact]] = {}
            for plan in plans:
                found, why = self._of_plan(plan, subject_id, question)
                facts.extend(found)
                more = [f for other in subject.also for f in self._of_plan(plan, other, question)[0]]
                for fact in more:
                    also.setdefault(fact.target.indicator, []).append(fact)
                if not found and not more and (question.plans or (why is not Why.SUBJECT and not self._anywhere(plans, subject_id, question))):
                    absences.append(self._absence(plan, subject_id, why, question))
            facts = self._quoted(facts, question)
            if facts:
                groups.append(Group(subject=subject_id, name=subject.name, facts=tuple(facts)))
            groups.extend(
                Group(subject=other, name=self.glossary.subject(other).name, facts=tuple(found)) for other, found in also.items()
            )
        if len(question.subjects) > 1:
            absences = [a for a in absences if not any(f.plan.id == a.plan.id for g in groups for f in g.facts)]
            absences = list({absence.plan.id: absence for absence in reversed(absences)}.values())[::-1]
        if not groups and not absences:
            absences = [self._absence(plan, question.subjects[0], Why.SUBJECT, question) for plan in plans]
        if not question.plans:
            setting = [a for a in absences if a.instead and a.instead[0].subject in question.subjects]
            absences = setting or absences
        return tuple(groups), tuple(absences)

    def _anywhere(self, plans: Iterable[Plan], subject_id: str, question: Question) -> bool:
        return any(self._of_plan(plan, subject_id, question)[0] for plan in plans)

    def _quoted(self, facts: list[Fact], question: Question) -> list[Fact]:
        """Where a figure is quoted and its owner asked for, the targets that set it; otherwise all."""
        if not question.figures or not question.asks("whose", "when", "document"):
            return facts
        matching = [f for f in facts if f.target.value in question.figures or f.target.value_max in question.figures]
        return matching or facts

    def _of_plan(self, plan: Plan, subject_id: str, question: Question) -> tuple[list[Fact], Why]:
        targets = [target for target in plan.targets if target.indicator == subject_id]
        if not targets:
            return [], Why.SUBJECT
        targets = self._of_scopes(targets, question.scopes)
        if not targets:
            return [], Why.SCOPE
        facts = self._of_years(plan, targets, _spanned(targets, question))
        return (facts, Why.YEAR) if not facts else (facts, Why.SUBJECT)

    def _of_scopes(self, targets: list[Target], scopes: Sequence[str]) -> list[Target]:
        selecting = [scope for scope in scopes if self.glossary.scope(scope).selects]
        narrowing = [scope for scope in scopes if not self.glossary.scope(scope).selects]
        if selecting:
            targets = [target for target in targets if any(self._measures(target, scope) for scope in selecting)]
        narrowed = [target for target in targets if any(self._measures(target, scope) for scope in narrowing)]
        return narrowed or targets

    def _measures(self, target: Target, scope_id: str) -> bool:
        scope = self.glossary.scope(scope_id)
        return any(own in target.scopes for own in (scope_id, *scope.within, *scope.covers))

    def _of_years(self, plan: Plan, targets: list[Target], years: Sequence[int]) -> list[Fact]:
        ordered = sorted(targets, key=lambda t: (t.horizon != ANNUAL, t.horizon))
        if not years:
            return [Fact(plan=plan, target=target) for target in ordered]
        facts: list[Fact] = []
        for year in years:
            exact = [t for t in ordered if t.horizon == str(year)]
            annual = [t for t in ordered if t.horizon == ANNUAL and plan.covers_from <= year <= plan.covers_to]
            facts.extend(Fact(plan=plan, target=target) for target in (*exact, *annual))
            if not exact and not annual:
                facts.extend(self._covering(plan, ordered, year))
        return [fact for at, fact in enumerate(facts) if fact not in facts[:at]]

    @staticmethod
    def _covering(plan: Plan, targets: list[Target], year: int) -> list[Fact]:
        paced = [t for t in targets if t.each_year and t.horizon != ANNUAL and int(t.horizon) >= year >= plan.covers_from]
        return [Fact(plan=plan, target=paced[0], covering=True)] if paced else []

    def _absence(self, plan: Plan, subject_id: str, why: Why, question: Question) -> Absence:
        subject = self.glossary.subject(subject_id)
        instead: list[Group] = []
        for other in (subject_id, *subject.also, *subject.near):
            targets = [target for target in plan.targets if target.indicator == other]
            if targets and len(instead) < 2:
                facts = self._of_years(plan, targets, ())
                instead.append(Group(subject=other, name=self.glossary.subject(other).name, facts=tuple(facts)))
        return Absence(
            plan=plan, why=why, name=subject.short, years=question.years, scopes=self._selecting(question), instead=tuple(instead)
        )

    def _selecting(self, question: Question) -> tuple[str, ...]:
        scopes = (self.glossary.scope(scope) for scope in question.scopes)
        return tuple(scope.name for scope in scopes if scope.selects)

    def _further(self, question: Question, groups: tuple[Group, ...], absences: tuple[Absence, ...]) -> tuple[Choice, ...]:
        """Other years and other plans of the same subject, then the section."""
        if not question.subjects:
            return ()
        subject = self.glossary.subject(question.subjects[0])
        everywhere = [(p, t) for p in self.plans.values() for t in p.targets if t.indicator == subject.id]
        shown = {(f.plan.id, f.target.id) for g in groups for f in g.facts}
        named = question.plans[0] if len(question.plans) == 1 else None
        place = f" {self.plans[named].short}" if named else ""
        choices: dict[str, Choice] = {}
        for plan, target in everywhere:
            if named in {None, plan.id} and (plan.id, target.id) not in shown and target.horizon != ANNUAL:
                choices[target.horizon] = Choice(kind=ChoiceKind.YEAR, label=target.horizon, question=f"{subject.short} {target.horizon}{place}")
        ordered = [choices[horizon] for horizon in sorted(choices)]
        year = f" {question.years[0]}" if len(question.years) == 1 and not absences else ""
        for plan, _ in everywhere:
            if named not in {None, plan.id} and plan.id not in choices:
                choices[plan.id] = Choice(kind=ChoiceKind.PLAN, label=plan.short, question=f"{subject.short}{year} {plan.short}")
                ordered.append(choices[plan.id])
        return tuple(ordered[:6])

    # --- Overviews ---------------------------------------------------------------------------------------------------

    def _overview(self, question: Question, own_plan: str | None) -> Answer | None:
        """All targets of a plan or a year, or of a theme, where no subject is named."""
        listing = question.asks("overview")
        about = bool(question.plans or question.years)
        named = not question.content
        bare = (question.asks("figure", "annual", "compare", "stages") or named) and not question.asks("due", "roles", "who", "when") and not question.subjects and not question.leftover and not question.themes
        if question.asks("document") and not listing:
            return None
        subjects: tuple[str, ...] = ()
        if question.themes and question.asks("overview") and not any(self.glossary.subject(s).rank > 1 for s in question.subjects):
            themes = [theme for theme in self.glossary.themes if theme.name in question.themes]
            subjects = tuple(dict.fromkeys(s for theme in themes for s in theme.subjects))
        elif question.subjects or question.leftover or not about or not (listing or bare):
            return None
        plans = [plan for plan in self._ordered(question, own_plan) if plan.targets]
        groups: list[Group] = []
        missing = []
        for plan in plans:
            facts = self._overview_of(plan, subjects, question)
            if facts:
                groups.append(Group(subject=plan.id, name=plan.citation, facts=tuple(facts)))
            elif question.plans:
                missing.append(Absence(plan=plan, why=Why.YEAR, name="", years=question.years, instead=()))
        if not groups and not missing:
            missing = [Absence(plan=plan, why=Why.YEAR, name="", years=question.years) for plan in plans]
        return Answer(
            kind=Kind.OVERVIEW,
            question=question,
            groups=tuple(groups),
            absences=tuple(missing),
            choices=tuple(
                Choice(kind=ChoiceKind.OVERVIEW, label=plan.short, question=f"Các chỉ tiêu của {plan.short}")
                for plan in self.plans.values()
                if plan.targets and plan.id not in question.plans
            ),
        )

    def _overview_of(self, plan: Plan, subjects: tuple[str, ...], question: Question) -> list[Fact]:
        targets = [t for t in plan.targets if not subjects or t.indicator in subjects]
        selecting = [scope for scope in question.scopes if self.glossary.scope(scope).selects]
        if selecting:
            targets = [t for t in targets if any(self._measures(t, scope) for scope in selecting)]
        if question.years:
            staged = [t for t in targets if t.horizon in {str(year) for year in _spanned(targets, question)}]
            annual = [
                t for t in targets if t.horizon == ANNUAL and any(plan.covers_from <= y <= plan.covers_to for y in question.years)
            ]
            return [Fact(plan=plan, target=target) for target in (*staged, *(annual if not staged else ()))]
        if question.asks("annual") and any(t.horizon == ANNUAL for t in targets):
            targets = [t for t in targets if t.horizon == ANNUAL]
        elif question.asks("stages"):
            targets = [t for t in targets if t.horizon != ANNUAL]
        return [Fact(plan=plan, target=target) for target in targets]

    # --- Documents ---------------------------------------------------------------------------------------------------

    def _documents(self, question: Question, own_plan: str | None) -> Answer | None:
        """A plan's identity: number, date, issuer, signer, what it carries out."""
        rest = [word for word in question.leftover if word not in self._document_words]
        if question.subjects or question.references or question.asks("overview") or question.figures or rest:
            return None
        dated = bool(question.dates and question.plans) and not question.content
        if question.years and not dated:
            return None
        bare = bool(question.plans) and not question.content and question.asks("when", "who", "whose")
        if not question.asks("document") and not dated and not bare:
            return None
        plans = self._ordered(question, own_plan) if question.plans else list(self.plans.values())
        return Answer(kind=Kind.DOCUMENTS, question=question, documents=tuple(plans))

    # --- Passages ----------------------------------------------------------------------------------------------------

    def _keep(self, question: Question) -> frozenset[tuple[str, str]] | None:
        if not question.plans:
            return None
        issuers = {self.plans[plan].issuer for plan in question.plans}
        plans = set(question.plans) | {p.id for p in self.plans.values() if p.issuer in issuers and not p.targets}
        return frozenset(key for key in self._passages if key[0] in plans)

    def _find_passages(
        self, question: Question, within: frozenset[tuple[str, str]] | None = None
    ) -> list[Found[tuple[str, str]]]:
        words = self._sought(question)
        keep = self._keep(question)
        if within is not None:
            keep = within if keep is None else keep & within
        found = self._index.find(words, _core(question), keep=keep, limit=20) if words else []
        if not found and within is not None and keep:
            return [Found(key, 1.0, 1.0, 1.0) for key in sorted(keep)][:LONGEST_LIST]
        return sorted(found, key=lambda item: -item.score * self._bias(item.item, question))

    def _sought(self, question: Question) -> list[str]:
        """The words to look passages up by: those with a meaning, and small words that belong together in some passage."""
        spoken = [_normal(word) for word in question.spoken]
        content = _core(question)
        if not any(word.isalpha() for word in content):
            return []
        known = [self._index.knows(pair) for pair in zip(spoken, spoken[1:], strict=False)]
        return [word for at, word in enumerate(spoken) if word in content or any(known[max(at - 1, 0) : at + 1])]

    def _bias(self, key: tuple[str, str], question: Question) -> float:
        """How much a passage is favoured: deadlines where a time is asked for, headings last, those who lead for "who"."""
        passage = self._passages[key]
        bias = 1.0 if not question.plans or key[0] in question.plans else 0.9
        if passage.deadline is not None:
            return bias * (1.25 if question.asks("when", "due") else 0.85)
        assert passage.task is not None
        if passage.task.section.count(".") < 2 and not passage.task.lead and passage.task.section[:3] not in {"IV.", "Đề "}:
            bias *= 0.8
        if question.asks("who", "roles") and passage.task.lead:
            bias *= 1.15
            asked = set(question.content)
            for body in passage.task.lead:
                named = self.understanding.fold_words(body)
                if len(asked.intersection(named)) >= 0.6 * len(set(named)):
                    bias *= 1.25
                    break
        return bias

    def _passage(self, found: Found[tuple[str, str]]) -> Passage:
        return self._passages[found.item]

    def _about_passages(self, question: Question) -> Answer | None:
        passages = self._find_passages(question)
        if not passages:
            return None
        best = passages[0]
        if self._is_strange(question) and best.pairs < 0.75:
            return None
        passage = self._passage(best)
        asks_figure = question.asks("figure") and not question.asks("who", "section", "roles", "when")
        needed = FITS if asks_figure or question.years else FITS_LOOSELY
        if best.coverage < needed or (best.pairs < FITS_PAIRS and best.coverage < SURE):
            return None
        counted = question.asks("asked_figure") and not question.asks("when", "section")
        if (asks_figure or counted) and not _holds_figure(passage):
            return None
        if question.years and not all(str(year) in _text_of(passage) for year in question.years):
            return None
        return self._passage_answer(question, passages)

    def _is_strange(self, question: Question) -> bool:
        """Whether the words that nothing accounts for stand together as they never do in a plan ("điện thoại")."""
        at = {place for place, word in enumerate(question.spoken) if word in question.leftover}
        pairs = [(question.spoken[place], question.spoken[place + 1]) for place in at if place + 1 in at]
        return bool(pairs) and sum(not self._index.knows(pair) for pair in pairs) > 0.5 * len(pairs)

    def _best_row(self, question: Question) -> Found[tuple[str, str]] | None:
        found = self._row_index.find([_normal(word) for word in question.content], _core(question), limit=1)
        return found[0] if found and found[0].coverage + found[0].pairs >= 2 * FITS_ROW else None

    def _passage_answer(self, question: Question, passages: list[Found[tuple[str, str]]]) -> Answer:
        best = passages[0]
        near = [found for found in passages if found.score >= 0.8 * best.score and found.coverage >= 0.75 * best.coverage]
        shown: list[Passage] = []
        for found in near:
            passage = self._passage(found)
            if not any(p.plan.id == passage.plan.id and p.section == passage.section and bool(p.task) == bool(passage.task) for p in shown):
                shown.append(passage)
        return Answer(kind=Kind.PASSAGES, question=question, passages=tuple(shown[:LONGEST_LIST]))

    def _sections(self, question: Question, own_plan: str | None) -> Answer | None:
        """A section asked for by its number."""
        if not question.sections:
            return None
        found = []
        for plan in self._ordered(question, own_plan) if question.plans else self.plans.values():
            for number in question.sections:
                bare = number.split(".", 1)[1] if number[0].isalpha() else number
                found += [Passage(plan=plan, task=t) for t in plan.tasks if t.section.split(".", 1)[-1] == bare or t.section.lower() == number]
        return Answer(kind=Kind.PASSAGES, question=question, passages=tuple(found[:5])) if found else None

    # --- Rows of a form ----------------------------------------------------------------------------------------------

    def _rows(self, question: Question, own_plan: str | None) -> Answer | None:
        del own_plan
        named = question.asks("form")
        if not named and not (question.items and not question.plans):
            return None
        if question.items:
            rows = [row for number in question.items for row in self._numbered(number)]
            return Answer(kind=Kind.ROWS, question=question, rows=tuple(rows)) if rows else self._silent(question)
        words = [_normal(word) for word in question.content]
        found = self._row_index.find(words, _core(question), limit=8) if words else []
        if not found or found[0].coverage < 0.6:
            return None
        part = self._part(question)
        if part is not None:
            return Answer(kind=Kind.ROWS, question=question, rows=part)
        best = [f for f in found if f.score >= 0.85 * found[0].score]
        rows = list(dict.fromkeys(self._row(*f.item) for f in best))[:4]
        return Answer(kind=Kind.ROWS, question=question, rows=tuple(rows))

    def _part(self, question: Question) -> tuple[Row, ...] | None:
        """All rows of a part of a form, where its title is what is asked for."""
        asked = set(question.content) - _FORM_WORDS
        for form in self.forms.values():
            for part in form.parts:
                title = set(self.understanding.fold_words(part.title)) - _FORM_WORDS
                if form.plan and title and asked and asked <= title and len(asked) * 2 >= len(title):
                    return tuple(self._row(form.id, row.key) for row in form.indicators if row.part == part.id and not row.parent)
        return None

    def _numbered(self, number: int) -> list[Row]:
        return [
            self._row(form.id, row.key)
            for form in self.forms.values()
            if form.plan
            for row in form.indicators
            if row.no == str(number) and row.parent is None
        ]

    def _row(self, form_id: str, key: str) -> Row:
        form = self.forms[form_id]
        row = form.get_indicator(key)
        return Row(form=form, row=row, subrows=tuple(sub for sub in form.indicators if sub.parent == key))

    # --- Silence -----------------------------------------------------------------------------------------------------

    def _silent(self, question: Question) -> Answer:
        near = self._find_passages(msgspec.structs.replace(question, plans=()))
        passages = tuple(self._passage(found) for found in near[:2] if found.coverage >= 0.4)
        choices: list[Choice] = []
        for subject_id in question.subjects[:2]:
            subject = self.glossary.subject(subject_id)
            choices.append(Choice(kind=ChoiceKind.SUBJECT, label=subject.short, question=f"Chỉ tiêu {subject.short}"))
        choices += [
            Choice(
                kind=ChoiceKind.SECTION,
                label=f"{passage.section} – {passage.plan.short}",
                question=f"Mục {passage.section} của {passage.plan.short}",
            )
            for passage in passages
            if passage.task
        ]
        return Answer(
            kind=Kind.SILENT, question=question, elsewhere=question.elsewhere, choices=tuple(choices) or self._openers()
        )

    def _openers(self) -> tuple[Choice, ...]:
        return tuple(
            Choice(kind=ChoiceKind.OVERVIEW, label=plan.short, question=f"Các chỉ tiêu của {plan.short}")
            for plan in self.plans.values()
            if plan.targets
        )


def _core(question: Question) -> frozenset[str]:
    """The words that a passage has to account for."""
    return frozenset(_normal(word) for word in question.content)


_FORM_WORDS = frozenset("cong tac bieu mau so lieu phan bao cao ve cac muc".split())


def _normal(word: str) -> str:
    """A number without separators and leading zeros, so that 05 and 5, 1.000 and 1000 are one word."""
    digits = re.sub(r"[.,](?=\d{3})", "", word)
    return str(int(digits)) if digits.isdigit() else word


def _cites(text: str, reference: str) -> bool:
    """Whether a text names the document of that number, given whole ("1729qdttg") or as a bare number."""
    for found in re.findall(r"[\w./-]*\d[\w./-]*", fold(text)):
        bare = re.sub(r"[^a-z0-9]", "", found)
        number = re.match(r"[a-z]?\d+", bare)
        if bare == reference or (number and reference.isdigit() and number[0] == reference and bare != reference):
            return True
        if len(reference) > 4 and bare.startswith(reference):
            return True
    return False


def _text_of(passage: Passage) -> str:
    if passage.task is not None:
        return passage.task.summary
    return f"{passage.deadline.what} {passage.deadline.when}" if passage.deadline else ""


def _holds_figure(passage: Passage) -> bool:
    """Whether a passage states a number that is not part of a document's or a section's number."""
    return any(char.isdigit() for char in _NOT_FIGURES.sub("", _text_of(passage))) or "một" in _text_of(passage)


def _spanned(targets: Iterable[Target], question: Question) -> tuple[int, ...]:
    """The years asked for; "from 2023 to 2045" takes in every stage between."""
    if not question.asks("range") or len(question.years) != 2:
        return question.years
    first, last = sorted(question.years)
    between = {int(t.horizon) for t in targets if t.horizon != ANNUAL and first < int(t.horizon) < last}
    return tuple(sorted({first, last} | between))


@cache
def load_adviser() -> Adviser:
    """The adviser over the catalogue that ships with the product, built once."""
    return Adviser(load_understanding(), load_forms())
