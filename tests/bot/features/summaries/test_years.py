"""What a year came to, by plain values, and read from the database on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.features.summaries import year_end, years
from bot.features.summaries.words import year_end as words
from bot.features.summaries.years import Ends, GivenTotal, Moves
from bot.road.turn import Hooks
from bot.rules import Rules
from knowledge.calendar.working_days import vietnam_working_days
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Movement
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import errands, people, reminders, submissions, units
from storage.engine import Database
from storage.people import RoleName
from storage.reminders import Preferences
from storage.submissions import State, Submission
from storage.summaries import Completeness, LikeForLike, Totals
from storage.units import Unit
from tests.monthly import monthly_figures

FORM = get_form(MONTHLY_FORM)
LEVEL, CAME, WENT = (FORM.get_indicator(key) for key in ("members", "admitted", "lost"))
ROWS = Movement(LEVEL, CAME, WENT)
DECEMBER = Period.month(2026, 12)
NOW = datetime(2027, 1, 6, 2, tzinfo=UTC)


def unit(**changes: object) -> Unit:
    made = Unit(2, "MAY", "CĐCS May", UnitKind.PRIVATE, 1, None, "/1/2/", date(2020, 1, 1), None, None)
    return replace(made, **changes)  # type: ignore[arg-type]


def sent(period: Period, members: int, admitted: int = 0, lost: int = 0, *, on_time: bool = True) -> Submission:
    figures = monthly_figures(2_000, members, admitted, lost)
    return Submission(
        1, 2, FORM.id, period, 1, figures, False, {}, NOW, NOW, None, False, on_time=on_time, state=State.SENT
    )


def own(*reports: Submission, **changes: object) -> years.OwnYear:
    return years.sum_up_own(FORM, ROWS, unit(**changes), 2026, {each.period: each for each in reports})


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 5), None),
        (date(2027, 1, 6), 2026),
        (date(2027, 1, 8), 2026),
        (date(2027, 1, 9), None),
        (date(2027, 1, 11), None),
        # The 5th of January 2029 is a Friday: Monday is the first working day after it.
        (date(2029, 1, 6), None),
        (date(2029, 1, 8), 2028),
    ],
)
def test_the_year_is_told_on_the_first_working_days_after_the_due_date(today: date, year: int | None) -> None:
    assert year_end.find_year(vietnam_working_days(), today) == year


def test_a_unit_of_the_middle_of_the_year_is_asked_for_its_own_months_only() -> None:
    found = own(
        sent(Period.month(2026, 7), 90, 5, 1, on_time=False), sent(DECEMBER, 99), registered_on=date(2026, 7, 3)
    )
    assert found.count == Completeness(6, 2, 1)
    assert found.moves == Moves(Decimal(5), Decimal(1), 2)
    assert found.ends == Ends(GivenTotal(Period.month(2026, 7), Decimal(90)), GivenTotal(DECEMBER, Decimal(99)))


def test_the_december_before_begins_the_year_and_is_not_counted_in_it() -> None:
    found = own(sent(Period.month(2025, 12), 80, 7, 7), sent(Period.month(2026, 11), 88, 9, 1))
    assert found.count == Completeness(12, 1, 1)
    assert found.moves == Moves(Decimal(9), Decimal(1), 1)
    assert found.ends == Ends(
        GivenTotal(Period.month(2025, 12), Decimal(80)), GivenTotal(Period.month(2026, 11), Decimal(88))
    )
    assert own(sent(DECEMBER, 99)).ends is None


def test_a_full_year_is_said_to_be_full_and_needs_no_count_of_reports() -> None:
    text = words.own_year(own(*(sent(month, 100, 1) for month in years.list_months(2026))), FORM, "Hoa <b>").text
    assert "Đã gửi đủ <b>12/12</b> báo cáo tháng, tất cả đúng hạn." in text
    assert "(tháng 01/2026) → <b>100</b> (tháng 12/2026), không đổi" in text
    assert "kết nạp mới <b>12</b>, giảm <b>0</b>" in text
    assert "cộng từ" not in text
    assert "anh/chị Hoa &lt;b&gt; đã" in text


def test_pairs_in_which_some_unit_gave_no_figure_are_not_compared() -> None:
    def totals(came: int, went: int, given: int) -> Totals:
        return Totals({"admitted": Decimal(came), "lost": Decimal(went)}, {"admitted": given, "lost": given})

    whole = LikeForLike(2, totals(10, 1, 2), totals(7, 2, 2))
    gap = LikeForLike(2, totals(50, 5, 2), totals(70, 9, 1))
    expected = (Moves(Decimal(20), Decimal(2), 4), Moves(Decimal(14), Decimal(4), 4))
    assert years.add_alike(ROWS, [whole, gap, whole]) == expected
    assert years.add_alike(ROWS, [gap]) == (None, None)


@pytest.mark.both_engines
async def test_the_year_below_is_summed_and_compared_like_for_like(database: Database) -> None:
    november, before = Period.month(2026, 11), Period.month(2025, 12)
    async with database.write() as db:
        on = date(2025, 6, 1)
        top = await units.add(db, code="T", name="CĐ khu", kind=UnitKind.UPPER, registered_on=on)
        await units.add(db, code="X", name="CĐ khác", kind=UnitKind.UPPER, registered_on=on)
        a, b, c = [
            await units.add(db, code=code, name=code, kind=UnitKind.PRIVATE, registered_on=on, parent_id=top.id)
            for code in "ABC"
        ]

        async def report(of: Unit, period: Period, members: int, admitted: int, lost: int) -> Submission:
            recorded = await submissions.record(
                db,
                unit_id=of.id,
                form=FORM.id,
                period=period,
                figures=monthly_figures(2_000, members, admitted, lost),
                sent_at=NOW - timedelta(days=2),
                sent_by=None,
                on_time=of.id != b.id,
            )
            return recorded.submission

        await report(a, before, 100, 4, 0)
        await report(a, november, 110, 12, 2)
        await report(a, DECEMBER, 115, 5, 0)
        await report(b, november, 50, 1, 1)
        await report(c, before, 900, 9, 9)
        found = await years.read_below(db, FORM, ROWS, top, 2026)
        alone = await years.read_own(db, FORM, ROWS, a, 2026)
    assert found.count == Completeness(36, 3, 2)
    assert found.moves == Moves(Decimal(18), Decimal(3), 3)
    assert found.level.figures["members"] == 165
    assert (found.level.units, found.level.older) == (2, 1)
    assert found.ends == Ends(GivenTotal(before, Decimal(100)), GivenTotal(DECEMBER, Decimal(115)), 1)
    assert found.alike == Moves(Decimal(5), Decimal(0), 1)
    assert found.alike_before == Moves(Decimal(4), Decimal(0), 1)
    assert (alone.count, alone.moves) == (Completeness(12, 2, 2), Moves(Decimal(17), Decimal(2), 2))


@pytest.mark.both_engines
async def test_it_is_for_officers_of_units_that_report_and_supervisors_who_did_not_mute(database: Database) -> None:
    async with database.write() as db:
        on = date(2020, 1, 1)
        top = await units.add(db, code="T", name="CĐ khu", kind=UnitKind.UPPER, registered_on=on)
        may = await units.add(db, code="A", name="A", kind=UnitKind.PRIVATE, registered_on=on, parent_id=top.id)
        gone = await units.add(db, code="B", name="B", kind=UnitKind.PRIVATE, registered_on=on, parent_id=top.id)
        made = {}
        for number, (name, of, role) in enumerate(
            [
                ("officer", may, RoleName.OFFICER),
                ("muted", may, RoleName.OFFICER),
                ("heard again", may, RoleName.OFFICER),
                ("of a dissolved unit", gone, RoleName.OFFICER),
                ("of a unit that sends nothing", top, RoleName.OFFICER),
                ("boss", top, RoleName.SUPERVISOR),
            ]
        ):
            person = await people.add(db, name, NOW, telegram_id=100 + number)
            await people.grant(db, person.id, of.id, role, NOW)
            made[person.id] = name
            if name in {"muted", "heard again"}:
                until = NOW + timedelta(days=9 if name == "muted" else -1)
                await reminders.keep_preferences(db, person.id, Preferences(muted_until=until), NOW)
        await units.dissolve(db, gone.id, date(2027, 1, 3))
        found = await year_end.list_letters(db, 2026, date(2027, 1, 6), NOW)
    told = {(made[each.person_id], each.unit_id) for each in found}
    assert told == {("officer", may.id), ("heard again", may.id), ("boss", top.id)}
    assert len({each.key for each in found}) == len(found) == 3


@pytest.mark.both_engines
async def test_two_processes_and_one_begun_anew_ask_for_it_once(database: Database) -> None:
    async with database.write() as db:
        may = await units.add(db, code="A", name="A", kind=UnitKind.PRIVATE, registered_on=date(2020, 1, 1))
        person = await people.add(db, "Hoa", NOW, telegram_id=100)
        await people.grant(db, person.id, may.id, RoleName.OFFICER, NOW)
    hooks = Hooks()
    hooks.provide(Rules())
    one, two, later = (year_end.make_year_ends(hooks) for _ in range(3))
    await asyncio.gather(one(database, NOW), two(database, NOW))
    async with database.write() as db:
        [taken] = await errands.claim(db, NOW, most=9)
        assert (taken.kind, taken.details) == ("year-end", {"unit": may.id, "year": 2026})
        await errands.finish(db, taken.id, NOW)
    for tick in (one, later):
        await tick(database, NOW + timedelta(days=1))
    async with database.write() as db:
        assert not await errands.claim(db, NOW + timedelta(days=1), most=9)
