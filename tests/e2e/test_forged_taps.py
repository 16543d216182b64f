"""Every kind of button, forged to name what lies in another branch or nowhere: nothing is shown, nothing changes."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Final, get_args, get_type_hints

import pytest
from sqlalchemy import select

from bot.features.registry import REGISTRY
from bot.features.submissions.taps import DropDraft
from bot.features.summaries.taps import ReportRef
from bot.hands.taps import Tap
from bot.services.drafts import DraftMark
from knowledge.forms import MONTHLY_FORM, TERM_FORM
from knowledge.model.owing import Audience
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.shares import ShareAnswer
from storage import campaigns, deadlines, drafts, inbox, messages, people, relays, requests, shares, submissions
from storage.engine import Database
from storage.people import RoleName
from storage.requests import RequestKind
from storage.schema import metadata, reminder_steps, roles
from tests.e2e.chat import Seat
from tests.e2e.region import OCTOBER, Region, region_on

NOWHERE: Final = 999_999
FOREIGN: Final = ("Cảng", "Cửa Việt", "khu Nam", "4.880", "5.100", "Trần Thị Nam", "việc riêng", "giá vé")
#: What the program keeps for itself: messages on their way, slow work under way, what was answered.
ROAD: Final = {"inbox", "outbox", "pace", "chats", "buttons", "conversations", "missed_questions", "ballots", "files"}


@dataclass
class Foreign:
    """What there is in the south: ids of each kind, those that exist nowhere included."""

    unit: tuple[int, ...]
    person: tuple[int, ...]
    submission: tuple[int, ...]
    draft: tuple[int, ...]
    born: str
    version: int
    request: tuple[int, ...]
    campaign: tuple[int, ...]
    deadline: tuple[int, ...]
    relay: tuple[int, ...]
    step: tuple[int, ...]
    goal: tuple[int, ...]
    share: tuple[int, ...]


@pytest.fixture
async def region(sqlite_database: Database) -> AsyncIterator[Region]:
    async with region_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as region:
        await region.fill()
        yield region


async def furnish(region: Region) -> Foreign:
    """Let there be one of everything in the south, some days before November's report is due there."""
    nam = await region.officer(region.cang, "Trần Thị Nam")
    await region.supervisor(region.south, "Trần Thị Nam Hai")
    campaign_period = Period(PeriodKind.CAMPAIGN, 2026, name="việc riêng")
    region.clock.move_to(datetime(2026, 12, 3, 2, 0, tzinfo=UTC))
    for _ in range(2):
        await region.bot.tick_all()
    now = region.clock()
    async with region.database.write() as db:
        sent = await submissions.find_current(db, region.cang.id, MONTHLY_FORM, OCTOBER)
        assert sent is not None
        person = next(iter((await db.execute(select(metadata.tables["roles"].c.person_id))).scalars()))
        draft = await drafts.begin(
            db,
            region.cang.id,
            MONTHLY_FORM,
            Period.month(2026, 11),
            {"sheet": {"key": "members", "figures": {"workers": "5100"}}, "born": "abc123", "corrects": None},
            by=person,
            now=now,
        )
        campaign = await campaigns.open_campaign(
            db,
            form=TERM_FORM,
            period=campaign_period,
            unit_id=region.south.id,
            opens_on=now.date(),
            due_on=now.date() + timedelta(days=9),
            locks_on=now.date() + timedelta(days=39),
            opened_by=None,
            now=now,
        )
        request, _ = await requests.ask(
            db,
            unit_id=region.cang.id,
            form=MONTHLY_FORM,
            period=Period.month(2026, 11),
            kind=RequestKind.EXTENSION,
            reason="việc riêng",
            asked_by=person,
            now=now,
        )
        deadline = await deadlines.add(
            db,
            unit_id=region.south.id,
            what="việc riêng",
            rule="once:2026-12-15",
            wording="15/12/2026",
            audience=Audience.ALL,
            set_by=person,
            now=now,
        )
        relay, _ = await relays.add(
            db, asked_by=person, chat_id=nam.id, unit_id=region.cang.id, question="giá vé", now=now
        )
        goal = await shares.add_goal(
            db, region.south, year=2026, name="Vé việc riêng", measured_in="vé", by=person, now=now
        )
        await shares.set_shares(db, goal, None, {region.south.id: Decimal(9)}, by=person, now=now)
        [given] = await shares.set_shares(db, goal, region.south, {region.cang.id: Decimal(7)}, by=person, now=now)
        await shares.answer(db, given.after.id, ShareAnswer.OBJECTED, by=person, now=now, remark="việc riêng")
        steps = (await db.execute(select(reminder_steps.c.id))).scalars().all()
    assert steps, "nobody was reminded in the south"
    units = (region.cang.id, region.south.id, region.top.id, NOWHERE)
    return Foreign(
        unit=units,
        person=(person, NOWHERE),
        submission=(sent.id, NOWHERE),
        draft=(draft.id, NOWHERE),
        born="abc123",
        version=draft.version,
        request=(request.id, NOWHERE),
        campaign=(campaign.id, NOWHERE),
        deadline=(deadline.id, NOWHERE),
        relay=(relay.id, NOWHERE),
        step=(*steps[:2], NOWHERE),
        goal=(goal.id, NOWHERE),
        share=(given.after.id, NOWHERE),
    )


