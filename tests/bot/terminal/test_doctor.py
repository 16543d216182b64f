"""`troly doctor` tries the reader and the database, and says what to do where they are of no use."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.road.clock import system_clock
from bot.sandbox import NO_LIMITS, Sandbox, SandboxServer
from bot.settings import load_settings
from bot.terminal.doctor import Finding, FindingMark, examine, is_overheard
from knowledge.importing.scans.engine import Engine
from storage import notes
from storage.engine import Database
from storage.notes import NoteKey
from tests.bot.reader.stand_in import Behaviour, StandIn, completion, frame, response

AGREEMENTS = "hcm-nq02-2022/target/collective_agreement"


async def of_reader(tmp_path: Path, url: str | None) -> list[Finding]:
    """What doctor finds of the reader at an address."""
    model = "a-model" if url else None
    settings = load_settings(
        needs_token=False,
        _env_file=None,
        telegram_bot_token=None,
        database_url=f"sqlite:///{tmp_path / 'none.db'}",
        reader_url=url,
        reader_model=model,
    )
    return [finding for finding in await examine(settings) if finding.subject in {"reader", "READER_URL"}]


async def of_telegram(sandbox: Sandbox, url: str | None) -> dict[str, Finding]:
    """What doctor finds of Telegram and of the reminders, by what it is about, where WEBHOOK_URL is `url`."""
    settings = load_settings(
        needs_token=False,
        _env_file=None,
        telegram_bot_token=sandbox.token,
        telegram_api_url=sandbox.url,
        webhook_url=url,
        webhook_secret="a-secret" if url else None,
        listen="127.0.0.1:8080" if url else None,
        database_url="sqlite:////nowhere/none.db",
    )
    return {finding.subject: finding for finding in await examine(settings)}


async def test_the_webhook_is_told_of_well_or_ill() -> None:
    url = "https://bot.example.vn/telegram"
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        assert "webhook" not in await of_telegram(sandbox, None)
        assert "knows of none yet" in (await of_telegram(sandbox, url))["webhook"].says
        async with httpx.AsyncClient() as client:
            await client.post(f"{sandbox.url}/bot{sandbox.token}/setWebhook", json={"url": url})
        found = (await of_telegram(sandbox, url))["webhook"]
        assert (found.mark, found.says) == (FindingMark.OK, f"{url}, 0 updates waiting at Telegram")
        assert (await of_telegram(sandbox, None))["webhook"].mark is FindingMark.FAILURE


async def test_when_reminders_come_and_what_makes_a_database() -> None:
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        found = await of_telegram(sandbox, None)
    assert found["reminders"].says.startswith("at 08:30, or at the hour chosen in /nhac, never from 21:00 to 07:00")
    assert "`troly units import` or `troly run` makes it" in found["database"].says


async def test_a_name_that_is_nearly_a_setting_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:abc")
    (tmp_path / ".env").write_text("QUITE_HOURS=22:00-06:00\nDOMAIN=bot.example.vn\nSEND_RATE=20\n")
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        found = await of_telegram(sandbox, None)
    assert found["QUITE_HOURS"].mark is FindingMark.WARNING
    assert "is QUIET_HOURS meant?" in found["QUITE_HOURS"].says
    assert "is TELEGRAM_BOT_TOKEN meant?" in found["TELEGRAM_TOKEN"].says
    assert not {"DOMAIN", "SEND_RATE"} & set(found)


async def test_without_one_nothing_is_said(tmp_path: Path) -> None:
    assert await of_reader(tmp_path, None) == []


async def test_one_that_works(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.behaviour = lambda _body: frame("plan_question", AGREEMENTS)
    (found,) = await of_reader(tmp_path, stand_in.url)
    assert found.mark is FindingMark.OK
    assert found.says.startswith(f"{stand_in.url.split('/')[2]} answers as a-model in ")


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (lambda _body: response(b"{}", "401 Unauthorized"), "HTTP 401; check READER_URL, READER_KEY and READER_MODEL"),
        (lambda _body: response(b"<html>"), "something else than a chat completion; check READER_URL"),
        (lambda _body: completion("Chỉ tiêu là 99%"), "choose another READER_MODEL"),
        (lambda _body: frame("courtesy"), "misreads a plain question; choose another READER_MODEL"),
    ],
)
async def test_one_that_does_not(tmp_path: Path, stand_in: StandIn, behaviour: Behaviour, says: str) -> None:
    stand_in.behaviour = behaviour
    (found,) = await of_reader(tmp_path, stand_in.url)
    assert found.mark is not FindingMark.OK
    assert says in found.says


async def test_nobody_there(tmp_path: Path) -> None:
    (found,) = await of_reader(tmp_path, "http://127.0.0.1:9/v1")
    assert found.mark is not FindingMark.OK
    assert "out of reach" in found.says


@pytest.mark.parametrize(
    ("url", "overheard"),
    [
        ("https://models.example.vn/v1", False),
        ("http://127.0.0.1:8000/v1", False),
        ("http://10.0.0.5:8000/v1", False),
        ("http://localhost:8000/v1", False),
        ("http://models:8000/v1", False),
        ("http://[::1]:8000/v1", False),
        ("http://models.example.vn/v1", True),
        ("http://8.8.8.8/v1", True),
    ],
)
def test_what_can_be_overheard(url: str, overheard: bool) -> None:
    assert is_overheard(url) is overheard


async def of_database(tmp_path: Path) -> dict[str, Finding]:
    """What doctor finds of the database and what the bot noted in it, by subject."""
    settings = load_settings(
        needs_token=False,
        _env_file=None,
        telegram_bot_token=None,
        database_url=f"sqlite:///{tmp_path / 'troly.db'}",
        reader_url=None,
        reader_model=None,
    )
    return {finding.subject: finding for finding in await examine(settings)}


async def test_a_database_is_tried_by_writing(tmp_path: Path, sqlite_database: Database) -> None:
    assert sqlite_database.path == tmp_path / "troly.db"
    found = await of_database(tmp_path)
    assert found["database"].mark is FindingMark.OK
    assert "can be written" in found["database"].says
    async with sqlite_database.read() as db:
        assert [note.key for note in await notes.list_all(db)] == [NoteKey.DOCTOR]


@pytest.mark.usefixtures("sqlite_database")
async def test_one_that_takes_nothing_more_fails_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(notes, "put", fail)
    found = (await of_database(tmp_path))["database"]
    assert found.mark is not FindingMark.OK
    assert "cannot be written: database or disk is full; free or repair its disk" in found.says


async def test_what_the_bot_noted_is_shown(tmp_path: Path, sqlite_database: Database) -> None:
    async with sqlite_database.write() as db:
        await notes.put(db, NoteKey.CLOCK, "the clock was set back by 30 s", system_clock())
        await notes.put(db, NoteKey.STORAGE, "cannot be written: full", system_clock(), is_open=True)
        await notes.put(db, NoteKey.ALIVE, "", system_clock())
    found = await of_database(tmp_path)
    assert found["clock"].mark is FindingMark.OK
    assert "the clock was set back by 30 s" in found["clock"].says
    assert found["storage"].mark is not FindingMark.OK
    assert "last wrote at" in found["alive"].says


async def test_what_is_worth_mending_is_told_from_what_fails(tmp_path: Path, sqlite_database: Database) -> None:
    async with sqlite_database.write() as db:
        await notes.put(db, NoteKey.STORAGE, "cannot be written: full", system_clock(), is_open=True)
    found = await of_database(tmp_path)
    assert str(found["ADMIN_IDS"]).startswith("warn  ADMIN_IDS: nobody is told")
    assert str(found["storage"]).startswith("FAIL  storage: cannot be written: full")
    assert str(found["database"]).startswith("ok    database: SQLite")


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        (None, "are not read; that takes the packages tesseract-ocr and tesseract-ocr-vie"),
        (Engine("/usr/bin/tesseract", "5.3.0", has_vietnamese=False), "tesseract 5.3.0 lacks the package"),
        (Engine("/usr/bin/tesseract", "5.3.0", has_vietnamese=True), "are read by tesseract 5.3.0"),
    ],
)
async def test_whether_scans_are_read_is_told_and_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine | None, says: str
) -> None:
    monkeypatch.setattr("bot.terminal.doctor.find_engine", lambda: engine)
    settings = load_settings(
        needs_token=False, _env_file=None, telegram_bot_token=None, database_url=f"sqlite:///{tmp_path / 'none.db'}"
    )
    [found] = [finding for finding in await examine(settings) if finding.subject == "scans"]
    assert found.mark is FindingMark.OK
    assert says in found.says
