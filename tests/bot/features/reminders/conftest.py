"""Where reminders' tests begin."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.rules import Rules
from knowledge.answer import load_adviser
from storage.engine import Database
from tests.bot.features.reminders.world import World
from tests.e2e.reminders_tree import plant


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with database.write() as db:
        tree = await plant(db)
    yield World(database, Rules(plans=load_adviser().plans), tree)
