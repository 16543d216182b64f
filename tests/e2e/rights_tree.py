"""A tree with one unit in each relation to the asker's, something of each kind at each, turns that leave no trace."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Final, cast, get_args, get_type_hints

import msgspec
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Update

from bot import access, app
from bot.access import AccessDeniedError
from bot.app import Bot
from bot.features.registry import REGISTRY
from bot.features.reminders.taps import ClockTime
from bot.features.summaries.taps import ReportRef
from bot.hands.errands import Maker, Workplace
from bot.hands.taps import Tap, TapRefusedError
from bot.road.reply import Attachment, to_messages
from bot.road.turn import Turn, Work, current_work
from bot.sandbox import MovableClock
from bot.services.drafts import DraftMark
from knowledge.forms import MONTHLY_FORM, TERM_FORM
from knowledge.model.owing import Audience
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.shares import ShareAnswer
from knowledge.model.units import UnitKind
from knowledge.numbers import format_count
from storage import campaigns, deadlines, dialogs, drafts, people, relays, requests, shares, submissions, units
from storage.engine import Database
from storage.people import RoleName
from storage.requests import RequestKind
from storage.schema import metadata
from storage.units import Unit
from tests.e2e.chat import Chat
from tests.e2e.conftest import ADMIN_ID, settings_for
from tests.monthly import monthly_figures

NOVEMBER: Final = Period.month(2026, 11)
OCTOBER: Final = Period.month(2026, 10)
NOW: Final = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
#: What a turn may leave behind without anything of a unit's being touched: the chat's own state and what is on its way.
OWN: Final = {"inbox", "outbox", "pace", "chats", "buttons", "conversations", "missed_questions", "ballots", "dialogs"}


_WRITES: Final = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


class Where(StrEnum):
    """Where something lies, seen from the unit at which the asker holds a role."""

    OWN = "own"
    BELOW = "below"
    NO_MORE = "no more"
    ABOVE = "above"
    BESIDE = "beside"
    ELSEWHERE = "elsewhere"


REACHED: Final = frozenset({Where.OWN, Where.BELOW, Where.NO_MORE})


class Who(StrEnum):
    """Who acts: nobody known, a role at the own unit, or one of ADMIN_IDS; each may what those before may."""

    STRANGER = "stranger"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    OPERATOR = "operator"

    def __lt__(self, other: str) -> bool:
        return list(Who).index(self) < list(Who).index(Who(other))

    def __ge__(self, other: str) -> bool:
        return not self < other


class Outcome(StrEnum):
    """What came of it: not allowed, not there (any more), or done."""

    DENIED = "denied"
    GONE = "gone"
    DONE = "done"


@dataclass(frozen=True)
class Came:
    """What came of an update: the outcome, what was said, and whether a table of somebody's grew or shrank."""

    outcome: Outcome
    said: str
    changed: frozenset[str]

    @property
    def texts(self) -> list[str]:
        """What was said, without its buttons."""
        bodies = [json.loads(body) for body in self.said.splitlines()]
        return [body["text"] for body in bodies if "text" in body]


@dataclass
class Things:
    """Ids of what there is at one unit, by the names that fields of buttons have."""

    unit: int
    code: str
    name: str
    figure: str
    by_name: dict[str, Any]

    def shown_in(self, said: str) -> list[str]:
        """What of it is told by what was said."""
        marks = (
            self.name,
            self.figure,
            f"Vé {self.code}",
            f"việc {self.code}",
            f"Người {self.code}",
            "ý riêng",
            "5.100",
        )
        return [mark for mark in marks if mark in said]


