"""Three programs on one PostgreSQL behind a plain balancer: order within a chat, one rate, and one of them killed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from bot.sandbox.webhooks import SECRET_HEADER
from storage.schema import outbox
from tests.faults.balancer import Balancer
from tests.faults.invariants import check
from tests.faults.programs import Program
from tests.faults.questions import QUESTIONS, Questions
from tests.faults.reports import Reports
from tests.faults.rig import Engine, Intake, Rig

RATE = 20
ON_THE_WAY = 10
"""Messages of a busy machine that left in the second before and arrive with those of this one: Telegram allows 30."""
SECOND = 1.0
TOGETHER = pytest.mark.row(69, engine=Engine.POSTGRESQL, intake=Intake.WEBHOOK)


@pytest.fixture
async def balancer() -> AsyncIterator[Balancer]:
    async with Balancer() as serving:
        yield serving


async def start_three(rig: Rig, balancer: Balancer) -> list[Program]:
    """Three programs behind the balancer, all at work."""
    rig.settings["WEBHOOK_URL"] = f"{balancer.url}/telegram"
    programs = [await rig.start(ready=False, WEBHOOK_URL=rig.settings["WEBHOOK_URL"]) for _ in range(3)]
    for program in programs:
        await rig.until(lambda program=program: "bot started" in program.said, "not all start")  # type: ignore[misc]
    balancer.ports = [program.port for program in programs]
    return programs


@TOGETHER
async def test_one_of_three_behind_a_balancer_is_killed_and_one_is_stopped(rig: Rig, balancer: Balancer) -> None:
    """Nothing is lost, nothing doubled but what was in doubt, and together they keep the rate."""
    reports = await Reports.prepared(rig, officers=6, months=2 if rig.full else 1)
    asked = Questions(rig, people=10)
    rig.settings["SEND_RATE"] = str(RATE)
    rig.sandbox.latency = 0.03
    first, second, third = await start_three(rig, balancer)
    reports.feed(1)
    asked.feed(0.5)
    await rig.until(lambda: reports.done + asked.done >= 8, "nothing is answered")
    await rig.kill(first)
    asked.feed(1)
    await rig.until(lambda: reports.done + asked.done >= 20, "nothing more is answered")
    await rig.stop(second, within=10)
    for load in (asked, reports):
        await load.finish(rig)
    assert min(balancer.passed_on[each.port] for each in (first, second, third)) > 0, "not all took part"
    async with rig.database() as database, database.read() as db:
        left = list(await db.scalars(select(outbox.c.slot_at).where(outbox.c.slot_at.is_not(None))))
    assert len(left) >= asked.done + reports.done
    assert count_within_a_second(left) <= RATE
    arrived = [call.arrived for call in rig.sandbox.history if call.method == "sendMessage"]
    assert count_within_a_second(arrived) <= RATE + ON_THE_WAY
    await check(rig, asked, reports)


def count_within_a_second(moments: list[float]) -> int:
    """The most of these moments, in seconds, that any one second holds."""
    return max(sum(begun <= other < begun + SECOND for other in moments) for begun in moments)


@TOGETHER
async def test_updates_of_one_chat_at_different_programs_at_the_same_time(rig: Rig, balancer: Balancer) -> None:
    """They are answered in the order of their numbers where they were stored so, and chats go side by side."""
    people = Questions(rig, people=6)
    programs = await start_three(rig, balancer)
    assert rig.sandbox.webhook is not None
    secret = {SECRET_HEADER: rig.sandbox.webhook.secret, "Content-Type": "application/json"}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:

        async def post(program: Program, number: int, chat_id: int, text: str) -> int:
            sender = {"id": chat_id, "is_bot": False, "first_name": "X"}
            message = {"message_id": number, "date": 1, "chat": {"id": chat_id, "type": "private"}, "from": sender}
            update = {"update_id": number, "message": message | {"text": text}}
            answer = await client.post(
                f"http://127.0.0.1:{program.port}/telegram", content=json.dumps(update), headers=secret
            )
            return answer.status_code

        chats = [seat.id for seat in people.speakers()]
        for place, (text, _) in enumerate(QUESTIONS):
            posts = [
                post(programs[(place + nth + again) % 3], 900_000 + place * 100 + nth, chat, text)
                for nth, chat in enumerate(chats)
                for again in range(2)  # the balancer gave up too early and sent it to another program as well
            ]
            assert set(await asyncio.gather(*posts)) == {200}
    signs = [sign for _, sign in QUESTIONS]

    def heard(chat: int) -> list[int]:
        said = [message.text for message in rig.sandbox.chats[chat].shown if message.by_bot]
        return [place for text in said for place, sign in enumerate(signs) if sign in text]

    await rig.until(lambda: all(len(heard(chat)) >= len(signs) for chat in chats), "not all is answered")
    await rig.pass_time(0.3)
    assert [heard(chat) for chat in chats] == [list(range(len(signs)))] * len(chats)
    await check(rig)
