"""The sandbox as a process of its own: prints its address and token as a line of JSON, serves until stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal

import click

from bot.sandbox.limits import NO_LIMITS, Limits
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import populate


@click.command()
@click.option("--port", default=0, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--empty", is_flag=True, help="Without the sample people.")
@click.option("--no-limits", is_flag=True, help="Without Telegram's rate limits.")
@click.option("--latency", default=0.0, help="Milliseconds added to every answer.")
@click.option("--no-keep-alive", is_flag=True, help="Closes the connection after every call, unlike Telegram.")
def main(port: int, empty: bool, no_limits: bool, latency: float, no_keep_alive: bool) -> None:
    """Serve a stand-in for the Telegram Bot API and its chat page."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(port, empty, NO_LIMITS if no_limits else Limits(), latency, not no_keep_alive))


async def _serve(port: int, empty: bool, limits: Limits, latency: float, keep_alive: bool) -> None:
    stopped = asyncio.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wanted, stopped.set)
    async with SandboxServer(port=port, limits=limits, keep_alive=keep_alive) as sandbox:
        sandbox.latency = latency / 1000
        if not empty:
            populate(sandbox)
        click.echo(json.dumps({"url": sandbox.url, "token": sandbox.token}))
        await stopped.wait()


if __name__ == "__main__":
    main()
