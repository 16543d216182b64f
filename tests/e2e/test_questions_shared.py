"""The questions of real officers in a private chat, in a group and inline: as right as the terminal answers them.

Whether an answer is right is the business of `tests/knowledge`; here nothing may get lost or mixed up on the way.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.terminal.answering import answer_lines
from knowledge.answer import load_adviser
from tests.e2e.chat import Chat

Row = dict[str, Any]
AT = "@troly_congdoan_bot"


def fold(text: str) -> str:
    """As the questions' patterns expect it: composed, lower case, white space single."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).lower().replace("\u00a0", " "))


def read_rows(file: Path, *, every: int = 1) -> list[Row]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [json.loads(line) for line in lines[::every]]


def failures(said: Iterable[tuple[Row, str]]) -> list[str]:
    """What is wrong, a line a question."""
    found = []
    for row, text in said:
        folded = fold(text)
        missing = [pattern for pattern in row["must"] if not re.search(pattern, folded)]
        unwanted = [pattern for pattern in row["not"] if re.search(pattern, folded)]
        if missing or unwanted:
            found.append(f"{' → '.join([*row['context'], row['q']])}: missing {missing}, unwanted {unwanted}")
    return found


def answered_on_the_terminal(rows: list[Row]) -> list[tuple[Row, str]]:
    """What `troly ask` says to the same rows."""
    said = []
    for row in rows:
        *_, last = answer_lines([*row["context"], row["q"]], load_adviser(), date(2026, 1, 1))
        said.append((row, last.text))
    return said


def assert_as_right_as_the_terminal(said: list[tuple[Row, str]]) -> None:
    rows = [row for row, _ in said]
    known = failures(answered_on_the_terminal(rows))
    assert failures(said) == known
    assert len(known) <= len(rows) / 20


WAYS = 3
"""Ways of asking, among which the questions are dealt out in the ordinary run; in the long one each asks all."""


@pytest.fixture(params=["shared", "own"])
def every_row(request: pytest.FixtureRequest) -> list[Row]:
    """The shared questions, and a sample of the repository's own."""
    if request.param == "shared":
        return read_rows(request.getfixturevalue("shared") / "questions-dev.jsonl")
    return read_rows(Path(__file__).parents[1] / "knowledge" / "data" / "questions.jsonl", every=8)


def asked(place: int) -> pytest.MarkDecorator:
    """What is asked in a way: its share, and all in the long run."""
    shares = [
        pytest.param(slice(place, None, WAYS), id="a share"),
        pytest.param(slice(None), id="all", marks=pytest.mark.long),
    ]
    return pytest.mark.parametrize("share", shares)


@pytest.fixture
def rows(every_row: list[Row], share: slice) -> list[Row]:
    """The questions of a test."""
    return every_row[share]


async def ask_all(chat: Chat, rows: list[Row], *, in_group: bool) -> list[tuple[Row, str]]:
    """Everyone asks at once, each their own question with what leads up to it; the whole answer to the last message."""
    seats = [chat.person(f"Người hỏi {number}") for number in range(len(rows))]
    if in_group:
        seats = [seat.in_group(chat.group(f"Nhóm {number}", seat)) for number, seat in enumerate(seats)]
    for seat, row in zip(seats, rows, strict=True):
        for text in [*row["context"], row["q"]]:
            await seat.says(f"{AT} {text}" if in_group else text)
    said = []
    for seat, row in zip(seats, rows, strict=True):
        heard = [await seat.hears() for _ in range(len(row["context"]) + 1)]
        said.append((row, heard[-1].text))
    return said


@asked(0)
async def test_in_private_chats(chat: Chat, rows: list[Row]) -> None:
    assert_as_right_as_the_terminal(await ask_all(chat, rows, in_group=False))


@asked(1)
async def test_in_groups(chat: Chat, rows: list[Row]) -> None:
    assert_as_right_as_the_terminal(await ask_all(chat, rows, in_group=True))


@asked(2)
async def test_inline(chat: Chat, rows: list[Row]) -> None:
    alone = [row for row in rows if not row["context"]]
    seats = [chat.person(f"Người hỏi {number}") for number in range(len(alone))]
    said = []
    for seat, row in zip(seats, alone, strict=True):
        if len(row["q"]) <= 256:
            said.append((row, (await seat.asks_inline(row["q"]))[0].text))
    assert_as_right_as_the_terminal(said)
