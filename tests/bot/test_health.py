"""Problems as data, and what /healthz makes of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from bot import health
from bot.health import BotParts, Health, Phase, Problem, ProblemKind
from bot.road.turn import Resources
from storage.backlog import Backlog
from storage.engine import Database
from storage.mail import MessageKind
from storage.messages import MessageState

NOW = 1000.0


def polling(last_good: float | None, *, conflict: bool = False, stands_by: bool = False) -> SimpleNamespace:
    """A process that polls, or stands by."""
    poller = SimpleNamespace(last_good=last_good, conflict_lasts=conflict)
    return SimpleNamespace(poller=poller, stands_by=stands_by, polls=not stands_by)


@pytest.fixture
def parts(sqlite_database: Database) -> SimpleNamespace:
    """Parts of a bot that is well."""
    return SimpleNamespace(
        database=sqlite_database,
        clock=lambda: None,
        hooks=SimpleNamespace(resources=Resources({})),
        store=SimpleNamespace(stored=3, put_aside=0),
        worker=SimpleNamespace(handled=2, failed=1, parked=0, turned_at=NOW),
        dispatcher=SimpleNamespace(sent=2, in_doubt=0, dead=0, halted_for=0.0, turned_at=NOW - 59),
        leadership=polling(NOW - 3),
        way=SimpleNamespace(problem=None),
        outcomes=Counter({"ok": 2}),
        storage_watch=SimpleNamespace(problem=None),
        clock_watch=SimpleNamespace(problem=None),
        is_going=lambda _name: True,
    )


def of(parts: SimpleNamespace) -> Health:
    made = Health(BotParts(**vars(parts)), monotonic=lambda: NOW)
    made.phase = Phase.RUNNING
    return made


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def find(*_: object) -> Backlog:
        return Backlog(4, {(MessageKind.REPLY, MessageState.DUE): 3, (MessageKind.REMINDER, MessageState.DUE): 1}, None)

    monkeypatch.setattr(health, "find_backlog", find)


async def test_all_is_well(parts: SimpleNamespace) -> None:
    assert of(parts).problems() == []
    well, figures = await of(parts).report()
    assert well
    assert figures["status"] == "ok"
    assert figures["inbox_waiting"] == figures["outbox_waiting"] == 4


@pytest.mark.parametrize(
    ("changed", "kind", "says"),
    [
        ({"storage_watch": SimpleNamespace(problem="disk is full")}, ProblemKind.DATABASE, "disk is full"),
        ({"leadership": polling(None)}, ProblemKind.GETUPDATES, "quiet"),
        ({"leadership": polling(NOW - 61)}, ProblemKind.GETUPDATES, "quiet"),
        ({"leadership": polling(NOW - 3, conflict=True)}, ProblemKind.OTHER_POLLER, "another program"),
        ({"way": SimpleNamespace(problem="telegram out of reach")}, ProblemKind.WAY, "out of reach"),
        ({"is_going": lambda name: name != "dispatcher"}, ProblemKind.PART, "dispatcher is not running"),
        ({"is_going": lambda name: name != "watch"}, ProblemKind.PART, "watch is not running"),
    ],
)
async def test_what_is_wrong_is_red(
    parts: SimpleNamespace, changed: dict[str, Any], kind: ProblemKind, says: str
) -> None:
    vars(parts).update(changed)
    (found,) = of(parts).problems()
    assert (found.kind, found.is_failing) == (kind, True)
    assert says in found.says
    well, figures = await of(parts).report()
    assert not well
    assert (figures["status"], figures["problems"]) == ("failing", [found.says])


async def test_one_that_stands_by_is_well(parts: SimpleNamespace) -> None:
    vars(parts).update(leadership=polling(None, stands_by=True))
    well, figures = await of(parts).report()
    assert well
    assert figures["polling"] == "standby"


async def test_a_clock_that_jumped_is_shown_and_not_red(parts: SimpleNamespace) -> None:
    parts.clock_watch.problem = "the clock was set back by 30 s"
    assert of(parts).problems() == [Problem(ProblemKind.CLOCK, "the clock was set back by 30 s", is_failing=False)]
    well, figures = await of(parts).report()
    assert well
    assert figures["notices"] == ["the clock was set back by 30 s"]
    assert "problems" not in figures


async def test_a_database_that_does_not_answer_keeps_nobody_waiting(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "FIGURES_SECONDS", 0.05)
    monkeypatch.setattr(health, "find_backlog", hang)
    asked = of(parts)
    for _ in range(3):
        well, figures = await asked.report()
        assert not well
        assert figures["problems"] == ["database: TimeoutError"]
    counting = asked._counting
    assert counting is not None
    assert not counting.done()
    counting.cancel()
    await asyncio.gather(counting, return_exceptions=True)


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.STOPPING])
async def test_before_and_after_its_work_it_is_not_ready(parts: SimpleNamespace, phase: Phase) -> None:
    asked = of(parts)
    asked.phase = phase
    well, figures = await asked.report()
    assert not well
    assert (figures["status"], figures["problems"]) == (phase.value, [f"the bot is {phase.value}"])


@pytest.mark.parametrize("name", ["worker", "dispatcher"])
async def test_a_part_that_does_not_come_round_is_stuck(parts: SimpleNamespace, name: str) -> None:
    getattr(parts, name).turned_at = NOW - 61
    (found,) = of(parts).problems()
    assert found.says == f"{name} has been stuck for 61 s"
    assert found.is_failing
