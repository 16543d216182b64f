"""The kill test: a burst of questions, the program killed again and again in the middle of it, and the count.

Used by a small round in the suite and by the full one in `tests/benchmarks/kills.py`.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox import NO_LIMITS, Player, Sandbox, SandboxServer
from storage import messages
from storage.engine import Database

ROOT = Path(__file__).parents[2]
#: Questions whose answers cannot be taken for each other: what is asked, and what only its answer says.
QUESTIONS = (
    ("chỉ tiêu TƯLĐTT 2025 TP.HCM", "80% trở lên"),
    ("đoàn viên 2030 TP.HCM", "1.780.000"),
    ("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên", "từ 500 đến 600"),
    ("chỉ tiêu TƯLĐTT 2045 TP.HCM", "99%"),
)


@dataclass(frozen=True, slots=True)
class Count:
    """What came of it. `doubled` are answers seen more than once, `unexcused` those that were in no doubt at a kill."""

    asked: int
    kills: int
    lost: int
    doubled: int
    in_doubt: int
    unexcused: int
    seconds: float

    @property
    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.kills} kills, {self.asked} questions: {self.lost} lost, {self.doubled} doubled "
            f"({self.unexcused} of them in no doubt), {self.in_doubt} in doubt, {self.seconds:.1f} s"
        )


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program under test: nothing of ours but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}


async def start_program(
    folder: Path, *arguments: str, settings: Mapping[str, str] | None = None, quiet: bool = False
) -> asyncio.subprocess.Process:
    """`troly ARGUMENTS` in `folder`, stdout and stderr in one pipe (or nowhere)."""
    pipe = asyncio.subprocess.DEVNULL if quiet else asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        *arguments,
        cwd=folder,
        env=environment(settings or {}),
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
    )


async def kill_round(
    folder: Path, *, questions: int, kills: int, seed: int, latency: float = 0.01, rate: int = 0
) -> Count:
    """Ask `questions` questions (a multiple of four) while `troly run` is killed `kills` times on SQLite.

    Half is asked at the beginning, the rest in portions while the program runs.

    Args:
        latency: of the Bot API, in seconds.
        rate: SEND_RATE, messages a second; 0 for no limit.
    """
    chance = random.Random(seed)
    people = questions // len(QUESTIONS)
    async with SandboxServer(limits=NO_LIMITS) as sandbox:
        sandbox.latency = latency
        for number in range(people):
            sandbox.add_person(Player(6001 + number, f"Người hỏi {number}"), started=True)
        to_say = [(6001 + number, text) for text, _ in QUESTIONS for number in range(people)]
        begun = time.monotonic()
        for _ in range(len(to_say) // 2):
            _say(sandbox, to_say)
        portion = len(to_say) // max(1, kills)
        settings = {
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "DATABASE_URL": f"sqlite:///{folder / 'killed.db'}",
            "SEND_RATE": str(rate),
            "LOG_LEVEL": "WARNING",
        }
        for number in range(kills):
            program = await start_program(folder, "run", settings=settings, quiet=True)
            left = questions - sandbox.bot_messages
            target = sandbox.bot_messages + chance.randint(0, max(1, 2 * left // (kills - number + 1)))
            await _wait_for(sandbox, min(target, questions - len(to_say) - 1))
            for _ in range(min(portion, len(to_say))):
                _say(sandbox, to_say)
            await asyncio.sleep(chance.random() * 0.03)
            program.kill()
            await program.wait()
        while to_say:
            _say(sandbox, to_say)
        program = await start_program(folder, "run", settings=settings, quiet=True)
        try:
            await sandbox.wait_until(lambda: not _missing(sandbox, people), 60)
        finally:
            program.terminate()
            await program.wait()
        counts = _answers(sandbox, people)
        seconds = time.monotonic() - begun
    doubted = await _doubted(folder / "killed.db")
    return Count(
        asked=questions,
        kills=kills,
        lost=sum(1 for count in counts.values() if count == 0),
        doubled=sum(count - 1 for count in counts.values() if count > 1),
        in_doubt=doubted.total(),
        unexcused=sum(max(0, count - 1 - doubted[chat]) for (chat, _), count in counts.items() if count > 1),
        seconds=seconds,
    )


async def _wait_for(sandbox: Sandbox, messages: int) -> None:
    await sandbox.wait_until(lambda: sandbox.bot_messages >= messages, 20)


def _say(sandbox: Sandbox, to_say: list[tuple[int, str]]) -> None:
    if to_say:
        sandbox.say(*to_say.pop(0))


def _answers(sandbox: Sandbox, people: int) -> dict[tuple[int, int], int]:
    """How often each question of each person was answered."""
    counts = {}
    for person in range(6001, 6001 + people):
        texts = [message.text for message in sandbox.chats[person].shown if message.by_bot]
        for number, (_, sign) in enumerate(QUESTIONS):
            counts[person, number] = sum(sign in text for text in texts)
    return counts


def _missing(sandbox: Sandbox, people: int) -> int:
    if sandbox.bot_messages < people * len(QUESTIONS):
        return 1
    return sum(1 for count in _answers(sandbox, people).values() if count == 0)


async def _doubted(file: Path) -> Counter[int]:
    """How often answers to each chat were in doubt; after several kills, one may have been several times."""
    database = await Database.open(f"sqlite:///{file}")
    try:
        async with database.read() as db:
            troubled = await messages.list_troubled(db, since=datetime(2020, 1, 1, tzinfo=UTC), most=100_000)
    finally:
        await database.close()
    doubts: Counter[int] = Counter()
    for delivery in troubled:
        doubts[delivery.chat_id] += delivery.doubts
    return doubts
