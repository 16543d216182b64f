"""A stand-in for a chat-completions endpoint on this machine: recorded readings, and every fault on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("recorded.jsonl")

#: From the request's body to the bytes of the whole answer; None never answers.
Behaviour = Callable[[dict[str, Any]], bytes | None]


def response(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def completion(written: str) -> bytes:
    """The answer of a model that writes this."""
    message = {"role": "assistant", "content": written}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return response(json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode())


HANGS = 60.0  # seconds for which it says nothing where it hangs; whoever asks must have given up long before


def frame(means: str, *facts: str, silent: bool = False) -> bytes:
    """The answer of a model that writes this frame."""
    return completion(json.dumps({"means": means, "facts": facts, "silent": silent}))


def message_of(body: dict[str, Any]) -> str:
    """The message that the model was asked to read."""
    shown = str(body["messages"][-1]["content"])
    return str(json.loads(shown.rpartition("MESSAGE\n")[2]))


def recorded() -> dict[str, str]:
    """What a model that saw only the prompt wrote, by the message it was shown."""
    rows = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
    return {row["shown"]: row["wrote"] for row in rows}


def from_recording(body: dict[str, Any]) -> bytes:
    """The recorded reading of a message; one that is not recorded means nothing."""
    return completion(recorded().get(message_of(body), '{"means": "unknown", "facts": [], "silent": false}'))


class StandIn:
    """The endpoint. `behaviour` answers, after `delay` seconds; `bodies` and `heads` are what it was asked with."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = from_recording
        self.delay = 0.0
        self.bodies: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self.url = ""

    @property
    def shown(self) -> list[str]:
        """The messages that it was asked to read."""
        return [message_of(body) for body in self.bodies]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                size = next(
                    int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
                )
                body = json.loads(await reader.readexactly(size))
                self.heads.append(head.decode())
                self.bodies.append(body)
                await asyncio.sleep(self.delay)
                answer = self.behaviour(body)
                if answer is None:
                    await asyncio.sleep(HANGS)
                    return
                writer.write(answer)
                await writer.drain()
                if not answer.startswith(b"HTTP/1.1 ") or b"Content-Length" not in answer:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """The endpoint, on a free port for as long as the block lasts."""
    stand_in = StandIn()
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await stand_in.serve(reader, writer)
        except asyncio.CancelledError:
            return

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    stand_in.url = f"http://{host}:{port}/v1"
    try:
        yield stand_in
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