def values_of(name: str, hint: Any, foreign: Foreign) -> list[Any]:
    """What a field of a button may be forged to."""
    if isinstance(hint, UnionType):
        hint = get_args(hint)[0]
    if hint is DraftMark:
        return [DraftMark(draft, foreign.born, foreign.version) for draft in foreign.draft]
    if hint is ReportRef:
        refs = [ReportRef(MONTHLY_FORM, OCTOBER), ReportRef(MONTHLY_FORM, Period.month(2026, 11))]
        return [*refs, *(ReportRef(campaign=each) for each in foreign.campaign)]
    if hint is Period:
        return [OCTOBER, Period.month(2026, 11), Period(PeriodKind.CAMPAIGN, 2026, name="việc riêng")]
    if hint is bool:
        return [True, False]
    if hint is date:
        return [date(2026, 12, 20)]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)
    known: dict[str, list[Any]] = {
        "form": [MONTHLY_FORM, TERM_FORM],
        "born": [foreign.born],
        "group": [f"deadline:{foreign.deadline[0]}:2026-12-15", f"report:{MONTHLY_FORM}:2026-11"],
        "arg": [""],
        "page": [0],
        "before": [0],
        "other": list(foreign.unit),
        "target": list(foreign.unit),
    }
    if name in known:
        return known[name]
    found = getattr(foreign, name, None)
    if found is not None:
        return list(found) if isinstance(found, tuple) else [found]
    parse: Callable[[str], Any] | None = getattr(hint, "parse", None)
    return [parse("1") if parse is not None else hint(1)]


SOMEBODYS: Final = {field.name for field in fields(Foreign)} - {"born", "version"} | {"mark"}


def forge_all(foreign: Foreign) -> Iterator[Tap]:
    """Every button that names something of somebody's, with every value of every field."""
    for kind in {on.tap: None for feature in REGISTRY.features for on in feature.taps}:
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)]
        if SOMEBODYS & set(names):
            for values in itertools.product(*(values_of(name, hints[name], foreign) for name in names)):
                yield kind(*values)


def can_be_sent(tap: Tap) -> bool:
    """Whether a button can carry it: a name with a colon in it stands last or nowhere."""
    try:
        tap.pack()
    except ValueError:
        return False
    return True


