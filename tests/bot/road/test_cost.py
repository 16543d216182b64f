"""What a question costs, counted: statements, write transactions, polls. Nothing here is timed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot import app, watch
from bot.app import Bot
from bot.road import dispatch, worker
from bot.sandbox import MovableClock
from bot.settings import Settings
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import last_opened
from knowledge.model.units import UnitKind
from storage import earlier_reports, people, units
from storage.engine import Database
from storage.people import RoleName
from tests.bot.road.conftest import until
from tests.bot.road.fake_api import FakeApi, message

STATEMENTS = 12  # BEGIN and COMMIT not counted, a statement with many rows once
TRANSACTIONS = 3  # take in, answer, mark as sent
POLLS = 1  # the one that confirms the question before is the one that waits for the next

OFFICER = 7001
REPORT_STATEMENTS = {
    "figures": 42,
    "Gửi": 40,
    "/lichsu": 28,
}  # of a unit that owes 24 months; a dozen for looks that race

QUESTIONS = (
    "chỉ tiêu TƯLĐTT 2025 TP.HCM",
    "còn Quảng Trị thì sao",
    "bao loc moi nam ket nap bao nhieu doan vien",
    "hạn nộp báo cáo sơ kết",
)
ROUNDS = 5
QUIET = 15  # looks, 10 ms apart, in which nothing more was counted: then a question is over


@pytest.fixture
async def real_bot(settings: Settings, database: Database, clock: MovableClock) -> AsyncIterator[Bot]:
    """The bot with all its features."""
    async with app.running(app.build(settings, database, clock=clock)) as running:
        running.scheduler.pause()
        yield running


@pytest.fixture(autouse=True)
def _undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bot does by the clock is no part of a question: it is put off."""
    for place in (dispatch, worker):
        monkeypatch.setattr(place, "LOOK_EVERY", 1e9)
    monkeypatch.setattr(dispatch, "RECOVER_EVERY", 1e9)
    monkeypatch.setattr(watch, "PROBE_EVERY", 1e9)


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Count statements and commits on every engine; `sql: …` are the statements themselves."""
    counted: Counter[str] = Counter()

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            counted["statements"] += 1
            counted[f"sql: {' '.join(statement.split())[:90]}"] += 1

    def on_commit(_connection: Any) -> None:
        counted["transactions"] += 1

    event.listen(Engine, "before_cursor_execute", on_statement)
    event.listen(Engine, "commit", on_commit)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", on_statement)
        event.remove(Engine, "commit", on_commit)


async def be_quiet(counted: Counter[str], api: FakeApi) -> None:
    """Come back when nothing more is counted: all that belongs to a message is done."""
    quiet, last = 0, (counted.total(), len(api.polls))
    while quiet < QUIET:
        await asyncio.sleep(0.01)
        now = counted.total(), len(api.polls)
        quiet, last = (quiet + 1 if now == last else 0), now


async def test_a_question_costs_few_statements_few_transactions_and_one_poll(api: FakeApi, real_bot: Bot) -> None:
    """Each kind of question by its median."""
    number = 0
    seen: dict[str, list[Counter[str]]] = {text: [] for text in QUESTIONS}
    with counting() as counted:
        for turn in range(ROUNDS + 1):
            for text in QUESTIONS:
                number += 1
                await be_quiet(counted, api)
                before, polls = counted.copy(), len(api.polls)
                api.hand_over(message(number, text))
                await until(lambda: len(api.sent()) == number)  # noqa: B023
                await be_quiet(counted, api)
                if turn:  # the first round makes the person known
                    seen[text].append(counted - before + Counter(polls=len(api.polls) - polls))
    found = {
        text: {what: median(each[what] for each in spent) for what in ("statements", "transactions", "polls")}
        for text, spent in seen.items()
    }
    allowed = {"statements": STATEMENTS, "transactions": TRANSACTIONS, "polls": POLLS}
    too_much = {
        text: dict(seen[text][-1]) | figures
        for text, figures in found.items()
        if any(figures[what] > most for what, most in allowed.items())
    }
    assert not too_much, "\n".join(
        f"{text}:" + "".join(f"\n    {count:>4g} {what}" for what, count in figures.items())
        for text, figures in too_much.items()
    )


async def test_a_month_costs_few_statements_however_many_are_owed(
    api: FakeApi, real_bot: Bot, database: Database, now: datetime
) -> None:
    """A unit of two years, of which it has sent the month before: its month in one message, sent, and looked at."""
    month = last_opened(get_form(MONTHLY_FORM), now.date())
    before = {"workers": 120, "members": 100, "admitted": 0, "lost": 0, "net": 0}
    async with database.write() as db:
        unit = await units.add(
            db, code="CS1", name="CĐCS Một", kind=UnitKind.PRIVATE, registered_on=date(now.year - 2, 1, 1)
        )
        person = await people.add(db, "Cán bộ", now, telegram_id=OFFICER)
        await people.grant_all(db, [(person.id, unit.id, RoleName.OFFICER)], now)
        given = {(unit.id, month.shifted(-1)): {key: Decimal(value) for key, value in before.items()}}
        await earlier_reports.bring_in(db, MONTHLY_FORM, given, now, by=None)
    figures = f"báo cáo tháng {month.number}/{month.year}: 121 lao động, 101 đoàn viên, kết nạp 2, giảm 1"
    spent: dict[str, Counter[str]] = {}
    with counting() as counted:
        for number, (step, text) in enumerate((("figures", figures), ("Gửi", "Gửi"), ("/lichsu", "/lichsu")), start=1):
            await be_quiet(counted, api)
            so_far, heard = counted.copy(), len(api.sent())
            api.hand_over(message(number, text, chat=OFFICER))
            await until(lambda: len(api.sent()) > heard)  # noqa: B023
            await be_quiet(counted, api)
            spent[step] = counted - so_far
    assert any("Đã nhận" in text for text in api.texts(OFFICER))
    too_much = {step: dict(spent[step]) for step, most in REPORT_STATEMENTS.items() if spent[step]["statements"] > most}
    assert not too_much
