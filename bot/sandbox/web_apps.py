"""What Telegram hands to the page behind a `web_app` button: who opened it and when, signed under the bot's token."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlencode

from bot.sandbox.model import Player


def sign_opening(person: Player, token: str, now: datetime) -> str:
    """The `tgWebAppData` of a page that this person opens at `now`."""
    user = {"id": person.id, "first_name": person.first_name, "last_name": person.last_name, "language_code": "vi"}
    fields = {"auth_date": str(int(now.timestamp())), "user": json.dumps(user, ensure_ascii=False)}
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return urlencode({**fields, "hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()})
