"""What a person is asked of a reading before it becomes a plan, and what is settled once it was answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec

from knowledge.calendar.duties import check_rule
from knowledge.importing.document import PageSpot
from knowledge.importing.model import (
    Identity,
    LeftOver,
    PlanReading,
    ReadDeadline,
    ReadPassage,
    ReadTarget,
    ReadTask,
    WhyDoubted,
)
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow, ReviewVerdict
from knowledge.model.plans import ANNUAL, OwnSubject
from knowledge.model.units import UnitKind
from knowledge.question import Understanding
from knowledge.reviewing.debtors import find_debtors_named
from knowledge.reviewing.drafting import Settled, kind_of, make_deadline, make_target, write_issuer
from knowledge.reviewing.remaining import remaining
from knowledge.subjects.proposing import NewTarget, Proposer, SubjectProposal
from knowledge.text import fold

SURE: Final = 0.8
"""Probability (0–1) from which a target is taken to measure a known subject without a word of a person."""

MOST_KNOWN, LEAST = 3, 0.05
"""Known subjects offered for a new one, and the probability (0–1) from which one is."""

_OWED: Final = frozenset({"report", "task"})
"""Kinds of deadline that may be a unit's own duty; meetings and reviews are held by others."""

Read = TypeVar("Read")


class IdentityField(StrEnum):
    """What of a plan's identity a person is asked."""

    ISSUER = "issuer"
    TERM = "term"