@dataclass
class World:
    """The tree with the product beside it."""

    bot: Bot
    db: AsyncConnection
    at: dict[Where, Things]
    ids: dict[Who, int]

    async def act(self, who: Who, act: Callable[[Turn], Any], text: str | None = None) -> Came:
        """Do it as that person, see what came of it, and take all of it back."""
        update = Update.de_json(_update(self.ids[who], text), self.bot.application.bot)
        assert update is not None
        work = Work(self.db, NOW, update, access.identify(update, self.bot.settings))
        token = current_work.set(work)
        undone = await self.db.begin_nested()
        try:
            with _watched(self.db) as changed:
                outcome = await _outcome(Turn.from_update(update, self.bot.application), act)
        finally:
            current_work.reset(token)
            await undone.rollback()
        return Came(outcome, "\n".join(message.body for message in work.said), frozenset(changed - OWN))

    async def tap(self, who: Who, tap: Tap) -> Came:
        """What comes of tapping a button with that data."""
        return await self.act(who, lambda turn: REGISTRY.tap(turn, tap.pack()))

    async def hear(self, who: Who, feature: str, state: Mapping[str, Any], text: str) -> Came:
        """What comes of words that are said while that feature's dialog is open with that state."""
        [dialog] = [each for each in REGISTRY.dialogs if each.feature == feature]

        async def hear(turn: Turn) -> bool:
            await dialogs.open_dialog(self.db, self.ids[who], feature, state, NOW)
            turn.in_dialog = await dialogs.find_dialog(self.db, self.ids[who])
            return await dialog.hear(turn)

        return await self.act(who, hear, text)

    async def make(self, who: Who, kind: str, details: msgspec.Struct, *, whole: bool) -> Came:
        """What comes of slow work that stands as that person's; whatever it writes is taken back.

        Only the `whole` of it draws its pictures and writes its files.
        """
        maker: Maker[Any] = REGISTRY.makers[kind]
        one = cast("Database", _OneConnection(self.db))
        place = Workplace(one, self.bot.hooks.resources, self.bot.settings, self.ids[who], NOW)
        undone = await self.db.begin_nested()
        try:
            with _watched(self.db) as changed:
                made = await maker.make(place, details)
                if made.note is not None:
                    await made.note(self.db)
        except AccessDeniedError:
            return Came(Outcome.DENIED, "", frozenset(changed - OWN))
        finally:
            await undone.rollback()
        if callable(made.replies) and not whole:
            return Came(Outcome.DONE, "", frozenset(changed - OWN))
        replies = made.replies() if callable(made.replies) else made.replies
        said = [message.body for reply in replies for message in to_messages(self.ids[who], reply)]
        said += [text for reply in replies if reply.attachment is not None for text in _written_in(reply.attachment)]
        return Came(Outcome.DONE if replies else Outcome.GONE, "\n".join(said), frozenset(changed - OWN))


