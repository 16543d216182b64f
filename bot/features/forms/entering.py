"""Forms on their way in and out, whoever brings them: held, looked at, put in force, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import MONTHLY_FORM, FormBook, load_forms, read_book
from knowledge.forms.workbook import DescribedForm, FormDoubt, decide, list_changes, make_form, read_form
from knowledge.glossary import Glossary
from knowledge.model.forms import Form, Indicator, due_on, find_opened, locks_on, opens_on
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.stored_forms import FormStatus, StoredForm
from knowledge.spreadsheets.model import Sheet
from storage import forms, owing
from storage.forms import FormRefusal, FormRefusedError

MARK: Final = 8
"""Letters of a workbook's hash that tell it from any other."""

SHIPPED: Final = frozenset(form.id for form in load_forms())
KEPT: Final = frozenset({MONTHLY_FORM})
"""Forms on which the program itself is built: neither replaced nor withdrawn."""


class FormChangedError(Exception):
    """What becomes of a form is no longer as it was shown, or is not to be changed; nothing was written."""


@dataclass(frozen=True, slots=True)
class FirstPeriod:
    """A period from which a form may be put in force: its dates, and how many units owe it.

    `late` is how many periods from it on were due already.
    """

    period: Period
    opens_on: date
    due_on: date
    locks_on: date
    owing: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class HeldForm:
    """A form that waits to be approved.

    Attributes:
        described: what was understood of its workbook, with what is still asked.
        form: as it will be, from the first of `periods` on; None while something is asked.
        replaced: the version that it comes after; None for a new form.
        added, dropped: rows that are new, and that are no more.
        periods: from which it may be put in force; none for a form that is asked for in campaigns.
        glossary: what plans measure, and of whom.
    """

    version: int
    mark: str
    described: DescribedForm
    form: Form | None
    replaced: Form | None
    added: tuple[Indicator, ...]
    dropped: tuple[Indicator, ...]
    periods: tuple[FirstPeriod, ...]
    glossary: Glossary

    @property
    def doubt(self) -> FormDoubt | None:
        """What is asked next; None where nothing is."""
        return self.described.doubts[0] if self.described.doubts else None


def understand(sheets: Sequence[Sheet], glossary: Glossary, book: FormBook) -> DescribedForm:
    """The form that a workbook describes, beside those that are known.

    Raises:
        FormWorkbookError: what is wrong, each with its cell.
    """
    firsts = {later: each for each in book.versions for later in _list_campaign_ids(book, each)[1:]}
    return read_form(
        sheets,
        glossary,
        kept=KEPT,
        known={form.id: form.period for form in book.latest},
        called={form.id: form.short for form in book.latest},
        firsts=firsts,
    )


async def hold(
    db: AsyncConnection, described: DescribedForm, file: tuple[str, bytes], *, by: int | None, now: datetime
) -> StoredForm:
    """Keep what was understood of a workbook (name and content), to be approved."""
    return await forms.hold(db, described.id, _pack(described), file=file, by=by, now=now)


async def look_at(db: AsyncConnection, held: StoredForm, glossary: Glossary, today: date) -> HeldForm | None:
    """What is held, as it will be; None where it is held no more."""
    if held.status is not FormStatus.HELD or held.described is None:
        return None
    described = msgspec.json.decode(held.described, type=DescribedForm)
    book = read_book(await forms.list_forms(db))
    earlier = _list_earlier(book, described)
    form = make_form(described, earlier) if not described.doubts else None
    replaced = earlier[-1] if earlier else None
    added, dropped = list_changes(replaced, form) if replaced is not None and form is not None else ([], [])
    return HeldForm(
        held.version,
        (held.file or "")[:MARK],
        described,
        form,
        replaced,
        tuple(added),
        tuple(dropped),
        await _list_periods(db, form, today),
        glossary,
    )


async def answer_doubt(
    db: AsyncConnection, held: HeldForm, choice: str, *, by: int | None, now: datetime
) -> StoredForm:
    """Decide what is asked next; raises FormRefusedError where it is held no more, ValueError for no such choice."""
    if held.doubt is None:
        raise ValueError("nothing is asked")
    described = decide(held.described, held.doubt, choice)
    await forms.change_held(db, held.version, _pack(described), by=by, now=now)
    found = await forms.find_version(db, held.version)
    assert found is not None
    return found


async def approve(
    db: AsyncConnection, held: HeldForm, since: Period | None, *, by: int | None, now: datetime
) -> StoredForm:
    """Put a form in force from one of its periods on.

    Raises:
        FormChangedError: something is still asked, it is held no more, or that is none of its periods.
    """
    await forms.lock(db)
    allowed: list[Period | None] = [each.period for each in held.periods]
    if held.form is None or since not in (allowed or [None]):
        raise FormChangedError
    book = read_book(await forms.list_forms(db))
    earlier = _list_earlier(book, held.described)
    new_id, replaces = _place_of(book, held.described)
    form = make_form(held.described, earlier, form_id=new_id, since=since.code if since is not None else None)
    try:
        return await forms.approve(db, held.version, form, replaces=replaces, by=by, now=now)
    except FormRefusedError:
        raise FormChangedError from None


