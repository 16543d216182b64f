"""The beginning of the road: whether Telegram can be reached, knows the token, and hands its updates to nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from bot.road.carrier import (
    BadTokenError,
    Carrier,
    CarrierError,
    LostError,
    NotSentError,
    NotTelegramError,
    RefusedError,
    SlowDownError,
)
from bot.road.intake import ALLOWED_UPDATES
from bot.settings import Settings

logger = logging.getLogger(__name__)

FIRST_SECONDS: Final = 4.0
"""How long the first call may take, so that Telegram out of reach is told within five seconds of the start."""
CALL_SECONDS: Final = 10.0
"""And each one after it, since a slow way is a way."""
RETRY_SECONDS: Final = 1.0
_REFUSALS: Final = 3  # of the token, from which on it is none of Telegram's slips


class StartError(Exception):
    """The bot cannot start; the message is one line that says what to do."""

    for_operator = True


def get_origin(settings: Settings) -> str:
    """The host of the Bot API, for messages."""
    return urlsplit(settings.telegram_api_url).netloc


async def check_telegram(carrier: Carrier, settings: Settings) -> None:
    """Check that the token is right, and that nobody else takes its updates where this program polls.

    An API out of reach is told in one line at once, and tried until it answers: after a power cut the network may come
    up later than the bot.

    Raises:
        StartError: the token is refused, or a webhook takes the updates.
    """
    try:
        await _call_until_answered(carrier, settings, "getMe")
        webhook = await _call_until_answered(carrier, settings, "getWebhookInfo") if not settings.webhook_url else {}
    except RefusedError as error:
        raise StartError(f"the Bot API at {get_origin(settings)} refuses a plain call: {error}") from None
    url = webhook.get("url") if isinstance(webhook, dict) else None
    if url:
        raise StartError(
            f"another installation takes this bot's updates by webhook at {urlsplit(url).netloc}; set WEBHOOK_URL "
            "to serve by webhook too, or remove that webhook on purpose (deleteWebhook) before polling"
        )


async def set_webhook(carrier: Carrier, settings: Settings) -> None:
    """Have Telegram send updates to WEBHOOK_URL.

    Raises:
        StartError: Telegram does not take it.
    """
    fields = {
        "url": settings.webhook_url,
        "secret_token": settings.webhook_key,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": 40,
    }
    try:
        await _call_until_answered(carrier, settings, "setWebhook", fields)
    except RefusedError as error:
        raise StartError(f"Telegram does not take WEBHOOK_URL: {error}") from None


async def _call_until_answered(
    carrier: Carrier, settings: Settings, method: str, fields: Mapping[str, Any] | None = None
) -> Any:
    """Call until Telegram itself answers; raises StartError for a refused token, RefusedError for another refusal."""
    origin, refused, is_told, within = get_origin(settings), 0, False, FIRST_SECONDS
    while True:
        try:
            result = await carrier.call(method, fields, timeout=within)
        except BadTokenError:
            refused += 1
            if refused >= _REFUSALS:
                raise StartError(
                    f"the Bot API at {origin} refuses the token; check TELEGRAM_BOT_TOKEN "
                    "(@BotFather shows it) and TELEGRAM_API_URL"
                ) from None
        except (SlowDownError, LostError, NotSentError) as error:
            if not is_told:
                logger.error("%s; trying until it answers", _tell(origin, error))  # noqa: TRY400 - no traceback
            is_told, within = True, CALL_SECONDS
        else:
            if is_told:
                logger.info("the Bot API answers")
            return result
        await asyncio.sleep(RETRY_SECONDS)


def _tell(origin: str, error: CarrierError) -> str:
    if isinstance(error, NotTelegramError):
        return (
            f"a page that is not Telegram's answers for {origin} ({error}): the network blocks Telegram or "
            "asks for a login; set TELEGRAM_PROXY, or check TELEGRAM_API_URL"
        )
    return (
        f"the Bot API at {origin} cannot be reached ({error}); check the network, "
        "TELEGRAM_API_URL, and TELEGRAM_PROXY where Telegram is blocked"
    )
