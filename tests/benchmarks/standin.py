"""A Bot API for benchmarks: as little as a bot needs to be asked and to answer, in a process of its own.

    python tests/benchmarks/standin.py [--latency 30] [--no-keep-alive]

The sandbox checks every call and keeps every chat, which costs more than an echo bot does; this one must not hold an
echo bot back. It speaks plain HTTP/1.1 on a free port, answers getUpdates by long poll and everything else after the
latency, and lets people ask when told to. It prints {"url", "token"} and then answers each line of JSON on its standard
input by one line:

    {"do": "pace", "rate": 10, "seconds": 20, "seed": 1, "questions": […]}   at times of a Poisson process
    {"do": "burst", "people": 300, "questions": […]}                         everybody says everything at once
    {"do": "chain", "people": 20, "each": 50, "questions": […]}              everybody asks again once answered
    {"do": "visit", "file": "visits.json", "patience": 600, "at_once": 64}   people come and say one thing after another

A file of visits is a list of [seconds from the start, person, [[what is said, what its answer has to hold], …]]; the
next is said once the answer was seen. Otherwise the k-th message to a chat is taken as the answer to the k-th of its
person; `silence_ms` is the longest time without an answer. As in the sandbox, a call is carried out when its latency is
over: an answer is seen then, and a poll begins to wait then.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import click
import msgspec

TOKEN = "4242:a-token-for-benchmarks-only"
FIRST_PERSON = 900_000_001
PEOPLE = 301  # no multiple of the number of questions: whoever comes again asks the next one
PATIENCE = 60.0  # seconds without any answer after which the rest is given up
MOST_UPDATES = 100

_encode = msgspec.json.encode
_me = {"id": 4242, "is_bot": True, "first_name": "Trợ lý", "username": "tro_ly_bot"}
_webhook = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


class _Connection(asyncio.Protocol):
    """One connection; its requests come one after the other."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._standin.forget(self)

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        at = head.lower().find(b"content-length:")
        if at >= 0:
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(rest) < length:
            return
        self._received = rest[length:]
        path = head.split(b" ", 2)[1]
        self._standin.take(self, path.rpartition(b"/")[2].decode(), rest[:length])

    def answer(self, result: bytes) -> None:
        """The answer to the request under way."""
        if self._transport is None:
            return
        kept = b"" if self._standin.keep_alive else b"Connection: close\r\n"
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
            b'{"ok":true,"result":%s}' % (kept, len(result) + 21, result)
        )
        if not self._standin.keep_alive:
            self._transport.close()


