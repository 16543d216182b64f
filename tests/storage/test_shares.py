"""Shares handed down: versions, what holds for whom, opinions, and units that merge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.shares import Goal, SettledOpinion, ShareAnswer
from knowledge.model.units import UnitKind
from storage import joined_goals, share_mergers, shares, units
from storage.engine import Database
from storage.units import Unit
from tests.examples import examples
from tests.storage.places import SINCE, plant, undone

YEAR = 2026


async def _goal(db: AsyncConnection, owner: Unit, now: datetime, measured_in: str = "đoàn viên") -> Goal:
    return await shares.add_goal(
        db, owner, year=YEAR, name="Kết nạp đoàn viên", measured_in=measured_in, by=None, now=now
    )


async def _set(
    db: AsyncConnection, goal: Goal, giver: Unit | None, values: Mapping[Unit, int | None], now: datetime
) -> None:
    wanted = {unit.id: None if value is None else Decimal(value) for unit, value in values.items()}
    await shares.set_shares(db, goal, giver, wanted, by=None, now=now)


async def _read(db: AsyncConnection, goal: Goal, tree: Mapping[str, Unit]) -> dict[str, int]:
    held = await shares.list_shares(db, goal.id, [unit.id for unit in tree.values()])
    return {code: int(held[unit.id].value or 0) for code, unit in tree.items() if unit.id in held}


async def test_a_change_is_a_version_and_what_stays_is_none(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        await _set(db, goal, None, {tree["HCM"]: 100}, now)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 60, tree["CS3"]: 40}, now)
        later = now + timedelta(days=30)
        changed = await shares.set_shares(
            db,
            goal,
            tree["HCM"],
            {tree["X1"].id: Decimal("50.5"), tree["CS3"].id: Decimal(40)},
            by=None,
            now=later,
            reason="tách",
        )
        [only] = changed
        assert (only.old, only.after.value, only.after.number) == (Decimal(60), Decimal("50.5"), 2)
        versions = await shares.list_versions(db, goal.id, tree["X1"].id)
        assert [(each.value, each.is_current, each.reason) for each in versions] == [
            (60, False, None),
            (Decimal("50.5"), True, "tách"),
        ]
        assert {each.unit_id for each in await shares.list_given(db, goal.id, tree["HCM"].id)} == {
            tree["X1"].id,
            tree["CS3"].id,
        }
        await _set(db, goal, tree["HCM"], {tree["X1"]: None, tree["CS1"]: None}, later)
        assert await _read(db, goal, tree) == {"HCM": 100, "CS3": 40}
        assert await shares.list_versions(db, goal.id, tree["CS1"].id) == []
        assert await shares.find_share(db, goal.id, tree["X1"].id) is None
        await _set(db, goal, tree["HCM"], {tree["X1"]: 60}, later)
        assert [each.number for each in await shares.list_versions(db, goal.id, tree["X1"].id)] == [1, 2, 3, 4]


async def test_a_goal_is_opened_once_and_anew_when_it_was_closed(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        same = await shares.add_goal(
            db, tree["HCM"], year=YEAR, name="kết nạp  đoàn viên", measured_in="đoàn viên", by=None, now=now
        )
        assert same == goal
        assert await shares.find_goal(db, goal.id) == goal
        others = [await _goal(db, tree["QT"], now), await _goal(db, tree["HCM"], now, "%")]
        assert len({goal.id, *(each.id for each in others)}) == 3
        await _set(db, goal, None, {tree["HCM"]: 10}, now)
        assert [each.goal.id for each in await shares.list_goals_of(db, tree["HCM"], YEAR)] == [goal.id]
        assert await shares.close_goal(db, goal.id, now)
        assert not await shares.close_goal(db, goal.id, now)
        assert await shares.list_goals_of(db, tree["HCM"], YEAR) == []
        assert (await _goal(db, tree["HCM"], now)).id not in {goal.id, *(each.id for each in others)}


async def test_a_percentage_comes_from_the_nearest_above_and_a_count_does_not(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        rate, count = await _goal(db, tree["HCM"], now, "%"), await _goal(db, tree["HCM"], now)
        for goal in (rate, count):
            await _set(db, goal, None, {tree["HCM"]: 85}, now)
            await _set(db, goal, tree["HCM"], {tree["X1"]: 80}, now)
        cs1, cs3 = tree["CS1"], tree["CS3"]
        assert [(each.goal.id, each.share.value) for each in await shares.list_goals_of(db, cs1, YEAR)] == [
            (rate.id, Decimal(80))
        ]
        assert [each.share.value for each in await shares.list_goals_of(db, cs3, YEAR)] == [85]
        assert await shares.list_goals_of(db, tree["QT"], YEAR) == []
        assert await shares.list_goals_of(db, cs1, YEAR + 1) == []
        assert len(await shares.list_goals_of(db, tree["X1"], YEAR)) == 2
        found = await shares.find_share(db, rate.id, cs1.id)
        assert found is not None
        assert (found.unit_id, found.value) == (tree["X1"].id, Decimal(80))
        assert await shares.find_share(db, count.id, cs1.id) is None
        await _set(db, rate, tree["HCM"], {tree["X1"]: None}, now)
        found = await shares.find_share(db, rate.id, cs1.id)
        assert found is not None
        assert found.value == 85


async def test_an_opinion_stands_once_and_is_settled_by_a_word_or_a_change(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 60, tree["CS3"]: 40}, now)
        first, second = await shares.list_given(db, goal.id, tree["HCM"].id)
        assert await shares.settle(db, first.id, SettledOpinion.KEPT, by=None, now=now) is None
        clear = await shares.answer(db, first.id, ShareAnswer.CLEAR, by=None, now=now)
        assert clear is not None
        assert not clear.is_open
        assert await shares.answer(db, first.id, ShareAnswer.CLEAR, by=None, now=now) is None
        objected = await shares.answer(db, first.id, ShareAnswer.OBJECTED, by=None, now=now, remark="nhiều quá")
        assert objected is not None
        assert (objected.is_open, objected.remark) == (True, "nhiều quá")
        assert await shares.answer(db, first.id, ShareAnswer.OBJECTED, by=None, now=now, remark="nữa") is None
        assert await shares.answer(db, first.id, ShareAnswer.CLEAR, by=None, now=now) is None
        kept = await shares.settle(db, first.id, SettledOpinion.KEPT, by=None, now=now)
        assert kept is not None
        assert kept.settled is SettledOpinion.KEPT
        assert await shares.settle(db, first.id, SettledOpinion.CHANGED, by=None, now=now) is None

        await shares.answer(db, second.id, ShareAnswer.OBJECTED, by=None, now=now, remark="ít người")
        await _set(db, goal, tree["HCM"], {tree["CS3"]: 30}, now)
        old = await shares.find_share_by_id(db, second.id)
        assert old is not None
        assert (old.settled, old.is_current) == (SettledOpinion.CHANGED, False)
        assert await shares.answer(db, second.id, ShareAnswer.CLEAR, by=None, now=now) is None
        assert await shares.find_share_by_id(db, 2**70) is None


async def test_what_cannot_be_a_share_is_refused_before_anything_is_written(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        for wrong in (Decimal(-1), Decimal("0.0001"), Decimal(10**15)):
            with pytest.raises(ValueError, match=r"share|figure"):
                await shares.set_shares(
                    db, goal, tree["HCM"], {tree["X1"].id: Decimal(1), tree["CS3"].id: wrong}, by=None, now=now
                )
        assert await shares.list_given(db, goal.id, tree["HCM"].id) == []


async def test_units_that_merge_bring_their_shares_together(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        count, rate = await _goal(db, tree["HCM"], now), await _goal(db, tree["HCM"], now, "%")
        for goal in (count, rate):
            await _set(db, goal, None, {tree["HCM"]: 90}, now)
            await _set(db, goal, tree["HCM"], {tree["X1"]: 50, tree["CS3"]: 40}, now)
            await _set(db, goal, tree["X1"], {tree["CS1"]: 30, tree["CS2"]: 20}, now)
        found = await share_mergers.merge_shares(db, tree["CS1"], tree["CS2"], by=None, now=now)
        [(goal, changed)] = found
        assert (goal.id, changed.old, changed.after.value) == (count.id, Decimal(20), Decimal(50))
        assert changed.after.merged_with == tree["CS1"].id
        assert await _read(db, count, tree) == {"HCM": 90, "X1": 50, "CS3": 40, "CS2": 50}
        assert await _read(db, rate, tree) == {"HCM": 90, "X1": 50, "CS3": 40, "CS2": 20}
        last = (await shares.list_versions(db, count.id, tree["CS1"].id))[-1]
        assert (last.value, last.is_current, last.merged_with) == (None, True, tree["CS2"].id)

        await share_mergers.merge_shares(db, tree["X1"], tree["CS3"], by=None, now=now)
        assert await _read(db, count, tree) == {"HCM": 90, "CS3": 90, "CS2": 50}
        assert {each.unit_id for each in await shares.list_given(db, count.id, tree["CS3"].id)} == {tree["CS2"].id}


async def test_a_unit_that_merges_into_the_one_above_was_part_of_its_share(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        await _set(db, goal, None, {tree["HCM"]: 90}, now)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 50}, now)
        await _set(db, goal, tree["X1"], {tree["CS1"]: 30}, now)
        assert await share_mergers.merge_shares(db, tree["X1"], tree["HCM"], by=None, now=now) == []
        assert await _read(db, goal, tree) == {"HCM": 90, "CS1": 30}
        assert [each.unit_id for each in await shares.list_given(db, goal.id, tree["HCM"].id)] == [tree["CS1"].id]


async def test_an_owner_that_merges_brings_its_goals_and_one_of_the_same_name_becomes_one(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        one, other = await _goal(db, tree["HCM"], now), await _goal(db, tree["QT"], now)
        alone = await _goal(db, tree["HCM"], now, "%")
        for goal, owner, below, value in ((one, "HCM", "CS3", 40), (other, "QT", "CS4", 7), (alone, "HCM", "CS3", 80)):
            await _set(db, goal, None, {tree[owner]: value}, now)
            await _set(db, goal, tree[owner], {tree[below]: value}, now)
        await share_mergers.merge_shares(db, tree["HCM"], tree["QT"], by=None, now=now)
        assert await _read(db, one, tree) == {}
        assert await _read(db, other, tree) == {"QT": 47, "CS3": 40, "CS4": 7}
        assert await _read(db, alone, tree) == {"QT": 80, "CS3": 80}
        assert len(await shares.list_given(db, other.id, tree["QT"].id)) == 2
        assert [each.id for each in await shares.list_goals(db, tree["QT"].id, YEAR)] == [other.id, alone.id]
        assert await shares.list_goals(db, tree["HCM"].id, YEAR) == []


CODES = ("CS1", "CS2", "CS5", "CS6")
steps = st.lists(
    st.tuples(st.just("set"), st.sampled_from(CODES), st.none() | st.integers(0, 500))
    | st.tuples(st.just("merge"), st.sampled_from(CODES), st.sampled_from(CODES)),
    max_size=12,
)


@given(steps)
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_set_and_merged_one_version_stands_and_the_sum_is_kept(
    database: Database, now: datetime, taken: list[tuple[str, str, int | str | None]]
) -> None:
    """All four stand right below one giver here, so that a merger moves a share and neither makes nor loses any."""
    async with undone(database) as db:
        tree = await plant(db)
        for code in CODES[2:]:
            kind, above = tree["CS1"].kind, tree["X1"].id
            tree[code] = await units.add(db, code=code, name=code, kind=kind, parent_id=above, registered_on=SINCE)
        goal = await _goal(db, tree["X1"], now)
        expected: dict[str, int] = {}
        for what, code, value in taken:
            if isinstance(value, str):
                if code == value:
                    continue
                await share_mergers.merge_shares(db, tree[code], tree[value], by=None, now=now)
                moved = expected.pop(code, None)
                if moved is not None:
                    expected[value] = expected.get(value, 0) + moved
            else:
                assert what == "set"
                await _set(db, goal, tree["X1"], {tree[code]: value}, now)
                expected.pop(code, None)
                if value is not None:
                    expected[code] = value
        assert await _read(db, goal, tree) == expected
        given_out = await shares.list_given(db, goal.id, tree["X1"].id)
        assert sum(each.value or 0 for each in given_out) == sum(expected.values())
        for code in CODES:
            versions = await shares.list_versions(db, goal.id, tree[code].id)
            assert [each.number for each in versions] == list(range(1, len(versions) + 1))
            assert [each.is_current for each in versions] == [False] * (len(versions) - 1) + [True] * bool(versions)


BRANCHES = {"T": "", "A": "T", "B": "T", "A1": "A", "A2": "A", "B1": "B", "B2": "B", "A11": "A1", "A12": "A1"}


async def _branches(db: AsyncConnection) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for code, above in BRANCHES.items():
        found[code] = await units.add(
            db,
            code=f"BR-{code}",
            name=f"Đơn vị {code}",
            kind=UnitKind.UPPER,
            registered_on=date(2020, 1, 1),
            parent_id=found[above].id if above else None,
        )
    return found


async def _balances(db: AsyncConnection, goal: Goal, tree: Mapping[str, Unit]) -> dict[str, Decimal]:
    """What each unit has itself beyond what it handed down: reckoned from single shares, whoever they lie below."""
    held = await shares.list_shares(db, goal.id, [unit.id for unit in tree.values()])
    found = {}
    for code, unit in tree.items():
        own = held[unit.id].value if unit.id in held else None
        below = [share.value or Decimal(0) for share in held.values() if share.given_by == unit.id]
        found[code] = (own or Decimal(0)) - sum(below, Decimal(0))
    return found


@given(
    st.fixed_dictionaries({code: st.integers(0, 9) for code in BRANCHES if code != "T"}),
    st.lists(st.tuples(st.sampled_from(list(BRANCHES)), st.sampled_from(list(BRANCHES))), min_size=1, max_size=4),
)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_merger_of_units_with_other_givers_leaves_everybody_what_they_had_beyond_what_they_handed_down(
    database: Database, now: datetime, parts: dict[str, int], mergers: list[tuple[str, str]]
) -> None:
    """A unit of which `parts` says 0 has no share; the others get so many tenths of a part of their giver's."""
    async with undone(database) as db:
        tree = await _branches(db)
        goal = await _goal(db, tree["T"], now)
        amounts = {"T": Decimal(1000)}
        await _set(db, goal, None, {tree["T"]: 1000}, now)
        for code, above in list(BRANCHES.items())[1:]:
            if above in amounts and parts[code]:
                siblings = sum(other == above for other in BRANCHES.values())
                amounts[code] = amounts[above] * parts[code] // (10 * siblings)
                await _set(db, goal, tree[above], {tree[code]: int(amounts[code])}, now)
        for gone, into in mergers:
            known = await units.get_units(db, [unit.id for unit in tree.values()])
            one, other = known[tree[gone].id], known[tree[into].id]
            if other.lies_in(one) or one.dissolved_on is not None or other.dissolved_on is not None:
                continue
            before = await _balances(db, goal, tree)
            await share_mergers.merge_shares(db, one, other, by=None, now=now)
            for child in await units.list_children(db, one.id, active_on=now.date()):
                await units.move(db, child.id, other.id)
            await units.dissolve(db, one.id, now.date(), merged_into=other.id)
            after = await _balances(db, goal, tree)
            before[into] += before.pop(gone)
            assert after.pop(gone) == 0
            assert after == before
            assert sum(after.values()) == 1000
            held = await shares.list_shares(db, goal.id, [unit.id for unit in tree.values()])
            assert all((share.value or 0) >= 0 for share in held.values())


