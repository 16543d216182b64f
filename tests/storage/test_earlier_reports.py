"""Figures of earlier times: kept once, never in the place of a real report."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from knowledge.model.periods import Period
from storage import submissions
from storage.earlier_reports import bring_in
from storage.engine import Database
from tests.storage.places import plant
from tests.storage.test_submissions import FIGURES, FORM, OCTOBER, send

SEPTEMBER = Period.month(2026, 9)


async def test_the_same_figures_again_change_nothing_and_others_take_their_place(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        places = await plant(db)
        one, other = (places["CS1"].id, SEPTEMBER), (places["CS2"].id, OCTOBER)
        first = await bring_in(db, FORM, {one: FIGURES, other: {"members": Decimal("7.5")}}, now, by=None)
        again = await bring_in(db, FORM, {one: FIGURES}, now + timedelta(days=1), by=None)
        changed = await bring_in(db, FORM, {one: {"members": Decimal(8)}}, now, by=None)
        versions = await submissions.list_versions(db, places["CS1"].id, FORM, SEPTEMBER)
        kept = await submissions.find_current(db, places["CS2"].id, FORM, OCTOBER)
    assert (set(first.new), again.same, changed.changed) == ({one, other}, (one,), (one,))
    assert [(each.version, each.is_current, each.brought_in) for each in versions] == [
        (1, False, True),
        (2, True, True),
    ]
    assert versions[0].figures == FIGURES
    assert kept is not None
    assert kept.figures == {"members": Decimal("7.5")}


async def test_a_real_report_stays_and_takes_the_place_of_the_same_figures(database: Database, now: datetime) -> None:
    async with database.write() as db:
        unit = (await plant(db))["CS1"].id
        await bring_in(db, FORM, {(unit, OCTOBER): FIGURES}, now, by=None)
        later = now + timedelta(days=3)
        real = await send(db, unit, later, on_time=False)
        found = await bring_in(db, FORM, {(unit, OCTOBER): {"members": Decimal(1)}}, later, by=None)
        stands = await submissions.find_current(db, unit, FORM, OCTOBER)
    assert real.is_new
    assert (real.submission.on_time, real.submission.first_sent_at) == (False, later)
    assert found.real == ((unit, OCTOBER),)
    assert stands == real.submission


async def test_a_figure_that_cannot_be_kept_exactly_is_refused(sqlite_database: Database, now: datetime) -> None:
    async with sqlite_database.write() as db:
        unit = (await plant(db))["CS1"].id
        with pytest.raises(ValueError, match="decimals"):
            await bring_in(db, FORM, {(unit, OCTOBER): {"members": Decimal("0.0001")}}, now, by=None)
