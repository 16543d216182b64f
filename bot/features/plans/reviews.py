"""Files that become plans, looked over by ADMIN_IDS: what is shown of one, and what is decided."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.plans import changes, entering
from bot.features.plans.entering import FACTS, ReadFile, ReviewChangedError
from bot.features.plans.service import list_governed, require_operator
from bot.features.plans.taps import mark_of
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.answer import Adviser
from knowledge.calendar.duties import find_occurrences
from knowledge.importing.model import Identity, LeftOver, ReadDeadline, WhyDoubted
from knowledge.importing.scans.page import cut_out
from knowledge.model.plan_reviews import TAKEN, WAITING, ReviewMatter, ReviewRow, ReviewVerdict
from knowledge.model.plans import Plan, PlanState
from knowledge.model.stored_plans import PlanStatus
from knowledge.model.units import UnitKind
from knowledge.question import Understanding
from knowledge.reviewing import mending
from knowledge.reviewing.asking import (
    IdentityField,
    NewSubject,
    Placed,
    PlanDuty,
    ReviewMaker,
    Titled,
    content_of,
    fits_target,
    may_be_right,
    read_identity,
    spot_of,
    subject_row,
)
from knowledge.reviewing.drafting import find_of_issuer, find_same, make_deadline
from knowledge.reviewing.naming_subjects import name_subject
from knowledge.subjects.proposing import make_proposer
from storage import plan_reviews, plans
from storage.plan_reviews import PlanReview
from storage.units import Unit

AT_ONCE: Final = 6
"""New subjects, or duties, that are confirmed together."""

PAGE: Final = 6
"""Facts on one page."""

_FORESEEN: Final = timedelta(days=20 * 366)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """What a file is that was sent: `file` is its hash, and it is to be read where neither of the others is there."""

    file: str
    review_id: int | None = None
    plan_id: str | None = None


@dataclass(frozen=True, slots=True)
class ForeseenDuty:
    """A deadline of which units of some kinds will be reminded, and the day on which it falls next."""

    place: int
    deadline: ReadDeadline
    owed_by: tuple[UnitKind, ...]
    first: date


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as it is shown.

    Attributes:
        identity: who issued what, as far as it is known by now.
        replaceable: the plans in force of the same issuer and matter.
        places: the units for which plans of that issuer speak.
        subject_names: the names of known subjects, by id.
        today: the local day.
    """

    review: PlanReview
    identity: Identity
    replaceable: tuple[Plan, ...]
    places: tuple[Unit, ...]
    subject_names: Mapping[str, str]
    today: date

    def count(self, matter: ReviewMatter) -> int:
        """How many facts of a kind there are, doubtful ones too, dropped ones not."""
        dropped = ReviewVerdict.DROPPED
        return sum(row.matter is matter and row.verdict is not dropped for row in self.review.rows)

    def waiting(self, *matters: ReviewMatter) -> list[ReviewRow]:
        """The rows of these kinds that somebody has to decide."""
        return [row for row in self.review.rows if row.is_waiting and row.matter in matters]

    @property
    def listed(self) -> list[ReviewRow]:
        """What enters the plan, then targets and deadlines that were left out."""
        facts = (ReviewMatter.TARGET, ReviewMatter.DEADLINE)
        dropped = [row for row in self.review.rows if row.verdict is ReviewVerdict.DROPPED and row.matter in facts]
        return [*self.taken, *dropped]

    @property
    def taken(self) -> list[ReviewRow]:
        """Issuer and term, then the targets and deadlines that enter the plan as it is now."""
        shown = (ReviewMatter.IDENTITY, ReviewMatter.TARGET, ReviewMatter.DEADLINE)
        return [row for row in self.review.rows if row.is_taken and row.matter in shown]

    @property
    def doubtful(self) -> list[ReviewRow]:
        """Identity and facts to be looked at."""
        return self.waiting(ReviewMatter.IDENTITY, *FACTS)

    @property
    def left_over(self) -> list[ReviewRow]:
        """Numbers in no fact."""
        return self.waiting(ReviewMatter.LEFT_OVER)

    @property
    def subjects(self) -> list[ReviewRow]:
        """Subjects that may be new, of the targets that enter."""
        named = {
            content_of(row, Placed).subject
            for row in self.review.rows
            if row.matter is ReviewMatter.TARGET and row.verdict is not ReviewVerdict.DROPPED
        }
        return [row for row in self.waiting(ReviewMatter.SUBJECT) if content_of(row, NewSubject).subject.id in named]

    @property
    def next_asked(self) -> ReviewRow | None:
        """The fact or number that is to be decided next; None where none is left."""
        return next(iter((*self.doubtful, *self.left_over)), None)

    def find_shown(self, place: int) -> ReviewRow | None:
        """The row of that number, where it can still be corrected in words."""
        return next((row for row in (*self.doubtful, *self.taken, *self.subjects) if row.place == place), None)

    @property
    def duties(self) -> list[ForeseenDuty]:
        """Deadlines of which units would be reminded, and nobody has said whether."""
        found = [self._foresee(row) for row in self.waiting(ReviewMatter.DUTY)]
        return [each for each in found if each is not None]

    def _foresee(self, row: ReviewRow) -> ForeseenDuty | None:
        """A duty with its next day; None where its deadline was dropped or is over."""
        duty = content_of(row, PlanDuty)
        asked = self.review.get_row(duty.deadline)
        if asked is None or asked.verdict is ReviewVerdict.DROPPED:
            return None
        read = content_of(asked, ReadDeadline)
        days = find_occurrences(make_deadline(read, "deadline"), self.today, self.today + _FORESEEN)
        first = next(days, None)
        return ForeseenDuty(row.place, read, duty.owed_by, first.on) if first is not None else None

    @property
    def is_scanned(self) -> bool:
        """Whether anything of it was read from pictures."""
        return any(spot_of(row) is not None for row in self.review.rows)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to decide."""
        return not (self.doubtful or self.left_over or self.subjects or self.duties)


# A file comes --------------------------------------------------------------------------------------------------------


async def receive(asking: Asking, name: str, content: bytes) -> ReceivedFile:
    """Keep a file to be read, unless it was sent before; raises AccessDeniedError."""
    require_operator(asking)
    file = await plan_reviews.keep(asking.db, name, content, asking.now)
    review = await plan_reviews.find_review_of(asking.db, file)
    if review is not None:
        return ReceivedFile(file, review.id if review.plan_id is None else None, review.plan_id)
    return ReceivedFile(file, plan_id=await plans.find_id_of_file(asking.db, file))


async def find_kept(asking: Asking, file: str) -> tuple[str, bytes] | None:
    """The name and content of a file that was kept."""
    require_operator(asking)
    return await plans.find_file(asking.db, file)


async def list_pages(asking: Asking, file: str) -> dict[int, bytes]:
    """The scanned pages of a file that were read, as they are kept, by number."""
    require_operator(asking)
    return await plan_reviews.list_pages(asking.db, file)


async def has_page(asking: Asking, file: str, number: int) -> bool:
    """Whether a scanned page of a file was read."""
    require_operator(asking)
    return await plan_reviews.find_page(asking.db, file, number) is not None


async def keep_page(asking: Asking, file: str, number: int, page: bytes) -> None:
    """Keep a scanned page of a file that was read."""
    require_operator(asking)
    await plan_reviews.keep_page(asking.db, file, number, page)


async def keep_reading(asking: Asking, file: str, read: ReadFile) -> int | None:
    """Open the review of a file that was read; None, and the file forgotten, where there is nothing to look over.

    Raises:
        AccessDeniedError: the asker is not among ADMIN_IDS.
    """
    acting = await _acting(asking)
    return await entering.keep_reading(asking.db, file, read, by=acting.person_id, now=asking.now)


# What is shown -------------------------------------------------------------------------------------------------------


async def find_view(asking: Asking, review_id: int, adviser: Adviser, rules: Rules) -> ReviewView | None:
    """A review of which no plan was made yet; None where there is none. Raises AccessDeniedError."""
    require_operator(asking)
    review = await plan_reviews.find_review(asking.db, review_id)
    if review is None or review.plan_id is not None:
        return None
    identity = read_identity(review.identity, review.rows)
    names = {subject.id: subject.name for subject in adviser.glossary.subjects}
    sibling = find_of_issuer(identity.issuer, adviser.plans.values()) if identity.issuer is not None else None
    return ReviewView(
        review=review,
        identity=identity,
        replaceable=_list_replaceable(adviser, sibling, review.rows) if sibling is not None else (),
        places=tuple(await list_governed(asking.db, rules, sibling)) if sibling is not None else (),
        subject_names=names,
        today=asking.today,
    )


async def find_picture(asking: Asking, view: ReviewView, row: ReviewRow | None) -> bytes | None:
    """The lines of the page from which something was read, as a PNG; None where they were no picture."""
    spot = spot_of(row) if row is not None else None
    page = await plan_reviews.find_page(asking.db, view.review.file, spot.page) if spot is not None else None
    if spot is None or page is None:
        return None
    return await asyncio.to_thread(lambda: cut_out(entering.unpack(page).picture, spot))


def _list_replaceable(adviser: Adviser, sibling: Plan, rows: Sequence[ReviewRow]) -> tuple[Plan, ...]:
    """The plans of the same issuer that are not replaced, and measure something that this one measures."""
    subjects = {content_of(row, Placed).subject for row in rows if row.matter is ReviewMatter.TARGET}
    return tuple(
        plan
        for plan in adviser.plans.values()
        if plan.issuer == sibling.issuer
        and plan.state is not PlanState.REPLACED
        and (not subjects or not plan.targets or subjects & {target.indicator for target in plan.targets})
    )


async def list_open(db: AsyncConnection) -> list[tuple[int, Identity]]:
    """The reviews of which no plan was made yet, each by its number with who issued what. For ADMIN_IDS."""
    return [(each.id, read_identity(each.identity, ())) for each in await plan_reviews.list_open(db)]


def draft(view: ReviewView, adviser: Adviser) -> Plan:
    """The plan as it would be by now."""
    return entering.draft(view.review, adviser.understanding, tuple(adviser.plans.values()))


def find_compared(view: ReviewView | None, mark: str) -> Plan | None:
    """The plan that a button compares a review with; None where nothing can be compared yet, or not any more."""
    if view is None or not view.is_ready:
        return None
    return next((plan for plan in view.replaceable if mark_of(plan.id) == mark), None)


# What is decided -----------------------------------------------------------------------------------------------------


async def judge(asking: Asking, view: ReviewView, places: Sequence[int], *, is_right: bool) -> None:
    """Doubtful facts are right as they were read, or are left out.

    Raises:
        ReviewChangedError: somebody decided one before, or one cannot be taken as it is.
    """
    rows = [_require(view, place) for place in places]
    if is_right and not all(map(may_be_right, rows)):
        raise ReviewChangedError
    await _decide(asking, view, places, ReviewVerdict.ACCEPTED if is_right else ReviewVerdict.DROPPED)


async def take_out(asking: Asking, view: ReviewView, place: int) -> None:
    """Leave out what was sure, or was agreed to; raises ReviewChangedError."""
    row = view.find_shown(place)
    if row is None or not row.is_taken or row.matter is ReviewMatter.IDENTITY:
        raise ReviewChangedError
    await _decide(asking, view, [place], ReviewVerdict.DROPPED, was=TAKEN)


async def take_back(asking: Asking, view: ReviewView, place: int) -> None:
    """Something that was left out enters again; what was doubtful is asked again. Raises ReviewChangedError."""
    row = next((row for row in view.listed if row.place == place and not row.is_taken), None)
    if row is None:
        raise ReviewChangedError
    again = ReviewVerdict.DOUBTFUL if row.doubt is not None else ReviewVerdict.SURE
    await _decide(asking, view, [place], again, was=[ReviewVerdict.DROPPED])


async def mend(asking: Asking, view: ReviewView, place: int, said: str, understanding: Understanding) -> bool:
    """Correct a fact by what was said; False where that was not understood. Raises ReviewChangedError."""
    row = view.find_shown(place)
    if row is None:
        raise ReviewChangedError
    mended = _mended(row, said, asking, understanding)
    if mended is None:
        return False
    content = msgspec.to_builtins(mended)
    await _decide(asking, view, [place], ReviewVerdict.CORRECTED, content=content, was=[row.verdict])
    return True


def _mended(row: ReviewRow, said: str, asking: Asking, understanding: Understanding) -> msgspec.Struct | None:
    match row.matter:
        case ReviewMatter.IDENTITY:
            asked = content_of(row, Titled)
            if asked.field is IdentityField.TERM:
                years = mending.read_term(said)
                return msgspec.structs.replace(asked, years=years) if years is not None else None
            name = mending.read_name(said)
            return msgspec.structs.replace(asked, text=name) if name is not None else None
        case ReviewMatter.TARGET:
            placed = content_of(row, Placed)
            asks_unit = row.doubt == WhyDoubted.UNIT_UNKNOWN and placed.fact.unit is None
            mended = mending.mend_unit(placed.fact, said) if asks_unit else None
            mended = mended or mending.mend_target(placed.fact, said)
            is_whole = mended is not None and fits_target(mended)
            return msgspec.structs.replace(placed, fact=mended) if is_whole else None
        case ReviewMatter.DEADLINE:
            return mending.mend_deadline(content_of(row, ReadDeadline), said, asking.today)
        case ReviewMatter.SUBJECT:
            return name_subject(content_of(row, NewSubject), said, understanding)
        case _:
            return None


async def leave_out(asking: Asking, view: ReviewView, places: Sequence[int]) -> None:
    """Numbers left over are no targets, or nobody is reminded of deadlines; raises ReviewChangedError."""
    await _decide(asking, view, places, ReviewVerdict.DROPPED)


async def make_target(asking: Asking, view: ReviewView, place: int, known: Sequence[Plan]) -> bool:
    """A number left over is a target, to be looked at next; False where none can be made of it.

    Raises:
        ReviewChangedError: somebody decided it before.
    """
    read = mending.target_of(content_of(_require(view, place), LeftOver))
    if read is None:
        return False
    read = msgspec.structs.replace(read, doubt=WhyDoubted.OUTSIDE_TARGETS)
    proposer = make_proposer(known)
    maker = ReviewMaker(proposer, proposer.understanding)
    placed, new = maker.place_one(read, view.review.rows)
    await _decide(asking, view, [place], ReviewVerdict.MADE_TARGET)
    by = (await _acting(asking)).person_id
    for row in (maker.target_row(placed), *([subject_row(new)] if new is not None else [])):
        await plan_reviews.append(asking.db, view.review.id, row, by=by, now=asking.now)
    return True


async def confirm(asking: Asking, view: ReviewView, places: Sequence[int]) -> None:
    """Subjects are what they are taken for, or units are reminded of deadlines; raises ReviewChangedError."""
    await _decide(asking, view, places, ReviewVerdict.ACCEPTED)


async def choose_subject(asking: Asking, view: ReviewView, place: int, number: int) -> None:
    """A subject is the known one of that number, or new where it is 0; raises ReviewChangedError."""
    subject = content_of(_require(view, place), NewSubject)
    same = subject.known[number - 1] if 0 < number <= len(subject.known) else None
    chosen = msgspec.to_builtins(msgspec.structs.replace(subject, same=same))
    await _decide(asking, view, [place], ReviewVerdict.CORRECTED, content=chosen)


async def discard(asking: Asking, view: ReviewView) -> None:
    """Forget the review and its file; raises ReviewChangedError."""
    acting = await _acting(asking)
    if not await plan_reviews.drop(asking.db, view.review.id, by=acting.person_id, now=asking.now):
        raise ReviewChangedError


async def find_known(asking: Asking, view: ReviewView) -> Plan | None:
    """The plan that the file is by now: another file of it may have been approved meanwhile.

    One that was withdrawn is none: what was wrong in its file is mended, and the file comes again.
    """
    stored = await plans.list_plans(asking.db)
    known = [each.plan for each in stored if each.plan is not None and each.status is not PlanStatus.WITHDRAWN]
    return find_same(view.identity, (*changes.list_others(stored, asking.today), *known))


async def finish(asking: Asking, view: ReviewView, understanding: Understanding) -> Plan:
    """Make the plan, which waits to be approved then.

    Raises:
        ReviewChangedError: something is left to decide, or the plan was made already.
        CatalogueError: it does not fit the plans that are known.
    """
    if not view.is_ready:
        raise ReviewChangedError
    acting = await _acting(asking)
    return await entering.make_plan(
        asking.db, view.review, understanding, asking.today, by=acting.person_id, now=asking.now
    )


def _require(view: ReviewView, place: int) -> ReviewRow:
    row = view.review.get_row(place)
    if row is None or not row.is_waiting:
        raise ReviewChangedError
    return row


async def _decide(
    asking: Asking,
    view: ReviewView,
    places: Sequence[int],
    verdict: ReviewVerdict,
    *,
    content: dict[str, Any] | None = None,
    was: Collection[ReviewVerdict] = WAITING,
) -> None:
    acting = await _acting(asking)
    by, now = acting.person_id, asking.now
    if not places:
        raise ReviewChangedError
    async with asking.db.begin_nested():
        if not await plan_reviews.decide(
            asking.db, view.review.id, places, verdict, content=content, was=was, by=by, now=now
        ):
            raise ReviewChangedError


async def _acting(asking: Asking) -> Asking:
    require_operator(asking)
    return await asking.as_actor()