async def test_what_two_givers_had_moves_with_the_unit_from_one_to_the_other(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await _branches(db)
        goal, rate = await _goal(db, tree["T"], now), await _goal(db, tree["T"], now, "%")
        for each in (goal, rate):
            await _set(db, each, None, {tree["T"]: 90}, now)
            await _set(db, each, tree["T"], {tree["A"]: 50, tree["B"]: 40}, now)
            await _set(db, each, tree["A"], {tree["A1"]: 30}, now)
            await _set(db, each, tree["B"], {tree["B1"]: 25}, now)
        found = await share_mergers.merge_shares(db, tree["A1"], tree["B1"], by=None, now=now)
        ids = {unit.id: code for code, unit in tree.items()}
        assert [(ids[each.after.unit_id], each.old, each.after.value) for _, each in found] == [
            ("B1", Decimal(25), Decimal(55)),
            ("A", Decimal(50), Decimal(20)),
            ("B", Decimal(40), Decimal(70)),
        ]
        assert all(each.after.merged_with == tree["A1"].id for _, each in found)
        assert await _read(db, goal, tree) == {"T": 90, "A": 20, "B": 70, "B1": 55}
        assert await _read(db, rate, tree) == {"T": 90, "A": 50, "B": 40, "B1": 25}
        await share_mergers.merge_shares(db, tree["B1"], tree["B2"], by=None, now=now)
        [only] = await shares.list_given(db, goal.id, tree["B"].id)
        assert (only.unit_id, only.value) == (tree["B2"].id, Decimal(55))


async def test_what_was_handed_down_in_one_moment_is_found_again_with_what_was_before(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        later = now + timedelta(days=1)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 60, tree["CS3"]: 40}, now)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 50}, later)
        await _set(db, goal, tree["X1"], {tree["CS1"]: 5}, later)
        assert [each.after.unit_id for each in await shares.list_set_at(db, goal.id, tree["HCM"].id, now)] == [
            tree["CS3"].id
        ]
        [changed] = await shares.list_set_at(db, goal.id, tree["HCM"].id, later)
        assert [changed.old, changed.after.value] == [60, 50]
        history = await shares.list_history(db, goal.id, tree["HCM"].id, most=9)
        assert [(each.after.unit_id, each.after.number) for each in history] == [
            (tree["X1"].id, 2),
            (tree["CS3"].id, 1),
            (tree["X1"].id, 1),
        ]
        assert len(await shares.list_history(db, goal.id, tree["HCM"].id, most=1)) == 1
        assert await shares.list_history(db, goal.id, tree["QT"].id, most=9) == []


