"""Reports, drafts, dialogs, requests, campaigns, audit: each thing once, every version kept."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import get_form
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from storage import audit, campaigns, dialogs, drafts, people, requests, submissions, units
from storage.engine import Database
from storage.requests import RequestKind, RequestState
from storage.submissions import State, from_stored, to_stored
from tests.examples import examples
from tests.storage.places import plant

FORM = "doan-vien-thang"
OCTOBER = Period.month(2026, 10)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIGURES = {"workers": Decimal(1320), "members": Decimal(1250), "admitted": Decimal(12), "lost": Decimal(3)}


async def send(db: AsyncConnection, unit_id: int, now: datetime, **changes: Any) -> submissions.Recorded:
    fields: dict[str, Any] = {
        "unit_id": unit_id,
        "form": FORM,
        "period": OCTOBER,
        "figures": FIGURES,
        "sent_at": now,
        "sent_by": None,
        "on_time": True,
    }
    return await submissions.record(db, **{**fields, **changes})


@settings(deadline=None, max_examples=examples(200))
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False, allow_infinity=False))
def test_figures_come_back_as_they_went(figure: Decimal) -> None:
    assert from_stored(to_stored(figure)) == figure


@pytest.mark.parametrize("figure", ["0.0001", "1e20", "NaN", "Infinity"])
def test_a_figure_that_cannot_be_kept_exactly_is_refused(figure: str) -> None:
    with pytest.raises(ValueError, match="figure"):
        to_stored(Decimal(figure))


async def test_every_version_is_kept_and_one_stands(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        first = await send(db, unit.id, now, carrier=(7, 1), reasons={"carry-over": "đối chiếu lại"})
        later = now + timedelta(days=40)
        second = await send(
            db, unit.id, later, figures={**FIGURES, "lost": Decimal("2")}, on_time=False, carrier=(7, 9)
        )
        assert (first.is_new, second.is_new) == (True, True)
        assert [each.version for each in await submissions.list_versions(db, unit.id, FORM, OCTOBER)] == [1, 2]
        current = await submissions.find_current(db, unit.id, FORM, OCTOBER)
        assert current is not None
        assert (current.version, current.figures["lost"]) == (2, Decimal(2))
        assert (current.on_time, current.first_sent_at, current.sent_at) == (True, now, later)
        old = await submissions.find_submission(db, first.submission.id)
        assert old is not None
        assert (old.is_current, old.figures, old.reasons) == (False, FIGURES, {"carry-over": "đối chiếu lại"})


async def test_the_same_message_and_the_same_report_count_once(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        first = await send(db, unit.id, now, carrier=(7, 1))
        again = await send(db, unit.id, now, carrier=(7, 1), figures={"workers": Decimal(1)})
        same = await send(db, unit.id, now, carrier=(7, 2))
        assert (again.is_new, same.is_new) == (False, False)
        assert again.submission == same.submission == first.submission


async def test_a_new_bot_that_counts_messages_anew_loses_no_report(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        await send(db, unit.id, now, carrier=(7, 1))
        september = OCTOBER.shifted(-1)
        other = await send(db, unit.id, now + timedelta(days=9), period=september, carrier=(7, 1))
        assert other.is_new
        assert await submissions.find_current(db, unit.id, FORM, september) is not None


async def test_a_zero_that_was_confirmed_differs_from_a_figure_not_given(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        await send(db, unit.id, now, figures={"admitted": Decimal(0)}, no_change=True)
        current = await submissions.find_current(db, unit.id, FORM, OCTOBER)
        assert current is not None
        assert current.figures == {"admitted": 0}
        assert current.no_change


async def test_what_was_sent_back_can_be_sent_again_unchanged(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        first = (await send(db, unit.id, now)).submission
        returned = await submissions.send_back(db, first.id, remark="xem lại số giảm", returned_by=None, now=now)
        assert returned is not None
        assert (returned.state, returned.remark) == (State.RETURNED, "xem lại số giảm")
        assert await submissions.send_back(db, first.id, remark="lần nữa", returned_by=None, now=now) is None
        again = await send(db, unit.id, now + timedelta(hours=1))
        assert again.is_new
        assert again.submission.state is State.SENT
        assert await submissions.send_back(db, first.id, remark="bản cũ", returned_by=None, now=now) is None


async def test_two_officers_who_send_at_once_leave_two_versions_and_one_that_stands(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]

    async def one(number: int) -> None:
        async with database.write() as db:
            await send(db, unit.id, now, figures={"workers": Decimal(number)}, carrier=(number, 1))

    await asyncio.gather(*(one(number) for number in range(6)))
    async with database.read() as db:
        found = await submissions.list_versions(db, unit.id, FORM, OCTOBER)
        assert [each.version for each in found] == [1, 2, 3, 4, 5, 6]
        assert [each.is_current for each in found] == [False] * 5 + [True]
        assert len(await submissions.list_current(db, [unit.id], form=FORM, period=OCTOBER)) == 1


async def test_the_period_before_is_found_across_the_year(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        await send(db, unit.id, now, period=Period.month(2025, 12))
        found = await submissions.find_previous(db, unit.id, FORM, Period.month(2026, 1))
        assert found is not None
        assert found.figures == FIGURES
        assert await submissions.find_previous(db, unit.id, FORM, Period.month(2026, 2)) is None
        campaign = Period(PeriodKind.CAMPAIGN, 2026, name="so-ket")
        assert await submissions.find_previous(db, unit.id, "so-ket-nhiem-ky", campaign) is None
        asked = [(FORM, Period.month(2026, 1), unit.id), (FORM, Period.month(2026, 2), unit.id)]
        before = await submissions.list_before(db, [*asked, ("so-ket-nhiem-ky", campaign, unit.id)])
        assert before == {asked[0]: found}


async def test_a_draft_belongs_to_the_unit_and_a_stale_step_is_told(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        hoa = await drafts.begin(db, unit.id, FORM, OCTOBER, {"at": "workers"}, by=None, now=now)
        binh = await drafts.begin(db, unit.id, FORM, OCTOBER, {"at": "elsewhere"}, by=None, now=now)
        assert hoa == binh
        saved = await drafts.save(db, hoa, {"at": "members"}, by=None, now=now)
        assert saved is not None
        assert await drafts.save(db, binh, {"at": "lost"}, by=None, now=now) is None
        assert (await drafts.list_drafts(db, [unit.id])) == [saved]
        await dialogs.open_dialog(db, 7, "report", {"x": 1}, now, draft_id=saved.id)
        await dialogs.open_dialog(db, 7, "report", {"x": 2}, now, draft_id=saved.id)
        assert await drafts.drop(db, saved.id)
        assert not await drafts.drop(db, saved.id)
        open_one = await dialogs.find_dialog(db, 7)
        assert open_one is not None
        assert (open_one.draft_id, open_one.state) == (None, {"x": 2})
        assert await dialogs.find_dialog(db, 7, feature="units") is None
        assert not await dialogs.close_dialog(db, 7, feature="units")
        assert await dialogs.close_dialog(db, 7)


async def test_due_date_and_timeliness_follow_an_extension(database: Database, now: datetime) -> None:
    form = get_form(FORM)
    async with database.write() as db:
        unit = (await plant(db))["CS1"]
        assert (await requests.get_dates(db, unit.id, form, OCTOBER))[0] == date(2026, 11, 5)
        assert (await requests.get_dates(db, unit.id, form, OCTOBER))[1] == date(2026, 11, 30)
        late = datetime(2026, 11, 6, 1, tzinfo=ZONE)
        await send(db, unit.id, late, on_time=not requests.is_late(late, date(2026, 11, 5), ZONE))
        before = await submissions.find_current(db, unit.id, FORM, OCTOBER)
        assert before is not None
        assert not before.on_time
        ask: dict[str, Any] = {"unit_id": unit.id, "form": FORM, "period": OCTOBER, "asked_by": None, "now": now}
        request, is_new = await requests.ask(db, kind=RequestKind.EXTENSION, reason="mất điện", **ask)
        same, again = await requests.ask(db, kind=RequestKind.EXTENSION, reason="lần hai", **ask)
        assert (is_new, again, same) == (True, False, request)
        granted = await requests.decide(
            db, request.id, approved=True, by=None, now=now, zone=ZONE, new_due_on=date(2026, 11, 10)
        )
        assert granted is not None
        assert granted.state is RequestState.APPROVED
        assert await requests.decide(db, request.id, approved=False, by=None, now=now, zone=ZONE) is None
        assert (await requests.get_dates(db, unit.id, form, OCTOBER))[0] == date(2026, 11, 10)
        after = await submissions.find_current(db, unit.id, FORM, OCTOBER)
        assert after is not None
        assert after.on_time


async def test_a_lock_follows_a_reopening_and_a_refusal_changes_nothing(database: Database, now: datetime) -> None:
    form = get_form(FORM)
    async with database.write() as db:
        tree = await plant(db)
        ask: dict[str, Any] = {"form": FORM, "period": OCTOBER, "asked_by": None, "now": now, "reason": "nhầm số"}
        granted, _ = await requests.ask(db, kind=RequestKind.REOPEN, unit_id=tree["CS1"].id, **ask)
        refused, _ = await requests.ask(db, kind=RequestKind.REOPEN, unit_id=tree["CS4"].id, **ask)
        assert [each.id for each in await requests.list_open(db, tree["HCM"])] == [granted.id]
        until = date(2026, 12, 20)
        await requests.decide(db, granted.id, approved=True, by=None, now=now, zone=ZONE, new_locks_on=until)
        await requests.decide(db, refused.id, approved=False, by=None, now=now, zone=ZONE, new_locks_on=until)
        assert (await requests.get_dates(db, tree["CS1"].id, form, OCTOBER))[1] == until
        assert (await requests.get_dates(db, tree["CS4"].id, form, OCTOBER))[1] == date(2026, 11, 30)
        assert set(await requests.list_granted(db, FORM, OCTOBER, within=tree["TLD"])) == {tree["CS1"].id}
        assert not await requests.withdraw(db, granted.id, now)


async def test_a_campaign_asks_a_subtree_with_its_own_dates(database: Database, now: datetime) -> None:
    period = Period(PeriodKind.CAMPAIGN, 2026, name="so-ket")
    form = get_form("so-ket-nhiem-ky")
    async with database.write() as db:
        tree = await plant(db)
        with pytest.raises(LookupError):
            await requests.get_dates(db, tree["CS1"].id, form, period)
        fields: dict[str, Any] = {
            "form": form.id,
            "period": period,
            "unit_id": tree["HCM"].id,
            "opens_on": date(2026, 11, 1),
            "due_on": date(2026, 12, 15),
            "locks_on": date(2026, 12, 31),
            "opened_by": None,
            "now": now,
        }
        opened = await campaigns.open_campaign(db, **fields)
        assert await campaigns.open_campaign(db, **fields) == opened
        assert await campaigns.find_campaign_of_id(db, opened.id) == opened
        for unknown in (0, opened.id + 1, 2**63 - 1, 2**63):
            assert await campaigns.find_campaign_of_id(db, unknown) is None
        assert (await requests.get_dates(db, tree["CS1"].id, form, period))[0] == date(2026, 12, 15)
        today = date(2026, 11, 3)
        assert await campaigns.list_for_unit(db, tree["CS1"], open_on=today) == [opened]
        assert await campaigns.list_for_unit(db, tree["X1"], open_on=today) == []
        assert await campaigns.list_for_unit(db, tree["CS4"], open_on=today) == []
        assert await campaigns.list_campaigns(db, open_on=date(2026, 10, 31)) == []
        assert await campaigns.close_campaign(db, opened.id, now)
        assert await campaigns.list_campaigns(db, open_on=today) == []
        with pytest.raises(ValueError, match="campaign"):
            await campaigns.open_campaign(db, **{**fields, "due_on": date(2026, 10, 1)})


async def test_the_audit_is_read_by_subtree_the_latest_first(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        person = await people.ensure(db, 7, "Hoa", now)
        for code in ("CS1", "CS4", "CS2"):
            await audit.note(db, "x", now, by=person.id, unit_id=tree[code].id, details={"figure": Decimal(3)})
        await audit.note(db, "all", now, by=None)
        found = await audit.list_entries(db, within=tree["HCM"])
        assert [entry.unit_id for entry in found] == [tree["CS2"].id, tree["CS1"].id]
        assert len(await audit.list_entries(db)) == 4
        assert [entry.unit_id for entry in await audit.list_entries(db, within=tree["HCM"], before_id=found[0].id)] == [
            tree["CS1"].id
        ]


async def test_what_a_moved_or_dissolved_unit_sent_stays(database: Database, now: datetime) -> None:
    async with database.write() as db:
        tree = await plant(db)
        await send(db, tree["CS1"].id, now)
        await units.move(db, tree["CS1"].id, tree["QT"].id)
        await units.dissolve(db, tree["CS1"].id, date(2026, 11, 3))
        assert await submissions.find_current(db, tree["CS1"].id, FORM, OCTOBER) is not None
        assert UnitKind.FOREIGN is (await units.get_unit(db, tree["CS1"].id)).kind
