"""What can be said to a question: facts with their place, absences, passages, rows of forms, documents, choices."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from knowledge.model.forms import Form, Indicator
from knowledge.model.plans import Deadline, Plan, PlanState, Target, Task
from knowledge.model.questions import Question


class AnswerKind(StrEnum):
    """What sort of thing an answer says."""

    TARGETS = "targets"
    OVERVIEW = "overview"
    DOCUMENTS = "documents"
    PASSAGES = "passages"
    ROWS = "rows"
    OUTLINE = "outline"
    CHOOSE = "choose"
    SILENT = "silent"
    GREETING = "greeting"


class Caveat(StrEnum):
    """What has to be said before the answer.

    RESULTS: results were asked for, and plans hold targets only. NO_FIGURE: a figure was asked for, and what stands
    nearest has none. UNSURE: it may not be what was meant. MAY_BE_ABSENT: nor may any plan speak of it at all.
    UNKNOWN_NUMBER: a document is named by a number that stands in no plan.
    """

    RESULTS = "results"
    NO_FIGURE = "no_figure"
    UNSURE = "unsure"
    MAY_BE_ABSENT = "may_be_absent"
    UNKNOWN_NUMBER = "unknown_number"


class Why(StrEnum):
    """Why a plan has no answer."""

    SUBJECT = "subject"
    YEAR = "year"
    SCOPE = "scope"


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an answer."""


class Fact(_Value, frozen=True):
    """One target with the plan that sets it; `covering` marks the yearly pace of the stage in which the year lies."""

    plan: Plan
    target: Target
    covering: bool = False


class Beside(_Value, frozen=True):
    """What a plan of another time sets on the same; it is told behind the facts of the plan (id) `after`."""

    after: str
    facts: tuple[Fact, ...]


class Group(_Value, frozen=True):
    """The facts of one subject; `beside` are those that plans of another time set on it."""

    subject: str
    name: str
    facts: tuple[Fact, ...]
    beside: tuple[Beside, ...] = ()


class Absence(_Value, frozen=True):
    """A plan that sets no such target; `instead` is what it does set that is nearest.

    `own`: the asker's plan. `leads`: the plan in force, in whose place one of before speaks.
    """

    plan: Plan
    why: Why
    name: str
    years: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ()
    instead: tuple[Group, ...] = ()
    own: bool = False
    leads: bool = False


class Passage(_Value, frozen=True, gc=False):
    """A task or a deadline of a plan."""

    plan: Plan
    task: Task | None = None
    deadline: Deadline | None = None

    @property
    def section(self) -> str:
        """Where in the plan it stands."""
        return self.task.section if self.task else self.deadline.section if self.deadline else ""


class Row(_Value, frozen=True):
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


class Matter(StrEnum):
    """What a question quotes and asks to be confirmed.

    SIGNER, SIGNER_TITLE, NUMBER, ISSUED, ISSUER, BASIS and TERM are of a plan, ADDRESS of a
    duty; CITED is the day of a paper that a plan
    cites; WHEN a day or how often; COUNT a number in a sentence; SENTENCE what a plan says not to be done; BODY who
    sees to something, BODY_BESIDE who takes part; ROW the number of a form's row; POPULATION those of whom a target is.
    """

    SIGNER = "signer"
    SIGNER_TITLE = "signer_title"
    NUMBER = "number"
    ISSUED = "issued"
    NUMBER_AND_ISSUED = "number_and_issued"
    ISSUER = "issuer"
    BASIS = "basis"
    TERM = "term"
    ADDRESS = "address"
    CITED = "cited"
    WHEN = "when"
    COUNT = "count"
    SENTENCE = "sentence"
    BODY = "body"
    BODY_BESIDE = "body_beside"
    ROW = "row"
    POPULATION = "population"


class Confirmation(_Value, frozen=True):
    """Whether what a question quotes is so, and what the plan or form says of it.

    `agrees` is None where the plan says nothing (`fact` is then empty) or leaves open what was quoted.
    """

    matter: Matter
    agrees: bool | None
    fact: str = ""


class Choice(_Value, frozen=True):
    """Something else that could be meant or asked next: a short label, and the question that asks it."""

    kind: ChoiceKind
    label: str
    question: str


class Answer(_Value, frozen=True):
    """What can be said to a question.

    `question` is the question as resolved, kept as the context of the next one. `elsewhere` names places or bodies
    that no plan speaks for; of a silence, `documents` are the plans asked about. `quoted` are figures the asker
    quoted, for a yes or no. `passages` of an outline are what stands in one section, named
    `section`, in its order, its heading first. `more` counts the plans that speak on it too, from `further` on (see
    `Question.skip`). `by_state`: the documents are told by what became
    of them. `successors` stand in the place of plans it tells that were replaced; `lapsed` are plans it tells of
    issuers that it is asked of and that have none in force. `verdict` is of what was quoted beside figures of targets.
    """

    kind: AnswerKind
    question: Question
    groups: tuple[Group, ...] = ()
    absences: tuple[Absence, ...] = ()
    passages: tuple[Passage, ...] = ()
    section: str = ""
    rows: tuple[Row, ...] = ()
    documents: tuple[Plan, ...] = ()
    elsewhere: tuple[str, ...] = ()
    quoted: tuple[Decimal, ...] = ()
    choices: tuple[Choice, ...] = ()
    caveat: Caveat | None = None
    by_state: bool = False
    more: int = 0
    successors: tuple[Plan, ...] = ()
    lapsed: tuple[Plan, ...] = ()
    further: int = 0
    verdict: Confirmation | None = None

    @property
    def status(self) -> str:
        """`answered`, `choose` or `not_found`, as the outside interface names them."""
        if self.kind is AnswerKind.CHOOSE:
            return "choose"
        if (
            self.kind in {AnswerKind.SILENT, AnswerKind.GREETING}
            or self.caveat in {Caveat.NO_FIGURE, Caveat.MAY_BE_ABSENT}
            or (self.kind is AnswerKind.TARGETS and not (self.groups or self.passages))
        ):
            return "not_found"
        return "answered"

    @property
    def may_be_silent(self) -> bool:
        """Whether the plans do not speak of what was asked, or perhaps do not."""
        return self.kind is AnswerKind.SILENT or self.caveat is Caveat.MAY_BE_ABSENT

    @property
    def changed_plans(self) -> tuple[Plan, ...]:
        """The plans it speaks of that are no longer what they were: ended, replaced, the issuer merged."""
        return tuple(plan for plan in self.told_plans if plan.state is not PlanState.IN_FORCE)

    @property
    def told_plans(self) -> tuple[Plan, ...]:
        """The plans whose targets, tasks or deadlines it tells, or that it says to set none."""
        if self.kind not in {AnswerKind.TARGETS, AnswerKind.OVERVIEW, AnswerKind.PASSAGES}:
            return ()
        told: tuple[Passage | Fact | Absence, ...] = (*self.facts, *self.absences)
        if self.kind is AnswerKind.PASSAGES:
            told = self.passages
        return tuple({each.plan.id: each.plan for each in told}.values())

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact it gives as an answer, in order; not what stands nearest to an absence."""
        return tuple(fact for group in self.groups for fact in group.facts)
