"""What is forged, or stale: buttons with made-up data, and words for something that is over."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from knowledge.forms import MONTHLY_FORM
from storage import inbox
from storage.engine import Database
from storage.people import RoleName
from tests.e2e.town import ONE_MESSAGE, SEPTEMBER, Town, sends, town_on

FORGED = (
    f"r:n:{{unit}}:{MONTHLY_FORM}:1900-01",
    f"r:n:{{unit}}:{MONTHLY_FORM}:9999-12",
    "r:n:{unit}:x:2026-10",
    "r:c:{unit}:99999999999999999999",
    "r:m:f:00001",
    "r:m:f:0009",
    "r:m:go",
    "r:d:1.a.1:n",
    "r:v:999999999999999999",
    "r:q:1:1",
    f"sum:v:{{unit}}:n.{MONTHLY_FORM}.1900-01:0",
    f"sum:g:{{unit}}:n.{MONTHLY_FORM}.1900-01:0",
    "u:v:{unit}:999999",
    "u:y:mg:{unit}:{unit}",
    "m:go:99999999999999999999",
    "m:undo:99999999999999999999:x",
    "m:undo:{unit}:deadline:1:9999-12-31",
    "up:r:999999999999999999",
)


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with town_on(sqlite_database, f"sqlite:///{sqlite_database.path}") as town:
        yield town


@pytest.mark.parametrize("role", [RoleName.OFFICER, RoleName.ADMIN])
async def test_no_made_up_button_makes_a_handler_fail(town: Town, role: RoleName) -> None:
    seat = await town.join("Nguyễn Thị Hoa", (town.may, role))
    await seat.says("/help")
    own = await seat.hears()
    for data in FORGED:
        await seat.taps_forged(own, data.format(unit=town.may.id))
        await seat.hears_toast()
    await town.chat.all_taken()
    async with town.database.read() as db:
        assert set(await inbox.count_by_state(db)) == {"done"}


async def test_a_figure_for_a_draft_that_is_gone_goes_into_no_other(town: Town) -> None:
    hoa, ba = await town.officer("Nguyễn Thị Hoa"), await town.officer("Lê Văn Ba")
    await hoa.says("/baocao")
    await hoa.hears("1/4")
    await ba.says(ONE_MESSAGE)
    await ba.sees("bấm Gửi")
    await sends(ba)
    await ba.says("/lichsu")
    history = await ba.hears()
    await ba.taps_forged(history, f"r:n:{town.may.id}:{MONTHLY_FORM}:{SEPTEMBER.code}")
    await ba.hears("Tháng 09/2026")
    await hoa.says("1320")
    await hoa.hears("Lê Văn Ba đã gửi", "tháng 10/2026")
    draft = await town.draft(town.may, SEPTEMBER)
    assert draft is not None
    assert "figures" not in draft.state["sheet"]