async def discard(db: AsyncConnection, version: int, *, by: int | None, now: datetime) -> None:
    """Drop what is held; raises FormChangedError where it is held no more."""
    try:
        await forms.discard(db, version, by=by, now=now)
    except FormRefusedError:
        raise FormChangedError from None


async def withdraw(db: AsyncConnection, form_id: str, today: date, *, by: int | None, now: datetime) -> None:
    """Let a form ask for nothing from today on.

    Raises:
        FormChangedError: it is not in force, or is one that the program is built on.
    """
    if form_id in KEPT:
        raise FormChangedError
    try:
        await forms.withdraw(db, form_id, today, shipped=SHIPPED, by=by, now=now)
    except FormRefusedError:
        raise FormChangedError from None


async def restore(db: AsyncConnection, form_id: str, *, by: int | None, now: datetime) -> None:
    """Take a withdrawal back; raises FormChangedError where it was not withdrawn."""
    try:
        await forms.restore(db, form_id, by=by, now=now)
    except FormRefusedError as refused:
        assert refused.why in {FormRefusal.UNKNOWN, FormRefusal.NOT_WITHDRAWN}
        raise FormChangedError from None


async def list_held(db: AsyncConnection) -> list[StoredForm]:
    """The forms that wait to be approved, the earliest first."""
    return [each for each in await forms.list_forms(db) if each.status is FormStatus.HELD]


async def find_held(db: AsyncConnection, version: int, mark: str) -> StoredForm | None:
    """The form that a button is about; None where it is held no more, or another workbook took its place."""
    found = await forms.find_version(db, version)
    is_same = found is not None and found.status is FormStatus.HELD and (found.file or "")[:MARK] == mark
    return found if is_same else None


# --- Periods and versions --------------------------------------------------------------------------------------------


def _list_earlier(book: FormBook, described: DescribedForm) -> tuple[Form, ...]:
    """The versions that a form comes after, the earliest first; those of campaigns have ids of their own."""
    if described.period is not PeriodKind.CAMPAIGN:
        return book.versions.get(described.id, ())
    return tuple(book.get(form_id) for form_id in _list_campaign_ids(book, described.id))


def _list_campaign_ids(book: FormBook, form_id: str) -> list[str]:
    """The ids of a campaign form and of those that came in its place, the earliest first; none where it is no such."""
    found, number = [], 1
    while (each := form_id if number == 1 else f"{form_id}-{number}") in book.versions:
        form = book.get(each)
        if form.period is PeriodKind.CAMPAIGN:
            found.append(each)
        elif number == 1:
            return []
        number += 1
    return found


def _place_of(book: FormBook, described: DescribedForm) -> tuple[str, str | None]:
    """The id of a form that is put in force, and that of the campaign form in whose place it stands."""
    before = _list_campaign_ids(book, described.id) if described.period is PeriodKind.CAMPAIGN else []
    if not before:
        return described.id, None
    number = 2
    while f"{described.id}-{number}" in book.versions:
        number += 1
    return f"{described.id}-{number}", before[-1]


async def _list_periods(db: AsyncConnection, form: Form | None, today: date) -> tuple[FirstPeriod, ...]:
    """From which periods a form may be put in force: those that its workbook names, else the present and the next.

    None for which a report was sent: what was sent by a version is read by it.
    """
    if form is None or form.calendar is None:
        return ()
    present = Period.containing(today, form.period)
    wanted = [Period.parse(form.since)] if form.since is not None else [present, present.shifted(1)]
    if wanted[0] < present:
        wanted.append(present)
    sent = [Period.parse(code) for code in await forms.list_reported(db, form.id)]
    last = max((period for period in sent if period.kind is form.period), default=None)
    if last is not None:
        wanted = [period for period in wanted if period > last] or [max(present, last.shifted(1))]
    found = []
    for period in wanted:
        asked = AskedUnits.of_period(msgspec.structs.replace(form, since=period.code), period).still_asked(today)
        count = await owing.count_owing(db, asked)
        dates = opens_on(form, period), due_on(form, period), locks_on(form, period)
        found.append(FirstPeriod(period, *dates, count, _count_late(form, period, today)))
    return tuple(found)


def _count_late(form: Form, period: Period, today: date) -> int:
    """How many periods of a form, from one on, were due before a local day."""
    count = 0
    while due_on(form, period) < today:
        period, count = period.shifted(1), count + 1
    return count


def find_next(form: Form, today: date) -> Period | None:
    """The period of a form that is shown with its dates: the latest open, else its first; None for campaigns. Pure."""
    if form.calendar is None:
        return None
    opened = find_opened(form, today)
    if opened is not None or form.since is None:
        return opened
    return Period.parse(form.since)


def _pack(described: DescribedForm) -> str:
    return msgspec.json.encode(described).decode()