class _OneConnection:
    """A database whose transactions are all the one that is taken back."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        yield self._db

    write = read


def _written_in(attachment: Attachment) -> Iterator[str]:
    """What stands in a file: in the parts of a workbook or letter, or in the file itself."""
    file = io.BytesIO(attachment.content)
    if not zipfile.is_zipfile(file):
        yield attachment.content.decode("utf-8", errors="ignore")
        return
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            yield parts.read(name).decode("utf-8", errors="ignore")


async def _outcome(turn: Turn, act: Callable[[Turn], Any]) -> Outcome:
    try:
        found = await act(turn)
    except AccessDeniedError:
        return Outcome.DENIED
    except TapRefusedError:
        return Outcome.GONE
    return Outcome.GONE if found is False else Outcome.DONE


def _update(person: int, text: str | None) -> dict[str, Any]:
    sender = {"id": person, "is_bot": False, "first_name": "Hoa"}
    chat = {"id": person, "type": "private", "first_name": "Hoa"}
    message = {"message_id": 5, "date": int(NOW.timestamp()), "chat": chat, "from": sender, "text": text or "x"}
    if text is not None:
        return {"update_id": 1, "message": message}
    return {"update_id": 1, "callback_query": {"id": "1", "from": sender, "chat_instance": "1", "message": message}}


@contextmanager
def _watched(db: AsyncConnection) -> Iterator[set[str]]:
    """The tables of which rows are written meanwhile."""
    changed: set[str] = set()

    def note(_connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        found = _WRITES.match(statement)
        if found is not None and cursor.rowcount != 0:
            changed.add(found[1])

    event.listen(db.sync_connection, "after_cursor_execute", note)
    try:
        yield changed
    finally:
        event.remove(db.sync_connection, "after_cursor_execute", note)


@asynccontextmanager
async def world_on(database: Database, url: str, call: Callable[[str], str] = str) -> AsyncIterator[World]:
    """The tree, furnished, with the product beside it; `call` makes what each thing in it is called."""
    async with Chat(clock=MovableClock(start_at=NOW)) as chat:
        at = await _plant(database, call)
        bot = app.build(settings_for(chat.sandbox, url), database, clock=MovableClock(start_at=NOW))
        ids = {who: 7_000 + place for place, who in enumerate(Who)} | {Who.OPERATOR: ADMIN_ID}
        async with database.write() as db:
            for role in RoleName:
                person = await people.add(db, "Hoa", NOW, telegram_id=ids[Who(role.value)])
                await people.grant(db, person.id, at[Where.OWN].unit, role, NOW)
        for prepare in bot.hooks.before_work:
            await prepare(database)
        async with bot.application, database.write() as db:
            try:
                yield World(bot, db, at, ids)
            finally:
                await db.rollback()


async def _plant(database: Database, call: Callable[[str], str]) -> dict[Where, Things]:
    names = {
        Where.ABOVE: "Công đoàn Tỉnh Một",
        Where.OWN: "Công đoàn khu Giữa",
        Where.BELOW: "CĐCS Dưới Chân",
        Where.NO_MORE: "CĐCS Xưa Kia",
        Where.BESIDE: "Công đoàn khu Bên",
        Where.ELSEWHERE: "Công đoàn Tỉnh Hai",
    }
    kinds = {Where.BELOW: UnitKind.FOREIGN, Where.NO_MORE: UnitKind.PRIVATE, Where.OWN: UnitKind.UPPER}
    above = {Where.OWN: Where.ABOVE, Where.BELOW: Where.OWN, Where.NO_MORE: Where.OWN, Where.BESIDE: Where.ABOVE}
    planted: dict[Where, Unit] = {}
    async with database.write() as db:
        for number, (where, name) in enumerate(names.items()):
            planted[where] = await units.add(
                db,
                code=f"D{number}",
                name=call(name),
                kind=kinds.get(where, UnitKind.PROVINCE),
                registered_on=date(2020, 1, 1),
                parent_id=planted[above[where]].id if where in above else None,
                plan=None if where in above else "vuit-nq02-2021",
            )
        at: dict[Where, Things] = {}
        for number, (where, unit) in enumerate(planted.items()):
            giver = (planted[above[where]], at[above[where]].by_name["goal"]) if where in above else None
            at[where] = await _furnish(db, unit, members=91_000 + number, giver=giver, call=call)
        await units.dissolve(db, planted[Where.NO_MORE].id, date(2026, 12, 1))
    return at


async def _furnish(
    db: AsyncConnection, unit: Unit, *, members: int, giver: tuple[Unit, int] | None, call: Callable[[str], str]
) -> Things:
    """Something of every kind at one unit, with so many members and a share of its giver's goal."""
    person = await people.add(db, call(f"Người {unit.code}"), NOW, telegram_id=9_000 + unit.id)
    await people.grant(db, person.id, unit.id, RoleName.OFFICER, NOW)
    recorded = await submissions.record(
        db,
        unit_id=unit.id,
        form=MONTHLY_FORM,
        period=OCTOBER,
        figures=monthly_figures(100_000, members),
        sent_at=NOW - timedelta(days=20),
        sent_by=person.id,
        on_time=True,
    )
    sheet = {"sheet": {"key": "members", "figures": {"workers": "5100"}}, "born": "abc123", "corrects": None}
    draft = await drafts.begin(db, unit.id, MONTHLY_FORM, NOVEMBER, sheet, by=person.id, now=NOW)
    campaign = await campaigns.open_campaign(
        db,
        form=TERM_FORM,
        period=Period(PeriodKind.CAMPAIGN, 2026, name=call(f"việc {unit.code}")),
        unit_id=unit.id,
        opens_on=NOW.date(),
        due_on=NOW.date() + timedelta(days=9),
        locks_on=NOW.date() + timedelta(days=39),
        opened_by=None,
        now=NOW,
    )
    request, _ = await requests.ask(
        db, unit_id=unit.id, form=MONTHLY_FORM, period=NOVEMBER, kind=RequestKind.EXTENSION, reason=call("ốm"),
        asked_by=person.id, now=NOW,
    )  # fmt: skip
    deadline = await deadlines.add(
        db, unit_id=unit.id, what=call(f"việc {unit.code}"), rule="once:2026-12-15", wording="15/12/2026",
        audience=Audience.ALL, set_by=person.id, now=NOW,
    )  # fmt: skip
    relay, _ = await relays.add(
        db, asked_by=person.id, chat_id=9_000 + unit.id, unit_id=unit.id, question=call("giá vé"), now=NOW
    )
    goal = await shares.add_goal(
        db, unit, year=2026, name=call(f"Vé {unit.code}"), measured_in="vé", by=person.id, now=NOW
    )
    [given] = await shares.set_shares(db, goal, None, {unit.id: Decimal(9)}, by=person.id, now=NOW)
    if giver is not None:
        of_giver = await shares.find_goal(db, giver[1])
        assert of_giver is not None
        [given] = await shares.set_shares(db, of_giver, giver[0], {unit.id: Decimal(7)}, by=person.id, now=NOW)
        await shares.answer(db, given.after.id, ShareAnswer.OBJECTED, by=person.id, now=NOW, remark=call("ý riêng"))
    proof = (
        await db.execute(
            insert(metadata.tables["proofs"])
            .values(
                unit_id=unit.id, about=f"submission:{recorded.submission.id}", kind="photo", file_id="f",
                chat_id=9_000 + unit.id, message_id=1, added_at=NOW,
            )
            .returning(metadata.tables["proofs"].c.id)
        )
    ).scalar_one()  # fmt: skip
    step = (
        await db.execute(
            insert(metadata.tables["reminder_steps"])
            .values(
                group_key=f"report:{MONTHLY_FORM}:{NOVEMBER.code}", unit_id=unit.id, due_on=date(2026, 12, 5),
                recipient=person.id, step="d3", decided_at=NOW,
            )
            .returning(metadata.tables["reminder_steps"].c.id)
        )
    ).scalar_one()  # fmt: skip
    return Things(
        unit.id,
        unit.code,
        unit.name,
        format_count(members),
        {
            "unit": unit.id,
            "person": person.id,
            "submission": recorded.submission.id,
            "mark": DraftMark(draft.id, "abc123", draft.version),
            "draft": draft.id,
            "born": "abc123",
            "request": request.id,
            "campaign": campaign.id,
            "deadline": deadline.id,
            "group": f"deadline:{deadline.id}:2026-12-15",
            "relay": relay.id,
            "step": step,
            "goal": goal.id,
            "share": given.after.id,
            "proof": proof,
            "target": unit.id,
            "top": 0,
        },
    )


