"""Totals, digest, reminders and report dialog agree on who owes what, whatever becomes of a unit or a campaign."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Asker
from bot.features.reminders.digests import read_digest
from bot.features.submissions import service as reporting
from bot.features.summaries.missing import nudge_missing, nudge_one, read_missing
from bot.features.summaries.reports import AskedReport, UnitReport
from bot.features.summaries.service import read_completeness, read_table
from bot.features.summaries.words import missing as summary_words
from bot.features.summaries.workbook.words import table_book
from bot.hands.asking import Asking
from bot.road.reply import to_plain
from bot.rules import Rules
from bot.services.drafts import OpenDraft, ReportClosed, find_opened, open_draft
from bot.services.duties import find_duties, list_duties
from bot.services.officer_records import read_officer_records
from bot.services.reports import NotAsked
from knowledge.forms import get_form, load_book
from knowledge.model.periods import Period, PeriodKind
from storage import campaigns, submissions, units
from storage.campaigns import Campaign
from storage.engine import Database
from storage.units import Unit
from tests.e2e.reminders_tree import HUNG, Tree, at, plant, submit

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FORM = get_form("so-ket-nhiem-ky")
PERIOD = Period(PeriodKind.CAMPAIGN, 2026, name="Quý IV")
OPENS_ON, DUE_ON = date(2026, 11, 1), date(2026, 11, 5)
DURING, AFTER = date(2026, 11, 3), date(2026, 11, 6)


@dataclass
class Region:
    """An upper level with three grassroots unions that a campaign asks: one was dissolved while it ran, one after."""

    db: AsyncConnection
    tree: Tree
    campaign: Campaign
    rules: Rules

    @property
    def asked(self) -> AskedReport:
        return AskedReport(FORM, PERIOD, DUE_ON, self.campaign)

    def asking(self, now: datetime) -> Asking:
        return Asking(self.db, Asker(9, "Chủ", is_admin=True), 9, now, ZONE, load_book())

    def report(self, unit: Unit, now: datetime, asked: AskedReport | None = None) -> UnitReport:
        """The campaign, or another report, over a unit as a supervisor looks at it."""
        asking = self.asking(now)
        asker = replace(asking.asker, id=self.tree.person[HUNG])
        return UnitReport(replace(asking, asker=asker), self.rules, unit, asked or self.asked)

    async def asked_in_the_dialog(self, unit: Unit, now: datetime) -> bool:
        """Whether the unit is asked for the campaign in /baocao, and may fill it in: both or neither."""
        asking, current = self.asking(now), await units.get_unit(self.db, unit.id)
        listed = any(due.period == PERIOD and due.is_missing for due in await reporting.list_due(asking, current))
        opened = await open_draft(asking, current, FORM, PERIOD)
        assert isinstance(opened, OpenDraft if listed else NotAsked | ReportClosed)
        return listed

    async def reminded(self, now: datetime) -> set[str]:
        """The units whose officers reminders still ask for the campaign."""
        duties = await list_duties(self.db, self.rules, self.rules.today(now))
        records = await read_officer_records(self.db, self.rules, duties, list(self.tree.person.values()), now)
        return {each.unit_name for own in records.obligations.values() for each in own if each.period == PERIOD}


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with sqlite_database.write() as db:
        tree = await plant(db)
        for unit in (tree.may, tree.co_khi, tree.truong):
            await submit(db, unit, at("01/11"))
        campaign = await campaigns.open_campaign(
            db,
            form=FORM.id,
            period=PERIOD,
            unit_id=tree.upper.id,
            opens_on=OPENS_ON,
            due_on=DUE_ON,
            locks_on=date(2026, 12, 31),
            opened_by=None,
            now=at("01/11"),
        )
        yield Region(db, tree, campaign, Rules())


async def _dissolve(region: Region) -> None:
    await units.dissolve(region.db, region.tree.may.id, DURING)
    await units.dissolve(region.db, region.tree.co_khi.id, AFTER)


async def test_before_the_due_day_all_ask_the_same_units(region: Region) -> None:
    tree = region.tree
    await units.dissolve(region.db, tree.may.id, DURING)
    now = at("04/11")
    assert (await read_completeness(region.report(tree.upper, now))).expected == 2
    assert await region.reminded(now) == {tree.co_khi.name, tree.truong.name}
    asked = [unit for unit in (tree.may, tree.co_khi, tree.truong) if await region.asked_in_the_dialog(unit, now)]
    assert asked == [tree.co_khi, tree.truong]


async def test_who_is_dissolved_after_the_due_day_stays_expected_and_is_pressed_no_more(region: Region) -> None:
    await _dissolve(region)
    tree, now = region.tree, at("07/11")
    count = await read_completeness(region.report(tree.upper, now))
    assert (count.expected, count.missing) == (2, 2)
    assert await region.reminded(now) == {tree.truong.name}
    asked = [unit for unit in (tree.may, tree.co_khi, tree.truong) if await region.asked_in_the_dialog(unit, now)]
    assert asked == [tree.truong]

    duty = (await find_duties(region.db, region.rules, [region.asked.group], now))[region.asked.group]
    digest = await read_digest(region.db, region.rules, duty, tree.person[HUNG], now, number=1)
    assert digest is not None
    assert digest.expected == count.expected
    assert [(each.obligation.unit_name, each.is_asked) for each in digest.missing] == [
        (tree.co_khi.name, False),
        (tree.truong.name, True),
    ]


async def test_the_missing_are_listed_with_their_end_and_only_those_still_there_are_nudged(region: Region) -> None:
    await _dissolve(region)
    tree, now = region.tree, at("07/11")
    found = await read_missing(region.report(tree.upper, now))
    assert [each.can_be_reminded for each in found.shown] == [False, True]
    said = summary_words.missing(found, zone=ZONE)
    assert f"1. {tree.co_khi.name} (đã giải thể 06/11/2026)\n" in to_plain(said.text)
    assert f"{tree.truong.name} (đã" not in to_plain(said.text)
    table = await read_table(region.report(tree.upper, now))
    states = [line.words[3] for line in table_book(table, today=region.rules.today(now), zone=ZONE).lines]
    assert states == ["Chưa nộp (đã giải thể 06/11/2026)", "Chưa nộp"]

    gone = await units.get_unit(region.db, tree.co_khi.id)
    assert await nudge_one(region.report(gone, now)) is None
    nudged = await nudge_missing(region.report(tree.upper, now))
    assert nudged is not None
    assert (nudged[0].reminded, nudged[0].without_officer, nudged[1]) == (1, 0, 2)


async def test_a_closed_campaign_asks_for_nothing_and_its_totals_stay(region: Region) -> None:
    tree, now = region.tree, at("04/11")
    await submissions.record(
        region.db,
        unit_id=tree.truong.id,
        form=FORM.id,
        period=PERIOD,
        figures={row.key: Decimal(1) for row in FORM.asked},
        sent_at=now,
        sent_by=None,
        on_time=True,
    )
    assert await campaigns.close_campaign(region.db, region.campaign.id, now)
    assert await region.reminded(now) == set()
    assert not await region.asked_in_the_dialog(tree.may, now)
    dues = await reporting.list_due(region.asking(now), tree.truong)
    assert not any(due.period == PERIOD for due in dues)
    assert isinstance(await open_draft(region.asking(now), tree.truong, FORM, PERIOD), ReportClosed)
    count = await read_completeness(region.report(tree.upper, now))
    assert (count.expected, count.received) == (3, 1)
    assert await nudge_missing(region.report(tree.upper, now)) is None


async def test_a_draft_begun_before_the_end_of_its_unit_is_opened_no_more(region: Region) -> None:
    asking = region.asking(at("02/11"))
    opened = await open_draft(asking, region.tree.may, FORM, PERIOD)
    assert isinstance(opened, OpenDraft)
    assert await find_opened(asking, opened.draft.id) is not None
    await units.dissolve(region.db, region.tree.may.id, DURING)
    assert await find_opened(replace(asking, now=at("03/11")), opened.draft.id) is None


async def test_what_a_unit_owed_before_its_end_is_still_expected_and_no_more_asked(region: Region) -> None:
    form, tree = get_form("doan-vien-thang"), region.tree
    asked = AskedReport.of_calendar(form, Period.month(2026, 9))
    await _dissolve(region)
    assert (await read_completeness(region.report(tree.upper, at("07/11"), asked))).expected == 3
    assert await reporting.list_due(region.asking(at("07/11")), await units.get_unit(region.db, tree.co_khi.id)) == []
