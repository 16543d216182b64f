"""`troly run` and `troly demo` as programs of their own: killed, wrongly set, and read for what they let slip."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
from pathlib import Path

import httpx
import pytest

from bot.sandbox import FaultKind
from bot.sandbox.faults import Fault
from tests.e2e.chat import Chat
from tests.faults.nursery import Nursery, Nursling
from tests.faults.programs import problems, start_program

SECRET = "sandbox-only-no-real-token"


async def output_of(process: asyncio.subprocess.Process | Nursling, *, within: float = 60.0) -> tuple[int, str]:
    async with asyncio.timeout(within):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_sigterm_finishes_what_is_under_way_and_ends_well(stage: Chat, tmp_path: Path) -> None:
    hoa = stage.person("Nguyễn Thị Hoa")
    for _ in range(20):
        await hoa.says("chỉ tiêu TƯLĐTT 2025 TP.HCM")
    program = await start_program(tmp_path, "run", settings=settings_of(stage, tmp_path))
    await hoa.hears("80%")
    program.send_signal(signal.SIGTERM)
    code, output = await output_of(program)
    assert code == 0, output
    answered = len([message for message in hoa.room.shown if message.by_bot])
    assert answered + len(stage.sandbox.pending_updates()) >= 20


def settings_of(stage: Chat, folder: Path, **more: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": stage.sandbox.token,
        "TELEGRAM_API_URL": stage.sandbox.url,
        "DATABASE_URL": f"sqlite:///{folder / 'troly.db'}",
        "SEND_RATE": "0",
        "LOG_LEVEL": "DEBUG",
        **more,
    }


async def test_whatever_is_wrong_is_said_in_one_line_without_the_token(
    nursery: Nursery, stage: Chat, tmp_path: Path, sqlite_template: Path
) -> None:
    read_only = tmp_path / "read-only"
    read_only.mkdir()
    read_only.chmod(stat.S_IRUSR | stat.S_IXUSR)
    newer = tmp_path / "newer.db"
    shutil.copy(sqlite_template, newer)
    _make_newer(newer)
    good = settings_of(stage, tmp_path)
    unwritable = read_only if os.geteuid() else Path("/proc/nowhere")
    table = {
        "no token": ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is missing"),
        "malformed token": ({"TELEGRAM_BOT_TOKEN": f"{SECRET}-without-a-number"}, "TELEGRAM_BOT_TOKEN is malformed"),
        "foreign token": ({"TELEGRAM_BOT_TOKEN": f"12345678:{SECRET}-of-another"}, "refuses the token"),
        "malformed address": ({"TELEGRAM_API_URL": "telegram"}, "TELEGRAM_API_URL is malformed"),
        "unwritable": ({"DATABASE_URL": f"sqlite:///{unwritable}/data/troly.db"}, "data"),
        "newer": ({"DATABASE_URL": f"sqlite:///{newer}"}, "newer"),
        "time zone": ({"TIMEZONE": "Sao/Hoa"}, "TIMEZONE"),
    }

    async def attempt(name: str) -> None:
        wrong, says = table[name]
        own = {"DATABASE_URL": f"sqlite:///{tmp_path / name}.db"}
        code, output = await output_of(await nursery.start(tmp_path, "run", settings=good | own | wrong))
        said = problems(output)
        assert code == 1, (name, output)
        assert len(said) == 1, (name, output)
        assert says in said[0], (name, output)
        assert SECRET not in output, name
        assert "Traceback" not in output, name

    names = list(table)
    await asyncio.gather(*(attempt(name) for name in names[:4]))
    await asyncio.gather(*(attempt(name) for name in names[4:]))
    assert stage.sandbox.bot_messages == 0


async def test_an_unreachable_api_is_told_in_one_line_while_the_program_goes_on_trying(
    stage: Chat, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    settings = settings_of(stage, tmp_path, TELEGRAM_API_URL=nobody, LOG_LEVEL="INFO")
    program = await start_program(tmp_path, "run", settings=settings)
    assert program.stdout is not None
    said: list[str] = []
    async with asyncio.timeout(60):
        while not any("cannot be reached" in line for line in said):
            said.append((await program.stdout.readline()).decode())
    assert " starting version=" in said[0]
    assert said[0].rstrip().endswith("database=SQLite by=polling")
    assert program.returncode is None
    program.send_signal(signal.SIGTERM)
    code, rest = await output_of(program)
    assert code == 0, rest
    assert len(problems("".join(said) + rest)) == 1


def _make_newer(file: Path) -> None:
    """A database that a later version of the program migrated."""
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)")
    database.execute("DELETE FROM alembic_version")
    database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.commit()
    database.close()


async def test_the_token_and_what_people_write_are_nowhere_in_the_output_at_debug(
    nursery: Nursery, stage: Chat, tmp_path: Path
) -> None:
    hoa = stage.person("Nguyễn Thị Hoa", phone="+84907654321")
    program = await nursery.start(tmp_path, "run", settings=settings_of(stage, tmp_path))
    for kind in (FaultKind.BAD_GATEWAY, FaultKind.UNAUTHORIZED):
        stage.sandbox.faults.add(Fault(kind, method="getUpdates"))
    for kind in (FaultKind.INTERNAL, FaultKind.LOST_AFTER, FaultKind.BAD_REQUEST):
        stage.sandbox.faults.add(Fault(kind, method="sendMessage"))
    stage.sandbox.inject_update({"message": {"message_id": "x", "chat": 5, "text": "bí mật của tôi"}})
    await hoa.starts()
    for text in ("chỉ tiêu mật khẩu bí-mật-của-tôi", "chỉ tiêu TƯLĐTT 2025 TP.HCM", "còn 2030?"):
        await hoa.says(text)
    await hoa.sees("85%")
    await hoa.shares_phone()
    await hoa.taps("Chưa đúng")
    await stage.all_taken()
    program.send_signal(signal.SIGTERM)
    code, output = await output_of(program)
    assert code == 0, output
    assert "DEBUG" in output
    for private in (SECRET, "bí-mật-của-tôi", "bí mật", "Nguyễn", "84907654321", "TƯLĐTT"):
        assert private not in output, private
    assert not re.search(r"bot\d+:", output)


async def shows_page(client: httpx.AsyncClient, person: int) -> str:
    """The address behind **Điền trên trang**, found from the report of the month by its buttons."""
    wanted = ["Kỳ khác", "Sơ kết"]
    async with asyncio.timeout(60):
        while True:
            last = (await client.get(f"/sandbox/chats/{person}")).json()["messages"][-1]
            for button in itertools.chain(*last.get("reply_markup", {}).get("inline_keyboard", ())):
                if "web_app" in button:
                    return str(button["web_app"]["url"])
                if wanted and wanted[0] in button["text"]:
                    wanted.pop(0)
                    await client.post("/sandbox/press", json={"person": person, "label": button["text"]})
                    break
            await asyncio.sleep(0.05)


async def test_the_demo_answers_the_example_then_serves_the_page_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    program = await start_program(tmp_path, "demo", "--port", "0", "--no-browser")
    assert program.stdout is not None
    shown = ""
    async with asyncio.timeout(60):
        while "http://127.0.0.1:" not in shown:
            line = await program.stdout.readline()
            assert line, shown
            shown += line.decode()
    assert shown.index("chỉ tiêu TƯLĐTT 2025?") < shown.index("80%") < shown.index("http://")
    url = re.search(r"http://127\.0\.0\.1:\d+", shown)
    assert url is not None
    async with httpx.AsyncClient(base_url=url[0], trust_env=False) as client:
        assert "<html" in (await client.get("/")).text
        people = (await client.get("/sandbox/world")).json()["people"]
        hoa = people[0]["id"]
        await client.post("/sandbox/say", json={"person": hoa, "text": "chỉ tiêu TƯLĐTT 2025?"})
        async with asyncio.timeout(60):
            while True:
                messages = (await client.get(f"/sandbox/chats/{hoa}")).json()["messages"]
                if any("80%" in message.get("text", "") for message in messages):
                    break
                await asyncio.sleep(0.05)
        await client.post("/sandbox/say", json={"person": hoa, "text": "/baocao"})
        page = await shows_page(client, hoa)
        assert "<html" in (await client.get(page)).text
        second = await start_program(tmp_path, "demo", "--port", url[0].rsplit(":", 1)[1], "--no-browser")
        code, output = await output_of(second)
        assert (code, len(problems(output))) == (1, 1), output
        assert "--port" in output
    program.send_signal(signal.SIGINT)
    code, rest = await output_of(program)
    assert code == 0, rest
    assert "Traceback" not in rest
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("demo", "--help"), ("demo", "--port", "x")])
async def test_every_command_explains_itself(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, output = await output_of(await start_program(tmp_path, *arguments))
    assert code == (0 if arguments[-1] == "--help" else 2)
    assert "Traceback" not in output
