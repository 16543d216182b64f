"""Bots as they are commonly built, to prove that the suite sees what they lose and what they double.

`python -m tests.faults.stock` is a stock python-telegram-bot application; with `insistent` it sends again whatever
timed out, as many do.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from telegram import Update
from telegram.error import TimedOut
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from tests.faults.questions import QUESTIONS

ANSWERS = {**dict(QUESTIONS), "chỉ tiêu TƯLĐTT 2030 TP.HCM": "85%"}
TRIES = 5


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what is known."""
    await asyncio.sleep(0.05)  # as an answer that takes its time
    message = update.effective_message
    assert message is not None
    for _ in range(TRIES if "insistent" in sys.argv else 1):
        try:
            await message.reply_text(ANSWERS.get(message.text or "", "Vâng ạ."), read_timeout=0.3)
        except TimedOut:
            continue
        return


def main() -> None:
    """Poll until killed."""
    application: Any = (
        ApplicationBuilder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()


if __name__ == "__main__":
    main()
