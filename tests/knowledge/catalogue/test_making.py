"""What is known on a day: shipped and stored plans as one catalogue, each with its state on that day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from bot.words import plans as words
from knowledge.catalogue.making import list_gone, make_catalogue
from knowledge.model.plans import Plan, PlanState
from knowledge.model.stored_plans import PlanStatus, StoredPlan
from knowledge.plans import load_plans

TODAY = date(2026, 11, 29)
MOMENT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def plan(plan_id: str, covers_to: int = 2030, **others: object) -> Plan:
    whole = msgspec.structs.replace(load_plans()[0], id=plan_id, covers_to=covers_to, state=PlanState.IN_FORCE)
    return msgspec.structs.replace(whole, **({"state_note": None, "state_since": None} | others))


def row(
    plan_id: str, status: PlanStatus, content: Plan | None = None, by: str | None = None, since: date | None = None
) -> StoredPlan:
    return StoredPlan(1, plan_id, status, content, by, since, MOMENT, MOMENT)


def states(*found: Plan) -> dict[str, tuple[PlanState, str | None]]:
    return {each.id: (each.state, each.replaced_by) for each in found}


def test_without_a_database_the_shipped_plans_are_known_as_their_files_say() -> None:
    assert [each.id for each in make_catalogue(load_plans(), (), TODAY)] == [each.id for each in load_plans()]
    reorganised = [each for each in load_plans() if each.state is PlanState.ISSUER_REORGANISED]
    assert reorganised
    assert set(reorganised) <= set(make_catalogue(load_plans(), (), TODAY))


def test_a_plan_ends_with_its_years() -> None:
    shipped = [plan("a", 2025), plan("b", 2026), plan("c", 2025, state=PlanState.ISSUER_REORGANISED)]
    assert states(*make_catalogue(shipped, (), TODAY)) == {
        "a": (PlanState.ENDED, None),
        "b": (PlanState.IN_FORCE, None),
        "c": (PlanState.ISSUER_REORGANISED, None),
    }


def test_what_is_read_or_withdrawn_is_unknown() -> None:
    stored = [
        row("a", PlanStatus.WITHDRAWN),
        row("b", PlanStatus.READ, plan("b", 2040)),
        row("c", PlanStatus.READ, plan("c")),
        row("d", PlanStatus.WITHDRAWN, plan("d")),
        row("e", PlanStatus.IN_FORCE, plan("e")),
        row("a", PlanStatus.READ, plan("a", 2040)),
    ]
    found = make_catalogue([plan("a"), plan("b")], stored, TODAY)
    assert [(each.id, each.covers_to) for each in found] == [("b", 2030), ("e", 2030)]


def test_a_stored_plan_stands_instead_of_the_shipped_one_of_its_id() -> None:
    found = make_catalogue([plan("a"), plan("b")], [row("a", PlanStatus.IN_FORCE, plan("a", 2040))], TODAY)
    assert [(each.id, each.covers_to) for each in found] == [("a", 2040), ("b", 2030)]


def test_a_replaced_plan_names_what_stands_in_its_place() -> None:
    stored = [
        row("a", PlanStatus.REPLACED, by="b"),
        row("b", PlanStatus.REPLACED, plan("b"), by="c"),
        row("c", PlanStatus.IN_FORCE, plan("c"), since=date(2026, 1, 1)),
    ]
    found = make_catalogue([plan("a", 2025, state_note="cũ")], stored, TODAY)
    assert states(*found) == {
        "a": (PlanState.REPLACED, "b"),
        "b": (PlanState.REPLACED, "c"),
        "c": (PlanState.IN_FORCE, None),
    }
    assert found[0].state_note is None
    assert found[1].state_since == date(2026, 1, 1)


def test_until_the_new_plan_begins_the_old_one_holds() -> None:
    stored = [
        row("a", PlanStatus.REPLACED, by="b"),
        row("b", PlanStatus.IN_FORCE, plan("b"), since=date(2027, 1, 1)),
    ]
    assert states(*make_catalogue([plan("a")], stored, TODAY)) == {"a": (PlanState.IN_FORCE, None)}
    assert states(*make_catalogue([plan("a")], stored, date(2027, 1, 1))) == {
        "a": (PlanState.REPLACED, "b"),
        "b": (PlanState.IN_FORCE, None),
    }


def test_what_was_replaced_twice_names_the_first_that_is_there() -> None:
    stored = [
        row("a", PlanStatus.REPLACED, by="b"),
        row("b", PlanStatus.REPLACED, plan("b"), by="c", since=date(2027, 1, 1)),
        row("c", PlanStatus.IN_FORCE, plan("c")),
    ]
    assert states(*make_catalogue([plan("a")], stored, TODAY))["a"] == (PlanState.REPLACED, "c")


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (plan("a"), ""),
        (plan("a", 2025, covers_from=2021, state=PlanState.ENDED), "đã hết giai đoạn thực hiện (2021–2025)"),
        (plan("a", state=PlanState.REPLACED, state_since=date(2026, 1, 15)), "đã được thay thế bằng 7/KH"),
        (plan("a", state=PlanState.REPLACED, state_since=date(2026, 1, 15)), "từ 15/01/2026"),
        (plan("a", state=PlanState.ISSUER_REORGANISED, state_note="Đã hợp nhất."), "⚠️ Đã hợp nhất."),
        (plan("a", state=PlanState.ISSUER_REORGANISED), "đã được sắp xếp lại"),
    ],
)
def test_every_state_is_said_in_words(shown: Plan, says: str) -> None:
    said = words.state(shown, plan("b", number="7/KH"))
    assert said == says or (says and says in said)


def test_a_plan_is_back_though_its_file_says_replaced_once_what_replaced_it_is_withdrawn() -> None:
    old = plan("a", state=PlanState.REPLACED, replaced_by="b", state_note="Thay bằng b.")
    stored = [row("a", PlanStatus.IN_FORCE, old), row("b", PlanStatus.WITHDRAWN, plan("b"))]
    [found] = make_catalogue((), stored, TODAY)
    assert (found.state, found.replaced_by, found.state_note) == (PlanState.IN_FORCE, None, None)
    over = msgspec.structs.replace(old, covers_to=2025)
    [ended] = make_catalogue((), [row("a", PlanStatus.IN_FORCE, over), stored[1]], TODAY)
    assert ended.state is PlanState.ENDED


def test_what_withdrawn_plans_were_called_is_still_known() -> None:
    gone = plan("d", aliases=("phú hải", "05/kh-cđ"), place="đặc khu Phú Hải, tỉnh Lâm Sơn")
    stored = [row("d", PlanStatus.WITHDRAWN, gone), row("e", PlanStatus.IN_FORCE, plan("e", aliases=("thanh giang",)))]
    assert list_gone((), stored) == ("phú hải", "đặc khu Phú Hải")
