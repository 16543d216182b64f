"""The stand-in endpoint, and a reader that asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.reader import SecondReader
from bot.reader.client import Client
from bot.reader.masking import Masker
from bot.reader.names import find_public
from knowledge.answer import load_adviser
from tests.bot.reader.stand_in import StandIn, standing_in


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    """An endpoint that answers as recorded."""
    async with standing_in() as served:
        yield served


@pytest.fixture
async def reader(stand_in: StandIn) -> AsyncIterator[SecondReader]:
    """A reader that asks it."""
    made = SecondReader(load_adviser(), Client(stand_in.url, "a-model", "a-secret-key"))
    yield made
    await made.close()


@pytest.fixture(scope="session")
def masker() -> Masker:
    """A masker that knows two people and four units."""
    units = [
        ("MAY", "CĐCS May Hòa Thọ"),
        ("CD-01", "CĐCS Vinamilk"),
        ("QT", "LĐLĐ tỉnh Quảng Trị"),
        ("VUIT", "Công đoàn Công Thương Việt Nam"),
    ]
    return Masker(["Nguyễn Thị Hoa", "Trần Văn Lan"], units, find_public(load_adviser()))
