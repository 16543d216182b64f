"""What a question costs, counted: statements, write transactions, polls. Nothing here is timed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot import app, watch
from bot.app import Bot
from bot.road import dispatch, worker
from bot.sandbox import MovableClock
from bot.settings import Settings
from storage.engine import Database
from tests.bot.road.conftest import until
from tests.bot.road.fake_api import FakeApi, message

STATEMENTS = 12  # BEGIN and COMMIT not counted, a statement with many rows once
TRANSACTIONS = 3  # take in, answer, mark as sent
POLLS = 1  # the one that confirms the question before is the one that waits for the next

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


async def test_a_question_costs_few_statements_few_transactions_and_one_poll(api: FakeApi, real_bot: Bot) -> None:
    """Each kind of question by its median."""
    number = 0
    seen: dict[str, list[Counter[str]]] = {text: [] for text in QUESTIONS}
    with counting() as counted:

        async def be_quiet() -> None:
            quiet, last = 0, (counted.total(), len(api.polls))
            while quiet < QUIET:
                await asyncio.sleep(0.01)
                now = counted.total(), len(api.polls)
                quiet, last = (quiet + 1 if now == last else 0), now

        for turn in range(ROUNDS + 1):
            for text in QUESTIONS:
                number += 1
                await be_quiet()
                before, polls = counted.copy(), len(api.polls)
                api.hand_over(message(number, text))
                await until(lambda: len(api.sent()) == number)  # noqa: B023
                await be_quiet()
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
