"""Members by the latest reports, summed over units with all below them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from knowledge.forms import MONTHLY_FORM
from knowledge.model.periods import Period, list_periods
from storage import member_counts, submissions, units
from storage.engine import Database
from tests.monthly import monthly_figures
from tests.storage.places import plant

OCTOBER, SEPTEMBER = Period.month(2026, 10), Period.month(2026, 9)


async def test_each_unit_counts_by_its_latest_report_and_one_that_is_no_more_does_not(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        tree = await plant(db)
        for code, period, members in (
            ("CS1", SEPTEMBER, 90),
            ("CS1", OCTOBER, 100),
            ("CS2", SEPTEMBER, 40),
            ("CS3", OCTOBER, 7),
            ("CS4", Period.month(2025, 1), 99),
        ):
            await submissions.record(
                db,
                unit_id=tree[code].id,
                form=MONTHLY_FORM,
                period=period,
                figures=monthly_figures(members + 10, members),
                sent_at=now,
                sent_by=None,
                on_time=True,
            )
        among = [tree[code] for code in ("X1", "CS3", "QT", "CS1")]
        periods = list_periods(OCTOBER)

        async def count() -> dict[int, Decimal]:
            return await member_counts.count_by_unit(
                db, among, MONTHLY_FORM, "members", periods, alive_on=date(2026, 11, 3)
            )

        assert await count() == {tree["X1"].id: 140, tree["CS3"].id: 7, tree["CS1"].id: 100}
        await units.dissolve(db, tree["CS1"].id, date(2026, 11, 1))
        assert await count() == {tree["X1"].id: 40, tree["CS3"].id: 7}
