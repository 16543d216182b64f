"""Sample units, officers and figures for the demo, all invented, for the people that can be played."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.sandbox import world
from bot.sandbox.model import Player
from knowledge.forms import TERM_FORM, get_form
from knowledge.model.forms import Form, MeasureKind, due_on, last_opened, opens_on
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import campaigns, people, shares, submissions, units
from storage.people import RoleName
from storage.units import Unit

FORM: Final = "doan-vien-thang"
QUARTERLY: Final = "hoat-dong-quy"
MONTHS: Final = 13
QUARTERS: Final = 2
CAMPAIGN_UNIT: Final = "HCM-TP"
CAMPAIGN: Final = "Sơ kết giữa nhiệm kỳ"


@dataclass(frozen=True, slots=True)
class SampleUnit:
    """A unit of the sample tree; `workers` and `members` are about what it reports."""

    code: str
    parent: str | None
    name: str
    kind: UnitKind
    plan: str | None = None
    workers: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class SampleReport:
    """One month's figures of a sample unit."""

    period: Period
    figures: Mapping[str, int]
    sent_at: datetime
    is_late: bool
    is_unmoved: bool


SAMPLES: Final = (
    SampleUnit("TLD", None, "Tổng Liên đoàn Lao động Việt Nam", UnitKind.CONFEDERATION),
    SampleUnit("HCM", "TLD", "LĐLĐ Thành phố Hồ Chí Minh", UnitKind.PROVINCE, plan="hcm-nq02-2022"),
    SampleUnit("QTR", "TLD", "LĐLĐ tỉnh Quảng Trị", UnitKind.PROVINCE, plan="quangtri-nq02-2021"),
    SampleUnit("HCM-TP", "HCM", "Công đoàn Khu công nghiệp Tân Phong", UnitKind.UPPER),
    SampleUnit("HCM-BM", "HCM", "Công đoàn phường Bình Minh", UnitKind.COMMUNE),
    SampleUnit("TP-001", "HCM-TP", "CĐCS Công ty May Sông Xanh", UnitKind.FOREIGN, workers=1320, members=1241),
    SampleUnit("TP-002", "HCM-TP", "CĐCS Cơ khí Tân Phong", UnitKind.PRIVATE, workers=218, members=195),
    SampleUnit("TP-003", "HCM-TP", "CĐCS Công ty Điện tử Hoa Mai", UnitKind.FOREIGN, workers=2450, members=2310),
    SampleUnit("TP-004", "HCM-TP", "CĐCS Công ty Bao bì An Khang", UnitKind.PRIVATE, workers=96, members=80),
    SampleUnit(
        "TP-005", "HCM-TP", "CĐCS Công ty Nước sạch Tân Phong", UnitKind.STATE_ENTERPRISE, workers=310, members=308
    ),
    SampleUnit("TP-006", "HCM-TP", "Trường THPT Nguyễn Du", UnitKind.PUBLIC, workers=84, members=84),
    SampleUnit("TP-007", "HCM-TP", "CĐCS Công ty Giày Phương Đông", UnitKind.FOREIGN, workers=5120, members=4730),
    SampleUnit("TP-008", "HCM-TP", "CĐCS Hợp tác xã Vận tải Thống Nhất", UnitKind.PRIVATE, workers=64, members=41),
    SampleUnit("BM-001", "HCM-BM", "CĐCS Trường Tiểu học Bình Minh", UnitKind.PUBLIC, workers=52, members=52),
    SampleUnit("BM-002", "HCM-BM", "Nghiệp đoàn Xe ôm Bình Minh", UnitKind.GUILD, workers=120, members=75),
    SampleUnit("BM-003", "HCM-BM", "CĐCS Trung tâm Y tế Bình Minh", UnitKind.PUBLIC, workers=141, members=139),
    SampleUnit("QTR-001", "QTR", "CĐCS Cảng Cửa Việt", UnitKind.STATE_ENTERPRISE, workers=205, members=205),
    SampleUnit("QTR-002", "QTR", "CĐCS Công ty Gỗ Trường Sơn", UnitKind.PRIVATE, workers=164, members=120),
)