async def read_records(database: Database, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those of the road."""
    async with database.read() as db:
        return {
            table.name: sorted((tuple(row) for row in await db.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in ROAD | set(but)
        }


async def take_nobody(region: Region) -> Seat:
    guest = region.chat.person("Khách Lạ")
    guest.person.started = True
    return guest


async def take_officer(region: Region) -> Seat:
    return await region.officer(region.may)


async def take_supervisor(region: Region) -> Seat:
    return await region.supervisor(region.north)


async def take_admin(region: Region) -> Seat:
    return await region.join("Lê Thị Bắc", (region.north, RoleName.ADMIN))


Take = Callable[[Region], Awaitable[Seat]]
TAKERS: Final[list[tuple[Take, bool]]] = [
    *((take, False) for take in (take_nobody, take_officer, take_supervisor, take_admin)),
    (take_supervisor, True),
]


def dealt_out(taps: Iterable[Tap], place: int) -> Iterator[Tap]:
    """What one of several takers tries: something of each kind of button, and all of them together everything."""
    for _, of_a_kind in itertools.groupby(taps, type):
        forged = list(of_a_kind)
        yield from forged[place :: len(TAKERS)] or [forged[place % len(forged)]]


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize(("take", "in_group"), TAKERS)
async def test_no_button_reaches_into_another_branch(
    region: Region, take: Take, in_group: bool, everything: bool
) -> None:
    """Eight hundred buttons: dealt out among the takers in the ordinary run, all of them by each in the long one."""
    foreign = await furnish(region)
    seat = await take(region)
    if in_group:
        seat = seat.in_group(region.chat.group("Nhóm cán bộ", seat))
        await seat.says(f"/help@{region.chat.sandbox.bot['username']}")
    else:
        await seat.says("/help")
    own = await seat.hears()
    before = await read_records(region.database)
    silent: list[Tap] = []
    forged = filter(can_be_sent, forge_all(foreign))
    for tap in forged if everything else dealt_out(forged, TAKERS.index((take, in_group))):
        await seat.taps_forged(own, tap.pack())
        if not await seat.hears_toast():
            silent.append(tap)
            await seat.hears("không còn")
    await region.wait_for_errands()
    assert await read_records(region.database) == before
    assert {type(tap) for tap in silent} <= {DropDraft}
    seat.hears_nothing_more()
    assert not [piece for piece in FOREIGN if piece in seat.transcript()]


#: Somebody's own unit ({may}, {north}) beside what is not theirs to give, to take or to reach.
MIXED: Final = {
    RoleName.ADMIN: (
        *(
            f"u:{verb}:{change}:{{may}}:{{{other}}}"
            for verb in "qy"
            for change in ("mv", "mg")
            for other in ("cang", "top")
        ),
        *(f"u:{verb}:mv:{{cang}}:{{north}}" for verb in "qy"),
        *(f"u:{verb}:{{may}}:{{person}}:o" for verb in "per"),
        "u:e:{cang}:{person}:o",
        "m:undo:{cang}:deadline:{deadline}:2026-12-15",
    ),
    RoleName.SUPERVISOR: (
        "u:c:{may}:a",
        "u:c:{north}:a",
        "u:rn:{may}",
        "u:ds:{may}",
        "u:DS:{may}",
        "u:rv:{may}",
        "u:y:mv:{may}:{north}",
        "u:e:{north}:{own_admin}:a",
        "r:m:start",
        "r:m:list",
        "r:m:k:a",
        "r:m:u:{north}",
        "r:m:go",
        "sum:j:{north}:0",
        "sum:j:0:0",
        "up:r:{relay}",
        "gt:{top}:2026",
        "gt:s:{north}:{goal}",
        "gt:c:{north}:{goal}:1",
        "gt:h:{north}:{goal}",
        "gt:k:{share}",
        "gt:d:{share}",
        "gt:ok:AAAAAAAAAAAA",
    ),
    RoleName.OFFICER: (
        "gt:{may}:2026",
        "gt:n:{may}:2026",
        "gt:s:{may}:{goal}",
        "gt:h:{may}:{goal}",
        "gt:b:{share}",
        "gt:k:no:{share}",
        "gt:ok:AAAAAAAAAAAA",
        "u:c:{may}:o",
        "u:s:{may}",
        "u:e:{may}:{own_officer}:o",
        "sum:n:{may}:n.doan-vien-thang.2026-11",
        "sum:o:{may}:n.doan-vien-thang.2026-11",
        "r:b:{own_sent}",
        "r:q:{own_request}:1",
        "m:undo:{may}:deadline:{deadline}:2026-12-15",
        "m:dl:ok:AAAAAAAAAAAA",
        "m:bc:ok:AAAAAAAAAAAA",
        "u:o:supervise:",
        "u:o:manage:",
    ),
}


@pytest.mark.parametrize("role", MIXED)
async def test_a_role_gives_no_more_than_it_says(region: Region, role: RoleName) -> None:
    foreign = await furnish(region)
    unit = region.may if role is RoleName.OFFICER else region.north
    admin = await region.join("Lê Thị Quản", (region.north, RoleName.ADMIN))
    seat = await region.join("Nguyễn Thị Hoa", (unit, role))
    async with region.database.write() as db:
        sent = await submissions.find_current(db, region.may.id, MONTHLY_FORM, OCTOBER)
        assert sent is not None
        own, _ = await requests.ask(
            db,
            unit_id=region.may.id,
            form=MONTHLY_FORM,
            period=Period.month(2026, 11),
            kind=RequestKind.EXTENSION,
            reason="ốm",
            asked_by=None,
            now=region.clock(),
        )
        ids = {person.telegram_id: person.id for person in await people.list_all(db)}
    named = {
        "may": region.may.id,
        "north": region.north.id,
        "top": region.top.id,
        "cang": region.cang.id,
        "person": foreign.person[0],
        "deadline": foreign.deadline[0],
        "relay": foreign.relay[0],
        "own_admin": ids[admin.id],
        "own_officer": ids[seat.id],
        "own_sent": sent.id,
        "own_request": own.id,
        "goal": foreign.goal[0],
        "share": foreign.share[0],
    }
    await seat.says("/help")
    message = await seat.hears()
    before = await read_records(region.database)
    for data in MIXED[role]:
        await seat.taps_forged(message, data.format(**named))
        assert await seat.hears_toast(), data
    await region.wait_for_errands()
    assert await read_records(region.database) == before
    seat.hears_nothing_more()


async def test_a_deadline_and_a_notice_reach_no_further_than_their_setter(region: Region) -> None:
    await furnish(region)
    await region.officer(region.may)
    boss = await region.supervisor(region.north)
    for command, said, name in (("/dathan", "Nộp quỹ, 20/12/2026", "m:dl"), ("/thongbao", "Mời họp", "m:bc")):
        await boss.says(command)
        await boss.hears()
        await boss.says(said)
        shown = await boss.hears("khu Bắc")
        token = next(data for data in _data_in(boss) if data.startswith(f"{name}:ok:")).rpartition(":")[2]
        for unit in (region.south, region.cang, region.top):
            await boss.taps_forged(shown, f"{name}:c:{token}:{unit.id}")
            assert await boss.hears_toast()
        await boss.taps_forged(shown, f"{name}:c:{token}:up")
        await region.wait_for_errands()
        await boss.says("/huy")
        await boss.sees("Vâng")
    assert not [piece for piece in ("khu Nam", "Cảng", "Công Thương") if piece in boss.transcript()]


@pytest.mark.parametrize("role", [RoleName.OFFICER, RoleName.SUPERVISOR, RoleName.ADMIN])
async def test_a_campaign_of_another_branch_is_not_told_by_the_own_unit(region: Region, role: RoleName) -> None:
    foreign = await furnish(region)
    unit = region.may if role is RoleName.OFFICER else region.north
    seat = await region.join("Nguyễn Thị Hoa", (unit, role))
    campaign, name = foreign.campaign[0], f"{TERM_FORM}:campaign:2026:việc riêng"
    await seat.says("/help")
    message = await seat.hears()
    before = await read_records(region.database)
    for own in {unit.id, region.may.id}:
        for data in (
            *(f"sum:{action}:{own}:c.{campaign}" for action in "vmefonxytg"),
            f"r:c:{own}:{campaign}",
            *(f"r:{action}:{own}:{name}" for action in ("n", "more", "same")),
        ):
            await seat.taps_forged(message, data)
            await seat.hears_toast()
    await region.wait_for_errands()
    assert await read_records(region.database) == before
    shown = "\n".join(each.text + str(each.buttons) for each in seat.room.shown if each.by_bot)
    assert "việc riêng" not in shown
    async with region.database.read() as db:
        assert set(await inbox.count_by_state(db)) == {"done"}


# Whoever lost their role in the middle of something ---------------------------------------------------------------


@dataclass(frozen=True)
class Underway:
    """How somebody with a role in the north gets into a dialog, and what they try once the role has ended."""

    role: RoleName
    into: tuple[str, ...]
    then: tuple[str, ...]


#: A word is said; what begins with ">" is the label of a button, with "!" the data of one.
UNDERWAY: Final = {
    "figures": Underway(RoleName.OFFICER, ("/baocao",), ("111000", "/baocao", "Gửi")),
    "whole report": Underway(
        RoleName.OFFICER,
        ("báo cáo tháng 11: cnvclđ 111000, đoàn viên 100.050, mới 70, giảm 20",),
        (">Gửi", "sửa đoàn viên 1", "/huy"),
    ),
    "more time": Underway(RoleName.OFFICER, ("/baocao", ">Xin gia hạn"), ("chờ số liệu từ phân xưởng",)),
    "chosen unit": Underway(RoleName.SUPERVISOR, ("/baocao",), ("MAY", "!r:u:{may}:r", "!r:u:{may}:h")),
    "sending back": Underway(RoleName.SUPERVISOR, ("!r:b:{sent}",), ("số đoàn viên chưa khớp",)),
    "deadline": Underway(
        RoleName.SUPERVISOR,
        ("/dathan", "Nộp kinh phí quý IV", "15/12/2026"),
        (">Đặt hạn", "20/12/2026", "!m:dl:e", "21/12/2026"),
    ),
    "notice": Underway(RoleName.SUPERVISOR, ("/thongbao", "Mời họp sáng thứ Hai"), ("!send", "lời khác", "!m:bc:e")),
    "campaign": Underway(
        RoleName.ADMIN,
        ("!r:m:start", "!r:m:f:0", "!r:m:u:{north}", "!r:m:k:g", "Đại hội, 20/12/2026"),
        ("!r:m:go", "Đại hội khác, 21/12/2026", "!r:m:k:a", "!r:m:list"),
    ),
    "new name": Underway(RoleName.ADMIN, ("!u:rn:{may}",), ("Tên khác hẳn", "!u:y:mv:{may}:{north}")),
    "moving": Underway(RoleName.ADMIN, ("!u:mv:{may}",), ("CK", "!u:y:mg:{may}:{north}")),
}


@pytest.mark.parametrize("name", UNDERWAY)
async def test_a_dialog_gives_nothing_to_whoever_lost_their_role(region: Region, name: str) -> None:
    case = UNDERWAY[name]
    region.clock.move_to(datetime(2026, 12, 3, 2, 0, tzinfo=UTC))
    unit = region.may if case.role is RoleName.OFFICER else region.north
    await region.officer(region.co_khi, "Lê Văn Ba")  # whoever a notice would go to
    seat = await region.join("Nguyễn Thị Hoa", (unit, case.role))
    await seat.says("/help")
    own = await seat.hears()
    async with region.database.read() as db:
        sent = await submissions.find_current(db, region.may.id, MONTHLY_FORM, OCTOBER)
    assert sent is not None

    async def do(step: str) -> None:
        if step == "!send":
            step = "!" + next(data for data in _data_in(seat) if data.startswith("m:bc:ok"))
        if step.startswith("!"):
            data = step[1:].format(may=region.may.id, north=region.north.id, sent=sent.id)
            await seat.taps_forged(own, data)
        elif step.startswith(">"):
            await seat.taps(step[1:])
        else:
            await seat.says(step)
        await region.chat.all_taken()
        await _all_handled(region)

    for step in case.into:
        await do(step)
    async with region.database.write() as db:
        await db.execute(roles.delete())
    before = await read_records(region.database, "dialogs")
    heard = seat.transcript()
    for step in case.then:
        await do(step)
    await region.wait_for_errands()
    assert await read_records(region.database, "dialogs") == before
    assert not [figure for figure in ("111.000", "100.000") if figure in seat.transcript().removeprefix(heard)]
    assert seat.transcript() != heard
    heard = seat.transcript()
    await do("kế hoạch nào đang có")
    assert "Các kế hoạch tôi biết" in seat.transcript().removeprefix(heard)
    async with region.database.read() as db:
        assert set(await inbox.count_by_state(db)) == {"done"}


def _data_in(seat: Seat) -> list[str]:
    shown = [message for message in seat.room.shown if message.by_bot]
    return [button.get("callback_data", "") for message in shown[::-1] for row in message.buttons for button in row]


async def _all_handled(region: Region) -> None:
    """Waits until every update that was taken is handled, and what it says is on its way."""
    while True:
        async with region.database.read() as db:
            if set(await inbox.count_by_state(db)) <= {"done", "parked"} and not await messages.count_open(
                db, region.clock()
            ):
                return
        await asyncio.sleep(0.02)
