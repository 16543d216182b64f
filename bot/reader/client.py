"""A client of a chat-completions endpoint, bounded in time and size; its answers are not trusted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Final, Self

import httpx
import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.settings import Settings

SECONDS: Final = 2.5
"""A reading that has not come after so long is none."""
LARGEST: Final = 64_000
"""Bytes of an answer that are read at most."""
MOST_WRITTEN: Final = 400
"""Tokens that the model may write."""

_PATH: Final = "/chat/completions"
_OPTIONS: Final = {"temperature": 0, "max_tokens": MOST_WRITTEN, "response_format": {"type": "json_object"}}
_UNKNOWN_OPTION: Final = frozenset({400, 422})


class ReaderError(Exception):
    """No reading came back; the error's text is for the operator and holds nothing of the message."""


class _Written(BaseModel):
    model_config = ConfigDict(extra="ignore")

    content: str


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message: _Written


class _Completion(BaseModel):
    """The parts of a completion that are read."""

    model_config = ConfigDict(extra="ignore")

    choices: Annotated[list[_Choice], Field(min_length=1)]


class Client:
    """Asks one model at one endpoint. No redirect is followed and no proxy of the environment is used."""

    def __init__(self, url: str, model: str, key: str | None = None) -> None:
        """`url` is the endpoint's base ("https://host/v1"), or its whole address; nothing is sent yet."""
        base = url.rstrip("/")
        self._url = base if base.endswith(_PATH) else base + _PATH
        self._model = model
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._options: dict[str, Any] = dict(_OPTIONS)
        self._http = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=SECONDS)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The client that the settings describe; None where they describe none."""
        if settings.reader_url is None or settings.reader_model is None:
            return None
        key = settings.reader_key.get_secret_value() if settings.reader_key else None
        return cls(settings.reader_url, settings.reader_model, key)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def complete(self, messages: Sequence[dict[str, str]]) -> str:
        """The text that the model writes; raises ReaderError within `SECONDS` where nothing usable comes.

        A server that does not take the options (fixed temperature, length, JSON only) is asked without them.
        """
        try:
            async with asyncio.timeout(SECONDS):
                return await self._ask(messages)
        except TimeoutError:
            raise ReaderError(f"no answer within {SECONDS:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise ReaderError(f"out of reach ({type(error).__name__})") from None

    async def _ask(self, messages: Sequence[dict[str, str]]) -> str:
        status, content = await self._post({"model": self._model, "messages": messages, **self._options})
        if status in _UNKNOWN_OPTION and self._options:
            self._options = {}
            status, content = await self._post({"model": self._model, "messages": messages})
        if status != 200:
            raise ReaderError(f"answers HTTP {status}")
        try:
            return _Completion.model_validate_json(content).choices[0].message.content
        except ValidationError:
            raise ReaderError("answers with something else than a chat completion") from None

    async def _post(self, fields: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body of one request; the body is read only where it can be of use."""
        body = msgspec.json.encode(fields)
        async with self._http.stream("POST", self._url, content=body, headers=self._headers) as response:
            self._http.cookies.clear()
            if response.status_code != 200:
                return response.status_code, b""
            if response.headers.get("content-encoding", "identity") != "identity":
                raise ReaderError("answers compressed, unasked")
            content = bytearray()
            async for piece in response.aiter_raw():
                content += piece
                if len(content) > LARGEST:
                    raise ReaderError(f"answers with more than {LARGEST} bytes")
            return 200, bytes(content)
