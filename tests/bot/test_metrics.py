"""What /metrics shows, of a bot at work and of one whose database hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import app, health
from bot.app import Bot
from bot.metrics import Metrics
from bot.sandbox import FaultKind
from bot.sandbox.faults import Fault
from storage.engine import Database
from tests.e2e.chat import Chat
from tests.e2e.conftest import settings_for


@pytest.fixture
async def stage() -> AsyncIterator[Chat]:
    async with Chat() as chat:
        yield chat


@pytest.fixture
async def bot(stage: Chat, sqlite_database: Database) -> AsyncIterator[Bot]:
    settings = settings_for(stage.sandbox)
    async with app.running(app.build(settings, sqlite_database, clock=stage.sandbox.clock)) as running:
        yield running


async def read(bot: Bot) -> dict[str, float]:
    """Each sample by its name and labels, as `name{label=value}`."""
    shown = (await Metrics(bot._parts, bot._health).show()).decode()
    samples: dict[str, float] = {}
    for family in text_string_to_metric_families(shown):
        assert family.documentation
        assert family.type != "unknown"
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            samples[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return samples


async def test_what_was_said_and_what_became_of_the_answers(stage: Chat, bot: Bot) -> None:
    stage.sandbox.faults.add(Fault(FaultKind.TOO_MANY_BARE, "sendMessage"))
    hoa = stage.person("Nguyễn Thị Hoa")
    await hoa.starts()
    await hoa.hears()
    await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    await hoa.hears("80%")
    await hoa.says("ksdjfh sdkfjh sdkjfh")
    await hoa.hears()
    await stage.all_taken()
    found = await read(bot)
    assert found["troly_answers_total{meaning=command,understood=yes}"] == 1
    assert found["troly_answers_total{meaning=plan_question,understood=yes}"] == 1
    assert sum(count for name, count in found.items() if name.startswith("troly_answers_total")) == 3
    assert found["troly_deliveries_total{outcome=dead}"] == found["troly_deliveries_total{outcome=doubt}"] == 0
    assert found["troly_telegram_calls_total{outcome=429}"] == 1
    assert found["troly_telegram_calls_total{outcome=ok}"] > 3
    assert (
        found["troly_database_seconds_count{work=statement}"] > found["troly_database_seconds_count{work=commit}"] > 3
    )
    assert found["troly_unanswered_age_seconds"] >= 0
    assert found["troly_problems"] == 0
    assert not any("Hoa" in name or "TƯLĐTT" in name for name in found)


async def test_the_oldest_that_waits_has_an_age(stage: Chat, bot: Bot) -> None:
    hanging = Fault(FaultKind.HANG, "sendMessage", seconds=60)
    stage.sandbox.faults.add(hanging)
    hoa = stage.person("Nguyễn Thị Hoa")
    await hoa.starts()
    await stage.sandbox.wait_until(lambda: hanging.fired > 0, 60)
    stage.sandbox.clock.move(timedelta(minutes=3))
    found = await read(bot)
    assert 180 <= found["troly_unanswered_age_seconds"] < 240
    assert found["troly_messages_waiting{kind=reply,state=sending}"] == 1
    bot.dispatcher.drop()


async def test_a_database_that_hangs_is_told_and_the_rest_is_shown(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "FIGURES_SECONDS", 0.05)
    monkeypatch.setattr(health, "find_backlog", hang)
    found = await read(bot)
    assert found["troly_database_up"] == 0
    assert "troly_unanswered_age_seconds" not in found
    assert found["troly_updates_stored_total"] == 0
    counting = bot._health._counting
    assert counting is not None
    counting.cancel()
    await asyncio.gather(counting, return_exceptions=True)
