"""Forms in the database: what enters comes out, each change fits what became of the form, and each is counted once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec
import pytest

from knowledge.forms import MONTHLY_FORM, get_form, load_forms, read_book
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.model.stored_forms import FormStatus, StoredForm
from storage import audit, forms
from storage.engine import Database
from storage.forms import FormRefusal, FormRefusedError

SHIPPED: Final = {form.id for form in load_forms()}
FILE: Final = ("nữ công.xlsx", b"a workbook")
DAY: Final = date(2026, 11, 2)


def form_of(since: str = "2026-10", form_id: str = "nu-cong", short: str = "Nữ công") -> Form:
    return msgspec.structs.replace(get_form(MONTHLY_FORM), id=form_id, short=short, since=since)


class Hand:
    """Changes forms in one transaction of its own each."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    async def hold(self, form_id: str = "nu-cong", described: str = "{}", content: bytes = FILE[1]) -> StoredForm:
        async with self.database.write() as db:
            return await forms.hold(db, form_id, described, file=(FILE[0], content), by=7, now=self.now)

    async def put(self, form: Form, replaces: str | None = None, content: bytes = FILE[1]) -> StoredForm:
        held = await self.hold(form.id, content=content)
        async with self.database.write() as db:
            return await forms.approve(db, held.version, form, replaces=replaces, by=7, now=self.now)

    async def withdraw(self, form_id: str, on: date = DAY) -> None:
        async with self.database.write() as db:
            await forms.withdraw(db, form_id, on, shipped=SHIPPED, by=7, now=self.now)

    async def restore(self, form_id: str) -> None:
        async with self.database.write() as db:
            await forms.restore(db, form_id, by=7, now=self.now)

    async def discard(self, version: int) -> None:
        async with self.database.write() as db:
            await forms.discard(db, version, by=7, now=self.now)

    async def list_all(self) -> list[StoredForm]:
        async with self.database.read() as db:
            return await forms.list_forms(db)

    async def revision(self) -> int:
        async with self.database.read() as db:
            return await forms.get_revision(db)

    async def file(self, file_hash: str | None) -> tuple[str, bytes] | None:
        async with self.database.read() as db:
            return await forms.find_file(db, file_hash or "")


@pytest.fixture
def hand(database: Database, now: datetime) -> Hand:
    return Hand(database, now)


async def test_what_is_held_is_asked_for_by_nobody_until_it_is_approved(hand: Hand) -> None:
    held = await hand.hold()
    assert (held.status, held.number, held.described, held.form) == (FormStatus.HELD, 1, "{}", None)
    assert await hand.revision() == 0
    assert read_book(await hand.list_all()).find("nu-cong") is None
    async with hand.database.write() as db:
        approved = await forms.approve(db, held.version, form_of(), by=7, now=hand.now)
    assert (approved.form, approved.described, approved.status) == (form_of(), None, FormStatus.IN_FORCE)
    assert await hand.revision() == 1
    assert read_book(await hand.list_all()).get("nu-cong") == form_of()
    assert await hand.file(approved.file) == FILE


async def test_what_is_decided_of_a_held_form_is_kept(hand: Hand) -> None:
    held = await hand.hold()
    async with hand.database.write() as db:
        await forms.change_held(db, held.version, '{"a":1}', by=8, now=hand.now)
        found = await forms.find_version(db, held.version)
    assert found is not None
    assert (found.described, found.by) == ('{"a":1}', 8)
    assert await hand.revision() == 0


async def test_the_later_workbook_of_a_form_counts(hand: Hand) -> None:
    first = await hand.hold(content=b"first")
    second = await hand.hold(content=b"second")
    assert [each.version for each in await hand.list_all()] == [second.version]
    assert await hand.file(first.file) is None
    with pytest.raises(FormRefusedError) as refused:
        await hand.discard(second.version + 1)
    assert refused.value.why is FormRefusal.UNKNOWN


async def test_what_is_discarded_is_gone_with_its_workbook_and_what_was_in_force_stays(hand: Hand) -> None:
    standing = await hand.put(form_of())
    held = await hand.hold()
    await hand.discard(held.version)
    assert await hand.list_all() == [standing]
    assert await hand.file(standing.file) == FILE  # both were read from the same one
    with pytest.raises(FormRefusedError) as refused:
        await hand.discard(standing.version)
    assert refused.value.why is FormRefusal.NOT_HELD


