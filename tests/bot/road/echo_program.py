"""The bot as a program of its own, with the echo of these tests: what the kill tests start and kill."""

import asyncio

from bot import app
from bot.cli import read_settings
from tests.bot.road.conftest import register

if __name__ == "__main__":
    asyncio.run(app.run(read_settings(is_bot=True), register=register))
