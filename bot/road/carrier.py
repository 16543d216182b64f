"""A client of the Bot API over HTTP, whose errors tell a call that surely failed from one that may have been done.

python-telegram-bot's own requests raise one exception for both, and a message must be sent again after the first and
must not after the second.

    CarrierError
    ├── NotSentError            nothing reached Telegram: try again freely
    │   └── NotTelegramError    something else on the way answered: a block page, a portal, a proxy
    ├── LostError               it may have been carried out, nobody knows
    │   └── ServerFailedError   5xx
    └── RefusedError            Telegram said no
        ├── BadTokenError       401, 404: nothing will work
        ├── ForbiddenError      403: blocked, deactivated, kicked
        ├── SlowDownError       429
        ├── MigratedError       the group has a new number
        ├── ConflictError       409: another poller, or a webhook
        └── TooLargeError       413

Only Telegram's own JSON is believed: an object with `ok`, and with `error_code` and `description` where it says no.
Providers, portals and proxies answer in its place with any status, and say nothing about a person, a message, the token
or a webhook.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
import msgspec

from bot.road.lanes import BROKEN, NEVER_LEFT, Lanes
from bot.road.way import Way

T = TypeVar("T")


class CarrierError(Exception):
    """A call did not come back with a result; `outcome` is what the operator's figures call it."""

    outcome = "failed"


class NotSentError(CarrierError):
    """Nothing reached Telegram."""

    outcome = "not sent"


class NotTelegramError(NotSentError):
    """The answer is not Telegram's, so the request did not get there."""

    outcome = "not Telegram"


class LostError(CarrierError):
    """The request left, and no clear answer came."""

    outcome = "lost"


class ServerFailedError(LostError):
    """Telegram failed, or what stands before it: a request that came so far may have been carried out."""

    outcome = "5xx"


class RefusedError(CarrierError):
    """Telegram said no; `description` is its reason."""

    outcome = "refused"

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

    outcome = "429"

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


_REFUSALS: dict[int, type[RefusedError]] = {
    401: BadTokenError,
    403: ForbiddenError,
    404: BadTokenError,
    409: ConflictError,
    413: TooLargeError,
}
_TELEGRAM_BEGINS = b'{"ok"'
_decode = msgspec.json.Decoder().decode


def read_answer(status: int, content: bytes) -> Any:
    """The `result` of an answer: 200 and {"ok": true, "result": 7} → 7; raises the CarrierError it means. Pure."""
    try:
        answer = _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        if answer.get("ok") is True and "result" in answer and status == 200:
            return answer["result"]
        code, description = answer.get("error_code"), answer.get("description")
        if answer.get("ok") is False and type(code) is int and isinstance(description, str):
            raise _refusal(code, description, answer.get("parameters"))
    if 500 <= status <= 504 or status > 511:
        raise ServerFailedError(f"HTTP {status}")
    is_whole = isinstance(answer, dict) and isinstance(answer.get("ok"), bool)
    is_cut = answer is None and content.startswith(_TELEGRAM_BEGINS)
    if status == 200 and (is_whole or is_cut):
        raise LostError("an answer of Telegram's that is no result")
    raise NotTelegramError(f"HTTP {status}, not from Telegram")


def _refusal(code: int, description: str, parameters: Any) -> CarrierError:
    """What it means that Telegram says no."""
    more = parameters if isinstance(parameters, dict) else {}
    wait, moved = more.get("retry_after"), more.get("migrate_to_chat_id")
    if code >= 500:
        return ServerFailedError(f"{code} {description}")
    if code == 429:
        return SlowDownError(description, float(wait) if isinstance(wait, int | float) else None)
    if code == 400 and isinstance(moved, int):
        return MigratedError(description, moved)
    return _REFUSALS.get(code, RefusedError)(code, description)


class Carrier:
    """The Bot API at one address, for one token. Close it with `close()`.

    Attributes:
        way: whether the calls get through to Telegram.
        outcomes: how many calls came to what, since the start.
    """

    def __init__(
        self, api_url: str, token: str, *, proxy: str | None = None, connections: int = 100, way: Way | None = None
    ) -> None:
        """`api_url` is the origin; `connections` the most that are open at once."""
        self.way = way or Way()
        self.outcomes: Counter[str] = Counter()
        self._path = httpx.URL(f"{api_url}/bot{token}/").raw_path.decode()
        self._lanes = Lanes(api_url, proxy=proxy, most=connections)

    async def close(self) -> None:
        """Close every connection."""
        await self._lanes.close()

    def count_ready(self, most: int) -> int:
        """How many calls could be on the wire at once, over connections that are open; counted up to `most`."""
        return self._lanes.count_ready(most)

    async def open_another(self) -> None:
        """Open one more connection, by a call that changes nothing; raises CarrierError."""
        await self.call("getMe", anew=True)

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        timeout: float = 15.0,  # noqa: ASYNC109
        anew: bool = False,
    ) -> Any:
        """Call a method; what Telegram answered as `result`.

        Args:
            parameters: values that are not text go as JSON; None is left out.
            files: by field, a name and the content.
            timeout: seconds for the whole call, after which its outcome is unknown.
            anew: over a connection that is opened for it.

        Raises:
            CarrierError: see the tree above.
        """
        return await self.call_and_read(read_answer, method, parameters, files=files, timeout=timeout, anew=anew)

    async def call_and_read(
        self,
        read: Callable[[int, bytes], T],
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        timeout: float = 15.0,  # noqa: ASYNC109
        anew: bool = False,
    ) -> T:
        """The same, where `read` makes the result of status and body, or raises the CarrierError that they mean."""
        try:
            result = read(*await self._exchange(method, parameters, files=files, timeout=timeout, anew=anew))
        except RefusedError as error:
            self.outcomes[error.outcome] += 1
            self.way.note_good(method)
            raise
        except CarrierError as error:
            self.outcomes[error.outcome] += 1
            self.way.note_bad(method, str(error), is_foreign=isinstance(error, NotTelegramError))
            raise
        self.outcomes["ok"] += 1
        self.way.note_good(method)
        return result

    async def _exchange(
        self,
        method: str,
        parameters: Mapping[str, Any] | None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None,
        timeout: float,  # noqa: ASYNC109
        anew: bool,
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
            return await self._lanes.post(self._path + method, content, content_type, timeout, anew=anew)
        except NEVER_LEFT as error:
            raise NotSentError(type(error).__name__) from None
        except BROKEN as error:
            raise LostError(type(error).__name__) from None
