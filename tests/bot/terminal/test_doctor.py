"""`troly doctor` tries the reader and says what to do where it is of no use."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import load_settings
from bot.terminal.doctor import Finding, examine, is_overheard
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


async def test_without_one_nothing_is_said(tmp_path: Path) -> None:
    assert await of_reader(tmp_path, None) == []


async def test_one_that_works(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.behaviour = lambda _body: frame("plan_question", AGREEMENTS)
    (found,) = await of_reader(tmp_path, stand_in.url)
    assert found.is_well
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
    assert not found.is_well
    assert says in found.says


async def test_nobody_there(tmp_path: Path) -> None:
    (found,) = await of_reader(tmp_path, "http://127.0.0.1:9/v1")
    assert not found.is_well
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