def forge_states(kind: Any, things: Things) -> Iterator[dict[str, Any]]:
    """States of a dialog about what lies at one unit: each of its steps, each value of what is chosen in it."""
    known: dict[str, Any] = {
        "unit_id": things.unit,
        "submission_id": things.by_name["submission"],
        "request_id": things.by_name["request"],
        "year": 2026,
        "form": MONTHLY_FORM,
        "period": NOVEMBER.code,
        "review": 1,
        "place": 0,
        "plan": "vuit-nq02-2021",
        "what": "x",
        "rule": "once:2026-12-20",
        "wording": "20/12",
        "token": "t",
        "words": "",
        "said": "",
        "title": "x",
    }
    for step in get_args(kind) or (kind,):
        asked = [each for each in msgspec.structs.fields(step) if each.required or each.name in {"unit", "goal"}]
        chosen = [
            [value.value for value in each.type] if is_enum(each.type) else [{**known, **things.by_name}[each.name]]
            for each in asked
        ]
        for values in itertools.product(*chosen):
            state = dict(zip((each.name for each in asked), values, strict=True))
            yield msgspec.to_builtins(msgspec.convert({"type": step.__name__, **state}, kind))


def is_enum(hint: Any) -> bool:
    """Whether it is one of several words."""
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def forge_errand(kind: type[msgspec.Struct], things: Things) -> msgspec.Struct:
    """What the row of slow work of that kind holds about what lies at one unit."""
    known: dict[str, Any] = {
        "report": str(ReportRef(MONTHLY_FORM, OCTOBER)),
        "month": NOVEMBER.code,
        "year": 2026,
        "page": 0,
        "number": 0,
        "message": 0,
        "at": NOW.isoformat(),
        "by": 0,
        "giver": things.unit,
        "review": 1,
        "plan": "vuit-nq02-2021",
        "pages": [1],
        "place": 0,
        "state": {"type": "SettingShares", "unit": things.unit, "year": 2026, "goal": things.by_name["goal"]},
    }
    values = {each.name: {**known, **things.by_name}.get(each.name, "") for each in msgspec.structs.fields(kind)}
    return msgspec.convert(values, kind)


#: Fields that name something of a unit's.
NAMED: Final = frozenset(
    {
        "unit",
        "person",
        "submission",
        "draft",
        "request",
        "campaign",
        "deadline",
        "relay",
        "step",
        "goal",
        "share",
        "proof",
    }
)


def is_somebodys(kind: type[Tap]) -> bool:
    """Whether such a button names something that lies at a unit."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return bool(names & NAMED) or get_type_hints(kind).get("mark") is DraftMark


def forge(kind: type[Tap], things: Things) -> Iterator[Tap]:
    """Buttons of that kind about what lies at one unit: each value of what is chosen, one of everything else."""
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    for values in itertools.product(*(_values(name, hints[name], things) for name in names)):
        tap = kind(*values)
        try:
            tap.pack()
        except ValueError:  # a name with a colon in it stands last or nowhere
            continue
        yield tap


def _values(name: str, hint: Any, things: Things) -> list[Any]:
    if isinstance(hint, UnionType):
        hint = get_args(hint)[0]
    if hint is DraftMark:
        return [things.by_name["mark"]]
    if hint is ReportRef:
        return [ReportRef(MONTHLY_FORM, OCTOBER)]
    if hint is Period:
        return [NOVEMBER]
    if hint is bool:
        return [True, False]
    if hint is date:
        return [date(2026, 12, 20)]
    if is_enum(hint):
        return list(hint)
    if name in things.by_name and name != "mark":
        return [things.by_name[name]]
    known: dict[str, Any] = {
        "form": MONTHLY_FORM,
        "plan": "vuit-nq02-2021",
        "by": "vuit-nq02-2021",
        "year": 2026,
        "hour": ClockTime.parse("0800"),
    }
    if name in known:
        return [known[name]]
    parse: Callable[[str], Any] | None = getattr(hint, "parse", None)
    return [parse("1") if parse is not None else hint(1)]
