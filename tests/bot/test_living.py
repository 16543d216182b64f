"""The catalogue in step with what is stored: approved, replaced and withdrawn plans reach the turns that begin then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import update

from bot.living import LivingCatalogue
from bot.road.turn import Hooks
from bot.rules import Rules
from bot.settings import Settings
from knowledge.answer import Adviser
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Form
from knowledge.model.plans import Comparator, OwnSubject, Plan, PlanState, Target
from storage import forms, notes, plans
from storage.engine import Database
from storage.schema import form_versions

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def plan_of(plan_id: str, share: int, first: int = 2026, last: int = 2030) -> Plan:
    """A plan of a made issuer that sets one share of something no other plan speaks of."""
    return Plan(
        id=plan_id,
        kind="Kế hoạch",
        title="Về nhà trọ công nhân",
        short=f"LĐLĐ tỉnh Vĩnh An {first}",
        issuer="Liên đoàn Lao động tỉnh Vĩnh An",
        place="tỉnh Vĩnh An",
        number=f"{share}/KH-LĐLĐ",
        carries_out=(),
        aliases=("vĩnh an",),
        covers_from=first,
        covers_to=last,
        scope="các cấp công đoàn tỉnh Vĩnh An",
        subjects=(OwnSubject(id="self_managed_lodgings", name="Khu nhà trọ có tổ tự quản", names=("tổ tự quản",)),),
        targets=(
            Target(
                id="lodgings",
                indicator="self_managed_lodgings",
                figure=f"{share}%",
                value=Decimal(share),
                unit="%",
                comparator=Comparator.EXACTLY,
                horizon=str(last),
                population="khu nhà trọ có tổ tự quản",
                section="II.1",
            ),
        ),
    )


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def living(hooks: Hooks) -> LivingCatalogue:
    return LivingCatalogue(hooks, Settings(), lambda: NOW)


def told(hooks: Hooks) -> str:
    """The figures given for the made subject."""
    answer = hooks.resource(Adviser).ask("khu nhà trọ có tổ tự quản bao nhiêu %")
    return ", ".join(fact.target.figure for fact in answer.facts)


async def enter(database: Database, plan: Plan, replaces: str | None = None) -> None:
    async with database.write() as db:
        await plans.add(db, plan, file=None, by=None, now=NOW)
        await plans.approve(db, plan.id, replaces=replaces, in_force_from=None, shipped=(), by=None, now=NOW)


async def test_an_approved_plan_is_answered_from_and_a_withdrawn_one_is_not(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    await living.start(database)
    assert told(hooks) == ""
    await enter(database, plan_of("vinhan-2026", 90))
    await living.look(database, NOW)
    assert told(hooks) == "90%"
    assert "vinhan-2026" in hooks.resource(Rules).plans
    async with database.write() as db:
        await plans.withdraw(db, "vinhan-2026", shipped=(), by=None, now=NOW)
    await living.look(database, NOW)
    assert told(hooks) == ""
    assert "vinhan-2026" not in hooks.resource(Rules).plans


async def test_a_plan_that_is_merely_read_is_never_answered_from(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    async with database.write() as db:
        await plans.add(db, plan_of("vinhan-2026", 90), file=None, by=None, now=NOW)
    await living.look(database, NOW)
    assert told(hooks) == ""


async def test_what_a_turn_took_stays_as_it_was(database: Database, hooks: Hooks, living: LivingCatalogue) -> None:
    before = hooks.resources
    await enter(database, plan_of("vinhan-2026", 90))
    await living.look(database, NOW)
    assert "vinhan-2026" not in before.find(Adviser).plans
    assert "vinhan-2026" not in before.find(Rules).plans
    assert "vinhan-2026" in hooks.resource(Adviser).plans


async def test_nothing_is_built_while_nothing_changes(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    await living.start(database)
    adviser = hooks.resource(Adviser)
    await living.look(database, NOW)
    await living.look(database, NOW + timedelta(days=1))
    assert hooks.resource(Adviser) is adviser


async def test_nothing_is_built_on_another_day_for_plans_that_share_a_short_name(
    database: Database, living: LivingCatalogue
) -> None:
    for plan_id in ("vinhan-2026", "vinhan-2027"):
        await enter(database, msgspec.structs.replace(plan_of(plan_id, 90), number=None))
    await living.start(database)
    made: list[Adviser] = []
    living.derive(list, made.append)
    before = len(made)
    await living.look(database, NOW + timedelta(days=1))
    assert len(made) == before


async def test_a_plan_ends_with_its_term_and_begins_on_its_day(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    await enter(database, plan_of("vinhan-2026", 90, last=2026))
    await living.look(database, NOW)
    assert hooks.resource(Adviser).plans["vinhan-2026"].state is PlanState.IN_FORCE
    await living.look(database, datetime(2027, 1, 1, tzinfo=UTC))
    assert hooks.resource(Adviser).plans["vinhan-2026"].state is PlanState.ENDED


async def test_what_was_made_of_the_plans_is_made_anew_with_them(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    living.derive(dict, lambda adviser: {"plans": len(adviser.plans)})
    count = hooks.resource(dict)["plans"]
    await enter(database, plan_of("vinhan-2026", 90))
    await living.look(database, NOW)
    assert hooks.resource(dict)["plans"] == count + 1


async def test_plans_that_cannot_be_taken_in_leave_the_answers_as_they_are(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    await living.start(database)
    adviser = hooks.resource(Adviser)
    broken = plan_of("vinhan-2026", 90)
    broken = msgspec.structs.replace(broken, subjects=())
    await enter(database, broken)
    await living.look(database, NOW)
    assert hooks.resource(Adviser) is adviser
    async with database.read() as db:
        [note] = [each for each in await notes.list_all(db) if each.key is notes.NoteKey.CATALOGUE]
    assert note.is_open
    async with database.write() as db:
        await plans.withdraw(db, "vinhan-2026", shipped=(), by=None, now=NOW)
    await living.look(database, NOW)
    async with database.read() as db:
        assert not [each for each in await notes.list_all(db) if each.key is notes.NoteKey.CATALOGUE]


# --- Forms ---


async def put_form(database: Database, form: Form) -> None:
    async with database.write() as db:
        held = await forms.hold(db, form.id, "{}", file=("biểu.xlsx", b"-"), by=None, now=NOW)
        await forms.approve(db, held.version, form, by=None, now=NOW)


async def test_a_form_reaches_the_turns_of_every_process_that_begin_after_its_look(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    await living.start(database)
    elsewhere = Hooks()
    other = LivingCatalogue(elsewhere, Settings(), lambda: NOW)
    await other.start(database)
    before, adviser = elsewhere.resources, elsewhere.resource(Adviser)
    await put_form(database, msgspec.structs.replace(get_form(MONTHLY_FORM), id="nu-cong", since="2026-11"))
    await living.renew()
    assert "nu-cong" in hooks.resource(Rules).forms.versions
    assert "nu-cong" not in elsewhere.resource(Rules).forms.versions
    await other.look(database, NOW)
    assert "nu-cong" in elsewhere.resource(Rules).forms.versions
    assert "nu-cong" not in before.find(Rules).forms.versions
    assert elsewhere.resource(Adviser) is adviser


async def test_forms_that_cannot_be_taken_in_leave_those_that_are_known(
    database: Database, hooks: Hooks, living: LivingCatalogue
) -> None:
    await put_form(database, msgspec.structs.replace(get_form(MONTHLY_FORM), id="nu-cong", since="2026-11"))
    await living.start(database)
    async with database.write() as db:
        await db.execute(update(form_versions).values(content='{"id":"nu-cong","of_a_later_program":1}'))
        await forms.withdraw(db, "so-ket-nhiem-ky", NOW.date(), shipped={"so-ket-nhiem-ky"}, by=None, now=NOW)
    await living.look(database, NOW)
    assert "nu-cong" in hooks.resource(Rules).forms.versions
    async with database.read() as db:
        assert [each.is_open for each in await notes.list_all(db) if each.key is notes.NoteKey.FORMS] == [True]
