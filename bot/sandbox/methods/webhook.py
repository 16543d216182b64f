"""Methods for the webhook."""

from __future__ import annotations

import re

from bot.sandbox.model import Json
from bot.sandbox.params import Params
from bot.sandbox.refusals import bad_request
from bot.sandbox.state import Sandbox
from bot.sandbox.updates import Webhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def set_webhook(sandbox: Sandbox, params: Params) -> bool:
    url = params.text("url")
    if not url:
        return delete_webhook(sandbox, params)
    if not url.startswith(("https://", "http://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if params.flag("drop_pending_updates"):
        sandbox.updates.clear()
    sandbox.webhook = Webhook(url, secret, params.integer("max_connections", 40))
    sandbox.allowed_updates = read_allowed(params, sandbox.allowed_updates)
    if sandbox.on_webhook is not None:
        sandbox.on_webhook()
    return True


def read_allowed(params: Params, known: frozenset[str]) -> frozenset[str]:
    """Which kinds of update the bot wants: empty for all; what was `known` where the call does not say."""
    given = params.json("allowed_updates")
    return known if given is None else frozenset(given)


def delete_webhook(sandbox: Sandbox, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        sandbox.updates.clear()
    sandbox.webhook = None
    sandbox.notify()
    return True


def get_webhook_info(sandbox: Sandbox, params: Params) -> Json:
    webhook = sandbox.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(sandbox.pending_updates(limit=1_000_000)),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error_at is not None:
            info["last_error_date"] = int(webhook.last_error_at.timestamp())
            info["last_error_message"] = webhook.last_error
    if sandbox.allowed_updates:
        info["allowed_updates"] = sorted(sandbox.allowed_updates)
    return info