class StandIn:
    """What is asked, and what was answered."""

    def __init__(self, *, latency: float, keep_alive: bool) -> None:
        """`latency` in seconds."""
        self.keep_alive = keep_alive
        self._latency = latency
        self._loop = asyncio.get_running_loop()
        self._pending: deque[tuple[int, bytes]] = deque()
        self._waiting: tuple[_Connection, asyncio.TimerHandle] | None = None
        self._update_id = 1000
        self._message_id = 1000
        self._asked: dict[int, deque[float]] = {}
        self._waits: list[float] = []
        self._first_asked = 0.0
        self._last_heard = 0.0
        self._silence = 0.0
        self._on_heard: Callable[[int], None] | None = None
        self.calls: dict[str, int] = {}
        self._awaited: dict[int, tuple[str, asyncio.Future[None]]] = {}

    def take(self, connection: _Connection, method: str, body: bytes) -> None:
        """A request has come; it is carried out when the latency is over."""
        self.calls[method] = self.calls.get(method, 0) + 1
        if self._latency:
            self._loop.call_later(self._latency, self._carry_out, connection, method, body)
        else:
            self._carry_out(connection, method, body)

    def forget(self, connection: _Connection) -> None:
        """The connection is closed."""
        if self._waiting is not None and self._waiting[0] is connection:
            self._waiting[1].cancel()
            self._waiting = None

    def _carry_out(self, connection: _Connection, method: str, body: bytes) -> None:
        match method:
            case "getUpdates":
                self._poll(connection, dict(parse_qsl(body.decode())))
            case "sendMessage":
                connection.answer(self._hear(dict(parse_qsl(body.decode()))))
            case "editMessageText":
                self._see(dict(parse_qsl(body.decode())))
                connection.answer(b"true")
            case "getMe":
                connection.answer(_encode(_me))
            case "getWebhookInfo":
                connection.answer(_encode(_webhook))
            case _:
                connection.answer(b"true")

    def _poll(self, connection: _Connection, fields: dict[str, str]) -> None:
        if not connection.is_open:
            return
        offset = int(fields.get("offset", 0))
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()
        seconds = float(fields.get("timeout", 0))
        if self._pending or seconds <= 0:
            self._hand_over(connection)
            return
        self._waiting = connection, self._loop.call_later(seconds, self._arrived)

    def _arrived(self) -> None:
        if self._waiting is not None:
            (connection, timer), self._waiting = self._waiting, None
            timer.cancel()
            self._hand_over(connection)

    def _hand_over(self, connection: _Connection) -> None:
        batch = [raw for _, raw in list(self._pending)[:MOST_UPDATES]]
        connection.answer(b"[%s]" % b",".join(batch))

    def _see(self, fields: dict[str, str]) -> None:
        """Whoever waits for these words goes on."""
        wanted, seen = self._awaited.get(int(fields["chat_id"]), ("", None))
        if seen is not None and not seen.done() and wanted in fields.get("text", ""):
            seen.set_result(None)

    def _hear(self, fields: dict[str, str]) -> bytes:
        now = time.perf_counter()
        self._see(fields)
        chat = int(fields["chat_id"])
        asked = self._asked.get(chat)
        if asked:
            self._waits.append(now - asked.popleft())
            self._silence = max(self._silence, now - self._last_heard)
            self._last_heard = now
            if self._on_heard is not None:
                self._on_heard(chat)
        self._message_id += 1
        return _encode(
            {
                "message_id": self._message_id,
                "from": _me,
                "chat": {"id": chat, "first_name": "An", "type": "private"},
                "date": int(time.time()),
                "text": fields.get("text", ""),
            }
        )

    def ask(self, person: int, text: str) -> None:
        """A person asks something, and the next message to them is its answer."""
        self._asked.setdefault(person, deque()).append(time.perf_counter())
        self._say(person, text)

    def _say(self, person: int, text: str) -> None:
        self._update_id += 1
        self._message_id += 1
        update = {
            "update_id": self._update_id,
            "message": {
                "message_id": self._message_id,
                "from": {"id": person, "is_bot": False, "first_name": "An", "language_code": "vi"},
                "chat": {"id": person, "first_name": "An", "type": "private"},
                "date": int(time.time()),
                "text": text,
            },
        }
        self._pending.append((self._update_id, _encode(update)))
        self._arrived()

    async def pace(self, rate: float, seconds: float, seed: int, questions: Sequence[str]) -> dict[str, Any]:
        """Questions at the times of a Poisson process of `rate` a second, each by the next person."""
        random_times = random.Random(seed)
        self._begin()
        due = start = time.perf_counter()
        count = 0
        while (due := due + random_times.expovariate(rate)) < start + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.ask(FIRST_PERSON + count % PEOPLE, questions[count % len(questions)])
            count += 1
        return await self._summary(count)

    async def burst(self, people: int, questions: Sequence[str]) -> dict[str, Any]:
        """Everybody says everything at once, in turns."""
        self._begin()
        for text in questions:
            for person in range(FIRST_PERSON, FIRST_PERSON + people):
                self.ask(person, text)
        return await self._summary(people * len(questions))

    async def chain(self, people: int, each: int, questions: Sequence[str]) -> dict[str, Any]:
        """Everybody asks `each` questions, one after the other."""
        self._begin()
        said = dict.fromkeys(range(FIRST_PERSON, FIRST_PERSON + people), 1)

        def go_on(person: int) -> None:
            if said.get(person, each) < each:
                said[person] += 1
                self.ask(person, questions[said[person] % len(questions)])

        self._on_heard = go_on
        for person in said:
            self.ask(person, questions[1 % len(questions)])
        return await self._summary(people * each)

    async def visit(self, file: str, patience: float, at_once: int = 1_000_000) -> dict[str, Any]:
        """People come at their times, `at_once` at most together; whoever waits `patience` seconds in vain leaves."""
        visits: list[tuple[float, int, list[tuple[str, str]]]] = json.loads(
            await asyncio.to_thread(Path(file).read_bytes)
        )
        self._begin()
        start = time.perf_counter()
        waits: list[tuple[float, float]] = []  # when it was said, in seconds from the start; how long the answer took
        places = asyncio.Semaphore(at_once)

        async def come(after: float, person: int, steps: list[tuple[str, str]]) -> None:
            await asyncio.sleep(max(0.0, start + after - time.perf_counter()))
            async with places:
                await say(person, steps)

        async def say(person: int, steps: list[tuple[str, str]]) -> None:
            for said, wanted in steps:
                asked, seen = time.perf_counter(), self._loop.create_future()
                self._awaited[person] = wanted, seen
                self._say(person, said)
                try:
                    async with asyncio.timeout(patience):
                        await seen
                except TimeoutError:
                    return
                waits.append((asked - start, time.perf_counter() - asked))

        await asyncio.gather(*(come(*each) for each in visits))
        return {
            "expected": sum(len(steps) for _, _, steps in visits),
            "heard": len(waits),
            "seconds": time.perf_counter() - start,
            "waits": [[round(said, 2), round(1000 * wait, 1)] for said, wait in waits],
            "calls": self.calls,
            "cpu": time.process_time() - self._cpu_before,
        }

    def _begin(self) -> None:
        self._asked.clear()
        self._waits = []
        self._on_heard = None
        self._silence = 0.0
        self.calls = {}
        self._first_asked = self._last_heard = time.perf_counter()
        self._cpu_before = time.process_time()

    async def _summary(self, expected: int) -> dict[str, Any]:
        while len(self._waits) < expected and time.perf_counter() - self._last_heard < PATIENCE:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        waits, span = sorted(self._waits), self._last_heard - self._first_asked
        return {
            "expected": expected,
            "heard": len(waits),
            "per_second": len(waits) / span if waits else 0.0,
            "p50_ms": 1000 * waits[len(waits) // 2] if waits else None,
            "p99_ms": 1000 * waits[min(len(waits) - 1, int(0.99 * len(waits)))] if waits else None,
            "silence_ms": 1000 * self._silence,
            "waits_ms": [round(1000 * wait, 3) for wait in waits],
            "calls": self.calls,
            "cpu": time.process_time() - self._cpu_before,
        }


async def _serve(latency: float, *, keep_alive: bool) -> None:
    loop = asyncio.get_running_loop()
    standin = StandIn(latency=latency, keep_alive=keep_alive)
    server = await loop.create_server(lambda: _Connection(standin), "127.0.0.1", 0, backlog=2048)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"url": f"http://127.0.0.1:{port}", "token": TOKEN}), flush=True)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        order = json.loads(line)
        found = await getattr(standin, order.pop("do"))(**order)
        print(json.dumps(found), flush=True)


@click.command()
@click.option("--latency", default=0.0, help="Milliseconds before a call is carried out.")
@click.option("--keep-alive/--no-keep-alive", default=True, show_default=True)
def main(latency: float, keep_alive: bool) -> None:
    """Serve until the standard input is closed."""
    asyncio.run(_serve(latency / 1000, keep_alive=keep_alive))


if __name__ == "__main__":
    main()
