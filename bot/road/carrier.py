"""A client of the Bot API over HTTP, whose errors tell a call that surely failed from one that may have been done.

python-telegram-bot's own requests raise one exception for both, and a message must be sent again after the first and
must not after the second.

    CarrierError
    ├── NotSentError            nothing reached Telegram: try again freely
    ├── LostError               it may have been carried out, nobody knows
    │   └── ServerFailedError   Telegram answered 5xx
    └── RefusedError            Telegram said no
        ├── BadTokenError       401, 404: nothing will work
        ├── ForbiddenError      403: blocked, deactivated, kicked
        ├── SlowDownError       429
        ├── MigratedError       the group has a new number
        ├── ConflictError       409: another poller, or a webhook
        └── TooLargeError       413
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

from bot.road.lanes import BROKEN, NEVER_LEFT, Lanes


class CarrierError(Exception):
    """A call did not come back with a result."""


class NotSentError(CarrierError):
    """Nothing reached Telegram."""


class LostError(CarrierError):
    """The request left, and no clear answer came."""


class ServerFailedError(LostError):
    """Telegram answered with a failure of its own."""


class RefusedError(CarrierError):
    """Telegram said no; `description` is its reason."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description


class BadTokenError(RefusedError):
    """The token is wrong or revoked."""


class ForbiddenError(RefusedError):
    """The bot may not write there."""


class SlowDownError(RefusedError):
    """Too many requests; `retry_after` in seconds, None where Telegram does not say."""

    def __init__(self, description: str, retry_after: float | None) -> None:
        super().__init__(429, description)
        self.retry_after = retry_after


class MigratedError(RefusedError):
    """The group became a supergroup: `chat_id` is its new number."""

    def __init__(self, description: str, chat_id: int) -> None:
        super().__init__(400, description)
        self.chat_id = chat_id


class ConflictError(RefusedError):
    """Another program polls with this token, or a webhook is set."""


class TooLargeError(RefusedError):
    """The request is larger than Telegram takes."""


_decode = msgspec.json.Decoder().decode


def read_answer(status: int, content: bytes) -> Any:
    """The `result` of an answer: 200 and {"ok": true, "result": 7} → 7; raises the CarrierError it means. Pure."""
    if status >= 500:
        raise ServerFailedError(f"HTTP {status}")
    try:
        answer = _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        answer = None
    if status == 200:
        if isinstance(answer, dict) and answer.get("ok") is True and "result" in answer:
            return answer["result"]
        raise LostError("an answer of 200 that is no result")
    fields: dict[str, Any] = answer if isinstance(answer, dict) else {}
    description = str(fields.get("description") or f"HTTP {status}")
    parameters = fields.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if status in (401, 404):
        raise BadTokenError(status, description)
    if status == 403:
        raise ForbiddenError(status, description)
    if status == 409:
        raise ConflictError(status, description)
    if status == 413:
        raise TooLargeError(status, description)
    if status == 429:
        wait = parameters.get("retry_after")
        raise SlowDownError(description, float(wait) if isinstance(wait, int | float) else None)
    moved = parameters.get("migrate_to_chat_id")
    if isinstance(moved, int):
        raise MigratedError(description, moved)
    raise RefusedError(status, description)


class Carrier:
    """The Bot API at one address, for one token. Close it with `close()`."""

    def __init__(self, api_url: str, token: str, *, proxy: str | None = None, connections: int = 100) -> None:
        """`api_url` is the origin; `connections` the most that are open at once."""
        self._path = httpx.URL(f"{api_url}/bot{token}/").raw_path.decode()
        self._lanes = Lanes(api_url, proxy=proxy, most=connections)

    async def close(self) -> None:
        """Close every connection."""
        await self._lanes.close()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        timeout: float = 15.0,  # noqa: ASYNC109
    ) -> Any:
        """Call a method; what Telegram answered as `result`.

        Args:
            parameters: values that are not text go as JSON; None is left out.
            files: by field, a name and the content.
            timeout: seconds for the whole call, after which its outcome is unknown.

        Raises:
            CarrierError: see the tree above.
        """
        return read_answer(*await self.call_raw(method, parameters, files=files, timeout=timeout))

    async def call_raw(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        timeout: float = 15.0,  # noqa: ASYNC109
    ) -> tuple[int, bytes]:
        """Status and body of the answer, unread; raises NotSentError or LostError."""
        fields = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            for name, value in (parameters or {}).items()
            if value is not None
        }
        if files:
            form = httpx.Request("POST", "http://form", data=fields, files=dict(files))
            content, content_type = form.read(), form.headers["Content-Type"]
        else:
            content, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        try:
            return await self._lanes.post(self._path + method, content, content_type, timeout)
        except NEVER_LEFT as error:
            raise NotSentError(type(error).__name__) from None
        except BROKEN as error:
            raise LostError(type(error).__name__) from None