# Whom visitors play, and where they serve; Lan has not joined yet, so that joining can be tried.
_SERVES: Final[tuple[tuple[Player, str, RoleName], ...]] = (
    (world.ADMIN, "HCM", RoleName.ADMIN),
    (world.SUPERVISOR, "HCM-TP", RoleName.SUPERVISOR),
    (world.OFFICER_HOA, "TP-001", RoleName.OFFICER),
    (world.OFFICER_BINH, "TP-002", RoleName.OFFICER),
    (world.OFFICER_LAN, "TP-006", RoleName.OFFICER),
)
_NOT_JOINED: Final = (world.OFFICER_LAN,)
_ROSTER: Final = (
    ("TP-003", "Võ Thị Thu Hà", "+84901000103"),
    ("TP-004", "Bùi Thanh Sơn", "+84901000104"),
    ("TP-005", "Đặng Hồng Nhung", "+84901000105"),
    ("TP-007", "Ngô Đức Thắng", "+84901000107"),
    ("TP-008", "Dương Văn Tài", "+84901000108"),
    ("BM-001", "Phan Thị Yến", "+84901000201"),
    ("BM-002", "Hoàng Văn Lâm", "+84901000202"),
    ("BM-003", "Vũ Ngọc Anh", "+84901000203"),
    ("QTR-001", "Trương Minh Đức", "+84901000301"),
    ("QTR-002", "Lý Thị Kim", "+84901000302"),
)
# Who has not sent the latest month yet; the second of these was late the month before.
_MISSING: Final = frozenset({"TP-001", "TP-002", "TP-004", "TP-006", "BM-002", "QTR-002"})
_LATE: Final = frozenset({"TP-008", "BM-002"})
_UNMOVED: Final = frozenset({"TP-005", "BM-001"})
# How many new members of this year the city hands down to its unions, and the zone to its units; some are ahead, some
# behind.
_CITYS: Final = {"HCM-TP": 1300, "HCM-BM": 40}
_ZONES: Final = {
    "TP-001": 130,
    "TP-002": 25,
    "TP-003": 300,
    "TP-004": 15,
    "TP-005": 5,
    "TP-006": 3,
    "TP-007": 850,
    "TP-008": 20,
}
_WHOLE: Final = 1500
_QUARTER_MISSING: Final = frozenset({"TP-001", "TP-004", "BM-002"})


async def seed(db: AsyncConnection, now: datetime, zone: ZoneInfo) -> None:
    """Put the sample into a new database: a tree, its officers, and more than a year of monthly figures up to `now`."""
    today = now.astimezone(zone).date()
    form = get_form(FORM)
    latest = last_opened(form, today)
    first = latest.shifted(-MONTHS + 1)
    added: dict[str, Unit] = {}
    for sample in SAMPLES:
        added[sample.code] = await units.add(
            db,
            code=sample.code,
            name=sample.name,
            kind=sample.kind,
            parent_id=added[sample.parent].id if sample.parent else None,
            plan=sample.plan,
            registered_on=first.start,
        )
    officers: dict[str, int] = {}
    for played, code, role in _SERVES:
        telegram_id = None if played in _NOT_JOINED else played.id
        person = await people.add(db, played.name, now, phone=played.phone, telegram_id=telegram_id)
        await people.grant(db, person.id, added[code].id, role, now)
        officers.setdefault(code, person.id)
    for code, name, phone in _ROSTER:
        person = await people.add(db, name, now, phone=phone)
        await people.grant(db, person.id, added[code].id, RoleName.OFFICER, now)
        officers.setdefault(code, person.id)
    for sample in SAMPLES:
        if sample.kind.is_grassroots:
            for report in _year_of_reports(sample, form, latest, now, zone):
                await submissions.record(
                    db,
                    unit_id=added[sample.code].id,
                    form=form.id,
                    period=report.period,
                    figures={key: Decimal(figure) for key, figure in report.figures.items()},
                    sent_at=report.sent_at,
                    sent_by=officers[sample.code],
                    on_time=not report.is_late,
                    no_change=report.is_unmoved,
                )


async def open_campaign(db: AsyncConnection, now: datetime, zone: ZoneInfo) -> None:
    """Ask the units of the sample's industrial zone for the larger form, so that its page and workbook can be tried."""
    zone_union = await units.find_unit(db, CAMPAIGN_UNIT)
    assert zone_union is not None
    today = now.astimezone(zone).date()
    await campaigns.open_campaign(
        db,
        form=TERM_FORM,
        period=Period.parse(f"campaign:{today.year}:{CAMPAIGN}"),
        unit_id=zone_union.id,
        opens_on=today - timedelta(days=1),
        due_on=today + timedelta(days=21),
        locks_on=today + timedelta(days=60),
        opened_by=None,
        now=now,
    )


