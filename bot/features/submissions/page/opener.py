"""Who opened the page: what Telegram signed into its address (`tgWebAppData`), verified. Pure.

The rule is Telegram's ("Validating data received via the Mini App"): the fields but `hash`, sorted, a line each, signed
by HMAC-SHA256 under the key HMAC-SHA256("WebAppData", token).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

LONGEST_AGE: Final = timedelta(hours=24)
_SKEW: Final = timedelta(minutes=5)
_LONGEST: Final = 4096


def sign(fields: Mapping[str, str], token: str) -> str:
    """The `hash` of these fields under a bot's token, in hex."""
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "hash")
    return hmac.new(key, lines.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def read_opener(data: str, token: str, now: datetime) -> tuple[int, str] | None:
    """The Telegram id and name of whoever opened the page.

    None for what Telegram did not sign for this bot, for what is older than `LONGEST_AGE`, and for no person.
    """
    if len(data) > _LONGEST:
        return None
    try:
        pairs = parse_qsl(data, keep_blank_values=True, strict_parsing=True)
        fields = dict(pairs)
        given = fields.pop("hash", "")
        if len(fields) + 1 != len(pairs):
            return None
        if not hmac.compare_digest(sign(fields, token).encode(), given.encode("utf-8", "surrogatepass")):
            return None
        signed_at = datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        user = json.loads(fields["user"])
        person, name = user["id"], " ".join(filter(None, (user.get("first_name"), user.get("last_name"))))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return None
    if not isinstance(person, int) or isinstance(person, bool) or not -_SKEW <= now - signed_at <= LONGEST_AGE:
        return None
    return person, name