class Titled(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the identity: what it was taken for, or null; `years` only for the term, `spot` as of a fact."""

    field: IdentityField
    text: str | None = None
    years: tuple[int, int] | None = None
    spot: PageSpot | None = None


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A target with the id of the subject that it is taken to measure."""

    fact: ReadTarget
    subject: str


class NewSubject(msgspec.Struct, frozen=True, kw_only=True):
    """A subject that the plan brings.

    `known` are ids of known subjects it may be, `same` the one it is; null where it is new. `populations` are what its
    targets measure.
    """

    subject: OwnSubject
    known: tuple[str, ...] = ()
    same: str | None = None
    populations: tuple[str, ...] = ()


class PlanDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline, by the place of its row, that units of these kinds would be reminded of."""

    deadline: int
    owed_by: tuple[UnitKind, ...]


class ReviewMaker:
    """Makes the rows of a review; knows the subjects of the catalogue."""

    def __init__(self, proposer: Proposer, understanding: Understanding) -> None:
        self._proposer = proposer
        self.understanding = understanding

    def begin(self, reading: PlanReading) -> tuple[ReviewRow, ...]:
        """The rows of a reading, those of its identity first."""
        placed, subjects = self._place(reading.targets)
        drafts: list[ReviewRow] = [*_identity_rows(reading)]
        drafts += [self.target_row(each) for each in placed]
        drafts += [_deadline_row(each) for each in reading.deadlines]
        drafts += [_row(ReviewMatter.TASK, each, ReviewVerdict.SURE) for each in reading.tasks]
        drafts += [_row(ReviewMatter.PASSAGE, each, ReviewVerdict.SURE) for each in reading.passages]
        drafts += [_row(ReviewMatter.LEFT_OVER, each, ReviewVerdict.OPEN) for each in reading.left_over]
        drafts += [_row(ReviewMatter.SUBJECT, each, ReviewVerdict.OPEN) for each in subjects]
        placed_rows = [msgspec.structs.replace(row, place=place) for place, row in enumerate(drafts, 1)]
        duties = [_row(ReviewMatter.DUTY, duty, ReviewVerdict.OPEN) for duty in _duties(placed_rows)]
        following = enumerate(duties, len(placed_rows) + 1)
        return (*placed_rows, *(msgspec.structs.replace(row, place=place) for place, row in following))

    def target_row(self, placed: Placed) -> ReviewRow:
        """The row of a target; doubtful too where it could not be written into a plan as it is."""
        doubt = placed.fact.doubt
        if doubt is None and not fits_target(placed.fact):
            doubt = WhyDoubted.UNIT_UNKNOWN if placed.fact.unit is None else WhyDoubted.NUMBER_AMBIGUOUS
        return _row(ReviewMatter.TARGET, placed, ReviewVerdict.DOUBTFUL if doubt else ReviewVerdict.SURE, doubt)

    def place_one(self, target: ReadTarget, rows: Sequence[ReviewRow]) -> tuple[Placed, NewSubject | None]:
        """A target that is added to a review, and the subject to be asked of it; None where it is asked or known."""
        asked = [content_of(row, NewSubject) for row in rows if row.matter is ReviewMatter.SUBJECT]
        [placed], found = self._place((target,), [each.subject.id for each in asked])
        same = next((each for each in asked for new in found if _is_called_alike(each.subject, new.subject)), None)
        if same is not None:
            return Placed(fact=target, subject=same.subject.id), None
        return placed, found[0] if found else None

    def _place(self, targets: Sequence[ReadTarget], taken: Iterable[str] = ()) -> tuple[list[Placed], list[NewSubject]]:
        """Each target with its subject, and the subjects that are not surely known."""
        measured = [NewTarget(target.indicator, target.unit) for target in targets]
        asked: dict[str, NewSubject] = {}
        placed = []
        for target, proposal in zip(targets, self._proposer.propose(measured, taken), strict=True):
            subject = self._sure_of(proposal) if target.share_of is None else None
            if subject is None:
                new = self._new(proposal, target)
                one = next((each for each in asked.values() if _is_called_alike(each.subject, new.subject)), new)
                populations = tuple(dict.fromkeys((*one.populations, target.indicator)))
                asked[one.subject.id] = msgspec.structs.replace(one, populations=populations)
                subject = one.subject.id
            placed.append(Placed(fact=target, subject=subject))
        return placed, list(asked.values())

    @staticmethod
    def _sure_of(proposal: SubjectProposal) -> str | None:
        likely = proposal.known[0] if proposal.known else None
        return likely.subject if likely is not None and likely.p >= SURE else None

    def _new(self, proposal: SubjectProposal, target: ReadTarget) -> NewSubject:
        if target.share_of is not None:  # a unit's share is nobody else's figure
            return NewSubject(subject=proposal.new)
        named = self.understanding.read(target.indicator).subjects
        likely = (each.subject for each in proposal.known if each.p >= LEAST)
        known = tuple(dict.fromkeys((*named, *likely)))[:MOST_KNOWN]
        same = proposal.indicator if proposal.is_known else None
        return NewSubject(subject=proposal.new, known=known, same=same)


def fits_target(target: ReadTarget) -> bool:
    """Whether a plan can hold a target as it is."""
    try:
        make_target(target, "subject", "target")
    except ValueError:
        return False
    return True


def _fits_deadline(deadline: ReadDeadline) -> bool:
    try:
        made = make_deadline(deadline, "deadline")
        check_rule(made)
    except ValueError:
        return False
    return made.due is not None or made.recurrence is not None


def may_be_right(row: ReviewRow) -> bool:
    """Whether a row can enter a plan as it was read: it says something, a value has its unit, a deadline its days."""
    match row.matter:
        case ReviewMatter.IDENTITY:
            asked = content_of(row, Titled)
            return asked.text is not None or asked.years is not None
        case ReviewMatter.TARGET:
            return fits_target(content_of(row, Placed).fact)
        case ReviewMatter.DEADLINE:
            return _fits_deadline(content_of(row, ReadDeadline))
        case _:
            return True


# --- Rows ------------------------------------------------------------------------------------------------------------


def content_of(row: ReviewRow, kind: type[Read]) -> Read:
    """What a row is about, as the value it was made of."""
    return msgspec.convert(row.content, kind)


def spot_of(row: ReviewRow) -> PageSpot | None:
    """Where on a scanned page the figure of a row stands; None where it was read from no picture."""
    match row.matter:
        case ReviewMatter.IDENTITY:
            return content_of(row, Titled).spot
        case ReviewMatter.TARGET:
            return content_of(row, Placed).fact.spot
        case ReviewMatter.DEADLINE:
            return content_of(row, ReadDeadline).spot
        case ReviewMatter.LEFT_OVER:
            return content_of(row, LeftOver).spot
        case _:
            return None


def _row(matter: ReviewMatter, fact: msgspec.Struct, verdict: ReviewVerdict, doubt: str | None = None) -> ReviewRow:
    return ReviewRow(place=0, matter=matter, verdict=verdict, content=msgspec.to_builtins(fact), doubt=doubt)


def subject_row(subject: NewSubject) -> ReviewRow:
    """The row of a subject that is to be asked."""
    return _row(ReviewMatter.SUBJECT, subject, ReviewVerdict.OPEN)


def _identity_rows(reading: PlanReading) -> Iterator[ReviewRow]:
    """Issuer and term, as they are read; doubtful where they are only guessed, or not even that."""
    identity = reading.plan
    issuer = Titled(field=IdentityField.ISSUER, text=write_issuer(identity.issuer) if identity.issuer else None)
    yield _identity_row(issuer, is_sure=issuer.text is not None)
    first, last = identity.covers_from, identity.covers_to
    if first is not None and last is not None and first <= last:
        term = Titled(field=IdentityField.TERM, years=(first, last), spot=reading.term_spot)
        if reading.is_scanned:
            yield _row(ReviewMatter.IDENTITY, term, ReviewVerdict.DOUBTFUL, WhyDoubted.SCANNED)
        else:
            yield _identity_row(term, is_sure=True)
    else:
        yield _identity_row(Titled(field=IdentityField.TERM, years=_guess_term(reading)), is_sure=False)


def _identity_row(titled: Titled, *, is_sure: bool) -> ReviewRow:
    verdict = ReviewVerdict.SURE if is_sure else ReviewVerdict.DOUBTFUL
    return _row(ReviewMatter.IDENTITY, titled, verdict, None if is_sure else titled.field)


def _guess_term(reading: PlanReading) -> tuple[int, int] | None:
    identity = reading.plan
    years = [int(target.horizon) for target in reading.targets if target.horizon not in {None, ANNUAL}]
    years += [deadline.due.year for deadline in reading.deadlines if deadline.due is not None]
    first = identity.covers_from or (identity.date.year if identity.date is not None else min(years, default=None))
    last = identity.covers_to or max(years, default=None)
    return (first, last) if first is not None and last is not None and first <= last else None


def _deadline_row(deadline: ReadDeadline) -> ReviewRow:
    doubt = deadline.doubt or (None if _fits_deadline(deadline) else WhyDoubted.VAGUE)
    return _row(ReviewMatter.DEADLINE, deadline, ReviewVerdict.DOUBTFUL if doubt else ReviewVerdict.SURE, doubt)


def _duties(rows: Iterable[ReviewRow]) -> Iterator[PlanDuty]:
    """The deadlines that a unit's own report or task are, with the kinds of unit that the plan names."""
    for row in rows:
        if row.matter is not ReviewMatter.DEADLINE:
            continue
        read = content_of(row, ReadDeadline)
        owed_by = find_debtors_named(read.who)
        if owed_by and kind_of(read.what) in _OWED:
            yield PlanDuty(deadline=row.place, owed_by=owed_by)


def _is_called_alike(one: OwnSubject, other: OwnSubject) -> bool:
    return one.id == other.id or fold(one.name) == fold(other.name)


# --- What is settled -------------------------------------------------------------------------------------------------


def write_identity(identity: Identity) -> dict[str, Any]:
    """The identity that was read, as a review keeps it: its issuer as sentences write it."""
    issuer = write_issuer(identity.issuer) if identity.issuer else None
    kept: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(identity, issuer=issuer))
    return kept