async def test_a_unit_without_a_way_down_has_nothing(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        assert await shares.find_share(db, goal.id, tree["HCM"].id) is None
        assert await shares.find_share(db, 999, tree["HCM"].id) is None
        assert await shares.find_share(db, goal.id, 2**70) is None
        assert await units.find_unit(db, "HCM") == tree["HCM"]


async def test_the_latest_change_is_of_what_a_unit_holds_or_hands_down(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        assert await shares.hold_latest(db, goal.id, tree["HCM"].id) == 0
        await _set(db, goal, tree["HCM"], {tree["X1"]: 60}, now)
        given = await shares.find_latest(db, goal.id, tree["HCM"].id)
        assert given == await shares.hold_latest(db, goal.id, tree["X1"].id) > 0
        await _set(db, goal, tree["X1"], {tree["CS1"]: 5}, now)
        assert await shares.find_latest(db, goal.id, tree["HCM"].id) == given
        assert await shares.find_latest(db, goal.id, tree["X1"].id) > given
        assert await shares.find_latest(db, goal.id, tree["QT"].id) == 0


async def test_nothing_is_handed_down_in_a_year_that_cannot_be_one(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        for year in (0, 10**12, 10**17):
            assert await shares.list_goals(db, tree["HCM"].id, year) == []
            assert await shares.list_goals_of(db, tree["HCM"], year) == []


async def _plan_goal(db: AsyncConnection, owner: Unit, now: datetime, measured_in: str = "đoàn viên") -> Goal:
    return await shares.add_goal(
        db, owner, year=YEAR, name="Mới", measured_in=measured_in, plan_id="kh-1", target="t1", by=None, now=now
    )


async def test_a_goal_that_was_opened_below_becomes_part_of_the_one_from_above(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        lower = await _plan_goal(db, tree["X1"], now)
        await _set(db, lower, None, {tree["X1"]: 60}, now)
        await _set(db, lower, tree["X1"], {tree["CS1"]: 30, tree["CS2"]: 20}, now)
        await _set(db, lower, tree["X1"], {tree["CS2"]: 25}, now + timedelta(days=1))
        [first] = (await shares.list_shares(db, lower.id, [tree["CS1"].id])).values()
        await shares.answer(db, first.id, ShareAnswer.CLEAR, by=None, now=now)
        other = await _goal(db, tree["X1"], now)

        goal, later = await _plan_goal(db, tree["HCM"], now), now + timedelta(days=2)
        await _set(db, goal, None, {tree["HCM"]: 100}, later)
        assert await joined_goals.join_goals(db, goal, later) == []
        await _set(db, goal, tree["HCM"], {tree["X1"]: 50, tree["CS3"]: 50}, later)
        joined = await joined_goals.join_goals(db, goal, later)
        assert [each.id for each in joined] == [lower.id]
        assert await _read(db, goal, tree) == {"HCM": 100, "X1": 50, "CS3": 50, "CS1": 30, "CS2": 25}
        assert [each.unit_id for each in await shares.list_given(db, goal.id, tree["X1"].id)] == [
            tree["CS1"].id,
            tree["CS2"].id,
        ]
        versions = await shares.list_versions(db, goal.id, tree["CS2"].id)
        assert [each.value for each in versions] == [20, 25]
        moved = await shares.find_share_by_id(db, first.id)
        assert moved is not None
        assert (moved.goal_id, moved.answer) == (goal.id, ShareAnswer.CLEAR)
        assert [each.goal.id for each in await shares.list_goals_of(db, tree["X1"], YEAR)] == [goal.id]
        assert [each.id for each in await shares.list_goals(db, tree["X1"].id, YEAR)] == [other.id]
        ids = [tree["X1"].id, tree["CS3"].id]
        assert await joined_goals.list_replaced(db, goal, ids, later) == {tree["X1"].id: Decimal(60)}
        assert await joined_goals.join_goals(db, goal, later) == []


async def test_a_percentage_that_holds_for_all_takes_the_place_of_those_below(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        lower = await _plan_goal(db, tree["X1"], now, "%")
        await _set(db, lower, None, {tree["X1"]: 70}, now)
        await _set(db, lower, tree["X1"], {tree["CS1"]: 75}, now)
        goal = await _plan_goal(db, tree["HCM"], now, "%")
        await _set(db, goal, None, {tree["HCM"]: 85}, now)
        assert [each.id for each in await joined_goals.join_goals(db, goal, now)] == [lower.id]
        assert await _read(db, goal, tree) == {"HCM": 85, "CS1": 75}
        for code, value in (("X1", 85), ("CS1", 75), ("CS2", 85)):
            [held] = await shares.list_goals_of(db, tree[code], YEAR)
            assert (held.goal.id, held.share.value) == (goal.id, Decimal(value))


async def test_goals_that_were_only_named_alike_stay_two(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        lower, goal = await _goal(db, tree["X1"], now), await _goal(db, tree["HCM"], now)
        await _set(db, lower, None, {tree["X1"]: 60}, now)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 50}, now)
        assert await joined_goals.join_goals(db, goal, now) == []
        assert {each.goal.id for each in await shares.list_goals_of(db, tree["X1"], YEAR)} == {lower.id, goal.id}


async def test_whoever_holds_a_share_of_a_goal_is_found_at_every_level(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        goal = await _goal(db, tree["HCM"], now)
        await _set(db, goal, None, {tree["HCM"]: 90}, now)
        await _set(db, goal, tree["HCM"], {tree["X1"]: 50, tree["CS3"]: 40}, now)
        await _set(db, goal, tree["X1"], {tree["CS1"]: 30}, now)
        await _set(db, goal, tree["HCM"], {tree["CS3"]: None}, now)
        held = await shares.list_holders(db, goal.id)
        assert {each.unit_id for each in held} == {tree["X1"].id, tree["CS1"].id}
        assert await shares.count_holders(db, goal.id) == 2
