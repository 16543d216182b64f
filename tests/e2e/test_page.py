"""The mid-term form as a page over the chat: whoever may enter fills it in and sends it, nobody else reads a figure."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from bot import app
from bot.features.submissions.page.opener import sign
from bot.features.submissions.page.serving import LARGEST_SAID
from bot.sandbox import MovableClock
from knowledge.forms import TERM_FORM
from knowledge.model.periods import Period
from storage import campaigns
from storage.engine import Database
from tests.bot.road.fake_api import free_port
from tests.e2e.chat import Chat, Seat
from tests.e2e.conftest import settings_for
from tests.e2e.town import OPENING_DAY, Town, build_town

PERIOD = Period.parse("campaign:2026:Sơ kết giữa nhiệm kỳ")


@dataclass
class PageTown(Town):
    """The town with the bot behind a public address."""

    origin: str = ""

    async def opens(self, seat: Seat) -> str:
        """The address behind the button of the report that is due by the campaign."""
        await seat.says("/baocao")
        choice = await seat.hears()
        buttons = [button for row in choice.message.buttons for button in row]
        return next(str(button["web_app"]["url"]) for button in buttons if "web_app" in button)

    async def asks(self, what: str, seat: Seat, address: str, *, age: timedelta = timedelta(), **said: Any) -> Any:
        """What the page's server answers to somebody's page."""
        fields = {
            "auth_date": str(int((self.clock() - age).timestamp())),
            "user": json.dumps({"id": seat.id, "first_name": seat.person.name}),
        }
        data = urlencode({**fields, "hash": sign(fields, self.chat.sandbox.token)})
        body = {"draft": parse_qs(urlsplit(address).query)["d"][0], **said}
        async with httpx.AsyncClient(base_url=self.origin) as client:
            return await client.post(f"/form/{what}", json=body, headers={"Authorization": f"tma {data}"})


@asynccontextmanager
async def page_town(database: Database) -> AsyncIterator[PageTown]:
    clock = MovableClock(start_at=OPENING_DAY)
    async with AsyncExitStack() as stack:
        chat = await stack.enter_async_context(Chat(clock=clock))
        town = await build_town(chat, database, clock)
        async with database.write() as db:
            await campaigns.open_campaign(
                db,
                form=TERM_FORM,
                period=PERIOD,
                unit_id=town.tinh.id,
                opens_on=date(2026, 10, 1),
                due_on=date(2026, 10, 29),
                locks_on=date(2027, 1, 14),
                opened_by=None,
                now=town.clock(),
            )
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        settings = settings_for(chat.sandbox, webhook_url=f"{origin}/updates", listen=f"127.0.0.1:{port}")
        await stack.enter_async_context(app.running(app.build(settings, database, clock=clock)))
        yield PageTown(chat, database, clock, town.tinh, town.may, town.giay, origin)


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[PageTown]:
    async with page_town(sqlite_database) as town:
        yield town


async def test_a_report_is_filled_in_and_sent_from_the_page_once(town: PageTown) -> None:
    hoa = await town.officer()
    address = await town.opens(hoa)
    report = (await town.asks("open", hoa, address)).json()["report"]
    assert [part["title"] for part in report["parts"]][1] == "III. Công tác thi đua"

    rows = {"i25": "1.200", "i38": "bốn mươi mấy"}
    saved = await town.asks("save", hoa, address, version=report["version"], rows=rows)
    assert list(saved.json()["wrong"]) == ["i38"]
    opened = (await town.asks("open", hoa, address)).json()["report"]
    typed = {
        row["key"]: (row["typed"], row["wrong"]) for part in opened["parts"] for row in part["rows"] if row["typed"]
    }
    assert typed == {"i38": ("bốn mươi mấy", saved.json()["wrong"]["i38"])}
    stale = await town.asks("save", hoa, address, version=report["version"], rows={"i25": "7"})
    assert stale.status_code == 409
    version = stale.json()["report"]["version"]
    early = await town.asks("send", hoa, address, version=version)
    assert early.status_code == 422

    whole = await town.asks("save", hoa, address, version=version, rows={"i38": "40"}, leave_empty=True)
    assert whole.json()["report"]["ready"]
    assert not any(row["typed"] for part in whole.json()["report"]["parts"] for row in part["rows"])
    version = whole.json()["report"]["version"]
    for _ in range(2):  # the answer may have been lost on its way
        assert "Đã nhận" in (await town.asks("send", hoa, address, version=version)).json()["sent"]
    await hoa.hears("Đã nhận", "CĐCS May Hòa Thọ")
    stored = await town.current(town.may, PERIOD, TERM_FORM)
    assert stored is not None
    assert stored.figures == {"i25": 1200, "i38": 40}
    assert stored.version == 1
    await hoa.says("Gửi")
    await hoa.hears("Đã nhận")


async def test_the_page_shows_nothing_to_anybody_else(town: PageTown) -> None:
    hoa, an = await town.officer(), await town.officer("Lê An", town.giay)
    address = await town.opens(hoa)
    assert (await town.asks("open", an, address)).status_code == 404
    assert (await town.asks("save", an, address, version=1, rows={"i25": "9"})).status_code == 404
    assert (await town.asks("send", an, address, version=1)).status_code == 404
    assert (await town.asks("open", hoa, address, age=timedelta(hours=25))).status_code == 401
    forged = "1." + "0" * 6
    assert (await town.asks("open", hoa, address, draft=forged)).status_code == 404
    async with httpx.AsyncClient(base_url=town.origin) as client:
        assert (await client.post("/form/open", json={"draft": "1.abc"})).status_code == 401
    large = await town.asks("save", hoa, address, version=1, rows={"i25": "1" * LARGEST_SAID})
    assert large.status_code == 413
    assert (await town.asks("save", hoa, address, version=1, rows=[1])).status_code == 400


async def test_the_page_takes_nothing_from_elsewhere(town: PageTown) -> None:
    async with httpx.AsyncClient(base_url=town.origin) as client:
        page = await client.get("/form")
        policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "https://" not in page.text


async def test_what_the_chat_does_after_the_page_overwrites_nothing(town: PageTown) -> None:
    hoa = await town.officer()
    address = await town.opens(hoa)
    await town.asks("save", hoa, address, version=1, rows={"i25": "1200"})
    await hoa.says("26: 5")
    await hoa.hears("sang bước khác", "1/55")
    await hoa.says("26: 5; 26.1: 7")
    await hoa.hears("7")
    draft = await town.draft(town.may, PERIOD, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i25": "1200", "i26": "5", "i26_tien": "7"}


async def test_a_page_that_closes_keeps_its_rows_and_overwrites_no_colleague(town: PageTown) -> None:
    hoa, minh = await town.officer(), await town.officer("Trần Minh", town.may)
    address = await town.opens(hoa)
    await town.asks("save", hoa, address, version=1, rows={"i25": "1200"})
    await town.asks("save", hoa, address, version=1, rows={"i25": "1300", "i26": "5"}, closing=True)
    draft = await town.draft(town.may, PERIOD, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i25": "1300", "i26": "5"}
    await town.asks("save", minh, address, version=1, rows={"i25": "1", "i38": "4"}, closing=True)
    draft = await town.draft(town.may, PERIOD, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i25": "1300", "i26": "5", "i38": "4"}
    version = draft.version
    await town.asks("save", hoa, address, version=version, rows={"i38": "6"})
    await town.asks("save", minh, address, version=version + 1, rows={"i45": "9"})
    await town.asks("save", minh, address, version=version, rows={"i38": "4"}, closing=True)
    draft = await town.draft(town.may, PERIOD, TERM_FORM)
    assert draft is not None
    assert draft.state["sheet"]["figures"] == {"i25": "1300", "i26": "5", "i38": "6", "i45": "9"}


async def test_a_reason_that_explains_nothing_is_said_to(town: PageTown) -> None:
    hoa = await town.officer()
    address = await town.opens(hoa)
    rows = {"i45": "10", "i46": "20"}
    first = (await town.asks("save", hoa, address, version=1, rows=rows)).json()["report"]
    [rule] = [verdict["rule"] for verdict in first["verdicts"] if verdict["needs_reason"]]
    short = (await town.asks("save", hoa, address, version=first["version"], reasons={rule: "ok"})).json()
    assert "3 chữ cái" in short["unexplained"][rule]
    version = short["report"]["version"]
    whole = (await town.asks("save", hoa, address, version=version, reasons={rule: "kỳ trước nhầm"})).json()
    assert whole["unexplained"] == {}
    assert whole["report"]["verdicts"][0]["reason"] == "kỳ trước nhầm"