async def test_a_form_has_versions_by_their_first_periods(hand: Hand) -> None:
    await hand.put(form_of("2026-10", short="Cũ"))
    second = await hand.put(form_of("2027-01", short="Mới"), content=b"other")
    assert second.number == 2
    book = read_book(await hand.list_all())
    assert book.get("nu-cong", Period.month(2026, 12)).short == "Cũ"
    assert book.get("nu-cong", Period.month(2027, 1)).short == "Mới"


async def test_a_withdrawn_form_asks_for_nothing_and_comes_back_in_one_step(hand: Hand) -> None:
    await hand.put(form_of())
    await hand.withdraw("nu-cong")
    book = read_book(await hand.list_all())
    assert book.get("nu-cong").withdrawn_on == DAY
    assert "nu-cong" not in {form.id for form in book.asked}
    with pytest.raises(FormRefusedError) as refused:
        await hand.withdraw("nu-cong")
    assert refused.value.why is FormRefusal.NOT_IN_FORCE
    await hand.restore("nu-cong")
    assert read_book(await hand.list_all()).get("nu-cong") == form_of()
    assert await hand.revision() == 3
    with pytest.raises(FormRefusedError) as refused:
        await hand.restore("nu-cong")
    assert refused.value.why is FormRefusal.NOT_WITHDRAWN


async def test_a_form_that_ships_is_withdrawn_and_comes_back(hand: Hand) -> None:
    await hand.withdraw("so-ket-nhiem-ky")
    assert read_book(await hand.list_all()).for_campaigns == ()
    await hand.restore("so-ket-nhiem-ky")
    assert [form.id for form in read_book(await hand.list_all()).for_campaigns] == ["so-ket-nhiem-ky"]
    await hand.withdraw("so-ket-nhiem-ky")
    assert read_book(await hand.list_all()).for_campaigns == ()


async def test_a_new_version_of_a_withdrawn_form_is_asked_for_from_its_first_period(hand: Hand) -> None:
    await hand.put(form_of("2026-01", short="Cũ"))
    await hand.withdraw("nu-cong")
    await hand.put(form_of("2027-01", short="Mới"))
    book = read_book(await hand.list_all())
    assert [form.short for form in book.asked if form.id == "nu-cong"] == ["Mới"]
    assert book.get("nu-cong", Period.month(2026, 5)).short == "Cũ"
    with pytest.raises(FormRefusedError):
        await hand.restore("nu-cong")


async def test_a_campaign_form_that_takes_anothers_place_leaves_it_to_its_campaigns(hand: Hand) -> None:
    term = msgspec.structs.replace(get_form("so-ket-nhiem-ky"), id="khao-sat")
    await hand.put(term)
    later = msgspec.structs.replace(term, id="khao-sat-2")
    held = await hand.hold("khao-sat")
    async with hand.database.write() as db:
        await forms.approve(db, held.version, later, replaces="khao-sat", by=7, now=hand.now)
    book = read_book(await hand.list_all())
    assert [form.id for form in book.for_campaigns] == ["khao-sat-2", "so-ket-nhiem-ky"]
    assert book.find("khao-sat") == term
    await hand.withdraw("khao-sat-2")
    assert [form.id for form in read_book(await hand.list_all()).for_campaigns] == ["khao-sat", "so-ket-nhiem-ky"]


@pytest.mark.parametrize("form_id", ["khac", "nu-cong"])
async def test_what_is_unknown_or_merely_held_is_not_withdrawn(hand: Hand, form_id: str) -> None:
    await hand.hold()
    with pytest.raises(FormRefusedError) as refused:
        await hand.withdraw(form_id)
    assert refused.value.why is (FormRefusal.UNKNOWN if form_id == "khac" else FormRefusal.NOT_IN_FORCE)


@pytest.mark.parametrize("version", [0, -1, 2**63, 2**70])
async def test_any_number_may_be_asked_for(hand: Hand, version: int) -> None:
    async with hand.database.read() as db:
        assert await forms.find_version(db, version) is None


async def test_who_did_what_is_noted(hand: Hand) -> None:
    await hand.put(form_of())
    await hand.withdraw("nu-cong")
    async with hand.database.read() as db:
        entries = await audit.list_entries(db)
    assert [(each.action, each.subject) for each in reversed(entries)] == [
        ("form.held", "form:nu-cong"),
        ("form.approved", "form:nu-cong"),
        ("form.withdrawn", "form:nu-cong"),
    ]
