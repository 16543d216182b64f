"""Plans in the database: what enters comes out, each change fits what became of the plan, and nothing is half done."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.catalogue.making import make_catalogue
from knowledge.model.plans import OwnSubject, Plan, PlanState
from knowledge.model.stored_plans import PlanStatus, StoredPlan
from knowledge.plans import load_plans
from storage import audit, plans, schema
from storage.engine import Database
from storage.plans import PlanRefusal, PlanRefusedError
from tests.storage.places import undone

SHIPPED: Final = {plan.id: plan for plan in load_plans()}
OLD: Final = "vuit-nq02-2021"
TABLES: Final = (schema.plan_versions, schema.plan_facts, schema.plan_subjects, schema.plan_files, schema.audit)


def made(plan_id: str, number: str = "1/KH") -> Plan:
    own = OwnSubject(id="bookcases", name="Tủ sách", names=("tủ sách", "kệ sách"))
    return msgspec.structs.replace(
        SHIPPED[OLD], id=plan_id, number=number, subjects=(own,), issued_on=date(2026, 1, 20)
    )


class Hand:
    """Changes plans in one transaction of its own each."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    async def add(self, plan: Plan, file: tuple[str, bytes] | None = None) -> StoredPlan:
        async with self.database.write() as db:
            return await plans.add(db, plan, file=file, by=None, now=self.now)

    async def approve(self, plan_id: str, replaces: str | None = None, since: date | None = None) -> None:
        async with self.database.write() as db:
            await plans.approve(
                db, plan_id, replaces=replaces, in_force_from=since, shipped=SHIPPED, by=7, now=self.now
            )

    async def put(self, plan_id: str, replaces: str | None = None) -> None:
        await self.add(made(plan_id))
        await self.approve(plan_id, replaces)

    async def replace(self, old: str, new: str) -> None:
        async with self.database.write() as db:
            await plans.replace(db, old, new, shipped=SHIPPED, by=7, now=self.now)

    async def withdraw(self, plan_id: str) -> tuple[str, ...]:
        async with self.database.write() as db:
            return await plans.withdraw(db, plan_id, shipped=SHIPPED, by=7, now=self.now)

    async def restore(self, plan_id: str) -> tuple[str, ...]:
        async with self.database.write() as db:
            return await plans.restore(db, plan_id, by=7, now=self.now)

    async def discard(self, plan_id: str) -> None:
        async with self.database.write() as db:
            await plans.discard(db, plan_id, by=7, now=self.now)

    async def revision(self) -> int:
        async with self.database.read() as db:
            return await plans.get_revision(db)

    async def find(self, plan_id: str) -> StoredPlan:
        async with self.database.read() as db:
            found = await plans.find_plan(db, plan_id)
        assert found is not None
        return found

    async def became(self) -> dict[str, tuple[PlanStatus, str | None]]:
        async with self.database.read() as db:
            found = await plans.list_plans(db)
        return {each.plan_id: (each.status, each.replaced_by) for each in found}

    async def refused(self, change: Any, why: PlanRefusal, plan_id: str) -> None:
        with pytest.raises(PlanRefusedError) as raised:
            await change
        assert (raised.value.why, raised.value.plan_id) == (why, plan_id)


@pytest.fixture
def hand(database: Database, now: datetime) -> Hand:
    return Hand(database, now)