async def hand_down(db: AsyncConnection, now: datetime, zone: ZoneInfo) -> None:
    """This year's new members as shares of the city's unions and of the zone's units, so that /chitieu has progress."""
    today = now.astimezone(zone).date()
    city, park = await units.find_unit(db, "HCM"), await units.find_unit(db, CAMPAIGN_UNIT)
    assert city is not None and park is not None
    flow = next(each for each in get_form(FORM).measures if each.kind is MeasureKind.FLOW)
    goal = await shares.add_goal(
        db,
        city,
        year=today.year,
        name=flow.name,
        measured_in=flow.units[0],
        indicator=flow.indicator,
        by=None,
        now=now,
    )
    set_at = min(now, datetime.combine(date(today.year, 2, 10), time(9), zone))
    await shares.set_shares(db, goal, None, {city.id: Decimal(_WHOLE)}, by=None, now=set_at)
    for giver, given in ((city, _CITYS), (park, _ZONES)):
        values = {(await _get(db, code)).id: Decimal(value) for code, value in given.items()}
        await shares.set_shares(db, goal, giver, values, by=None, now=set_at)


async def fill_quarters(db: AsyncConnection, now: datetime, zone: ZoneInfo) -> None:
    """Reports of the quarterly form by the units it is asked of, since it is asked; some are missing."""
    form = get_form(QUARTERLY)
    latest = last_opened(form, now.astimezone(zone).date())
    for sample in SAMPLES:
        if not sample.kind.is_grassroots:
            continue
        unit, chance = await _get(db, sample.code), random.Random(f"{sample.code} quarters")
        asked = form.asked_of(sample.kind)
        for back in range(QUARTERS - 1, -1, -1):
            period = latest.shifted(-back)
            if not form.covers(period) or (back == 0 and sample.code in _QUARTER_MISSING):
                continue
            figures = {
                row.key: Decimal(1 if row.yes_no else chance.randint(1, 4)) for row in asked.indicators if row.asked
            }
            figures["legal_supported"] = min(figures["legal_supported"], figures["legal_cases"])
            sent_at = datetime.combine(opens_on(form, period), time(9, chance.randint(0, 59)), zone)
            await submissions.record(
                db,
                unit_id=unit.id,
                form=form.id,
                period=period,
                figures=figures,
                sent_at=min(sent_at, now),
                sent_by=(await people.list_officers(db, unit.id))[0].id,
                on_time=True,
            )


async def _get(db: AsyncConnection, code: str) -> Unit:
    unit = await units.find_unit(db, code)
    assert unit is not None
    return unit


def _year_of_reports(
    sample: SampleUnit, form: Form, latest: Period, now: datetime, zone: ZoneInfo
) -> Iterator[SampleReport]:
    """Consistent reports of one unit: each total follows from the one before. The same at every run."""
    chance = random.Random(sample.code)
    workers, members = sample.workers, sample.members
    for back in range(MONTHS):
        period = latest.shifted(back - MONTHS + 1)
        if period == latest and sample.code in _MISSING:
            return
        is_unmoved = sample.code in _UNMOVED and back % 2 == 1
        most = max(2, members // 60)
        admitted = 0 if is_unmoved else min(chance.randint(0, most), workers - members)
        lost = 0 if is_unmoved else chance.randint(0, most // 2)
        if not is_unmoved:
            workers += chance.randint(-lost, most)
        members += admitted - lost
        workers = max(workers, members)
        is_late = sample.code in _LATE and period == latest.shifted(-1)
        sent_on = due_on(form, period) + timedelta(days=2) if is_late else opens_on(form, period)
        figures = {"workers": workers, "members": members, "admitted": admitted, "lost": lost, "net": admitted - lost}
        sent_at = datetime.combine(sent_on, time(8, 10 + chance.randint(0, 49)), zone)
        if sent_at > now:
            sent_at = now - timedelta(minutes=chance.randint(1, 50))
        yield SampleReport(period, figures, sent_at, is_late, is_unmoved)
