"""Rights: every role holds for its unit and all below, and nobody gets at a unit that is not theirs."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import access
from bot.access import AccessDeniedError, Asker, Held, Right, Sender
from knowledge.model.units import UnitKind
from storage import people, units
from storage.engine import Database
from storage.people import RoleName
from storage.units import Unit
from tests.examples import examples
from tests.storage.places import SINCE, plant

PATHS = ["/1/", "/1/2/", "/1/2/5/", "/1/3/", "/1/2/5/9/", "/12/", "/1/22/"]


def unit(path: str) -> Unit:
    ids = units.path_ids(path)
    return Unit(ids[-1], f"U{ids[-1]}", "U", UnitKind.UPPER, None, None, path, SINCE)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (RoleName.OFFICER, {Right.SEE, Right.SUBMIT}),
        (RoleName.SUPERVISOR, {Right.SEE, Right.SUBMIT, Right.SUPERVISE}),
        (RoleName.ADMIN, set(Right)),
    ],
)
def test_what_each_role_may_do(role: RoleName, rights: set[Right]) -> None:
    asker = Asker(7, "Hoa", held=(Held(role, unit("/1/2/")),))
    assert {right for right in Right if asker.may(right, unit("/1/2/"))} == rights
    assert {right for right in Right if asker.may(right, unit("/1/2/5/9/"))} == rights
    assert not any(asker.may(right, unit(path)) for right in Right for path in ("/1/", "/1/3/", "/1/22/", "/12/"))


@settings(deadline=None, max_examples=examples(200))
@given(
    st.lists(st.tuples(st.sampled_from(RoleName), st.sampled_from(PATHS)), max_size=4),
    st.sampled_from(Right),
    st.sampled_from(PATHS),
)
def test_a_right_comes_from_a_role_at_or_above_and_from_nowhere_else(
    held: list[tuple[RoleName, str]], right: Right, path: str
) -> None:
    asker = Asker(7, "Hoa", held=tuple(Held(role, unit(at)) for role, at in held))
    strong = {Right.SEE: 0, Right.SUBMIT: 0, Right.SUPERVISE: 1, Right.MANAGE: 2}[right]
    expected = any(path.startswith(at) and list(RoleName).index(role) >= strong for role, at in held)
    assert asker.may(right, unit(path)) == expected
    assert any(unit(path).lies_in(top) for top in asker.units(right)) == expected
    assert Asker(7, "Hoa", is_admin=True).may(right, unit(path))


async def test_ids_from_outside_are_proven_first(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        await people.grant(db, hoa.id, places["CS1"].id, RoleName.OFFICER, now)
        asker = await access.find_asker(db, Sender(7, "Hoa"))
        own = places["CS1"]
        assert await access.get_unit(db, asker, Right.SUBMIT, own.id) == own
        wrong: list[int | str] = [
            *(places["CS2"].id, places["HCM"].id, 0, -1, 999, "", "x", f"{own.id} ", f"+{own.id}"),
            *("9" * 30, "١", f"{own.id}; DROP TABLE units"),
        ]
        for forged in wrong:
            with pytest.raises(AccessDeniedError):
                await access.get_unit(db, asker, Right.SUBMIT, forged)
        with pytest.raises(AccessDeniedError):
            await access.get_unit(db, asker, Right.SUPERVISE, own.id)


async def test_whoever_hides_behind_a_group_is_nobody(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        places = await plant(db)
        hoa = await people.ensure(db, 7, "Hoa", now)
        await people.grant(db, hoa.id, places["TLD"].id, RoleName.ADMIN, now)
        asker = await access.find_asker(db, Sender(7, "Hoa", is_anonymous=True))
        assert not any(asker.may_anywhere(right) for right in Right)