async def count_rows(db: AsyncConnection) -> dict[str, int]:
    return {table.name: await db.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


@pytest.mark.parametrize("plan", [*SHIPPED.values(), made("own-2026")], ids=lambda plan: plan.id)
async def test_what_is_stored_comes_back_whole(hand: Hand, plan: Plan) -> None:
    stored = await hand.add(plan, ("kế hoạch.docx", b"\x00\xff"))
    found = await hand.find(plan.id)
    assert found == stored
    assert found.plan == plan
    assert found.file is not None
    async with hand.database.read() as db:
        assert await plans.find_file(db, found.file) == ("kế hoạch.docx", b"\x00\xff")
        assert await plans.find_file(db, "none") is None


async def test_what_was_seen_is_not_read_again(hand: Hand) -> None:
    await hand.put("a")
    await hand.put("b", replaces=OLD)
    seen = made("c")
    async with hand.database.read() as db:
        first = await plans.list_plans(db)
        again = await plans.list_plans(db, seen={first[0].version: seen})
    assert [each.plan for each in again] == [seen, made("b"), None]
    assert again[1:] == first[1:]


async def test_a_plan_is_read_then_in_force_from_its_own_date(hand: Hand) -> None:
    await hand.add(made("a"))
    assert await hand.revision() == 0
    await hand.approve("a")
    found = await hand.find("a")
    assert (found.status, found.in_force_from, found.by) == (PlanStatus.IN_FORCE, date(2026, 1, 20), 7)
    assert await hand.revision() == 1
    async with hand.database.read() as db:
        assert await plans.list_plans(db, PlanStatus.IN_FORCE) == [found]
        assert await plans.list_plans(db, PlanStatus.READ, PlanStatus.WITHDRAWN) == []
        assert await plans.find_plan(db, "b") is None


async def test_what_does_not_fit_is_refused_with_the_plan_at_fault(hand: Hand) -> None:
    await hand.put("a")
    await hand.add(made("b"))
    for change, why, plan_id in (
        (hand.add(made("a")), PlanRefusal.KNOWN_ALREADY, "a"),
        (hand.add(made("b")), PlanRefusal.KNOWN_ALREADY, "b"),
        (hand.approve("a"), PlanRefusal.NOT_READ, "a"),
        (hand.approve("c"), PlanRefusal.UNKNOWN, "c"),
        (hand.approve("b", "c"), PlanRefusal.UNKNOWN, "c"),
        (hand.approve("b", "b"), PlanRefusal.NOT_IN_FORCE, "b"),
        (hand.withdraw("b"), PlanRefusal.NOT_IN_FORCE, "b"),
        (hand.withdraw("c"), PlanRefusal.UNKNOWN, "c"),
        (hand.replace("a", "b"), PlanRefusal.NOT_IN_FORCE, "b"),
        (hand.replace("b", "a"), PlanRefusal.NOT_IN_FORCE, "b"),
        (hand.replace("a", "c"), PlanRefusal.UNKNOWN, "c"),
        (hand.replace("a", "a"), PlanRefusal.CIRCLE, "a"),
        (hand.restore("a"), PlanRefusal.NOT_WITHDRAWN, "a"),
        (hand.restore("b"), PlanRefusal.NOT_WITHDRAWN, "b"),
        (hand.restore("c"), PlanRefusal.UNKNOWN, "c"),
        (hand.discard("a"), PlanRefusal.NOT_READ, "a"),
        (hand.discard("c"), PlanRefusal.UNKNOWN, "c"),
    ):
        await hand.refused(change, why, plan_id)
    assert await hand.became() == {"a": (PlanStatus.IN_FORCE, None), "b": (PlanStatus.READ, None)}
    assert await hand.revision() == 1


async def test_a_refused_approval_leaves_no_half_even_if_its_transaction_goes_on(hand: Hand) -> None:
    await hand.add(made("a"))
    async with hand.database.write() as db:
        with pytest.raises(PlanRefusedError):
            await plans.approve(db, "a", replaces="x", in_force_from=None, shipped=SHIPPED, by=7, now=hand.now)
    assert await hand.became() == {"a": (PlanStatus.READ, None)}


async def test_withdrawing_brings_back_what_was_replaced_and_restoring_replaces_it_again(hand: Hand) -> None:
    await hand.put("a")
    await hand.put("b", replaces="a")
    await hand.replace(OLD, "b")
    replaced = {"a": (PlanStatus.REPLACED, "b"), "b": (PlanStatus.IN_FORCE, None), OLD: (PlanStatus.REPLACED, "b")}
    assert await hand.became() == replaced
    assert await hand.withdraw("b") == ("a", OLD)
    assert await hand.became() == {
        "a": (PlanStatus.IN_FORCE, None),
        "b": (PlanStatus.WITHDRAWN, None),
        OLD: (PlanStatus.IN_FORCE, None),
    }
    assert await hand.restore("b") == ("a", OLD)
    assert await hand.became() == replaced
    await hand.refused(hand.withdraw("a"), PlanRefusal.NOT_IN_FORCE, "a")
    assert await hand.revision() == 5
    async with hand.database.read() as db:
        entries = await audit.list_entries(db, most=100)
    assert [entry.action for entry in reversed(entries)] == [
        *("plan.imported", "plan.approved") * 2,
        *("plan.replaced", "plan.replaced", "plan.withdrawn", "plan.restored"),
    ]
    assert {entry.subject for entry in entries} == {"plan:a", "plan:b", f"plan:{OLD}"}


async def test_a_shipped_plan_is_withdrawn_and_restored(hand: Hand) -> None:
    assert await hand.withdraw(OLD) == ()
    assert (await hand.find(OLD)).plan is None
    await hand.refused(hand.withdraw(OLD), PlanRefusal.NOT_IN_FORCE, OLD)
    await hand.restore(OLD)
    assert await hand.became() == {OLD: (PlanStatus.IN_FORCE, None)}


async def test_what_replaced_something_cannot_be_replaced_by_it(hand: Hand) -> None:
    for plan_id, replaces in (("a", None), ("b", "a"), ("c", "b")):
        await hand.put(plan_id, replaces)
    await hand.refused(hand.replace("c", "a"), PlanRefusal.CIRCLE, "c")
    await hand.refused(hand.replace("a", "c"), PlanRefusal.NOT_IN_FORCE, "a")
    await hand.withdraw("c")
    await hand.refused(hand.replace("b", "a"), PlanRefusal.CIRCLE, "b")


async def test_a_withdrawn_plan_may_be_read_again_with_another_content(hand: Hand) -> None:
    await hand.put("a")
    await hand.put("b", replaces="a")
    await hand.withdraw("b")
    await hand.add(made("b", "2/KH"))
    assert (await hand.find("b")).status is PlanStatus.READ
    async with hand.database.read() as db:
        assert [(each.plan_id, each.status) for each in await plans.list_plans(db)] == [
            ("a", PlanStatus.IN_FORCE),
            ("b", PlanStatus.WITHDRAWN),
            ("b", PlanStatus.READ),
        ]
    await hand.approve("b")
    found = await hand.find("b")
    assert found.plan is not None
    assert (found.status, found.plan.number) == (PlanStatus.IN_FORCE, "2/KH")
    assert await hand.withdraw("b") == ()
    assert await hand.restore("b") == ()
    assert await hand.became() == {"a": (PlanStatus.IN_FORCE, None), "b": (PlanStatus.IN_FORCE, None)}


async def test_of_a_plan_restored_and_one_read_again_one_comes_into_force(hand: Hand) -> None:
    await hand.put("a")
    await hand.withdraw("a")
    await hand.add(made("a", "2/KH"))
    await hand.restore("a")
    await hand.refused(hand.approve("a"), PlanRefusal.KNOWN_ALREADY, "a")


async def test_the_text_of_a_shipped_plan_is_bettered(hand: Hand) -> None:
    better = msgspec.structs.replace(SHIPPED[OLD], number="A15/KH")
    await hand.add(better)
    assert SHIPPED[OLD] in make_catalogue(SHIPPED.values(), [await hand.find(OLD)], date(2026, 11, 3))
    await hand.approve(OLD)
    [found] = [
        each for each in make_catalogue(SHIPPED.values(), [await hand.find(OLD)], date(2026, 11, 3)) if each.id == OLD
    ]
    assert found == msgspec.structs.replace(better, state_since=found.state_since)
    await hand.refused(hand.add(SHIPPED[OLD]), PlanRefusal.KNOWN_ALREADY, OLD)


async def test_a_discarded_plan_leaves_only_the_journal(hand: Hand) -> None:
    await hand.add(made("a"), ("a.toml", b"a"))
    await hand.add(made("b"), ("b.toml", b"a"))
    await hand.discard("a")
    async with hand.database.read() as db:
        assert (await count_rows(db))["plan_files"] == 1, "the file of another plan too"
    await hand.discard("b")
    async with hand.database.read() as db:
        assert await count_rows(db) == {table.name: 0 for table in TABLES} | {"audit": 4}
    await hand.add(made("a"))


async def test_what_is_rolled_back_leaves_nothing(hand: Hand) -> None:
    await hand.put("a")
    async with hand.database.read() as db:
        before = await count_rows(db), await plans.list_plans(db), await plans.get_revision(db)
    async with undone(hand.database) as db:
        await plans.add(db, made("b"), file=("b", b"b"), by=None, now=hand.now)
        await plans.approve(db, "b", replaces="a", in_force_from=None, shipped=SHIPPED, by=None, now=hand.now)
        assert await plans.get_revision(db) == 2
    async with hand.database.read() as db:
        assert (await count_rows(db), await plans.list_plans(db), await plans.get_revision(db)) == before


CONTESTS: tuple[Callable[[Hand], tuple[Any, ...]], ...] = (
    lambda hand: (hand.approve("new"), hand.approve("new", "a")),
    lambda hand: (hand.approve("new"), hand.discard("new")),
    lambda hand: (hand.approve("new", "a"), hand.withdraw("a")),
    lambda hand: (hand.replace("a", "b"), hand.replace("b", "a")),
    lambda hand: (hand.replace("a", "b"), hand.withdraw("a")),
    lambda hand: (hand.replace("a", "b"), hand.withdraw("b")),
    lambda hand: (hand.withdraw("a"), hand.withdraw("a")),
    lambda hand: (hand.withdraw(OLD), hand.replace(OLD, "a")),
    lambda hand: (hand.add(made("other")), hand.add(made("other", "2/KH"))),
)


@pytest.mark.parametrize("contest", CONTESTS)
async def test_of_two_at_once_one_is_done(database_url: str, now: datetime, contest: Any) -> None:
    """The later is refused; where both fit one after the other, in one order only, both may be done."""
    one, other = await Database.open(database_url), await Database.open(database_url)
    hand = Hand(one, now)
    try:
        await hand.put("a")
        await hand.put("b")
        await hand.add(made("new"))
        first, second = contest(hand), contest(Hand(other, now))
        for unused in (first[1], second[0]):
            unused.close()
        ended = await asyncio.gather(first[0], second[1], return_exceptions=True)
        refused = [each for each in ended if isinstance(each, BaseException)]
        assert all(isinstance(each, PlanRefusedError) for each in refused), refused
        assert len(refused) <= 1 if contest is CONTESTS[5] else len(refused) == 1
        assert_sound(await hand.became())
    finally:
        await one.close()
        await other.close()


def assert_sound(became: dict[str, tuple[PlanStatus, str | None]]) -> None:
    """Whoever was replaced leads to a plan that stands, without a circle."""
    for plan_id, found in became.items():
        seen = [plan_id]
        status, replaced_by = found
        while replaced_by is not None:
            assert status is PlanStatus.REPLACED
            seen.append(replaced_by)
            assert len(set(seen)) == len(seen), seen
            status, replaced_by = became.get(replaced_by, (PlanStatus.IN_FORCE, None))
        assert len(seen) == 1 or status is PlanStatus.IN_FORCE, (seen, status)


@pytest.mark.parametrize("seed", range(6))
async def test_no_order_of_changes_ends_in_a_circle(sqlite_database: Database, now: datetime, seed: int) -> None:
    draw = random.Random(seed)
    hand = Hand(sqlite_database, now)
    names = ["a", "b", "c", "d", OLD, "hcm-nq02-2022"]
    revision = done = 0
    for _ in range(200):
        one, two = draw.choice(names), draw.choice(names)
        change: Callable[[], Coroutine[Any, Any, object]] = draw.choice(
            (
                partial(hand.add, made(one)),
                partial(hand.approve, one),
                partial(hand.approve, one, two),
                partial(hand.replace, one, two),
                partial(hand.withdraw, one),
                partial(hand.restore, one),
                partial(hand.discard, one),
            )
        )
        try:
            await change()
            done += 1
        except PlanRefusedError:
            assert await hand.revision() == revision
        revision = await hand.revision()
        async with sqlite_database.read() as db:
            stored = await plans.list_plans(db)
        assert_sound({each.plan_id: (each.status, each.replaced_by) for each in stored if each.status != "read"})
        for plan in make_catalogue(SHIPPED.values(), stored, date(2026, 11, 3)):
            assert (plan.state is PlanState.REPLACED) == (plan.replaced_by is not None)
    assert done > 20
    assert revision > 10
