"""The beginning of the road: whether Telegram can be reached, knows the token, and hands its updates to nobody else."""

from __future__ import annotations

import asyncio
import time
from typing import Final
from urllib.parse import urlsplit

from bot.road.carrier import BadTokenError, Carrier, CarrierError, NotTelegramError, RefusedError
from bot.road.intake import ALLOWED_UPDATES
from bot.settings import Settings

START_SECONDS: Final = 10.0
"""How long the Bot API may be out of reach at the start."""
_REFUSALS: Final = 3  # of the token, from which on it is none of Telegram's slips


class StartError(Exception):
    """The bot cannot start; the message is one line that says what to do."""

    for_operator = True


def get_origin(settings: Settings) -> str:
    """The host of the Bot API, for messages."""
    return urlsplit(settings.telegram_api_url).netloc


async def check_telegram(carrier: Carrier, settings: Settings) -> None:
    """Check that the token is right, and that nobody else takes its updates where this program polls.

    Raises:
        StartError: it is not, or Telegram cannot be reached.
    """
    until = time.monotonic() + START_SECONDS
    origin, refused = get_origin(settings), 0
    while True:
        try:
            await carrier.call("getMe", timeout=10)
            webhook = await carrier.call("getWebhookInfo", timeout=10) if not settings.webhook_url else {}
            break
        except BadTokenError:
            refused += 1
            if refused >= _REFUSALS:
                raise StartError(
                    f"the Bot API at {origin} refuses the token; check TELEGRAM_BOT_TOKEN "
                    "(@BotFather shows it) and TELEGRAM_API_URL"
                ) from None
        except CarrierError as error:
            if time.monotonic() > until:
                raise _out_of_reach(origin, error) from None
        await asyncio.sleep(1)
    url = webhook.get("url") if isinstance(webhook, dict) else None
    if url:
        raise StartError(
            f"another installation takes this bot's updates by webhook at {urlsplit(url).netloc}; set WEBHOOK_URL "
            "to serve by webhook too, or remove that webhook on purpose (deleteWebhook) before polling"
        )


async def set_webhook(carrier: Carrier, settings: Settings) -> None:
    """Have Telegram send updates to WEBHOOK_URL.

    Raises:
        StartError: Telegram does not take it, or cannot be reached.
    """
    fields = {
        "url": settings.webhook_url,
        "secret_token": settings.webhook_key,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": 40,
    }
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            await carrier.call("setWebhook", fields)
        except RefusedError as error:
            raise StartError(f"Telegram does not take WEBHOOK_URL: {error}") from None
        except CarrierError as error:
            if time.monotonic() > until:
                raise _out_of_reach(get_origin(settings), error) from None
            await asyncio.sleep(1)
        else:
            return


def _out_of_reach(origin: str, error: CarrierError) -> StartError:
    if isinstance(error, NotTelegramError):
        return StartError(
            f"a page that is not Telegram's answers for {origin} ({error}): the network blocks Telegram or "
            "asks for a login; set TELEGRAM_PROXY, or check TELEGRAM_API_URL"
        )
    return StartError(
        f"the Bot API at {origin} cannot be reached ({error}); check the network, "
        "TELEGRAM_API_URL, and TELEGRAM_PROXY where Telegram is blocked"
    )
