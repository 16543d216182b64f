"""The demo's sample: its figures hold together, and its people are those of the chat page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import world
from bot.terminal import sample
from knowledge.forms import check_report, get_form
from knowledge.model.forms import last_opened
from storage import people, shares, submissions, units
from storage.engine import Database

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 3, 2, tzinfo=UTC),
        datetime(2026, 11, 24, 23, tzinfo=UTC),
        datetime(2027, 1, 1, 1, tzinfo=UTC),
        datetime(2028, 2, 29, 10, tzinfo=UTC),
    ],
    ids=str,
)
async def test_the_samples_figures_hold_together(sqlite_database: Database, now: datetime) -> None:
    form = get_form(sample.FORM)
    async with sqlite_database.write() as db:
        await sample.seed(db, now, ZONE)
        latest = last_opened(form, now.astimezone(ZONE).date())
        missing = []
        for unit in await units.list_all(db):
            if not unit.kind.is_grassroots:
                continue
            for back in range(sample.MONTHS):
                period = latest.shifted(-back)
                sent = await submissions.find_current(db, unit.id, form.id, period)
                before = await submissions.find_previous(db, unit.id, form.id, period)
                if sent is None:
                    assert period == latest
                    missing.append(unit.code)
                    continue
                assert check_report(form, sent.figures, before.figures if before else None) == ()
                assert sent.sent_at <= now
        assert 3 <= len(missing) <= 8
        played = {person.id: await people.find_by_phone(db, person.phone) for person in world.PEOPLE}
        joined = {telegram_id for telegram_id, person in played.items() if person is not None and person.has_joined}
        assert joined == {world.ADMIN.id, world.SUPERVISOR.id, world.OFFICER_HOA.id, world.OFFICER_BINH.id}
        assert played[world.OFFICER_LAN.id] is not None
        assert played[world.GUEST.id] is None


@pytest.mark.parametrize("now", [datetime(2026, 11, 3, 2, tzinfo=UTC), datetime(2028, 2, 29, 10, tzinfo=UTC)], ids=str)
async def test_shares_of_the_year_are_handed_down_to_the_zones_units(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        await sample.seed(db, now, ZONE)
        await sample.hand_down(db, now, ZONE)
        city, park, may = [await units.find_unit(db, code) for code in ("HCM", "HCM-TP", "TP-001")]
        assert city and park and may
        [goal] = await shares.list_goals(db, city.id, now.year)
        given = await shares.list_given(db, goal.id, park.id)
        [own] = await shares.list_goals_of(db, park, now.year)
        assert sum(each.value or 0 for each in given) >= (own.share.value or 0)
        assert [held.goal for held in await shares.list_goals_of(db, may, now.year)] == [goal]


@pytest.mark.parametrize(
    ("now", "quarters"),
    [
        (datetime(2026, 11, 3, 2, tzinfo=UTC), 0),
        (datetime(2027, 1, 20, tzinfo=UTC), 1),
        (datetime(2028, 2, 29, tzinfo=UTC), 2),
    ],
    ids=str,
)
async def test_quarterly_reports_begin_with_the_form_and_hold_together(
    sqlite_database: Database, now: datetime, quarters: int
) -> None:
    form = get_form(sample.QUARTERLY)
    async with sqlite_database.write() as db:
        await sample.seed(db, now, ZONE)
        await sample.fill_quarters(db, now, ZONE)
        latest = last_opened(form, now.astimezone(ZONE).date())
        sent = 0
        for unit in await units.list_all(db):
            for back in range(4):
                found = await submissions.find_current(db, unit.id, form.id, latest.shifted(-back))
                if found is not None:
                    sent += 1
                    assert check_report(form.asked_of(unit.kind), found.figures, None) == ()
                    assert found.sent_at <= now
        grassroots = sum(each.kind.is_grassroots for each in sample.SAMPLES)
        assert (sent > 0) is (quarters > 0)
        assert sent <= quarters * grassroots
