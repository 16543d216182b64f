"""The seven made forms from their workbook through /baocao, the receipt and totals to Excel, each at its own time."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Asker
from bot.features.forms import entering
from bot.features.forms.entering import FormChangedError, HeldForm
from bot.features.submissions import service as reporting
from bot.features.submissions.sending import Delivered, send
from bot.features.summaries.reports import UnitReport, find_asked, list_asked
from bot.features.summaries.service import read_completeness, read_table
from bot.features.summaries.workbook.words import table_book
from bot.features.summaries.workbook.writing import make_workbook
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services import drafts
from bot.services.drafts import OpenDraft, ReportClosed, open_draft
from bot.services.duties import list_duties
from bot.services.reports import NotAsked
from knowledge.forms import MONTHLY_FORM, QUARTERLY_FORM, get_form, read_book
from knowledge.forms.workbook import FormWorkbookError, WhyFormRefused, write_form
from knowledge.glossary import load_glossary
from knowledge.model.forms import FigureKind, Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import UnitKind
from knowledge.reports import sheet as sheets
from storage import campaigns, forms, units
from storage.engine import Database
from storage.units import Unit
from tests.bot.asking import ZONE
from tests.knowledge.forms.workbook import made
from tests.knowledge.forms.workbook.made import GOOD

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
GLOSSARY = load_glossary()


@dataclass
class Office:
    """Two units of grassroots, one above them, a federation; forms are put in force in one transaction."""

    db: AsyncConnection
    top: Unit
    places: tuple[Unit, ...]

    async def hold(self, content: bytes, now: datetime = NOW) -> HeldForm:
        book = read_book(await forms.list_forms(self.db))
        described = entering.understand(made.sheets_of(content), GLOSSARY, book)
        held = await entering.hold(self.db, described, ("biểu.xlsx", content), by=None, now=now)
        found = await entering.look_at(self.db, held, GLOSSARY, now.astimezone(ZONE).date())
        assert found is not None
        return found

    async def put(self, content: bytes, now: datetime = NOW) -> Form:
        held = await self.hold(content, now)
        since = held.periods[0].period if held.periods else None
        form = (await entering.approve(self.db, held, since, by=None, now=now)).form
        assert form is not None
        return form

    async def asking(self, day: date) -> Asking:
        book = read_book(await forms.list_forms(self.db))
        now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        return Asking(self.db, Asker(9, "Chủ", is_admin=True), 9, now, ZONE, book)

    def owing(self, form: Form) -> Unit:
        return next(unit for unit in self.places if form.period is PeriodKind.CAMPAIGN or form.is_owed_by(unit.kind))


@pytest.fixture
async def office(sqlite_database: Database) -> AsyncIterator[Office]:
    async with sqlite_database.write() as db:
        on = date(2026, 1, 1)
        top = await units.add(db, code="TINH", name="LĐLĐ tỉnh", kind=UnitKind.PROVINCE, registered_on=on)
        above = await units.add(
            db, code="XA", name="Công đoàn xã", kind=UnitKind.COMMUNE, registered_on=on, parent_id=top.id
        )
        own = [
            await units.add(db, code=code, name=f"CĐCS {code}", kind=kind, registered_on=on, parent_id=above.id)
            for code, kind in (("FDI", UnitKind.FOREIGN), ("TRUONG", UnitKind.PUBLIC))
        ]
        yield Office(db, top, (*own, above))


def figure_of(number: int, form: Form, key: str) -> Decimal:
    """Figures that keep the rules: each row lower than the one before, sub-rows small."""
    row = form.get_indicator(key)
    if row.kind is FigureKind.PERCENT:
        return Decimal("92.5")
    return Decimal(3) if row.parent is not None else Decimal(1000 - 10 * number)


async def open_period(office: Office, form: Form) -> tuple[Period, date]:
    """The period that is reported, and a day on which it is open; a campaign is opened."""
    if form.calendar is not None:
        assert form.since is not None
        period = Period.parse(form.since)
        return period, form.calendar.opens.after(period)
    period, day = Period(PeriodKind.CAMPAIGN, 2026, name="Đợt 1"), date(2026, 11, 4)
    await campaigns.open_campaign(
        office.db,
        form=form.id,
        period=period,
        unit_id=office.top.id,
        opens_on=day,
        due_on=day + timedelta(days=9),
        locks_on=day + timedelta(days=39),
        opened_by=None,
        now=NOW,
        kinds=frozenset(UnitKind),
    )
    return period, day


@pytest.mark.parametrize("form_id", GOOD)
async def test_a_made_form_is_asked_for_sent_summed_and_written_like_any_other(office: Office, form_id: str) -> None:
    form = await office.put(GOOD[form_id]())
    period, day = await open_period(office, form)
    asking, unit = await office.asking(day), office.owing(form)
    rules = Rules(forms=asking.forms)

    duties = await list_duties(office.db, rules, day, ahead=timedelta(days=60))
    assert period.code in [duty.key.period for duty in duties if duty.key.form == form.id]
    [due] = [each for each in await reporting.list_due(asking, unit) if each.form.id == form.id]
    assert (due.period, due.is_missing) == (period, True)

    opened = await open_draft(asking, unit, due.form, period)
    assert isinstance(opened, OpenDraft)
    sheet = opened.sheet
    for number, row in enumerate(due.form.asked):
        sheet = sheets.put_figure(due.form, sheet, row.key, figure_of(number, due.form, row.key))
    filled = await drafts.save(asking, opened, sheet)
    assert filled.is_ready
    delivered = await send(asking, filled, carrier=(9, 1), sent_at=asking.now)
    assert isinstance(delivered, Delivered)
    assert delivered.is_new
    assert delivered.submission.figures == due.form.completed(sheet.figures)

    [asked] = [each for each in await list_asked(asking, office.top) if each.form.id == form.id]
    assert await find_asked(asking, asked.ref) == asked
    report = UnitReport(asking, rules, office.top, asked)
    assert (await read_completeness(report)).received == 1
    written = make_workbook(table_book(await read_table(report), today=day, zone=ZONE))
    table = load_workbook(io.BytesIO(written), data_only=True).worksheets[0]
    shown = {row[0]: row for row in table.values if isinstance(row[0], str)}
    for row in due.form.indicators:
        if not row.heading and row.kind is not FigureKind.PERCENT:
            figure = delivered.submission.figures[row.key]
            assert figure in [Decimal(str(cell)) for cell in shown[row.key] if isinstance(cell, int | float)], row.key


async def test_units_owe_it_from_its_first_period_on_only(office: Office) -> None:
    form = await office.put(made.women_monthly())
    unit = office.owing(form)
    asking = await office.asking(date(2026, 11, 26))
    dues = [each for each in await reporting.list_due(asking, unit) if each.form.id == form.id]
    assert [each.period.code for each in dues] == ["2026-10", "2026-11"]
    assert isinstance(await open_draft(asking, unit, form, Period.month(2026, 9)), NotAsked)
    rules = Rules(forms=asking.forms)
    duties = await list_duties(office.db, rules, date(2026, 11, 26), behind=timedelta(days=200))
    assert {duty.key.period for duty in duties if duty.key.form == form.id} == {"2026-10", "2026-11"}


async def test_a_new_version_keeps_the_reports_of_the_one_before_readable(office: Office) -> None:
    head = [*made.HEAD, ["Áp dụng từ kỳ", "tháng 10/2026"]]
    old = await office.put(made.simple(made.COLUMNS, [1, "Lao động", "người"], [2, "Cuộc họp", "cuộc"], head=head))
    unit, october = office.owing(old), Period.month(2026, 10)
    asking = await office.asking(date(2026, 10, 28))
    opened = await open_draft(asking, unit, old, october)
    assert isinstance(opened, OpenDraft)
    sheet = sheets.put_figure(old, sheets.put_figure(old, opened.sheet, "i1", Decimal(50)), "i2", Decimal(4))
    filled = await drafts.save(asking, opened, sheet)
    sent = await send(asking, filled, carrier=(9, 1), sent_at=asking.now)
    assert isinstance(sent, Delivered)

    held = await office.hold(made.simple(made.COLUMNS, [1, "Lao động", "người"], [2, "Đối thoại", "cuộc"], head=head))
    assert [row.name for row in held.dropped] == ["Cuộc họp"]
    assert [each.period.code for each in held.periods] == ["2026-11"], "October was reported by the version before"
    with pytest.raises(FormChangedError):
        await entering.approve(office.db, held, october, by=None, now=NOW)
    new = (await entering.approve(office.db, held, Period.month(2026, 11), by=None, now=NOW)).form
    assert new is not None
    assert [row.key for row in new.indicators] == ["i1", "i2_v2"]

    asking = await office.asking(date(2026, 11, 26))
    assert [row.name for row in asking.forms.get(old.id, october).indicators] == ["Lao động", "Cuộc họp"]
    [asked] = [each for each in await list_asked(asking, office.top) if each.form.id == old.id]
    before = await find_asked(asking, replace(asked.ref, period=october))
    assert before is not None
    table = await read_table(UnitReport(asking, Rules(forms=asking.forms), office.top, before))
    assert [each.totals.figures for each in table.columns if each.totals] == [{"i1": 50, "i2": 4}]
    dues = [each for each in await reporting.list_due(asking, unit) if each.form.id == old.id]
    assert [(each.period.code, each.form.find_indicator("i2") is not None) for each in dues] == [
        ("2026-10", True),
        ("2026-11", False),
    ]


async def test_a_campaign_form_gets_a_later_one_and_its_campaigns_go_on(office: Office) -> None:
    first = await office.put(made.housing_campaign())
    period, day = await open_period(office, first)
    second = await office.put(made.housing_campaign())
    assert (first.id, second.id) == ("khao-sat-nha-o", "khao-sat-nha-o-2")
    asking = await office.asking(day)
    assert second in asking.forms.for_campaigns
    assert first.id not in [form.id for form in asking.forms.for_campaigns]
    assert isinstance(await open_draft(asking, office.owing(first), first, period), OpenDraft)


async def test_a_withdrawn_form_is_asked_for_by_nobody_at_once(office: Office) -> None:
    form = await office.put(made.women_monthly())
    unit, october = office.owing(form), Period.month(2026, 10)
    day = date(2026, 11, 4)
    await entering.withdraw(office.db, form.id, day, by=None, now=NOW)
    asking = await office.asking(day)
    assert form.id not in [due.form.id for due in await reporting.list_due(asking, unit)]
    assert form.id not in [each.form.id for each in await list_asked(asking, office.top)]
    assert isinstance(await open_draft(asking, unit, asking.forms.get(form.id), october), ReportClosed)
    duties = await list_duties(office.db, Rules(forms=asking.forms), day)
    assert form.id not in [duty.key.form for duty in duties]
    with pytest.raises(FormChangedError):
        await entering.withdraw(office.db, form.id, day, by=None, now=NOW)
    await entering.restore(office.db, form.id, by=None, now=NOW)
    asking = await office.asking(day)
    assert form.id in [due.form.id for due in await reporting.list_due(asking, unit)]


async def test_the_form_that_the_program_is_built_on_is_not_replaced_by_a_workbook(office: Office) -> None:
    with pytest.raises(FormWorkbookError) as refused:
        await office.hold(write_form(get_form(MONTHLY_FORM), GLOSSARY))
    assert [each.why for each in refused.value.refusals] == [WhyFormRefused.KEPT]


async def test_a_version_of_the_quarterly_form_keeps_its_keys_and_counts_units_as_before(office: Office) -> None:
    quarterly = get_form(QUARTERLY_FORM)
    form = await office.put(write_form(quarterly, GLOSSARY))
    assert (form.id, form.since) == (QUARTERLY_FORM, "2026-Q4")
    assert form.indicators == quarterly.indicators
    assert form.measures == quarterly.measures
    asking = await office.asking(date(2027, 1, 4))
    assert asking.forms.get(QUARTERLY_FORM).rules == quarterly.rules


async def test_the_monthly_form_is_not_withdrawn(office: Office) -> None:
    with pytest.raises(FormChangedError):
        await entering.withdraw(office.db, "doan-vien-thang", date(2026, 11, 3), by=None, now=NOW)


async def test_a_first_period_that_was_due_already_is_told(office: Office) -> None:
    held = await office.hold(made.women_monthly(), datetime(2026, 11, 20, 2, tzinfo=UTC))
    assert [(each.period.code, each.late) for each in held.periods] == [("2026-10", 1), ("2026-11", 0)]
    assert held.periods[0].owing == 2


async def test_what_is_held_is_known_by_its_workbook(office: Office) -> None:
    held = await office.hold(made.women_monthly())
    assert await entering.find_held(office.db, held.version, held.mark) is not None
    assert await entering.find_held(office.db, held.version, "00000000") is None
    again = await office.hold(made.simple(made.COLUMNS, [1, "Lao động", "người"]))
    assert await entering.find_held(office.db, again.version, held.mark) is None
    await entering.discard(office.db, held.version, by=None, now=NOW)
    with pytest.raises(FormChangedError):
        await entering.approve(office.db, held, held.periods[0].period, by=None, now=NOW)