def read_identity(identity: dict[str, Any], rows: Iterable[ReviewRow]) -> Identity:
    """The identity as read, with what a person said of it."""
    found = msgspec.convert(identity, Identity)
    for row in rows:
        if row.matter is not ReviewMatter.IDENTITY or not row.is_taken:
            continue
        said = content_of(row, Titled)
        if said.field is IdentityField.ISSUER:
            found = msgspec.structs.replace(found, issuer=said.text)
        elif said.years is not None:
            found = msgspec.structs.replace(found, covers_from=said.years[0], covers_to=said.years[1])
    return found


def settle(identity: dict[str, Any], rows: Sequence[ReviewRow]) -> Settled:
    """What enters the plan: nothing that is still doubtful, nothing that was dropped."""
    taken = [row for row in rows if row.is_taken]
    subjects = {
        each.subject.id: each
        for each in (content_of(row, NewSubject) for row in rows if row.matter is ReviewMatter.SUBJECT)
    }
    duties = {
        duty.deadline: duty.owed_by
        for duty in (content_of(row, PlanDuty) for row in taken if row.matter is ReviewMatter.DUTY)
    }
    targets = []
    for placed in (content_of(row, Placed) for row in taken if row.matter is ReviewMatter.TARGET):
        asked = subjects.get(placed.subject)
        targets.append((placed.fact, asked.same if asked is not None and asked.same is not None else placed.subject))
    deadlines = [
        (content_of(row, ReadDeadline), duties.get(row.place, ()))
        for row in taken
        if row.matter is ReviewMatter.DEADLINE
    ]
    tasks = [content_of(row, ReadTask) for row in taken if row.matter is ReviewMatter.TASK]
    passages = [content_of(row, ReadPassage) for row in taken if row.matter is ReviewMatter.PASSAGE]
    told = [
        *(fact.quote for fact, _ in targets),
        *(deadline.quote for deadline, _ in deadlines),
        *(task.summary for task in tasks),
    ]
    return Settled(
        identity=read_identity(identity, rows),
        targets=targets,
        subjects=[each.subject for each in subjects.values() if each.same is None],
        deadlines=deadlines,
        tasks=tasks,
        passages=list(remaining(passages, told)),
    )
